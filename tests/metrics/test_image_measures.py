import math

import numpy as np
import pytest
from skimage import metrics as skimage_metrics

from coursekit.metrics import binary_crossentropy, psnr, ssim, unexplained_variance


@pytest.fixture(scope="module")
def digits():
    from coursekit import data

    return data.load("digits", "test", limit=20).images


@pytest.fixture(scope="module")
def noisy(digits):
    noise = np.random.default_rng(0).normal(0, 0.3, digits.shape)
    return np.clip(digits + noise, 0, 1).astype("float32")


def test_the_floor_of_gray_is_one_bit_and_of_black_and_white_nothing():
    assert binary_crossentropy(np.full((3, 28, 28, 1), 0.5)) == pytest.approx(math.log(2), abs=1e-12)
    assert binary_crossentropy(np.eye(4)) == pytest.approx(0, abs=1e-5)
    quarter = -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    assert binary_crossentropy(np.full((2, 5), 0.25)) == pytest.approx(quarter, abs=1e-12)


def test_cross_entropy_is_kerass(digits, noisy):
    from coursekit.training import backend

    keras = backend.load()
    answer = noisy.clip(0.001, 0.999)  # float32 and float64 differ in how near to 0 and 1 they can come
    kerass = keras.ops.convert_to_numpy(keras.losses.binary_crossentropy(digits, answer)).mean()
    assert binary_crossentropy(answer, digits) == pytest.approx(float(kerass), abs=1e-5)


def test_a_certain_and_wrong_answer_costs_much_but_not_infinity():
    assert binary_crossentropy(np.zeros((1, 4)), np.ones((1, 4))) == pytest.approx(-math.log(1e-7), rel=1e-3)


def test_psnr_of_a_known_error():
    clean = np.full((2, 28, 28, 1), 0.4)
    off = clean + np.array([0.1, 0.05]).reshape(2, 1, 1, 1)
    np.testing.assert_allclose(psnr(off, clean), [20, 20 + 20 * math.log10(2)], atol=1e-9)


def test_psnr_of_equal_images_is_100_db(digits):
    np.testing.assert_array_equal(psnr(digits, digits), np.full(len(digits), 100.0))


def test_psnr_and_ssim_are_scikit_images(digits, noisy):
    pairs = list(zip(noisy[..., 0].astype("float64"), digits[..., 0].astype("float64"), strict=True))
    peak = [skimage_metrics.peak_signal_noise_ratio(clean, spoiled, data_range=1) for spoiled, clean in pairs]
    alike = [skimage_metrics.structural_similarity(clean, spoiled, data_range=1) for spoiled, clean in pairs]
    np.testing.assert_allclose(psnr(noisy, digits), peak, rtol=1e-9)
    np.testing.assert_allclose(ssim(noisy, digits), alike, rtol=1e-9)
    np.testing.assert_allclose(ssim(noisy[..., 0], digits[..., 0]), alike, rtol=1e-9)
    assert psnr(noisy[..., 0].reshape(20, -1), digits.reshape(20, -1)).shape == (20,)


def test_ssim_is_1_for_equal_images_and_falls_with_noise(digits, noisy):
    np.testing.assert_allclose(ssim(digits, digits), 1, atol=1e-12)
    assert (ssim(noisy, digits) < 0.95).all()


def test_ssim_of_two_flat_images_is_the_luminance_term():
    a, b, c1 = 0.3, 0.6, 0.01**2
    flat = [np.full((1, 28, 28), value) for value in (a, b)]
    assert ssim(*flat)[0] == pytest.approx((2 * a * b + c1) / (a**2 + b**2 + c1), abs=1e-6)


def test_unexplained_variance_counts_from_perfect_to_the_mean(digits):
    mean = np.broadcast_to(digits.mean(axis=0), digits.shape)
    assert unexplained_variance(digits, digits) == 0
    assert unexplained_variance(mean, digits) == pytest.approx(1, abs=1e-6)
    assert unexplained_variance(0.5 * digits + 0.5 * mean, digits) == pytest.approx(0.25, abs=1e-6)


def test_copies_of_one_image_have_no_variance():
    with pytest.raises(ValueError, match="no variance"):
        unexplained_variance(np.zeros((3, 4)), np.ones((3, 4)))


@pytest.mark.parametrize("measure", [binary_crossentropy, psnr, ssim, unexplained_variance])
@pytest.mark.parametrize(
    ("references", "said"),
    [
        (np.zeros((3, 28, 28)), r"one shape, got \(2, 28, 28\) and \(3, 28, 28\)"),
        (np.full((2, 28, 28), 255), "references in .* Divide by 255"),
        (np.full((2, 28, 28), np.nan), "references in .*nan"),
    ],
    ids=["shape", "bytes", "NaN"],
)
def test_what_cannot_be_compared_is_refused(measure, references, said):
    with pytest.raises(ValueError, match=said):
        measure(np.zeros((2, 28, 28)), references)


@pytest.mark.parametrize("reconstruction", [-0.5, 1.5, np.nan])
def test_cross_entropy_wants_probabilities(reconstruction):
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        binary_crossentropy(np.full((2, 4), reconstruction), np.zeros((2, 4)))


def test_ssim_wants_gray_images():
    with pytest.raises(ValueError, match="gray images"):
        ssim(np.zeros((2, 28, 28, 3)), np.zeros((2, 28, 28, 3)))
