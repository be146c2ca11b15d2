"""What the student builds in lecture 07 and what the package holds are one: same weights, same noise, same loss."""

import re

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit import data, metrics, models, paths
from coursekit.models import vae

LECTURE = paths.notebooks() / "source" / "07_variational_autoencoders.py"


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


@pytest.fixture(scope="module")
def digits():
    return metrics.likelihood.binarize(data.load("digits", "test", limit=128, seed=0).flat, "thresholded")


@pytest.fixture(scope="module")
def student(cells_of, digits):
    """The names after the lecture's parameters, imports and central cells, with one epoch on 128 digits."""

    def fit(model, epochs, watch=None):
        model.compile("adam")
        return model.fit(digits, batch_size=32, epochs=1, verbose=0, callbacks=watch).history

    names = {"x_train": digits, "x_test": digits, "plain": models.autoencoder.deep(2, (112, 128)), "fit": fit}
    for cell in cells_of(LECTURE):
        tags = cell.metadata.get("tags", [])
        if {"parameters", "central"} & set(tags) or (cell.cell_type == "code" and "coursekit.begin(" in cell.source):
            exec(compile(cell.source, LECTURE.name, "exec"), names)
    return names


def package_like(mine):
    package = vae.dense(2, (112, 128), seed=0)
    package.encoder.set_weights(mine.encoder.get_weights())
    package.decoder.set_weights(mine.decoder.get_weights())
    package.noise.state.assign(mine.noise.state)
    return package


def test_same_weights_and_noise_same_loss(student, digits):
    mine = student["mine"]
    package = package_like(mine)
    terms = {name: number(value) for name, value in mine.terms(digits).items()}
    loss, parts = package.objective(ops.convert_to_tensor(digits))
    assert number(loss) == pytest.approx(terms["kl"] - terms["reconstruction"], rel=1e-5)
    assert number(parts["kl"]) == pytest.approx(terms["kl"], rel=1e-5)


def test_a_step_of_training_moves_both_alike(student, digits):
    mine = student["mine"]
    package = package_like(mine)
    for model in (mine, package):
        model.compile(keras.optimizers.SGD(1e-3), jit_compile=False)
        keras.utils.set_random_seed(3)
        model.fit(digits, batch_size=128, epochs=1, verbose=0)
    for one, other in zip(
        mine.get_weights(), package.encoder.get_weights() + package.decoder.get_weights(), strict=False
    ):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_the_students_divergence_is_the_packages(student):
    mean, log_variance = np.float32([[0, 2.0, -1]]), np.float32([[0, -4.6, 1]])
    mine = ops.convert_to_numpy(student["kl_divergence"](mean, log_variance))
    np.testing.assert_allclose(mine, ops.convert_to_numpy(vae.kl_divergence(mean, log_variance)), rtol=1e-5)


def test_as_printed_differs_by_the_two_slips_alone(student, digits):
    """With the noise and the standard deviation put right, the printed terms are the student's."""
    printed = student["printed"]
    mean, s = np.split(printed.encoder.predict(digits, verbose=0), 2, axis=1)
    terms = {name: number(value) for name, value in printed.terms(digits).items()}
    assert terms["kl"] == pytest.approx(float((-0.5 * (1 + s - mean**2 - np.exp(s))).sum(axis=1).mean()), rel=1e-5)
    real = number(ops.mean(ops.sum(vae.kl_divergence(mean, np.float32(2 * s + 2 * np.log(0.1))), axis=-1)))
    assert real > terms["kl"] + 1, "it pays for less than it uses"


# -- the table "slide says, Keras 3 says" ------------------------------------------------------------------------------


def the_backend_module_has_lost_its_operations():
    for name in ("exp", "sum", "square", "mean", "shape"):
        assert not hasattr(keras.backend, name)
        assert hasattr(ops, name)


def the_backend_module_draws_no_random_numbers():
    assert not hasattr(keras.backend, "random_normal")
    draw = lambda: ops.convert_to_numpy(keras.random.normal((3,), seed=keras.random.SeedGenerator(1)))
    np.testing.assert_array_equal(draw(), draw())


def a_functional_model_takes_no_loss_from_outside():
    x = keras.Input((3,))
    y = layers.Dense(2)(x)
    with pytest.raises(NotImplementedError):
        keras.Model(x, y).add_loss(ops.mean(y))


def the_noise_of_the_equation_has_standard_deviation_one():
    package = vae.dense(2, (8,), inputs=4)
    z = package.reparameterize(ops.zeros((2000, 2)), ops.zeros((2000, 2)))
    assert np.std(ops.convert_to_numpy(z)) == pytest.approx(1, abs=0.05)


def half_the_logarithm_of_the_variance_is_that_of_the_deviation():
    package = vae.dense(2, (8,), inputs=4)
    z = package.reparameterize(ops.zeros((2000, 2)), ops.full((2000, 2), np.log(9.0)))
    assert np.std(ops.convert_to_numpy(z)) == pytest.approx(3, abs=0.15)


CLAIMS = [
    the_backend_module_has_lost_its_operations,
    the_backend_module_draws_no_random_numbers,
    a_functional_model_takes_no_loss_from_outside,
    the_noise_of_the_equation_has_standard_deviation_one,
    half_the_logarithm_of_the_variance_is_that_of_the_deviation,
]


def test_every_row_of_the_table_has_its_test(cells_of):
    (cell,) = [cell.source for cell in cells_of(LECTURE) if "| slide says" in cell.source]
    assert len(re.findall(r"^\| `", cell, re.MULTILINE)) == len(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS)
def test_keras_does_what_the_row_says(claim):
    claim()
