"""The committed notebooks themselves: what they may hold, and that every exercise can be solved."""

import json
import symtable

import nbformat
import pytest

from coursekit import paths
from coursekit.course.exercises import for_students, with_solutions
from coursekit.course.normalize import problems
from coursekit.course.refresh import build, check

LECTURES = sorted(paths.notebooks().glob("[0-9][0-9]_*.ipynb"))
EXERCISES = sorted((paths.notebooks() / "source" / "exercises").glob("*.py"))


def named(path):
    return path.stem


@pytest.mark.parametrize("path", LECTURES, ids=named)
def test_a_committed_lecture_may_be_committed(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert problems(notebook) == []
    for cell in notebook.cells:
        if "front" in cell.metadata.get("tags", []):
            assert any("image/png" in output.get("data", {}) for output in cell.outputs), "the front page's picture"


def test_the_notebooks_are_what_their_sources_say():
    assert check([]) == []


def names(cell):
    """(what a cell reads, what it binds) of the notebook's names; those of its functions and comprehensions apart."""
    top = symtable.symtable(cell.source, "cell", "exec")
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    read, tables = set(), [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        symbols = (symbol for symbol in table.get_symbols() if symbol.is_referenced())
        read |= {symbol.get_name() for symbol in symbols if table is top or symbol.is_global()}
    return read, bound


def after_the_solutions(solved, blank):
    """What is left to execute of the student's notebook where the solved one has just run.

    Cells that hang on no solution have done already what they will do again. All others must run from names of their
    own, so the solutions' are deleted first.

    Returns:
        (cells, names to delete)
    """
    left, depend = [], set()
    for with_solution, without in zip(solved.cells, blank.cells, strict=True):
        if without.cell_type != "code":
            continue
        read, bound = names(without)
        if with_solution.source != without.source or read & depend or "coursekit.check(" in without.source:
            left.append(without)
            depend |= bound | names(with_solution)[1]
    return left, depend


@pytest.fixture(scope="module", params=EXERCISES, ids=named)
def checks(request, one_kernel, tmp_path_factory):
    """Of one exercise notebook, executed in `notebooks/exercises/` with its solutions and then without: the number of
    graded cells, and what the checks said, both times."""
    folder = tmp_path_factory.mktemp("checks")
    original = build(request.param)
    solved, blank = with_solutions(original), for_students(original)
    left, depend = after_the_solutions(solved, blank)
    between = (
        f"import os\nos.environ['COURSEKIT_CHECK_LOG'] = {str(folder / 'blank.jsonl')!r}\n"
        f"del os.environ['COURSEKIT_STRICT_CHECKS']\nfor name in {sorted(depend)}:\n    globals().pop(name, None)"
    )
    both = nbformat.v4.new_notebook(metadata=solved.metadata)
    both.cells = [cell for cell in solved.cells if cell.cell_type == "code"]
    both.cells += [nbformat.v4.new_code_cell(text) for text in (between, *(cell.source for cell in left))]
    path = folder / "exercise.ipynb"
    nbformat.write(both, path)
    settings = {"COURSEKIT_CHECK_LOG": str(folder / "solved.jsonl"), "COURSEKIT_STRICT_CHECKS": "1"}
    one_kernel.execute(path, path, paths.notebooks() / "exercises", COURSEKIT_PROGRESS="0", **settings)
    graded = sum(cell.metadata.get("nbgrader", {}).get("grade", False) for cell in solved.cells)
    said = [(folder / f"{name}.jsonl").read_text(encoding="utf-8") for name in ("solved", "blank")]
    return graded, *([json.loads(line) for line in text.splitlines()] for text in said)


def test_the_solutions_pass_every_check(checks):
    graded, solved, _ = checks
    assert len(solved) >= graded > 0
    assert all(check["passed"] for check in solved)


def test_a_student_who_wrote_nothing_gets_hints_and_no_error(checks):
    graded, _, blank = checks
    assert len(blank) >= graded
    assert not any(check["passed"] for check in blank)
    assert all(check["hint"] for check in blank)
    assert not any("your code stopped" in check["hint"] for check in blank)


def test_a_cell_that_hangs_on_a_solution_runs_again_without_it():
    def notebook(answer):
        texts = ["import math", answer, "y = 2 * x", "z = math.pi", "coursekit.check('0.1', y)", "z + 1"]
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in texts])

    left, depend = after_the_solutions(notebook("x, secret = 1, 2"), notebook("x = 0"))
    assert [cell.source for cell in left] == ["x = 0", "y = 2 * x", "coursekit.check('0.1', y)"]
    assert depend == {"x", "secret", "y"}
