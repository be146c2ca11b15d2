"""The checks on sound and frames: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise

from coursekit import sounds

BLUR, BAND = (exercise(__file__, number) for number in (1, 2))
best, price = BLUR.solution.values()
hertz, band = BAND.solution.values()


def test_no_other_answer_is_cheaper():
    ink, chances = np.array([0.1, 0.9, 0.4]), np.array([0.2, 0.5, 0.3])
    grid = np.linspace(0.001, 0.999, 999)
    prices = [price(p, ink, chances) for p in grid]
    assert best(ink, chances) == pytest.approx(grid[np.argmin(prices)], abs=1e-3)


def test_the_guess_has_an_answer_among_the_three():
    ink, chances = np.array([1.0, 0.0]), np.array([0.9, 0.1])
    assert price(best(ink, chances), ink, chances) == pytest.approx(0.325, abs=1e-3)


def test_the_band_is_the_one_whose_filter_is_largest():
    frequencies = np.array([150.0, 440.0, 1234.0, 3500.0])
    bins = np.rint(frequencies * sounds.WINDOW / sounds.RATE).astype(int)
    largest = sounds.mel_filters()[:, bins].argmax(axis=0)
    np.testing.assert_array_equal(band(bins * sounds.RATE / sounds.WINDOW), largest)
    np.testing.assert_allclose(hertz(np.array([57.0, 81.0])), [220, 880])


@each(
    best=[
        (lambda ink, chances: 2.0, "between 0 and 1"),
        (lambda ink, chances: ink.mean(), "How probable"),
        (lambda ink, chances: 0.77, "set its derivative"),
    ],
    price=[
        (lambda p, ink, chances: np.ones(3), "one number"),
        (lambda p, ink, chances: -price(p, ink, chances), "minus sign"),
        (lambda p, ink, chances: price(p, ink, chances) / np.log(2), "bits"),
        (lambda p, ink, chances: 3.0, "Weigh each future"),
    ],
)
def test_wrong_blurs_get_their_hint(part, wrong, says):
    assert says in BLUR.hint(**{part: wrong})


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
