"""Is it the divergence that was asked for?"""

import math

import numpy as np

from coursekit.exercises.hints import hint_if

HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def examine_kl(kl):
    """Hints unless kl(mean, log_variance, m, s) is KL(N(mean, exp(log_variance)) || N(m, s^2)), summed over d."""
    rng = np.random.default_rng(0)
    mean, log_variance = rng.normal(size=(2, 5, 3)).astype("float32")
    m, s = np.float32([0.5, -1, 2]), np.float32([0.7, 1.5, 2.5])
    found = _each_code(kl, "kl", mean, log_variance, m, s)
    squares, log_s, variance = np.square(mean - m), np.log(s), np.exp(log_variance)
    of = lambda mean, log_variance, m, s: (
        np.log(s) - log_variance / 2 + (np.exp(log_variance) + (mean - m) ** 2) / (2 * s**2) - 0.5
    )
    right = of(mean, log_variance, m, s)
    mistakes = {
        "that is the lecture's divergence from N(0, 1): your answer does not know of m and s.": of(
            mean, log_variance, 0, 1
        ),
        "the prior's mean m has not arrived in your formula.": of(mean, log_variance, 0, s),
        "the prior's standard deviation s has not arrived in your formula.": of(mean, log_variance, m, 1),
        "the two means are added. What should the divergence be when they are equal, and the variances too?": of(
            mean, log_variance, -m, s
        ),
        "you have read s as a variance. It is a standard deviation; in which places does its square stand?": of(
            mean, log_variance, m, np.sqrt(s)
        ),
        "you have read log_variance as the logarithm of the standard deviation: one of the deck's two slips.": of(
            mean, 2 * log_variance, m, s
        ),
        "the standard deviation of q stands where its variance should: E(z - mean)² is the variance.": (
            log_s - log_variance / 2 + (np.exp(log_variance / 2) + squares) / (2 * s**2) - 0.5
        ),
        "s stands under the squares where its square should: the exponent of a Gaussian has s².": (
            log_s - log_variance / 2 + (variance + squares) / (2 * s) - 0.5
        ),
        "the distance of the means is measured in the code's units; the prior measures it in units of s.": (
            log_s - log_variance / 2 + variance / (2 * s**2) + squares / 2 - 0.5
        ),
        "a divergence is never negative. Which of the two logarithms is taken away from which?": -right,
        "twice too much: there is a ½ in the exponent of a Gaussian, and before its log-variance.": 2 * right,
        "½ too much in each dimension: what is E log q(z|x), the mean of its own exponent included?": right + 0.5,
        "log s is missing: a wide prior gives each point a small density.": right - log_s,
        "log s has the wrong sign: does a wide prior make a narrow q cheaper or dearer?": right - 2 * log_s,
        "the other way round: KL(p || q). The mean is taken over q, from which the code is drawn.": of(
            m, 2 * log_s, mean, np.sqrt(variance)
        ),
    }
    _compare(found, right, mistakes)
    z = mean[0] + np.sqrt(variance[0]) * rng.standard_normal((100_000, 3))
    log_ratio = (np.square((z - m) / s) / 2 + log_s) - (np.square(z - mean[0]) / variance[0] + log_variance[0]) / 2
    _compare_with_samples(found[0], right[0], log_ratio, f"mean {mean[0].round(2)}, m {m} and s {s}")
    found = _each_code(kl, "kl", mean, log_variance, 0.5, 2.0)
    hint_if(
        not np.allclose(found, of(mean, log_variance, 0.5, 2.0).sum(axis=1), rtol=1e-4),
        "right for an m and s of each dimension, wrong for two plain numbers m and s. If log s is summed on its own, "
        "over how many dimensions?",
    )


def examine_box(kl_box):
    """Hints unless kl_box(center, half) is KL(U(center - half, center + half) || N(0, 1)), summed over d."""
    rng = np.random.default_rng(1)
    center = rng.normal(size=(5, 3)).astype("float32")
    half = rng.uniform(0.3, 3, (5, 3)).astype("float32")
    found = _each_code(kl_box, "kl_box", center, half)
    of = lambda center, half, share=1 / 3: -np.log(2 * half) + HALF_LOG_2PI + (center**2 + share * half**2) / 2
    right = of(center, half)
    mistakes = {
        "you have read `half` as the box's whole width; the box reaches from center - half to center + half.": of(
            center, half / 2
        ),
        "E z² is too small: a variance of width²/12 goes with the *whole* width.": of(center, half, 1 / 12),
        "the density of the box is one over its width, which is 2 half.": right + np.log(2),
        "E z² is not the variance alone. Where is the center?": of(0, half),
        "E z² is not the square of the center alone: the code is not always in the middle of its box.": of(
            center, half, 0
        ),
        "E z² is counted as if the code were always at the edge of its box.": of(center, half, 1),
        "½ log 2π is missing: the prior is a density, and integrates to 1.": right - HALF_LOG_2PI,
        "log 2π is halved: log √(2π) is ½ log 2π.": right + HALF_LOG_2PI,
        "½ log 2π has the wrong sign: the prior's density lies *under* its exponential.": right - 2 * HALF_LOG_2PI,
        "the ½ of the Gaussian's exponent is missing.": right + (center**2 + half**2 / 3) / 2,
        "the box's own logarithm has the wrong sign: is a narrow box cheaper or dearer than a wide one?": (
            right + 2 * np.log(2 * half)
        ),
        "a divergence is never negative. Which of the two logarithms is taken away from which?": -right,
    }
    _compare(found, right, mistakes, "`kl` is right. ")
    z = center[0] + half[0] * rng.uniform(-1, 1, (100_000, 3))
    log_ratio = z**2 / 2 + HALF_LOG_2PI - np.log(2 * half[0])
    where = f"center {center[0].round(2)} and half {half[0].round(2)}"
    _compare_with_samples(found[0], right[0], log_ratio, where, "`kl` is right. ")


def examine_best(best):
    so_far = "both divergences are right. "
    hint_if(np.ndim(best) != 0 or not np.isfinite(best), so_far + "`best` should be one number, a half-width.")
    hint_if(best <= 0, so_far + "a box of that half-width is none; its divergence would be infinite.")
    hint_if(
        abs(best - math.sqrt(12)) < 0.02, so_far + "that is the whole width of the cheapest box; hand in half of it."
    )
    hint_if(
        abs(best - 1) < 1e-6,
        so_far + "with half-width 1 the box has a variance of 1/3, much less than the prior's. Differentiate.",
    )
    hint_if(
        abs(best - math.sqrt(3)) > 0.005,
        so_far + f"`best` = {best:.3f} is not the cheapest: look at the curve, or set the derivative to 0.",
    )


def _each_code(function, name, *arguments):
    """`function(*arguments)`, float64, with a hint unless it is one number for each code [n, d]."""
    hint_if(not callable(function), f"hand in the function itself, `{name}`, not what it returned.")
    with np.errstate(all="ignore"):
        found = function(*arguments)
    hint_if(found is None, f"`{name}` returned None. Is there a `return` in it?")
    found, (n, d) = np.asarray(found, "float64"), arguments[0].shape
    hint_if(
        found.shape == (n, d),
        f"`{name}` returned one number for each dimension. They are independent: what does a whole code cost?",
    )
    hint_if(
        found.shape != (n,),
        f"for {n} codes of {d} numbers `{name}` should return {n} numbers, and gave an array of shape {found.shape}. "
        "Over which axis do you sum?",
    )
    hint_if(not found.any(), f"`{name}` returns 0 for every code. Only a q that equals the prior costs nothing.")
    hint_if(
        not np.isfinite(found).all(),
        f"some codes cost no finite number in `{name}`. The logarithm of a logarithm, or of a negative number?",
    )
    return found


def _compare(found, right, mistakes, so_far=""):
    """Hints where `found` [n] is the sum over dimensions of one of the `mistakes` {hint: [n, d]}."""
    hint_if(
        np.allclose(found, right.mean(axis=1), rtol=1e-4),
        so_far
        + "you take the mean over the dimensions. Their sum is the divergence of the code: fifty dimensions cost "
        "fifty times what one costs, and a mean would make them free beside the pixels.",
    )
    for text, wrong in mistakes.items():
        hint_if(np.allclose(found, wrong.sum(axis=1), rtol=1e-4, atol=1e-5), so_far + text)


def _compare_with_samples(found, right, log_ratio, where, so_far=""):
    """A hint with the Monte Carlo estimate from log_ratio [samples, d] unless `found` is the number `right` [d]."""
    each = log_ratio.sum(axis=1)
    hint_if(
        not np.isclose(found, right.sum(), rtol=1e-4),
        f"{so_far}for {where} your formula says {found:.3f} nats, and {len(each):,} samples say {each.mean():.3f}, "
        f"give or take {each.std() / math.sqrt(len(each)):.3f}. Set all but one term to 0 and look at them singly.",
    )
