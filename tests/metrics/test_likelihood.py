"""Bounds are measured on a model whose log p(x) is known in closed form, written here with NumPy's formulas."""

import math
import time
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from coursekit import data, metrics, models
from coursekit.metrics import likelihood

WIDTH = 3


class Parts(NamedTuple):
    elbo: Any
    reconstruction: Any
    kl: Any


class Shifted:
    """z ~ N(0, I), x ~ N(z, I): log p(x) = log N(x; 0, 2I), and p(z|x) = N(x/2, I/2). q(z|x) = N(x/2, scale^2 I)."""

    def __init__(self, scale):
        self.scale = scale

    def log_weights(self, x, samples, seed):
        import keras
        from keras import ops

        noise = keras.random.normal((samples, *x.shape), seed=seed)
        z = x / 2 + self.scale * noise
        squares = ops.square(x - z) + ops.square(z) - ops.square(noise)
        return -0.5 * ops.sum(squares + math.log(2 * math.pi), axis=-1) + x.shape[1] * math.log(self.scale)

    def elbo(self, x, seed):
        from keras import ops

        kl = ops.sum(0.5 * (self.scale**2 + ops.square(x / 2) - 1) - math.log(self.scale), axis=-1)
        elbo = self.log_weights(x, 1, seed)[0]
        return Parts(elbo, elbo + kl, kl)


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((120, WIDTH)).astype("float32")


@pytest.fixture(scope="module")
def log_p(images):
    return stats.norm.logpdf(images.astype("float64"), scale=math.sqrt(2)).sum(axis=1)


# -- the bounds --------------------------------------------------------------------------------------------------------


def test_with_the_posterior_itself_every_sample_weighs_p(images, log_p):
    exact = Shifted(math.sqrt(0.5))
    for result in (
        likelihood.elbo(images, exact.elbo, batch_size=50),
        likelihood.iwae(images, exact.log_weights, k=7, chunk=3, batch_size=50),
    ):
        np.testing.assert_allclose(result.each, log_p, atol=1e-5)
    assert result.k == 7
    assert result.bound == pytest.approx(log_p.mean(), abs=1e-5)
    assert result.error == pytest.approx(stats.sem(log_p), rel=1e-4)
    assert result.effective_samples == pytest.approx(7, rel=1e-4)


def test_5000_samples_reach_log_p_where_the_elbo_does_not(images, log_p):
    wide = Shifted(1.0)
    gap = WIDTH * 0.5 * (2 - 1 - math.log(2))  # KL(N(., 1) || N(., 1/2)) of each of the dimensions
    elbo = likelihood.elbo(np.repeat(images, 20, axis=0), wide.elbo)
    assert log_p.mean() - elbo.elbo == pytest.approx(gap, abs=0.1)
    assert elbo.elbo == pytest.approx(elbo.reconstruction - elbo.kl, abs=1e-5)
    iwae = likelihood.iwae(images, wide.log_weights, k=5000)
    np.testing.assert_allclose(iwae.each, log_p, atol=0.15)
    assert iwae.bound == pytest.approx(log_p.mean(), abs=0.01)
    # E[w]^2 / E[w^2] in each dimension, for the ratio of N(., 1/2) to N(., 1): sqrt(3) / 2
    assert iwae.effective_samples == pytest.approx(5000 * (math.sqrt(3) / 2) ** WIDTH, rel=0.03)


def test_the_bound_grows_with_k(images, log_p):
    bounds = [likelihood.iwae(images, Shifted(2.0).log_weights, k=k).bound for k in (1, 5, 50, 1000)]
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[1] - 0.3
    assert bounds[-1] == pytest.approx(log_p.mean(), abs=0.02)


def test_weights_far_below_what_a_float_holds_are_summed(images):
    """exp(-2000) is 0 in any float: only sums of logarithms work."""
    far = lambda x, samples, seed: Shifted(1.0).log_weights(x, samples, seed) - 2000
    near, far = (likelihood.iwae(images, weights, k=300, chunk=70) for weights in (Shifted(1.0).log_weights, far))
    np.testing.assert_allclose(far.each + 2000, near.each, atol=2e-3)
    assert far.effective_samples == pytest.approx(near.effective_samples, rel=1e-2)


def test_the_same_seed_gives_the_same_number_and_the_model_is_left_alone(images):
    vae = models.vae.dense(2, (8,), inputs=WIDTH)
    before = np.array(vae.noise.state.value)
    for measure in (
        lambda seed: likelihood.elbo(images, vae.elbo, seed=seed).elbo,
        lambda seed: likelihood.iwae(images, vae.log_weights, k=20, chunk=8, seed=seed).bound,
    ):
        assert measure(0) == measure(0)
        assert measure(0) != measure(1)
    np.testing.assert_array_equal(np.array(vae.noise.state.value), before)


def test_each_chunk_has_noise_of_its_own(images):
    """If it came again, 40 samples in chunks of 1 would be as good as one."""
    chunks = likelihood.iwae(images, Shifted(2.0).log_weights, k=40, chunk=1)
    whole = likelihood.iwae(images, Shifted(2.0).log_weights, k=40, chunk=40)
    assert chunks.bound == pytest.approx(whole.bound, abs=4 * math.hypot(chunks.error, whole.error) / 2)
    assert chunks.effective_samples == pytest.approx(whole.effective_samples, rel=0.1)


def test_standard_errors_are_those_of_other_seeds(images):
    """The same images, other noise: they scatter as the error says, less what the images' own scatter adds."""
    same = np.repeat(images[:1], 400, axis=0)
    results = [likelihood.elbo(same, Shifted(1.0).elbo, seed=seed) for seed in range(40)]
    scatter = np.std([result.elbo for result in results], ddof=1)
    assert np.mean([result.errors["elbo"] for result in results]) == pytest.approx(scatter, rel=0.4)
    assert results[0].errors["kl"] == pytest.approx(0, abs=1e-6)
    assert math.isnan(likelihood.elbo(images[:1], Shifted(1.0).elbo).errors["elbo"])


@pytest.mark.parametrize("k", [0, -1, 2.5, True])
def test_no_samples_no_bound(images, k):
    with pytest.raises(ValueError, match=r"Expected k to be a whole number of at least 1, got"):
        likelihood.iwae(images, Shifted(1.0).log_weights, k=k)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x: 255 * x, r"Expected images in \[0, 1\], got values from .*Divide by 255"),
        (lambda x: np.where(x > 0.9, np.nan, x), r"Expected images in \[0, 1\].*NaN"),
        (lambda x: x[:0], "non-empty"),
    ],
    ids=["bytes", "NaN", "none"],
)
def test_bad_images(images, spoil, message):
    with pytest.raises(ValueError, match=message):
        likelihood.iwae(spoil(images), Shifted(1.0).log_weights, k=2)
    with pytest.raises(ValueError, match=message):
        likelihood.elbo(spoil(images), Shifted(1.0).elbo)
    with pytest.raises(ValueError, match=message):
        likelihood.binarize(spoil(images), "thresholded")


def test_images_of_another_shape_than_the_models():
    vae = models.vae.dense(2, (8,))
    for measure in (
        lambda x: likelihood.elbo(x, vae.elbo),
        lambda x: likelihood.iwae(x, vae.log_weights, k=2),
    ):
        with pytest.raises(ValueError, match=r"Expected images of the encoder's shape \[n, 784\], got \[3, 28, 28\]"):
            measure(np.zeros((3, 28, 28), "float32"))


def test_answers_of_another_shape(images):
    exact = Shifted(1.0)
    with pytest.raises(ValueError, match=r"log_weights\(x, 5\) of shape \[samples, n\] = \(5, 50\), got \(50,\)"):
        likelihood.iwae(images, lambda x, samples, seed: exact.log_weights(x, samples, seed)[0], k=5)
    mean = lambda x, seed: Parts(*(part[:1] for part in exact.elbo(x, seed)))
    with pytest.raises(ValueError, match=r"bound\(x\)\.elbo of shape \[n\] = \(120,\), got \(1,\)"):
        likelihood.elbo(images, mean)


def test_a_model_that_diverged_has_no_bound(images):
    vae = models.vae.dense(2, (8,), inputs=WIDTH)
    vae.decoder.set_weights([np.full_like(weight, np.nan) for weight in vae.decoder.get_weights()])
    for measure in (
        lambda: likelihood.elbo(images, vae.elbo),
        lambda: likelihood.iwae(images, vae.log_weights, k=2),
    ):
        with pytest.raises(ValueError, match=r"Expected finite numbers, got nan as .* of image 0\. Did the training"):
            measure()


def test_a_progress_bar_only_where_it_takes_long(images, capsys, monkeypatch):
    monkeypatch.delenv("COURSEKIT_PROGRESS", raising=False)
    likelihood.elbo(images, Shifted(1.0).elbo, batch_size=60)  # JAX compiles here
    capsys.readouterr()
    likelihood.elbo(images, Shifted(1.0).elbo, batch_size=60)
    assert capsys.readouterr().out == ""
    slow = lambda x, seed: time.sleep(1.1) or Shifted(1.0).elbo(x, seed)
    likelihood.elbo(images, slow, batch_size=60)
    assert "ELBO" in capsys.readouterr().out
    monkeypatch.setenv("COURSEKIT_PROGRESS", "0")
    likelihood.elbo(images, slow, batch_size=60)
    assert capsys.readouterr().out == ""


# -- binarization, bits ------------------------------------------------------------------------------------------------


def test_it_binarizes_as_the_data_do():
    assert likelihood.binarize is data.binarize


def test_a_fair_coin_for_each_pixel_takes_one_bit_a_pixel():
    log_p = 784 * math.log(0.5)
    assert likelihood.bits_per_image(log_p) == pytest.approx(784)
    assert likelihood.bits_per_pixel(log_p, 784) == pytest.approx(1)
    with pytest.raises(ValueError, match="pixels"):
        likelihood.bits_per_pixel(log_p, 0)


# -- the code ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def codes():
    """Two dimensions that are used, one that is the prior, one that is constant but not the prior."""
    rng = np.random.default_rng(0)
    means = np.stack([rng.normal(0, 1, 500), rng.normal(0, 0.5, 500), np.zeros(500), np.full(500, 2.0)], axis=1)
    log_variances = np.broadcast_to([math.log(0.1), math.log(0.5), 0, 0], means.shape)
    return means, log_variances


def test_kl_per_dimension_is_the_models(codes):
    from coursekit.models.vae import kl_divergence

    means, log_variances = codes
    kl = likelihood.kl_per_dimension(means, log_variances)
    by_model = np.array(kl_divergence(means.astype("float32"), log_variances.astype("float32"))).mean(axis=0)
    np.testing.assert_allclose(kl, by_model, rtol=1e-4, atol=1e-6)
    assert kl[2:] == pytest.approx([0, 2])


def test_a_constant_dimension_is_not_active_whatever_it_costs(codes):
    assert likelihood.active_units(codes[0]).tolist() == [True, True, False, False]
    assert likelihood.active_units(codes[0], threshold=0.5).tolist() == [True, False, False, False]
    sample = np.array([[0.0], [0.145]])  # its variance, divided by n - 1: 0.0105
    assert likelihood.active_units(sample).tolist() == [True]


def test_the_diagnosis_of_a_code_in_part_unused(codes):
    found = likelihood.collapse(*codes)
    assert not found.collapsed
    assert found.unused == [2, 3]
    assert "2 of 4 dimensions are used" in str(found)
    assert "2 are not (2, 3; 2.00 nats)" in str(found)
    np.testing.assert_allclose(found.variances, codes[0].var(axis=0, ddof=1))
    np.testing.assert_allclose(found.kl, likelihood.kl_per_dimension(*codes))


def test_the_diagnosis_of_collapse_names_three_cures(codes):
    found = likelihood.collapse(codes[0][:, 2:], codes[1][:, 2:])
    assert found.collapsed
    assert str(found).startswith("Collapsed: none of the 2 dimensions")
    assert all(cure in found.words for cure in ("warm_up", "free_bits", "smaller beta"))


def test_the_diagnosis_of_health_and_of_one_dimension_in_many(codes):
    means, log_variances = codes
    assert likelihood.collapse(means[:, :2], log_variances[:, :2]).words.startswith("No collapse: the code uses all")
    spread = lambda array: np.concatenate([array[:, :1], np.tile(array[:, 2:3], 9)], axis=1)
    found = likelihood.collapse(spread(means), spread(log_variances))
    assert "hint at collapse" in found.words
    assert "(1, 2, 3, 4, 5, 6, 7, 8, ...;" in found.words


def test_codes_that_are_none(codes):
    means, log_variances = codes
    for bad in (means[0], means[:1], np.where(means > 2, np.nan, means)):
        with pytest.raises(ValueError, match=r"means of q\(z\|x\)"):
            likelihood.active_units(bad)
    with pytest.raises(ValueError, match=r"Expected log_variances of q\(z\|x\).*got shape \(500, 3\)"):
        likelihood.kl_per_dimension(means, log_variances[:, :3])


def test_reachable_as_an_attribute_of_metrics():
    assert metrics.likelihood is likelihood
