"""How the blocks of a network look, and what connects them: matplotlib patches on one axis whose unit is an inch."""

import numpy as np

from coursekit.plots.networks.layout import ARC, LINE
from coursekit.plots.networks.nodes import FONT
from coursekit.plots.palette import INK, MUTED, PAPER, shade, tint

CELL = 0.045  # the least height of a number that is drawn as a cell
SHEET = 0.034  # between the sheets of a stack


def block(axis, node, value=None):
    """One block at its place. value: its activations [...] for one example, without the batch."""
    {"tower": _tower, "matrix": _matrix, "stack": _stack, "join": _join, "box": _box}[node.form](axis, node, value)
    if node.block.kind == "recurrent":
        _loop(axis, node)
    if node.block.repeats > 1:
        _repeats(axis, node)


def _face(node):
    """Fill and outline: filled is what has weights, and what is given; the rest only changes the size."""
    if node.ghost:
        return tint(node.color, 0.12), tint(node.color, 0.6)
    weightless = node.block.kind in ("pooling", "upsampling", "reshape")
    return PAPER if weightless else tint(node.color, 0.4), shade(node.color)


def _rectangle(axis, x, y, width, height, fill, edge, order=3, line=1.0):
    from matplotlib.patches import Rectangle

    axis.add_patch(Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=line, zorder=order))


def _image(axis, picture, x, y, width, height, **options):
    axis.imshow(
        picture, extent=(x, x + width, y, y + height), aspect="auto", interpolation="nearest", zorder=3.5, **options
    )


def _stack(axis, node, value):
    from coursekit.plots.networks import values as network_values

    fill, edge = _face(node)
    if value is not None:
        fill = PAPER
    sheets = round(node.depth / SHEET)
    for back in range(sheets, 0, -1):
        shift = node.depth * back / sheets
        _rectangle(axis, node.left + shift, node.bottom + 0.6 * shift, node.width, node.height, fill, edge, line=0.7)
    _rectangle(axis, node.left, node.bottom, node.width, node.height, fill, edge)
    if value is not None:
        for picture, limits, (x, y, width, height) in network_values.faces(value, node):
            across, up = node.left + x * node.width, node.bottom + y * node.height
            _image(axis, picture, across, up, width * node.width, height * node.height, **limits)
        _rectangle(axis, node.left, node.bottom, node.width, node.height, "none", edge, order=3.6)


def _tower(axis, node, value):
    from coursekit.plots.networks import values as network_values

    fill, edge = _face(node)
    number = int(np.prod([side or 1 for side in node.block.shape]))
    if value is not None:
        picture, limits = network_values.bar(value, node)
        _image(axis, picture, node.left, node.bottom, node.width, node.height, **limits)
        fill = "none"
    _rectangle(axis, node.left, node.bottom, node.width, node.height, fill, edge, order=3.6)
    if number * CELL <= node.height:
        for cell in range(1, number):
            y = node.bottom + node.height * cell / number
            axis.plot([node.left, node.left + node.width], [y, y], color=edge, linewidth=0.8, zorder=3.7)


def _matrix(axis, node, value):
    from coursekit.plots.networks import values as network_values

    fill, edge = _face(node)
    if value is not None:
        picture, limits = network_values.matrix(value, node)
        _image(axis, picture, node.left, node.bottom, node.width, node.height, **limits)
        fill = "none"
    _rectangle(axis, node.left, node.bottom, node.width, node.height, fill, edge, order=3.6)
    if value is None:
        steps = min(node.block.shape[0] or 8, 8)
        for step in range(1, steps):
            x = node.left + node.width * step / steps
            axis.plot([x, x], [node.bottom, node.bottom + node.height], color=edge, linewidth=0.7, zorder=3.7)


def _join(axis, node, value):
    from matplotlib.patches import FancyBboxPatch

    word = node.block.short[0]
    x, y = node.x - node.width / 2, node.y - node.height / 2
    style = f"round,pad=0,rounding_size={node.height / 2}"
    axis.add_patch(
        FancyBboxPatch(
            (x, y), node.width, node.height, boxstyle=style, facecolor=PAPER, edgecolor=INK, linewidth=1.3, zorder=3
        )
    )
    size = FONT if word[0].isalpha() else FONT + 5
    axis.text(node.x, node.y, word, ha="center", va="center_baseline", fontsize=size, color=INK, zorder=4)


def _box(axis, node, value):
    from matplotlib.patches import FancyBboxPatch

    fill, edge = _face(node)
    corner = (node.x - node.width / 2, node.y - node.height / 2)
    style = "round,pad=0,rounding_size=0.08"
    axis.add_patch(
        FancyBboxPatch(corner, node.width, node.height, boxstyle=style, facecolor=fill, edgecolor=edge, zorder=3)
    )
    name = node.block.network.name
    axis.text(node.x, node.y, name, ha="center", va="center", fontsize=FONT, weight="bold", color=INK, zorder=4)


def _loop(axis, node):
    """The state that goes back in, of a recurrent layer."""
    from matplotlib.patches import FancyArrowPatch

    top, half = node.y + node.total_height / 2, min(max(node.width / 2, 0.12), 0.3)
    axis.add_patch(
        FancyArrowPatch((node.x + half, top), (node.x - half, top), connectionstyle="arc3,rad=0.9",
                        arrowstyle="-|>", mutation_scale=10, color=INK, linewidth=1.3, zorder=4)
    )  # fmt: skip


def _repeats(axis, node):
    axis.text(
        node.x, node.y + node.total_height / 2 + 0.07, f"× {node.block.repeats}", ha="center", va="bottom",
        fontsize=FONT + 1, weight="bold", color=PAPER, zorder=5,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": shade(node.color), "edgecolor": "none"},
    )  # fmt: skip


def texts(axis, node):
    """The lines below a block."""
    looks = {"size": {"weight": "bold", "color": INK}, "plain": {"color": INK}, "weights": {"color": MUTED}}
    for number, (text, kind) in enumerate(node.lines):
        y = node.text_y - LINE * (number + 0.5)
        axis.text(node.x, y, text, ha="center", va="center_baseline", fontsize=FONT, zorder=6, **looks[kind])


# -- connections -------------------------------------------------------------------------------------------------------


def connection(axis, source, node, level=None):
    """What runs from one block into the next. level: of an arc above other blocks, None for none."""
    if source.band != node.band:
        return
    beside = source.lane == node.lane
    if level:
        _arc(axis, source, node, level)
    elif not beside:
        _bend(axis, source, node)
    elif node.dashed:
        _arrow(axis, (source.right + 0.04, source.y), (node.left - 0.04, node.y), linestyle=(0, (3, 2)))
    elif node.block.kind == "dense" and len(node.block.shape) == 1 and source.form != "join":
        _fan(axis, source, node)
    elif node.form == "stack" and source.form == "stack" and node.block.kind != "reshape":
        _funnel(axis, source, node)
    else:
        _arrow(axis, (source.right + 0.04, source.y), (node.left - 0.04, node.y))


def _arrow(axis, start, end, **options):
    from matplotlib.patches import FancyArrowPatch

    look = {"arrowstyle": "-|>", "mutation_scale": 11, "color": INK, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    axis.add_patch(FancyArrowPatch(start, end, zorder=2, **look, **options))


def _fan(axis, source, node):
    """Every number of the one with every number of the other."""
    from matplotlib.patches import Polygon

    front = source.bottom, source.bottom + source.height
    corners = [(source.left + source.width, front[0]), (source.left + source.width, front[1]),
               (node.left, node.bottom + node.height), (node.left, node.bottom)]  # fmt: skip
    axis.add_patch(Polygon(corners, facecolor=tint(node.weights_color, 0.2), edgecolor="none", zorder=1))
    for a, b in ((corners[0], corners[3]), (corners[1], corners[2])):
        axis.plot(*zip(a, b, strict=True), color=tint(node.weights_color, 0.75), linewidth=0.8, zorder=1.1)


def _funnel(axis, source, node):
    """A patch of the one that becomes a single place of the other; of transposed convolutions and upsampling, a single
    place that becomes a patch."""
    kernel = node.block.kernel
    grows = node.block.kind in ("transposed", "upsampling")
    wide, narrow = (node, source) if grows else (source, node)
    sides = [side or 32 for side in wide.block.shape[-3:-1]]
    sizes = [min(length, side) / side for length, side in zip(kernel, sides, strict=False)] or [2 / sides[0]]
    sizes = sizes * 2 if len(sizes) == 1 else sizes[-2:]
    if (node.block.kind == "pooling" and not kernel) or node.block.kind in ("module", "stage", "other", "network"):
        _arrow(axis, (source.right + 0.04, source.y), (node.left - 0.04, node.y))
        return
    tiled = wide.value is not None and not wide.picture and (wide.block.shape[-1] or 0) >= 4
    sizes = [size / 2 for size in sizes] if tiled else sizes
    height, width = (max(size * length, 0.05) for size, length in zip(sizes, (wide.height, wide.width), strict=True))
    x = wide.left + (wide.width - width) * (0.25 if grows else 0.75)
    y = wide.bottom + (wide.height - height) * 0.7
    tip = narrow.left + narrow.width * (0.7 if grows else 0.3), narrow.bottom + narrow.height * 0.65
    color = INK
    _rectangle(axis, x, y, width, height, (1, 1, 1, 0.35), color, order=4.2, line=1.1)
    edge = x + width if not grows else x
    for corner in (y, y + height):
        axis.plot([edge, tip[0]], [corner, tip[1]], color=color, linewidth=0.9, alpha=0.75, zorder=4.2)


def _arc(axis, source, node, level):
    """A shortcut above the blocks between."""
    tall = max(source.top_of_lane, node.top_of_lane)
    y = tall + ARC * (level - 0.35)
    start = source.x + 0.07 * (source.form == "join")  # beside an arc that ends there
    end = node.x - 0.07 * (node.form == "join")
    path = [(start, source.y + source.total_height / 2), (start, y), (end, y)]
    _line(axis, path)
    _arrow(axis, (end, y), (end, node.y + node.total_height / 2 + 0.02))


def _line(axis, points):
    axis.plot(*zip(*points, strict=True), color=INK, linewidth=1.4, zorder=2, solid_capstyle="round",
              solid_joinstyle="round")  # fmt: skip


def _bend(axis, source, node):
    """From one lane to another, up or down between two columns, where no text stands."""
    start = source.right + 0.03, source.y - min(0.1, source.height / 4) * (source.form != "join")
    if node.lane > source.lane:
        x = source.x + source.room / 2
        _line(axis, [start, (x, start[1]), (x, node.y)])
        _arrow(axis, (x, node.y), (node.left - 0.04, node.y))
        return
    x = node.x - node.room / 2
    y = node.y - (0.1 if node.form == "join" else node.height / 4)
    _line(axis, [start, (x, start[1]), (x, y)])
    _arrow(axis, (x, y), (node.left + (0.02 if node.form == "join" else -0.03), y))


def heading(axis, nodes, text, color):
    """The name of a network over its blocks, and a line as long as they are."""
    left = min(node.x - node.room / 2 for node in nodes) + 0.06
    right = max(node.x + node.room / 2 for node in nodes) - 0.06
    y = max(node.top_of_band for node in nodes) + 0.08
    axis.plot([left, right], [y, y], color=shade(color), linewidth=2.5, zorder=2, solid_capstyle="butt")
    axis.text(left, y + 0.06, text, ha="left", va="bottom", fontsize=FONT + 1.5, weight="bold", color=shade(color))
