"""The measures of the paper's planar experiments, against a transcription of what the authors compute."""

import numpy as np
import pytest

from coursekit import data
from coursekit.metrics.grids import grid_divergence, grid_floor, grid_normalized_elbo

RING = data.toy("narrow-ring")
EXTENT = (-1.0, 1.0, -1.0, 1.0)


def kl_div(log_input, target):
    """PyTorch's, reduction "batchmean": target (log target - input), 0 where the target is 0, over the rows."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(target > 0, target * (np.log(target) - log_input), 0)
    return each.sum() / len(target)


def test_both_are_what_the_authors_compute():
    real, samples = RING.sample(5000, 0), RING.sample(5000, 1) + 0.01
    hist = lambda points: np.histogram2d(*points.T, bins=100, density=True, range=[[-2, 2], [-2, 2]])[0]
    r, f = hist(real), hist(samples)
    m, tiny = (r + f) / 2, 1e-14
    found = grid_divergence(real, samples, RING.extent)
    assert found.kl == pytest.approx(kl_div(np.log(f + tiny), r), rel=1e-9)
    assert found.jsd == pytest.approx((kl_div(np.log(r + tiny), m) + kl_div(np.log(f + tiny), m)) / 2, rel=1e-9)


def test_counted_by_hand():
    """Four bins of area 1. Data all in one, samples half there: densities 1 and 1/2, and two rows."""
    real, samples = np.full((10, 2), 0.5), np.repeat([[0.5, 0.5], [-0.5, 0.5]], 5, axis=0)
    found = grid_divergence(real, samples, EXTENT, bins=2)
    assert found.kl == pytest.approx(np.log(2) / 2)
    m = [3 / 4, 1 / 4]
    to_real = m[0] * np.log(m[0]) + m[1] * (np.log(m[1]) - np.log(1e-14))
    to_samples = m[0] * np.log(m[0] / 0.5) + m[1] * np.log(m[1] / 0.5)
    assert found.jsd == pytest.approx((to_real + to_samples) / 2 / 2, rel=1e-6)
    assert grid_divergence(real, real, EXTENT).kl == pytest.approx(0, abs=1e-9)


def test_samples_beyond_the_extent_are_left_out_and_none_within_is_the_worst():
    real, away = RING.sample(500), np.full((10, 2), 50.0)
    partly = np.concatenate([real, away])
    assert grid_divergence(real, partly, RING.extent).kl == pytest.approx(0, abs=1e-9)
    assert grid_divergence(real, away, RING.extent).kl > 100


def test_the_floor_is_above_zero_and_falls_with_the_points():
    assert 0.3 < grid_floor(RING).kl < 2
    assert grid_floor(RING, 20_000).kl < grid_floor(RING, 5000).kl < grid_floor(RING, 1000).kl
    blurred = RING.sample(5000, 1) + 0.1 * np.random.default_rng(0).standard_normal((5000, 2))
    assert grid_divergence(RING.sample(5000), blurred, RING.extent).kl > 10


def test_the_normalized_elbo_is_a_share_of_all_costs():
    """Costs are squared distances from 0: of data at distance 1, and of a grid of nine points with a sum of 12."""
    cost = lambda points: (points**2).sum(axis=1)
    real = np.array([[1.0, 0.0], [0.0, -1.0]])
    assert grid_normalized_elbo(cost, real, EXTENT, side=3) == pytest.approx(1 / (2 + 12))
    assert grid_normalized_elbo(lambda x: np.ones(len(x)), real, EXTENT, side=3) == pytest.approx(1 / 11)


@pytest.mark.parametrize(
    ("real", "samples", "extent", "message"),
    [
        (np.zeros((5, 3)), np.zeros((5, 3)), EXTENT, r"points in the plane \[n, 2\], got shape \[5, 3\]"),
        (np.full((5, 2), np.nan), np.zeros((5, 2)), EXTENT, "Expected finite numbers"),
        (np.full((5, 2), 9.0), np.zeros((5, 2)), EXTENT, "Expected data within the extent"),
        (np.zeros((5, 2)), np.zeros((5, 2)), (1, -1, -1, 1), r"Expected an extent \(left, right, bottom, top\)"),
        (np.zeros((5, 2)), np.zeros((5, 2)), (1, 2), "Expected an extent"),
    ],
)
def test_errors(real, samples, extent, message):
    with pytest.raises(ValueError, match=message):
        grid_divergence(real, samples, extent)


def test_a_cost_that_is_no_number_for_each_point():
    with pytest.raises(ValueError, match=r"one number for each point, got shape \[5, 2\]"):
        grid_normalized_elbo(lambda x: x, np.zeros((5, 2)), EXTENT, side=3)
