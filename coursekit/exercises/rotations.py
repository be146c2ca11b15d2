"""Is the student's batch of turned images what it should be, and can it be undone?"""

import numpy as np

from coursekit.exercises.hints import hint_if

TURNS = np.arange(4)


def _images():
    return np.random.default_rng(0).random((3, 5, 5, 2)).astype("float32")


def _turned(x, order):
    """[4, n, ...], each of x by the four turns; `order` as the student was asked for, [n, 4] or [4, n]."""
    all_turns = np.stack([np.rot90(x, turn, axes=(1, 2)) for turn in TURNS])
    return np.swapaxes(all_turns, 0, 1).reshape(-1, *x.shape[1:]) if order == "by image" else np.concatenate(all_turns)


def examine_batch(batch):
    """Hints unless batch(x) is (the four turns of the first image, of the second, ...; their numbers)."""
    hint_if(not callable(batch), "hand in the function itself, `batch`, not what it returned.")
    x = _images()
    kept = x.copy()
    found = batch(x)
    hint_if(found is None, "`batch` returned None. Is there a `return` in it?")
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
        images.shape == (3, 4, 5, 5, 2) or images.shape == (4, 3, 5, 5, 2),
        "all turned images are there; now flatten the first two axes, so that a network can take them.",
    )
    hint_if(
        images.shape != (12, 5, 5, 2),
        f"for 3 images of 5x5x2 `batch` should return 12 of them, got an array of shape {images.shape}.",
    )
    hint_if(labels.shape != (12,), f"12 images want 12 labels, one for each, got an array of shape {labels.shape}.")
    right = _turned(x, "by image")
    _examine_images(images, x, right)
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


def _examine_images(images, x, right):
    same = lambda other: images.shape == other.shape and np.allclose(images, other)
    if same(right):
        return
    hint_if(
        same(np.repeat(x, 4, axis=0)) or same(np.concatenate([x] * 4)), "each image is there four times, never turned."
    )
    hint_if(
        same(_turned(x, "by turn")),
        "the turns are right, the order is not: all four turns of the first image should come first.",
    )
    clockwise = np.stack([np.rot90(x, -turn, axes=(1, 2)) for turn in TURNS], axis=1).reshape(images.shape)
    hint_if(same(clockwise), "turned clockwise. A quarter turn to the left brings the right edge to the top.")
    mirrored = [np.swapaxes(x, 1, 2), x[:, ::-1], x[:, :, ::-1], np.swapaxes(x[:, ::-1, ::-1], 1, 2)]
    for other in mirrored:
        hint_if(
            any(np.allclose(image, one) for one in other for image in images),
            "some are mirror images: one flip, or a transpose alone, turns nothing. What do two of them do, one after "
            "the other?",
        )
    hint_if(
        np.allclose(np.sort(images, axis=None), np.sort(right, axis=None)),
        "the pixels are all there, in wrong places. Which axes are height and width in [n, height, width, channels]?",
    )
    hint_if(True, "pixels have changed. A quarter turn moves pixels, and computes nothing.")


def examine_turn_back(turn_back):
    """Hints unless turn_back(images, labels) turns each image back by its label's number of quarter turns."""
    so_far = "`batch` is right. "
    hint_if(not callable(turn_back), f"{so_far}hand in the function itself, `turn_back`, not what it returned.")
    upright = np.random.default_rng(1).random((9, 4, 4, 1)).astype("float32")
    labels = np.array([1, 0, 3, 2, 2, 1, 1, 0, 3])
    turned = np.stack([np.rot90(image, turn) for image, turn in zip(upright, labels, strict=True)])
    found = turn_back(turned, labels)
    hint_if(found is None, f"{so_far}`turn_back` returned None. Is there a `return` in it?")
    found = np.asarray(found)
    hint_if(
        found.shape != upright.shape,
        f"{so_far}as many images should come back as are turned, 9 of 4x4x1; got an array of shape {found.shape}.",
    )
    hint_if(np.allclose(found, turned), f"{so_far}nothing was turned back.")
    again = np.stack([np.rot90(image, turn) for image, turn in zip(turned, labels, strict=True)])
    hint_if(
        np.allclose(found, again),
        f"{so_far}turned on by as much again, not back. How many quarter turns to the left undo one?",
    )
    wrong = [label for label in TURNS if not np.allclose(found[labels == label], upright[labels == label])]
    hint_if(
        wrong,
        f"{so_far}images with the label {', '.join(map(str, wrong))} do not come back upright. The batch is in no "
        "particular order: look at each image's own label.",
    )
