"""Where the course keeps its files. One place, so that nothing else guesses."""

import os
from pathlib import Path

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


def cache() -> Path:
    """Where fetched data sets are kept: `COURSEKIT_CACHE`, else `data/cache/` (ignored by git)."""
    return Path(os.environ["COURSEKIT_CACHE"]) if os.environ.get("COURSEKIT_CACHE") else data() / "cache"


def build() -> Path:
    """Everything generated: executed copies, pages, reports (ignored by git)."""
    return root() / "build"


def compiled() -> Path | None:
    """Where compilers keep what they have compiled (`coursekit.training.compile_cache`): `COURSEKIT_COMPILED`, else a
    folder in the user's own cache folder; None if that is 0."""
    chosen = os.environ.get("COURSEKIT_COMPILED")
    if chosen == "0":
        return None
    if chosen:
        return Path(chosen).absolute()
    import platformdirs

    return platformdirs.user_cache_path("coursekit", appauthor=False) / "compiled"
