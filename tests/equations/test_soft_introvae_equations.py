"""The equations of lecture 14, held against its code: a transcription of the paper's losses into NumPy."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit.models import soft_introvae
from coursekit.models.soft_introvae import PlainVAE, SoftIntroVAE

RNG = np.random.default_rng(0)
X, NOISE = RNG.normal(size=(6, 3)).astype("float32"), RNG.normal(size=(6, 2)).astype("float32")
COEFFICIENTS = {"beta_rec": 0.2, "beta_kl": 0.3, "beta_neg": 0.9, "alpha": 2.0, "gamma_r": 0.4, "scale": 0.5}


def model(kind=SoftIntroVAE, **options):
    """Linear networks, whose numbers NumPy has too. Where log-variances are -60 a code is its mean, without chance."""
    encoder = keras.Sequential([keras.Input((3,)), layers.Dense(4)])
    decoder = keras.Sequential([keras.Input((2,)), layers.Dense(3)])
    rng = np.random.default_rng(1)
    to_mean, to_log_variance = rng.normal(size=(3, 2)), np.zeros((3, 2))
    encoder.set_weights([np.concatenate([to_mean, to_log_variance], axis=1), np.array([0.1, -0.2, -60.0, -60.0])])
    decoder.set_weights([rng.normal(size=(2, 3)), np.array([0.3, 0.0, -0.1])])
    return kind(encoder, decoder, **options)


class InNumPy:
    """The same, from the paper's equations (6) to (8) and the authors' weights."""

    def __init__(self, made, **coefficients):
        self.encoder = [weight.astype("float64") for weight in made.encoder.get_weights()]
        self.decoder = [weight.astype("float64") for weight in made.decoder.get_weights()]
        vars(self).update(COEFFICIENTS | coefficients)

    def mean(self, x):
        return x @ self.encoder[0][:, :2] + self.encoder[1][:2]

    def decode(self, z):
        return z @ self.decoder[0] + self.decoder[1]

    def error(self, x, y):
        return ((x - y) ** 2).sum(axis=1)

    def kl(self, x):
        return 0.5 * (self.mean(x) ** 2 + np.exp(-60.0) + 60.0 - 1).sum(axis=1)

    def encoder_loss(self, x, noise):
        rebuilt, sampled = self.decode(self.mean(x)), self.decode(noise)
        data = self.scale * (self.beta_rec * self.error(x, rebuilt) + self.beta_kl * self.kl(x)).mean()
        exp_elbo = lambda fake: np.exp(
            -self.alpha
            * self.scale
            * (self.beta_rec * self.error(fake, self.decode(self.mean(fake))) + self.beta_neg * self.kl(fake))
        ).mean()
        return data + 0.5 * (exp_elbo(rebuilt) + exp_elbo(sampled)) / self.alpha

    def decoder_loss(self, x, noise):
        z = self.mean(x)
        rebuilt, sampled = self.decode(z), self.decode(noise)
        kl = 0.5 * (self.kl(rebuilt).mean() + self.kl(sampled).mean())
        again = lambda fake: self.error(fake, self.decode(self.mean(fake))).mean()
        fakes = self.beta_kl * kl + self.gamma_r * self.beta_rec * 0.5 * (again(rebuilt) + again(sampled))
        return self.scale * (self.beta_rec * self.error(x, rebuilt).mean() + fakes)


def losses(made):
    with made.stepping():
        e_loss, (_, z) = made.encoder_loss(X, NOISE)
        d_loss, _ = made.decoder_loss(X, z, NOISE)
    return float(e_loss), float(d_loss)


@pytest.mark.parametrize("changed", [None, *COEFFICIENTS])
def test_both_losses_are_the_papers(changed):
    """Every coefficient, also at another value than its own: none is left out, none stands in the wrong place."""
    coefficients = COEFFICIENTS | ({changed: 1.7 * COEFFICIENTS[changed]} if changed else {})
    coefficients["beta_neg"] /= 60  # else the exponential of a divergence of 60 nats is 0
    made = model(**coefficients)
    by_hand = InNumPy(made, **coefficients)
    expected = by_hand.encoder_loss(X, NOISE), by_hand.decoder_loss(X, NOISE)
    assert losses(made) == pytest.approx(expected, rel=1e-4)
    if changed:
        other = InNumPy(made, beta_neg=COEFFICIENTS["beta_neg"] / 60)
        assert (other.encoder_loss(X, NOISE), other.decoder_loss(X, NOISE)) != pytest.approx(expected, rel=1e-3)


def test_a_plain_vae_is_the_game_without_fakes():
    """Its loss, times s, is what the encoder pays for data; beta_neg so large that no fake is believed."""
    made = model(**COEFFICIENTS | {"beta_neg": 1e4})
    plain = model(PlainVAE, beta_rec=0.2, beta_kl=0.3)
    assert losses(made)[0] == pytest.approx(0.5 * float(plain.objective(X)[0]), rel=1e-5)


def test_limits_of_the_exp_elbo():
    """1 / alpha where the ELBO is 0; 0 where it is very low; slope 1 in the ELBO at 0; for a small alpha, a line; and a
    large alpha leaves nothing of all ELBOs below 0."""
    soft = lambda elbo, alpha: float(model(alpha=alpha, scale=1.0).exp_elbo(-elbo, 0.0))
    for alpha in (0.5, 2.0, 5.0):
        assert soft(0.0, alpha) == pytest.approx(1 / alpha)
        assert soft(-1000.0, alpha) == 0
        assert (soft(1e-3, alpha) - soft(-1e-3, alpha)) / 2e-3 == pytest.approx(1, abs=1e-3)
    small = 1e-3
    assert soft(-0.7, small) - 1 / small == pytest.approx(-0.7, abs=1e-2), "a constant, and the ELBO itself"
    assert soft(-0.1, 200.0) < 1e-9


def test_the_slope_of_the_exp_elbo_is_a_gate():
    """d/dE (1 / alpha) exp(alpha E) = exp(alpha E): a fake counts with a weight from 1 down to 0."""
    made, elbo = model(alpha=2.0, scale=1.0), np.float32([0.0, -0.5, -3.0])
    step = 1e-3
    slope = (np.array(made.exp_elbo(-elbo - step, 0.0)) - np.array(made.exp_elbo(-elbo + step, 0.0))) / (2 * step)
    np.testing.assert_allclose(slope, np.exp(2 * elbo), rtol=2e-3)


def best_response(p_data, p_model, alpha):
    """The ELBO W <= log p_model that the encoder chooses for each point: the maximum, over a fine grid, of
    p_data W - p_model exp(alpha W) / alpha."""
    grid = np.linspace(-12, 0, 200_001)
    allowed = grid[:, None] <= np.log(p_model)
    value = np.where(allowed, p_data * grid[:, None] - p_model * np.exp(alpha * grid[:, None]) / alpha, -np.inf)
    return grid[value.argmax(axis=0)]


def test_the_encoders_best_answer_is_the_posterior_where_the_assumption_holds():
    """Lemma 1: the bound is tight where p_model^(alpha + 1) <= p_data; elsewhere it stops at log(p_data / p_model) /
    alpha; and where there are no data, it is as low as it can be."""
    p_data, p_model, alpha = np.array([0.5, 0.3, 0.01, 0.0]), np.array([0.2, 0.6, 0.4, 0.3]), 2.0
    holds = p_model ** (alpha + 1) <= p_data
    np.testing.assert_array_equal(holds, [True, True, False, False])
    chosen = best_response(p_data, p_model, alpha)
    np.testing.assert_allclose(chosen[holds], np.log(p_model[holds]), atol=1e-4)
    assert chosen[2] == pytest.approx(np.log(0.01 / 0.4) / alpha, abs=1e-4)
    assert chosen[3] == -12


def moved(made, network, optimizers):
    """Whether each network's weights change in a step in which only `network` has a rate above 0."""
    before = {name: [weight.copy() for weight in getattr(made, name).get_weights()] for name in optimizers}
    made.compile(
        **{name: keras.optimizers.SGD(0.1 if name == network else 0.0) for name in optimizers}, jit_compile=False
    )
    made.fit(X, batch_size=6, epochs=1, verbose=0)
    after = {name: getattr(made, name).get_weights() for name in optimizers}
    same = {name: all(map(np.array_equal, before[name], after[name])) for name in optimizers}
    return {name: not each for name, each in same.items()}


@pytest.mark.filterwarnings("ignore:Expected the training to move")
@pytest.mark.parametrize("network", ["encoder", "decoder"])
def test_gradients_reach_only_the_player_that_moves(network):
    players = ("encoder", "decoder")
    assert moved(model(**COEFFICIENTS), network, players) == {name: name == network for name in players}


class Alone(SoftIntroVAE):
    """One player takes one step, at the rate 1, against the noise above."""

    mover = None

    def train_on(self, x):
        z, _ = self.encode(x)
        loss = self.encoder_loss if self.mover == "encoder" else lambda x, noise: self.decoder_loss(x, z, noise)
        return {"loss": self.minimize(lambda: loss(x, NOISE), getattr(self, self.mover))[0]}


def step_of(mover, **options):
    """The gradient along which a player steps, the first number of each of its weights; and the model before it."""
    made = model(Alone, **options)
    made.mover = mover
    before = [weight.flat[0] for weight in getattr(made, mover).get_weights()]
    made.compile(**{mover: keras.optimizers.SGD(1.0)}, run_eagerly=True)
    made.fit(X, batch_size=6, epochs=1, shuffle=False, verbose=0)
    after = [weight.flat[0] for weight in getattr(made, mover).get_weights()]
    return np.subtract(before, after), model(**options)


def slope(loss, network):
    """The gradient of loss() by differences, to the first number of each weight."""
    slopes = []
    for weight in network.trainable_variables:
        value, at = np.array(weight.value), []
        for step in (1e-2, -1e-2):
            moved_value = value.copy()
            moved_value.flat[0] += step
            weight.assign(moved_value)
            at.append(float(loss()))
        weight.assign(value)
        slopes.append((at[0] - at[1]) / 2e-2)
    return slopes


def mean_code(made, x):
    return ops.split(made.encoder(x), 2, axis=-1)[0]


def error_of(made, x, z):
    return ops.mean(soft_introvae.squared_error(x, made.decoder(z)))


def test_the_decoder_learns_from_the_divergence_of_its_fakes_through_the_encoder():
    taken, made = step_of("decoder", **COEFFICIENTS | {"gamma_r": 0.0})
    z = mean_code(made, X)
    np.testing.assert_allclose(taken, slope(lambda: made.decoder_loss(X, z, NOISE)[0], made.decoder), rtol=0.02)


def test_where_its_fakes_are_rebuilt_the_decoder_takes_them_and_their_codes_as_given():
    taken, made = step_of("decoder", **COEFFICIENTS | {"beta_kl": 0.0, "gamma_r": 1.0})
    z = np.array(mean_code(made, X))
    fakes = [np.array(made.decoder(each)) for each in (z, NOISE)]
    codes = [np.array(mean_code(made, fake)) for fake in fakes]
    again = lambda: 0.5 * sum(error_of(made, *pair) for pair in zip(fakes, codes, strict=True))
    by_hand = slope(lambda: 0.5 * 0.2 * (error_of(made, X, z) + again()), made.decoder)
    np.testing.assert_allclose(taken, by_hand, rtol=0.02)


def test_against_a_target_decoder_the_fakes_and_their_codes_move():
    options = COEFFICIENTS | {"beta_kl": 0.0, "gamma_r": 1.0, "target_every": 1000}
    taken, made = step_of("decoder", **options)
    z = mean_code(made, X)
    by_hand = slope(lambda: made.decoder_loss(X, z, NOISE)[0], made.decoder)
    np.testing.assert_allclose(taken, by_hand, rtol=0.02)
    without, _ = step_of("decoder", **options | {"target_every": 0})
    assert not np.allclose(taken, without, rtol=0.1)


def test_the_encoder_sees_its_fakes_as_given_where_it_encodes_them():
    """A fake moves with the encoder only where its error is taken, as in the authors' code."""
    options = COEFFICIENTS | {"beta_neg": 0.01}
    taken, made = step_of("encoder", **options)
    given = np.concatenate([np.array(made.decoder(each)) for each in (mean_code(made, X), NOISE)])

    def by_hand():
        fakes = ops.concatenate([made.decoder(mean_code(made, X)), given[6:]], axis=0)
        mean, log_variance = ops.split(made.encoder(given), 2, axis=-1)
        errors = soft_introvae.squared_error(fakes, made.decoder(mean))
        paid = ops.mean(made.exp_elbo(errors, soft_introvae.kl_of(mean, log_variance)))
        mean, log_variance = ops.split(made.encoder(X), 2, axis=-1)
        kl = ops.mean(soft_introvae.kl_of(mean, log_variance))
        return 0.5 * (0.2 * error_of(made, X, mean) + 0.3 * kl) + paid

    np.testing.assert_allclose(taken, slope(by_hand, made.encoder), rtol=0.03, atol=1e-4)
