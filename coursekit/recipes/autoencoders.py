"""The autoencoders of lecture 06. `full` trains on the 55,000 MNIST digits that are not among the lecture's 5,000."""

from coursekit import metrics
from coursekit.recipes.fitting import fit
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import digit_rows, digits

NOISE = 0.5  # that the denoiser trains against and is measured at: the factor of `add_noise`


def reconstructions(model, run):
    """The first twenty test images, rebuilt."""
    return model.predict(run.test[:20], verbose=0).reshape(-1, 28, 28, 1)


def reconstruction(model, run):
    """`test_bce`: nats a pixel; `floor`: what a perfect copy would cost, the gray pixels' own entropy."""
    rebuilt = model.predict(run.test, batch_size=500, verbose=0)
    return {"test_bce": metrics.binary_crossentropy(rebuilt, run.test), "floor": metrics.binary_crossentropy(run.test)}


def noisy(images):
    """Images with noise, the same in every call."""
    from coursekit.models.denoising import add_noise

    return add_noise(images, NOISE, seed=1)


def cleaned(model, run):
    """The first twenty test images, with noise and then cleaned."""
    return model.predict(noisy(run.test[:20]), verbose=0)


def denoising(model, run):
    """Means over the test images with noise: `psnr` in dB and `ssim` of the cleaned images, and of the noisy images and
    those of a 3x3 median filter."""
    spoiled = noisy(run.test)
    compared = {
        "": model.predict(spoiled, batch_size=500, verbose=0),
        "_noisy": spoiled,
        "_median": metrics.baselines.median_filter(spoiled, 3),
    }
    measures = {"psnr": metrics.psnr, "ssim": metrics.ssim}
    return {
        f"{name}{suffix}": measure(images, run.test).mean()
        for name, measure in measures.items()
        for suffix, images in compared.items()
    }


SILU = {"activation": "silu"}

RECIPES = [
    Recipe(
        name="autoencoder-deep",
        what="784-128-64-32-64-128-784 as in the Keras blog, with SiLU and a linear code",
        settings=profiles(SILU | {"code_activation": None}, (20, 64, 4e-3), (75, 256, 4e-3)),
        load=digit_rows,
        build=from_models("autoencoder.deep"),
        fit=fit,
        evaluate=reconstruction,
        frames=reconstructions,
    ),
    Recipe(
        name="autoencoder-convolutional",
        what="convolutions and pooling down to a 4x4x8 code as in the Keras blog, with SiLU",
        settings=profiles(SILU, (6, 32, 7e-3), (10, 64, 3e-3)),
        load=digits,
        build=from_models("autoencoder.convolutional"),
        fit=fit,
        evaluate=reconstruction,
        frames=reconstructions,
    ),
    Recipe(
        name="autoencoder-denoiser",
        what="convolutional denoising autoencoder, trained at noise factor 0.5",
        settings={
            "quick": {"model": {"factor": NOISE, "channels": 16}, "epochs": 5, "batch_size": 50, "learning_rate": 4e-3},
            "full": {"model": {"factor": NOISE, "channels": 32}, "epochs": 12, "batch_size": 64, "learning_rate": 3e-3},
        },
        load=digits,
        build=from_models("denoising.denoiser"),
        fit=fit,
        evaluate=denoising,
        frames=cleaned,
    ),
]
