"""What the student types in lecture 04 is what the package holds: mutual information, and three estimators of it."""

import math

import numpy as np
import pytest
from keras import ops

from coursekit import paths
from coursekit.models import infomax

LECTURE = paths.notebooks() / "source" / "04_mutual_information.py"


def test_the_students_information_is_the_divergence_of_the_table_from_its_marginals(student):
    information = student["information"]
    joint = np.array([[0.3, 0.0, 0.1], [0.1, 0.4, 0.1]])
    entropy = lambda p: -np.sum(p[p > 0] * np.log(p[p > 0]))
    by_entropies = entropy(joint.sum(axis=0)) + entropy(joint.sum(axis=1)) - entropy(joint)
    assert information(joint) == pytest.approx(by_entropies, abs=1e-12)
    assert information(np.outer([0.2, 0.8], [0.5, 0.5])) == pytest.approx(0, abs=1e-12)
    assert information(np.eye(4) / 4) == pytest.approx(math.log(4))


@pytest.mark.parametrize("name", ["donsker_varadhan", "jensen_shannon", "infonce"])
def test_the_students_estimators_are_the_packages(student, name):
    scores = np.random.default_rng(2).normal(0, 3, size=(5, 5))
    package = float(ops.convert_to_numpy(getattr(infomax, name)(scores.astype("float32"))))
    assert student[name](scores) == pytest.approx(package, rel=1e-5)
