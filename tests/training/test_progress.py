import re

import numpy as np
import pytest

from coursekit.training import backend, progress


@pytest.fixture
def train(monkeypatch, capsys):
    """A function that trains with the bar and returns what appeared on stdout."""
    monkeypatch.delenv("COURSEKIT_PROGRESS", raising=False)
    keras = backend.load()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.zeros((8, 2), "float32")

    class Slow(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            import time

            time.sleep(0.15)

    def train(data=(x, x[:, :1]), slow=False, **options):
        callbacks = progress() + [Slow()] * slow
        model.fit(*data, verbose=0, callbacks=callbacks, **options)
        heard = capsys.readouterr()
        assert heard.err == ""
        return heard.out

    return train


def test_no_bar_where_output_is_recorded(monkeypatch):
    monkeypatch.setenv("COURSEKIT_PROGRESS", "0")
    assert progress() == []


def test_a_line_on_stdout_that_clears_itself(train):
    out = train(epochs=2)
    assert "epoch 1/2" in out
    assert out.rstrip("\n").endswith("\r"), "the line was cleared"
    assert "\n" not in out.rstrip("\n"), "one line"


def test_time_left_is_known_within_a_single_epoch(train):
    out = train(epochs=1, batch_size=1, slow=True)
    shares = [int(share) for share in re.findall(r"(\d+)% \|", out)]
    assert shares == sorted(shares)
    assert any(0 < share < 100 for share in shares)
    assert re.search(r"\d\d:\d\d<00:0[01]", out)
    assert "loss=" in out


def test_a_resumed_training_begins_where_it_stopped(train):
    out = train(epochs=4, initial_epoch=3)
    assert "epoch 4/4  75%" in out


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, at the end of any such stream
def test_a_stream_of_unknown_length(train):
    keras = backend.load()
    if keras.backend.backend() != "tensorflow":
        pytest.skip("needs TensorFlow: tf.data")
    import tensorflow as tf

    x = np.zeros((8, 2), "float32")
    stream = tf.data.Dataset.from_generator(
        lambda: iter(zip(x, x[:, :1], strict=True)),
        output_signature=(tf.TensorSpec((2,), "float32"), tf.TensorSpec((1,), "float32")),
    )
    assert "epoch 1/2" in train((stream.batch(4),), epochs=2, shuffle=False)
