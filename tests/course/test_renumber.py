"""Lectures are renumbered by a script: what it may change, and above all what it may not."""

import pytest

from coursekit.course.renumber import renumbered

STEMS = {3: "autoencoders", 4: "variational_autoencoders", 6: "gan", 7: "dcgan"}
NUMBERS = {3: 4, 4: 5, 6: 7, 7: 8}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source/exercises/05_variational_autoencoders.py", "source/exercises/05_variational_autoencoders.py"),
        ("You need [lecture 4](04_autoencoders.ipynb).", "You need [lecture 5](04_autoencoders.ipynb)."),
        ("[4 · Autoencoders](../04_autoencoders.ipynb)", "[4 · Autoencoders](../04_autoencoders.ipynb)"),
        ("Lectures 5 and 7 have two answers.", "Lectures 5 and 8 have two answers."),
        ("lecture 7, section 3", "lecture 8, section 3"),
        ("from coursekit.exercises.lecture_07 import ex", "from coursekit.exercises.lecture_08 import ex"),
        ('coursekit.check("5.2", answer)', 'coursekit.check("5.2", answer)'),
        ("coursekit run 04 --profile full", "coursekit run 05 --profile full"),
        ("make test LECTURE=05", "make test LECTURE=05"),
        ("# ## 8.3 · A dial for ink", "# ## 8.3 · A dial for ink"),
    ],
)  # fmt: skip
def test_numbers_of_lectures_move(old, new):
    assert renumbered(old, NUMBERS, STEMS) == new


@pytest.mark.parametrize(
    "text",
    [
        "# ## 3 · The model, typed",  # a section
        "lecture 05, in preparation",  # not among those that move
        "a rate of 0.04, and 3.1 nats",
        "coursekit run 06_new",  # another notebook
        "section 4 of this lecture, figure 6",
        "exercise_4, lecture_2",
    ],
)
def test_other_numbers_stay(text):
    assert renumbered(text, NUMBERS, STEMS) == text


def test_the_map_of_slides_keeps_the_numbers_of_sections():
    line = "# | 27 | DCGAN: discriminator | [7 · The deck's own code](08_dcgan.ipynb) |"
    assert renumbered(line, NUMBERS, STEMS) == line.replace("08_dcgan", "08_dcgan")
