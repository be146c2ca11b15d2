"""What the student builds in lecture 14 and what the package holds are one: same weights, same noise, same losses."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit import paths
from coursekit.models.soft_introvae import PlainVAE, SoftIntroVAE

LECTURE = paths.notebooks() / "source" / "14_soft_introvae.py"
X = np.random.default_rng(0).normal(size=(32, 2)).astype("float32")
NOISE = np.random.default_rng(1).normal(size=(64, 2)).astype("float32")
COEFFICIENTS = {"beta_rec": 0.2, "beta_kl": 0.3}


def networks():
    """An encoder whose codes are certain, log-variances of -60, so that only the prior is drawn; and a decoder."""
    keras.utils.set_random_seed(2)
    encoder = keras.Sequential([keras.Input((2,)), layers.Dense(8, "relu"), layers.Dense(4)])
    decoder = keras.Sequential([keras.Input((2,)), layers.Dense(8, "relu"), layers.Dense(2)])
    kernel, _ = encoder.layers[-1].get_weights()
    kernel[:, 2:] = 0
    encoder.layers[-1].set_weights([kernel, np.array([0.0, 0.0, -60.0, -60.0])])
    return encoder, decoder


@pytest.fixture
def both(student):
    """The student's game and the package's, from the same weights."""
    return student["Game"](*networks()), SoftIntroVAE(*networks(), beta_neg=0.9, gamma_r=0.0, **COEFFICIENTS)


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


def test_the_exp_elbo_is_the_packages(student):
    package = SoftIntroVAE(*networks(), scale=0.5, beta_neg=0.9, **COEFFICIENTS)
    error, kl = np.float32([0.0, 0.4, 3.0]), np.float32([0.1, 1.0, 2.0])
    mine = student["exp_elbo"](-0.5 * (0.2 * error + 0.9 * kl))
    np.testing.assert_allclose(np.array(mine), np.array(package.exp_elbo(error, kl)), rtol=1e-5)


def test_same_weights_and_noise_same_losses(both):
    mine, package = both
    e_loss, z = mine.encoder_loss(X, NOISE[:32])
    their_loss, (_, their_z) = package.encoder_loss(X, NOISE[:32])
    assert number(e_loss) == pytest.approx(number(their_loss), rel=1e-5)
    np.testing.assert_allclose(np.array(z), np.array(their_z), atol=1e-5)
    theirs = package.decoder_loss(X, z, NOISE[:32])[0]
    assert number(mine.decoder_loss(X, z, NOISE[:32])) == pytest.approx(number(theirs), rel=1e-5)


def test_fakes_weigh_in_the_encoders_loss(student):
    """Where log-variances are 0 and means small, the exponential is not 0: it would not be missed above."""
    encoder, decoder = networks()
    encoder.layers[-1].set_weights([0.1 * weight for weight in encoder.layers[-1].get_weights()])
    mine = student["Game"](encoder, decoder)
    encoder.layers[-1].bias.assign(np.zeros(4))
    with_fakes = number(mine.encoder_loss(X, NOISE[:32])[0])
    z, kl = mine.read(X)
    error = student["error_of"](X, decoder(z))
    without = 0.5 * number(ops.mean(0.2 * error + 0.3 * kl))
    assert 0.2 < with_fakes - without < 0.51


@pytest.mark.parametrize("name", ["Game", "NoGame"])
def test_a_step_of_training_moves_both_alike(student, name):
    mine = student[name](*networks())
    if name == "Game":
        mine.normal = lambda shape: ops.convert_to_tensor(NOISE[: shape[0]])
        package = SoftIntroVAE(*networks(), beta_neg=0.9, gamma_r=0.0, **COEFFICIENTS)
        rates = {"encoder": 0.05, "decoder": 0.05}
    else:
        package, rates = PlainVAE(*networks(), **COEFFICIENTS), {"optimizer": 0.05}
    start = mine.get_weights()
    for model in (mine, package):
        model.compile(**{key: keras.optimizers.SGD(rate) for key, rate in rates.items()}, jit_compile=False)
    losses = [model.fit(X, batch_size=32, epochs=1, shuffle=False, verbose=0).history for model in (mine, package)]
    name = "e_loss" if name == "Game" else "loss"
    assert losses[0][name][0] == pytest.approx(losses[1][name][0], rel=1e-5)
    # Fakes of 58 nats weigh nothing, so the encoder's step has no chance in it; the decoder's has.
    for a, b, before in zip(mine.encoder.get_weights(), package.encoder.get_weights(), start, strict=False):
        np.testing.assert_allclose(a, b, atol=1e-5)
        assert np.abs(a - before).max() > 1e-4, "it has moved"
