"""MusicVAE and the VAE of sequences below it: what they learn, write, keep in files, and say to bad input."""

import keras
import numpy as np
import pytest
from keras import ops

from coursekit.models import SequenceVAE, music_vae, sequence_vae
from coursekit.models.recurrent import LSTM
from coursekit.models.sequence_vae_networks import Decoder, encoder

TINY = {"latent_dim": 4, "reader": (8,)}
number = lambda value: float(ops.convert_to_numpy(value))


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def flat(**options):
    return sequence_vae.lstm(5, 6, **TINY, writer=(8, 7), **options)


def hierarchical(**options):
    return music_vae.hierarchical(3, **TINY, conductor=(6, 5), bar=(12,), embedding=8, **options)


def random(model, count=16):
    return np.random.default_rng(0).integers(0, model.symbols, (count, model.steps))


def codes(model, count=16):
    return np.random.default_rng(1).normal(size=(count, model.latent_dim)).astype("float32")


def compiled(model, rate=1e-2):
    model.compile(keras.optimizers.Adam(rate))
    return model


both = pytest.mark.parametrize("build", [flat, hierarchical], ids=["flat", "hierarchical"])


# -- the LSTM ----------------------------------------------------------------------------------------------------------


def test_the_lstm_and_its_gradient_are_keras_own():
    """The gradient of ours is written out; Keras's comes of automatic differentiation."""

    swap = lambda x: ops.transpose(x, (1, 0, 2))

    class Steps(keras.Model):
        def __init__(self, layer, swap=lambda x: x):
            super().__init__()
            self.layer, self.swap = layer, swap

        def call(self, x):
            return self.swap(self.layer(self.swap(x)))

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 3, 4)).astype("float32"), rng.normal(size=(5, 3, 6)).astype("float32")
    ours, keras_own = Steps(LSTM(4, 6)), Steps(keras.layers.LSTM(6, return_sequences=True), swap)
    keras_own(x)
    keras_own.set_weights(ours.get_weights())
    np.testing.assert_allclose(np.array(ours(x)), np.array(keras_own(x)), atol=1e-5)
    start = ours.get_weights()
    for model in (ours, keras_own):
        model.compile(keras.optimizers.SGD(1.0), loss="mse")
        model.fit(x, y, batch_size=5, shuffle=False, verbose=0)
    for before, a, b in zip(start, ours.get_weights(), keras_own.get_weights(), strict=True):
        assert np.abs(a - before).max() > 1e-3
        np.testing.assert_allclose(a, b, atol=1e-5)


# -- training ----------------------------------------------------------------------------------------------------------


@both
def test_it_learns_to_write_what_it_has_read(build):
    """Two sequences: one bit of code is enough, and the decoder is not told any symbol when it writes."""
    model = compiled(build(beta=0.1), 3e-2)
    pair = random(model, 2)
    model.fit(np.repeat(pair, 64, axis=0), batch_size=32, epochs=120, verbose=0)
    np.testing.assert_array_equal(model.reconstruct(pair), pair)
    assert (model.sample(20, temperature=0)[:, None] == pair).all(axis=-1).any(axis=-1).mean() > 0.5


def test_validation_is_plain_teacher_forcing():
    """Neither dropout nor scheduled sampling in it: the decoder is told x."""
    model = compiled(flat(word_dropout=1.0, scheduled_sampling=1))
    x = random(model)
    model.noise.state.assign(np.array([7, 0]))
    expected = number(model.objective(x)[0])
    model.noise.state.assign(np.array([7, 0]))
    assert number(model.validate_on(x)["loss"]) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("age", [0, 20])
def test_scheduled_sampling_tells_its_own_symbols_later(age):
    model = flat(scheduled_sampling=50)
    x = random(model, 64)
    model.age.assign(age)
    told = np.array(model.told_in_training(x, codes(model, 64)))
    assert told.min() >= 0
    assert (told == x).mean() == pytest.approx(1 if age == 0 else 0.2, abs=0.1), "k / (k + 1) of them at first"


def test_word_dropout_tells_nothing():
    model = flat(word_dropout=0.25)
    x = random(model, 200)
    told = np.array(model.told_in_training(x, codes(model, 200)))
    assert (told == -1).mean() == pytest.approx(0.25, abs=0.05)
    assert (told[told != -1] == x[told != -1]).all()
    nothing = np.full_like(x, -1)
    model.word_dropout.assign(1.0)
    np.testing.assert_array_equal(np.array(model.told_in_training(x, codes(model, 200))), nothing)


# -- what it writes ----------------------------------------------------------------------------------------------------


@both
def test_the_same_seed_writes_the_same(build):
    model = build()
    z = codes(model)
    np.testing.assert_array_equal(model.decode(z, seed=3), model.decode(z, seed=3))
    assert (model.decode(z, seed=3) != model.decode(z, seed=4)).mean() > 0.2
    np.testing.assert_array_equal(model.sample(5, seed=3), model.sample(5, seed=3))
    assert model.sample(5).shape == (5, model.steps)


@both
def test_without_temperature_each_symbol_is_the_likeliest(build):
    model = build()
    z = codes(model)
    model.set_weights([5 * weight for weight in model.get_weights()])
    drawn = model.decode(z, temperature=0, seed=1)
    np.testing.assert_array_equal(drawn, np.array(model.logits(z, drawn)).argmax(axis=-1))
    assert (drawn != model.decode(z, temperature=1.0)).mean() > 0.2


def test_symbols_come_as_often_as_the_softmax_says():
    model = flat()
    z = np.repeat(3 * codes(model, 1), 4000, axis=0)
    drawn = model.decode(z, temperature=0.5)[:, 0]
    first = np.exp(2 * np.array(model.logits(z[:1], drawn[:1, None].repeat(6, axis=1)))[0, 0])
    np.testing.assert_allclose(np.bincount(drawn, minlength=5) / 4000, first / first.sum(), atol=0.03)


@both
def test_given_symbols_stand_and_are_told(build):
    model = build()
    z, given = codes(model), np.full((16, model.steps), -1)
    given[:, :3] = random(model)[:, :3]
    drawn = model.decode(z, temperature=0, given=given)
    np.testing.assert_array_equal(drawn[:, :3], given[:, :3])
    np.testing.assert_array_equal(drawn[:, 3:], np.array(model.logits(z, drawn)).argmax(axis=-1)[:, 3:])


def test_new_weights_write_something_else():
    """The compiled loop reads the weights anew in each call."""
    model = flat()
    z = codes(model)
    before = model.decode(z)
    model.set_weights([weight + 1 for weight in model.get_weights()])
    assert (model.decode(z) != before).any()


def test_codes_may_have_more_axes():
    model = flat()
    z = codes(model, 6)
    np.testing.assert_array_equal(model.decode(z.reshape(2, 3, -1), 0).reshape(6, -1), model.decode(z, 0))
    np.testing.assert_array_equal(model.reconstruct(random(model)), model.decode(model.codes(random(model)), 0))


# -- the conductor -----------------------------------------------------------------------------------------------------


def test_a_bar_depends_on_its_own_embedding_alone():
    decoder = hierarchical().decoder
    told = random(decoder)
    embeddings = np.array(decoder.embeddings(codes(decoder)))
    assert embeddings.shape == (16, 3, 8)
    assert np.abs(embeddings[:, 0] - embeddings[:, 1]).mean() > 1e-3, "the conductor has gone a step on"
    changed = embeddings.copy()
    changed[:, 1] += 1
    same = np.array(decoder.bars_from(embeddings, told) == decoder.bars_from(changed, told)).all(axis=(0, 2, 3))
    assert same.tolist() == [True, False, True]


@pytest.mark.parametrize("reminded", [False, True])
def test_a_reminded_conductor_is_given_the_code_at_each_bar(reminded):
    decoder = hierarchical(reminded=reminded).decoder
    decoder.conductor.start.kernel.assign(np.zeros(decoder.conductor.start.kernel.shape))  # its state tells nothing
    one, other = ops.convert_to_numpy(decoder.embeddings(np.float32([[1, 2, 3, 4], [4, 3, 2, 1]])))
    assert (np.abs(one - other).min(axis=1) > 1e-4).all() == reminded
    assert (one == other).all() == (not reminded)


def test_a_bar_is_not_told_the_bar_before():
    """In the flat decoder, everything after a changed symbol changes; here, the rest of its bar."""
    decoder = hierarchical().decoder
    z, told = codes(decoder), random(decoder)
    changed = told.copy()
    changed[:, 20] = (told[:, 20] + 1) % 90
    moved = np.array(decoder(z, told) != decoder(z, changed)).any(axis=(0, 2))
    assert np.flatnonzero(moved).tolist() == list(range(21, 32))
    decoder = sequence_vae.lstm(90, 48, **TINY, writer=(8,)).decoder
    moved = np.array(decoder(z, told) != decoder(z, changed)).any(axis=(0, 2))
    assert np.flatnonzero(moved).tolist() == list(range(21, 48))


# -- files -------------------------------------------------------------------------------------------------------------


@both
def test_a_saved_model_is_the_same_model(build, tmp_path):
    """And training has left in it how far the weight of the divergence has grown."""
    model = compiled(build(beta=0.5, free_bits=2, warm_up=8, scheduled_sampling=9, word_dropout=0.25, seed=5))
    x = random(model, 64)
    model.fit(x, batch_size=16, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded) is SequenceVAE
    assert [number(getattr(loaded, name)) for name in ("beta", "free_bits", "word_dropout")] == [0.5, 2, 0.25]
    assert [number(getattr(loaded, name)) for name in ("warmth", "age")] == [0.5, pytest.approx(4 / 9)]
    assert (loaded.warm_up, loaded.scheduled_sampling, loaded.seed) == (8, 9, 5)
    np.testing.assert_array_equal(loaded.reconstruct(x), model.reconstruct(x))
    assert number(loaded.elbo(x, seed=1).elbo[0]) == pytest.approx(number(model.elbo(x, seed=1).elbo[0]), rel=1e-5)


def test_sizes_have_names():
    model = music_vae.flat(2, "quick")
    assert (model.steps, model.symbols, model.latent_dim) == (32, 90, 32)
    assert music_vae.hierarchical(16, "quick", latent_dim=3).steps == 256
    assert music_vae.SIZES["paper"]["writer"] == (2048, 2048, 2048)
    with pytest.raises(ValueError, match="Expected size to be one of 'quick', 'small', 'paper', got 'big'"):
        music_vae.flat(2, "big")
    with pytest.raises(ValueError, match="Expected bars to be a whole number of at least 1, got 0"):
        music_vae.hierarchical(0)


# -- what it says to bad input -----------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x, top: x.astype("float32"), "Expected symbols: whole numbers, at least one sequence, got float32"),
        (lambda x, top: x - 1, "Expected symbols from 0 to .*, got some from -1 to"),
        (lambda x, top: np.where(x == x.max(), top, x), "Expected symbols from 0 to .*Encode the sequences"),
        (lambda x, top: x[:, :-1], r"Expected sequences of \d+ symbols \[n, \d+\], got \[16, \d+\]"),
        (lambda x, top: x[0], r"Expected sequences of \d+ symbols"),
        (lambda x, top: x[:0], r"at least one sequence, got int64 \[0, |a non-empty array of numbers, got shape \(0, "),
    ],
    ids=["floats", "negative", "too large", "short", "one", "none"],
)
def test_sequences_that_it_cannot_take(build, spoil, message):
    model = compiled(build())
    x = random(model)
    x[0, 0] = 0
    for use in (lambda x: model.fit(x, verbose=0), model.reconstruct, model.codes):
        with pytest.raises(ValueError, match=message):
            use(spoil(x, model.symbols))


@both
def test_codes_that_it_cannot_take(build):
    model = build()
    for use in (
        model.decode,
        lambda z: model.logits(z, random(model)),
        lambda z: model.log_likelihood(random(model), z),
    ):
        with pytest.raises(ValueError, match=r"Expected codes z \[\.\.\., 4\], as of `encode`, got \[16, 3\]"):
            use(codes(model)[:, :3])
    with pytest.raises(ValueError, match="Expected temperature of at least 0, got -1"):
        model.decode(codes(model), temperature=-1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"latent_dim": 0}, "Expected latent_dim to be a whole number of at least 1, got 0"),
        ({"reader": (8, 0)}, r"Expected widths\[1\] .* got 0"),
        ({"writer": (0,)}, r"Expected widths\[0\] .* got 0"),
        ({"beta": -1}, "Expected beta of at least 0, got -1"),
        ({"scheduled_sampling": -1}, "Expected scheduled_sampling of at least 0"),
        ({"word_dropout": 1.5}, "Expected word_dropout of at most 1, a share, got 1.5"),
    ],
    ids=str,
)
def test_settings_that_make_no_model(options, message):
    with pytest.raises(ValueError, match=message):
        sequence_vae.lstm(5, 6, **options)


def test_networks_that_do_not_fit_together():
    with pytest.raises(ValueError, match=r"the decoder's 3 inputs as outputs, \(6,\), got \(8,\)"):
        SequenceVAE(encoder(5, 6, 4, (8,)), Decoder(5, 6, 3, (8,)))
    with pytest.raises(ValueError, match=r"as long as the decoder's, \(7,\), got \(6,\)"):
        SequenceVAE(encoder(5, 6, 4, (8,)), Decoder(5, 7, 4, (8,)))
