"""Measures from nearest neighbors in feature space (precision, recall, density, coverage, memorization), and of modes.

Kynkaanniemi et al., "Improved precision and recall metric for assessing generative models" (NeurIPS 2019); Naeem et
al., "Reliable fidelity and diversity metrics for generative models" (ICML 2020); Meehan, Chaudhuri and Dasgupta, "A
non-parametric test to detect data-copying in generative models" (AISTATS 2020).
"""

import math
from typing import NamedTuple

import numpy as np

from coursekit.arrays import check_finite, check_labels, check_numbers, check_positive
from coursekit.metrics.distances import check_rows, rounding, squared_distances


class PRDC(NamedTuple):
    """Precision, recall, density and coverage of samples."""

    precision: float  # share of samples within some real image's ball
    recall: float  # share of real images within some sample's ball
    density: float  # real balls around a sample, over k: around 1, not bounded by it
    coverage: float  # share of real images with a sample in their ball


class Neighbors(NamedTuple):
    """The nearest rows of `training` for each sample, nearest first."""

    indices: np.ndarray  # int64 [n, k]
    distances: np.ndarray  # [n, k], Euclidean


class Memorization(NamedTuple):
    """The result of the data-copying test; `print` it for the verdict in words."""

    score: float  # in [0, 1]: 0.5 none, 1 all copies
    z: float  # standard normal if there is no memorization; above 3 it is no accident
    copies: float  # share of samples closer to the training set than 99 % of the held-out examples are

    def __str__(self):
        if self.z > 3:
            verdict = "the samples lie too close to the training set: copies, or blurs"
        elif self.z < -3:
            verdict = "the samples lie farther off than real ones: no copies, but not like the data either"
        else:
            verdict = "no sign of memorization"
        return (
            f"A sample is closer to the training set than a held-out example is with probability {self.score:.3f} "
            f"(0.5: no memorization; z = {self.z:+.1f}), and {self.copies:.1%} of the samples are closer than 99 % of "
            f"those (1 % by chance): {verdict}."
        )


class ModeCounts(NamedTuple):
    """How the samples are spread over the classes."""

    counts: np.ndarray  # int64 [classes]
    present: int  # classes with at least a tenth of their fair share
    entropy: float  # nats, of the class frequencies
    kl: float  # KL(frequencies || uniform) = log(classes) - entropy, nats: 0 is all alike


def prdc(real, fake, k=5):
    """Precision, recall, density and coverage by balls that reach to each point's k-th nearest neighbor of its own set.

    A point on the edge of a ball is in it, as in equation (1) of Kynkaanniemi et al. The package `prdc` leaves the edge
    out: where no two distances are equal, both are the same. Copies make them equal. With its edge, a ball of radius 0,
    around a point that has k copies, still holds that point. So a set and itself have precision, recall and coverage 1,
    whatever coincides in it (without the edge: 0, if everything does), and density 1 + 1/k if nothing does: each ball
    holds its center and k neighbors. Where many points coincide, the density is far above 1.

    Args:
        real, fake: features [n, d] and [m, d]; the values depend on n and m: compare equal numbers.
        k: neighbors, below n and m.
    Returns:
        `PRDC`; between two halves of one set precision and recall are below 1 too: measure the floor.
    Raises:
        ValueError: different widths, NaN, or k not below the number of points.
    """
    k = check_positive(k=k)
    real, fake = check_rows(real=real, fake=fake)
    if k >= min(len(real), len(fake)):
        raise ValueError(
            f"Expected k below the {len(real)} real and {len(fake)} other points, got {k}. Take a smaller k, or more."
        )
    kind = np.result_type(real, fake)
    real, fake = real.astype(kind, copy=False), fake.astype(kind, copy=False)
    real_radii, fake_radii = _squared_radii(real, k), _squared_radii(fake, k)
    real_slack, fake_slack = rounding(real, fake, real_radii), rounding(fake, fake, fake_radii)
    if kind == np.float32 and ((real_radii < 100 * real_slack).any() or (fake_radii < 100 * fake_slack).any()):
        return prdc(real.astype("float64"), fake.astype("float64"), k)  # neighbors too near to be told apart
    real_radii, fake_radii = real_radii + real_slack, fake_radii + fake_slack
    balls = np.zeros(len(fake), int)
    recalled, covered = np.zeros(len(real), bool), np.zeros(len(real), bool)
    for rows, squares in squared_distances(real, fake):
        within = squares <= real_radii[rows, None]
        balls += within.sum(axis=0)
        covered[rows] = within.any(axis=1)
        recalled[rows] = (squares <= fake_radii).any(axis=1)
    return PRDC(float((balls > 0).mean()), float(recalled.mean()), float(balls.mean() / k), float(covered.mean()))


def _squared_radii(points, k):
    radii = np.empty(len(points), points.dtype)
    for rows, squares in squared_distances(points, points):
        squares[np.arange(len(squares)), np.arange(rows.start, rows.stop)] = 0  # itself, the 0-th neighbor
        radii[rows] = np.partition(squares, k, axis=1)[:, k]
    return radii


def nearest(samples, training, k=1):
    """Each sample's nearest neighbors in the training set, of pixels or of features.

    Args:
        samples: [n, d]. training: [m, d]. k: neighbors, at most m.
    Returns:
        `Neighbors`.
    Raises:
        ValueError: different widths, NaN, or k above m.
    """
    k = check_positive(k=k)
    samples, training = check_rows(samples=samples, training=training)
    if k > len(training):
        raise ValueError(f"Expected k of at most the {len(training)} training examples, got {k}.")
    indices, distances = np.empty((len(samples), k), int), np.empty((len(samples), k))
    for rows, squares in squared_distances(samples, training):
        some = np.argpartition(squares, k - 1, axis=1)[:, :k]
        exact = np.linalg.norm(samples[rows, None] - training[some], axis=-1)  # matrix products round
        order = np.argsort(exact, axis=1, kind="stable")
        indices[rows], distances[rows] = (np.take_along_axis(array, order, axis=1) for array in (some, exact))
    return Neighbors(indices, distances)


def memorization(samples, training, held_out):
    """The data-copying test of Meehan et al. (2020), without its division into cells: a Mann-Whitney test of whether
    samples lie closer to their nearest training example than fresh real examples do.

    Blurred images lie close to everything in pixel space, so measure in features, or read a high score beside the
    nearest neighbors themselves.

    Args:
        samples, training, held_out: rows [n, d]; `held_out` comes from where `training` comes from, and was not trained
            on. At least 20 samples and held-out examples.
    Returns:
        `Memorization`.
    Raises:
        ValueError: different widths, NaN, or too few.
    """
    check_rows(least=20, samples=samples, held_out=held_out)
    sampled, fresh = (nearest(rows, training).distances[:, 0] for rows in (samples, held_out))
    from scipy.stats import rankdata, tiecorrect

    n, m = len(sampled), len(fresh)
    ranks = rankdata(np.concatenate([sampled, fresh]))
    farther = ranks[:n].sum() - n * (n + 1) / 2  # pairs in which the sample is the farther one; a tie counts half
    spread = math.sqrt(tiecorrect(ranks) * n * m * (n + m + 1) / 12)  # 0 if all distances are the same
    return Memorization(
        float(1 - farther / (n * m)),
        float((n * m / 2 - farther) / spread) if spread else 0.0,
        float((sampled < np.quantile(fresh, 0.01)).mean()),
    )


def mode_counts(classes_of, classes=10):
    """How many of the classes appear among the samples, and how evenly.

    Args:
        classes_of: labels of the samples, [n] or [n, 1], or a classifier's probabilities [n, classes]: the largest one
            counts.
        classes: how many there are; taken from the probabilities, if there are any.
    Returns:
        `ModeCounts`. A classifier puts noise into some class too: `present` says nothing about quality.
    Raises:
        ValueError: labels that are not whole numbers from 0 to classes - 1, or probabilities that do not sum to 1.
    """
    given, classes = check_numbers(classes_of, "labels"), check_positive(classes=classes)
    if given.ndim == 2 and given.shape[1] > 1:
        check_finite(given, "probabilities")
        if not ((given >= 0).all() and np.allclose(given.sum(axis=1, dtype="float64"), 1, atol=1e-3)):
            raise ValueError("Expected probabilities [n, classes], rows that sum to 1. Logits? Take their softmax.")
        labels, classes = given.argmax(axis=1), given.shape[1]
    else:
        labels = check_labels(given, classes=classes)
    counts = np.bincount(labels, minlength=classes)
    shares = counts[counts > 0] / len(labels)
    entropy = float(-(shares * np.log(shares)).sum())
    present = int((counts >= 0.1 * len(labels) / classes).sum())
    return ModeCounts(counts, present, entropy, max(0.0, math.log(classes) - entropy))
