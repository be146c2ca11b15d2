"""Checks of the exercises on variational autoencoders."""

from coursekit.exercises.divergences import examine_best, examine_box, examine_kl
from coursekit.exercises.interpolation import examine_lengths, examine_slerp
from coursekit.exercises.patients import examine_active, examine_cure, examine_diagnosis


def exercise_1(answer):
    """`(kl, kl_box, best)`: two divergences of codes [n, d] from a prior, each [n], and a half-width."""
    kl, kl_box, best = answer
    examine_kl(kl)
    examine_box(kl_box)
    examine_best(best)


def exercise_2(answer):
    """`(slerp, lengths)`: slerp(a, b, t) -> points [n, d], and lengths(d) -> three numbers."""
    slerp, lengths = answer
    examine_slerp(slerp)
    examine_lengths(lengths)


def exercise_3(answer):
    """`(active, diagnosis, cured)`: active(mean, log_variance) -> bool [d], {patient: (units, word)}, and a VAE."""
    active, diagnosis, cured = answer
    examine_active(active)
    examine_diagnosis(diagnosis)
    examine_cure(cured)
