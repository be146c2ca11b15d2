"""The encoder's best answer to a decoder, and where the theorem's condition fails."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, hint_if, returned


def check(answer):
    """`(best_elbo, fails)`: best_elbo(p_data, p, alpha) -> the ELBO W [n] that the encoder chooses in cells with
    p_data > 0, and fails(p_data, p, alpha) -> booleans [n], where the bound is not tight."""
    best_elbo, fails = answer
    check_best_elbo(best_elbo)
    with after("`best_elbo` is right."):
        check_fails(fails)


def _cells():
    p_data, p = np.array([0.69, 0.2, 0.08, 0.03]), np.array([0.09, 0.25, 0.3, 0.35])
    return p_data, p, 2.0


def check_best_elbo(function):
    """Hints unless function(p_data, p, alpha) is the smaller of log p and log(p_data / p) / alpha."""
    p_data, p, alpha = given = _cells()
    found = called(function, "best_elbo", *given)
    hint_if(found.shape != p.shape, f"for {len(p)} cells `best_elbo` should return {len(p)} numbers.")
    right = np.minimum(np.log(p), np.log(p_data / p) / alpha)
    mistakes = best_elbo_mistakes(*given)
    gain = lambda elbo: (p_data * elbo - p * np.exp(alpha * elbo) / alpha)[3]
    compare(
        found,
        right,
        mistakes,
        f"in the last cell (p_data = {p_data[3]:g}, p = {p[3]:g}) you answer {found[3]:.3f} and gain "
        f"{gain(found[3]):.4f}; the best answer gains {gain(right[3]):.4f}.",
    )


def best_elbo_mistakes(p_data, p, alpha):
    """Typical mistakes: {hint: ELBO [n]}."""
    bound, stop = np.log(p), np.log(p_data / p) / alpha
    return {
        "that is the end of the bound in every cell. Where does the derivative become negative before?": bound,
        "that is where the derivative is 0, in every cell. An ELBO is never above log p.": stop,
        "the larger of the two. The encoder stops at what comes first.": np.maximum(bound, stop),
        "alpha is missing: p_data = p exp(alpha W).": np.minimum(bound, alpha * stop),
        "alpha is on the wrong side: divide by it.": np.minimum(bound, alpha**2 * stop),
        "the bound ends at the logarithm of what the decoder makes, not of the data.": np.minimum(np.log(p_data), stop),
        "that is exp(W). Take the logarithm.": np.exp(np.minimum(bound, stop)),
    }


def check_fails(function):
    """Hints unless function(p_data, p, alpha) says where p^(alpha + 1) > p_data."""
    p_data, p, alpha = given = _cells()
    p_data = np.append(p_data, 0.0)
    p = np.append(p, 0.01)
    given = p_data, p, alpha
    found = np.asarray(returned(function, "fails", *given))
    hint_if(found.shape != p.shape, f"for {len(p)} cells `fails` should return {len(p)} answers, True or False.")
    hint_if(found.dtype != bool, f"`fails` should return True or False for each cell, got {found.dtype}.")
    right = p ** (alpha + 1) > p_data
    hint_if((found == ~right).all(), "that is where it holds. Where does it fail?")
    hint_if(not found[-1], "there are no data in the last cell, and the decoder makes it: is the bound tight there?")
    hint_if((found == (p > p_data)).all(), "that is where too much is made. The condition has a power of p in it.")
    hint_if((found == (p**alpha > p_data)).all(), "the power is alpha. One more p comes from the quotient p_data / p.")
    hint_if((found != right).any(), "compare p^(alpha + 1) with p_data, cell by cell.")
