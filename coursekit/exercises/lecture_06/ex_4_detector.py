"""A detector of strange images that corrects the reconstruction error for how hard an image is."""

import numpy as np

from coursekit import data, metrics
from coursekit.exercises.hints import generator, hint_if, one_for_each

ADVICE = {
    "ink": "you divide by the ink. Errors are squares of gray values and ink is not, so a dark image profits from "
    "being dark; and a gray image has ink, but nothing in it is hard. What makes an image hard to guess?",
    "contrast": "you divide a squared error by a contrast that is not squared: halve every gray value of an image and "
    "its score changes. In which units is each of the two?",
    "distance from the average digit": "you compare with somebody who always answers the average digit. On the empty "
    "image he is far off, so it still looks easy; clothes are far from his answer as well. Let him look at the image, "
    "a little.",
}


def check(answer):
    """`(score, error)`: the new detector and the lecture's, functions from images [n, 784] to numbers [n]."""
    score, error = answer
    unseen = data.load("digits", "test").flat[::2]
    normal, plain = _of(score, "score", unseen), _of(error, "error", unseen)
    area = check_scores(score, normal, plain, unseen)
    divisor, offset = divisor_of(normal, plain, unseen)
    hint_if(divisor in ADVICE, ADVICE.get(divisor))
    check_probes(score, error, normal, offset)
    hint_if(
        area < 0.97,
        f"the empty image is caught, but clothes among digits now give an area of {area:.3f}. What you correct by is "
        "large where clothes are hard; it should be large where *any* picture is.",
    )


def check_scores(score, normal, plain, unseen):
    """Hints unless `score` is finite, larger for clothes, image by image, and more than the `plain` error.

    Args:
        normal, plain: scores and errors [n] of the digits `unseen` [n, 784].
    Returns:
        The area under the ROC curve for clothes.
    """
    hint_if(not np.isfinite(normal).all(), "some digits score no finite number: a division by zero, or a log of it?")
    strange = _of(score, "score", data.load("fashion_small", "test").flat[::2])
    hint_if(not np.isfinite(strange).all(), "some clothes score no finite number: a division by zero, or a log of it?")
    area, _ = metrics.roc(normal, strange)
    hint_if(area < 0.3, "your score is higher for digits than for clothes. Which end is strange?")
    hint_if(
        np.array_equal(np.argsort(normal), np.argsort(plain)),
        "your score ranks the digits exactly as the error does, so it is the same detector. It must also know how much "
        "there was to get wrong in each image.",
    )
    hint_if(
        not np.allclose(_of(score, "score", unseen[:10]), normal[:10], rtol=1e-2),
        "an image's score changes with the images that come with it. Is there a mean or maximum over the whole batch?",
    )
    return area


def check_probes(score, error, normal, offset):
    """Hints unless images that are easy for anybody are stranger than 95 % of the digits' scores `normal` [n].

    Args:
        offset: the constant that the student added to a divisor that `divisor_of` knows, or None.
    """
    empty = np.zeros((1, 784), "float32")
    dot = empty.copy()
    dot[0, 28 * 14 + 14] = 1
    faint = 0.05 * generator(0).random((1, 784), dtype="float32")
    share = {}
    for name, image in {"empty": empty, "gray": empty + 0.5, "all but empty": dot, "faint": faint}.items():
        value = _of(score, "score", image)[0]
        hint_if(np.isnan(value), f"the {name} image scores NaN: 0 / 0. Which of the two zeros should win?")
        share[name] = (normal < value).mean()
    hint_if(
        share["empty"] < 0.95 and offset is not None,
        f"the right kind of correction, but the empty image is stranger than only {share['empty']:.0%} of the digits. "
        f"Its error is about {_of(error, 'error', empty)[0]:.0e}; you divide it by {offset or 0:.0e}. Why so much?",
    )
    for name in ("empty", "gray"):
        hint_if(
            share[name] < 0.95,
            f"the {name} image is stranger than only {share[name]:.0%} of unseen digits. How well would somebody do "
            "on it who knows nothing about digits, and may say one gray value for the whole image?",
        )
    worst = min(share, key=share.get)
    hint_if(
        share[worst] < 0.95,
        f"empty and gray are caught, but an {worst} image is stranger than only {share[worst]:.0%} of unseen digits. "
        "Have you made an exception for images of one color? The reason holds for their neighbors too.",
    )


def divisor_of(scores, errors, images):
    """What `errors` were divided by to give `scores`: its name and the constant added to it, or (None, None)."""
    x = images.astype("float64")
    known = {
        "variance": x.var(axis=1),
        "energy": np.square(x).mean(axis=1),
        "ink": x.mean(axis=1),
        "contrast": x.std(axis=1),
        "distance from the average digit": np.square(x - data.load("digits", "train").flat.mean(axis=0)).mean(axis=1),
    }
    with np.errstate(all="ignore"):
        divided_by = errors / scores
    if not np.isfinite(divided_by).all():
        return None, None
    for name, amount in known.items():
        slope, offset = np.polyfit(amount, divided_by, 1)
        rest = divided_by - slope * amount - offset
        if slope > 0 and rest.std() < 1e-3 * divided_by.std():
            return name, offset
    return None, None


def _of(function, name, images):
    return one_for_each(function, name, images, verb="average")
