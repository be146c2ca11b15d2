"""The committed notebooks themselves: what they may hold, and that every exercise can be solved."""

import json

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


def test_the_notebooks_are_what_their_sources_say():
    assert check([]) == []


@pytest.fixture
def checks_of(tmp_path, monkeypatch):
    """Executes a notebook in `notebooks/exercises/`, as a student does; what its checks said."""
    import papermill

    from coursekit.course.kernel import ThisInterpreter

    def execute(notebook):
        log = tmp_path / "checks.jsonl"
        log.touch()
        monkeypatch.setenv("COURSEKIT_CHECK_LOG", str(log))
        nbformat.write(notebook, tmp_path / "exercise.ipynb")
        papermill.execute_notebook(
            tmp_path / "exercise.ipynb",
            tmp_path / "executed.ipynb",
            kernel_manager_class=ThisInterpreter,
            progress_bar=False,
            cwd=paths.notebooks() / "exercises",
        )
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]

    return execute


@pytest.mark.parametrize("source", EXERCISES, ids=named)
def test_the_solutions_pass_every_check(source, checks_of, monkeypatch):
    monkeypatch.setenv("COURSEKIT_STRICT_CHECKS", "1")
    notebook = with_solutions(build(source))
    checks = checks_of(notebook)
    assert len(checks) >= sum(cell.metadata.get("nbgrader", {}).get("grade", False) for cell in notebook.cells) > 0
    assert all(check["passed"] for check in checks)


@pytest.mark.parametrize("source", EXERCISES, ids=named)
def test_a_student_who_wrote_nothing_gets_hints_and_no_error(source, checks_of, monkeypatch):
    monkeypatch.delenv("COURSEKIT_STRICT_CHECKS", raising=False)
    checks = checks_of(for_students(build(source)))
    assert checks
    assert not any(check["passed"] for check in checks)
    assert all(check["hint"] for check in checks)
