"""What the codes of a generator say of its images: measures of lecture 16, for images whose factors can be read.

Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial Networks" (CVPR 2019), section
4: separability by linear classifiers, and perceptual path length. Theirs are by networks trained on ImageNet; ours
take any features, so that the values are comparable with each other alone.
"""

import numpy as np

from coursekit.arrays import check_floats, check_positive

# -- factors from codes ------------------------------------------------------------------------------------------------


def explained(truth, guesses):
    """R^2 of each factor, 1 - error / variance, summed over its columns: 1 is perfect, 0 what the mean would be.

    Args:
        truth, guesses: {name: [n, columns]}.
    Returns:
        {name: number}; NaN where the truth does not vary.
    """
    _check_pair(truth, guesses)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            name: float(1 - np.square(true - guesses[name]).sum() / np.square(true - true.mean(axis=0)).sum())
            for name, true in truth.items()
        }


def linear_probe(codes, factors, test_codes, test_factors, strength=1.0):
    """How much of each factor a linear function of the codes explains, on codes that it has not seen.

    Args:
        codes, test_codes: [n, d], standardized here by mean and deviation of the first. factors, test_factors: {name:
            [n, columns]}, of the images that the codes make.
        strength: of the ridge penalty, the codes' mean square being 1 / n.
    Returns:
        {name: R^2}, as of `explained`.
    """
    from sklearn.linear_model import Ridge

    codes, test_codes = _rows(codes, "codes"), _rows(test_codes, "test codes")
    _check_pair(factors, test_factors, lengths=False)
    mean, deviation = codes.mean(axis=0), codes.std(axis=0) + 1e-12
    probe = Ridge(alpha=strength)
    stacked = np.concatenate(list(factors.values()), axis=1)
    if len(stacked) != len(codes) or len(test_codes) != len(next(iter(test_factors.values()))):
        raise ValueError(f"Expected one row of factors for each code, got {len(stacked)} rows and {len(codes)} codes.")
    probe.fit((codes - mean) / deviation, stacked)
    guesses = probe.predict((test_codes - mean) / deviation).reshape(len(test_codes), -1)
    ends = np.cumsum([values.shape[1] for values in factors.values()])[:-1]
    return explained(test_factors, dict(zip(factors, np.split(guesses, ends, axis=1), strict=True)))


# -- style mixing ------------------------------------------------------------------------------------------------------


def follows(mixed, source, rest):
    """How far each factor of mixed images follows the source of some of their layers: 1 as the source's image has it,
    0 as the image has it that all other layers are of.

    The slope of (mixed - rest) on (source - rest) through 0, over all images and the factor's columns.

    Args:
        mixed, source, rest: {name: [n, columns]}, read from the three images of each of n pairs.
    Returns:
        {name: number}; NaN where source and rest never differ.
    """
    _check_pair(mixed, source)
    _check_pair(mixed, rest)
    shares = {}
    for name, values in mixed.items():
        apart = source[name] - rest[name]
        with np.errstate(divide="ignore", invalid="ignore"):
            shares[name] = float(((values - rest[name]) * apart).sum() / np.square(apart).sum())
    return shares


def mixing_table(draw, read, source, rest, groups):
    """Which factors follow which layers.

    Args:
        draw: function (styles [n, layers, d]) -> images. read: function (images) -> {factor: [n, columns]}.
        source, rest: styles [n, layers, d] of n pairs.
        groups: {name, such as "coarse": indices of the layers whose style is the source's}.
    Returns:
        {factor: {group: share}}, as of `follows`. Shares of groups that together are all layers need not sum to 1:
        layers work together.
    """
    source, rest = check_floats(source, "styles"), check_floats(rest, "styles")
    if source.ndim != 3 or source.shape != rest.shape:
        raise ValueError(
            f"Expected styles [n, layers, d] of both, got {list(source.shape)} and {list(rest.shape)}. Repeat a "
            "code for each layer: codes[:, None].repeat(layers, axis=1)."
        )
    of_source, of_rest, table = read(draw(source)), read(draw(rest)), {}
    for group, layers in groups.items():
        mixed = rest.copy()
        mixed[:, list(layers)] = source[:, list(layers)]
        for factor, share in follows(read(draw(mixed)), of_source, of_rest).items():
            table.setdefault(factor, {})[group] = share
    return table


# -- what noise changes, and how long paths are ------------------------------------------------------------------------


def deviation_map(draw, count=20):
    """How much each pixel changes with the seed of the noise alone: [n, height, width], standard deviations over
    `count` seeds, root mean square over the channels.

    Args:
        draw: function (seed) -> the same images [n, height, width, channels], with other noise.
    """
    count = check_positive(count=count)
    if count < 2:
        raise ValueError("Expected a count of at least 2 seeds, as one shows no deviation, got 1.")
    images = np.stack([draw(seed) for seed in range(count)]).astype("float64")
    return np.sqrt(images.var(axis=0).mean(axis=-1))


def path_length(draw, features, first, second, spherical=False, epsilon=1e-2, seed=0):
    """Mean squared speed of features along paths between codes, each measured at one random point (their equations (2)
    and (3)): E |f(t + epsilon) - f(t)|^2 / epsilon^2. The shorter, the more evenly do images change with the code.

    Args:
        draw: function (codes [n, d]) -> images, the same for the same codes. features: function (images) -> [n, k].
        first, second: ends of the paths, [n, d].
        spherical: along a great circle, as of codes of a normal distribution; otherwise straight, as of w.
        epsilon: step, of a path's length. Much smaller ones drown in rounding. seed: of the points.
    """
    first, second = _rows(first, "ends of paths"), _rows(second, "ends of paths")
    if first.shape != second.shape:
        raise ValueError(f"Expected two ends of each path, got {list(first.shape)} and {list(second.shape)}.")
    if not 0 < epsilon < 1:
        raise ValueError(f"Expected epsilon between 0 and 1, got {epsilon!r}.")
    t = np.random.default_rng(seed).uniform(0, 1 - epsilon, (len(first), 1))
    between = slerp if spherical else lambda a, b, t: a + t * (b - a)
    here, there = (
        np.reshape(features(draw(between(first, second, at).astype("float32"))), (len(first), -1)).astype("float64")
        for at in (t, t + epsilon)
    )
    return float(np.square(there - here).sum(axis=1).mean() / epsilon**2)


def slerp(first, second, t):
    """The point at t on the great circle between the directions of two rows, of the length between theirs: [n, d]."""
    lengths = [np.linalg.norm(rows, axis=1, keepdims=True) for rows in (first, second)]
    a, b = first / lengths[0], second / lengths[1]
    angle = np.arccos(np.clip((a * b).sum(axis=1, keepdims=True), -1, 1))
    sine = np.maximum(np.sin(angle), 1e-12)
    direction = np.where(angle < 1e-6, a, (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / sine)
    return direction * ((1 - t) * lengths[0] + t * lengths[1])


def _rows(codes, what):
    codes = check_floats(codes, what)
    if codes.ndim != 2:
        raise ValueError(f"Expected {what} [n, d], got {list(codes.shape)}.")
    return codes.astype("float64")


def _check_pair(first, second, lengths=True):
    start = 0 if lengths else 1
    shapes = [{name: np.shape(values)[start:] for name, values in each.items()} for each in (first, second)]
    if shapes[0] != shapes[1] or not first:
        raise ValueError(f"Expected the same factors of both, each [n, columns], got {shapes[0]} and {shapes[1]}.")
