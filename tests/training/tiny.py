"""Small models that train in milliseconds, on whichever backend KERAS_BACKEND names."""

import numpy as np

from coursekit.training import Model, backend

keras = backend.load()

from keras import layers, ops  # noqa: E402


@keras.saving.register_keras_serializable("tests")
class Regression(Model):
    """y = xW + b, with everything that state can hide in: batch normalization, dropout, noise with a seed."""

    def __init__(self, width=4, noise=0.1, **kwargs):
        super().__init__(**kwargs)
        self.width, self.noise = width, noise
        self.seed = keras.random.SeedGenerator(3)
        self.net = keras.Sequential(
            [
                keras.Input((width,)),
                layers.Dense(8, "tanh"),
                layers.BatchNormalization(),
                layers.Dropout(0.1, seed=4),
                layers.Dense(1),
            ]
        )

    def call(self, x, training=False):
        return self.net(x, training=training)

    def error(self, x, y, training):
        return ops.mean(ops.square(self(x, training=training) - y))

    def train_on(self, batch):
        x, y = batch
        x = x + self.noise * keras.random.normal(ops.shape(x), seed=self.seed)
        return {"loss": self.minimize(lambda: self.error(x, y, training=True))}

    def validate_on(self, batch):
        return {"loss": self.error(*batch, training=False)}

    def get_config(self):
        return {**super().get_config(), "width": self.width, "noise": self.noise}


@keras.saving.register_keras_serializable("tests")
class GAN(Model):
    def __init__(self, k=1, **kwargs):
        super().__init__(**kwargs)
        self.k = k
        self.seed = keras.random.SeedGenerator(5)
        self.generator = keras.Sequential(
            [keras.Input((3,)), layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.Dense(2)]
        )
        self.discriminator = keras.Sequential([keras.Input((2,)), layers.Dense(8, "relu"), layers.Dense(1)])

    def fake(self, x):
        return self.generator(keras.random.normal((ops.shape(x)[0], 3), seed=self.seed), training=True)

    def train_on(self, x):
        for _ in range(self.k):
            d_loss = self.minimize(
                lambda: ops.mean(ops.softplus(-self.discriminator(x)) + ops.softplus(self.discriminator(self.fake(x)))),
                self.discriminator,
            )
        g_loss = self.minimize(lambda: ops.mean(ops.softplus(-self.discriminator(self.fake(x)))), self.generator)
        return {"d_loss": d_loss, "g_loss": g_loss}

    def get_config(self):
        return {**super().get_config(), "k": self.k}


def regression_data(examples=200, width=4):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((examples, width)).astype("float32")
    return x, (x @ np.arange(1, width + 1, dtype="float32"))[:, None]


def weights_of(model):
    return np.concatenate([keras.ops.convert_to_numpy(v.value).ravel().astype("float64") for v in model.variables])


@keras.saving.register_keras_serializable("tests")
class Mean(Model):
    """A model without layers: the mean of its data is a variable of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mean = self.add_weight(shape=(), initializer="zeros", name="mean")

    def train_on(self, x):
        return {"loss": self.minimize(lambda: ops.mean(ops.square(x - self.mean)))}
