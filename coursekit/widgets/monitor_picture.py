"""The picture of a training: curves on the left, what the model makes on the right."""

import io
import math

import numpy as np

from coursekit.plots import PALETTE, SHARPNESS
from coursekit.widgets.pictures import as_picture

LOG_SPAN = 30  # from this ratio of the largest to the smallest value on, the axis is logarithmic
LOOK = {"font.size": 11, "axes.grid": True, "grid.alpha": 0.25, "axes.spines.top": False, "axes.spines.right": False}


def contact_sheet(drawn):
    """Pictures side by side.

    Args:
        drawn: [n, height, width(, 1 or 3)] or [n, height * width], floats in [0, 1] or uint8; or {name: such pictures}.
    Returns:
        (pixels, names): uint8 [height, width(, 3)] with white between the pictures, and the names of the rows, or [].
    Raises:
        TypeError, ValueError: nothing in it, or no pictures.
    """
    if isinstance(drawn, dict):
        rows = [_pictures(value) for value in drawn.values()]
        names = [str(name) for name in drawn]
    else:
        pictures = _pictures(drawn)
        columns = math.ceil(math.sqrt(len(pictures)))
        rows = [pictures[i : i + columns] for i in range(0, len(pictures), columns)]
        names = []
    if not rows or len({picture.shape for row in rows for picture in row}) != 1:
        shapes = " and ".join(str(row.shape) for row in rows) or "none"
        raise ValueError(f"Expected pictures of one size from draw, got {shapes}; reshape them alike.")
    height, width, *channels = rows[0][0].shape
    gap = max(1, height // 14)
    columns = max(map(len, rows))
    sheet = np.full((len(rows) * (height + gap) - gap, columns * (width + gap) - gap, *channels), 255, np.uint8)
    if not channels:
        sheet[:] = 0  # white in the course's grey scale, which shows ink
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            sheet[i * (height + gap) :, j * (width + gap) :][:height, :width] = picture
    return sheet, names


def _pictures(values):
    values = np.asarray(values)
    if values.ndim == 2:
        side = math.isqrt(values.shape[1])
        if side * side != values.shape[1]:
            raise ValueError(
                f"Expected pictures [n, height, width] or squares [n, height * width] from draw, got an array of shape "
                f"{values.shape}; reshape it."
            )
        values = values.reshape(-1, side, side)
    if values.ndim not in (3, 4) or len(values) == 0:
        raise ValueError(
            f"Expected pictures [n, height, width(, 1 or 3)] from draw, got an array of shape {values.shape}."
        )
    tall = as_picture(values.reshape(-1, *values.shape[2:]), "what draw returns")
    return tall.reshape(*values.shape[:3], *tall.shape[2:])


def paint(title, status, curves, trace, pictures, final=True):
    """The PNG file, and its width on a page in pixels.

    Args:
        curves: {name: [(epochs, value), ...]}, one point for each finished epoch. trace: likewise, within an epoch.
        pictures: a `contact_sheet`, or None.
        final: take the time to make it sharp, and the file small.
    """
    import matplotlib
    from matplotlib.figure import Figure
    from PIL import Image

    with matplotlib.rc_context(LOOK):
        figure = Figure(figsize=(9.6 if pictures else 6.4, 3.8), dpi=100, facecolor="white")
        right = 0.55 if pictures else 0.97
        _curves(figure.add_axes([0.07, 0.14, right - 0.07, 0.68]), curves, trace)
        if pictures:
            _grid(figure, *pictures)
        figure.text(0.02, 0.95, title, fontsize=14, va="center")
        figure.text(0.98, 0.95, status, fontsize=11, va="center", ha="right", color="#444")
        raw, file = io.BytesIO(), io.BytesIO()
        figure.savefig(raw, dpi=100 * (SHARPNESS if final else 1), bbox_inches=None, pil_kwargs={"compress_level": 1})
    if final:
        colors = Image.open(raw).convert("RGB").quantize(96, dither=Image.Dither.NONE)
        colors.save(file, "PNG", optimize=True)
    return (file if final else raw).getvalue(), round(figure.get_figwidth() * 100)


def _curves(axis, curves, trace):
    from matplotlib.ticker import MaxNLocator

    names = list(dict.fromkeys([*curves, *trace]))
    bases = list(dict.fromkeys(name.removeprefix("val_") for name in names))
    heights = []
    for name in names:
        look = {"color": PALETTE[bases.index(name.removeprefix("val_")) % len(PALETTE)], "label": name}
        look["linestyle"] = "--" if name.startswith("val_") else "-"
        if done := curves.get(name):
            axis.plot(
                *zip(*done, strict=True), marker="o" if len(done) < 15 else None, markersize=4, linewidth=2, **look
            )
            look["label"] = None
        if part := trace.get(name):
            axis.plot(*zip(*part, strict=True), linewidth=1.2, alpha=0.6, **look)
        heights += [value for _, value in (done or []) + (part or [])]
    heights = np.array(heights)
    heights = heights[np.isfinite(heights)]
    if len(heights) and heights.min() > 0 and heights.max() > LOG_SPAN * heights.min():
        axis.set_yscale("log")
    axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axis.set(xlabel="epoch", ylabel=names[0] if len(names) == 1 else "")
    if names:
        axis.legend(frameon=False, fontsize=10)
    else:
        axis.set(xlim=(0, 1), yticks=[])


def _grid(figure, sheet, names):
    axis = figure.add_axes([0.58 + 0.09 * bool(names), 0.04, 0.40 - 0.09 * bool(names), 0.82])
    axis.imshow(sheet, cmap="gray_r", vmin=0, vmax=255, interpolation="nearest")
    axis.grid(False)
    axis.spines[:].set_visible(False)
    axis.set_xticks([])
    axis.set_yticks((np.arange(len(names)) + 0.5) * sheet.shape[0] / max(1, len(names)), names)
    axis.tick_params(length=0)
