"""Cosine similarity between examples' features, and nearest neighbors by it."""

import numpy as np

from coursekit.arrays import check_finite, check_labels, check_numbers, check_positive

CHUNK = 2000  # queries that are compared at once


def similarity(features, others=None):
    """Cosine of the angle between each two examples' features: [n, m] in [-1, 1]; of an example and itself it is 1.
    Features that are all 0 have no angle: theirs is 0 to every example.

    Args:
        features: [n, ...]. others: [m, ...]; `features` if omitted. ReLUs are never negative, so their angles are
            small: subtract the mean of all examples first to see differences.
    """
    first = _unit(features)
    second = first if others is None else _unit(others)
    _check_width(first, second)
    return first @ second.T


def class_similarity(features, labels):
    """The mean cosine similarity between the examples of two classes, less the mean of all features: [classes,
    classes], in the order of `np.unique(labels)`. On the diagonal an example's similarity to itself counts, too.

    Args:
        features: [n, ...]. labels: [n].
    """
    rows = as_rows(features)
    labels = check_labels(labels, len(rows))
    unit = _unit(rows - rows.mean(axis=0))
    means = np.stack([unit[labels == name].mean(axis=0) for name in np.unique(labels)])
    return means @ means.T  # the mean of products is the product of means


def neighbors(features, queries, k=5):
    """The `k` examples with the largest cosine similarity to each query, the nearest first: indices [q, k].

    Args:
        features: [n, ...] to look in. queries: [q, ...]; one that is among the features finds itself.
    """
    k, base, queries, nearest = check_positive(k=k), _unit(features), as_rows(queries), []
    _check_width(base, queries)
    if k > len(base):
        raise ValueError(f"Expected k of at most {len(base)}, as many as there are examples, got {k}.")
    for start in range(0, len(queries), CHUNK):
        scores = _unit(queries[start : start + CHUNK]) @ base.T
        best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
        nearest.append(np.take_along_axis(best, order, axis=1))
    return np.concatenate(nearest)


def _unit(features):
    rows = as_rows(features)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise ValueError("Expected features whose squares float32 can hold, got larger ones: scale them.")
    return rows / np.maximum(lengths, 1e-12)


def as_rows(features, name="features"):
    """Features [n, ...] as float32 [n, d].

    Raises:
        ValueError: nothing in it, no numbers, NaN or infinity.
    """
    array = check_numbers(features, name)
    if array.ndim == 0:
        raise ValueError(f"Expected {name} [n, ...], got a single number.")
    rows = array.astype("float32", copy=False).reshape(len(array), -1)
    check_finite(rows, name)
    return rows


def _check_width(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"Expected features of one width, got {a.shape[1]} and {b.shape[1]} numbers for each example. "
            "Were both made by the same layer?"
        )


def center_and_scale(rows):
    """Mean and standard deviation (as `alive` has it) of each number over all rows [n, d]: float32 [d]."""
    mean, deviation = rows.mean(axis=0, dtype="float64"), rows.std(axis=0, dtype="float64")
    return mean.astype("float32"), alive(deviation, rows).astype("float32")


def alive(deviation, rows):
    """Standard deviations [d] of rows [n, d], 1 for numbers that vary by no more than float32 rounds off the largest of
    them: divided by such a deviation they would be noise."""
    largest = np.maximum(rows.max(axis=0), -rows.min(axis=0))
    return np.where(deviation <= np.finfo("float32").eps * largest, 1, deviation)
