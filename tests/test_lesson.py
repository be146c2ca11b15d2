import json
import re
import sys

import numpy as np
import pytest

import coursekit
from coursekit import exercises, lesson, paths


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# show


def test_show_is_the_source_with_its_file():
    shown = coursekit.show(lesson.results)
    assert repr(shown).startswith("# coursekit/lesson.py\ndef results(name):")
    assert '"""What a recorded run measured' in repr(shown)
    page = shown._repr_html_()
    assert "coursekit/lesson.py" in page
    assert "<style" not in page, "styles are inline, or GitHub would drop them"
    assert re.sub(r"<[^>]+>", "", page).count("def results(name)") == 1


@pytest.mark.parametrize(
    "thing",
    [lesson.results, lesson.Source, lesson, coursekit.metrics.psnr, json.dumps],
    ids=lambda thing: thing.__name__,
)
def test_show_names_no_folder_of_this_machine(thing):
    for text in (repr(coursekit.show(thing)), coursekit.show(thing)._repr_html_()):
        assert str(paths.root()) not in text
        assert sys.prefix not in text
        assert sys.base_prefix not in text


def test_show_without_docstring_keeps_every_line_of_code():
    short = repr(coursekit.show(coursekit.metrics.psnr, docstring=False))
    assert '"""' not in short
    assert "Peak signal" not in short
    assert short.splitlines() == [
        "# coursekit/metrics/images.py",
        "def psnr(images, references):",
        "    images, references = _pair(images, references)",
        "    error = ((images - references) ** 2).reshape(len(images), -1).mean(axis=1)",
        "    return -10 * np.log10(np.maximum(error, 1e-10))",
    ]


@pytest.mark.parametrize(
    "thing", [lesson.Source, lesson.results, exercises.Hint], ids=["class", "function", "exception"]
)
def test_show_without_docstring_leaves_no_quotes(thing):
    assert thing.__doc__.splitlines()[0] not in repr(coursekit.show(thing, docstring=False))


@pytest.mark.parametrize("thing", [3, "deep", None, np.zeros(3)], ids=str)
def test_show_of_a_value_says_what_to_show(thing):
    with pytest.raises(TypeError, match=r"class, a function or a module, got \w+; try show\(type\(x\)\)"):
        coursekit.show(thing)


# expect


def test_a_claim_that_holds_is_said_without_its_numbers(capsys):
    coursekit.expect("the loss falls", np.bool_(True), loss=0.123456, ratio=np.float32(2.5))
    assert capsys.readouterr().out == "✓ the loss falls\n"


def test_a_claim_that_does_not_hold_is_said_with_them_and_the_notebook_goes_on(capsys):
    coursekit.expect("the loss falls", False, loss=0.123456, ratio=2)
    assert capsys.readouterr().out == "✗ Not in this run: the loss falls (loss = 0.1235, ratio = 2)\n"
    coursekit.expect("the loss falls", False)
    assert capsys.readouterr().out == "✗ Not in this run: the loss falls\n"


def test_claims_are_logged_one_a_line(tmp_path, monkeypatch):
    log = tmp_path / "expect.jsonl"
    monkeypatch.setenv("COURSEKIT_EXPECT_LOG", str(log))
    coursekit.expect("Größer", np.float64(3) > 2, loss=np.float32(0.5))
    coursekit.expect("smaller", 3 < 2)
    assert lines_of(log) == [
        {"claim": "Größer", "holds": True, "numbers": {"loss": 0.5}},
        {"claim": "smaller", "holds": False, "numbers": {}},
    ]


@pytest.mark.parametrize("holds", [np.array([True, False]), np.zeros((2, 2))], ids=str)
def test_a_claim_about_many_numbers_must_say_all_or_any(holds):
    with pytest.raises(ValueError, match="ambiguous"):
        coursekit.expect("all fall", holds)


# check


@pytest.fixture
def exercise(monkeypatch, tmp_path):
    """A lecture 99 whose exercise 99.1 wants a function that doubles; the log of its checks."""

    def examine(answer):
        if answer(2) != 4:
            raise exercises.Hint("look at what your function does to 2")

    find = exercises.find
    monkeypatch.setattr(exercises, "find", lambda name: examine if name == "99.1" else find(name))
    log = tmp_path / "check.jsonl"
    monkeypatch.setenv("COURSEKIT_CHECK_LOG", str(log))
    monkeypatch.delenv("COURSEKIT_STRICT_CHECKS", raising=False)
    return log


def test_a_right_answer(exercise, capsys):
    coursekit.check("99.1", lambda x: 2 * x)
    assert capsys.readouterr().out == "✓ Exercise 99.1: right.\n"
    assert lines_of(exercise) == [{"exercise": "99.1", "passed": True, "hint": None}]


def test_a_wrong_answer_gets_a_hint_and_the_notebook_goes_on(exercise, capsys):
    coursekit.check("99.1", lambda x: x)
    hint = "look at what your function does to 2"
    assert capsys.readouterr().out == f"… Exercise 99.1, not yet: {hint}\n"
    assert lines_of(exercise) == [{"exercise": "99.1", "passed": False, "hint": hint}]


def test_an_answer_that_stops_is_said_with_its_error(exercise, capsys):
    coursekit.check("99.1", lambda x: 1 / 0)
    assert "not yet: your code stopped with ZeroDivisionError: division by zero" in capsys.readouterr().out
    coursekit.check("99.1", None)
    assert "your code stopped with TypeError" in capsys.readouterr().out


def test_a_grader_gets_an_error(exercise, monkeypatch):
    monkeypatch.setenv("COURSEKIT_STRICT_CHECKS", "1")
    coursekit.check("99.1", lambda x: 2 * x)
    with pytest.raises(AssertionError, match=r"Exercise 99\.1: look at"):
        coursekit.check("99.1", lambda x: x)
    assert [line["passed"] for line in lines_of(exercise)] == [True, False]


@pytest.mark.parametrize("name", ["99.2", "98.1", "99", "", "three", "99.1.1", None, "-1.1"])
def test_an_unknown_exercise_is_named(exercise, name):
    with pytest.raises(ValueError, match=r'exercise of the course such as "4\.1", got'):
        coursekit.check(name, 0)
    assert not exercise.exists()


# results


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "vae.json").write_text('{"command": "train", "elbo": -80.5}', encoding="utf-8")
    (tmp_path / "results" / "gan.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(paths, "data", lambda: tmp_path)


def test_results_are_what_was_recorded(recorded):
    assert coursekit.results("vae") == {"command": "train", "elbo": -80.5}


def test_unknown_results_list_the_known(recorded):
    with pytest.raises(FileNotFoundError, match="one of: gan, vae; got 'var'"):
        coursekit.results("var")


@pytest.mark.parametrize("file", sorted((paths.data() / "results").glob("*.json")), ids=lambda path: path.stem)
def test_every_recorded_result_says_what_command_wrote_it(file):
    assert "command" in coursekit.results(file.stem)


# begin


def test_begin_makes_every_draw_repeatable(capfd):
    import random

    def draws():
        coursekit.begin(7)
        import keras

        tensor = keras.ops.convert_to_numpy(keras.random.normal((3,)))
        return [random.random(), *np.random.random(3), *tensor]  # noqa: NPY002

    assert draws() == draws()
    heard = capfd.readouterr()
    assert (heard.out, heard.err) == ("", "")
