"""A notebook that is opened alone, on a host that knows nothing of the course: its first cell, and where to launch it.

The committed notebooks have no such cell: it is added to the copies that leave the course, by `coursekit new` and on
pages. A branch of the repository holds what `coursekit new` writes (`.github/workflows/copies.yml`), for the hosts that
take a notebook from GitHub.
"""

import re

from coursekit.course import CourseError

# The one place that says where the course is published: https://github.com/OWNER/NAME. While it is empty no page or
# README has launch buttons, and the first cell asks for an address.
REPOSITORY = ""
BRANCH = "main"
COPIES = "notebooks"  # the branch of the copies
ID = "course-first-cell"

FIRST_CELL = """\
# Where the course is not installed (Google Colab, Kaggle), this cell fetches it, and of the packages that it needs
# those that are missing. What is here already stays as it is.
ADDRESS = "{address}"  # of the course's wheel or archive: a path, or https://...

import importlib.util
import subprocess
import sys

if importlib.util.find_spec("coursekit") is None:
    if not ADDRESS:
        raise ModuleNotFoundError(
            "Expected the package coursekit, which this notebook belongs to, found none; write the address or path of "
            "its wheel into ADDRESS above, and run this cell again."
        )
    print("Installing the course from", ADDRESS)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", ADDRESS], check=True)
    importlib.invalidate_caches()
    from coursekit import hosts

    hosts.complete()"""


def add_first_cell(notebook) -> None:
    """Puts the first cell before a notebook's (nbformat) code, folded, on no slide and on no page."""
    from nbformat.v4 import new_code_cell

    if any(cell.id == ID for cell in notebook.cells):
        return
    cell = new_code_cell(FIRST_CELL.format(address=archive()), id=ID)
    # `nbval-skip`: pages and slides take the notebook for executed, though this cell was not.
    cell.metadata = {"tags": ["figure", "nbval-skip", "remove-cell"], "slideshow": {"slide_type": "skip"}}
    cell.metadata["jupyter"] = {"source_hidden": True}
    kinds = [cell.cell_type for cell in notebook.cells]
    notebook.cells.insert(kinds.index("code") if "code" in kinds else len(kinds), cell)


def archive() -> str:
    """The address of what pip can install without git: the newest state of the course; empty without a repository."""
    _, repository = _owner_and_name()
    return f"{repository}/archive/refs/heads/{BRANCH}.zip" if repository else ""


def targets(name: str) -> dict[str, str]:
    """{host: address that opens a notebook there}; nothing without a repository.

    Args:
        name: of the notebook below `notebooks/`, such as "07_variational_autoencoders.ipynb".

    Raises:
        CourseError: `REPOSITORY` has another form.
    """
    path, repository = _owner_and_name()
    if not repository:
        return {}
    return {
        "Colab": f"https://colab.research.google.com/github/{path}/blob/{COPIES}/{name}",
        "Kaggle": f"https://kaggle.com/kernels/welcome?src={repository}/blob/{COPIES}/{name}",
        "Binder": f"https://mybinder.org/v2/gh/{path}/{BRANCH}?urlpath=lab/tree/notebooks/{name}",
    }


def buttons(name: str) -> str:
    """One line of Markdown with the links to `targets`; empty without a repository."""
    links = [f"[{host}]({address})" for host, address in targets(name).items()]
    return "Open this notebook in " + " · ".join(links) if links else ""


def _owner_and_name() -> tuple[str, str]:
    if not REPOSITORY:
        return "", ""
    match = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", REPOSITORY)
    if not match or REPOSITORY.endswith(".git"):
        raise CourseError(f"Expected the repository as https://github.com/OWNER/NAME, got {REPOSITORY!r}.")
    return match[1], REPOSITORY
