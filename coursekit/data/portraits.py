"""The data set "portraits": drawn faces of any size and number, whose factors are known.

from coursekit.data import portraits
faces = portraits.sample(16, seed=1)                    # what to draw, one record for each face
images = portraits.draw(faces, size=128)                # float32 [16, 128, 128, 3]
smiles = portraits.change(faces[0], mouth=[-1, 0, 1])   # one face three times: only the mouth changes
"""

import numpy as np

from coursekit import progress
from coursekit.data.factors import Factor, Factors

STYLES = ("bald", "short", "fringe", "bun", "long", "curly")
FACTORS = {
    "skin": Factor(0, 1, "light to dark"),
    "hair_style": Factor(0, len(STYLES) - 1, ", ".join(STYLES), whole=True),
    "hair_color": Factor(0, 1, "black, brown, red, blond, white"),
    "eye_color": Factor(0, 1, "dark brown, hazel, green, blue, grey"),
    "eye_size": Factor(0, 1, "small to large"),
    "eye_openness": Factor(0, 1, "closed to wide open"),
    "brows": Factor(-1, 1, "lowered in anger to raised in surprise"),
    "mouth": Factor(-1, 1, "corners down to corners up"),
    "glasses": Factor(0, 1, "without, with", whole=True),
    "tilt": Factor(-15, 15, "of the head, degrees to the viewer's right"),
    "clothes": Factor(0, 1, "red, yellow, green, blue, violet, pink"),
    "background": Factor(0, 1, "pink, sand, lime, mint, sky, lavender"),
}
_KNOWN = Factors("face", "portraits", FACTORS, {"hair_style": STYLES})
COUNTS = {"train": 5000, "test": 1000}  # of the data set "portraits"
SEEDS = {"train": 20260001, "test": 20260002}  # of its factors
SIZES = 32, 512  # pixels a side
PIXELS = 1 << 17  # drawn at once; bounds the memory, and fits into a processor's cache


def factors(split: str) -> np.ndarray:
    """Factors of the data set "portraits", split `"train"` or `"test"`: structured array `[n]`."""
    return sample(COUNTS[split], SEEDS[split])


def sample(n: int, seed: int = 0) -> np.ndarray:
    """Factors of `n` faces, each drawn uniformly and independently of the others.

    Args:
        n: how many, >= 1. The first faces of a seed are the same for every `n`.
        seed: >= 0.

    Returns:
        Structured array `[n]` with the fields `FACTORS`, used as `faces["mouth"]` and `faces[:10]`.

    Raises:
        ValueError: `n` is no integer >= 1, or `seed` no integer >= 0.
    """
    return _KNOWN.sample(n, seed)


def change(faces: np.ndarray, **values) -> np.ndarray:
    """A copy of `faces` in which the named factors have other values.

    Args:
        faces: `[n]`; or `[1]` or one record, which is repeated as often as there are values.
        values: factor = a number, or numbers `[n]`; `hair_style` may be a name of `STYLES`.

    Returns:
        Structured array `[n]`.

    Raises:
        ValueError: an unknown factor, a value out of its range, or more or fewer values than faces.
    """
    return _KNOWN.change(faces, values)


def draw(faces: np.ndarray, size: int = 64) -> np.ndarray:
    """Pictures of faces. A face looks the same whatever is drawn beside it.

    Args:
        faces: structured array `[n]` or one record, as `sample` and `change` give them.
        size: pixels a side, 32 to 512.

    Returns:
        float32 `[n, size, size, 3]` in [0, 1], in steps of 1/255 like an image file.

    Raises:
        ValueError: a bad `size`, no faces, other fields than `FACTORS`, or a value out of its range.
    """
    from coursekit.data.portrait_drawing import paint

    faces = _KNOWN.drawable(faces, size, SIZES)
    images = np.empty((len(faces), size, size, 3), np.float32)
    batch = max(1, PIXELS // size**2)
    with progress.bar(description="portraits", total=len(faces), unit="face") as bar:
        for number, style in enumerate(STYLES):
            alike = np.flatnonzero(faces["hair_style"] == number)
            for start in range(0, len(alike), batch):
                chosen = alike[start : start + batch]
                images[chosen] = np.rint(paint(faces[chosen], style, size) * 255) / np.float32(255)
                bar.update(len(chosen))
    return images
