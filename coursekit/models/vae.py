"""Variational autoencoders: an encoder to a distribution of codes, trained on a bound of log p(x) (lectures 07 and 08).

Kingma and Welling, "Auto-Encoding Variational Bayes" (ICLR 2014): equations (3), (8), (10). `IWAE`: Burda, Grosse and
Salakhutdinov, "Importance Weighted Autoencoders" (ICLR 2016), equation (8). Everything is in nats, summed over pixels.
"""

import math
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from coursekit.arrays import check_images, check_one_of, check_positive, check_seed
from coursekit.data.binarization import BINARIZATIONS, ink_above
from coursekit.models import contracts, vae_networks
from coursekit.models.checks import check_alone, check_data, check_not_negative, floats
from coursekit.training import Assembled, networks
from coursekit.training.precision import full
from coursekit.training.randomness import normal, uniform

LIKELIHOODS = ("bernoulli", "gaussian")


class ELBO(NamedTuple):
    """The evidence lower bound of each example: elbo = reconstruction - kl."""

    reconstruction: Any  # [n]: mean over L samples of log p(x|z)
    kl: Any  # [n]: KL(q(z|x) || p(z))
    elbo: Any  # [n]
    z: Any  # [L, n, latent_dim]


def kl_divergence(mean, log_variance):
    """KL(N(mean, exp(log_variance)) || N(0, 1)) of each dimension, in closed form (the paper's appendix B).

    Args:
        mean, log_variance: [..., latent_dim].
    Returns:
        [..., latent_dim], at least 0; their sum over the last axis is the divergence of the whole code.
    """
    return -0.5 * (1 + log_variance - ops.square(mean) - ops.exp(log_variance))


def log_normal(z, mean=0.0, log_variance=0.0):
    """log N(z; mean, exp(log_variance)), summed over the last axis."""
    squares = ops.square(z - mean) * ops.exp(-log_variance)
    return -0.5 * ops.sum(squares + log_variance + math.log(2 * math.pi), axis=-1)


@keras.saving.register_keras_serializable("coursekit")
class VAE(Assembled):
    """Variational autoencoder with the prior N(0, I).

    Args:
        encoder: model from images to [n, 2 * latent_dim]: the mean and the log-variance of q(z|x).
        decoder: model from codes [n, latent_dim] to logits, of the images' shape.
        likelihood: "bernoulli", each pixel is 1 with probability sigmoid(logit); or "gaussian", each pixel is
            N(sigmoid(logit), sigma^2), with one sigma for all pixels, learned.
        samples: L, Monte Carlo samples of z for each image.
        binarization: of gray images in training: "none"; "thresholded" at 0.5; or "stochastic", each pixel is drawn
            again in each step, ink (1) with the probability that its gray level says.
        beta: weight of the KL divergence (Higgins et al., 2017); 1 is the bound.
        free_bits: nats that each latent dimension may use without paying, on average over a minibatch (Kingma et al.,
            2016).
        warm_up: steps over which the weight of the KL divergence grows from 0 to beta; 0: none.
        seed: of all randomness.

    `beta`, `free_bits` and `warmth` (how much of `beta` counts by now, in [0, 1]) are variables: `vae.beta.assign(4)`.
    """

    parts = ("encoder", "decoder")
    settings = ("likelihood", "samples", "binarization", "beta", "free_bits", "warm_up", "seed")

    def __init__(
        self,
        encoder,
        decoder,
        likelihood="bernoulli",
        samples=1,
        binarization="none",
        beta=1.0,
        free_bits=0.0,
        warm_up=0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_one_of(LIKELIHOODS, likelihood=likelihood)
        check_one_of(BINARIZATIONS, binarization=binarization)
        check_not_negative(beta=beta, free_bits=free_bits, warm_up=warm_up)
        samples, seed = check_positive(samples=samples), check_seed(seed)
        self.encoder, self.decoder = encoder, decoder
        self.latent_dim, self.shape = self._check_networks()
        self.likelihood, self.samples, self.binarization = likelihood, samples, binarization
        self.warm_up, self.seed = warm_up, seed
        self.noise = keras.random.SeedGenerator(seed)
        self.beta = self._number(beta, "beta")
        self.free_bits = self._number(free_bits, "free_bits")
        self.warmth = self._number(0.0 if warm_up else 1.0, "warmth")
        if likelihood == "gaussian":
            self.log_sigma = self._number(-2.0, "log_sigma", trainable=True)
        self.built = encoder.built and decoder.built

    def _check_networks(self):
        """(numbers in a code, shape of the data), unless encoder and decoder do not fit together: a ValueError."""
        return contracts.vae(self, self.encoder, self.decoder)

    def _number(self, value, name, trainable=False):
        start = keras.initializers.Constant(value)
        return self.add_weight(shape=(), initializer=start, trainable=trainable, name=name)

    # -- the model -----------------------------------------------------------------------------------------------------

    def encode(self, x):
        """The mean and the log-variance of q(z|x), each [n, latent_dim]."""
        self._check_shape(ops.shape(x))
        return ops.split(networks.answer(self.encoder, x, self.in_step), 2, axis=-1)

    def reparameterize(self, mean, log_variance, samples=1, seed=None):
        """z = mean + sigma * epsilon, epsilon from N(0, I): [samples, n, latent_dim]. Here and below, `seed` is what
        `keras.random` takes; the model's own generator, `noise`, if omitted."""
        samples = check_positive(samples=samples)
        epsilon = normal((samples, *ops.shape(mean)), self.noise if seed is None else seed)
        return mean + ops.exp(0.5 * log_variance) * epsilon

    def logits(self, z):
        """The decoder's output for z [..., latent_dim]: [..., *image]."""
        rows = networks.answer(self.decoder, ops.reshape(z, (-1, self.latent_dim)), self.in_step)
        return ops.reshape(rows, (*ops.shape(z)[:-1], *rows.shape[1:]))

    def decode(self, z):
        """The mean image of p(x|z) for z [..., latent_dim], in [0, 1]."""
        return ops.sigmoid(self.logits(z))

    def log_likelihood(self, x, z):
        """log p(x|z), summed over pixels. x: [n, *image]; z: [L, n, latent_dim]. Returns [L, n]."""
        x, logits = floats(x), self.logits(z)
        if self.likelihood == "bernoulli":
            each = x * logits - ops.softplus(logits)  # x log p + (1 - x) log(1 - p), without computing p
        else:
            errors = ops.square(x - ops.sigmoid(logits)) * ops.exp(-2 * self.log_sigma)
            each = -0.5 * (errors + 2 * self.log_sigma + math.log(2 * math.pi))
        return ops.sum(ops.reshape(each, (*ops.shape(each)[:2], -1)), axis=-1)

    def elbo(self, x, samples=None, seed=None):
        """The evidence lower bound, the paper's equation (10), by `samples` (L) Monte Carlo samples: an `ELBO`."""
        mean, log_variance = self.encode(x)
        z = self.reparameterize(mean, log_variance, self.samples if samples is None else samples, seed)
        reconstruction = ops.mean(self.log_likelihood(x, z), axis=0)
        kl = ops.sum(kl_divergence(mean, log_variance), axis=-1)
        return ELBO(reconstruction, kl, reconstruction - kl, z)

    def log_weights(self, x, samples, seed=None):
        """log p(x, z) / q(z|x) for `samples` codes z from q(z|x): [samples, n]."""
        mean, log_variance = self.encode(x)
        z = self.reparameterize(mean, log_variance, samples, seed)
        return self.log_likelihood(x, z) + log_normal(z) - log_normal(z, mean, log_variance)

    def sample(self, count, seed=0):
        """Images from the prior: the decoder's means for `count` codes from N(0, I). NumPy, [count, *image]."""
        count = check_positive(count=count)
        z = np.random.default_rng(seed).standard_normal((count, self.latent_dim)).astype("float32")
        return ops.convert_to_numpy(ops.sigmoid(full(self.decoder.predict(z, batch_size=256, verbose=0))))

    def call(self, x, training=False):
        """Each image rebuilt from the mean of its code."""
        return self.decode(self.encode(x)[0])

    # -- its training --------------------------------------------------------------------------------------------------

    def binarize(self, x):
        """A minibatch as training sees it: gray, or black and white."""
        x = floats(x)
        if self.binarization == "none":
            return x
        level = ink_above(self.binarization, lambda: uniform(ops.shape(x), self.noise))
        return ops.cast(x > level, x.dtype)

    def objective(self, x):
        """What training minimizes, and the bound's two parts: (scalar, {name: scalar})."""
        mean, log_variance = self.encode(x)
        z = self.reparameterize(mean, log_variance, self.samples)
        reconstruction = ops.mean(self.log_likelihood(x, z))
        kl_of_each = ops.mean(kl_divergence(mean, log_variance), axis=0)
        paid = ops.sum(ops.maximum(kl_of_each, self.free_bits))
        loss = -reconstruction + self.beta * self.warmth * paid
        return loss, {"reconstruction": -reconstruction, "kl": ops.sum(kl_of_each)}

    def train_on(self, x):
        x = self.binarize(x)
        loss, parts = self.minimize(lambda: self._penalized(x))
        self._warm()
        return {"loss": loss, **parts}

    def _warm(self):
        if self.warm_up:
            self.warmth.assign(ops.minimum(self.warmth + 1 / self.warm_up, 1.0))

    def validate_on(self, x):
        loss, parts = self._penalized(self.binarize(x))
        return {"loss": loss, **parts}

    def _penalized(self, x):
        """`objective`, and what the regularizers of the networks' layers add to it."""
        loss, parts = self.objective(x)
        return loss + networks.penalties(self.encoder, self.decoder), parts

    def checked(self, x, y=None):
        """x: images in [0, 1], of the encoder's shape; anything else is a ValueError."""
        check_alone(y, "a VAE")
        x = check_images(x)
        self._check_shape(x.shape)
        return x, y

    def _check_shape(self, shape):
        check_data(shape, self.shape, "images of the encoder's shape")


@keras.saving.register_keras_serializable("coursekit")
class IWAE(VAE):
    """Importance weighted autoencoder: a `VAE` trained on log mean_k w_k of k = `samples` weights w = p(x, z) / q(z|x),
    a bound between the ELBO (k = 1) and log p(x). There is no KL divergence in it that `beta` and the like could weigh.
    """

    def __init__(self, encoder, decoder, samples=5, **options):
        super().__init__(encoder, decoder, samples=samples, **options)
        if options.get("beta", 1) != 1 or options.get("free_bits") or options.get("warm_up"):
            raise ValueError("Expected an IWAE without beta, free_bits and warm_up, which its bound has no place for.")

    def objective(self, x):
        """Minus the bound, and the ELBO of the same samples: (scalar, {name: scalar})."""
        log_weights = self.log_weights(x, self.samples)
        bound = ops.mean(ops.logsumexp(log_weights, axis=0)) - math.log(self.samples)
        return -bound, {"elbo": ops.mean(log_weights)}


def dense(latent_dim=2, widths=(64,), inputs=784, activation="relu", kind=VAE, **options):
    """784-64-2-64-784, as in the deck: dense layers down to the code, and their mirror image back.

    Args:
        latent_dim: numbers in the code. widths: hidden layers of the encoder, outermost first.
        kind: `VAE` or `IWAE`. options: its own.
    """
    latent_dim = check_positive(latent_dim=latent_dim)
    pair = vae_networks.dense(inputs, 2 * latent_dim, latent_dim, widths, activation)
    return kind(*pair, **options)


def convolutional(
    latent_dim=16, shape=(28, 28, 1), channels=(32, 64), width=128, activation="relu", kind=VAE, **options
):
    """Strided convolutions down to the code, transposed ones back.

    Args:
        shape: (height, width, channels) of the images; each stage halves height and width.
        channels: of the encoder's stages, outermost first. width: of the dense layer beside the code; 0 for none.
        kind: `VAE` or `IWAE`. options: its own.
    """
    latent_dim = check_positive(latent_dim=latent_dim)
    pair = vae_networks.convolutional(shape, 2 * latent_dim, latent_dim, channels, width, activation)
    return kind(*pair, **options)
