"""Checks of shapes and settings that several models share. Each raises a ValueError that says what was expected.
What a network must be stands in `contracts.py`."""

from coursekit.training.networks import fits


def check_data(shape, expected, what):
    """Raise ValueError unless data have the shape [n, *expected]. what: such as "images of the encoder's shape"."""
    if not fits(tuple(shape[1:]), tuple(expected)):
        raise ValueError(
            f"Expected {what} [n, {', '.join(map(str, expected))}], got {list(shape)}. "
            "Reshape them: rows for a dense network, [n, height, width, channels] for a convolutional one."
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
