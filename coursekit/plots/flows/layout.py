"""Where the boxes of a flow stand, in inches: columns by their widths, rows by their heights, nothing overlapping."""

from itertools import pairwise

from coursekit.plots.flows.shapes import NOTE, measure

GAP = 0.46  # between boxes of neighboring columns
GAP_ROWS = 0.34
FRAME = 0.14  # from the boxes of a group to its frame
TITLE = 0.3  # a group's title


def place(panels, *, down=False, label_sizes=None, gap=GAP):
    """Set `x` and `y` of every box. Panels of as many columns stand alike, so that they can be compared.

    Args:
        panels: [(graph, {title of a group: names})]. label_sizes: {arrow's name: (width, height)}. gap: the least.
    """
    for graph, _ in panels:
        _grow(graph, down)
    needs = [_columns(graph, groups, down, label_sizes or {}, gap) for graph, groups in panels]
    if len({len(need) for need in needs}) == 1:
        alike = [tuple(map(max, *column)) if len(needs) > 1 else column[0] for column in zip(*needs, strict=True)]
        needs = [alike] * len(panels)
    for (graph, groups), need in zip(panels, needs, strict=True):
        along, at = [], 0.0
        for gap_before, before, behind in need:
            at += gap_before + before if along else 0.0
            along.append(at)
            at += behind
        boxes = list(graph.boxes.values())
        across = _rows(boxes, groups, down)
        first = min(box.column for box in boxes)
        for box in boxes:
            x, y = along[box.column - first], -across[box.row]
            box.x, box.y = (round(-y, 3), round(-x, 3)) if down else (round(x, 3), round(y, 3))
        _stretch(graph, down)
        _stand_apart(graph, groups)


def _stand_apart(graph, groups):
    for title, names in groups.items():
        left, right, bottom, top = frame(graph, title, names)
        for box in graph.boxes.values():
            edges = box.bounds
            meets = edges[0] < right and edges[1] > left and edges[2] < top and edges[3] > bottom
            if box.name not in names and meets:
                raise ValueError(
                    f"Expected the group {title!r} to stand apart, got {box.name!r} within its frame. Put {box.name!r} "
                    "into the group, give rows=[...] that keep it out, or shorten the title."
                )


def frame(graph, title, names):
    """(left, right, bottom, top) of a group's frame, its title included."""
    bounds = [graph.boxes[name].bounds for name in names]
    left, right, bottom, top = (
        pick(edge) for pick, edge in zip((min, max, min, max), zip(*bounds, strict=True), strict=True)
    )
    right = max(right + FRAME, left - FRAME + measure(title, NOTE)[0] + 0.2)
    return left - FRAME, right, bottom - FRAME, top + FRAME + TITLE


def _columns(graph, groups, down, label_sizes, least):
    """[(gap before, inches before its center, inches behind)] of the columns along the flow.

    A gap is as wide as the notes on its arrows and the lines that turn in it need.
    """
    boxes = graph.boxes.values()
    numbers = range(min(box.column for box in boxes), max(box.column for box in boxes) + 1)
    before, behind = dict.fromkeys(numbers, 0.0), dict.fromkeys(numbers, 0.0)
    for box in boxes:
        before[box.column] = max(before[box.column], box.up if down else box.left)
        behind[box.column] = max(behind[box.column], box.down if down else box.right)
    for title, names in groups.items():
        inside = range(
            min(graph.boxes[name].column for name in names), max(graph.boxes[name].column for name in names) + 1
        )
        wide = sum(before[n] + behind[n] for n in inside) + least * (len(inside) - 1)
        before[inside[0]] += FRAME + TITLE if down else FRAME
        behind[inside[-1]] += FRAME + (0 if down else max(0, measure(title, NOTE)[0] - wide))
    found = []
    for number in numbers:
        gap, turns = least, set()
        for arrow in graph.arrows:
            source, target = graph.boxes[arrow.source], graph.boxes[arrow.target]
            if arrow.kind != "shared" and target.column == number:
                if source.column == number - 1:
                    label = label_sizes.get(arrow.name, (0, 0))[1 if down else 0]
                    gap = max(gap, label + 0.3 if label else 0, 0.62 if arrow.gradient == "stops" else 0)
                if source.row != target.row:
                    turns.add(source.name)
        gap = max(gap, 0.36 + 0.15 * (len(turns) - 1) if turns else 0)
        found.append((gap, before[number], behind[number]))
    return found


def _rows(boxes, groups, down):
    """{row: its center across the flow}: rows are spread until no two boxes of one column touch."""
    values = sorted({box.row for box in boxes})
    steps = [0.2 * (high - low) for low, high in pairwise(values)]
    pairs = []
    for column in {box.column for box in boxes}:
        line = sorted((box for box in boxes if box.column == column), key=lambda box: box.row)
        for one, other in pairwise(line):
            need = one.right + GAP + other.left if down else one.down + GAP_ROWS + other.up
            for names in groups.values():
                if (one.name in names) != (other.name in names):
                    need += FRAME + (TITLE if other.name in names and not down else 0)
            pairs.append((values.index(one.row), values.index(other.row), need))
    for low, high, need in sorted(pairs, key=lambda pair: pair[1] - pair[0]):
        have = sum(steps[low:high])
        if have < need:
            steps[low:high] = [step * need / have for step in steps[low:high]]
    heights = [0.0]
    for step in steps:
        heights.append(heights[-1] + step)
    return dict(zip(values, heights, strict=True))


def _grow(graph, down):
    """Make room on a box's side for the heads of all arrows that enter there."""
    for box in graph.boxes.values():
        heads = sum(graph.boxes[arrow.source].kind != "random" for arrow in graph.into(box.name))
        more = (0.25 * heads - (box.width if down else box.height)) / 2
        if heads < 2 or more <= 0 or box.kind == "random" or box.picture is not None:
            continue
        if down:
            box.width, box.left, box.right = box.width + 2 * more, box.left + more, box.right + more
        else:
            box.height, box.up, box.down = box.height + 2 * more, box.up + more, box.down + more


def _stretch(graph, down):
    """A network with three or more arrows on one side, alone in its column, grows as tall as what it is joined to."""
    for box in graph.boxes.values():
        into, out_of = graph.into(box.name), graph.out_of(box.name)
        sides = [graph.boxes[a.source] for a in into], [graph.boxes[a.target] for a in out_of]
        alone = sum(other.column == box.column for other in graph.boxes.values()) == 1
        joined = [other for side in sides if len(side) >= 3 for other in side if abs(other.column - box.column) == 1]
        if box.kind != "network" or not alone or not joined:
            continue
        box.stretched = True
        if down:
            half = max(abs(other.x - box.x) + other.width / 2 for other in joined)
            box.width, box.left, box.right = max(box.width, 2 * half), max(box.left, half), max(box.right, half)
        else:
            half = max(abs(other.y - box.y) + other.height / 2 for other in joined)
            box.height, box.up, box.down = max(box.height, 2 * half), max(box.up, half), max(box.down, half)
