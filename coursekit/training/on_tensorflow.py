"""TensorFlow's half of `Model`: gradients by a tape, a stretch as one `tf.function`."""

import keras
import tensorflow as tf

from coursekit.training import compile_cache
from coursekit.training.feed import unpacked
from coursekit.training.health import scalar_of
from coursekit.training.randomness import under_xla

# What TensorFlow says of a file in its compiler's cache that is no program, ends too early, or finds no room.
OF_THE_CACHE = (tf.errors.DataLossError, tf.errors.OutOfRangeError, tf.errors.ResourceExhaustedError)


class Backend:
    """Half of `Model`; the other half, `on_jax.Backend`, has the same methods."""

    def train_step(self, data):
        with self.stepping():
            return self.train_on(unpacked(data))

    def test_step(self, data):
        return self.validate_on(unpacked(data))

    def values_and_gradients(self, losses, variables, optimizers):
        """What `losses()` returns, a tuple, and the gradients of each of them to its own list of variables."""
        tensors = [[variable.value for variable in group] for group in variables]
        with tf.GradientTape(persistent=len(tensors) > 1, watch_accessed_variables=False) as tape:
            tape.watch(tensors)
            values = losses()
            scaled = [
                optimizer.scale_loss(scalar_of(value)) for optimizer, value in zip(optimizers, values, strict=True)
            ]
        return values, [tape.gradient(value, group) for value, group in zip(scaled, tensors, strict=True)]

    @staticmethod
    def stepper(optimizer):
        """What `minimize` takes the optimizer's steps with: itself."""
        return optimizer

    def hold(self, data):
        """`data` on the device, to be passed to each stretch."""
        return keras.tree.map_structure(tf.convert_to_tensor, data)

    @staticmethod
    def stream(_feed):
        """The data set that is given to Keras's `fit`: the numbers of the stretches. To iterate over the feed itself,
        Keras would call Python from a thread of `tf.data`, after which XLA's programs run at half their speed on a CPU.
        """
        options = tf.data.Options()
        options.autotune.enabled = False  # nothing to tune, and its thread would be waited for
        return tf.data.Dataset.range(2**62).with_options(options)

    def make_train_function(self, force=False):
        if self.train_function is not None and not force:
            return
        super().make_train_function(force)
        one_batch, stretch = self.train_function, self.compiled_stretch()

        def train(iterator):
            data = next(iterator)
            if self.feed is None:
                self.look_at("train", data)
                return self.record_batch(one_batch(iter([data])), data)
            steps = self.feed.advance()
            if steps == 0:
                return self.averages.result()
            names, rows = stretch(self.feed.held, self.feed[int(data)])
            return self.record_stretch(names, rows.numpy()[:steps])

        self.train_function = train

    def make_test_function(self, force=False):
        if self.test_function is not None and not force:
            return
        super().make_test_function(force)
        one_batch = self.test_function

        def test(iterator):
            data = next(iterator)
            self.look_at("test", data)
            return self.record_batch(one_batch(iter([data])), data)

        self.test_function = test

    def compiled_stretch(self):
        """A function (data, block) -> (names, values [steps, names]) that trains on each row of `block` in turn."""
        names = []

        def steps_of(data, block):
            steps = tf.math.count_nonzero(block[:, 0] >= 0, dtype="int32")

            def body(step, rows):
                logs = self.train_step(keras.tree.map_structure(lambda array: tf.gather(array, block[step]), data))
                names[:] = logs
                return step + 1, rows.write(step, tf.stack([tf.cast(value, "float32") for value in logs.values()]))

            rows = tf.TensorArray("float32", size=block.shape[0])
            with under_xla(self.jit_compile and not self.run_eagerly):
                _, rows = tf.while_loop(lambda step, _: step < steps, body, (0, rows), parallel_iterations=1)
            return rows.stack()

        if self.run_eagerly:
            return lambda data, block: (names, steps_of(data, block))
        compiled = lambda: tf.function(steps_of, jit_compile=self.jit_compile, autograph=False, reduce_retracing=False)
        current = [compiled()]

        def stretch(data, block):
            try:
                return names, current[0](data, block)
            except OF_THE_CACHE as error:  # the compiler's, which has trained nothing yet
                if isinstance(error, tf.errors.ResourceExhaustedError) and "xla_compile_cache" not in str(error):
                    raise
                compile_cache.empty()
                current[0] = compiled()  # the old one would fail again
                return names, current[0](data, block)

        return stretch
