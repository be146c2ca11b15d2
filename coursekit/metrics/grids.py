"""Samples in the plane against data, on a grid: the three measures of Soft-IntroVAE's two-dimensional experiments.

Daniel and Tamar (CVPR 2021) print KL and JSD of histograms of *densities*, summed over all bins and divided by the
number of rows, not weighted by the area of a bin. So 0 is best, but a value is neither in nats nor comparable with a
divergence that was computed in another way. Here they are computed as the authors' code computes them, so that they can
be compared with theirs.
"""

from typing import NamedTuple

import numpy as np

from coursekit.arrays import check_positive
from coursekit.metrics.distances import check_rows

BINS, TINY = 100, 1e-14


class GridDivergence(NamedTuple):
    """Divergences of two histograms of densities, r of the data and f of the samples. Both are 0 where r = f.

    kl: the sum of r (log r - log f) over the bins, divided by the rows. jsd: half the sum of the same divergences of
    their mean m from each of them."""

    kl: float
    jsd: float


def grid_divergence(real, samples, extent, bins=BINS):
    """`GridDivergence` of samples from data. Points beyond the extent are left out.

    Args:
        real, samples: points [n, 2] and [m, 2]; the authors take 5,000 of each.
        extent: (left, right, bottom, top), as `data.toy(...).extent`. bins: in each direction.
    Raises:
        ValueError: points of another shape, NaN, no data within the extent, or an empty extent.
    """
    real, samples, bins = _plane(real, "real"), _plane(samples, "samples"), check_positive(bins=bins)
    extent = _checked(extent)
    r, f = (_histogram(points, extent, bins) for points in (real, samples))
    if not r.any():
        raise ValueError(f"Expected data within the extent {tuple(extent)}, got none. Take the extent of the data.")
    m = (r + f) / 2
    return GridDivergence(_summed(r, f) / bins, (_summed(m, r) + _summed(m, f)) / (2 * bins))


def grid_floor(toy, n=5000, seed=0, bins=BINS):
    """`GridDivergence` of n points from n others of the same distribution: what a perfect sampler has."""
    return grid_divergence(toy.sample(n, seed), toy.sample(n, seed + 1), toy.extent, bins)


def grid_normalized_elbo(cost, real, extent, side=1024):
    """gnELBO: the mean cost of data, divided by the sum of the costs of the data and of a grid; smaller is better.

    Args:
        cost: function of points [n, 2] that returns squared error plus KL, z being the mean of q(z|x): [n].
        real: points [n, 2]; the authors take 12,800. extent: of the grid. side: points of the grid in each direction.
    Raises:
        ValueError: points of another shape, or costs that are not [n].
    """
    real, side = _plane(real, "real"), check_positive(side=side)
    left, right, bottom, top = _checked(extent)
    grid = np.stack(np.meshgrid(np.linspace(left, right, side), np.linspace(bottom, top, side)), axis=-1)
    of_data, of_grid = (_costs(cost, points.reshape(-1, 2).astype("float32")) for points in (real, grid))
    return float(of_data.mean() / (of_data.sum() + of_grid.sum()))


def _plane(points, name):
    (points,) = check_rows(**{name: points})
    if points.shape[1] != 2:
        raise ValueError(f"Expected {name}: points in the plane [n, 2], got shape {list(points.shape)}.")
    return points


def _checked(extent):
    extent = np.asarray(extent, "float64")
    if extent.shape != (4,) or not (extent[1] > extent[0] and extent[3] > extent[2]):
        raise ValueError(f"Expected an extent (left, right, bottom, top), got {tuple(np.ravel(extent))}.")
    return extent


def _histogram(points, extent, bins):
    """The density of the points in each bin; 0 everywhere if none is within the extent."""
    counts = np.histogram2d(*points.T, bins=bins, range=[extent[:2], extent[2:]])[0]
    area = (extent[1] - extent[0]) * (extent[3] - extent[2]) / bins**2
    return counts / max(counts.sum(), 1) / area


def _summed(target, other):
    """The sum of target (log target - log(other + TINY)), in which 0 log 0 = 0."""
    some = target[target > 0]
    return float((some * (np.log(some) - np.log(other[target > 0] + TINY))).sum())


def _costs(cost, points):
    costs = np.asarray(cost(points), "float64")
    if costs.shape != (len(points),):
        raise ValueError(f"Expected a cost that returns one number for each point, got shape {list(costs.shape)}.")
    return costs
