"""Optimizers with all their options, and mixed precision: the same steps as Keras's own, on each backend."""

import numpy as np
import pytest
import tiny
from tiny import Model, keras, layers, ops

from coursekit import models

X, Y = tiny.regression_data(64)
SGD, Adam, AdamW = keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.AdamW


def network():
    keras.utils.set_random_seed(1)
    return keras.Sequential([keras.Input((4,)), layers.Dense(8, "tanh"), layers.Dense(1)])


class Ours(Model):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def train_on(self, batch):
        x, y = batch
        return {"loss": self.minimize(lambda: ops.mean(ops.square(ops.cast(self.net(x), "float32") - y)), self.own)}

    own = None


class OfANetwork(Ours):
    @property
    def own(self):
        return self.net


@pytest.mark.parametrize(
    "make",
    [
        lambda: SGD(0.01, clipnorm=0.1),
        lambda: Adam(0.01, global_clipnorm=0.1),
        lambda: SGD(0.01, clipvalue=0.01),
        lambda: Adam(0.01, gradient_accumulation_steps=3),
        lambda: AdamW(0.01, weight_decay=0.1),
        lambda: Adam(0.01, use_ema=True, ema_momentum=0.9),
        lambda: Adam(0.01, use_ema=True, ema_overwrite_frequency=5),
        lambda: Adam(keras.optimizers.schedules.CosineDecay(0.01, 10)),
        lambda: SGD(0.01, loss_scale_factor=8.0),
    ],
    ids=["clipnorm", "global", "value", "accumulation", "decay", "ema", "overwrite", "schedule", "scale"],
)
def test_options_of_optimizers_do_what_they_do_in_keras(make):
    stock = network()
    stock.compile(make(), "mse", jit_compile=False)
    stock.fit(X, Y, batch_size=16, epochs=3, shuffle=False, verbose=0)
    for kind, name in ((Ours, "optimizer"), (OfANetwork, "net")):
        model = kind(network())
        model.compile(**{name: make()}, jit_compile=False)
        model.fit(X, Y, batch_size=16, epochs=3, shuffle=False, steps_per_stretch=3, verbose=0)
        for ours, theirs in zip(model.net.get_weights(), stock.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=2e-6)


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16"])
def policy(request):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(before)


# github.com/tensorflow/tensorflow/issues/38850, github.com/keras-team/keras-io/issues/1860
def test_every_model_trains_in_half_precision(policy):
    rng = np.random.default_rng(0)
    flat, square = rng.random((32, 64)).astype("float32"), rng.random((32, 8, 8, 1)).astype("float32")
    sizes = {"channels": (4,), "discriminator": (4,), "shape": (8, 8, 1), "latent_dim": 3, "depth": 0}
    cases = [
        (models.autoencoder.deep(2, (8,), inputs=64), flat, ("optimizer",)),
        (models.vae.dense(2, (8,), inputs=64, likelihood="gaussian"), flat, ("optimizer",)),
        (models.gan.dense(2, 64, (8,), (8,), loss="wasserstein", averaging=0.9), flat, ("generator", "discriminator")),
        (models.dcgan.fast(**sizes), square, ("generator", "discriminator")),
        (models.rotnet.small((8, 8, 1), (4, 4, 4), 8), square, ("optimizer",)),
    ]
    for model, x, names in cases:
        model.compile(**dict.fromkeys(names, "sgd"), jit_compile=False)
        losses = model.fit(x, batch_size=16, epochs=2, verbose=0).history
        assert np.isfinite(list(losses.values())).all(), (type(model).__name__, losses)
        scaled = [isinstance(each, keras.optimizers.LossScaleOptimizer) for each in model.optimizers.values()]
        assert all(scaled) == any(scaled) == (policy == "mixed_float16")
        if hasattr(model, "sample"):
            samples = model.sample(2)
            assert samples.dtype == "float32"
            assert np.isfinite(samples).all()


# github.com/keras-team/keras/issues/19244, github.com/keras-team/keras-core/pull/851
def test_a_loss_scale_that_is_too_high_is_halved():
    model = OfANetwork(network())
    scale = keras.optimizers.LossScaleOptimizer(SGD(0.01), initial_scale=3e38)
    model.compile(net=scale, jit_compile=False)
    history = model.fit(X, Y, batch_size=16, epochs=8, verbose=0).history
    assert float(np.array(scale.dynamic_scale.value)) < 3e38
    assert np.isfinite(model.net.get_weights()[0]).all()
    assert history["loss"][-1] < history["loss"][0], "and then it learns"


def test_half_precision_is_resumed(tmp_path, policy):
    def fit(epochs):
        model = OfANetwork(network())
        model.compile(net=Adam(0.01), jit_compile=False)
        model.fit(X, Y, batch_size=16, epochs=epochs, verbose=0, checkpoint=None if epochs == 5 else tmp_path / "run")
        return tiny.weights_of(model)

    keras.utils.set_random_seed(0)
    fit(2)
    np.testing.assert_array_equal(fit(4), fit(4))
