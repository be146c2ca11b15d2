"""Witten and Bell: what a long history says, mixed with what a shorter one says."""

import numpy as np

from coursekit.exercises.hints import called, compare, hint_if


def check(mixed):
    """Hints unless mixed(counts, shorter) is (counts + d * shorter) / (c + d), and `shorter` where nothing was seen."""
    counts, shorter = np.array([4.0, 0, 1, 0, 3]), np.array([0.1, 0.3, 0.2, 0.3, 0.1])
    found = called(mixed, "mixed", counts.copy(), shorter.copy(), finite=False)
    hint_if(found.shape != (5,), f"5 probabilities come out for 5 letters; yours has the shape {found.shape}.")
    c, d = counts.sum(), 3
    compare(
        found,
        (counts + d * shorter) / (c + d),
        mixed_mistakes(counts, shorter),
        f"your probabilities add up to {np.sum(found):.3g}. With c = 8 and d = 3 the second letter, never seen here, "
        f"should get 3/11 of 0.3; it gets {found[1]:.3g}.",
    )
    found = called(mixed, "mixed", np.zeros(5), shorter.copy(), finite=False)
    hint_if(
        not np.allclose(found, shorter),
        "right where the history was seen. Where it never was, c and d are 0: then the shorter history alone counts, "
        "and nothing may be divided by 0.",
    )


def mixed_mistakes(counts, shorter):
    """Typical mistakes: {hint: probabilities}."""
    c, d, kinds = counts.sum(), (counts > 0).sum(), len(counts)
    if c == 0:
        return {}
    return {
        "that is the long history alone: a letter that was not seen after it gets 0.": counts / c,
        "that is the shorter history alone. What was counted should weigh c / (c + d).": shorter,
        "d is how many *different* letters came after the history, not how many letters there are.": (
            (counts + kinds * shorter) / (c + kinds)
        ),
        "the two weights are exchanged: a history that was seen often should be trusted.": (
            d / (c + d) * counts / c + c / (c + d) * shorter
        ),
        "they add up to more than 1: give what was counted the weight c / (c + d), too.": (
            counts / c + d / (c + d) * shorter
        ),
        "the shorter history needs the weight d / (c + d); yours has 1 / (c + d).": (counts + shorter) / (c + d),
        "half and half, whatever was seen? The weights depend on c and d.": (counts / c + shorter) / 2,
    }
