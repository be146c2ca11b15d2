"""Where the course keeps its files. One place, so that nothing else guesses."""

import os
import tempfile
from pathlib import Path

from coursekit.errors import UserError

PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds `notebooks/` and `data/`: the checkout the package was installed from (`pip install -e .`),
    else the nearest one at or above the working directory.

    Raises:
        FileNotFoundError: neither exists.
    """
    for folder in (PACKAGE.parent, Path.cwd(), *Path.cwd().parents):
        if (folder / "notebooks" / "source").is_dir() and (folder / "coursekit").is_dir():
            return folder
    raise FileNotFoundError(
        f"Expected the course's folder (with notebooks/ and coursekit/) at {PACKAGE.parent} or above {Path.cwd()}, "
        "and found neither. Run from inside your clone of the course, or install it with `pip install -e .` there."
    )


def notebooks() -> Path:
    """The lectures, executed, as a student opens them."""
    return root() / "notebooks"


def data() -> Path:
    """What ships with the course: small data sets, weights, results."""
    return root() / "data"


def chosen(variable: str) -> Path | None:
    """The folder that an environment variable names, None if it is not set or empty.

    `~` is the home folder. A relative path begins at the course's folder: notebooks work in folders of their own.
    """
    named = os.environ.get(variable)
    if not named:
        return None
    folder = Path(os.path.expanduser(named))
    return folder if folder.is_absolute() else root() / folder


def cache() -> Path:
    """Where fetched data sets are kept: `COURSEKIT_CACHE`, else `data/cache/` (ignored by git)."""
    return chosen("COURSEKIT_CACHE") or data() / "cache"


def build() -> Path:
    """Everything generated: executed copies, pages, reports (ignored by git)."""
    return root() / "build"


def prepared(folder: Path) -> Path:
    """A folder to write to, made if it is not there.

    Raises:
        UserError: it cannot be made, or nothing be written in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UserError(
            f"Expected a folder that can be written to, got {folder}: {why}; choose another with --out."
        ) from error


def compiled() -> Path | None:
    """Where compilers keep what they have compiled (`coursekit.training.compile_cache`): `COURSEKIT_COMPILED`, else a
    folder in the user's own cache folder; None if that is 0."""
    if os.environ.get("COURSEKIT_COMPILED") == "0":
        return None
    if folder := chosen("COURSEKIT_COMPILED"):
        return folder
    import platformdirs

    return platformdirs.user_cache_path("coursekit", appauthor=False) / "compiled"
