"""A browser, a JupyterLab, and one site of the small notebooks that all tests of this folder look at."""

import nbformat
import pytest
from cells import ASKED, FIGURE, GAME, HALVES, MANY, MATHS, MELODIES, PLAYER, POINTS, SLIDER
from lab import ARGUMENTS, CHROMIUM, IDLE, serve_lab
from visit import visited

from coursekit import paths
from coursekit.course.render import render


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("needs Chromium or Chrome on the PATH: install it to run the browser tests")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[dev]'")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Opens a page as `visited` does."""
    contexts = []

    def open_page(url, home, **options):
        contexts.append(browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options}))
        return visited(contexts[-1], url, home)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def new_notebook():
    def new_notebook(title, *texts):
        cells = [nbformat.v4.new_markdown_cell(title)] * bool(title)
        cells += [nbformat.v4.new_code_cell(text.strip()) for text in texts]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return notebook

    return new_notebook


@pytest.fixture(scope="session")
def greys(new_notebook):
    """A heading, maths, a player whose grey value is its slider's value, an ipywidgets slider and a figure."""
    return new_notebook(MATHS, PLAYER, SLIDER, FIGURE)


@pytest.fixture(scope="session")
def executed(browser, one_kernel, greys, new_notebook, tmp_path_factory):
    """The folder of four executed notebooks: melodies, greys, planes (decoder explorers), games."""
    folder = tmp_path_factory.mktemp("executed")
    notebooks = {
        "06_melodies": new_notebook("# Melodies", MELODIES),
        "07_greys": greys,
        "07_planes": new_notebook("# A plane", HALVES, MANY, ASKED),
        "08_games": new_notebook("# A game", GAME, POINTS),
    }
    for name, notebook in notebooks.items():
        path = folder / f"{name}.ipynb"
        nbformat.write(notebook, path)
        one_kernel.execute(path, path, folder)
    return folder


@pytest.fixture(scope="session")
def site(executed, tmp_path_factory):
    """The folder of their pages."""
    return render(sorted(executed.glob("*.ipynb")), tmp_path_factory.mktemp("pages") / "site", quiet=True).parent


@pytest.fixture(scope="session")
def course_site(browser, tmp_path_factory):
    """The folder of the pages of the committed lectures."""
    lectures = sorted(paths.notebooks().glob("[0-9][0-9]_*.ipynb"))
    return render(lectures, tmp_path_factory.mktemp("course") / "site", quiet=True).parent


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """A `Lab` over an empty folder."""
    folder = tmp_path_factory.mktemp("lab")
    with serve_lab(folder, folder) as serving:
        yield serving


@pytest.fixture(scope="session")
def lab_context(browser):
    """One for all visits to the lab: its code is read once."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context
    context.close()


@pytest.fixture
def open_in_lab(lab, lab_context):
    """Opens a notebook in JupyterLab and, when its kernel is idle, returns the page."""
    pages = []

    def open_in_lab(notebook, name, width=1200, height=900):
        pages.append(visited(lab_context, lab.serve(notebook, name), lab.address))
        pages[-1].set_viewport_size({"width": width, "height": height})
        pages[-1].wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        pages[-1].wait_for_function(IDLE, timeout=60_000)
        return pages[-1]

    yield open_in_lab
    for page in pages:
        page.close()
