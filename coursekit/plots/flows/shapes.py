"""The shapes of a flow: how large a box must be for what it says and shows, its outline, its color."""

import textwrap
from functools import lru_cache

import numpy as np

from coursekit.plots import palette
from coursekit.plots.flows.words import plain

NAME, NOTE, TITLE = 13.5, 12, 14  # points
PAD = 0.09  # inches from a text to its frame
SLANT = 0.13  # of an encoder's or a decoder's upper and lower edge: inches over its width
MAKERS, JUDGES = ("decoder", "generator"), ("discriminator", "critic", "scorer", "judge")
EMPTY = {"...", "…", "⋮", "⋯", r"$\vdots$", r"$\cdots$", r"$\ldots$"}  # labels without a frame


@lru_cache(maxsize=4096)
def measure(text, size, weight="normal"):
    """(width, height) of a text, in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1), dpi=100)
    renderer = FigureCanvasAgg(figure).get_renderer()
    extent = figure.text(0, 0, text, size=size, weight=weight, linespacing=1.1).get_window_extent(renderer)
    return extent.width / 100, extent.height / 100


def wrapped(text, width):
    """`text` on lines of at most `width` letters, if it holds no mathematics and no line breaks of its own."""
    text = str(text)
    return (
        text
        if "\n" in text or "$" in text
        else textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    )


def color_of(graph, box, given):
    """What the course colors it: weights by what they do, values by what made them."""
    if box.name in given:
        return given[box.name]
    name = plain(box.label).lower()
    if box.kind == "network":
        if any(word in name for word in MAKERS) or plain(box.label) == "G":
            return palette.GENERATOR
        judges = any(word in name for word in JUDGES) or plain(box.label) == "D"
        return palette.DISCRIMINATOR if judges else palette.ENCODER
    if box.kind != "data":
        return {"random": palette.CODE, "code": palette.CODE, "loss": palette.LOSS}[box.kind]
    made_by = [graph.boxes[arrow.source] for arrow in graph.into(box.name)]
    networks = [color_of(graph, maker, given) for maker in made_by if maker.kind == "network"]
    if networks:
        return palette.GENERATOR if palette.GENERATOR in networks else palette.MUTED
    values = [color_of(graph, maker, given) for maker in made_by if maker.kind == "data"]
    return values[0] if values else palette.MUTED if made_by else palette.DATA


def texts_of(box):
    """[(text, size, weight, style)] that belong to a box, from the top."""
    lines = [(wrapped(box.label, 16), NAME, "bold" if box.kind == "network" else "normal", "normal")]
    if box.kind == "network" and box.moves is not None:
        lines.append(("weights move" if box.moves else "held fixed", NOTE, "normal", "italic"))
    return lines + [(wrapped(note, 20), NOTE, "normal", "normal") for note in box.notes]


def size(box, picture):
    """Set a box's width, height and room, from what it says and shows. picture: inches of a picture's side."""
    sizes = [measure(*line[:3]) for line in texts_of(box)]
    wide, high = max(w for w, _ in sizes), sum(h for _, h in sizes) + 0.05 * (len(sizes) - 1)
    below = 0.0
    if box.picture is not None:
        box.width, box.height = np.array(sheet(box.picture).shape[1::-1]) * _scale(box.picture, picture)
        below = high + 0.06
    elif box.kind == "random":
        (w, h), rest = sizes[0], sizes[1:]
        box.width, box.height = max(1.3 * w + 2 * PAD, 0.52), max(1.3 * h + 2 * PAD, 0.52)
        below = sum(h for _, h in rest) + 0.05 * len(rest)
    else:
        slack = 2 * SLANT if slanted(box) else 0
        box.width = max(wide + 2 * PAD + slack * box.turned, 0.45)
        box.height = max(high + 2 * PAD + slack * (not box.turned), 0.42)
        if box.kind == "loss":
            box.width += 0.16
        if box.label in EMPTY:
            box.width, box.height = wide + 0.08, high + 0.08
    box.left = box.right = max(box.width, wide if below else 0) / 2
    box.up, box.down = box.height / 2, box.height / 2 + below


def slanted(box):
    """1 for what narrows (encoder), -1 for what widens (decoder, generator), else 0."""
    name = plain(box.label).lower()
    if box.kind != "network":
        return 0
    return 1 if "encoder" in name else -1 if any(word in name for word in MAKERS) or plain(box.label) == "G" else 0


def _tiles(picture):
    """A picture ([h, w], [h, w, 3], [h*w]) or pictures ([n, h, w], [n, h*w], ...) as [n, h, w] or [n, h, w, 3]."""
    array = np.asarray(picture, dtype=float)
    side = round(array.shape[-1] ** 0.5)
    if array.ndim == 1:
        array = array.reshape(side, side)
    elif array.ndim == 2 and side >= 8 and side**2 == array.shape[1] != array.shape[0]:
        array = array.reshape(-1, side, side)
    if array.ndim == 2 or (array.ndim == 3 and array.shape[-1] in (1, 3)):
        array = array[None]
    return array[..., 0] if array.ndim == 4 and array.shape[-1] == 1 else array


def sheet(picture):
    """One picture as it is, several as a sheet with a line of paper between them."""
    tiles = _tiles(picture)
    if len(tiles) == 1:
        return tiles[0]
    across = int(np.ceil(len(tiles) ** 0.5))
    blank = 0.0 if tiles.ndim == 3 else 1.0
    rows = []
    for start in range(0, len(tiles), across):
        row = list(tiles[start : start + across])
        row += [np.full_like(row[0], blank)] * (across - len(row))
        edge = [np.full_like(row[0][:, :1], blank)]
        rows.append(np.concatenate([part for tile in row for part in (tile, *edge)][:-1], axis=1))
    line = [np.full_like(rows[0][:1], blank)]
    return np.concatenate([part for row in rows for part in (row, *line)][:-1], axis=0)


def _scale(picture, inches):
    """Inches a pixel: one picture is `inches` wide, a sheet of several half as much again."""
    tiles = _tiles(picture)
    return inches * (1.4 if len(tiles) > 1 else 1) / max(sheet(picture).shape[:2])


def outline(box):
    """The corners [n, 2] of a box's shape, in inches."""
    left, right = box.x - box.width / 2, box.x + box.width / 2
    bottom, top = box.y - box.height / 2, box.y + box.height / 2
    slant = SLANT * slanted(box)
    if box.kind == "loss":
        cut = min(0.12, box.height / 3)
        upper = [(left, top - cut), (left + cut, top), (right - cut, top), (right, top - cut)]
        lower = [(right, bottom + cut), (right - cut, bottom), (left + cut, bottom), (left, bottom + cut)]
        return np.array([*upper, *lower])
    if box.kind == "random":
        return ellipse(box.x, box.y, box.width, box.height)
    before, behind = (0, slant) if slant > 0 else (-slant, 0)
    if box.turned and slant:
        return np.array(
            [(left + before, top), (right - before, top), (right - behind, bottom), (left + behind, bottom)]
        )
    return np.array([(left, top - before), (right, top - behind), (right, bottom + behind), (left, bottom + before)])


def ellipse(x, y, width, height):
    """Its outline as a polygon [72, 2]."""
    angle = np.linspace(0, 2 * np.pi, 73)[:-1]
    return np.stack([x + width / 2 * np.cos(angle), y + height / 2 * np.sin(angle)], -1)


def touch(box, end, inside):
    """Where a line that comes from `end` straight toward the box meets its shape; `end` itself below a box's notes."""
    (x, y), corners = end, outline(box)
    level = abs(inside[0]) > abs(inside[1])  # the direction into the box
    hits = []
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if level and min(ay, by) - 1e-9 <= y <= max(ay, by) + 1e-9 and ay != by:
            hits.append((ax + (bx - ax) * (y - ay) / (by - ay), y))
        if not level and min(ax, bx) - 1e-9 <= x <= max(ax, bx) + 1e-9 and ax != bx:
            hits.append((x, ay + (by - ay) * (x - ax) / (bx - ax)))
    if not hits or (not level and inside[1] > 0 and box.down > box.height / 2 + 0.01):
        return end
    return min(hits, key=lambda hit: abs(hit[0] - x) + abs(hit[1] - y))
