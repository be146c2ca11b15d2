"""The checks on variational autoencoders: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise
from scipy import stats

DIVERGENCES, SLOPES = (exercise(__file__, number) for number in (1, 2))

# Divergences --------------------------------------------------------------------------------------------------------

kl, kl_box, best = DIVERGENCES.solution.values()


def test_three_digits_of_the_width_are_enough():
    DIVERGENCES.check((kl, kl_box, 1.732))


def test_the_divergences_are_what_sampling_says():
    """The formulas of the solution, which the check's own agree with, against a million samples."""
    mean, log_variance, m, s = np.array([[0.3, -1.2]]), np.array([[-0.7, 0.4]]), 0.5, np.array([0.6, 2.0])
    center, half = np.array([[0.4, -1.1]]), np.array([[0.5, 2.2]])
    cases = [
        (kl(mean, log_variance, m, s), stats.norm(mean, np.exp(log_variance / 2)), stats.norm(m, s)),
        (kl_box(center, half), stats.uniform(center - half, 2 * half), stats.norm(0, 1)),
    ]
    for formula, q, p in cases:
        z = q.rvs((500_000, 2), random_state=0)
        each_sample = (q.logpdf(z) - p.logpdf(z)).sum(axis=1)
        assert abs(formula[0] - each_sample.mean()) < 4 * each_sample.std() / len(each_sample) ** 0.5


def test_the_best_box_is_the_cheapest():
    widths = np.linspace(0.5, 4, 3501)[:, None]
    assert abs(widths[np.argmin(kl_box(0 * widths, widths)), 0] - best) < 1e-3


def gaussian(mean, log_variance, m, s):
    squares = np.exp(log_variance) + (mean - m) ** 2
    return np.log(s) - log_variance / 2 + squares / (2 * s**2) - 0.5


def total(formula):
    return lambda *arguments: formula(*arguments).sum(axis=1)


def squared_deviation(mean, log_variance, m, s):
    """q's standard deviation and s where their squares should be."""
    return np.log(s) - log_variance / 2 + (np.exp(log_variance / 2) + (mean - m) ** 2) / (2 * s**2) - 0.5


@each(
    kl=[
        (lambda mean, lv, m, s: np.zeros(len(mean)), "0 for every code"),
        (gaussian, "whole code"),
        (lambda *a: gaussian(*a).sum(), "Over which axis"),
        (lambda *a: gaussian(*a).sum(axis=0), "Over which axis"),
        (lambda *a: gaussian(*a).mean(axis=1), "mean over the dimensions"),
        (total(lambda mean, lv, m, s: (np.exp(lv) + mean**2 - 1 - lv) / 2), "does not know of m and s"),
        (total(lambda mean, lv, m, s: gaussian(mean, np.log(lv), m, s)), "no finite number"),
        (total(squared_deviation), "where its variance should"),
        (total(lambda mean, lv, m, s: gaussian(m, 2 * np.log(s), mean, np.exp(lv / 2))), "other way round"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, m, s) ** 2), "samples say"),
        (
            lambda mean, lv, m, s: (gaussian(mean, lv, m, s) - np.log(s)).sum(axis=1) + np.log(s).sum(),
            "two plain numbers",
        ),
    ],
    kl_box=[
        (lambda center, half: np.zeros(len(center)), "0 for every code"),
        (lambda center, half: kl_box(center, half) / 3, "mean over the dimensions"),
        (total(lambda center, half: (np.log(np.pi / 2 / half**2) + half**2 / 3) / 2), "Where is the center"),
        (lambda center, half: kl_box(center, half) + 1, "samples say"),
    ],
    best=[
        (1.0, "1/3"),
        (12**0.5, "whole width"),
        (2.0, "derivative"),
        (0, "infinite"),
        (np.ones(2), "one number"),
    ],
)
def test_wrong_divergences_get_their_hint(part, wrong, says):
    assert says in DIVERGENCES.hint(**{part: wrong})


# Slopes -------------------------------------------------------------------------------------------------------------

score, pathwise = SLOPES.solution.values()


def test_both_estimates_have_the_mean_that_is_known():
    """E -z^2 = -(mu^2 + sigma^2), whose slope in sigma is -2 sigma."""
    mu, sigma = 1.0, 0.5
    epsilon = np.random.default_rng(0).standard_normal(400_000)
    z = mu + sigma * epsilon
    for estimates in (score(-(z**2), sigma, epsilon), pathwise(-2 * z, sigma, epsilon)):
        assert abs(estimates.mean() + 2 * sigma) < 4 * estimates.std() / len(z) ** 0.5


@each(
    score=[
        (lambda value, sigma, epsilon: 0 * value, "0 for every sample"),
        (lambda value, sigma, epsilon: score(value, sigma, epsilon).mean(), "one number"),
        (lambda value, sigma, epsilon: score(value, sigma, epsilon)[:, None], "shape"),
        (lambda value, sigma, epsilon: value * epsilon / sigma, "slope in mu"),
        (lambda value, sigma, epsilon: value * epsilon**2 / sigma, "-log sigma"),
        (lambda value, sigma, epsilon: score(value, sigma, epsilon) + 1, "term by term"),
    ],
    pathwise=[
        (lambda slope, sigma, epsilon: slope, "dz/dsigma"),
        (lambda slope, sigma, epsilon: slope * epsilon / sigma, "does not divide"),
        (lambda slope, sigma, epsilon: slope * (epsilon - 1), "compare it"),
    ],
)
def test_wrong_slopes_get_their_hint(part, wrong, says):
    assert says in SLOPES.hint(**{part: wrong})
