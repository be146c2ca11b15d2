"""Predictors of the next frame: they learn, go on from any past, and say what they cannot take."""

import keras
import numpy as np
import pytest
from keras import ops

from coursekit import data
from coursekit.data import moving_digits
from coursekit.models import frames


@pytest.fixture(scope="module")
def films():
    return moving_digits.draw(data.load("digits", limit=50).images, moving_digits.paths(24, frames=6, digits=1, seed=1))


def small(kind):
    keras.utils.set_random_seed(0)
    if kind == "convlstm":
        return frames.convlstm(units=(6, 5), seen=3)
    return frames.convolutional(past=2, channels=(8, 8))


@pytest.mark.parametrize("kind", ["convlstm", "convolutional"])
def test_it_learns_goes_on_and_comes_back_from_a_file(kind, films, tmp_path):
    model = small(kind)
    model.compile(keras.optimizers.Adam(1e-2))
    before = model.evaluate(films, batch_size=8, verbose=0, return_dict=True)["nats"]
    history = model.fit(films, batch_size=8, epochs=6, verbose=0).history["nats"]
    assert history[-1] < 0.8 * before
    ahead = model.forecast(films[:5], 4)
    assert ahead.shape == (5, 4, 32, 32, 1)
    assert 0 <= ahead.min() <= ahead.max() <= 1
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.forecast(films[:5], 4), ahead, atol=1e-5)


def test_a_forecast_is_made_of_forecasts(films):
    """Two frames ahead is the same as one frame ahead, after the frame that was predicted."""
    for kind in ("convlstm", "convolutional"):
        model = small(kind)
        both = model.forecast(films[:3, :4], 2)
        one = model.forecast(films[:3, :4], 1)
        np.testing.assert_allclose(both[:, :1], one, atol=1e-5)
        longer = np.concatenate([films[:3, :4], one], axis=1)
        np.testing.assert_allclose(both[:, 1:], model.forecast(longer, 1), atol=1e-4)


def test_patches_are_undone():
    some = np.random.default_rng(0).random((2, 8, 12, 2)).astype("float32")
    cut = frames.to_patches(ops.convert_to_tensor(some), 4)
    assert tuple(cut.shape) == (2, 2, 3, 32)
    np.testing.assert_array_equal(ops.convert_to_numpy(frames.from_patches(cut, 4)), some)
    np.testing.assert_array_equal(ops.convert_to_numpy(cut)[0, 1, 2], some[0, 4:, 8:].ravel())


def test_one_frame_is_a_past_for_a_memory_only(films):
    assert small("convlstm").forecast(films[:2, :1], 2).shape == (2, 2, 32, 32, 1)
    with pytest.raises(ValueError, match="at least 2 frames"):
        small("convolutional").forecast(films[:2, :1], 2)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda films: small("convlstm").forecast(films[0]), "frames stand on its second axis"),
        (lambda films: small("convlstm").forecast(films[:, :, :16]), "Expected films"),
        (lambda films: small("convlstm").forecast(255 * films), "in \\[0, 1\\]"),
        (lambda films: small("convlstm").forecast(films, 0), "Expected count"),
        (lambda films: small("convlstm").checked(films, films), "without labels"),
        (lambda films: frames.convlstm(side=5), "Expected a shape"),
    ],
)
def test_bad_films_are_refused(call, says, films):
    with pytest.raises(ValueError, match=says):
        call(films)
