"""The losses of a GAN's two networks (lectures 10 and 11): small functions of the discriminator's logits.

D(x) = sigmoid(logit), and softplus(a) = log(1 + exp(a)); so log D(x) = -softplus(-logit) and
log(1 - D(x)) = -softplus(logit). All are means over a minibatch; `real` and `fake` are logits [n, 1].
"""

from collections.abc import Callable
from typing import NamedTuple

from keras import ops

from coursekit.training import gradient, networks

PENALTY = 10.0  # weight of the gradient penalty (Gulrajani et al., 2017)


def value(real, fake):
    """V(D, G) = E log D(x) + E log(1 - D(G(z))), in nats: Goodfellow et al. (2014), equation (1). At most 0; -log 4
    where D is 1/2 everywhere."""
    return -ops.mean(ops.softplus(-real)) - ops.mean(ops.softplus(fake))


def cross_entropy(real, fake):
    """Binary cross-entropy with the labels 1 for data and 0 for samples, a mean over each: -V(D, G)."""
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))


def saturating(fake):
    """E log(1 - D(G(z))): the generator descends V itself, as in Algorithm 1. Its gradient with respect to the logit is
    -D, which vanishes where the discriminator is sure."""
    return -ops.mean(ops.softplus(fake))


def non_saturating(fake):
    """-E log D(G(z)): binary cross-entropy with flipped labels (Goodfellow et al., section 3). Its gradient with
    respect to the logit is -(1 - D), which is near -1 where the discriminator is sure."""
    return ops.mean(ops.softplus(-fake))


def squares_apart(real, fake):
    """Mao et al., "Least Squares Generative Adversarial Networks" (ICCV 2017), equation (9): a = 0, b = 1."""
    return 0.5 * ops.mean(ops.square(real - 1)) + 0.5 * ops.mean(ops.square(fake))


def squares_to_one(fake):
    """The generator's half of the same equation: c = 1."""
    return 0.5 * ops.mean(ops.square(fake - 1))


def hinge(real, fake):
    """Lim and Ye, "Geometric GAN" (2017): logits beyond the margin, 1 for data and -1 for samples, cost nothing."""
    return ops.mean(ops.relu(1 - real)) + ops.mean(ops.relu(1 + fake))


def difference(real, fake):
    """Arjovsky, Chintala and Bottou, "Wasserstein GAN" (ICML 2017): minus the critic's estimate of the distance, up to
    a factor; it needs a critic whose slope is bounded, hence the gradient penalty."""
    return ops.mean(fake) - ops.mean(real)


def raise_logits(fake):
    """-E of the critic on samples: the generator's half of the hinge and Wasserstein losses."""
    return -ops.mean(fake)


class Loss(NamedTuple):
    """discriminator: function (real, fake) -> scalar. generator: function (fake) -> scalar. penalized: whether the
    gradient penalty belongs to it."""

    discriminator: Callable
    generator: Callable
    penalized: bool = False


LOSSES = {
    "minimax": Loss(cross_entropy, saturating),
    "non-saturating": Loss(cross_entropy, non_saturating),
    "least-squares": Loss(squares_apart, squares_to_one),
    "hinge": Loss(hinge, raise_logits),
    "wasserstein": Loss(difference, raise_logits, penalized=True),
}


# -- penalties on the discriminator's slope: functions of the network itself ------------------------------------------


def squared_slope(discriminator, x, training=False):
    """|| gradient of the logit with respect to x ||^2, for each example: [n]."""
    slopes = gradient(lambda x: networks.answer(discriminator, x, training), x, discriminator)
    return ops.sum(ops.square(ops.reshape(slopes, (ops.shape(slopes)[0], -1))), axis=-1)


def r1_penalty(discriminator, x, training=False):
    """E || gradient on data ||^2 / 2: the discriminator is to be flat where the data are (Mescheder, Geiger and
    Nowozin, "Which Training Methods for GANs do actually Converge?", ICML 2018), without its weight gamma."""
    return 0.5 * ops.mean(squared_slope(discriminator, x, training))


def gradient_penalty(discriminator, between, training=False):
    """E (|| gradient || - 1)^2 at points `between` data and samples (Gulrajani et al., "Improved Training of
    Wasserstein GANs", NeurIPS 2017, equation (3)), without its weight of 10."""
    length = ops.sqrt(squared_slope(discriminator, between, training) + 1e-12)  # a square root has no slope at 0
    return ops.mean(ops.square(length - 1))
