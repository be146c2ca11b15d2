"""The checks on the overview: other right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise
from scipy import special

CODES, CELLS = (exercise(__file__, number) for number in (1, 2))

# Two codes ----------------------------------------------------------------------------------------------------------

two_part, mixture = CODES.solution.values()


def pixels(x, theta):
    """-log2 p(x) of each image under one model for each: theta [n, d]."""
    return -(x * np.log2(theta) + (1 - x) * np.log2(1 - theta)).sum(axis=1)


def of_classes(x, theta):
    """log p(x|k): [n, k]."""
    return x @ np.log(theta).T + (1 - x) @ np.log(1 - theta).T


def test_other_codes_are_right():
    CODES.check(
        (
            lambda x, y, prior, theta: -np.log2(prior)[y] + pixels(x, theta[y]),
            lambda x, prior, theta: -np.logaddexp2.reduce(np.log2(prior) + of_classes(x, theta) / np.log(2), axis=1),
        )
    )


def test_what_naming_the_class_wastes_is_the_posterior():
    """What the prose says of the two: their difference is -log2 p(y|x); all pictures have probability 1."""
    rng = np.random.default_rng(0)
    x = ((np.arange(64)[:, None] >> np.arange(6)) & 1).astype("float64")
    prior, theta = np.array([0.3, 0.7]), rng.uniform(0.1, 0.9, (2, 6))
    joint = prior * np.exp(of_classes(x, theta))
    y = rng.integers(0, 2, 64)
    posterior = (joint / joint.sum(axis=1, keepdims=True))[np.arange(64), y]
    np.testing.assert_allclose(two_part(x, y, prior, theta) - mixture(x, prior, theta), -np.log2(posterior))
    assert np.exp2(-mixture(x, prior, theta)).sum() == pytest.approx(1)


@each(
    two_part=[
        (lambda x, y, prior, theta: two_part(x, y, prior, theta).mean(), "Over which axis"),
        (lambda x, y, prior, theta: 0 * y, "0 bits"),
        (lambda x, y, prior, theta: np.log(0 * prior[y]), "no finite number"),
        (lambda x, y, prior, theta: pixels(x, theta[y]), "class is not paid for"),
        (lambda x, y, prior, theta: pixels(1 - x, theta[y]) - np.log2(prior[y]), "exchanged"),
        (lambda x, y, prior, theta: pixels(x, theta[y]) + np.log2(prior[y]), "sign of the class"),
        (lambda x, y, prior, theta: two_part(x, y, prior, theta) + 1, "theta = 1/4"),
    ],
    mixture=[
        (lambda x, prior, theta: of_classes(x, theta), "Over which axis"),
        (lambda x, prior, theta: 0 * x[:, 0], "0 bits"),
        (lambda x, prior, theta: mixture(x, np.ones(3), theta), "frequencies have not arrived"),
        (lambda x, prior, theta: pixels(x, prior @ theta), "before they are multiplied"),
        (lambda x, prior, theta: mixture(x, prior, theta) + 1, "its probabilities in the three classes"),
        (lambda x, prior, theta: -np.log2(np.exp(of_classes(x, theta)) @ prior), "too small for a float"),
        (lambda x, prior, theta: -np.log2(np.exp(of_classes(x, theta)) @ prior + 1e-30), "Was something added"),
    ],
)
def test_wrong_codes_get_their_hint(part, wrong, says):
    assert says in CODES.hint(**{part: wrong})


# Empty cells --------------------------------------------------------------------------------------------------------

kl, smoothed = CELLS.solution.values()


def within(p, q, cells):
    """The sum over some cells alone."""
    return np.sum(p[cells] * np.log(p[cells] / q[cells]))


def in_place(counts, a):
    counts += a
    return counts / counts.sum()


def test_other_divergences_are_right():
    CELLS.check((lambda p, q: special.rel_entr(p, q).sum(), lambda counts, a: (counts + a) / (counts + a).sum()))


@pytest.mark.filterwarnings("error")
def test_the_divergence_is_scipys_and_warns_of_nothing():
    for p, q in (([0.5, 0.5, 0], [0.5, 0.25, 0.25]), ([0.5, 0.25, 0.25], [0.5, 0.5, 0]), ([0.0, 1.0], [0.0, 1.0])):
        assert kl(np.array(p), np.array(q)) == pytest.approx(special.rel_entr(p, q).sum())


@each(
    kl=[
        (lambda p, q: p * np.log(p / q), "one number"),
        (lambda p, q: 0.0, "two histograms that differ"),
        (lambda p, q: np.sum(special.rel_entr(q, p)), "KL(q || p)"),
        (lambda p, q: -special.xlogy(p, q).sum(), "cross-entropy"),
        (lambda p, q: np.sum(p * np.log(p / q)) + 0.1, "three of the four terms"),
        (lambda p, q: np.sum(p * np.log(p / q)), "0 times minus infinity"),
        (lambda p, q: np.sum((p + 1e-6) * np.log((p + 1e-6) / q)), "add something small"),
        (lambda p, q: within(p, q, (p > 0) & (q > 0)), "You leave out"),
        (lambda p, q: np.nan_to_num(special.rel_entr(p, q), posinf=1e9).sum(), "has no bound"),
        (lambda p, q: within(p, q + 1e-12, p > 0), "has no bound"),
        (lambda p, q: np.nan if np.any((q == 0) & (p > 0)) else kl(p, q), "Which cell is it"),
        (lambda p, q: -np.inf if np.any((q == 0) & (p > 0)) else kl(p, q), "minus infinity"),
    ],
    smoothed=[
        (in_place, "has changed the counts"),
        (lambda counts, a: smoothed(counts, a).ravel(), "as many shares as cells"),
        (lambda counts, a: (counts + a) / (counts.sum() + a), "one `a` in the total"),
        (lambda counts, a: smoothed(counts / counts.sum(), a), "to the shares, not to the counts"),
        (lambda counts, a: smoothed(counts, 2 * a), "6.5 of 13"),
        (lambda counts, a: smoothed(counts, np.array(a).astype(counts.dtype)), "rounded away"),
        (lambda counts, a: smoothed(counts, max(a, 0.1)), "with a = 0"),
    ],
)
def test_wrong_divergences_and_shares_get_their_hint(part, wrong, says):
    assert says in CELLS.hint(**{part: wrong})
