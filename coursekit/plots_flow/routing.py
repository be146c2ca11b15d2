"""The ways of the arrows of a flow: straight where that is possible, else with right angles, around every box."""

import heapq
from itertools import pairwise

STUB = 0.15  # from a box to the first place where a line may turn
CLEAR = 0.12  # that lines keep from boxes
APART = 0.15  # between parallel lines
SIDES = {"right": (1, 0), "left": (-1, 0), "top": (0, 1), "bottom": (0, -1)}
FACING = {"right": "left", "left": "right", "top": "bottom", "bottom": "top"}


def route(graph, *, down=False, blocked=()):
    """Set `points` of every arrow: [(x, y), ...] from the edge of the source to the edge of the target.

    blocked: further rectangles (left, right, bottom, top) to go around, such as titles.
    """
    boxes = graph.boxes
    arrows = sorted(graph.arrows, key=lambda arrow: (arrow.kind != "data", _distance(boxes, arrow)))
    walls = [box.bounds for box in boxes.values()] + list(blocked)
    sides, ways = {}, []
    for arrow in arrows:  # first: which sides; then, with the places on each side shared out: the way
        pair = boxes[arrow.source], boxes[arrow.target]
        out, into = (SIDES, SIDES) if arrow.kind != "data" else _sides(*pair, down)
        starts = {side: _wish(pair[0], pair[1], side) for side in out}
        ends = {side: _wish(pair[1], pair[0], side) for side in into}
        first, last, points = _search(pair, starts, ends, walls, ways, down)
        sides[id(arrow), 0], sides[id(arrow), 1] = first, last
        ways.append(points)
    places = _share_out(boxes, arrows, sides)
    ways = []
    for arrow in arrows:
        pair = boxes[arrow.source], boxes[arrow.target]
        starts = {sides[id(arrow), 0]: places[id(arrow), 0]}
        ends = {sides[id(arrow), 1]: places[id(arrow), 1]}
        arrow.points = _search(pair, starts, ends, walls, ways, down)[2]
        ways.append(arrow.points)


def _distance(boxes, arrow):
    one, other = boxes[arrow.source], boxes[arrow.target]
    return abs(one.x - other.x) + 3 * abs(one.y - other.y)


def _sides(source, target, down):
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


def _share_out(boxes, arrows, sides):
    """{(arrow, end): place along its side}: apart from each other, in the order of where they lead, aligned in pairs."""
    at = {}
    for arrow in arrows:
        for end in (0, 1):
            at.setdefault(((arrow.source, arrow.target)[end], sides[id(arrow), end]), []).append((arrow, end))
    places = {}
    for (name, side), members in sorted(at.items(), key=lambda item: -len(item[1])):
        upright = side in ("left", "right")
        low, high = span(boxes[name], side)

        def wish(member, name=name, side=side, low=low, high=high):
            arrow, end = member
            partner = places.get((id(arrow), 1 - end))
            facing = sides[id(arrow), 1 - end] == FACING[side]
            if partner is not None and facing and low <= partner <= high:
                return partner
            return _wish(boxes[name], boxes[(arrow.target, arrow.source)[end]], side)

        def order(member, name=name, upright=upright):
            arrow, end = member
            other = boxes[(arrow.target, arrow.source)[end]]
            return (wish(member), other.y if upright else other.x)

        members = sorted(members, key=order)
        wishes = [wish(member) for member in members]
        room = min(APART + 0.06, (high - low) / max(1, len(members) - 1))
        for (arrow, end), place in zip(members, spread(wishes, room, low, high), strict=True):
            places[id(arrow), end] = place
    return places


def spread(wishes, room, low, high):
    """Ascending numbers moved as little as needed to be `room` apart and within [low, high]."""
    clusters = [[wish, 1] for wish in wishes]  # center, members
    while True:
        for i, (one, other) in enumerate(pairwise(clusters)):
            if other[0] - one[0] < room * (one[1] + other[1]) / 2 - 1e-9:
                count = one[1] + other[1]
                clusters[i : i + 2] = [[(one[0] * one[1] + other[0] * other[1]) / count, count]]
                break
        else:
            break
    places = [center + room * (i - (count - 1) / 2) for center, count in clusters for i in range(count)]
    places = [max(place, low + room * i) for i, place in enumerate(places)]
    return [min(place, high - room * (len(places) - 1 - i)) for i, place in enumerate(places)]


def _search(pair, starts, ends, walls, ways, down):
    """The cheapest way from one of `starts` to one of `ends` ({side: place}): (first side, last side, points)."""
    first, last = {}, {}
    for found, box, places in ((first, pair[0], starts), (last, pair[1], ends)):
        for side, place in places.items():
            x, y = point(box, side, place)
            dx, dy = SIDES[side]
            found[round(x + STUB * dx, 3), round(y + STUB * dy, 3)] = side, (x, y)
    straight = _straight(pair, starts, ends, walls)
    if straight:
        return straight
    xs, ys = _lines(walls, [*first, *last])
    cheap = ("bottom", "top") if down else ("right", "left")
    dear = 0.6 if abs(pair[0].column - pair[1].column) == 1 else 0.3  # neighbors are joined face to face
    queue, best, count = [], {}, 0
    for start, (side, _) in first.items():
        heapq.heappush(queue, (0.0 if side == cheap[0] else dear, count, start, SIDES[side], None))
        count += 1
    index_x, index_y = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    checks = {}
    while queue:
        cost, _, place, heading, previous = heapq.heappop(queue)
        if (place, heading) in best:
            continue
        best[place, heading] = previous
        if place in last and heading == tuple(-d for d in SIDES[last[place][0]]):
            return _traced(best, place, heading, first, last)
        ix, iy = index_x[place[0]], index_y[place[1]]
        for dx, dy in SIDES.values():
            if (dx, dy) == (-heading[0], -heading[1]):
                continue
            jx, jy = ix + dx, iy + dy
            if not (0 <= jx < len(xs) and 0 <= jy < len(ys)):
                continue
            there = xs[jx], ys[jy]
            key = (place, there) if place < there else (there, place)
            if key not in checks:
                checks[key] = _price(*key, walls, ways)
            price = checks[key]
            if price is None or (there, (dx, dy)) in best:
                continue
            count += 1
            total = cost + price + (0.45 if (dx, dy) != heading else 0)
            total += dear if there in last and last[there][0] != cheap[1] else 0
            heapq.heappush(queue, (total, count, there, (dx, dy), (place, heading)))
    raise RuntimeError(f"No way from {pair[0].name!r} to {pair[1].name!r}: give rows=[...] with more room.")


def _straight(pair, starts, ends, walls):
    """The way without a turn between two sides that face each other, if nothing stands on it."""
    for side, place in starts.items():
        other = ends.get(FACING[side])
        if other is None or abs(place - other) > 0.02:
            continue
        one, two = point(pair[0], side, place), point(pair[1], FACING[side], place)
        ahead = (two[0] - one[0]) * SIDES[side][0] + (two[1] - one[1]) * SIDES[side][1]
        others = [wall for wall in walls if wall not in (pair[0].bounds, pair[1].bounds)]
        if ahead > 0 and not any(_hits(one, two, wall, CLEAR) for wall in others):
            return side, FACING[side], [one, two]
    return None


def _lines(walls, places):
    """The x and y at which lines may run: beside every wall, midway between walls, and where arrows start and end."""
    found = []
    for low, high, axis in ((0, 1, 0), (2, 3, 1)):
        values = {place[axis] for place in places}
        for wall in walls:
            values |= {round(wall[low] - d, 3) for d in (STUB, 2 * STUB, 3 * STUB)}
            values |= {round(wall[high] + d, 3) for d in (STUB, 2 * STUB, 3 * STUB)}
            behind = [other[low] for other in walls if other[low] > wall[high]]
            if behind:
                values.add(round((wall[high] + min(behind)) / 2, 3))
        found.append(sorted(values))
    return found


def _hits(one, two, wall, margin):
    left, right, bottom, top = wall
    return (
        max(one[0], two[0]) > left - margin + 1e-6
        and min(one[0], two[0]) < right + margin - 1e-6
        and max(one[1], two[1]) > bottom - margin + 1e-6
        and min(one[1], two[1]) < top + margin - 1e-6
    )


def _price(one, two, walls, ways):
    """What a piece of a way costs: its length, more beside walls and other lines; None if it meets a wall."""
    if any(_hits(one, two, wall, CLEAR) for wall in walls):
        return None
    length = abs(one[0] - two[0]) + abs(one[1] - two[1])
    price = length * (1.25 if any(_hits(one, two, wall, 0.17) for wall in walls) else 1)
    level = one[1] == two[1]
    for points in ways:
        for start, end in pairwise(points):
            if (abs(start[1] - end[1]) < 1e-6) == level:  # parallel: beside each other, or on top
                box = (min(start[0], end[0]), max(start[0], end[0]), min(start[1], end[1]), max(start[1], end[1]))
                if _hits(one, two, box, APART - 0.02):
                    price += 4 * length + 0.3
            elif _hits(one, two, (*sorted((start[0], end[0])), *sorted((start[1], end[1]))), 1e-5):
                price += 0.5
    return price


def _traced(best, place, heading, first, last):
    """The points of a way, without those on a straight line, and the sides it leaves and enters by."""
    trail, state = [], (place, heading)
    while state is not None:
        trail.append(state[0])
        state = best[state]
    trail.reverse()
    points = [first[trail[0]][1], *trail, last[place][1]]
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if (before[0] == here[0] == after[0]) or (before[1] == here[1] == after[1]):
            continue
        if abs(before[0] - here[0]) < 1e-3 and abs(here[0] - after[0]) < 1e-3:
            continue
        if abs(before[1] - here[1]) < 1e-3 and abs(here[1] - after[1]) < 1e-3:
            continue
        kept.append(here)
    return first[trail[0]][0], last[place][0], [*kept, points[-1]]
