"""The ways of the arrows of a flow: straight where that is possible, else with right angles, around every box."""

import heapq
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

STUB = 0.15  # from a box to the first place where a line may turn
CLEAR = 0.12  # that lines keep from boxes
APART = 0.15  # between parallel lines
TURN = 0.45  # inches that a turn is worth
SIDES = {"right": (1, 0), "left": (-1, 0), "top": (0, 1), "bottom": (0, -1)}
FACING = {"right": "left", "left": "right", "top": "bottom", "bottom": "top"}


def route(graph, *, down=False, blocked=()):
    """Set `points` of every arrow: [(x, y), ...] from the edge of the source to the edge of the target.

    Arrows from one box, if no gradient goes beside them, leave together and part where their ways do.
    blocked: further rectangles (left, right, bottom, top) to go around, such as titles.
    """
    boxes = graph.boxes
    arrows = sorted(graph.arrows, key=lambda arrow: (arrow.kind != "data", _distance(boxes, arrow)))
    walls = [box.bounds for box in boxes.values()] + list(blocked)
    sides, ways = {}, []
    for arrow in arrows:  # first: which sides; then, with the places on each side shared out: the way
        pair = boxes[arrow.source], boxes[arrow.target]
        out, into = (SIDES, SIDES) if arrow.kind != "data" else _sides(down)
        starts = {side: _wish(pair[0], pair[1], side) for side in out}
        ends = {side: _wish(pair[1], pair[0], side) for side in into}
        bundle = _bundle(arrow, boxes)
        seen = [way for way in ways if way.bundle == bundle or not way.ends & {arrow.source, arrow.target}]
        way = _search(pair, starts, ends, walls, seen, down, bundle, arrow.kind)
        sides[id(arrow), 0], sides[id(arrow), 1] = way.sides
        ways.append(way)
    places = _share_out(boxes, arrows, sides, ways)
    ways = {}
    for arrow in arrows * 3:  # again and again: what came first did not know what came later
        pair = boxes[arrow.source], boxes[arrow.target]
        starts = {sides[id(arrow), 0]: places[id(arrow), 0]}
        ends = {sides[id(arrow), 1]: places[id(arrow), 1]}
        others = [way for key, way in ways.items() if key != id(arrow)]
        ways[id(arrow)] = _search(pair, starts, ends, walls, others, down, _bundle(arrow, boxes), arrow.kind)
        arrow.points = ways[id(arrow)].points


@dataclass
class Way:
    """A way that is found: its corners, the sides it leaves and enters by, the boxes it joins, who may run on it."""

    points: list
    sides: tuple
    ends: set
    bundle: object


def _bundle(arrow, boxes):
    """Arrows of one bundle may run on top of each other: those that carry the same thing."""
    alone = arrow.kind != "data" or arrow.gradient is not None or boxes[arrow.source].stretched
    return id(arrow) if alone else arrow.source


def _distance(boxes, arrow):
    one, other = boxes[arrow.source], boxes[arrow.target]
    return abs(one.x - other.x) + 3 * abs(one.y - other.y)


def _sides(down):
    """The sides that an arrow may leave and enter by: never against the flow."""
    if down:
        return ("bottom", "left", "right"), ("top", "left", "right")
    return ("right", "top", "bottom"), ("left", "top", "bottom")


def span(box, side):
    """The stretch of a side on which arrows may start and end, along x or y."""
    center, size = (box.y, box.height) if side in ("left", "right") else (box.x, box.width)
    half = max(0.0, size / 2 - 0.13) if box.kind != "random" else size / 5
    return center - half, center + half


def _wish(box, other, side):
    """Where on its side an arrow would like to be: right across from the other box, if that can be, or in the middle."""
    low, high = span(box, side)
    across = other.y if side in ("left", "right") else other.x
    return across if low <= across <= high else (low + high) / 2


def point(box, side, place):
    """The point of a box's edge (its notes included) at `place` along a side."""
    left, right, bottom, top = box.bounds
    if side in ("left", "right"):
        return round(left if side == "left" else right, 3), round(place, 3)
    return round(place, 3), round(bottom if side == "bottom" else top, 3)


def _share_out(boxes, arrows, sides, ways):
    """{(arrow, end): place along its side}: apart from each other, in the order in which they come, straight if can be.

    ways: one for each arrow, as they would be if arrows could meet.
    """
    at = {}  # {(box, side): {bundle: [(arrow, end)]}}
    comes = {}
    for arrow, way in zip(arrows, ways, strict=True):
        for end in (0, 1):
            side = sides[id(arrow), end]
            spot = at.setdefault(((arrow.source, arrow.target)[end], side), {})
            spot.setdefault(way.bundle if end == 0 else id(arrow), []).append((arrow, end))
            points = way.points[::-1] if end else way.points
            comes[id(arrow), end] = points[min(2, len(points) - 1)][side in ("left", "right")]
    places = {}
    for (name, side), bundles in sorted(at.items(), key=lambda item: -len(item[1])):
        low, high = span(boxes[name], side)

        def wish(members, name=name, side=side, low=low, high=high):
            """(place, weight): a place that makes the way straight weighs most."""
            arrow, end = members[0]  # the nearest: the arrows are sorted
            facing = sides[id(arrow), 1 - end] == FACING[side]
            partner = places.get((id(arrow), 1 - end))
            if partner is not None and facing and low <= partner <= high:
                return partner, 1000
            other = boxes[(arrow.target, arrow.source)[end]]
            across = other.y if side in ("left", "right") else other.x
            return _wish(boxes[name], other, side), 100 if facing and low <= across <= high else 1

        order = lambda members: sum(comes[id(arrow), end] for arrow, end in members) / len(members)
        units = sorted(bundles.values(), key=order)
        double = [any(arrow.gradient for arrow, _ in unit) for unit in units]
        rooms = [APART + 0.06 + 0.06 * (one or other) for one, other in pairwise(double)]
        for members, place in zip(units, spread([wish(unit) for unit in units], rooms, low, high), strict=True):
            places |= {(id(arrow), end): place for arrow, end in members}
    _align(boxes, arrows, sides, places, at)
    return places


def _align(boxes, arrows, sides, places, at):
    """Take the jog out of an arrow between two sides that face each other, where both sides have room for it."""

    def free(arrow, end, place):
        name, side = (arrow.source, arrow.target)[end], sides[id(arrow), end]
        low, high = span(boxes[name], side)
        bundles = [unit for unit in at[name, side].values() if (arrow, end) not in unit]
        others = [places[id(other), there] for unit in bundles for other, there in unit]
        return low - 1e-6 <= place <= high + 1e-6 and all(abs(place - other) >= APART - 0.01 for other in others)

    for arrow in arrows:
        first, last = (id(arrow), 0), (id(arrow), 1)
        if sides[first] != FACING[sides[last]] or abs(places[first] - places[last]) < 1e-6:
            continue
        for place in (places[first], places[last], (places[first] + places[last]) / 2):
            if free(arrow, 0, place) and free(arrow, 1, place):
                side = at[arrow.source, sides[first]]
                unit = next(unit for unit in side.values() if any(member[0] is arrow for member in unit))
                straight = [places[id(a), 1] for a, _ in unit if a is not arrow and sides[id(a), 1] == sides[last]]
                if place == places[first] or not any(abs(there - places[first]) < 1e-6 for there in straight):
                    places |= {(id(member), 0): place for member, _ in unit} | {last: place}
                    break


def spread(wishes, rooms, low, high):
    """Places nearest in squares to [(wish, weight), ...], in this order, `rooms` apart and within [low, high].

    Rooms that do not fit shrink alike.
    """
    shrink = min(1.0, (high - low) / sum(rooms)) if rooms else 1.0
    offsets = [sum(rooms[:number]) * shrink for number in range(len(wishes))]
    pools = []  # [mean of the shifted wishes, weight, members]: isotonic regression by pooling neighbors
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        pools.append([wish - offset, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, heavy, count = pools.pop()
            other = pools[-1]
            pools[-1] = [(other[0] * other[1] + mean * heavy) / (other[1] + heavy), other[1] + heavy, other[2] + count]
    shifted = [mean for mean, _, count in pools for _ in range(count)]
    return [min(max(place, low), high - offsets[-1]) + offset for place, offset in zip(shifted, offsets, strict=True)]


def _search(pair, starts, ends, walls, ways, down, bundle, kind):
    """The cheapest `Way` from one of `starts` to one of `ends` ({side: place})."""
    names = {pair[0].name, pair[1].name}
    straight = _straight(pair, starts, ends, walls)
    if straight:
        return Way(straight[2], straight[:2], names, bundle)
    first, last = {}, {}
    for found, box, places in ((first, pair[0], starts), (last, pair[1], ends)):
        for side, place in places.items():
            x, y = point(box, side, place)
            dx, dy = SIDES[side]
            found[round(x + STUB * dx, 3), round(y + STUB * dy, 3)] = side, (x, y)
    xs, ys = _lines(walls, [*first, *last])
    level, upright = _prices(np.array(xs), np.array(ys), walls, ways, bundle)
    columns, rows = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    goals = {(columns[x], rows[y]): side for (x, y), (side, _) in last.items()}
    cheap = ("bottom", "top") if down else ("right", "left")
    near = abs(pair[0].column - pair[1].column) == 1  # neighbors are joined face to face, but for what comes from aside
    leave, enter = 0.7 if near else 0.3, 0.0 if pair[0].kind == "random" else 0.7 if near else 0.3
    if kind != "data":
        leave = enter = 0.0
        if kind == "next":  # around the others
            cheap, leave, enter = (("left", "left") if down else ("top", "top")), 0.4, 0.4
    queue, best, count = [], {}, 0
    for (x, y), (side, _) in first.items():
        heapq.heappush(queue, (0.0 if side == cheap[0] else leave, count, (columns[x], rows[y]), SIDES[side], None))
        count += 1
    while queue:
        cost, _, place, heading, previous = heapq.heappop(queue)
        if (place, heading) in best:
            continue
        best[place, heading] = previous
        if place in goals and heading == SIDES[FACING[goals[place]]]:
            trail, state = [], (place, heading)
            while state is not None:
                trail.append((xs[state[0][0]], ys[state[0][1]]))
                state = best[state]
            (side, start), (other, end) = first[trail[-1]], last[trail[0]]
            return Way(_corners([start, *reversed(trail), end]), (side, other), names, bundle)
        for dx, dy in SIDES.values():
            there = place[0] + dx, place[1] + dy
            if (dx, dy) == (-heading[0], -heading[1]) or not (0 <= there[0] < len(xs) and 0 <= there[1] < len(ys)):
                continue
            low = min(place, there)
            price = (level if dx else upright)[low[1]][low[0]]
            if price == np.inf or (there, (dx, dy)) in best:
                continue
            count += 1
            price += TURN if (dx, dy) != heading else 0
            price += enter if goals.get(there, cheap[1]) != cheap[1] else 0
            heapq.heappush(queue, (cost + price, count, there, (dx, dy), (place, heading)))
    raise ValueError(
        f"Expected room for an arrow from {pair[0].name!r} to {pair[1].name!r}, got none. "
        "Give rows=[...] that put them farther apart from other boxes."
    )


def _straight(pair, starts, ends, walls):
    """(side, side, points) of a way without a turn between two sides that face each other, if nothing stands on it."""
    for side, place in starts.items():
        other = ends.get(FACING[side])
        if other is None or abs(place - other) > 0.002:
            continue
        one, two = point(pair[0], side, place), point(pair[1], FACING[side], place)
        ahead = (two[0] - one[0]) * SIDES[side][0] + (two[1] - one[1]) * SIDES[side][1]
        others = [wall for wall in walls if wall not in (pair[0].bounds, pair[1].bounds)]
        box = [*sorted((one[0], two[0])), *sorted((one[1], two[1]))]
        if ahead > 0 and not any(_meet(box, wall, CLEAR) for wall in others):
            return side, FACING[side], [one, two]
    return None


def _meet(box, wall, margin):
    return (
        box[1] > wall[0] - margin + 1e-6
        and box[0] < wall[1] + margin - 1e-6
        and box[3] > wall[2] - margin + 1e-6
        and box[2] < wall[3] + margin - 1e-6
    )


def _lines(walls, places):
    """The x and y at which lines may run: beside every wall, midway between walls, and where arrows start and end."""
    found = []
    for low, high, axis in ((0, 1, 0), (2, 3, 1)):
        values = {place[axis] for place in places}
        for wall in walls:
            values |= {round(wall[low] - d, 3) for d in (STUB, 2 * STUB)}
            values |= {round(wall[high] + d, 3) for d in (STUB, 2 * STUB)}
            behind = [other[low] for other in walls if other[low] > wall[high]]
            if behind:
                values.add(round((wall[high] + min(behind)) / 2, 3))
        for start, end in _empty([(wall[low], wall[high]) for wall in walls]):
            count = int((end - start - 2 * STUB) / (APART - 0.005))
            middle = (start + end) / 2
            values |= {round(middle + APART * (i - count / 2), 3) for i in range(count + 1)}
        outer = min(wall[low] for wall in walls), max(wall[high] for wall in walls)
        values |= {round(outer[0] - 3 * STUB, 3), round(outer[1] + 3 * STUB, 3)}
        found.append(sorted(values))
    return found


def _empty(spans):
    """The stretches between spans that no span covers."""
    found, reach = [], None
    for start, end in sorted(spans):
        if reach is not None and start > reach:
            found.append((reach, start))
        reach = end if reach is None else max(reach, end)
    return found


def _prices(xs, ys, walls, ways, bundle):
    """What each piece between neighboring crossings costs: (level ones [y][x], upright ones [y][x]), inf at a wall.

    The length; more beside walls and other lines, and where lines cross; less on top of a line of the same bundle.
    """
    lengths = np.diff(xs)[None, :], np.diff(ys)[:, None]
    pieces = (
        (xs[None, :-1], xs[None, 1:], ys[:, None], ys[:, None], lengths[0] + 0 * ys[:, None]),
        (xs[None, :], xs[None, :], ys[:-1, None], ys[1:, None], lengths[1] + 0 * xs[None, :]),
    )
    found = []
    for level, (left, right, bottom, top, length) in zip((True, False), pieces, strict=True):
        price = length.copy()

        def hits(wall, margin, left=left, right=right, bottom=bottom, top=top):
            across = (right > wall[0] - margin + 1e-6) & (left < wall[1] + margin - 1e-6)
            return across & (top > wall[2] - margin + 1e-6) & (bottom < wall[3] + margin - 1e-6)

        for wall in walls:
            price[hits(wall, 0.17)] *= 1.15
        for way in ways:
            for start, end in pairwise(way.points):
                line = *sorted((start[0], end[0])), *sorted((start[1], end[1]))
                if (abs(start[1] - end[1]) < 1e-6) != level:
                    if way.bundle != bundle:
                        price += 0.45 * hits(line, 1e-3)
                    continue
                beside = hits(line, APART - 0.02)
                if way.bundle == bundle:
                    price = np.where(hits(line, 1e-3), 0.4 * price, price)
                    beside &= np.abs((bottom - line[2]) if level else (left - line[0])) > 1e-3
                price += beside * (4 * length + 0.3)
        for wall in walls:
            price[hits(wall, CLEAR)] = np.inf
        found.append(price.tolist())
    return found


def _corners(points):
    """A way without those of its points that lie on a straight line."""
    kept = [points[0]]
    for here, after in pairwise(points[1:]):
        before = kept[-1]
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            kept.append(here)
    return [*kept, points[-1]]
