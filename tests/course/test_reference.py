import ast
import re

from coursekit import paths
from coursekit.course import instructors, reference
from coursekit.course.front_page import Lecture
from coursekit.course.notebook_files import read


def test_every_public_name_has_its_place_and_no_key_is_shown():
    pages = reference.pages()
    for file in (paths.PACKAGE / "models").glob("[a-z]*.py"):
        assert f"## `coursekit.models.{file.stem}`" in pages["models"]
    assert "### `active_units(means, threshold=0.01)`" in pages["metrics"]
    assert "### class `Bound(elbo, reconstruction, kl, errors, each)`" in pages["metrics"], "a named tuple's fields"
    assert "#### `DCGAN.features(x, batch_size=500)`" in pages["models"], "a method, without its self"
    assert not re.search(r"^#.*\(self\b", "\n".join(pages.values()), re.MULTILINE)
    assert "lecture_07" not in pages["exercises"]
    assert "collapsed" not in pages["exercises"]


def test_a_docstring_becomes_markdown_that_says_the_same():
    code = '''def f(a, *b):
    """One line, `code_with_marks` and 2 * 3 < 7_000.

    Example:

        f(1)

    Args:
        a: shape [n, d],
            and more.
        b: others.
    Returns:
        a number
    """'''
    said = reference._member(ast.parse(code).body[0], "##")
    assert said == [
        "## `f(a, *b)`",
        "One line, `code_with_marks` and 2 \\* 3 \\< 7\\_000.",
        "Example:",
        "    f(1)",
        "**Args**",
        "- a: shape \\[n, d\\],\n  and more.\n- b: others.",
        "**Returns**",
        "- a number",
    ]


def test_instructors_read_the_minutes_of_every_exercise():
    for file in sorted((paths.notebooks() / "exercises").glob("*.ipynb")):
        notebook = read(file)
        checks = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        assert len(instructors.minutes_of(notebook)) == len(checks), file.name
    lecture = Lecture("05_vae", "VAE", 75, {"04_ae": False, "00_start": True})
    page = instructors.page([lecture], {})
    assert "| [5 · VAE](05_vae.ipynb) | 75 min | 4, 0 (helps) |" in page
    assert not re.search(r"\{\w+\}", page)
    for licensed in ("`celeba`", "reveal.js", "CC BY 4.0", "OFL-1.1"):
        assert licensed in page
