"""What every lecture has, so that a student who knows one finds the way in the next."""

import ast
import re
import statistics

from coursekit import paths
from coursekit.course.roles import ROLES

SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}


def code(cells):
    return [cell.source for cell in cells if cell.cell_type == "code"]


def text(cells):
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_every_cell_has_a_slide_type(source, cells_of):
    types = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells_of(source)]
    assert set(types) <= SLIDE_TYPES, [i for i, kind in enumerate(types) if kind not in SLIDE_TYPES]
    assert types[0] == "slide", "the title is a slide"


def test_one_parameters_cell_sets_the_quick_profile_and_a_seed(source, cells_of):
    (cell,) = [cell for cell in cells_of(source) if "parameters" in cell.metadata.get("tags", [])]
    values = {}
    exec(cell.source, values)
    assert values["profile"] == "quick"
    assert isinstance(values["seed"], int)


def test_the_first_code_loads_keras_in_silence(source, cells_of):
    first_import = next(cell for cell in code(cells_of(source)) if "import " in cell)
    assert "coursekit.begin(seed)" in first_import
    before = first_import.partition("coursekit.begin(seed)")[0]
    assert "keras" not in before
    assert "tensorflow" not in before


def test_code_cells_are_short(source, cells_of):
    lengths = {cell.partition("\n")[0]: cell.count("\n") + 1 for cell in code(cells_of(source))}
    assert {first: length for first, length in lengths.items() if length > 25} == {}
    assert statistics.median(lengths.values()) <= 15


def test_code_cells_of_exercises_are_short(cells_of):
    for path in sorted((paths.notebooks() / "exercises").glob("*.ipynb")):  # without their solutions
        long = [cell.partition("\n")[0] for cell in code(cells_of(path)) if cell.count("\n") >= 25]
        assert long == [], path.name


def test_a_lecture_says_whether_it_worked(lecture, cells_of):
    everything = "\n".join(code(cells_of(lecture)))
    assert "coursekit.expect(" in everything
    assert "coursekit.show(" in everything
    assert "plots." in everything


def test_each_code_cell_has_one_role(source, cells_of):
    tags = [cell.metadata.get("tags", []) for cell in cells_of(source) if cell.cell_type == "code"]
    assert [each for each in tags if sum(role in each for role in ROLES) != 1] == []
    assert any("central" in each for each in tags), "no code to change"


def test_one_picture_stands_for_the_lecture_on_the_first_page(source, cells_of):
    assert sum("front" in cell.metadata.get("tags", []) for cell in cells_of(source)) == 1


def test_a_lecture_asks_before_it_tells(lecture, cells_of):
    paragraphs = text(cells_of(lecture)).split("\n\n")
    for kind in ("> **Predict.**", "> **Try it.**"):
        assert sum(paragraph.startswith(kind) for paragraph in paragraphs) >= 3, kind
    everything = text(cells_of(lecture))
    written = re.findall(r"^.*\*\*(?:Predict|Try it)\b.*$", everything, re.MULTILINE)
    assert [line for line in written if not re.match(r"> \*\*(Predict|Try it)\.\*\* \S", line)] == []


def test_a_lecture_ends_alike(lecture, cells_of):
    sections = re.findall(r"^## (.+)$", text(cells_of(lecture)), re.MULTILINE)
    assert sections[-3:] == ["Exercises", "Summary", "References"]
    assert text(cells_of(lecture)).startswith("# ")


def test_a_lecture_says_what_one_will_be_able_to_do_and_in_how_long(lecture, cells_of):
    opening = cells_of(lecture)[0].source
    assert "You will be able to" in opening
    assert re.search(r"minutes? to", opening)


def test_figures_have_a_text_alternative(source, cells_of):
    """`images` and all others of `coursekit.plots` take it as an argument that must be given; it may not be empty."""
    for cell in code(cells_of(source)):
        assert not re.search(r'alt=(""|\'\')', cell), cell
        assert "plt.show" not in cell, "figures go through coursekit.plots"


def test_links_to_other_notebooks_lead_somewhere(source, cells_of):
    folder = paths.notebooks()
    for target in re.findall(r"\]\(([^)#]+\.ipynb)[^)]*\)", text(cells_of(source))):
        name = target.removeprefix("exercises/").removesuffix(".ipynb")
        place = "source/exercises" if target.startswith("exercises/") else "source"
        assert (folder / place / f"{name}.py").exists(), f"{target} is not there"


def test_tables_players_and_sources_are_the_last_thing_in_their_cell(source, cells_of):
    """Only the last value of a cell is shown; figures show themselves."""
    shown = re.compile(r"plots\.table|widgets\.\w+|coursekit\.show")
    lost = [
        ast.unparse(statement)[:60]
        for cell in code(cells_of(source))
        for statement in ast.parse(cell).body[:-1]
        if isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and shown.fullmatch(ast.unparse(statement.value.func))
    ]
    assert lost == []
