# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Self-supervision: exercises
#
# Three of them to [the lecture](../02_self_supervision.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it:
# the check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots
from coursekit.exercises.material.albums import albums
from coursekit.metrics import probes

# %% [markdown]
# ## 2.1 · The batch, and back (20 minutes)
#
# In the lecture all upright images come first, then all that are turned once, and so on. Write it the other way round:
# `batch(x)` takes images [n, side, side, channels] (NumPy) and returns two arrays,
#
# - the turned images [4n, side, side, channels], **all four turns of the first image first**, then those of the second, ...
# - and the number of quarter turns, counterclockwise, that each was given: 0, 1, 2 or 3.
#
# No `rot90`: transposes and flips are enough (`x[:, ::-1]` flips, `np.swapaxes` transposes). Then undo it. `turn_back(images, labels)`
# takes images in any order with their numbers of turns, and returns all of them upright.


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
coursekit.check("2.1", (batch, turn_back))

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
# An unchecked step: a square fits onto itself in *eight* ways, for one can also mirror it. Make it a puzzle of eight classes. For which
# clothes is mirroring a question that has an answer? What would a network that solves it have to look at, and do you want it to?

# %% [markdown]
# ## 2.2 · InfoNCE, in NumPy (20 minutes)
#
# $n$ codes (rows) choose among $n$ pictures (columns). `infonce(scores)`, from scores [n, n], is the log-probability with which a
# code picks its own picture in a softmax over its row, averaged over codes, plus $\log n$:
#
# $$\log n + \frac1n \sum_i \Big( s_{ii} - \log \sum_{j} e^{s_{ij}} \Big) .$$
#
# It has to survive scores of 1000. Then the local version, where a code chooses between one place of its own picture and all
# places of all *others*: `most(n, places)` is the largest value that it can take, in nats.


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
coursekit.check("2.2", (infonce, most))

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
# Many papers divide the scores by a *temperature*, 0.1 or so, as their scores are cosines, at most 1. Read off the figure why they must.
# And Deep InfoMax, with 64 places to a picture and 64 pictures: what is the most it can say, and why is a value far
# below it still worth a lot of training?

# %% [markdown]
# ## 2.3 · Something gives it away (30 minutes)
#
# Three albums, of 260 pictures each: patches of grass and gravel, which have no up. Yet a *linear* classifier on pixels, the poorest
# "RotNet" there is, can tell the turns of some of them.

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
# Write for each album whether it has an `"edge"` (a scanner's, say), a `"shading"` (a lamp's), or `"nothing"`. Then a cure for
# both faults in one function, which does not know what album it gets: `mend(images)`. It returns the pictures, upright and square, as many as before,
# with nothing in them that gives turns away. You may cut off a few pixels at each side.


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
coursekit.check("2.3", (clue, diagnosis, mend))

# %%
after = {name: turns_recognized(images, mend) for name, images in three.items()}
plots.table(
    [[name, f"{rates[name]:.0%}", f"{after[name]:.0%}"] for name in three],
    ("album", "turns recognized, before", "after your cure"),
)

# %% [markdown]
# The lecture's cure was another one: it moved every picture at random. Which of the two faults would that have cured, and which not? And
# photographs of the real world *are* brighter at the top. When is that a shortcut, and when is it what one wants a network to learn?
