import gc
import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from coursekit.course.kernel import kernel_spec
from coursekit.training import Model, backend
from coursekit.widgets import TrainingMonitor
from coursekit.widgets.monitor_picture import contact_sheet, paint
from coursekit.widgets.monitor_time import DrawingBudget

keras = backend.load()

# jupyter_client leaves the event loops of its blocking clients to the garbage collector, which may run in any test.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:[\s\S]*(socket|event loop|_loop):pytest.PytestUnraisableExceptionWarning"
)

SETUP = """
import time, numpy as np
from coursekit.widgets import TrainingMonitor
import keras

class Until(keras.callbacks.Callback):
    def __init__(self, seconds):
        super().__init__()
        self.end = time.perf_counter() + seconds
    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = time.perf_counter() > self.end

x = np.random.default_rng(0).random((3000, 64)).astype("float32")
model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64, "tanh"), keras.layers.Dense(64, "sigmoid")])
model.compile("adam", "mse")

def fit(monitor, seconds=60):
    model.fit(x, x, epochs=500, verbose=0, callbacks=[monitor, Until(seconds)])
"""


@pytest.fixture(scope="module")
def kernel():
    """A kernel that runs code and returns its messages [(kind, content), ...]."""
    from jupyter_client.manager import KernelManager

    class Manager(KernelManager):
        kernel_spec = property(lambda self: kernel_spec())

    manager = Manager()
    manager.start_kernel(env={k: v for k, v in os.environ.items() if k != "COURSEKIT_PROGRESS"})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(code, interrupt_after=None):
        messages = []
        if interrupt_after:
            threading.Timer(interrupt_after, manager.interrupt_kernel).start()
        client.execute_interactive(
            code, timeout=120, output_hook=lambda m: messages.append((m["header"]["msg_type"], m["content"]))
        )
        return [message for message in messages if message[0] not in ("status", "execute_input")]

    assert run(SETUP) == []
    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    gc.collect()


def displayed(messages):
    """The contents that displayed or updated a picture; they must all be of one output."""
    shown = [content for kind, content in messages if kind in ("display_data", "update_display_data")]
    assert [kind for kind, _ in messages].count("display_data") == 1, "one output, updated in place"
    assert len({content["transient"]["display_id"] for content in shown}) == 1
    assert {content["data"]["text/plain"] for content in shown} == {"<IPython.core.display.Image object>"}
    return shown


def said(messages):
    return "".join(content["text"] for kind, content in messages if kind == "stream")


@pytest.mark.parametrize(("pause", "share", "seconds"), [(0, 0.03, 4), (0.05, 0.2, 3)])
def test_it_redraws_in_a_notebook_and_keeps_to_its_share(kernel, pause, share, seconds, capsys):
    for _ in range(3):  # a picture that a busy machine holds up costs more than any before: nobody can pay ahead for it
        messages = kernel(
            f"monitor = TrainingMonitor(x[:9], lambda x: (time.sleep({pause}), model(x))[1], share={share})\n"
            f"fit(monitor, {seconds})\n"
            "import json\nprint(json.dumps([monitor.overhead, monitor.redraws, monitor.budget.spent, monitor.elapsed]))"
        )
        overhead, redraws, drawing, elapsed = json.loads(said(messages))
        with capsys.disabled():
            print(f"\nmonitor, draw sleeps {pause} s: {overhead:.2%} of {elapsed:.1f} s in {redraws} redraws")
        assert overhead == pytest.approx(drawing / elapsed)
        shown = displayed(messages)
        assert len(shown) >= redraws + 2
        assert len({content["data"]["image/png"] for content in shown}) >= redraws + 2
        last = shown[-1]["metadata"]["image/png"]
        assert last["alt"] == "Training: curves of loss over the epochs, and pictures that the model makes now"
        widths = {content["metadata"]["image/png"]["width"] for content in shown}
        assert widths == {last["width"]}, "the page stands still"
        # On a busy machine 3 % of some seconds may be too little for one.
        if overhead < 1.2 * share + 0.01 and (redraws >= 1 or share < 0.2):
            return
    pytest.fail(f"three trainings, and each time more than {share:.0%} went into drawing, or nothing was drawn")


def test_a_picture_waits_until_its_share_has_paid_for_it():
    """The rule itself, on a clock of our own: no other work on the machine can disturb it."""
    budget = DrawingBudget(share=0.05)
    budget.plan(0.08, now=0.0)
    for cost in (0.08, 0.1, 0.05, 0.125):  # none costs over a quarter more than the most expensive one before
        now = budget.next
        budget.pay(cost, now)
        assert budget.spent <= 0.05 * now + 1e-12
        assert budget.next > now


def test_a_draw_of_half_a_second_waits_its_turn(kernel):
    messages = kernel(
        "calls = []\ndef slow(x):\n    calls.append(1)\n    time.sleep(0.5)\n    return model(x)\n"
        "monitor = TrainingMonitor(x[:9], slow)\nfit(monitor, 2)\nprint(monitor.overhead, monitor.redraws, len(calls))"
    )
    assert said(messages).split()[:2] == ["0.0", "0"], "0.5 s are 3 % of 17 s"
    assert len(displayed(messages)) >= 2, "before and after"


def test_ctrl_c_leaves_the_last_picture(kernel):
    messages = kernel("monitor = TrainingMonitor(x[:9], model, title='Broken off')\nfit(monitor)", interrupt_after=1.5)
    assert [content["ename"] for kind, content in messages if kind == "error"] == ["KeyboardInterrupt"]
    shown = displayed(messages)
    assert shown[-1]["metadata"]["image/png"]["alt"].startswith("Broken off: curves of loss")
    check = "import base64\nprint(base64.b64encode(monitor.picture).decode(), monitor.running)"
    picture, running = said(kernel(check)).split()
    assert shown[-1]["data"]["image/png"].replace("\n", "") == picture
    assert running == "False"
    assert kernel("None") == [], "nothing more is drawn by later cells"


def test_a_draw_that_fails_is_said_once(kernel):
    messages = kernel(
        "def broken(x):\n    raise ValueError('no such layer')\n"
        "monitor = TrainingMonitor(x[:9], broken, share=1)\nfit(monitor, 2)\nprint(monitor.redraws > 1)"
    )
    line = "TrainingMonitor goes on without pictures: draw failed with ValueError: no such layer\n"
    assert said(messages) == line + "True\n"
    assert len(displayed(messages)) > 3, "the curves go on"


# -- where nothing is displayed ----------------------------------------------------------------------------------------


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setenv("COURSEKIT_PROGRESS", "0")


def stock(metrics=()):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((16,)),
            keras.layers.Dense(16),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.2, seed=3),
            keras.layers.Dense(16, "sigmoid"),
        ]
    )
    model.compile("adam", "mse", metrics=list(metrics))
    return model


X = np.random.default_rng(0).random((96, 16)).astype("float32")


class Autoencoder(Model):
    def __init__(self):
        super().__init__()
        self.net = stock()

    def call(self, x, training=False):
        return self.net(x, training=training)

    def train_on(self, x):
        return {"loss": self.minimize(lambda: keras.ops.mean(keras.ops.square(self(x, training=True) - x)))}


def trained(kind, callbacks):
    if kind == "stock":
        model = stock()
        model.fit(X, X, epochs=4, verbose=0, callbacks=callbacks(model))
    else:
        keras.utils.set_random_seed(0)
        model = Autoencoder()
        model.compile("adam")
        model.fit(X, epochs=4, verbose=0, steps_per_stretch=2, callbacks=callbacks(model))
    return model


@pytest.mark.parametrize("kind", ["stock", "course"])
def test_watching_changes_no_result_and_sees_the_model_of_the_moment(quiet, kind, capsys):
    seen = []

    def monitor(model):
        def draw(x):
            np.random.rand()  # noqa: NPY002 - what a careless draw does
            pictures = np.asarray(model(x, training=True))  # moves averages, draws a dropout mask
            seen.append(np.array(model.get_weights()[0]))
            return np.clip(pictures, 0, 1)

        return [TrainingMonitor(X[:4], draw)]

    watched = trained(kind, monitor)
    alone = trained(kind, lambda model: [])
    assert len(seen) == 2, "halfway and at the end"
    assert not np.array_equal(*seen)
    assert np.array_equal(seen[-1], watched.get_weights()[0])
    for ours, theirs in zip(watched.get_weights(), alone.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
    assert capsys.readouterr().out == ""


def test_on_jax_the_pictures_are_of_the_present_weights():
    pytest.importorskip("jax")
    code = "import test_training_monitor as t, os\n"
    code += "for kind in ('stock', 'course'): "
    code += "t.test_watching_changes_no_result_and_sees_the_model_of_the_moment(None, kind, t.Silent())"
    environment = {**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": os.path.dirname(__file__)}
    environment["COURSEKIT_PROGRESS"] = "0"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == ""


class Silent:
    out = ""

    def readouterr(self):
        return self


def test_it_remembers_what_history_does(quiet):
    monitor = TrainingMonitor(keys=["loss", "mae"])
    model = stock(["mae"])
    history = model.fit(X, X, validation_data=(X, X), epochs=3, verbose=0, callbacks=[monitor]).history
    assert set(monitor.curves) == set(history) == {"loss", "mae", "val_loss", "val_mae"}
    for name, values in history.items():
        assert monitor.curves[name] == [(epoch, pytest.approx(value)) for epoch, value in enumerate(values, 1)]
    monitor = TrainingMonitor(keys="mae")
    model.fit(X, X, epochs=1, verbose=0, callbacks=[monitor])
    assert set(monitor.curves) == set(monitor.trace) == {"mae"}
    assert [round(epochs * 3) for epochs, _ in monitor.trace["mae"]] == [1, 2, 3], "one epoch has curves too"


def test_bad_arguments_are_refused(quiet):
    with pytest.raises(TypeError, match="Expected draw to be a function of the inputs, got array"):
        TrainingMonitor(X, X)
    with pytest.raises(ValueError, match="Expected a draw function for the inputs, got none"):
        TrainingMonitor(X)
    for share in (0, -0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match=r"Expected share in \(0, 1\], got"):
            TrainingMonitor(share=share)
    with pytest.raises(ValueError, match=r"among the logs of this model \(loss, mae\), got 'acc'"):
        stock(["mae"]).fit(X, X, verbose=0, callbacks=[TrainingMonitor(keys=["loss", "acc"])])


def test_a_failing_draw_does_not_stop_the_training(quiet, capsys):
    monitor = TrainingMonitor(draw=lambda: np.full((2, 3, 3), 7.0))
    history = stock().fit(X, X, epochs=2, verbose=0, callbacks=[monitor])
    assert len(history.epoch) == 2
    heard = capsys.readouterr().out
    assert (
        heard.count("draw failed with ValueError: Expected what draw returns to lie in [0, 1], got values from 7") == 1
    )
    assert monitor.picture.startswith(b"\x89PNG")


def test_in_a_terminal_it_is_one_line(monkeypatch, capsys):
    monkeypatch.delenv("COURSEKIT_PROGRESS", raising=False)
    calls = []
    monitor = TrainingMonitor(X[:4], calls.append)
    stock().fit(X, X, epochs=2, verbose=0, callbacks=[monitor])
    heard = capsys.readouterr()
    assert "epoch 1/2" in heard.out
    assert heard.out.rstrip("\n").endswith("\r")
    assert (calls, monitor.picture, heard.err) == ([], None, "")


# -- the picture -------------------------------------------------------------------------------------------------------


def test_pictures_are_laid_out_row_by_row():
    shades = np.linspace(0, 1, 5)
    sheet, names = contact_sheet(np.stack([np.full((4, 4), shade) for shade in shades]))
    assert sheet.shape == (9, 14)
    assert names == []
    assert sheet[::5, ::5].tolist() == [[0, 64, 128], [191, 255, 0]]
    sheet, names = contact_sheet({"images": np.ones((3, 16)), "decoded": np.zeros((3, 16))})
    assert sheet.shape == (9, 14)
    assert names == ["images", "decoded"]
    assert sheet[::5, 0].tolist() == [255, 0]
    sheet, _ = contact_sheet(np.zeros((2, 4, 6, 3), np.uint8))
    assert sheet.shape == (4, 13, 3)
    assert (sheet[:, 6] == 255).all(), "white between"


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (np.zeros((2, 15)), r"squares \[n, height \* width\] from draw, got an array of shape \(2, 15\)"),
        (np.zeros(3), r"got an array of shape \(3,\)"),
        (np.zeros((0, 4, 4)), r"got an array of shape \(0, 4, 4\)"),
        (np.full((2, 4, 4), np.nan), "from nan"),
        ({"a": np.zeros((2, 16)), "b": np.zeros((2, 9))}, r"Expected pictures of one size from draw"),
        ({}, "Expected pictures of one size from draw, got none"),
    ],
)
def test_what_are_no_pictures_is_told(drawn, said):
    with pytest.raises(ValueError, match=said):
        contact_sheet(drawn)


def test_the_axis_is_logarithmic_where_that_helps(monkeypatch):
    from matplotlib.axes import Axes

    scales = []
    monkeypatch.setattr(Axes, "set_yscale", lambda self, scale: scales.append(scale))
    for values, expected in (([1, 0.5], []), ([9.0, 0.01], ["log"]), ([9, -1], []), ([9, np.nan, 0.01], ["log"])):
        scales.clear()
        paint("Title", "", {"loss": list(enumerate(values, 1))}, {}, None)
        assert scales == expected


def test_the_same_training_leaves_the_same_picture():
    curves = {"loss": [(1, 0.5), (2, 0.3)], "val_loss": [(1, 0.6), (2, 0.5)]}
    pictures = contact_sheet(X[:4])
    first, width = paint("Title", "2 epochs", curves, {}, pictures)
    assert first == paint("Title", "2 epochs", curves, {}, pictures)[0]
    assert width == 960
    assert len(first) < 60_000
