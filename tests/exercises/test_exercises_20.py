"""The checks on sound: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise

from coursekit import metrics, sounds

BAND, COPIED = (exercise(__file__, number) for number in (1, 2))
nearer = COPIED.solution["nearer"]
hertz, band = BAND.solution.values()


def test_the_band_is_the_one_whose_filter_is_largest():
    frequencies = np.array([150.0, 440.0, 1234.0, 3500.0])
    bins = np.rint(frequencies * sounds.WINDOW / sounds.RATE).astype(int)
    largest = sounds.mel_filters()[:, bins].argmax(axis=0)
    np.testing.assert_array_equal(band(bins * sounds.RATE / sounds.WINDOW), largest)
    np.testing.assert_allclose(hertz(np.array([57.0, 81.0])), [220, 880])


@each(
    hertz=[
        (lambda pitch: 440.0, "4 numbers"),
        (lambda pitch: 440 * 2.0 ** (pitch - 69), "twelve of them do"),
        (lambda pitch: pitch, "twelve steps up double"),
    ],
    band=[
        (lambda f: 3.0, "4 numbers"),
        (lambda f: band(f) + 1, "count from 1"),
        (lambda f: band(f) + 0.5, "whole number"),
        (lambda f: f // 1000, "65 equal steps"),
    ],
)
def test_wrong_bands_get_their_hint(part, wrong, says):
    assert says in BAND.hint(**{part: wrong})


def test_the_share_is_the_packages():
    rng = np.random.default_rng(0)
    training, tests = rng.normal(size=(2, 30, 4))
    samples = training[:25] + rng.normal(0, 0.5, (25, 4))
    assert nearer(samples, tests, training) == metrics.neighbors.memorization(samples, training, tests).score


@each(
    nearer=[
        (lambda samples, tests, training: np.ones(3), "one number"),
        (lambda samples, tests, training: 7.0, "between 0 and 1"),
        (lambda samples, tests, training: 1 - nearer(samples, tests, training), "farther"),
        (lambda samples, tests, training: 0.123, "smallest distance"),
    ],
)
def test_wrong_shares_get_their_hint(part, wrong, says):
    assert says in COPIED.hint(**{part: wrong})
