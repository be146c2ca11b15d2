# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Variational autoencoders
#
# An autoencoder's codes lie wherever training left them, so nobody knows which codes are pictures. A variational autoencoder, or VAE,
# is trained so that its codes fill a distribution that we chose beforehand. Then one can draw a code, which means to take it at random, and decode it.
#
# This wish adds a second term to the loss. The two terms together turn out to be a bound on how probable an image is.
# This lecture makes such a model. [Lecture 8](08_vae_in_use.ipynb) asks what it is good for.
#
# **You will be able to**
#
# - derive the loss of a variational autoencoder, type it, and train it in a few seconds;
# - explain the reparameterization trick, which takes a derivative through a random draw, and say what it saves, as a number;
# - read a plane of codes, and say where it differs from the distribution that was chosen;
# - find the slips in published code, and measure what they cost.
#
# You need [lecture 6](06_autoencoders.ipynb), and the Kullback-Leibler divergence of [lecture 0](00_start_here.ipynb). About 65 minutes
# to read and play; about half a minute to run. The last section is for a second reading.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the same lecture on 55,000 digits instead of 4,000, with longer training
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from coursekit import data, models, plots, widgets
from coursekit.metrics import likelihood
from coursekit.models import vae
from coursekit.training import Model, progress
from scipy import stats

full = profile == "full"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Where may one draw from?
#
# Lecture 6 ended with a network that squeezes a digit into a code of two numbers, and nobody could say which codes are
# digits. Here is this network again. The digits are made black and white first: a pixel above 0.5 is ink (1), every other one is paper (0).
# Whether a pixel is ink is now an event, and an event has a probability.
#
# Look at two things in the figure: how far the codes reach on the left, and which digits are hard to find on the right.

# %% slideshow={"slide_type": "-"} tags=["figure"]
train = data.load(
    "mnist" if full else "digits", "train", leave_out="digits" if full else None
)
test = data.load("mnist" if full else "digits", "test")
x_train = likelihood.binarize(train.flat, "thresholded")
x_test = likelihood.binarize(test.flat, "thresholded")


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def fit(model, epochs, rate=4e-3, batch=64, watch=None, **options):
    steps = epochs * (len(x_train) // batch)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(falling), **options)
    settings = {"batch_size": batch, "epochs": epochs, "verbose": 0}
    return model.fit(x_train, **settings, callbacks=watch or progress()).history


plain = models.autoencoder.deep(2, (112, 128), code_activation=None)
fit(plain, 30, loss="binary_crossentropy")
places = plain.encoder.predict(x_train, verbose=0)


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def sheet(decode, across, up):
    """Decode a grid of codes in one batch: [rows, columns, 784]."""
    grid = np.array([(a, b) for b in up for a in across], "float32")
    return np.asarray(decode(grid)).reshape(len(up), len(across), 784)


low, high = np.quantile(places, [0.01, 0.99], axis=0)
across, up = np.linspace(low[0], high[0], 12), np.linspace(high[1], low[1], 12)
plots.plane(
    places[::3],
    train.labels[::3],
    sheet(plain.decoder, across, up),
    (low[0], high[0], low[1], high[1]),
    "An autoencoder of two numbers",
    "Left: codes colored by class, in fans, with empty ground between and no common scale. "
    "Right: the same plane decoded; some of it is no digit.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# The codes run to several tens, because nothing asked them not to. (The figure leaves out the outermost ones.) On the right nearly every point
# becomes a digit that one can read. But more than a third of the plane shows 1s. The digits 3, 5 and 8 hardly appear, because their codes
# crowd near the origin.
#
# To draw all digits, one would have to know this map, and with a code of many numbers nobody can look at it.
# So we choose the distribution of the codes first, and train the network to fill it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A model one can draw from
#
# Before there is any network, we say how an image comes about: first a code is drawn, then a picture of it.
#
# A code is a vector $z$ of a few numbers. Each number of a code is called a **dimension** of the code. An image comes about in two steps:
#
# 1. The code is drawn from the **prior**, a distribution that we choose: $z \sim \mathcal N(0, I)$. Each dimension has mean 0 and variance 1.
# 2. A network, the **decoder**, answers with a probability $\hat x_j$ for each pixel $j$. The pixel is ink ($x_j = 1$) with this probability.
#
# Each pixel is drawn by itself, and the probabilities of independent events multiply. So the probability of a whole image $x$, given its code, is a product:
#
# $$p(x|z) = \prod_j \hat x_j^{\,x_j} (1 - \hat x_j)^{1 - x_j}, \qquad \hat x = \text{decoder}(z) .$$
#
# A factor is $\hat x_j$ where there is ink, and $1 - \hat x_j$ where there is paper.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A good decoder makes the digits that we have seen probable.** For each of them it has a large $\log p(x)$. Here $p(x)$ is the mean of $p(x|z)$ over all
# codes of the prior:
#
# $$p(x) = \int p(z)\,p(x|z)\,dz .$$
#
# Nobody can do this integral: $p(x|z)$ contains a whole network, so no formula for it is known. One could draw random codes from the prior and average.
# But for one image $x$ nearly all random codes belong to other digits, so they are wasted.
#
# **So a second network, the encoder, proposes codes for *this* $x$.** For each dimension it answers with two numbers: a mean $\mu$, and $\log \sigma^2$, the
# logarithm of a variance. Its proposal is the Gaussian $q(z|x) = \mathcal N(\mu, \sigma^2)$.
#
# Why the logarithm? A network's answer may be negative. A logarithm may be negative too, a variance may not.
#
# The drawing shows the way from $x$ to the rebuilt picture $\hat x$. Find what goes into the code $z$: the encoder's two answers, and a random number $\epsilon$.
# Section 5 says how they are put together.

# %% slideshow={"slide_type": "-"} tags=["figure"]
one = test.images[0, ..., 0]
plots.flow(
    r"""
    $x$ -> [encoder] -> $\mu$, $\log \sigma^2$ -> {$z$} -> [decoder] -> $\hat x$
    ($\epsilon$) -> $z$
    $x$, $\hat x$ -> <reconstruction>
    $\mu$, $\log \sigma^2$ -> <KL>
    """,
    "A variational autoencoder: two networks, one random draw, two terms",
    pictures={"$x$": one},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The two boxes with cut corners are the two terms of the loss. The reconstruction compares two pictures, $x$ and $\hat x$. The KL term compares the encoder's
# proposal with the prior. The next section derives both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The bound, in three steps
#
# Three steps lead from the integral, which nobody can do, to a bound from below, which anybody can compute.
#
# The second step uses one inequality, **Jensen's inequality**: the logarithm of a mean is at least the mean of the logarithms.
#
# The figure shows it for the two numbers 1 and 9, whose mean is 5. Look at the short upright line at 5. Its upper end, on the curve, is the logarithm of the
# mean. Its lower end, on the gray line, is the mean of the two logarithms.

# %% slideshow={"slide_type": "-"} tags=["figure"]
line = np.linspace(1, 9, 81)
plots.lines(
    None,
    {
        "log w": (line, np.log(line)),
        "mean of log 1 and log 9, and others between": (
            line,
            np.log(9) * (line - 1) / 8,
        ),
        "what Jensen's inequality gives away": ([5, 5], [np.log(9) / 2, np.log(5)]),
    },
    f"log 5 = {np.log(5):.2f}, but the mean of log 1 and log 9 is {np.log(9) / 2:.2f}",
    "A curve that bends downward, the straight line between its ends below it, and the gap between them at 5.",
    xlabel="w",
    ylabel="logarithm (nats)",
    baselines=["mean of log 1 and log 9, and others between"],
    size=(7.5, 3.2),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The curve bends downward, so the straight line between two of its points lies below it. This is Jensen's inequality for two numbers. It holds for
# the mean of any random quantity, for the same reason.
#
# The length of the upright line is the *gap*: it is what the inequality gives away. The less the numbers differ, the smaller the gap. For equal numbers it is 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Now the three steps.** Below, $\mathbb E_q$ is a mean over codes $z$ that are drawn from $q(z|x)$.
#
# Step 1. Multiply and divide by $q(z|x)$, which changes nothing. An integral of $q(z|x)$ times a quantity is the mean of this quantity over codes from $q$:
#
# $$p(x) = \int q(z|x)\, \frac{p(z)\,p(x|z)}{q(z|x)}\, dz = \mathbb E_{q}\Big[\frac{p(z)\,p(x|z)}{q(z|x)}\Big] .$$
#
# Step 2. Take the logarithm of both sides. On the right stands the logarithm of a mean. By Jensen's inequality it is at least the mean of the logarithms:
#
# $$\log p(x) \;\ge\; \mathbb E_{q}\Big[\log \frac{p(z)\,p(x|z)}{q(z|x)}\Big] .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Step 3. The logarithm of a product is a sum of logarithms, so the bound falls into two terms.** Inside the mean stands now
# $\log p(x|z) + \log p(z) - \log q(z|x)$. The mean of a sum is the sum of the means. We take the last two logarithms together, behind a minus sign, so their own signs
# turn:
#
# $$\mathbb E_{q}\Big[\log \frac{p(z)\,p(x|z)}{q(z|x)}\Big] = \underbrace{\mathbb E_{q}[\log p(x|z)]}_{\text{reconstruction}} \;-\;
# \underbrace{\mathbb E_{q}[\log q(z|x) - \log p(z)]}_{\mathrm{KL}(q(z|x)\,\Vert\,p(z))} .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# The **evidence lower bound**, or ELBO, of $\log p(x)$ is the reconstruction minus the KL divergence.
#
# "Evidence" is an old name for $p(x)$ (Kingma and Welling, 2014, have the bound). Its two terms are:
#
# - The **reconstruction** says how probable the image is, given codes that the encoder proposed for it.
# - The **KL divergence** (Kullback-Leibler divergence, lecture 0) says how far the proposal is from the prior. It is never negative, and 0 only for $q = p$. You may read
#   it as the price of the code: the encoder pays for differing from the prior.
#
# We want a large bound, so training *maximizes* the ELBO. A loss is minimized, so the loss is the ELBO with its sign turned: KL divergence minus reconstruction.
# Logarithms are natural here, so the unit of all these numbers is the **nat**.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **How large is the gap? It is a KL divergence, too.** The *right* distribution of codes for this image, $p(z|x)$, is called the **posterior**. Nobody can
# compute it, and the encoder's proposal $q(z|x)$ stands in for it.
#
# 1. The product rule of probability says that $p(z)\,p(x|z) = p(x)\,p(z|x)$. Both are the probability of code and image together.
# 2. Put the right side into the bound of step 2, and split the logarithm:
#    $\;\mathrm{ELBO} = \mathbb E_q\big[\log p(x) + \log p(z|x) - \log q(z|x)\big]$.
# 3. $\log p(x)$ does not depend on $z$, so its mean is itself. The mean of the other two logarithms is minus a KL divergence. We bring it to the other side:
#
# $$\log p(x) = \mathrm{ELBO} + \mathrm{KL}\big(q(z|x)\,\Vert\,p(z|x)\big) .$$
#
# So the gap says how far the encoder's proposal is from the posterior. Lecture 8 draws it and measures it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The two terms, as numbers
#
# Each of the two terms of the bound becomes one line of code.
#
# ### The reconstruction
#
# The logarithm of the product over pixels is a sum over pixels:
#
# $$\log p(x|z) = \sum_j x_j \log \hat x_j + (1 - x_j) \log (1 - \hat x_j) .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **We compute this sum from logits, so that no probability is rounded to 0.** A logit $\ell$ is the decoder's answer before the sigmoid, $\hat x = 1/(1 + e^{-\ell})$.
#
# 1. Multiply numerator and denominator by $e^{\ell}$: $\hat x = e^{\ell}/(1 + e^{\ell})$. Subtract this from 1: $1 - \hat x = 1/(1 + e^{\ell})$.
# 2. The logarithm of a fraction is a difference: $\log \hat x = \ell - \log(1 + e^{\ell})$, and $\log(1 - \hat x) = -\log(1 + e^{\ell})$.
# 3. Insert both. The term $\log(1 + e^{\ell_j})$ comes once with the factor $x_j$ and once with $1 - x_j$, and the two factors add up to 1:
#
# $$\log p(x|z) = \sum_j \big[ x_j \ell_j - \log(1 + e^{\ell_j}) \big] .$$
#
# The function $\log(1 + e^{\ell})$ is called softplus.

# %% [markdown] slideshow={"slide_type": "subslide"}
# Slide 17 writes the same sum in another way. (This course follows a set of slides; the last table of [lecture 0](00_start_here.ipynb) lists them.)
#
# The slide takes Keras's `binary_crossentropy`, which is minus the *mean* over pixels, and multiplies it by the number of pixels, 784. The cell compares our sum with
# the slide's, for the autoencoder of section 1 and one digit. It also compares it with a fair coin for each pixel.


# %% slideshow={"slide_type": "-"} tags=["central"]
def log_likelihood(x, logits):
    return ops.sum(x * logits - ops.softplus(logits), axis=-1)


one = x_test[:1]
rebuilt = ops.clip(plain(one), 1e-6, 1 - 1e-6)
ours = float(log_likelihood(one, ops.log(rebuilt / (1 - rebuilt)))[0])
slide = -784 * float(keras.losses.binary_crossentropy(one, rebuilt)[0])
coin = 784 * np.log(0.5)
print(f"784 tosses of a fair coin: {coin:.0f} nats")
coursekit.expect(
    "our sum is the slide's mean times 784", abs(ours - slide) < 0.1, ours=ours
)
coursekit.expect("and far better than tossing coins", ours > coin / 2, ours=ours)

# %% [markdown] slideshow={"slide_type": "-"}
# Our sum is the slide's, and the autoencoder loses less than half as many nats as the coin.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The KL divergence
#
# Between the encoder's Gaussian and the prior the KL divergence needs no sampling. For each dimension it is
#
# $$\mathrm{KL}\big(\mathcal N(\mu, \sigma^2)\,\Vert\,\mathcal N(0, 1)\big) = -\tfrac12\big(1 + \log\sigma^2 - \mu^2 - \sigma^2\big) .$$
#
# **Four steps give this closed form.** The KL divergence is the mean of $\log q(z) - \log p(z)$ over $z \sim q$.
#
# 1. Write out both logarithms: $\log q(z) = -\tfrac12 \log 2\pi - \tfrac12 \log \sigma^2 - \tfrac12 (z - \mu)^2/\sigma^2$, and
#    $\log p(z) = -\tfrac12 \log 2\pi - \tfrac12 z^2$.
# 2. Subtract. The $2\pi$ cancels: $\log q - \log p = -\tfrac12 \big(\log\sigma^2 + (z - \mu)^2/\sigma^2 - z^2\big)$.
# 3. Two means over $z \sim q$ are known. $\mathbb E(z - \mu)^2 = \sigma^2$ is the definition of the variance. And
#    $\mathbb E z^2 = \mu^2 + \sigma^2$, since a variance is the mean of the square minus the square of the mean.
# 4. Insert them: $-\tfrac12 \big(\log\sigma^2 + 1 - \mu^2 - \sigma^2\big)$.
#
# The dimensions of the code are independent, in $q$ and in the prior. Their densities multiply, so their KL divergences add up.

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Being far out ($\mu = 2$) costs. So does being sure, which means a narrow proposal ($\sigma = 0.1$ where the prior has 1). Which costs more?
#
# The figure's legend has the answer: the closed form for each case, and for both together. The curves compare it with sampling. There the KL divergence
# is estimated by the mean of $\log q(z) - \log p(z)$ over drawn codes. A curve shows how far this estimate is from the closed form.


# %% slideshow={"slide_type": "-"} tags=["central"]
def kl_divergence(mean, log_variance):
    return -0.5 * (1 + log_variance - mean**2 - ops.exp(log_variance))


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "far out"
rng = np.random.default_rng(seed)
counts, errors = 2 ** np.arange(4, 17, 2), {}
for name, mean, sigma in [("far out", 2, 1.0), ("sure", 0, 0.1), ("both", 2, 0.1)]:
    exact = float(kl_divergence(mean, np.log(sigma**2)))
    z = rng.normal(mean, sigma, (20, counts[-1]))
    ratio = stats.norm.logpdf(z, mean, sigma) - stats.norm.logpdf(z)
    wrong = [np.abs(ratio[:, :n].mean(axis=1) - exact).mean() for n in counts]
    errors[f"{name}: {exact:.2f} nats"] = np.array(wrong)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    counts,
    errors,
    f"The closed form, and sampling's error (you said: {guess})",
    "Three straight lines on logarithmic axes: errors fall with the square root of the count.",
    xlabel="samples of z",
    ylabel="mean error of the estimate (nats)",
    log=("x", "y"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Being far out costs 2.00 nats, and being sure costs 1.81: nearly the same. A code that is both pays the sum, 3.81 nats.
#
# The curves say what the formula saves. After 65,536 samples the estimates are still off by some thousandths of a nat.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · The model, typed
#
# Only the draw of the code is missing, and it is one line: $z = \mu + \sigma\epsilon$ with $\epsilon \sim \mathcal N(0, I)$.
#
# The factor $\sigma$ makes the variance $\sigma^2$, and adding $\mu$ makes the mean $\mu$. So $z$ is a draw from $q$.
# Section 7 says why the line is written in this way.
#
# In the class below, look for the three formulas: the draw, the reconstruction, and the KL divergence summed over the dimensions.


# %% slideshow={"slide_type": "-"} tags=["central"]
def network(inputs, *widths):
    *hidden, last = widths
    parts = [layers.Dense(width, "relu") for width in hidden]
    return keras.Sequential([keras.Input((inputs,)), *parts, layers.Dense(last)])


class MyVAE(Model):
    def __init__(self, latent_dim=2):
        super().__init__()
        self.encoder = network(784, 112, 128, 2 * latent_dim)
        self.decoder = network(latent_dim, 128, 112, 784)
        self.noise = keras.random.SeedGenerator(seed)

    def terms(self, x):
        mean, log_variance = ops.split(self.encoder(x), 2, axis=-1)
        epsilon = keras.random.normal(ops.shape(mean), seed=self.noise)
        z = mean + ops.exp(0.5 * log_variance) * epsilon
        reconstruction = log_likelihood(x, self.decoder(z))
        kl = ops.sum(kl_divergence(mean, log_variance), axis=-1)
        return {"reconstruction": ops.mean(reconstruction), "kl": ops.mean(kl)}


# %% [markdown] slideshow={"slide_type": "-"}
# For each minibatch the model minimizes KL divergence minus reconstruction.
#
# As in lecture 0, `train_on` is one step of training. `minimize` returns what the loss returned: the number, and the two terms that were computed on the way.
#
# > **Predict.** We shall look at the mean KL divergence of each epoch. From the first epoch to the second, will it rise or fall? And after that?


# %% slideshow={"slide_type": "subslide"} tags=["central"]
class Trained(MyVAE):
    def train_on(self, x):
        def loss():
            terms = self.terms(x)
            return terms["kl"] - terms["reconstruction"], terms

        return self.minimize(loss)[1]


keras.utils.set_random_seed(seed)
mine = Trained()
fixed = np.float32([(a, b) for b in (1.2, 0, -1.2) for a in (-1.2, 0, 1.2)])
watch = widgets.TrainingMonitor(fixed, lambda z: ops.sigmoid(mine.decoder(z)))
history = fit(mine, 30, watch=[watch])
kl, bound = (
    np.array(history["kl"]),
    np.array(history["reconstruction"]) - history["kl"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The nine digits are what the decoder makes of nine fixed codes. The two figures below show the same training more closely: compare the first three epochs with the rest.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
epochs = np.arange(1, 31)
plots.lines(
    epochs,
    {"reconstruction": history["reconstruction"], "the bound": bound},
    "Training digits, rebuilt better and better ...",
    "Two curves that jump after the first epoch and climb slowly; the bound is a few nats below.",
    xlabel="epoch",
    ylabel="nats an image",
    size=(7.5, 3),
)
plots.lines(
    epochs,
    {"KL": kl},
    "... and the KL divergence of their codes",
    "It falls in the second epoch and then grows slowly.",
    xlabel="epoch",
    ylabel="nats an image",
    size=(7.5, 2.6),
)
coursekit.expect(
    "the bound is above -165 nats, and the KL divergence is 4 to 9",
    bound[-1] > -165 and 4 < kl[-1] < 9,
    bound=bound[-1],
    kl=kl[-1],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The KL divergence falls in the second epoch, and then rises slowly.
#
# It falls because a code costs before it is useful. In the first epoch the codes cost about 7 nats, but the decoder can hardly read them yet. So training moves the
# proposals back toward the prior.
#
# It rises because the decoder learns to read the codes. Now the encoder pays one more nat of KL divergence wherever this brings more than one nat of reconstruction.

# %% [markdown] slideshow={"slide_type": "subslide"}
# The package has a VAE of its own, with the same two terms. The cell copies your weights into it and shows its method. `beta`, `warmth` and `free_bits` are
# settings for later. As they stand here (1, 1 and 0), its loss is yours.
#
# The table has the bound for 1,000 digits that the model was trained on ("seen"), and for others ("unseen"). Compare the two.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
model = vae.dense(2, (112, 128))
model.encoder.set_weights(mine.encoder.get_weights())
model.decoder.set_weights(mine.decoder.get_weights())
seen = likelihood.elbo(x_train[:1000], model.elbo)
unseen = likelihood.elbo(x_test, model.elbo)
coursekit.show(vae.VAE.objective)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [["seen", *seen[:3]], ["unseen", *unseen[:3]]],
    columns=("digits", "ELBO (nats)", "reconstruction", "KL"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The bound is about 11 nats lower for unseen digits. From here on we quote the bound on **unseen** digits.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The plane
#
# We know the prior, so we can draw the plane of codes in a way in which the prior is even.
#
# On the axes of the figure stand shares. The share of a number $z$ is the part of the prior that lies below $z$. For example, $z = 0$ is the middle of the prior, so its
# share is 0.5. Very negative numbers have shares near 0, and large ones have shares near 1.
#
# Of all codes from the prior, a tenth have a share below 0.1, another tenth have a share from 0.1 to 0.2, and so on. So codes from the prior would
# fill the square evenly.
#
# On the left are the encoder's means $\mu$ for training digits. On the right is what the decoder makes of each place. Look at the left square first: where do codes crowd,
# and where are there nearly none?

# %% slideshow={"slide_type": "-"} tags=["figure"]
means, log_variances = (np.asarray(part) for part in model.encode(x_train))
steps = (np.arange(13) + 0.5) / 13
quantiles = stats.norm.ppf(steps)
plots.plane(
    stats.norm.cdf(means[::3]),
    train.labels[::3],
    sheet(model.decode, quantiles, quantiles[::-1]),
    (0, 1, 0, 1),
    "The same two numbers, in equal steps of the prior's probability",
    "Left: codes by class, over a square that the prior would fill evenly; some corners are "
    "crowded, some nearly empty. Right: digits that turn into one another.",
    names=("share of the prior below z1", "share of the prior below z2"),
)
cloud = means + np.exp(0.5 * log_variances) * rng.standard_normal(means.shape)
coursekit.expect(
    "all codes together have mean 0 within 0.3 and standard deviation 1 within 0.4",
    np.abs(cloud.mean(axis=0)).max() < 0.3
    and np.abs(cloud.std(axis=0) - 1).max() < 0.4,
    std=cloud.std(axis=0).max(),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The codes fill most of the square, but not evenly. The 1s crowd at the lower edge, and the 0s crowd in the upper right corner. An edge is far from the middle of the prior, so some
# codes lie farther out than the prior's own. In the lower left corner there are nearly no codes.
#
# Why not evenly? The loss has one KL divergence for each image, which pulls the codes of this image toward the prior. **Nothing asks all codes together to equal the prior.**
#
# Now drag the point. The page computes with the decoder's own weights, so this works where no Python runs.

# %% slideshow={"slide_type": "-"} tags=["experiment", "front"]
some = np.arange(800)
widgets.DecoderExplorer(
    model,
    points=means[some],
    labels=train.labels[some],
    title="The plane of digits",
    alt="A digit decoded from the chosen point of the plane.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Try it.** Drag from a 1 to a 0 on the shortest way, and write down which digits you pass. Is there a way that passes fewer? Then find a place that is no
# > digit. How many codes of training digits lie near it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · A slope through noise
#
# Between the encoder and the loss stands a random draw, and the gradient must get past it.
#
# The reconstruction is a mean $\mathbb E_q[f(z)]$ with $f(z) = \log p(x|z)$. Training needs its slope in $\mu$, the derivative $\partial/\partial\mu$, which says how to
# move the encoder's answer. But $z$ was drawn, and a random draw has no derivative.
#
# The dashed arrow in the drawing is the gradient. In the upper half, see where it stops. In the lower half only $\epsilon$ is drawn: see how far the gradient gets.

# %% slideshow={"slide_type": "-"} tags=["figure"]
drawn, moved = r"$z \sim \mathcal{N}(\mu, \sigma^2)$", r"$z = \mu + \sigma\epsilon$"
plots.flow(
    {
        "z is drawn: the gradient cannot pass": rf"""
            $x$ -> [encoder] -> {{$\mu, \sigma$}} -> ({drawn}) -> [decoder] -> <loss>
            loss ~> {drawn} ~| $\mu, \sigma$""",
        "only epsilon is drawn: the gradient passes": rf"""
            $x$ -> [encoder] -> {{$\mu, \sigma$}} -> {{{moved}}} -> [decoder] -> <loss>
            ($\epsilon$) -> {moved}
            loss ~> encoder""",
    },
    "Why the draw is moved aside",
)

# %% [markdown] slideshow={"slide_type": "-"}
# **There are two ways to estimate this slope from samples, and both are right on average.** The score function needs no gradient that passes the draw.
# Reparameterization is the lower half of the drawing. We derive both for one dimension.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The score function is the derivative of $\log q$ in $\mu$.** Beside it only the value of $f$ is needed.
#
# 1. The mean is an integral, $\int q(z) f(z)\, dz$. Only $q$ depends on $\mu$, so the slope is $\int f(z)\, \frac{\partial q(z)}{\partial \mu}\, dz$.
# 2. We want a mean over $q$ again. The derivative of a logarithm is $\frac{\partial \log q}{\partial \mu} = \frac1q \frac{\partial q}{\partial \mu}$. So
#    $\frac{\partial q}{\partial \mu} = q\, \frac{\partial \log q}{\partial \mu}$, and the integral is the mean of $f(z)\, \frac{\partial \log q}{\partial \mu}$.
# 3. For a Gaussian, $\log q$ is $-\frac{(z - \mu)^2}{2 \sigma^2}$ plus terms without $\mu$. So
#    $\frac{\partial \log q}{\partial \mu} = \frac{z - \mu}{\sigma^2} = \frac{\epsilon}{\sigma}$, since $z - \mu = \sigma\epsilon$.
#
# $$\frac{\partial}{\partial \mu}\, \mathbb E_q[f(z)] = \mathbb E\Big[f(z)\, \frac{\epsilon}{\sigma}\Big] .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Reparameterization** makes the noise an input: the code is written as $z = \mu + \sigma\epsilon$, and only $\epsilon$ is drawn.
#
# 1. Write the mean over $\epsilon$ instead of $z$: $\mathbb E_\epsilon[f(\mu + \sigma\epsilon)]$.
# 2. The distribution of $\epsilon$ does not depend on $\mu$, so the derivative may go inside the mean.
# 3. By the chain rule the derivative of $f(z)$ is $f'(z)$ times $\partial z/\partial \mu$, which is 1.
#
# $$\frac{\partial}{\partial \mu}\, \mathbb E_q[f(z)] = \mathbb E\big[f'(\mu + \sigma\epsilon)\big] .$$
#
# Backpropagation computes $f'$, as in any network. (For $\sigma$ the chain rule has $\partial z/\partial \sigma = \epsilon$.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** The mean of $n$ estimates has $1/n$ of the variance of one. How many estimates by the score function must one average
# > to be as exact as one estimate by reparameterization?
#
# The histograms show 20,000 estimates of each kind for one digit. Compare their widths. The number in the title is the answer.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 10
mean, log_variance = (np.asarray(part)[0] for part in model.encode(one))
sigma, epsilon = np.exp(0.5 * log_variance), rng.standard_normal((20_000, 2))


def f(z):
    logits = np.asarray(model.logits(np.float32(z)), "float64")
    return logits @ one[0] - np.logaddexp(0, logits).sum(axis=1)


# Differences stand in for backpropagation: the same slope, on any backend.
z, steps = mean + sigma * epsilon, 1e-2 * np.eye(2)
score = f(z)[:, None] * epsilon / sigma
pathwise = np.stack([(f(z + h) - f(z - h)) / 2e-2 for h in steps], axis=1)
needed = score.var(axis=0).sum() / pathwise.var(axis=0).sum()
standard_error = score.std(axis=0) / np.sqrt(len(score))
gap = np.abs(score.mean(axis=0) - pathwise.mean(axis=0)) / standard_error

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.histograms(
    {"score function": score[:, 0], "reparameterization": pathwise[:, 0]},
    f"Slope in μ from one sample: {needed:,.0f} for one (you said {guess})",
    "A wide, low histogram and a narrow spike around the same mean.",
    xlabel="estimate of the slope (nats per unit of z1)",
)
coursekit.expect("both have the same mean, within 4 standard errors", gap.max() < 4)
coursekit.expect("the score function needs over 20 for one", needed > 20, n=needed)

# %% [markdown] slideshow={"slide_type": "-"}
# The score function needs thousands of samples to be as exact as reparameterization is with one. Its estimates reach from about $-2{,}000$ to $2{,}000$. Nearly all
# estimates by reparameterization fall into one bar, which is less than 200 wide.
#
# Why? The score function multiplies $f(z)$, which is minus a hundred nats and more, by the random number $\epsilon/\sigma$, which is positive or negative. Only over many draws
# do these large terms cancel. Reparameterization sees only how $f$ *changes*.
#
# The score function has one advantage: it needs no derivative of $f$. So it works also where $z$ is a whole number, and reparameterization as derived here does not.
#
# A constant can be subtracted from $f$ without changing the mean, because $\mathbb E[\epsilon/\sigma] = 0$:
#
# > **Try it.** `score = (f(z) - f(z).mean())[:, None] * epsilon / sigma`. How much of the factor is left?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · The slide's own code
#
# The code on slides 15 to 17 comes from the Keras blog of 2016, and two of its lines are slips.
#
# The slide's encoder answers with $\mu$ and with a number `z_log_sigma`. We call this number $s$.
#
# 1. The slide draws $\epsilon$ with `stddev=0.1`. The equation on the slide has $\epsilon \sim \mathcal N(0, I)$, so it should be 1.
# 2. The draw multiplies $\epsilon$ by `K.exp(z_log_sigma)`, so there $s$ is $\log\sigma$. But the KL term reads the same $s$ as $\log\sigma^2$.
#
# **So the slide draws with one $\sigma$ and pays for another.** It draws with $0.1\,e^{s}$, and it pays for $e^{s/2}$. The bound of section 3 needs the same $q$ in both
# terms, so this loss is no bound.
#
# Keras complains about neither slip. We train the model as printed.


# %% slideshow={"slide_type": "-"} tags=["central"]
class AsPrinted(Trained):
    def terms(self, x):
        z_mean, z_log_sigma = ops.split(self.encoder(x), 2, axis=-1)
        epsilon = 0.1 * keras.random.normal(ops.shape(z_mean), seed=self.noise)
        z = z_mean + ops.exp(z_log_sigma) * epsilon
        reconstruction = log_likelihood(x, self.decoder(z))
        kl = 1 + z_log_sigma - ops.square(z_mean) - ops.exp(z_log_sigma)
        kl = -0.5 * ops.sum(kl, axis=-1)
        return {"reconstruction": ops.mean(reconstruction), "kl": ops.mean(kl)}


keras.utils.set_random_seed(seed)
printed = AsPrinted()
as_printed = fit(printed, 30)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The bound that the printed model really has can be measured.** We change its encoder so that it answers with the variance that is really used.
#
# 1. The draw uses $\sigma = 0.1\,e^{s}$. The logarithm of a product is a sum, so $\log\sigma = s + \log 0.1$, and $\log\sigma^2$ is twice that: $2s + 2\log 0.1$.
# 2. The encoder's last layer is linear. We double its weights and its bias for $s$, and add $2\log 0.1$ to the bias. It then answers with this $\log\sigma^2$ in the place of $s$.
# 3. The codes are the same as before, and the KL divergence of section 4 now charges for the $\sigma$ that is used.
#
# In the table, "says" is the value by the printed loss and "has" is the true bound. Compare each with "corrected", our model of section 5.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
claimed = {name: float(value) for name, value in printed.terms(x_test).items()}
honest = vae.dense(2, (112, 128))
*before, kernel, bias = printed.encoder.get_weights()
kernel[:, 2:], bias[2:] = 2 * kernel[:, 2:], 2 * bias[2:] + 2 * np.log(0.1)
honest.encoder.set_weights([*before, kernel, bias])
honest.decoder.set_weights(printed.decoder.get_weights())
true = likelihood.elbo(x_test, honest.elbo)
says = claimed["reconstruction"] - claimed["kl"]
coursekit.expect(
    "the printed loss flatters itself by more than 2.5 nats",
    says - true.elbo > 2.5,
    says=says,
    true=true.elbo,
)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [
        ["printed: says", says, claimed["reconstruction"], claimed["kl"]],
        ["printed: has", *true[:3]],
        ["corrected", *unseen[:3]],
    ],
    columns=("unseen digits", "bound (nats)", "reconstruction", "KL"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# By its own loss the printed model is a few nats better than the corrected one; in truth it is a few nats worse.
#
# The difference between "says" and "has" lies in the KL divergence. (The reconstructions differ a little, because the codes are drawn anew.) Take $s = 0$ and $\mu = 0$ as an example. The slide draws with
# $\sigma = 0.1$ and pays for $\sigma = 1$, which costs nothing. By section 4, $\sigma = 0.1$ costs 1.81 nats for each dimension of the code.
#
# **A loss that cannot be trusted is caught by measuring the same thing in a second way.**
#
# > **Try it.** Mend one slip alone: write 1 for `0.1` in `AsPrinted`, and take `2 * np.log(0.1)` out of the cell that measures. Which of the two slips costs
# > more nats of the true bound?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · For a second reading
#
# Some questions can be left out at first: when the gap is 0, whether one Gaussian is enough for a prior, and what else differs on the slides.
#
# ### Can the gap be 0?
#
# The gap is 0 if the encoder's proposal is the posterior. Our proposal is a Gaussian with independent dimensions. It is the posterior if the decoder ignores the code, since then the
# posterior is the prior. **For other decoders some gap is usually left.**
#
# Training raises the ELBO by a more probable image or by a smaller gap. A smaller gap can come from the encoder. It can also come from the decoder, which changes the posterior.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Is one bell not too simple?
#
# The prior is one round Gaussian, one bell, but digits come in ten kinds. Must the prior not have ten bells?
#
# It need not, because a function can bend one distribution into another. In one dimension the recipe is short:
#
# 1. Let $\Phi(z)$ be the share of the prior that lies below $z$. If $z$ is drawn from the prior, this share is equally often anything between 0 and 1 (section 6).
# 2. Let $F(t)$ be the share of *another* distribution that lies below $t$.
# 3. Ask for the $t$ that has the same share: $F(t) = \Phi(z)$. Then $t$ has that other distribution.
#
# The cell does this for a distribution of two separate humps.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
z = rng.standard_normal(20_000)
t = np.linspace(-4, 4, 2001)
two_humps = (stats.norm.cdf(t, -2, 0.4) + stats.norm.cdf(t, 2, 0.4)) / 2
bent = np.interp(stats.norm.cdf(z), two_humps, t)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.histograms(
    {"z, from the prior": z, "the same numbers, bent": bent},
    "One bell, bent into two humps",
    "A wide histogram with one peak, and one of two narrow peaks with nothing between.",
    xlabel="value",
)
coursekit.expect(
    "nearly nothing is left between the humps",
    np.mean(np.abs(bent) < 0.8) < 0.01,
    between=np.mean(np.abs(bent) < 0.8),
)

# %% [markdown] slideshow={"slide_type": "-"}
# One bell has become two humps with nearly nothing between. The bending function is steep where $z$ is near 0. A decoder's first layers can learn such a function, so a simple prior does not
# mean simple pictures.
#
# But a network's function has no jumps. So between two kinds of digits some codes always give mixtures, and section 6 has shown them.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The slide's formula, and ours
#
# The slide's formula differs from ours in two places, and both are harmless.
#
# - The slide's $\mathcal L$ is the bound, to be maximized, under a title that says loss. The slide's code rightly turns both signs around.
# - The slide averages the reconstruction over $L$ draws of $\epsilon$ for each image. We take $L = 1$. A minibatch has many images, and its mean averages over their
#   draws already. `vae.dense(samples=L)` takes more.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The slide's code in Keras 3
#
# Of the five rows of the table, Keras 3 refuses the first three. It would run the last two, the slips of section 8, without a complaint.
#
# | slide says | we write | why |
# |---|---|---|
# | `from keras import backend as K`, `K.exp`, `K.sum` | `from keras import ops`, `ops.exp`, `ops.sum` | one set of names for every backend; `K` no longer has them |
# | `K.random_normal(shape=...)` | `keras.random.normal(shape, seed=generator)` | a seed of its own, so that runs can be repeated |
# | `vae.add_loss(vae_loss)` | a loss inside `train_on` (or a layer's `call`) | a functional model takes no loss from outside |
# | `stddev=0.1` | 1 | $\epsilon \sim \mathcal N(0, I)$, says the equation on the slide |
# | `K.exp(z_log_sigma) * epsilon` | `ops.exp(0.5 * z_log_variance) * epsilon` | the KL term reads the same number as $\log\sigma^2$ |

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The price of the two slips
#
# At $s = 0$ the slide pays 1.81 nats too little for each dimension. In the table of section 8 the two KL divergences differ by more than twice that.
#
# Training has made $s$ smaller than 0. At $s = -1$ the price for $\sigma = 0.1\,e^{-1}$ is $2.80$ nats and the price paid is $0.18$,
# a **difference of $2.62$ nats** for each dimension.
#
# In [2016](https://github.com/keras-team/keras/pull/4211) a reader with twenty dimensions, and noise of 0.01, saw a loss "way lower than what it should be".

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/07_variational_autoencoders.ipynb), checked as you go:
#
# 1. **Another prior**: derive and code the divergence from it, and then the one of a posterior that is no bell.
# 2. **The other slope**: the score function and reparameterization for $\sigma$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A VAE is a model of how images come about, $p(z)\,p(x|z)$, with an encoder to train it by.
# - Its loss comes from a bound: **reconstruction minus KL divergence**, both in nats, both sums. The gap is the KL divergence of the encoder's proposal from the posterior.
# - The KL divergence pulls each image's codes toward the prior. Nothing asks all codes together to equal it.
# - **Reparameterization** makes the noise an input, so that backpropagation can compute the slope.
# - A loss that draws with one $\sigma$ and pays for another is no bound; it promises too much.
#
# What is such a model good for, and how does one know that it is good? That is [lecture 8](08_vae_in_use.ipynb). Two systems that others have built
# on VAEs have lectures of their own: MusicVAE (lecture 9) and Soft-IntroVAE (lecture 14).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - D. Kingma, M. Welling, *[Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114)*, ICLR 2014.
# - D. Rezende, S. Mohamed, D. Wierstra, *Stochastic backpropagation and approximate inference in deep generative models*,
#   ICML 2014.
# - F. Chollet, *[Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html)*, 2016.
