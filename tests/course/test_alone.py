"""A notebook that is opened alone: its first cell, and the addresses that open it on a host."""

import ast
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit import paths
from coursekit.course import CourseError, alone

NAMES = sorted(path.name for path in paths.notebooks().glob("*.ipynb"))
README = (paths.root() / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def published(monkeypatch):
    monkeypatch.setattr(alone, "REPOSITORY", "https://github.com/owner.a/my-course")


def test_each_target_names_the_notebook_and_a_branch_that_has_it(published):
    for name in (*NAMES, "exercises/" + NAMES[4]):
        targets = {host: urlsplit(address) for host, address in alone.targets(name).items()}
        assert {target.scheme for target in targets.values()} == {"https"}
        # https://colab.research.google.com/github/googlecolab/colabtools/blob/main/notebooks/colab-github-demo.ipynb
        assert targets["Colab"].netloc + targets["Colab"].path == (
            f"colab.research.google.com/github/owner.a/my-course/blob/{alone.COPIES}/{name}"
        )
        (kaggle,) = parse_qs(targets["Kaggle"].query)["src"]
        assert kaggle == f"https://github.com/owner.a/my-course/blob/{alone.COPIES}/{name}"
        # https://mybinder.readthedocs.io/en/latest/howto/user_interface.html
        assert targets["Binder"].path == f"/v2/gh/owner.a/my-course/{alone.BRANCH}"
        (place,) = parse_qs(targets["Binder"].query)["urlpath"]
        assert (paths.root() / place.removeprefix("lab/tree/")).is_file()


def test_the_branch_of_the_copies_is_the_one_that_the_workflow_writes():
    workflow = (paths.root() / ".github" / "workflows" / "copies.yml").read_text(encoding="utf-8")
    assert f"git init -q -b {alone.COPIES}\n" in workflow
    assert f"HEAD:refs/heads/{alone.COPIES}\n" in workflow
    assert f"branches: [{alone.BRANCH}]" in workflow


def test_without_a_repository_there_are_no_buttons(monkeypatch):
    monkeypatch.setattr(alone, "REPOSITORY", "")
    assert (alone.targets(NAMES[0]), alone.buttons(NAMES[0]), alone.archive()) == ({}, "", "")


def test_the_readme_has_the_buttons_exactly_when_there_is_a_repository():
    buttons = alone.buttons("00_start_here.ipynb")
    assert (buttons in README) if buttons else ("colab.research" not in README and "mybinder.org/v2" not in README)


@pytest.mark.parametrize("wrong", ["owner/name", "https://github.com/owner/name/", "https://github.com/owner/name.git"])
def test_a_repository_of_another_form_is_refused(monkeypatch, wrong):
    monkeypatch.setattr(alone, "REPOSITORY", wrong)
    with pytest.raises(CourseError, match=r"^Expected the repository as https://github\.com/OWNER/NAME, got '"):
        alone.targets("a.ipynb")


def test_the_first_cell_stands_once_before_the_code(published):
    notebook = new_notebook(cells=[new_markdown_cell("# A"), new_code_cell("import coursekit")])
    for _ in range(2):
        alone.add_first_cell(notebook)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code"]
    nbformat.validate(notebook)
    ast.parse(notebook.cells[1].source)
    assert 'ADDRESS = "https://github.com/owner.a/my-course/archive/refs/heads/main.zip"' in notebook.cells[1].source


PIP = """
import importlib.util, subprocess, sys, types
real = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "coursekit" else real(name)
subprocess.run = lambda command, check: print("ran", command[1:])
hosts = types.SimpleNamespace(complete=lambda: print("completed"))
sys.modules["coursekit"] = types.SimpleNamespace(hosts=hosts)
"""


def run(cell, address, before=""):
    code = before + cell.format(address=address)
    return subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True)


def test_the_first_cell_installs_the_course_alone_and_then_what_is_missing():
    done = run(alone.FIRST_CELL, "course.whl", PIP)
    assert done.stdout.splitlines() == [
        "Installing the course from course.whl",
        "ran ['-m', 'pip', 'install', '--quiet', '--no-deps', 'course.whl']",
        "completed",
    ], done.stderr


def test_without_an_address_the_first_cell_says_what_to_do():
    done = run(alone.FIRST_CELL, "", PIP)
    assert "ModuleNotFoundError: Expected the package coursekit" in done.stderr
    assert "write the address or path of its wheel into ADDRESS above" in done.stderr


def test_where_the_course_is_installed_the_first_cell_does_nothing():
    done = subprocess.run([sys.executable, "-c", alone.FIRST_CELL.format(address="")], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
