"""The arrows of a flow, drawn, with the gradients beside them, the bars where these stop, and what is written there."""

from itertools import pairwise

import numpy as np

from coursekit.plots import palette
from coursekit.plots.flows import shapes

TRACK = 0.075  # inches from the middle of a way to its data and to its gradient
HEAD = 0.13
ROUND = 0.09


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
    """The color of an arrow of this kind."""
    return {"passes": palette.GRADIENT, "stops": palette.GRADIENT, "shared": palette.MUTED}.get(kind, palette.INK)


def head(axis, points, kind, gid):
    """Draw the end of a line: a head, for a gradient that stops a bar. Returns the line up to there."""
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
    """Lines with round corners, on wider ones of paper: of two that cross, the higher level bridges the other."""
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


def notes(axis, graph, blocked, room):
    """What is written on arrows: beside a piece of the way that is theirs alone, where it touches nothing.

    blocked: rectangles (left, right, bottom, top) to keep off. room: the rectangle of the panel. Returns all that were
    written on.
    """
    written = []
    taken = [box.bounds for box in graph.boxes.values()] + list(blocked)
    pieces = [(*points, arrow) for arrow in graph.arrows for points in pairwise(arrow.points)]
    for arrow in graph.arrows:
        for text, name, sides in ((arrow.note, "note", (1, -1)), (arrow.gradient_note, "slope", (-1,))):
            if not text:
                continue
            text = shapes.wrapped(text, 22)
            width, height = shapes.measure(text, shapes.NOTE)
            sides = (1,) if name == "note" and arrow.gradient else sides  # left of the way, its gradient's right
            cost = lambda spot, size=(width, height): spot[2] + _overlap(spot, size, taken, pieces, room)
            x, y, _ = min(_spots(arrow, pieces, width, height, sides), key=cost)
            written.append((x - width / 2, x + width / 2, y - height / 2, y + height / 2))
            taken.append(written[-1])
            shown = axis.text(x, y, text, size=shapes.NOTE, ha="center", va="center", linespacing=1.1, zorder=7)
            shown.set(gid=f"{name} {arrow.name}", color=palette.INK if name == "note" else palette.GRADIENT)
    return written


def _spots(arrow, pieces, width, height, sides):
    """[(x, y, price)] beside an arrow, for a text of this size: dear far away, and where other arrows run along."""
    spots = []
    others = [piece for piece in pieces if piece[2] is not arrow]
    for one, two in pairwise(arrow.points):
        leg = np.subtract(two, one)
        length = np.hypot(*leg)
        normal = np.array([-leg[1], leg[0]]) / length
        for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9):
            x, y = one + share * leg
            shared = any(_covers(piece, (x - 0.01, x + 0.01, y - 0.01, y + 0.01)) for piece in others)
            for away in (0.05, 0.13, 0.21, 0.3):
                for side in sides:
                    room = away + (TRACK if arrow.gradient else 0)
                    aside = side * normal * (height / 2 + room if one[1] == two[1] else width / 2 + room + 0.03)
                    below = 0.01 if aside[1] < 0 else 0
                    spots.append((x + aside[0], y + aside[1], 2 * away + 3 * shared - 0.1 * length + below))
    return spots


def _covers(piece, area):
    (ax, ay), (bx, by), _ = piece
    return max(ax, bx) > area[0] and min(ax, bx) < area[1] and max(ay, by) > area[2] and min(ay, by) < area[3]


def _overlap(spot, size, taken, pieces, room):
    """How badly a text of this size at this spot covers what is drawn already, or leaves the room."""
    left, right = spot[0] - size[0] / 2 - 0.03, spot[0] + size[0] / 2 + 0.03
    bottom, top = spot[1] - size[1] / 2 - 0.02, spot[1] + size[1] / 2 + 0.02
    met = sum(left < other[1] and right > other[0] and bottom < other[3] and top > other[2] for other in taken)
    outside = left < room[0] or right > room[1] or bottom < room[2] or top > room[3]
    return 20 * met + 10 * sum(_covers(piece, (left, right, bottom, top)) for piece in pieces) + 2 * outside
