"""Labels that stay probabilities, the logit that suits a label best, and what it costs at least."""

import numpy as np

from coursekit.exercises.hints import called, compare, hint_if

NOISE = 0.05


def examine_inside(inside):
    """Hints unless inside(labels, u) moves labels of 0 and 1 by 0.05 u toward the middle."""
    rng = np.random.default_rng(0)
    labels, u = rng.integers(0, 2, (12, 1)).astype("float64"), rng.random((12, 1))
    labels[:2, 0] = 0, 1
    before = labels.copy()
    found = called(inside, "inside", labels, u)
    hint_if((labels != before).any(), "`inside` has changed the labels it was given. Make new ones, without `+=`.")
    hint_if(found.shape != labels.shape, f"`inside` should return labels of shape {labels.shape}, got {found.shape}.")
    shift = NOISE * u
    mistakes = {
        "the labels are as they were. Where is the noise?": labels,
        "those are the slide's: samples get more than 1.": labels + shift,
        "now the samples are inside, and data get less than 0.": labels - shift,
        "clipped, all samples have the label 1 again: no noise is left there.": np.clip(labels + shift, 0, 1),
        "the wrong way: data below 0, and samples above 1.": labels - shift * (1 - 2 * labels),
        "all of the noise, and not 0.05 of it.": labels + u * (1 - 2 * labels),
        "samples are inside, data have the label 0 still: clipped, or one-sided. Here both are to have noise.": labels
        * (1 - shift),
        "scaled down, the slide's labels are inside, but those of samples still rise with u. They should fall.": (
            (labels + shift) / (1 + NOISE)
        ),
    }
    right = labels + shift * (1 - 2 * labels)
    compare(found, right, mistakes)
    hint_if((found < 0).any() or (found > 1).any(), "some of your labels are below 0 or above 1.")
    hint_if(
        not np.allclose(found, right, atol=1e-6),
        "a label of 0 with u = 1 should become 0.05, and a label of 1 with u = 1 should become 0.95; in between, "
        "in proportion to u.",
    )


def examine_best_logit(best_logit):
    """Hints unless best_logit(y) is log(y / (1 - y)) inside, and infinite where there is no minimum."""
    so_far = "`inside` is right. "
    y = np.array([0.02, 0.3, 0.5, 0.975])
    found = _infinite(best_logit, "best_logit", y, so_far)
    right = np.log(y / (1 - y))
    mistakes = {
        "that is the probability itself. Which logit has it as its sigmoid?": y,
        "its sign is wrong: a label near 1 asks for a high logit.": -right,
        "that is the sigmoid of the label; asked is the other direction.": 1 / (1 + np.exp(-y)),
        "the odds. The logit is their logarithm.": y / (1 - y),
        "natural logarithms, as everywhere in the course.": right / np.log(2),
        "0 everywhere: a critic who never says anything.": 0 * y,
    }
    compare(found, right, mistakes, so_far)
    hint_if(
        not np.allclose(found, right, rtol=1e-4, atol=1e-6),
        so_far + "set the derivative of softplus(logit) - y * logit to 0: sigmoid(logit) - y. At your logit it is not.",
    )
    found = _infinite(best_logit, "best_logit", np.array([0, 1.0, 1.025, 1.5, -0.02, 0.5]), so_far)
    hint_if(
        np.isnan(found).any(),
        so_far
        + "inside. But the logarithm of a negative number is NaN. Where the derivative never becomes 0, which way "
        "does the loss fall, and how far?",
    )
    hint_if(
        np.isfinite(found[1:4]).any(),
        so_far + "inside. For a label of 1 or more a larger logit always costs less. `np.inf` is a number, too.",
    )
    hint_if(
        np.isfinite(found[[0, 4]]).any(), so_far + "inside and above. And for a label of 0, or of less than 0? -np.inf."
    )
    hint_if(
        not np.array_equal(np.sign(found), [-1, 1, 1, 1, -1, 0]),
        so_far
        + "infinite, but in the wrong direction: labels of 1 and more ask for plus infinity, 0 and less for minus.",
    )


def examine_lowest(lowest):
    """Hints unless lowest(y) is the least softplus(logit) - y logit: the entropy of y inside, -inf outside."""
    so_far = "`inside` and `best_logit` are right. "
    y = np.array([0.02, 0.3, 0.5, 0.975])
    found = _infinite(lowest, "lowest", y, so_far)
    right = -y * np.log(y) - (1 - y) * np.log(1 - y)
    mistakes = {
        "0 is reached by labels of 0 and 1 alone. A label of 0.5 costs log 2, whatever one says.": 0 * y,
        "only half of the entropy: the term of 1 - y is missing.": -y * np.log(y),
        "only half of the entropy: the term of y is missing.": -(1 - y) * np.log(1 - y),
        "a cost is positive here: the sign.": -right,
        "in bits. Nats, as everywhere in the course.": right / np.log(2),
        "that is the best logit. What does it cost?": np.log(y / (1 - y)),
    }
    compare(found, right, mistakes, so_far)
    hint_if(
        not np.allclose(found, right, rtol=1e-4, atol=1e-6),
        so_far + "put your best logit into softplus(logit) - y * logit. You will recognize an old acquaintance.",
    )
    found = _infinite(lowest, "lowest", np.array([0.0, 1.0, 1.025, -0.02, 0.5]), so_far)
    hint_if(
        np.isnan(found[:2]).any() or not np.allclose(found[:2], 0, atol=1e-6),
        so_far + "inside. A label of exactly 0 or 1 is no riddle: how near to what can the loss come?",
    )
    hint_if(
        np.isnan(found).any() or np.isfinite(found[2:4]).any() or (found[2:4] > 0).any(),
        so_far + "from 0 to 1. For 1.025 take logits of 10, 100, 1000 and watch the loss: where does it end?",
    )
    hint_if(
        not np.isclose(found[4], np.log(2), rtol=1e-4), so_far + "beside impossible labels, 0.5 no longer costs log 2."
    )


def _infinite(function, name, y, so_far):
    """What function(y) returns, which may hold infinities and NaN."""
    hint_if(not callable(function), f"{so_far}hand in the function itself, `{name}`, not what it returned.")
    with np.errstate(all="ignore"):
        found = function(y)
    hint_if(found is None, f"{so_far}`{name}` returned None. Is there a `return` in it?")
    found = np.asarray(found, "float64")
    hint_if(
        found.shape != y.shape,
        f"{so_far}for {len(y)} labels `{name}` should return {len(y)} numbers, got shape {found.shape}.",
    )
    return found
