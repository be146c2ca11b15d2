"""The equations of lectures 07 and 08, held against its code."""

import math

import keras
import numpy as np
import pytest
from keras import layers, ops
from scipy import stats

from coursekit import metrics
from coursekit.models import vae
from coursekit.models.vae import IWAE, VAE, kl_divergence, log_normal

SIGMA = 0.1
# x = W z + 0.5 + noise: two numbers make five pixels.
CROSSED = 0.15 * np.array([[1, 0.5], [0.3, -1], [0.8, 0.2], [-0.4, 0.6], [0, 1]])
ORTHOGONAL = np.linalg.svd(CROSSED, full_matrices=False)[0] * [0.3, 0.2]


class LinearGaussian(VAE):
    """The decoder's output itself is the mean of N(x; W z + 0.5, SIGMA^2 I): log p(x) has a closed form."""

    def log_likelihood(self, x, z):
        return log_normal(x, self.logits(z), 2 * math.log(SIGMA))


class LinearGaussianIWAE(IWAE):
    log_likelihood = LinearGaussian.log_likelihood


def linear_gaussian(loading, variances=None):
    """The model whose encoder knows the posterior's mean, and its variances unless others are given.

    Returns:
        the model, and the covariances of x and of the posterior p(z|x).
    """
    posterior = np.linalg.inv(np.eye(2) + loading.T @ loading / SIGMA**2)
    encoder = keras.Sequential([keras.Input((5,)), layers.Dense(4)])
    decoder = keras.Sequential([keras.Input((2,)), layers.Dense(5)])
    to_mean = loading @ posterior / SIGMA**2
    log_variances = np.log(np.diag(posterior) if variances is None else variances)
    encoder.set_weights([np.hstack([to_mean, np.zeros((5, 2))]), np.append(-0.5 * to_mean.sum(axis=0), log_variances)])
    decoder.set_weights([loading.T, np.full(5, 0.5)])
    return LinearGaussian(encoder, decoder), loading @ loading.T + SIGMA**2 * np.eye(5), posterior


@pytest.fixture(scope="module")
def x():
    """Drawn from the model of CROSSED, and brought into [0, 1]: the model has a log p(x) for any x."""
    rng = np.random.default_rng(0)
    drawn = 0.5 + rng.normal(size=(100, 2)) @ CROSSED.T + SIGMA * rng.normal(size=(100, 5))
    return np.clip(drawn, 0, 1).astype("float32")


def log_p(x, covariance):
    return stats.multivariate_normal.logpdf(x.astype("float64"), np.full(5, 0.5), covariance)


# -- the two densities -------------------------------------------------------------------------------------------------


def test_log_normal_is_scipys():
    rng = np.random.default_rng(1)
    z, mean, log_variance = rng.normal(size=(3, 4, 6)).astype("float32")
    expected = stats.norm.logpdf(z, mean, np.exp(0.5 * log_variance)).sum(axis=-1)
    np.testing.assert_allclose(np.array(log_normal(z, mean, log_variance)), expected, rtol=1e-5)
    np.testing.assert_allclose(np.array(log_normal(z)), stats.norm.logpdf(z).sum(axis=-1), rtol=1e-5)


def test_the_kl_divergence_in_closed_form_is_what_monte_carlo_finds():
    """E_q[log q(z) - log p(z)], dimension by dimension, with scipy's densities."""
    mean, log_variance = np.array([0.0, 1.5, -0.3, 0.0]), np.array([0.0, -2.0, 1.0, -4.0])
    sigma = np.exp(log_variance / 2)
    z = mean + sigma * np.random.default_rng(0).standard_normal((200_000, 4))
    sampled = stats.norm.logpdf(z, mean, sigma) - stats.norm.logpdf(z)
    closed = np.array(kl_divergence(mean.astype("float32"), log_variance.astype("float32")))
    error = sampled.std(axis=0) / math.sqrt(len(z))
    np.testing.assert_array_less(np.abs(sampled.mean(axis=0) - closed), 4 * error + 1e-6)
    assert error.max() < 0.01


def test_the_code_has_the_mean_and_variance_that_the_encoder_says():
    model = vae.dense(3, (4,), inputs=5)
    mean, log_variance = np.array([[0.0, 2.0, -1.0]], "float32"), np.array([[0.0, -3.0, 1.0]], "float32")
    z = np.array(model.reparameterize(mean, log_variance, samples=50_000))[:, 0]
    np.testing.assert_allclose(z.mean(axis=0), mean[0], atol=0.04)
    np.testing.assert_allclose(z.std(axis=0), np.exp(log_variance[0] / 2), rtol=0.03)


# -- the bounds --------------------------------------------------------------------------------------------------------


def test_elbo_below_iwae_5_below_iwae_50_below_log_p(x):
    """q is too wide, and cannot turn: the posterior of CROSSED is not diagonal."""
    posterior = linear_gaussian(CROSSED)[2]
    variances = 4 * np.diag(posterior)
    model, covariance, _ = linear_gaussian(CROSSED, variances)
    truth = log_p(x, covariance)
    elbo = metrics.likelihood.elbo(x, lambda x, seed: model.elbo(x, samples=500, seed=seed))
    five, fifty, most = (metrics.likelihood.iwae(x, model.log_weights, k=k) for k in (5, 50, 5000))
    assert elbo.elbo < five.bound - 0.1 < fifty.bound - 0.1 < truth.mean()
    assert fifty.bound < truth.mean() + 0.02
    np.testing.assert_allclose(most.each, truth, atol=0.1)
    assert most.bound == pytest.approx(truth.mean(), abs=0.01)

    # log p(x) - ELBO = KL(q(z|x) || p(z|x)), between two Gaussians of one mean
    ratio = np.linalg.solve(posterior, np.diag(variances))
    gap = 0.5 * (np.trace(ratio) - 2 - math.log(np.linalg.det(ratio)))
    assert truth.mean() - elbo.elbo == pytest.approx(gap, abs=0.03)


def test_the_bound_is_tight_where_q_is_the_posterior(x):
    """Not on average only: every single weight p(x, z) / q(z|x) is p(x)."""
    model, covariance, posterior = linear_gaussian(ORTHOGONAL)
    assert abs(posterior[0, 1]) < 1e-12
    truth = log_p(x, covariance)
    weights = np.array(model.log_weights(x, 20))
    np.testing.assert_allclose(weights, np.broadcast_to(truth, weights.shape), atol=2e-4)
    elbo = metrics.likelihood.elbo(x, lambda x, seed: model.elbo(x, samples=2000, seed=seed))
    assert elbo.elbo == pytest.approx(truth.mean(), abs=0.02)


# -- what training minimizes -------------------------------------------------------------------------------------------


def objective(model, x):
    return float(model.objective(ops.convert_to_tensor(x))[0])


@pytest.mark.parametrize(
    ("kind", "options"),
    [(VAE, {"samples": 3}), (VAE, {"likelihood": "gaussian"}), (IWAE, {"samples": 5})],
    ids=["VAE", "VAE, Gaussian", "IWAE"],
)
def test_training_goes_along_the_gradient_that_finite_differences_find(kind, options, x):
    """One step of SGD at rate 1 is minus the gradient. The noise is the same before, here and there."""
    keras.utils.set_random_seed(0)
    model = vae.dense(2, (6,), inputs=5, activation="tanh", kind=kind, **options)
    model.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    noise = np.array(model.noise.state.value)
    before = [np.array(weight.value) for weight in model.trainable_variables]
    model.fit(x, batch_size=len(x), shuffle=False, verbose=0)
    gradient = [start - np.array(weight.value) for start, weight in zip(before, model.trainable_variables, strict=True)]

    def slope(direction, h=1e-2):
        values = []
        for sign in (1, -1):
            for weight, start, part in zip(model.trainable_variables, before, direction, strict=True):
                weight.assign(start + sign * h * part)
            model.noise.state.assign(noise)
            values.append(objective(model, x))
        return (values[0] - values[1]) / (2 * h)

    length = math.sqrt(sum(np.square(part).sum() for part in gradient))
    assert length > 0.2
    assert slope([part / length for part in gradient]) == pytest.approx(length, rel=0.01)
    rng = np.random.default_rng(0)
    for i in range(len(before)):  # and each weight matrix by itself
        direction = [np.zeros_like(part) for part in before]
        direction[i] = rng.normal(size=before[i].shape).astype("float32")
        direction[i] /= np.linalg.norm(direction[i])
        assert slope(direction) == pytest.approx(np.sum(gradient[i] * direction[i]), abs=2e-3 * (1 + length))


def test_iwae_of_one_sample_is_the_vae(x):
    """Both estimate the same bound, one with the KL divergence in closed form and one without."""
    copies = np.repeat(x[:20], 1000, axis=0)
    one = vae.dense(2, (6,), inputs=5, kind=IWAE, samples=1)
    other = VAE(one.encoder, one.decoder)
    weights = np.array(one.log_weights(copies, 1))
    error = float(weights.reshape(20, 1000).std(axis=1).mean()) / math.sqrt(len(copies))
    assert error < 0.02
    assert objective(one, copies) == pytest.approx(objective(other, copies), abs=4 * math.sqrt(2) * error)


@pytest.mark.parametrize("k", [1, 7])
def test_iwaes_loss_is_minus_log_p_where_q_is_the_posterior(k, x):
    model, covariance, _ = linear_gaussian(ORTHOGONAL)
    loss = objective(LinearGaussianIWAE(model.encoder, model.decoder, samples=k), x)
    assert loss == pytest.approx(-log_p(x, covariance).mean(), abs=1e-4)


def test_more_samples_make_iwaes_loss_smaller_and_the_vaes_only_steadier(x):
    copies = np.repeat(x[:20], 500, axis=0)
    networks = linear_gaussian(CROSSED, [0.5, 0.5])[0]
    iwae = [objective(LinearGaussianIWAE(networks.encoder, networks.decoder, samples=k), copies) for k in (1, 5, 50)]
    assert iwae[0] > iwae[1] + 0.5
    assert iwae[1] > iwae[2] + 0.04
    by_samples = [objective(LinearGaussian(networks.encoder, networks.decoder, samples=k), copies) for k in (1, 50)]
    assert by_samples[0] == pytest.approx(by_samples[1], abs=0.15)


def test_beta_warmth_and_free_bits_weigh_the_divergence_as_written(x):
    """loss = -reconstruction + beta warmth sum_j max(free_bits, mean_x KL_j)."""
    model = vae.dense(3, (6,), inputs=5, beta=4.0, warm_up=10)
    kl = metrics.likelihood.kl_per_dimension(*(np.array(part) for part in model.encode(x)))
    free = float(kl.min() + kl.max()) / 2  # one dimension uses less, one more
    model.free_bits.assign(free)
    model.warmth.assign(0.3)
    noise = np.array(model.noise.state.value)
    loss, parts = model.objective(ops.convert_to_tensor(x))
    assert float(parts["kl"]) == pytest.approx(kl.sum(), rel=1e-5)
    paid = np.maximum(kl, free).sum()
    assert float(loss) == pytest.approx(float(parts["reconstruction"]) + 4 * 0.3 * paid, rel=1e-5)
    model.noise.state.assign(noise)
    elbo = model.elbo(ops.convert_to_tensor(x))
    assert -float(parts["reconstruction"]) == pytest.approx(np.array(elbo.reconstruction).mean(), rel=1e-5)
    np.testing.assert_allclose(np.array(elbo.elbo), np.array(elbo.reconstruction) - np.array(elbo.kl), rtol=1e-5)


def test_the_bernoulli_likelihood_is_binary_crossentropy_summed_over_pixels(x):
    model = vae.dense(2, (6,), inputs=5)
    z = np.random.default_rng(0).normal(size=(4, len(x), 2)).astype("float32")
    p = np.array(model.decode(z))
    by_pixel = np.array(
        [[metrics.binary_crossentropy(image, pixels) for image, pixels in zip(row, x, strict=True)] for row in p]
    )
    np.testing.assert_allclose(np.array(model.log_likelihood(x, z)), -5 * by_pixel, rtol=1e-4)


def test_the_gaussian_likelihood_is_scipys(x):
    model = vae.dense(2, (6,), inputs=5, likelihood="gaussian")
    model.log_sigma.assign(-1.2)
    z = np.random.default_rng(0).normal(size=(4, len(x), 2)).astype("float32")
    expected = stats.norm.logpdf(x, np.array(model.decode(z)), math.exp(-1.2)).sum(axis=-1)
    np.testing.assert_allclose(np.array(model.log_likelihood(x, z)), expected, rtol=1e-4, atol=1e-5)
