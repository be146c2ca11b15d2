"""The checks on autoencoders: right answers pass, and wrong ones get the hint meant for them."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from answers import defined, each, exercise
from sklearn.decomposition import PCA

from coursekit import data, metrics

ENTROPY, TIED, DENOISER, DETECTOR = (exercise(__file__, number) for number in (1, 2, 3, 4))
digits, unseen = (data.load("digits", split).flat for split in ("train", "test"))

# The floor ----------------------------------------------------------------------------------------------------------

entropy, half_gray = ENTROPY.solution.values()


def clipped(x, axis=1):
    p = np.clip(np.float64(x), 1e-7, 1 - 1e-7)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p)).mean(axis=axis)


def test_a_square_image_is_right_too():
    ENTROPY.check((entropy, half_gray.reshape(28, 28).astype("float32")))


@each(
    entropy=[
        (lambda x: clipped(x).mean(), "Over which axis"),
        (lambda x: clipped(x, axis=0), "Over which axis"),
        (lambda x: clipped(x) / np.log(2), "the bit"),
        (lambda x: -(x * np.log(x)).mean(axis=1), "two possibilities"),
        (lambda x: -clipped(x), "never negative"),
        (lambda x: entropy(x) ** 2, "one pixel of 0.5"),
        (lambda x: -(x * np.log(x) + (1 - x) * np.log(1 - x)).mean(axis=1), "NaN"),
        (clipped, "Clipping"),
    ],
    highest=[
        (np.zeros(784), "lowest"),
        (half_gray > 0.4, "lowest"),
        (unseen[3], "not only of digits"),
        (np.random.default_rng(0).random(784), "do not know of each other"),
        (0.5, "784 pixels"),
        (255 * half_gray, "[0, 1]"),
    ],
)
def test_a_wrong_floor_gets_its_hint(part, wrong, says):
    assert says in ENTROPY.hint(**{part: wrong})


# Tied weights -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pca():
    return PCA(16, random_state=0).fit(digits)


@pytest.fixture(scope="module")
def linear(pca):
    """Builds a model of one matrix, set to PCA's axes; `call(x, mean, W)` is its output."""
    import keras

    class Linear(keras.Model):
        def __init__(self, compute, more=(), axes=pca.components_):
            super().__init__()
            self.compute = compute
            self.W = self.add_weight(shape=axes.T.shape)
            self.W.assign(axes.T)
            self.more = [self.add_weight(shape=shape) for shape in more]

        def call(self, x):
            return self.compute(x, pca.mean_.astype("float32"), self.W)

    return Linear


def right_call(x, mean, W):
    from keras import ops

    return (x - mean) @ W @ ops.transpose(W) + mean


def test_tied_weights_are_right(linear, pca):
    import keras
    from keras import ops

    TIED.check(TIED.answer(tied=linear(right_call)))
    (Tied,) = defined(__file__, "Tied", keras=keras, ops=ops)
    mine = Tied(pca.mean_.astype("float32"), k=16)
    mine.W.assign(pca.components_.T)
    TIED.check(TIED.answer(tied=mine))


def test_a_wrong_model_gets_its_hint(linear, pca):
    from keras import ops

    transposed = ops.transpose
    untrained = np.linalg.qr(np.random.default_rng(0).normal(size=(784, 16)))[0].T
    cases = [
        (linear(right_call, more=[(16, 784)]), "two matrices"),
        (linear(right_call, more=[(784,)]), "known before training"),
        (linear(right_call, axes=pca.components_[:8]), "784 x 16"),
        (linear(lambda x, mean, W: x @ W @ transposed(W)), "about black"),
        (linear(lambda x, mean, W: (x - mean) @ W @ transposed(W)), "never given back"),
        (linear(lambda x, mean, W: x @ W @ transposed(W) + mean), "never taken away"),
        (linear(lambda x, mean, W: ops.relu((x - mean) @ W) @ transposed(W) + mean), "activation"),
        (linear(lambda x, mean, W: (x - mean) @ W), "images like its input"),
        (linear(right_call, axes=untrained), "was it trained"),
        (right_call, "the model itself"),
    ]
    for model, says in cases:
        assert says in TIED.hint(tied=model)


def test_a_wrong_other_matrix_gets_its_hint(linear):
    model, rng = linear(right_call), np.random.default_rng(0)
    cases = [
        (None, "the function itself"),
        (lambda W: None, "`return`"),
        (lambda W: W.T, "shape"),
        (lambda W: W, "is W itself"),
        (lambda W: np.roll(W, 1, axis=0), "leaves the span"),
        (lambda W: rng.normal(size=W.shape), "leaves the span"),
        (lambda W: 2 * W, "write out the product"),
        (lambda W: W @ rng.normal(size=(16, 16)), "write out the product"),
        (lambda W: W[:, ::-1], "another order"),
        (lambda W: -W, "another order"),
    ]
    for wrong, says in cases:
        hint = TIED.hint(tied=model, another=wrong)
        assert says in hint
        assert hint.startswith("the model is right. ")


# A blind denoiser ---------------------------------------------------------------------------------------------------

spoil = DENOISER.solution["spoil"]


def noisy(make_factor, make_noise=lambda rng, shape: rng.standard_normal(shape), clip=True):
    def wrong(images, low, high, seed):
        rng = np.random.default_rng(seed)
        n = len(images)
        result = images + make_factor(rng, low, high, n) * make_noise(rng, images.shape)
        return np.clip(result, 0, 1) if clip else result

    return wrong


def one_each(rng, low, high, n):
    return rng.uniform(low, high, (n, 1, 1, 1))


def in_place(images, low, high, seed):
    images[:] = spoil(images, low, high, seed)
    return images


def denoiser_of(function):
    return SimpleNamespace(predict=lambda images, batch_size, verbose: function(images))


@each(
    spoil=[
        (lambda images, low, high, seed: images, "as they were"),
        (lambda images, low, high, seed: spoil(images, low, high, seed)[..., 0], "shape"),
        (in_place, "changed the images"),
        (noisy(one_each, lambda rng, shape: rng.standard_normal((shape[0], 1, 1, 1))), "moved together"),
        (noisy(one_each, lambda rng, shape: rng.standard_normal(shape[1:])), "same noise pattern"),
        (noisy(one_each, lambda rng, shape: rng.random(shape)), "one direction"),
        (noisy(one_each, lambda rng, shape: rng.uniform(-1.7, 1.7, shape)), "not Gaussian"),
        (noisy(lambda rng, low, high, n: rng.uniform(low, high, (n, 28, 28, 1))), "pixel to pixel"),
        (noisy(lambda rng, low, high, n: rng.uniform(low, high)), "all images of the batch"),
        (noisy(lambda rng, low, high, n: high), "all images of the batch"),
        (noisy(lambda rng, low, high, n: np.sqrt(one_each(rng, low, high, n))), "no variance"),
        (noisy(lambda rng, low, high, n: one_each(rng, 0, high, n)), "asked for factors"),
        (noisy(lambda rng, low, high, n: low + high * rng.random((n, 1, 1, 1))), "asked for factors"),
        (noisy(lambda rng, low, high, n: low + (high - low) * rng.random((n, 1, 1, 1)) ** 2), "equally likely"),
        (noisy(one_each, clip=False), "no image has such pixels"),
        (lambda images, low, high, seed: spoil(images, low, high, None), "the same seed"),
        (lambda images, low, high, seed: spoil(images, low, high, 0), "two different seeds"),
    ],
    blind=[
        (None, "trained network"),
        (denoiser_of(lambda x: metrics.baselines.pca(digits, x.reshape(-1, 784), 16).reshape(x.shape)), "so little"),
        (denoiser_of(lambda x: x), "so much noise"),
    ],
)
def test_wrong_noise_and_networks_get_their_hint(part, wrong, says):
    assert says in DENOISER.hint(**{part: wrong})


# A better detector --------------------------------------------------------------------------------------------------

fitted = PCA(32, random_state=0).fit(digits)


def error(images):
    """PCA with 32 numbers has the blind spots of the network, and is trained in a tenth of a second."""
    return np.square(fitted.inverse_transform(fitted.transform(images)) - images).mean(axis=1)


def divided(by):
    return lambda images: error(images) / by(images)


def test_a_better_detector_is_right():
    (score,) = defined(__file__, "score", np=np, error=error)
    DETECTOR.check((score, error))
    DETECTOR.check((divided(lambda x: x.var(axis=1)), error))
    DETECTOR.check((lambda x: np.sqrt(error(x) / (x.var(axis=1) + 1e-6)), error))
    DETECTOR.check((lambda x: np.log(error(x)) - np.log(x.var(axis=1) + 1e-6), error))


@each(
    score=[
        (error, "ranks the digits exactly"),
        (lambda x: np.log(error(x)), "ranks the digits exactly"),
        (lambda x: -error(x), "Which end is strange"),
        (lambda x: error(x).mean(), "Over which axis"),
        (divided(lambda x: (x - x.mean(axis=0)).var(axis=1)), "images that come with it"),
        (lambda x: error(x) * x.max(axis=1) / x.var(axis=1), "0 / 0"),
        (lambda x: np.zeros(len(x)) / (error(x) < 0), "no finite number"),
        (divided(lambda x: x.var(axis=1) + 1e-2), "right kind of correction"),
        (divided(lambda x: x.mean(axis=1) + 1e-6), "divide by the ink"),
        (divided(lambda x: x.std(axis=1) + 1e-6), "not squared"),
        (divided(lambda x: np.square(x - digits.mean(axis=0)).mean(axis=1)), "average digit"),
        (lambda x: error(x) + 1e-3 * x.mean(axis=1), "one gray value for the whole image"),
        (lambda x: np.where(np.ptp(x, axis=1) == 0, 9, error(x) + 1e-4 * x.mean(axis=1)), "an exception"),
        (lambda x: error(x) - 3 * x.var(axis=1), "Which end is strange|an area of"),
    ]
)
def test_a_wrong_detector_gets_its_hint(part, wrong, says):
    with np.errstate(all="ignore"):
        hint = DETECTOR.hint(**{part: wrong}, error=error)
    assert re.search(says, hint), hint
