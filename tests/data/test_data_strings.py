"""Plucked strings: each factor is heard in the sound, and in nothing else than it should."""

import numpy as np
import pytest

from coursekit import data, sounds
from coursekit.data import strings

ONE = strings.change(strings.sample(1, seed=1), pitch=57, decay=0.3, brightness=0.5, position=0.3)


def spectrum(samples):
    return np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 8 * len(samples)))


def test_the_set_is_pictures_with_factors():
    test = data.load("strings", "test", limit=5)
    assert test.images.shape == (5, 64, 32, 1)
    assert test.factors.dtype.names == tuple(strings.FACTORS)
    np.testing.assert_array_equal(test.images, sounds.pictures(strings.play(test.factors)))


def test_the_sounds_are_those_of_the_pictures():
    found = data.recordings("strings", "test")
    np.testing.assert_array_equal(sounds.pictures(np.stack(found[:5])), data.load("strings", "test", limit=5).images)


@pytest.mark.parametrize("pitch", [45, 51.5, 60, 69])
def test_the_pitch_is_heard(pitch):
    samples = strings.play(strings.change(ONE, pitch=pitch, position=0.5))[0]
    assert np.abs(samples).max() == pytest.approx(sounds.PEAK)
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    hertz = np.arange(4 * len(samples) + 1) * sounds.RATE / (8 * len(samples))
    near = (hertz > 0.8 * wanted) & (hertz < 1.2 * wanted)
    found = hertz[near][spectrum(samples)[near].argmax()]
    assert abs(12 * np.log2(found / wanted)) < 0.25, "within a quarter of a semitone"


def test_the_decay_is_the_seconds_of_60_decibels():
    samples = strings.play(strings.change(ONE, decay=[-0.5, 0, 0.5], brightness=0))
    early, late = (np.sqrt((samples[:, start : start + 800] ** 2).mean(axis=1)) for start in (400, 2400))
    decibels = 20 * np.log10(early / late)
    seconds = 60 / decibels * 2000 / sounds.RATE
    np.testing.assert_allclose(np.log10(seconds), [-0.5, 0, 0.5], atol=0.15)


def test_brighter_has_more_high_partials_and_the_middle_has_no_even_ones():
    dull, bright = (
        spectrum(strings.play(strings.change(ONE, brightness=0))[0]),
        spectrum(strings.play(strings.change(ONE, brightness=1))[0]),
    )
    high = slice(len(dull) // 3, None)
    assert (bright[high] ** 2).sum() / (bright**2).sum() > 3 * (dull[high] ** 2).sum() / (dull**2).sum()
    middle = spectrum(strings.play(strings.change(ONE, position=0.5))[0])
    bin_of = lambda hertz: round(hertz * 8 * sounds.LENGTH / sounds.RATE)
    second, third = (middle[bin_of(k * 220) - 60 : bin_of(k * 220) + 60].max() for k in (2, 3))
    assert second < 0.2 * third


def test_a_sound_is_the_same_whatever_is_played_beside_it():
    some = strings.sample(6, seed=2)
    np.testing.assert_array_equal(strings.play(some)[3], strings.play(some[3])[0])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: strings.sample(0), "how many strings"),
        (lambda: strings.change(ONE, pitch=100), "Expected pitch"),
        (lambda: strings.play(np.zeros(3)), "Expected strings"),
        (lambda: strings.draw(ONE, size=32), "Expected size 64"),
    ],
)
def test_bad_strings_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
