"""The autoencoders of lecture 03. `full` trains on the 55,000 MNIST digits that are not among the lecture's 5,000."""

from coursekit.recipes.recipe import Recipe, Split


def images(profile):
    """The digits as images [n, 28, 28, 1]."""
    from coursekit import data

    if profile == "quick":
        # The seed mixes the classes, which come one after the other.
        train, test = data.load("digits", "train"), data.load("digits", "test", limit=1000, seed=0)
        return Split(train.images, test.images, "digits")
    train, test = data.load("mnist", "train", leave_out="digits"), data.load("mnist", "test")
    return Split(train.images, test.images, "mnist, without the 5,000 digits")


def rows(profile):
    """The digits as rows [n, 784]."""
    train, test, about = images(profile)
    return Split(train.reshape(len(train), -1), test.reshape(len(test), -1), about)


def deep(**sizes):
    from coursekit import models

    return models.autoencoder.deep(**sizes)


def convolutional(**sizes):
    from coursekit import models

    return models.autoencoder.convolutional(**sizes)


def denoiser(**sizes):
    from coursekit import models

    return models.denoising.denoiser(**sizes)


def fit(model, x, settings, **options):
    """Adam under a rate that falls along a cosine to 0, on the pixels' cross-entropy."""
    import keras

    steps = settings["epochs"] * (len(x) // settings["batch_size"])
    falling = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    model.compile(keras.optimizers.Adam(falling), "binary_crossentropy")
    return model.fit(x, batch_size=settings["batch_size"], epochs=settings["epochs"], **options)


def reconstructions(model, test):
    """The first twenty test images, rebuilt."""
    return model.predict(test[:20], verbose=0).reshape(-1, 28, 28, 1)


def reconstruction(model, test):
    """`test_bce`: nats a pixel; `floor`: what a perfect copy would cost, the gray pixels' own entropy."""
    from coursekit import metrics

    rebuilt = model.predict(test, batch_size=500, verbose=0)
    return {"test_bce": metrics.binary_crossentropy(rebuilt, test), "floor": metrics.binary_crossentropy(test)}


def spoiled(test):
    from coursekit.models import denoising

    return denoising.add_noise(test, 0.5, seed=1)


def cleaned(model, test):
    """The first twenty test images, spoiled with noise of factor 0.5 and cleaned."""
    return model.predict(spoiled(test[:20]), verbose=0)


def denoising(model, test):
    """Means over the test images at noise factor 0.5: `psnr` in dB and `ssim`, beside those of the noisy images and of
    a 3x3 median filter."""
    from coursekit import metrics

    noisy = spoiled(test)
    answers = {
        "": model.predict(noisy, batch_size=500, verbose=0),
        "_noisy": noisy,
        "_median": metrics.baselines.median_filter(noisy, 3),
    }
    measures = {"psnr": metrics.psnr, "ssim": metrics.ssim}
    return {
        f"{measure}{of}": measures[measure](answer, test).mean()
        for measure in measures
        for of, answer in answers.items()
    }


SILU = {"activation": "silu"}

RECIPES = [
    Recipe(
        name="autoencoder-deep",
        what="784-128-64-32-64-128-784 as in the Keras blog, with SiLU and a linear code",
        settings={
            "quick": {"model": SILU | {"code_activation": None}, "epochs": 20, "batch_size": 64, "learning_rate": 4e-3},
            "full": {"model": SILU | {"code_activation": None}, "epochs": 75, "batch_size": 256, "learning_rate": 4e-3},
        },
        load=rows,
        build=deep,
        fit=fit,
        evaluate=reconstruction,
        frames=reconstructions,
    ),
    Recipe(
        name="autoencoder-convolutional",
        what="convolutions and pooling down to a 4x4x8 code as in the Keras blog, with SiLU",
        settings={
            "quick": {"model": SILU, "epochs": 6, "batch_size": 32, "learning_rate": 7e-3},
            "full": {"model": SILU, "epochs": 10, "batch_size": 64, "learning_rate": 3e-3},
        },
        load=images,
        build=convolutional,
        fit=fit,
        evaluate=reconstruction,
        frames=reconstructions,
    ),
    Recipe(
        name="autoencoder-denoiser",
        what="convolutional denoising autoencoder, trained at noise factor 0.5",
        settings={
            "quick": {"model": {"factor": 0.5, "channels": 16}, "epochs": 5, "batch_size": 50, "learning_rate": 4e-3},
            "full": {"model": {"factor": 0.5, "channels": 32}, "epochs": 12, "batch_size": 64, "learning_rate": 3e-3},
        },
        load=images,
        build=denoiser,
        fit=fit,
        evaluate=denoising,
        frames=cleaned,
    ),
]
