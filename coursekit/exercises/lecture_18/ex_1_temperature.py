"""Temperature: what it does to probabilities, when the logits are not at hand."""

import numpy as np

from coursekit.exercises.hints import called, compare, hint_if


def check(heated):
    """Hints unless heated(p, temperature) is p ** (1 / temperature), each row made to add up to 1."""
    p = np.array([[0.5, 0.25, 0.125, 0.125], [0.7, 0.2, 0.1, 0.0]])
    found = called(heated, "heated", p.copy(), 0.5, finite=False)
    hint_if(found.shape != p.shape, f"probabilities of the shape {p.shape} come out, too; yours has {found.shape}.")
    compare(
        found,
        _heated(p, 0.5),
        heated_mistakes(p, 0.5),
        f"at temperature 1/2 the letters with 0.5 and 0.25 should get the ratio 4; yours is "
        f"{found[0, 0] / found[0, 1]:.3g}.",
    )
    found = called(heated, "heated", p.copy(), 1.0, finite=False)
    hint_if(not np.allclose(found, p), "right at temperature 1/2. At 1 nothing should change.")
    found = called(heated, "heated", p.copy(), 2.0, finite=False)
    hint_if(not np.allclose(found, _heated(p, 2.0)), "right at temperatures 1/2 and 1, not at 2.")


def heated_mistakes(p, temperature):
    """Typical mistakes: {hint: probabilities}."""
    power = p ** (1 / temperature)
    softmax = np.exp(p / temperature)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "nothing has changed.": p,
            "your rows do not add up to 1.": power,
            "a low temperature should make the likely letters likelier. Yours makes them less so.": _heated(
                p, 1 / temperature
            ),
            "the softmax wants logits. These are probabilities: their logarithms are logits.": (
                softmax / softmax.sum(axis=-1, keepdims=True)
            ),
            "each row is a text of its own and adds up to 1. You have divided by the sum of all.": power / power.sum(),
            "a probability divided by the temperature, and then by the sum: the temperature cancels. What does the "
            "lecture raise to a power?": np.nan_to_num(p / temperature),
        }


def _heated(p, temperature):
    power = p ** (1 / temperature)
    return power / power.sum(axis=-1, keepdims=True)
