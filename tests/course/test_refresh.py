import nbformat
import pytest

from coursekit.cli import main
from coursekit.course import CourseError
from coursekit.course.refresh import build, check, compare, differing_lines, refresh, sources

EXERCISE = """# %% tags=["parameters"]
profile = "quick"

# %%
### BEGIN SOLUTION
# stub: answer = None
answer = 42
### END SOLUTION

# %%
check("0.1", answer)
"""


def test_refresh_writes_notebooks_that_a_second_run_confirms(course, write_source):
    write_source(
        "00_first",
        "print('a')\nprint('b', flush=True)\nprint(n)",
        "import ipywidgets\nunused = ipywidgets.Text()\nipywidgets.IntSlider(n)",
    )
    (course / "notebooks" / "source" / "exercises" / "00_first.py").write_text(EXERCISE)
    assert len(check([])) == 2
    assert refresh([]) == []
    assert check([]) == []
    path = course / "notebooks" / "00_first.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[1].outputs[0].text == "a\nb\n3\n"
    assert "papermill" not in path.read_text()
    assert "answer = 42" not in (course / "notebooks" / "exercises" / "00_first.ipynb").read_text()
    assert compare([]) == {"00_first": {"text": 0, "pictures": 0, "widgets": 0, "tagged": 0}}


def test_what_must_not_be_committed_leaves_the_notebook_as_it_was(course, write_source, write_lecture, capsys):
    path = write_lecture("00_first")
    before = path.read_bytes()
    write_source("00_first", "import sys\nprint('!', file=sys.stderr)")
    write_source("01_second", "1 / 0")
    assert main(["refresh"]) == 1
    said = capsys.readouterr().err
    assert "00_first: code cell 2 (`import sys`) writes to stderr: ['!']" in said
    assert "01_second failed in the cell `1 / 0`" in said
    assert path.read_bytes() == before
    assert not (course / "notebooks" / "01_second.ipynb").exists()


def test_stale_notebooks_are_found_without_execution(course, write_source, write_lecture, capsys):
    write_lecture("00_first", "print(n)")
    assert check([]) == []
    write_source("00_first", "print(n + 1)")
    (stale,) = check(["00"])
    assert "coursekit refresh 00_first" in stale
    assert main(["refresh", "--check"]) == 1
    assert stale in capsys.readouterr().out
    write_source("00_first", "print(n)")
    (course / "notebooks" / "source" / "exercises" / "00_first.py").write_text(EXERCISE)
    assert "notebooks/exercises/00_first.ipynb" in check([])[0]
    assert main(["refresh", "00", "--exercises"]) == 0
    assert check(["00"]) == [], "the exercises' notebook is written without executing the lecture"
    (course / "notebooks" / "exercises" / "09_gone.ipynb").write_text("{}")
    assert "09_gone.ipynb has no source" in check([])[0]


def test_new_text_stands_beside_old_outputs_and_new_code_is_refused(course, write_source, capsys):
    source = write_source("00_first", "import ipywidgets\nipywidgets.IntSlider(n)")
    assert main(["refresh", "00", "--text"]) == 1
    assert "never executed" in capsys.readouterr().err
    assert refresh([]) == []
    path = course / "notebooks" / "00_first.ipynb"
    before = nbformat.read(path, as_version=4)
    source.write_text("# %% [markdown]\n# Said better.\n\n" + source.read_text())
    assert main(["refresh", "00", "--text"]) == 0
    after = nbformat.read(path, as_version=4)
    assert check([]) == []
    assert after.cells[0].source == "Said better."
    assert after.metadata == before.metadata
    assert after.cells[-1].outputs == before.cells[-1].outputs != []
    source.write_text(source.read_text() + "\n# %%\nprint(n)\n")
    kept = path.read_bytes()
    assert main(["refresh", "00", "--text"]) == 1
    assert "its code has changed too" in capsys.readouterr().err
    assert path.read_bytes() == kept


def test_cells_that_only_draw_are_folded_in_the_notebook_alone(course, write_source):
    source = write_source("00_first", "print(n)", "print(n + 1)")
    source.write_text(source.read_text().replace("# %%\nprint(n)", '# %% tags=["figure"]\nprint(n)'))
    assert refresh([]) == []
    assert check([]) == []
    _, figure, other = nbformat.read(course / "notebooks" / "00_first.ipynb", as_version=4).cells
    assert figure.metadata == {"tags": ["figure"], "jupyter": {"source_hidden": True}}
    assert figure.source == "print(n)"
    assert figure.outputs[0].text == "3\n"
    assert other.metadata == {}
    assert "source_hidden" not in source.read_text()


def test_an_unknown_source_lists_the_known(course, write_source):
    write_source("00_first")
    assert sources(["0"]) == sources(["00_first"]) == sources([])
    with pytest.raises(CourseError, match="got '07'; known: 00_first"):
        sources(["07"])


def test_differing_lines_are_counted_by_kind(write_source):
    def notebook(text, picture, tagged, state):
        source = build(write_source("00_first", "1", "2"))
        one, two = source.cells[1], source.cells[2]
        two.metadata["tags"] = ["nbval-ignore-output"]
        one.outputs = [
            nbformat.v4.new_output("stream", text=text),
            nbformat.v4.new_output("display_data", {"image/png": picture, "text/plain": "<Figure>"}),
        ]
        two.outputs = [nbformat.v4.new_output("stream", text=tagged)]
        source.metadata["widgets"] = {"state": {"1": state}}
        return source

    first = notebook("a\nb\nc\n", "PNG", "1\n2\n", "x")
    assert differing_lines(first, first) == {"text": 0, "pictures": 0, "widgets": 0, "tagged": 0}
    second = notebook("a\nB\nc\nd\n", "GIF", "3\n4\n", "y")
    assert differing_lines(first, second) == {"text": 2, "pictures": 1, "widgets": 1, "tagged": 2}
