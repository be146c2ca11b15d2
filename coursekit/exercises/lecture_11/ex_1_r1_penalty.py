"""The R1 penalty of a discriminator's slopes, and that of a linear discriminator."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if, number


def check(answer):
    """`(r1, of_linear)`: r1(slopes [n, d]) -> a number, and of_linear(w [d]) -> a number."""
    r1, of_linear = answer
    check_r1(r1)
    with after("`r1` is right."):
        check_linear(of_linear)


def check_r1(function):
    """Hints unless function(slopes) is half of the mean over examples of the squared length of slopes [n, d]."""
    slopes = generator(0).normal(size=(7, 3)).astype("float32")
    found = called(function, "r1", slopes)
    hint_if(
        found.shape == (len(slopes),),
        "one number for each example: the penalty is added to a loss, and that is one number for the minibatch.",
    )
    hint_if(found.shape != (), f"`r1` should return one number, got shape {found.shape}. Over which axes do you sum?")
    hint_if(
        found == 0, "0 is the penalty of a discriminator that is flat everywhere. The slopes of this one are not 0."
    )
    squares = (slopes.astype("float64") ** 2).sum(axis=1).mean()
    compare(
        found,
        squares / 2,
        r1_mistakes(slopes),
        f"for 7 random slopes in 3 dimensions, whose squared lengths are {squares:.2f} on average, `r1` says "
        f"{found:.2f}.",
    )


def r1_mistakes(slopes):
    """Typical mistakes: {hint: penalty}."""
    squares = (slopes.astype("float64") ** 2).sum(axis=1)
    lengths = np.sqrt(squares)
    return {
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
        "a penalty is paid, so it is positive.": -squares.mean() / 2,
    }


def check_linear(function):
    """Hints unless function(w) is the penalty of the logit w.x: half of the squared length of w."""
    w = np.array([0.5, -2.0, 1.5, 0.25])
    found = number(function, "of_linear", w)
    hint_if(found == 0, "a linear discriminator is not flat: when x moves by 1 in dimension i, how far does w·x move?")
    compare(
        found,
        (w**2).sum() / 2,
        of_linear_mistakes(w),
        "the slope of w·x is the same at every x. Put it, once for each example, into your own `r1`: "
        f"it does not give {found:.3f} for w = {w.tolist()}.",
    )


def of_linear_mistakes(w):
    """Typical mistakes: {hint: penalty}."""
    squared = (w**2).sum()
    return {
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
