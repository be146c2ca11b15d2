"""Style-based generators (lecture 16): the code says how each layer draws, instead of being the first layer's input.

Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial Networks" (CVPR 2019), with
`adain=True`; Karras et al., "Analyzing and Improving the Image Quality of StyleGAN" (CVPR 2020), without. The networks
are in `stylegan_networks.py`, their layers in `stylegan_layers.py`.
"""

import keras
import numpy as np
from keras import ops

from coursekit.arrays import check_floats, check_positive, check_seed, check_whole
from coursekit.models import contracts, gan_losses, stylegan_networks
from coursekit.models.checks import check_data
from coursekit.models.dcgan import DCGAN
from coursekit.training import networks
from coursekit.training.randomness import normal, uniform

PAPER_RATE = {"learning_rate": 2.5e-3, "beta_1": 0.0, "beta_2": 0.99}  # of Adam, for both networks
FOR_THE_MEAN = 10_000  # codes whose mean is the mean style
AT_ONCE = 256  # images drawn at once, as their noise takes room


@keras.saving.register_keras_serializable("coursekit")
class StyleGAN(DCGAN):
    """A GAN whose generator is a mapping, z -> w, and a synthesis that is told w at each of its layers.

    Both networks step at once, as of `DCGAN`. The loss is logistic and non-saturating, with R1.

    Args:
        generator: functional model z -> images, with two layers that are models: "mapping", z -> w, and "synthesis",
            [styles [n, layers, latent_dim], noise [n, pixels]] -> images. `stylegan.paper` makes one.
        r1: weight gamma of the R1 penalty.
        lazy: R1 is measured on one of so many images of each minibatch, because it costs as much as a step without it.
            (The paper measures it on one of 16 minibatches, with 16 times the weight: the same mean, the same cost.)
        mixing: the share of training images whose layers, from a random one on, get the style of a second code.
        pixel_noise: whether the synthesis gets noise; otherwise 0.
        The others: those of `DCGAN`.
    """

    settings = (*DCGAN.settings, "lazy", "mixing", "pixel_noise")

    def __init__(self, generator, discriminator, r1=0.1, lazy=16, mixing=0.9, pixel_noise=True, **options):
        self.lazy = check_positive(lazy=lazy)
        super().__init__(generator, discriminator, r1=r1, **{"signed": True} | options)
        if not self._steps_at_once():
            raise ValueError("Expected k = 1 and a loss without a gradient penalty, as both networks step at once.")
        if not 0 <= mixing <= 1:
            raise ValueError(f"Expected mixing, a share of the images, from 0 to 1, got {mixing!r}.")
        self.mixing, self.pixel_noise = float(mixing), bool(pixel_noise)
        self.layer_count, self.pixels = contracts.style_based(generator)

    # -- its training --------------------------------------------------------------------------------------------------

    def _steps_at_once(self):
        return self.k == 1 and not self.loss_functions.penalized

    def losses(self, x, z, training=True):
        """What discriminator and generator minimize: two scalars."""
        d_loss, g_loss = super().losses(x, z, training)
        return d_loss + self.lazy_r1(x, training), g_loss

    def lazy_r1(self, x, training=True):
        """gamma times the R1 penalty, of the first `1 / lazy` of a minibatch; of one image at least."""
        if not self.r1:
            return 0.0
        few = (ops.shape(x)[0] + self.lazy - 1) // self.lazy
        return self.r1 * gan_losses.r1_penalty(self.discriminator, self._scaled(x)[:few], training)

    def _samples(self, z, training=False):
        synthesis = self.generator.get_layer("synthesis")
        styles = self.mixed_styles(z) if training else self._same_for_all_layers(self._w(z))
        return networks.answer(synthesis, [styles, self._pixel_noise(ops.shape(z)[0])], training)

    def mixed_styles(self, z):
        """Styles [n, layers, latent_dim] as in training: z's own up to a random layer; from there on, where the image
        is one of those that are mixed, those of the minibatch's next code."""
        n, w = ops.shape(z)[0], self._w(z)
        cut = 1 + ops.floor(uniform((n, 1, 1), self.random) * (self.layer_count - 1))
        cut = ops.where(uniform((n, 1, 1), self.random) < self.mixing, cut, float(self.layer_count))
        own = ops.arange(self.layer_count, dtype=cut.dtype)[None, :, None] < cut
        return ops.where(own, w[:, None], ops.roll(w, 1, axis=0)[:, None])

    def _w(self, z):
        return networks.answer(self.generator.get_layer("mapping"), z)

    def _same_for_all_layers(self, w):
        return ops.repeat(w[:, None], self.layer_count, axis=1)

    def _pixel_noise(self, n):
        shape = (n, self.pixels)
        return normal(shape, self.random) if self.pixel_noise else ops.zeros(shape)

    # -- its images ----------------------------------------------------------------------------------------------------

    def styles(self, z, averaged=None, psi=1.0):
        """The style of each layer for z [n, latent_dim]: NumPy, [n, layers, latent_dim], at first the same for all.

        Args:
            averaged: as of `generate`. psi: truncation, w_mean + psi (w - w_mean): with 1 as it is, with 0 the mean.
        """
        z = check_floats(z, "codes z").astype("float32", copy=False)
        check_data(z.shape, (self.latent_dim,), "codes z")
        mapping = self._network(averaged).get_layer("mapping")
        w = mapping.predict(z, batch_size=1024, verbose=0)
        if psi != 1:
            mean = self.mean_style(averaged)
            w = mean + psi * (w - mean)
        return np.repeat(w[:, None], self.layer_count, axis=1)

    def mean_style(self, averaged=None):
        """The mean of w over 10,000 codes: NumPy, [latent_dim]."""
        z = np.random.default_rng(0).standard_normal((FOR_THE_MEAN, self.latent_dim), dtype="float32")
        return self._network(averaged).get_layer("mapping").predict(z, batch_size=1024, verbose=0).mean(axis=0)

    def synthesize(self, styles, noise=0, averaged=None):
        """Images in [0, 1] for styles [n, layers, latent_dim]: NumPy, [n, *shape].

        Args:
            noise: seed of the noise that the layers add, or None for none. averaged: as of `generate`.
        """
        styles = check_floats(styles, "styles").astype("float32", copy=False)
        check_data(styles.shape, (self.layer_count, self.latent_dim), "styles, one for each layer,")
        synthesis = self._network(averaged).get_layer("synthesis")
        rng = None if noise is None or not self.pixel_noise else np.random.default_rng(check_seed(noise))
        images = []
        for start in range(0, len(styles), AT_ONCE):
            shape = (len(styles[start : start + AT_ONCE]), self.pixels)
            added = np.zeros(shape, "float32") if rng is None else rng.standard_normal(shape, dtype="float32")
            images.append(synthesis.predict_on_batch([styles[start : start + AT_ONCE], added]))
        images = np.concatenate(images).astype("float32", copy=False)
        return np.clip((images + 1) / 2 if self.signed else images, 0, 1)

    def generate(self, z, averaged=None, psi=1.0, noise=0):
        """Images in [0, 1] for codes z [n, latent_dim]: NumPy, [n, *shape].

        Args:
            averaged: whether by the averaged generator; if omitted, where there is one. psi: as of `styles`.
            noise: as of `synthesize`.
        """
        return self.synthesize(self.styles(z, averaged, psi), noise, averaged)

    def resolutions(self):
        """The side in pixels of what each layer draws: a list, such as [4, 8, 8, 16, 32]."""
        blocks = (layer for layer in self.generator.get_layer("synthesis").layers if hasattr(layer, "strength"))
        return [layer.shape[1] for layer in sorted(blocks, key=lambda layer: layer.start)]


def mix(first, second, cut):
    """Styles of the first up to the layer `cut`, and of the second from there on: [n, layers, latent_dim].

    Args:
        first, second: [n, layers, latent_dim], or one of them [1, ...]. cut: from 0, all of the second, to the number
            of layers, all of the first.
    """
    first, second = np.broadcast_arrays(check_floats(first, "styles"), check_floats(second, "styles"))
    cut = check_whole(0, cut=cut)
    if first.ndim != 3 or cut > first.shape[1]:
        raise ValueError(
            f"Expected styles [n, layers, latent_dim] and a cut of at most the number of layers, got "
            f"{list(first.shape)} and {cut}. `StyleGAN.styles` gives them."
        )
    return np.concatenate([first[:, :cut], second[:, cut:]], axis=1)


def paper(
    shape=(64, 64, 3),
    latent_dim=64,
    channels=(128, 128, 64, 32, 16),
    discriminator=(32, 64, 128, 128),
    mapping=2,
    depth=2,
    adain=False,
    generator_only=False,
    **options,
):
    """The paper's generator with few channels, against a DCGAN's discriminator without batch normalization.

    Args:
        generator_only: leave the discriminator out. options: those of `StyleGAN`; averaging is 0.999 if omitted.
        The others: those of `stylegan_networks.style_based`.
    """
    generator, judge = stylegan_networks.style_based(
        shape, latent_dim, channels, discriminator, mapping=mapping, depth=depth, adain=adain
    )
    return StyleGAN(generator, None if generator_only else judge, **{"averaging": 0.999} | options)
