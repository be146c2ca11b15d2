"""Checks of the exercises on deep convolutional GANs."""

from coursekit.exercises.dials import examine_direction, examine_turn
from coursekit.exercises.label_noise import examine_best_logit, examine_inside, examine_lowest
from coursekit.exercises.strokes import examine_level, examine_size, examine_strokes


def exercise_1(answer):
    """`(size, strokes, level)`: size(n, kernel, stride) -> a whole number, strokes(n, kernel, stride) -> counts [size],
    and level(kernel, stride) -> True or False."""
    size, strokes, level = answer
    examine_size(size)
    examine_strokes(strokes)
    examine_level(level)


def exercise_2(answer):
    """`(inside, best_logit, lowest)`: inside(labels, u) -> labels, best_logit(y [n]) and lowest(y [n]) -> [n]."""
    inside, best_logit, lowest = answer
    examine_inside(inside)
    examine_best_logit(best_logit)
    examine_lowest(lowest)


def exercise_3(answer):
    """`(direction, turn)`: direction(codes [n, d], amounts [n]) -> [d], and turn(codes, direction, t) -> codes."""
    direction, turn = answer
    examine_direction(direction)
    examine_turn(turn)
