import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.course import CourseError
from coursekit.course.slides import render_slides


def cell(make, source, kind, **settings):
    return make(source, metadata={"slideshow": {"slide_type": kind}}, **settings)


def test_cells_become_slides_of_one_file(tmp_path):
    cells = [
        cell(new_markdown_cell, "# Autoencoders & more\n\n$x$", "slide"),
        cell(new_code_cell, "1 + 1  # shown", "-", execution_count=1),
        cell(new_markdown_cell, "## Denoising", "slide"),
        cell(new_markdown_cell, "### Noise", "subslide"),
        cell(new_markdown_cell, "only on the page", "skip"),
    ]
    path = tmp_path / "03_ae.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    text = render_slides(path, tmp_path / "slides" / "03_ae.html").read_text()
    assert "<title>Autoencoders &amp; more</title>" in text
    body = text[text.index('<div class="slides">') :]
    assert body.count("<section>") == 2 + 3, "two stacks, three slides"
    assert "shown" in body
    assert "only on the page" not in body
    assert "embed-amd" not in text, "no widget, no widget code"
    assert re.findall(r'<(?:script|link)[^>]*(?:src|href)="(?!#)[^"]*"', text) == []


def test_a_notebook_that_was_not_executed_is_refused(tmp_path):
    path = tmp_path / "03_ae.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), path)
    with pytest.raises(CourseError, match="run `coursekit run 03_ae`"):
        render_slides(path, tmp_path / "slides.html")
