"""Pictures as the widgets keep them: uint8 arrays [height, width] or [height, width, 3], white behind what is clear."""

import io
import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_EXPECTED = "a picture: an array [height, width] or [height, width, 1 or 3], PNG bytes or a matplotlib figure"


def as_picture(picture, name="the picture") -> np.ndarray:
    """`picture` as uint8 [height, width] (grey) or [height, width, 3].

    Args:
        picture: a uint8 array, a float array in [0, 1], the bytes of a PNG file, or a matplotlib figure (which is
            closed, so that the notebook does not show it a second time).
        name: what error messages call it.

    Raises:
        TypeError: it is none of these.
        ValueError: wrong shape, or values outside [0, 1].
    """
    if hasattr(picture, "savefig"):
        picture = _figure_png(picture)
    if isinstance(picture, bytes):
        return _decoded(picture, name)
    pixels = np.asarray(picture)
    if pixels.dtype != np.uint8 and not np.issubdtype(pixels.dtype, np.floating):
        kind = type(picture).__name__ if pixels.dtype == object else f"{pixels.dtype} values"
        raise TypeError(f"Expected {name} to be {_EXPECTED}, got {kind}; convert it to float in [0, 1] or to uint8.")
    if pixels.ndim == 3 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    if pixels.size == 0 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[-1] != 3):
        raise ValueError(f"Expected {name} to be {_EXPECTED}, got an array of shape {pixels.shape}; reshape it.")
    if pixels.dtype == np.uint8:
        return pixels
    low, high = float(pixels.min()), float(pixels.max())
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"Expected {name} to lie in [0, 1], got values from {low:.3g} to {high:.3g}; rescale them, or clip with "
            "np.clip(x, 0, 1) if what lies outside does not matter."
        )
    return np.round(pixels * 255).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    """The PNG file of a uint8 picture; the same pixels always give the same bytes."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return file.getvalue()


def sheet(frames: np.ndarray) -> tuple[np.ndarray, int]:
    """`frames` [n, height, width(, 3)] side by side, row after row, and how many stand in a row."""
    n, height, width = frames.shape[:3]
    columns = math.ceil(math.sqrt(n * height / width))
    rows = math.ceil(n / columns)
    page = np.full((rows * height, columns * width, *frames.shape[3:]), 255, np.uint8)
    for i, frame in enumerate(frames):
        top, left = i // columns * height, i % columns * width
        page[top : top + height, left : left + width] = frame
    return page, columns


def captioned_grid(rows: list[list[np.ndarray]], captions: list[list[str]], *, width=900) -> np.ndarray:
    """Pictures of one size in rows, under captions, about `width` pixels wide, as uint8 [height, width(, 3)]."""
    import matplotlib

    font = ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 14)
    gap, line = 10, 22
    h, w = rows[0][0].shape[:2]
    scale = min((width - gap) / len(rows[0]) - gap, 160 if max(h, w) <= 128 else 320) / w
    scale = max(1, int(scale)) if scale >= 1 else scale
    size = max(1, round(w * scale)), max(1, round(h * scale))
    column = max(size[0], *(math.ceil(font.getlength(text)) for row in captions for text in row))
    step = column + gap, size[1] + line + gap
    extent = gap + len(rows[0]) * step[0], gap + len(rows) * step[1]
    page = Image.new("L" if rows[0][0].ndim == 2 else "RGB", extent, "white")
    pen = ImageDraw.Draw(page)
    for i, row in enumerate(rows):
        for j, pixels in enumerate(row):
            left, top = gap + j * step[0], gap + i * step[1]
            pen.text((left + column / 2, top), captions[i][j], "black", font, anchor="ma")
            small = Image.fromarray(pixels).resize(size, Image.NEAREST if scale >= 1 else Image.LANCZOS)
            page.paste(small, (left + (column - size[0]) // 2, top + line))
    return np.asarray(page)


def _figure_png(figure) -> bytes:
    import matplotlib.pyplot as plt

    file = io.BytesIO()
    if figure.get_layout_engine() is None:
        figure.set_layout_engine("constrained")
    # A tight box would give every figure its own size.
    with plt.rc_context({"savefig.bbox": None}):
        figure.savefig(file, format="png")
    plt.close(figure)
    return file.getvalue()


def _decoded(file: bytes, name: str) -> np.ndarray:
    try:
        image = Image.open(io.BytesIO(file), formats=["PNG"])
        image.load()
    except OSError as error:
        raise ValueError(
            f"Expected {name} to be the bytes of a PNG file, got {len(file)} bytes that are not ({error}); "
            "read the file again, or pass the array itself."
        ) from error
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    image = image.convert("RGBA")
    return np.asarray(Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB"))
