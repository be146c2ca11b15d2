# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Mutual information: how much does one thing say about another?
#
# A piece of a picture says something about the whole picture. So does a label, and so does a code. **How can one measure how much one
# thing says about another, from examples alone?** The measure is called mutual information. This lecture derives three ways to
# estimate it from samples, and tries them where the answer is known.
#
# **You will be able to**
#
# - say what a nat is, and compute mutual information from a table by hand;
# - derive three estimators, each step by its rule;
# - say which of them are bounds, and when;
# - tell when an estimate from a small batch says too much.
#
# You need the Kullback-Leibler (KL) divergence and the softmax of [lecture 0](00_start_here.ipynb). About 60 minutes to read and play;
# a few seconds to run. No network is trained: the next lecture does that.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = (
    "quick"  # "full": more batches, so that the curves of section 7 are smoother
)
seed = 0  # of everything random: the questions, the samples

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import numpy as np
from matplotlib import pyplot as plt
from coursekit import data, plots
from coursekit.models import infomax
from scipy import special, stats

full = profile == "full"
rng = np.random.default_rng(seed)
patches = data.load("photo_patches", "train")
unseen = data.load("photo_patches", "test")
gray = lambda image: np.repeat(image.mean(-1, keepdims=True), 3, axis=-1)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Which picture is this a part of?
#
# RotNet's puzzle ([lecture 3](03_rotnet.ipynb)) asks which side of a picture is up. For a picture of gravel nobody can say. Here is a
# puzzle that works for gravel, too: of which of four patches is this a piece?
#
# Below are three such questions, one in each row. On the left is a piece of 8 x 8 pixels, enlarged four times. Beside it are four
# gray patches of photographs, 32 x 32 pixels each. The piece was cut out of one of the four.
#
# > **Predict.** Out of which patch was each piece cut? Write three letters into `mine`, in the cell after the figure.

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
draws, rows, answers = np.random.default_rng(seed + 1), {}, []
for question in (1, 2, 3):
    kinds = draws.choice(12, 4, replace=False)
    four = [gray(unseen.images[unseen.labels == kind][question]) for kind in kinds]
    own, (top, left) = draws.integers(4), draws.integers(2, 22, 2)
    piece = four[own][top : top + 8, left : left + 8]
    rows[f"question {question}"] = [np.kron(piece, np.ones((4, 4, 1))), *four]
    answers.append("ABCD"[own])
plots.images(
    rows,
    "A piece, and four patches",
    "Three rows: a coarse piece, and four gray patches of textures.",
    columns=["piece", "A", "B", "C", "D"],
    size=1.1,
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
mine = ["A", "A", "A"]
plots.table(
    [
        [question, said, answer, "right" if said == answer else "wrong"]
        for question, said, answer in zip((1, 2, 3), mine, answers, strict=True)
    ],
    ("question", "you said", "it is", ""),
)

# %% [markdown] slideshow={"slide_type": "-"}
# To answer, you compared the piece with each patch: how coarse it is, how bright, and whether it has lines. You did not need to name
# anything. What helped you is what the **parts of a picture have in common**.
#
# A network can learn to answer such questions, and [lecture 5](05_deep_infomax.ipynb) trains one. It describes a whole picture by
# a short row of numbers, its **code**. How much does a code say about its picture?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · How much does one know of the other?
#
# **Brick or grass?** A picture shows one of the two, each half of the time. Somebody has seen it and sends you one letter, B for brick
# and G for grass. Four times in five the letter is right. The letter is the smallest code there is. How much does it tell you?
#
# **A nat is a unit of surprise.** Lecture 0 called $-\log p$ the surprise at an event of probability $p$. With the natural
# logarithm, its unit is the nat. An event of probability $1/e = 0.37$ surprises by one nat.
#
# Before the letter comes, brick and grass have the probability 0.5 each. So the surprise at either is $-\log 0.5 = 0.69$ nats.
#
# Then the letter comes. The picture that it names now has the probability 0.8, and the other one 0.2. Compare the two bars at the
# right with the dotted line.

# %% slideshow={"slide_type": "-"} tags=["figure"]
surprise = {"no letter": 0.5, "a right letter": 0.8, "a wrong letter": 0.2}
plots.bars(
    {name: -np.log(p) for name, p in surprise.items()},
    "Surprise at the picture, with a letter and without",
    "Three bars: 0.69 without a letter, 0.22 with a right one, 1.61 with a wrong one.",
    ylabel="surprise, nats",
    marks={"before": np.log(2)},
    baselines=["no letter"],
    fmt="{:.2f}",
    size=(6.5, 3.2),
)

# %% [markdown] slideshow={"slide_type": "-"}
# A right letter lowers the surprise, from 0.69 to 0.22 nats. That is 0.47 less. A wrong letter has misled you: the surprise
# rises to 1.61, which is 0.92 more. But right letters are four times as frequent as wrong ones.
#
# > **Predict.** The letter is right four times in five. By how many of the 0.69 nats does it lower the surprise on average?
# > Write it as `guess` into the code below.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Mutual information measures by how much one of two things lowers the surprise about the other, on average.** Take two things that
# vary together: a picture $x$ and its code $y$. Your surprise at $x$ is $-\log p(x)$. If you have been told $y$, it is
# $-\log p(x \mid y)$. The difference is what $y$ has told you about $x$:
#
# $$-\log p(x) - \big(-\log p(x \mid y)\big) = \log \frac{p(x \mid y)}{p(x)} = \log \frac{p(x, y)}{p(x)\, p(y)} .$$
#
# The first step uses a rule of logarithms: a difference of logarithms is the logarithm of a ratio. The second step uses the
# definition of a conditional probability, $p(x \mid y) = p(x, y) / p(y)$.
#
# The **log-ratio** of a pair is the logarithm of $p(x, y)$ divided by $p(x)\, p(y)$. A single pair may have a negative
# log-ratio, like brick with the letter G. Then $y$ has misled you.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The mutual information $I(X; Y)$ is the mean of the log-ratio over all pairs.** Its unit is the nat, too:
#
# $$I(X; Y) = \mathbb E_{p(x, y)} \log \frac{p(x, y)}{p(x)\,p(y)} = \mathrm{KL}\big(p(x, y) \,\Vert\, p(x)\,p(y)\big) .$$
#
# The sign $\mathbb E_{p(x, y)}$ is the mean over pairs that are drawn from $p(x, y)$. The second equality is the definition of
# the KL divergence. It compares two worlds. In the first world, $x$ and $y$ belong together. In the second world, each is drawn
# by itself.
#
# A KL divergence is never negative, and it is 0 only if both distributions are equal (lecture 0). So $I = 0$ exactly if $x$ and $y$
# are independent. And the formula treats $x$ and $y$ alike: the code tells as much about the picture as the picture about the code.
#
# The function `information` is the formula for any table. In it, `alone` holds the products $p(x)\, p(y)$.


# %% slideshow={"slide_type": "-"} tags=["central"]
def information(joint):
    """I(X; Y) in nats, of a table of the probabilities p(x, y)."""
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    used = joint > 0  # what never happens adds nothing to a mean
    return np.sum(joint[used] * np.log(joint[used] / alone[used]))


# %% [markdown] slideshow={"slide_type": "subslide"}
# Back to the letter. The four pairs of picture and letter have the probabilities 0.4, 0.1, 0.1 and 0.4. Now let the letter be right
# more often or less often. The figure shows how much it tells each time, and your guess as a black bar. Look at 0.8, and then at the
# left end.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.5
table = lambda right: np.array([[right, 1 - right], [1 - right, right]]) / 2
rights = np.linspace(0, 1, 101)
told = [information(table(right)) for right in rights]
example = information(table(0.8))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    rights,
    {"information": told},
    f"A letter that is right four times in five tells {example:.2f} nats",
    "A curve in the form of a U: 0 in the middle, 0.69 at both ends.",
    xlabel="how often the letter is right",
    ylabel="mutual information, nats",
    marks={"log 2": np.log(2)},
    guesses={"your guess": (0.8, guess)},
    size=(7, 3.4),
)
coursekit.expect("four in five tell 0.19 nats", abs(example - 0.193) < 0.001)

# %% [markdown] slideshow={"slide_type": "-"}
# A letter that is right four times in five tells 0.19 nats. We check it by hand:
#
# 1. A right letter has the log-ratio $\log(0.4 / 0.25) = 0.470$. A wrong one has $\log(0.1 / 0.25) = -0.916$.
# 2. The mean is $0.8 \cdot 0.470 - 0.2 \cdot 0.916 = 0.193$.
#
# Now look at the left end of the curve. **A letter that is always wrong tells as much as one that is always right.** Mutual
# information does not ask whether a code is *right*. It asks whether one can conclude from one thing to the other.
#
# And a code that is computed from a picture cannot know more of the picture's class than the picture does. The proof is in "For a
# second reading".
#
# > **Try it.** Send one of *three* letters: B, G, or "I do not know". Write its table of 2 x 3 probabilities, and compute
# > `information`. Is it better to say that one does not know, or to guess?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Two kinds of pairs, and a network that scores them
#
# For pictures nobody knows the densities $p(x, y)$, $p(x)$ and $p(y)$. But we have samples. Take a batch of $n$ pictures $x_i$
# with their codes $y_i$. It has two kinds of pairs:
#
# - the $n$ **own** pairs $(y_i, x_i)$ belong together: they are samples of $p(x, y)$, the first world;
# - the **other** pairs $(y_i, x_j)$ with $i \ne j$ do not: they are samples of $p(x)\,p(y)$, the second world.
#
# A network $T$ gives each pair a score, $s_{ij} = T(y_i, x_j)$. It is called the **score network**. The drawing shows it at
# work on one pair of each kind.

# %% slideshow={"slide_type": "-"} tags=["figure"]
gravel, other = (gray(patches.images[patches.labels == k][0]) for k in (0, 3))
plots.flow(
    """
    $x_1$, $y_1$ -> [T] -> <own>
    $y_1$, $x_2$ -> [T 2] -> <others>
    T == T 2
    """,
    "Scores of two pairs: the code of picture 1 with picture 1, and with picture 2",
    labels={"T": "$T$", "T 2": "$T$"}
    | {"own": "$s_{11}$: own", "others": "$s_{12}$: other"},
    notes={"T 2": "the same"},
    rows=["$x_1$, T, own", "$y_1$", "$x_2$, T 2, others"],
    pictures={"$x_1$": gravel, "$x_2$": other},
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# All scores together are a table, with a row for each code and a column for each picture. The own scores $s_{ii}$ are its diagonal. The
# rest are the scores of others.
#
# **There are three ways to turn such a table into one number.** The figure shows the table three times, for four codes and four
# pictures. Look at what the black lines keep apart.


# %% slideshow={"slide_type": "-"} tags=["figure"]
def score_table(axis, way, diagonal, rest, lines):
    """Four codes and four pictures: what is asked of each score, and what is apart."""
    axis.imshow(np.eye(4), cmap="Blues", vmin=-0.15, vmax=2)
    for i, j in np.ndindex(4, 4):
        axis.text(j, i, diagonal if i == j else rest, ha="center", va="center")
    axis.set(title=way, xlabel="picture", xticks=[], yticks=[])
    axis.grid(False)
    for line in lines:
        for edge in (0.5, 1.5, 2.5):
            line(axis, edge, color="black")


# %% slideshow={"slide_type": "-"} tags=["figure"]
figure, axes = plt.subplots(1, 3, figsize=(10, 3.7), layout="constrained")
across, down = plt.Axes.axhline, plt.Axes.axvline
score_table(axes[0], "two means", "$s$", "$e^s$", [])
score_table(axes[1], "each cell by itself", "own?", "own?", [across, down])
score_table(axes[2], "each row by itself", "which?", "", [across])
axes[0].set_ylabel("code")
alt = "Three tables of 4 by 4 cells with a dark diagonal: undivided, cells, rows."
plots.display(figure, alt)

# %% [markdown] slideshow={"slide_type": "-"}
# - **Donsker and Varadhan** (left) compare two means: of $s$ over the diagonal, and of $e^s$ over all the rest.
# - **Jensen-Shannon** (middle) asks of each cell by itself: is this an own pair?
# - **InfoNCE** (right) asks of each row: which of these pictures is the code's own?
#
# The next three sections take one of them each. In all three the best score will be the same: the log-ratio.
#
# From now on $p$ is short for $p(x, y)$, and $q$ is short for $p(x)\, p(y)$. So the log-ratio is $\log \frac pq$. The helper `split`
# takes a table of scores apart.


# %% slideshow={"slide_type": "-"} tags=["central"]
def split(scores):
    """Scores [n, n] -> the own ones [n], and those of others [n, n - 1]."""
    n = len(scores)
    return np.diagonal(scores), scores[~np.eye(n, dtype=bool)].reshape(n, n - 1)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Donsker and Varadhan: a bound on the divergence
#
# **Donsker and Varadhan's estimate is the mean of the own scores, minus the logarithm of the mean of $e^s$ over the others.**
#
# We call a mean *exact* if it is over all pairs that can be drawn, not only over a batch. With exact means the estimate is never more than
# $I$, for every score network $T$. (In the formula, $T$ stands for its score of a pair.)
#
# $$I(X; Y) \ \ge\ \mathbb E_p[T] - \log \mathbb E_q[e^{T}] .$$
#
# If all scores are 0, the right side is $0 - \log 1 = 0$. Now let all scores rise by 5. The first term rises by 5. So does the second,
# because $\log (e^5 \cdot \text{mean}) = 5 + \log \text{mean}$. The right side stays the same. What counts is by how much own scores are
# higher than others.


# %% slideshow={"slide_type": "-"} tags=["central"]
def donsker_varadhan(scores):
    own, others = split(scores)
    return own.mean() - np.log(np.exp(others).mean())


# %% [markdown] slideshow={"slide_type": "subslide"}
# **Proof: make a density from $q$ and $T$, and use that no KL divergence is negative.** We multiply $q$ by $e^T$. This makes pairs with
# a high score more frequent, and pairs with a low score less frequent.
#
# 1. Write $Z = \mathbb E_q[e^T]$, and let $u = q\, e^T / Z$. This $u$ is a density. It is not negative, and its integral is
#    $\frac1Z \int q\, e^T = \frac1Z\, \mathbb E_q[e^T] = 1$.
# 2. No KL divergence is negative: $0 \le \mathrm{KL}(p \Vert u) = \mathbb E_p \log \frac{p}{u}$.
# 3. Insert $u$. To divide by $e^T$ is to multiply by $e^{-T}$: $\frac pu = \frac pq \cdot e^{-T} \cdot Z$.
# 4. The logarithm of a product is a sum of logarithms: $\log \frac pu = \log \frac pq - T + \log Z$.
# 5. Take the mean over $p$. The mean of $\log \frac pq$ is $I$, by definition, and $\log Z$ is a constant:
#    $0 \le I - \mathbb E_p[T] + \log Z$.
# 6. Bring the last two terms to the other side. That is the bound.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The bound is exact for the log-ratio, and for the log-ratio plus a constant, but for no other score.**
#
# 1. The gap between the two sides is the divergence in step 2, $\mathrm{KL}(p \Vert u)$. It is 0 only if $u = p$.
# 2. Insert $u$: $q\, e^T / Z = p$. Multiply by $Z / q$: $e^T = Z\, p / q$.
# 3. Take the logarithm: $T = \log \frac pq + \log Z$. And $\log Z$ is a constant.
#
# So **we train $T$ by making the estimate as large as possible**. The encoder is the network that makes the codes $y$. It may be
# trained in the same way, because the bound holds for every encoder.
#
# All this is said of exact means. Section 7 shows what small batches do to them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Jensen-Shannon: is this pair own or other?
#
# **The second way makes a classifier of single pairs: is this pair own or other?** The classifier says "own" with the probability
# $D = 1 / (1 + e^{-s})$. So the score $s$ is its logit. Its value $J$ has two terms: the mean log-probability of "own" over own pairs,
# and that of "other" over other pairs.
#
# $$J = \mathbb E_p[\log D] + \mathbb E_q[\log (1 - D)]$$
#
# So $-J$ is the sum of two cross-entropies, and a good classifier has a large $J$.
#
# For the code we write $J$ with the softplus function, $\mathrm{sp}(s) = \log(1 + e^{s})$:
#
# 1. Insert $D$ into the first term: $\log D = -\log(1 + e^{-s}) = -\mathrm{sp}(-s)$.
# 2. For the second term, $1 - D = \frac{e^{-s}}{1 + e^{-s}} = \frac{1}{1 + e^{s}}$. So $\log(1 - D) = -\mathrm{sp}(s)$.


# %% slideshow={"slide_type": "-"} tags=["central"]
def softplus(s):
    return np.logaddexp(0, s)  # log(e^0 + e^s)


def jensen_shannon(scores):
    own, others = split(scores)
    return -softplus(-own).mean() - softplus(others).mean()


# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best classifier's logit is the log-ratio again.** We look at one pair by itself, and assume that $D$ may take any value
# there.
#
# 1. The pair adds $p \log D + q \log (1 - D)$ to $J$. Here $p$ and $q$ are the two densities at this pair.
# 2. At the largest value the derivative with respect to $D$ is zero: $\frac pD - \frac q{1 - D} = 0$. (It is the largest value,
#    because the second derivative, $-\frac p{D^2} - \frac q{(1 - D)^2}$, is negative.)
# 3. Multiply by $D (1 - D)$: $p\,(1 - D) = q\, D$. Solve for $D$: $D^* = \frac{p}{p + q}$.
# 4. Then $1 - D^* = \frac q{p + q}$, and $D^* / (1 - D^*) = p / q$.
# 5. The logit of a probability $D$ is $\log \frac D{1 - D}$. So the best score is $s^* = \log \frac pq$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The value that the best classifier reaches contains a divergence, but another one than $I$.** It is the Jensen-Shannon
# divergence of lecture 1, in short JSD. With the mixture $m = \frac12 (p + q)$ of both worlds,
#
# $$J^* = 2\, \mathrm{JSD} - 2 \log 2, \qquad \mathrm{JSD} = \tfrac12\, \mathrm{KL}(p \Vert m) + \tfrac12\, \mathrm{KL}(q \Vert m) .$$
#
# This is derived in "For a second reading". Like $I$, the JSD is 0 only if both worlds are equal. But it is never more than $\log 2$,
# however much there is to know. **So $J$ can train $T$ and the encoder, but its value is no estimate of $I$ in nats.**
#
# The training is steady: the softplus function grows only like $s$, so no exponential of a score can become huge.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · InfoNCE: which of N is it?
#
# NCE stands for *noise-contrastive estimation*: to learn by telling the right thing from others.
#
# **The third way shows a code $N$ candidates, its own picture and $N - 1$ others, and asks which is its own.** You did the same in
# section 1, with $N = 4$. The answer is a softmax over the $N$ scores. So the probability of the right answer is
# $e^{s_{\text{own}}} / \sum e^s$, where the sum runs over all candidates. The drawing shows one row of the table of scores.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    code $y$ -> [T] -> {own}, {other 1}, {dots}, {other N-1} -> [softmax] -> <loss>
    own picture -> T
    others -> T
    """,
    "InfoNCE: one code, N candidates, one of them its own",
    labels={"T": "$T$", "own": "$s_{own}$", "other 1": "$s_1$", "dots": "⋮"}
    | {
        "other N-1": "$s_{N-1}$",
        "loss": "log-probability of own",
        "others": "$N - 1$ others",
    },
    pictures={"own picture": gravel, "others": other},
    rows=[
        "code $y$",
        "own picture, own",
        "others, T, other 1, softmax, loss",
        "dots",
        "other N-1",
    ],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The logarithm of that probability is $s_{\text{own}} - \log \sum e^{s}$, by the rule for the logarithm of a ratio. Whoever knows
# nothing gives each candidate $1/N$, and gets $\log \frac1N = -\log N$. We add $\log N$, so that knowing nothing counts 0:
#
# $$\text{InfoNCE} = \log N + \mathbb E\Big[ s_{\text{own}} - \log \sum_{\text{own, others}} e^{s} \Big] .$$
#
# In a batch of $n$ pictures, each code chooses among all of them. So $N = n$.


# %% slideshow={"slide_type": "-"} tags=["central"]
def infonce(scores):
    own, _ = split(scores)
    return np.log(len(scores)) + np.mean(own - special.logsumexp(scores, axis=1))


# %% [markdown] slideshow={"slide_type": "-"}
# **InfoNCE is never more than $\log N$.**
#
# 1. A probability is at most 1, so its logarithm is at most 0.
# 2. The mean of numbers that are at most 0 is at most 0. Add $\log N$: InfoNCE is at most $\log N$.
#
# Your answers in section 1 have this ceiling, too. Even if all of them are right and certain, they show only $\log 4 = 1.39$ nats. To
# see more, one must ask among more patches.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best score is the log-ratio, once more.** Let $x_1, \dots, x_N$ be the candidates. One of them was drawn from
# $p(x \mid y)$, the others from $p(x)$. Before we look, each is equally likely to be the own one.
#
# 1. If candidate $i$ is the own one, the candidates have the density $p(x_i \mid y) \prod_{j \ne i} p(x_j)$.
# 2. By Bayes' rule, the probability that candidate $i$ is the own one is proportional to this density.
# 3. Divide by the product of *all* $p(x_j)$, which is the same for every $i$. What is left is $r_i = p(x_i \mid y) / p(x_i)$.
# 4. Probabilities sum to 1. So the true ones are $r_i / \sum_j r_j$.
# 5. Since $r_i = e^{\log r_i}$, that is a softmax of the scores $\log r_i$. And $\log r_i$ is the log-ratio, by the definition of a
#    conditional probability.
# 6. InfoNCE is $\log N$ minus a cross-entropy. A cross-entropy is smallest when the answer has the true probabilities (lecture 0).
#    So no other score makes InfoNCE larger.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **InfoNCE has a second ceiling: on average it is never more than $I$** (van den Oord et al., 2018).
#
# 1. Insert the best score, $s = \log r$. Then $e^s = r$.
# 2. Let $\bar r$ be the mean of the $N$ ratios. Their sum is $N \bar r$, and the logarithm of a product is a sum:
#    $\log \sum e^s = \log N + \log \bar r$.
# 3. The two $\log N$ cancel: InfoNCE $= \mathbb E \log r_{\text{own}} - \mathbb E \log \bar r$.
# 4. The first term is the mean log-ratio of own pairs. That is $I$.
# 5. The second term is a KL divergence, so it is at least 0. (Why it is one is shown in "For a second reading".) So the best score
#    gives at most $I$, and every other score gives no more than the best one.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The more candidates, the closer the best score comes to $I$.** Only one of the candidates is the own one. So among many, $\bar r$ is
# nearly the mean of $r$ over $p(x)$. This mean is 1, because the integral of a density is 1:
#
# $$\mathbb E_{p(x)}[r] = \int p(x)\, \frac{p(x \mid y)}{p(x)}\, dx = \int p(x \mid y)\, dx = 1 .$$
#
# So $\log \bar r$ goes to $\log 1 = 0$. **That is what the batch is for: each picture is another's candidate.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A table to check by hand.** Three codes score their own picture by 2, and all others by 0. What do the three estimators say?
#
# - Donsker-Varadhan: $2 - \log 1$, since $e^0 = 1$.
# - Jensen-Shannon: $-\log(1 + e^{-2}) - \log 2$.
# - InfoNCE: $\log 3 + 2 - \log(e^2 + 2)$.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
scores = 2.0 * np.eye(3)
estimators = {
    "Donsker-Varadhan": donsker_varadhan,
    "Jensen-Shannon": jensen_shannon,
    "InfoNCE": infonce,
}
said = {name: f"{estimate(scores):.3f}" for name, estimate in estimators.items()}
plots.table([said.values()], said)

# %% [markdown] slideshow={"slide_type": "-"}
# From the same table Donsker-Varadhan says 2 nats. InfoNCE says 0.859, and with three codes it cannot say more than
# $\log 3 = 1.10$. Jensen-Shannon says $-0.820$, but that is the value of a classifier, not an amount of information.
#
# > **Try it.** Replace 2 by 5 and by 50. Which of the three stop growing, and where? Then add 1000 to all nine scores. Which of the three
# > should not change? Does it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Where the answer is known
#
# We try the estimators where we can compute the mutual information. First comes the letter of section 2, which is right four times in
# five. There we can compute exact means, and $I = 0.193$.
#
# Each pair gets $a$ times its log-ratio as its score. For $a = 0$ the scores know nothing, for $a = 1$ they are best.
# For $a = 2$ they are too sure of themselves.
#
# > **Predict.** For $a = 1$ Donsker-Varadhan says 0.193. What does it say for $a = 2$? Write it as `guess`.
#
# For Jensen-Shannon we draw $\frac12 J + \log 2$. By section 5 that is the JSD for the best score. You may skip the code: it computes
# the exact means.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
joint, guess = table(0.8), 0.1
ratio = np.log(joint / 0.25)  # 0.25 = p(x) p(y), in every cell
grid = np.linspace(0, 3, 61)


def exact_dv(s):
    return np.sum(joint * s) - np.log(np.mean(np.exp(s)))


def exact_jsd(s):
    return np.log(2) - (np.sum(joint * softplus(-s)) + np.mean(softplus(s))) / 2


def exact_nce(s, N):
    named, not_named = s[0]  # scores of a picture that the letter names, or not
    k = np.arange(N)
    total = np.log(
        k * np.exp(named) + (N - 1 - k) * np.exp(not_named) + np.exp(s[0])[:, None]
    )
    wins = s[0][:, None] - total  # [own picture, k]
    return np.log(N) + [0.8, 0.2] @ wins @ stats.binom.pmf(k, N - 1, 0.5)


# %% slideshow={"slide_type": "-"} tags=["figure"]
exact = {
    "Donsker-Varadhan": [exact_dv(a * ratio) for a in grid],
    "InfoNCE, N = 16": [exact_nce(a * ratio, 16) for a in grid],
    "InfoNCE, N = 2": [exact_nce(a * ratio, 2) for a in grid],
    "Jensen-Shannon": [exact_jsd(a * ratio) for a in grid],
}
plots.lines(
    grid,
    exact,
    "A letter tells 0.193 nats: what the estimators say, with exact means",
    "Four curves, all highest at 1; only the highest touches 0.193.",
    xlabel="a: the score is a times the log-ratio",
    ylabel="nats",
    marks={"the truth": example},
    guesses={"your guess": (2, guess)},
)
best = {name: grid[np.argmax(values)] for name, values in exact.items()}
claim = "each is largest for the log-ratio itself"
coursekit.expect(claim, np.allclose(list(best.values()), 1), **best)
coursekit.expect(
    "Donsker-Varadhan reaches I", abs(exact_dv(ratio) - example) < 1e-9
)
coursekit.expect("InfoNCE does not", exact_nce(ratio, 16) < example)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.table(  # grid[20 * a] = a
    [
        [name, *(f"{at[20 * a]:.3f}" for a in (1, 2, 3))]
        for name, at in exact.items()
    ],
    ("nats", "a = 1", "a = 2", "a = 3"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Look at $a = 1$ first. **All four curves are largest there, for the log-ratio itself.** So each of them can train a score network.
# Only Donsker-Varadhan reaches 0.193, as section 4 has proved. InfoNCE comes to 0.181 with sixteen candidates, and to 0.096 with
# two. Jensen-Shannon is another divergence, and says 0.051.
#
# Now look to the right. For $a = 2$ Donsker-Varadhan's value falls to 0.078, and for $a = 3$ it is below 0. A score that is too sure of
# itself is punished, *if the means are exact*.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Now samples.** Let $x$ and $y$ be three numbers each, all standard normal. Each number of $y$ is correlated with the same number
# of $x$ by $\rho = 0.8$. The log-ratio of one such pair of numbers is
#
# $$\log \frac{p(x, y)}{p(x)\,p(y)} = -\frac12 \log(1 - \rho^2) - \frac{\rho^2 (x^2 + y^2) - 2 \rho\, x y}{2 (1 - \rho^2)} .$$
#
# Its mean over own pairs is the first term, $-\frac12 \log 0.36 = 0.51$ nats. (Both are derived in "For a second reading".) The three
# pairs of numbers are independent, so their log-ratios are added: $I = 3 \cdot 0.51 = 1.53$ nats.
#
# > **Predict.** With batches of four, can InfoNCE say 1.53? Can Donsker-Varadhan say more?
#
# In the code, `best_scores` computes the log-ratio. So no network is trained. We also try a wrong score: twice the log-ratio.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
rho = 0.8


def best_scores(n):
    """log p(x, y) / p(x) p(y) of n draws of x with n draws of y: [n, n]."""
    x, noise = rng.standard_normal((2, n, 3))
    left = 1 - rho**2  # of the variance of y, once x is known
    x, y = x[None], (rho * x + np.sqrt(left) * noise)[:, None]
    squares = rho**2 * (x**2 + y**2) - 2 * rho * x * y
    return (-np.log(left) / 2 - squares / (2 * left)).sum(axis=-1)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
names = (
    "InfoNCE",
    "InfoNCE, of twice the score",
    "Donsker-Varadhan",
    "Donsker-Varadhan, of twice the score",
)
sizes = 2 ** np.arange(2, 10)


def estimates(n):
    """Each estimator's mean over many batches of n."""
    draws = [best_scores(n) for _ in range(max(8192 // n, 256 if full else 64))]
    mean = lambda estimate, k: np.mean([estimate(k * s) for s in draws])
    return [mean(e, k) for e in (infonce, donsker_varadhan) for k in (1, 2)]


means = np.transpose([estimates(n) for n in sizes])
curves = dict(zip(names, means, strict=True))

# %% [markdown] slideshow={"slide_type": "subslide"}
# The gray line is InfoNCE's ceiling $\log N$, drawn up to 16. The dotted line is the truth. Look first at the left end: which lines
# begin above the truth?

# %% slideshow={"slide_type": "-"} tags=["figure"]
truth = -1.5 * np.log(1 - rho**2)
nce, nce_wrong, dv_best, dv_wrong = means
plots.lines(
    sizes,
    curves | {"log N": np.where(sizes < 32, np.log(sizes), np.nan)},
    "What the estimators say of 1.53 nats, from batches of samples",
    "InfoNCE rises to the truth from below, under log N, and lower for twice the score; Donsker-Varadhan's start above it.",
    xlabel="N, pictures in a batch",
    ylabel="nats",
    marks={"the truth": truth},
    baselines=["log N"],
    log=("x",),
)
coursekit.expect("InfoNCE never exceeds log N", np.all(nce <= np.log(sizes)))
coursekit.expect("of 512 it is within 0.15 nats", abs(nce[-1] - truth) < 0.15)
coursekit.expect("InfoNCE says less of twice the score", np.all(nce_wrong < nce))
claim = "of four, Donsker-Varadhan says more than the truth, of a wrong score still more"
wrong_says = dv_wrong[0] > max(dv_best[0], truth + 0.3)
coursekit.expect(claim, wrong_says and dv_best[0] > truth, best=dv_best[0])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.table(
    [
        [name, *(f"{value:.2f}" for value in values)]
        for name, values in curves.items()
    ],
    ("nats", *(f"N = {n}" for n in sizes)),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **From four pictures, Donsker-Varadhan says 1.98 nats, more than the truth, although its score is the best one** (green). How can a
# lower bound be too large? The bound holds for exact means.
#
# 1. The mean of $e^s$ over the others is made of a few rare, huge values.
# 2. A small batch misses most of them. So its mean is usually too small.
# 3. The estimate subtracts the logarithm of this mean. So the estimate is usually too large.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The wrong score makes it still worse: from four pictures it says 2.54** (pink). From 512 pictures it says only 0.4, and with exact
# means it would say 0 (derived in "For a second reading"). So exact means punish a score that is too sure of itself, and very small
# batches reward it. A training on such batches would learn to be too sure.
#
# **On average InfoNCE says too little, never too much** (blue). From four pictures it cannot say more than
# $\log 4 = 1.39$, and it says 0.85. With larger batches it comes near to the truth. The wrong score lowers it at every size (orange).

# %% [markdown] slideshow={"slide_type": "subslide"}
# **How do you tell that an estimate deceives?** Try larger batches.
#
# - If Donsker-Varadhan falls, the small batch said too much.
# - If InfoNCE is close to $\log N$, or still rises, there may be more to know.
#
# So how does one measure, from examples alone, how much one thing says about another? One trains a network to tell own pairs from
# others. **InfoNCE then gives a lower bound on average, and a low one if the batch is small. Donsker-Varadhan is to be trusted with large
# batches only. Jensen-Shannon trains steadily, and gives no nats.**
#
# > **Try it.** Set `rho = 0.99` instead ($I = 5.9$ nats). How large a batch does InfoNCE ask for?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# Here are five things that the lecture can do without:
#
# - a code knows no more of the class than its picture;
# - the value of the best Jensen-Shannon classifier;
# - why InfoNCE is at most $I$;
# - the log-ratio of correlated numbers;
# - why Donsker-Varadhan says 0 of twice the log-ratio, if the means are exact.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A code knows no more of the class than its picture
#
# Let $c$ be the class of a picture $x$, and let the code $y$ be computed from $x$.
#
# 1. The log-ratio of $c$ and $x$ is $\log \frac{p(c \mid x)}{p(c)}$, and that of $c$ and $y$ is $\log \frac{p(c \mid y)}{p(c)}$. A
#    difference of logarithms is the logarithm of a ratio. So $I(C; X) - I(C; Y)$ is the mean of $\log \frac{p(c \mid x)}{p(c \mid y)}$.
# 2. Fix a picture $x$. Then its code $y$ is fixed, too. Only the class is still random, and it is drawn from $p(c \mid x)$.
# 3. So the mean over $c$ is $\mathrm{KL}\big(p(c \mid x) \,\Vert\, p(c \mid y)\big)$, by the definition of the KL divergence, and that
#    is at least 0.
# 4. A mean over all $x$ of numbers that are at least 0 is at least 0. So $I(C; Y) \le I(C; X)$.
#
# How much does a code know of the picture itself? Let a code be a real number that is computed without noise. Each
# further decimal digit of it can say $\log 10 = 2.3$ nats more, and there is no last digit. So $I$ may be infinite. A bound from below
# is still of use: it says how much of the information a score network has found.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The value of the best Jensen-Shannon classifier
#
# The best classifier of section 5 is $D^* = \frac{p}{p + q}$. Write $m = \frac12 (p + q)$ for the mixture of both worlds.
#
# 1. Then $p + q = 2m$, so $D^* = \frac{p}{2m}$ and $1 - D^* = \frac{q}{2m}$. Insert both into $J$:
#    $J^* = \mathbb E_p \log \frac{p}{2m} + \mathbb E_q \log \frac{q}{2m}$.
# 2. The logarithm of a ratio is a difference: $\log \frac p{2m} = \log \frac pm - \log 2$. So each of the two means gives off a
#    $-\log 2$.
# 3. What is left are two KL divergences, by their definition: $J^* = \mathrm{KL}(p \Vert m) + \mathrm{KL}(q \Vert m) - 2 \log 2$. Half of
#    their sum is the JSD.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The JSD is 0 only if the two worlds are equal, and it is at most $\log 2$.**
#
# 1. If the JSD is 0, both KL divergences are 0, so $p = m = q$.
# 2. $J^*$ is a sum of means of logarithms of probabilities. These are never positive. So $2\, \mathrm{JSD} - 2 \log 2 \le 0$.
#
# The package has the three estimators, too, for tensors of Keras. Here is its Jensen-Shannon. In it, `together` are the own scores, and
# `apart` marks the others.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(infomax.jensen_shannon)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why InfoNCE is at most the information
#
# Section 6 has shown that InfoNCE of the best score is $I - \mathbb E \log \bar r$, where $\bar r$ is the mean of the $N$ ratios
# $r_i = p(x_i \mid y) / p(x_i)$. We show that $\mathbb E \log \bar r$ is a KL divergence.
#
# 1. Fix $y$. The mean $\bar r$ is the same for any order of the candidates. So $\mathbb E \log \bar r$ is the same whether the own one
#    comes first or at a random place. Take the random place.
# 2. Then the candidates have the density $f = \frac1N \sum_i p(x_i \mid y) \prod_{j \ne i} p(x_j)$: with the probability $1/N$ each
#    candidate is the own one.
# 3. Let $g = \prod_j p(x_j)$ be the density of $N$ candidates that are *all* drawn from $p(x)$. Take $g$ out of the sum. In term $i$ the
#    factor $p(x_i \mid y) / p(x_i)$ is left, and that is $r_i$. So $f = g \cdot \frac1N \sum_i r_i = g\, \bar r$.
# 4. Divide by $g$: $\bar r = f / g$, a ratio of two densities.
# 5. The mean $\mathbb E$ is over the candidates as they are, with the density $f$. So
#    $\mathbb E \log \bar r = \mathbb E_f \log \frac fg = \mathrm{KL}(f \Vert g)$, by definition, and that is at least 0.
# 6. This holds for each $y$, so also for the mean over all $y$.
#
# In words: InfoNCE gives away how well one can tell that there *is* an own one among the candidates. Among many candidates one
# can hardly tell.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The log-ratio of correlated numbers
#
# The density of one pair of standard normal numbers with the correlation $\rho$ is
#
# $$p(x, y) = \frac{1}{2 \pi \sqrt{1 - \rho^2}} \exp\Big(-\frac{x^2 + y^2 - 2 \rho\, x y}{2 (1 - \rho^2)}\Big) .$$
#
# 1. Divide it by $p(x)\, p(y) = \frac{1}{2 \pi} \exp\big(-\frac{x^2 + y^2}{2}\big)$, and take the logarithm. The root gives
#    $-\frac12 \log(1 - \rho^2)$. The exponents give their difference.
# 2. Bring both exponents to the denominator $2(1 - \rho^2)$. Then $x^2 + y^2$ has the factor $1 - (1 - \rho^2) = \rho^2$. That is the
#    formula of section 7.
# 3. Take the mean over own pairs. There $\mathbb E[x^2] = \mathbb E[y^2] = 1$ and $\mathbb E[xy] = \rho$. So the numerator of the
#    fraction has the mean $\rho^2 (1 + 1) - 2 \rho \cdot \rho = 0$, and $I = -\frac12 \log(1 - \rho^2)$ is left.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Twice the log-ratio, with exact means
#
# Let $s = \log \frac pq$ be the log-ratio of one of the three pairs of numbers, and $I_1 = -\frac12 \log (1 - \rho^2)$ its information.
#
# 1. **The first term.** The mean of the own scores is $\mathbb E_p[2s] = 2\, \mathbb E_p[s] = 2 I_1$.
# 2. **The second term.** A mean over $q$ is an integral with $q$, and $e^{2s} = (p/q)^2$. So
#    $\mathbb E_q[e^{2s}] = \int q\, \frac{p^2}{q^2} = \int \frac{p^2}{q}$.
# 3. Insert both densities. Multiply the factors in front, and add the exponents:
#    $\frac{p^2}{q} = \frac{1}{2 \pi (1 - \rho^2)} \exp\Big(-\frac{(1 + \rho^2)(x^2 + y^2) - 4 \rho\, xy}{2 (1 - \rho^2)}\Big)$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The second term is the same as the first.** What is left is the integral of $p^2 / q$.
#
# 4. The exponent has the form $-\frac12 \big(a (x^2 + y^2) - 2 b\, x y\big)$, with $a = \frac{1 + \rho^2}{1 - \rho^2}$ and
#    $b = \frac{2 \rho}{1 - \rho^2}$. Turn the axes by 45°: with $u = \frac{x + y}{\sqrt 2}$ and $v = \frac{x - y}{\sqrt 2}$ it is
#    $-\frac12 \big((a - b)\, u^2 + (a + b)\, v^2\big)$.
# 5. An integral $\int e^{-c u^2 / 2} du$ is $\sqrt{2 \pi / c}$. So the integral over $u$ and $v$ is
#    $2 \pi / \sqrt{(a - b)(a + b)} = 2 \pi / \sqrt{a^2 - b^2}$.
# 6. Here $a^2 - b^2 = \frac{(1 + \rho^2)^2 - 4 \rho^2}{(1 - \rho^2)^2} = \frac{(1 - \rho^2)^2}{(1 - \rho^2)^2} = 1$. So
#    $\mathbb E_q[e^{2s}] = \frac{2 \pi}{2 \pi (1 - \rho^2)} = \frac{1}{1 - \rho^2}$, and its logarithm is
#    $-\log(1 - \rho^2) = 2 I_1$.
# 7. The difference of the two terms is $2 I_1 - 2 I_1 = 0$. Three independent pairs add their terms, and $3 \cdot 0 = 0$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/04_mutual_information.ipynb), checked as you go:
#
# 1. **A chain of whispers**: what a second step can do to information.
# 2. **Nats from a classifier**: an estimate of the information from a logistic regression that saw more other pairs than own ones.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - **Mutual information** is the mean log-ratio of own pairs. It says by how many nats one thing lowers the surprise at the other, and
#   it is 0 only if they are independent.
# - **All it takes is two kinds of pairs.** A batch has both: own pairs on the diagonal of the table of scores, and others beside it.
# - **Donsker-Varadhan** bounds it if the means are exact. From small batches the estimate can exceed the truth.
# - **Jensen-Shannon** classifies single pairs. Its best logit is the log-ratio; its value is another divergence.
# - **InfoNCE** classifies among $N$ candidates. It never exceeds $\log N$, and on average it does not exceed the truth.
#
# [Lecture 5](05_deep_infomax.ipynb) makes InfoNCE the loss of a network. Its code must know every place of its picture.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - M. D. Donsker, S. R. S. Varadhan, *Asymptotic evaluation of certain Markov process expectations for large time*, 1975 to 1983 (the bound).
# - M. I. Belghazi et al., *Mutual Information Neural Estimation*, ICML 2018 (Donsker-Varadhan, trained).
# - A. van den Oord, Y. Li, O. Vinyals, *Representation Learning with Contrastive Predictive Coding*, 2018 (InfoNCE).
# - B. Poole et al., *On Variational Bounds of Mutual Information*, ICML 2019 (which estimates are bounds, and how much they scatter).
# - R. D. Hjelm et al.,
#   *[Learning Deep Representations by Mutual Information Estimation and Maximization](https://arxiv.org/abs/1808.06670)*, ICLR
#   2019 (the three estimators, for pictures and codes).
# - The photographs and their licenses: `data.load("photo_patches", "train").terms`.
