"""`Model`: a `keras.Model` whose training step is written in `train_on`; `fit`, callbacks and files stay Keras's."""

import contextlib

import keras
import numpy as np

from coursekit.arrays import check_positive
from coursekit.training.checkpoint import Checkpoint
from coursekit.training.feed import Feed, in_memory
from coursekit.training.health import Averages, Guard, checked_losses
from coursekit.training.optimizers import (
    NetworkOptimizers,
    build,
    check_reached,
    finalize,
    named,
    optimizer_of,
    settings_of,
)
from coursekit.training.trainable import check_trains, digests, warn_if_still
from coursekit.training.xla import jit_compile_for

if keras.backend.backend() == "jax":
    from coursekit.training.on_jax import Backend
else:
    from coursekit.training.on_tensorflow import Backend


class Model(Backend, keras.Model):
    """A `keras.Model` whose training step is written out, in `keras.ops`, for every backend:

        class GAN(Model):
            def train_on(self, x):
                d_loss = self.minimize(lambda: self.discriminator_loss(x), self.discriminator)
                g_loss = self.minimize(lambda: self.generator_loss(ops.shape(x)[0]), self.generator)
                return {"d_loss": d_loss, "g_loss": g_loss}

        gan.compile(generator=keras.optimizers.Adam(1e-3), discriminator=keras.optimizers.Adam(1e-3))
        gan.fit(images, batch_size=128, epochs=10)

    What `train_on` reads from plain attributes is compiled in. A number that changes between or during trainings is a
    `keras.Variable`, and randomness comes from a `keras.random.SeedGenerator` that is an attribute of the model.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.averages = Averages()
        self.feed = None
        self.step_scope = None
        self._step_moves = None

    def train_on(self, batch):
        """One step of training: to be written by each model.

        Args:
            batch: a minibatch of the data given to `fit`: `x`, or (x, y) where `fit` was given a y.
        Returns:
            {name: scalar}, whose means over the epoch appear in the history and in callbacks.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how it trains: write train_on(self, batch).")

    def validate_on(self, batch):
        """What to measure on a minibatch of the validation data: {name: scalar}, its means shown as "val_name"."""
        raise NotImplementedError(f"{type(self).__name__} has no validation: write validate_on(self, batch).")

    @property
    def in_step(self):
        """Whether `train_on` is running. A method that is used inside and outside of it calls its networks with
        `training=self.in_step`, for dropout and batch normalization."""
        return self.step_scope is not None

    def minimize(self, loss, network=None):
        """Take one step of the network's optimizer on the network's weights, and on no others.

        `minimize(lambda: (d_loss, g_loss), (self.discriminator, self.generator))` takes the steps of several networks
        at once, each along the gradient of its own loss, all from the same weights and one forward pass.

        Args:
            loss: function of no argument that returns a scalar, or a pair (scalar, whatever was computed on the way);
                a tuple of as many as there are networks, if there are several.
            network: a network that has its own optimizer, or a tuple of them; the whole model if omitted.
        Returns:
            What `loss` returned: its values before the step.
        Raises:
            ValueError: no optimizer for this network, or a loss that is no scalar.
            RuntimeError: called outside of training.
        """
        if self.step_scope is None:
            raise RuntimeError(
                "Expected minimize() to be called by train_on() while the model trains. "
                "For a single step by hand, call model.train_on_batch(x)."
            )
        together = isinstance(network, tuple)
        optimizers, variables = zip(*map(self._optimizer_of, network if together else (network,)), strict=True)
        losses = loss if together else lambda: (loss(),)
        values, gradients = self.values_and_gradients(
            lambda: checked_losses(losses(), len(optimizers)), variables, optimizers
        )
        for optimizer, slopes, weights in zip(optimizers, gradients, variables, strict=True):
            check_reached(self, optimizer, slopes)
            optimizer.apply(slopes, weights)
        return values if together else values[0]

    def _optimizer_of(self, network):
        return optimizer_of(self, network)

    def compile(self, optimizer=None, *, jit_compile="auto", run_eagerly=False, **optimizers):
        """Say who optimizes what: `compile(optimizer=...)` for the whole model, or one optimizer for each network by
        its attribute's name, as in `compile(generator=..., discriminator=...)`.

        Args:
            optimizer, optimizers: names ("adam") or `keras.optimizers.Optimizer`s.
            jit_compile: whether XLA compiles the step; "auto" asks `jit_compile_for` when training starts.
            run_eagerly: run every step as plain Python, slowly, so that `train_on` can print and be debugged.
        Raises:
            ValueError: no optimizer, an unknown network, one optimizer object for two networks.
        """
        self.optimizers = named(self, optimizer, optimizers)
        self._settings = {"jit_compile": jit_compile, "run_eagerly": run_eagerly}
        one = self.optimizers.get(None)
        super().compile(optimizer=one, jit_compile=jit_compile is True, run_eagerly=run_eagerly)
        if one is None:
            self.optimizer = NetworkOptimizers(self.optimizers)
        else:
            self.optimizers = {None: self.optimizer}  # Keras wraps it for mixed_float16
        self.optimizer_settings = {name: settings_of(value) for name, value in self.optimizers.items()}
        if self.trainable_variables and all(layer.built for layer in self.layers):
            self._finish_building()

    def get_compile_config(self):
        if not self.compiled:
            return {}
        return self._settings | {
            name or "optimizer": keras.saving.serialize_keras_object(value) for name, value in self.optimizers.items()
        }

    def compile_from_config(self, config):
        self.compile(**{name: keras.saving.deserialize_keras_object(value) for name, value in config.items()})

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
        steps_per_stretch=50,
        checkpoint=None,
        every=60,
        **options,
    ):
        """Keras's `fit`. Arrays are put on the device once, and trained on in compiled stretches of minibatches;
        callbacks are called after each stretch. Anything else (`tf.data`, `PyDataset`) goes through Keras unchanged.

        Args:
            x, y: arrays of numbers [examples, ...], or tuples or dictionaries of them.
            batch_size: of each minibatch. Examples that fill no minibatch at the end of an epoch wait for the next one.
            shuffle: draw a new order for each epoch (`keras.utils.set_random_seed` makes it the same in every run).
            steps_per_stretch: minibatches that one compiled call trains on.
            checkpoint: a file to save to at the end of each epoch, and to go on from if it exists. The same call, after
                Ctrl-C or a crash, ends with the very weights that it would have had.
            every: also save within an epoch, as soon as this many seconds have passed.
            options: Keras's own, such as `validation_batch_size` or, for streams, `steps_per_epoch`.
        Returns:
            Keras's `History`.
        Raises:
            ValueError: data or settings that cannot be trained with; the message says what to change.
            TrainingDiverged: a loss became NaN or infinite.
            KeyboardInterrupt: Ctrl-C, with `checkpoint` once everything is saved.
        """
        check_positive(batch_size=batch_size, epochs=epochs, steps_per_stretch=steps_per_stretch)
        self._check_ready(validation_data)
        feed = Feed(x, y, batch_size, steps_per_stretch, shuffle) if in_memory(x, y) else None
        if feed:
            x, y, options = self.stream(feed), None, feed.options(options)
        else:
            options["shuffle"] = shuffle and isinstance(x, keras.utils.PyDataset)  # other streams shuffle themselves
        self._prepare(feed)
        history = keras.callbacks.History()
        saver = checkpoint and Checkpoint(self, history, feed, checkpoint, every)
        if saver and (initial_epoch := saver.resume()) >= epochs:
            self.history = history
            return history
        options |= {
            "epochs": epochs,
            "initial_epoch": initial_epoch,
            "verbose": verbose,
            "callbacks": [Guard(self, feed, saver), history, *(callbacks or []), *([saver] if saver else [])],
            "validation_data": validation_data,
        }
        before = digests(self)
        with self._feeding(feed, initial_epoch), saver.interruptible() if saver else contextlib.nullcontext():
            super().fit(x, y, **options)
        finalize(self)
        if epochs > initial_epoch:
            warn_if_still(self, before)
        return history

    def _check_ready(self, validation_data):
        if not self.compiled:
            raise ValueError("Expected a compiled model: call compile(optimizer=...) before fit().")
        if validation_data is not None and type(self).validate_on is Model.validate_on:
            raise ValueError(f"Expected no validation_data, as {type(self).__name__} has no validate_on(self, batch).")

    @contextlib.contextmanager
    def _feeding(self, feed, initial_epoch):
        if feed:
            feed.first_epoch = initial_epoch
        self.feed = feed
        try:
            yield
        finally:
            self.feed = None

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

    # -- what Keras's loop and the backend's half of this class call ---------------------------------------------------

    def record_stretch(self, names, rows):
        """Count the steps of a stretch: `rows` [steps, len(names)]. Returns the epoch's averages so far."""
        self.averages.add(names, rows, self.feed.batch_size)
        return self.averages.result()

    def record_batch(self, logs, data):
        """Count one step. Returns the epoch's averages so far.

        Args:
            logs: {name: scalar}. data: the batch, of which the first array [examples, ...] tells the size.
        """
        row = np.array([[float(value) for value in logs.values()]])
        self.averages.add(list(logs), row, len(keras.tree.flatten(data)[0]))
        return self.averages.result()

    def reset_metrics(self):
        super().reset_metrics()
        self.averages.reset()

    def get_metrics_result(self):
        return self.averages.result()

    @contextlib.contextmanager
    def stepping(self, scope=True):
        """A context in which `train_on` runs. scope: where the values of variables are held (on JAX)."""
        before, self.step_scope = self.step_scope, scope
        try:
            yield
        finally:
            self.step_scope = before
