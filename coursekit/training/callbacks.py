"""What `fit` asks of Keras's callbacks before it starts: those that could only fail are named at once."""

import keras

from coursekit.training.optimizers import inner

RATES = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)
MONITORS = (keras.callbacks.EarlyStopping, keras.callbacks.ModelCheckpoint, keras.callbacks.ReduceLROnPlateau)


def listed(callbacks):
    """The callbacks as a list: Keras takes one, several, or lists of them."""
    return list(keras.tree.flatten(getattr(callbacks, "callbacks", callbacks) or []))


def check(callbacks, optimizers, checkpoint):
    """Raise ValueError for a callback that cannot work here; choose the direction of those that leave it to Keras.

    Args:
        callbacks: a list. optimizers: {network's name: optimizer}. checkpoint: what `fit` was given.
    """
    for callback in callbacks:
        kind = type(callback).__name__
        if isinstance(callback, RATES):
            _check_rates(kind, optimizers)
        if isinstance(callback, keras.callbacks.SwapEMAWeights) and not any(
            inner(optimizer).use_ema for optimizer in optimizers.values()
        ):
            raise ValueError(
                f"Expected an optimizer with use_ema=True for {kind}, got none. Make it so, as "
                "keras.optimizers.Adam(1e-3, use_ema=True), or leave the callback out."
            )
        if isinstance(callback, keras.callbacks.BackupAndRestore) and checkpoint:
            raise ValueError(
                f"Expected checkpoint= or {kind}, got both, and each would go on from a place of its own. Leave one "
                "out: checkpoint= also keeps the history, the order of the examples and the state of callbacks."
            )
        if isinstance(callback, MONITORS) and callback.mode == "auto":
            _choose_direction(callback, kind)


def _check_rates(kind, optimizers):
    for name, optimizer in optimizers.items():
        rate = inner(optimizer)._learning_rate
        if not isinstance(rate, keras.Variable):
            raise ValueError(
                f"Expected a number as the learning rate of {name or 'the optimizer'}, which {kind} sets, got the "
                f"schedule {type(rate).__name__}. Leave out one of the two."
            )


def _choose_direction(callback, kind):
    """Keras knows it from its metrics; here metrics are what `train_on` returns, known by their names."""
    if isinstance(callback, keras.callbacks.ModelCheckpoint) and not callback.save_best_only:
        callback.mode = "min"  # of no consequence
    elif callback.monitor.endswith(("loss", "reconstruction", "kl")):
        callback.mode = "min"
    elif callback.monitor.endswith(("accuracy", "elbo")):
        callback.mode = "max"
    else:
        raise ValueError(
            f"Expected {kind}(monitor={callback.monitor!r}) with mode='min' or mode='max', got neither: its name does "
            "not tell which is better. Pass one."
        )


def close(callbacks):
    """Close the files that Keras leaves open where a training ends with an error or by Ctrl-C."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.CSVLogger) and callback.csv_file is not None:
            callback.csv_file.close()


def count_steps(callbacks):
    """Whether one of them counts single steps, so that a stretch must not have several."""
    return any(
        isinstance(getattr(callback, name, None), int) or getattr(callback, name, None) == "batch"
        for callback in callbacks
        if isinstance(
            callback,
            (keras.callbacks.ModelCheckpoint, keras.callbacks.BackupAndRestore, keras.callbacks.TensorBoard),
        )
        for name in ("save_freq", "update_freq")
    )
