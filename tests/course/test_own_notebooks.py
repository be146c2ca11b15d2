"""Notebooks of an instructor's own, as other programs and machines have written them.

The addresses are those of reports about other programs that lost something, or died of an error from within."""

import base64
import codecs
import io
import json
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from coursekit import paths
from coursekit.course import CourseError, notebook_files, own_pictures, slide_parts
from coursekit.course.refresh import build
from coursekit.course.report import table
from coursekit.course.run import check_notebooks, run
from coursekit.course.slides import render_slides
from coursekit.errors import UserError

PARAMETERS = """%matplotlib inline
beta = 4.0  # beta = 1 is the plain VAE
title = "a=b"
widths = dict(
    first=32,
)
low, (high, *rest) = 0, (1,)
steps: int = 3
name: str
assert low != high"""
KERNEL = {"name": "conda-env-course-py", "display_name": "course", "language": "python"}
COLAB = {"application/vnd.jupyter.widget-state+json": {"ab": {"model_name": "IntSliderModel", "state": {}}}}


def content(*cells, **metadata):
    """A notebook as JSON, without ids of its cells."""
    notebook = json.loads(nbformat.writes(new_notebook(cells=list(cells), metadata=metadata)))
    for cell in notebook["cells"]:
        del cell["id"]
    return notebook


def write(path, notebook, mark=b"", encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mark + json.dumps(notebook, ensure_ascii=False).encode(encoding))
    return path


def picture(path=None):
    file = io.BytesIO()
    Image.new("L", (40, 30), 200).save(file, "PNG")
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.getvalue())
    return base64.b64encode(file.getvalue()).decode()


def test_a_notebook_of_another_machine_runs_here(tmp_path, monkeypatch, capsys):
    # https://github.com/nteract/papermill/issues/638 (kernel), https://github.com/nteract/papermill/issues/864 ("=")
    # https://github.com/nteract/papermill/pull/343 (braces in the path), https://github.com/nteract/papermill/pull/786
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    folder = tmp_path / "Übung {1} (neu)"
    picture(folder / "a picture.png")
    notebook = content(
        new_markdown_cell("![here](a%20picture.png)"),
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}),
        new_code_cell("print(beta, title, widths)"),
        kernelspec=KERNEL,
    )
    path = write(folder / "mein Heft.ipynb", notebook, codecs.BOM_UTF8)
    given = {"beta": 0.5, "title": "x=y", "widths": {"first": 8}}
    report = run([str(path)], out=tmp_path / "out {é}", parameters=given)
    said = capsys.readouterr().err
    assert report["notebooks"][0]["status"] == "ok", table(report)
    assert report["notebooks"][0]["cells"] == {"done": 4, "total": 4}
    assert f"mein Heft: asks for the kernel 'conda-env-course-py', runs in this Python ({sys.executable})" in said
    assert "unknown parameter" not in said
    copy = tmp_path / "out {é}" / "mein Heft.ipynb"
    executed = nbformat.read(copy, as_version=4)
    assert executed.cells[-1].outputs[0].text == "0.5 x=y {'first': 8}\n"
    assert "papermill" not in executed.cells[0].source
    own_pictures.inline(executed, copy)
    assert executed.cells[0].source.startswith("![here](data:image/png;base64,"), "its picture came along"


def test_parameters_are_what_python_assigns(tmp_path):
    # https://github.com/nteract/papermill/issues/772
    cells = [new_code_cell("other = 1"), new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    path = write(tmp_path / "a.ipynb", content(*cells))
    known = ["beta", "title", "widths", "low", "high", "rest", "steps"]
    assert notebook_files.parameters(notebook_files.read(path)) == known
    with pytest.raises(CourseError, match=r"^Expected a parameter of a, one of beta, .*, got 'first'"):
        check_notebooks([path], {"first": 1})
    cells[1].metadata.tags = []
    with pytest.raises(CourseError, match="it has none: tag the cell that assigns them `parameters`"):
        check_notebooks([write(path, content(*cells))], {"beta": 1})
    cells[1] |= {"source": "beta = = 1", "metadata": {"tags": ["parameters"]}}
    with pytest.raises(CourseError, match=r"^Expected Python in the cell tagged `parameters`, got line 1"):
        check_notebooks([write(path, content(*cells))], {"beta": 1})


@pytest.mark.parametrize("minor", range(6))
def test_notebooks_of_each_age_have_ids_and_a_language(tmp_path, minor, recwarn):
    # https://github.com/jupyter/nbformat/issues/335 (ids), https://github.com/executablebooks/MyST-NB/issues/313
    notebook = content(new_code_cell("1")) | {"nbformat_minor": minor}
    read = notebook_files.read(write(tmp_path / "a.ipynb", notebook))
    assert read.cells[0].id
    assert read.metadata.language_info.name == "python"
    assert not recwarn.list


def test_what_a_program_left_out_or_added_is_no_error(tmp_path, recwarn):
    # https://github.com/microsoft/azuredatastudio/issues/4863, https://github.com/snakemake/snakemake/issues/718
    cells = [{"cell_type": "code", "source": ["1"]}, {"cell_type": "markdown", "source": "# A", "outputs": []}]
    path = write(tmp_path / "a.ipynb", {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})
    read = notebook_files.read(path)
    assert (read.cells[0].source, read.cells[0].outputs, read.cells[1].source) == ("1", [], "# A")


def test_a_notebook_of_version_3_is_read(tmp_path):
    cells = [{"cell_type": "code", "input": ["n = 3\n", "n"], "language": "python", "outputs": [], "metadata": {}}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    assert notebook_files.read(write(tmp_path / "a.ipynb", old)).cells[0].source == "n = 3\nn"


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (b"", "utf-8")]
)
def test_what_windows_saves_is_read(tmp_path, mark, encoding):
    # https://github.com/microsoft/markitdown/pull/2425, https://github.com/jupyter/nbdime/pull/506,
    # https://github.com/AnswerDotAI/nbdev/issues/365 (CRLF within cells)
    path = write(tmp_path / "a.ipynb", content(new_code_cell("ü = 1\r\nü")), mark, encoding)
    assert notebook_files.read(path).cells[0].source == "ü = 1\nü"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "which is empty"),
        (b" \n", "which is empty"),
        (b"<!DOCTYPE html>\n<p>", r"which is no JSON .* begins with '<!DOCTYPE html>'"),
        (b"[1, 2]", "which is JSON without cells"),
        (b'{"cells": 3}', "which is JSON of another kind"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}', "which"),
        ('{"cells": ["ü"]}'.encode("latin-1"), "whose text is not UTF-8 at byte 12; save it as UTF-8"),
        (None, "which cannot be opened: No such file"),
    ],
)
def test_what_is_no_notebook_is_said(tmp_path, file, said):
    # https://github.com/jupyter/notebook/issues/3510, https://github.com/scipp/scipp/issues/149
    path = tmp_path / "a.ipynb"
    if file is not None:
        path.write_bytes(file)
    with pytest.raises(CourseError, match=rf"^Expected a Jupyter notebook, got .*a\.ipynb, {said}.*; open it in"):
        notebook_files.read(path)


def test_another_language_is_refused(tmp_path):
    path = write(tmp_path / "a.ipynb", content(new_code_cell("x <- 3"), language_info={"name": "R"}))
    with pytest.raises(CourseError, match=r"^Expected a notebook in Python, got .*, in r; run it in JupyterLab"):
        check_notebooks([path], {})


def test_the_widgets_of_colab_find_their_state(tmp_path):
    # https://github.com/jupyter/nbconvert/issues/1731, https://github.com/executablebooks/MyST-NB/issues/306
    for state in (COLAB, {"ab": {"model_name": "IntSliderModel", "state": {}}}):
        read = notebook_files.read(write(tmp_path / "a.ipynb", content(widgets=state)))
        (saved,) = read.metadata.widgets.values()
        assert saved["state"]["ab"]["model_name"] == "IntSliderModel"


def test_pictures_beside_and_within_a_notebook_come_on_slides(tmp_path):
    # https://github.com/jupyter/nbconvert/issues/1057 (<img>), https://github.com/betatim/notebook-as-pdf/issues/18
    picture(tmp_path / "my pictures" / "é.png")
    picture(tmp_path / "b(1).png")
    names = ["my%20pictures/é.png", "b(1).png", "<my pictures/é.png>", "attachment:image.png"]
    texts = ["# Own", *(f"![]({name})" for name in names), '<img width="9" src="my pictures/é.png">']
    text = "\n\n".join([*texts, "![web](https://a.b/c.png) `![](d.png)`"])
    cell = new_markdown_cell(text, attachments={"image.png": {"image/png": picture()}})
    path = write(tmp_path / "own notebook.ipynb", content(cell, widgets=COLAB))
    page = render_slides(path, tmp_path / "slides.html").read_text("utf-8")
    page = page[page.index('<main><div class="reveal">') :]
    assert page.count(f"data:image/png;base64,{picture()}") == 5
    assert "my pictures" not in page
    assert "https://a.b/c.png" in page
    notebook = notebook_files.read(path)
    own_pictures.inline(notebook, path)
    assert [part.kind for part in slide_parts.parts(notebook)].count("picture") == 5, "pictures, not notes"


@pytest.mark.parametrize("target", ["gone.png", "attachment:gone.png"])
def test_a_missing_picture_is_named(tmp_path, target):
    path = write(tmp_path / "a.ipynb", content(new_markdown_cell(f"![]({target})")))
    with pytest.raises(CourseError, match=r"^Expected the .*gone\.png.* found none; p"):
        render_slides(path, tmp_path / "slides.html")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_sources_with_the_line_ends_of_windows_give_the_same_notebook(course, write_source, mark):
    # https://github.com/jupytext/jupytext/issues/377
    source = write_source("03_small", "### BEGIN SOLUTION\nn\n### END SOLUTION", "print(n)\n\nprint('ü')")
    expected = [cell.source for cell in build(source).cells]
    text = source.read_text(encoding="utf-8")
    source.write_bytes((mark + text).replace("\n", "\r\n").encode())
    assert [cell.source for cell in build(source).cells] == expected


def test_a_report_of_another_program_is_not_lost(course, write_lecture):
    write_lecture("03_small")
    out = course / "out"
    out.mkdir()
    for mine in ("[1]", '{"passed": 3}', "no JSON"):
        (out / "report.json").write_text(mine)
        with pytest.raises(CourseError, match=r"^Expected --out without a report\.json of another program"):
            run(["03"], out=out)
        assert (out / "report.json").read_text() == mine


def test_a_folder_that_cannot_be_written_to_is_named_before_the_work(course, write_lecture, tmp_path):
    write_lecture("03_small")
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"^Expected a folder that can be written to, got .*: not a dir.*with --out"):
        run(["03"], out=tmp_path / "file" / "out")
