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
# Nobody can write down what a good picture is. So let a network learn it: it is shown real pictures and made ones, and learns to tell them
# apart. A second network learns to make pictures that the first cannot tell from real ones. The pair
# is called a GAN, a generative adversarial network.
#
# Two questions lead through this lecture. What does the first network answer when it is as good as possible? And can the
# second network learn from it, even when its pictures are still bad?
#
# **You will be able to**
#
# - say why a loss that compares pixels prefers a blurred picture, and what a GAN puts in its place;
# - derive what the best possible discriminator answers, and compare a trained one with it;
# - read Algorithm 1 of the paper as code, and type it;
# - tell which of two losses still teaches a generator that has fallen behind, and why.
#
# You need [lecture 7](07_variational_autoencoders.ipynb) for comparison, and section 2 of the appendix on
# [gradients](90_gradients.ipynb), which shows how one network moves while another is held fixed. About 60 minutes to read and play; about half a
# minute to run. The last section is for a second reading.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full" changes nothing here: the data are numbers on a line
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from coursekit import data, plots, widgets
from coursekit.models import gan
from coursekit.plots import palette
from coursekit.training import Film, Model, progress
from scipy import ndimage, stats

rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Who says what a good picture is?
#
# Take a real digit, and make two pictures from it: one is blurred, the other is moved to the right by two pixels.
#
# A loss that compares pixels gives each of the two a number: the mean squared difference from the real digit. The smaller number counts as the better picture.
#
# > **Predict.** Which of the two does this loss prefer? And which one would you take for a real digit? (Write `"blurred"` or `"moved"` into
# > `guess`, for the loss.)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "moved"
digits = data.load("digits", "test").images[..., 0]
blurred = ndimage.gaussian_filter(digits, (0, 1.5, 1.5))  # 1.5 pixels wide
moved = ndimage.shift(digits, (0, 0, 2), order=0)  # two pixels to the right
error = lambda made: np.mean((made - digits) ** 2, axis=(1, 2))

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
shown = 3
plots.panels(
    [made[shown] for made in (digits, blurred, moved)],
    [
        "a real digit",
        f"blurred\n(error {error(blurred)[shown]:.3f})",
        f"moved\n(error {error(moved)[shown]:.3f})",
    ],
    "A digit; the same, blurred; and the same, moved to the right. The moved one has the larger error.",
    suptitle=f"Which is the better digit? (For the loss you said: {guess})",
)
coursekit.expect(
    "the blurred picture has the smaller error, for each of 1,000 digits",
    (error(blurred) < error(moved)).all(),
    blurred=error(blurred).mean(),
    moved=error(moved).mean(),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The loss prefers the blurred picture, for each of 1,000 digits, and by a factor of more than three on average. You would take the moved one for a real digit.
#
# The loss compares with *one* right answer, pixel by pixel. A stroke in a slightly different place is wrong twice: where it should be, and where it is.
# Gray is never very wrong.
#
# Now think of a network that is not sure whether a stroke is here or there. The mean of the two pictures has the smallest squared error,
# and this mean is gray in both places. This is why the digits of the VAE in lecture 7 are blurred.
#
# **Which formula prefers the moved digit? Nobody has written one down that works for pictures in general.** The idea of a GAN is to learn it. The
# **generator** turns noise $z$, random numbers, into a picture. The **discriminator** is shown real pictures and made ones, and learns to tell them apart.
# It does not compare a made picture with *one* right picture. It may use whatever gives a picture away as made.
#
# > **Try it.** Move the digits by one pixel only, and make the blur 2 pixels wide. Does the loss still prefer the blurred picture, for each digit?
#
# In the drawing, look at the two pictures that go into the discriminator, and at its answer.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.flow(
    """($z$) -> [generator] -> made -> [discriminator] -> probability of real
    real -> discriminator""",
    "Who says what a good picture is? A network that learns it",
    pictures={"made": blurred[shown], "real": digits[shown]},
)

# %% [markdown] slideshow={"slide_type": "-"}
# In the drawing the discriminator stands where otherwise a formula would stand.
#
# If it looked at the wrong things, the generator would learn the wrong things. So first we ask what a discriminator answers when it is as good as
# possible. With pictures we could not check the answer, since nobody knows how probable a picture is. So we begin with numbers on a line, for which we know it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A discriminator whose answer is known
#
# Now the data are numbers on a line, and we know how often each number comes.
#
# A **density** says how many numbers fall near a place. The density $p$ of our data has two humps. A second source makes numbers too, with another density $q$.
#
# The discriminator is shown one number $x$. Half of the numbers that it is shown come from the data, and half from the other source. It answers with $D(x)$, the probability that $x$ came from the data.
#
# The picture shows the two densities. Where would you say "from the data", and how sure would you be?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
humps = data.toy("humps")
bell = stats.norm(0.5, 1.4)
line = np.linspace(-5, 5, 401, dtype="float32")[:, None]
step = float(line[1, 0] - line[0, 0])
p, q = humps.density(line), bell.pdf(line[:, 0])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    line[:, 0],
    {"data p": p, "the other q": q},
    "Two sources of numbers",
    "Two densities: p has two humps, q is one wide bell.",
    xlabel="x",
    ylabel="density",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The discriminator is to give high probability to the truth.**
#
# Slide 24 of the deck, the set of slides that this course follows, writes this as a number, the value $V$:
#
# $$V(D) = \mathbb E_{x \sim p}\,\log D(x) + \mathbb E_{x \sim q}\,\log\big(1 - D(x)\big) .$$
#
# The first term is about a number from the data: the logarithm of the probability that $D$ gives to "from the data". The second is about a number from the other source. Each logarithm is at
# most 0. So $V$ is at most 0, and near 0 only for a discriminator that is nearly always sure and right. The unit of $V$ is the nat.
#
# > **Predict.** If the two sources are the same, $p = q$, what is the largest value $V$ that any discriminator can have? (Write
# > your number into `guess`. The answer comes with the bars below.)
#
# The code works with the **logit** $\ell$, the network's answer before
# the sigmoid, $D = 1/(1 + e^{-\ell})$. Then $\log D = -\log(1 + e^{-\ell})$ and $\log(1 - D) = -\log(1 + e^{\ell})$. Both are a softplus function, $\log(1 + e^a)$, with a minus sign, as in lecture 7.
#
# The class `Discriminator` is a network that learns alone, from pairs: one number from the data, one from $q$.


# %% slideshow={"slide_type": "-"} tags=["central"]
def value(real, fake):
    """V from logits: log D = -softplus(-logit), log(1 - D) = -softplus(logit)."""
    return -ops.mean(ops.softplus(-real)) - ops.mean(ops.softplus(fake))


def network(inputs, *widths):
    *hidden, last = widths
    parts = [layers.Dense(width, "silu") for width in hidden]
    return keras.Sequential([keras.Input((inputs,)), *parts, layers.Dense(last)])


class Discriminator(Model):
    """Learns alone to tell pairs (from the data, from the other) apart."""

    def __init__(self):
        super().__init__()
        self.network = network(1, 32, 32, 1)

    def train_on(self, pairs):
        real, fake = ops.split(pairs, 2, axis=1)
        loss = lambda: -value(self.network(real), self.network(fake))
        return {"value": -self.minimize(loss, self.network)}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = -1.0
pairs = np.hstack(
    [humps.sample(12_800, seed), bell.rvs((12_800, 1), random_state=rng)]
)
alone = Discriminator()
alone.compile(network=keras.optimizers.Adam(3e-3))
history = alone.fit(
    np.float32(pairs), batch_size=128, epochs=5, verbose=0, callbacks=progress()
)
says = np.asarray(ops.sigmoid(alone.network(line)))[:, 0]
best = p / (p + q)

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the figure, compare the trained discriminator (green) with the gray curve, which is computed from the two densities.

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
# **The trained discriminator answers nearly $p/(p + q)$, although it was shown only numbers, and neither density.**
#
# The green curve stays within 0.1 of the gray one wherever there are many numbers to learn from. They differ, because the network is small, was trained for a short
# time, and saw a limited number of examples.
#
# We can derive this answer. We **assume** that $D$ may take any value at each place $x$, independent of its other values. A large enough network comes near to that.
#
# 1. A mean is an integral, so $V = \int p(x) \log D(x) + q(x) \log\big(1 - D(x)\big)\, dx$. By the assumption we may make the integrand as large as possible at each place $x$ by itself.
# 2. There the derivative with respect to $D$ is zero. The derivative of $\log D$ is $\frac1D$, that of $\log(1 - D)$ is $-\frac1{1 - D}$. So $\frac pD - \frac q{1 - D} = 0$.
# 3. It is a maximum, since the second derivative $-\frac p{D^2} - \frac q{(1 - D)^2}$ is negative.
# 4. Multiply by $D (1 - D)$ and solve $p (1 - D) = q D$:
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)} .$$
#
# It says 1 where there are only data, 0 where there are only numbers from $q$, and $\frac12$ where both are equally dense.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best discriminator's value says how different the two densities are.** Write $m = \frac12 (p + q)$ for the mixture of both.
#
# 1. Then $D^* = \frac{p}{2m}$ and $1 - D^* = \frac{q}{2m}$. Put both into $V$:
#    $\;V(D^*) = \mathbb E_p \log \frac{p}{2m} + \mathbb E_q \log \frac{q}{2m}$.
# 2. Split each logarithm: $\log \frac{p}{2m} = \log \frac pm - \log 2$. The two $-\log 2$ add up to $-\log 4$.
# 3. By definition $\mathbb E_p \log \frac pm$ is the KL divergence $\mathrm{KL}(p \Vert m)$ ([lecture 0](00_start_here.ipynb)), and the other mean is $\mathrm{KL}(q \Vert m)$:
#
# $$V(D^*) = -\log 4 + \mathrm{KL}(p \Vert m) + \mathrm{KL}(q \Vert m) = -\log 4 + 2\,\mathrm{JSD}(p, q) .$$
#
# Half of the sum of the two KL divergences is the **Jensen-Shannon divergence** (JSD). It is 0 if $p = q$ and only then, since a KL divergence is 0 only for equal densities.
#
# If $p$ and $q$ never overlap, the JSD is $\log 2$: then $m = \frac12 p$ wherever $p$ is, so each KL divergence is $\log 2$. So $V(D^*) = 0$.
#
# The figure compares the $V$ of our discriminator (blue) with that of the best one for the same $p$ and $q$. The third bar is the answer to your guess.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def jsd(p, q):
    """In nats, from two densities on `line`."""
    kl = lambda a, b: step * np.sum(a * np.log((a + 1e-12) / (b + 1e-12)))
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


# %% slideshow={"slide_type": "-"} tags=["experiment"]
fresh = [
    alone.network(np.float32(x))
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
    "The value V in nats: how right can one be?",
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
# The trained discriminator comes within 0.05 nats of the best there is.
#
# If $p = q$, no discriminator gets more than $-\log 4 = -1.386$. The JSD is 0 then, and $D^* = \frac12$ everywhere.
# Keep this value in mind: a discriminator whose $V$ is $-\log 4$ does no better than one that always says $\frac12$.
#
# Slide 24 also writes the binary cross-entropy, the usual loss of a classifier. It is $-\frac12 V$, so to lower it is to raise $V$ (section 5).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Algorithm 1, line by line
#
# Now the second source learns, too. It is the generator $G$, which turns noise $z \sim \mathcal N(0, 1)$ into numbers, its **samples**. The drawings call them fakes.
#
# Goodfellow et al. (2014) let the two networks take turns. In the drawing, follow the dashed arrows, the gradients: in each half, which network moves?

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
# In each half of a round one network moves, and the other is held fixed.
#
# The samples have the density $q$, so $V$ now depends on both networks. Slide 24 writes the whole game:
#
# $$\min_G \max_D V(D, G) .$$
#
# A game of this form is called **minimax**. Read it from the inside. For a given generator the discriminator makes $V$ as large as it can. By section 2 this best value is $-\log 4 + 2\,\mathrm{JSD}(p, q)$.
#
# The generator wants the best value to be small. So it lowers the JSD, *provided that the discriminator is at its best*, and
# it is done when $q = p$.

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
# So the discriminator takes $k$ steps for each step of the generator. Here $k = 1$.
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


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The game on the line
#
# > **Predict.** When the two have played for long enough, what is the value $V$? And when you see that value in a log, have
# > they finished?
#
# The cells train the pair and keep a picture now and then. Drag the player from step 0 to the end. How do the samples (the orange outline) move, and how does $D$
# answer? The dotted curve is the best answer, $p/(p + q)$, with $q$ estimated from the samples.


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

# %% [markdown] slideshow={"slide_type": "-"}
# At step 0 all samples lie close to 0, and in the end most of them lie on the two humps.
#
# At step 600 too many samples lie between the humps, and the discriminator's curve is low there. By step 1200 fewer are left. On the humps the curve is near $\frac12$.
#
# At the right hump there are too many samples in one place, so their outline leaves the picture. The dotted curve has teeth, because $q$ is estimated from samples and not known.

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the next figure, compare the blue curve and the gray one with the dotted line, $-\log 4$.

# %% slideshow={"slide_type": "-"} tags=["figure"]
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
coursekit.expect(
    "the best discriminator would still be 0.02 nats above -log 4, or more",
    2 * apart[-1] > 0.02,
    above=2 * apart[-1],
)

# %% [markdown] slideshow={"slide_type": "-"}
# $V$ in training (blue) ends at about $-\log 4$, but it is near there **from the first point on**. (Each blue point is the mean of 200 steps.) So that value does not say
# that they have finished.
#
# At the very beginning this is no surprise: an untrained discriminator says about $\frac12$ to everything, and that alone gives $-\log 4$. The surprise is that $V$ stays there while the samples move onto the two humps.
#
# The gray line is the $V$ of the *best* discriminator against the same samples. It is $-\log 4 + 2\,\mathrm{JSD}(p, q)$, with $q$ estimated from 4,000 samples. At first it is nearly 0, since samples and data hardly overlap. Then it falls toward $-\log 4$, and does not quite reach it.
#
# **Why is the trained discriminator always below the best one?** The best one would answer to the samples as they are now. The trained one needs some steps to learn a
# difference, and in these steps the generator moves away from it. The film shows it at step 600: the discriminator has learned that samples lie between the humps, and afterwards fewer samples lie there.
#
# **$V = -\log 4$ in a log says that this discriminator does no better than one that always says $\frac12$. It does not say that the generator is right.** So the next lecture looks for other measures.
#
# > **Try it.** Freeze the generator when it is done (`mine.generator`), and train a fresh `Discriminator` on its samples. Which of the
# > two lines does its value reach?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The generator that has fallen behind
#
# At the beginning the samples are bad, and the discriminator knows it. Does the generator learn anything from being told "surely false"?
#
# Algorithm 1, on slide 25, and the deck's own code train the generator with two different losses.
#
# - **Minimax**, in the algorithm: descend $\log(1 - D(G(z)))$.
# - **Non-saturating**, in the deck's code: descend $-\log D(G(z))$.
#
# Both fall when $D(G(z))$ rises. They differ in their slopes. In the drawing the discriminator is sure of a fake. Look at the slopes under the last
# arrows.

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
# Where the discriminator is sure of a fake, the slope of the minimax loss is nearly 0, and that of the other has a size of nearly 1.
#
# We can compute both. The gradient reaches the generator through the discriminator's last step, the sigmoid. So the slope in the logit $\ell$ counts, which stands before the sigmoid. The sigmoid $D = 1/(1 + e^{-\ell})$ has the derivative $\frac{\partial D}{\partial \ell} = D (1 - D)$. This factor is tiny where $D$ is
# near 0. By the chain rule the slopes in the logit are
#
# $$\frac{\partial}{\partial \ell} \log(1 - D) = -\frac{D (1 - D)}{1 - D} = -D, \qquad \frac{\partial}{\partial \ell}\big(-\log D\big) = -\frac{D (1 - D)}{D} = -(1 - D) .$$
#
# In the second one the $D$ of $\frac1D$ cancels the tiny factor. In the first one nothing cancels it.
#
# > **Predict.** A discriminator is sure that a sample is false: $D = 0.001$. By what factor do the two slopes differ?
#
# In the figure the discriminator is sure of a fake on the left. The vertical axis counts in factors of ten.

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
# One says that the minimax loss **saturates** there: its slope is nearly 0. With the non-saturating loss the slope is nearly 1, so a generator that has fallen behind still learns. The paper advises it, too: maximize
# $\log D(G(z))$ early in learning.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The saturation can be watched.** Take a generator that starts far to the left of the data, and a
# discriminator that has already learned to recognize its samples.
#
# The package's class `GAN` has both losses by name. Its step, shown below, is that of `MyGAN`; `_average()` is for the next lecture.


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def latecomer():
    """A generator that is far off, and a discriminator that has noticed."""
    keras.utils.set_random_seed(seed)
    late = network(1, 32, 32, 1)
    *before, bias = late.get_weights()
    late.set_weights([*before, bias - 4])
    alone = Discriminator()
    alone.compile(network=keras.optimizers.Adam(3e-3))
    pairs = np.hstack([x[:4000], np.asarray(late(z))])
    alone.fit(pairs, batch_size=128, epochs=8, verbose=0, callbacks=progress())
    return late, alone.network


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

# %% [markdown] slideshow={"slide_type": "subslide"}
# The figure follows the mean of the samples under each loss. Which of the two comes to the data (dotted)?

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
swings = np.ptp(places["non-saturating"][1, 8:])
coursekit.expect(
    "later its mean still moves by half a unit", swings > 0.5, by=swings
)

# %% [markdown] slideshow={"slide_type": "-"}
# The mean of the non-saturating generator's samples comes to the data at once, and that of the minimax one hardly moves.
#
# After its arrival the non-saturating one does not rest: its mean swings about that of the data. Once it even goes up to about 3, beyond the data. The discriminator answers to where the samples were, and the
# generator to what the discriminator said, so it overshoots. The appendix on [gradients](90_gradients.ipynb) shows such a circle.
#
# **What you read about saturation depends on the optimizer.** The figure was made with plain gradient descent: a slope a thousand times smaller is a step a thousand
# times smaller. Adam divides each slope by its own recent size. So under Adam the minimax generator *does* move. This is one reason why `MyGAN` could learn in section 3, although its loss is the minimax one: it was trained with Adam.
# The other reason is that its discriminator began at $\frac12$ and was not sure of anything.
#
# > **Try it.** `how=None` plays with Adam (rates of 0.002). What is left of the difference?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · For a second reading
#
# All of this section can be left out at first.
#
# It begins with two pieces of the deck, its cross-entropy and its training step. Then it asks what the order of min and max changes, and which divergences the two losses descend.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The cross-entropy of slide 24
#
# **The binary cross-entropy is minus half of $V$.** Take $n$ data with the label $y = 1$ and $n$ samples with the label $y = 0$, so $N = 2n$. The
# answer $\hat y$ is $D$. The binary cross-entropy is
#
# $$\mathrm{BCE} = -\frac1N \sum_{i=1}^N \big[ y_i \log \hat y_i + (1 - y_i) \log(1 - \hat y_i) \big] .$$
#
# For data only the first term is left, $\log D$. For samples only the second is left, $\log(1 - D)$. So the sum is $n$ times an estimate of $V$, and $n/N = \frac12$. A
# discriminator that always says $\frac12$ has the cross-entropy $\log 2 = 0.693$.
#
# Slide 24 prints
# $-\frac1N \sum_{i=0}^N y_i \log \hat y_i + (1 - y_i) \log(1 - \hat y_i)$. Read literally, this is another formula: a sum from 0 to $N$ has $N + 1$ terms, and the minus reaches only the first half.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
labels = np.repeat(np.float32([1, 0]), 20_000)[:, None]
answers = ops.sigmoid(ops.concatenate(fresh))
bce = float(ops.mean(keras.losses.binary_crossentropy(labels, answers)))
coursekit.expect(
    "Keras's cross-entropy is -V/2", abs(bce + reached / 2) < 1e-4, bce=bce
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The deck's training step
#
# The deck's code takes the two steps of Algorithm 1 by hand, with TensorFlow's tape. The list of variables at the end of each step is
# all that decides whose weights move.
#
# It uses one batch of noise for both steps. Algorithm 1 draws new noise for the second.


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
# ### What the order of min and max changes
#
# **The order of min and max changes what the generator does.** What if the generator answered to a fixed discriminator, $\max_D \min_G V$?
#
# For a fixed $D$ that is largest at one place the generator has one best answer: put *all* samples there. That is no density with two humps, it is a single point.
#
# - In $\min_G \max_D$ each generator is judged by the discriminator that knows it best. Then $q = p$ is the only generator with the value $-\log 4$.
# - In $\max_D \min_G$ the generator answers to a $D$ that does not move, and nothing asks for $q = p$.
#
# **Algorithm 1 takes small turns, and nothing in it says which order it plays.** A discriminator that learns much faster plays the order of the paper. A generator that
# learns much faster plays the other one. The next lecture shows what happens then.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The value of the game, in both orders
#
# **The value of the game is the same in both orders.**
#
# 1. For any two $D'$ and $G'$: $\;\min_G V(D', G) \le V(D', G') \le \max_D V(D, G')$.
# 2. The left side holds for every $D'$, so also for the best one. The right side holds for every $G'$, so also for the best one. By section 2 the best one has $q = p$, and the value $-\log 4$:
#
# $$\max_D \min_G V(D, G) \;\le\; \min_G \max_D V(D, G) = -\log 4 .$$
#
# 3. The discriminator that says $\frac12$ everywhere has $V = -\log 4$ against *every* generator. So the left side is not below $-\log 4$ either, and both sides are equal.
#
# **At $q = p$ and $D = \frac12$ neither network can gain by moving alone.** Such a pair is called a *Nash equilibrium*. But only one of the two orders brings the generator there. In
# $\max_D \min_G$, if $D = \frac12$, all generators are equally good. If $D$ has one highest place, the best one is the single point.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Densities that do not overlap
#
# **Where $p$ and $q$ do not overlap, the best discriminator leaves the minimax loss no slope at all.** The JSD is $\log 2$ for all such $q$ (section 2). Moving $q$ a little changes nothing, so nothing says
# which way the data are.
#
# This is no rare case: pictures fill only a thin part of
# the space of all pixel values, and two thin sets easily miss each other (Arjovsky and Bottou, 2017).
#
# The slopes of both losses are multiplied by how much $\ell$ changes around the sample. Where the discriminator is flat, the non-saturating loss has no slope either. It removes only the small factor $D$. A trained discriminator is never quite flat, so a small slope is left.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two losses, two divergences
#
# **If the discriminator is at its best, the two losses descend two different divergences.** The minimax loss is the part of $V$ that
# the generator can change, so it descends $2\,\mathrm{JSD}(p, q)$ (section 2). For the non-saturating loss:
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
# In the generator's step $D^*$ is held fixed, though it depends on $q$. "What is held fixed", below, shows that this changes neither slope. The cell checks step 4: it moves $q$ a little and compares the slopes.

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
# ### A loss that forgives missing humps
#
# **The first term, $\mathrm{KL}(q \Vert p)$, forgives missing humps.** It averages over the *samples*, so a hump that no sample visits adds
# nothing to it.
#
# Suppose that $q$ leaves out one of two equal humps, so $q = 2p$ on the other one. Then $\mathrm{KL}(q \Vert p)$ is only $\log 2 = 0.69$, while $\mathrm{KL}(p \Vert q)$ is infinite. The second term has a minus sign,
# so it makes the missing hump cheaper still.
#
# **This is a reason to expect lost humps, but not the whole story.** Together the two terms still pull $q$ to $p$, as the next part shows. And the discriminator of a
# real game is not at its best. In the next lecture the same loss loses humps or keeps them.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Both losses come to rest at the data
#
# **Together the two terms of the non-saturating loss always pull $q$ to $p$.** With $m = \frac12 (p + q)$ and the definitions of section 2:
#
# $$\mathrm{KL}(q \Vert p) - 2\,\mathrm{JSD}(p, q) = \mathbb E_q \Big[\log \frac qp - \log \frac qm\Big] - \mathbb E_p \log \frac pm = \mathbb E_q \log \frac mp + \mathbb E_p \log \frac mp = 2\,\mathrm{KL}(m \Vert p) .$$
#
# The last step uses $q + p = 2m$. A KL divergence is never negative, and this one is 0 only at $m = p$, which means $q = p$. It is smallest there, so it has no slope there. The same holds for the JSD. That is why both losses come to rest at $q = p$.
#
# Near $q = p$ one sees the two terms at work. Write $\chi^2 = \int (q - p)^2 / p\; dx$. Taylor's formula gives $\mathrm{KL}(q \Vert p) \approx \frac12 \chi^2$ and $2\,\mathrm{JSD} \approx \frac14 \chi^2$. So the first term pulls twice as hard as the second one pushes.
#
# In the example with two humps, where $q$ leaves out one, the whole loss, $2\,\mathrm{KL}(m \Vert p)$, is only $\frac32 \log \frac32 - \frac12 \log 2 = 0.26$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is held fixed
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/10_gan.ipynb), checked as you go:
#
# 1. **Another loss, another optimum?** What does the least-squares discriminator answer, and what does its generator minimize?
# 2. **What the discriminator still knows**: use a trained discriminator to throw away bad samples, until the rest has the density of the data.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A loss that compares pixels prefers blur. A GAN **learns** what gives a picture away, by a second network.
# - The discriminator learns a **quotient of densities**, $p/(p+q)$, from samples alone. Its best value measures the Jensen-Shannon divergence.
# - Algorithm 1 lets the two take turns. **The generator descends what *this* discriminator says**, and $V = -\log 4$ tells you about the discriminator, not about the samples.
# - **Minimax** pulls least where samples are worst: its slope is $-D$. **Non-saturating** pulls there most: its slope is $-(1 - D)$.
#
# On the line the game went well. [Lecture 11](11_gan_in_practice.ipynb) plays it on eight islands and on digits: what goes wrong there, and how does one measure what comes out?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | optimal discriminator, value at equilibrium | $p/(p+q)$, $-\log 4$ | within 0.1, within 0.08 nats (checked above) |
#
# - I. Goodfellow et al., *[Generative Adversarial Nets](https://arxiv.org/abs/1406.2661)*, NeurIPS 2014.
# - M. Arjovsky, L. Bottou, *Towards principled methods for training generative adversarial networks*, ICLR 2017 (section 5).
