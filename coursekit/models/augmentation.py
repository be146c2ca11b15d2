"""Random changes of images: flips, moves, hidden squares, colors.

`augment` is differentiable, so that a generator can be trained through it. Zhao, Liu, Lin, Zhu and Han, "Differentiable
Augmentation for Data-Efficient GAN Training" (NeurIPS 2020): data and samples are changed at random before the
discriminator sees them, in the steps of both networks, so that it cannot learn few images by heart, and the generator
does not learn the changes. `crop_and_flip` and `occluded` change the training data of RotNet and Deep InfoMax.
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
    """Each mirrored, left to right, with probability 1/2."""
    return ops.where(draw() < 0.5, images, ops.flip(images, axis=2))


def color(images, draw):
    """Brightness by up to 0.5, saturation by a factor up to 2, contrast by 0.5 to 1.5."""
    images = images + draw() - 0.5
    gray = ops.mean(images, axis=3, keepdims=True)
    images = (images - gray) * 2 * draw() + gray
    level = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return (images - level) * (draw() + 0.5) + level


def translation(images, draw):
    """Moved by up to an eighth of each side, over a ground of 0, gray."""
    for axis, product in ((1, "nij,njwc->niwc"), (2, "nij,nhjc->nhic")):
        side = images.shape[axis]
        most = int(side * SHIFT)
        move = ops.floor(draw()[:, :, 0, 0] * (2 * most + 1)) - most
        source = ops.cast(ops.arange(side), move.dtype)[None] + move  # [n, side]
        shift = ops.equal(source[:, :, None], ops.cast(ops.arange(side), move.dtype)[None, None])
        images = ops.einsum(product, ops.cast(shift, images.dtype), images)
    return images


def cutout(images, draw):
    """A square of half a side hidden by 0, gray, its center anywhere."""
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
    """Raise ValueError unless all are names of `KINDS`."""
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"Expected augment to be among {', '.join(map(repr, KINDS))}, got {unknown}.")


# -- changes of training data alone, through which no gradient has to pass --------------------------------------------


def crop_and_flip(images, seed, pad=4):
    """Each image moved by up to `pad` pixels over a black ground, and half of them mirrored, as the paper does for
    CIFAR-10. seed: a `keras.random.SeedGenerator`."""
    count, height, width = ops.shape(images)[:3]
    chance = uniform((3, count), seed)
    moves = ops.cast(ops.floor(chance[:2] * (2 * pad + 1)), "int32")
    rows, columns = ops.arange(height, dtype="int32"), ops.arange(width, dtype="int32")
    rows = moves[0][:, None] + rows
    columns = moves[1][:, None] + ops.where(chance[2][:, None] < 0.5, columns[::-1], columns)
    padded = ops.pad(images, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    chosen = rows[:, :, None] * (width + 2 * pad) + columns[:, None, :]  # one gather for both axes
    flat = ops.reshape(padded, (count, -1, ops.shape(images)[3]))
    return ops.reshape(ops.take_along_axis(flat, ops.reshape(chosen, (count, -1, 1)), axis=1), ops.shape(images))


def occluded(images, side, seed):
    """Images with a square of `side` x `side` pixels, somewhere inside each, in its mean color.

    Args:
        images: [n, height, width, channels]. side: less than both. seed: a `keras.random.SeedGenerator`.
    """
    count, height, width = ops.shape(images)[:3]
    chance = uniform((2, count, 1), seed)

    def within(length, chance):
        """[n, length]: which rows, or columns, are the square's."""
        start, pixel = ops.floor(chance * (length - side + 1)), ops.arange(length, dtype="float32")
        return ops.logical_and(pixel >= start, pixel < start + side)

    rows, columns = within(height, chance[0]), within(width, chance[1])
    hidden = ops.logical_and(rows[:, :, None, None], columns[:, None, :, None])
    return ops.where(hidden, ops.mean(images, axis=(1, 2), keepdims=True), images)
