# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Self-supervision: guess what is hidden
#
# Cover a part of a picture with your hand. Can you say what is below it? Often you can, because you know what pictures are like. This lecture
# asks a network the same question. Nobody writes a label: the answer is always in the data.
#
# **You will be able to**
#
# - make a puzzle out of unlabeled pictures, and let a network solve it;
# - measure with a linear probe what solving it is good for;
# - turn "predict any part from any other part" into code;
# - send and draw a whole picture with a network that guesses hidden pixels;
# - say what a network must see, and what it must be able to do, to predict the next frame of a film.
#
# You need [lecture 1](01_unsupervised_overview.ipynb). About 65 minutes to read and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": longer training, on 55,000 digits instead of 4,000
seed = 0  # of everything random: data order, initial weights, masks

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from io import BytesIO
from keras import layers, ops
from PIL import Image
from coursekit import data, metrics, plots, widgets
from coursekit.metrics import likelihood
from coursekit.models import rotnet
from coursekit.training import Model, progress, randomness
from scipy import special

full = profile == "full"
rng = np.random.default_rng(seed)


def falling(rate, steps):
    """Adam, with a rate that falls to 0 along a cosine."""
    return keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(rate, steps)
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## What we need of lecture 1
#
# **A message that was expected with probability $p$ brings $-\log_2 p$ bits.** If a model predicts a picture well, the picture brings few bits. So a model that needs fewer bits knows more about pictures. A digit here has 784 pixels.
# Each is ink, $x_i = 1$, or paper, $x_i = 0$. Without a model a digit takes 784 bits.
#
# Lecture 1 compared three models on the same digits. The first knows for each pixel by itself how often it is ink. The second is the PNG program, which finds repetitions. The third is a variational autoencoder (VAE), a network that comes
# with the course; for it we have an upper bound of the bits. The next cell computes all three again, because section 4 compares our own network with them.


# %% slideshow={"slide_type": "-"} tags=["central"]
def code_length(x, theta):
    """Bits for each of the black and white images x [n, pixels], pixel by pixel."""
    return -np.log2(np.where(x > 0.5, theta, 1 - theta)).sum(axis=1)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
name, left_out = ("mnist", "digits") if full else ("digits", None)
train = data.load(name, "train", leave_out=left_out)
unseen = data.load(name, "test", limit=1000)
x_train, x_unseen = (
    likelihood.binarize(part.flat, "thresholded") for part in (train, unseen)
)
theta = (x_train.sum(axis=0) + 0.5) / (len(x_train) + 1)  # never 0, never 1
sheet = x_unseen.reshape(-1, 25, 28, 28).swapaxes(1, 2).reshape(-1, 25 * 28)
Image.fromarray(sheet > 0.5).save(png := BytesIO(), "PNG", optimize=True)
small_vae = coursekit.pretrained("vae-mnist-50d")
bound = likelihood.elbo(x_unseen, small_vae.elbo)
digit_bits = {
    "each pixel by itself": code_length(x_unseen, theta).mean(),
    "PNG, all digits in one file": 8 * png.tell() / len(x_unseen),
    "a small VAE (bound)": likelihood.bits_per_image(bound.elbo),
}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [[name, f"{bits:.0f}"] for name, bits in digit_bits.items()],
    ("model", "bits for an unseen digit"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Self-supervision hides something from a network, and asks the network for it.** A part of the picture can be hidden, or something that was done to the picture. The drawing shows how it becomes the label.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    picture -> shown part -> [network] -> prediction -> <error>
    picture -> hidden part -> error
    error ~> network
    """,
    "Self-supervision: the hidden part is the label",
    notes={"hidden part": "pixels, a turn, a next frame"},
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A puzzle: which way is up?
#
# **We begin with a puzzle that has only four answers.** Turn a picture by 0, 1, 2 or 3 quarter turns, and ask a network by how many it was turned (Gidaris et al., 2018). We turned the picture ourselves, so we know the answer without a label.
# The network must find it in the picture. For this it must recognize sleeves and soles.
#
# Two lines of code make the puzzle:


# %% slideshow={"slide_type": "-"} tags=["central"]
def turned(images):
    """Each image in all four positions, and how many quarter turns it was given."""
    turns = [np.rot90(images, k, axes=(1, 2)) for k in range(4)]
    return np.concatenate(turns), np.repeat(np.arange(4), len(images))


# %% slideshow={"slide_type": "-"} tags=["experiment"]
clothes, worn = (
    data.load("fashion_small", "train"),
    data.load("fashion_small", "test"),
)
keras.utils.set_random_seed(seed)
shape = {"channels": (16, 32, 64), "width": 128}
untrained, puzzled = rotnet.small(**shape), rotnet.small(**shape)
untrained.set_weights(puzzled.get_weights())
epochs = 10 if full else 2
puzzled.compile(falling(2e-3, epochs * (len(clothes) // 32)))
puzzled.fit(
    clothes.images, batch_size=32, epochs=epochs, verbose=0, callbacks=progress()
)
accuracy = puzzled.rotation_accuracy(worn.images)
coursekit.expect(
    "after seconds it knows the way up of 80 % of unseen clothes",
    accuracy > 0.8,
    accuracy=accuracy,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# We turn each piece back by as many quarter turns as the network says.
#
# > **Predict.** Look only at the first row of the next figure. Which pieces will the network get wrong?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
views, turns = turned(worn.images[:200])
answers = ops.convert_to_numpy(ops.softmax(puzzled(views)))
said, sure = answers.argmax(axis=1), answers.max(axis=1)

# %% slideshow={"slide_type": "-"} tags=["figure"]
wrong = np.flatnonzero(said != turns)
any_five = np.random.default_rng(seed).permutation(wrong)[:5]
shown = np.append(rng.permutation(np.flatnonzero(said == turns))[:7], any_five)
righted = [np.rot90(views[i], -said[i], axes=(0, 1)) for i in shown]
plots.images(
    {"shown": views[shown], "turned back\nas it says": np.stack(righted)},
    "Which way is up? Seven right answers, and five wrong ones",
    "Clothes in four positions; below, the first seven stand upright, the last five do not.",
    columns=[f"{p:.0%} sure" for p in sure[shown]],
)

# %% [markdown] slideshow={"slide_type": "-"}
# In the second row the first seven pieces stand upright, because we chose seven right answers. The last five do not, because we chose five wrong ones. The number above a piece is the probability that the network gives to its answer. Here it is much
# higher for the right answers.
#
# Some of the five have no clear up, like the plain top that lies on its side. Others do have an up, like the top with straps. A network that learned for seconds missed it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · What is the puzzle good for?
#
# **Nobody needs to know by how much a shirt was turned.** Our hope is that the network had to notice sleeves, soles and necks to solve the puzzle. Then its inner layers describe clothes, and this description may help with other questions.
#
# So we throw the puzzle's answers away and look inside the network. The *features* of a picture are the numbers that an inner layer of a network makes of it. A *linear probe* is a
# linear classifier that is trained with labels on the features of a network that learns no more. Its accuracy says how easily the classes can be read off the features.

# %% [markdown] slideshow={"slide_type": "-"}
# Here the probe gets ten labels of each class, in five different draws. We compare with the same probe on an *untrained* network. It has the weights with which the other network began, so the difference is due to the puzzle.
#
# > **Predict.** With ten classes, blind guessing is right for 10 %. What share of unseen clothes will the probe get right on the features of the *untrained* network? (Write it into `guess`.)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.3
features = {}
for name, net in (("which way is up", puzzled), ("untrained network", untrained)):
    maps = (net.features(part.images, "conv3") for part in (clothes, worn))
    features[name] = tuple(metrics.probes.pool(each, 2) for each in maps)
scores = metrics.probes.compare(
    features, clothes.labels, worn.labels, per_class=(10,)
)
gain = metrics.probes.difference(*(score[10] for score in scores.values()))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {name: score[10].mean for name, score in scores.items()},
    "Ten labels a class, on frozen features",
    "Two bars: the features of the network that solved the puzzle are better.",
    ylabel="share of unseen clothes right",
    marks={"chance": 0.1},
    guesses={"your guess": ("untrained network", guess)},
    baselines=["untrained network"],
    size=(6.5, 3.4),
)
coursekit.expect(
    "solving the puzzle is worth 2 points or more, without a label",
    gain.mean > 0.02,
    gain=gain.mean,
)

# %% [markdown] slideshow={"slide_type": "-"}
# On the features of the untrained network, the probe is right for 62 % of unseen clothes. On those of the network that solved the puzzle, it is right for 68 %. The puzzle is worth the difference, six points.
#
# Why is the untrained network so good? Random weights still turn different clothes into different numbers, and the probe itself learns from a hundred labels. So a probe says little without something to compare with.
#
# **A probe shows how easily the classes can be read, not how much there is to know.** The network computes its features from the pixels, so they cannot hold more information than the pixels. But with few labels
# the classes are *easier to read* from them. Lecture 3 compares this puzzle with others.
#
# > **Try it.** `clothes, worn = train, unseen`: the puzzle on digits. What is the way up of a 0, a 1, an 8, and of a 6?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Predict any part from any other part
#
# **The puzzle had four answers, so each answer brought at most $\log_2 4 = 2$ bits.** All models above need more than a hundred bits for a digit. So there is much more to predict in it. (More bits need not give better features. Here we ask only what can be predicted.)
#
# We now predict any part from any other part (LeCun, 2016). Hide a random share of the pixels, any share from none to all. Ask a network for the hidden pixels.
#
# A *mask* $m$ is a picture that is 1 where a pixel is visible and 0 where it is hidden. The network
# sees the product $x \odot m$, pixel by pixel, so a hidden pixel becomes 0. But paper is 0, too. So the network also sees $m$ itself, to know which zeros are hidden pixels.
#
# In the drawing half of the pixels are hidden. What the network cannot see is gray.

# %% slideshow={"slide_type": "-"} tags=["figure"]
example = x_unseen[0].reshape(28, 28)
hole = np.random.default_rng(seed).random((28, 28)) < 0.5
plots.flow(
    """
    $x$ -> $x \\odot m$ -> [network] -> prediction -> <bits of what was hidden>
    mask $m$ -> $x \\odot m$
    mask $m$ -> network
    $x$ -> hidden pixels -> bits of what was hidden
    """,
    "Any part from any other part",
    pictures={
        "$x$": example,
        "mask $m$": 1 - hole,
        "$x \\odot m$": np.where(hole, 0.35, example),
        "hidden pixels": np.where(hole, example, 0.35),
    },
    notes={"mask $m$": "black: 1, visible"},
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The network pays for what was hidden.** For each picture we draw a share $s$ uniformly from 0 to 1. Then each pixel is visible with probability $s$. A hidden pixel costs $-\log_2$ of the probability that the network gives to what the pixel really is. The loss
# is the mean cost of the hidden pixels, in bits:
#
# $$\mathcal L = \mathbb E_{s \sim U(0,1)}\ \mathbb E_{m \sim \mathrm{Bernoulli}(s)}\ \frac{1}{\text{number of hidden pixels}} \sum_{i:\, m_i = 0}
#   -\log_2 p\big(x_i \mid x \odot m,\, m\big) .$$
#
# Read it from the right. The sum goes over the hidden pixels and is divided by their number. The next mean is over masks: $\mathrm{Bernoulli}(s)$ makes each pixel visible with probability $s$. The last mean is over shares: $U(0,1)$ is the uniform distribution.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **In the code the network answers with logits.** A *logit* $l$ is a number whose sigmoid is a probability, here the probability of ink:
#
# $$p = \frac{1}{1 + e^{-l}} = \frac{e^l}{1 + e^l}, \qquad 1 - p = \frac{1}{1 + e^l} .$$
#
# Write $\mathrm{softplus}(l) = \log(1 + e^l)$. The logarithm of a quotient is a difference. So ink costs $-\log p = \log(1 + e^l) - \log e^l = \mathrm{softplus}(l) - l$ nats. Paper costs $-\log(1 - p) = \log(1 + e^l) = \mathrm{softplus}(l)$ nats. Both are one formula, because $x$ is 1 for ink and
# 0 for paper: **a pixel costs $\mathrm{softplus}(l) - x\,l$ nats**. We divide by $\log 2$ to get bits.
#
# `AnyPart` is a `Model` as in lecture 0: `train_on` says what one minibatch does. It draws a new share and a new mask for each picture.
#
# > **Predict.** With nothing visible a pixel costs 0.39 bits, as for the model that knows each pixel by itself. What does it cost when one
# > pixel in ten is visible? (Write it into `guess`.)


# %% slideshow={"slide_type": "-"} tags=["central"]
class AnyPart(Model):
    """Predicts hidden pixels from visible ones: mask m, 1 where a pixel is visible."""

    def __init__(self, pixels=784, width=512):
        super().__init__()
        parts = [layers.Dense(width, "relu"), layers.Dense(width, "relu")]
        inputs = keras.Input((2 * pixels,))
        self.network = keras.Sequential([inputs, *parts, layers.Dense(pixels)])
        self.random = keras.random.SeedGenerator(seed)

    def logits(self, x, m):
        return self.network(ops.concatenate([x * m, m], axis=1))

    def bits(self, x, m):
        """For each hidden pixel, on average over those of an image: [n]."""
        logits, hidden = self.logits(x, m), 1 - m
        each = (ops.softplus(logits) - x * logits) / np.log(2)
        return ops.sum(each * hidden, axis=1) / (ops.sum(hidden, axis=1) + 1e-6)

    def train_on(self, x):
        share = randomness.uniform((ops.shape(x)[0], 1), self.random)
        m = ops.cast(
            randomness.uniform(ops.shape(x), self.random) < share, "float32"
        )
        return {"bits": self.minimize(lambda: ops.mean(self.bits(x, m)))}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
keras.utils.set_random_seed(seed)
any_part = AnyPart()
epochs = 60 if full else 16
any_part.compile(falling(3e-3, epochs * (len(x_train) // 100)))
any_part.fit(
    x_train, batch_size=100, epochs=epochs, verbose=0, callbacks=progress()
)


def cost(m):
    """Bits for a hidden pixel of unseen digits, mean."""
    m = np.broadcast_to(np.float32(m), x_unseen.shape)
    return float(ops.mean(any_part.bits(x_unseen, m)))


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.2
shares = np.array([0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.95])
costs = [cost(rng.random(x_unseen.shape) < share) for share in shares]
by_itself = code_length(x_unseen, theta).mean() / 784

# %% [markdown] slideshow={"slide_type": "-"}
# In the next figure, look for the place at which the curve stops falling. Its vertical axis does not begin at 0.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    None,
    {"unseen digits": (shares, costs)},
    f"What a hidden pixel costs: {costs[4]:.2f} bits if a tenth is visible",
    "A curve that falls steeply over the first tenth and then levels off.",
    xlabel="share of pixels that are visible",
    ylabel="bits for a hidden pixel",
    marks={"each pixel by itself": by_itself},
    guesses={"your guess": (0.1, guess)},
)
coursekit.expect(
    "with nothing visible it is the model of single pixels, within 5 %; a tenth takes a sixth off, or more",
    abs(costs[0] / by_itself - 1) < 0.05 and costs[4] < costs[0] * 5 / 6,
    first=costs[0],
    tenth=costs[4],
)

# %% [markdown] slideshow={"slide_type": "-"}
# With one pixel in ten visible, a hidden pixel costs 0.30 bits instead of 0.39. So the first tenth of the pixels brings half of all that this network
# gains. A few dozen pixels say a lot about which digit it is, and how it leans.
#
# **When half of the pixels are visible, more of them hardly help.** The last three points all lie between 0.21 and 0.23. This is a limit of our network. It is made of dense layers, so it must learn anew for each pixel that ink touches ink.
# In exercise 1 you use only that ink touches ink. From a quarter of the pixels on, this does better.
#
# > **Try it.** Hide the left half (`m = np.tile(np.repeat([0, 1], 14), 28)`), or every other column, and compare `cost(m)`. Does it matter which half is hidden?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · From hidden pixels to whole pictures
#
# **A network that predicts hidden pixels can also send a whole picture, and its loss says in how many bits.** We show it with three pixels, sent in the order 2, 3, 1. Each pixel is coded with the probability that the network gives it, given those that were sent before. By the chain rule of probabilities,
#
# $$p(x_1, x_2, x_3) = p(x_2)\; p(x_3 \mid x_2)\; p(x_1 \mid x_2, x_3) .$$
#
# The logarithm of a product is a sum of logarithms. So the picture takes the sum of three costs: of a pixel when none is visible, when one is, and when two are.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Now draw the order at random.** Then the pixel that is sent next is any of the hidden ones with equal chance. Let $c_k$ be the mean cost of a hidden pixel when $k$ others, chosen at random, are visible. The picture takes on average
#
# $$c_0 + c_1 + c_2 \ \text{ bits.}$$
#
# **The training loss is the mean of these three costs.** For training we drew a share $s$, and each pixel was visible with probability $s$. We can do this with one more uniform number for each pixel: it is visible if its number is below $s$. Sort $s$ and the three numbers. By symmetry, $s$ is equally likely to be the
# first, second, third or fourth. So 0, 1, 2 and 3 visible pixels are equally likely. With 3 visible nothing is left to predict, so we leave this case out. The other three give
#
# $$\mathcal L = \tfrac13 (c_0 + c_1 + c_2) .$$
#
# So three pixels take $3\,\mathcal L$ bits. With 784 pixels the same steps give
#
# $$c_0 + c_1 + \dots + c_{783} = 784\; \mathcal L .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A whole digit takes 784 times the loss, so predicting any part from any other is density modeling** (Uria et al., 2014). The loss is also an area. The mean over a uniform $s$ is an integral from 0 to 1 over the cost at $s$. So the loss is the area under section 3's curve, down to 0.
#
# The next cell computes it for unseen digits, with shares that are spread evenly from 0 to 1.
#
# > **Predict.** How many bits will the masked network need for a whole unseen digit? Each pixel by itself takes 304 bits, PNG 272, the VAE 114. (Write it into `guess`.)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 250
evenly = (np.arange(len(x_unseen))[:, None] + 0.5) / len(x_unseen)
chain = 784 * np.mean([cost(rng.random(x_unseen.shape) < evenly) for _ in range(8)])

# %% slideshow={"slide_type": "-"} tags=["figure"]
beside = (
    "each pixel by itself",
    "PNG, all digits in one file",
    "a small VAE (bound)",
)
plots.bars(
    {name.replace(", ", ",\n"): digit_bits[name] for name in beside[:2]}
    | {"any part from\nany part": chain}
    | {"a small VAE\n(55,000 digits)": digit_bits[beside[2]]},
    "Bits for one digit: the masked network beside three others",
    "Four bars: pixel by pixel, PNG, the masked network, the VAE, each lower than the one before.",
    ylabel="bits",
    baselines=[name.replace(", ", ",\n") for name in beside[:2]]
    + ["a small VAE\n(55,000 digits)"],
    guesses={"your guess": ("any part from\nany part", guess)},
    fmt="%.0f",
)
coursekit.expect(
    "seconds of guessing hidden pixels beat PNG by a fifth or more",
    chain < 0.8 * digit_bits[beside[1]],
    chain=chain,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The masked network needs 188 bits for a digit, less than PNG's 272 and more than the VAE's 114. But the VAE learned from 55,000 digits, and our network from 4,000.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What can be coded can also be drawn.** We show the network the upper half of a digit. Then we draw the hidden pixels one after the other, in a random order. Each becomes ink with the probability that the network gives it. From then on it counts as visible.
#
# In the next figure the row "all at once" shows the network's single answer to all hidden pixels. Compare it with the two rows below it, which were drawn in turn.


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def drawn_in_turn(x, m, rounds=392):
    """Hidden pixels drawn in so many groups, each given all that is there by then."""
    x, m = np.array(x * m), np.array(np.broadcast_to(np.float32(m), x.shape))
    places = np.flatnonzero(m[0] == 0)
    for group in np.array_split(rng.permutation(places), rounds):
        p = ops.convert_to_numpy(ops.sigmoid(any_part.logits(x, m)))[:, group]
        x[:, group], m[:, group] = rng.random(p.shape) < p, 1
    return x


half = np.repeat(np.float32([1, 0]), 392)  # the upper half is visible
some = x_unseen[:10]
logits = any_part.logits(some, half + 0 * some)
at_once = np.where(half, some, special.expit(ops.convert_to_numpy(logits)))

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.images(
    {
        "visible": some * half + 0.25 * (1 - half),
        "all at once": at_once,
        "in turn": drawn_in_turn(some, half),
        "in turn, again": drawn_in_turn(some, half),
        "what it was": some,
    },
    "The lower half from the upper one",
    "Five rows of digits: the upper halves; gray answers; two rows of drawn completions; the digits themselves.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Asked for all pixels at once, the network answers with a gray mixture.** Where a 4 and a 9 are both possible, it mixes both. For each pixel *alone* this is the best answer. Drawn in turn, each pixel depends on those before it. Once some pixels of a 9 are there, a 9 is what fits them. Look at the 8: it became a 9.
#
# Mistakes stay, too. Where the network gives ink a few percent too much, specks appear. From then on they count as visible. They spoil most of these digits.
#
# > **Try it.** Call `drawn_in_turn(some, half, rounds=8)`. Then 49 pixels are drawn at a time, each without knowing the others of its group. What do the digits lose, and what do you gain?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · The next frame
#
# **In a film, the hidden part can be the future.** Nobody has to cover anything. We only wait for the next frame.
#
# Our films show digits that move at a constant speed and bounce off the walls (after Srivastava et al., 2015). The speed is $-1$, 0 or 1 pixel a frame, both vertically and horizontally.


# %% slideshow={"slide_type": "-"} tags=["central"]
def moving(digits, frames=10, size=40, fastest=1):
    """Films [n, frames, size, size] of digits [n, 28, 28], each at its own speed."""
    room, n = size - 28, len(digits)
    start = rng.integers(0, room + 1, (n, 1, 2))
    speed = rng.integers(-fastest, fastest + 1, (n, 1, 2))
    path = (start + speed * np.arange(frames)[:, None]) % (2 * room)
    path = room - np.abs(room - path)  # there and back again
    films = np.zeros((n, frames, size, size), "float32")
    for film, digit, places in zip(films, digits, path, strict=True):
        for frame, (top, left) in zip(film, places, strict=True):
            frame[top : top + 28, left : left + 28] = digit
    return films


# %% slideshow={"slide_type": "-"} tags=["experiment"]
films = moving(x_train[:2000].reshape(-1, 28, 28))
tests = moving(x_unseen[:200].reshape(-1, 28, 28))

# %% slideshow={"slide_type": "-"} tags=["figure"]
six = np.pad(1 - tests[:6], ((0, 0), (0, 0), (0, 0), (0, 2)), constant_values=0.5)
widgets.FramePlayer(
    np.concatenate(list(six), axis=2),
    [("frame", list(range(10)))],
    title="Six films",
    alt="Six digits that move and bounce off the walls",
    fps=5,
    width=640,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A small network predicts each pixel of the next frame from what was around its place.** It sees a window of 5 x 5 pixels in the last frame, and the same
# window in the frame before: 50 numbers. It answers with the logit of one pixel. All pixels share the same weights, so this is a convolutional network. There are three versions:
#
# - **one past frame**: it sees only the last frame;
# - **two, linear**: it sees both windows, and has no hidden layer;
# - **two, hidden layers**: it sees both windows, and has two hidden layers.
#
# In the drawing, gray squares mark the windows of one pixel.
#
# > **Predict.** Which of the three can know how fast the digit moves? Which one can *use* it?

# %% slideshow={"slide_type": "-"} tags=["figure"]
changed = np.abs(tests[:, 5] - tests[:, 6]).sum(axis=(1, 2))
trio = tests[changed.argmax(), 4:7]  # two past frames, and the one that follows
row, column = np.argwhere(trio[2] > trio[1])[changed.max().astype(int) // 6]
far = np.abs(np.indices(trio[0].shape) - [[[row]], [[column]]]).max(axis=0)
near = np.s_[row - 2 : row + 3, column - 2 : column + 3]
plots.flow(
    """
    frame before -> window before -> [network] -> prediction -> <bits>
    last frame -> window now -> network
    next frame -> the pixel -> bits
    """,
    "One pixel of the next frame, from two windows",
    rows=[
        "frame before, window before, network, prediction, bits",
        "last frame, window now",
        "next frame, the pixel",
    ],
    pictures={
        "frame before": np.where(far == 3, 0.5, trio[0]),
        "last frame": np.where(far == 3, 0.5, trio[1]),
        "next frame": np.where(far == 1, 0.5, trio[2]),
    }
    | {"window before": trio[0][near], "window now": trio[1][near]}
    | {"the pixel": trio[2][row, column].reshape(1, 1)},
)


# %% slideshow={"slide_type": "-"} tags=["central"]
def windows(before, now, reach=2):
    """What surrounds each pixel in both frames: [n, h, w, 2 * (2 * reach + 1)^2]. Outside it is gray."""
    around = ((0, 0), (reach, reach), (reach, reach))
    size = (2 * reach + 1,) * 2
    views = [
        np.lib.stride_tricks.sliding_window_view(
            np.pad(frames, around, constant_values=0.5), size, (1, 2)
        )
        for frames in (before, now)
    ]
    return np.concatenate([view.reshape(*now.shape, -1) for view in views], axis=-1)


# %% slideshow={"slide_type": "-"} tags=["central"]
class NextPixel(Model):
    def __init__(self, *widths, inputs=50):
        super().__init__()
        parts = [layers.Dense(width, "relu") for width in widths]
        self.network = keras.Sequential(
            [keras.Input((inputs,)), *parts, layers.Dense(1)]
        )

    def train_on(self, batch):
        x, y = batch

        def nats():
            logits = self.network(x)
            return ops.mean(ops.softplus(logits) - y * logits)

        return {"nats": self.minimize(nats)}


# %% [markdown] slideshow={"slide_type": "-"}
# The next cell takes windows from the films and trains the three versions. It leaves out places without any ink around them, because nothing can come there.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
inputs, targets = [], []
for t in range(1, 9):
    some = rng.choice(len(films), 150, replace=False)
    seen = windows(films[some, t - 1], films[some, t]).reshape(-1, 50)
    ink = np.flatnonzero((seen > 0.6).any(axis=1))  # elsewhere nothing can come
    chosen = rng.choice(ink, 25_000, replace=False)
    inputs.append(seen[chosen])
    targets.append(films[some, t + 1].reshape(-1, 1)[chosen])
inputs, targets = np.concatenate(inputs), np.concatenate(targets)
both, last = np.ones(50), np.arange(50) >= 25  # which frames may be seen
kinds = {
    "one past frame": (last, (128, 64)),
    "two, linear": (both, ()),
    "two, hidden layers": (both, (128, 64)),
}
predictors, epochs = {}, 12 if full else 4
for name, (may_see, widths) in kinds.items():
    keras.utils.set_random_seed(seed)
    predictors[name] = NextPixel(*widths)
    predictors[name].compile(falling(4e-3, epochs * (len(inputs) // 200)))
    predictors[name].fit(
        np.float32(inputs * may_see), targets, 200, epochs, verbose=0
    )

# %% [markdown] slideshow={"slide_type": "subslide"}
# **We compare the three with two predictors that need no training.** *No past* knows only how often each pixel of a frame is ink. *As it is now* expects that each pixel stays as it is in the last frame. It gives a change the probability with which pixels change on average.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def next_frame(name, before, now):
    """Probability of ink in each pixel of the next frame, [n, h, w]."""
    seen = windows(before, now).reshape(-1, 50)
    logits = predictors[name].network.predict(
        np.float32(seen * kinds[name][0]), batch_size=8192, verbose=0
    )
    p = np.where((seen > 0.6).any(axis=1), special.expit(logits[:, 0]), 0)
    return np.clip(p.reshape(now.shape), 1e-5, 1 - 1e-5)


def frame_bits(p):
    """Of the frame after `now`."""
    p = np.broadcast_to(p, after.shape).reshape(len(after), -1)
    return code_length(after.reshape(len(after), -1), p).mean()


before, now, after = (tests[:, t] for t in (4, 5, 6))
changes = np.mean(films[:, 5] != films[:, 6])  # the share of pixels that change
frame_costs = {
    "no past": frame_bits(np.clip(films.mean(axis=(0, 1)), 1e-3, 1)),
    "“as it is now”": frame_bits(np.where(now > 0.5, 1 - changes, changes)),
} | {name: frame_bits(next_frame(name, before, now)) for name in kinds}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    frame_costs,
    "Bits for the next frame of 1,600 pixels",
    "Five bars: without the past, as it is now, one past frame, two linear, two with hidden layers, which is the lowest.",
    ylabel="bits",
    baselines=["no past", "“as it is now”"],
    fmt="%.0f",
    size=(8, 3.8),
)
coursekit.expect(
    "two frames beat one, and hidden layers need less than three quarters of a linear predictor's bits",
    frame_costs["two, hidden layers"] < 0.75 * frame_costs["two, linear"]
    and frame_costs["two, linear"] < frame_costs["one past frame"],
    **{name.replace(" ", "_").strip("“”"): n for name, n in frame_costs.items()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Two frames are needed to know the speed, and hidden layers to use it.** With one past frame the network needs 152 bits for the next frame. With two it needs 110 without a hidden layer, and 54 with hidden layers.
#
# Why can the linear version not use the speed well? Its logit is a sum with fixed weights. In this sum, ink at the right always counts the same. But it should count only when the digit moves to the left. A hidden number can be large for "moves to the left *and* ink at the right", and 0 otherwise.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Now each version predicts six frames ahead.** Each predicted probability is cut at one half, and the result is put in as the next past frame. We measure the overlap with the true frame: the ink that both have, as a share of the ink that either has. It is 1 if they are the same, and 0 if they have no ink in common.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
forty = tests[:40]
rolled = {"“as it is now”": np.repeat(forty[:, 3:4], 6, axis=1)}
for name in kinds:
    film = [forty[:, 2], forty[:, 3]]
    for _ in range(6):
        film.append(np.float32(next_frame(name, *film[-2:]) > 0.5))
    rolled[name] = np.stack(film[2:], axis=1)


def overlap(films):
    """Ink where there is ink in both, as a share of where there is ink in either: [frames]."""
    common, either = (
        np.minimum(films, forty[:, 4:]),
        np.maximum(films, forty[:, 4:]),
    )
    return common.sum(axis=(0, 2, 3)) / either.sum(axis=(0, 2, 3))


overlaps = {name: overlap(films) for name, films in rolled.items()}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    np.arange(1, 7),
    overlaps,
    "How far ahead? Forty films, each frame predicted from predicted ones",
    "Four curves that fall as the predicted frame lies farther ahead.",
    xlabel="frames ahead",
    ylabel="overlap of the ink with the true frame's",
    baselines=["“as it is now”"],
)
coursekit.expect(
    "one frame ahead, two frames and hidden layers overlap most",
    max(overlaps, key=lambda name: overlaps[name][0]) == "two, hidden layers",
    **{name.replace(" ", "_").strip("“”"): n[-1] for name, n in overlaps.items()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# **With two frames and hidden layers the overlap is highest, but all curves fall.** One frame ahead it is above 0.8, and six frames ahead nearly 0.4. The linear version lies in between. With one past frame the network is hardly better than copying the last frame ("as it is now").
#
# In bits, one past frame was much better than copying. This version knows *where* something is likely to change, at the edges of the ink, and this improves its probabilities. When they are cut at one half, this knowledge is lost.
#
# The next figure shows one of the forty films, the one that changes most. The gray frame is the edge of the picture. Compare each row with the first.

# %% slideshow={"slide_type": "-"} tags=["figure"]
fast = np.abs(forty[:, 3:9] - forty[:, 4:]).sum(axis=(1, 2, 3)).argmax()
rows = {"what happened": forty[fast, 4:]}
rows |= {name: rolled[name][fast] for name in kinds}
rows = {name: np.concatenate([forty[fast, 2:4], row]) for name, row in rows.items()}
around = ((0, 0), (1, 1), (1, 1))
plots.images(
    {name: np.pad(row, around, constant_values=0.4) for name, row in rows.items()},
    "Six frames ahead, each predicted from predicted ones",
    "A moving digit, and three predictions of it, whose mistakes grow from left to right.",
    columns=["given", "given"] + [f"+{i}" for i in range(1, 7)],
    size=0.9,
)

# %% [markdown] slideshow={"slide_type": "-"}
# In this film, all three versions lose parts of the digit. With one past frame the digit stays where it was and wears away. The linear prediction shrinks to a few pixels. With hidden layers the digit goes on
# moving, but its lower half gets lost.
#
# **It also moves the wrong way.** After the two given frames the digit bounces, and goes up and to the left. The network goes on up and to the right. It cannot see the bounce coming. What bounces is the whole picture of 28 x 28 pixels, with paper around the ink. The windows around the ink do not reach the edge.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Nobody told the network that there are digits, nor that anything moves.** It learned how things move because the next frame depends on that. But it was *never* trained on its own mistakes, so
# they add up. Lecture 19 goes on from here, with larger networks and longer films.
#
# > **Try it.** Set `fastest=4` in both calls of `moving`. Why do all three versions fail?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# Section 4 left two things open. No other lecture needs them.
#
# ### One density for each order
#
# Section 4 left out the case that all pixels are visible. With 784 pixels this is one case in 785, so it hardly changes the loss.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Each order of the pixels gives a density of its own.** Write $o_1, o_2, \dots, o_{784}$ for a random order: $o_k$ is the pixel that is sent as number $k$. The mean over all orders of the bits for the picture is
#
# $$\mathbb E_o \sum_{k=1}^{784} -\log_2 p\big(x_{o_k} \mid x_{o_1}, \dots, x_{o_{k-1}}\big) = c_0 + c_1 + \dots + c_{783} = 784\; \mathcal L .$$
#
# A true density gives the same bits in every order, by the chain rule. Nobody asked the network for that. It learned each answer by itself, and its answers need not fit together. Exercise 2 measures how much the
# order matters to a predictor.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The package's puzzle
#
# Section 1 turned pictures by NumPy. In training they must be turned within the step, on the device that computes it. The package does it with the backend's operations:

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.show(rotnet.rotate)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/02_self_supervision.ipynb), checked as you go:
#
# 1. **What the neighbors know**: the simplest prediction of hidden pixels, which must not peek.
# 2. **In what order?** Bits of a whole picture that is sent pixel after pixel, in any order.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - **Self-supervision** hides something from a network and asks for it. The label comes from the data.
# - Solving a puzzle gives **features** without labels. A **linear probe** measures how easily classes can be read from them, and needs an untrained network to compare with.
# - A puzzle of four answers brings two bits at most. Hidden pixels bring many more.
# - Predicting any part from any other part gives all conditional distributions, and by the chain rule the joint one: a whole picture takes 784 times the loss.
# - Asked for all hidden pixels at once, a network answers with a gray mixture. Drawn in turn, each pixel fits those before it, and their mistakes.
# - The next frame needs two past frames to know the speed, and hidden layers to use it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | RotNet on Fashion-MNIST | none | 68 % by a probe with ten labels a class, untrained 62 % |
# | masked network on thresholded digits | none | 188 bits for a digit, by 4,000 digits |
#
# - S. Gidaris, P. Singh, N. Komodakis, *[Unsupervised representation learning by predicting image rotations](https://arxiv.org/abs/1803.07728)*, ICLR 2018.
# - B. Uria, I. Murray, H. Larochelle, *A deep and tractable density estimator*, ICML 2014: one network for every order of the pixels.
# - N. Srivastava, E. Mansimov, R. Salakhutdinov, *Unsupervised learning of video representations using LSTMs*, ICML 2015: moving digits.
# - Y. LeCun, *Predictive learning*, invited talk, NIPS 2016: "any part from any other part".
