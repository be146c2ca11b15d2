# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Predict the next letter: exercises
#
# Two of them to [the lecture](../17_text.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots

train, test = data.load("plays", "train"), data.load("plays", "test")

# %% [markdown]
# ## 17.1 · Witten and Bell by hand (20 minutes)
#
# Write `mixed(counts, shorter)`. `counts` says how often each letter came after a history $h$; `shorter` has the probabilities of the same
# letters after the shorter history $h'$. What comes out are the probabilities after $h$, by the rule of section 2. (If the history was never
# seen, the shorter one alone counts.) Guess first: 10 letters came after $h$, all of them the same. Which probability does this letter get, if
# `shorter` gives it 0.1?

# %%
guess = 0.95


def mixed(counts, shorter):
    ### BEGIN SOLUTION
    # stub: return shorter
    c, d = counts.sum(), (counts > 0).sum()
    return (counts + d * shorter) / (c + d) if c else shorter
    ### END SOLUTION


# %% points=2
coursekit.check("17.1", mixed)

# %%
pairs = np.zeros((65, 65))
np.add.at(pairs, (train.letters[:-1], train.letters[1:]), 1)
single = mixed(pairs.sum(axis=0), np.full(65, 1 / 65))
table = np.stack([mixed(row, single) for row in pairs])
print(
    f"{-np.log2(table[test.letters[:-1], test.letters[1:]]).mean():.3f} bits a letter"
)
print(
    f"you said {guess}; by the rule {mixed(np.array([10.0, 0]), np.array([0.1, 0.9]))[0]:.3f}"
)

# %% [markdown]
# The lecture added 1 to every count of pairs. Compare the two prices: for pairs the rule hardly matters, since most pairs have been seen
# hundreds of times. For which orders does it matter, and why?

# %% [markdown]
# ## 17.2 · How far back? (15 minutes)
#
# A causal network has blocks with the dilations 1, 2, 4, 8, and so on. Write `blocks(seen)`: how many blocks are needed at least, so that a prediction
# sees `seen` letters? Guess first: how many are needed for a whole play of 110,000 letters?

# %%
guess = 50


def blocks(seen):
    ### BEGIN SOLUTION
    # stub: return 0
    count = 0
    while 1 + sum(2**i for i in range(count)) < seen:
        count += 1
    return count
    ### END SOLUTION


# %% points=2
coursekit.check("17.2", blocks)

# %%
far = [2**k for k in range(1, 18)]
plots.lines(
    far,
    {"doubling dilations": [blocks(seen) for seen in far]},
    f"Blocks that see so many letters; a play of 110,000 needs {blocks(110_000)}",
    "A straight line over a logarithmic axis.",
    xlabel="letters seen",
    ylabel="blocks",
    guesses={"your guess": (110_000, guess)},
    log=("x",),
)

# %% [markdown]
# A receptive field of a whole play costs few blocks. Does it follow that the network remembers in act 5 what was said in act 1? What would
# it need besides a path from there to here?
