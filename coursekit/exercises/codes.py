"""How many bits does a picture take, with its class named and unnamed?"""

import numpy as np
from scipy import special

from coursekit.exercises.hints import hint_if

LN2 = np.log(2)


def _given():
    """Six images of 12 pixels, their classes, and a model of three classes."""
    rng = np.random.default_rng(0)
    x = (rng.random((6, 12)) < 0.4).astype("float32")
    return x, np.array([0, 2, 1, 1, 0, 2]), np.array([0.5, 0.2, 0.3]), rng.uniform(0.1, 0.9, (3, 12))


def examine_two_part(two_part):
    """Hints unless two_part(x, y, prior, theta) is -log2 prior[y] - log2 p(x|y)."""
    x, y, prior, theta = _given()
    found = _bits(two_part, "two_part", x, y, prior, theta)
    hint_if(not found.any(), "0 bits for every image: nothing is free that could have been otherwise.")
    ink, paper = x * np.log2(theta[y]), (1 - x) * np.log2(1 - theta[y])
    pixels, named = -(ink + paper).sum(axis=1), -np.log2(prior[y])
    mistakes = {
        "these are nats. How many nats is a bit?": (pixels + named) * LN2,
        "the class is in nats, the pixels in bits.": pixels + named * LN2,
        "the class is in bits, the pixels in nats.": pixels * LN2 + named,
        "the class is not paid for. Who receives the picture must first hear which model to use.": pixels,
        "only the class is paid for.": named,
        "only the white pixels are paid for. A black one is a message too, of probability 1 - theta.": (
            named - ink.sum(axis=1)
        ),
        "only the black pixels are paid for.": named - paper.sum(axis=1),
        "white and black are exchanged: theta is the probability of *white*, 1.": (
            named - (x * np.log2(1 - theta[y]) + (1 - x) * np.log2(theta[y])).sum(axis=1)
        ),
        "a mean over the pixels: each of them has to be sent.": named + pixels / x.shape[1],
        "probable messages are short: the sign of the class's term is wrong.": pixels - named,
        "the length of a message is not negative.": -(pixels + named),
        "log2 of three classes, as if they were equally frequent. `prior` says how frequent each is.": (
            pixels + np.log2(3)
        ),
        "that is the mixture. Here the class is sent, and only its own model is used.": _mixture(x, prior, theta),
    }
    _compare(found, pixels + named, mistakes)
    hint_if(
        not np.allclose(found, pixels + named, rtol=1e-4),
        f"for an image of 12 pixels whose class has the probability {prior[y[0]]:.1f} you say {found[0]:.2f} bits. The "
        f"class alone takes {named[0]:.2f}. Look at one pixel: what does a white one with theta = 1/4 take?",
    )


def examine_mixture(mixture):
    """Hints unless mixture(x, prior, theta) is -log2 sum_k prior[k] p(x|k), for images of any size."""
    so_far = "`two_part` is right. "
    x, _, prior, theta = _given()
    found = _bits(mixture, "mixture", x, prior, theta, so_far=so_far)
    hint_if(not found.any(), f"{so_far}`mixture` gives 0 bits for every image.")
    log_p = x @ np.log(theta).T + (1 - x) @ np.log(1 - theta).T
    right = _mixture(x, prior, theta)
    mistakes = {
        "these are nats. How many nats is a bit?": right * LN2,
        "the classes' frequencies have not arrived: each p(x|k) counts as much as its class is frequent.": (
            -special.logsumexp(log_p, axis=1) / LN2
        ),
        "all classes count alike; `prior` says how frequent each is.": (
            -(special.logsumexp(log_p, axis=1) - np.log(3)) / LN2
        ),
        "the mean of the *lengths*. A mixture is a mean of probabilities, and the logarithm comes after it.": (
            -(log_p @ prior) / LN2
        ),
        "the best class alone: the others add their probability to the picture's, too.": (
            -(np.log(prior) + log_p).max(axis=1) / LN2
        ),
        "pixels are mixed before they are multiplied: the mean of theta is one model, not a mixture of three.": (
            -np.where(x > 0.5, np.log2(prior @ theta), np.log2(1 - prior @ theta)).sum(axis=1)
        ),
        "only the white pixels are counted.": (-special.logsumexp(np.log(prior) + x @ np.log(theta).T, axis=1) / LN2),
        "the length of a message is not negative.": -right,
    }
    _compare(found, right, mistakes, so_far)
    hint_if(
        not np.allclose(found, right, rtol=1e-4),
        f"{so_far}for one image `mixture` says {found[0]:.2f} bits; its probabilities in the three classes are "
        f"{np.exp(log_p[0]).round(6).tolist()}, and the classes' {prior.tolist()}.",
    )
    rng = np.random.default_rng(1)
    big = (rng.random((3, 5000)) < 0.5).astype("float32")
    wide = rng.uniform(0.2, 0.8, (3, 5000))
    found = _bits(mixture, "mixture", big, prior, wide, so_far=so_far, allow=True)
    hint_if(
        not np.isfinite(found).all(),
        f"{so_far}right for 12 pixels. For 5,000 the probabilities are too small for a float, become 0, and your bits "
        "infinite. Add logarithms, and sum over classes with `special.logsumexp`.",
    )
    hint_if(
        not np.allclose(found, _mixture(big, prior, wide), rtol=1e-4),
        f"{so_far}right for 12 pixels, wrong for 5,000, where probabilities are very small. Was something added to "
        "them, or cut off, to save the logarithm?",
    )


def _mixture(x, prior, theta):
    log_p = x @ np.log(theta).T + (1 - x) @ np.log(1 - theta).T
    return -special.logsumexp(np.log(prior) + log_p, axis=1) / LN2


def _bits(function, name, x, *others, so_far="", allow=False):
    hint_if(not callable(function), f"{so_far}hand in the function itself, `{name}`, not what it returned.")
    with np.errstate(all="ignore"):
        found = function(x, *others)
    hint_if(found is None, f"{so_far}`{name}` returned None. Is there a `return` in it?")
    found = np.asarray(found, "float64")
    hint_if(
        found.shape != (len(x),),
        f"{so_far}for {len(x)} images `{name}` should return {len(x)} numbers, one for each, and gave an array of "
        f"shape {found.shape}. Over which axis do you sum?",
    )
    hint_if(
        not allow and not np.isfinite(found).all(),
        f"{so_far}`{name}` gave a length that is no finite number, where no probability is 0.",
    )
    return found


def _compare(found, right, mistakes, so_far=""):
    if not np.allclose(found, right, rtol=1e-4):
        for text, mistake in mistakes.items():
            hint_if(np.allclose(found, mistake, rtol=1e-3), so_far + text)
