"""The checks of lecture 01: solutions pass, and each typical mistake gets the hint meant for it."""

from functools import partial

import answers
import numpy as np
import pytest
from answers import hint_of
from coursekit.exercises.neighborhoods import predicted
from scipy import special

import coursekit
from coursekit.course.exercises import for_students
from coursekit.course.refresh import build
from coursekit.exercises.lecture_01 import exercise_1, exercise_2, exercise_3
from coursekit.paths import notebooks

NOTEBOOK = build(notebooks() / "source" / "exercises" / "01_unsupervised_overview.py")
STUDENTS = for_students(NOTEBOOK)


written = partial(answers.written, notebook=NOTEBOOK, np=np, special=special)

# 1.1 ---------------------------------------------------------------------------------------------------------------

two_part, mixture = written("two_part", "mixture")


def pixels(x, theta):
    """-log2 p(x) of each image under one model for each: theta [n, d]."""
    return -(x * np.log2(theta) + (1 - x) * np.log2(1 - theta)).sum(axis=1)


def of_classes(x, theta):
    """log p(x|k): [n, k]."""
    return x @ np.log(theta).T + (1 - x) @ np.log(1 - theta).T


def test_the_codes_are_right():
    exercise_1((two_part, mixture))
    exercise_1(
        (
            lambda x, y, prior, theta: -np.log2(prior)[y] + pixels(x, theta[y]),
            lambda x, prior, theta: -np.logaddexp2.reduce(np.log2(prior) + of_classes(x, theta) / np.log(2), axis=1),
        )
    )


def test_what_naming_the_class_wastes_is_the_posterior():
    """What the prose says of the two: their difference is -log2 p(y|x); all pictures have probability 1."""
    rng = np.random.default_rng(0)
    x = ((np.arange(64)[:, None] >> np.arange(6)) & 1).astype("float64")
    prior, theta = np.array([0.3, 0.7]), rng.uniform(0.1, 0.9, (2, 6))
    joint = prior * np.exp(of_classes(x, theta))
    y = rng.integers(0, 2, 64)
    posterior = (joint / joint.sum(axis=1, keepdims=True))[np.arange(64), y]
    np.testing.assert_allclose(two_part(x, y, prior, theta) - mixture(x, prior, theta), -np.log2(posterior))
    assert np.exp2(-mixture(x, prior, theta)).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda x, y, prior, theta: None, "`return`"),
        (lambda x, y, prior, theta: two_part(x, y, prior, theta).mean(), "Over which axis"),
        (lambda x, y, prior, theta: 0 * y, "0 bits"),
        (lambda x, y, prior, theta: np.log(0 * prior[y]), "no finite number"),
        (lambda x, y, prior, theta: two_part(x, y, prior, theta) * np.log(2), "these are nats"),
        (lambda x, y, prior, theta: pixels(x, theta[y]) - np.log(prior[y]), "the class is in nats"),
        (lambda x, y, prior, theta: pixels(x, theta[y]) * np.log(2) - np.log2(prior[y]), "the pixels in nats"),
        (lambda x, y, prior, theta: pixels(x, theta[y]), "class is not paid for"),
        (lambda x, y, prior, theta: -np.log2(prior[y]), "only the class"),
        (lambda x, y, prior, theta: -(x * np.log2(theta[y])).sum(axis=1) - np.log2(prior[y]), "only the white"),
        (lambda x, y, prior, theta: -((1 - x) * np.log2(1 - theta[y])).sum(1) - np.log2(prior[y]), "only the black"),
        (lambda x, y, prior, theta: pixels(1 - x, theta[y]) - np.log2(prior[y]), "exchanged"),
        (lambda x, y, prior, theta: pixels(x, theta[y]) / 12 - np.log2(prior[y]), "a mean over the pixels"),
        (lambda x, y, prior, theta: pixels(x, theta[y]) + np.log2(prior[y]), "sign of the class"),
        (lambda x, y, prior, theta: -two_part(x, y, prior, theta), "not negative"),
        (lambda x, y, prior, theta: pixels(x, theta[y]) + np.log2(3), "equally frequent"),
        (lambda x, y, prior, theta: mixture(x, prior, theta), "that is the mixture"),
        (lambda x, y, prior, theta: two_part(x, y, prior, theta) + 1, "theta = 1/4"),
    ],
)
def test_a_wrong_two_part_code_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (wrong, mixture))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3, "the function itself"),
        (lambda x, prior, theta: None, "`return`"),
        (lambda x, prior, theta: of_classes(x, theta), "Over which axis"),
        (lambda x, prior, theta: 0 * x[:, 0], "0 bits"),
        (lambda x, prior, theta: mixture(x, prior, theta) * np.log(2), "these are nats"),
        (lambda x, prior, theta: mixture(x, np.ones(3), theta), "frequencies have not arrived"),
        (lambda x, prior, theta: mixture(x, np.ones(3) / 3, theta), "count alike"),
        (lambda x, prior, theta: -(of_classes(x, theta) @ prior) / np.log(2), "mean of the *lengths*"),
        (lambda x, prior, theta: -(np.log(prior) + of_classes(x, theta)).max(axis=1) / np.log(2), "best class alone"),
        (lambda x, prior, theta: pixels(x, prior @ theta), "before they are multiplied"),
        (
            lambda x, prior, theta: -special.logsumexp(np.log(prior) + x @ np.log(theta).T, axis=1) / np.log(2),
            "only the white",
        ),
        (lambda x, prior, theta: -mixture(x, prior, theta), "not negative"),
        (lambda x, prior, theta: mixture(x, prior, theta) + 1, "its probabilities in the three classes"),
        (lambda x, prior, theta: -np.log2(np.exp(of_classes(x, theta)) @ prior), "too small for a float"),
        (lambda x, prior, theta: -np.log2(np.exp(of_classes(x, theta)) @ prior + 1e-30), "Was something added"),
    ],
)
def test_a_wrong_mixture_gets_its_hint(wrong, says):
    hint = hint_of(exercise_1, (two_part, wrong))
    assert says in hint
    assert "`two_part` is right" in hint


# 1.2 ---------------------------------------------------------------------------------------------------------------

kl, smoothed = written("kl", "smoothed")


def plain(p, q):
    return np.sum(p * np.log(p / q))


def within(p, q, cells):
    """The sum over some cells alone."""
    return np.sum(p[cells] * np.log(p[cells] / q[cells]))


def patched(p, q):
    """0 log 0 is mended, and what is infinite is made a large number."""
    return np.nan_to_num(np.where(p > 0, p * np.log(p / q), 0), posinf=1e9).sum()


def test_the_divergence_is_right():
    exercise_2((kl, smoothed))
    exercise_2((lambda p, q: special.rel_entr(p, q).sum(), lambda counts, a: (counts + a) / (counts + a).sum()))


@pytest.mark.filterwarnings("error")
def test_the_divergence_is_scipys_and_warns_of_nothing():
    for p, q in (([0.5, 0.5, 0], [0.5, 0.25, 0.25]), ([0.5, 0.25, 0.25], [0.5, 0.5, 0]), ([0.0, 1.0], [0.0, 1.0])):
        assert kl(np.array(p), np.array(q)) == pytest.approx(special.rel_entr(p, q).sum())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (0.5, "the function itself"),
        (lambda p, q: None, "`return`"),
        (lambda p, q: p * np.log(p / q), "one number"),
        (lambda p, q: 0.0, "two histograms that differ"),
        (lambda p, q: plain(p, q) / np.log(2), "these are bits"),
        (lambda p, q: plain(q, p), "KL(q || p)"),
        (lambda p, q: -plain(p, q), "never negative"),
        (lambda p, q: np.mean(p * np.log(p / q)), "a mean over the cells"),
        (lambda p, q: -np.sum(p * np.log(q)), "cross-entropy"),
        (lambda p, q: np.sum(np.log(p / q)), "without its weight"),
        (lambda p, q: (plain(p, (p + q) / 2) + plain(q, (p + q) / 2)) / 2, "Jensen-Shannon"),
        (lambda p, q: plain(p, q) + 0.1, "three of the four terms"),
        (plain, "0 times minus infinity"),
        (lambda p, q: plain(p + 1e-6, q), "add something small"),
        (lambda p, q: within(p, q, (p > 0) & (q > 0)), "You leave out"),
        (patched, "has no bound"),
        (lambda p, q: within(p, q + 1e-12, p > 0), "has no bound"),
        (lambda p, q: np.nan if np.any((q == 0) & (p > 0)) else kl(p, q), "Which cell is it"),
        (lambda p, q: -np.inf if np.any((q == 0) & (p > 0)) else kl(p, q), "minus infinity"),
    ],
)
def test_a_wrong_divergence_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_2, (wrong, smoothed))


def in_place(counts, a):
    counts += a
    return counts / counts.sum()


def for_empty(counts, a):
    return np.where(counts == 0, a, counts)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda counts, a: None, "`return`"),
        (in_place, "has changed the counts"),
        (lambda counts, a: smoothed(counts, a).ravel(), "as many shares as cells"),
        (lambda counts, a: np.full(counts.shape, 1 / counts.size), "become of the counts"),
        (lambda counts, a: counts / counts.sum(), "nothing was added"),
        (lambda counts, a: (counts + a) / counts.sum(), "sum to more than 1"),
        (lambda counts, a: (counts + a) / (counts.sum() + a), "one `a` in the total"),
        (lambda counts, a: for_empty(counts, a) / for_empty(counts, a).sum(), "only the empty cells"),
        (lambda counts, a: for_empty(counts, a) / counts.sum(), "do not sum to 1"),
        (lambda counts, a: smoothed(counts / counts.sum(), a), "to the shares, not to the counts"),
        (lambda counts, a: counts + a, "counts still"),
        (lambda counts, a: smoothed(counts, 2 * a), "6.5 of 13"),
        (lambda counts, a: smoothed(counts, np.array(a).astype(counts.dtype)), "rounded away"),
        (lambda counts, a: smoothed(counts, max(a, 0.1)), "with a = 0"),
    ],
)
def test_wrong_shares_get_their_hint(wrong, says):
    hint = hint_of(exercise_2, (kl, wrong))
    assert says in hint
    assert "`kl` is right" in hint


# 1.3 ---------------------------------------------------------------------------------------------------------------

(neighbors,) = written("neighbors")


def mistaken(**how):
    def wrong(x, m, theta):
        with np.errstate(all="ignore"):
            return np.nan_to_num(predicted(x, m, theta, **how))

    return wrong


def rolled(x, m, theta):
    around = lambda a: sum(np.roll(a, (i, j), axis=(1, 2)) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0))
    return np.where(m > 0, x, (theta + around(x * m)) / (1 + around(m)))


def written_into(x, m, theta):
    x[:] = neighbors(x, m, theta)
    return x


def test_the_neighbors_are_right():
    exercise_3(neighbors)

    def by_convolution(x, m, theta):
        from scipy.ndimage import convolve

        ring = np.ones((1, 3, 3))
        ring[0, 1, 1] = 0
        around = lambda a: convolve(a, ring, mode="constant")
        return np.where(m > 0, x, (theta + around(x * m)) / (1 + around(m)))

    exercise_3(by_convolution)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda x, m, theta: None, "`return`"),
        (lambda x, m, theta: theta, "as many numbers"),
        (lambda x, m, theta: np.broadcast_to(theta, x.shape), "looks at nothing"),
        (written_into, "written into"),
        (lambda x, m, theta: np.full(x.shape, np.nan), "no finite number"),
        (lambda x, m, theta: neighbors(x, np.ones_like(m), theta), "you peek"),
        (lambda x, m, theta: np.where(m > 0, x, predicted(x, np.ones_like(m), theta)), "you peek"),
        (lambda x, m, theta: neighbors(x, m, theta) * (1 - m), "visible pixels"),
        (mistaken(number="all"), "hidden neighbors are counted"),
        (mistaken(number="nine"), "divide by 9"),
        (mistaken(weight=0), "theta is missing"),
        (mistaken(denominator=0), "denominator"),
        (mistaken(diagonal=False), "four neighbors"),
        (rolled, "around the corner"),
        (mistaken(outside=1), "outside the picture"),
        (lambda x, m, theta: np.where(m > 0, x, neighbors(x, m, theta) ** 2), "should have p ="),
    ],
)
def test_wrong_neighbors_get_their_hint(wrong, says):
    assert says in hint_of(exercise_3, wrong)


# Before anything is written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "names", "says"),
    [
        ("1.1", ("two_part", "mixture"), "0 bits"),
        ("1.2", ("kl", "smoothed"), "`kl` is 0"),
        ("1.3", ("neighbors",), "looks at nothing"),
    ],
)
def test_an_empty_answer_gets_a_first_hint(exercise, names, says, capsys):
    answer = written(*names, notebook=STUDENTS)
    coursekit.check(exercise, answer[0] if len(answer) == 1 else tuple(answer))
    said = capsys.readouterr().out
    assert f"Exercise {exercise}, not yet" in said
    assert says in said
    assert "stopped with" not in said
