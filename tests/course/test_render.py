import base64
import hashlib
import io
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from coursekit import paths
from coursekit.course import CourseError, alone, glossary
from coursekit.course.render import STATIC, anywidget_module, render


def picture():
    file = io.BytesIO()
    Image.new("L", (40, 30), 200).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def write(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells), metadata={"language_info": {"name": "python"}}), path)
    return path


def executed(source, *outputs, **metadata):
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata=metadata)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A clone of the course with two lectures, one of them with exercises, and code that a lecture may point to."""
    root = tmp_path / "clone"
    monkeypatch.setattr(paths, "root", lambda: root)
    monkeypatch.setattr(glossary, "TERMS", {"ae": "local map"})
    (root / "coursekit").mkdir(parents=True)
    (root / "coursekit" / "vae.py").write_text("")
    links = "[next](04_vae.ipynb#the-objective), [exercises](exercises/03_ae.ipynb), [code](../coursekit/vae.py)"
    data = {"image/png": picture(), "text/plain": "<Figure>"}
    image = new_output("display_data", data)
    described = new_output("display_data", data, metadata={"image/png": {"alt": "A grey square: nothing on it"}})
    text = new_output("stream", name="stdout", text="hello from the kernel")
    write(
        root / "notebooks" / "03_ae.ipynb",
        new_markdown_cell(f"# Autoencoders\n\n{links}, [later](05_gan.ipynb)\n\n$$\\min_c \\lVert x - c \\rVert^2$$"),
        new_markdown_cell("A *local map* is a picture of features.\n\n[glossary](glossary.md)"),
        executed("print('hello')", text, image),
        executed("display(figure)", described),
    )
    write(root / "notebooks" / "04_vae.ipynb", new_markdown_cell("# VAE\n\n## The objective\n\n$x$"), executed("1"))
    write(root / "notebooks" / "05_gan.ipynb", new_markdown_cell("# GAN"))
    write(
        root / "notebooks" / "exercises" / "03_ae.ipynb",
        new_markdown_cell("# Exercises: autoencoders\n\n[Back](../03_ae.ipynb)"),
        new_code_cell("answer = ..."),
    )
    return root


def test_lectures_and_exercises_become_linked_offline_pages(course, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(alone, "REPOSITORY", "https://github.com/owner/name")
    lectures = [course / "notebooks" / f"{stem}.ipynb" for stem in ("04_vae", "03_ae")]
    index = render(lectures, tmp_path / "site")
    site = index.parent
    assert index == tmp_path / "site" / "index.html"
    assert str(index) in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {"clone", "site"}, "the generated source is cleaned up"

    first = index.read_text()
    assert "<title>Unsupervised deep learning" in first
    assert first.index('href="03_ae.html"') < first.index('href="04_vae.html"')
    page = (site / "03_ae.html").read_text()
    article = page[page.index("<article") : page.index("</article>")]
    assert "hello from the kernel" in article
    assert re.findall('<img alt="([^"]+)"', article) == [
        "Picture made by the code above",
        "A grey square: nothing on it",
    ]
    assert 'href="04_vae.html#the-objective"' in article
    assert 'href="exercises/03_ae.html"' in article
    assert "code, later" in re.sub("<[^>]+>", "", article), "links to what is no page become words"
    assert 'href="../03_ae.html"' in (site / "exercises" / "03_ae.html").read_text()
    assert 'href="glossary.html"' in article
    assert "<p><strong>local map</strong>: A <em>local map</em> is a picture" in (site / "glossary.html").read_text()
    downloaded = nbformat.read(site / "_sources" / "03_ae.ipynb", as_version=4)
    assert alone.ID in [cell.id for cell in downloaded.cells], "it can be opened alone"
    assert "find_spec" not in article, "the page has no use for that cell"
    for name in ("03_ae", "exercises/03_ae"):
        html = (site / f"{name}.html").read_text()
        assert html.index("<h1>") < html.index(f'href="{alone.targets(name + ".ipynb")["Colab"]}"')
    for html in site.rglob("*.html"):
        loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="((?:https?:)?//[^"]+)', html.read_text())
        assert loaded == [], f"{html.name} loads from elsewhere"
    assert (site / "_static" / "mathjax.js").is_file()


def test_only_pages_with_widgets_load_the_widget_code(course, tmp_path):
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a", "version_major": 2, "version_minor": 0}}
    path = course / "notebooks" / "04_vae.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(executed("w", new_output("display_data", {**view, "image/png": picture()})))
    state = {"a": {"model_module": "anywidget", "model_module_version": "~0.11", "model_name": "AnyModel", "state": {}}}
    notebook.metadata.widgets = {
        "application/vnd.jupyter.widget-state+json": {"state": state, "version_major": 2, "version_minor": 0}
    }
    nbformat.write(notebook, path)
    render([path, path.with_name("03_ae.ipynb")], tmp_path / "site", quiet=True)
    with_widget, without = ((tmp_path / "site" / name).read_text() for name in ("04_vae.html", "03_ae.html"))
    for name in ("require.js", "anywidget.js", "embed-amd.js"):
        assert f"_static/{name}" in with_widget
        assert f"_static/{name}" not in without
    assert "widget-view+json" in with_widget, "the live view comes before its static twin"


def test_the_code_of_figures_is_folded_under_its_own_words(course, tmp_path):
    image = new_output("display_data", {"image/png": picture(), "text/plain": "<Figure>"})
    table = new_output("execute_result", {"text/html": "<table></table>", "text/plain": "."}, execution_count=1)
    verdict = new_output("stream", name="stdout", text="✓ it holds")
    cells = [executed("setup()", tags=["figure"]), executed("draw()", image, tags=["figure", "front"])]
    cells += [executed("table()", table, tags=["figure"]), executed("check()", verdict, tags=["figure"])]
    cells += [executed("train()", tags=["experiment"]), executed("loss()", tags=["central"])]
    path = write(course / "notebooks" / "06_new.ipynb", new_markdown_cell("# New"), *cells)
    page = (render([path], tmp_path / "site", quiet=True).parent / "06_new.html").read_text()
    folded = re.findall(r"<details.*?</details>", page, re.DOTALL)
    folded = [re.sub(r"<[^>]+>|\s+", " ", part).split() for part in folded if "cell_input" in part]
    assert [" ".join(words).partition(" Hide")[0] for words in folded] == [
        "Show the setup code",
        "Show the code of this figure",
        "Show the code of this table",
        "Show the code of this check",
    ]
    for words, source in zip(folded, ("setup ( )", "draw ( )", "table ( )", "check ( )"), strict=True):
        assert source.split()[0] in words[words.index("Hide") :], "no line of code is lost"


def test_an_own_notebook_replaces_the_pages_that_were_there(course, tmp_path, monkeypatch):
    # https://github.com/jupyter-book/jupyter-book/issues/873 (pasted), https://github.com/jupyter/nbconvert/issues/328
    monkeypatch.setenv("PYTHONIOENCODING", "cp437")  # Windows' console
    folder, out = tmp_path / "Übung 1 (neu)", tmp_path / "my site"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a b.png").write_bytes(base64.b64decode(picture()))
    out.mkdir()
    (out / "old.html").write_text("")
    text = "# Übung\n\n![pasted](attachment:image.png)\n\n![beside](img/a%20b.png)\n\n<img src='img/a b.png' alt='tag'>"
    own = new_notebook(cells=[new_markdown_cell(text), executed("1")])  # it names no language
    own.cells[0].attachments = {"image.png": {"image/png": picture()}}
    state = {"ab": {"model_name": "IntSliderModel", "state": {}}}  # as Google Colab writes it
    own.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": state}
    nbformat.write(own, folder / "mein Heft.ipynb")
    page = (render([folder / "mein Heft.ipynb"], out, quiet=True).parent / "mein Heft.html").read_text("utf-8")
    assert not (out / "old.html").exists()
    for alt in ("pasted", "beside", "tag"):
        assert re.search(rf"<img[^>]*alt=['\"]{alt}['\"]", page)
    assert page.count(f"data:image/png;base64,{picture()}") == 3


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([new_code_cell("1 + 1")], "code cell 1 of 1 was not; run `coursekit run 06_new`"),
        (
            [executed("1"), executed("1/0", new_output("error", ename="ZeroDivisionError", evalue="by zero"))],
            "code cell 2 of 2 stopped with ZeroDivisionError: by zero",
        ),
    ],
)
def test_unfinished_notebooks_are_named(course, tmp_path, cells, said):
    path = write(course / "notebooks" / "06_new.ipynb", new_markdown_cell("# New"), *cells)
    with pytest.raises(CourseError, match=said):
        render([path], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_nothing_and_missing_notebooks_are_refused(tmp_path):
    with pytest.raises(CourseError, match="at least one notebook"):
        render([], tmp_path / "site")
    with pytest.raises(CourseError, match="found none; run `coursekit run 09_none` first"):
        render([tmp_path / "09_none.ipynb"], tmp_path / "site")


def test_a_link_that_leads_nowhere_fails_and_keeps_the_old_pages(course, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("old")
    path = write(course / "notebooks" / "06_new.ipynb", new_markdown_cell("# New\n\n[gone](07_gone.ipynb)"))
    with pytest.raises(CourseError, match=r"(?s)06_new\.ipynb.*07_gone\.ipynb"):
        render([path], site, quiet=True)
    assert (site / "index.html").read_text() == "old"


@pytest.mark.parametrize("folder", [STATIC, Path(__file__).parents[1] / "browser" / "axe"], ids=lambda path: path.name)
def test_the_vendored_files_are_those_of_the_record(folder):
    entries = json.loads((folder / "VENDORED.json").read_text())
    for entry in entries:
        content = (folder / entry["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"]), entry["file"]
        assert (folder / f"LICENSE.{entry['package'].split('/')[-1]}").stat().st_size > 500
    own = {"VENDORED.json", "pages.js", "pages.css", "slides.css", "slides.js", "index.html.j2", "conf.json"}
    unknown = {path.name for path in folder.iterdir() if not path.name.startswith("LICENSE.")} - own
    assert unknown == {entry["file"] for entry in entries if not entry["file"].startswith("LICENSE.")}
    assert sum(entry["bytes"] for entry in entries) < 7e6


def test_the_installed_anywidget_gets_its_name():
    assert anywidget_module().count('define("anywidget", ["@jupyter-widgets/base"]') == 1
