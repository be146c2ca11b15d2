"""The networks of `vae.py`: pairs (encoder, decoder)."""

import math

import keras
from keras import layers

from coursekit.arrays import check_positive, check_sizes, check_whole


def dense(inputs, outputs, latent_dim, widths, activation):
    """An encoder [n, inputs] -> [n, outputs], and its mirror image, a decoder [n, latent_dim] -> logits [n, inputs].

    Args:
        outputs: of the encoder: a number, or more than one, for each dimension of the code.
        widths: hidden layers of the encoder, outermost first.
    """
    widths = check_sizes(widths=widths)
    inputs, outputs, latent_dim = check_positive(inputs=inputs, outputs=outputs, latent_dim=latent_dim)
    hidden = lambda sizes: [layers.Dense(width, activation=activation) for width in sizes]
    code, logits = layers.Dense(outputs, name="code"), layers.Dense(inputs, name="logits")
    encoder = keras.Sequential([keras.Input((inputs,)), *hidden(widths), code], name="encoder")
    decoder = keras.Sequential([keras.Input((latent_dim,)), *hidden(reversed(widths)), logits], name="decoder")
    return encoder, decoder


def convolutional(shape, outputs, latent_dim, channels, width, activation):
    """The same by strided convolutions [n, *shape] -> [n, outputs], and by transposed ones back.

    Args:
        shape: (height, width, channels) of the images; each stage halves height and width.
        channels: of the encoder's stages, outermost first. width: of the dense layer beside the code; 0 for none.
    """
    shape, channels = check_sizes(shape=shape, channels=channels)
    outputs, latent_dim = check_positive(outputs=outputs, latent_dim=latent_dim)
    width = check_whole(0, width=width)
    step = 2 ** len(channels)
    if len(shape) != 3 or not channels or shape[0] % step or shape[1] % step:
        raise ValueError(
            f"Expected a shape (height, width, channels) whose sides {len(channels)} stages can halve, that is, "
            f"multiples of {step}, got {shape}."
        )
    small = (shape[0] // step, shape[1] // step, channels[-1])
    dense = lambda: [layers.Dense(width, activation=activation)] if width else []
    options = {"strides": 2, "padding": "same"}
    down = [layers.Conv2D(stage, 4, activation=activation, **options) for stage in channels]
    up = [layers.Conv2DTranspose(stage, 4, activation=activation, **options) for stage in reversed(channels[:-1])]
    grow = [layers.Dense(math.prod(small), activation=activation), layers.Reshape(small)]
    code, logits = layers.Dense(outputs, name="code"), layers.Conv2DTranspose(shape[-1], 4, name="logits", **options)
    encoder = keras.Sequential([keras.Input(shape), *down, layers.Flatten(), *dense(), code], name="encoder")
    decoder = keras.Sequential([keras.Input((latent_dim,)), *dense(), *grow, *up, logits], name="decoder")
    return encoder, decoder
