"""The drawing: its words, its places, its text alternative, and the activations in it."""

import io
import itertools
import sys
import time

import keras
import matplotlib
import numpy as np
import pytest
from drawn_models import MODELS

from coursekit import plots
from coursekit.models import autoencoder, lenet, vae
from coursekit.plots.networks import parts as network_parts
from coursekit.plots.networks import values as network_values

matplotlib.use("agg")
rng = np.random.default_rng(0)
DIGIT = rng.random((1, 28, 28, 1)).astype("float32")
EXAMPLES = {
    "autoencoder": DIGIT.reshape(1, 784),
    "vae": DIGIT.reshape(784),
    "gan": rng.normal(size=(1, 2)),
    "dcgan": rng.normal(size=64),
    "lenet": DIGIT,
    "infomax": rng.random((32, 32, 3)),
    "two inputs": [DIGIT[0], rng.normal(size=(1, 5))],
    "sentiment": rng.integers(0, 5000, (1, 12)),
    "siamese": [DIGIT, DIGIT[:, ::-1]],
}
every_drawing = pytest.mark.parametrize("name", [*MODELS, *(f"{name} with an example" for name in EXAMPLES)])


@pytest.fixture(scope="module")
def drawn():
    known = {}

    def draw(name):
        if name not in known:
            bare = name.removesuffix(" with an example")
            known[name] = plots.network(MODELS[bare](), EXAMPLES[bare] if bare != name else None)
            known[name].canvas.draw()
        return known[name]

    return draw


def texts_of(figure):
    return [text for text in figure.findobj(matplotlib.text.Text) if text.get_text().strip()]


@pytest.mark.one_backend
@every_drawing
def test_a_drawing_is_legible(name, drawn):
    """Texts of at least 11 points on at most ten inches, all inside, none over another, none crossed by a line."""
    figure = drawn(name)
    (axis,) = figure.axes
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(figure)]
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 11
    assert figure.get_size_inches()[0] <= 10.05
    width, height = figure.canvas.get_width_height()
    for said, box in boxes:
        assert min(box.x0, box.y0, width - box.x1, height - box.y1) > -1, f"{said!r} is cut"
    for (said, box), (other, beside) in itertools.combinations(boxes, 2):
        across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
        assert across < 1 or min(box.y1, beside.y1) - max(box.y0, beside.y0) < 4, f"{said!r} over {other!r}"
    for line in axis.get_lines():
        if line.get_zorder() == 2:  # connections and headings
            ends = axis.transData.transform(line.get_xydata())
            points = np.concatenate([np.linspace(a, b, 60) for a, b in itertools.pairwise(ends)])
            for said, box in boxes:
                inside = (points > (box.x0, box.y0 + 1)) & (points < (box.x1, box.y1 - 1))
                assert not inside.all(axis=1).any(), f"a line through {said!r}"


def test_a_drawing_says_sizes_kernels_strides_and_weights(drawn):
    said = [text.get_text() for text in texts_of(drawn("lenet"))]
    assert "LeNet: 129,010 weights" in said
    assert {"body", "head", "28 × 28 × 1", "14 × 14 × 24", "conv 5 × 5", "stride 2", "624 weights", "96"} <= set(said)
    assert said.index("body") != said.index("head")


def test_the_text_alternative_tells_the_same(monkeypatch):
    said = []
    monkeypatch.setattr(sys.modules["coursekit.plots.networks"], "display", lambda figure, alt: said.append(alt))
    plots.network(lenet.lenet(), DIGIT)
    plots.network(vae.dense(), title="Small VAE")
    matplotlib.pyplot.close("all")
    begin = "Drawing of a neural network, LeNet, with 129,010 weights. Body from 28 × 28 × 1 to 96 numbers: "
    assert said[0].startswith(begin)
    assert "convolution 5 × 5, stride 2, 24 maps of 14 × 14, ReLU; " in said[0]
    assert "flattened to 1,176, dense layer, 96 numbers, ReLU" in said[0]
    assert said[0].endswith("The activations of one example stand in the blocks.")
    assert "Small VAE" in said[1]
    assert "2 means, 2 log variances" in said[1]


def test_wide_is_wide_and_tall_is_tall():
    from coursekit.plots.networks.nodes import lengths

    assert lengths((784,))[0] == pytest.approx(lengths((28, 28, 1))[0])
    assert lengths((128,))[0] > lengths((64,))[0] > lengths((2,))[0]
    assert lengths((14, 28, 8))[0] < lengths((14, 28, 8))[1]
    assert lengths((7, 7, 512))[2] > lengths((7, 7, 64))[2]


def test_the_activations_are_the_networks_own():
    model = autoencoder.deep()
    parts = network_parts.read(model)
    encoder, decoder = network_values.activations(parts, [DIGIT.reshape(1, 784)])
    code = keras.ops.convert_to_numpy(model.encoder(DIGIT.reshape(1, 784)))[0]
    np.testing.assert_array_equal(encoder[0], DIGIT.ravel())
    np.testing.assert_allclose(encoder[3], code, atol=1e-5)
    rebuilt = keras.ops.convert_to_numpy(model(DIGIT.reshape(1, 784)))[0]
    np.testing.assert_allclose(decoder[3], rebuilt, atol=1e-5)


def test_a_vae_decodes_the_mean():
    model = vae.dense()
    encoder, decoder = network_values.activations(network_parts.read(model), [DIGIT.reshape(1, 784)])
    np.testing.assert_array_equal(decoder[0], encoder[2][:2])


def test_the_example_is_seen(drawn):
    pictures = [image.get_array() for image in drawn("lenet with an example").axes[0].get_images()]
    np.testing.assert_allclose(pictures[0], DIGIT[0, ..., 0])
    assert len(pictures) == 1 + 4 + 4 + 1 + 1


def test_the_strongest_maps_are_shown():
    maps = np.zeros((4, 4, 6))
    maps[..., 4] = np.eye(4)
    maps[..., 2] = 3 * np.eye(4)
    maps[..., 0] = 9  # bright, and the same everywhere
    assert list(network_values.strongest(maps, 2)) == [2, 4]


@pytest.mark.parametrize(("example", "got"), [(np.zeros((3, 3)), r"\[3, 3\]"), ([DIGIT, DIGIT], r"\[1, 28, 28, 1\], ")])
def test_another_example_is_refused(example, got):
    with pytest.raises(ValueError, match=rf"Expected an example of the shape \[28, 28, 1\], got {got}"):
        plots.network(lenet.lenet(), example)


def test_another_detail_is_refused():
    with pytest.raises(ValueError, match="Expected detail to be one of 'layers', 'modules', 'stages'"):
        plots.network(lenet.lenet(), detail="pixels")


def test_a_drawing_takes_less_than_five_seconds():
    model = MODELS["deep residual"]()
    start = time.perf_counter()
    plots.network(model).savefig(io.BytesIO())
    assert time.perf_counter() - start < 5


def test_inputs_with_names_take_a_dictionary_for_an_example(monkeypatch):
    said = []
    monkeypatch.setattr(sys.modules["coursekit.plots.networks"], "display", lambda figure, alt: said.append(alt))
    one, two = keras.Input((4,), name="one"), keras.Input((3,), name="two")
    model = keras.Model({"two": two, "one": one}, keras.layers.Dense(2)(keras.layers.Concatenate()([one, two])))
    plots.network(model, {"two": np.zeros(3), "one": np.ones(4)})
    matplotlib.pyplot.close("all")
    assert said[0].endswith("The activations of one example stand in the blocks.")
