"""`coursekit grade`: what a submission may do, and what it earns. All of them go through one grading."""

import csv
import io
import json

import nbformat
import pytest

from coursekit import paths
from coursekit.course import CourseError, grading
from coursekit.course.exercises import for_students
from coursekit.course.refresh import build

SOURCE = """# %%
import numpy as np
import coursekit

# %%
def kl(p, q):
    ### BEGIN SOLUTION
    # stub: return 0.0
    with np.errstate(all="ignore"):
        return float(np.sum(np.where(p > 0, p * np.log(p / q), 0)))
    ### END SOLUTION


def smoothed(counts, a):
    ### BEGIN SOLUTION
    # stub: return np.full(np.shape(counts), 1 / np.size(counts))
    return (counts + a) / (np.sum(counts) + a * np.size(counts))
    ### END SOLUTION

# %% points=3
coursekit.check("1.2", (kl, smoothed))

# %%
def longest_run(a, b):
    ### BEGIN SOLUTION
    # stub: return 0
    best = now = 0
    for same in np.asarray(a) == np.asarray(b):
        now = now + 1 if same else 0
        best = max(best, now)
    return best
    ### END SOLUTION

# %%
coursekit.check("9.4", longest_run)
"""
KL, SMOOTHED = (SOURCE.split("### BEGIN SOLUTION\n")[number].partition("    ### END")[0] for number in (1, 2))
RUN = SOURCE.split("### BEGIN SOLUTION\n")[3].partition("    ### END")[0]
# Each would pass if its word were taken.
LIES = """
coursekit.check = lambda *answer: print("✓ Exercise 1.2: right.")
import coursekit.exercises
coursekit.exercises.find = lambda name: lambda answer: None
coursekit.exercises.share = lambda *answer: coursekit.exercises.Verdict(3, 3, None)
np.allclose = lambda *arrays, **tolerances: True
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """{submission's name: its grade}"""
    root = tmp_path_factory.mktemp("course")
    (root / "notebooks" / "exercises").mkdir(parents=True)
    source = root / "01_two.py"
    source.write_text(SOURCE)
    blank = for_students(build(source))
    nbformat.write(blank, root / "notebooks" / "exercises" / "01_two.ipynb")
    folder = root / "handed in" / "Zoë"
    folder.mkdir(parents=True)

    def hand_in(name, *changes, drop=None):
        notebook = nbformat.from_dict(json.loads(json.dumps(blank)))
        for cell in notebook.cells:
            for old, new in changes:
                cell.source = cell.source.replace(old, new)
        if drop is not None:
            del notebook.cells[drop]
        nbformat.write(notebook, folder / f"{name}.ipynb")

    code = lambda body: f"    # YOUR CODE HERE\n{body}"
    stubs = [
        f"    # YOUR CODE HERE\n    return {stub}"
        for stub in ("0.0", "np.full(np.shape(counts), 1 / np.size(counts))", "0")
    ]
    solved = list(zip(stubs, map(code, (KL, SMOOTHED, RUN)), strict=True))
    hand_in("untouched")
    hand_in("solution", *solved)
    hand_in("half", solved[0])
    hand_in("loop", solved[0], solved[1], ("def longest_run(a, b):", "while True: pass\ndef longest_run(a, b):"))
    hand_in("loop within the check", *solved[:2], (stubs[2], "    while True: pass"))
    hand_in("hog", ("import coursekit", "import coursekit; hog = np.ones(10**8)"))
    hand_in("edited", *solved, ('"1.2", (kl, smoothed)', '"9.4", lambda a, b: 0'))
    hand_in("deleted", *solved, drop=2)
    hand_in("liar", ("import coursekit", f"import coursekit\n{LIES}"))
    hand_in("exits", *solved, ("def longest_run", "import os; os._exit(0)\ndef longest_run"))
    (folder / "=broken.ipynb").write_text('{"cells": [')
    (folder / "other.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook()))
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "root", lambda: root)
        grades = grading.grade(
            folder.parent, seconds=4, memory=0.7, jobs=2, done=lambda so_far: seen.append(len(so_far))
        )
    assert seen == list(range(1, len(grades) + 1)), "the table grows with each submission"
    return {grade.file.removeprefix("Zoë/").removesuffix(".ipynb"): grade for grade in grades}


@pytest.mark.parametrize(
    ("name", "points", "says"),
    [
        ("solution", {"1.2": 3, "9.4": 1}, ""),
        ("untouched", {"1.2": 0, "9.4": 0}, "1.2: "),
        ("half", {"1.2": 2, "9.4": 0}, "1.2: `kl` is right."),
        ("loop", {"1.2": 3, "9.4": 0}, "code cell 4: time-out after 4 s"),
        ("loop within the check", {"1.2": 3, "9.4": 0}, "time-out of its check"),
        ("hog", {"1.2": 0, "9.4": 0}, "GB of memory, more than 0.7 GB"),
        ("edited", {"1.2": 0, "9.4": 1}, "1.2: its check cell was edited: 0 points"),
        ("deleted", {"1.2": 0, "9.4": 1}, "1.2: its check cell is missing: 0 points"),
        ("liar", {"1.2": 0, "9.4": 0}, "1.2: `kl` is 0 for two histograms"),
        ("exits", {"1.2": 3, "9.4": 0}, "the kernel died"),
        ("=broken", {}, "which is no JSON"),
        ("other", {}, "holds none; leave it out"),
    ],
)
def test_a_submission_earns_what_its_answers_are_worth(graded, name, points, says):
    assert graded[name].points == points
    assert says in "; ".join(graded[name].remarks)
    assert bool(graded[name].remarks) == bool(says)


def test_the_table_is_read_by_a_spreadsheet_and_obeyed_by_nobody(graded):
    grades = [*graded.values(), grading.Grade("=1+1.ipynb", {"1.2": 1.5}, 4, ["\x1b[2Jcleared\nline"])]
    rows = list(csv.DictReader(io.StringIO(grading.as_csv(grades))))
    assert rows[-1] == {
        "file": "'=1+1.ipynb",
        "1.2": "1.5",
        "9.4": "",
        "points": "1.5",
        "of": "4",
        "remarks": "[2Jcleared line",
    }
    table = grading.as_table(grades)
    assert "3      1  4 of 4" in table
    assert "\x1b" not in table


def test_what_is_no_folder_of_notebooks_is_named(tmp_path):
    for folder, says in ((tmp_path, "found none"), (tmp_path / "no", "which is none")):
        with pytest.raises(CourseError, match=says):
            grading.grade(folder)
    with pytest.raises(CourseError, match="limits over 0"):
        grading.grade(tmp_path, seconds=0)
