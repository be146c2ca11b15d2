"""What the student builds in lecture 17 and what the package holds are one: same weights, same logits, same bits."""

import keras
import numpy as np
import pytest

from coursekit import data, letters, paths
from coursekit.models import causal

LECTURE = paths.notebooks() / "source" / "17_text.py"
TEXT = data.load("plays", limit=2000).letters


def test_pairs_are_counted_and_priced(student):
    text = np.array([5, 6, 5, 7])
    table = student["count_pairs"](text)
    assert table[5, 6] == table[6, 5] == table[5, 7] == 1
    assert table.sum() == 3
    np.testing.assert_allclose(student["price"](table, np.array([5, 6, 9])), [np.log2(67 / 2), np.log2(66)])


@pytest.fixture
def pair(student):
    """The student's network and the package's, with the same weights."""
    keras.utils.set_random_seed(1)
    mine = student["NextLetter"](channels=8, dilations=(1, 2))
    package = causal.build(65, channels=8, skip=8, dilations=(1, 2))
    mine(TEXT[None, :9].astype("int32"))
    package.set_weights(mine.get_weights())
    return mine, package


def test_same_weights_same_logits_and_bits(student, pair):
    mine, package = pair
    x = letters.windows(TEXT, 20).astype("int32")
    np.testing.assert_allclose(np.array(mine(x)), np.array(package(x)), atol=1e-5)
    found = student["network_bits"](mine, TEXT, context=10)
    np.testing.assert_allclose(found, -package.log2_probability(letters.windows(TEXT, 40, 30))[:, 10:], atol=1e-4)


def test_a_step_of_training_moves_both_alike(pair):
    x = letters.windows(TEXT, 20)[:16].astype("int32")
    start, ends, bits = pair[0].get_weights(), [], []
    for model in pair:
        model.compile(keras.optimizers.SGD(0.1), jit_compile=False)
        bits.append(model.fit(x, batch_size=16, epochs=1, verbose=0).history["bits"][0])
        ends.append(model.get_weights())
    assert bits[0] == pytest.approx(bits[1], rel=1e-5)
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert max(np.abs(one - before).max() for one, before in zip(ends[0], start, strict=True)) > 1e-3


def test_attention_is_that_of_keras(student):
    rng = np.random.default_rng(0)
    h, maps = rng.normal(size=(7, 6)).astype("float32"), rng.normal(size=(3, 6, 4)).astype("float32")
    weights, found = student["attend"](h, *maps)
    q, k, v = ((h @ one)[None, :, None] for one in maps)
    theirs = keras.ops.dot_product_attention(q, k, v, is_causal=True)
    np.testing.assert_allclose(found, np.array(theirs)[0, :, 0], atol=1e-5)
    assert (weights[np.triu_indices(7, 1)] == 0).all()
