"""The data set `folder:PATH`: a user's own images."""

from pathlib import Path

import numpy as np

from coursekit import progress
from coursekit.data.dataset import Dataset, choose

SUFFIXES = {".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
NAMED = 10  # unreadable files that an error names


def load_folder(
    path: str,
    split: str = "train",
    limit: int | None = None,
    *,
    seed: int | None = None,
    size: int = 64,
    channels: int | None = None,
) -> Dataset:
    """The images of a folder, or of its subfolders (one for each class), in the order of their names.

    Each is turned as its EXIF data say, laid on white where it is transparent, cropped to its central square and
    resized to `size` x `size`. Files that are no images by their suffix, and hidden ones, are passed over.

    Args:
        path: the folder; `~` is the home folder.
        split: a folder is one split, `"train"`.
        limit, seed: as in `coursekit.data.load`.
        size: pixels a side, >= 1.
        channels: 1 (grey), 3 (RGB), or None: grey if all images are grey, else RGB.

    Raises:
        FileNotFoundError: there is no such folder, or no image in it.
        ValueError: an unknown split, a bad `size`, `channels` or `limit`, images both in the folder and in subfolders,
            or unreadable files; these are named.
    """
    root = Path(path).expanduser()
    name = f"folder:{root.resolve().name}"
    if split != "train":
        raise ValueError(
            f"Expected split 'train', the only one of a folder, got {split!r}; load another folder instead."
        )
    if not (isinstance(size, int) and size >= 1):
        raise ValueError(f"Expected size to be an integer >= 1 (pixels a side), got {size!r}.")
    if channels not in (None, 1, 3):
        raise ValueError(f"Expected channels to be 1 (grey), 3 (RGB) or None (as the images are), got {channels!r}.")
    files, labels, classes = find(root)
    chosen = choose(len(files), limit, seed, name)
    images = _read([files[i] for i in chosen], root, size, channels)
    return Dataset(
        name=name,
        split=split,
        images=images,
        labels=None if labels is None else labels[chosen],
        classes=classes,
        license="the images' own",
        citation="none",
        source=f"{len(files):,} files of the folder {root.resolve().name}",
    )


def find(root: Path) -> tuple[list[Path], np.ndarray | None, tuple[str, ...]]:
    """Image files in order, their labels (int64 `[n]`, or None without subfolders) and the classes."""
    if not root.is_dir():
        raise FileNotFoundError(f"Expected a folder of images after 'folder:', got {root}; no such folder exists.")
    by_class = {}
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if file.suffix.lower() in SUFFIXES and file.is_file() and not any(part.startswith(".") for part in parts):
            by_class.setdefault(parts[0] if len(parts) > 1 else "", []).append(file)
    if not by_class:
        raise FileNotFoundError(
            f"Expected images in {root} or its subfolders, got none. Known suffixes: {' '.join(sorted(SUFFIXES))}."
        )
    if set(by_class) == {""}:
        return by_class[""], None, ()
    if "" in by_class:
        raise ValueError(
            f"Expected the images either in {root} or in its subfolders (one for each class), got both: "
            f"{len(by_class[''])} beside {len(by_class) - 1} subfolders. Move them, or name a subfolder."
        )
    classes = tuple(sorted(by_class))
    files = [file for name in classes for file in by_class[name]]
    return files, np.repeat(np.arange(len(classes)), [len(by_class[name]) for name in classes]), classes


def _read(files, root, size, channels):
    from PIL import Image

    squares, unreadable = [], []
    for file in progress.bar(files, "reading images", unit="image"):
        try:
            squares.append(_square(file, size))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            reason = "no readable image" if isinstance(error, Image.UnidentifiedImageError) else error
            unreadable.append(f"  - {file.relative_to(root)}: {reason}")
    if unreadable:
        more = [f"  - and {len(unreadable) - NAMED:,} more"] if len(unreadable) > NAMED else []
        raise ValueError(
            f"Expected readable images, got {len(unreadable):,} of {len(files):,} that cannot be read:\n"
            + "\n".join(unreadable[:NAMED] + more)
            + "\nRepair them or move them out of the folder."
        )
    mode = {1: "L", 3: "RGB", None: "RGB" if any(square.mode == "RGB" for square in squares) else "L"}[channels]
    pixels = np.stack([np.asarray(square.convert(mode)) for square in squares])
    return np.divide(pixels, 255, dtype=np.float32).reshape(len(files), size, size, -1)


def _square(file, size):
    """The image as PIL's mode L or RGB, `size` x `size`."""
    from PIL import Image, ImageOps

    with Image.open(file) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode.startswith("I;16"):
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        if image.mode in ("I", "F"):
            raise ValueError("its pixels have 32 bits and no stated range; save it with 8 or 16 bits")
        if image.has_transparency_data:
            grey = image.mode in ("LA", "La")
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("L" if grey else "RGB")
        image = image.convert("L" if image.mode in ("1", "L") else "RGB")
        return ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
