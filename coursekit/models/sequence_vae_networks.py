"""The decoder of `sequence_vae.py`, and the draw of a symbol; the encoder is `recurrent.BidirectionalLSTM`."""

import keras
from keras import layers, ops

from coursekit.arrays import check_positive
from coursekit.models.recurrent import BidirectionalLSTM, Stack, named
from coursekit.training.loops import scan

NOTHING = -1  # in the place of a symbol: the decoder is told none, as at the first step


def encoder(symbols, steps, latent_dim, widths):
    """Functional model from symbols [n, steps] to [n, 2 * latent_dim].

    Args:
        widths: units of each layer and direction, the first layer first.
    """
    check_positive(symbols=symbols, steps=steps, latent_dim=latent_dim, **named(widths))
    x = keras.Input((steps,), dtype="int32")
    code = layers.Dense(2 * latent_dim, name="code")(BidirectionalLSTM(symbols, widths, name="reader")(x))
    return keras.Model(x, code, name="encoder")


def draw(logits, temperature, u):
    """The symbols [n] at which the cumulative probabilities of softmax(logits / temperature) pass the numbers u.

    Args:
        logits: [n, symbols]. temperature: scalar; 0 takes the likeliest symbol. u: [n], uniform in [0, 1).
    """
    probabilities = ops.softmax(logits / ops.where(temperature > 0, temperature, 1.0), axis=-1)
    cumulative = ops.cumsum(probabilities, axis=-1)
    threshold = ops.clip(u, 1e-7, 1 - 1e-6)[:, None] * cumulative[:, -1:]  # never at a symbol of probability 0
    drawn = ops.sum(ops.cast(cumulative < threshold, "int32"), axis=-1)
    return ops.where(temperature > 0, drawn, ops.cast(ops.argmax(logits, axis=-1), "int32"))


@keras.saving.register_keras_serializable("coursekit")
class Decoder(layers.Layer):
    """An autoregressive LSTM that is given the code in every step, beside the symbol before it, and begins from it.

    Args:
        symbols: how many there are. steps: of a sequence. latent_dim: numbers in the code.
        widths: units of each layer, the first layer first.
    """

    def __init__(self, symbols, steps, latent_dim, widths, **kwargs):
        super().__init__(**kwargs)
        check_positive(symbols=symbols, steps=steps, latent_dim=latent_dim, **named(widths))
        self.symbols, self.steps, self.latent_dim, self.widths = symbols, steps, latent_dim, tuple(widths)
        self.lstm = Stack(latent_dim + symbols, latent_dim, widths, name="lstm")
        self.answer = layers.Dense(symbols, name="logits")
        self.answer.build((None, self.widths[-1]))
        self.built = True

    def begin(self, z):
        """The state before the first step."""
        return self.lstm.begin(z)

    def step(self, z, before, state):
        """One step: the logits of its symbol, [n, symbols], and the next state.

        Args:
            z: [n, latent_dim]. before: the symbols [n] of the step before, or NOTHING. state: as of `begin`.
        """
        h, state = self.lstm.step(self.lstm.drive(z, ops.one_hot(before, self.symbols)), state)
        return self.answer(h), state

    def call(self, z, told):
        """All steps at once, where it is known what each is told (teacher forcing).

        Args:
            z: [n, latent_dim].
            told: symbols [n, steps], or NOTHING; each step is told the one before it, and the first one nothing.
        Returns:
            Logits [n, steps, symbols].
        """
        told = ops.transpose(ops.cast(told, "int32"))
        before = ops.concatenate([ops.full_like(told[:1], NOTHING), told[:-1]], axis=0)
        h = self.lstm.run(self.lstm.drive(z, ops.one_hot(before, self.symbols)), z)
        return ops.transpose(self.answer(h), (1, 0, 2))

    def generate(self, z, u, temperature, given):
        """Sequences drawn symbol by symbol, each being told the one drawn before it.

        Args:
            z: [n, latent_dim]. u: [n, steps], uniform in [0, 1). temperature: scalar.
            given: symbols [n, steps] that stand instead of drawn ones, or NOTHING where one is drawn.
        Returns:
            Symbols, int32 [n, steps].
        """

        def one(carry, xs):
            before, state = carry
            u, given = xs
            logits, state = self.step(z, before, state)
            symbol = ops.where(given == NOTHING, draw(logits, temperature, u), given)
            return (symbol, state), (symbol,)

        given = ops.transpose(ops.cast(given, "int32"))
        first = (ops.full_like(given[0], NOTHING), self.begin(z))
        _, (drawn,) = scan(one, first, (ops.transpose(u), given), ("int32",))
        return ops.transpose(drawn)

    def compute_output_shape(self, z_shape, told_shape):
        return (z_shape[0], self.steps, self.symbols)

    def get_config(self):
        sizes = {"symbols": self.symbols, "steps": self.steps, "latent_dim": self.latent_dim}
        return {**super().get_config(), **sizes, "widths": list(self.widths)}
