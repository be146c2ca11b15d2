import inspect

import matplotlib
import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook

from coursekit import plots

matplotlib.use("agg")
rng = np.random.default_rng(0)
PICTURES = rng.random((6, 28, 28, 1))
X = [1, 2, 4]

DRAWN = {
    "images": lambda: plots.images(
        {"a": PICTURES, "b": PICTURES[:3]}, "Title", "alt", columns="123456", caption="line"
    ),
    "images, flat": lambda: plots.images({"a": PICTURES.reshape(6, -1)}, "Title", "alt"),
    "images, color": lambda: plots.images({"a": rng.random((2, 8, 8, 3))}, "Title", "alt"),
    "mosaic": lambda: plots.mosaic(PICTURES, "Title", "alt", columns=4),
    "mosaic with axes": lambda: plots.mosaic(PICTURES, "Title", "alt", extent=(0, 1, 0, 1), labels=("x, m", "y, m")),
    "lines": lambda: plots.lines(X, {"a": X, "b": X}, "Title", "alt", xlabel="x, m", ylabel="y, m", log=("x", "y")),
    "lines of their own": lambda: plots.lines(
        None, {"a": (X, X)}, "Title", "alt", xlabel="x, m", ylabel="y, m", marks={"m": 2}, guesses={"g": (2, 3)}
    ),
    "bars": lambda: plots.bars(
        {"a": 0.5, "b": 0.25}, "Title", "alt", ylabel="y, m", marks={"m": 0.3}, guesses={"g": ("b", 0)}
    ),
    "histograms": lambda: plots.histograms({"a": rng.random(9), "b": X}, "Title", "alt", xlabel="x, m", marks={"m": 1}),
    "roc": lambda: plots.roc(
        {"a": rng.random(9) + 0.1, "b": rng.random(9) + 0.5}, ([0, 1], [0, 1]), "Title", "alt", xlabel="x, m"
    ),
    "piano_roll": lambda: plots.piano_roll(
        rng.integers(0, 90, (3, 32)), "Title", "alt", names="abc", columns=2, colors=["#0072B2"] * 3
    ),
    "piano_roll, silent": lambda: plots.piano_roll(np.zeros(16, int), "Title", "alt"),
    "plane": lambda: plots.plane(
        rng.random((9, 2)),
        np.arange(9),
        PICTURES.reshape(2, 3, -1),
        (0, 1, 0, 1),
        "Title",
        "alt",
        names=("x, m", "y, m"),
    ),
    "surprises": lambda: plots.surprises("to be\nor not", np.arange(12), "Title", "alt", width=4),
    "dilations": lambda: plots.dilations((1, 2, 4), "Title", "alt"),
    "panels": lambda: plots.panels(PICTURES[:2], ["one", "two"], "alt", suptitle="Title"),
    "panels, flat": lambda: plots.panels([PICTURES[0].ravel(), PICTURES[1]], ["Title", "two"], "alt", range=None),
}
every_figure = pytest.mark.parametrize("name", DRAWN)


def said_in(figure):
    """Every text of the figure."""
    return {text.get_text() for text in figure.findobj(matplotlib.text.Text)}


@every_figure
def test_a_figure_is_returned_with_its_title_and_axes(name):
    figure = DRAWN[name]()
    assert isinstance(figure, Figure)
    figure.canvas.draw()  # and no warning, such as one of the layout or of a missing glyph
    assert "Title" in said_in(figure)
    for axis in figure.axes:
        if axis.axison and len(axis.get_yticks()) and axis.get_label() != "<colorbar>" and name != "dilations":
            place = axis.get_subplotspec()  # axes that share their labels have them at the left and at the bottom
            shared = name == "piano_roll"
            assert axis.get_ylabel() or (shared and not place.is_first_col())
            assert axis.get_xlabel() or name == "bars" or (shared and not place.is_last_row())
    assert matplotlib.pyplot.get_fignums() == [], "closed, or a lecture would keep every figure in memory"


@pytest.mark.parametrize("name", ["lines", "lines of their own", "mosaic with axes", "histograms", "roc", "plane"])
def test_axes_are_named_as_asked(name):
    said = said_in(DRAWN[name]())
    assert "x, m" in said
    assert "y, m" in said or name in ("histograms", "roc")


def test_every_function_that_draws_is_drawn_here():  # `flow` in test_flow.py
    functions = inspect.getmembers(plots, inspect.isfunction)
    makes_figures = {name for name, function in functions if "alt" in inspect.signature(function).parameters}
    assert makes_figures - {"display", "flow"} == {name.partition(",")[0].partition(" ")[0] for name in DRAWN}


@pytest.mark.parametrize(("name", "marks"), [("lines of their own", "mg"), ("bars", "mg"), ("histograms", "m")])
def test_marks_and_guesses_are_named(name, marks):
    assert set(marks) <= {text.strip() for text in said_in(DRAWN[name]())}


def test_curves_and_groups_are_told_apart_by_a_legend():
    (axis,) = DRAWN["lines"]().axes
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["a", "b"]
    assert len({line.get_color() for line in axis.get_lines()}) == 2


def test_bars_carry_their_values_and_shares_are_percents():
    assert {"0.5", "0.25"} <= said_in(DRAWN["bars"]())
    heights = {"a": 0.5, "b": 0.25}
    assert {"50.0%", "25.0%"} <= said_in(plots.bars(heights, "t", "alt", ylabel="share of x"))
    assert {"0.500", "0.250"} <= said_in(plots.bars(heights, "t", "alt", ylabel="share of x", fmt="%.3f"))


def test_a_letter_stands_on_the_color_of_its_bits():
    letters, _ = plots.surprises("ab\nc", [0, 4, 8, 99], "Title", "alt", most=8).axes
    assert [text.get_text() for text in letters.texts] == ["a", "b", "¶", "c"]
    rows = [patch.get_y() for patch in letters.patches]
    assert rows[0] == rows[1] == rows[2] == rows[3] + 1, "a line break ends its line"
    white, _, full, more = [patch.get_facecolor()[:3] for patch in letters.patches]
    assert white == (1, 1, 1)
    assert full == more, "what costs more than `most` is as dark"
    with pytest.raises(ValueError, match="bits of each, got 2 and"):
        plots.surprises("ab", [1], "Title", "alt")


def test_dilations_show_what_one_prediction_sees():
    (axis,) = plots.dilations((1, 2, 4), "Title", "alt").axes
    assert [label.get_text() for label in axis.get_yticklabels()] == [
        "letters",
        *(f"looks back {n}" for n in (1, 2, 4)),
    ]
    ground = [line for line in axis.get_lines() if list(line.get_ydata()) == [0]]
    assert sum(line.get_color() != "#d9d9d9" for line in ground) == 1 + 1 + 2 + 4
    assert len(ground) == 10, "two letters that it does not see stand beside them"
    with pytest.raises(ValueError, match="at least 1"):
        plots.dilations((), "Title", "alt")


def test_the_pictures_are_drawn_as_given():
    figure = plots.images({"a": PICTURES}, "Title", "alt")
    drawn = [axis.get_images()[0] for axis in figure.axes]
    for image, picture in zip(drawn, PICTURES, strict=True):
        np.testing.assert_array_equal(image.get_array(), picture[..., 0])
        assert image.get_clim() == (0, 1), "the same gray means the same in every picture"


def test_a_plane_shows_its_pictures_in_place():
    figure = DRAWN["plane"]()
    (sheet,) = [image for axis in figure.axes for image in axis.get_images() if image.get_array().ndim == 2]
    assert sheet.get_array().shape == (2 * 28, 3 * 28)
    np.testing.assert_array_equal(sheet.get_array()[28:, :28], PICTURES[3, ..., 0])
    assert tuple(sheet.get_extent()) == (0, 1, 0, 1)


def test_a_mosaic_runs_row_by_row_and_ends_blank():
    sheet = DRAWN["mosaic"]().axes[0].get_images()[0].get_array()
    assert sheet.shape == (2 * 28, 4 * 28)
    np.testing.assert_array_equal(sheet[:28, 28:56], PICTURES[1, ..., 0])
    np.testing.assert_array_equal(sheet[28:, :28], PICTURES[4, ..., 0])
    assert sheet[28:, 56:].sum() == 0


def test_the_style_is_the_courses():
    with matplotlib.rc_context():
        plots.style()
        assert tuple(matplotlib.rcParams["axes.prop_cycle"].by_key()["color"]) == plots.PALETTE
        assert matplotlib.rcParams["axes.titlesize"] >= 12
        assert matplotlib.rcParams["figure.facecolor"] == "white"


def test_a_table_reads_in_a_terminal_and_on_a_page():
    table = plots.table([["a<b", 0.123456], ["c", 12]], columns=("name", "value"))
    assert repr(table).splitlines() == ["name  value", "----  ------", "a<b   0.1235", "c     12"]
    page = table._repr_html_()
    assert "a&lt;b" in page
    assert page.count("<tr>") == 3


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match=r"rows of 2 cells, got \[2, 1\]"):
        plots.table([["a", 1], ["b"]], columns=("name", "value"))


@pytest.fixture(scope="module")
def executed():
    """A notebook that draws two figures and ends both cells without a semicolon."""
    from nbclient import NotebookClient

    from coursekit.course.kernel import ThisInterpreter

    cells = [
        "from coursekit import plots\nplots.style()",
        'plots.lines([1, 2], {"a": [1, 2]}, "T", "A line from 1 to 2.", xlabel="x", ylabel="y")',
        'plots.panels([[[0.0, 1.0]]], ["T"], "One pixel \\"black\\", one white.")',
    ]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_manager_class=ThisInterpreter, timeout=60).execute()
    nbformat.validate(notebook)
    return notebook


@pytest.mark.parametrize(("cell", "alt"), [(1, "A line from 1 to 2."), (2, 'One pixel "black", one white.')])
def test_a_notebook_holds_one_picture_and_its_text_alternative(executed, cell, alt):
    (output,) = executed.cells[cell].outputs
    assert output.output_type == "display_data"
    assert output.data["image/png"]
    assert output.metadata["image/png"]["alt"] == alt


def test_choosing_the_style_says_nothing(executed):
    assert executed.cells[0].outputs == []


def test_a_guess_is_a_short_mark_where_the_question_was_asked():
    (axis,) = DRAWN["bars"]().axes
    ends = [line.get_xdata() for line in axis.get_lines() if line.get_ydata()[0] == 0 and len(line.get_xdata()) == 2]
    assert [tuple(x) for x in ends] == [(1 - 0.36, 1 + 0.36)], "over the bar b, and no farther"


def test_the_name_of_a_level_stands_where_no_curve_passes():
    falling, rising = [3, 0.4, 0.4], [0.4, 0.4, 3]
    for curve, side in ((falling, "left"), (rising, "right")):
        (axis,) = plots.lines(X, {"a": curve}, "T", "alt", xlabel="x", ylabel="y", marks={"level": 0.3}).axes
        (name,) = [text for text in axis.texts if text.get_text() == "level"]
        assert (name.get_position()[0] < 0.4) == (side == "left"), (side, name.get_position())


def test_baselines_are_gray_and_ours_have_one_color():
    figure = plots.bars({"a": 1, "b": 2, "c": 3}, "T", "alt", ylabel="y", baselines=["b"])
    a, b, c = [patch.get_facecolor() for patch in figure.axes[0].patches]
    assert a == c != b
