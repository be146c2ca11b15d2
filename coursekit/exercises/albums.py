"""Three albums of pictures without an up, two of which give their turns away, and whether the student found how."""

import numpy as np

from coursekit import data
from coursekit.exercises.hints import hint_if

DIAGNOSES = {"A": "edge", "B": "nothing", "C": "shading"}
WORDS = ("edge", "nothing", "shading")
EACH, SIDE = 260, 32
NO_UP = 5, 6  # grass and gravel


def albums():
    """{"A": images, "B": ..., "C": ...}, each float32 [260, 32, 32, 1] in [0, 1]: patches of grass and gravel. What was
    done to them, by `spoiled`, is the exercise."""
    patches = data.load("photo_patches", "train")
    kept = patches.images[np.isin(patches.labels, NO_UP)].mean(axis=-1, keepdims=True)
    kept = kept[np.random.default_rng(2).permutation(len(kept))]
    return {
        name: spoiled(kept[number * EACH : (number + 1) * EACH], word)
        for number, (name, word) in enumerate(DIAGNOSES.items())
    }


def spoiled(images, how):
    """Images of equal contrast around 0.5, brighter at the top ("shading"), with a black last row ("edge"), or as
    they are ("nothing")."""
    flat = images - images.mean(axis=(1, 2), keepdims=True)
    made = 0.5 + 0.13 * flat / (flat.std(axis=(1, 2), keepdims=True) + 1e-6)
    if how == "shading":
        made = made + 0.07 * np.linspace(1, -1, images.shape[1])[:, None, None]
    made = np.clip(made, 0, 1).astype("float32")
    if how == "edge":
        made[:, -1] = 0
    return made


def examine_clue(clue):
    """Hints unless clue(images) is the mean image."""
    hint_if(not callable(clue), "hand in the function itself, `clue`, not what it returned.")
    images = np.random.default_rng(0).random((40, 6, 6, 1)).astype("float32")
    found = clue(images)
    hint_if(found is None, "`clue` returned None. Is there a `return` in it?")
    found = np.squeeze(np.asarray(found, "float64"))
    hint_if(
        found.shape == (40,), "a number for each image. Look at one *place* in all images: what do they have in common?"
    )
    hint_if(found.shape == (), "one number for the whole album. Which place it comes from is the question.")
    hint_if(found.shape != (6, 6), f"for images of 6x6 `clue` should return a picture of 6x6, got {found.shape}.")
    hint_if(np.ptp(found) == 0, "the same number at every place. Average over the images, not over the places.")
    hint_if(
        any(np.allclose(found, image[..., 0]) for image in images),
        "that is one of the images. What is common to all cannot be seen in one.",
    )
    mean = images.mean(axis=0)[..., 0]
    hint_if(
        not np.allclose(found - found.mean(), mean - mean.mean(), rtol=1e-3, atol=1e-5),
        "that is not what the images have in common on average. What happens at a place, taken over all images?",
    )


def examine_diagnosis(diagnosis):
    so_far = "`clue` is right. "
    hint_if(
        not isinstance(diagnosis, dict) or set(diagnosis) != set(DIAGNOSES),
        f'{so_far}`diagnosis` should have a word for each of "A", "B" and "C".',
    )
    for name, word in DIAGNOSES.items():
        said = diagnosis[name]
        hint_if(said not in WORDS, f"{so_far}expected one of {', '.join(WORDS)} for {name}, got {said!r}.")
        if said == word:
            continue
        hint_if(word == "nothing", f"{so_far}the clue of {name} is nothing but noise. How well can its turns be told?")
        hint_if(said == "nothing", f"{so_far}the turns of {name} are recognized, and grass has no up. Look again.")
        hint_if(word == "edge", f"{so_far}in {name}'s clue almost all places are alike. Where is the one that is not?")
        hint_if(True, f"{so_far}{name}'s clue does not jump anywhere. Compare its upper half with its lower half.")


def examine_mend(mend):
    """Hints unless mend(images) keeps the pictures and takes both clues away."""
    so_far = "`clue` and `diagnosis` are right. "
    hint_if(not callable(mend), f"{so_far}hand in the function itself, `mend`, not what it returned.")
    rng = np.random.default_rng(7)
    for how, name in (("edge", "an album like A"), ("shading", "one like C"), ("nothing", "one like B")):
        images = spoiled(rng.random((300, SIDE, SIDE, 1)), how)
        found = mend(images.copy())
        hint_if(found is None, f"{so_far}`mend` returned None. Is there a `return` in it?")
        found = np.asarray(found, "float64")
        hint_if(
            found.ndim != 4 or found.shape[0] != 300 or found.shape[1] != found.shape[2],
            f"{so_far}`mend` should return as many images as it is given, square ones, got shape {found.shape}.",
        )
        hint_if(not np.isfinite(found).all(), f"{so_far}for {name} `mend` gave no finite numbers.")
        hint_if(found.shape[1] < 24, f"{so_far}only {found.shape[1]} of 32 pixels a side are left: cut away less.")
        hint_if(
            _likeness(found, images) < 0.8,
            f"{so_far}for {name} little is left of the pictures themselves. Take away what all of them share, and no "
            "more; and let each image stay upright.",
        )
        hint_if(
            _lopsided(found.mean(axis=0)) > 0.15 * found.std(axis=0).mean(),
            f"{so_far}the mean image of {name}, as you mended it, still differs from itself when it is turned.",
        )
        spread = found.std(axis=0)
        worst = max(np.abs(spread - np.rot90(spread, turn)).max() for turn in (1, 2, 3))
        hint_if(
            worst > 0.5 * spread.mean(),
            f"{so_far}the mean of {name} gives nothing away any more, but its deviation does: at some places all "
            "images are alike. A network sees that too. Such pixels cannot be mended, only cut off, on all four sides.",
        )


def _lopsided(picture):
    """How far a picture [side, side, 1] is from its turned selves: the largest root mean square."""
    return max(np.sqrt(np.mean((picture - np.rot90(picture, turn)) ** 2)) for turn in (1, 2, 3))


def _likeness(found, images):
    """The mean correlation of the mended images with the originals, where they fit best."""
    side = found.shape[1]
    if side > images.shape[1]:
        return 0.0
    unit = lambda x: (x - x.mean(axis=(1, 2), keepdims=True)) / (x.std(axis=(1, 2), keepdims=True) + 1e-9)
    room, mended = range(images.shape[1] - side + 1), unit(found[:60])
    return max(
        float((mended * unit(images[:60, top : top + side, left : left + side])).mean())
        for top in room
        for left in room
    )
