"""What gives the rotations of an album away, and how to take it out of the pictures."""

import numpy as np

from coursekit.exercises import answer_keys
from coursekit.exercises.hints import after, called, check_diagnosis, generator, hint_if
from coursekit.exercises.material.albums import with_clue

ADVICE = {
    "nothing": "the clue of {name} is nothing but noise. How well can its turns be told?",
    ("edge", "nothing"): "the turns of {name} are recognized, and grass has no up. Look again.",
    ("shading", "nothing"): "the turns of {name} are recognized, and grass has no up. Look again.",
    ("edge", "shading"): "in {name}'s clue almost all places are alike. Where is the one that is not?",
    ("shading", "edge"): "{name}'s clue does not jump anywhere. Compare its upper half with its lower half.",
}


def check(answer):
    """`(clue, diagnosis, mend)`: clue(images) -> a picture, {album: word}, and mend(images) -> images."""
    clue, diagnosis, mend = answer
    check_clue(clue)
    with after("`clue` is right."):
        check_diagnosis(diagnosis, answer_keys.ALBUMS, ADVICE)
    with after("`clue` and `diagnosis` are right."):
        check_mend(mend)


def check_clue(function):
    """Hints unless function(images) is the mean image."""
    images = generator(0).random((40, 6, 6, 1)).astype("float32")
    found = np.squeeze(called(function, "clue", images, finite=False))
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


def check_mend(function):
    """Hints unless function(images) keeps the pictures and takes both clues away."""
    rng = generator(7)
    for clue, name in (("edge", "an album like A"), ("shading", "one like C"), ("nothing", "one like B")):
        images = with_clue(rng.random((300, 32, 32, 1)), clue)
        found = called(function, "mend", images.copy(), finite=False)
        hint_if(
            found.ndim != 4 or found.shape[0] != 300 or found.shape[1] != found.shape[2],
            f"`mend` should return as many images as it is given, square ones, got shape {found.shape}.",
        )
        hint_if(not np.isfinite(found).all(), f"for {name} `mend` gave no finite numbers.")
        hint_if(found.shape[1] < 24, f"only {found.shape[1]} of 32 pixels a side are left: cut away less.")
        hint_if(
            _likeness(found, images) < 0.8,
            f"for {name} little is left of the pictures themselves. Take away what all of them share, and no "
            "more; and let each image stay upright.",
        )
        mean, spread = found.mean(axis=0), found.std(axis=0)
        hint_if(
            max(np.sqrt(np.mean(change**2)) for change in _changes(mean)) > 0.15 * spread.mean(),
            f"the mean image of {name}, as you mended it, still differs from itself when it is turned.",
        )
        hint_if(
            max(np.abs(change).max() for change in _changes(spread)) > 0.5 * spread.mean(),
            f"the mean of {name} gives nothing away any more, but its deviation does: at some places all "
            "images are alike. A network sees that too. Such pixels cannot be mended, only cut off, on all four sides.",
        )


def _changes(picture):
    """Of a picture [side, side, 1], what each of three turns changes."""
    return [picture - np.rot90(picture, turn) for turn in (1, 2, 3)]


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
