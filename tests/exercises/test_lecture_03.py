"""The checks of lecture 03: solutions pass, and each typical mistake gets the hint meant for it."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.decomposition import PCA

from coursekit import data, metrics
from coursekit.course.refresh import build
from coursekit.exercises.lecture_03 import exercise_1, exercise_2, exercise_3, exercise_4
from coursekit.lesson import Hint
from coursekit.paths import notebooks

CELLS = build(notebooks() / "source" / "exercises" / "03_autoencoders.py").cells


def written(name, **given):
    """What the notebook's own solution defines under `name`, in the namespace `given`."""
    source = next(cell.source for cell in CELLS if re.search(rf"^def {name}\(|^class {name}\(", cell.source, re.M))
    exec(source, given)
    return given[name]


def hint_of(exercise, answer):
    with pytest.raises(Hint) as caught:
        exercise(answer)
    return str(caught.value)


# 3.1 ---------------------------------------------------------------------------------------------------------------

entropy = written("entropy", np=np)
half_gray = np.full(784, 0.5)


def clipped(x, axis=1):
    p = np.clip(np.float64(x), 1e-7, 1 - 1e-7)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p)).mean(axis=axis)


def test_the_floor_is_right():
    exercise_1((entropy, half_gray))
    exercise_1((entropy, half_gray.reshape(28, 28).astype("float32")))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda x: None, "`return`"),
        (lambda x: np.zeros(len(x)), "0 for every image"),
        (lambda x: clipped(x).mean(), "Over which axis"),
        (lambda x: clipped(x, axis=0), "Over which axis"),
        (lambda x: 784 * entropy(x), "a pixel*"),
        (lambda x: entropy(x) / np.log(2), "the bit"),
        (lambda x: entropy(x) / np.log(10), "base 10"),
        (lambda x: -(x * np.log(x)).mean(axis=1), "two possibilities"),
        (lambda x: -entropy(x), "never negative"),
        (lambda x: entropy(x) ** 2, "one pixel of 0.5"),
        (lambda x: -(x * np.log(x) + (1 - x) * np.log(1 - x)).mean(axis=1), "NaN"),
        (clipped, "Clipping"),
        (entropy(np.zeros((2, 784))), "the function itself"),
    ],
)
def test_a_wrong_entropy_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (wrong, half_gray))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (np.zeros(784), "lowest"),
        (half_gray > 0.4, "lowest"),
        (data.load("digits", "test").flat[3], "not only of digits"),
        (np.random.default_rng(0).random(784), "do not know of each other"),
        (0.5, "784 pixels"),
        (255 * half_gray, "[0, 1]"),
    ],
)
def test_a_wrong_image_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_1, (entropy, wrong))


# 3.2 ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pca():
    return PCA(16, random_state=0).fit(data.load("digits", "train").flat)


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


another = written("another", np=np, coursekit=None)


def right_call(x, mean, W):
    from keras import ops

    return (x - mean) @ W @ ops.transpose(W) + mean


def test_tied_weights_are_right(linear, pca):
    import keras
    from keras import ops

    exercise_2((linear(right_call), another))
    mine = written("Tied", keras=keras, ops=ops)(pca.mean_.astype("float32"), k=16)
    mine.W.assign(pca.components_.T)
    exercise_2((mine, another))


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
        assert says in hint_of(exercise_2, (model, another))


def test_a_wrong_other_matrix_gets_its_hint(linear):
    model, rng = linear(right_call), np.random.default_rng(0)
    cases = [
        (None, "itself"),
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
        assert says in hint_of(exercise_2, (model, wrong))


# 3.3 ---------------------------------------------------------------------------------------------------------------

spoil = written("spoil", np=np)


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


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "the function itself"),
        (lambda images, low, high, seed: None, "`return`"),
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
)
def test_a_wrong_spoil_gets_its_hint(wrong, says):
    assert says in hint_of(exercise_3, (wrong, None))


def denoiser_of(function):
    return SimpleNamespace(predict=lambda images, batch_size, verbose: function(images))


def test_a_network_is_judged_at_little_and_at_much_noise():
    assert "trained network" in hint_of(exercise_3, (spoil, None))
    assert "so little noise" in hint_of(
        exercise_3,
        (spoil, denoiser_of(lambda x: metrics.baselines.pca(digits, x.reshape(-1, 784), 16).reshape(x.shape))),
    )
    assert "so much noise" in hint_of(exercise_3, (spoil, denoiser_of(lambda x: x)))


# 3.4 ---------------------------------------------------------------------------------------------------------------

digits, unseen = (data.load("digits", split).flat for split in ("train", "test"))
fitted = PCA(32, random_state=0).fit(digits)


def error(images):
    """PCA with 32 numbers has the blind spots of the network, and is trained in a tenth of a second."""
    return np.square(fitted.inverse_transform(fitted.transform(images)) - images).mean(axis=1)


def divided(by):
    return lambda images: error(images) / by(images)


def test_a_better_detector_is_right():
    exercise_4((written("score", np=np, error=error), error))
    exercise_4((divided(lambda x: x.var(axis=1)), error))
    exercise_4((lambda x: np.sqrt(error(x) / (x.var(axis=1) + 1e-6)), error))
    exercise_4((lambda x: np.log(error(x)) - np.log(x.var(axis=1) + 1e-6), error))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (error, "ranks the digits exactly"),
        (lambda x: np.log(error(x)), "ranks the digits exactly"),
        (lambda x: -error(x), "Which end is strange"),
        (lambda x: None, "`return`"),
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
    ],
)
def test_a_wrong_detector_gets_its_hint(wrong, says):
    with np.errstate(all="ignore"):
        hint = hint_of(exercise_4, (wrong, error))
    assert re.search(says.replace("(", r"\("), hint), hint
