"""The recipe of lecture 17, on a small net and few windows."""

import dataclasses

import numpy as np
import pytest

from coursekit import data, letters, metrics, recipes


def test_it_trains_and_is_measured_beside_counts_of_the_same_text():
    recipe = recipes.get("causal-shakespeare")
    run = recipe.load("quick")
    train, test = data.load("plays"), data.load("plays", "test")
    np.testing.assert_array_equal(run.train[::4].ravel(), train.letters[: len(run.train[::4]) * 256])
    np.testing.assert_array_equal(run.test[:, 256:].ravel(), test.letters[256 : 256 * 21])
    model = recipe.build(**recipe.of("quick")["model"] | {"channels": 8, "skip": 8, "dilations": [1, 2]})
    small = dataclasses.replace(run, test=run.test[:4])
    recipe.fit(model, run.train[:16], {"epochs": 1, "batch_size": 8, "learning_rate": 1e-2}, verbose=0)
    found = recipe.evaluate(model, small)
    assert found["bits"] == pytest.approx(-model.log2_probability(small.test)[:, 256:].mean(), rel=1e-4)
    counted = metrics.NGrams(5, letters.CLASSES).fit(train.letters)
    assert found["five_gram"] == pytest.approx(-counted.log2_probability(small.test)[:, 256:].mean(), abs=0.01)
