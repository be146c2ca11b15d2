"""Bare `coursekit`: what this machine has, what is missing, and the command that mends it."""

import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import textwrap
from typing import NamedTuple

import coursekit
from coursekit import paths
from coursekit.training import compile_cache

GIB = 1024**3
NEEDED_DISK = 2 * GIB
NEEDED_MEMORY = 4 * GIB
BACKENDS = ("tensorflow", "jax")

# In a process of its own: an import that crashes must not take the doctor along, and TensorFlow logs while it loads.
PROBE = """
import json, keras
print(json.dumps({"backend": keras.backend.backend(), "devices": keras.distribution.list_devices()}))
"""


class Finding(NamedTuple):
    """One line: `state` is "ok", "note" (the lectures run without it) or "missing" (they do not)."""

    state: str
    what: str
    found: str
    mend: str = ""


def examine() -> int:
    """Prints the findings; 0 if the course can run here, else 1."""
    findings = [
        *versions(requirements(), backend_name()),
        backend(),
        *machine(),
        kernel(),
        *data_sets(),
        *notebooks(),
        browser(),
    ]
    signs = {"ok": "  ", "note": "- ", "missing": "! "}
    print(f"coursekit {coursekit.__version__}, Python {platform.python_version()} on {platform.platform()}")
    for finding in findings:
        lines = textwrap.wrap(finding.found, 96, break_long_words=False, break_on_hyphens=False)
        print(f"{signs[finding.state]}{finding.what:13} " + f"\n{'':16}".join(lines))
        if finding.mend:
            print(f"{'':16}-> {finding.mend}")
    missing = sum(finding.state == "missing" for finding in findings)
    print("\nThe course can run here: `coursekit run`." if not missing else f"\nTo mend first, marked !: {missing}.")
    return int(bool(missing))


def backend_name() -> str:
    """What Keras will choose: `KERAS_BACKEND`, else its configuration file, else TensorFlow."""
    if os.environ.get("KERAS_BACKEND"):
        return os.environ["KERAS_BACKEND"]
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    try:
        with open(os.path.join(home, "keras.json"), encoding="utf-8") as file:
            return json.load(file).get("backend", "tensorflow")
    except (OSError, ValueError):
        return "tensorflow"


def requirements() -> list[str]:
    """What the installed package says it needs; nothing if it is not installed."""
    try:
        return importlib.metadata.requires("coursekit") or []
    except importlib.metadata.PackageNotFoundError:
        return []


def versions(requirements: list[str], chosen_backend: str) -> list[Finding]:
    """Each required package: its version, and whether that is in the range that pyproject.toml asks for.

    TensorFlow is not needed with another backend; then that backend's package is.
    """
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return [Finding("missing", "packaging", "not installed", "pip install packaging, then coursekit again")]
    if not requirements:
        return [Finding("missing", "coursekit", "not installed", "pip install -e . in your clone of the course")]
    parsed = [Requirement(text) for text in requirements]
    core = [requirement for requirement in parsed if not requirement.marker or requirement.marker.evaluate()]
    if chosen_backend != "tensorflow":
        core = [requirement for requirement in core if requirement.name != "tensorflow"]
        core += [
            requirement for requirement in parsed if requirement.name == chosen_backend and requirement not in core
        ]
    good, findings = [], []
    for requirement in core:
        mend = f'{sys.executable} -m pip install "{requirement.name}{requirement.specifier}"'
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            findings.append(Finding("missing", requirement.name, "not installed", mend))
            continue
        if requirement.specifier.contains(version, prereleases=True):
            good.append(f"{requirement.name} {version}")
        else:
            found = f"{version}; expected {requirement.specifier}"
            findings.append(Finding("missing", requirement.name, found, mend))
    return [Finding("ok", "packages", ", ".join(good)), *findings]


def backend() -> Finding:
    """Keras's backend and its devices, or why it does not load."""
    chosen = backend_name()
    mend = "pip install -e . in your clone of the course mends most; KERAS_BACKEND chooses another backend"
    if chosen not in BACKENDS:
        return Finding(
            "missing", "backend", f"{chosen!r}; expected one of {', '.join(BACKENDS)}", "unset KERAS_BACKEND"
        )
    try:
        probe = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return Finding("missing", "backend", f"{chosen}: not loaded after 120 s", mend)
    if probe.returncode:
        last = (probe.stderr.strip().splitlines() or [f"it ended with {probe.returncode}"])[-1]
        return Finding("missing", "backend", f"{chosen} does not load: {last}", mend)
    answer = json.loads(probe.stdout.splitlines()[-1])
    return Finding("ok", "backend", f"{answer['backend']} on {', '.join(answer['devices'])}")


def machine() -> list[Finding]:
    """Processor cores, memory and disk space."""
    try:
        import psutil
    except ImportError:
        memory = Finding("note", "memory", "not known without psutil")
    else:
        free, total = psutil.virtual_memory().available, psutil.virtual_memory().total
        text = f"{free / GIB:.1f} of {total / GIB:.1f} GiB free, {os.cpu_count()} cores"
        scarce = "close other programs: a lecture takes up to 2 GiB" if free < NEEDED_MEMORY else ""
        memory = Finding("note" if scarce else "ok", "memory", text, scarce)
    free = shutil.disk_usage(paths.PACKAGE).free
    full = "make room: the full profile's data take 2 GiB" if free < NEEDED_DISK else ""
    disk = Finding("note" if full else "ok", "disk", f"{free / GIB:.1f} GiB free", full)
    there, cache = compile_cache.describe()
    return [memory, disk, Finding("ok" if there else "note", "compiled", cache)]


def kernel() -> Finding:
    """Whether JupyterLab's `python3` is this interpreter. (`coursekit run` always takes this one.)"""
    mend = f"{sys.executable} -m ipykernel install --sys-prefix"
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as error:  # whatever a half-broken Jupyter raises is the finding
        return Finding("note", "kernel", f"JupyterLab finds no kernel python3: {error}", mend)
    if command == sys.executable or command in ("python", "python3"):
        return Finding("ok", "kernel", "python3 is this Python")
    return Finding("note", "kernel", f"JupyterLab's python3 is {command}", mend)


def data_sets() -> list[Finding]:
    """What ships with the course, and what is cached."""
    try:
        from coursekit import data

        rows = data.catalog()
    except Exception as error:  # a missing package or file is the finding
        return [Finding("missing", "data", f"the catalog does not load: {error}", "pip install -e . in your clone")]
    groups = {}
    for row in rows:
        groups.setdefault(row.status, []).append(row.name)
    findings = []
    for status, names in groups.items():
        here = status in ("ships with the course", "cached")
        mend = "" if here else f"coursekit data fetch {' '.join(names)}"
        state = "ok" if here else "note"
        if status == "damaged":
            state, mend = "missing", "git checkout data, or install the course again"
        findings.append(Finding(state, "data", f"{status}: {', '.join(names)}", mend))
    return findings


def notebooks() -> list[Finding]:
    """The clone: are there lectures, and is it as committed? Or the installed copy, or a working copy of it."""
    try:
        lectures = sorted(paths.notebooks().glob("[0-9][0-9]_*.ipynb"))
    except FileNotFoundError as error:
        return [Finding("missing", "lectures", str(error))]
    if not lectures:
        mend = "coursekit new --update ." if paths.installed() else "git checkout notebooks"
        return [Finding("missing", "lectures", f"none in {paths.notebooks()}", mend)]
    findings = [Finding("ok", "lectures", f"{len(lectures)} in {paths.notebooks()}")]
    if paths.installed():
        if paths.working_copy() is None:
            mend = "coursekit new DIR writes a working copy of them"
            findings = [Finding("note", "lectures", f"{findings[0].found}, to read only", mend)]
        return findings
    git = shutil.which("git")
    if git and (paths.root() / ".git").exists():
        command = [git, "-C", str(paths.root()), "status", "--porcelain"]
        changes = len(subprocess.run(command, capture_output=True, text=True).stdout.splitlines())
        found = f"{changes} files changed or new; `git status` names them" if changes else "as committed"
        findings.append(Finding("note" if changes else "ok", "checkout", found))
    return findings


def browser() -> Finding:
    """Chromium, for the browser tests alone."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if not found:
        mend = "apt-get install chromium, or your system's way; only the browser tests need it"
        return Finding("note", "chromium", "not found", mend)
    try:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    version = re.search(r"\d+(\.\d+)+", said)
    return Finding("ok", "chromium", version[0] if version else found)
