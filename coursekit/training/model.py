"""`Model`: a `keras.Model` whose training step is written in `train_on`; `fit`, callbacks and files stay Keras's."""

import contextlib

import keras
import numpy as np

from coursekit.training.health import Averages, checked_losses
from coursekit.training.optimizers import NetworkOptimizers, check_reached, named, optimizer_of, settings_of
from coursekit.training.streams import check_minibatch
from coursekit.training.trainer import Trainer

if keras.backend.backend() == "jax":
    from coursekit.training.on_jax import Backend
else:
    from coursekit.training.on_tensorflow import Backend


class Model(Trainer, Backend, keras.Model):
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
        self.unseen = set()  # of "train" and "test": whose stream has shown no minibatch yet

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
    def validates(self):
        """Whether the model says how it is validated."""
        return type(self).validate_on is not Model.validate_on

    def checked(self, x, y=None):
        """The arrays x, and y or None, as `train_on` takes them. A model that asks something of its data says it here,
        by `coursekit.arrays`: `fit` and `evaluate` pass all arrays through it, those for validation too, and the first
        minibatch of each stream."""
        return x, y

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
        networks = network if together else (network,)
        optimizers, variables = zip(*map(self._optimizer_of, networks), strict=True)
        losses = loss if together else lambda: (loss(),)
        values, gradients = self.values_and_gradients(
            lambda: checked_losses(losses(), len(optimizers)), variables, optimizers
        )
        for each, optimizer, slopes, weights in zip(networks, optimizers, gradients, variables, strict=True):
            check_reached(self, each, slopes)
            optimizer.apply(slopes, weights)
        return values if together else values[0]

    def _optimizer_of(self, network):
        optimizer, variables = optimizer_of(self, network)
        return self.stepper(optimizer), variables

    def compile(self, optimizer=None, *, jit_compile="auto", run_eagerly=False, **optimizers):
        """Say who optimizes what: `compile(optimizer=...)` for the whole model, or one optimizer for each network by
        its attribute's name, as in `compile(generator=..., discriminator=...)`.

        Keras's callbacks go through the optimizers of several networks one by one (`optimizers.NetworkOptimizers`);
        `model.optimizer["generator"]` is one of them. Where a network computes in float16 (`mixed_float16`), its
        optimizer gets a `keras.optimizers.LossScaleOptimizer` around it.

        Args:
            optimizer, optimizers: names ("adam") or `keras.optimizers.Optimizer`s.
            jit_compile: whether XLA compiles the step; "auto" asks `jit_compile_for` when training starts.
            run_eagerly: run every step as plain Python, slowly, so that `train_on` can print and be debugged.
        Raises:
            ValueError: no optimizer, an unknown network, one optimizer object for two networks, or one that has
                trained another model.
        """
        self.optimizers = named(self, optimizer, optimizers)
        self._settings = {"jit_compile": jit_compile, "run_eagerly": run_eagerly}
        one = self.optimizers.get(None)
        super().compile(optimizer=one, jit_compile=jit_compile is True, run_eagerly=run_eagerly)
        if one is None:
            self.optimizer = NetworkOptimizers(self.optimizers)
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

    # -- what Keras's loop and the backend's half of this class call ---------------------------------------------------

    def record_stretch(self, names, rows):
        """Count the steps of a stretch: `rows` [steps, len(names)]. Returns the epoch's averages so far."""
        self.averages.add(names, rows, self.feed.batch_size)
        return self.averages.result()

    def look_at(self, which, data):
        """Check the first minibatch of a stream. which: "train" or "test"."""
        if which in self.unseen:
            self.unseen.discard(which)
            check_minibatch(self, data)

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
