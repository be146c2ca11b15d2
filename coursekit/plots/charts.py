"""Figures with axes: curves, bars, histograms, a detector's."""

from textwrap import fill

import numpy as np

from coursekit.plots.look import display
from coursekit.plots.palette import BASELINE, GUESS, OURS

DASHES = ("-", "--", "-.", ":")  # of the gray lines of baselines, in their order
BEHIND = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1}  # of a name inside of the axes


def _free(axis, boxes):
    """The first of those boxes (left, bottom, width, height, as shares of the axes) that covers least of the curves."""
    to_axes, points = axis.transData + axis.transAxes.inverted(), []
    for line in axis.get_lines():
        if line.get_transform() == axis.transData:
            corners = to_axes.transform(line.get_xydata())
            steps = np.linspace(0, len(corners) - 1, 400)
            points.append(np.stack([np.interp(steps, range(len(corners)), side) for side in corners.T], axis=1))
    points = np.concatenate(points) if points else np.zeros((0, 2))

    def covered(box):
        left, bottom, width, height = box
        inside = (points > (left, bottom)) & (points < (left + width, bottom + height))
        outside = max(0, -left, -bottom, left + width - 1, bottom + height - 1)  # a name must stay on the picture
        return inside.all(axis=1).sum() + 1e4 * outside

    return int(np.argmin([covered(box) for box in boxes]))


def _width(axis, name):
    """Of a name in the small font, as a share of the axes."""
    return 0.075 * len(name) / axis.figure.get_figwidth()


def _references(axis, marks):
    """Dotted levels that nobody trained for (a floor, chance), each named where no curve passes."""
    for height in (marks or {}).values():
        axis.axhline(height, linestyle=":", color="#444", linewidth=1.4)
    for name, height in (marks or {}).items():
        y = axis.transAxes.inverted().transform(axis.transData.transform((0, height)))[1]
        width = _width(axis, name)
        places = [(x, va) for va in ("bottom", "top") for x in (0.995 - width, 0.005, 0.5 - width / 2)]
        boxes = [(x, y if va == "bottom" else y - 0.07, width, 0.07) for x, va in places]
        x, va = places[_free(axis, boxes)]
        across = axis.get_yaxis_transform()
        axis.text(x, height, name, transform=across, ha="left", va=va, fontsize=10, bbox=BEHIND)


def _guesses(axis, guesses, places=None):
    """The reader's predictions: a short black mark where the question was asked, its name beside it."""
    for name, (x, height) in (guesses or {}).items():
        half = 0.36 if places else 0  # a bar's mark is a little wider than the bar, in its own units
        x = places[x] if places else x
        axis.plot([x - half, x + half], [height] * 2, color=GUESS, linewidth=3, zorder=5)
        axis.plot([x], [height], marker="_", markersize=16, markeredgewidth=3, color=GUESS, zorder=5)
        across, up = axis.transAxes.inverted().transform(axis.transData.transform((x, height)))
        width = _width(axis, name)
        boxes = [(across + 0.02, up - 0.035, width, 0.07), (across - 0.02 - width, up - 0.035, width, 0.07)]
        right = bool(places) or _free(axis, boxes) == 0
        text = axis.annotate(name, (x + half, height), (11 if right else -11, 0), textcoords="offset points")
        text.set(va="center", ha="left" if right else "right", fontsize=10, bbox=BEHIND, zorder=5)


def lines(x, series, title, alt, *, xlabel, ylabel, marks=None, guesses=None, baselines=(), log=(), size=(7.5, 4)):
    """Curves over `x` (or {name: (x, y)} with x None).

    Args:
        series: {name: values [len(x)]}. marks: {name: height} of dotted reference lines, such as a floor or chance.
        guesses: {name: (x, height)} of the reader's predictions, a short black mark each.
        baselines: names of at most four series that are only compared with; they are gray.
        log: axes ("x", "y") on a log scale, base 2 in x.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=size, layout="constrained")
    for name, values in series.items():
        xs, ys = values if x is None else (x, values)
        gray = {"color": BASELINE, "linestyle": DASHES[list(baselines).index(name)]} if name in baselines else {}
        axis.plot(xs, ys, marker="o" if len(ys) < 15 else None, markersize=5, label=name, **gray)
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
    _references(axis, marks)
    _guesses(axis, guesses)
    if len(series) > 1:
        axis.legend()
    return display(figure, alt)


def bars(heights, title, alt, *, ylabel, marks=None, guesses=None, baselines=(), fmt=None, size=(7.5, 3.8)):
    """One bar for each of {name: height}, its value on top by `fmt`.

    Args:
        heights: {name: height}. marks: as in `lines`. baselines: names of the bars that are only compared with; gray.
        guesses: {name: (bar's name, height)} of the reader's predictions, a short black mark across that bar.
        fmt: if omitted, percents where `ylabel` begins with "share", four significant digits elsewhere.
    """
    import matplotlib.pyplot as plt

    fmt = fmt or ("{:.1%}" if ylabel.startswith("share") else "{:.4g}")
    figure, axis = plt.subplots(figsize=size, layout="constrained")
    colors = [BASELINE if name in baselines else OURS for name in heights]
    axis.bar_label(axis.bar(list(heights), list(heights.values()), color=colors, width=0.6), fmt=fmt, padding=2)
    broad = max(9, round(9.5 * size[0] / (len(heights) + bool(marks or guesses))))  # letters that a bar has room for
    axis.set_xticks(range(len(heights)), [name if "\n" in name else fill(name, broad) for name in heights])
    _references(axis, marks)
    _guesses(axis, guesses, {name: place for place, name in enumerate(heights)})
    axis.set(title=title, ylabel=ylabel)
    axis.margins(y=0.12)
    if marks or guesses:  # their names stand beside the bars, not on them
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
