"""`coursekit assignment`: what it writes, and what nbgrader makes of it where nbgrader is installed."""

import ast
import importlib.util
import json
import re
import subprocess
import sys

import nbformat
import pytest
from test_grading import KL, RUN, SMOOTHED, SOURCE

from coursekit.course import CourseError, assignment
from coursekit.course.exercises import BLOCK, for_students
from coursekit.course.refresh import build, sources

LECTURES = [path for path in sources([]) if (path.parent / "exercises" / path.name).exists()]


@pytest.mark.parametrize("lecture", LECTURES, ids=lambda path: path.stem)
def test_the_release_is_what_students_have_and_the_solution_still_runs(lecture):
    source = build(lecture.parent / "exercises" / lecture.name)
    made, ours = assignment.for_nbgrader(source), for_students(source)
    for cell, mine in zip(made.cells, ours.cells, strict=True):
        if cell.cell_type != "code":
            continue
        released = BLOCK.sub(lambda match: f"{match[1]}# YOUR CODE HERE", cell.source)  # as nbgrader, with our setting
        released = released.partition("\n### BEGIN HIDDEN TESTS")[0]
        assert ast.dump(ast.parse(released)) == ast.dump(ast.parse(mine.source))
        ast.parse(cell.source)  # the hidden test and the solution are Python
        assert "# stub:" not in cell.source
    hidden = [cell.source for cell in made.cells if "BEGIN HIDDEN TESTS" in cell.source]
    assert len(hidden) == sum(cell.metadata.get("nbgrader", {}).get("grade", False) for cell in made.cells) > 0


def test_a_folder_with_other_things_keeps_them(course, tmp_path):
    out = tmp_path / "my grading"
    lecture = course / "notebooks" / "source" / "01_two.py"
    lecture.write_text("# %%\n1\n")
    with pytest.raises(CourseError, match="which has none"):
        assignment.write("01", out)
    (lecture.parent / "exercises" / "01_two.py").write_text(SOURCE)
    written = assignment.write("01", out)
    assert [path.relative_to(out).as_posix() for path in written] == [
        "source/01_two/01_two.ipynb",
        "nbgrader_config.py",
    ]
    assert assignment.write("01", out) == written, "the same again"
    written[1].write_text("c.CourseDirectory.course_id = 'mine'\n")
    assert assignment.write("01", out) == written[:1]
    assert "mine" in written[1].read_text()
    written[0].write_text("{}")
    with pytest.raises(CourseError, match="Expected no other notebook"):
        assignment.write("01", out)


NBGRADER = pytest.mark.skipif(
    importlib.util.find_spec("nbgrader") is None, reason="nbgrader is not installed (extra `grading`)"
)


def nbgrader(folder, *command):
    done = subprocess.run([sys.executable, "-m", "nbgrader", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def released(folder, name):
    """What nbgrader makes of the assignment in `folder` for students."""
    nbgrader(folder, "generate_assignment", name)
    return nbformat.read(folder / "release" / name / f"{name}.ipynb", as_version=4)


def copy_of(notebook):
    return nbformat.from_dict(json.loads(json.dumps(notebook)))


def hand_in(folder, name, student, notebook):
    handed_in = folder / "submitted" / student / name
    handed_in.mkdir(parents=True)
    nbformat.write(notebook, handed_in / f"{name}.ipynb")


def graded(folder, name, seconds):
    """{student: (points, most possible)} after nbgrader has graded, with feedback written."""
    nbgrader(folder, "autograde", name, f"--Execute.timeout={seconds}")
    nbgrader(folder, "generate_feedback", name)
    nbgrader(folder, "export", "--to", str(folder / "grades.csv"))
    rows = [line.split(",") for line in (folder / "grades.csv").read_text().splitlines()]
    columns = [rows[0].index(column) for column in ("student_id", "raw_score", "max_score")]
    return {row[columns[0]]: (float(row[columns[1]]), float(row[columns[2]])) for row in rows[1:]}


def feedback(folder, name, student):
    return (folder / "feedback" / student / name / f"{name}.html").read_text()


@NBGRADER
def test_nbgrader_releases_grades_and_gives_feedback(course, tmp_path):
    (course / "notebooks" / "source" / "exercises" / "01_two.py").write_text(SOURCE)
    (course / "notebooks" / "source" / "01_two.py").write_text("# %%\n1\n")
    folder, name = tmp_path / "grading", "01_two"
    assignment.write("01", folder)
    blank = released(folder, name)
    text = "\n".join(cell.source for cell in blank.cells)
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    assert "def kl(p, q):\n    # YOUR CODE HERE\n    return 0.0" in text

    # The rest of this test is about who earns what.
    solved = [
        ("# YOUR CODE HERE\n    return 0.0", KL),
        ("# YOUR CODE HERE\n    return np.full", SMOOTHED + "    return np.full"),
    ]
    solved += [("# YOUR CODE HERE\n    return 0", RUN)]
    solved = [(old, new.strip()) for old, new in solved]
    students = {
        "untouched": [],
        "solution": solved,
        "half": solved[:1],
        "loop": [*solved[:2], ("def longest_run", "while True: pass\ndef longest_run")],
        "edited": [*solved, ('"1.2", (kl, smoothed)', '"6.4", lambda a, b: 0')],
        "deleted": solved,
    }
    for student, changes in students.items():
        notebook = copy_of(blank)
        for old, new in changes:
            for cell in notebook.cells:
                cell.source = cell.source.replace(old, new)
        if student == "deleted":
            del notebook.cells[2]
        hand_in(folder, name, student, notebook)
    expected = {"untouched": 0, "solution": 4, "half": 2, "loop": 3, "edited": 1, "deleted": 1}
    assert graded(folder, name, 10) == {student: (points, 4) for student, points in expected.items()}
    says = {"untouched": "The grader:", "half": "`kl` is right.", "loop": "CellTimeoutError", "edited": "was edited"}
    for student, words in (says | {"deleted": "was deleted"}).items():
        assert words in feedback(folder, name, student), student


@NBGRADER
@pytest.mark.slow
@pytest.mark.parametrize("name", ["02_self_supervision", "07_variational_autoencoders"])
def test_nbgrader_grades_the_exercises_of_a_lecture(tmp_path, name):
    """Two exercises of two points each, as they stand in the course."""
    folder, number = tmp_path / "grading", int(name[:2])
    assignment.write(name, folder)
    blank = released(folder, name)
    ours = nbformat.read(folder / "source" / name / f"{name}.ipynb", as_version=4)
    marks = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n", re.MULTILINE)
    answers = {
        cell.metadata.nbgrader.grade_id: marks.sub("", cell.source + "\n")
        for cell in ours.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }

    def submission(*solved):
        """The release with the exercises of these numbers solved, and the places of its cells."""
        notebook = copy_of(blank)
        ids = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]
        for cell, cell_id in zip(notebook.cells, ids, strict=True):
            if cell_id.startswith(tuple(f"exercise_{number}_{exercise}_solution" for exercise in solved)):
                cell.source = answers[cell_id]
        return notebook, ids

    hand_in(folder, name, "untouched", blank)
    hand_in(folder, name, "solution", submission(1, 2)[0])
    hand_in(folder, name, "half", submission(1)[0])
    notebook, ids = submission(1, 2)
    del notebook.cells[ids.index(f"exercise_{number}_1")]
    hand_in(folder, name, "deleted", notebook)
    notebook, ids = submission(1, 2)
    notebook.cells[ids.index(f"exercise_{number}_1")].source = "print('right')"
    hand_in(folder, name, "edited", notebook)
    notebook, ids = submission(1, 2)
    looping = notebook.cells[ids.index(f"exercise_{number}_2") - 1]
    looping.source = f"while True:\n    pass\n{looping.source}"
    hand_in(folder, name, "loop", notebook)

    expected = {"untouched": 0, "solution": 4, "half": 2, "deleted": 2, "edited": 2, "loop": 2}
    assert graded(folder, name, 60) == {student: (points, 4) for student, points in expected.items()}
    says = {"untouched": "The grader:", "loop": "CellTimeoutError", "edited": "was edited", "deleted": "was deleted"}
    for student, words in says.items():
        assert words in feedback(folder, name, student), student
