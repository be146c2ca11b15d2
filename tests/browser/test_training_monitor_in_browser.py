import nbformat
import pytest
from test_lab_in_browser import IDLE

from conftest import serve_lab

TRAINING = """
import time

import numpy as np

from coursekit.widgets import TrainingMonitor
import keras

class FiveSeconds(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.end = time.perf_counter() + 5

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = time.perf_counter() > self.end

x = np.random.default_rng(0).random((2000, 64)).astype("float32")
model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(32, "tanh"), keras.layers.Dense(64, "sigmoid")])
model.compile("adam", "mse")
monitor = TrainingMonitor(x[:8], lambda x: {"images": x, "decoded": model(x)}, share=0.4, title="Tiny")
history = model.fit(x, x, epochs=500, verbose=0, callbacks=[monitor, FiveSeconds()])
"""
WATCH = """() => {
  window.seen = [];
  setInterval(() => {
    const pictures = [...document.querySelectorAll(".jp-OutputArea-output img")].map(image => image.src);
    if (pictures.join() !== window.seen.at(-1)?.join()) window.seen.push(pictures);
  }, 20);
}"""


@pytest.fixture
def served(tmp_path, monkeypatch):
    """The address of a JupyterLab with a notebook that trains for five seconds."""
    monkeypatch.delenv("COURSEKIT_PROGRESS", raising=False)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRAINING)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "tiny.ipynb")
    with serve_lab(tmp_path, tmp_path) as address:
        yield address


def test_the_picture_changes_during_training_and_one_stays(served, open_page, tmp_path):
    page = open_page(f"{served}/lab/tree/tiny.ipynb?reset", served)
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)
    page.evaluate(WATCH)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function("window.seen.length >= 4", timeout=60_000)
    page.screenshot(path=tmp_path / "during.png")
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_timeout(300)

    seen = page.evaluate("window.seen")
    assert max(map(len, seen)) == 1, "never two pictures"
    assert [] not in seen[1:], "it never vanishes between two redraws"
    assert len({pictures[0] for pictures in seen if pictures}) >= 4, "before, at least two during, and after"
    assert page.locator(".jp-OutputArea-output").count() == 1
    picture = page.locator(".jp-OutputArea-output img")
    assert picture.evaluate("image => image.naturalWidth") > 1000, "the last one is sharp"
    page.screenshot(path=tmp_path / "after.png")
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.trouble == []
