"""The measures of samples on clouds of points whose answers are known."""

import math
import tracemalloc

import numpy as np
import pytest
from scipy import special, stats

from coursekit.metrics import fidelity
from coursekit.metrics.distances import squared_distances


def normal(n, d, seed=0, mean=0.0, sigma=1.0):
    return mean + sigma * np.random.default_rng(seed).normal(size=(n, d))


# -- distances --------------------------------------------------------------------------------------------------------


def test_distances_come_in_chunks_and_are_right(monkeypatch):
    monkeypatch.setattr("coursekit.metrics.distances.AT_ONCE", 100)
    a, b = normal(23, 5, mean=1000), normal(30, 5, seed=1, mean=1000)
    found = np.full((23, 30), np.nan)
    for rows, squares in squared_distances(a, b):
        assert squares.shape == (rows.stop - rows.start, 30)
        assert squares.size <= 100
        found[rows] = squares
    np.testing.assert_allclose(found, np.square(a[:, None] - b).sum(-1), rtol=1e-9)


def test_memory_is_bounded():
    a, b = (normal(6000, 4, seed).astype("float32") for seed in (0, 1))
    tracemalloc.start()
    try:
        fidelity.prdc(a, b)
        fidelity.nearest(a, b)
        fidelity.parzen(a, b[:100], b)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200e6, "all the distances of 6,000 points are 144 MB, and there are three such tables in prdc"


# -- Frechet distance -------------------------------------------------------------------------------------------------


def test_frechet_of_known_gaussians():
    """Commuting covariances: |m1 - m2|^2 + sum (s1 - s2)^2."""
    one = fidelity.Moments(np.array([0.0, 1, 2]), np.diag([1.0, 4, 9]), 100)
    other = fidelity.Moments(np.array([1.0, 1, 0]), np.diag([4.0, 4, 1]), 100)
    assert fidelity.frechet_distance(one, other) == pytest.approx(1 + 4 + 1 + 0 + 4)


def test_frechet_knows_itself_and_no_direction():
    a, b = normal(300, 8), normal(400, 8, seed=1, mean=0.3, sigma=1.5)
    assert fidelity.frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    assert fidelity.frechet_distance(a, b) == pytest.approx(fidelity.frechet_distance(b, a))
    turn = stats.ortho_group.rvs(8, random_state=0)
    assert fidelity.frechet_distance(a @ turn, b @ turn) == pytest.approx(fidelity.frechet_distance(a, b))


def test_frechet_is_safe_for_singular_covariances():
    a, b = normal(300, 4), normal(300, 4, seed=1, mean=0.5)
    dead_and_doubled = lambda x: np.concatenate([x, x[:, :2], np.zeros((len(x), 30))], axis=1)
    plain = fidelity.frechet_distance(a[:, :2], b[:, :2])
    doubled = fidelity.frechet_distance(*(np.repeat(x[:, :2], 2, axis=1) for x in (a, b)))
    assert doubled == pytest.approx(2 * plain), "a copied feature counts twice"
    whole = fidelity.frechet_distance(dead_and_doubled(a), dead_and_doubled(b))
    assert np.isfinite(whole)
    assert whole > plain
    point = np.ones((300, 4))
    assert fidelity.frechet_distance(point, point) == 0
    assert fidelity.frechet_distance(a, point) == pytest.approx(
        np.square(a.mean(0) - 1).sum() + a.var(0, ddof=1).sum()
    ), "a point: its distance and the other's spread"


def test_frechet_is_biased_upward_for_few_samples():
    values = [fidelity.frechet_distance(normal(n, 16), normal(n, 16, seed=1)) for n in (50, 500, 5000)]
    assert values[0] > 5 * values[1] > 25 * values[2] > 0


def test_moments_are_numpys():
    features = normal(50, 6).astype("float32")
    mean, covariance, n = fidelity.moments(features)
    assert n == 50
    assert mean.dtype == covariance.dtype == np.float64
    np.testing.assert_allclose(mean, features.mean(0, dtype="float64"))
    np.testing.assert_allclose(covariance, np.cov(features.astype("float64"), rowvar=False), atol=1e-12)


# -- kernel distance --------------------------------------------------------------------------------------------------


def by_loops(x, y):
    kernel = lambda a, b: (float(a @ b) / len(a) + 1) ** 3
    n, m = len(x), len(y)
    xx = sum(kernel(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    yy = sum(kernel(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return xx + yy - 2 * sum(kernel(a, b) for a in x for b in y) / (n * m)


def test_kid_is_its_double_loop():
    real, fake = normal(40, 5), normal(40, 5, seed=1, mean=0.5)
    one = fidelity.kid(real, fake, subsets=1, size=40)
    assert one.kid == pytest.approx(by_loops(real, fake), abs=1e-12)
    assert math.isnan(one.error)


def test_kid_of_equal_clouds_is_zero_within_its_error_and_that_error_is_honest():
    scores = [
        fidelity.kid(normal(2000, 8, seed), normal(2000, 8, seed + 100), size=200, seed=seed) for seed in range(40)
    ]
    z = np.array([score.kid / score.error for score in scores])
    assert abs(np.mean([score.kid for score in scores])) < 0.003, "unbiased"
    assert 0.7 < z.std() < 1.6, "ten subsets: Student's t with nine degrees of freedom has 1.13"
    assert min(score.kid for score in scores) < 0, "as an unbiased estimate of 0 must be at times"


def test_kid_sees_a_shift_and_repeats_itself():
    real, fake = normal(1000, 8), normal(1000, 8, seed=1, mean=0.3)
    first = fidelity.kid(real, fake, size=100)
    assert first == fidelity.kid(real, fake, size=100)
    assert first != fidelity.kid(real, fake, size=100, seed=1)
    assert first.kid > 5 * first.error > 0


# -- precision, recall, density, coverage -----------------------------------------------------------------------------


def test_prdc_tells_a_lost_mode_from_strange_samples():
    real = np.concatenate([normal(200, 2, 0, mean=0), normal(200, 2, 1, mean=100)])
    collapsed, wild = normal(400, 2, 2), np.concatenate([normal(200, 2, 3), normal(200, 2, 4, mean=-50)])
    lost = fidelity.prdc(real, collapsed)
    assert lost.precision > 0.9
    assert lost.recall == pytest.approx(0.5, abs=0.05)
    assert lost.coverage == pytest.approx(0.5, abs=0.05)
    strange = fidelity.prdc(real[:200], wild)
    assert strange.precision == pytest.approx(0.5, abs=0.05)
    assert strange.recall > 0.9
    same = fidelity.prdc(real, real[::-1])
    assert (same.precision, same.recall, same.coverage) == (1, 1, 1)


def test_one_outlier_spoils_recall_but_not_coverage():
    """The reason for coverage, Naeem et al. (2020), section 3: a far sample's ball holds every real point."""
    real, collapsed = normal(300, 2), np.full((299, 2), -5.0)
    assert fidelity.prdc(real, collapsed).recall == 0
    score = fidelity.prdc(real, np.concatenate([collapsed, [[200, 200]]]))
    assert score.recall == 1
    assert score.coverage == 0


# -- nearest neighbors and memorization -------------------------------------------------------------------------------


def test_nearest_is_brute_force(monkeypatch):
    monkeypatch.setattr("coursekit.metrics.distances.AT_ONCE", 500)
    samples, training = normal(30, 6), normal(80, 6, seed=1)
    distances = np.linalg.norm(samples[:, None] - training, axis=-1)
    found = fidelity.nearest(samples, training, k=3)
    np.testing.assert_array_equal(found.indices, np.argsort(distances, axis=1)[:, :3])
    np.testing.assert_allclose(found.distances, np.sort(distances, axis=1)[:, :3])


def test_a_copy_is_at_distance_zero():
    training = np.random.default_rng(0).random((500, 784), dtype="float32")
    found = fidelity.nearest(training[[7, 300]], training)
    assert found.indices.tolist() == [[7], [300]]
    assert (found.distances == 0).all()


def test_memorization_reads_half_one_and_zero():
    training, held_out = normal(1000, 4), normal(500, 4, seed=1)
    fresh = fidelity.memorization(normal(500, 4, seed=2), training, held_out)
    assert fresh.score == pytest.approx(0.5, abs=0.05)
    assert abs(fresh.z) < 3
    assert "no sign of memorization" in str(fresh)
    copied = fidelity.memorization(training[:500] + 1e-3, training, held_out)
    assert copied.score > 0.99
    assert copied.z > 20
    assert copied.copies > 0.9
    assert "copies" in str(copied)
    strange = fidelity.memorization(normal(500, 4, seed=3, mean=9), training, held_out)
    assert strange.score < 0.01
    assert "not like the data" in str(strange)
    half = fidelity.memorization(np.concatenate([training[:250], normal(250, 4, seed=4)]), training, held_out)
    assert half.copies == pytest.approx(0.5, abs=0.03)
    assert half.score == pytest.approx(0.75, abs=0.05)


def test_memorization_is_scipys_test():
    training, held_out, samples = normal(300, 3), normal(90, 3, seed=1), normal(70, 3, seed=2, sigma=0.8)
    found = fidelity.memorization(samples, training, held_out)
    ours, fresh = (fidelity.nearest(x, training).distances[:, 0] for x in (samples, held_out))
    test = stats.mannwhitneyu(fresh, ours, method="asymptotic", use_continuity=False)
    assert found.score == pytest.approx(test.statistic / (70 * 90))
    assert 2 * stats.norm.sf(abs(found.z)) == pytest.approx(test.pvalue)


# -- modes ------------------------------------------------------------------------------------------------------------


def test_modes_of_labels_and_of_probabilities():
    all_alike = fidelity.mode_counts(np.arange(1000) % 10)
    assert all_alike.counts.tolist() == [100] * 10
    assert (all_alike.present, all_alike.entropy, all_alike.kl) == pytest.approx((10, math.log(10), 0), abs=1e-12)
    one = fidelity.mode_counts(np.full(50, 3))
    assert (one.present, one.entropy, one.kl) == pytest.approx((1, 0, math.log(10)))
    rare = fidelity.mode_counts(np.r_[np.full(991, 1), np.full(9, 2)])
    assert rare.present == 1, "nine of 1,000 are less than a tenth of the fair share of 100"
    probabilities = np.eye(4)[[0, 0, 1, 3]] * 0.9 + 0.025
    assert fidelity.mode_counts(probabilities).counts.tolist() == [2, 1, 0, 1]


# -- Parzen window ----------------------------------------------------------------------------------------------------


def test_parzen_is_its_formula_by_scipy():
    samples, validation, test = normal(30, 3), normal(20, 3, seed=1), normal(25, 3, seed=2)
    by_scipy = lambda points, sigma: special.logsumexp(
        stats.norm.logpdf(points[:, None], samples, sigma).sum(-1), axis=1, b=1 / len(samples)
    )
    sigmas = [0.2, 0.5, 1.0]
    found = fidelity.parzen(samples, validation, test, sigmas)
    for sigma in sigmas:
        assert found.validation[sigma] == pytest.approx(by_scipy(validation, sigma).mean())
    assert found.sigma == max(sigmas, key=found.validation.get)
    each = by_scipy(test, found.sigma)
    assert found.log_likelihood == pytest.approx(each.mean())
    assert found.error == pytest.approx(stats.sem(each))


def test_parzen_finds_a_known_gaussians_density():
    """Many samples of N(0, I) smoothed with sigma are N(0, (1 + sigma^2) I)."""
    points, sigma = normal(200, 2, seed=1), 0.3
    (found,) = fidelity.log_densities(points, normal(50_000, 2), [sigma])
    exact = stats.norm.logpdf(points, 0, math.sqrt(1 + sigma**2)).sum(-1)
    assert np.abs(found - exact).mean() < 0.03


def test_parzen_of_images_in_float32_is_that_in_float64():
    rng = np.random.default_rng(0)
    samples, test = (rng.random((n, 784)).astype("float32") ** 4 for n in (300, 200))
    exact = fidelity.log_densities(test.astype("float64"), samples.astype("float64"), [0.1, 0.2])
    np.testing.assert_allclose(fidelity.log_densities(test, samples, [0.1, 0.2]), exact, atol=0.01)


def test_a_far_point_has_a_small_density_not_none():
    (found,) = fidelity.log_densities(np.full((1, 100), 1e3), np.zeros((2, 100)), [0.1])
    assert found == pytest.approx(-0.5 * 1e8 / 0.01 - 100 * math.log(0.1 * math.sqrt(2 * math.pi)), rel=1e-9)


# -- bad input --------------------------------------------------------------------------------------------------------

TWO = {
    "frechet_distance": fidelity.frechet_distance,
    "kid": lambda a, b: fidelity.kid(a, b, size=10),
    "prdc": fidelity.prdc,
    "nearest": fidelity.nearest,
    "memorization": lambda a, b: fidelity.memorization(a, b, a),
    "parzen": lambda a, b: fidelity.parzen(a, b, b),
}


@pytest.mark.parametrize("measure", TWO.values(), ids=TWO)
def test_clouds_that_cannot_be_compared(measure):
    good, spoiled = normal(40, 5), normal(40, 5)
    spoiled[7, 2] = np.nan
    with pytest.raises(ValueError, match="width"):
        measure(good, normal(40, 6))
    with pytest.raises(ValueError, match=r"NaN or infinite .the first at index .7, "):
        measure(good, spoiled)
    with pytest.raises(ValueError, match=r"\[n, d\], got shape \(40, 5, 1\).*reshape"):
        measure(good[..., None], good)
    with pytest.raises(ValueError, match="shape"):
        measure(good, np.empty((0, 5)))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fidelity.frechet_distance(normal(5, 5), normal(40, 5)), "more than 5 samples.*got 5.*Draw more"),
        (lambda: fidelity.kid(normal(40, 2), normal(40, 2)), "1 subsets of 1000.*smaller size"),
        (lambda: fidelity.kid(normal(40, 2), normal(40, 2), subsets=5, size=10), "5 subsets of 10"),
        (lambda: fidelity.kid(normal(40, 2), normal(40, 2), subsets=0), "subsets to be a whole number"),
        (lambda: fidelity.kid(normal(40, 2), normal(40, 2), size=1), "at least 2"),
        (lambda: fidelity.prdc(normal(6, 2), normal(5, 2)), "k below the 6 real and 5 other points, got 5"),
        (lambda: fidelity.prdc(normal(6, 2), normal(6, 2), k=0), "k to be a whole number of at least 1"),
        (lambda: fidelity.nearest(normal(6, 2), normal(6, 2), k=7), "at most the 6 training"),
        (lambda: fidelity.memorization(normal(19, 2), normal(6, 2), normal(30, 2)), "at least 20 rows of samples"),
        (lambda: fidelity.mode_counts([0, 1, 10]), "from 0 to 9"),
        (lambda: fidelity.mode_counts([0.5, 1]), "whole numbers"),
        (lambda: fidelity.mode_counts([]), "non-empty"),
        (lambda: fidelity.mode_counts(normal(5, 10)), "softmax"),
        (lambda: fidelity.parzen(normal(6, 2), normal(6, 2), normal(6, 2), [0.1, 0]), "sigmas above 0"),
        (lambda: fidelity.parzen(normal(6, 2), normal(6, 2), normal(6, 2), []), "sigmas above 0"),
    ],
)
def test_what_cannot_be_measured_is_told(call, said):
    with pytest.raises(ValueError, match=said):
        call()
