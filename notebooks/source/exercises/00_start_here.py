# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Start here: exercises
#
# Two of them to [the opening lecture](../00_start_here.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it:
# the check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have
# written anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots

# %% [markdown]
# ## 0.1 · A pixel, and a logit (20 minutes)
#
# Let a network say $q = 1/(1 + e^{-\ell})$ for the probability of ink. The number $\ell$ is the **logit**, and it is what the
# network puts out. The surprise about a pixel $x$ between 0 and 1 is
#
# $$-x \log q - (1 - x) \log(1 - q) .$$
#
# Write `from_logit(x, logit)`, arrays of one shape in, this surprise for each pixel out. It must also be right for a logit of
# 1,000 or -1,000. There the formula fails, because the computer rounds $q$ to 0 or 1. Put $q$ into the formula and
# simplify *before* you compute; then look for a form in which no exponential grows.
#
# Then write `slope(x, logit)`: the slope of this surprise in the logit, for each pixel. Guess first: a network says $\ell = 5$
# where there is no ink, $x = 0$. How steep is it there?

# %%
guess = 5.0


def from_logit(x, logit):
    ### BEGIN SOLUTION
    # stub: return np.zeros(np.shape(x))
    # -x log q = x log(1 + e^-l) and -(1 - x) log(1 - q) = (1 - x) (l + log(1 + e^-l)): their sum is
    # l - x l + log(1 + e^-l). For a negative l, log(1 + e^-l) = -l + log(1 + e^l).
    return np.maximum(logit, 0) - x * logit + np.log1p(np.exp(-np.abs(logit)))
    ### END SOLUTION


def slope(x, logit):
    ### BEGIN SOLUTION
    # stub: return np.zeros(np.shape(x))
    return (1 + np.tanh(logit / 2)) / 2 - x
    ### END SOLUTION


# %% points=2
coursekit.check("0.1", (from_logit, slope))

# %% [markdown]
# The surprise and its slope over the logit, for a pixel without ink, beside the squared error $(q - x)^2$ of the same belief.

# %%
line = np.linspace(-8, 8, 161)
paper = np.zeros(161)
q = (1 + np.tanh(line / 2)) / 2
plots.lines(
    line,
    {
        "surprise": from_logit(paper, line),
        "its slope": slope(paper, line),
        "slope of (q - x)²": 2 * q * q * (1 - q),
    },
    "A pixel without ink",
    "The surprise grows like a straight line, its slope goes to 1, and the slope of the squares falls back to 0.",
    xlabel="logit",
    ylabel="nats, or slope",
    guesses={"your guess": (5, guess)},
)

# %% [markdown]
# The slope of the surprise is at most 1, and it stays near 1 as long as the network is sure and wrong. The slope of the
# squared error goes back to 0 there: who is surest of the wrong thing learns the least. Explain with the chain rule which
# factor makes the difference. You will meet this again where a generator "saturates".

# %% [markdown]
# ## 0.2 · The bell that covers (20 minutes)
#
# The lecture has moved a bell until its divergence was smallest. Now find the best bell without any search, for
# $D(p \,\Vert\, \text{bell})$. A distribution is given by places $x_i$ and their probabilities $p_i$. The bell is
#
# $$q(x) = \frac{1}{s\sqrt{2\pi}}\, e^{-(x - m)^2 / (2 s^2)} .$$
#
# Only the part $-\sum_i p_i \log q(x_i)$ of the divergence depends on the bell. Write it out, set its slope in $m$ to 0, then its
# slope in $s$. Write `covering(x, p)`, arrays [n] in, the pair $(m, s)$ out.


# %%
def covering(x, p):
    ### BEGIN SOLUTION
    # stub: return 0.0, 1.0
    mean = np.sum(p * x)
    return mean, np.sqrt(np.sum(p * (x - mean) ** 2))
    ### END SOLUTION


# %% points=2
coursekit.check("0.2", covering)

# %% [markdown]
# Your bell over the two humps of the lecture.

# %%
humps = data.toy("humps")
places = np.linspace(-6, 6, 481)
density = humps.density(places[:, None])
mean, deviation = covering(places, density / density.sum())
bell = np.exp(-(((places - mean) / deviation) ** 2) / 2) / (
    deviation * np.sqrt(2 * np.pi)
)
plots.lines(
    places,
    {"p": density, "your bell": bell},
    "Two humps, and the bell that is nearest in D(p || bell)",
    "Two humps, and one wide bell over both, which is high in the valley between them.",
    xlabel="x",
    ylabel="density",
)

# %% [markdown]
# The best bell has the mean and the deviation of the data, whatever the data look like. So it is highest where there is
# nothing. Which sentence of the lecture about the two directions of the divergence does this prove?
