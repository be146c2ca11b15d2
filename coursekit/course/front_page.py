"""The first page of the course: a map of its lectures, what one will have built, and how to run them.

All of it is read from the lectures: what the opening of each says ("You need [lecture 3](03_...)", "About 75 minutes
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

The first call makes the environment (about 3 GB, one to three minutes, with the internet); after that nothing is
fetched. Begin with `00_start_here.ipynb`. The course's README names the ways with conda and pip. On these pages the code that only draws is folded: one
click opens it."""
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
    able = re.findall(r"^- (.+?)[;.?]?$", opening, re.MULTILINE)
    built = next((line for line in able if re.search(r"\b(build|type|into code)\b", line)), None)
    return Lecture(stem, title, int(minutes[1]) if minutes else None, needs, built, _picture(notebook))


def levels(lectures: list[Lecture]) -> list[list[Lecture]]:
    """The rows of the map: each lecture stands below all that it needs, and one that needs nothing just above the first
    that needs it. Within a row, below what it needs."""
    known = {lecture.stem: lecture for lecture in lectures}
    depth = {}

    def depth_of(stem):
        if stem not in depth:
            depth[stem] = 0  # ends a circle
            depth[stem] = max((1 + depth_of(need) for need in known[stem].needs if need in known), default=0)
        return depth[stem]

    for stem in known:
        depth_of(stem)
    for stem in list(known)[1:]:
        if depth[stem] == 0:
            users = [depth[lecture.stem] for lecture in lectures if stem in lecture.needs]
            depth[stem] = max(0, min(users) - 1) if users else max(depth.values())
    rows = [[lecture for lecture in lectures if depth[lecture.stem] == level] for level in range(max(depth.values()) + 1)]
    rows, place = [row for row in rows if row], {}
    for row in rows:

        def wish(lecture):
            above = [place[need] for need in lecture.needs if need in place]
            return sum(above) / len(above) if above else 1.0

        row.sort(key=lambda lecture: (wish(lecture), lecture.stem))
        place |= {lecture.stem: (number + 0.5) / len(row) for number, lecture in enumerate(row)}
    return rows


def write(lectures: list[Lecture], exercises: list[str], static: Path) -> str:
    """The page in MyST; pictures are written into `static`.

    Args:
        exercises: stems of the lectures that have some.
    """
    for lecture in lectures:
        if lecture.picture:
            (static / f"{lecture.stem}.png").write_bytes(lecture.picture)
    hours = sum(lecture.minutes or 0 for lecture in lectures) / 60
    pages = [lecture.stem for lecture in lectures]
    parts = ["---\nhtml_theme.sidebar_secondary.remove: true\n---", f"# {TITLE}", LEAD, "## The map"]
    if hours >= 1:
        parts.append(
            f"{len(lectures)} lectures, about {hours:.0f} hours to read and play. "
            '<span class="about-arrows">A solid arrow leads to a lecture from one that it needs, a dashed arrow from '
            "one that helps.</span>"
        )
    parts.append(_raw(_map(levels(lectures))))
    if built := [lecture for lecture in lectures if lecture.built]:
        parts += ["## What you will have built", "You type the heart of each lecture yourself. By the end you can"]
        parts.append("\n".join(f"- {lecture.built} ([{lecture.number}]({lecture.stem}.ipynb));" for lecture in built)[:-1] + ".")
    parts += ["## How to run it", RUN, _toctree("Lectures", pages)]
    if exercises:
        parts.append(_toctree("Exercises", [f"exercises/{stem}" for stem in exercises]))
    return "\n\n".join(parts) + "\n"


def _map(rows) -> str:
    """Rows of cards, and between them the arrows; in columns of half a card's width."""
    most = max(map(len, rows))
    place = {}  # stem -> (row, middle in half cards)
    for level, row in enumerate(rows):
        place |= {lecture.stem: (level, most - len(row) + 1 + 2 * number) for number, lecture in enumerate(row)}
    lines = [f'<div class="course-map" style="--halves: {2 * most}">']
    order = sorted(lecture.stem for row in rows for lecture in row)
    for level, row in enumerate(rows):
        if level:
            lines.append(_arrows(rows, place, level, 2 * most))
        for lecture in row:
            middle = place[lecture.stem][1]
            at = f"--row: {2 * level + 1}; --column: {middle}; --order: {order.index(lecture.stem)}"
            lines.append(_card(lecture, at, arrives=any(need in place for need in lecture.needs)))
    return "\n".join([*lines, "</div>"])


def _arrows(rows, place, level, width) -> str:
    """The arrows that pass between row `level - 1` and row `level`. One that comes from farther above runs behind the
    cards, under its lecture's middle."""
    lines = []
    for lecture in (lecture for row in rows[level:] for lecture in row):
        for need, helps in lecture.needs.items():
            if need not in place or place[need][0] >= level:
                continue
            start = place[need][1] if place[need][0] == level - 1 else place[lecture.stem][1]
            end, dashed = place[lecture.stem][1], ' class="helps"' if helps else ""
            lines.append(f'<path d="M{start} 0C{start} .6 {end} .4 {end} 1"{dashed}/>')
    view = f'viewBox="0 0 {width} 1" preserveAspectRatio="none"'
    return f'<svg style="--row: {2 * level}" {view} aria-hidden="true">{"".join(lines)}</svg>'


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
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _raw(text):
    return f"```{{raw}} html\n{text}\n```"


def _toctree(caption, names):
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *names, "```"])
