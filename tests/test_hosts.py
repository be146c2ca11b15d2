"""Opened alone: what a host has stays, what it lacks is installed.

`COLAB` is what Google Colab pinned: `pip-freeze.gpu.txt` of github.com/googlecolab/backend-info at commit
03a89033b7dd106f98e45f7c6090d467134330e8 (June 2026; Python 3.12), of it what the course needs. Kaggle builds on
Colab's image and asks for `KAGGLE` in its place (`kaggle_requirements.txt` of github.com/Kaggle/docker-python at commit
01d659bb3e2b2b048752d1670cfd7f51b9dc6d92; it says matplotlib<3.8, of which 3.7.5 is the newest).
"""

import importlib.metadata
import subprocess
import sys
import tomllib

import pytest

from coursekit import hosts, paths
from coursekit.errors import UserError

COLAB = {
    "anywidget": "0.9.21",
    "ipykernel": "6.17.1",
    "ipython": "7.34.0",
    "ipywidgets": "7.7.1",
    "jax": "0.7.2",
    "keras": "3.13.2",
    "matplotlib": "3.10.0",
    "mlxtend": "0.23.4",
    "numpy": "2.0.2",
    "pillow": "11.3.0",
    "platformdirs": "4.10.0",
    "pooch": "1.9.0",
    "psutil": "5.9.5",
    "scikit-image": "0.25.2",
    "scikit-learn": "1.6.1",
    "tensorflow": "2.20.0",
    "threadpoolctl": "3.6.0",
    "tqdm": "4.67.3",
}
KAGGLE = {"ipywidgets": "8.1.5", "matplotlib": "3.7.5", "scikit-learn": "1.2.2"}
PROJECT = tomllib.loads((paths.root() / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_what_colab_pins_is_in_the_courses_ranges():
    assert hosts.examine(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["jax"][:1], COLAB) == ([], [])


def test_of_kaggles_pins_two_are_older_and_named():
    missing, others = hosts.examine(PROJECT["dependencies"], COLAB | KAGGLE)
    assert missing == []
    assert [found.partition(" (")[0] for found in others] == ["matplotlib 3.7.5", "scikit-learn 1.2.2"]


def test_what_is_missing_and_what_differs_are_told_apart(monkeypatch):
    asked = ["numpy>=2.1,<3", "Pillow>=11", "pooch>=1.8", "jupyterlab>=4", "tensorflow>=2", 'x; extra == "jax"']
    here = {"numpy": "2.0.2", "pillow": "11.3.0"}
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert hosts.examine(asked, here) == (["pooch>=1.8", "tensorflow>=2"], ["numpy 2.0.2 (<3,>=2.1)"])
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert hosts.examine(asked, here)[0] == ["pooch>=1.8"], "JAX does without TensorFlow"


@pytest.fixture
def pip(monkeypatch):
    """Stands for pip: notes what it was asked for, and the pins that it was given."""

    def run(command, **options):
        run.asked = command[command.index("--constraint") + 2 :]
        with open(command[command.index("--constraint") + 1], encoding="utf-8") as file:
            run.pins = file.read().splitlines()
        if not run.error:
            states.pop(0)
        return subprocess.CompletedProcess(command, bool(run.error), "", run.error)

    states = [{"coursekit": "1", "numpy": "2.0.2"}, {"coursekit": "1", "numpy": "2.0.2", "pooch": "1.9.0"}]
    run.error = ""
    monkeypatch.setattr(hosts, "versions", lambda: states[0])
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: ["numpy>=2.1", "pooch>=1.8"])
    monkeypatch.setattr(subprocess, "run", run)
    return run


def test_pip_is_held_to_what_is_here_and_the_student_is_told(pip, capsys):
    hosts.complete()
    assert pip.asked == ["pooch>=1.8"]
    assert pip.pins == ["coursekit==1", "numpy==2.0.2"]
    assert capsys.readouterr().out.splitlines() == [
        "Installed: pooch 1.9.0",
        "Left as they are, though the course was tested with others: numpy 2.0.2 (>=2.1)",
        "The course (coursekit 1) is complete.",
    ]


def test_what_pip_says_when_it_cannot_is_passed_on(pip):
    pip.error = "looking\nERROR: no network"
    with pytest.raises(UserError, match=r"^Expected pip to add pooch>=1\.8 to what is here, got: .*no network; see to"):
        hosts.complete()


def test_it_needs_nothing_that_a_host_lacks():
    lacking = ("numpy", "keras", "tqdm", "platformdirs", "pooch", "matplotlib")
    code = f"import sys; sys.modules |= dict.fromkeys({lacking}); from coursekit import hosts; print(hosts.versions())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "'numpy': '" in done.stdout, done.stderr
