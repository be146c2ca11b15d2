"""Where the blocks of a drawing stand: in columns from left to right, branches in lanes, long networks in rows.

All lengths are in inches.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from coursekit.plots import palette
from coursekit.plots.network_words import across, marks_of, weights

FONT, HEADING = 11, 12.5  # points
LINE = FONT / 72 * 1.22
TALLEST, LARGEST_UNIT = 1.45, 0.3  # the tallest block; what a length of 1 is at most
LEAST, TOWER, DEEP = 0.16, 0.2, 0.06  # the smallest side; a tower's width; how much the maps add to a stack's depth
GAP, PART_GAP, MARGIN = 0.17, 0.2, 0.1
LANE_GAP, ARC = 0.16, 0.17


@dataclass
class Node:
    """A block at its place."""

    block: Any
    part: int
    color: str
    weights_color: str = palette.ENCODER  # of the network that it belongs to
    sources: list = field(default_factory=list)  # nodes
    dashed: bool = False  # what comes in is no plain output of the node before, but a sample of it, or data too
    lines: list = field(default_factory=list)  # [(text, "size", "plain" or "weights")]
    column: int = 0
    lane: int = 0
    band: int = 0
    width: float = 0.0  # of the front, without the depth
    height: float = 0.0
    depth: float = 0.0
    x: float = 0.0  # of the middle of front and depth
    y: float = 0.0
    text_y: float = 0.0
    room: float = 0.0  # the column's width
    top_of_lane: float = 0.0  # above all blocks beside it
    top_of_band: float = 0.0
    value: Any = None  # its activations for one example
    picture: bool = False  # whether these are an image
    logits: bool = False  # of the image's pixels
    again: float = 0.0  # the width of its ghost
    ghost: bool = False  # a block of a row above once more, where it is taken

    @property
    def left(self):
        return self.x - (self.width + self.depth) / 2

    @property
    def right(self):
        return self.x + (self.width + self.depth) / 2

    @property
    def bottom(self):
        return self.y - self.total_height / 2

    @property
    def total_height(self):
        return self.height + 0.6 * self.depth

    @property
    def form(self):
        """tower, matrix, stack, join or box."""
        if self.picture:
            return "stack"
        if self.block.kind in ("merge", "network"):
            return {"merge": "join", "network": "box"}[self.block.kind]
        return ("tower", "tower", "matrix")[len(self.block.shape)] if len(self.block.shape) < 3 else "stack"


@lru_cache(maxsize=4096)
def text_width(text, bold=False, size=FONT):
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    if not text.strip():
        return 0.0
    font = FontProperties(weight="bold" if bold else "normal")
    return TextPath((0, 0), text, size=size, prop=font).get_extents().width / 72


def lengths(shape):
    """(height, width, depth) of a block of this shape in units. A map, or a layer, of n numbers is as tall as the cube
    root of n, so that a layer of 784 is as tall as a map of 28 x 28; a stack of n maps is as deep, a sequence of n steps
    as long."""
    sides = [32 if side is None else max(side, 1) for side in shape]
    if len(sides) < 2:
        return (sides[0] if sides else 1) ** (1 / 3), 0, 1
    if len(sides) == 2:  # a sequence: each step is a layer
        return sides[1] ** (1 / 3), sides[0] ** (1 / 3), 1
    return sides[-3] ** (2 / 3), sides[-2] ** (2 / 3), sides[-1] ** (1 / 3)


def give_sizes(nodes):
    """Every node's width, height and depth, in one scale for the whole drawing, the smaller the more is in it."""
    columns, lanes = len({node.column for node in nodes}), max(node.lane for node in nodes)
    tallest = TALLEST * (1.0 if columns <= 9 else 0.75) * (1.0 if lanes < 2 else 0.7)
    units = [lengths(node.block.shape) for node in nodes]
    shown = [max(unit[:2]) for node, unit in zip(nodes, units, strict=True) if node.form not in ("join", "box")]
    scale = min(LARGEST_UNIT, tallest / max(shown, default=1))
    for node, (height, width, depth) in zip(nodes, units, strict=True):
        node.height, node.width, node.depth = max(height * scale, LEAST), max(width * scale, LEAST), 0.0
        text = text_width(across(node.block.shape), bold=True)
        node.again = max(node.width + (DEEP * (depth - 1) if len(node.block.shape) > 2 else 0) + 2 * GAP, text + GAP)
        if node.form == "join":
            node.height, node.width = 0.32, 0.66 if node.block.short[0].isalpha() else 0.32
        elif node.form == "box":
            node.height, node.width = 0.6, text_width(node.block.name, bold=True) + 0.24
        elif node.form == "tower":
            node.width = TOWER
        elif node.picture:
            node.width = max(width * scale, LEAST) if width else node.height
        elif node.form == "stack":
            node.depth = DEEP * (depth - 1)


def give_lines(node, named=False, narrow=False):
    """What stands below a block. named: its layer's name too. narrow: the word "weights" in a line of its own."""
    block = node.block
    size = block.short if node.form == "join" and not node.block.short[0].isalpha() else None
    side = round(max(1, block.shape[0] or 1) ** 0.5) if block.shape else 1
    shown = (
        f"{across(block.shape)} = {side} × {side}" if node.picture and len(block.shape) == 1 else across(block.shape)
    )
    lines = [] if size else [(shown, "size")]
    if block.kind == "input":
        lines.append((block.name if not block.name.startswith(("input", "keras_tensor")) else "input", "plain"))
    if block.kind == "network":
        lines = [(across(block.shape), "size")]
    plain = [*block.notes, *(block.short if node.form not in ("join", "box") else ())]
    lines += [(line, "plain") for line in _wrapped(plain)]
    lines += [(line, "plain") for line in _wrapped([marks_of(block.marks)])]
    if named and block.kind != "input":
        lines.insert(min(1, len(lines)), (f"“{block.name}”", "plain"))
    if block.weights:
        said = weights(block.weights)
        lines += [(line, "weights") for line in (said.rsplit(" ", 1) if narrow else [said])]
    node.lines = lines


def _wrapped(lines, widest=1.15):
    """Lines broken at a comma or a space where they are too wide."""
    found = []
    for line in lines:
        words = line.replace(", ", ",\0").split("\0") if ", " in line else line.split(" ")
        glue = " " if ", " not in line else " "
        now = ""
        for word in words:
            longer = f"{now}{glue}{word}" if now else word
            if now and text_width(longer) > widest:
                found.append(now)
                now = word
            else:
                now = longer
        found += [now] if now else []
    return found


def give_columns(nodes):
    """Column and lane of the nodes of one part, numbered from 0: the longest way in lane 0, branches below it. Sources
    outside of the part do not count."""
    inside = {id(node) for node in nodes}
    sources = {id(node): [source for source in node.sources if id(source) in inside] for node in nodes}
    takers = {id(node): [] for node in nodes}
    for node in nodes:
        for source in sources[id(node)]:
            takers[id(source)].append(node)
    depth, before = {}, {}
    for node in nodes:
        best = max(sources[id(node)], key=lambda source: depth[id(source)], default=None)
        depth[id(node)], before[id(node)] = (depth[id(best)] + 1 if best else 0), best
    main, node = [], max(nodes, key=lambda node: depth[id(node)])
    while node is not None:
        main.append(node)
        node = before[id(node)]
    placed = {id(node) for node in main}
    for node in reversed(nodes):
        late = [taker.column - 1 for taker in takers[id(node)]]
        node.column = min(late) if late and id(node) not in placed else depth[id(node)]
    taken = {}
    while len(placed) < len(nodes):
        ready = [node for node in nodes if id(node) not in placed and all(id(o) in placed for o in sources[id(node)])]
        node = min(ready, key=lambda node: min([source.lane for source in sources[id(node)]], default=len(nodes)))
        chain = [node]
        while following := [each for each in takers[id(chain[-1])] if id(each) not in placed and each not in chain]:
            chain.append(following[0])
        begin = min([source.column for source in sources[id(node)]], default=node.column - 0.5)
        end = max([taker.column for taker in takers[id(chain[-1])]], default=chain[-1].column + 0.5)
        lane = 1
        while any(begin < other_end and other_begin < end for other_begin, other_end in taken.get(lane, [])):
            lane += 1
        taken.setdefault(lane, []).append((begin, end))
        for each in chain:
            each.lane = lane
        placed |= {id(each) for each in chain}


def column_widths(nodes):
    """{column: width}: room for the blocks in it and for what stands below them."""
    widths = dict.fromkeys(sorted({node.column for node in nodes}), 0.0)
    for node in nodes:
        text = max((text_width(text, kind == "size") for text, kind in node.lines), default=0)
        widths[node.column] = max(widths[node.column], text + GAP, node.width + node.depth + 2 * GAP)
    return widths


def give_bands(nodes, widest):
    """Break the columns, numbered through all parts, into rows of at most `widest`: as few as possible, of like
    widths, rather between parts, and rather not across a shortcut. Returns what that costs, about 10 a row."""
    widths = column_widths(nodes)
    columns, part_of = list(widths), {node.column: node.part for node in nodes}
    jumps = [(source.column, node.column, id(source)) for node in nodes for source in node.sources]
    again = {node.column: node.again for node in nodes if node.lane == 0}
    plain = {node.column for node in nodes if not node.dashed}
    best = {0: (0.0, None)}
    for end in range(1, len(columns) + 1):
        options = []
        for begin in range(end):
            inner = columns[begin:end]
            changes = sum(part_of[a] != part_of[b] for a, b in zip(inner, inner[1:], strict=False))
            ghost = again[columns[begin - 1]] if begin and columns[begin] in plain else 0.0  # drawn once more
            width = ghost + sum(widths[column] for column in inner) + PART_GAP * changes
            if width > widest and len(inner) > 1:
                continue
            crossed = {which for a, b, which in jumps if begin and a < columns[begin] <= b}
            split = begin and part_of[columns[begin]] == part_of[columns[begin - 1]]
            cost = 10 + 4 * (1 - width / widest) ** 2 + 5 * max(len(crossed) - 1, 0) + 6 * bool(split)
            options.append((best[begin][0] + cost, begin))
        best[end] = min(options)
    breaks, end = [], len(columns)
    while end:
        breaks.append(best[end][1])
        end = best[end][1]
    for node in nodes:
        node.band = sum(node.column >= columns[begin] for begin in breaks) - 1
    return best[len(columns)][0]


def ghosts(nodes):
    """What a row takes from rows above, once more at its beginning, or below the block that takes it; the connections
    begin there."""
    made = {}
    for node in sorted(nodes, key=lambda node: (node.column, node.lane)):
        first = min(other.column for other in nodes if other.band == node.band)
        for place, source in enumerate(node.sources):
            if source.band == node.band or node.dashed:
                continue
            key = id(source), node.band
            if key not in made:
                begins = node.column == first and not any(ghost.column < first and ghost.band == node.band and
                                                          ghost.lane == node.lane for ghost in made.values())  # fmt: skip
                ghost = replace(source, ghost=True, band=node.band, sources=[], part=node.part, lines=[])
                ghost.block = replace(source.block, repeats=1, kind="input", sources=[])
                ghost.column, ghost.lane = (
                    (first - 0.5, node.lane) if begins else (max(node.column - 1, first - 0.5), 1)
                )
                while not begins and any(o.band == ghost.band and o.lane == ghost.lane and abs(o.column - ghost.column) < 1
                                         for o in [*nodes, *made.values()]):  # fmt: skip
                    ghost.lane += 1
                size = next((text for text, kind in source.lines if kind == "size"), across(source.block.shape))
                ghost.lines = [(size, "plain"), ("from above", "weights")]
                made[key] = ghost
            node.sources[place] = made[key]
    return list(made.values())


def arcs_of(nodes):
    """{(id of source, id of node): level} of the connections that pass over other blocks of their lane, in one row."""
    spans = []
    for node in nodes:
        for source in node.sources:
            same = source.band == node.band and source.lane == node.lane
            between = any(
                o.lane == node.lane and o.band == node.band and source.column < o.column < node.column for o in nodes
            )
            if same and between:
                spans.append((node.column - source.column, source, node))
    levels, used = {}, []
    for _, source, node in sorted(spans, key=lambda span: span[0]):
        level = 1
        while any(lane == node.lane and band == node.band and level == at and source.column < end and begin < node.column
                  for at, begin, end, lane, band in used):  # fmt: skip
            level += 1
        used.append((level, source.column, node.column, node.lane, node.band))
        levels[id(source), id(node)] = level
    return levels


def give_places(nodes, widths, arcs, headings):
    """x and y of all nodes. headings: rows that have one, a set. Returns the drawing's (width, height)."""
    bands = [[node for node in nodes if node.band == band] for band in range(max(node.band for node in nodes) + 1)]
    widest = max(_band_width(band, widths) for band in bands)
    y = 0.0
    for number, band in enumerate(bands):
        part, x = None, MARGIN
        for column in sorted({node.column for node in band}):
            here = [node for node in band if node.column == column]
            x += PART_GAP if part is not None and here[0].part != part else 0
            part = here[0].part
            for node in here:
                node.x, node.room = x + widths[column] / 2, widths[column]
            x += widths[column]
        y -= 0.34 if number in headings else 0.0
        for node in band:
            node.top_of_band = y
        for lane in range(max(node.lane for node in band) + 1):
            row = [node for node in band if node.lane == lane]
            if not row:
                continue
            own = {(id(source), id(node)) for node in row for source in node.sources}
            y -= ARC * max((arcs[pair] for pair in own if pair in arcs), default=0)
            y -= 0.27 * any(node.block.repeats > 1 or node.block.kind == "recurrent" for node in row)
            tall = max(node.total_height for node in row)
            for node in row:
                node.top_of_lane = y
                node.y, node.text_y = y - tall / 2, y - tall - 0.07
            y -= tall + 0.07 + LINE * max(len(node.lines) for node in row) + LANE_GAP
        y -= 0.06
    return widest + 2 * MARGIN, -y - 0.16


def _band_width(band, widths):
    columns = sorted({node.column: node.part for node in band}.items())
    changes = sum(a[1] != b[1] for a, b in zip(columns, columns[1:], strict=False))
    return sum(widths[column] for column, _ in columns) + PART_GAP * changes


def color_of(block, part, follows_code, is_first):
    """What a block's color says: data, a code, or whose weights made it."""
    if block.kind != "input":
        return palette.CODE if follows_code and block.is_output else part.color
    makes = part.color in (palette.DECODER, palette.GENERATOR)
    of_part_before = not is_first and len(block.shape) == 1 and part.color != palette.DISCRIMINATOR and not part.inside
    if makes or of_part_before or block.name == "code":
        return palette.CODE
    return part.color if block.taken else palette.DATA
