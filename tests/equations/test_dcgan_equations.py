"""Lecture 12's equations against its code: transposed convolutions, the deck's numbers, labels as probabilities."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit.models import dcgan
from coursekit.models.dcgan import loss_fn

# -- transposed convolution --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [4, 7])
@pytest.mark.parametrize(("kernel", "stride"), [(4, 2), (5, 2), (3, 1), (5, 1), (2, 2), (3, 3)])
def test_a_transposed_convolution_has_the_size_of_the_formula(size, kernel, stride):
    """out = (in - 1) s + k - 2p. Without padding p is 0; "same" cuts k - s in all, so that s * in is left."""
    x = np.zeros((1, size, size, 1), "float32")
    out = {p: layers.Conv2DTranspose(1, kernel, stride, padding=p)(x).shape[1] for p in ("valid", "same")}
    assert out["valid"] == (size - 1) * stride + kernel
    twice_p = kernel - stride
    assert out["same"] == (size - 1) * stride + kernel - twice_p == stride * size


def test_a_transposed_convolution_paints_its_kernel_once_for_each_input():
    rng = np.random.default_rng(0)
    x, kernel = rng.random((1, 3, 3, 1)).astype("float32"), rng.random((4, 4, 1, 1)).astype("float32")
    layer = layers.Conv2DTranspose(1, 4, strides=2, use_bias=False)
    layer.build(x.shape)
    layer.set_weights([kernel])
    canvas = np.zeros((8, 8))
    for row in range(3):
        for column in range(3):
            canvas[2 * row : 2 * row + 4, 2 * column : 2 * column + 4] += x[0, row, column, 0] * kernel[:, :, 0, 0]
    np.testing.assert_allclose(np.array(layer(x))[0, :, :, 0], canvas, rtol=1e-5)


@pytest.mark.parametrize(("kernel", "even"), [(4, True), (2, True), (3, False), (5, False)])
def test_a_checkerboard_where_the_stride_does_not_divide_the_kernel(kernel, even):
    """How many inputs reach each pixel: a kernel of ones on an image of ones."""
    layer = layers.Conv2DTranspose(1, kernel, strides=2, use_bias=False, kernel_initializer="ones", padding="same")
    within = np.array(layer(np.ones((1, 8, 8, 1), "float32")))[0, 4:-4, 4:-4, 0]
    assert (np.ptp(within) == 0) == even


# -- the deck's networks -----------------------------------------------------------------------------------------------


def convolution(kernel, inputs, outputs):
    return kernel * kernel * inputs * outputs + outputs


@pytest.mark.one_backend
def test_the_decks_networks_have_as_many_parameters_as_its_page_says():
    model = dcgan.deck()
    down = convolution(4, 3, 64) + convolution(4, 64, 128) + convolution(4, 128, 128) + (8 * 8 * 128 + 1)
    up = (128 + 1) * 8 * 8 * 128
    up += convolution(4, 128, 128) + convolution(4, 128, 256) + convolution(4, 256, 512) + convolution(5, 512, 3)
    assert model.discriminator.count_params() == down == 404_801
    assert model.generator.count_params() == up == 3_979_651


@pytest.mark.one_backend
def test_the_decks_networks_pass_through_the_shapes_of_the_slides():
    model = dcgan.deck()
    up = [layer.output.shape[1:] for layer in model.generator.layers if isinstance(layer, layers.Conv2DTranspose)]
    down = [layer.output.shape[1:] for layer in model.discriminator.layers if isinstance(layer, layers.Conv2D)]
    assert up == [(16, 16, 128), (32, 32, 256), (64, 64, 512)]
    assert down == [(32, 32, 64), (16, 16, 128), (8, 8, 128)]
    assert model.generator.output_shape == (None, 64, 64, 3)
    slopes = {layer.negative_slope for layer in model.discriminator.layers if isinstance(layer, layers.LeakyReLU)}
    assert slopes == {0.2}


# -- the deck's labels -------------------------------------------------------------------------------------------------


def labels_of(label_noise, n=2000):
    labels = np.array(dcgan.fast(label_noise=label_noise, depth=0).labels(n))
    assert labels.shape == (2 * n, 1)
    return labels[:n], labels[n:]  # samples come first


def test_the_slides_labels_leave_the_probabilities_and_ours_do_not():
    samples, real = labels_of("slide")
    assert 1 <= samples.min() < samples.max() < 1.05
    assert samples.mean() == pytest.approx(1.025, abs=2e-3)
    assert 0 <= real.min() < real.max() < 0.05
    samples, real = labels_of("inside")
    assert 0.95 < samples.min() < samples.max() <= 1
    assert samples.mean() == pytest.approx(0.975, abs=2e-3)
    assert 0 <= real.min() < real.max() < 0.05
    samples, real = labels_of("none")
    assert (samples == 1).all()
    assert (real == 0).all()


def test_a_label_beyond_1_has_a_loss_without_a_minimum():
    logits = np.linspace(-5, 500, 2001, dtype="float32")
    at = lambda label: np.array([loss_fn(label, ops.convert_to_tensor(logit)) for logit in logits[::40]])
    assert (np.diff(at(1.025)) < 0).all(), "a larger logit always costs less"
    assert at(1.025)[-1] < 0, "and less than nothing"
    inside = at(0.975)
    assert 0 < np.argmin(inside) < len(inside) - 1
    # -log(1 - label) - log of the same... the best logit of a label p is log(p / (1 - p))
    fine = np.linspace(0, 10, 2001, dtype="float32")
    losses = np.log1p(np.exp(fine)) - 0.975 * fine
    best = fine[np.argmin([float(loss_fn(0.975, ops.convert_to_tensor(logit))) for logit in fine[::10]]) * 10]
    assert best == pytest.approx(np.log(0.975 / 0.025), abs=0.06)
    assert losses.min() == pytest.approx(float(loss_fn(0.975, ops.convert_to_tensor(best))), abs=1e-3)


@pytest.mark.parametrize("shift", [0.0, 0.03])
def test_our_loss_is_keras_s_on_the_sigmoid_of_the_slide(shift):
    rng = np.random.default_rng(0)
    features = rng.standard_normal((12, 5)).astype("float32")
    labels = (rng.integers(0, 2, (12, 1)) + shift).astype("float32")
    slide, logits = layers.Dense(1, activation="sigmoid"), layers.Dense(1)
    for layer in (slide, logits):
        layer.build((None, 5))
    logits.set_weights(slide.get_weights())
    theirs = keras.losses.BinaryCrossentropy()(labels, slide(features))
    assert float(loss_fn(labels, logits(features))) == pytest.approx(float(theirs), abs=1e-5)


# -- one forward pass for both networks --------------------------------------------------------------------------------


def test_both_losses_from_one_forward_pass_are_those_of_algorithm_1():
    model = dcgan.fast(channels=(4, 4), discriminator=(4, 4), depth=0)
    rng = np.random.default_rng(0)
    x, z = rng.random((8, 28, 28, 1)).astype("float32"), rng.standard_normal((8, 64)).astype("float32")
    d_loss, g_loss = model.losses(x, z)
    assert float(d_loss) == pytest.approx(float(model.discriminator_loss(x, z)), rel=1e-5)
    assert float(g_loss) == pytest.approx(float(model.generator_loss(z)), rel=1e-5)
