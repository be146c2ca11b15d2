"""Drawings of a game or a loss: which network, which data, which loss, whose weights move, where a gradient stops."""

import numpy as np

from coursekit.plots import palette
from coursekit.plots.flows import arrows as lines
from coursekit.plots.flows import drawing, graph, layout, routing, shapes
from coursekit.plots.flows.words import describe, sentence

WIDTH = 10.0  # inches on the page; panels that do not fit side by side stand below each other
HEIGHT = 5.2  # of a panel that runs down: a slide has room for it
MARGIN, BETWEEN = 0.12, 0.5
KEY = 5.2  # inches that the key may take on one line, however narrow the drawing


def flow(
    text,
    title,
    alt=None,
    *,
    moves=None,
    pictures=None,
    labels=None,
    notes=None,
    groups=None,
    rows=None,
    colors=None,
    down=False,
    picture=0.8,
    width=WIDTH,
):
    """Boxes and arrows, laid out from lines of text.

        plots.flow(
            '''
            x -> [encoder] -> {mean}, {log variance} -> {z} -> [decoder] -> $\\hat x$
            (epsilon) -> z
            x, $\\hat x$ -> <reconstruction>
            mean, log variance -> <KL>
            ''',
            "A variational autoencoder",
            moves=["encoder", "decoder"],
        )

    A name in brackets says what the box is: `[a network]`, `{a code}`, `(a random draw)`, `<a loss>`; without them it
    is data or a value. Brackets are needed once. The lines between boxes:

    | in the text | drawn | means |
    |---|---|---|
    | `a, b -> c` | solid arrows | a and b are what c is computed from |
    | `c ~> a` | dashed, beside the solid arrows, against them | the gradient runs from c back to a, on every way |
    | `c ~| a` | dashed, ending in a bar | the gradient stops between c and a |
    | `c --> a` | dotted | what c gives is used in the next round; orders no boxes |
    | `a == b` | double line | a and b have the same weights |

    Args:
        text: lines of that kind, or {title of a panel: lines} for panels, side by side where `width` has room.
        title: above the drawing. alt: its text alternative; if omitted, the graph in sentences.
        moves: the networks whose weights this step changes; every other network is then drawn as held fixed.
            {title of a panel: networks} for panels. If omitted, the drawing says nothing about it.
        pictures: {name: image [h, w] or [h, w, 3], or images [n, h, w]}, shown in place of the box. Values in [0, 1].
        labels: {name: what the box says instead of its name}, for two boxes that say the same. A box that says just
            "⋮" or "…" stands for more of its kind: it has no frame, and no arrows.
        notes: {name: smaller text in or under the box, or a list of such lines}, {"a -> b": text on the arrow},
            {"b ~> a": text on the gradient beside it}.
        groups: {title: names}: a frame around these boxes.
        rows: what stands beside each other, from the top: ["epsilon", "x, encoder, z, decoder", ...]. If omitted, the
            first line is the middle row, and others are placed about it. {title of a panel: rows} for panels.
        colors: {name: color}, where the one by the box's kind and name is not meant.
            These five may also be {title of a panel: {...}}.
        down: the flow runs from the top to the bottom. picture: inches of a picture's side.

    Raises:
        ValueError: a name that is no box, a gradient without a way, arrows in a circle, two boxes in one place.
    """
    import matplotlib.pyplot as plt

    from coursekit import plots

    panels = text if isinstance(text, dict) else {"": text}
    drawn = {name: graph.read(lines) for name, lines in panels.items()}
    known = dict.fromkeys(name for one in drawn.values() for name in one.boxes)
    frames, sizes, shades = {}, {}, {}
    for name, one in drawn.items():
        given = {"pictures": pictures, "labels": labels, "notes": notes, "groups": groups, "colors": colors}
        given = {option: _of_panel(value, name, panels) or {} for option, value in given.items()}
        given |= {"moves": _of_panel(moves, name, panels, True), "rows": _of_panel(rows, name, panels, True) or []}
        given["rows"] = [graph.names_in(line) for line in given["rows"]]
        _check(given, one, known, drawn)
        _finish(one, given)
        for box in one.boxes.values():
            box.turned = down
            shapes.size(box, picture)
        graph.columns(one)
        graph.rows(one, [[box for box in line if box in one.boxes] for line in given["rows"]])
        inner = {title: [box for box in names if box in one.boxes] for title, names in given["groups"].items()}
        frames[name] = {title: names for title, names in inner.items() if names}
        for arrow in one.arrows:
            written = [shapes.wrapped(note, 22) for note in (arrow.note, arrow.gradient_note) if note]
            room = [shapes.measure(note, shapes.NOTE) for note in written]
            sizes[arrow.name] = max(w for w, _ in [*room, (0, 0)]), max(h for _, h in [*room, (0, 0)])
        shades[name] = {box: shapes.color_of(one, one.boxes[box], given["colors"]) for box in one.boxes}
    pairs = [(one, frames[name]) for name, one in drawn.items()]
    for gap in (layout.GAP, 0.38, 0.32):
        layout.place(pairs, down=down, label_sizes=sizes, gap=gap)
        extents = [_extent(*pair) for pair in pairs]
        if all(e[1] - e[0] <= width - 2 * MARGIN and (e[3] - e[2] <= HEIGHT or not down) for e in extents):
            break
    for one, inner in pairs:
        routing.route(one, down=down, blocked=drawing.titles(one, inner))
    figure = plt.figure(figsize=(1, 1))
    axis = figure.add_axes((0, 0, 1, 1))
    _compose(axis, drawn, frames, shades, width, down)
    _close(figure, axis, title, drawn)
    said = " ".join(describe(one, name) for name, one in drawn.items())
    return plots.display(figure, alt or f"{sentence(title)} {said}")


def _of_panel(given, name, panels, always=False):
    """The part for one panel of an option that may be {title of a panel: option}, or (not `always`) {name: value}."""
    if not isinstance(given, dict) or not given:
        return given
    if not always and not set(given) <= set(panels):
        return given
    for panel in given:
        if panel not in panels or panel == "":
            what = graph.suggest(panel, panels) if len(panels) > 1 else "There are no panels: give a list."
            raise ValueError(f"Expected the title of a panel, got {panel!r}. {what}")
    return given.get(name)


def _check(given, one, known, drawn):
    """Raise ValueError at the first name that is no box (of any panel), and at what moves though it has no weights."""
    names = {option: given[option] for option in ("pictures", "labels", "colors")}
    names["moves"] = given["moves"] or []
    names["rows"] = [name for line in given["rows"] for name in line]
    names["groups"] = [name for group in given["groups"].values() for name in group]
    every = [arrow for panel in drawn.values() for arrow in panel.arrows]
    arrows = [arrow.name for arrow in every] + [arrow.gradient_name for arrow in every if arrow.gradient]
    for option, listed in [*names.items(), ("notes", given["notes"])]:
        possible = [*known, *arrows] if option == "notes" else list(known)
        for name in listed:
            if name not in possible:
                raise ValueError(
                    f"Expected {option} to name boxes of the drawing, got {name!r}. {graph.suggest(name, possible)}"
                )
    for name in names["moves"]:
        if name in one.boxes and one.boxes[name].kind != "network":
            raise ValueError(
                f"Expected moves to name networks, got {name!r}, which is {one.boxes[name].kind}. "
                f"Write [{name}] in the text if it has weights."
            )


def _finish(one, given):
    """Write into the boxes and arrows of a graph what the options say about them."""
    for name, box in one.boxes.items():
        box.label = given["labels"].get(name, name)
        box.picture = given["pictures"].get(name)
        note = given["notes"].get(name, [])
        box.notes = [note] if isinstance(note, str) else list(note)
        box.moves = None if given["moves"] is None or box.kind != "network" else name in given["moves"]
    for arrow in one.arrows:
        arrow.note = given["notes"].get(arrow.name, "")
        if arrow.gradient:
            arrow.gradient_note = given["notes"].get(arrow.gradient_name, "")


def _extent(one, inner):
    """(left, right, bottom, top) of all that is drawn of a panel, but for notes on arrows."""
    rectangles = [box.bounds for box in one.boxes.values()]
    rectangles += [layout.frame(one, title, names) for title, names in inner.items()]
    rectangles += [(x - 0.08, x + 0.08, y - 0.08, y + 0.08) for arrow in one.arrows for x, y in arrow.points]
    edges = np.array(rectangles)
    return edges[:, 0].min(), edges[:, 1].max(), edges[:, 2].min(), edges[:, 3].max()


def _move(one, dx, dy):
    for box in one.boxes.values():
        box.x, box.y = box.x + dx, box.y + dy
    for arrow in one.arrows:
        arrow.points = [(x + dx, y + dy) for x, y in arrow.points]


def _compose(axis, drawn, frames, shades, width, down):
    """Draw the panels beside or below each other, from (0, 0) to the right and down."""
    extents = {name: _extent(one, frames[name]) for name, one in drawn.items()}
    heads = {name: shapes.measure(name, shapes.TITLE, "bold") if name else (0, 0) for name in drawn}
    widths = {name: max(right - left, heads[name][0]) for name, (left, right, _, _) in extents.items()}
    beside = sum(widths.values()) + BETWEEN * (len(drawn) - 1) + 2 * MARGIN <= width
    first = min(left for left, _, _, _ in extents.values()), max(top for _, _, _, top in extents.values())
    x = y = lowest = rightmost = 0.0
    seams, written = [], []
    for name, one in drawn.items():
        left, right, bottom, top = extents[name]
        left, top = (left, first[1]) if beside and down else (left, top) if beside or down else (first[0], top)
        head = heads[name][1] + 0.18 if name else 0.0
        if name:
            place = x + widths[name] / 2 if beside else x
            shown = axis.text(place, y - heads[name][1] / 2, name, size=shapes.TITLE, weight="bold", va="center")
            shown.set(ha="center" if beside else "left", color=palette.INK, gid=f"panel {name}")
        pad = (widths[name] - (right - left)) / 2 if beside else 0.0
        _move(one, x + pad - left, y - head - top)
        drawing.frames(axis, one, frames[name])
        lines.arrows(axis, one)
        drawing.boxes(axis, one, shades[name])
        written += lines.notes(axis, one, drawing.titles(one, frames[name]), _extent(one, frames[name]))
        low = y - head - (top - bottom)
        lowest, rightmost = min(lowest, low), max(rightmost, x + pad + right - left, x + widths[name])
        seams.append(x - BETWEEN / 2 if beside else y + BETWEEN / 2)
        x, y = (x + widths[name] + BETWEEN, y) if beside else (x, low - BETWEEN)
    for seam in seams[1:]:
        ends = ((seam, seam), (lowest, 0.0)) if beside else ((0.0, rightmost), (seam, seam))
        axis.plot(*ends, color="#B0B0B0", linewidth=1, zorder=0)
    reach = np.array([(0.0, rightmost, lowest, 0.0), *written])
    axis.set(xlim=(reach[:, 0].min(), reach[:, 1].max()), ylim=(reach[:, 2].min(), reach[:, 3].max()))


def _close(figure, axis, title, drawn):
    """The key below, the title above, and the figure's size: an inch of the axes is an inch of the figure."""
    (leftmost, rightmost), (lowest, highest) = axis.get_xlim(), axis.get_ylim()
    all_arrows = [arrow for one in drawn.values() for arrow in one.arrows]
    kinds = {arrow.kind for arrow in all_arrows}
    kinds |= {{"passes": "gradient", "stops": "stop"}[arrow.gradient] for arrow in all_arrows if arrow.gradient}
    kinds = kinds | {"data"} if "gradient" in kinds else kinds - {"data"}  # alone it needs no word
    kinds |= {box.kind for one in drawn.values() for box in one.boxes.values()} & {"random"}
    if kinds:
        high, reach = drawing.key(axis, kinds, 0.0, lowest - 0.2, max(rightmost, KEY))
        lowest, rightmost = lowest - high - 0.2, max(rightmost, reach)
    wide, high = shapes.measure(title, 15)
    middle, aside = (leftmost + rightmost) / 2, max(rightmost - leftmost, wide) / 2 + MARGIN
    shown = axis.text(middle, highest + 0.2 + high / 2, title, size=15, color=palette.INK)
    shown.set(ha="center", va="center", gid="headline")
    edges = (middle - aside, middle + aside, lowest - MARGIN, highest + 0.2 + high + MARGIN)
    axis.set(xlim=edges[:2], ylim=edges[2:])
    axis.set_axis_off()
    figure.set_size_inches(edges[1] - edges[0], edges[3] - edges[2])
    figure.set_facecolor(palette.PAPER)
