"""`minimize` takes the optimizer's step, on the network's weights and no others."""

import numpy as np
import pytest
import tiny
from tiny import Model, keras, layers, ops

from coursekit.training import jit_compile_for


def arrays(network):
    return [keras.ops.convert_to_numpy(variable.value).copy() for variable in network.trainable_variables]


class Two(Model):
    """Two scalars a and b; the loss is (a - 1)^2 + (b - 2)^2, minimized over `moved` alone."""

    def __init__(self, moved):
        super().__init__()
        start = keras.initializers.Constant(0.0)
        for name in "ab":
            net = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer=start)])
            setattr(self, name, net)
        self.moved = moved

    def train_on(self, x):
        def loss():
            return ops.mean(ops.square(self.a(x) - 1) + ops.square(self.b(x) - 2))

        return {name: self.minimize(loss, getattr(self, name)) for name in self.moved}


def test_the_step_is_gradient_descent_and_moves_one_network_only():
    model = Two("a")
    model.compile(a=keras.optimizers.SGD(0.25))
    history = model.fit(np.ones((4, 1), "float32"), batch_size=4, epochs=2, verbose=0)
    # a <- a - 0.25 * 2 (a - 1): 0, 0.5, 0.75; the losses are those before each step
    np.testing.assert_allclose(arrays(model.a)[0], [[0.75]], rtol=1e-5)
    np.testing.assert_allclose(arrays(model.b)[0], [[0.0]])
    np.testing.assert_allclose(history.history["a"], [5.0, 4.25], rtol=1e-5)


def test_a_second_step_sees_the_first():
    model = Two("ab")
    model.compile(a=keras.optimizers.SGD(0.5), b=keras.optimizers.SGD(0.5))
    history = model.fit(np.ones((4, 1), "float32"), batch_size=4, epochs=1, verbose=0)
    # the step on a goes all the way to 1, and b's loss is computed after it
    np.testing.assert_allclose([history.history["a"][0], history.history["b"][0]], [5.0, 4.0], rtol=1e-5)


class Game(Two):
    """f(a, b) = (a - 1)(b - 2): a walks down it, b walks up it; together, or one after the other."""

    def __init__(self, together):
        super().__init__("ab")
        self.together = together

    def train_on(self, x):
        def value():
            return ops.mean((self.a(x) - 1) * (self.b(x) - 2))

        if self.together:
            down, up = self.minimize(lambda: (value(), -value()), (self.a, self.b))
        else:
            down = self.minimize(value, self.a)
            up = self.minimize(lambda: -value(), self.b)
        return {"down": down, "up": up}


@pytest.mark.parametrize(("together", "b"), [(True, -0.5), (False, 0.5)])
def test_steps_at_once_start_from_the_same_weights(together, b):
    model = Game(together)
    model.compile(a=keras.optimizers.SGD(1.0), b=keras.optimizers.SGD(0.5))
    history = model.fit(np.ones((4, 1), "float32"), batch_size=4, epochs=1, verbose=0)
    # a <- 0 - (0 - 2) = 2; b <- 0 + 0.5 (a - 1), with a from before its step (0) or after it (2)
    np.testing.assert_allclose([arrays(model.a)[0].item(), arrays(model.b)[0].item()], [2.0, b], rtol=1e-5)
    assert history.history["down"] == [2.0]
    assert history.history["up"] == [-2.0 if together else 2.0]


@pytest.mark.parametrize("losses", [lambda: ops.zeros(()), lambda: (ops.zeros(()),)])
def test_steps_at_once_need_a_loss_for_each_network(losses):
    model = Two("ab")
    model.compile(a="adam", b="adam")
    model.train_on = lambda x: dict(zip("ab", model.minimize(losses, (model.a, model.b)), strict=True))
    with pytest.raises(ValueError, match="Expected a tuple of 2 losses, one for each network"):
        model.fit(np.ones((4, 1), "float32"), batch_size=4, verbose=0)


def test_the_same_weights_as_stock_keras():
    x, y = tiny.regression_data(64)

    def build():
        keras.utils.set_random_seed(1)
        return keras.Sequential(
            [keras.Input((4,)), layers.Dense(8, "tanh"), layers.BatchNormalization(), layers.Dense(1)]
        )

    class Ours(Model):
        def __init__(self, net):
            super().__init__()
            self.net = net

        def train_on(self, batch):
            x, y = batch
            return {"loss": self.minimize(lambda: ops.mean(ops.square(self.net(x, training=True) - y)))}

    stock = build()
    stock.compile(keras.optimizers.Adam(0.01), "mse")
    theirs = stock.fit(x, y, batch_size=16, epochs=5, shuffle=False, verbose=0)
    model = Ours(build())
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    ours = model.fit(x, y, batch_size=16, epochs=5, shuffle=False, steps_per_stretch=3, verbose=0)
    for a, b in zip(stock.get_weights(), model.net.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=2e-6)
    np.testing.assert_allclose(ours.history["loss"], theirs.history["loss"], rtol=1e-4)


def test_seeds_and_moving_averages_advance(gan):
    moving = gan.generator.layers[1].moving_mean
    seed, mean = np.array(gan.seed.state.value), np.array(moving.value)
    x = np.random.default_rng(0).standard_normal((40, 2)).astype("float32")
    gan.fit(x, batch_size=8, epochs=1, verbose=0)
    assert np.array(gan.seed.state.value)[1] - seed[1] == 2 * 5, "two draws in each of five steps"
    assert np.abs(np.array(moving.value) - mean).max() > 0
    assert all(int(np.array(optimizer.iterations.value)) == 5 for optimizer in gan.optimizers.values())


def test_k_steps_of_the_discriminator(gan):
    gan.k = 3
    gan.fit(np.zeros((8, 2), "float32"), batch_size=8, epochs=1, verbose=0)
    assert int(np.array(gan.optimizers["discriminator"].iterations.value)) == 3
    assert int(np.array(gan.optimizers["generator"].iterations.value)) == 1


def test_a_penalty_on_activity_counts():
    class Penalized(Model):
        def __init__(self):
            super().__init__()
            one = keras.initializers.Constant(1.0)
            code = layers.Dense(
                1, use_bias=False, kernel_initializer=one, activity_regularizer=keras.regularizers.L1(0.5)
            )
            self.net = keras.Sequential([keras.Input((1,)), code])

        def train_on(self, x):
            return {"loss": self.minimize(lambda: ops.mean(self.net(x)) * 0 + ops.sum(ops.stack(self.net.losses)))}

    model = Penalized()
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    history = model.fit(np.ones((4, 1), "float32"), batch_size=4, epochs=2, verbose=0)
    np.testing.assert_allclose(history.history["loss"], [0.5, 0.475], rtol=1e-5)


def test_errors_of_compile(gan, regression):
    adam = keras.optimizers.Adam
    with pytest.raises(ValueError, match=r"networks of GAN \(generator, discriminator\), got critic"):
        gan.compile(generator="adam", critic="adam")
    with pytest.raises(ValueError, match="got loss: losses and metrics are written in train_on"):
        regression.compile(optimizer="adam", loss="mse")
    with pytest.raises(ValueError, match="got neither"):
        regression.compile()
    with pytest.raises(ValueError, match="got both"):
        gan.compile(optimizer="adam", generator="adam")
    with pytest.raises(ValueError, match="one object for two"):
        gan.compile(generator=(shared := adam()), discriminator=shared)
    with pytest.raises(ValueError, match="call compile"):
        tiny.GAN().fit(np.zeros((8, 2), "float32"))


def test_errors_of_minimize(gan, regression):
    x = np.zeros((32, 2), "float32")
    with pytest.raises(RuntimeError, match=r"model\.train_on_batch"):
        gan.minimize(lambda: ops.sum(gan.generator(np.zeros((1, 3)))), gan.generator)
    gan.compile(generator="adam")
    with pytest.raises(ValueError, match=r"an optimizer for discriminator, got none: add discriminator=\.\.\."):
        gan.fit(x, verbose=0)
    gan.compile(optimizer="adam")
    with pytest.raises(ValueError, match="an optimizer for discriminator, got none"):
        gan.fit(x, verbose=0)
    regression.compile(net="adam")
    with pytest.raises(ValueError, match=r"the networks that have an optimizer \(net\), got no network"):
        regression.fit(*tiny.regression_data(), verbose=0)

    class Vector(tiny.Regression):
        def error(self, x, y, training):
            return ops.square(self(x) - y)

    vector = Vector()
    vector.compile(optimizer="adam")
    with pytest.raises(ValueError, match=r"a loss that is one number, got shape \(32, 1\). Take ops.mean"):
        vector.fit(*tiny.regression_data(), verbose=0)


def test_which_models_xla_compiles():
    dense = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    convolutional = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3)])
    for model in (dense, convolutional):
        before = model.jit_compile
        for on in ("cpu", "gpu"):
            yes, why = jit_compile_for(model, on)
            if keras.backend.backend() == "jax":
                assert yes
                assert "JAX" in why
            else:
                assert yes == (on == "gpu" or model is dense), why
        assert model.jit_compile == before


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="determinism is asked of TensorFlow")
def test_no_xla_with_op_determinism(run_python):
    said = run_python(
        "from tiny import keras; import tensorflow as tf; from coursekit.training import jit_compile_for\n"
        "keras.utils.set_random_seed(0); tf.config.experimental.enable_op_determinism()\n"
        "print(jit_compile_for(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])))"
    )
    assert "False" in said
    assert "determinism" in said
