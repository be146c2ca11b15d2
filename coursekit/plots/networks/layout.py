"""Where the blocks of a drawing stand: in columns from left to right, branches in lanes, long networks in rows.

All lengths are in inches.
"""

from dataclasses import replace
from itertools import pairwise

from coursekit.plots.networks.nodes import FONT, GAP, text_width
from coursekit.plots.networks.words import across

LINE = FONT / 72 * 1.22
PART_GAP, MARGIN = 0.2, 0.1
LANE_GAP, ARC = 0.16, 0.17


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
            changes = sum(part_of[a] != part_of[b] for a, b in pairwise(inner))
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
        for place, source in enumerate(node.sources):
            if source.band == node.band or node.dashed:
                continue
            if (id(source), node.band) not in made:
                beside = [other for other in [*nodes, *made.values()] if other.band == node.band]
                made[id(source), node.band] = _ghost(source, node, beside)
            node.sources[place] = made[id(source), node.band]
    return list(made.values())


def _ghost(source, node, beside):
    """beside: what stands in the node's row already."""
    ghost = replace(source, ghost=True, band=node.band, sources=[], part=node.part, column=node.column - 1)
    ghost.block = replace(source.block, repeats=1, kind="input", sources=[])
    ghost.lines = [(across(source.block.shape), "plain"), ("from above", "weights")]
    first = min(other.column for other in beside if not other.ghost)
    if node.column == first:
        ghost.column = first - 0.5
    ghost.lane = node.lane if ghost.column < first else max(node.lane, 1)
    while any(other.lane == ghost.lane and abs(other.column - ghost.column) < 0.5 for other in beside):
        ghost.lane += 1
    return ghost


def arcs_of(nodes):
    """{(id of source, id of node): level} of the connections that pass over other blocks of their lane, in one row."""
    pairs = [(source, node) for node in nodes for source in node.sources]
    pairs = [(source, node) for source, node in pairs if source.band == node.band and source.lane == node.lane]
    over = [pair for pair in pairs if any(_is_between(other, *pair) for other in nodes)]
    levels, drawn = {}, []
    for source, node in sorted(over, key=lambda pair: pair[1].column - pair[0].column):
        level = 1
        while any(at == level and _overlap(source, node, *pair) for at, pair in drawn):
            level += 1
        drawn.append((level, (source, node)))
        levels[id(source), id(node)] = level
    return levels


def _is_between(other, source, node):
    return (other.lane, other.band) == (node.lane, node.band) and source.column < other.column < node.column


def _overlap(source, node, begin, end):
    return (node.lane, node.band) == (end.lane, end.band) and source.column < end.column and begin.column < node.column


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
    changes = sum(a[1] != b[1] for a, b in pairwise(columns))
    return sum(widths[column] for column, _ in columns) + PART_GAP * changes
