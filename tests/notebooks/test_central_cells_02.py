"""What the student builds in lecture 02: held to the package where it has the same, and to what the text says of it."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

from coursekit import paths
from coursekit.metrics import likelihood
from coursekit.models import rotnet

LECTURE = paths.notebooks() / "source" / "02_self_supervision.py"


def test_a_code_length_is_the_probability_of_the_image(student):
    rng = np.random.default_rng(0)
    x, theta = (rng.random((5, 9)) < 0.5).astype("float32"), rng.uniform(0.1, 0.9, 9)
    log_p = stats.bernoulli(theta).logpmf(x).sum(axis=1)
    np.testing.assert_allclose(student["code_length"](x, theta), likelihood.bits_per_image(log_p))


def test_the_students_turns_are_the_packages(student):
    images = np.random.default_rng(0).random((3, 6, 6, 1)).astype("float32")
    views, turns = student["turned"](images)
    np.testing.assert_array_equal(views, ops.convert_to_numpy(rotnet.rotate(images)))
    np.testing.assert_array_equal(turns, ops.convert_to_numpy(rotnet.rotation_labels(3)))


# Masks ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def guesser(student):
    keras.utils.set_random_seed(0)
    return student["AnyPart"](pixels=9, width=16)


def test_only_hidden_pixels_cost(guesser):
    """Their mean is binary cross-entropy in bits, and what they are is not among the inputs."""
    rng = np.random.default_rng(0)
    x, m = ((rng.random((4, 9)) < 0.5).astype("float32") for _ in range(2))
    logits = guesser.logits(x, m)
    np.testing.assert_array_equal(logits, guesser.logits(np.where(m == 0, 1 - x, x), m))
    p = np.asarray(ops.sigmoid(logits), "float64")
    each = -np.log2(np.where(x > 0.5, p, 1 - p))
    expected = (each * (1 - m)).sum(axis=1) / (1 - m).sum(axis=1)
    np.testing.assert_allclose(ops.convert_to_numpy(guesser.bits(x, m)), expected, rtol=1e-4)


def test_the_loss_times_the_pixels_is_the_code_length_in_a_random_order(guesser):
    """The text's claim, for every order and every image of 9 pixels: the chain rule's sum, averaged over orders, is 9
    times the loss averaged over shares (where the number of visible pixels is even over 0 to 8)."""
    rng = np.random.default_rng(1)
    x = (rng.random(9) < 0.5).astype("float32")
    orders, chain = 300, []
    for _ in range(orders):
        order = rng.permutation(9)
        m = np.zeros((9, 9), "float32")
        for k in range(9):
            m[k, order[:k]] = 1
        p = np.asarray(ops.sigmoid(guesser.logits(np.tile(x, (9, 1)), m)), "float64")[np.arange(9), order]
        chain.append(-np.log2(np.where(x[order] > 0.5, p, 1 - p)).sum())
    m = (rng.random((40_000, 9)) < rng.random((40_000, 1))).astype("float32")
    loss = ops.convert_to_numpy(guesser.bits(np.tile(x, (len(m), 1)), m))
    loss = loss[m.min(axis=1) == 0].mean()  # one share in ten leaves nothing hidden
    error = np.std(chain) / np.sqrt(orders)
    assert 9 * loss == pytest.approx(np.mean(chain), abs=4 * error + 0.02)


def test_it_learns_what_depends_on_what(student):
    """Two pixels that are always equal: a hidden one costs a bit alone, and nothing beside the other."""
    keras.utils.set_random_seed(0)
    guesser = student["AnyPart"](pixels=2, width=16)
    x = np.repeat(np.random.default_rng(0).integers(0, 2, (640, 1)), 2, axis=1).astype("float32")
    guesser.compile(keras.optimizers.Adam(1e-2), jit_compile=False)
    guesser.fit(x, batch_size=64, epochs=20, verbose=0)
    alone, beside = (float(ops.mean(guesser.bits(x, np.tile(np.float32(m), (640, 1))))) for m in ([0, 0], [1, 0]))
    assert alone == pytest.approx(1, abs=0.1)
    assert beside < 0.1


# Films ---------------------------------------------------------------------------------------------------------------


def test_digits_move_evenly_and_stay_inside(student):
    dot = np.zeros((50, 28, 28), "float32")
    dot[:, 0, 0] = 1
    films = student["moving"](dot, frames=30, size=34, fastest=2)
    assert films.shape == (50, 30, 34, 34)
    np.testing.assert_array_equal(films.sum(axis=(2, 3)), 1)  # never beyond a wall
    places = np.stack(np.unravel_index(films.reshape(50, 30, -1).argmax(axis=2), (34, 34)), axis=-1)
    assert places.max() <= 6  # its upper left corner, in a room of 34 - 28
    steps = np.abs(np.diff(places, axis=1))
    assert set(np.unique(steps)) <= {0, 1, 2}
    assert (np.median(steps, axis=1) == steps.max(axis=1)).mean() > 0.9  # one speed, but for the bounces


def test_a_window_shows_what_is_around_in_both_frames(student):
    before, now = np.random.default_rng(0).random((2, 3, 8, 9))
    seen = student["windows"](before, now)
    assert seen.shape == (3, 8, 9, 50)
    np.testing.assert_array_equal(seen[1, 4, 5, :25].reshape(5, 5), before[1, 2:7, 3:8])
    np.testing.assert_array_equal(seen[1, 4, 5, 25:].reshape(5, 5), now[1, 2:7, 3:8])
    np.testing.assert_array_equal(seen[0, 0, 0, 25:].reshape(5, 5)[:2], 0.5)  # outside


def test_the_next_pixels_loss_is_cross_entropy(student):
    keras.utils.set_random_seed(0)
    model = student["NextPixel"](4, inputs=6)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(32, 6)).astype("float32"), rng.integers(0, 2, (32, 1)).astype("float32")
    expected = keras.losses.binary_crossentropy(y, model.network(x), from_logits=True)
    model.compile("sgd", jit_compile=False)
    history = model.fit(x, y, batch_size=32, epochs=1, verbose=0).history
    assert history["nats"][0] == pytest.approx(float(ops.mean(expected)), rel=1e-5)
