"""The number of modes that samples find, and the ailments of three GANs."""

import numpy as np

from coursekit.exercises import answer_keys
from coursekit.exercises.hints import after, check_diagnosis, generator, hint_if, returned

ADVICE = {
    "healthy": "{name} finds every mode. Its losses jump, but what do losses say about samples?",
    ("collapsed", "healthy"): "{name}'s losses look calm, at two coins. How many of the eight modes does it draw?",
    (
        "collapsed",
        "discriminator won",
    ): "a discriminator that has won has a loss near 0. What is {name}'s, and what does that say "
    "about what the discriminator knows?",
    ("discriminator won", "healthy"): "none of {name}'s samples is near the data, and its discriminator knows it.",
    (
        "discriminator won",
        "collapsed",
    ): "{name}'s samples do sit in one place, but at no mode. How sure is its discriminator?",
}
MISCOUNTED = (
    "{name} has not {said} modes. Ask your own `count`; the eye also counts what a few samples do, and what is merely "
    "close."
)


def check(answer):
    """`(count, diagnosis)`: count(samples, centers, std) -> a whole number, and {patient: (modes, word)}."""
    count, diagnosis = answer
    check_count(count)
    with after("`count` is right."):
        check_diagnosis(diagnosis, answer_keys.GAN_PATIENTS, ADVICE, "modes", MISCOUNTED)


def check_count(function):
    """Hints unless function(samples, centers, std) is the number of modes with 1 % of the samples within 3 std."""
    centers, std = np.array([[0, 0], [4, 0], [0, 4], [4, 4], [8, 8], [-6, -6.0]]), 0.5
    rng = generator(0)
    # Near the first three 400, 200 and 5; near the fifth 40, all between 2.6 and 2.9 std from it; 300 and 55 near
    # none, though the fourth and the sixth are nearest to them.
    clump = lambda center, n: center + 0.05 * rng.standard_normal((n, 2))
    angle, far = rng.uniform(0, 2 * np.pi, 40), rng.uniform(2.6, 2.9, 40) * std
    circle = centers[4] + np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1)
    alone = [clump([5.8, 4.6], 300), clump([-9, -9], 55)]
    samples = np.concatenate([*map(clump, centers[:3], (400, 200, 5)), circle, *alone])
    found = np.asarray(returned(function, "count", samples, centers, std))
    hint_if(
        found.shape == (6,), "an answer for each mode; `count` should say how many of them have enough samples near."
    )
    hint_if(found.shape != (), f"`count` should return one number, got an array of shape {found.shape}.")
    known = {
        0: "`count` finds no mode, where three have 40 samples of 1,000 near, or more.",
        645: "that is how many samples are near a mode. Of the modes, how many?",
        0.645: "that is how many samples are near a mode. Of the modes, how many?",
        6: "all modes found, also two that no sample is near. The nearest mode may still be far away: 3 std.",
        5: "a mode counts that no sample is near: it is merely the nearest to some. Near is within 3 std of it.",
        4: "a mode counts that has five samples of 1,000 near it. Enough is 1 % of all samples.",
        2: "a mode is missing whose 40 samples of 1,000 lie between 2.6 and 2.9 std from it. Near is within 3 std, by "
        "the distance in the plane, not its square.",
    }
    said = found.item()
    hint_if(said in known, known.get(said))
    hint_if(said != 3, f"of six modes, three have 1 % of the samples within 3 std; `count` says {said}.")
    found = function(samples[400:605], centers[:3], std)
    hint_if(found != 2, f"right for 1,000 samples, wrong for 205 of them ({found} instead of 2): 1 % of what?")
