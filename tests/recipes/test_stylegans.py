import json

import numpy as np
import pytest

from coursekit import recipes
from coursekit.recipes import run_data, stylegans


@pytest.mark.one_backend
@pytest.mark.parametrize("name", ["stylegan-portraits", "stylegan-faces"])
def test_what_ships_is_the_averaged_generator(name):
    recipe = recipes.get(name)
    settings = json.loads(json.dumps(recipe.of("full")))
    trained, shipped = recipe.build(**settings["model"]), recipe.build_shipped(settings)
    for weight in trained.averaged.weights:
        weight.assign(weight.value * 0.9)
    recipe.finish(trained, shipped)
    assert shipped.discriminator is None
    assert 2 * shipped.count_params() < 1.9e6, "bytes as float16: both, and what is drawn beside them, within 4 MB"
    assert shipped.resolutions()[-1] == shipped.shape[0]
    np.testing.assert_array_equal(shipped.sample(2), trained.sample(2))


@pytest.mark.one_backend
def test_the_readers_columns_are_those_of_the_images_that_it_sees():
    run = run_data.small_portraits("quick")
    assert run.train.shape[1:] == run.test.shape[1:] == (32, 32, 3)
    assert len(run.train) == len(run.train_labels)
    recipe, given = recipes.get("reader-portraits"), {}

    class Model:
        def compile(self, optimizer):
            pass

        def fit(self, x, y, **options):
            given.update(x=x, y=y)

        def read(self, images):
            return stylegans.known(len(images), "test")

    recipe.fit(Model(), run.train, recipe.of("quick"))
    assert len(given["y"]) == len(run.train)
    bald = given["y"][:, 1] == 1
    assert np.array_equal(bald, run.train_labels == 0), "column 0 is the skin, column 1 the first style of hair"
    assert recipe.evaluate(Model(), run)["r2"] == 1
