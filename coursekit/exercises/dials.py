"""A direction in a latent space along which something grows, and codes that are turned along it."""

import numpy as np

from coursekit.exercises.hints import called, hint_if


def fitted(codes, amounts):
    """The unit vector of the best linear prediction of amounts [n] from codes [n, d]: what the check compares with."""
    slopes = np.linalg.lstsq(codes - codes.mean(axis=0), amounts - amounts.mean(), rcond=None)[0]
    return slopes / np.linalg.norm(slopes)


def _problem(seed=0, n=4000, d=12, offset=0.0, scale=1.0):
    """(codes, amounts, the direction along which they were made to grow)."""
    rng = np.random.default_rng(seed)
    codes, true = rng.normal(size=(n, d)), rng.normal(size=d)
    true /= np.linalg.norm(true)
    grows = 1 / (1 + np.exp(-1.5 * (codes @ true))) + 0.3 * rng.normal(size=n) + 0.05 * codes[:, 0] ** 2
    return codes, offset + scale * grows, true


def examine_direction(direction):
    """Hints unless direction(codes, amounts) is the unit vector along which amounts grow fastest."""
    codes, amounts, true = _problem()
    found = called(direction, "direction", codes, amounts)
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
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    hint_if(
        cosine < 0.95,
        f"these amounts were made to grow along a known direction; yours is {angle:.0f}° off it.",
    )
    hint_if(abs(length - 1) > 1e-3, f"the direction is right, its length is {length:.3g}. Divide by it.")
    codes, amounts, true = _problem(1, offset=60.0)
    found = called(direction, "direction", codes, amounts)
    cosine = found @ true / np.linalg.norm(found)
    hint_if(
        cosine < 0.95,
        "right, until all amounts are 60 higher. An offset has no direction: what is to be subtracted first?",
    )
    codes, amounts, true = _problem(2, scale=1e-3)
    cosine = called(direction, "direction", codes, amounts) @ true
    hint_if(cosine < 0.95, "right, but not for amounts a thousand times smaller.")


def examine_turn(turn):
    """Hints unless turn(codes, direction, t) sets the codes' component along a unit direction to t, and no other."""
    so_far = "`direction` is right. "
    rng = np.random.default_rng(3)
    codes, along = rng.normal(size=(6, 12)), rng.normal(size=12)
    along /= np.linalg.norm(along)
    before, t = codes.copy(), 1.5
    found = called(turn, "turn", codes, along, t, so_far=so_far)
    hint_if((codes != before).any(), so_far + "`turn` has changed the codes it was given. Return new ones.")
    hint_if(
        found.shape != codes.shape, f"{so_far}`turn` should return codes of shape {codes.shape}, got {found.shape}."
    )
    same = lambda other: np.allclose(found, other, atol=1e-6)
    now = (codes @ along)[:, None]
    hint_if(same(codes), so_far + "the codes have not moved.")
    hint_if(
        same(codes + t * along),
        so_far
        + "that turns the dial *by* t. A code that stood at 2 is now beyond 3. Set it *to* t: what was there before?",
    )
    hint_if(same(codes - now * along), so_far + "the component along the direction is gone. And t?")
    hint_if(same(t * along + 0 * codes), so_far + "now all codes are the same. Change one component, keep the others.")
    hint_if(
        same(codes + (t - codes.mean()) * along), so_far + "a mean over everything; each code has a place of its own."
    )
    hint_if(
        same(codes + (t - now.mean()) * along),
        so_far + "all are moved by the same way, so that their *mean* is at t. Each code by itself, please.",
    )
    reached = found @ along
    hint_if(
        np.allclose(reached, t) and not np.allclose(found - t * along, codes - now * along, atol=1e-6),
        so_far + "the dial is at t, but something else of the codes has changed, too.",
    )
    hint_if(
        not np.allclose(reached, t),
        f"{so_far}set to {t}, the components along the direction are {reached.min():.2f} to {reached.max():.2f}.",
    )
    found = called(turn, "turn", codes, along, -2.0, so_far=so_far)
    hint_if(not np.allclose(found @ along, -2), so_far + "right at 1.5, wrong at -2.")
