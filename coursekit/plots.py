"""What you can only look at. Every figure has a title, axes with units and a text alternative.

In a notebook a function here displays its figure and returns None; elsewhere it returns the matplotlib Figure.
"""

import numpy as np

SHARPNESS = 1.6  # pixels of a stored picture for each on the page
# Okabe and Ito's palette (2008), told apart by all common kinds of color vision.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")


def style():
    """The course's look: one palette, sizes that read from the back of a room."""
    import matplotlib
    import matplotlib.pyplot as plt

    matplotlib.rcParams.update(
        {
            "axes.prop_cycle": matplotlib.cycler(color=PALETTE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 14,
            "axes.labelsize": 12,
            "axes.grid": True,
            "grid.alpha": 0.25,
            "figure.dpi": 100,
            "figure.facecolor": "white",
            "font.size": 11.5,
            "image.cmap": "gray_r",
            "legend.frameon": False,
            "lines.linewidth": 2,
            "savefig.bbox": "tight",
        }
    )
    plt.ioff()


def display(figure, alt):
    """Show a matplotlib figure with its text alternative and close it."""
    import matplotlib.pyplot as plt
    from IPython import get_ipython
    from IPython.display import Image
    from IPython.display import display as show

    plt.close(figure)
    if get_ipython() is None:
        return figure
    picture, width = _small_png(figure)
    show(Image(picture, alt=alt, width=width))
    return None


def _small_png(figure, colors=96):
    """The figure as PNG bytes, `SHARPNESS` times the page's resolution, in a palette of its own colors: a third of the
    size of true color, so that a notebook stays under 1.5 MB. Returns (bytes, width on the page in pixels)."""
    from io import BytesIO

    from PIL import Image

    raw, small = BytesIO(), BytesIO()
    figure.savefig(raw, dpi=SHARPNESS * figure.dpi, bbox_inches="tight")
    picture = Image.open(raw).convert("RGB")
    picture.quantize(colors, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue(), round(picture.width / SHARPNESS)


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


def _levels(axis, marks, guesses):
    """Dotted reference lines, named at the right, and the reader's dashed predictions, named at the left."""
    for kind, place, side, heights in ((":", 0.995, "right", marks), ("--", 0.005, "left", guesses)):
        for name, height in (heights or {}).items():
            axis.axhline(height, linestyle=kind, color="#444", linewidth=1.4)
            text = axis.text(place, height, name, transform=axis.get_yaxis_transform(), ha=side, va="bottom")
            text.set(fontsize=10, bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1})


def lines(x, series, title, alt, *, xlabel, ylabel, marks=None, guesses=None, log=(), size=(7.5, 4)):
    """Curves over `x` (or {name: (x, y)} with x None).

    Args:
        series: {name: values [len(x)]}. marks: {name: height} of dotted reference lines.
        guesses: {name: height} of the reader's predictions, dashed. log: axes ("x", "y") on a log scale, base 2 in x.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=size, layout="constrained")
    for name, values in series.items():
        xs, ys = values if x is None else (x, values)
        axis.plot(xs, ys, marker="o" if len(ys) < 15 else None, markersize=5, label=name)
    _levels(axis, marks, guesses)
    if "x" in log:
        axis.set_xscale("log", base=2)
        ticks = sorted({value for line in axis.get_lines() if line.get_label() in series for value in line.get_xdata()})
        axis.set_xticks(ticks, [f"{value:g}" for value in ticks])
        axis.minorticks_off()
    elif x is not None and len(x) < 12:
        axis.set_xticks(x)
    if "y" in log:
        axis.set_yscale("log")
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if len(series) > 1:
        axis.legend()
    return display(figure, alt)


def bars(heights, title, alt, *, ylabel, marks=None, guesses=None, fmt=None, size=(7.5, 3.8)):
    """One bar for each of {name: height}, its value on top by `fmt`; `marks`, `guesses` as in `lines`.

    fmt: if omitted, percents where `ylabel` begins with "share", four significant digits elsewhere.
    """
    import matplotlib.pyplot as plt

    fmt = fmt or ("{:.1%}" if ylabel.startswith("share") else "{:.4g}")
    figure, axis = plt.subplots(figsize=size, layout="constrained")
    colors = PALETTE[: len(heights)] if len(heights) <= len(PALETTE) else PALETTE[0]  # each color once, or one for all
    axis.bar_label(axis.bar(list(heights), list(heights.values()), color=colors, width=0.6), fmt=fmt, padding=2)
    _levels(axis, marks, guesses)
    axis.set(title=title, ylabel=ylabel)
    axis.margins(y=0.12)
    if marks:  # their names stand beside the bars, not on them
        axis.set_xlim(-0.5, len(heights) + 0.1)
    axis.grid(axis="x", visible=False)
    return display(figure, alt)


def histograms(groups, title, alt, *, xlabel, bins=40, marks=None, size=(7.5, 3.6)):
    """Overlaid densities of {name: values}; `marks`: {name: position} of vertical dotted lines."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=size, layout="constrained")
    everything = np.concatenate([np.ravel(values) for values in groups.values()])
    edges = np.linspace(everything.min(), everything.max(), bins + 1)
    for name, values in groups.items():
        axis.hist(np.ravel(values), bins=edges, density=True, alpha=0.55, label=name)
    for name, position in (marks or {}).items():
        axis.axvline(position, linestyle=":", color="#333")
        axis.text(position, axis.get_ylim()[1], f" {name}", ha="left", va="top", fontsize=10)
    axis.set(title=title, xlabel=xlabel, ylabel="density")
    axis.legend()
    return display(figure, alt)


def roc(scores, curve, title, alt, *, xlabel, size=(9, 3.6)):
    """A detector: the scores of {normal: scores, strange: scores} on a log axis, and its (false alarms, detections)."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=size, layout="constrained", width_ratios=(3, 2))
    everything = np.concatenate(list(scores.values()))
    edges = np.geomspace(everything[everything > 0].min(), everything.max(), 41)
    for name, values in scores.items():
        left.hist(values, bins=edges, alpha=0.55, label=name)
    left.set(xscale="log", xlabel=xlabel, ylabel="images")
    left.legend()
    right.plot(*curve)
    right.plot([0, 1], [0, 1], linestyle=":", color="#555")
    right.set(xlabel="false alarms: share of normal flagged", ylabel="share of strange flagged")
    figure.suptitle(title, fontsize=14)
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


def table(rows, columns):
    """A table of strings and numbers, as HTML in a notebook and as aligned text elsewhere. rows: [n][len(columns)]."""
    return Table(rows, columns)


class Table:
    def __init__(self, rows, columns):
        self.columns = list(columns)
        self.rows = [[cell if isinstance(cell, str) else f"{cell:.4g}" for cell in row] for row in rows]
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"Expected rows of {len(self.columns)} cells, got {[len(row) for row in self.rows]}.")

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [[*self.columns], ["-" * width for width in widths], *self.rows]
        padded = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n".join(padded)

    def _repr_html_(self):
        from html import escape

        cells = lambda tag, row: "".join(f'<{tag} style="text-align: left">{escape(cell)}</{tag}>' for cell in row)
        body = "".join(f"<tr>{cells('td', row)}</tr>" for row in self.rows)
        return f"<table><thead><tr>{cells('th', self.columns)}</tr></thead><tbody>{body}</tbody></table>"
