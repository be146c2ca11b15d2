"""Deep InfoMax: features learned by maximizing the mutual information of an image and its code (lecture 05).

Hjelm et al., "Learning Deep Representations by Mutual Information Estimation and Maximization" (ICLR 2019).
The estimators are in `mutual_information.py`, the networks in `encoders.py` and `infomax_networks.py`. All information
is in nats.
"""

import math

import keras
from keras import ops

from coursekit.arrays import check_images, check_one_of, check_positive, check_seed, check_sizes, check_whole
from coursekit.models import augmentation, contracts, encoders, infomax_networks
from coursekit.models.checks import check_alone, check_data, floats
from coursekit.models.gan_losses import cross_entropy, non_saturating
from coursekit.models.mutual_information import ESTIMATORS, donsker_varadhan, infonce, jensen_shannon
from coursekit.training import Assembled, networks
from coursekit.training.precision import full
from coursekit.training.randomness import uniform

__all__ = ["ESTIMATORS", "DeepInfoMax", "donsker_varadhan", "infonce", "jensen_shannon", "strided"]

# Outputs of the scorer that are computed from the code; the others, "places" and "image", are from the local map.
CODES = ("code", "code_for_image", "code_for_places")


@keras.saving.register_keras_serializable("coursekit")
class DeepInfoMax(Assembled):
    """An encoder trained to maximize

        alpha * I(image, code) + beta * mean over places of I(place of the map, code) - gamma * (distance of the codes
        from a uniform distribution, as an adversary sees it).

    The paper's DIM(G) is alpha 1, beta 0, gamma 1; DIM(L) is 0, 1, 0.1; DIM(L+G) 0.5, 0.1, 0.1.

    Args:
        encoder: functional model from images in [0, 1] to codes [n, d].
        local: the encoder's layer that is its local map, [n, height, width, channels].
        estimator: "infonce", "jsd" (Jensen-Shannon) or "dv" (Donsker-Varadhan).
        alpha, beta, gamma: weights, at least 0; alpha or beta above 0.
        mi_units: numbers that a place and a code are compared by; the scorer's cost grows with it.
        prior_widths: hidden layers of the adversary. The paper adds a gradient penalty to it; this one goes without.
        occlude: side, in pixels, of a square that is hidden somewhere in each training image, for its code alone, which
            has to know the places that it was not shown. 0 hides nothing. The paper reports it as an extension.
        seed: of the samples from the prior, and of where the squares are.

    With gamma = 0 `compile(optimizer)`, else `compile(scorer=..., adversary=...)`; the scorer has the encoder in it.
    """

    parts = ("encoder",)
    settings = ("local", "estimator", "alpha", "beta", "gamma", "mi_units", "prior_widths", "occlude", "seed")

    def __init__(
        self,
        encoder,
        local="conv2",
        estimator="infonce",
        alpha=0.0,
        beta=1.0,
        gamma=0.1,
        mi_units=2048,
        prior_widths=(1000, 200),
        occlude=0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_one_of(ESTIMATORS, estimator=estimator)
        if not (min(alpha, beta, gamma) >= 0 and alpha + beta > 0):
            raise ValueError(
                "Expected weights alpha, beta and gamma of at least 0, and alpha or beta above 0, "
                f"got {alpha}, {beta} and {gamma}."
            )
        mi_units, seed = check_positive(mi_units=mi_units), check_seed(seed)
        prior_widths, occlude = check_sizes(prior_widths=prior_widths), check_whole(0, occlude=occlude)
        self.shape, latent_dim = contracts.infomax(encoder, gamma)
        side = min(self.shape[:2])
        if occlude >= side:
            raise ValueError(f"Expected occlude from 0 to {side - 1} pixels, a whole number, got {occlude!r}.")
        self.encoder, self.local, self.estimator = encoder, local, estimator
        self.alpha, self.beta, self.gamma = alpha, beta, gamma
        self.mi_units, self.prior_widths, self.occlude, self.seed = mi_units, prior_widths, occlude, seed
        self.noise = keras.random.SeedGenerator(seed)
        self.scorer = infomax_networks.scorer(encoder, local, alpha, beta, mi_units)
        if gamma:
            self.adversary = infomax_networks.adversary(latent_dim, prior_widths)
        self.built = True

    def call(self, x, training=False):
        """The code of each image: [n, d]."""
        return networks.answer(self.encoder, x, training)

    # -- its objectives ------------------------------------------------------------------------------------------------
    # `vectors`: the scorer's outputs for a minibatch, by their names.

    def local_scores(self, vectors):
        """T of each image's code and each place of each image: [n, n, places]."""
        scores = ops.einsum("iu,jpu->ijp", vectors["code_for_places"], vectors["places"])
        return scores / math.sqrt(self.mi_units)

    def global_scores(self, vectors):
        """T of each image's code and each image: [n, n]."""
        return ops.matmul(vectors["code_for_image"], ops.transpose(vectors["image"])) / math.sqrt(self.mi_units)

    def information(self, vectors):
        """{"local": ..., "global": ...}: the estimates in nats (not of "jsd") of those that have a weight."""
        estimate, estimates = ESTIMATORS[self.estimator], {}
        if self.beta:
            estimates["local"] = estimate(self.local_scores(vectors))
        if self.alpha:
            estimates["global"] = estimate(self.global_scores(vectors))
        return estimates

    def prior_loss(self, code):
        """The encoder's loss for codes that the adversary tells from uniform draws: the GAN's non-saturating loss."""
        return non_saturating(networks.answer(self.adversary, ops.sigmoid(code)))

    def adversary_loss(self, code):
        """-E_V[log D(v)] - E_P[log(1 - D(code))], v from the uniform distribution on [0, 1]^d."""
        uniform_codes = uniform(ops.shape(code), self.noise)
        return cross_entropy(*(networks.answer(self.adversary, codes) for codes in (uniform_codes, ops.sigmoid(code))))

    def objective(self, vectors):
        """The class's sum with its sign turned: (scalar to minimize, {name: scalar})."""
        terms = self.information(vectors)
        loss = -self.beta * terms.get("local", 0.0) - self.alpha * terms.get("global", 0.0)
        if self.gamma:
            terms["prior_loss"] = self.prior_loss(vectors["code"])
            loss = loss + self.gamma * terms["prior_loss"]
        return loss + networks.penalties(self.scorer), terms

    # -- its training --------------------------------------------------------------------------------------------------

    def vectors(self, x):
        """The scorer's outputs in training: with `occlude`, the codes are those of images that are partly hidden. Batch
        normalization averages over both. Validation sees whole images: its estimates are of an easier question."""
        x = floats(x)
        whole = self._scored(x, training=True)
        if not self.occlude:
            return whole
        partly = self._scored(augmentation.occluded(x, self.occlude, self.noise), training=True)
        return {name: partly[name] if name in CODES else whole[name] for name in whole}

    def _scored(self, x, training=False):
        return {name: full(each) for name, each in self.scorer(x, training=training).items()}

    def train_on(self, x):
        if not self.gamma:
            own = self.scorer if "scorer" in self.optimizers else None
            loss, terms = self.minimize(lambda: self.objective(self.vectors(x)), own)
            return {"loss": loss, **terms}

        def losses():
            vectors = self.vectors(x)
            return self.objective(vectors), self.adversary_loss(ops.stop_gradient(vectors["code"]))

        (loss, terms), adversary_loss = self.minimize(losses, (self.scorer, self.adversary))
        return {"loss": loss, **terms, "adversary_loss": adversary_loss}

    def validate_on(self, x):
        loss, terms = self.objective(self._scored(x))
        return {"loss": loss, **terms}

    def checked(self, x, y=None):
        """x: images in [0, 1], of the encoder's shape."""
        check_alone(y, "Deep InfoMax")
        x = check_images(x)
        check_data(x.shape, self.shape, "images of the encoder's shape")
        return x, y

    def fit(self, x, *args, batch_size=64, **options):
        """`Model.fit`. batch_size: at least 2, as an image's negatives are the others of its minibatch."""
        if batch_size == 1:
            raise ValueError("Expected a batch_size of at least 2: the others of a batch are an image's negatives.")
        return super().fit(x, *args, batch_size=batch_size, **options)

    # -- what it has learned -------------------------------------------------------------------------------------------

    def features(self, images, layer, batch_size=500):
        """The activations of a layer of the encoder on images, such as "fc": NumPy, [n, ...]."""
        return encoders.activations(self.encoder, images, layer, batch_size)


def strided(
    shape=(32, 32, 3), channels=(64, 128, 256), width=1024, latent_dim=64, gray=False, standardized=True, **options
):
    """The paper's encoder for CIFAR-10: 4x4 convolutions with stride 2, "conv1" to "conv3", dense layers "fc" and "y".

    Args:
        shape: (side, side, channels) of the images. channels: of the convolutions. width: of "fc".
        latent_dim: numbers in the code "y". gray: whether the color is left out. standardized: whether each image's
            brightness and contrast are, too. options: of `DeepInfoMax`.
    """
    return DeepInfoMax(
        encoders.strided(shape, channels, width, latent_dim, gray=gray, standardized=standardized), **options
    )
