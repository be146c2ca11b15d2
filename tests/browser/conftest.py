"""A browser, and a notebook with a live player whose grey value is its slider's value."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)

MATHS = "# Greys\n\nA title with $\\boldsymbol{x}^2$.\n\n$$\\mathbb{E}_q[\\log p(x \\mid z)] \\le 0$$"
PLAYER = """
import time
import numpy as np
from coursekit.widgets import FramePlayer

calls = []

def redraw(level, name):
    calls.append(level)
    time.sleep(0.1)
    if name == "broken":
        raise ValueError("no such grey")
    return np.full((8, 8), level)

levels = np.linspace(0, 1, 5)
frames = [[np.full((8, 8), level)] * 2 for level in levels]
FramePlayer(frames, [("level", levels), ("name", ["fine", "broken"])], redraw=redraw, title="Grey", alt="A grey square")
"""


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
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Opens a page and collects, in `page.trouble`, errors and all requests that leave `home`."""
    contexts = []

    def open_page(url, home, **options):
        contexts.append(browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.trouble = []
        inside = (home, home.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(inside) or page.trouble.append(request.url))
        page.on("requestfailed", lambda request: page.trouble.append(f"{request.url}: {request.failure}"))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def notebook(browser, tmp_path_factory):
    """An executed notebook: a heading, maths, the player, an ipywidgets slider and a figure."""
    cells = [
        nbformat.v4.new_markdown_cell(MATHS),
        nbformat.v4.new_code_cell(PLAYER),
        nbformat.v4.new_code_cell("import ipywidgets\n\nipywidgets.IntSlider(3, 0, 10)"),
        nbformat.v4.new_code_cell("import matplotlib.pyplot as plt\n\nplt.plot([1, 3, 2])\nplt.show()"),
    ]
    path = tmp_path_factory.mktemp("notebook") / "07_greys.ipynb"
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "jupyter", "execute", "--inplace", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="session")
def lab(notebook):
    """The address of a JupyterLab that serves the notebook's folder."""
    with serve_lab(notebook.parent, notebook.parent) as address:
        yield address


@contextlib.contextmanager
def serve_lab(folder, state):
    """A JupyterLab over `folder` that keeps its settings and log in `state`; yields its address."""
    settings = state / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    places = {"JUPYTER_CONFIG_DIR": ".config", "JUPYTERLAB_WORKSPACES_DIR": ".workspaces"}
    places["JUPYTERLAB_SETTINGS_DIR"] = ".settings"
    environment = os.environ | {name: str(state / place) for name, place in places.items()}
    log = state / "lab.log"
    with (
        log.open("w") as file,
        subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT) as server,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api", server, log)
            yield address
        finally:
            server.terminate()


def _wait_for(url, server, log, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not answer at {url} within {seconds} s:\n{log.read_text()[-2000:]}")
