"""The checks of lecture 07: solutions pass, and each typical mistake gets the hint meant for it."""

from functools import partial

import answers
import numpy as np
import pytest
from answers import hint_of
from coursekit.exercises.strokes import inner, painted

import coursekit
from coursekit.course.exercises import for_students
from coursekit.course.refresh import build
from coursekit.exercises import dials
from coursekit.exercises.lecture_07 import exercise_1, exercise_2, exercise_3
from coursekit.paths import notebooks

NOTEBOOK = build(notebooks() / "source" / "exercises" / "07_dcgan.py")
STUDENTS = for_students(NOTEBOOK)


written = partial(answers.written, notebook=NOTEBOOK, np=np)

# 7.1 ---------------------------------------------------------------------------------------------------------------

size, strokes, level = written("size", "strokes", "level")


def test_the_strokes_are_right():
    exercise_1((size, strokes, level))
    by_convolution = lambda n, k, s: np.convolve(np.kron(np.ones(n), np.eye(s)[0])[: (n - 1) * s + 1], np.ones(k))
    exercise_1((size, by_convolution, lambda k, s: not k % s))


def test_the_prose_is_right():
    """In the middle, kernel 5 and stride 3 give 2, 2, 1; a kernel smaller than the stride leaves gaps."""
    assert sorted(inner(9, 5, 3)[:3].tolist()) == [1, 2, 2]
    assert set(inner(9, 2, 3).tolist()) == {0, 1}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda n, k, s: None, "`return`"),
        (lambda n, k, s: (n, n), "one number"),
        (lambda n, k, s: n * s, "Here nothing is cut off"),
        (lambda n, k, s: n * s + k, "already has the width"),
        (lambda n, k, s: (n - k) // s + 1, "the way down"),
        (lambda n, k, s: (n - 1) * s + k - 1, "one pixel less"),
        (lambda n, k, s: n * k, "do not overlap at all"),
        (lambda n, k, s: n + k, "last stroke"),
        (lambda n, k, s: (n - 1) * s + max(k, s), "cut off"),
    ],
)
def test_a_wrong_size_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (wrong, strokes, level))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([1, 2, 1], "the function itself"),
        (lambda n, k, s: None, "`return`"),
        (lambda n, k, s: np.outer(painted(n, k, s), painted(n, k, s)), "both sides at once"),
        (lambda n, k, s: painted(n, k, s)[1:], "got shape"),
        (lambda n, k, s: 0 * painted(n, k, s), "no stroke anywhere"),
        (lambda n, k, s: 0 * painted(n, k, s) + k / s, "the average"),
        (lambda n, k, s: np.minimum(painted(n, k, s), 1), "stops at 1"),
        (lambda n, k, s: painted(n, k, s) ** 2, "squares"),
        (lambda n, k, s: np.maximum(painted(n, k, s), 1), "gaps that nobody paints"),
        (lambda n, k, s: painted(n, k, s) - (painted(n, k, s) == 1), "get no stroke"),
        (lambda n, k, s: painted(n, k, s) + 1, "on pixel 0"),
    ],
)
def test_wrong_strokes_get_their_hint(wrong, says):
    hint = hint_of(exercise_1, (size, wrong, level))
    assert says in hint
    assert "`size` is right" in hint


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (True, "the function itself"),
        (lambda k, s: None, "`return`"),
        (lambda k, s: np.full(3, True), "for all inner pixels at once"),
        (lambda k, s: k % 2 == 0, "even kernels"),
        (lambda k, s: False, "never level"),
        (lambda k, s: True, "always level"),
        (lambda k, s: s % k == 0, "divide the other"),
        (lambda k, s: k == s, "without any overlap"),
        (lambda k, s: k % s == 0 or k < s, "smaller than the stride"),
        (lambda k, s: k >= s, "you say level"),
    ],
)
def test_a_wrong_verdict_gets_its_hint(wrong, says):
    hint = hint_of(exercise_1, (size, strokes, wrong))
    assert says in hint
    assert "`size` and `strokes` are right" in hint


# 7.2 ---------------------------------------------------------------------------------------------------------------

inside, best_logit, lowest = written("inside", "best_logit", "lowest")


def test_the_labels_are_right():
    exercise_2((inside, best_logit, lowest))
    between = lambda labels, u: np.where(labels == 1, 1 - 0.05 * u, 0.05 * u)
    exercise_2((between, best_logit, lowest))


def test_the_labels_are_the_packages():
    """Those of `LabelNoiseGAN` with "inside", from the same numbers u."""
    from coursekit.models import dcgan

    model = dcgan.fast(label_noise="inside", channels=(4, 4), discriminator=(4, 4), depth=0)
    theirs = np.array(model.labels(50))
    ones = np.repeat([1.0, 0.0], 50)[:, None]
    u = np.where(ones == 1, 1 - theirs, theirs) / 0.05
    np.testing.assert_allclose(inside(ones, u), theirs, atol=1e-6)


def test_no_other_logit_costs_less():
    y, logits = np.array([0.02, 0.4, 0.975]), np.linspace(-8, 8, 16_001)[:, None]
    cost = np.logaddexp(0, logits) - y * logits
    np.testing.assert_allclose(best_logit(y), logits[cost.argmin(axis=0), 0], atol=1e-3)
    np.testing.assert_allclose(lowest(y), cost.min(axis=0), atol=1e-6)


def in_place(labels, u):
    labels += 0.05 * u * (1 - 2 * labels)
    return labels


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda y, u: None, "`return`"),
        (in_place, "has changed"),
        (lambda y, u: inside(y, u)[:, 0], "of shape"),
        (lambda y, u: y, "Where is the noise"),
        (lambda y, u: y + 0.05 * u, "more than 1"),
        (lambda y, u: y - 0.05 * u, "less than 0"),
        (lambda y, u: np.minimum(y + 0.05 * u, 1), "all samples have the label 1"),
        (lambda y, u: np.maximum(y - 0.05 * u, 0), "label 0 still"),
        (lambda y, u: y - 0.05 * u * (1 - 2 * y), "the wrong way"),
        (lambda y, u: y + u * (1 - 2 * y), "all of the noise"),
        (lambda y, u: y * (1 - 0.05 * u), "one-sided"),
        (lambda y, u: (y + 0.05 * u) / 1.05, "still rise with u"),
        (lambda y, u: y + 0.04 * u, "above 1"),
        (lambda y, u: y + 0.02 * u * (1 - 2 * y), "in proportion"),
    ],
)
def test_wrong_labels_get_their_hint(wrong, says):
    assert says in hint_of(exercise_2, (wrong, best_logit, lowest))


def finite_only(of):
    """`of` clipped to labels that have a finite answer."""
    return lambda y: of(np.clip(y, 1e-6, 1 - 1e-6))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3.66, "the function itself"),
        (lambda y: None, "`return`"),
        (lambda y: 1.0, "got shape ()"),
        (lambda y: y, "the probability itself"),
        (lambda y: -best_logit(y), "sign is wrong"),
        (lambda y: 1 / (1 + np.exp(-y)), "other direction"),
        (lambda y: y / (1 - y), "the odds"),
        (lambda y: best_logit(y) / np.log(2), "natural logarithms"),
        (lambda y: 0 * y, "0 everywhere"),
        (lambda y: best_logit(y) + 1, "derivative"),
        (lambda y: np.log(y / (1 - y)), "NaN"),
        (finite_only(best_logit), "`np.inf` is a number"),
        (lambda y: np.where(y >= 1, np.inf, finite_only(best_logit)(y)), "less than 0? -np.inf"),
        (lambda y: np.where((y > 0) & (y < 1), best_logit(y), np.inf), "wrong direction"),
    ],
)
def test_a_wrong_logit_gets_its_hint(wrong, says):
    hint = hint_of(exercise_2, (inside, wrong, lowest))
    assert says in hint
    assert "`inside` is right" in hint


def entropy(y):
    return -y * np.log(y) - (1 - y) * np.log(1 - y)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (0.1, "the function itself"),
        (lambda y: None, "`return`"),
        (lambda y: 0 * y, "0.5 costs log 2"),
        (lambda y: -y * np.log(y), "term of 1 - y"),
        (lambda y: -(1 - y) * np.log(1 - y), "term of y"),
        (lambda y: -entropy(y), "positive"),
        (lambda y: entropy(y) / np.log(2), "bits"),
        (best_logit, "What does it cost"),
        (lambda y: entropy(y) + 1, "old acquaintance"),
        (entropy, "no riddle"),
        (lambda y: np.where((y == 0) | (y == 1), 0, entropy(y)), "10, 100, 1000"),
        (lambda y: np.nan_to_num(entropy(np.clip(y, 0, 1))), "10, 100, 1000"),
        (lambda y: lowest(y) if y.min() > 0 else np.where(y == 0.5, 0, lowest(y)), "no longer costs"),
    ],
)
def test_a_wrong_least_loss_gets_its_hint(wrong, says):
    hint = hint_of(exercise_2, (inside, best_logit, wrong))
    assert says in hint
    assert "`inside` and `best_logit` are right" in hint


# 7.3 ---------------------------------------------------------------------------------------------------------------

direction, turn = written("direction", "turn")


def test_the_dial_is_right():
    exercise_3((direction, turn))
    exercise_3((dials.fitted, lambda codes, v, t: codes - np.outer(codes @ v, v) + t * v))


def unit(of):
    return lambda codes, amounts: of(codes, amounts) / np.linalg.norm(of(codes, amounts))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda z, a: None, "`return`"),
        (lambda z, a: z[:, 0], "directions of 12"),
        (lambda z, a: np.zeros(12), "all zeros"),
        (lambda z, a: -direction(z, a), "*fall*"),
        (unit(lambda z, a: z[a.argmax()]), "differs from the others"),
        (lambda z, a: np.eye(12)[0], "off it"),
        (lambda z, a: 3 * direction(z, a), "length is 3"),
        (unit(lambda z, a: (z * a[:, None]).mean(axis=0)), "60 higher"),
        (lambda z, a: direction(z, a) if np.ptp(a) > 0.1 else np.eye(12)[0], "a thousand times smaller"),
    ],
)
def test_a_wrong_direction_gets_its_hint(wrong, says):
    with np.errstate(all="ignore"):
        hint = hint_of(exercise_3, (wrong, turn))
    assert says in hint or "no finite number" in hint


def shifted_in_place(codes, v, t):
    codes += (t - codes @ v)[:, None] * v
    return codes


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (1.5, "the function itself"),
        (lambda z, v, t: None, "`return`"),
        (shifted_in_place, "has changed"),
        (lambda z, v, t: turn(z, v, t)[0], "of shape"),
        (lambda z, v, t: z, "have not moved"),
        (lambda z, v, t: z + t * v, "dial *by* t"),
        (lambda z, v, t: turn(z, v, 0), "And t?"),
        (lambda z, v, t: 0 * z + t * v, "all codes are the same"),
        (lambda z, v, t: z + (t - z.mean()) * v, "over everything"),
        (lambda z, v, t: z + (t - (z @ v).mean()) * v, "their *mean*"),
        (lambda z, v, t: 2 * turn(z, v, t) - turn(z, v, t) @ v[:, None] * v, "something else"),
        (lambda z, v, t: turn(z, v, 2 * t), "set to 1.5"),
        (lambda z, v, t: turn(z, v, abs(t)), "wrong at -2"),
    ],
)
def test_a_wrong_turn_gets_its_hint(wrong, says):
    hint = hint_of(exercise_3, (direction, wrong))
    assert says in hint
    assert "`direction` is right" in hint


# Before anything is written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "names", "says"),
    [
        ("7.1", ("size", "strokes", "level"), "last stroke"),
        ("7.2", ("inside", "best_logit", "lowest"), "Where is the noise"),
        ("7.3", ("direction", "turn"), "off it"),
    ],
)
def test_an_empty_answer_gets_a_first_hint(exercise, names, says, capsys):
    coursekit.check(exercise, tuple(written(*names, notebook=STUDENTS)))
    said = capsys.readouterr().out
    assert f"Exercise {exercise}, not yet" in said
    assert says in said
    assert "stopped with" not in said
