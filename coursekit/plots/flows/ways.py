"""The cheapest way between two boxes: right angles only, around every box, apart from other lines, with few turns."""

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


@dataclass
class Way:
    """A way that is found: its corners, the sides it leaves and enters by, the boxes it joins, who may run on it."""

    points: list
    sides: tuple
    ends: set
    bundle: object


def point(box, side, place):
    """The point of a box's edge (its notes included) at `place` along a side."""
    left, right, bottom, top = box.bounds
    if side in ("left", "right"):
        return round(left if side == "left" else right, 3), round(place, 3)
    return round(place, 3), round(bottom if side == "bottom" else top, 3)


def search(pair, starts, ends, walls, ways, down, bundle, kind):
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
