"""Completes the course where it was installed without what it needs: on a host such as Google Colab or Kaggle.

The first cell of a notebook that is opened alone (`coursekit.course.alone`) installs the package by itself and calls
`complete`. A host pins what belongs together (NumPy, TensorFlow, JAX, their GPU libraries), so nothing there is moved.
"""

import importlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from coursekit.errors import UserError

# What opens or runs notebooks from outside: on a host it is the host's affair.
OUTSIDE = {"ipykernel", "jupyterlab", "papermill"}


def complete() -> None:
    """Install what the course needs and this Python has not, at versions that fit what it has, and say what was done.

    Raises:
        UserError: pip cannot; the message has its last lines.
    """
    here = versions()
    missing, others = examine(importlib.metadata.requires("coursekit") or [], here)
    if missing:
        _install(missing, here)
        now = versions()
        print("Installed:", ", ".join(f"{name} {now[name]}" for name in sorted(now.keys() - here.keys())))
    if others:
        print("Left as they are, though the course was tested with others:", "; ".join(others))
    print(f"The course (coursekit {here['coursekit']}) is complete.")


def versions() -> dict[str, str]:
    """{name in its normal form: version} of every package of this Python."""
    from packaging.utils import canonicalize_name

    found = ((one.metadata["Name"], one.version) for one in importlib.metadata.distributions())
    return {canonicalize_name(name): version for name, version in found if name and version}


def examine(requirements: list[str], here: dict[str, str]) -> tuple[list[str], list[str]]:
    """Compare what the course asks for with what is `here` (see `versions`).

    Returns:
        (missing, others): requirements that are not met by any version, and "name version (range)" of packages that are
        here in a version out of the course's range.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    missing, others = [], []
    for requirement in map(Requirement, requirements):
        name = canonicalize_name(requirement.name)
        if name in OUTSIDE or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        if name == "tensorflow" and os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
            continue
        if name not in here:
            missing.append(f"{requirement.name}{requirement.specifier}")
        elif not requirement.specifier.contains(here[name], prereleases=True):
            others.append(f"{name} {here[name]} ({requirement.specifier})")
    return missing, others


def _install(missing, here):
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("".join(f"{name}=={version}\n" for name, version in sorted(here.items())), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*command, "--constraint", str(pins), *missing], capture_output=True, text=True)
    if done.returncode:
        said = " / ".join((done.stdout + done.stderr).strip().splitlines()[-3:])
        raise UserError(
            f"Expected pip to add {', '.join(missing)} to what is here, got: {said}; see to the internet connection, "
            "or start from an environment of the course's own (README)."
        )
    importlib.invalidate_caches()
