"""`Melodies`, what `load("tunes")` returns, and the windows that are cut from whole tunes."""

import hashlib
import operator
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit import melodies
from coursekit.data.dataset import choose
from coursekit.data.midi import tokens_of_midi

MOST_BARS = 64


@dataclass(frozen=True, eq=False, repr=False)
class Melodies:
    """Windows of melodies as tokens, with the tunes that they are cut from.

    Attributes:
        name: as given to `load` (of `tunes:PATH` only the last part of the path).
        split: such as `"train"`.
        tokens: int64 `[n, 16 * bars]` in 0..89: 0 is no event, 1 a note's end, 2 to 89 strike MIDI 21 to 108.
        tune: int64 `[n]`, positions in `titles`.
        bar: int64 `[n]`, at which bar of its tune a window begins, from 0.
        titles: of the split's tunes.
        license, citation, source: also in one text, `terms`.
    """

    name: str
    split: str
    tokens: np.ndarray
    tune: np.ndarray
    bar: np.ndarray
    titles: tuple[str, ...]
    license: str
    citation: str
    source: str

    @property
    def bars(self) -> int:
        """Bars of a window."""
        return self.tokens.shape[1] // melodies.STEPS_PER_BAR

    @property
    def terms(self) -> str:
        """License, citation and source, for printing."""
        return f"{self.name}\n  license:  {self.license}\n  citation: {self.citation}\n  source:   {self.source}"

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        windows = f"{len(self):,} windows of {self.bars} bars from {len(self.titles):,} tunes"
        return f"Melodies({self.name}, {self.split}: {windows})"


def read_tunes(split: str, archive: Path) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """Whole tunes, tokens uint8 `[16 * bars]` each, and their titles. `data/make_tunes.py` wrote the archive."""
    with np.load(archive) as arrays:
        ends = np.cumsum(arrays["bars"].astype(np.int64) * melodies.STEPS_PER_BAR)
        tunes = np.split(arrays["tokens"], ends[:-1])
        chosen = np.flatnonzero(arrays["test"] == (split == "test"))
        titles = arrays["titles"].tobytes().decode().split("\n")
    return [tunes[number] for number in chosen], tuple(titles[number] for number in chosen)


def read_nottingham(split: str, archive: Path) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """The melodies in duple time of the Nottingham database, as `read_tunes`; titles are the names of its files.

    A tar archive with `MIDI/melody/NAME.mid`. What `tokens_of_midi` refuses (other metres above all) is left out, and
    so is what is the same as an earlier tune. Every tenth name, by its SHA-256, is for testing.
    """
    tunes, titles, seen = [], [], set()
    with tarfile.open(archive) as files:
        for member in sorted(files, key=lambda member: member.name):
            if "/melody/" not in member.name or not member.name.endswith(".mid"):
                continue
            try:
                tokens = tokens_of_midi(files.extractfile(member).read())
            except ValueError:
                continue
            title = Path(member.name).stem
            if tokens.tobytes() not in seen and (_tested(title) == (split == "test")):
                tunes.append(tokens)
                titles.append(title)
            seen.add(tokens.tobytes())
    return tunes, tuple(titles)


def _tested(title):
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 10 == 0


def cut(
    tunes: Sequence[np.ndarray], bars: int, limit: int | None, seed: int | None, source: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The windows of some tunes: tokens int64 `[n, 16 * bars]`, tune and first bar int64 `[n]`.

    A window begins at any bar and ends within the tune. What is the same as an earlier window is left out, and so is
    a window without a note.

    Raises:
        ValueError: `bars` is no integer from 1 to 64, no tune is that long, or a bad `limit`.
    """
    try:
        wanted = operator.index(bars)
    except TypeError:
        wanted = 0
    if not 1 <= wanted <= MOST_BARS:
        raise ValueError(f"Expected bars to be an integer from 1 to {MOST_BARS} (of a window), got {bars!r}; take 2.")
    pieces = [melodies.windows(tokens, wanted) for tokens in tunes]
    tokens = np.concatenate(pieces)
    if not len(tokens):
        longest = max(len(tune) for tune in tunes) // melodies.STEPS_PER_BAR
        raise ValueError(f"Expected tunes of at least {wanted} bars, got at most {longest}; ask for shorter windows.")
    tune = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    bar = np.concatenate([np.arange(len(piece)) for piece in pieces])
    first = np.sort(np.unique(tokens, axis=0, return_index=True)[1])
    first = first[(tokens[first] >= melodies.FIRST).any(axis=1)]
    kept = first[choose(len(first), limit, seed, source)]
    return tokens[kept].astype(np.int64), tune[kept], bar[kept]
