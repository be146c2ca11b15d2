"""The variational autoencoders of lecture 04. `full` trains on the 55,000 MNIST digits that are not among the 5,000."""

from coursekit.recipes import autoencoders
from coursekit.recipes.recipe import Recipe, Split


def rows(profile):
    """The digits as gray rows [n, 784]; the test digits drawn black and white, once."""
    from coursekit import metrics

    train, test, about = autoencoders.rows(profile)
    return Split(
        train, metrics.likelihood.binarize(test, "stochastic"), f"{about}; test binarized stochastically, seed 0"
    )


def thresholded(profile):
    """The digits as rows [n, 784], black and white: white above 0.5."""
    from coursekit import metrics

    train, test, about = autoencoders.rows(profile)
    train, test = (metrics.likelihood.binarize(images, "thresholded") for images in (train, test))
    return Split(train, test, f"{about}; thresholded at 0.5")


def fashion(profile):
    """Gray clothes [n, 28, 28, 1]."""
    from coursekit import data

    name = "fashion_small" if profile == "quick" else "fashion_mnist"
    train, test = (data.load(name, split) for split in ("train", "test"))
    return Split(train.images, test.images, name)


def portraits(profile):
    """Drawn faces [n, 64, 64, 3]."""
    from coursekit import data

    train = data.load("portraits", "train", limit=2000 if profile == "quick" else None)
    return Split(train.images, data.load("portraits", "test").images, "portraits")


def dense(**options):
    from coursekit import models

    return models.vae.dense(**options)


def convolutional(shape=(28, 28, 1), **options):
    from coursekit import models

    return models.vae.convolutional(shape=tuple(shape), **options)


def fit(model, x, settings, **options):
    """Adam under a rate that falls along a cosine to 0."""
    import keras

    steps = settings["epochs"] * (len(x) // settings["batch_size"])
    falling = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    model.compile(keras.optimizers.Adam(falling))
    return model.fit(x, batch_size=settings["batch_size"], epochs=settings["epochs"], **options)


def drawn(model, test):
    """Images for sixteen fixed codes from the prior."""
    images = model.sample(16, seed=0)
    return images.reshape(-1, 28, 28, 1) if images.ndim == 2 else images


def bound(model, test):
    """Nats an image on the test images: `elbo`, `reconstruction`, `kl`."""
    from coursekit import metrics

    result = metrics.likelihood.elbo(test, model.elbo)
    return {name: getattr(result, name) for name in ("elbo", "reconstruction", "kl")}


def likelihood(model, test):
    """The same, and `nll`: -log p(x) by importance weighting with 5,000 samples, of all test images."""
    from coursekit import metrics

    return {"nll": -metrics.likelihood.iwae(test, model.log_weights, k=5000).bound} | bound(model, test)


def _settings(model, quick, full):
    names = ("epochs", "batch_size", "learning_rate")
    return {
        profile: {"model": model, **dict(zip(names, values, strict=True))}
        for profile, values in (("quick", quick), ("full", full))
    }


PAPER = {"latent_dim": 50, "widths": [200, 200], "activation": "tanh", "binarization": "stochastic"}

RECIPES = [
    Recipe(
        name="vae-mnist-2d",
        what="784-112-128-2 and back, thresholded digits: a plane of digits, small enough to travel in a page",
        settings=_settings({"latent_dim": 2, "widths": [112, 128]}, (40, 64, 2e-3), (300, 256, 3e-3)),
        load=thresholded,
        build=dense,
        fit=fit,
        evaluate=bound,
        frames=drawn,
    ),
    Recipe(
        name="vae-mnist-50d",
        what="784-200-200-50 and back, tanh, digits drawn anew in every step: the one-layer VAE of Burda et al. (2016)",
        settings=_settings(PAPER, (40, 64, 2e-3), (600, 100, 2e-3)),
        load=rows,
        build=dense,
        fit=fit,
        evaluate=likelihood,
        frames=drawn,
    ),
    Recipe(
        name="vae-fashion",
        what="convolutions, 16 numbers, clothes with a learned pixel variance",
        settings=_settings(
            {"latent_dim": 16, "channels": [16, 32], "width": 0, "likelihood": "gaussian"},
            (10, 64, 2e-3),
            (10, 64, 2e-3),
        ),
        load=fashion,
        build=convolutional,
        fit=fit,
        evaluate=bound,
    ),
    Recipe(
        name="vae-portraits",
        what="convolutions, 20 numbers, drawn faces of 64x64 pixels with a learned pixel variance",
        settings=_settings(
            {
                "latent_dim": 20,
                "shape": [64, 64, 3],
                "channels": [16, 32, 48, 64],
                "width": 0,
                "likelihood": "gaussian",
                "activation": "silu",
            },
            (10, 32, 2e-3),
            (120, 32, 2e-3),
        ),
        load=portraits,
        build=convolutional,
        fit=fit,
        evaluate=bound,
    ),
]
