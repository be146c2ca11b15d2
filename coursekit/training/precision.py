"""Mixed precision: what a network computes in float16 or bfloat16 becomes float32 again where losses are computed."""

import keras
from keras import ops


def full(x):
    """x in Keras's own precision, float32 unless `keras.config.set_floatx` says otherwise. A model passes all that its
    networks answer through this: a sum over an image's pixels is beyond float16's range."""
    return ops.cast(x, keras.config.floatx())


def scaled(optimizer, network):
    """`optimizer`, or a `keras.optimizers.LossScaleOptimizer` around it if a layer of the network computes in float16,
    where small gradients would become 0."""
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return optimizer
    if all(layer.dtype_policy.name != "mixed_float16" for layer in network._flatten_layers()):
        return optimizer
    return keras.optimizers.LossScaleOptimizer(optimizer, name="loss_scale_optimizer")
