"""The GAN of 2014, for lecture 11. `full` trains on the 55,000 MNIST digits that are not among the 5,000."""

import numpy as np

from coursekit import data, metrics
from coursekit.recipes import fitting
from coursekit.recipes.recipe import Recipe, from_models
from coursekit.recipes.run_data import digit_rows


def start_from_mean(generator, x):
    """Set the bias of the last layer, before its sigmoid, so that the first samples are as bright as `x` on average."""
    mean = x.mean(axis=0).clip(1e-3, 1 - 1e-3)
    kernel, _ = generator.layers[-1].get_weights()
    generator.layers[-1].set_weights([kernel, np.log(mean / (1 - mean))])


def fit(model, x, settings, **options):
    """SGD with momentum, as the paper's published code has it, where settings say "sgd"; Adam otherwise. The paper's
    discriminator minimizes half of our sum of two cross-entropies: hence half the rate. Its momentum rises to 0.7 at
    epoch 250; here it stays where it begins."""
    start_from_mean(model.generator, x)
    momentum = settings["momentum"]
    if settings["optimizer"] == "sgd":
        optimizer = fitting.optimizer("SGD", "exponential", settings["decay"], momentum=momentum)
        networks = {"generator": 1, "discriminator": 0.5}
    else:
        optimizer = fitting.optimizer("Adam", beta_1=momentum)
        networks = {"generator": 1, "discriminator": 1}
    return fitting.fit(model, x, settings, optimizer, networks, **options)


def drawn(model, run):
    """Images for twenty fixed points of the noise."""
    return model.sample(20, seed=0).reshape(-1, 28, 28, 1)


def parzen(model, run):
    """`parzen`: mean log-likelihood in nats of the test images by a Parzen window around 10,000 samples, `parzen_error`
    its standard error, `sigma` the window's width, chosen on the 1,000 test images of `digits`, on which no profile
    trains (the paper: on 1,000 training images held out)."""
    validation = data.load("digits", "test").flat
    window = metrics.fidelity.parzen(model.sample(10_000, seed=0), validation, run.test)
    return {"parzen": window.log_likelihood, "parzen_error": window.error, "sigma": window.sigma}


PAPER = {"optimizer": "sgd", "batch_size": 100, "learning_rate": 0.1, "decay": 1.000004, "momentum": 0.5}
ADAM = {"optimizer": "adam", "batch_size": 100, "learning_rate": 2e-4, "momentum": 0.5}


def _maxout(name, by, settings, epochs):
    return Recipe(
        name=name,
        what=f"100-1200-1200-784 against two layers of maxout, digits: the GAN of Goodfellow et al. (2014), {by}",
        settings={
            profile: {"model": {"loss": "non-saturating"}, "epochs": count, **settings}
            for profile, count in (("quick", 20), ("full", epochs))
        },
        load=digit_rows,
        build=from_models("gan.maxout"),
        fit=fit,
        evaluate=parzen,
        frames=drawn,
        ships=False,  # 8 MB for one number
    )


RECIPES = [
    _maxout("gan-maxout-mnist", "by Adam", ADAM, 40),
    _maxout("gan-maxout-sgd-mnist", "by SGD as in its published code", PAPER, 250),
]
