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
# Two of them to [the lecture](../02_self_supervision.ipynb). Write where it says `YOUR CODE HERE` and run the cell
# after it: the check looks at what you wrote and says what to look at next, as often as you like. Everything runs before
# you have written anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots
from coursekit.metrics import likelihood

train, unseen = data.load("digits", "train"), data.load("digits", "test")
x_train, x_unseen = (
    likelihood.binarize(part.flat, "thresholded") for part in (train, unseen)
)
single = (x_train.sum(axis=0) + 0.5) / (len(x_train) + 1)

# %% [markdown]
# ## 2.1 · What the neighbors know (25 minutes)
#
# Before a network predicts hidden pixels, somebody should ask what needs no network. A hidden pixel is probably what the pixels
# around it are. Of its eight neighbors some are visible; some are hidden; some lie outside the picture. Let $\theta$, the pixel's mean
# over the training digits, count as much as one neighbor:
# $$p = \frac{\theta + \sum_{\text{visible neighbors}} x}{1 + \text{number of visible neighbors}} .$$
#
# Write `neighbors(x, m, theta)`: pictures `x` [n, h, w] of zeros and ones, masks `m` [n, h, w] with 1 where a pixel is visible, `theta`
# [h, w]. Return p, [n, h, w], with each visible pixel's own value in its place. **The hidden pixels of `x` are in the array. They are
# the answer: do not peek.** The check will notice.


# %%
def neighbors(x, m, theta):
    ### BEGIN SOLUTION
    # stub: return np.broadcast_to(theta, np.shape(x)) * 1.0
    h, w = theta.shape

    def around(a):
        framed = np.pad(a, ((0, 0), (1, 1), (1, 1)))
        nine = sum(
            framed[:, i : i + h, j : j + w] for i in range(3) for j in range(3)
        )
        return nine - a

    return np.where(m > 0, x, (theta + around(x * m)) / (1 + around(m)))
    ### END SOLUTION


# %% points=2
coursekit.check("2.1", neighbors)

# %%
pictures = x_unseen.reshape(-1, 28, 28)
means = single.reshape(28, 28)
shares = np.array([0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.95])
rng = np.random.default_rng(0)


def cost(predict, share):
    """Bits for a hidden pixel, where that share is visible."""
    m = (rng.random(pictures.shape) < share).astype("float32")
    p = np.clip(predict(pictures, m), 1e-3, 1 - 1e-3)
    return -np.log2(np.where(pictures > 0.5, p, 1 - p))[m == 0].mean()


# %%
plots.lines(
    None,
    {
        "its mean alone": (
            shares,
            [cost(lambda x, m: means + 0 * x, share) for share in shares],
        ),
        "your neighbors": (
            shares,
            [cost(lambda x, m: neighbors(x, m, means), share) for share in shares],
        ),
    },
    "What a hidden pixel costs, without any training",
    "A flat gray line, and a curve that falls from it as more pixels are visible.",
    baselines=["its mean alone"],
    xlabel="share of pixels that are visible",
    ylabel="bits for a hidden pixel",
)

# %% [markdown]
# Compare this curve with the network's, in section 3 of the lecture. With few pixels visible the network is below yours: it has an idea of a digit, and your
# neighbors are hidden. From about a quarter on it is the other way round. Nobody told the network which pixels are neighbors, and 4,000
# digits are not enough to find out for each of 784 places.
#
# Two unchecked steps. By the area under the curve, how many bits does a whole digit cost by your formula, and how many by the network (188, says the
# lecture)? And what would you do to have the best of both? (The network could be shown your answer.)

# %% [markdown]
# ## 2.2 · In what order? (20 minutes)
#
# A whole picture can be sent pixel after pixel. Each pixel is coded by its probability, given those that were sent before it. So the bits of the
# picture are a sum, by the chain rule:
# $$\sum_{k=1}^{d} -\log_2 p\big(x_{o_k} \mid x_{o_1}, \dots, x_{o_{k-1}}\big) ,$$
# where $o_k$ is the pixel that is sent as number $k$. If $p$ were one true density, each order would give the same sum. Does it matter in what order
# *your* formula is asked? Guess first: which is cheaper for digits, row by row or at random?
#
# Write `in_order(predict, x, order)`: pictures `x` [n, d] of zeros and ones, and an `order` [d], the numbers of all pixels as they are sent. `predict(x, m)` returns the
# probability of ink for each pixel, [n, d], where `m` [n, d] is 1 for a visible pixel. Return **bits**, [n]. You will understand why an order is a choice when a predictor is not a density.


# %%
def in_order(predict, x, order):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(x))
    m, total = np.zeros_like(x), np.zeros(len(x))
    for pixel in order:
        p = predict(x * m, m)[:, pixel]
        total -= np.log2(np.where(x[:, pixel] > 0.5, p, 1 - p))
        m[:, pixel] = 1
    return total
    ### END SOLUTION


# %% points=2
coursekit.check("2.2", in_order)

# %%
some = x_unseen[:20].astype("float32")


def predict(x, m):
    """Your neighbors, for pictures that are rows of 784 pixels."""
    square = lambda a: a.reshape(-1, 28, 28)
    p = neighbors(square(x), square(m), single.reshape(28, 28))
    return np.clip(p, 0.01, 0.99).reshape(x.shape)


rows = np.arange(784)
middle = np.abs(np.indices((28, 28)) - 13.5).max(axis=0).ravel()
orders = {
    "row by row": rows,
    "column by column": rows.reshape(28, 28).T.ravel(),
    "from the middle": np.argsort(middle, kind="stable"),
    "at random": np.random.default_rng(0).permutation(784),
}
plots.bars(
    {name: in_order(predict, some, order).mean() for name, order in orders.items()},
    "One formula, four orders",
    "Four bars: bits for a digit in each order.",
    ylabel="bits for a digit",
    fmt="%.0f",
)

# %% [markdown]
# A density has one number for a picture, whatever the order. Your neighbors have four: nobody took care that their answers fit together. The same holds for the lecture's network.
#
# Two unchecked steps. Why is the cheapest order cheap: how many visible neighbors does a pixel have when its turn comes? And find an order that is cheaper still.
