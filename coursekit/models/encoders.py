"""The convolutional encoders that RotNet and Deep InfoMax share, and the activations of their layers as features."""

import re

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_images, check_positive, check_sizes
from coursekit.models.checks import check_data, check_square
from coursekit.training import networks

MOMENTUM = 0.9  # of batch normalization: Keras's 0.99 still tests with nearly untrained averages after 100 steps


@keras.saving.register_keras_serializable("coursekit")
class Standardize(layers.Layer):
    """Takes brightness, color cast and contrast out of each image: what is left has mean 0 in each channel, and over
    all channels a standard deviation near 1 (flat images stay flat).

    Args:
        gray: also the color: one channel comes out, however many go in.
    """

    def __init__(self, gray=False, **kwargs):
        super().__init__(**kwargs)
        self.gray = gray

    def call(self, x):
        if self.gray:
            x = ops.mean(x, axis=-1, keepdims=True)
        x = x - ops.mean(x, axis=(1, 2), keepdims=True)
        return x / (ops.sqrt(ops.mean(ops.square(x), axis=(1, 2, 3), keepdims=True) + 1e-6) + 0.05)

    def get_config(self):
        return {**super().get_config(), "gray": self.gray}


def unit(x, filters, kernel, strides=1, name=None):
    """Convolution, batch normalization, ReLU; the last one has the name."""
    x = layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False)(x)
    return layers.ReLU(name=name)(layers.BatchNormalization(momentum=MOMENTUM)(x))


def dense_unit(x, units, name=None):
    """A dense layer, batch normalization, ReLU; the last one has the name."""
    x = layers.Dense(units, use_bias=False)(x)
    return layers.ReLU(name=name)(layers.BatchNormalization(momentum=MOMENTUM)(x))


def strided(
    shape=(32, 32, 3),
    channels=(64, 128, 256),
    width=1024,
    outputs=64,
    name_of_last="y",
    gray=False,
    standardized=True,
):
    """The encoder of Deep InfoMax for CIFAR-10 (its Table 1): 4x4 convolutions with stride 2, "conv1" to "conv3", then
    dense layers "fc" and "y". What the first one is given is "seen".

    Args:
        shape: (height, width, channels) of the images. channels: of the convolutions. width: of "fc".
        outputs: numbers in the last layer, whose name is `name_of_last`.
        gray: whether the color is left out. standardized: whether each image's brightness and contrast are, too.
    Returns:
        Functional model from images in [0, 1] to [n, outputs].
    """
    shape, channels = check_sizes(shape=shape, channels=channels)
    width, outputs = check_positive(width=width, outputs=outputs)
    check_square(shape)
    if gray and not standardized:
        raise ValueError("Expected gray only with standardized, as Standardize takes the color out.")
    images = keras.Input(shape)
    x = (Standardize(gray, name="seen") if standardized else layers.Rescaling(2, -1, name="seen"))(images)
    for number, filters in enumerate(channels, start=1):
        x = unit(x, filters, 4, strides=2, name=f"conv{number}")
    x = dense_unit(layers.Flatten()(x), width, name="fc")
    return keras.Model(images, layers.Dense(outputs, name=name_of_last)(x), name="encoder")


def activations(network, images, layer, batch_size=500):
    """The activations of a layer of `network` on images, in inference: NumPy, [n, ...].

    Raises:
        ValueError: no such layer, or images that are not in [0, 1] or not of the network's shape.
    """
    images, batch_size = check_images(images), check_positive(batch_size=batch_size)
    networks.check_taken_apart(network, "network")
    names = [each.name for each in network.layers]
    if layer not in names:
        named = [name for name in names if re.fullmatch(r"(conv|block)\d|fc|y|turn", name)]
        raise ValueError(f"Expected a layer of the network, such as {', '.join(named)}, got {layer!r}.")
    check_data(images.shape, networks.sizes_of(network)[0], "images of the network's shape")
    part = keras.Model(network.inputs[0], network.get_layer(layer).output)
    rows = (part(images[start : start + batch_size], training=False) for start in range(0, len(images), batch_size))
    return np.concatenate([ops.convert_to_numpy(row) for row in rows])
