"""Measures of melodies as tokens `[n, steps]`, 0..89 (`coursekit.melodies`): accuracy, copies, keys, attributes, paths.

The n-gram model that some of them ask for is in `ngrams.py`.
"""

import numpy as np

from coursekit import melodies
from coursekit.arrays import check_positive
from coursekit.metrics import copies

SCALE = (0, 2, 4, 5, 7, 9, 11)  # semitones of a diatonic collection above its first note
# Longuet-Higgins and Lee (1984): the weight of each step of a bar of 4/4, 0 on the downbeat, -4 on odd sixteenths.
WEIGHTS = np.array([0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4])


def accuracy(true, made) -> dict[str, float]:
    """Shares of right tokens: `"step"`, of all steps, and `"note"`, of those where `true` strikes a note (NaN if none).

    Raises:
        ValueError: no tokens, or two shapes.
    """
    true, made = _pair(true, made)
    right, struck = true == made, true >= melodies.FIRST
    return {"step": float(right.mean()), "note": float(right[struck].mean()) if struck.any() else float("nan")}


def most_frequent(train, test) -> np.ndarray:
    """The baseline that says train's most frequent token at every step; shape of `test`."""
    train, test = melodies.check(train, "train"), melodies.check(test, "test")
    return np.full_like(test, np.bincount(train.ravel()).argmax())


def held(test) -> np.ndarray:
    """The baseline that knows the step before and says it again; at the first step 0, no event. Shape of `test`."""
    test = melodies.check(test, "test")
    return np.pad(test[:, :-1], ((0, 0), (1, 0)))


def longest_copies(made, train) -> np.ndarray:
    """Of each melody, the most steps in a row that some melody of `train` has too (at any place), int64 `[n]`.

    All tokens of the run agree, so a transposed copy is none. A long run of rests or one held note counts as well.
    """
    return copies.longest_copies(melodies.check(made, "made"), melodies.check(train, "train"))


def in_one_key(tokens) -> np.ndarray:
    """Of each melody, the share of its notes in the best of the 12 diatonic collections, float64 `[n]`; NaN if no note.

    A collection is the seven notes of a major key; its minor key and the modes have the same. Random pitches of all 12
    classes reach about 7/12 and somewhat more, as the best is taken.
    """
    tokens = melodies.check(tokens)
    classes = np.where(tokens >= melodies.FIRST, (tokens - melodies.FIRST + melodies.LOWEST) % 12, -1)
    counts = (classes[:, :, None] == np.arange(12)).sum(axis=1)
    members = np.zeros((12, 12))
    for tonic in range(12):
        members[tonic, (tonic + np.array(SCALE)) % 12] = 1
    total = counts.sum(axis=1)
    return np.divide((counts @ members.T).max(axis=1), total, out=np.full(len(tokens), np.nan), where=total > 0)


def attributes(tokens) -> dict[str, np.ndarray]:
    """What MusicVAE's attribute vectors are about, each float64 `[n]`.

    Returns:
        `"density"`: notes struck, of all steps. `"range"`: semitones from the lowest to the highest note, 0 without
        notes. `"syncopation"`: the mean over a melody's bars of `syncopation`.

    Raises:
        ValueError: no tokens, or no whole bars of 16 steps.
    """
    tokens = melodies.check(tokens)
    struck = tokens >= melodies.FIRST
    highest = np.where(struck, tokens, 0).max(axis=1)
    lowest = np.where(struck, tokens, melodies.CLASSES).min(axis=1)
    return {
        "density": struck.mean(axis=1),
        "range": np.where(struck.any(axis=1), highest - lowest, 0).astype(np.float64),
        "syncopation": syncopation(tokens),
    }


def syncopation(tokens) -> np.ndarray:
    """Syncopation a bar, float64 `[n]`, after H. C. Longuet-Higgins and C. S. Lee (Music Perception 1, 1984).

    Each note is compared with the rest or held step of the greatest weight between it and the next note (or the end).
    If that weight is greater than the note's own, the difference is added: a note on a weak step, held over a strong
    one, is a syncopation.

    Raises:
        ValueError: no tokens, or no whole bars of 16 steps.
    """
    tokens = melodies.check(tokens)
    bars, rest = divmod(tokens.shape[1], melodies.STEPS_PER_BAR)
    if rest:
        raise ValueError(f"Expected whole bars of {melodies.STEPS_PER_BAR} steps, got {tokens.shape[1]} steps; cut.")
    weights = np.tile(WEIGHTS, bars)
    total = np.zeros(len(tokens))
    for number, row in enumerate(tokens):
        onsets = np.flatnonzero(row >= melodies.FIRST)
        for onset, after in zip(onsets, np.append(onsets, len(row))[1:], strict=True):
            passed = weights[onset + 1 : after]
            total[number] += max(0, passed.max() - weights[onset]) if len(passed) else 0
    return total / bars


def blend(first, last, steps: int, seed: int = 0) -> np.ndarray:
    """Cross-fading in the space of data: `[steps, length]` from `first` to `last`, both `[length]`.

    As in MusicVAE's figure of interpolations, each token is drawn from the two ends, of `last` with a probability that
    grows from 0 to 1. It is the baseline of a path through a latent space.

    Raises:
        ValueError: fewer than 2 steps, or bad tokens.
    """
    first, last = _pair(first, last)
    check_positive(steps=steps)
    if steps < 2 or len(first) != 1:
        raise ValueError(f"Expected two melodies and at least 2 steps between them, got {len(first)} and {steps}.")
    share = np.linspace(0, 1, steps)[:, None]
    return np.where(np.random.default_rng(seed).random((steps, first.shape[1])) < share, last, first)


def path_distances(path) -> np.ndarray:
    """Of each melody of a path `[steps, length]`, the share of tokens unlike those of the first, float64 `[steps]`.

    On an even path it grows steadily up to the distance of the two ends.
    """
    path = melodies.check(path, "path")
    return (path != path[0]).mean(axis=1)


def _pair(true, made):
    true, made = melodies.check(true, "the first melodies"), melodies.check(made, "the second melodies")
    if true.shape != made.shape:
        raise ValueError(f"Expected two sets of melodies of one shape, got {true.shape} and {made.shape}; cut one.")
    return true, made
