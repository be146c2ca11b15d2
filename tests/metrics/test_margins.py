"""The support vector machine beside scikit-learn's, which solves the same problem another way."""

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from coursekit import data
from coursekit.metrics import margins


@pytest.fixture(scope="module")
def digits():
    train, test = data.load("digits", "train", limit=600, seed=0), data.load("digits", "test", limit=300, seed=0)
    return train.flat, train.labels, test.flat, test.labels


@pytest.mark.parametrize("strength", [0.01, 1.0])
def test_it_is_scikit_learns_linear_svc(digits, strength):
    x, labels, test, _ = digits
    ours, chosen = margins.l2_svm(x, labels, test, strengths=(strength,))
    scale = np.sqrt(784) * x.std(axis=0)
    scale[scale == 0] = 1
    theirs = LinearSVC(C=strength, dual=False, intercept_scaling=100).fit((x - x.mean(axis=0)) / scale, labels)
    assert chosen == strength
    assert (ours == theirs.predict((test - x.mean(axis=0)) / scale)).mean() > 0.985


def test_the_strength_is_chosen_on_held_out_examples(digits):
    x, labels, test, test_labels = digits
    found, strength = margins.l2_svm(x, labels, test)
    assert strength in (0.1, 1.0, 10.0), "0.01 holds the weights back too much"
    weak, _ = margins.l2_svm(x, labels, test, strengths=(1e-4,))
    assert (found == test_labels).mean() > max(0.8, (weak == test_labels).mean())


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x, y, t: (x, y[:-1], t), "one of labels for each of .* examples"),
        (lambda x, y, t: (x, y, t[:, :-1]), "train and test of one width, got 784 and 783"),
        (lambda x, y, t: (x.reshape(-1, 28, 28), y, t), r"an array of numbers \[n, d\], got shape .*reshape"),
        (lambda x, y, t: (x, 0 * y, t), "at least two classes"),
    ],
    ids=["labels", "width", "images", "one class"],
)
def test_what_it_cannot_learn_from(digits, spoil, message):
    with pytest.raises(ValueError, match=message):
        margins.l2_svm(*spoil(*digits[:3]))
