"""Mutual information from a logistic regression: the features that it needs, and nats from its logits."""

import numpy as np

from coursekit.exercises.hints import Hint, after, called, compare, generator, hint_if, number

MOST = 12  # features


def check(answer):
    """`(features, nats)`: features(x [n], y [n]) -> [n, k], and nats(logits [n], own, others) -> a number."""
    features, nats = answer
    check_features(features)
    with after("`features` is right."):
        check_nats(nats)


def log_ratio(x, y, rho):
    """log p(x, y) / (p(x) p(y)) of standard normal numbers with correlation rho: [n]."""
    rest = 1 - rho**2
    return -np.log(rest) / 2 - (rho**2 * (x**2 + y**2) - 2 * rho * x * y) / (2 * rest)


def check_features(function):
    """Hints unless the log-ratio of correlated normal numbers is a weighted sum of the features and a constant."""
    x, y = generator(0).normal(size=(2, 60))
    found = called(function, "features", x.copy(), y.copy())
    hint_if(
        found.shape[:1] != (60,) or found.ndim != 2,
        f"for 60 pairs `features` should return 60 rows, one for each pair, got an array of shape {found.shape}.",
    )
    hint_if(found.shape[1] > MOST, f"{found.shape[1]} features; a handful is enough. Which does the formula have?")
    left = {rho: _left(found, log_ratio(x, y, rho)) for rho in (0.8, -0.5)}
    if max(left.values()) < 1e-6:
        return
    with_product = max(_left(np.column_stack([found, x * y]), log_ratio(x, y, rho)) for rho in left)
    hint_if(
        with_product < 1e-6,
        "one is missing: no feature says whether x and y go up and down *together*. Look at the last term of the "
        "formula.",
    )
    with_squares = max(_left(np.column_stack([found, x**2, y**2]), log_ratio(x, y, rho)) for rho in left)
    hint_if(
        with_squares < 1e-6,
        "something is missing: a pair of large numbers is a rare pair, whatever their signs. Which terms of the "
        "formula say so?",
    )
    raise Hint(
        f"a weighted sum of your features misses {left[0.8]:.0%} of the log-ratio's variance, at a correlation of 0.8. "
        "The formula has three terms with x and y in them."
    )


def _left(features, target):
    """The share of the target's variance that no weighted sum of the features and a constant explains."""
    columns = np.column_stack([np.ones(len(target)), features])
    rest = target - columns @ np.linalg.lstsq(columns, target, rcond=None)[0]
    return rest.var() / target.var()


def check_nats(function):
    """Hints unless function(logits, own, others) is the logits' mean + log(others / own)."""
    logits, own, others = generator(1).normal(-1, 1, 50), 200, 700
    found = number(function, "nats", logits.copy(), own, others)
    compare(
        found,
        logits.mean() + np.log(others / own),
        nats_mistakes(logits, own, others),
        f"for 200 own pairs and 700 others `nats` says {found:.3f}. Solve D / (1 - D) for p / q, and take logarithms.",
    )


def nats_mistakes(logits, own, others):
    """Typical mistakes: {hint: nats}."""
    mean, odds = logits.mean(), np.log(others / own)
    return {
        "a classifier that saw more others than own pairs says 'other' too readily. Its logits are too low: by how "
        "much?": mean,
        "corrected in the wrong direction: the logits are too low, and now they are lower still.": mean - odds,
        "the share of the others among all pairs. Odds compare them with the own ones.": (
            mean + np.log(others / (own + others))
        ),
        "own pairs against all of them. Odds compare them with the others.": mean + np.log((own + others) / own),
        "the correction alone. The logits say the rest.": odds,
        "your unit is the bit. The course's is the nat.": (mean + odds) / np.log(2),
        "the ratio of the two numbers is there, its logarithm is not.": mean + others / own,
    }
