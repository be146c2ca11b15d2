"""Checks of the exercises: `lecture_NN/ex_N_topic.py` holds the check of exercise N of lecture NN.

Each such module has `check(answer)`, which returns when the answer is right and otherwise raises a `Hint` that fits the
mistake and does not give the answer away. A function `NAME_mistakes(*arguments)` beside it is the table of the typical
mistakes in the student's function NAME: {hint: what the mistake gives}; tests hand in each of them. `hints.py` is the
toolkit of all checks, `material/` what the notebooks show, `answer_keys.py` what they must not.
"""

import ast
import importlib
import inspect
import textwrap
from dataclasses import dataclass
from pathlib import Path

from coursekit.exercises.hints import Hint, other_numbers

__all__ = ["Hint", "Verdict", "find", "look", "share"]


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer: how many of its parts are right, in order, and the hint if not all are."""

    right: int
    parts: int
    hint: str | None


def look(exercise, answer) -> Verdict:
    """Look at an answer once; whatever the student's code raises becomes a hint.

    The parts of an answer are what the check looks at before its first `after` and within each of them.

    Raises:
        ValueError: there is no such exercise.
    """
    check = find(exercise)
    parts = _parts(check)
    try:
        check(answer)
    except Exception as error:
        said = str(error) if isinstance(error, Hint) else f"your code stopped with {type(error).__name__}: {error}"
        return Verdict(sum(line <= _line(check, error) for line in parts), 1 + len(parts), said)
    return Verdict(1 + len(parts), 1 + len(parts), None)


def share(exercise, answer) -> Verdict:
    """Grade an answer: as `look`, then once more with numbers that no student has seen. The worse of the two counts.

    Where an answer whose first part is spoiled would pass too, something has taken the place of what the check calls
    (say, of `numpy.allclose`), and nothing is right.
    """
    verdict = look(exercise, answer)
    if verdict.right and (spoiled := _spoiled(answer)) is not None and look(exercise, spoiled).right:
        return Verdict(0, verdict.parts, "wrong answers pass this check, too: your code has changed what it calls.")
    with other_numbers():
        return min(verdict, look(exercise, answer), key=lambda verdict: verdict.right)


def _spoiled(answer):
    """The answer whose first part gives one number everywhere; None if that part is no plain function."""
    import numpy as np

    first = answer[0] if isinstance(answer, tuple) and answer else answer
    if not inspect.isfunction(first):
        return None
    wrong = lambda *arguments: np.full(np.shape(first(*arguments)), 0.123)
    return (wrong, *answer[1:]) if isinstance(answer, tuple) else wrong


def _parts(check) -> list[int]:
    """The lines of a check's own `with after(...)`."""
    lines, first = inspect.getsourcelines(check)
    body = getattr(ast.parse(textwrap.dedent("".join(lines))).body[0], "body", [])
    return [first - 1 + node.lineno for node in body if isinstance(node, ast.With)]


def _line(check, error) -> int:
    """The line of a check in which an error came up, 0 if in none."""
    step, line = error.__traceback__, 0
    while step is not None:
        if step.tb_frame.f_code is check.__code__:
            line = step.tb_lineno
        step = step.tb_next
    return line


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
