import keras
import numpy as np
import pytest

from coursekit import metrics
from coursekit.data import portraits
from coursekit.models import factor_reader
from coursekit.models.factor_reader import COLUMNS, FactorReader, as_columns, split


def test_factors_become_columns_and_back():
    faces = portraits.sample(100, seed=0)
    parts = split(as_columns(faces))
    assert {name: values.shape[1] for name, values in parts.items()} == COLUMNS
    np.testing.assert_array_equal(parts["hair_style"].argmax(axis=1), faces["hair_style"])
    np.testing.assert_allclose(parts["tilt"][:, 0] * 30 - 15, faces["tilt"], atol=1e-5)
    assert all(0 <= values.min() <= values.max() <= 1 for values in parts.values())


def test_a_short_training_reads_the_background(tmp_path):
    """It covers more pixels than all else."""
    keras.utils.set_random_seed(0)
    faces, others = portraits.sample(400, seed=0), portraits.sample(100, seed=1)
    model = factor_reader.convolutional(channels=(8, 16, 16), features=32)
    model.compile(keras.optimizers.Adam(3e-3))
    model.fit(portraits.draw(faces, 32), as_columns(faces), batch_size=32, epochs=12, verbose=0)
    images = portraits.draw(others, 32)
    scores = metrics.disentanglement.explained(split(as_columns(others)), model.read(images))
    assert scores["background"] > 0.1
    assert (model.features(images).std(axis=0) > 1e-4).mean() > 0.7, "rectifiers that are not dead"
    assert scores["background"] > scores["eye_color"]
    assert model.features(images).shape == (100, 32)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.read(images)["skin"], model.read(images)["skin"])


@pytest.mark.one_backend
def test_what_it_cannot_learn_from():
    model = factor_reader.convolutional(channels=(4,), features=8)
    model.compile("adam")
    images = np.zeros((4, 32, 32, 3), "float32")
    with pytest.raises(ValueError, match="Expected the factors of the images, got none"):
        model.fit(images, verbose=0)
    with pytest.raises(ValueError, match=r"Expected factors as columns \[n, 18\], got \[4, 3\]"):
        model.fit(images, np.zeros((4, 3)), verbose=0)
    with pytest.raises(ValueError, match=r"\[n, 32, 32, 3\], got \[4, 16, 16, 3\]"):
        model.read(np.zeros((4, 16, 16, 3)))
    with pytest.raises(ValueError, match="Expected factors: a structured array"):
        as_columns(np.zeros(3))
    with pytest.raises(ValueError, match="Expected a network with 18 outputs"):
        FactorReader(keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Flatten(), keras.layers.Dense(3)]))
