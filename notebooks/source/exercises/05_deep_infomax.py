# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Deep InfoMax: exercises
#
# Two of them to [the lecture](../05_deep_infomax.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the
# check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import plots

# %% [markdown]
# ## 5.1 · InfoNCE, in NumPy (20 minutes)
#
# Lecture 4 left the hard part of InfoNCE to SciPy's `logsumexp`. Do it yourself. Here $n$ codes (rows) choose among $n$ pictures (columns). `infonce(scores)`, from scores [n, n], is the log-probability with which a
# code picks its own picture in a softmax over its row, averaged over codes, plus $\log n$:
#
# $$\log n + \frac1n \sum_i \Big( s_{ii} - \log \sum_{j} e^{s_{ij}} \Big) .$$
#
# It has to survive scores of 1000. Then the local version, where a code chooses between one place of its own picture and all places
# of all *others*: `most(n, places)` is the largest value that it can take, in nats.


# %%
def infonce(scores):
    ### BEGIN SOLUTION
    # stub: return 0.0
    largest = scores.max(axis=1)
    sums = np.exp(scores - largest[:, None]).sum(axis=1)
    return np.log(len(scores)) + np.mean(
        np.diagonal(scores) - largest - np.log(sums)
    )
    ### END SOLUTION


def most(n, places):
    ### BEGIN SOLUTION
    # stub: return np.log(n)
    return np.log(1 + (n - 1) * places)
    ### END SOLUTION


# %% points=2
coursekit.check("5.1", (infonce, most))

# %% [markdown]
# How certain must the scores be? Take codes that always score their own picture by $s$ and all others by 0.
#
# Guess first: at which $s$ is InfoNCE among 64 pictures half of $\log 64$?

# %%
guess = 4.0
own = np.linspace(0, 12, 49)
plots.lines(
    own,
    {f"n = {n}": [infonce(s * np.eye(n)) for s in own] for n in (4, 64, 512)},
    "What scores of 0 and s are worth",
    "Three curves that rise from 0 and level off, each at its log n.",
    xlabel="s, the score of one's own picture",
    ylabel="InfoNCE (nats)",
    marks={f"log {n}": np.log(n) for n in (4, 64, 512)}
    | {"half of log 64": np.log(64) / 2},
    guesses={"your guess": (guess, np.log(64) / 2)},
)

# %% [markdown]
# Many papers divide the scores by a *temperature*, 0.1 or so, as their scores are cosines, at most 1. Read off the figure why they
# must. And Deep InfoMax, with 64 places to a picture and 64 pictures: what is the most it can say, and why is a value far below it
# still worth a lot of training?

# %% [markdown]
# ## 5.2 · How even are the codes? (20 minutes)
#
# The prior of Deep InfoMax asks that codes be spread evenly. A discriminator says how far they are from it. Where one can count, no
# network is needed. Divide the cube into $k$ cells of equal size, and count: `shares` [k] are the shares of the codes in each cell. Of
# uniform draws each cell has the share $1/k$. Write
#
# - `best(shares)`: the probability [k] that the best discriminator gives to "this is a uniform draw", in each cell;
# - `uneven(shares)`: the Jensen-Shannon divergence of uniform draws and codes, in nats. Some cells may be empty.


# %%
def best(shares):
    ### BEGIN SOLUTION
    # stub: return np.full(len(shares), 0.5)
    return 1 / (1 + len(shares) * shares)
    ### END SOLUTION


def uneven(shares):
    ### BEGIN SOLUTION
    # stub: return 0.0
    even = np.full(len(shares), 1 / len(shares))
    mixture = (even + shares) / 2
    used = shares > 0  # an empty cell adds nothing to the codes' mean
    codes = np.sum(shares[used] * np.log(shares[used] / mixture[used]))
    return (np.sum(even * np.log(even / mixture)) + codes) / 2
    ### END SOLUTION


# %% points=2
coursekit.check("5.2", (best, uneven))

# %% [markdown]
# Now take codes that *are* even: uniform draws, in 25 cells. With few of them, the counts are uneven by chance.
#
# Guess first: how uneven do 100 uniform draws seem to be, in nats?

# %%
guess = 0.1
rng = np.random.default_rng(0)
numbers = 2 ** np.arange(4, 13)
chance = [
    np.mean(
        [uneven(rng.multinomial(n, np.full(25, 1 / 25)) / n) for _ in range(200)]
    )
    for n in numbers
]
plots.lines(
    numbers,
    {"25 cells": chance},
    "Uniform draws that seem uneven",
    "A curve that falls toward 0, at each doubling to about a half.",
    xlabel="draws",
    ylabel="Jensen-Shannon divergence, nats",
    guesses={"your guess": (100, guess)},
    log=("x",),
)

# %% [markdown]
# How many draws does one need for each cell, before chance counts little? The lecture's square has 25 cells. A code of 64 numbers, each
# divided into five parts, has how many? Why is the discriminator a network, and which mistakes does it make instead?
