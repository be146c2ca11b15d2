"""The recipe of AdaIN's decoder, on few crops."""

import dataclasses
import json

import pytest

from coursekit import recipes


@pytest.mark.one_backend
def test_it_trains_a_decoder_that_ships_alone():
    recipe = recipes.get("adain-photos")
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    run = recipe.load("quick")
    assert run.train.shape == (480, 64, 64, 3)
    run = dataclasses.replace(run, train=run.train[:32], test=run.test[:16])
    settings = recipe.of("quick") | {"model": recipe.of("quick")["model"] | {"widths": [8, 8], "last": 4}, "epochs": 2}
    model = recipe.build(**settings["model"])
    recipe.fit(model, run.train, settings, verbose=0)
    kept = recipe.build_shipped(settings)
    recipe.finish(model, kept)
    assert kept.count_params() < 20_000, "without the features"
    measured = recipe.evaluate(kept, run)
    assert set(measured) == {"psnr", "moments_left", "moments_before"}
    assert measured["moments_left"] > 0
    assert 5 < measured["psnr"] < 30
