# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Deep InfoMax: which picture is this a part of?
#
# RotNet's puzzle ([lecture 3](03_rotnet.ipynb)) needs pictures that have an up. Gravel has none. This lecture sets another
# puzzle, and gravel can answer it, too. Here is a small part of a picture, and here are many pictures. Which picture is it a
# part of? Behind the puzzle stands a quantity, mutual information. This lecture says what it is, how to estimate it from
# samples, and how the estimate can deceive.
#
# **You will be able to**
#
# - compute mutual information from a table, and say what a nat of it means;
# - derive three estimators, and say which of them are bounds, and when;
# - build Deep InfoMax, whose code must know every part of its picture;
# - match codes to a prior by a game between two networks;
# - say on which pictures a pretext task will teach anything, and what a published 75.57 % shows.
#
# You need the Kullback-Leibler (KL) divergence of [lecture 0](00_start_here.ipynb), and probes from lecture 3. About 75 minutes
# to read and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": 60,000 pieces of clothing instead of 4,000, and longer training
seed = 0  # of everything random: data order, initial weights, draws

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from matplotlib import pyplot as plt
from coursekit import data, plots
from coursekit.metrics import probes
from coursekit.models import encoders, infomax, infomax_networks, rotnet
from coursekit.training import Model, progress

full = profile == "full"
rng = np.random.default_rng(seed)
load = lambda name: [data.load(name, split) for split in ("train", "test")]
digits, digits_test = load("digits")
clothes, clothes_test = wardrobe = load(
    "fashion_mnist" if full else "fashion_small"
)
patches, patches_test = album = load("photo_patches")
gray = lambda image: np.repeat(image.mean(-1, keepdims=True), 3, axis=-1)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Which picture is this a part of?
#
# Of which of four patches is this a piece? Below are three such questions, one in each row. On the left is a piece of 8 x 8
# pixels, enlarged four times. Beside it are four gray patches of photographs, 32 x 32 pixels each. The piece was cut out of one
# of the four.
#
# > **Predict.** Out of which patch was each piece cut? Write three letters into `mine`, in the cell after the figure.

# %% slideshow={"slide_type": "-"} tags=["figure"]
draws, rows, answers = np.random.default_rng(seed + 1), {}, []
for question in (1, 2, 3):
    kinds = draws.choice(12, 4, replace=False)
    four = [
        gray(patches_test.images[patches_test.labels == kind][question])
        for kind in kinds
    ]
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
# To answer, you compared the piece with each patch as a whole. You saw how coarse it is, how bright, and whether it has lines.
# You did not need to name anything, and nothing needed an up. What helped you is what the **parts of a picture have in
# common**.
#
# A network can learn to answer such questions. **Deep InfoMax** trains a network to tell from a code which parts belong to its
# picture (Hjelm et al., 2019). The network describes a whole picture by a code, a row of 64 numbers.
#
# So the code must "know" something of its picture. We first ask what that means, in numbers.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · How much does one know of the other?
#
# **Mutual information measures by how much one of two things lowers the surprise about the other.** Take two things that vary
# together: a picture $x$ and its code $y$. Lecture 0 called $-\log p(x)$ the surprise at $x$. If you have been told $y$, your
# surprise at $x$ is $-\log p(x \mid y)$. The difference is what $y$ has told you about $x$:
#
# $$-\log p(x) - \big(-\log p(x \mid y)\big) = \log \frac{p(x \mid y)}{p(x)} = \log \frac{p(x, y)}{p(x)\, p(y)} .$$
#
# The first step uses a rule of logarithms: a difference of logarithms is the logarithm of a ratio. The second step uses the
# definition of a conditional probability, $p(x \mid y) = p(x, y) / p(y)$. The **log-ratio** of a pair is the logarithm of
# $p(x, y)$ divided by $p(x)\, p(y)$. A single pair may have a negative log-ratio. Then $y$ has misled you.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The mutual information $I(X; Y)$ is the mean of the log-ratio over all pairs.** Its unit is the nat:
#
# $$I(X; Y) = \mathbb E_{p(x, y)} \log \frac{p(x, y)}{p(x)\,p(y)} = \mathrm{KL}\big(p(x, y) \,\Vert\, p(x)\,p(y)\big) .$$
#
# The sign $\mathbb E_{p(x, y)}$ is the mean over pairs that are drawn from $p(x, y)$. The second equality is the definition of
# the KL divergence. It compares two worlds. In the first world, $x$ and $y$ belong together. In the second world, each is drawn
# by itself.
#
# From lecture 0 we know two facts about a KL divergence. It is never negative, and it is 0 only if both distributions are
# equal. So $I = 0$ exactly if $x$ and $y$ have nothing to do with each other.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Gravel or grass? A code of one letter is right four times in five.** A picture shows gravel or grass, each half of the time.
# The letter is V for gravel and G for grass, and four times in five it is right. So the four pairs of picture and letter have
# the probabilities 0.4, 0.1, 0.1 and 0.4.
#
# If picture and letter had nothing to do with each other, each pair would have the probability $0.5 \cdot 0.5 = 0.25$. The mean
# of the log-ratio is therefore
#
# $$I = 2 \cdot 0.4 \log\frac{0.4}{0.25} + 2 \cdot 0.1 \log\frac{0.1}{0.25} .$$
#
# A letter that is always right tells $\log 2 = 0.69$ nats. That is one bit, the answer to one yes-or-no question whose answers are
# equally likely, and it is all there is to know.
#
# > **Predict.** The letter is right four times in five. How many of the 0.69 nats does it tell?
#
# The function `information` is the formula for any table. In it, `alone` holds the products $p(x)\, p(y)$.


# %% slideshow={"slide_type": "-"} tags=["central"]
def information(joint):
    """I(X; Y) in nats, of a table of the probabilities p(x, y)."""
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    used = joint > 0  # what never happens adds nothing to a mean
    return np.sum(joint[used] * np.log(joint[used] / alone[used]))


# %% [markdown] slideshow={"slide_type": "-"}
# Now let the letter be right more often or less often. The figure shows how much it tells each time. Look at 0.8, and then at
# the left end.

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
# A letter that is right four times in five tells 0.19 nats. By hand: $0.8 \log 1.6 = 0.376$ and $0.2 \log 0.4 = -0.183$, and
# the sum is 0.193. That is little more than a quarter of what there is to know.
#
# Now look at the left end of the curve. **A letter that is always wrong tells as much as one that is always right.** Mutual
# information does not ask whether a code is *right*. It asks whether one can conclude from one thing to the other.
#
# A code $y$ is computed from its picture $x$. **So a code cannot know more of the class $c$ than its picture.**
#
# 1. The difference $I(C; X) - I(C; Y)$ is the mean of
#    $\log \frac{p(c \mid x)}{p(c)} - \log \frac{p(c \mid y)}{p(c)} = \log \frac{p(c \mid x)}{p(c \mid y)}$.
# 2. Fix a picture $x$, and so its code $y$. Its class is drawn from $p(c \mid x)$. So the mean over $c$ is
#    $\mathrm{KL}\big(p(c \mid x) \,\Vert\, p(c \mid y)\big) \ge 0$.
#
# And of the picture itself? A code of real numbers, computed without noise, may know infinitely many nats of it. An estimate then
# says how much of this its scores can find.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Two kinds of pairs, and a network that scores them
#
# For pictures nobody knows the densities $p(x, y)$, $p(x)$ and $p(y)$. But we have samples. Take a batch of $n$ pictures $x_i$
# with their codes $y_i$. It has two kinds of pairs:
#
# - the $n$ pairs $(y_i, x_i)$ belong together: they are samples of $p(x, y)$, the first world;
# - the pairs $(y_i, x_j)$ with $i \ne j$ do not: they are samples of $p(x)\,p(y)$, the second world.
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

# %% [markdown] slideshow={"slide_type": "-"}
# We call $s_{ii}$ a code's **own** score, and $s_{ij}$ with $i \ne j$ a score of **others**. Think of all scores as a table,
# with a row for each code and a column for each picture. Then the own scores are the diagonal. If $T$ is good, the diagonal is
# high and the rest is low.
#
# **There are three ways to turn such a table into one number.** They are the next three sections. From now on $p$ is short for
# $p(x, y)$, and $q$ is short for $p(x)\, p(y)$. We shall see that the log-ratio $\log (p/q)$ is a best score for all three.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Donsker and Varadhan: a bound on the divergence
#
# **Donsker and Varadhan's estimate is the mean of the own scores, minus the logarithm of the mean of $e^s$ over the others.**
# If both means are exact, it is never more than $I$:
#
# $$I(X; Y) \ \ge\ \mathbb E_p[T] - \log \mathbb E_q[e^{T}] .$$
#
# This holds for every score network $T$. The proof compares $p$ with a density that we make from $q$ and $T$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Proof: make a density from $q$ and $T$, and use that no KL divergence is negative.**
#
# 1. Write $Z = \mathbb E_q[e^T]$, and let $r = q\, e^T / Z$. This $r$ is a density. It is not negative, and its integral is
#    $\mathbb E_q[e^T] / Z = 1$.
# 2. No KL divergence is negative: $0 \le \mathrm{KL}(p \Vert r) = \mathbb E_p \log \frac{p}{r}$.
# 3. Insert $r$. The logarithm of a product is a sum of logarithms: $\log \frac pr = \log \frac pq - T + \log Z$.
# 4. Take the mean over $p$. The mean of $\log \frac pq$ is $I$, and $\log Z$ is a constant:
#    $0 \le I - \mathbb E_p[T] + \log Z$.
# 5. Bring the last two terms to the other side. That is the bound.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The bound is exact for the log-ratio, and for the log-ratio plus a constant, but for no other score.** The divergence in
# step 2 is 0 only if $r = p$, that is, if $e^T = Z\, p / q$. Take the logarithm: $T = \log \frac pq + \log Z$, and $\log Z$ is
# a constant.
#
# So **we train $T$ by making the estimate as large as possible**. The encoder, which makes the codes $y$, may do the same. The
# estimate lies below $I$ for every encoder. When it rises, at least so much information is certain.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Jensen-Shannon: is this pair own or other?
#
# **The second way makes a classifier of single pairs: is this pair own or other?** Show it own pairs and other pairs equally
# often. Let it say "own" with the probability $D = 1 / (1 + e^{-s})$. The score $s$ is then its logit. The classifier is good
# if this value is large:
#
# $$J = \mathbb E_p[\log D] + \mathbb E_q[\log (1 - D)] = -\mathbb E_{\text{own}}[\mathrm{sp}(-s)] - \mathbb E_{\text{others}}[\mathrm{sp}(s)] .$$
#
# Here $\mathrm{sp}(s) = \log(1 + e^{s})$ is the softplus function. The second form follows by inserting $D$:
# $\log D = -\log(1 + e^{-s}) = -\mathrm{sp}(-s)$, and $1 - D = 1 / (1 + e^{s})$, so $\log(1 - D) = -\mathrm{sp}(s)$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best classifier's logit is the log-ratio again.** We look at one pair by itself, and assume that $D$ may take any value
# there.
#
# 1. The pair adds $p \log D + q \log (1 - D)$ to $J$. Here $p$ and $q$ are the two densities at this pair.
# 2. At the largest value the derivative with respect to $D$ is zero: $\frac pD - \frac q{1 - D} = 0$.
# 3. Multiply by $D (1 - D)$ and solve for $D$: $D^* = \frac{p}{p + q}$.
# 4. The logit is the logarithm of $D^* / (1 - D^*) = p / q$. So the best score is $s^* = \log \frac pq$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The value that the best classifier reaches is a divergence, but another one than $I$.** Write $m = \frac12 (p + q)$ for the
# mixture of both worlds. Then $D^* = \frac{p}{2m}$ and $1 - D^* = \frac{q}{2m}$. Insert both into $J$, and take $\log \frac12$
# out of each logarithm:
#
# $$J^* = \mathbb E_p \log \frac{p}{2m} + \mathbb E_q \log \frac{q}{2m} = \mathrm{KL}(p \Vert m) + \mathrm{KL}(q \Vert m) - 2 \log 2 .$$
#
# Half of the sum of the two KL divergences is called the **Jensen-Shannon divergence** of $p$ and $q$, in short JSD. So
# $J^* = 2\, \mathrm{JSD} - 2 \log 2$. The JSD is 0 if the two worlds are equal. And it is at most $\log 2$, because $J^*$ is a
# sum of means of logarithms of probabilities, which is at most 0.
#
# Like $I$, the JSD tells dependent things from independent ones. **So $J$ can train $T$ and the encoder. But its value is no
# estimate of $I$ in nats.** The training is steady: no exponential of a score appears that could become huge. The softplus
# function grows only like $s$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · InfoNCE: which of N is it?
#
# **The third way shows a code $N$ candidates, its own picture and $N - 1$ others, and asks which is its own.** It is a
# classifier with $N$ classes, like RotNet with four. The answer is a softmax over the scores. So the log-probability of the
# right answer is $s_{\text{own}} - \log \sum e^{s}$, where the sum runs over all $N$ candidates.
#
# Who knows nothing gets $-\log N$. We add $\log N$, so that knowing nothing counts 0:
#
# $$\text{InfoNCE} = \log N + \mathbb E\Big[ s_{\text{own}} - \log \sum_{\text{own, others}} e^{s} \Big] .$$

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
        "own picture, own",
        "code $y$, T, other 1, softmax, loss",
        "others, dots",
        "other N-1",
    ],
)

# %% [markdown] slideshow={"slide_type": "-"}
# **InfoNCE has two ceilings: it is never more than $\log N$, and on average never more than $I$.** The first is easy. A
# log-probability is at most 0, so InfoNCE is at most $\log N$. The second needs two questions: which score is best, and what
# does it reach? (van den Oord et al., 2018)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best score is the log-ratio, once more.** Let $x_1, \dots, x_N$ be the candidates. One of them was drawn from
# $p(x \mid y)$, the others from $p(x)$. Before we look, each is the own one with the probability $1/N$.
#
# 1. By Bayes' rule, the probability that candidate $i$ is the own one is proportional to
#    $p(x_i \mid y) \prod_{j \ne i} p(x_j)$.
# 2. Divide by the product of *all* $p(x_j)$. It is the same for every $i$. So the probability is proportional to
#    $r_i = p(x_i \mid y) / p(x_i)$.
# 3. So the true probabilities are $r_i / \sum_j r_j$. That is a softmax of the scores $\log r_i$, and $\log r_i$ is the
#    log-ratio $\log \frac pq$.
# 4. A cross-entropy is smallest when the answer has the true probabilities (lecture 0). So with any other score, InfoNCE is at
#    most what $\log r$ gives.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **With the best score InfoNCE is $I$ minus a KL divergence, so it is at most $I$.** Insert $s = \log r$. Then $e^s = r$, and
# $\log N$ makes a mean of the sum:
#
# $$\text{InfoNCE} = \mathbb E \log r_{\text{own}} - \mathbb E \log \bar r, \qquad \bar r = \frac1N \sum_{i=1}^N r_i .$$
#
# 1. The first term is $I$, since $r_{\text{own}}$ is the ratio of a pair that belongs together.
# 2. For the second term, fix $y$. The mean $\bar r$ is the same for any order of the candidates. So $\mathbb E \log \bar r$ is the
#    same whether the own one comes first or at a random place. Take the random place. Then the candidates have the density
#    $\frac1N \sum_i p(x_i \mid y) \prod_{j \ne i} p(x_j)$.
# 3. Take the product of all $p(x_j)$ out of the sum. What is left is $\bar r$. So $\bar r$ is a ratio of two densities: of the
#    candidates as they are, and of $N$ candidates that are all drawn from $p(x)$.
# 4. The mean $\mathbb E$ is over the candidates as they are. So $\mathbb E \log \bar r$ is the KL divergence of the two
#    densities, and that is at least 0. This holds for each $y$, so also for the mean over all $y$.
#
# **The more candidates, the closer the best score comes to $I$.** With many candidates, $\bar r$ is a mean over many draws from
# $p(x)$, and $\mathbb E_{p(x)}[r] = \int p(x \mid y)\, dx = 1$. So $\log \bar r$ goes to 0. **That is what the batch is for:
# each picture is another's candidate.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Deep InfoMax lets a code choose among places.** It cuts each picture into a map of places. A code then chooses between one
# place of its own picture and *all* places of all others. With $n$ pictures that makes $N = 1 + (n - 1) \cdot \text{places}$
# candidates.
#
# The places of one picture are not drawn independently, as the proof assumed. So this local value is something to maximize, and
# not a proven bound.
#
# In the code, `others` is $\log \sum e^{s}$ over the others, and `logaddexp` adds the own score to that sum.


# %% slideshow={"slide_type": "-"} tags=["central"]
def infonce(scores):
    """scores[i, j, p]: of picture i's code and place p of picture j. In nats."""
    n, _, places = ops.shape(scores)
    own = ops.transpose(ops.diagonal(scores))  # [n, places]
    apart = ops.logical_not(ops.eye(n, dtype="bool"))[:, :, None]
    others = ops.logsumexp(ops.where(apart, scores, -1e9), axis=(1, 2))  # [n]
    N = ops.cast(1 + (n - 1) * places, "float32")
    return ops.log(N) + ops.mean(own - ops.logaddexp(own, others[:, None]))


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Where the answer is known
#
# We try the estimators on data whose mutual information we can compute. Let $x$ and $y$ be three numbers each, all standard
# normal. Each number of $y$ is correlated with the same number of $x$ by $\rho = 0.8$. The density of one such pair of numbers
# is
#
# $$p(x, y) = \frac{1}{2 \pi \sqrt{1 - \rho^2}} \exp\Big(-\frac{x^2 + y^2 - 2 \rho\, x y}{2 (1 - \rho^2)}\Big) .$$
#
# Divide it by $p(x)\, p(y) = \frac{1}{2 \pi} \exp\big(-\frac{x^2 + y^2}{2}\big)$, and take the logarithm. The root gives the
# first term of the log-ratio, and the difference of the two exponents the second:
#
# $$\log \frac{p(x, y)}{p(x)\,p(y)} = -\frac12 \log(1 - \rho^2) - \frac{\rho^2 (x^2 + y^2) - 2 \rho\, x y}{2 (1 - \rho^2)} .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Three such pairs of numbers carry 1.53 nats.** The information is the mean of the log-ratio over pairs that belong together.
# There $\mathbb E[x^2] = \mathbb E[y^2] = 1$ and $\mathbb E[xy] = \rho$. So the numerator of the fraction has the mean
# $\rho^2 (1 + 1) - 2 \rho \cdot \rho = 0$. What is left is $-\frac12 \log(1 - \rho^2)$. For $\rho = 0.8$ that is
# $-\frac12 \log 0.36 = 0.51$ nats, and three pairs carry $I = 1.53$.
#
# > **Predict.** With batches of four, can InfoNCE say 1.53? Can Donsker-Varadhan?
#
# In the code, `best_scores` is the log-ratio, so no network is trained. Its constants are $0.64 = \rho^2$, $1.6 = 2\rho$,
# $0.72 = 2(1 - \rho^2)$ and $0.6 = \sqrt{1 - \rho^2}$. We also give Donsker-Varadhan a wrong score, twice the log-ratio. In the
# figure, look first at the left end: which lines begin above the truth?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def best_scores(n):
    """log p(x, y) / p(x) p(y) of n draws of x with n draws of y: [n, n]."""
    x, noise = rng.standard_normal((2, n, 3))
    x, y = x[:, None], (0.8 * x + 0.6 * noise)[None]
    ratio = np.log(1 / 0.6) - (0.64 * (x**2 + y**2) - 1.6 * x * y) / 0.72
    return np.float32(ratio.sum(axis=-1))


names = ("InfoNCE", "Donsker-Varadhan", "Donsker-Varadhan, of twice the score")
dv, sizes = infomax.donsker_varadhan, 2 ** np.arange(2, 10)


def estimates(n):
    """Each estimator's mean over many batches of n."""
    draws = [best_scores(n) for _ in range(max(6, 1024 // n))]
    nce = [float(infonce(s[:, :, None])) for s in draws[: max(6, 128 // n)]]
    s = np.stack(draws, axis=-1)  # Donsker-Varadhan's is a mean over the last axis
    return np.mean(nce), float(dv(s)), float(dv(2 * s))


means = np.transpose([estimates(n) for n in sizes])
curves = dict(zip(names, means, strict=True))

# %% slideshow={"slide_type": "-"} tags=["figure"]
truth = -1.5 * np.log(1 - 0.64)
nce, dv_best, dv_wrong = means
plots.lines(
    sizes,
    curves | {"log N": np.where(sizes < 32, np.log(sizes), np.nan)},
    "What the estimators say of 1.53 nats",
    "InfoNCE rises to the truth from below, under log N; Donsker-Varadhan's start above it.",
    xlabel="N, pictures in a batch",
    ylabel="nats",
    marks={"the truth": truth},
    baselines=["log N"],
    log=("x",),
)
coursekit.expect("InfoNCE never exceeds log N", np.all(nce <= np.log(sizes)))
coursekit.expect("of 512 it is within 0.15 nats", abs(nce[-1] - truth) < 0.15)
claim = "of four, Donsker-Varadhan says more than the truth, of a wrong score still more"
wrong_says = dv_wrong[0] > max(dv_best[0], truth + 0.3)
coursekit.expect(claim, wrong_says and dv_best[0] > truth, best=dv_best[0])

# %% [markdown] slideshow={"slide_type": "-"}
# With batches of four, InfoNCE cannot say 1.53 nats. It is at most $\log 4 = 1.39$, however much there is to know, and here it
# says 0.8. With larger batches it comes near to the truth. (The lines are a little rough: each point is a mean over batches, and of
# 512 pictures there are only six.)
#
# **Donsker-Varadhan says 1.9 of four pictures, more than the truth, although its score is the best one.** How can a lower bound
# be too large? The bound holds for exact means. The mean of $e^s$ over the others is made of a few rare, huge values. A small
# batch misses most of them, so its mean is usually too small. The estimate subtracts the logarithm of this mean, so the
# estimate is too large.
#
# **The wrong score makes it still worse: of four pictures it says 2.3.** With exact means it would say 0. Let $s$ be the log-ratio.
#
# 1. The mean of the own scores is $\mathbb E_p[2s] = 2I = -3 \log(1 - \rho^2)$.
# 2. For one pair of numbers $q\, e^{2s} = p^2 / q$. This is $\frac{1}{1 - \rho^2}$ times another Gaussian density, so
#    $\mathbb E_q[e^{2s}] = (1 - \rho^2)^{-3}$ for three pairs. Its logarithm is also $2I$.
#
# Even 512 pictures say 0.5, since much of this mean comes from pairs that are rarer still. A training on very small batches would
# reward this score. InfoNCE cannot be fooled in this way. Its ceiling $\log N$ holds in every batch, and its ceiling $I$ holds on
# average.
#
# > **Try it.** Correlate by 0.99 instead ($I = 5.9$ nats). How large a batch does InfoNCE ask for?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Deep InfoMax, typed
#
# Deep InfoMax maximizes InfoNCE between a picture's code and the places of its map. The encoder is lecture 3's network. Its
# layers are `conv1` → `conv2` → `conv3` → `fc` → code. The second convolution, `conv2`, gives a **local map** of 8 x 8 places, and
# each place sees a part of the picture, 10 x 10 pixels. The code is **global**: it has seen the whole picture.
#
# A code $y$ has 64 numbers, and a place $x_p$ of the map has 32. To compare them, a small network $\varphi$ brings the code to
# $u = 64$ numbers, and another one, $\psi$, brings each place to as many. Their dot product is the score:
#
# $$T(y, x_p) = \varphi(y) \cdot \psi(x_p) \,/\, \sqrt{u} .$$
#
# It is large if both rows of numbers point in the same direction. The division by $\sqrt u$ keeps the scores near 1 at the
# start, because a sum of $u$ independent terms of size 1 has a size near $\sqrt u$.
#
# In the drawing, "conv" is `conv1` and `conv2`, and "dense" is all layers after them. Follow the code of $x$. It meets the places of
# its own picture above, and the places of another picture below.

# %% slideshow={"slide_type": "-"} tags=["figure"]
maps = "map of $x$", "map of other"
plots.flow(
    """
    $x$ -> [conv] -> {map of $x$} -> [psi] -> <same> -> <InfoNCE>
    map of $x$ -> [dense] -> {code of $x$} -> [phi]
    other image -> [conv 2] -> {map of other} -> [psi 2] -> <different>
    phi -> same
    phi -> different -> InfoNCE
    conv == conv 2
    """,
    "Deep InfoMax: does this place belong to this code?",
    rows=[
        "$x$, conv, map of $x$, psi, same",
        "dense, code of $x$, phi, InfoNCE",
        "other image, conv 2, map of other, psi 2, different",
    ],
    labels={"conv 2": "conv", "same": "score: high", "different": "score: low"}
    | {"psi": "$\\psi$", "psi 2": "$\\psi$", "phi": "$\\varphi$"},
    notes={"psi 2": "the same"} | dict.fromkeys(maps, "8 x 8 places"),
    pictures={"$x$": gravel, "other image": other},
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The package's `scorer` is one network that holds the encoder, $\varphi$ and $\psi$.** From $n$ images it computes
# `code_for_places`, which is $\varphi(y)$: $n$ rows of 64 numbers. And it computes `places`, which is $\psi(x_p)$: for each
# image 64 places of 64 numbers. Both $\varphi$ and $\psi$ are small networks of one hidden layer:

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(infomax_networks.projection)

# %% [markdown] slideshow={"slide_type": "subslide"}
# All scores together are a cube $s_{ijp}$: code $i$, picture $j$, place $p$. Its diagonal, $i = j$, holds each code's scores of
# its own places. The loss is minus InfoNCE of this cube. In the code, `einsum` computes all dot products at once: it sums over
# the 64 numbers, which it calls `u`. The paper calls this objective DIM(L), "L" for local.


# %% slideshow={"slide_type": "-"} tags=["central"]
class MyDIM(Model):
    def __init__(self, scorer):
        super().__init__()
        self.scorer = scorer  # from images to what is multiplied

    def scores(self, x, training=False):
        """T(code of image i, place p of image j): [n, n, places]."""
        both = self.scorer(x, training=training)
        codes, places = both["code_for_places"], both["places"]
        return ops.einsum("iu,jpu->ijp", codes, places) / codes.shape[-1] ** 0.5

    def train_on(self, x):
        known = lambda: infonce(self.scores(x, training=True))
        return {"information": -self.minimize(lambda: -known())}


# %% [markdown] slideshow={"slide_type": "subslide"}
# Deep InfoMax gets the patches of twelve photographs, 32 x 32 pixels each. **A patch's class is its photograph.** Training
# patches come from the left part of each photograph, test patches from the right.
#
# **One shortcut is removed beforehand: color.** With color, raw pixels alone tell half of the patches apart. So the network is
# shown gray patches of equal brightness and contrast. Of these, raw pixels tell only 14 % apart. Chance is 8 %, since there are
# twelve classes. (Both shares are in `data/results/bench_self_supervision.json`.)
#
# > **Predict.** What share will a linear probe with 10 labels a class get right after ten seconds of Deep InfoMax, without a
# > label? Write it into `guess`.
#
# The next cell has two helpers. `twins` builds the same network twice: one to train, and one to keep untrained for comparison.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
SIZES = {"channels": (16, 32, 64), "width": 128}


def twins(build, *shape, number=0, **settings):
    """Two models with the same initial weights: one to train, one to keep."""
    both = []
    for _ in range(2):
        keras.utils.set_random_seed(seed + number)
        both.append(build(*shape, **SIZES, seed=seed + number, **settings))
    return both


def fit(model, x, epochs, batch=32):
    steps = epochs * (len(x) // batch)
    falling = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    model.compile(keras.optimizers.Adam(falling))
    settings = {"batch_size": batch, "epochs": epochs, "verbose": 0}
    return model.fit(x, **settings, callbacks=progress()).history


# %% [markdown] slideshow={"slide_type": "-"}
# Now we train, and score six test patches before and after. `mine` holds the scorer of `dim`, so training `mine` trains `dim`. In
# the sheets below, a row is the code of one patch, and a column holds the 8 x 8 places of one patch. Dark is a high score. Look
# whether the diagonal becomes dark.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.4
LOCAL = {"mi_units": 64, "gamma": 0.0}  # the local objective alone, small
dim, blind = twins(infomax.strided, (32, 32, 3), gray=True, **LOCAL)
mine = MyDIM(dim.scorer)
six = np.stack(
    [patches_test.images[patches_test.labels == k][1] for k in (0, 1, 3, 6, 9, 10)]
)
at_first = np.asarray(mine.scores(six))
history = fit(mine, patches.images, 30 if full else 3, batch=64)
at_last = np.asarray(mine.scores(six))


# %% slideshow={"slide_type": "subslide"} tags=["figure", "front"]
def sheet(scores):
    """[6, 6, 64] -> one picture: each column's patch, as each row's code scores it."""
    edge = ((0, 0), (0, 0), (1, 0), (1, 0))
    maps = np.pad(scores.reshape(6, 6, 8, 8), edge, constant_values=scale[0])
    return maps.transpose(0, 2, 1, 3).reshape(54, 54)


alt = "Six patches of photographs."
shown = {"six patches": [gray(patch) for patch in six]}
plots.images(shown, "Whose code finds whose places?", alt, size=0.95)
scale = [bound(np.stack([at_first, at_last])) for bound in (np.min, np.max)]
plots.panels(
    [sheet(at_first), sheet(at_last)],
    ["before training", "after"],
    "Two sheets of 6 by 6 maps; after training those on the diagonal are dark.",
    size=3.4,
    range=scale,
    suptitle="Scores: code of patch (row), 8 x 8 places of patch (column)\n"
    f"one scale: white {scale[0]:.1f}, black {scale[1]:.1f}",
)
own = np.eye(6, dtype=bool)
higher = at_last[own].mean() - at_last[~own].mean()
coursekit.expect("own places score higher, by 1 on average", higher > 1, by=higher)

# %% [markdown] slideshow={"slide_type": "-"}
# Before the training no code knew its patch. Afterwards the maps on the diagonal are dark, at nearly every place. In the first row
# and in the fourth, some other patches score high, too.
#
# **A linear probe says whether this helps with the classes.** As in lecture 3, it is a linear classifier on the features of the
# dense layer `fc`, the layer before the code. It gets 10 labels of each photograph. The untrained twin is probed in the same
# way.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def scored(features, parts, probe=probes.linear):
    """10 labels a class, over 5 draws; of a list of pretrainings, over these."""
    labels = [part.labels for part in parts]
    compared = probes.compare({0: features}, *labels, per_class=(10,), probe=probe)
    return compared[0][10]


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def before_after(pairs, parts):
    """Accuracy at fc, 10 labels a class, of what was kept and of what was trained."""
    fc = lambda model: tuple(model.features(part.images, "fc") for part in parts)
    return [scored([fc(pair[which]) for pair in pairs], parts) for which in (1, 0)]


dims = [(dim, blind)]
for number in (1, 2) if full else ():  # three pretrainings
    dims.append(
        twins(infomax.strided, (32, 32, 3), number=number, gray=True, **LOCAL)
    )
    fit(MyDIM(dims[-1][0].scorer), patches.images, 30, batch=64)
untrained, reached = before_after(dims, album)

# %% [markdown] slideshow={"slide_type": "-"}
# In the figure, compare the two bars, and both with the dotted line of chance.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {"untrained": untrained.mean, "Deep InfoMax": reached.mean},
    "Which photograph is it from? A linear probe, 10 labels a class",
    "Two bars: the untrained network low, Deep InfoMax more than twice as high.",
    ylabel="share of test patches",
    guesses={"your guess": ("Deep InfoMax", guess)},
    marks={"chance": 1 / 12},
    baselines=["untrained"],
    size=(6.5, 3.6),
)
ahead = probes.difference(reached, untrained)
claim = "at fc, DIM is 30 points or more ahead of its untrained self"
coursekit.expect(claim, ahead.mean > 0.30, ahead=ahead.mean)

# %% [markdown] slideshow={"slide_type": "-"}
# After ten seconds without a label, a probe of Deep InfoMax's features gets 55 % of the test patches right. A probe of the
# untrained network gets 21 %.
#
# **Why does finding places teach the classes?** Think of the code as a note of 64 numbers that must help to find 64 places.
# What all places of brick have in common, "brick", helps 64 times. (It does not help against the few other patches of brick in the
# batch.) What happens at one place alone helps once. So the note holds what the places share, and drops the rest.
#
# > **Try it.** Build `dim` with `estimator="jsd"` or `"dv"`, and fit `dim` instead of `mine`. Which of the three learns from so
# > few pictures?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · The prior, and its discriminator
#
# **The paper's whole objective has three terms.** It maximizes
#
# $$\alpha\, \hat I(X; Y) + \beta\, \underset{\text{places } p}{\text{mean}}\ \hat I(X_p; Y) - \gamma\, \mathcal D(\text{codes} \,\Vert\, \text{uniform}).$$
#
# A hat marks an estimate. The first term is the global estimate, between the code and the whole picture. The second is the
# local one, between the code and each place. So far we had $\alpha = 0$, $\beta = 1$ and $\gamma = 0$.
#
# The third term is a divergence. It asks that the codes be spread evenly over the cube $[0, 1]^d$, where $d$ is the number of
# dimensions of a code. This even distribution is called the **prior**: what one assumes of codes before one has seen any. Even
# codes use the whole range of each number, and no number repeats what another one says.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A classifier measures whether codes are even.** We have samples of both, codes and uniform draws, and no densities. That is
# the situation of section 5, with the uniform density in place of $p$ and the codes' density in place of $q$. So we train a
# classifier of single points: is this a uniform draw, or a code? Such a classifier of real and made is called a
# **discriminator**.
#
# 1. The discriminator makes $J = \mathbb E_{\text{uniform}}[\log D] + \mathbb E_{\text{codes}}[\log(1 - D)]$ large.
# 2. By section 5, its best value is $J^* = 2\, \mathrm{JSD} - 2 \log 2$. Here the JSD is between the uniform density and the
#    codes' density.
# 3. The encoder wants the two to be alike. So it changes its codes such that the discriminator fails. If the codes are uniform,
#    the JSD is 0, and the best that the discriminator can say is $D = \frac12$ everywhere.

# %% [markdown] slideshow={"slide_type": "-"}
# Two networks that learn against each other in this way play a *game*. The encoder's loss in it is $-\log D$ of its codes: it is small
# if the discriminator takes them for uniform draws. "For a second reading", below, plays the game on digits. The drawing shows both
# tasks of the encoder. Follow the dashed arrows from right to left: the upper ones bring the code gradients from the discriminator,
# the lower ones from the score network.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    picture -> [encoder] -> {code} -> [D] -> <uniform or code?>
    (uniform draw) -> D
    code -> [T] -> <InfoNCE>
    picture -> T
    InfoNCE ~> T ~> code ~> encoder
    uniform or code? ~> D ~> code
    """,
    "Prior matching: the encoder serves two losses",
    labels={"D": "discriminator", "T": "score network"},
    pictures={"picture": digits.images[0, ..., 0]},
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · Each where its assumption holds
#
# Every pretext task makes an assumption about its pictures. RotNet assumes that **pictures have an up, and what tells it is
# what matters**. Deep InfoMax assumes that **what the parts of a picture share is what matters**.
#
# **To see the assumptions at work, exchange the data.** Give the patches to RotNet, and the clothes of lecture 3 to Deep
# InfoMax. Of the four runs, RotNet on clothes is not trained again: the course has its weights, from a longer training on more
# clothes.
#
# > **Predict.** Which of the four runs gains most over its own untrained network? And on which data will RotNet fail to
# > recognize the turns?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
as_dim = {"gray": True, "standardized": True}
strays = twins(rotnet.small, (32, 32, 3), augment=True, **as_dim)
shared = twins(infomax.strided, (28, 28, 1), standardized=False, **LOCAL)
fit(strays[0], patches.images, 30 if full else 3)
fit(shared[0], clothes.images, 10 if full else 3, batch=64)
turner = coursekit.pretrained("rotnet-fashion")
on_clothes = before_after([shared], wardrobe)
at_fc = {  # (untrained, trained)
    ("RotNet", "clothes"): before_after([(turner, shared[1])], wardrobe),
    ("RotNet", "patches"): before_after([strays], album),
    ("DIM", "clothes"): on_clothes,
    ("DIM", "patches"): (untrained, reached),
}
recognized = turner.rotation_accuracy(clothes_test.images)

# %% [markdown] slideshow={"slide_type": "-"}
# The table has a row for each run. First read the two columns "here": the share of right answers at `fc` before and after
# training. The last three columns are a record of longer comparisons, with three seeds (`tests/bench/self_supervision.py`).
# They say how many points each run gained at each layer. The number after ± is the spread between draws of the labels.

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
measured = coursekit.results("bench_self_supervision")["results"]
full_name = {"clothes": "fashion_small", "patches": "photo_patches"}
rows, gains = [], {}
for (method, name), (before, after) in at_fc.items():
    its = measured[f"{method.lower()} on {full_name[name]}"]["summary"]
    ahead = [its[f"ahead {layer}"] for layer in ("conv2", "conv3", "fc")]
    ahead = [f"{g['mean']:+.1f} ± {g['spread_draws']:.1f}" for g in ahead]
    here = f"{before.mean:.1%}", f"{after.mean:.1%}"
    rows.append([f"{method} on {name}", *here, *ahead])
    gains[method, name] = probes.difference(after, before).mean
claim = "on patches DIM gains twice what RotNet does, or more"
holds = gains["DIM", "patches"] > 2 * gains["RotNet", "patches"]
coursekit.expect(claim, holds, **{" on ".join(run): g for run, g in gains.items()})
astray = strays[0].rotation_accuracy(patches_test.images)
claim = "RotNet recognizes 15 points fewer turns of patches than of clothes"
coursekit.expect(claim, astray < recognized - 0.15, patches=astray)
print(f"turns recognized: clothes {recognized:.0%}, patches {astray:.0%}")
heads = ["10 labels a class", "here: fc, untrained", "here: fc, trained"]
heads += [f"record: points gained at {layer}" for layer in ("conv2", "conv3", "fc")]
plots.table(rows, heads)

# %% [markdown] slideshow={"slide_type": "-"}
# Deep InfoMax on patches gains most. By the record it gains 36 points at `fc`, and RotNet on patches gains 10.
#
# **On patches RotNet hardly learns its puzzle.** It recognizes 29 % of the turns, where chance is 25 %. Gravel has no up. But
# all places of a patch of gravel look like gravel, and **what they share is the class**.
#
# On clothes it is the other way round at `conv2` and `conv3`, the layers that are maps. **There RotNet gains about five points
# on clothes, and Deep InfoMax one or two.** What do the places of a boot share? Only that they are parts of something dark.
#
# What a table shows depends on the layer where one looks. At `fc` both methods gain on clothes: six or seven points by the record;
# here RotNet 9.9 and Deep InfoMax 4.4. A random dense layer loses information, and *any* training wins some of it back. That may
# also explain the 10 points of RotNet on patches at `fc`. It does not explain its gain at `conv3`, which we do not understand. **So
# report every layer.**
#
# What do we learn from the four runs? **A puzzle teaches what its answer depends on.** Ask what that is before you train.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 11 · What 75.57 % means
#
# **The paper prints 75.57 % for Deep InfoMax on CIFAR-10, and 75.39 % for the same encoder trained with all labels.** It looks
# as if learning without labels were better than learning with them. Here are four reasons why one may not conclude that.
#
# 1. **75.39 % is not what labels can do.** It is what they do for this small encoder of three convolutions, in the paper's
#    setting. The network of lecture 3's paper, trained with the same labels of the same pictures, gets 92.80 %.
# 2. **75.57 % was not reached without labels.** The classifier on the frozen features has a hidden layer. It was trained with
#    all 50,000 labels.
# 3. **More information need not mean better features.** DIM(G) maximizes the information of code and whole picture, and gets only
#    52.84 %. Think of a code that keeps every pixel: it has all the information, and it is no help to a linear probe. What counts
#    is *with what* the information is shared.
# 4. **It is one kind of picture.** Section 10 has shown clothes on which the same loss teaches the maps next to nothing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# Here are three things that the lecture can do without:
#
# - the prior's game, played on digits;
# - what the network still confuses;
# - what more patience brings.
#
# ### The prior's game, played
#
# We play the game of section 9 on digits of 14 x 14 pixels, with the global objective. **The codes have two numbers, so that
# one can see them in a square.** The weight $\gamma$ is a variable, so that one compilation serves both runs, with $\gamma = 0$
# and $\gamma = 1$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The encoder makes $-\log D$ of its codes small.** Why not $\log(1 - D)$, which stands in $J$? Both fall when $D$ grows. But
# they have different slopes. Let $s$ be the discriminator's logit at a code.
#
# 1. The term $\log(1 - D) = -\mathrm{sp}(s)$ has the slope $-D$, because the derivative of $\mathrm{sp}(s)$ is
#    $e^s / (1 + e^s) = D$. A code that is found out has $D$ near 0. So the slope is nearly 0, just where the encoder has most
#    to learn.
# 2. The term $-\log D = \mathrm{sp}(-s)$ has the slope $-(1 - D)$. Where $D$ is near 0, it is near $-1$.
#
# In the code the discriminator is called `adversary`, because it works against the encoder. The loss of the encoder is `pays`,
# which is $-\log D$. The loss of the discriminator is `caught`, which is $-J$.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def mlp(x, *widths):
    for width in widths[:-1]:
        x = layers.Dense(width, "relu")(x)
    return layers.Dense(widths[-1])(x)


class Square(Model):
    def __init__(self):
        super().__init__()
        x, z = keras.Input((196,)), keras.Input((2,))
        code = layers.Activation("sigmoid")(mlp(x, 64, 2))
        self.scorer = keras.Model(x, [code, mlp(code, 64, 16), mlp(x, 64, 16)])
        self.adversary = keras.Model(z, mlp(z, 64, 64, 1))
        self.gamma = keras.Variable(0.0, trainable=False)
        self.random = keras.random.SeedGenerator(seed)

    def game(self, code):
        """What the encoder pays for codes that are found out; what the adversary pays."""
        uniform = keras.random.uniform(ops.shape(code), seed=self.random)
        real, fake = (
            self.adversary(uniform),
            self.adversary(ops.stop_gradient(code)),
        )
        caught = ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
        return ops.mean(ops.softplus(-self.adversary(code))), caught


# %% slideshow={"slide_type": "-"} tags=["central"]
class Matched(Square):
    def train_on(self, x):
        def losses():
            code, of_code, of_image = self.scorer(x)
            scores = ops.matmul(of_code, ops.transpose(of_image)) / 16**0.5
            known, (pays, caught) = infonce(scores[:, :, None]), self.game(code)
            return (self.gamma * pays - known, known), caught

        (_, known), _ = self.minimize(losses, (self.scorer, self.adversary))
        return {"information": known}


# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** Without the prior ($\gamma = 0$), where in the square will the codes of 1,000 digits lie: on one spot, on
# > lines, or everywhere? And with it?
#
# The next cell trains twice from the same weights. In the figure, compare the edges of the two squares.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
keras.utils.set_random_seed(seed)
square, codes = Matched(), {}
adam = lambda rate: keras.optimizers.Adam(rate, beta_1=0.5)
square.compile(scorer=adam(1e-3), adversary=adam(3e-3), jit_compile=False)
start = square.get_weights()
small = lambda x: x.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
for gamma in (0.0, 1.0):
    square.set_weights(start)
    square.gamma.assign(gamma)
    square.fit(small(digits.images), batch_size=100, epochs=20, verbose=0)
    codes[f"γ = {gamma:g}"] = np.asarray(
        square.scorer(small(digits_test.images))[0]
    )


# %% slideshow={"slide_type": "-"} tags=["figure"]
def misplaced(codes):
    """The share of the codes that must move to another cell until 5 x 5 cells hold equally many."""
    counts = np.histogram2d(*codes.T, bins=5, range=[[0, 1], [0, 1]])[0]
    return np.abs(counts / len(codes) - 1 / 25).sum() / 2


def squares(codes, labels):
    figure, axes = plt.subplots(1, 2, figsize=(8.4, 4), layout="constrained")
    for axis, (name, at) in zip(axes, codes.items(), strict=True):
        dots = axis.scatter(*at.T, c=labels, cmap="tab10", s=7, vmin=-0.5, vmax=9.5)
        axis.set(title=f"{name}: {misplaced(at):.0%} misplaced", aspect="equal")
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="first number")
    axes[0].set_ylabel("second number")
    figure.colorbar(dots, ax=axes, ticks=range(10), label="digit")
    alt = "Codes of digits in a square: at its edges without the prior, a little more even with it."
    return plots.display(figure, alt)


squares(codes, digits_test.labels)
alone, evened = map(misplaced, codes.values())
even = np.mean([misplaced(rng.random((1000, 2))) for _ in range(20)])
claim = "the adversary evens the codes out; of uniform draws 5 to 7 % are misplaced"
coursekit.expect(claim, evened < 0.95 * alone and 0.05 < even < 0.07)

# %% [markdown] slideshow={"slide_type": "-"}
# Even without the prior ($\gamma = 0$) the codes fill most of the square, though mostly along its edges. Codes that must be
# told apart cannot sit on one spot, so InfoNCE has spread them.
#
# **To measure how evenly, divide the square into 25 cells.** Ask what share of the codes would have to move to another cell
# until all cells hold equally many. The figure calls these *misplaced*. Without the prior they are 23 %, with it 18 %. Of as
# many uniform draws, about 6 % are misplaced by chance. So the game, in its few seconds, goes a part of the way.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is still confused?
#
# For each pair of photographs, take patches of both and measure how similar their features are. The measure is the cosine of
# the angle between them. A class whose patches are similar to each other, and not to others, is easy to find. In the figure,
# dark is similar. Look at the diagonal first, and then at the darkest cells beside it.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def between(network):
    fc = encoders.activations(network, patches_test.images, "fc")
    return probes.class_similarity(fc, patches_test.labels)


alike = {"untrained": between(blind.encoder), "trained": between(dim.encoder)}

# %% slideshow={"slide_type": "-"} tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(10, 5.2), layout="constrained")
for axis, (name, cosines) in zip(axes, alike.items(), strict=True):
    shades = axis.imshow(cosines, vmin=-0.3, vmax=0.8)
    axis.set(title=name, xlabel="photograph", yticks=[])
    axis.set_xticks(range(12), patches.classes, rotation=90, fontsize=11)
    axis.grid(False)
axes[0].set_yticks(range(12), patches.classes, fontsize=11)
axes[0].set_ylabel("photograph")
figure.colorbar(shades, ax=axes, label="mean cosine, at fc")
plots.display(
    figure,
    "Two 12 by 12 matrices with the photographs' names: the first with a faint diagonal "
    "among blocks, the second with a dark one.",
)
gap = lambda m: np.diagonal(m).mean() - m[~np.eye(12, dtype=bool)].mean()
before, after = map(gap, alike.values())
claim = "after training a photograph is more like itself"
coursekit.expect(claim, after > 1.5 * before, before=before, after=after)

# %% [markdown] slideshow={"slide_type": "-"}
# Before training the diagonal hardly stands out. For most photographs, two of its patches are about as similar as patches of
# two photographs. After training it stands out for most. The darkest cells beside it say what is still confused: gravel with
# grass, then tissue with gravel, and flower with retina.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With more patience
#
# Deep InfoMax has been trained for longer, too, and these weights come with the course. `dim-photos` has seen these patches for
# a hundred epochs, with twice the channels. `dim-cifar10` has the paper's encoder and has seen the paper's data, CIFAR-10, for
# 50 epochs. In the table, compare the two columns of each row.

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
shipped = coursekit.pretrained("dim-photos")
fc = scored(
    (
        shipped.features(patches.images, "fc"),
        shipped.features(patches_test.images, "fc"),
    ),
    album,
)
rows = [["patches: fc, 10 labels a class", f"{reached.mean:.1%}", f"{fc.mean:.1%}"]]
for layer in ("conv3", "fc"):
    line = coursekit.results("dim-cifar10")["runs"][0]["timeline"][f"{layer}_100"]
    rows.append([f"CIFAR-10: {layer}, 100 labels a class"])
    rows[-1] += [f"untrained: {line[0]:.1%}", f"{line[-1]:.1%}"]
plots.table(rows, ("", "here, in seconds", "with patience"))

# %% [markdown] slideshow={"slide_type": "-"}
# With twice the channels and a hundred epochs, Deep InfoMax's features at `fc` gain ten points. But look *when* they come. The
# record of `dim-photos` has 52 % after one epoch, 62 % after twelve, and 64 % after a hundred. This puzzle soon has no more to
# teach about these pictures. On CIFAR-10 the training brings 20 points at `conv3` and 25 at `fc`.
#
# **Our numbers are lower than the paper's, and differ in more than patience.** There are three differences:
#
# - The probe is linear, and it has 100 labels of a class instead of 5,000.
# - The objective goes without the prior. In short trials of three epochs, the prior cost 1.7 points at `fc`
#   (`dim-ablation-prior` against `dim-ablation-plain`).
# - While it trains, a square of 20 x 20 pixels is hidden from the code, but not from the map. So the code has to know places
#   that it was not shown. The paper reports this as an extension. It changed little here (`dim-ablation-occluded`).
#
# > **Try it.** Run section 8 with `gray=False, standardized=False`. The estimate rises faster. Do the features?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/05_deep_infomax.ipynb), checked as you go:
#
# 1. **InfoNCE, in NumPy**: one that survives large scores, and the most that it can say.
# 2. **A chain of whispers**: what a second step can do to information.
# 3. **Nats from a classifier**: an estimate of the information from a logistic regression that saw more other pairs than own ones.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - **Mutual information** is the KL divergence of pairs that belong together from pairs that do not. It says how much one thing
#   lowers the surprise about the other.
# - **Donsker-Varadhan** bounds it if the means are exact. From small batches the estimate can exceed the truth.
# - **Jensen-Shannon** classifies single pairs. Its best logit is the log-ratio; its value is another divergence.
# - **InfoNCE** classifies among $N$ candidates. It never exceeds $\log N$, and on average it does not exceed the truth.
# - **Deep InfoMax** makes a code know every place of its picture: what the places share stays, the rest goes.
# - **A prior** on codes is matched by a game: a discriminator tells codes from uniform draws, and the encoder makes it fail.
#
# Since 2020 two newer kinds of pretext task have left both behind: contrastive methods, which compare two crops of a picture
# (InfoNCE again), and networks that fill in masked parts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | DIM(L), InfoNCE, on CIFAR-10, `fc`, hidden layer | 75.57 % (supervised 75.39 %, DIM(G) 52.84 %, the code 69.13 %) | "With more patience": 55.3 % by 50 epochs, no prior, a square hidden from the code, a linear probe of `conv3` and 100 labels a class |
# | the same with Jensen-Shannon | 73.62 % | not measured |
#
# - R. D. Hjelm et al.,
#   *[Learning Deep Representations by Mutual Information Estimation and Maximization](https://arxiv.org/abs/1808.06670)*, ICLR
#   2019.
# - A. van den Oord, Y. Li, O. Vinyals, *Representation Learning with Contrastive Predictive Coding*, 2018 (InfoNCE).
# - M. I. Belghazi et al., *Mutual Information Neural Estimation*, ICML 2018 (Donsker-Varadhan, trained).
# - The photographs and their licenses: `data.load("photo_patches", "train").terms`.
