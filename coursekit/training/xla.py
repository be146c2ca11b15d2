"""The device, and the decision whether XLA compiles the training of a model on it."""

import warnings

import keras


def device():
    """The kind of device that the backend computes on: "cpu", "gpu" or "tpu"."""
    kinds = [name.split(":")[0].lower() for name in keras.distribution.list_devices()]
    return next((kind for kind in kinds if kind != "cpu"), "cpu")


def jit_compile_for(model, on=None):
    """Whether to compile the training of `model` by XLA.

    Args:
        model: a built `keras.Model`.
        on: "cpu", "gpu" or "tpu"; the backend's own device if omitted.
    Returns:
        (bool, why): `why` is one printable clause.
    """
    if keras.backend.backend() == "jax":
        return True, "JAX compiles everything by XLA"
    if not _supports_xla(keras.Sequential()):
        return False, "TensorFlow runs with op determinism, or on a device, that XLA does not support"
    if not _supports_xla(model):
        return False, "a layer of the model says that it does not support XLA"
    on = on or device()
    if on != "cpu":
        return True, f"XLA fuses the many small kernels of a step on a {on.upper()}"
    if any(len(variable.shape) >= 4 for variable in model.trainable_variables):
        return False, "the model has convolutions, and TensorFlow's own are faster on a CPU than XLA's"
    return True, "XLA makes a dense model's step one program, without the cost of each small operation"


def _supports_xla(model):
    """Keras checks it when `jit_compile` is set: it warns, and sets False, where XLA is not supported."""
    before = model.jit_compile
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.jit_compile = True
    supported, model.jit_compile = model.jit_compile, before
    return supported
