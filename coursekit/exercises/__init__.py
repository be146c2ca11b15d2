"""Checks of the exercises: `lecture_NN/ex_N_topic.py` holds the check of exercise N of lecture NN.

Each such module has `check(answer)`, which returns when the answer is right and otherwise raises a `Hint` that fits the
mistake and does not give the answer away. A function `NAME_mistakes(*arguments)` beside it is the table of the typical
mistakes in the student's function NAME: {hint: what the mistake gives}; tests hand in each of them. `hints.py` is the
toolkit of all checks, `material/` what the notebooks show, `answer_keys.py` what they must not.
"""

import importlib
from pathlib import Path

from coursekit.exercises.hints import Hint

__all__ = ["Hint", "find"]


def find(exercise):
    """The function `check(answer)` of an exercise.

    Args:
        exercise: its number, such as "4.1".
    Raises:
        ValueError: when there is no such exercise.
    """
    lecture, _, number = str(exercise).partition(".")
    found = []
    if lecture.isdecimal() and number.isdecimal():
        found = list(Path(__file__).parent.glob(f"lecture_{int(lecture):02d}/ex_{int(number)}_*.py"))
    if len(found) != 1:
        raise ValueError(f'Expected an exercise of the course such as "4.1", got {exercise!r}.')
    return importlib.import_module(f"{__name__}.{found[0].parent.name}.{found[0].stem}").check
