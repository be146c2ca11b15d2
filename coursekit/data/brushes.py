"""The data set "brushes": paintings by our own hand, drawn in six styles, whose factors are known.

from coursekit.data import brushes
sketches = brushes.sample(6, seed=1)                             # what to paint, one record for each painting
paintings = brushes.draw(sketches, size=128)                     # float32 [6, 128, 128, 3]
hands = brushes.change(sketches[0], style=range(6))              # one scene, painted in each of the six styles
"""

import numpy as np

from coursekit import progress
from coursekit.data.factors import Factor, Factors

STYLES = ("strokes", "dots", "hatching", "tiles", "glass", "woodcut")
MOTIFS = ("hills", "sea", "flowers")
PALETTES = ("morning", "dusk", "night", "autumn", "spring", "desert")
FACTORS = {
    "style": Factor(0, len(STYLES) - 1, ", ".join(STYLES), whole=True),
    "motif": Factor(0, len(MOTIFS) - 1, ", ".join(MOTIFS), whole=True),
    "palette": Factor(0, len(PALETTES) - 1, ", ".join(PALETTES), whole=True),
    "coarseness": Factor(0, 1, "small to large strokes, dots, tiles"),
    "angle": Factor(-90, 90, "of the strokes, degrees from the horizontal"),
    "swirl": Factor(0, 1, "straight to winding"),
    "liveliness": Factor(0, 1, "colors as they are to colors that vary from stroke to stroke"),
    "number": Factor(0, 65535, "which scene of its kind, and where each stroke lies", whole=True),
}
_KNOWN = Factors("painting", "brushes", FACTORS, {"style": STYLES, "motif": MOTIFS, "palette": PALETTES})
COUNTS = {"train": 120, "test": 30}  # of the data set "brushes"
SEEDS = {"train": 20260011, "test": 20260012}  # of its factors
SIZE = 128  # pixels a side, unless another is asked for
SIZES = 32, 512


def factors(split: str) -> np.ndarray:
    """Factors of the data set "brushes", split `"train"` or `"test"`: structured array `[n]`. The styles take turns."""
    sketches = sample(COUNTS[split], SEEDS[split])
    return change(sketches, style=np.arange(len(sketches)) % len(STYLES))


def sample(n: int, seed: int = 0) -> np.ndarray:
    """Factors of `n` paintings, each drawn uniformly and independently of the others.

    Args:
        n: how many, >= 1. The first paintings of a seed are the same for every `n`.
        seed: >= 0.

    Returns:
        Structured array `[n]` with the fields `FACTORS`, used as `sketches["style"]` and `sketches[:10]`.

    Raises:
        ValueError: `n` is no integer >= 1, or `seed` no integer >= 0.
    """
    return _KNOWN.sample(n, seed)


def change(sketches: np.ndarray, **values) -> np.ndarray:
    """A copy of `sketches` in which the named factors have other values.

    Args:
        sketches: `[n]`; or `[1]` or one record, which is repeated as often as there are values.
        values: factor = a number, or numbers `[n]`; style, motif and palette may be names, such as "dots".

    Returns:
        Structured array `[n]`.

    Raises:
        ValueError: an unknown factor, a value out of its range, or more or fewer values than sketches.
    """
    return _KNOWN.change(sketches, values)


def draw(sketches: np.ndarray, size: int = SIZE) -> np.ndarray:
    """Paintings. One looks the same whatever is painted beside it.

    Args:
        sketches: structured array `[n]` or one record, as `sample` and `change` give them.
        size: pixels a side, 32 to 512. The strokes grow with it.

    Returns:
        float32 `[n, size, size, 3]` in [0, 1], in steps of 1/255 like an image file.

    Raises:
        ValueError: a bad `size`, no sketches, other fields than `FACTORS`, or a value out of its range.
    """
    from coursekit.data.brush_painting import paint

    sketches = _KNOWN.drawable(sketches, size, SIZES)
    images = np.empty((len(sketches), size, size, 3), np.float32)
    with progress.bar(description="brushes", total=len(sketches), unit="painting") as bar:
        for image, sketch in zip(images, sketches, strict=True):
            image[:] = np.divide(paint(sketch, STYLES, MOTIFS, size), 255, dtype=np.float32)
            bar.update()
    return images
