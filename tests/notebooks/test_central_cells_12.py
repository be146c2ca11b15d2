"""What the student builds in lecture 12 and what the package holds are one: same weights, same noise, same step."""

import re

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit import data, paths
from coursekit.models import dcgan
from coursekit.models.dcgan import DCGAN, LabelNoiseGAN

LECTURE = paths.notebooks() / "source" / "12_dcgan.py"


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", "train", limit=16).images


@pytest.fixture
def pair(student):
    """The student's networks, their weights made large enough for a step to be seen."""
    keras.utils.set_random_seed(4)
    networks = student["my_generator"](), student["my_discriminator"]()
    for network in networks:
        network.set_weights([4 * w if w.ndim > 1 else w for w in network.get_weights()])
    return networks


def copies_of(networks):
    copies = [keras.models.clone_model(network) for network in networks]
    for copy, network in zip(copies, networks, strict=True):
        copy.set_weights(network.get_weights())
    return copies


def trained(model, x, noises, rate=0.05):
    """One step of gradient descent of both networks, whose noise is the next of `noises`."""
    noises = iter(noises)
    model.noise = lambda n: next(noises)
    descend = lambda: keras.optimizers.SGD(rate)
    model.compile(generator=descend(), discriminator=descend(), jit_compile=False)
    return model.fit(x, batch_size=len(x), epochs=1, verbose=0).history


def assert_same_step(mine, package, start):
    for network in ("generator", "discriminator"):
        moved = 0
        after = (getattr(model, network) for model in (mine, package))
        for a, b, before in zip(*(net.get_weights() for net in after), start[network], strict=True):
            np.testing.assert_allclose(a, b, atol=2e-6)
            moved = max(moved, np.abs(a - before).max())
        assert moved > 1e-4, f"the {network} has moved"


def weights_of(model):
    return {network: getattr(model, network).get_weights() for network in ("generator", "discriminator")}


@pytest.fixture(scope="module")
def noises():
    return np.random.default_rng(2).normal(size=(2, 16, 64)).astype("float32")


@pytest.mark.parametrize(("kernel", "stride"), [(4, 2), (5, 2), (2, 3), (3, 1)])
def test_the_students_painting_is_keras_s(student, kernel, stride):
    rng = np.random.default_rng(0)
    x, strokes = rng.normal(size=(5, 5)).astype("float32"), rng.normal(size=(kernel, kernel)).astype("float32")
    layer = layers.Conv2DTranspose(1, kernel, strides=stride, use_bias=False)
    layer.build((1, 5, 5, 1))
    layer.set_weights([strokes[..., None, None]])
    theirs = ops.convert_to_numpy(layer(x[None, ..., None]))[0, ..., 0]
    mine = student["transposed"](x, strokes, stride)
    assert mine.shape[0] == (5 - 1) * stride + kernel
    np.testing.assert_allclose(mine, theirs[: len(mine), : len(mine)], atol=1e-5)
    assert not theirs[len(mine) :].any(), (
        "where the kernel is smaller than the stride, Keras has a border nobody paints"
    )
    assert len(theirs) == len(mine) + max(stride - kernel, 0)


def test_the_students_networks_are_the_packages(pair, digits, noises):
    package = dcgan.fast(depth=1)
    for mine, theirs, x in zip(pair, (package.generator, package.discriminator), (noises[0], digits), strict=True):
        theirs.set_weights(mine.get_weights())
        for training in (False, True):
            a, b = (ops.convert_to_numpy(network(x, training=training)) for network in (mine, theirs))
            np.testing.assert_allclose(a, b, atol=1e-5)
        assert np.ptp(a) > 1e-3


def test_the_students_step_is_the_packages(student, pair, digits, noises):
    mine = student["MyDCGAN"](*pair, averaging=0.9, signed=True)
    package = DCGAN(*copies_of(pair), loss="least-squares", averaging=0.9, signed=True)
    for a, b in zip(mine.losses(digits, noises[0]), package.losses(digits, noises[0]), strict=True):
        assert float(a) == pytest.approx(float(b), rel=1e-5)
    mine = student["MyDCGAN"](*copies_of(pair), averaging=0.9, signed=True)
    package = DCGAN(*copies_of(pair), loss="least-squares", averaging=0.9, signed=True)
    start = weights_of(mine)
    trained(mine, digits, noises), trained(package, digits, noises)
    assert_same_step(mine, package, start)
    for a, b in zip(mine.averaged.get_weights(), package.averaged.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=2e-6)


@pytest.mark.parametrize("label_noise", ["slide", "inside"])
def test_the_decks_step_is_the_packages(student, pair, digits, noises, label_noise):
    mine = student["Combined"](*pair, signed=True)
    mine.inside = label_noise == "inside"
    package = LabelNoiseGAN(*copies_of(pair), label_noise=label_noise, training=True, signed=True)
    theirs = ops.convert_to_numpy(package.labels(len(digits)))
    ours = ops.convert_to_numpy(mine.labels(len(digits)))
    for half in (slice(0, 16), slice(16, 32)):
        assert np.abs(ours[half].mean() - theirs[half].mean()) < 0.02
        assert ours[half].min() >= theirs[half].min() - 0.05
    assert (ours[:16] >= 1).all() != mine.inside
    shuffled_alike = np.where(theirs > 0.5, theirs[:16].mean(), theirs[16:].mean())  # `fit` has its own order
    mine.labels = package.labels = lambda n: shuffled_alike
    start = weights_of(mine)
    a, b = trained(mine, digits, noises), trained(package, digits, noises)
    assert a["d_loss"][0] == pytest.approx(b["d_loss"][0], rel=1e-4)
    assert a["g_loss"][0] == pytest.approx(b["g_loss"][0], rel=1e-4)
    assert_same_step(mine, package, start)


# -- the table "slide says, Keras 3 says" ------------------------------------------------------------------------------


def alpha_is_now_the_negative_slope():
    with pytest.warns(UserWarning, match="negative_slope"):
        old = layers.LeakyReLU(alpha=0.2)
    assert old.negative_slope == layers.LeakyReLU(0.2).negative_slope == 0.2


def near_1_a_sigmoid_without_its_logit_is_clipped():
    sure = ops.convert_to_tensor(np.float32([[40.0]]))
    wrong = np.float32([[0.0]])
    loss = keras.losses.BinaryCrossentropy()
    of_logit = keras.losses.BinaryCrossentropy(from_logits=True)(wrong, sure)
    assert float(of_logit) == pytest.approx(40, rel=1e-4)
    assert float(loss(wrong, ops.convert_to_numpy(ops.sigmoid(sure)))) < 17, "however wrong"
    found_again = float(loss(wrong, ops.sigmoid(sure))) == pytest.approx(40, rel=1e-4)
    assert found_again == (keras.backend.backend() == "tensorflow")


def operations_and_random_numbers_are_of_any_backend():
    labels = ops.concatenate([ops.ones((2, 1)), ops.zeros((2, 1))], axis=0)
    assert ops.convert_to_numpy(labels)[:, 0].tolist() == [1, 1, 0, 0]
    draw = lambda: ops.convert_to_numpy(keras.random.uniform((4, 1), seed=keras.random.SeedGenerator(3)))
    np.testing.assert_array_equal(draw(), draw())


def without_the_word_dropout_does_nothing():
    network = keras.Sequential([keras.Input((50,)), layers.Dropout(0.5)])
    x = np.ones((1, 50), "float32")
    assert (ops.convert_to_numpy(network(x)) == 1).all()
    assert (ops.convert_to_numpy(network(x, training=True)) == 0).any()


def apply_takes_gradients_and_weights():
    weight = keras.Variable(np.float32([1.0]))
    keras.optimizers.SGD(0.5).apply([ops.convert_to_tensor(np.float32([1.0]))], [weight])
    assert float(ops.convert_to_numpy(weight)[0]) == 0.5


def the_slides_labels_leave_the_probabilities():
    for label_noise, outside in (("slide", True), ("inside", False)):
        labels = ops.convert_to_numpy(dcgan.fast(label_noise=label_noise, depth=0).labels(100))
        assert bool((labels > 1).any()) == outside


CLAIMS = [
    alpha_is_now_the_negative_slope,
    near_1_a_sigmoid_without_its_logit_is_clipped,
    operations_and_random_numbers_are_of_any_backend,
    without_the_word_dropout_does_nothing,
    apply_takes_gradients_and_weights,
    the_slides_labels_leave_the_probabilities,
]


def test_every_row_of_the_table_has_its_test(cells_of):
    (cell,) = [cell.source for cell in cells_of(LECTURE) if "| slide says" in cell.source]
    assert len(re.findall(r"^\| `", cell, re.MULTILINE)) == len(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS)
def test_keras_does_what_the_row_says(claim):
    claim()
