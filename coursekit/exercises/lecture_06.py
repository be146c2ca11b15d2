"""Checks of the exercises on generative adversarial networks."""

from coursekit.exercises.critics import examine_best, examine_linear, examine_r1, examine_reached
from coursekit.exercises.ring_patients import examine_count, examine_diagnosis


def exercise_1(answer):
    """`(best_critic, reached)`: best_critic(p, q) -> answers [n], and reached(p, q, step) -> a number."""
    best_critic, reached = answer
    examine_best(best_critic)
    examine_reached(reached)


def exercise_2(answer):
    """`(r1, of_linear)`: r1(slopes [n, d]) -> a number, and of_linear(w [d]) -> a number."""
    r1, of_linear = answer
    examine_r1(r1)
    examine_linear(of_linear)


def exercise_3(answer):
    """`(count, diagnosis)`: count(samples, centers, std) -> a whole number, and {patient: (modes, word)}."""
    count, diagnosis = answer
    examine_count(count)
    examine_diagnosis(diagnosis)
