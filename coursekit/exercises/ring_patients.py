"""Samples and logs of three GANs on the ring, and whether the student found what ails them."""

from typing import NamedTuple

import numpy as np

from coursekit import data
from coursekit.exercises.hints import hint_if

DIAGNOSES = {"A": (2, "collapsed"), "B": (0, "critic won"), "C": (8, "healthy")}
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
    samples = {"collapsed": _on_two_modes(rng), "critic won": _far_away(rng), "healthy": _on_all_modes(rng)}
    logs = {"collapsed": calm, "critic won": won, "healthy": jagged}
    return {name: Patient(samples[word], *logs[word]) for name, (_, word) in DIAGNOSES.items()}


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
        below.plot(steps, patient.d_loss, label="critic's loss")
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
        "calm; the critic's falls to zero and the generator's rises; jagged.",
    )


def examine_count(count):
    """Hints unless count(samples, centers, std) is the number of modes with 1 % of the samples within 3 std."""
    hint_if(not callable(count), "hand in the function itself, `count`, not what it returned.")
    centers, std = np.array([[0, 0], [4, 0], [0, 4], [4, 4], [8, 8], [-6, -6.0]]), 0.5
    rng = np.random.default_rng(0)
    # Near the first three 400, 200 and 5; near the fifth 40, all between 2.6 and 2.9 std from it; 300 and 55 near
    # none, though the fourth and the sixth are nearest to them.
    clump = lambda center, n: center + 0.05 * rng.standard_normal((n, 2))
    angle, far = rng.uniform(0, 2 * np.pi, 40), rng.uniform(2.6, 2.9, 40) * std
    circle = centers[4] + np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1)
    alone = [clump([5.8, 4.6], 300), clump([-9, -9], 55)]
    samples = np.concatenate([*map(clump, centers[:3], (400, 200, 5)), circle, *alone])
    found = count(samples, centers, std)
    hint_if(found is None, "`count` returned None. Is there a `return` in it?")
    found = np.asarray(found)
    hint_if(
        found.shape == (6,), "an answer for each mode; `count` should say how many of them have enough samples near."
    )
    hint_if(found.shape != (), f"`count` should return one number, got an array of shape {found.shape}.")
    hint_if(found == 0, "`count` finds no mode, where three have 40 samples of 1,000 near, or more.")
    hint_if(found in (645, 0.645), "that is how many samples are near a mode. Of the modes, how many?")
    hint_if(
        found == 6, "all modes found, also two that no sample is near. The nearest mode may still be far away: 3 std."
    )
    hint_if(
        found == 5,
        "a mode counts that no sample is near: it is merely the nearest to some. Near is within 3 std of it.",
    )
    hint_if(found == 4, "a mode counts that has five samples of 1,000 near it. Enough is 1 % of all samples.")
    hint_if(
        found == 2,
        "a mode is missing whose 40 samples of 1,000 lie between 2.6 and 2.9 std from it. Near is within 3 std, by "
        "the distance in the plane, not its square.",
    )
    hint_if(found != 3, f"of six modes, three have 1 % of the samples within 3 std; `count` says {found}.")
    found = count(samples[400:605], centers[:3], std)
    hint_if(found != 2, f"right for 1,000 samples, wrong for 205 of them ({found} instead of 2): 1 % of what?")


def examine_diagnosis(diagnosis):
    so_far = "`count` is right. "
    words = sorted({word for _, word in DIAGNOSES.values()})
    hint_if(
        not isinstance(diagnosis, dict) or set(diagnosis) != set(DIAGNOSES),
        f'{so_far}`diagnosis` should have an entry for each of "A", "B" and "C".',
    )
    for name, entry in diagnosis.items():
        hint_if(
            not isinstance(entry, tuple) or len(entry) != 2 or entry[1] not in words,
            f"{so_far}the entry of {name} should be (number of modes, word), the word one of {', '.join(words)}; "
            f"got {entry!r}.",
        )
    for name, (modes, word) in DIAGNOSES.items():
        said_modes, said_word = diagnosis[name]
        hint_if(
            said_modes != modes,
            f"{so_far}{name} has not {said_modes} modes. Ask your own `count`; the eye also counts what a few samples "
            "do, and what is merely close.",
        )
        if said_word != word:
            hint_if(
                word == "healthy",
                f"{so_far}{name} finds every mode. Its losses jump, but what do losses say about samples?",
            )
            hint_if(
                word == "collapsed" and said_word == "healthy",
                f"{so_far}{name}'s losses look calm, at two coins. How many of the eight modes does it draw?",
            )
            hint_if(
                word == "collapsed",
                f"{so_far}a critic that has won has a loss near 0. What is {name}'s, and what does that say about "
                "what the critic knows?",
            )
            hint_if(
                said_word == "healthy", f"{so_far}none of {name}'s samples is near the data, and its critic knows it."
            )
            hint_if(
                True,
                f"{so_far}{name}'s samples do sit in one place, but at no mode. How sure is its critic?",
            )
