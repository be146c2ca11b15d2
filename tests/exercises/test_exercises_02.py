"""The checks of lecture 02: solutions pass, and each typical mistake gets the hint meant for it."""

from functools import partial

import answers
import numpy as np
import pytest
from answers import hint_of
from scipy.special import logsumexp

import coursekit
from coursekit.course.exercises import for_students
from coursekit.course.refresh import build
from coursekit.exercises import albums
from coursekit.exercises.lecture_02 import exercise_1, exercise_2, exercise_3
from coursekit.paths import notebooks

NOTEBOOK = build(notebooks() / "source" / "exercises" / "02_self_supervision.py")
STUDENTS = for_students(NOTEBOOK)


class Plots:
    """The cell of `clue` ends in a figure; here only what it defines is wanted."""

    panels = staticmethod(lambda *args, **options: None)


written = partial(answers.written, notebook=NOTEBOOK, np=np, plots=Plots, three={})

# 2.1 ---------------------------------------------------------------------------------------------------------------

batch, turn_back = written("batch", "turn_back")
labels_of = lambda x: np.tile(np.arange(4), len(x))


def by_rot90(x, sign=1, order=(1, 0)):
    turns = np.stack([np.rot90(x, sign * turn, axes=(1, 2)) for turn in range(4)])
    return np.moveaxis(turns, 0, order[0]).reshape(-1, *x.shape[1:])


def back_by_rot90(images, labels):
    return np.stack([np.rot90(image, -turn) for image, turn in zip(images, labels, strict=True)])


def test_the_batch_is_right():
    exercise_1((batch, turn_back))
    exercise_1((lambda x: (by_rot90(x), labels_of(x)), back_by_rot90))
    exercise_1((lambda x: (by_rot90(x), list(labels_of(x))), back_by_rot90))


def flipped(x):
    return np.stack([x, x[:, ::-1], x[:, ::-1, ::-1], x[:, :, ::-1]], axis=1).reshape(-1, *x.shape[1:])


def transposed(x):
    return np.stack([x, np.swapaxes(x, 1, 2), x[:, ::-1, ::-1], x], axis=1).reshape(-1, *x.shape[1:])


def spoiled(x):
    x[0] = 0
    return batch(x)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3, "the function itself"),
        (lambda x: None, "`return`"),
        (by_rot90, "two things"),
        (spoiled, "has changed the images"),
        (lambda x: (x, np.zeros(len(x))), "four times"),
        (lambda x: (by_rot90(x).reshape(len(x), 4, *x.shape[1:]), labels_of(x)), "flatten"),
        (lambda x: (by_rot90(x)[:9], labels_of(x)), "12 of them"),
        (lambda x: (by_rot90(x), np.arange(4)), "12 labels"),
        (lambda x: (np.repeat(x, 4, axis=0), labels_of(x)), "never turned"),
        (lambda x: (by_rot90(x, order=(0, 1)), labels_of(x)), "the order is not"),
        (lambda x: (by_rot90(x, sign=-1), labels_of(x)), "clockwise"),
        (lambda x: (flipped(x), labels_of(x)), "mirror images"),
        (lambda x: (transposed(x), labels_of(x)), "mirror images"),
        (lambda x: (by_rot90(x) + 0.1, labels_of(x)), "pixels have changed"),
        (lambda x: (np.sort(by_rot90(x), axis=1), labels_of(x)), "wrong places"),
        (lambda x: (by_rot90(x), labels_of(x) + 1), "0, 1, 2 or 3"),
        (lambda x: (by_rot90(x), np.repeat(np.arange(4), len(x))), "by fours"),
        (lambda x: (by_rot90(x), np.repeat(np.arange(len(x)), 4)), "which image"),
        (lambda x: (by_rot90(x), (4 - labels_of(x)) % 4), "number 1"),
    ],
)
def test_a_wrong_batch_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (wrong, turn_back))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3, "the function itself"),
        (lambda x, turns: None, "`return`"),
        (lambda x, turns: x[:4], "9 of 4x4x1"),
        (lambda x, turns: x, "nothing was turned"),
        (lambda x, turns: back_by_rot90(x, -turns), "turned on"),
        (lambda x, turns: back_by_rot90(x, np.where(turns == 2, 0, turns)), "the label 2"),
        (lambda x, turns: back_by_rot90(x, np.arange(9) % 4), "no particular order"),
    ],
)
def test_a_wrong_way_back_gets_its_hint(wrong, says):
    hint = hint_of(exercise_1, (batch, wrong))
    assert says in hint
    assert "`batch` is right" in hint


# 2.2 ---------------------------------------------------------------------------------------------------------------

infonce, most = written("infonce", "most")


def softmax(s, axis=1):
    return np.exp(s - logsumexp(s, axis=axis, keepdims=True))


def overflowing(s):
    return np.log(len(s)) + np.mean(np.log(np.diagonal(np.exp(s) / np.exp(s).sum(axis=1, keepdims=True))))


def without_own(s):
    apart = np.where(np.eye(len(s), dtype=bool), -np.inf, s)
    return np.log(len(s)) + np.mean(np.diagonal(s) - logsumexp(apart, axis=1))


def test_infonce_is_right():
    exercise_2((infonce, most))
    exercise_2((lambda s: np.log(len(s)) + np.mean(np.diagonal(s) - logsumexp(s, axis=1)), most))


def test_infonce_is_the_packages():
    from coursekit.models import infomax

    scores = np.random.default_rng(1).normal(0, 4, size=(9, 9)).astype("float32")
    assert infonce(scores) == pytest.approx(float(infomax.infonce(scores)), rel=1e-5)
    sure = np.float32(500 * np.eye(8)[:, :, None] * np.ones(5))
    assert most(8, 5) == pytest.approx(float(infomax.infonce(sure)), rel=1e-6)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (1.0, "the function itself"),
        (lambda s: None, "`return`"),
        (lambda s: np.diagonal(s), "one number"),
        (lambda s: np.log(-1.0), "no finite"),
        (lambda s: 0.0, "know nothing"),
        (lambda s: infonce(s) - np.log(len(s)), "log N is missing"),
        (lambda s: infonce(s.T), "down the columns"),
        (without_own, "not among those"),
        (lambda s: without_own(s) - np.log(len(s)), "and log N is missing"),
        (lambda s: infonce(s) - np.log(len(s)) + np.log(len(s) - 1), "Its own is one of them"),
        (lambda s: np.log(len(s)) + np.sum(np.log(np.diagonal(softmax(s)))), "a sum over codes"),
        (lambda s: infonce(s) + np.log(len(s)), "log N twice"),
        (lambda s: -infonce(s), "the other sign"),
        (lambda s: np.log(len(s)) + np.mean(np.log(softmax(s))), "Only those on the diagonal"),
        (lambda s: np.mean(np.diagonal(softmax(s))), "a probability"),
        (lambda s: np.log(len(s)) + np.diagonal(s).mean() - logsumexp(s), "a softmax of its own"),
        (lambda s: infonce(s) + 0.1, "find their own in"),
        (overflowing, "exp(1000)"),
        (lambda s: infonce(np.clip(s, -9, 9)) - (s.max() > 9) * 0.1, "right for small scores"),
    ],
)
def test_a_wrong_infonce_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_2, (wrong, most))


def test_donsker_varadhans_gets_its_hint():
    from coursekit.models import infomax

    dv = lambda s: float(infomax.donsker_varadhan(np.float32(s)))
    assert "Donsker" in hint_of(exercise_2, (dv, most))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (1.0, "the function itself"),
        (lambda n, places: None, "`return`"),
        (lambda n, places: 1 + (n - 1) * places, "how many a code chooses"),
        (lambda n, places: np.log(n), "the global version"),
        (lambda n, places: np.log(n * places), "its *own* picture"),
        (lambda n, places: np.log((n - 1) * places), "the right one is missing"),
        (lambda n, places: np.log(1 + n * places), "n - 1 other"),
        (lambda n, places: 1.0, "says 1.000"),
    ],
)
def test_a_wrong_limit_gets_its_hint(wrong, says):
    hint = hint_of(exercise_2, (infonce, wrong))
    assert says in hint
    assert "`infonce` is right" in hint


# 2.3 ---------------------------------------------------------------------------------------------------------------

clue, diagnosis, mend = written("clue", "diagnosis", "mend")


def test_the_cure_is_right():
    exercise_3((clue, diagnosis, mend))
    exercise_3(
        (lambda x: x.sum(axis=0) / len(x), diagnosis, lambda x: x[:, 2:-2, 2:-2] - x[:, 2:-2, 2:-2].mean(axis=0))
    )


def test_the_albums_have_what_the_check_says():
    """A linear classifier recognizes the turns of two of them, and of none after the cure."""
    given = {"np": np, "probes": __import__("coursekit.metrics", fromlist=["probes"]).probes}
    (source,) = [cell.source for cell in NOTEBOOK.cells if "def turns_recognized(" in cell.source]
    exec(source[source.index("def turns_recognized(") : source.index("rates = ")], given)
    three = albums.albums()
    for name, word in albums.DIAGNOSES.items():
        rate = given["turns_recognized"](three[name])
        assert (rate < 0.4) if word == "nothing" else (rate > 0.75), name
        assert 0.1 < given["turns_recognized"](three[name], mend) < 0.4, name


def test_the_albums_are_the_same_each_time_and_share_no_picture():
    one, other = albums.albums(), albums.albums()
    inner = [images[:, 4:-4, 4:-4].reshape(len(images), -1) for images in one.values()]
    for a, b in zip(one.values(), other.values(), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.shape == (albums.EACH, 32, 32, 1)
        assert a.min() >= 0
        assert a.max() <= 1
    near = np.corrcoef(np.concatenate(inner)) - np.eye(3 * albums.EACH)
    assert near.max() < 0.999


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3, "the function itself"),
        (lambda x: None, "`return`"),
        (lambda x: x.mean(axis=(1, 2, 3)), "a number for each image"),
        (lambda x: x.mean(), "one number for the whole album"),
        (lambda x: x.mean(axis=(0, 1)), "a picture of 6x6"),
        (lambda x: np.full(x.shape[1:], x.mean()), "same number at every place"),
        (lambda x: x[3], "one of the images"),
        (lambda x: x.max(axis=0), "on average"),
    ],
)
def test_a_wrong_clue_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_3, (wrong, diagnosis, mend))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, '"A", "B" and "C"'),
        ({"A": "edge"}, '"A", "B" and "C"'),
        (diagnosis | {"A": "lamp"}, "one of edge, nothing, shading"),
        (diagnosis | {"B": "edge"}, "nothing but noise"),
        (diagnosis | {"A": "nothing"}, "grass has no up"),
        (diagnosis | {"A": "shading"}, "almost all places"),
        (diagnosis | {"C": "edge"}, "upper half"),
    ],
)
def test_a_wrong_diagnosis_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_3, (clue, wrong, mend))


def turned_by_chance(x):
    return np.stack([np.rot90(image, turn) for image, turn in zip(x, np.arange(len(x)) % 4, strict=True)])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3, "the function itself"),
        (lambda x: None, "`return`"),
        (lambda x: x[:100], "as many images"),
        (lambda x: x[:, :-1], "square ones"),
        (lambda x: x * np.nan, "no finite"),
        (lambda x: x[:, 8:-8, 8:-8], "cut away less"),
        (lambda x: 0 * x, "little is left"),
        (turned_by_chance, "stay upright"),
        (lambda x: x, "differs from itself"),
        (lambda x: x[:, 1:-1, 1:-1], "one like C"),
        (lambda x: x - x.mean(axis=0), "its deviation"),
    ],
)
def test_a_wrong_cure_gets_its_hint(wrong, says):
    hint = hint_of(exercise_3, (clue, diagnosis, wrong))
    assert says in hint
    assert "`clue` and `diagnosis` are right" in hint


# Before anything is written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "names", "says"),
    [
        ("2.1", ("batch", "turn_back"), "four times"),
        ("2.2", ("infonce", "most"), "know nothing"),
        ("2.3", ("clue", "diagnosis", "mend"), "one of the images"),
    ],
)
def test_an_empty_answer_gets_a_first_hint(exercise, names, says, capsys):
    coursekit.check(exercise, tuple(written(*names, notebook=STUDENTS)))
    said = capsys.readouterr().out
    assert f"Exercise {exercise}, not yet" in said
    assert says in said
    assert "stopped with" not in said
