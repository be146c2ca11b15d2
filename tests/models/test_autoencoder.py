import math

import keras
import numpy as np
import pytest

from coursekit import metrics, models
from coursekit.models.autoencoder import KLSparsity, convolutional, deep, linear, sparse
from coursekit.models.denoising import denoiser

BUILDERS = {
    "linear": lambda: linear(4),
    "deep": deep,
    "sparse, L1": lambda: sparse(keras.regularizers.L1(1e-4)),
    "sparse, KL": lambda: sparse(KLSparsity(0.1, 0.003), code_activation="sigmoid"),
    "convolutional": lambda: convolutional(activation="silu"),
    "denoiser": lambda: denoiser(channels=8),
}
every_model = pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)


def inputs_of(model, digits):
    return digits.flat if len(model.encoder.input_shape) == 2 else digits.images


def weights_in(model):
    return model.encoder.count_params() + model.decoder.count_params()


@pytest.mark.parametrize(
    ("model", "code", "weights"),
    [
        (lambda: linear(16), (16,), 784 * 16 + 16 + 16 * 784 + 784),
        (deep, (32,), 222_384),
        (lambda: deep(latent_dim=2, code_activation=None), (2,), 218_514),
        (lambda: sparse(None), (128,), 784 * 128 + 128 + 128 * 784 + 784),
        (convolutional, (4, 4, 8), 4_385),
    ],
    ids=["linear", "deep", "deep, 2 numbers", "sparse", "convolutional"],
)
def test_sizes_are_the_lectures(model, code, weights):
    model = model()
    assert model.encoder.output_shape[1:] == code
    assert model.decoder.output_shape == model.encoder.input_shape
    assert weights_in(model) == weights


def test_the_deep_layers_are_the_blogs():
    model = deep()
    widths = [layer.units for part in (model.encoder, model.decoder) for layer in part.layers]
    assert widths == [128, 64, 32, 64, 128, 784]
    activations = [layer.activation.__name__ for layer in model.decoder.layers]
    assert activations == ["relu", "relu", "sigmoid"]


@every_model
def test_a_model_is_its_decoder_after_its_encoder(build, digits):
    model = build()
    x = inputs_of(model, digits)[:5]
    rebuilt = model.predict(x, verbose=0)
    assert rebuilt.shape == x.shape
    by_hand = model.decoder.predict(model.encoder.predict(x, verbose=0), verbose=0)
    np.testing.assert_allclose(rebuilt, by_hand, atol=1e-5)


@every_model
def test_a_few_steps_of_training_beat_the_average_digit(build, digits):
    keras.utils.set_random_seed(0)
    model = build()
    loss = "mse" if model.name.startswith("linear") else "binary_crossentropy"
    model.compile(keras.optimizers.Adam(7e-3), loss, jit_compile=False)  # compiling for XLA would take longest
    x = inputs_of(model, digits)
    losses = model.fit(x, epochs=6, batch_size=16, verbose=0).history["loss"]
    assert losses[-1] < 0.7 * losses[0]
    assert metrics.unexplained_variance(model.predict(x, verbose=0), x) < 0.9


@every_model
def test_a_saved_model_is_the_same_model(build, digits, tmp_path):
    model = build()
    x = inputs_of(model, digits)[:5]
    before = model.predict(x, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded) is models.Autoencoder
    np.testing.assert_allclose(loaded.predict(x, verbose=0), before, atol=1e-5)
    assert [layer.get_config() for layer in loaded.encoder.layers] == [
        layer.get_config() for layer in model.encoder.layers
    ]


def test_another_target_may_be_asked_for(digits):
    model = linear(2)
    model.compile(keras.optimizers.SGD(0.0), "mse")
    x = digits.flat[:64]
    own, other = (model.fit(x, y, verbose=0).history["loss"][0] for y in (None, np.zeros_like(x)))
    assert own == pytest.approx(np.square(model.predict(x, verbose=0) - x).mean(), rel=1e-4)
    assert other == pytest.approx(np.square(model.predict(x, verbose=0)).mean(), rel=1e-4)


def test_the_loss_is_that_of_the_images_and_the_price_of_the_code(digits):
    model = sparse(keras.regularizers.L1(0.01))
    model.compile(keras.optimizers.SGD(0.0))
    x = digits.flat
    (loss,) = model.fit(x, batch_size=256, verbose=0).history["loss"]
    price = 0.01 * np.abs(model.encoder.predict(x, verbose=0)).sum(axis=1).mean()
    bce = metrics.binary_crossentropy(model.predict(x, verbose=0), x)
    assert price > 0.01
    assert loss == pytest.approx(bce + price, rel=1e-4)
    assert model.evaluate(x, batch_size=256, verbose=0) == pytest.approx(loss, rel=1e-4)


def test_a_function_of_two_batches_is_a_loss_too(digits):
    x = digits.flat[:64]
    losses = []
    for loss in ("mse", lambda x, x_hat: keras.ops.mean(keras.ops.square(x - x_hat), axis=-1)):
        keras.utils.set_random_seed(0)
        model = linear(2)
        model.compile("sgd", loss)
        losses.append(model.fit(x, validation_data=(x, x), verbose=0).history)
    for name in ("loss", "val_loss"):
        assert losses[0][name] == pytest.approx(losses[1][name], rel=1e-5)
    assert losses[0]["val_loss"][0] < losses[0]["loss"][0]


def test_a_saved_model_trains_on_as_it_was_compiled(digits, tmp_path):
    model = deep(latent_dim=4)
    model.compile(keras.optimizers.Adam(1e-3), "mse", jit_compile=False)
    x = digits.flat[:64]
    model.fit(x, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.loss == "mse"
    ends = []
    for one in (model, loaded):
        keras.utils.set_random_seed(1)
        ends.append(one.fit(x, epochs=2, verbose=0).history["loss"])
    np.testing.assert_allclose(*ends, rtol=1e-5)


@pytest.mark.parametrize("size", [0, -1, 2.0, 1.5, True, "32", None])
@pytest.mark.parametrize("build", [linear, deep, lambda latent_dim: sparse(None, latent_dim)])
def test_a_code_of_no_numbers_is_refused(build, size):
    with pytest.raises(ValueError, match="latent_dim to be a whole number of at least 1, got"):
        build(latent_dim=size)


@pytest.mark.parametrize(
    ("build", "name"),
    [
        (lambda: deep(widths=(128, 0)), r"widths\[1\]"),
        (lambda: deep(inputs=0), "inputs"),
        (lambda: convolutional(channels=(0, 8)), r"channels\[0\]"),
        (lambda: convolutional(code_channels=-8), "code_channels"),
        (lambda: denoiser(channels=0), "channels"),
    ],
)
def test_an_empty_layer_is_refused_by_name(build, name):
    with pytest.raises(ValueError, match=f"{name} to be a whole number"):
        build()


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.full((4, 784), 255, "uint8"), r"in \[0, 1\], got values from 255 to 255.*Divide by 255"),
        (np.full((4, 784), -0.1), "values from -0.1"),
        (np.full((4, 784), np.nan), "nan.*division by zero"),
        (np.full((4, 784), np.inf), "inf"),
        (np.zeros((0, 784)), r"non-empty array of numbers, got shape \(0, 784\)"),
        (np.full((4, 784), "ink"), "array of numbers"),
    ],
    ids=["bytes", "negative", "NaN", "infinite", "empty", "text"],
)
def test_what_is_no_image_is_refused_before_training(images, said):
    model = linear(2)
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=said):
        model.fit(images)


@pytest.mark.parametrize("sizes", [{"code_channels": 16}, {"channels": (8, 8)}], ids=str)
def test_equal_widths_still_return_to_28_pixels(sizes):
    model = convolutional(**sizes)
    assert model.decoder.output_shape == (None, 28, 28, 1)


def test_another_number_of_stages_is_refused():
    with pytest.raises(ValueError, match="two numbers of channels"):
        convolutional(channels=(16, 8, 8))


def test_parameters_can_be_counted_before_the_first_call():
    assert deep().count_params() == 222_384


def test_kl_sparsity_by_hand():
    code = np.array([[0.2, 0.0], [0.8, 0.1], [0.6, 0.0], [0.4, 0.1]], "float32")  # means 0.5 and 0.05
    one_unit = 0.05 * math.log(0.05 / 0.5) + 0.95 * math.log(0.95 / 0.5)  # the other unit is on target
    assert one_unit == pytest.approx(0.494632, abs=1e-6)
    assert float(KLSparsity(0.05, 2.0)(code)) == pytest.approx(4 * 2 * one_unit, abs=1e-5), "four images"


def test_kl_sparsity_is_least_at_its_target():
    at = lambda mean: float(KLSparsity(0.2, 1.0)(np.full((3, 5), mean, "float32")))
    assert at(0.2) == pytest.approx(0, abs=1e-5)
    assert at(0.1) > 1e-3
    assert at(0.3) > 1e-3
    assert np.isfinite([at(0.0), at(1.0)]).all(), "a unit that never or always wakes costs much, not infinity"


@pytest.mark.parametrize("rho", [0, 1, -0.1, 1.5, math.nan])
def test_an_impossible_target_activity_is_refused(rho):
    with pytest.raises(ValueError, match="rho between 0 and 1"):
        KLSparsity(rho)


def test_a_negative_price_is_refused():
    with pytest.raises(ValueError, match="weight of at least 0"):
        KLSparsity(weight=-1)


@pytest.mark.parametrize("images", [16, 64])
def test_l1_is_paid_per_image(images, digits):
    model = sparse(keras.regularizers.L1(0.01))
    x = digits.flat[:images]
    code = keras.ops.convert_to_numpy(model.encoder(x))
    assert float(sum(model.encoder.losses)) == pytest.approx(0.01 * np.abs(code).sum(axis=1).mean(), rel=1e-4)


@pytest.mark.parametrize("images", [16, 64])
def test_the_kl_price_is_its_weight_times_the_divergence(images, digits):
    model = sparse(KLSparsity(0.05, 0.1), code_activation="sigmoid")
    mean = keras.ops.convert_to_numpy(model.encoder(digits.flat[:images])).mean(axis=0)
    divergence = 0.05 * np.log(0.05 / mean) + 0.95 * np.log(0.95 / (1 - mean))
    assert float(sum(model.encoder.losses)) == pytest.approx(0.1 * divergence.sum(), rel=1e-3)
