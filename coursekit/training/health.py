"""The averages of an epoch's losses, and the guard that stops a training whose losses become NaN or infinite."""

import keras
import numpy as np

from coursekit.training.optimizers import finalize, rate
from coursekit.training.trainable import digests


class TrainingDiverged(ArithmeticError):
    """A loss, or a weight, became NaN or infinite. The message has the step, the last checkpoint, likely causes."""


def checked_losses(losses, expected):
    """`losses` as a tuple, if they are as many as expected and each is one number, or a pair that begins with one."""
    if not isinstance(losses, (tuple, list)) or len(losses) != expected:
        got = f"{len(losses)}" if isinstance(losses, (tuple, list)) else type(losses).__name__
        raise ValueError(f"Expected a tuple of {expected} losses, one for each network, in their order, got {got}.")
    for loss in map(scalar_of, losses):
        if len(loss.shape):
            raise ValueError(
                f"Expected a loss that is one number, got shape {tuple(loss.shape)}. Take ops.mean(...) of it."
            )
    return tuple(losses)


def scalar_of(loss):
    """The number to minimize, of a loss or of a pair (loss, whatever was computed on the way)."""
    return loss[0] if isinstance(loss, tuple) else loss


class Averages:
    """Means over an epoch of what `train_on` or `validate_on` returned, each step weighted by its examples."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.sums, self.weight, self.steps = {}, 0, 0
        self.bad = None

    def add(self, names, rows, examples):
        """Count some steps: `rows` [steps, len(names)] are their values, `examples` the size of each minibatch."""
        finite = np.isfinite(rows)
        if self.bad is None and not finite.all():
            step, column = np.argwhere(~finite)[0]
            self.bad = f"{names[column]} became {rows[step, column]:g}", self.steps + int(step) + 1
        for name, total in zip(names, rows.sum(axis=0, dtype="float64"), strict=True):
            self.sums[name] = self.sums.get(name, 0.0) + examples * float(total)
        self.weight += examples * len(rows)
        self.steps += len(rows)

    def result(self):
        """{name: mean}."""
        return {name: total / self.weight for name, total in self.sums.items()}


class Guard(keras.callbacks.Callback):
    """Starts the epochs of the feed, and stops the training at the first stretch with a loss that is no finite number,
    at an epoch without data, and on Ctrl-C where there is no checkpoint that does.

    (Not in the training function: Keras's loop on JAX can lose the weights when that one raises.)
    """

    def __init__(self, trained, feed, checkpoint, interruption):
        super().__init__()
        self.trained, self.feed, self.checkpoint, self.interruption = trained, feed, checkpoint, interruption
        self.began, self.batches = False, 0
        self.ended = None  # `digests` of the weights that the last step left, if there was one

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch, self.batches = epoch, 0
        if self.feed:
            if not self.began:  # `BackupAndRestore` may have chosen another epoch than `fit` was told
                self.feed.first_epoch, self.began = epoch, True
            self.feed.begin_epoch()

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1
        if self.trained.averages.bad:
            what, step = self.trained.averages.bad
            _ = self.model  # on JAX, reading it makes Keras put the current values back into the model's variables
            optimizers = self.trained.optimizers
            raise diverged(what, f"step {step} of epoch {self.epoch + 1}", optimizers, self.checkpoint)
        if self.interruption.asked and not self.checkpoint:
            _ = self.model
            raise KeyboardInterrupt("Stopped. The model is as the last stretch left it.")

    def on_epoch_end(self, epoch, logs=None):
        if not self.batches:
            raise ValueError(
                f"Expected data for each epoch, got a stream that has none for epoch {epoch + 1}. A generator ends for "
                "good: pass steps_per_epoch and let it go on, or make it a tf.data.Dataset or a PyDataset."
            )

    def on_train_end(self, logs=None):
        # Before the callbacks that put the best weights back.
        if self.batches:
            _ = self.model
            self.ended = digests(self.trained)
        finalize(self.trained)


def diverged(what, where, optimizers, checkpoint):
    """The error to raise. optimizers: {network's name: optimizer}; checkpoint: what was last saved, or None."""
    rates = ", ".join(
        f"{type(optimizer).__name__} at {rate(optimizer):g}" + (f" for the {name}" if name else "")
        for name, optimizer in optimizers.items()
    )
    saved = checkpoint and checkpoint.last
    kept = f"The last good checkpoint is {saved}." if saved else "No checkpoint was saved (fit(..., checkpoint=PATH))."
    return TrainingDiverged(
        f"{what} at {where}. {kept} Likely causes, the likeliest first: the learning rate is too high ({rates}): "
        "divide it by ten, or pass clipnorm=1.0 to the optimizer; a logarithm of 0, or a division or a square root "
        "at 0, in the loss: work on logits, or add 1e-7; values outside the range that the model expects: look at "
        "x.min() and x.max()."
    )
