"""Texts, letter by letter, and what a causal network sees of them."""

import numpy as np

from coursekit.plots.look import display
from coursekit.plots.palette import DATA, ENCODER, INK, MUTED


def surprises(text, bits, title, alt, *, width=60, most=8.0):
    """A text whose letters stand on colored ground: the darker, the more bits the letter cost.

    Args:
        text: at most 1,200 letters; a line break is drawn as ¶, and the line goes on below. bits: of each, [letters].
        width: letters after which a line is broken. most: bits of the darkest ground.
    Raises:
        ValueError: no text, a longer one, or another number of bits.
    """
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    bits = np.asarray(bits, float)
    if not 1 <= len(text) <= 1200 or bits.shape != (len(text),):
        raise ValueError(f"Expected 1 to 1,200 letters and the bits of each, got {len(text)} and {list(bits.shape)}.")
    rows, row, column, places = 1, 0, 0, []
    for letter in text:
        if column >= width:
            row, column = row + 1, 0
        places.append((row, column))
        row, column = (row + 1, 0) if letter == "\n" else (row, column + 1)
    rows = places[-1][0] + 1
    ground = LinearSegmentedColormap.from_list("surprise", ["#ffffff", "#f6d55c", "#d1495b"])
    figure, axis = plt.subplots(figsize=(9, 0.9 + 0.3 * rows), layout="constrained")
    for (row, column), letter, cost in zip(places, text, bits, strict=True):
        color = ground(min(cost / most, 1.0))
        axis.add_patch(plt.Rectangle((column, rows - row - 1), 1, 1, facecolor=color, edgecolor="none"))
        shown = "¶" if letter == "\n" else letter
        axis.text(column + 0.5, rows - row - 0.53, shown, ha="center", va="center", fontsize=11, color=INK)
    axis.set(xlim=(0, width), ylim=(0, rows))
    axis.set_axis_off()
    figure.suptitle(title, fontsize=14)
    scale = plt.cm.ScalarMappable(Normalize(0, most), ground)
    figure.colorbar(scale, ax=axis, label="bits", shrink=min(1, 4 / rows + 0.4), pad=0.01)
    return display(figure, alt)


def dilations(sizes, title, alt, *, steps=None):
    """What one prediction sees through causal convolutions that look back 1 and, further, `sizes` steps.

    Args:
        sizes: the dilation of each block, the lowest first. steps: columns; what is seen and two more, if omitted.
    Raises:
        ValueError: no dilations.
    """
    import matplotlib.pyplot as plt

    if not len(sizes) or min(sizes) < 1:
        raise ValueError(f"Expected dilations of at least 1, got {list(sizes)}; take (1, 2, 4).")
    steps = steps or sum(sizes) + 3
    figure, axis = plt.subplots(figsize=(9, 1.2 + 0.75 * (len(sizes) + 1)), layout="constrained")
    seen = {steps - 1}
    levels = [seen]
    for size in reversed(sizes):
        levels.insert(0, levels[0] | {column - size for column in levels[0]})
    for level, size in enumerate(sizes):
        for column in range(steps):
            for before in (column, column - size):
                if before >= 0:
                    used = column in levels[level + 1]
                    color, thick, above = (ENCODER, 1.8, 2) if used else (MUTED, 0.5, 1)
                    axis.plot([before, column], [level, level + 1], color=color, linewidth=thick, zorder=above)
    for level, used in enumerate(levels):
        for column in range(steps):
            color = (DATA if level == 0 else ENCODER) if column in used else "#d9d9d9"
            axis.plot([column], [level], "o", color=color, markersize=9, zorder=3)
    names = ["letters"] + [f"looks back {size}" for size in sizes]
    axis.set_yticks(range(len(names)), names)
    axis.set_xticks(range(steps), ["$x_{t-1}$" if c == steps - 1 else "" for c in range(steps)])
    axis.annotate("predicts $x_t$", (steps - 1, len(sizes)), (8, 6), textcoords="offset points", color=INK)
    axis.set(xlim=(-0.6, steps + 1.2), ylim=(-0.5, len(sizes) + 0.6), title=title)
    axis.grid(visible=False)
    for side in axis.spines.values():
        side.set_visible(False)
    return display(figure, alt)
