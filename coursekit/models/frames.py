"""Predicting the next frame of a film: a convolutional network, and a convolutional LSTM (lecture 19).

Shi et al., "Convolutional LSTM Network" (NeurIPS 2015), equation (3), without the peephole connections. Cross-entropies
are in nats a frame: summed over its pixels. Films are [n, frames, height, width, channels] in [0, 1].
"""

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_images, check_positive, check_sizes
from coursekit.models.checks import check_alone, floats
from coursekit.training import Assembled, networks
from coursekit.training.compile import compiled


def nats(logits, frames):
    """Cross-entropy of each frame, [...]: pixels [..., height, width, channels], ink of probability sigmoid(logit)."""
    return ops.sum(ops.softplus(logits) - frames * logits, axis=(-3, -2, -1))


def to_patches(frames, side):
    """Squares of side x side pixels as channels: [n, h, w, c] -> [n, h / side, w / side, side * side * c]."""
    h, w, c = (int(size) for size in frames.shape[1:])
    cut = ops.reshape(frames, (-1, h // side, side, w // side, side, c))
    return ops.reshape(ops.transpose(cut, (0, 1, 3, 2, 4, 5)), (-1, h // side, w // side, side * side * c))


def from_patches(patches, side):
    """The way back: [n, h, w, side * side * c] -> [n, h * side, w * side, c]."""
    h, w, c = (int(size) for size in patches.shape[1:])
    cut = ops.reshape(patches, (-1, h, w, side, side, c // side**2))
    return ops.reshape(ops.transpose(cut, (0, 1, 3, 2, 4, 5)), (-1, h * side, w * side, c // side**2))


@keras.saving.register_keras_serializable("coursekit")
class ConvLSTMCell(layers.Layer):
    """One step of a convolutional LSTM: an LSTM in each place, which sees its neighbors' states too.

    Its gates are convolutions of side x side of the step's input and of the state.

    Args:
        units: channels of the state. kernel: the side of the convolutions.
    """

    def __init__(self, units, kernel=3, **kwargs):
        super().__init__(**kwargs)
        self.units, self.kernel = check_positive(units=units, kernel=kernel)

    def build(self, shape):
        size = (self.kernel, self.kernel)
        self.weights_of_gates = self.add_weight(shape=(*size, shape[-1] + self.units, 4 * self.units), name="gates")
        self.bias = self.add_weight(shape=(4 * self.units,), initializer="zeros", name="bias")

    def call(self, x, state):
        """x: [n, h, w, channels]; state: (h, c), each [n, h, w, units]. Returns the next state."""
        h, c = state
        drive = ops.conv(ops.concatenate([x, h], axis=-1), self.weights_of_gates, padding="same") + self.bias
        i, f, g, o = ops.split(drive, 4, axis=-1)
        c = ops.sigmoid(f + 1.0) * c + ops.sigmoid(i) * ops.tanh(g)  # at first it forgets little
        return ops.sigmoid(o) * ops.tanh(c), c

    def get_config(self):
        return {**super().get_config(), "units": self.units, "kernel": self.kernel}


class FramePredictor(Assembled):
    """What both predictors share. A subclass says in `train_on` how it trains and in `_roll` how it goes on."""

    def forecast(self, films, count=10, batch_size=100):
        """The frames that follow, each predicted from the predictions before it.

        Args:
            films: [n, frames, height, width, channels] in [0, 1], the past. count: frames to predict.
        Returns:
            Probability of ink in each pixel, float32 [n, count, height, width, channels].
        """
        films, _ = self.checked(films)
        count, batch_size = check_positive(count=count, batch_size=batch_size)
        roll = compiled(lambda past: ops.sigmoid(self._roll(past, count)), reads=self.variables)
        parts = [roll(films[start : start + batch_size]) for start in range(0, len(films), batch_size)]
        return np.concatenate([ops.convert_to_numpy(part) for part in parts])

    def checked(self, x, y=None):
        """x: films in [0, 1] of the model's frames, and of enough of them; anything else is a ValueError."""
        check_alone(y, "a predictor of frames")
        x = check_images(x, "films")
        if x.ndim != 5 or x.shape[2:] != self.shape or x.shape[1] < self.least:
            raise ValueError(
                f"Expected films [n, frames, {', '.join(map(str, self.shape))}] of at least {self.least} frames, got "
                f"shape {list(x.shape)}; a film's frames stand on its second axis."
            )
        return x, y


@keras.saving.register_keras_serializable("coursekit")
class NextFrame(FramePredictor):
    """The next frame from the last few, by one network. It is trained on true frames alone.

    Args:
        network: model from the last frames [n, height, width, past * channels], the oldest first, to logits of the
            next one [n, height, width, channels].
    """

    parts = ("network",)

    def __init__(self, network, **kwargs):
        super().__init__(**kwargs)
        self.network = network
        self.shape = tuple(network.output_shape[1:])
        self.past = self.least = network.input_shape[-1] // self.shape[-1]
        self.built = network.built

    def objective(self, films):
        """Nats of each true frame, given those before it: a scalar."""
        films = floats(films)
        steps = int(films.shape[1]) - self.past
        seen = ops.concatenate([films[:, t : t + steps] for t in range(self.past)], axis=-1)
        rows = lambda frames: ops.reshape(frames, (-1, *frames.shape[2:]))
        logits = networks.answer(self.network, rows(seen), self.in_step)
        return ops.mean(nats(logits, rows(films[:, self.past :])))

    def train_on(self, films):
        return {"nats": self.minimize(lambda: self.objective(films))}

    def validate_on(self, films):
        return {"nats": self.objective(films)}

    def _roll(self, films, count):
        films = floats(films)
        last, logits = [films[:, t] for t in range(-self.past, 0)], []
        for _ in range(count):
            logits.append(networks.answer(self.network, ops.concatenate(last, axis=-1), False))
            last = [*last[1:], ops.sigmoid(logits[-1])]
        return ops.stack(logits, axis=1)


@keras.saving.register_keras_serializable("coursekit")
class ConvLSTM(FramePredictor):
    """The next frame from all that were seen, by convolutional LSTMs above each other.

    In training the first `seen` frames of a film are told, and each later one is predicted from predictions.

    Args:
        shape: (height, width, channels) of a frame. units: channels of each LSTM's state. side: of the patches that
            are the places of the LSTMs. seen: frames that are told in training.
    """

    parts = ()
    settings = ("shape", "units", "side", "seen")

    def __init__(self, shape=(32, 32, 1), units=(64,), side=4, seen=10, **kwargs):
        super().__init__(**kwargs)
        self.shape, self.units = check_sizes(shape=shape, units=units)
        self.side, self.seen = check_positive(side=side, seen=seen)
        if len(self.shape) != 3 or self.shape[0] % side or self.shape[1] % side:
            raise ValueError(f"Expected a shape whose sides patches of {side} pixels fill, got {self.shape}.")
        self.least = 1
        h, w, c = self.shape[0] // side, self.shape[1] // side, side * side * self.shape[2]
        self.cells, below = [], c
        for units in self.units:
            self.cells.append(ConvLSTMCell(units))
            self.cells[-1].build((None, h, w, below))
            below = units
        self.head = layers.Conv2D(c, 3, padding="same")
        self.head.build((None, h, w, sum(self.units) + c))
        self.places = (h, w)
        self.built = True

    def start(self, n):
        """The states before the first frame: zeros."""
        return [(ops.zeros((n, *self.places, units)),) * 2 for units in self.units]

    def step(self, frame, states):
        """(logits of the next frame [n, *shape], states) after one more frame [n, *shape]."""
        told, after = to_patches(frame, self.side), []
        x = told
        for cell, state in zip(self.cells, states, strict=True):
            x, c = cell(x, state)
            after.append((x, c))
        return from_patches(self.head(ops.concatenate([told, *(h for h, _ in after)], axis=-1)), self.side), after

    def _steps(self, films, told, count):
        """Logits of frames 2 to `count` + 1 of each film; the first `told` are seen. [n, count, *shape]."""
        films, every = floats(films), []
        states = self.start(ops.shape(films)[0])
        for t in range(count):
            logits, states = self.step(films[:, t] if t < told else ops.sigmoid(every[-1]), states)
            every.append(logits)
        return ops.stack(every, axis=1)

    def objective(self, films):
        """Nats of a frame, from the second to the last: (mean over all, mean over the frames that are not told)."""
        films = floats(films)
        told = min(self.seen, int(films.shape[1]) - 1)
        each = nats(self._steps(films, told, int(films.shape[1]) - 1), films[:, 1:])
        return ops.mean(each), ops.mean(each[:, told - 1 :])

    def train_on(self, films):
        return {"nats": self.minimize(lambda: self.objective(films)[0])}

    def validate_on(self, films):
        return {"nats": self.objective(films)[0]}

    def _roll(self, films, count):
        told = int(films.shape[1])
        return self._steps(films, told, told + count - 1)[:, told - 1 :]


def convolutional(past=3, shape=(32, 32, 1), channels=(64, 64, 64), side=4, **kwargs):
    """A `NextFrame` that looks at windows of 2 * side pixels, `side` apart, and writes such windows.

    Args:
        past: frames that it sees. shape: of a frame. channels: of the hidden layers. side: divides height and width.
    """
    past, side = check_positive(past=past, side=side)
    shape, channels = check_sizes(shape=shape, channels=channels)
    first, *others = channels
    options = {"padding": "same", "activation": "relu"}
    stack = [
        keras.Input((*shape[:2], past * shape[2])),
        layers.Conv2D(first, 2 * side, strides=side, **options),
        *(layers.Conv2D(width, 3, **options) for width in others),
        layers.Conv2DTranspose(shape[2], 2 * side, strides=side, padding="same", name="logits"),
    ]
    return NextFrame(keras.Sequential(stack, name="next_frame"), **kwargs)


def convlstm(units=(64,), shape=(32, 32, 1), side=4, seen=10, **kwargs):
    """A `ConvLSTM`; the arguments are its own."""
    return ConvLSTM(shape, units, side, seen, **kwargs)
