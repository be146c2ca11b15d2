"""Occlusion maps: how much a network's score drops when a part of the image is hidden.

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014).
"""

import numpy as np

from coursekit.arrays import check_floats, check_positive


def occlusion(score, image, size=7, step=3, fill=0.0):
    """By how much a square over each place lowers a score.

    Args:
        score: function (images [n, height, width, channels]) -> [n], such as a class's log-probability.
        image: [height, width, channels].
        size, step: of the square, and of its way across the image, in pixels. fill: its value.
    Returns:
        [rows, columns], of the squares that fit into the image; negative where hiding helps.
    """
    size, step = check_positive(size=size, step=step)
    image = check_floats(image, "image").astype("float32", copy=False)
    if image.ndim != 3 or size > min(image.shape[:2]):
        raise ValueError(
            f"Expected one image [height, width, channels] of at least {size} pixels a side, got {list(image.shape)}."
        )
    tops, lefts = (range(0, length - size + 1, step) for length in image.shape[:2])
    hidden = np.repeat(image[None], len(tops) * len(lefts), axis=0)
    for copy, (top, left) in zip(hidden, ((top, left) for top in tops for left in lefts), strict=True):
        copy[top : top + size, left : left + size] = fill
    scores = check_floats(score(np.concatenate([image[None], hidden])), "scores").astype("float64")
    if scores.size != len(hidden) + 1:
        raise ValueError(
            f"Expected one score for each of {len(hidden) + 1} images, got shape {scores.shape}. "
            "Scores of several classes? Take one of them."
        )
    return (scores[0] - scores[1:]).reshape(len(tops), len(lefts))
