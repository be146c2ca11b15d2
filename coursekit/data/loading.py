"""`load`, `fetch` and `verify`: the named data sets of the registry as arrays, and the state of their files."""

import difflib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from coursekit.data.dataset import Dataset, choose
from coursekit.data.files import DataError, obtain
from coursekit.data.folder import load_folder
from coursekit.data.registry import CATALOG, Entry
from coursekit.data.scores import load_own_tunes
from coursekit.data.texts import Text
from coursekit.data.tunes import Melodies, cut


def load(
    name: str,
    split: str = "train",
    limit: int | None = None,
    *,
    seed: int | None = None,
    leave_out: str | None = None,
    size: int | None = None,
    channels: int | None = None,
    bars: int | None = None,
) -> Dataset | Melodies | Text:
    """A data set, fetched first if it is not in the cache.

    Args:
        name: one of `catalog()`, `folder:PATH` for your own images, or `tunes:PATH` for your own melodies
            (MIDI, ABC, MusicXML).
        split: `"train"` or `"test"`; `"binarized_mnist"` has `"valid"` too. A folder has those whose names are above
            its classes (`train/`, `test/`, `val/` for `"valid"`), else it is `"train"`.
        limit: how many images, or letters of a text, from 1 to all of them; None for all.
        seed: without one the first `limit` images are taken; with one that many are drawn without replacement. A text
            has none.
        leave_out: `"digits"` takes out of `"mnist"` the images that are also in `"digits"`, so that a model trained
            on the rest has seen none of them; likewise `"fashion_small"` of `"fashion_mnist"`.
        size: only of a folder and of what is drawn (portraits, brushes): pixels a side; 64 if None, of brushes 128.
            Those of a folder are cropped and resized.
        channels: only of a folder: 1 (grey), 3 (RGB), or None, as the images are.
        bars: only of tunes: the length of a window; 2 if None.

    Returns:
        `Dataset` with images float32 `[n, height, width, channels]` in [0, 1] and labels int64 `[n]`, or None where
        there are none; of `"portraits"` and `"brushes"` also `factors`,
        what was drawn. Of `"tunes"`, `Melodies` with tokens
        int64 `[n, 16 * bars]`. Of `"plays"` and `"tiny_shakespeare"`, `Text` with letters uint8 `[n]`.

    Raises:
        DataError: no such data set.
        DataUnavailable: the set is neither in the cache nor to be fetched.
        TypeError: `name` is no text.
        ValueError: an unknown split or `leave_out`, or a `limit` that is not within 1 and all.
        FileNotFoundError: there is no such folder, or no image in it.
    """
    if not isinstance(name, str):
        raise TypeError(f"Expected a data set's name as text, got {name!r}; a folder is 'folder:{name}'.")
    if name.startswith("folder:"):
        if bars is not None:
            raise ValueError(f"Expected bars only with tunes, got {bars!r} with a folder of images; leave it out.")
        if leave_out is not None:
            raise ValueError(f"Expected no leave_out with a folder, got {leave_out!r}.")
        path = name.removeprefix("folder:")
        return load_folder(path, split, limit, seed=seed, size=64 if size is None else size, channels=channels)
    if name.startswith("tunes:"):
        misplaced = {"leave_out": leave_out, "size": size, "channels": channels}
        if given := [option for option, value in misplaced.items() if value is not None]:
            raise ValueError(f"Expected only split, limit, seed and bars with tunes, got {given[0]}; leave it out.")
        return load_own_tunes(name.removeprefix("tunes:"), split, 2 if bars is None else bars, limit, seed)
    entry = _entry(name)
    _check_options(name, entry, split, leave_out, size, channels, bars)
    if entry.tunes is not None:
        return _windows(name, entry, split, limit, seed, bars)
    if entry.text is not None:
        return _text(name, entry, split, limit, seed)
    labels = factors = None
    if entry.draw is not None:
        factors = entry.factors(split)
        factors = factors[choose(len(factors), limit, seed, f"{name}, {split}")]
        images = entry.draw(factors, entry.size if size is None else size)
    else:
        images, labels = _read(name, entry, split, limit, seed, leave_out)
    return Dataset(
        name=name,
        split=split,
        images=images,
        labels=labels,
        classes=entry.classes,
        license=entry.license,
        citation=entry.citation,
        source=entry.source,
        factors=factors,
    )


def recordings(name: str, split: str = "train") -> list[np.ndarray]:
    """The sounds that a set's spectrograms are made of, in the same order.

    Args:
        name: "strings" or "spoken_digits". split: as for `load`.
    Returns:
        float32 `[samples]` each, within [-1, 1], `sounds.RATE` a second. Spoken digits are whole here, and as loud as
        can be; their spectrograms end after 0.64 seconds.
    Raises:
        DataError: no such data set, or one without sounds.
        DataUnavailable: the set is neither in the cache nor to be fetched.
        ValueError: an unknown split.
    """
    entry = _entry(name)
    if entry.recordings is None:
        known = _listed(repr(other) for other in CATALOG if CATALOG[other].recordings is not None)
        raise DataError(f"Expected a data set of sounds, {known}, got {name!r}; data.load has all others.")
    _check_options(name, entry, split, None, None, None, None)
    return entry.recordings(split, *(obtain(file, name, entry.substitute) for file in entry.files[split]))


def _check_options(name, entry, split, leave_out, size, channels, bars):
    misplaced = ["size"] * (size is not None and entry.draw is None) + ["channels"] * (channels is not None)
    if misplaced:
        drawn = _listed(repr(known) for known in CATALOG if CATALOG[known].draw is not None)
        raise ValueError(
            f"Expected {' and '.join(misplaced)} only with 'folder:PATH' (size with {drawn} too), "
            f"got it with '{name}'; leave it out."
        )
    if bars is not None and entry.tunes is None:
        raise ValueError(f"Expected bars only with tunes, got them with '{name}'; leave it out.")
    if split not in entry.counts:
        raise ValueError(f"Expected a split of '{name}', {_listed(map(repr, entry.counts))}, got {split!r}.")
    if leave_out is not None and leave_out not in entry.overlaps:
        known = _listed(f"{leave!r} of {other!r}" for other in CATALOG for leave in CATALOG[other].overlaps)
        raise ValueError(f"Expected leave_out to be {known}, got {leave_out!r} of {name!r}.")


def _windows(name, entry, split, limit, seed, bars):
    tunes, titles = entry.tunes(split, *(obtain(file, name, entry.substitute) for file in entry.files[split]))
    tokens, tune, bar = cut(tunes, 2 if bars is None else bars, limit, seed, f"{name}, {split}")
    return Melodies(name, split, tokens, tune, bar, titles, entry.license, entry.citation, entry.source)


def _text(name, entry, split, limit, seed):
    if seed is not None:
        raise ValueError(f"Expected no seed with a text, whose letters stand in their order, got {seed!r}.")
    symbols, titles = entry.text(split, *(obtain(file, name, entry.substitute) for file in entry.files[split]))
    symbols = symbols[choose(len(symbols), limit, None, f"{name}, {split}")] if limit is not None else symbols
    return Text(name, split, symbols, titles, entry.license, entry.citation, entry.source)


def _read(name, entry, split, limit, seed, leave_out):
    """The chosen images of a set that is kept in files, float32 in [0, 1], and their labels or None."""
    images, labels = entry.read(split, *(obtain(file, name, entry.substitute) for file in entry.files[split]))
    kept = np.arange(len(images))
    if leave_out is not None:
        kept = np.delete(kept, entry.overlaps[leave_out](split, labels))
    kept = kept[choose(len(kept), limit, seed, f"{name}, {split}")]
    images = np.divide(images[kept], 255, dtype=np.float32)
    return images, None if labels is None else labels[kept]


class Row(NamedTuple):
    """One line of the catalog. `bytes` are those of the files; `status` is judged by their sizes alone."""

    name: str
    what: str
    counts: dict[str, int]
    bytes: int
    license: str
    citation: str
    source: str
    status: str


def catalog() -> list[Row]:
    """All named data sets; `status` is "ships with the course", "cached", "not fetched" or "2 of 4 files cached"."""
    return [
        Row(
            name,
            entry.what,
            entry.counts,
            sum(file.bytes for file in entry.all_files),
            entry.license,
            entry.citation,
            entry.source,
            _status(entry),
        )
        for name, entry in CATALOG.items()
    ]


def fetch(name: str) -> list[Path]:
    """Bring all files of a data set into the cache; those that are there and whole are left alone. Their paths.

    Raises:
        DataError: no such data set.
        DataUnavailable: a file cannot be had.
    """
    entry = _entry(name)
    return list(dict.fromkeys(obtain(file, name, entry.substitute) for file in entry.all_files))


def verify(name: str | None = None) -> list[tuple[str, str]]:
    """Size and SHA-256 of every file, of one data set or of all: (path, state as `File.state` words it).

    Nothing is repaired; `fetch` and `load` replace what is damaged.

    Raises:
        DataError: no such data set.
    """
    entries = CATALOG.values() if name is None else [_entry(name)]
    files = dict.fromkeys(file.stored_form for entry in entries for file in entry.all_files)
    return [(file.path, file.state()) for file in files]


def _entry(name: str) -> Entry:
    if name not in CATALOG:
        plain = name.lower().replace("-", "_").replace(" ", "_")
        close = difflib.get_close_matches(plain, CATALOG, n=1, cutoff=0.5)
        hint = f"; did you mean '{close[0]}'?" if close else "."
        if Path(name).is_dir():
            hint = f"; of your own folder write 'folder:{name}' or 'tunes:{name}'."
        raise DataError(
            f"Expected a data set, {_listed(map(repr, [*CATALOG, 'folder:PATH', 'tunes:PATH']))}, got {name!r}{hint}"
        )
    return CATALOG[name]


def _listed(names) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _status(entry: Entry) -> str:
    states = [file.stored_form.state(thorough=False) for file in entry.all_files]
    whole = states.count("ok")
    if all(file.repair for file in entry.all_files):
        return "ships with the course" if whole == len(states) else "damaged"
    if whole in (0, len(states)):
        return "cached" if whole else "not fetched"
    return f"{whole} of {len(states)} files cached"
