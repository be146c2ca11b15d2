"""Files that are at every moment either the old one or the new one."""

import json
import os
from pathlib import Path


def replace(path: Path, write, keep: Path | None = None) -> None:
    """Let `write(file)` fill a new binary file beside `path`, then put it in the place of `path` in one step.

    The file is on the disk before it takes its place, so that a crash or a power cut leaves one of the two whole.
    The old file is kept at `keep`, if that is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    if keep is not None and path.exists():
        os.replace(path, keep)
    os.replace(part, path)


def write_text(path: Path, text: str) -> None:
    """Replace a text file (UTF-8)."""
    replace(path, lambda file: file.write(text.encode()))


def write_json(path: Path, value) -> None:
    """Replace a file with what JSON can hold, one space a level, ending in a newline."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_arrays(path: Path, arrays: dict) -> None:
    """Replace a compressed .npz file with {name: array}."""
    import numpy as np

    replace(path, lambda file: np.savez_compressed(file, **arrays))
