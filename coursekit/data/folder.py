"""The data set `folder:PATH`: a user's own images."""

import warnings
from pathlib import Path

import numpy as np

from coursekit import progress
from coursekit.data import folder_files, pictures
from coursekit.data.dataset import Dataset, choose


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
    resized to `size` x `size`. Of an animation the first picture is taken. Pictures with more than 8 bits whose files
    do not say what is white share one range: the smallest of 1, 255, 1,023, 4,095, 16,383 and 65,535 that holds them.

    A file is an image if Pillow reads it. Hidden files and texts are passed over. Whatever else is left out, such as a
    broken image, is named in one warning. With `limit` the next image takes its place.

    Args:
        path: the folder; `~` is the home folder.
        split: a folder is one split, `"train"`, unless it holds `train/`, `test/` or `val/` (`"valid"`) with the
            classes below them. A folder whose only content is another folder of folders is passed through.
        limit, seed: as in `coursekit.data.load`.
        size: pixels a side, >= 1.
        channels: 1 (grey), 3 (RGB), or None: grey if all images are grey, else RGB.

    Raises:
        FileNotFoundError: there is no such folder, or no image in it.
        ValueError: an unknown split, a bad `size`, `channels` or `limit`, images both in the folder and in subfolders,
            or not one readable image.
    """
    root = _existing(path)
    name = f"folder:{root.resolve().name}"
    if not (isinstance(size, int) and size >= 1):
        raise ValueError(f"Expected size to be an integer >= 1 (pixels a side), got {size!r}.")
    if channels not in (None, 1, 3):
        raise ValueError(f"Expected channels to be 1 (grey), 3 (RGB) or None (as the images are), got {channels!r}.")
    place, files, labels, classes, others = _find(root, split)
    wanted = len(choose(len(files), limit, seed, name))
    squares, kept, unreadable = _read(files, choose(len(files), None, seed, name), wanted, size)
    if not squares:
        raise ValueError(
            f"Expected readable images in {root}, got {len(unreadable):,} that cannot be read:\n"
            f"{folder_files.lines(unreadable, root)}\nRepair them, or name another folder."
        )
    _tell(root, len(files) + len(others), [files[position] for position in kept], squares, others + unreadable)
    color = channels == 3 or (channels is None and any(square.color for square in squares))
    full = pictures.full_range(squares)
    images = np.empty((len(squares), size, size, 3 if color else 1), np.float32)
    for image, square in zip(images, squares, strict=True):
        image[:] = square.pixels(color, full)
    return Dataset(
        name=name,
        split=folder_files.part_of(split),
        images=images,
        labels=None if labels is None else labels[kept],
        classes=classes,
        license="the images' own",
        citation="none",
        source=f"{len(files):,} files of the folder {place.resolve().name}",
    )


def _existing(path):
    if not str(path).strip():
        raise ValueError("Expected a folder of images after 'folder:', got nothing; write 'folder:PATH'.")
    try:
        root = Path(path).expanduser()
    except RuntimeError as error:  # no home folder
        raise FileNotFoundError(f"Expected a folder of images after 'folder:', got {path}: {error}") from error
    if root.is_file():
        raise FileNotFoundError(
            f"Expected a folder of images after 'folder:', got the file {root}; name the folder that it is in, "
            "or unpack it if it is an archive."
        )
    if not root.is_dir():
        raise FileNotFoundError(
            f"Expected a folder of images after 'folder:', got {root}; no such folder exists"
            + ("." if root.is_absolute() else f" in {Path.cwd()}.")
        )
    return root


def _find(root, split):
    """The folder of the classes, its image files, their labels (int64 `[n]`, or None), the classes, other files."""
    files, left_out = folder_files.images_below(root)
    if not files:
        raise FileNotFoundError(
            f"Expected images in {root} or its subfolders, got none; put some there (.jpg, .png, .tif, .webp, whatever "
            "Pillow reads), or name another folder."
            + (f" What is there:\n{folder_files.lines(left_out, root)}" if left_out else "")
        )
    place, files = folder_files.classes_folder(root, files, split)
    left_out = [(file, why) for file, why in left_out if place in file.parents or file.parent == root]
    by_class = {}
    for file in files:
        parts = file.relative_to(place).parts
        by_class.setdefault(parts[0] if len(parts) > 1 else "", []).append(file)
    if set(by_class) == {""}:
        return place, files, None, (), left_out
    if "" in by_class:
        raise ValueError(
            f"Expected the images either in {place} or in its subfolders (one for each class), got both: "
            f"{len(by_class[''])} beside {len(by_class) - 1} subfolders. Move them, or name a subfolder."
        )
    classes = tuple(sorted(by_class))
    files = [file for name in classes for file in by_class[name]]
    labels = np.repeat(np.arange(len(classes)), [len(by_class[name]) for name in classes])
    return place, files, labels, classes, left_out + folder_files.empty_classes(place, classes)


def _read(files, order, wanted, size):
    """The first `wanted` readable squares in this order, the positions of their files, and the unreadable files."""
    squares, kept, unreadable = [], [], []
    with progress.bar(description="reading images", total=wanted, unit="image") as bar:
        for position in order:
            try:
                squares.append(pictures.read_square(files[position], size))
            except ValueError as reason:
                unreadable.append((files[position], str(reason)))
                continue
            kept.append(position)
            bar.update()
            if len(squares) == wanted:
                break
    return squares, np.array(kept, np.int64), unreadable


def _tell(root, total, files, squares, left_out):
    """One warning of all that is not as the files are: what was left out of `total`, and how `files` were read."""
    read, said = list(zip(files, squares, strict=True)), []
    if left_out:
        said.append((f"{len(left_out):,} of {total:,} left out", left_out))
    if more := [(file, "") for file, square in read if square.more]:
        said.append((f"{len(more):,} with several pictures (animations, pages), of which the first was taken", more))
    deep = [(file, "") for file, square in read if square.deep is not None and not square.full]
    full = pictures.full_range(squares)
    if deep and full != pictures.RANGES[-1]:
        said.append((f"{len(deep):,} of more than 8 bits that do not say what is white, read as 0 to {full:,}", deep))
    if said:
        text = [f"{what}:\n{folder_files.lines(named, root)}" for what, named in said]
        warnings.warn(f"Files in {root}, " + "\nand ".join(text), stacklevel=4)
