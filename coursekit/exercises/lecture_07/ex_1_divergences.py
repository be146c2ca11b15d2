"""Divergences of a Gaussian and of a uniform posterior from a Gaussian prior."""

import math

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if

HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
MEAN = (
    "you take the mean over the dimensions. Their sum is the divergence of the code: fifty dimensions cost fifty times "
    "what one costs, and a mean would make them free beside the pixels."
)


def check(answer):
    """`(kl, kl_box, best)`: two divergences of codes [n, d] from a prior, each [n], and a half-width."""
    kl, kl_box, best = answer
    check_kl(kl)
    with after("`kl` is right."):
        check_box(kl_box)
    with after("both divergences are right."):
        check_best(best)


def check_kl(function):
    """Hints unless function(mean, log_variance, m, s) is KL(N(mean, exp(log_variance)) || N(m, s^2)), summed over d."""
    rng = generator(0)
    mean, log_variance = rng.normal(size=(2, 5, 3)).astype("float32")
    m, s = np.float32([0.5, -1, 2]), np.float32([0.7, 1.5, 2.5])
    found, right = _each_code(function, "kl", mean, log_variance, m, s), gaussian(mean, log_variance, m, s)
    z = mean[0] + np.exp(log_variance[0] / 2) * rng.standard_normal((100_000, 3))
    log_q = -((z - mean[0]) ** 2 / np.exp(log_variance[0]) + log_variance[0]) / 2
    log_p = -((z - m) ** 2) / (2 * s**2) - np.log(s)
    where = f"mean {mean[0].round(2)}, m {m} and s {s}"
    samples_say = _samples_say(found[0], log_q - log_p, where)
    compare(found, right.sum(axis=1), kl_mistakes(mean, log_variance, m, s), samples_say)
    found = _each_code(function, "kl", mean, log_variance, 0.5, 2.0)
    hint_if(
        not np.allclose(found, gaussian(mean, log_variance, 0.5, 2.0).sum(axis=1), rtol=1e-4),
        "right for an m and s of each dimension, wrong for two plain numbers m and s. If log s is summed on its own, "
        "over how many dimensions?",
    )


def gaussian(mean, log_variance, m, s):
    """The divergence of each dimension [n, d]."""
    return np.log(s) - log_variance / 2 + (np.exp(log_variance) + (mean - m) ** 2) / (2 * s**2) - 0.5


def kl_mistakes(mean, log_variance, m, s):
    """Typical mistakes: {hint: nats [n]}."""
    right = gaussian(mean, log_variance, m, s)
    log_s, variance, squares = np.log(s), np.exp(log_variance), (mean - m) ** 2
    mistakes = {
        "that is the lecture's divergence from N(0, 1): your answer does not know of m and s.": (
            gaussian(mean, log_variance, 0, 1)
        ),
        "the prior's mean m has not arrived in your formula.": gaussian(mean, log_variance, 0, s),
        "the prior's standard deviation s has not arrived in your formula.": gaussian(mean, log_variance, m, 1),
        "the two means are added. What should the divergence be when they are equal, and the variances too?": (
            gaussian(mean, log_variance, -m, s)
        ),
        "you have read s as a variance. It is a standard deviation; in which places does its square stand?": (
            gaussian(mean, log_variance, m, np.sqrt(s))
        ),
        "you have read log_variance as the logarithm of the standard deviation: one of the deck's two slips.": (
            gaussian(mean, 2 * log_variance, m, s)
        ),
        "the standard deviation of q stands where its variance should: E(z - mean)² is the variance.": (
            right + (np.sqrt(variance) - variance) / (2 * s**2)
        ),
        "s stands under the squares where its square should: the exponent of a Gaussian has s².": (
            right + (variance + squares) * (1 / s - 1 / s**2) / 2
        ),
        "the distance of the means is measured in the code's units; the prior measures it in units of s.": (
            right + squares * (1 - 1 / s**2) / 2
        ),
        "a divergence is never negative. Which of the two logarithms is taken away from which?": -right,
        "twice too much: there is a ½ in the exponent of a Gaussian, and before its log-variance.": 2 * right,
        "½ too much in each dimension: what is E log q(z|x), the mean of its own exponent included?": right + 0.5,
        "log s is missing: a wide prior gives each point a small density.": right - log_s,
        "log s has the wrong sign: does a wide prior make a narrow q cheaper or dearer?": right - 2 * log_s,
        "the other way round: KL(p || q). The mean is taken over q, from which the code is drawn.": (
            gaussian(m, 2 * log_s, mean, np.sqrt(variance))
        ),
    }
    return {MEAN: right.mean(axis=1)} | {text: each.sum(axis=1) for text, each in mistakes.items()}


def check_box(function):
    """Hints unless function(center, half) is KL(U(center - half, center + half) || N(0, 1)), summed over d."""
    rng = generator(1)
    center = rng.normal(size=(5, 3)).astype("float32")
    half = rng.uniform(0.3, 3, (5, 3)).astype("float32")
    found = _each_code(function, "kl_box", center, half)
    z = center[0] + half[0] * rng.uniform(-1, 1, (100_000, 3))
    where = f"center {center[0].round(2)} and half {half[0].round(2)}"
    samples_say = _samples_say(found[0], z**2 / 2 + HALF_LOG_2PI - np.log(2 * half[0]), where)
    compare(found, box(center, half).sum(axis=1), kl_box_mistakes(center, half), samples_say)


def box(center, half, share=1 / 3):
    """The divergence of each dimension [n, d]. `share` is E (z - center)^2 in units of half^2."""
    return -np.log(2 * half) + HALF_LOG_2PI + (center**2 + share * half**2) / 2


def kl_box_mistakes(center, half):
    """Typical mistakes: {hint: nats [n]}."""
    right = box(center, half)
    mistakes = {
        "you have read `half` as the box's whole width; the box reaches from center - half to center + half.": (
            box(center, half / 2)
        ),
        "E z² is too small: a variance of width²/12 goes with the *whole* width.": box(center, half, 1 / 12),
        "the density of the box is one over its width, which is 2 half.": right + np.log(2),
        "E z² is not the variance alone. Where is the center?": box(0, half),
        "E z² is not the square of the center alone: the code is not always in the middle of its box.": (
            box(center, half, 0)
        ),
        "E z² is counted as if the code were always at the edge of its box.": box(center, half, 1),
        "½ log 2π is missing: the prior is a density, and integrates to 1.": right - HALF_LOG_2PI,
        "log 2π is halved: log √(2π) is ½ log 2π.": right + HALF_LOG_2PI,
        "½ log 2π has the wrong sign: the prior's density lies *under* its exponential.": right - 2 * HALF_LOG_2PI,
        "the ½ of the Gaussian's exponent is missing.": right + (center**2 + half**2 / 3) / 2,
        "the box's own logarithm has the wrong sign: is a narrow box cheaper or dearer than a wide one?": (
            right + 2 * np.log(2 * half)
        ),
        "a divergence is never negative. Which of the two logarithms is taken away from which?": -right,
    }
    return {MEAN: right.mean(axis=1)} | {text: each.sum(axis=1) for text, each in mistakes.items()}


def check_best(best):
    """Hints unless `best` is √3, the half-width of the cheapest box around 0."""
    hint_if(np.ndim(best) != 0 or not np.isfinite(best), "`best` should be one number, a half-width.")
    hint_if(best <= 0, "a box of that half-width is none; its divergence would be infinite.")
    hint_if(abs(best - math.sqrt(12)) < 0.02, "that is the whole width of the cheapest box; hand in half of it.")
    hint_if(
        abs(best - 1) < 1e-6,
        "with half-width 1 the box has a variance of 1/3, much less than the prior's. Differentiate.",
    )
    hint_if(
        abs(best - math.sqrt(3)) > 0.005,
        f"`best` = {best:.3f} is not the cheapest: look at the curve, or set the derivative to 0.",
    )


def _each_code(function, name, codes, *others):
    """`function(codes, *others)`, float64, with a hint unless it is one number for each code [n, d]."""
    found, (n, d) = called(function, name, codes, *others, finite=False), codes.shape
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


def _samples_say(found, log_ratio, where):
    """A hint: the Monte Carlo estimate from log_ratio [samples, d], beside the number `found`."""
    each = log_ratio.sum(axis=1)
    return (
        f"for {where} your formula says {found:.3f} nats, and {len(each):,} samples say {each.mean():.3f}, "
        f"give or take {each.std() / math.sqrt(len(each)):.3f}. Set all but one term to 0 and look at them singly."
    )
