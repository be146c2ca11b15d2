"""`scan`: a loop over the steps of a sequence, as one loop of the compiled program, however long the sequence is.

`keras.ops.scan` is not enough: on TensorFlow (Keras 3.15) what it collects must look like what it carries.
"""

import keras


def scan(function, carry, xs, dtypes, reverse=False):
    """Carry something along a sequence and collect what each step gives.

    Args:
        function: (carry, xs of one step) -> (carry, ys of the step); all of them tuples of tensors.
        carry: what the first step is given; its shapes and types stay what they are.
        xs: tuple of tensors [steps, ...]. dtypes: of the ys, such as ("float32",).
        reverse: from the last step to the first; the ys are in the order of the xs all the same.
    Returns:
        (carry after the last step, tuple of ys [steps, ...]).
    """
    return (_on_jax if keras.backend.backend() == "jax" else _on_tensorflow)(function, carry, xs, dtypes, reverse)


def _on_jax(function, carry, xs, _dtypes, reverse):
    import jax

    return jax.lax.scan(function, carry, xs, reverse=reverse)


def _on_tensorflow(function, carry, xs, dtypes, reverse):
    import tensorflow as tf

    steps = xs[0].shape[0]
    given = [tf.TensorArray(x.dtype, size=steps, element_shape=x.shape[1:]).unstack(x) for x in xs]
    collected = tuple(tf.TensorArray(dtype, size=steps) for dtype in dtypes)

    def body(count, carry, collected):
        step = steps - 1 - count if reverse else count
        carry, ys = function(carry, tuple(array.read(step) for array in given))
        return count + 1, carry, tuple(array.write(step, y) for array, y in zip(collected, ys, strict=True))

    _, carry, collected = tf.while_loop(
        lambda count, *_: count < steps,
        body,
        (0, carry, collected),
        maximum_iterations=steps,
        parallel_iterations=1,
    )
    return carry, tuple(array.stack() for array in collected)
