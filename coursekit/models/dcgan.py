"""Deep convolutional generative adversarial networks (lectures 12 and 13).

Radford, Metz and Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
Networks" (ICLR 2016). `deck` is the example of the deck, `tutorial` TensorFlow's, `fast` for two minutes on a laptop.
The networks are in `dcgan_networks.py`.
"""

import keras
from keras import layers, ops

from coursekit.arrays import check_floats, check_images, check_one_of
from coursekit.models import augmentation, dcgan_networks
from coursekit.models.checks import check_data
from coursekit.models.gan import GAN
from coursekit.training import networks
from coursekit.training.randomness import uniform

LABEL_NOISES = ("slide", "inside", "none")
PAPER_RATE = {"learning_rate": 2e-4, "beta_1": 0.5}  # of Adam, for both networks: section 4


@keras.saving.register_keras_serializable("coursekit")
class DCGAN(GAN):
    """A `GAN` of convolutions whose two networks step at once, from the same samples.

    Algorithm 1 draws new samples for the generator's step. One forward pass for both, as in the TensorFlow tutorial,
    saves one of each network. With k > 1 or a penalty (`r1`, "wasserstein"), Algorithm 1 it is.

    Args:
        augment: what is done to data and samples before the discriminator sees them, names of `augmentation.KINDS`,
            for few data and images in [-1, 1]. The others: those of `GAN`.
    """

    settings = (*GAN.settings, "augment")

    def __init__(self, generator, discriminator, augment=(), **options):
        super().__init__(generator, discriminator, **options)
        augmentation.check_kinds(augment)
        if augment and (not self.signed or not self._steps_at_once()):
            raise ValueError("Expected augment with signed=True, k = 1 and no penalty, or no augment.")
        self.augment = tuple(augment)

    def _steps_at_once(self):
        return self.k == 1 and not self.r1 and not self.loss_functions.penalized

    def losses(self, x, z, training=True):
        """What discriminator and generator minimize, from one forward pass: two scalars."""
        pair = self._scaled(x), self._samples(z, training)
        penalty = networks.penalties(self.generator)
        if self.augment and training:
            pair = (augmentation.augment(images, self.augment, self.random) for images in pair)
        logits, of_discriminator = self.judged(*pair, training=training)
        d_loss = self.loss_functions.discriminator(*logits) + of_discriminator
        return d_loss, self.loss_functions.generator(logits[1]) + penalty

    def train_on(self, x):
        if not self._steps_at_once():
            return super().train_on(x)
        z = self.noise(ops.shape(x)[0])
        d_loss, g_loss = self.minimize(lambda: self.losses(x, z), (self.discriminator, self.generator))
        self._average()
        return {"d_loss": d_loss, "g_loss": g_loss}

    def features(self, x, batch_size=500):
        """`discriminator_features` of images in [0, 1]."""
        self._check_discriminator()
        x = check_images(x).astype("float32", copy=False)
        self._check_shape(x.shape)
        return discriminator_features(self.discriminator, 2 * x - 1 if self.signed else x, batch_size)


@keras.saving.register_keras_serializable("coursekit")
class LabelNoiseGAN(DCGAN):
    """The training step of the deck: samples and data in one minibatch, with labels, 1 for a *sample*, and noise on
    the labels.

    Args:
        label_noise: "slide", the labels are those of the deck, 0 and 1, plus 0.05 u, with u from [0, 1): of data in
            [0, 0.05), of samples in [1, 1.05). "inside": of samples 1 - 0.05 u instead, so that each label is a
            probability. "none".
        training: whether the networks are called as in training. The deck's step is not, so that its dropout does
            nothing; batch normalization needs it.

    The loss is binary cross-entropy. As everywhere in the course, the discriminator's logits are positive for data.
    """

    settings = (*DCGAN.settings, "label_noise", "training")

    def __init__(self, generator, discriminator, label_noise="slide", training=False, **options):
        super().__init__(generator, discriminator, **options)
        check_one_of(LABEL_NOISES, label_noise=label_noise)
        if self.loss_name != "non-saturating" or not self._steps_at_once() or self.augment:
            raise ValueError(
                "Expected no loss, k, r1 and augment with label_noise: its step has a loss of its own. Omit them."
            )
        self.label_noise, self.training = label_noise, training

    def labels(self, n):
        """The labels of a minibatch of n samples followed by n images: [2n, 1]."""
        labels = ops.concatenate([ops.ones((n, 1)), ops.zeros((n, 1))], axis=0)
        noise = 0.05 * uniform((2 * n, 1), self.random)
        if self.label_noise == "inside":
            return labels + noise * (1 - 2 * labels)
        return labels + noise if self.label_noise == "slide" else labels

    def predictions(self, images):
        """The logit of being a sample, not data: [n, 1]."""
        return -self._logits(images, self.training)

    def train_on(self, x):
        n = ops.shape(x)[0]
        generated_images = self._samples(self.noise(n), self.training)
        combined_images = ops.concatenate([generated_images, self._scaled(x)], axis=0)
        labels = self.labels(n)
        d_loss = self.minimize(
            lambda: loss_fn(labels, self.predictions(combined_images)) + networks.penalties(self.discriminator),
            self.discriminator,
        )

        random_latent_vectors = self.noise(n)
        misleading_labels = ops.zeros((n, 1))  # "all real images"
        g_loss = self.minimize(
            lambda: (
                loss_fn(misleading_labels, self.predictions(self._samples(random_latent_vectors, self.training)))
                + networks.penalties(self.generator)
            ),
            self.generator,
        )
        self._average()
        return {"d_loss": d_loss, "g_loss": g_loss}


def loss_fn(labels, logits):
    """Binary cross-entropy, a mean, as Keras computes it from logits. With a label above 1 it has no minimum: a larger
    logit always costs less."""
    return ops.mean(ops.softplus(logits) - labels * logits)


def paper(
    shape=(64, 64, 3),
    latent_dim=100,
    channels=(128, 256, 512, 1024),
    discriminator=(128, 256, 512, 1024),
    kernel=5,
    **options,
):
    """The paper's, Figure 1, and its discriminator in the mirror. The settings that belong to it: Adam at 2e-4 with
    beta_1 = 0.5 (`PAPER_RATE`), 128 images a minibatch.

    Args:
        shape: (height, width, channels) of the images. channels, discriminator: of the stages, outermost first.
        kernel: pixels a side. options: those of `dcgan_networks.convolutional`, of `GAN` and, with `label_noise`,
            of `LabelNoiseGAN`; generator_only=True leaves the discriminator out. noise is "uniform" if omitted.
    """
    sizes = {"latent_dim": latent_dim, "channels": channels, "discriminator": discriminator, "kernel": kernel}
    return _build(shape, **sizes, **{"noise": "uniform"} | options)


def fast(shape=(28, 28, 1), latent_dim=64, channels=(20, 40), discriminator=(10, 20), kernel=4, depth=2, **options):
    """Small, for digits in two minutes on two cores: its depth is where images are smallest, and convolutions cheap.
    The settings that belong to it are in `coursekit.recipes`, "dcgan-mnist".

    Args:
        depth: 3x3 convolutions at the smallest size, in both networks. The others: as of `paper`. The loss is
            "least-squares", averaging 0.999 and momentum 0.8 if omitted.
    """
    defaults = {"depth": depth, "averaging": 0.999, "momentum": 0.8}
    if options.get("label_noise") is None:
        defaults["loss"] = "least-squares"
    sizes = {"latent_dim": latent_dim, "channels": channels, "discriminator": discriminator, "kernel": kernel}
    return _build(shape, **sizes, **defaults | options)


def deck(label_noise="slide", **options):
    """The deck's generator and discriminator, 64x64x3, and its training step; it trains them by Adam at 1e-4, 32 images
    a minibatch. label_noise, options: those of `LabelNoiseGAN`."""
    return LabelNoiseGAN(*dcgan_networks.deck(), label_noise=label_noise, **options)


def tutorial(**options):
    """The TensorFlow tutorial's, 28x28x1, trained by Adam at 1e-4, 256 images a minibatch. options: those of `GAN`."""
    return DCGAN(*dcgan_networks.tutorial(), signed=True, **options)


def _build(shape, channels, discriminator, **options):
    """A `DCGAN`, or a `LabelNoiseGAN`, by the options of `dcgan_networks.convolutional` and of the class."""
    names = ("latent_dim", "kernel", "depth", "batch_norm", "resampling", "slope", "hidden", "initializer", "momentum")
    network_options = {name: options.pop(name) for name in names if name in options}
    signed, label_noise = options.pop("signed", True), options.pop("label_noise", None)
    generator_only = options.pop("generator_only", False)
    pair = dcgan_networks.convolutional(
        shape=shape,
        channels=channels,
        discriminator=discriminator,
        signed=signed,
        **network_options,
    )
    if generator_only:
        pair = pair[0], None
    if label_noise is None:
        return DCGAN(*pair, signed=signed, **options)
    return LabelNoiseGAN(*pair, label_noise=label_noise, signed=signed, **{"training": True} | options)


def discriminator_features(discriminator, images, batch_size=500):
    """The discriminator's features for a linear classifier (section 5.1): the output of each convolution, after its
    rectifier, max-pooled to 4x4; all of them in one row.

    Args:
        images: [n, *shape], in the range that the discriminator was trained on (`DCGAN.features` takes [0, 1]).
    Returns:
        float32 [n, 16 * channels of all convolutions].
    Raises:
        ValueError: no image, another shape, or a convolution whose answer cannot be pooled to 4x4.
    """
    images, (shape, _) = check_floats(images, "images"), networks.sizes_of(discriminator, "discriminator")
    check_data(images.shape, shape, "images of the discriminator's shape")
    x = inputs = keras.Input(shape)
    answers = []
    for layer in networks.chain_of(discriminator, "discriminator"):
        x = layer(x)
        if isinstance(layer, layers.Conv2D):
            answers.append(x)
        elif answers and isinstance(layer, (layers.BatchNormalization, layers.ReLU, layers.LeakyReLU)):
            answers[-1] = x
        elif isinstance(layer, (layers.Flatten, layers.Dense)):
            break
    if not answers:
        raise ValueError(
            f"Expected a discriminator with convolutions, whose answers are the features, got {discriminator.name!r} "
            "without. A dense one has no features of this kind."
        )
    grids = [layers.Flatten()(_to_4x4(answer)) for answer in answers]
    network = keras.Model(inputs, layers.Concatenate()(grids) if len(grids) > 1 else grids[0])
    return network.predict(images.astype("float32", copy=False), batch_size=batch_size, verbose=0)


def _to_4x4(answer):
    windows = tuple(-(-side // 4) for side in answer.shape[1:3])
    pooled = layers.MaxPooling2D(windows, padding="same")(answer)
    if tuple(pooled.shape[1:3]) != (4, 4):
        raise ValueError(
            f"Expected convolutions whose answers can be pooled to 4x4, got one of {answer.shape[1]}x{answer.shape[2]}."
        )
    return pooled
