# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Mutual information: exercises
#
# Two of them to [the lecture](../04_mutual_information.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the
# check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np
from sklearn.linear_model import LogisticRegression

from coursekit import plots

# %% [markdown]
# ## 4.1 · A chain of whispers (25 minutes)
#
# A code cannot know more of the class than the picture does. This exercise shows why, with tables. `joint` [a, b] holds the
# probabilities $p(x, y)$: $x$ has $a$ values, $y$ has $b$. Then $y$ is whispered on, and arrives as $z$, perhaps as another letter.
# `channel` [b, c] holds $p(z \mid y)$, a row for each $y$. What arrives depends on $y$ alone. Write
#
# - `through(joint, channel)`: the table [a, c] of the probabilities $p(x, z)$;
# - `lost(joint, channel)`: how many nats the whisper loses, $I(X; Y) - I(X; Z)$. Some pairs may never happen.
#
# `information` of the lecture is given.


# %%
def information(joint):
    """I(X; Y) in nats, of a table of the probabilities p(x, y)."""
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    used = joint > 0  # what never happens adds nothing to a mean
    return np.sum(joint[used] * np.log(joint[used] / alone[used]))


def through(joint, channel):
    ### BEGIN SOLUTION
    # stub: return joint
    return joint @ channel
    ### END SOLUTION


def lost(joint, channel):
    ### BEGIN SOLUTION
    # stub: return 0.0
    def nats(table):
        alone = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
        used = table > 0
        return np.sum(table[used] * np.log(table[used] / alone[used]))

    return nats(joint) - nats(joint @ channel)
    ### END SOLUTION


# %% points=2
coursekit.check("4.1", (through, lost))

# %% [markdown]
# Now a chain. One of ten words is whispered from ear to ear. Each listener hears right in nine cases of ten, and otherwise one of
# the other nine words.
#
# Guess first: after how many whispers is half of the information lost?

# %%
guess = 5
word = np.eye(10) / 10  # the first listener is told it right
whisper = np.full((10, 10), 0.1 / 9) + (0.9 - 0.1 / 9) * np.eye(10)
left, table = [], word
for _ in range(26):
    left.append(information(table))
    table = through(table, whisper)
plots.lines(
    np.arange(26),
    {"left": left},
    "A word of ten, whispered from ear to ear",
    "A curve that falls from 2.3 nats, at first steeply.",
    xlabel="whispers",
    ylabel="information about the first word, nats",
    marks={"half": np.log(10) / 2},
    guesses={"your guess": (guess, np.log(10) / 2)},
)

# %% [markdown]
# The curve never rises. That is the **data processing inequality**: a step that sees only $y$ cannot add what $y$ does not know of
# $x$. Which channels lose nothing? (Renaming the letters is one. Is merging two letters ever another?) A deep network is such a
# chain, and each of its layers can only lose. Why, then, is a probe of a deep layer better than one of the pixels?

# %% [markdown]
# ## 4.2 · Nats from a classifier (30 minutes)
#
# The value of the Jensen-Shannon classifier is no estimate of the information. But its best *logit* is the log-ratio, and the mean
# of the log-ratio over own pairs is the information. So a logistic regression can measure mutual information, if we give it the
# right features. Take the lecture's pairs: two standard normal numbers, correlated by $\rho$, with
#
# $$\log \frac{p(x, y)}{p(x)\,p(y)} = -\frac12 \log(1 - \rho^2) - \frac{\rho^2 (x^2 + y^2) - 2 \rho\, x y}{2 (1 - \rho^2)} .$$
#
# A logistic regression's logit is a constant plus a weighted sum of its features. Write `features(x, y)`: from two arrays [n], the
# features [n, k] of which the log-ratio *is* such a sum, for every $\rho$.
#
# Other pairs are cheap, so we may show the classifier more of them than own ones. Say it is trained on `own` own pairs and `others`
# other ones. Repeat the four steps of section 5 with these two weights,
# $\text{own} \cdot p \log D + \text{others} \cdot q \log (1 - D)$: what is the best logit now? Write `nats(logits, own, others)`:
# the information, from the logits of own pairs.


# %%
def features(x, y):
    ### BEGIN SOLUTION
    # stub: return np.stack([x, y], axis=1)
    return np.stack([x**2, y**2, x * y], axis=1)
    ### END SOLUTION


def nats(logits, own, others):
    ### BEGIN SOLUTION
    # stub: return np.mean(logits)
    return np.mean(logits) + np.log(others / own)
    ### END SOLUTION


# %% points=2
coursekit.check("4.2", (features, nats))


# %%
def measured(rho, others_per_own, n=4000):
    """The estimate for a correlation rho: trained on n own pairs, and so many times as many others."""
    rng = np.random.default_rng(0)
    x, noise = rng.standard_normal((2, n))
    y = rho * x + np.sqrt(1 - rho**2) * noise
    other_x, other_y = (
        rng.choice(x, n * others_per_own),
        rng.choice(y, n * others_per_own),
    )
    pairs = np.concatenate([features(x, y), features(other_x, other_y)])
    is_own = np.arange(len(pairs)) < n
    classifier = LogisticRegression(C=1e4, max_iter=1000).fit(pairs, is_own)
    return nats(classifier.decision_function(features(x, y)), n, n * others_per_own)


# %%
rhos = np.array([0.0, 0.3, 0.6, 0.8, 0.9])
plots.lines(
    rhos,
    {
        f"{k} others to an own pair": [measured(rho, k) for rho in rhos]
        for k in (1, 10)
    }
    | {"the truth": -np.log(1 - rhos**2) / 2},
    "Mutual information by logistic regression",
    "Solved, the three curves lie upon each other; before that, far apart.",
    xlabel="correlation",
    ylabel="nats",
    baselines=["the truth"],
)

# %% [markdown]
# No bound is involved, and no $\log N$ stands in the way. What *does* the estimate rest on? Give the classifier `x * y` alone and
# look at the curves again: is the estimate now too small or too large, and could you have told from the data? Why do Deep InfoMax's
# authors (lecture 5) not measure the information of a picture in this way?
