"""A variational autoencoder of sequences: melodies (lecture 09), lines of text.

Bowman et al., "Generating Sentences from a Continuous Space" (CoNLL 2016): an LSTM reads the sequence into a code, and
another one writes it again, symbol by symbol. The bound is that of `vae.py`. Everything is in nats, summed over steps.
"""

import math

import keras
import numpy as np
from keras import ops

from coursekit.arrays import check_positive
from coursekit.models import contracts, sequence_vae_networks
from coursekit.models.checks import check_alone, check_not_negative
from coursekit.models.sequence_vae_networks import NOTHING
from coursekit.models.vae import VAE, kl_divergence
from coursekit.training.compile import compiled
from coursekit.training.randomness import uniform


@keras.saving.register_keras_serializable("coursekit")
class SequenceVAE(VAE):
    """Variational autoencoder of sequences of symbols, whole numbers from 0, with the prior N(0, I).

    Args:
        encoder: model from symbols [n, steps] to [n, 2 * latent_dim]: the mean and the log-variance of q(z|x).
        decoder: `sequence_vae_networks.Decoder`, or a layer with its methods.
        beta: weight of the KL divergence; 1 is the bound.
        free_bits: bits that the code of each sequence may use without paying (Roberts et al., 2018).
        warm_up: steps over which the weight of the KL divergence grows from 0 to beta; 0: none.
        scheduled_sampling: k, the rate of scheduled sampling (Bengio et al., 2015): in step t of the training, a symbol
            that the decoder is told is one of its own with probability 1 - k / (k + exp(t / k)); 0: never.
        word_dropout: share of the symbols that the decoder is not told in training, so that it needs the code (Bowman
            et al., 2016).
        seed: of all randomness.

    `beta`, `free_bits`, `word_dropout` and `warmth` (how much of `beta` counts by now) are variables.
    """

    settings = ("beta", "free_bits", "warm_up", "scheduled_sampling", "word_dropout", "seed")

    def __init__(
        self,
        encoder,
        decoder,
        beta=1.0,
        free_bits=0.0,
        warm_up=0,
        scheduled_sampling=0,
        word_dropout=0.0,
        seed=0,
        **kwargs,
    ):
        check_not_negative(scheduled_sampling=scheduled_sampling, word_dropout=word_dropout)
        if word_dropout > 1:
            raise ValueError(f"Expected word_dropout of at most 1, a share, got {word_dropout!r}.")
        super().__init__(encoder, decoder, beta=beta, free_bits=free_bits, warm_up=warm_up, seed=seed, **kwargs)
        self.symbols, self.steps, self.scheduled_sampling = decoder.symbols, decoder.steps, scheduled_sampling
        self.word_dropout = self._number(word_dropout, "word_dropout")
        self.age = self._number(0.0, "age")  # t / k of scheduled sampling
        self.writer = None

    def _check_networks(self):
        return contracts.sequence_vae(self.encoder, self.decoder)

    # -- the model -----------------------------------------------------------------------------------------------------

    def logits(self, z, told):
        """What the decoder answers by teacher forcing: [..., n, steps, symbols].

        Args:
            z: [..., n, latent_dim].
            told: symbols [n, steps]; each step is told the one before it.
        """
        self._check_codes(ops.shape(z))
        many = ops.reshape(z, (-1, *ops.shape(z)[-2:]))
        told = ops.tile(ops.cast(told, "int32"), (ops.shape(many)[0], 1))
        answer = self.decoder(ops.reshape(many, (-1, self.latent_dim)), told)
        return ops.reshape(answer, (*ops.shape(z)[:-1], self.steps, self.symbols))

    def log_likelihood(self, x, z, told=None):
        """log p(x|z) = sum over t of log p(x_t | x_1, ..., x_(t-1), z).

        Args:
            x: symbols [n, steps]. z: [L, n, latent_dim].
            told: what stands for x_1, ..., x_(t-1); x itself, if omitted.
        Returns:
            [L, n].
        """
        logits = self.logits(z, x if told is None else told)
        targets = ops.broadcast_to(ops.cast(x, "int32"), ops.shape(logits)[:-1])
        return -ops.sum(ops.sparse_categorical_crossentropy(targets, logits, from_logits=True), axis=-1)

    def call(self, x, training=False):
        """The logits by teacher forcing, from the mean of each sequence's code: [n, steps, symbols]."""
        return self.logits(self.encode(x)[0], x)

    # -- its training --------------------------------------------------------------------------------------------------

    def objective(self, x, told=None):
        """What training minimizes, and the bound's two parts: (scalar, {name: scalar}).

        Args:
            told: function (x, z) -> what the decoder is told; x itself, if omitted.
        """
        mean, log_variance = self.encode(x)
        z = self.reparameterize(mean, log_variance)
        reconstruction = ops.mean(self.log_likelihood(x, z, told and told(x, z[0])))
        kl = ops.sum(kl_divergence(mean, log_variance), axis=-1)
        paid = ops.mean(ops.maximum(kl - self.free_bits * math.log(2), 0.0))
        loss = -reconstruction + self.beta * self.warmth * paid
        return loss, {"reconstruction": -reconstruction, "kl": ops.mean(kl)}

    def told_in_training(self, x, z):
        """What the decoder is told instead of x: some of its own symbols, and some symbols not at all."""
        told = ops.cast(x, "int32")
        if self.scheduled_sampling:
            k = self.scheduled_sampling
            own = uniform(ops.shape(x), self.noise) > k / (k + ops.exp(self.age))
            u = uniform(ops.shape(x), self.noise)
            told = self.decoder.generate(ops.stop_gradient(z), u, 1.0, ops.where(own, NOTHING, told))
        return ops.where(uniform(ops.shape(x), self.noise) < self.word_dropout, NOTHING, told)

    def train_on(self, x):
        loss, parts = self.minimize(lambda: self.objective(x, self.told_in_training))
        if self.scheduled_sampling:
            self.age.assign(self.age + 1 / self.scheduled_sampling)
        self._warm()
        return {"loss": loss, **parts}

    def checked(self, x, y=None):
        """x: symbols, whole numbers [n, steps] from 0 to symbols - 1; else a ValueError."""
        check_alone(y, "a SequenceVAE")
        self._check_symbols(x)
        return np.asarray(x), y

    # -- what it writes ------------------------------------------------------------------------------------------------

    def decode(self, z, temperature=1.0, seed=0, given=None):
        """Sequences written symbol by symbol from codes, in one compiled loop.

        Args:
            z: [..., latent_dim].
            temperature: of the softmax; 1 draws from the model, 0 takes the likeliest symbol in each step.
            seed: whole number; the same one gives the same sequences, on any backend up to rounding.
            given: symbols [..., steps] that stand instead of drawn ones, and -1 where one is drawn.
        Returns:
            Symbols, NumPy int64 [..., steps].
        """
        check_not_negative(temperature=temperature)
        z = np.asarray(ops.convert_to_numpy(z), "float32")
        self._check_codes(z.shape)
        rows = z.reshape(-1, self.latent_dim)
        shape = (len(rows), self.steps)
        u = np.random.default_rng(seed).random(shape, "float32")
        given = np.full(shape, NOTHING, "int32") if given is None else np.asarray(given, "int32").reshape(shape)
        if self.writer is None:
            self.writer = compiled(self.decoder.generate, reads=self.decoder.variables)
        # One program serves up to 16 rows, another one up to 32, and so on: each takes longer to compile than to run.
        more = max(16, 2 ** math.ceil(math.log2(max(1, len(rows))))) - len(rows)
        rows, u, given = (np.pad(array, ((0, more), (0, 0))) for array in (rows, u, given))
        drawn = self.writer(*map(ops.convert_to_tensor, (rows, u, np.float32(temperature), given)))
        drawn = ops.convert_to_numpy(drawn)[: shape[0]]
        return drawn.astype("int64").reshape(*z.shape[:-1], self.steps)

    def sample(self, count, temperature=1.0, seed=0):
        """Sequences from codes of the prior: NumPy int64 [count, steps]."""
        check_positive(count=count)
        z = np.random.default_rng(seed).standard_normal((count, self.latent_dim)).astype("float32")
        return self.decode(z, temperature, seed)

    def reconstruct(self, x, temperature=0.0, seed=0, batch_size=500):
        """Each sequence written again from the mean of its code, without being told any of it: NumPy int64 [n, steps].
        Of each step the likeliest symbol, unless a temperature is given."""
        return self.decode(self.codes(x, batch_size), temperature, seed)

    def codes(self, x, batch_size=500):
        """The mean of q(z|x) of each sequence: NumPy, [n, latent_dim]."""
        self._check_symbols(x)
        x = np.asarray(x, "int32")
        answer = self.encoder.predict(x, batch_size=min(batch_size, len(x)), verbose=0)
        return answer[:, : self.latent_dim]

    # -- what it is given ----------------------------------------------------------------------------------------------

    def _check_symbols(self, x):
        x = np.asarray(x)
        self._check_shape(x.shape)
        if x.dtype.kind not in "iu" or x.size == 0:
            raise ValueError(f"Expected symbols: whole numbers, at least one sequence, got {x.dtype} {list(x.shape)}.")
        low, high = int(x.min()), int(x.max())
        if low < 0 or high >= self.symbols:
            raise ValueError(
                f"Expected symbols from 0 to {self.symbols - 1}, got some from {low} to {high}. "
                "Encode the sequences as the model's data are, or build it with more symbols."
            )

    def _check_shape(self, shape):
        if tuple(shape[1:]) != (self.steps,):
            raise ValueError(
                f"Expected sequences of {self.steps} symbols [n, {self.steps}], got {list(shape)}. "
                "Cut or pad them to this length, or build the model for another one."
            )

    def _check_codes(self, shape):
        if not shape or shape[-1] != self.latent_dim:
            raise ValueError(f"Expected codes z [..., {self.latent_dim}], as of `encode`, got {list(shape)}.")


def lstm(symbols, steps, latent_dim=32, reader=(128,), writer=(128,), **options):
    """A bidirectional LSTM to the code, and an LSTM back.

    Args:
        symbols: how many there are. steps: of a sequence. latent_dim: numbers in the code.
        reader: units of the encoder's layers, of each direction. writer: of the decoder's layers.
        options: of `SequenceVAE`.
    """
    encoder = sequence_vae_networks.encoder(symbols, steps, latent_dim, reader)
    return SequenceVAE(encoder, sequence_vae_networks.Decoder(symbols, steps, latent_dim, writer), **options)
