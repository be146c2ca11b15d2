"""A linear support vector machine with squared hinge loss, for features too many for scikit-learn's solver."""

import numpy as np

from coursekit.arrays import check_labels, check_positive
from coursekit.metrics.cosine import alive
from coursekit.metrics.distances import check_rows


def l2_svm(train, labels, test, strengths=(0.01, 0.1, 1.0, 10.0), held_out=0.1, seed=0, steps=200):
    """One linear classifier for each class against the rest, as DCGAN's paper puts on its features ("L2-SVM").

    Each minimizes |w|^2 / 2 + strength * sum of max(0, 1 - y (w x + b))^2, as scikit-learn's `LinearSVC` does; all at
    once, by L-BFGS, in float32. Features are standardized first, and divided by the square root of their number.

    Args:
        train, test: features [n, d].
        labels: whole numbers [n], 0 to classes - 1, also in a column or as one-hot rows.
        strengths: tried on the share `held_out` of `train`, drawn with `seed`; the best is then trained on all.
        steps: of L-BFGS, at most.
    Returns:
        (classes of `test` [n], the strength that was chosen).
    Raises:
        ValueError: no strength, arrays that do not fit together, or one class alone.
    """
    train, test = (rows.astype("float32", copy=False) for rows in check_rows(train=train, test=test))
    labels, steps = check_labels(labels, len(train)), check_positive(steps=steps)
    if len(np.unique(labels)) < 2 or not len(strengths):
        raise ValueError("Expected labels of at least two classes, and at least one strength to try.")
    if labels.min() < 0:
        raise ValueError(f"Expected labels from 0 on, got {labels.min()}. -1 and 1? Take labels > 0.")
    mean, scale = train.mean(axis=0), np.sqrt(train.shape[1]) * alive(train.std(axis=0), train)
    train, test = (train - mean) / scale, (test - mean) / scale
    if len(strengths) == 1:
        return classify(fit(train, labels, strengths[0], steps), test), strengths[0]
    order = np.random.default_rng(seed).permutation(len(train))
    out, within = np.split(order, [max(1, round(held_out * len(train)))])
    right = [
        (classify(fit(train[within], labels[within], c, steps), train[out]) == labels[out]).mean() for c in strengths
    ]
    best = strengths[int(np.argmax(right))]
    return classify(fit(train, labels, best, steps), test), best


def fit(x, labels, strength, steps):
    """The weights [d + 1, classes], biases last, that minimize the loss of `l2_svm` on x [n, d]."""
    from scipy.optimize import minimize

    d = x.shape[1]
    signs = np.where(labels[:, None] == np.arange(labels.max() + 1), 1, -1).astype("float32")

    def loss_and_slope(flat):
        weights = flat.reshape(d + 1, -1)
        w = weights[:d].astype("float32")
        short = np.maximum(0, 1 - signs * (x @ w + weights[d].astype("float32")))
        slopes = -2 * strength * signs * short
        loss = 0.5 * np.square(weights[:d]).sum() + strength * np.square(short, dtype="float64").sum()
        slope = np.concatenate([weights[:d] + x.T @ slopes, slopes.sum(axis=0, keepdims=True, dtype="float64")])
        return loss, slope.ravel().astype("float64")

    start = np.zeros((d + 1) * signs.shape[1])
    return minimize(loss_and_slope, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x.reshape(d + 1, -1)


def classify(weights, x):
    """The class with the highest score for each row of x [n, d], by the weights that `fit` returns: int64 [n]."""
    return (x @ weights[:-1].astype("float32") + weights[-1]).argmax(axis=1)
