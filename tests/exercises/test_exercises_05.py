"""The checks on Deep InfoMax: other right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise
from scipy.special import logsumexp

INFONCE, EVEN = (exercise(__file__, number) for number in (1, 2))

# InfoNCE ------------------------------------------------------------------------------------------------------------

infonce, most = INFONCE.solution.values()


def overflowing(s):
    return np.log(len(s)) + np.mean(np.log(np.diagonal(np.exp(s) / np.exp(s).sum(axis=1, keepdims=True))))


def without_own(s):
    apart = np.where(np.eye(len(s), dtype=bool), -np.inf, s)
    return np.log(len(s)) + np.mean(np.diagonal(s) - logsumexp(apart, axis=1))


def donsker_varadhan(s):
    from coursekit.models import infomax

    return float(infomax.donsker_varadhan(np.float32(s)))


def test_infonce_by_scipy_is_right():
    INFONCE.check((lambda s: np.log(len(s)) + np.mean(np.diagonal(s) - logsumexp(s, axis=1)), most))


def test_infonce_is_the_packages():
    from coursekit.models import infomax

    scores = np.random.default_rng(1).normal(0, 4, size=(9, 9)).astype("float32")
    assert infonce(scores) == pytest.approx(float(infomax.infonce(scores)), rel=1e-5)
    sure = np.float32(500 * np.eye(8)[:, :, None] * np.ones(5))
    assert most(8, 5) == pytest.approx(float(infomax.infonce(sure)), rel=1e-6)


@each(
    infonce=[
        (lambda s: np.diagonal(s), "one number"),
        (lambda s: np.log(-1.0), "no finite"),
        (lambda s: infonce(s.T), "down the columns"),
        (without_own, "not among those"),
        (donsker_varadhan, "Donsker"),
        (lambda s: infonce(s) + 0.1, "find their own in"),
        (overflowing, "exp(1000)"),
        (lambda s: infonce(np.clip(s, -9, 9)) - (s.max() > 9) * 0.1, "right for small scores"),
    ],
    most=[
        (lambda n, places: np.log(n) + np.log(places), "its *own* picture"),
        (lambda n, places: 1.0, "says 1.000"),
    ],
)
def test_wrong_estimates_get_their_hint(part, wrong, says):
    assert says in INFONCE.hint(**{part: wrong})


# How even are the codes? --------------------------------------------------------------------------------------------

best, uneven = EVEN.solution.values()
PARTS = np.array([0.1, 0.2, 0.7])


def test_another_way_to_evenness_is_right():
    def by_entropies(shares):
        entropy = lambda p: -np.sum(p[p > 0] * np.log(p[p > 0]))
        even = np.full(len(shares), 1 / len(shares))
        return entropy((even + shares) / 2) - entropy(even) / 2 - entropy(shares) / 2

    EVEN.check((lambda shares: (1 / len(shares)) / (1 / len(shares) + shares), by_entropies))


def test_the_best_discriminators_value_gives_the_unevenness():
    """J* = 2 JSD - 2 log 2, and no other discriminator has a larger value."""
    value = lambda chance: np.mean(np.log(chance)) + np.sum(PARTS * np.log(1 - chance))
    reached = value(best(PARTS))
    assert uneven(PARTS) == pytest.approx(reached / 2 + np.log(2))
    for step in (-0.01, 0.01):
        assert value(best(PARTS) + step) < reached


@each(
    best=[
        (lambda shares: 1 - best(shares), "probability of *code*"),
        (lambda shares: 0.5, "one for each cell"),
        (lambda shares: best(shares) + 0.1, "which of the two worlds"),
    ],
    uneven=[
        (lambda shares: 2 * uneven(shares), "half of it"),
        (lambda shares: np.nan if shares.min() == 0 else uneven(shares), "until a cell is empty"),
        (lambda shares: uneven(shares[shares > 0]), "three empty cells"),
        (lambda shares: shares, "one number"),
        (lambda shares: 9.0, "says 9.0"),
    ],
)
def test_wrong_evenness_gets_its_hint(part, wrong, says):
    assert says in EVEN.hint(**{part: wrong})
