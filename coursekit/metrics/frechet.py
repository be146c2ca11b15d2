"""The Frechet distance and the kernel distance between two sets of features.

Heusel et al., "GANs trained by a two time-scale update rule converge to a local Nash equilibrium" (NeurIPS 2017);
Dowson and Landau, "The Frechet distance between multivariate normal distributions" (J. Multivariate Analysis 12, 1982);
Binkowski et al., "Demystifying MMD GANs" (ICLR 2018).
"""

import math
from typing import NamedTuple

import numpy as np

from coursekit.arrays import check_floats, check_positive
from coursekit.metrics.distances import check_rows


class Moments(NamedTuple):
    """Mean and covariance of a set of features: all that the Frechet distance depends on."""

    mean: np.ndarray  # float64 [d]
    covariance: np.ndarray  # float64 [d, d], divided by n - 1
    n: int  # features that it was estimated from


class KernelDistance(NamedTuple):
    """The unbiased estimate of a squared distance: around 0, also below it, for samples that are as good as real."""

    kid: float
    error: float  # standard error of the mean over subsets


def moments(features):
    """`Moments` of features [n, d].

    Raises:
        ValueError: NaN, or fewer rows than d + 1: their covariance is singular whatever they show, and the distance
            says more about n than about the samples.
    """
    (features,) = check_rows(features=features)
    n, d = features.shape
    if n < d + 1:
        raise ValueError(
            f"Expected more than {d} samples for features of {d} numbers, got {n}: their covariance would be singular. "
            "Draw more samples, 10,000 if you want to compare with others' values."
        )
    features = features.astype("float64", copy=False)
    mean = features.mean(axis=0)
    centered = features - mean
    return Moments(mean, centered.T @ centered / (n - 1), n)


def frechet_distance(real, fake):
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)): 0 for equal means and covariances.

    Biased upward where samples are few: say how many there were, and compare equal numbers only. The trace of the root
    is computed from eigenvalues of symmetric matrices, so that dead features and singular covariances do no harm.

    Args:
        real, fake: features [n, d], or their `Moments`.
    Returns:
        a number of at least 0, in the features' squared unit.
    Raises:
        ValueError: different widths, NaN, or too few samples.
    """
    real, fake = (_checked(one) if isinstance(one, Moments) else moments(one) for one in (real, fake))
    if np.shape(real.mean) != np.shape(fake.mean):
        raise ValueError(
            f"Expected two sets of features of one width, got {len(real.mean)} and {len(fake.mean)} numbers. "
            "Were both made by the same network and layer?"
        )
    root = _root(real.covariance)
    # C1 C2 and C1^(1/2) C2 C1^(1/2) have the same eigenvalues, and the second is symmetric.
    shared = np.linalg.eigvalsh(root @ fake.covariance @ root)
    trace = np.trace(real.covariance) + np.trace(fake.covariance) - 2 * np.sqrt(np.maximum(shared, 0)).sum()
    return float(max(0.0, np.square(real.mean - fake.mean).sum() + trace))


def _checked(given):
    mean, covariance = check_floats(given.mean, "the mean"), check_floats(given.covariance, "the covariance")
    if mean.ndim != 1 or covariance.shape != 2 * mean.shape:
        raise ValueError(
            f"Expected moments with a mean [d] and a covariance [d, d], got {list(mean.shape)} and "
            f"{list(covariance.shape)}."
        )
    return Moments(mean.astype("float64", copy=False), covariance.astype("float64", copy=False), given.n)


def _root(covariance):
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def kid(real, fake, subsets=None, size=1000, seed=0):
    """Kernel distance: the unbiased estimate of MMD^2 under k(x, y) = (x.y / d + 1)^3, the mean over subsets.

    Unlike the Frechet distance it has no bias for small samples. No sample is in two subsets, so that the standard
    error is an honest one.

    Args:
        real, fake: features [n, d] and [m, d].
        subsets: how many pairs of subsets; as many as there are if omitted. size: samples in each.
        seed: of the order in which samples are dealt to subsets.
    Returns:
        `KernelDistance`; its error is NaN with a single subset.
    Raises:
        ValueError: different widths, NaN, or fewer samples than subsets * size.
    """
    size = check_positive(size=size)
    subsets = subsets if subsets is None else check_positive(subsets=subsets)
    real, fake = (rows.astype("float64", copy=False) for rows in check_rows(least=2, real=real, fake=fake))
    available = min(len(real), len(fake))
    subsets = available // size if subsets is None else subsets
    if size < 2 or subsets < 1 or subsets * size > available:
        raise ValueError(
            f"Expected {max(subsets, 1)} subsets of {size} samples that share none, size at least 2, got "
            f"{len(real):,} real and {len(fake):,} samples. Give more samples, or a smaller size."
        )
    rng = np.random.default_rng(seed)
    real, fake = (rows[rng.permutation(len(rows))[: subsets * size]] for rows in (real, fake))
    parts = zip(np.split(real, subsets), np.split(fake, subsets), strict=True)
    values = np.array([_squared_mmd(x, y) for x, y in parts])
    return KernelDistance(
        float(values.mean()), float(values.std(ddof=1) / math.sqrt(subsets)) if subsets > 1 else math.nan
    )


def _squared_mmd(x, y):
    """Gretton et al. (JMLR 13, 2012), equation (3): no sample is compared with itself."""
    (n, d), m = x.shape, len(y)
    xx, yy, xy = (_cubed(a @ b.T / d + 1) for a, b in ((x, x), (y, y), (x, y)))
    within = lambda kernel, count: (kernel.sum() - np.trace(kernel)) / (count * (count - 1))
    return within(xx, n) + within(yy, m) - 2 * xy.mean()


def _cubed(kernel):
    return kernel * kernel * kernel  # many times faster than ** 3
