# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Self-supervision: which way is up? Exercises
#
# Three of them to [the lecture](../03_rotnet.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written anything, so
# begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots
from coursekit.exercises.material.albums import albums
from coursekit.metrics import probes

# %% [markdown]
# ## 3.1 · The batch, and back (20 minutes)
#
# In the lecture all upright images come first, then all that are turned once, and so on. Write it the other way round: `batch(x)`
# takes images [n, side, side, channels] (NumPy) and returns two arrays,
#
# - the turned images [4n, side, side, channels], **all four turns of the first image first**, then those of the second, ...
# - and the number of quarter turns, counterclockwise, that each was given: 0, 1, 2 or 3.
#
# No `rot90`: transposes and flips are enough (`x[:, ::-1]` flips, `np.swapaxes` transposes). Then undo it.
# `turn_back(images, labels)` takes images in any order with their numbers of turns, and returns all of them upright.


# %%
def batch(x):
    ### BEGIN SOLUTION
    # stub: return x, np.zeros(len(x), int)
    across = np.swapaxes(x, 1, 2)
    turned = [x, across[:, ::-1], x[:, ::-1, ::-1], across[:, :, ::-1]]
    images = np.stack(turned, axis=1).reshape(-1, *x.shape[1:])
    return images, np.tile(np.arange(4), len(x))
    ### END SOLUTION


def turn_back(images, labels):
    ### BEGIN SOLUTION
    # stub: return images
    every, _ = batch(images)  # each by 0, 1, 2, 3
    return every[4 * np.arange(len(images)) + (4 - labels) % 4]
    ### END SOLUTION


# %% points=2
coursekit.check("3.1", (batch, turn_back))

# %%
clothes = data.load("fashion_small", "test").images[:3]
turned, labels = batch(clothes)
plots.images(
    {"batch": turned[:12], "turned back": turn_back(turned, labels)[:12]},
    "Three pieces, four turns of each",
    "A row of clothes in four positions each; below it all of them are to be upright.",
    columns=[f"{label}" for label in labels[:12]],
)

# %% [markdown]
# An unchecked step: a square fits onto itself in *eight* ways, for one can also mirror it. Make it a puzzle of eight classes. For
# which clothes is mirroring a question that has an answer? What would a network that solves it have to look at, and do you want it
# to?

# %% [markdown]
# ## 3.2 · Something gives it away (30 minutes)
#
# Three albums, of 260 pictures each: patches of grass and gravel, which have no up. Yet a *linear* classifier on pixels, the
# poorest "RotNet" there is, can tell the turns of some of them.

# %%
three = albums()
plots.images(
    {name: images[:10] for name, images in three.items()},
    "Ten of each album",
    "Three rows of gray patches without an up.",
)


# %%
def turns_recognized(images, cure=lambda images: images):
    """By logistic regression on pixels, of images that it has not seen."""
    parts = []
    for some in np.split(images, [len(images) * 2 // 3]):
        some = cure(some)
        parts.append(
            np.concatenate([np.rot90(some, turn, axes=(1, 2)) for turn in range(4)])
        )
        parts.append(np.repeat(np.arange(4), len(some)))
    return probes.linear(*parts, per_class=None).mean


rates = {name: turns_recognized(images) for name, images in three.items()}
plots.bars(
    rates,
    "Turns recognized by a linear classifier",
    "Three bars; one is near the dotted line of chance.",
    ylabel="share of turns",
    marks={"chance": 0.25},
    size=(6, 3.2),
)

# %% [markdown]
# Find out what it is that they see. Write `clue(images)`: images [n, side, side, 1] in, one picture [side, side] out, in which
# something that is common to all images would show.


# %%
def clue(images):
    ### BEGIN SOLUTION
    # stub: return images[0, ..., 0]
    return images.mean(axis=0)[..., 0]
    ### END SOLUTION


clues = np.stack([clue(images) for images in three.values()])
plots.panels(
    list(clues),
    list(three),
    "Your three pictures.",
    range=(clues.min(), clues.max()),
    suptitle="What the images of an album have in common\n"
    f"one scale: white {clues.min():.2f}, black {clues.max():.2f}",
)

# %% [markdown]
# Write for each album whether it has an `"edge"` (a scanner's, say), a `"shading"` (a lamp's), or `"nothing"`. Then a cure for both
# faults in one function, which does not know what album it gets: `mend(images)`. It returns the pictures, upright and square, as
# many as before, with nothing in them that gives turns away. You may cut off a few pixels at each side.


# %%
### BEGIN SOLUTION
# stub: diagnosis = {"A": "nothing", "B": "nothing", "C": "nothing"}
diagnosis = {"A": "edge", "B": "nothing", "C": "shading"}
### END SOLUTION


def mend(images):
    ### BEGIN SOLUTION
    # stub: return images
    inner = images[:, 1:-1, 1:-1]
    return inner - inner.mean(axis=0) + inner.mean()
    ### END SOLUTION


# %% points=3
coursekit.check("3.2", (clue, diagnosis, mend))

# %%
after = {name: turns_recognized(images, mend) for name, images in three.items()}
plots.table(
    [[name, f"{rates[name]:.0%}", f"{after[name]:.0%}"] for name in three],
    ("album", "turns recognized, before", "after your cure"),
)

# %% [markdown]
# The lecture's cure was another one: it moved every picture at random. Which of the two faults would that have cured, and which
# not? And photographs of the real world *are* brighter at the top. When is that a shortcut, and when is it what one wants a network
# to learn?

# %% [markdown]
# ## 3.3 · Choosing flatters (25 minutes)
#
# The lecture chose a layer on validation data, and said that a choice on test data reports a number that is too high. By how much?
#
# Imagine many experiments. In each you try $k$ settings (layers, epochs, penalties), and measure the accuracy of each on validation
# data and on test data. Both are arrays [experiments, settings]. Write two functions:
#
# - `honest(validation, test)`, an array [experiments]: in each experiment, the *test* accuracy of the setting that is best on
#   *validation*;
# - `flattery(validation, test)`, one number: by how much the best test accuracy of an experiment is higher than the honest one, on
#   average over the experiments.


# %%
def honest(validation, test):
    ### BEGIN SOLUTION
    # stub: return test[:, 0]
    return test[np.arange(len(test)), validation.argmax(axis=1)]
    ### END SOLUTION


def flattery(validation, test):
    ### BEGIN SOLUTION
    # stub: return 0.0
    return np.mean(test.max(axis=1) - honest(validation, test))
    ### END SOLUTION


# %% points=2
coursekit.check("3.3", (honest, flattery))

# %% [markdown]
# Now the worst case: all settings are equally good, and each is right for 70 % of all pictures that there are. Whatever differs
# between two accuracies is luck: of $n$ test pictures the number of right ones is binomial.
#
# Guess first: with 20 settings and 1,000 test pictures, by how many points does a choice on test data flatter?

# %%
guess = 0.01
counts, sizes = (1, 2, 5, 10, 20, 50), (100, 1000, 10000)
rng = np.random.default_rng(0)


def by_luck(n, settings, experiments=2000):
    """Accuracies [experiments, settings] on n pictures, if 70 % is the truth for all."""
    return rng.binomial(n, 0.7, (experiments, settings)) / n


# %%
plots.lines(
    counts,
    {
        f"{n:,} test pictures": [
            100 * flattery(by_luck(n, count), by_luck(n, count)) for count in counts
        ]
        for n in sizes
    },
    "What a choice on test data adds, where there is nothing to choose",
    "Three rising curves: the fewer test pictures, the higher.",
    xlabel="settings tried",
    ylabel="flattery, points",
    guesses={"your guess": (20, 100 * guess)},
    log=("x",),
)

# %% [markdown]
# The deviation of one accuracy is $\sqrt{0.7 \cdot 0.3 / n}$: 1.4 points for 1,000 pictures. Read off how many deviations the best
# of 20 lies above the truth. Which is more dangerous, twice as many settings or half as many test pictures? And a field in which
# hundreds of groups report the best of their runs on the same 10,000 test pictures: what would you like to see before you believe
# in half a point?
