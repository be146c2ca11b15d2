# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Style: exercises
#
# Two of them to [the lecture](../15_style.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots

# %% [markdown]
# ## 15.1 · A Gram matrix, and where it pulls (25 minutes)
#
# Maps are an array [height, width, channels]; $F$ has a row for each of the $M$ positions. Write
#
# - `gram(maps)`: $\frac1M F^\top F$, an array [channels, channels];
# - `slope(maps, wanted)`: the gradient of $\lVert G - A\rVert^2$ with respect to the maps, for a wanted matrix $A$: an array of the maps' shape;
# - `unseen`: the set of those changes of the maps that leave the Gram matrix as it is.
#
# The changes are "mirror" (left to right), "shuffle" (all positions), "negate" (all features times $-1$), "brighten" (all features plus 1), "double"
# (all features times 2) and "swap channels" (the first two change their names). Guess before you compute: how many of the six are unseen?

# %%
guess = 2


def gram(maps):
    ### BEGIN SOLUTION
    # stub: return np.zeros((maps.shape[-1], maps.shape[-1]))
    rows = maps.reshape(-1, maps.shape[-1])
    return rows.T @ rows / len(rows)
    ### END SOLUTION


def slope(maps, wanted):
    ### BEGIN SOLUTION
    # stub: return np.zeros(maps.shape)
    positions = maps.shape[0] * maps.shape[1]
    return 4 / positions * maps @ (gram(maps) - wanted)
    ### END SOLUTION


### BEGIN SOLUTION
# stub: unseen = set()
unseen = {"mirror", "shuffle", "negate"}
### END SOLUTION

# %% points=3
coursekit.check("15.1", (gram, slope, unseen))

# %% [markdown]
# Now use both, without any network: the "features" of a pixel are its color and the colors of its right and of its lower neighbor, nine numbers. Descend along your
# slope from noise towards the Gram matrix of a painting. With your code in place the curve below falls.

# %%
painting = data.load("brushes", "test", 1, size=32).images[0].astype("float64")
rng = np.random.default_rng(0)


def neighbors(picture):
    right, below = np.roll(picture, -1, axis=1), np.roll(picture, -1, axis=0)
    return np.concatenate([picture, right, below], axis=-1)


wanted = gram(neighbors(painting))
picture, apart = rng.random(painting.shape), []
for _ in range(200):
    pull = slope(neighbors(picture), wanted)
    here, right, below = np.split(pull, 3, axis=-1)
    picture -= 6 * (here + np.roll(right, 1, axis=1) + np.roll(below, 1, axis=0))
    apart.append(((gram(neighbors(picture)) - wanted) ** 2).sum() + 1e-12)

# %%
plots.lines(
    np.arange(200),
    {"distance of the Gram matrices": apart},
    f"Descent from noise (your guess: {guess} of 6 changes unseen)",
    "A curve that falls once slope and gram are right.",
    xlabel="step",
    ylabel="squared distance",
    log=("y",),
)
plots.panels(
    [painting, np.clip(picture, 0, 1)],
    ["painting", "from noise"],
    "A painting, and colored noise whose neighbors are alike.",
)

# %% [markdown]
# The distance falls to less than a hundredth, and the picture is still colored noise. Nine numbers that see two pixels know the colors and how alike neighbors are, and nothing of strokes. Which features would have to be added before strokes appear?

# %% [markdown]
# ## 15.2 · All pairs at once (25 minutes)
#
# AdaIN gives each channel the style's mean and deviation. It leaves the covariances of different channels as they were. Write `recolor(content, style)`, for clouds of points
# [n, c] and [m, c], which moves the content's points by one matrix and one shift, so that mean **and covariance** are the style's (covariances with $1/n$, as `np.cov(x.T, bias=True)`).
#
# Two steps lead there. First make the content *white*: of mean 0, and with the identity as covariance. Then *color* it. If $x$ has the covariance $\Sigma$, then $x B$ (points are rows) has $B^\top \Sigma B$. Which $B$ makes this the identity? A symmetric root
# comes from `np.linalg.eigh`: $\Sigma = V \operatorname{diag}(\lambda) V^\top$ has the root $V \operatorname{diag}(\sqrt\lambda) V^\top$.


# %%
def recolor(content, style):
    ### BEGIN SOLUTION
    # stub: return content
    def root(x, power):
        values, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
        return (vectors * values**power) @ vectors.T

    white = (content - content.mean(0)) @ root(content, -0.5)
    return white @ root(style, 0.5) + style.mean(0)
    ### END SOLUTION


# %% points=2
coursekit.check("15.2", recolor)

# %% [markdown]
# On the three channels of a picture, this is the transfer "colors alone" of the lecture, up to a rotation that nobody sees in the moments, and everybody in the picture.

# %%
photograph = data.picture("temple", 64)
colors = recolor(photograph.reshape(-1, 3), painting.reshape(-1, 3))
plots.panels(
    [photograph, painting, np.clip(colors.reshape(64, 64, 3), 0, 1)],
    ["content", "style", "yours"],
    "A temple, a painting, and the temple in the painting's colors.",
)

# %% [markdown]
# On the maps of a network it is the transfer of Li et al. (*Universal style transfer via feature transforms*, NeurIPS 2017), which needs no training for styles, and an eigenvalue decomposition for each picture. Put it into the lecture's
# `stylize`, in the place of AdaIN. Does the judge like it better?
