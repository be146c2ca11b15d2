"""`compiled`: a function of tensors, compiled for the device, for measurements outside of training."""

import keras

from coursekit.training.xla import device


def compiled(function, changes=(), reads=()):
    """`function`, compiled for the device: by XLA, except on a CPU under TensorFlow. There XLA draws random numbers and
    sums on one core, and importance weighting takes four times as long.

    Args:
        function: tensors in, a tensor out. On JAX, the variables that it reads, unless they are named, are compiled in
            with their values of the first call: use the compiled function for one measurement alone.
        changes: the variables that it assigns to, such as the `state` of a `keras.random.SeedGenerator`.
        reads: variables that it reads, whose values may be others in each call.
    Returns:
        A function of the same arguments.
    """
    return (_on_jax if keras.backend.backend() == "jax" else _on_tensorflow)(function, tuple(changes), tuple(reads))


def _on_jax(function, changes, reads):
    import jax

    @jax.jit
    def pure(values, *arguments):
        with keras.StatelessScope(zip(changes + reads, values, strict=True)) as scope:
            answer = function(*arguments)
        return answer, [scope.get_current_value(variable) for variable in changes]

    def call(*arguments):
        answer, values = pure([variable.value for variable in changes + reads], *arguments)
        for variable, value in zip(changes, values, strict=True):
            variable.assign(value)
        return answer

    return call


def _on_tensorflow(function, _changes, _reads):
    import tensorflow as tf

    return tf.function(function, jit_compile=device() != "cpu", autograph=False, reduce_retracing=False)
