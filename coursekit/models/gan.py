"""Generative adversarial networks: a generator, and a discriminator that tells its samples from data (lectures 10, 11).

Goodfellow et al., "Generative Adversarial Nets" (NeurIPS 2014): equation (1) and Algorithm 1. The losses are in
`gan_losses.py`.
"""

import math

import keras
import numpy as np
from keras import ops

from coursekit.arrays import check_floats, check_images, check_one_of, check_positive, check_seed
from coursekit.models import contracts, gan_losses, gan_networks
from coursekit.models.checks import check_alone, check_data, check_not_negative, floats
from coursekit.models.gan_losses import LOSSES, PENALTY
from coursekit.training import Assembled, networks
from coursekit.training.feed import in_memory
from coursekit.training.randomness import normal, uniform

NOISES = ("normal", "uniform")


@keras.saving.register_keras_serializable("coursekit")
class GAN(Assembled):
    """Generative adversarial network.

    Args:
        generator: model from noise [n, latent_dim] to samples, of the data's shape.
        discriminator: model from data or samples to logits [n, 1]: positive for what it takes for data. None: a GAN
            that has been trained, and now only samples.
        loss: "minimax" (Algorithm 1: the generator saturates), "non-saturating", "least-squares", "hinge", or
            "wasserstein" (with gradient penalty). With the first two, the discriminator minimizes -V(D, G).
        k: steps of the discriminator for each step of the generator.
        r1: weight gamma of the R1 penalty (Mescheder et al., 2018), on top of any loss; 0: none.
        averaging: how much of the averaged generator stays in each step, such as 0.999; 0: no average.
        noise: "normal", N(0, 1), or "uniform", from -sqrt(3) to sqrt(3): both of mean 0 and variance 1.
        signed: the generator's samples are in [-1, 1] (its last layer is tanh) and the data are images in [0, 1]:
            training maps those to 2x - 1, `sample` maps back. The networks themselves see [-1, 1].
        seed: of all randomness.

    Penalties need each example's own gradient: with `r1` or "wasserstein", no batch normalization in the discriminator.

    Attributes:
        averaged: a copy of the generator whose weights, and batch normalization's averages, are exponential moving
            averages of the generator's; None without `averaging`.
    """

    parts = ("generator", "discriminator")
    settings = ("loss", "k", "r1", "averaging", "noise", "signed", "seed")

    def __init__(
        self,
        generator,
        discriminator,
        loss="non-saturating",
        k=1,
        r1=0.0,
        averaging=0.0,
        noise="normal",
        signed=False,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_one_of(LOSSES, loss=loss)
        check_one_of(NOISES, noise=noise)
        k, seed = check_positive(k=k), check_seed(seed)
        check_not_negative(r1=r1)
        if not 0 <= averaging < 1:
            raise ValueError(f"Expected averaging of at least 0 and below 1, got {averaging!r}.")
        self.latent_dim, self.shape = contracts.gan(self, generator, discriminator, loss, signed)
        self.generator, self.discriminator = generator, discriminator
        self.loss_name, self.loss_functions = loss, LOSSES[loss]
        self.k, self.r1, self.averaging, self.noise_name, self.signed = k, float(r1), averaging, noise, signed
        self.seed, self.random = seed, keras.random.SeedGenerator(seed)
        self.averaged = networks.copy_of(generator) if averaging else None
        if averaging:
            self.steps_averaged = self.add_weight(shape=(), initializer="zeros", trainable=False, name="steps_averaged")
        self.built = generator.built and (discriminator is None or discriminator.built)

    # -- the game ------------------------------------------------------------------------------------------------------

    def noise(self, n, seed=None):
        """z [n, latent_dim]. seed: what `keras.random` takes; the model's own generator if omitted."""
        seed, shape = self.random if seed is None else seed, (n, self.latent_dim)
        return normal(shape, seed) if self.noise_name == "normal" else _unit_uniform(uniform(shape, seed))

    def value(self, x, z):
        """V(D, G) in nats, of data x [n, *shape] and noise z [m, latent_dim], as the networks are in inference."""
        return gan_losses.value(self._logits(self._scaled(x)), self._logits(self._samples(z)))

    def _samples(self, z, training=False):
        return networks.answer(self.generator, z, training)

    def _logits(self, x, training=False):
        return networks.answer(self.discriminator, x, training)

    def discriminator_loss(self, x, z, training=True):
        """What the discriminator minimizes: a scalar. training: as the networks are in training, with dropout and batch
        normalization by minibatch."""
        real = self._scaled(x)
        fake = self._samples(z, training)
        logits, penalty = self.judged(real, fake, training=training)
        loss = self.loss_functions.discriminator(*logits) + penalty
        if self.loss_functions.penalized:
            loss = loss + PENALTY * gan_losses.gradient_penalty(self.discriminator, self._between(real, fake), training)
        if self.r1:
            loss = loss + self.r1 * gan_losses.r1_penalty(self.discriminator, real, training)
        return loss

    def generator_loss(self, z, training=True):
        """What the generator minimizes: a scalar."""
        logits = self._logits(self._samples(z, training), training)
        return self.loss_functions.generator(logits) + networks.penalties(self.generator)

    def judged(self, *batches, training=False):
        """The discriminator's logits of each of these batches, and what its regularizers ask for, a mean over them."""
        logits, penalties = [], []
        for batch in batches:
            logits.append(self._logits(batch, training))
            penalties.append(networks.penalties(self.discriminator))  # of this call: the next one forgets them
        return logits, sum(penalties) / len(penalties)

    def _between(self, real, fake):
        """A point on the line from each example to a sample, drawn uniformly."""
        share = uniform((ops.shape(real)[0], *[1] * len(self.shape)), self.random)
        return share * real + (1 - share) * fake

    def _scaled(self, x):
        """The data as the discriminator sees them."""
        self._check_discriminator()
        self._check_shape(ops.shape(x))
        x = floats(x)
        return 2 * x - 1 if self.signed else x

    # -- its training: Algorithm 1 -------------------------------------------------------------------------------------

    def train_on(self, x):
        """k steps of the discriminator, then one of the generator. x: k minibatches, [k * batch_size, *shape]."""
        m = ops.shape(x)[0] // self.k
        for real in ops.split(x, self.k):
            z = self.noise(m)
            d_loss = self.minimize(lambda: self.discriminator_loss(real, z), self.discriminator)
        z = self.noise(m)
        g_loss = self.minimize(lambda: self.generator_loss(z), self.generator)
        self._average()
        return {"d_loss": d_loss, "g_loss": g_loss}

    def _average(self):
        """averaged <- keep averaged + (1 - keep) generator. `keep` grows from 0.1 to `averaging`, so that the weights
        of the beginning are soon forgotten."""
        if self.averaged is None:
            return
        steps = self.steps_averaged.value
        keep = ops.minimum(self.averaging, (1 + steps) / (10 + steps))
        for average, now in zip(self.averaged.weights, self.generator.weights, strict=True):
            average.assign(keep * average.value + (1 - keep) * now.value)
        self.steps_averaged.assign(steps + 1)

    def checked(self, x, y=None):
        """x: data of the discriminator's shape; in [0, 1] if the model is `signed`."""
        check_alone(y, "a GAN")
        x = check_images(x) if self.signed else check_floats(x, finite=False)  # `fit` looks for NaN
        self._check_shape(x.shape)
        if not self.signed:
            contracts.within_reach(self.generator, x)
        return x, y

    def fit(self, x, y=None, batch_size=32, *args, **options):
        """`Model.fit`. Each step takes k minibatches of `batch_size` from x, one for each step of the discriminator, so
        that an epoch has `len(x) // (k * batch_size)` steps of the generator, and sees each example once.

        Args:
            x: [n, *shape], of the discriminator's inputs; in [0, 1] if the model is `signed`. A stream's minibatches
                are cut into k as they come.
            y: none.
        Raises:
            ValueError: labels, fewer examples than one step takes, another shape, no discriminator, or what
                `Model.fit` refuses.
        """
        self._check_discriminator()
        batch_size = check_positive(batch_size=batch_size)
        if y is not None:
            raise ValueError("Expected data without labels, got a y: a GAN learns from x alone. Leave y out.")
        if in_memory(x, None) and (examples := len(np.atleast_1d(x))) < self.k * batch_size:
            raise ValueError(
                f"Expected at least {self.k * batch_size} examples, k = {self.k} minibatches of {batch_size}, got "
                f"{examples}. Pass a smaller batch_size, or more data."
            )
        return super().fit(x, None, self.k * batch_size, *args, **options)

    # -- its samples ---------------------------------------------------------------------------------------------------

    def generate(self, z, averaged=None):
        """Samples for noise z [n, latent_dim], in the data's range: NumPy, [n, *shape].

        Args:
            averaged: whether by the averaged generator; if omitted, where there is one.
        """
        network = self._network(averaged)
        z = check_floats(z, "noise z").astype("float32", copy=False)
        check_data(z.shape, (self.latent_dim,), "noise z")
        samples = network.predict(z, batch_size=256, verbose=0).astype("float32", copy=False)
        return (samples + 1) / 2 if self.signed else samples

    def _network(self, averaged=None):
        """The generator that draws: the averaged one where there is one, unless `averaged` is False."""
        if averaged and self.averaged is None:
            raise ValueError(
                "Expected a GAN with an averaged generator, got averaging=0. Make it with averaging=0.999."
            )
        return self.generator if averaged is False or self.averaged is None else self.averaged

    def sample(self, count, seed=0, averaged=None, **options):
        """`count` samples, the same for the same seed: NumPy, [count, *shape]. averaged, options: as in `generate`."""
        count = check_positive(count=count)
        rng, shape = np.random.default_rng(seed), (count, self.latent_dim)
        z = rng.standard_normal(shape) if self.noise_name == "normal" else _unit_uniform(rng.random(shape))
        return self.generate(z, averaged, **options)

    # -- checks --------------------------------------------------------------------------------------------------------

    def _check_discriminator(self):
        if self.discriminator is None:
            raise ValueError(
                "Expected a GAN with its discriminator, got a generator alone, which only samples. Build one with both."
            )

    def _check_shape(self, shape):
        check_data(shape, self.shape, "data of the discriminator's shape")


def dense(
    latent_dim=2,
    shape=2,
    generator=(32, 32, 32),
    discriminator=(32, 32, 32),
    activation="leaky_relu",
    output=None,
    initializer="he_normal",
    **options,
):
    """Dense layers from noise to samples, and from samples to a logit.

    Args:
        shape: of the data: a number, or such as (28, 28, 1). generator, discriminator: widths of their hidden layers.
        output: activation of the generator's last layer: None for points, "sigmoid" for images.
        initializer: of all kernels. options: those of `GAN`.
    """
    pair = gan_networks.dense(
        latent_dim=latent_dim,
        shape=shape,
        generator=generator,
        discriminator=discriminator,
        activation=activation,
        output=output,
        initializer=initializer,
    )
    return GAN(*pair, **options)


def maxout(latent_dim=100, inputs=784, generator=(1200, 1200), units=(240, 240), pieces=5, **options):
    """The networks that the paper trained on MNIST: rectifiers to pixels in [0, 1]; maxout and dropout to a logit.

    The sizes are those of the paper's published code, github.com/goodfeli/adversarial, mnist.yaml.

    Args:
        inputs: pixels. generator: widths of its hidden layers. units, pieces: of the discriminator's hidden layers.
        options: those of `GAN`; noise is "uniform" if omitted.
    """
    pair = gan_networks.maxout(latent_dim=latent_dim, inputs=inputs, generator=generator, units=units, pieces=pieces)
    return GAN(*pair, **({"noise": "uniform"} | options))


def _unit_uniform(numbers):
    """Numbers from [0, 1) spread to mean 0 and variance 1."""
    return math.sqrt(3) * (2 * numbers - 1)
