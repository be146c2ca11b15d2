"""What a network is, what it ends in, what of it trains; and its copies and files."""

import copy
import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import tiny

from coursekit.training import Assembled, networks

import keras  # isort: skip - after the backend
from keras import layers, ops  # isort: skip

X = np.random.default_rng(0).normal(size=(32, 2)).astype("float32")


def net(inputs, *rest):
    return keras.Sequential([keras.Input((inputs,)), *rest])


@keras.saving.register_keras_serializable("tests")
class Game(Assembled):
    """Two networks: the second one's answers are to be small, and the first one's to raise them."""

    parts = ("first", "second")

    def __init__(self, first, second, **kwargs):
        super().__init__(**kwargs)
        self.first, self.second = first, second
        self.built = True

    def train_on(self, x):
        up = self.minimize(lambda: -ops.mean(self.second(self.first(x))), self.first)
        down = self.minimize(lambda: ops.mean(ops.square(self.second(self.first(x)) + 0.1)), self.second)
        return {"up": up, "down": down}


def game(**layer):
    return Game(net(2, layers.Dense(3), layers.Dense(2)), net(2, layers.Dense(3, **layer), layers.Dense(1)))


def compiled(model, optimizer="sgd"):
    model.compile(first=keras.optimizers.get(optimizer), second=keras.optimizers.get(optimizer))
    return model


def fit(model):
    return model.fit(X, batch_size=16, epochs=1, verbose=0)


class Ops(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dense(2)

    def call(self, x):
        return ops.tanh(self.inner(x))


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ([layers.Dense(2)], "linear"),
        ([layers.Dense(2, "sigmoid"), layers.Reshape((2, 1)), layers.Dropout(0.1)], "sigmoid"),
        ([layers.Dense(2, activation=layers.LeakyReLU(0.1))], None),
        ([layers.Dense(2, keras.activations.hard_sigmoid)], "hardsigmoid"),
        ([layers.Dense(2), layers.LeakyReLU()], "leaky_relu"),
        ([layers.Lambda(keras.activations.softmax)], "softmax"),
        ([layers.Dense(2), layers.BatchNormalization()], None),
        ([Ops()], "tanh"),
    ],
)
def test_the_ending_is_found_where_it_stands(layer, name):
    assert networks.ending(net(2, *layer)) == name


def test_a_frozen_network_is_refused_and_a_part_of_one_is_not():
    model = game()
    model.second.trainable = False
    compiled(model)
    with pytest.raises(ValueError, match=r"^Expected the second .* got one that is frozen as a whole"):
        fit(model)
    no_weights = compiled(Game(net(2, layers.Rescaling(2.0)), net(2, layers.Dense(1))))
    with pytest.raises(ValueError, match=r"^Expected the first to have trainable weights, got one without any"):
        fit(no_weights)
    part = game(trainable=False)
    before = part.second.layers[0].get_weights()[0]
    fit(compiled(part))
    np.testing.assert_array_equal(before, part.second.layers[0].get_weights()[0])


def test_a_layer_frozen_between_two_fits_keeps_still():
    # https://github.com/keras-team/keras/issues/6405
    model = compiled(game())
    fit(model)
    model.second.layers[0].trainable = False
    frozen, free = (layer.get_weights()[0] for layer in model.second.layers)
    fit(model)
    np.testing.assert_array_equal(frozen, model.second.layers[0].get_weights()[0])
    assert (free != model.second.layers[1].get_weights()[0]).any()


def test_a_layer_thawed_after_compile_needs_another_one():
    # https://github.com/jacobgil/keras-dcgan/issues/19
    model = compiled(game(trainable=False))
    model.second.layers[0].trainable = True
    with pytest.raises(ValueError, match=r"^Expected a new .* for the second, .* without 2 .* frozen then. Call"):
        fit(model)
    fit(compiled(model))
    with pytest.raises(ValueError, match=r"^Expected a new optimizer for the first, .* has trained another model"):
        game().compile(**model.optimizers)


@pytest.mark.filterwarnings("ignore:Expected the training to move the first")
def test_a_training_that_moves_nothing_does_not_look_like_one():
    # https://github.com/tensorflow/tensorflow/issues/52260
    x = keras.Input((2,))
    model = compiled(Game(keras.Model(x, ops.round(layers.Dense(2)(x))), net(2, layers.Dense(1))))
    if keras.backend.backend() == "tensorflow":  # JAX's gradient of it is 0
        with pytest.raises(ValueError, match=r"^Expected a loss that depends on the weights of the first"):
            fit(model)
    else:
        with pytest.warns(UserWarning, match="Expected the training to move the first"):
            fit(model)
    dead = net(2, layers.Dense(1, bias_initializer=keras.initializers.Constant(-9.0)), layers.ReLU())
    with pytest.warns(UserWarning, match="Expected the training to move the second, got the very weights"):
        fit(compiled(Game(net(2, layers.Dense(2)), dead)))


def test_a_copy_has_weights_of_its_own():
    # https://github.com/keras-team/tf-keras/issues/44
    inner = net(2, layers.Dense(2), layers.Lambda(lambda x: 2 * x))
    for network in (
        net(2, inner, layers.Dense(1)),
        keras.Model(inner.inputs[0], layers.Dense(1)(inner.outputs[0])),
        Ops(),
    ):
        answer = np.array(network(X))
        copied = networks.copy_of(network)
        network.set_weights([0 * weight for weight in network.get_weights()])
        np.testing.assert_array_equal(answer, copied(X))
        assert not copied.trainable_variables

    class Plain(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    plain = Plain()
    np.testing.assert_array_equal(plain(X), networks.copy_of(plain)(X))

    class Unknown(keras.Model):
        def __init__(self, function):
            super().__init__()

    with pytest.raises(ValueError, match=r"^Expected a network that can be copied, got 'unknown'"):
        networks.copy_of(Unknown(abs))


def test_copies_in_memory_are_as_files():
    model = compiled(game())
    fit(model)
    for again in (copy.deepcopy(model), pickle.loads(pickle.dumps(model)), keras.models.clone_model(model)):
        assert again.second is not model.second
    np.testing.assert_array_equal(
        pickle.loads(pickle.dumps(model)).second.get_weights()[0], model.second.get_weights()[0]
    )


def test_classes_that_keras_cannot_write_or_read_are_named(tmp_path):
    # https://github.com/tensorflow/tensorflow/issues/46828
    class Scaled(keras.Model):
        def __init__(self, function):
            super().__init__()
            self.dense, self.function = layers.Dense(2), function

        def call(self, x):
            return self.function(self.dense(x))

    with pytest.raises(ValueError, match=r"^Expected the first to say how it is made.* class Scaled .* get_config\(\)"):
        Game(Scaled(ops.abs), net(2, layers.Dense(1))).get_config()
    # https://github.com/keras-team/keras/issues/20579
    first = Ops()
    first(X)
    Game(first, net(2, layers.Dense(1))).save(tmp_path / "game.keras")
    with pytest.raises(ValueError, match=r"^Expected the classes of the first to be known to Keras, got 'Ops'"):
        keras.models.load_model(tmp_path / "game.keras")
    loaded = keras.models.load_model(tmp_path / "game.keras", custom_objects={"Ops": Ops})
    np.testing.assert_array_equal(first(X), loaded.first(X))


IN_A_NEW_SESSION = """
import coursekit, json, sys
bare = sorted({"keras", "tensorflow", "jax"} & set(sys.modules))
import keras
early = "coursekit.models" in sys.modules
model = keras.models.load_model(sys.argv[1])
print(json.dumps([bare, early, type(model).__name__, model.samples]))
"""


def test_a_new_session_finds_the_classes_of_a_file(tmp_path):
    # https://github.com/googlecolab/colabtools/issues/4753
    from coursekit.models import vae

    vae.dense(inputs=4, widths=(3,), samples=7).save(tmp_path / "vae.keras")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", IN_A_NEW_SESSION, tmp_path / "vae.keras"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[], False, "VAE", 7]


def test_a_stand_in_gives_way_to_the_class_that_is_there():
    from coursekit import models, saving

    registry = keras.saving.get_custom_objects()
    saving.watch()
    assert registry["coursekit>VAE"] is models.VAE
    del registry["coursekit>VAE"]
    try:
        saving.watch()  # as of `import coursekit` after Keras
        assert isinstance(registry["coursekit>VAE"], saving.StandIn)
        again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(models.vae.dense(samples=7)))
        assert (type(again), again.samples) == (models.VAE, 7)
    finally:
        registry["coursekit>VAE"] = models.VAE


def test_the_list_of_classes_that_files_may_name_is_complete():
    import importlib
    import pkgutil

    from coursekit import models, saving

    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"coursekit.models.{module.name}")
    registered = {
        name.removeprefix("coursekit>"): value.__module__.removeprefix("coursekit.")
        for name, value in keras.saving.get_custom_objects().items()
        if name.startswith("coursekit>") and not isinstance(value, saving.StandIn)
    }
    assert registered == saving.CLASSES


def test_the_engine_asks_nothing_of_models_without_networks():
    model = tiny.Mean()
    model.compile("sgd")
    fit(model)
