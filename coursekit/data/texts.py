"""`Text`, what `load("plays")` and `load("tiny_shakespeare")` return: letters in a row."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from coursekit import letters


@dataclass(frozen=True, eq=False, repr=False)
class Text:
    """A text as symbols.

    Attributes:
        name: as given to `load`. split: such as `"train"`.
        letters: the text, uint8 `[n]`, positions in `coursekit.letters.ALPHABET`.
        titles: what it is made of, one after the other.
        license, citation, source: also in one text, `terms`.
    """

    name: str
    split: str
    letters: np.ndarray
    titles: tuple[str, ...]
    license: str
    citation: str
    source: str

    @cached_property
    def text(self) -> str:
        """The text as it is read; decoded once, when it is first asked for."""
        return letters.decode(self.letters)

    @property
    def lines(self) -> list[str]:
        """The lines of the text that have letters in them."""
        return [line for line in self.text.split("\n") if line]

    @property
    def terms(self) -> str:
        """License, citation and source, for printing."""
        return f"{self.name}\n  license:  {self.license}\n  citation: {self.citation}\n  source:   {self.source}"

    def __len__(self) -> int:
        return len(self.letters)

    def __repr__(self) -> str:
        return f"Text({self.name}, {self.split}: {len(self):,} letters, {letters.CLASSES} kinds)"


def read_plays(split: str, archive: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """The letters of a split's plays, uint8 `[n]`, and their titles. `data/make_plays.py` wrote the archive."""
    with np.load(archive) as arrays:
        plays = np.split(arrays["letters"], np.cumsum(arrays["lengths"].astype(np.int64))[:-1])
        titles = arrays["titles"].tobytes().decode().split("\n")
        chosen = np.flatnonzero(arrays["test"] == (split == "test"))
    return np.concatenate([plays[i] for i in chosen]), tuple(titles[i] for i in chosen)


def read_tiny_shakespeare(split: str, file: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """The first nine tenths of the text, or the last tenth, as nanoGPT splits it."""
    symbols = letters.encode(file.read_text(encoding="ascii"))
    border = int(0.9 * len(symbols))
    return (symbols[:border] if split == "train" else symbols[border:]), ("tiny Shakespeare",)
