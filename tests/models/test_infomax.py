import keras
import numpy as np
import pytest

from coursekit.models import augmentation, infomax
from coursekit.models.infomax import DeepInfoMax

TINY = {"shape": (16, 16, 3), "channels": (4, 4, 4), "width": 8, "latent_dim": 6, "mi_units": 8, "prior_widths": (8,)}


@pytest.fixture(scope="module")
def patches():
    """Real ones, at half their size."""
    from coursekit import data

    return data.load("photo_patches", limit=96).images[:, ::2, ::2]


def compiled(model, rate=3e-3):
    adam = lambda: keras.optimizers.Adam(rate)
    model.compile(**({"scorer": adam(), "adversary": adam()} if model.gamma else {"optimizer": adam()}))
    return model


# -- parts -------------------------------------------------------------------------------------------------------------


@pytest.mark.one_backend
def test_the_encoder_is_the_papers():
    model = infomax.strided()
    shapes = [model.encoder.get_layer(name).output.shape[1:] for name in ("conv1", "conv2", "conv3", "fc", "y")]
    assert shapes == [(16, 16, 64), (8, 8, 128), (4, 4, 256), (1024,), (64,)]
    answers = {name: tuple(answer.shape[1:]) for name, answer in model.scorer.output.items()}
    assert answers == {"code": (64,), "places": (64, 2048), "code_for_places": (2048,)}
    assert [layer.units for layer in model.adversary.layers] == [1000, 200, 1]


@pytest.mark.parametrize("estimator", ["infonce", "jsd", "dv"])
def test_scores_compare_every_code_with_every_place(patches, estimator):
    model = infomax.strided(alpha=0.5, estimator=estimator, **TINY)
    answers = model.scorer(patches[:5])
    assert tuple(model.local_scores(answers).shape) == (5, 5, 16)
    assert tuple(model.global_scores(answers).shape) == (5, 5)
    assert set(model.information(answers)) == {"local", "global"}
    np.testing.assert_allclose(np.array(answers["code"]), np.array(model(patches[:5])), atol=1e-5)


def test_what_has_no_weight_is_not_there(patches):
    local = infomax.strided(gamma=0.0, **TINY)
    assert not hasattr(local, "adversary")
    assert set(local.scorer.output) == {"code", "places", "code_for_places"}
    only_global = infomax.strided(alpha=1.0, beta=0.0, **TINY)
    assert set(only_global.scorer.output) == {"code", "image", "code_for_image"}
    assert set(only_global.objective(only_global.scorer(patches[:4]))[1]) == {"global", "prior_loss"}


# -- training ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("estimator", "alpha", "gamma"),
    [("jsd", 0.5, 0.1), *(pytest.param(name, 0.0, 0.0, marks=pytest.mark.one_backend) for name in ("infonce", "dv"))],
    ids=str,
)
def test_the_estimate_grows(patches, estimator, alpha, gamma):
    keras.utils.set_random_seed(0)
    model = compiled(infomax.strided(estimator=estimator, alpha=alpha, gamma=gamma, **TINY))
    history = model.fit(patches, batch_size=32, epochs=12, verbose=0, steps_per_stretch=3).history
    assert history["local"][-1] > history["local"][0] + 0.1
    if alpha:
        assert history["global"][-1] > history["global"][0]
    assert ("adversary_loss" in history) == (gamma > 0)


def test_both_sides_learn_in_one_step_and_neither_moves_the_other(patches):
    keras.utils.set_random_seed(0)
    model = compiled(infomax.strided(gamma=1.0, **TINY))
    assert not {id(v) for v in model.scorer.variables} & {id(v) for v in model.adversary.variables}
    assert {id(v) for v in model.encoder.trainable_variables} < {id(v) for v in model.scorer.trainable_variables}
    before = [[np.array(w) for w in part.trainable_weights] for part in (model.encoder, model.adversary)]
    model.train_on_batch(patches[:8])
    after = [[np.array(w) for w in part.trainable_weights] for part in (model.encoder, model.adversary)]
    for old, new in zip(before, after, strict=True):
        assert any(not np.array_equal(a, b) for a, b in zip(old, new, strict=True))


def test_a_square_is_hidden_somewhere_in_each_image():
    images = np.random.default_rng(0).random((96, 16, 12, 3), "float32")
    hidden = np.array(augmentation.occluded(images, 5, keras.random.SeedGenerator(0)))
    changed = (hidden != images).any(axis=-1)
    np.testing.assert_array_equal(changed.sum(axis=(1, 2)), 25)
    for lines in (changed.any(axis=2), changed.any(axis=1)):
        np.testing.assert_array_equal(lines.sum(axis=1), 5)
        assert set(lines.argmax(axis=1)) == set(range(lines.shape[1] - 4)), "at every place, and never outside"
    for image, where, color in zip(hidden, changed, images.mean(axis=(1, 2)), strict=True):
        np.testing.assert_allclose(image[where], np.broadcast_to(color, (25, 3)), atol=1e-5)


def test_an_occluded_image_gives_the_code_and_the_whole_one_the_places(patches, monkeypatch):
    model = infomax.strided(gamma=0.1, occlude=7, alpha=0.5, **TINY)
    x, other = patches[:6], patches[6:12]
    monkeypatch.setattr(augmentation, "occluded", lambda images, side, seed: other if side == 7 else None)
    answers = model.vectors(x)
    whole, hidden = model.scorer(x, training=True), model.scorer(other, training=True)
    for name in whole:
        expected = hidden if name.startswith("code") else whole
        np.testing.assert_allclose(np.array(answers[name]), np.array(expected[name]), atol=1e-5, err_msg=name)
    model.occlude = 0
    np.testing.assert_allclose(np.array(model.vectors(x)["code"]), np.array(whole["code"]), atol=1e-5)


@pytest.mark.parametrize("gamma", [0.0, pytest.param(0.1, marks=pytest.mark.one_backend)])
def test_a_code_is_trained_on_what_is_left_of_its_image(patches, gamma):
    """One step of two equal models; where all but a rim is hidden, the codes' estimate is another one."""
    estimates = {}
    for occlude in (0, 15):
        keras.utils.set_random_seed(0)
        model = compiled(infomax.strided(gamma=gamma, occlude=occlude, **TINY))
        estimates[occlude] = model.train_on_batch(patches[:8], return_dict=True)["local"]
    assert abs(estimates[15] - estimates[0]) > 1e-3
    history = model.fit(patches, batch_size=32, epochs=2, verbose=0, steps_per_stretch=3).history  # compiled, too
    assert np.isfinite(history["local"]).all()


def test_validation_measures_without_changing_anything(patches):
    model = compiled(infomax.strided(gamma=0.0, **TINY))
    history = model.fit(
        patches[:64], batch_size=32, epochs=1, verbose=0, validation_data=patches[64:], validation_batch_size=32
    )
    assert history.history["val_local"][0] == pytest.approx(-history.history["val_loss"][0], abs=1e-5)


def test_features_and_files(patches, tmp_path):
    model = infomax.strided(alpha=0.5, gamma=0.2, occlude=3, **TINY)
    assert model.features(patches, "conv2").shape == (96, 4, 4, 4)
    assert model.features(patches, "fc").shape == (96, 8)
    np.testing.assert_allclose(model.features(patches, "y"), np.array(model(patches)), atol=1e-5)
    model.save(tmp_path / "dim.keras")
    again = keras.saving.load_model(tmp_path / "dim.keras")
    assert isinstance(again, DeepInfoMax)
    assert (again.alpha, again.gamma, again.prior_widths, again.occlude) == (0.5, 0.2, (8,), 3)
    np.testing.assert_allclose(np.array(again(patches[:4])), np.array(model(patches[:4])), atol=1e-5)


# -- bad input ---------------------------------------------------------------------------------------------------------


def test_a_batch_of_one_has_no_negatives(patches):
    model = compiled(infomax.strided(gamma=0.0, **TINY))
    with pytest.raises(ValueError, match="Expected a batch_size of at least 2: the others of a batch are an image's"):
        model.fit(patches, batch_size=1)
    one = np.zeros((1, 1), "float32")
    for estimate in infomax.ESTIMATORS.values():
        with pytest.raises(ValueError, match=r"Expected at least 2 images, .* got 1: use a larger batch"):
            estimate(one)
        with pytest.raises(ValueError, match=r"Expected scores \[n, n\] or \[n, n, places\], got \[3, 2\]"):
            estimate(np.zeros((3, 2), "float32"))


def test_bad_settings(patches):
    with pytest.raises(ValueError, match="Expected estimator to be one of 'infonce', 'jsd', 'dv', got 'nce'"):
        infomax.strided(estimator="nce", **TINY)
    for weights in ({"beta": 0.0}, {"beta": -1.0}, {"gamma": -0.1}):
        with pytest.raises(ValueError, match="Expected weights alpha, beta and gamma of at least 0, and alpha or beta"):
            infomax.strided(**weights, **TINY)
    for side in (16, -1, 2.5, True):
        with pytest.raises(
            ValueError, match=f"Expected occlude (from 0 to 15 pixels, a|to be a) whole number.*, got {side}"
        ):
            infomax.strided(occlude=side, **TINY)
    with pytest.raises(ValueError, match=r"Expected local to be a map of the encoder, one of .*conv2.*, got 'fc'"):
        DeepInfoMax(infomax.strided(**TINY).encoder, local="fc")
    with pytest.raises(ValueError, match=r"Expected square images .* got \(16, 12, 3\)"):
        infomax.strided(**TINY | {"shape": (16, 12, 3)})
    with pytest.raises(ValueError, match=r"Expected images in \[0, 1\]"):
        compiled(infomax.strided(**TINY)).fit(2 * patches + 1)
