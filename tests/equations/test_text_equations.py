"""The equations of lectures 17 and 18, held against its code."""

import numpy as np
import pytest
from keras import ops

from coursekit import letters, metrics
from coursekit.models import causal

SIZES = {
    "convolution": {"dilations": (1, 2, 4)},
    "attention": {"dilations": (), "contexts": (4, 5), "heads": 2},
    "both, conditional": {"dilations": (1, 3), "contexts": (3,), "heads": 2, "conditions": 3},
}


@pytest.fixture(params=SIZES.values(), ids=SIZES)
def model(request):
    model = causal.build(7, channels=8, skip=12, **request.param)
    rng = np.random.default_rng(1)
    # No weight stays at 0, as biases and distances are at first: so each of them counts.
    model.set_weights([w + rng.normal(size=w.shape) * 0.3 for w in model.get_weights()])
    return model


def given(model, count=3, steps=24):
    x = np.random.default_rng(0).integers(0, model.classes, (count, steps))
    return x, np.arange(count) % model.conditions if model.conditions else None


def test_a_change_of_letter_t_changes_no_prediction_up_to_t_and_all_that_see_it(model):
    """p(x_t | x_1, ..., x_(t-1)), and R = 1 + sum of dilations (of an attention block, its context - 1)."""
    x, condition = given(model)
    other = x.copy()
    other[:, 9] = (other[:, 9] + 1) % 7
    moved = np.abs(np.array(model(x, condition)) - np.array(model(other, condition))).max(axis=-1)
    sees = np.flatnonzero(moved.min(axis=0) > 1e-6)
    np.testing.assert_array_equal(sees, np.arange(10, 10 + model.receptive_field))
    assert moved[:, :10].max() == 0


def test_sampling_with_remembered_states_is_the_whole_network(model):
    """All steps at once, or the step of the sampling loop with its memories: the same log p of each letter."""
    x, condition = given(model)
    memories, before, found = model.network.begin(len(x)), np.full(len(x), -1, "int32"), []
    for symbols in x.T:
        logits, memories = model.network.step(ops.convert_to_tensor(before), memories, condition)
        logits = np.array(logits).astype("float64")
        found.append(logits[range(len(x)), symbols] - np.log(np.exp(logits).sum(axis=-1)))
        before = symbols.astype("int32")
    found = np.stack(found, axis=1) / np.log(2)
    assert found.std() > 0.1
    np.testing.assert_allclose(model.log2_probability(x, condition), found, atol=1e-4)


def test_a_cold_sample_takes_the_likeliest_letter_in_each_step(model):
    x, condition = given(model)
    prompt = x[:, :5]
    written = model.sample(3, 6, temperature=0, prompt=prompt, condition=condition)
    whole = np.concatenate([prompt, written], axis=1)
    np.testing.assert_array_equal(written, np.array(model(whole, condition)).argmax(axis=-1)[:, 5:])


def test_a_gate_is_tanh_times_sigmoid():
    """a, b = two linear maps of (h_(t-d), h_t); g = tanh(a) * sigmoid(b); the next h is h + a linear map of g."""
    model = causal.build(7, channels=8, skip=12, dilations=(2,))
    block = model.network.blocks[0]
    h = np.random.default_rng(0).normal(size=(1, 6, 8)).astype("float32")
    (kernel, bias), (out, out_bias) = block.gates.get_weights(), block.out.get_weights()
    both = np.concatenate([h[0, 1], h[0, 3]]) @ kernel + bias
    gated = np.tanh(both[:8]) / (1 + np.exp(-both[8:]))
    after, skip = (np.array(part)[0, 3] for part in block(h))
    np.testing.assert_allclose(
        np.append(after, skip), gated @ out + out_bias + np.append(h[0, 3], np.zeros(12)), atol=1e-5
    )


def test_bits_are_those_counted_by_hand():
    """A network whose logits are its last bias alone gives 1/2, 1/4, 1/8, 1/8: 1, 2, 3 and 3 bits."""
    model = causal.build(4, channels=4, skip=4, dilations=(1,))
    weights = [np.zeros_like(w) for w in model.get_weights()]
    weights[-1] = np.log([0.5, 0.25, 0.125, 0.125])
    model.set_weights(weights)
    x = np.array([[0, 1, 2, 3], [0, 0, 0, 1]])
    np.testing.assert_allclose(model.log2_probability(x), [[-1, -2, -3, -3], [-1, -1, -1, -2]], atol=1e-5)
    np.testing.assert_allclose(model.bits(x), [9 / 4, 5 / 4], atol=1e-5)
    np.testing.assert_allclose(model.bits(x, skip=2), [3, 3 / 2], atol=1e-5)


def test_witten_bell_by_hand():
    """abac, then ab: p(b | a) = (1 + 2 p(b)) / (2 + 2), and p(b) = (1 + 3 / 3) / (4 + 3)."""
    a, b, c = 0, 1, 2
    model = metrics.NGrams(2, classes=3).fit(np.array([a, b, a, c]))
    single = (1 + 3 / 3) / (4 + 3)
    np.testing.assert_allclose(2 ** model.log2_probability(np.array([a, b]))[0, 1], (1 + 2 * single) / 4)


def test_windows_that_overlap_count_each_letter_once():
    text = np.arange(40) % letters.CLASSES
    found = letters.windows(text, 16, 8)
    np.testing.assert_array_equal(found[:, 8:].ravel(), text[8:40])
