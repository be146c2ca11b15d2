"""Melodies as sound: samples; `coursekit.sounds.wav_bytes` makes a file of them for `IPython.display.Audio`."""

import numpy as np

from coursekit import melodies

RATE = 22_050
ATTACK, RELEASE = 0.006, 0.03  # seconds
PARTIALS = 8
LOUDNESS = 0.8  # the most that all partials reach together


def synthesize(tokens, bpm: float = 112, rate: int = RATE) -> np.ndarray:
    """One melody `[steps]` as a plucked string would play it: float32 mono samples within [-0.8, 0.8].

    A note is a sum of up to eight partials; the higher ones are weaker and fade sooner. It begins and ends smoothly.

    Args:
        bpm: quarter notes (four steps) a minute, 20 to 400.
        rate: samples a second, 16,000 to 192,000.

    Raises:
        ValueError: no melody, or a tempo or rate out of range.
    """
    if np.ndim(tokens) != 1:
        raise ValueError(f"Expected one melody [steps], got {list(np.shape(tokens))}; choose a row.")
    tokens = melodies.check(tokens)[0]
    if not 20 <= bpm <= 400:
        raise ValueError(f"Expected bpm from 20 to 400 (quarter notes a minute), got {bpm!r}; 112 is a good start.")
    if not (isinstance(rate, (int, np.integer)) and 16_000 <= rate <= 192_000):
        raise ValueError(f"Expected rate to be a whole number from 16,000 to 192,000 (samples a second), got {rate!r}.")
    step = 60 / bpm * 4 / melodies.STEPS_PER_BAR
    samples = np.zeros(round(len(tokens) * step * rate), np.float32)
    for start, end, pitch in melodies.notes_of(tokens):
        first, last = round(start * step * rate), round(end * step * rate)
        samples[first:last] = _pluck(440 * 2 ** ((pitch - 69) / 12), last - first, rate)
    return samples


def _pluck(frequency, count, rate):
    time = np.arange(count) / rate
    numbers = np.arange(1, PARTIALS + 1)
    numbers = numbers[numbers * frequency < 0.45 * rate]
    weights = numbers**-1.5
    tone = sum(
        weight * np.sin(2 * np.pi * number * frequency * time) * np.exp(-(1.2 + 0.8 * number) * time)
        for number, weight in zip(numbers, weights, strict=True)
    )
    return LOUDNESS * tone / weights.sum() * _envelope(time, count / rate)


def _envelope(time, length):
    """Up and down as half a cosine, so that no note begins or ends with a jump."""
    up = np.clip(time / ATTACK, 0, 1)
    down = np.clip((length - time) / min(RELEASE, length / 2), 0, 1)
    return (0.5 - 0.5 * np.cos(np.pi * up)) * (0.5 - 0.5 * np.cos(np.pi * down))
