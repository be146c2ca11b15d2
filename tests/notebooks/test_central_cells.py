"""What the student builds in lecture 06 and what the package holds are one: same weights, same numbers."""

import keras
import numpy as np
import pytest

from coursekit import data, metrics, models, paths
from coursekit.models.autoencoder import KLSparsity

LECTURE = paths.notebooks() / "source" / "06_autoencoders.py"


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", "test", limit=100)


@pytest.fixture(scope="module")
def student(cells_of, digits):
    """The names after the lecture's parameters, imports and central cells, run in order on 100 digits."""
    names = {"train": digits, "test": digits}
    for cell in cells_of(LECTURE):
        tags = cell.metadata.get("tags", [])
        if {"parameters", "central"} & set(tags) or (cell.cell_type == "code" and "coursekit.begin(" in cell.source):
            exec(compile(cell.source, LECTURE.name, "exec"), names)
    return names


def same_weights(student, package):
    for mine, theirs in ((student.encoder, package.encoder), (student.decoder, package.decoder)):
        theirs.set_weights(mine.get_weights())
    return package


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("linear", lambda: models.autoencoder.linear(16)),
        ("deep", lambda: models.autoencoder.deep(code_activation=None)),
    ],
    ids=["linear", "deep"],
)
def test_the_students_network_is_the_packages(student, digits, name, build):
    mine = student[name]
    package = same_weights(mine, build())
    x = digits.flat
    codes = mine.encoder.predict(x, verbose=0)
    np.testing.assert_allclose(package.encoder.predict(x, verbose=0), codes, atol=1e-5)
    np.testing.assert_allclose(package.predict(x, verbose=0), mine.predict(x, verbose=0), atol=1e-5)
    assert codes.std() > 0


def test_the_students_fit_does_not_tell_the_two_apart(student, digits):
    """From the same weights, with the same seed, it leads both networks to the same place."""
    mine = student["deep"]
    package = same_weights(mine, models.autoencoder.deep(code_activation=None))
    before = mine.predict(digits.flat, verbose=0)
    ends = []
    for model in (mine, package):
        keras.utils.set_random_seed(5)
        student["fit"](model, digits.flat, epochs=5, loss=student["reconstruction_loss"])
        ends.append(model.predict(digits.flat, verbose=0))
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-5)
    assert metrics.binary_crossentropy(ends[0], digits.flat) < metrics.binary_crossentropy(before, digits.flat)


def test_the_students_loss_is_kerass_and_the_measures(student, digits):
    x = digits.flat
    x_hat = student["deep"].predict(x, verbose=0)
    mine = keras.ops.convert_to_numpy(student["reconstruction_loss"](x, x_hat))
    assert mine.shape == (len(x),)
    kerass = keras.ops.convert_to_numpy(keras.losses.binary_crossentropy(x, x_hat))
    np.testing.assert_allclose(mine, kerass, atol=1e-5)
    assert mine.mean() == pytest.approx(metrics.binary_crossentropy(x_hat, x), abs=1e-6)


def test_the_students_loss_survives_a_certain_and_wrong_network(student):
    loss = student["reconstruction_loss"](np.ones((1, 4), "float32"), np.zeros((1, 4), "float32"))
    assert np.isfinite(keras.ops.convert_to_numpy(loss)).all()


def test_the_students_sparsity_is_the_packages(student):
    code = np.random.default_rng(0).random((64, 128), dtype="float32")
    code[:, :3] = [0.0, 1.0, 0.05]
    for price in ({}, {"rho": 0.5, "weight": 2.0}):
        package = KLSparsity(**{"rho": 0.05, "weight": 0.01} | price)
        assert float(student["kl_sparsity"](code, **price)) == pytest.approx(float(package(code)), rel=1e-5)


def test_the_students_noise_is_the_packages(student, digits):
    for factor in (0.0, 0.5, 1.0):
        mine = student["add_noise"](digits.images, factor, seed=3)
        package = models.denoising.add_noise(digits.images, factor, seed=3)
        np.testing.assert_allclose(mine, package, atol=1e-5)
    assert student["noisy"].shape == digits.images.shape
