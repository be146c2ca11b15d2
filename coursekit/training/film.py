"""`Film`: what a model answered now and then while it learned."""

import keras


class Film(keras.callbacks.Callback):
    """Keeps what `shoot(model)` returns, at the start of a training and after every so many of its stretches.

    Args:
        shoot: called with the model; what it returns is kept. Let it return arrays of its own, not the model's weights.
        every: stretches between two shots.
        stretch: training steps in a stretch, as in `fit(steps_per_stretch=...)`.

    Attributes:
        shots: [(step, what `shoot` returned), ...]; the first is of step 0.
    """

    def __init__(self, shoot, every, stretch=20):
        super().__init__()
        self.shoot, self.every, self.stretch = shoot, every, stretch

    def on_train_begin(self, logs=None):
        self.stretches, self.shots = 0, [(0, self.shoot(self.model))]

    def on_train_batch_end(self, batch, logs=None):
        self.stretches += 1
        if self.stretches % self.every == 0:
            self.shots.append((self.stretch * self.stretches, self.shoot(self.model)))
