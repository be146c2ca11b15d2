"""`gradient`: of a network's output with respect to its input, as penalties on a discriminator need it."""

import keras
from keras import ops


def gradient(function, x, network):
    """The gradient of the sum of `function(x)` with respect to x. May itself be differentiated, inside `minimize`.

    Args:
        function: of x; returns a tensor [n, ...]. Where each of its rows depends on its own row of x alone (so not
            through batch normalization in training), each row of the answer is that row's own gradient.
        x: [n, ...].
        network: what `function` calls. Its seeds and batch normalization's averages go on as they would in a call.
    Returns:
        A tensor of x's shape.
    """
    x = ops.convert_to_tensor(x)
    return (_on_jax if keras.backend.backend() == "jax" else _on_tensorflow)(function, x, network)


def _on_jax(function, x, network):
    import jax

    variables = network.variables
    values = [variable.value for variable in variables]

    def forward(x):
        with keras.StatelessScope(zip(variables, values, strict=True)) as scope:
            total = ops.sum(function(x))
        return total, [scope.get_current_value(variable) for variable in variables]

    slopes, after = jax.grad(forward, has_aux=True)(x)
    for variable, before, new in zip(variables, values, after, strict=True):
        if new is not before:
            variable.assign(new)
    return slopes


def _on_tensorflow(function, x, _network):
    import tensorflow as tf

    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        total = ops.sum(function(x))
    return tape.gradient(total, x)
