"""RotNet: features learned by recognizing how an image was rotated (lecture 03).

Gidaris, Singh and Komodakis, "Unsupervised Representation Learning by Predicting Image Rotations" (ICLR 2018).
The network's sizes are those of the authors' code.
"""

import operator

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_images, check_positive, check_seed, check_sizes
from coursekit.models import augmentation, contracts, encoders
from coursekit.models.checks import check_alone, check_data, check_square
from coursekit.training import Assembled, networks

TURNS = (0, 1, 2, 3)


def rotate(images, turns=TURNS):
    """Each image turned counterclockwise by quarter turns, by transposing and flipping alone: no pixel is interpolated.

    Args:
        images: [n, side, side, channels].
        turns: how many quarter turns, each a whole number from 0 to 3; (0, 2) and (1, 3) are the paper's pairs.
    Returns:
        [len(turns) * n, side, side, channels]: all images by the first turn, then all by the second, ...
    Raises:
        ValueError: images that are not square, or other turns.
    """
    if len(images.shape) != 4:
        raise ValueError(f"Expected images [n, side, side, channels], got {list(images.shape)}.")
    check_square(images.shape[1:])
    return ops.concatenate([_turned(images, turn) for turn in _checked(turns)])


def _turned(images, turn):
    if turn == 0:
        return images
    if turn == 2:
        return ops.flip(ops.flip(images, axis=1), axis=2)  # Keras 3.13 flips one axis at a time
    return ops.flip(ops.transpose(images, (0, 2, 1, 3)), axis=1 if turn == 1 else 2)


def rotation_labels(count, turns=TURNS):
    """Which of the turns was made, for each image of `rotate` of `count` images: 0 to len(turns) - 1, int32."""
    return ops.repeat(ops.arange(len(turns), dtype="int32"), count)


@keras.saving.register_keras_serializable("coursekit")
class RotNet(Assembled):
    """A network that is shown each image in all its rotations, in one minibatch, and learns to tell them apart.

    Args:
        network: functional model from square images [n, side, side, channels] in [0, 1] to one logit for each turn.
        turns: the quarter turns to tell apart; (0, 2) and (1, 3) are two rotations, (0, 1, 2, 3) four.
        augment: whether training moves and mirrors the images (`augmentation.crop_and_flip`).
        seed: of that.
    """

    parts = ("network",)
    settings = ("turns", "augment", "seed")

    def __init__(self, network, turns=TURNS, augment=False, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.turns = _checked(turns)
        self.shape = contracts.rotnet(self, network, self.turns)
        self.network, self.augment, self.seed = network, augment, check_seed(seed)
        self.noise = keras.random.SeedGenerator(self.seed)
        self.built = network.built

    def call(self, x, training=False):
        """One logit for each turn: [n, turns]."""
        return networks.answer(self.network, x, training)

    def loss_on(self, x, training=False):
        """The mean cross-entropy of the turns in nats, and the share of them that is recognized."""
        turned, labels = rotate(x, self.turns), rotation_labels(ops.shape(x)[0], self.turns)
        logits = self(turned, training=training)
        loss = ops.mean(keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True))
        loss = loss + networks.penalties(self.network)
        right = ops.equal(ops.argmax(logits, axis=-1), ops.cast(labels, "int32"))
        return loss, ops.mean(ops.cast(right, "float32"))

    def train_on(self, x):
        if self.augment:
            x = augmentation.crop_and_flip(x, self.noise)
        loss, accuracy = self.minimize(lambda: self.loss_on(x, training=True))
        return {"loss": loss, "accuracy": accuracy}

    def validate_on(self, x):
        loss, accuracy = self.loss_on(x)
        return {"loss": loss, "accuracy": accuracy}

    def checked(self, x, y=None):
        """x: square images in [0, 1], of the network's shape; anything else is a ValueError."""
        check_alone(y, "a RotNet")
        return self._images(x), y

    def _images(self, x):
        x = check_images(x)
        check_data(x.shape, self.shape, "images of the network's shape")
        return x

    # -- what it has learned -------------------------------------------------------------------------------------------

    def confusion(self, images, batch_size=250):
        """How often each turn (row) is taken for each (column), as shares of a row: NumPy, [turns, turns]."""
        images, batch_size = self._images(images), check_positive(batch_size=batch_size)
        counts = np.zeros((len(self.turns), len(self.turns)))
        for start in range(0, len(images), batch_size):
            some = np.asarray(images[start : start + batch_size], "float32")
            guesses = ops.convert_to_numpy(ops.argmax(self(rotate(some, self.turns)), axis=-1))
            np.add.at(counts, (np.repeat(np.arange(len(self.turns)), len(some)), guesses), 1)
        return counts / len(images)

    def rotation_accuracy(self, images):
        """The share of turns that are recognized; 1 / len(turns) by chance."""
        return float(np.trace(self.confusion(images)) / len(self.turns))

    def features(self, images, layer, batch_size=500):
        """The activations of a layer on upright images, such as "block2" of `nin`: NumPy, [n, ...]."""
        return encoders.activations(self.network, images, layer, batch_size)


def small(shape=(28, 28, 1), channels=(32, 64, 128), width=256, gray=False, standardized=False, turns=TURNS, **options):
    """For the quick profile: 4x4 convolutions with stride 2, "conv1" to "conv3", a dense layer "fc".

    Args:
        shape: (side, side, channels) of the images. channels: of the convolutions. width: of "fc".
        gray: whether the color is left out. standardized: whether each image's brightness and contrast are, too.
        turns, options: of `RotNet`.
    """
    turns = _checked(turns)
    network = encoders.strided(shape, channels, width, len(turns), "turn", gray, standardized)
    return RotNet(network, turns, **options)


def nin(shape=(32, 32, 3), blocks=4, widths=(192, 160, 96), turns=TURNS, augment=True, **options):
    """The paper's Network in Network for CIFAR-10: three convolutions a block, "block1" to "block4".

    Args:
        blocks: 3 to 5. The features of "block2" are the best ones.
        widths: of the first block's three convolutions; all those after it have the first one's.
        turns, augment, options: of `RotNet`.
    """
    turns = _checked(turns)
    shape, widths = check_sizes(shape=shape, widths=widths)
    blocks = check_positive(blocks=blocks)
    check_square(shape)
    images = keras.Input(shape)
    x = layers.Rescaling(1 / 0.25, -1.9)(images)  # CIFAR-10's mean is 0.47, its standard deviation 0.25
    for block in range(1, blocks + 1):
        sizes = widths if block == 1 else (widths[0],) * 3
        name = f"block{block}"
        x = encoders.unit(x, sizes[0], 5 if block <= 2 else 3)
        x = encoders.unit(x, sizes[1], 1)
        x = encoders.unit(x, sizes[2], 1, name=None if block <= 2 else name)
        if block == 1:
            x = layers.MaxPooling2D(3, 2, padding="same", name=name)(x)
        elif block == 2:
            x = layers.AveragePooling2D(3, 2, padding="same", name=name)(x)
    logits = layers.Dense(len(turns), name="turn")(layers.GlobalAveragePooling2D(name="pooled")(x))
    return RotNet(keras.Model(images, logits, name="nin"), turns, augment, **options)


def _checked(turns):
    try:
        turns = tuple(map(operator.index, turns))
    except TypeError:
        turns = (turns,)
    if len(turns) < 2 or len(set(turns)) < len(turns) or not set(turns) <= set(TURNS):
        raise ValueError(f"Expected two to four different quarter turns from 0 to 3, such as (0, 2), got {turns}.")
    return turns
