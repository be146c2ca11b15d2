"""The checks on Soft-IntroVAE: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise

from coursekit import data, metrics

THRESHOLD, BEST, GRID = (exercise(__file__, number) for number in (1, 2, 3))

# The soft threshold --------------------------------------------------------------------------------------------------

weight, beta_for = THRESHOLD.solution.values()


def test_the_weight_is_the_slope_of_the_packages_exp_elbo():
    from coursekit.models import soft_introvae

    model = soft_introvae.dense(widths=(4,), beta_rec=0.2, beta_neg=0.9, scale=0.5, alpha=3.0)
    exp_elbo = lambda kl: float(model.exp_elbo(0.3, kl))
    by_difference = (exp_elbo(0.699) - exp_elbo(0.701)) / (0.002 * 0.5 * 0.9)
    assert weight(0.3, 0.7, 0.2, 0.9, 0.5, 3.0) == pytest.approx(by_difference, rel=1e-2)
    assert weight(0.0, 20.0, 1.0, beta_for(20, 1 / 784, 2), 1 / 784, 2) == pytest.approx(0.5)


@each(
    weight=[
        (lambda error, kl, *_: 0.5, "4 numbers"),
        (lambda e, k, r, n, s, a: np.exp(a * s * (r * e + n * k)), "above 1"),
        (lambda e, k, r, n, s, a: np.exp(-s * (r * e + n * k)), "alpha is missing"),
        (lambda e, k, r, n, s, a: np.exp(-a * s * n * k), "reconstruction is missing"),
        (lambda e, k, r, n, s, a: 0.9 * weight(e, k, r, n, s, a), "what is the slope"),
    ],
    beta_for=[
        (lambda nats, s, a: np.ones(2), "one number"),
        (lambda nats, s, a: 0.0, "never becomes too expensive"),
        (lambda nats, s, a: 1 / (a * s * nats), "1/e"),
        (lambda nats, s, a: 7 * beta_for(nats, s, a), "logarithm of both sides"),
    ],
)
def test_wrong_thresholds_get_their_hint(part, wrong, says):
    assert says in THRESHOLD.hint(**{part: wrong})


# The encoder's best answer -------------------------------------------------------------------------------------------

best_elbo, fails = BEST.solution.values()


def test_no_other_elbo_gains_more():
    p_data, p = np.random.default_rng(0).uniform(0.02, 0.9, (2, 30))
    elbos = np.linspace(-8, 0, 80_001)[:, None]
    gain = np.where(elbos <= np.log(p), p_data * elbos - p * np.exp(2 * elbos) / 2, -np.inf)
    np.testing.assert_allclose(best_elbo(p_data, p, 2), elbos[gain.argmax(axis=0), 0], atol=2e-4)
    np.testing.assert_array_equal(fails(p_data, p, 2), best_elbo(p_data, p, 2) < np.log(p) - 1e-9)


def test_a_larger_alpha_is_milder_as_the_prose_says():
    chosen = [best_elbo(np.array([0.05]), np.array([0.6]), alpha)[0] for alpha in (0.25, 0.5, 1, 2, 4, 8)]
    assert np.all(np.diff(chosen) > -1e-12)
    assert chosen[0] < chosen[-1]
    assert chosen[-1] == pytest.approx(np.log(0.6), abs=0.2)


@each(
    best_elbo=[
        (lambda p_data, p, alpha: 0.0, "4 numbers"),
        (lambda p_data, p, alpha: np.log(p), "become negative before"),
        (lambda p_data, p, alpha: np.log(p_data / p) / alpha, "never above log p"),
        (lambda p_data, p, alpha: best_elbo(p_data, p, alpha) - 0.1, "the best answer gains"),
    ],
    fails=[
        (lambda p_data, p, alpha: True, "5 answers"),
        (lambda p_data, p, alpha: p - p_data, "True or False"),
        (lambda p_data, p, alpha: p ** (alpha + 1) <= p_data, "where it holds"),
        (lambda p_data, p, alpha: (p ** (alpha + 1) > p_data) & (p_data > 0), "no data in the last cell"),
        (lambda p_data, p, alpha: p > p_data, "too much is made"),
        (lambda p_data, p, alpha: p**alpha > p_data, "the power is alpha"),
        (lambda p_data, p, alpha: p_data < 0.75, "cell by cell"),
    ],
)
def test_wrong_answers_of_the_encoder_get_their_hint(part, wrong, says):
    assert says in BEST.hint(**{part: wrong})


# A divergence on a grid ----------------------------------------------------------------------------------------------

grid_kl, in_nats = GRID.solution.values()


def test_it_is_the_packages_measure():
    ring = data.toy("narrow-ring")
    histogram = lambda points: np.histogram2d(*points.T, bins=100, range=[[-2, 2]] * 2, density=True)[0]
    real, samples = ring.sample(2000, 0), ring.sample(2000, 1)
    package = metrics.grid_divergence(real, samples, ring.extent).kl
    assert grid_kl(histogram(real), histogram(samples)) == pytest.approx(package, rel=1e-9)


def test_in_nats_it_is_a_divergence_of_probabilities():
    r, f = np.random.default_rng(0).uniform(0.1, 1, (2, 5, 5))
    area = 0.01
    r, f = (each / each.sum() / area for each in (r, f))
    p, q = r * area, f * area
    assert in_nats(grid_kl(r, f), 5, area) == pytest.approx((p * np.log(p / q)).sum(), rel=1e-9)


@each(
    grid_kl=[
        (lambda r, f: r, "one number"),
        (lambda r, f: (r * (np.log(r) - np.log(f + 1e-14))).sum() / len(r), "NaN"),
        (lambda r, f: (r[r > 0] * np.log(r[r > 0] / f[r > 0])).sum() / len(r), "infinite"),
        (lambda r, f: 4 * grid_kl(r, f), "number of rows"),
        (lambda r, f: grid_kl(r, f) + 1, "with r > 0"),
    ],
    in_nats=[
        (lambda kl, rows, area: kl * area, "still in it"),
        (lambda kl, rows, area: kl * rows, "area of a bin"),
        (lambda kl, rows, area: 3 * in_nats(kl, rows, area), "density times an area"),
    ],
)
def test_wrong_grids_get_their_hint(part, wrong, says):
    assert says in GRID.hint(**{part: wrong})
