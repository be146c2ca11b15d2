"""A table of probabilities after one more step, and the information that the step has lost."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, hint_if, number

JOINT = np.array([[0.20, 0.10, 0.00, 0.05], [0.05, 0.15, 0.10, 0.00], [0.00, 0.05, 0.05, 0.25]])
CHANNEL = np.array([[0.7, 0.3], [0.2, 0.8], [0.5, 0.5], [0.1, 0.9]])  # a row for each y: the probabilities of z


def check(answer):
    """`(through, lost)`: both from (joint [a, b], channel [b, c]); through -> [a, c], lost -> nats."""
    through, lost = answer
    check_through(through)
    with after("`through` is right."):
        check_lost(lost)


def information(joint):
    """Of a table of probabilities, in nats."""
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    used = joint > 0
    return np.sum(joint[used] * np.log(joint[used] / alone[used]))


def check_through(function):
    """Hints unless function(joint, channel) is the table p(x, z) = sum over y of p(x, y) p(z | y)."""
    found = called(function, "through", JOINT.copy(), CHANNEL.copy())
    hint_if(
        found.shape == (2, 3), "the table lies on its side: a row for each x, a column for each z, as the first has it."
    )
    hint_if(
        found.shape != (3, 2),
        f"x has 3 values here and z has 2, so `through` should return a table of 3 x 2, got shape {found.shape}. Which "
        "letter is summed over?",
    )
    compare(
        found,
        JOINT @ CHANNEL,
        through_mistakes(JOINT, CHANNEL),
        f"these are not the probabilities of x and z together; they sum to {found.sum():.3f}. How can one come from x "
        "to z? By way of each y.",
    )


def through_mistakes(joint, channel):
    """Typical mistakes: {hint: [a, c]}."""
    right = joint @ channel
    x, z = right.sum(axis=1, keepdims=True), right.sum(axis=0, keepdims=True)
    return {
        "each row sums to 1: that is p(z | x). The table should hold p(x, z), which sums to 1 as a whole.": right / x,
        "each column sums to 1: that is p(x | z). The table should hold p(x, z), which sums to 1 as a whole.": right
        / z,
        "x and z have nothing to do with each other in your table: it is p(x) p(z).": x * z,
        "a mean over y, where there should be a sum.": right / joint.shape[1],
    }


def check_lost(function):
    """Hints unless function(joint, channel) is I(X; Y) - I(X; Z)."""
    found = number(function, "lost", JOINT.copy(), CHANNEL.copy(), finite=False)
    hint_if(
        not np.isfinite(found),
        "some pairs never happen, and 0 times the logarithm of 0 is no number. What does such a pair add to a mean?",
    )
    compare(
        found,
        information(JOINT) - information(JOINT @ CHANNEL),
        lost_mistakes(JOINT, CHANNEL),
        f"`lost` says {found:.4f}. How much is there before the step, and how much after it?",
    )


def lost_mistakes(joint, channel):
    """Typical mistakes: {hint: nats}."""
    before, after_it = information(joint), information(joint @ channel)
    return {
        "what a step loses is not negative. Look at the sign.": after_it - before,
        "that is what is left after the step.": after_it,
        "that is what there was before the step.": before,
        "your unit is the bit. The course's is the nat: the natural logarithm.": (before - after_it) / np.log(2),
        "a share of what there was. The question is how many nats.": 1 - after_it / before,
    }
