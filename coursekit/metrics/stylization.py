"""How far a picture has taken on a style, and how much of its content is left: the two sides of style transfer.

A picture can have both, neither, or one at the cost of the other, so a number of one side says little alone:

    judge = stylization.PatchJudge(features, {"cat": photographs, "dots": paintings, ...})
    judge.share(pictures, "dots")            # how many of their patches look like those of the paintings
    judge.ceiling({"dots": other paintings}) # how many patches of real ones do;  judge.chance: of anything
    stylization.edges_kept(pictures, photographs)

The first is the "deception rate" of Sanakoyeu et al., "A style-aware content loss for real-time HD style transfer"
(ECCV 2018), for patches instead of whole pictures.
"""

import numpy as np

from coursekit.arrays import check_images, check_positive, check_seed
from coursekit.metrics.cosine import as_rows, center_and_scale

SIDE = 32  # pixels of a patch
BLUR = 2.0  # pixels over which edges are blurred: finer ones belong to the style


def patches(pictures, each, side=SIDE, seed=0):
    """Random patches of pictures, `each` of every one: [n * each, side, side, channels].

    Args:
        pictures: [n, height, width, channels] in [0, 1], no side shorter than `side`.
    """
    pictures = _pictures(pictures)
    each, side = check_positive(each=each, side=side)
    _, height, width, _ = pictures.shape
    if min(height, width) < side:
        raise ValueError(f"Expected pictures of at least {side} pixels a side, got {height}x{width}.")
    rng, cut = np.random.default_rng(check_seed(seed)), []
    for picture in pictures:
        tops, lefts = (rng.integers(0, room - side, each, endpoint=True) for room in (height, width))
        cut += [picture[top : top + side, left : left + side] for top, left in zip(tops, lefts, strict=True)]
    return np.stack(cut)


class PatchJudge:
    """A linear classifier that says of a patch which source it is from, by features that no label was needed for.

    Args:
        features: function of patches [n, side, side, channels] that gives [n, ...], flattened here.
        sources: {name: pictures [n, height, width, channels]}, two or more; as many patches are cut of each.
        each: patches of each source that are learned from. seed: of where they are cut.
    Attributes:
        chance: the share of patches that a source gets from who knows nothing, 1 / number of sources.
    """

    def __init__(self, features, sources, each=200, side=SIDE, seed=0):
        from sklearn.linear_model import LogisticRegression

        if len(sources) < 2:
            raise ValueError(f"Expected at least two sources to tell apart, got {len(sources)}.")
        self.features, self.side, self.names = features, side, list(sources)
        self.chance = 1 / len(sources)
        cut = [patches(sources[name], -(-each // len(sources[name])), side, seed)[:each] for name in self.names]
        rows = self._rows(np.concatenate(cut))
        self.center, self.scale = center_and_scale(rows)
        labels = np.repeat(np.arange(len(cut)), [len(one) for one in cut])
        classifier = LogisticRegression(C=1 / rows.shape[1], max_iter=300, tol=1e-3)
        self.classifier = classifier.fit((rows - self.center) / self.scale, labels)

    def shares(self, pictures, each=50, seed=1):
        """{name of a source: share of the pictures' patches that are given to it}, adding up to 1.

        Args:
            pictures: [n, height, width, channels]. each: patches of every picture.
        """
        rows = self._rows(patches(pictures, each, self.side, seed))
        said = self.classifier.predict((rows - self.center) / self.scale)
        counts = np.bincount(said, minlength=len(self.names)) / len(said)
        return dict(zip(self.names, counts.tolist(), strict=True))

    def share(self, pictures, source, each=50, seed=1):
        """The share of the pictures' patches that are given to one source."""
        if source not in self.names:
            raise ValueError(f"Expected a source that the judge knows, {', '.join(self.names)}, got {source!r}.")
        return self.shares(pictures, each, seed)[source]

    def ceiling(self, pictures, each=50, seed=1):
        """What real pictures of a source get, which the judge has not seen: {name: pictures} -> {name: share}."""
        return {name: self.share(those, name, each, seed) for name, those in pictures.items()}

    def _rows(self, cut):
        return as_rows(self.features(cut), "features")


def edges(pictures, blur=BLUR):
    """Where pictures have edges, whatever their colors: the steepness of their blurred brightness, [n, height, width].

    Args:
        pictures: [n, height, width, channels] in [0, 1]. blur: standard deviation in pixels.
    """
    from scipy.ndimage import gaussian_gradient_magnitude

    gray = _pictures(pictures).astype("float64").mean(axis=-1)
    return np.stack([gaussian_gradient_magnitude(picture, blur) for picture in gray])


def edges_kept(pictures, contents, blur=BLUR):
    """The correlation of each picture's edges with those of its content [n]: 1 where all edges are where they were,
    about 0 for a picture of something else.

    Args:
        pictures, contents: [n, height, width, channels] in [0, 1], of one shape. A flat picture has no edges: 0.
    """
    pictures, contents = _pictures(pictures), _pictures(contents)
    if pictures.shape != contents.shape:
        raise ValueError(f"Expected pictures and contents of one shape, got {pictures.shape} and {contents.shape}.")
    kept = []
    for ours, theirs in zip(edges(pictures, blur), edges(contents, blur), strict=True):
        ours, theirs = ours - ours.mean(), theirs - theirs.mean()
        norm = np.sqrt((ours**2).sum() * (theirs**2).sum())
        kept.append(float((ours * theirs).sum() / norm) if norm > 1e-9 else 0.0)
    return np.array(kept)


def match_colors(contents, styles):
    """Style transfer without any network: each content's pixels, moved and turned so that the mean and the covariance
    of their colors are the style's. What leaves [0, 1] is cut off.

    Args:
        contents, styles: [n, height, width, 3] in [0, 1]; the styles may be of another size.
    Returns:
        float32 [n, height, width, 3].
    """
    contents, styles = _pictures(contents), _pictures(styles)
    if len(contents) != len(styles) or contents.shape[-1] != styles.shape[-1]:
        raise ValueError(f"Expected as many contents as styles, got shapes {contents.shape} and {styles.shape}.")
    return np.stack([_matched(*pair) for pair in zip(contents, styles, strict=True)])


def _matched(content, style):
    ours, theirs = (each.reshape(-1, each.shape[-1]).astype("float64") for each in (content, style))
    turn = _root(np.cov(ours.T)) @ np.cov(theirs.T) @ _root(np.cov(ours.T))
    turn = _root(np.cov(ours.T), -0.5) @ _root(turn) @ _root(np.cov(ours.T), -0.5)  # the smallest change of colors
    moved = (ours - ours.mean(0)) @ turn + theirs.mean(0)
    return np.clip(moved, 0, 1).reshape(content.shape).astype("float32")


def _root(matrix, power=0.5):
    values, vectors = np.linalg.eigh(np.atleast_2d(matrix))
    return (vectors * np.maximum(values, 1e-12) ** power) @ vectors.T


def _pictures(pictures):
    pictures = check_images(pictures, "pictures")
    if pictures.ndim != 4:
        raise ValueError(
            f"Expected pictures [n, height, width, channels], got {list(pictures.shape)}. One? Take x[None]."
        )
    return pictures
