"""The first page of the course: a map of its lectures, what one will have built, and how to run them.

All of it is read from the lectures: what the opening of each says ("You need [lecture 5](03_...)", "About 75 minutes
to read", "You will be able to"), and the picture of the cell tagged `front`.
"""

import base64
import html
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

TITLE = "Unsupervised deep learning"
LEAD = """Lectures on learning from data that nobody has labeled: how to compress it, how to learn from puzzles it
sets itself, and how to make more of it. **Every picture on these pages was made by the code beside it, in about a
minute a lecture, on an ordinary computer.** What can be dragged can be dragged here too, without Python."""
RUN = """With Python 3.11, 3.12 or 3.13 and `make`, in a clone of the course:

```console
make lab       # open the lectures in JupyterLab
make lectures  # execute them all, build these pages
```

Begin with `00_start_here.ipynb`. The first call makes the environment (about 3 GB, one to three minutes, with the
internet); after that nothing is fetched. The course's README names the ways with conda and pip. On these pages the code
that only draws is folded: one click opens it."""
WIDTH = 640  # pixels of a picture on a card, twice what it is shown at


@dataclass(frozen=True)
class Lecture:
    """What the opening of a lecture says. `needs` holds the stems of others, and whether that one only helps."""

    stem: str
    title: str
    minutes: int | None = None
    needs: dict[str, bool] = field(default_factory=dict)
    built: str | None = None
    picture: bytes | None = None

    @property
    def number(self) -> str:
        return self.stem.partition("_")[0].lstrip("0") or "0"

    @property
    def short(self) -> str:
        return "Appendix" if self.stem >= "9" else f"Lecture {self.number}"


def read(stem: str, title: str, notebook) -> Lecture:
    """The lecture of an executed notebook (nbformat)."""
    opening = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    minutes = re.search(r"(\d+)\s+minutes\s+to\s+read", opening)
    sentence = re.search(r"You\s+need\b.*?\.(?=\s|$)", opening, re.DOTALL)
    needs = {}
    for target, after in re.findall(r"\]\((\d\d_\w+)\.ipynb[^)]*\)([^\[]*)", sentence[0] if sentence else ""):
        needs[target] = bool(re.match(r"\s*(for comparison|if)\b", after))
    able = re.findall(r"^- (.+?)[;.?]?$", re.sub(r"\n +", " ", opening), re.MULTILINE)
    built = next((line for line in able if re.search(r"\b(build|type|into code)\b", line)), None)
    return Lecture(stem, title, int(minutes[1]) if minutes else None, needs, built, _picture(notebook))


def levels(lectures: list[Lecture]) -> list[list[Lecture]]:
    """The rows of the map: each lecture stands below all that it needs, and one that needs nothing just above the first
    that needs it. Within a row they follow the order of what they need."""
    known, depth = {lecture.stem: lecture for lecture in lectures}, {}

    def depth_of(stem):
        if stem not in depth:
            depth[stem] = 0  # ends a circle
            depth[stem] = max((1 + depth_of(need) for need in known[stem].needs if need in known), default=0)
        return depth[stem]

    deepest = max(map(depth_of, known))
    for stem in list(known)[1:]:
        if depth[stem] == 0:
            users = [depth[lecture.stem] for lecture in lectures if stem in lecture.needs]
            depth[stem] = max(0, min(users, default=deepest + 1) - 1)
    rows, place = [[] for _ in range(deepest + 1)], {}
    for lecture in lectures:
        rows[depth[lecture.stem]].append(lecture)
    for row in filter(None, rows):
        above = {lecture.stem: [place[need] for need in lecture.needs if need in place] or [1.0] for lecture in row}
        row.sort(key=lambda lecture, above=above: (sum(above[lecture.stem]) / len(above[lecture.stem]), lecture.stem))
        place |= {lecture.stem: (number + 0.5) / len(row) for number, lecture in enumerate(row)}
    return [row for row in rows if row]


def write(lectures: list[Lecture], exercises: list[str], static: Path, others: list[str] = ()) -> str:
    """The page in MyST; pictures are written into `static`.

    Args:
        exercises: stems of the lectures that have some. others: names of the pages about the course, those of the
            package in `reference/`.
    """
    for lecture in lectures:
        if lecture.picture:
            (static / f"{lecture.stem}.png").write_bytes(lecture.picture)
    hours = sum(lecture.minutes or 0 for lecture in lectures) / 60
    pages = [_entry(lecture) for lecture in lectures]
    parts = ["---\nhtml_theme.sidebar_secondary.remove: true\n---", f"# {TITLE}", LEAD, "## The map"]
    if hours >= 1:
        parts.append(
            f"{len(lectures)} lectures, about {hours:.0f} hours to read and play. "
            '<span class="about-arrows">A solid arrow leads to a lecture from one that it needs, a dashed arrow from '
            "one that helps.</span>"
        )
    parts.append(_raw(_map(levels(lectures))))
    if built := [lecture for lecture in lectures if lecture.built]:
        parts += ["## What you will have built", "You type the heart of each lecture yourself. By the end you can:"]
        parts.append(
            "\n".join(f"- {lecture.built} ([{lecture.number}]({lecture.stem}.ipynb));" for lecture in built)[:-1] + "."
        )
    parts += ["## How to run it", RUN, _toctree("Lectures", pages)]
    if exercises:
        parts.append(_toctree("Exercises", [f"exercises/{stem}" for stem in exercises]))
    about = [name for name in others if not name.startswith("reference/")]
    for caption, names in (("The course", about), ("Reference", sorted(set(others) - set(about)))):
        if names:
            parts.append(_toctree(caption, names))
    return "\n\n".join(parts) + "\n"


def _map(rows) -> str:
    """Rows of cards, and the arrows between them, on a grid of half cards."""
    most, place = max(map(len, rows)), {}  # stem -> (row, middle in half cards)
    for level, row in enumerate(rows):
        place |= {lecture.stem: (level, most - len(row) + 1 + 2 * number) for number, lecture in enumerate(row)}
    order = sorted(place)
    arrows = _arrows(rows, place, 2 * most)
    lines = [f'<div class="course-map" style="--halves: {2 * most}">']
    for grid_row, paths in sorted(arrows.items()):
        box = f'viewBox="0 0 {2 * most} 1" preserveAspectRatio="none" aria-hidden="true"'
        kind = "between" if grid_row % 2 == 0 else "beside"
        lines.append(f'<svg class="{kind}" style="--row: {grid_row}" {box}>{"".join(paths)}</svg>')
    for lecture in (lecture for row in rows for lecture in row):
        level, middle = place[lecture.stem]
        at = f"--row: {2 * level + 1}; --column: {middle}; --order: {order.index(lecture.stem)}"
        lines.append(_card(lecture, at, arrives=any(need in place for need in lecture.needs)))
    return "\n".join([*lines, "</div>"])


def _arrows(rows, place, width) -> dict[int, list[str]]:
    """Row of the grid -> SVG paths in it. Cards stand in rows 1, 3, 5, ...; an arrow that passes one of them goes
    between two cards."""
    lectures, arrows = {lecture.stem: lecture for row in rows for lecture in row}, {}
    for lecture in lectures.values():
        for need, helps in lecture.needs.items():
            others = [lectures[other] for other in lecture.needs if other in place and other != need]
            if need not in place or any(need in other.needs for other in others):  # one comes by the other's arrow
                continue
            (first, x), (last, end) = place[need], place[lecture.stem]
            look = ' class="helps"' if helps else ""
            for level in range(first + 1, last + 1):
                to = end
                if level < last:
                    middles = [place[other.stem][1] for other in rows[level]]
                    free = [lane for lane in range(width + 1) if all(abs(lane - middle) >= 1 for middle in middles)]
                    to = min(free, key=lambda lane: abs(lane - end))
                    arrows.setdefault(2 * level + 1, []).append(f'<path d="M{to} 0V1"{look}/>')
                arrows.setdefault(2 * level, []).append(f'<path d="M{x} 0C{x} .6 {to} .4 {to} 1"{look}/>')
                x = to
    return arrows


def _card(lecture, at, arrives) -> str:
    image = f'<img src="_static/{lecture.stem}.png" alt="" loading="lazy">' if lecture.picture else ""
    minutes = f" · {lecture.minutes} minutes" if lecture.minutes else ""
    title = re.sub(r"^Appendix: ", "", lecture.title)
    title = title[0].upper() + title[1:]
    needs = ", ".join(Lecture(need, "").short.lower().removeprefix("lecture ") for need in lecture.needs)
    return (
        f'<a class="course-card{" arrives" if arrives else ""}" href="{lecture.stem}.html" style="{at}">{image}'
        f"<span><small>{lecture.short}{minutes}</small><strong>{html.escape(title)}</strong>"
        + (f'<small class="needs">builds on {needs}</small>' if needs else "")
        + "</span></a>"
    )


def _picture(notebook) -> bytes | None:
    """The first picture of the cell tagged `front`, without its white margin; without such a cell, the first of all."""
    from PIL import Image, ImageChops

    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells.sort(key=lambda cell: "front" not in cell.metadata.get("tags", []))
    datas = (output.get("data", {}) for cell in cells for output in cell.outputs)
    content = next((data["image/png"] for data in datas if "image/png" in data), None)
    if content is None:
        return None
    image = Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB")
    inked = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    image = image.crop(inked) if inked else image
    image.thumbnail((WIDTH, WIDTH))
    file = io.BytesIO()
    image.save(file, "PNG")  # `optimize` would take a second for all cards, to save 2 %
    return file.getvalue()


def _raw(text):
    return f"```{{raw}} html\n{text}\n```"


def _entry(lecture):
    """A line of the contents. It has the lecture's number, by which lectures name each other."""
    numbered = re.match(r"[0-8]\d_", lecture.stem) and "<" not in lecture.title
    return f"{lecture.number} · {lecture.title} <{lecture.stem}>" if numbered else lecture.stem


def _toctree(caption, names):
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *names, "```"])
