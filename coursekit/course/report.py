"""What `coursekit run` says: progress while it runs, a table at the end, and `report.json`."""

import json
import shutil
import sys
import time
from pathlib import Path

from coursekit import atomic
from coursekit.course import CourseError

PLAIN_SECONDS = 15  # between two lines where the output is not a terminal


def read_report(out: Path) -> dict:
    """The report of an earlier run in this folder; empty if there is none.

    Raises:
        CourseError: `report.json` is another program's, and would be lost.
    """
    try:
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        report = None
    if isinstance(report, dict) and {"profile", "notebooks"} <= report.keys():
        return report
    raise CourseError(f"Expected --out without a report.json of another program, got {out}; choose another folder.")


def write_report(report: dict, out: Path) -> None:
    """Writes `out/report.json` at once or not at all."""
    atomic.write_json(out / "report.json", report)


class Progress:
    """A line for each notebook: rewritten in place on a terminal, else printed now and then."""

    def __init__(self, earlier: dict, profile: str, stream=None):
        same = earlier.get("notebooks", []) if earlier.get("profile") == profile else []
        self.earlier = {entry["name"]: entry["cell_seconds"] for entry in same if entry["status"] == "ok"}
        self.stream = stream or sys.stderr
        self.running = {}
        self.drawn = 0
        self.next_plain = time.monotonic() + PLAIN_SECONDS

    def start(self, name: str) -> None:
        self.running[name] = {"done": 0, "total": 0, "start": time.monotonic()}

    def step(self, name: str, done: int, total: int) -> None:
        self.running[name].update(done=done, total=total)

    def finish(self, result: dict) -> None:
        state = self.running.pop(result["name"])
        elapsed = result.get("seconds", time.monotonic() - state["start"])
        self._clear()
        print(f"{result['name']}: {result['status']}, {state['done']}/{state['total']} cells, {_clock(elapsed)}",
              file=self.stream, flush=True)  # fmt: skip

    def show(self) -> None:
        """Draws the lines anew; call it often."""
        lines = [self._line(name, state) for name, state in self.running.items()]
        if self.stream.isatty():
            self._clear()
            width = shutil.get_terminal_size().columns - 1
            self.stream.write("".join(line[:width] + "\n" for line in lines))
            self.drawn = len(lines)
        elif time.monotonic() >= self.next_plain:
            self.stream.write("".join(line + "\n" for line in lines))
            self.next_plain = time.monotonic() + PLAIN_SECONDS
        self.stream.flush()

    def close(self) -> None:
        self._clear()

    def _clear(self) -> None:
        if self.drawn:
            self.stream.write(f"\x1b[{self.drawn}F\x1b[J")
            self.drawn = 0

    def _line(self, name: str, state: dict) -> str:
        elapsed = time.monotonic() - state["start"]
        left = time_left(self.earlier.get(name), state["done"], state["total"], elapsed)
        tail = "" if left is None else f", about {_clock(left)} left"
        return f"{name}: {state['done']}/{state['total'] or '?'} cells, {_clock(elapsed)}{tail}"


def time_left(earlier: list[float] | None, done: int, total: int, elapsed: float) -> float | None:
    """Seconds left: by an earlier run's seconds per cell, else by the share of cells done; None before the first."""
    if earlier and len(earlier) == total:
        return sum(earlier[done:])
    return elapsed / done * (total - done) if done else None


def table(report: dict) -> str:
    """A line for each notebook, then what went wrong: the failing cell and the claims that did not hold."""
    entries = report["notebooks"]
    width = max(len("notebook"), *(len(entry["name"]) for entry in entries))
    lines = [f"{'notebook':{width}}  {'status':18}  {'cells':>7}  {'seconds':>7}  {'memory':>8}  expect"]
    for entry in entries:
        if "cells" not in entry:
            lines.append(f"{entry['name']:{width}}  {entry['status']}")
            continue
        cells = f"{entry['cells']['done']}/{entry['cells']['total']}"
        held = f"{sum(verdict['holds'] for verdict in entry['expect'])}/{len(entry['expect'])}"
        lines.append(
            f"{entry['name']:{width}}  {entry['status']:18}  {cells:>7}  {entry['seconds']:7.1f}  "
            f"{entry['peak_memory_mb']:5d} MB  {held}"
        )
    return "\n".join([*lines, *(line for entry in entries for line in _failures(entry))])


def _failures(entry: dict):
    if "error" in entry:
        where = f" in the cell `{entry['error']['first_line']}`" if entry["error"].get("first_line") else ""
        yield f"\n{entry['name']} failed{where}:\n    {entry['error']['message']}\n    what ran is in {entry['copy']}"
    for verdict in entry.get("expect", []):
        if not verdict["holds"]:
            numbers = ", ".join(f"{name} = {value:.4g}" for name, value in verdict["numbers"].items())
            yield f"\n{entry['name']} expected: {verdict['claim']}\n    it does not hold: {numbers}"


def _clock(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
