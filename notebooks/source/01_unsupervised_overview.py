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
# A person can write under a picture what it shows: "a seven". The picture itself contains far more than that. This lecture measures how much more, in bits.
# Then it asks how a machine can learn from pictures under which nobody has written anything. The course has three answers. This lecture tries two of them, and the next lecture tries the third.
#
# **You will be able to**
#
# - say how many bits a reward, a label and a picture bring, and measure each;
# - say why a model that predicts well makes short files;
# - measure how far each of five models is from the truth;
# - say in what the three approaches of the course differ;
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
# A machine can learn in three ways, which differ in what it is told.
#
# In *reinforcement learning* the machine acts, and a *reward* says how good the action was. In *supervised learning* a person has written the right answer, the *label*, next to each example. In *unsupervised learning* there
# is nothing but the examples: what is asked for must come from the data themselves.
#
# In 2016 Yann LeCun compared the three with a cake. His slide is quoted in the deck, the set of slides that this course follows. It says how much the machine has to predict in each:
#
# | | what the machine predicts | bits a sample, by the slide |
# |---|---|---|
# | the cherry: reinforcement learning | a reward, given once in a while | a few, for some samples |
# | the icing: supervised learning | a category or a few numbers, supplied by people | 10 to 10,000 |
# | the cake: unsupervised learning | any part of its input from any observed part | millions |
#
# We measure such figures ourselves, mostly on 4,000 digits.
#
# Look in the drawing for what the machine is told, in the three columns: the reward, the label, and the hidden part. The third column shows one kind of unsupervised learning, called self-supervised: it hides a part of the image and asks for it.

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
# In the first two columns the reward or the label comes from outside. In the third column the answer is cut from the image itself.
#
# **How much one is told can be measured in bits.** The *bit* is a unit of information: a message that one expected with probability $p$ brings
#
# $$-\log_2 p \ \text{ bits.}$$
#
# The result of a fair coin brings 1 bit, because $-\log_2 \frac12 = 1$. One of eight equally likely messages brings 3 bits, because $-\log_2 \frac18 = 3$. One of ten equally likely labels brings $\log_2 10 = 3.32$ bits. A message that one was sure of brings nothing.
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
# Two learners are shown the same digits, but they are told different things. The **pupil** is told the label. The **player** names a class, and gets a reward: 1 if the class is right, 0 if it is wrong. It is never told the label. A game with one answer and one reward for each example is called a *contextual bandit*.
#
# Both are the same simple classifier. From the 784 pixels it computes a score for each of the ten classes, and a softmax (lecture 0) turns the ten scores into probabilities $p$. Both name a class by drawing it with these probabilities. They differ in what they learn from one digit.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Both learn by the same step: one class $a$ is made more probable, or less.** Write $x$ for the input (the pixels and a one), $W$ for the weights, and $e_a$ for the vector with a 1 at place $a$ and zeros elsewhere. The step is
#
# $$\Delta W = \eta\, c\; x\,(e_a - p)^\top, \qquad \eta = 0.01 .$$
#
# Here $\eta$ is the size of the step (`rate` in the code). If $c$ is positive, the score of class $a$ goes up and all others go down. If $c$ is negative, it is the other way round.
#
# An example with three classes: the probabilities are $p = (0.5,\ 0.3,\ 0.2)$, and $a$ is the second class. Then
# $e_a - p = (-0.5,\ 0.7,\ -0.2)$: with $c = 1$ the second score goes up, and the two others go down.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Pupil and player differ in $a$ and in $c$.**
#
# - For the pupil $a$ is the label, and $c = 1$. This is the usual training of a classifier, one step down the slope of the cross-entropy.
# - For the player $a$ is the class that it named, and $c$ is the reward minus 0.1. So $c = 0.9$ if it was right, and $c = -0.1$ if it was wrong.
#
# Why minus 0.1? Blind guessing among ten classes gets a reward of 0.1 on average. So $c$ says how much better than blind guessing the answer was. ("For a second reading" derives the step.)
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
# At the right end the player gets about 60 % right, and the pupil about 78 %. The player learns more slowly, because it is told less.
#
# **How many bits did the rewards bring?** Suppose that one answer in four is right. Then "right" brings $-\log_2 \frac14 = 2$ bits, and "wrong" brings $-\log_2 \frac34 = 0.415$ bits. The average is the entropy of the two shares:
#
# $$\tfrac14 \cdot 2 + \tfrac34 \cdot 0.415 = 0.81 \text{ bits.}$$
#
# The share of right answers changes as the player learns. So the cell computes the entropy for each 250 digits, and averages.

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
# A reward brought 0.91 bits on average, and a label brings 3.32 bits. A reward of right or wrong can never bring more than one bit on average, because the entropy of two shares is largest when both are $\frac12$. At the start nearly every answer is wrong, so the message "wrong" tells the player little.
#
# In both cases somebody had to answer 4,000 times.
#
# > **Try it.** Give the player `rate=0.03`. It learns faster at first. Where does it end, and what has it stopped trying?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The cake: how many bits are in the picture itself?
#
# The rewards and the labels came from outside. Now we ask for the picture itself, without anybody's answer. How many bits does it bring?
#
# **To predict is to compress.** A model of pictures gives each picture $x$ a probability $q(x)$. So the picture brings $-\log_2 q(x)$ bits to somebody who believes the model. A file can be just as short: an *arithmetic coder* is a program that writes $x$ into about $-\log_2 q(x)$ bits, where $q(x)$ is the probability that a model gives to $x$.
#
# How does the coder do that? Think of a line of length 1. Each picture gets a piece of the line, as wide as the picture is probable. The file says which piece is meant. Each bit of the file says "left half" or "right half" of what is left of the line, so it halves the line. To come down to a piece of width $\frac18$ takes three halvings, which are $3 = -\log_2 \frac18$ bits. (Lecture 17 shows such a coder at work.)
#
# **So a model that predicts well makes short files.** It gives the pictures that come a large probability, and $-\log_2 q(x)$ is small for a large probability.
#
# We now compare five ways to send a digit. In all five a pixel is either ink, $x_i = 1$ (gray level above 0.5), or paper, $x_i = 0$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Without a model a digit takes 784 bits, one for each pixel.** The simplest model knows one number for each pixel $i$: the share $\theta_i$ of the digits in which this pixel is ink. So an ink pixel brings $-\log_2 \theta_i$ bits, and a paper pixel brings $-\log_2 (1 - \theta_i)$ bits.
#
# This model treats the pixels as independent. Probabilities of independent pixels are multiplied, and the logarithm of a product is a sum. So the bits of the pixels are added:
#
# $$-\log_2 q(x) = \sum_{i=1}^{784} -x_i \log_2 \theta_i - (1 - x_i) \log_2 (1 - \theta_i) .$$
#
# For each pixel one of the two terms is 0: $x_i$ chooses the term that counts.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two other programs know more.** The picture format PNG knows two things about pictures in general: rows repeat, and neighbors are often alike. We use it twice: with one file for each digit, and with one file for all digits. Each file has a header, which says how large the picture is and how its pixels are stored.
#
# A *variational autoencoder* (VAE) is a network that learns a model of its training data, and gives each picture a probability. Ours was trained on 55,000 other digits, and its weights come with the course. Lectures 7 and 8 explain it.
#
# A VAE cannot compute the logarithm of this probability itself. The *bound* of a VAE is a number that it can compute, and that is
# never larger than the logarithm of the probability that it gives to the picture. With a minus sign the order turns round: minus the bound is never smaller than the bits that we want. So the VAE may need even fewer bits than the figure shows.
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
# A PNG file of one digit is longer than the digit without a model. The reason is the header and other bytes that every PNG file has, whatever it shows. When all digits are in one file, these bytes are there only once. The VAE needs the fewest bits because it has learned which strokes digits consist of.
#
# **There is no such number as the bits of a picture: there is only the number for a given model.** The receiver must have the model, too, and we have not counted its own size.
#
# The slide says millions of bits, and a digit is far from that. So we also measure a larger sample: a photograph of 512 x 512 pixels in color, which comes with scikit-image.

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
# The figure puts our measurements on one axis. The axis is logarithmic: each step to the right is ten times as much. Compare each blue bar with the gray line below it, which is the slide's range. ("A few" is drawn as 1 to 5, which is our reading. The bar "reward, of a bandit" is the player's.)

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
# What we measured has the slide's order. A reward brings less than a bit, a label 3.32 bits, a digit a hundred or more, and the photograph over three million. Our label lies below the slide's range, because ten classes are few. A digit brings far less than the slide's millions, because it is a small picture.
#
# **Bits measure surprise, not use.** The label is 3.32 bits. A digit has over a hundred bits. So most of its bits do not say *which* digit it is: they say how it was drawn.
#
# Does a machine that predicts a picture well also learn what is useful in it? This is the hope of unsupervised learning, and the rest of the course tests it.
#
# > **Try it.** `likelihood.elbo(1 - x_unseen, small_vae.elbo)`: how many bits does the VAE need when ink and paper are exchanged?
# > And for clothes? What would the coder of a model that is *sure* of the wrong thing do?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Three approaches
#
# What should a machine be asked, so that it learns from pictures without labels? The deck names three approaches, one in each column of the drawing. Follow the arrows down to the last box, and look for where the right answer comes from.

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
# - A density model is asked *how probable* each picture is. It is good if it finds real pictures probable.
# - *Self-supervision* makes labels out of the data themselves: something is turned or hidden, and the network is asked what was done or what is missing.
# - In an adversarial game one network makes pictures, and another one is asked which pictures are *real*.
#
# In no column does a person write a label. This lecture tries the first and the third approach. The [next lecture](02_self_supervision.ipynb) tries self-supervision.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Density modeling: the generative approach
#
# A *density model* guesses the distribution $p$ that the data come from. We call $p$ the truth, and the guess $q$. A *generative model* is a model from which one can draw new data.
#
# **How can one fit a model to a truth that nobody knows?** A good guess has a small Kullback-Leibler divergence (KL) from the truth, as in lecture 0. The mean of a difference is the difference of the means, so the divergence has two parts:
#
# $$D_{\mathrm{KL}}(p \Vert q) = \mathbb E_{x \sim p} \big[ \log p(x) - \log q(x) \big]
#   = \underbrace{\mathbb E_{x \sim p} \log p(x)}_{\text{the same for all models}} - \underbrace{\mathbb E_{x \sim p} \log q(x)}_{\approx\ \frac1n \sum_i \log q(x_i)} .$$
#
# The first part does not depend on the model. The second part is a mean over the truth. Our data $x_1, \dots, x_n$ are drawn from the truth, so the mean of $\log q$ over the data estimates it.
#
# **Maximum likelihood** chooses the model for which the mean of $\log q$ over the data is largest. This makes the estimated divergence smallest, and nobody has to know $p$ for that.
#
# One warning: on the points that a model was fitted to, the mean of $\log q$ comes out too large. So we measure on fresh points.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **In our example we do know the truth, so we can measure the whole divergence.** The data are 2,000 points on two moons, in the plane. Five models learn them:
#
# - a *histogram* counts the points in each cell of a grid, here of 30 x 30 cells;
# - a *kernel density estimate* puts a small Gaussian on each point of the data;
# - a *mixture* is a weighted sum of simple densities, here of twelve Gaussians that are put where they fit best;
# - a VAE turns random numbers into points (lecture 7 explains how);
# - a generative adversarial network (GAN) does so, too (section 4, and lecture 10).

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The histogram has a trap: the empty cell.** In such a cell the model has the probability 0. A fresh point there costs $-\log 0$, which is infinite. So we add a tenth of a point to each cell. (Exercise 2 is about this trap.)
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
# (The next cell trains the VAE and the GAN. You need not read it: lectures 7 and 10 explain what it does.)


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
# **The GAN cannot say its density, so we count its samples.** We draw 50,000 samples, and make a histogram of them with 60 x 60 cells. This histogram takes the place of the density. We do the same with the VAE, which by itself can say only a bound (section 2). (You need not read the code. "For a second reading" says why it subtracts $2 \log 6$.)


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
# The table says how far each of the five is from the truth. Read the first column of numbers first, by each model's own density. The second column is by counted samples.
#
# The VAE's number in the first column comes from its bound. The bound is never larger than $\log q$, and $\log q$ is subtracted in the divergence. So the VAE's divergence is at most this number.
#
# The last row counts samples of the truth itself. It would be 0 if counting cost nothing.

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
# The counting itself costs 0.05 nats, far less than what the GAN is away from the truth.
#
# The maps show the same models, darker where the density is larger. Look for places where a model puts density between the moons, and for places where it makes a moon too thin or too wide.

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
# density with 0.07, the histogram with 0.23, and the VAE with at most 0.48. The maps show why: the VAE's moons are too wide, and the GAN's are too thin, with a gray veil between them.
#
# So in the plane the older methods win. (This is one comparison. The sizes of all five were chosen by
# hand, and the networks were trained for only 2,000 steps.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why then does one need networks? Count the cells of a histogram.** In the plane, thirty cells to a side make $30^2 = 900$ cells, and 2,000 points are enough for them. A digit has 784 pixels, so it is a point in 784 dimensions. With only two cells to a side there are
# $2^{784}$ cells. With 4,000 digits almost all of these cells stay empty.
#
# A kernel density estimate has the same trouble: a new digit is far from all the digits that it has. All these methods know only places near which they have seen data.
#
# But digits are made of the same few strokes, in new combinations. A network can learn the strokes and combine them.
#
# > **Try it.** `moons = data.toy("spirals")`, and run from there. Which of the five suffers most? Give the mixture what it needs.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Adversarial training: the game
#
# **The third approach needs no density: one network learns to make samples, and another one judges them.** A *generator* is a network that makes samples from random numbers. A *discriminator* is a network that
# learns to tell the generator's samples, the *fakes*, from data. The generator changes its samples so that the discriminator takes them for data. A *generative adversarial network* (GAN) is a
# generator that is trained against a discriminator.
#
# Write $D(x)$ for the probability, by the discriminator, that $x$ is from the data. For a point of the data $D(x)$ should be near 1, and for a fake it should be near 0. The value of the game is
#
# $$V(D, G) = \mathbb E_{x \sim \text{data}} \log D(x) + \mathbb E_{x \sim \text{fakes}} \log \big(1 - D(x)\big) .$$
#
# The discriminator tries to make the value large. Both terms are at most 0, and they are 0 if it is always right and sure. The generator tries to make the value small.
#
# Suppose the discriminator cannot tell data from fakes, and says $\frac12$ everywhere. Then the value is $\log \frac12 + \log \frac12 = -\log 4$.
#
# > **Predict.** Suppose $V$ comes close to $-\log 4$ and stays there. Are the fakes then like the data?

# %% [markdown] slideshow={"slide_type": "notes"}
# The picture shows the game after 500 steps. In the plane on the left are the data and the fakes. The background is darker where the discriminator sees fakes.
#
# On the right look at two curves only. One is the value $V$, in the middle, with $-\log 4$ as a dotted line. The other is KL, at the bottom: the divergence of the fakes from the data. Its dotted line is what a perfect generator would get. (It is above 0 because finite samples are counted.) "For a second reading" explains the other curves.
#
# Then press play, and slow one of the two networks down: rate of D at 0.001, or of G at 0.01.

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
# A value near $-\log 4$ does not show that the fakes are like the data. After step 300 the value $V$ stays close to $-\log 4$. Yet KL is still far above its dotted line, and many fakes lie off the moons.
#
# The reason is that $V$ depends on both networks. It says that *this* discriminator hardly tells fakes from data. A better discriminator could.
#
# So the value does not say when to stop training, and the generator has no density that could be measured instead. Lectures 10 and 11 study the game, and lecture 12 gives both networks
# convolutions.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · The course on one map
#
# **Each lecture asks the data a question, and the answer leaves you with something to use.**
#
# | what the data are asked | what one has afterwards | where |
# |---|---|---|
# | What is hidden in this picture? Which way up is it? | features, numbers that describe a picture | [2 · Self-supervision](02_self_supervision.ipynb), [3 · RotNet](03_rotnet.ipynb) |
# | Do these two parts belong together? | an estimate of information; features | [4 · Mutual information](04_mutual_information.ipynb), [5 · Deep InfoMax](05_deep_infomax.ipynb) |
# | Can fewer numbers describe this picture? | a code, the few numbers | [6 · Autoencoders](06_autoencoders.ipynb) |
# | How probable is this picture? | a code, and a model to draw from | [7 · Variational autoencoders](07_variational_autoencoders.ipynb), [8 · The VAE in use](08_vae_in_use.ipynb) |
# | How probable is this melody? | new melodies | [9 · MusicVAE](09_music_vae.ipynb) |
# | Is this data, or a fake? | samples, and no density | [10 · Adversarial networks](10_gan.ipynb), [11 · The GAN in practice](11_gan_in_practice.ipynb) |

# %% [markdown] slideshow={"slide_type": "subslide"}
# The second half goes on to sharper pictures and to other kinds of data.
#
# | what the data are asked | what one has afterwards | where |
# |---|---|---|
# | Is this data, or a fake? (with convolutions) | sharp samples | [12 · DCGAN](12_dcgan.ipynb), [13 · The DCGAN explored](13_dcgan_explored.ipynb) |
# | How probable is this picture, and is it a fake? | a code, and sharper samples | [14 · Soft-IntroVAE](14_soft_introvae.ipynb) |
# | In what style is this painted? | your photograph in another style | [15 · Style](15_style.ipynb) |
# | Is this data, or a fake? (styles layer by layer) | faces, coarse and fine features apart | [16 · A generator with styles](16_stylegan.ipynb) |
# | What comes next? | text and films | [17 · The next letter](17_text.ipynb), [18 · A whole line](18_text_vae.ipynb), [19 · The next frame](19_frames.ipynb) |
# | How probable is this picture of a sound? | sounds | [20 · Sound](20_sound.ipynb) |
#
# An appendix explains what all of them need to train: [gradients](90_gradients.ipynb).
#
# Two large subjects are not in the course: diffusion models, which since about 2021 have drawn the better pictures, and large language models. Those do what the small network of lecture 17 does, with far more text and far larger networks.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# This section shows samples of the course's models, and explains what sections 1, 3 and 4 only used. These are the two learning rules, the other curves of the game, and the density after a change of the unit. No other lecture needs it.
#
# ### A gallery of samples
#
# The samples below are by models of later lectures, whose weights come with the course. Each model that can draw pictures from random numbers gets a row.
#
# The beginning of a row's name says what the model is: a `vae` is a VAE, and `dcgan` and `stylegan` are GANs. (`soft-introvae` is both, and has lecture 14.)
#
# **Not every picture is a good one.** Compare the rows `vae-fashion` and `dcgan-fashion`, and look for noise in the row `vae-portraits`.


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

# %% [markdown] slideshow={"slide_type": "-"}
# The GAN's clothes have clear shapes, and many of the VAE's have none. Several portraits by the VAE are mere noise. A VAE learns to rebuild what it was shown. Some random numbers lead to places where it was never shown anything, and there its pictures are bad.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Where the pupil's rule comes from
#
# **The pupil climbs $\log p_a$, where $a$ is the label.** Its input is the 784 pixels and a one, so the scores are $s = x^\top W$, and the softmax makes $p_a = e^{s_a} / \sum_k e^{s_k}$. The mean of $-\log p_a$ is the cross-entropy of a classifier, so climbing the one is descending the other. Take the logarithm of the softmax:
#
# $$\log p_a = s_a - \log \sum_k e^{s_k} .$$
#
# Now differentiate by one of the scores, $s_k$. The first term gives 1 if $k = a$, and 0 otherwise; write $[k = a]$ for that. The second term gives $e^{s_k} / \sum_j e^{s_j}$, which is $p_k$. So
#
# $$\frac{\partial \log p_a}{\partial s_k} = [k = a] - p_k .$$
#
# All ten derivatives together are the vector $e_a - p$. The weight $W_{ik}$ enters the score $s_k$ with the factor $x_i$. By the chain rule, $\nabla_W \log p_a = x\,(e_a - p)^\top$, and a step of
# size $\eta$ in this direction is the pupil's rule.
#
# The label brings 3.32 bits to somebody who knows only that the ten classes are equally likely. The pupil expected the label with the probability $p_a$, so to the pupil it brings $-\log_2 p_a$ bits. That is its own loss, in bits, and it becomes smaller as the pupil learns.

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
# ### The other curves of the game
#
# **The loss of G is the mean of $-\log D$ over the fakes.** It is small where the discriminator takes the fakes for data, so it pulls the generator in the same direction as the value does. Lecture 10 shows why it is used in the place of $\log(1 - D)$.
#
# The *Jensen-Shannon divergence* (JS) of two distributions is the mean of their KL divergences from their average. It is 0 if the two are equal, so it is a second distance between data and fakes. Lecture 10 proves that the best possible discriminator would reach the value
#
# $$V = -\log 4 + 2\,\mathrm{JS} .$$
#
# So JS says how far $V$ could still be raised by a better discriminator. In the picture JS stays far above its dotted line, while $V$ is close to $-\log 4$.

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
# - **To predict is to compress**: $-\log_2 q(x)$ is the length of a file, so models can be compared in bits.
# - The three approaches ask different things: how probable is it, what is hidden in it, is it data or a fake?
# - **Maximum likelihood** makes the divergence from the truth small without knowing the truth.
# - In the plane, older methods are nearer to the truth than networks. In 784 dimensions almost all cells of a histogram stay empty.
# - An adversary gives samples without a density, and the value of the game does not say when to stop.

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
