"""What the student builds in lecture 19 and what the package holds are one."""

import keras
import numpy as np
import pytest
from keras import ops

from coursekit import data, paths, sounds
from coursekit.data import moving_digits
from coursekit.models.frames import NextFrame

LECTURE = paths.notebooks() / "source" / "19_sound_and_frames.py"


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


def test_the_filters_and_griffin_and_lim_are_the_packages(student):
    np.testing.assert_allclose(student["mel_filters"](), sounds.mel_filters())
    wanted = np.abs(sounds.stft(np.random.default_rng(0).uniform(-1, 1, (1, 1600))))
    errors = student["griffin_lim"](wanted, 5)[1]
    # Their random phases are of another precision, so the way differs, and the error hardly.
    np.testing.assert_allclose(errors, sounds.griffin_lim(wanted, 5, momentum=0)[1], rtol=0.05)


def test_the_string_has_the_pitch_that_the_text_says(student):
    spectrum = np.abs(np.fft.rfft(student["pluck"](73)))
    first = spectrum[:200].argmax() * sounds.RATE / sounds.LENGTH
    assert first % 110 == pytest.approx(0, abs=3) or first % 110 == pytest.approx(110, abs=3)


def test_the_attribute_vector_points_from_little_to_much(student):
    codes = np.random.default_rng(0).normal(size=(400, 3))
    vector = student["attribute_vector"](codes, codes[:, 1])
    assert vector[1] > 2
    assert np.abs(vector[[0, 2]]).max() < 0.4
    assert np.isfinite(ops.convert_to_numpy(vector)).all()
