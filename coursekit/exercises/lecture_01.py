"""Checks of the exercises on the overview: bits, counts, and pixels from their neighbors."""

from coursekit.exercises.cells import examine_kl, examine_smoothed
from coursekit.exercises.codes import examine_mixture, examine_two_part
from coursekit.exercises.neighborhoods import examine_neighbors


def exercise_1(answer):
    """`(two_part, mixture)`: two_part(x, y, prior, theta) and mixture(x, prior, theta) -> bits [n]."""
    two_part, mixture = answer
    examine_two_part(two_part)
    examine_mixture(mixture)


def exercise_2(answer):
    """`(kl, smoothed)`: kl(p, q) of shares of cells -> nats, and smoothed(counts, a) -> shares."""
    kl, smoothed = answer
    examine_kl(kl)
    examine_smoothed(smoothed)


def exercise_3(answer):
    """`neighbors(x, m, theta)` -> probabilities [n, h, w]."""
    examine_neighbors(answer)
