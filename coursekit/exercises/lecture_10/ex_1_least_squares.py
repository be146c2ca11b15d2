"""The best answers of a least-squares discriminator, and the loss that it reaches with them."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if, number


def check(answer):
    """`(best_discriminator, reached)`: best_discriminator(p, q) -> answers [n], and reached(p, q, step) -> a number."""
    best_discriminator, reached = answer
    check_best_discriminator(best_discriminator)
    with after("`best_discriminator` is right."):
        check_reached(reached)


def check_best_discriminator(function):
    """Hints unless function(p, q) minimizes p (D - 1)^2 + q D^2 at each place: p / (p + q)."""
    p, q = generator(0).uniform(0.05, 1, (2, 7))
    p[0] = q[0]
    found, right = called(function, "best_discriminator", p, q), p / (p + q)
    hint_if(
        found.shape != p.shape,
        f"for {len(p)} places `best_discriminator` should return {len(p)} numbers, got shape {found.shape}.",
    )
    hint_if(
        np.allclose(found, 0.5),
        "1/2 everywhere, whatever the densities are: that is a discriminator that has given up.",
    )
    cost = lambda answer: (p * (answer - 1) ** 2 + q * answer**2)[1]
    compare(
        found,
        right,
        best_discriminator_mistakes(p, q),
        f"where p is {p[1]:.2f} and q is {q[1]:.2f} you answer {found[1]:.2f} and pay {cost(found):.3f}; the best "
        f"answer pays {cost(right):.3f}. Is the derivative of p (D - 1)² + q D² zero at yours?",
    )


def best_discriminator_mistakes(p, q):
    """Typical mistakes: {hint: answers [n]}."""
    right = p / (p + q)
    return {
        "that is its answer with the labels exchanged. Which label, 1 or 0, do the data have?": 1 - right,
        "a quotient of the two densities can be any positive number. Set the derivative of both terms to 0, not of one "
        "alone.": p / q,
        "is the derivative of q D² really without D? Where p = q, what should it answer?": (p - q) / p,
        "that is one answer to labels of 1 and -1; here samples have the label 0.": (p - q) / (p + q),
        "there are squares in the loss, but what do you have after you took the derivative?": p**2 / (p**2 + q**2),
        "half of it. Both derivatives have a factor of 2; does it stay?": right / 2,
        "twice too much. Both derivatives have a factor of 2; does it stay?": 2 * right,
        "that is what it costs at each place, when the discriminator is at its best. What does it *answer* there?": (
            p * q / (p + q)
        ),
        "that is a logit. Least squares have no sigmoid: what is the answer itself?": np.log(p / q),
    }


def check_reached(function):
    """Hints unless function(p, q, step) is 1/2 of the integral of p q / (p + q)."""
    line, step = np.linspace(-8, 8, 801, retstep=True)
    bell = lambda center, width: np.exp(-(((line - center) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
    p, q = bell(-0.5, 1), bell(0.8, 1.3)
    found = number(function, "reached", p, q, step, advice="It is an integral.")
    hint_if(found == 0, "`reached` is 0 for two densities that overlap: no discriminator is always right about them.")
    right = step * np.sum(p * q / (p + q)) / 2
    compare(
        found,
        right,
        reached_mistakes(p, q, step),
        f"For two bells that overlap `reached` says {found:.4f}. A discriminator that says 1/2 everywhere pays "
        f"0.25, and the best one {'more' if right > found else 'less'} than you say. Put D* into both terms.",
    )


def reached_mistakes(p, q, step):
    """Typical mistakes: {hint: loss}."""
    integral = lambda values: step * values.sum()
    best, middle = p / (p + q), (p + q) / 2
    right = integral(p * q / (p + q)) / 2
    return {
        "the integral without its step: a sum over the grid grows with the number of its points.": right / step,
        "without the step, and without the ½.": 2 * right / step,
        "twice too much. Is the ½ before the loss there, and are the distances from the labels squared?": 2 * right,
        "a ½ too much.": right / 2,
        "an average over the grid; the densities are not constant over it. An integral is a sum, times what?": (
            np.mean(p * q / (p + q)) / 2
        ),
        "only what it pays for the data. The samples' half is missing.": integral(p * (best - 1) ** 2) / 2,
        "only what it pays for the samples. The data's half is missing.": integral(q * best**2) / 2,
        "the other density in each term: data have p, and the label 1.": (
            integral(q * (best - 1) ** 2 + p * best**2) / 2
        ),
        "the distances from the labels are not weighted: how often is a number from each place seen?": (
            integral((best - 1) ** 2 + best**2) / 2
        ),
        "that is the cross-entropy's value, V of the lecture. This loss has squares.": (
            integral(p * np.log(best) + q * np.log(1 - best))
        ),
        "that is the Jensen-Shannon divergence, which belongs to the lecture's loss, not to this one.": (
            integral(p * np.log(p / middle) + q * np.log(q / middle)) / 2
        ),
    }
