"""The fidelity of samples: every measure of lecture 11, and a `Judge` that applies them to images.

judge = recipes.judge("mnist")                  # LeNet features, and the 10,000 test images' moments
judge.frechet(images)                           # one number
print(judge.report({"VAE": images}, untrained=first_images))    # all of them, beside floor and noise

The measures are functions of features [n, d], from wherever they come: `frechet_distance`, `kid`, `prdc`, `nearest`,
`memorization`, `mode_counts`, and `parzen`, which takes pixels.
"""

import math
from typing import NamedTuple

import numpy as np

from coursekit.arrays import check_images, check_positive
from coursekit.metrics.distances import check_rows
from coursekit.metrics.frechet import KernelDistance, Moments, frechet_distance, kid, moments
from coursekit.metrics.neighbors import (
    PRDC,
    Memorization,
    ModeCounts,
    Neighbors,
    memorization,
    mode_counts,
    nearest,
    prdc,
)
from coursekit.metrics.parzen import SIGMAS, ParzenWindow, log_densities, parzen

__all__ = [
    "PRDC",
    "SIGMAS",
    "Judge",
    "KernelDistance",
    "Memorization",
    "ModeCounts",
    "Moments",
    "Neighbors",
    "ParzenWindow",
    "Report",
    "Score",
    "frechet_distance",
    "kid",
    "log_densities",
    "memorization",
    "mode_counts",
    "moments",
    "nearest",
    "parzen",
    "prdc",
    "uniform_noise",
]


class Score(NamedTuple):
    """A `Judge`'s measures of a set of images."""

    images: int
    frechet: float
    kid: float
    kid_error: float
    precision: float
    recall: float
    density: float
    coverage: float


class Report(NamedTuple):
    """A table of scores, one row for each set of images; `print` it."""

    rows: dict  # {whose images: Score}, the floor first and the noise last
    about: str

    def __str__(self):
        header = ["", "images", "Frechet", "KID", "", "precision", "recall", "density", "coverage"]
        formats = [",", ".2f", ".3f", ".3f", ".3f", ".3f", ".3f", ".3f"]
        table = [header]
        for name, score in self.rows.items():
            cells = [f"{value:{how}}" for value, how in zip(score, formats, strict=True)]
            table.append([name, *cells[:3], f"± {cells[3]}", *cells[4:]])
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        align = lambda row: [f"{row[0]:{widths[0]}}", *map(str.rjust, row[1:], widths[1:])]
        return "\n".join([*("  ".join(align(row)) for row in table), self.about])


class Judge:
    """Measures images by their features, against real ones.

    The features are scaled so that the covariance of the training images' has trace 100. This makes the values of two
    data sets and two networks alike in size, not comparable: say which network and which layer.

    Args:
        features: function from images [n, ...] to features [n, d], such as `lenet.features`.
        reference: `Moments` of the scaled features of real images that nothing was trained on.
        scale: what to multiply features by.
        real: images that KID and PRDC compare with, or a function of no argument that returns them, called once.
        floor, noise: `Score`s of real training images and of uniform noise, for reports; None leaves the row out.
        about: one line on network, layer and data, printed below each report.
    """

    def __init__(self, features, reference, scale, real, floor=None, noise=None, about=""):
        if not (np.isfinite(scale) and scale > 0):
            raise ValueError(f"Expected a scale above 0, got {scale!r}.")
        self._features, self.reference, self.scale = features, reference, float(scale)
        self._real, self._real_features = real, None
        self.floor, self.noise, self.about = floor, noise, about

    @classmethod
    def of(cls, features, train, test, n=10_000, seed=0, about=""):
        """A judge that knows the moments of `test` images, with floor and noise measured now.

        Args:
            features: as above. train, test: images [n, ...] in [0, 1].
            n: training images, drawn with `seed`, that are measured as the floor, and images of noise.
        """
        train, test, n = check_images(train, "train"), check_images(test, "test"), check_positive(n=n)
        (train_features,) = check_rows(features_of_train=features(train))
        scale = trace_to_100(train_features)
        (test_features,) = check_rows(features_of_test=features(test))
        judge = cls(features, moments(test_features * scale), scale, test, about=about)
        judge._real_features = test_features * scale
        judge.measure_floor(train, n, seed)
        return judge

    def measure_floor(self, train, n=10_000, seed=0):
        """Measure n of the training images, drawn with `seed`, as the floor, and as many images of noise."""
        train = check_images(train, "train")
        chosen = np.random.default_rng(seed).permutation(len(train))[:n]
        self.floor = self.measure(train[chosen])
        self.noise = self.measure(uniform_noise(len(chosen), np.shape(train)[1:], seed))

    def features(self, images):
        """The scaled features [n, d] of images in [0, 1].

        Raises:
            ValueError: values outside [0, 1], NaN, or features of another width than the reference has.
        """
        images = check_images(images)
        (rows,) = check_rows(features=self._features(images))
        if rows.shape[1] != len(self.reference.mean):
            raise ValueError(
                f"Expected features of {len(self.reference.mean)} numbers, as the reference has, got {rows.shape[1]}."
            )
        return rows * self.scale

    @property
    def real_features(self):
        """The scaled features of the real images that KID and PRDC compare with."""
        if self._real_features is None:
            self._real_features = self.features(self._real() if callable(self._real) else self._real)
        return self._real_features

    def frechet(self, images):
        """Frechet distance to the reference. It is biased upward for few images: 10,000 are usual.

        Raises:
            ValueError: images outside [0, 1], or no more of them than the features have numbers.
        """
        return frechet_distance(self.reference, self.features(images))

    def kid(self, images, seed=0):
        """`kid` in ten subsets: of 1,000 images each if there are 10,000."""
        return self._kid(self.features(images), seed)

    def prdc(self, images, k=5, seed=0):
        """`prdc`, of equal numbers of images and real ones: of the larger set as many are drawn as the smaller has."""
        return self._prdc(self.features(images), k, seed)

    def measure(self, images):
        """All three: a `Score`."""
        features = self.features(images)
        distance = frechet_distance(self.reference, features)
        return Score(len(features), distance, *self._kid(features), *self._prdc(features))

    def report(self, images, untrained=None):
        """All measures of one set of images, or of several, between what is best and what is worst.

        Args:
            images: [n, ...] in [0, 1], or {name: images}.
            untrained: images of the generator before it was trained.
        Returns:
            `Report`: floor, the images, the untrained generator, noise.
        """
        sets = images if isinstance(images, dict) else {"samples": images}
        rows = {"floor: training images": self.floor} | {name: self.measure(each) for name, each in sets.items()}
        if untrained is not None:
            rows["untrained generator"] = self.measure(untrained)
        rows["uniform noise"] = self.noise
        return Report({name: score for name, score in rows.items() if score is not None}, self.about)

    def _kid(self, features, seed=0):
        size = min(1000, len(features) // 10, len(self.real_features) // 10)
        if size < 2:
            raise ValueError(
                f"Expected at least 20 images and 20 real ones, for ten subsets, got {len(features)} and "
                f"{len(self.real_features)}. Draw more, or call kid() with a size of your own."
            )
        return kid(self.real_features, features, size=size, seed=seed)

    def _prdc(self, features, k=5, seed=0):
        count, rng = min(len(features), len(self.real_features)), np.random.default_rng(seed)
        real, fake = (
            rows if len(rows) == count else rows[rng.permutation(len(rows))[:count]]
            for rows in (self.real_features, features)
        )
        return prdc(real, fake, k)


def trace_to_100(features):
    """The factor that makes the trace of the features' covariance 100.

    Raises:
        ValueError: features that are all the same.
    """
    trace = float(np.var(features, axis=0, ddof=1, dtype="float64").sum())
    if not trace > 0:
        raise ValueError("Expected features that differ from each other, got the same ones for all training images.")
    return math.sqrt(100 / trace)


def uniform_noise(count, shape, seed=0):
    """Images [count, *shape] whose pixels are uniform in [0, 1]: what any generator should beat."""
    count = check_positive(count=count)
    return np.random.default_rng(seed).random((count, *shape), dtype="float32")
