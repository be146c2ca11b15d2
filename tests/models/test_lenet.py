import keras
import numpy as np
import pytest

from coursekit import data, models
from coursekit.models.lenet import LeNet, lenet


@pytest.fixture(scope="module")
def labeled():
    """500 digits, all classes."""
    return data.load("digits", "train", limit=500, seed=0)


@pytest.fixture
def small():
    keras.utils.set_random_seed(0)
    model = lenet(channels=(8, 8), features=24)
    model.compile(keras.optimizers.Adam(3e-3))
    return model


@pytest.mark.one_backend
def test_the_layers_are_the_lectures():
    model = lenet()
    assert isinstance(model, models.LeNet)
    assert model.body.layers[-1].name == "features"
    assert model.body.output_shape == (None, 96)
    assert model.head.output_shape == (None, 10)
    convolutions = [layer for layer in model.body.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [(layer.filters, layer.kernel_size, layer.strides) for layer in convolutions] == [(24, (5, 5), (2, 2))] * 2
    assert model.count_params() == 25 * 24 + 24 + 25 * 24 * 24 + 24 + 7 * 7 * 24 * 96 + 96 + 96 * 10 + 10


@pytest.mark.one_backend
def test_training_learns_and_validation_is_told(small, labeled):
    history = small.fit(
        labeled.images[:400],
        labeled.labels[:400],
        batch_size=20,
        epochs=8,
        verbose=0,
        validation_data=(labeled.images[400:], labeled.labels[400:]),
    ).history
    assert history["loss"][-1] < 0.3 * history["loss"][0]
    assert history["accuracy"][-1] > 0.7
    accuracy = small.accuracy(labeled.images[400:], labeled.labels[400:])
    assert accuracy > 0.7  # the backends begin with different weights
    assert history["val_accuracy"][-1] == pytest.approx(accuracy, abs=0.03), "dropout is off in validation"


def test_features_and_probabilities_are_by_hand_what_they_are(small, labeled):
    x = labeled.images[:30]
    features = small.features(x, batch_size=7)
    assert features.shape == (30, 24)
    assert features.dtype == np.float32
    assert (features >= 0).all()
    assert (features > 0).any()
    kernel, bias = small.head.layers[-1].get_weights()
    logits = features @ kernel + bias
    np.testing.assert_allclose(small.predict(x, verbose=0), logits, atol=1e-5)
    powers = np.exp(logits)
    np.testing.assert_allclose(small.probabilities(x), powers / powers.sum(1, keepdims=True), atol=1e-5)


def test_rows_and_images_without_a_channel_are_the_same_images(small, labeled):
    features = small.features(labeled.images[:9])
    np.testing.assert_array_equal(small.features(labeled.flat[:9]), features)
    np.testing.assert_array_equal(small.features(labeled.images[:9, ..., 0]), features)


def test_dropout_is_of_training_only(small, labeled):
    x = keras.ops.convert_to_tensor(labeled.images[:50])
    loss = lambda training: float(small.loss_and_logits(x, labeled.labels[:50], training=training)[0])
    assert loss(False) == loss(False)
    assert loss(True) != loss(True)


def test_a_saved_model_is_the_same_model(small, labeled, tmp_path):
    small.save(tmp_path / "lenet.keras")
    again = keras.models.load_model(tmp_path / "lenet.keras")
    assert isinstance(again, LeNet)
    np.testing.assert_array_equal(again.features(labeled.images[:5]), small.features(labeled.images[:5]))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda model, x: model.features(x[:, :27]),
            r"rows \[n, 784\] or images \[n, 28, 28, 1\], got \[500, 27, 28, 1\]",
        ),
        (lambda model, x: model.features(x * 255), "Divide by 255"),
        (lambda model, x: model.features(x[:0]), "non-empty"),
        (lambda model, x: model.features(x, batch_size=0), "batch_size"),
        (lambda model, x: model.fit(x), "a label for each of the images"),
        (lambda model, x: model.fit(x, np.zeros(499, int)), r"got shape \[499\]"),
        (lambda model, x: model.fit(x, np.full(500, 10)), "labels from 0 to 9, got 10 to 10"),
        (lambda model, x: lenet(shape=(30, 28, 1)), "multiples of 4"),
        (lambda model, x: lenet(features=0), "features to be a whole number"),
        (lambda model, x: LeNet(model.body, lenet(features=23).head), "a head on the body's features"),
    ],
)
def test_what_cannot_be_is_told(small, labeled, call, said):
    with pytest.raises(ValueError, match=said):
        call(small, labeled.images)
