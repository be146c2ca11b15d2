# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Sound and frames: exercises
#
# Two of them to [the lecture](../19_sound_and_frames.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the
# check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots

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
# ## 19.2 · Which band? (15 minutes)
#
# The strings' pitch is given as MIDI numbers it: 69 is 440 Hz, and each step up multiplies the frequency by the same factor, so that twelve steps double it. Write
# `hertz(pitch)`: MIDI pitches [n] in, frequencies [n] out.
#
# A spectrogram has 64 mel bands. Their middles are evenly spaced on the mel scale, $m(f) = 2595 \log_{10}(1 + f/700)$, between the ends $m(0) = 0$ and
# $m(4000)$. Write `band(hertz)`: the number of the band, 0 for the lowest, whose middle is nearest to a frequency on the mel scale.


# %%
def hertz(pitch):
    ### BEGIN SOLUTION
    # stub: return np.full(np.shape(pitch), 440.0)
    return 440 * 2 ** ((pitch - 69) / 12)
    ### END SOLUTION


def band(hertz):
    ### BEGIN SOLUTION
    # stub: return np.zeros(np.shape(hertz))
    mel = lambda f: 2595 * np.log10(1 + f / 700)
    return np.rint(mel(hertz) / mel(4000) * 65) - 1
    ### END SOLUTION


# %% points=2
coursekit.check("19.2", (hertz, band))

# %% [markdown]
# Now your functions against the pictures: for each string, the lowest band that is loud (above half of the scale) beside the band of its fundamental.

# %%
sounds = data.load("strings", "test", limit=200)
loud = sounds.images[:, ::-1, 2, 0] > 0.5 * sounds.images[:, :, 2, 0].max(
    axis=1, keepdims=True
)
expected = band(hertz(sounds.factors["pitch"]))
plots.lines(
    None,
    {
        "your band": (np.sort(sounds.factors["pitch"]), np.sort(expected)),
        "lowest loud band": (
            np.sort(sounds.factors["pitch"]),
            loud.argmax(axis=1)[np.argsort(sounds.factors["pitch"])],
        ),
    },
    "The band of the fundamental, by your functions and by the pictures",
    "A rising staircase, and the pictures' lowest loud bands close to it.",
    xlabel="pitch (MIDI)",
    ylabel="band",
    baselines=["lowest loud band"],
)

# %% [markdown]
# The lowest loud band lies where you said, or one below, since a loud partial is seen in the band beside its own, too.
