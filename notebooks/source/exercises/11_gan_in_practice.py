# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # GANs in practice: exercises
#
# Two of them to [the lecture](../11_gan_in_practice.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import keras
import numpy as np
from keras import layers, ops

from coursekit import data, plots
from coursekit.exercises.material.gan_patients import bedside, patients
from coursekit.models import gan_losses
from coursekit.training import Model, gradient, progress

# %% [markdown]
# A discriminator like lecture 10's `Discriminator`, with a penalty if one is asked for: it learns from pairs (from the data, from the other).


# %%
class Discriminator(Model):
    def __init__(self, r1):
        super().__init__()
        parts = [
            layers.Dense(32, "silu"),
            layers.Dense(32, "silu"),
            layers.Dense(1),
        ]
        self.network = keras.Sequential([keras.Input((1,)), *parts])
        self.r1 = r1

    def train_on(self, pairs):
        real, fake = ops.split(pairs, 2, axis=1)

        def loss():
            cost = gan_losses.cross_entropy(self.network(real), self.network(fake))
            if self.r1:
                cost += self.r1 * gan_losses.r1_penalty(self.network, real)
            return cost

        return {"loss": self.minimize(loss, self.network)}

    def says(self, x):
        return ops.convert_to_numpy(self.network(np.float32(x)[:, None]))[:, 0]


# %%
def trained(pairs, r1):
    keras.utils.set_random_seed(0)
    discriminator = Discriminator(r1)
    discriminator.compile(network=keras.optimizers.Adam(3e-3))
    settings = {"batch_size": 128, "epochs": 5, "verbose": 0}
    discriminator.fit(np.float32(pairs), callbacks=progress(), **settings)
    return discriminator


# %% [markdown]
# ## 11.1 · A slope to pay for (20 minutes)
#
# The **R1** penalty (Mescheder et al., 2018) asks the discriminator to be flat where the data are:
# $$R_1 = \tfrac12\, \mathbb E_{x \sim p}\, \bigl\lVert \nabla_{x} \ell(x) \bigr\rVert^2 ,$$
# with the discriminator's logit $\ell$. Write `r1(slopes)` for the gradients of one minibatch, an array [n, d] with a row for
# each example; one number out.
#
# Then take a discriminator that is nothing but $\ell(x) = w \cdot x$. What does it pay? Write `of_linear(w)` for $w$ [d]. You know
# this penalty by another name.


# %%
def r1(slopes):
    ### BEGIN SOLUTION
    # stub: return 0.0
    return np.mean(np.sum(slopes**2, axis=1)) / 2
    ### END SOLUTION


def of_linear(w):
    ### BEGIN SOLUTION
    # stub: return 0.0
    return np.sum(w**2) / 2
    ### END SOLUTION


# %% points=2
coursekit.check("11.1", (r1, of_linear))

# %% [markdown]
# Now let data and samples never meet: data near 2, samples near -2. Nothing keeps a discriminator from becoming ever surer.
# Guess twice: what does a penalty do to the discriminator's slope at the data, and what to its certainty about the samples?

# %%
rng = np.random.default_rng(0)
apart = rng.normal([2, -2], 0.3, size=(6400, 2))
weights = (0.0, 0.01, 1.0)
discriminators = {
    f"weight {weight:g}": trained(apart, weight) for weight in weights
}
places = np.linspace(-4, 4, 161)
plots.lines(
    places,
    {
        name: discriminator.says(places)
        for name, discriminator in discriminators.items()
    },
    "The logit of three discriminators: data near 2, samples near -2",
    "Three rising curves; without a penalty one goes on rising at the data, with it they level off there.",
    xlabel="x",
    ylabel="logit",
)

# %%
at_data = np.float32(apart[:500, :1])
rows = []
for name, discriminator in discriminators.items():
    net = discriminator.network
    slopes = ops.convert_to_numpy(gradient(net, at_data, net))
    penalty = float(gan_losses.r1_penalty(net, at_data))
    rows.append([name, f"{r1(slopes):.4f}", f"{penalty:.4f}"])
plots.table(rows, ["discriminator", "your R1 at the data", "the package's"])

# %% [markdown]
# At the data the slope is gone. At -2 it is not, and the discriminator is as sure of the samples as before, or surer: $R_1$ is asked at
# the data only, so it does not cure what lecture 10 calls falling behind. Then what is it good for? Think of a generator that
# has *arrived*: which way does each of these discriminators push a sample that lies at 2? And why leave the slope where the samples
# are? (What is their way home?)
#
# Of the linear discriminator, $\tfrac12\lVert w \rVert^2$ is weight decay, whatever the data are. For a deep network it is not. What
# does R1 see that weight decay does not? (Think of two layers, one doubled and the other halved, with rectifiers between.)

# %% [markdown]
# ## 11.2 · Three patients (25 minutes)
#
# Three GANs on the ring of eight Gaussians, brought in with 2,000 samples and the logs of their training
# (non-saturating). They were not trained: NumPy drew samples and logs, after what such trainings look like, so that
# they are the same everywhere. One has lost modes (`"collapsed"`). In one the discriminator is always right (`"discriminator won"`). One is `"healthy"`, as far as
# GANs are. Look at the *logs* alone first, the lower row, and write down what you think of each.

# %%
three = patients()
bedside(three)

# %% [markdown]
# Then count. Write `count(samples, centers, std)`: samples [n, 2], the centers of the modes [m, 2], and their standard
# deviation. A sample is near a mode within 3 standard deviations; a mode is found if at least 1 % of all samples are near
# it. (The lecture uses `metrics.modes` for this. Here you write it.)


# %%
def count(samples, centers, std):
    ### BEGIN SOLUTION
    # stub: return 0
    steps = samples[:, None] - centers  # [n, m, 2]
    near = np.linalg.norm(steps, axis=2) <= 3 * std
    return int((near.mean(axis=0) >= 0.01).sum())
    ### END SOLUTION


ring = data.toy("ring")
plots.table(
    [
        [name, f"{count(patient.samples, ring.modes, ring.std)}"]
        + [f"{log[-20:].mean():.2f}" for log in (patient.d_loss, patient.g_loss)]
        for name, patient in three.items()
    ],
    [
        "",
        "modes, by your count",
        "discriminator's loss, at the end",
        "generator's loss",
    ],
)

# %% [markdown]
# Write for each patient the number of modes and the word.

# %%
### BEGIN SOLUTION
# stub: diagnosis = {"A": (8, "healthy"), "B": (8, "healthy"), "C": (8, "healthy")}
diagnosis = {
    "A": (2, "collapsed"),
    "B": (0, "discriminator won"),
    "C": (8, "healthy"),
}
### END SOLUTION

# %% points=3
coursekit.check("11.2", (count, diagnosis))

# %% [markdown]
# Which one would you have sent home by the logs alone? A calm log at $\log 4$ and $\log 2$ says that this discriminator does not know
# what to say; it does not say why. Against the samples of the collapsed one, what would the *best* discriminator's $V$ be, if they
# were perfect in two of the eight modes? (Two densities; $q = 4p$ in a quarter of the ring's mass, and 0 in the rest.)
#
# An unchecked step: what would you prescribe each of the two? The lecture's section 2 has R1, averaging and equal rates. Play
# the game there with the discriminator's rate ten times the generator's, and with the other way round: which patient do you get?
