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
# An autoencoder's codes lie wherever training left them. Ask instead that they fill a known cloud, and every point of the
# cloud can be drawn. This wish is a second term of the loss, and the two terms together turn out to be a bound on how
# probable an image is.
#
# **You will be able to**
#
# - derive the loss of a variational autoencoder, type it, and train it in a few seconds;
# - say what the reparameterization trick buys, as a number;
# - walk through a latent plane with your finger;
# - tell how good a model is, in nats, and how loose the bound is that it was trained on;
# - read published code and find what its slips cost;
# - steer generated faces, and make and cure posterior collapse.
#
# You need [lecture 4](04_autoencoders.ipynb). About 75 minutes to read and play; about a minute to run.

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
from scipy import special, stats

full = profile == "full"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Where may one draw from?
#
# Lecture 4 ended with a network that squeezes a digit into two numbers, and nobody could say which pairs of numbers are
# digits. Here it is again, on digits made black and white: a pixel above 0.5 is ink (1), every other one is paper (0).
# Whether a pixel is ink is now an event, and an event has a probability.

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
# The codes run to several tens, because nothing asked them not to, and between the fans there is ground that no image's
# code has ever touched. To draw a digit one would have to know this map, and with 32 numbers instead of two nobody can
# look at it. So let us choose the map first, and train the network to live on it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A model one can draw from
#
# Before there is any network, we say how an image comes about: first a code, then a picture of it. The code is drawn from
# the **prior**, $z \sim \mathcal N(0, I)$. Then every pixel is ink with the probability that a decoder reads off the code,
#
# $$p(x|z) = \prod_j \hat x_j^{\,x_j} (1 - \hat x_j)^{1 - x_j}, \qquad \hat x = \text{decoder}(z) .$$
#
# A good decoder makes the digits that we have seen probable: it has a large $\log p(x) = \log \int p(z)\,p(x|z)\,dz$. Nobody
# can do this integral, and trying random codes wastes nearly all of them on other digits. So let a second network, the
# encoder, propose codes for *this* $x$: $q(z|x) = \mathcal N(\mu, \sigma^2)$, with $\mu$ and $\log \sigma^2$ its two answers. (A network may
# answer with any number; a logarithm may be any number, a variance may not.)

# %% slideshow={"slide_type": "-"} tags=["figure"]
one = test.images[0, ..., 0]
plots.flow(
    r"""
    $x$ -> [encoder] -> {$\mu$}, {$\log \sigma^2$} -> {$z$} -> [decoder] -> $\hat x$
    ($\epsilon$) -> $z$
    $x$, $\hat x$ -> <reconstruction>
    $\mu$, $\log \sigma^2$ -> <KL>
    """,
    "A variational autoencoder: two networks, one random draw, two terms",
    pictures={"$x$": one},
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Three steps lead from the integral to a bound.**
#
# 1. Multiply and divide by $q$, so that the integral becomes a mean over codes from $q$.
# 2. The logarithm of a mean is at least the mean of the logarithms (Jensen's inequality).
# 3. Split the logarithm of the product into a sum.
#
# $$\log p(x) = \log \mathbb E_{q}\Big[\frac{p(z)\,p(x|z)}{q(z|x)}\Big] \;\ge\; \mathbb E_{q}\Big[\log \frac{p(z)\,p(x|z)}{q(z|x)}\Big]
# = \mathbb E_{q}\big[\log p(x|z)\big] + \mathbb E_{q}\big[\log p(z) - \log q(z|x)\big]$$
# $$= \underbrace{\mathbb E_{q}[\log p(x|z)]}_{\text{reconstruction}} - \underbrace{\mathrm{KL}\big(q(z|x)\,\Vert\,p(z)\big)}_{\text{price of the code}} .$$
#
# This is the **evidence lower bound**, ELBO (Kingma and Welling, 2014): codes from which the image can be rebuilt, less
# a charge for differing from draws of the prior. The charge $\mathrm{KL}(q\Vert p) = \mathbb E_q[\log q(z) - \log p(z)]$ is never negative, and 0 only for
# $q = p$. How much does the second step give away? Write $p(z)\,p(x|z) = p(x)\,p(z|x)$ in the mean of the logarithms, and it
# reads $\log p(x) - \mathrm{KL}\big(q(z|x)\,\Vert\,p(z|x)\big)$. So the **gap** is the distance of the encoder's proposal from the right
# answer, $p(z|x)$; section 7 measures it. Logarithms are natural, so the unit is the *nat*. The slide writes this bound and calls it a loss; one *maximizes* it, and the
# slide's code rightly turns both signs around.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The reconstruction, as a number
#
# A product over pixels becomes a **sum** of logarithms. Keras's `binary_crossentropy` is minus its *mean*, which is why the
# slide multiplies by `original_dim`. The decoder's last layer gives logits $\ell$, with $\hat x = 1/(1 + e^{-\ell})$. In these the sum is $\sum_j x_j \ell_j - \log(1 + e^{\ell_j})$: no probability is
# rounded to 0 on the way.


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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The price, as a number
#
# Between two Gaussians the divergence needs no sampling: for each number of the code
#
# $$\mathrm{KL}\big(\mathcal N(\mu, \sigma^2)\,\Vert\,\mathcal N(0, 1)\big) = -\tfrac12\big(1 + \log\sigma^2 - \mu^2 - \sigma^2\big) .$$
#
# To see why, write both densities out. In $\log q - \log p$ the factor $\sqrt{2\pi}$ cancels, and
# $-\tfrac12 \big(\log\sigma^2 + (z - \mu)^2/\sigma^2 - z^2\big)$ is left. Its mean over $z \sim q$ needs two means that we know,
# $\mathbb E(z - \mu)^2 = \sigma^2$ and $\mathbb E z^2 = \mu^2 + \sigma^2$.
#
# > **Predict.** Being far out ($\mu = 2$) costs, and so does being sure ($\sigma = 0.1$ where the prior has 1). Which costs more?


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
# Being two standard deviations out costs 2.00 nats and being ten times as sure 1.81: nearly the same. A code that is
# both pays 3.81, the sum. One nat is a factor of $e$ in probability, and the encoder spends a nat only where it buys more
# than a nat of reconstruction. The figure also says what the formula saves: after 65,536 draws the estimates are still off
# by some thousandths of a nat.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The model, typed
#
# Only the sampling is missing, and it is one line: $z = \mu + \sigma\epsilon$ with $\epsilon \sim \mathcal N(0, I)$.


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
# For each minibatch the model minimizes price minus reconstruction. `minimize` returns what the loss returned: the
# number, and the two terms on the way.
#
# > **Predict.** Before training the encoder knows nothing. In the first epochs, will the price of the code rise or fall?


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
    "... and the price paid for it",
    "The price falls in the first epochs and then grows slowly.",
    xlabel="epoch",
    ylabel="nats an image",
    size=(7.5, 2.6),
)
coursekit.expect(
    "the bound is above -165 nats, of which the code costs 4 to 9",
    bound[-1] > -165 and 4 < kl[-1] < 9,
    bound=bound[-1],
    kl=kl[-1],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The price of the code first falls, from about 7 to below 4 nats, and then rises slowly. At first it falls because a decoder
# that cannot read yet gets nothing for it. Later it rises because the encoder buys nats back, wherever one brings more
# than it costs. (The slide averages over $L$ draws of $\epsilon$ for each image; with minibatches one is enough,
# `vae.dense(samples=L)` takes more.)
#
# The package's class has a few more settings and the same two lines at its heart (it reports the reconstruction as a
# loss, with the sign turned). A test holds the two equal. The table below has its bound on digits that it was trained
# on and on others; from here on we quote the bound on unseen digits.

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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The plane
#
# The prior is now the map, so the plane can be cut into equal steps of the prior's *probability*. These steps are
# quantiles of the normal distribution, and one batch decodes them all.

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
# The codes nearly fill the prior's plane: they reach a little farther than it, and some corners are nearly empty. The price pulls each code toward
# the prior; nothing asks all codes *together* to equal it.
#
# Drag. The page computes with the decoder's own weights, so this works where no Python runs. (For a model of yours:
# `widgets.DecoderExplorer(model)`.)

# %% slideshow={"slide_type": "-"} tags=["experiment", "front"]
some = np.arange(800)
widgets.DecoderExplorer(
    model,
    points=means[some],
    labels=train.labels[some],
    title="The plane of digits",
    alt="A digit decoded from the chosen point of the plane.",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · A slope through noise
#
# Between the encoder and the loss stands a random draw, and the gradient must get past it. We wrote
# $z = \mu + \sigma\epsilon$ without saying why. The question is: what slope has the mean $\mathbb E_q[f(z)]$, with $f(z) = \log p(x|z)$, in $\mu$?

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
# Two estimators of this slope are both right on average:
#
# - the **score function**: $\mathbb E\big[f(z)\,\nabla_{\!\mu} \log q(z)\big]$, which needs no slope of $f$ at all
#   (because $\nabla_{\!\mu}\, q = q\, \nabla_{\!\mu} \log q$; for a Gaussian $\nabla_{\!\mu} \log q = \epsilon/\sigma$);
# - **reparameterization**: make the noise an input, and $\mathbb E\big[\nabla f(\mu + \sigma\epsilon)\big]$ is a slope like any other.
#
# > **Predict.** An average of $n$ samples has a variance of $1/n$ of one. How many samples must the score function draw
# > to be as exact as reparameterization is with one?

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
    f"One sample's slope in μ: {needed:,.0f} for one (you said {guess})",
    "A wide, low histogram and a narrow spike around the same mean.",
    xlabel="estimate of the slope (nats per unit of z1)",
)
coursekit.expect("both have the same mean, within 4 standard errors", gap.max() < 4)
coursekit.expect("the score function needs over 20 for one", needed > 20, n=needed)

# %% [markdown] slideshow={"slide_type": "-"}
# The score function needs thousands of samples to be as exact as reparameterization is with one; the figure's title has
# the number. It multiplies $f(z)$, a hundred nats and more, by the random $\epsilon/\sigma$, and only over many draws
# do the mistakes cancel. The slope of $f$ sees only how $f$ *changes*. Most of the factor comes from the large constant in $f$,
# and a constant can be subtracted:
#
# > **Try it.** `score = (f(z) - f(z).mean())[:, None] * epsilon / sigma`. Why does this leave the mean (all but) alone, and
# > how much of the factor is left? For which models is the score function the only way?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The slide's own code
#
# The slide's code is the Keras blog's of 2016, and two of its lines are slips. Keras 3 would run these two; three others it
# refuses.
#
# | slide says | we write | why |
# |---|---|---|
# | `from keras import backend as K`, `K.exp`, `K.sum` | `from keras import ops`, `ops.exp`, `ops.sum` | one set of names for every backend; `K` has lost them |
# | `K.random_normal(shape=...)` | `keras.random.normal(shape, seed=generator)` | randomness has an owner, so that runs can be repeated |
# | `vae.add_loss(vae_loss)` | a loss inside `train_on` (or a layer's `call`) | a functional model takes no loss from outside |
# | `stddev=0.1` | 1 | $\epsilon \sim \mathcal N(0, I)$, says the equation on the slide |
# | `K.exp(z_log_sigma) * epsilon` | `ops.exp(0.5 * z_log_variance) * epsilon` | the KL term reads the same number as $\log\sigma^2$ |
#
# The last two rows are no matter of taste: the slide samples with one $\sigma$ and pays for another. Train it as printed.


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
# The bound that the printed model really has can be measured. Its encoder answers with $\mu$ and a number $s$, and the
# sampling uses $s$ as $\sigma = 0.1\,e^{s}$, which means $\log\sigma^2 = 2s + 2\log 0.1$. The encoder's last layer is linear, so we rewrite its
# weights: it then answers with this $\log\sigma^2$ in the place of $s$. The codes are the same as before, and section 2's KL
# divergence now charges for the $\sigma$ that is used.

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
# By its own loss the printed model is a few nats better than the corrected one; in truth it is a few nats worse. It pays
# for a standard deviation of $e^{s/2}$ and uses $0.1\,e^{s}$, so the code carries more than it pays for. At $s = 0$ that is 1.81
# nats for each number of the code, the price of being ten times as sure. The encoder here prefers a smaller $s$, where
# the difference is larger. And it adds up over the numbers of the code: in
# [2016](https://github.com/keras-team/keras/pull/4211) a reader with twenty of them, and noise of 0.01, saw a loss "way lower
# than what it should be". A loss that cannot be trusted is caught by measuring the same thing in a second way.
#
# Two more things are easily misread. The slide's $\mathcal L$ is the bound, to be maximized, under a title that says loss. And
# the 146.95 of [another Keras example](https://keras.io/examples/generative/vae/) is a cross-entropy of *gray* images,
# measured in training: it is no likelihood and cannot be compared with ours.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · How good, in nats
#
# The bound is loose by $\mathrm{KL}(q(z|x) \Vert p(z|x))$ (section 2): by how badly the encoder's Gaussian describes which codes this
# image could have. The ratio $p(x|z)\,p(z)/q(z|x)$ is called an *importance weight*; its mean over codes from $q$ is $p(x)$.
# Burda et al. (2016) average $k$ of them *inside* the logarithm,
#
# $$\mathrm{IWAE}_k = \mathbb E\Big[\log \frac1k \sum_{i=1}^{k} \frac{p(x|z_i)\,p(z_i)}{q(z_i|x)}\Big], \qquad \mathrm{ELBO} = \mathrm{IWAE}_1 \le \mathrm{IWAE}_5 \le \dots \le \log p(x) .$$
#
# > **Predict.** We have two ways to $\log p(x)$ now: importance weights from the encoder, and brute force from the prior.
# > With the same number of samples, which one comes closer?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def brute_force(logits, x):
    """log of the mean of p(x|z) over the codes that `logits` [n, 784] come from."""
    logits = np.asarray(logits, "float64")
    each = x @ logits.T - np.logaddexp(0, logits).sum(axis=1)
    return float(np.mean(special.logsumexp(each, axis=1)) - np.log(len(logits)))


# %% slideshow={"slide_type": "-"} tags=["experiment"]
ks, few = [1, 5, 50, 500, 5000], x_test[:100]
normal = rng.standard_normal((5000, 2))
logits = np.asarray(model.logits(np.float32(normal)))
curves = {
    "codes from the encoder": [
        likelihood.iwae(few, model.log_weights, k=k).bound for k in ks
    ],
    "codes from the prior": [brute_force(logits[:k], few) for k in ks],
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    ks,
    curves,
    "Bounds on log p(x) of 100 unseen digits, two numbers",
    "The encoder's curve starts high and climbs slowly; the prior's starts very low and ends "
    "level with it.",
    xlabel="k, samples of z",
    ylabel="nats",
    log=("x",),
    baselines=["codes from the prior"],
)
coursekit.expect(
    "the encoder's bound rises with k",
    np.all(np.diff(curves["codes from the encoder"]) > 0),
)

# %% [markdown] slideshow={"slide_type": "-"}
# With few samples the encoder's codes come far closer; on a plane 5,000 codes from the prior catch up, because some of them
# always fall near this digit's own. The encoder's 50 are nearly as good, and its single sample, the ELBO, is a few nats short.
#
# **The same test in fifty dimensions ends differently.** A code of two numbers is for looking at. `vae-mnist-50d` has fifty, and the architecture for which Burda et al. print 86.76
# nats. It was trained on 55,000 digits whose gray pixels are tossed anew in every step; none of our 5,000 is among
# them. **A likelihood means nothing without its binarization**: thresholded digits are easier than tossed ones.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
large = coursekit.pretrained("vae-mnist-50d")
record = coursekit.results("vae-mnist-50d")
tossed = likelihood.binarize(test.flat[:100], "stochastic")
ks = [1, 10, 100, 1000]
normal = rng.standard_normal((1000, 50))
curves = {
    "codes from the encoder": [
        likelihood.iwae(tossed, large.log_weights, k=k).bound for k in ks
    ],
    "codes from the prior": [
        brute_force(large.logits(np.float32(normal[:k])), tossed) for k in ks
    ],
}

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

# %% slideshow={"slide_type": "-"} tags=["figure"]
nll, epochs = record["metrics"]["nll"]["mean"], record["settings"]["epochs"]
bits = likelihood.bits_per_image(-nll)
plots.table(
    [
        ["784 coins", f"{-coin:.2f}", "784"],
        [f"ours, {epochs} epochs", f"{nll:.2f}", f"{bits:.0f}"],
        ["Burda et al. (2016), 3,280 epochs", "86.76", "125"],
    ],
    columns=("-log p(x) of 10,000 test digits", "nats", "bits an image"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# In fifty dimensions even a thousand codes from the prior stay tens of nats short of the encoder's: hardly any of them falls
# near this digit's own. The table has what is reported of such a network: the best estimate of $-\log p(x)$, on digits whose
# gray pixels were tossed.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Why is it useful?
#
# The slide gives four reasons why a VAE is useful, and each can be put to a test.
#
# **It learns a representation.** A linear classifier is shown ten labels a class, once with the pixels of the digits and once
# with their fifty means. The encoder has never seen a label.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
from sklearn.linear_model import LogisticRegression

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
# quite fair: the encoder has looked at 55,000 digits without labels, the classifier of pixels at a hundred digits in all.
#
# **It can be controlled.** `portraits` are faces drawn by our own code, so what distinguishes them is known: twelve
# factors. `vae-portraits` has seen 5,000 of them and no factor. To find the direction of a smile, regress the factor on the
# codes of 800 new faces; 200 more are for the bars. The regression gives weights $w$, and $w^\top z$ *reads* the smile from a
# code. To *draw* a smile we need the other direction: how does a code change, on average, when the reading changes? In
# proportion to $\Sigma w$, with the codes' covariance $\Sigma$, because numbers of the code that vary together move together. (Codes
# with $\Sigma = I$ would move along $w$ itself.) The reading has the standard deviation $\sqrt{w^\top \Sigma w}$. We divide by it,
# and one step along the arrow changes the reading by one standard deviation.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
from sklearn.linear_model import Ridge

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

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
start, steps = face_codes[[721]], np.linspace(-1.6, 1.6, 5)
walks = {
    name: artist.decode(np.float32(start + steps[:, None] * arrow[name]))
    for name in ("skin", "hair_color", "mouth", "tilt", "glasses")
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {name: np.asarray(walk) for name, walk in walks.items()},
    "One face, five arrows; no factor was ever named in training",
    "Rows of five faces, each row changing along one attribute; the mouth's changes least.",
    columns=[f"{step:+.1f}" for step in steps],
    size=0.95,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Skin, hair, tilt and glasses follow their arrows; the mouth changes only a little, as its bar said. A mouth is few pixels, and the
# code spends its nats where pixels are. The walk begins at a face whose factors are near the middle of their ranges, and 1.6
# standard deviations lead about to the end of them. Farther out lies no training face, and the pictures break. No axis of
# the code is the smile by itself, so a direction is found only with labels.
#
# > **Try it.** Walk from `face_codes[[1]]`, whose head leans to one side already, over `np.linspace(-2.4, 2.4, 7)`: which row
# > falls apart, and at which end? Then add two arrows at once, glasses *and* a darker skin: does each still do
# > only its own work?
#
# **It interpolates.** From one code to another leads the straight line, or an arc around the origin. In many dimensions draws from
# the prior lie near the sphere of radius $\sqrt d$, and a straight line takes a short cut through an inside where hardly any code
# is (exercise 2).

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# Between line and arc one sees hardly a difference here: the two codes are near each other, and their cloud is not centered
# on the origin. Mixed pixels give a double exposure. In fifty dimensions the difference can be measured (exercise 2).
#
# **It generates.** That was the point of the prior: draw $z$, decode.
#
# > **Predict.** A face has twelve thousand numbers to rebuild, and the code has twenty. Which of the two terms of the bound
# > will the encoder mostly serve, and what does that mean for faces drawn from the prior?

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
    "two numbers of the code are correlated by more than 0.4, in the prior by 0",
    apart > 0.4,
    correlation=apart,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The encoder serves the reconstruction, and most faces drawn from the prior are smears. With so many pixels it
# pays to be very sure of each number of the code, and most of the price buys that. To lie a little off the prior costs little
# beside it: the codes are shifted, and two of their numbers are correlated by more than 0.4. A Gaussian fitted to the codes
# afterwards mends most of it. These are the two usual answers: fit a prior to the codes, as here, or give the prior more
# weight from the first step on.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Rate and distortion
#
# The price of the code can be weighed: maximize reconstruction $-\,\beta\,\mathrm{KL}$ (Higgins et al., 2017). The KL divergence is a *rate*, the nats
# that the code carries; what the reconstruction lacks is the *distortion*. $\beta$ is the exchange rate between the two. It is a
# variable, so one compilation serves the whole sweep, each $\beta$ going on from the one before.
#
# > **Predict.** For which $\beta$ is the bound on *unseen* digits best?

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
    f"Ten numbers: the bound is best at β = {winner:g} (you said {guess:g})",
    "From the right the distortion first sinks a little, then climbs steeply below 19 nats.",
    xlabel="rate: KL (nats)",
    ylabel="distortion: -reconstruction (nats)",
)
coursekit.expect("the rate falls as β grows", np.all(np.diff(rate) < 0))
coursekit.expect(
    "the best bound has β from 0.5 to 2", 0.5 <= winner <= 2, beta=winner
)

# %% [markdown] slideshow={"slide_type": "-"}
# On unseen digits the bound is best at a $\beta$ near 1; the figure's title says which. Read the curve from the right. Halving the
# rate costs *nothing* there: those nats presumably described accidents of the training digits. Then the curve turns, and
# each nat saved costs more than a nat of picture. The bound counts both alike, so it is best where the slope is -1, which is
# what $\beta = 1$ seeks, on the training digits. (The comparison is not quite fair: each $\beta$ starts from the one before, so
# the later ones have trained longer.) A larger $\beta$ is no mistake if you want a shorter code rather than a better likelihood;
# but then quote the bound at $\beta = 1$.
#
# > **Try it.** `plots.images(drawn, "Ten codes from the prior", "Rows of digits")`. The bound is best at one β; in which row
# > do you like the digits best?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · Collapse, made and cured
#
# Early in training a code is noise to the decoder, and dropping it saves its price at once. A number of the code that has been
# dropped sends nothing, so the decoder never learns to listen, so it stays dropped: **posterior collapse**. A high
# learning rate makes it likely. The cure is to charge nothing at first: `warm_up` raises the weight of the KL term from
# 0 over the first steps.

# %% slideshow={"slide_type": "-"} tags=["experiment", "nbval-ignore-output"]
used, after = {}, {}
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
    print(f"{name}: {likelihood.collapse(*codes)}")

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    np.arange(1, 15),
    {
        f"{name}: ELBO {after[name]:.0f}": values[:14]
        for name, values in used.items()
    },
    "Nats that each number of the code carries, sorted",
    "Two falling curves; without a warm-up most numbers carry nothing.",
    xlabel="number of the code, by rank",
    ylabel="KL (nats)",
)
alive = {name: int((values > 0.1).sum()) for name, values in used.items()}
coursekit.expect(
    "a warm-up keeps three or more numbers more above a tenth of a nat, and gains 2 nats",
    alive["warmed up"] >= alive["charged at once"] + 3
    and after["warmed up"] > after["charged at once"] + 2,
    **{f"alive {name}": count for name, count in alive.items()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# With a warm-up more numbers of the code stay in use, and the bound is better by more than 2 nats. Network, data and final loss
# are the same; only the first 500 steps of some 900 differ. Charged at once, most numbers carry less than a hundredth of a nat
# each, and stay that way. (`collapse` counts numbers whose mean varies at all, the check those
# above a tenth of a nat.)
#
# > **Try it.** The other cure is `free_bits`: up to so many nats a number may carry without paying. Set
# > `{"free_bits": 0.3}`. More numbers are alive now; has the bound moved?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/05_variational_autoencoders.ipynb), checked as you go:
#
# 1. **Another prior**: derive and code the divergence from it.
# 2. **Arc or line**: write `slerp`, and measure how far inside the line goes.
# 3. **Find the collapse**: three trained models; which one is not using its code, and what helps?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A VAE is a model of how images come about, $p(z)\,p(x|z)$, with an encoder to train it by.
# - Its loss is a bound: **reconstruction minus price**, both in nats, both sums.
# - **Reparameterization** makes the noise an input and the slope an ordinary one.
# - A loss that samples with one $\sigma$ and pays for another is no bound; it flatters itself.
# - **Importance weights** tighten the bound; state $k$ and the binarization, or state nothing.
# - $\beta$ trades rate against distortion; a warm-up keeps the code from being dropped.
#
# Pictures from a VAE are soft, because every pixel is drawn by itself around a mean. Sharper ones come from an adversary
# (lecture 7), or from diffusion models, which are trained on a bound of this very kind. Two systems that others have built
# on VAEs have lectures of their own: MusicVAE (lecture 6) and Soft-IntroVAE (lecture 9), both in preparation.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - D. Kingma, M. Welling, *[Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114)*, ICLR 2014.
# - D. Rezende, S. Mohamed, D. Wierstra, *Stochastic backpropagation and approximate inference in deep generative models*,
#   ICML 2014.
# - Y. Burda, R. Grosse, R. Salakhutdinov, *[Importance weighted autoencoders](https://arxiv.org/abs/1509.00519)*, ICLR 2016.
# - I. Higgins et al., *beta-VAE: learning basic visual concepts with a constrained variational framework*, ICLR 2017.
# - S. Bowman et al., *Generating sentences from a continuous space*, CoNLL 2016 (the warm-up).
# - A. Alemi et al., *Fixing a broken ELBO*, ICML 2018 (rate and distortion).
# - F. Chollet, *[Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html)*, 2016.
