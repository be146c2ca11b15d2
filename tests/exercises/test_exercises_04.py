"""The checks on mutual information: other right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise

CHAIN, CLASSIFIER = (exercise(__file__, number) for number in (1, 2))

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
