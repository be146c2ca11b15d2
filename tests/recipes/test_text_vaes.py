"""The recipes of the VAEs of lines, on small nets and few lines."""

import dataclasses
import json
import types

import numpy as np
import pytest

from coursekit import data, letters, metrics, recipes
from coursekit.recipes import text_vaes

NAMES = [recipe.name for recipe in text_vaes.RECIPES]
SMALL = {"latent_dim": 4, "reader": [4], "writer": [8]}


@pytest.fixture(scope="module")
def run():
    return recipes.get("text-vae").load("quick")


@pytest.mark.parametrize("name", NAMES)
def test_settings_can_be_written_down(name):
    recipe = recipes.get(name)
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    assert recipe.build(**recipe.of("full")["model"]).steps == 41


def test_the_settings_of_the_table_differ_in_what_they_say_alone():
    full = {name: recipes.get(f"text-vae-{name}").of("full") for name in text_vaes.SETTINGS}
    for name, (_, changes) in text_vaes.SETTINGS.items():
        assert full[name] == full["plain"] | {"model": full["plain"]["model"] | changes}


def test_lines_are_those_of_the_plays(run):
    train, test = (letters.unpad(part) for part in (run.train, run.test))
    assert {len(line) for line in train + test} == set(range(16, 41))
    assert set(test) <= set(data.load("plays", "test").lines)
    assert not set(train) & set(test)


def test_a_line_of_both_parts_is_not_tested(monkeypatch):
    texts = {
        ("plays", "train"): "To be, or not to be\nIn sooth, I know not why",
        ("plays", "test"): "In sooth, I know not why\nFarewell, my lords of Venice\nFarewell, my lords of Venice",
        ("tiny_shakespeare", "train"): "Good morrow, neighbour",
        ("tiny_shakespeare", "test"): "To be, or not to be\nI will not fail you.",
    }
    load = lambda name, split="train": types.SimpleNamespace(letters=letters.encode(texts[name, split]))
    monkeypatch.setattr(data, "load", load)
    quick, full = (recipes.get("text-vae").load(profile) for profile in ("quick", "full"))
    assert letters.unpad(quick.test) == ["Farewell, my lords of Venice"]
    assert letters.unpad(full.test) == ["I will not fail you."]
    assert letters.unpad(full.train) == [
        "Good morrow, neighbour",
        "To be, or not to be",
        "In sooth, I know not why",
    ], "where one text ends, its line ends"


def test_a_line_and_its_first_stop_count():
    x = letters.pad(["to be", "or"], 8)
    np.testing.assert_array_equal(text_vaes.counted(x).sum(axis=1), [6, 3])
    assert (x[text_vaes.counted(x)] == letters.STOP).sum() == 2


@pytest.mark.parametrize("name", ["text-vae", "text-vae-no-code"])
def test_they_train_and_are_measured(name, run):
    recipe = recipes.get(name)
    model = recipe.build(**recipe.of("quick")["model"] | SMALL)
    run = dataclasses.replace(run, train=run.train[:64], test=run.test[:250])
    recipe.fit(model, run.train, {"epochs": 1, "batch_size": 32, "learning_rate": 1e-2}, verbose=0)
    found = recipe.evaluate(model, run)
    lengths = (run.test != letters.STOP).sum(axis=1) + 1
    written = model.reconstruct(run.test)
    right = [(a[:n] == b[:n]).sum() for a, b, n in zip(written, run.test, lengths, strict=True)]
    assert found["rebuilt"] == pytest.approx(sum(right) / lengths.sum())
    bound = model.elbo(run.test)
    assert found["bits"] == pytest.approx(-np.array(bound.elbo).sum() / lengths.sum() / np.log(2), rel=0.05)
    assert found["kl"] == pytest.approx(np.array(bound.kl).mean() / np.log(2), rel=1e-4)
    if name == "text-vae-no-code":
        assert found["kl"] == 0
        assert len(set(letters.unpad(written))) == 1, "one line for all"
    else:
        counted = metrics.NGrams(5, letters.CLASSES).fit(run.train).bits(run.test) * 41
        assert found["five_gram"] == pytest.approx(counted.sum() / lengths.sum())
