"""Changes of images that a generator can be trained through.

Zhao, Liu, Lin, Zhu and Han, "Differentiable Augmentation for Data-Efficient GAN Training" (NeurIPS 2020): data and
samples are changed at random before the discriminator sees them, in the steps of both networks, so that it cannot learn
few images by heart, and the generator does not learn the changes.
"""

from keras import ops

from coursekit.training.randomness import uniform

SHIFT, CUT = 1 / 8, 1 / 2  # of a side, as in the paper


def augment(images, kinds, seed):
    """Images changed at random, each in its own way.

    Args:
        images: [n, height, width, channels] in [-1, 1]. kinds: of `KINDS`. seed: a `keras.random.SeedGenerator`.
    Returns:
        A tensor of the same shape, differentiable with respect to `images`. "color" may leave [-1, 1].
    """
    n = ops.shape(images)[0]
    draw = lambda: uniform((n, 1, 1, 1), seed)
    for kind in kinds:
        images = KINDS[kind](images, draw)
    return images


def flip(images, draw):
    """Every second one mirrored, left to right."""
    return ops.where(draw() < 0.5, images, ops.flip(images, axis=2))


def color(images, draw):
    """Brightness by up to 0.5, saturation by a factor up to 2, contrast by 0.5 to 1.5."""
    images = images + draw() - 0.5
    gray = ops.mean(images, axis=3, keepdims=True)
    images = (images - gray) * 2 * draw() + gray
    level = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return (images - level) * (draw() + 0.5) + level


def translation(images, draw):
    """Moved by up to an eighth of each side; what comes in is 0, gray."""
    for axis, product in ((1, "nij,njwc->niwc"), (2, "nij,nhjc->nhic")):
        side = images.shape[axis]
        most = int(side * SHIFT)
        move = ops.floor(draw()[:, :, 0, 0] * (2 * most + 1)) - most
        source = ops.cast(ops.arange(side), move.dtype)[None] + move  # [n, side]
        shift = ops.equal(source[:, :, None], ops.cast(ops.arange(side), move.dtype)[None, None])
        images = ops.einsum(product, ops.cast(shift, images.dtype), images)
    return images


def cutout(images, draw):
    """A square of half a side made 0, its center anywhere."""
    inside = None
    for axis in (1, 2):
        side = images.shape[axis]
        shape = [1, 1, 1, 1]
        shape[axis] = side
        place = ops.reshape(ops.cast(ops.arange(side), images.dtype) + 0.5, shape)
        within = ops.abs(place - draw() * side) < side * CUT / 2
        inside = within if inside is None else ops.logical_and(inside, within)
    return ops.where(inside, ops.zeros_like(images), images)


KINDS = {"flip": flip, "color": color, "translation": translation, "cutout": cutout}


def check_kinds(kinds):
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"Expected augment to be among {', '.join(map(repr, KINDS))}, got {unknown}.")
