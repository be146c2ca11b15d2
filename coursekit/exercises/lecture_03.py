"""Checks of the exercises on autoencoders."""

from functools import lru_cache

import numpy as np

from coursekit import data, metrics
from coursekit.exercises.hints import hint_if, values
from coursekit.exercises.noise import examine_spoil
from coursekit.lesson import Hint

PIXELS = 784


def exercise_1(answer):
    """`(entropy, highest)`: a function from images [n, 784] to nats a pixel [n], and one image of 784 pixels."""
    entropy, highest = answer
    gray = np.random.default_rng(1).uniform(0.05, 0.95, (5, PIXELS)).astype("float32")
    found = values(entropy, gray, "entropy")
    x = gray.astype("float64")
    half = -(x * np.log(x)).mean(axis=1)
    right = half - ((1 - x) * np.log1p(-x)).mean(axis=1)
    mistakes = {
        "your floor is 0 for every image. That is the guess of section 2; what does a pixel of 0.5 cost?": 0 * right,
        "784 times too much: the lecture quotes nats *a pixel*.": PIXELS * right,
        "your unit is the bit. The lecture's loss uses the natural logarithm: nats.": right / np.log(2),
        "your logarithm has base 10; the lecture's loss uses the natural one: nats.": right / np.log(10),
        "a gray pixel is two possibilities, ink and no ink. You have counted one of them.": half,
        "an entropy is never negative. Look at your signs.": -right,
    }
    for text, wrong in mistakes.items():
        hint_if(np.allclose(found, wrong, rtol=1e-3), text)
    hint_if(not np.allclose(found, right, rtol=1e-4), "on gray noise your values are off. Try one pixel of 0.5: ln 2.")
    for name, pure in (("black", 1.0), ("white", 0.0)):
        cost = values(entropy, np.full((1, PIXELS), pure, "float32"), "entropy")[0]
        hint_if(np.isnan(cost), f"a {name} image costs NaN: 0 times log 0, whose limit is 0. NumPy needs to be told.")
        hint_if(
            abs(cost) > 1e-9,
            f"a {name} image costs {cost:.1e}, not 0. Clipping moves the pixel before it is measured; so does a "
            "small number inside the logarithm: can you leave the pixel alone?",
        )

    highest = np.ravel(np.asarray(highest, "float64"))
    hint_if(
        highest.size != PIXELS, f"the floor is right. `highest` should be one image, 784 pixels, not {highest.size}."
    )
    hint_if(not (highest.min() >= 0 and highest.max() <= 1), "the floor is right. `highest` should stay in [0, 1].")
    ratio = values(entropy, highest[None], "entropy")[0] / np.log(2)
    binary = set(np.unique(highest)) <= {0.0, 1.0}
    hint_if(binary, "the floor is right. An image of pure black and white pixels has the *lowest* floor there is.")
    hint_if(
        ratio < 0.2,
        f"the floor is right. Your image has {ratio:.0%} of the highest one, as a digit may have. "
        "Of *all* images, not only of digits: paint one.",
    )
    hint_if(
        ratio < 1 - 1e-6,
        f"the floor is right. Your image has {ratio:.1%} of the highest one. The pixels do not know of each other: for "
        "which x is one pixel's entropy largest?",
    )


@lru_cache
def digits():
    """The mean [784] and 16 principal axes [16, 784] of the training digits, and unseen digits [n, 784]."""
    from sklearn.decomposition import PCA

    train = data.load("digits", "train").flat
    return train.mean(axis=0), PCA(16, random_state=0).fit(train).components_, data.load("digits", "test").flat


def exercise_2(answer):
    """`(tied, another)`: a trained Keras model of one matrix W [784, 16], and a function from W to another W."""
    import keras

    tied, another = answer
    hint_if(not hasattr(tied, "trainable_weights"), "hand in the model itself, a keras.Model.")
    mean, axes, test = digits()
    k, shapes = len(axes), [tuple(weight.shape) for weight in tied.trainable_weights]
    count = sum(int(np.prod(shape)) for shape in shapes)
    matrices = [shape for shape in shapes if len(shape) == 2]
    hint_if(
        len(matrices) == 2 and count >= 2 * PIXELS * k,
        f"your model has {count:,} weights in two matrices. Where does V stand in `call`, and what could stand there "
        "instead, made of W?",
    )
    hint_if(
        len(matrices) == 1 and len(shapes) > 1,
        f"one matrix, good, but {len(shapes) - 1} more trained arrays beside it: the mean is known before training, "
        "and PCA has no other offset.",
    )
    hint_if(
        len(shapes) != 1 or count != PIXELS * k,
        f"expected one matrix of {PIXELS} x {k} weights, got {shapes or 'no weights at all'}.",
    )
    W = tied.trainable_weights[0].numpy().astype("float64")
    W = W.T if len(W) == k else W

    x = test[:200]
    found = keras.ops.convert_to_numpy(tied(x))
    hint_if(
        found.shape != x.shape, f"the model should return {x.shape}, images like its input, and gives {found.shape}."
    )
    same = lambda other: np.allclose(found, other, atol=1e-3)
    hint_if(same(x @ W @ W.T), "PCA turns the digits about their mean; your model turns them about black.")
    hint_if(same((x - mean) @ W @ W.T), "the mean was taken away from the input and never given back.")
    hint_if(same(x @ W @ W.T + mean), "the mean is added at the end, but was never taken away.")
    hint_if(
        not same((x - mean) @ W @ W.T + mean),
        "the model does not compute (x - mean) W Wᵀ + mean. Is there an activation, or another mean in it?",
    )
    angle = metrics.principal_angles(W.T, axes)[0]
    hint_if(
        angle > 15,
        f"the model is built right, but its span is still {angle:.0f}° from PCA's: was it trained, and to the end?",
    )
    examine_another(another, W)


def examine_another(another, W):
    """Hints unless `another(W)` is W times a rotation that mixes the units."""
    hint_if(not callable(another), "the model is right. Hand in the function `another` itself.")
    W2 = another(W.astype("float32"))
    hint_if(W2 is None, "the model is right. `another` returned None. Is there a `return` in it?")
    W2 = np.asarray(W2, "float64")
    hint_if(W2.shape != W.shape, f"the model is right. `another(W)` should have W's shape {W.shape}, not {W2.shape}.")
    hint_if(np.allclose(W2, W, atol=1e-4), "the model is right. `another(W)` is W itself; find a different one.")
    A, *_ = np.linalg.lstsq(W, W2, rcond=None)
    hint_if(
        not np.allclose(W @ A, W2, atol=1e-3),
        "the model is right. Your matrix leaves the span of W, so the model would draw other things. Change the code, "
        "not the pixels: on which side of W does a change of the code stand?",
    )
    changed = np.abs(A @ A.T - np.eye(len(A))).max()
    hint_if(
        changed > 1e-3,
        "the model is right. Your matrix has the right span, and the untied network would not mind: its V could undo "
        "what you did to W. Here the same matrix is used again on the way back: write out the product, and see what "
        "your A does to it.",
    )
    hint_if(
        np.allclose(np.abs(A).max(axis=0), 1, atol=1e-3),
        "the model is right. Units in another order or with another sign: true, and the least of it. There are "
        "infinitely many other W; give one in which every unit is a mixture of the old ones.",
    )


def exercise_3(answer):
    """`(spoil, blind)`: spoil(images, low, high, seed) -> images, and a denoiser trained on what it made."""
    spoil, blind = answer
    examine_spoil(spoil)
    examine_denoiser(blind)


def examine_denoiser(blind):
    """Hints unless the network `blind` holds its own at noise 0.1 and at 0.5."""
    from coursekit.models.denoising import add_noise

    hint_if(not hasattr(blind, "predict"), "`spoil` is right. Hand in the trained network too.")
    clean = data.load("digits", "test").images[::2]
    decibels = {}
    for level in (0.1, 0.5):
        noisy = add_noise(clean, level, seed=3)
        cleaned = np.clip(blind.predict(noisy, batch_size=500, verbose=0), 0, 1)
        decibels[level] = metrics.psnr(cleaned, clean).mean()
        nothing = metrics.psnr(noisy, clean).mean()
        hint_if(
            level == 0.1 and decibels[level] < nothing - 1.5,
            f"`spoil` is right, but at noise 0.1 the network reaches {decibels[level]:.1f} dB, and doing nothing "
            f"{nothing:.1f}. Did it see images with so little noise?",
        )
    hint_if(
        decibels[0.5] < 17,
        f"`spoil` is right, but at noise 0.5 the network reaches {decibels[0.5]:.1f} dB, and one trained there 18. "
        "Did it see images with so much noise?",
    )


def exercise_4(answer):
    """`(score, error)`: the new detector and the lecture's, functions from images [n, 784] to numbers [n]."""
    score, error = answer
    unseen = data.load("digits", "test").flat[::2]
    clothes = data.load("fashion_small", "test").flat[::2]
    normal, plain = values(score, unseen, "score"), values(error, unseen, "error")
    hint_if(not np.isfinite(normal).all(), "some digits score no finite number: a division by zero, or a log of it?")
    strange = values(score, clothes, "score")
    hint_if(not np.isfinite(strange).all(), "some clothes score no finite number: a division by zero, or a log of it?")
    area, _ = metrics.roc(normal, strange)
    hint_if(area < 0.3, "your score is higher for digits than for clothes. Which end is strange?")
    hint_if(
        np.array_equal(np.argsort(normal), np.argsort(plain)),
        "your score ranks the digits exactly as the error does, so it is the same detector. It must also know how much "
        "there was to get wrong in each image.",
    )
    alone = values(score, unseen[:10], "score")
    hint_if(
        not np.allclose(alone, normal[:10], rtol=1e-2),
        "an image's score changes with the images that come with it. Is there a mean or maximum over the whole batch?",
    )
    divisor, offset = divisor_of(normal, plain, unseen)
    if divisor in ADVICE:
        raise Hint(ADVICE[divisor])

    empty = np.zeros((1, PIXELS), "float32")
    dot = empty.copy()
    dot[0, 28 * 14 + 14] = 1
    faint = 0.05 * np.random.default_rng(0).random((1, PIXELS), dtype="float32")
    probes = {"empty": empty, "gray": empty + 0.5, "all but empty": dot, "faint": faint}
    share = {}
    for name, image in probes.items():
        value = values(score, image, "score")[0]
        hint_if(np.isnan(value), f"the {name} image scores NaN: 0 / 0. Which of the two zeros should win?")
        share[name] = (normal < value).mean()
    hint_if(
        share["empty"] < 0.95 and divisor is not None,
        f"the right kind of correction, but the empty image is stranger than only {share['empty']:.0%} of the digits. "
        f"Its error is about {values(error, empty, 'error')[0]:.0e}; you divide it by {offset:.0e}. Why so much?",
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
    hint_if(
        area < 0.97,
        f"the empty image is caught, but clothes among digits now give an area of {area:.3f}. What you correct by is "
        "large where clothes are hard; it should be large where *any* picture is.",
    )


ADVICE = {
    "ink": "you divide by the ink. Errors are squares of gray values and ink is not, so a dark image profits from "
    "being dark; and a gray image has ink, but nothing in it is hard. What makes an image hard to guess?",
    "contrast": "you divide a squared error by a contrast that is not squared: halve every gray value of an image and "
    "its score changes. In which units is each of the two?",
    "distance from the average digit": "you compare with somebody who always answers the average digit. On the empty "
    "image he is far off, so it still looks easy; clothes are far from his answer as well. Let him look at the image, "
    "a little.",
}


def divisor_of(scores, errors, images):
    """What `errors` were divided by to give `scores`: its name and the constant added to it, or (None, 0)."""
    x = images.astype("float64")
    known = {
        "variance": x.var(axis=1),
        "energy": np.square(x).mean(axis=1),
        "ink": x.mean(axis=1),
        "contrast": x.std(axis=1),
        "distance from the average digit": np.square(x - digits()[0]).mean(axis=1),
    }
    with np.errstate(all="ignore"):
        divided_by = errors / scores
    if not np.isfinite(divided_by).all():
        return None, 0.0
    for name, amount in known.items():
        slope, offset = np.polyfit(amount, divided_by, 1)
        rest = divided_by - slope * amount - offset
        if slope > 0 and rest.std() < 1e-3 * divided_by.std():
            return name, offset
    return None, 0.0
