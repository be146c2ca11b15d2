"""Checks of the exercises on self-supervision."""

from coursekit.exercises.albums import examine_clue, examine_diagnosis, examine_mend
from coursekit.exercises.contrast import examine_infonce, examine_most
from coursekit.exercises.rotations import examine_batch, examine_turn_back


def exercise_1(answer):
    """`(batch, turn_back)`: batch(x) -> (images [4n, ...], labels [4n]), and turn_back(images, labels) -> images."""
    batch, turn_back = answer
    examine_batch(batch)
    examine_turn_back(turn_back)


def exercise_2(answer):
    """`(infonce, most)`: infonce(scores [n, n]) -> a number, and most(n, places) -> a number."""
    infonce, most = answer
    examine_infonce(infonce)
    examine_most(most)


def exercise_3(answer):
    """`(clue, diagnosis, mend)`: clue(images) -> a picture, {album: word}, and mend(images) -> images."""
    clue, diagnosis, mend = answer
    examine_clue(clue)
    examine_diagnosis(diagnosis)
    examine_mend(mend)
