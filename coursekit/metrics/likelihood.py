"""Bounds on the log-likelihood of images, ELBO and IWAE: means over images, in nats.

Images are arrays, models are callables: `elbo(images, vae.elbo)`, `iwae(images, vae.log_weights)`. The callables take
their randomness from the `seed` that is passed to them, so that a measurement can be repeated and changes no model.
"""

import math
from typing import NamedTuple

import numpy as np

from coursekit import progress
from coursekit.arrays import check_images, check_positive, check_seed
from coursekit.data.binarization import binarize
from coursekit.metrics.posterior import Collapse, active_units, collapse, kl_per_dimension

__all__ = [
    "Bound",
    "Collapse",
    "ImportanceBound",
    "active_units",
    "binarize",
    "bits_per_image",
    "bits_per_pixel",
    "collapse",
    "elbo",
    "iwae",
    "kl_per_dimension",
]

AT_ONCE = 2**22  # pixels: as fast on a CPU as any number above, in little memory


class Bound(NamedTuple):
    """The evidence lower bound, elbo = reconstruction - kl: means over the images, in nats."""

    elbo: float
    reconstruction: float
    kl: float
    errors: dict  # {"elbo", "reconstruction", "kl"}: standard errors of the means over images
    each: np.ndarray  # [n]: the ELBO of each image


class ImportanceBound(NamedTuple):
    """log p(x), estimated from below by k importance samples: the mean over the images, in nats."""

    bound: float
    error: float  # standard error of the mean over images
    k: int
    effective_samples: float  # of k, mean over images: (sum w)^2 / sum w^2; near 1, one sample decides
    each: np.ndarray  # [n]: the bound of each image


def elbo(images, bound, batch_size=500, seed=0):
    """The evidence lower bound of a model.

    Args:
        images: [n, ...], in [0, 1].
        bound: such as `vae.elbo`: bound(x, seed=...) returns a named result with `reconstruction`, `kl` and `elbo`,
            each [n] for a minibatch x [n, ...].
        seed: whole number; the same one gives the same noise.
    Returns:
        `Bound`, with the means and their standard errors.
    Raises:
        ValueError: images outside [0, 1], a model's answer of another shape or not finite.
    """
    images, batch_size = check_images(images), check_positive(batch_size=batch_size)
    keras = _keras()
    noise = keras.random.SeedGenerator(check_seed(seed))
    names, rows = ("elbo", "reconstruction", "kl"), []
    for begin in progress.bar(range(0, len(images), batch_size), "ELBO"):
        x = keras.ops.convert_to_tensor(images[begin : begin + batch_size], "float32")
        result = bound(x, seed=noise)
        parts = [keras.ops.convert_to_numpy(getattr(result, name)) for name in names]
        for name, part in zip(names, parts, strict=True):
            _check_answer(part, (x.shape[0],), f"bound(x).{name}", "[n]")
        rows.append(np.stack(parts))
    values = np.concatenate(rows, axis=1).astype("float64")
    _check_finite(values[0], "the ELBO")
    errors = {name: _standard_error(row) for name, row in zip(names, values, strict=True)}
    return Bound(*(float(row.mean()) for row in values), errors, values[0])


def iwae(images, log_weights, k=5000, chunk=None, batch_size=50, seed=0):
    """log p(x) by importance weighting: log mean_k p(x, z_k) / q(z_k|x), at most log p(x) on average, and the tighter
    the larger k is (Burda, Grosse and Salakhutdinov, 2016, equation 8; papers evaluate with 5,000).

    Args:
        images: [n, ...], in [0, 1].
        log_weights: such as `vae.log_weights`: log_weights(x, samples, seed=...) returns log p(x, z) - log q(z|x) of
            `samples` codes z from q(z|x) for each of a minibatch x [n, ...]: [samples, n].
        k: samples for each image.
        chunk: samples computed at once; what 16 MB of pixels hold if omitted. Memory grows with it, not with k.
        batch_size: images computed at once.
        seed: whole number; the same one gives the same noise.
    Returns:
        `ImportanceBound`.
    Raises:
        ValueError: k below 1, images outside [0, 1], weights of another shape or not finite.
    """
    images = check_images(images)
    k, batch_size = check_positive(k=k, batch_size=batch_size)
    if chunk is None:
        chunk = min(k, max(1, AT_ONCE // (batch_size * math.prod(np.shape(images)[1:]))))
    chunk = check_positive(chunk=chunk)
    keras = _keras()
    from coursekit.training.compile import compiled

    noise = keras.random.SeedGenerator(check_seed(seed))

    def sums(samples):
        """A compiled function from x [n, ...] to log sum w and log sum w^2 over `samples`: [2, n]."""

        def log_sums(x):
            weights = log_weights(x, samples, seed=noise)
            _check_answer(weights, (samples, x.shape[0]), f"log_weights(x, {samples})", "[samples, n]")
            return keras.ops.stack([keras.ops.logsumexp(power * weights, axis=0) for power in (1, 2)])

        return compiled(log_sums, changes=[noise.state])

    sizes = [chunk] * (k // chunk) + [k % chunk] * (k % chunk > 0)
    sums_by_size = {size: sums(size) for size in sizes}
    steps = [(begin, size) for begin in range(0, len(images), batch_size) for size in sizes]
    totals = np.full((2, len(images)), -np.inf)
    for begin, size in progress.bar(steps, f"log p(x), {k} samples"):
        here = slice(begin, begin + batch_size)
        x = keras.ops.convert_to_tensor(images[here], "float32")
        chunk_sums = keras.ops.convert_to_numpy(sums_by_size[size](x))
        _check_finite(chunk_sums[0], "log p(x)", begin)  # now, not minutes later
        totals[:, here] = np.logaddexp(totals[:, here], chunk_sums)
    each = totals[0] - math.log(k)
    effective = np.exp(2 * totals[0] - totals[1])
    return ImportanceBound(float(each.mean()), _standard_error(each), k, float(effective.mean()), each)


def bits_per_image(log_likelihood):
    """Bits that a code made from the model needs for an image: -log p(x), given in nats, in powers of two.

    A bound from below on log p(x) gives a bound from above on the bits. For black and white images: a density, as that
    of the "gaussian" likelihood, has no such code.
    """
    return -log_likelihood / math.log(2)


def bits_per_pixel(log_likelihood, pixels):
    """`bits_per_image`, divided by the number of pixels."""
    pixels = check_positive(pixels=pixels)
    return bits_per_image(log_likelihood) / pixels


def _check_answer(answer, expected, what, meaning):
    if tuple(answer.shape) != expected:
        raise ValueError(f"Expected {what} of shape {meaning} = {expected}, got {tuple(answer.shape)}.")


def _check_finite(values, what, begin=0):
    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        raise ValueError(
            f"Expected finite numbers, got {values[first]} as {what} of image {begin + first}. "
            "Did the training diverge? Look for NaN in the model's weights."
        )


def _standard_error(values):
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan


def _keras():
    from coursekit.training import backend

    return backend.load()
