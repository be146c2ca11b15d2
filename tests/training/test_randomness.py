"""Random numbers inside of compiled training: as random as Keras's, another draw in each step, the same in each run."""

import numpy as np
import pytest
from tiny import Model, keras, layers, ops

from coursekit.training.randomness import normal, uniform


class Draws(Model):
    """Reports, of 10,000 numbers drawn in each step, their mean, spread, and agreement with the step before."""

    def __init__(self, draw):
        super().__init__()
        self.net = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
        self.seed = keras.random.SeedGenerator(7)
        self.draw = draw
        self.last = self.add_weight(shape=(10_000,), trainable=False, initializer="zeros")

    def train_on(self, x):
        numbers = self.draw((10_000,), self.seed)
        same = ops.mean(ops.cast(ops.equal(numbers, self.last), "float32"))
        self.last.assign(numbers)
        self.minimize(lambda: ops.mean(ops.square(self.net(x))))
        return {"mean": ops.mean(numbers), "variance": ops.var(numbers), "same": same}


def drawn(draw, jit_compile):
    model = Draws(draw)
    model.compile(optimizer="sgd", jit_compile=jit_compile)
    history = model.fit(np.ones((40, 1), "float32"), batch_size=4, epochs=1, verbose=0).history
    return {name: values[0] for name, values in history.items()}, keras.ops.convert_to_numpy(model.last.value)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize(("draw", "mean", "variance"), [(normal, 0, 1), (uniform, 0.5, 1 / 12)])
def test_moments_and_a_new_draw_in_each_step(draw, mean, variance, jit_compile):
    measured, last = drawn(draw, jit_compile)
    assert measured["mean"] == pytest.approx(mean, abs=0.02)
    assert measured["variance"] == pytest.approx(variance, rel=0.03)
    assert measured["same"] < 0.01
    tenths = [-9, -1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816, 9]
    counts, _ = np.histogram(last, tenths if draw is normal else np.linspace(0, 1, 11))
    assert counts.min() > 900
    again, last_again = drawn(draw, jit_compile)
    assert again == measured
    np.testing.assert_array_equal(last, last_again)
