"""The checks on frames: right answers pass, and wrong ones get the hint meant for them."""

import keras
import numpy as np
import pytest
from answers import each, exercise
from keras import ops

from coursekit.models.frames import ConvLSTMCell

BLUR, MEMORY = (exercise(__file__, number) for number in (1, 2))
best, price = BLUR.solution.values()
remember = MEMORY.solution["remember"]


def test_no_other_answer_is_cheaper():
    ink, chances = np.array([0.1, 0.9, 0.4]), np.array([0.2, 0.5, 0.3])
    grid = np.linspace(0.001, 0.999, 999)
    prices = [price(p, ink, chances) for p in grid]
    assert best(ink, chances) == pytest.approx(grid[np.argmin(prices)], abs=1e-3)


def test_the_guess_has_an_answer_among_the_three():
    ink, chances = np.array([1.0, 0.0]), np.array([0.9, 0.1])
    assert price(best(ink, chances), ink, chances) == pytest.approx(0.325, abs=1e-3)


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


def test_the_memory_is_the_packages():
    """In a single place, whose neighbors are empty; the package adds 1 to the drive of f."""
    keras.utils.set_random_seed(0)
    cell = ConvLSTMCell(units=3)
    cell.build((None, 1, 1, 2))
    x, h, c = (np.random.default_rng(n).normal(size=(1, 1, 1, n)).astype("float32") for n in (2, 3, 3))
    weights = ops.convert_to_numpy(cell.weights_of_gates)[1, 1]
    drive = (np.concatenate([x, h], axis=-1)[0, 0, 0] @ weights).reshape(4, 3)
    drive[1] += 1
    for mine, ours in zip(remember(drive, c[0, 0, 0]), cell(x, (h, c)), strict=True):
        np.testing.assert_allclose(mine, ops.convert_to_numpy(ours)[0, 0, 0], atol=1e-5)


@each(
    remember=[
        (lambda drive, c: c, "two rows of 3"),
        (lambda drive, c: remember(drive, c)[::-1], "comes first"),
        (lambda drive, c: remember(drive[[1, 0, 2, 3]], c), "swapped"),
        (lambda drive, c: (remember(drive, c)[0], c), "What do the gates"),
    ],
)
def test_wrong_memories_get_their_hint(part, wrong, says):
    assert says in MEMORY.hint(**{part: wrong})
