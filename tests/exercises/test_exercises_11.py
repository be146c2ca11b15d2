"""The checks on GANs in practice: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise

from coursekit import data, metrics
from coursekit.exercises import answer_keys
from coursekit.exercises.material import gan_patients

R1, PATIENTS = (exercise(__file__, number) for number in (1, 2))

# The R1 penalty -----------------------------------------------------------------------------------------------------

r1, of_linear = R1.solution.values()


def test_another_way_to_write_the_penalty_is_right():
    R1.check((lambda slopes: (slopes**2).sum() / len(slopes) / 2, lambda w: w @ w / 2))


def test_the_penalty_is_the_packages():
    """On a network, and on the linear discriminator of the exercise."""
    import keras

    from coursekit.models.gan_losses import r1_penalty
    from coursekit.training import gradient

    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(9, 3)).astype("float32")
    bent = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8, "silu"), keras.layers.Dense(1)])
    slopes = keras.ops.convert_to_numpy(gradient(bent, x, bent))
    assert r1(slopes) == pytest.approx(float(r1_penalty(bent, x)), rel=1e-5)
    straight = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    assert of_linear(straight.get_weights()[0]) == pytest.approx(float(r1_penalty(straight, x)), rel=1e-5)


@each(
    r1=[
        (lambda g: 0.0, "flat everywhere"),
        (lambda g: (g**2).sum(axis=1) / 2, "for each example"),
        (lambda g: (g**2).mean(axis=0) / 2, "Over which axes"),
        (lambda g: (g**2).mean(axis=1).sum() / 2, "wrong way round"),
        (lambda g: np.linalg.norm(g, axis=1).mean() / 2, "not its square."),
        (lambda g: r1(g) + 1, "random slopes"),
    ],
    of_linear=[
        (lambda w: w**2 / 2, "one number"),
        (lambda w: 0.0, "not flat"),
        (lambda w: w @ w, "½ is missing"),
        (lambda w: w @ w / 2 + 1, "your own `r1`"),
    ],
)
def test_wrong_penalties_get_their_hint(part, wrong, says):
    assert says in R1.hint(**{part: wrong})


# Three patients -----------------------------------------------------------------------------------------------------

count, diagnosis = PATIENTS.solution.values()
RING, THREE = data.toy("ring"), gan_patients.patients()


def near(samples, centers, within):
    """[n, m]: whether a sample is within that distance of a mode."""
    return np.linalg.norm(samples[:, None] - centers, axis=2) <= within


def nearest(samples, centers):
    return np.linalg.norm(samples[:, None] - centers, axis=2).argmin(axis=1)


def test_the_packages_count_is_right():
    PATIENTS.check((lambda *those: metrics.modes(*those).found, diagnosis))


def test_the_patients_have_what_the_key_says():
    """By the package's own measure, and far from the threshold of 1 %."""
    for name, (found, _) in answer_keys.GAN_PATIENTS.items():
        measured = metrics.modes(THREE[name].samples, RING.modes, RING.std)
        assert measured.found == found == count(THREE[name].samples, RING.modes, RING.std)
        shares = np.sort(measured.counts / gan_patients.SAMPLES)
        assert (shares[8 - found :] > 0.03).all()
        assert (shares[: 8 - found] < 0.007).all()


def test_the_logs_do_not_tell_the_collapsed_from_the_healthy():
    """Both at log 4 and log 2; the sick one is the calmer. The discriminator that won has a loss of nearly 0."""
    patient = {word: THREE[name] for name, (_, word) in answer_keys.GAN_PATIENTS.items()}
    for word in ("collapsed", "healthy"):
        assert patient[word].d_loss.mean() == pytest.approx(np.log(4), abs=0.05)
        assert patient[word].g_loss.mean() == pytest.approx(np.log(2), abs=0.06)
    assert patient["collapsed"].d_loss.std() < patient["healthy"].d_loss.std() / 3
    assert patient["discriminator won"].d_loss[-20:].mean() < 0.01
    assert patient["discriminator won"].g_loss[-20:].mean() > 5


def test_the_patients_are_the_same_each_time_and_are_drawn():
    for one, other in zip(THREE.values(), gan_patients.patients().values(), strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)
        np.testing.assert_array_equal(one.g_loss, other.g_loss)
    figure = gan_patients.bedside(THREE)
    assert len(figure.axes) == 6


@each(
    count=[
        (lambda *those: 0, "no mode"),
        (lambda x, c, s: near(x, c, 3 * s).mean(axis=0) >= 0.01, "for each mode"),
        (lambda x, c, s: near(x, c, 3 * s).any(axis=1), "one number"),
        (lambda x, c, s: near(x, c, 3 * s).any(axis=1).sum(), "Of the modes"),
        (lambda x, c, s: near(x, c, 3 * s).any(axis=1).mean(), "Of the modes"),
        (lambda x, c, s: near(x, c, 3 * s).any(axis=0).sum(), "1 % of all"),
        (lambda x, c, s: (near(x, c, s).mean(axis=0) >= 0.01).sum(), "between 2.6"),
        (lambda x, c, s: (near(x, c, (3 * s) ** 0.5).mean(axis=0) >= 0.01).sum(), "between 2.6"),
        (lambda x, c, s: (np.bincount(nearest(x, c)) >= 0.01 * len(x)).sum(), "merely the nearest"),
        (lambda x, c, s: len(np.unique(nearest(x, c))), "all modes"),
        (lambda x, c, s: (near(x, c, 3 * s).sum(axis=0) >= 10).sum(), "1 % of what"),
        (lambda x, c, s: 1, "says 1"),
    ],
    diagnosis=[
        (diagnosis | {"A": "collapsed"}, "(number of modes, word)"),
        (diagnosis | {"A": (2, "broken")}, "the word one of"),
        (diagnosis | {"A": (3, "collapsed")}, "A has not 3"),
        (diagnosis | {"A": (2, "healthy")}, "losses look calm"),
        (diagnosis | {"A": (2, "discriminator won")}, "loss near 0"),
        (diagnosis | {"B": (0, "healthy")}, "its discriminator knows it"),
        (diagnosis | {"B": (0, "collapsed")}, "How sure is its discriminator"),
        (diagnosis | {"C": (8, "collapsed")}, "finds every mode"),
    ],
)
def test_wrong_counts_and_diagnoses_get_their_hint(part, wrong, says):
    assert says in PATIENTS.hint(**{part: wrong})
