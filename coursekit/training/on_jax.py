"""JAX's half of `Model`: gradients of a pure function, a stretch as one `jax.jit`.

Keras variables are read and assigned inside a `keras.StatelessScope`, which holds their values instead of them.
"""

import contextlib

import jax
import jax.numpy as jnp
import keras
import numpy as np

from coursekit.training.feed import unpacked
from coursekit.training.health import scalar_of


class Backend:
    """Half of `Model`; the other half, `on_tensorflow.Backend`, has the same methods."""

    def train_step(self, state, data):
        groups = self._groups()
        with self._scope(groups, state) as scope, self.stepping(scope):
            logs = self.train_on(unpacked(data))
        return logs, tuple([scope.get_current_value(variable) for variable in group] for group in groups)

    def test_step(self, state, data):
        groups = self._test_groups()
        with self._scope(groups, state) as scope:
            logs = self.validate_on(unpacked(data))
        return logs, tuple([scope.get_current_value(variable) for variable in group] for group in groups)

    def _groups(self):
        """The variables, in the order in which Keras's loop passes their values."""
        return (
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        )

    def _test_groups(self):
        return self.trainable_variables, self.non_trainable_variables, self.metrics_variables

    @staticmethod
    def _scope(groups, state):
        pairs = (zip(group, values, strict=True) for group, values in zip(groups, state, strict=True))
        return keras.StatelessScope([pair for group in pairs for pair in group], collect_losses=True)

    def values_and_gradients(self, losses, variables, optimizers):
        """What `losses()` returns, a tuple, and the gradients of each of them to its own list of variables."""
        outer = self.step_scope
        flat = [variable for group in variables for variable in group]
        moved = {id(variable) for variable in flat}
        others = [v for group in self._groups() for v in group if id(v) not in moved]

        def forward(values):
            pairs = [*zip(flat, jax.tree.leaves(values), strict=True)]
            pairs += [(v, outer.get_current_value(v)) for v in others]
            with keras.StatelessScope(pairs, collect_losses=True) as scope, self.stepping(scope):
                value = losses()
                scaled = tuple(o.scale_loss(scalar_of(v)) for o, v in zip(optimizers, value, strict=True))
            return scaled, (value, [scope.get_current_value(v) for v in others])

        values = [[outer.get_current_value(variable) for variable in group] for group in variables]
        scaled, pull_back, (value, updated) = jax.vjp(forward, values, has_aux=True)
        for variable, new in zip(others, updated, strict=True):  # batch normalization's averages, seeds
            outer.add_update((variable, new))
        gradients = []
        for i in range(len(scaled)):  # XLA leaves out what no network asks for
            one = tuple(jnp.full_like(loss, i == j) for j, loss in enumerate(scaled))
            gradients.append(pull_back(one)[0][i])
        return value, gradients

    @staticmethod
    def stepper(optimizer):
        """What `minimize` takes the optimizer's steps with."""
        return Scaled(optimizer) if isinstance(optimizer, keras.optimizers.LossScaleOptimizer) else optimizer

    def hold(self, data):
        """`data` on the device, to be passed to each stretch."""
        return keras.tree.map_structure(jax.device_put, data)

    @staticmethod
    def stream(feed):
        """The data set that is given to Keras's `fit`: the feed itself."""
        return feed

    def make_train_function(self, force=False):
        if self.train_function is not None and not force:
            return
        super().make_train_function(force)
        one_batch, stretch = self.train_function, self.compiled_stretch()

        def train(state, iterator):
            data = next(iterator)
            try:
                if self.feed is None:
                    self.look_at("train", data)
                    logs, state = one_batch(state, iter([data]))
                    return self.record_batch(logs, data), state
                steps = self.feed.advance()
                if steps == 0:
                    return self.averages.result(), state
                names, rows, state = stretch(state, self.feed.held, data[0])
                return self.record_stretch(names, np.asarray(rows)[:steps]), state
            except BaseException as problem:  # Ctrl-C too
                if not self._give_back(self._groups(), state):
                    raise RuntimeError(
                        "Expected the end of the stretch, got a second Ctrl-C within it, and the weights were lost "
                        "with it. Build the model again; fit(..., checkpoint=PATH) goes on from the last checkpoint."
                    ) from problem
                raise

        self.train_function = train

    def _give_back(self, groups, state):
        """Keras took the values out of the variables; an error in `train_on` must not leave the model without them.
        Returns whether they were all still there."""
        whole = True
        for group, values in zip(groups, state, strict=True):
            for variable, value in zip(group, values, strict=True):
                if value.is_deleted():
                    whole = False
                else:
                    variable.assign(value)
        self._jax_state = None  # of the stretch before; Keras would put it back
        return whole

    def make_test_function(self, force=False):
        if self.test_function is not None and not force:
            return
        super().make_test_function(force)
        one_batch = self.test_function

        def test(state, iterator):
            data = next(iterator)
            try:
                self.look_at("test", data)
                logs, state = one_batch(state, iter([data]))
                return self.record_batch(logs, data), state
            except BaseException:
                self._give_back(self._test_groups(), state)
                raise

        self.test_function = test

    def make_predict_function(self, force=False):
        if self.predict_function is not None and not force:
            return
        super().make_predict_function(force)
        one_batch = self.predict_function

        def predict(state, iterator):
            try:
                return one_batch(state, iterator)
            except BaseException:
                self._give_back(self._test_groups()[:2], state)
                raise

        self.predict_function = predict

    def compiled_stretch(self):
        """A function (state, data, block) -> (names, values [steps, names], state) that trains on each of its rows."""
        names = []

        def one_step(state, data, indices):
            batch = keras.tree.map_structure(lambda array: jnp.take(array, indices, axis=0, mode="clip"), data)
            logs, state = self.train_step(state, batch)
            names[:] = logs
            return jnp.stack([jnp.asarray(value, "float32") for value in logs.values()]), state

        def steps_of(state, data, block):
            def body(step, carry):
                rows, state = carry
                row, state = one_step(state, data, block[step])
                return rows.at[step].set(row), state

            row, _ = jax.eval_shape(one_step, state, data, block[0])
            rows = jnp.zeros((len(block), *row.shape), row.dtype)
            return jax.lax.fori_loop(0, jnp.sum(block[:, 0] >= 0), body, (rows, state))

        compiled = jax.jit(steps_of, donate_argnums=0)

        def stretch(state, data, block):
            with jax.disable_jit() if self.run_eagerly else contextlib.nullcontext():
                rows, state = compiled(state, data, block)
            return names, rows, state

        return stretch


class Scaled:
    """A `LossScaleOptimizer` in a `StatelessScope`. Its own `apply` assigns in the branches of a condition, and JAX
    wants branches that return what they change.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer

    def scale_loss(self, loss):
        return self.optimizer.scale_loss(loss)

    def apply(self, gradients, variables):
        """One step on `variables`, within the scope that holds their values."""
        slopes = {id(variable): slope for variable, slope in zip(variables, gradients, strict=True)}
        moved, own = self.optimizer._trainable_variables, self.optimizer.variables
        after = self.optimizer.stateless_apply(
            [variable.value for variable in own],
            [slopes.get(id(variable)) for variable in moved],
            [variable.value for variable in moved],
        )
        for variable, value in zip([*moved, *own], [*after[0], *after[1]], strict=True):
            variable.assign(value)
