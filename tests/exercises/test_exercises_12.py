"""The checks on deep convolutional GANs: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise

STROKES, LABELS = (exercise(__file__, number) for number in (1, 2))

# Strokes ------------------------------------------------------------------------------------------------------------

size, strokes, level = STROKES.solution.values()


def convolved(n, k, s):
    return np.convolve(np.kron(np.ones(n), np.eye(s)[0])[: (n - 1) * s + 1], np.ones(k))


def test_strokes_by_convolution_are_right():
    STROKES.check((size, convolved, lambda k, s: not k % s))


def test_the_prose_is_right():
    """In the middle, kernel 5 and stride 3 give 2, 2, 1; a kernel smaller than the stride leaves gaps."""
    assert sorted(convolved(9, 5, 3)[9:12].tolist()) == [1, 2, 2]
    assert set(convolved(9, 2, 3).tolist()) == {0, 1}


@each(
    size=[
        (lambda n, k, s: (n, n), "one number"),
        (lambda n, k, s: n * s, "Here nothing is cut off"),
        (lambda n, k, s: (n - k) // s + 1, "the way down"),
        (lambda n, k, s: n + k, "last stroke"),
        (lambda n, k, s: (n - 1) * s + max(k, s), "cut off"),
    ],
    strokes=[
        (lambda n, k, s: np.outer(strokes(n, k, s), strokes(n, k, s)), "both sides at once"),
        (lambda n, k, s: strokes(n, k, s)[1:], "got shape"),
        (lambda n, k, s: np.minimum(convolved(n, k, s), 1), "stops at 1"),
        (lambda n, k, s: np.maximum(strokes(n, k, s), 1), "gaps that nobody paints"),
        (lambda n, k, s: strokes(n, k, s) - (strokes(n, k, s) == 1), "get no stroke"),
        (lambda n, k, s: strokes(n, k, s) + 1, "on pixel 0"),
    ],
    level=[
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
def test_wrong_strokes_get_their_hint(part, wrong, says):
    assert says in STROKES.hint(**{part: wrong})


# Labels -------------------------------------------------------------------------------------------------------------

inside, best_logit, lowest = LABELS.solution.values()


def test_another_way_to_write_the_labels_is_right():
    between = lambda labels, u: np.where(labels == 1, 1 - 0.05 * u, 0.05 * u)
    LABELS.check((between, best_logit, lowest))


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


def finite_only(y):
    """The best logit, for labels that have one."""
    return best_logit(np.clip(y, 1e-6, 1 - 1e-6))


def entropy(y):
    return -y * np.log(y) - (1 - y) * np.log(1 - y)


@each(
    inside=[
        (in_place, "has changed"),
        (lambda y, u: inside(y, u)[:, 0], "of shape"),
        (lambda y, u: np.minimum(y + 0.05 * u, 1), "all samples have the label 1"),
        (lambda y, u: np.maximum(y - 0.05 * u, 0), "label 0 still"),
        (lambda y, u: (y + 0.05 * u) / 1.05, "still rise with u"),
        (lambda y, u: y + 0.04 * u, "above 1"),
        (lambda y, u: y + 0.02 * u * (1 - 2 * y), "in proportion"),
    ],
    best_logit=[
        (lambda y: 1.0, "got shape ()"),
        (lambda y: 1 / (1 + np.exp(-y)), "other direction"),
        (lambda y: best_logit(y) + 1, "derivative"),
        (lambda y: np.log(y / (1 - y)), "NaN"),
        (finite_only, "`np.inf` is a number"),
        (lambda y: np.where(y >= 1, np.inf, finite_only(y)), "less than 0? -np.inf"),
        (lambda y: np.where((y > 0) & (y < 1), best_logit(y), np.inf), "wrong direction"),
    ],
    lowest=[
        (lambda y: -y * np.log(y), "term of 1 - y"),
        (lambda y: entropy(y) + 1, "old acquaintance"),
        (entropy, "no riddle"),
        (lambda y: np.where((y == 0) | (y == 1), 0, entropy(y)), "10, 100, 1000"),
        (lambda y: np.nan_to_num(entropy(np.clip(y, 0, 1))), "10, 100, 1000"),
        (lambda y: lowest(y) if y.min() > 0 else np.where(y == 0.5, 0, lowest(y)), "no longer costs"),
    ],
)
def test_wrong_labels_and_logits_get_their_hint(part, wrong, says):
    assert says in LABELS.hint(**{part: wrong})
