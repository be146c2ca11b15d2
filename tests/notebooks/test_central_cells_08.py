"""What the student builds in lecture 08 and what the package holds are one: same codes, same importance weights."""

import numpy as np
import pytest
from keras import ops
from scipy import special

from coursekit import data, metrics, paths
from coursekit.models import vae

LECTURE = paths.notebooks() / "source" / "08_vae_in_use.py"


@pytest.fixture(scope="module")
def student(cells_of):
    """The names that the lecture's central cells define."""
    names = {"np": np, "special": special, "rng": np.random.default_rng(0)}
    for cell in cells_of(LECTURE):
        if "central" in cell.metadata.get("tags", []):
            exec(compile(cell.source, LECTURE.name, "exec"), names)
    return names


@pytest.fixture(scope="module")
def digits():
    return metrics.likelihood.binarize(data.load("digits", "test", limit=16, seed=0).flat, "thresholded")


def test_same_codes_same_weights(student, digits):
    model = vae.dense(3, (16,), seed=0)
    mean, log_variance = model.encode(digits)
    z = model.reparameterize(mean, log_variance, samples=4, seed=1)
    package = model.log_likelihood(digits, z) + vae.log_normal(z) - vae.log_normal(z, mean, log_variance)
    mine = student["log_weights"](model, digits, ops.convert_to_numpy(z))
    np.testing.assert_allclose(mine, ops.convert_to_numpy(package), rtol=1e-4)


def test_the_bound_grows_with_k_and_with_one_sample_is_a_weight(student, digits):
    model = vae.dense(3, (16,), seed=0)
    one, many = (student["my_iwae"](model, digits, k) for k in (1, 200))
    assert one.shape == many.shape == (16,)
    assert many.mean() > one.mean()
