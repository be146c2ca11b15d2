"""Soft-IntroVAE as a model: it trains, is saved, goes on, and says what it cannot use."""

import keras
import numpy as np
import pytest
from keras import layers

from coursekit import data, metrics
from coursekit.models import soft_introvae
from coursekit.models.soft_introvae import PlainVAE, SoftIntroVAE

RING = data.toy("narrow-ring").sample(256)
SMALL = {"widths": (8, 8)}
KINDS = pytest.mark.parametrize("kind", [PlainVAE, SoftIntroVAE])


def number(variable):
    return float(np.array(variable.value))


def compiled(model, rate=3e-3, **options):
    names = ("encoder", "decoder") if isinstance(model, SoftIntroVAE) else ("optimizer",)
    model.compile(**{name: keras.optimizers.Adam(rate) for name in names}, jit_compile=False, **options)
    return model


def test_the_networks_are_the_authors():
    model = soft_introvae.dense()
    assert [layer.units for layer in model.encoder.layers] == [256] * 4 + [4]
    assert [layer.units for layer in model.decoder.layers] == [256] * 4 + [2]


@KINDS
def test_convolutions_end_in_the_shape_they_began_with(kind, digits):
    model = soft_introvae.convolutional(6, channels=(4, 8), kind=kind)
    x = digits.images[:5]
    error, kl = model.scores(x, batch_size=2)
    assert error.shape == kl.shape == (5,)
    assert model.predict(x, verbose=0).shape == model.sample(5).shape == x.shape
    assert 0 <= model.sample(5).min() <= model.sample(5).max() <= 1
    logs = compiled(model).fit(x, batch_size=5, verbose=0).history
    assert all(np.isfinite(values).all() for values in logs.values())


def test_scores_are_those_of_the_mean_code(digits):
    model = soft_introvae.convolutional(3, channels=(4, 8))
    error, kl = model.scores(digits.images[:7])
    rebuilt = model.predict(digits.images[:7], verbose=0)
    np.testing.assert_allclose(error, ((digits.images[:7] - rebuilt) ** 2).sum(axis=(1, 2, 3)), rtol=1e-4)
    mean, log_variance = (np.array(part) for part in model.encode(digits.images[:7]))
    by_hand = 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1)
    np.testing.assert_allclose(kl, by_hand, rtol=1e-4)


def test_samples_come_again_and_are_the_decoders():
    model = soft_introvae.dense(**SMALL)
    np.testing.assert_array_equal(model.sample(300), model.sample(300))
    assert not np.allclose(model.sample(300), model.sample(300, seed=1))
    z = np.random.default_rng(0).standard_normal((4, 2)).astype("float32")
    np.testing.assert_allclose(model.generate(z), np.array(model.decoder(z)), atol=1e-5)


def test_the_game_brings_samples_to_the_data_where_a_plain_vae_does_not():
    """The lesson of lecture 14, in little: nearer to the ring after the same number of steps."""
    points, far = data.toy("narrow-ring").sample(25_600), {}
    for kind, options in ((PlainVAE, {}), (SoftIntroVAE, {"beta_neg": 0.9})):
        keras.utils.set_random_seed(0)
        model = soft_introvae.dense(widths=(32, 32, 32), kind=kind, beta_rec=0.2, beta_kl=0.3, **options)
        compiled(model).fit(points, batch_size=128, epochs=3, verbose=0)
        far[kind] = np.abs(np.linalg.norm(model.sample(2000), axis=1) - 2 / 1.414).mean()
    assert far[SoftIntroVAE] < 0.6 * far[PlainVAE]


def test_coefficients_act_without_compiling_again():
    """Read from the history of a training that stands still."""
    model = compiled(soft_introvae.dense(**SMALL), rate=0.0)
    model.beta_rec.assign(0.0)

    def price():
        """The decoder's loss, and the KL of fakes, of the same step."""
        logs = model.fit(RING, batch_size=256, verbose=0).history
        return logs["d_loss"][0], (logs["kl_rebuilt"][0] + logs["kl_sampled"][0]) / 2

    paid, kl = price()
    function = model.train_function
    assert paid == pytest.approx(0.5 * kl, rel=1e-4)
    model.beta_kl.assign(3.0)
    paid, kl = price()
    assert paid == pytest.approx(0.5 * 3 * kl, rel=1e-4)
    assert model.train_function is function


def test_the_target_decoder_is_copied_when_it_is_due():
    model = compiled(soft_introvae.dense(**SMALL, target_every=3, gamma_r=0.5))
    first = [weight.copy() for weight in model.decoder.get_weights()]
    same = lambda a, b: all(map(np.array_equal, a, b))
    model.fit(RING[:64], batch_size=32, verbose=0)  # 2 steps
    assert same(model.target.get_weights(), first)
    assert not same(model.decoder.get_weights(), first)
    model.fit(RING[:32], batch_size=32, verbose=0)  # the third
    assert same(model.target.get_weights(), model.decoder.get_weights())


@KINDS
def test_a_saved_model_is_the_same_model_and_goes_on(kind, tmp_path):
    options = {"beta_neg": 0.7, "gamma_r": 0.3, "target_every": 4} if kind is SoftIntroVAE else {}
    model = compiled(soft_introvae.dense(**SMALL, kind=kind, beta_rec=0.2, beta_kl=0.4, **options))
    model.fit(RING, batch_size=64, verbose=0)
    model.beta_kl.assign(0.25)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded) is kind
    assert (number(loaded.beta_rec), number(loaded.beta_kl)) == (pytest.approx(0.2), 0.25)
    np.testing.assert_allclose(loaded.scores(RING), model.scores(RING), rtol=1e-5)
    loaded.random.state.assign(np.array(model.random.state.value))  # Keras's files have no seeds in them
    for each in (model, loaded):
        each.fit(RING, batch_size=64, shuffle=False, verbose=0)
    for ours, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_training_again_with_the_same_seeds_is_the_same_training():
    def weights():
        keras.utils.set_random_seed(3)
        model = compiled(soft_introvae.dense(**SMALL))
        model.fit(RING, batch_size=64, verbose=0)
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    np.testing.assert_array_equal(weights(), weights())


# -- what it says to bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"beta_neg": -1}, "Expected beta_neg of at least 0, got -1"),
        ({"gamma_r": float("nan")}, "Expected gamma_r of at least 0, got nan"),
        ({"alpha": 0}, "Expected alpha above 0, got 0"),
        ({"scale": -1.0}, r"Expected scale above 0, got -1\.0"),
        ({"target_every": 2.5}, r"Expected target_every to be a whole number of at least 0, got 2\.5"),
        ({"output": "tanh"}, "Expected output to be one of 'linear', 'sigmoid', got 'tanh'"),
        ({"latent_dim": 0}, "Expected latent_dim"),
        ({"seed": -1}, "Expected seed"),
        ({"kind": PlainVAE, "beta_rec": -0.1}, r"Expected beta_rec of at least 0, got -0\.1"),
    ],
    ids=str,
)
def test_settings_that_make_no_model(options, message):
    with pytest.raises(ValueError, match=message):
        soft_introvae.dense(**options)


def net(inputs, *rest):
    return keras.Sequential([keras.Input((inputs,)), *rest])


@pytest.mark.parametrize(
    ("encoder", "decoder", "output", "message"),
    [
        (
            net(8, layers.Dense(5)),
            net(2, layers.Dense(8)),
            "linear",
            r"of the decoder's 2 inputs .* \(4,\), got \(5,\)",
        ),
        (net(8, layers.Dense(4)), net(2, layers.Dense(9)), "linear", r"answers with the encoder's data, \(8,\), got"),
        (net(8, layers.Dense(4)), net(2, layers.Dense(8, "sigmoid")), "sigmoid", "to end in logits.*in sigmoid"),
    ],
    ids=["codes", "data", "logits"],
)
def test_networks_that_do_not_fit(encoder, decoder, output, message):
    with pytest.raises(ValueError, match=message):
        SoftIntroVAE(encoder, decoder, output)


def test_players_with_a_layer_in_common():
    both = layers.Dense(4)
    with pytest.raises(ValueError, match="without common weights"):
        SoftIntroVAE(net(4, both), net(2, layers.Dense(4), both))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x: 255 * x, r"Expected images in \[0, 1\], got values from 0 to 255"),
        (lambda x: x[:, :100], r"Expected data of the encoder's shape \[n, 784\], got \[64, 100\]"),
    ],
    ids=["bytes", "cut"],
)
def test_images_that_it_cannot_train_on(spoil, message, digits):
    model = compiled(soft_introvae.dense(inputs=784, output="sigmoid", **SMALL))
    with pytest.raises(ValueError, match=message):
        model.fit(spoil(digits.flat[:64]), verbose=0)
    with pytest.raises(ValueError, match=message):
        model.scores(spoil(digits.flat[:64]))


def test_labels_and_too_few_optimizers():
    model = compiled(soft_introvae.dense(**SMALL))
    with pytest.raises(ValueError, match="without labels"):
        model.fit(RING, np.zeros(len(RING)), verbose=0)
    model.compile(encoder="adam")
    with pytest.raises(ValueError, match="Expected an optimizer for decoder"):
        model.fit(RING, verbose=0)
    with pytest.raises(ValueError, match=r"Expected codes z \[n, 2\]"):
        model.generate(np.zeros((3, 5)))
    with pytest.raises(ValueError, match="Expected count"):
        model.sample(0)


def test_a_density_of_prices_is_highest_on_the_data():
    """What the lecture's maps draw: trained a little, a VAE finds the ring cheaper than the plane around it."""
    keras.utils.set_random_seed(0)
    model = compiled(soft_introvae.dense(widths=(32, 32), kind=PlainVAE))
    model.fit(data.toy("narrow-ring").sample(12_800), batch_size=64, epochs=2, verbose=0)
    cost = lambda points: np.sum(model.scores(points), axis=0)
    assert metrics.grid_normalized_elbo(cost, RING, (-4, 4, -4, 4), side=50) < 1 / (50 * 50 + 256)
