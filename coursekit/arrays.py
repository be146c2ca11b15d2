"""What models and measures ask of the arrays they are given, and say when they do not get it."""

import numpy as np


def check_images(images, name="images"):
    """Raise ValueError unless `images` are numbers in [0, 1] and there is at least one."""
    array = np.asarray(images)
    if array.dtype.kind not in "fiub" or array.size == 0:
        raise ValueError(f"Expected {name}: a non-empty array of numbers, got shape {array.shape}, {array.dtype}.")
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 1):  # written so that NaN fails too
        raise ValueError(
            f"Expected {name} in [0, 1], got values from {low:g} to {high:g}. "
            "Bytes 0 to 255? Divide by 255. NaN? Look for a division by zero before this line."
        )


def check_positive(**sizes):
    """Raise ValueError unless every size is a whole number of at least 1."""
    for name, size in sizes.items():
        if not isinstance(size, (int, np.integer)) or isinstance(size, bool) or size < 1:
            raise ValueError(f"Expected {name} to be a whole number of at least 1, got {size!r}.")


def check_one_of(known, **setting):
    """Raise ValueError unless the value of the setting, given by its name, is among those that are known."""
    ((name, value),) = setting.items()
    if value not in known:
        raise ValueError(f"Expected {name} to be one of {', '.join(map(repr, known))}, got {value!r}.")
