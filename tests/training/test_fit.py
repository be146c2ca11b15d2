"""`fit` is Keras's own: history, callbacks, validation, streams. And it says clearly what it cannot train on."""

import numpy as np
import pytest
import tiny
from tiny import keras, ops

from coursekit.training.feed import Feed


def test_every_example_once_an_epoch_in_an_order_of_its_own():
    keras.utils.set_random_seed(0)
    feed = Feed(np.zeros((103, 2)), None, batch_size=10, steps_per_stretch=4)
    first, second = feed.blocks(0), feed.blocks(1)
    assert first.shape == (3, 4, 10)
    assert (first[2, 2:] == -1).all(), "two steps fill the last stretch"
    seen = first[first >= 0]
    assert len(set(seen)) == 100, "three examples wait for the next epoch"
    assert set(seen) != set(second[second >= 0]) or (first != second).any()
    assert (first != second).any()
    keras.utils.set_random_seed(0)
    again = Feed(np.zeros((103, 2)), None, batch_size=10, steps_per_stretch=4)
    np.testing.assert_array_equal(first, again.blocks(0))
    np.testing.assert_array_equal(second, again.blocks(1))
    assert [feed[i].tolist() for i in range(3, 6)] == second.tolist()


def test_history_means_validation_and_callbacks(regression):
    x, y = tiny.regression_data()
    stretches, epochs = [], []
    spy = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: stretches.append(logs["loss"]),
        on_epoch_end=lambda epoch, logs: epochs.append((epoch, sorted(logs))),
    )
    history = regression.fit(
        x, y, batch_size=16, epochs=6, initial_epoch=2, steps_per_stretch=5, verbose=0,
        validation_data=(x[:50], y[:50]), callbacks=[spy],
    )  # fmt: skip
    assert history is regression.history
    assert history.epoch == [2, 3, 4, 5]
    assert epochs == [(epoch, ["loss", "val_loss"]) for epoch in (2, 3, 4, 5)]
    assert len(stretches) == 4 * 3, "12 steps are stretches of 5, 5 and 2"
    assert history.history["loss"] == stretches[2::3], "the mean of the epoch so far"
    assert history.history["val_loss"][-1] < 0.8 * history.history["val_loss"][0]
    exact = float(regression.error(x[:50], y[:50], training=False))
    assert history.history["val_loss"][-1] == pytest.approx(exact, rel=1e-4), "the last, smaller batch weighs less"
    assert regression.evaluate(x[:50], y[:50], verbose=0, return_dict=True)["loss"] == pytest.approx(exact, rel=1e-4)


def test_the_stretch_changes_nothing_but_speed():
    weights = []
    for steps in (1, 5, 50):
        keras.utils.set_random_seed(0)
        model = tiny.Regression()
        model.compile(optimizer="adam", jit_compile=False)
        model.fit(*tiny.regression_data(), batch_size=16, epochs=3, steps_per_stretch=steps, verbose=0)
        weights.append(tiny.weights_of(model))
    np.testing.assert_allclose(weights[0], weights[1], atol=1e-5)
    np.testing.assert_allclose(weights[0], weights[2], atol=1e-5)


def test_the_same_seed_the_same_weights():
    x = np.random.default_rng(0).standard_normal((64, 2)).astype("float32")
    ends = []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        model = tiny.GAN()
        model.compile(generator="adam", discriminator="adam", jit_compile=False)
        model.fit(x, batch_size=16, epochs=2, verbose=0)
        ends.append(tiny.weights_of(model))
    np.testing.assert_array_equal(ends[0], ends[1])
    assert np.abs(ends[0] - ends[2]).max() > 1e-3


def test_a_second_fit_compiles_nothing_and_takes_other_data(regression):
    traced = []
    train_on = regression.train_on
    regression.train_on = lambda batch: traced.append(1) or train_on(batch)
    x, y = tiny.regression_data()
    regression.fit(x, y, batch_size=16, verbose=0)
    once = len(traced)
    regression.fit(-x, -y, batch_size=16, verbose=0)
    assert len(traced) == once


def test_a_variable_is_swept_without_compiling_anew():
    class Scaled(tiny.Regression):
        def __init__(self):
            super().__init__()
            self.scale = keras.Variable(1.0, trainable=False, name="scale")

        def train_on(self, batch):
            return {"loss": super().train_on(batch)["loss"], "scale": self.scale * 1.0}

    model = Scaled()
    model.compile(optimizer="adam")
    data = tiny.regression_data()
    assert model.fit(*data, verbose=0).history["scale"] == [1.0]
    model.scale.assign(3.0)
    assert model.fit(*data, verbose=0).history["scale"] == [3.0]


def test_streams_go_through_keras(regression):
    x, y = tiny.regression_data(96)
    sizes = []

    class Batches(keras.utils.PyDataset):
        num_batches = 4

        def __getitem__(self, i):
            size = 10 if i == 3 else 24
            sizes.append(size)
            return x[i * 24 : i * 24 + size], y[i * 24 : i * 24 + size]

    history = regression.fit(Batches(), epochs=3, shuffle=False, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert int(np.array(regression.optimizer.iterations.value)) == 12
    regression.fit(x, y, batch_size=24, verbose=0)
    assert int(np.array(regression.optimizer.iterations.value)) == 16, "arrays after a stream"
    assert np.isfinite(regression.train_on_batch(x[:8], y[:8]))
    assert int(np.array(regression.optimizer.iterations.value)) == 17


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data")
def test_a_tf_data_stream(regression):
    import tensorflow as tf

    stream = tf.data.Dataset.from_tensor_slices(tiny.regression_data(96)).batch(24)
    history = regression.fit(stream, epochs=2, validation_data=stream, verbose=0)
    assert len(history.history["val_loss"]) == 2
    assert int(np.array(regression.optimizer.iterations.value)) == 8


def test_nested_data_and_integers():
    class Sum(tiny.Model):
        def __init__(self):
            super().__init__()
            self.net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])

        def train_on(self, batch):
            (inputs, y) = batch
            assert keras.backend.standardize_dtype(inputs["tokens"].dtype) == "uint8"
            x = inputs["x"] + ops.cast(inputs["tokens"], "float32")
            return {"loss": self.minimize(lambda: ops.mean(ops.square(self.net(x) - y)))}

    model = Sum()
    model.compile(optimizer="sgd")
    x = {"x": np.ones((20, 1)), "tokens": np.full((20, 1), 2, "uint8")}
    history = model.fit(x, np.ones((20, 1), "float64"), batch_size=5, epochs=4, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]


def test_run_eagerly_runs_python_each_time(regression):
    regression.compile(optimizer="adam", run_eagerly=True)
    seen = []
    train_on = regression.train_on
    regression.train_on = lambda batch: seen.append(1) or train_on(batch)
    regression.fit(*tiny.regression_data(48), batch_size=16, verbose=0)
    assert len(seen) >= 3


def test_an_error_in_train_on_leaves_the_model_whole(regression):
    before = tiny.weights_of(regression)
    train_on, regression.train_on = regression.train_on, lambda batch: 1 / 0
    with pytest.raises(ZeroDivisionError):
        regression.fit(*tiny.regression_data(), verbose=0)
    np.testing.assert_array_equal(tiny.weights_of(regression), before)
    regression.train_on = train_on
    regression.compile(optimizer="adam")
    regression.fit(*tiny.regression_data(), verbose=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch_size": 201}, "batch_size of at most 200, the number of examples, got 201"),
        ({"batch_size": 0}, "batch_size to be a whole number of at least 1, got 0"),
        ({"epochs": 0}, "epochs to be a whole number of at least 1, got 0"),
        ({"epochs": -3}, "epochs to be a whole number of at least 1, got -3"),
        ({"epochs": 1.5}, "epochs to be a whole number"),
        ({"steps_per_stretch": 0}, "steps_per_stretch to be a whole number"),
        (
            {"x": np.full((200, 4), np.nan)},
            "finite numbers, got 800 that are NaN or infinite .the first at index .0, 0",
        ),
        ({"y": np.where(np.arange(200) == 7, np.inf, 0.0)[:, None]}, "the first at index .7, 0"),
        ({"x": np.zeros((0, 4)), "y": np.zeros((0, 1))}, r"non-empty array of numbers, got shape \(0, 4\)"),
        ({"y": np.zeros((199, 1))}, r"same length, got shapes \(200, 4\) and \(199, 1\)"),
        ({"x": np.array([["a"] * 4] * 200)}, "array of numbers, got dtype <U1"),
        ({"shuffle": False, "batch_size": 32}, "the last 8 would never be trained on"),
    ],
)
def test_bad_input(regression, change, message):
    x, y = tiny.regression_data()
    before = tiny.weights_of(regression)
    with pytest.raises(ValueError, match=message):
        regression.fit(**{"x": x, "y": y, "verbose": 0} | change)
    np.testing.assert_array_equal(tiny.weights_of(regression), before)


def test_networks_without_shapes():
    class Unbuilt(tiny.Model):
        def __init__(self):
            super().__init__()
            self.net = keras.Sequential([keras.layers.Dense(1)])

        def call(self, x):
            return self.net(x)

        def train_on(self, batch):
            return {"loss": self.minimize(lambda: ops.mean(ops.square(self.net(batch[0]) - batch[1])))}

    model = Unbuilt()
    model.compile(optimizer="adam", jit_compile=False)
    model.fit(*tiny.regression_data(), verbose=0)
    assert model.net.layers[0].kernel.shape == (4, 1), "built by call() on one example"

    class NoCall(Unbuilt):
        call = keras.Model.call

    model = NoCall()
    model.compile(optimizer="adam")
    with pytest.raises(ValueError, match=r"unbuilt\. Start each with keras\.Input"):
        model.fit(*tiny.regression_data(), verbose=0)


def test_what_arrays_do_not_take(regression):
    for option in ({"steps_per_epoch": 3}, {"class_weight": {0: 1.0}}):
        with pytest.raises(ValueError, match=f"no {next(iter(option))} with arrays"):
            regression.fit(*tiny.regression_data(), verbose=0, **option)


def test_bad_methods(gan):
    x = np.zeros((40, 2), "float32")
    with pytest.raises(ValueError, match="GAN has no validate_on"):
        gan.fit(x, validation_data=x, verbose=0)
    with pytest.raises(ValueError, match="without sample_weight"):
        gan.train_on_batch(x, x, sample_weight=np.ones(40))

    class Nothing(tiny.Regression):
        train_on = tiny.Model.train_on

    model = Nothing()
    model.compile(optimizer="adam")
    with pytest.raises(NotImplementedError, match="Nothing does not say how it trains"):
        model.fit(*tiny.regression_data(), verbose=0)
