"""The three lists of requirements say the same: pyproject.toml, environment.yml and requirements.lock."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from coursekit import paths

PROJECT = tomllib.loads((paths.root() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = sorted(PROJECT["dependencies"] + EXTRAS["dev"] + EXTRAS["docs"])
LOCK = (paths.root() / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture
def environment():
    return yaml.safe_load((paths.root() / "environment.yml").read_text(encoding="utf-8"))


def test_conda_installs_python_and_pip_and_pip_the_rest(environment):
    assert environment["channels"] == ["conda-forge"]
    python, pip, packages = environment["dependencies"]
    assert python.replace(" ", "") == f"python{PROJECT['requires-python']}"
    assert pip == "pip"
    assert packages == {"pip": [*REQUIREMENTS, "-e ."]}


@pytest.mark.network
def test_the_environments_packages_resolve(environment):
    packages = "\n".join(line for line in environment["dependencies"][2]["pip"] if not line.startswith("-e"))
    command = [sys.executable, "-m", "uv", "pip", "compile", "-q", "--no-header", "--python-version", "3.11", "-"]
    resolved = subprocess.run(command, input=packages, capture_output=True, text=True)
    if "CI" not in os.environ and re.search(r"dns|connect|failed to fetch", resolved.stderr, re.IGNORECASE):
        pytest.skip("needs the package index")
    assert resolved.returncode == 0, resolved.stderr
    assert "tensorflow==2.21" in resolved.stdout


def test_the_lock_is_hashed_and_names_no_address():
    assert "://" not in LOCK
    pins = re.split(r"\n(?=\w)", "\n" + LOCK.strip())[1:]
    assert len(pins) > 100
    for pin in pins:
        assert re.match(r"[\w.-]+==\S+", pin), pin.splitlines()[0]
        assert "--hash=sha256:" in pin, pin.splitlines()[0]


@pytest.mark.parametrize(
    "requirement", [Requirement(text) for text in REQUIREMENTS], ids=lambda requirement: requirement.name
)
def test_the_lock_is_within_the_ranges(requirement):
    pinned = re.findall(rf"^{re.escape(requirement.name)}==(\S+)", LOCK, re.MULTILINE)
    assert pinned
    for version in pinned:
        assert requirement.specifier.contains(version)


def test_binder_installs_the_lock_and_the_course():
    binder = paths.root() / "binder"
    (line,) = (binder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert line.startswith("-r ")
    assert (binder / line.removeprefix("-r ")).resolve() == (paths.root() / "requirements.lock").resolve()
    python = re.fullmatch(r"python-(3\.\d+)\n", (binder / "runtime.txt").read_text(encoding="utf-8"))
    assert SpecifierSet(PROJECT["requires-python"]).contains(python[1])
    assert os.name == "nt" or os.access(binder / "postBuild", os.X_OK), "Binder runs it"


def test_the_container_runs_the_lectures_as_a_plain_user():
    lines = (paths.root() / "Dockerfile").read_text(encoding="utf-8").splitlines()
    image = next(line for line in lines if line.startswith("FROM "))
    assert SpecifierSet(PROJECT["requires-python"]).contains(re.search(r"python:(3\.\d+)-", image)[1])
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER 1000"
    assert lines[-1] == 'CMD ["make", "lectures"]'
    copied = {name for line in lines if line.startswith("COPY ") for name in line.split()[2:-1]}
    assert all((paths.root() / name).exists() for name in copied)
    assert {"requirements.lock", "Makefile", "coursekit", "data", "notebooks"} <= copied
