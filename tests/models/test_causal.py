"""Causal networks: what they learn, write, keep in files, and say to bad input."""

import keras
import numpy as np
import pytest

from coursekit.models import Causal, causal

TINY = {"channels": 8, "skip": 8, "dilations": (1, 2)}


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def turns(count=64, steps=12):
    """0 1 2 0 1 2 ..., begun anywhere: only the first symbol of each is a surprise."""
    return (np.arange(steps) + np.random.default_rng(0).integers(0, 3, (count, 1))) % 3


def test_it_learns_what_comes_next_and_writes_it():
    model = causal.build(3, **TINY)
    x = turns()
    before = model.bits(x).mean()
    model.compile(keras.optimizers.Adam(0.02), jit_compile=False)
    history = model.fit(x, batch_size=16, epochs=15, verbose=0, validation_data=(x, None)).history
    assert model.bits(x, skip=1).mean() < 0.1 < 1 < before
    assert history["val_bits"][-1] == pytest.approx(model.bits(x).mean(), rel=1e-3)
    written = model.sample(4, 30, seed=1, prompt=np.array([1, 2]))
    assert (written == np.arange(30) % 3).mean() > 0.9


def test_a_condition_is_heard():
    model = causal.build(3, **TINY, conditions=2)
    x = np.repeat([[0] * 6, [2] * 6], 32, axis=0)
    y = np.repeat([0, 1], 32)
    model.compile(keras.optimizers.Adam(0.02), jit_compile=False)
    model.fit(x, y, batch_size=16, epochs=20, verbose=0)
    np.testing.assert_array_equal(model.sample(2, 4, temperature=0, condition=[0, 1])[:, 0], [0, 2])
    assert model.bits(x, y).mean() < 0.5 < model.bits(x, 1 - y).mean()


@pytest.mark.parametrize("blocks", [{"dilations": (1, 2)}, {"dilations": (), "contexts": (4,), "heads": 2}])
def test_dropout_is_for_training_alone(blocks, tmp_path):
    model = causal.build(3, channels=8, skip=8, **blocks, dropout=0.5)
    x = turns()
    silent = model(x)
    np.testing.assert_array_equal(silent, model(x), "a prediction is no matter of chance")
    one, other = model(x, training=True), model(x, training=True)
    assert np.abs(one - silent).max() > 0.01 < np.abs(one - other).max()
    model.compile(keras.optimizers.Adam(0.02), jit_compile=False)
    assert model.fit(x, batch_size=16, epochs=1, verbose=0).history["bits"][0] < 9
    model.save(tmp_path / "model.keras")
    assert keras.models.load_model(tmp_path / "model.keras").network.dropout == 0.5
    without = causal.build(3, channels=8, skip=8, **blocks)
    without.network.set_weights([w for w in model.network.get_weights() if w.dtype != "uint32"])
    np.testing.assert_allclose(without(x), model(x), atol=1e-6)


def test_the_same_seed_writes_the_same_and_each_row_its_own():
    model = causal.build(5, **TINY)
    first, again, other = (model.sample(3, 20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (first[0] != first[1]).any()
    assert first.shape == (3, 20)
    assert first.dtype == np.int64


def test_a_model_comes_back_from_its_file(tmp_path):
    model = causal.build(5, **TINY, contexts=(3,), heads=2)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", compile=False)
    x = np.random.default_rng(0).integers(0, 5, (2, 9))
    assert isinstance(again, Causal)
    np.testing.assert_allclose(again.bits(x), model.bits(x), rtol=1e-6)


def test_it_scores_windows_of_any_number_and_length():
    """The last minibatch is filled up, and its padding is not answered for."""
    model = causal.build(5, **TINY)
    x = np.random.default_rng(0).integers(0, 5, (7, 9))
    one_by_one = np.concatenate([model.log2_probability(row[None]) for row in x])
    np.testing.assert_allclose(model.log2_probability(x, batch_size=4), one_by_one, atol=1e-4)
    assert model.log2_probability(x[:, :1]).shape == (7, 1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda m: m.bits(np.zeros((2, 3))), "whole numbers"),
        (lambda m: m.bits(np.zeros(3, int)), r"x\[None\]"),
        (lambda m: m.bits(np.zeros((0, 3), int)), "at least one"),
        (lambda m: m.bits(np.full((2, 3), 5)), "from 0 to 4, got some from 5 to 5"),
        (lambda m: m.bits(np.zeros((2, 3), int), skip=3), "skip fewer"),
        (lambda m: m.bits(np.zeros((2, 3), int), [0, 1]), "no conditions"),
        (lambda m: m.sample(0, 3), "n"),
        (lambda m: m.sample(1, 3, temperature=-1), "temperature"),
        (lambda m: m.sample(1, 3, prompt=[7]), "from 0 to 4"),
        (lambda m: m.sample(3, 3, prompt=[[1], [2]]), "one for each of 3"),
        (lambda m: causal.build(5, dilations=()), "at least one block"),
        (lambda m: causal.build(5, dilations=(0,)), "dilations"),
        (lambda m: causal.build(5, channels=6, contexts=(3,)), "heads"),
        (lambda m: causal.build(5, conditions=2).bits(np.zeros((2, 3), int)), "a condition for each"),
    ],
)
def test_what_it_cannot_use_is_said(call, says):
    with pytest.raises(ValueError, match=says):
        call(causal.build(5, **TINY))
