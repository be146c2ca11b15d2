import shutil

import pytest
from jupytext import cli

from coursekit import paths


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
