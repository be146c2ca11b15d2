"""What the student builds in lecture 19 and what the package holds are one."""

import keras
import numpy as np
import pytest
from keras import ops

from coursekit import data, paths
from coursekit.data import moving_digits
from coursekit.models.frames import NextFrame

LECTURE = paths.notebooks() / "source" / "19_frames.py"


@pytest.fixture(scope="module")
def films():
    return moving_digits.draw(data.load("digits", limit=40).images, moving_digits.paths(6, seed=2))


def test_the_next_frame_is_the_packages(student, films):
    keras.utils.set_random_seed(1)
    mine = student["Trained"]()
    package = NextFrame(mine.network)
    assert float(mine.nats(films)) == pytest.approx(float(package.objective(films)), rel=1e-5)
    ours = student["roll"](mine.network, films[:, :10], 4)
    np.testing.assert_allclose(ours, package.forecast(films[:, :10], 4), atol=1e-4)


def test_a_step_of_training_moves_both_alike(student, films):
    keras.utils.set_random_seed(1)
    mine = student["Trained"]()
    package = NextFrame(keras.models.clone_model(mine.network))
    package.network.set_weights(mine.network.get_weights())
    for model in (mine, package):
        model.compile(keras.optimizers.SGD(1e-4))
        model.fit(films, batch_size=6, epochs=1, verbose=0)
    for a, b in zip(mine.network.get_weights(), package.network.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_practice_pays_for_what_the_forecast_says(student, films):
    keras.utils.set_random_seed(1)
    mine = student["Practiced"]()
    ahead = student["roll"](mine.network, films[:, :3], 5)
    truth = films[:, 3:8]
    nats = -(truth * np.log(ahead) + (1 - truth) * np.log(1 - ahead)).sum(axis=(2, 3, 4)).mean()
    assert float(ops.convert_to_numpy(mine.nats(films))) == pytest.approx(nats, rel=1e-4)
