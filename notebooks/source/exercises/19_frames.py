# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Frames: exercises
#
# Two of them to [the lecture](../19_frames.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the
# check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import plots

# %% [markdown]
# ## 19.1 · The best blur (20 minutes)
#
# A pixel has several futures. In future $i$ its ink will be $x_i$, and this future has the chance $q_i$; the chances add up to 1. You must say one number $p$, and you
# pay the cross-entropy. Write `best(ink, chances)`: the $p$ that has the smallest expected price. Then write `price(p, ink, chances)`, the expected price of any $p$ in nats.
#
# Guess first: a pixel will be 1 with the chance 0.9, else 0. What does the best answer cost: 0.1 nats, 0.3, or 0.7?

# %%
guess = 0.1


def best(ink, chances):
    ### BEGIN SOLUTION
    # stub: return 0.5
    return ink @ chances
    ### END SOLUTION


def price(p, ink, chances):
    ### BEGIN SOLUTION
    # stub: return 1.0
    return -chances @ (ink * np.log(p) + (1 - ink) * np.log(1 - p))
    ### END SOLUTION


# %% points=2
coursekit.check("19.1", (best, price))

# %% [markdown]
# What the best answer costs, for a coin that is more and more unfair.

# %%
chances = np.linspace(0.5, 0.99, 50)
ink = np.array([1.0, 0.0])
costs = [
    price(best(ink, np.array([q, 1 - q])), ink, np.array([q, 1 - q]))
    for q in chances
]
plots.lines(
    chances,
    {"best answer": costs},
    f"The least price of a pixel with two futures (you said: {guess})",
    "A curve that falls from 0.69 nats at a fair coin to nearly 0.",
    xlabel="chance of the likelier future",
    ylabel="nats",
    guesses={"you": (0.9, guess)},
)

# %% [markdown]
# This curve is the entropy of the coin. It is what nobody can save, and a blurred frame with a thousand such pixels costs it a thousand times, even though one coin
# decides about all of them. A model that tosses the coin once, in a code, pays for it once.

# %% [markdown]
# ## 19.2 · One step of memory (15 minutes)
#
# In one place of a ConvLSTM the convolutions have given four rows of numbers: `drive[0]` for the gate $i$, `drive[1]` for the gate $f$, `drive[2]` for what is written, $g$, and `drive[3]` for the gate $o$. Each row has a
# number for each channel. The old memory is `c`. Write `remember(drive, c)`, which returns the new state and the new memory, `h, c`, by the equations of section 5. The sigmoid is `special.expit`.
#
# Guess first: nothing is written, and the gate $f$ has the drive 2 in each frame. After how many frames is half of a memory gone?

# %%
from scipy import special

guess = 2


def remember(drive, c):
    ### BEGIN SOLUTION
    # stub: return np.zeros_like(c), c
    i, f, g, o = drive
    c = special.expit(f) * c + special.expit(i) * np.tanh(g)
    return special.expit(o) * np.tanh(c), c
    ### END SOLUTION


# %% points=2
coursekit.check("19.2", remember)

# %% [markdown]
# Now let your function run for thirty frames, with three drives of the gate $f$, and write nothing.

# %%
memories = {}
for f in (0, 2, 5):
    c, kept = np.ones(1), []
    for _ in range(30):
        _, c = remember(np.array([[-50.0], [f], [0.0], [0.0]]), c)
        kept.append(float(c[0]))
    memories[f"drive {f}"] = kept
plots.lines(
    np.arange(1, 31),
    memories,
    "What is left of a memory",
    "Three falling curves: with the drive 0 the memory is gone at once, with 5 it is nearly all there.",
    xlabel="frames",
    ylabel="memory",
    guesses={"you": (guess, 0.5)},
)

# %% [markdown]
# With the drive 2 the gate is 0.88, and 0.88 to the power of 5.5 is a half. With the drive 5 the gate is 0.993, and after thirty frames more than four fifths are left. So a memory lives
# as long as the network wants it to.
