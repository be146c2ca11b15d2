"""The checks on style: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise

from coursekit.exercises.lecture_15.ex_1_gram import CHANGES, cases, true_gram
from coursekit.exercises.lecture_15.ex_2_all_pairs import root

GRAM, PAIRS = (exercise(__file__, number) for number in (1, 2))
gram, slope, unseen = GRAM.solution.values()
recolor = PAIRS.solution["recolor"]

# Gram matrices ------------------------------------------------------------------------------------------------------


def test_other_ways_to_write_it_are_right():
    products = lambda maps: np.einsum("hwi,hwj->ij", maps, maps) / maps[..., 0].size
    GRAM.check((products, slope, ["negate", "mirror", "shuffle"]))


def test_the_slope_is_that_of_finite_differences():
    maps, wanted = next(cases())
    loss = lambda f: ((true_gram(f) - wanted) ** 2).sum()
    nudge = np.zeros_like(maps)
    nudge[2, 3, 1] = 1e-5
    by_hand = (loss(maps + nudge) - loss(maps - nudge)) / 2e-5
    np.testing.assert_allclose(slope(maps, wanted)[2, 3, 1], by_hand, rtol=1e-5)


def test_the_key_is_what_happens():
    maps = next(cases())[0]
    changed = {
        "mirror": maps[:, ::-1],
        "shuffle": np.random.default_rng(0).permutation(maps.reshape(-1, 3)).reshape(maps.shape),
        "negate": -maps,
        "brighten": maps + 1,
        "double": 2 * maps,
        "swap channels": maps[..., [1, 0, 2]],
    }
    assert {name: np.allclose(true_gram(each), true_gram(maps)) for name, each in changed.items()} == CHANGES


@each(
    gram=[
        (lambda f: f.reshape(-1, f.shape[-1]) @ f.reshape(-1, f.shape[-1]).T, "compares positions"),
        (lambda f: np.ones(3), "should give"),
        (lambda f: 3 * gram(f), "Try maps of one position"),
        (lambda f: np.einsum("hwi,hwj->ij", f, f), "sum over the positions"),
    ],
    slope=[
        (lambda f, wanted: gram(f) - wanted, "its own slope"),
        (lambda f, wanted: slope(f, wanted) / 2, "half of it"),
        (lambda f, wanted: -slope(f, wanted), "the sign"),
        (lambda f, wanted: 7 * slope(f, wanted), "nudge one entry"),
    ],
    unseen=[
        ("mirror", "a set of names"),
        ({"rotate"}, "the changes are"),
        (unseen - {"mirror"}, "Does a sum mind"),
        (unseen - {"shuffle"}, "forgets"),
        (unseen - {"negate"}, "(-2)(-3)"),
        (unseen | {"brighten"}, "mean and deviation"),
        (unseen | {"double"}, "four times"),
        (unseen | {"swap channels"}, "Which pairs"),
    ],
)
def test_wrong_gram_matrices_get_their_hint(part, wrong, says):
    assert says in GRAM.hint(**{part: wrong})


# All pairs ----------------------------------------------------------------------------------------------------------


def cholesky(content, style):
    factor = lambda x: np.linalg.cholesky(np.cov(x.T, bias=True))
    return (content - content.mean(0)) @ np.linalg.inv(factor(content)).T @ factor(style).T + style.mean(0)


def test_any_root_is_right():
    PAIRS.check(cholesky)


def sampled(content, style):
    """Fresh points of the right moments, which have nothing of the content."""
    points = np.random.default_rng(0).normal(size=content.shape)
    return recolor(points, style)


@each(
    recolor=[
        (lambda c, s: c[:5], "each point of the content moves"),
        (lambda c, s: recolor(c, s) + 1, "the mean is not"),
        (lambda c, s: (c - c.mean(0)) / c.std(0) * s.std(0) + s.mean(0), "that is AdaIN"),
        (lambda c, s: c - c.mean(0) + s.mean(0), "should be the identity"),
        (lambda c, s: recolor(c, s) * [1, *[-1] * (c.shape[1] - 1)] + s.mean(0) * [0, *[2] * (c.shape[1] - 1)],
         "different channels are not"),
        (sampled, "pattern is lost"),
        (lambda c, s: (c - c.mean(0)) @ root(np.cov(c.T, bias=True), -0.5) + s.mean(0), "not yet colored"),
    ],
)  # fmt: skip
def test_wrong_colors_get_their_hint(part, wrong, says):
    assert says in PAIRS.hint(**{part: wrong})
