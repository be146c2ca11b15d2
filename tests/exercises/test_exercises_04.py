"""The checks of lecture 04: solutions pass, and each typical mistake gets the hint meant for it."""

from functools import partial

import answers
import numpy as np
import pytest
from answers import hint_of
from scipy import stats

import coursekit
from coursekit import data, metrics
from coursekit.course.exercises import for_students
from coursekit.course.refresh import build
from coursekit.exercises import patients as ward
from coursekit.exercises.lecture_04 import exercise_1, exercise_2, exercise_3
from coursekit.paths import notebooks

NOTEBOOK = build(notebooks() / "source" / "exercises" / "04_variational_autoencoders.py")
STUDENTS = for_students(NOTEBOOK)


written = partial(answers.written, notebook=NOTEBOOK)

# 4.1 ---------------------------------------------------------------------------------------------------------------

kl, kl_box, best = written("kl", "kl_box", "best", np=np)


def test_the_divergences_are_right():
    exercise_1((kl, kl_box, best))
    exercise_1((kl, kl_box, 1.732))


def test_they_are_what_sampling_says():
    """The formulas of the solution, which the check's own agree with, against a million samples."""
    mean, log_variance, m, s = np.array([[0.3, -1.2]]), np.array([[-0.7, 0.4]]), 0.5, np.array([0.6, 2.0])
    center, half = np.array([[0.4, -1.1]]), np.array([[0.5, 2.2]])
    cases = [
        (kl(mean, log_variance, m, s), stats.norm(mean, np.exp(log_variance / 2)), stats.norm(m, s)),
        (kl_box(center, half), stats.uniform(center - half, 2 * half), stats.norm(0, 1)),
    ]
    for formula, q, p in cases:
        z = q.rvs((500_000, 2), random_state=0)
        each = (q.logpdf(z) - p.logpdf(z)).sum(axis=1)
        assert abs(formula[0] - each.mean()) < 4 * each.std() / len(each) ** 0.5


def test_the_best_box_is_the_cheapest():
    widths = np.linspace(0.5, 4, 3501)[:, None]
    assert abs(widths[np.argmin(kl_box(0 * widths, widths)), 0] - best) < 1e-3


def gaussian(mean, log_variance, m, s):
    squares = np.exp(log_variance) + (mean - m) ** 2
    return np.log(s) - log_variance / 2 + squares / (2 * s**2) - 0.5


def total(formula):
    return lambda *arguments: formula(*arguments).sum(axis=1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda mean, lv, m, s: None, "`return`"),
        (lambda mean, lv, m, s: np.zeros(len(mean)), "0 for every code"),
        (gaussian, "whole code"),
        (lambda *a: gaussian(*a).sum(), "Over which axis"),
        (lambda *a: gaussian(*a).sum(axis=0), "Over which axis"),
        (lambda *a: gaussian(*a).mean(axis=1), "mean over the dimensions"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, 0, 1)), "does not know of m and s"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, m, 1)), "standard deviation s has not arrived"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, 0, s)), "mean m has not arrived"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, -m, s)), "are added"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, m, np.sqrt(s))), "read s as a variance"),
        (total(lambda mean, lv, m, s: gaussian(mean, 2 * lv, m, s)), "two slips"),
        (total(lambda mean, lv, m, s: gaussian(mean, np.log(lv), m, s)), "no finite number"),
        (
            total(lambda mean, lv, m, s: gaussian(mean, lv, m, s) + (np.exp(lv / 2) - np.exp(lv)) / (2 * s**2)),
            "where its variance should",
        ),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, m, s) + (1 - 1 / s**2) * (mean - m) ** 2 / 2), "units of s"),
        (lambda *a: -kl(*a), "never negative"),
        (lambda *a: 2 * kl(*a), "½ in the exponent"),
        (total(lambda *a: gaussian(*a) + 0.5), "½ too much"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, m, s) - np.log(s)), "log s is missing"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, m, s) - 2 * np.log(s)), "wrong sign"),
        (total(lambda mean, lv, m, s: gaussian(m, 2 * np.log(s), mean, np.exp(lv / 2))), "other way round"),
        (total(lambda mean, lv, m, s: gaussian(mean, lv, m, s) ** 2), "samples say"),
        (
            lambda mean, lv, m, s: (gaussian(mean, lv, m, s) - np.log(s)).sum(axis=1) + np.log(s).sum(),
            "two plain numbers",
        ),
    ],
)
def test_a_wrong_divergence_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (wrong, kl_box, best))


def box(center, half, share=1 / 3):
    return -np.log(2 * half) + 0.5 * np.log(2 * np.pi) + (center**2 + share * half**2) / 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda center, half: np.zeros(len(center)), "0 for every code"),
        (lambda center, half: box(center, half).mean(axis=1), "mean over the dimensions"),
        (total(lambda center, half: box(center, half / 2)), "whole width; the box"),
        (total(lambda center, half: box(center, half, 1 / 12)), "width²/12"),
        (total(lambda center, half: box(center, half) + np.log(2)), "2 half"),
        (total(lambda center, half: box(0, half)), "Where is the center"),
        (total(lambda center, half: box(center, half, 0)), "square of the center alone"),
        (total(lambda center, half: box(center, half, 1)), "edge"),
        (total(lambda center, half: box(center, half) - 0.5 * np.log(2 * np.pi)), "½ log 2π is missing"),
        (total(lambda center, half: box(center, half) + (center**2 + half**2 / 3) / 2), "½ of the Gaussian"),
        (total(lambda center, half: box(center, half) + 2 * np.log(2 * half)), "narrow box"),
        (lambda center, half: -kl_box(center, half), "never negative"),
        (lambda center, half: kl_box(center, half) + 1, "samples say"),
    ],
)
def test_a_wrong_box_gets_its_hint(wrong, says):
    hint = hint_of(exercise_1, (kl, wrong, best))
    assert says in hint


@pytest.mark.parametrize(
    ("wrong", "says"),
    [(1.0, "1/3"), (12**0.5, "whole width"), (2.0, "derivative"), (0, "infinite"), (np.ones(2), "one number")],
)
def test_a_wrong_width_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (kl, kl_box, wrong))


# 4.2 ---------------------------------------------------------------------------------------------------------------

slerp, lengths = written("slerp", "lengths", np=np)


def norm(x):
    return np.linalg.norm(x, axis=-1, keepdims=True)


def angle_of(a, b, unit=True):
    cosine = (a * b).sum(axis=-1, keepdims=True) / (norm(a) * norm(b) if unit else 1)
    return np.arccos(np.clip(cosine, -1, 1) if unit else cosine)


def plain(a, b, t, angle=None):
    """The formula without its limit."""
    angle = angle_of(a, b) if angle is None else angle
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def straight(a, b, t):
    return (1 - t) * a + t * b


def stretched(a, b, t):
    middle = straight(a, b, t)
    return middle / norm(middle) * straight(norm(a), norm(b), t)


def whole_batch(a, b, t):
    return plain(a, b, t, np.arccos((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b))))


def test_the_path_is_right():
    exercise_2((slerp, lengths))
    a, b = np.random.default_rng(1).normal(size=(2, 4, 7))
    b *= norm(a) / norm(b)
    for t in (0, 0.2, 0.7, 1):
        z = slerp(a, b, t)
        np.testing.assert_allclose(norm(z), norm(a), rtol=1e-9)
        np.testing.assert_allclose(angle_of(a, z), t * angle_of(a, b), atol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda a, b, t: None, "`return`"),
        (lambda a, b, t: slerp(a, b, t)[0], "shape"),
        (straight, "weights should be sines"),
        (stretched, "steady pace"),
        (lambda a, b, t: slerp(b, a, t), "begins at b"),
        (lambda a, b, t: plain(a, b, t, angle_of(a, b, unit=False)), "the cosine"),
        (lambda a, b, t: slerp(a, b, t) * np.sin(angle_of(a, b)), "at t = 0 your path is not at a"),
        (lambda a, b, t: slerp(a, b, t) / norm(slerp(a, b, t)), "length 1"),
        (lambda a, b, t: slerp(a / norm(a), b / norm(b), t), "between unit vectors"),
        (whole_batch, "each pair alone"),
        (lambda a, b, t: slerp(a, b, t) + 1, "elsewhere"),
        (plain, "same direction it gives NaN"),
        (lambda a, b, t: np.nan_to_num(plain(a, b, t)), "1.5 a"),
    ],
)
def test_a_wrong_path_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_2, (wrong, lengths))


def pairs(d):
    return np.random.default_rng(5).standard_normal((2, 2000, d))


def measured(of, half=0.5):
    def wrong(d):
        a, b = pairs(d)
        return [of(z) for z in (a, half * (a + b), slerp(a, b, 0.5))]

    return wrong


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lengths(50), "the function itself"),
        (lambda d: None, "`return`"),
        (lambda d: lengths(d)[0], "three numbers"),
        (lambda d: (0.0, 0.0, 0.0), "all 0"),
        (measured(lambda z: np.linalg.norm(z.mean(axis=0))), "not the average length"),
        (measured(lambda z: (z**2).sum(axis=1).mean()), "root of each"),
        (measured(lambda z: norm(z).mean(), half=1), "*half* of a + b"),
        (measured(lambda z: np.linalg.norm(z, axis=0).mean()), "last axis"),
        (lambda d: np.array(lengths(d))[[0, 2, 1]], "as long as its ends"),
        (lambda d: np.array(lengths(d))[[0, 1, 1]], "round middle"),
        (lambda d: np.array(lengths(50)), "in 8 dimensions"),
    ],
)
def test_wrong_lengths_get_their_hint(wrong, says):
    assert says in hint_of(exercise_2, (slerp, wrong))


# 4.3 ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def digits():
    return metrics.likelihood.binarize(data.load("digits", "train").flat, "thresholded")


@pytest.fixture(scope="module")
def fit():
    import keras

    return written("fit", keras=keras, progress=lambda: [])[0]


@pytest.fixture(scope="module")
def three(digits, fit):
    return ward.patients(digits, fit)


def treated(**cure):
    import keras

    from coursekit import models

    keras.utils.set_random_seed(0)
    return models.vae.dense(**{"latent_dim": 10, "widths": (128,), "beta": 40} | cure)


(active,) = written("active", np=np)
(diagnosis,) = written("diagnosis")


def test_the_patients_have_what_the_check_says(three):
    """With room for another machine's rounding."""
    from keras import ops

    for name, (units, _) in ward.DIAGNOSES.items():
        mean = ops.convert_to_numpy(three[name].encode(ward.unseen())[0])
        variances = np.sort(mean.var(axis=0))
        assert (variances[10 - units :] > 0.2).all()
        assert (variances[: 10 - units] < 0.008).all()


def test_the_chart_shows_what_they_have(three):
    """In its rows of changes exactly the deaf patient's dead units are 0, and the last column counts the others."""
    rows = ward.chart(three, ward.unseen(), active).rows
    for (name, (units, word)), pays, moves in zip(ward.DIAGNOSES.items(), rows[::2], rows[1::2], strict=True):
        assert pays[0].startswith(name)
        assert pays[-1] == f"{units} active"
        assert moves[1:-1].count("0") == (5 if word == "deaf" else 0)


def test_the_cure_is_right(digits, fit):
    import keras

    from coursekit import models

    source = next(cell.source for cell in NOTEBOOK.cells if "cure = " in cell.source and cell.cell_type == "code")
    names = {"keras": keras, "models": models, "fit": fit, "train": digits}
    exec(source, names)
    exercise_3((active, diagnosis, names["cured"]))


def test_a_wrong_cure_gets_its_hint(three, digits, fit):
    warmed = treated(warm_up=300)
    fit(warmed, digits)
    cases = [
        (None, "trained model too"),
        (treated(latent_dim=20), "10 units"),
        (treated(beta=1), "changed the price"),
        (treated(warm_up=2000), "was not over"),
        (warmed, "What has no price"),
        (three["C"], "without paying"),
        (treated(free_bits=1.0), "Was the model trained"),
    ]
    for wrong, says in cases:
        assert says in hint_of(exercise_3, (active, diagnosis, wrong))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda mean, lv: None, "`return`"),
        (lambda mean, lv: mean.var() > 0.01, "one for each unit"),
        (lambda mean, lv: mean.var(axis=1) > 0.01, "Over which axis"),
        (lambda mean, lv: mean.var(axis=0), "True or False"),
        (lambda mean, lv: mean.var(axis=0) < 0.01, "wrong way round"),
        (lambda mean, lv: np.exp(lv).mean(axis=0) > 0.01, "all units"),
        (lambda mean, lv: mean.mean(axis=0) > 99, "no unit"),
        (lambda mean, lv: (mean**2 + np.exp(lv) - 1 - lv).mean(axis=0) / 2 > 0.01, "same for every image"),
        (lambda mean, lv: mean.std(axis=0) > 0.01, "standard deviation"),
        (lambda mean, lv: mean.var(axis=0) > 0.1, "got [True, False"),
    ],
)
def test_wrong_active_units_get_their_hint(wrong, says):
    assert says in hint_of(exercise_3, (wrong, diagnosis, None))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, '"A", "B" and "C"'),
        ({"A": (5, "deaf")}, '"A", "B" and "C"'),
        (diagnosis | {"A": "deaf"}, "(number of active units, word)"),
        (diagnosis | {"A": (5, "broken")}, "the word one of"),
        (diagnosis | {"A": (10, "deaf")}, "A has not 10"),
        (diagnosis | {"A": (5, "healthy")}, "uses 5. Healthy?"),
        (diagnosis | {"A": (5, "price")}, "exactly 0"),
        (diagnosis | {"B": (10, "price")}, "answers to each"),
        (diagnosis | {"C": (0, "deaf")}, "answers a little"),
    ],
)
def test_a_wrong_diagnosis_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_3, (active, wrong, None))


# Before anything is written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "names", "says"),
    [
        ("4.1", ("kl", "kl_box", "best"), "0 for every code"),
        ("4.2", ("slerp", "lengths"), "straight path"),
        ("4.3", ("active", "diagnosis"), "all units active"),
    ],
)
def test_an_empty_answer_gets_a_first_hint(exercise, names, says, capsys):
    answer = written(*names, notebook=STUDENTS, np=np)
    coursekit.check(exercise, (*answer, None) if exercise == "4.3" else tuple(answer))
    said = capsys.readouterr().out
    assert f"Exercise {exercise}, not yet" in said
    assert says in said
    assert "stopped with" not in said
