"""The data set "strings": sounds of plucked strings, drawn by code, whose factors are known.

from coursekit.data import strings
plucks = strings.sample(16, seed=1)          # what to play, one record for each sound
samples = strings.play(plucks)               # float32 [16, 5120]: 0.64 seconds each
higher = strings.change(plucks[0], pitch=[45, 57, 69])     # one string three times: only the pitch changes
"""

import numpy as np

from coursekit import sounds
from coursekit.data.factors import Factor, Factors

FACTORS = {
    "pitch": Factor(45, 69, "as MIDI numbers it: 45 is 110 hertz, 69 is 440"),
    "decay": Factor(-0.5, 0.5, "base-10 logarithm of the seconds in which it falls by 60 decibels"),
    "brightness": Factor(0, 1, "a soft pluck to a hard one, which has more of the high partials"),
    "position": Factor(0.05, 0.5, "where it is plucked, as a share of the string's length"),
}
_KNOWN = Factors("string", "strings", FACTORS, {})
COUNTS = {"train": 2000, "test": 400}
SEEDS = {"train": 20260023, "test": 20260024}
DAMPING = 0.1  # of a sample and its neighbor: the loop's average, which lets high partials fade first


def factors(split: str) -> np.ndarray:
    """Factors of the data set "strings", split `"train"` or `"test"`: structured array `[n]`."""
    return sample(COUNTS[split], SEEDS[split])


def sample(n: int, seed: int = 0) -> np.ndarray:
    """Factors of `n` strings, each drawn uniformly and independently: structured array `[n]` with the fields `FACTORS`.

    Raises:
        ValueError: `n` is no integer >= 1, or `seed` no integer >= 0.
    """
    return _KNOWN.sample(n, seed)


def change(plucks: np.ndarray, **values) -> np.ndarray:
    """A copy in which the named factors have other values; see `portraits.change`."""
    return _KNOWN.change(plucks, values)


def play(plucks: np.ndarray) -> np.ndarray:
    """The sounds, float32 `[n, 5120]` within [-0.9, 0.9], at 8,000 samples a second.

    Karplus and Strong's string (1983), with Jaffe and Smith's filters: a pulse goes round in a loop that is as long as
    one period. In each round it is averaged a little and loses some of its strength.

    Args:
        plucks: structured array `[n]` or one record, as `sample` and `change` give them.
    Raises:
        ValueError: other fields than `FACTORS`, or a value out of its range.
    """
    plucks = _KNOWN.checked(plucks)
    for name in FACTORS:
        _KNOWN.check(name, plucks[name])
    return np.stack([sounds.fit(each) for each in _loop(*(plucks[name].astype(np.float64) for name in FACTORS)).T])


def recordings(split: str) -> list[np.ndarray]:
    """The sounds of a split, float32 `[5120]` each."""
    return list(play(factors(split)))


def draw(plucks: np.ndarray, size: int = sounds.MELS) -> np.ndarray:
    """Their pictures, float32 `[n, 64, 32, 1]` in [0, 1]; `size` can only be 64."""
    if size != sounds.MELS:
        raise ValueError(f"Expected size {sounds.MELS}, the bands of pitch in a picture, got {size!r}; leave it out.")
    return sounds.pictures(play(plucks))


def _loop(pitch, decay, brightness, position):
    """All strings at once, [samples, n]: sample by sample, since each needs its own of a period ago."""
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    period = sounds.RATE / frequency
    whole = np.floor(period - DAMPING - 0.1).astype(int)
    part = period - DAMPING - whole  # of a sample, 0.1 to 1.1: an allpass filter delays by it
    allpass = (1 - part) / (1 + part)
    loss = 10 ** (-3 / (frequency * 10**decay))
    taps = loss * np.array([(1 - DAMPING) * allpass, 1 - DAMPING + DAMPING * allpass, DAMPING * np.ones_like(loss)])
    soft, late, every = 0.95 - 0.9 * brightness, position * period, np.arange(len(pitch))

    pulse = np.zeros((sounds.LENGTH + 2, len(pitch)))
    pulse[0] = 1
    pulse[late.astype(int), every] -= 1 - late % 1  # what the near end reflects comes later, upside down
    pulse[late.astype(int) + 1, every] -= late % 1
    begin = int(whole.max()) + 2
    y = np.zeros((begin + sounds.LENGTH, len(pitch)))  # silence before it begins
    x = before = np.zeros(len(pitch))
    for t in range(sounds.LENGTH):
        before, x = x, soft * x + (1 - soft) * pulse[t]
        back = begin + t - whole
        returned = taps[0] * y[back, every] + taps[1] * y[back - 1, every] + taps[2] * y[back - 2, every]
        y[begin + t] = x + allpass * (before - y[begin + t - 1]) + returned
    return y[begin:]
