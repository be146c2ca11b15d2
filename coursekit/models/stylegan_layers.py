"""The layers of `stylegan_networks.py`, in the order in which a latent code meets them.

Equalized learning rate (Karras et al., "Progressive Growing of GANs", ICLR 2018, section 4.1): kernels are stored as
N(0, 1) and scaled by 1 / sqrt(fan-in) whenever they are used. Adam's steps have about one size for every weight; so
each layer changes, relative to its kernel's own scale, by the same share in a step.
"""

import math

import keras
from keras import layers, ops

from coursekit.arrays import check_positive

EPSILON = 1e-8


@keras.saving.register_keras_serializable("coursekit")
def leaky(x):
    """Leaky rectifier of slope 0.2, times sqrt(2): what goes in with mean square 1 comes out with about 1."""
    return math.sqrt(2) * ops.leaky_relu(x, 0.2)


class Equalized(layers.Layer):
    """What equalized layers have in common: their arguments, a kernel and a bias.

    Args:
        filters: numbers, or channels, that come out. activation: `leaky` or None. use_bias: whether a bias is added.
        bias: its initial value. multiplier: of the learning rate of kernel and bias.
    """

    def __init__(self, filters, activation=None, use_bias=True, bias=0.0, multiplier=1.0, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.multiplier = check_positive(filters=filters), multiplier
        self.activation, self.use_bias, self.initial_bias = keras.activations.get(activation), use_bias, bias

    def add_kernel(self, shape, fan_in):
        """The stored kernel and bias, and the factor by which the kernel is used."""
        self.factor = self.multiplier / math.sqrt(fan_in)
        initial = keras.initializers.RandomNormal(stddev=1 / self.multiplier)
        self.kernel = self.add_weight(shape=shape, initializer=initial, name="kernel")
        if self.use_bias:
            initial = keras.initializers.Constant(self.initial_bias / self.multiplier)
            self.bias = self.add_weight(shape=(self.filters,), initializer=initial, name="bias")

    def scaled_kernel(self):
        """The kernel as it is used."""
        return self.kernel * self.factor

    def activated(self, x):
        """x with the bias, after the activation."""
        x = x + self.bias * self.multiplier if self.use_bias else x
        return self.activation(x)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "bias": self.initial_bias,
            "multiplier": self.multiplier,
        }


@keras.saving.register_keras_serializable("coursekit")
class EqualizedDense(Equalized):
    """A dense layer with equalized learning rate: [n, inputs] -> [n, filters]."""

    def build(self, shape):
        self.add_kernel((shape[-1], self.filters), fan_in=shape[-1])

    def call(self, x):
        return self.activated(ops.matmul(x, self.scaled_kernel()))

    def compute_output_shape(self, shape):
        return (*shape[:-1], self.filters)


@keras.saving.register_keras_serializable("coursekit")
class EqualizedConv(Equalized):
    """A convolution with equalized learning rate: [n, h, w, inputs] -> [n, h', w', filters].

    Args:
        size: pixels a side of the kernel. resize: "up" for twice the height and width by a transposed convolution,
            "down" for half of them by a stride of 2, None for neither. The others: those of `Equalized`.
    """

    def __init__(self, filters, size=3, resize=None, **kwargs):
        super().__init__(filters, **kwargs)
        self.size, self.resize = check_positive(size=size), resize
        self.stride = 2 if resize else 1

    def build(self, shape):
        inputs = shape[-1]
        pair = (self.filters, inputs) if self.resize == "up" else (inputs, self.filters)  # as Keras takes them
        # Of a transposed convolution's size^2 taps only a quarter reaches any one pixel.
        self.taps = self.size**2 / 4 if self.resize == "up" else self.size**2
        self.add_kernel((self.size, self.size, *pair), fan_in=self.taps * inputs)

    def convolve(self, x):
        """The convolution alone."""
        function = ops.conv_transpose if self.resize == "up" else ops.conv
        return function(x, self.scaled_kernel(), strides=self.stride, padding="same")

    def call(self, x):
        return self.activated(self.convolve(x))

    def compute_output_shape(self, shape):
        sides = [{"up": 2 * side, "down": -(-side // 2)}.get(self.resize, side) for side in shape[1:3]]
        return (shape[0], *sides, self.filters)

    def get_config(self):
        return {**super().get_config(), "size": self.size, "resize": self.resize}


@keras.saving.register_keras_serializable("coursekit")
class ModulatedConv(EqualizedConv):
    """A convolution whose kernel depends on the style (Karras et al., "Analyzing and Improving the Image Quality of
    StyleGAN", CVPR 2020, section 2.2): [x, w] -> [n, h', w', filters], with w [n, latent_dim] and s = affine(w).

    Modulation scales the kernel's input channels by s; demodulation scales its output channels to unit norm:
    W'_io = s_i W_io and W''_io = W'_io / sqrt(sum over i and taps of W'_io^2). A kernel for each image would need a
    convolution for each image. But scaling a kernel's inputs is scaling what it is applied to, and scaling its
    outputs is scaling what comes out: conv(x, W'') = conv(x s, W) d, with one W for all. The two are equal, not close.

    Args:
        demodulate: whether the output channels are scaled back. The others: those of `EqualizedConv`.
    """

    def __init__(self, filters, size=3, resize=None, demodulate=True, **kwargs):
        super().__init__(filters, size, resize, **kwargs)
        self.demodulate = demodulate

    def build(self, shapes):
        images, style = shapes
        super().build(images)
        self.affine = EqualizedDense(images[-1], bias=1.0, name="affine")  # s begins around 1
        self.affine.build(style)

    def call(self, inputs):
        x, w = inputs
        s = self.affine(w)  # [n, inputs]
        x = self.convolve(x * s[:, None, None, :])
        if self.demodulate:
            x = x * self.demodulation(s)[:, None, None, :]
        return self.activated(x)

    def demodulation(self, s):
        """d [n, filters], one over the norm of each output channel's kernel after modulation by s [n, inputs]."""
        squares = ops.sum(ops.square(self.scaled_kernel()), axis=(0, 1))
        if self.resize == "up":
            squares = ops.transpose(squares) * self.taps / self.size**2
        return ops.rsqrt(ops.matmul(ops.square(s), squares) + EPSILON)

    def compute_output_shape(self, shapes):
        return super().compute_output_shape(shapes[0])

    def get_config(self):
        return {**super().get_config(), "demodulate": self.demodulate}


@keras.saving.register_keras_serializable("coursekit")
class AdaINLayer(layers.Layer):
    """Adaptive instance normalization (Huang and Belongie, ICCV 2017): [x, w] -> x. Each channel of each image gets
    the mean and the deviation that the style says: norm(x) (1 + s) + b, with (s, b) = affine(w)."""

    def build(self, shapes):
        images, style = shapes
        self.affine = EqualizedDense(2 * images[-1], name="affine")
        self.affine.build(style)

    def call(self, inputs):
        x, w = inputs
        s, b = (part[:, None, None, :] for part in ops.split(self.affine(w), 2, axis=-1))
        x = x - ops.mean(x, axis=(1, 2), keepdims=True)
        x = x * ops.rsqrt(ops.mean(ops.square(x), axis=(1, 2), keepdims=True) + EPSILON)
        return x * (1 + s) + b

    def compute_output_shape(self, shapes):
        return shapes[0]


@keras.saving.register_keras_serializable("coursekit")
class Noise(layers.Layer):
    """Adds noise to all channels alike, times one learned strength, which begins at 0; then a bias and `leaky`.

    [x, noise] -> x, where noise [n, pixels] is that of all layers in one row.

    Args:
        start: where this layer's height * width numbers begin in the row.
    """

    def __init__(self, start=0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, shapes):
        _, height, width, maps = shapes[0]
        self.shape = (-1, height, width, 1)
        self.strength = self.add_weight(shape=(), initializer="zeros", name="strength")
        self.bias = self.add_weight(shape=(maps,), initializer="zeros", name="bias")

    def call(self, inputs):
        x, noise = inputs
        own = ops.reshape(noise[:, self.start : self.start + self.shape[1] * self.shape[2]], self.shape)
        return leaky(x + self.strength * own + self.bias)

    def compute_output_shape(self, shapes):
        return shapes[0]

    def get_config(self):
        return {**super().get_config(), "start": self.start}


@keras.saving.register_keras_serializable("coursekit")
class Constant(layers.Layer):
    """What the synthesis begins with, learned, and the same for every image: styles [n, ...] -> [n, *shape].

    Args:
        shape: of the constant. learned: otherwise it is 0, and stays.
    """

    def __init__(self, shape, learned=True, **kwargs):
        super().__init__(**kwargs)
        self.shape, self.learned = tuple(shape), learned

    def build(self, shape):
        if self.learned:
            initial = keras.initializers.RandomNormal(stddev=1.0)
            self.constant = self.add_weight(shape=self.shape, initializer=initial, name="constant")

    def call(self, styles):
        shape = (ops.shape(styles)[0], *self.shape)
        return ops.broadcast_to(self.constant[None], shape) if self.learned else ops.zeros(shape, styles.dtype)

    def compute_output_shape(self, shape):
        return (shape[0], *self.shape)

    def get_config(self):
        return {**super().get_config(), "shape": self.shape, "learned": self.learned}


@keras.saving.register_keras_serializable("coursekit")
class Normalize(layers.Layer):
    """z / sqrt(mean of z^2): codes of the same length, sqrt(latent_dim), whose direction alone counts."""

    def call(self, z):
        return z * ops.rsqrt(ops.mean(ops.square(z), axis=-1, keepdims=True) + EPSILON)


@keras.saving.register_keras_serializable("coursekit")
class MinibatchDeviation(layers.Layer):
    """One more channel, the same everywhere: how much the minibatch's images differ, a mean over pixels and channels
    of the deviation over the images. So the discriminator sees whether the generator always draws the same."""

    def call(self, x):
        deviation = ops.sqrt(ops.mean(ops.square(x - ops.mean(x, axis=0, keepdims=True)), axis=0) + EPSILON)
        return ops.concatenate([x, ops.broadcast_to(ops.mean(deviation), (*ops.shape(x)[:-1], 1))], axis=-1)

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] + 1)
