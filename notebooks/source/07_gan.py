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
# network learns to tell made pictures from real ones, and the other learns to make pictures that the first cannot tell.
#
# **You will be able to**
#
# - read Algorithm 1 of the paper as code, and type it;
# - say what the best possible critic answers, and hold a trained one against it;
# - tell which of two losses still teaches a generator that has fallen behind, and why;
# - make a generator lose modes, see that it has, and cure it;
# - measure samples, and say what each measure cannot see.
#
# You need [lecture 5](05_variational_autoencoders.ipynb) for comparison, and the appendix on
# [gradients](90_gradients.ipynb) if "whose weights move?" is no clear question. About 75 minutes to read and play; about a
# minute to run.

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
# We begin without pictures: the data are numbers on a line, and their density $p$ has two humps. A maker, with density $q$, makes
# numbers too. The **discriminator** $D(x)$, also called the *critic*, is shown a number and says with which probability it came
# from the data. The slide writes what the two are after:
#
# $$\min_G \max_D V(D, G), \qquad V(D, G) = \mathbb E_{x \sim p}\,\log D(x) + \mathbb E_{x \sim q}\,\log\big(1 - D(x)\big),$$
#
# the mean log-probability that $D$ is right, about one number from the data plus about one from the maker. Both terms are at
# most 0, and 0 only for a critic that is always sure and always right.
#
# > **Predict.** If makers and data are the same, $p = q$, what is the largest value that any discriminator can have? (Write
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
    "What a critic learns to say",
    "Two densities; the trained critic's curve lies on the quotient p / (p + q).",
    xlabel="x",
    ylabel="density, or probability",
    baselines=["p / (p + q)"],
)
seen = p + q > 0.02
coursekit.expect(
    "the trained critic is within 0.1 of p / (p + q) wherever anything happens",
    np.abs(says - best)[seen].max() < 0.1,
    off=np.abs(says - best)[seen].max(),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The trained critic answers $p/(p + q)$, although nobody told it to divide densities, and it has never seen one. Why? At one
# place $x$ the critic collects $p \log D + q \log(1 - D)$. The derivative in $D$, $p/D - q/(1 - D)$, vanishes at
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)} .$$
#
# Put $D^*$ back into $V$, and write $m = (p + q)/2$. Then $D^* = p/(2m)$ and $1 - D^* = q/(2m)$, so each of the two logarithms
# gives off a $-\log 2$, and two divergences are left:
#
# $$V(D^*, G) = -\log 4 + \mathrm{KL}(p \Vert m) + \mathrm{KL}(q \Vert m) = -\log 4 + 2\,\mathrm{JSD}(p, q) .$$
#
# So the critic's success measures a distance, the Jensen-Shannon divergence: 0 for equals, $\log 2$ for two that never meet.
# The generator, who lowers the critic's best success, lowers that distance, *provided the critic is at its best*.


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
        "this critic": reached,
        "the best critic": possible,
        "p = q: -log 4": -np.log(4),
    },
    "V(D, G) in nats: how right can one be?",
    "Three bars below zero: the first two almost equal, the third longer.",
    ylabel="nats",
    guesses={"your guess": ("p = q: -log 4", guess)},
    baselines=["the best critic", "p = q: -log 4"],
)
coursekit.expect(
    "the critic is within 0.05 nats of the best there is",
    abs(reached - possible) < 0.05,
    reached=reached,
    possible=possible,
)

# %% [markdown] slideshow={"slide_type": "-"}
# If $p = q$, no discriminator gets more than $-\log 4 = -1.386$: the value of tossing a fair coin for each of the two numbers.
# Remember this value: a critic that stands there knows nothing.
#
# **The slide's cross-entropy is the same thing.** It prints
# $\mathrm{BCE} = -\frac1N \sum_{i=0}^N y_i \log \hat y_i + (1 - y_i) \log(1 - \hat y_i)$. Read literally, a sum from 0 to $N$ has
# $N + 1$ terms, and the minus reaches only the first half; meant is $-\frac1N \sum_{i=1}^N \big[\dots\big]$. With $m$ data labeled 1 and
# $m$ samples labeled 0, $N = 2m$, it is $-\frac12 \big(\frac1m \sum \log D(x) + \frac1m \sum \log(1 - D(G(z)))\big)$: **minus half of $V$**. A
# training log of $0.693 = \log 2$ per term is the tossed coin again.

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
# Now the maker learns too: a **generator** $G$ turns noise $z \sim \mathcal N(0, 1)$ into numbers. Goodfellow et al. (2014) let the two
# networks take turns.

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
# | Algorithm 1 says | we write |
# |---|---|
# | **for** $k$ steps | `for real in ops.split(x, self.k):` |
# | sample $m$ noise samples $z$, and $m$ examples $x$ | `self.noise(m)`; `real` is the next of the $k$ minibatches in `x` |
# | update $D$ by **ascending** $\nabla_{\theta_d} \frac1m \sum [\log D(x) + \log(1 - D(G(z)))]$ | `self.minimize(lambda: -value(...), self.discriminator)` |
# | sample $m$ new noise samples $z$ | `self.noise(m)` |
# | update $G$ by **descending** $\nabla_{\theta_g} \frac1m \sum \log(1 - D(G(z)))$ | `self.minimize(lambda: ..., self.generator)` |
#
# `minimize(loss, network)` moves the weights of that network and of no other. $G$'s loss passes *through* $D$; only $G$ moves.


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
# ### The game on the line
#
# > **Predict.** When the two have played for long enough, what is the value $V$? And when you see that value in a log, have
# > they finished?


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
    title="Generator and critic on the line",
    alt="The samples move onto the two humps; the critic's curve follows them about.",
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
        "the best critic's V": (
            [steps for steps, _ in film.shots],
            -np.log(4) + 2 * apart,
        ),
    },
    "The value of the game",
    "V lies on -log 4 from the first; what the best critic could have comes down toward it from above.",
    xlabel="steps of the generator",
    ylabel="nats",
    marks={"-log 4": -np.log(4)},
    baselines=["the best critic's V"],
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
# When the two have played for long enough, $V$ is $-\log 4$; but it is there **from the first steps on**, so that value does not say
# that they have finished. The lower line is $V$ in training. The upper one is what the *best* critic would have against
# this very generator: nearly 0 at first, when anyone could tell the two apart, and then less and less. The critic in training is never there: each time it has found a difference, the generator has moved. So
# **$V = -\log 4$ in a log says that this critic cannot tell the two apart, not that the generator is right.** A GAN's loss curves tell you
# little more than that neither network has won, which is why the second half of this lecture is about other measures.
#
# > **Try it.** Freeze the generator when it is done (`mine.generator`), and train a fresh `Critic` on its samples. Which of the
# > two lines does its value reach?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The generator that has fallen behind
#
# The slide's algorithm and the deck's code train the generator with two different losses. The algorithm descends
# $\log(1 - D(G(z)))$. The *code*, a few slides later, has cross-entropy with flipped labels, $-\log D(G(z))$. Both fall when $D(G(z))$ rises, and both come to rest where
# $p = q$. Take their slopes in the critic's logit $\ell$, $D = \sigma(\ell)$:

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
# Where the critic is sure of a fake, one of the two slopes is nearly 0 and the other nearly 1.
# With the logit $\ell$ of $D$ they are
#
# $$\frac{\partial}{\partial \ell} \log(1 - D) = -D, \qquad \frac{\partial}{\partial \ell}\big(-\log D\big) = -(1 - D) .$$
#
# > **Predict.** A critic is sure that a sample is false: $D = 0.001$. By what factor do the two slopes differ?

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
    xlabel="the critic's logit on a sample: to the left it is sure that it is false",
    ylabel="size of the slope",
    log=("y",),
)
coursekit.expect("at D = 0.001 it is about a thousand", 900 < strong / weak < 1100)

# %% [markdown] slideshow={"slide_type": "subslide"}
# At $D = 0.001$ the two slopes differ by a factor of 999: the algorithm as printed pulls least where the samples are worst. The
# paper says so itself, a page before: early in learning this loss *saturates*, and one should rather maximize
# $\log D(G(z))$.
#
# **The two losses also descend two different divergences**, if the critic is at its best. The minimax loss is the part of $V$ that
# the generator can change, so it descends $2\,\mathrm{JSD}(p, q)$ (section 1). For the other loss use that
# $(1 - D^*)/D^* = q/p$, and take the mean over samples:
#
# $$\mathbb E_{x \sim q}\big[-\log D^*\big] = \mathbb E_{x \sim q}\Big[\log \frac{q}{p} - \log(1 - D^*)\Big] = \mathrm{KL}(q \Vert p) - \mathbb E_{x \sim q}\,\log(1 - D^*) .$$
#
# The last term is the minimax loss with a minus, so the non-saturating loss has the slope of
# $\mathrm{KL}(q \Vert p) - 2\,\mathrm{JSD}(p, q)$ (Arjovsky and Bottou, 2017). This is the second divergence of the [first
# pages](00_start_here.ipynb), the one that sits on a hump: it averages over the *samples*, so a hump that no sample visits costs it
# nothing. The term that is subtracted would even drive $p$ and $q$ apart. Both are reasons to expect lost modes, but
# not the whole story: the critic of a real game is not at its best, and in section 5 the same loss loses modes or keeps them.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
held = -np.log(p / (p + q))  # the best critic's answer, held fixed while q moves
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
# The saturation can be watched. Here is a generator that starts far to the left, with a
# critic that has noticed. The package's `GAN` has both losses by name; with the first it is the class you typed, and a test holds them equal.


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def latecomer():
    """A generator that is far off, and a critic that has already noticed."""
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
# The non-saturating generator comes to the data at once, and the minimax one hardly moves. The first even shoots past the data,
# since its slope is still large where the critic is not sure any more. The figure's title names the optimizer for a
# reason. With plain gradient descent a slope a thousand times smaller is a step a thousand
# times smaller. Adam divides each slope by its own recent size, so that under Adam the minimax generator *does* move. Half of
# what is told about saturation is about the optimizer.
#
# > **Try it.** `how=None` plays with Adam (rates of 0.002). What is left of the difference?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · How many steps for the critic?
#
# Theory wants a critic at its best before the generator moves, and Algorithm 1 gives it $k$ steps. The paper then uses
# $k = 1$, "the least expensive option", and gradient descent with momentum. What does a larger $k$ buy?
#
# > **Predict.** With $k = 3$: a better critic? A better generator? Both?

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
plots.table(rows, ("k", "V", "short of the best critic's V", "JSD, last 3 looks"))

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
    "in the first 300 steps three steps of the critic serve better than one",
    early[3] < early[1],
    one=early[1],
    three=early[3],
)
coursekit.expect(
    "and even three leave the critic 0.02 nats short of the best, or more",
    short_of[3] > 0.02,
    short=short_of[3],
)

# %% [markdown] slideshow={"slide_type": "-"}
# With $k = 3$ the samples come to the data sooner, but in the end neither critic nor generator is better, in this one run. With
# three steps the samples are among the data within a hundred steps of the generator; with one the generator chases a critic
# that has not understood yet. Later the two curves cross, and over the last looks $k = 3$ is no nearer to the data, after three
# times the critic's steps. Its critic is no nearer to its best either: the table's third column says by how much each falls short. The
# generator that it faces has moved on as well. So most people take $k = 1$ and a
# better optimizer (the first game, under Adam). Momentum is a mixed blessing here: the velocity still carries gradients from where the
# generator used to be.
#
# > **Try it.** `momentum=0.95`, with $k = 1$. Then look at a few more seeds before you believe any of these curves.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Eight Gaussians, and where some of them went
#
# In the plane the whole game can be watched. The data are eight small Gaussians on a circle of radius 2. Play first; the training
# runs in your browser. Step the two by hand, look at the arrows (where the generator's loss pushes each fake), then press play. The background is darker where the critic
# sees fakes. On the right are the losses, in nats; $V$, with $-\log 4$ dotted; and two distances, dotted where a perfect generator would be.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
widgets.GanGame2D(
    "ring",
    seed=seed,
    title="The game in the plane",
    alt="Data on a ring, generated points, the discriminator's map, and curves of the losses.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three games follow: one with a fast generator, one with equal rates, and one with equal rates and two cures. The first cure is
# the **R1 penalty** (Mescheder et al., 2018): the critic pays for its slope at the data. With its logit $\ell$ and the weight $\gamma$,
# here `r1=0.1`, its loss is
#
# $$L_D = -V + \frac{\gamma}{2}\, \mathbb E_{x \sim p}\, \big\lVert \nabla_{\!x}\, \ell(x) \big\rVert^2 .$$
#
# So the critic becomes flat where the data are, and a sample that has arrived there is not pushed away again. The second cure is
# **averaging**: samples are drawn from a copy of the generator. After each step its weights follow the generator's a little,
# $\bar\theta \leftarrow 0.99\,\bar\theta + 0.01\,\theta$ with `averaging=0.99`, so they are a mean over about the last hundred steps, and
# the generator's running about cancels.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(gan_losses.r1_penalty)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Give the generator a rate twenty times the critic's, so that it always moves to where the critic was last
# > fooled. Where will its samples be, after a thousand steps?

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
# After a thousand steps the fast generator's samples lie in a few strands, and at least two of the eight modes are missed. It goes to
# wherever the critic was last fooled; by the time the critic has learned that place, it is gone. Nothing in its loss asks its samples to spread: each sample is judged **by itself**, and a generator that
# makes one convincing thing has a low loss. That is *mode collapse*. At equal rates samples lie all round the ring, but few on a mode, and many on bridges between them,
# since a network that maps one cloud onto eight islands must draw something in between. R1 and averaging together steady the
# game: all eight modes are found, with over 45 % of the samples near one.
#
# **One number is not enough here either.** In the benchmark `tests/bench/gan2d.py` (five layers, rates that fall to nothing, ten seconds) leaving R1
# out puts 99 of 100 samples near a mode, and they are all near *two or three* of the eight: a longer game, and steps so small at its end that
# what was lost does not come back. With R1 there are eight of eight and 96 to 98 % near one, for ten seeds of ten. Count the modes *and* the share.
#
# > **Try it.** In the game above, set the rate of D to 0.001, that of G to 0.01, and R1 to 0: how many of the eight modes does it
# > hold, and for how long? Then choose least squares with both rates at 0.005, and watch modes that stay missing. Or draw data of your own.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Digits, from dense layers
#
# The same class draws digits, if its samples have 784 numbers instead of two. Noise of 32 numbers goes in and 784 pixels come
# out, through dense layers only (convolutions are the next lecture). Before training, the generator is asked for its first pictures; the same noise is then used all along, so
# that what changes is the generator.

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
# Both losses level off after a few epochs, and do not tell whether the pictures still improve. With a critic that knows nothing
# they would stand at $\log 4 = 1.39$ and $\log 2 = 0.69$. These are not far from it: the critic, whose loss includes the R1
# penalty, sees a little, not much. The strokes are frayed, since dense layers
# must learn each pixel's neighbors anew.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · How good are they?
#
# There is no likelihood to quote: a GAN draws samples and cannot say how probable anything is. So samples must be compared with
# samples. Pixels are a bad place to do that (shift a digit by two pixels, and it is far from itself). The usual way is to let
# a trained classifier look, and to compare what it *sees*: here the 96 features of a small LeNet that reads 99 of 100 digits.
# Take both clouds of features for Gaussians, with means $\mu$ and covariances $C$; the **Fréchet distance** between those is
#
# $$d^2 = \lVert \mu_1 - \mu_2 \rVert^2 + \operatorname{tr}\big(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\big) .$$
#
# (With the Inception network in the classifier's place it is the *FID* of Heusel et al., 2017. Ours is scaled so that the training
# digits have $\operatorname{tr} C = 100$. Values for two networks can never be compared.) A number alone says nothing, so it comes with
# its **floor**, what training digits themselves get, and, for scale, noise (worse is possible).
#
# > **Predict.** Our GAN has seen 4,000 digits for some seconds. The shipped VAEs of lecture 5 had 55,000 and some minutes. Who
# > is nearer to the test digits?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
judge = recipes.judge("mnist", profile)
images = lambda rows: np.reshape(rows, (-1, 28, 28, 1))
samples = {
    "this GAN": images(artist.sample(10_000)),
    "VAE, 2 numbers": images(coursekit.pretrained("vae-mnist-2d").sample(10_000)),
    "VAE, 50 numbers": images(coursekit.pretrained("vae-mnist-50d").sample(10_000)),
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
# they saw more digits for longer (`profile = "full"` lets the GAN do so, too). The distance adds up two faults, samples that are no
# digits and digits that are missing. The columns on the right keep the two apart, by circles. Here is what they count, on nine
# "real" points and nine "samples" in the plane:

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

# %% [markdown] slideshow={"slide_type": "-"}
# Each circle reaches to the second nearest point of its own color. For digits the space has 96 dimensions, and the ball $B_i$
# around a real $x_i$ reaches to its fifth nearest. Of $m$ samples $y_j$,
#
# - **precision** is the share that lies in at least one ball, and **recall** is the same with the roles exchanged: the
#   share of real points in at least one ball around a sample (Kynkäänniemi et al., 2019);
# - **density** counts *all* balls a sample lies in, $\frac{1}{5m} \sum_{i, j} [\,y_j \in B_i\,]$; it may exceed 1;
# - **coverage** is the share of balls $B_i$ in which there is at least one sample (Naeem et al., 2020);
# - the **KID** does without balls: $\mathbb E\,k(x, x') + \mathbb E\,k(y, y') - 2\,\mathbb E\,k(x, y)$ with the similarity $k(x, y) = (x^\top y/d + 1)^3$ of
#   features of $d$ numbers; it is 0, on average, if samples and data have the same distribution (Bińkowski et al., 2018).
#
# In the drawing the single real point has a wide circle, and for precision the two samples in it are as good as the six among
# the left group. Density gives them little weight, since they lie in one circle only. And the stray sample on the right
# has a wide circle, so recall is 1 although no sample is near the right group; coverage finds that group's circles empty.

# %% [markdown] slideshow={"slide_type": "subslide"}
# Read across the rows of the table: no model is best in all columns. The VAE of two numbers makes hardly anything that is no digit
# (precision), and its recall is the lowest of the three. The VAE of fifty numbers has more of the variety, and more that is no digit.
# Coverage, which forgives blur, ranks the two the other way. Our GAN is short of both. (All columns but the Fréchet distance
# compare with the 1,000 test digits that come with the course; with more of them the numbers move.)
#
# **An *untrained* generator has nearly perfect precision** (the last row but one). Its pictures are all the same gray, and they
# fall into the wide balls between real digits. No one of these columns can be quoted alone.
#
# **A Fréchet distance needs its number of samples beside it.** It has a bias: 1,000 *real* test digits against 10,000 get 1.6, not 0.4. The KID
# has none, though it scatters. Its floor, here 0.1, is chance: against 10,000 test digits it is 0.001.
#
# > **Try it.** Judge `samples["this GAN"][:500]`. How much of its distance is due to nothing but counting?
#
# ### Copies? Missing digits?
#
# Two questions are left that no distance answers. Does the generator repeat what it has seen? Look at each sample's nearest neighbor among
# the training digits, and ask how often a sample lies nearer to the training set than a *fresh* real digit does (Meehan et al.,
# 2020): half the time, if nothing is copied. And does it draw all ten?

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
# samples are even farther from the training set than fresh real digits are, because they are imperfect. All ten are there, but not evenly. Some digits come far too often and others hardly, and no single
# picture would have told you. It is a mild form of what the fast generator did on the ring.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · The paper's own measure, and why nobody uses it
#
# In 2014 there was no FID, so the paper measured its samples by a **Parzen window**. It puts a Gaussian around each of 10,000
# samples, and the density of a test digit is the mean of these Gaussians at that digit. The width $\sigma$ is picked on validation
# digits. The paper reports the log-density of the test digits: 225 ± 2 nats on MNIST, the best of its table.
#
# > **Predict.** Which set of 300 "samples" gets the higher Parzen log-likelihood: 300 real training digits, or 300 averages of
# > training digits (the centers that k-means finds)?

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
# are blurred. Real digits hardly help: in 784 dimensions no
# training digit is near any test digit, but an average is a little near to many. (Our GAN's samples have specks, and lie near nothing.) The same with the paper's 10,000 samples and its 10,000
# test digits, from a record:

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
# five or six digits each, are far above them. By the Fréchet distance those averages are good, but not better than digits. So a Parzen window must not decide which model is
# better (Theis et al., 2016 said so, with this very example). The paper's authors warned of its variance, and asked for something better.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/07_gan.ipynb), checked as you go:
#
# 1. **Another loss, another optimum?** What does the least-squares critic answer, and what does its generator minimize?
# 2. **A slope to pay for**: write the R1 penalty, and find what it does to a critic that is too sure.
# 3. **Three patients**: samples and logs of three trainings; which lost modes, which critic won, which one is well?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - The critic learns a **quotient of densities**, $p/(p+q)$, from samples alone; its best value measures the Jensen-Shannon divergence.
# - The generator descends what *this* critic says. $V = -\log 4$ tells you about the critic.
# - **Minimax** pulls least where samples are worst; **non-saturating** pulls there most.
# - A generator that runs ahead collects its samples where the critic was last fooled. Equal rates, a flat critic (R1) and an averaged generator
#   cure it, here.
# - Loss curves do not measure samples. A **Fréchet distance** does, with its network, its floor and its number of samples; neighbors
#   and counts see what it does not.
#
# Dense layers draw digits with frayed edges. Lecture 8 gives both players convolutions. And since about 2021 diffusion
# models have overtaken adversarial ones on most pictures; the adversary lives on in image codecs, in vocoders, and in one-step
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
# - L. Mescheder, A. Geiger, S. Nowozin, *Which training methods for GANs do actually converge?*, ICML 2018 (R1).
# - M. Heusel et al., *GANs trained by a two time-scale update rule*, NeurIPS 2017 (FID).
# - T. Kynkäänniemi et al., *Improved precision and recall metric for assessing generative models*, NeurIPS 2019.
# - M. Bińkowski et al., *Demystifying MMD GANs*, ICLR 2018 (KID).
# - M. Naeem et al., *Reliable fidelity and diversity metrics for generative models*, ICML 2020 (density, coverage).
# - C. Meehan, K. Chaudhuri, S. Dasgupta, *A non-parametric test to detect data-copying in generative models*, AISTATS 2020.
# - L. Theis, A. van den Oord, M. Bethge, *A note on the evaluation of generative models*, ICLR 2016 (section 8).
# - M. Kahng et al., *GAN Lab*, IEEE VIS 2018, the model of the game in section 5.
