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
# A piece of a picture says something about the whole picture. A label does, and so does a code. How much? **How can one measure how
# much one thing says about another, from examples alone?** The quantity is called mutual information. This lecture says what it is.
# It derives three ways to estimate it from samples, and tries them where the answer is known. There we shall see how an estimate
# can deceive.
#
# **You will be able to**
#
# - say what a nat is, and compute mutual information from a table by hand;
# - derive three estimators, each step by its rule;
# - say which of them are bounds, and when;
# - tell when an estimate from a small batch says too much.
#
# You need the Kullback-Leibler (KL) divergence of [lecture 0](00_start_here.ipynb). [Lecture 3](03_rotnet.ipynb) is where the question
# comes from. About 65 minutes to read and play; a few seconds to run. No network is trained: the next lecture does that.

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
# RotNet's puzzle (lecture 3) needs pictures that have an up. Gravel has none. Here is another puzzle, and gravel can answer it, too:
# of which of four patches is this a piece?
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
# To answer, you compared the piece with each patch as a whole. You saw how coarse it is, how bright, and whether it has lines.
# You did not need to name anything, and nothing needed an up. What helped you is what the **parts of a picture have in
# common**.
#
# A network can learn to answer such questions, and [lecture 5](05_deep_infomax.ipynb) trains one. It describes a whole picture by
# a short row of numbers, its **code**. A good code "knows" much of its picture. We first ask what that means, in numbers.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · How much does one know of the other?
#
# **Brick or grass?** A picture shows one of the two, each half of the time. Somebody has seen it and sends you one letter, B for brick
# and G for grass. Four times in five the letter is right. The letter is the smallest code there is. How much does it tell you?
#
# **A nat is a unit of surprise.** Lecture 0 called $-\log p$ the surprise at an event of probability $p$. With the natural
# logarithm, its unit is the nat. An event of probability $1/e = 0.37$ surprises by one nat.
#
# Before the letter comes, brick and grass have the probability 0.5 each. So the surprise at either is $-\log 0.5 = 0.69$ nats. That
# is one bit, the answer to one yes-or-no question whose two answers are equally likely.
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
# From lecture 0 we know two facts about a KL divergence. It is never negative, and it is 0 only if both distributions are
# equal. So $I = 0$ exactly if $x$ and $y$ have nothing to do with each other. And the formula treats $x$ and $y$ alike: the code tells
# as much about the picture as the picture about the code.
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
# more often or less often. The figure shows how much it tells each time. Look at 0.8, and then at the left end.

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
# A letter that is right four times in five tells 0.19 nats. By hand: a right letter has the log-ratio $\log(0.4 / 0.25) = 0.470$, and
# a wrong one $\log(0.1 / 0.25) = -0.916$. The mean is $0.8 \cdot 0.470 - 0.2 \cdot 0.916 = 0.193$. That is little more than a
# quarter of what there is to know.
#
# Now look at the left end of the curve. **A letter that is always wrong tells as much as one that is always right.** Mutual
# information does not ask whether a code is *right*. It asks whether one can conclude from one thing to the other.
#
# > **Try it.** Send one of *three* letters: B, G, or "I do not know". Write its table of 2 x 3 probabilities, and compute
# > `information`. Is it better to say that one does not know, or to guess?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A code cannot know more of the class than its picture does.** Let $c$ be the class of a picture $x$, and let the code $y$ be
# computed from $x$.
#
# 1. The difference $I(C; X) - I(C; Y)$ is the mean of
#    $\log \frac{p(c \mid x)}{p(c)} - \log \frac{p(c \mid y)}{p(c)} = \log \frac{p(c \mid x)}{p(c \mid y)}$,
#    since a difference of logarithms is the logarithm of a ratio.
# 2. Fix a picture $x$. Then its code $y$ is fixed, too. Only the class is still random, and it is drawn from $p(c \mid x)$.
# 3. So the mean over $c$ is $\mathrm{KL}\big(p(c \mid x) \,\Vert\, p(c \mid y)\big)$, by the definition of the KL divergence, and that
#    is at least 0.
# 4. A mean over all $x$ of numbers that are at least 0 is at least 0.
#
# How much does a code know of the picture itself? Let a code be a real number that is computed from the picture without noise. Each
# further decimal digit of it can say $\log 10 = 2.3$ nats more about the picture, and there is no last digit. So such a code may know
# infinitely many nats. Then $I$ itself is of no use, and a bound from below still is: it says how much of this a network has found.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# We call $s_{ii}$ a code's **own** score, and $s_{ij}$ with $i \ne j$ a score of **others**. All scores together are a table,
# with a row for each code and a column for each picture. The own scores are its diagonal. If $T$ is good, the diagonal is
# high and the rest is low.
#
# **There are three ways to turn such a table into one number.** They are the next three sections. The figure shows what each of them does
# with a table of four codes and four pictures. Look at what is taken together in each.


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
# - **Donsker and Varadhan** compare two means: of $s$ over the diagonal, and of $e^s$ over all the rest.
# - **Jensen-Shannon** asks of each cell by itself: is this an own pair?
# - **InfoNCE** asks of each row: which of these pictures is the code's own?
#
# From now on $p$ is short for $p(x, y)$, and $q$ is short for $p(x)\, p(y)$. We shall see that the log-ratio $\log (p/q)$ is
# a best score for all three. The helper `split` takes a table apart.


# %% slideshow={"slide_type": "-"} tags=["central"]
def split(scores):
    """Scores [n, n] -> the own ones [n], and those of others [n, n - 1]."""
    n = len(scores)
    return np.diagonal(scores), scores[~np.eye(n, dtype=bool)].reshape(n, n - 1)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Donsker and Varadhan: a bound on the divergence
#
# **Donsker and Varadhan's estimate is the mean of the own scores, minus the logarithm of the mean of $e^s$ over the others.**
# If both means are exact, it is never more than $I$. (An exact mean is over all pairs that can be drawn, not just over a batch.)
#
# $$I(X; Y) \ \ge\ \mathbb E_p[T] - \log \mathbb E_q[e^{T}] .$$
#
# The inequality holds for every score network $T$. Two examples: if all scores are 0, the right side is $0 - \log 1 = 0$, which is never more
# than $I$. If all scores rise by 5, the first term rises by 5. So does the second, because $\log (e^5 \cdot \text{mean}) = 5 + \log \text{mean}$.
# So a constant does not count. What counts is by how much own scores are higher than others.


# %% slideshow={"slide_type": "-"} tags=["central"]
def donsker_varadhan(scores):
    own, others = split(scores)
    return own.mean() - np.log(np.exp(others).mean())


# %% [markdown] slideshow={"slide_type": "subslide"}
# **Proof: make a density from $q$ and $T$, and use that no KL divergence is negative.** The score $T$ tells which pairs of the second
# world to make more frequent. We multiply $q$ by $e^T$: pairs with a high score become frequent, pairs with a low score rare.
#
# 1. Write $Z = \mathbb E_q[e^T]$, and let $r = q\, e^T / Z$. This $r$ is a density. It is not negative, and its integral is
#    $\frac1Z \int q\, e^T = \frac1Z\, \mathbb E_q[e^T] = 1$.
# 2. No KL divergence is negative: $0 \le \mathrm{KL}(p \Vert r) = \mathbb E_p \log \frac{p}{r}$.
# 3. Insert $r$. The logarithm of a product is a sum of logarithms:
#    $\log \frac pr = \log \Big(\frac pq \cdot e^{-T} \cdot Z\Big) = \log \frac pq - T + \log Z$.
# 4. Take the mean over $p$. The mean of a sum is the sum of the means. The mean of $\log \frac pq$ is $I$, by definition, and
#    $\log Z$ is a constant: $0 \le I - \mathbb E_p[T] + \log Z$.
# 5. Bring the last two terms to the other side. That is the bound.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The bound is exact for the log-ratio, and for the log-ratio plus a constant, but for no other score.**
#
# 1. What the bound gives away is the divergence in step 2, $\mathrm{KL}(p \Vert r)$. It is 0 only if $r = p$.
# 2. Insert $r$: $q\, e^T / Z = p$. Multiply by $Z / q$: $e^T = Z\, p / q$.
# 3. Take the logarithm: $T = \log \frac pq + \log Z$. And $\log Z$ is a constant.
#
# So **we train $T$ by making the estimate as large as possible**. The encoder, which makes the codes $y$, may do the same. The
# estimate lies below $I$ for every encoder. So whatever value it reaches, there is at least so much information. (All this is said of
# exact means. Section 7 shows what small batches do to them.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Jensen-Shannon: is this pair own or other?
#
# **The second way makes a classifier of single pairs: is this pair own or other?** Let own pairs and other pairs count equally,
# each by its own mean. Let it say "own" with the probability $D = 1 / (1 + e^{-s})$. The score $s$ is then its logit. The classifier is good
# if this value is large:
#
# $$J = \mathbb E_p[\log D] + \mathbb E_q[\log (1 - D)] = -\mathbb E_p[\mathrm{sp}(-s)] - \mathbb E_q[\mathrm{sp}(s)] .$$
#
# The first term is the mean of its log-probability of "own" over own pairs, the second that of "other" over other pairs. So $-J$ is
# the sum of two cross-entropies. Here $\mathrm{sp}(s) = \log(1 + e^{s})$ is the softplus function. The second form follows by
# inserting $D$: $\log D = -\log(1 + e^{-s}) = -\mathrm{sp}(-s)$. And
# $1 - D = \frac{e^{-s}}{1 + e^{-s}} = \frac{1}{1 + e^{s}}$, so $\log(1 - D) = -\mathrm{sp}(s)$.


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
# 2. At the largest value the derivative with respect to $D$ is zero: $\frac pD - \frac q{1 - D} = 0$. (It is a largest value, because
#    both logarithms are concave.)
# 3. Multiply by $D (1 - D)$: $p\,(1 - D) = q\, D$. Solve for $D$: $D^* = \frac{p}{p + q}$.
# 4. Then $1 - D^* = \frac q{p + q}$, and $D^* / (1 - D^*) = p / q$.
# 5. The logit of a probability $D$ is $\log \frac D{1 - D}$. So the best score is $s^* = \log \frac pq$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The value that the best classifier reaches is a divergence, but another one than $I$.** Write $m = \frac12 (p + q)$ for the
# mixture of both worlds.
#
# 1. Then $p + q = 2m$, so $D^* = \frac{p}{2m}$ and $1 - D^* = \frac{q}{2m}$. Insert both into $J$:
#    $J^* = \mathbb E_p \log \frac{p}{2m} + \mathbb E_q \log \frac{q}{2m}$.
# 2. The logarithm of a ratio is a difference: $\log \frac p{2m} = \log \frac pm - \log 2$. So each of the two means gives off a
#    $-\log 2$.
# 3. What is left are two KL divergences, by their definition:
#
# $$J^* = \mathrm{KL}(p \Vert m) + \mathrm{KL}(q \Vert m) - 2 \log 2 .$$
#
# Half of the sum of the two KL divergences is called the **Jensen-Shannon divergence** of $p$ and $q$, in short JSD. So
# $J^* = 2\, \mathrm{JSD} - 2 \log 2$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The JSD is 0 if, and only if, the two worlds are equal, and it is at most $\log 2$.** If they are equal, $p = q = m$, and both KL divergences are 0. If it
# is 0, both KL divergences are 0, so $p = m = q$. It is at most $\log 2$ because
# $J^*$ is a sum of means of logarithms of probabilities. These are never positive, so $2\, \mathrm{JSD} - 2 \log 2 \le 0$.
#
# Like $I$, the JSD tells dependent things from independent ones. **So $J$ can train $T$ and the encoder. But its value is no
# estimate of $I$ in nats.** However much there is to know, the JSD is no more than $\log 2$. The training is steady: no exponential of a
# score appears that could become huge. The softplus function grows only like $s$.
#
# The package has the three estimators, too, for tensors of Keras, so that gradients flow through them. Here is its Jensen-Shannon. In it,
# `together` are the own scores, and `apart` marks the others.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(infomax.jensen_shannon)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · InfoNCE: which of N is it?
#
# NCE stands for *noise-contrastive estimation*: to learn by telling the right thing from others.
#
# **The third way shows a code $N$ candidates, its own picture and $N - 1$ others, and asks which is its own.** You did the same in
# section 1, with $N = 4$. It is a classifier with $N$ classes, like RotNet with four. The answer is a softmax over the scores. So
# its probability for the right answer is $e^{s_{\text{own}}} / \sum e^s$, where the sum runs over all $N$ candidates. The drawing shows
# one row of the table of scores.

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
# The logarithm of that probability is $s_{\text{own}} - \log \sum e^{s}$, by the rule for the logarithm of a ratio. Who knows nothing
# gives each candidate $1/N$, and gets $\log \frac1N = -\log N$. We add $\log N$, so that knowing nothing counts 0:
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
# 3. It comes near to $\log N$ only if each code gives its own picture nearly the whole probability.
#
# Your answers in section 1 have this ceiling, too. Even if all of them are right and given with certainty, they show $\log 4 = 1.39$
# nats, however much more a piece tells. To see more, one must ask among more patches.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best score is the log-ratio, once more.** Let $x_1, \dots, x_N$ be the candidates. One of them was drawn from
# $p(x \mid y)$, the others from $p(x)$. Before we look, each is the own one with the probability $1/N$.
#
# 1. By Bayes' rule, the probability that candidate $i$ is the own one is proportional to $\frac1N$ times the density of what we see if it is:
#    $p(x_i \mid y) \prod_{j \ne i} p(x_j)$.
# 2. Divide by the product of *all* $p(x_j)$, and drop $\frac1N$. Both are the same for every $i$, so the probability is still proportional
#    to what is left, $r_i = p(x_i \mid y) / p(x_i)$.
# 3. Probabilities sum to 1. So the true ones are $r_i / \sum_j r_j$.
# 4. Since $r_i = e^{\log r_i}$, that is a softmax of the scores $\log r_i$. And $\log r_i$ is the log-ratio $\log \frac pq$, by
#    the definition of a conditional probability.
# 5. A cross-entropy is smallest when the answer has the true probabilities (lecture 0). Minus the cross-entropy is what InfoNCE takes
#    the mean of. So with any other score InfoNCE is at most what $\log r$ gives.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **InfoNCE has a second ceiling: on average it is never more than $I$** (van den Oord et al., 2018). Insert the best score,
# $s = \log r$. Then $e^s = r$. A sum of $N$ terms is $N$ times their mean, so $\log N$ and the sum make
#
# $$\text{InfoNCE} = \mathbb E \log r_{\text{own}} - \mathbb E \log \bar r, \qquad \bar r = \frac1N \sum_{i=1}^N r_i .$$
#
# The first term is $I$: it is the mean log-ratio of pairs that belong together. The second term is a KL divergence, so it is at
# least 0. Hence InfoNCE is at most $I$. Why it is one is shown in "For a second reading".
#
# **The more candidates, the closer the best score comes to $I$.** With many candidates, $\bar r$ is a mean over many draws from
# $p(x)$. The exact mean is $\mathbb E_{p(x)}[r] = \int p(x)\, \frac{p(x \mid y)}{p(x)}\, dx = \int p(x \mid y)\, dx = 1$, the integral of a density. So
# $\log \bar r$ goes to $\log 1 = 0$. **That is what the batch is for: each picture is another's candidate.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A table to check by hand.** Three codes score their own picture by 2, and all others by 0. What do the three estimators say?
#
# - Donsker-Varadhan: $2 - \log 1$.
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
# From the same table Donsker-Varadhan says 2 nats. InfoNCE says 0.859, and no table of three codes lets it say more than
# $\log 3 = 1.10$. Jensen-Shannon says $-0.820$: this is no information at all, but the value of a classifier. (Who knows nothing
# has $-2 \log 2 = -1.39$.)
#
# > **Try it.** Replace 2 by 5 and by 50. Which of the three stop growing, and where? Then add 1000 to all nine scores. Which of the three
# > should not change? Does it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Where the answer is known
#
# We try the estimators where we can compute the mutual information. First comes the table of section 2: brick or grass, and a letter
# that is right four times in five. There all means are exact, and $I = 0.193$.
#
# Each pair gets $a$ times its log-ratio as its score. For $a = 0$ the scores know nothing, for $a = 1$ they are best.
# For $a = 2$ they are too sure of themselves.
#
# > **Predict.** Which of the three estimates reach 0.193 for the best score? And what will be left of Donsker-Varadhan's for $a = 2$?
#
# In the code, `exact_nce` goes through all possible candidates: of the $N - 1$ others, $k$ have the kind of picture that the letter names.
# For Jensen-Shannon we draw $\frac12 J + \log 2$, which is the JSD for the best score.


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
for a in (1, 2, 3):  # grid[20 * a] = a
    print(f"a = {a}:", {name: f"{at[20 * a]:.3f}" for name, at in exact.items()})

# %% [markdown] slideshow={"slide_type": "-"}
# Donsker-Varadhan alone reaches 0.193, as section 4 has proved. With sixteen candidates InfoNCE comes to 0.181, with two to half of
# the truth. Jensen-Shannon is another divergence, and says 0.051. **But all four are largest at the same place: for the log-ratio
# itself.** So each of them can train a score network.
#
# For $a = 2$ Donsker-Varadhan's value falls to 0.078, and for $a = 3$ it is below 0. A score that is too sure of itself is
# punished, *if the means are exact*.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Now samples.** Let $x$ and $y$ be three numbers each, all standard normal. Each number of $y$ is correlated with the same number
# of $x$ by $\rho = 0.8$. The density of one such pair of numbers is
#
# $$p(x, y) = \frac{1}{2 \pi \sqrt{1 - \rho^2}} \exp\Big(-\frac{x^2 + y^2 - 2 \rho\, x y}{2 (1 - \rho^2)}\Big) .$$
#
# Divide it by $p(x)\, p(y) = \frac{1}{2 \pi} \exp\big(-\frac{x^2 + y^2}{2}\big)$, and take the logarithm. The root gives the
# first term of the log-ratio, and the difference of the two exponents the second. For this difference bring both to the denominator
# $2(1 - \rho^2)$: then $x^2 + y^2$ has the factor $1 - (1 - \rho^2) = \rho^2$.
#
# $$\log \frac{p(x, y)}{p(x)\,p(y)} = -\frac12 \log(1 - \rho^2) - \frac{\rho^2 (x^2 + y^2) - 2 \rho\, x y}{2 (1 - \rho^2)} .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Three such pairs of numbers carry 1.53 nats.** The information is the mean of the log-ratio over pairs that belong together.
#
# 1. There $\mathbb E[x^2] = \mathbb E[y^2] = 1$ and $\mathbb E[xy] = \rho$. So the numerator of the fraction has the mean
#    $\rho^2 (1 + 1) - 2 \rho \cdot \rho = 0$.
# 2. What is left is $-\frac12 \log(1 - \rho^2)$. For $\rho = 0.8$ that is $-\frac12 \log 0.36 = 0.51$ nats.
# 3. The three pairs are independent. So their densities are multiplied, their log-ratios are added, and $I = 3 \cdot 0.51 = 1.53$.
#
# > **Predict.** With batches of four, can InfoNCE say 1.53? Can Donsker-Varadhan?
#
# In the code, `best_scores` is the log-ratio, so no network is trained. Its constants are $0.64 = \rho^2$, $1.6 = 2\rho$,
# $0.72 = 2(1 - \rho^2)$ and $0.6 = \sqrt{1 - \rho^2}$. We also give Donsker-Varadhan a wrong score, twice the log-ratio.


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
# In the figure, look first at the left end: which lines begin above the truth?

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
print({name: values.round(2).tolist() for name, values in curves.items()})
coursekit.expect("InfoNCE never exceeds log N", np.all(nce <= np.log(sizes)))
coursekit.expect("of 512 it is within 0.15 nats", abs(nce[-1] - truth) < 0.15)
coursekit.expect("InfoNCE says less of twice the score", np.all(nce_wrong < nce))
claim = "of four, Donsker-Varadhan says more than the truth, of a wrong score still more"
wrong_says = dv_wrong[0] > max(dv_best[0], truth + 0.3)
coursekit.expect(claim, wrong_says and dv_best[0] > truth, best=dv_best[0])

# %% [markdown] slideshow={"slide_type": "-"}
# With batches of four, InfoNCE cannot say 1.53 nats. It is at most $\log 4 = 1.39$, however much there is to know, and here it
# says 0.9. With larger batches it comes near to the truth. (The lines are a little rough, because each point is a mean over some batches.)
#
# **Donsker-Varadhan says about 2 of four pictures, more than the truth, although its score is the best one.** How can a lower bound
# be too large? The bound holds for exact means. The mean of $e^s$ over the others is made of a few rare, huge values. A small
# batch misses most of them, so its mean is usually too small. The estimate subtracts the logarithm of this mean, so it is usually too
# large. That this holds on average, for any score, is Jensen's rule: the logarithm is a curve that bends down, so the mean of the
# logarithms of batch means is less than the logarithm of the exact mean.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The wrong score makes it still worse: of four pictures it says 2.5.** With exact means it would say 0, as is derived in "For a second
# reading". Even 512 pictures say 0.4, since much of the mean of $e^{2s}$ comes from pairs that are rarer still. So the two figures
# of this section disagree: exact means punish the score that is too sure of itself, and very small batches reward it. A training on
# such batches would learn to be too sure.
#
# InfoNCE cannot be fooled in this way: of twice the score it says less than of the right one, in small batches, too. Its ceiling $\log N$
# holds in every batch, and its ceiling $I$ holds on average.
#
# So how does one measure, from examples alone, how much one thing says about another? One trains a network to tell own pairs from
# others. **InfoNCE then gives a lower bound on average, with any batch, and a low one if the batch is small. Donsker-Varadhan has no such
# ceiling, and is to be trusted with large batches only. Jensen-Shannon trains steadily, and gives no nats.**
#
# > **Try it.** Set `rho = 0.99` instead ($I = 5.9$ nats). How large a batch does InfoNCE ask for?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# Here are two proofs that the lecture can do without:
#
# - that InfoNCE is at most $I$;
# - that Donsker-Varadhan says 0 of twice the log-ratio, if the means are exact.
#
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
# - **Mutual information** is the mean log-ratio of pairs that belong together. It says how many nats of surprise at one thing are saved by
#   knowing the other, and it is 0 only if they have nothing to do with each other.
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
