"""Mode coverage: how samples spread over the known modes of a distribution, such as the ring's eight."""

from typing import NamedTuple

import numpy as np

from coursekit.metrics.distances import check_rows


class Modes(NamedTuple):
    """found: modes with at least 1 % of the samples near them. near: share of the samples that are near a mode, in
    [0, 1]. counts: of the samples near each mode, int64 [m]."""

    found: int
    near: float
    counts: np.ndarray


def modes(samples, centers, std):
    """How samples spread over known modes. A sample is near a mode within 3 standard deviations of it (Srivastava et
    al., "VEEGAN", NeurIPS 2017): of a perfect sampler of Gaussians in the plane, 1 - exp(-9/2) = 98.9 % are.

    Args:
        samples: [n, d]. centers: of the modes, [m, d]. std: standard deviation around each, in each direction.
    Returns:
        `Modes`.
    Raises:
        ValueError: no samples, NaN, another d, or a std that is not above 0.
    """
    samples, centers = (rows.astype("float64") for rows in check_rows(samples=samples, centers=centers))
    if not std > 0:
        raise ValueError(f"Expected a standard deviation above 0, got {std!r}.")
    distances = np.stack([np.linalg.norm(samples - center, axis=1) for center in centers], axis=1)
    nearest = distances.argmin(axis=1)[distances.min(axis=1) <= 3 * std]
    counts = np.bincount(nearest, minlength=len(centers))
    return Modes(int((counts >= 0.01 * len(samples)).sum()), len(nearest) / len(samples), counts)
