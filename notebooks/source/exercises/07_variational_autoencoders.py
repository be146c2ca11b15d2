# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Variational autoencoders: exercises
#
# Two of them to [the lecture](../07_variational_autoencoders.ipynb). Write where it says
# `YOUR CODE HERE` and run the cell after it: the check looks at what you wrote and says what to look at next, as often as
# you like. Everything runs before you have written anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np
from coursekit import plots
from scipy import stats

# %% [markdown]
# ## 7.1 · Another prior, another posterior (25 minutes)
#
# The lecture's divergence is one from $\mathcal N(0, 1)$. Nothing forces this prior on you: if you know that thickness
# is about 3 and varies by 0.5, say so. Derive, for one dimension,
# $$\operatorname{KL}\bigl(\mathcal N(\mu, \sigma^2)\,\|\,\mathcal N(m, s^2)\bigr)
# = \mathbb E_{z \sim \mathcal N(\mu, \sigma^2)}\bigl[\log q(z) - \log p(z)\bigr],$$
# with nothing but $\mathbb E(z-\mu)^2 = \sigma^2$, and write `kl(mean, log_variance, m, s)`: codes [n, d] in, the
# divergence of each **whole code** out, [n], in nats. `m` and `s` (a standard deviation) are numbers or arrays [d].
#
# Then let the encoder answer with a *box* instead of a bell: $q$ is uniform from $c - h$ to $c + h$ in each dimension,
# and the prior is $\mathcal N(0, 1)$ again. Write `kl_box(center, half)` in the same way. Two integrals, both short.
#
# A bell can be made equal to the prior and then costs nothing. A box cannot. Which half-width $h$ is cheapest when
# $c = 0$? Guess first, then replace `best` by what you derive. You will understand what you pay for a posterior of the
# wrong family, even when it has nothing to say.

# %%
guess = 1.0


def kl(mean, log_variance, m, s):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(mean))
    squares = np.exp(log_variance) + (mean - m) ** 2
    each = np.log(s) - log_variance / 2 + squares / (2 * s**2) - 0.5
    return each.sum(axis=1)
    ### END SOLUTION


def kl_box(center, half):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(center))
    log_q = -np.log(2 * half)
    log_p = -0.5 * np.log(2 * np.pi) - (center**2 + half**2 / 3) / 2
    return (log_q - log_p).sum(axis=1)
    ### END SOLUTION


### BEGIN SOLUTION
# stub: best = guess
best = np.sqrt(3)  # the derivative -1/h + h/3 is 0
### END SOLUTION


# %% points=2
coursekit.check("7.1", (kl, kl_box, best))

# %% [markdown]
# A closed form should be compared with a Monte Carlo estimate before it is trusted. Below are three codes of two dimensions each, and
# the box over its half-width. Where could a wrong formula still hide, from three codes and one prior?


# %%
def monte_carlo(q, p, samples=20_000):
    z = q.rvs((samples, *np.shape(q.mean())), random_state=0)
    return (q.logpdf(z) - p.logpdf(z)).sum(axis=-1).mean(axis=0)


mean = np.array([[0.0, 0.0], [1.0, -2.0], [3.0, 3.0]])
log_variance = np.array([[0.0, 0.0], [-1.0, 1.0], [-1.4, -1.4]])
m, s = 3.0, 0.5
sampled = monte_carlo(stats.norm(mean, np.exp(log_variance / 2)), stats.norm(m, s))
plots.table(
    [
        [f"code {i + 1}", f"{mine:.2f}", f"{theirs:.2f}"]
        for i, (mine, theirs) in enumerate(
            zip(kl(mean, log_variance, m, s), sampled, strict=True)
        )
    ],
    ["", "your formula, nats", "20,000 samples, nats"],
)

# %%
halves = np.linspace(0.3, 4, 75)[:, None]
some = halves[::6]
sampled = monte_carlo(stats.uniform(-some, 2 * some), stats.norm(0, 1))
cheapest = kl_box(np.zeros((1, 1)), np.full((1, 1), best))[0]
plots.lines(
    None,
    {
        "your formula": (halves[:, 0], kl_box(0 * halves, halves)),
        "20,000 samples": (some[:, 0], sampled),
    },
    f"A box of half-width {best:.2f} costs {cheapest:.3f} nats; you guessed {guess:g}",
    "Divergence of a centered box from the prior over its half-width: steep below 1, lowest near 1.7, then rising.",
    xlabel="half-width of the box",
    ylabel="KL divergence, nats",
)

# %% [markdown]
# What is the variance of the cheapest box? So it has the prior's mean and the prior's variance, and still costs
# $\tfrac12\log\tfrac{\pi e}{6}$ nats a dimension. Fifty sleeping dimensions would cost nearly nine nats an image, which
# is more than many an improvement that papers report. And the other way about: a bell before a box-shaped *prior*. What
# is its divergence, for every bell? (No sampling needed; ask where the bell is and the box is not.)

# %% [markdown]
# ## 7.2 · The slope in the other number (15 minutes)
#
# The encoder answers with two numbers, and the lecture derives the slope of $\mathbb E_q[f(z)]$ in $\mu$ alone. Derive it
# in $\sigma$, in both ways, for $z = \mu + \sigma\epsilon$ with $\epsilon \sim \mathcal N(0, 1)$.
#
# Write `score(value, sigma, epsilon)`, the score function's estimate from $f(z)$, and `pathwise(slope, sigma, epsilon)`,
# that of reparameterization from $f'(z)$. `value`, `slope` and `epsilon` are samples [n]; return one estimate for each
# sample, [n]. (The first needs $\partial \log q / \partial \sigma$. The Gaussian has $\sigma$ in two places.)


# %%
def score(value, sigma, epsilon):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(value))
    return value * (epsilon**2 - 1) / sigma
    ### END SOLUTION


def pathwise(slope, sigma, epsilon):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(slope))
    return slope * epsilon
    ### END SOLUTION


# %% points=2
coursekit.check("7.2", (score, pathwise))

# %% [markdown]
# For $f(z) = -z^2$ the slope can be found by hand, since $\mathbb E z^2 = \mu^2 + \sigma^2$. Which number should both means
# come near, for $\mu = 1$ and $\sigma = 0.5$? Then give $f$ a large constant, as a reconstruction has one. Which of the two
# columns should not change?

# %%
mu, sigma = 1.0, 0.5
epsilon = np.random.default_rng(0).standard_normal(100_000)
z = mu + sigma * epsilon
rows = []
for constant in (0, -10, -100):
    for name, estimates in {
        "score function": score(constant - z**2, sigma, epsilon),
        "reparameterization": pathwise(-2 * z, sigma, epsilon),
    }.items():
        mean, deviation = estimates.mean(), estimates.std()
        rows.append([f"{constant} - z²", name, f"{mean:.2f}", f"{deviation:.2f}"])
plots.table(rows, ["f(z)", "estimate", "mean", "standard deviation"])

# %% [markdown]
# Both means are near $-2\sigma$, and the constant spoils the score function alone. Now an unchecked step: subtract
# `value.mean()` from `value` before you estimate. How much of the standard deviation is left in each row? And where do
# `score` and `pathwise` differ if $f$ is a step, 0 below 1 and 1 above? (What is its slope?)
