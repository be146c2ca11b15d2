"""What `make` says, in one line, when it cannot make the environment."""

import os
import subprocess
import sys

import pytest

from coursekit import paths

SCRIPT = paths.root() / "coursekit" / "course" / "environment.sh"


@pytest.fixture
def make(tmp_path):
    """Runs the script in an empty folder; `programs` are {name: shell text} found first on the PATH."""

    def make(python, programs=None, **variables):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        for name, text in (programs or {}).items():
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)
        environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"} | variables
        (tmp_path / "requirements.lock").write_text("")
        command = ["sh", str(SCRIPT), python, ".venv"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)

    return make


def the_line(done):
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_no_python(make):
    assert "found none. Install one, or name it: make lectures PYTHON=" in the_line(make("python-that-is-not-there"))


@pytest.mark.parametrize("version", ["2.7", "3.10", "3.14"])
def test_a_python_that_tensorflow_does_not_know(make, version):
    said = the_line(make("oldpython", {"oldpython": f"echo {version}"}))
    assert said.startswith(f"Expected Python 3.11, 3.12 or 3.13 ('oldpython' is {version})")


def test_no_space(make):
    df = "echo Filesystem blocks Used Available Capacity Mounted; echo /dev/x 9 9 2000000 9% /"
    assert the_line(make(sys.executable, {"df": df})).startswith("Expected 5 GB of free disk space here")


def test_no_network(make):
    nowhere = "http://127.0.0.1:9/simple"
    variables = {"PIP_INDEX_URL": nowhere, "PIP_RETRIES": "0", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    said = the_line(make(sys.executable, **variables))
    assert said.startswith("Cannot reach the Python package index. Connect to the internet")
