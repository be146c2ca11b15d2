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
# Nobody will ever write under a picture all that there is to know about it. This lecture measures how much that is, in bits, and tries each of
# the course's ways of learning it in a small example that runs in seconds.
#
# **You will be able to**
#
# - say how many bits a reward, a label and a picture bring, and measure each;
# - compare five models of the same data with the truth, in one unit;
# - make a puzzle out of unlabeled pictures, and see what solving it is good for;
# - turn "predict any part from any other part" into code;
# - find your way through the other lectures.
#
# You need [lecture 0](00_start_here.ipynb). About 60 minutes to read and play; about a minute to run. The terms are collected in the
# [glossary](glossary.md).

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": longer training, on 55,000 digits instead of 4,000
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from io import BytesIO
from keras import layers, ops
from PIL import Image
from coursekit import data, metrics, plots, recipes, widgets
from coursekit.metrics import likelihood
from coursekit.models import gan, rotnet, vae
from coursekit.training import Model, progress, randomness
from scipy import special

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · How much is there to predict?
#
# In 2016 Yann LeCun compared learning to a cake, and the deck quotes his slide:
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
# We need two learning rules, and derive both.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The pupil climbs $\log p_a$, where $a$ is the label.** That is the usual training of a classifier: the mean of $-\log p_a$ is its cross-entropy,
# so climbing the one is descending the other. Take the logarithm of the softmax, and differentiate by each score:
#
# $$\log p_a = s_a - \log \sum_k e^{s_k}, \qquad
#   \frac{\partial \log p_a}{\partial s_k} = [k = a] - \frac{e^{s_k}}{\sum_j e^{s_j}} = [k = a] - p_k .$$
#
# Here $[k = a]$ is 1 for the right class and 0 for all others. All ten derivatives together are the vector $e_a - p$, where $e_a$ has a 1 at place $a$ and
# zeros elsewhere. The weight $W_{ik}$ enters the score $s_k$ with the factor $x_i$. So, by the chain rule,
#
# $$\nabla_W \log p_a = x\,(e_a - p)^\top .$$
#
# In words: the score of each wrong class shrinks in proportion to its probability, and the score of the right class grows in proportion to what its probability lacks to 1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The player climbs the reward that it expects.** It does not know the label. It names class $a$ with probability $p_a$ and gets the
# reward $r_a$: 1 if it is right, 0 if it is wrong. So it expects the reward $\sum_a p_a r_a$. The derivative of a logarithm is $\nabla \log p_a =
# \nabla p_a / p_a$, which gives $\nabla p_a = p_a \nabla \log p_a$. Therefore the slope of the expected reward is
#
# $$\nabla \sum_a p_a r_a = \sum_a r_a \nabla p_a = \sum_a p_a\, r_a \nabla \log p_a = \mathbb E_a \big[ r_a \nabla \log p_a \big] .$$
#
# The last expression is a mean over the classes that the player names. So the player may take the pupil's step, with the class that it *named* in
# place of the label, times the reward. On average this climbs the expected reward.
#
# A constant $b$ may be subtracted from the reward. This changes nothing on average, because the probabilities always sum to 1:
#
# $$\mathbb E_a[b\, \nabla \log p_a] = b \sum_a \nabla p_a = b\, \nabla 1 = 0 .$$
#
# We subtract $b = 0.1$, which is what blind guessing earns. Then a wrong answer teaches something, too: it makes the named class less probable.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Both rules fit into one line of code.** With steps of size $\eta = 0.01$ (`rate`) they are
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
# At the end the player gets 57 % right, and the pupil 78 %. (We count the last 500 digits, and the curve 250: it ends at 60 % for the player.) The player was told less. A reward brings one bit at
# most, and only while right and wrong are equally likely. At the start, when nearly every answer is wrong, "wrong" is hardly news. On average
# a reward brought 0.91 bits.
#
# The label brings 3.32 bits to somebody who knows only that the ten classes are equally likely. To the pupil it brings $-\log_2 p_a$, the pupil's own loss: less and less.
# In both cases somebody had to answer 4,000 times.
#
# > **Try it.** Give the player `rate=0.03`. It learns faster at first. Where does it end, and what has it stopped trying?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The cake: how many bits are in the picture itself?
#
# **To predict is to compress.** A model $p$ gives each picture $x$ a probability. A program called an *arithmetic coder* can use any such model to write
# $x$ into a file, and spends about $-\log_2 p(x)$ bits on it. A better prediction gives a shorter file. So we can ask in bits how much a model knows.
#
# We make each pixel ink, $x_i = 1$ (gray level above 0.5), or paper, $x_i = 0$. Before anybody knows anything, this makes 784 bits. The first model knows for
# each pixel $i$ the share $\theta_i$ of digits in which it is ink, and nothing else. It treats the pixels as independent, so the probability of a picture is a product, and the bits are a
# sum:
#
# $$-\log_2 p(x) = \sum_{i=1}^{784} -x_i \log_2 \theta_i - (1 - x_i) \log_2 (1 - \theta_i) .$$
#
# For each pixel one of the two terms is 0: $x_i$ chooses the term that counts.

# %% [markdown] slideshow={"slide_type": "subslide"}
# Two other programs know more. PNG knows what its authors knew of pictures in general. A *variational autoencoder* (VAE) is a network that learns a
# model $p(x)$ of its training data. Ours is that of lecture 7, with weights that come with the course. It cannot compute $\log p(x)$ itself. The *bound* of a VAE is a number that it can compute, and that
# $\log p(x)$ is never below. So the VAE may need even fewer bits than we find.
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
# A PNG file of one digit is *longer* than the digit, because most of it is header. Together in one file, the digits are read by a program that looks for
# repetitions; it beats the model that knows each pixel but no strokes. The VAE has learned from 55,000 other digits what strokes do; the model of single pixels had our 4,000.
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
# What we measured has the slide's order. A reward of right or wrong brings less than a bit, and a label of ten classes fewer bits than the slide's ten. (One of 1,000
# classes would bring up to ten.) The photograph does need millions. By the same coder, PNG, a digit needs some twelve thousand times less; even by the VAE it needs as much as thirty labels.
#
# **Bits measure surprise, not use.** Most of a digit's hundred bits say *how this hand drew it*; which digit it is takes three. A machine that can predict all these bits must have understood something: that is a hope, and the rest of the course
# is about the ways of making it come true.
#
# > **Try it.** `likelihood.elbo(1 - x_unseen, small_vae.elbo)`: how many bits does the VAE need when ink and paper are exchanged?
# > And for clothes? What would the coder of a model that is *sure* of the wrong thing do?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Three approaches
#
# The deck names three approaches: model the density, set yourself a puzzle, or play against an adversary. Here is each of them in one drawing, and
# then each in a small example. In each column of the drawing, follow the arrows from the data to the loss or the verdict: at no place does a person write a label.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Density modeling: the generative approach
#
# A *density model* guesses the distribution $p$ that the data come from. Call the guess $q$. If it is good, it says how probable anything
# is. A *generative model* is a model from which one can draw new data.
#
# **What is estimated, and how?** A good guess has a small divergence from the truth. Split the logarithm of the quotient:
#
# $$D_{\mathrm{KL}}(p \Vert q) = \mathbb E_{x \sim p} \big[ \log p(x) - \log q(x) \big]
#   = \underbrace{\mathbb E_{x \sim p} \log p(x)}_{\text{the same for all models}} - \underbrace{\mathbb E_{x \sim p} \log q(x)}_{\approx\ \frac1n \sum_i \log q(x_i)} .$$
#
# The first part does not depend on the model. The second is a mean over the truth, and our data $x_1, \dots, x_n$ are drawn from the truth. So the mean of $\log q$ over the data estimates it.
# *Maximum likelihood* chooses the model for which the mean of $\log q$ over the data is largest. So it makes the estimated divergence smallest. Nobody has to know $p$ for that.
# But on the points that a model was fitted to, the estimate flatters it. It is honest only on fresh points.

# %% [markdown] slideshow={"slide_type": "subslide"}
# In our example the truth is known, so that we can measure the whole divergence, on fresh points. The data are 2,000 points on two moons, in the plane. Five models learn them:
#
# - a *histogram* counts the points in each cell of a grid, here of 30 x 30 cells;
# - a *kernel density estimate* puts a small Gaussian on each point of the data;
# - a *mixture* is a weighted sum of simple densities, here of twelve Gaussians that are put where they fit best;
# - a VAE and a generative adversarial network (GAN) turn random numbers into points. Here we only look at what they learn; lectures 7 and 10 explain how.
#
# The histogram has a trap. Of a cell that happened to stay empty it says "impossible", and one fresh point in it
# costs $-\log 0$, which is infinite. So a tenth of a point is added to each cell. (To show the trap with finite numbers, we also add only $10^{-300}$: such a point then costs
# nearly 700 nats. Exercise 2 is about this trap.)
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
# The GAN cannot say its density, so we count 50,000 of its samples in 60 x 60 cells. This histogram of its samples takes the place of
# its density. The VAE is measured in this way, too. And it can say a bound: its $\log q(x)$ is at least a number that it can compute, so its divergence is at most the number
# in the table.
#
# One detail is needed to read the cell. The VAE has learned the moons in the unit square, at $u = (x + 3) / 6$. This map makes lengths 6 times smaller and areas 36 times. The same probability
# lies on a 36th of the area, so the density there is 36 times as large: $\log q(x) = \log q(u) - \log 36$.


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
    suptitle="Density of two moons, and of five models (VAE and GAN: counted samples); "
    "one scale: white 0, black the truth's largest",
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
# So *in the plane* the older methods win, and in a second: a dozen Gaussians can stand in a row along the moons. (It is one comparison: the sizes of all five were chosen by
# hand, and the networks were trained for only 2,000 steps.)
#
# Why then networks? Count the cells. Thirty to a side make 900 in the plane. On the 784 pixels of a digit, at only two to a side, they are
# $2^{784}$, and 4,000 digits fill none of them twice. A histogram remembers places, and in many dimensions nothing comes back to a place.
# What comes back are strokes, and a network can learn those.
#
# > **Try it.** `moons = data.toy("spirals")`, and run from there. Which of the five suffers most? Give the mixture what it needs.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Self-supervision: which way is up?
#
# *Self-supervision* makes labels out of the data themselves. Turn a picture by some quarter turns, and ask a network by how many it was turned. Nobody has to
# write anything under it, and who cannot tell a sleeve from a sole cannot answer. (Gidaris et al., 2018; lecture 3 has the whole story.) The
# puzzle is two lines of code:


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
# The network says by how much each piece was turned, and we turn it back by as much.
#
# > **Predict.** Which clothes have no up? Which will the network get wrong? Answer the first row yourself before you read the second.

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
# Seven of the pieces stand upright in the second row, and five do not. Bags and plain tops have hardly an up: there it is not much more than a custom of
# photographers. Others of the five do have an up, and a network that learned for seconds missed it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What is the puzzle good for? A probe can tell.** Throw the puzzle's answers away and look inside the network. The *features* of a picture are the numbers that an inner layer of a network makes of it. A *linear probe* is a
# linear classifier that is trained with labels on the features of a network that learns no more; its accuracy says how easily the classes can be read off the features.
#
# Here the probe gets ten labels of each class, in five different draws. We compare it with the same probe on an *untrained* network with the same initial weights, so the
# difference is due to the puzzle.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
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
    baselines=["untrained network"],
    size=(6.5, 3.4),
)
coursekit.expect(
    "solving the puzzle is worth 2 points or more, without a label",
    gain.mean > 0.02,
    gain=gain.mean,
)

# %% [markdown] slideshow={"slide_type": "-"}
# On the features of the network that solved the puzzle, the probe is right for 68 % of unseen clothes. On those of the untrained network it is right for 62 %. Nobody asked either network
# *what* the clothes are.
#
# A probe does not show that the features hold more information than the pixels: a network cannot add any. It shows that the classes are *easier to read* from them, with few labels. Nor
# does it show that this puzzle is the best one; lecture 3 compares.
#
# > **Try it.** `clothes, worn = train, unseen`: the puzzle on digits. What is the way up of a 0, a 1, an 8, and of a 6?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Adversarial training: the game
#
# The third approach writes down neither a density nor a puzzle. A *generator* is a network that makes samples from random numbers. A *discriminator* is a network that
# learns to tell the generator's samples, the *fakes*, from data. The generator learns from what gave it away. A *generative adversarial network* (GAN) is a
# generator that is trained against a discriminator.
#
# $D(x)$ is the probability, by the discriminator, that $x$ is from the data. The value of the game is
#
# $$V(D, G) = \mathbb E_{x \sim \text{data}} \log D(x) + \mathbb E_{x \sim \text{fakes}} \log \big(1 - D(x)\big) .$$
#
# The discriminator makes it large, and the generator makes it small. Where nobody can tell data from fakes, $D(x)$ is $\frac12$, and the value is $\log \frac12 + \log \frac12 = -\log 4$.

# %% [markdown] slideshow={"slide_type": "notes"}
# Press play, draw data of your own, and slow one of the two down: rate of D at 0.001, or of G at 0.01.
#
# On the left the background is darker where the discriminator sees fakes, and arrows say where each fake is told to go. On the right,
# from the top, are both losses, the value $V$, and two distances between data and fakes, KL and JS. The *Jensen-Shannon divergence* (JS) of two distributions is the
# mean of their KL divergences from their average. The loss of G is the mean of $-\log D$ over the fakes.
# Dotted lines show what a perfect generator would get; the losses have none. For KL and JS it is not 0, because finite samples are counted.

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
# In the game as it starts, the losses calm down at step 300, and $V$ is close to $-\log 4$. Yet KL is still far above its dotted line. So $V$ near $-\log 4$ shows
# only that *this* discriminator hardly tells fakes from data. Neither loss will tell you when to stop, and there is no density to quote. Lecture 10 takes the game apart; lecture 12 gives both players
# convolutions.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Predict any part from any other part
#
# "Predict any part from any other part" are the slide's own words for the cake, and we take them literally. Hide a random share of the pixels, any
# share from none to all, and ask a network for the hidden ones.
#
# A *mask* $m$ is a picture that is 1 where a pixel is visible and 0 where it is hidden. The network
# sees the product $x \odot m$, pixel by pixel. It also sees $m$ itself, so that it knows which of the zeros are paper and which are hidden (gray in the
# drawing):

# %% slideshow={"slide_type": "-"} tags=["figure"]
example, hole = x_unseen[0].reshape(28, 28), np.zeros((28, 28))
hole[9:19, 9:19] = 1
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
        "hidden pixels": example[9:19, 9:19],
    },
    notes={"mask $m$": "black: 1, visible"},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The network pays for what was hidden. For each picture draw a share $s$ evenly from 0 to 1, and let each pixel be visible with probability $s$. The loss
# is the mean cost of the hidden pixels, in bits:
#
# $$\mathcal L = \mathbb E_{s \sim U(0,1)}\ \mathbb E_{m \sim \mathrm{Bernoulli}(s)}\ \frac{1}{\text{number of hidden pixels}} \sum_{i:\, m_i = 0}
#   -\log_2 p\big(x_i \mid x \odot m,\, m\big) .$$
#
# $U(0,1)$ means "evenly from 0 to 1", and $\mathrm{Bernoulli}(s)$ means "1 with probability $s$, else 0", for each pixel.
#
# In the code, `AnyPart` is a `Model` as in lecture 0. The network puts out a *logit* $l$ for each pixel: the number whose sigmoid is the probability of ink. The cost of a pixel
# in nats is then $\mathrm{softplus}(l) - x\,l$, where $\mathrm{softplus}(l) = \log(1 + e^l)$. Indeed, for ink ($x = 1$) this is
# $\log(1 + e^l) - l = -\log \frac{e^l}{1 + e^l}$, and for paper it is $\log(1 + e^l) = -\log \frac{1}{1 + e^l}$.
#
# > **Predict.** With nothing visible a pixel costs what it costs a model that knows each pixel by itself, 0.39 bits. What does it cost when one
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
# Read the figure from left to right: the more is visible, the less a hidden pixel costs. Where does the curve stop falling?

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
# With one pixel in ten visible, a hidden pixel costs 0.30 bits instead of 0.39. So the first tenth of the pixels, 78 of them, brings half of all that this network
# gains. Whether there is ink at a few dozen places says a lot about which digit it is, and how it leans.
#
# From half on, more pixels hardly help: the last three points are 0.224, 0.212 and 0.216. That is this network's limit, not the digits': it is made of dense layers, and must learn for each pixel anew that ink touches ink.
# In exercise 3 you write three lines that know nothing else, and from a quarter of the pixels on they do better.
#
# A network that can predict any part from any other is even a density model, and it can send and draw whole pictures. The section "For a second reading" shows how.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · A gallery that grows
#
# Everything above was small; these samples are by weights that come with the course, trained by the same code for longer. The cell asks the course
# what weights there are, and every model that can draw from random numbers draws: a VAE or a GAN's generator. Classifiers
# cannot, and a model of melodies draws no pictures.
#
# **Not every picture is a good one.** A VAE learns to rebuild what it was shown, and some random codes lie where it was never shown anything. There its
# clothes have no shape and its portraits are blurred. Find such pictures in the rows that begin with `vae`. Lectures 7 and 10 have two answers to that.


# %% slideshow={"slide_type": "-"} tags=["central"]
def samples_of(name, count=10):
    """Pictures that a shipped model draws, [count, h, w, channels]; None if it draws none."""
    model = coursekit.pretrained(name)
    if not hasattr(model, "sample"):
        return None
    made = np.asarray(model.sample(count, seed))
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
    caption=f"{len(gallery)} models draw; {len(made) - len(gallery)} more read or repair",
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
# | which way up? same image or not? | the data themselves | features | [3 · Which way is up?](03_rotnet.ipynb), [5 · Deep InfoMax](05_deep_infomax.ipynb) |
# | say it again, in fewer numbers | the data, pixel by pixel | a code | [6 · Autoencoders](06_autoencoders.ipynb) |
# | how probable are you? | a bound on $\log p(x)$ | a code *and* a model to draw from, in nats | [7 · Variational autoencoders](07_variational_autoencoders.ipynb) |
# | the same, of faces and tunes | bound, ear and eye | sliders for what a picture or a melody has | [9 · MusicVAE](09_music_vae.ipynb), [14 · Soft-IntroVAE](14_soft_introvae.ipynb) |
# | could you be told from data? | an adversary that learns too | samples, and no density | [10 · Adversarial networks](10_gan.ipynb) |
# | the same, with convolutions | the same, and a classifier's features | sharp samples | [12 · DCGAN](12_dcgan.ipynb) |
#
# An appendix holds what all of them need to train: [gradients](90_gradients.ipynb).
#
# Not in the course: diffusion models, which since about 2021 have drawn the better pictures, and language models, which predict the next word from those before it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# This section takes the prediction of section 3 two steps farther: to whole pictures, and to films. No other lecture needs it.
#
# ### From hidden pixels to whole pictures
#
# **A network that predicts hidden pixels can also send a whole picture, and its loss says in how many bits.** Take a picture of three pixels, and
# send them in the order 2, 3, 1, each coded by what the network says given those that were sent before. By the chain rule of probabilities,
#
# $$p(x_1, x_2, x_3) = p(x_2)\; p(x_3 \mid x_2)\; p(x_1 \mid x_2, x_3) .$$
#
# The logarithm of a product is a sum. So the picture takes the sum of three costs: of a pixel when none is visible, when one is, and when two are.
#
# Now draw the order at random. Let $c_k$ be the mean cost of a hidden pixel when $k$ others, chosen at random, are visible. Then the picture takes on average
#
# $$c_0 + c_1 + c_2 = 3 \cdot \tfrac13 (c_0 + c_1 + c_2) \ \text{ bits.}$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The training loss is the mean of these costs, $\tfrac13 (c_0 + c_1 + c_2)$.** To see it, draw a share $s$ evenly from 0 to 1, and one more such number for each pixel; a
# pixel is visible if its number is below $s$. How many numbers are below $s$? Sort all four numbers: $s$ is equally likely to be the first, second, third or fourth of them. So 0, 1, 2 and 3
# visible pixels are equally likely. (If all three are visible, there is nothing to predict; leave this case out. With 784 pixels it is
# one case in 785.)
#
# With 784 pixels in a random order $o_1, o_2, \dots, o_{784}$ ($o_k$ is the pixel that is sent as number $k$) it is the same:
#
# $$\mathbb E_o \sum_{k=1}^{784} -\log_2 p\big(x_{o_k} \mid x_{o_1}, \dots, x_{o_{k-1}}\big) = c_0 + c_1 + \dots + c_{783} = 784\; \mathcal L .$$
#
# A whole digit takes **784 times the training loss**, which is 784 times the area under section 3's curve (Uria et al., 2014). To predict any part from
# any other is density modeling. The next figure puts this number beside those of section 1.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
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
    fmt="%.0f",
)
coursekit.expect(
    "seconds of guessing hidden pixels beat PNG by a fifth or more",
    chain < 0.8 * digit_bits[beside[1]],
    chain=chain,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The masked network needs 189 bits for a digit, less than PNG's 272 and more than the VAE's 114.
#
# What can be coded can also be drawn. We show the network the upper half of a digit, and draw the hidden pixels in a random order, each given those that are there
# by then. In the next figure compare the row "all at once", the network's single answer to all hidden pixels, with the two rows below it.


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

# %% slideshow={"slide_type": "-"} tags=["figure"]
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
# **All at once, the network hedges.** Where a 4 and a 9 are both possible it answers with a gray of both, which is the best answer to a question that is
# asked of each pixel *alone*. In turn, one choice binds the next. Mistakes bind, too: where the network gives ink a few percent too much,
# specks appear, and from then on they count as seen.
#
# > **Try it.** Hide the left half, or every other column, and compare `cost(...)` of the masks. Is a half worth as much as any other half?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The next frame
#
# The slide's other example is a machine that predicts the next frames of a film. Our films show digits that move at a constant speed and bounce off
# the walls (after Srivastava et al., 2015).


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
# A small network predicts each pixel of the next frame from what was around its place: a window of 5 x 5 pixels in the last frame, and the same
# window in the frame before. Each pixel is predicted with the same weights, so this is a convolutional network. There are three versions: **one
# past frame**; **two, linear** (no hidden layer); **two, with hidden layers**. The drawing shows the windows of one pixel.
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
# (The last figure predicts six frames ahead. Each prediction is put in as the next past frame, so look for mistakes that grow.)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
fast = int(np.abs(tests[:, 3:9] - tests[:, 4:]).sum(axis=(1, 2, 3)).argmax())
rolled = {}
for name in kinds:
    film = [tests[fast : fast + 1, 2], tests[fast : fast + 1, 3]]
    for _ in range(6):
        film.append(np.float32(next_frame(name, *film[-2:]) > 0.5))
    rolled[name] = np.concatenate(film[2:])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {"what happened": tests[fast, 4:], **rolled},
    "Six frames ahead, each predicted from predicted ones",
    "A moving digit; the predictions without speed or without hidden layers fall apart, the network's keeps moving.",
    columns=[f"+{i}" for i in range(1, 7)],
    size=1.0,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Only the two versions that see two frames can know the speed, and only the one with hidden layers can make full use of it. It needs 51 bits for the
# next frame; the linear one needs 108, and one past frame 156.
#
# To *use* the speed, a predictor must do one thing when the digit went left and another when it went right. A linear one has the same weights for all speeds. It gets something out of
# the second frame. But when it predicts from its own predictions, its compromise is a blot. With one frame there is no
# direction to keep, and the digit wears away. With two frames and hidden layers it goes on moving.
#
# **Nobody told the network that there are digits, nor that anything moves.** It was *never* trained on its own mistakes, though, so they add up.
#
# > **Try it.** `fastest=4` in both calls of `moving`: why do all three fail? Or draw the films from `worn.images > 0.5` instead of digits: is "how things
# > move" learned apart from "what moves"?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/01_unsupervised_overview.ipynb), checked as you go:
#
# 1. **Is the label in the picture?** Bits of a digit that is sent with its class, and without naming it.
# 2. **The empty cell**: a divergence from counts, and the trap in it.
# 3. **What the neighbors know**: the simplest prediction of hidden pixels, which must not peek.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A reward of right or wrong brings at most a bit, a label of ten classes three, a digit about a hundred, a photograph millions. Bits measure surprise, not use.
# - **To predict is to compress**: $-\log_2 p(x)$ is a file's length, so models of any kind can be compared in one unit.
# - **Maximum likelihood** makes the divergence from the truth small without knowing the truth.
# - In the plane, histograms and mixtures of Gaussians win. In 784 dimensions no cell is visited twice, and one needs models that *combine*.
# - A puzzle made of the data gives **features** without labels, and a probe measures them. An adversary gives samples without a density.
# - Predicting any part from any other part gives all conditional distributions, and by the chain rule the joint one (the section "For a second reading").

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | bits of a reward | a few, for some samples | less than one (checked above) |
# | bits of a label | 10 to 10,000 | $\log_2 10$ |
# | bits of a sample to be predicted | millions | about a hundred for a digit; millions for a photograph |
# | RotNet on Fashion-MNIST; masked network on thresholded digits | none | above |
#
# - Y. LeCun, *Predictive learning*, invited talk, NIPS 2016: the cake.
# - S. Gidaris, P. Singh, N. Komodakis, *[Unsupervised representation learning by predicting image rotations](https://arxiv.org/abs/1803.07728)*, ICLR 2018.
# - B. Uria, I. Murray, H. Larochelle, *A deep and tractable density estimator*, ICML 2014: one network for every order of the pixels.
# - N. Srivastava, E. Mansimov, R. Salakhutdinov, *Unsupervised learning of video representations using LSTMs*, ICML 2015: moving digits.
# - I. Goodfellow et al., *[Generative Adversarial Nets](https://arxiv.org/abs/1406.2661)*, NeurIPS 2014.
# - C. E. Shannon, *A mathematical theory of communication*, 1948: why $-\log_2 p$ is the length of a message.
