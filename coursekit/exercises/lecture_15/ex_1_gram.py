"""A Gram matrix, the slope of its distance to another, and the changes of a picture's maps that it cannot see."""

import numpy as np

from coursekit.exercises.hints import Hint, after, called, compare, hint_if

SHAPES = ((4, 5, 3), (6, 2, 4), (1, 1, 2))  # of maps
CHANGES = {  # of maps [h, w, c], and whether their Gram matrix stays
    "mirror": True,
    "shuffle": True,
    "negate": True,
    "brighten": False,
    "double": False,
    "swap channels": False,
}


def check(answer):
    """`(gram, slope, unseen)`: gram(maps) -> [c, c], slope(maps, wanted) -> [h, w, c], and a set of names."""
    gram, slope, unseen = answer
    check_gram(gram)
    with after("`gram` is right."):
        check_slope(slope)
    with after("`gram` and `slope` are right."):
        check_unseen(unseen)


def cases():
    """Maps [h, w, c] and wanted Gram matrices [c, c]."""
    rng = np.random.default_rng(10)
    for height, width, channels in SHAPES:
        maps = rng.normal(0.5, 1, (height, width, channels))
        other = rng.normal(size=(7, channels))
        yield maps, other.T @ other / 7


def true_gram(maps):
    rows = maps.reshape(-1, maps.shape[-1])
    return rows.T @ rows / len(rows)


def check_gram(function):
    """Hints unless function(maps) is the mean over the positions of the products of all pairs of channels."""
    for maps, _ in cases():
        found, right = called(function, "gram", maps), true_gram(maps)
        positions = maps.shape[0] * maps.shape[1]
        hint_if(
            found.shape != right.shape and found.shape == (positions, positions),
            "that compares positions with each other. A Gram matrix compares channels: over which is the sum?",
        )
        hint_if(
            found.shape != right.shape,
            f"for maps {list(maps.shape)} `gram` should give {list(right.shape)}, got {list(found.shape)}.",
        )
        compare(found, right, gram_mistakes(maps), "its entries are not the mean products. Try maps of one position.")


def gram_mistakes(maps):
    """Typical mistakes: {hint: matrix [c, c]}."""
    rows = maps.reshape(-1, maps.shape[-1])
    centered = rows - rows.mean(0)
    return {
        "that is the sum over the positions; the mean lets pictures of two sizes be compared.": rows.T @ rows,
        "that is the covariance: nothing is to be subtracted.": centered.T @ centered / len(rows),
        "you divide by the channels, too.": rows.T @ rows / maps.size,
        "that is the product of the means, not the mean of the products.": np.outer(rows.mean(0), rows.mean(0)),
    }


def check_slope(function):
    """Hints unless function(maps, wanted) is the gradient of the squared distance of the Gram matrices."""
    for maps, wanted in cases():
        found = called(function, "slope", maps, wanted)
        hint_if(
            found.shape != maps.shape,
            f"each entry of the maps has its own slope: {list(maps.shape)}, got {list(found.shape)}.",
        )
        right = 4 * maps @ (true_gram(maps) - wanted) / (maps.shape[0] * maps.shape[1])
        compare(found, right, slope_mistakes(maps, wanted), "nudge one entry of the maps both ways, and compare.")


def slope_mistakes(maps, wanted):
    """Typical mistakes: {hint: slopes [h, w, c]}."""
    pull = maps @ (true_gram(maps) - wanted)
    positions = maps.shape[0] * maps.shape[1]
    return {
        "half of it. Each feature stands in a row *and* in a column of the matrix.": 2 * pull / positions,
        "you forgot the 1/M inside of the Gram matrix.": 4 * pull,
        "the sign: that leads downhill. The slope itself was asked for.": -4 * pull / positions,
        "that is a quarter: a square has a factor of 2, and each feature stands in the matrix twice.": pull / positions,
    }


def check_unseen(names):
    """Hints unless `names` are the changes that leave the Gram matrix as it is."""
    hint_if(isinstance(names, str) or not isinstance(names, (set, list, tuple)), "`unseen` should be a set of names.")
    unknown = set(names) - set(CHANGES)
    hint_if(unknown, f"the changes are {', '.join(CHANGES)}; got {', '.join(map(repr, unknown))}.")
    right = {name for name, stays in CHANGES.items() if stays}
    for name in CHANGES:
        if (name in names) != (name in right):
            raise Hint(wrong_about(name))


def wrong_about(name):
    """The hint for a change that was put on the wrong side."""
    return {
        "mirror": "each position of mirrored maps has the features of another one. Does a sum mind?",
        "shuffle": "the order of the positions is the very thing that a sum forgets.",
        "negate": "try two numbers: what is (-2)(-3)? Second moments do not see the sign of all.",
        "brighten": "adding 1 to all features changes each mean, and the diagonal holds mean and deviation.",
        "double": "twice the features are four times the products.",
        "swap channels": "with two channels exchanged, rows and columns change places. Which pairs occur together?",
    }[name]
