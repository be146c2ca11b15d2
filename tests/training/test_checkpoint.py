"""A training that is killed and resumed ends as if nothing had happened; a checkpoint that does not fit says so."""

import importlib.util
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
import tiny
from tiny import keras

from coursekit.training import TrainingDiverged, archive

_spec = importlib.util.spec_from_file_location("kills", Path(__file__).parents[1] / "faults" / "kills.py")
kills = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kills)

DATA = tiny.regression_data(96)
FIT = {"batch_size": 8, "epochs": 4, "steps_per_stretch": 5, "verbose": 0}


def new(model=tiny.Regression, rate=0.01, seed=0, **settings):
    keras.utils.set_random_seed(seed)
    model = model(**settings)
    model.compile(optimizer=keras.optimizers.Adam(rate), jit_compile=False)
    return model


class StopAt(keras.callbacks.Callback):
    """Presses Ctrl-C after some stretches."""

    def __init__(self, stretches):
        super().__init__()
        self.left = stretches

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("stretches", [1, 3, 5])  # within the first epoch, at its end, within the second
def test_ctrl_c_and_on(tmp_path, stretches):
    unbroken = new()
    expected = unbroken.fit(*DATA, **FIT)
    broken = new()
    with pytest.raises(KeyboardInterrupt, match=r"Everything is in .*run the same fit\(\) again to go on"):
        broken.fit(*DATA, **FIT, checkpoint=tmp_path / "run", callbacks=[StopAt(stretches)])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    resumed = new(seed=1)  # in a new process chance begins elsewhere
    history = resumed.fit(*DATA, **FIT, checkpoint=tmp_path / "run")
    np.testing.assert_array_equal(tiny.weights_of(resumed), tiny.weights_of(unbroken))
    assert history.history == expected.history
    assert history.epoch == expected.epoch
    again = new()
    assert again.fit(*DATA, **FIT, checkpoint=tmp_path / "run").history == expected.history, "it was done already"
    np.testing.assert_array_equal(tiny.weights_of(again), tiny.weights_of(unbroken))


def test_two_optimizers_and_more_epochs(tmp_path):
    def gan():
        keras.utils.set_random_seed(0)
        model = tiny.GAN()
        adams = {name: keras.optimizers.Adam(0.01) for name in ("generator", "discriminator")}
        model.compile(**adams, jit_compile=False)
        return model

    unbroken = gan()
    unbroken.fit(DATA[0][:, :2], **FIT)
    gan().fit(DATA[0][:, :2], **FIT | {"epochs": 2}, checkpoint=tmp_path / "run")
    second = gan()
    second.fit(DATA[0][:, :2], **FIT, checkpoint=tmp_path / "run")
    np.testing.assert_array_equal(tiny.weights_of(second), tiny.weights_of(unbroken))
    for name, optimizer in unbroken.optimizers.items():
        for ours, theirs in zip(optimizer.variables, second.optimizers[name].variables, strict=True):
            np.testing.assert_array_equal(np.array(ours.value), np.array(theirs.value))


def test_a_stream_is_resumed_at_an_epoch(tmp_path):
    class Batches(keras.utils.PyDataset):
        num_batches = 12

        def __getitem__(self, i):
            return DATA[0][i * 8 : i * 8 + 8], DATA[1][i * 8 : i * 8 + 8]

    unbroken = new()
    unbroken.fit(Batches(), epochs=3, verbose=0)
    with pytest.raises(KeyboardInterrupt, match="after epoch 1"):
        new().fit(Batches(), epochs=3, verbose=0, checkpoint=tmp_path / "run", callbacks=[StopAt(15)])
    resumed = new()
    resumed.fit(Batches(), epochs=3, verbose=0, checkpoint=tmp_path / "run")
    np.testing.assert_array_equal(tiny.weights_of(resumed), tiny.weights_of(unbroken))


def test_in_a_thread_it_saves_all_the_same(tmp_path):
    thread = threading.Thread(target=lambda: new().fit(*DATA, **FIT, checkpoint=tmp_path / "run"))
    thread.start()
    thread.join()
    assert archive.read(tmp_path / "run")[1]["position"]["epoch"] == 4


def test_another_model_another_run(tmp_path):
    path = tmp_path / "run"
    new().fit(*DATA, **FIT, checkpoint=path)
    kept = path.read_bytes()
    with pytest.raises(ValueError, match=r"one of another model \(.* 'sequential/dense/kernel', \[4, 8\]\].*\[3, 8\]"):
        new(width=3).fit(DATA[0][:, :3], DATA[1], **FIT, checkpoint=path)
    with pytest.raises(ValueError, match=r"the data \(its hash\) was"):
        new().fit(2 * DATA[0], DATA[1], **FIT, checkpoint=path)
    with pytest.raises(ValueError, match="batch_size was 8 there and is 4 here"):
        new().fit(*DATA, **FIT | {"batch_size": 4}, checkpoint=path)
    with pytest.raises(ValueError, match=r"the optimizer of the model was .*Pass what it was, or another path"):
        new(rate=0.02).fit(*DATA, **FIT, checkpoint=path)
    assert path.read_bytes() == kept


def test_a_file_of_an_older_version_is_told_so(tmp_path):
    path = tmp_path / "run"
    new().fit(*DATA, **FIT, checkpoint=path)
    arrays, about = archive.read(path)
    del about["callbacks"]
    archive.write(path, arrays, about)
    with pytest.raises(ValueError, match="of this version of coursekit, got one of an older one"):
        new().fit(*DATA, **FIT, checkpoint=path)


def test_a_truncated_file_gives_way_to_the_previous_one(tmp_path):
    path = tmp_path / "run"
    unbroken = new()
    unbroken.fit(*DATA, **FIT, checkpoint=path)
    for size in (path.stat().st_size // 2, 0):
        path.write_bytes(path.read_bytes()[:size])
        resumed = new()
        with pytest.warns(UserWarning, match="run is damaged .*: going on from run.previous"):
            resumed.fit(*DATA, **FIT, checkpoint=path)
        np.testing.assert_array_equal(tiny.weights_of(resumed), tiny.weights_of(unbroken))
        assert archive.previous(path).exists()


def test_a_flipped_byte_is_noticed(tmp_path):
    path = tmp_path / "run"
    new().fit(*DATA, **FIT, checkpoint=path)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 3] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.warns(UserWarning, match="run is damaged"):
        new().fit(*DATA, **FIT, checkpoint=path)


def test_nothing_left_to_go_on_from(tmp_path):
    path = tmp_path / "run"
    path.write_bytes(b"no checkpoint")
    with pytest.raises(ValueError, match=r"damaged or of another kind .*Delete it to start over, or pass another path"):
        new().fit(*DATA, **FIT, checkpoint=path)
    assert path.read_bytes() == b"no checkpoint"
    archive.previous(path).write_bytes(b"nor this")
    with pytest.warns(UserWarning, match="damaged"), pytest.raises(ValueError, match="both are damaged"):
        new().fit(*DATA, **FIT, checkpoint=path)


def test_weights_that_are_no_numbers_are_never_saved(tmp_path):
    path = tmp_path / "run"
    model = new()
    model.fit(*DATA, **FIT | {"epochs": 1}, checkpoint=path)
    kept = path.read_bytes()

    class Poison(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            kernel = self.model.net.layers[-1].kernel
            kernel.assign(np.full(kernel.shape, np.nan))

    with pytest.raises(
        TrainingDiverged, match=r"kernel .* became NaN or infinite at the end of epoch 2\. The last good"
    ):
        new().fit(*DATA, **FIT, checkpoint=path, callbacks=[Poison()])
    assert path.read_bytes() == kept


@pytest.mark.one_backend  # archive.py writes the file on both; what is in it on JAX, test_ctrl_c_and_on resumes from
def test_kills(tmp_path):
    assert kills.compare(3, tmp_path) == {"SIGKILL": 1, "SIGINT": 1, "write": 1}


@pytest.mark.slow
def test_thirty_kills(tmp_path):
    tally = kills.compare(30, tmp_path, seed=1)
    assert sum(tally.values()) == 30
    assert set(tally) == {"SIGKILL", "SIGINT", "write"}
