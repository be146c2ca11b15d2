"""Streams: data that come minibatch by minibatch, as from `tf.data`, a `PyDataset`, a generator or PyTorch."""

import inspect

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


def as_stream(x, steps, once=False):
    """What Keras can iterate over, of a stream.

    Anything that can be iterated over again and again, and says its length in minibatches, is one: PyTorch's
    `DataLoader`, say.

    Args:
        x: the stream. steps: of an epoch, if the caller knows; else None. once: whether one epoch is all.
    Raises:
        ValueError: no stream, one without an end where `steps` is not given, or a generator that would be gone through
            a second time.
    """
    if known(x):
        if steps is None and _endless(x):
            raise ValueError(
                "Expected steps_per_epoch (or validation_steps) for a stream that repeats forever, got none. "
                "Pass how many minibatches an epoch has."
            )
        if steps is None and not once and inspect.isgenerator(x):
            raise ValueError(
                "Expected data for each epoch, got a generator, which ends for good after the first. Let it go on "
                "forever and pass steps_per_epoch, or make it a list of minibatches, a tf.data.Dataset or a PyDataset."
            )
        return x
    if not hasattr(x, "__iter__"):
        raise ValueError(
            f"Expected data: arrays, or a stream of minibatches (tf.data, a PyDataset, a generator, a DataLoader), got "
            f"a {type(x).__name__}."
        )
    try:
        return Reiterated(x, len(x))
    except TypeError:
        raise ValueError(
            f"Expected a stream with a length in minibatches, got a {type(x).__name__}, whose len() fails. Make it a "
            "tf.data.Dataset or a PyDataset, or a generator with steps_per_epoch."
        ) from None


def _endless(x):
    if isinstance(x, keras.utils.PyDataset):
        return x.num_batches is None
    cardinality = getattr(x, "cardinality", None)
    return cardinality is not None and int(cardinality()) == -1


class Reiterated(keras.utils.PyDataset):
    """The minibatches of anything that can be iterated over again and again. Keras asks for them in turn, and for the
    first one again wherever it begins anew.

    Args:
        iterable: of minibatches: x, (x,), (x, y), or lists of these. length: how many there are.
    """

    def __init__(self, iterable, length):
        super().__init__()
        self.iterable, self.length = iterable, length

    @property
    def num_batches(self):
        return self.length

    def __getitem__(self, i):
        if i == 0:
            self.iterator = iter(self.iterable)
        batch = keras.tree.map_structure(np.asarray, next(self.iterator))
        return tuple(batch) if isinstance(batch, (list, tuple)) else (batch,)


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
