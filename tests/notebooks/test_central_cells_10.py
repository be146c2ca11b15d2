"""What the student builds in lecture 10 and what the package holds are one: same weights, same noise, same losses."""

import keras
import numpy as np
import pytest
from keras import ops

from coursekit import data, paths
from coursekit.models import gan_losses
from coursekit.models.gan import GAN

LECTURE = paths.notebooks() / "source" / "10_gan.py"
GIVEN = {"humps": data.toy("humps")}  # what an earlier cell of the lecture loads


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


@pytest.fixture
def points():
    """Data [64, 1] and noise [64, 3]."""
    return data.toy("humps").sample(64, 1), np.random.default_rng(2).normal(size=(64, 3)).astype("float32")


@pytest.fixture
def mine(student):
    keras.utils.set_random_seed(4)
    network = student["network"]
    return student["MyGAN"](network(3, 16, 16, 1), network(1, 16, 16, 1))


def networks_like(mine):
    """Copies of generator and discriminator, with their weights."""
    copies = [keras.models.clone_model(network) for network in (mine.generator, mine.discriminator)]
    for copy, network in zip(copies, (mine.generator, mine.discriminator), strict=True):
        copy.set_weights(network.get_weights())
    return copies


def trained(model, x, z, rate=0.1):
    """One step of gradient descent of both networks, whose noise is z."""
    model.noise = lambda m: z
    descend = lambda: keras.optimizers.SGD(rate)
    model.compile(generator=descend(), discriminator=descend(), jit_compile=False)
    return model.fit(x, batch_size=len(x), epochs=1, verbose=0).history


def weights_of(model):
    return model.generator.get_weights() + model.discriminator.get_weights()


def assert_same(one, other, start):
    for a, b, before in zip(one, other, start, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
        assert np.abs(a - before).max() > 1e-5, "it has moved"


def test_the_students_value_is_the_packages(student):
    real, fake = np.random.default_rng(0).normal(0, 4, size=(2, 100, 1)).astype("float32")
    assert number(student["value"](real, fake)) == pytest.approx(number(gan_losses.value(real, fake)), rel=1e-5)
    assert number(student["value"](real, fake)) != pytest.approx(number(student["value"](fake, real)), rel=1e-2)


def test_same_weights_and_noise_same_losses(student, mine, points):
    x, z = points
    package = GAN(*networks_like(mine), "minimax")
    value = number(student["value"](mine.discriminator(x), mine.logits(z)))
    assert number(package.value(x, z)) == pytest.approx(value, rel=1e-5)
    assert number(package.discriminator_loss(x, z)) == pytest.approx(-value, rel=1e-5)
    assert number(package.generator_loss(z)) == pytest.approx(number(mine.generator_loss(z)), rel=1e-5)


def test_a_step_of_training_moves_both_alike(mine, points):
    package = GAN(*networks_like(mine), "minimax")
    start = weights_of(mine)
    history, theirs = trained(mine, *points), trained(package, *points)
    assert_same(weights_of(mine), weights_of(package), start)
    assert history["value"][0] == pytest.approx(-theirs["d_loss"][0], rel=1e-5)
    assert history["g_loss"][0] == pytest.approx(theirs["g_loss"][0], rel=1e-5)


def test_k_steps_of_the_discriminator_are_k_steps(student, mine, points):
    """With k = 2 the discriminator has moved farther than with k = 1, along the same slope at first."""
    twice = student["MyGAN"](*networks_like(mine), k=2)
    start = mine.discriminator.get_weights()
    for model in (mine, twice):
        trained(model, *points, rate=0.001)
    for before, one, two in zip(
        start, mine.discriminator.get_weights(), twice.discriminator.get_weights(), strict=True
    ):
        np.testing.assert_allclose(two - before, 2 * (one - before), rtol=0.05, atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the tape is TensorFlow's")
def test_a_step_by_tape_is_a_step_of_minimize(student, mine, points):
    by_tape = student["MyGAN"](*networks_like(mine))
    start = weights_of(mine)
    student["step_by_tape"](by_tape, *points)
    trained(mine, *points)
    assert_same(weights_of(by_tape), weights_of(mine), start)


def test_the_discriminator_climbs_the_value(student):
    """`Discriminator.train_on` raises V on pairs that can be told apart."""
    keras.utils.set_random_seed(0)
    alone = student["Discriminator"]()
    alone.compile(network=keras.optimizers.Adam(1e-2), jit_compile=False)
    pairs = np.random.default_rng(0).normal([1, -1], 0.3, size=(640, 2)).astype("float32")
    value = alone.fit(pairs, batch_size=64, epochs=5, verbose=0).history["value"]
    assert value[-1] > max(value[0] + 0.5, -0.3)
