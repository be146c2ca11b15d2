"""How near samples lie to training examples, beside how near fresh examples do."""

import numpy as np

from coursekit.exercises.hints import compare, generator, hint_if, number


def check(nearer):
    """`nearer(samples, tests, training)`, rows [n, d]: the share of pairs (sample, test example) where the sample has
    the smaller distance to its nearest training example."""
    rng = generator(19)
    training = rng.normal(size=(9, 3))
    samples = training[:6] + rng.normal(0, 0.6, (6, 3))
    tests = rng.normal(size=(5, 3))
    found = number(nearer, "nearer", samples.copy(), tests.copy(), training.copy())
    hint_if(not 0 <= found <= 1, f"a share of {found:.3g}: it should lie between 0 and 1.")
    exact = number(nearer, "nearer", training[:4].copy(), tests.copy(), training.copy())
    compare(
        found,
        share(samples, tests, training),
        nearer_mistakes(samples, tests, training),
        f"for {len(samples)} samples and {len(tests)} test examples you say {found:.3f}. Take the smallest distance of "
        f"each to the training rows, and compare all {len(samples) * len(tests)} pairs.",
    )
    hint_if(exact != 1, f"exact copies of training examples get {exact:.3g}, and should get 1.")


def share(samples, tests, training):
    """The right answer."""
    return (_far(samples, training)[:, None] < _far(tests, training)).mean()


def nearer_mistakes(samples, tests, training):
    """Typical mistakes: {hint: share}."""
    far, fresh = _far(samples, training), _far(tests, training)
    mean = lambda rows: _distances(rows, training).mean(axis=1)
    return {
        "that is the share of pairs in which the sample is *farther*.": (far[:, None] > fresh).mean(),
        "that uses the mean distance to all training rows. The nearest one counts.": (
            (mean(samples)[:, None] < mean(tests)).mean()
        ),
        "you compare each sample with the mean of the test distances. Compare it with each of them.": (
            (far < fresh.mean()).mean()
        ),
        "that is the distance of samples to test examples. Each goes to its nearest *training* row.": (
            (_far(samples, tests)[:, None] < fresh).mean()
        ),
    }


def _far(rows, training):
    return _distances(rows, training).min(axis=1)


def _distances(rows, others):
    return np.linalg.norm(rows[:, None] - others, axis=-1)
