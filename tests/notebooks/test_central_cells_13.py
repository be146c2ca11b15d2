"""What the student builds in lecture 13: the discriminator's features are the package's; slant is what it is called."""

import keras
import numpy as np
import pytest

from coursekit import paths
from coursekit.models import dcgan

LECTURE = paths.notebooks() / "source" / "13_dcgan_explored.py"


def test_the_students_features_are_the_packages(student):
    keras.utils.set_random_seed(4)
    discriminator = dcgan.fast(depth=1, channels=(4, 6), discriminator=(4, 6)).discriminator
    discriminator.set_weights([4 * w if w.ndim > 1 else w for w in discriminator.get_weights()])
    images = np.random.default_rng(0).random((5, 28, 28, 1)).astype("float32")
    mine = student["features"](discriminator, images)
    theirs = dcgan.discriminator_features(discriminator, 2 * images - 1)
    assert np.ptp(theirs) > 1e-2
    np.testing.assert_allclose(mine, theirs, atol=1e-5)


@pytest.mark.parametrize("lean", [-0.5, 0.0, 0.4])
def test_slant_is_pixels_to_the_right_for_each_pixel_up(student, lean):
    """Of a thin stroke, drawn row by row; the amount of ink and the place do not matter."""
    y, x = np.mgrid[:28, :28]
    stroke = np.exp(-((x - 15 - lean * (12 - y)) ** 2) / 2) * (np.abs(y - 12) < 9)
    found = student["slant"](np.stack([stroke, 0.3 * stroke])[..., None].astype("float32"))
    np.testing.assert_allclose(found, lean, atol=0.02)


def test_slant_leaves_its_pictures_alone(student):
    images = np.random.default_rng(1).random((2, 28, 28, 1)).astype("float32")
    before = images.copy()
    student["slant"](images)
    np.testing.assert_array_equal(images, before)
