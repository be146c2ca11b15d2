"""Moving digits: where they are, how they bounce, and what is refused."""

import numpy as np
import pytest

from coursekit import data
from coursekit.data import moving_digits

ROOM = moving_digits.SIZE - moving_digits.SPRITE
BRIGHT = np.ones((1, 28, 28, 1), "float32")


def test_the_set_is_films_of_two_digits():
    test = data.load("moving_digits", "test", limit=20)
    assert test.images.shape == (20, 20, 32, 32, 1)
    assert repr(test) == "Dataset(moving_digits, test: 20 films of 20 frames 32x32x1)"
    assert test.labels is None
    again = data.load("moving_digits", "test", limit=20)
    np.testing.assert_array_equal(test.images, again.images)


def test_they_fly_straight_and_never_leave():
    places = moving_digits.paths(200, frames=40, digits=1, seed=3)
    assert places.min() == 0
    assert places.max() == ROOM
    steps = np.linalg.norm(np.diff(places, axis=2), axis=-1)
    assert steps.max() <= moving_digits.SPEED * ROOM + np.sqrt(2), "but for rounding"
    inside = ((places > 2) & (places < ROOM - 2)).all(axis=(1, 2, 3))
    free = moving_digits.paths(3000, frames=5, digits=1, seed=4)
    inside = ((free > 2) & (free < ROOM - 2)).all(axis=(1, 2, 3))
    bend = free[inside][:, :, 0] + free[inside][:, :, 4] - 2 * free[inside][:, :, 2]
    assert inside.sum() > 100
    assert np.abs(bend).max() <= 2, "no turn where there is no wall"


def test_a_coin_at_the_wall_makes_two_futures_and_only_there():
    def signs(bounce):
        places = moving_digits.paths(4000, frames=14, digits=1, speed=0.15, bounce=bounce, seed=5)[:, 0]
        hit = (places[:, 6, 1] == ROOM) & (places[:, 2:11, 0] > 0).all(axis=1) & (places[:, 2:11, 0] < ROOM).all(axis=1)
        before, after = places[hit, 4, 0] - places[hit, 2, 0], places[hit, 10, 0] - places[hit, 8, 0]
        clear = (np.abs(before) > 1) & (np.abs(after) > 1)
        return (np.sign(before) == np.sign(after))[clear]

    assert signs("mirror").all(), "the speed along the wall stays"
    share = signs("random").mean()
    assert 0.15 < share < 0.7, "some turn around (those that fly on are more often left out)"


def test_the_lighter_pixel_is_seen():
    places = np.zeros((1, 2, 1, 2), int)
    film = moving_digits.draw(np.stack([0.25 * BRIGHT[0], 0.75 * BRIGHT[0]]), np.repeat(places, 40, axis=0), seed=1)
    assert set(np.unique(film)) == {0.0, 0.25, 0.75}
    assert film[:, 0, 20:, 20:].max() == 0


def test_a_film_of_one_frame():
    assert moving_digits.draw(BRIGHT, moving_digits.paths(2, frames=1)).shape == (2, 1, 32, 32, 1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: moving_digits.paths(0), "Expected n"),
        (lambda: moving_digits.paths(1, frames=0), "Expected frames"),
        (lambda: moving_digits.paths(1, size=14), "Expected size"),
        (lambda: moving_digits.paths(1, speed=2), "Expected a speed"),
        (lambda: moving_digits.paths(1, bounce="soft"), "Expected bounce"),
        (lambda: moving_digits.draw(BRIGHT[:, :14], moving_digits.paths(1)), "Expected images"),
        (lambda: moving_digits.draw(BRIGHT, moving_digits.paths(1)[0]), "Expected places"),
        (lambda: moving_digits.draw(BRIGHT, moving_digits.paths(9, size=64)), "give paths the same size"),
    ],
)
def test_bad_settings_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
