"""The best discriminator of codes and uniform draws in the cells of a histogram, and the Jensen-Shannon divergence."""

import numpy as np
from scipy.special import rel_entr

from coursekit.exercises.hints import after, called, compare, hint_if, number

SHARES = np.array([0.5, 0.3, 0.15, 0.05])
EMPTY = np.array([0.7, 0.3, 0.0, 0.0, 0.0])


def check(answer):
    """`(best, uneven)`: both from the codes' shares [k] in k equal cells; best -> [k], uneven -> nats."""
    best, uneven = answer
    check_best(best)
    with after("`best` is right."):
        check_uneven(uneven)


def jsd(shares):
    """Of the codes' shares [k] and the uniform ones, 1 / k each, in nats."""
    even = np.full(len(shares), 1 / len(shares))
    mixture = (even + shares) / 2
    return (rel_entr(even, mixture).sum() + rel_entr(shares, mixture).sum()) / 2


def check_best(function):
    """Hints unless function(shares) is u / (u + shares), u = 1 / k."""
    found = called(function, "best", SHARES.copy())
    hint_if(
        found.shape != SHARES.shape,
        f"for 4 cells `best` should return 4 probabilities, one for each cell, got an array of shape {found.shape}.",
    )
    compare(
        found,
        1 / (1 + 4 * SHARES),
        best_mistakes(SHARES),
        f"in four cells with shares of 50, 30, 15 and 5 % `best` says {np.round(found, 3).tolist()}. "
        "What is p / (p + q) here, and which of the two worlds is p?",
    )


def best_mistakes(shares):
    """Typical mistakes: {hint: [k]}."""
    count = len(shares)
    return {
        "that is the probability of *code*. `best` says how probable a uniform draw is.": (
            count * shares / (1 + count * shares)
        ),
        "of k cells, how large is the share of uniform draws in each? Compare shares with shares.": 1 / (1 + shares),
        "that is the odds p / q. A probability compares with the sum of both.": 1 / (count * shares),
        "that is the logit, the logarithm of the odds.": -np.log(count * shares),
        "one half everywhere: that is the answer if the codes are uniform. These are not.": np.full(count, 0.5),
    }


def check_uneven(function):
    """Hints unless function(shares) is the Jensen-Shannon divergence of the shares from uniform ones."""
    found = number(function, "uneven", SHARES.copy())
    compare(
        found,
        jsd(SHARES),
        uneven_mistakes(SHARES),
        f"for shares of 50, 30, 15 and 5 % `uneven` says {found:.4f}. It is half the sum of two KL divergences "
        "from the mixture.",
    )
    empty = number(function, "uneven", EMPTY.copy(), finite=False)
    hint_if(
        not np.isfinite(empty),
        "right, until a cell is empty: 0 times the logarithm of 0 is no number. What does an empty cell add to the "
        "codes' mean? It still adds something to the uniform draws' mean.",
    )
    hint_if(
        not np.isclose(empty, jsd(EMPTY)),
        f"right where all cells have codes; with three empty cells it says {empty:.4f}. Cells without codes count in "
        "the mean over uniform draws.",
    )


def uneven_mistakes(shares):
    """Typical mistakes: {hint: nats}."""
    even = np.full(len(shares), 1 / len(shares))
    mixture, right = (even + shares) / 2, jsd(shares)
    return {
        "that is the discriminator's value J, which is never positive. Solve J = 2 JSD - 2 log 2 for the JSD.": (
            2 * right - 2 * np.log(2)
        ),
        "the sum of both KL divergences; the JSD is half of it.": 2 * right,
        "that is KL(codes || uniform), without the mixture. It is another divergence.": rel_entr(shares, even).sum(),
        "that is KL(uniform || codes), without the mixture. It is another divergence.": rel_entr(even, shares).sum(),
        "only one of the two KL divergences is there, that of the codes.": rel_entr(shares, mixture).sum(),
        "only one of the two KL divergences is there, that of the uniform draws.": rel_entr(even, mixture).sum(),
        "your unit is the bit. The course's is the nat.": right / np.log(2),
        "a divergence is not negative. Look at the sign.": -right,
    }
