import json

import nbformat
import pytest

from coursekit.course import CourseError
from coursekit.course.exercises import for_students, with_solutions
from coursekit.course.refresh import build

SOURCE = '''# %% tags=["parameters"]
profile = "quick"

# %% [markdown]
# ## Exercise 1: the mean

# %%
def mean(values):
    """The mean of numbers."""
    ### BEGIN SOLUTION
    # stub: return None
    return sum(values) / len(values)
    ### END SOLUTION

# %% points=2
check("0.1", mean([1, 2, 6]))

# %%
### BEGIN SOLUTION
# stub: scale = None
secret = 7
scale = secret - 1
### END SOLUTION

# %%
offset = 1
### BEGIN SOLUTION
offset = secret
### END SOLUTION

# %%
check("0.2", scale)
'''


@pytest.fixture
def source(tmp_path):
    def write(text):
        path = tmp_path / "00_exercise.py"
        path.write_text(text)
        return build(path)

    return write


def test_the_students_notebook_holds_no_solution_but_runs(source):
    student = for_students(source(SOURCE))
    text = nbformat.writes(student)
    for secret in ("SOLUTION", "sum(values)", "secret", "stub:"):
        assert secret not in text
    answers = {}
    code = "\n".join(cell.source for cell in student.cells if cell.cell_type == "code")
    exec(code, {"check": answers.__setitem__})
    assert answers == {"0.1": None, "0.2": None}
    assert student.cells[2].source.endswith('    """The mean of numbers."""\n    # YOUR CODE HERE\n    return None')
    assert student.cells[5].source == "offset = 1\n# YOUR CODE HERE"


def test_the_solutions_are_right(source):
    answers = {}
    notebook = with_solutions(source(SOURCE))
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    exec(code, {"check": answers.__setitem__})
    assert answers == {"0.1": 3, "0.2": 6}


def test_what_nbgrader_reads(source):
    original = source(SOURCE)
    before = json.dumps(original)
    marked = [cell.metadata.get("nbgrader") for cell in for_students(original).cells]
    assert json.dumps(original) == before
    assert marked[:2] == [None, None]
    assert [(cell["grade_id"], cell["solution"], cell["grade"], cell["locked"]) for cell in marked[2:]] == [
        ("exercise_0_1_solution", True, False, False),
        ("exercise_0_1", False, True, True),
        ("exercise_0_2_solution_1", True, False, False),
        ("exercise_0_2_solution_2", True, False, False),
        ("exercise_0_2", False, True, True),
    ]
    assert [cell.get("points") for cell in marked[2:]] == [None, 2, None, None, 1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("### END SOLUTION", "", "in pairs"),
        ("### BEGIN SOLUTION", "# BEGIN", "in pairs"),
        ('check("0.2", scale)', "print(scale)", "a check after each solution"),
        ("0.2", "0.1", "'0.1' twice"),
        ('# %% points=2\ncheck("0.1"', 'check("0.1"', "in two cells"),
        ("# stub: return None", "# nothing", None),
    ],
)
def test_a_wrong_source_is_refused(source, old, new, message):
    text = SOURCE.replace(old, new)
    if message is None:  # a docstring is a body; without it the function has none
        text, message = text.replace('    """The mean of numbers."""\n', ""), "# stub: return None"
    with pytest.raises(CourseError, match=message):
        for_students(source(text))
