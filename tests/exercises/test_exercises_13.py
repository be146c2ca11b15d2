"""The checks on what a DCGAN has learned: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise

DIRECTION, OWN = (exercise(__file__, number) for number in (1, 2))

# A direction of the latent space ------------------------------------------------------------------------------------

direction, turn = DIRECTION.solution.values()


def regression(codes, amounts):
    slopes = np.linalg.lstsq(codes - codes.mean(axis=0), amounts - amounts.mean(), rcond=None)[0]
    return slopes / np.linalg.norm(slopes)


def uncentered(codes, amounts):
    slopes = (codes * amounts[:, None]).mean(axis=0)
    return slopes / np.linalg.norm(slopes)


def brightest(codes, amounts):
    return codes[amounts.argmax()] / np.linalg.norm(codes[amounts.argmax()])


def in_place_turn(codes, v, t):
    codes += (t - codes @ v)[:, None] * v
    return codes


def test_a_direction_by_regression_is_right():
    DIRECTION.check((regression, lambda codes, v, t: codes - np.outer(codes @ v, v) + t * v))


@each(
    direction=[
        (lambda z, a: z[:, 0], "directions of 12"),
        (lambda z, a: np.zeros(12), "all zeros"),
        (lambda z, a: np.full(12, np.nan), "no finite number"),
        (lambda z, a: -direction(z, a), "*fall*"),
        (brightest, "differs from the others"),
        (lambda z, a: np.eye(12)[0], "off it"),
        (lambda z, a: 3 * direction(z, a), "length is 3"),
        (uncentered, "60 higher"),
        (lambda z, a: direction(z, a) if np.ptp(a) > 0.1 else np.eye(12)[0], "a thousand times smaller"),
    ],
    turn=[
        (in_place_turn, "has changed"),
        (lambda z, v, t: turn(z, v, t)[0], "of shape"),
        (lambda z, v, t: z + t * v, "dial *by* t"),
        (lambda z, v, t: turn(z, v, 0), "And t?"),
        (lambda z, v, t: z + (t - (z @ v).mean()) * v, "their *mean*"),
        (lambda z, v, t: 2 * turn(z, v, t) - turn(z, v, t) @ v[:, None] * v, "something else"),
        (lambda z, v, t: turn(z, v, 2 * t), "set to 1.5"),
        (lambda z, v, t: turn(z, v, abs(t)), "wrong at -2"),
    ],
)
def test_wrong_directions_and_turns_get_their_hint(part, wrong, says):
    assert says in DIRECTION.hint(**{part: wrong})


# Own pictures -------------------------------------------------------------------------------------------------------

variance_left, nearest = OWN.solution.values()


def test_measures_of_own_pictures_are_right_at_their_ends():
    """A perfect copy leaves nothing, the mean of what was seen leaves all; a copied picture is at distance 0."""
    seen, unseen = np.random.default_rng(0).random((2, 6, 4, 4, 3))
    assert variance_left(unseen, unseen, seen) == 0
    assert variance_left(seen.mean(axis=0), unseen, seen) == 1
    found = nearest(np.concatenate([seen[4:5], seen[2:3] + 0.5]), seen)
    assert found[0] == 0
    assert 0 < found[1] <= 0.5 * np.sqrt(48) + 1e-9


def test_another_way_to_write_the_measures_is_right():
    def share(rebuilt, unseen, seen):
        return ((rebuilt - unseen) ** 2).mean() / ((unseen - np.mean(seen, 0, keepdims=True)) ** 2).mean()

    OWN.check((share, lambda a, b: np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=(2, 3, 4))).min(1)))


@each(
    variance_left=[
        (lambda r, u, s: np.square(r - u).mean(axis=0), "one number"),
        (lambda r, u, s: np.square(r - u).sum() / np.square(u).sum(), "Below: that of the mean picture"),
        (lambda r, u, s: np.square(r - u).sum() / np.square(u - u.mean(0)).sum(), "only what was seen"),
    ],
    nearest=[
        (lambda a, b: np.zeros(len(b)), "one for each"),
        (lambda a, b: np.zeros(len(a)), "its distance to every picture"),
        (lambda a, b: np.abs(a[:, None] - b[None]).sum(axis=(2, 3, 4)).min(1), "the smallest of them"),
    ],
)
def test_wrong_measures_of_own_pictures_get_their_hint(part, wrong, says):
    assert says in OWN.hint(**{part: wrong})
