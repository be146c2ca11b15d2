"""The networks of `stylegan.py`: pairs (generator, discriminator). Their layers are in `stylegan_layers.py`."""

import keras
from keras import layers

from coursekit.arrays import check_positive, check_sizes, check_whole
from coursekit.models.stylegan_layers import (
    AdaINLayer,
    Constant,
    EqualizedConv,
    EqualizedDense,
    MinibatchDeviation,
    ModulatedConv,
    Noise,
    Normalize,
    leaky,
)

SMALLEST = 4  # pixels a side of the learned constant, and of the last maps of the discriminator


def style_based(shape, latent_dim, channels, discriminator, mapping=2, depth=1, adain=False):
    """A generator of two parts, and a discriminator without batch normalization.

    Args:
        shape: (side, side, 1 or 3 channels) of the images, the side 4 times a power of 2.
        latent_dim: numbers in z and in w. channels: of the generator's resolutions, the smallest, 4x4, first.
        discriminator: of its stages, the largest first; each halves height and width.
        mapping: layers between z and w; with 0, w is the normalized z.
        depth: of the resolutions from 8x8 on, how many have a second, 3x3 convolution: the smallest ones, where it is
            cheap. adain: the first version's blocks, as in `block`.
    """
    shape, channels, discriminator = check_sizes(shape=shape, channels=channels, discriminator=discriminator)
    latent_dim, (mapping, depth) = check_positive(latent_dim=latent_dim), check_whole(0, mapping=mapping, depth=depth)
    _check(shape, channels, discriminator)
    z = keras.Input((latent_dim,), name="z")
    synthesis = synthesis_network(shape, latent_dim, channels, depth, adain)
    count, pixels = synthesis.inputs[0].shape[1], synthesis.inputs[1].shape[1]
    w = mapping_network(latent_dim, mapping)(z)
    # Called with z alone, every layer gets the same w, and no noise.
    image = synthesis([layers.RepeatVector(count)(w), Constant((pixels,), learned=False)(w)])
    return keras.Model(z, image, name="generator"), discriminator_network(shape, discriminator)


def mapping_network(latent_dim, depth):
    """z [n, latent_dim] -> w [n, latent_dim]."""
    layer = lambda: EqualizedDense(latent_dim, activation=leaky, multiplier=0.01)
    network = [keras.Input((latent_dim,)), Normalize(), *[layer() for _ in range(depth)]]
    return keras.Sequential(network, name="mapping")


def synthesis_network(shape, latent_dim, channels, depth, adain):
    """[styles [n, layers, latent_dim], noise [n, pixels of all layers]] -> images [n, *shape].

    Each resolution adds what it knows to the image (skip connections to RGB), so that the coarse one is there first.
    """
    sides = [SMALLEST << number for number in range(len(channels))]
    plan = []  # (side, channels, resize) of each convolution
    for number, (side, maps) in enumerate(zip(sides, channels, strict=True)):
        plan += [(side, maps, "up" if number else None)] + [(side, maps, None)] * (0 < number <= depth)
    styles = keras.Input((len(plan), latent_dim), name="all_styles")
    noise = keras.Input((sum(side**2 for side, *_ in plan),), name="all_noise")
    x, image, start = Constant((SMALLEST, SMALLEST, channels[0]))(styles), None, 0
    for number, (side, maps, resize) in enumerate(plan):
        w = styles[:, number]
        x = block(x, w, noise, maps, resize, start, adain)
        start += side**2
        if number + 1 == len(plan) or plan[number + 1][2] == "up":  # the last of its resolution
            color = ModulatedConv(shape[-1], size=1, demodulate=False)([x, w])
            image = color if image is None else layers.Add()([enlarged(image), color])
    return keras.Model([styles, noise], image, name="synthesis")


def block(x, w, noise, maps, resize, start, adain):
    """A convolution with its style and its noise.

    The second version modulates the kernel, convolves, and demodulates; then come noise, bias and rectifier. The first
    convolves; then noise, bias, rectifier, and last the style, by adaptive instance normalization."""
    size = 4 if resize else 3
    if adain:
        x = EqualizedConv(maps, size, resize, use_bias=False)(x)
        return AdaINLayer()([Noise(start)([x, noise]), w])
    x = ModulatedConv(maps, size, resize, use_bias=False)([x, w])
    return Noise(start)([x, noise])


def enlarged(image):
    """Twice as high and wide, smoothly: bilinear weights are the paper's filter [1, 3, 3, 1]."""
    return layers.UpSampling2D(interpolation="bilinear")(image)


def discriminator_network(shape, channels):
    """Images -> a logit. Strided convolutions as the DCGAN's, equalized, and the minibatch's deviation."""
    network = [keras.Input(shape)]
    for maps in channels:
        network += [EqualizedConv(maps, 4, "down", activation=leaky)]
    network += [MinibatchDeviation(), EqualizedConv(channels[-1], 3, activation=leaky), layers.Flatten()]
    return keras.Sequential([*network, EqualizedDense(1)], name="discriminator")


def _check(shape, channels, discriminator):
    stages = len(channels) - 1
    if not channels or len(shape) != 3 or shape[-1] not in (1, 3) or shape[:2] != (SMALLEST << stages,) * 2:
        raise ValueError(
            f"Expected a shape (side, side, 1 or 3) with a side of {SMALLEST} doubled for each resolution after the "
            f"first, which is {SMALLEST << max(stages, 0)} with {len(channels)} channels, got {shape}. Resize the "
            "images, or give as many channels as there are resolutions."
        )
    if len(discriminator) != stages:
        raise ValueError(
            f"Expected a discriminator of {stages} stages, from {shape[0]} to {SMALLEST} pixels a side, got "
            f"{len(discriminator)}."
        )
