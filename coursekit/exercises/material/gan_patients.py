"""Samples and logs of three GANs on the ring, of which two have an ailment, and a figure of them."""

from typing import NamedTuple

import numpy as np

from coursekit import data
from coursekit.exercises import answer_keys

SAMPLES = 2000


class Patient(NamedTuple):
    """samples: [2000, 2]. d_loss, g_loss: the logs, nats, one number every 10 steps [200]; g_loss is the
    non-saturating one."""

    samples: np.ndarray
    d_loss: np.ndarray
    g_loss: np.ndarray


def patients():
    """{"A": ..., "B": ..., "C": ...}, each a `Patient`. They are drawn, not trained: NumPy makes them look like
    three kinds of training, so that they are the same on every machine."""
    rng = np.random.default_rng(6)
    calm, jagged = _near_two_coins(rng, 0.02), _near_two_coins(rng, 0.16)
    time = np.linspace(0, 1, 200)
    won = (np.exp(-7 * time) * rng.lognormal(0, 0.3, 200) * 1.2, 0.7 + 9 * time * rng.lognormal(0, 0.08, 200))
    samples = {"collapsed": _on_two_modes(rng), "discriminator won": _far_away(rng), "healthy": _on_all_modes(rng)}
    logs = {"collapsed": calm, "discriminator won": won, "healthy": jagged}
    return {name: Patient(samples[word], *logs[word]) for name, (_, word) in answer_keys.GAN_PATIENTS.items()}


def _near_two_coins(rng, size):
    """Logs near log 4 and log 2, with noise of the given relative size."""
    return (
        np.log(4) * rng.lognormal(0, size, 200),
        np.log(2) * rng.lognormal(0, 2 * size, 200),
    )


def _on_two_modes(rng):
    """All but 10 of them around two neighbors; the others at a third mode, too few to count."""
    ring = data.toy("ring")
    chosen = rng.choice([0, 1], SAMPLES)
    chosen[:10] = 4
    return ring.modes[chosen] + 0.8 * ring.std * rng.standard_normal((SAMPLES, 2))


def _far_away(rng):
    return np.array([0.3, -0.4]) + [0.25, 0.1] * rng.standard_normal((SAMPLES, 2))


def _on_all_modes(rng):
    """Not evenly, a little too wide, and with bridges of samples between neighbors."""
    ring = data.toy("ring")
    chosen = rng.choice(8, SAMPLES, p=np.array([3, 1, 2, 2, 1, 3, 2, 2]) / 16)
    samples = ring.modes[chosen]
    bridge = rng.random(SAMPLES) < 0.15
    share = rng.random((SAMPLES, 1))
    between = share * samples + (1 - share) * ring.modes[(chosen + 1) % 8]
    return np.where(bridge[:, None], between, samples) + 1.1 * ring.std * rng.standard_normal((SAMPLES, 2))


def bedside(three):
    """A figure of each patient's samples (over the data's modes) and of its logs."""
    import matplotlib.pyplot as plt

    from coursekit import plots

    ring = data.toy("ring")
    figure, axes = plt.subplots(2, len(three), figsize=(3.2 * len(three), 5.4), layout="constrained")
    for (name, patient), above, below in zip(three.items(), axes[0], axes[1], strict=True):
        above.plot(*patient.samples.T, ".", markersize=2, alpha=0.4)
        above.plot(*ring.modes.T, "+", color="black", markersize=9)
        above.set(title=name, xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], aspect="equal")
        steps = 10 * np.arange(len(patient.d_loss))
        below.plot(steps, patient.d_loss, label="discriminator's loss")
        below.plot(steps, patient.g_loss, label="generator's loss")
        for height, text in ((np.log(4), "log 4"), (np.log(2), "log 2")):
            below.axhline(height, linestyle=":", color="#444")
            below.annotate(text, (2000, height), ha="right", va="bottom", fontsize=9)
        below.set(xlabel="steps", ylabel="loss, nats", ylim=(0, max(2.2, 1.05 * patient.g_loss.max())))
    axes[1, 0].legend(fontsize=9)
    figure.suptitle("Three GANs on the ring: 2,000 samples (crosses: the data's modes), and the logs", fontsize=14)
    return plots.display(
        figure,
        "Above, samples: two clumps; one clump that meets no cross; all eight crosses, with bridges. Below, logs: "
        "calm; the discriminator's falls to zero and the generator's rises; jagged.",
    )
