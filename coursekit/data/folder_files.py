"""The files of a user's folder: which are images, of which part, of which class, and what is left out."""

import re
from pathlib import Path

from coursekit.data import pictures

# What Windows, macOS and storage boxes put into folders, besides all names that begin with a dot.
SYSTEM = {"__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "@eadir", "#recycle"}
# Texts and tables about images: they are passed over without a word.
COMPANIONS = {".csv", ".html", ".ini", ".ipynb", ".json", ".jsonl", ".log", ".md", ".py", ".rst", ".tsv", ".txt",
              ".xml", ".yaml", ".yml"}  # fmt: skip
TITLES = {"citation", "license", "licence", "readme"}
PARTS = {"train": "train", "training": "train", "test": "test", "testing": "test"}
PARTS |= dict.fromkeys(("val", "valid", "validation"), "valid")
AFTER_PARTS = re.compile(r"[ _-]?(set|data|images)$")  # training_set, test-images
NAMED = 10  # files that a message names
IPHONE = {".heic", ".heif", ".hif"}

LeftOut = list[tuple[Path, str]]


def images_below(root: Path) -> tuple[list[Path], LeftOut]:
    """Image files of a folder and its subfolders in the order of their names, and what else is there, with the reason
    why it is no image. Links are followed; hidden files, those of the system, and texts count for nothing."""
    files, left_out = [], []
    _walk(root, {root.resolve()}, pictures.suffixes(), files, left_out)
    return sorted(files), left_out


def _walk(folder, above, suffixes, files, left_out):
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        left_out.append((folder, f"cannot be opened: {error.strerror or error}"))
        return
    for entry in entries:
        suffix = entry.suffix.lower()
        if _is_hidden(entry):
            continue
        if entry.is_dir():
            real = entry.resolve()
            if real not in above:  # else a link that leads back: all that it shows is read anyway
                _walk(entry, above | {real}, suffixes, files, left_out)
        elif suffix not in suffixes and (suffix in COMPANIONS or entry.stem.lower() in TITLES):
            continue
        elif not entry.is_file():  # a pipe would wait for ever
            left_out.append((entry, "no file" if entry.exists() else "a link that leads nowhere"))
        elif suffix in suffixes or pictures.begins_as_picture(entry):
            files.append(entry)
        elif suffix in IPHONE:
            left_out.append((entry, "Pillow cannot read it here; save it as .jpg, or register pillow-heif"))
        else:
            left_out.append((entry, "no image that Pillow reads"))


def _is_hidden(path):
    return path.name.startswith(".") or path.name.lower() in SYSTEM


def part_of(name: str) -> str | None:
    """The split that a folder's name, or the name that someone gives a split, means; None for any other name."""
    return PARTS.get(AFTER_PARTS.sub("", str(name).lower()))


def classes_folder(root: Path, files: list[Path], split: str) -> tuple[Path, list[Path]]:
    """The folder whose subfolders are the classes, with the files below it.

    That is `root`, or the part of it (`train/`, `test/`, `val/`) that `split` asks for; a folder that holds nothing but
    another folder of folders is only a wrapper.

    Raises:
        ValueError: there is no such part, or parts and classes stand side by side, or parts below classes.
    """
    found = False
    while True:
        tops = _tops(root, files)
        if not found and tops and "" not in tops and all(map(part_of, tops)):
            root, files, found = *_part(root, files, tops, split), True
        elif len(tops) == 1 and "" not in tops and all(len(file.relative_to(root).parts) > 2 for file in files):
            root = root / next(iter(tops))
        else:
            break
    if not found and part_of(split) != "train":
        raise ValueError(
            f"Expected split 'train', the only one of a folder without train/ and test/, got {split!r}; "
            "load another folder instead."
        )
    inside = {name for file in files for name in file.relative_to(root).parts[:-1]}
    if len(set(filter(None, map(part_of, inside)))) > 1:
        raise ValueError(
            f"Expected train/ and test/ to be all that is in {root}, with the classes below them, "
            f"got {_listed(tops)} there; name one folder that has only classes, such as 'folder:{root}/train'."
        )
    return root, files


def _tops(root, files):
    """The subfolders of `root` with files, in their order; "" for files in `root` itself."""
    parts = [file.relative_to(root).parts for file in files]
    return list(dict.fromkeys(names[0] if len(names) > 1 else "" for names in parts))


def _part(root, files, tops, split):
    there = [top for top in tops if part_of(top) == part_of(split)]
    if len(there) != 1:
        known = " or ".join(repr(part_of(top)) for top in tops)
        raise ValueError(f"Expected split {known}, by the folders {_listed(tops)} of {root}, got {split!r}.")
    part = root / there[0]
    return part, [file for file in files if part in file.parents]


def _listed(tops):
    names = [f"{top}/" if top else "images" for top in tops]
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")


def empty_classes(root: Path, classes: tuple[str, ...]) -> LeftOut:
    """Folders beside those of the classes that have no image in them."""
    there = [folder for folder in sorted(root.iterdir()) if folder.is_dir() and not _is_hidden(folder)]
    return [(folder, "a folder without images, so no class") for folder in there if folder.name not in classes]


def lines(left_out: LeftOut, root: Path) -> str:
    """A line for each of the first files left out, with the reason if there is one."""
    named = [f"  - {file.relative_to(root)}" + (f": {reason}" if reason else "") for file, reason in left_out[:NAMED]]
    more = len(left_out) - NAMED
    return "\n".join(named + ([f"  - and {more:,} more"] if more > 0 else []))
