"""Networks of one's own in the course's models: they work, or the first line says what was expected and what to change.

The addresses are of issues in which somebody was told nothing, or by an error from the inside of Keras.
"""

import numpy as np
import pytest

from coursekit.models import DCGAN, GAN, IWAE, VAE, Autoencoder, DeepInfoMax, LeNet, RotNet

import keras  # isort: skip - after the backend
from keras import layers, ops  # isort: skip

Dense = layers.Dense
RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(32, 2)).astype("float32")
ROWS = RNG.random((32, 8)).astype("float32")
IMAGES = RNG.random((32, 8, 8, 1)).astype("float32")


def net(shape, *rest):
    return keras.Sequential([keras.Input((shape,) if isinstance(shape, int) else shape), *rest])


def generator(ending=None, outputs=2):
    return net(2, Dense(outputs, ending))


def discriminator(ending=None, inputs=2):
    return net(inputs, Dense(4, "relu"), Dense(1, ending))


def encoder(outputs=4, ending=None):
    return net(8, Dense(outputs, ending))


def decoder(ending=None, outputs=8):
    return net(2, Dense(outputs, ending))


def fitted(model, x, *y, epochs=1, **compiled):
    names = ("generator", "discriminator") if isinstance(model, GAN) else ("optimizer",)
    model.compile(**{name: keras.optimizers.SGD(0.01) for name in names}, run_eagerly=True, **compiled)
    return {
        name: values[-1] for name, values in model.fit(x, *y, batch_size=16, epochs=epochs, verbose=0).history.items()
    }


class Written(keras.Model):
    """A class with a call of its own; `ending` is a function."""

    def __init__(self, outputs, ending=None):
        super().__init__()
        self.dense, self.ending = Dense(outputs), ending

    def call(self, x):
        return self.ending(self.dense(x)) if self.ending else self.dense(x)


def called(network, inputs):
    network(np.zeros((1, inputs), "float32"))
    return network


def flat(outputs, ending=None, shape=(8, 8, 1)):
    return net(shape, layers.Flatten(), Dense(outputs, ending))


def with_outputs(inputs, *outputs):
    x = keras.Input((inputs,))
    return keras.Model(x, [Dense(each)(x) for each in outputs])


def two_inputs(outputs):
    x, y = keras.Input((2,)), keras.Input((3,))
    return keras.Model([x, y], Dense(outputs)(layers.Concatenate()([x, y])))


def ending_in_an_operation():
    code = keras.Input((2,))
    return keras.Model(code, layers.Reshape((8,))(ops.sigmoid(Dense(8)(code))))


def sharing(kind):
    both = Dense(2)
    return kind(net(2, both), net(2, both, Dense(1)))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        # https://github.com/jeffheaton/t81_558_deep_learning/pull/81
        (lambda: GAN(generator(), discriminator("sigmoid")), "the discriminator to end in logits.*in sigmoid"),
        (lambda: GAN(generator(), discriminator("tanh"), loss="hinge"), "the discriminator to end in logits.*in tanh"),
        (lambda: GAN(generator(), discriminator("softmax"), loss="wasserstein"), "end in logits.*in softmax"),
        (lambda: GAN(generator(), called(Written(1, ops.sigmoid), 2)), "end in logits.*in sigmoid"),
        (lambda: VAE(encoder(), net(2, decoder("relu"))), "the decoder to end in logits.*in relu"),
        (lambda: VAE(encoder(), ending_in_an_operation()), "the decoder to end in logits.*in sigmoid"),
        # https://github.com/nfmcclure/tensorflow_cookbook/issues/86
        (lambda: LeNet(flat(4), net(4, Dense(3), layers.Softmax())), "the head to end in logits.*in softmax"),
        (lambda: RotNet(flat(4, "softmax")), "the network to end in logits.*in softmax"),
        # https://github.com/ekzhang/vae-cnn-mnist/issues/1
        (lambda: VAE(with_outputs(8, 2, 2), decoder()), "the encoder to have one output.*with 2.*Concatenate"),
        (lambda: VAE(encoder(2), decoder()), r"means and log-variances.*\(4,\), got \(2,\). End .* in Dense\(4\)"),
        (lambda: GAN(two_inputs(2), discriminator()), r"the generator to have one input.*\[n, 2\] and \[n, 3\]"),
        # https://github.com/ImagingLab/Colorizing-with-GANs/issues/17
        (lambda: GAN(generator(), net(2, Dense(16), layers.Reshape((4, 4, 1)))), r"one logit, \(1,\), got \(4, 4, 1\)"),
        (lambda: GAN(discriminator(), generator()), "The generator comes first"),
        (lambda: GAN(net((1, 1, 2), layers.Flatten(), Dense(2)), discriminator()), r"noise \[n, latent_dim\]"),
        (lambda: VAE(encoder(), net((1, 2), layers.Flatten(), Dense(8))), r"take codes \[n, latent_dim\]"),
        (lambda: GAN(Written(2), Written(1)), "the generator to know its shapes.*which is not built"),
        (lambda: VAE(keras.Sequential([Dense(4)]), decoder()), "the encoder to know its shapes"),
        (lambda: GAN(keras.Sequential, discriminator()), "a Keras model, got the class Sequential. Make one of it"),
        (lambda: VAE(None, decoder()), "the encoder to be a Keras model, got a NoneType"),
        (lambda: VAE(encoder(), Dense(8)), "the decoder to be a Keras model, got the layer"),
        (lambda: Autoencoder(lambda x: x, decoder()), "the encoder to be a Keras model, got a function"),
        (lambda: Autoencoder(encoder(3), decoder()), r"takes the encoder's codes, \(3,\), got \(2,\)"),
        # https://github.com/Priyanshu-byte-coder/devtrack/issues/927
        (lambda: VAE(net(8, layers.Rescaling(1 / 255), Dense(4)), decoder()), r"images in \[0, 1\].*Leave that layer"),
        # https://github.com/eriklindernoren/Keras-GAN/pull/118
        (lambda: GAN(generator("sigmoid"), discriminator(), signed=True), r"samples in \[-1, 1\].*in sigmoid"),
        (lambda: sharing(GAN), "without common weights, got 2 that are in both"),
        (lambda: DeepInfoMax(net((None, None, 1), layers.GlobalAveragePooling2D())), "images of one size"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_its_name(make, said):
    with pytest.raises(ValueError, match=f"^Expected .*{said}"):
        make()


@pytest.mark.parametrize(
    ("make", "loss", "said"),
    [
        # https://github.com/keras-team/keras/issues/7678
        (decoder, "binary_crossentropy", "to end in a sigmoid.*which ends in linear"),
        (lambda: decoder("relu"), keras.losses.BinaryCrossentropy(), "to end in a sigmoid.*which ends in relu"),
        # https://github.com/keras-team/keras/issues/15271
        (lambda: decoder("sigmoid"), keras.losses.BinaryCrossentropy(from_logits=True), "to end in logits.*in sigmoid"),
    ],
)
def test_an_autoencoder_and_its_cross_entropy_mean_the_same_numbers(make, loss, said):
    with pytest.raises(ValueError, match=f"^Expected the decoder {said}"):
        Autoencoder(encoder(2), make()).compile(loss=loss)


def test_what_is_legal_but_hardly_meant_is_warned_of():
    with pytest.warns(UserWarning, match="the encoder to end in a layer without activation.*ends in relu"):
        VAE(encoder(ending="relu"), decoder())
    # https://github.com/keras-team/keras/issues/2143
    with pytest.warns(UserWarning, match="ends in softmax and makes pixels that sum to 1"):
        Autoencoder(encoder(2), decoder("softmax")).compile()


@pytest.mark.filterwarnings("error::UserWarning")
def test_networks_that_are_meant_as_they_are_pass():
    GAN(generator(), discriminator(), loss="wasserstein")
    GAN(generator("tanh"), net(2, Dense(1), layers.LeakyReLU()), signed=True)
    Autoencoder(encoder(2), decoder()).compile(loss="mse")
    Autoencoder(encoder(2), decoder()).compile(loss=keras.losses.BinaryCrossentropy(from_logits=True))
    LeNet(flat(4), net(4, Dense(3, "log_softmax")))
    RotNet(net((8, 8, 1), layers.Rescaling(2, -1), layers.Flatten(), Dense(4)))
    m = with_outputs(8, 2, 2, 2)  # of the tutorials: mean, log-variance and a sample
    VAE(keras.Model(m.input, layers.Concatenate()(m.outputs[:2])), decoder())


@pytest.mark.filterwarnings("error::UserWarning")
def test_who_writes_another_loss_may_have_another_ending():
    class Least(GAN):
        def discriminator_loss(self, x, z, training=True):
            return ops.mean(ops.square(1 - self.discriminator(x))) + ops.mean(self.discriminator(self.generator(z)))

    class Squares(VAE):
        def log_likelihood(self, x, z):
            return -ops.sum(ops.square(x - self.logits(z)), axis=-1)

    Least(generator(), discriminator("sigmoid"))
    Squares(encoder(), decoder("sigmoid"))


def test_data_that_the_generator_cannot_make_are_refused():
    model = GAN(generator("sigmoid", 8), discriminator(inputs=8))
    with pytest.raises(ValueError, match="Expected data from 0 to 1, which is all that the generator can make"):
        fitted(model, 2 * ROWS - 1)
    # https://github.com/fchollet/deep-learning-with-python-notebooks/issues/7
    with pytest.warns(UserWarning, match="Expected data from -1 to 1, as the generator ends in tanh"):
        fitted(GAN(generator("tanh", 8), discriminator(inputs=8)), ROWS)


def test_an_output_of_one_number_is_not_spread_over_the_image():
    # https://github.com/keras-team/keras/issues/14627
    with pytest.raises(ValueError, match=r"images \[n, 8\], as the targets are, got \[n, 1\]"):
        fitted(Autoencoder(encoder(2), decoder(outputs=1)), ROWS, loss="mse")
    with pytest.raises(ValueError, match="images of the encoder's shape"):
        fitted(Autoencoder(net(64, Dense(2)), net(2, Dense(64, "sigmoid"))), IMAGES)


def test_classes_with_a_call_of_their_own_train():
    # https://github.com/tensorflow/tensorflow/issues/47404
    model = VAE(called(Written(4), 8), called(Written(8), 2))
    assert fitted(model, ROWS)["loss"] > 0
    assert model.sample(3).shape == (3, 8)
    assert fitted(GAN(called(Written(2), 2), called(Written(1), 2)), POINTS)["d_loss"] > 0


def test_networks_for_images_of_any_size_train():
    # https://github.com/keras-team/keras/issues/3489
    any_size = net((None, None, 1), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), Dense(1))
    images = net(2, Dense(64), layers.Reshape((8, 8, 1)))
    assert fitted(GAN(images, any_size), IMAGES)["d_loss"] > 0


@pytest.mark.parametrize("kind", [VAE, IWAE])
def test_batch_normalization_and_dropout_train_in_a_vae(kind):
    # https://github.com/zhangqianhui/vae-gan-tensorflow/issues/5
    model = kind(net(8, layers.BatchNormalization(), layers.Dropout(0.5), Dense(4)), decoder())
    normalization, dropout = model.encoder.layers[:2]
    drawn = np.array(dropout.seed_generator.state)
    fitted(model, ROWS)
    assert np.abs(ops.convert_to_numpy(normalization.moving_mean)).max() > 0
    assert (drawn != np.array(dropout.seed_generator.state)).any()
    np.testing.assert_array_equal(model(ROWS), model(ROWS))  # outside of training nothing is dropped


class Costs(layers.Layer):
    def call(self, x):
        self.add_loss(100.0 + 0.0 * ops.mean(x))
        return x


@pytest.mark.parametrize(
    ("make", "data", "logs"),
    [
        (lambda: VAE(net(8, Dense(4), Costs()), decoder()), (ROWS,), ["loss"]),
        (lambda: GAN(net(2, Dense(2), Costs()), net(2, Costs(), Dense(1))), (POINTS,), ["d_loss", "g_loss"]),
        (lambda: DCGAN(net(2, Dense(2), Costs()), net(2, Costs(), Dense(1))), (POINTS,), ["d_loss", "g_loss"]),
        (lambda: RotNet(net((8, 8, 1), layers.Flatten(), Costs(), Dense(4))), (IMAGES,), ["loss"]),
        (lambda: LeNet(flat(4), net(4, Costs(), Dense(3))), (IMAGES, np.arange(32) % 3), ["loss"]),
        (lambda: Autoencoder(net(8, Costs(), Dense(2)), decoder("sigmoid")), (ROWS,), ["loss"]),
    ],
)
def test_what_layers_ask_for_by_add_loss_is_paid_once(make, data, logs):
    # https://github.com/adapt-python/adapt/issues/120
    history = fitted(make(), *data)
    assert all(100 < history[name] < 150 for name in logs), history


def test_a_network_may_compute_in_another_type():
    # https://github.com/keras-team/keras-io/issues/1860
    model = VAE(net(8, Dense(4, dtype="bfloat16")), net(2, Dense(8, dtype="bfloat16")))
    assert np.isfinite(fitted(model, ROWS)["loss"])
    assert model.sample(2).dtype == "float32"
    penalized = GAN(net(2, Dense(2, dtype="bfloat16")), discriminator(), loss="wasserstein")
    assert np.isfinite(fitted(penalized, POINTS)["d_loss"])


def test_a_sequential_encoder_can_be_taken_apart_and_a_class_is_refused():
    maps = net((8, 8, 1), layers.Conv2D(4, 3, name="conv2"), layers.Flatten(name="flat"), Dense(3))
    model = DeepInfoMax(maps, gamma=0, mi_units=4)
    assert fitted(model, IMAGES)["loss"] != 0
    assert model.features(IMAGES[:2], "flat").shape == (2, 144)
    pictures = keras.Sequential([layers.Flatten(), Written(4)])
    pictures(IMAGES[:1])
    assert RotNet(pictures).features(IMAGES[:2], pictures.layers[0].name).shape == (2, 64)


def test_features_are_of_a_chain_of_convolutions():
    def features(*rest, branch=False):
        x = image = keras.Input((8, 8, 1))
        for layer in rest:
            x = layer(x)
        x = layers.Add()([x, layers.Conv2D(4, 1)(x)]) if branch else x
        judge = keras.Model(image, Dense(1)(layers.Flatten()(x)))
        return DCGAN(net(2, Dense(64, "tanh"), layers.Reshape((8, 8, 1))), judge, signed=True).features(IMAGES)

    convolution = lambda: layers.Conv2D(4, 3, padding="same")
    assert features(net((8, 8, 1), convolution()), layers.LeakyReLU()).shape == (32, 64)
    with pytest.raises(ValueError, match=r"Expected the discriminator to be a chain of layers.* a branch at 'add"):
        features(convolution(), branch=True)
    with pytest.raises(ValueError, match="Expected a discriminator with convolutions"):
        features(Dense(2))
