import keras
import numpy as np
import pytest
from keras import layers

from coursekit.models import augmentation, dcgan
from coursekit.models.dcgan import DCGAN, LabelNoiseGAN

SMALL = {"channels": (8, 8), "discriminator": (4, 8), "depth": 0}
VARIANTS = {
    "fast": {"depth": 1},
    "paper's loss": {"loss": "non-saturating", "averaging": 0.0, "noise": "uniform"},
    "no batch normalization": {"batch_norm": False, "initializer": "glorot_uniform"},
    "pooling": {"resampling": "pooling"},
    "sigmoid, ReLU": {"signed": False, "slope": 0.0},
    "hidden": {"hidden": 8},
    "Algorithm 1": {"k": 2},
    "augmented": {"augment": ("flip", "color", "translation", "cutout")},
    "slide": {"label_noise": "slide"},
    "inside": {"label_noise": "inside"},
}
every_variant = pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)


def compiled(model, rate=2e-3):
    model.compile(
        generator=keras.optimizers.Adam(rate, beta_1=0.5), discriminator=keras.optimizers.Adam(rate, beta_1=0.5)
    )
    return model


def kinds(network, kind):
    return [layer for layer in network.layers if isinstance(layer, kind)]


# -- the guidelines ----------------------------------------------------------------------------------------------------


@pytest.mark.one_backend
def test_the_papers_networks_follow_its_guidelines():
    model = dcgan.paper(channels=(8, 16, 32, 64), discriminator=(8, 16, 32, 64))
    up, down = model.generator, model.discriminator
    assert [layer.output.shape[1:] for layer in kinds(up, layers.Reshape)] == [(4, 4, 64)]
    assert [layer.output.shape[-1] for layer in kinds(up, layers.Conv2DTranspose)] == [32, 16, 8, 3]
    assert [layer.filters for layer in kinds(down, layers.Conv2D)] == [8, 16, 32, 64]
    strided = kinds(up, layers.Conv2DTranspose) + kinds(down, layers.Conv2D)
    assert {layer.strides for layer in strided} == {(2, 2)}, "no pooling"
    assert not kinds(up, layers.UpSampling2D) + kinds(down, layers.MaxPooling2D)
    assert len(kinds(up, layers.BatchNormalization)) == 4, "all but the output"
    assert len(kinds(down, layers.BatchNormalization)) == 3, "all but the input"
    assert isinstance(down.layers[1], layers.LeakyReLU)
    assert len(kinds(up, layers.Dense)) == len(kinds(down, layers.Dense)) == 1, "no hidden dense layer"
    assert up.layers[-1].activation is keras.activations.tanh
    assert len(kinds(up, layers.ReLU)) == 4
    assert {layer.negative_slope for layer in kinds(down, layers.LeakyReLU)} == {0.2}
    assert model.latent_dim == 100
    assert model.noise_name == "uniform"
    for network in (up, down):
        for layer in kinds(network, (layers.Conv2D, layers.Conv2DTranspose, layers.Dense)):
            kernel = layer.get_weights()[0]
            assert kernel.std() == pytest.approx(0.02, rel=0.15), layer.name
            assert abs(kernel.mean()) < 0.005, layer.name


@pytest.mark.one_backend
def test_each_guideline_is_one_keyword():
    build = lambda **options: dcgan.fast(**{**SMALL, **options})
    assert not kinds(build(batch_norm=False).generator, layers.BatchNormalization)
    assert not kinds(build(batch_norm=False).discriminator, layers.BatchNormalization)
    pooled = build(resampling="pooling")
    assert (
        len(kinds(pooled.generator, layers.UpSampling2D)) == len(kinds(pooled.discriminator, layers.MaxPooling2D)) == 2
    )
    assert not kinds(pooled.generator, layers.Conv2DTranspose)
    unsigned = build(signed=False)
    assert unsigned.generator.layers[-1].activation is keras.activations.sigmoid
    assert not unsigned.signed
    assert not kinds(build(slope=0.0).discriminator, layers.LeakyReLU)
    hidden = build(hidden=16)
    assert [layer.units for layer in kinds(hidden.discriminator, layers.Dense)] == [16, 1]
    assert [layer.units for layer in kinds(hidden.generator, layers.Dense)] == [16, 7 * 7 * 8]
    glorot = kinds(build(initializer="glorot_uniform").discriminator, layers.Dense)[0].get_weights()[0]
    assert np.abs(glorot).max() <= np.sqrt(6 / (glorot.size + 1))
    deeper = build(depth=2)
    assert [layer.kernel_size for layer in kinds(deeper.discriminator, layers.Conv2D)] == [(4, 4)] * 2 + [(3, 3)] * 2
    assert len(kinds(deeper.generator, layers.Conv2D)) == 2
    assert isinstance(build(label_noise="inside"), LabelNoiseGAN)


@pytest.mark.one_backend
def test_the_tutorials_networks():
    model = dcgan.tutorial()
    assert model.generator.count_params() == 2_330_944
    assert model.discriminator.count_params() == 212_865
    assert (model.shape, model.latent_dim, model.signed) == ((28, 28, 1), 100, True)


# -- training ----------------------------------------------------------------------------------------------------------


@every_variant
def test_a_few_steps_train_both_networks(options, digits):
    keras.utils.set_random_seed(0)
    model = compiled(dcgan.fast(**{**SMALL, **options}))
    before = [network.get_weights() for network in (model.generator, model.discriminator)]
    history = model.fit(digits.images, batch_size=32, epochs=2, verbose=0).history
    assert set(history) == {"d_loss", "g_loss"}
    assert np.isfinite(list(history.values())).all()
    for old, network in zip(before, (model.generator, model.discriminator), strict=True):
        for was, now, variable in zip(old, network.get_weights(), network.weights, strict=True):
            assert not np.array_equal(was, now), variable.path
    images = model.sample(5)
    assert images.shape == (5, 28, 28, 1)
    assert 0 <= images.min() <= images.max() <= 1


@pytest.mark.one_backend
def test_a_short_training_draws_in_the_ink_of_digits(digits):
    """Black surroundings, and about as much white as digits have: an untrained generator is gray all over."""
    keras.utils.set_random_seed(0)
    model = compiled(dcgan.fast(depth=0, averaging=0.0))
    gray = model.sample(64)
    model.fit(digits.images, batch_size=32, epochs=30, verbose=0)
    drawn = model.sample(64)
    assert abs(gray.mean() - digits.images.mean()) > 0.3
    assert abs(drawn.mean() - digits.images.mean()) < 0.08
    assert drawn[:, :2].mean() < 0.1, "the upper edge is black"


def test_training_again_with_the_same_seeds_is_the_same_training(digits):
    def weights():
        keras.utils.set_random_seed(3)
        model = compiled(dcgan.fast(**SMALL))
        model.fit(digits.images[:64], batch_size=16, verbose=0)
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    np.testing.assert_allclose(weights(), weights(), atol=1e-5)


def test_dropout_of_the_deck_does_nothing_in_its_step():
    model = dcgan.deck()
    assert not model.training
    x = np.random.default_rng(0).random((2, 64, 64, 3)).astype("float32")
    first, second = (np.array(model.predictions(x)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    model.training = True
    assert not np.array_equal(first, np.array(model.predictions(x)))


@every_variant
def test_a_saved_model_is_the_same_model(options, tmp_path):
    model = dcgan.fast(**{**SMALL, **options})
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded) is type(model)
    assert loaded.augment == model.augment
    np.testing.assert_array_equal(loaded.sample(4), model.sample(4))
    if isinstance(model, LabelNoiseGAN):
        assert (loaded.label_noise, loaded.training) == (model.label_noise, model.training)


# -- augmentation ------------------------------------------------------------------------------------------------------


def augmented(kind, n=64):
    images = np.random.default_rng(0).uniform(-1, 1, (n, 8, 8, 3)).astype("float32")
    changed = augmentation.augment(images, (kind,), keras.random.SeedGenerator(0))
    return images, np.array(changed)


def test_a_flipped_image_is_itself_or_its_mirror_image():
    images, changed = augmented("flip")
    mirrored = [np.array_equal(new, old[:, ::-1]) for old, new in zip(images, changed, strict=True)]
    kept = [np.array_equal(new, old) for old, new in zip(images, changed, strict=True)]
    assert all(a != b for a, b in zip(mirrored, kept, strict=True))
    assert 0.3 < np.mean(mirrored) < 0.7


def test_a_moved_image_is_a_shifted_copy_on_gray():
    images, changed = augmented("translation")
    moves = set()
    for old, new in zip(images, changed, strict=True):
        padded = np.pad(old, ((1, 1), (1, 1), (0, 0)))
        found = [(y, x) for y in range(3) for x in range(3) if np.allclose(padded[y : y + 8, x : x + 8], new)]
        assert len(found) == 1
        moves.add(found[0])
    assert len(moves) == 9, "by up to a pixel of eight, in each direction"


def test_a_cut_image_has_a_gray_square():
    images, changed = augmented("cutout")
    gray = (changed == 0).all(axis=-1)
    assert np.array_equal(changed[~gray], images[~gray])
    assert gray.sum(axis=(1, 2)).max() == 16, "4x4 where it is whole"
    assert gray.any(axis=(1, 2)).all()


def test_colors_change_by_an_affine_map_of_each_image():
    images, changed = augmented("color")
    for old, new in zip(images[:8], changed[:8], strict=True):
        basis = np.stack([old.ravel(), np.repeat(old.mean(axis=-1), 3), np.ones(old.size)], axis=1)
        fit = basis @ np.linalg.lstsq(basis, new.ravel(), rcond=None)[0]
        np.testing.assert_allclose(fit, new.ravel(), atol=1e-4)
    assert np.abs(changed - images).mean() > 0.1


# -- discriminator features --------------------------------------------------------------------------------------------


def test_features_are_every_convolutions_answer_in_a_4x4_grid():
    model = dcgan.paper((32, 32, 3), channels=(4, 8, 16), discriminator=(4, 8, 16), kernel=4)
    x = np.random.default_rng(0).random((3, 32, 32, 3)).astype("float32")
    features = model.features(x)
    assert features.shape == (3, 16 * (4 + 8 + 16))
    answer, expected = 2 * x - 1, []
    for layer in model.discriminator.layers[:-2]:
        answer = np.array(layer(answer))
        if isinstance(layer, layers.LeakyReLU):
            n, side, _, maps = answer.shape
            window = side // 4
            grid = answer.reshape(n, 4, window, 4, window, maps).max(axis=(2, 4))
            expected.append(grid.reshape(n, -1))
    np.testing.assert_allclose(features, np.concatenate(expected, axis=1), atol=1e-5)


@pytest.mark.one_backend
@pytest.mark.parametrize("model", [dcgan.fast, dcgan.tutorial], ids=["fast", "tutorial"])
def test_features_of_the_28x28_networks(model):
    model = model()
    maps = sum(layer.filters for layer in kinds(model.discriminator, layers.Conv2D))
    assert model.features(np.zeros((2, 28, 28, 1))).shape == (2, 16 * maps)


@pytest.mark.one_backend
def test_the_papers_feature_counts():
    """Its own ImageNet network: 128, 128, 256, 256, 512 and 512 channels give 28,672 numbers."""
    assert 16 * (128 + 128 + 256 + 256 + 512 + 512) == 28_672
    model = dcgan.paper((32, 32, 3), channels=(64, 128, 256), discriminator=(64, 128, 256), kernel=4)
    assert model.features(np.zeros((1, 32, 32, 3))).shape == (1, 7168)


# -- what it says to bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shape": (28, 28)}, r"Expected a shape \(height, width, 1 or 3 channels\)"),
        ({"shape": (30, 28, 1)}, r"multiples of 4, got \(30, 28, 1\)"),
        ({"shape": (28, 28, 2)}, "1 or 3 channels"),
        ({"channels": (8, 8, 8)}, "Expected as many stages in both networks, at least one, got 3 .* and 2"),
        ({"channels": (), "discriminator": ()}, "at least one, got 0"),
        ({"channels": (8, 0)}, r"Expected channels\[1\]"),
        ({"latent_dim": 0}, "Expected latent_dim"),
        ({"kernel": 2.5}, "Expected kernel"),
        ({"resampling": "unpooling"}, "Expected resampling to be one of 'strides', 'pooling', got 'unpooling'"),
        ({"loss": "squares"}, "Expected loss"),
        ({"label_noise": "outside"}, "Expected label_noise to be one of 'slide', 'inside', 'none', got 'outside'"),
        ({"label_noise": "slide", "loss": "hinge"}, "Expected no loss, k, r1 and augment with"),
        ({"augment": ("blur",)}, "Expected augment to be among 'flip', 'color', 'translation', 'cutout', got"),
        ({"augment": ("flip",), "k": 2}, "Expected augment with signed=True"),
    ],
    ids=str,
)
def test_settings_that_make_no_model(options, message):
    with pytest.raises(ValueError, match=message):
        dcgan.fast(**options)


def bad_images():
    x = np.random.default_rng(0).random((16, 28, 28, 1)).astype("float32")
    return {
        "another size": (np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0))), r"\[n, 28, 28, 1\], got \[16, 32, 32, 1\]"),
        "three channels": (np.repeat(x, 3, axis=-1), r"\[n, 28, 28, 1\], got \[16, 28, 28, 3\]"),
        "no channel": (x[..., 0], r"\[n, 28, 28, 1\], got \[16, 28, 28\]"),
        "none": (x[:0], "got 0"),
        "bytes": (255 * x, r"Expected images in \[0, 1\], got values from 0"),
        "signed": (2 * x - 1, r"Expected images in \[0, 1\], got values from -"),
    }


@pytest.mark.parametrize("harm", bad_images())
def test_images_that_it_cannot_train_on(harm):
    images, message = bad_images()[harm]
    with pytest.raises(ValueError, match=message):
        compiled(dcgan.fast(**SMALL)).fit(images, batch_size=8, verbose=0)


def test_one_channel_given_to_a_network_for_three():
    model = compiled(dcgan.paper((32, 32, 3), channels=(4, 8), discriminator=(4, 8)))
    with pytest.raises(ValueError, match=r"\[n, 32, 32, 3\], got \[8, 32, 32, 1\]"):
        model.fit(np.zeros((8, 32, 32, 1), "float32"), batch_size=4, verbose=0)


@pytest.mark.one_backend
def test_images_that_have_no_features():
    model = dcgan.fast(**SMALL)
    with pytest.raises(ValueError, match="non-empty"):
        model.features(np.zeros((0, 28, 28, 1)))
    with pytest.raises(ValueError, match=r"got \[2, 32, 32, 1\]"):
        model.features(np.zeros((2, 32, 32, 1)))
    with pytest.raises(ValueError, match="non-empty"):
        dcgan.discriminator_features(model.discriminator, np.zeros((0, 28, 28, 1)))
    small = dcgan.paper((8, 8, 1), channels=(4, 4), discriminator=(4, 4))
    with pytest.raises(ValueError, match="pooled to 4x4, got one of 2x2"):
        small.features(np.zeros((1, 8, 8, 1)))
    with pytest.raises(ValueError, match="got a generator alone"):
        dcgan.fast(**SMALL, generator_only=True).features(np.zeros((1, 28, 28, 1)))


def test_nothing_to_draw():
    model = dcgan.fast(**SMALL)
    with pytest.raises(ValueError, match="Expected count"):
        model.sample(0)
    assert isinstance(model, DCGAN)
