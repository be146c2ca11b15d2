"""`Trainer`: the half of `Model` that people call: `fit`, and what goes with it."""

import contextlib
import inspect

import keras

from coursekit.arrays import check_positive
from coursekit.training import callbacks as keras_callbacks
from coursekit.training.checkpoint import Checkpoint
from coursekit.training.claim import claimed, path_of
from coursekit.training.feed import Feed, as_arrays, in_memory, split
from coursekit.training.health import Guard
from coursekit.training.interruption import Interruption
from coursekit.training.optimizers import build
from coursekit.training.streams import Reiterated, as_stream
from coursekit.training.trainable import check_trains, digests, warn_if_still
from coursekit.training.xla import jit_compile_for


class Trainer:
    """Keras's methods, for data as people have them, with `Model`'s checkpoint. What `Model` says about its data
    (`checked`), its step (`train_on`) and its measures (`validate_on`) is asked here."""

    def fit(
        self,
        x=None,
        y=None,
        batch_size=32,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_data=None,
        shuffle=True,
        initial_epoch=0,
        *,
        validation_split=0.0,
        steps_per_stretch=None,
        checkpoint=None,
        every=60,
        **options,
    ):
        """Keras's `fit`. Arrays are put on the device once, and trained on in compiled stretches of minibatches;
        callbacks are called after each stretch. A stream of minibatches (`tf.data`, `PyDataset`, a generator, PyTorch's
        `DataLoader`) goes through Keras, step by step; its first minibatch is looked at as arrays are.

        Args:
            x, y: arrays of numbers [examples, ...], data frames or lists of numbers, or tuples or dictionaries of them.
            batch_size: of each minibatch. Examples that fill no minibatch at the end of an epoch wait for the next one.
                A stream has its own.
            callbacks: Keras's, or one's own.
            shuffle: draw a new order for each epoch (`keras.utils.set_random_seed` makes it the same in every run).
            initial_epoch: how many of the `epochs` are done: after `epochs=2`, two more are
                `epochs=4, initial_epoch=2`. With a checkpoint, that one knows.
            validation_split: the share of the arrays, from their end, to validate on.
            steps_per_stretch: minibatches that one compiled call trains on; 50 if omitted, or 1 where a callback counts
                steps (`ModelCheckpoint(save_freq=100)`).
            checkpoint: a file to save to at the end of each epoch, and to go on from if it exists. The same call, after
                Ctrl-C or a crash, or in a cell that is run again, ends with the very weights and history that it would
                have had. What callbacks remember is in the file (`callback_state`); one that keeps what no file can
                hold is named in a warning. A training that `EarlyStopping` has stopped is over. Only one training at a
                time can have the file.
            every: also save within an epoch, as soon as this many seconds have passed.
            options: Keras's own, such as `validation_batch_size` or, for streams, `steps_per_epoch`.
        Returns:
            Keras's `History`.
        Raises:
            ValueError: data or settings that cannot be trained with; the message says what to change.
            TrainingDiverged: a loss became NaN or infinite.
            KeyboardInterrupt: Ctrl-C, once the stretch is complete and, with `checkpoint`, everything is saved. A
                second Ctrl-C does not wait.
        """
        callbacks = keras_callbacks.listed(callbacks)
        if steps_per_stretch is None:
            steps_per_stretch = 1 if keras_callbacks.count_steps(callbacks) else 50
        batch_size, epochs, steps_per_stretch = check_positive(
            batch_size=batch_size, epochs=epochs, steps_per_stretch=steps_per_stretch
        )
        self._check_ready(validates=validation_data is not None or validation_split)
        keras_callbacks.check(callbacks, self.optimizers, checkpoint)
        path = path_of(checkpoint) if checkpoint is not None else None
        if path is None and initial_epoch >= epochs:
            raise ValueError(
                f"Expected more epochs than initial_epoch={initial_epoch}, which are done, got epochs={epochs}. "
                f"For two more, pass epochs={initial_epoch + 2}."
            )
        if validation_split:
            x, y, validation_data = split(x, y, validation_split, validation_data)
        x, y = self._checked(x, y)
        feed = Feed(x, y, batch_size, steps_per_stretch, shuffle) if in_memory(x, y) else None
        if feed:
            x, y, options = self.stream(feed), None, feed.options(options)
        else:
            x = as_stream(x, options.get("steps_per_epoch"), once=epochs - initial_epoch == 1)
            # Other streams shuffle themselves.
            options["shuffle"] = shuffle and isinstance(x, keras.utils.PyDataset) and not isinstance(x, Reiterated)
        if validation_data is not None:
            once = epochs - initial_epoch == 1
            validation_data = self._validation(validation_data, options.get("validation_steps"), once)
        self._prepare(feed)
        history, interruption = keras.callbacks.History(), Interruption()
        with claimed(path) if path else contextlib.nullcontext():
            saver = path and Checkpoint(self, history, feed, path, every, callbacks, interruption)
            guard = Guard(self, feed, saver, interruption)
            options |= {
                "epochs": epochs,
                "initial_epoch": saver.resume(initial_epoch, epochs) if saver else initial_epoch,
                "verbose": verbose,
                "callbacks": [guard, *callbacks, history, *([saver] if saver else [])],
                "validation_data": validation_data,
            }
            before = digests(self)
            with self._feeding(feed, callbacks), interruption.awaited():
                super().fit(x, y, **options)
        if guard.ended:
            warn_if_still(self, before, guard.ended)
        return history

    def evaluate(self, x=None, y=None, batch_size=None, verbose="auto", sample_weight=None, steps=None, **options):
        """Keras's `evaluate`, for data as `fit` takes them."""
        if not options.get("_use_cached_eval_dataset"):  # those of fit(), which has seen to them
            self._check_ready(validates=True)
            x, y, sample_weight = self._validated((x, y, sample_weight), steps, once=True)
        return super().evaluate(x, y, batch_size, verbose, sample_weight, steps, **options)

    def predict(self, x, *args, **options):
        """Keras's `predict`."""
        if type(self).call is keras.Model.call:
            raise ValueError(
                f"Expected a model that answers to inputs, got {type(self).__name__}, which has no call(). "
                "Ask one of its networks, as model.generator.predict(z), or model.sample(count)."
            )
        return super().predict(x, *args, **options)

    def train_on_batch(self, *args, **options):
        """Keras's `train_on_batch`: one step on (x, y)."""
        self._check_ready()
        self._finish_building()
        self.unseen.add("train")
        return super().train_on_batch(*args, **options)

    def test_on_batch(self, *args, **options):
        """Keras's `test_on_batch`: what `validate_on` measures on (x, y)."""
        self._check_ready(validates=True)
        self.unseen.add("test")
        return super().test_on_batch(*args, **options)

    def _checked(self, x, y=None):
        if in_memory(x, y):
            return self.checked(as_arrays(x), as_arrays(y))
        self.unseen.add("train")
        return x, y

    def _validated(self, data, steps, once):
        """(x, y, sample_weight) of data to validate on. once: whether they are gone through only once."""
        x, y, weight = data
        if in_memory(x, y):
            return (*self.checked(as_arrays(x), as_arrays(y)), weight)
        self.unseen.add("test")
        if inspect.isgenerator(x) and not once:
            steps = None  # Keras would begin each time with the same two minibatches and go on from where it was
        return as_stream(x, steps, once), y, weight

    def _validation(self, data, steps, once):
        """`validation_data` for Keras's `fit`."""
        parts = keras.utils.unpack_x_y_sample_weight(data) if isinstance(data, (tuple, list)) else (data, None, None)
        x, y, weight = self._validated(parts, steps, once)
        return x if y is None else keras.utils.pack_x_y_sample_weight(x, y, weight)

    def _check_ready(self, validates=False):
        if not self.compiled:
            raise ValueError("Expected a compiled model: call compile(optimizer=...) before fit().")
        if validates and not self.validates:
            raise ValueError(f"Expected no validation_data, as {type(self).__name__} has no validate_on(self, batch).")

    @contextlib.contextmanager
    def _feeding(self, feed, callbacks):
        self.feed, self._initial_epoch = feed, None  # `BackupAndRestore` leaves its own behind
        try:
            yield
        finally:
            self.feed = None
            keras_callbacks.close(callbacks)

    def _prepare(self, feed):
        """Build what is not built yet, choose the compiler, and put the data on the device."""
        if feed and type(self).call is not keras.Model.call and any(not layer.built for layer in self.layers):
            self(feed.example())
        if unbuilt := [layer.name for layer in self.layers if not layer.built]:
            raise ValueError(
                f"Expected networks that know their shapes, got {', '.join(unbuilt)} unbuilt. Start each with "
                "keras.Input(shape), or call the model once on a minibatch before fit()."
            )
        self._finish_building()
        check_trains(self)
        moves = [id(variable) for variable in self.trainable_variables]
        if moves != self._step_moves:  # something was frozen or unfrozen since the step was compiled
            self.train_function, self._step_moves = None, moves
        if self._settings["jit_compile"] == "auto" and not self.run_eagerly:
            self.jit_compile, _ = jit_compile_for(self)
        if feed:
            feed.held = self.hold(feed.data)

    def _finish_building(self):
        self.built = True
        build(self)
