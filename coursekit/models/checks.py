"""Checks of shapes and settings that several models share. Each raises a ValueError that says what was expected.
What a network must be stands in `contracts.py`."""

import keras
from keras import ops

from coursekit.training.networks import fits


def floats(x):
    """A minibatch as numbers to compute with: those of a stream may be whole or booleans."""
    x = ops.convert_to_tensor(x)
    return x if "float" in keras.backend.standardize_dtype(x.dtype) else ops.cast(x, keras.config.floatx())


def check_data(shape, expected, what):
    """Raise ValueError unless data have the shape [n, *expected]. what: such as "images of the encoder's shape"."""
    got, expected = tuple(shape[1:]), tuple(expected)
    if not fits(got, expected):
        advice = "Reshape them: rows for a dense network, [n, height, width, channels] for a convolutional one."
        if (*got[1:], *got[:1]) == expected:
            advice = "The channels come last here: np.moveaxis(x, 1, -1)."
        elif tuple(shape) == expected:
            advice = "A single one? Take x[None]."
        raise ValueError(f"Expected {what} [n, {', '.join(map(str, expected))}], got {list(shape)}. {advice}")


def check_alone(y, what):
    """Raise ValueError if there is a y beside the data. what: such as "a VAE"."""
    if y is not None:
        raise ValueError(
            f"Expected images without labels or targets, got a y: {what} learns from x alone. Leave y out; of a "
            "stream, stream.map(lambda x, y: x)."
        )


def check_square(shape):
    """Raise ValueError unless a shape (height, width, channels) is that of square images."""
    if len(shape) != 3 or shape[0] != shape[1]:
        raise ValueError(
            f"Expected square images (height, width, channels), such as (32, 32, 3), got {tuple(shape)}. "
            "Crop them: only a square fits onto itself when it is turned."
        )


def check_not_negative(**numbers):
    """Raise ValueError unless every number is at least 0."""
    for name, value in numbers.items():
        if not value >= 0:
            raise ValueError(f"Expected {name} of at least 0, got {value!r}.")
