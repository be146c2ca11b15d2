"""Autoencoders: an encoder to a short code and a decoder that reconstructs the image from it (lecture 06).

The sizes of `deep` and `convolutional` are those of F. Chollet, "Building Autoencoders in Keras" (Keras Blog, 2016).
"""

import keras
from keras import layers, ops

from coursekit.arrays import check_floats, check_images, check_positive, check_sizes
from coursekit.models import contracts
from coursekit.models.checks import check_data, floats
from coursekit.training import Assembled, networks

IMAGE = (28, 28, 1)


@keras.saving.register_keras_serializable("coursekit")
class Autoencoder(Assembled):
    """An encoder to a code, a decoder back: `model(x) = decoder(encoder(x))`.

    Args:
        encoder: model from images [n, ...] to codes [n, ...].
        decoder: model from codes to images in [0, 1].
    """

    parts = ("encoder", "decoder")

    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        contracts.autoencoder(encoder, decoder)
        self.encoder = encoder
        self.decoder = decoder
        self.built = encoder.built and decoder.built  # so that summary() and count_params() work before the first call

    def call(self, x, training=False):
        return networks.answer(self.decoder, self.encoder(x, training=training), training)

    def train_on(self, batch):
        return {"loss": self.minimize(lambda: self.loss_on(batch, training=True))}

    def validate_on(self, batch):
        return {"loss": self.loss_on(batch)}

    def loss_on(self, batch, training=False):
        """The mean reconstruction loss, and what the layers' regularizers add. `batch`: x, or (x, target)."""
        x, target = batch if isinstance(batch, tuple) else (batch, batch)
        x_hat = self(x, training=training)
        target = floats(target)
        if not networks.fits(tuple(x_hat.shape[1:]), tuple(target.shape[1:])):
            raise ValueError(
                f"Expected a decoder that answers with images {networks.said([target.shape[1:]])}, as the targets are, "
                f"got {networks.said([x_hat.shape[1:]])}. Change the last layer of the decoder, or reshape the images."
            )
        return ops.mean(self.reconstruction_loss(target, x_hat)) + networks.penalties(self)

    def compile(self, optimizer="adam", loss="binary_crossentropy", **options):
        """`loss`: Keras's name of one, or a function (x, x_hat) of batches, of which the mean is taken."""
        contracts.reconstruction(self.decoder, keras.losses.get(loss))
        super().compile(optimizer, **options)
        self.loss, self.reconstruction_loss = loss, keras.losses.get(loss)

    def get_compile_config(self):
        if not self.compiled:
            return {}
        return super().get_compile_config() | {"loss": keras.saving.serialize_keras_object(self.loss)}

    def checked(self, x, y=None):
        """x: images in [0, 1], of the encoder's shape. y: targets of the decoder's shape, in [0, 1] for the binary
        cross-entropy; x itself without them."""
        x = check_images(x)
        if _knows_its_shapes(self.encoder):
            check_data(x.shape, networks.sizes_of(self.encoder, "encoder")[0], "images of the encoder's shape")
        if y is not None:
            y = check_images(y, "targets") if self.loss == "binary_crossentropy" else check_floats(y, "targets")
            if _knows_its_shapes(self.decoder):
                check_data(y.shape, networks.sizes_of(self.decoder, "decoder")[1], "targets of the decoder's shape")
        return x, y


def _knows_its_shapes(network):
    return isinstance(network, keras.Model) and network.built


def linear(latent_dim, inputs=784):
    """The linear autoencoder z = Wx + b, x' = Vz + c. Under squared error it finds the span of the first
    `latent_dim` principal components (Baldi and Hornik, 1989)."""
    latent_dim, inputs = check_positive(latent_dim=latent_dim, inputs=inputs)
    encoder = keras.Sequential([keras.Input((inputs,)), layers.Dense(latent_dim)], name="encoder")
    decoder = keras.Sequential([keras.Input((latent_dim,)), layers.Dense(inputs)], name="decoder")
    return Autoencoder(encoder, decoder, name="linear_autoencoder")


def deep(latent_dim=32, widths=(128, 64), inputs=784, activation="relu", code_activation="relu"):
    """784-128-64-32-64-128-784, as in the Keras blog: dense layers down to the code, and their mirror image back.

    Args:
        latent_dim: numbers in the code. widths: hidden layers of the encoder, outermost first.
        activation: of the hidden layers. code_activation: of the code (the blog: relu; None lets codes be negative).
    """
    latent_dim, inputs = check_positive(latent_dim=latent_dim, inputs=inputs)
    widths = check_sizes(widths=widths)
    encoder = keras.Sequential([keras.Input((inputs,))], name="encoder")
    for width in widths:
        encoder.add(layers.Dense(width, activation=activation))
    encoder.add(layers.Dense(latent_dim, activation=code_activation, name="code"))
    decoder = keras.Sequential([keras.Input((latent_dim,))], name="decoder")
    for width in reversed(widths):
        decoder.add(layers.Dense(width, activation=activation))
    decoder.add(layers.Dense(inputs, activation="sigmoid"))
    return Autoencoder(encoder, decoder, name="deep_autoencoder")


def sparse(penalty, latent_dim=128, inputs=784, code_activation="relu"):
    """One wide hidden layer whose activity is penalized, so that each image wakes few of its units.

    Args:
        penalty: a regularizer of the code [n, latent_dim], such as `keras.regularizers.L1(...)` or `KLSparsity(...)`.
        code_activation: "sigmoid" for `KLSparsity`, which reads activities as probabilities.
    """
    latent_dim, inputs = check_positive(latent_dim=latent_dim, inputs=inputs)
    asleep = keras.initializers.Constant(-3.0 if code_activation == "sigmoid" else 0.0)  # sigmoid(-3) is about 0.05
    code = layers.Dense(
        latent_dim, activation=code_activation, bias_initializer=asleep, activity_regularizer=penalty, name="code"
    )
    encoder = keras.Sequential([keras.Input((inputs,)), code], name="encoder")
    decoder = keras.Sequential([keras.Input((latent_dim,)), layers.Dense(inputs, activation="sigmoid")], name="decoder")
    return Autoencoder(encoder, decoder, name="sparse_autoencoder")


@keras.saving.register_keras_serializable("coursekit")
class KLSparsity(keras.regularizers.Regularizer):
    """weight * sum_j KL(rho || mean activity of unit j), activities in (0, 1)
    (Ng, "Sparse autoencoder", CS294A lecture notes, 2011).

    Called by itself it returns that times the number of images, because a layer divides its activity penalty by it.

    Args:
        rho: the share of images that should wake a unit, in (0, 1).
        weight: of the penalty beside the reconstruction loss, at least 0.
    """

    def __init__(self, rho=0.05, weight=0.01):
        if not 0 < rho < 1:
            raise ValueError(f"Expected the target activity rho between 0 and 1 (such as 0.05), got {rho}.")
        if not weight >= 0:
            raise ValueError(f"Expected a weight of at least 0, got {weight}.")
        self.rho, self.weight = float(rho), float(weight)

    def __call__(self, code):
        mean = ops.clip(ops.mean(code, axis=0), 1e-6, 1 - 1e-6)
        rho = self.rho
        kl = rho * ops.log(rho / mean) + (1 - rho) * ops.log((1 - rho) / (1 - mean))
        batch = ops.cast(ops.shape(code)[0], code.dtype)  # Keras divides by it, but `mean` is an average already
        return self.weight * batch * ops.sum(kl)

    def get_config(self):
        return {"rho": self.rho, "weight": self.weight}


def convolutional(channels=(16, 8), code_channels=8, activation="relu"):
    """Convolutions and pooling down to a 4x4x8 code of 128 numbers, and back up, as in the Keras blog.

    The first up-path stages return to 8x8 and 16x16; the last convolution is unpadded, which is how 16 becomes 28.
    """
    code_channels, channels = check_positive(code_channels=code_channels), check_sizes(channels=channels)
    if len(channels) != 2:
        raise ValueError(f"Expected two numbers of channels before the code's (28 -> 14 -> 7 -> 4), got {channels!r}.")
    stages = (*channels, code_channels)
    encoder = keras.Sequential([keras.Input(IMAGE)], name="encoder")
    for width in stages:
        encoder.add(layers.Conv2D(width, 3, padding="same", activation=activation))
        encoder.add(layers.MaxPooling2D(2, padding="same"))
    decoder = keras.Sequential([keras.Input(encoder.output_shape[1:])], name="decoder")
    for width, padding in zip(reversed(stages), ("same", "same", "valid"), strict=True):
        decoder.add(layers.Conv2D(width, 3, padding=padding, activation=activation))
        decoder.add(layers.UpSampling2D(2))
    decoder.add(layers.Conv2D(1, 3, padding="same", activation="sigmoid"))
    return Autoencoder(encoder, decoder, name="convolutional_autoencoder")
