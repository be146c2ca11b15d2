"""The cross-entropy of a pixel and a logit, in a form that stays finite, and the slope that training sees."""

import numpy as np
from scipy.special import expit

from coursekit.exercises.hints import after, called, compare, generator, hint_if


def check(answer):
    """`(from_logit, slope)`: both (x, logit), arrays of one shape, -> an array of that shape."""
    from_logit, slope = answer
    check_from_logit(from_logit)
    with after("`from_logit` is right."):
        check_slope(slope)


def _given():
    random = generator(0)
    return random.uniform(0.05, 0.95, 12), random.normal(0, 3, 12)


def _right(x, logit):
    return np.maximum(logit, 0) - x * logit + np.log1p(np.exp(-np.abs(logit)))


def check_from_logit(function):
    """Hints unless function(x, logit) is -x log q - (1 - x) log(1 - q), q = sigmoid(logit), for large logits too."""
    x, logit = _given()
    found = called(function, "from_logit", x, logit)
    hint_if(
        found.shape != x.shape,
        f"for {len(x)} pixels `from_logit` should return {len(x)} numbers, got shape {found.shape}.",
    )
    compare(
        found,
        _right(x, logit),
        from_logit_mistakes(x, logit),
        f"for x = {x[0]:.2f} and a logit of {logit[0]:.2f} you get {found[0]:.3f}, and should get "
        f"{_right(x, logit)[0]:.3f}. Write q = 1 / (1 + e^(-logit)) into -x log q - (1 - x) log(1 - q).",
    )
    far = np.array([1.0, 0.0, 0.0, 1.0]), np.array([-1000.0, 1000.0, -1000.0, 1000.0])
    found = called(function, "from_logit", *far, finite=False)
    hint_if(
        not np.isfinite(found).all(),
        "right for small logits. At a logit of 1,000 or -1,000 it is no finite number: an exponential overflows, or q "
        "is rounded to 0 or 1 and its logarithm is infinite. Never take the exponential of a large positive number.",
    )
    hint_if(
        found[:2].max() < 900,
        "right for small logits. For x = 1 and a logit of -1,000 the surprise is 1,000 nats. Do you clip something? "
        "Then the slope is 0 there, and training stands still.",
    )
    compare(found, _right(*far), {}, "right for small logits, and wrong where the logit is 1,000 or -1,000.")


def from_logit_mistakes(x, logit):
    """Typical mistakes: {hint: nats [n]}."""
    q = expit(logit)
    return {
        "the sign: a surprise is positive, since the logarithm of a probability is negative.": (
            x * np.log(q) + (1 - x) * np.log1p(-q)
        ),
        "only the ink's part, -x log q. The paper's part, (1 - x) log(1 - q), is missing.": -x * np.log(q),
        "only the paper's part. The ink's part, -x log q, is missing.": -(1 - x) * np.log1p(-q),
        "that is in bits: you divided by log 2.": _right(x, logit) / np.log(2),
        "x and 1 - x are exchanged: q is the probability of ink.": _right(1 - x, logit),
        "you gave the average over all pixels to each. Return one number for each pixel.": (
            np.full(np.shape(x), _right(x, logit).mean())
        ),
        "that is (x - q)², the squared error. It is no surprise.": (x - q) ** 2,
    }


def check_slope(function):
    """Hints unless function(x, logit) is sigmoid(logit) - x."""
    x, logit = _given()
    found, q = called(function, "slope", x, logit), expit(logit)
    compare(
        found,
        q - x,
        slope_mistakes(x, logit),
        f"for x = {x[0]:.2f} and a logit of {logit[0]:.2f} you say {found[0]:.3f}. Nudge the logit by 0.001 and look "
        f"by how much `from_logit` grows: {(_right(x, logit + 1e-3) - _right(x, logit))[0] / 1e-3:.3f} times as much.",
    )


def slope_mistakes(x, logit):
    """Typical mistakes: {hint: slopes [n]}."""
    q = expit(logit)
    return {
        "the sign: where the belief q is larger than x, a larger logit makes the loss larger.": x - q,
        "that is the slope with respect to q. One link of the chain is missing: dq/dlogit = q (1 - q).": (
            (q - x) / (q * (1 - q))
        ),
        "q (1 - q) stands there once too often: it appears in dq/dlogit, and again, as a divisor, in dH/dq.": (
            (q - x) * q * (1 - q)
        ),
        "that is q alone. What does the data's x do?": q,
        "that is twice as much: the slope of a squared error in q.": 2 * (q - x),
    }
