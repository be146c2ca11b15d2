"""What a least-squares critic answers and reaches, and what the slope of a critic costs."""

import numpy as np

from coursekit.exercises.hints import called, compare, hint_if


def examine_best(best_critic):
    """Hints unless best_critic(p, q) minimizes p (D - 1)^2 + q D^2 at each place: p / (p + q)."""
    p, q = np.random.default_rng(0).uniform(0.05, 1, (2, 7))
    p[0] = q[0]
    found = called(best_critic, "best_critic", p, q)
    hint_if(
        found.shape != p.shape,
        f"for densities at {len(p)} places `best_critic` should return {len(p)} numbers, got shape {found.shape}.",
    )
    hint_if(np.allclose(found, 0.5), "1/2 everywhere, whatever the densities are: that is a critic that has given up.")
    right = p / (p + q)
    mistakes = {
        "that is its answer with the labels exchanged. Which label, 1 or 0, do the data have?": 1 - right,
        "a quotient of the two densities can be any positive number. Set the derivative of both terms to 0, not of one "
        "alone.": p / q,
        "is the derivative of q D² really without D? Where p = q, what should it answer?": (p - q) / p,
        "that is one answer to labels of 1 and -1; here samples have the label 0.": (p - q) / (p + q),
        "there are squares in the loss, but what do you have after you took the derivative?": p**2 / (p**2 + q**2),
        "half of it. Both derivatives have a factor of 2; does it stay?": right / 2,
        "twice too much. Both derivatives have a factor of 2; does it stay?": 2 * right,
        "that is what it costs at each place, when the critic is at its best. What does the critic *answer* there?": (
            p * q / (p + q)
        ),
        "that is a logit. A least-squares critic has no sigmoid: what is its own answer?": np.log(p / q),
    }
    compare(found, right, mistakes)
    cost = lambda answer: (p * (answer - 1) ** 2 + q * answer**2)[1]
    hint_if(
        not np.allclose(found, right, rtol=1e-4),
        f"where p is {p[1]:.2f} and q is {q[1]:.2f} you answer {found[1]:.2f} and pay {cost(found):.3f}; the best "
        f"answer pays {cost(right):.3f}. Is the derivative of p (D - 1)² + q D² zero at yours?",
    )


def examine_reached(reached):
    """Hints unless reached(p, q, step) is 1/2 of the integral of p q / (p + q)."""
    so_far = "`best_critic` is right. "
    line, step = np.linspace(-8, 8, 801, retstep=True)
    bell = lambda center, width: np.exp(-(((line - center) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
    p, q = bell(-0.5, 1), bell(0.8, 1.3)
    found = called(reached, "reached", p, q, step, so_far=so_far)
    hint_if(found.shape != (), f"{so_far}`reached` should return one number, the integral; got shape {found.shape}.")
    hint_if(found == 0, f"{so_far}`reached` is 0 for two densities that overlap: no critic is always right about them.")
    integral = lambda values: step * values.sum()
    best, m = p / (p + q), (p + q) / 2
    right = integral(p * q / (p + q)) / 2
    mistakes = {
        "the integral without its step: a sum over the grid grows with the number of its points.": right / step,
        "without the step, and without the ½.": 2 * right / step,
        "the ½ before the loss is missing.": 2 * right,
        "a ½ too much.": right / 2,
        "an average over the grid; the densities are not constant over it. An integral is a sum, times what?": (
            np.mean(p * q / (p + q)) / 2
        ),
        "only what it pays for the data. The samples' half is missing.": integral(p * (best - 1) ** 2) / 2,
        "only what it pays for the samples. The data's half is missing.": integral(q * best**2) / 2,
        "the other density in each term: data have p, and the label 1.": (
            integral(q * (best - 1) ** 2 + p * best**2) / 2
        ),
        "the distances from the labels are not weighted: how often does the critic see a number from each place?": (
            integral((best - 1) ** 2 + best**2) / 2
        ),
        "the distances from the labels are not squared.": integral(p * (1 - best) + q * best) / 2,
        "that is the cross-entropy's value, V of the lecture. This loss has squares.": (
            integral(p * np.log(best) + q * np.log(1 - best))
        ),
        "that is the Jensen-Shannon divergence, which belongs to the lecture's loss, not to this one.": (
            integral(p * np.log(p / m) + q * np.log(q / m)) / 2
        ),
    }
    compare(found, right, mistakes, so_far)
    hint_if(
        not np.isclose(found, right, rtol=1e-4),
        f"{so_far}For two bells that overlap `reached` says {found:.4f}. A critic that says 1/2 everywhere pays "
        f"0.25, and the best one {'more' if right > found else 'less'} than you say. Put D* into both terms.",
    )


def examine_r1(r1):
    """Hints unless r1(slopes) is half of the mean over examples of the squared length of slopes [n, d]."""
    slopes = np.random.default_rng(0).normal(size=(7, 3)).astype("float32")
    squares = (slopes.astype("float64") ** 2).sum(axis=1)
    found = called(r1, "r1", slopes)
    hint_if(
        found.shape == (len(slopes),),
        "one number for each example: the penalty is added to a loss, and that is one number for the minibatch.",
    )
    hint_if(found.shape != (), f"`r1` should return one number, got shape {found.shape}. Over which axes do you sum?")
    hint_if(found == 0, "0 is the penalty of a critic that is flat everywhere. The slopes of this one are not 0.")
    right = squares.mean() / 2
    lengths = np.sqrt(squares)
    mistakes = {
        "the ½ is missing.": squares.mean(),
        "a sum over the minibatch: then the penalty doubles with the size of the minibatch. A mean over examples.": (
            squares.sum() / 2
        ),
        "a sum over the minibatch, and the ½ is missing.": squares.sum(),
        "a mean over the dimensions too: a slope's squared length is a *sum* over them.": (slopes**2).mean() / 2,
        "a mean over the dimensions, where there should be a sum, and the ½ is missing.": (slopes**2).mean(),
        "a mean over the dimensions and a sum over the examples: the wrong way round.": squares.sum() / 6,
        "the length of each slope, not its square.": lengths.mean() / 2,
        "the length of each slope, not its square, and the ½ is missing.": lengths.mean(),
        "the length of the mean slope: slopes of two examples in opposite directions would cost nothing together.": (
            (slopes.mean(axis=0) ** 2).sum() / 2
        ),
        "the square of the mean length is not the mean of the squares.": lengths.mean() ** 2 / 2,
        "the other penalty, Gulrajani's, asks for slopes of length 1. R1 asks for slopes of 0.": (
            ((lengths - 1) ** 2).mean()
        ),
        "slopes of opposite signs cancel in your sum. Square first.": slopes.sum(axis=1).mean() / 2,
        "a penalty is paid, so it is positive.": -right,
    }
    compare(found, right, mistakes)
    hint_if(
        not np.isclose(found, right, rtol=1e-4),
        f"for 7 random slopes in 3 dimensions, whose squared lengths are {squares.mean():.2f} on average, `r1` says "
        f"{found:.2f}.",
    )


def examine_linear(of_linear):
    """Hints unless of_linear(w) is the penalty of the critic whose logit is w.x: half of the squared length of w."""
    so_far = "`r1` is right. "
    w = np.array([0.5, -2.0, 1.5, 0.25])
    found = called(of_linear, "of_linear", w, so_far=so_far)
    hint_if(found.shape != (), f"{so_far}`of_linear` should return one number, got shape {found.shape}.")
    hint_if(
        found == 0, f"{so_far}a linear critic is not flat: when x moves by 1 in dimension i, how far does w·x move?"
    )
    squared = (w**2).sum()
    mistakes = {
        "the ½ is missing.": squared,
        "the length of w, not its square.": np.sqrt(squared) / 2,
        "the length of w, not its square, and the ½ is missing.": np.sqrt(squared),
        "a mean over the dimensions, where there should be a sum.": squared / 8,
        "the gradient of w·x is a vector. Square each of its numbers before you sum.": w.sum() / 2,
        "sum the squares, do not square the sum.": w.sum() ** 2 / 2,
        "the gradient of w·x with respect to x, not to w; and there is no 1 to be subtracted.": (
            (np.sqrt(squared) - 1) ** 2
        ),
    }
    compare(found, squared / 2, mistakes, so_far)
    hint_if(
        not np.isclose(found, squared / 2, rtol=1e-4),
        f"{so_far}the slope of w·x is the same at every x. Put it, once for each example, into your own `r1`: "
        f"it does not give {found:.3f} for w = {w.tolist()}.",
    )
