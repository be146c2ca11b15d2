"""The dots on the plane of a `DecoderExplorer`, and its stand-in: a picture of the decoded plane."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

MOST_POINTS = 2000


def dots_of(points, labels, latent_dim) -> tuple[bytes, bytes, list[dict]]:
    """The points as float16, their classes as uint8, and the name and color of each class; see `DecoderExplorer`."""
    if points is None:
        if labels is not None:
            raise ValueError("Expected points for the labels, got none; pass the codes as points=...")
        return b"", b"", []
    points = np.asarray(points, np.float32)
    if points.ndim != 2 or points.shape[1] != latent_dim or not np.isfinite(points).all():
        raise ValueError(f"Expected points to be finite codes [n, {latent_dim}], got the shape {points.shape}.")
    if len(points) > MOST_POINTS:
        raise ValueError(f"Expected at most {MOST_POINTS:,} points, got {len(points):,}; take points[:{MOST_POINTS}].")
    labels = np.full(len(points), "") if labels is None else np.asarray(labels)
    if labels.shape != points.shape[:1]:
        raise ValueError(f"Expected a label for each of the {len(points)} points, got the shape {labels.shape}.")
    names, classes = np.unique(labels, return_inverse=True)
    legend = [{"name": str(name), "color": color} for name, color in zip(names, _colors(len(names)), strict=True)]
    return points.astype("<f2").tobytes(), classes.astype(np.uint8).tobytes(), legend


def _colors(number) -> list[str]:
    from coursekit.plots import PALETTE

    if number <= len(PALETTE):
        return list(PALETTE[:number])
    if number > 20:
        raise ValueError(f"Expected at most 20 different labels, got {number}; nobody tells more colors apart.")
    import matplotlib

    scheme = matplotlib.colormaps["tab10" if number <= 10 else "tab20"]  # as `plots.plane` colors ten classes
    return [matplotlib.colors.to_hex(scheme(i)) for i in range(number)]


def plane_picture(images, ticks, across, up) -> bytes:
    """Images over a plane with ticks at its axes, as a PNG file.

    Args:
        images: [n * n, h, w] or [n * n, h, w, 3] in [0, 1], the top row first.
        ticks: the n values along each axis, rising. across, up: the axes' names.
    """
    import matplotlib

    n, (h, w) = len(ticks), images.shape[1:3]
    rows = np.round(images * 255).astype(np.uint8).reshape(n, n, *images.shape[1:])
    mosaic = Image.fromarray(np.concatenate([np.concatenate(list(row), axis=1) for row in rows]))
    scale = (60 if images.ndim == 3 else 44) / max(h, w)  # pictures in color weigh more
    scale = max(1, round(scale)) if scale > 0.75 else scale
    tile = max(1, round(w * scale)), max(1, round(h * scale))
    small = mosaic.resize((n * tile[0], n * tile[1]), Image.NEAREST if scale >= 1 else Image.LANCZOS)
    font = ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 13)
    left, top, bottom = 52, 26, 44
    page = Image.new(small.mode, (left + small.width + 12, top + small.height + bottom), "white")
    page.paste(small, (left, top))
    pen = ImageDraw.Draw(page)
    for k, tick in enumerate(ticks):
        text = f"{tick:.3g}".replace("-", "\u2212")
        pen.text((left + (k + 0.5) * tile[0], top + small.height + 4), text, "black", font, anchor="ma")
        pen.text((left - 6, top + (n - k - 0.5) * tile[1]), text, "black", font, anchor="rm")
    pen.text((left + small.width / 2, page.height - 4), across, "black", font, anchor="md")
    pen.text((4, 4), up, "black", font, anchor="la")
    file = io.BytesIO()
    # In a palette of its own a page of colors weighs a quarter.
    (page if page.mode == "L" else page.quantize(96, dither=Image.Dither.NONE)).save(file, "PNG", optimize=True)
    return file.getvalue()
