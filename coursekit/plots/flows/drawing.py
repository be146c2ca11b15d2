"""The boxes of a flow, drawn by their kinds, the frames of its groups, and the key below."""

from coursekit.plots import palette
from coursekit.plots.flows import shapes
from coursekit.plots.flows.arrows import head, stroke
from coursekit.plots.flows.layout import FRAME, TITLE, frame

KEY = {
    "data": "what is computed",
    "gradient": "gradient",
    "stop": "the gradient stops",
    "next": "the next round",
    "shared": "same weights",
    "random": "random draw",
}


def boxes(axis, graph, colors):
    """Draw every box of the graph: its outline, its picture, its label and its notes."""
    from matplotlib.patches import Polygon

    for box in graph.boxes.values():
        color = colors[box.name]
        if box.picture is not None:
            _picture(axis, box, color)
        elif box.label not in shapes.EMPTY:
            held = box.kind == "network" and box.moves is False
            patch = Polygon(shapes.outline(box), closed=True, joinstyle="round", gid=f"box {box.name}", zorder=4)
            fill = palette.PAPER if color == palette.MUTED else palette.tint(color)
            patch.set(facecolor=fill, edgecolor=palette.shade(color), linewidth=1.6)
            if held:
                patch.set(facecolor="#EFEFEF", edgecolor=palette.MUTED, linestyle=(0, (4, 2)))
            if box.kind == "network" and box.moves:
                patch.set(linewidth=3.6)
            axis.add_patch(patch)
        _texts(axis, box)


def _picture(axis, box, color):
    from matplotlib.patches import Rectangle

    left, bottom = box.x - box.width / 2, box.y - box.height / 2
    extent = (left, left + box.width, bottom, bottom + box.height)
    pixels = shapes.sheet(box.picture)
    axis.imshow(pixels, extent=extent, vmin=0, vmax=1, interpolation="nearest", aspect="auto", zorder=4)
    edge = {"facecolor": "none", "edgecolor": palette.shade(color), "linewidth": 1.6}
    axis.add_patch(Rectangle((left, bottom), box.width, box.height, gid=f"box {box.name}", zorder=5, **edge))


def _texts(axis, box):
    """The name and the notes: within the shape, but below a picture, and below a circle's name."""
    lines = shapes.texts_of(box)
    sizes = [shapes.measure(*line[:3])[1] for line in lines]
    if box.picture is not None:
        top = box.y - box.height / 2 - 0.06
    elif box.kind == "random":
        top = box.y + sizes[0] / 2
    else:
        top = box.y + (sum(sizes) + 0.05 * (len(sizes) - 1)) / 2
    for number, ((text, size, weight, style), high) in enumerate(zip(lines, sizes, strict=True)):
        shown = axis.text(box.x, top - high / 2, text, size=size, weight=weight, style=style, gid=f"text {box.name}")
        shown.set(ha="center", va="center", color=palette.INK, zorder=6, linespacing=1.1)
        top -= high + 0.05
        if number == 0 and box.kind == "random" and box.picture is None:
            top = box.y - box.height / 2 - 0.04


def frames(axis, graph, groups):
    """Draw a titled frame around each group of boxes, {title: names}."""
    from matplotlib.patches import FancyBboxPatch

    for title, names in groups.items():
        left, right, bottom, top = frame(graph, title, names)
        style = {"boxstyle": "round,pad=0,rounding_size=0.1", "facecolor": "#F6F6F6", "edgecolor": "#B0B0B0"}
        patch = FancyBboxPatch((left, bottom), right - left, top - bottom, zorder=1, gid=f"group {title}", **style)
        axis.add_patch(patch)
        shown = axis.text(left + 0.1, top - TITLE / 2 - FRAME / 4, title, size=shapes.NOTE, style="italic", va="center")
        shown.set(color=palette.INK, zorder=6, gid=f"title {title}")


def titles(graph, groups):
    """The rectangles of the groups' titles, which no arrow may cross."""
    found = []
    for title, names in groups.items():
        left, _, _, top = frame(graph, title, names)
        width, height = shapes.measure(title, shapes.NOTE)
        found.append((left + 0.08, left + 0.12 + width, top - 0.06 - height, top - 0.04))
    return found


def key(axis, kinds, left, top, width):
    """What the kinds of lines mean, in rows of `width` below. Returns its height and how far right it reaches."""
    from matplotlib.patches import Polygon

    x, y, reach = left, top - 0.12, left
    for kind, words in KEY.items():
        if kind not in kinds:
            continue
        need = 0.54 + shapes.measure(words, shapes.NOTE)[0]
        if x > left and x + need > left + width:
            x, y = left, y - 0.28
        if kind == "random":
            look = {"facecolor": palette.tint(palette.CODE), "edgecolor": palette.shade(palette.CODE)}
            axis.add_patch(Polygon(shapes.ellipse(x + 0.23, y, 0.34, 0.22), closed=True, linewidth=1.6, **look))
        else:
            drawn = {"gradient": "passes", "stop": "stops"}.get(kind, kind)
            ends = [(x + 0.46, y), (x, y)] if drawn in ("passes", "stops") else [(x, y), (x + 0.46, y)]
            if drawn == "stops":
                ends[1] = (x - 0.15, y)  # of which half is drawn
            stroke(axis, [head(axis, ends, drawn, f"key {kind}")], drawn)
        axis.text(x + 0.54, y, words, size=shapes.NOTE, va="center", color=palette.INK, zorder=6)
        reach = max(reach, x + need)
        x += need + 0.24
    return top - y + 0.14, reach
