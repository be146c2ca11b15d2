"""Melodies as tokens: one for each step, 16 steps a bar, as MusicVAE has them.

Token 0 is no event (what sounds goes on sounding, silence goes on), 1 ends the note, 2 to 89 strike one of the 88
pitches of the piano, MIDI 21 to 108.
"""

from collections.abc import Iterable

import numpy as np

HOLD, OFF, FIRST = 0, 1, 2
LOWEST, HIGHEST = 21, 108
CLASSES = FIRST + HIGHEST - LOWEST + 1
STEPS_PER_BAR = 16


def check(tokens, name: str = "tokens", classes: int = CLASSES) -> np.ndarray:
    """The tokens as int64 `[n, steps]`; one melody `[steps]` becomes `[1, steps]`.

    Args:
        classes: how many there are, where they are not those of melodies.

    Raises:
        ValueError: no array of whole numbers, nothing in it, or a token that is not from 0 to classes - 1.
    """
    found = np.asarray(tokens)
    if found.ndim == 1:
        found = found[None]
    if found.ndim != 2 or found.size == 0 or found.dtype.kind not in "iu":
        raise ValueError(
            f"Expected {name} as whole numbers [n, steps] or [steps], got {found.dtype} {list(np.shape(tokens))}; "
            "take the tokens of data.load('tunes') or a model's."
        )
    if found.min() < 0 or found.max() >= classes:
        pitch = f"; a pitch p of MIDI is token p - {LOWEST - FIRST}" if classes == CLASSES else ""
        raise ValueError(
            f"Expected {name} from 0 to {classes - 1}, got some from {found.min()} to {found.max()}{pitch}."
        )
    return found.astype(np.int64)


def notes_of(tokens: np.ndarray) -> list[tuple[int, int, int]]:
    """(start, end, pitch) of each note of one melody `[steps]`; see `from_notes`, which is the way back."""
    notes, begun = [], None
    for step, token in enumerate(np.asarray(tokens).tolist()):
        if token != HOLD and begun is not None:
            notes.append((begun[0], step, begun[1]))
            begun = None
        if token >= FIRST:
            begun = step, token - FIRST + LOWEST
    if begun is not None:
        notes.append((begun[0], len(tokens), begun[1]))
    return notes


def from_notes(notes: Iterable[tuple[int, int, int]], length: int) -> np.ndarray:
    """Tokens of a melody, uint8 `[length]`.

    Args:
        notes: (start, end, pitch) in the order of time: steps, the end excluded, and MIDI pitch.
        length: steps.
    """
    tokens = np.zeros(length, np.uint8)
    for start, end, pitch in notes:
        tokens[start] = pitch - LOWEST + FIRST
        if end < length:
            tokens[end] = OFF  # the next note overwrites it if it follows at once
    return tokens


def sounding(tokens: np.ndarray) -> np.ndarray:
    """The MIDI pitch that sounds at each step, int16, -1 in silence. Shape `[steps]` or `[n, steps]`, as `tokens`."""
    tokens = np.asarray(tokens)
    steps = np.arange(tokens.shape[-1])
    last = np.maximum.accumulate(np.where(tokens != HOLD, steps, 0), axis=-1)
    event = np.take_along_axis(tokens, last, axis=-1).astype(np.int16)
    return np.where(event >= FIRST, event - FIRST + LOWEST, -1).astype(np.int16)


def windows(tokens: np.ndarray, bars: int) -> np.ndarray:
    """All stretches of `bars` bars, from each bar on, `[n, 16 * bars]`.

    A note that began before the window is struck at its first step, so each window is complete in itself.
    """
    size = STEPS_PER_BAR * bars
    if len(tokens) < size:
        return np.empty((0, size), tokens.dtype)
    cut = np.lib.stride_tricks.sliding_window_view(tokens, size)[::STEPS_PER_BAR].copy()
    before = sounding(tokens)[::STEPS_PER_BAR][: len(cut)]
    held = (cut[:, 0] == HOLD) & (before >= 0)
    cut[held, 0] = before[held] - LOWEST + FIRST
    cut[cut[:, 0] == OFF, 0] = HOLD  # silence from the beginning on needs no event
    return cut


def transpose(tokens: np.ndarray, semitones: int | np.ndarray) -> np.ndarray:
    """The melodies higher (or lower) by `semitones`, an integer or one for each row; shape and type stay.

    Raises:
        ValueError: a note would leave the piano.
    """
    tokens = np.asarray(tokens)
    shift = np.asarray(semitones)
    moved = np.where(tokens >= FIRST, tokens.astype(np.int64) + (shift[:, None] if shift.ndim else shift), tokens)
    notes = moved[tokens >= FIRST]
    if notes.size and (notes.min() < FIRST or notes.max() >= CLASSES):
        raise ValueError(
            f"Expected notes within MIDI {LOWEST} to {HIGHEST} after transposing, got "
            f"{notes.min() - FIRST + LOWEST} to {notes.max() - FIRST + LOWEST}; transpose by fewer semitones."
        )
    return moved.astype(tokens.dtype)
