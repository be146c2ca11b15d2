"""Random numbers for training: those of `keras.random`, from a faster generator where XLA compiles for TensorFlow."""

import contextlib
import contextvars

import keras

_under_xla = contextvars.ContextVar("TensorFlow is tracing a program for XLA", default=False)


def normal(shape, seed):
    """Numbers from N(0, 1). seed: a `keras.random.SeedGenerator` or a whole number."""
    return _threefry("stateless_normal", shape, seed) if _under_xla.get() else keras.random.normal(shape, seed=seed)


def uniform(shape, seed):
    """Numbers from [0, 1). seed: a `keras.random.SeedGenerator` or a whole number."""
    return _threefry("stateless_uniform", shape, seed) if _under_xla.get() else keras.random.uniform(shape, seed=seed)


@contextlib.contextmanager
def under_xla(yes):
    """A context in which a function is traced; yes: whether XLA will compile it for TensorFlow."""
    token = _under_xla.set(yes)
    try:
        yield
    finally:
        _under_xla.reset(token)


def _threefry(name, shape, seed):
    """The function of TensorFlow that `keras.random` calls, with another generator: in XLA on a CPU, 78,400 numbers by
    the default one take 40 to 80 ms, by Threefry 0.3 (TensorFlow 2.21). Outside of XLA there is no Threefry."""
    import tensorflow as tf

    if isinstance(seed, keras.random.SeedGenerator):
        key = tf.cast(tf.math.floormod(seed.next(), tf.int32.max - 1), "int32")
    else:
        key = tf.constant([seed, 0], "int32")
    return getattr(tf.random, name)(shape, key, dtype=keras.config.floatx(), alg="threefry")
