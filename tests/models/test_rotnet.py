import math

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit.models import augmentation, encoders, rotnet
from coursekit.models.rotnet import RotNet, rotate

TINY = {"channels": (4, 4, 4), "width": 8}


@pytest.fixture(scope="module")
def clothes():
    from coursekit import data

    return data.load("fashion_small", limit=64).images


@pytest.fixture(scope="module")
def ramps():
    """Images with an obvious up: bright at the top, with a little noise."""
    light = np.linspace(1, 0, 8)[None, :, None, None] * np.ones((256, 1, 8, 1))
    noise = np.random.default_rng(0).random(light.shape)
    return (0.8 * light + 0.2 * noise).astype("float32")


# -- the pretext -------------------------------------------------------------------------------------------------------


def test_all_copies_of_an_image_are_in_the_batch(clothes):
    turned = np.array(rotate(clothes[:5]))
    assert turned.shape == (20, 28, 28, 1)
    for turn in range(4):
        np.testing.assert_array_equal(turned[5 * turn : 5 * turn + 5], np.rot90(clothes[:5], turn, axes=(1, 2)))
    np.testing.assert_array_equal(np.array(rotnet.rotation_labels(5)), np.repeat([0, 1, 2, 3], 5))


def test_two_rotations(clothes):
    turned = np.array(rotate(clothes[:3], (1, 3)))
    np.testing.assert_array_equal(turned[3:], np.rot90(clothes[:3], 3, axes=(1, 2)))
    np.testing.assert_array_equal(np.array(rotnet.rotation_labels(3, (1, 3))), [0, 0, 0, 1, 1, 1])
    model = rotnet.small((28, 28, 1), turns=(0, 2), **TINY)
    assert model.network.output_shape == (None, 2)
    assert model.confusion(clothes[:6]).shape == (2, 2)


def test_crops_are_moved_over_black_and_half_are_mirrored():
    seed = keras.random.SeedGenerator(0)
    images = np.zeros((400, 9, 9, 2), "float32")
    images[:, 3, 4] = (0.25, 1)  # in the middle column, which mirroring keeps; one down from it
    images[:, 4, 5] = (0.5, 0.5)  # to the right of it, or, mirrored, to the left
    moved = np.array(augmentation.crop_and_flip(images, seed, pad=3))
    assert moved.shape == images.shape
    first, second = (np.argwhere(moved[..., 0] == value) for value in (0.25, 0.5))
    assert len(first) == 400, "at most 3 pixels: still inside"
    downs, rights = first[:, 1] - 3, first[:, 2] - 4
    assert set(downs) == set(rights) == set(range(-3, 4))
    there = dict(zip(second[:, 0], second[:, 1:].tolist(), strict=True))
    sides = [there[i][1] - right for i, _, right in first.tolist() if i in there]
    assert set(sides) == {-1, 1}
    assert 0.4 < np.mean(np.array(sides) > 0) < 0.6
    assert all(there[i][0] == down + 1 for i, down, _ in first.tolist() if i in there)
    assert not np.array_equal(moved, np.array(augmentation.crop_and_flip(images, seed, pad=3))), "drawn anew"


# -- training ----------------------------------------------------------------------------------------------------------


@pytest.mark.one_backend
def test_it_learns_which_way_is_up_at_test_time_too(ramps):
    keras.utils.set_random_seed(0)
    model = rotnet.small((8, 8, 1), **TINY)
    before = model.rotation_accuracy(ramps[:64])
    assert before < 0.6
    model.compile(keras.optimizers.Adam(1e-2))
    history = model.fit(ramps, batch_size=32, epochs=6, verbose=0, validation_data=ramps[:64], validation_batch_size=32)
    assert history.history["loss"][-1] < 0.3
    assert history.history["val_accuracy"][-1] > 0.95
    confusion = model.confusion(ramps[:64])
    np.testing.assert_allclose(confusion.sum(axis=1), 1)
    assert model.rotation_accuracy(ramps[:64]) == pytest.approx(np.trace(confusion) / 4)
    assert model.rotation_accuracy(ramps[:64]) > 0.95


def test_an_untrained_guess_costs_log_4(ramps):
    model = rotnet.small((8, 8, 1), **TINY)
    model.network.get_layer("turn").set_weights([np.zeros((8, 4)), np.zeros(4)])
    assert float(np.array(model.loss_on(ramps[:8])[0])) == pytest.approx(math.log(4), abs=1e-5)


def test_augmentation_trains_on_what_is_moved(ramps):
    model = rotnet.small((8, 8, 1), augment=True, **TINY)
    model.compile(keras.optimizers.Adam(1e-3), jit_compile=False)
    before = np.array(model.noise.state.value)
    model.fit(ramps[:32], batch_size=16, epochs=1, verbose=0)
    assert not np.array_equal(np.array(model.noise.state.value), before)


# -- networks ----------------------------------------------------------------------------------------------------------


@pytest.mark.one_backend
def test_nin_is_the_papers():
    model = rotnet.nin()
    shapes = {name: model.network.get_layer(name).output.shape[1:] for name in ("block1", "block2", "block3", "block4")}
    assert shapes == {"block1": (16, 16, 96), "block2": (8, 8, 192), "block3": (8, 8, 192), "block4": (8, 8, 192)}
    convolutions = [layer for layer in model.network.layers if isinstance(layer, layers.Conv2D)]
    assert [(layer.filters, *layer.kernel_size) for layer in convolutions] == [
        (192, 5, 5), (160, 1, 1), (96, 1, 1),
        (192, 5, 5), (192, 1, 1), (192, 1, 1),
        *2 * [(192, 3, 3), (192, 1, 1), (192, 1, 1)],
    ]  # fmt: skip
    trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    assert trained == pytest.approx(1.41e6, rel=0.01)
    assert model.augment
    norms = [layer for layer in model.network.layers if isinstance(layer, layers.BatchNormalization)]
    assert {layer.momentum for layer in norms} == {0.9}
    assert {layer.name for layer in rotnet.nin(blocks=3, widths=(8, 4, 4)).network.layers} >= {"block1", "block3"}


def test_features_are_what_the_layer_says_with_frozen_averages(clothes):
    model = rotnet.small(**TINY)
    weights = [np.array(weight) for weight in model.get_weights()]
    features = model.features(clothes, "conv2", batch_size=30)
    assert features.shape == (64, 7, 7, 4)
    assert model.features(clothes, "fc").shape == (64, 8)
    part = keras.Model(model.network.input, model.network.get_layer("conv2").output)
    np.testing.assert_allclose(features, np.array(part(clothes, training=False)), atol=1e-5)
    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_standardized_images_have_no_brightness_no_contrast_and_flat_ones_stay_flat():
    x = np.random.default_rng(0).random((4, 8, 8, 3)).astype("float32")
    layer = encoders.Standardize()
    y = np.array(layer(x))
    np.testing.assert_allclose(y.mean(axis=(1, 2)), 0, atol=1e-5)
    assert y.std(axis=(1, 2, 3)) == pytest.approx(1, abs=0.2)
    np.testing.assert_allclose(np.array(layer(x + 0.3)), y, atol=1e-4)
    assert np.abs(np.array(layer(0 * x + 0.7))).max() < 1e-4
    gray = np.array(encoders.Standardize(gray=True)(x))
    assert gray.shape == (4, 8, 8, 1)
    np.testing.assert_allclose(np.array(encoders.Standardize(gray=True)(x[..., ::-1])), gray, atol=1e-5)


def test_it_is_saved_and_loaded(clothes, tmp_path):
    model = rotnet.small(turns=(0, 2), augment=True, **TINY)
    model.save(tmp_path / "rotnet.keras")
    again = keras.saving.load_model(tmp_path / "rotnet.keras")
    assert isinstance(again, RotNet)
    assert (again.turns, again.augment) == ((0, 2), True)
    np.testing.assert_allclose(np.array(again(clothes[:4])), np.array(model(clothes[:4])), atol=1e-5)


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.one_backend
def test_bad_images(clothes):
    with pytest.raises(ValueError, match=r"Expected square images .* got \(28, 20, 1\)\. Crop them"):
        rotate(clothes[:, :, :20])
    with pytest.raises(ValueError, match=r"Expected images \[n, side, side, channels\], got \[64, 28, 28\]"):
        rotate(clothes[..., 0])
    for build in (rotnet.small, rotnet.nin):
        with pytest.raises(ValueError, match=r"Expected square images .* got \(28, 32, 1\)"):
            build(shape=(28, 32, 1))
    model = rotnet.small(**TINY)
    model.compile("adam")
    with pytest.raises(ValueError, match=r"Expected images in \[0, 1\], got values from 0 to 255"):
        model.fit(255 * clothes)
    with pytest.raises(ValueError, match=r"images of the network's shape \[n, 28, 28, 1\], got \[64, 14, 14, 1\]"):
        model.features(clothes[:, ::2, ::2], "fc")
    with pytest.raises(
        ValueError, match="Expected a layer of the network, such as conv1, conv2, conv3, fc, turn, got 'x'"
    ):
        model.features(clothes, "x")


@pytest.mark.one_backend
def test_bad_turns():
    for turns in ((0,), (0, 0), (0, 4), ()):
        with pytest.raises(ValueError, match="Expected two to four different quarter turns from 0 to 3"):
            rotnet.small(turns=turns, **TINY)
    network = rotnet.small(**TINY).network
    with pytest.raises(ValueError, match=r"one output for each of 2 turns, \(0, 2\), got one with 4"):
        RotNet(network, turns=(0, 2))


def test_rotation_works_on_tensors_inside_a_graph(clothes):
    turned = ops.convert_to_numpy(rotate(ops.convert_to_tensor(clothes[:2])))
    np.testing.assert_array_equal(turned, np.array(rotate(clothes[:2])))
