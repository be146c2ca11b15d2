"""Euclidean distances between all rows of two arrays, computed a few rows at a time."""

import numpy as np

AT_ONCE = 2**23  # distances held at a time: 32 MB of float32


def check_rows(least=1, **arrays):
    """The arrays [n, d] as float32 or float64, or a ValueError: not finite, not rows, not of one width, too few.

    Args:
        least: rows that each must have.
    """
    checked, width = [], None
    for name, array in arrays.items():
        array = np.asarray(array)
        if array.dtype.kind not in "fiub" or array.ndim != 2 or not array.size:
            raise ValueError(
                f"Expected {name}: an array of numbers [n, d], got shape {array.shape}, {array.dtype}. "
                "Images? Make rows of them: images.reshape(len(images), -1)."
            )
        array = array.astype(np.result_type(array.dtype, np.float32), copy=False)
        if not np.isfinite(array).all():
            row = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
            raise ValueError(f"Expected finite numbers, got NaN or infinity in row {row} of {name}.")
        if width is not None and array.shape[1] != width:
            raise ValueError(
                f"Expected {' and '.join(arrays)} of one width, got {width} and {array.shape[1]} numbers a row. "
                "Were both made by the same features?"
            )
        width = array.shape[1]
        if len(array) < least:
            raise ValueError(f"Expected at least {least:,} rows of {name}, got {len(array):,}: take more.")
        checked.append(array)
    return checked


def squared_distances(a, b):
    """|a_i - b_j|^2, as |a_i|^2 + |b_j|^2 - 2 a_i b_j: one matrix product, in the arrays' own precision.

    Args:
        a: [n, d]. b: [m, d].
    Yields:
        (rows, squares): a slice of `a`, and [rows, m], at least 0.
    """
    kind = np.result_type(a, b)
    center = b.mean(axis=0, dtype="float64").astype(kind)  # near 0 the difference of squares loses the fewest digits
    b = b - center
    b_squares, b_columns = np.einsum("ij,ij->i", b, b), np.ascontiguousarray(b.T)
    step = max(1, AT_ONCE // len(b))
    for begin in range(0, len(a), step):
        rows = slice(begin, min(begin + step, len(a)))
        some = a[rows] - center
        squares = some @ b_columns
        squares *= -2
        squares += np.einsum("ij,ij->i", some, some)[:, None]
        squares += b_squares
        yield rows, np.maximum(squares, 0, out=squares)
