"""`picture`: one picture, a file or an array, as a square of color pixels."""

import os
from pathlib import Path

import numpy as np

from coursekit.arrays import check_numbers
from coursekit.data.factors import is_integer
from coursekit.data.photo_patches import PHOTOS
from coursekit.data.pictures import full_range, read_square

SMALLEST = 16  # pixels of the shorter side


def picture(source, size: int = 128) -> np.ndarray:
    """One picture, cropped to its central square and resized.

    Args:
        source: path of a file that Pillow reads; the name of a photograph that comes with the course, such as `"cat"`
            (`data.CATALOG["photo_patches"].classes`); or an array `[height, width]` or `[height, width, 1, 3 or 4]`,
            bytes (uint8) or numbers in [0, 1]. Grey becomes color, what is transparent is laid on white.
        size: pixels a side, 16 or more.

    Returns:
        float32 `[size, size, 3]` in [0, 1].

    Raises:
        FileNotFoundError: no such file.
        TypeError: neither a path nor an array.
        ValueError: no readable picture, a side under 16 pixels, other shapes or numbers, or a bad `size`.
    """
    if not is_integer(size, SMALLEST):
        raise ValueError(f"Expected size to be an integer >= {SMALLEST} (pixels a side), got {size!r}.")
    if isinstance(source, str | os.PathLike):
        return _of_file(source, size)
    if not hasattr(source, "__array__"):
        raise TypeError(f"Expected a picture: a path or an array [height, width, 3], got a {type(source).__name__}.")
    return _of_array(np.asarray(source), size)


def _of_file(source, size):
    file = PHOTOS[source].file.location if source in PHOTOS else Path(source).expanduser()
    if file.is_dir():
        raise ValueError(f"Expected a picture's file, got the folder {file}; of a folder, load('folder:{source}').")
    if not file.exists():
        raise FileNotFoundError(
            f"Expected a picture's file or one of {', '.join(PHOTOS)}, got {str(source)!r}: there is no such file."
        )
    try:
        square = read_square(file, size)
        _check_sides(*_sides(file))
    except ValueError as problem:
        raise ValueError(f"Expected a picture, got {file.name}: {problem}.") from None
    return square.pixels(True, full_range([square]))


def _sides(file):
    from PIL import Image

    with Image.open(file) as opened:
        return opened.size


def _of_array(array, size):
    from PIL import Image, ImageOps

    array = check_numbers(array, "a picture")
    if array.ndim == 4 and len(array) == 1:
        array = array[0]
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3 or array.shape[-1] not in (1, 3, 4):
        channels_first = array.ndim == 3 and array.shape[0] in (1, 3, 4)
        advice = " The channels come last here: np.moveaxis(x, 0, -1)." if channels_first else ""
        raise ValueError(
            f"Expected one picture [height, width] or [height, width, 1, 3 or 4], got shape {list(array.shape)}."
            f"{advice}"
        )
    _check_sides(*array.shape[:2])
    if array.dtype == np.uint8:
        array = array / np.float32(255)
    if not (array.min() >= 0 and array.max() <= 1):  # written so that NaN fails too
        raise ValueError(
            f"Expected numbers in [0, 1] or bytes (uint8), got {array.dtype} from {array.min():g} to {array.max():g}."
        )
    array = np.asarray(array, np.float32)
    if array.shape[-1] == 4:
        array = array[..., :3] * array[..., 3:] + 1 - array[..., 3:]
    array = np.broadcast_to(array, (*array.shape[:2], 3))
    if array.shape[:2] == (size, size):
        return np.array(array)
    planes = [Image.fromarray(np.ascontiguousarray(array[..., i])) for i in range(3)]
    fitted = [np.asarray(ImageOps.fit(plane, (size, size), Image.Resampling.LANCZOS)) for plane in planes]
    return np.clip(np.stack(fitted, -1), 0, 1)


def _check_sides(*sides):
    if min(sides) < SMALLEST:
        shape = "x".join(map(str, sides))
        raise ValueError(f"Expected a picture of at least {SMALLEST} pixels a side, got {shape} pixels")
