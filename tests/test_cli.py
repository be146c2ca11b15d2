import errno
import os
import subprocess
import sys

import pytest

import coursekit
from coursekit import cli, data, paths
from coursekit.cli import EXAMPLES, main
from coursekit.course.run import find


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


CODE_PAGE = """
import sys
from coursekit import cli, expect, progress
expect("the ✓ is a letter of few code pages", True)
for _ in progress.bar(range(2), "β-VAE of Kätzchen ✓", delay=0, file=sys.stdout):
    pass
sys.exit(cli.main(["data", "list"]))
"""


@pytest.mark.parametrize("code_page", ["cp1252", "cp437", "ascii"])
def test_nothing_that_is_printed_dies_of_a_code_page(code_page):
    # https://github.com/tqdm/tqdm/issues/1339, https://github.com/rsalmei/alive-progress/issues/76
    environment = {**os.environ, "PYTHONIOENCODING": code_page, "PYTHONUTF8": "0", "COURSEKIT_PROGRESS": "1"}
    done = subprocess.run([sys.executable, "-c", CODE_PAGE], capture_output=True, env=environment)
    said = done.stdout.decode(code_page)
    assert done.returncode == 0, done.stderr
    assert said.startswith("? the ? is a letter")
    assert "-VAE of K" in said
    assert "fashion_small" in said


def test_a_folder_that_may_not_be_written_to_is_one_line(capsys, monkeypatch, tmp_path):
    # https://github.com/deeplycloudy/glmtools/issues/89
    (tmp_path / "file").touch()
    for command in (["slides", "6"], ["render", "6"], ["run", "6"], ["train", "vae-fashion"]):
        assert main([*command, "--out", str(tmp_path / "file" / "out")]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert said.startswith("coursekit: Expected a folder that can be written to, got ")

    def no_room(options):
        raise OSError(errno.ENOSPC, "No space left on device", "a.npz")

    monkeypatch.setattr(cli.commands, "doctor", no_room)
    assert main([]) == 2
    assert "got a.npz: no space left on device; see to it, or choose" in capsys.readouterr().err


def test_a_tilde_that_the_shell_leaves_is_the_home_folder(tmp_path, monkeypatch):
    # https://github.com/astral-sh/uv/issues/9326
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert cli.parser.build().parse_args(["run", "--out=~/mine"]).out == tmp_path / "mine"
    (tmp_path / "mine.ipynb").touch()
    assert find(["~/mine.ipynb"]) == [tmp_path / "mine.ipynb"]
    for variable, folder in (("COURSEKIT_CACHE", paths.cache), ("COURSEKIT_COMPILED", paths.compiled)):
        monkeypatch.setenv(variable, "~/kept")
        assert folder() == tmp_path / "kept"
        monkeypatch.setenv(variable, "kept here")
        monkeypatch.chdir(tmp_path)  # notebooks work in their own folder
        assert folder() == paths.root() / "kept here"


def test_pages_never_replace_a_folder_of_something_else(capsys, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["render", "--out", str(tmp_path)]) == 2
    assert "Expected --out to be new" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").exists()
