# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Generative adversarial networks
#
# A variational autoencoder is told what a good picture is: one that makes the pixels probable. Here nobody says so. One
# network learns to tell made pictures from real ones, and the other learns to make pictures that the first cannot tell from real ones. The pair
# is called a GAN, a generative adversarial network.
#
# **You will be able to**
#
# - read Algorithm 1 of the paper as code, and type it;
# - derive what the best possible discriminator answers, and hold a trained one against it;
# - tell which of two losses still teaches a generator that has fallen behind, and why;
# - make a generator lose modes, see that it has, and cure it;
# - measure samples, and say what each measure cannot see.
#
# You need [lecture 7](07_variational_autoencoders.ipynb) for comparison, and the appendix on
# [gradients](90_gradients.ipynb) if "whose weights move?" is no clear question. About 75 minutes to read and play; about a
# minute to run. The last section is for a second reading.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": 55,000 digits instead of 4,000, and longer training
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from coursekit import data, metrics, plots, recipes, widgets
from coursekit.models import gan, gan_losses
from coursekit.plots import palette
from coursekit.training import Model, progress
from scipy import stats

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A critic whose answer is known
#
# We begin without pictures: the data are numbers on a line, and their density $p$ has two humps.
#
# A **density** says how many numbers fall near a place. A second source makes numbers too, with another density $q$. The **discriminator** is
# a network that is shown one number $x$. It answers with $D(x)$, the probability that $x$ came from the data. (Many papers call a network that
# scores what another one makes a *critic*. Here the discriminator is that critic, and the class below, which trains it alone, is called `Critic`.)
#
# This course follows a set of slides, *the deck*; the last table of [lecture 0](00_start_here.ipynb) says where each slide is taught. Slide 24, on the minimax
# loss, writes what the discriminator is after:
#
# $$V(D) = \mathbb E_{x \sim p}\,\log D(x) + \mathbb E_{x \sim q}\,\log\big(1 - D(x)\big) .$$
#
# It is the mean log-probability of being right, about one number from the data plus about one number from the other source. Each logarithm is at
# most 0. So $V$ is at most 0, and near 0 only for a discriminator that is nearly always sure and right. Logarithms are natural, so the unit of $V$ is the nat: one nat is
# $1/\log 2 \approx 1.44$ bits.
#
# The code trains a discriminator on pairs: one number from the data, one from a Gaussian $q$. The code works with the **logit** $\ell$, the network's answer before
# the sigmoid, $D = 1/(1 + e^{-\ell})$. Then $\log D = -\log(1 + e^{-\ell})$ and $\log(1 - D) = -\log(1 + e^{\ell})$. Both are softplus functions, as in lecture 7.
#
# > **Predict.** If the two sources are the same, $p = q$, what is the largest value $V$ that any discriminator can have? (Write
# > your number into `guess`.)


# %% slideshow={"slide_type": "-"} tags=["central"]
def value(real, fake):
    """V from logits: log D = -softplus(-logit), log(1 - D) = -softplus(logit)."""
    return -ops.mean(ops.softplus(-real)) - ops.mean(ops.softplus(fake))


def network(inputs, *widths):
    *hidden, last = widths
    parts = [layers.Dense(width, "silu") for width in hidden]
    return keras.Sequential([keras.Input((inputs,)), *parts, layers.Dense(last)])


class Critic(Model):
    """Learns to tell pairs (from the data, from the other) apart."""

    def __init__(self):
        super().__init__()
        self.discriminator = network(1, 32, 32, 1)

    def train_on(self, pairs):
        real, fake = ops.split(pairs, 2, axis=1)
        loss = lambda: -value(self.discriminator(real), self.discriminator(fake))
        return {"value": -self.minimize(loss, self.discriminator)}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = -1.0
humps = data.toy("humps")
bell = stats.norm(0.5, 1.4)
pairs = np.hstack(
    [humps.sample(12_800, seed), bell.rvs((12_800, 1), random_state=rng)]
)
critic = Critic()
critic.compile(discriminator=keras.optimizers.Adam(3e-3))
history = critic.fit(
    np.float32(pairs), batch_size=128, epochs=5, verbose=0, callbacks=progress()
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the figure, compare the trained discriminator with the gray curve, which is computed from the two densities.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
line = np.linspace(-5, 5, 401, dtype="float32")[:, None]
step = float(line[1, 0] - line[0, 0])
p, q = humps.density(line), bell.pdf(line[:, 0])
says = np.asarray(ops.sigmoid(critic.discriminator(line)))[:, 0]
best = p / (p + q)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    line[:, 0],
    {"data p": p, "the other q": q, "D, trained": says, "p / (p + q)": best},
    "What a discriminator learns to say",
    "Two densities; the trained discriminator's curve lies on the quotient p / (p + q).",
    xlabel="x",
    ylabel="density, or probability",
    baselines=["p / (p + q)"],
)
seen = p + q > 0.02
coursekit.expect(
    "the trained discriminator is within 0.1 of p / (p + q) wherever anything happens",
    np.abs(says - best)[seen].max() < 0.1,
    off=np.abs(says - best)[seen].max(),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The trained discriminator answers $p/(p + q)$, although nobody told it to divide densities, and it has never seen one.**
#
# We can derive this answer. We **assume** that $D$ may take any value at each place $x$, independent of its other values. A large enough network comes near to that.
#
# 1. Both means are integrals, so $V = \int p(x) \log D(x) + q(x) \log\big(1 - D(x)\big)\, dx$. By the assumption we may look at one place $x$ by itself.
# 2. At the largest value the derivative with respect to $D$ is zero: $\frac pD - \frac q{1 - D} = 0$.
# 3. It is a maximum, since the second derivative $-\frac p{D^2} - \frac q{(1 - D)^2}$ is negative.
# 4. Multiply by $D (1 - D)$ and solve $p (1 - D) = q D$:
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)} .$$
#
# Where there are only data it says 1, where there are only samples of $q$ it says 0, and where both are equally dense it says $\frac12$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best discriminator's value says how different the two densities are.** Write $m = \frac12 (p + q)$ for the mixture of both.
#
# 1. Then $D^* = \frac{p}{2m}$ and $1 - D^* = \frac{q}{2m}$. Put both into $V$:
#    $\;V(D^*) = \mathbb E_p \log \frac{p}{2m} + \mathbb E_q \log \frac{q}{2m}$.
# 2. The logarithm of a quotient is a difference. Each of the two means gives off a $-\log 2$, and $-2 \log 2 = -\log 4$.
# 3. What is left are two KL divergences, by their definition:
#
# $$V(D^*) = -\log 4 + \mathrm{KL}(p \Vert m) + \mathrm{KL}(q \Vert m) = -\log 4 + 2\,\mathrm{JSD}(p, q) .$$
#
# Half of the sum of the two KL divergences is the **Jensen-Shannon divergence** (JSD). It is 0 if $p = q$, and $\log 2$ for two
# densities that never overlap: there $m = \frac12 p$ wherever $p$ is, so each KL divergence is $\log 2$.
#
# The cell computes the JSD from the densities. Compare the first two bars.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def jsd(p, q):
    """In nats, from two densities on `line`."""
    kl = lambda a, b: step * np.sum(a * np.log((a + 1e-12) / (b + 1e-12)))
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


# %% slideshow={"slide_type": "-"} tags=["experiment"]
fresh = [
    critic.discriminator(np.float32(x))
    for x in (humps.sample(20_000, 1), bell.rvs((20_000, 1), random_state=rng))
]
reached, possible = float(value(*fresh)), -np.log(4) + 2 * jsd(p, q)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {
        "this discriminator": reached,
        "the best one": possible,
        "p = q: -log 4": -np.log(4),
    },
    "V(D, G) in nats: how right can one be?",
    "Three bars below zero: the first two almost equal, the third longer.",
    ylabel="nats",
    guesses={"your guess": ("p = q: -log 4", guess)},
    baselines=["the best one", "p = q: -log 4"],
)
coursekit.expect(
    "the discriminator is within 0.05 nats of the best there is",
    abs(reached - possible) < 0.05,
    reached=reached,
    possible=possible,
)

# %% [markdown] slideshow={"slide_type": "-"}
# If $p = q$, no discriminator gets more than $-\log 4 = -1.386$. The JSD is 0 then, and $D^* = \frac12$ everywhere: it tosses a fair coin for each of the two
# numbers. Remember this value: a discriminator whose $V$ is $-\log 4$ does no better than one that knows nothing.
#
# **The binary cross-entropy of slide 24 is minus half of $V$.** Take $n$ data with the label $y = 1$ and $n$ samples with the label $y = 0$, so $N = 2n$. The
# answer $\hat y$ is $D$. The binary cross-entropy is
#
# $$\mathrm{BCE} = -\frac1N \sum_{i=1}^N \big[ y_i \log \hat y_i + (1 - y_i) \log(1 - \hat y_i) \big] .$$
#
# For data only the first term is left, $\log D$. For samples only the second is left, $\log(1 - D)$. So the sum is $n$ times an estimate of $V$, and $n/N = \frac12$. A
# training log of $0.693 = \log 2$ is the tossed coin again.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
labels = np.repeat(np.float32([1, 0]), 20_000)[:, None]
answers = ops.sigmoid(ops.concatenate(fresh))
bce = float(ops.mean(keras.losses.binary_crossentropy(labels, answers)))
coursekit.expect(
    "Keras's cross-entropy is -V/2", abs(bce + reached / 2) < 1e-4, bce=bce
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Algorithm 1, line by line
#
# Now the second source learns, too: a **generator** $G$ turns noise $z \sim \mathcal N(0, 1)$ into numbers, its **samples** or fakes.
#
# The samples have the density $q$, so $V$ now depends on both networks, and the same slide writes the whole game:
#
# $$\min_G \max_D V(D, G) .$$
#
# Read it from the inside. For a given generator the discriminator makes $V$ as large as it can. The generator then wants this best value to be small. By section 1 the
# best value is $-\log 4 + 2\,\mathrm{JSD}(p, q)$. So the generator lowers the JSD, *provided that the discriminator is at its best*, and
# it is done when $q = p$. Goodfellow et al. (2014) let the two networks take turns. Follow the dashed arrows, the gradients: in each half, which network moves?

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    {
        "the discriminator's step": """
            ($z$) -> [generator] -> fake -> [discriminator] -> <loss of D>
            real -> discriminator
            loss of D ~> discriminator ~| fake""",
        "the generator's step": """
            ($z$) -> [generator] -> fake -> [discriminator] -> <loss of G>
            loss of G ~> generator""",
    },
    "One round of the game",
    moves={
        "the discriminator's step": ["discriminator"],
        "the generator's step": ["generator"],
    },
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each line of the paper's algorithm becomes a line of our code.
#
# | Algorithm 1 says | we write |
# |---|---|
# | **for** $k$ steps | `for real in ops.split(x, self.k):` |
# | sample $m$ noise samples $z$, and $m$ examples $x$ | `self.noise(m)`; `real` is the next of the $k$ minibatches in `x` |
# | update $D$ by **ascending** $\nabla_{\theta_d} \frac1m \sum [\log D(x) + \log(1 - D(G(z)))]$ | `self.minimize(lambda: -value(...), self.discriminator)` |
# | sample $m$ new noise samples $z$ | `self.noise(m)` |
# | update $G$ by **descending** $\nabla_{\theta_g} \frac1m \sum \log(1 - D(G(z)))$ | `self.minimize(lambda: ..., self.generator)` |
#
# `minimize(loss, network)` moves the weights of that network and of no other. $G$'s loss passes *through* $D$, but only $G$ moves.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
class MyGAN(Model):
    def __init__(self, generator, discriminator, k=1):
        super().__init__()
        self.generator, self.discriminator, self.k = generator, discriminator, k
        self.random = keras.random.SeedGenerator(seed)

    def noise(self, m):
        shape = (m, self.generator.input_shape[-1])
        return keras.random.normal(shape, seed=self.random)

    def logits(self, z):
        return self.discriminator(self.generator(z))

    def generator_loss(self, z):
        return -ops.mean(ops.softplus(self.logits(z)))  # log(1 - D(G(z)))

    def train_on(self, x):
        m = ops.shape(x)[0] // self.k  # x: k minibatches of m
        for real in ops.split(x, self.k):
            z = self.noise(m)
            d_loss = lambda: -value(self.discriminator(real), self.logits(z))
            v = -self.minimize(d_loss, self.discriminator)
        z = self.noise(m)
        g_loss = self.minimize(lambda: self.generator_loss(z), self.generator)
        return {"value": v, "g_loss": g_loss}


# %% [markdown] slideshow={"slide_type": "-"}
# The deck's code takes the same two steps by hand, with TensorFlow's tape. The list of variables at the end of each step is
# all that decides whose weights move.


# %% slideshow={"slide_type": "-"} tags=["central"]
def step_by_tape(model, x, z):
    import tensorflow as tf

    networks = (model.discriminator, model.generator)
    losses = (
        lambda: -value(model.discriminator(x), model.logits(z)),
        lambda: model.generator_loss(z),
    )
    for network, loss in zip(networks, losses, strict=True):
        with tf.GradientTape() as tape:
            cost = loss()
        gradients = tape.gradient(cost, network.trainable_variables)
        for weight, slope in zip(
            network.trainable_variables, gradients, strict=True
        ):
            weight.assign_sub(0.1 * slope)


# %% slideshow={"slide_type": "-"} tags=["figure"]
if keras.backend.backend() == "tensorflow":
    by_tape = MyGAN(network(1, 8, 1), network(1, 8, 1))
    start = by_tape.get_weights()
    step_by_tape(by_tape, humps.sample(64, seed), by_tape.noise(64))
    after = by_tape.get_weights()
    moved = [np.abs(a - b).max() for a, b in zip(start, after, strict=True)]
    coursekit.expect(
        "two turns, and every weight of both has moved", min(moved) > 0
    )

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The order of min and max changes what the generator does, though not the value.** What if the generator answered to a fixed discriminator, $\max_D \min_G V$?
#
# For a fixed $D$ that is largest at one place the generator has one best answer: put *all* samples there. That is no density with two humps, it is a single point.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The value of the game is the same in both orders.**
#
# 1. For any two $D'$ and $G'$: $\;\min_G V(D', G) \le V(D', G') \le \max_D V(D, G')$.
# 2. The left side holds for every $D'$, so also for the best one. The right side holds for every $G'$, so also for the best one. By section 1 the best one has $q = p$, and the value $-\log 4$:
#
# $$\max_D \min_G V(D, G) \;\le\; \min_G \max_D V(D, G) = -\log 4 .$$
#
# 3. The discriminator that says $\frac12$ everywhere has $V = -\log 4$ against *every* generator. So the left side is not below $-\log 4$ either, and both sides are equal.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **At $q = p$ and $D = \frac12$ neither network can gain by moving alone.** Such a pair is called a *Nash equilibrium*. But only one of the two orders brings the generator there.
#
# - In $\min_G \max_D$ each generator is judged by the discriminator that knows it best. Then $q = p$ is the only generator with the value $-\log 4$.
# - In $\max_D \min_G$ the generator answers to a $D$ that does not move. If $D = \frac12$, all generators are equally good. If $D$ has one highest place, the best one is the single point. Nothing asks for $q = p$.
#
# Algorithm 1 takes small turns, and nothing in it says which order it plays. A discriminator that learns much faster plays the order of the paper. A generator that
# learns much faster plays the other one. Section 5 shows what happens then.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The game on the line
#
# > **Predict.** When the two have played for long enough, what is the value $V$? And when you see that value in a log, have
# > they finished?
#
# The first cells train the pair and keep a picture now and then. Drag the player from step 0 to the end: how do the samples (the outline) move, and how does $D$
# answer? Then compare the two curves of the figure after it with the dotted line.


# %% slideshow={"slide_type": "-"} tags=["figure"]
class Film(keras.callbacks.Callback):
    """Keeps (step, shoot(model)) at the start and after every so many stretches of 20 steps."""

    def __init__(self, shoot, every):
        super().__init__()
        self.shoot, self.every, self.stretches = shoot, every, 0

    def on_train_begin(self, logs=None):
        self.shots = [(0, self.shoot(self.model))]

    def on_train_batch_end(self, batch, logs=None):
        self.stretches += 1
        if self.stretches % self.every == 0:
            self.shots.append((20 * self.stretches, self.shoot(self.model)))


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def play(model, x, epochs, every, shoot, rates=(2e-3, 2e-3), how=None):
    """Train; the rates are those of (discriminator, generator). Returns film, history."""
    how = how or (lambda rate: keras.optimizers.Adam(rate, beta_1=0.5))
    model.compile(discriminator=how(rates[0]), generator=how(rates[1]))
    film = Film(shoot, every)
    settings = {"batch_size": 128, "epochs": epochs, "steps_per_stretch": 20}
    callbacks = [film, *progress()]
    return film, model.fit(x, verbose=0, callbacks=callbacks, **settings).history


# %% slideshow={"slide_type": "-"} tags=["experiment"]
x = humps.sample(25_600, seed)
z = rng.normal(size=(4000, 1)).astype("float32")


def on_the_line(model):
    """What generator and discriminator answer now."""
    made = np.asarray(model.generator(z))
    says = ops.sigmoid(model.discriminator(line))
    return made[:, 0], np.asarray(says)[:, 0]


keras.utils.set_random_seed(seed)
mine = MyGAN(network(1, 32, 32, 1), network(1, 32, 32, 1))
film, history = play(mine, x, 6, every=10, shoot=on_the_line)


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def density_of(made):
    """A smooth density on `line` from samples, each blurred by 0.1."""
    return stats.gaussian_kde(made, 0.1 / (made.std() + 1e-9))(line[:, 0])


# %% slideshow={"slide_type": "-"} tags=["figure"]
def picture(shot):
    import matplotlib.pyplot as plt

    steps, (made, says) = shot
    figure, axis = plt.subplots(figsize=(5, 2.6), layout="constrained")
    axis.fill_between(
        line[:, 0], p, color=palette.tint(palette.DATA), label="data p"
    )
    bars = np.histogram(made, 60, (-5, 5), density=True)
    axis.stairs(*bars, color=palette.GENERATOR, label="samples")
    axis.plot(
        line[:, 0], says, color=palette.shade(palette.DISCRIMINATOR), label="D"
    )
    q = density_of(made)
    best = np.where(p + q > 0.01, p / (p + q + 1e-9), np.nan)
    axis.plot(line[:, 0], best, ":", color=palette.BASELINE, label="p / (p + q)")
    axis.set(
        xlim=(-5, 8.4), ylim=(0, 1.05), xlabel="x", title=f"after {steps} steps"
    )
    axis.legend(loc="upper right", fontsize=8)
    plt.close(figure)
    return figure


# %% slideshow={"slide_type": "-"} tags=["figure"]
widgets.FramePlayer(
    [picture(shot) for shot in film.shots],
    [("step", [steps for steps, _ in film.shots])],
    title="Generator and discriminator on the line",
    alt="The samples move onto the two humps; the discriminator's curve follows them about.",
    fps=2,
    start=[len(film.shots) - 1],
    width=560,
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
apart = np.array([jsd(p, density_of(made)) for _, (made, _) in film.shots])
plots.lines(
    None,
    {
        "V, in training": (np.arange(1, 7) * 200 - 100, history["value"]),
        "the best discriminator's V": (
            [steps for steps, _ in film.shots],
            -np.log(4) + 2 * apart,
        ),
    },
    "The value of the game",
    "V lies on -log 4 from the first; what the best discriminator could have comes down toward it from above.",
    xlabel="steps of the generator",
    ylabel="nats",
    marks={"-log 4": -np.log(4)},
    baselines=["the best discriminator's V"],
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.expect(
    "V ends within 0.08 of -log 4",
    abs(history["value"][-1] + np.log(4)) < 0.08,
    value=history["value"][-1],
)
coursekit.expect(
    "the Jensen-Shannon divergence falls to a third or less",
    apart[-1] < apart[0] / 3,
    first=apart[0],
    last=apart[-1],
)

# %% [markdown] slideshow={"slide_type": "-"}
# When the two have played for long enough, $V$ is $-\log 4$; but it is near there **from the first steps on**, so that value does not say
# that they have finished.
#
# At step 0 this is no surprise: an untrained discriminator says about $\frac12$ to everything, and that alone gives $-\log 4$. The surprise is that $V$ stays there while the samples move onto the two humps.
#
# The lower line is $V$ in training. The upper one is what the *best* discriminator would have against
# this very generator. At first it is nearly 0, since anyone could tell the two apart, and then it falls. The trained discriminator is always below it: each time it
# has found a difference, the generator has moved. The upper line has not come down to the dotted one in the end: it stands near $-1.3$. So the figure does not show the end of the game. (A small part of the gap
# comes from the blur with which the density of the samples is estimated.)
#
# **$V = -\log 4$ in a log says that this discriminator cannot tell the two apart, not that the generator is right.** A GAN's loss curves tell you
# little more than that neither network has won. That is why the second half of this lecture is about other measures.
#
# > **Try it.** Freeze the generator when it is done (`mine.generator`), and train a fresh `Critic` on its samples. Which of the
# > two lines does its value reach?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The generator that has fallen behind
#
# Algorithm 1, on slide 25, and the deck's own code train the generator with two different losses.
#
# - **Minimax**, in the algorithm: descend $\log(1 - D(G(z)))$.
# - **Non-saturating**, in the code a few slides later: descend $-\log D(G(z))$. It is the cross-entropy with flipped labels, as if samples were data.
#
# Both fall when $D(G(z))$ rises, and both come to rest where $p = q$, as is shown below. They differ in how strongly they pull. In the drawing, look at the slopes under the last
# arrows, for a discriminator that is sure of a fake.

# %% slideshow={"slide_type": "-"} tags=["figure"]
lines = "($z$) -> [G] -> fake -> [D] -> logit -> <{0}>; {0} ~> G"
losses = r"$\log(1 - D)$", r"$-\log D$"
panels = "as in Algorithm 1: minimax", "as in the code: non-saturating"
plots.flow(
    {panel: lines.format(loss) for panel, loss in zip(panels, losses, strict=True)},
    "Two losses for the generator; D is surer and surer of a fake",
    moves=["G"],
    notes={
        panels[0]: {f"{losses[0]} ~> logit": "nearly 0"},
        panels[1]: {f"{losses[1]} ~> logit": "nearly 1"},
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# Where the discriminator is sure of a fake, one of the two slopes is nearly 0 and the other nearly 1.
#
# The sigmoid $D = 1/(1 + e^{-\ell})$ has the derivative $\frac{\partial D}{\partial \ell} = D (1 - D)$. By the chain rule the slopes in the logit $\ell$ are
#
# $$\frac{\partial}{\partial \ell} \log(1 - D) = -\frac{D (1 - D)}{1 - D} = -D, \qquad \frac{\partial}{\partial \ell}\big(-\log D\big) = -\frac{D (1 - D)}{D} = -(1 - D) .$$
#
# > **Predict.** A discriminator is sure that a sample is false: $D = 0.001$. By what factor do the two slopes differ?
#
# In the figure the discriminator is sure of a fake on the left.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 10
logit = np.linspace(-9, 5, 141)
softplus, h = lambda a: np.logaddexp(0, a), 1e-3
losses = {
    "minimax, as in Algorithm 1": lambda a: -softplus(a),
    "non-saturating, as in the code": lambda a: softplus(-a),
}
pull = lambda loss, a: np.abs(loss(a + h) - loss(a - h)) / (2 * h)
slopes = {name: pull(loss, logit) for name, loss in losses.items()}
weak, strong = (pull(loss, np.log(0.001 / 0.999)) for loss in losses.values())

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    logit,
    slopes,
    f"How hard each loss pulls (at D = 0.001: {strong / weak:,.0f} to 1, you said {guess})",
    "Two curves: one falls exponentially to the left, where the other stays at 1.",
    xlabel="logit of D on a sample: to the left D is sure that it is false",
    ylabel="size of the slope",
    log=("y",),
)
coursekit.expect("at D = 0.001 it is about a thousand", 900 < strong / weak < 1100)

# %% [markdown] slideshow={"slide_type": "subslide"}
# At $D = 0.001$ the two slopes differ by a factor of 999: the algorithm as printed pulls least where the samples are worst.
#
# One says that the minimax loss **saturates** there: its slope is nearly 0. The paper says so itself, a page before the algorithm, and advises to maximize
# $\log D(G(z))$ early in learning.
#
# **Where $p$ and $q$ do not overlap, the best discriminator leaves the minimax loss no slope at all.** The JSD is $\log 2$ for all such $q$ (section 1). Moving $q$ a little changes nothing, so nothing says
# which way the data are. A trained discriminator is never that sure, so a small slope is left. This is no rare case: pictures fill only a thin part of
# the space of all pixel values, and two thin sets easily miss each other (Arjovsky and Bottou, 2017).

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The two losses also descend two different divergences, if the discriminator is at its best.** The minimax loss is the part of $V$ that
# the generator can change, so it descends $2\,\mathrm{JSD}(p, q)$ (section 1). For the non-saturating loss:
#
# 1. From $D^* = \frac{p}{p + q}$ follows $1 - D^* = \frac{q}{p + q}$, so $\frac{1 - D^*}{D^*} = \frac qp$.
# 2. Take the logarithm: $-\log D^* = \log \frac qp - \log(1 - D^*)$.
# 3. Take the mean over samples $x \sim q$. The first term becomes a KL divergence, by its definition:
#
# $$\mathbb E_{x \sim q}\big[-\log D^*\big] = \mathrm{KL}(q \Vert p) - \mathbb E_{x \sim q}\,\log(1 - D^*) .$$
#
# 4. The last mean is the minimax loss, which has the slope of $2\,\mathrm{JSD}(p, q)$. So the non-saturating loss has the slope of
#
# $$\mathrm{KL}(q \Vert p) - 2\,\mathrm{JSD}(p, q) \qquad \text{(Arjovsky and Bottou, 2017).}$$
#
# (During the generator's step $D^*$ is held fixed, though it depends on $q$. Section 8 shows that this changes neither slope.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The first term, $\mathrm{KL}(q \Vert p)$, forgives missing humps.** It averages over the *samples*, so a hump that no sample visits adds
# nothing to it. It is the divergence of [lecture 0](00_start_here.ipynb) that sits on one hump.
#
# Suppose that $q$ leaves out one of two equal humps, so $q = 2p$ on the other one. Then $\mathrm{KL}(q \Vert p)$ is only $\log 2 = 0.69$, while $\mathrm{KL}(p \Vert q)$ is infinite. The second term has a minus sign.
# By itself it would drive $p$ and $q$ apart, and it makes the missing hump cheaper still.
#
# **Yet the two terms together always pull $q$ to $p$.** With $m = \frac12 (p + q)$ and the definitions of section 1:
#
# $$\mathrm{KL}(q \Vert p) - 2\,\mathrm{JSD}(p, q) = \mathbb E_q \Big[\log \frac qp - \log \frac qm\Big] - \mathbb E_p \log \frac pm = \mathbb E_q \log \frac mp + \mathbb E_p \log \frac mp = 2\,\mathrm{KL}(m \Vert p) .$$
#
# The last step uses $q + p = 2m$. A KL divergence is never negative, and this one is 0 only at $m = p$, which means $q = p$. It is smallest there, so it has no slope there. The same holds for the JSD. That is why both losses come to rest at $q = p$.
#
# Near $q = p$ one sees the two terms at work. Write $\chi^2 = \int (q - p)^2 / p\; dx$. Taylor's formula gives $\mathrm{KL}(q \Vert p) \approx \frac12 \chi^2$ and $2\,\mathrm{JSD} \approx \frac14 \chi^2$. So the first term pulls twice as hard as the second one pushes.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A loss that forgives a missing hump is a reason to expect lost humps, but not the whole story.** In the example above the whole loss, $2\,\mathrm{KL}(m \Vert p)$, is only $\frac32 \log \frac32 - \frac12 \log 2 = 0.26$.
#
# But the discriminator of a real game is not at its best, and in section 5 the same loss loses humps or keeps them. The cell checks step 4: it moves $q$ a little and
# compares the slopes.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
held = -np.log(p / (p + q))  # the best answer, held fixed while q moves
shifted = lambda by: bell.pdf(line[:, 0] - by)
slope = lambda of_q: (of_q(shifted(1e-3)) - of_q(shifted(-1e-3))) / 2e-3
loss_slope = slope(lambda made: step * np.sum(made * held))
kl_slope = slope(lambda made: step * np.sum(made * np.log(made / p)))
jsd_slope = slope(lambda made: jsd(p, made))
coursekit.expect(
    "moving q: the loss has the slope of KL(q || p) - 2 JSD, within 0.001",
    abs(loss_slope - (kl_slope - 2 * jsd_slope)) < 1e-3,
    loss=loss_slope,
    kl=kl_slope,
    jsd=jsd_slope,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The saturation can be watched on a generator that starts far to the left of the data, with a
# discriminator that has already noticed.
#
# The package's `GAN` has both losses by name. With the first it is the class that you typed, and a test holds them equal; its step is shown below. The figure follows the mean
# of the samples under each loss.


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def latecomer():
    """A generator that is far off, and a discriminator that has noticed."""
    keras.utils.set_random_seed(seed)
    late = network(1, 32, 32, 1)
    *before, bias = late.get_weights()
    late.set_weights([*before, bias - 4])
    critic = Critic()
    critic.compile(discriminator=keras.optimizers.Adam(3e-3))
    pairs = np.hstack([x[:4000], np.asarray(late(z))])
    critic.fit(pairs, batch_size=128, epochs=8, verbose=0, callbacks=progress())
    return late, critic.discriminator


late, alert = latecomer()
start = [part.get_weights() for part in (late, alert)]
noticed = float(ops.mean(ops.sigmoid(alert(late(z)))))
coursekit.expect("D is below 0.01 on its samples", noticed < 0.01, D=noticed)
coursekit.show(gan.GAN.train_on)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
sgd = lambda rate: keras.optimizers.SGD(rate)
mean_of = lambda game: float(ops.mean(game.generator(z)))
places = {}
for loss in ("minimax", "non-saturating"):
    late.set_weights(start[0])
    alert.set_weights(start[1])
    game = gan.GAN(late, alert, loss=loss, seed=seed)
    film, _ = play(game, x, 4, 2, mean_of, rates=(0.02, 0.02), how=sgd)
    places[loss] = np.transpose(film.shots)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    None,
    places,
    "Where the latecomer's samples are (plain gradient descent)",
    "One curve stays where it was for a long time, the other comes to the data at once.",
    xlabel="steps of the generator",
    ylabel="mean of the samples",
    marks={"mean of the data": 0.0},
)
came = {loss.replace("-", "_"): place[1, 8] for loss, place in places.items()}
coursekit.expect(
    "after 320 steps the non-saturating one has come at least a unit farther",
    came["non_saturating"] > came["minimax"] + 1,
    **came,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The non-saturating generator comes to the data at once, and the minimax one hardly moves.
#
# After its arrival the non-saturating one does not rest. The mean of its samples swings about that of the data, and once, after 400 steps, it runs 3 units away and comes back. The shape of the loss does not explain
# this: where the discriminator is not sure, at $\ell = 0$, both slopes are $\frac12$. It is the game that swings. The discriminator answers to where the samples were, and the
# generator to what the discriminator said, as in the appendix on gradients. (Whether the minimax generator would swing less, this figure cannot say. It never arrives.)
#
# The figure's title names the optimizer for a reason. With plain gradient descent, a slope a thousand times smaller is a step a thousand
# times smaller. Adam divides each slope by its own recent size. So under Adam the minimax generator *does* move: what you read about saturation depends on the optimizer.
#
# > **Try it.** `how=None` plays with Adam (rates of 0.002). What is left of the difference?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · How many steps for the discriminator?
#
# Theory wants a discriminator at its best before the generator moves, and Algorithm 1 gives it $k$ steps.
#
# The paper then uses
# $k = 1$, "the least expensive option", and gradient descent with momentum. (Momentum goes on in the direction of earlier gradients.) What does a larger $k$ buy?
#
# > **Predict.** With $k = 3$: a better discriminator? A better generator? Both?
#
# In the table, read the third column: how far $V$ stays below the best discriminator's. In the figure, compare the first 300 steps with the last.

# %% slideshow={"slide_type": "-"} tags=["experiment", "nbval-ignore-output"]
momentum = lambda rate: keras.optimizers.SGD(rate, momentum=0.8)
held_out = humps.sample(20_000, seed + 1), rng.normal(size=(20_000, 1))
rows, short_of, distance = [], {}, {}
for k in (1, 3):
    keras.utils.set_random_seed(seed)
    game = gan.GAN(network(1, 32, 32, 1), network(1, 32, 32, 1), "minimax", k=k)
    many = humps.sample(128 * k * 800, seed)
    film, _ = play(game, many, 1, 5, on_the_line, rates=(0.05, 0.05), how=momentum)
    has = float(game.value(held_out[0], np.float32(held_out[1])))
    distance[k] = [jsd(p, density_of(made)) for _, (made, _) in film.shots]
    short_of[k] = -np.log(4) + 2 * distance[k][-1] - has
    rows.append([f"{k}", has, short_of[k], np.mean(distance[k][-3:])])
plots.table(
    rows, ("k", "V", "short of the best discriminator's V", "JSD, last 3 looks")
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.lines(
    None,
    {
        f"k = {k}": (np.arange(len(curve)) * 100, curve)
        for k, curve in distance.items()
    },
    "How far the samples are from the data (momentum 0.8)",
    "Two jagged curves: with k = 3 it falls at once, with k = 1 it takes long.",
    xlabel="steps of the generator",
    ylabel="JSD (nats)",
)
early = {k: np.mean(curve[1:4]) for k, curve in distance.items()}
coursekit.expect(
    "in the first 300 steps three steps of the discriminator serve better than one",
    early[3] < early[1],
    one=early[1],
    three=early[3],
)
coursekit.expect(
    "and even three leave the discriminator 0.02 nats short of the best, or more",
    short_of[3] > 0.02,
    short=short_of[3],
)

# %% [markdown] slideshow={"slide_type": "-"}
# With $k = 3$ the samples come to the data sooner, but in the end neither discriminator nor generator is clearly better, in this one run.
#
# With three steps the samples are among the data within a hundred steps of the generator. With one step the generator chases a discriminator
# that has not understood yet. Later the two curves cross. The last column prefers $k = 1$, but it is a mean of three looks, and most of the difference is the one peak of $k = 3$ at step 600. At the last two looks the curves
# are close together, with $k = 1$ a little lower. So one may only say: three times as many steps of the discriminator have bought nothing that this run shows at its end.
#
# **A $V$ below $-\log 4$ means a discriminator that is confidently wrong.** The table has one at $k = 3$, about $-1.5$. Saying $\frac12$ to everything would be better. The likely reason: it fits
# the generator that it has last seen. The generator then took its step, to where this discriminator is mistaken, and we measure after that step.
#
# So most people take $k = 1$ and a better optimizer (the first game used Adam).
#
# > **Try it.** `momentum=0.95`, with $k = 1$. Then look at a few more seeds before you believe any of these curves.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Eight Gaussians, and where some of them went
#
# In the plane the whole game can be watched: the data are eight small Gaussians on a circle of radius 2.
#
# Each Gaussian is a hump of the density, a **mode**. Play first; the training
# runs in your browser. Step the two networks by hand, then press play.
#
# - On the left, the background is orange where the discriminator sees fakes, blue where it sees data, and white at $D = \frac12$. The arrows say where the generator's loss pushes each fake. It is the non-saturating loss, here and in the three games below.
# - On the right are the losses, in nats; then $V$, with $-\log 4$ dotted; then two divergences, $\mathrm{KL}(\text{data} \Vert \text{fakes})$ and JS, which is the JSD of section 1. Both are estimated by counting points in the
#   squares of a grid. Counts scatter, so even a perfect generator would not get 0, but about the dotted value: what as many fresh data get.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
widgets.GanGame2D(
    "ring",
    seed=seed,
    title="The game in the plane",
    alt="Data on a ring, generated points, the discriminator's map, and curves of the losses.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# Each arrow leads to where the discriminator sees data. Three games follow: one with a fast generator, one with equal rates, and one with equal rates and two cures.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The first cure is the R1 penalty: the discriminator pays for its slope at the data** (Mescheder et al., 2018). With the logit $\ell$ of $D$ and a weight $\gamma$,
# here `r1=0.1`, the loss of the discriminator is
#
# $$L_D = -V + \frac{\gamma}{2}\, \mathbb E_{x \sim p}\, \big\lVert \nabla_{\!x}\, \ell(x) \big\rVert^2 .$$
#
# $\nabla_{\!x}\, \ell(x)$ is the slope of the logit when the *point* $x$ moves; the generator's samples follow this slope. With the penalty it is small where the data are. So a sample that has
# arrived there is not pushed away again.
#
# **The second cure is averaging.** A generator often circles around a good place, as in the appendix on gradients. So samples are drawn from a copy of it. After each step the copy's weights $\bar\theta$ follow the
# generator's weights $\theta$ a little (`averaging=0.99`):
#
# $$\bar\theta \leftarrow 0.99\,\bar\theta + 0.01\,\theta .$$
#
# The generator's weights of $n$ steps ago count with the factor $0.01 \cdot 0.99^n$. So $\bar\theta$ is a mean over about the last hundred steps, and the circling cancels.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(gan_losses.r1_penalty)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Give the generator a rate twenty times the discriminator's, so that it always moves to where the discriminator was last
# > fooled. Where will its samples be, after a thousand steps?
#
# In the figure, each row is one game; compare the last column. A mode counts as found if at least 1 % of the samples lie within 3 standard deviations of its center.
#
# In the bars, a perfect sampler is the dotted line. In the plane, the distance $r$ from a mode's center, in standard deviations, has the density $r\, e^{-r^2/2}$. So its share within 3 is $\int_0^3 r\, e^{-r^2/2}\, dr = 1 - e^{-9/2} \approx 0.99$.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
ring = data.toy("ring")
plane = ring.sample(20_000, seed)
look = rng.normal(size=(1000, 2)).astype("float32")
sizes = {"generator": (32,) * 3, "discriminator": (32,) * 3}
points_of = lambda game: game.generate(look)
films, found = {}, {}
for name, rates, options in [
    ("20 to 1", (2.5e-4, 5e-3), {}),
    ("1 to 1", (2e-3, 2e-3), {}),
    ("1 to 1, R1, averaged", (2e-3, 2e-3), {"r1": 0.1, "averaging": 0.99}),
]:
    keras.utils.set_random_seed(seed)
    game = gan.dense(2, 2, **sizes, **options)
    films[name], _ = play(game, plane, 8, 12, points_of, rates=rates)
    found[name] = metrics.modes(game.sample(10_000), ring.modes, ring.std)


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def clouds(films, shots, title, alt):
    import matplotlib.pyplot as plt

    size = (2.1 * len(shots), 2.2 * len(films) + 0.4)
    figure, axes = plt.subplots(
        len(films), len(shots), figsize=size, squeeze=False, layout="constrained"
    )
    for (name, film), row in zip(films.items(), axes, strict=True):
        for axis, shot in zip(row, shots, strict=True):
            steps, points = film.shots[shot]
            axis.plot(*plane[:400].T, ".", color=palette.DATA, markersize=3)
            axis.plot(*points.T, ".", color=palette.GENERATOR, markersize=2)
            axis.set(
                xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], aspect="equal"
            )
            axis.set_title(f"{steps} steps", fontsize=10)
        row[0].set_ylabel(name, fontsize=10)
    figure.suptitle(title, fontsize=14)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
clouds(
    films,
    [1, 2, 3, 5],
    "Three games (blue: data, orange: samples)",
    "First row: thin strands of samples, in other places each time. Second: a ring of "
    "samples, with bridges between the modes. Third: the same, cleaner.",
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {
        f"{name}\n({result.found} of 8 modes)": result.near
        for name, result in found.items()
    },
    "Samples within 3 standard deviations of a mode",
    "Three rising bars.",
    ylabel="share of 10,000 samples",
    marks={"a perfect sampler": 1 - np.exp(-4.5)},
)
fast, equal, cured = found.values()
coursekit.expect(
    "the fast generator misses at least two modes",
    fast.found <= 6,
    found=fast.found,
)
coursekit.expect(
    "the cured one has all eight, and over 45 % of its samples near one",
    cured.found == 8 and cured.near > 0.45,
    found=cured.found,
    near=cured.near,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# After a thousand steps the fast generator's samples lie in a few strands, and at least two of the eight modes are missed.
#
# It goes to wherever the discriminator was last fooled. By the time the discriminator has learned that place, the generator is gone. This comes near to the order $\max \min$ of section 2, where the generator answers to a discriminator that does not move. Nothing in
# its loss asks its samples to spread. Each sample is judged **by itself**, and a generator that
# makes one convincing thing has a low loss. Losing modes in this way is called **mode collapse**.
#
# At equal rates samples lie nearly all round the ring, but few on a mode, and many on bridges between them. A network that maps one cloud onto eight islands must draw something in between.
# The picture flatters this game. The bar says that it has found only four of the eight modes. Look at the lower right: that mode has no sample in the last picture. Three others get less than 1 % of the samples: the strands pass close by.
#
# **R1 and averaging together steady the game: all eight modes are found, with over 45 % of the samples near one.** The two cures were added at the same time, so these three games do not say which of them did it.
#
# > **Try it.** Give the third game only `r1`, then only `averaging`. Which of the two brings the modes back?
#
# > **Try it.** In the game above, set the rate of D to 0.001, that of G to 0.01, and R1 to 0: how many of the eight modes does it
# > hold, and for how long? Then choose least squares with both rates at 0.005, and watch modes that stay missing. Or draw data of your own.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Digits, from dense layers
#
# The same class draws digits, if its samples have 784 numbers instead of two.
#
# Noise of 32 dimensions goes in and 784 pixels come
# out, through dense layers only (convolutions are the next lecture). Before training, the generator is asked for its first pictures. The same noise is then used all along, so
# that what changes is the generator. Watch the two losses: do they tell you when to stop?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
name, left_out = ("mnist", "digits") if full else ("digits", None)
digits = data.load(name, "train", leave_out=left_out)
unseen = data.load(name, "test")
keras.utils.set_random_seed(seed)
artist = gan.dense(
    32, 784, (128, 256), (256, 128), output="sigmoid", r1=1.0, averaging=0.99
)
untrained = artist.sample(2000)
epochs = 100 if full else 16
steps = epochs * (len(digits) // 64)
falling = lambda: keras.optimizers.schedules.PolynomialDecay(2e-3, steps, 1e-4)
adam = lambda: keras.optimizers.Adam(falling(), beta_1=0.5)
artist.compile(generator=adam(), discriminator=adam())
fixed = rng.normal(size=(30, 32)).astype("float32")
watch = widgets.TrainingMonitor(fixed, artist.generate, title="A GAN on digits")
learned = artist.fit(
    digits.flat, batch_size=64, epochs=epochs, verbose=0, callbacks=[watch]
)

# %% [markdown] slideshow={"slide_type": "-"}
# Both losses level off after a few epochs, and do not tell whether the pictures still improve.
#
# With a discriminator that knows nothing, they would stand at $\log 4 = 1.39$ for D and $\log 2 = 0.69$ for G. They are not far from it: the discriminator
# sees a little, not much. (Its loss includes the R1 penalty.) The strokes are frayed, since dense layers
# must learn for each pixel anew which pixels are its neighbors.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · How good are they?
#
# There is no likelihood to quote: a GAN draws samples and cannot say how probable anything is. So samples must be compared with
# samples.
#
# Pixels are a bad place to do that: shift a digit by two pixels, and it is far from itself. The usual way is to let
# a trained classifier look, and to compare its **features**, the answers of its last hidden layer. Ours is a small convolutional network, a LeNet, that reads 99 of 100 digits. It has 96 features. So each picture
# becomes a point in a space of 96 dimensions, and we compare two clouds of points.
#
# **The Fréchet distance takes both clouds for Gaussians.** They have means $\mu_1, \mu_2$ and covariance matrices $C_1, C_2$:
#
# $$d^2 = \lVert \mu_1 - \mu_2 \rVert^2 + \operatorname{tr}\big(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\big) .$$
#
# The tables print this $d^2$. It compares the centers of the clouds, and then their shapes. The trace $\operatorname{tr}$ is the sum of the diagonal.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Where does the formula come from?** Pair each point $X$ of one cloud with a point $Y$ of the other, so that the mean squared distance is as small as possible. In one dimension:
#
# 1. A mean square is the squared mean plus the variance: $\mathbb E (X - Y)^2 = (\mu_1 - \mu_2)^2 + \operatorname{Var}(X - Y)$.
# 2. $\operatorname{Var}(X - Y) = \sigma_1^2 + \sigma_2^2 - 2 \operatorname{Cov}(X, Y)$.
# 3. The pairing can change only the covariance, and no correlation exceeds 1. So $\operatorname{Cov}(X, Y) \le \sigma_1 \sigma_2$, with equality for two Gaussians that are both sorted from small to large.
#
# $$d^2 = (\mu_1 - \mu_2)^2 + \sigma_1^2 + \sigma_2^2 - 2\,\sigma_1 \sigma_2 = (\mu_1 - \mu_2)^2 + (\sigma_1 - \sigma_2)^2 .$$
#
# In more dimensions the term $\sigma_1 \sigma_2$ becomes $\operatorname{tr}\big((C_1 C_2)^{1/2}\big)$, which we take without proof. The power $\frac12$ means the square root of a matrix: the matrix whose product with itself is $C_1 C_2$.
# If both covariance matrices are diagonal, the trace is the sum of $\sigma_1 \sigma_2$ over all dimensions.
#
# **Two clouds with the same mean and the same covariance have a Fréchet distance of 0, whatever else differs.** A ring and a Gaussian can be such a pair. This is what the distance cannot see.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A number alone says nothing, so it comes with its floor**: what training digits themselves get. Noise is added for scale (worse is possible).
#
# With the Inception network, which was trained to classify photographs, in the LeNet's place, this is the *FID* of Heusel et al. (2017). Ours is scaled so that the training
# digits have $\operatorname{tr} C = 100$. Values of two networks can never be compared.
#
# > **Predict.** Our GAN has seen 4,000 digits for some seconds. The shipped VAEs of lecture 7 had 55,000 and some minutes. Who
# > is nearer to the test digits?
#
# In the table, read the first column of numbers only. Precision, recall, density and coverage are explained below it, and the KID in section 8.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
judge = recipes.judge("mnist", profile)
images = lambda rows: np.reshape(rows, (-1, 28, 28, 1))
samples = {
    "this GAN": images(artist.sample(10_000)),
    "VAE, 2 dimensions": images(
        coursekit.pretrained("vae-mnist-2d").sample(10_000)
    ),
    "VAE, 50 dimensions": images(
        coursekit.pretrained("vae-mnist-50d").sample(10_000)
    ),
}
report = judge.report(samples, untrained=images(untrained))
coursekit.expect(
    "the GAN's distance is between 10 and 45, the floor's below 1, that of noise about 100",
    10 < report.rows["this GAN"].frechet < 45
    and judge.floor.frechet < 1
    and 90 < judge.noise.frechet < 110,
    frechet=report.rows["this GAN"].frechet,
)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
columns = ("", "Fréchet", "KID", "precision", "recall", "density", "coverage")
plots.table(
    [
        [name, score.frechet, score.kid, *score[4:]]
        for name, score in report.rows.items()
    ],
    columns,
)

# %% [markdown] slideshow={"slide_type": "-"}
# By the Fréchet distance both VAEs are nearer to the test digits than our GAN, which is about twice as far away. It is no fair race:
# they saw more digits for longer. (`profile = "full"` lets the GAN do so, too.)
#
# **The distance adds up two faults: samples that are no digits, and digits that are missing.** The columns on the right keep the two apart, by circles. The drawing shows what they count, on nine
# "real" points and nine "samples" in the plane. Each circle reaches to the second nearest point of its own color. Find the single real point above with its wide circle, and the stray sample on the right.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
squares = [[0, 0], [1, 0], [0, 1], [1, 1], [5, 0], [6, 0], [5, 1], [6, 1]]
real = np.float32([*squares, [3, 3.2]])
among = [[0.2, 0.1], [0.9, 0.2], [0.1, 0.9], [0.8, 0.8], [0.5, 0.5], [0.5, 0.1]]
fake = np.float32([*among, [2.4, 2.2], [3.8, 2.1], [6.8, 3.4]])
counted = metrics.fidelity.prdc(real, fake, k=2)
headings = (
    f"Circles around real points: precision {counted.precision:.2f},\n"
    f"density {counted.density:.2f}, coverage {counted.coverage:.2f}",
    f"Circles around samples:\nrecall {counted.recall:.2f}",
)


# %% slideshow={"slide_type": "-"} tags=["figure"]
def circles(real, fake, titles, alt, k=2):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    inks = palette.DATA, palette.GENERATOR
    for axis, centers, ink, title in zip(
        axes, (real, fake), inks, titles, strict=True
    ):
        near = metrics.fidelity.nearest(
            centers, centers, k + 1
        )  # itself comes first
        for center, radius in zip(centers, near.distances[:, k], strict=True):
            axis.add_patch(plt.Circle(center, radius, color=ink, alpha=0.1))
        axis.plot(*real.T, "o", color=palette.DATA, label="real")
        axis.plot(*fake.T, "x", color=palette.GENERATOR, label="samples")
        axis.set(
            aspect="equal", xticks=[], yticks=[], xlim=(-2.5, 8.5), ylim=(-2.5, 6.5)
        )
        axis.set_title(title, fontsize=12)
        axis.grid(False)
    axes[0].legend(loc="upper left", fontsize=10)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["figure"]
circles(
    real,
    fake,
    headings,
    "Two groups of real points with small circles, a single one with a wide circle. Six samples "
    "are in one group, none in the other, two in the wide circle, one in no circle.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# For digits the circles are balls in 96 dimensions. The ball $B_i$ around a real point $x_i$ reaches to its fifth nearest real point. Of $m$ samples $y_j$:
#
# - **precision** is the share of samples in at least one ball. Low precision means samples that are no digits.
# - **recall** exchanges the roles: the share of real points in at least one ball around a *sample* (Kynkäänniemi et al., 2019). Low recall means digits that are missing.
# - **density** counts all balls that a sample lies in, $\frac{1}{5m} \sum_{i, j} [\,y_j \in B_i\,]$. The bracket is 1 if it does, and 0 otherwise. It may exceed 1.
# - **coverage** is the share of balls $B_i$ with at least one sample in them (Naeem et al., 2020).
#
# Density and coverage mend one weakness each. In the drawing the two samples in the wide circle count as much for precision as the six in the left group. Density
# gives them little weight, since they lie in one circle only. And the stray sample has a wide circle, so recall is 1, although no sample is near the right group. Coverage finds that group's circles empty.

# %% [markdown] slideshow={"slide_type": "subslide"}
# Read across the rows of the table: no model is best in all columns.
#
# - The VAE of two dimensions makes hardly anything that is no digit (precision), but its recall is the lowest of the three.
# - The VAE of fifty dimensions has more that is no digit. Has it more of the variety? By recall far more, by coverage somewhat *less*.
# - Our GAN has a precision like that VAE's, and less of the variety than it by recall and by coverage.
#
# **Recall and coverage disagree because they use different balls.** The samples of the two-dimensional VAE crowd together in the midst of the real digits, as its high density says. So the balls around *samples* are small, and few real
# digits lie in one: low recall. But most balls around *real digits* are wide enough to catch one of its samples: high coverage. The samples of the other VAE are scattered, and some are no digits. That makes
# their balls wide, so recall is generous to them, like to the stray sample in the drawing. So each column measures something true, and neither alone says who has more variety.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **An *untrained* generator has nearly perfect precision** (the last row but one). Its pictures are all the same gray, and they
# fall into the wide balls between real digits. So no one of these columns can be quoted alone. (All but the Fréchet distance
# compare with the 1,000 test digits that come with the course. With more of them the numbers move.)
#
# **A Fréchet distance needs its number of samples beside it.** Means and covariances of few samples are off, in whatever direction, and each error adds to the distance. Measured against 10,000
# test digits, 1,000 *real* digits get 1.6, and 10,000 real digits (the floor) 0.4.
#
# > **Try it.** Judge `samples["this GAN"][:500]`. How much of its distance is due to nothing but counting?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Nothing in this table is a reason to want a GAN.** By the Fréchet distance both VAEs are better, though in an unfair race.
#
# The reasons lie in how the two learn. A VAE like those of lecture 7 must say how probable the pixels are. Where several pictures fit one code, its best answer is their mean, and a mean of digits is blurred. A GAN never has to say how
# probable a picture is, so its generator may be any network that turns noise into pictures. And a blurred picture is easily told from a sharp one. So the discriminator pushes each single sample to look as sharp as a real one.
#
# Its price is what this lecture has shown: a game that swings, modes that get lost, and no number in the log that says how good the samples are. The gain is hardly to be seen yet. Our digits have black
# strokes, but frayed ones. In lecture 12 convolutions bring the distance well below that of this GAN.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Copies? Missing digits?
#
# Two questions are left that no distance answers: does the generator repeat what it has seen, and does it draw all ten digits?
#
# For the first, look at each sample's nearest neighbor among
# the training digits. Then ask how often a sample lies nearer to the training set than a *fresh* real digit does (Meehan et al.,
# 2020). If nothing is copied, this share, the score, is about one half; copies bring it near 1. For the second, let the LeNet read 10,000 samples and count.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
reader = coursekit.pretrained("lenet-mnist")
some = samples["this GAN"][:1000]
near = metrics.fidelity.nearest(
    judge.features(some[:12]), judge.features(digits.images)
)
plots.images(
    {
        "samples": some[:12],
        "nearest training digits": digits.images[near.indices[:, 0]],
    },
    "Are they copies?",
    "Two rows of digits: no neighbor is a copy; some show the same digit in another hand, some another digit.",
)
copied = metrics.fidelity.memorization(
    judge.features(some),
    judge.features(digits.images),
    judge.features(unseen.images),
)
drawn = metrics.fidelity.mode_counts(reader.probabilities(samples["this GAN"]))
coursekit.expect(
    "no copies: a score of at most 0.5", copied.score <= 0.5, score=copied.score
)
coursekit.expect(
    "all ten digits are drawn", drawn.present == 10, present=drawn.present
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.bars(
    {
        str(digit): share
        for digit, share in enumerate(drawn.counts / drawn.counts.sum())
    },
    "What the generator draws, as the LeNet reads it",
    "Ten bars, some far above a tenth and some far below.",
    ylabel="share of 10,000 samples",
    marks={"even": 0.1},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The generator does not repeat training digits: the nearest ones are in another hand, and several are another digit altogether. The
# samples are even farther from the training set than fresh real digits are, because they are imperfect.
#
# All ten digits are there, but not evenly: some come far too often and others hardly. No single
# picture would have told you. It is a mild form of what the fast generator did on the ring.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · For a second reading
#
# All of this section can be left out at first.
#
# It has the paper's own measure of samples, the Parzen window, and why nobody uses it; then the birthday problem; then what is held fixed in section 3, the cross-entropy as slide 24 prints it, momentum, the KID, and a benchmark on the ring.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The paper's own measure, and why nobody uses it
#
# In 2014 there was no FID, so the paper measured its samples by a **Parzen window**.
#
# It makes a density out of $n$ samples $y_i$: a Gaussian is put around each of them, and the density of a test digit $x$ is the mean of these Gaussians at that digit,
#
# $$\hat p(x) = \frac1n \sum_{i=1}^{n} \mathcal N\big(x;\ y_i,\ \sigma^2 I\big) .$$
#
# The width $\sigma$ is picked on validation digits. The paper took 10,000 samples and reports the mean of $\log \hat p$ over the test digits: 225 ± 2 nats on MNIST, the best of its table.
#
# **A log-density can be positive, because a density may be above 1.** A density is a probability per volume. A Gaussian with $\sigma = 0.1$ has the density 4 at its center, since it is
# so narrow. With 784 pixels many such factors multiply. So the value depends on the unit: with pixels from 0 to 255 instead of 0 to 1, each digit would get $784 \log 255$, about 4,344, nats less.

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Which set of 300 "samples" gets the higher Parzen log-likelihood: 300 real training digits, or 300 averages of
# > training digits? (The algorithm *k-means* divides the digits into 300 groups of similar ones. The averages are those of the groups.)
#
# The figure has both, and 300 samples of our GAN.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
from sklearn.cluster import MiniBatchKMeans

means = MiniBatchKMeans(300, init="random", n_init=1, random_state=seed).fit(
    digits.flat[:4000]
)
contestants = {
    "300 real digits": digits.flat[:: len(digits) // 300][:300],
    "300 averages": means.cluster_centers_.astype("float32"),
    "300 of our GAN": samples["this GAN"][:300],
}
test = unseen.flat[:1000]
nats = {
    name: metrics.fidelity.parzen(
        np.reshape(rows, (300, 784)), test[:500], test[500:]
    )
    for name, rows in contestants.items()
}

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.bars(
    {name: window.log_likelihood for name, window in nats.items()},
    "Parzen window: averages beat real digits",
    "Three bars; the averages' is the highest.",
    ylabel="log-density of unseen digits (nats)",
    baselines=["300 real digits", "300 averages"],
)
coursekit.expect(
    "averages score at least 20 nats above real digits",
    nats["300 averages"].log_likelihood
    > nats["300 real digits"].log_likelihood + 20,
    **{
        name.replace(" ", "_").lstrip("30_"): window.log_likelihood
        for name, window in nats.items()
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# Three hundred averages of digits get a higher Parzen log-likelihood than three hundred digits, by more than 20 nats, though they
# are blurred.
#
# Real digits hardly help: in 784 dimensions no
# training digit is near any test digit, but an average is a little near to many. Our GAN's samples have specks, and lie near nothing.
#
# The table has the same with the paper's 10,000 samples and its 10,000
# test digits, from a record.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
record = coursekit.results("fidelity")["rows"]
few = ["training digits", "k-means centers of training digits", "vae-mnist-2d"]
plots.table(
    [
        [name, f"{record[name]['parzen']:.0f} ± {record[name]['parzen_error']:.0f}"]
        + [f"{record[name]['frechet']:.1f}"]
        for name in few
    ]
    + [["adversarial nets, as printed in 2014", "225 ± 2", "not known"]],
    ("10,000 samples", "Parzen (nats)", "Fréchet"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# By this measure the paper's network and a blurred VAE come close to the training digits themselves. Ten thousand averages, of
# five or six digits each, are far above them. By the Fréchet distance those averages are good, but not better than digits.
#
# **So a Parzen window must not decide which model is better** (Theis et al., 2016, said so, with this very example). The paper's authors warned of its variance, and asked for something
# better. As lecture 7 has shown, even an exact likelihood would say little about the quality of samples.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Dequantization: what a log-density of pixels lacks
#
# Gray values are whole numbers, so a density can cheat. It may put 256 narrow spikes on the 256 gray values; the narrower they are, the larger the density, without any limit.
#
# The remedy is **dequantization**: add a random number $u$ between 0 and 1 to each gray value from 0 to 255, in training and in tests. For one pixel of gray value $x$:
#
# 1. The probability of this gray value is the integral of the density over its unit interval: $P(x) = \int_0^1 \hat p(x + u)\, du$.
# 2. This integral is a mean over $u$. By Jensen's inequality $\log P(x) \ge \mathbb E_u \log \hat p(x + u)$.
#
# So the mean log-density of dequantized data is a lower bound on a log-*probability*, which is never above 0. Numbers in this form can be compared. The 225 nats are not in this form: they are a log-density of pixels from 0 to 1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many different pictures does a generator know?
#
# **The birthday problem gives an estimate**: among 23 people two have the same birthday with a chance of one half, although a year has 365 days.
#
# Suppose that a generator knows $N$ different pictures and draws each equally often. We draw $s$ samples and look for two that are the same.
#
# 1. There are $\frac12 s (s - 1)$, about $\frac12 s^2$, pairs. Each pair is the same with probability $1/N$.
# 2. If the pairs were independent, no pair would be the same with probability $(1 - 1/N)^{s^2/2} \approx e^{-s^2/(2N)}$.
# 3. This is one half at $s^2 = 2 N \log 2$. Solved for $N$:
#
# $$N \approx \frac{s^2}{2 \log 2} \approx 0.72\, s^2 .$$
#
# Check it: $0.72 \cdot 23^2$ is 381, near 365. So if half of all sets of 500 samples contained a pair, the generator would know about 180,000 pictures (Arora and Zhang,
# 2017). Two warnings belong to it. "The same" must be judged by eye, among the nearest pairs. And pictures that come often make pairs early, so rare ones are not counted.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is held fixed in section 3
#
# During the generator's step $D^*$ is held fixed, though it depends on $q$, and this changes neither slope.
#
# Let $q$ move with a number $t$, and write $\dot q = \partial q / \partial t$.
#
# 1. Minimax: by the chain rule $V(D^*, q)$ has the slope $\frac{\partial V}{\partial q}\, \dot q + \frac{\partial V}{\partial D}\, \dot D^*$. At the maximum $D^*$ the derivative $\frac{\partial V}{\partial D}$ is zero. So the second term is zero, and the first one is the slope with $D^*$ held fixed.
# 2. The KL divergence, by the product rule:
#
# $$\frac{d}{dt} \int q \log \frac qp\, dx = \int \dot q\, \log \frac qp\, dx + \int q\, \frac{\dot q}{q}\, dx .$$
#
# 3. The first integral is the slope with the logarithm held fixed. The second is $\int \dot q\, dx = \frac{d}{dt} \int q\, dx = \frac{d}{dt}\, 1 = 0$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Slide 24, momentum, the KID, and the ring again
#
# The formula of the cross-entropy on slide 24, read literally, is not the cross-entropy. It prints
# $-\frac1N \sum_{i=0}^N y_i \log \hat y_i + (1 - y_i) \log(1 - \hat y_i)$. A sum from 0 to $N$ has $N + 1$ terms, and the minus reaches only the first half. Section 1 has what is meant.
#
# Momentum is a mixed blessing in section 4. The velocity still carries gradients from where the generator used to be.
#
# **The KID compares two clouds without balls** (Bińkowski et al., 2018). It is the second column of the table in section 7. A similarity of two feature vectors with $d$ dimensions, here 96, is $k(x, y) = (x^\top y/d + 1)^3$. The
# KID is the mean similarity within the real points, plus that within the samples, less twice that between the two:
#
# $$\mathbb E\,k(x, x') + \mathbb E\,k(y, y') - 2\,\mathbb E\,k(x, y) .$$
#
# If samples and data have the same distribution, all three means are equal, so it is 0. Its estimate has no bias, though it scatters: the floor of 0.1 in the table is chance, and against
# 10,000 test digits it is 0.001.
#
# One number is not enough on the ring either. In the benchmark `tests/bench/gan2d.py` the networks have five layers, the rates fall to nothing, and ten seconds are given. Without R1, 99 of 100 samples
# are near a mode, but they are all near *two or three* of the eight. The steps at the end of that game are so small that a lost mode does not come back. With R1 there are eight of eight, with 96 to 98 % near one, for ten seeds of ten. Count the
# modes *and* the share.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/10_gan.ipynb), checked as you go:
#
# 1. **Another loss, another optimum?** What does the least-squares discriminator answer, and what does its generator minimize?
# 2. **A slope to pay for**: write the R1 penalty, and find what it does to a discriminator that is too sure.
# 3. **Three patients**: samples and logs of three trainings; which lost modes, which discriminator won, which one is well?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - The discriminator learns a **quotient of densities**, $p/(p+q)$, from samples alone. Its best value measures the Jensen-Shannon divergence.
# - The generator descends what *this* discriminator says. $V = -\log 4$ tells you about the discriminator.
# - **Minimax** pulls least where samples are worst; **non-saturating** pulls there most, and descends $\mathrm{KL}(q \Vert p) - 2\,\mathrm{JSD}$, which forgives missing modes.
# - A generator that runs ahead collects its samples where the discriminator was last fooled. Equal rates, a flat discriminator (R1) and an averaged generator
#   together cure it, here.
# - Loss curves do not measure samples. A **Fréchet distance** does, with its network, its floor and its number of samples. Precision, recall, neighbors
#   and counts see what it does not.
# - A density may exceed 1, and a Parzen window prefers averages to digits.
#
# Dense layers draw digits with frayed edges. Lecture 12 gives both networks convolutions. And since about 2021 diffusion
# models have overtaken adversarial ones on most pictures. The adversary lives on in the compression of images, in the synthesis of speech, and in one-step
# versions of diffusion models.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | optimal discriminator, value at equilibrium | $p/(p+q)$, $-\log 4$ | within 0.1, within 0.08 nats (checked above) |
# | adversarial nets on MNIST, Parzen window (nats) | 225 ± 2 | 141 ± 2 after 40 epochs by Adam (`gan-maxout-mnist`); the paper's SGD, `gan-maxout-sgd-mnist`, was not run |
# | dense GAN on digits, Fréchet distance | none | in the table of section 7 |
#
# - I. Goodfellow et al., *[Generative Adversarial Nets](https://arxiv.org/abs/1406.2661)*, NeurIPS 2014.
# - M. Arjovsky, L. Bottou, *Towards principled methods for training generative adversarial networks*, ICLR 2017 (section 3).
# - S. Arora, Y. Zhang, *Do GANs actually learn the distribution?*, 2017 (section 8).
# - L. Mescheder, A. Geiger, S. Nowozin, *Which training methods for GANs do actually converge?*, ICML 2018 (R1).
# - M. Heusel et al., *GANs trained by a two time-scale update rule*, NeurIPS 2017 (FID).
# - T. Kynkäänniemi et al., *Improved precision and recall metric for assessing generative models*, NeurIPS 2019.
# - M. Bińkowski et al., *Demystifying MMD GANs*, ICLR 2018 (KID).
# - M. Naeem et al., *Reliable fidelity and diversity metrics for generative models*, ICML 2020 (density, coverage).
# - C. Meehan, K. Chaudhuri, S. Dasgupta, *A non-parametric test to detect data-copying in generative models*, AISTATS 2020.
# - L. Theis, A. van den Oord, M. Bethge, *A note on the evaluation of generative models*, ICLR 2016 (section 8).
# - M. Kahng et al., *GAN Lab*, IEEE VIS 2018, the model of the game in section 5.
