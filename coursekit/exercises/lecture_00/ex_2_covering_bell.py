"""The bell that is nearest to a distribution in D(p || bell)."""

import numpy as np

from coursekit.exercises.hints import called, compare, generator, hint_if


def check(covering):
    """`covering(x, p)`: places [n] and their probabilities [n] -> (mean, deviation) of the bell."""
    x = np.linspace(-6, 6, 241)
    random = generator(0)
    p = sum(
        weight * np.exp(-(((x - center) / width) ** 2) / 2)
        for weight, center, width in zip(
            random.uniform(0.3, 1, 2), random.uniform([-3, 1], [-1.5, 3]), random.uniform(0.4, 0.9, 2), strict=True
        )
    )
    p /= p.sum()
    found = called(covering, "covering", x, p, finite=False)
    hint_if(
        found.shape != (2,), f"`covering` should return two numbers, (mean, deviation), got an array of {found.shape}."
    )
    hint_if(not np.isfinite(found).all(), "`covering` gave no finite number.")
    right = _right(x, p)
    hint_if(np.allclose(found[0], right[0], atol=1e-3) and found[1] <= 0, "a deviation is positive.")
    compare(
        found,
        right,
        covering_mistakes(x, p),
        f"your bell costs {_cost(x, p, found):.4f} nats, and the best one {_cost(x, p, right):.4f}. Which two terms of "
        "D(p || bell) depend on the bell? Set their slopes with respect to the mean and to the deviation to 0.",
    )


def _right(x, p):
    mean = np.sum(p * x)
    return np.array([mean, np.sqrt(np.sum(p * (x - mean) ** 2))])


def _cost(x, p, bell):
    mean, deviation = bell
    log_bell = -(((x - mean) / deviation) ** 2) / 2 - np.log(deviation * np.sqrt(2 * np.pi)) + np.log(x[1] - x[0])
    return np.sum(p * (np.log(p + 1e-300) - log_bell))


def covering_mistakes(x, p):
    """Typical mistakes: {hint: (mean, deviation)}."""
    mean, deviation = _right(x, p)
    top = x[p.argmax()]
    return {
        "that is the variance. The deviation is its square root.": np.array([mean, deviation**2]),
        "those are the mean and the deviation of the places, as if all were equally probable. Weight them with p.": (
            np.array([x.mean(), x.std()])
        ),
        "a bell on the highest place. It says that the other hump nearly never happens, and pays for it each time.": (
            np.array([top, np.sqrt(np.sum(p * (x - top) ** 2))])
        ),
        "the mean is right. The spread is measured around 0, not around the mean.": (
            np.array([mean, np.sqrt(np.sum(p * x**2))])
        ),
        "the mean is right. You have averaged the distances, not their squares.": (
            np.array([mean, np.sum(p * np.abs(x - mean))])
        ),
    }
