# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A generator with styles: exercises
#
# Three of them to [the lecture](../16_stylegan.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import plots
from scipy import special

# %% [markdown]
# ## 16.1 · One kernel for all (20 minutes)
#
# A layer with kernels of 1x1 pixel sees each position by itself. So its maps may be an array [n, positions, inputs], and its kernel a matrix [inputs, filters]. The styles of the $n$ pictures are
# an array $s$ [n, inputs]. Write
#
# - `demodulation(kernel, s)`: the factors $d$ [n, filters] that give each filter the deviation 1, if the inputs are independent and have the deviation 1;
# - `modulated(x, kernel, s)`: what the layer makes of $x$ [n, positions, inputs], with **one** product by the kernel for all pictures.
#
# Guess first: all styles of a picture are 10. By what factor is the deviation of its maps larger than for a picture whose styles are all 1, after demodulation?

# %%
guess = 10


def demodulation(kernel, s):
    ### BEGIN SOLUTION
    # stub: return np.ones((len(s), kernel.shape[1]))
    return 1 / np.sqrt(s**2 @ kernel**2)
    ### END SOLUTION


def modulated(x, kernel, s):
    ### BEGIN SOLUTION
    # stub: return x @ kernel
    return (x * s[:, None]) @ kernel * demodulation(kernel, s)[:, None]
    ### END SOLUTION


# %% points=2
coursekit.check("16.1", (demodulation, modulated))

# %% [markdown]
# Your layer, for styles from a tenth to ten. With your code in place the deviation no longer depends on the style.

# %%
rng = np.random.default_rng(0)
strengths = np.array([0.1, 0.3, 1, 3, 10])
x, kernel = rng.normal(size=(5, 400, 16)), rng.normal(size=(16, 32))
s = strengths[:, None] * np.ones((5, 16))
plots.bars(
    {
        f"{one:g}": each.std()
        for one, each in zip(strengths, modulated(x, kernel, s), strict=True)
    },
    f"Deviation of the maps, by the strength of all styles (you said {guess})",
    "Five bars; they are equally high once demodulation is right.",
    ylabel="standard deviation",
    fmt="{:.2f}",
)

# %% [markdown]
# A style that is ten times as strong in *all* channels changes nothing. What does a style say, then? It says which channels count more than others.

# %% [markdown]
# ## 16.2 · Who vanishes? (20 minutes)
#
# Truncation moves each code $w$ toward the mean style $\bar w$. Write `truncate(w, mean, psi)` for codes [n, d].
#
# Now take a direction in the space of $w$ along which some property of the faces changes, and suppose that the codes are normally distributed along it. A group of people is where the property is strong: beyond some limit,
# at one end. Write `share_left(share, psi)`: which share of all faces the group has after truncation, if it had `share` before. The mean is not in the group, and $0 < \psi \le 1$.
#
# `special.ndtr(x)` is the share of a standard normal below $x$, and `special.ndtri(share)` is the $x$ below which that share lies. Guess first: a group is 5 % of all faces. How many percent are left with $\psi = 0.5$?

# %%
guess = 0.025


def truncate(w, mean, psi):
    ### BEGIN SOLUTION
    # stub: return w
    return mean + psi * (w - mean)
    ### END SOLUTION


def share_left(share, psi):
    ### BEGIN SOLUTION
    # stub: return share
    return special.ndtr(special.ndtri(share) / psi)
    ### END SOLUTION


# %% points=2
coursekit.check("16.2", (truncate, share_left))

# %%
psis = np.linspace(0.3, 1, 15)
plots.lines(
    psis,
    {
        f"{share:.0%} of all": [share_left(share, psi) / share for psi in psis]
        for share in (0.4, 0.2, 0.05, 0.01)
    },
    "Who is left after truncation",
    "Curves that fall to the left, the faster the smaller the group.",
    xlabel="psi",
    ylabel="share of the group that is left",
    guesses={"your guess": (0.5, guess / 0.05)},
)

# %% [markdown]
# The smaller a group, the faster it vanishes. Nobody has taken these people out. They are only far from the mean. The lecture has a table of hair styles: take the share of "long" and of "bald" at $\psi = 1$, and compare what `share_left` says for $\psi = 0.5$ with what was counted. Where are the codes not as we have supposed?

# %% [markdown]
# ## 16.3 · Whom does it follow? (15 minutes)
#
# A picture has the style of a *source* in some of its layers, and the style of the *rest* in all others. A factor, such as the tilt of the head, was read from many pictures: `mixed` [n]; from the pictures with the source's style in
# all layers, `source` [n]; and from those with the rest's, `rest` [n]. Write `follows(mixed, source, rest)`: the number $a$ with the smallest
#
# $$\sum_i \big(\text{mixed}_i - \text{rest}_i - a\,(\text{source}_i - \text{rest}_i)\big)^2 .$$
#
# It is 1 if the mixed pictures are as the source, and 0 if they are as the rest.


# %%
def follows(mixed, source, rest):
    ### BEGIN SOLUTION
    # stub: return 0.0
    apart = source - rest
    return ((mixed - rest) * apart).sum() / (apart**2).sum()
    ### END SOLUTION


# %% points=1
coursekit.check("16.3", follows)

# %% [markdown]
# Now ask the generator of the lecture, for two factors. The layers before the cut have the source's style.

# %%
model = coursekit.pretrained("stylegan-portraits")
reader = coursekit.pretrained("reader-portraits")
z = np.random.default_rng(1).standard_normal((2, 200, model.latent_dim))
source, rest = (model.styles(codes.astype("float32")) for codes in z)
read = lambda styles: reader.read(model.synthesize(styles))
ends, curves = (read(source), read(rest)), {"tilt": [], "clothes": []}
for cut in range(model.layer_count + 1):
    mixed = read(np.concatenate([source[:, :cut], rest[:, cut:]], axis=1))
    for factor, curve in curves.items():
        curve.append(follows(mixed[factor], ends[0][factor], ends[1][factor]))

# %%
plots.lines(
    np.arange(model.layer_count + 1),
    curves,
    "How far two factors follow the source",
    "Curves from 0 to 1, once follows is right.",
    xlabel="how many layers have the source's style",
    ylabel="follows the source",
)

# %% [markdown]
# Where does each curve climb? And why is the sum of the table's columns in the lecture not always 1?
