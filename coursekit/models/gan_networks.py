"""The networks of `gan.py`: pairs (generator, discriminator)."""

import math

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_positive, check_sizes
from coursekit.training.randomness import uniform


@keras.saving.register_keras_serializable("coursekit")
class Maxout(layers.Layer):
    """The largest of `pieces` linear functions of the inputs, for each of `units` outputs (Goodfellow et al., "Maxout
    Networks", ICML 2013): [n, inputs] -> [n, units]. kernel_initializer: of the linear functions."""

    def __init__(self, units, pieces=5, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        units, pieces = check_positive(units=units, pieces=pieces)
        self.units, self.pieces = units, pieces
        self.linear = layers.Dense(units * pieces, kernel_initializer=kernel_initializer)

    def build(self, shape):
        self.linear.build(shape)

    def call(self, x):
        return ops.max(ops.reshape(self.linear(x), (-1, self.units, self.pieces)), axis=-1)

    def compute_output_shape(self, shape):
        return (*shape[:-1], self.units)

    def get_config(self):
        initializer = keras.initializers.serialize(self.linear.kernel_initializer)
        sizes = {"units": self.units, "pieces": self.pieces}
        return {**super().get_config(), **sizes, "kernel_initializer": initializer}


@keras.saving.register_keras_serializable("coursekit")
class Dropout(layers.Dropout):
    """Keras's, with random numbers of `coursekit.training.randomness`: with Keras's own, a step of the maxout networks
    under XLA on a CPU takes one and a half times as long."""

    def call(self, x, training=False):
        if not training or not self.rate:
            return x
        kept = uniform(ops.shape(x), self.seed_generator) >= self.rate
        return ops.where(kept, x / (1 - self.rate), 0.0)


def dense(latent_dim, shape, generator, discriminator, activation, output, initializer):
    """Dense layers; the arguments are those of `gan.dense`."""
    latent_dim = check_positive(latent_dim=latent_dim)
    shape = check_sizes(shape=shape) if np.ndim(shape) else (check_positive(shape=shape),)
    generator, discriminator = check_sizes(generator=generator, discriminator=discriminator)
    layer = lambda width, activation: layers.Dense(width, activation=activation, kernel_initializer=initializer)
    up = [*[layer(width, activation) for width in generator], layer(math.prod(shape), output)]
    down = [*[layer(width, activation) for width in discriminator], layer(1, None)]
    if len(shape) > 1:
        up, down = [*up, layers.Reshape(shape)], [layers.Flatten(), *down]
    return _pair(latent_dim, up, shape, down)


def maxout(latent_dim, inputs, generator, units, pieces):
    """Rectifiers, and maxout with dropout; the arguments are those of `gan.maxout`."""
    latent_dim, inputs = check_positive(latent_dim=latent_dim, inputs=inputs)
    generator, units = check_sizes(generator=generator, units=units)
    within = lambda bound: keras.initializers.RandomUniform(-bound, bound)
    up = [layers.Dense(width, activation="relu", kernel_initializer=within(0.05)) for width in generator]
    pixels = layers.Dense(inputs, activation="sigmoid", kernel_initializer=within(0.05))
    down = [Dropout(0.2)]
    for width in units:
        down += [Maxout(width, pieces, within(0.005)), Dropout(0.5)]
    logit = layers.Dense(1, kernel_initializer=within(0.005))
    return _pair(latent_dim, [*up, pixels], (inputs,), [*down, logit])


def _pair(latent_dim, up, shape, down):
    generator = keras.Sequential([keras.Input((latent_dim,)), *up], name="generator")
    return generator, keras.Sequential([keras.Input(shape), *down], name="discriminator")
