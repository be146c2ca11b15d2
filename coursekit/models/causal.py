"""Predict the next symbol: causal networks of letters (lecture 17), of the samples of a sound, of any whole numbers.

Van den Oord et al., "WaveNet: A Generative Model for Raw Audio" (2016), and Kalchbrenner et al., "Neural Machine
Translation in Linear Time" (2016): by the chain rule p(x) is the product of p(x_t | x_1, ..., x_(t-1)), and one network
gives all these factors at once, because what it says of step t depends on the steps before t alone.

    model = causal.build(classes=65)
    model.compile(keras.optimizers.Adam(3e-3))
    model.fit(windows, batch_size=32, epochs=4)      # whole numbers [n, steps], from 0 to classes - 1
    model.bits(held_out)                             # bits a symbol of each window, [n]
    model.sample(4, 200, temperature=0.8, seed=0)    # [4, 200]
"""

import math

import keras
import numpy as np
from keras import ops

from coursekit.arrays import check_labels, check_positive, check_seed
from coursekit.models.causal_networks import NOTHING, CausalNetwork
from coursekit.models.checks import check_not_negative
from coursekit.models.sequence_vae_networks import draw
from coursekit.training import Assembled
from coursekit.training.compile import compiled
from coursekit.training.loops import scan


@keras.saving.register_keras_serializable("coursekit")
class Causal(Assembled):
    """A model of sequences of symbols, whole numbers from 0, each predicted from those before it.

    Args:
        network: `causal_networks.CausalNetwork`, or a layer with its attributes and methods.

    Attributes:
        classes: how many symbols there are. conditions: how many conditions, or 0.
        receptive_field: how many symbols before it a prediction can depend on.
    """

    parts = ("network",)

    def __init__(self, network, **kwargs):
        super().__init__(**kwargs)
        self.network = network
        self.classes, self.conditions = network.classes, network.conditions
        self.receptive_field = network.receptive_field
        self.writers = {}
        self.built = True

    def call(self, x, condition=None, training=False):
        """The logits of each step, which know the steps before it: [n, steps, classes].

        Args:
            x: symbols [n, steps]. condition: whole numbers [n], of a model with conditions.
        """
        return self.network(x, condition, training=training)

    # -- its training --------------------------------------------------------------------------------------------------

    def surprise(self, x, condition=None, training=False):
        """-log p(x_t | x_1, ..., x_(t-1)) of each step, in nats: [n, steps]."""
        logits = self(x, condition, training=training)
        return ops.sparse_categorical_crossentropy(ops.cast(x, "int32"), logits, from_logits=True)

    def train_on(self, batch):
        loss = self.minimize(lambda: ops.mean(self.surprise(*self._parts(batch), training=True)))
        return {"loss": loss, "bits": loss / math.log(2)}

    def validate_on(self, batch):
        loss = ops.mean(self.surprise(*self._parts(batch)))
        return {"loss": loss, "bits": loss / math.log(2)}

    def checked(self, x, y=None):
        """x: symbols, whole numbers [n, steps] from 0 to classes - 1. y: the condition of each sequence, whole numbers
        [n], of a model with conditions; None of any other."""
        return self._symbols(x), self._conditions(y, len(x))

    # -- how well it predicts ------------------------------------------------------------------------------------------

    def log2_probability(self, x, condition=None, batch_size=32):
        """log2 p(x_t | x_1, ..., x_(t-1)) of each step: NumPy float64 [n, steps].

        Args:
            x: symbols [n, steps], of any length. condition: whole numbers [n], of a model with conditions.
        """
        x = self._symbols(x)
        condition = self._conditions(condition, len(x))
        if "surprise" not in self.writers:
            self.writers["surprise"] = compiled(self.surprise, reads=self.network.variables)
        found = np.empty(x.shape)
        for start in range(0, len(x), batch_size):
            rows = slice(start, start + batch_size)
            parts = [x[rows].astype("int32")] + ([] if condition is None else [condition[rows]])
            # The last ones are filled up: a program of another size takes longer to compile than to run.
            more = min(batch_size, len(x)) - len(parts[0])
            parts = [np.pad(part, [(0, more)] + [(0, 0)] * (part.ndim - 1)) for part in parts]
            nats = ops.convert_to_numpy(self.writers["surprise"](*map(ops.convert_to_tensor, parts)))
            found[rows] = nats[: len(x[rows])]
        return -found / math.log(2)

    def bits(self, x, condition=None, skip=0, batch_size=32):
        """What a symbol costs in each sequence, in bits: NumPy float64 [n]. Their mean is the cross-entropy.

        Args:
            x, condition: as for `log2_probability`.
            skip: leave out so many symbols at each beginning, which are known but not counted. Windows of a long text
                that overlap by `skip` symbols count each of its symbols with at least so many before it.
        """
        check_not_negative(skip=skip)
        x = self._symbols(x)
        if skip >= x.shape[1]:
            raise ValueError(f"Expected windows longer than skip={skip}, got {x.shape[1]} symbols; skip fewer.")
        return -self.log2_probability(x, condition, batch_size)[:, skip:].mean(axis=1)

    # -- what it writes ------------------------------------------------------------------------------------------------

    def sample(self, n, steps, temperature=1.0, seed=0, prompt=None, condition=None):
        """Sequences drawn symbol by symbol, in one compiled loop that remembers what each block needs of the past.

        Args:
            n: how many. steps: symbols of each, without the prompt.
            temperature: of the softmax; 1 draws from the model, 0 takes the likeliest symbol in each step.
            seed: whole number; the same one gives the same sequences, on any backend up to rounding.
            prompt: symbols [k] or [n, k] that stand before them and are known.
            condition: a whole number, or [n] of them, of a model with conditions.
        Returns:
            Symbols, NumPy int64 [n, steps].
        """
        n, steps = check_positive(n=n, steps=steps)
        check_not_negative(temperature=temperature)
        seed = check_seed(seed)
        prompt = np.zeros((n, 0), "int32") if prompt is None or np.size(prompt) == 0 else self._prompt(prompt, n)
        condition = self._conditions(None if condition is None else np.broadcast_to(condition, (n,)), n)
        u = np.random.default_rng(seed).random((n, steps), "float32")
        u = np.pad(u, ((0, 0), (prompt.shape[1], 0)))
        given = np.pad(prompt, ((0, 0), (0, steps)), constant_values=NOTHING)
        if "generate" not in self.writers:
            self.writers["generate"] = compiled(self._generate, reads=self.network.variables)
        parts = [u, given.astype("int32"), np.float32(temperature)] + ([] if condition is None else [condition])
        drawn = self.writers["generate"](*map(ops.convert_to_tensor, parts))
        return ops.convert_to_numpy(drawn)[:, prompt.shape[1] :].astype("int64")

    def _generate(self, u, given, temperature, condition=None):
        """Symbols [n, steps]. u: [n, steps]. given: symbols that stand instead of drawn ones, or NOTHING."""

        def one(carry, xs):
            before, memories = carry
            u, given = xs
            logits, memories = self.network.step(before, memories, condition)
            symbol = ops.where(given == NOTHING, draw(logits, temperature, u), given)
            return (symbol, memories), (symbol,)

        first = (ops.full_like(given[:, 0], NOTHING), self.network.begin(given.shape[0]))
        _, (drawn,) = scan(one, first, (ops.transpose(u), ops.transpose(given)), ("int32",))
        return ops.transpose(drawn)

    # -- what it is given ----------------------------------------------------------------------------------------------

    def _parts(self, batch):
        return batch if self.conditions else (batch,)

    def _symbols(self, x):
        x = np.asarray(x)
        if x.dtype.kind not in "iu" or x.ndim != 2 or x.size == 0:
            raise ValueError(
                f"Expected symbols: whole numbers [n, steps], at least one, got {x.dtype} {list(x.shape)}. "
                "A long sequence is cut by coursekit.letters.windows; a single one is x[None]."
            )
        low, high = int(x.min()), int(x.max())
        if low < 0 or high >= self.classes:
            raise ValueError(
                f"Expected symbols from 0 to {self.classes - 1}, got some from {low} to {high}. "
                "Encode the data as the model's are, or build it with more classes."
            )
        return x

    def _prompt(self, prompt, n):
        prompt = self._symbols(np.atleast_2d(np.asarray(prompt)))
        if len(prompt) not in (1, n):
            raise ValueError(f"Expected one prompt, or one for each of {n} sequences, got {len(prompt)}.")
        return np.broadcast_to(prompt, (n, prompt.shape[1])).astype("int32")

    def _conditions(self, y, count):
        if not self.conditions:
            if y is not None:
                raise ValueError(
                    "Expected symbols alone, got a y (or a condition) too: this model has no conditions. "
                    "Build it with conditions=, or leave them out."
                )
            return None
        if y is None:
            raise ValueError(f"Expected a condition for each of {count} sequences, got none: fit(x, y), bits(x, y).")
        return check_labels(y, count, self.conditions, "conditions").astype("int32")


DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128)


def build(classes, channels=64, skip=128, dilations=DILATIONS, contexts=(), heads=4, conditions=0, dropout=0.0):
    """Gated causal convolutions whose dilations double, or blocks of self-attention in their place.

    Args:
        classes: how many symbols there are. channels: numbers that a block keeps for each step. skip: numbers that it
            passes on to the answer.
        dilations: how many steps each convolution looks back; they see 1 + sum(dilations) symbols. () for none.
        contexts: steps that each attention block sees, its own included; () for none.
        heads: of each attention block. conditions: how many conditions there are, as speakers or classes; 0 for none.
        dropout: share of what a block says that is left out in training.
    """
    return Causal(CausalNetwork(classes, channels, skip, dilations, contexts, heads, conditions, dropout))
