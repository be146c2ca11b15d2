"""The checks on writing and on codes of lines: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import each, exercise

from coursekit.models import text_vae

HEATED, SILENCE = (exercise(__file__, number) for number in (1, 2))
(heated,), (loss,) = (one.solution.values() for one in (HEATED, SILENCE))


def test_another_way_to_heat_is_right():
    def other(p, temperature):
        with np.errstate(divide="ignore"):
            logits = np.log(p) / temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    HEATED.check(other)


@each(
    heated=[
        (lambda p, t: p[0], "the shape"),
        (lambda p, t: heated(p, t / 2), "the ratio 4"),
        (lambda p, t: heated(p, t) if t < 1 else heated(p, 2.0), "nothing should change"),
        (lambda p, t: heated(p, min(t, 1.0)), "not at 2"),
    ]
)
def test_wrong_temperatures_get_their_hint(part, wrong, says):
    assert says in HEATED.hint(**{part: wrong})


def test_the_loss_is_that_of_the_package():
    """The weight and the free bits of a `SequenceVAE`, in nats there and in bits here."""
    model = text_vae.lstm(steps=8, latent_dim=3, reader=(4,), writer=(4,), warm_up=10, free_bits=0.5)
    for weight in model.encoder.weights:
        weight.assign(10 * weight + 0.3)  # so that the code costs more than half a bit
    model.warmth.assign(0.7)
    found, parts = model.objective(np.arange(8)[None])
    letters_cost, code_cost = (float(parts[name]) / np.log(2) for name in ("reconstruction", "kl"))
    assert code_cost > 0.6
    assert float(found) / np.log(2) == pytest.approx(loss(letters_cost, code_cost, 7, 10, 0.5), rel=1e-5)


def test_silence_pays_from_the_400th_step_on():
    """What the notebook's picture shows: 65 + w * 20 is 80 at w = 3/4, and 3/4 of 534 steps are 400.5."""
    assert loss(65, 20, 400, 534, 0) < loss(80, 0, 400, 534, 0) < loss(65, 20, 401, 534, 0)


@each(
    loss=[
        (lambda letters_cost, code_cost, step, warm_up, free: np.ones(2), "one number"),
        (lambda letters_cost, code_cost, step, warm_up, free: letters_cost + 1, "your loss is"),
        (lambda a, b, step, warm_up, free: a + step / warm_up * max(b - free, 0), "no more than the weight 1"),
        (lambda a, b, step, warm_up, free: a + min(1, step / warm_up) * (b - free), "nobody is paid for it"),
    ]
)
def test_wrong_losses_get_their_hint(part, wrong, says):
    assert says in SILENCE.hint(**{part: wrong})
