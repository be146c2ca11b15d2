"""A direction of the latent space along which something grows, and codes that are moved along it."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if


def check(answer):
    """`(direction, turn)`: direction(codes [n, d], amounts [n]) -> [d], and turn(codes, direction, t) -> codes."""
    direction, turn = answer
    check_direction(direction)
    with after("`direction` is right."):
        check_turn(turn)


def check_direction(function):
    """Hints unless function(codes, amounts) is the unit vector along which amounts grow fastest."""
    codes, amounts, true = _problem()
    found = called(function, "direction", codes, amounts)
    hint_if(
        found.shape != true.shape,
        f"codes of {len(true)} numbers have directions of {len(true)} numbers; got shape {found.shape}.",
    )
    length = np.linalg.norm(found)
    hint_if(length == 0, "that is no direction: all zeros.")
    cosine = found @ true / length
    hint_if(cosine < -0.9, "amounts *fall* along your direction.")
    largest = codes[amounts.argmax()]
    hint_if(
        np.allclose(found / length, largest / np.linalg.norm(largest)),
        "one code, the one with the largest amount. It differs from the others in everything; ask them all.",
    )
    hint_if(
        cosine < 0.95,
        "these amounts were made to grow along a known direction; yours is "
        f"{np.degrees(np.arccos(np.clip(cosine, -1, 1))):.0f}° off it.",
    )
    hint_if(abs(length - 1) > 1e-3, f"the direction is right, its length is {length:.3g}. Divide by it.")
    codes, amounts, true = _problem(1, offset=60.0)
    found = called(function, "direction", codes, amounts)
    hint_if(
        found @ true / np.linalg.norm(found) < 0.95,
        "right, until all amounts are 60 higher. An offset has no direction: what is to be subtracted first?",
    )
    codes, amounts, true = _problem(2, scale=1e-3)
    cosine = called(function, "direction", codes, amounts) @ true
    hint_if(cosine < 0.95, "right, but not for amounts a thousand times smaller.")


def check_turn(function):
    """Hints unless function(codes, direction, t) sets the codes' component along a unit direction to t."""
    rng = generator(3)
    codes, along = rng.normal(size=(6, 12)), rng.normal(size=12)
    along /= np.linalg.norm(along)
    before, t = codes.copy(), 1.5
    found = called(function, "turn", codes, along, t)
    hint_if((codes != before).any(), "`turn` has changed the codes it was given. Return new ones.")
    hint_if(found.shape != codes.shape, f"`turn` should return codes of shape {codes.shape}, got {found.shape}.")
    reached, right = found @ along, codes + (t - codes @ along)[:, None] * along
    compare(
        found,
        right,
        turn_mistakes(codes, along, t),
        "the dial is at t, but something else of the codes has changed, too."
        if np.allclose(reached, t)
        else f"set to {t}, the components along the direction are {reached.min():.2f} to {reached.max():.2f}.",
    )
    found = called(function, "turn", codes, along, -2.0)
    hint_if(not np.allclose(found @ along, -2), "right at 1.5, wrong at -2.")


def turn_mistakes(codes, along, t):
    """Typical mistakes: {hint: codes [n, d]}."""
    now = (codes @ along)[:, None]
    return {
        "the codes have not moved.": codes,
        "that turns the dial *by* t. A code that stood at 2 is now beyond 3. Set it *to* t: what was there before?": (
            codes + t * along
        ),
        "the component along the direction is gone. And t?": codes - now * along,
        "now all codes are the same. Change one component, keep the others.": t * along + 0 * codes,
        "a mean over everything; each code has a place of its own.": codes + (t - codes.mean()) * along,
        "all are moved by the same way, so that their *mean* is at t. Each code by itself, please.": (
            codes + (t - now.mean()) * along
        ),
    }


def _problem(seed=0, n=4000, d=12, offset=0.0, scale=1.0):
    """(codes, amounts, the direction along which they were made to grow)."""
    rng = generator(seed)
    codes, true = rng.normal(size=(n, d)), rng.normal(size=d)
    true /= np.linalg.norm(true)
    grows = 1 / (1 + np.exp(-1.5 * (codes @ true))) + 0.3 * rng.normal(size=n) + 0.05 * codes[:, 0] ** 2
    return codes, offset + scale * grows, true
