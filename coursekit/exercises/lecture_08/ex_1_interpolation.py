"""Spherical interpolation of two codes, and the lengths of codes on both paths."""

import math

import numpy as np

from coursekit.exercises.hints import after, called, generator, hint_if


def check(answer):
    """`(slerp, lengths)`: slerp(a, b, t) -> points [n, d], and lengths(d) -> three numbers."""
    slerp, lengths = answer
    check_slerp(slerp)
    with after("`slerp` is right."):
        check_lengths(lengths)


def slerp(a, b, t):
    """Shoemake's (1985) path from a to b [n, d], at t in [0, 1]. a and b not parallel."""
    angle = np.arccos((_unit(a) * _unit(b)).sum(axis=-1, keepdims=True))
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def check_slerp(function):
    """Hints unless function(a, b, t) is `slerp`, and for parallel a and b its limit, the straight path."""
    a, b = generator(0).normal(size=(2, 6, 50))
    b[:3] += 0.8 * a[:3]  # so that not all angles are near 90 degrees
    t, same = 0.3, lambda x, y: np.allclose(x, y, atol=1e-4)
    found, right, straight = _points(function, a, b, t), slerp(a, b, t), (1 - t) * a + t * b
    hint_if(
        not np.isfinite(found).all(),
        "some points are no finite numbers. An arccos takes what lies between -1 and 1: of which two vectors is a·b "
        "the cosine?",
    )
    hint_if(same(found, straight), "that is the straight path. The weights should be sines.")
    hint_if(same(found, slerp(b, a, t)), "your path begins at b. At t = 0 it should be at a.")
    hint_if(
        same(_unit(found), _unit(straight)),
        "the straight path, stretched to another length: on the sphere, but not at a steady pace. After 30 % of the "
        "way it should have turned by 30 % of the angle.",
    )
    hint_if(
        same(found, _unit(right)),
        "the points have length 1. The angle is that of the unit vectors; the path goes between a and b themselves.",
    )
    angle = np.arccos((_unit(a) * _unit(b)).sum(axis=1, keepdims=True))
    hint_if(
        same(found, right * np.sin(angle)), "at t = 0 your path is not at a: divide by the sine of the whole angle."
    )
    hint_if(
        same(_unit(found), slerp(_unit(a), _unit(b), t)) and not same(_unit(found), _unit(right)),
        "the direction is taken between unit vectors, so a long code counts no more than a short one. In the formula "
        "a and b have their own lengths.",
    )
    alone = np.concatenate([_points(function, a[i : i + 1], b[i : i + 1], t) for i in range(len(a))])
    hint_if(
        same(alone, right) and not same(found, right),
        "each pair alone is right; together they are not. Is a·b summed over the whole batch, and a length too?",
    )
    hint_if(not same(found, right), "at t = 0.3 your points are elsewhere. Try a = (1, 0), b = (0, 1), t = 1/3.")
    parallel = _points(function, a, 2 * a, 0.5)
    hint_if(
        not np.isfinite(parallel).all(),
        "right, but for a and b in the same direction it gives NaN: the angle is 0, or rounding makes its cosine "
        "larger than 1. Which path is left when there is no angle?",
    )
    hint_if(
        not np.allclose(parallel, 1.5 * a, rtol=1e-3, atol=1e-3),
        "right, but half way from a to 2a, in the same direction, should be 1.5 a.",
    )


def check_lengths(function):
    """Hints unless function(d) measures codes of N(0, I), and the middles of the straight and of the round path."""
    for d in (50, 8):
        found = called(function, "lengths", d, finite=False)
        hint_if(found.shape != (3,), f"`lengths({d})` should return three numbers; got shape {found.shape}.")
        prior = math.sqrt(2) * math.exp(math.lgamma((d + 1) / 2) - math.lgamma(d / 2))
        a, b = generator(0).normal(size=(2, 4000, d))
        right = np.array([prior, prior / math.sqrt(2), np.linalg.norm(slerp(a, b, 0.5), axis=1).mean()])
        near = lambda x, y: np.all(np.abs(x - y) < 0.03 * np.abs(y))
        hint_if(not found.any(), "your lengths are all 0.")
        hint_if(
            found[0] < 0.3 * prior,
            "the average *code* lies near 0; its length is not the average length. Which comes first?",
        )
        hint_if(near(found[0], d), "you average squares of lengths. Take the root of each.")
        hint_if(
            not near(found[0], right[0]),
            f"in {d} dimensions codes of N(0, I) have a length of about √{d}; you measured {found[0]:.2f}. "
            "Draw them with `standard_normal`, and measure along the last axis.",
        )
        hint_if(near(found[1], found[0]), "the middle of the straight path is as long as its ends. Look again.")
        hint_if(near(found[1], 2 * right[1]), "the middle of the straight path is *half* of a + b.")
        hint_if(near(found[1:], right[:0:-1]), "the two middles have changed places: prior, straight, round.")
        hint_if(
            not near(found[1], right[1]),
            f"the straight middle has a length of {found[1]:.2f} in {d} dimensions. Are a and b independent, "
            "each with its own partner?",
        )
        hint_if(
            not near(found[2], right[2]),
            f"the round middle has a length of {found[2]:.2f} in {d} dimensions; it should be near the ends'.",
        )


def _points(function, a, b, t):
    found = called(function, "slerp", a, b, t, finite=False)
    hint_if(found.shape != a.shape, f"`slerp` should return points of shape {a.shape}, and gave {found.shape}.")
    return found


def _unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)
