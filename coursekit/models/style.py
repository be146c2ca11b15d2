"""Style transfer: the content of one picture in the style of another (lecture 15).

Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks" (CVPR 2016): the style of a picture
is the Gram matrices of a network's features, and a picture with given ones is found by gradient descent on its pixels.
Their network had learned a million labels; any other serves too, such as `rotnet`, which has seen none:

    features = style.features_of(coursekit.pretrained("rotnet-cifar10").network)
    picture = style.transfer(features, "me.jpg", "painting.jpg")

The other way, one forward pass for each picture, is in `adain.py`.
"""

import zlib

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_images, check_positive, check_seed
from coursekit.data import picture as as_picture
from coursekit.models.checks import check_alone, check_not_negative
from coursekit.training import Model, networks, progress

LAYERS = ("conv1", "conv2", "conv3")
SMALLEST = 16  # pixels a side of a picture


def features_of(network, names=LAYERS):
    """The first layers of a network, for pictures of any size.

    Args:
        network: Functional model from images [n, height, width, channels] in [0, 1], a chain up to the last of the
            named layers, such as `encoders.strided` makes; its weights are shared, not copied.
        names: layers whose maps are wanted, in the order of the network.
    Returns:
        Model from pictures [n, height, width, channels] to a list of maps [n, h, w, c], one for each name.
    Raises:
        ValueError: no such layer, or a network that is no chain up to there.
    """
    chain = networks.chain_of(network, "network")
    known = [layer.name for layer in chain]
    names = [names] if isinstance(names, str) else list(names)
    if missing := [name for name in names if name not in known] or (not names and ["none"]):
        raise ValueError(f"Expected names of the network's layers, such as conv1, got {', '.join(missing)}.")
    x = pictures = keras.Input((None, None, networks.sizes_of(network)[0][-1]))
    maps = {}
    for layer in chain[: max(map(known.index, names)) + 1]:
        x = maps[layer.name] = layer(x)
    return keras.Model(pictures, [maps[name] for name in names], name="features")


def gram(maps):
    """The Gram matrix of each picture's maps: mean over the positions of F_i * F_j, for all pairs of channels.

    Args:
        maps: [n, height, width, channels].
    Returns:
        [n, channels, channels]. Where on the picture something was is no longer in it.
    """
    _, height, width, _ = ops.shape(maps)
    return ops.einsum("nhwi,nhwj->nij", maps, maps) / ops.cast(height * width, maps.dtype)


def mismatch(found, wanted):
    """|found - wanted|^2 / |wanted|^2: 0 where they agree, about 1 where they have nothing in common."""
    return ops.sum(ops.square(found - wanted)) / (ops.sum(ops.square(wanted)) + 1e-12)


def roughness(pictures):
    """The mean square of the differences of neighboring pixels ("total variation")."""
    down, right = pictures[:, 1:] - pictures[:, :-1], pictures[:, :, 1:] - pictures[:, :, :-1]
    return ops.mean(ops.square(down)) + ops.mean(ops.square(right))


class Canvas(layers.Layer):
    """A picture whose pixels are weights, kept in [0, 1].

    Args:
        picture: what it shows at first, [1, height, width, channels].
    """

    def __init__(self, picture, **kwargs):
        super().__init__(**kwargs)
        start = lambda shape, dtype=None: ops.convert_to_tensor(picture, dtype)
        self.pixels = self.add_weight(shape=picture.shape, initializer=start, constraint=_in_range, name="pixels")
        self.built = True


def _in_range(pixels):
    return ops.clip(pixels, 0.0, 1.0)


class StyleTransfer(Model):
    """A picture that is changed until a network's features have the content of one picture and the style of another.

    Both losses are shares of what is wanted (`mismatch`), so that one set of weights serves any network: Gatys's
    are the same up to a factor for each layer.

    Args:
        features: model from pictures to a list of maps, as `features_of` makes it. It does not learn.
        content, style: pictures [height, width, 3] in [0, 1], each at least 16 pixels a side.
        content_layer: which of the maps has the content; the style is in all of them.
        content_weight, style_weight, smoothness: weights of the content, of each layer's style, and of `roughness`.
        start: picture to begin with, of the content's shape; the content itself if None.
        reach: the picture is moved by 0 to `reach` - 1 pixels before each look, so that the grid of the network's
            strides falls elsewhere each time.

    `fit` takes the moves, whole numbers [steps, 2]; `paint` draws them and calls it.
    """

    def __init__(
        self,
        features,
        content,
        style,
        *,
        content_layer=2,
        content_weight=1.0,
        style_weight=10.0,
        smoothness=2.0,
        start=None,
        reach=8,
        **kwargs,
    ):
        super().__init__(**kwargs)
        networks.check_network(features, "features")
        check_not_negative(content_weight=content_weight, style_weight=style_weight, smoothness=smoothness)
        self.features, self.content_layer = features, content_layer
        self.content_weight, self.style_weight, self.smoothness = content_weight, style_weight, smoothness
        self.reach = check_positive(reach=reach)
        if content_layer not in range(len(features.outputs)):
            raise ValueError(
                f"Expected content_layer from 0 to {len(features.outputs) - 1}, one of the features' maps, got "
                f"{content_layer!r}."
            )
        self.content, self.style = checked(content, "content"), checked(style, "style")
        channels = features.inputs[0].shape[-1]
        for each in (self.content, self.style):
            if each.shape[-1] != channels:
                raise ValueError(
                    f"Expected pictures with {channels} channels, as the features take them, got "
                    f"{list(each.shape[1:])}. coursekit.data.picture(it) makes color of grey."
                )
        if self.reach > min(self.content.shape[1:3]):
            raise ValueError(
                f"Expected a reach below {min(self.content.shape[1:3]) + 1}, the content's side, got {reach}."
            )
        self.canvas = Canvas(self.content if start is None else checked(start, "start", self.content.shape))
        self.wanted = [gram(maps) for maps in features(self.style, training=False)]
        self.padded = ops.convert_to_tensor(self._framed(self.content))
        self.built = True

    def _framed(self, picture):
        """A picture with a mirrored frame on the right and below, into which it is moved."""
        return ops.pad(picture, ((0, 0), (0, self.reach - 1), (0, self.reach - 1), (0, 0)), "reflect")

    def _look(self, framed, move):
        """What is seen of a framed picture after a move (down, right)."""
        return ops.slice(framed, (0, move[0], move[1], 0), self.content.shape)

    def losses(self, move):
        """(content, style) losses of the picture, both moved alike."""
        move = ops.cast(move, "int32")
        seen = self.features(self._look(self._framed(self.canvas.pixels), move), training=False)
        wanted = self.features(self._look(self.padded, move), training=False)
        content = mismatch(seen[self.content_layer], wanted[self.content_layer])
        return content, sum(mismatch(gram(maps), each) for maps, each in zip(seen, self.wanted, strict=True)) / len(
            seen
        )

    def objective(self, move):
        content, style = self.losses(move)
        smooth = self.smoothness * roughness(self.canvas.pixels)
        return self.content_weight * content + self.style_weight * style + smooth, (content, style)

    def train_on(self, moves):
        loss, (content, style) = self.minimize(lambda: self.objective(moves[0]), self.canvas)
        return {"loss": loss, "content": content, "style": style}

    def checked(self, x, y=None):
        """x: moves in pixels (down, right), whole numbers [steps, 2] from 0 to `reach` - 1."""
        check_alone(y, "a StyleTransfer")
        x = np.asarray(x)
        if x.ndim != 2 or x.shape[1] != 2 or x.dtype.kind not in "iu" or x.min() < 0 or x.max() >= self.reach:
            raise ValueError(
                f"Expected moves [steps, 2] in whole pixels from 0 to {self.reach - 1}, got {x.dtype} "
                f"{list(x.shape)}; paint(steps) draws them."
            )
        return x.astype("int32"), y

    def paint(self, steps=300, rate=0.03, seed=0, **options):
        """Change the picture in `steps` steps of Adam.

        Args:
            steps: at least 1. rate: Adam's, in shares of the range of a pixel.
            seed: of the moves, which depend on the two pictures too: a checkpoint of other pictures is noticed.
            options: of `fit`, such as `checkpoint`, with which an interrupted painting is gone on with.
        Returns:
            The picture, float32 [height, width, 3] in [0, 1].
        """
        steps, (batch, epochs) = check_positive(steps=steps), (1, options.pop("epochs", 1))
        pair = [zlib.crc32(np.ascontiguousarray(each)) for each in (self.content, self.style)]
        moves = np.random.default_rng([check_seed(seed), *pair]).integers(0, self.reach, (steps, 2))
        if not self.compiled:
            self.compile(canvas=keras.optimizers.Adam(rate, beta_2=0.99))
        bar = progress("painting")
        options = {"verbose": 0, "callbacks": bar, "steps_per_stretch": 25, "shuffle": False} | options
        self.fit(moves, batch_size=batch, epochs=epochs, **options)
        return self.picture()

    def picture(self):
        """The picture as it is now: float32 [height, width, 3] in [0, 1]."""
        return np.array(ops.convert_to_numpy(self.canvas.pixels)[0])


def checked(picture, name, shape=None):
    """A picture as a batch of one, float32 [1, height, width, channels] in [0, 1].

    Raises:
        ValueError: not one picture in [0, 1], under 16 pixels a side, or not of this shape, if one is given.
    """
    picture = check_images(picture, f"the {name}'s pixels").astype("float32")
    picture = picture if picture.ndim == 4 else picture[None]
    if picture.ndim != 4 or len(picture) != 1 or picture.shape[-1] not in (1, 3):
        raise ValueError(f"Expected one {name} picture [height, width, 3], got {list(picture.shape[1:])}.")
    if min(picture.shape[1:3]) < SMALLEST:
        raise ValueError(
            f"Expected a {name} picture of at least {SMALLEST} pixels a side, got {list(picture.shape[1:])}. "
            "Enlarge it: coursekit.data.picture(it, size=128)."
        )
    if shape is not None and picture.shape != shape:
        raise ValueError(f"Expected a {name} of the content's shape {list(shape[1:])}, got {list(picture.shape[1:])}.")
    return picture


def transfer(features, content, style, size=128, steps=300, **options):
    """The content of one picture in the style of another, in one line.

    Args:
        features: as `features_of` makes it.
        content, style: what `coursekit.data.picture` takes: paths of files, names of the course's photographs, arrays.
        size: pixels a side of the result. steps: of `StyleTransfer.paint`.
        options: of `StyleTransfer`.
    Returns:
        float32 [size, size, 3] in [0, 1].
    """
    return StyleTransfer(features, as_picture(content, size), as_picture(style, size), **options).paint(steps)
