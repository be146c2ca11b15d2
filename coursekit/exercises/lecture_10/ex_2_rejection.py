"""The quotient of densities that a discriminator knows, and the samples that it would keep."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if


def check(answer):
    """`(quotient, keep)`: quotient(logits) -> p / q [n], and keep(logits, u) -> which samples to keep, bool [n]."""
    quotient, keep = answer
    check_quotient(quotient)
    with after("`quotient` is right."):
        check_keep(keep)


def check_quotient(function):
    """Hints unless function(logits) is p / q where the best discriminator has these logits: their exponential."""
    logits = generator(0).uniform(-2, 2, 9)
    found = called(function, "quotient", logits)
    hint_if(found.shape != logits.shape, f"for 9 logits `quotient` should return 9 numbers, got shape {found.shape}.")
    compare(
        found,
        np.exp(logits),
        quotient_mistakes(logits),
        f"where the logit is {logits[0]:.2f}, D is {1 / (1 + np.exp(-logits[0])):.3f}. You say p is {found[0]:.3f} "
        "times q there. Put these two densities into p / (p + q): does it give D?",
    )


def quotient_mistakes(logits):
    """Typical mistakes: {hint: quotients [n]}."""
    d = 1 / (1 + np.exp(-logits))
    return {
        "that is D itself, p / (p + q). Solve it for p / q.": d,
        "that is q / p: it is large where the data are rare.": (1 - d) / d,
        "that is the *logarithm* of the quotient.": logits,
        "that is 1 - D, so q / (p + q).": 1 - d,
        "that is (p + q) / q. The one in it is too much.": 1 / (1 - d),
        "that is D (1 - D), the slope of the sigmoid. No slope is asked for.": d * (1 - d),
    }


def check_keep(function):
    """Hints unless function(logits, u) keeps a sample with the probability (p / q) / (the largest p / q)."""
    rng = generator(1)
    logits, u = rng.uniform(-2, 2, 60), rng.uniform(0, 1, 60)
    found = called(function, "keep", logits, u)
    hint_if(
        found.shape != logits.shape,
        f"for 60 samples `keep` should say of each whether it stays, 60 times True or False; got shape {found.shape}.",
    )
    hint_if(
        not np.isin(found, (0, 1)).all(),
        "`keep` should say True or False. You have probabilities: a sample stays if its u is below its probability.",
    )
    right = u < np.exp(logits - logits.max())
    compare(
        found,
        right,
        keep_mistakes(logits, u),
        f"of 60 samples you keep {found.sum():.0f}, the right answer {right.sum()}. With which probability should the "
        "sample stay whose quotient is the largest?",
    )


def keep_mistakes(logits, u):
    """Typical mistakes: {hint: which samples stay [n]}."""
    quotients = np.exp(logits)
    d = quotients / (1 + quotients)
    rows = {
        "the probability is D in yours. Kept samples then have the density q D, which is not p.": u < d,
        "all samples with p > q stay in yours, as if a probability above 1 were 1. Divide by the largest quotient.": (
            u < quotients
        ),
        "you keep those that should go: a small u must mean that a sample stays.": u >= quotients / quotients.max(),
        "you keep samples where data are rare: the quotient is upside down.": u < np.exp(logits.min() - logits),
        "divided by the sum of the quotients nearly nothing stays. Divide by the largest.": (
            u < quotients / quotients.sum()
        ),
        "D divided by the largest D is not the quotient divided by the largest quotient.": u < d / d.max(),
        "those that look more like data than like samples, always: no chance in it, so no density is met.": logits > 0,
    }
    return {text: stays.astype("float64") for text, stays in rows.items()}
