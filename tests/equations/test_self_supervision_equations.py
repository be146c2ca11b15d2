"""The equations of lectures 03 and 05, held against their code."""

import math

import keras
import numpy as np
import pytest
from keras import layers, ops
from scipy import stats

from coursekit.models import infomax, rotnet
from coursekit.models.infomax import DeepInfoMax, donsker_varadhan, infonce, jensen_shannon
from coursekit.training import Model

RHO, DIMENSIONS = 0.8, 3
INFORMATION = -0.5 * DIMENSIONS * math.log(1 - RHO**2)  # of two Gaussians, each pair of numbers correlated by RHO: 1.53


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((3, 5, 5, 2)).astype("float32")


def turned(images, turn):
    return np.array(rotnet.rotate(images, (turn, (turn + 1) % 4)))[: len(images)]


def number(value):
    return float(np.array(value))


# -- rotations ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("second", range(4))
def test_rotations_compose_and_invert_exactly(images, first, second):
    twice = turned(turned(images, first), second)
    np.testing.assert_array_equal(twice, turned(images, (first + second) % 4))
    if (first + second) % 4 == 0:
        np.testing.assert_array_equal(twice, images)
    np.testing.assert_array_equal(turned(images, first), np.rot90(images, first, axes=(1, 2)))


def test_the_loss_is_the_mean_cross_entropy_of_the_turns():
    model = rotnet.small((8, 8, 1), (2, 2, 2), 4)
    x = np.random.default_rng(1).random((5, 8, 8, 1)).astype("float32")
    logits = np.array(model(np.concatenate([np.rot90(x, turn, axes=(1, 2)) for turn in range(4)])))
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    by_hand = -np.mean([log_p[5 * turn : 5 * turn + 5, turn].mean() for turn in range(4)])
    loss, _ = model.loss_on(x)
    assert number(loss) == pytest.approx(by_hand, abs=1e-5)


def test_whoever_knows_nothing_about_the_turns_has_the_loss_log_4():
    model = rotnet.small((8, 8, 1), (2, 2, 2), 4)
    model.network.layers[-1].set_weights([0 * each for each in model.network.layers[-1].get_weights()])
    loss, _ = model.loss_on(np.random.default_rng(1).random((5, 8, 8, 1)).astype("float32"))
    assert number(loss) == pytest.approx(math.log(4), abs=1e-6)


# -- three estimators of mutual information ----------------------------------------------------------------------------


def gaussians(count, seed=0):
    """x and y [count, DIMENSIONS], standard normal, correlated by RHO."""
    rng = np.random.default_rng(seed)
    x, noise = rng.standard_normal((2, count, DIMENSIONS))
    return x, RHO * x + math.sqrt(1 - RHO**2) * noise


def log_ratio(x, y):
    """log p(x, y) / (p(x) p(y)) of each x with each y: [n, n]. The best T there is."""
    x, y = x[:, None], y[None]
    each = -0.5 * math.log(1 - RHO**2) - (RHO**2 * (x**2 + y**2) - 2 * RHO * x * y) / (2 * (1 - RHO**2))
    return each.sum(axis=-1).astype("float32")


def test_the_log_ratio_has_the_mutual_information_as_its_mean():
    x, y = gaussians(4000)
    assert np.diagonal(log_ratio(x[:2000], y[:2000])).mean() == pytest.approx(INFORMATION, abs=0.1)
    both = stats.multivariate_normal([0, 0], [[1, RHO], [RHO, 1]])
    by_scipy = sum(
        both.logpdf([x[0, i], y[1, i]]) - stats.norm.logpdf(x[0, i]) - stats.norm.logpdf(y[1, i])
        for i in range(DIMENSIONS)
    )
    assert log_ratio(x[:2], y[:2])[0, 1] == pytest.approx(by_scipy, abs=1e-4)


def test_at_the_best_score_both_bounds_reach_the_mutual_information():
    scores = [log_ratio(*gaussians(1000, seed)) for seed in range(5)]
    assert np.mean([number(infonce(s)) for s in scores]) == pytest.approx(INFORMATION, abs=0.05)
    assert np.mean([number(donsker_varadhan(s)) for s in scores]) == pytest.approx(INFORMATION, abs=0.15)


@pytest.mark.parametrize("places", [None, 4])
def test_infonce_never_exceeds_log_n_and_reaches_it(places):
    n = 8
    candidates = n if places is None else 1 + (n - 1) * places
    shape = (n, n) if places is None else (n, n, places)
    diagonal = np.eye(n) if places is None else np.eye(n)[:, :, None] * np.ones(places)
    for scale in (0.1, 1, 10, 100):
        scores = (scale * np.random.default_rng(0).standard_normal(shape)).astype("float32")
        assert number(infonce(scores)) <= math.log(candidates)
        assert number(infonce(scores + (100 * scale * diagonal).astype("float32"))) <= math.log(candidates) + 1e-6
    assert number(infonce((1000 * diagonal).astype("float32"))) == pytest.approx(math.log(candidates), abs=1e-6)
    assert number(infonce(np.zeros(shape, "float32"))) == pytest.approx(0, abs=1e-6), "no information"


def test_with_few_to_choose_from_infonce_stays_below_what_there_is():
    scores = [log_ratio(*gaussians(3, seed)) for seed in range(60)]
    assert np.mean([number(infonce(s)) for s in scores]) < math.log(3) < INFORMATION


def test_donsker_varadhan_exceeds_what_there_is_where_a_score_outgrows_its_samples():
    """exp T has rare, huge values. While none of them is among the sampled pairs, their mean is too small and the bound
    too large: a score that is twice the best one is rewarded for it. InfoNCE, bounded, does not fall for it."""
    few = [2 * log_ratio(*gaussians(3, seed)) for seed in range(60)]
    assert np.mean([number(donsker_varadhan(s)) for s in few]) > INFORMATION + 1
    assert np.mean([number(infonce(s)) for s in few]) < INFORMATION
    # It is the logarithm of too few samples: with all the pairs of all batches in one mean, the bound holds again.
    together = np.mean([np.diagonal(s).mean() for s in few])
    apart = np.concatenate([s[~np.eye(3, dtype=bool)] for s in few]).astype("float64")
    assert together - math.log(np.exp(apart).mean()) < INFORMATION


@pytest.mark.parametrize("estimate", [infonce, donsker_varadhan, jensen_shannon])
def test_places_are_averaged(estimate):
    scores = np.random.default_rng(0).standard_normal((6, 6)).astype("float32")
    several = np.repeat(scores[:, :, None], 3, axis=2)
    # three copies of each place: InfoNCE has 16 to choose from instead of 6, which its log N says
    if estimate is infonce:
        others = np.log(3 * np.exp(scores)[~np.eye(6, dtype=bool)].reshape(6, 5).sum(axis=1))
        own = np.diagonal(scores)
        expected = math.log(16) + np.mean(own - np.logaddexp(own, others))
    else:
        expected = number(estimate(scores))
    assert number(estimate(several)) == pytest.approx(expected, abs=1e-5)


def test_the_best_classifier_of_pairs_reaches_twice_the_jensen_shannon_divergence_less_log_4():
    """Two values each, the pairs counted as a table of probabilities says; no other score does better."""
    joint = np.array([[0.4, 0.1], [0.2, 0.3]])
    p, q = joint.ravel(), np.outer(joint.sum(axis=1), joint.sum(axis=0)).ravel()
    softplus = lambda s: np.logaddexp(0, s)
    value = lambda s: -np.sum(p * softplus(-s)) - np.sum(q * softplus(s))
    divergence = (stats.entropy(p, (p + q) / 2) + stats.entropy(q, (p + q) / 2)) / 2
    best = np.log(p / q)
    assert value(best) == pytest.approx(2 * divergence - 2 * math.log(2), abs=1e-12)
    for step in np.random.default_rng(0).normal(0, 0.3, size=(20, 4)):
        assert value(best + step) < value(best)


def test_what_infonce_misses_is_a_divergence():
    """Of the best score, on average: I - E log(mean ratio of N candidates), every set of candidates counted."""
    joint = np.array([[0.4, 0.1], [0.2, 0.3]])
    x, y = joint.sum(axis=1), joint.sum(axis=0)
    ratio = joint / np.outer(x, y)
    information = np.sum(joint * np.log(ratio))
    for n in (2, 3, 6):
        missed, found = 0.0, 0.0
        for candidates in np.ndindex(*[2] * n):
            for code in (0, 1):
                weight = joint[candidates[0], code] * np.prod(x[list(candidates[1:])])
                r = ratio[list(candidates), code]
                missed += weight * math.log(r.mean())
                found += weight * (math.log(n) + math.log(r[0] / r.sum()))
        assert found == pytest.approx(information - missed, abs=1e-12)
        assert missed > 0
        assert found < min(information, math.log(n))


class Critic(Model):
    """T(x, y) by a network of |x - y|'s ingredients, trained on one of the estimators."""

    def __init__(self, estimate):
        super().__init__()
        self.estimate = estimate
        hidden = [layers.Dense(32, "relu"), layers.Dense(32, "relu")]
        self.score = keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(1)])
        self.built = True

    def table(self, pairs):
        """[n, n] scores of x = pairs[:, 0] and y = pairs[:, 1]."""
        n = pairs.shape[0]
        x = ops.broadcast_to(pairs[:, None, 0], (n, n))
        y = ops.broadcast_to(pairs[None, :, 1], (n, n))
        return ops.reshape(self.score(ops.reshape(ops.stack([x, y, x * y], axis=-1), (-1, 3))), (n, n))

    def train_on(self, pairs):
        return {"loss": self.minimize(lambda: -self.estimate(self.table(pairs)))}


def test_jensen_shannon_learns_the_log_ratio():
    keras.utils.set_random_seed(0)
    x, y = gaussians(4000)
    pairs = np.stack([x[:, 0], y[:, 0]], axis=1).astype("float32")
    critic = Critic(jensen_shannon)
    critic.compile(keras.optimizers.Adam(5e-3))
    critic.fit(pairs, batch_size=100, epochs=8, verbose=0)
    test = np.stack([part[:200, 0] for part in gaussians(200, seed=1)], axis=1).astype("float32")
    learned = np.array(critic.table(test))
    right = -0.5 * math.log(1 - RHO**2) - (
        RHO**2 * (test[:, None, 0] ** 2 + test[None, :, 1] ** 2) - 2 * RHO * test[:, None, 0] * test[None, :, 1]
    ) / (2 * (1 - RHO**2))
    likely = np.abs(test).max(axis=1) < 1.5  # where there are samples to learn from
    likely = likely[:, None] & likely[None] & (right > -4)
    assert np.abs(learned - right)[likely].mean() < 0.3
    assert np.corrcoef(learned[likely], right[likely])[0, 1] > 0.95
    untrained = np.array(Critic(jensen_shannon).table(test))
    assert np.abs(untrained - right)[likely].mean() > 0.5


# -- the prior ---------------------------------------------------------------------------------------------------------


@pytest.mark.one_backend
def test_matching_the_prior_drives_the_codes_towards_uniform_ones():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).random((1000, 4, 4, 1)).astype("float32")
    images = keras.Input((4, 4, 1))
    place = layers.Conv2D(4, 3, padding="same", activation="relu", name="conv")(images)
    code = layers.Dense(2)(layers.Dense(32, "relu")(layers.Flatten()(place)))
    model = DeepInfoMax(keras.Model(images, code), "conv", gamma=1.0, mi_units=8, prior_widths=(64, 64))

    def distance():
        codes = 1 / (1 + np.exp(-np.array(model(x))))
        return max(stats.kstest(column, "uniform").statistic for column in codes.T)

    before = distance()
    scorer, adversary = keras.optimizers.Adam(1e-3, 0.5), keras.optimizers.Adam(3e-3, 0.5)  # the adversary must keep up
    model.compile(scorer=scorer, adversary=adversary, jit_compile=False)
    model.fit(x, batch_size=100, epochs=60, verbose=0)
    assert distance() < 0.2 < 0.4 < before


def test_the_objective_is_the_weighted_sum():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).random((6, 16, 16, 1)).astype("float32")
    options = {"channels": (4, 4, 4), "width": 8, "latent_dim": 3, "mi_units": 5, "prior_widths": (4,)}
    model = infomax.strided((16, 16, 1), alpha=0.5, beta=0.1, gamma=0.3, **options)
    answers = model.scorer(x)
    loss, parts = model.objective(answers)
    by_hand = -0.5 * parts["global"] - 0.1 * parts["local"] + 0.3 * parts["prior_loss"]
    assert number(loss) == pytest.approx(number(by_hand), abs=1e-6)
    vector, places = (np.array(answers[name]) for name in ("code_for_places", "places"))
    assert places.shape == (6, 16, 5)
    scores = np.array(model.local_scores(answers))
    assert scores[2, 4, 7] == pytest.approx(vector[2] @ places[4, 7] / math.sqrt(5), abs=1e-5)
