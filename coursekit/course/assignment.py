"""Exercises as nbgrader hands them out and grades them: its source notebook, and the settings that it needs.

What nbgrader itself would do badly, and what is done here:

- It puts `raise NotImplementedError` in the place of a solution. Here the stub stands outside the solution's marks,
  after it where the stub returns and before it otherwise, so that the release still runs.
- It gives all points to a check cell that raises nothing, and our checks raise nothing. Here a hidden test ends the
  cell with the points as a number, which nbgrader takes as partial credit.
"""

import textwrap
from pathlib import Path

from coursekit import atomic, paths
from coursekit.course import CourseError, exercises
from coursekit.course.refresh import build, sources

# Loaded anew: what the student's own code has put in their place is gone.
GRADE = """\
import importlib, sys
for _name in [name for name in sys.modules if name.startswith("coursekit.exercises")]:
    del sys.modules[_name]
_verdict = importlib.import_module("coursekit.exercises").share({exercise!r}, {answer})"""
HIDDEN = (
    "### BEGIN HIDDEN TESTS\n"
    + GRADE
    + """
if _verdict.hint:
    print("The grader:", _verdict.hint)
{points} * _verdict.right / _verdict.parts
### END HIDDEN TESTS"""
)
CONFIG_NAME = "nbgrader_config.py"
CONFIG = '''\
"""nbgrader's settings for assignments of the course, written by `coursekit assignment`."""

from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, DeduplicateIds, OverwriteKernelspec

from coursekit.course.nbgrader_cells import OriginalChecks

c = get_config()  # noqa: F821
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}  # the stub stands outside the marks
c.Autograde.sanitize_preprocessors = [
    ClearOutput, DeduplicateIds, OverwriteKernelspec, OriginalChecks, CheckCellMetadata
]  # fmt: skip
c.IgnorePattern.pattern = r"[\\s\\S]*"  # a warning on stderr costs no points
c.Execute.timeout = 300  # seconds for a cell; some of them train
'''


def write(name: str, out: Path) -> list[Path]:
    """Write nbgrader's source of a lecture's exercises, `out/source/NAME/NAME.ipynb`, and `out/nbgrader_config.py`.

    Args:
        name: the lecture's number or name. out: nbgrader's course folder.
    Returns:
        What was written. A config that is there already, and says something else, stays: it is not in the list.
    Raises:
        CourseError: no such lecture, or it has no exercises; `out` holds another notebook of this name.
    """
    (lecture,) = sources([name])
    source = lecture.parent / "exercises" / lecture.name
    if not source.exists():
        raise CourseError(f"Expected a lecture with exercises, got {lecture.stem}, which has none.")
    notebook, config = Path(out) / "source" / lecture.stem / f"{lecture.stem}.ipynb", Path(out) / CONFIG_NAME
    text = _text(for_nbgrader(build(source)))
    if notebook.exists() and notebook.read_text(encoding="utf-8") != text:
        raise CourseError(f"Expected no other notebook at {notebook}, got one; remove it, or choose another --out.")
    paths.prepared(notebook.parent)
    atomic.write_text(notebook, text)
    if config.exists() and config.read_text(encoding="utf-8") != CONFIG:
        return [notebook]
    atomic.write_text(config, CONFIG)
    return [notebook, config]


def for_nbgrader(source):
    """nbgrader's source notebook: solutions between its marks, stubs outside, hidden tests in the check cells.

    Args:
        source: a notebook with marked solutions, as `coursekit.course.exercises` describes it; it is not changed.
    Raises:
        CourseError: as `exercises.for_students`.
    """
    exercises.for_students(source)  # what must hold of a release
    notebook = exercises.with_solutions(source)
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("solution"):
            cell.source = exercises.BLOCK.sub(_stub_outside, cell.source)
        elif settings.get("grade"):
            exercise, answer = exercises.checked(cell.source)
            hidden = HIDDEN.format(exercise=exercise, answer=answer, points=settings["points"])
            cell.source = f"{cell.source.rstrip()}\n{hidden}"
    return notebook


def _stub_outside(match) -> str:
    indentation, solution = match.groups()
    stubs = "\n".join(indent + code for indent, code in exercises.STUB.findall(solution))
    solution = exercises.STUB.sub("", solution).lstrip("\n")
    block = f"{indentation}### BEGIN SOLUTION\n{solution}{indentation}### END SOLUTION"
    if not stubs:
        return block
    after = textwrap.dedent(stubs).startswith("return")
    return f"{block}\n{stubs}" if after else f"{stubs}\n{block}"


def _text(notebook) -> str:
    import nbformat

    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"
