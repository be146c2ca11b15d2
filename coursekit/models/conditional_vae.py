"""A VAE whose decoder is told the class: p(x|z, y) (lecture 20).

Kingma, Mohamed, Rezende and Welling, "Semi-supervised learning with deep generative models" (NeurIPS 2014), its model
M2, where every label is known. The code need not say which class it is, so it says the rest: whose voice, how long.
"""

import keras
import numpy as np
from keras import ops

from coursekit.arrays import check_images, check_labels
from coursekit.models import vae, vae_networks
from coursekit.models.lenet import one_each
from coursekit.training import networks
from coursekit.training.precision import full


@keras.saving.register_keras_serializable("coursekit")
class ConditionalVAE(vae.VAE):
    """A `VAE` of images with classes.

    Args:
        encoder: model from images to [n, 2 * latent_dim], as a VAE's; it is not told the class.
        decoder: model from [n, latent_dim + classes], the code and the class as a one-hot row, to logits.
        options: those of `VAE`.
    """

    def _check_networks(self):
        (shape, codes), (told, rebuilt) = (
            networks.sizes_of(self.encoder, "encoder"),
            networks.sizes_of(self.decoder, "decoder"),
        )
        latent_dim = codes[0] // 2
        self.classes = told[0] - latent_dim
        if codes[0] % 2 or self.classes < 1 or tuple(rebuilt) != tuple(shape):
            raise ValueError(
                f"Expected an encoder to [n, 2 * latent_dim], and a decoder from [n, latent_dim + classes] to the "
                f"encoder's images, got {codes[0]} outputs, {told[0]} inputs and images {rebuilt} beside {shape}."
            )
        return latent_dim, tuple(shape)

    def told(self, z, labels):
        """What the decoder is given: codes z [..., n, latent_dim] and the classes [n] beside them."""
        rows = ops.broadcast_to(ops.one_hot(labels, self.classes), (*ops.shape(z)[:-1], self.classes))
        return ops.concatenate([z, ops.cast(rows, z.dtype)], axis=-1)

    def logits(self, told):
        """The decoder's output for what `told` gives, [..., latent_dim + classes]: [..., *image]."""
        inputs = self.latent_dim + self.classes
        rows = networks.answer(self.decoder, ops.reshape(told, (-1, inputs)), self.in_step)
        return ops.reshape(rows, (*ops.shape(told)[:-1], *rows.shape[1:]))

    def elbo(self, x, labels, samples=None, seed=None):
        """The evidence lower bound of log p(x|y): a `vae.ELBO`. labels: classes [n]."""
        mean, log_variance = self.encode(x)
        z = self.reparameterize(mean, log_variance, self.samples if samples is None else samples, seed)
        reconstruction = ops.mean(self.log_likelihood(x, self.told(z, labels)), axis=0)
        kl = ops.sum(vae.kl_divergence(mean, log_variance), axis=-1)
        return vae.ELBO(reconstruction, kl, reconstruction - kl, z)

    def log_weights(self, x, labels, samples, seed=None):
        """log p(x, z|y) / q(z|x) for `samples` codes: [samples, n]."""
        mean, log_variance = self.encode(x)
        z = self.reparameterize(mean, log_variance, samples, seed)
        prior, posterior = vae.log_normal(z), vae.log_normal(z, mean, log_variance)
        return self.log_likelihood(x, self.told(z, labels)) + prior - posterior

    def generate(self, z, labels):
        """The mean images of p(x|z, y) for codes z [n, latent_dim] and classes [n]. NumPy, [n, *image]."""
        rows = ops.convert_to_numpy(self.told(ops.convert_to_tensor(np.float32(z)), labels))
        return ops.convert_to_numpy(ops.sigmoid(full(self.decoder.predict(rows, batch_size=256, verbose=0))))

    def sample(self, labels, seed=0):
        """An image of each of the classes [n], for codes from the prior. NumPy, [n, *image]."""
        labels = check_labels(labels, classes=self.classes)
        return self.generate(np.random.default_rng(seed).standard_normal((len(labels), self.latent_dim)), labels)

    def call(self, inputs, training=False):
        """inputs: (images, classes). Each image rebuilt from the mean of its code."""
        x, labels = inputs
        return ops.sigmoid(self.logits(self.told(self.encode(x)[0], labels)))

    def objective(self, batch):
        """What training minimizes, and the bound's two parts; batch: (x, classes)."""
        x, labels = batch[0], one_each(batch[1])
        mean, log_variance = self.encode(x)
        told = self.told(self.reparameterize(mean, log_variance, self.samples), labels)
        reconstruction = ops.mean(self.log_likelihood(x, told))
        kl_of_each = ops.mean(vae.kl_divergence(mean, log_variance), axis=0)
        loss = -reconstruction + self.beta * self.warmth * ops.sum(ops.maximum(kl_of_each, self.free_bits))
        return loss, {"reconstruction": -reconstruction, "kl": ops.sum(kl_of_each)}

    def train_on(self, batch):
        loss, parts = self.minimize(lambda: self._penalized(batch))
        self._warm()
        return {"loss": loss, **parts}

    def validate_on(self, batch):
        loss, parts = self._penalized(batch)
        return {"loss": loss, **parts}

    def checked(self, x, y=None):
        """x: images in [0, 1], of the encoder's shape. y: their classes [n]; anything else is a ValueError."""
        if y is None:
            raise ValueError("Expected the class of each image, got none: fit(images, labels).")
        x = check_images(x)
        self._check_shape(x.shape)
        return x, check_labels(y, len(x), self.classes).astype("int32")


def convolutional(latent_dim=16, classes=10, shape=(64, 32, 1), channels=(16, 32, 48), width=128, **options):
    """The networks of `vae.convolutional`; the decoder is told one of the `classes`, too. The other arguments are the
    same; `options`: those of `VAE`."""
    activation = options.pop("activation", "relu")
    pair = vae_networks.convolutional(shape, 2 * latent_dim, latent_dim + classes, channels, width, activation)
    return ConditionalVAE(*pair, **options)
