"""The graph behind a flow: boxes and arrows read from lines of text, checked, and put into columns and rows."""

import difflib
import re
from dataclasses import dataclass, field

BRACKETS = {"[": ("]", "network"), "(": (")", "random"), "{": ("}", "code"), "<": (">", "loss")}
ARROWS = {"-->": "next", "->": "data", "~>": "gradient", "~|": "stop", "==": "shared"}
ARROW = re.compile("|".join(re.escape(sign) for sign in ARROWS))


@dataclass
class Box:
    """One node: what it is, what it says, and, once laid out, where it stands (inches, y upward)."""

    name: str
    kind: str = "data"
    label: str = ""
    notes: list = field(default_factory=list)
    picture: object = None
    moves: bool | None = None
    turned: bool = False  # the flow runs down
    stretched: bool = False  # as tall as the boxes that it is joined to
    column: int = 0
    row: float = 0.0
    x: float = 0.0  # center of the shape
    y: float = 0.0
    width: float = 0.0  # of the shape
    height: float = 0.0
    left: float = 0.0  # from the center to the end of everything that belongs to the box, its notes included
    right: float = 0.0
    up: float = 0.0
    down: float = 0.0

    @property
    def bounds(self):
        """(left, right, bottom, top) of the shape and its notes."""
        return self.x - self.left, self.x + self.right, self.y - self.down, self.y + self.up


@dataclass
class Arrow:
    """One line from box to box. `gradient` says whether a gradient passes back along it, or stops on it."""

    source: str
    target: str
    kind: str = "data"
    note: str = ""
    gradient: str | None = None
    gradient_note: str = ""
    points: list = field(default_factory=list)

    @property
    def name(self):
        sign = next(sign for sign, kind in ARROWS.items() if kind == self.kind)
        return f"{self.source} {sign} {self.target}"

    @property
    def gradient_name(self):
        """The name of the gradient beside it, against its direction."""
        return f"{self.target} {'~|' if self.gradient == 'stops' else '~>'} {self.source}"


@dataclass
class Graph:
    """Boxes by name, and arrows, both in the order of the text; `chains` are the lines, lists of lists of names."""

    boxes: dict
    arrows: list
    chains: list

    def into(self, name):
        return [arrow for arrow in self.arrows if arrow.kind == "data" and arrow.target == name]

    def out_of(self, name):
        return [arrow for arrow in self.arrows if arrow.kind == "data" and arrow.source == name]


def split(text, separator):
    """`text` cut at a regular expression, except within $mathematics$. Returns (pieces, separators)."""
    masked = re.sub(r"\$[^$]*\$", lambda found: "\0" * len(found.group()), text)
    pieces, signs, start = [], [], 0
    for found in re.finditer(separator, masked):
        pieces.append(text[start : found.start()].strip())
        signs.append(found.group())
        start = found.end()
    return [*pieces, text[start:].strip()], signs


def names_in(text):
    """The names of a row: a list as it is, a text cut at its commas."""
    return [name for name in split(text, ",")[0] if name] if isinstance(text, str) else list(text)


def suggest(name, known):
    """The end of a message on a name that is unknown."""
    close = difflib.get_close_matches(str(name), known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"The boxes are: {', '.join(map(repr, known))}."


def read(text):
    """The graph of lines such as "x -> [encoder] -> {z}", separated by new lines or semicolons."""
    kinds, chains, links = {}, [], []
    for line in filter(None, split(text, r"[;\n]")[0]):
        groups, signs = split(line, ARROW)
        groups = [[_box(piece, line, kinds) for piece in split(group, ",")[0]] for group in groups]
        if not signs:
            raise ValueError(f"Expected an arrow in every line, got {line!r}. Write it as 'x -> [encoder] -> z'.")
        if any(sign in ("->", "-->") for sign in signs):
            chains.append(groups)
        for start, sign, end in zip(groups, signs, groups[1:], strict=False):
            links += [(source, ARROWS[sign], target) for source in start for target in end]
    if not links:
        raise ValueError("Expected lines with arrows, got none. Write for example 'x -> [encoder] -> z'.")
    graph = Graph({}, [Arrow(*ends, kind) for *ends, kind in [(s, t, k) for s, k, t in links if k in _DRAWN]], chains)
    known = dict.fromkeys(name for a in graph.arrows if a.kind in ("data", "next") for name in (a.source, a.target))
    graph.boxes = {name: Box(name, kinds[name] or "data", name) for name in known}
    for source, kind, target in links:
        for name in (source, target):
            if name not in known:
                raise ValueError(
                    f"Expected gradients and shared weights between boxes that '->' has drawn, got {name!r} in "
                    f"'{source} {_SIGN[kind]} {target}'. {suggest(name, known)}"
                )
        if kind in ("gradient", "stop"):
            _mark_gradient(graph, source, target, kind)
    return graph


_DRAWN = ("data", "next", "shared")
_SIGN = {kind: sign for sign, kind in ARROWS.items()}


def _box(piece, line, kinds):
    """The name in `piece`; notes in `kinds` what its brackets say it is (None while no bracket has been seen)."""
    close, kind = BRACKETS.get(piece[:1], ("", None))
    if piece == "" or (kind and not piece.endswith(close)):
        raise ValueError(
            f"Expected a name, plain or in brackets, got {piece!r} in the line {line!r}. "
            "A label with a comma or an arrow goes into labels={name: label}."
        )
    name = piece[1:-1].strip() if kind else piece
    if kind and kinds.get(name) not in (None, kind):
        raise ValueError(
            f"Expected {name!r} to be of one kind, got {kinds[name]} and {kind}. Put one of them into other brackets, "
            "or give the second box a name of its own and labels={its name: label}."
        )
    kinds[name] = kind or kinds.get(name)
    return name


def _mark_gradient(graph, source, target, kind):
    """Mark every arrow on the way back from `source` to `target` (or, for a stop, the one between them)."""
    if kind == "stop":
        on_the_way = [arrow for arrow in graph.into(source) if arrow.source == target]
    else:
        after, before = _reach(graph, target, graph.out_of, "target"), _reach(graph, source, graph.into, "source")
        on_the_way = [a for a in graph.arrows if a.kind == "data" and a.source in after and a.target in before]
    if not on_the_way:
        what = "an arrow" if kind == "stop" else "a way along arrows"
        raise ValueError(
            f"Expected {what} from {target!r} to {source!r} for the gradient to go back on, got none. "
            f"A gradient goes against the arrows: draw '{target} -> {source}' first."
        )
    says = {"gradient": "passes", "stop": "stops"}[kind]
    for arrow in on_the_way:
        if arrow.gradient not in (None, says):
            raise ValueError(f"Expected the gradient to pass or to stop on '{arrow.name}', got both. Leave one out.")
        arrow.gradient = says


def _reach(graph, start, arrows, end):
    """`start` and every box that the arrows lead to from there."""
    found, todo = {start}, [start]
    while todo:
        new = {getattr(arrow, end) for arrow in arrows(todo.pop())} - found
        found |= new
        todo += new
    return found


def columns(graph):
    """Put every box right of all that lead into it, and a source just left of the first that it leads to."""
    done, order, path = set(), [], []

    def visit(name):
        if name in path:
            circle = " -> ".join([name, *reversed(path[path.index(name) :])])
            raise ValueError(
                f"Expected arrows that never lead back, got the circle {circle}. "
                "Write the arrow that closes it as '-->'; it is then drawn but does not order the boxes."
            )
        if name in done:
            return
        path.append(name)
        for arrow in graph.into(name):
            visit(arrow.source)
        done.add(path.pop())
        order.append(name)

    for name in graph.boxes:
        visit(name)
    at = {}
    for name in order:
        at[name] = max((at[arrow.source] + 1 for arrow in graph.into(name)), default=0)
    for name in reversed(order):
        if not graph.into(name) and graph.out_of(name):
            at[name] = min(at[arrow.target] for arrow in graph.out_of(name)) - 1
    for name, box in graph.boxes.items():
        box.column = at[name]


def rows(graph, given):
    """Row 0 is the first line's; a list "a, b" is stacked about it; what later lines add takes the nearest free row."""
    placed = {}
    for number, line in enumerate(given or []):
        placed |= dict.fromkeys(names_in(line), float(number))
    for group in [] if given else graph.chains[0]:
        new = [name for name in dict.fromkeys(group) if name not in placed]
        placed |= {name: i - (len(new) - 1) / 2 for i, name in enumerate(new)}
    for chain in graph.chains:
        for group in chain:
            for name in group:
                if name not in placed:
                    placed[name] = _free_row(graph, name, chain, placed)
    taken = {}
    for name, box in graph.boxes.items():
        box.row = placed[name]
        other = taken.setdefault((box.column, box.row), name)
        if other != name:
            raise ValueError(
                f"Expected one box at each place, got {other!r} and {name!r} in the same column and row. "
                "Name them in different rows=[...]."
            )


def _free_row(graph, name, chain, placed):
    """The free row nearest to the neighbors of `name`: above them for random draws, below them for all else."""
    box = graph.boxes[name]
    near = {a.source for a in graph.into(name)} | {a.target for a in graph.out_of(name)}
    line = [placed[other] for group in chain for other in group if other in placed and other in near]
    wish = round(2 * sum(line or [0]) / len(line or [0])) / 2
    used = [row for other, row in placed.items() if graph.boxes[other].column == box.column]
    toward = -1 if box.kind == "random" else 1
    steps = [wish + sign * toward * i / 2 for i in range(4 * len(placed) + 4) for sign in (1, -1)]
    return next(row for row in steps if all(abs(row - other) >= 1 for other in used))
