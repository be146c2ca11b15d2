"""The root's conftest.py: what `pytest --nbval` without a path does to notebooks."""

import inspect
import re
import shutil
import subprocess
import sys

import nbformat
import nbval.kernel
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit import paths


@pytest.fixture
def course(tmp_path):
    for name in ("conftest.py", "pyproject.toml", "tests/nbval_sanitize.cfg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(paths.root() / name, tmp_path / name)
    (tmp_path / "notebooks" / "exercises").mkdir(parents=True)
    return tmp_path


def write(path, *cells):
    """Writes a notebook of (source, printed, result) whose kernel, if it were asked for, does not exist."""
    notebook = new_notebook(metadata={"kernelspec": {"name": "elsewhere", "display_name": "x", "language": "python"}})
    for number, (source, printed, result) in enumerate(cells, 1):
        outputs = [new_output("stream", text=printed)] if printed else []
        if result:
            outputs.append(new_output("execute_result", {"text/plain": result}, execution_count=number))
        notebook.cells.append(new_code_cell(source, execution_count=number, outputs=outputs))
    nbformat.write(notebook, path)


def test_lectures_are_checked_strictly_and_exercises_left_alone(course):
    notebooks = course / "notebooks"
    write(
        notebooks / "00_right.ipynb",
        ("import sys; 3;", None, None),
        ("object()", None, "<object at 0x7f0000000000>"),
        ("import os; os.path.basename(os.getcwd())", None, "'notebooks'"),
        ("print(0.12345678)", "0.12345678\n", None),
    )
    write(notebooks / "01_wrong.ipynb", ("print(0.12345678)", "0.12345679\n", None), ("1 / 0", None, None))
    write(notebooks / "exercises" / "00_right.ipynb", ("1 / 0", None, None))
    command = [sys.executable, "-m", "pytest", "--nbval", "-rA", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=course, capture_output=True, text=True)
    outcomes = re.findall(r"^(PASSED|FAILED) notebooks/(\w+)\.ipynb::Cell (\d)", run.stdout, re.MULTILINE)
    right = [("PASSED", "00_right", str(number)) for number in range(4)]
    assert outcomes == [*right, ("FAILED", "01_wrong", "0"), ("FAILED", "01_wrong", "1")], run.stdout + run.stderr
    assert run.returncode == 1
    assert "exercises" not in run.stdout
    assert run.stderr == ""


def test_without_nbval_no_notebook_is_touched(course):
    write(course / "notebooks" / "01_wrong.ipynb", ("1 / 0", None, None))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=course, capture_output=True, text=True)
    assert "no tests ran" in run.stdout


def test_what_is_replaced_in_nbval_is_there():
    replaced = {
        nbval.kernel.RunningKernel.execute_cell_input: ["self", "cell_input", "allow_stdin"],
        nbval.kernel.NbvalKernelspecManager.get_kernel_spec: ["self", "kernel_name"],
    }
    for function, arguments in replaced.items():
        assert list(inspect.signature(function).parameters) == arguments
    assert "self.kc.execute(" in inspect.getsource(nbval.kernel.RunningKernel)
    assert isinstance(nbval.kernel.CURRENT_ENV_KERNEL_NAME, str)
