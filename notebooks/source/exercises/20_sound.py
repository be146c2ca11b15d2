# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Sound: exercises
#
# Two of them to [the lecture](../20_sound.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the
# check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots

# %% [markdown]
# ## 20.1 · Which band? (15 minutes)
#
# The strings' pitch is given as MIDI numbers them: 69 is 440 Hz, and each step up multiplies the frequency by the same factor, so that twelve steps double it. Write
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
coursekit.check("20.1", (hertz, band))

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

# %% [markdown]
# ## 20.2 · Was it copied? (15 minutes)
#
# Section 4 asked whether a VAE repeats its training recordings. Now type the measure. For each sample, and for each test example, take the distance to its *nearest* training example. Then look at all pairs of a sample and a test example.
# Write `nearer(samples, tests, training)`, all of them rows [n, d]: the share of the pairs in which the sample is nearer to its nearest training example than the test example is to its own.
#
# Guess first: somebody sells training pictures as new, each one a little blurred (by a Gaussian of one pixel). What will this measure say of them? An exact copy has 1, and honest work a half.

# %%
guess = 0.9


def nearer(samples, tests, training):
    ### BEGIN SOLUTION
    # stub: return 0.5
    far = lambda rows: np.array(
        [np.linalg.norm(training - row, axis=1).min() for row in rows]
    )
    return (far(samples)[:, None] < far(tests)).mean()
    ### END SOLUTION


# %% points=2
coursekit.check("20.2", nearer)

# %% [markdown]
# The copies of 100 training strings, more and more blurred.

# %%
from scipy import ndimage

training = data.load("strings", "train", limit=600).images[..., 0]
tests = data.load("strings", "test", limit=100).images[..., 0]
rows = lambda pictures: pictures.reshape(len(pictures), -1)
widths = np.array([0.3, 0.5, 0.7, 1, 1.5, 2])
measured = [
    nearer(
        rows(ndimage.gaussian_filter(training[:100], (0, width, width))),
        rows(tests),
        rows(training),
    )
    for width in widths
]
plots.lines(
    widths,
    {"blurred copies": measured},
    "Copies that are blurred are no longer found",
    "A curve that falls from 1 to nearly 0 as the blur becomes wider.",
    xlabel="width of the blur (pixels)",
    ylabel="share of pairs in which the copy is nearer",
    marks={"no copying": 0.5},
    guesses={"you": (1, guess)},
)

# %% [markdown]
# Each of these pictures is a copy, and yet a blur of one pixel is enough to make the measure say "less copied than honest work". A blur moves a picture away from all sharp ones, from its own original, too. So a low number is
# no proof that nothing was copied. It only says that the samples are not *near* to training examples.
