"""`coursekit new`: what a student has changed is never written over."""

import json

import nbformat
import pytest

from coursekit import paths
from coursekit.cli import main
from coursekit.course import alone, working_copy


@pytest.fixture
def written(course, write_lecture, tmp_path):
    """The working copy of a course of two lectures, one with an exercise, in a folder with a difficult name."""
    write_lecture("03_small", "print(n)")
    write_lecture("04_other", "print(n + 1)")
    exercise = course / "notebooks" / "exercises" / "03_small.ipynb"
    exercise.write_bytes((course / "notebooks" / "03_small.ipynb").read_bytes())
    folder = tmp_path / "Übung 1" / "mine"
    assert main(["new", str(folder)]) == 0
    return folder


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


ALL = {"03_small.ipynb", "04_other.ipynb", "exercises/03_small.ipynb", "full.yaml", paths.COPY}


def test_it_has_lectures_exercises_and_profiles_and_no_sources(written):
    assert files(written) == ALL
    for path in written.rglob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))
        first = next(cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
        assert first.id == alone.ID


def test_an_update_replaces_what_is_untouched_and_writes_beside_what_was_changed(written, write_lecture, capsys):
    mine = written / "03_small.ipynb"
    mine.write_text("my work")
    untouched = (written / "exercises" / "03_small.ipynb").read_bytes()
    write_lecture("03_small", "print(n)", "print('new')")
    write_lecture("04_other", "print(n + 2)")
    capsys.readouterr()
    assert main(["new", str(written), "--update"]) == 0
    said = capsys.readouterr().out
    assert "  new_03_small.ipynb\n" in said
    assert "04_other" not in said
    assert mine.read_text() == "my work"
    assert "print('new')" in (written / "new_03_small.ipynb").read_text()
    assert "n + 2" in (written / "04_other.ipynb").read_text()
    assert (written / "exercises" / "03_small.ipynb").read_bytes() == untouched

    (written / "new_03_small.ipynb").unlink()  # merged by hand
    assert working_copy.new(written, update=True) == {"written": [], "beside": []}
    write_lecture("03_small", "print('newer')")
    for text in ("also my work", "and this"):  # a newer one that was worked in stays, too
        working_copy.new(written, update=True)
        (written / "new_03_small.ipynb").write_text(text)
        write_lecture("03_small", f"print('newer than {text}')")
    (newest,) = working_copy.new(written, update=True)["beside"]
    assert newest.name == "new_new_03_small.ipynb"
    assert (written / "new_03_small.ipynb").read_text() == "and this"
    assert mine.read_text() == "my work"


@pytest.mark.parametrize("note", ["", "[]", '{"files": 3}', None])
def test_with_a_damaged_note_everything_counts_as_changed(written, write_lecture, note):
    changed = (written / "03_small.ipynb").read_bytes()
    write_lecture("03_small", "print('new')")
    content = json.dumps({"files": {}}) if note is None else note
    (written / paths.COPY).write_text(content)
    (beside,) = working_copy.new(written, update=True)["beside"]
    assert beside.name == "new_03_small.ipynb"
    assert (written / "03_small.ipynb").read_bytes() == changed


def test_what_was_stopped_half_way_goes_on(written):
    (written / "04_other.ipynb").unlink()
    assert working_copy.new(written, update=True)["written"] == [written / "04_other.ipynb"]
    assert files(written) == ALL


def test_no_other_folder_is_written_to(written, tmp_path, capsys):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.tex").touch()
    for arguments, mend in (
        ([str(written)], "--update brings what is new"),
        ([str(tmp_path / "thesis")], "choose another"),
        ([str(tmp_path / "thesis" / "thesis.tex")], "choose another"),
        ([str(tmp_path / "thesis"), "--update"], "leave out --update"),
        ([str(tmp_path / "nothing"), "--update"], "leave out --update"),
    ):
        capsys.readouterr()
        assert main(["new", *arguments]) == 2
        said = capsys.readouterr().err
        assert said.startswith("coursekit: Expected a ")
        assert said.endswith(f"{mend}.\n")
        assert said.count("\n") == 1
    assert files(tmp_path / "thesis") == {"thesis.tex"}
    assert not (tmp_path / "nothing").exists()
