"""The board: what papers print, from `data/published.json`, beside what the course measured, from `data/results/`.

No figure of ours is typed anywhere: a row names the file and the measure.
"""

import json
import textwrap
from dataclasses import dataclass

from coursekit import paths
from coursekit.course import CourseError

SURE = {
    "paper": "read in the paper",
    "code": "read in the authors' code",
    "quoted": "read where others quote it",
    "memory": "not looked up",
}


@dataclass(frozen=True)
class Row:
    """One system: what is printed of it, and ours in words; `ours`, `seconds`, `device`, `command` are "" if it was not
    measured. `lecture` is the stem of the one that speaks of it."""

    lecture: str
    system: str
    data: str
    metric: str
    printed: str
    sure: str
    source: str
    differs: str
    ours: str = ""
    seconds: str = ""
    device: str = ""
    command: str = ""


def rows() -> list[Row]:
    """Every row of `data/published.json`.

    Raises:
        CourseError: a row names a file or a measure that is not there, or says in no known way how sure it is.
    """
    typed = json.loads((paths.data() / "published.json").read_text(encoding="utf-8"))["rows"]
    return [_row(dict(entry)) for entry in typed]


def _row(entry) -> Row:
    ours = entry.pop("ours")
    if entry["sure"] not in SURE:
        raise CourseError(f"Expected one of {', '.join(SURE)} in data/published.json, got {entry['sure']!r}.")
    if ours is None:
        return Row(**entry)
    file = paths.data() / "results" / f"{ours['file']}.json"
    try:
        recorded = json.loads(file.read_text(encoding="utf-8"))
        found = _at(recorded, ours["value"])
        error = _at(recorded, ours["error"]) if "error" in ours else None
        seconds = _at(recorded, ours["seconds"]) if "seconds" in ours else _mean(recorded)
    except (FileNotFoundError, KeyError) as missing:
        raise CourseError(
            f"Expected {ours['value']} in data/results/{file.name} for the board, got none ({missing}); "
            "measure it, or mend data/published.json."
        ) from missing
    value, spread, runs = found, error, 1
    if isinstance(found, dict):
        value, runs = found["mean"], len(found["values"])
        spread = found["spread"] if found["spread"] is not None else error
    times, digits = ours.get("times", 1), ours["digits"]
    said = f"{value * times + ours.get('plus', 0):.{digits}f}"
    if spread is not None:
        said += f" ± {abs(times) * spread:.{digits}f}"
    seeds = "one run" if runs == 1 else f"{runs} runs"
    device = recorded.get("device") or recorded["hardware"]
    return Row(**entry, ours=f"{said} ({seeds})", seconds=f"{seconds:,.0f}", device=device, command=recorded["command"])


def _at(recorded, path):
    for name in path.split("."):
        recorded = recorded[name]
    return recorded


def _mean(recorded) -> float:
    seconds = [run["seconds"] for run in recorded["runs"]]
    return sum(seconds) / len(seconds)


def as_text(board: list[Row], sources=False) -> str:
    """For a terminal. sources: with where each figure was read, and how our protocol differs."""
    lines = []
    for row in board:
        lines.append(f"{row.lecture[:2]}  {row.system}; {row.data}; {row.metric}")
        ours = f"{row.ours}, {row.seconds} s, {row.device}" if row.ours else "not measured"
        lines += [f"      printed: {row.printed} ({SURE[row.sure]})", f"      ours:    {ours}"]
        if sources:
            more = [f"source:  {row.source}", f"differs: {row.differs}"] + (
                [f"by:      {row.command}"] * bool(row.ours)
            )
            lines += [
                textwrap.fill(text, 110, initial_indent=" " * 6, subsequent_indent=" " * 15, break_on_hyphens=False)
                for text in more
            ]
    return "\n".join(lines)


def as_page(board: list[Row]) -> str:
    """The board as a page in MyST: a list for each system, which a phone can show, too."""
    parts = [
        "# The board: printed and measured",
        "What papers and tutorials print, beside what this course measured. The rows are no race: each says how our "
        "protocol differs. Ours comes from the files in `data/results/`, each of which names its command, its "
        "settings and its machine; ± is the standard deviation over runs, or of one run's own estimate. "
        "`coursekit board` shows the same in a terminal.",
    ]
    for lecture in sorted({row.lecture for row in board}):
        parts.append(f"## Lecture [{int(lecture[:2])}]({lecture}.ipynb)")
        for row in (row for row in board if row.lecture == lecture):
            ours = f"**{row.ours}** ({row.seconds} s, {row.device}: `{row.command}`)" if row.ours else "not measured"
            parts.append(
                f"**{row.system}.** {row.data}; {row.metric}.\n\n"
                f"- Printed: **{row.printed}** ({SURE[row.sure]}: {row.source})\n- Ours: {ours}\n"
                f"- How ours differs: {row.differs}"
            )
    return "\n\n".join(parts) + "\n"
