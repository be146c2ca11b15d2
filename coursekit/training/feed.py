"""`Feed`: data in memory, and the order in which minibatches are drawn from it.

A *stretch* is a number of consecutive minibatches that one compiled call trains on. Keras's `fit` sees it as one batch:
a block of indices [steps, batch_size].
"""

import hashlib

import keras
import numpy as np

from coursekit.arrays import check_finite, check_numbers, is_array

NOT_WITH_ARRAYS = {
    "steps_per_epoch": "an epoch sees each example once; pass fewer examples, or more epochs",
    "sample_weight": "pass the weights as part of y, and let train_on multiply by them",
    "class_weight": "pass each example's weight as part of y, and let train_on multiply by it",
}


def in_memory(x, y):
    """Whether all leaves of `x` and `y` but None are arrays: NumPy's, the backend's, data frames, lists of numbers."""
    leaves = [leaf for leaf in _leaves((x, y)) if leaf is not None]
    return bool(leaves) and all(map(is_array, leaves))


def as_arrays(data):
    """The tuples, lists and dictionaries of `data` with NumPy arrays as leaves; None stays None."""
    if data is None or is_array(data):
        return data if data is None else check_numbers(data)
    if isinstance(data, dict):
        return {name: as_arrays(each) for name, each in data.items()}
    return type(data)(map(as_arrays, data))


def _leaves(data):
    if isinstance(data, (tuple, list, dict)) and not is_array(data):
        return [leaf for each in (data.values() if isinstance(data, dict) else data) for leaf in _leaves(each)]
    return [data]


def split(x, y, share, validation_data=None):
    """(x, y, validation data) of arrays: the last `share` of them to validate on, as Keras's `validation_split`."""
    if validation_data is not None or not in_memory(x, y) or not 0 < share < 1:
        raise ValueError(
            f"Expected validation_split between 0 and 1, of arrays, and no validation_data with it, got {share!r}. "
            "Divide a stream yourself (.take, .skip) and pass validation_data."
        )
    x, y = as_arrays(x), as_arrays(y)
    length = _common_length([leaf for leaf in _leaves((x, y)) if leaf is not None])
    start = int(length * (1 - share))
    if not 0 < start < length:
        raise ValueError(
            f"Expected a validation_split that leaves examples on both sides, got {share!r} of {length}. Change it."
        )
    cut = lambda data, part: None if data is None else keras.tree.map_structure(lambda array: array[part], data)
    rest, kept = slice(None, start), slice(start, None)
    validation = cut(x, kept) if y is None else (cut(x, kept), cut(y, kept))
    return cut(x, rest), cut(y, rest), validation


def unpacked(data):
    """Keras's (x, y, sample_weight) as `train_on` wants it: x, or (x, y)."""
    x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
    if weight is not None:
        raise ValueError(
            "Expected data without sample_weight or class_weight, got some: pass the weights as part of y, and let "
            "train_on multiply by them."
        )
    return x if y is None else (x, y)


class Feed(keras.utils.PyDataset):
    """What Keras's `fit` iterates over: blocks of indices, int32 [steps_per_stretch, batch_size].

    An epoch has `examples // batch_size` steps. The examples left over are not trained on in that epoch, as in the
    loops that papers print: every minibatch then has one size, so that one compilation serves all, and each gradient is
    a mean over as many examples. Which ones are left over changes with every epoch. Rows of -1 fill the last block.

    Epoch e's order depends on (seed, e) alone, so that training can be resumed anywhere. The seed comes from NumPy's
    global generator, which `keras.utils.set_random_seed` sets.

    Args:
        x, y: arrays of numbers [examples, ...], or tuples or dictionaries of them; y may be None. Booleans and floats
            become floats of Keras's precision; whole numbers stay what they are.
    Raises:
        ValueError: nothing in it, lengths that differ, NaN or infinity, fewer examples than one minibatch, or a fixed
            order whose last examples would never be seen.
    """

    def __init__(self, x, y, batch_size, steps_per_stretch=50, shuffle=True):
        super().__init__()
        self.data = keras.tree.map_structure(_numbers, as_arrays(x if y is None else (x, y)))
        self.examples = _common_length(keras.tree.flatten(self.data))
        if batch_size > self.examples:
            raise ValueError(
                f"Expected a batch_size of at most {self.examples}, the number of examples, got {batch_size}. "
                "Pass a smaller batch_size, or more data."
            )
        if not shuffle and self.examples % batch_size:
            raise ValueError(
                f"Expected shuffle=True, or a batch_size that divides the {self.examples} examples, got {batch_size}: "
                f"in a fixed order the last {self.examples % batch_size} would never be trained on."
            )
        self.batch_size, self.shuffle = batch_size, shuffle
        self.steps = self.examples // batch_size
        self.steps_per_stretch = min(steps_per_stretch, self.steps)
        self.stretches = -(-self.steps // self.steps_per_stretch)
        self.seed = int(np.random.randint(2**31))  # noqa: NPY002 - the generator that set_random_seed sets
        self.first_epoch = 0
        self.drawn = None, None

    num_batches = None  # endless to Keras, which on TensorFlow makes a new thread and pipeline for each finite epoch

    def __getitem__(self, i):
        epoch, stretch = divmod(i, self.stretches)
        return self.blocks(self.first_epoch + epoch)[stretch]

    def blocks(self, epoch):
        """All of an epoch's minibatches: int32 [stretches, steps_per_stretch, batch_size]."""
        if epoch != self.drawn[0]:
            self.drawn = epoch, self._draw(epoch)
        return self.drawn[1]

    def _draw(self, epoch):
        order = np.arange(self.examples, dtype="int32")
        if self.shuffle:
            order = np.random.default_rng((self.seed, epoch)).permutation(order)
        blocks = np.full((self.stretches * self.steps_per_stretch, self.batch_size), -1, "int32")
        blocks[: self.steps] = order[: self.steps * self.batch_size].reshape(self.steps, self.batch_size)
        return blocks.reshape(self.stretches, self.steps_per_stretch, self.batch_size)

    def options(self, given):
        """Keras's options of `fit` for this feed, from those `given`."""
        for option, advice in NOT_WITH_ARRAYS.items():
            if given.get(option) is not None:
                raise ValueError(f"Expected no {option} with arrays, got {given[option]!r:.50}: {advice}.")
        settings = {"steps_per_epoch": self.stretches, "shuffle": False}
        return {"validation_batch_size": self.batch_size} | given | settings

    def begin_epoch(self, done=0):
        """Count the stretches of an epoch from 0. The first `done` were trained on before the training was resumed."""
        self.position, self.done = 0, done

    def advance(self):
        """Go on to the next stretch. Returns its number of steps, 0 if it is done already."""
        stretch, self.position = self.position, self.position + 1
        if stretch < self.done:
            return 0
        return min(self.steps_per_stretch, self.steps - stretch * self.steps_per_stretch)

    def example(self):
        """The inputs of one example, [1, ...], with which a model can be built."""
        x = self.data[0] if isinstance(self.data, tuple) else self.data
        return keras.tree.map_structure(lambda array: array[:1], x)

    def digest(self):
        """Sixteen hexadecimal digits that change with any number, shape or type of the data."""
        digest = hashlib.sha256()
        for array in keras.tree.flatten(self.data):
            digest.update(f"{array.shape} {array.dtype}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()[:16]


def _numbers(leaf):
    array = check_numbers(leaf)
    check_finite(array)
    return array.astype(keras.config.floatx(), copy=False) if array.dtype.kind in "fb" else array


def _common_length(arrays):
    lengths = {len(array) if array.ndim else 0 for array in arrays}
    if len(lengths) > 1:
        shapes = " and ".join(str(array.shape) for array in arrays)
        raise ValueError(f"Expected arrays of the same length, got shapes {shapes}. Pair each x with its own y.")
    (length,) = lengths
    if length == 0:
        raise ValueError("Expected arrays [examples, ...], got a single number. One example? Take x[None].")
    return length
