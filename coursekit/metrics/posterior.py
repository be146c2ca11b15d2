"""Measures of the approximate posterior q(z|x): KL of each dimension, active units, posterior collapse."""

from typing import NamedTuple

import numpy as np

from coursekit.arrays import check_floats


class Collapse(NamedTuple):
    """The diagnosis of posterior collapse; `print` it for the verdict in words."""

    collapsed: bool  # no dimension is used
    unused: list  # the numbers of the dimensions that are not used
    kl: np.ndarray  # [latent_dim]: nats, mean over images
    variances: np.ndarray  # [latent_dim]: variance of the codes' means over images
    words: str

    def __str__(self):
        return self.words


def kl_per_dimension(means, log_variances):
    """KL(q(z|x) || N(0, I)) of each latent dimension, in nats, mean over images.

    Args:
        means, log_variances: of q(z|x), [n, latent_dim].
    Returns:
        [latent_dim].
    """
    means, log_variances = _codes(means=means, log_variances=log_variances)
    return 0.5 * (np.square(means) + np.exp(log_variances) - 1 - log_variances).mean(axis=0)


def active_units(means, threshold=0.01):
    """Which latent dimensions say anything about the image: those whose mean varies, Cov_x(E_q(u|x)[u]) > threshold
    (Burda et al., 2016, section 4.3).

    Args:
        means: of q(z|x), [n, latent_dim], n at least 2.
    Returns:
        bool [latent_dim]; its sum is the number that the papers print.
    """
    (means,) = _codes(means=means)
    return means.var(axis=0, ddof=1) > threshold


def collapse(means, log_variances, threshold=0.01):
    """The diagnosis of posterior collapse: which dimensions of the code are not used, and what to try.

    Args:
        means, log_variances: of q(z|x), [n, latent_dim], n at least 2.
        threshold: of `active_units`.
    Returns:
        `Collapse`.
    """
    kl, active = kl_per_dimension(means, log_variances), active_units(means, threshold)
    unused = np.flatnonzero(~active).tolist()
    return Collapse(
        not active.any(), unused, kl, np.asarray(means, "float64").var(axis=0, ddof=1), _diagnosis(kl, active, unused)
    )


def _diagnosis(kl, active, unused):
    dimensions = f"{len(kl)} dimension{'s' if len(kl) > 1 else ''}"
    if not unused:
        return f"No collapse: the code uses all of its {dimensions}, with {kl.sum():.1f} nats in all."
    if not active.any():
        return (
            f"Collapsed: none of the {dimensions} changes with the image (KL {kl.sum():.2f} nats in all), so the "
            "decoder draws without looking at the code. Try a warm-up (warm_up=1000 steps), free bits "
            "(free_bits=0.5), or a smaller beta."
        )
    numbers = ", ".join(map(str, unused[:8])) + (", ..." if len(unused) > 8 else "")
    words = (
        f"{active.sum()} of {dimensions} are used, with {kl[active].sum():.1f} nats; {len(unused)} are not ({numbers}; "
        f"{kl[unused].sum():.2f} nats). Some unused ones are normal where latent_dim is larger than the data need."
    )
    if active.sum() < len(kl) / 4:
        words += " So few hint at collapse: try a warm-up, free bits or a smaller beta, and see if the ELBO rises."
    return words


def _codes(**arrays):
    codes = {name: check_floats(array, f"{name} of q(z|x)") for name, array in arrays.items()}
    shape = next(iter(codes.values())).shape
    for name, array in codes.items():
        if array.ndim != 2 or array.shape != shape or shape[0] < 2:
            raise ValueError(
                f"Expected {name} of q(z|x): finite numbers [n, latent_dim], n at least 2, got shape {array.shape}. "
                "`vae.encode(images)` returns both."
            )
    return [array.astype("float64", copy=False) for array in codes.values()]
