"""A loss that is no number stops the training, with the step, the last good checkpoint and likely causes."""

import numpy as np
import pytest
import tiny
from tiny import keras, ops

from coursekit.training import TrainingDiverged
from coursekit.training.health import Averages


class LogOfZero(tiny.Regression):
    """The loss is -log(1 - done), where `done` is 1 from the 15th step on."""

    def __init__(self):
        super().__init__()
        self.steps = keras.Variable(0.0, trainable=False, name="steps")

    def error(self, x, y, training):
        return super().error(x, y, training) - ops.log(1 - ops.cast(self.steps >= 15, "float32"))

    def train_on(self, batch):
        self.steps.assign_add(1.0)
        return super().train_on(batch)


def test_it_stops_with_step_checkpoint_and_causes(tmp_path):
    model = LogOfZero()
    model.compile(optimizer=keras.optimizers.Adam(0.003), jit_compile=False)
    said = (
        r"loss became inf at step 5 of epoch 2\. The last good checkpoint is .*run \(after epoch 1\)\. "
        r"Likely causes, .*the learning rate is too high \(Adam at 0\.003\).*logarithm of 0.*x\.min\(\)"
    )
    seen = []
    spy = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(1))
    with pytest.raises(TrainingDiverged, match=said):
        model.fit(
            *tiny.regression_data(80), batch_size=8, epochs=9, steps_per_stretch=5, checkpoint=tmp_path / "run",
            callbacks=[spy], verbose=0,
        )  # fmt: skip
    assert len(seen) == 2, "the two stretches of the first epoch; other callbacks never hear of the bad one"
    assert tiny.weights_of(model).size, "the weights are still there to be looked at"


def test_a_rate_far_too_high_in_a_stream(gan):
    class Huge(keras.utils.PyDataset):
        num_batches = 4

        def __getitem__(self, i):
            return (np.full((8, 2), 1e30, "float32"),)

    gan.compile(generator=keras.optimizers.SGD(1e20), discriminator=keras.optimizers.SGD(1e30))
    with pytest.raises(TrainingDiverged, match=r"SGD at 1e\+20 for the generator, SGD at 1e\+30 for the discriminator"):
        gan.fit(Huge(), epochs=5, verbose=0)


def test_averages_weigh_examples_and_find_the_first_bad_step():
    averages = Averages()
    averages.add(["a", "b"], np.array([[1.0, 2.0], [3.0, 2.0]]), examples=8)
    averages.add(["a", "b"], np.array([[8.0, 2.0]]), examples=4)
    assert averages.result() == {"a": (8 + 24 + 32) / 20, "b": 2.0}
    assert averages.bad is None
    averages.add(["a", "b"], np.array([[1.0, 2.0], [1.0, np.nan], [np.inf, 1.0]]), examples=8)
    assert averages.bad == ("b became nan", 5)
