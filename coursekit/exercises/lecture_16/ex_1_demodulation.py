"""The factor that undoes a style's strength, and a layer with one kernel for all pictures."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, hint_if


def case():
    """(x [n, positions, inputs], kernel [inputs, filters], s [n, inputs])."""
    rng = np.random.default_rng(11)
    return rng.normal(size=(3, 5, 4)), rng.normal(size=(4, 2)), rng.normal(1.5, 1, (3, 4))


def check(answer):
    """`(demodulation, modulated)`: demodulation(kernel, s) -> d [n, filters], modulated(x, kernel, s) -> [n, positions,
    filters]."""
    demodulation, modulated = answer
    check_demodulation(demodulation)
    with after("`demodulation` is right."):
        check_modulated(modulated)


def norms(kernel, s):
    """The norm of each picture's kernel, for each filter: [n, filters]."""
    return np.sqrt(s**2 @ kernel**2)


def check_demodulation(function):
    """Hints unless function(kernel, s) is one over the norm of the modulated kernel's columns."""
    _, kernel, s = case()
    found = called(function, "demodulation", kernel, s)
    hint_if(
        found.shape != (3, 2),
        f"each of 3 pictures has a factor for each of 2 filters: [3, 2], got {list(found.shape)}. The sum is over the "
        "inputs.",
    )
    hint_if((found <= 0).any(), "one over a norm is above 0.")
    otherwise = "take one filter and one picture: its variance is the sum of four terms. Which?"
    compare(found, 1 / norms(kernel, s), demodulation_mistakes(kernel, s), otherwise)


def demodulation_mistakes(kernel, s):
    """Typical mistakes: {hint: factors [n, filters]}."""
    norm = norms(kernel, s)
    return {
        "that is the deviation itself. By what does one multiply to make it 1?": norm,
        "that is one over the variance. A deviation is its root.": norm**-2,
        "the style leaves a variance as its square.": 1 / np.sqrt(np.abs(s) @ kernel**2),
        "the kernel, too, leaves a variance as its square.": 1 / np.sqrt(s**2 @ np.abs(kernel)),
        "this is the kernel's norm before the style. It is the same for all pictures.": (
            np.broadcast_to(1 / np.sqrt((kernel**2).sum(0)), norm.shape)
        ),
        "you took the mean over the inputs. The variance of a sum is the sum of the variances.": (
            np.sqrt(len(kernel)) / norm
        ),
    }


def check_modulated(function):
    """Hints unless function(x, kernel, s) is what each picture's own, demodulated kernel would give."""
    x, kernel, s = case()
    found = called(function, "modulated", x, kernel, s)
    hint_if(found.shape != (3, 5, 2), f"`modulated` should give [3, 5, 2] here, got {list(found.shape)}.")
    right = (x * s[:, None]) @ kernel / norms(kernel, s)[:, None]
    otherwise = "compare with a loop: for picture 0 the kernel is kernel * s[0][:, None] * d[0]."
    compare(found, right, modulated_mistakes(x, kernel, s), otherwise)


def modulated_mistakes(x, kernel, s):
    """Typical mistakes: {hint: maps [n, positions, filters]}."""
    styled, norm = (x * s[:, None]) @ kernel, norms(kernel, s)[:, None]
    return {
        "the demodulation is missing.": styled,
        "you divide by d, and d is one over the norm already.": styled * norm,
        "where has the style gone? It scales the inputs.": x @ kernel / norm,
        "that demodulates by the kernel before the style: a strong style stays strong.": (
            styled / np.sqrt((kernel**2).sum(0))
        ),
        "each picture has its own style, and you use the first one's for all.": (
            (x * s[0]) @ kernel / norms(kernel, s[:1])[:, None]
        ),
    }
