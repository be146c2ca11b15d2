"""The variational autoencoders of lectures 07 and 08. `full` trains on the 55,000 MNIST digits outside of `digits`."""

from coursekit import metrics
from coursekit.recipes.fitting import fit
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import binary_rows, fashion, portraits, rows_with_binary_test


def drawn(model, run):
    """Images for sixteen fixed codes from the prior."""
    return model.sample(16, seed=0).reshape(-1, 28, 28, 1)


def bound(model, run):
    """Nats an image on the test images: `elbo`, `reconstruction`, `kl`."""
    result = metrics.likelihood.elbo(run.test, model.elbo)
    return {name: getattr(result, name) for name in ("elbo", "reconstruction", "kl")}


def likelihood(model, run):
    """The same, and `nll`: -log p(x) by importance weighting with 5,000 samples, of all test images."""
    nll = -metrics.likelihood.iwae(run.test, model.log_weights, k=5000).bound
    return {"nll": nll} | bound(model, run)


PAPER = {"latent_dim": 50, "widths": [200, 200], "activation": "tanh", "binarization": "stochastic"}
FASHION = {"latent_dim": 16, "channels": [16, 32], "width": 0, "likelihood": "gaussian"}
PORTRAITS = {
    "latent_dim": 20,
    "shape": [64, 64, 3],
    "channels": [16, 32, 48, 64],
    "width": 0,
    "likelihood": "gaussian",
    "activation": "silu",
}

RECIPES = [
    Recipe(
        name="vae-mnist-2d",
        what="784-112-128-2 and back, thresholded digits: a plane of digits, small enough to travel in a page",
        settings=profiles({"latent_dim": 2, "widths": [112, 128]}, (40, 64, 2e-3), (300, 256, 3e-3)),
        load=binary_rows,
        build=from_models("vae.dense"),
        fit=fit,
        evaluate=bound,
        frames=drawn,
    ),
    Recipe(
        name="vae-mnist-50d",
        what="784-200-200-50 and back, tanh, digits drawn anew in every step: the one-layer VAE of Burda et al. (2016)",
        settings=profiles(PAPER, (40, 64, 2e-3), (600, 100, 2e-3)),
        load=rows_with_binary_test,
        build=from_models("vae.dense"),
        fit=fit,
        evaluate=likelihood,
        frames=drawn,
    ),
    Recipe(
        name="vae-fashion",
        what="convolutions, 16 numbers, clothes with a learned pixel variance",
        settings=profiles(FASHION, (10, 64, 2e-3), (10, 64, 2e-3)),
        load=fashion,
        build=from_models("vae.convolutional"),
        fit=fit,
        evaluate=bound,
    ),
    Recipe(
        name="vae-portraits",
        what="convolutions, 20 numbers, drawn faces of 64x64 pixels with a learned pixel variance",
        settings=profiles(PORTRAITS, (10, 32, 2e-3), (120, 32, 2e-3)),
        load=portraits,
        build=from_models("vae.convolutional"),
        fit=fit,
        evaluate=bound,
    ),
]
