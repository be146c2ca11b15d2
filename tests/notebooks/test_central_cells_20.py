"""What the student builds in lecture 20 and what the package holds are one."""

import numpy as np
import pytest
from keras import ops

from coursekit import paths, sounds

LECTURE = paths.notebooks() / "source" / "20_sound.py"


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
