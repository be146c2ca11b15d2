import io
import re

import numpy as np
import pytest
from PIL import Image

from coursekit.training import backend
from coursekit.widgets import DecoderExplorer

keras = backend.load()
layers = keras.layers


def sequential(*parts, latent_dim=2):
    return keras.Sequential([keras.Input((latent_dim,)), *parts])


@pytest.fixture(scope="module")
def halves():
    """z1 is the logit of the left half, z2 of the right half."""
    model = sequential(layers.Dense(64))
    kernel = np.repeat(np.eye(2), 4, axis=1)[:, None].repeat(8, axis=1)
    model.set_weights([kernel.reshape(2, 64), np.zeros(64)])
    return model


def pixels(file):
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


def test_any_object_with_a_decoder_will_do():
    from coursekit.models import vae

    flat = DecoderExplorer(vae.dense(2))
    assert (flat.latent_dim, flat._size, flat._output, flat.live) == (2, [28, 28, 1], "logits", False)
    deep = DecoderExplorer(vae.convolutional(16, shape=(64, 64, 3), channels=(8, 8, 8), width=0))
    assert (deep.latent_dim, deep._size, deep._output, deep.live) == (16, [64, 64, 3], "logits", False)


@pytest.mark.parametrize(
    ("parts", "shape", "size"),
    [
        ([layers.Dense(49)], None, [7, 7, 1]),
        ([layers.Dense(147)], None, [7, 7, 3]),
        ([layers.Dense(12)], (3, 4), [3, 4, 1]),
        ([layers.Dense(36)], (3, 4, 3), [3, 4, 3]),
        ([layers.Dense(12), layers.Reshape((3, 4))], None, [3, 4, 1]),
        ([layers.Dense(36), layers.Reshape((3, 4, 3))], None, [3, 4, 3]),
    ],
)
def test_the_images_shape_is_guessed(parts, shape, size):
    explorer = DecoderExplorer(sequential(*parts), shape=shape)
    assert explorer._size == size
    assert explorer.decode([[0, 0]]).shape == (1, *(size[:2] if size[2] == 1 else size))


@pytest.mark.parametrize(
    ("activation", "output", "level"),
    [(None, "logits", 0.5), ("sigmoid", "images", 0.5), ("tanh", "signed", 0.5), ("relu", "images", 0)],
)
def test_what_the_decoder_gives_is_guessed(activation, output, level):
    explorer = DecoderExplorer(sequential(layers.Dense(16, activation)))
    assert explorer._output == output
    assert explorer.decode([[0, 0]]).tolist() == [[[level] * 4] * 4]
    assert DecoderExplorer(sequential(layers.Dense(16, activation)), output="images")._output == "images"


def test_images_are_what_keras_makes(halves):
    images = DecoderExplorer(halves).decode([[1, -2], [0, 30]])
    assert images[:, 0, [0, 7]] == pytest.approx(1 / (1 + np.exp([[-1, 2], [0, -30]])), abs=1e-6)


def test_the_static_twin_is_the_plane_with_up_at_the_top(halves):
    light = pixels(DecoderExplorer(halves, cmap="gray").grid())[..., 0]
    ink = pixels(DecoderExplorer(halves).grid())[..., 0]
    left, top, tile = 52, 26, 8 * round(60 / 8)
    at = lambda page, row, column: page[top + row * tile + tile // 2, left + column * tile + np.array([3, tile - 4])]
    low, high = round(255 / (1 + np.exp(3))), round(255 / (1 + np.exp(-3)))
    assert at(light, 0, 8).tolist() == [high, high]
    assert at(light, 8, 8).tolist() == [high, low], "across is z1, the left half"
    assert at(ink, 8, 8).tolist() == [255 - high, 255 - low]
    quantiles = pixels(DecoderExplorer(halves, cmap="gray").grid(3, quantiles=True))[..., 0]
    assert at(quantiles, 0, 2)[0] == round(255 / (1 + np.exp(-0.9674))), "the normal distribution's 5/6 quantile"


def test_the_grid_moves_two_dimensions_and_leaves_the_others():
    decoder = sequential(layers.Dense(64), latent_dim=4)
    kernel = np.zeros((4, 64))
    kernel[3] = kernel[1] = 1
    decoder.set_weights([kernel, np.zeros(64)])
    explorer = DecoderExplorer(decoder, origin=[0, -100, 0, 0], plane=(0, 3), cmap="gray")
    assert (pixels(explorer.grid())[100:-100, 100:-100] == 0).all()
    assert repr(explorer) == "DecoderExplorer(4 numbers to 8 x 8 pixels; z1 and z4 from -3 to 3)"


def test_z_is_checked_whoever_sets_it(halves):
    explorer = DecoderExplorer(halves, origin=[1, 2])
    assert explorer.z == [1, 2]
    explorer.z = np.array([0.5, -1])
    assert explorer.z == [0.5, -1]
    explorer.set_state({"z": [2, 2]})
    assert explorer.z == [2, 2]
    with pytest.raises(ValueError, match=r"Expected z to be 2 finite numbers.* got \[1, 2, 3\]"):
        explorer.z = [1, 2, 3]
    with pytest.raises(ValueError, match="Expected z to be 2 finite numbers"):
        explorer.z = [1, np.nan]


def test_points_travel_with_their_colors(halves):
    points = np.random.default_rng(0).normal(size=(30, 2))
    explorer = DecoderExplorer(halves, points=points, labels=np.arange(30) % 3 + 7)
    assert np.frombuffer(explorer._points, "<f2").reshape(30, 2) == pytest.approx(points, abs=2e-3)
    assert list(explorer._labels[:4]) == [0, 1, 2, 0]
    assert [entry["name"] for entry in explorer._legend] == ["7", "8", "9"]
    ten = DecoderExplorer(halves, points=points, labels=np.arange(30) % 10)._legend
    assert len({entry["color"] for entry in ten}) == 10
    assert all(re.fullmatch("#[0-9a-fA-F]{6}", entry["color"]) for entry in ten)


class Wrapped(keras.Model):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, z):
        return self.inner(z)


def branched():
    code = keras.Input((2,))
    hidden = layers.Dense(2)(code)
    return keras.Model(code, layers.Dense(16)(layers.Add()([code, hidden])))


def image_from(layer):
    return sequential(layers.Dense(16), layers.Reshape((4, 4, 1)), layer)


def huge():
    model = sequential(layers.Dense(16))
    model.set_weights([np.full((2, 16), 1e5), np.zeros(16)])
    return model


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: sequential(layers.Dense(16), layers.Softmax()), "the layer Softmax"),
        (lambda: sequential(layers.Dense(16, "softmax")), r"Dense with the activation 'softmax' \(layer '"),
        (branched, "a branch at the layer 'add"),
        (huge, "weights beyond 65,504 in the layer"),
        (lambda: image_from(layers.UpSampling2D(2, interpolation="bilinear")), "UpSampling2D that is not nearest"),
        (lambda: image_from(layers.Conv2D(1, 3, dilation_rate=2, padding="same")), "Conv2D with groups, dilation"),
        (lambda: sequential(layers.Dense(16), layers.ReLU(max_value=6)), "ReLU with a ceiling"),
    ],
)
def test_what_the_page_does_not_know_is_asked_of_the_kernel(make, reason):
    explorer = DecoderExplorer(make())
    assert explorer.live
    assert re.match(reason, explorer.reason)
    assert (explorer._program, explorer._weights) == ([], b"")
    assert explorer._stand_in == explorer.grid()


def test_operations_between_layers_are_asked_of_the_kernel():
    code = keras.Input((2,))
    explorer = DecoderExplorer(keras.Model(code, keras.ops.tanh(layers.Dense(16)(code))), output="signed")
    assert explorer.reason == "the operation Tanh"  # which the page would have left out


def test_only_one_decoder_with_one_output_is_taken(halves):
    code = keras.Input((2,))
    several = keras.Model(code, [layers.Dense(16)(code), layers.Dense(16)(code)])
    with pytest.raises(ValueError, match="Expected a decoder with one output, got one with 2"):
        DecoderExplorer(several)
    with pytest.raises(TypeError, match="got the class Sequential"):
        DecoderExplorer(keras.Sequential)

    class Game:
        generator = halves

    assert DecoderExplorer(Game()).decoder is halves


def test_a_model_with_a_call_of_its_own_is_asked(halves):
    wrapped = Wrapped(halves)
    with pytest.raises(ValueError, match="got one without weights"):
        DecoderExplorer(wrapped)
    wrapped(np.zeros((1, 2), "float32"))
    with pytest.raises(ValueError, match="pass origin"):
        DecoderExplorer(wrapped)
    explorer = DecoderExplorer(wrapped, origin=[0, 0], output="logits", cmap="gray")
    assert explorer.reason == "a model of the class Wrapped, whose call only Python can run"
    assert explorer.draw([1, -1])[0, [0, 7]].tolist() == [186, 69]
    assert explorer.call([1, -1]) == "The decoder"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"origin": [0, 0, 0]}, r"Expected origin to be 2 finite numbers.* got \[0, 0, 0\]"),
        ({"origin": [0, np.inf]}, "Expected origin to be 2 finite numbers"),
        ({"range": 0}, "Expected range above 0, got 0"),
        ({"names": ["only"]}, "Expected names for 2 latent dimensions, got 1"),
        ({"plane": (0, 2)}, r"two different dimensions below 2, got \[0, 2\]"),
        ({"plane": (1, 1)}, r"two different dimensions below 2, got \[1, 1\]"),
        ({"output": "probabilities"}, "Expected output to be one of 'logits', .* got 'probabilities'"),
        ({"cmap": "viridis"}, "Expected cmap to be one of 'gray_r', 'gray', got 'viridis'"),
        ({"shape": (8, 9)}, r"got \(64,\) and the shape \(8, 9, 1\); pass shape="),
        ({"points": np.zeros((5, 3))}, r"finite codes \[n, 2\], got the shape \(5, 3\)"),
        ({"points": np.full((5, 2), np.nan)}, r"finite codes \[n, 2\]"),
        ({"points": np.zeros((2001, 2))}, r"at most 2,000 points, got 2,001; take points\[:2000\]"),
        ({"points": np.zeros((5, 2)), "labels": [1, 2]}, r"a label for each of the 5 points, got the shape \(2,\)"),
        ({"points": np.zeros((21, 2)), "labels": range(21)}, "at most 20 different labels, got 21"),
        ({"labels": [1, 2]}, "Expected points for the labels"),
        ({"background": np.zeros((4, 4)) - 1}, r"Expected background to lie in \[0, 1\]"),
    ],
)
def test_bad_arguments_are_told_apart(halves, arguments, said):
    with pytest.raises(ValueError, match=said):
        DecoderExplorer(halves, **arguments)


def test_bad_decoders_are_told_apart():
    with pytest.raises(TypeError, match=r"Expected a Keras model from codes to images.* got int"):
        DecoderExplorer(3)
    with pytest.raises(ValueError, match=r"Expected a built decoder.*keras\.Input"):
        DecoderExplorer(keras.Sequential([layers.Dense(16)]))
    with pytest.raises(ValueError, match=r"codes \[n, latent_dim\], latent_dim at least 2, got input \(None, 1\)"):
        DecoderExplorer(sequential(layers.Dense(16), latent_dim=1))
    with pytest.raises(ValueError, match=r"rows of a square's pixels, got \(15,\)"):
        DecoderExplorer(sequential(layers.Dense(15)))
    broken = sequential(layers.Dense(16))
    broken.set_weights([np.zeros((2, 16)), np.full(16, np.nan)])
    with pytest.raises(ValueError, match="Expected finite weights, got 16 of 16 NaN or infinite in weight 1"):
        DecoderExplorer(broken)


def test_too_heavy_decoders_are_refused_with_numbers():
    wide = sequential(layers.Dense(256, "relu"), layers.Dense(784))
    with pytest.raises(ValueError, match=r"at most 300 kB in the notebook, got 540 kB \(202,256 weights as float16\)"):
        DecoderExplorer(wide)
    assert len(DecoderExplorer(wide, max_kb=540)._weights) == 2 * 202_256


def test_the_same_decoder_gives_the_same_state_and_picture(halves):
    def make():
        explorer = DecoderExplorer(halves, points=[[0, 1]], background=np.eye(4))
        state = {name: value for name, value in explorer.get_state().items() if name != "layout"}
        return state, explorer._repr_mimebundle_()[0]["image/png"]

    assert make() == make()
