"""The equations of lecture 19 that have code of the package; those of sound stand in tests/test_sounds.py."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import expit

from coursekit.models import frames


def test_a_convlstm_step_is_the_lectures():
    """In each place: gates from a 3x3 window of input and state, c = f c + i g, h = o tanh(c)."""
    rng = np.random.default_rng(0)
    keras.utils.set_random_seed(0)
    cell = frames.ConvLSTMCell(units=2)
    x, h, c = (rng.normal(size=(1, 4, 5, n)).astype("float32") for n in (3, 2, 2))
    cell.build((None, 4, 5, 3))
    cell.bias.assign(rng.normal(size=8))
    weights, bias = (ops.convert_to_numpy(each) for each in (cell.weights_of_gates, cell.bias))
    new_h, new_c = (ops.convert_to_numpy(each) for each in cell(x, (h, c)))
    both = np.pad(np.concatenate([x, h], axis=-1)[0], ((1, 1), (1, 1), (0, 0)))
    for row, column in ((0, 0), (2, 3)):
        drive = np.einsum("abi,abio->o", both[row : row + 3, column : column + 3], weights) + bias
        i, f, g, o = np.split(drive, 4)
        expected = expit(f + 1) * c[0, row, column] + expit(i) * np.tanh(g)
        np.testing.assert_allclose(new_c[0, row, column], expected, atol=1e-5)
        np.testing.assert_allclose(new_h[0, row, column], expit(o) * np.tanh(expected), atol=1e-5)


def test_nats_are_the_cross_entropy_in_logits():
    rng = np.random.default_rng(0)
    logits, x = rng.normal(size=(3, 4, 4, 1)).astype("float32"), rng.random((3, 4, 4, 1)).astype("float32")
    p = expit(logits)
    by_hand = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(ops.convert_to_numpy(frames.nats(logits, x)), by_hand, rtol=1e-5)


@pytest.mark.parametrize("price", ["squared error", "cross-entropy"])
def test_the_best_answer_to_two_futures_is_their_mean(price):
    a, b, p = 0.1, 0.8, np.linspace(0.001, 0.999, 9981)
    of = {
        "squared error": lambda x: (x - p) ** 2,
        "cross-entropy": lambda x: -x * np.log(p) - (1 - x) * np.log(1 - p),
    }[price]
    expected = (of(a) + of(b)) / 2
    assert p[expected.argmin()] == pytest.approx((a + b) / 2, abs=1e-3)
    if price == "squared error":
        assert expected.min() == pytest.approx((a - b) ** 2 / 4, abs=1e-6)
