"""The VAEs of lines of lecture 18, and what Bowman et al. (2016) change in them against collapse."""

import math

import numpy as np

from coursekit import letters, metrics
from coursekit.recipes import fitting
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import lines

adam = fitting.optimizer("Adam", "cosine", global_clipnorm=1.0)


def fit(model, x, settings, **options):
    """Adam, whose rate falls along a cosine and whose gradients have at most norm 1."""
    return fitting.fit(model, x, settings, adam, **options)


def measured(model, run, count=None):
    """What a line costs, and how much of it comes back from its code. What counts are a line's letters and one STOP.

    Args:
        count: of the test lines that are taken, evenly spread; None for all.
    Returns:
        `bits`: a letter's share of the bound, with a code drawn from q(z|x); `kl`: bits that a line's code costs, part
        of the bound; `rebuilt`: share of the letters that are right where the decoder writes alone from the mean of the
        code, the likeliest letter in each step; `whole`: share of the lines that come back without a mistake.
    """
    from keras import ops

    x = run.test[:: max(1, len(run.test) // count)] if count else run.test
    kl, likelihood = [], []
    for start in range(0, len(x), 200):
        bound = model.elbo(x[start : start + 200], samples=1, seed=0)
        kl.append(ops.convert_to_numpy(bound.kl) / math.log(2))
        likelihood.append(ops.convert_to_numpy(bound.reconstruction) / math.log(2))
    kl, likelihood = np.concatenate(kl), np.concatenate(likelihood)
    right, counts = model.reconstruct(x) == x, counted(x)
    return {
        "bits": (kl - likelihood).sum() / counts.sum(),
        "kl": kl.mean(),
        "rebuilt": right[counts].mean(),
        "whole": right.all(axis=1).mean(),
    }


def counted(x):
    """Where a line has its letters, and its first STOP: bool [n, steps]."""
    before = np.pad(x[:, :-1], ((0, 0), (1, 0)), constant_values=letters.STOP + 1)
    return before != letters.STOP


def beside_counts(model, run):
    """The same, and what needs no network: `five_gram`, bits a letter by runs of five letters of the training lines."""
    five_gram = metrics.NGrams(5, letters.CLASSES).fit(run.train)
    costs = -five_gram.log2_probability(run.test)
    return measured(model, run) | {"five_gram": costs.sum() / counted(run.test).sum()}


SIZES = {"latent_dim": 32, "reader": [48], "writer": [128]}
SHIPPED = {"latent_dim": 32, "reader": [64], "writer": [160], "beta": 0.2, "free_bits": 64, "word_dropout": 0.4}

# Of the table of lecture 18: name -> (one line about it, what it changes in the model).
SETTINGS = {
    "no-code": ("no code: the decoder alone", {"coded": False}),
    "plain": ("the bound, and nothing else", {}),
    "annealed": ("the divergence is phased in over the first half of the training", {"warm_up": 534}),
    "dropout": ("the decoder is not told four of ten letters", {"word_dropout": 0.4}),
    "both": ("phased in, and four of ten letters not told", {"warm_up": 534, "word_dropout": 0.4}),
    "free-bits": ("the first 24 bits of a code cost nothing", {"free_bits": 24}),
}


def _setting(key, what, changes):
    return Recipe(
        name=f"text-vae-{key}",
        what=f"lines of text, {what}",
        settings=profiles(SIZES | changes, (1, 64, 1e-2), (4, 64, 1e-2)),
        load=lines,
        build=from_models("text_vae.lstm"),
        fit=fit,
        evaluate=measured,
        ships=False,
    )


RECIPES = [
    Recipe(
        name="text-vae",
        what="lines as 32 numbers: a bidirectional LSTM, and an LSTM that is not told some of the letters",
        settings=profiles(SHIPPED, (1, 64, 1e-2), (10, 64, 1e-2)),
        load=lines,
        build=from_models("text_vae.lstm"),
        fit=fit,
        evaluate=beside_counts,
    ),
    *[_setting(key, *about) for key, about in SETTINGS.items()],
]
