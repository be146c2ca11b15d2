"""The equations of lecture 09, held against its code."""

import math

import numpy as np
import pytest
from keras import ops

from coursekit.models import music_vae, sequence_vae

TINY = {"latent_dim": 4, "reader": (8,)}


def models():
    return [
        sequence_vae.lstm(5, 6, **TINY, writer=(8, 7)),
        music_vae.hierarchical(2, **TINY, conductor=(6,), bar=(8, 7)),
    ]


def data(model, count=12):
    rng = np.random.default_rng(0)
    x = rng.integers(0, model.symbols, (count, model.steps))
    return x, 2 * rng.normal(size=(count, model.latent_dim)).astype("float32")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("model", models(), ids=["flat", "hierarchical"])
def test_teacher_forcing_and_writing_step_by_step_are_one_network(model):
    """log p(x|z) = sum of log p(x_t | x_<t, z): all steps at once, or the cell of the sampling loop, step by step."""
    x, z = data(model)
    decoder, rows, codes = model.decoder, x, z
    if hasattr(decoder, "bar"):
        codes = np.array(decoder.embeddings(z)).reshape(-1, decoder.bar.latent_dim)
        decoder, rows = decoder.bar, x.reshape(-1, decoder.bar.steps)
    state, before = decoder.begin(codes), np.full(len(rows), -1)
    total = 0
    for symbol in rows.T:
        logits, state = decoder.step(codes, before, state)
        logits = np.array(logits).astype("float64")
        total = total + logits[range(len(rows)), symbol] - np.log(np.exp(logits).sum(axis=-1))
        before = symbol
    by_hand = total.reshape(len(x), -1).sum(axis=-1)
    at_once = np.array(model.log_likelihood(x, z[None]))[0]
    assert by_hand.std() > 0.01
    np.testing.assert_allclose(at_once, by_hand, rtol=1e-5)


def test_a_step_of_the_lstm_is_its_four_gates():
    """c_t = f * c_(t-1) + i * g, h_t = o * tanh(c_t), and z counts in every step."""
    model = sequence_vae.lstm(5, 6, **TINY, writer=(8,))
    x, z = data(model)
    cell = model.decoder.lstm.cells[0]
    kernel, recurrent, bias = (np.array(w) for w in (cell.kernel, cell.recurrent, cell.bias))
    start = np.tanh(z @ np.array(model.decoder.lstm.start.kernel) + np.array(model.decoder.lstm.start.bias))
    h, c = start[:, :8], start[:, 8:]
    seen, answers = np.zeros((len(x), 5)), []
    for t in range(6):
        i, f, g, o = np.split(np.hstack([z, seen]) @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        answers.append(h @ np.array(model.decoder.answer.kernel) + np.array(model.decoder.answer.bias))
        seen = np.eye(5)[x[:, t]]
    np.testing.assert_allclose(np.array(model.logits(z, x)), np.stack(answers, axis=1), atol=1e-5)


@pytest.mark.parametrize("paying", [12, 6, 0])
def test_free_bits_are_not_paid_for(paying):
    """-E[log p(x|z)] + beta * mean of max(KL - free_bits * ln 2, 0), the KL being that of each whole code."""
    model = sequence_vae.lstm(5, 6, **TINY, writer=(8,), beta=0.4)
    model.encoder.set_weights([3 * weight for weight in model.encoder.get_weights()])
    x, _ = data(model)
    mean, log_variance = (np.array(part) for part in model.encode(x))
    kl = (0.5 * (np.exp(log_variance) + mean**2 - 1 - log_variance)).sum(axis=-1)
    free_bits = {12: 0, 6: np.median(kl) / math.log(2), 0: 1000}[paying]
    model.free_bits.assign(free_bits)
    loss, parts = model.objective(x)
    paid = kl - free_bits * math.log(2)
    assert (paid > 0).sum() == paying
    assert float(parts["kl"]) == pytest.approx(kl.mean(), rel=1e-4)
    assert float(loss - parts["reconstruction"]) == pytest.approx(0.4 * np.maximum(paid, 0).mean(), rel=1e-3, abs=1e-5)


def test_the_probability_of_being_told_ones_own_symbols():
    """1 - k / (k + exp(t / k)), the inverse sigmoid of scheduled sampling."""
    k, t = 40, 150
    model = sequence_vae.lstm(90, 200, **TINY, writer=(8,), scheduled_sampling=k)
    model.age.assign(t / k)
    x, z = data(model, 50)
    told = np.array(model.told_in_training(x, z))
    own = 1 - k / (k + math.exp(t / k))
    assert 0.3 < own < 0.7
    assert (told != x).mean() == pytest.approx(own * (1 - 1 / 90), abs=0.03)


def test_the_elbo_is_below_importance_weighting():
    """`elbo` and `log_weights` are those of the VAE: log p(x) >= IWAE >= ELBO."""
    model = sequence_vae.lstm(5, 6, **TINY, writer=(8,))
    x, _ = data(model)
    weights = np.array(model.log_weights(x, 50, seed=1))
    bound = np.array(ops.logsumexp(weights, axis=0)) - math.log(50)
    np.testing.assert_array_less(weights.mean(axis=0), bound)
    np.testing.assert_allclose(weights.mean(axis=0), np.array(model.elbo(x, 50, seed=1).elbo), atol=0.3)
