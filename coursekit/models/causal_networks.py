"""The network of `causal.py`: an embedding, blocks that look back, and what they pass on to the answer.

A block knows its past in two ways that give the same numbers: `call` sees all steps at once, and `step` sees one, with
a memory of those before, which it hands on. Training uses the first, sampling the second.
"""

import math

import keras
from keras import layers, ops

from coursekit.arrays import check_positive, check_sizes
from coursekit.training.randomness import uniform

NOTHING = -1  # in the place of a symbol: what stands before the first one


def earlier(x, steps):
    """x [n, time, ...], moved so many steps later; zeros come in at the beginning."""
    beginning = ops.zeros_like(x[:, :steps])
    if x.shape[1] is not None and steps >= x.shape[1]:
        return beginning
    return ops.concatenate([beginning, x[:, :-steps]], axis=1)


@keras.saving.register_keras_serializable("coursekit")
class GatedConvolution(layers.Layer):
    """A dilated causal convolution with a gate (WaveNet): x_t and x_(t - dilation) give tanh(a) * sigmoid(b).

    Args:
        channels: of x. skip: numbers that a step passes on to the answer. dilation: how many steps it looks back.
        conditions: how many conditions there are, each with a bias of its own; 0 for none.
    """

    def __init__(self, channels, skip, dilation, conditions=0, **kwargs):
        super().__init__(**kwargs)
        check_positive(channels=channels, skip=skip, dilation=dilation)
        self.channels, self.skip, self.dilation, self.conditions = channels, skip, dilation, conditions
        self.gates = layers.Dense(2 * channels, name="gates")
        self.gates.build((None, 2 * channels))
        self.out = layers.Dense(channels + skip, name="out")
        self.out.build((None, channels))
        self.given = self.add_weight((conditions, 2 * channels), "zeros", name="given") if conditions else None
        self.built = True

    @property
    def reach(self):
        """How many steps before its own one it sees."""
        return self.dilation

    def call(self, x, condition=None, drop=None):
        """x [n, time, channels] -> (x for the next block, skip [n, time, skip]). drop: dropout, in training."""
        return self._from(earlier(x, self.dilation), x, condition, drop)

    def begin(self, n):
        """The memory before the first step: zeros [n, dilation, channels]."""
        return ops.zeros((n, self.dilation, self.channels))

    def step(self, x, memory, condition=None):
        """One step: x [n, channels] -> (x for the next block, skip [n, skip], next memory)."""
        after = ops.concatenate([memory[:, 1:], x[:, None]], axis=1)
        if condition is not None:
            condition = condition[:, 0]
        return *self._from(memory[:, 0], x, condition), after

    def _from(self, before, x, condition, drop=None):
        gates = self.gates(ops.concatenate([before, x], axis=-1))
        if self.conditions:
            gates = gates + ops.matmul(condition, self.given)
        a, b = ops.split(gates, 2, axis=-1)
        said = ops.tanh(a) * ops.sigmoid(b)
        out = self.out(drop(said) if drop else said)
        return x + out[..., : self.channels], out[..., self.channels :]

    def get_config(self):
        sizes = {"channels": self.channels, "skip": self.skip, "dilation": self.dilation}
        return {**super().get_config(), **sizes, "conditions": self.conditions}


@keras.saving.register_keras_serializable("coursekit")
class SelfAttention(layers.Layer):
    """A block of a transformer that sees its own step and the `context` - 1 before, then a small dense network.

    How far back a step lies counts by a learned number for each distance and head (as in T5), so that a block answers
    alike wherever in a text it stands.

    Args:
        channels: of x. skip: numbers that a step passes on to the answer. context: steps seen, its own included.
        heads: how many; they share the channels. conditions: as for `GatedConvolution`.
    """

    def __init__(self, channels, skip, context, heads=4, conditions=0, **kwargs):
        super().__init__(**kwargs)
        check_positive(channels=channels, skip=skip, context=context, heads=heads)
        if channels % heads:
            raise ValueError(f"Expected channels that {heads} heads can share, got {channels}; take a multiple.")
        self.channels, self.skip, self.context, self.heads = channels, skip, context, heads
        self.conditions = conditions
        self.before, self.between = (layers.LayerNormalization(name=name) for name in ("before", "between"))
        self.asked = layers.Dense(3 * channels, name="asked")
        self.joined = layers.Dense(channels, name="joined")
        self.wide, self.out = layers.Dense(4 * channels, name="wide"), layers.Dense(channels + skip, name="out")
        for layer in (self.before, self.between, self.asked, self.joined, self.wide):
            layer.build((None, None, channels))
        self.out.build((None, None, 4 * channels))
        self.distance = self.add_weight((context, heads), "zeros", name="distance")
        self.given = self.add_weight((conditions, channels), "zeros", name="given") if conditions else None
        self.built = True

    @property
    def reach(self):
        """How many steps before its own one it sees."""
        return self.context - 1

    def call(self, x, condition=None, drop=None):
        """x [n, time, channels] -> (x for the next block, skip [n, time, skip]). drop: dropout, in training."""
        q, k, v = self._asked(x, condition)
        time = ops.arange(ops.shape(x)[1])
        back = time[:, None] - time[None]  # how many steps the column lies before the row
        near = ops.logical_and(back >= 0, back < self.context)
        bias = ops.where(near[..., None], ops.take(self.distance, ops.clip(back, 0, self.context - 1), axis=0), -1e9)
        scores = ops.einsum("nthd,nshd->nhts", q, k) + ops.transpose(bias, (2, 0, 1))
        mixed = ops.einsum("nhts,nshd->nthd", ops.softmax(scores), v)
        return self._from(x, ops.reshape(mixed, ops.shape(x)), drop)

    def begin(self, n):
        """The memory before the first step: what was asked for, what was there, and which of it counts."""
        empty = ops.zeros((n, self.context, self.heads, self.channels // self.heads))
        return empty, empty, ops.full((self.context,), -1e9)

    def step(self, x, memory, condition=None):
        """One step: x [n, channels] -> (x for the next block, skip [n, skip], next memory)."""
        q, k, v = self._asked(x[:, None], condition)
        keys, values, there = memory
        keys, values = (ops.concatenate([old[:, 1:], new], axis=1) for old, new in ((keys, k), (values, v)))
        there = ops.concatenate([there[1:], ops.zeros((1,))])
        bias = ops.flip(ops.convert_to_tensor(self.distance), axis=0) + there[:, None]
        scores = ops.einsum("nthd,nshd->nhts", q, keys) + ops.transpose(bias)[None, :, None]
        mixed = ops.reshape(ops.einsum("nhts,nshd->nthd", ops.softmax(scores), values), ops.shape(x))
        return *self._from(x, mixed), (keys, values, there)

    def _asked(self, x, condition):
        """Queries, keys and values, each [n, time, heads, channels / heads]."""
        normal = self.before(x)
        if self.conditions:
            normal = normal + ops.matmul(condition, self.given)
        size = self.channels // self.heads
        parts = ops.split(self.asked(normal), 3, axis=-1)
        shape = (*ops.shape(x)[:2], self.heads, size)
        q, k, v = (ops.reshape(part, shape) for part in parts)
        return q / math.sqrt(size), k, v

    def _from(self, x, mixed, drop=None):
        x = x + self.joined(mixed)
        wide = ops.relu(self.wide(self.between(x)))
        out = self.out(drop(wide) if drop else wide)
        return x + out[..., : self.channels], out[..., self.channels :]

    def get_config(self):
        sizes = {"channels": self.channels, "skip": self.skip, "context": self.context, "heads": self.heads}
        return {**super().get_config(), **sizes, "conditions": self.conditions}


@keras.saving.register_keras_serializable("coursekit")
class CausalNetwork(layers.Layer):
    """Blocks one above the other; the logits of step t are made of the symbols before t, and of no other one.

    Args:
        classes: how many symbols there are. channels, skip: of each block.
        dilations: of the gated convolutions, the first block first; () for none.
        contexts: of the attention blocks, which come after them; () for none.
        heads: of each attention block. conditions: how many conditions there are; 0 for none.
        dropout: share of what a block says that is left out in training, from 0 to below 1.
    """

    def __init__(
        self, classes, channels, skip, dilations=(), contexts=(), heads=4, conditions=0, dropout=0.0, **kwargs
    ):
        super().__init__(**kwargs)
        check_positive(classes=classes, channels=channels, skip=skip)
        if not 0 <= dropout < 1:
            raise ValueError(f"Expected dropout from 0 to below 1, a share, got {dropout!r}.")
        self.dropout = dropout
        self.noise = keras.random.SeedGenerator() if dropout else None
        self.dilations, self.contexts = check_sizes(dilations=dilations, contexts=contexts)
        self.classes, self.channels, self.skip, self.heads = classes, channels, skip, heads
        self.conditions = conditions
        if not self.dilations and not self.contexts:
            raise ValueError("Expected at least one block, got no dilations and no contexts; take dilations=(1, 2, 4).")
        # One row more than there are symbols: what stands before the first one.
        self.embedding = self.add_weight(
            (classes + 1, channels), keras.initializers.RandomNormal(stddev=1.0), name="embedding"
        )
        self.blocks = [
            GatedConvolution(channels, skip, dilation, conditions, name=f"convolution{i}")
            for i, dilation in enumerate(self.dilations)
        ] + [
            SelfAttention(channels, skip, context, heads, conditions, name=f"attention{i}")
            for i, context in enumerate(self.contexts)
        ]
        self.hidden = layers.Dense(skip, activation="relu", name="hidden")
        self.hidden.build((None, skip))
        self.answer = layers.Dense(classes, name="logits")
        self.answer.build((None, skip))
        self.built = True

    settings = ("classes", "channels", "skip", "heads", "conditions", "dropout")

    @property
    def receptive_field(self):
        """How many symbols before it a prediction can depend on."""
        return 1 + sum(block.reach for block in self.blocks)

    def call(self, x, condition=None, training=False):
        """All steps at once: symbols [n, time] -> logits [n, time, classes]; those of step t know x before t.

        Args:
            condition: whole numbers [n], of a network with conditions. training: whether there is dropout.
        """
        drop = self._dropped if training and self.dropout else None
        x = ops.cast(x, "int32")
        before = ops.concatenate([ops.full_like(x[:, :1], NOTHING), x[:, :-1]], axis=1)
        condition = self._one_hot(condition)
        x, total = self._embedded(before), 0.0
        for block in self.blocks:
            x, skip = block(x, condition, drop=drop)
            total = total + skip
        return self._answer(total)

    def begin(self, n):
        """The memories of all blocks before the first step."""
        return tuple(block.begin(n) for block in self.blocks)

    def step(self, before, memories, condition=None):
        """One step: the symbols before it [n], or NOTHING, -> (logits [n, classes], next memories)."""
        condition = self._one_hot(condition)
        x, total, after = self._embedded(before), 0.0, []
        for block, memory in zip(self.blocks, memories, strict=True):
            x, skip, memory = block.step(x, memory, condition)
            total = total + skip
            after.append(memory)
        return self._answer(total), tuple(after)

    def _embedded(self, symbols):
        return ops.take(self.embedding, ops.where(symbols < 0, self.classes, symbols), axis=0)

    def _dropped(self, x):
        kept = uniform(ops.shape(x), self.noise) >= self.dropout
        return ops.where(kept, x / (1 - self.dropout), 0.0)

    def _one_hot(self, condition):
        return None if not self.conditions else ops.one_hot(ops.cast(condition, "int32"), self.conditions)[:, None]

    def _answer(self, total):
        return self.answer(self.hidden(ops.relu(total)))

    def compute_output_shape(self, shape, condition_shape=None):
        return (*shape, self.classes)

    def get_config(self):
        sizes = {name: getattr(self, name) for name in self.settings}
        return {**super().get_config(), **sizes, "dilations": list(self.dilations), "contexts": list(self.contexts)}
