"""The checks of lecture 06: solutions pass, and each typical mistake gets the hint meant for it."""

from functools import partial

import answers
import numpy as np
import pytest
from answers import hint_of

import coursekit
from coursekit import data, metrics
from coursekit.course.exercises import for_students
from coursekit.course.refresh import build
from coursekit.exercises import ring_patients as ward
from coursekit.exercises.lecture_06 import exercise_1, exercise_2, exercise_3
from coursekit.paths import notebooks

NOTEBOOK = build(notebooks() / "source" / "exercises" / "06_gan.py")
STUDENTS = for_students(NOTEBOOK)
RING = data.toy("ring")


class Plots:
    """The cell of `count` ends in a table; here only what it defines is wanted."""

    table = staticmethod(lambda rows, columns: None)


GIVEN = {"np": np, "data": data, "plots": Plots, "three": ward.patients()}


written = partial(answers.written, notebook=NOTEBOOK, **GIVEN)

# 6.1 ---------------------------------------------------------------------------------------------------------------

best_critic, reached = written("best_critic", "reached")


def integral(of):
    """An answer for `reached` from a function of p, q and the best critic."""
    return lambda p, q, step: step * np.sum(of(p, q, p / (p + q)))


def test_the_critic_is_right():
    exercise_1((best_critic, reached))
    exercise_1((lambda p, q: 1 / (1 + q / p), integral(lambda p, q, best: (p * (1 - best) ** 2 + q * best**2) / 2)))


def test_no_other_answer_costs_less():
    p, q = np.random.default_rng(1).uniform(0.01, 1, (2, 50, 1))
    answers = np.linspace(-0.5, 1.5, 2001)
    cheapest = answers[np.argmin(p * (answers - 1) ** 2 + q * answers**2, axis=1)]
    np.testing.assert_allclose(best_critic(p, q)[:, 0], cheapest, atol=6e-4)


def test_what_it_reaches_is_what_the_prose_says():
    """A quarter less an eighth of the distance; a quarter for equals, 0 for two that never meet."""
    line, step = np.linspace(-9, 9, 1801, retstep=True)
    bell = lambda center: np.exp(-((line - center) ** 2) / 2) / np.sqrt(2 * np.pi) + 1e-300
    p, q = bell(0), bell(1)
    assert reached(p, q, step) == pytest.approx(1 / 4 - step * np.sum((p - q) ** 2 / (p + q)) / 8, abs=1e-6)
    assert reached(p, p, step) == pytest.approx(0.25, abs=1e-6)
    assert reached(bell(-6), bell(6), step) < 1e-6


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda p, q: None, "`return`"),
        (lambda p, q: 0.5, "got shape ()"),
        (lambda p, q: 0 * p + 0.5, "given up"),
        (lambda p, q: np.log(p - p), "no finite number"),
        (lambda p, q: q / (p + q), "labels exchanged"),
        (lambda p, q: p / q, "any positive number"),
        (lambda p, q: 1 - q / p, "without D"),
        (lambda p, q: (p - q) / (p + q), "1 and -1"),
        (lambda p, q: p**2 / (p**2 + q**2), "squares in the loss"),
        (lambda p, q: p / (p + q) / 2, "half of it"),
        (lambda p, q: p / (p + q) * 2, "twice too much"),
        (lambda p, q: p * q / (p + q), "what it costs"),
        (lambda p, q: np.log(p) - np.log(q), "no sigmoid"),
        (lambda p, q: np.sqrt(p / (p + q)), "the best answer pays"),
    ],
)
def test_a_wrong_critic_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (wrong, reached))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (0.25, "the function itself"),
        (lambda p, q, step: None, "`return`"),
        (lambda p, q, step: p, "one number, the integral"),
        (lambda p, q, step: 0.0, "is 0"),
        (lambda p, q, step: reached(p, q, 1), "without its step"),
        (lambda p, q, step: 2 * reached(p, q, 1), "without the ½"),
        (lambda p, q, step: 2 * reached(p, q, step), "½ before the loss"),
        (lambda p, q, step: reached(p, q, step) / 2, "½ too much"),
        (lambda p, q, step: np.mean(p * q / (p + q)) / 2, "average over the grid"),
        (integral(lambda p, q, best: p * (best - 1) ** 2 / 2), "samples' half is missing"),
        (integral(lambda p, q, best: q * best**2 / 2), "data's half is missing"),
        (integral(lambda p, q, best: (q * (best - 1) ** 2 + p * best**2) / 2), "other density"),
        (integral(lambda p, q, best: ((best - 1) ** 2 + best**2) / 2), "not weighted"),
        (integral(lambda p, q, best: p * np.log(best) + q * np.log(1 - best)), "cross-entropy"),
        (integral(lambda p, q, best: (p * np.log(2 * best) + q * np.log(2 - 2 * best)) / 2), "Jensen-Shannon"),
        (lambda p, q, step: reached(p, q, step) + 0.03, "Put D* into both terms"),
    ],
)
def test_a_wrong_value_gets_its_hint(wrong, says):
    hint = hint_of(exercise_1, (best_critic, wrong))
    assert says in hint
    assert "`best_critic` is right" in hint


# 6.2 ---------------------------------------------------------------------------------------------------------------

r1, of_linear = written("r1", "of_linear")


def test_the_penalty_is_right():
    exercise_2((r1, of_linear))
    exercise_2((lambda slopes: (slopes**2).sum() / len(slopes) / 2, lambda w: w @ w / 2))


def test_the_penalty_is_the_packages():
    """On a network, and on the linear critic of the exercise."""
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


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda g: None, "`return`"),
        (lambda g: 0.0, "flat everywhere"),
        (lambda g: (g**2).sum(axis=1) / 2, "for each example"),
        (lambda g: (g**2).mean(axis=0) / 2, "Over which axes"),
        (lambda g: 2 * r1(g), "the ½ is missing"),
        (lambda g: (g**2).sum() / 2, "doubles with the size"),
        (lambda g: (g**2).sum(), "minibatch, and the ½"),
        (lambda g: (g**2).mean() / 2, "mean over the dimensions too"),
        (lambda g: (g**2).mean(), "and the ½ is missing"),
        (lambda g: (g**2).mean(axis=1).sum() / 2, "wrong way round"),
        (lambda g: np.linalg.norm(g, axis=1).mean() / 2, "not its square."),
        (lambda g: np.linalg.norm(g, axis=1).mean(), "not its square, and the ½"),
        (lambda g: (g.mean(axis=0) ** 2).sum() / 2, "mean slope"),
        (lambda g: np.linalg.norm(g, axis=1).mean() ** 2 / 2, "mean length"),
        (lambda g: ((np.linalg.norm(g, axis=1) - 1) ** 2).mean(), "Gulrajani"),
        (lambda g: g.sum(axis=1).mean() / 2, "cancel"),
        (lambda g: -r1(g), "positive"),
        (lambda g: r1(g) + 1, "random slopes"),
    ],
)
def test_a_wrong_penalty_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_2, (wrong, of_linear))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (2.0, "the function itself"),
        (lambda w: None, "`return`"),
        (lambda w: w**2 / 2, "one number"),
        (lambda w: 0.0, "not flat"),
        (lambda w: w @ w, "½ is missing"),
        (lambda w: np.linalg.norm(w) / 2, "not its square"),
        (lambda w: np.linalg.norm(w), "and the ½"),
        (lambda w: (w**2).mean() / 2, "mean over the dimensions"),
        (lambda w: w.sum() / 2, "is a vector"),
        (lambda w: w.sum() ** 2 / 2, "square the sum"),
        (lambda w: (np.linalg.norm(w) - 1) ** 2, "no 1 to be subtracted"),
        (lambda w: w @ w / 2 + 1, "your own `r1`"),
    ],
)
def test_a_wrong_linear_critic_gets_its_hint(wrong, says):
    hint = hint_of(exercise_2, (r1, wrong))
    assert says in hint
    assert "`r1` is right" in hint


# 6.3 ---------------------------------------------------------------------------------------------------------------

(count,) = written("count")
(diagnosis,) = written("diagnosis")
PATIENTS = ward.patients()


def near(samples, centers, within):
    """[n, m]: whether a sample is within that distance of a mode."""
    return np.linalg.norm(samples[:, None] - centers, axis=2) <= within


def test_the_diagnosis_is_right():
    exercise_3((count, diagnosis))
    exercise_3((lambda *those: metrics.modes(*those).found, diagnosis))


def test_the_patients_have_what_the_check_says():
    """By the package's own measure, and far from the threshold of 1 %."""
    for name, (found, _) in ward.DIAGNOSES.items():
        measured = metrics.modes(PATIENTS[name].samples, RING.modes, RING.std)
        assert measured.found == found == count(PATIENTS[name].samples, RING.modes, RING.std)
        shares = np.sort(measured.counts / ward.SAMPLES)
        assert (shares[8 - found :] > 0.03).all()
        assert (shares[: 8 - found] < 0.007).all()


def test_the_logs_do_not_tell_the_collapsed_from_the_healthy():
    """Both at log 4 and log 2; the sick one is the calmer. The critic that won has a loss of nearly 0."""
    of = {word: PATIENTS[name] for name, (_, word) in ward.DIAGNOSES.items()}
    for word in ("collapsed", "healthy"):
        assert of[word].d_loss.mean() == pytest.approx(np.log(4), abs=0.05)
        assert of[word].g_loss.mean() == pytest.approx(np.log(2), abs=0.06)
    assert of["collapsed"].d_loss.std() < of["healthy"].d_loss.std() / 3
    assert of["critic won"].d_loss[-20:].mean() < 0.01
    assert of["critic won"].g_loss[-20:].mean() > 5


def test_the_patients_are_the_same_each_time_and_are_drawn():
    for one, other in zip(PATIENTS.values(), ward.patients().values(), strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)
        np.testing.assert_array_equal(one.g_loss, other.g_loss)
    figure = ward.bedside(PATIENTS)
    assert len(figure.axes) == 6


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3, "the function itself"),
        (lambda *those: None, "`return`"),
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
)
def test_a_wrong_count_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_3, (wrong, diagnosis))


def nearest(samples, centers):
    return np.linalg.norm(samples[:, None] - centers, axis=2).argmin(axis=1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, '"A", "B" and "C"'),
        ({"A": (2, "collapsed")}, '"A", "B" and "C"'),
        (diagnosis | {"A": "collapsed"}, "(number of modes, word)"),
        (diagnosis | {"A": (2, "broken")}, "the word one of"),
        (diagnosis | {"A": (3, "collapsed")}, "A has not 3"),
        (diagnosis | {"A": (2, "healthy")}, "losses look calm"),
        (diagnosis | {"A": (2, "critic won")}, "loss near 0"),
        (diagnosis | {"B": (0, "healthy")}, "its critic knows it"),
        (diagnosis | {"B": (0, "collapsed")}, "How sure is its critic"),
        (diagnosis | {"C": (8, "collapsed")}, "finds every mode"),
    ],
)
def test_a_wrong_diagnosis_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_3, (count, wrong))


# Before anything is written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "names", "says"),
    [
        ("6.1", ("best_critic", "reached"), "given up"),
        ("6.2", ("r1", "of_linear"), "flat everywhere"),
        ("6.3", ("count", "diagnosis"), "no mode"),
    ],
)
def test_an_empty_answer_gets_a_first_hint(exercise, names, says, capsys):
    coursekit.check(exercise, tuple(written(*names, notebook=STUDENTS)))
    said = capsys.readouterr().out
    assert f"Exercise {exercise}, not yet" in said
    assert says in said
    assert "stopped with" not in said
