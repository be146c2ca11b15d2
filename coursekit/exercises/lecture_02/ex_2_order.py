"""The bits of a whole picture that is sent pixel after pixel, in any order."""

import numpy as np

from coursekit.exercises.hints import called, compare, generator, hint_if


def check(in_order):
    """in_order(predict, x, order) -> bits [n]: the sum over the pixels, each predicted from those before it."""
    rng = generator(0)
    x = (rng.random((5, 8)) < 0.5).astype("float32")
    order = np.array([5, 0, 7, 2, 6, 3, 1, 4])
    predict = _predictor(rng.normal(size=(8, 8)), rng.normal(size=8))
    given = x.copy(), order.copy()
    found = called(in_order, "in_order", predict, *given, finite=False)
    hint_if(
        found.shape != (len(x),),
        f"for {len(x)} pictures `in_order` should return {len(x)} numbers, one for each, and gave an array of shape "
        f"{found.shape}.",
    )
    hint_if(
        not (np.array_equal(given[0], x) and np.array_equal(given[1], order)),
        "`in_order` has written into the pictures or the order that it was given. Work on a copy.",
    )
    hint_if(not np.isfinite(found).all(), "somewhere it is no finite number, where no probability is 0 or 1.")
    compare(
        found,
        bits(predict, x, order),
        in_order_mistakes(predict, x, order),
        f"for one picture of 8 pixels you say {found[0]:.2f} bits. The pixel that is sent first takes "
        f"{bits(predict, x, order[:1])[0]:.2f} bits, and the first two take {bits(predict, x, order[:2])[0]:.2f}.",
    )


def in_order_mistakes(predict, x, order):
    """Typical mistakes: {hint: bits [n]}."""
    right, d = bits(predict, x, order), len(order)
    return {
        "these are nats. How many nats is a bit?": right * np.log(2),
        "a mean over the pixels: each of them has to be sent.": right / d,
        "the length of a message is not negative.": -right,
        "nothing ever becomes visible: each pixel is coded by itself. Those that were sent are known.": (
            bits(predict, x, order, seen="nothing")
        ),
        "the pixel is visible already when it is predicted. Make it visible after it was paid for.": (
            bits(predict, x, order, seen="itself")
        ),
        "only the pixel that was sent last is visible. Those before it have not been forgotten.": (
            bits(predict, x, order, seen="last")
        ),
        "each pixel is predicted from all others, also from those that have not been sent.": (
            bits(predict, x, order, seen="others")
        ),
        "row by row, whatever `order` says.": bits(predict, x, np.arange(d)),
        "backwards: `order[0]` is the pixel that is sent first.": bits(predict, x, order[::-1]),
        "`order` is read the wrong way round: `order[k]` is the pixel that is sent as number k.": (
            bits(predict, x, np.argsort(order))
        ),
        "only ink is paid for. Paper is a message too, of probability 1 - p.": bits(predict, x, order, paper=False),
    }


def bits(predict, x, order, *, seen="before", paper=True):
    """Bits [n] of the pixels in `order`: the right ones, and with the options those of typical mistakes."""
    total = np.zeros(len(x))
    for k, pixel in enumerate(order):
        shown = {
            "before": order[:k],
            "nothing": [],
            "itself": order[: k + 1],
            "last": order[max(k - 1, 0) : k],
            "others": [other for other in order if other != pixel],
        }[seen]
        m = np.zeros_like(x)
        m[:, shown] = 1
        p = predict(x * m, m)[:, pixel]
        total -= np.log2(np.where(x[:, pixel] > 0.5, p, 1 - p if paper else 1))
    return total


def _predictor(weights, bias):
    """A predictor that does not look at hidden pixels, and whose answers depend on which pixels are visible."""
    return lambda x, m: 1 / (1 + np.exp(-(bias + (m * (x - 0.4)) @ weights)))
