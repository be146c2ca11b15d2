"""Long short-term memory, with the gradient written out: what the models of sequences share.

Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997); the gates are those of Keras's own layer, in its order, so
that its weights fit here. Sequences are [steps, n, ...] inside: a step is then one block of memory.
"""

import keras
from keras import layers, ops

from coursekit.arrays import check_positive
from coursekit.training.loops import scan


def gates_of(drive, h, recurrent):
    """The input, forget, candidate and output gates, each [n, units], of one step.

    Args:
        drive: [n, 4 * units], what the step's inputs add up to. h: [n, units]. recurrent: [units, 4 * units].
    """
    i, f, g, o = ops.split(drive + ops.matmul(h, recurrent), 4, axis=-1)
    return ops.sigmoid(i), ops.sigmoid(f), ops.tanh(g), ops.sigmoid(o)


def step(drive, state, recurrent):
    """One step: the next state (h, c)."""
    h, c = state
    i, f, g, o = gates_of(drive, h, recurrent)
    c = f * c + i * g
    return o * ops.tanh(c), c


def unrolled(drives, state, recurrent):
    """All steps of a sequence.

    The gradient is written out below. Backpropagation through time needs the derivative by each step's gates in turn,
    but that by the weights, half of the work, is then one product of two large matrices.

    Args:
        drives: [steps, n, 4 * units]. state: (h, c), each [n, units]. recurrent: [units, 4 * units].
    Returns:
        h of each step: [steps, n, units].
    """

    @ops.custom_gradient
    def run(drives, h0, c0, recurrent):
        kind = drives.dtype

        def forward(state, xs):
            h, c = state
            i, f, g, o = gates_of(xs[0], h, recurrent)
            c = f * c + i * g
            h = o * ops.tanh(c)
            return (h, c), (h, c, ops.concatenate([i, f, g, o], axis=-1))

        _, (hs, cs, gates) = scan(forward, (h0, c0), (drives,), (kind,) * 3)

        def backward(slopes, xs):
            dh, dc = slopes
            upstream, gates, c, c_before = xs
            i, f, g, o = ops.split(gates, 4, axis=-1)
            tanh_c = ops.tanh(c)
            dh = dh + upstream
            dc = dc + dh * o * (1 - ops.square(tanh_c))
            di, df, dg, do = dc * g, dc * c_before, dc * i, dh * tanh_c
            parts = [di * i * (1 - i), df * f * (1 - f), dg * (1 - ops.square(g)), do * o * (1 - o)]
            drive = ops.concatenate(parts, axis=-1)
            return (ops.matmul(drive, ops.transpose(recurrent)), dc * f), (drive,)

        def gradient(*upstream, **_):
            before = lambda first, values: ops.concatenate([first[None], values[:-1]], axis=0)
            zeros = (ops.zeros_like(h0), ops.zeros_like(c0))
            xs = (upstream[0], gates, cs, before(c0, cs))
            (dh, dc), (slopes,) = scan(backward, zeros, xs, (kind,), reverse=True)
            rows = lambda values: ops.reshape(values, (-1, values.shape[-1]))
            return slopes, dh, dc, ops.matmul(ops.transpose(rows(before(h0, hs))), rows(slopes))

        return hs, gradient

    return run(drives, *state, recurrent)


@keras.saving.register_keras_serializable("coursekit")
class LSTM(layers.Layer):
    """Long short-term memory whose parts can be called one by one. Its weights are those of `keras.layers.LSTM`.

    Args:
        inputs: numbers that a step is given; may be 0. units: numbers in its state h, and in its memory c.
    """

    def __init__(self, inputs, units, **kwargs):
        super().__init__(**kwargs)
        check_positive(units=units)
        self.inputs, self.units = inputs, units
        self.kernel = self.add_weight((inputs, 4 * units), "glorot_uniform", name="kernel") if inputs else None
        self.recurrent = self.add_weight((units, 4 * units), "orthogonal", name="recurrent")
        self.bias = self.add_weight((4 * units,), _forget_nothing, name="bias")
        self.built = True

    def drive(self, *parts):
        """What inputs add up to in the gates: [..., 4 * units]. parts: [..., k] each, all together of `inputs` numbers;
        one that is the same in all steps, [n, k] beside [steps, n, k], is multiplied once alone."""
        total, start = ops.convert_to_tensor(self.bias), 0
        for part in parts:
            stop = start + part.shape[-1]
            total, start = total + ops.matmul(part, self.kernel[start:stop]), stop
        return total

    def rest(self, n):
        """The state (h, c) of n sequences before anything has happened: zeros."""
        return ops.zeros((n, self.units)), ops.zeros((n, self.units))

    def step(self, drive, state):
        """The next state (h, c), from what one step's inputs add up to, [n, 4 * units]."""
        return step(drive, state, ops.convert_to_tensor(self.recurrent))

    def run(self, drives, state=None):
        """h of each step, [steps, n, units], from what their inputs add up to, [steps, n, 4 * units]."""
        state = self.rest(ops.shape(drives)[1]) if state is None else state
        return unrolled(drives, state, ops.convert_to_tensor(self.recurrent))

    def call(self, x):
        """[steps, n, inputs] -> [steps, n, units]."""
        return self.run(self.drive(x))

    def get_config(self):
        return {**super().get_config(), "inputs": self.inputs, "units": self.units}


def _forget_nothing(shape, dtype=None):
    """Biases of 0, and of 1 in the forget gate (Jozefowicz et al., 2015): memory lasts until something is learned."""
    units = shape[0] // 4
    return ops.concatenate([ops.zeros(units), ops.ones(units), ops.zeros(2 * units)])


@keras.saving.register_keras_serializable("coursekit")
class BidirectionalLSTM(layers.Layer):
    """Reads sequences of symbols in both directions, and keeps what it has in mind at either end.

    Args:
        symbols: how many there are. widths: units of each layer and direction, the first layer first.
    """

    def __init__(self, symbols, widths, **kwargs):
        super().__init__(**kwargs)
        self.symbols, self.widths = symbols, tuple(widths)
        inputs = (symbols, *(2 * width for width in self.widths))
        pairs = list(zip(inputs, self.widths, strict=False))
        self.onward = [LSTM(*pair, name=f"onward{i}") for i, pair in enumerate(pairs)]
        self.backward = [LSTM(*pair, name=f"backward{i}") for i, pair in enumerate(pairs)]
        self.built = True

    def call(self, x):
        """Symbols [n, steps] -> [n, 2 * widths[-1]]."""
        seen = ops.one_hot(ops.transpose(ops.cast(x, "int32")), self.symbols)
        for onward, backward in zip(self.onward, self.backward, strict=True):
            there = onward(seen)
            back = ops.flip(backward(ops.flip(seen, axis=0)), axis=0)
            seen = ops.concatenate([there, back], axis=-1)
        return ops.concatenate([there[-1], back[0]], axis=-1)

    def compute_output_shape(self, shape):
        return (shape[0], 2 * self.widths[-1])

    def get_config(self):
        return {**super().get_config(), "symbols": self.symbols, "widths": list(self.widths)}


@keras.saving.register_keras_serializable("coursekit")
class Stack(layers.Layer):
    """Layers of LSTM, one above the other, whose first state comes of a code z.

    Args:
        inputs: numbers that a step is given; may be 0. latent_dim: numbers in z.
        widths: units of each layer, the first layer first.
    """

    def __init__(self, inputs, latent_dim, widths, **kwargs):
        super().__init__(**kwargs)
        check_positive(latent_dim=latent_dim, **named(widths))
        self.inputs, self.latent_dim, self.widths = inputs, latent_dim, tuple(widths)
        pairs = zip((inputs, *self.widths), self.widths, strict=False)
        self.cells = [LSTM(*pair, name=f"lstm{i}") for i, pair in enumerate(pairs)]
        self.start = layers.Dense(2 * sum(self.widths), activation="tanh", name="start")
        self.start.build((None, latent_dim))
        self.built = True

    def drive(self, *parts):
        """What inputs add up to in the gates of the first layer (`LSTM.drive`)."""
        return self.cells[0].drive(*parts)

    def begin(self, z):
        """The state before the first step: a pair (h, c) for each layer."""
        sizes = [width for width in self.widths for _ in "hc"]
        parts = ops.split(self.start(z), [sum(sizes[:i]) for i in range(1, len(sizes))], axis=-1)
        return tuple(zip(parts[::2], parts[1::2], strict=True))

    def step(self, drive, states):
        """One step: (h of the last layer, next states), from `drive` [n, 4 * widths[0]]."""
        after = []
        for cell, state in zip(self.cells, states, strict=True):
            after.append(cell.step(cell.drive(after[-1][0]) if after else drive, state))
        return after[-1][0], tuple(after)

    def run(self, drives, z):
        """All steps: h of the last layer, [steps, n, widths[-1]], from `drives` [steps, n, 4 * widths[0]]."""
        h = None
        for cell, state in zip(self.cells, self.begin(z), strict=True):
            h = cell.run(drives if h is None else cell.drive(h), state)
        return h

    def get_config(self):
        sizes = {"inputs": self.inputs, "latent_dim": self.latent_dim, "widths": list(self.widths)}
        return {**super().get_config(), **sizes}


def named(widths):
    """{"widths[0]": ..., ...}, as `check_positive` takes them."""
    return {f"widths[{i}]": width for i, width in enumerate(widths)}
