"""The checks on generative adversarial networks: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise

from coursekit import data

LEAST_SQUARES, REJECTION = (exercise(__file__, number) for number in (1, 2))

# A least-squares discriminator --------------------------------------------------------------------------------------

best_discriminator, reached = LEAST_SQUARES.solution.values()


def integral(loss):
    """An answer for `reached` from a function of p, q and the best discriminator."""
    return lambda p, q, step: step * np.sum(loss(p, q, p / (p + q)))


def test_another_way_to_write_them_is_right():
    LEAST_SQUARES.check(
        (lambda p, q: 1 / (1 + q / p), integral(lambda p, q, best: (p * (1 - best) ** 2 + q * best**2) / 2))
    )


def test_no_other_answer_costs_less():
    p, q = np.random.default_rng(1).uniform(0.01, 1, (2, 50, 1))
    answers = np.linspace(-0.5, 1.5, 2001)
    cheapest = answers[np.argmin(p * (answers - 1) ** 2 + q * answers**2, axis=1)]
    np.testing.assert_allclose(best_discriminator(p, q)[:, 0], cheapest, atol=6e-4)


def test_what_it_reaches_is_what_the_prose_says():
    """A quarter less an eighth of the distance; a quarter for equals, 0 for two that never meet."""
    line, step = np.linspace(-9, 9, 1801, retstep=True)
    bell = lambda center: np.exp(-((line - center) ** 2) / 2) / np.sqrt(2 * np.pi) + 1e-300
    p, q = bell(0), bell(1)
    assert reached(p, q, step) == pytest.approx(1 / 4 - step * np.sum((p - q) ** 2 / (p + q)) / 8, abs=1e-6)
    assert reached(p, p, step) == pytest.approx(0.25, abs=1e-6)
    assert reached(bell(-6), bell(6), step) < 1e-6


@each(
    best_discriminator=[
        (lambda p, q: 0.5, "got shape ()"),
        (lambda p, q: 0 * p + 0.5, "given up"),
        (lambda p, q: np.log(p - p), "no finite number"),
        (lambda p, q: q / (p + q), "labels exchanged"),
        (lambda p, q: 1 - q / p, "without D"),
        (lambda p, q: np.log(p) - np.log(q), "no sigmoid"),
        (lambda p, q: np.sqrt(p / (p + q)), "the best answer pays"),
    ],
    reached=[
        (lambda p, q, step: p, "one number"),
        (lambda p, q, step: 0.0, "is 0"),
        (lambda p, q, step: 2 * reached(p, q, 1), "without the ½"),
        (integral(lambda p, q, best: (p * (1 - best) + q * best) / 2), "distances from the labels squared"),
        (integral(lambda p, q, best: (p * np.log(2 * best) + q * np.log(2 - 2 * best)) / 2), "Jensen-Shannon"),
        (lambda p, q, step: reached(p, q, step) + 0.03, "Put D* into both terms"),
    ],
)
def test_wrong_discriminators_get_their_hint(part, wrong, says):
    assert says in LEAST_SQUARES.hint(**{part: wrong})


# What the discriminator still knows ---------------------------------------------------------------------------------

quotient, keep = REJECTION.solution.values()


def test_another_way_to_write_the_quotient_is_right():
    sigmoid = lambda logits: 1 / (1 + np.exp(-logits))
    REJECTION.check(
        (
            lambda logits: sigmoid(logits) / (1 - sigmoid(logits)),
            lambda logits, u: u * quotient(logits).max() <= quotient(logits),
        )
    )


def test_what_is_kept_has_the_density_of_the_data():
    """With the best discriminator's own logits: the histogram of the kept samples is p, that of all is q."""
    humps, rng = data.toy("humps"), np.random.default_rng(0)
    x = rng.normal(0.5, 1.4, 400_000)
    q = np.exp(-(((x - 0.5) / 1.4) ** 2) / 2) / (1.4 * np.sqrt(2 * np.pi))
    near = np.abs(x) < 4  # farther out hardly a number, but large quotients
    logits = np.log(humps.density(x[near, None]) / q[near])
    kept = x[near][keep(logits, rng.uniform(size=near.sum()))]
    edges = np.linspace(-3, 3, 25)
    middles = (edges[1:] + edges[:-1]) / 2
    found = np.histogram(kept, edges)[0] / len(kept) / (edges[1] - edges[0])
    assert np.abs(found - humps.density(middles[:, None])).max() < 0.05
    assert 0.05 < len(kept) / len(x) < 0.6


@each(
    quotient=[
        (lambda logits: 1.0, "got shape ()"),
        (lambda logits: 1 / (1 + np.exp(-logits)), "D itself"),
        (lambda logits: np.exp(-logits), "where the data are rare"),
        (lambda logits: np.exp(logits) + 0.2, "does it give D?"),
    ],
    keep=[
        (lambda logits, u: np.flatnonzero(u < 0.5)[:5], "60 times True or False"),
        (lambda logits, u: np.exp(logits - logits.max()), "True or False"),
        (lambda logits, u: u < 1 / (1 + np.exp(-logits)), "which is not p"),
        (lambda logits, u: u < np.exp(logits), "Divide by the largest quotient"),
        (lambda logits, u: logits > 0, "no chance in it"),
        (lambda logits, u: u < 0.5, "whose quotient is the largest"),
    ],
)
def test_wrong_answers_on_the_quotient_get_their_hint(part, wrong, says):
    assert says in REJECTION.hint(**{part: wrong})
