"""Models that the drawings are tested on: the course's, and what students write."""

import keras
from keras import layers

from coursekit.models import autoencoder, dcgan, gan, infomax, lenet, rotnet, vae


def residual(blocks=1, inputs=(32, 32, 3)):
    """Three stages of residual blocks, the first of the later two with a projection."""
    image = x = keras.Input(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same")(x)))
    for maps, strides in ((16, 1), (32, 2), (64, 2)):
        for block in range(blocks):
            step = strides if block == 0 else 1
            y = layers.Conv2D(maps, 3, strides=step, padding="same", activation="relu")(x)
            y = layers.BatchNormalization()(layers.Conv2D(maps, 3, padding="same")(y))
            x = layers.Conv2D(maps, 1, strides=step)(x) if step > 1 else x
            x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(10, activation="softmax")(x), name="residual")


def u_net():
    image = x = keras.Input((64, 64, 1))
    kept = []
    for maps in (16, 32):
        x = layers.Conv2D(maps, 3, padding="same", activation="relu")(x)
        kept.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    for maps, shortcut in zip((32, 16), reversed(kept), strict=True):
        x = layers.Concatenate()([layers.Conv2DTranspose(maps, 2, strides=2)(x), shortcut])
        x = layers.Conv2D(maps, 3, padding="same", activation="relu")(x)
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid")(x), name="u_net")


def two_inputs():
    picture, numbers = keras.Input((28, 28, 1), name="picture"), keras.Input((5,), name="measurements")
    x = layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(picture))
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    x = layers.Concatenate()([x, layers.Dense(16, activation="relu")(numbers)])
    x = layers.Dropout(0.5)(layers.Dense(32, activation="relu")(x))
    answers = [layers.Dense(3, activation="softmax", name="kind")(x), layers.Dense(1, name="age")(x)]
    return keras.Model([picture, numbers], answers, name="two_inputs")


def inception():
    maps = keras.Input((32, 32, 16))
    conv = lambda filters, kernel, x: layers.Conv2D(filters, kernel, padding="same", activation="relu")(x)
    branches = [conv(16, 1, maps), conv(16, 3, conv(8, 1, maps)), conv(8, 5, conv(4, 1, maps))]
    branches.append(conv(8, 1, layers.MaxPooling2D(3, 1, padding="same")(maps)))
    x = layers.GlobalAveragePooling2D()(layers.Concatenate()(branches))
    return keras.Model(maps, layers.Dense(10)(x), name="inception")


def sentiment():
    stack = [layers.Embedding(5000, 64), layers.Bidirectional(layers.LSTM(64, return_sequences=True))]
    stack += [layers.GRU(32), layers.Dense(1, activation="sigmoid")]
    return keras.Sequential([keras.Input((None,)), *stack], name="sentiment")


def siamese():
    stack = [layers.Conv2D(16, 3, activation="relu"), layers.GlobalAveragePooling2D(), layers.Dense(8)]
    tower = keras.Sequential([keras.Input((28, 28, 1)), *stack], name="tower")
    left, right = keras.Input((28, 28, 1), name="left"), keras.Input((28, 28, 1), name="right")
    distance = keras.ops.abs(tower(left) - tower(right))
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(distance), name="siamese")


def transfer():
    base = keras.applications.MobileNet(weights=None, alpha=0.25, include_top=False, input_shape=(96, 96, 3))
    base.trainable = False
    stack = [layers.Rescaling(1 / 127.5, -1), base, layers.GlobalAveragePooling2D(), layers.Dense(5)]
    return keras.Sequential([keras.Input((96, 96, 3)), *stack], name="flowers")


class Written(keras.Model):
    """As students write it who come from elsewhere: layers as attributes, and a call."""

    def __init__(self, **options):
        super().__init__(**options)
        self.conv, self.flatten, self.classes = layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)

    def call(self, x):
        return self.classes(self.flatten(keras.ops.relu(self.conv(x))))


MODELS = {
    "autoencoder": autoencoder.deep,
    "convolutional autoencoder": autoencoder.convolutional,
    "vae": vae.dense,
    "convolutional vae": vae.convolutional,
    "gan": gan.dense,
    "dcgan": dcgan.fast,
    "rotnet": rotnet.small,
    "infomax": infomax.strided,
    "lenet": lenet.lenet,
    "residual": residual,
    "deep residual": lambda: residual(blocks=18),  # 110 layers with weights
    "u-net": u_net,
    "two inputs": two_inputs,
    "inception": inception,
    "sentiment": sentiment,
    "siamese": siamese,
    "transfer": transfer,
}
