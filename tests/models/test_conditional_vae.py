"""A VAE that is told the class: it uses what it is told, and is a VAE where that says nothing."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit.models import conditional_vae, vae


def small(**options):
    keras.utils.set_random_seed(0)
    return conditional_vae.convolutional(3, classes=4, shape=(8, 8, 1), channels=(4,), width=8, **options)


X = np.random.default_rng(0).random((32, 8, 8, 1)).astype("float32")
Y = np.arange(32) % 4


def test_without_classes_in_the_decoder_it_is_a_vae():
    model = small(likelihood="gaussian")
    plain = vae.convolutional(3, (8, 8, 1), (4,), 8, likelihood="gaussian")
    plain.encoder.set_weights(model.encoder.get_weights())
    kernel, *others = model.decoder.get_weights()
    kernel[3:] = 0
    model.decoder.set_weights([kernel, *others])
    plain.decoder.set_weights([kernel[:3], *others])
    told, untold = model.elbo(X, Y, samples=2, seed=1), plain.elbo(X, samples=2, seed=1)
    np.testing.assert_allclose(np.array(told.elbo), np.array(untold.elbo), rtol=1e-5)


def test_the_bound_is_the_mean_of_the_log_weights():
    model = small()
    weights = ops.convert_to_numpy(model.log_weights(X, Y, samples=4000, seed=1)).mean(axis=0)
    bound = ops.convert_to_numpy(model.elbo(X, Y, samples=2000, seed=2).elbo)
    np.testing.assert_allclose(weights, bound, atol=0.2)


def test_it_learns_to_use_the_class(tmp_path):
    pictures = np.zeros((64, 8, 8, 1), "float32")
    for i, y in enumerate(np.arange(64) % 4):
        pictures[i, 2 * y : 2 * y + 2] = 1
    model = small()
    model.compile(keras.optimizers.Adam(2e-2))
    model.fit(pictures, np.arange(64) % 4, batch_size=16, epochs=25, verbose=0)
    samples = model.sample([0, 1, 2, 3, 3], seed=1)
    assert samples.shape == (5, 8, 8, 1)
    rows = samples[..., 0].mean(axis=2).reshape(5, 4, 2).mean(axis=2)
    assert rows.argmax(axis=1).tolist() == [0, 1, 2, 3, 3]
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.sample([0, 1, 2, 3, 3], seed=1), samples, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: small().checked(X), "Expected the class"),
        (lambda: small().checked(X, Y + 1), "from 0 to 3"),
        (lambda: small().sample([4]), "from 0 to 3"),
        (lambda: small().checked(X[:, :4], Y), "encoder's shape"),
    ],
)
def test_bad_classes_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_networks_that_do_not_fit_are_refused():
    encoder = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(6)])
    decoder = keras.Sequential([keras.Input((3,)), layers.Dense(64), layers.Reshape((8, 8, 1))])
    with pytest.raises(ValueError, match="latent_dim \\+ classes"):
        conditional_vae.ConditionalVAE(encoder, decoder)
