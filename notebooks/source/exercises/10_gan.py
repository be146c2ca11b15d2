# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Generative adversarial networks: exercises
#
# Two of them to [the lecture](../10_gan.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import keras
import numpy as np
from keras import layers, ops
from scipy import stats

from coursekit import data, plots
from coursekit.models import gan_losses
from coursekit.training import Model, progress

# %% [markdown]
# A discriminator like the lecture's `Discriminator`, for any loss: it learns from pairs (from the data, from the other).


# %%
class Discriminator(Model):
    def __init__(self, loss):
        super().__init__()
        parts = [
            layers.Dense(32, "silu"),
            layers.Dense(32, "silu"),
            layers.Dense(1),
        ]
        self.network = keras.Sequential([keras.Input((1,)), *parts])
        self.loss_of = loss

    def train_on(self, pairs):
        real, fake = ops.split(pairs, 2, axis=1)
        loss = lambda: self.loss_of(self.network(real), self.network(fake))
        return {"loss": self.minimize(loss, self.network)}

    def says(self, x):
        return ops.convert_to_numpy(self.network(np.float32(x)[:, None]))[:, 0]


# %%
def trained(loss, pairs):
    keras.utils.set_random_seed(0)
    discriminator = Discriminator(loss)
    discriminator.compile(network=keras.optimizers.Adam(3e-3))
    settings = {"batch_size": 128, "epochs": 5, "verbose": 0}
    discriminator.fit(np.float32(pairs), callbacks=progress(), **settings)
    return discriminator


# %% [markdown]
# ## 10.1 · Another loss, another optimum? (20 minutes)
#
# Take the sigmoid and the logarithm away. A **least-squares** discriminator (Mao et al., 2017) answers with any number $D(x)$; data
# have the label 1, samples the label 0, and it pays
# $$\tfrac12\, \mathbb E_{x \sim p}\,(D(x) - 1)^2 + \tfrac12\, \mathbb E_{x \sim q}\,D(x)^2
# = \tfrac12 \int p\,(D - 1)^2 + q\,D^2 \; dx .$$
#
# Guess first: where data are three times as dense as samples, what does the best discriminator answer? Then derive it, at one
# place $x$, and write `best_discriminator(p, q)` for densities [n]. Put your $D^*$ back into the integral, and write
# `reached(p, q, step)`, what the best discriminator still pays: densities on a grid of that step in, one number out. You will
# understand which part of the lecture's result belongs to the loss, and which to the game.

# %%
guess = 1.0


def best_discriminator(p, q):
    ### BEGIN SOLUTION
    # stub: return np.full(np.shape(p), 0.5)
    return p / (p + q)
    ### END SOLUTION


def reached(p, q, step):
    ### BEGIN SOLUTION
    # stub: return 0.0
    return step * np.sum(p * q / (p + q)) / 2
    ### END SOLUTION


# %% points=2
coursekit.check("10.1", (best_discriminator, reached))

# %% [markdown]
# Does a trained one find it? Nobody keeps its answers between 0 and 1, and nothing corrects it where there are neither data nor samples.

# %%
humps, bell = data.toy("humps"), stats.norm(0.5, 1.4)
line, step = np.linspace(-5, 5, 401, retstep=True)
p, q = humps.density(line[:, None]), bell.pdf(line)
real, fake = humps.sample(12_800), bell.rvs((12_800, 1), random_state=0)
discriminator = trained(gan_losses.squares_apart, np.hstack([real, fake]))
where = line[np.abs(np.log(p / q) - np.log(3)).argmin()]
plots.lines(
    line,
    {
        "data p": p,
        "the other q": q,
        "trained": discriminator.says(line),
        "your best discriminator": best_discriminator(p, q),
    },
    "A discriminator that learned from squares",
    "Two densities, the trained discriminator's answers, and the formula's.",
    xlabel="x",
    ylabel="density, or answer",
    guesses={"your guess where p = 3 q": (where, guess)},
    baselines=["your best discriminator"],
)

# %%
some = humps.sample(20_000, 1)[:, 0], bell.rvs(20_000, random_state=1)
pays = float(gan_losses.squares_apart(*map(discriminator.says, some)))
plots.bars(
    {
        "the trained discriminator": pays,
        "your formula": reached(p, q, step),
        "your formula, q = p": reached(p, p, step),
    },
    "What a discriminator still pays",
    "Three bars: the trained discriminator's and the formula's are to be alike, the last one is the highest.",
    ylabel="least-squares loss",
    baselines=["your formula", "your formula, q = p"],
)

# %% [markdown]
# The trained discriminator answers as under cross-entropy: another loss, and *the same* best discriminator. What differs is what its success measures.
# Show that $\int \frac{pq}{p+q} = \frac12 - \frac14 \int \frac{(p-q)^2}{p+q}$: the best discriminator pays ¼ less an eighth of a
# distance, a relative of $\chi^2$, in the place of the Jensen-Shannon divergence. How large is that distance at most, and when?
#
# Then an unchecked step. The generator of the package's `"least-squares"` does not raise what the discriminator pays; it pulls
# $D(G(z))$ toward 1 (`coursekit.show(gan_losses.squares_to_one)`). Where the discriminator answers 0, how large is the slope of
# that loss in $D$? Compare it with the minimax loss of section 4, and say why this one does not saturate.

# %% [markdown]
# ## 10.2 · What the discriminator still knows (20 minutes)
#
# After the training of a GAN the generator is kept, and the discriminator is thrown away. But it knows something: the best one answers
# $$D(x) = \frac{p(x)}{p(x) + q(x)} , \qquad D = \frac{1}{1 + e^{-\ell}} ,$$
# so it tells by what factor the samples near $x$ are too many or too few.
#
# Solve this for $p/q$, and write `quotient(logits)`: the logits $\ell$ of the best discriminator at $n$ places in [n], the quotient $p/q$ at
# these places out [n].
#
# Then throw samples away until the rest have the density of the data (Azadi et al., 2019). A sample at $x$ shall stay with a probability that is
# proportional to $p(x)/q(x)$. No probability may exceed 1, so the sample with the largest quotient stays always. Write
# `keep(logits, u)`: $n$ logits, and $n$ random numbers $u$, each drawn evenly between 0 and 1, one for each sample; out come $n$ answers, True where the sample stays.
#
# Guess first: of 100 samples of the wide bell, how many will stay?


# %%
guess = 50


def quotient(logits):
    ### BEGIN SOLUTION
    # stub: return np.ones_like(logits)
    return np.exp(logits)
    ### END SOLUTION


def keep(logits, u):
    ### BEGIN SOLUTION
    # stub: return u < 1
    return u < np.exp(logits - np.max(logits))
    ### END SOLUTION


# %% points=2
coursekit.check("10.2", (quotient, keep))

# %% [markdown]
# Now a trained discriminator, which has never seen a density. It looks at 20,000 fresh samples of the wide bell.

# %%
knows = trained(gan_losses.cross_entropy, np.hstack([real, fake]))
samples = bell.rvs(20_000, random_state=2)
samples = samples[np.abs(samples) < 4]  # farther out it has seen next to nothing
stay = keep(
    knows.says(samples), np.random.default_rng(0).uniform(size=len(samples))
)
edges = np.linspace(-5, 5, 81)
shares = lambda x: np.histogram(x, edges, density=True)[0]
plots.lines(
    (edges[1:] + edges[:-1]) / 2,
    {
        "all samples": shares(samples),
        "those that stay": shares(samples[stay]),
        "data p": humps.density((edges[1:, None] + edges[:-1, None]) / 2),
    },
    f"{100 * np.mean(stay):.0f} of 100 samples stay (you said {guess})",
    "One wide bell, and two curves with two humps that are to be alike.",
    xlabel="x",
    ylabel="density",
    baselines=["data p"],
)

# %% [markdown]
# The samples that stay have two humps, though the generator of these samples, a plain bell, knows of none. Nothing was trained for this but the discriminator.
#
# Show that it is right: samples at $x$ are there with the density $q(x)$, and each stays with the probability $\frac{1}{M} \frac{p(x)}{q(x)}$, where $M$ is the largest quotient.
# Which density is left, up to a constant? Then an unchecked step: show that on average one sample in $M$ stays. What does that mean for a generator whose samples never come near
# one of the humps?
