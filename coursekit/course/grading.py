"""Grades a folder of submitted notebooks without nbgrader: each in a kernel of its own, all into one table."""

import csv
import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from coursekit import atomic, paths, progress
from coursekit.course import CourseError, exercises, notebook_files
from coursekit.course.submission import Ended, Submission
from coursekit.errors import UserError

EDITED, MISSING = "its check cell was edited", "its check cell is missing"
KEYS = ("coursekit.exercises.lecture_", "answer_keys")


@dataclass
class Grade:
    """What a submission earned: {exercise: points}, of how many in all, and remarks in words."""

    file: str
    points: dict[str, float] = field(default_factory=dict)
    of: float = 0.0
    remarks: list[str] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(self.points.values())


@dataclass(frozen=True)
class Check:
    """A check cell of the course: its text, the exercise, the expression of its answer, and its points."""

    source: str
    exercise: str
    answer: str
    points: float


def grade(folder: Path, seconds=300.0, memory=4.0, jobs: int | None = None, done=lambda grades: None) -> list[Grade]:
    """Grade every notebook in `folder` and below, in the order of their names.

    Args:
        seconds: a cell may take. memory: GB that a submission may take. jobs: how many at a time; by default what cores
            and free memory allow. done: called with all grades so far after each submission.
    Raises:
        CourseError: no such folder, or no notebook in it; limits that are not positive.
    """
    if not Path(folder).is_dir():
        raise CourseError(f"Expected a folder of submitted notebooks, got {folder}, which is none; name their folder.")
    if seconds <= 0 or memory <= 0 or (jobs is not None and jobs < 1):
        raise CourseError(f"Expected limits over 0, got {seconds:g} s, {memory:g} GB, {jobs} at a time; choose others.")
    hidden = lambda path: any(part.startswith(".") for part in path.relative_to(folder).parts)
    files = [path for path in sorted(Path(folder).rglob("*.ipynb")) if not hidden(path)]
    if not files:
        raise CourseError(f"Expected submitted notebooks in {folder}, found none; name the folder that holds them.")
    grades, stop = {}, threading.Event()
    with (
        progress.bar(description="grading", total=len(files), unit="notebook", delay=0) as bar,
        ThreadPoolExecutor(jobs or _jobs(memory)) as pool,
    ):
        waiting = {pool.submit(_grade, path, folder, seconds, memory, stop.is_set): path for path in files}
        try:
            for ended in as_completed(waiting):
                grades[waiting[ended]] = ended.result()
                bar.update()
                done([grades[path] for path in files if path in grades])
        except BaseException:
            stop.set()  # ends the kernels
            pool.shutdown(cancel_futures=True)
            raise
    return [grades[path] for path in files]


def _jobs(memory) -> int:
    import psutil

    free = psutil.virtual_memory().available / 1e9
    return max(1, min(os.cpu_count() or 1, int(free / memory)))


def _grade(path, folder, seconds, memory, stopped) -> Grade:
    grade = Grade(path.relative_to(folder).as_posix())
    try:
        code = [cell for cell in notebook_files.read(path).cells if cell.cell_type == "code" and cell.source.strip()]
        checks = checks_of(code, path)
        grade.points = {check.exercise: 0.0 for check in checks.values()}
        grade.of = sum(check.points for check in checks.values())
        if any(key in cell.source for cell in code for key in KEYS):
            grade.remarks.append("it reads the checks' own code: look at it")
        _run(code, checks, grade, Submission(seconds, memory, stopped))
    except UserError as error:
        grade.remarks.append(str(error))
    except Ended as error:
        grade.remarks.append(f"stopped: {error}")
    except Exception as error:  # one submission, whatever it is, never ends the others'
        grade.remarks.append(f"could not be graded: {type(error).__name__}: {error}")
    return grade


def _run(code, checks, grade, submission):
    """Runs the student's cells in their order; where an untouched check cell stands, our own check is made instead."""
    waiting = dict(checks)
    marked = [_id(cell) for cell in code]
    for check_id, check in checks.items():
        found = [cell for cell, name in zip(code, marked, strict=True) if name == check_id or _is(cell, check)]
        if not any(_is(cell, check) for cell in found):
            grade.remarks.append(f"{check.exercise}: {EDITED if found else MISSING}: 0 points")
            del waiting[check_id]
    if not waiting:
        return
    with submission:
        submission.ready()
        for number, (cell, name) in enumerate(zip(code, marked, strict=True), 1):
            check_id = next((key for key, check in checks.items() if name == key or _is(cell, check)), None)
            if check_id is None:
                if said := submission.run(cell.source):
                    grade.remarks.append(f"code cell {number}: {said}")
            elif check_id in waiting and _is(cell, checks[check_id]):
                check = waiting.pop(check_id)
                right, parts, hint = submission.grade(check.exercise, check.answer)
                grade.points[check.exercise] = check.points * right / parts
                if hint:
                    grade.remarks.append(f"{check.exercise}: {hint}")


def _id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _is(cell, check) -> bool:
    return cell.source.strip() == check.source


def checks_of(code, path) -> dict[str, Check]:
    """The checks of the lecture whose exercises a submission holds: {nbgrader's id: check}.

    Args:
        code: its code cells. path: its file, whose name says the lecture if the cells do not.
    Raises:
        CourseError: it is no exercise of the course.
    """
    import nbformat

    named = [_id(cell).split("_")[1] for cell in code if str(_id(cell)).startswith("exercise_")]
    named += [found[1].partition(".")[0] for cell in code if (found := exercises.CHECK.search(cell.source))]
    named += [path.stem[:2]]
    for lecture in dict.fromkeys(named):
        for file in (paths.notebooks() / "exercises").glob(f"{lecture.zfill(2)}_*.ipynb"):
            checks = {}
            for cell in nbformat.read(file, as_version=4).cells:
                settings = cell.metadata.get("nbgrader", {})
                if settings.get("grade"):
                    exercise, answer = exercises.checked(cell.source)
                    check = Check(cell.source.strip(), exercise, answer, settings["points"])
                    checks[settings["grade_id"]] = check
            return checks
    raise CourseError(f"Expected exercises of the course, got {path.name}, which holds none; leave it out.")


def as_csv(grades: list[Grade]) -> str:
    """One line a submission: file, the points of each exercise, their sum, the most possible, remarks."""
    file, columns = io.StringIO(), _columns(grades)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["file", *columns, "points", "of", "remarks"])
    for grade in grades:
        each = [f"{grade.points[name]:g}" if name in grade.points else "" for name in columns]
        remarks = _plain("; ".join(grade.remarks))
        writer.writerow([_plain(grade.file), *each, f"{grade.total:g}", f"{grade.of:g}", remarks])
    return file.getvalue()


def as_table(grades: list[Grade]) -> str:
    """The same for a terminal, remarks below each line."""
    columns, width = _columns(grades), max([len(_plain(grade.file)) for grade in grades] + [4])
    lines = ["  ".join([f"{'file':{width}}", *(f"{name:>5}" for name in columns), "points"])]
    for grade in grades:
        each = [f"{grade.points[name]:5g}" if name in grade.points else " " * 5 for name in columns]
        lines.append("  ".join([f"{_plain(grade.file):{width}}", *each, f"{grade.total:g} of {grade.of:g}"]))
        lines += [f"    {_plain(remark)[:300]}" for remark in grade.remarks]
    return "\n".join(lines)


def write_csv(grades: list[Grade], file: Path) -> None:
    """Replace `file` (UTF-8 with a mark, which spreadsheets ask for)."""
    atomic.write_text(file, "\ufeff" + as_csv(grades))


def _columns(grades):
    names = {name for grade in grades for name in grade.points}
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")])


def _plain(text) -> str:
    """Words of a submission in one line, without what a terminal would obey, nor a spreadsheet take for a formula."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
