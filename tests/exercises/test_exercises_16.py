"""The checks on style-based generators: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise
from scipy import stats

from coursekit.exercises.lecture_16.ex_1_demodulation import case
from coursekit.metrics import disentanglement

SHARED, VANISHED, FOLLOWS = (exercise(__file__, number) for number in (1, 2, 3))
demodulation, modulated = SHARED.solution.values()
truncate, share_left = VANISHED.solution.values()

# One kernel for all -------------------------------------------------------------------------------------------------


def test_a_loop_over_the_pictures_is_right():
    def loop(x, kernel, s):
        kernels = [kernel * one[:, None] for one in s]
        return np.stack([each @ k / np.linalg.norm(k, axis=0) for each, k in zip(x, kernels, strict=True)])

    SHARED.check((demodulation, loop))


def test_the_factor_gives_random_inputs_unit_deviation():
    _, kernel, s = case()
    x = np.random.default_rng(0).normal(size=(3, 20_000, 4))
    np.testing.assert_allclose(modulated(x, kernel, s).std(axis=1), 1, atol=0.02)


@each(
    demodulation=[
        (lambda kernel, s: np.ones(4), "a factor for each of 2 filters"),
        (lambda kernel, s: -np.ones((3, 2)), "above 0"),
        (lambda kernel, s: np.ones((3, 2)), "the sum of four terms"),
    ],
    modulated=[
        (lambda x, kernel, s: x, "should give [3, 5, 2]"),
        (lambda x, kernel, s: 7 * modulated(x, kernel, s), "compare with a loop"),
    ],
)
def test_wrong_layers_get_their_hint(part, wrong, says):
    assert says in SHARED.hint(**{part: wrong})


# Who vanishes -------------------------------------------------------------------------------------------------------


def test_the_share_is_that_of_drawn_codes():
    codes = np.random.default_rng(0).normal(size=400_000)
    limit = stats.norm.isf(0.2)
    assert abs((truncate(codes, 0.0, 0.6) > limit).mean() - share_left(0.2, 0.6)) < 0.002


@each(
    truncate=[
        (lambda w, mean, psi: w[0], "each code moves"),
        (lambda w, mean, psi: 5 * w, "with psi = 1"),
    ],
    share_left=[
        (lambda share, psi: share / psi, "more than before"),
        (lambda share, psi: -0.1, "not below 0"),
        (lambda share, psi: share**3, "how many of *their* deviations"),
    ],
)
def test_wrong_truncations_get_their_hint(part, wrong, says):
    assert says in VANISHED.hint(**{part: wrong})


# Whom it follows ----------------------------------------------------------------------------------------------------


def test_the_slope_is_the_packages():
    mixed, source, rest = np.random.default_rng(0).normal(size=(3, 50, 1))
    package = disentanglement.follows({"a": mixed}, {"a": source}, {"a": rest})["a"]
    assert np.isclose(FOLLOWS.solution["follows"](mixed, source, rest), package)


@each(
    follows=[
        (lambda mixed, source, rest: 0.5, "as the source"),
        (lambda mixed, source, rest: float(np.allclose(mixed, source)), "set the derivative"),
        (lambda mixed, source, rest: 1.0, "as the rest"),
    ]
)
def test_wrong_slopes_get_their_hint(part, wrong, says):
    assert says in FOLLOWS.hint(**{part: wrong})
