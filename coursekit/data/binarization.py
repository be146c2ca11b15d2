"""Binarization: black and white images from gray ones."""

import numpy as np

from coursekit.arrays import check_images, check_one_of

BINARIZATIONS = ("none", "thresholded", "stochastic")


def binarize(images, how, seed=0):
    """Black and white images, float32, of the same shape.

    A likelihood of MNIST can be compared with another only under the same binarization: say which.

    Args:
        images: gray levels in [0, 1].
        how: "thresholded": ink (1) above 0.5; "stochastic": each pixel is ink with the probability that its gray level
            says, drawn once; "none": the gray levels.
        seed: of "stochastic".
    Raises:
        ValueError: another `how`, or values outside [0, 1].
    """
    images = check_images(images).astype("float32", copy=False)
    check_one_of(BINARIZATIONS, how=how)
    if how == "none":
        return images
    drawn = lambda: np.random.default_rng(seed).random(images.shape, dtype="float32")
    return (images > ink_above(how, drawn)).astype("float32")


def ink_above(how, draw):
    """The gray level above which a pixel becomes ink, 1.

    Args:
        how: "thresholded" or "stochastic".
        draw: function of no argument that returns uniform numbers in [0, 1), one for each pixel.
    """
    return 0.5 if how == "thresholded" else draw()
