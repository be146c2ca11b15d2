"""AdaIN: style transfer in one forward pass (lecture 15).

Huang and Belongie, "Arbitrary Style Transfer in Real-Time with Adaptive Instance Normalization" (ICCV 2017). The style
is two numbers for each channel of a network's features, a mean and a deviation. They are given to the content's
features, and a decoder, trained once for all styles, makes a picture of those:

    features = style.features_of(coursekit.pretrained("rotnet-cifar10").network)
    painter = adain.AdaIN(features, coursekit.pretrained("adain-photos"))
    picture = painter.stylize("me.jpg", "painting.jpg", strength=0.8)
"""

import keras
import numpy as np
from keras import layers, ops

from coursekit.arrays import check_floats, check_images, check_positive, check_sizes
from coursekit.data import picture as as_picture
from coursekit.models import contracts
from coursekit.models.checks import check_alone, check_data, check_not_negative
from coursekit.models.style import SMALLEST
from coursekit.training import Assembled


def moments(maps):
    """Mean and standard deviation of each channel over the positions: two of [n, 1, 1, channels]."""
    mean, variance = ops.moments(maps, axes=(1, 2), keepdims=True)
    return mean, ops.sqrt(variance + 1e-5)


def adain(content, style):
    """The content's maps [n, h, w, c], moved and stretched channel by channel to the mean and deviation of the style's,
    which may be of another size."""
    content_mean, content_deviation = moments(content)
    style_mean, style_deviation = moments(style)
    return style_deviation * (content - content_mean) / content_deviation + style_mean


@keras.saving.register_keras_serializable("coursekit")
class AdaIN(Assembled):
    """An encoder that does not learn, `adain` in the middle, and a decoder that learns to make pictures of maps.

    Args:
        features: model from pictures of any size to a list of maps, as `style.features_of` makes it.
        decoder: model from maps of the layer `level` to pictures in [0, 1], such as `decoder()`.
        level: which of the maps `adain` is applied to.
        style_weight: of the style loss beside the content loss.

    `fit` takes pictures [n, side, side, 3] alone: of each minibatch, every picture is the style of its neighbor. Train
    with `compile(decoder=optimizer)`.
    """

    parts = ("features", "decoder")
    settings = ("level", "style_weight")

    def __init__(self, features, decoder, level=1, style_weight=1.0, **kwargs):
        super().__init__(**kwargs)
        check_not_negative(style_weight=style_weight)
        contracts.adain(features, decoder, level)
        self.features, self.decoder = features, decoder
        self.level, self.style_weight = level, style_weight
        self.built = True

    def call(self, x, training=False):
        """Pictures in their own style: what the decoder makes of their own maps."""
        return self.decoder(self.maps(x)[self.level], training=training)

    def maps(self, x):
        """The features' maps, a list."""
        return self.features(x, training=False)

    def losses(self, x):
        """(content, style) of pictures, each in the style of the one before it: how far the maps of what was drawn are
        from those that it was drawn from, and how far their moments are from the style's, in each layer. Both as shares
        of the style's variance."""
        content = self.maps(x)
        style = [ops.roll(maps, 1, axis=0) for maps in content]
        target = adain(content[self.level], style[self.level])
        found = self.maps(self.decoder(target, training=self.in_step))
        content_loss = ops.mean(ops.square(found[self.level] - target)) / _variance(target)
        return content_loss, style_loss(found, style)

    def objective(self, x):
        content, style = self.losses(x)
        return content + self.style_weight * style, (content, style)

    def train_on(self, x):
        loss, (content, style) = self.minimize(lambda: self.objective(x), self.decoder)
        return {"loss": loss, "content": content, "style": style}

    def validate_on(self, x):
        loss, (content, style) = self.objective(x)
        return {"loss": loss, "content": content, "style": style}

    def checked(self, x, y=None):
        """x: two or more square pictures in [0, 1], [n, side, side, 3], a side divisible as the decoder needs it."""
        check_alone(y, "AdaIN")
        x = check_images(x)
        check_data(x.shape, tuple(self.features.inputs[0].shape[1:]), "pictures")
        if len(x) < 2:
            raise ValueError("Expected two pictures or more, as each is the style of another, got one.")
        step = 2 ** (self.level + 1)
        if x.shape[1] % step or x.shape[2] % step:
            raise ValueError(
                f"Expected sides that are multiples of {step}, as the decoder doubles them {self.level + 1} times, got "
                f"{list(x.shape[1:3])}. Crop them."
            )
        return x, y

    # -- to be used ---------------------------------------------------------------------------------------------------

    def stylize(self, content, *styles, strength=1.0, weights=None, size=128):
        """The content of one picture in the style of another, or of a mixture of several.

        Args:
            content, styles: what `coursekit.data.picture` takes: paths of files, names of photographs, arrays.
            strength: 0 leaves the content as the decoder draws it, 1 gives it the style; in between, and beyond.
            weights: shares of the styles, which add up to 1; equal ones if None.
            size: pixels a side.
        Returns:
            float32 [size, size, 3] in [0, 1].
        Raises:
            ValueError: no style, other weights than styles, or what is no picture.
        """
        if not styles:
            raise ValueError("Expected a style: stylize(content, style), got none.")
        weights = np.full(len(styles), 1 / len(styles)) if weights is None else check_floats(weights, "weights")
        if weights.shape != (len(styles),) or not np.isclose(weights.sum(), 1):
            raise ValueError(f"Expected {len(styles)} weights that add up to 1, got {weights.tolist()}.")
        strength = float(check_floats(strength, "the strength"))
        size = check_positive(size=size)
        side = -(-size // 2 ** (self.level + 1)) * 2 ** (self.level + 1)  # as the decoder doubles it
        maps = self.maps(np.stack([as_picture(each, max(side, SMALLEST)) for each in (content, *styles)]))[self.level]
        plain = maps[:1]
        styled = sum(float(share) * adain(plain, maps[i : i + 1]) for i, share in enumerate(weights, start=1))
        picture = self.decoder(plain + strength * (styled - plain), training=False)
        return np.array(ops.convert_to_numpy(picture)[0, :size, :size])


def style_loss(found, wanted):
    """How far the moments of two pictures' maps are apart, the mean over the layers: 0 where they agree. found, wanted:
    lists of maps. The unit is the variance of the wanted maps."""
    apart = []
    for ours, theirs in zip(found, wanted, strict=True):
        pairs = zip(moments(ours), moments(theirs), strict=True)
        apart.append(sum(ops.mean(ops.square(one - other)) for one, other in pairs) / _variance(theirs))
    return sum(apart) / len(apart)


def _variance(maps):
    return ops.mean(ops.square(moments(maps)[1]))


def decoder(channels=128, widths=(64, 32), last=16):
    """The encoder's mirror: nearest-neighbor enlargement and 3x3 convolutions, without normalization, which would undo
    the moments that `adain` has set.

    Args:
        channels: of the maps. widths: channels before each doubling of the sides. last: channels at full size.
    """
    channels, last = check_positive(channels=channels, last=last)
    widths = check_sizes(widths=widths)
    conv = lambda width, activation="relu": layers.Conv2D(width, 3, padding="same", activation=activation)
    stack = [keras.Input((None, None, channels))]
    for width in widths:
        stack += [conv(width), layers.UpSampling2D(2, interpolation="nearest")]
    return keras.Sequential([*stack, conv(last), conv(3, "sigmoid")], name="decoder")
