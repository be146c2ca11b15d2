"""The equations of lecture 15's first half, held against its code, in NumPy."""

import keras
import numpy as np
import pytest

from coursekit.models import adain, style
from coursekit.models.encoders import strided


@pytest.fixture(scope="module")
def maps():
    """Maps of two pictures, of two sizes."""
    rng = np.random.default_rng(0)
    first = rng.normal(1, 2, (2, 5, 6, 3)).astype("float32")
    return first, rng.normal(-1, 0.5, (2, 4, 7, 3)).astype("float32")


def test_gram_matrices_are_mean_products_of_channels(maps):
    found = np.array(style.gram(maps[0]))
    for one, picture in zip(found, maps[0], strict=True):
        positions = picture.reshape(-1, 3)
        np.testing.assert_allclose(one, positions.T @ positions / 30, rtol=1e-5)


def test_a_gram_matrix_forgets_positions(maps):
    mixed = maps[0].reshape(2, 30, 3)[:, np.random.default_rng(1).permutation(30)].reshape(2, 6, 5, 3)
    np.testing.assert_allclose(np.array(style.gram(mixed)), np.array(style.gram(maps[0])), rtol=1e-5)


def test_gram_distance_is_the_mmd_of_a_quadratic_kernel(maps):
    """|G - A|^2 = mean k(x, x') - 2 mean k(x, y) + mean k(y, y'), k(x, y) = (x . y)^2: Li et al. 2017."""
    x, y = maps[0][0].reshape(-1, 3).astype("float64"), maps[1][0].reshape(-1, 3).astype("float64")
    kernel = lambda a, b: np.mean((a @ b.T) ** 2)
    distance = np.sum((np.array(style.gram(maps[0][:1])) - np.array(style.gram(maps[1][:1]))) ** 2)
    assert distance == pytest.approx(kernel(x, x) - 2 * kernel(x, y) + kernel(y, y), rel=1e-4)


def test_the_slope_of_the_style_loss_at_a_feature(maps):
    """d|G - A|^2 / dF = 4/M (G - A) F: what pulls on a position depends on that position's features alone."""
    from coursekit.training import gradient

    x, wanted = maps[0][:1], np.array(style.gram(maps[1][:1]))
    found = np.array(gradient(lambda f: keras.ops.sum((style.gram(f) - wanted) ** 2), x, keras.Sequential()))
    by_hand = 4 / 30 * x @ (np.array(style.gram(x)) - wanted)[0]
    np.testing.assert_allclose(found, by_hand, rtol=1e-3, atol=1e-4)


def test_adain_has_the_styles_moments_and_the_contents_pattern(maps):
    content, wanted = maps
    found = np.array(adain.adain(content, wanted))
    np.testing.assert_allclose(found.mean((1, 2)), wanted.mean((1, 2)), atol=1e-4)
    np.testing.assert_allclose(found.std((1, 2)), wanted.std((1, 2)), rtol=1e-3)
    for channel in range(3):
        assert np.corrcoef(found[0, ..., channel].ravel(), content[0, ..., channel].ravel())[0, 1] > 0.9999
    deviation = np.sqrt(content.var((1, 2), keepdims=True) + 1e-5)
    normal = (content - content.mean((1, 2), keepdims=True)) / deviation
    by_hand = normal * np.sqrt(wanted.var((1, 2), keepdims=True) + 1e-5) + wanted.mean((1, 2), keepdims=True)
    np.testing.assert_allclose(found, by_hand, atol=1e-4)


def test_the_gram_matrix_knows_mean_and_deviation(maps):
    """Its diagonal is mean^2 + deviation^2: AdaIN sets part of what Gatys's loss asks for."""
    mean, deviation = (np.array(each)[:, 0, 0] for each in adain.moments(maps[0]))
    diagonal = np.diagonal(np.array(style.gram(maps[0])), axis1=1, axis2=2)
    np.testing.assert_allclose(diagonal, mean**2 + deviation**2, rtol=1e-4)


def test_the_losses_of_a_style_transfer():
    rng = np.random.default_rng(2)
    content, painting, start = rng.random((3, 16, 16, 3)).astype("float32")
    features = style.features_of(strided((16, 16, 3), (2, 3, 4), 5, 6))
    model = style.StyleTransfer(features, content, painting, start=start, reach=1)
    ours, theirs, wanted = ([np.array(each) for each in features(x[None])] for x in (start, content, painting))
    grams = lambda maps: [np.einsum("hwi,hwj->ij", each[0], each[0]) / each[0, ..., 0].size for each in maps]
    share = lambda a, b: ((a - b) ** 2).sum() / (b**2).sum()
    by_hand = (
        share(ours[2], theirs[2]),
        np.mean([share(*pair) for pair in zip(grams(ours), grams(wanted), strict=True)]),
    )
    np.testing.assert_allclose([float(each) for each in model.losses([0, 0])], by_hand, rtol=1e-4)
