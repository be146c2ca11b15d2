"""`Dataset`, the images and labels that `coursekit.data.load` returns, and the choice of a subset."""

import operator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Images with what belongs to them.

    Attributes:
        name: as given to `load` (of `folder:PATH` only the last part of the path).
        split: such as `"train"`.
        images: float32 `[n, height, width, channels]` in [0, 1]; of films `[n, frames, height, width, channels]`.
        labels: int64 `[n]`, positions in `classes`; None where a set has none.
        classes: the names of the classes.
        license, citation, source: also in one text, `terms`.
        factors: of drawn images what was drawn, a structured array `[n]`; None of any others.
    """

    name: str
    split: str
    images: np.ndarray
    labels: np.ndarray | None
    classes: tuple[str, ...]
    license: str
    citation: str
    source: str
    factors: np.ndarray | None = None

    @property
    def flat(self) -> np.ndarray:
        """The images as rows, float32 `[n, height * width * channels]`; shares memory with `images`."""
        return self.images.reshape(len(self), -1)

    @property
    def terms(self) -> str:
        """License, citation and source, for printing."""
        return f"{self.name}\n  license:  {self.license}\n  citation: {self.citation}\n  source:   {self.source}"

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        height, width, channels = self.images.shape[-3:]
        classes = f", {len(self.classes)} classes" if self.classes else ""
        kind = "images" if self.images.ndim == 4 else f"films of {self.images.shape[1]} frames"
        return f"Dataset({self.name}, {self.split}: {len(self):,} {kind} {height}x{width}x{channels}{classes})"


def choose(total: int, limit: int | None, seed: int | None, source: str) -> np.ndarray:
    """Positions of the images to keep: the first `limit`, or with a `seed` that many drawn without replacement.

    Args:
        total: how many there are.
        limit: 1 to `total`, or None for all.
        seed: with one, the draw; subsets of the same seed contain each other.
        source: the set they are taken from, for the error message.

    Returns:
        int64 `[limit]`.

    Raises:
        ValueError: `limit` is no integer from 1 to `total`.
    """
    try:
        count = total if limit is None else operator.index(limit)
    except TypeError:
        count = 0
    if not 1 <= count <= total:
        raise ValueError(
            f"Expected limit to be an integer from 1 to {total:,} (all of {source}), got {limit!r}; "
            "leave it out for all."
        )
    order = np.arange(total) if seed is None else np.random.default_rng(seed).permutation(total)
    return order[:count]
