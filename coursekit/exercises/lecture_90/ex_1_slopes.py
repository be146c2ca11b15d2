"""Slopes by nudging each weight both ways."""

import numpy as np

from coursekit.exercises.hints import called, compare, generator, hint_if


def check(slopes):
    """`slopes(loss, w, h)`: a function of weights [d], the weights, a step -> slopes [d] by central differences."""
    w, h = generator(0).uniform(0.4, 1.6, 3), 0.1
    before = w.copy()
    found = called(slopes, "slopes", _loss, w, h)
    hint_if(
        not np.array_equal(w, before),
        "the weights that came in are not the same any more. Nudge a copy: `w.copy()`.",
    )
    hint_if(
        found.shape != w.shape,
        f"for {len(w)} weights `slopes` should return {len(w)} numbers, got shape {found.shape}.",
    )
    compare(
        found,
        _right(_loss, w, h),
        slopes_mistakes(_loss, w, h),
        f"of L(w) = w0³ w1 + w1² w2 at {np.round(w, 2)} you say {np.round(found, 3)}, and with h = {h} central "
        f"differences say {np.round(_right(_loss, w, h), 3)}.",
    )


def _loss(w):
    return w[0] ** 3 * w[1] + w[1] ** 2 * w[2]


def _nudged(loss, w, h, up, down):
    return np.array([loss(w + up * h * one) - loss(w - down * h * one) for one in np.eye(len(w))])


def _right(loss, w, h):
    return _nudged(loss, w, h, 1, 1) / (2 * h)


def slopes_mistakes(loss, w, h):
    """Typical mistakes: {hint: slopes [d]}."""
    return {
        "you went up and down, so the way is 2h long, not h.": _nudged(loss, w, h, 1, 1) / h,
        "that nudges upwards alone. Its error falls as h; with both ways it falls as h².": _nudged(loss, w, h, 1, 0)
        / h,
        "that nudges downwards alone. Its error falls as h; with both ways it falls as h².": (
            _nudged(loss, w, h, 0, 1) / h
        ),
        "the differences are right, and not yet divided by the way, 2h.": _nudged(loss, w, h, 1, 1),
        "the sign: up minus down, divided by 2h.": -_right(loss, w, h),
        "you nudged all weights at once. Each weight has a slope of its own: nudge one, leave the others.": (
            np.full(len(w), (loss(w + h) - loss(w - h)) / (2 * h))
        ),
    }
