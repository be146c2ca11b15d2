import keras
import numpy as np
import pytest
from keras import layers

from coursekit.models import stylegan
from coursekit.models.stylegan import StyleGAN

SMALL = {"shape": (16, 16, 3), "latent_dim": 8, "channels": (8, 8, 8), "discriminator": (4, 8)}
VARIANTS = {
    "second version": {"depth": 1},
    "first version": {"adain": True},
    "augmented": {"augment": ("flip", "color", "translation")},
    "no mapping": {"mapping": 0, "depth": 0, "averaging": 0.0},
}
every_variant = pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)


def built(**options):
    return stylegan.paper(**SMALL | options)


def compiled(model, rate=2e-3):
    model.compile(**{name: keras.optimizers.Adam(rate, 0.0, 0.99) for name in ("generator", "discriminator")})
    return model


def images(n=32, shape=(16, 16, 3)):
    return np.random.default_rng(0).random((n, *shape)).astype("float32")


@every_variant
def test_a_few_steps_move_every_weight(options):
    keras.utils.set_random_seed(0)
    model = compiled(built(**options))
    before = [weight.numpy() for weight in model.generator.weights + model.discriminator.weights]
    history = model.fit(images(), batch_size=8, epochs=2, verbose=0).history
    assert set(history) == {"d_loss", "g_loss"}
    assert np.isfinite(list(history.values())).all()
    for was, variable in zip(before, model.generator.weights + model.discriminator.weights, strict=True):
        assert not np.array_equal(was, variable.numpy()), variable.path
    drawn = model.sample(5)
    assert drawn.shape == (5, 16, 16, 3)
    assert drawn.dtype == "float32"
    assert 0 <= drawn.min() <= drawn.max() <= 1
    np.testing.assert_array_equal(drawn, model.sample(5))


@every_variant
def test_a_saved_model_is_the_same_model(options, tmp_path):
    model = built(**options, lazy=4, mixing=0.5, r1=0.2)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded) is StyleGAN
    assert (loaded.lazy, loaded.mixing, loaded.r1, loaded.pixel_noise) == (4, 0.5, 0.2, True)
    np.testing.assert_array_equal(loaded.sample(4), model.sample(4))


@pytest.mark.one_backend
def test_the_networks_have_the_parts_of_the_paper():
    model = stylegan.paper()
    assert model.resolutions() == [4, 8, 8, 16, 16, 32, 64]
    assert model.pixels == sum(side**2 for side in model.resolutions())
    synthesis = model.generator.get_layer("synthesis")
    colors = [each for each in synthesis.layers if getattr(each, "demodulate", None) is False]
    assert [each.output.shape[1] for each in colors] == [4, 8, 16, 32, 64], "a color image of each resolution"
    for network in (model.generator, model.discriminator):
        assert not any(isinstance(each, layers.BatchNormalization) for each in network.layers)
    first = built(adain=True).generator.get_layer("synthesis")
    assert sum(type(each).__name__ == "AdaINLayer" for each in first.layers) == 5


def test_noise_changes_an_image_once_it_has_strength():
    model = built(averaging=0.0)
    z = np.random.default_rng(0).standard_normal((3, 8))
    np.testing.assert_array_equal(model.generate(z, noise=0), model.generate(z, noise=1))
    for layer in model.generator.get_layer("synthesis").layers:
        if hasattr(layer, "strength"):
            layer.strength.assign(0.5)
    assert np.abs(model.generate(z, noise=0) - model.generate(z, noise=1)).max() > 0.01
    np.testing.assert_array_equal(model.generate(z, noise=1), model.generate(z, noise=1))
    assert np.abs(model.generate(z, noise=None) - model.generate(z, noise=1)).max() > 0.01
    plain = StyleGAN(model.generator, None, pixel_noise=False)
    np.testing.assert_array_equal(plain.generate(z, noise=0), model.generate(z, noise=None))


def test_more_images_than_are_drawn_at_once(monkeypatch):
    model = built()
    z = np.random.default_rng(0).standard_normal((5, 8))
    whole = model.generate(z)
    monkeypatch.setattr(stylegan, "AT_ONCE", 2)
    np.testing.assert_allclose(model.generate(z), whole, atol=1e-5)


@pytest.mark.one_backend
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shape": (16, 12, 3)}, r"Expected a shape \(side, side, 1 or 3\) .* 16 with 3 channels, got \(16, 12, 3\)"),
        ({"shape": (32, 32, 3)}, "Expected a shape"),
        ({"shape": (16, 16, 4)}, "Expected a shape"),
        ({"shape": (16, 16)}, "Expected a shape"),
        ({"channels": (8, 0, 8)}, r"Expected channels\[1\]"),
        ({"discriminator": (8,)}, "Expected a discriminator of 2 stages, from 16 to 4 pixels a side, got 1"),
        ({"mapping": -1}, "Expected mapping"),
        ({"latent_dim": 0}, "Expected latent_dim"),
        ({"mixing": 1.5}, "Expected mixing, a share of the images, from 0 to 1, got 1.5"),
        ({"lazy": 0}, "Expected lazy"),
        ({"r1": -1}, "Expected r1"),
        ({"k": 2}, "Expected k = 1"),
        ({"loss": "wasserstein"}, "Expected k = 1"),
    ],
    ids=str,
)
def test_settings_that_make_no_model(options, message):
    with pytest.raises(ValueError, match=message):
        built(**options)


@pytest.mark.one_backend
def test_a_generator_without_its_parts():
    plain = keras.Sequential([keras.Input((8,)), layers.Dense(48), layers.Reshape((4, 4, 3))])
    with pytest.raises(ValueError, match="Expected a generator with two models as its layers, 'mapping' and"):
        StyleGAN(plain, None)


@pytest.mark.one_backend
@pytest.mark.parametrize(
    "bad", [images(8, (8, 8, 3)), images(8, (16, 16, 1)), 255 * images(8)], ids=["size", "gray", "bytes"]
)
def test_images_that_it_cannot_train_on(bad):
    with pytest.raises(ValueError, match="Expected"):
        compiled(built()).fit(bad, batch_size=4, verbose=0)


@pytest.mark.one_backend
def test_styles_and_codes_of_another_shape():
    model = built()
    with pytest.raises(ValueError, match=r"Expected codes z \[n, 8\], got \[2, 9\]"):
        model.generate(np.zeros((2, 9)))
    with pytest.raises(ValueError, match=r"Expected styles, one for each layer, \[n, 5, 8\], got \[2, 8\]"):
        model.synthesize(np.zeros((2, 8)))
    styles = model.styles(np.zeros((2, 8)))
    with pytest.raises(ValueError, match="cut of at most the number of layers"):
        stylegan.mix(styles, styles, 6)
    with pytest.raises(ValueError, match="Expected a GAN with an averaged generator"):
        built(averaging=0.0).generate(np.zeros((2, 8)), averaged=True)
