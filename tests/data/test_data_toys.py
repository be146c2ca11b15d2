"""Toys: the density is a density, and the sampler draws from it."""

import numpy as np
import pytest

from coursekit import data

PLANAR = [name for name in data.TOYS if data.toy(name).dimensions == 2]


def cells(toy, per_side=180):
    """Centers of a fine grid [m, 2] over the extent, and the area of a cell."""
    left, right, bottom, top = toy.extent
    x, y = (low + (np.arange(per_side) + 0.5) * (high - low) / per_side for low, high in ((left, right), (bottom, top)))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2), (right - left) * (top - bottom) / per_side**2


@pytest.mark.parametrize("name", PLANAR)
def test_the_density_integrates_to_one_over_the_extent(name):
    toy = data.toy(name)
    points, area = cells(toy)
    assert toy.density(points).sum() * area == pytest.approx(1, abs=2e-3)


def test_the_density_on_a_line_integrates_to_one():
    humps = data.toy("humps")
    x = np.linspace(*humps.extent, 2001)
    assert np.trapezoid(humps.density(x[:, None]), x) == pytest.approx(1, abs=1e-5)
    assert humps.sample(5).shape == (5, 1)
    right = (humps.sample(20_000) > -0.25).mean()
    assert right == pytest.approx(0.6, abs=0.015)


@pytest.mark.parametrize("name", PLANAR)
def test_the_sampler_draws_from_the_density(name):
    """Counts in a 12 x 12 table of cells against the integral of the density over each: chi-squared."""
    toy = data.toy(name)
    points, area = cells(toy, 180)
    expected = (toy.density(points) * area).reshape(12, 15, 12, 15).sum(axis=(1, 3))
    samples = toy.sample(40_000, seed=1)
    left, right, bottom, top = toy.extent
    counts = np.histogram2d(samples[:, 1], samples[:, 0], 12, ((bottom, top), (left, right)))[0]
    assert counts.sum() == 40_000
    often = 40_000 * expected > 10
    statistic = ((counts - 40_000 * expected)[often] ** 2 / (40_000 * expected[often])).sum()
    assert statistic < often.sum() + 5 * np.sqrt(2 * often.sum())
    assert counts[~often].sum() == pytest.approx(40_000 * expected[~often].sum(), abs=60)


@pytest.mark.parametrize("name", data.TOYS)
def test_points_are_float32_and_come_again(name):
    toy = data.toy(name)
    points = toy.sample(200, seed=4)
    assert points.dtype == np.float32
    assert points.shape == (200, toy.dimensions)
    np.testing.assert_array_equal(points, data.toy(name).sample(200, seed=4))
    assert not np.array_equal(points, toy.sample(200, seed=5))
    assert toy.what in repr(toy)
    if toy.modes is not None:
        assert toy.modes.shape[1] == toy.dimensions


def test_the_ring_is_eight_gaussians():
    from scipy import stats

    ring = data.toy("ring")
    np.testing.assert_allclose(np.linalg.norm(ring.modes, axis=1), 2)
    np.testing.assert_allclose(ring.modes[2], [0, 2], atol=1e-12)
    x = ring.sample(50) + 0.02
    by_scipy = np.mean([stats.multivariate_normal.pdf(x, mode, 0.05**2) for mode in ring.modes], axis=0)
    np.testing.assert_allclose(ring.density(x), by_scipy, rtol=1e-6)
    far = ring.log_density([[50.0, 0.0]])
    assert far == pytest.approx(-(48**2) / (2 * 0.05**2) - np.log(8 * 2 * np.pi * 0.05**2)), "no underflow"


def test_curves_are_as_even_as_they_are_smooth():
    """Along a circle of `rings` the density hardly changes; across it, it is the noise's."""
    rings = data.toy("rings")
    angle = np.linspace(0, 2 * np.pi, 777)
    around = rings.density(1.4 * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    assert np.ptp(around) / around.mean() < 1e-6
    outside = rings.density([[1.4 + rings.std, 0.0]])[0] / around.mean()
    assert outside == pytest.approx(np.exp(-0.5) * np.sqrt(1.4 / 1.48), rel=2e-3), "a longer way around"
    assert rings.modes is None


def test_the_checkerboard_is_flat_and_has_edges():
    board = data.toy("checkerboard")
    np.testing.assert_allclose(board.density([[-1.5, -1.5], [1.9, 1.9], [0.5, 0.5]]), 1 / 8)
    assert np.all(board.log_density([[-1.5, -0.5], [2.5, 2.5], [-2.5, -1.5]]) == -np.inf)


def test_errors():
    with pytest.raises(data.DataError, match=r"one of 'ring', .*got 'spiral'; did you mean 'spirals'\?"):
        data.toy("spiral")
    ring = data.toy("ring")
    for n in (0, -1, 2.5, True):
        with pytest.raises(ValueError, match="whole number of points of at least 1"):
            ring.sample(n)
    for x in (np.zeros(2), np.zeros((3, 3))):
        with pytest.raises(ValueError, match=r"Expected points \[n, 2\] for 'ring', got shape"):
            ring.density(x)
