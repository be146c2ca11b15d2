"""AdaIN: its decoder learns, its features do not, and its answer goes from the content to the style."""

import keras
import numpy as np
import pytest

from coursekit import data
from coursekit.models import adain, encoders, style
from coursekit.models.adain import AdaIN


@pytest.fixture(scope="module")
def features():
    keras.utils.set_random_seed(3)
    return style.features_of(encoders.strided((32, 32, 3), (8, 12, 8), 8, 4))


@pytest.fixture(scope="module")
def pictures():
    """Paintings, 32x32."""
    return data.load("brushes", "test", 12, size=32).images


@pytest.fixture(scope="module")
def trained(features, pictures):
    model = AdaIN(features, adain.decoder(12, (12, 8), 8))
    weights = [weight.copy() for weight in features.get_weights()]
    model.compile(decoder=keras.optimizers.Adam(5e-3))
    losses = model.fit(pictures, batch_size=4, epochs=15, verbose=0).history["loss"]
    return model, weights, losses


def test_the_decoder_learns_and_the_features_do_not(trained, features):
    _, weights, losses = trained
    assert losses[-1] < 0.7 * losses[0]
    assert all(np.array_equal(a, b) for a, b in zip(weights, features.get_weights(), strict=True))


def test_strength_and_weights_go_from_one_to_the_other(trained, pictures):
    model, (content, first, second) = trained[0], pictures[:3]
    draw = lambda *styles, **options: model.stylize(content, *styles, size=32, **options)
    plain, full = draw(first, strength=0), draw(first)
    np.testing.assert_allclose(plain, np.array(model(content[None]))[0], atol=1e-5)
    np.testing.assert_allclose(draw(second, strength=0), plain, atol=1e-5)
    assert np.abs(full - plain).max() > 0.02
    half = np.abs(draw(first, strength=0.5) - plain).mean()
    assert 0 < half < np.abs(full - plain).mean()
    np.testing.assert_allclose(draw(first, second, weights=(1, 0)), full, atol=1e-5)
    assert np.abs(draw(first, second) - full).max() > 1e-3


def test_sizes_that_the_decoder_cannot_double_are_cut(trained):
    assert trained[0].stylize("cat", "brick", size=37).shape == (37, 37, 3)


@pytest.mark.one_backend
def test_it_is_saved_with_its_networks(trained, pictures, tmp_path):
    trained[0].save(tmp_path / "adain.keras")
    again = keras.saving.load_model(tmp_path / "adain.keras")
    np.testing.assert_allclose(np.array(again(pictures[:2])), np.array(trained[0](pictures[:2])), atol=1e-5)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((1, 32, 32, 3)), "Expected two pictures or more"),
        (np.zeros((4, 30, 32, 3)), r"multiples of 4, .* got \[30, 32\]"),
        (np.zeros((4, 32, 32, 1)), r"Expected pictures \[n, None, None, 3\]|channels"),
        (np.full((4, 32, 32, 3), 255), r"in \[0, 1\], got values from 255"),
    ],
)
def test_bad_data_are_told(trained, x, message):
    with pytest.raises(ValueError, match=message):
        trained[0].fit(x, verbose=0)


def test_bad_networks_and_styles_are_told(trained, features):
    with pytest.raises(ValueError, match="level from 0 to 2, a map of the features, got 3"):
        AdaIN(features, adain.decoder(8), level=3)
    with pytest.raises(ValueError, match=r"a decoder from maps .* 12\), got \(None, None, 16\).*Give adain\.decoder"):
        AdaIN(features, adain.decoder(16))
    with pytest.raises(ValueError, match="Expected a style"):
        trained[0].stylize("cat")
    with pytest.raises(ValueError, match="Expected 2 weights that add up to 1"):
        trained[0].stylize("cat", "brick", "grass", weights=(1, 1))
    with pytest.raises(FileNotFoundError, match="no such file"):
        trained[0].stylize("cat", "nowhere.png")
