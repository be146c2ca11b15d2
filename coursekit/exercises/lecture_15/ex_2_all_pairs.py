"""A cloud of features with the mean and the whole covariance of another: whitening and coloring."""

import numpy as np

from coursekit.exercises.hints import called, compare, hint_if


def cases():
    """Pairs (content [n, c], style [m, c]) of clouds with covariances of full rank."""
    rng = np.random.default_rng(2)
    for channels, n, m in ((2, 200, 150), (4, 100, 300)):
        ours, theirs = rng.normal(size=(2, channels, channels)) + np.eye(channels)
        yield rng.normal(size=(n, channels)) @ ours + 1, rng.normal(size=(m, channels)) @ theirs - 2


def covariance(x):
    return np.atleast_2d(np.cov(x.T, bias=True))


def check(answer):
    """recolor(content [n, c], style [m, c]) -> [n, c] with the style's mean and covariance, an affine map of the
    content."""
    for content, style in cases():
        found = called(answer, "recolor", content, style)
        hint_if(
            found.shape != content.shape,
            f"each point of the content moves: `recolor` should give {list(content.shape)}, got {list(found.shape)}.",
        )
        for text, mistake in recolor_mistakes(content, style).items():
            hint_if(np.allclose(found, mistake, rtol=1e-3, atol=1e-6), text)
        compare(found.mean(0), style.mean(0), {}, "the mean is not the style's yet. Add it last.")
        off = covariance(found) - covariance(style)
        hint_if(
            np.abs(np.diag(off)).max() < 0.05 < np.abs(off).max(),
            "the deviations are right, the covariances of different channels are not.",
        )
        hint_if(
            not np.allclose(off, 0, atol=2e-2),
            "the covariance is not the style's. After the first of the two steps it should be the identity: is it?",
        )
        rows = np.c_[content, np.ones(len(content))]
        left = found - rows @ np.linalg.lstsq(rows, found, rcond=None)[0]
        hint_if(
            np.abs(left).max() > 1e-3,
            "mean and covariance are right, but the points are not moved by one matrix and one shift for all: so the "
            "content's pattern is lost.",
        )


def root(matrix, power=0.5):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * values**power) @ vectors.T


def recolor_mistakes(content, style):
    """Typical mistakes: {hint: points [n, c]}."""
    centered, mean = content - content.mean(0), style.mean(0)
    ours, theirs = covariance(content), covariance(style)
    return {
        "that is AdaIN: mean and deviation of each channel alone. Now their pairs.": (
            centered / content.std(0) * style.std(0) + mean
        ),
        "white, but not yet colored: the second step is missing.": centered @ root(ours, -0.5) + mean,
        "you multiply by covariances. A covariance is made of squares: take their roots.": (
            centered @ np.linalg.inv(ours) @ theirs + mean
        ),
        "the two steps are in the wrong order: first make the content white.": (
            centered @ root(theirs) @ root(ours, -0.5) + mean
        ),
        "the content's own mean is still in it. Take it off first.": content @ root(ours, -0.5) @ root(theirs) + mean,
    }
