# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Unsupervised learning: an overview
#
# Nobody will ever write under a picture all that there is to know about it. How much is that? And if nobody writes it down, how can a machine
# learn it? This lecture measures the first in bits. Then it tries two ways of learning without labels, in small examples that run in seconds. The next
# lecture tries a third.
#
# **You will be able to**
#
# - say how many bits a reward, a label and a picture bring, and measure each;
# - say why a model that predicts well makes short files;
# - compare five models of the same data with the truth, in one unit;
# - tell the three approaches of the course apart, by what they ask of the data;
# - find your way through the other lectures.
#
# You need [lecture 0](00_start_here.ipynb). About 65 minutes to read and play; about a minute to run. The terms are collected in the
# [glossary](glossary.md).

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": longer training, on 55,000 digits instead of 4,000
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from inspect import signature
from io import BytesIO
from keras import ops
from PIL import Image
from coursekit import data, plots, recipes, widgets
from coursekit.metrics import likelihood
from coursekit.models import gan, vae
from coursekit.training import progress
from scipy import special

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · How much is there to predict?
#
# In 2016 Yann LeCun compared learning to a cake. The deck, the set of slides that this course follows, quotes his slide:
#
# | | what the machine predicts | bits a sample, by the slide |
# |---|---|---|
# | the cherry: "pure" reinforcement learning | a reward, given once in a while | a few, for some samples |
# | the icing: supervised learning | a category or a few numbers, supplied by people | 10 to 10,000 |
# | the cake: unsupervised, predictive learning | any part of its input from any observed part | millions |
#
# We measure these figures, on 4,000 digits.
#
# Look first at what the machine is told in each of the three. In *reinforcement learning* the machine acts, and a *reward* says how
# good the action was. In *supervised learning* a person has written the right answer, the *label*, next to each example. In *unsupervised learning* there
# is nothing but the examples: what is asked for must come from the data themselves. The drawing shows one kind of it, which hides a part and asks for
# it.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    {
        "the cherry: reinforcement": """
            image -> [network] -> (action) -> world -> reward
            reward --> network""",
        "the icing: supervised": """
            image -> [network] -> prediction -> <error>
            label -> error
            error ~> network""",
        "the cake: self-supervised": """
            image -> shown part -> [network] -> prediction -> <error>
            image -> hidden part -> error
            error ~> network""",
    },
    "What each step is told",
    down=True,
    notes={
        "label": "one of ten",
        "reward": "one number",
        "hidden part": "many pixels",
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# How much one is told can be measured in bits. The *bit* is a unit of information: a message that one expected with probability $p$ brings
#
# $$-\log_2 p \ \text{ bits.}$$
#
# The result of a fair coin brings 1 bit. One of eight equally likely messages brings 3 bits, as many as there are yes-or-no questions to find it. One
# of ten equally likely labels brings $\log_2 10 = 3.32$ bits, and a message that one was sure of brings nothing.
#
# The average over all messages is the entropy of lecture 0, in bits instead of nats. The next two cells write both down, and measure the labels of our digits.


# %% slideshow={"slide_type": "-"} tags=["central"]
def bits(p):
    """What a message of probability p brings."""
    return -np.log2(p)


def entropy(shares):
    """What a message brings on average, if the shares are known."""
    shares = np.asarray(shares, "float64")
    return float(np.sum(shares * bits(np.where(shares > 0, shares, 1))))


# %% slideshow={"slide_type": "-"} tags=["experiment"]
name, left_out = ("mnist", "digits") if full else ("digits", None)
train = data.load(name, "train", leave_out=left_out)
unseen = data.load(name, "test", limit=1000)
label_bits = entropy(np.bincount(train.labels) / len(train))
coursekit.expect(
    "a label brings log2(10) bits or a little less", 3.3 < label_bits < 3.3220
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The cherry and the icing, on the same digits
#
# Two learners are shown the same digits and are told different things. The **pupil** is told the class. The **player** names a class and is told *right*
# or *wrong*, no more; such a game is called a *contextual bandit*.
#
# Both are the same classifier, with 7,850 weights $W$: one for each pair of an input and a class. The input $x$ is the 784 pixels and a one. It
# gives ten scores $s = x^\top W$, and a softmax turns the scores into the probabilities of the ten classes:
#
# $$p_a = \frac{e^{s_a}}{\sum_k e^{s_k}} .$$
#
# What differs is how they learn from one digit. Each has a rule that moves the weights a little.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The pupil raises the score of the label, and lowers all other scores.** Write $a$ for the label, $p$ for the ten probabilities, and $e_a$ for the vector with a 1 at
# place $a$ and zeros elsewhere. The pupil moves its weights by
#
# $$\Delta W = \eta\; x\,(e_a - p)^\top, \qquad \eta = 0.01 .$$
#
# Here $\eta$ is the size of the step (`rate` in the code). An example with three classes: the probabilities are $p = (0.5,\ 0.3,\ 0.2)$, and the label is the second class. Then
# $e_a - p = (-0.5,\ 0.7,\ -0.2)$. The score of the label grows in proportion to what its probability lacks to 1. The score of each wrong class shrinks in proportion to its probability. This is the usual training of a classifier:
# a step down the slope of the cross-entropy $-\log p_a$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The player takes the same step with the class that it named, times the reward.** It does not know the label. It names class $a$ with
# probability $p_a$, and gets a reward $r$: 1 if it is right, 0 if it is wrong. Its step is
#
# $$\Delta W = \eta\,(r - 0.1)\; x\,(e_a - p)^\top .$$
#
# If the player is right, the bracket is 0.9, and the named class becomes more probable. If it is wrong, the bracket is $-0.1$, and the named class becomes
# a little less probable. Why 0.1? That is what blind guessing earns. So the bracket says how much better than blind guessing the answer was.
#
# On average over the classes that the player may name, this step climbs the reward that it can expect. (The section "For a second reading" derives both rules.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Both rules fit into one line of code.** They differ in the class $a$ and in a factor $c$:
#
# $$\Delta W = \eta\, c\; x\,(e_{a} - p)^\top, \qquad \text{player: } a \text{ is the class it named, } c = r - 0.1; \qquad
#   \text{pupil: } a \text{ is the label, } c = 1 .$$
#
# > **Predict.** The player starts at 10 % right. What share does it get right at the end of one pass through the digits? (Write it
# > into `guess`.)


# %% slideshow={"slide_type": "-"} tags=["central"]
def one_pass(images, labels, told, rate=0.01):
    """Learns from one digit after the other. Returns weights, and which answers were right."""
    weights, right = np.zeros((images.shape[1], 10)), []
    for x, label, u in zip(images, labels, rng.random(len(labels)), strict=True):
        p = special.softmax(x @ weights)
        named = min(int(np.sum(p.cumsum() < u)), 9)
        right.append(named == label)
        a, c = (label, 1.0) if told == "label" else (named, right[-1] - 0.1)
        weights += rate * c * np.outer(x, np.eye(10)[a] - p)
    return weights, np.array(right)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.3
order = rng.permutation(len(train))[:4000]
rows = np.hstack([train.flat, np.ones((len(train), 1))])[order]
heard = {
    told: one_pass(rows, train.labels[order], told)[1]
    for told in ("reward", "label")
}

# %% [markdown] slideshow={"slide_type": "-"}
# The next figure shows the share of right answers among the last 250 digits. Compare the two right ends.

# %% slideshow={"slide_type": "-"} tags=["figure"]
learner = {"reward": "player, told the reward", "label": "pupil, told the label"}
smooth = {
    learner[told]: np.convolve(right, np.ones(250) / 250, "valid")
    for told, right in heard.items()
}
plots.lines(
    np.arange(250, len(order) + 1),
    smooth,
    "One pass through the digits, two teachers",
    "Two rising curves; the pupil's, told the label, is above the player's, told the reward, to the end.",
    xlabel="digits seen",
    ylabel="share right, of the last 250",
    guesses={"your guess": (len(order), guess)},
)

# %% [markdown] slideshow={"slide_type": "-"}
# How many bits did the rewards bring? If right and wrong have the shares $r$ and $1 - r$, a reward brings the entropy of these two. The share changes as
# the player learns, so the cell computes the entropy for each 250 digits, and averages.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
rates = heard["reward"].reshape(-1, 250).mean(axis=1)
reward_bits = np.mean([entropy([rate, 1 - rate]) for rate in rates])
ends = {told: right[-500:].mean() for told, right in heard.items()}
coursekit.expect(
    "the player ends at 45 to 70 % right, 5 points or more behind the pupil",
    0.45 < ends["reward"] < min(0.7, ends["label"] - 0.05),
    **ends,
)
coursekit.expect(
    "a reward brings 0.6 to 1 bit on average",
    0.6 < reward_bits < 1,
    bits=reward_bits,
)

# %% [markdown] slideshow={"slide_type": "-"}
# At the end the player gets 57 % right, and the pupil 78 %. (Both draw their answers from their probabilities; naming the most probable class would be right more often. We count the last 500 digits. The curve counts 250, and ends at 60 % for the player.) The player was told less. A reward brings one bit at
# most, and only while right and wrong are equally likely. At the start nearly every answer is wrong, so "wrong" is hardly news. On average
# a reward brought 0.91 bits, to somebody who knows how often this player has been right so far.
#
# The label brings 3.32 bits to somebody who knows only that the ten classes are equally likely. The pupil knows more. To the pupil the label brings $-\log_2 p_a$. That is its own loss, in bits, and it
# becomes less and less. In both cases somebody had to answer 4,000 times.
#
# > **Try it.** Give the player `rate=0.03`. It learns faster at first. Where does it end, and what has it stopped trying?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The cake: how many bits are in the picture itself?
#
# The rewards and the labels came from outside. Now we ask for the picture itself, without anybody's answer. How many bits does it bring?
#
# **To predict is to compress.** A model $p$ (now of pictures, not of classes) gives each picture $x$ a probability. A program called an *arithmetic coder* can use any such model to write
# $x$ into a file, and spends about $-\log_2 p(x)$ bits on it. The idea: lay all pictures side by side on a line of length 1, each as wide as it is probable. To point to a place that is $\frac18$ wide, one must halve the line three times, and $-\log_2 \frac18 = 3$. (Lecture 17 shows such a coder at work.) A better prediction gives a shorter file. So we can ask in bits how much a model knows.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The simplest model knows each pixel by itself.** We make each pixel ink, $x_i = 1$ (gray level above 0.5), or paper, $x_i = 0$. Before anybody knows anything, a picture
# takes 784 bits, one for each pixel. Our first model knows one number for each pixel $i$: the share $\theta_i$ of the digits in which this pixel is ink. It treats the pixels as
# independent. So the probability of a picture is a product, its logarithm is a sum, and the bits are
#
# $$-\log_2 p(x) = \sum_{i=1}^{784} -x_i \log_2 \theta_i - (1 - x_i) \log_2 (1 - \theta_i) .$$
#
# For each pixel one of the two terms is 0: $x_i$ chooses the term that counts.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two other programs know more.** PNG knows what its authors knew of pictures in general: that rows repeat, and that neighbors are often alike. A *variational autoencoder* (VAE) is a network that learns a
# model $p(x)$ of its training data. Ours is that of lecture 8, and its weights come with the course.
#
# A VAE cannot compute $\log p(x)$ itself. The *bound* of a VAE is a number that it can compute, and that is
# never larger than $\log p(x)$. So the VAE may need even fewer bits than we find.
#
# > **Predict.** There are five ways to send a digit: a PNG file for each digit; no model at all; each pixel by itself; PNG for all digits in one
# > file; a small VAE. Which needs the most bits, and in which order do the others follow?


# %% slideshow={"slide_type": "-"} tags=["central"]
def code_length(x, theta):
    """Bits for each of the black and white images x [n, pixels], pixel by pixel."""
    return np.sum(np.where(x > 0.5, bits(theta), bits(1 - theta)), axis=1)


def png_bits(picture):
    """The size of a PNG file of a picture: bool or uint8, [h, w] or [h, w, 3]."""
    file = BytesIO()
    Image.fromarray(picture).save(file, "PNG", optimize=True)
    return 8 * file.tell()


# %% slideshow={"slide_type": "-"} tags=["experiment"]
x_train, x_unseen = (
    likelihood.binarize(part.flat, "thresholded") for part in (train, unseen)
)
theta = (x_train.sum(axis=0) + 0.5) / (len(x_train) + 1)  # never 0, never 1
alone = np.mean([png_bits(x.reshape(28, 28) > 0.5) for x in x_unseen[:200]])
sheet = x_unseen.reshape(-1, 25, 28, 28).swapaxes(1, 2).reshape(-1, 25 * 28)
small_vae = coursekit.pretrained("vae-mnist-50d")
bound = likelihood.elbo(x_unseen, small_vae.elbo)
digit_bits = {
    "PNG, a file for each digit": alone,
    "no model: a bit a pixel": 784.0,
    "each pixel by itself": code_length(x_unseen, theta).mean(),
    "PNG, all digits in one file": png_bits(sheet > 0.5) / len(x_unseen),
    "a small VAE (bound)": likelihood.bits_per_image(bound.elbo),
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.expect(
    "the VAE needs less than half of what PNG needs, and over 20 labels' worth",
    20 * label_bits
    < digit_bits["a small VAE (bound)"]
    < digit_bits["PNG, all digits in one file"] / 2,
    **{"VAE": digit_bits["a small VAE (bound)"]},
)
plots.bars(
    {
        name.replace(", ", ",\n").replace(": ", ":\n"): n
        for name, n in digit_bits.items()
    },
    "Bits for one black and white digit, unseen by all",
    "Five bars, falling from left to right: a PNG file each, one bit a pixel, each pixel by itself, PNG together, a VAE.",
    ylabel="bits",
    fmt="%.0f",
    size=(9, 4),
)

# %% [markdown] slideshow={"slide_type": "-"}
# A digit takes most bits as a PNG file of its own, 1,043, and fewest by the VAE, 114. In between it takes 784 without a model, 304 with each pixel by
# itself, and 272 in one PNG file with all others.
#
# A PNG file of one digit is *longer* than the digit, because most of it is header. When all digits are in one file, the header is paid for once, and PNG finds
# repetitions. So it beats the model that knows each pixel but no strokes. The VAE has learned what strokes do, from 55,000 other digits. (The model of single pixels had our 4,000.)
#
# So there is no such number as *the* bits of a picture: **there is only the number for a given model.** Sender and receiver must both have the model, and its
# own size is not counted.
#
# For the slide's millions we need a larger sample: a photograph of 512 x 512 pixels in color, which comes with scikit-image.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
from skimage import data as pictures

photo = pictures.astronaut()
photo_bits = png_bits(photo)
measured = {
    "reward, of a bandit": reward_bits,
    "label, of a digit": label_bits,
    "digit, by a small VAE": digit_bits["a small VAE (bound)"],
    "digit, by PNG": digit_bits["PNG, all digits in one file"],
    "photograph, by PNG": photo_bits,
}
slide_says = {
    "cherry: “a few bits”": (1, 5),
    "icing: “10 → 10,000 bits”": (10, 1e4),
    "cake: “millions of bits”": (1e6, 1e7),
}
coursekit.expect(
    "the photograph needs millions of bits", 2e6 < photo_bits < 5e6, bits=photo_bits
)

# %% [markdown] slideshow={"slide_type": "-"}
# The figure puts all five measurements on one axis. It is logarithmic: each step to the right is ten times as much. The gray lines are the slide's figures; "a few" is
# drawn as 1 to 5, which is our reading.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(9, 4.2), layout="constrained")
words_of = lambda n: f"{n:,.0f}" if n > 10 else f"{n:.2f}"
blue = plots.palette.OURS
drawn = axis.barh(list(measured), list(measured.values()), color=blue, height=0.55)
axis.bar_label(drawn, list(map(words_of, measured.values())), padding=4)
gray = plots.palette.BASELINE
thick = {"color": gray, "linewidth": 5, "solid_capstyle": "butt"}
for (words, span), y in zip(slide_says.items(), (0, 1, 4), strict=True):
    axis.plot(span, [y + 0.4] * 2, **thick)
    axis.text(span[0], y + 0.45, words, ha="left", va="top", fontsize=9.5)
axis.set(xscale="log", xlim=(0.3, 3e8), ylim=(4.75, -0.5), xlabel="bits a sample")
axis.set_title("LeCun's cake, measured (gray lines: what the slide says)")
axis.grid(axis="y", visible=False)
plots.display(
    figure,
    "Bars on a logarithmic axis: a reward under one bit, a label three, a digit about "
    "a hundred, a photograph millions; gray lines show the slide's ranges.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# What we measured has the slide's order. A reward of right or wrong brings less than a bit. A label of ten classes brings 3.32 bits, fewer than the slide's ten. (A label of 1,000
# classes would bring up to ten.) The photograph does need millions. By the same program, PNG, a digit (its share of the common file) needs some twelve thousand times less than the photograph. Even by the VAE a digit needs as many bits as thirty labels.
#
# **Bits measure surprise, not use.** Most of a digit's hundred bits say *how this hand drew it*. Which digit it is takes about three. A machine that can predict all these bits must have understood something: that
# is a hope. The rest of the course is about ways of making it come true.
#
# > **Try it.** `likelihood.elbo(1 - x_unseen, small_vae.elbo)`: how many bits does the VAE need when ink and paper are exchanged?
# > And for clothes? What would the coder of a model that is *sure* of the wrong thing do?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Three approaches
#
# A picture brings hundreds or millions of bits, and nobody has to write a label for them. What should a machine be asked, so that it learns from them? The deck names three
# approaches. In each column of the drawing, follow the arrows from the data to the loss or the verdict: at no place does a person write a label.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    {
        "density modeling": """
            data -> [model $q$] -> $\\log q$ -> <loss>""",
        "self-supervision": """
            data -> puzzle -> [network] -> prediction -> <loss>
            data -> answer -> loss""",
        "an adversarial game": """
            (noise) -> [generator] -> sample -> [discriminator] -> <verdict>
            data -> discriminator""",
    },
    "Three ways to learn from data that nobody has labeled",
    down=True,
    notes={
        "$\\log q$": "large for data",
        "puzzle": "such as: turned",
        "answer": "such as: by 90°",
        "verdict": "data or sample?",
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The three approaches differ in what they ask.**
#
# - A density model is asked *how probable* each picture is. It is right if real pictures are probable.
# - *Self-supervision* makes labels out of the data themselves: something is turned or hidden, and the network is asked what was done or what is missing.
# - In an adversarial game one network makes pictures, and another one is asked which pictures are *real*.
#
# This lecture tries the first and the third. Self-supervision has the [next lecture](02_self_supervision.ipynb) to itself.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Density modeling: the generative approach
#
# A *density model* guesses the distribution $p$ that the data come from. Call the guess $q$. If it is good, it says how probable anything
# is. A *generative model* is a model from which one can draw new data.
#
# **How can one fit a model to a truth that nobody knows?** A good guess has a small Kullback-Leibler divergence from the truth (lecture 0). The logarithm of a quotient is a difference, so the divergence has two parts:
#
# $$D_{\mathrm{KL}}(p \Vert q) = \mathbb E_{x \sim p} \big[ \log p(x) - \log q(x) \big]
#   = \underbrace{\mathbb E_{x \sim p} \log p(x)}_{\text{the same for all models}} - \underbrace{\mathbb E_{x \sim p} \log q(x)}_{\approx\ \frac1n \sum_i \log q(x_i)} .$$
#
# The first part does not depend on the model. The second part is a mean over the truth. Our data $x_1, \dots, x_n$ are drawn from the truth, so the mean of $\log q$ over the data estimates it.
#
# *Maximum likelihood* chooses the model for which the mean of $\log q$ over the data is largest. So it makes the estimated divergence smallest, and nobody has to know $p$ for that.
#
# One warning: on the points that a model was fitted to, the estimate flatters the model. It is honest only on fresh points.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **In our example we do know the truth, so we can measure the whole divergence, on fresh points.** The data are 2,000 points on two moons, in the plane. Five models learn them:
#
# - a *histogram* counts the points in each cell of a grid, here of 30 x 30 cells;
# - a *kernel density estimate* puts a small Gaussian on each point of the data;
# - a *mixture* is a weighted sum of simple densities, here of twelve Gaussians that are put where they fit best;
# - a VAE and a generative adversarial network (GAN) turn random numbers into points. Here we only look at what they learn; lectures 7 and 10 explain how.
#
# **The histogram has a trap: the empty cell.** Of a cell that happened to stay empty the histogram says "impossible". One fresh point in it
# costs $-\log 0$, which is infinite. So we add a tenth of a point to each cell. Exercise 2 is about this trap. (The code also adds only $10^{-300}$, to show the trap with finite
# numbers: a point in an empty cell then costs nearly 700 nats.)
#
# > **Predict.** Which of the five is nearest to the truth, and which is farthest?


# %% slideshow={"slide_type": "-"} tags=["central"]
def histogram(points, bins, empty=0.1):
    """log q of a histogram over the plane, to which `empty` points were added in each cell."""
    edges = np.linspace(-3, 3, bins + 1)
    counts = np.histogram2d(*points.T, bins=(edges, edges))[0] + empty
    log_q = np.log(counts / counts.sum() / (edges[1] - edges[0]) ** 2)
    cell = lambda x: np.clip(np.searchsorted(edges, x, "right") - 1, 0, bins - 1)
    return lambda x: log_q[tuple(cell(x).T)]


moons = data.toy("moons")
points, fresh = moons.sample(2000, seed), moons.sample(4000, seed + 1)
truth = moons.log_density(fresh)


def kl(log_q):
    """D_KL(p || q) in nats, over fresh points from p."""
    return float(np.mean(truth - log_q(fresh)))


# %% slideshow={"slide_type": "-"} tags=["experiment"]
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

models = {
    "histogram": histogram(points, 30),
    "kernel density": KernelDensity(bandwidth=0.08).fit(points).score_samples,
    "12 Gaussians": GaussianMixture(12, random_state=seed)
    .fit(points)
    .score_samples,
}
nothing_added = kl(histogram(points, 30, empty=1e-300))
coursekit.expect(
    "empty cells to which nothing is added cost 2 nats a point, or more",
    nothing_added > 2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# (The next cell trains the two networks. Read over it: lectures 7 and 10 explain what they do.)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def falling(rate, steps, **options):
    return keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(rate, steps), **options
    )


steps, batch = (20_000 if full else 2000), 100
fitting = {
    "batch_size": batch,
    "epochs": steps * batch // len(points),
    "verbose": 0,
}
unit = lambda x: (x + 3) / 6  # the VAE's outputs are in [0, 1]
keras.utils.set_random_seed(seed)
coder = vae.dense(2, (128, 128), 2, likelihood="gaussian", warm_up=steps // 2)
coder.compile(falling(3e-3, steps))
coder.fit(unit(points), callbacks=progress(), **fitting)

keras.utils.set_random_seed(seed)
pair = gan.dense(2, 2, (64,) * 3, (64,) * 3, r1=0.1, averaging=0.99)
pair.compile(
    generator=falling(2e-3, steps, beta_1=0.5),
    discriminator=falling(2e-3, steps, beta_1=0.5),
)
game = pair.fit(points, callbacks=progress(), **fitting)

# %% [markdown] slideshow={"slide_type": "-"}
# **The GAN cannot say its density, so we count its samples.** A histogram of 50,000 samples, in 60 x 60 cells, takes the place of the density.
#
# The VAE is measured twice. We count its samples, too. And it can say a bound: its $\log q(x)$ is at least a number that it can compute. So its divergence is at most the number
# in the table. (The VAE has learned the moons in a smaller square. "For a second reading" says why the code subtracts $2 \log 6$.)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def vae_log_q(x, k=100):
    """A bound from below on log q(x), by k codes for each point."""
    bounds = likelihood.iwae(unit(x), coder.log_weights, k=k, batch_size=500)
    return bounds.each - 2 * np.log(6)  # from the unit square back to the plane


def many(network, n=50_000):
    """n samples of the VAE or the GAN, in the plane."""
    made = np.asarray(network.sample(n))
    if network is pair:
        return made
    sigma = float(np.exp(ops.convert_to_numpy(coder.log_sigma)))
    return 6 * (made + sigma * rng.standard_normal(made.shape)) - 3


models["VAE"] = vae_log_q
own = {name: kl(log_q) for name, log_q in models.items()}
counted = {
    name: histogram(many(network), 60)
    for name, network in (("VAE", coder), ("GAN", pair))
}
by_samples = {name: kl(log_q) for name, log_q in counted.items()}
floor = kl(histogram(moons.sample(50_000, seed + 2), 60))

# %% [markdown] slideshow={"slide_type": "subslide"}
# The table says how far each of the five is from the truth. The last row says what the counting itself costs: even 50,000 samples of the truth are
# not at 0.

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [
        [name, f"{own[name]:.2f}" if name in own else "cannot say"]
        + [f"{by_samples[name]:.2f}" if name in by_samples else ""]
        for name in [*models, "GAN"]
    ]
    + [["the truth", "0.00", f"{floor:.2f}"]],
    (
        "KL to the truth, nats",
        "by its own density",
        "by 50,000 samples, counted in 60x60 cells",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The maps show the same models. Look for places where a model puts density between the moons, and for places where it leaves a moon out.

# %% slideshow={"slide_type": "-"} tags=["figure"]
side = np.linspace(-2.5, 2.5, 100)
grid = np.stack(np.meshgrid(side, -side), axis=-1).reshape(-1, 2)
maps = {"the truth": moons.density(grid)}
maps |= {name: np.exp(log_q(grid)) for name, log_q in (models | counted).items()}
plots.panels(
    [each.reshape(100, 100) for each in maps.values()],
    list(maps),
    "Six maps of two moons: histogram in squares, kernels and Gaussians smooth; VAE and GAN with bridges or thin lines.",
    range=(0, maps["the truth"].max()),
    size=1.9,
    suptitle="Two moons, and what five models learned of them (white: 0)",
)
coursekit.expect(
    "the mixture is within 0.06 nats, and nearer than every network",
    own["12 Gaussians"] < 0.06 < min(own["VAE"], *by_samples.values()),
    **{name.replace(" ", "_"): n for name, n in own.items()},
    **{f"{name}_by_samples": n for name, n in by_samples.items()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# Nearest to the truth is the mixture of twelve Gaussians, 0.02 nats from it, and farthest is the GAN, 0.81 by its samples. In between are the kernel
# density with 0.07, the histogram with 0.23, and the VAE with at most 0.48.
#
# So *in the plane* the older methods win, and they need a second: a dozen Gaussians can stand in a row along the moons. (It is one comparison. The sizes of all five were chosen by
# hand, and the networks were trained for only 2,000 steps.)
#
# **Why then networks? Count the cells.** Thirty to a side make 900 cells in the plane. A digit has 784 pixels. With only two cells to a side, that makes
# $2^{784}$ cells, and 4,000 digits fill none of them twice. A histogram remembers places, and in many dimensions nothing comes back to a place. The other models of this section have the same trouble: a kernel finds no neighbors near, and a mixture needs a bell for each kind of stroke in each place.
# What comes back are strokes, and a network can learn those.
#
# > **Try it.** `moons = data.toy("spirals")`, and run from there. Which of the five suffers most? Give the mixture what it needs.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Adversarial training: the game
#
# **The third approach writes down neither a density nor a puzzle.** A *generator* is a network that makes samples from random numbers. A *discriminator* is a network that
# learns to tell the generator's samples, the *fakes*, from data. The generator learns from what gave it away. A *generative adversarial network* (GAN) is a
# generator that is trained against a discriminator.
#
# Write $D(x)$ for the probability, by the discriminator, that $x$ is from the data. For a point of the data $D(x)$ should be near 1, and for a fake it should be near 0. The value of the game is
#
# $$V(D, G) = \mathbb E_{x \sim \text{data}} \log D(x) + \mathbb E_{x \sim \text{fakes}} \log \big(1 - D(x)\big) .$$
#
# The discriminator makes the value large: both terms are at most 0, and they are 0 if it is always right. The generator makes the value small. Where nobody can tell data from fakes, $D(x)$ is
# $\frac12$, and the value is $\log \frac12 + \log \frac12 = -\log 4$.
#
# > **Predict.** Suppose $V$ comes close to $-\log 4$ and stays there. Are the fakes then like the data?

# %% [markdown] slideshow={"slide_type": "notes"}
# Press play, draw data of your own, and slow one of the two down: rate of D at 0.001, or of G at 0.01.
#
# On the left the background is darker where the discriminator sees fakes, and arrows say where each fake is told to go. On the right,
# from the top, are both losses, the value $V$, and two distances between data and fakes, KL and JS. The *Jensen-Shannon divergence* (JS) of two distributions is the
# mean of their KL divergences from their average. The loss of G is the mean of $-\log D$ over the fakes. (It wants the same as making $V$ small. Lecture 10 shows why it is taken in the place of $\log(1 - D)$.)
# Dotted lines show what a perfect generator would get; the losses have none. For KL and JS the dotted line is not at 0, because finite samples are counted.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
widgets.GanGame2D(
    "moons",
    seed=seed,
    rates=(5e-3, 2e-3),
    start_steps=500,
    title="The game in the plane",
    alt="Data on two moons, generated points, the discriminator's map, and curves of the losses.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# A value near $-\log 4$ does not show that the fakes are like the data. In the game as it starts, the losses calm down at step 300, and $V$ is close to $-\log 4$. Yet KL is still far above its dotted line.
# *This* discriminator hardly tells fakes from data, and a better one could. (The best one would have $V = -\log 4 + 2\,\mathrm{JS}$, as lecture 10 proves. So it is the JS curve that says how far away the fakes are.)
#
# So neither loss will tell you when to stop, and there is no density to quote. Lectures 10 and 11 take the game apart; lecture 12 gives both players
# convolutions.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · A gallery that grows
#
# Everything above was small. The next samples are by weights that come with the course, trained for longer. The cell asks the course
# what weights there are, and every model that can draw pictures from random numbers draws: VAEs, and the generators of GANs. The others
# read pictures, repair them, or write melodies, text and sounds.
#
# **Not every picture is a good one.** A VAE learns to rebuild what it was shown, and some random codes lie where it was never shown anything. There its
# clothes have no shape and its portraits are blurred or mere noise. (The rows `vae-mnist-50d` and `soft-introvae-digits` are alike, because the second network went on from the weights of the first, and the codes are the same.) Find such pictures in the rows that begin with `vae`. Lectures 7 and 10 have two answers to that.


# %% slideshow={"slide_type": "-"} tags=["central"]
def samples_of(name, count=10):
    """Pictures that a shipped model draws, [count, h, w, channels]; None if it draws none."""
    model = coursekit.pretrained(name)
    if "count" not in signature(getattr(model, "sample", len)).parameters:
        return None  # it does not draw, or asks for a class or a length, too
    made = np.asarray(model.sample(count, seed=seed))
    side = round(made[0].size ** 0.5)
    if made.dtype.kind != "f":  # whole numbers: the symbols of a melody
        return None
    if made.ndim == 2 and side**2 == made.shape[1]:
        made = made.reshape(count, side, side, 1)
    return np.clip(made, 0, 1) if made.ndim == 4 else None


coursekit.show(vae.VAE.sample)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
made = {name: samples_of(name) for name in recipes.shipped()}
gallery = {name: images for name, images in made.items() if images is not None}

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.images(
    gallery,
    "Drawn just now, by the weights that ship",
    "Rows of samples: digits, clothes and faces, one row for each model that can draw.",
    caption=f"{len(gallery)} models draw; {len(made) - len(gallery)} more do other things",
)
coursekit.expect(
    "no model draws the same picture twice, and none draws nothing",
    all(images.std(axis=0).mean() > 0.02 for images in gallery.values())
    and len(gallery) > 3,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · The course on one map
#
# Each lecture asks the data another question, and the question decides what one has afterwards.
#
# | what the data are asked | the answer is checked by | what one has afterwards | where |
# |---|---|---|---|
# | what is hidden? which way up? | the data themselves | features | [2 · Self-supervision](02_self_supervision.ipynb), [3 · RotNet](03_rotnet.ipynb) |
# | do these two parts belong together? | the data themselves | an estimate of information; features | [4 · Mutual information](04_mutual_information.ipynb), [5 · Deep InfoMax](05_deep_infomax.ipynb) |
# | say it again, in fewer numbers | the data, pixel by pixel | a code | [6 · Autoencoders](06_autoencoders.ipynb) |
# | how probable are you? | a bound on $\log p(x)$ | a code *and* a model to draw from, in nats | [7 · Variational autoencoders](07_variational_autoencoders.ipynb), [8 · The VAE in use](08_vae_in_use.ipynb) |
# | the same, of melodies | a bound, and your ear | points that can be played | [9 · MusicVAE](09_music_vae.ipynb) |
# | could you be told from data? | an adversary that learns too | samples, and no density | [10 · Adversarial networks](10_gan.ipynb), [11 · The GAN in practice](11_gan_in_practice.ipynb) |

# %% [markdown] slideshow={"slide_type": "subslide"}
# The second half of the map goes on from there, to sharper pictures and to other kinds of data.
#
# | what the data are asked | the answer is checked by | what one has afterwards | where |
# |---|---|---|---|
# | could you be told from data? (with convolutions) | an adversary, and a classifier's features | sharp samples | [12 · DCGAN](12_dcgan.ipynb), [13 · The DCGAN explored](13_dcgan_explored.ipynb) |
# | how probable are you, and could you be told from data? | an encoder that is the adversary, too | a code and sharper samples | [14 · Soft-IntroVAE](14_soft_introvae.ipynb) |
# | in what manner were you painted? | the features of a network | your photograph in another style | [15 · Style](15_style.ipynb) |
# | could you be told from data? (layer by layer) | an adversary | faces, coarse and fine apart | [16 · A generator with styles](16_stylegan.ipynb) |
# | what comes next? | the data themselves | text and films, in bits and nats | [17 · The next letter](17_text.ipynb), [18 · A whole line](18_text_vae.ipynb), [19 · The next frame](19_frames.ipynb) |
# | how probable are you, as a picture of sound? | a bound, and your ear | sounds | [20 · Sound](20_sound.ipynb) |
#
# An appendix holds what all of them need to train: [gradients](90_gradients.ipynb).
#
# Two large subjects are not in the course: diffusion models, which since about 2021 have drawn the better pictures, and large language models. Those do what the small network of lecture 17 does, with far more text and far larger networks.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# This section derives what sections 1 and 3 only used: the two learning rules, and the density after a change of the unit. No other lecture needs it.
#
# ### Where the pupil's rule comes from
#
# **The pupil climbs $\log p_a$, where $a$ is the label.** The mean of $-\log p_a$ is the cross-entropy of a classifier, so climbing the one is descending the other. Take the logarithm of the softmax:
#
# $$\log p_a = s_a - \log \sum_k e^{s_k} .$$
#
# Now differentiate by one of the scores, $s_k$. The first term gives 1 if $k = a$, and 0 otherwise; write $[k = a]$ for that. The second term gives $e^{s_k} / \sum_j e^{s_j}$, which is $p_k$. So
#
# $$\frac{\partial \log p_a}{\partial s_k} = [k = a] - p_k .$$
#
# All ten derivatives together are the vector $e_a - p$. The weight $W_{ik}$ enters the score $s_k$ with the factor $x_i$. By the chain rule, $\nabla_W \log p_a = x\,(e_a - p)^\top$, and a step of
# size $\eta$ in this direction is the pupil's rule.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Where the player's rule comes from
#
# **The player climbs the reward that it expects.** It names class $a$ with probability $p_a$ and gets the reward $r_a$. So it expects the reward $\sum_a p_a r_a$.
#
# The derivative of a logarithm is $\nabla \log p_a = \nabla p_a / p_a$. Multiply by $p_a$: $\nabla p_a = p_a \nabla \log p_a$. Therefore the slope of the expected reward is
#
# $$\nabla \sum_a p_a r_a = \sum_a r_a \nabla p_a = \sum_a p_a\, r_a \nabla \log p_a = \mathbb E_a \big[ r_a \nabla \log p_a \big] .$$
#
# The last expression is a mean over the classes that the player names. So the player may take the pupil's step, with the class that it *named* in
# place of the label, times the reward. On average this climbs the expected reward.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A constant $b$ may be subtracted from the reward.** This changes nothing on average, because the probabilities always sum to 1:
#
# $$\mathbb E_a[b\, \nabla \log p_a] = b \sum_a \nabla p_a = b\, \nabla 1 = 0 .$$
#
# With $b = 0.1$, which is what blind guessing earns, a wrong answer teaches something, too: it makes the named class less probable.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A density in another unit
#
# **If all lengths are divided by 6, a density in the plane grows by the factor 36.** The VAE of section 3 has learned the moons in the unit square, at $u = (x + 3) / 6$. This map makes lengths 6 times smaller, and
# areas 36 times smaller. The same probability lies on a 36th of the area, so the density there is 36 times as large:
#
# $$q_{\text{square}}(u) = 36\; q(x), \qquad \log q(x) = \log q_{\text{square}}(u) - \log 36 = \log q_{\text{square}}(u) - 2 \log 6 .$$
#
# So densities can be compared only in the same unit. Probabilities of cells do not have this trouble.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/01_unsupervised_overview.ipynb), checked as you go:
#
# 1. **Is the label in the picture?** Bits of a digit that is sent with its class, and without naming it.
# 2. **The empty cell**: a divergence from counts, and the trap in it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A reward of right or wrong brings at most a bit, a label of ten classes three, a digit about a hundred, a photograph millions. Bits measure surprise, not use.
# - **To predict is to compress**: $-\log_2 p(x)$ is a file's length, so models of any kind can be compared in one unit.
# - The three approaches ask different things: how probable is it, what is hidden in it, could it be told from data?
# - **Maximum likelihood** makes the divergence from the truth small without knowing the truth.
# - In the plane, histograms and mixtures of Gaussians win. In 784 dimensions no cell is visited twice, and one needs models that *combine*.
# - An adversary gives samples without a density, and its losses do not say when to stop.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | bits of a reward | a few, for some samples | less than one (checked above) |
# | bits of a label | 10 to 10,000 | $\log_2 10$ |
# | bits of a sample to be predicted | millions | about a hundred for a digit; millions for a photograph |
#
# - Y. LeCun, *Predictive learning*, invited talk, NIPS 2016: the cake.
# - C. E. Shannon, *A mathematical theory of communication*, 1948: why $-\log_2 p$ is the length of a message.
# - R. J. Williams, *Simple statistical gradient-following algorithms for connectionist reinforcement learning*, Machine Learning 8, 1992: the player's rule.
# - I. Goodfellow et al., *[Generative Adversarial Nets](https://arxiv.org/abs/1406.2661)*, NeurIPS 2014.
