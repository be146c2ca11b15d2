"""Hidden pixels from their visible neighbors, without a look at the answer."""

import numpy as np

from coursekit.exercises.hints import called, compare, generator, hint_if


def check(neighbors):
    """neighbors(x, m, theta) -> probabilities [n, h, w]: in each hidden pixel (theta + visible neighbors) / (1 + their
    number), and x in each visible one."""
    rng = generator(0)
    x = (rng.random((4, 6, 7)) < 0.5).astype("float32")
    m = (rng.random(x.shape) < 0.6).astype("float32")
    m[0, 2:5, 2:5] = 0  # in its middle a pixel without a visible neighbor
    theta = rng.uniform(0.1, 0.9, x.shape[1:])
    found, hidden = _predictions(neighbors, x, m, theta), m == 0
    hint_if(
        np.allclose(found, np.broadcast_to(theta, x.shape)),
        "theta everywhere: that is a prediction which looks at nothing.",
    )
    hint_if(
        not np.isfinite(found).all(),
        "somewhere it is no finite number. A pixel without a visible neighbor has still its theta.",
    )
    peeked = _predictions(neighbors, np.where(hidden, 1 - x, x), m, theta)
    hint_if(
        not np.allclose(found[hidden], peeked[hidden]),
        "you peek! I changed hidden pixels of x, and your predictions changed with them. The network of the lecture "
        "gets x * m.",
    )
    hint_if(
        not np.allclose(found[~hidden], x[~hidden]), "visible pixels should come back as they are, and some do not."
    )
    right = predicted(x, m, theta)
    n, i, j = np.unravel_index(np.abs(found - right).argmax(), x.shape)
    near = n, slice(max(0, i - 1), i + 2), slice(max(0, j - 1), j + 2)
    count, ink = m[near].sum(), (x * m)[near].sum()
    compare(
        found,
        right,
        neighbors_mistakes(x, m, theta),
        f"a hidden pixel with {count:.0f} visible neighbors, {ink:.0f} of them ink, and theta = {theta[i, j]:.2f} "
        f"should have p = ({theta[i, j]:.2f} + {ink:.0f}) / (1 + {count:.0f}) = {right[n, i, j]:.3f}; you say "
        f"{found[n, i, j]:.3f}.",
    )


def neighbors_mistakes(x, m, theta):
    """Typical mistakes: {hint: probabilities [n, h, w]}."""
    mistakes = {
        "the hidden neighbors are counted as paper. Divide by the number of those that are visible.": {"number": "all"},
        "you divide by 9 whatever is visible.": {"number": "nine"},
        "theta is missing: with one visible neighbor your p is 0 or 1.": {"weight": 0},
        "theta is added, but does not count in the denominator.": {"denominator": 0},
        "four neighbors of eight: the diagonal ones are missing.": {"diagonal": False},
        "at the border you look around the corner: `np.roll` brings in the opposite side. Outside there is nothing.": (
            {"wrap": True}
        ),
        "outside the picture you see visible paper. There is nothing there, and nothing to be counted.": {"outside": 1},
    }
    with np.errstate(all="ignore"):
        return {text: predicted(x, m, theta, **mistake) for text, mistake in mistakes.items()}


def predicted(x, m, theta, *, number="visible", weight=1, denominator=1, diagonal=True, wrap=False, outside=0):
    """Probabilities [n, h, w]: the right ones, and with the options those of typical mistakes."""
    framing = {"mode": "wrap"} if wrap else {}
    seen = _around(np.pad(x * m, ((0, 0), (1, 1), (1, 1)), **framing), diagonal)
    frame = framing or {"constant_values": outside}
    count = _around(np.pad(m, ((0, 0), (1, 1), (1, 1)), **frame), diagonal)
    if number == "all":
        count = _around(np.pad(np.ones_like(m), ((0, 0), (1, 1), (1, 1))), diagonal)
    p = (weight * theta + seen) / (9 if number == "nine" else denominator * weight + count)
    return np.where(m > 0, x, p)


def _around(framed, diagonal):
    """The sum over the neighbors of each pixel of [n, h + 2, w + 2]: [n, h, w]."""
    h, w = framed.shape[1] - 2, framed.shape[2] - 2
    steps = [(i, j) for i in range(3) for j in range(3) if (i, j) != (1, 1) and (diagonal or 1 in (i, j))]
    return sum(framed[:, i : i + h, j : j + w] for i, j in steps)


def _predictions(neighbors, x, m, theta):
    given = x.copy(), m.copy()
    found = called(neighbors, "neighbors", *given, theta, finite=False)
    hint_if(
        found.shape != x.shape,
        f"for pictures of shape {x.shape} `neighbors` should return as many numbers, and gave shape {found.shape}.",
    )
    hint_if(
        not (np.array_equal(given[0], x) and np.array_equal(given[1], m)),
        "`neighbors` has written into the pictures or masks that it was given. Work on a copy.",
    )
    return found
