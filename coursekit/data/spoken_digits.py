"""The data set "spoken_digits": the digits 0 to 9, spoken by six people, as mel spectrograms (`coursekit.sounds`).

The recordings are those of the Free Spoken Digit Dataset, 8,000 samples a second: 50 of each digit by each speaker. The
first 5 of them are its official test set. Here one speaker is kept aside altogether, in the split "speaker".
"""

import zipfile
from pathlib import Path

import numpy as np

from coursekit import sounds

SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
ASIDE = "yweweler"  # whom nobody hears in training
COUNTS = {"train": 2250, "test": 250, "speaker": 500}


def read(split: str, archive: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of the sounds, uint8 `[n, 64, 32, 1]`, and the digits `[n]`. A sound longer than 0.64 s is cut."""
    names, samples = _recordings(split, archive)
    samples = np.stack([sounds.fit(each) for each in samples])
    return np.rint(sounds.pictures(samples) * 255).astype(np.uint8), np.array([int(name[0]) for name in names])


def recordings(split: str, archive: Path) -> list[np.ndarray]:
    """The sounds of `read`, in the same order, whole: float32 `[samples]` each, within [-0.9, 0.9]."""
    return [sounds.fit(each, len(each)) for each in _recordings(split, archive)[1]]


def _recordings(split, archive):
    """Names, DIGIT_SPEAKER_NUMBER, and sounds, [samples], of a split: mixed, but always in the same order."""
    with zipfile.ZipFile(archive) as file:
        found = {Path(name).stem: name for name in file.namelist() if name.endswith(".wav")}
        names = sorted(name for name in found if _split(name) == split)
        names = [names[i] for i in np.random.default_rng(20260025).permutation(len(names))]
        return names, [sounds.read_wav(file.read(found[name])) for name in names]


def _split(name):
    _, speaker, number = name.split("_")
    return "speaker" if speaker == ASIDE else "test" if int(number) < 5 else "train"
