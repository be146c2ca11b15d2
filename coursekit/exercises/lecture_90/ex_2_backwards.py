"""Backpropagation through two layers, by hand."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if


def check(answer):
    """`(of_v, of_w)`: both (w, v, x, y) w [h, d], v [h], x [d], y a number -> slopes of the loss, [h] and [h, d]."""
    of_v, of_w = answer
    random = generator(0)
    w, v, x, y = random.normal(0, 0.7, (4, 3)), random.normal(0, 1, 4), random.normal(0, 1, 3), 2.0
    check_of_v(of_v, w, v, x, y)
    with after("`of_v` is right."):
        check_of_w(of_w, w, v, x, y)


def check_of_v(function, w, v, x, y):
    """Hints unless function is (v . h - y) h with h = tanh(w x)."""
    found, h = called(function, "of_v", w, v, x, y), np.tanh(w @ x)
    hint_if(
        found.shape != v.shape, f"v has {len(v)} numbers, so `of_v` should return {len(v)}, got shape {found.shape}."
    )
    compare(
        found,
        (v @ h - y) * h,
        of_v_mistakes(w, v, x, y),
        "neither the right slope nor a mistake that is known here. Begin at the end: what is the slope of the loss "
        "with respect to the answer v . h, and how much of h_i does the answer see?",
    )


def of_v_mistakes(w, v, x, y):
    """Typical mistakes: {hint: slopes [h]}."""
    h = np.tanh(w @ x)
    error = v @ h - y
    return {
        "the sign: the loss is half the square of answer minus target.": -error * h,
        "twice too much: the ½ before the square takes the 2 away.": 2 * error * h,
        "that is h alone, the slope of the answer. Multiply it by the slope of the loss with respect to the answer.": h,
        "you took w x for what the layer says; the tanh is missing.": (v @ (w @ x) - y) * (w @ x),
        "that is the slope with respect to h, error times v. Here v is asked.": error * v,
    }


def check_of_w(function, w, v, x, y):
    """Hints unless function is the outer product of (v . h - y) v (1 - h²) and x."""
    found, h = called(function, "of_w", w, v, x, y), np.tanh(w @ x)
    hint_if(
        found.shape == w.T.shape,
        f"w has the shape {w.shape}, and what you return {found.shape}: rows and columns are exchanged.",
    )
    hint_if(found.shape != w.shape, f"w has the shape {w.shape}, so its slopes have it, too; got {found.shape}.")
    error = v @ h - y
    compare(
        found,
        np.outer(error * v * (1 - h**2), x),
        of_w_mistakes(w, v, x, y),
        "neither the right slopes nor a mistake that is known here. Walk backwards: the loss, the answer, h, w x, "
        "and last w. Each link multiplies.",
    )


def of_w_mistakes(w, v, x, y):
    """Typical mistakes: {hint: slopes [h, d]}."""
    h = np.tanh(w @ x)
    error = v @ h - y
    return {
        "one link is missing: the slope of the tanh, 1 - h².": np.outer(error * v, x),
        "the slope of tanh(a) is 1 - tanh(a)², and you seem to have 1 - a².": np.outer(
            error * v * (1 - (w @ x) ** 2), x
        ),
        "the link from the answer to h is missing: how much does the answer grow with h_i?": (
            np.outer(error * (1 - h**2), x)
        ),
        "the first link is missing: the slope of the loss with respect to the answer.": np.outer(v * (1 - h**2), x),
        "the last link is missing: how much does (w x)_i grow with w_ij?": (
            np.repeat((error * v * (1 - h**2))[:, None], len(x), axis=1)
        ),
        "the sign: the loss is half the square of answer minus target.": -np.outer(error * v * (1 - h**2), x),
    }
