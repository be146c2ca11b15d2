"""Each widget in a recorded notebook: what the file holds, and that strict nbval confirms it. One kernel, one nbval."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

CELLS = {
    "player": """
from coursekit.widgets import FramePlayer
import numpy as np
FramePlayer(np.linspace(0, 1, 48).reshape(2, 6, 4), [('x', [0, 1])], redraw=lambda x: np.full((6, 4), x))
""",
    "explorer": """
from coursekit.training import backend
keras = backend.load()
keras.utils.set_random_seed(0)
from coursekit.widgets import DecoderExplorer
DecoderExplorer(keras.Sequential([keras.Input((3,)), keras.layers.Dense(64)]), points=[[0, 1, 2]])
""",
    "game": """
from coursekit.widgets import GanGame2D
GanGame2D('moons', k=2)
""",
    "monitor": """
from coursekit.widgets import TrainingMonitor

class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise KeyboardInterrupt

x = np.random.default_rng(0).random((64, 16)).astype("float32")
model = keras.Sequential([keras.Input((16,)), keras.layers.Dense(16, "sigmoid")])
model.compile("adam", "mse")
model.fit(x, x, epochs=4, verbose=0, callbacks=[TrainingMonitor(x[:4], model)])
try:
    model.fit(x, x, verbose=0, callbacks=[TrainingMonitor(x[:4], model), Stop()])
except KeyboardInterrupt:
    print("stopped")
""",
}
WIDGET = {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}


@pytest.fixture(scope="module")
def recorded(one_kernel, tmp_path_factory):
    """(file, {name of a cell: its outputs}) of a notebook of all widgets, recorded as a student's kernel does."""
    path = tmp_path_factory.mktemp("widgets") / "widgets.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text.strip()) for text in CELLS.values()])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    one_kernel.execute(path, path, path.parent, COURSEKIT_PROGRESS="1")
    cells = nbformat.read(path, as_version=4).cells
    return path, {name: cell.outputs for name, cell in zip(CELLS, cells, strict=True)}


@pytest.fixture(scope="module")
def confirmed(recorded):
    """{name of a cell: what nbval says of it} and all that nbval printed."""
    path, _ = recorded
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-rA"]
    environment = {**os.environ, "COURSEKIT_PROGRESS": "0"}
    done = subprocess.run(
        [*command, path.name], cwd=path.parent, capture_output=True, text=True, env=environment
    ).stdout
    outcomes = re.findall(r"^(PASSED|FAILED) widgets\.ipynb::Cell \d", done, re.MULTILINE)
    return dict(zip(CELLS, outcomes, strict=True)), done


@pytest.mark.parametrize(
    ("name", "alt"),
    [
        ("player", "Frames over x, some of the frames side by side"),
        ("explorer", "What the decoder makes of the code, on a grid over z1 and z2"),
        ("game", "Data, fakes and the discriminator's verdict in the plane, and curves over 400 steps"),
    ],
)
def test_a_widget_stands_beside_its_picture(recorded, name, alt):
    (output,) = recorded[1][name]
    assert set(output.data) == WIDGET
    assert output.metadata["image/png"]["alt"] == alt


def test_the_file_is_small(recorded):
    assert recorded[0].stat().st_size < 600_000


def test_the_monitor_leaves_a_picture_for_each_training_also_for_one_that_was_stopped(recorded):
    outputs = recorded[1]["monitor"]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert [set(output.data) for output in pictures] == [{"text/plain", "image/png"}] * 2
    assert [output.text for output in outputs if output.output_type == "stream"] == ["stopped\n"]


@pytest.mark.parametrize("name", CELLS)
def test_strict_nbval_confirms(confirmed, name):
    outcomes, printed = confirmed
    assert outcomes[name] == "PASSED", printed
