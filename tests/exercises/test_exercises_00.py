"""The checks on the opening lecture: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise
from scipy import optimize, special

LOGITS, BELL = (exercise(__file__, number) for number in (1, 2))

from_logit, slope = LOGITS.solution.values()


def test_the_surprise_is_the_packages_and_its_slope_is_its_own():
    from keras import ops

    x, logit = np.random.default_rng(1).uniform([[0], [-4]], [[1], [4]], (2, 50))
    keras_says = ops.binary_crossentropy(*np.float32([x, logit])[..., None], from_logits=True)
    np.testing.assert_allclose(from_logit(x, logit), np.ravel(keras_says), rtol=1e-5)
    by_difference = (from_logit(x, logit + 1e-4) - from_logit(x, logit - 1e-4)) / 2e-4
    np.testing.assert_allclose(slope(x, logit), by_difference, atol=1e-6)


@each(
    from_logit=[
        (lambda x, logit: 0.0, "12 numbers"),
        (lambda x, logit: logit, "should get"),
        (lambda x, logit: np.log1p(np.exp(-logit)) + (1 - x) * logit, "is no finite number"),
        (lambda x, logit: from_logit(x, np.clip(logit, -30, 30)), "Do you clip"),
        (lambda x, logit: from_logit(x, logit) + (np.abs(logit) > 99), "wrong where"),
    ],
    slope=[
        (lambda x, logit: 0 * logit, "Nudge the logit"),
        (lambda x, logit: -slope(x, logit), "the sign"),
        (lambda x, logit: special.expit(logit), "q alone"),
    ],
)
def test_wrong_logits_get_their_hint(part, wrong, says):
    assert says in LOGITS.hint(**{part: wrong})


(covering,) = BELL.solution.values()


def test_no_other_bell_is_nearer():
    x = np.linspace(-4, 6, 101)
    p = special.softmax(np.sin(2 * x) - x**2 / 9)
    cost = lambda bell: np.sum(p * (((x - bell[0]) / np.exp(bell[1])) ** 2 / 2 + bell[1]))
    best = optimize.minimize(cost, [0.0, 0.0]).x
    assert covering(x, p) == pytest.approx((best[0], np.exp(best[1])), rel=1e-3)


@each(
    covering=[
        (lambda x, p: x, "two numbers"),
        (lambda x, p: (np.nan, 1), "no finite number"),
        (lambda x, p: (covering(x, p)[0], -1), "positive"),
        (lambda x, p: (0, 1), "your bell costs"),
    ]
)
def test_wrong_bells_get_their_hint(part, wrong, says):
    assert says in BELL.hint(**{part: wrong})
