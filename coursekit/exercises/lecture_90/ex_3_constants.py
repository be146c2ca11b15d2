"""A student that chases its own teacher: the slope with, and without, a gradient that stops."""

from coursekit.exercises.hints import after, called, compare, generator


def check(answer):
    """`(with_stop, without)`: both (w, a, b), numbers [n] -> the slopes of ½ (w - (a w + b))² in w, [n]."""
    with_stop, without = answer
    random = generator(0)
    w, a, b = random.normal(0, 2, 6), random.uniform(0.2, 0.9, 6), random.normal(0, 1, 6)
    found = called(with_stop, "with_stop", w, a, b)
    compare(
        found,
        w - (a * w + b),
        with_stop_mistakes(w, a, b),
        "neither the right slope nor a mistake that is known here. With the stop the target a w + b is a number "
        "like any other.",
    )
    with after("`with_stop` is right."):
        found = called(without, "without", w, a, b)
        compare(
            found,
            (1 - a) * (w - (a * w + b)),
            without_mistakes(w, a, b),
            "neither the right slope nor a mistake that is known here. What is the slope of w - (a w + b) in w?",
        )


def with_stop_mistakes(w, a, b):
    """Typical mistakes: {hint: slopes [n]}."""
    gap = w - (a * w + b)
    return {
        "the sign: the slope of ½ (w - t)² in w is w - t.": -gap,
        "twice too much: the ½ takes the 2 away.": 2 * gap,
        "the target was allowed to move: that is the slope without the stop.": (1 - a) * gap,
        "that is the loss, not its slope.": gap**2 / 2,
    }


def without_mistakes(w, a, b):
    """Typical mistakes: {hint: slopes [n]}."""
    gap = w - (a * w + b)
    return {
        "here the target moves with w: one factor is missing.": gap,
        "the inner slope is 1 - a, and not 1 + a: the target is subtracted.": (1 + a) * gap,
        "that is only what comes through the target, -a times the gap. The part of w itself is missing.": -a * gap,
        "the sign.": -(1 - a) * gap,
        "twice too much: the ½ takes the 2 away.": 2 * (1 - a) * gap,
    }
