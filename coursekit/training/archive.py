"""The checkpoint's file: arrays with their description in JSON, replaced in one step, the previous version kept."""

import json
import os
import warnings
import zipfile

import numpy as np

from coursekit import atomic

_ABOUT = "about.json"


def previous(path):
    """The version before the last one, kept beside it."""
    return path.with_name(path.name + ".previous")


def write(path, arrays, about):
    """Save `arrays` {name: array} and `about` (JSON's types). A crash at any moment leaves a whole file behind."""

    def fill(file):
        np.savez(file, **arrays, **{_ABOUT: np.frombuffer(json.dumps(about).encode(), "uint8")})

    atomic.replace(path, fill, keep=previous(path))


def read(path):
    """(arrays, about), or None if there is nothing at `path`. A damaged file gives way, with a warning, to the
    previous one.

    Raises:
        ValueError: both are damaged, or it is no file of this kind.
    """
    older = previous(path)
    if path.exists():
        try:
            return _read(path)
        except (zipfile.BadZipFile, EOFError, KeyError, OSError, ValueError) as problem:
            if not older.exists():
                raise ValueError(
                    f"Expected a checkpoint at {path}, got a file that is damaged or of another kind ({problem}), and "
                    f"there is no {older.name} beside it. Delete it to start over, or pass another path."
                ) from problem
            aside = path.with_name(path.name + ".damaged")
            os.replace(path, aside)  # else the next write would put it in the place of the good one
            warnings.warn(
                f"{path} is damaged ({problem}): going on from {older.name} beside it. It is {aside.name} now.",
                stacklevel=2,
            )
    if not older.exists():
        return None
    try:
        return _read(older)
    except (zipfile.BadZipFile, EOFError, KeyError, OSError, ValueError) as problem:
        raise ValueError(
            f"Expected a checkpoint at {path} or at {older.name} beside it, and both are damaged ({problem}). "
            "Delete them to start over."
        ) from problem


def _read(path):
    with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return arrays, json.loads(arrays.pop(_ABOUT).tobytes())
