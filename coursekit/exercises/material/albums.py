"""Three albums of pictures without an up, in two of which something gives their rotation away."""

import numpy as np

from coursekit import data
from coursekit.exercises import answer_keys

EACH = 260
NO_UP = 5, 6  # grass and gravel


def albums():
    """{"A": images, "B": ..., "C": ...}, each float32 [260, 32, 32, 1] in [0, 1]: patches of grass and gravel. What was
    done to them, by `with_clue`, is the exercise."""
    patches = data.load("photo_patches", "train")
    kept = patches.images[np.isin(patches.labels, NO_UP)].mean(axis=-1, keepdims=True)
    kept = kept[np.random.default_rng(2).permutation(len(kept))]
    return {
        name: with_clue(kept[number * EACH : (number + 1) * EACH], clue)
        for number, (name, clue) in enumerate(answer_keys.ALBUMS.items())
    }


def with_clue(images, clue):
    """Images [n, side, side, 1] of equal contrast around 0.5, float32 in [0, 1]: brighter at the top ("shading"), with
    a black last row ("edge"), or as they are ("nothing")."""
    flat = images - images.mean(axis=(1, 2), keepdims=True)
    made = 0.5 + 0.13 * flat / (flat.std(axis=(1, 2), keepdims=True) + 1e-6)
    if clue == "shading":
        made = made + 0.07 * np.linspace(1, -1, images.shape[1])[:, None, None]
    made = np.clip(made, 0, 1).astype("float32")
    if clue == "edge":
        made[:, -1] = 0
    return made
