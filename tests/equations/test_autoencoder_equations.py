"""The equations of lecture 06, held against its code."""

import math

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA

from coursekit import data, metrics
from coursekit.metrics import baselines
from coursekit.models.autoencoder import KLSparsity, linear


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", "train", limit=300).flat


@pytest.fixture(scope="module")
def pca(digits):
    return PCA(8, random_state=0).fit(digits)


def with_weights(pca, mixing):
    """The linear autoencoder whose encoder is A W (x - mean) and whose decoder is mean + W^T A^-1 z."""
    model = linear(len(pca.components_))
    encoder = (mixing @ pca.components_).T
    model.encoder.set_weights([encoder, -pca.mean_ @ encoder])
    model.decoder.set_weights([np.linalg.inv(mixing).T @ pca.components_, pca.mean_])
    return model


@pytest.mark.parametrize("seed", [None, 0, 1], ids=["A = I", "A random", "A random, another"])
def test_pca_under_any_invertible_matrix_is_the_same_network(digits, pca, seed):
    """V A^-1 A W = V W: the output, and so the loss, cannot see A."""
    mixing = np.eye(8) if seed is None else np.random.default_rng(seed).normal(size=(8, 8)) + 3 * np.eye(8)
    model = with_weights(pca, mixing)
    by_network = model.predict(digits, verbose=0)
    by_pca = pca.inverse_transform(pca.transform(digits))
    # A's condition number, up to 75 here, multiplies the rounding of the float32 codes.
    np.testing.assert_allclose(by_network, by_pca, atol=1e-5 if seed is None else 1e-4)
    assert metrics.principal_angles(model.decoder.get_weights()[0], pca.components_)[0] < 0.01


def test_pca_is_the_linear_networks_optimum(digits, pca):
    """Its error is that of the spectrum's rest; no small step away lowers it (Baldi and Hornik, 1989)."""
    model = with_weights(pca, np.eye(8))
    error = lambda: float(np.square(model.predict(digits, verbose=0).astype("float64") - digits).sum())
    rest = np.square(digits - digits.mean(axis=0)).sum() - len(digits[1:]) * pca.explained_variance_.sum()
    optimum = error()
    assert optimum == pytest.approx(rest, rel=1e-4)
    rng = np.random.default_rng(0)
    best = [*model.encoder.get_weights(), *model.decoder.get_weights()]
    for _ in range(4):
        moved = [weight + 0.01 * rng.normal(size=weight.shape).astype("float32") for weight in best]
        model.encoder.set_weights(moved[:2])
        model.decoder.set_weights(moved[2:])
        assert error() > 1.001 * optimum


def test_what_crossentropy_has_above_its_floor_is_the_mean_kl_of_the_pixels(digits):
    p = np.clip(baselines.pca(digits[:200], digits[200:], 16), 1e-4, 1 - 1e-4).astype("float64")
    x = digits[200:].astype("float64")
    ink = np.where(x > 0, x * np.log(np.where(x > 0, x, 1) / p), 0)
    paper = np.where(x < 1, (1 - x) * np.log(np.where(x < 1, 1 - x, 1) / (1 - p)), 0)
    kl = ink + paper
    assert kl.min() > -1e-12
    above = metrics.binary_crossentropy(p, x) - metrics.binary_crossentropy(x)
    assert above == pytest.approx(kl.mean(), abs=1e-6)


def test_no_answer_to_a_gray_pixel_is_cheaper_than_the_pixel_itself():
    answers = np.linspace(0.01, 0.99, 99)
    for x in (0.1, 0.37, 0.5, 0.9):
        costs = [metrics.binary_crossentropy(np.array([p]), np.array([x])) for p in answers]
        assert answers[np.argmin(costs)] == pytest.approx(x, abs=0.0051)
        assert min(costs) >= metrics.binary_crossentropy(np.array([x])) - 1e-12


def test_kl_sparsity_is_the_divergence_of_two_coins():
    """Against a Monte Carlo estimate of E_rho[log rho(a) / mean(a)], a = 1 with probability rho."""
    rho, mean = 0.2, 0.35
    coins = np.random.default_rng(0).random(400_000) < rho
    estimate = np.where(coins, math.log(rho / mean), math.log((1 - rho) / (1 - mean))).mean()
    penalty = float(KLSparsity(rho, 1.0)(keras.ops.full((10, 1), mean))) / 10
    assert penalty == pytest.approx(estimate, abs=0.003)
    assert penalty > 0.03


@pytest.mark.parametrize("mean", [0.001, 0.05, 0.3, 0.9])
def test_the_slope_of_the_kl_penalty(mean):
    """(mean - rho) / (mean (1 - mean)): negative below rho, and without bound near 0."""
    rho, h = 0.05, 1e-2 * mean
    penalty = lambda mean: float(KLSparsity(rho, 1.0)(keras.ops.full((1, 1), mean)))
    slope = (penalty(mean + h) - penalty(mean - h)) / (2 * h)
    assert slope == pytest.approx((mean - rho) / (mean * (1 - mean)), rel=1e-2, abs=1e-2)


def test_psnr_gains_6_db_when_every_error_is_halved(digits):
    noise = np.random.default_rng(0).normal(0, 0.2, digits.shape)
    gain = metrics.psnr(digits + noise / 2, digits) - metrics.psnr(digits + noise, digits)
    np.testing.assert_allclose(gain, 20 * math.log10(2), atol=1e-4)
