"""Figures of pictures: rows of them, sheets, single ones, and the plane of a two-dimensional code."""

import numpy as np

from coursekit.plots.look import display


def _tile(images):
    """[n, h*w] or [n, h, w(, c)] -> [n, h, w(, 3)]."""
    images = np.asarray(images)
    if images.ndim == 2:
        side = round(images.shape[1] ** 0.5)
        images = images.reshape(len(images), side, side)
    return images[..., 0] if images.ndim == 4 and images.shape[-1] == 1 else images


def images(rows, title, alt, *, columns=None, size=0.75, range=(0, 1), caption=None):
    """Rows of images.

    Args:
        rows: {name of the row: images [n, h*w] or [n, h, w(, c)]}, values in `range`.
        columns: names above the columns. size: inches a picture. caption: a line below.
    """
    import matplotlib.pyplot as plt

    tiles = {name: _tile(row) for name, row in rows.items()}
    count = max(len(row) for row in tiles.values())
    figure, axes = plt.subplots(
        len(tiles), count, figsize=(size * count + 1.6, size * len(tiles) + 0.6), squeeze=False, layout="constrained"
    )
    for line, (name, row) in zip(axes, tiles.items(), strict=True):
        for axis in line:
            axis.set_axis_off()
        for axis, image in zip(line, row, strict=False):
            axis.imshow(image, vmin=range[0], vmax=range[1], interpolation="nearest")
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center", fontsize=11)
    for axis, name in zip(axes[0], columns or [], strict=False):
        axis.set_title(name, fontsize=10)
    figure.suptitle(title, fontsize=14)
    if caption:
        figure.supxlabel(caption, fontsize=10)
    return display(figure, alt)


def mosaic(pictures, title, alt, *, columns=None, size=4.5, extent=None, labels=("", "")):
    """Images [n, ...] as one sheet, row by row from the top; `extent` (left, right, bottom, top) puts axes around."""
    import matplotlib.pyplot as plt

    tiles = _tile(pictures)
    columns = columns or int(np.ceil(len(tiles) ** 0.5))
    blank = np.zeros((-len(tiles) % columns, *tiles.shape[1:]), tiles.dtype)
    tiles = np.concatenate([tiles, blank])
    lines = [np.concatenate(list(tiles[i : i + columns]), axis=1) for i in np.arange(0, len(tiles), columns)]
    sheet = np.concatenate(lines, axis=0)
    figure, axis = plt.subplots(figsize=(size, size * sheet.shape[0] / sheet.shape[1] + 0.4), layout="constrained")
    axis.imshow(sheet, vmin=0, vmax=1, extent=extent, interpolation="nearest", aspect="auto")
    axis.set(title=title, xlabel=labels[0], ylabel=labels[1])
    axis.grid(False)
    if extent is None:
        axis.set_axis_off()
    return display(figure, alt)


def panels(pictures, titles, alt, *, size=2.2, range=(0, 1), suptitle=None):
    """A few single pictures side by side, each with its own title. Values in `range`, or None for each its own."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1, len(pictures), figsize=(size * len(pictures), size + 0.5), squeeze=False, layout="constrained"
    )
    for axis, picture, title in zip(axes[0], pictures, titles, strict=True):
        limits = {} if range is None else {"vmin": range[0], "vmax": range[1]}
        axis.imshow(_tile(np.asarray(picture)[None])[0], interpolation="nearest", **limits)
        axis.set_title(title, fontsize=11)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=True, color="#aaa")
    if suptitle:
        figure.suptitle(suptitle)
    return display(figure, alt)


def plane(points, labels, pictures, limits, title, alt, *, names=("first number", "second number"), size=(11, 5.2)):
    """A two-dimensional code: where images of each class lie, and beside it what the decoder makes of the same plane.

    Args:
        points: codes [n, 2]. labels: classes 0..9 [n]. limits: (left, right, bottom, top) of both panels.
        pictures: decoded codes [rows, columns, h*w or h, w], row 0 at the top. names: of the code's two numbers.
    """
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=size, layout="constrained")
    dots = left.scatter(*np.asarray(points).T, c=labels, cmap="tab10", vmin=-0.5, vmax=9.5, s=7, alpha=0.7)
    figure.colorbar(dots, ax=left, ticks=np.arange(10), label="class", location="left")
    left.set(title="codes of images", xlim=limits[:2], ylim=limits[2:])
    rows = [np.concatenate(list(_tile(row)), axis=1) for row in pictures]
    right.imshow(np.concatenate(rows), vmin=0, vmax=1, extent=limits, aspect="auto", interpolation="nearest")
    right.set(title="decoded")
    right.grid(False)
    for axis in (left, right):
        axis.set(xlabel=names[0], ylabel=names[1])
    figure.suptitle(title, fontsize=14)
    return display(figure, alt)
