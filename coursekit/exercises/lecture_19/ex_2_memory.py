"""One step of an LSTM in one place: the gates, the memory, the state."""

import numpy as np
from scipy.special import expit

from coursekit.exercises.hints import called, compare, generator, hint_if


def check(remember):
    """`remember(drive, c)`: from the drives [4, channels] of i, f, g, o and the memory [channels] to (state, memory),
    each [channels]."""
    rng = generator(18)
    drive, c = rng.normal(0, 1.5, (4, 3)), rng.normal(0, 1, 3)
    found = called(remember, "remember", drive.copy(), c.copy())
    hint_if(
        found.shape != (2, 3),
        f"for 3 channels `remember` should return two rows of 3 numbers, h and c, got shape {found.shape}.",
    )
    compare(
        found,
        step(drive, c),
        remember_mistakes(drive, c),
        f"for the memory {np.round(c, 2).tolist()} your new memory is {np.round(found[1], 2).tolist()}. What do the "
        "gates f and i do with the old memory and with g?",
    )


def step(drive, c):
    """The new state and memory, [2, channels]."""
    i, f, g, o = drive
    c = expit(f) * c + expit(i) * np.tanh(g)
    return np.stack([expit(o) * np.tanh(c), c])


def remember_mistakes(drive, c):
    """Typical mistakes: {hint: state and memory [2, channels]}."""
    i, f, g, o = drive
    h, right = step(drive, c)
    raw = f * c + i * np.tanh(g)
    swapped = expit(i) * c + expit(f) * np.tanh(g)
    unbounded = expit(f) * c + expit(i) * g
    return {
        "the state comes first, then the memory: return h, c.": np.stack([right, h]),
        "a gate is a number between 0 and 1: put the drives of i, f and o through the sigmoid.": (
            np.stack([o * np.tanh(raw), raw])
        ),
        "f says what is kept of the old memory, and i what is written: you have swapped them.": (
            np.stack([expit(o) * np.tanh(swapped), swapped])
        ),
        "what is written, g, goes through tanh before its gate.": (
            np.stack([expit(o) * np.tanh(unbounded), unbounded])
        ),
        "the state shows the *new* memory, not the old one.": np.stack([expit(o) * np.tanh(c), right]),
        "the memory goes through tanh before it is shown.": np.stack([expit(o) * right, right]),
    }
