import math

import keras
import numpy as np
import pytest

from coursekit.models.denoising import Corrupt, add_noise, denoiser


def test_noise_is_the_formula(digits):
    noise = np.random.default_rng(3).standard_normal(digits.images.shape, dtype="float32")
    noisy = add_noise(digits.images, 0.5, seed=3)
    np.testing.assert_allclose(noisy, np.clip(digits.images + 0.5 * noise, 0, 1), atol=1e-7)
    assert noisy.dtype == np.float32
    assert noisy.min() == 0
    assert noisy.max() == 1


def test_one_seed_one_noise(digits):
    first = add_noise(digits.images, 0.5, seed=3)
    np.testing.assert_array_equal(first, add_noise(digits.images, 0.5, seed=3))
    assert np.abs(first - add_noise(digits.images, 0.5, seed=4)).mean() > 0.05


def test_no_noise_changes_nothing_and_the_input_stays(digits):
    kept = digits.images.copy()
    np.testing.assert_array_equal(add_noise(digits.images, 0), kept)
    add_noise(digits.images, 0.5)
    np.testing.assert_array_equal(digits.images, kept)


def test_the_result_is_float32_as_promised():
    assert add_noise(np.full((2, 28, 28, 1), 0.5), 0.5).dtype == np.float32


bad_factors = pytest.mark.parametrize("factor", [-0.1, math.nan, math.inf, [0.5], None], ids=str)


@bad_factors
def test_a_bad_noise_factor_is_refused(factor):
    with pytest.raises(ValueError, match="noise factor of at least 0"):
        add_noise(np.zeros((1, 28, 28, 1)), factor)


@pytest.mark.parametrize("factor", [-0.1, math.nan, (0.1, -0.5), (math.nan, 0.5)], ids=str)
def test_a_layer_with_bad_noise_is_refused(factor):
    with pytest.raises(ValueError, match="noise factor of at least 0"):
        Corrupt(factor)
    with pytest.raises(ValueError, match="noise factor of at least 0"):
        denoiser(factor)


def test_noise_wants_images_between_0_and_1():
    with pytest.raises(ValueError, match="Divide by 255"):
        add_noise(np.full((1, 28, 28, 1), 255), 0.5)


def gray(images):
    return np.full((images, 28, 28, 1), 0.5, "float32")


def test_corrupt_spoils_in_training_only(digits):
    layer = Corrupt(0.5)
    x = digits.images[:8]
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(layer(x, training=False)), x)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(layer(x)), x)
    spoiled = keras.ops.convert_to_numpy(layer(x, training=True))
    assert np.abs(spoiled - x).mean() > 0.1
    assert spoiled.min() >= 0
    assert spoiled.max() <= 1


def test_corrupt_has_the_noise_of_its_factor():
    noise = keras.ops.convert_to_numpy(Corrupt(0.1)(gray(64), training=True)) - 0.5  # 5 sigma from the borders
    assert noise.mean() == pytest.approx(0, abs=0.002)
    assert noise.std() == pytest.approx(0.1, rel=0.02)
    assert noise.std(axis=(1, 2, 3)).std() < 0.01, "one factor for all images"


def test_a_range_of_noise_is_drawn_for_each_image():
    noise = keras.ops.convert_to_numpy(Corrupt((0.02, 0.12))(gray(256), training=True)) - 0.5
    factors = noise.std(axis=(1, 2, 3))
    assert factors.min() < 0.03
    assert factors.max() > 0.11
    assert factors.mean() == pytest.approx(0.07, abs=0.01)


def test_every_batch_gets_fresh_noise():
    """Seen through the compiled training step: with a rate of 0, only the noise can change the loss."""
    model = keras.Sequential([keras.Input((28, 28, 1)), Corrupt(0.1), keras.layers.Conv2D(1, 1)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    losses = [float(model.train_on_batch(gray(4), gray(4))) for _ in range(3)]
    model.reset_metrics()
    assert len(set(losses)) == 3
    still = [float(model.test_on_batch(gray(4), gray(4))) for _ in range(2)]
    assert still[0] == pytest.approx(still[1], abs=1e-7)


def test_a_trained_denoiser_answers_the_same_twice(digits):
    model = denoiser(channels=4)
    x = digits.images[:8]
    np.testing.assert_array_equal(model.predict(x, verbose=0), model.predict(x, verbose=0))


def test_a_loaded_layer_keeps_its_noise():
    config = Corrupt((0.1, 0.9), seed=7).get_config()
    again = Corrupt.from_config(config)
    assert (again.low, again.high, again.seed) == (0.1, 0.9, 7)


def test_the_code_is_seven_by_seven():
    model = denoiser(channels=8)
    assert model.encoder.output_shape == (None, 7, 7, 16)
    assert model.decoder.output_shape == (None, 28, 28, 1)
