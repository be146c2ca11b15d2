"""Free bits: what each melody's code costs when its first bits cost nothing."""

import numpy as np

from coursekit.exercises.hints import compare, generator, hint_if, one_for_each


def check(cost):
    """Hints unless cost(mean, log_variance, free_bits) is max(KL - free_bits * log 2, 0) of each melody, in nats."""
    mean, log_variance = _codes()
    for free_bits in (0, 6):
        found = one_for_each(cost, "cost", mean, log_variance, free_bits)
        right = np.maximum(_kl(mean, log_variance).sum(axis=1) - free_bits * np.log(2), 0)
        otherwise = (
            "without free bits it should be the KL divergence of each melody, the sum over the numbers of its code."
            if free_bits == 0
            else "right without free bits, and not with 6."
        )
        mistakes = cost_mistakes(mean, log_variance, free_bits)  # without free bits, some are none
        compare(found, right, {hint: m for hint, m in mistakes.items() if not np.allclose(m, right)}, otherwise)
    far = cost(np.zeros((2, 4)), np.zeros((2, 4)), 6)
    hint_if(np.any(np.asarray(far) != 0), "a code that carries nothing costs nothing; yours costs something.")


def cost_mistakes(mean, log_variance, free_bits):
    """Typical mistakes: {hint: nats [n]}."""
    each = _kl(mean, log_variance)
    kl, free = each.sum(axis=1), free_bits * np.log(2)
    return {
        "the free amount is given in bits, and the KL divergence in nats. One bit is log 2 nats.": np.maximum(
            kl - free_bits, 0
        ),
        "divide or multiply? A bit is *fewer* nats: 0.693.": np.maximum(kl - free_bits / np.log(2), 0),
        "you have the bits free for each number of the code. They are free for the whole melody: sum first.": (
            np.maximum(each - free, 0).sum(axis=1)
        ),
        "some melodies cost less than nothing. Who uses fewer bits than are free gets nothing back.": kl - free,
        "the larger of the two: that pays for the free bits as well.": np.maximum(kl, free),
        "the free bits do not count yet.": kl,
        "one number for all: each melody has free bits of its own. Take the maximum before any mean.": np.full(
            len(kl), np.maximum(kl.mean() - free, 0)
        ),
    }


def _kl(mean, log_variance):
    return 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance)


def _codes():
    """Means and log-variances [5, 4]; with 6 free bits some melodies are below and some above."""
    rng = generator(0)
    return rng.normal(size=(5, 4)) * np.linspace(0.3, 3, 5)[:, None], rng.normal(size=(5, 4)) - 1.5
