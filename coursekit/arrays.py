"""What an array, an image, a label and a size are. All rooms ask here, and say the same when they do not get it.

Each check returns what it was given in the form that is computed with: a NumPy array, or Python's own whole numbers.
"""

import operator

import numpy as np

# -- arrays -----------------------------------------------------------------------------------------------------------


def is_array(values):
    """Whether `values` are one array, not a stream or several: NumPy's, a backend's, SciPy's sparse ones,
    a data frame, lists of numbers."""
    while isinstance(values, (list, tuple)):
        if not len(values):
            return True
        values = values[0]
        if getattr(values, "ndim", 0):
            return False  # arrays in a list: several inputs
    return hasattr(values, "__array__") or hasattr(values, "toarray") or isinstance(values, (bool, int, float))


def check_numbers(values, name="arrays"):
    """Numbers of any kind as a NumPy array of their own type; lists, data frames and tensors too.

    Raises:
        ValueError: nothing in it, a ragged list, masked or sparse values, text or objects.
    """
    if np.ma.is_masked(values):
        raise ValueError(f"Expected {name} without masked values, got {values.mask.sum()}: fill or leave them out.")
    if hasattr(values, "toarray"):
        raise ValueError(f"Expected {name}: an array, got a sparse {type(values).__name__}: call its toarray() first.")
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, RuntimeError):
        raise ValueError(
            f"Expected {name}: an array of numbers, got a {type(values).__name__} that NumPy cannot make one of. "
            "Do all its rows have one length?"
        ) from None
    if array.dtype.name == "bfloat16":
        array = array.astype("float32")
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"Expected {name}: an array of numbers, got dtype {array.dtype}. Convert them, as by .astype('float32'); "
            "a table with columns of text or of mixed kinds: choose the columns first."
        )
    if array.size == 0:
        raise ValueError(f"Expected {name}: a non-empty array of numbers, got shape {array.shape}, {array.dtype}.")
    return array


def check_floats(values, name="arrays", finite=True):
    """`check_numbers` to compute with: float32 or wider. Whole numbers, booleans and float16 become float32.

    Raises:
        ValueError: also NaN or infinity, unless `finite` is False, as where they are looked for later.
    """
    array = check_numbers(values, name)
    if finite:
        check_finite(array, name)
    return _wide(array)


def check_finite(array, name="arrays"):
    """Raise ValueError if there is NaN or infinity in an array of numbers."""
    if array.dtype.kind == "f" and not (finite := np.isfinite(array)).all():
        first = ", ".join(map(str, np.argwhere(~finite)[0]))
        raise ValueError(
            f"Expected finite numbers, got {(~finite).sum()} that are NaN or infinite (the first at index [{first}] of "
            f"{name}). Look for a division by zero or a logarithm of 0 in what prepares them."
        )


def check_images(images, name="images"):
    """Images in [0, 1], [n, ...], as float32 or wider; black and white ones may be booleans or whole numbers.

    Raises:
        ValueError: other values, such as bytes 0 to 255, or what `check_numbers` refuses.
    """
    array = check_numbers(images, name)
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 1):  # written so that NaN fails too
        raise ValueError(
            f"Expected {name} in [0, 1], got values from {low:g} to {high:g}. Bytes 0 to 255? Divide by 255. "
            "From -1 to 1? Take (x + 1) / 2. NaN? Look for a division by zero before this line."
        )
    if array.ndim == 0:
        raise ValueError(f"Expected {name} [n, ...], got a single number. One image? Take image[None].")
    return _wide(array)


def check_labels(labels, count=None, classes=None, name="labels"):
    """Labels as whole numbers [n]. A column [n, 1] is taken for them, and so are one-hot rows [n, classes] and floats
    without a fraction.

    Args:
        count: how many there must be. classes: how many there are, if each has to be from 0 to classes - 1.
    Raises:
        ValueError: anything else.
    """
    array = given = check_numbers(labels, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    elif array.ndim == 2 and ((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all():
        array = array.argmax(axis=1)
    if array.ndim != 1 or (array.dtype.kind == "f" and not (array == np.floor(array)).all()):
        raise ValueError(
            f"Expected {name}: whole numbers [n], or one-hot rows [n, classes], got shape {list(given.shape)}, "
            f"{given.dtype}. Names? Take their positions, as np.unique(names, return_inverse=True)[1]."
        )
    check_finite(array, name)  # infinity has no fraction
    if count is not None and len(array) != count:
        raise ValueError(f"Expected one of {name} for each of {count:,} examples, got shape {list(given.shape)}.")
    if classes is not None and not (array.min() >= 0 and array.max() < classes):
        raise ValueError(
            f"Expected {name} from 0 to {classes - 1}, got {array.min():g} to {array.max():g}. "
            "Counted from 1? Subtract 1."
        )
    return array if array.dtype.kind == "i" else array.astype("int64")


def _wide(array):
    return array if array.dtype.kind == "f" and array.itemsize >= 4 else array.astype("float32")


# -- sizes and settings -----------------------------------------------------------------------------------------------


def check_whole(least, /, **sizes):
    """The sizes as Python's own whole numbers, of at least `least`: one, or a tuple of several. NumPy's are taken.

    Raises:
        ValueError: a float, a boolean, or too small a number.
    """
    whole = []
    for name, size in sizes.items():
        try:
            number = least - 1 if isinstance(size, (bool, np.bool_)) else operator.index(size)
        except TypeError:
            number = least - 1
        if number < least:
            raise ValueError(f"Expected {name} to be a whole number of at least {least}, got {size!r}.")
        whole.append(number)
    return whole[0] if len(whole) == 1 else tuple(whole)


def check_positive(**sizes):
    """`check_whole` of sizes of at least 1."""
    return check_whole(1, **sizes)


def check_sizes(**sequences):
    """Several sizes under each name, such as widths=(64, 32), as tuples of Python's own whole numbers of at least 1.
    Returns one tuple, or a tuple of them.

    Raises:
        ValueError: a single number, or one that `check_positive` refuses.
    """
    checked = []
    for name, sizes in sequences.items():
        try:
            sizes = tuple(sizes)
        except TypeError:
            raise ValueError(f"Expected {name} to be several whole numbers, such as (64, 32), got {sizes!r}.") from None
        checked.append(tuple(check_positive(**{f"{name}[{i}]": size}) for i, size in enumerate(sizes)))
    return checked[0] if len(checked) == 1 else tuple(checked)


def check_seed(seed):
    """A seed as Python's own whole number of at least 0; None stays None."""
    return None if seed is None else check_whole(0, seed=seed)


def check_one_of(known, **setting):
    """Raise ValueError unless the value of the setting, given by its name, is among those that are known."""
    ((name, value),) = setting.items()
    if value not in known:
        raise ValueError(f"Expected {name} to be one of {', '.join(map(repr, known))}, got {value!r}.")
