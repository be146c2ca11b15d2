"""The DCGANs' recipes: what the time-lapse needs is recorded, what ships, what an ablation changes."""

import dataclasses
import json

import numpy as np
import pytest

from coursekit import data, recipes
from coursekit.recipes import dcgans, weights
from coursekit.recipes.run_data import RunData

NAME = "dcgan-mnist"
TINY = {"channels": [4, 4], "discriminator": [4, 4], "depth": 0}


def few_digits(profile):
    train, test = (data.load("digits", split, limit=200, seed=0) for split in ("train", "test"))
    return RunData.of(profile, train, test, "200 digits")


def ink(model, run):
    return {"frechet": float(np.abs(model.sample(50, seed=1).mean() - run.test.mean()))}


def tiny(**changes):
    """The recipe for digits with a tiny network, 200 digits, and a cheap measure in the place of the judge's."""
    settings = recipes.get(NAME).of("quick") | {"model": TINY, "epochs": 3, "batch_size": 20}
    changes = {"load": few_digits, "gauge": ink, "evaluate": ink} | changes
    return dataclasses.replace(recipes.get(NAME), settings={"quick": settings}, **changes)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """(folder, results)"""
    out = tmp_path_factory.mktemp("trained")
    return out, recipes.train(tiny(), "quick", out=out)


def test_every_frame_has_its_epoch_seconds_and_distance(trained):
    out, results = trained
    timeline = recipes.timeline(NAME, out / "results")
    assert timeline["epochs"] == [0, 1, 2, 3]
    assert timeline["seconds"][0] == 0
    assert timeline["seconds"] == sorted(timeline["seconds"])
    assert timeline["seconds"][-1] == pytest.approx(results["runs"][0]["seconds"], abs=0.3)
    assert len(timeline["frechet"]) == 4
    assert timeline["frechet"][0] != timeline["frechet"][-1]
    epochs, images = recipes.frames(NAME, out / "pretrained")
    assert epochs.tolist() == timeline["epochs"]
    assert images.shape == (4, 16, 28, 28, 1)
    assert weights.manifest(out / "pretrained")[NAME]["timeline"] == timeline


def test_what_ships_is_the_averaged_generator_alone(trained, monkeypatch):
    out, results = trained
    monkeypatch.setitem(recipes.RECIPES, NAME, tiny())
    shipped = recipes.pretrained(NAME, out / "pretrained")
    assert shipped.averaged is None
    assert not shipped.averaging
    _, images = recipes.frames(NAME, out / "pretrained")
    np.testing.assert_allclose(shipped.sample(16, seed=0), images[-1], atol=0.02)
    distance = results["metrics"]["frechet"]["mean"]
    assert ink(shipped, few_digits("quick"))["frechet"] == pytest.approx(distance, abs=1e-4)
    assert distance == pytest.approx(recipes.timeline(NAME, out / "results")["frechet"][-1], abs=2e-3)


def test_a_recipe_that_does_not_ship_leaves_its_results_alone(tmp_path):
    results = recipes.train(tiny(ships=False, frames=None), "quick", out=tmp_path)
    assert not (tmp_path / "pretrained").exists()
    written = json.loads((tmp_path / "results" / f"{NAME}.json").read_text())
    assert written == results
    assert len(written["runs"][0]["timeline"]["frechet"]) == 4


def test_no_timeline_of_what_was_not_measured(tmp_path):
    with pytest.raises(recipes.RecipeError, match="measures while it trains, got 'vae-fashion'"):
        recipes.timeline("vae-fashion")
    with pytest.raises(
        recipes.RecipeError, match=f"Expected results of {NAME!r} at .*Train it: coursekit train {NAME}"
    ):
        recipes.timeline(NAME, tmp_path)


@pytest.mark.parametrize("recipe", dcgans.RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipes_settings_build_its_model(recipe):
    for profile in ("quick", "full"):
        settings = json.loads(json.dumps(recipe.of(profile)))
        model = recipe.build(**settings["model"] | settings.get("shipped", {}))
        assert {"epochs", "batch_size", "learning_rate"} <= settings.keys()
        assert model.sample(1).shape == (1, *model.shape)


def test_each_ablation_changes_what_its_name_says():
    settings = {name: recipes.get(f"dcgan-ablation-{name}").of("full") for name in dcgans.ABLATIONS}
    same = settings.pop("guidelines")
    for name, changed in settings.items():
        different = {key for key in same if changed.get(key) != same[key]} | (changed.keys() - same.keys())
        assert different, name
        if name == "sgd":
            assert different == {"optimizer", "learning_rate"}
        elif name != "minimax-sgd":  # loss, optimizer and rate together, as the deck says
            assert len(different) == 1, name
        assert changed["epochs"] == same["epochs"], "equal runs"


def test_a_linear_svm_on_the_discriminators_features():
    from coursekit.metrics import margins

    train, test = data.load("digits", "train", limit=500, seed=0), data.load("digits", "test", limit=200, seed=0)
    features = dcgans.build("fast", depth=0).features
    found, _ = margins.l2_svm(features(train.images), train.labels, features(test.images), strengths=(1.0,))
    assert (found == test.labels).mean() > 0.75, "even without training, convolutions of digits say which they are"
