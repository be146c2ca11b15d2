"""What the student types in lecture 11 and what the package holds are one: the Fréchet distance."""

import numpy as np
import pytest

from coursekit import paths
from coursekit.metrics.frechet import frechet_distance, moments

LECTURE = paths.notebooks() / "source" / "11_gan_in_practice.py"


@pytest.mark.parametrize("dimensions", [2, 40])
def test_the_students_distance_is_the_packages(student, dimensions):
    """Of two clouds whose covariance matrices have different axes, and of a cloud from itself."""
    rng = np.random.default_rng(0)
    mix = rng.normal(size=(2, dimensions, dimensions))
    one, other = rng.normal(size=(2, 500, dimensions)) @ mix + rng.normal(size=(2, 1, dimensions))
    expected = frechet_distance(moments(one), moments(other))
    assert student["frechet"](one, other) == pytest.approx(expected, rel=1e-5)
    assert expected > 1
    assert student["frechet"](one, one) == pytest.approx(0, abs=1e-6)
