"""`Checkpoint`: saves the whole state of a training and resumes it, with the same result as without a break."""

import random
import re
import time

import keras
import numpy as np

from coursekit.training import archive
from coursekit.training.callback_state import Memory, keep_rows
from coursekit.training.health import diverged


class Checkpoint(keras.callbacks.Callback):
    """Saves weights, optimizers, random state, history, position and what callbacks remember: at the end of each epoch,
    within one as soon as `every` seconds have passed since the last time, and on Ctrl-C.

    The state of random numbers drawn without a `keras.random.SeedGenerator` of the model is not in it. A stream is
    resumed at the start of an epoch, and must give the same epochs in every run.

    Args:
        trained: a built and compiled `coursekit.training.Model`. history: the `History` to save and fill.
        feed: the `Feed` it trains on, or None. path: of the file. every: seconds.
        callbacks: those of `fit`, which are called before this one. interruption: an `Interruption`.
    """

    def __init__(self, trained, history, feed, path, every, callbacks, interruption):
        super().__init__()
        self.trained, self.history, self.feed, self.path, self.every = trained, history, feed, path, every
        self.callbacks, self.memory, self.interruption = callbacks, Memory(callbacks), interruption
        self.last = None
        self.resumed = None  # (arrays, about) of the file that the training goes on from

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
        remembered, memory = self.memory.state()
        history, epochs = self.history.history, self.history.epoch
        if len(epochs) > 0 and epochs[-1] == epoch:  # it was stopped within this epoch, which will be completed
            history, epochs = {name: values[: len(epochs) - 1] for name, values in history.items()}, epochs[:-1]
        about = {
            "variables": self.signature(),
            "run": self.fingerprint,
            "position": {"epoch": epoch, "stretches": stretches, "averages": averages or {}},
            "history": history,
            "epochs": epochs,
            "stopped": None if stretches else self.memory.stop(),
            "callbacks": memory,
            "random": {"python": random.getstate(), "numpy": numpy_state, "order": self.feed and self.feed.seed},
        }
        archive.write(self.path, arrays | remembered, about)
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

    def resume(self, initial_epoch, epochs):
        """Load the file if it exists. Returns the number of epochs that are done: `initial_epoch` if there is no file,
        `epochs` if a callback has stopped this very training.

        Raises:
            ValueError: it is of another model or another run, or damaged beyond what the previous one can replace.
        """
        self.fingerprint = self.run()
        self.resumed = saved = archive.read(self.path)
        if saved is None:
            return initial_epoch
        _, about = saved
        self._check(about)
        self._assign()
        version, internal, gauss = about["random"]["python"]
        random.setstate((version, tuple(internal), gauss))
        numpy_state = about["random"]["numpy"]
        numpy_state["state"]["key"] = np.array(numpy_state["state"]["key"], "uint32")
        np.random.set_state(numpy_state)  # noqa: NPY002
        if self.feed:
            self.feed.seed = about["random"]["order"]
        self.memory.warn(about["callbacks"])
        epoch, stretches = about["position"]["epoch"], about["position"]["stretches"]
        self.last = f"{self.path} ({self.where(epoch, stretches)})"
        self.history.history = about["history"]
        self.loggers = keep_rows(self.callbacks, epoch)
        return epochs if about["stopped"] == self.memory.early() != {} else epoch

    def _assign(self):
        for name, variable in self.variables().items():
            variable.assign(self.resumed[0][name])

    def _check(self, about):
        if "callbacks" not in about:
            raise ValueError(
                f"Expected in {self.path} a checkpoint of this version of coursekit, got one of an older one, which "
                "did not keep what callbacks remember. Pass another path, or delete the file to start over."
            )
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
        self.memory.begin()
        self.saved_at = time.monotonic()
        if self.resumed:
            self.history.epoch = list(self.resumed[1]["epochs"])  # Keras has just emptied it
            for logger in self.loggers:
                logger.append = False  # it has opened its file
            self._put_back()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if not self.resumed:
            return
        position = self.resumed[1]["position"]
        if position["stretches"]:
            self._put_back()  # what callbacks do at the beginning of this epoch, they have done before
            self.feed.begin_epoch(done=position["stretches"])
            averages = self.trained.averages
            averages.sums, averages.weight, averages.steps = position["averages"]
        self.resumed = None

    def _put_back(self):
        self._assign()
        self.memory.restore(self.resumed[0], self.resumed[1]["callbacks"])

    def on_train_batch_end(self, batch, logs=None):
        late = time.monotonic() - self.saved_at > self.every
        if self.feed and (late or self.interruption.asked) and self.feed.position > self.feed.done:
            self._save_within()
        if self.interruption.asked:
            self._stop()

    def on_epoch_end(self, epoch, logs=None):
        if self.feed and self.feed.position < self.feed.stretches:  # a callback has stopped it
            self._save_within()
        else:
            self._fetch_weights()
            self.save(epoch + 1)
        if self.interruption.asked:
            self._stop()

    def _save_within(self):
        self._fetch_weights()
        averages = self.trained.averages
        self.save(self.epoch, self.feed.position, [averages.sums, averages.weight, averages.steps])

    def _fetch_weights(self):
        """While Keras trains on JAX, the current values are in its loop; reading `self.model` puts them back into the
        model's variables."""
        _ = self.model

    def _stop(self):
        raise KeyboardInterrupt(f"Stopped. Everything is in {self.last}: run the same fit() again to go on from there.")
