"""What holds for every exercise: its solution passes, and each typical mistake in its tables gets its own hint."""

import ast
import importlib
import itertools
from pathlib import Path

import numpy as np
import pytest
from answers import Exercise, notebook

from coursekit import exercises
from coursekit.exercises import answer_keys, hints, material

FILES = sorted(Path(exercises.__file__).parent.glob("lecture_*/ex_*.py"))
ALL = [Exercise(int(file.parent.name[-2:]), int(file.name.split("_")[1])) for file in FILES]
TRAINED = {
    exercise: [part for part, own in exercise.solution.items() if own is None or part == "error"] for exercise in ALL
}
TABLES = [(exercise, part) for exercise in ALL for part in exercise.tables]
# The functions of answers, except those that are looked at after a trained network, or call one.
FUNCTIONS = [
    (exercise, part)
    for exercise in ALL
    for part in itertools.takewhile(lambda part, exercise=exercise: part not in TRAINED[exercise], exercise.solution)
    if callable(exercise.solution[part])
]


def named(value):
    return value.name if isinstance(value, Exercise) else value


@pytest.mark.parametrize("exercise", [exercise for exercise in ALL if not TRAINED[exercise]], ids=named)
def test_the_solution_passes(exercise):
    """The others are in the tests of their lecture, and in tests/course/test_committed.py."""
    exercise.check(exercise.answer())


@pytest.mark.parametrize("exercise", [exercise for exercise in ALL if not TRAINED[exercise]], ids=named)
def test_graders_use_other_numbers_and_count_the_parts(exercise):
    lecture, number = int(exercise.name[:2]), int(exercise.name.split("_")[2])
    asked = lambda answer: exercises.share(f"{lecture}.{number}", answer)
    for which in (1, 2, 3):  # the numbers of a hidden test must suit every solution, whichever they are
        with hints.other_numbers(which):
            exercise.check(exercise.answer())
    whole = asked(exercise.answer())
    assert (whole.right, whole.hint) == (whole.parts, None)
    first, last = next(iter(exercise.solution)), list(exercise.solution)[-1]
    assert asked(exercise.answer(**{last: None})).right == whole.parts - 1
    nothing = asked(exercise.answer(**{first: lambda *arguments: None}))
    assert nothing.right == 0
    assert nothing.hint


def test_an_answer_made_for_the_numbers_that_students_see_earns_nothing():
    seen, by_heart = {}, exercises.find("2.1")
    solution = next(one for one in ALL if one.check is by_heart).answer()

    def remembering(x, m, theta):
        return seen.setdefault(x.tobytes() + m.tobytes(), solution(x, m, theta))

    by_heart(remembering)
    verdict = exercises.share("2.1", lambda x, m, theta: seen[x.tobytes() + m.tobytes()])
    assert (verdict.right, verdict.hint) == (
        0,
        "your code stopped with KeyError: " + verdict.hint.partition("Error: ")[2],
    )


def test_a_check_whose_comparison_was_replaced_earns_nothing(monkeypatch):
    exercise = next(one for one in ALL if one.name == "13_ex_2_own_pictures")
    wrong = exercise.answer(nearest=lambda samples, seen: np.zeros(len(samples)))
    monkeypatch.setattr(np, "allclose", lambda *arrays, **tolerances: True)
    assert exercises.look("13.2", wrong).right > 0
    verdict = exercises.share("13.2", wrong)
    assert verdict.right == 0
    assert "wrong answers pass this check, too" in verdict.hint


@pytest.mark.parametrize(("exercise", "part"), TABLES, ids=named)
def test_every_mistake_in_a_table_gets_its_own_hint(exercise, part):
    table, texts = exercise.tables[part], []
    exercise.hint(**{part: lambda *arguments: texts.extend(table(*arguments))})
    assert len(texts) > 2
    for text in texts:
        made = lambda *arguments, text=text: np.nan_to_num(table(*arguments)[text])
        assert exercise.hint(**{part: made}).endswith(text)


@pytest.mark.parametrize(("exercise", "part"), FUNCTIONS, ids=named)
def test_no_function_and_a_function_that_returns_nothing_get_a_hint(exercise, part):
    for wrong, says in ((0.5, f"hand in the function itself, `{part}`"), (lambda *arguments: None, "`return`")):
        hint = exercise.hint(**{part: wrong})
        assert says in hint
        assert ("right" in hint) == (part != next(iter(exercise.solution))), "it begins with what is right already"


@pytest.mark.parametrize("exercise", [one for one in ALL if "diagnosis" in one.solution], ids=named)
def test_every_wrong_diagnosis_gets_a_hint(exercise):
    right = exercise.solution["diagnosis"]
    for wrong in (None, {"A": right["A"]}):
        assert 'entry for each of "A", "B" and "C"' in exercise.hint(diagnosis=wrong)
    assert "the entry of A should be" in exercise.hint(diagnosis=right | {"A": "lamp"})
    with_word = lambda entry, word: (entry[0], word) if isinstance(entry, tuple) else word
    words = {entry if isinstance(entry, str) else entry[1] for entry in right.values()}
    for name, entry in right.items():
        for word in words:
            if with_word(entry, word) != entry:
                hint = exercise.hint(diagnosis=right | {name: with_word(entry, word)})
                assert f"{name}'s" in hint or f" {name} " in hint
                assert "{" not in hint


def test_notebooks_see_the_material_and_no_answer():
    imported = {
        node.module
        for lecture in {exercise.name[:2] for exercise in ALL}
        for node in ast.walk(notebook(int(lecture)))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("coursekit.exercises")
    }
    files = {f"{material.__name__}.{file.stem}" for file in Path(material.__file__).parent.glob("[a-z]*.py")}
    assert imported == files
    for name in files:
        values = list(vars(importlib.import_module(name)).values())
        assert not any(
            key in values for key in (answer_keys.ALBUMS, answer_keys.VAE_PATIENTS, answer_keys.GAN_PATIENTS)
        )


@pytest.mark.parametrize("name", ["99.2", "1.99", "99", "", "three", "1.1.1", None, "-1.1", "1."])
def test_an_unknown_exercise_is_named(name):
    with pytest.raises(ValueError, match=r'exercise of the course such as "4\.1", got'):
        exercises.find(name)


def test_what_a_check_cannot_import_is_no_unknown_exercise(monkeypatch):
    def broken(name):
        raise ImportError("cannot import name 'toolkit'")

    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(ImportError, match="toolkit"):
        exercises.find("1.1")


def test_a_known_mistake_may_have_gaps_where_it_gives_no_number():
    found, right = np.array([1.0, 2, 7]), np.array([1.0, 3, 4])
    hints.compare(right, right, {}, "otherwise")
    for mistakes, says in (
        ({"another": found + 1, "this one": np.array([1, 2, np.nan]), "later": found}, "this one"),
        ({"no number": np.full(3, np.inf)}, "otherwise"),
    ):
        with pytest.raises(hints.Hint, match=says):
            hints.compare(found, right, mistakes, "otherwise")
