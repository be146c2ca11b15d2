"""The equations of lectures 10 and 11, held against its code."""

import math

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit.models import gan
from coursekit.models.gan_losses import LOSSES, gradient_penalty, r1_penalty, squared_slope, value
from coursekit.training import gradient

# Two densities on a line, integrated on a grid.
GRID = np.linspace(-8, 8, 4001)
STEP = GRID[1] - GRID[0]


def normal(mean, std):
    return np.exp(-0.5 * ((GRID - mean) / std) ** 2) / (std * math.sqrt(2 * math.pi))


P, Q = 0.5 * normal(-1.5, 0.5) + 0.5 * normal(1.5, 0.5), normal(0.3, 1.2)


def kl(a, b):
    return STEP * (a * np.log(a / b)).sum()


def jsd(a, b):
    return 0.5 * kl(a, (a + b) / 2) + 0.5 * kl(b, (a + b) / 2)


def v(logits, p=P, q=Q):
    """V(D, G) by `gan_losses.value` itself: its means become integrals over points drawn in proportion to p and q."""
    logits = logits.astype("float32")
    terms = lambda real, fake: float(value(ops.convert_to_tensor(real), ops.convert_to_tensor(fake)))
    at_p = np.array([terms(logit[None], np.float32([-100.0])) for logit in logits[::40]])
    at_q = np.array([terms(np.float32([100.0]), logit[None]) for logit in logits[::40]])
    return 40 * STEP * ((p[::40] * at_p).sum() + (q[::40] * at_q).sum())


# -- the discriminator -------------------------------------------------------------------------------------------------


def test_the_best_discriminator_is_p_over_p_plus_q():
    """A maximum of V: any other one, nearby or far, has less."""
    best = np.log(P / Q)  # logit of p / (p + q)
    at_best = v(best)
    rng = np.random.default_rng(0)
    for size in (0.1, 1.0):
        smooth = np.interp(GRID, np.linspace(-8, 8, 9), rng.standard_normal(9))
        assert v(best + size * smooth) < at_best - 1e-4
        rise = v(best + 0.02 * smooth) - v(best - 0.02 * smooth)
        assert abs(rise) < 0.02 * 0.01, "and it is flat there"


def test_the_value_at_the_best_discriminator_is_the_jensen_shannon_divergence():
    """V = -log 4 + 2 JSD(p, q): proposition and theorem 1; -log 4 where the generator has won."""
    assert v(np.log(P / Q)) == pytest.approx(-math.log(4) + 2 * jsd(P, Q), abs=1e-4)
    assert v(np.zeros_like(GRID), P, P) == pytest.approx(-math.log(4), abs=1e-6)
    assert 0.05 < jsd(P, Q) < math.log(2)


def test_a_trained_discriminator_comes_to_p_over_p_plus_q():
    """Minimizing `discriminator_loss` on samples of p = N(-1, 1) and q = N(1, 1), where the logit is -2x."""
    keras.utils.set_random_seed(0)
    shift = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    shift.set_weights([np.ones((1, 1)), np.ones(1)])  # z from N(0, 1) becomes N(1, 1)
    linear = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model = gan.GAN(shift, linear)
    model.compile(generator=keras.optimizers.SGD(0.0), discriminator=keras.optimizers.SGD(0.3), jit_compile=False)
    model.fit(np.random.default_rng(0).normal(-1, 1, (40_000, 1)), batch_size=400, epochs=2, verbose=0)
    kernel, bias = linear.get_weights()
    np.testing.assert_allclose([kernel.item(), bias.item()], [-2, 0], atol=0.25)


@pytest.mark.parametrize("loss", ["minimax", "non-saturating"])
def test_the_discriminators_loss_is_minus_v_is_binary_cross_entropy(loss):
    model = gan.dense(2, 3, (8,), (8,), loss=loss)
    x = np.random.default_rng(0).standard_normal((50, 3)).astype("float32")
    z = model.noise(50, seed=1)
    d_loss = float(model.discriminator_loss(x, z))
    assert d_loss == pytest.approx(-float(model.value(x, z)), rel=1e-5)
    # the two means of Keras's cross-entropy, and not half their sum, as over one minibatch of both
    logits = [model.discriminator(points) for points in (x, model.generator(z))]
    by_keras = [
        float(ops.mean(keras.losses.binary_crossentropy(label * ops.ones((50, 1)), logit, from_logits=True)))
        for label, logit in zip((1.0, 0.0), logits, strict=True)
    ]
    assert d_loss == pytest.approx(sum(by_keras), rel=1e-5)
    d = [1 / (1 + np.exp(-np.array(logit, "float64"))) for logit in logits]
    assert -d_loss == pytest.approx(np.log(d[0]).mean() + np.log(1 - d[1]).mean(), rel=1e-5)


# -- the generator -----------------------------------------------------------------------------------------------------


def slope(loss, logits):
    """The gradient of the generator's loss to each logit, times their number."""
    logits = np.array(logits, "float32")[:, None]
    identity = keras.Sequential([keras.Input((1,)), layers.Identity()])
    answer = gradient(lambda x: LOSSES[loss].generator(identity(x)), logits, identity)
    return len(logits) * np.array(answer)[:, 0]


def test_where_the_discriminator_is_sure_one_generator_stands_still_and_the_other_does_not():
    """d/dlogit: -D for log(1 - D), -(1 - D) for -log D."""
    d = np.array([1e-6, 1e-3, 0.1, 0.5, 0.9])
    logits = np.log(d / (1 - d))
    np.testing.assert_allclose(slope("minimax", logits), -d, rtol=1e-3)
    np.testing.assert_allclose(slope("non-saturating", logits), -(1 - d), rtol=1e-3)
    assert abs(slope("minimax", logits)[0]) < 2e-6
    assert slope("non-saturating", logits)[0] == pytest.approx(-1, abs=1e-5)


def test_the_other_losses_as_their_papers_write_them():
    real, fake = np.float32([[2.0], [0.3], [-1.5]]), np.float32([[-2.0], [0.6], [1.4]])
    by_hand = {
        "least-squares": (0.5 * ((real - 1) ** 2).mean() + 0.5 * (fake**2).mean(), 0.5 * ((fake - 1) ** 2).mean()),
        "hinge": (np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean(), -fake.mean()),
        "wasserstein": (fake.mean() - real.mean(), -fake.mean()),
    }
    for name, (discriminator, generator) in by_hand.items():
        assert float(LOSSES[name].discriminator(real, fake)) == pytest.approx(discriminator, rel=1e-5)
        assert float(LOSSES[name].generator(fake)) == pytest.approx(generator, rel=1e-5)
        assert LOSSES[name].penalized == (name == "wasserstein")


# -- penalties ---------------------------------------------------------------------------------------------------------


def smooth_network():
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((3,)), layers.Dense(8, "tanh"), layers.Dense(8, "tanh"), layers.Dense(1)])


def slopes_by_differences(network, x, h=1e-3):
    columns = [np.array(network(x + h * axis)) - np.array(network(x - h * axis)) for axis in np.eye(3, dtype="float32")]
    return np.concatenate(columns, axis=1) / (2 * h)


def test_penalties_against_finite_differences():
    network, x = smooth_network(), np.random.default_rng(0).standard_normal((6, 3)).astype("float32")
    slopes = slopes_by_differences(network, x)
    by_gradient = np.array(gradient(network, x, network))
    np.testing.assert_allclose(by_gradient, slopes, atol=2e-3)
    squares = (by_gradient.astype("float64") ** 2).sum(axis=1)
    np.testing.assert_allclose(np.array(squared_slope(network, x)), squares, rtol=1e-5)
    assert float(r1_penalty(network, x)) == pytest.approx(0.5 * squares.mean(), rel=1e-5)
    assert float(gradient_penalty(network, x)) == pytest.approx(((np.sqrt(squares) - 1) ** 2).mean(), rel=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("penalty", [r1_penalty, gradient_penalty])
def test_the_slope_of_a_penalty_to_the_weights_against_finite_differences(penalty, jit_compile):
    """A gradient of a gradient, as `minimize` takes it: one step of plain gradient descent on the penalty alone."""
    from coursekit.training import Model

    class Penalized(Model):
        def __init__(self, network):
            super().__init__()
            self.network = network

        def train_on(self, x):
            every = lambda: 0 * ops.mean(self.network(x))  # no penalty on slopes depends on the last bias
            return {"loss": self.minimize(lambda: penalty(self.network, x) + every(), self.network)}

    network, x = smooth_network(), np.random.default_rng(1).standard_normal((6, 3)).astype("float32")
    kernel = network.layers[1].kernel
    before, h = np.array(kernel.value), 1e-2
    differences = []
    for sign in (1, -1):
        moved = before.copy()
        moved[2, 5] += sign * h
        kernel.assign(moved)
        differences.append(float(penalty(network, x)))
    kernel.assign(before)
    model = Penalized(network)
    model.compile(network=keras.optimizers.SGD(1.0), jit_compile=jit_compile)
    model.fit(x, batch_size=6, verbose=0)
    moved = before[2, 5] - np.array(kernel.value)[2, 5]
    assert moved == pytest.approx((differences[0] - differences[1]) / (2 * h), abs=2e-4)
    assert abs(moved) > 1e-3


def test_a_gan_adds_its_penalties_with_their_weights():
    x = np.random.default_rng(0).standard_normal((40, 3)).astype("float32")
    sizes = (2, 3, (8,), (8,))
    plain, r1, wasserstein = gan.dense(*sizes), gan.dense(*sizes, r1=0.7), gan.dense(*sizes, loss="wasserstein")
    for other in (r1, wasserstein):
        other.set_weights(plain.get_weights())
    z = plain.noise(40, seed=1)
    added = float(r1.discriminator_loss(x, z)) - float(plain.discriminator_loss(x, z))
    assert added == pytest.approx(0.7 * float(r1_penalty(plain.discriminator, x)), rel=1e-4)

    state = np.array(wasserstein.random.state.value)
    loss = float(wasserstein.discriminator_loss(x, z))
    wasserstein.random.state.assign(state)
    real, fake = ops.convert_to_tensor(x), plain.generator(z)
    between = np.array(wasserstein._between(real, fake))
    share = (between - np.array(fake)) / (x - np.array(fake))
    assert np.ptp(share, axis=1).max() < 1e-2, "on the line between the two"
    assert 0 <= share.min() < 0.2 < 0.8 < share.max() <= 1.001
    penalty = float(gradient_penalty(plain.discriminator, between))
    logits = [np.array(plain.discriminator(points)) for points in (x, fake)]
    assert loss == pytest.approx(logits[1].mean() - logits[0].mean() + 10 * penalty, rel=1e-4)


def test_a_gradient_leaves_the_networks_state_as_a_call_would():
    """Dropout's seed goes on, batch normalization's averages move; in inference nothing does."""

    def network():
        keras.utils.set_random_seed(2)
        hidden = [layers.Dense(4), layers.BatchNormalization(), layers.Dropout(0.5, seed=1)]
        return keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(1)])

    x = np.random.default_rng(0).standard_normal((16, 3)).astype("float32")
    called, sloped = network(), network()
    before = [np.array(variable.value) for variable in sloped.variables]
    np.testing.assert_array_equal(np.array(gradient(sloped, x, sloped)).shape, x.shape)
    for a, b in zip(before, sloped.variables, strict=True):
        np.testing.assert_array_equal(a, np.array(b.value))
    called(x, training=True)
    gradient(lambda x: sloped(x, training=True), x, sloped)
    for a, b in zip(called.variables, sloped.variables, strict=True):
        np.testing.assert_allclose(np.array(a.value), np.array(b.value), atol=1e-5)
