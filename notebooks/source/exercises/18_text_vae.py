# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From the next letter to a whole line: exercises
#
# Two of them to [the lecture](../18_text_vae.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, letters, plots

train = data.load("plays", "train")

# %% [markdown]
# ## 18.1 · Temperature without logits (20 minutes)
#
# A program gives you probabilities, not logits. Write `heated(p, temperature)`: `p` [n, k] are n rows of probabilities, each of which adds up to 1.
# What comes out is what the softmax would have given, had the logits been divided by the temperature. Guess first: `p` is (0.8, 0.2), the
# temperature 1/2. Which probability does the first one get?

# %%
guess = 0.9


def heated(p, temperature):
    ### BEGIN SOLUTION
    # stub: return p
    power = p ** (1 / temperature)
    return power / power.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% points=2
coursekit.check("18.1", heated)

# %%
print(f"you said {guess}; it is {heated(np.array([[0.8, 0.2]]), 0.5)[0, 0]:.3f}")
pairs = np.zeros((65, 65))
np.add.at(pairs, (train.letters[:-1], train.letters[1:]), 1)
after = (pairs + 1e-3) / (pairs + 1e-3).sum(axis=1, keepdims=True)
rng = np.random.default_rng(0)
for temperature in (0.2, 1.0, 3.0):
    p, written = heated(after, temperature), [0]
    for _ in range(120):
        row = p[written[-1]] / p[written[-1]].sum()
        written.append(int(rng.choice(65, p=row)))
    print(
        f"--- temperature {temperature}\n{letters.decode(np.array(written[1:]))}\n"
    )

# %% [markdown]
# These texts are written by pairs of letters alone, at three temperatures. At the lowest one the text soon turns in a circle. Why must it, if each letter depends on
# the one before only?

# %% [markdown]
# ## 18.2 · When silence pays (15 minutes)
#
# During the training the code of a line has a price that may be reduced in two ways. With *annealing*, the price is multiplied by a weight. The weight grows evenly from 0
# in step 0 to 1 in step `warm_up`, and stays at 1 from there on. With *free bits*, only the part of the code's price above `free` bits is paid.
#
# Write `loss(letters_cost, code_cost, step, warm_up, free)`, the loss of a line in bits. First the free bits are taken off, but the price does not fall below 0. Then what is left is multiplied by the weight. `warm_up` is
# 1 at least.
#
# Guess first. Two readers are trained with a warm-up of 534 steps, and without free bits. A silent one has a code of 0 bits, and the letters of a line cost 80 bits. A speaking one has a code
# of 20 bits, and the letters cost 65. At first the speaking one has the smaller loss. From which step on has the silent one?

# %%
guess = 200


def loss(letters_cost, code_cost, step, warm_up, free):
    ### BEGIN SOLUTION
    # stub: return letters_cost
    weight = min(1, step / warm_up)
    return letters_cost + weight * max(code_cost - free, 0)
    ### END SOLUTION


# %% points=2
coursekit.check("18.2", loss)

# %%
steps = np.arange(0, 1069, 4)
readers = {
    "silent": (80, 0, 0),
    "speaking": (65, 20, 0),
    "speaking, 24 free bits": (65, 20, 24),
}
curves = {
    name: [loss(letters_cost, code_cost, step, 534, free) for step in steps]
    for name, (letters_cost, code_cost, free) in readers.items()
}
plots.lines(
    steps,
    curves,
    "When does it pay to be silent?",
    "Three curves: one is level, one climbs over it and stays above it, one is level below both.",
    xlabel="step of the training",
    ylabel="loss of a line, bits",
    guesses={"your guess": (guess, 80)},
)

# %% [markdown]
# With annealing the reader speaks for a while and then falls silent. That is what happened in the lecture. With free bits it never has a reason to. But what does a line of the third reader cost
# by the bound, where all is paid? Which of the three readers would you take, and for what?
