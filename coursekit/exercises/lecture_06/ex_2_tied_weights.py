"""A linear autoencoder with tied weights, and another matrix with the same output."""

from functools import lru_cache

import numpy as np

from coursekit import data, metrics
from coursekit.exercises.hints import after, called, hint_if

PIXELS = 784


def check(answer):
    """`(tied, another)`: a trained Keras model of one matrix W [784, 16], and a function from W to another W."""
    tied, another = answer
    check_weights(tied)
    W = tied.trainable_weights[0].numpy().astype("float64")
    W = W.T if W.shape[1] == PIXELS else W
    check_model(tied, W)
    with after("the model is right."):
        check_another(another, W)


@lru_cache
def digits():
    """The mean [784] and 16 principal axes [16, 784] of the training digits, and unseen digits [n, 784]."""
    from sklearn.decomposition import PCA

    train = data.load("digits", "train").flat
    return train.mean(axis=0), PCA(16, random_state=0).fit(train).components_, data.load("digits", "test").flat


def check_weights(tied):
    """Hints unless one matrix of 784 x 16 is all that the model trains."""
    hint_if(not hasattr(tied, "trainable_weights"), "hand in the model itself, a keras.Model.")
    k, shapes = len(digits()[1]), [tuple(weight.shape) for weight in tied.trainable_weights]
    count = sum(int(np.prod(shape)) for shape in shapes)
    matrices = [shape for shape in shapes if len(shape) == 2]
    hint_if(
        len(matrices) == 2 and count >= 2 * PIXELS * k,
        f"your model has {count:,} weights in two matrices. Where does V stand in `call`, and what could stand there "
        "instead, made of W?",
    )
    hint_if(
        len(matrices) == 1 and len(shapes) > 1,
        f"one matrix, good, but {len(shapes) - 1} more trained arrays beside it: the mean is known before training, "
        "and PCA has no other offset.",
    )
    hint_if(
        len(shapes) != 1 or count != PIXELS * k,
        f"expected one matrix of {PIXELS} x {k} weights, got {shapes or 'no weights at all'}.",
    )


def check_model(tied, W):
    """Hints unless the model of the matrix W [784, 16] computes (x - mean) W Wᵀ + mean, and is trained."""
    import keras

    mean, axes, test = digits()
    x = test[:200]
    found = keras.ops.convert_to_numpy(tied(x))
    hint_if(
        found.shape != x.shape, f"the model should return {x.shape}, images like its input, and gives {found.shape}."
    )
    same = lambda other: np.allclose(found, other, atol=1e-3)
    hint_if(same(x @ W @ W.T), "PCA turns the digits about their mean; your model turns them about black.")
    hint_if(same((x - mean) @ W @ W.T), "the mean was taken away from the input and never given back.")
    hint_if(same(x @ W @ W.T + mean), "the mean is added at the end, but was never taken away.")
    hint_if(
        not same((x - mean) @ W @ W.T + mean),
        "the model does not compute (x - mean) W Wᵀ + mean. Is there an activation, or another mean in it?",
    )
    angle = metrics.principal_angles(W.T, axes)[0]
    hint_if(
        angle > 15,
        f"the model is built right, but its span is still {angle:.0f}° from PCA's: was it trained, and to the end?",
    )


def check_another(function, W):
    """Hints unless function(W) is W [784, 16] times a rotation that mixes the units."""
    W2 = called(function, "another", W.astype("float32"), finite=False)
    hint_if(W2.shape != W.shape, f"`another(W)` should have W's shape {W.shape}, not {W2.shape}.")
    hint_if(np.allclose(W2, W, atol=1e-4), "`another(W)` is W itself; find a different one.")
    A, *_ = np.linalg.lstsq(W, W2, rcond=None)
    hint_if(
        not np.allclose(W @ A, W2, atol=1e-3),
        "Your matrix leaves the span of W, so the model would draw other things. Change the code, not the pixels: on "
        "which side of W does a change of the code stand?",
    )
    changed = np.abs(A @ A.T - np.eye(len(A))).max()
    hint_if(
        changed > 1e-3,
        "Your matrix has the right span, and the untied network would not mind: its V could undo what you did to W. "
        "Here the same matrix is used again on the way back: write out the product, and see what your A does to it.",
    )
    hint_if(
        np.allclose(np.abs(A).max(axis=0), 1, atol=1e-3),
        "Units in another order or with another sign: true, and the least of it. There are infinitely many other W; "
        "give one in which every unit is a mixture of the old ones.",
    )
