"""One picture file of any kind -> a square of grey or color pixels."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Pillow only recognizes them, or starts another program for them.
NOT_READ = {"BUFR", "EPS", "GRIB", "HDF5", "MPEG", "WMF"}
# What a file without a known suffix may be: formats that begin with a mark of their own.
MARKED = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
# Where a picture with more than 8 bits may end: 1, or the largest number of 8, 10, 12, 14 or 16 bits.
RANGES = (1, *(2**bits - 1 for bits in (8, 10, 12, 14, 16)))


@dataclass
class Square:
    """A picture, cropped to its central square and resized.

    Attributes:
        image: PIL's mode L or RGB; None for a picture with more than 8 bits.
        deep: float32 `[size, size]`, the numbers of the file; None for all others.
        highest: the largest number of a deep picture before it was resized.
        full: the number that is white in a deep picture; None where its file does not say.
        inverted: whether 0 is white in a deep picture.
        more: whether the file holds further pictures (an animation, pages).
    """

    image: object = None
    deep: np.ndarray | None = None
    highest: float = 0
    full: float | None = None
    inverted: bool = False
    more: bool = False

    @property
    def color(self) -> bool:
        return self.deep is None and self.image.mode == "RGB"

    def pixels(self, color: bool, full: float) -> np.ndarray:
        """float32 `[size, size, 3 if color else 1]` in [0, 1].

        Args:
            full: what is white in a deep picture that does not say it itself.
        """
        if self.deep is None:
            grey_or_color = np.asarray(self.image.convert("RGB" if color else "L"))
            return np.divide(grey_or_color, 255, dtype=np.float32).reshape(*grey_or_color.shape[:2], -1)
        grey = np.clip(self.deep / np.float32(self.full or full), 0, 1)[..., None]
        return np.repeat(1 - grey if self.inverted else grey, 3 if color else 1, axis=2)


def full_range(squares: list[Square]) -> float:
    """The number that is white in all deep pictures that do not say it: the lowest of `RANGES` that holds them."""
    highest = max((square.highest for square in squares if square.deep is not None and not square.full), default=0)
    return next(full for full in RANGES if highest <= full)


def suffixes() -> set[str]:
    """Suffixes, in lower case with their dot, of the pictures that Pillow reads here, with its plug-ins."""
    from PIL import Image

    Image.init()
    readable = set(Image.OPEN) - NOT_READ | {"MPO"}
    return {suffix for suffix, kind in Image.registered_extensions().items() if kind in readable}


def begins_as_picture(file: Path) -> bool:
    """Whether the first bytes of a file are those of a picture, whatever its name is."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file, formats=MARKED):
            return True
    except Exception:  # whatever a reader says of bytes that are no picture
        return False


def read_square(file: Path, size: int) -> Square:
    """The picture of a file (the first one, if it holds more), upright, on white where it is transparent.

    Raises:
        ValueError: it cannot be read; the message is the reason.
    """
    from PIL import Image

    try:
        # Pillow warns of pictures above 89 million pixels, and refuses those above twice as many.
        with warnings.catch_warnings(action="ignore"), Image.open(file) as opened:
            return _square(opened, size)
    except Image.UnidentifiedImageError as error:
        raise ValueError("it is empty" if file.stat().st_size == 0 else "no readable image") from error
    except Image.DecompressionBombError as error:
        limit = f"{2 * Image.MAX_IMAGE_PIXELS / 1e6:.0f} million pixels"
        raise ValueError(f"more than {limit}; make it smaller, or set PIL.Image.MAX_IMAGE_PIXELS") from error
    except Exception as error:  # Pillow's plug-ins raise errors of any kind for broken files
        raise ValueError(str(error) or type(error).__name__) from error


def _square(opened, size):
    from PIL import Image, ImageOps

    more = opened.format != "MPO" and getattr(opened, "is_animated", False)  # MPO: a phone's extra views
    if opened.mode.startswith("I") or opened.mode == "F":
        return _deep_square(opened, size, more)
    grey = opened.mode in ("1", "L", "LA", "La")
    wide = any(";16" in str(tile.args) for tile in opened.tile)
    image = ImageOps.exif_transpose(opened)
    if wide and np.max(image.getextrema()) < 16:  # of 16 bits Pillow keeps the upper 8
        raise ValueError("its colors of 16 bits use 12 of them at most, and would be black; save it with 8 bits")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return Square(
        ImageOps.fit(image.convert("L" if grey else "RGB"), (size, size), Image.Resampling.LANCZOS), more=more
    )


def _deep_square(opened, size, more):
    """A grey picture of 12, 16 or 32 bits; Pillow's own conversion would clip it at 255."""
    from PIL import Image, ImageOps

    full, inverted = _stated_range(opened)
    numbers = np.asarray(ImageOps.exif_transpose(opened)).astype(np.float32)
    lowest, highest = float(numbers.min()), float(numbers.max())
    full = full if full and highest <= full else None
    if not (lowest >= 0 and (full or highest <= RANGES[-1])):
        raise ValueError(f"its pixels go from {lowest:g} to {highest:g}, and no range is stated; save it with 8 bits")
    fitted = ImageOps.fit(Image.fromarray(numbers), (size, size), Image.Resampling.LANCZOS)
    return Square(deep=np.asarray(fitted), highest=highest, full=full, inverted=inverted, more=more)


def _stated_range(opened):
    """What is white by the file's own words, or None, and whether 0 is white."""
    if opened.format == "PPM" and opened.mode == "I":
        return RANGES[-1], False  # Pillow has stretched it
    tags = getattr(opened, "tag_v2", {})
    bits, samples = tags.get(258, (16,))[0], tags.get(281, (None,))
    largest = samples[0] if isinstance(samples, tuple) else samples
    return largest or (2**bits - 1 if bits < 16 else None), tags.get(262) == 0
