"""Truncation of codes, and what it leaves of a group at one end of a direction."""

import numpy as np
from scipy import special

from coursekit.exercises.hints import after, called, compare, hint_if, number


def check(answer):
    """`(truncate, share_left)`: truncate(w, mean, psi) -> [n, d], share_left(share, psi) -> a share."""
    truncate, share_left = answer
    check_truncate(truncate)
    with after("`truncate` is right."):
        check_share_left(share_left)


def check_truncate(function):
    """Hints unless function(w, mean, psi) is mean + psi (w - mean)."""
    rng = np.random.default_rng(3)
    w, mean, psi = rng.normal(2, 1, (6, 3)), np.array([2.0, 1.0, -1.0]), 0.7
    found = called(function, "truncate", w, mean, psi)
    hint_if(
        found.shape != w.shape, f"each code moves: `truncate` should give {list(w.shape)}, got {list(found.shape)}."
    )
    otherwise = "with psi = 1 each code stays, and with psi = 0 each is the mean."
    compare(found, mean + psi * (w - mean), truncate_mistakes(w, mean, psi), otherwise)


def truncate_mistakes(w, mean, psi):
    """Typical mistakes: {hint: codes [n, d]}."""
    return {
        "that pulls all codes to 0. The mean of w is elsewhere.": psi * w,
        "the other way: with psi = 1 nothing should change.": w + psi * (mean - w),
        "add the mean again, from which the codes were measured.": psi * (w - mean),
        "use the mean that was given; these few codes have another.": w.mean(0) + psi * (w - w.mean(0)),
        "psi multiplies once, not twice.": mean + psi**2 * (w - mean),
    }


def check_share_left(function):
    """Hints unless function(share, psi) is the normal's tail beyond the limit of that share, divided by psi."""
    for share, psi in ((0.05, 0.7), (0.3, 0.5), (0.01, 0.9)):
        found = number(function, "share_left", share, psi)
        hint_if(found > share, f"of {share:.0%} there are now {found:.1%}: more than before?")
        hint_if(found < 0, "a share is not below 0.")
        otherwise = (
            "the group is beyond a limit c, and c is where the normal has this share to its right. Truncated codes are "
            "narrower: how many of *their* deviations away is c?"
        )
        compare(found, float(special.ndtr(special.ndtri(share) / psi)), share_left_mistakes(share, psi), otherwise)


def share_left_mistakes(share, psi):
    """Typical mistakes: {hint: share}."""
    limit = special.ndtri(share)
    return {
        "shares do not shrink in proportion: the tail of a normal falls much faster than a line.": share * psi,
        "psi is a factor of the deviation; psi squared of the variance.": special.ndtr(limit / psi**2),
        "the group stands at one end, and you counted both.": 2 * special.ndtr(special.ndtri(share / 2) / psi),
        "that is psi squared times the share. Where does the limit come in?": share * psi**2,
    }
