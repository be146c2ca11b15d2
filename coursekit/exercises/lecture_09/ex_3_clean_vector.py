"""An attribute's vector without what belongs to other attributes."""

import numpy as np

from coursekit.exercises.hints import called, compare, generator, hint_if


def check(cleaned):
    """Hints unless cleaned(vector, others) is `vector` without its part in the span of the rows of `others`."""
    vector, others = _vectors()
    found = called(cleaned, "cleaned", vector.copy(), others[:1].copy())
    hint_if(found.shape != vector.shape, f"a vector of {len(vector)} numbers comes in; got shape {found.shape}.")
    one = others[0]
    right = vector - (vector @ one) / (one @ one) * one
    compare(
        found,
        right,
        cleaned_mistakes(vector, others[:1]),
        f"your result still has a part along the other vector: their product is {found @ one:.3g}, and should be 0.",
    )
    found = called(cleaned, "cleaned", vector.copy(), others.copy())
    basis = np.linalg.qr(others.T)[0]
    right = vector - basis @ (basis.T @ vector)
    in_turn = vector
    for other in others:
        in_turn = in_turn - (in_turn @ other) / (other @ other) * other
    at_once = vector - sum((vector @ other) / (other @ other) * other for other in others)
    compare(
        found,
        right,
        {
            "right for one other vector. These two are not at right angles: taking out the second puts some of the "
            "first back. Make them orthogonal first (`np.linalg.qr`), or solve for both at once "
            "(`np.linalg.lstsq`).": in_turn,
            "right for one other vector. These two overlap, and you take out twice what they share.": at_once,
            "right for one other vector, and you took out only the first.": (
                vector - (vector @ others[0]) / (others[0] @ others[0]) * others[0]
            ),
        },
        "right for one other vector, not for two.",
    )


def cleaned_mistakes(vector, others):
    """Typical mistakes with one other vector: {hint: vector}."""
    one = others[0]
    unit = one / np.linalg.norm(one)
    return {
        "nothing was taken out.": vector,
        "the whole other vector was subtracted. Only the part of yours that lies along it should go.": vector - one,
        "the other vector is not of length 1. Divide by its squared length.": vector - (vector @ one) * one,
        "divide by the *squared* length: once for the product, once for the direction.": (
            vector - (vector @ one) / np.linalg.norm(one) * one
        ),
        "that is the part along the other vector. It is what should go; keep the rest.": (vector @ unit) * unit,
        "the sign is wrong: the part along the other vector has doubled.": vector + (vector @ unit) * unit,
    }


def _vectors():
    """(vector [6], others [2, 6]), not at right angles."""
    rng = generator(0)
    vector, first, second = rng.normal(size=(3, 6))
    return vector, np.stack([1.7 * first, 0.6 * second + 0.5 * first])
