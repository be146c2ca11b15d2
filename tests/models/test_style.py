"""Style transfer by the picture's own pixels: what is changed, what is not, and what is said of bad pictures."""

import keras
import numpy as np
import pytest
from keras import layers

from coursekit.models import encoders, style
from coursekit.models.style import StyleTransfer, features_of


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(3)
    return encoders.strided((32, 32, 3), (4, 6, 8), 8, 4)


@pytest.fixture(scope="module")
def features(network):
    return features_of(network)


@pytest.fixture(scope="module")
def pair():
    """A content of broad bands and a style of fine colored dots, 32x40 and 48x48."""
    content = np.repeat(np.linspace(0.2, 0.8, 40)[None, :, None], 32, 0) * np.ones(3)
    return content.astype("float32"), np.random.default_rng(0).random((48, 48, 3)).astype("float32")


def test_features_of_any_size_are_those_of_the_network(network, features):
    x = np.random.default_rng(1).random((2, 32, 32, 3)).astype("float32")
    for name, maps in zip(style.LAYERS, features(x), strict=True):
        np.testing.assert_allclose(np.array(maps), encoders.activations(network, x, name), atol=1e-5)
    assert [tuple(maps.shape) for maps in features(np.zeros((1, 24, 40, 3)))][1:] == [(1, 6, 10, 6), (1, 3, 5, 8)]


def test_painting_lowers_the_style_loss_and_moves_nothing_but_the_pixels(features, pair):
    before = [weight.copy() for weight in features.get_weights()]
    model = StyleTransfer(features, *pair, content_weight=0.1)
    content, style_before = (float(each) for each in model.losses([0, 0]))
    assert content == pytest.approx(0, abs=1e-6), "it begins with the content"
    picture = model.paint(60)
    assert float(model.losses([0, 0])[1]) < 0.5 * style_before
    assert (picture.shape, picture.dtype) == ((32, 40, 3), np.float32)
    assert 0 <= picture.min() < picture.max() <= 1
    assert all(np.array_equal(a, b) for a, b in zip(before, features.get_weights(), strict=True))


@pytest.mark.one_backend
def test_an_interrupted_painting_goes_on_and_other_pictures_are_noticed(features, pair, tmp_path):
    whole = StyleTransfer(features, *pair).paint(20, epochs=2)
    file = tmp_path / "painting.npz"
    StyleTransfer(features, *pair).paint(20, epochs=1, checkpoint=file)
    np.testing.assert_allclose(StyleTransfer(features, *pair).paint(20, epochs=2, checkpoint=file), whole, atol=1e-5)
    with pytest.raises(ValueError, match="data"):
        StyleTransfer(features, 1 - pair[0], pair[1]).paint(20, epochs=3, checkpoint=file)


def test_one_line_takes_names_and_arrays(features, pair):
    assert style.transfer(features, "cat", pair[1], size=32, steps=2).shape == (32, 32, 3)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (np.zeros((8, 40, 3)), {}, r"content picture of at least 16 pixels a side, got \[8, 40, 3\]"),
        (np.zeros((2, 32, 32, 3)), {}, "Expected one content picture"),
        (np.full((32, 32, 3), 200), {}, r"the content's pixels in \[0, 1\], got values from 200 to 200"),
        (np.zeros((32, 32, 3)), {"start": np.zeros((32, 30, 3))}, r"start of the content's shape \[32, 32, 3\]"),
        (np.zeros((32, 32, 1)), {}, r"pictures with 3 channels, as the features take them, got \[32, 32, 1\]"),
        (np.zeros((32, 32, 3)), {"content_layer": 3}, "content_layer from 0 to 2"),
        (np.zeros((32, 32, 3)), {"style_weight": -1}, "style_weight of at least 0"),
        (np.zeros((32, 32, 3)), {"reach": 0}, "reach"),
        (np.zeros((20, 20, 3)), {"reach": 30}, "reach below 21"),
    ],
)
def test_bad_pictures_and_settings_are_told(features, pair, content, options, message):
    with pytest.raises(ValueError, match=message):
        StyleTransfer(features, content, pair[1], **options)


def test_bad_moves_and_steps_are_told(features, pair):
    model = StyleTransfer(features, *pair)
    with pytest.raises(ValueError, match="steps"):
        model.paint(0)
    model.compile(canvas="adam")
    for moves in (np.array([[0, 8]]), np.zeros((4, 2)), np.zeros(4, int)):
        with pytest.raises(ValueError, match=r"Expected moves \[steps, 2\] in whole pixels from 0 to 7"):
            model.fit(moves, batch_size=1)


def test_bad_networks_are_told(network):
    with pytest.raises(ValueError, match="layers, such as conv1, got conv9"):
        features_of(network, ["conv1", "conv9"])
    with pytest.raises(ValueError, match="got none"):
        features_of(network, [])
    x = keras.Input((8, 8, 3))
    branched = keras.Model(x, layers.Add()([layers.Conv2D(3, 1, name="conv1")(x), x]))
    with pytest.raises(ValueError, match="branch"):
        features_of(branched, ["conv1"])
