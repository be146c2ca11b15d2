"""Denoising autoencoders, which reconstruct the clean image from a noisy one (Vincent et al., ICML 2008)."""

import numbers

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_images, check_positive, check_seed
from coursekit.models.autoencoder import IMAGE, Autoencoder


def check_noise(factor):
    """Raise ValueError unless a standard deviation of noise is a finite number of at least 0."""
    if np.ndim(factor) or not isinstance(factor, numbers.Real) or not np.isfinite(factor) or factor < 0:
        raise ValueError(f"Expected a noise factor of at least 0 (the blog's is 0.5), got {factor!r}.")


def add_noise(images, factor, seed=0):
    """clip(x + factor * N(0, 1), 0, 1).

    Args:
        images: [n, ...] in [0, 1]. factor: standard deviation of the noise, at least 0.
        seed: the same seed gives the same noise.
    Returns:
        float32 array of the same shape, in [0, 1].
    """
    images = check_images(images).astype("float32", copy=False)
    check_noise(factor)
    noise = np.random.default_rng(seed).standard_normal(images.shape, dtype="float32")
    return np.clip(images + np.float32(factor) * noise, 0, 1)


@keras.saving.register_keras_serializable("coursekit")
class Corrupt(layers.Layer):
    """The noise of `add_noise`, drawn again for every batch; only in training.

    Args:
        factor: standard deviation; or a pair (low, high), from which one is drawn for each image.
    """

    def __init__(self, factor=0.5, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.low, self.high = factor if isinstance(factor, (tuple, list)) else (factor, factor)
        check_noise(self.low)
        check_noise(self.high)
        self.low, self.high = float(self.low), float(self.high)
        self.seed = check_seed(seed)
        self.generator = keras.random.SeedGenerator(self.seed)

    def call(self, x, training=False):
        if not training:
            return x
        one_each = (ops.shape(x)[0], *(1,) * (len(x.shape) - 1))
        factor = keras.random.uniform(one_each, self.low, self.high, seed=self.generator)
        return ops.clip(x + factor * keras.random.normal(ops.shape(x), seed=self.generator), 0.0, 1.0)

    def get_config(self):
        return {**super().get_config(), "factor": [self.low, self.high], "seed": self.seed}


def denoiser(factor=0.5, channels=32, activation="relu"):
    """A convolutional autoencoder, 28x28 -> 7x7 x 2*channels -> 28x28, that adds noise to its input in training.

    Strided convolutions instead of the blog's pooling: the same pictures for a third of the arithmetic.
    Fit it on clean images; give it noisy ones afterwards.
    """
    channels = check_positive(channels=channels)
    conv = lambda width, **kw: layers.Conv2D(width, 3, padding="same", activation=activation, **kw)
    up = lambda width: layers.Conv2DTranspose(width, 4, strides=2, padding="same", activation=activation)
    encoder = keras.Sequential(
        [
            keras.Input(IMAGE),
            Corrupt(factor),
            conv(channels, strides=2),
            conv(2 * channels, strides=2),
            conv(2 * channels),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input(encoder.output_shape[1:]),
            conv(2 * channels),
            up(channels),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
        ],
        name="decoder",
    )
    return Autoencoder(encoder, decoder, name="denoising_autoencoder")
