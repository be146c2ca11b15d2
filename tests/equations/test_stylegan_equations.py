"""Lecture 15's equations of the style-based generator against its code."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from coursekit.models import gan_losses, stylegan
from coursekit.models.stylegan_layers import (
    AdaINLayer,
    EqualizedConv,
    EqualizedDense,
    MinibatchDeviation,
    ModulatedConv,
    Normalize,
    leaky,
)

SMALL = {"shape": (16, 16, 3), "latent_dim": 8, "channels": (8, 8, 8), "discriminator": (4, 8)}


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype("float32")


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


# -- modulated convolution ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize(("size", "resize"), [(3, None), (1, None), (4, "up")])
def test_the_cheap_form_is_a_kernel_for_each_image(size, resize, demodulate):
    layer = ModulatedConv(6, size, resize, demodulate=demodulate, use_bias=False)
    x, w = normal(3, 8, 8, 4), normal(3, 5, seed=1)
    cheap = np.array(layer([x, w]))
    styles = np.array(layer.affine(w))
    kernel = np.array(layer.scaled_kernel())
    for image, s, answer in zip(x, styles, cheap, strict=True):
        if resize == "up":  # kernel [size, size, filters, inputs]; a quarter of the taps reaches a pixel
            own = kernel * s
            norm = np.sqrt((own**2).sum(axis=(0, 1, 3), keepdims=True) / 4)
        else:
            own = kernel * s[:, None]
            norm = np.sqrt((own**2).sum(axis=(0, 1, 2)))
        own = own / norm if demodulate else own
        function = ops.conv_transpose if resize == "up" else ops.conv
        expected = np.array(function(image[None], own, strides=layer.stride, padding="same"))[0]
        np.testing.assert_allclose(answer, expected, atol=2e-5)


@pytest.mark.parametrize(("size", "resize"), [(3, None), (4, "up")])
def test_demodulated_channels_have_unit_deviation_whatever_the_style(size, resize):
    layer = ModulatedConv(16, size, resize, use_bias=False)
    x, w = normal(8, 32, 32, 8), 5 * normal(8, 4, seed=1)
    inside = np.array(layer([x, w]))[:, 2:-2, 2:-2]
    deviation = inside.std(axis=(1, 2))
    assert abs(deviation.mean() - 1) < 0.05
    layer.demodulate = False
    assert np.array(layer([x, w]))[:, 2:-2, 2:-2].std(axis=(1, 2)).max() > 2, "without, the style decides"


def test_adaptive_instance_normalization_gives_mean_and_deviation():
    layer = AdaINLayer()
    x, w = 3 + 2 * normal(4, 16, 16, 6), normal(4, 5, seed=1)
    answer = np.array(layer([x, w]))
    s, b = np.split(np.array(layer.affine(w)), 2, axis=-1)
    np.testing.assert_allclose(answer.mean(axis=(1, 2)), b, atol=1e-4)
    np.testing.assert_allclose(answer.std(axis=(1, 2)), np.abs(1 + s), atol=1e-4)


# -- equalized rates, normalized codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("inputs", [4, 64, 1024])
def test_a_step_of_adam_changes_every_layer_by_the_same_share(inputs):
    """The kernel that is used has deviation 1 / sqrt(fan-in), and a step of Adam moves it by a rate of that."""
    layer = EqualizedDense(32)
    layer.build((None, inputs))
    before = np.array(layer.scaled_kernel())
    assert before.std() == pytest.approx(inputs**-0.5, rel=0.1)
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.apply([ops.ones(each.shape) for each in layer.trainable_variables], layer.trainable_variables)
    moved = np.abs(np.array(layer.scaled_kernel()) - before).mean()
    assert moved / inputs**-0.5 == pytest.approx(0.01, rel=1e-3)


def test_the_multiplier_slows_a_layer_and_leaves_its_answer():
    x = normal(500, 64)
    fast, slow = EqualizedDense(32), EqualizedDense(32, multiplier=0.01)
    assert np.array(slow(x)).std() == pytest.approx(np.array(fast(x)).std(), rel=0.1)
    before = np.array(slow.scaled_kernel())
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.apply([ops.ones(each.shape) for each in slow.trainable_variables], slow.trainable_variables)
    moved = np.abs(np.array(slow.scaled_kernel()) - before).mean()
    assert moved * 8 == pytest.approx(0.01 * 0.01, rel=1e-3)


@pytest.mark.parametrize("resize", [None, "up", "down"])
def test_an_equalized_convolution_keeps_the_mean_square(resize):
    """Of inputs of unit mean square: also after `leaky`, whose sqrt(2) makes up for what the rectifier takes."""
    x = normal(4, 32, 32, 16)
    answer = np.array(EqualizedConv(64, 4 if resize else 3, resize)(x))[:, 2:-2, 2:-2]
    assert np.square(answer).mean() == pytest.approx(1, rel=0.1)
    assert np.square(np.array(leaky(answer))).mean() == pytest.approx(1, rel=0.15)


def test_normalized_codes_have_one_length():
    lengths = np.linalg.norm(np.array(Normalize()(7 * normal(5, 64))), axis=1)
    np.testing.assert_allclose(lengths, 8, rtol=1e-5)


# -- the discriminator -------------------------------------------------------------------------------------------------


def test_the_minibatchs_deviation_is_one_number_of_all_its_images():
    x = normal(6, 4, 4, 3)
    answer = np.array(MinibatchDeviation()(x))
    np.testing.assert_allclose(answer[..., :3], x)
    np.testing.assert_allclose(answer[..., 3], x.std(axis=0).mean(), rtol=1e-4)
    assert np.array(MinibatchDeviation()(np.repeat(x[:1], 6, axis=0)))[..., 3].max() < 1e-3


def test_r1_is_half_the_squared_slope_by_finite_differences():
    network = stylegan.paper(**SMALL).discriminator
    x = normal(1, 16, 16, 3)
    moves, step = np.eye(x.size, dtype="float32").reshape(-1, *x.shape[1:])[::64], 0.01
    # One image at a time: the minibatch's deviation would tie them together.
    logit = lambda image: float(np.array(network(image[None]))[0, 0])
    slopes = np.array([(logit(x[0] + step * move) - logit(x[0] - step * move)) / (2 * step) for move in moves])
    every = np.array(gan_losses.gradient(lambda x: network(x), x, network)).ravel()
    apart = np.abs(slopes - every[::64])
    assert np.quantile(apart, 0.75) < 1e-4 < np.abs(slopes).max() / 100, "all but where a rectifier has its corner"
    assert float(gan_losses.r1_penalty(network, x)) == pytest.approx(0.5 * (every**2).sum(), rel=1e-4)


def without_minibatch_deviation(**options):
    """A small model in which each image's slope is its own."""
    convolution = EqualizedConv(4, 4, "down", activation=leaky)
    plain = keras.Sequential([keras.Input((16, 16, 3)), convolution, keras.layers.Flatten(), EqualizedDense(1)])
    return stylegan.StyleGAN(stylegan.paper(**SMALL, averaging=0.0).generator, plain, **options)


def test_lazy_r1_is_r1_on_average():
    """Over the two halves of a minibatch."""
    model = without_minibatch_deviation(r1=0.3, lazy=2)
    x = np.random.default_rng(0).random((4, 16, 16, 3)).astype("float32")
    whole = 0.3 * float(gan_losses.r1_penalty(model.discriminator, 2 * x - 1))
    lazy = [float(model.lazy_r1(half)) for half in (x, x[::-1])]
    assert np.mean(lazy) == pytest.approx(whole, rel=1e-4)
    assert np.std(lazy) > 1e-4 * whole, "each sees other images"


@pytest.mark.one_backend
def test_the_discriminators_loss_has_lazy_r1():
    model = without_minibatch_deviation(r1=3.0, lazy=4, mixing=0.0, pixel_noise=False)
    x, z = np.random.default_rng(0).random((8, 16, 16, 3)).astype("float32"), ops.convert_to_tensor(normal(8, 8))
    with_r1, g_loss = model.losses(x, z)
    penalty, model.r1 = float(model.lazy_r1(x)), 0.0
    without, same = model.losses(x, z)
    assert penalty > 0.1
    assert float(with_r1) - float(without) == pytest.approx(penalty, rel=1e-3)
    assert float(g_loss) == pytest.approx(float(same))


# -- mixing and truncation ---------------------------------------------------------------------------------------------


def test_mixing_splits_at_the_layer():
    model = stylegan.paper(**SMALL, averaging=0.0)
    synthesis = model.generator.get_layer("synthesis")
    first, second = model.styles(normal(1, 8)), model.styles(normal(1, 8, seed=1))
    assert model.layer_count == len(model.resolutions())
    images = [model.synthesize(stylegan.mix(first, second, cut), noise=None) for cut in range(model.layer_count + 1)]
    np.testing.assert_array_equal(images[0], model.synthesize(second, noise=None))
    np.testing.assert_array_equal(images[-1], model.synthesize(first, noise=None))
    assert all(np.abs(a - b).max() > 1e-4 for a, b in itertools.pairwise(images)), "every layer counts"
    # What is drawn before the cut is of the first alone.
    blocks = [each for each in synthesis.layers if hasattr(each, "strength")]
    inner = keras.Model(synthesis.inputs, [each.output for each in blocks])
    zeros = np.zeros((1, model.pixels), "float32")
    answers = lambda styles: [np.array(each) for each in inner([styles, zeros])]
    for cut in range(model.layer_count + 1):
        of_mixed, of_first = answers(stylegan.mix(first, second, cut)), answers(first)
        same = [np.array_equal(a, b) for a, b in zip(of_mixed, of_first, strict=True)]
        assert same == [number < cut for number in range(model.layer_count)]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_share_of_mixed_images_in_training(share):
    model = stylegan.paper(**SMALL, mixing=share)
    styles = np.array(model.mixed_styles(normal(400, 8)))
    changes = (np.abs(np.diff(styles, axis=1)).max(axis=2) > 0).sum(axis=1)
    assert changes.max() <= 1, "one cut"
    assert (changes == 1).mean() == pytest.approx(share, abs=0.08)
    if share:
        cuts = (np.abs(np.diff(styles[changes == 1], axis=1)).max(axis=2) > 0).argmax(axis=1)
        assert set(cuts) == set(range(model.layer_count - 1)), "after each layer but the last"


def test_truncation_to_nothing_gives_one_image():
    model = stylegan.paper(**SMALL)
    z = normal(5, 8)
    images = model.generate(z, psi=0.0, noise=None)
    assert np.ptp(images, axis=0).max() < 1e-6
    mean, full = model.mean_style(), model.styles(z)
    half = model.styles(z, psi=0.5)
    np.testing.assert_allclose(half, (mean + full) / 2, atol=1e-5)
    np.testing.assert_allclose(mean, model.styles(normal(20_000, 8, seed=5))[:, 0].mean(axis=0), atol=0.05)
