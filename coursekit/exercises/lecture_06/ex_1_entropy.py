"""The floor of the reconstruction loss: an image's entropy, and the image whose entropy is highest."""

import numpy as np

from coursekit.exercises.hints import after, compare, generator, hint_if, one_for_each

PIXELS = 784


def check(answer):
    """`(entropy, highest)`: a function from images [n, 784] to nats a pixel [n], and one image of 784 pixels."""
    entropy, highest = answer
    check_entropy(entropy)
    with after("the floor is right."):
        check_highest(highest, entropy)


def check_entropy(function):
    """Hints unless function(images) is the mean over pixels of -x log x - (1 - x) log(1 - x), and 0 for 0 and 1."""
    gray = generator(1).uniform(0.05, 0.95, (5, PIXELS)).astype("float32")
    found, x = _costs(function, gray), gray.astype("float64")
    right = -(x * np.log(x) + (1 - x) * np.log1p(-x)).mean(axis=1)
    compare(found, right, entropy_mistakes(gray), "on gray noise your values are off. Try one pixel of 0.5: ln 2.")
    for name, pure in (("black", 1.0), ("white", 0.0)):
        cost = _costs(function, np.full((1, PIXELS), pure, "float32"))[0]
        hint_if(np.isnan(cost), f"a {name} image costs NaN: 0 times log 0, whose limit is 0. NumPy needs to be told.")
        hint_if(
            abs(cost) > 1e-9,
            f"a {name} image costs {cost:.1e}, not 0. Clipping moves the pixel before it is measured; so does a "
            "small number inside the logarithm: can you leave the pixel alone?",
        )


def entropy_mistakes(images):
    """Typical mistakes: {hint: nats [n]}."""
    x = images.astype("float64")
    ink, paper = -(x * np.log(x)).mean(axis=1), -((1 - x) * np.log1p(-x)).mean(axis=1)
    right = ink + paper
    return {
        "your floor is 0 for every image. That is the guess of section 2; what does a pixel of 0.5 cost?": 0 * right,
        "784 times too much: the lecture quotes nats *a pixel*.": PIXELS * right,
        "your unit is the bit. The lecture's loss uses the natural logarithm: nats.": right / np.log(2),
        "your logarithm has base 10; the lecture's loss uses the natural one: nats.": right / np.log(10),
        "a gray pixel is two possibilities, ink and no ink. You have counted one of them.": ink,
        "an entropy is never negative. Look at your signs.": -right,
    }


def check_highest(highest, entropy):
    """Hints unless the image `highest` has the largest `entropy` of all images in [0, 1]."""
    highest = np.ravel(np.asarray(highest, "float64"))
    hint_if(highest.size != PIXELS, f"`highest` should be one image, 784 pixels, not {highest.size}.")
    hint_if(not (highest.min() >= 0 and highest.max() <= 1), "`highest` should stay in [0, 1].")
    share = _costs(entropy, highest[None])[0] / np.log(2)
    hint_if(
        set(np.unique(highest)) <= {0.0, 1.0},
        "An image of pure black and white pixels has the *lowest* floor there is.",
    )
    hint_if(
        share < 0.2,
        f"Your image has {share:.0%} of the highest one, as a digit may have. Of *all* images, not only of digits: "
        "paint one.",
    )
    hint_if(
        share < 1 - 1e-6,
        f"Your image has {share:.1%} of the highest one. The pixels do not know of each other: for which x is one "
        "pixel's entropy largest?",
    )


def _costs(function, images):
    return one_for_each(function, "entropy", images, verb="average")
