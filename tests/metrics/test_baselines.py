import numpy as np
import pytest

from coursekit.metrics import baselines, psnr


@pytest.fixture(scope="module")
def digits():
    from coursekit import data

    return data.load("digits", "test", limit=12).images


@pytest.fixture(scope="module")
def noisy(digits):
    noise = np.random.default_rng(0).standard_normal(digits.shape)
    return np.clip(digits + 0.5 * noise, 0, 1).astype("float32")


@pytest.mark.parametrize("gray", [0.0, 0.3, 1.0])
def test_a_filter_leaves_a_flat_image_alone(gray):
    flat = np.full((2, 28, 28, 1), gray, "float32")
    np.testing.assert_allclose(baselines.median_filter(flat, 3), flat, atol=1e-6)
    np.testing.assert_allclose(baselines.non_local_means(flat, 0.5), flat, atol=1e-6)


def test_the_median_is_of_the_neighborhood_within_one_image():
    images = np.zeros((2, 7, 7, 1), "float32")
    images[0, 3, 3] = 1  # one speck: gone
    images[1, 2:5, 2:5] = 1  # a 3x3 block: its center and edge centers stay, its corners go
    filtered = baselines.median_filter(images, 3)
    assert filtered[0].sum() == 0
    assert filtered[1, 3, 3] == filtered[1, 2, 3] == 1
    assert filtered[1, 2, 2] == 0
    assert filtered.shape == images.shape


def test_every_filter_beats_the_noise(digits, noisy):
    before = psnr(noisy, digits).mean()
    assert psnr(baselines.median_filter(noisy, 3), digits).mean() > before + 3
    assert psnr(baselines.non_local_means(noisy, 0.5), digits).mean() > before + 2


def test_non_local_means_answers_in_shape_and_range(noisy):
    cleaned = baselines.non_local_means(noisy, 0.5)
    assert cleaned.shape == noisy.shape
    assert cleaned.min() >= 0
    assert cleaned.max() <= 1


def test_pca_rebuilds_what_lies_in_its_plane():
    rng = np.random.default_rng(0)
    axes = rng.random((2, 10)) / 4
    train, test = rng.random((50, 2)) @ axes, rng.random((5, 2)) @ axes
    np.testing.assert_allclose(baselines.pca(train, test, 2), test, atol=1e-6)
    assert np.abs(baselines.pca(train, test, 1) - test).max() > 0.01


def test_pca_of_a_constant_image_is_that_image():
    # A plane through noise, and an image at its mean.
    train = np.random.default_rng(0).random((50, 10))
    mean = train.mean(axis=0, keepdims=True)
    np.testing.assert_allclose(baselines.pca(train, mean, 3), mean, atol=1e-6)


def test_pca_draws_no_ink_outside_0_and_1(digits):
    flat = digits.reshape(len(digits), -1)
    rebuilt = baselines.pca(flat[:10], flat[10:], 4)
    assert rebuilt.min() >= 0
    assert rebuilt.max() <= 1


@pytest.mark.parametrize(
    "filtered",
    [lambda x: baselines.median_filter(x, 3), lambda x: baselines.non_local_means(x, 0.5)],
    ids=["median", "nlm"],
)
def test_bytes_are_refused(filtered):
    with pytest.raises(ValueError, match="Divide by 255"):
        filtered(np.full((1, 28, 28, 1), 255.0))
