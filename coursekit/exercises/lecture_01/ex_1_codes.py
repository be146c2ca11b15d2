"""Lengths of messages in bits, with a picture's class named and unnamed."""

import numpy as np
from scipy import special

from coursekit.exercises.hints import after, compare, generator, hint_if, one_for_each

LN2 = np.log(2)


def check(answer):
    """`(two_part, mixture)`: two_part(x, y, prior, theta) and mixture(x, prior, theta) -> bits [n]."""
    two_part, mixture = answer
    check_two_part(two_part)
    with after("`two_part` is right."):
        check_mixture(mixture)


def check_two_part(function):
    """Hints unless function(x, y, prior, theta) is -log2 prior[y] - log2 p(x|y)."""
    x, y, prior, theta = _given()
    found = _bits(function, "two_part", x, y, prior, theta)
    hint_if(not found.any(), "0 bits for every image: nothing is free that could have been otherwise.")
    pixels, named = _pixels(x, theta[y]), -np.log2(prior[y])
    compare(
        found,
        pixels + named,
        two_part_mistakes(x, y, prior, theta),
        f"for an image of 12 pixels whose class has the probability {prior[y[0]]:.1f} you say {found[0]:.2f} bits. The "
        f"class alone takes {named[0]:.2f}. Look at one pixel: what does an ink one with theta = 1/4 take?",
    )


def two_part_mistakes(x, y, prior, theta):
    """Typical mistakes: {hint: bits [n]}."""
    pixels, named = _pixels(x, theta[y]), -np.log2(prior[y])
    ink = -(x * np.log2(theta[y])).sum(axis=1)
    return {
        "these are nats. How many nats is a bit?": (pixels + named) * LN2,
        "the class is in nats, the pixels in bits.": pixels + named * LN2,
        "the class is in bits, the pixels in nats.": pixels * LN2 + named,
        "the class is not paid for. Who receives the picture must first hear which model to use.": pixels,
        "only the class is paid for.": named,
        "only the ink pixels are paid for. A paper one is a message too, of probability 1 - theta.": named + ink,
        "only the paper pixels are paid for.": named + pixels - ink,
        "ink and paper are exchanged: theta is the probability of *ink*, 1.": named + _pixels(1 - x, theta[y]),
        "a mean over the pixels: each of them has to be sent.": named + pixels / x.shape[1],
        "probable messages are short: the sign of the class's term is wrong.": pixels - named,
        "the length of a message is not negative.": -(pixels + named),
        "log2 of three classes, as if they were equally frequent. `prior` says how frequent each is.": (
            pixels + np.log2(3)
        ),
        "that is the mixture. Here the class is sent, and only its own model is used.": _mixture(x, prior, theta),
    }


def check_mixture(function):
    """Hints unless function(x, prior, theta) is -log2 sum_k prior[k] p(x|k), for images of any size."""
    x, _, prior, theta = _given()
    found = _bits(function, "mixture", x, prior, theta)
    hint_if(not found.any(), "`mixture` gives 0 bits for every image.")
    compare(
        found,
        _mixture(x, prior, theta),
        mixture_mistakes(x, prior, theta),
        f"for one image `mixture` says {found[0]:.2f} bits; its probabilities in the three classes are "
        f"{np.exp(_log_p(x, theta)[0]).round(6).tolist()}, and the classes' {prior.tolist()}.",
    )
    rng = generator(1)
    x, theta = (rng.random((3, 5000)) < 0.5).astype("float32"), rng.uniform(0.2, 0.8, (3, 5000))
    found = one_for_each(function, "mixture", x, prior, theta)
    hint_if(
        not np.isfinite(found).all(),
        "right for 12 pixels. For 5,000 the probabilities are too small for a float, become 0, and your bits "
        "infinite. Add logarithms, and sum over classes with `special.logsumexp`.",
    )
    hint_if(
        not np.allclose(found, _mixture(x, prior, theta), rtol=1e-4),
        "right for 12 pixels, wrong for 5,000, where probabilities are very small. Was something added to "
        "them, or cut off, to save the logarithm?",
    )


def mixture_mistakes(x, prior, theta):
    """Typical mistakes: {hint: bits [n]}."""
    log_p = _log_p(x, theta)
    return {
        "these are nats. How many nats is a bit?": _mixture(x, prior, theta) * LN2,
        "the classes' frequencies have not arrived: each p(x|k) counts as much as its class is frequent.": (
            -special.logsumexp(log_p, axis=1) / LN2
        ),
        "all classes count alike; `prior` says how frequent each is.": _mixture(x, np.ones(3) / 3, theta),
        "the mean of the *lengths*. A mixture is a mean of probabilities, and the logarithm comes after it.": (
            -(log_p @ prior) / LN2
        ),
        "the best class alone: the others add their probability to the picture's, too.": (
            -(np.log(prior) + log_p).max(axis=1) / LN2
        ),
        "pixels are mixed before they are multiplied: the mean of theta is one model, not a mixture of three.": (
            _pixels(x, prior @ theta)
        ),
        "only the ink pixels are counted.": -special.logsumexp(np.log(prior) + x @ np.log(theta).T, axis=1) / LN2,
        "the length of a message is not negative.": -_mixture(x, prior, theta),
    }


def _given():
    """Six images of 12 pixels, their classes, and a model of three classes."""
    rng = generator(0)
    x = (rng.random((6, 12)) < 0.4).astype("float32")
    return x, np.array([0, 2, 1, 1, 0, 2]), np.array([0.5, 0.2, 0.3]), rng.uniform(0.1, 0.9, (3, 12))


def _pixels(x, theta):
    """-log2 p(x) of each image [n], theta [d] or [n, d]."""
    return -(x * np.log2(theta) + (1 - x) * np.log2(1 - theta)).sum(axis=1)


def _log_p(x, theta):
    """log p(x|k): [n, k]."""
    return x @ np.log(theta).T + (1 - x) @ np.log(1 - theta).T


def _mixture(x, prior, theta):
    return -special.logsumexp(np.log(prior) + _log_p(x, theta), axis=1) / LN2


def _bits(function, name, x, *others):
    found = one_for_each(function, name, x, *others)
    hint_if(
        not np.isfinite(found).all(), f"`{name}` gave a length that is no finite number, where no probability is 0."
    )
    return found
