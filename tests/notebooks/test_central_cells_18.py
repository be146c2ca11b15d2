"""What the student builds in lecture 18 and what the package holds are one: the same letters, the same lines."""

import keras
import numpy as np
import pytest

from coursekit import data, letters, paths
from coursekit.models import causal, text_vae

LECTURE = paths.notebooks() / "source" / "18_text_vae.py"


def test_written_letters_are_those_of_the_package(student):
    keras.utils.set_random_seed(1)
    model = causal.build(65, channels=8, skip=8, dilations=(1, 2))
    model.set_weights([3 * weight for weight in model.get_weights()])  # so that letters differ
    prompt = data.load("plays", limit=12).letters
    written = student["write"](model, prompt, 20, 1e-6, np.random.default_rng(0))
    np.testing.assert_array_equal(written[:12], prompt)
    np.testing.assert_array_equal(written[12:], model.sample(1, 20, temperature=0, prompt=prompt)[0])
    assert len(set(written[12:])) > 2


def test_letters_are_drawn_from_the_softmax_at_the_temperature(student):
    """Logits whose softmax is 1/2, 1/4, 1/4: at temperature 1/2 the ratios are 4 : 1 : 1."""
    model = lambda x: np.log([0.5, 0.25, 0.25]) + np.zeros((*x.shape, 3))
    written = student["write"](model, [0], 3000, 0.5, np.random.default_rng(0))[1:]
    np.testing.assert_allclose(np.bincount(written) / 3000, [4 / 6, 1 / 6, 1 / 6], atol=0.03)


def test_a_long_text_is_cut_to_what_the_network_sees(student):
    shapes = []
    model = lambda x: shapes.append(x.shape) or np.zeros((*x.shape, 65))
    student["write"](model, np.zeros(300, int), 2, 1.0, np.random.default_rng(0))
    assert shapes == [(1, 257)] * 2


def test_babbling_is_a_mixture(student):
    p, steps = 2.0**-20, 3
    found = student["babbling"](np.log2(p), steps)
    assert found == pytest.approx(np.log2(0.01 * p + 0.99 * 65.0**-steps))


def test_between_two_lines_codes_are_mixed(student):
    keras.utils.set_random_seed(0)
    model = text_vae.lstm(steps=12, latent_dim=3, reader=(4,), writer=(8,))
    model.set_weights([5 * weight for weight in model.get_weights()])  # so that codes matter
    one, other = model.codes(letters.pad(["to be", "or not to"], 12))
    codes = np.stack([one, 0.75 * one + 0.25 * other, (one + other) / 2, 0.25 * one + 0.75 * other, other])
    expected = letters.unpad(model.decode(codes, temperature=0))
    assert expected[0] != expected[-1]
    assert student["between"](model, "to be", "or not to", 5) == expected
