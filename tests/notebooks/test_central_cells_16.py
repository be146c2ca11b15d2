"""What the student builds in lecture 16 and what the package holds are one."""

import numpy as np

from coursekit import paths
from coursekit.models import stylegan
from coursekit.models.stylegan_layers import ModulatedConv

LECTURE = paths.notebooks() / "source" / "16_stylegan.py"
SMALL = {"shape": (8, 8, 3), "latent_dim": 4, "channels": (4, 4), "discriminator": (4,)}
GIVEN = {"model": stylegan.paper(**SMALL)}


def normal(*shape, seed):
    return np.random.default_rng(seed).standard_normal(shape).astype("float32")


def test_the_students_layers_are_the_packages(student):
    layer = ModulatedConv(5, 3, use_bias=False)
    x, w = normal(3, 6, 6, 4, seed=0), normal(3, 7, seed=1)
    package = np.array(layer([x, w]))
    kernel, s = np.array(layer.scaled_kernel()), np.array(layer.affine(w))
    for name in ("one_for_each", "one_for_all"):
        np.testing.assert_allclose(np.array(student[name](x, kernel, s)), package, atol=1e-4, err_msg=name)


def test_the_students_truncation_is_the_packages(student):
    model, z = GIVEN["model"], normal(5, 4, seed=2)
    np.testing.assert_allclose(student["truncate"](model.styles(z), 0.6), model.styles(z, psi=0.6), atol=1e-5)
