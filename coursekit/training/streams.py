"""Streams: data that come minibatch by minibatch, as from `tf.data`, a `PyDataset`, a generator or PyTorch."""

import inspect
import itertools

import keras
import numpy as np


def known(x):
    """Whether Keras iterates over `x` by itself: `tf.data`, a `PyDataset`, a generator."""
    names = {f"{kind.__module__.split('.')[0]}.{kind.__name__}" for kind in type(x).__mro__}
    return (
        isinstance(x, keras.utils.PyDataset)
        or inspect.isgenerator(x)
        or bool(names & {"tensorflow.DatasetV2", "tensorflow.DistributedDataset"})
    )


def as_stream(x, steps):
    """(what Keras can iterate over, the number of steps of an epoch or None) of a stream.

    Anything that can be iterated over again and again, and says its length in minibatches, is one: a list of
    minibatches, PyTorch's `DataLoader`.

    Args:
        x: the stream. steps: of an epoch, if the caller knows.
    Raises:
        ValueError: no stream, or one without an end where `steps` is not given.
    """
    if known(x):
        if steps is None and _endless(x):
            raise ValueError(
                "Expected steps_per_epoch (or validation_steps) for a stream that repeats forever, got none. "
                "Pass how many minibatches an epoch has."
            )
        return x, steps
    if not hasattr(x, "__iter__"):
        raise ValueError(
            f"Expected data: arrays, or a stream of minibatches (tf.data, a PyDataset, a generator, a DataLoader), got "
            f"a {type(x).__name__}."
        )
    try:
        steps = steps or len(x)
    except TypeError:
        if steps is None:
            raise ValueError(
                f"Expected steps_per_epoch (or validation_steps) for a {type(x).__name__} without a length, got none. "
                "Pass how many minibatches an epoch has."
            ) from None
    return _again_and_again(x), steps


def _endless(x):
    if isinstance(x, keras.utils.PyDataset):
        return x.num_batches is None
    cardinality = getattr(x, "cardinality", None)
    return cardinality is not None and int(cardinality()) == -1


def _again_and_again(x):
    for _ in itertools.count():
        empty = True
        for batch in x:
            empty = False
            batch = keras.tree.map_structure(np.asarray, batch)
            yield tuple(batch) if isinstance(batch, (list, tuple)) else (batch,)
        if empty:
            return


def check_minibatch(model, data):
    """Ask of a stream's minibatch what `model.checked` asks of arrays.

    Args:
        data: (x,), (x, y) or (x, y, sample_weight), tensors, as Keras passes them to a step.
    Raises:
        ValueError: as `checked` does, with a word about streams.
    """
    x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
    arrays = [None if each is None else keras.tree.map_structure(keras.ops.convert_to_numpy, each) for each in (x, y)]
    try:
        if any(array.ndim == 0 for array in keras.tree.flatten(arrays) if array is not None):
            raise ValueError("Expected minibatches [n, ...], got single numbers.")
        model.checked(*arrays)
    except ValueError as problem:
        raise ValueError(
            f"{problem} This is the stream's first minibatch; of tf.data, .map(...) changes it, and .batch(64) makes "
            "minibatches of single examples."
        ) from problem
