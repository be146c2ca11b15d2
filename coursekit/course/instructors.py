"""The page for instructors: its tables are read from the lectures, the exercises, the data sets' page and the front
end's record, so that no minute and no license is typed twice."""

import json
import re
from pathlib import Path

from coursekit import paths
from coursekit.course import answer_pages
from coursekit.course.front_page import Lecture

HERE = Path(__file__).parent


def page(lectures, exercises) -> str:
    """The page in MyST.

    Args:
        lectures: as `front_page.read` gives them. exercises: {lecture's stem: notebook (nbformat)}.
    """
    text = (HERE / "instructors.md").read_text(encoding="utf-8")
    tables = {"lectures": _lectures(lectures, exercises), "data": _data(), "front_end": _front_end()}
    tables["answers"] = answer_pages.listed(lectures)
    for name, table in tables.items():
        text = text.replace(f"{{{name}}}", table)
    return text


def _lectures(lectures, exercises) -> str:
    lines = ["| lecture | time | needs | exercises, minutes each |", "|---|---|---|---|"]
    for lecture in lectures:
        needs = ", ".join(
            f"{Lecture(stem, '').number}{' (helps)' if helps else ''}" for stem, helps in lecture.needs.items()
        )
        each = ", ".join(f"{number}: {minutes}" for number, minutes in minutes_of(exercises.get(lecture.stem)).items())
        name = f"[{lecture.number} · {lecture.title}]({lecture.stem}.ipynb)"
        lines.append(
            f"| {name} | {f'{lecture.minutes} min' if lecture.minutes else ''} | {needs or 'nothing'} | {each} |"
        )
    return "\n".join(lines)


def minutes_of(notebook) -> dict[str, int]:
    """{exercise, such as "5.1": the minutes that its heading states}."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"] if notebook else []
    found = re.findall(r"^## +(\d+\.\d+) .*\((\d+) minutes\)", "\n".join(cells), re.MULTILINE)
    return {number: int(minutes) for number, minutes in found}


def _data() -> str:
    """The columns name, what, license of the tables in data/README.md."""
    lines = ["| data | license |", "|---|---|"]
    for row in re.findall(
        r"^\| (`|\()(.+) \|$", (paths.data() / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    ):
        cells = [cell.strip() for cell in "".join(row).split(" | ")]
        if len(cells) == 5:
            name = re.search(r"^\W*`([a-z0-9_]+)`", cells[1]) or re.search(r"`?([^`|]+)`?", cells[0])
            lines.append(f"| `{name[1]}` | {cells[3]} |")
        elif len(cells) == 4:
            lines.append(f"| {cells[0]} | {cells[3]} |")
    return "\n".join(lines)


def _front_end() -> str:
    lines = ["| package | version | license |", "|---|---|---|"]
    entries = json.loads((HERE / "static" / "VENDORED.json").read_text(encoding="utf-8"))
    for entry in {entry["package"]: entry for entry in entries}.values():
        lines.append(f"| {entry['package']} | {entry['version']} | {entry['license']} |")
    return "\n".join(lines)
