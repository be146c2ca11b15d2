"""The networks of `dcgan.py`: pairs (generator, discriminator)."""

import keras
from keras import layers

from coursekit.arrays import check_one_of, check_positive, check_sizes, check_whole

RESAMPLINGS = ("strides", "pooling")


def convolutional(
    shape,
    latent_dim,
    channels,
    discriminator,
    kernel,
    depth=0,
    batch_norm=True,
    resampling="strides",
    signed=True,
    slope=0.2,
    hidden=0,
    initializer=None,
    momentum=0.99,
):
    """The architecture of Radford et al. (2015), section 3, each of its guidelines an argument.

    Args:
        shape: (height, width, channels) of the images; each stage doubles, or halves, height and width.
        channels: of the generator's stages, outermost first: the noise is projected to the innermost at once.
        discriminator: channels of the discriminator's stages, outermost first.
        kernel: pixels a side of the strided convolutions' kernels.
        depth: 3x3 convolutions more at the smallest size, of channels[-1] each, in both networks.
        batch_norm: after every convolution but the generator's last and the discriminator's first.
        resampling: "strides", convolutions that resize; or "pooling", convolutions that do not, before max-pooling in
            the discriminator and after repeating pixels in the generator.
        signed: the generator ends in tanh, with images in [-1, 1]; otherwise in sigmoid, with images in [0, 1].
        slope: of the discriminator's leaky rectifiers below 0; 0 makes them those of the generator.
        hidden: units of a dense layer more beside the noise, and beside the logit; 0: none.
        initializer: of all kernels; N(0, 0.02) if omitted, "glorot_uniform" is Keras's own.
        momentum: of batch normalization's averages, which count when the networks do not train.
    """
    shape, channels, discriminator = check_sizes(shape=shape, channels=channels, discriminator=discriminator)
    latent_dim, kernel = check_positive(latent_dim=latent_dim, kernel=kernel)
    depth, hidden = check_whole(0, depth=depth, hidden=hidden)
    check_one_of(RESAMPLINGS, resampling=resampling)
    _check(shape, channels, discriminator)
    make = _Layers(kernel, channels[-1], depth, batch_norm, resampling, initializer, momentum)
    leaky = lambda: layers.LeakyReLU(slope) if slope else layers.ReLU()
    return _pair(
        _generator(make, shape, latent_dim, channels, signed, hidden),
        _discriminator(make, shape, discriminator, leaky, hidden),
    )


def _generator(make, shape, latent_dim, channels, signed, hidden):
    small = (shape[0] >> len(channels), shape[1] >> len(channels), channels[-1])
    network = [keras.Input((latent_dim,))]
    if hidden:
        network += [make.dense(hidden, **make.unbiased), *make.normalized(layers.ReLU())]
    network += [make.dense(small[0] * small[1] * small[2], **make.unbiased), *make.normalized(layers.ReLU())]
    network += [layers.Reshape(small), *make.deeper(layers.ReLU)]
    for maps in reversed(channels[:-1]):
        network += [*make.up(maps, **make.unbiased), *make.normalized(layers.ReLU())]
    return [*network, *make.up(shape[-1], activation="tanh" if signed else "sigmoid")]


def _discriminator(make, shape, channels, leaky, hidden):
    network = [keras.Input(shape), *make.down(channels[0]), leaky()]
    for maps in channels[1:]:
        network += [*make.down(maps, **make.unbiased), *make.normalized(leaky())]
    network += [*make.deeper(leaky), layers.Flatten()]
    if hidden:
        network += [make.dense(hidden, **make.unbiased), *make.normalized(leaky())]
    return [*network, make.dense(1)]


class _Layers:
    """The layers that both networks are made of; the arguments are those of `convolutional`, maps is channels[-1]."""

    def __init__(self, kernel, maps, depth, batch_norm, resampling, initializer, momentum):
        self.kernel, self.maps, self.depth, self.batch_norm = kernel, maps, depth, batch_norm
        self.strides, self.initializer, self.momentum = resampling == "strides", initializer, momentum
        self.unbiased = {"use_bias": not batch_norm}  # batch normalization takes any bias away, and has its own

    def _initial(self):
        return {"kernel_initializer": self.initializer or keras.initializers.RandomNormal(stddev=0.02)}

    def dense(self, units, **more):
        return layers.Dense(units, **self._initial(), **more)

    def convolution(self, maps, kernel, **more):
        return layers.Conv2D(maps, kernel, padding="same", **self._initial(), **more)

    def up(self, maps, **more):
        """Twice as high and wide."""
        if self.strides:
            return [layers.Conv2DTranspose(maps, self.kernel, 2, padding="same", **self._initial(), **more)]
        return [layers.UpSampling2D(), self.convolution(maps, self.kernel, **more)]

    def down(self, maps, **more):
        """Half as high and wide."""
        if self.strides:
            return [self.convolution(maps, self.kernel, strides=2, **more)]
        return [self.convolution(maps, self.kernel, **more), layers.MaxPooling2D()]

    def normalized(self, activation):
        return [layers.BatchNormalization(momentum=self.momentum)] * self.batch_norm + [activation]

    def deeper(self, activation):
        """3x3 convolutions that keep the size."""
        for _ in range(self.depth):
            yield self.convolution(self.maps, 3, **self.unbiased)
            yield from self.normalized(activation())


def deck():
    """The deck's, of keras.io/examples/generative/dcgan_overriding_train_step: no batch normalization, Keras's own
    initialization, images in [0, 1]. Logits here; on the slide, the last layer of the discriminator is a sigmoid."""
    leaky = lambda: layers.LeakyReLU(negative_slope=0.2)
    resize = {"kernel_size": 4, "strides": 2, "padding": "same"}
    generator = [keras.Input((128,)), layers.Dense(8 * 8 * 128), layers.Reshape((8, 8, 128))]
    for maps in (128, 256, 512):
        generator += [layers.Conv2DTranspose(maps, **resize), leaky()]
    generator.append(layers.Conv2D(3, kernel_size=5, padding="same", activation="sigmoid"))
    discriminator = [keras.Input((64, 64, 3))]
    for maps in (64, 128, 128):
        discriminator += [layers.Conv2D(maps, **resize), leaky()]
    return _pair(generator, [*discriminator, layers.Flatten(), layers.Dropout(0.2), layers.Dense(1)])


def tutorial():
    """The TensorFlow tutorial's, tensorflow.org/tutorials/generative/dcgan: 28x28 gray, [-1, 1]."""
    resize = {"kernel_size": 5, "padding": "same"}
    normalized = lambda: [layers.BatchNormalization(), layers.LeakyReLU()]  # of Keras's own slope, 0.3
    generator = [
        keras.Input((100,)),
        *[layers.Dense(7 * 7 * 256, use_bias=False), *normalized(), layers.Reshape((7, 7, 256))],
        *[layers.Conv2DTranspose(128, strides=1, use_bias=False, **resize), *normalized()],
        *[layers.Conv2DTranspose(64, strides=2, use_bias=False, **resize), *normalized()],
        layers.Conv2DTranspose(1, strides=2, use_bias=False, activation="tanh", **resize),
    ]
    discriminator = [
        keras.Input((28, 28, 1)),
        *[layers.Conv2D(64, strides=2, **resize), layers.LeakyReLU(), layers.Dropout(0.3)],
        *[layers.Conv2D(128, strides=2, **resize), layers.LeakyReLU(), layers.Dropout(0.3)],
        *[layers.Flatten(), layers.Dense(1)],
    ]
    return _pair(generator, discriminator)


def _pair(generator, discriminator):
    return keras.Sequential(generator, name="generator"), keras.Sequential(discriminator, name="discriminator")


def _check(shape, channels, discriminator):
    if not channels or len(discriminator) != len(channels):
        raise ValueError(
            f"Expected as many stages in both networks, at least one, got {len(channels)} in the generator (channels) "
            f"and {len(discriminator)} in the discriminator."
        )
    step = 2 ** len(channels)
    if len(shape) != 3 or shape[-1] not in (1, 3) or any(side < step or side % step for side in shape[:2]):
        raise ValueError(
            f"Expected a shape (height, width, 1 or 3 channels) whose sides {len(channels)} stages can double, that "
            f"is, multiples of {step}, got {shape}."
        )
