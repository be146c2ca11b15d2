"""The slope of a mean in the standard deviation: the score function and reparameterization."""

from coursekit.exercises.hints import after, called, compare, generator, hint_if


def check(answer):
    """`(score, pathwise)`: score(value, sigma, epsilon) and pathwise(slope, sigma, epsilon), estimates [n]."""
    score, pathwise = answer
    _check(score, "score", score_mistakes, lambda value, sigma, epsilon: value * (epsilon**2 - 1) / sigma)
    with after("`score` is right."):
        _check(pathwise, "pathwise", pathwise_mistakes, lambda slope, sigma, epsilon: slope * epsilon)


def _check(function, name, mistakes, right):
    """Hints unless `function` is `right` for a few samples [n]."""
    rng = generator(0)
    first, epsilon, sigma = rng.normal(-3, 2, 6), rng.normal(size=6), 0.4
    found = called(function, name, first, sigma, epsilon, finite=False)
    hint_if(
        found.shape == (),
        f"`{name}` returned one number. Return the estimate of each sample; their mean is taken later.",
    )
    hint_if(found.shape != (6,), f"for 6 samples `{name}` should return 6 numbers; got shape {found.shape}.")
    hint_if(not found.any(), f"`{name}` returns 0 for every sample.")
    given = "value" if name == "score" else "slope"
    compare(
        found,
        right(first, sigma, epsilon),
        mistakes(first, sigma, epsilon),
        f"for the {given} {first[0]:.2f}, sigma {sigma} and epsilon {epsilon[0]:.2f} yours says {found[0]:.3f}. Write "
        "down the derivation's last line for this one sample, and compare it term by term.",
    )


def score_mistakes(value, sigma, epsilon):
    """Typical mistakes: {hint: estimates [n]}."""
    return {
        "that is the lecture's slope in mu. Here sigma moves.": value * epsilon / sigma,
        "log q has two terms with sigma in them. You have forgotten -log sigma.": value * epsilon**2 / sigma,
        "log q has two terms with sigma in them. You have used -log sigma alone.": -value / sigma,
        "the sign is turned around: for epsilon = 0 a larger sigma makes the density at z smaller.": (
            value * (1 - epsilon**2) / sigma
        ),
        "that is the derivative by log sigma. By which factor does the chain rule differ?": value * (epsilon**2 - 1),
        "you divide by the variance. Insert z - mu = sigma epsilon and cancel.": value * (epsilon**2 - 1) / sigma**2,
        "the value of f is missing: that is the slope of log q alone.": (epsilon**2 - 1) / sigma,
        "a ½ is too many: the 2 of the derivative of 1/sigma² cancels it.": value * (epsilon**2 / 2 - 1) / sigma,
    }


def pathwise_mistakes(slope, sigma, epsilon):
    """Typical mistakes: {hint: estimates [n]}."""
    return {
        "that is the slope in mu, where dz/dmu = 1. What is dz/dsigma?": slope + 0 * epsilon,
        "dz/dsigma is a derivative of mu + sigma epsilon; sigma itself does not stay.": slope * sigma * epsilon,
        "reparameterization does not divide by sigma; the score function does.": slope * epsilon / sigma,
        "the epsilon of z enters once, not squared.": slope * epsilon**2,
        "the sign is turned around.": -slope * epsilon,
    }
