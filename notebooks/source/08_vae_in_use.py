# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Variational autoencoders in use
#
# Lecture 7 has built a variational autoencoder (VAE), and a bound to train it on. What is a VAE good for, and how does one know that it is good?
# The bound answers a part of the second question. It is a number in nats, and such a number can mislead in three ways.
#
# **You will be able to**
#
# - see the gap between the bound and $\log p(x)$, and say what makes it wide;
# - derive and type a tighter bound;
# - name the three ways in which a number in nats misleads;
# - read an attribute of a face from its code, and draw it along an arrow;
# - repair faces drawn from the prior;
# - make and cure posterior collapse, in which a part of the code stays unused.
#
# You need [lecture 7](07_variational_autoencoders.ipynb). About 65 minutes to read and play; about a minute to run. The last section is for a second reading.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": networks are trained on 55,000 digits instead of 4,000
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from coursekit import data, plots
from coursekit.metrics import likelihood
from coursekit.models import vae
from coursekit.training import progress
from scipy import special, stats
from sklearn.linear_model import LogisticRegression, Ridge

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · What we have
#
# A VAE has two networks, an encoder and a decoder, and a prior over codes.
#
# Here is what this lecture needs of lecture 7:
#
# - A code $z$ is drawn from the **prior** $p(z) = \mathcal N(0, I)$. The **decoder** then gives the probability $p(x|z)$ of each image $x$.
# - The model's probability of an image is $p(x)$, the mean of $p(x|z)$ over all codes of the prior.
# - The **encoder** proposes codes for one image: a Gaussian $q(z|x)$ with mean $\mu$ and variance $\sigma^2$. A code is drawn from it as $z = \mu + \sigma\epsilon$.
# - The ELBO is a bound on $\log p(x)$ from below. It is the **reconstruction** $\mathbb E_q[\log p(x|z)]$ minus the **KL divergence** of $q(z|x)$ from the prior. The unit of all of them is the nat.
# - The posterior $p(z|x)$ is the right distribution of codes for this image. The gap says how far the proposal is from it:
#   $\log p(x) - \mathrm{ELBO} = \mathrm{KL}(q(z|x)\,\Vert\,p(z|x))$.
#
# In the drawing, find the two networks, the random draw, and the two terms.

# %% slideshow={"slide_type": "-"} tags=["figure"]
test = data.load("mnist" if full else "digits", "test")
x_test = likelihood.binarize(test.flat, "thresholded")
plots.flow(
    r"""
    $x$ -> [encoder] -> $\mu$, $\log \sigma^2$ -> {$z$} -> [decoder] -> $\hat x$
    ($\epsilon$) -> $z$
    $x$, $\hat x$ -> <reconstruction>
    $\mu$, $\log \sigma^2$ -> <KL>
    """,
    "A variational autoencoder: two networks, one random draw, two terms",
    pictures={"$x$": test.images[0, ..., 0]},
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three trained models come with the course, so nearly nothing has to be trained here:
#
# | name | it has learned | numbers in a code | what $p(x \vert z)$ is for a pixel |
# |---|---|---|---|
# | `vae-mnist-2d` | 55,000 digits; a pixel is ink if its gray value is above 0.5 | 2 | a coin: ink or paper |
# | `vae-mnist-50d` | 55,000 digits; a pixel is ink with its gray value as probability | 50 | a coin: ink or paper |
# | `vae-portraits` | 5,000 drawn faces in color | 20 | a Gaussian around the decoder's color |
#
# We measure the models on digits and faces that they have not learned.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The gap, drawn
#
# In a plane we can look at the posterior itself, and see where the encoder's proposal lies.
#
# Lecture 7 said that nobody can do the integral $p(x) = \int p(z)\,p(x|z)\,dz$. In two dimensions a sum can replace it.
# We cut the plane into $401 \times 401$ small squares. For each square we multiply $p(z)\,p(x|z)$ by its area, and we add up the products.
#
# The sum gives $\log p(x)$ nearly exactly. The terms of the sum give the posterior, because $p(z|x) = p(z)\,p(x|z) / p(x)$ by Bayes' rule.
#
# This works in the plane only. In fifty dimensions a grid with ten steps along each dimension has $10^{50}$ cells.
#
# > **Predict.** The bound is below $\log p(x)$ for every digit. Is the gap about equally wide for all of them, or very different?
#
# The figure sorts unseen digits by their gap. Compare the middle of the curve with its right end.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "about equal"
model = coursekit.pretrained("vae-mnist-2d")
few = x_test[:100] if not full else x_test[:200]
line = np.linspace(-4.5, 4.5, 401, dtype="float32")
rows = []
for up in line[::-1]:
    z = np.stack([line, np.full_like(line, up)], axis=1)
    logits = np.asarray(model.logits(z))
    ink = few @ logits.T - np.logaddexp(0, logits).sum(axis=1)
    rows.append(ink + stats.norm.logpdf(z).sum(axis=1))
joint = np.stack(rows, axis=1)  # log p(z) p(x|z): [digits, rows, columns]
log_p = special.logsumexp(joint, axis=(1, 2)) + 2 * np.log(line[1] - line[0])
bound = likelihood.elbo(few, lambda x, seed: model.elbo(x, samples=20, seed=seed))
gap = log_p - bound.each

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    np.arange(1, len(gap) + 1),
    {"gap": np.sort(gap)},
    f"The gap of {len(few)} unseen digits (you said: {guess})",
    "A curve near 0 for most digits, which climbs to many tens of nats at the right end.",
    xlabel="digits, sorted by their gap",
    ylabel="log p(x) - ELBO (nats)",
    marks={"mean": gap.mean(), "median": np.median(gap)},
    size=(7.5, 3.4),
)
coursekit.expect(
    "the gaps are very different: a fifth of the digits has more than half of the sum",
    np.sort(gap)[-len(gap) // 5 :].sum() > 0.5 * gap.sum(),
    mean=gap.mean(),
    median=np.median(gap),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The gaps are very different. For most digits the bound is a few nats too low, and for a few digits by many tens of nats. These few make the mean of the gaps much larger than the median.
#
# What is wrong with those few? We look at two digits, one with a narrow gap and the one with the widest.
#
# Beside each digit the next figure has a map of the plane of codes. The darker a place, the larger is $p(z)\,p(x|z)$, so the better this code fits the digit.
# Places that are 150 nats or more below the best one are white. The center of the cross is the encoder's $\mu$. Is it in the darkest place?

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
means = np.asarray(model.encode(few)[0])


def landscape(digit):
    """p(z) p(x|z) over the plane on a logarithmic scale, and a cross around the code."""
    height = np.clip(joint[digit] - joint[digit].max(), -150, 0) / 150
    picture = 0.8 * (1 + height)
    across, up = (int(np.argmin(abs(line - number))) for number in means[digit])
    row, arm = 400 - up, np.r_[-22:-7, 8:23]
    for thick in (-1, 0, 1):
        picture[np.clip(row + arm, 0, 400), np.clip(across + thick, 0, 400)] = 1
        picture[np.clip(row + thick, 0, 400), np.clip(across + arm, 0, 400)] = 1
    return picture


good, bad = np.argsort(gap)[[len(gap) // 4, -1]]

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.panels(
    [few[good], landscape(good), few[bad], landscape(bad)],
    [
        "a digit",
        f"its codes: gap {gap[good]:.1f} nats",
        "another",
        f"its codes: gap {gap[bad]:.0f} nats",
    ],
    "Two digits, each with the plane of codes. One cross surrounds the darkest place, the other lies elsewhere.",
    size=2.7,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The first $\mu$ lies in the darkest place, and the second does not. The second digit is improbable under the codes that the encoder proposes, although much better codes exist.
#
# The next figure shows the wrong places as digits, for the six widest gaps. The decoder draws the middle row from the encoder's $\mu$, and the lower row from the best code of the grid. Which row is more like the digits?

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
widest = np.argsort(gap)[:-7:-1]
peaks = [np.unravel_index(joint[i].argmax(), joint[i].shape) for i in widest]
best_codes = np.array([(line[column], line[400 - row]) for row, column in peaks])
plots.images(
    {
        "the digit": few[widest],
        "from the encoder's code": np.asarray(model.decode(means[widest])),
        "from the best code": np.asarray(model.decode(best_codes)),
    },
    "The six digits with the widest gaps",
    "Three rows: digits, other digits drawn from the encoder's codes, and drawings that are more like the digits.",
    columns=[f"{gap[i]:.0f} nats" for i in widest],
    size=0.95,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The decoder has a better code for each of these digits, and the encoder has not found it. Most drawings of the lower row are more like the digit. (More probable does not always mean nicer to our eyes: compare the fifth column.)
#
# **So the gap has two causes:**
#
# - **The shape.** The encoder can only propose a Gaussian with independent dimensions. The posterior has another shape, so some gap is left even at the right place. The first digit above has such a gap.
# - **The place.** One encoder answers for all images. For some digits that it was not trained on, mostly unusual ones, it points to a wrong place. This makes the wide gaps.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · How good, in nats
#
# A number in nats can mislead in three ways. We will meet each of them:
#
# 1. A bound may be far below $\log p(x)$.
# 2. Two numbers may belong to digits that were made black and white by different rules.
# 3. A good number does not promise good samples.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A tighter bound
#
# In fifty dimensions no grid helps, so we need a bound that more samples make tighter.
#
# Draw a code $z$ from the encoder's $q(z|x)$.
# The ratio $w = p(z)\,p(x|z)/q(z|x)$ is called an **importance weight** of the code $z$. In the mean over codes from $q$, the $q(z|x)$ cancels, so **the mean of $w$ is $p(x)$**:
#
# $$\mathbb E_q[w] = \int q(z|x)\, \frac{p(z)\,p(x|z)}{q(z|x)}\, dz = \int p(z)\,p(x|z)\, dz = p(x) .$$
#
# Burda et al. (2016) average $k$ weights *inside* the logarithm. Their bound is called IWAE, for importance-weighted autoencoder:
#
# $$\mathrm{IWAE}_k = \mathbb E\Big[\log \frac1k \sum_{i=1}^{k} w_i\Big], \qquad \mathrm{ELBO} = \mathrm{IWAE}_1 \le \mathrm{IWAE}_2 \le \dots \le \log p(x) .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each part of this line has its reason, and two of the three are Jensen's inequality of lecture 7: the logarithm of a mean is at least the mean of the logarithms.
#
# 1. **It is a bound.** Each weight has the mean $p(x)$, so their average has it, too. By Jensen's inequality $\mathbb E[\log \frac1k \sum_i w_i] \le \log \mathbb E[\frac1k \sum_i w_i] = \log p(x)$.
# 2. **With $k = 1$ it is the ELBO.** We split the logarithm: $\log w = \log p(x|z) - \log \frac{q(z|x)}{p(z)}$. The mean of the first term is the reconstruction, and the mean of the second is the KL divergence.
# 3. **It grows with $k$.** For two weights, Jensen's inequality says $\log \frac{w_1 + w_2}2 \ge \frac12 \log w_1 + \frac12 \log w_2$. Take the mean of both sides: on the left it is $\mathrm{IWAE}_2$, on the right $\mathrm{IWAE}_1$.
#
# The same works for larger $k$; section 6 shows it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **In code, the logarithm of a weight is a sum of three logarithms.** The weight itself is too small for a floating-point number, so we keep its logarithm. `logsumexp` adds the weights up without leaving the logarithms.
#
# In the cell, find $\log p(x|z)$, $\log p(z)$ and $\log q(z|x)$.


# %% slideshow={"slide_type": "-"} tags=["central"]
def log_normal(z, mean, log_variance):
    squares = (z - mean) ** 2 / np.exp(log_variance)
    return -0.5 * np.sum(squares + log_variance + np.log(2 * np.pi), axis=-1)


def log_weights(model, x, z):
    """log w of codes z [k, n, d] for images x [n, 784]: [k, n]."""
    mean, log_variance = (np.asarray(part) for part in model.encode(x))
    logits = np.asarray(model.logits(np.float32(z)), "float64")
    likelihoods = np.sum(x * logits - np.logaddexp(0, logits), axis=-1)
    return likelihoods + log_normal(z, 0, 0 * z) - log_normal(z, mean, log_variance)


def my_iwae(model, x, k):
    mean, log_variance = (np.asarray(part) for part in model.encode(x))
    z = mean + np.exp(0.5 * log_variance) * rng.standard_normal((k, *mean.shape))
    return special.logsumexp(log_weights(model, x, z), axis=0) - np.log(k)


# %% [markdown] slideshow={"slide_type": "subslide"}
# The package's method computes the same logarithm. The next cell compares our bound with the package's.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
mine = my_iwae(model, few, 50).mean()
package = likelihood.iwae(few, model.log_weights, k=50).bound
coursekit.expect(
    "two estimates from different samples agree within 1.5 nats",
    abs(mine - package) < 1.5,
    mine=mine,
    package=package,
)
coursekit.show(vae.VAE.log_weights)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The first way: a bound far below the truth
#
# There is a simpler estimate of $\log p(x)$ that needs no encoder, *brute force*. We draw $k$ codes from the prior, and take the logarithm of the mean of their $p(x|z)$. By Jensen's inequality this is a bound from below, too.
#
# > **Predict.** Take equally many codes from the encoder, for IWAE, and from the prior, for brute force. Which estimate comes closer to $\log p(x)$?
#
# The dotted line is $\log p(x)$, from the grid of section 2. Which curve is nearer to it at $k = 1$, and which at $k = 1000$?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def brute_force(logits, x):
    """log of the mean of p(x|z) over the codes that `logits` [n, 784] come from."""
    logits = np.asarray(logits, "float64")
    each = x @ logits.T - np.logaddexp(0, logits).sum(axis=1)
    return float(np.mean(special.logsumexp(each, axis=1)) - np.log(len(logits)))


def both_ways(model, x, ks):
    codes = rng.standard_normal((ks[-1], model.latent_dim))
    logits = np.asarray(model.logits(np.float32(codes)))
    return {
        "codes from the encoder": [
            likelihood.iwae(x, model.log_weights, k=k).bound for k in ks
        ],
        "codes from the prior": [brute_force(logits[:k], x) for k in ks],
    }


ks = [1, 10, 100, 1000]
curves = both_ways(model, few, ks)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    ks,
    curves,
    f"Estimates of log p(x) of {len(few)} unseen digits, two dimensions",
    "The encoder's curve starts high and climbs slowly; the prior's starts very low, crosses it and ends "
    "nearer to the dotted line of the truth.",
    xlabel="k, samples of z",
    ylabel="nats",
    log=("x",),
    marks={"log p(x), by the grid": log_p.mean()},
    baselines=["codes from the prior"],
)
from_encoder, from_prior = curves.values()
coursekit.expect(
    "the encoder wins at k = 1, the prior at k = 1,000, and neither is above the truth",
    from_encoder[0] > from_prior[0] + 50
    and from_encoder[-1] < from_prior[-1] < log_p.mean() + 1,
    truth=log_p.mean(),
)

# %% [markdown] slideshow={"slide_type": "-"}
# With few codes the encoder's come far closer, and with a thousand the prior's do. This is a surprise, since the encoder was built to find good codes.
#
# Section 2 has the reason. The prior's codes lie everywhere in the plane, so of a thousand some fall near *every* digit's own place. The encoder's codes all fall near its $\mu$.
# Where $\mu$ is in a wrong place, even a thousand of them do not reach the right one.
#
# **So a bound may be far below the truth, and nothing in *one* curve says so.** The encoder's curve is nearly flat, as if it had arrived. Only a second, different bound shows that it has not.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The second way: another binarization
#
# **A likelihood means nothing without its binarization**, the rule that makes gray pixels black or white. Our two models of digits have learned by two rules:
#
# - *Cut*: a pixel is ink if its gray value is above 0.5.
# - *Tossed*: a pixel of gray value 0.7 is ink with probability 0.7, tossed anew in every step.
#
# Nobody can predict a tossed pixel exactly. So tossed digits cost more nats than the same digits cut, and numbers of different binarizations must not be compared.
#
# The next figure repeats the test with `vae-mnist-50d`, on tossed digits. Compare only the shapes of the curves with those before, not their heights. Which curve is higher at $k = 1000$?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
large = coursekit.pretrained("vae-mnist-50d")
record = coursekit.results("vae-mnist-50d")
tossed = likelihood.binarize(test.flat[:100], "stochastic")
curves = both_ways(large, tossed, ks)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    ks,
    curves,
    "The same two ways in fifty dimensions",
    "The encoder's curve is nearly flat near -90 nats; the prior's climbs from far below and "
    "stays tens of nats short.",
    xlabel="k, samples of z",
    ylabel="nats",
    log=("x",),
    baselines=["codes from the prior"],
)
best = {name: curve[-1] for name, curve in curves.items()}
coursekit.expect(
    "in fifty dimensions the prior is more than 20 nats short",
    best["codes from the encoder"] > best["codes from the prior"] + 20,
    **best,
)

# %% [markdown] slideshow={"slide_type": "-"}
# In fifty dimensions the encoder's codes are better at every $k$. Even a thousand codes from the prior stay tens of nats below them.
#
# As for a grid, fifty dimensions have far too many places: hardly any code from the prior falls near a digit's own. This is why one needs an encoder.
#
# **What does one report of such a network?** One reports the best estimate of $-\log p(x)$, with $k$ and the binarization beside it. Smaller is better. The first row of the table is a model without any network: each pixel is a fair coin. The last row is what Burda et al. print for an architecture like ours.

# %% slideshow={"slide_type": "-"} tags=["figure"]
nll, epochs = record["metrics"]["nll"]["mean"], record["settings"]["epochs"]
coin = 784 * np.log(0.5)
bits = likelihood.bits_per_image(-nll)
plots.table(
    [
        ["784 coins", "-", "any", "-", f"{-coin:.2f}", "784"],
        ["ours", f"{epochs}", "tossed", "5,000", f"{nll:.2f}", f"{bits:.0f}"],
        ["Burda et al. (2016)", "3,280", "tossed", "5,000", "86.76", "125"],
    ],
    columns=(
        "-log p(x), 10,000 test digits",
        "epochs",
        "binarization",
        "k",
        "nats",
        "bits an image",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Our network is little more than a nat from the published number, and far from the coins. The two have the same binarization and the same $k$, so they may be compared.
#
# Nats divided by $\log 2$ are bits. They say in how many bits the network could send a digit.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The third way: likelihood and samples
#
# **Likelihood and the quality of samples prove nothing about each other.** One can be excellent while the other is bad (Theis et al., 2016).
#
# - *Good likelihood, bad samples.* Mix a good model $p$ with noise, so that of 100 samples 99 are noise. The mixture gives each image at least the probability
#   $0.01\,p(x)$. So its $\log p(x)$ is lower by at most $\log 100 = 4.6$ nats, which is little beside the 88 nats of the table.
# - *Good samples, bad likelihood.* A model that stores the training digits and shows one at random draws perfect digits. For a digit that it has not stored
#   its probability is 0, and the logarithm is $-\infty$.
#
# So a likelihood is for predicting or compressing data. If you want pictures you must look at pictures, and lecture 11 measures them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Why is it useful?
#
# A VAE learns a representation, it can be controlled, it interpolates, and it generates. These are the four reasons on slide 18 of the slides that this course follows. This section tests three of them; the section for a second reading has interpolation.
#
# **It learns a representation.** Does a code help to recognize digits? A linear classifier gets ten labeled digits of each class. It sees them once as
# 784 pixels, and once as the fifty means $\mu$ of their codes. The encoder has never seen a label. Which bar is higher?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
train = data.load(
    "mnist" if full else "digits", "train", leave_out="digits" if full else None
)
codes = {
    "784 pixels": (train.flat, test.flat),
    "50 means": tuple(np.asarray(large.encode(d.flat)[0]) for d in (train, test)),
}


def accuracy(inputs, draw, each=10):
    rng = np.random.default_rng(draw)
    where = [rng.choice(np.flatnonzero(train.labels == c), each) for c in range(10)]
    chosen = np.concatenate(where)
    reader = LogisticRegression(max_iter=500).fit(
        inputs[0][chosen], train.labels[chosen]
    )
    return reader.score(inputs[1], test.labels)


scores = {
    name: [accuracy(inputs, draw) for draw in range(5)]
    for name, inputs in codes.items()
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {name: np.mean(values) for name, values in scores.items()},
    "A linear classifier of ten labeled digits of each class (5 draws)",
    "Two bars: from the code a few points more digits are read right than from the pixels.",
    ylabel="share of unseen digits read right",
    baselines=["784 pixels"],
)
coursekit.expect(
    "the code reads as well as the pixels, within a point, with a fifteenth of the numbers",
    np.mean(scores["50 means"]) > np.mean(scores["784 pixels"]) - 0.01,
    code=np.mean(scores["50 means"]),
    pixels=np.mean(scores["784 pixels"]),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# From the fifty means the classifier reads a few points more digits right than from the 784 pixels. The comparison is not
# quite fair: the encoder has looked at 55,000 digits without labels, and the classifier of pixels at a hundred digits in all.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **It can be controlled: there are directions along which one attribute of a face changes.** `portraits` are faces drawn by our own code, so we know what distinguishes them. There are twelve
# *factors*, such as the skin's color or the shape of the mouth.
#
# `vae-portraits` has a code of twenty dimensions. It has learned 5,000 faces, and nobody told it any factor.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **To *read* a factor from a code, we fit a straight line.** A linear regression on the codes of 800 new faces gives a vector of weights $w$. The number $w^\top z$ is the reading of
# the factor in the code $z$. (This $w$ is not an importance weight of section 3.)
#
# **To *draw* a factor we ask the other way round: how does a code change, on average, when its reading grows?** We fit a second straight line, from the reading to the code. Let $\bar z$ be a code minus the mean of all codes, and $\Sigma = \mathbb E[\bar z \bar z^\top]$ the covariance matrix of the codes.
#
# 1. The slope of the best straight line is a covariance divided by a variance: the covariance of code and reading, and the variance of the reading.
# 2. The reading minus its mean is $\bar z^\top w$. So its covariance with the code is $\mathbb E[\bar z\,\bar z^\top w] = \Sigma w$, since the constant $w$ can be taken out of the mean.
# 3. In the same way the variance of the reading is $\mathbb E[w^\top \bar z\,\bar z^\top w] = w^\top \Sigma w$.
# 4. The slope $\Sigma w / w^\top \Sigma w$ is the change of the code when the reading grows by 1. We let it grow by one standard deviation, $\sqrt{w^\top \Sigma w}$. Slope times step is the **arrow** $\Sigma w / \sqrt{w^\top \Sigma w}$.
#
# How well do the readings work? The bars show $R^2$ on 200 more faces: the share of the factor's variance that the line explains. Which factor is read worst?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
artist = coursekit.pretrained("vae-portraits")
faces = data.load("portraits", "test")
face_codes = np.asarray(artist.encode(faces.images)[0])
wanted = ["skin", "hair_color", "mouth", "tilt", "glasses", "eye_openness"]
arrow, known = {}, {}
for name in wanted:
    values = faces.factors[name].astype("float32")
    ridge = Ridge(1.0).fit(face_codes[:800], values[:800])
    known[name] = ridge.score(face_codes[800:], values[800:])
    direction = np.cov(face_codes.T) @ ridge.coef_  # Σw: how codes move with it
    arrow[name] = direction / np.sqrt(ridge.coef_ @ direction)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    known,
    "How much of a factor a straight line reads from the code (200 new faces)",
    "Six bars between 0 and 1.",
    ylabel="share of variance (R²)",
)

# %% [markdown] slideshow={"slide_type": "-"}
# Skin and tilt are read nearly without error, and the mouth is read worst.

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now one face is moved along five arrows, by up to 1.6 standard deviations to either side. Compare the first and the last picture of each row.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
start, steps = face_codes[[721]], np.linspace(-1.6, 1.6, 5)
walks = {
    name: artist.decode(np.float32(start + steps[:, None] * arrow[name]))
    for name in ("skin", "hair_color", "mouth", "tilt", "glasses")
}

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.images(
    {name: np.asarray(walk) for name, walk in walks.items()},
    "One face, five arrows; no factor was ever named in training",
    "Rows of five faces, each row changing along one attribute; the mouth's changes least.",
    columns=[f"{step:+.1f}" for step in steps],
    size=0.95,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Skin, hair, tilt and glasses follow their arrows, and the mouth turns from a frown to a smile. The low bar of the mouth says that its reading is often wrong for a single face. The arrow is a mean over many faces, and this mean still points toward a smile.
#
# An arrow does not change its own attribute alone: in the row of the mouth, the background changes, too.
#
# No dimension of the code is the smile by itself. So a direction is found only with labels, here the known factors.
#
# > **Try it.** Walk from `face_codes[[1]]`, whose head leans to one side already, over `np.linspace(-2.4, 2.4, 7)`: which row
# > falls apart, and at which end? Then add two arrows at once, glasses *and* a darker skin: does each still do
# > only its own work?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **It generates.** That was the point of the prior: draw $z$, and decode it.
#
# > **Predict.** A face has twelve thousand numbers to rebuild, and the code has twenty. Which of the two terms of the bound
# > will the encoder mostly serve, and what does that mean for faces drawn from the prior?
#
# In the figure, the codes of the upper row are drawn from the prior. Those of the lower row are drawn from a Gaussian with the mean and the covariance of the encoder's own codes.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
learned = data.load("portraits", "train", limit=2000).images
batches = [
    np.asarray(artist.encode(learned[i : i + 500])[0]) for i in range(0, 2000, 500)
]
cloud = np.concatenate(batches)
apart = np.abs(np.corrcoef(cloud.T) - np.eye(cloud.shape[1])).max()
fitted = rng.multivariate_normal(cloud.mean(axis=0), np.cov(cloud.T), 9)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {
        "from N(0, I)": artist.sample(9, seed=seed),
        "from a Gaussian\nfitted to codes": artist.decode(np.float32(fitted)),
    },
    "Faces that nobody drew",
    "Above, mostly smears with a few faces; below, mostly clear and different faces.",
    size=0.95,
)
coursekit.expect(
    "two dimensions of the code are correlated by more than 0.4, in the prior by 0",
    apart > 0.4,
    correlation=apart,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The encoder serves the reconstruction, and most faces drawn from the prior are smears. Why does the KL divergence not prevent this?
#
# In lecture 7 the KL divergence of one dimension was $\tfrac12(\mu^2 + \sigma^2 - 1 - \log \sigma^2)$. To rebuild so many numbers, a code must be exact, so $\sigma$ becomes small. Then $-\tfrac12 \log \sigma^2$ is the large term: for $\sigma = 0.01$ it is 4.6 nats.
# A shift of $\mu$ by 1 costs only $\tfrac12$ nat. So there is little to gain from placing the codes as the prior does.
#
# And they are not placed so: two of their dimensions are correlated by more than 0.4, and in the prior by 0. A draw from the prior often falls where there are no codes, and there the decoder has learned nothing.
#
# **The repair: fit a Gaussian to the codes after training, and draw from it.** Most faces of the lower row are clear. Another answer is to give the KL divergence more
# weight; the section for a second reading tries this on digits.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Collapse, made and cured
#
# Some dimensions of a code may stay unused, although the bound would gain from them.
#
# In an unused dimension $q(z|x)$ equals the prior for every image. So it says nothing about the image, and its KL divergence is 0: it *carries* 0 nats.
# Dimensions that carry nothing from early on, and for good, are called **posterior collapse**.
#
# **It happens in three steps.**
#
# 1. Early in training the decoder does not yet know how to use a code. A dimension costs its KL divergence, and improves nothing. So training moves its $q(z|x)$ to the prior.
# 2. Now the decoder sees only noise in this dimension, and learns to ignore it.
# 3. When the decoder ignores a dimension, the reconstruction has no gradient for its $\mu$ and $\sigma$. So they stay as they are.
#
# A high learning rate makes this likely, so we use one here.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The cure is a warm-up: at first the KL divergence costs nothing.** The loss becomes $\beta\,\mathrm{KL}$ minus reconstruction, and `warm_up` raises the weight $\beta$ from
# 0 to 1 over the first steps.
#
# While $\beta$ is small, the decoder learns to use the code. Later, to give up a useful dimension would make the reconstruction worse. So the dimension stays.
#
# We train two networks with twenty dimensions each. One is "charged at once": its $\beta$ is 1 from the first step. The figure has the fourteen dimensions that carry most. Count in each curve how many carry clearly more than nothing.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
x_train = likelihood.binarize(train.flat, "thresholded")


def fit(model, epochs, rate, batch=64):
    steps = epochs * (len(x_train) // batch)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(falling))
    model.fit(
        x_train, batch_size=batch, epochs=epochs, verbose=0, callbacks=progress()
    )


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
used, varies, after = {}, {}, {}
for name, options in {
    "charged at once": {},
    "warmed up": {"warm_up": 500},
}.items():
    keras.utils.set_random_seed(seed)
    risky = vae.dense(20, (256, 128), **options)
    fit(risky, 15, rate=1e-2)
    codes = [np.asarray(part) for part in risky.encode(x_test)]
    used[name] = np.sort(likelihood.kl_per_dimension(*codes))[::-1]
    after[name] = likelihood.elbo(x_test, risky.elbo).elbo
    varies[name] = likelihood.active_units(codes[0]).sum()

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    np.arange(1, 15),
    {
        f"{name}: ELBO {after[name]:.0f}": values[:14]
        for name, values in used.items()
    },
    "Nats that each dimension of the code carries, sorted",
    "Two falling curves; without a warm-up most dimensions carry nothing.",
    xlabel="dimension of the code, by rank",
    ylabel="KL (nats)",
)
alive = {name: int((values > 0.1).sum()) for name, values in used.items()}
coursekit.expect(
    "a warm-up keeps three or more dimensions more above a tenth of a nat, and gains 2 nats",
    alive["warmed up"] >= alive["charged at once"] + 3
    and after["warmed up"] > after["charged at once"] + 2,
    **{f"alive {name}": count for name, count in alive.items()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# With a warm-up more dimensions of the code stay in use, and the bound is better by several nats, as the legend says. After step 500 of some 900 both runs minimize the same loss, so only the beginning makes the difference.
#
# What does "in use" mean? There are two rules, and they give different counts:
#
# - A dimension carries more than a tenth of a nat.
# - Its $\mu$ changes from image to image, with a variance above 0.01 (Burda et al., 2016). This is easier to satisfy.
#
# The table has both counts for both runs.

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [
        [name, str(alive[name]), str(varies[name]), f"{after[name]:.1f}"]
        for name in used
    ],
    columns=(
        "of 20 dimensions",
        "carry over 0.1 nat",
        "have a μ that varies",
        "ELBO (nats)",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# By either rule the warm-up keeps more dimensions in use. The counts differ, so whoever prints one must name its rule.
#
# > **Try it.** The other cure is `free_bits`: so many nats of each dimension are not charged. In the cell that trains, replace
# > `{"warm_up": 500}` by `{"free_bits": 0.3}`. More dimensions are in use now; has the bound moved?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · For a second reading
#
# These additions can be left out at first: what the weight $\beta$ trades, how one face becomes another, the likelihood of a color, the bound for larger $k$, and two numbers that are easily misread.
#
# ### Rate and distortion
#
# The weight $\beta$ need not end at 1: maximize reconstruction $-\,\beta\,\mathrm{KL}$ (Higgins et al., 2017).
#
# In this context the KL divergence is also called the *rate*: the nats that the code carries. What the reconstruction lacks, $-\mathbb E_q[\log p(x|z)]$, is the
# *distortion*. $\beta$ says how many nats of distortion one nat of rate must save. One network is trained with seven values of $\beta$, one after the other.
#
# > **Predict.** For which $\beta$ is the bound on *unseen* digits best?
#
# Read the curve from the right. Its seven points have $\beta$ = 0.1, 0.25, 0.5, 1, 2, 4 and 8.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 1
keras.utils.set_random_seed(seed)
swept = vae.dense(10, (256, 128))
swept.compile(keras.optimizers.Adam(1e-3))
betas, measured, drawn = [0.1, 0.25, 0.5, 1, 2, 4, 8], [], {}
for beta in betas:
    swept.beta.assign(beta)
    epochs = 10 if beta == betas[0] else 5
    swept.fit(
        x_train, batch_size=64, epochs=epochs, verbose=0, callbacks=progress()
    )
    measured.append(likelihood.elbo(x_test, swept.elbo))
    drawn[f"β = {beta:g}"] = swept.sample(10, seed=seed)

# %% slideshow={"slide_type": "-"} tags=["figure"]
rate = [bound.kl for bound in measured]
distortion = [-bound.reconstruction for bound in measured]
bounds = [bound.elbo for bound in measured]
winner = betas[int(np.argmax(bounds))]
plots.lines(
    rate,
    {"β from 0.1 (right) to 8 (left)": distortion},
    f"Ten dimensions: the bound is best at β = {winner:g} (you said {guess:g})",
    "From the right the distortion first sinks a little, then climbs steeply below 19 nats.",
    xlabel="rate: KL (nats)",
    ylabel="distortion: -reconstruction (nats)",
)
coursekit.expect("the rate falls as β grows", np.all(np.diff(rate) < 0))
coursekit.expect(
    "the best bound has β from 0.5 to 2", 0.5 <= winner <= 2, beta=winner
)

# %% [markdown] slideshow={"slide_type": "-"}
# On unseen digits the bound is best at a $\beta$ near 1; the figure's title says which. On the right, halving the
# rate costs *nothing*: the distortion even falls a little. Those nats presumably described accidents of the training digits.
#
# Farther to the left, each nat of rate that is saved costs more and more distortion. The bound is minus the sum of the two, so it is best where one nat saved costs one nat: where the slope is -1. That is
# what $\beta = 1$ seeks, on the training digits.
#
# (The comparison is not quite fair: each $\beta$ starts from the one before, so
# the later ones have trained longer.) A larger $\beta$ is no mistake if you want a shorter code rather than a better likelihood.
# But then quote the bound at $\beta = 1$.
#
# > **Try it.** `plots.images(drawn, "Ten codes from the prior", "Rows of digits")`. The bound is best at one β; in which row
# > do you like the digits best?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From one face to another
#
# **It interpolates**: between two codes lie codes of pictures in between. One can go from code to code on the straight line, or on an arc around the origin.
#
# Why an arc? In many dimensions draws from
# the prior lie near the sphere of radius $\sqrt d$, where $d$ is the number of dimensions. A straight line takes a short cut through the inside, where hardly any code
# is (exercise 1 measures it). Compare the three rows in their middle.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
a, b = face_codes[5], face_codes[11]
t = np.linspace(0, 1, 9)[:, None]
angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
arc = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)

# %% slideshow={"slide_type": "-"} tags=["figure"]
mixed = (1 - t[..., None, None]) * faces.images[5] + t[
    ..., None, None
] * faces.images[11]
plots.images(
    {
        "straight": np.asarray(artist.decode(np.float32((1 - t) * a + t * b))),
        "arc": np.asarray(artist.decode(np.float32(arc))),
        "pixels": mixed,
    },
    "From one face to another",
    "Two rows of faces that turn into each other, and one of double exposures.",
    size=0.95,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Between line and arc one sees hardly a difference here: the two codes are near each other, and their cloud is not centered
# on the origin. Mixed pixels give a double exposure.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The likelihood of a color
#
# A color is more than ink or paper, so `vae-portraits` has another likelihood than the models of digits. Its $p(x|z)$ is a Gaussian around the decoder's $\hat x$. The variance $\tau^2$ is one number for
# all pixels and colors, and is learned, too:
#
# $$\log p(x|z) = -\tfrac12 \sum_j \Big[ \frac{(x_j - \hat x_j)^2}{\tau^2} + \log \tau^2 + \log 2\pi \Big] .$$
#
# ### The bound grows with every $k$
#
# Leave out one of $k$ weights and average the others. There are $k$ such averages, and their own average is that of all $k$ weights. Jensen's inequality for these $k$ averages gives $\mathrm{IWAE}_k \ge \mathrm{IWAE}_{k-1}$.
#
# ### Numbers that are easily misread
#
# The 146.95 of [an example of Keras](https://keras.io/examples/generative/vae/) is a cross-entropy of *gray* images,
# measured in training. It is no likelihood and cannot be compared with ours.
#
# A logarithm of a likelihood may be positive. For black and white digits each of the $2^{784}$ images has a probability, so its logarithm is never above 0. For
# gray or real numbers a model has a *density*, which may be above 1. Lecture 11 meets such a number.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/08_vae_in_use.ipynb), checked as you go:
#
# 1. **Arc or line**: write `slerp`, and measure how far inside the line goes.
# 2. **Find the collapse**: three trained models; which one is not using its code, and what helps?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - The gap between ELBO and $\log p(x)$ has two causes: the proposal has a wrong **shape**, or it lies in a wrong **place**. Wide gaps come from the place.
# - **Importance weights** tighten the bound. State $k$ and the binarization with every number.
# - A number in nats misleads in three ways. The bound may be far below the truth. The binarizations may differ. And a good likelihood does not promise good samples.
# - A factor is read by $w^\top z$ and drawn along $\Sigma w$, and both need labels.
# - Where the codes do not lie as the prior does, draw from a Gaussian fitted to the codes.
# - A warm-up keeps dimensions of the code in use.
#
# Pictures from a VAE are soft, because every pixel is drawn by itself around a mean. Sharper ones come from an adversary
# (lecture 10), or from diffusion models, which are trained on a bound of this very kind. Two systems that others have built
# on VAEs have lectures of their own: MusicVAE (lecture 9) and Soft-IntroVAE (lecture 14).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - Y. Burda, R. Grosse, R. Salakhutdinov, *[Importance weighted autoencoders](https://arxiv.org/abs/1509.00519)*, ICLR 2016.
# - C. Cremer, X. Li, D. Duvenaud, *Inference suboptimality in variational autoencoders*, ICML 2018 (the two causes of the gap).
# - L. Theis, A. van den Oord, M. Bethge, *A note on the evaluation of generative models*, ICLR 2016.
# - I. Higgins et al., *beta-VAE: learning basic visual concepts with a constrained variational framework*, ICLR 2017.
# - S. Bowman et al., *Generating sentences from a continuous space*, CoNLL 2016 (the warm-up).
# - A. Alemi et al., *Fixing a broken ELBO*, ICML 2018 (rate and distortion).
