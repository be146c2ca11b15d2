"""The weight of a fake in the encoder's loss, and the beta_neg that puts the threshold where one wants it."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, hint_if, number


def check(answer):
    """`(weight, beta_for)`: weight(error, kl, beta_rec, beta_neg, scale, alpha) -> weights [n], and
    beta_for(nats, scale, alpha) -> the beta_neg at which a fake of that KL has half the weight."""
    weight, beta_for = answer
    check_weight(weight)
    with after("`weight` is right."):
        check_beta_for(beta_for)


def check_weight(function):
    """Hints unless function(...) is exp(-alpha scale (beta_rec error + beta_neg kl))."""
    error, kl = np.array([0.0, 1.0, 2.0, 0.3]), np.array([0.0, 0.5, 3.0, 1.1])
    given = (error, kl, 0.2, 0.9, 0.5, 3.0)
    found = called(function, "weight", *given)
    hint_if(found.shape != kl.shape, f"for {len(kl)} fakes `weight` should return {len(kl)} numbers.")
    hint_if((found > 1 + 1e-9).any(), "a weight is above 1: does the exponent grow with the price of the fake?")
    right = np.exp(-3.0 * 0.5 * (0.2 * error + 0.9 * kl))
    compare(
        found,
        right,
        weight_mistakes(*given),
        f"for a fake with the error {error[1]:g} and the KL {kl[1]:g} you say {found[1]:.3f}. What is its ELBO, with "
        "scale and weights, and what is the slope of the expELBO there?",
    )


def weight_mistakes(error, kl, beta_rec, beta_neg, scale, alpha):
    """Typical mistakes: {hint: weights [n]}."""
    price = beta_rec * error + beta_neg * kl
    return {
        "that is the expELBO itself. Its slope is asked for; what happens to 1 / alpha?": (
            np.exp(-alpha * scale * price) / alpha
        ),
        "one alpha too many: the factor 1 / alpha in the loss takes it away again.": (
            np.minimum(alpha * np.exp(-alpha * scale * price), 1)
        ),
        "alpha is missing in the exponent.": np.exp(-scale * price),
        "the scale s is missing in the exponent.": np.exp(-alpha * price),
        "beta_rec and beta_neg are exchanged: which of the two weighs the code?": (
            np.exp(-alpha * scale * (beta_neg * error + beta_rec * kl))
        ),
        "the error of the fake's reconstruction is missing in its price.": np.exp(-alpha * scale * beta_neg * kl),
        "that is a hard margin: it falls to 0 and stays there. Ours is soft.": np.maximum(1 - alpha * scale * price, 0),
    }


def check_beta_for(function):
    """Hints unless function(nats, scale, alpha) is ln 2 / (alpha scale nats)."""
    given = (20.0, 1 / 784, 2.0)
    found = number(function, "beta_for", *given)
    hint_if(found <= 0, "a beta_neg of 0 or less: then a fake never becomes too expensive.")
    compare(
        found,
        np.log(2) / (2.0 / 784 * 20),
        beta_for_mistakes(*given),
        f"with beta_neg = {found:.3g} a fake of 20 nats has the weight {np.exp(-2 / 784 * found * 20):.2f}, for "
        "s = 1/784 and alpha = 2. It should be one half. Take the logarithm of both sides.",
    )


def beta_for_mistakes(nats, scale, alpha):
    """Typical mistakes: {hint: beta_neg}."""
    right = np.log(2) / (alpha * scale * nats)
    return {
        "alpha is missing.": right * alpha,
        "the scale s is missing.": right * scale,
        "there the weight has fallen to 1/e. One half is asked for.": right / np.log(2),
        "that is the KL at which the weight is one half, for a beta_neg of that size. Solve for beta_neg.": (
            np.log(2) / (alpha * scale) * nats
        ),
    }
