"""What the tests of all exercises need: an exercise's check, its solution, and the hint that a wrong answer gets."""

import ast
import importlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from coursekit import exercises, paths
from coursekit.course.refresh import build


@cache
def notebook(lecture):
    """The exercise notebook of a lecture, with its solutions: the syntax tree of all its cells."""
    (source,) = (paths.notebooks() / "source" / "exercises").glob(f"{lecture:02d}_*.py")
    return ast.parse("\n".join(cell.source for cell in build(source).cells if cell.cell_type == "code"))


def defined(file, *names, **given):
    """What the notebook of a test file's lecture defines under `names`, in the namespace `given`. Nothing else of the
    notebook is executed."""
    for node in notebook(_lecture(file)).body:
        if _name(node) in names:
            exec(compile(ast.Module([node], []), "notebook", "exec"), given)
    return [given[name] for name in names]


class Exercise:
    """An exercise.

    Attributes:
        name: such as "04_ex_2_interpolation". check: its check. tables: {part of the answer: its table of mistakes}.
        solution: {part: the notebook's own, or None where it must be trained}.
    """

    def __init__(self, lecture, number):
        self.check = exercises.find(f"{lecture}.{number}")
        module = importlib.import_module(self.check.__module__)
        self.name = module.__name__.partition(".lecture_")[2].replace(".", "_")
        self.tables = {
            name.removesuffix("_mistakes"): table for name, table in vars(module).items() if name.endswith("_mistakes")
        }
        calls = [node.value for node in notebook(lecture).body if isinstance(node, ast.Expr)]
        answers = [
            call.args[1] for call in calls if isinstance(call, ast.Call) and ast.unparse(call.func) == "coursekit.check"
        ]
        names = [name.id for name in ast.walk(answers[number - 1]) if isinstance(name, ast.Name)]
        given = {"np": np, "special": special}
        for node in notebook(lecture).body:
            if _name(node) in names:
                try:
                    exec(compile(ast.Module([node], []), "notebook", "exec"), given)
                except NameError:  # it needs the notebook's data or models
                    continue
        self.solution = {name: given.get(name) for name in names}

    def answer(self, **other):
        """The solution with some `other` parts, as the notebook hands it in."""
        assert set(other) <= set(self.solution)
        parts = tuple((self.solution | other).values())
        return parts if len(parts) > 1 else parts[0]

    def hint(self, **wrong):
        """The hint for the solution with some `wrong` parts."""
        with pytest.raises(exercises.Hint) as caught:
            self.check(self.answer(**wrong))
        return str(caught.value)


def exercise(file, number):
    """The exercise of that number in the lecture of a test file."""
    return Exercise(_lecture(file), number)


def each(**wrong):
    """Runs a test(part, wrong, says) for each wrong answer in {part: [(wrong, what its hint says), ...]}."""
    cases = [(part, answer, says) for part, answers in wrong.items() for answer, says in answers]
    return pytest.mark.parametrize(("part", "wrong", "says"), cases, ids=[f"{part}-{says}" for part, _, says in cases])


def _lecture(file):
    return int(Path(file).stem[-2:])


def _name(node):
    """What a statement defines: a function, a class, or a variable."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node
    return getattr(target, "name", getattr(target, "id", None))
