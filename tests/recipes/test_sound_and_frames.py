"""The recipes of lectures 19 and 20, on very little: they train, and measure all that the lecture shows."""

import dataclasses
import json

import numpy as np
import pytest

from coursekit import recipes


@pytest.mark.one_backend
def test_a_convlstm_is_measured_frame_by_frame():
    recipe = recipes.get("convlstm-digits")
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    run = recipe.load("quick")
    assert run.train.shape == (64, 20, 32, 32, 1)
    run = dataclasses.replace(run, train=run.train[:8], test=run.test[:5])
    settings = recipe.of("quick") | {"model": {"units": [4]}, "batch_size": 4}
    model = recipe.build(**settings["model"])
    recipe.fit(model, run.train, settings, verbose=0)
    measured = recipe.evaluate(model, run)
    for kind in ("nats", "squared_error", "ssim"):
        assert measured[kind] == pytest.approx(np.mean([measured[f"{kind}_{t}"] for t in range(1, 11)]))
    assert set(recipe.gauge(model, run)) == {"nats", "ssim"}
    assert recipe.frames(model, run).shape == (4, 32, 320, 1)


@pytest.mark.one_backend
def test_a_conditional_vae_is_judged_beside_its_ceiling(monkeypatch):
    from coursekit.recipes import sounds

    monkeypatch.setattr(sounds, "SAMPLES", 40)
    recipe = recipes.get("vae-spoken-digits")
    run = recipe.load("quick")
    assert run.train.shape == (300, 64, 32, 1)
    assert set(run.train_labels) == set(range(10))
    run = dataclasses.replace(
        run,
        train=run.train[:120],
        train_labels=run.train_labels[:120],
        test=run.test[:40],
        test_labels=run.test_labels[:40],
    )
    settings = recipe.of("quick") | {"epochs": 1}
    model = recipe.build(**settings["model"])
    recipe.fit(model, run.train, settings, y=run.train_labels.astype("int32"), verbose=0)
    measured = recipe.evaluate(model, run)
    assert measured["real"] > 0.3, "the judge has learned something in so short a time"
    assert abs(measured["real"] - measured["real_heard"]) < 0.4
    assert {"samples", "samples_heard", "rebuilt_heard", "means", "elbo_train", "elbo_test", "copies"} < set(measured)


@pytest.mark.one_backend
def test_a_causal_network_of_raw_samples_is_measured_beside_counting():
    recipe = recipes.get("causal-spoken-digits")
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    run = recipe.load("quick")
    assert run.train.shape[1:] == run.test.shape[1:] == (2048,)
    np.testing.assert_array_equal(run.train[0, 1024:], run.train[1, :1024])
    run = dataclasses.replace(run, train=run.train[:16], test=run.test[:4])
    settings = recipe.of("quick") | {"model": {"classes": 256, "channels": 8, "skip": 8, "dilations": [1, 2]}}
    model = recipe.build(**settings["model"])
    recipe.fit(model, run.train, settings, verbose=0)
    measured = recipe.evaluate(model, run)
    assert 0 < measured["bits"] < 8.1
    assert measured["counted_2"] < measured["counted_1"] < 8
    assert measured["xz"] < 8
