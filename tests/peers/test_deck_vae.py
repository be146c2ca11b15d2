"""The deck's VAE, its slides' own lines run under Keras 3, beside ours: the same weights, the same noise."""

import types

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit import data
from coursekit.models import vae

SAMPLING = """
def sampling(args):
    z_mean, z_log_sigma = args
    epsilon = K.random_normal(shape=(K.shape(z_mean)[0], latent_dim),
                               mean=0., stddev=0.1)
    return z_mean + K.exp(z_log_sigma) * epsilon
"""

LOSS = """
reconstruction_loss = keras.losses.binary_crossentropy(inputs, outputs)
reconstruction_loss *= original_dim
kl_loss = 1 + z_log_sigma - K.square(z_mean) - K.exp(z_log_sigma)
kl_loss = K.sum(kl_loss, axis=-1)
kl_loss *= -0.5
vae_loss = K.mean(reconstruction_loss + kl_loss)
"""

CORRECTED = SAMPLING.replace("stddev=0.1", "stddev=1.0").replace("K.exp(z_log_sigma)", "K.exp(0.5 * z_log_sigma)")

original_dim, intermediate_dim, latent_dim = 28 * 28, 64, 2
SEED = 7


def old_backend(noise):
    """What the slides call `K`: Keras 3 has the same functions in `keras.ops`, and none that draws random numbers."""
    return types.SimpleNamespace(
        random_normal=lambda shape, mean, stddev: mean + stddev * noise,
        **{name: getattr(ops, name) for name in ("shape", "exp", "square", "sum", "mean")},
    )


def deck(sampling, model, x):
    """The slides' layers with the weights of `model`, and all the names that their lines leave behind."""
    inputs = keras.Input(shape=(original_dim,))
    h = layers.Dense(intermediate_dim, activation="relu")(inputs)
    z_mean = layers.Dense(latent_dim)(h)
    z_log_sigma = layers.Dense(latent_dim)(h)
    heads = keras.Model(inputs, [z_mean, z_log_sigma])
    latent_inputs = keras.Input(shape=(latent_dim,), name="z_sampling")
    hidden = layers.Dense(intermediate_dim, activation="relu")(latent_inputs)
    decoder = keras.Model(latent_inputs, layers.Dense(original_dim, activation="sigmoid")(hidden), name="decoder")

    kernel, bias, head_kernel, head_bias = model.encoder.get_weights()
    (mean_kernel, log_kernel), (mean_bias, log_bias) = np.split(head_kernel, 2, axis=1), np.split(head_bias, 2)
    heads.set_weights([kernel, bias, mean_kernel, mean_bias, log_kernel, log_bias])
    decoder.set_weights(model.decoder.get_weights())

    z_mean, z_log_sigma = heads(x)
    noise = keras.random.normal((1, len(x), latent_dim), seed=SEED)[0]
    names = {"keras": keras, "K": old_backend(noise), "latent_dim": latent_dim, "original_dim": original_dim}
    names |= {"inputs": ops.convert_to_tensor(x), "z_mean": z_mean, "z_log_sigma": z_log_sigma}
    exec(sampling, names)
    names["outputs"] = decoder(names["sampling"]([z_mean, z_log_sigma]))
    exec(LOSS, names)
    return types.SimpleNamespace(**names)


@pytest.fixture(scope="module")
def x():
    return data.load("digits", "test", limit=100).flat


@pytest.fixture
def model(x):
    """Trained a little, so that means, variances and images are not all alike."""
    keras.utils.set_random_seed(0)
    model = vae.dense(latent_dim, (intermediate_dim,))
    model.compile(keras.optimizers.Adam(3e-3), jit_compile=False)
    model.fit(x, batch_size=20, epochs=20, verbose=0)
    return model


def with_log_variance(model, to_kernel, to_bias):
    """Change what the encoder answers as log-variance."""
    *first, kernel, bias = model.encoder.get_weights()
    kernel[:, latent_dim:], bias[latent_dim:] = to_kernel(kernel[:, latent_dim:]), to_bias(bias[latent_dim:])
    model.encoder.set_weights([*first, kernel, bias])


def test_the_decks_expression_corrected_is_our_loss(model, x):
    theirs = deck(CORRECTED, model, x)
    ours = model.elbo(x, seed=SEED)
    assert np.array(ours.kl).std() > 0.1
    np.testing.assert_allclose(np.array(ours.kl), np.array(theirs.kl_loss), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(-np.array(ours.reconstruction), np.array(theirs.reconstruction_loss), rtol=1e-5)
    assert -float(ops.mean(ours.elbo)) == pytest.approx(float(theirs.vae_loss), rel=1e-5)


def test_our_training_minimizes_the_decks_expression_corrected(model, x):
    """`objective`, what `fit` hands to the optimizer, and not only `elbo`."""
    model.reparameterize = lambda mean, log_variance, samples: type(model).reparameterize(
        model, mean, log_variance, samples, seed=SEED
    )
    loss, parts = model.objective(ops.convert_to_tensor(x))
    theirs = deck(CORRECTED, model, x)
    assert float(loss) == pytest.approx(float(theirs.vae_loss), rel=1e-5)
    assert float(parts["kl"]) == pytest.approx(float(ops.mean(theirs.kl_loss)), rel=1e-5)


def test_as_printed_it_is_no_bound(model, x):
    """Its codes have the standard deviation 0.1 exp(s). The bound for these codes is less by
    (0.01 exp(2s) - exp(s) - s + log 100) / 2 nats in each dimension: that much too good is what the slide prints.
    """
    printed = deck(SAMPLING, model, x)
    s = np.array(printed.z_log_sigma, "float64")
    with_log_variance(model, lambda kernel: 2 * kernel, lambda bias: 2 * bias + 2 * np.log(0.1))
    bound = model.elbo(x, seed=SEED)
    np.testing.assert_allclose(-np.array(bound.reconstruction), np.array(printed.reconstruction_loss), rtol=1e-5)
    too_good = (0.5 * (0.01 * np.exp(2 * s) - np.exp(s) - s + np.log(100))).sum(axis=1).mean()
    assert -float(ops.mean(bound.elbo)) - float(printed.vae_loss) == pytest.approx(too_good, abs=2e-3)
    assert too_good > 1


def test_where_s_is_0_the_slide_is_3_6_nats_too_good(model, x):
    with_log_variance(model, np.zeros_like, np.zeros_like)
    printed = deck(SAMPLING, model, x)
    with_log_variance(model, np.zeros_like, lambda bias: np.full_like(bias, 2 * np.log(0.1)))
    difference = -float(ops.mean(model.elbo(x, seed=SEED).elbo)) - float(printed.vae_loss)
    assert difference == pytest.approx(3.6, abs=0.05)
