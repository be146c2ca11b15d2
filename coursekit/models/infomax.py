"""Deep InfoMax: learn a code that knows as much as possible of every part of the image (lecture 02).

Hjelm et al., "Learning Deep Representations by Mutual Information Estimation and Maximization" (ICLR 2019).
All information is in nats.
"""

import math

import keras
from keras import layers, ops

from coursekit.arrays import check_images, check_positive
from coursekit.models import encoders
from coursekit.training import Model
from coursekit.training.randomness import uniform

# -- estimators: how much do two things know of each other? ------------------------------------------------------------
# scores: [n, n] or [n, n, places], scores[i, j] = T(code of image i, image j), or its map at a place. Pairs that belong
# together stand on the diagonal; all others are samples of the product of the marginals.


def donsker_varadhan(scores):
    """E_P[T] - log E_{PxP~}[exp T], the mean over places: Donsker and Varadhan's lower bound on the mutual
    information, if the expectations are exact. From samples it can exceed it, for the log of the mean of few
    exponentials is too low.
    """
    together, apart, n = _pairs(scores)
    total = ops.logsumexp(ops.where(apart, scores, -1e9), axis=(0, 1))  # of each place
    return ops.mean(together) - ops.mean(total - ops.log(n * (n - 1)))


def jensen_shannon(scores):
    """E_P[-softplus(-T)] - E_{PxP~}[softplus(T)]: minus the cross-entropy of telling pairs that belong together
    from others. At most 0, and the larger the more mutual information there is, but no estimate of it. The best T is
    log p(x, y) / (p(x) p(y)).
    """
    together, apart, n = _pairs(scores)
    others = ops.sum(ops.where(apart, ops.softplus(scores), 0.0), axis=(0, 1)) / (n * (n - 1))  # of each place
    return -ops.mean(ops.softplus(-together)) - ops.mean(others)


def infonce(scores):
    """log N + E_P[T - log sum exp T]: how well a code finds one place of its own image among all places of the other
    images, so N = 1 + (n - 1) * places. A lower bound on the mutual information that cannot exceed log N.
    """
    together, apart, n = _pairs(scores)
    others = ops.logsumexp(ops.where(apart, scores, -1e9), axis=tuple(range(1, len(scores.shape))))  # of each vector
    candidates = 1 + (n - 1) * together.shape[1]
    return ops.log(candidates) + ops.mean(together - ops.logaddexp(together, others[:, None]))


ESTIMATORS = {"infonce": infonce, "jsd": jensen_shannon, "dv": donsker_varadhan}


def _pairs(scores):
    """Scores of the pairs that belong together, [n, places]; where the others are, [n, n] or [n, n, 1]; n, a float."""
    if len(scores.shape) not in (2, 3) or scores.shape[0] != scores.shape[1]:
        raise ValueError(f"Expected scores [n, n] or [n, n, places], got {list(scores.shape)}.")
    if scores.shape[0] == 1:
        raise ValueError("Expected at least 2 images, which are each other's negatives, got 1: use a larger batch.")
    count = ops.shape(scores)[0]
    apart = ops.logical_not(ops.eye(count, dtype="bool"))
    together = ops.diagonal(scores)  # [places, n]
    if len(scores.shape) == 2:
        return together[:, None], apart, ops.cast(count, scores.dtype)
    return ops.transpose(together), apart[:, :, None], ops.cast(count, scores.dtype)


# -- the model ---------------------------------------------------------------------------------------------------------


@keras.saving.register_keras_serializable("coursekit")
class DeepInfoMax(Model):
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
        if estimator not in ESTIMATORS:
            raise ValueError(f"Expected estimator to be one of {', '.join(map(repr, ESTIMATORS))}, got {estimator!r}.")
        if not (min(alpha, beta, gamma) >= 0 and alpha + beta > 0):
            raise ValueError(
                "Expected weights alpha, beta and gamma of at least 0, and alpha or beta above 0, "
                f"got {alpha}, {beta} and {gamma}."
            )
        check_positive(mi_units=mi_units)
        side = min(encoder.input_shape[1:3])
        if not isinstance(occlude, int) or isinstance(occlude, bool) or not 0 <= occlude < side:
            raise ValueError(f"Expected occlude from 0 to {side - 1} pixels, a whole number, got {occlude!r}.")
        self.encoder, self.local, self.estimator = encoder, local, estimator
        self.alpha, self.beta, self.gamma = alpha, beta, gamma
        self.mi_units, self.prior_widths, self.occlude, self.seed = mi_units, tuple(prior_widths), occlude, seed
        self.noise = keras.random.SeedGenerator(seed)
        self.scorer = _scorer(encoder, local, alpha, beta, mi_units)
        if gamma:
            hidden = [layers.Dense(width, activation="relu") for width in prior_widths]
            inputs = keras.Input((encoder.output_shape[-1],))
            self.adversary = keras.Sequential([inputs, *hidden, layers.Dense(1)], name="adversary")
        self.built = True

    def call(self, x, training=False):
        """The code of each image: [n, d]."""
        return self.encoder(x, training=training)

    # -- its objectives ------------------------------------------------------------------------------------------------

    def local_scores(self, answers):
        """T of each image's code and each place of each image: [n, n, places]. answers: of `scorer`."""
        return ops.einsum("iu,jpu->ijp", answers["code, locally"], answers["places"]) / math.sqrt(self.mi_units)

    def global_scores(self, answers):
        """T of each image's code and each image: [n, n]."""
        return ops.matmul(answers["code, globally"], ops.transpose(answers["image"])) / math.sqrt(self.mi_units)

    def information(self, answers):
        """{"local": ..., "global": ...}: the estimates in nats (not of "jsd") of those that have a weight."""
        estimate, found = ESTIMATORS[self.estimator], {}
        if self.beta:
            found["local"] = estimate(self.local_scores(answers))
        if self.alpha:
            found["global"] = estimate(self.global_scores(answers))
        return found

    def prior_loss(self, code):
        """What the encoder pays for codes that the adversary tells from uniform ones: the non-saturating loss."""
        return ops.mean(ops.softplus(-self.adversary(ops.sigmoid(code))))

    def adversary_loss(self, code):
        """-E_V[log D(v)] - E_P[log(1 - D(code))], v from the uniform distribution on [0, 1]^d."""
        uniform_codes = uniform(ops.shape(code), self.noise)
        real, fake = self.adversary(uniform_codes), self.adversary(ops.sigmoid(code))
        return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))

    def objective(self, answers):
        """The class's sum with its sign turned: (scalar to minimize, {name: scalar})."""
        parts = self.information(answers)
        loss = -self.beta * parts.get("local", 0.0) - self.alpha * parts.get("global", 0.0)
        if self.gamma:
            parts["prior_loss"] = self.prior_loss(answers["code"])
            loss = loss + self.gamma * parts["prior_loss"]
        return loss, parts

    # -- its training --------------------------------------------------------------------------------------------------

    def answers(self, x):
        """The scorer's in training: with `occlude`, the codes are those of images that are partly hidden. Batch
        normalization averages over both. Validation sees whole images: its estimates are of an easier question."""
        whole = self.scorer(x, training=True)
        if not self.occlude:
            return whole
        partly = self.scorer(occluded(x, self.occlude, self.noise), training=True)
        return whole | {name: partly[name] for name in partly if name.startswith("code")}

    def train_on(self, x):
        if not self.gamma:
            own = self.scorer if "scorer" in self.optimizers else None
            loss, parts = self.minimize(lambda: self.objective(self.answers(x)), own)
            return {"loss": loss, **parts}

        def losses():
            answers = self.answers(x)
            return self.objective(answers), self.adversary_loss(ops.stop_gradient(answers["code"]))

        (loss, parts), adversary_loss = self.minimize(losses, (self.scorer, self.adversary))
        return {"loss": loss, **parts, "adversary_loss": adversary_loss}

    def validate_on(self, x):
        loss, parts = self.objective(self.scorer(x))
        return {"loss": loss, **parts}

    def fit(self, x, *args, batch_size=64, **options):
        """`Model.fit`. x: images in [0, 1], of the encoder's shape; batch_size: at least 2, as an image's negatives are
        the others of its minibatch."""
        check_images(x)
        if batch_size == 1:
            raise ValueError("Expected a batch_size of at least 2: the others of a batch are an image's negatives.")
        return super().fit(x, *args, batch_size=batch_size, **options)

    # -- what it has learned -------------------------------------------------------------------------------------------

    def features(self, images, layer, batch_size=500):
        """What a layer of the encoder answers to images, such as "fc": NumPy, [n, ...]."""
        return encoders.activations(self.encoder, images, layer, batch_size)

    def get_config(self):
        names = ("local", "estimator", "alpha", "beta", "gamma", "mi_units", "occlude", "seed")
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in names},
            "prior_widths": list(self.prior_widths),
            "encoder": keras.saving.serialize_keras_object(self.encoder),
        }

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config.pop("encoder")), **config)


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


def _scorer(encoder, local, alpha, beta, units):
    """Functional model from images to what the scores are dot products of, and the code: a dictionary."""
    names = [layer.name for layer in encoder.layers]
    if local not in names or len(encoder.get_layer(local).output.shape) != 4:
        raise ValueError(f"Expected local to be a map of the encoder, one of {', '.join(names)}, got {local!r}.")
    code, place = encoder.output, encoder.get_layer(local).output
    answers = {"code": code}
    if beta:
        places = layers.Reshape((-1, place.shape[-1]))(place)  # a dense layer at each place is a 1x1 convolution
        answers |= {"places": _projection(places, units), "code, locally": _projection(code, units)}
    if alpha:
        answers |= {"image": _projection(layers.Flatten()(place), units), "code, globally": _projection(code, units)}
    return keras.Model(encoder.input, answers, name="scorer")


def _projection(x, units):
    """One hidden layer beside a shortcut that starts as the identity: one of the two nets of the dot product."""
    hidden = layers.Dense(units, use_bias=False)(x)
    hidden = layers.ReLU()(layers.BatchNormalization(momentum=encoders.MOMENTUM)(hidden))
    shortcut = layers.Dense(units, use_bias=False, kernel_initializer="identity")(x)
    return layers.LayerNormalization()(layers.Add()([layers.Dense(units)(hidden), shortcut]))
