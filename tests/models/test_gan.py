import math

import keras
import numpy as np
import pytest
from keras import layers, ops

from coursekit import data
from coursekit.models import GAN, gan
from coursekit.models.gan_losses import LOSSES
from coursekit.models.gan_networks import Dropout, Maxout
from coursekit.training import TrainingDiverged

RING = data.toy("ring").sample(256)


def number(variable):
    return float(np.array(variable.value))


def arrays(network):
    return [np.array(weight.value) for weight in network.weights]


def compiled(model, rate=1e-3, **optimizers):
    adam = lambda: keras.optimizers.Adam(rate, beta_1=0.5)
    both = {"generator": adam(), "discriminator": adam()} | optimizers
    model.compile(**both, jit_compile=False)  # compiling for XLA would take longest
    return model


def small(**options):
    return gan.dense(3, generator=(8,), discriminator=(8,), **options)


def with_batch_norm(**options):
    """Batch normalization in both networks, dropout in the discriminator: all that has a state."""
    keras.utils.set_random_seed(1)
    hidden = [layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
    generator = keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(2)])
    hidden = [layers.Dense(8), layers.BatchNormalization(), layers.ReLU(), layers.Dropout(0.3)]
    return GAN(generator, keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(1)]), **options)


def steps(model):
    return [int(np.array(model.optimizers[name].iterations.value)) for name in ("discriminator", "generator")]


# -- sizes and shapes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [2, (6, 6, 1)], ids=str)
def test_dense_networks_of_any_shape(shape):
    model = gan.dense(5, shape, (7, 8), (9,), output="sigmoid")
    full = (shape,) if isinstance(shape, int) else shape
    assert model.sample(3).shape == (3, *full)
    assert model.discriminator.output_shape == (None, 1)
    assert [layer.units for layer in model.generator.layers if isinstance(layer, layers.Dense)][:2] == [7, 8]
    z = model.noise(4)
    assert tuple(z.shape) == (4, 5)
    for scalar in (model.value(model.sample(4), z), model.discriminator_loss(model.sample(4), z)):
        assert tuple(scalar.shape) == ()


def test_the_maxout_networks_are_the_papers():
    model = gan.maxout()
    assert [layer.units for layer in model.generator.layers] == [1200, 1200, 784]
    assert [layer.units for layer in model.discriminator.layers if isinstance(layer, Maxout)] == [240, 240]
    assert [layer.rate for layer in model.discriminator.layers if isinstance(layer, layers.Dropout)] == [0.2, 0.5, 0.5]
    trained = sum(math.prod(weight.shape) for weight in model.discriminator.trainable_variables)
    assert trained == (784 * 1200 + 1200) + (240 * 1200 + 1200) + (240 + 1)
    for network, bound in ((model.generator, 0.05), (model.discriminator, 0.005)):
        kernels = np.concatenate([kernel.ravel() for kernel in arrays(network) if kernel.ndim == 2])
        assert np.abs(kernels).max() <= bound
        assert kernels.std() == pytest.approx(bound / math.sqrt(3), rel=0.02)
    noise = np.array(model.noise(2000))
    assert np.abs(noise).max() == pytest.approx(math.sqrt(3), rel=1e-3)
    assert noise.std() == pytest.approx(1, abs=0.01)
    images = model.sample(3)
    assert images.shape == (3, 784)
    assert 0 < images.min() < images.max() < 1


def test_maxout_is_the_largest_of_its_pieces():
    layer = Maxout(3, pieces=2)
    x = np.random.default_rng(0).standard_normal((5, 4)).astype("float32")
    answer = np.array(layer(x))
    kernel, bias = arrays(layer)
    np.testing.assert_allclose(answer, (x @ kernel + bias).reshape(5, 3, 2).max(axis=2), atol=1e-5)
    again = Maxout.from_config(layer.get_config())
    assert (again.units, again.pieces) == (3, 2)


def test_dropout_is_keras_own_but_for_the_random_numbers():
    layer, x = Dropout(0.3), np.full((200, 100), 2.0, "float32")
    np.testing.assert_array_equal(np.array(layer(x)), x)
    first, second = (np.array(layer(x, training=True)) for _ in range(2))
    np.testing.assert_allclose(np.unique(first), [0, 2 / 0.7], rtol=1e-5)
    assert (first == 0).mean() == pytest.approx(0.3, abs=0.02)
    assert (first != second).mean() == pytest.approx(2 * 0.3 * 0.7, abs=0.02)


# -- training ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "batch_size"), [(1, 32), (3, 16)])
def test_k_steps_of_the_discriminator_for_each_of_the_generator(k, batch_size):
    model = compiled(small(k=k))
    model.fit(RING, batch_size=batch_size, epochs=2, verbose=0)
    of_generator = 2 * (len(RING) // (k * batch_size))
    assert steps(model) == [k * of_generator, of_generator]


def test_each_step_of_the_discriminator_has_its_own_minibatch():
    """And its own noise: the discriminator's losses are watched, step by step."""
    seen = []

    class Watched(GAN):
        def discriminator_loss(self, x, z, training=True):
            seen.append((np.array(x), np.array(z)))
            return super().discriminator_loss(x, z, training)

    model = Watched(*networks(), k=3)
    sgd = keras.optimizers.SGD
    model.compile(generator=sgd(), discriminator=sgd(), run_eagerly=True)
    if keras.backend.backend() == "jax":
        pytest.skip("JAX traces the step: the arrays are not to be seen")
    model.fit(RING[:12], batch_size=4, verbose=0)
    x = np.concatenate([x for x, _ in seen])
    assert [len(z) for _, z in seen] == [4, 4, 4]
    np.testing.assert_array_equal(x[np.lexsort(x.T)], RING[:12][np.lexsort(RING[:12].T)])
    assert len(np.unique(np.concatenate([z for _, z in seen]), axis=0)) == 12


def networks():
    model = small()
    return model.generator, model.discriminator


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_trains_both_networks(loss):
    model = compiled(small(loss=loss, r1=0.1 if loss == "hinge" else 0))
    before = arrays(model.generator), arrays(model.discriminator)
    history = model.fit(RING, batch_size=64, verbose=0).history
    assert set(history) == {"d_loss", "g_loss"}
    for old, network in zip(before, (model.generator, model.discriminator), strict=True):
        assert all(np.abs(a - b).max() > 1e-5 for a, b in zip(old[:-1], arrays(network)[:-1], strict=True))


def test_the_discriminators_step_moves_only_the_discriminator():
    model = compiled(small(), generator=keras.optimizers.SGD(0.0))
    before, weights = arrays(model.generator), arrays(model.discriminator)
    model.fit(RING, batch_size=64, verbose=0)
    for a, b in zip(before, arrays(model.generator), strict=True):
        np.testing.assert_array_equal(a, b)
    assert np.abs(weights[0] - arrays(model.discriminator)[0]).max() > 1e-4


def test_eight_modes_are_found_under_xla_with_the_r1_penalty():
    """A short run of what `tests/bench/gan2d.py` measures: the first modes appear."""
    from coursekit.metrics.ring_modes import modes

    keras.utils.set_random_seed(0)
    ring = data.toy("ring")
    model = gan.dense(generator=(32,) * 3, discriminator=(32,) * 3, r1=0.1, averaging=0.99)
    adam = lambda: keras.optimizers.Adam(5e-3, beta_1=0.0, beta_2=0.99)
    model.compile(generator=adam(), discriminator=adam())
    before = modes(model.sample(2000), ring.modes, ring.std).near
    model.fit(ring.sample(96 * 1000), batch_size=96, epochs=2, verbose=0)
    result = modes(model.sample(2000), ring.modes, ring.std)
    assert before < 0.1
    assert result.near > 0.4
    assert result.found >= 6


def test_momentum_batch_normalization_and_dropout():
    sgd = lambda: keras.optimizers.SGD(0.01, momentum=0.5)
    model = with_batch_norm(k=2)
    compiled(model, generator=sgd(), discriminator=sgd())
    moving = [layer.moving_mean for net in (model.generator, model.discriminator) for layer in net.layers[1:2]]
    before = [np.array(mean.value) for mean in moving]
    history = model.fit(RING, batch_size=32, epochs=2, verbose=0).history
    assert np.isfinite(history["d_loss"]).all()
    assert all(np.abs(np.array(mean.value) - old).max() > 1e-4 for mean, old in zip(moving, before, strict=True))


def test_the_same_seeds_are_the_same_training():
    def weights():
        keras.utils.set_random_seed(3)
        model = compiled(small(seed=5))
        model.fit(RING, batch_size=64, epochs=2, verbose=0)
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    np.testing.assert_array_equal(weights(), weights())


def test_resumed_is_as_if_it_had_never_stopped(tmp_path):
    def run(epochs, path):
        keras.utils.set_random_seed(3)
        model = compiled(small(averaging=0.9, k=2))
        model.fit(RING, batch_size=32, epochs=epochs, checkpoint=path, verbose=0)
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    run(1, tmp_path / "a.npz")
    np.testing.assert_array_equal(run(3, tmp_path / "a.npz"), run(3, tmp_path / "b.npz"))


def test_a_stream_is_cut_into_k_minibatches():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("loading TensorFlow beside JAX takes long")
    import tensorflow as tf

    model = compiled(small(k=2))
    model.fit(tf.data.Dataset.from_tensor_slices(RING).batch(64), verbose=0)
    assert steps(model) == [8, 4]


# -- the averaged generator --------------------------------------------------------------------------------------------


def test_the_averaged_generator_follows_its_formula():
    """averaged <- keep averaged + (1 - keep) generator, keep = min(averaging, (1 + t) / (10 + t)), for batch
    normalization's averages too."""
    model = compiled(with_batch_norm(averaging=0.2), rate=0.05)
    expected = arrays(model.generator)
    for a, b in zip(expected, arrays(model.averaged), strict=True):
        np.testing.assert_array_equal(a, b)
    for t in range(4):
        model.train_on_batch(RING[:32])
        keep = min(0.2, (1 + t) / (10 + t))
        pairs = zip(expected, arrays(model.generator), strict=True)
        expected = [keep * average + (1 - keep) * now for average, now in pairs]
    assert number(model.steps_averaged) == 4
    for a, b in zip(expected, arrays(model.averaged), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    names = [weight.name for weight in model.averaged.weights]
    assert {"moving_mean", "moving_variance"} <= set(names)


def test_the_averaged_generator_is_not_trained_itself():
    model = compiled(small(averaging=0.5))
    assert not model.averaged.trainable_variables
    np.testing.assert_array_equal(model.sample(5), model.sample(5, averaged=True))
    model.fit(RING, batch_size=64, verbose=0)
    assert not np.allclose(model.sample(5), model.sample(5, averaged=False))
    assert small().averaged is None


# -- samples -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", ["normal", "uniform"])
def test_samples_are_the_generators_and_come_again(noise):
    model = small(noise=noise)
    rng = np.random.default_rng(0)
    z = rng.standard_normal((300, 3)) if noise == "normal" else rng.uniform(-math.sqrt(3), math.sqrt(3), (300, 3))
    samples = model.sample(300)
    np.testing.assert_allclose(samples, np.array(model.generator(z.astype("float32"))), atol=1e-5)
    np.testing.assert_array_equal(samples, model.sample(300))
    assert not np.allclose(samples, model.sample(300, seed=1))
    drawn = np.array(model.noise(4000))
    np.testing.assert_allclose([drawn.mean(), drawn.std()], [0, 1], atol=0.03)
    np.testing.assert_array_equal(np.array(model.noise(5, seed=2)), np.array(model.noise(5, seed=2)))


def test_sampling_and_measuring_leave_batch_normalization_alone():
    model = compiled(with_batch_norm(averaging=0.9))
    model.fit(RING, batch_size=64, verbose=0)
    before = [np.array(variable.value) for variable in (*model.generator.variables, *model.discriminator.variables)]
    model.sample(20)
    model.sample(20, averaged=False)
    model.value(RING, model.noise(20))
    model.discriminator_loss(RING, model.noise(20), training=False)
    model.generator_loss(model.noise(20), training=False)
    after = [np.array(variable.value) for variable in (*model.generator.variables, *model.discriminator.variables)]
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)


def test_signed_generators_and_images_from_0_to_1():
    """The networks see 2x - 1; what comes out is in [0, 1] again."""
    signed = gan.dense(3, 4, (8,), (8,), output="tanh", signed=True)
    plain = GAN(signed.generator, signed.discriminator)
    x = np.random.default_rng(0).random((16, 4)).astype("float32")
    z = signed.noise(16, seed=1)
    assert float(signed.value(x, z)) == pytest.approx(float(plain.value(2 * x - 1, z)), rel=1e-5)
    loss = float(signed.discriminator_loss(x, z))
    assert loss == pytest.approx(float(plain.discriminator_loss(2 * x - 1, z)), rel=1e-5)
    images = signed.sample(50)
    np.testing.assert_allclose(images, (plain.sample(50) + 1) / 2, atol=1e-5)
    assert 0 <= images.min() < images.max() <= 1
    compiled(signed).fit(x, batch_size=8, verbose=0)
    with pytest.raises(ValueError, match=r"Expected images in \[0, 1\], got values from -1"):
        signed.fit(2 * x - 1.5, batch_size=8)


# -- files -------------------------------------------------------------------------------------------------------------


def test_saved_and_loaded_with_the_averaged_generator(tmp_path):
    options = {"loss": "hinge", "k": 2, "averaging": 0.9, "noise": "uniform", "seed": 7}
    model = compiled(with_batch_norm(**options), discriminator=keras.optimizers.SGD(0.1, momentum=0.5))
    model.fit(RING, batch_size=32, verbose=0)
    model.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    for averaged in (True, False):
        np.testing.assert_array_equal(model.sample(9, averaged=averaged), again.sample(9, averaged=averaged))
    config = again.get_config()
    assert {name: config[name] for name in options} == options
    assert steps(again) == steps(model)
    again.fit(RING, batch_size=32, verbose=0)


def test_maxout_is_saved_and_loaded(tmp_path):
    model = gan.maxout(5, 16, (8,), (4, 4), 3)
    model.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    x = np.random.default_rng(0).random((5, 16)).astype("float32")
    np.testing.assert_array_equal(np.array(model.discriminator(x)), np.array(again.discriminator(x)))
    np.testing.assert_array_equal(model.sample(4), again.sample(4))


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "Expected k to be a whole number of at least 1, got 0"),
        ({"k": 1.5}, "Expected k to be a whole number"),
        ({"loss": "wgan"}, "Expected loss to be one of 'minimax', 'non-saturating', .*got 'wgan'"),
        ({"noise": "gauss"}, "Expected noise to be one of 'normal', 'uniform', got 'gauss'"),
        ({"r1": -1}, "Expected r1 of at least 0"),
        ({"averaging": 1}, "Expected averaging of at least 0 and below 1"),
        ({"averaging": float("nan")}, "Expected averaging of at least 0 and below 1"),
    ],
    ids=str,
)
def test_errors_of_settings(options, message):
    with pytest.raises(ValueError, match=message):
        small(**options)


def test_networks_that_do_not_fit_together():
    net = lambda inputs, outputs: keras.Sequential([keras.Input((inputs,)), layers.Dense(outputs)])
    with pytest.raises(ValueError, match=r"samples of the discriminator's shape, \(3,\), got \(2,\)"):
        GAN(net(4, 2), net(3, 1))
    with pytest.raises(ValueError, match=r"answers with one logit, \(1,\), got \(2,\)"):
        GAN(net(4, 2), net(2, 2))
    with pytest.raises(ValueError, match=r"generator\[0\] to be a whole number"):
        gan.dense(generator=(0,))
    with pytest.raises(ValueError, match="pieces to be a whole number"):
        gan.maxout(pieces=0)


def test_a_generator_alone_samples_and_says_that_it_cannot_be_trained(tmp_path):
    whole = small(averaging=0.9)
    alone = GAN(whole.generator, None)
    np.testing.assert_array_equal(alone.sample(7), whole.sample(7, averaged=False))
    assert len(alone.weights) == len(whole.generator.weights)
    alone.save(tmp_path / "alone.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "alone.keras").sample(7), alone.sample(7))
    with pytest.raises(ValueError, match=r"a GAN with its discriminator, got a generator alone.*Build one with both"):
        alone.fit(RING)
    with pytest.raises(ValueError, match="got a generator alone"):
        alone.value(RING[:4], alone.noise(4))


def test_data_that_cannot_be_trained_on():
    model = compiled(small(k=3))
    for x, message in (
        (RING[:0], "at least 96 examples, k = 3 minibatches of 32, got 0"),
        (RING[:90], "at least 96 examples, k = 3 minibatches of 32, got 90"),
        (RING[:, :1], r"the discriminator's shape \[n, 2\], got \[256, 1\]"),
        (RING * np.nan, "Expected finite numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            model.fit(x, verbose=0)
    with pytest.raises(ValueError, match="without labels, got a y"):
        model.fit(RING, np.zeros(len(RING)))
    with pytest.raises(ValueError, match="batch_size to be a whole number"):
        model.fit(RING, batch_size=0)
    with pytest.raises(ValueError, match="count to be a whole number"):
        model.sample(0)
    with pytest.raises(ValueError, match="a GAN with an averaged generator"):
        model.sample(3, averaged=True)
    with pytest.raises(ValueError, match=r"the discriminator's shape \[n, 2\]"):
        model.value(np.zeros((4, 5), "float32"), model.noise(4))


def test_a_rate_that_is_too_high_is_named():
    keras.utils.set_random_seed(0)
    sgd = lambda rate: keras.optimizers.SGD(rate)
    model = compiled(small(loss="least-squares"), discriminator=sgd(10.0), generator=sgd(10.0))
    with pytest.raises(TrainingDiverged, match=r"_loss became .*SGD at 10 for the generator"):
        model.fit(RING, batch_size=32, epochs=3, verbose=0)


def test_an_optimizer_for_each_network_is_asked_for():
    model = small()
    model.compile(optimizer="adam")
    with pytest.raises(ValueError, match="an optimizer for discriminator, got none"):
        model.fit(RING, verbose=0)
    assert float(ops.sum(model.noise(1, seed=1))) != 0
