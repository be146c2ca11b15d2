"""`coursekit new`: a student's own copy of the notebooks and exercises, which an update never overwrites."""

import hashlib
import json
from pathlib import Path

import coursekit
from coursekit import atomic, paths
from coursekit.course import CourseError, alone, notebook_files

BESIDE = "new_"  # before the name of a newer file that stands beside a changed one


def new(folder: Path, update: bool = False) -> dict[str, list[Path]]:
    """Write the lectures, their exercises and the profiles into `folder`, each notebook with its first cell.

    What was written is noted in `folder` (`paths.COPY`) with its SHA-256: an update knows what was changed since.

    Args:
        folder: new or empty; with `update` a working copy.
        update: replace files that were not changed. A changed file stays; where the course has a newer one, that is
            written beside it, as `new_NAME`.

    Returns:
        {"written": ..., "beside": ...}: the files that were written in their own place, and those beside changed ones.

    Raises:
        CourseError: a folder of another kind. UserError: it cannot be written to.
    """
    note, there = folder / paths.COPY, folder.exists() and (folder.is_file() or any(folder.iterdir()))
    if update and not note.is_file():
        raise CourseError(f"Expected a working copy to update, got {folder} without {paths.COPY}; leave out --update.")
    if there and not update:
        mend = "--update brings what is new" if note.is_file() else "choose another"
        raise CourseError(f"Expected a new or empty folder, got {folder}, which holds files; {mend}.")
    paths.prepared(folder, "choose another")
    known, done = _read(note), {"written": [], "beside": []}
    for name, content in _contents():
        path, kind = folder / name, "written"
        if path.exists() and content != path.read_bytes() and _sha256(path) != known.get(name):
            if known.get(name) == hashlib.sha256(content).hexdigest():
                continue  # changed, and the course has nothing newer
            path, kind = _free(path, content, known, folder), "beside"
        if not path.exists() or content != path.read_bytes():
            atomic.replace(path, lambda file, content=content: file.write(content))
            done[kind].append(path)
        # Of a changed file, too: the next update leaves it alone until the course has yet another.
        known |= dict.fromkeys((name, path.relative_to(folder).as_posix()), hashlib.sha256(content).hexdigest())
        atomic.write_json(note, {"coursekit": coursekit.__version__, "files": known})
    return done


def _contents():
    """Yields (name below the folder, content) of all files of a working copy."""
    import nbformat

    source = paths.root() / "notebooks"
    for path in sorted([*source.glob("*.ipynb"), *source.glob("exercises/*.ipynb")]):
        notebook = notebook_files.read(path)
        alone.add_first_cell(notebook)
        yield path.relative_to(source).as_posix(), (nbformat.writes(notebook, version=4) + "\n").encode()
    for path in sorted(source.glob("*.yaml")):
        yield path.name, path.read_bytes()


def _free(path, content, known, folder):
    """A name beside `path` that is free, or holds what an update wrote there and nobody has changed."""
    beside = path.with_name(BESIDE + path.name)
    while beside.exists() and beside.read_bytes() != content:
        if known.get(beside.relative_to(folder).as_posix()) == _sha256(beside):
            break
        beside = beside.with_name(BESIDE + beside.name)
    return beside


def _read(note) -> dict[str, str]:
    """{name: SHA-256 of what was written}; nothing of a note that is missing or damaged: all files count as changed."""
    try:
        files = json.loads(note.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(files) if isinstance(files, dict) else {}


def _sha256(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
