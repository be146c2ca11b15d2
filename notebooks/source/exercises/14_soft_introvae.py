# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Soft-IntroVAE: exercises
#
# Three of them to [the lecture](../14_soft_introvae.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the
# check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, metrics, plots, recipes

# %% [markdown]
# ## 14.1 · The soft threshold (15 minutes)
#
# In the encoder's loss a fake stands as $\tfrac1\alpha e^{\alpha E}$ with $E = -s\,(\beta_{\text{rec}} L_r + \beta_{\text{neg}} \mathrm{KL})$. The slope in $E$ is the
# **weight** with which the fake counts. Write `weight(error, kl, beta_rec, beta_neg, scale, alpha)`: errors and KLs [n] in, weights [n] out.
#
# Then put the threshold where you want it. Write `beta_for(nats, scale, alpha)`: the $\beta_{\text{neg}}$ with which a fake of so many nats, rebuilt without error, has
# exactly half the weight. Guess first: for portraits of 64x64x3 pixels, with $s = 1/12{,}288$ and $\alpha = 2$, is the $\beta_{\text{neg}}$ for 20 nats nearer to 10, 100 or 1,000?

# %%
guess = 10


def weight(error, kl, beta_rec, beta_neg, scale, alpha):
    ### BEGIN SOLUTION
    # stub: return np.ones(np.shape(kl))
    return np.exp(-alpha * scale * (beta_rec * error + beta_neg * kl))
    ### END SOLUTION


def beta_for(nats, scale, alpha):
    ### BEGIN SOLUTION
    # stub: return 1.0
    return np.log(2) / (alpha * scale * nats)
    ### END SOLUTION


# %% points=2
coursekit.check("14.1", (weight, beta_for))

# %% [markdown]
# The same threshold, for pictures of three sizes.

# %%
sizes = {"ring (2)": 2, "digits (784)": 784, "portraits (12,288)": 12_288}
plots.bars(
    {name: beta_for(20, 1 / numbers, 2) for name, numbers in sizes.items()},
    f"The beta_neg for half the weight at 20 nats (you said: {guess})",
    "Three bars, of which the one of portraits is by far the highest.",
    ylabel="beta_neg",
    fmt="{:.3g}",
)

# %% [markdown]
# This is why the authors' $\beta_{\text{neg}}$ is 0.9 for points, 256 for small images and 1024 for large ones.

# %% [markdown]
# ## 14.2 · The encoder's best answer (20 minutes)
#
# A world of a few cells. The encoder chooses the ELBO $W$ of each cell, at most $\log p$, and maximizes $p_{\text{data}} W - p\,\tfrac1\alpha e^{\alpha W}$. Write
# `best_elbo(p_data, p, alpha)`, what it chooses where there are data: probabilities [n] in, ELBOs [n] out.
#
# The theorem needs a bound that is tight wherever there are fakes. Write `fails(p_data, p, alpha)`: True for each cell in which it is not tight. (Some cells may have no data.)


# %%
def best_elbo(p_data, p, alpha):
    ### BEGIN SOLUTION
    # stub: return np.log(p)
    return np.minimum(np.log(p), np.log(p_data / p) / alpha)
    ### END SOLUTION


def fails(p_data, p, alpha):
    ### BEGIN SOLUTION
    # stub: return np.zeros(np.shape(p), bool)
    return p ** (alpha + 1) > p_data
    ### END SOLUTION


# %% points=2
coursekit.check("14.2", (best_elbo, fails))

# %% [markdown]
# Ask it about a decoder that makes one thing far too often, for $\alpha$ from 0.25 to 8. Guess first: does a larger $\alpha$ make the encoder stricter or milder?

# %%
guess = "stricter"
alphas = 2.0 ** np.arange(-2, 4)
too_often = np.array(
    [best_elbo(np.array([0.05]), np.array([0.6]), a)[0] for a in alphas]
)
plots.lines(
    alphas,
    {"ELBO chosen": too_often},
    f"Data 5 %, fakes 60 % (you said: {guess})",
    "A curve that rises from low values to the bound's end.",
    xlabel="alpha",
    ylabel="W (nats)",
    marks={"the bound's end": np.log(0.6)},
    log=("x",),
)

# %% [markdown]
# A larger $\alpha$ is milder to a fake that is already expensive: its weight $e^{\alpha W}$ dies out sooner, so $W$ need not go so far down. And the condition $p^{\alpha + 1} \le p_{\text{data}}$ is met by more cells.

# %% [markdown]
# ## 14.3 · A divergence on a grid (20 minutes)
#
# The authors compare 5,000 points of the data with 5,000 samples by two histograms of *densities*, $r$ and $f$, with 100 rows and 100 columns:
# $$\frac{1}{\text{rows}} \sum_{\text{bins}} r\,\big(\log r - \log (f + 10^{-14})\big) .$$
# A bin without data counts nothing. Write `grid_kl(r, f)`.
#
# The sum has densities where a divergence has probabilities. If a bin has the area $a$, what is the same divergence in nats? (Leave the $10^{-14}$ aside.) Write `in_nats(kl, rows, area)`.


# %%
def grid_kl(r, f):
    ### BEGIN SOLUTION
    # stub: return 0.0
    some = r > 0
    return (r[some] * (np.log(r[some]) - np.log(f[some] + 1e-14))).sum() / len(r)
    ### END SOLUTION


def in_nats(kl, rows, area):
    ### BEGIN SOLUTION
    # stub: return kl
    return kl * rows * area
    ### END SOLUTION


# %% points=2
coursekit.check("14.3", (grid_kl, in_nats))

# %% [markdown]
# How large is it for perfect samples, that is, for other points of the same distribution? Guess for 5,000 points of each, then look.

# %%
guess = 0.0
ring = data.toy("narrow-ring")


def histogram(points):
    return np.histogram2d(*points.T, bins=100, range=[[-2, 2]] * 2, density=True)[0]


counts = [500, 1000, 2000, 5000, 10_000, 20_000]
floors = [
    grid_kl(histogram(ring.sample(n, 0)), histogram(ring.sample(n, 1)))
    for n in counts
]
plots.lines(
    counts,
    {"your grid_kl": floors},
    "Perfect samples do not reach 0",
    "A curve that falls as there are more points, and is above 0 everywhere.",
    xlabel="points of each",
    ylabel="divergence on the grid",
    guesses={"your guess": (5000, guess)},
    log=("x",),
)

# %% [markdown]
# It falls with the number of points and is above 0 everywhere: some bins have data and no sample, by chance, and each of these costs
# $\log 10^{14} = 32$ times its density. Two numbers on this scale can be compared if they were made from the same number of points. The model that ships:

# %%
model = recipes.pretrained("soft-introvae-ring")
floor = metrics.grid_floor(ring).kl
ours = grid_kl(histogram(ring.sample(5000, 1)), histogram(model.sample(5000, 1)))
print(f"Soft-IntroVAE: {ours:.1f}, or {in_nats(ours, 100, 0.04**2):.2f} nats")
print(f"perfect: {floor:.1f}, or {in_nats(floor, 100, 0.04**2):.2f} nats")
