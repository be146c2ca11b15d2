# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Deep convolutional GANs: exercises
#
# Two of them to [the lecture](../12_dcgan.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np
from keras import layers, ops

from coursekit import plots

# %% [markdown]
# ## 12.1 · Strokes, counted (20 minutes)
#
# Each of $n$ numbers paints a kernel $k$ pixels wide, $s$ pixels after its neighbor's; nothing is cut off. Along one side,
#
# - `size(n, kernel, stride)`: how many pixels are needed?
# - `strokes(n, kernel, stride)`: how many numbers reach each of them? An array of that size.
# - `level(kernel, stride)`: do all pixels far from the border get equally many? True or False, without painting.
#
# Guess first: with $k = 5$ and $s = 3$, what are the counts in the middle?

# %%
guess = [1, 1, 1]


def size(n, kernel, stride):
    ### BEGIN SOLUTION
    # stub: return n
    return (n - 1) * stride + kernel
    ### END SOLUTION


def strokes(n, kernel, stride):
    ### BEGIN SOLUTION
    # stub: return np.zeros(size(n, kernel, stride), int)
    counts = np.zeros(size(n, kernel, stride), int)
    for i in range(n):
        counts[i * stride : i * stride + kernel] += 1
    return counts
    ### END SOLUTION


def level(kernel, stride):
    ### BEGIN SOLUTION
    # stub: return False
    return kernel % stride == 0
    ### END SOLUTION


# %% points=3
coursekit.check("12.1", (size, strokes, level))

# %% [markdown]
# And Keras? A layer whose kernel is all ones, on a picture of ones, counts strokes too. Yours are along one side; a picture's
# are the outer product with itself. Below the pictures stand Keras's counts along one row of the last.

# %%
settings = [(4, 2), (3, 2), (2, 3), (5, 3)]
pictures, titles = [], []
for kernel, stride in settings:
    options = {"use_bias": False, "kernel_initializer": "ones"}
    layer = layers.Conv2DTranspose(1, kernel, strides=stride, **options)
    keras_counts = layer(np.ones((1, 6, 6, 1), "float32"))
    theirs = ops.convert_to_numpy(keras_counts)[0, ..., 0]
    yours = np.outer(*2 * (strokes(6, kernel, stride),))
    border = [(0, len(theirs) - len(yours))] * 2  # Keras's, where k < s
    same = len(yours) <= len(theirs) and np.allclose(np.pad(yours, border), theirs)
    pictures.append(theirs / 4)
    titles.append(
        f"k = {kernel}, s = {stride}\nyours: {'the same' if same else 'not yet'}"
    )
plots.panels(
    pictures,
    titles,
    "Four squares of gray: the first level inside, the others checkered, one with white gaps.",
    suptitle="Keras's strokes on a pixel",
    size=2.6,
)
row = theirs[len(theirs) // 2] / theirs[len(theirs) // 2].min()
print("k = 5, s = 3, along a row:", *row.round().astype(int))
print("your guess for the middle:", *guess)

# %% [markdown]
# A kernel may also be *smaller* than the stride; then some pixels show nothing but the bias (and Keras adds a border of them). Now two steps that are not
# checked. The deck's generator stacks three such layers with $k = 4$, $s = 2$. Are all its pixels painted alike? (What does a
# checkerboard of the first layer look like after two more?) And `padding="same"` cuts $k - s$ pixels in all. For $k = 5$,
# $s = 2$ that is an odd number: on which side does Keras cut more, and could you see it in a picture?

# %% [markdown]
# ## 12.2 · Labels that stay labels (20 minutes)
#
# The deck adds $0.05\,u$, $u \in [0, 1)$, to labels of 0 and 1. Write `inside(labels, u)`, arrays [n, 1], which moves each label by
# as much, but never out of $[0, 1]$. Then, for the loss of a logit $\ell$ under a label $y$,
# $$\mathrm{CE}(y, \ell) = \log(1 + e^{\ell}) - y\,\ell ,$$
# write `best_logit(y)` and `lowest(y)`, for labels [n]: the logit at which the loss is least, and the value that it falls to. Labels may
# lie anywhere. Where the loss falls for ever, the best logit is $\pm$`np.inf`; `lowest` is then what it comes near to (0, say), or `-np.inf`. You will understand what a label is: a promise that
# somewhere there is a best answer.

# %%
guess = 0.0  # the least loss for y = 0.9, in nats


def inside(labels, u):
    ### BEGIN SOLUTION
    # stub: return labels
    return labels + 0.05 * u * (1 - 2 * labels)
    ### END SOLUTION


def best_logit(y):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(y))
    within = np.clip(y, 0, 1)
    with np.errstate(divide="ignore"):
        return np.log(within) - np.log(1 - within)
    ### END SOLUTION


def lowest(y):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(y))
    within = np.clip(y, 1e-300, 1 - 1e-16)
    entropy = -within * np.log(within) - (1 - within) * np.log1p(-within)
    return np.where((y < 0) | (y > 1), -np.inf, entropy)
    ### END SOLUTION


# %% points=3
coursekit.check("12.2", (inside, best_logit, lowest))

# %%
logit = np.linspace(-4, 12, 161)
cost = {y: np.logaddexp(0, logit) - y * logit for y in (0.9, 1.0, 1.05)}
your_lowest = lowest(np.array([0.9]))[0]
plots.lines(
    logit,
    {f"label {y:g}": values for y, values in cost.items()},
    "What a logit costs under three labels",
    "Three curves falling from the left: one turns up at 2.2, one levels off at 0, one goes on falling below 0.",
    xlabel="logit",
    ylabel="cross-entropy, nats",
    marks={"your lowest for 0.9": your_lowest},
    guesses={"your guess": (np.log(9), guess)},
)

# %% [markdown]
# The curve of 0.9 touches your dotted line at $\log 9$; that of 1 comes as near to 0 as you like and never arrives; that of 1.05 crosses
# and goes on. The least loss of an honest label is its entropy $H(y)$, which no discriminator can undercut, so a training log
# below it tells you that something is wrong with the labels. Labels that stay inside have between 0 and 0.05 of noise, 0.025 on average: what is
# their entropy, and so the value below which you would suspect the slide's?
#
# An unchecked step: smooth only the data's labels (the slide's 0, with 0.05 u) and leave the samples' at 1. Where $p$ and $q$ are
# the densities of data and samples, which $D$, the probability of *sample*, is best now? Look at places with few data and many samples, and say why
# Salimans et al. (2016) smooth one side only. (Exercise 10.1 has the derivation.)
