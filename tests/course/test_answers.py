"""Answers to the lectures' Try its: there is one for each, made by running it, and none has grown stale unnoticed."""

import re

import nbformat
import pytest

from coursekit import paths
from coursekit.course import CourseError, answer_cells, answer_pages, answers
from coursekit.course.front_page import Lecture
from coursekit.course.refresh import build, sources

STEMS = [source.stem for source in sources([])]
LECTURE = """# %% [markdown]
# # A walk
#
# > **Try it.** Set `step = 5`. How far
# > does it go?
#
# > **Try it.** Take the last step twice.

# %%
print(place, rng.integers(1000))
"""
CELLS = ("import numpy as np\nrng = np.random.default_rng(0)", "step = 2\nplace = 3 * step\nprint('at', place)")
ANSWERS = """# %% [markdown]
# > **Try it.** Set `step = 5`. How far does it go?

# %% [markdown]
# It goes 15.

# %% again="place = 3 * step"
# step = 2 -> step = 5
print("drawn:", rng.integers(1000))

# %% [markdown]
# > **Try it.** Take the last step twice.

# %%
print("at", place + step)
"""


@pytest.fixture
def walk(course, write_source, write_lecture):
    """A lecture of two Try its, committed, and answers to them that were not executed yet."""
    (course / "notebooks" / "source" / "answers").mkdir()
    source = write_source("03_walk", *CELLS)
    source.write_text(source.read_text() + LECTURE)
    nbformat.write(build(source), course / "notebooks" / "03_walk.ipynb")
    place = course / "notebooks" / "source" / "answers" / "walk.py"
    place.write_text(ANSWERS)
    return source, place


def outputs(path):
    return [output.text for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]


def test_answers_are_run_in_their_lecture_and_change_nothing_of_it(walk, course, monkeypatch):
    executed = {}
    save = answers._changed
    monkeypatch.setattr(
        answers, "_changed", lambda stem, notebook: executed.update(it=notebook) or save(stem, notebook)
    )
    said = answers.write(["03"])
    made = course / "notebooks" / "answers" / "walk.ipynb"
    again, more, other = outputs(made)
    assert other == "at 8\n", "the second Try it finds the lecture's own step"
    assert again == "at 15\n"
    number = re.fullmatch(r"drawn: (\d+)\n", more)[1]
    last = executed["it"].cells[-1].outputs[0].text
    assert last == f"6 {number}\n", "what an answer assigns and draws is forgotten behind it"
    assert len(said) == 2, "the committed lecture was never executed, so its two outputs differ"
    assert [cell.execution_count for cell in nbformat.read(made, as_version=4).cells if "outputs" in cell] == [1, 2, 3]
    assert answers.check(["03"]) == []


def test_an_answer_that_fails_is_named_and_not_written(walk, course):
    _, place = walk
    place.write_text(ANSWERS.replace("place + step", "place + stop"))
    said = answers.write(["03"])
    assert "raises NameError: name 'stop' is not defined" in said[0]
    assert not (course / "notebooks" / "answers" / "walk.ipynb").exists()
    tried = nbformat.read(course / "build" / "answers" / "walk.ipynb", as_version=4)
    assert "at 15" in answers.code_of(tried)[0].outputs[0].text, "the other answer has run"


def test_a_changed_cell_says_what_was_changed(walk):
    source, place = walk
    lecture = build(source)
    _, _, told, again, more, *_ = answers.alone(lecture, answers.read(build(place))).cells
    assert told.source == "*The lecture's cell again, `step = 5` in the place of `step = 2`:*"
    assert again.source == "step = 5\nplace = 3 * step\nprint('at', place)"
    assert more.source == 'print("drawn:", rng.integers(1000))'
    for wrong, message in (("step = 3 -> step = 5", "found none"), ("place", "found 2")):
        text = ANSWERS.replace("step = 2 -> step = 5" if "->" in wrong else "place = 3 * step", wrong)
        place.write_text(text)
        with pytest.raises(CourseError, match=message):
            answers.together(lecture, answers.read(build(place)))


def test_what_is_missing_stale_or_left_over_is_named(walk):
    source, place = walk
    source.write_text(source.read_text().replace("How far\n# > does it go?", "How far does it walk, then?"))
    (stale,) = answers.check(["03"])
    assert "walk.py: stale, the lecture now says “**Try it.** Set `step = 5`. How far does it walk, then?”" in stale
    place.write_text(ANSWERS.partition("# %% [markdown]\n# > **Try it.** Take")[0])
    assert "has no answer to lecture 03_walk's “**Try it.** Take the last step twice.”" in answers.check(["03"])[1]
    place.write_text(ANSWERS + "\n# %% [markdown]\n# > **Try it.** Fly to Rome, and sing there.\n")
    assert "answers what lecture 03_walk does not ask: “**Try it.** Fly to Rome" in answers.check(["03"])[1]


def test_new_words_are_accepted_without_running_anything(walk, course):
    source, place = walk
    answers.write(["03"])
    made = course / "notebooks" / "answers" / "walk.ipynb"
    before = outputs(made)
    source.write_text(source.read_text().replace("Take the last step twice.", "Take the last step two times."))
    assert answers.check(["03"]) != []
    assert answers.accept(["03"]) == []
    assert "# > **Try it.** Take the last step two times.\n" in place.read_text()
    assert answers.check(["03"]) == []
    assert outputs(made) == before


def test_only_the_page_for_instructors_leads_to_the_answers(walk, course):
    lectures = [Lecture("03_walk", "A walk"), Lecture("04_other", "Without answers")]
    assert answer_pages.listed(lectures) == ""
    assert answer_pages.pages(lectures) == {}
    _, place = walk
    place.write_text(ANSWERS.replace("It goes 15.", "It goes 15, as [there](03_walk.ipynb)."))
    answers.write(["03"])
    page = answer_pages.pages(lectures)["answers/walk"]
    assert page.cells[0].source.startswith("# Answers: A walk\n\nFor instructors, about [lecture 3](../03_walk.ipynb)")
    assert page.cells[2].source == "It goes 15, as there.", "a link would lead from another folder"
    assert page.metadata["orphan"], "no other page's table of contents has it"
    assert answer_pages.listed(lectures) == "[3 · A walk](answers/walk.ipynb)."


@pytest.mark.parametrize("stem", STEMS)
def test_every_try_it_has_an_answer_and_none_is_stale(stem):
    assert answers.check([stem]) == []


def test_every_file_of_answers_has_a_lecture():
    names = {answers.name_of(stem) for stem in STEMS}
    assert {path.stem for path in (paths.notebooks() / "source" / "answers").glob("*.py")} <= names
    assert {path.stem for path in (paths.notebooks() / "answers").glob("*.ipynb")} <= names


@pytest.mark.parametrize("stem", STEMS)
def test_the_numbers_of_an_answer_were_printed(stem):
    """In its prose stand no others than those in its outputs and its code, or in the lecture."""
    made = answers.made_of(stem)
    if not made.exists():
        pytest.skip("no Try it")
    lecture = build(next(source for source in sources([stem])))
    known = "\n".join(cell.source for cell in lecture.cells)
    lines, text = [], ""
    for cell in nbformat.read(made, as_version=4).cells:
        text += "\n" + cell.source if cell.cell_type == "code" else ""
        for output in cell.get("outputs", []):
            text += output.get("text", "") + str(output.get("data", {}).get("text/html", ""))
        if cell.cell_type == "markdown" and not answer_cells.ASKED.match(cell.source):
            lines.append(cell.source)
    numbers = [number.rstrip(",") for number in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", " ".join(lines))]
    printed = lambda number: re.search(rf"(?<![\d.]){re.escape(number)}(?!\d|[.,]\d)", text + known)
    plain = lambda number: number.replace(",", "")
    assert [n for n in numbers if len(n) > 1 and not printed(n) and not printed(plain(n))] == [], lines


def test_answers_are_small():
    sizes = {path.stem: path.stat().st_size for path in (paths.notebooks() / "answers").glob("*.ipynb")}
    assert sum(sizes.values()) < 1_500_000, sizes
