"""Where the course keeps its files. One place, so that nothing else guesses."""

import os
import tempfile
from pathlib import Path

from coursekit.errors import UserError

PACKAGE = Path(__file__).resolve().parent
SHIPPED = PACKAGE / "shipped"  # in an installed package: what stands beside it in a clone (pyproject.toml fills it)
COPY = ".coursekit.json"  # in a working copy (`coursekit new`): what was written there


def root() -> Path:
    """The folder that holds `notebooks/` and `data/`: the clone the package was installed from (`pip install -e .`),
    else the nearest one at or above the working directory, else the copy inside an installed package.

    Raises:
        FileNotFoundError: there is none of the three.
    """
    for folder in (PACKAGE.parent, *_upward()):
        if (folder / "notebooks" / "source").is_dir() and (folder / "coursekit").is_dir():
            return folder
    if (SHIPPED / "notebooks").is_dir():
        return SHIPPED
    raise FileNotFoundError(
        f"Expected the course's notebooks and data at {PACKAGE.parent}, at {SHIPPED} or above {Path.cwd()}, and found "
        "none. Install the course again, or run from inside a clone of it."
    )


def installed() -> bool:
    """Whether the course is an installed package without a clone: nothing is written to it then."""
    return root() == SHIPPED


def clone(purpose: str) -> Path:
    """`root()`, for what changes the course itself.

    Args:
        purpose: what is to be done with it, for the message, such as "to refresh notebooks".

    Raises:
        UserError: there is no clone.
    """
    if installed():
        raise UserError(
            f"Expected a clone of the course {purpose}, got the installed copy {SHIPPED}; clone the course, "
            "and `pip install -e .` there."
        )
    return root()


def working_copy() -> Path | None:
    """Of an installed course the folder that `coursekit new` wrote, at or above the working directory, if any."""
    if not installed():
        return None
    return next((folder for folder in _upward() if (folder / COPY).is_file()), None)


def notebooks() -> Path:
    """The lectures, executed, as a student opens them: those of the working copy that one stands in, if any."""
    return working_copy() or root() / "notebooks"


def data() -> Path:
    """What ships with the course: small data sets, weights, results."""
    return root() / "data"


def chosen(variable: str) -> Path | None:
    """The folder that an environment variable names, None if it is not set or empty.

    `~` is the home folder. A relative path begins at the course's folder, as notebooks work in folders of their own; of
    an installed course at the working copy, or where one stands.
    """
    named = os.environ.get(variable)
    if not named:
        return None
    folder = Path(os.path.expanduser(named))
    return folder if folder.is_absolute() else base() / folder


def base() -> Path:
    """Where relative paths begin that mean the same for every notebook: see `chosen`."""
    return (working_copy() or Path.cwd()) if installed() else root()


def cache() -> Path:
    """Where fetched data sets are kept: `COURSEKIT_CACHE`, else `data/cache/` (ignored by git), for an installed course
    a folder in the user's own cache folder."""
    return chosen("COURSEKIT_CACHE") or (_user_cache() / "data" if installed() else data() / "cache")


def build() -> Path:
    """Everything generated: executed copies, pages, reports. In a clone (where git ignores it) and in a working copy
    it is `build/`, else a folder in the user's own data folder."""
    if not installed():
        return root() / "build"
    if copy := working_copy():
        return copy / "build"
    import platformdirs

    return platformdirs.user_data_path("coursekit", appauthor=False) / "build"


def prepared(folder: Path, mend: str = "choose another with --out") -> Path:
    """A folder to write to, made if it is not there. The message of an error ends with `mend`.

    Raises:
        UserError: it cannot be made, or nothing be written in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UserError(f"Expected a folder that can be written to, got {folder}: {why}; {mend}.") from error


def compiled() -> Path | None:
    """Where compilers keep what they have compiled (`coursekit.training.compile_cache`): `COURSEKIT_COMPILED`, else a
    folder in the user's own cache folder; None if that is 0."""
    if os.environ.get("COURSEKIT_COMPILED") == "0":
        return None
    if folder := chosen("COURSEKIT_COMPILED"):
        return folder
    return _user_cache() / "compiled"


def _user_cache() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("coursekit", appauthor=False)


def _upward() -> list[Path]:
    """The working directory and all folders above it."""
    here = Path.cwd()
    return [here, *here.parents]
