"""The recipes of lecture 14 that begin with another training."""

import dataclasses
import json

import numpy as np
import pytest

from coursekit import recipes


@pytest.mark.one_backend
def test_portraits_begin_as_a_plain_vae_that_is_trained_first():
    recipe = recipes.get("soft-introvae-portraits")
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    assert recipes.get("plain-vae-portraits").of("full")["model"].items() < recipe.of("full")["model"].items()
    run = recipe.load("quick")
    assert run.train.shape == (2000, 32, 32, 3)
    run = dataclasses.replace(run, train=run.train[:64])
    small = recipe.of("quick")["model"] | {"channels": [4, 8]}
    first = {"epochs": 1, "batch_size": 32, "learning_rate": 1e-2}
    settings = recipe.of("quick") | {"model": small, "first": first, "learning_rate": 0.0}
    model = recipe.build(**small)
    before = model.encoder.get_weights(), model.decoder.get_weights()
    recipe.fit(model, run.train, settings, verbose=0)
    for old, now in zip(before, (model.encoder.get_weights(), model.decoder.get_weights()), strict=True):
        # The game's rate is 0, so whatever has moved was moved by the VAE.
        assert all(np.abs(a - b).max() > 1e-3 for a, b in zip(old, now, strict=True) if a.any())
