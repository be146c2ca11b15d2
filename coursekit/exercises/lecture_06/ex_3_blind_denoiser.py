"""Images with noise of random strength, and a denoiser that is not told the strength."""

import numpy as np

from coursekit import data, metrics
from coursekit.exercises.hints import hint_if, returned


def check(answer):
    """`(spoil, blind)`: spoil(images, low, high, seed) -> images, and a denoiser trained on what it made."""
    spoil, blind = answer
    check_spoil(spoil)
    check_denoiser(blind)


def check_spoil(function):
    """Hints unless function(images, low, high, seed) adds Gaussian noise to [n, 28, 28, 1], one factor for each image
    from `low` to `high`, and clips to [0, 1]."""
    low, high = 0.02, 0.15
    gray = np.full((200, 28, 28, 1), 0.5, "float32")
    found = returned(function, "spoil", gray, low, high, 1)
    hint_if((gray != 0.5).any(), "`spoil` changed the images it was given. The clean ones are needed as the target.")
    found = np.asarray(found)
    hint_if(found.shape != gray.shape, f"expected spoiled images of shape {gray.shape}, got {found.shape}.")
    check_noise((found - gray).reshape(200, -1), low, high)

    extremes = np.repeat(np.float32([0, 1]), 50).reshape(100, 1, 1, 1) * np.ones((28, 28, 1), "float32")
    found = function(extremes, 0.5, 0.5, 1)
    hint_if(
        found.min() < 0 or found.max() > 1,
        f"spoiled pixels reach from {found.min():.1f} to {found.max():.1f}: no image has such pixels.",
    )
    one, again, other = (function(gray, low, high, seed) for seed in (1, 1, 2))
    hint_if((one != again).any(), "the same seed gave different noise.")
    hint_if((one == other).all(), "two different seeds gave the same noise.")


def check_noise(noise, low, high):
    """Hints unless `noise` [n, pixels] is Gaussian with one standard deviation for each image, from low to high."""
    hint_if(not noise.any(), "`spoil` returned the images as they were.")
    spread = noise.std(axis=1)
    hint_if(
        spread.max() < low / 10,
        "in each image all pixels moved together. How many random numbers does one image need for its noise?",
    )
    scaled = (noise - noise.mean(axis=1, keepdims=True)) / spread[:, None]
    kurtosis = (scaled**4).mean()  # a Gaussian's is 3, a uniform density's 1.8, a mixture's of Gaussians more than 3
    hint_if(
        abs(scaled[0] @ scaled[1]) / scaled.shape[1] > 0.5,
        "every image got the same noise pattern. Draw as many random numbers as there are pixels in the *batch*.",
    )
    hint_if(
        abs(noise.mean()) > 0.2 * spread.mean(), "your noise moves pixels in one direction on average; ε has mean 0."
    )
    hint_if(
        spread.mean() > 1.5 * high,
        f"asked for factors from {low} to {high}, got a standard deviation of {spread.mean():.2f} on average. "
        "A factor multiplies ε; it is no variance.",
    )
    hint_if(kurtosis < 2.5, "your noise is not Gaussian: it has no tails. Which method of the generator draws N(0, 1)?")
    hint_if(
        kurtosis > 3.8,
        "the factor changes from pixel to pixel within an image. One factor for each image: which shape must it have?",
    )
    hint_if(
        spread.std() < 0.1 * spread.mean(),
        "all images of the batch got the same factor, so the network sees one level of noise at a time. "
        "How many factors does a batch of n images need?",
    )
    hint_if(
        spread.min() < 0.85 * low or spread.max() > 1.09 * high,
        f"asked for factors from {low} to {high}, got noise from {spread.min():.3f} to {spread.max():.3f}.",
    )
    hint_if(
        abs(spread.mean() - (low + high) / 2) > 0.01,
        f"factors from {low} to {high}, equally likely, average {(low + high) / 2}; yours average {spread.mean():.3f}.",
    )


def check_denoiser(blind):
    """Hints unless the network `blind` holds its own at noise 0.1 and at 0.5."""
    from coursekit.models.denoising import add_noise

    hint_if(not hasattr(blind, "predict"), "`spoil` is right. Hand in the trained network too.")
    clean = data.load("digits", "test").images[::2]

    def decibels(level):
        noisy = add_noise(clean, level, seed=3)
        cleaned = np.clip(blind.predict(noisy, batch_size=500, verbose=0), 0, 1)
        return metrics.psnr(cleaned, clean).mean(), metrics.psnr(noisy, clean).mean()

    reached, nothing = decibels(0.1)
    hint_if(
        reached < nothing - 1.5,
        f"`spoil` is right, but at noise 0.1 the network reaches {reached:.1f} dB, and doing nothing {nothing:.1f}. "
        "Did it see images with so little noise?",
    )
    reached, _ = decibels(0.5)
    hint_if(
        reached < 17,
        f"`spoil` is right, but at noise 0.5 the network reaches {reached:.1f} dB, and one trained there 18. "
        "Did it see images with so much noise?",
    )
