"""Cosine similarity between examples' features, and nearest neighbors by it."""

import numpy as np

from coursekit.arrays import check_positive

CHUNK = 2000  # queries that are compared at once


def similarity(features, others=None):
    """Cosine of the angle between each two examples' features: [n, m] in [-1, 1]; of an example and itself it is 1.

    Args:
        features: [n, ...]. others: [m, ...]; `features` if omitted. ReLUs are never negative, so their angles are
            small: subtract the mean of all examples first to see differences.
    """
    first = _unit(features)
    return first @ (first if others is None else _unit(others)).T


def class_similarity(features, labels):
    """The mean cosine similarity between the examples of two classes, less the mean of all features: [classes,
    classes], in the order of `np.unique(labels)`. On the diagonal an example's similarity to itself counts, too.

    Args:
        features: [n, ...]. labels: [n].
    """
    rows, labels = as_rows(features), np.asarray(labels)
    unit = _unit(rows - rows.mean(axis=0))
    means = np.stack([unit[labels == name].mean(axis=0) for name in np.unique(labels)])
    return means @ means.T  # the mean of products is the product of means


def neighbors(features, queries, k=5):
    """The `k` examples with the largest cosine similarity to each query, the nearest first: indices [q, k].

    Args:
        features: [n, ...] to look in. queries: [q, ...]; one that is among the features finds itself.
    """
    check_positive(k=k)
    if k > len(features):
        raise ValueError(f"Expected k of at most {len(features)}, as many as there are examples, got {k}.")
    base, nearest = _unit(features), []
    for start in range(0, len(queries), CHUNK):
        scores = _unit(queries[start : start + CHUNK]) @ base.T
        best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
        nearest.append(np.take_along_axis(best, order, axis=1))
    return np.concatenate(nearest)


def _unit(features):
    rows = as_rows(features)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def as_rows(features):
    """Features [n, ...] as float32 [n, d]."""
    return np.asarray(features, "float32").reshape(len(features), -1)
