"""What the student builds in lecture 03 and what the package holds are one: same weights, same losses, same steps."""

import keras
import numpy as np
import pytest
from alike import assert_same, step
from keras import ops

from coursekit import paths
from coursekit.models import rotnet

LECTURE = paths.notebooks() / "source" / "03_rotnet.py"
SIZES = {"channels": (4, 6, 8), "width": 12}


@pytest.fixture
def images():
    return np.random.default_rng(0).random((6, 12, 12, 1)).astype("float32")


def test_the_students_turns_are_the_packages(student, images):
    mine = ops.convert_to_numpy(student["rotate"](images))
    np.testing.assert_array_equal(mine, ops.convert_to_numpy(rotnet.rotate(images)))
    np.testing.assert_array_equal(mine, np.concatenate([np.rot90(images, turn, axes=(1, 2)) for turn in range(4)]))


def test_a_step_of_rotnet_moves_both_alike(student, images):
    keras.utils.set_random_seed(1)
    package = rotnet.small((12, 12, 1), **SIZES)
    twin = keras.models.clone_model(package.network)
    start = package.network.get_weights()
    twin.set_weights(start)
    mine, theirs = step(student["MyRotNet"](twin), images), step(package, images)
    assert_same(twin, package.network, start)
    assert mine["loss"][0] == pytest.approx(theirs["loss"][0], rel=1e-5)
    assert mine["accuracy"] == theirs["accuracy"]
