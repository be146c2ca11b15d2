"""The recipes of lectures 03 and 05, on small nets and few images."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from coursekit import data, recipes
from coursekit.models import encoders
from coursekit.recipes import self_supervision

NAMES = [recipe.name for recipe in self_supervision.RECIPES]


def tiny(name, **settings):
    """A model of this recipe with few channels."""
    recipe = recipes.get(name)
    sizes = (
        {"widths": [4, 3, 2]}
        if recipe.of("quick")["model"].get("network") == "nin"
        else {"channels": [4, 4, 4], "width": 8}
    )
    return recipe, recipe.build(**recipe.of("quick")["model"] | sizes | settings)


@pytest.mark.parametrize("name", NAMES)
def test_settings_can_be_written_down(name):
    recipe = recipes.get(name)
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    assert set(recipe.settings) == {"quick", "full"}


@pytest.mark.parametrize("name", ["rotnet-fashion", "dim-photos"])
def test_quick_data_come_with_the_course_and_the_test_set_has_labels(name):
    run = recipes.get(name).load("quick")
    assert len(run.train_labels) == len(run.train) == len(data.load(run.about))
    assert len(run.test_labels) == len(run.test) == len(data.load(run.about, "test"))


@pytest.mark.parametrize("name", ["rotnet-fashion", "dim-photos"])
def test_they_train_and_are_measured(name):
    recipe, model = tiny(name)
    run = recipe.load("quick")
    run = dataclasses.replace(run, test=run.test[:120], test_labels=run.test_labels[:120])
    settings = {"epochs": 2, "batch_size": 16, "learning_rate": 1e-3}
    history = recipe.fit(model, run.train[:64], settings, verbose=0)
    assert len(history.history["loss"]) == 2
    assert float(model.optimizers[None].learning_rate) == pytest.approx(0, abs=1e-6), "it has fallen to 0"
    found = self_supervision.probed({"conv3": 2, "fc": None}, counts=(10,), limit=600)(model, run)
    assert list(found) == ["conv3_10", "fc_10"]
    assert all(0.05 < share < 0.9 for share in found.values())
    again = self_supervision.probed({"conv3": 2, "fc": None}, counts=(10,), limit=600)(model, run)
    assert again == found
    if name == "rotnet-fashion":
        both = self_supervision.turns({"fc": None}, counts=(1,), limit=200)(model, run)
        assert both["rotation_accuracy"] == pytest.approx(model.rotation_accuracy(run.test))


def test_the_papers_schedule_falls_three_times():
    _, model = tiny("rotnet-nin-cifar10")
    x = np.random.default_rng(0).random((40, 32, 32, 3)).astype("float32")
    rates = []

    class Watch(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            rates.append(float(np.array(self.model.optimizers[None].learning_rate)))

    settings = {"epochs": 10, "batch_size": 20, "learning_rate": 0.1}
    self_supervision.fit_sgd(model, x, settings, verbose=0, callbacks=[Watch()], steps_per_stretch=2)
    assert rates == pytest.approx([0.1] * 3 + [0.02] * 3 + [0.004] * 2 + [0.0008] * 2, rel=1e-5)


def test_what_is_shipped_of_a_large_one_answers_as_the_trained_one():
    recipe, trained = tiny("dim-cifar10")
    sizes = {"channels": [4, 4, 4], "width": 8}
    kept = recipe.build(**recipe.of("full")["model"] | sizes | recipe.of("full")["shipped"])
    x = np.random.default_rng(0).random((3, 32, 32, 3)).astype("float32")
    assert not np.allclose(encoders.activations(kept, x, "conv3"), trained.features(x, "conv3"))
    recipe.finish(trained, kept)
    np.testing.assert_allclose(encoders.activations(kept, x, "conv3"), trained.features(x, "conv3"), atol=1e-5)


def test_each_ablation_changes_what_its_name_says():
    settings = {name: dict(recipes.get(f"dim-ablation-{name}").of("full")) for name in self_supervision.ABLATIONS}
    models = {name: changed.pop("model") for name, changed in settings.items()}
    assert settings["prior"] == settings["plain"] == settings["occluded"]
    assert models["occluded"] == recipes.get("dim-cifar10").of("full")["model"]
    changed = lambda a, b: {key for key in a | b if a.get(key) != b.get(key)}
    assert changed(models["plain"], models["occluded"]) == {"occlude"}
    assert changed(models["plain"], models["prior"]) == {"gamma", "prior_widths"}
    sizes = {"channels": [4, 4, 4], "width": 8}
    assert not hasattr(recipes.get("dim-ablation-plain").build(**models["plain"] | sizes), "adversary")
    with_prior = recipes.get("dim-ablation-prior").build(**models["prior"] | sizes)
    x = np.random.default_rng(0).random((32, 32, 32, 3)).astype("float32")
    history = self_supervision.fit_infomax(with_prior, x, settings["prior"] | {"batch_size": 16}, verbose=0).history
    assert {"adversary_loss", "prior_loss", "local"} <= set(history)


def test_all_that_ship_take_at_most_5_megabytes():
    weights = 0
    for recipe in (recipe for recipe in self_supervision.RECIPES if recipe.ships):
        settings = recipe.of("full")
        weights += recipe.build(**settings["model"] | settings.get("shipped", {})).count_params()
    assert 2 * weights < 5e6
