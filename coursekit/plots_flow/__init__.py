"""Drawings of a game or a loss: which network, which data, which loss, whose weights move, where a gradient stops."""

import numpy as np

from coursekit.plots_flow import drawing, graph, layout, palette, routing, shapes
from coursekit.plots_flow.words import describe

WIDTH = 10.0  # inches on the page; panels that do not fit side by side stand below each other
MARGIN, BETWEEN = 0.12, 0.5


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
        labels: {name: what the box says instead of its name}, for two boxes that say the same.
        notes: {name, or "a -> b": smaller text in or under the box, or on the arrow}; a list for several lines.
        groups: {title: names}: a frame around these boxes.
        rows: what stands beside each other, from the top: ["epsilon", "x, encoder, z, decoder", ...]. If omitted, the
            first line is the middle row, and others are placed about it. {title of a panel: rows} for panels.
        colors: {name: color}, where the one by the box's kind and name is not meant.
        down: the flow runs from the top to the bottom. picture: inches of a picture's side.

    Raises:
        ValueError: a name that is no box, a gradient without a way, arrows in a circle, two boxes in one place.
    """
    import matplotlib.pyplot as plt
    from coursekit import plots

    panels = text if isinstance(text, dict) else {"": text}
    drawn = {name: graph.read(lines) for name, lines in panels.items()}
    known = dict.fromkeys(name for one in drawn.values() for name in one.boxes)
    arrows = dict.fromkeys(arrow.name for one in drawn.values() for arrow in one.arrows)
    options = {"pictures": pictures, "labels": labels, "colors": colors}
    for option, given in options.items():
        _check(option, given or {}, known)
    _check("notes", notes or {}, [*known, *arrows])
    for group in (groups or {}).values():
        _check("groups", group, known)
    for name, one in drawn.items():
        _check("rows", [box for line in _of_panel(rows, name, panels) or [] for box in graph.names_in(line)], known)
        _finish(one, _of_panel(moves, name, panels), known, pictures or {}, labels or {}, notes or {})
        for box in one.boxes.values():
            box.turned = down
            shapes.size(box, picture)
        graph.columns(one)
        graph.rows(one, [[n for n in graph.names_in(line) if n in one.boxes] for line in _of_panel(rows, name, panels) or []])
        inner = _inner(groups, one)
        sizes = {a.name: shapes.measure(shapes.wrapped(a.note, 22), shapes.NOTE) for a in one.arrows if a.note}
        for gap in (layout.GAP, 0.38, 0.32):
            layout.place(one, inner, down=down, label_sizes=sizes, gap=gap)
            if _wide(one, inner) <= width - 2 * MARGIN:
                break
        routing.route(one, down=down, blocked=drawing.titles(one, inner))
    figure = plt.figure(figsize=(1, 1))
    axis = figure.add_axes((0, 0, 1, 1))
    _compose(figure, axis, title, drawn, groups, colors or {}, width)
    said = " ".join(describe(one, name) for name, one in drawn.items())
    return plots.display(figure, alt or f"{title.rstrip('.')}. {said}")


def _check(option, names, known):
    for name in names:
        if name not in known:
            raise ValueError(f"Expected {option} to name boxes of the drawing, got {name!r}. {graph.suggest(name, known)}")


def _of_panel(given, name, panels):
    """An option that may be given for all panels or {panel: option}."""
    if not isinstance(given, dict):
        return given
    for panel in given:
        if panel not in panels:
            raise ValueError(f"Expected the title of a panel, got {panel!r}. {graph.suggest(panel, panels)}")
    return given.get(name)


def _finish(one, moves, known, pictures, labels, notes):
    """Write into the boxes and arrows of a graph what the options say about them."""
    networks = [name for name, box in one.boxes.items() if box.kind == "network"]
    _check("moves", moves or [], known)
    for name in moves or []:
        if name in one.boxes and name not in networks:
            raise ValueError(
                f"Expected moves to name networks, got {name!r}, which is {one.boxes[name].kind}. "
                f"Write [{name}] in the text if it has weights."
            )
    for name, box in one.boxes.items():
        box.label = labels.get(name, name)
        box.picture = pictures.get(name)
        note = notes.get(name, [])
        box.notes = [note] if isinstance(note, str) else list(note)
        box.moves = None if moves is None or name not in networks else name in moves
    for arrow in one.arrows:
        arrow.note = notes.get(arrow.name, "")


def _inner(groups, one):
    """The groups with boxes in this panel."""
    inner = {title: [name for name in names if name in one.boxes] for title, names in (groups or {}).items()}
    return {title: names for title, names in inner.items() if names}


def _wide(one, inner):
    """Inches from the left to the right of a panel whose arrows have no ways yet."""
    left, right, _, _ = _extent(one, inner)
    return right - left


def _extent(one, inner):
    """(left, right, bottom, top) of all that is drawn of a panel, but for notes on arrows."""
    rectangles = [box.bounds for box in one.boxes.values()]
    rectangles += [layout.frame(one, names) for names in inner.values()]
    rectangles += [(x - 0.08, x + 0.08, y - 0.08, y + 0.08) for arrow in one.arrows for x, y in arrow.points]
    edges = np.array(rectangles)
    return edges[:, 0].min(), edges[:, 1].max(), edges[:, 2].min(), edges[:, 3].max()


def _move(one, dx, dy):
    for box in one.boxes.values():
        box.x, box.y = box.x + dx, box.y + dy
    for arrow in one.arrows:
        arrow.points = [(x + dx, y + dy) for x, y in arrow.points]


def _compose(figure, axis, title, drawn, groups, colors, width):
    """Put the panels beside or below each other, and draw all."""
    extents = {name: _extent(one, _inner(groups, one)) for name, one in drawn.items()}
    heads = {name: shapes.measure(name, shapes.TITLE, "bold") if name else (0, 0) for name in drawn}
    widths = {name: max(right - left, heads[name][0]) for name, (left, right, _, _) in extents.items()}
    beside = sum(widths.values()) + BETWEEN * (len(drawn) - 1) + 2 * MARGIN <= width
    x, y, lowest, rightmost = 0.0, 0.0, 0.0, 0.0
    seams = []
    for number, (name, one) in enumerate(drawn.items()):
        left, right, bottom, top = extents[name]
        head = heads[name][1] + 0.18 if name else 0.0
        if number:
            seams.append(x - BETWEEN / 2 if beside else y + BETWEEN / 2)
        if name:
            place = x + widths[name] / 2 if beside else x
            shown = axis.text(place, y - heads[name][1] / 2, name, size=shapes.TITLE, weight="bold", va="center")
            shown.set(ha="center" if beside else "left", color=palette.INK, gid=f"panel {name}")
        pad = (widths[name] - (right - left)) / 2 if beside else 0.0
        _move(one, x + pad - left, y - head - top)
        inner = _inner(groups, one)
        drawing.frames(axis, one, inner)
        drawing.arrows(axis, one)
        drawing.boxes(axis, one, colors)
        drawing.notes(axis, one, drawing.titles(one, inner))
        low = y - head - (top - bottom)
        lowest, rightmost = min(lowest, low), max(rightmost, x + widths[name])
        x, y = (x + widths[name] + BETWEEN, y) if beside else (x, low - BETWEEN)
    for seam in seams:
        ends = ((seam, seam), (lowest, 0.0)) if beside else ((0.0, rightmost), (seam, seam))
        axis.plot(*ends, color="#B0B0B0", linewidth=1, zorder=0)
    _close(figure, axis, title, drawn, lowest, rightmost)


def _close(figure, axis, title, drawn, lowest, rightmost):
    """The key, the title, and the figure's size."""
    all_arrows = [arrow for one in drawn.values() for arrow in one.arrows]
    kinds = {arrow.kind for arrow in all_arrows}
    kinds |= {{"passes": "gradient", "stops": "stop"}[arrow.gradient] for arrow in all_arrows if arrow.gradient}
    if kinds & {"gradient", "next"}:
        kinds |= {"data"}
    else:
        kinds -= {"data"}
    if any(box.kind == "random" for one in drawn.values() for box in one.boxes.values()):
        kinds.add("random")
    head = shapes.measure(title, 15)
    rightmost = max(rightmost, head[0])
    lowest -= drawing.key(axis, kinds, 0.0, lowest - 0.2, rightmost) + 0.2 if kinds else 0.0
    axis.text(rightmost / 2, 0.2 + head[1] / 2, title, size=15, ha="center", va="center", color=palette.INK)
    edges = (-MARGIN, rightmost + MARGIN, lowest - MARGIN, 0.2 + head[1] + MARGIN)
    axis.set(xlim=edges[:2], ylim=edges[2:])
    axis.set_axis_off()
    figure.set_size_inches(edges[1] - edges[0], edges[3] - edges[2])
    figure.set_facecolor(palette.PAPER)
