"""Sound of melodies: the pitches are there, it is neither silent nor too loud, and it does not click."""

import io
import wave

import numpy as np
import pytest

from coursekit import melodies, sounds
from coursekit.widgets import sound

RATE = sound.RATE
TOKENS = melodies.from_notes([(0, 4, 57), (4, 8, 64), (10, 16, 81)], 16)


def test_the_pitches_are_heard_in_their_places():
    samples = sound.synthesize(TOKENS, bpm=60)
    assert samples.dtype == np.float32
    assert len(samples) == 4 * RATE
    for start, end, pitch in melodies.notes_of(TOKENS):
        piece = samples[round(start / 4 * RATE) : round(end / 4 * RATE)]
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 8 * len(piece)))
        frequency = spectrum.argmax() * RATE / (8 * len(piece))
        assert abs(69 + 12 * np.log2(frequency / 440) - pitch) < 0.2, "the fundamental is the strongest partial"
    assert not samples[2 * RATE : round(2.5 * RATE)].any(), "the rest"


@pytest.mark.parametrize("bpm", [20, 112, 400])
def test_it_is_loud_without_clipping_or_clicks(bpm):
    samples = sound.synthesize(np.arange(2, 90), bpm, 16_000)
    assert 0.2 < np.abs(samples).max() < 1
    samples = sound.synthesize(TOKENS, bpm)
    slope = 2 * np.pi * 880 * sum(k**-0.5 for k in range(1, 9)) / sum(k**-1.5 for k in range(1, 9)) / RATE
    assert np.abs(np.diff(samples)).max() < slope, "no step is steeper than that of the highest note"


def test_wav_files_hold_the_samples():
    samples = sound.synthesize(TOKENS)
    with wave.open(io.BytesIO(sounds.wav_bytes(samples, RATE))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        found = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767
    np.testing.assert_allclose(found, samples, atol=1 / 32767)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sound.synthesize(TOKENS[None]), "Expected one melody"),
        (lambda: sound.synthesize(TOKENS, bpm=0), "Expected bpm from 20 to 400"),
        (lambda: sound.synthesize(TOKENS, rate=100), "Expected rate to be a whole number from 16,000"),
        (lambda: sounds.wav_bytes(np.array([2.0])), "Expected mono samples"),
        (lambda: sounds.wav_bytes(np.array([np.nan])), "Expected mono samples"),
        (lambda: sounds.wav_bytes(np.array([])), "Expected mono samples"),
    ],
)
def test_what_makes_no_sound(call, message):
    with pytest.raises(ValueError, match=message):
        call()
