import subprocess
import sys

import pytest

import coursekit
from coursekit import data
from coursekit.cli import EXAMPLES, main


@pytest.mark.parametrize("command", EXAMPLES)
def test_help_has_examples(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"] if command else ["--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert "examples:" in said
    assert EXAMPLES[command] in said


def test_version_and_unknown_words(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"coursekit {coursekit.__version__}\n"
    for wrong in (["walk"], ["run", "--jobs", "two"], ["data"], ["data", "fetch"], ["refresh", "--check", "--compare"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2
        assert "usage: coursekit" in capsys.readouterr().err


def test_the_command_is_light():
    heavy = "tensorflow", "keras", "matplotlib", "papermill", "sklearn", "numpy"
    code = f"import sys, coursekit.cli; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_data_list_and_verify(capsys):
    assert main(["data", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [row.name for row in data.catalog()]
    assert main(["data", "verify", "fashion_small"]) == 0
    assert capsys.readouterr().out.startswith("ok ")


def test_data_errors_are_one_line(capsys):
    assert main(["data", "fetch", "nmist"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "did you mean 'mnist'" in said


def test_damaged_data_are_told(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path))
    assert main(["data", "verify", "mnist"]) == 0
    assert "not fetched" in capsys.readouterr().out
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "train-labels-idx1-ubyte.gz").write_bytes(b"short")
    assert main(["data", "verify", "mnist"]) == 1
    assert "data fetch" in capsys.readouterr().err


def test_pages_never_replace_a_folder_of_something_else(capsys, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["render", "--out", str(tmp_path)]) == 2
    assert "Expected --out to be new" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").exists()
