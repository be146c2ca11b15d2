"""Is it the path on the sphere that was asked for?"""

import math

import numpy as np

from coursekit.exercises.hints import hint_if


def slerp(a, b, t):
    """Shoemake's (1985) path from a to b [n, d], at t in [0, 1]: what the check compares with. a and b not parallel."""
    unit = lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)
    angle = np.arccos((unit(a) * unit(b)).sum(axis=-1, keepdims=True))
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def examine_slerp(given):
    """Hints unless `given(a, b, t)` is `slerp`, and for parallel a and b its limit, the straight path."""
    hint_if(not callable(given), "hand in the function itself, `slerp`, not what it returned.")

    def at(a, b, t):
        with np.errstate(all="ignore"):
            found = given(a, b, t)
        hint_if(found is None, "`slerp` returned None. Is there a `return` in it?")
        found = np.asarray(found, "float64")
        hint_if(found.shape != a.shape, f"`slerp` should return points of shape {a.shape}, and gave {found.shape}.")
        return found

    a, b = np.random.default_rng(0).normal(size=(2, 6, 50))
    b[:3] += 0.8 * a[:3]  # so that not all angles are near 90 degrees
    t, same = 0.3, lambda x, y: np.allclose(x, y, atol=1e-4)
    found, right = at(a, b, t), slerp(a, b, t)
    straight = (1 - t) * a + t * b
    lengths = lambda x: np.linalg.norm(x, axis=1)
    unit = lambda x: x / lengths(x)[:, None]
    hint_if(
        not np.isfinite(found).all(),
        "some points are no finite numbers. An arccos takes what lies between -1 and 1: of which two vectors is a·b "
        "the cosine?",
    )
    hint_if(same(found, straight), "that is the straight path. The weights should be sines.")
    hint_if(same(found, slerp(b, a, t)), "your path begins at b. At t = 0 it should be at a.")
    hint_if(
        same(unit(found), unit(straight)),
        "the straight path, stretched to another length: on the sphere, but not at a steady pace. After 30 % of the "
        "way it should have turned by 30 % of the angle.",
    )
    hint_if(
        same(unit(found), unit(right)) and same(lengths(found), 1),
        "the points have length 1. The angle is that of the unit vectors; the path goes between a and b themselves.",
    )
    angle = np.arccos((unit(a) * unit(b)).sum(axis=1, keepdims=True))
    hint_if(
        same(found, right * np.sin(angle)), "at t = 0 your path is not at a: divide by the sine of the whole angle."
    )
    hint_if(
        same(unit(found), unit(slerp(unit(a), unit(b), t))) and not same(unit(found), unit(right)),
        "the direction is taken between unit vectors, so a long code counts no more than a short one. In the formula "
        "a and b have their own lengths.",
    )
    alone = np.concatenate([at(a[i : i + 1], b[i : i + 1], t) for i in range(len(a))])
    hint_if(
        same(alone, right) and not same(found, right),
        "each pair alone is right; together they are not. Is a·b summed over the whole batch, and a length too?",
    )
    hint_if(not same(found, right), "at t = 0.3 your points are elsewhere. Try a = (1, 0), b = (0, 1), t = 1/3.")
    parallel = at(a, 2 * a, 0.5)
    hint_if(
        not np.isfinite(parallel).all(),
        "right, but for a and b in the same direction it gives NaN: the angle is 0, or rounding makes its cosine "
        "larger than 1. Which path is left when there is no angle?",
    )
    hint_if(
        not np.allclose(parallel, 1.5 * a, rtol=1e-3, atol=1e-3),
        "right, but half way from a to 2a, in the same direction, should be 1.5 a.",
    )


def examine_lengths(lengths):
    """Hints unless lengths(d) measures codes of N(0, I), and the middles of the straight and of the round path."""
    so_far = "`slerp` is right. "
    hint_if(not callable(lengths), so_far + "hand in the function itself, `lengths`, not what it returned.")
    for d in (50, 8):
        found = lengths(d)
        hint_if(found is None, so_far + "`lengths` returned None. Is there a `return` in it?")
        found = np.asarray(found, "float64")
        hint_if(found.shape != (3,), f"{so_far}`lengths({d})` should return three numbers; got shape {found.shape}.")
        prior = math.sqrt(2) * math.exp(math.lgamma((d + 1) / 2) - math.lgamma(d / 2))
        a, b = np.random.default_rng(0).normal(size=(2, 4000, d))
        right = np.array([prior, prior / math.sqrt(2), np.linalg.norm(slerp(a, b, 0.5), axis=1).mean()])
        near = lambda x, y: np.all(np.abs(x - y) < 0.03 * np.abs(y))
        hint_if(not found.any(), so_far + "your lengths are all 0.")
        hint_if(
            found[0] < 0.3 * prior,
            so_far + "the average *code* lies near 0; its length is not the average length. Which comes first?",
        )
        hint_if(near(found[0], d), so_far + "you average squares of lengths. Take the root of each.")
        hint_if(
            not near(found[0], right[0]),
            f"{so_far}in {d} dimensions codes of N(0, I) have a length of about √{d}; you measured {found[0]:.2f}. "
            "Draw them with `standard_normal`, and measure along the last axis.",
        )
        hint_if(
            near(found[1], found[0]), so_far + "the middle of the straight path is as long as its ends. Look again."
        )
        hint_if(near(found[1], 2 * right[1]), so_far + "the middle of the straight path is *half* of a + b.")
        hint_if(near(found[1:], right[:0:-1]), so_far + "the two middles have changed places: prior, straight, round.")
        hint_if(
            not near(found[1], right[1]),
            f"{so_far}the straight middle has a length of {found[1]:.2f} in {d} dimensions. Are a and b independent, "
            "each with its own partner?",
        )
        hint_if(
            not near(found[2], right[2]),
            f"{so_far}the round middle has a length of {found[2]:.2f} in {d} dimensions; it should be near the ends'.",
        )
