"""What is copied: the longest run that a sequence has in common with the training data."""

import numpy as np


def longest_copies(made, train) -> np.ndarray:
    """Of each sequence, the most symbols in a row that some sequence of `train` has too (at any place), int64 `[n]`.

    Args:
        made: whole numbers from 0 to 49,999, `[n, steps]`, or one sequence `[steps]`. train: likewise, of any length.
    Raises:
        ValueError: other numbers, or none at all.
    """
    made, train = _rows(made, "made"), _rows(train, "train")
    known = _BORDER.join(map(_characters, train))
    return np.array([_longest(_characters(row), known) for row in made], np.int64)


def _longest(row, known):
    """A run that begins here can only be the longest if it is longer than the longest so far: so each step asks once,
    and once more for each symbol by which the record grows."""
    longest = 0
    for start in range(len(row)):
        while start + longest < len(row) and row[start : start + longest + 1] in known:
            longest += 1
    return longest


_BORDER = chr(0)  # between two sequences: no symbol is written so


def _characters(row):
    """A sequence as a string, in which Python searches fast."""
    return (row + 1).astype("<u4").tobytes().decode("utf-32-le")


def _rows(symbols, name):
    found = np.atleast_2d(np.asarray(symbols))
    whole = found.dtype.kind in "iu" and found.ndim == 2 and found.size > 0
    if not whole or found.min() < 0 or found.max() >= 50_000:
        raise ValueError(
            f"Expected {name}: whole numbers from 0 to 49,999, [n, steps] or [steps], got {found.dtype} "
            f"{list(np.shape(symbols))}; of a text, take letters.encode(text)."
        )
    return found.astype(np.int64)
