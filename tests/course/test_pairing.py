import copy
import shutil

import jupytext
import nbformat
import pytest
from jupytext import cli
from jupytext.combine import combine_inputs_with_outputs
from jupytext.config import load_jupytext_configuration_file

from coursekit import paths

SOURCES = sorted((paths.notebooks() / "source").glob("[0-9][0-9]_*.py"))


@pytest.fixture
def paired(course, write_lecture, capsys):
    """The files that jupytext would write beside the given one, with the course's own configuration."""
    for config in ["jupytext.toml", "notebooks/exercises/jupytext.toml", "notebooks/source/exercises/jupytext.toml"]:
        shutil.copy(paths.PACKAGE.parent / config, course / config)
    lecture = write_lecture("00_first")
    shutil.copy(lecture, course / "notebooks" / "exercises")
    shutil.copy(course / "notebooks" / "source" / "00_first.py", course / "notebooks" / "source" / "exercises")

    def of(path):
        cli.jupytext(["--paired-paths", str(course / path)])
        return capsys.readouterr().out.split()

    return of


def test_lectures_are_paired_with_their_sources(paired, course):
    assert paired("notebooks/00_first.ipynb") == [str(course / "notebooks" / "source" / "00_first.py")]
    assert paired("notebooks/source/00_first.py") == [str(course / "notebooks" / "00_first.ipynb")]


def test_saving_an_exercise_never_overwrites_its_solution(paired):
    assert paired("notebooks/exercises/00_first.ipynb") == []
    assert paired("notebooks/source/exercises/00_first.py") == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_saving_either_of_a_pair_changes_neither(source):
    """As JupyterLab with jupytext does it: the notebook's cells as text, and the text's cells with the notebook's
    outputs."""
    config = load_jupytext_configuration_file(str(paths.PACKAGE.parent / "jupytext.toml"))
    committed = nbformat.read(paths.notebooks() / f"{source.stem}.ipynb", as_version=4)
    text = source.read_text(encoding="utf-8")
    assert jupytext.writes(copy.deepcopy(committed), fmt="py:percent", config=config) == text
    cells = jupytext.reads(text, fmt="py:percent", config=config)
    both = combine_inputs_with_outputs(cells, copy.deepcopy(committed), fmt="py:percent")
    assert both.cells == committed.cells
