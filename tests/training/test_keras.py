"""Each test fails when Keras changes something that the engine relies on; `coursekit.training` lists all of it."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
import tiny
from tiny import Model, keras, layers, ops

import coursekit.training
from coursekit.training import jit_compile_for
from coursekit.training.feed import Feed

TENSORFLOW = keras.backend.backend() == "tensorflow"


def test_every_test_on_the_list_exists():
    text = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    named = set(re.findall(r"test_\w+", coursekit.training.__doc__))
    assert len(named) > 10
    assert {name for name in named if f"def {name}(" not in text} == set()


@pytest.mark.skipif(TENSORFLOW, reason="TensorFlow's loop passes no state")
def test_the_state_of_jax_has_four_groups(gan):
    states = []
    train_step = gan.train_step

    def spy(state, data):
        states.append([[value.shape for value in group] for group in state])
        return train_step(state, data)

    gan.train_step = spy
    gan.fit(np.zeros((8, 2), "float32"), batch_size=4, verbose=0)
    assert states[0] == [[tuple(variable.shape) for variable in group] for group in gan._groups()]
    assert all(states[0][:3]), "weights, averages and seeds, optimizers"


def test_reading_self_model_updates_the_variables(regression):
    seen = []

    class Reader(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            _ = self.model
            seen.append(np.array(regression.net.layers[0].kernel.value))

    regression.fit(*tiny.regression_data(96), batch_size=8, steps_per_stretch=4, callbacks=[Reader()], verbose=0)
    assert len(seen) == 3
    assert all((one != other).any() for one, other in itertools.pairwise(seen)), "each stretch is seen"
    np.testing.assert_array_equal(seen[-1], np.array(regression.net.layers[0].kernel.value))


def test_stretches_are_counted_on_through_the_epochs(regression, monkeypatch):
    numbers, get = [], Feed.__getitem__
    monkeypatch.setattr(Feed, "__getitem__", lambda feed, i: numbers.append(i) or get(feed, i))
    x, y = tiny.regression_data(96)
    regression.fit(
        x, y, batch_size=8, epochs=5, initial_epoch=2, steps_per_stretch=3, validation_data=(x, y), verbose=0
    )
    assert numbers[:12] == list(range(12)), "four in each of three epochs"


def test_mixed_precision_scales_the_loss():
    class Half(Model):
        def __init__(self):
            super().__init__()
            zero = keras.initializers.Constant(0.0)
            self.net = keras.Sequential(
                [keras.Input((1,)), layers.Dense(1, kernel_initializer=zero, dtype="mixed_float16")]
            )

        def train_on(self, x):
            return {"loss": self.minimize(lambda: ops.mean(ops.square(ops.cast(self.net(x), "float32") - 1)))}

    model = Half()
    model.compile(optimizer=keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.25), initial_scale=1024))
    history = model.fit(np.ones((4, 1), "float32"), batch_size=4, verbose=0).history
    assert history["loss"] == [1.0], "not scaled"
    np.testing.assert_allclose(np.array(model.net.layers[0].kernel.value), [[0.5]], rtol=1e-3)  # 0.25 * 2


@pytest.mark.skipif(not TENSORFLOW, reason="JAX compiles everything by XLA")
def test_a_layer_without_xla_is_noticed():
    class Without(layers.Layer):
        def __init__(self):
            super().__init__()
            self.supports_jit = False

        def call(self, x):
            return x

    model = keras.Sequential([keras.Input((2,)), Without(), layers.Dense(1)])
    assert jit_compile_for(model) == (False, "a layer of the model says that it does not support XLA")
    assert jit_compile_for(keras.Sequential([keras.Input((2,)), layers.Dense(1)]), "cpu")[0]


def test_a_model_of_parts_is_saved_with_its_settings(tmp_path):
    @keras.saving.register_keras_serializable("tests")
    class Pair(coursekit.training.Assembled):
        parts, settings = ("first", "second"), ("width", "sizes", "weight", "loss")

        def __init__(self, first, second=None, width=1, sizes=(1, 2), weight=0.5, loss="mse", **kwargs):
            super().__init__(**kwargs)
            self.first, self.second, self.width, self.sizes, self.loss_name = first, second, width, tuple(sizes), loss
            self.weight = keras.Variable(weight, trainable=False)
            self.built = True

        def call(self, x):
            return self.first(x)

    model = Pair(keras.Sequential([keras.Input((2,)), layers.Dense(3)]), width=4, sizes=(5, 6), loss="mae")
    model.weight.assign(0.25)
    model.save(tmp_path / "pair.keras")
    loaded = keras.saving.load_model(tmp_path / "pair.keras")
    assert (loaded.second, loaded.width, loaded.sizes, loaded.loss_name) == (None, 4, (5, 6), "mae")
    assert float(ops.convert_to_numpy(loaded.weight.value)) == 0.25
    x = np.ones((1, 2), "float32")
    np.testing.assert_array_equal(np.array(loaded(x)), np.array(model(x)))
    assert issubclass(Pair, Model)
