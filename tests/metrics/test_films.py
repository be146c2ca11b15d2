"""Predicted frames: curves, floors, and predictors that have learned nothing."""

import numpy as np
import pytest

from coursekit import data
from coursekit.data import moving_digits
from coursekit.metrics import films

SOME = moving_digits.draw(data.load("digits", limit=50).images, moving_digits.paths(6, digits=1, speed=0.1, seed=1))


def test_a_perfect_prediction_pays_the_floor():
    curves = films.curves(SOME, SOME)
    np.testing.assert_allclose(curves["nats"], films.floor(SOME), rtol=1e-5)
    np.testing.assert_allclose(curves["ssim"], 1)
    assert (curves["squared_error"] == 0).all()


def test_nats_and_squares_of_one_pixel():
    truth, said = np.zeros((1, 1, 8, 8)), np.zeros((1, 1, 8, 8))
    truth[0, 0, 2, 3], said[0, 0, 2, 3] = 0.75, 0.5
    curves = films.curves(said, truth)
    assert curves["nats"][0] == pytest.approx(np.log(2), abs=1e-4)
    assert curves["squared_error"][0] == pytest.approx(0.0625)


def test_a_shift_goes_on():
    film = np.zeros((1, 5, 16, 16))
    for t in range(5):
        film[0, t, 3 + t : 6 + t, 10 - 2 * t : 12 - 2 * t] = np.arange(1, 7).reshape(3, 2) / 6
    np.testing.assert_array_equal(films.shifted(film[:, :3], 2), film[:, 3:])
    assert films.shifted(film[:, :3], 30)[0, -1].max() == 0, "it has left"
    np.testing.assert_array_equal(films.copied(film[:, :3], 2), film[:, [2, 2]])


def test_hedging_never_costs():
    past, future = SOME[:, :10], SOME[:, 10:]
    copied = films.copied(past, 10)
    sure, hedged = (films.curves(each, future)["nats"] for each in (copied, films.hedged(copied, future)))
    assert (hedged < sure).all()
    mean = films.curves(np.broadcast_to(future[..., 0].mean(axis=(0, 1)), copied.shape), future)["nats"]
    assert (hedged <= mean + 1e-3).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: films.shifted(SOME[:, :1], 3), "at least two frames"),
        (lambda: films.curves(SOME[:, 1:], SOME), "as many predicted frames"),
        (lambda: films.floor(SOME[0, 0]), "Expected films"),
        (lambda: films.floor(255 * SOME), "in \\[0, 1\\]"),
        (lambda: films.copied(SOME, 0), "Expected count"),
    ],
)
def test_bad_films_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
