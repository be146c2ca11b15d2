"""Paintings drawn by code: the factors say what they say, and nothing depends on what is painted beside."""

import numpy as np
import pytest

from coursekit import data
from coursekit.data import brushes


def painted(**values):
    return brushes.draw(brushes.change(brushes.sample(1, seed=4), **values), 64)


def roughness(images):
    """How much neighboring pixels differ, on the average: [n]."""
    return np.abs(np.diff(images, axis=2)).mean((1, 2, 3))


def test_a_painting_does_not_depend_on_those_painted_with_it():
    sketches = brushes.change(brushes.sample(6, seed=2), style=np.arange(6))
    together = brushes.draw(sketches, 64)
    assert (together.shape, together.dtype) == ((6, 64, 64, 3), np.float32)
    assert np.array_equal(brushes.draw(sketches[4], 64)[0], together[4])
    assert np.array_equal(np.rint(together * 255) / np.float32(255), together), "like an image file"


def test_each_style_is_its_own():
    hands = painted(style=range(6), motif="hills", palette="dusk")
    for i in range(6):
        for j in range(i):
            assert np.abs(hands[i] - hands[j]).mean() > 0.04, (brushes.STYLES[i], brushes.STYLES[j])


@pytest.mark.parametrize("style", brushes.STYLES)
def test_every_factor_is_seen(style):
    other = {"motif": [0, 1], "palette": [0, 2], "coarseness": [0, 1], "angle": [-40, 40], "swirl": [0, 1],
             "liveliness": [0, 1], "number": [1, 2]}  # fmt: skip
    unseen = {"dots": ("angle", "swirl"), "glass": ("swirl",)}.get(style, ())
    for name, values in other.items():
        first, second = painted(style=style, **({"swirl": 0.2} | {name: values}))
        if name not in unseen:
            assert np.abs(first - second).mean() > 0.005, name


def test_the_palette_gives_the_colors_and_the_scene_is_recognized():
    """Painted in strokes, a night is bluer than an autumn, and the painting still looks like its plain scene."""
    night, autumn = painted(style="strokes", palette=["night", "autumn"]).mean((1, 2))
    assert night[2] - night[0] > 0.15 > 0 > autumn[2] - autumn[0]
    from coursekit.data.brush_scenes import scene

    plain = scene("hills", 1, np.random.default_rng(7))
    blurred = lambda image, side: image.reshape(8, side // 8, 8, side // 8, 3).mean((1, 3)).ravel()
    for style in ("strokes", "dots", "tiles"):
        image = painted(style=style, motif="hills", palette=1, number=7, coarseness=0, swirl=0, liveliness=0)[0]
        assert np.corrcoef(blurred(plain, 192), blurred(image, 64))[0, 1] > 0.8, style


def test_coarse_paintings_have_longer_runs_of_one_color():
    for style in ("strokes", "tiles", "glass"):
        fine, coarse = roughness(painted(style=style, coarseness=[0, 1]))
        assert coarse < fine, style


def test_the_data_set():
    first = data.load("brushes", "test", 6)
    assert repr(first) == "Dataset(brushes, test: 6 images 128x128x3)"
    assert first.labels is None
    assert first.factors["style"].tolist() == [0, 1, 2, 3, 4, 5]
    assert np.array_equal(first.images, brushes.draw(first.factors))
    assert data.load("brushes", "test", 1, size=32).images.shape == (1, 32, 32, 3)
    train, test = brushes.factors("train"), brushes.factors("test")
    assert not set(train["number"]) & set(test["number"]), "no scene is in both"
    means = first.images.mean((1, 2, 3))
    assert means == pytest.approx([0.713, 0.658, 0.759, 0.535, 0.554, 0.567], abs=0.004), "as shipped weights saw them"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"style": "fresco"}, r"Expected style in whole numbers from 0 to 5 \(strokes, dots, .*got 'fresco'"),
        ({"number": 70000}, "Expected number in whole numbers from 0 to 65535"),
        ({"hue": 1}, r"Expected factors among style, .*, got hue\."),
        ({"swirl": [0, 1]}, r"for each of 3 paintings, or one painting, got swirl \[2\]"),
    ],
)
def test_bad_change(values, message):
    with pytest.raises(ValueError, match=message):
        brushes.change(brushes.sample(3), **values)


def test_bad_sketches_and_sizes():
    with pytest.raises(ValueError, match=r"as brushes\.sample\(n, seed\) gives them"):
        brushes.draw(data.portraits.sample(1))
    with pytest.raises(ValueError, match="Expected size to be an integer from 32 to 512"):
        brushes.draw(brushes.sample(1), 16)
