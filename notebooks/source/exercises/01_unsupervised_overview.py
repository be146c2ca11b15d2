# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Unsupervised learning, an overview: exercises
#
# Two of them to [the lecture](../01_unsupervised_overview.ipynb). Write where it says `YOUR CODE HERE` and run the cell
# after it: the check looks at what you wrote and says what to look at next, as often as you like. Everything runs before
# you have written anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np
from scipy import special

from coursekit import data, plots
from coursekit.metrics import likelihood

train, unseen = data.load("digits", "train"), data.load("digits", "test")
x_train, x_unseen = (
    likelihood.binarize(part.flat, "thresholded") for part in (train, unseen)
)

# %% [markdown]
# ## 1.1 · Is the label in the picture? (25 minutes)
#
# The lecture's simplest model knows how often each pixel is ink (1; paper is 0). Make one of these for each class: $\theta_{k,i}$ is the share of
# the training digits of class $k$ whose pixel $i$ is ink, and $\pi_k$ the share of the class. A digit can now be sent in two ways.
#
# - **In two parts**: first its class, then its pixels by the model of that class.
# - **As a mixture**, without naming the class, by $p(x) = \sum_k \pi_k\, p(x \mid k)$.
#
# Guess first: how many bits does the mixture save against two parts, on average? Then write `two_part(x, y, prior, theta)` and
# `mixture(x, prior, theta)`: images `x` [n, d] of zeros and ones, classes `y` [n], `prior` [k], `theta` [k, d]; **bits**, [n],
# from each. Images of 784 pixels have probabilities that no number of your computer can hold: stay with logarithms
# (`special.logsumexp`). You will understand what the label adds to a picture.

# %%
guess = 3.3


def two_part(x, y, prior, theta):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(x))
    of_pixels = np.where(x > 0.5, np.log2(theta[y]), np.log2(1 - theta[y])).sum(
        axis=1
    )
    return -np.log2(prior[y]) - of_pixels
    ### END SOLUTION


def mixture(x, prior, theta):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(x))
    log_p = x @ np.log(theta).T + (1 - x) @ np.log(1 - theta).T
    return -special.logsumexp(np.log(prior) + log_p, axis=1) / np.log(2)
    ### END SOLUTION


# %% points=2
coursekit.check("1.1", (two_part, mixture))

# %%
prior = np.bincount(train.labels) / len(train)
theta = np.stack(
    [
        (x_train[train.labels == k].sum(axis=0) + 0.5)
        / ((train.labels == k).sum() + 1)
        for k in range(10)
    ]
)
single = (x_train.sum(axis=0) + 0.5) / (len(x_train) + 1)
named = two_part(x_unseen, unseen.labels, prior, theta)
unnamed = mixture(x_unseen, prior, theta)
plots.table(
    [
        [
            "one model for all classes",
            f"{mixture(x_unseen, np.ones(1), single[None]).mean():.2f}",
        ],
        ["class, then pixels", f"{named.mean():.2f}"],
        ["mixture, the class is not named", f"{unnamed.mean():.2f}"],
        ["saved by not naming it", f"{(named - unnamed).mean():.2f}"],
        ["you guessed", f"{guess:.2f}"],
    ],
    ["unseen digits", "bits for one"],
)

# %% [markdown]
# The mixture saves what naming the class would waste, and by Bayes' rule that is $-\log_2 p(y \mid x)$: what you do not know of the class once you
# have seen the picture. The picture says the rest of it anyway. The label brings 3.3 bits only to somebody who has not looked.
#
# Three unchecked steps. Which classes pay the most for being named, and why those? The mixture is a classifier that nobody trained as
# one: how many unseen digits does $\arg\max_y p(y \mid x)$ read, and how many labels did that take? And make a mixture without labels: scikit-learn's
# `KMeans(10)` in the place of the classes. Does it need more bits, or fewer?

# %% [markdown]
# ## 1.2 · The empty cell (20 minutes)
#
# Count points in cells, once for the data ($p$) and once for a model ($q$). Write `kl(p, q)` for the shares of the cells, arrays of any one
# shape that each sum to 1: $\sum p \log \frac pq$ in **nats**. Mind two kinds of cell: where $p$ is 0, and where $q$ is 0 and $p$ is not. Guess what
# each should add before you write it.
#
# Then write `smoothed(counts, a)`: shares of cells to each of which `a` points were added, $a \ge 0$. You will understand why the lecture's
# histogram had a tenth of a point everywhere, and what that costs.


# %%
def kl(p, q):
    ### BEGIN SOLUTION
    # stub: return 0.0
    seen = p > 0
    with np.errstate(divide="ignore"):
        return np.sum(p[seen] * np.log(p[seen] / q[seen]))
    ### END SOLUTION


def smoothed(counts, a):
    ### BEGIN SOLUTION
    # stub: return np.full(np.shape(counts), 1 / np.size(counts))
    return (counts + a) / np.sum(counts + a)
    ### END SOLUTION


# %% points=2
coursekit.check("1.2", (kl, smoothed))

# %% [markdown]
# The two moons, and a histogram of 2,000 points with cells of different sizes: how far is it from one of a million points?


# %%
def counted(points, cells):
    edges = np.linspace(-3, 3, cells + 1)
    return np.histogram2d(*points.T, bins=(edges, edges))[0]


moons = data.toy("moons")
few, many = moons.sample(2000, 0), moons.sample(1_000_000, 1)
sides = (5, 10, 20, 40, 80)

# %%
plots.lines(
    None,
    {
        f"{a:g} added to each cell": (
            sides,
            [
                kl(
                    smoothed(counted(many, side), 0),
                    smoothed(counted(few, side), a),
                )
                for side in sides
            ],
        )
        for a in (0.01, 0.1, 1.0)
    },
    "How far 2,000 points are from a million, counted in cells",
    "Three curves that rise with the number of cells.",
    xlabel="cells to a side",
    ylabel="KL divergence (nats)",
    log=("x",),
)

# %% [markdown]
# With nothing added the curve would be infinite from some size on. But beware of the left end: with five cells to a side the divergence
# is tiny, and the histogram is a bad model of moons. The lecture asks for $\log p$ at the *point*, not in the cell. What does the cell hide?
#
# An unchecked step: the `a` that is best for 40 cells can be found without knowing the truth. Keep 500 of the 2,000 points back. What do you
# compute on them? (It is a cross-entropy. Which part of it depends on `a`?)
