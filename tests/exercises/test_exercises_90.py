"""The checks on gradients: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise

SLOPES, BACKWARDS, CONSTANTS = (exercise(__file__, number) for number in (1, 2, 3))

(slopes,) = SLOPES.solution.values()
of_v, of_w = BACKWARDS.solution.values()
with_stop, without = CONSTANTS.solution.values()


def spoiling(loss, w, h):
    found = slopes(loss, w, h)
    w += h
    return found


@each(
    slopes=[
        (lambda loss, w, h: 0.0, "3 numbers"),
        (spoiling, "not the same any more"),
        (lambda loss, w, h: np.ones(3), "central differences say"),
    ]
)
def test_wrong_slopes_get_their_hint(part, wrong, says):
    assert says in SLOPES.hint(**{part: wrong})


def test_the_exercises_agree_with_each_other():
    """In float64 a nudge of 1e-5 is exact to nine digits."""
    random = np.random.default_rng(3)
    w, v, x, y = random.normal(size=(4, 3)), random.normal(size=4), random.normal(size=3), 0.7
    nudged = slopes(lambda flat: (v @ np.tanh(flat.reshape(4, 3) @ x) - y) ** 2 / 2, w.ravel(), 1e-5)
    np.testing.assert_allclose(nudged, of_w(w, v, x, y).ravel(), rtol=1e-6)


def test_the_walk_back_agrees_with_the_framework():
    import keras
    from keras import ops

    from coursekit.training import gradient

    random = np.random.default_rng(3)
    w, v, x, y = random.normal(size=(4, 3)), random.normal(size=4), random.normal(size=3), 0.7
    numbers = np.float32(v), np.float32(x[:, None])
    loss = lambda w: (ops.sum(numbers[0] * ops.tanh(ops.matmul(w, numbers[1]))[:, 0], keepdims=True) - y) ** 2 / 2
    no_network = keras.Sequential([keras.layers.Flatten()])
    found = gradient(loss, np.float32(w), no_network)
    np.testing.assert_allclose(found, of_w(w, v, x, y), rtol=1e-4)


@each(
    of_v=[
        (lambda w, v, x, y: 0.0, "4 numbers"),
        (lambda w, v, x, y: v, "Begin at the end"),
    ],
    of_w=[
        (lambda w, v, x, y: of_w(w, v, x, y).T, "exchanged"),
        (lambda w, v, x, y: v, "got (4,)"),
        (lambda w, v, x, y: w, "Walk backwards"),
    ],
)
def test_wrong_walks_get_their_hint(part, wrong, says):
    assert says in BACKWARDS.hint(**{part: wrong})


@each(
    with_stop=[(lambda w, a, b: w, "a number like any other")],
    without=[(lambda w, a, b: w, "what is the slope of")],
)
def test_wrong_constants_get_their_hint(part, wrong, says):
    assert says in CONSTANTS.hint(**{part: wrong}).replace("What", "what")
