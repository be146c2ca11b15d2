"""The ways of the arrows of a flow: straight where that is possible, else with right angles, around every box."""

from itertools import pairwise

from coursekit.plots.flows.ways import APART, FACING, SIDES, search


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
        way = search(pair, starts, ends, walls, seen, down, bundle, arrow.kind)
        sides[id(arrow), 0], sides[id(arrow), 1] = way.sides
        ways.append(way)
    places = _share_out(boxes, arrows, sides, ways)
    ways = {}
    for arrow in arrows * 3:  # again and again: what came first did not know what came later
        pair = boxes[arrow.source], boxes[arrow.target]
        starts = {sides[id(arrow), 0]: places[id(arrow), 0]}
        ends = {sides[id(arrow), 1]: places[id(arrow), 1]}
        others = [way for key, way in ways.items() if key != id(arrow)]
        ways[id(arrow)] = search(pair, starts, ends, walls, others, down, _bundle(arrow, boxes), arrow.kind)
        arrow.points = ways[id(arrow)].points


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
    """Where on its side an arrow would like to be: right across from the other box, if it can, or in the middle."""
    low, high = span(box, side)
    across = other.y if side in ("left", "right") else other.x
    return across if low <= across <= high else (low + high) / 2


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
        order = lambda members: sum(comes[id(arrow), end] for arrow, end in members) / len(members)
        units = sorted(bundles.values(), key=order)
        wishes = [_wish_of_unit(boxes, name, sides, places, *unit[0]) for unit in units]  # of its shortest arrow
        double = [any(arrow.gradient for arrow, _ in unit) for unit in units]
        rooms = [APART + 0.06 + 0.06 * (one or other) for one, other in pairwise(double)]
        for members, place in zip(units, spread(wishes, rooms, low, high), strict=True):
            places |= {(id(arrow), end): place for arrow, end in members}
    _align(boxes, arrows, sides, places, at)
    return places


def _wish_of_unit(boxes, name, sides, places, arrow, end):
    """(place, weight): a place that makes the way straight weighs most."""
    side = sides[id(arrow), end]
    low, high = span(boxes[name], side)
    facing = sides[id(arrow), 1 - end] == FACING[side]
    partner = places.get((id(arrow), 1 - end))
    if partner is not None and facing and low <= partner <= high:
        return partner, 1000
    other = boxes[(arrow.target, arrow.source)[end]]
    across = other.y if side in ("left", "right") else other.x
    return _wish(boxes[name], other, side), 100 if facing and low <= across <= high else 1


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
