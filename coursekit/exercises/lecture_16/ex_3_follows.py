"""How far a factor of mixed pictures follows the source of some of their layers: a slope through 0."""

import numpy as np

from coursekit.exercises.hints import compare, hint_if, number


def check(answer):
    """`follows(mixed, source, rest)`: three arrays [n] of a factor -> a number, 1 for the source and 0 for the rest."""
    rng = np.random.default_rng(5)
    source, rest = rng.uniform(0, 1, (2, 300))
    mixed = rest + 0.3 * (source - rest) + rng.normal(0, 0.05, 300)
    found = number(answer, "follows", mixed, source, rest)
    hint_if(
        abs(number(answer, "follows", source, source, rest) - 1) > 1e-6,
        "where the mixed pictures are as the source, `follows` should give 1.",
    )
    hint_if(
        abs(number(answer, "follows", rest, source, rest)) > 1e-6,
        "where the mixed pictures are as the rest, `follows` should give 0.",
    )
    apart = source - rest
    right = float(((mixed - rest) * apart).sum() / (apart**2).sum())
    otherwise = "set the derivative of the sum of (mixed - rest - a (source - rest))^2 with respect to a to 0."
    compare(found, right, follows_mistakes(mixed, source, rest), otherwise)


def follows_mistakes(mixed, source, rest):
    """Typical mistakes: {hint: number}."""
    moved, apart = mixed - rest, source - rest
    return {
        "that is the correlation: it is 1 for any a above 0, without noise.": float(np.corrcoef(moved, apart)[0, 1]),
        "a mean of quotients: where source and rest are nearly the same, the quotient is noise.": (
            float((moved / apart).mean())
        ),
        "the slope the other way: of the difference on the movement.": float((moved * apart).sum() / (moved**2).sum()),
        "that slope may have an intercept. Where source and rest agree, nothing should move.": (
            float(np.polyfit(apart, moved, 1)[0])
        ),
    }
