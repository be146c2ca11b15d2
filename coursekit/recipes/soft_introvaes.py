"""The Soft-IntroVAEs of lecture 14. That of digits begins as the shipped VAE of lecture 08 and plays from there on.
Before that of portraits, a plain VAE is trained."""

import numpy as np

from coursekit import data, metrics
from coursekit.recipes import fitting, judges, weights
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import digit_rows, points, small_portraits

NEAR = 0.1  # from the center of a mode
PLAYERS = {"encoder": 1, "decoder": 1}


def fit(model, x, settings, **options):
    """Adam for each player, whose rate falls along a cosine. With "start", from the shipped weights of that VAE; with
    "first", from a plain VAE of the same networks that is trained with these settings, anew when a run is resumed."""
    start = None
    if "start" in settings:
        start = weights.pretrained(settings["start"])
    if "first" in settings:
        start = plain_portraits(**settings["model"])
        quiet = {"verbose": options["verbose"]} if "verbose" in options else {}
        fitting.fit(start, x, settings["first"], **quiet)
    if start is not None:
        for name in PLAYERS:
            getattr(model, name).set_weights(getattr(start, name).get_weights())
    return fitting.fit(model, x, settings, networks=PLAYERS, **options)


def plain_portraits(beta_neg=None, **settings):
    """The plain VAE of the same networks."""
    from coursekit.models import soft_introvae

    return from_models("soft_introvae.convolutional")(kind=soft_introvae.PlainVAE, **settings)


def on_grid(model, run):
    """`kl` and `jsd` of 5,000 samples on the authors' grid, beside their floors; `near`, the share of samples within
    0.1 of a mode, and `modes`, how many of the eight have at least 1 % of the samples."""
    ring = data.toy("narrow-ring")
    samples = model.sample(5000, seed=1)
    divergence, floor = metrics.grid_divergence(run.test, samples, ring.extent), metrics.grid_floor(ring)
    found = metrics.modes(samples, ring.modes, NEAR / 3)
    return {
        "kl": divergence.kl,
        "jsd": divergence.jsd,
        "kl_floor": floor.kl,
        "jsd_floor": floor.jsd,
        "near": found.near,
        "modes": found.found,
    }


def rebuilt(model, run):
    """`error`, the squared error of a test image's reconstruction, and `kl`, of its code; the same of samples."""
    error, kl = (each.mean() for each in model.scores(run.test))
    fake_error, fake_kl = (each.mean() for each in model.scores(model.sample(1000, seed=2)))
    return {"error": error, "kl": kl, "sampled_error": fake_error, "sampled_kl": fake_kl}


def drawn_digits(model, run, count=16, seed=0):
    """Images [count, 28, 28, 1] for fixed codes from the prior."""
    return model.sample(count, seed).reshape(-1, 28, 28, 1)


def digits_frechet(model, run):
    """`frechet` of 10,000 samples."""
    return {"frechet": judges.judge("mnist").frechet(drawn_digits(model, run, judges.SAMPLES, seed=1))}


def digits_measures(model, run):
    """`frechet`, and what `rebuilt` measures."""
    return digits_frechet(model, run) | rebuilt(model, run)


def portraits_measures(model, run):
    """`frechet` of 5,000 samples by the features of `reader-portraits`, its floor, and what `rebuilt` measures."""
    judge = metrics.fidelity.Judge.of(weights.pretrained("reader-portraits").features, run.train, run.test)
    samples = np.clip(model.sample(5000, seed=1), 0, 1)
    return {"frechet": judge.frechet(samples), "frechet_floor": judge.floor.frechet} | rebuilt(model, run)


PORTRAITS = {"latent_dim": 20, "shape": [32, 32, 3], "channels": [32, 64, 128], "beta_rec": 1.0, "beta_kl": 1.0}
FIRST = {"epochs": 8, "batch_size": 32, "learning_rate": 2e-3}
RING = {"widths": [64] * 4, "beta_rec": 0.2, "beta_kl": 0.3, "beta_neg": 0.9, "scale": 0.5}
DIGITS = {
    "latent_dim": 50,
    "widths": [200, 200],
    "inputs": 784,
    "activation": "tanh",
    "output": "sigmoid",
    "beta_rec": 10.0,
    "beta_kl": 2.0,
    "beta_neg": 16.0,
}
RECIPES = [
    Recipe(
        name="soft-introvae-ring",
        what="2-64-64-64-64-2 and back, eight narrow Gaussians on a circle, at the authors' weights",
        settings=profiles(RING, (1, 128, 3e-3), (5, 128, 3e-3)),
        load=points("narrow-ring"),
        build=from_models("soft_introvae.dense"),
        fit=fit,
        evaluate=on_grid,
    ),
    Recipe(
        name="soft-introvae-digits",
        what="the VAE vae-mnist-50d of lecture 08, after it has played against itself",
        settings=profiles(DIGITS, (5, 64, 2e-3), (10, 64, 2e-3), start="vae-mnist-50d"),
        load=digit_rows,
        build=from_models("soft_introvae.dense"),
        fit=fit,
        evaluate=digits_measures,
        frames=drawn_digits,
        gauge=digits_frechet,
    ),
    Recipe(
        name="soft-introvae-portraits",
        what="drawn portraits, 32x32, as 20 numbers: a plain VAE that has then played against itself",
        settings=profiles(PORTRAITS | {"beta_neg": 256.0}, (1, 32, 5e-4), (16, 32, 5e-4), first=FIRST),
        load=small_portraits,
        build=from_models("soft_introvae.convolutional"),
        fit=fit,
        evaluate=portraits_measures,
    ),
    Recipe(
        name="plain-vae-portraits",
        what="the same networks as a plain VAE, for about as many seconds",
        settings=profiles(PORTRAITS, (1, 32, 2e-3), (60, 32, 2e-3)),
        load=small_portraits,
        build=plain_portraits,
        fit=fitting.fit,
        evaluate=portraits_measures,
        ships=False,
    ),
]
