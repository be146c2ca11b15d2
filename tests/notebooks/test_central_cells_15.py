"""What the student builds in lecture 15 and what the package holds are one."""

import numpy as np

from coursekit import paths
from coursekit.models import adain, style

LECTURE = paths.notebooks() / "source" / "15_style.py"


def test_the_students_gram_matrix_is_the_packages(student):
    maps = np.random.default_rng(0).normal(size=(2, 5, 7, 4)).astype("float32")
    np.testing.assert_allclose(np.array(student["gram"](maps)), np.array(style.gram(maps)), atol=1e-6)


def test_the_students_adain_is_the_packages(student):
    rng = np.random.default_rng(1)
    content, other = rng.normal(size=(2, 5, 7, 4)).astype("float32"), rng.normal(2, 3, (2, 4, 4, 4)).astype("float32")
    ours, theirs = student["my_adain"](content, other), adain.adain(content, other)
    np.testing.assert_allclose(np.array(ours), np.array(theirs), atol=1e-5)
