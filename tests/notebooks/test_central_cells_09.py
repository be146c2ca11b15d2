"""What the student builds in lecture 09 and what the package holds are one: same symbols, same loss, same step."""

import keras
import numpy as np
import pytest
from keras import ops

from coursekit import data, melodies, paths
from coursekit.metrics import music
from coursekit.models import sequence_vae

LECTURE = paths.notebooks() / "source" / "09_music_vae.py"


class Codes:
    """In the place of the shipped network: the symbols of a melody are its code."""

    codes = staticmethod(lambda x: np.asarray(x, float))
    decode = staticmethod(lambda z, temperature: np.rint(z).astype(int))


tunes = data.load("tunes", "train", bars=2, limit=200, seed=0)
heard = np.stack([tunes.tokens[i] for i in (0, 70, 140)])
GIVEN = {"musicvae": Codes, "train": tunes, "heard": heard}


def test_notes_become_the_symbols_of_the_data(student):
    for melody in tunes.tokens[:50]:
        notes = [(key, start, end - start) for start, end, key in melodies.notes_of(melody)]
        np.testing.assert_array_equal(student["symbols"](notes), melodies.from_notes(melodies.notes_of(melody), 32))


@pytest.fixture
def pair(student):
    """The student's model and the package's, with the same weights and the same noise."""
    keras.utils.set_random_seed(1)
    mine = student["Trained"](beta=0.3, free_bits=4.0)
    package = sequence_vae.lstm(90, 16, 32, (64,), (64,), beta=0.3, free_bits=4.0)
    keras.utils.set_random_seed(2)
    for network, other in ((package.encoder, mine.encoder), (package.decoder, mine.decoder)):
        network.set_weights(other.get_weights())
    return mine, package


def test_same_weights_and_noise_same_terms(pair):
    mine, package = pair
    x = ops.convert_to_tensor(tunes.tokens[:8, :16].astype("int32"))
    package.noise.state.assign(mine.noise.state)
    nats, kl = mine.terms(x, x)
    _, parts = package.objective(x)
    assert float(ops.mean(nats)) == pytest.approx(float(parts["reconstruction"]), rel=1e-5)
    assert float(ops.mean(kl)) == pytest.approx(float(parts["kl"]), rel=1e-5)


@pytest.mark.parametrize("hidden", [0.0, 1.0])
def test_a_step_of_training_moves_both_alike(pair, hidden):
    """With codes that have no variance, and all symbols told or none: so no noise differs."""
    mine, package = pair
    mine.hidden.assign(hidden), package.word_dropout.assign(hidden)
    *others, bias = mine.encoder.get_weights()
    for model in pair:
        model.encoder.set_weights([*others, np.where(np.arange(64) < 32, bias, -30)])
    start = mine.encoder.get_weights() + mine.decoder.get_weights()
    for model in pair:
        model.compile(keras.optimizers.SGD(0.05), jit_compile=False)
        model.fit(tunes.tokens[:32, :16], batch_size=32, epochs=1, verbose=0)
    moved = []
    ends = (model.encoder.get_weights() + model.decoder.get_weights() for model in pair)
    for one, other, before in zip(*ends, start, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
        moved.append(np.abs(one - before).max())
    assert min(moved) > 0
    assert max(moved) > 1e-3


def test_from_the_same_weights_again(student, cells_of):
    """`restart`, which the lecture's folded cell defines, leaves nothing of a training."""
    model = student["Trained"]()
    model.compile(keras.optimizers.Adam(1e-2), jit_compile=False)
    start = [variable.numpy() for variable in model.variables]
    x = tunes.tokens[:64, :16]
    ends = []
    for _ in range(2):
        student["restart"](model, start)
        keras.utils.set_random_seed(5)
        model.fit(x, batch_size=32, epochs=1, verbose=0)
        ends.append(model.get_weights())
    for one, other in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_line_begins_and_ends_at_the_melodies(student):
    np.testing.assert_allclose(student["line"](heard[0], heard[1])[[0, -1]], heard[:2])
    np.testing.assert_allclose(student["line"](heard[0], heard[1], 5)[2], (heard[0] + heard[1]) / 2)


def test_the_cross_fade_is_the_packages(student):
    student["rng"].bit_generator.state = np.random.default_rng(3).bit_generator.state
    np.testing.assert_array_equal(student["cross_fade"](*heard[:2], 7), music.blend(*heard[:2], 7, seed=3))


def test_the_attribute_vector_points_from_few_to_many(student):
    amounts = np.arange(8.0)
    codes = np.stack([amounts, amounts % 2], axis=1)
    np.testing.assert_allclose(student["attribute_vector"](codes, amounts), [6, 0])
