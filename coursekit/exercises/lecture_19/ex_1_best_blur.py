"""What to say about a pixel that has several futures, and what the best answer costs all the same."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, hint_if, number

INK = np.array([0.0, 1.0, 0.3])
CHANCES = np.array([0.5, 0.2, 0.3])


def check(answer):
    """`(best, price)`: best(ink, chances) -> the ink p to predict, and price(p, ink, chances) -> expected nats. `ink`
    [n] is what the pixel will be in each future, `chances` [n] how probable these are."""
    best, price = answer
    check_best(best)
    with after("`best` is right."):
        check_price(price)


def check_best(function):
    """Hints unless function(ink, chances) is the mean of the futures."""
    found = number(function, "best", INK, CHANCES)
    hint_if(not 0 <= found <= 1, f"an ink of {found:.3g}: it should lie between 0 and 1.")
    compare(
        found,
        INK @ CHANCES,
        best_mistakes(INK, CHANCES),
        f"for futures of ink {INK.tolist()} with the chances {CHANCES.tolist()} you say {found:.3f}. Write down the "
        "expected price as a sum over the futures, and set its derivative by p to 0.",
    )


def best_mistakes(ink, chances):
    """Typical mistakes: {hint: ink}."""
    return {
        "that is the mean with equal weights. How probable is each future?": ink.mean(),
        "that is the most probable future alone. It would be very wrong in all others.": ink[chances.argmax()],
        "that is the median of the futures, which has the smallest *absolute* error.": np.median(ink),
        "divide by the sum of the chances, not by how many there are: it is 1 already.": ink @ chances / len(ink),
    }


def check_price(function):
    """Hints unless function(p, ink, chances) is the expected cross-entropy."""
    p = 0.4
    found = called(function, "price", p, INK, CHANCES)
    hint_if(found.shape != (), f"`price` should return one number, the mean over the futures, got shape {found.shape}.")
    hint_if(found < 0, "a price below 0: is there a minus sign before the logarithms?")
    mean = INK @ CHANCES
    compare(
        found,
        -mean * np.log(p) - (1 - mean) * np.log(1 - p),
        price_mistakes(p, INK, CHANCES),
        f"for p = {p} you say {found:.4f} nats. In one future with the ink x the price is "
        "-x log p - (1 - x) log(1 - p). Weigh each future by its chance, and add.",
    )


def price_mistakes(p, ink, chances):
    """Typical mistakes: {hint: nats}."""
    each = -ink * np.log(p) - (1 - ink) * np.log(1 - p)
    return {
        "each future counts by its chance: you have taken them as equally probable.": each.mean(),
        "that is the sum over the futures. The chances are missing.": each.sum(),
        "those are bits. Use the natural logarithm.": each @ chances / np.log(2),
        "the paper is missing: a pixel without ink has a price, too, -log(1 - p).": (-ink * np.log(p)) @ chances,
        "that is the squared error. The price is the cross-entropy.": chances @ (ink - p) ** 2,
    }
