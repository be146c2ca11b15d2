# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What has a DCGAN learned? Exercises
#
# Two of them to [the lecture](../13_dcgan_explored.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import keras
import numpy as np
from keras import layers

from coursekit import data, models, plots
from coursekit.exercises.material.own_pictures import stand_in
from coursekit.training import progress

# %% [markdown]
# ## 13.1 · A dial for ink (25 minutes)
#
# The lecture's arithmetic needed labels, of a kind: codes of slanted and of upright ones. Here is a way without. Draw codes
# from $\mathcal N(0, I)$, let the generator draw, and measure *anything* of each picture, such as its ink. In which direction of the latent
# space does ink grow? Write `direction(codes, amounts)`, codes [n, d] and amounts [n] in, a vector of length 1 out:
# that of the best linear prediction of the amount. (For codes from $\mathcal N(0, I)$ the slopes are covariances, one for each dimension.)
#
# Then `turn(codes, direction, t)`: set the codes' component along the direction to $t$, all of them, and leave everything else.

# %%
guess = 0.5  # share of digits that are still read as before, at t = 3


def direction(codes, amounts):
    ### BEGIN SOLUTION
    # stub: return np.eye(codes.shape[1])[0]
    slopes = np.mean(codes * (amounts - amounts.mean())[:, None], axis=0)
    return slopes / np.linalg.norm(slopes)
    ### END SOLUTION


def turn(codes, direction, t):
    ### BEGIN SOLUTION
    # stub: return codes
    return codes + (t - codes @ direction)[:, None] * direction
    ### END SOLUTION


# %% points=2
coursekit.check("13.1", (direction, turn))

# %%
gan, reader = (
    coursekit.pretrained("dcgan-mnist"),
    coursekit.pretrained("lenet-mnist"),
)
codes = (
    np.random.default_rng(0).normal(size=(2000, gan.latent_dim)).astype("float32")
)
drawn = gan.generate(codes)
found = np.float32(direction(codes, drawn.mean(axis=(1, 2, 3))))
any_other = np.random.default_rng(1).normal(size=gan.latent_dim).astype("float32")
any_other /= np.linalg.norm(any_other)
some, positions = codes[:400], np.linspace(-3, 3, 7)
turned = {
    name: [gan.generate(turn(some, way, t)) for t in positions]
    for name, way in {"your dial": found, "any direction": any_other}.items()
}

# %%
plots.images(
    {
        f"code {i + 1}": [pictures[i] for pictures in turned["your dial"]]
        for i in range(5)
    },
    "Five codes, and a dial turned from -3 to 3",
    "Five rows of seven digits; from left to right they grow bolder.",
    columns=[f"{t:g}" for t in positions],
)
ink = {name: [pictures.mean() for pictures in row] for name, row in turned.items()}
plots.lines(
    positions,
    ink,
    "Ink, over the position of the dial",
    "Your dial rises; another direction is level.",
    xlabel="t",
    ylabel="mean ink of 400 digits",
    baselines=["any direction"],
)

# %%
read = lambda pictures: reader.probabilities(pictures).argmax(axis=1)
before = read(gan.generate(some))
kept = {
    name: [(read(pictures) == before).mean() for pictures in row]
    for name, row in turned.items()
}
plots.lines(
    positions,
    kept,
    "Are they still the same digits?",
    "Both curves are highest in the middle and fall to both sides.",
    xlabel="t",
    ylabel="share that is read as before",
    guesses={"your guess": (3, guess)},
    baselines=["any direction"],
)

# %% [markdown]
# A dial that nobody built: the generator was never told about ink. It is not clean, though: bold digits are more often of some kinds than of
# others, so along the way some change what they are. Compare your two curves at the ends: does the dial lose more digits than any other direction does?
# Then an unchecked step: subtract from your direction what predicts the *digit* (for each class, `direction(codes, read(drawn) == c)`;
# an orthonormal basis of the ten by `np.linalg.qr`), and turn again. What have you gained, and how much ink has it cost?
#
# On faces the same five lines make dials for smiles and for age. They also make one for skin. Before you build it: for whom?

# %% [markdown]
# ## 13.2 · Bring your own pictures (45 minutes)
#
# Now the course's models meet your pictures. Put a few hundred into one folder (1,000 are better) and write its path into
# `folder`, such as `"~/Pictures/leaves"`. Any size and any kind that Pillow reads will do; each picture is cropped to a
# square and made small. What cannot be read is left out and named. As long as `folder` is `None`, 600 portraits that the
# course draws take the place of yours.
#
# A fifth of the pictures is put aside. No model sees them in training.

# %%
folder, side = None, 32  # side: pixels; 64 takes four times as long

mine = data.load(f"folder:{folder or stand_in()}", size=side)
order = np.random.default_rng(0).permutation(len(mine))
unseen, seen = mine.images[order[::5]], np.delete(mine.images, order[::5], axis=0)
print(f"{len(seen)} pictures to learn from, {len(unseen)} put aside")
plots.mosaic(
    seen[:30],
    "Some of the pictures",
    "Small pictures, three rows of ten.",
    columns=10,
)

# %% [markdown]
# Look at this figure before you train anything. Are the pictures as you meant them: the right way up, not too dark, what
# matters inside of the square? Are there copies? A model learns everything that is there, a frame or a stamp first of all.
#
# Two measures are needed, and both are yours to write. All pictures are arrays [n, side, side, channels].
#
# - `variance_left(rebuilt, unseen, seen)`: how much is left to explain, one number. It is the summed squared error of
#   `rebuilt` against `unseen`, divided by that of the simplest guess, the mean picture of `seen`. 0 is a perfect copy; with 1
#   the model is no better than the mean picture.
# - `nearest(samples, seen)`: for each sample the Euclidean distance to the nearest of the pictures `seen`, [n]. If a model
#   only copies its training pictures, these distances are small, smaller than those of real pictures that it has not seen.


# %%
def variance_left(rebuilt, unseen, seen):
    ### BEGIN SOLUTION
    # stub: return 1.0
    mean = seen.mean(axis=0)
    return np.square(rebuilt - unseen).sum() / np.square(unseen - mean).sum()
    ### END SOLUTION


def nearest(samples, seen):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(samples))
    flat, others = samples.reshape(len(samples), -1), seen.reshape(len(seen), -1)
    return np.array([np.linalg.norm(others - one, axis=1).min() for one in flat])
    ### END SOLUTION


# %% points=2
coursekit.check("13.2", (variance_left, nearest))

# %% [markdown]
# Three models of the course, each for some seconds: an autoencoder with a code of 64 numbers, a VAE with as many, and a
# DCGAN. Guess first: which of the three rebuilds unseen pictures best, and which draws the best new ones?

# %%
guesses = {"rebuilds best": "VAE", "draws best": "DCGAN"}
shape, longer = mine.images.shape[1:], 1  # longer = 10: ten times as many epochs

stage = {"kernel_size": 4, "strides": 2, "padding": "same"}
down = [layers.Conv2D(n, activation="silu", **stage) for n in (32, 64)]
encoder = keras.Sequential(
    [keras.Input(shape), *down, layers.Flatten(), layers.Dense(64)]
)
grown = [
    layers.Dense(side**2 * 4, activation="silu"),
    layers.Reshape((side // 4, side // 4, 64)),
]
up = [layers.Conv2DTranspose(32, activation="silu", **stage)]
last = layers.Conv2DTranspose(shape[-1], activation="sigmoid", **stage)
decoder = keras.Sequential([keras.Input((64,)), *grown, *up, last])

# %%
autoencoder = models.Autoencoder(encoder, decoder)
vae = models.vae.convolutional(64, shape, activation="silu")
gan = models.dcgan.fast(shape, augment=("flip", "translation"))

adam = keras.optimizers.Adam
autoencoder.compile(adam(2e-3))
vae.compile(adam(2e-3))
gan.compile(generator=adam(2e-3, 0.5), discriminator=adam(2e-3, 0.5))
for model, epochs in ((autoencoder, 15), (vae, 15), (gan, 30)):
    model.fit(
        seen, batch_size=32, epochs=epochs * longer, verbose=0, callbacks=progress()
    )

# %%
rebuilt = {
    "autoencoder": autoencoder.predict(unseen, verbose=0),
    "VAE": np.array(vae(unseen)),
}
left = {name: variance_left(x, unseen, seen) for name, x in rebuilt.items()}
plots.images(
    {"unseen": unseen[:10]}
    | {f"{name}: {left[name]:.0%} left": x[:10] for name, x in rebuilt.items()},
    f"Pictures that no model has seen, rebuilt from 64 numbers (you said: {guesses['rebuilds best']})",
    "Three rows of ten pictures: unseen ones, and what two models make of them, smoother than the originals.",
)

# %%
codes = autoencoder.encoder.predict(seen, verbose=0)
chosen = np.random.default_rng(0).normal(
    codes.mean(axis=0), codes.std(axis=0), (50, 64)
)
drawn = {
    "autoencoder,\ncodes at random": decoder.predict(chosen, verbose=0),
    "VAE": vae.sample(50),
    "DCGAN": gan.sample(50),
}
plots.images(
    {name: pictures[:10] for name, pictures in drawn.items()},
    f"New pictures (you said: {guesses['draws best']})",
    "Three rows of ten pictures, drawn by three models.",
)
far = {name: np.median(nearest(x, seen)) for name, x in drawn.items()}
plots.bars(
    far | {"unseen\npictures": np.median(nearest(unseen, seen))},
    "How far the pictures are from the nearest one that was seen",
    "Four bars, one for each model and one for real unseen pictures.",
    ylabel="distance, median",
    baselines=["unseen\npictures"],
)

# %% [markdown]
# **What to expect.** After some seconds on a few hundred pictures the autoencoder and the VAE rebuild the large shapes and
# colors, and the details are missing. The VAE's own pictures are smooth mixtures of what it has seen. The DCGAN's are sharper
# and often deformed; give it ten times as long (`longer = 10`) before you judge it. A bar much lower than the gray one says
# copies, or pictures that are blurred towards the mean (which is near to everything): look at the pictures to know which.
#
# **What to try when it fails.**
#
# | what you see | likely reason | try |
# |---|---|---|
# | more than 100 % left | unseen pictures are of another kind than the seen | are the folder's pictures mixed? more of them |
# | little left on `seen`, much on `unseen` | it has learned its pictures by heart | more pictures; a shorter code |
# | the rebuilt pictures are one gray | nothing was learned yet | `longer = 10`; a rate of 5e-4 |
# | everything is one color | the pictures are mostly background | crop them closer; a plain background |
# | the GAN draws one picture again and again | collapse (lecture 11) | a slower generator (`adam(5e-4, 0.5)`), more pictures |
# | the GAN draws noise | one network is too far ahead (lecture 12) | `longer = 10`; both rates halved |
# | the same frame, date or logo everywhere | it is in your pictures | that is what it should learn: crop it away |
#
# Then say in three sentences what the models found in *your* pictures: what do they get right, what do they leave out, and
# is what they leave out what you care about?
