"""Spoken digits: which recording belongs to which split."""

import collections
import io
import zipfile

import numpy as np
import pytest

from coursekit import data, sounds
from coursekit.data import spoken_digits


@pytest.fixture
def archive(tmp_path):
    """Two digits by two speakers, recordings 0, 4, 5 and 49; the pitch says the digit."""
    file = tmp_path / "recordings.zip"
    with zipfile.ZipFile(file, "w") as out:
        for digit in (3, 8):
            for speaker in ("theo", "yweweler"):
                for number in (0, 4, 5, 49):
                    tone = 0.5 * np.sin(np.arange(2000) * (0.1 + 0.1 * digit))
                    out.writestr(f"any/recordings/{digit}_{speaker}_{number}.wav", sounds.wav_bytes(tone))
        out.writestr("any/README.md", io.BytesIO(b"no sound").getvalue())
    return file


@pytest.mark.parametrize(("split", "count"), [("train", 4), ("test", 4), ("speaker", 8)])
def test_the_splits(archive, split, count):
    pictures, labels = spoken_digits.read(split, archive)
    assert pictures.shape == (count, 64, 32, 1)
    assert pictures.dtype == np.uint8
    assert collections.Counter(labels.tolist()) == {3: count // 2, 8: count // 2}
    highest = pictures[..., 3, 0].argmax(axis=1)
    assert len(set(highest[labels == 3])) == 1
    assert highest[labels == 8].max() < highest[labels == 3].min(), "the higher tone stands higher"


def test_the_sounds_are_whole_and_in_the_order_of_the_pictures(archive):
    found = spoken_digits.recordings("speaker", archive)
    pictures, _ = spoken_digits.read("speaker", archive)
    assert {len(each) for each in found} == {2000}
    again = sounds.pictures(np.stack([sounds.fit(each) for each in found]))
    np.testing.assert_array_equal(np.rint(again * 255), pictures)


def test_sets_without_sounds_are_named():
    with pytest.raises(data.DataError, match="'strings' or 'spoken_digits', got 'digits'"):
        data.recordings("digits")
    with pytest.raises(ValueError, match="a split of 'strings'"):
        data.recordings("strings", "speaker")


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
def test_the_whole_set():
    for split, count in spoken_digits.COUNTS.items():
        loaded = data.load("spoken_digits", split)
        assert len(loaded) == count
        assert set(np.bincount(loaded.labels)) == {count // 10}
