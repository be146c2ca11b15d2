import math

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit import metrics
from coursekit.models import vae
from coursekit.models.vae import IWAE, VAE

BUILDERS = {
    "dense": vae.dense,
    "dense, Gaussian": lambda **options: vae.dense(likelihood="gaussian", **options),
    "dense, stochastic": lambda **options: vae.dense(binarization="stochastic", **options),
    "convolutional": lambda **options: vae.convolutional(4, channels=(8, 8), width=32, activation="silu", **options),
    "IWAE": lambda **options: vae.dense(kind=IWAE, samples=5, **options),
}
every_model = pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)


def number(variable):
    return float(np.array(variable.value))


def compiled(model, rate=3e-3):
    model.compile(keras.optimizers.Adam(rate), jit_compile=False)  # compiling for XLA would take longest
    return model


def inputs_of(model, digits):
    return digits.flat if len(model.encoder.input_shape) == 2 else digits.images


def black_and_white(digits):
    return metrics.likelihood.binarize(digits.flat, "thresholded")


# -- sizes and shapes --------------------------------------------------------------------------------------------------


def test_the_dense_networks_are_the_decks():
    model = vae.dense()
    assert [layer.units for layer in model.encoder.layers] == [64, 2 + 2]
    assert [layer.units for layer in model.decoder.layers] == [64, 784]
    trained = sum(math.prod(weight.shape) for weight in model.trainable_variables)
    assert trained == (784 * 64 + 64) + (64 * 4 + 4) + (2 * 64 + 64) + (64 * 784 + 784)


@pytest.mark.parametrize(
    ("shape", "channels", "width"), [((28, 28, 1), (16, 32), 0), ((64, 64, 3), (4, 8, 8, 8), 16)], ids=str
)
def test_convolutions_end_in_the_shape_they_began_with(shape, channels, width):
    model = vae.convolutional(6, shape, channels, width)
    x = np.random.default_rng(0).random((3, *shape)).astype("float32")
    mean, log_variance = model.encode(x)
    assert tuple(mean.shape) == tuple(log_variance.shape) == (3, 6)
    result = model.elbo(x, samples=2)
    assert tuple(result.z.shape) == (2, 3, 6)
    assert tuple(result.elbo.shape) == tuple(result.kl.shape) == tuple(result.reconstruction.shape) == (3,)
    assert tuple(model.log_weights(x, 4).shape) == (4, 3)
    assert tuple(model.decode(result.z).shape) == (2, 3, *shape)
    assert model.sample(5).shape == (5, *shape)
    assert model.predict(x, verbose=0).shape == x.shape


def test_rebuilt_is_decoded_from_the_mean_of_the_code(digits):
    model = vae.dense()
    by_hand = model.decode(model.encode(digits.flat)[0])
    np.testing.assert_allclose(model.predict(digits.flat, verbose=0), np.array(by_hand), atol=1e-5)


def test_samples_are_decoded_from_the_prior_and_come_again():
    model = vae.dense()
    images = model.sample(400)
    z = np.random.default_rng(0).standard_normal((400, 2)).astype("float32")
    np.testing.assert_allclose(images, np.array(model.decode(z)), atol=1e-5)
    np.testing.assert_array_equal(images, model.sample(400))
    assert not np.allclose(images, model.sample(400, seed=1))


def test_samples_of_a_very_sure_decoder_are_black_and_white():
    """exp(1000) is infinite; sigmoid(-1000) is 0."""
    model = vae.dense(2, (4,), inputs=2)
    kernel, _ = model.decoder.layers[-1].get_weights()
    model.decoder.layers[-1].set_weights([0 * kernel, np.array([-1000.0, 1000.0])])
    np.testing.assert_array_equal(model.sample(3), [[0, 1]] * 3)


# -- training ----------------------------------------------------------------------------------------------------------


@every_model
def test_a_few_steps_of_training_raise_the_bound(build, digits):
    keras.utils.set_random_seed(0)
    model = compiled(build(), rate=7e-3)
    x = inputs_of(model, digits)
    before = metrics.likelihood.elbo(x, model.elbo).elbo
    losses = model.fit(x, batch_size=16, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert metrics.likelihood.elbo(x, model.elbo).elbo > before + 100
    assert metrics.unexplained_variance(model.predict(x, verbose=0), x) < 1


def test_history_and_validation_name_the_parts_of_the_bound(digits):
    model = compiled(vae.dense())
    history = model.fit(digits.flat, batch_size=64, epochs=2, validation_data=digits.flat[:64], verbose=0).history
    assert set(history) == {prefix + part for prefix in ("", "val_") for part in ("loss", "reconstruction", "kl")}
    np.testing.assert_allclose(history["loss"], np.add(history["reconstruction"], history["kl"]), rtol=1e-5)


def test_training_again_with_the_same_seeds_is_the_same_training(digits):
    def weights():
        keras.utils.set_random_seed(3)
        model = compiled(vae.dense(binarization="stochastic"))
        model.fit(digits.flat[:64], epochs=2, verbose=0)
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    np.testing.assert_array_equal(weights(), weights())


def test_stochastic_binarization_draws_anew_in_each_step(digits):
    model = vae.dense(binarization="stochastic")
    gray = ops.convert_to_tensor(np.full((200, 784), 0.3, "float32"))
    first, second = np.array(model.binarize(gray)), np.array(model.binarize(gray))
    assert set(np.unique(first)) == {0, 1}
    assert first.mean() == pytest.approx(0.3, abs=0.01)
    assert (first != second).mean() == pytest.approx(2 * 0.3 * 0.7, abs=0.02)
    levels = ops.convert_to_tensor([[0.0, 0.4, 0.6, 1.0]])
    np.testing.assert_array_equal(np.array(vae.dense(binarization="thresholded").binarize(levels)), [[0, 0, 1, 1]])
    np.testing.assert_array_equal(np.array(vae.dense().binarize(levels)), np.array(levels))


def test_more_samples_of_the_code_steady_the_bound(digits):
    """The variance of a mean of L: the 16th part, where L is 16."""
    model = vae.dense()
    x = digits.flat[:8]
    scatter = lambda samples: np.var([np.array(model.elbo(x, samples).elbo) for _ in range(40)], axis=0).mean()
    assert scatter(16) == pytest.approx(scatter(1) / 16, rel=0.5)


def test_the_gaussian_likelihood_learns_the_noise_of_the_images():
    """Nothing to see but noise of standard deviation 0.1 around one gray picture."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    picture = np.linspace(0.35, 0.65, 50)
    x = np.clip(picture + 0.1 * rng.standard_normal((512, 50)), 0, 1).astype("float32")
    model = compiled(vae.dense(1, (8,), inputs=50, likelihood="gaussian"), rate=0.02)
    assert number(model.log_sigma) == -2
    model.fit(x, batch_size=32, epochs=25, verbose=0)
    assert math.exp(number(model.log_sigma)) == pytest.approx(0.1, rel=0.05)


# -- what can be turned while it trains --------------------------------------------------------------------------------


def test_beta_and_free_bits_act_without_compiling_again(digits):
    """Read from the history of a training that stands still, so that only they change."""
    model = compiled(vae.dense(4), rate=0.0)

    def paid():
        logs = model.fit(digits.flat, batch_size=64, verbose=0).history
        return logs["loss"][0] - logs["reconstruction"][0], logs["kl"][0]

    price, kl = paid()
    function = model.train_function
    assert price == pytest.approx(kl, abs=1e-3)
    model.beta.assign(30.0)
    assert paid() == (pytest.approx(30 * kl, abs=1e-3), pytest.approx(kl, abs=1e-6))
    model.free_bits.assign(5.0)
    assert paid() == (pytest.approx(30 * 4 * 5, abs=1e-3), pytest.approx(kl, abs=1e-6))
    assert model.train_function is function


def test_a_large_beta_empties_the_code(digits):
    def nats(beta):
        keras.utils.set_random_seed(0)
        model = compiled(vae.dense(4, beta=beta), rate=0.01)
        return model.fit(digits.flat, batch_size=16, epochs=4, verbose=0).history["kl"][-1]

    assert nats(0.01) > 20
    assert nats(200.0) < 0.1


def test_warm_up_grows_to_one_and_stays_there(digits):
    model = compiled(vae.dense(warm_up=10))
    assert number(model.warmth) == 0
    model.fit(digits.flat[:96], batch_size=16, verbose=0)  # 6 steps
    assert number(model.warmth) == pytest.approx(0.6)
    model.fit(digits.flat[:96], batch_size=16, verbose=0)
    assert number(model.warmth) == 1
    assert number(vae.dense().warmth) == 1, "without a warm-up the divergence counts at once"


def test_the_first_step_of_a_warm_up_pays_nothing_for_the_code(digits):
    model = compiled(vae.dense(warm_up=10))
    logs = model.fit(digits.flat[:16], batch_size=16, verbose=0).history
    assert logs["kl"][0] > 0.01
    assert logs["loss"][0] == pytest.approx(logs["reconstruction"][0], rel=1e-5)


def test_warm_up_goes_on_where_a_checkpoint_stopped(digits, tmp_path):
    run = {"batch_size": 16, "verbose": 0, "checkpoint": tmp_path / "run"}
    x = digits.flat[:96]
    compiled(vae.dense(warm_up=15)).fit(x, epochs=1, **run)
    resumed = compiled(vae.dense(warm_up=15))
    resumed.fit(x, epochs=2, **run)
    assert number(resumed.warmth) == pytest.approx(12 / 15)


# -- files -------------------------------------------------------------------------------------------------------------


@every_model
def test_a_saved_model_is_the_same_model(build, digits, tmp_path):
    model = compiled(build())
    x = inputs_of(model, digits)[:64]
    model.fit(x, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded) is type(model)
    assert (loaded.likelihood, loaded.samples, loaded.binarization) == (
        model.likelihood,
        model.samples,
        model.binarization,
    )
    assert metrics.likelihood.elbo(x, loaded.elbo).elbo == metrics.likelihood.elbo(x, model.elbo).elbo
    loaded.noise.state.assign(np.array(model.noise.state.value))  # Keras's files have no seeds in them
    model.fit(x, shuffle=False, verbose=0)
    loaded.fit(x, shuffle=False, verbose=0)
    for ours, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_what_was_turned_is_saved(digits, tmp_path):
    model = compiled(vae.dense(beta=2.0, free_bits=0.1, warm_up=8, seed=5))
    model.fit(digits.flat[:64], batch_size=16, verbose=0)
    model.beta.assign(7.0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert (number(loaded.beta), number(loaded.warmth), loaded.warm_up, loaded.seed) == (7.0, 0.5, 8, 5)
    assert number(loaded.free_bits) == pytest.approx(0.1)


# -- what it says to bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"latent_dim": 0}, "Expected latent_dim to be a whole number of at least 1, got 0"),
        ({"latent_dim": 2.0}, r"Expected latent_dim .* got 2\.0"),
        ({"widths": (64, 0)}, r"Expected widths\[1\] .* got 0"),
        ({"samples": 0}, "Expected samples to be a whole number of at least 1, got 0"),
        ({"likelihood": "poisson"}, "Expected likelihood to be one of 'bernoulli', 'gaussian', got 'poisson'"),
        ({"binarization": "fixed"}, "Expected binarization to be one of 'none', 'thresholded', 'stochastic', got"),
        ({"beta": -1}, "Expected beta of at least 0, got -1"),
        ({"free_bits": math.nan}, "Expected free_bits of at least 0, got nan"),
        ({"warm_up": -5}, "Expected warm_up of at least 0, got -5"),
        ({"kind": IWAE, "samples": 0}, "Expected samples"),
        ({"kind": IWAE, "beta": 2.0}, "Expected an IWAE without beta"),
    ],
    ids=str,
)
def test_settings_that_make_no_model(options, message):
    with pytest.raises(ValueError, match=message):
        vae.dense(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shape": (28, 28)}, r"Expected a shape \(height, width, channels\)"),
        ({"shape": (30, 28, 1)}, "multiples of 4, got"),
        ({"latent_dim": 0}, "Expected latent_dim"),
        ({"channels": (16, 0)}, r"Expected channels\[1\]"),
    ],
    ids=str,
)
def test_convolutions_that_make_no_model(options, message):
    with pytest.raises(ValueError, match=message):
        vae.convolutional(**options)


@pytest.mark.parametrize(
    ("outputs", "image", "message"),
    [
        (5, 8, r"Expected an encoder with the means .* of the decoder's 2 inputs as outputs, \(4,\), got \(5,\)"),
        (4, 9, r"Expected a decoder that answers with the encoder's images, \(8,\), got \(9,\)"),
    ],
    ids=["code", "image"],
)
def test_networks_that_do_not_fit_together(outputs, image, message):
    encoder = keras.Sequential([keras.Input((8,)), layers.Dense(outputs)])
    decoder = keras.Sequential([keras.Input((2,)), layers.Dense(image)])
    with pytest.raises(ValueError, match=message):
        VAE(encoder, decoder)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x: 255 * x, r"Expected images in \[0, 1\], got values from 0 to 255.*Divide by 255"),
        (lambda x: x - 0.5, r"Expected images in \[0, 1\], got values from -0\.5"),
        (lambda x: np.where(x > 0.9, np.nan, x), r"Expected images in \[0, 1\].*NaN"),
        (lambda x: x.reshape(-1, 28, 28), r"Expected images of the encoder's shape \[n, 784\], got \[64, 28, 28\]"),
        (lambda x: x[:, :100], r"Expected images of the encoder's shape \[n, 784\], got \[64, 100\]"),
    ],
    ids=["bytes", "negative", "NaN", "not flat", "cut"],
)
def test_images_that_it_cannot_train_on(spoil, message, digits):
    model = compiled(vae.dense())
    with pytest.raises(ValueError, match=message):
        model.fit(spoil(digits.flat[:64]), verbose=0)


def test_no_samples_and_no_images_of_another_shape(digits):
    model = vae.dense()
    for measure in (model.elbo, model.log_weights):
        with pytest.raises(ValueError, match="Expected samples to be a whole number of at least 1, got 0"):
            measure(digits.flat[:4], 0)
        with pytest.raises(
            ValueError, match=r"Expected images of the encoder's shape \[n, 784\], got \[4, 28, 28, 1\]"
        ):
            measure(digits.images[:4], 1)
    with pytest.raises(ValueError, match="Expected count"):
        model.sample(0)
