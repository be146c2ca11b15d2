"""Melodies as piano rolls."""

from coursekit import melodies
from coursekit.plots.look import display
from coursekit.plots.palette import DATA, INK, shade

_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def piano_roll(tokens, title, alt, *, names=None, columns=1, colors=None, size=None):
    """Melodies as notes over time, all with the same pitches.

    Args:
        tokens: whole numbers 0..89, `[n, steps]`, or `[steps]` of one melody; at most 24.
        names: of the melodies, above each. columns: how many stand beside each other.
        colors: of each melody's notes; `DATA`'s blue if omitted.
        size: of the figure, in inches.

    Raises:
        ValueError: no melodies, too many, or another number of names or colors.
    """
    import matplotlib.pyplot as plt

    tokens = melodies.check(tokens)
    count, steps = tokens.shape
    if count > 24:
        raise ValueError(f"Expected at most 24 melodies, got {count}; choose some of them.")
    for what, given in (("names", names), ("colors", colors)):
        if given is not None and len(given) != count:
            raise ValueError(f"Expected {what} for each of {count} melodies, got {len(given)}.")
    if not (isinstance(columns, int) and columns >= 1):
        raise ValueError(f"Expected columns to be a whole number of at least 1, got {columns!r}.")
    columns = min(columns, count)
    rows = -(-count // columns)
    low, high = _keys(tokens)
    size = size or (9, 0.9 + rows * 1.5)
    figure, axes = plt.subplots(
        rows, columns, figsize=size, layout="constrained", sharex=True, sharey=True, squeeze=False
    )
    for axis, melody, number in zip(axes.flat, tokens, range(count), strict=False):
        color = DATA if colors is None else colors[number]
        for start, end, pitch in melodies.notes_of(melody):
            bar = axis.barh(
                pitch, end - start - 0.15, left=start, height=0.9, align="center", color=color, linewidth=0.6
            )
            bar[0].set_edgecolor(shade(color))
        octaves = [pitch for pitch in range(low, high + 1) if pitch % 12 == 0]
        axis.set_yticks(octaves, [f"{_NAMES[pitch % 12]}{pitch // 12 - 1}" for pitch in octaves])
        axis.set(xlim=(0, steps), ylim=(low - 0.7, high + 0.7))
        bars = range(0, steps + 1, melodies.STEPS_PER_BAR * max(1, steps // (melodies.STEPS_PER_BAR * 8)))
        axis.set_xticks(list(bars), [str(step // melodies.STEPS_PER_BAR + 1) if step < steps else "" for step in bars])
        axis.grid(axis="x", visible=True, color=INK, alpha=0.35)
        if names is not None:
            axis.set_title(names[number], fontsize=11.5, loc="left")
    for axis in axes.flat[count:]:
        axis.remove()
    for axis in axes[:, 0]:
        axis.set_ylabel("pitch")
    for axis in axes.flat[max(0, count - columns) : count]:  # the lowest of each column
        axis.set_xlabel("bar")
        axis.tick_params(labelbottom=True)
    figure.suptitle(title, fontsize=14)
    return display(figure, alt)


def _keys(tokens):
    """The lowest and highest pitch to draw: at least an octave."""
    pitches = tokens[tokens >= melodies.FIRST] - melodies.FIRST + melodies.LOWEST
    low, high = (int(pitches.min()), int(pitches.max())) if pitches.size else (60, 72)
    missing = max(0, 12 - (high - low))
    return low - missing // 2, high + missing - missing // 2
