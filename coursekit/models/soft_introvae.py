"""Soft-IntroVAE: a variational autoencoder whose encoder and decoder also play against each other (lecture 14).

Daniel and Tamar, "Soft-IntroVAE: Analyzing and Improving the Introspective Variational Autoencoder" (CVPR 2021).
`PlainVAE` is what it starts from: the same networks and the same two terms, without the game. L_r is the squared error,
a sum over pixels or coordinates; all divergences are in nats.
"""

from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from coursekit.arrays import check_floats, check_images, check_one_of, check_positive, check_seed, check_whole
from coursekit.models import contracts, vae_networks
from coursekit.models.checks import check_alone, check_data, check_not_negative, floats
from coursekit.models.vae import kl_divergence
from coursekit.training import Assembled, networks
from coursekit.training.precision import full
from coursekit.training.randomness import normal

OUTPUTS = {"linear": lambda numbers: numbers, "sigmoid": ops.sigmoid}
fixed = ops.stop_gradient


class Terms(NamedTuple):
    """What a VAE thinks of examples."""

    error: Any  # [n]: L_r, the squared error of the reconstruction
    kl: Any  # [n]: KL(q(z|x) || p(z))
    rebuilt: Any  # [n, *shape]: the decoder's answer to the code


@keras.saving.register_keras_serializable("coursekit")
class PlainVAE(Assembled):
    """A variational autoencoder that minimizes beta_rec L_r(x) + beta_kl KL(x), with the prior N(0, I).

    It is the VAE of Gaussian noise whose variance is fixed: at beta_kl = 1, of 1 / (2 beta_rec) in each pixel.

    Args:
        encoder: model from data to [n, 2 * latent_dim]: the mean and the log-variance of q(z|x).
        decoder: model from codes [n, latent_dim] to numbers of the data's shape.
        output: what is made of the decoder's numbers: "linear", nothing, for points; "sigmoid" for images in [0, 1].
        beta_rec, beta_kl: weights of the two terms.
        seed: of all randomness.

    The weights are variables: `model.beta_kl.assign(0.5)`.
    """

    parts = ("encoder", "decoder")
    settings = ("output", "beta_rec", "beta_kl", "seed")

    def __init__(self, encoder, decoder, output="linear", beta_rec=1.0, beta_kl=1.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        check_one_of(OUTPUTS, output=output)
        self.encoder, self.decoder, self.output_name = encoder, decoder, output
        self.latent_dim, self.shape = contracts.soft_introvae(self, encoder, decoder, output)
        self.beta_rec, self.beta_kl = self._number(beta_rec=beta_rec), self._number(beta_kl=beta_kl)
        self.seed = check_seed(seed)
        self.random = keras.random.SeedGenerator(self.seed)
        self.built = encoder.built and decoder.built

    def _number(self, **number):
        ((name, value),) = number.items()
        check_not_negative(**number)
        start = keras.initializers.Constant(value)
        return self.add_weight(shape=(), initializer=start, trainable=False, name=name)

    # -- the model -----------------------------------------------------------------------------------------------------

    def encode(self, x):
        """The mean and the log-variance of q(z|x), each [n, latent_dim]."""
        check_data(ops.shape(x), self.shape, "data of the encoder's shape")
        return ops.split(networks.answer(self.encoder, floats(x), self.in_step), 2, axis=-1)

    def decode(self, z, decoder=None):
        """The data [n, *shape] that codes z [n, latent_dim] stand for. decoder: another one than the model's own."""
        return OUTPUTS[self.output_name](networks.answer(decoder or self.decoder, z, self.in_step))

    def draw(self, mean, log_variance):
        """A code from q(z|x): [n, latent_dim]."""
        return mean + ops.exp(0.5 * log_variance) * normal(ops.shape(mean), self.random)

    def terms(self, x):
        """L_r and KL of each example, and what it is rebuilt as, with z at the mean of q(z|x): `Terms`."""
        mean, log_variance = self.encode(x)
        rebuilt = self.decode(mean)
        return Terms(squared_error(x, rebuilt), kl_of(mean, log_variance), rebuilt)

    def call(self, x, training=False):
        """Each example rebuilt from the mean of its code."""
        return self.terms(x).rebuilt

    def generate(self, z):
        """Data for codes z [n, latent_dim]: NumPy, [n, *shape]."""
        z = check_floats(z, "codes z").astype("float32", copy=False)
        check_data(z.shape, (self.latent_dim,), "codes z")
        answers = full(self.decoder.predict(z, batch_size=256, verbose=0))
        return ops.convert_to_numpy(OUTPUTS[self.output_name](ops.convert_to_tensor(answers)))

    def sample(self, count, seed=0):
        """`count` samples for codes from the prior, the same for the same seed: NumPy, [count, *shape]."""
        count = check_positive(count=count)
        return self.generate(np.random.default_rng(seed).standard_normal((count, self.latent_dim)))

    def scores(self, x, batch_size=500):
        """(L_r, KL) of each example, with z at the mean of q(z|x): NumPy, two of [n]."""
        x = self.checked(x)[0].astype("float32", copy=False)
        parts = [self.terms(x[start : start + batch_size])[:2] for start in range(0, len(x), batch_size)]
        return tuple(
            np.concatenate([ops.convert_to_numpy(each) for each in column]) for column in zip(*parts, strict=True)
        )

    # -- its training --------------------------------------------------------------------------------------------------

    def objective(self, x):
        """What a plain VAE minimizes, and its two parts: (scalar, {name: scalar})."""
        mean, log_variance = self.encode(x)
        error = ops.mean(squared_error(x, self.decode(self.draw(mean, log_variance))))
        kl = ops.mean(kl_of(mean, log_variance))
        loss = self.beta_rec * error + self.beta_kl * kl + networks.penalties(self.encoder, self.decoder)
        return loss, {"error": error, "kl": kl}

    def train_on(self, x):
        loss, parts = self.minimize(lambda: self.objective(x))
        return {"loss": loss, **parts}

    def checked(self, x, y=None):
        """x: data of the encoder's shape; images in [0, 1] where the output is a sigmoid."""
        check_alone(y, "a VAE")
        x = check_images(x) if self.output_name == "sigmoid" else check_floats(x, finite=False)  # `fit` looks for NaN
        check_data(x.shape, self.shape, "data of the encoder's shape")
        return x, y


@keras.saving.register_keras_serializable("coursekit")
class SoftIntroVAE(PlainVAE):
    """A VAE whose encoder also tells data from what the decoder makes, by their ELBO, and whose decoder is told.

    Args:
        encoder, decoder, output, beta_rec, beta_kl, seed: those of `PlainVAE`.
        beta_neg: weight of the KL divergence of fakes in the exponential. The authors: KL(fake) should stay above
            KL(data); where it does not, make beta_neg smaller.
        alpha: sharpness of the exponential, above 0.
        gamma_r: weight of the fakes' reconstruction error in the decoder's loss.
        scale: s, of all exponents and losses; 1 / numbers in an example if omitted.
        target_every: steps after which the target decoder becomes a copy of the decoder; 0: no target decoder. This is
            the authors' bootstrap variant, which copies once an epoch and allows a gamma_r of 0.5 to 1.

    Both players have an optimizer of their own: `compile(encoder=..., decoder=...)`. Fakes are reconstructions and
    samples from the prior, half and half.
    """

    settings = (*PlainVAE.settings, "beta_neg", "alpha", "gamma_r", "scale", "target_every")

    def __init__(
        self,
        encoder,
        decoder,
        output="linear",
        beta_rec=1.0,
        beta_kl=1.0,
        beta_neg=1.0,
        alpha=2.0,
        gamma_r=1e-8,
        scale=None,
        target_every=0,
        seed=0,
        **kwargs,
    ):
        super().__init__(encoder, decoder, output, beta_rec, beta_kl, seed, **kwargs)
        scale = 1 / np.prod(self.shape) if scale is None else scale
        for name, value in (("alpha", alpha), ("scale", scale)):
            if not value > 0:
                raise ValueError(f"Expected {name} above 0, got {value!r}.")
        self.beta_neg, self.gamma_r = self._number(beta_neg=beta_neg), self._number(gamma_r=gamma_r)
        self.alpha, self.scale = self._number(alpha=alpha), float(scale)
        self.target_every = check_whole(0, target_every=target_every)
        self.target = networks.copy_of(decoder) if target_every else None
        if self.target is not None:
            self.steps = self.add_weight(shape=(), initializer="zeros", trainable=False, dtype="int32", name="steps")

    # -- the game ------------------------------------------------------------------------------------------------------

    def exp_elbo(self, error, kl):
        """(1 / alpha) exp(-alpha s (beta_rec L_r + beta_neg KL)) of each fake: what the encoder pays for believing it,
        from 1 / alpha, for a fake with an ELBO of 0, down to 0."""
        return ops.exp(-self.alpha * self.scale * (self.beta_rec * error + self.beta_neg * kl)) / self.alpha

    def encoder_loss(self, x, noise):
        """What the encoder minimizes, and what was seen on the way: (scalar, ({name: scalar}, z [n, latent_dim])).

        Args:
            x: data [n, *shape]. noise: codes from the prior [n, latent_dim].
        """
        mean, log_variance = self.encode(x)
        z, kl = self.draw(mean, log_variance), kl_of(mean, log_variance)
        fakes = self.decode(ops.concatenate([z, noise], axis=0))  # reconstructions, then samples
        rebuilt, _ = ops.split(fakes, 2, axis=0)
        error = squared_error(x, rebuilt)
        of_data = self.scale * ops.mean(self.beta_rec * error + self.beta_kl * kl)

        mean, log_variance = self.encode(fixed(fakes))
        again = self.decode(self.draw(mean, log_variance), self.target)
        # As in the authors' code, the gradient passes through the fakes where the error is taken.
        of_fakes = ops.mean(self.exp_elbo(squared_error(fakes, again), kl_of(mean, log_variance)))
        loss = of_data + of_fakes + networks.penalties(self.encoder)
        return loss, ({"error": ops.mean(error), "kl": ops.mean(kl), "exp_elbo": of_fakes}, z)

    def decoder_loss(self, x, z, noise):
        """What the decoder minimizes, and what was seen on the way: (scalar, {name: scalar}).

        Args:
            x, noise: as above. z: codes [n, latent_dim] of the data, which the encoder drew before its step.
        """
        fakes = self.decode(ops.concatenate([fixed(z), noise], axis=0))
        rebuilt, _ = ops.split(fakes, 2, axis=0)
        error = ops.mean(squared_error(x, rebuilt))
        mean, log_variance = self.encode(fakes)
        kl = kl_of(mean, log_variance)
        of_fakes = self.beta_kl * ops.mean(kl)
        of_fakes = of_fakes + self.gamma_r * self.beta_rec * ops.mean(
            self._error_of(fakes, self.draw(mean, log_variance))
        )
        loss = self.scale * (self.beta_rec * error + of_fakes) + networks.penalties(self.decoder)
        kl_rebuilt, kl_sampled = ops.split(kl, 2, axis=0)
        return loss, {"kl_rebuilt": ops.mean(kl_rebuilt), "kl_sampled": ops.mean(kl_sampled)}

    def _error_of(self, fakes, z):
        """L_r of fakes with the codes z. Only against a target decoder, which stands still, may the fakes move."""
        if self.target is None:
            return squared_error(fixed(fakes), self.decode(fixed(z)))
        return squared_error(fakes, self.decode(z, self.target))

    def train_on(self, x):
        """One step of the encoder, then one of the decoder, with the same codes from the prior."""
        noise = normal((ops.shape(x)[0], self.latent_dim), self.random)
        e_loss, (seen, z) = self.minimize(lambda: self.encoder_loss(x, noise), self.encoder)
        d_loss, seen_by_decoder = self.minimize(lambda: self.decoder_loss(x, z, noise), self.decoder)
        self._copy_to_target()
        return {"e_loss": e_loss, "d_loss": d_loss, **seen, **seen_by_decoder}

    def _copy_to_target(self):
        if self.target is None:
            return
        steps = self.steps + 1
        due = ops.equal(steps % self.target_every, 0)
        for old, now in zip(self.target.weights, self.decoder.weights, strict=True):
            old.assign(ops.where(due, now.value, old.value))
        self.steps.assign(steps)


def squared_error(x, y):
    """L_r: squared differences, summed over all but the first axis: [n]."""
    squares = ops.square(floats(x) - y)
    return ops.sum(ops.reshape(squares, (ops.shape(squares)[0], -1)), axis=-1)


def kl_of(mean, log_variance):
    """KL(q(z|x) || p(z)) of each example: [n]."""
    return ops.sum(kl_divergence(mean, log_variance), axis=-1)


def dense(latent_dim=2, widths=(256, 256, 256, 256), inputs=2, activation="relu", kind=SoftIntroVAE, **options):
    """2-256-256-256-256-2 and back, as the authors train on points in the plane.

    Args:
        latent_dim: numbers in the code. widths: hidden layers of the encoder, outermost first; those of the decoder
            are in the opposite order. inputs: numbers in an example.
        kind: `SoftIntroVAE` or `PlainVAE`. options: its own.
    """
    latent_dim = check_positive(latent_dim=latent_dim)
    return kind(*vae_networks.dense(inputs, 2 * latent_dim, latent_dim, widths, activation), **options)


def convolutional(
    latent_dim=32, shape=(28, 28, 1), channels=(32, 64), width=0, activation="silu", kind=SoftIntroVAE, **options
):
    """Strided convolutions down to the code, transposed ones back; for images in [0, 1].

    Args:
        shape: (height, width, channels) of the images; each stage halves height and width.
        channels: of the encoder's stages, outermost first. width: of the dense layer beside the code; 0 for none.
        kind: `SoftIntroVAE` or `PlainVAE`. options: its own; beta_neg is 256 for a `SoftIntroVAE`, if omitted.
    """
    latent_dim = check_positive(latent_dim=latent_dim)
    pair = vae_networks.convolutional(shape, 2 * latent_dim, latent_dim, channels, width, activation)
    defaults = {"output": "sigmoid"} | ({"beta_neg": 256.0} if kind is SoftIntroVAE else {})
    return kind(*pair, **defaults | options)
