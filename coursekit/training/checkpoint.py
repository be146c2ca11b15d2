"""`Checkpoint`: saves the whole state of a training and resumes it, with the same result as without a break."""

import contextlib
import random
import re
import signal
import threading
import time
from pathlib import Path

import keras
import numpy as np

from coursekit.training import archive
from coursekit.training.health import diverged


class Checkpoint(keras.callbacks.Callback):
    """Saves weights, optimizers, random state, history and position: at the end of each epoch, within one as soon as
    `every` seconds have passed since the last time, and on Ctrl-C.

    The state of other callbacks, and of random numbers drawn without a `keras.random.SeedGenerator` of the model, is
    not in it. A stream is resumed at the start of an epoch, and must give the same epochs in every run.

    Args:
        trained: a built and compiled `coursekit.training.Model`. history: the `History` to save and fill.
        feed: the `Feed` it trains on, or None. path: of the file. every: seconds.
    """

    def __init__(self, trained, history, feed, path, every=60):
        super().__init__()
        self.trained, self.history, self.feed, self.path, self.every = trained, history, feed, Path(path), every
        self.last = None
        self.resumed = {"epoch": 0, "stretches": 0, "averages": {}, "history": {}}
        self.interrupted = False

    # -- what is saved ------------------------------------------------------------------------------------------------

    def variables(self):
        """{"weights/0" or "optimizer/3": variable}: those of the model and of its optimizers, in their order."""
        groups = [("weights", self.trained.variables)]
        groups += [(name or "optimizer", value.variables) for name, value in self.trained.optimizers.items()]
        return {f"{group}/{i}": variable for group, members in groups for i, variable in enumerate(members)}

    def run(self):
        """What must be the same when the training is resumed: {what: value}."""
        feed = self.feed
        settings = {
            f"the optimizer of {name or 'the model'}": settings
            for name, settings in self.trained.optimizer_settings.items()
        }
        return {
            "backend": keras.backend.backend(),
            **settings,
            "the data (its hash)": feed.digest() if feed else "a stream",
            "batch_size": feed and feed.batch_size,
            "steps_per_stretch": feed and feed.steps_per_stretch,
            "shuffle": feed and feed.shuffle,
        }

    def save(self, epoch, stretches=0, averages=None):
        """Save that `epoch` epochs and `stretches` stretches of the next one are done."""
        arrays = {name: keras.ops.convert_to_numpy(variable.value) for name, variable in self.variables().items()}
        for (name, array), path in zip(arrays.items(), self.paths(), strict=True):
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                where = f"epoch {epoch + 1}" if stretches else f"the end of epoch {epoch}"
                raise diverged(f"{path} ({name}) became NaN or infinite", where, self.trained.optimizers, self)
        numpy_state = np.random.get_state(legacy=False)  # noqa: NPY002 - the generator that set_random_seed sets
        numpy_state["state"]["key"] = numpy_state["state"]["key"].tolist()
        about = {
            "variables": self.signature(),
            "run": self.fingerprint,
            "position": {"epoch": epoch, "stretches": stretches, "averages": averages or {}},
            "history": self.history.history,
            "random": {"python": random.getstate(), "numpy": numpy_state, "order": self.feed and self.feed.seed},
        }
        archive.write(self.path, arrays, about)
        self.last, self.saved_at = f"{self.path} ({self.where(epoch, stretches)})", time.monotonic()

    def where(self, epoch, stretches):
        """The position in words, such as "after epoch 2 and 3 of 10 stretches"."""
        return f"after epoch {epoch}" + (f" and {stretches} of {self.feed.stretches} stretches" if stretches else "")

    def paths(self):
        """Keras's path of each of the variables, such as "sequential/dense/kernel"."""
        return [variable.path for variable in self.variables().values()]

    def signature(self):
        """[group, name without the numbers that Keras appends, shape] of each variable."""
        return [
            [name.split("/")[0], re.sub(r"_\d+(?=/|_|$)", "", variable.path), list(variable.shape)]
            for name, variable in self.variables().items()
        ]

    # -- how it is resumed --------------------------------------------------------------------------------------------

    def resume(self):
        """Load the file if it exists. Returns the number of epochs that are done.

        Raises:
            ValueError: it is of another model or another run, or damaged beyond what the previous one can replace.
        """
        self.fingerprint = self.run()
        saved = archive.read(self.path)
        if saved is None:
            return 0
        arrays, about = saved
        self._check(about)
        for name, variable in self.variables().items():
            variable.assign(arrays[name])
        version, internal, gauss = about["random"]["python"]
        random.setstate((version, tuple(internal), gauss))
        numpy_state = about["random"]["numpy"]
        numpy_state["state"]["key"] = np.array(numpy_state["state"]["key"], "uint32")
        np.random.set_state(numpy_state)  # noqa: NPY002
        if self.feed:
            self.feed.seed = about["random"]["order"]
        self.resumed = about["position"] | {"history": about["history"]}
        epoch = self.resumed["epoch"]
        self.last = f"{self.path} ({self.where(epoch, self.resumed['stretches'])})"
        self.history.history = about["history"]
        self.history.epoch = list(range(epoch))
        return epoch

    def _check(self, about):
        saved, current = about["variables"], self.signature()
        if saved != current:
            pairs = zip([*saved, None], [*current, None], strict=False)
            first = next(pair for pair in pairs if pair[0] != pair[1])
            raise ValueError(
                f"Expected in {self.path} a checkpoint of this model ({len(current)} variables), got one of another "
                f"model ({len(saved)}); the first that differs is {first[0]} there and {first[1]} here. "
                "Pass another path, or delete the file to start over."
            )
        for what, value in self.fingerprint.items():
            if (before := about["run"].get(what)) != value:
                raise ValueError(
                    f"Expected in {self.path} a checkpoint of this very run, but {what} was {before} there and is "
                    f"{value} here. Pass what it was, or another path, or delete the file to start over."
                )

    # -- when ---------------------------------------------------------------------------------------------------------

    def on_train_begin(self, logs=None):
        self.history.epoch = list(range(self.resumed["epoch"]))  # Keras has just emptied it
        self.saved_at = time.monotonic()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if self.resumed["stretches"] and epoch == self.resumed["epoch"]:
            self.feed.begin_epoch(done=self.resumed["stretches"])
            averages = self.trained.averages
            averages.sums, averages.weight, averages.steps = self.resumed["averages"]

    def on_train_batch_end(self, batch, logs=None):
        late = time.monotonic() - self.saved_at > self.every
        if self.feed and (late or self.interrupted) and self.feed.position > self.feed.done:
            self._fetch_weights()
            averages = self.trained.averages
            self.save(self.epoch, self.feed.position, [averages.sums, averages.weight, averages.steps])
        if self.interrupted:
            self._stop()

    def on_epoch_end(self, epoch, logs=None):
        self._fetch_weights()
        self.save(epoch + 1)
        if self.interrupted:
            self._stop()

    def _fetch_weights(self):
        """While Keras trains on JAX, the current values are in its loop; reading `self.model` puts them back into the
        model's variables."""
        _ = self.model

    def _stop(self):
        raise KeyboardInterrupt(f"Stopped. Everything is in {self.last}: run the same fit() again to go on from there.")

    @contextlib.contextmanager
    def interruptible(self):
        """Let the first Ctrl-C wait for the end of the stretch; a second one stops at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

        def wait(number, frame):
            self.interrupted = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, wait)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
