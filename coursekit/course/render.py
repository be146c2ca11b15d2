"""Executed notebooks -> pages that work from a folder, with no network and no kernel."""

import importlib.resources
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from coursekit import paths, progress
from coursekit.course import (
    CourseError,
    alone,
    answer_pages,
    board,
    front_page,
    glossary,
    instructors,
    notebook_files,
    own_pictures,
    reference,
    roles,
)

STATIC = Path(__file__).parent / "static"
ICONS = "1551f4f60c37af51121f.woff2"

_CONF = f"""
project = html_title = {front_page.TITLE!r}
author = ""
extensions = ["myst_nb", "sphinx_copybutton"]
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {{"require.js": {{}}, "anywidget.js": {{}}, "embed-amd.js": {{}}}}
nb_render_image_options = {{"alt": "Picture made by the code above"}}
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 4
html_theme = "sphinx_book_theme"
html_theme_options = {{"back_to_top_button": False, "use_download_button": True, "use_fullscreen_button": False,
                      "show_navbar_depth": 1, "show_toc_level": 2, "navbar_persistent": []}}
html_context = {{"default_mode": "auto"}}
html_extra_path = ["_extra"]
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_js_files = [("pages.js", {{"defer": "defer", "priority": 900}})]
html_show_copyright = html_show_sphinx = False
# A page opened from a folder may not read its neighbors, which the search's excerpts need.
html_show_search_summary = False
mathjax_path = "mathjax.js"
copybutton_selector = "div.cell_input div.highlight pre"
"""


def render(notebooks: list[Path], out: Path, *, quiet=False) -> Path:
    """Write the pages of executed `notebooks` into the folder `out` (replaced); returns its `index.html`.

    The exercises of a lecture (`notebooks/exercises/` with its name) become a page beside it.

    Raises:
        CourseError: a notebook that is missing, was not executed, or stopped at an error; or Sphinx warns, for example
            of a link that leads nowhere.
    """
    if importlib.util.find_spec("myst_nb") is None:
        raise CourseError("Expected Sphinx and myst-nb for the pages, found none: `pip install -e '.[docs]'`.")
    if not notebooks:
        raise CourseError("Expected at least one notebook to render, got none; run `coursekit run` first.")
    started = time.monotonic()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pages-", dir=out.parent) as folder:
        source, built = Path(folder) / "source", Path(folder) / "html"
        _write_source(sorted(map(Path, notebooks), key=lambda path: path.stem), source)
        _run_sphinx(source, built, quiet)
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(built, out)
    if not quiet:
        print(f"{len(notebooks)} lectures as pages in {time.monotonic() - started:.0f} s: {out / 'index.html'}")
    return out / "index.html"


def read_executed(path: Path) -> nbformat.NotebookNode:
    """The notebook at `path`, with the pictures of its text in it.

    Raises:
        CourseError: it or a picture is missing, it has a code cell that was not executed, or it stopped at an error.
    """
    if not path.is_file():
        raise CourseError(f"Expected an executed notebook, {path}; found none; run `coursekit run {path.stem}` first.")
    notebook = notebook_files.read(path)
    own_pictures.inline(notebook, path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for number, cell in enumerate(code, 1):
        tags = cell.metadata.get("tags", [])
        failed = [output for output in cell.outputs if output.output_type == "error"]
        if failed and "raises-exception" not in tags:
            raise CourseError(
                f"Expected {path} to have run to its end, but code cell {number} of {len(code)} stopped with "
                f"{failed[0].ename}: {failed[0].evalue:.200}. Mend it, then run `coursekit run {path.stem}`."
            )
        if cell.execution_count is None and "nbval-skip" not in tags:
            raise CourseError(
                f"Expected {path} to be executed, but code cell {number} of {len(code)} was not; "
                f"run `coursekit run {path.stem}` and render what it writes."
            )
    return notebook


def title_of(notebook: nbformat.NotebookNode, otherwise: str) -> str:
    """The notebook's first heading of the first level, or `otherwise`."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
    return heading[1].replace("`", "").strip() if heading else otherwise


def anywidget_module() -> str:
    """The installed anywidget's front end as an AMD module with a name, so that no page asks a server for it."""
    text = importlib.resources.files("anywidget").joinpath("nbextension/index.js").read_text("utf-8")
    named = text.replace('define(["@jupyter-widgets/base"]', 'define("anywidget", ["@jupyter-widgets/base"]')
    if named == text:
        raise CourseError("Expected anywidget's module to be an unnamed define(...); install the locked anywidget.")
    return named


def _write_source(notebooks, source):
    lectures = {path.stem: read_executed(path) for path in notebooks}
    exercises = {stem: paths.notebooks() / "exercises" / f"{stem}.ipynb" for stem in lectures}
    exercises = {stem: notebook_files.read(path) for stem, path in exercises.items() if path.is_file()}
    pages = {f"{stem}.ipynb": notebook for stem, notebook in lectures.items()}
    pages |= {f"exercises/{stem}.ipynb": notebook for stem, notebook in exercises.items()}
    (source / "exercises").mkdir(parents=True)
    terms = {}  # the glossary, if there is one: lectures link to it
    if text := glossary.page(lectures):
        terms[Path(glossary.FILE).stem] = text
        (source / glossary.FILE).write_text(text, "utf-8")
    for name, notebook in pages.items():
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = _without_outside_links(cell.source, name, pages.keys() | {f"{term}.md" for term in terms})
            elif cell.cell_type == "code":
                _for_a_page(cell)
        _for_a_host(notebook, name)
        nbformat.write(notebook, source / name)

    static = source / "_static"
    static.mkdir()
    for name in ("mathjax.js", "require.js", "embed-amd.js", "pages.js", "pages.css"):
        shutil.copy(STATIC / name, static)
    # Where the widget manager looks for its icons, seen from a page: in one place or the other, as its parts arrive.
    icons = source / "_extra" / "@jupyter-widgets" / "html-manager" / "dist"
    icons.mkdir(parents=True)
    for place in (icons, icons.parents[1]):
        shutil.copy(STATIC / ICONS, place)
    (static / "anywidget.js").write_text(anywidget_module(), "utf-8")
    opened = [front_page.read(stem, title_of(notebook, stem), notebook) for stem, notebook in lectures.items()]
    others = _other_pages(opened, exercises)
    for name, text in others.items():
        (source / f"{name}.md").parent.mkdir(exist_ok=True)
        (source / f"{name}.md").write_text(text, "utf-8")
    for name, notebook in answer_pages.pages(opened if others else []).items():
        for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
            _for_a_page(cell)
        (source / "answers").mkdir(exist_ok=True)
        nbformat.write(notebook, source / f"{name}.ipynb")
    (source / "index.md").write_text(front_page.write(opened, list(exercises), static, [*terms, *others]), "utf-8")
    (source / "conf.py").write_text(_CONF, "utf-8")


def _other_pages(lectures, exercises) -> dict[str, str]:
    """{name: page in MyST} of what goes with the whole course, and not with some of its lectures."""
    all_of_them = {path.stem for path in paths.notebooks().glob("[0-9][0-9]_*.ipynb")}
    if not (paths.data() / "published.json").exists() or not all_of_them <= {lecture.stem for lecture in lectures}:
        return {}
    pages = {"board": board.as_page(board.rows()), "instructors": instructors.page(lectures, exercises)}
    return pages | {f"reference/{room}": text for room, text in reference.pages().items()}


def _for_a_page(cell):
    """Tells myst-nb what it should know of a code cell: the text alternatives of its pictures (one text for all of
    them), and whether the code is folded."""
    settings = {}
    if alts := [alt for output in cell.outputs if (alt := _alt(output))]:
        settings["image"] = {"alt": "; ".join(alts)}
    if roles.role(cell) == "figure":
        cell.metadata["tags"] = [*cell.metadata["tags"], "hide-input"]
        settings |= {"code_prompt_show": f"Show {_what(cell)}", "code_prompt_hide": f"Hide {_what(cell)}"}
    if settings:
        cell.metadata["mystnb"] = {**cell.metadata.get("mystnb", {}), **settings}


def _for_a_host(notebook, name):
    """Adds what opens the notebook elsewhere: the links below its title, if there are any, and the first cell, which
    the page leaves out and the notebook that it offers for download has."""
    alone.add_first_cell(notebook)
    if links := alone.buttons(name):
        title = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
        title.source = re.sub(r"^(# .+)$", rf"\1\n\n{links}", title.source, count=1, flags=re.MULTILINE)


def _what(cell) -> str:
    """What the code of a folded cell makes, as its outputs show."""
    kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
    if "image/png" in kinds:
        return "the code of this figure"
    if "text/html" in kinds:
        return "the code of this table"
    return "the code of this check" if cell.outputs else "the setup code"


def _alt(output):
    return output.get("metadata", {}).get("image/png", {}).get("alt")


def _without_outside_links(markdown, page, pages):
    """Links to files of the course that are no pages (code, lectures left out) become plain words; all others stay, so
    that Sphinx finds those that lead nowhere."""

    def replace(match):
        words, target = match["words"], match["target"]
        inside = os.path.normpath(os.path.join(os.path.dirname(page), target))
        exists = (paths.notebooks() / os.path.dirname(page) / target).exists()
        return words if exists and inside not in pages else match[0]

    return re.sub(r"(?<!!)\[(?P<words>[^\]]*)\]\((?P<target>[^)#\s:]+)(#[^)\s]*)?\)", replace, markdown)


def _run_sphinx(source, built, quiet):
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "--no-color", "-j", "auto"]
    warnings = source / "warnings.txt"
    command += ["-w", str(warnings), "-d", str(source.parent / "doctrees"), str(source), str(built)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
    with (
        subprocess.Popen(command, env=environment, **pipes) as sphinx,
        progress.bar(description="pages", total=200, delay=0, disable=quiet or progress.quiet()) as bar,
    ):
        log = []
        for line in sphinx.stdout:
            log.append(line)
            if match := re.search(r"(reading|writing)[^\[]*\[ *(\d+)%", line):
                bar.update(max(0, int(match[2]) + (100 if match[1] == "writing" else 0) - bar.n))
    if sphinx.returncode:
        said = warnings.read_text("utf-8").strip() if warnings.exists() else ""
        said = (said or "".join(log[-20:])).replace(f"{source}/", "")
        raise CourseError(f"Expected pages without warnings; Sphinx says:\n{said}\nMend the notebooks, then try again.")
