"""The checks on mutual information: other right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise
from scipy.special import logsumexp

INFONCE, CHAIN, CLASSIFIER = (exercise(__file__, number) for number in (1, 2, 3))

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


# A chain of whispers ------------------------------------------------------------------------------------------------

through, lost = CHAIN.solution.values()
no_zeros = lambda table: np.sum(table * np.log(table / np.outer(table.sum(1), table.sum(0))))


def test_another_chain_is_right():
    entropy = lambda p: -np.sum(p[p > 0] * np.log(p[p > 0]))
    nats = lambda table: entropy(table.sum(0)) + entropy(table.sum(1)) - entropy(table)
    step = lambda joint, channel: np.einsum("xy,yz->xz", joint, channel)
    CHAIN.check((step, lambda joint, channel: nats(joint) - nats(step(joint, channel))))


def test_no_step_adds_information_and_renaming_loses_none():
    rng = np.random.default_rng(0)
    for _ in range(50):
        joint = rng.dirichlet(np.ones(12)).reshape(3, 4)
        assert lost(joint, rng.dirichlet(np.ones(5), 4)) > -1e-12
        assert lost(joint, np.eye(4)[rng.permutation(4)]) == pytest.approx(0, abs=1e-12)


@each(
    through=[
        (lambda joint, channel: (joint @ channel).T, "on its side"),
        (lambda joint, channel: joint, "Which letter"),
        (lambda joint, channel: joint @ channel + 0.1, "way of each y"),
    ],
    lost=[
        (lambda joint, channel: no_zeros(joint) - no_zeros(joint @ channel), "0 times the logarithm"),
        (lambda joint, channel: joint, "one number"),
        (lambda joint, channel: 9.0, "says 9.0"),
    ],
)
def test_wrong_chains_get_their_hint(part, wrong, says):
    assert says in CHAIN.hint(**{part: wrong})


# Nats from a classifier ---------------------------------------------------------------------------------------------

features, nats = CLASSIFIER.solution.values()


def test_other_features_are_right():
    CLASSIFIER.check((lambda x, y: np.stack([(x + y) ** 2, (x - y) ** 2, x, x**2 + y**2], axis=1), nats))


def test_a_logistic_regression_measures_the_information():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    x, noise = rng.standard_normal((2, 4000))
    y = 0.8 * x + 0.6 * noise
    pairs = np.concatenate([features(x, y), features(rng.choice(x, 20000), rng.choice(y, 20000))])
    classifier = LogisticRegression(C=1e4, max_iter=1000).fit(pairs, np.arange(24000) < 4000)
    found = nats(classifier.decision_function(features(x, y)), 4000, 20000)
    assert found == pytest.approx(-np.log(0.6), abs=0.05)


@each(
    features=[
        (lambda x, y: x * y, "60 rows"),
        (lambda x, y: np.random.default_rng(0).normal(size=(60, 40)), "a handful"),
        (lambda x, y: np.stack([x**2, y**2], axis=1), "go up and down *together*"),
        (lambda x, y: np.stack([x, y, x * y], axis=1), "rare pair"),
        (lambda x, y: np.stack([x, y], axis=1), "three terms"),
    ],
    nats=[
        (lambda logits, own, others: logits, "one number"),
        (lambda logits, own, others: 7.0, "says 7.000"),
    ],
)
def test_wrong_features_and_nats_get_their_hint(part, wrong, says):
    assert says in CLASSIFIER.hint(**{part: wrong})
