"""Probes: small classifiers trained on frozen features with few labels, which measure what the features know.

A number says little alone. Put it beside raw pixels, a random encoder of the same architecture, an autoencoder's code
and a supervised network, all on the same draws of labels:

    features = {"pixels": (x, x_test), "random": (..., ...), "RotNet": (..., ...)}       # {name: (train, test)}
    scores = probes.compare(features, labels, test_labels, per_class=(1, 10, 100, None))
    print(scores["RotNet"][10])                                                          # 0.745 +- 0.008
    probes.difference(scores["RotNet"][10], scores["random"][10])                        # paired by draw

One pretraining may be lucky. Give the features of several, [(x, x_test), ...], and the spread is that of pretrainings.
"""

import warnings
from typing import NamedTuple

import numpy as np

from coursekit.arrays import check_labels, check_numbers, check_positive
from coursekit.metrics.cosine import as_rows, center_and_scale, class_similarity, neighbors, similarity

__all__ = [
    "PER_CLASS",
    "Accuracy",
    "across",
    "class_similarity",
    "compare",
    "difference",
    "draw",
    "hidden",
    "knn",
    "linear",
    "neighbors",
    "pool",
    "similarity",
]

PER_CLASS = (1, 10, 100, None)
CHUNK = 2000  # rows that are standardized at once


class Accuracy(NamedTuple):
    """Shares of the test examples that are classified right, or differences of such shares."""

    mean: float
    spread: float  # standard deviation over the draws of labels, or over pretrainings; 0 of a single one
    draws: tuple[float, ...]

    def __str__(self):
        return f"{self.mean:.3f} +- {self.spread:.3f}"


def linear(train, labels, test, test_labels, *, per_class=10, draws=5, seed=0, strength=10.0):
    """Logistic regression on frozen features.

    Args:
        train, test: features [n, ...], flattened here. Each number is standardized by its mean and deviation over all
            of `train`, which needs no labels.
        labels, test_labels: whole numbers [n], also in a column or as one-hot rows.
        per_class: how many labels of each class to learn from; None for all there are.
        draws: how often labels are drawn; once if all are taken. seed: of the draws, which depend on nothing but the
            labels: any features get the same, and 10 labels a class are among the 100.
        strength: what an example counts against the penalty on the weights (scikit-learn's C, the features' mean square
            being 1 / their number).
    Returns:
        `Accuracy`.
    Raises:
        ValueError: one class alone, fewer labels of a class than asked for, arrays that do not fit together.
    """
    from sklearn.linear_model import LogisticRegression

    def fit(x, y):
        return LogisticRegression(C=strength / x.shape[1], max_iter=200, tol=1e-3).fit(x, y).predict

    return _probe(fit, train, labels, test, test_labels, per_class, draws, seed)


def knn(train, labels, test, test_labels, *, per_class=10, draws=5, seed=0, k=5):
    """The majority of the `k` nearest labeled examples (as many as a class has, if that is fewer), by the Euclidean
    distance of standardized features. Arguments, result and errors as of `linear`."""
    from sklearn.neighbors import KNeighborsClassifier

    k = check_positive(k=k)

    def fit(x, y):
        smallest = np.unique(y, return_counts=True)[1].min()
        return KNeighborsClassifier(int(min(k, smallest)), algorithm="brute").fit(x, y).predict

    return _probe(fit, train, labels, test, test_labels, per_class, draws, seed)


def hidden(train, labels, test, test_labels, *, per_class=10, draws=5, seed=0, units=200, epochs=50):
    """A network with one hidden layer of `units` ReLUs on frozen features, trained for `epochs` by Adam. Arguments,
    result and errors as of `linear`."""
    from sklearn.neural_network import MLPClassifier

    units, epochs = check_positive(units=units, epochs=epochs)

    def fit(x, y):
        batch = max(1, min(100, len(y) // 4))
        network = MLPClassifier((units,), alpha=1e-3, batch_size=batch, max_iter=epochs, random_state=seed)
        return network.fit(x, y).predict

    return _probe(fit, train, labels, test, test_labels, per_class, draws, seed)


def compare(features, labels, test_labels, *, per_class=PER_CLASS, probe=linear, **options):
    """The same probe, on the same draws of labels, for several kinds of features.

    Args:
        features: {name: (train, test)}, or {name: [(train, test), ...]}, one pair for each pretraining.
        per_class: numbers of labels of each class; None for all.
        probe: `linear`, `knn` or `hidden`. options: its own.
    Returns:
        {name: {number of labels: Accuracy}}; of several pretrainings as of `across`.
    """
    if empty := [name for name, pairs in features.items() if len(pairs) == 0]:
        raise ValueError(f"Expected features of at least one pretraining, got none of {', '.join(map(repr, empty))}.")
    pretrainings = {name: pairs if isinstance(pairs[0], tuple | list) else [pairs] for name, pairs in features.items()}
    return {
        name: {
            count: across(
                [probe(train, labels, test, test_labels, per_class=count, **options) for train, test in pairs]
            )
            for count in per_class
        }
        for name, pairs in pretrainings.items()
    }


def across(scores):
    """One `Accuracy` of several pretrainings' own: its draws are their means, so that its spread says how much hangs on
    the seed of the pretraining. A single one is returned as it is, with the spread of its draws of labels."""
    if not scores:
        raise ValueError("Expected the accuracy of at least one pretraining, got none.")
    return scores[0] if len(scores) == 1 else _accuracy([score.mean for score in scores])


def difference(first, second):
    """How far `first` is ahead of `second`, draw by draw: an `Accuracy`. Its spread is that of the differences, in
    which the luck that both have with a draw cancels."""
    if len(first.draws) != len(second.draws):
        raise ValueError(f"Expected as many draws of both, got {len(first.draws)} and {len(second.draws)}.")
    return _accuracy(np.subtract(first.draws, second.draws))


def draw(labels, per_class=10, draws=5, seed=0):
    """Which examples have their label shown: a list of index arrays [classes * per_class], one for each draw.

    Args and errors as of `linear`.
    """
    labels = check_labels(labels)
    classes, counts = np.unique(labels, return_counts=True)
    if len(classes) < 2:
        raise ValueError(f"Expected labels of at least two classes to tell apart, got {len(classes)}.")
    if per_class is None:
        return [np.arange(len(labels))]
    per_class, draws = check_positive(per_class=per_class, draws=draws)
    if counts.min() < per_class:
        raise ValueError(
            f"Expected at least {per_class} labels of each class, got {counts.min()} of class "
            f"{classes[counts.argmin()]} ({len(labels)} labels, {len(classes)} classes). Ask for fewer, or load more."
        )
    chosen = []
    for number in range(draws):
        order = np.random.default_rng([seed, number]).permutation(len(labels))
        chosen.append(np.concatenate([order[labels[order] == name][:per_class] for name in classes]))
    return chosen


def pool(maps, side=1):
    """Maps [n, height, width, channels] averaged over side x side regions: [n, side * side * channels]. Regions that
    cannot be of equal size share a row or a column with their neighbors."""
    maps, side = check_numbers(maps, "maps"), check_positive(side=side)
    if maps.ndim != 4:
        raise ValueError(f"Expected maps [n, height, width, channels], got shape {list(maps.shape)}.")
    n, height, width, _ = maps.shape
    if side > min(height, width):
        raise ValueError(f"Expected maps with room for {side} regions a side, got {height}x{width}.")
    rows, columns = (
        [slice(i * length // side, -(-(i + 1) * length // side)) for i in range(side)] for length in (height, width)
    )
    regions = [[maps[:, row, column].mean(axis=(1, 2)) for column in columns] for row in rows]
    return np.moveaxis(np.array(regions), 2, 0).reshape(n, -1)


def _probe(fit, train, labels, test, test_labels, per_class, draws, seed):
    """fit: function (x [n, d], y) -> function of rows that guesses their labels."""
    train, test = as_rows(train, "features to train on"), as_rows(test, "features to test on")
    labels, test_labels = check_labels(labels), check_labels(test_labels, name="test_labels")
    _check(train, labels, test, test_labels)
    mean, scale = center_and_scale(train)
    shares = []
    for chosen in draw(labels, per_class, draws, seed):
        with warnings.catch_warnings(), _threads(len(chosen)):
            warnings.filterwarnings("ignore", category=_not_converged())  # the number of steps is a setting here
            predict = fit((train[chosen] - mean) / scale, labels[chosen])
        right = 0
        for start in range(0, len(test), CHUNK):
            guesses = predict((test[start : start + CHUNK] - mean) / scale)
            right += int((guesses == test_labels[start : start + CHUNK]).sum())
        shares.append(right / len(test))
    return _accuracy(shares)


def _threads(rows):
    """One thread for small matrices: more of them wait for each other longer than they compute."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1 if rows < 10 * CHUNK else None)


def _not_converged():
    from sklearn.exceptions import ConvergenceWarning

    return ConvergenceWarning


def _check(train, labels, test, test_labels):
    if not (len(train) == len(labels) and len(test) == len(test_labels) > 0 and train.shape[1] == test.shape[1]):
        raise ValueError(
            f"Expected features [n, d] with labels [n] to train and to test on, got {list(train.shape)} with "
            f"{len(labels)} and {list(test.shape)} with {len(test_labels)}."
        )
    if unknown := sorted(set(test_labels.tolist()) - set(labels.tolist())):
        raise ValueError(
            f"Expected labels of every class that is tested, got none of {', '.join(map(str, unknown))}: "
            f"{len(labels)} labels are of {len(set(labels.tolist()))} classes."
        )


def _accuracy(shares):
    spread = float(np.std(shares, ddof=1)) if len(shares) > 1 else 0.0
    return Accuracy(float(np.mean(shares)), spread, tuple(float(share) for share in shares))
