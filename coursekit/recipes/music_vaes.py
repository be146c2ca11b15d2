"""The MusicVAEs of lecture 09, on traditional tunes. `full` trains on each melody in twelve keys."""

import math

import numpy as np

from coursekit import metrics
from coursekit.melodies import STEPS_PER_BAR
from coursekit.recipes import fitting
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import tunes

adam = fitting.optimizer("Adam", "cosine", global_clipnorm=1.0)


def build(kind="flat", **options):
    """A MusicVAE by a function of `models.music_vae`, whose name is `kind`; the options are its own."""
    return from_models(f"music_vae.{kind}")(**options)


def fit(model, x, settings, **options):
    """Adam, whose rate falls along a cosine and whose gradients have at most norm 1, on every `stride`th melody: those
    of sixteen bars begin at each bar of a tune, so that fifteen bars of two neighbors are the same."""
    return fitting.fit(model, x[:: settings.get("stride", 1)], settings, adam, **options)


def rebuilt(model, run, count=None):
    """How well unseen melodies come back from the means of their codes, and what the codes cost.

    Args:
        count: of the melodies that are taken; None for all.
    Returns:
        `sampled` and `sampled_note`: of all steps, and of those in which a note is struck, the share that is right
        where the decoder writes alone, the likeliest symbol in each step; `drawn` and `drawn_note`: where it draws from
        its softmax; `told` and `told_note`: where it is told the right symbols before each (teacher forcing); `kl`:
        bits that a melody's code costs; `bits_a_step`: cross-entropy of a step, told the right symbols before it, with
        a code drawn from q(z|x).
    """
    x = run.test[:: max(1, len(run.test) // count)] if count else run.test
    parts = [_measured(model, x[start : start + 200]) for start in range(0, len(x), 200)]
    told, costs, likelihoods = (np.concatenate(part) for part in zip(*parts, strict=True))
    written = {"sampled": model.reconstruct(x), "drawn": model.reconstruct(x, temperature=1.0), "told": told}
    shares = {}
    for name, melodies in written.items():
        right = metrics.music.accuracy(x, melodies)
        shares |= {name: right["step"], f"{name}_note": right["note"]}
    return shares | {
        "kl": costs.mean() / math.log(2),
        "bits_a_step": -likelihoods.mean() / x.shape[1] / math.log(2),
    }


def _measured(model, x):
    """The likeliest symbols by teacher forcing, [n, steps], the divergence and log p(x|z), nats [n]."""
    from keras import ops

    bound = model.elbo(x, samples=1, seed=0)
    told = ops.argmax(model(x), axis=-1)
    return [ops.convert_to_numpy(part) for part in (told, bound.kl, bound.reconstruction)]


def beside_baselines(model, run):
    """The same, and what needs no code: `most_frequent`, the share of steps that hold; `five_gram_bits`: cross-entropy
    of a step by a 5-gram model of the training melodies."""
    bars = run.train.shape[1] // STEPS_PER_BAR
    five_gram = metrics.NGrams(5).fit(run.train[::bars])  # they overlap: so each bar counts about once
    guess = metrics.music.most_frequent(run.train, run.test)
    return rebuilt(model, run) | {
        "most_frequent": metrics.music.accuracy(run.test, guess)["step"],
        "five_gram_bits": five_gram.bits(run.test).mean(),
    }


def watched(model, run):
    """The same, of two hundred melodies."""
    return rebuilt(model, run, count=200)


# As in the paper, the divergence counts little, and only beyond its free bits. In place of scheduled sampling, for
# which each melody has to be written once more in every step, some symbols are not told to the decoder.
TWO = {
    "bars": 2,
    "latent_dim": 128,
    "reader": [256],
    "writer": [256],
    "beta": 0.2,
    "free_bits": 48,
    "word_dropout": 0.4,
}
SIXTEEN = {"bars": 16, "latent_dim": 128, "reader": [96], "beta": 0.2, "free_bits": 256, "word_dropout": 0.4}

CONDUCTED = SIXTEEN | {"kind": "hierarchical", "conductor": [96], "bar": [160]}

RECIPES = [
    Recipe(
        name="musicvae-2bar",
        what="two bars as 128 numbers: a bidirectional LSTM, and an LSTM that is not told some of the symbols",
        settings=profiles(TWO, (1, 64, 5e-3), (5, 64, 5e-3)),
        load=tunes(2),
        build=build,
        fit=fit,
        evaluate=beside_baselines,
        gauge=watched,
    ),
    Recipe(
        name="musicvae-16bar",
        what="sixteen bars as 128 numbers: a conductor, and an LSTM that writes each bar from its embedding",
        settings=profiles(CONDUCTED | {"reminded": True}, (1, 32, 5e-3), (4, 32, 5e-3), stride=2),
        load=tunes(16),
        build=build,
        fit=fit,
        evaluate=beside_baselines,
        gauge=watched,
    ),
    Recipe(
        name="musicvae-16bar-once",
        what="the same, but the conductor is given the code only at the beginning, as in the paper",
        settings=profiles(CONDUCTED, (1, 32, 5e-3), (4, 32, 5e-3), stride=2),
        load=tunes(16),
        build=build,
        fit=fit,
        evaluate=beside_baselines,
        gauge=watched,
        ships=False,
    ),
    Recipe(
        name="musicvae-16bar-flat",
        what="sixteen bars as 128 numbers: one LSTM writes them all, with about as many weights as a conductor",
        settings=profiles(SIXTEEN | {"writer": [192]}, (1, 32, 5e-3), (4, 32, 5e-3), stride=2),
        load=tunes(16),
        build=build,
        fit=fit,
        evaluate=beside_baselines,
        gauge=watched,
        ships=False,
    ),
]
