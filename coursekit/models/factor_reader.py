"""Reads the factors of `portraits` from images: the judge of what a generator's styles decide (lecture 16).

A generator of drawn portraits makes faces whose factors nobody knows. A network that has learned to read them from
portraits, whose factors are known, tells how each follows the styles.
"""

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_floats, check_images, check_sizes
from coursekit.data.portraits import FACTORS
from coursekit.models.checks import check_data
from coursekit.training import Assembled, networks

# {factor: its columns}: one for a number, scaled to [0, 1], and one for each class of a whole one.
COLUMNS = {name: int(factor.high - factor.low) + 1 if factor.whole else 1 for name, factor in FACTORS.items()}


@keras.saving.register_keras_serializable("coursekit")
class FactorReader(Assembled):
    """A regression of all factors at once, by their mean squared error.

    Args:
        network: model from images [n, height, width, channels] in [0, 1] to one number for each of `COLUMNS`, with a
            layer named "features".
    """

    parts = ("network",)

    def __init__(self, network, **kwargs):
        super().__init__(**kwargs)
        self.shape, answers = networks.sizes_of(network)
        count = sum(COLUMNS.values())
        if answers != (count,):
            raise ValueError(f"Expected a network with {count} outputs, one for each column, got {answers}.")
        self.network, self.built = network, network.built

    def train_on(self, batch):
        x, y = batch
        loss = self.minimize(lambda: ops.mean(ops.square(networks.answer(self.network, x, training=True) - y)))
        return {"loss": loss}

    def checked(self, x, y=None):
        """x: images in [0, 1] of the network's shape. y: their columns, as `as_columns` gives them."""
        x = check_images(x)
        check_data(x.shape, self.shape, "images of the network's shape")
        if y is None:
            raise ValueError("Expected the factors of the images, got none: fit(images, as_columns(factors)).")
        y = check_floats(y, "columns").astype("float32")
        check_data(y.shape, (sum(COLUMNS.values()),), "factors as columns")
        return x, y

    def read(self, images):
        """The factors of images [n, ...] in [0, 1]: {name: float32 [n, columns]}, each about from 0 to 1."""
        images = check_images(images).astype("float32", copy=False)
        check_data(images.shape, self.shape, "images of the network's shape")
        return split(self.network.predict(images, batch_size=500, verbose=0))

    def features(self, images):
        """The activations of the layer "features": NumPy [n, d]."""
        images = check_images(images).astype("float32", copy=False)
        check_data(images.shape, self.shape, "images of the network's shape")
        part = keras.Model(self.network.inputs[0], self.network.get_layer("features").output)
        return part.predict(images, batch_size=500, verbose=0)


def as_columns(factors):
    """Factors of portraits, a structured array [n], as the reader learns them: float32 [n, columns]."""
    if getattr(factors, "dtype", None) is None or factors.dtype.names != tuple(FACTORS):
        raise ValueError("Expected factors: a structured array [n] as data.portraits.sample gives it.")
    columns = []
    for name, factor in FACTORS.items():
        values = factors[name] - factor.low
        columns.append(np.eye(COLUMNS[name])[values] if factor.whole else values[:, None] / (factor.high - factor.low))
    return np.concatenate(columns, axis=1).astype("float32")


def split(columns):
    """Columns [n, all of them] as {name of the factor: [n, its columns]}."""
    ends = np.cumsum(list(COLUMNS.values()))[:-1]
    return dict(zip(FACTORS, np.split(columns, ends, axis=1), strict=True))


def convolutional(shape=(32, 32, 3), channels=(32, 64, 96), features=128):
    """Convolutions of stride 2, a dense layer of ReLUs ("features"), the columns.

    Every layer before the last is normalized. Without that in the dense one most of its rectifiers die in the first
    epoch, and what is left of them cannot tell light skin from dark.

    Args:
        shape: (height, width, 3) of the images. channels: of the convolutions. features: of the dense layer.
    """
    shape, channels = check_sizes(shape=shape, channels=channels)
    network = [keras.Input(shape)]
    for maps in channels:
        network += [layers.Conv2D(maps, 4, 2, padding="same", use_bias=False)]
        network += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    network += [layers.Flatten(), layers.Dense(features, use_bias=False), layers.BatchNormalization(momentum=0.9)]
    network += [layers.ReLU(name="features"), layers.Dense(sum(COLUMNS.values()))]
    return FactorReader(keras.Sequential(network, name="network"))
