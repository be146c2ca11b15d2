"""The picture of a `GanGame2D` where no page runs: the plane on the left, the curves over time on the right."""

import io
import math

import numpy as np

from coursekit.plots import SHARPNESS
from coursekit.widgets.gan_data import REACH, SAMPLES, Game, divergences, histogram
from coursekit.widgets.monitor_picture import LOOK

REAL, FAKE = "#0072B2", "#D55E00"
HEAT = [(240 / 255, 152 / 255, 92 / 255), (1, 1, 1), (96 / 255, 168 / 255, 216 / 255)]
GRID, DOTS, ARROWS = 44, 500, 120


def snapshot(settings, points, steps) -> bytes:
    """Play `steps` steps and draw what the page then shows, as a PNG file."""
    import matplotlib
    from matplotlib.figure import Figure
    from PIL import Image
    from threadpoolctl import threadpool_limits

    game = Game(settings, points)
    with threadpool_limits(1):  # products this small are done before a second thread has woken up
        for _ in range(steps):
            game.step()
    with matplotlib.rc_context(LOOK | {"savefig.bbox": None}):  # `plots.style` would cut it to what is drawn
        figure = Figure(figsize=(9.6, 5.1), dpi=100, facecolor="white")
        _plane(figure.add_axes([0.045, 0.12, 0.445, 0.445 * 9.6 / 5.1]), game)
        _curves([figure.add_axes([0.585, bottom, 0.4, 0.235]) for bottom in (0.72, 0.425, 0.13)], game)
        figure.text(0.045, 0.02, f"After {steps:,} steps: open the notebook or its page to play.", color="#444")
        raw, file = io.BytesIO(), io.BytesIO()
        figure.savefig(raw, dpi=100 * SHARPNESS, bbox_inches=None, pil_kwargs={"compress_level": 1})
    Image.open(raw).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _plane(axis, game):
    from matplotlib.colors import LinearSegmentedColormap

    ticks = REACH * ((np.arange(GRID) + 0.5) / GRID * 2 - 1)
    plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    verdict = game.verdict(plane).reshape(GRID, GRID) if game.history else np.full((GRID, GRID), 0.5)
    colors = LinearSegmentedColormap.from_list("verdict", HEAT)
    extent = (-REACH, REACH, -REACH, REACH)
    axis.imshow(verdict, cmap=colors, vmin=0, vmax=1, origin="lower", extent=extent, interpolation="bilinear")
    fakes = game.fakes()
    small = {"edgecolors": "white", "linewidths": 0.5}
    axis.scatter(*game.shown[:DOTS].T, s=11, color=REAL, label="data", **small)
    axis.scatter(*fakes[:DOTS].T, s=14, color=FAKE, marker="D", label="fakes", **small)
    pushed = fakes[:ARROWS]
    push = -game.push(pushed)[1]
    size = np.linalg.norm(push, axis=1, keepdims=True)
    length = 2 * REACH * 95 / 720 * size / (size + 2)  # as the page draws them
    arrows = push / np.where(size > 0, size, 1) * length
    kept = length[:, 0] > 0.02
    axis.quiver(*pushed[kept].T, *arrows[kept].T, angles="xy", scale_units="xy", scale=1, width=0.004)
    axis.set(xlim=extent[:2], ylim=extent[2:], xticks=range(-2, 3), yticks=range(-2, 3))
    axis.legend(loc="upper left", frameon=True, framealpha=0.85, borderpad=0.3, handletextpad=0.2)


def _curves(axes, game):
    d_loss, g_loss, value = np.array(game.history).reshape(-1, 3).T
    steps = np.arange(1, len(value) + 1)
    losses, values, distances = axes
    losses.plot(steps, d_loss, color=REAL, linewidth=1.2, label="loss of D")
    losses.plot(steps, g_loss, color=FAKE, linewidth=1.2, label="loss of G")
    values.plot(steps, value, color="black", linewidth=1.2, label="V(D, G)")
    values.axhline(-math.log(4), color="#444", linestyle=":", label="−log 4")
    floor = divergences(game.histogram, histogram(game.shown), SAMPLES)
    rows = np.array(game.distances).reshape(-1, 3)
    for k, (name, color) in enumerate({"KL(data ‖ fakes)": "#009E73", "JS": "#CC79A7"}.items()):
        distances.plot(rows[:, 0], rows[:, k + 1], color=color, label=name)
        distances.axhline(floor[k], color=color, linestyle=":")
    distances.set(yscale="log", ylim=(1e-3, 10), xlabel="steps")
    for axis in axes:
        axis.legend(frameon=False, fontsize=9.5, ncols=2, loc="lower right", bbox_to_anchor=(1, 0.96), borderpad=0)
        axis.set_ylabel("nats" if axis is not losses else "", labelpad=1)
        if axis is not distances:
            axis.tick_params(labelbottom=False)
