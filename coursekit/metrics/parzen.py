"""The Parzen window estimate of log-likelihood, with which the first papers on GANs compared models.

Breuleux, Bengio and Vincent (Neural Computation 23, 2011); its protocol as in Goodfellow et al., "Generative
adversarial nets" (NeurIPS 2014). Theis, van den Oord and Bethge, "A note on the evaluation of generative models" (ICLR
2016), show that it ranks models wrongly.
"""

import math
from typing import NamedTuple

import numpy as np

from coursekit.metrics.distances import check_rows, squared_distances

SIGMAS = tuple(np.logspace(-1, 0, 10))


class ParzenWindow(NamedTuple):
    """The density of the test images under a Gaussian around each sample."""

    log_likelihood: float  # nats, mean over test images
    error: float  # its standard error
    sigma: float  # of the Gaussians: the best of `sigmas` on the validation images
    validation: dict  # {sigma: mean log-likelihood of the validation images}


def parzen(samples, validation, test, sigmas=SIGMAS):
    """The mean log-likelihood of test images under a mixture of Gaussians N(sample, sigma^2 I), all of one weight.

    The protocol of 2014: 10,000 samples, pixels in [0, 1] as rows, sigma chosen on the first 1,000 validation images
    (MNIST's training images 50,000 to 50,999), tested on the 10,000 test images. The value says how close the nearest
    samples are in pixels, not how good they look: averages of images score higher than images.

    Args:
        samples [n, d], validation [v, d], test [m, d]: rows.
        sigmas: to choose from, each above 0.
    Returns:
        `ParzenWindow`.
    Raises:
        ValueError: different widths, NaN, or no sigma above 0.
    """
    samples, validation, test = check_rows(samples=samples, validation=validation, test=test)
    sigmas = _sigmas(sigmas)
    scores = log_densities(validation, samples, sigmas).mean(axis=1)
    sigma = float(sigmas[scores.argmax()])
    each = log_densities(test, samples, [sigma])[0]
    error = float(each.std(ddof=1) / math.sqrt(len(each))) if len(each) > 1 else math.nan
    by_sigma = dict(zip(sigmas.tolist(), scores.tolist(), strict=True))
    return ParzenWindow(float(each.mean()), error, sigma, by_sigma)


def log_densities(points, samples, sigmas):
    """log (1/n) sum_j N(point; sample_j, sigma^2 I), in nats: [sigmas, points].

    Args:
        points: [m, d]. samples: [n, d]. sigmas: a few numbers above 0; all of them share one pass over the distances.
    """
    points, samples = check_rows(points=points, samples=samples)
    sigmas = _sigmas(sigmas)
    n, d = samples.shape
    answer = np.empty((len(sigmas), len(points)))
    for rows, squares in squared_distances(points, samples):
        nearest = squares.min(axis=1, keepdims=True)
        squares -= nearest  # the nearest sample's term becomes exp(0): no sum vanishes
        for i, sigma in enumerate(sigmas):
            sums = np.exp(squares * (-0.5 / float(sigma) ** 2)).sum(axis=1, dtype="float64")
            answer[i, rows] = np.log(sums) - 0.5 * nearest[:, 0] / sigma**2
    constant = math.log(n) + d * np.log(np.asarray(sigmas) * math.sqrt(2 * math.pi))
    return answer - constant[:, None]


def _sigmas(sigmas):
    sigmas = np.atleast_1d(np.asarray(sigmas, "float64"))
    if sigmas.ndim != 1 or not sigmas.size or not (np.isfinite(sigmas).all() and (sigmas > 0).all()):
        raise ValueError(f"Expected sigmas above 0, such as np.logspace(-1, 0, 10), got {sigmas}.")
    return sigmas
