"""A batch of images in their four rotations, and the way back."""

import numpy as np

from coursekit.exercises.hints import Hint, after, generator, hint_if, returned

TURNS = np.arange(4)


def check(answer):
    """`(batch, turn_back)`: batch(x) -> (images [4n, ...], labels [4n]), and turn_back(images, labels) -> images."""
    batch, turn_back = answer
    check_batch(batch)
    with after("`batch` is right."):
        check_turn_back(turn_back)


def check_batch(function):
    """Hints unless function(x) is (the four turns of the first image, of the second, ...; their numbers)."""
    x = generator(0).random((3, 5, 5, 2)).astype("float32")
    kept = x.copy()
    found = returned(function, "batch", x)
    hint_if(
        not isinstance(found, tuple) or len(found) != 2,
        "`batch` should return two things, the images and which turn each was given.",
    )
    images, labels = map(np.asarray, found)
    hint_if(not np.array_equal(x, kept), "`batch` has changed the images it was given. Make new ones.")
    hint_if(
        images.shape == (3, 5, 5, 2), "as many images came out as went in. Each should come out four times, turned."
    )
    hint_if(
        images.shape in ((3, 4, 5, 5, 2), (4, 3, 5, 5, 2)),
        "all turned images are there; now flatten the first two axes, so that a network can take them.",
    )
    hint_if(
        images.shape != (12, 5, 5, 2),
        f"for 3 images of 5x5x2 `batch` should return 12 of them, got an array of shape {images.shape}.",
    )
    hint_if(labels.shape != (12,), f"12 images want 12 labels, one for each, got an array of shape {labels.shape}.")
    check_images(images, x)
    hint_if(not np.isin(labels, TURNS).all(), "a label is a number of quarter turns: 0, 1, 2 or 3.")
    hint_if(
        np.array_equal(labels, np.repeat(TURNS, 3)),
        "the images stand by fours, all turns of one image together; the labels say that all upright ones come first.",
    )
    hint_if(
        np.array_equal(labels, np.repeat(np.arange(3), 4)),
        "that is which image it is. The label is which turn it was given.",
    )
    wrong = np.flatnonzero(labels != np.tile(TURNS, 3))
    hint_if(len(wrong), f"the images are right; the labels are not: number {min(wrong, default=0)} has another turn.")


def check_images(images, x):
    """Hints unless `images` [4n, ...] are the four turns of each of x [n, ...]."""
    flat = lambda turned: turned.reshape(images.shape)
    same = lambda other: np.allclose(images, other)
    turned = np.stack([np.rot90(x, turn, axes=(1, 2)) for turn in TURNS])
    right = flat(np.swapaxes(turned, 0, 1))
    if same(right):
        return
    hint_if(
        same(np.repeat(x, 4, axis=0)) or same(np.concatenate([x] * 4)), "each image is there four times, never turned."
    )
    hint_if(
        same(flat(turned)),
        "the turns are right, the order is not: all four turns of the first image should come first.",
    )
    clockwise = flat(np.swapaxes(turned[[0, 3, 2, 1]], 0, 1))
    hint_if(same(clockwise), "turned clockwise. A quarter turn to the left brings the right edge to the top.")
    mirrored = [np.swapaxes(x, 1, 2), x[:, ::-1], x[:, :, ::-1], np.swapaxes(x[:, ::-1, ::-1], 1, 2)]
    hint_if(
        any(np.allclose(image, one) for other in mirrored for one in other for image in images),
        "some are mirror images: one flip, or a transpose alone, turns nothing. What do two of them do, one after the "
        "other?",
    )
    hint_if(
        np.allclose(np.sort(images, axis=None), np.sort(right, axis=None)),
        "the pixels are all there, in wrong places. Which axes are height and width in [n, height, width, channels]?",
    )
    raise Hint("pixels have changed. A quarter turn moves pixels, and computes nothing.")


def check_turn_back(function):
    """Hints unless function(images, labels) turns each image back by its label's number of quarter turns."""
    turned_by = lambda images, turns: np.stack([np.rot90(*pair) for pair in zip(images, turns, strict=True)])
    upright = generator(1).random((9, 4, 4, 1)).astype("float32")
    labels = np.array([1, 0, 3, 2, 2, 1, 1, 0, 3])
    turned = turned_by(upright, labels)
    found = np.asarray(returned(function, "turn_back", turned, labels))
    hint_if(
        found.shape != upright.shape,
        f"as many images should come back as are turned, 9 of 4x4x1; got an array of shape {found.shape}.",
    )
    hint_if(np.allclose(found, turned), "nothing was turned back.")
    hint_if(
        np.allclose(found, turned_by(turned, labels)),
        "turned on by as much again, not back. How many quarter turns to the left undo one?",
    )
    wrong = [label for label in TURNS if not np.allclose(found[labels == label], upright[labels == label])]
    hint_if(
        wrong,
        f"images with the label {', '.join(map(str, wrong))} do not come back upright. The batch is in no "
        "particular order: look at each image's own label.",
    )
