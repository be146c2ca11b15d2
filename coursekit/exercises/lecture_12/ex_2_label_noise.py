"""Noisy labels that stay probabilities, the logit that suits a label best, and what it costs at least."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if

NOISE = 0.05


def check(answer):
    """`(inside, best_logit, lowest)`: inside(labels, u) -> labels, best_logit(y [n]) and lowest(y [n]) -> [n]."""
    inside, best_logit, lowest = answer
    check_inside(inside)
    with after("`inside` is right."):
        check_best_logit(best_logit)
    with after("`inside` and `best_logit` are right."):
        check_lowest(lowest)


def check_inside(function):
    """Hints unless function(labels, u) moves labels of 0 and 1 by 0.05 u toward the middle."""
    rng = generator(0)
    labels, u = rng.integers(0, 2, (12, 1)).astype("float64"), rng.random((12, 1))
    labels[:2, 0] = 0, 1
    before = labels.copy()
    found = called(function, "inside", labels, u)
    hint_if((labels != before).any(), "`inside` has changed the labels it was given. Make new ones, without `+=`.")
    hint_if(found.shape != labels.shape, f"`inside` should return labels of shape {labels.shape}, got {found.shape}.")
    outside = (found < 0).any() or (found > 1).any()
    in_proportion = (
        "a label of 0 with u = 1 should become 0.05, and a label of 1 with u = 1 should become 0.95; in between, "
        "in proportion to u."
    )
    compare(
        found,
        labels + NOISE * u * (1 - 2 * labels),
        inside_mistakes(labels, u),
        "some of your labels are below 0 or above 1." if outside else in_proportion,
    )


def inside_mistakes(labels, u):
    """Typical mistakes: {hint: labels [n, 1]}."""
    shift = NOISE * u
    return {
        "the labels are as they were. Where is the noise?": labels,
        "those are the slide's: samples get more than 1.": labels + shift,
        "now the samples are inside, and data get less than 0.": labels - shift,
        "clipped, all samples have the label 1 again: no noise is left there.": np.clip(labels + shift, 0, 1),
        "the wrong way: data below 0, and samples above 1.": labels - shift * (1 - 2 * labels),
        "all of the noise, and not 0.05 of it.": labels + u * (1 - 2 * labels),
        "samples are inside, data have the label 0 still: clipped, or one-sided. Here both are to have noise.": (
            labels * (1 - shift)
        ),
        "scaled down, the slide's labels are inside, but those of samples still rise with u. They should fall.": (
            (labels + shift) / (1 + NOISE)
        ),
    }


def check_best_logit(function):
    """Hints unless function(y) is log(y / (1 - y)) inside, and infinite where there is no minimum."""
    y = np.array([0.02, 0.3, 0.5, 0.975])
    compare(
        _of_labels(function, "best_logit", y),
        np.log(y / (1 - y)),
        best_logit_mistakes(y),
        "set the derivative of softplus(logit) - y * logit to 0: sigmoid(logit) - y. At your logit it is not.",
    )
    found = _of_labels(function, "best_logit", np.array([0, 1.0, 1.025, 1.5, -0.02, 0.5]))
    hint_if(
        np.isnan(found).any(),
        "inside. But the logarithm of a negative number is NaN. Where the derivative never becomes 0, which way "
        "does the loss fall, and how far?",
    )
    hint_if(
        np.isfinite(found[1:4]).any(),
        "inside. For a label of 1 or more a larger logit always costs less. `np.inf` is a number, too.",
    )
    hint_if(np.isfinite(found[[0, 4]]).any(), "inside and above. And for a label of 0, or of less than 0? -np.inf.")
    hint_if(
        not np.array_equal(np.sign(found), [-1, 1, 1, 1, -1, 0]),
        "infinite, but in the wrong direction: labels of 1 and more ask for plus infinity, 0 and less for minus.",
    )


def best_logit_mistakes(y):
    """Typical mistakes: {hint: logits [n]}."""
    right = np.log(y / (1 - y))
    return {
        "that is the probability itself. Which logit has it as its sigmoid?": y,
        "its sign is wrong: a label near 1 asks for a high logit.": -right,
        "that is the sigmoid of the label; asked is the other direction.": 1 / (1 + np.exp(-y)),
        "the odds. The logit is their logarithm.": y / (1 - y),
        "natural logarithms, as everywhere in the course.": right / np.log(2),
        "0 everywhere: a discriminator who never says anything.": 0 * y,
    }


def check_lowest(function):
    """Hints unless function(y) is the least softplus(logit) - y logit: the entropy of y inside, -inf outside."""
    y = np.array([0.02, 0.3, 0.5, 0.975])
    compare(
        _of_labels(function, "lowest", y),
        -y * np.log(y) - (1 - y) * np.log(1 - y),
        lowest_mistakes(y),
        "put your best logit into softplus(logit) - y * logit. You will recognize an old acquaintance.",
    )
    found = _of_labels(function, "lowest", np.array([0.0, 1.0, 1.025, -0.02, 0.5]))
    hint_if(
        np.isnan(found[:2]).any() or not np.allclose(found[:2], 0, atol=1e-6),
        "inside. A label of exactly 0 or 1 is no riddle: how near to what can the loss come?",
    )
    hint_if(
        np.isnan(found).any() or np.isfinite(found[2:4]).any() or (found[2:4] > 0).any(),
        "from 0 to 1. For 1.025 take logits of 10, 100, 1000 and watch the loss: where does it end?",
    )
    hint_if(not np.isclose(found[4], np.log(2), rtol=1e-4), "beside impossible labels, 0.5 no longer costs log 2.")


def lowest_mistakes(y):
    """Typical mistakes: {hint: nats [n]}."""
    right = -y * np.log(y) - (1 - y) * np.log(1 - y)
    return {
        "0 is reached by labels of 0 and 1 alone. A label of 0.5 costs log 2, whatever one says.": 0 * y,
        "only half of the entropy: the term of 1 - y is missing.": -y * np.log(y),
        "only half of the entropy: the term of y is missing.": -(1 - y) * np.log(1 - y),
        "a cost is positive here: the sign.": -right,
        "in bits. Nats, as everywhere in the course.": right / np.log(2),
        "that is the best logit. What does it cost?": np.log(y / (1 - y)),
    }


def _of_labels(function, name, y):
    """What function(y) returns, which may hold infinities and NaN."""
    found = called(function, name, y, finite=False)
    hint_if(
        found.shape != y.shape,
        f"for {len(y)} labels `{name}` should return {len(y)} numbers, got shape {found.shape}.",
    )
    return found
