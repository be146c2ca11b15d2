"""A flow that is laid out, drawn: boxes by kind, arrows with their gradients, frames, and the key below."""

from itertools import pairwise

import numpy as np

from coursekit.plots_flow import palette, shapes
from coursekit.plots_flow.layout import FRAME, TITLE, frame

TRACK = 0.075  # inches from the middle of a way to its data and to its gradient
HEAD = 0.13
ROUND = 0.09
KEY = {
    "data": "what is computed",
    "gradient": "gradient",
    "stop": "the gradient stops",
    "next": "the next round",
    "shared": "same weights",
    "random": "random draw",
}


def boxes(axis, graph, colors):
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


def arrows(axis, graph):
    """Each arrow with its head; what runs together is one stroke, and bridges what it crosses."""
    strokes = {}
    for arrow in graph.arrows:
        ends = graph.boxes[arrow.source], graph.boxes[arrow.target]
        if any(end.label in shapes.EMPTY for end in ends):
            continue  # dots say "and so on": no arrow leads there
        for kind, shift in ((arrow.kind, TRACK), (arrow.gradient, -TRACK)):
            if kind is None:
                continue
            points = shifted(arrow.points, shift if arrow.gradient else 0.0)
            points[0] = shapes.touch(ends[0], points[0], np.subtract(points[0], points[1]))
            points[-1] = shapes.touch(ends[1], points[-1], np.subtract(points[-1], points[-2]))
            back = kind in ("passes", "stops")
            gid = f"{'gradient' if back else 'arrow'} {arrow.name}"
            line = head(axis, points[::-1] if back else points, kind, gid)
            together = arrow.source if kind == "data" and not arrow.gradient else gid
            strokes.setdefault((together, kind), []).append(line)
    for number, ((_, kind), lines) in enumerate(strokes.items()):
        stroke(axis, lines, kind, 3 + 0.01 * number)


def ink(kind):
    return {"passes": palette.GRADIENT, "stops": palette.GRADIENT, "shared": palette.MUTED}.get(kind, palette.INK)


def head(axis, points, kind, gid):
    """Draw the end of a line: a head, for a gradient that stops a bar, none for shared weights. Returns what is left."""
    from matplotlib.patches import Polygon

    points = [np.asarray(point, dtype=float) for point in points]
    if kind == "shared":
        return points
    if kind == "stops":
        points = _half(points)
    end, toward = points[-1], points[-1] - points[-2]
    toward = toward / np.hypot(*toward)
    across = np.array([-toward[1], toward[0]])
    if kind == "stops":
        wing, thick = 0.11 * across, 0.024 * toward
        corners = [end - wing - thick, end + wing - thick, end + wing + thick, end - wing + thick]
    else:
        wing = 0.42 * HEAD * across
        corners = [end, end - HEAD * toward + wing, end - HEAD * toward - wing]
        points[-1] = end - 0.8 * HEAD * toward
    axis.add_patch(Polygon(corners, closed=True, facecolor=ink(kind), edgecolor="none", zorder=3.9, gid=gid))
    return points


def stroke(axis, lines, kind, level=3.0):
    """Lines with round corners, on wider ones of paper, so that of two that cross the higher level bridges the other."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners, codes = [], []
    for points in lines:
        corners.append(points[0])
        codes.append(Path.MOVETO)
        for before, here, after in zip(points, points[1:], points[2:], strict=False):
            legs = before - here, after - here
            cut = min(ROUND, *(np.hypot(*leg) / 2 for leg in legs))
            first, last = (here + cut * leg / np.hypot(*leg) for leg in legs)
            corners += [first, here, last]
            codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
        corners.append(points[-1])
        codes.append(Path.LINETO)
    dashes = {"passes": (0, (3, 1.3)), "stops": (0, (3, 1.3)), "next": (0, (1, 1.2))}.get(kind, "solid")
    looks = [(palette.PAPER, 6.8, "solid"), (ink(kind), 1.8, dashes)]
    if kind == "shared":
        looks = [(ink(kind), 5, "solid"), (palette.PAPER, 2, "solid")]
    for number, (color, width, style) in enumerate(looks):
        look = {"edgecolor": color, "linewidth": width, "linestyle": style, "zorder": level + 0.004 * number}
        axis.add_patch(PathPatch(Path(corners, codes), fill=False, capstyle="butt", joinstyle="round", **look))


def shifted(points, distance):
    """A way of right angles moved to its left by `distance`."""
    points = [np.asarray(point, dtype=float) for point in points]
    moved = [point.copy() for point in points]
    for one, two in pairwise(range(len(points))):
        leg = points[two] - points[one]
        normal = np.array([-leg[1], leg[0]]) / np.hypot(*leg)
        for index in (one, two):
            moved[index] += distance * np.abs(normal) * np.sign(normal)
    return moved


def _half(points):
    """The first half of a way, by length."""
    lengths = [np.hypot(*(two - one)) for one, two in pairwise(points)]
    left, kept = max(0.55 * sum(lengths), min(0.3, 0.8 * sum(lengths))), [points[0]]
    for one, two, length in zip(points, points[1:], lengths, strict=False):
        if length >= left:
            return [*kept, one + (two - one) * left / length]
        kept.append(two)
        left -= length
    return kept


def notes(axis, graph, blocked):
    """What is written on arrows: beside the longest piece of the way on which it touches nothing."""
    taken = [box.bounds for box in graph.boxes.values()] + list(blocked)
    pieces = [(one, two, arrow) for arrow in graph.arrows for one, two in pairwise(arrow.points)]
    for arrow in graph.arrows:
        if not arrow.note:
            continue
        text = shapes.wrapped(arrow.note, 22)
        width, height = shapes.measure(text, shapes.NOTE)
        room = 0.05 + (TRACK if arrow.gradient else 0)
        spots = []
        for one, two in pairwise(arrow.points):
            for share in (0.5, 0.35, 0.65, 0.2, 0.8):
                x, y = (a + share * (b - a) for a, b in zip(one, two, strict=True))
                if one[1] == two[1]:
                    around = ((x, y + height / 2 + room), (x, y - height / 2 - room))
                else:
                    around = ((x + width / 2 + room + 0.03, y), (x - width / 2 - room - 0.03, y))
                spots += [(*spot, np.hypot(one[0] - two[0], one[1] - two[1])) for spot in around]
        cost = lambda spot: _cost(spot, width, height, taken, pieces)  # noqa: B023
        x, y, _ = min(spots, key=cost)
        taken.append((x - width / 2, x + width / 2, y - height / 2, y + height / 2))
        shown = axis.text(x, y, text, size=shapes.NOTE, ha="center", va="center", color=palette.INK, linespacing=1.1)
        shown.set(gid=f"note {arrow.name}", zorder=7)


def _cost(spot, width, height, taken, pieces):
    x, y, length = spot
    left, right, bottom, top = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    overlap = sum(
        max(0, min(right, r) - max(left, l)) * max(0, min(top, t) - max(bottom, b)) for l, r, b, t in taken  # noqa: E741
    )
    crossed = sum(
        max(one[0], two[0]) > left and min(one[0], two[0]) < right and max(one[1], two[1]) > bottom and min(one[1], two[1]) < top
        for one, two, _ in pieces
    )
    return 100 * overlap + crossed - 0.1 * length


def frames(axis, graph, groups):
    from matplotlib.patches import FancyBboxPatch

    for title, names in groups.items():
        left, right, bottom, top = frame(graph, names)
        style = {"boxstyle": "round,pad=0,rounding_size=0.1", "facecolor": "#F6F6F6", "edgecolor": "#B0B0B0"}
        patch = FancyBboxPatch((left, bottom), right - left, top - bottom, zorder=1, gid=f"group {title}", **style)
        axis.add_patch(patch)
        shown = axis.text(left + 0.1, top - TITLE / 2 - FRAME / 4, title, size=shapes.NOTE, style="italic", va="center")
        shown.set(color=palette.INK, zorder=6, gid=f"title {title}")


def titles(graph, groups):
    """The rectangles of the groups' titles, which no arrow may cross."""
    found = []
    for title, names in groups.items():
        left, _, _, top = frame(graph, names)
        width, height = shapes.measure(title, shapes.NOTE)
        found.append((left + 0.08, left + 0.12 + width, top - 0.06 - height, top - 0.04))
    return found


def key(axis, kinds, left, top, width):
    """What the kinds of lines mean, in a row (or two) below. Returns the height that it takes."""
    entries = [(kind, words, 0.75 + shapes.measure(words, shapes.NOTE)[0]) for kind, words in KEY.items() if kind in kinds]
    x, y = left, top - 0.12
    for kind, words, need in entries:
        if x > left and x + need > left + width:
            x, y = left, y - 0.28
        if kind == "random":
            shape = shapes.ellipse(x + 0.23, y, 0.34, 0.22)
            from matplotlib.patches import Polygon

            look = {"facecolor": palette.tint(palette.CODE), "edgecolor": palette.shade(palette.CODE)}
            axis.add_patch(Polygon(shape, closed=True, linewidth=1.6, **look))
        else:
            ends = [(x, y), (x + 0.46, y)]
            drawn = {"gradient": "passes", "stop": "stops"}.get(kind, kind)
            ends = ends[::-1] if drawn in ("passes", "stops") else ends
            stroke(axis, [head(axis, ends, drawn, f"key {kind}")], drawn)
        axis.text(x + 0.54, y, words, size=shapes.NOTE, va="center", color=palette.INK, zorder=6)
        x += need
    return top - y + 0.14 if entries else 0.0
