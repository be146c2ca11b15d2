"""The predictor of frames of lecture 19, on moving digits."""

import numpy as np

from coursekit import data, metrics
from coursekit.recipes import fitting
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import RunData

SEEN = 10  # frames that are told before a forecast
adam = fitting.optimizer("Adam", "cosine", global_clipnorm=10.0)


def moving_digits(profile):
    """Films of two digits [n, 20, 32, 32, 1], to train on and, of other digits, to test on."""
    parts = {}
    for split, n, seed in (("train", 4000 if profile == "full" else 64, 31), ("test", 200, 32)):
        images = data.load("digits", split).images
        parts[split] = data.moving_digits.draw(images, data.moving_digits.paths(n, seed=seed), seed=seed)
    return RunData(profile, "moving_digits, two of 14x14 in 32x32", **parts)


def fit(model, x, settings, **options):
    """Adam, whose rate falls along a cosine and whose gradients have at most norm 10."""
    return fitting.fit(model, x, settings, adam, **options)


def ahead(model, run):
    """Of each of ten frames ahead, on films of unseen digits: nats, squared error and SSIM, as `nats_1` and so on, and
    the means of the ten."""
    curves = metrics.films.curves(model.forecast(run.test[:, :SEEN]), run.test[:, SEEN:])
    means = {name: curve.mean() for name, curve in curves.items()}
    return means | {f"{name}_{t + 1}": value for name, curve in curves.items() for t, value in enumerate(curve)}


def forecasts(model, run):
    """What is predicted of four films, ten frames side by side: [4, 32, 320, 1]."""
    films = model.forecast(run.test[:4, :SEEN])
    return np.concatenate(list(films.swapaxes(0, 1)), axis=2)


RECIPES = [
    Recipe(
        name="convlstm-digits",
        what="the next frame of two moving digits by two convolutional LSTMs of 8x8 places",
        settings=profiles({"units": [32, 32]}, (1, 16, 3e-3), (8, 8, 3e-3)),
        load=moving_digits,
        build=from_models("frames.convlstm"),
        fit=fit,
        evaluate=ahead,
        frames=forecasts,
        gauge=lambda model, run: {name: value for name, value in ahead(model, run).items() if "_" not in name},
    )
]
