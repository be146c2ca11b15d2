"""The training engine: Keras's own `fit`, for models that write out their training step.

No other package knows the backend. `Model` is the base of all models, `Assembled` of those that Keras saves with the
networks that they were made of.

What it relies on in Keras beyond documented use, and the test that fails when Keras changes (in `tests/training/`, on
TensorFlow and on JAX; those of one backend are marked):

The loop
  - `fit` calls `make_train_function`, then `self.train_function(iterator)` for each batch; on JAX
    `train_function(state, iterator)`, which returns (logs, state). test_history_means_validation_and_callbacks
  - On JAX, `state` has the values of the trainable, non-trainable, optimizer and metrics variables, in this order
    (`on_jax.Backend._groups`). test_the_state_of_jax_has_four_groups [JAX]
  - On JAX, the values are taken out of the variables while the loop runs. An error must give them back
    (`on_jax.Backend._give_back`). test_an_error_in_train_on_leaves_the_model_whole
  - On JAX, reading `self.model` in a callback puts the current values back into the variables (`Checkpoint`, `Guard`).
    test_reading_self_model_updates_the_variables
  - A data set whose length is unknown or huge is iterated on from one epoch to the next, so that the n-th stretch of
    epoch e has the number e * stretches + n (`Feed.num_batches`, `on_tensorflow.Backend.stream`).
    test_stretches_are_counted_on_through_the_epochs
  - `reset_metrics` is called at the start of each epoch and evaluation, and `get_metrics_result` gives their logs.
    test_history_means_validation_and_callbacks
  - What Keras's callbacks remember is in the attributes that `callback_state.REMEMBERED` names.
    test_resumed_with_callbacks_as_if_never_stopped
  - `BackupAndRestore` leaves the epoch to go on from in `model._initial_epoch`, for good.
    test_keras_own_backup_goes_on
  - With nothing left to do, `fit` calls `on_train_begin`, finishes the optimizer and calls `on_train_end`.
    test_averaged_weights_when_the_cell_is_run_again
  - On JAX, an error leaves the values out of the variables in `evaluate` and `predict` too (`on_jax`).
    test_an_error_outside_of_training_leaves_the_model_whole
  - Callbacks are called in the order of the list, and a `History` in it is the one that `fit` returns and that Keras
    empties at the start. test_it_stops_with_step_checkpoint_and_causes, test_ctrl_c_and_on
  - TensorFlow's `OutOfRangeError` means the end of the data, even where the cache of compiled programs raised it, so
    it must be caught before (`on_tensorflow.OF_THE_CACHE`).
    test_a_damaged_program_is_compiled_again_and_no_training_stands_still [TensorFlow]

Variables and gradients
  - Inside a `keras.StatelessScope`, variables are read from and assigned to the scope; scopes nest; `add_update` of the
    outer one keeps what batch normalization and seeds became in the inner one (`on_jax.values_and_gradients`).
    test_seeds_and_moving_averages_advance, test_a_second_step_sees_the_first
  - `collect_losses=True` makes the penalties of layers appear in `losses` there. test_a_penalty_on_activity_counts
  - `variable.value` is the tensor that a `GradientTape` can watch. test_the_same_weights_as_stock_keras

Optimizers and compilation
  - `model.optimizer` may be any object with `variables` and `built` (`NetworkOptimizers`), and `optimizers`, a
    dictionary, is saved with the model. test_a_keras_file_holds_model_and_optimizers
  - Callbacks look for a list `optimizers` in `model.optimizer`, and in each of it for a `name`, a `learning_rate` and
    what belongs to `use_ema`. test_rate_callbacks_go_through_both_optimizers,
    test_averaged_weights_are_swapped_in_and_the_best_ones_stay
  - `optimizer._trainable_variables` and `_learning_rate` are what it was built for and its rate or schedule.
    test_an_optimizer_that_has_trained_another_model, test_a_schedule_and_a_callback_that_sets_the_rate
  - `optimizer.scale_loss` is what mixed precision needs, and a `LossScaleOptimizer` has an `inner_optimizer`; on JAX
    its steps are those of `stateless_apply` (`on_jax.Scaled`). test_mixed_precision_scales_the_loss
  - Setting `jit_compile = True` on a model with a layer that does not support XLA leaves it False
    (`xla.jit_compile_for`). test_a_layer_without_xla_is_noticed [TensorFlow]
  - `fit` compiles only once: a second one uses the same `train_function`.
    test_a_second_fit_compiles_nothing_and_takes_other_data
"""

import importlib

from coursekit.training.progress import progress

_NAMES = {
    "Assembled": "assembled",
    "Film": "film",
    "Model": "model",
    "TrainingDiverged": "health",
    "gradient": "gradients",
    "jit_compile_for": "xla",
}

__all__ = [*sorted(_NAMES), "progress"]


def __getattr__(name):
    if name in _NAMES:
        from coursekit.training import backend

        backend.load()
        return getattr(importlib.import_module(f"coursekit.training.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'coursekit.training' has no attribute {name!r}")
