"""Two measures that any folder of pictures needs: how much of it is rebuilt, and what is only copied."""

import numpy as np

from coursekit.exercises.hints import after, compare, generator, number, one_for_each


def check(answer):
    """`(variance_left, nearest)`: variance_left(rebuilt, unseen, seen) -> share, nearest(samples, seen) -> [n]."""
    variance_left, nearest = answer
    check_variance_left(variance_left)
    with after("`variance_left` is right."):
        check_nearest(nearest)


def check_variance_left(function):
    """Hints unless function(rebuilt, unseen, seen) is the squared error, relative to that of the mean of `seen`."""
    rebuilt, unseen, seen = _pictures()
    found = number(function, "variance_left", rebuilt, unseen, seen, advice="One share for all pictures together.")
    right = np.square(rebuilt - unseen).sum() / np.square(unseen - seen.mean(axis=0)).sum()
    compare(
        found,
        right,
        variance_left_mistakes(rebuilt, unseen, seen),
        f"for three pictures it should be {right:.3f}, got {found:.3f}. Above: the squared error of what was rebuilt. "
        "Below: that of the mean picture.",
    )


def variance_left_mistakes(rebuilt, unseen, seen):
    """Typical mistakes: {hint: share}."""
    error, mean = np.square(rebuilt - unseen), seen.mean(axis=0)
    return {
        "the mean of the *unseen* pictures. Who guesses may use only what was seen.": (
            error.sum() / np.square(unseen - unseen.mean(axis=0)).sum()
        ),
        "the mean over everything is one gray. The mean picture has a value for each pixel: over which axis?": (
            error.sum() / np.square(unseen - seen.mean()).sum()
        ),
        "the error is not squared.": np.abs(rebuilt - unseen).sum() / np.abs(unseen - mean).sum(),
        "that is the share that is explained. How much is *left*?": 1 - error.sum() / np.square(unseen - mean).sum(),
        "that is an error, and not yet a share. What would the mean picture of `seen` leave?": error.mean(),
        "upside down: the mean picture's error belongs below the line.": (np.square(unseen - mean).sum() / error.sum()),
    }


def check_nearest(function):
    """Hints unless function(samples, seen) gives each sample's distance to the nearest picture of `seen`."""
    samples, _, seen = _pictures(1)
    found = one_for_each(function, "nearest", samples, seen, verb="take the minimum")
    distances = _distances(samples, seen)
    compare(
        found,
        distances.min(axis=1),
        nearest_mistakes(samples, seen),
        "for each sample: its distance to every picture that was seen, and the smallest of them.",
    )


def nearest_mistakes(samples, seen):
    """Typical mistakes: {hint: distances [n]}."""
    distances = _distances(samples, seen)
    return {
        "squared distances. Take the root.": np.square(distances).min(axis=1),
        "that says *which* picture is nearest. How far away is it?": distances.argmin(axis=1),
        "the mean distance. Of a copy the *smallest* distance is 0.": distances.mean(axis=1),
        "the farthest picture, not the nearest.": distances.max(axis=1),
        "a mean over pixels instead of a sum: distances here are lengths of the difference, "
        "the root of the summed squares.": distances.min(axis=1) / np.sqrt(samples[0].size),
    }


def _distances(samples, seen):
    flat, others = samples.reshape(len(samples), -1), seen.reshape(len(seen), -1)
    return np.linalg.norm(flat[:, None] - others[None], axis=2)


def _pictures(seed=0):
    """What a model made of three unseen pictures, these, and five seen ones, [n, 4, 4, 3] in [0, 1]."""
    rng = generator(seed)
    unseen, seen = rng.random((3, 4, 4, 3)) ** 2, rng.random((5, 4, 4, 3))
    return np.clip(unseen + rng.normal(0, 0.1, unseen.shape), 0, 1), unseen, seen
