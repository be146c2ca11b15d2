# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Autoencoders: exercises
#
# Four of them, in rising difficulty, to [the lecture](../06_autoencoders.ipynb). Write where it says `YOUR CODE HERE`
# and run the cell after it: the check looks at what you wrote and says what to look at next, as often as you like.
# Everything runs before you have written anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import keras
import numpy as np
from keras import ops

from coursekit import data, metrics, models, plots
from coursekit.training import progress

train, test = data.load("digits", "train"), data.load("digits", "test")


def fit(model, x, y, epochs, loss, rate):
    steps = epochs * (len(x) // 64)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(falling), loss)
    model.fit(x, y, epochs=epochs, batch_size=64, verbose=0, callbacks=progress())


# %% [markdown]
# ## 6.1 · The floor (10 minutes)
#
# The lecture says that a perfect copy still costs 0.059 nats a pixel. Where do they come from? A pixel of gray $x$, read
# as a probability of ink, costs
# $$H(x) = -x\log x - (1-x)\log(1-x), \qquad 0\log 0 = 0,$$
# and an image the mean of that over its pixels. Write `entropy(images)`, for images [n, 784] one number each. Pure black
# and pure white must cost exactly 0: `metrics.binary_crossentropy` clips, and is off by a ten-millionth there.
#
# Then paint `highest`, the image (of *all* images of 784 pixels in [0, 1]) whose floor is highest. You will see
# why a loss of 0.3 is terrible for digits and out of reach for other pictures.


# %%
def entropy(images):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(images))
    pixels = np.asarray(images, "float64")
    total = np.zeros_like(pixels)
    for p in (pixels, 1 - pixels):
        total -= p * np.log(np.where(p > 0, p, 1))
    return total.mean(axis=1)
    ### END SOLUTION


### BEGIN SOLUTION
# stub: highest = np.zeros(784)
highest = np.full(784, 0.5)
### END SOLUTION

# %% points=1
coursekit.check("6.1", (entropy, highest))

# %% [markdown]
# Now look at which *digits* cost most. Is it the class, the pen, or the scanner? And what would their floor be after
# `test.flat.round()`? (Papers print losses on rounded and on gray MNIST, and the two cannot be compared.)

# %%
order = np.argsort(entropy(test.flat), kind="stable")
plots.images(
    {
        "lowest floor": test.images[order[:10]],
        "highest floor": test.images[order[-10:]],
    },
    "Unseen digits by their floor",
    "Two rows of ten digits: thin ones, mostly 1s, with the lowest floor, and wide, soft ones with the highest.",
)

# %% [markdown]
# ## 6.2 · Tied weights (20 minutes)
#
# Below stands the linear autoencoder of section 1, with $W$ on the way in and $V$ on the way out. PCA makes do with one
# matrix: the way out is $V = W^{\top}$,
# $$x' = (x - \bar x)\, W W^{\top} + \bar x .$$
# Take the second matrix away: half the weights, and nobody said that the columns of $W$ should be orthogonal. Will they
# be? Type a guess: how far from the identity will an entry of $W^{\top}W$ be after training?
#
# You will understand what a constraint on the *weights* does to the meaning of the *code*.

# %%
guess = 0.5


class Tied(keras.Model):
    def __init__(self, mean, k):
        super().__init__()
        self.mean = mean
        self.W = self.add_weight(shape=(784, k))
        ### BEGIN SOLUTION
        # stub: self.V = self.add_weight(shape=(k, 784))
        ### END SOLUTION

    def call(self, x):
        ### BEGIN SOLUTION
        # stub: return (x - self.mean) @ self.W @ self.V + self.mean
        return (x - self.mean) @ self.W @ ops.transpose(self.W) + self.mean
        ### END SOLUTION


# %%
keras.utils.set_random_seed(0)
tied = Tied(train.flat.mean(axis=0), k=16)
fit(tied, train.flat, train.flat, epochs=15, loss="mse", rate=1e-2)
W = tied.trainable_weights[0].numpy()
off = np.abs(W.T @ W - np.eye(16)).max()
plots.panels(
    [np.eye(16), W.T @ W],
    ["identity", f"WᵀW: off by {off:.1g}\nyour guess {guess:g}"],
    "Two 16 by 16 pictures, the identity and the products of W's columns with each other.",
)

# %% [markdown]
# In the untied network any invertible $A$ could be put into the code and taken out again by $V$: $16^2 = 256$ numbers
# that no loss can see. Some of this freedom is gone, and some is not. Show which is left: write `another(W)`, a matrix of
# W's shape, different from it, with which this model gives **the same output for every image**. (Units in another order,
# or with another sign, are true and too easy.) Then count the numbers that the loss still cannot see.


# %%
def another(W):
    ### BEGIN SOLUTION
    # stub: return W
    k = W.shape[1]
    rotation, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(k, k)))
    return W @ rotation
    ### END SOLUTION


# %% points=2
coursekit.check("6.2", (tied, another))

# %% [markdown]
# ## 6.3 · A blind denoiser (20 minutes)
#
# The denoiser of section 6 was trained at a noise factor of 0.5 and was worse than doing nothing when there was hardly
# any noise, for two reasons: it must redraw every pixel through a sigmoid, and nobody ever showed it a picture to leave
# alone. The second can be mended. Draw a factor $c_i$ for each image, all values from `low` to `high` equally likely,
# and then $\tilde x_i = \operatorname{clip}(x_i + c_i\,\epsilon_i,\ 0, 1)$, $\epsilon_i \sim \mathcal N(0, I)$. Write
# `spoil(images, low, high, seed)` for images [n, 28, 28, 1]; the same seed gives the same noise.
#
# A network that must serve all levels and is never told the level ("blind") ought to pay for it where the specialist is
# at home. How many decibels will it lose at 0.5? You will understand what a denoiser can read off its input alone.

# %%
guess = 3.0


def spoil(images, low, high, seed):
    ### BEGIN SOLUTION
    # stub: return images
    rng = np.random.default_rng(seed)
    factor = rng.uniform(low, high, (len(images), 1, 1, 1)).astype("float32")
    return np.clip(
        images + factor * rng.standard_normal(images.shape, dtype="float32"), 0, 1
    )
    ### END SOLUTION


# %%
def train_denoiser(low, high, epochs=6):
    keras.utils.set_random_seed(0)
    network = models.denoising.denoiser(
        0.0, channels=16, activation="silu"
    )  # adds no noise of its own
    noisy = np.concatenate(
        [spoil(train.images, low, high, seed=epoch) for epoch in range(epochs)]
    )
    clean = np.tile(train.images, (epochs, 1, 1, 1))
    fit(network, noisy, clean, 1, "binary_crossentropy", 6e-3)
    return network


specialist = train_denoiser(0.5, 0.5)
blind = train_denoiser(0.0, 0.6)

# %% points=2
coursekit.check("6.3", (spoil, blind))

# %%
levels = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7]
curves = {"doing nothing": [], "trained at 0.5": [], "trained at 0 to 0.6": []}
for level in levels:
    noisy = models.denoising.add_noise(test.images, level, seed=2)
    answers = [
        noisy,
        *(
            network.predict(noisy, batch_size=500, verbose=0)
            for network in (specialist, blind)
        ),
    ]
    for curve, answer in zip(curves.values(), answers, strict=True):
        curve.append(metrics.psnr(answer, test.images).mean())
plots.lines(
    levels,
    curves,
    f"At 0.5 the blind one loses {curves['trained at 0.5'][4] - curves['trained at 0 to 0.6'][4]:.1f} dB",
    "Decibels against noise: the blind denoiser lies above the specialist below 0.4 and beside it at 0.5.",
    xlabel="noise factor",
    ylabel="PSNR, dB",
    guesses={"your guess": (0.5, curves["trained at 0.5"][4] - guess)},
    baselines=["doing nothing"],
)

# %% [markdown]
# What did the network need to know that it was not told, and where in the picture could it read it? Near no noise at all
# doing nothing still wins: a copy is perfect there, and a network that redraws every pixel is not. (The lecture's
# `denoiser` takes the pair directly: `models.denoising.denoiser((0.0, 0.6))`. Diffusion models are told the level, and
# start from pure noise.)

# %% [markdown]
# ## 6.4 · A better detector (30 minutes)
#
# The detector of section 7 asks how much was rebuilt wrongly, so whoever offers little to get wrong passes: the empty
# image is its least strange. Correct the error for what *anybody* would get wrong in this image, also somebody who knows
# nothing about digits. Write `score(images)`, for images [n, 784] one number each, larger for stranger, such that
#
# - an empty image and a gray one are stranger than 95 % of unseen digits (and so are their near neighbors);
# - the area under the ROC curve for clothes is at least 0.97 (the bare error of this network, which has the blog's
#   ReLU on its code and 15 epochs, stays below 0.96).
#
# You will understand what a reconstruction error has to be compared with before it says anything.

# %%
keras.utils.set_random_seed(0)
deep = models.autoencoder.deep()
fit(deep, train.flat, train.flat, epochs=15, loss="binary_crossentropy", rate=3e-3)
clothes = data.load("fashion_small", "test")


def error(images):
    return np.square(deep.predict(images, batch_size=500, verbose=0) - images).mean(
        axis=1
    )


# %%
def score(images):
    ### BEGIN SOLUTION
    # stub: return error(images)
    by_one_gray_value = images.var(axis=1)
    return error(images) / np.maximum(by_one_gray_value, 1e-6)
    ### END SOLUTION


# %% points=3
coursekit.check("6.4", (score, error))

# %%
bar = np.zeros((28, 28), "float32")
bar[4:24, 13:15] = 1
digit = test.images[int(np.flatnonzero(test.labels == 5)[0]), ..., 0]
probes = {
    "empty": 0 * bar,
    "gray": 0 * bar + 0.5,
    "a bar": bar,
    "a digit": digit,
    "upside down": digit[::-1],
}
probes |= {"half as dark": digit / 2, "negative": 1 - digit}
values = score(np.stack(list(probes.values())).reshape(-1, 784))
digits = score(test.flat)
area, _ = metrics.roc(digits, score(clothes.flat))
plots.panels(
    list(probes.values()),
    [
        f"{name}\n{(digits < value).mean():.0%}"
        for name, value in zip(probes, values, strict=True)
    ],
    "Seven probe images, each with the share of unseen digits that are less strange.",
    suptitle=f"Stranger than so many unseen digits; clothes: area {area:.3f}",
    size=1.55,
)

# %% [markdown]
# The bar is still as normal as many a digit. Should it not be? And a last step, unchecked: measure the error as
# cross-entropy above the floor of exercise 6.1 instead of in squares. The area comes close to 1. Why do clothes give
# themselves away more in nats?
