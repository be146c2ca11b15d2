"""LeNet: the small classifier whose features measure the fidelity of samples (lecture 11).

After LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition" (Proc. IEEE 86, 1998)
with today's ReLU and dropout, and strides where it averaged. Values measured with its features are comparable only with
each other, not with Inception's and not with another LeNet's: name the weights and the layer.
"""

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_images, check_labels, check_positive, check_sizes
from coursekit.models import contracts
from coursekit.models.checks import check_data
from coursekit.training import Assembled, networks


@keras.saving.register_keras_serializable("coursekit")
class LeNet(Assembled):
    """A classifier in two parts: the features of an image, and the classes' logits from them.

    Args:
        body: model from images [n, height, width, channels] to features [n, d], its last layer named "features".
        head: model from features to one logit for each class.
    """

    parts = ("body", "head")

    def __init__(self, body, head, **kwargs):
        super().__init__(**kwargs)
        self.shape, self.classes = contracts.lenet(self, body, head)
        self.body, self.head = body, head
        self.built = body.built and head.built

    def call(self, x, training=False):
        """The logits [n, classes]."""
        return networks.answer(self.head, self.body(x, training=training), training)

    def train_on(self, batch):
        x, y = batch[0], one_each(batch[1])
        loss, logits = self.minimize(lambda: self.loss_and_logits(x, y, training=True))
        return {"loss": loss, "accuracy": share_right(logits, y)}

    def validate_on(self, batch):
        x, y = batch[0], one_each(batch[1])
        loss, logits = self.loss_and_logits(x, y)
        return {"loss": loss, "accuracy": share_right(logits, y)}

    def loss_and_logits(self, x, y, training=False):
        """The cross-entropy of the labels y [n] in nats, a mean over images, and the logits."""
        logits = self(x, training=training)
        each = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
        return ops.mean(each) + networks.penalties(self.body, self.head), logits

    def checked(self, x, y=None):
        """x: images in [0, 1], of the body's shape, also as rows or without the channel. y: their labels [n], 0 to
        classes - 1, also in a column or as one-hot rows."""
        if y is None:
            raise ValueError("Expected a label for each of the images, got none: fit(images, labels).")
        x = self._as_images(x)
        return x, check_labels(y, len(x), self.classes)

    # -- predictions ---------------------------------------------------------------------------------------------------

    def features(self, images, batch_size=500):
        """The activations of the layer "features" for each image.

        Args:
            images: in [0, 1], [n, height, width, channels], or as rows or without the channel.
        Returns:
            NumPy float32 [n, d].
        Raises:
            ValueError: images of another size, or values outside [0, 1].
        """
        return self._predict(self.body, images, batch_size)

    def probabilities(self, images, batch_size=500):
        """p(class | image): NumPy float32 [n, classes]. Arguments and errors as for `features`."""
        logits = self._predict(self, images, batch_size).astype("float64")
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype("float32")

    def accuracy(self, images, labels):
        """The share of images [n, ...] that are classified as their labels [n] say."""
        guesses = self.probabilities(images).argmax(axis=1)
        return float((guesses == check_labels(labels, len(guesses))).mean())

    def _predict(self, network, images, batch_size):
        batch_size = check_positive(batch_size=batch_size)
        return network.predict(self._as_images(images), batch_size=batch_size, verbose=0).astype("float32", copy=False)

    def _as_images(self, images):
        images, shape = check_images(images).astype("float32", copy=False), self.shape
        rows = (shape[0] * shape[1] * shape[2],)
        if images.shape[1:] not in {shape, rows, *([shape[:2]] if shape[2] == 1 else [])}:
            check_data(images.shape, shape, f"rows [n, {rows[0]}] or images")
        return images.reshape(-1, *shape)


def one_each(y):
    """A minibatch's labels, [n], of a stream that has them in a column [n, 1] or as one-hot rows [n, classes]."""
    if len(y.shape) == 2:
        return y[:, 0] if y.shape[1] == 1 else ops.argmax(y, axis=-1)
    return y


def share_right(logits, y):
    """The share of the labels y [n] that have the largest of their logits [n, classes]."""
    return ops.mean(ops.cast(ops.equal(ops.argmax(logits, axis=-1), ops.cast(y, "int32")), "float32"))


def lenet(shape=(28, 28, 1), channels=(24, 24), features=96, classes=10, dropout=0.3):
    """Two 5x5 convolutions that halve height and width, a dense layer of ReLUs (the features), dropout, the classes.

    Args:
        shape: (height, width, channels) of the images; height and width multiples of 4.
        channels: of the two convolutions. features: width of the dense layer.
        dropout: share of the features that each training image goes without.
    """
    shape, channels = check_sizes(shape=shape, channels=channels)
    features, classes = check_positive(features=features, classes=classes)
    if len(shape) != 3 or shape[0] % 4 or shape[1] % 4:
        raise ValueError(f"Expected a shape (height, width, channels), the sides multiples of 4, got {shape}.")
    stages = [layers.Conv2D(width, 5, strides=2, padding="same", activation="relu") for width in channels]
    dense = layers.Dense(features, activation="relu", name="features")
    body = keras.Sequential([keras.Input(shape), *stages, layers.Flatten(), dense], name="body")
    head = keras.Sequential([keras.Input((features,)), layers.Dropout(dropout), layers.Dense(classes)], name="head")
    return LeNet(body, head)
