# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Soft-IntroVAE: a VAE that plays against itself
#
# The encoder of a VAE judges every image that it is shown. Nobody ever shows it an image that its own decoder has invented. In
# this lecture we do, and the two begin to play against each other.
#
# **You will be able to**
#
# - show that a VAE finds its own samples more normal than real data;
# - derive the loss that makes the encoder a discriminator, and say why its threshold is soft;
# - type both players, and say whose weights move in which step, and where gradients stop;
# - prove what the theorem about the game's equilibrium promises, and say what it does not promise;
# - compare the result with a VAE and a GAN: samples, reconstructions, and images of another kind.
#
# You need lectures [7](07_variational_autoencoders.ipynb), [8](08_vae_in_use.ipynb), [10](10_gan.ipynb), [11](11_gan_in_practice.ipynb) and [12](12_dcgan.ipynb). About 75 minutes to read
# and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": longer training on the ring
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from coursekit import data, metrics, plots, recipes
from coursekit.models.soft_introvae import PlainVAE, SoftIntroVAE
from coursekit.plots import palette
from coursekit.training import Model, progress
from keras import layers, ops
from scipy import optimize

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The expert and the forger
#
# A VAE is like an expert and a forger who work in one house. The expert looks at a picture and writes a short note about it.
# The forger reads the note and paints the picture again. Both earn more if the two pictures are alike, and long notes cost them
# something. The expert is the encoder, the forger is the decoder, and the note is the code $z$. What they earn is the ELBO of
# lecture 7.
#
# One day the forger paints from an invented note: a $z$ that is drawn from the prior. The result is a picture that never had an
# original. We call it a **fake**. A good expert would see that something is odd about it. Does our encoder?

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    (invented note $z$) -> [decoder] -> fake -> [encoder] -> {$q(z|x)$} -> <price>
    original -> encoder
    """,
    "A question that a VAE is never asked: what does a fake cost?",
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The price of an image $x$ is the loss that the VAE has on it.** It has two parts. The first, $L_r$, says how badly the image
# is rebuilt. The second is the KL divergence of its code from the prior. With the squared error they are
#
# $$L_r(x) = \lVert x - \text{decoder}(z)\rVert^2, \qquad \mathrm{KL}(x) = \mathrm{KL}\big(q(z|x)\,\Vert\,p(z)\big) .$$
#
# A sum of the two is minus the ELBO. To see this, let the decoder's pixels be Gaussian with variance $\sigma^2$. Then
# $\log p(x|z)$ is $-L_r / (2\sigma^2)$ plus a constant. So $L_r$ gets the coefficient $1/(2\sigma^2)$, and the KL gets the
# coefficient 1. A low price is a high ELBO: the model finds the image normal.
#
# We ask the VAE of lecture 8 whose codes have 50 dimensions. It gets digits that it has not seen, and as many samples of its
# own.
#
# > **Predict.** Which are rebuilt better: real digits, or the VAE's own samples? By what factor do the two errors differ?
#
# In the code, `scores` gives $L_r$ and the KL of each image.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 1.0  # error of its samples, divided by the error of digits
test = data.load("digits", "test")
lecture_5 = recipes.pretrained("vae-mnist-50d")
plain = PlainVAE(lecture_5.encoder, lecture_5.decoder, output="sigmoid")
gan = recipes.pretrained("dcgan-mnist")
own = plain.sample(1000, seed=3)
error, kl = plain.scores(test.flat)
error_own, kl_own = plain.scores(own)

# %% [markdown] slideshow={"slide_type": "subslide"}
# First look at the images yourself. In which row do strokes break off or smear?

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {
        "digits": test.images[::83][:12],
        "samples of the VAE": own[:12],
        "samples of a DCGAN": gan.sample(12, seed=1),
    },
    "Anybody can tell the second row from the first",
    "Three rows of twelve: digits; samples of the VAE, with broken and smeared strokes; samples "
    "of a DCGAN, which look like digits.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now ask the VAE itself: how large is the squared error of a reconstruction? In the figure, look which of the two humps lies
# farther to the left.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.histograms(
    {"digits": error, "the VAE's own samples": error_own},
    "The VAE cannot: it rebuilds its own samples better",
    "Two humps that hardly overlap: samples have a small error, digits a large one.",
    xlabel="squared error of an image's reconstruction",
    marks={"your guess for samples": guess * error.mean()},
)
backward = metrics.roc(error, error_own)[0]
coursekit.expect(
    "its samples have less than half the error of digits, and the error ranks them backward",
    error_own.mean() < error.mean() / 2 and backward < 0.2,
    ratio=error_own.mean() / error.mean(),
    backward=backward,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The VAE rebuilds its own samples better than digits: the squared error is 1.3 instead of 6.0, nearly five times smaller.
# The humps overlap only at small errors, mainly from 0 to 3. Their codes cost the same, about 23 nats. So the encoder takes
# a smeared fake for a very normal digit.
#
# A sample is something that the decoder can paint, since it has just painted it. A real digit has details that the decoder
# cannot paint. **So whatever the decoder can paint is cheap.**
#
# Two things are missing in a VAE's training. **The encoder never sees a fake**, so it is a bad judge of fakes. And **the
# decoder never learns that its samples are bad**, because samples from the prior do not occur in its loss at all.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A loss for fakes
#
# **Show the encoder fakes, and train it to make them expensive.** The GAN of lecture 10 has a third network for this, the
# discriminator. Here no third network is needed, because a price is a judgment.
#
# This was the idea of IntroVAE (Huang et al., 2018). Its encoder minimizes, for each fake,
#
# $$\big[\,m - \mathrm{KL}(\text{fake})\,\big]^+ .$$
#
# Here $[a]^+$ is $a$ if $a$ is positive, and else 0. The **margin** is the number $m$, the KL up to which the encoder is to
# raise a fake. While the KL of a fake is below $m$, each nat that the encoder adds to it lowers the loss by 1. Above $m$ the
# loss is 0, and adding nats is worth nothing.
#
# Why have a margin at all? The encoder could add nats to fakes forever, and such a loss has no minimum. **Without a margin the
# game breaks.**
#
# But which margin? **A hard margin has to be chosen for every data set.** If it is too low, fakes pass. If it is too high, the
# encoder cares about fakes only, and the price of real images hardly counts beside it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A weight that falls smoothly
#
# **Soft-IntroVAE gives each fake a weight, which falls smoothly with the fake's price** (Daniel and Tamar, 2021). Let $E$
# be minus the price of a fake, with a coefficient for each part:
#
# $$E = -s\,\big(\beta_{\text{rec}}\, L_r + \beta_{\text{neg}}\, \mathrm{KL}\big) .$$
#
# The scale $s$ is one over the numbers in an example, 1/784 for a digit. It keeps $E$ moderate for large images. The
# **coefficients** $\beta_{\text{rec}}$ and $\beta_{\text{neg}}$ are numbers that one chooses. A fake that costs nothing has
# $E = 0$. An expensive fake has a very negative $E$.
#
# 1. We want a weight $w(E)$ that is 1 at $E = 0$. Each further step down shall lower it by the same factor. In a formula:
#    $w'(E) = \alpha\, w(E)$ and $w(0) = 1$, with a number $\alpha > 0$ that says how fast.
# 2. Divide by $w$ and integrate: $\log w(E) = \alpha E$ plus a constant. The constant is 0, because $w(0) = 1$. So
#    $w(E) = e^{\alpha E}$.
# 3. The weight shall be what the encoder gains when it lowers $E$ a little. So $w$ is the slope of its loss. We integrate: the
#    loss is $\frac1\alpha e^{\alpha E}$, and it goes to 0 for very expensive fakes.
#
# The **expELBO** of a fake is this loss, $\frac1\alpha e^{\alpha E}$, where $E$ is a scaled ELBO. To check it, take the
# derivative by the chain rule: the factor $\alpha$ and the factor $\frac1\alpha$ cancel, and $e^{\alpha E}$ is left.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why an exponential, and no other curve?** Other curves would do, too. A curve gives a soft threshold if it rises with
# $E$, never falls below some value, and becomes flat for expensive fakes. The softplus function is another such curve. Two
# things speak for the exponential. Each step lowers the weight by the same factor, so no place on the scale of $E$ is
# special. And the proof in section 5 can be solved by taking one logarithm. Both are reasons of convenience.
#
# **A scale must still be chosen.** A fake that is rebuilt without error loses a factor $e$ of its weight with every
# $1/(\alpha s \beta_{\text{neg}})$ nats. The gain over a hard margin is that nothing stops abruptly if this number is
# chosen badly.
#
# The authors take $\alpha = 2$ in all of their experiments, and so do we.
#
# > **Predict.** For digits $s = 1/784$. Take $\beta_{\text{neg}} = 16$, $\alpha = 2$, and a fake that is rebuilt without error.
# > At which KL has its weight fallen to one half?
#
# The first cell below is the expELBO. The second one computes the answer.


# %% slideshow={"slide_type": "-"} tags=["central"]
def exp_elbo(elbo, alpha=2.0):
    return ops.exp(alpha * elbo) / alpha


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 30  # nats
scale, beta_neg, alpha = 1 / 784, 16, 2
half = np.log(2) / (alpha * scale * beta_neg)

# %% [markdown] slideshow={"slide_type": "-"}
# The figure compares three losses of a fake, from the hard margin to the expELBO with a large $\beta_{\text{neg}}$. Look at
# where each line becomes flat.

# %% slideshow={"slide_type": "-"} tags=["figure"]
nats = np.linspace(0, 120, 121)
hard = np.maximum(1 - nats / 40, 0) / 2
plots.lines(
    nats,
    {
        "hard margin at 40 nats": hard,
        "expELBO, beta_neg = 16": exp_elbo(-scale * 16 * nats),
        "expELBO, beta_neg = 64": exp_elbo(-scale * 64 * nats),
    },
    "What the encoder pays for a fake of that price",
    "A straight line that falls to 0 at 40 nats and stays there; two exponentials, which fall "
    "and never quite end.",
    xlabel="KL of a fake (nats)",
    ylabel="encoder's loss",
    baselines=["hard margin at 40 nats"],
    guesses={"you": (guess, 0.25)},
    size=(7.5, 3.4),
)
print(f"Half the weight is left at {half:.0f} nats.")
coursekit.expect("half the weight is left between 15 and 20 nats", 15 < half < 20)

# %% [markdown] slideshow={"slide_type": "-"}
# Half the weight is left at 17 nats. By hand: set $e^{-\alpha s \beta_{\text{neg}} \mathrm{KL}} = \tfrac12$ and take the
# logarithm. Then $\mathrm{KL} = \ln 2 / (\alpha s \beta_{\text{neg}}) = 0.693 \cdot 784 / (2 \cdot 16) = 17$.
#
# **The hard margin falls steadily and stops at once; the exponential falls less and less.** So the threshold is soft. A larger
# $\beta_{\text{neg}}$ moves it nearer to 0: cheaper fakes are already expensive enough for the encoder.
#
# > **Try it.** Let $\alpha$ be 0.1, then 10. Which of the two comes near a straight line? And what does the other one do with
# > fakes of more than a few nats?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The game
#
# Now each player gets a loss. The sign $\tilde x$ stands for a fake. Half of the fakes are samples, $\text{decoder}(z)$ with
# $z$ from the prior. The other half are reconstructions, because these, too, were painted by the decoder.
#
# **The encoder makes data cheap and fakes expensive:**
#
# $$L_E = s\,\big(\beta_{\text{rec}} L_r(x) + \beta_{\text{kl}} \mathrm{KL}(x)\big) + \frac1\alpha \exp\!\big(-\alpha s\,(\beta_{\text{rec}} L_r(\tilde x) + \beta_{\text{neg}} \mathrm{KL}(\tilde x))\big) .$$
#
# The first term is the loss of a VAE. Its KL has a coefficient of its own, $\beta_{\text{kl}}$. The second term is the
# expELBO of a fake.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The decoder rebuilds data, and makes fakes that the encoder finds cheap:**
#
# $$L_D = s\,\beta_{\text{rec}} L_r(x) + s\,\beta_{\text{kl}} \mathrm{KL}(\tilde x) .$$
#
# The KL of the *data* is missing, because the decoder's weights do not occur in it. So the players fight about the KL of
# fakes: the encoder raises it, and the decoder lowers it. **The decoder needs no exponential.** A KL cannot fall below 0,
# so lowering it has an end, and no threshold is needed.
#
# The drawing shows both steps. Follow the dashed arrows backward, and see where they end. Two things are not drawn:
# reconstruction errors, which both players get, and the half of the fakes that are reconstructions.

# %% slideshow={"slide_type": "-"} tags=["figure"]
step_e, step_d = "the encoder's step", "the decoder's step"
plots.flow(
    {
        step_e: r"""
            ($z$) -> [decoder] -> fake -> [encoder] -> {KL of fakes} -> <$L_E$>
            data -> encoder -> {KL of data} -> $L_E$
            $L_E$ ~> encoder
            fake ~| decoder""",
        step_d: r"""
            ($z$) -> [decoder] -> fake -> [encoder] -> {KL of fakes} -> <$L_D$>
            $L_D$ ~> decoder""",
    },
    "Whose weights move, and how far the gradient runs",
    moves={step_e: ["encoder"], step_d: ["decoder"]},
)

# %% [markdown] slideshow={"slide_type": "-"}
# **In the encoder's step the gradient stops at the fake.** The encoder reads a fake as if it were data. In the code this is
# `stop_gradient`.
#
# **There is one exception, as in the authors' code.** Where the *error* of a fake is taken, the fake itself is not stopped.
# Half of the fakes are reconstructions, painted from codes that the encoder drew. Through these, a gradient reaches the
# encoder. The paper's equations do not show this.
#
# **In the decoder's step the gradient runs through the encoder, back into the fake, and so to the decoder.** The encoder's
# weights stand still. This is exactly the way of a generator's gradient through its discriminator in lecture 10.
#
# We type the game for points in the plane. First the VAE: `read` draws a code for each point, and computes the KL of this code.
# It is the closed form of lecture 7.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def error_of(x, y):
    return ops.sum(ops.square(x - y), axis=-1)


def kl_of(mean, log_variance):
    terms = 1 + log_variance - mean**2 - ops.exp(log_variance)
    return -0.5 * ops.sum(terms, axis=-1)


class MyVAE(Model):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.random = keras.random.SeedGenerator(seed)

    def normal(self, shape):
        return keras.random.normal(shape, seed=self.random)

    def read(self, x):
        """A code drawn for each x, and the code's price."""
        mean, log_variance = ops.split(self.encoder(x), 2, axis=-1)
        z = mean + ops.exp(0.5 * log_variance) * self.normal(ops.shape(mean))
        return z, kl_of(mean, log_variance)


# %% [markdown] slideshow={"slide_type": "subslide"}
# Now the two losses. Compare each line with $L_E$ and $L_D$ above. Both methods build the fakes in the same way. Only the
# first one stops a gradient: where the fakes are read, but not in `error_fake`.

# %% slideshow={"slide_type": "-"} tags=["central"]
S, REC, KL, NEG = 0.5, 0.2, 0.3, 0.9  # the authors' numbers for this ring


class MySoftIntroVAE(MyVAE):
    def encoder_loss(self, x, noise):
        z, kl = self.read(x)
        rebuilt = self.decoder(z)
        data_cost = S * ops.mean(REC * error_of(x, rebuilt) + KL * kl)
        fakes = ops.concatenate([rebuilt, self.decoder(noise)], axis=0)
        z_fake, kl_fake = self.read(ops.stop_gradient(fakes))
        error_fake = error_of(fakes, self.decoder(z_fake))
        elbo = -S * (REC * error_fake + NEG * kl_fake)
        return data_cost + ops.mean(exp_elbo(elbo)), z

    def decoder_loss(self, x, z, noise):
        rebuilt = self.decoder(z)
        fakes = ops.concatenate([rebuilt, self.decoder(noise)], axis=0)
        _, kl_fake = self.read(fakes)
        error = ops.mean(error_of(x, rebuilt))
        return S * (REC * error + KL * ops.mean(kl_fake))


# %% [markdown] slideshow={"slide_type": "subslide"}
# The last cell says whose weights move. `minimize` steps one network's weights and no others, so nobody has to be frozen. The
# codes $z$ that the encoder drew for the data are passed on to the decoder. Below the game stands the plain VAE, `NoGame`. It
# minimizes the same two terms for both networks at once.


# %% slideshow={"slide_type": "-"} tags=["central"]
class Game(MySoftIntroVAE):
    def train_on(self, x):
        noise = self.normal((ops.shape(x)[0], 2))
        e_loss, z = self.minimize(lambda: self.encoder_loss(x, noise), self.encoder)
        z = ops.stop_gradient(z)
        d_loss = self.minimize(lambda: self.decoder_loss(x, z, noise), self.decoder)
        return {"e_loss": e_loss, "d_loss": d_loss}


class NoGame(MyVAE):
    rec, kl = REC, KL

    def cost(self, x):
        z, kl = self.read(x)
        error = error_of(x, self.decoder(z))
        return ops.mean(self.rec * error + self.kl * kl)

    def train_on(self, x):
        return {"loss": self.minimize(lambda: self.cost(x))}


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Eight small islands
#
# The data are the paper's ring: eight Gaussians on a circle. They are so narrow (standard deviation 0.014) that **they are
# islands**. All models have the same networks and see the same points. The authors train for 30,000 iterations, and we for
# 2,000, so do not expect a perfect picture.
#
# **Two plain VAEs stand beside the game.** The first has the game's coefficients, $\beta_{\text{rec}} = 0.2$ and
# $\beta_{\text{kl}} = 0.3$. The second has coefficients of its own, 1 and 0.05, which we found by trying. The figure calls
# it "VAE, own weights".
#
# > **Predict.** What share of its samples does the first VAE put within 0.1 of an island's center? And the game?
#
# The next two cells build the networks and train the three models. A fourth one, `for longer`, is a game that was trained for
# twice as long and comes with the course.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def network(inputs, outputs, width=64, depth=4):
    hidden = [layers.Dense(width, "relu") for _ in range(depth)]
    return keras.Sequential(
        [keras.Input((inputs,)), *hidden, layers.Dense(outputs)]
    )


def fit(model, points, epochs, rate=3e-3, batch=128):
    steps = epochs * (len(points) // batch)
    adam = lambda: keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(rate, steps)
    )
    if hasattr(model, "encoder_loss"):
        model.compile(encoder=adam(), decoder=adam())
    else:
        model.compile(adam())
    settings = {"batch_size": batch, "epochs": epochs, "verbose": 0}
    return model.fit(points, callbacks=progress(), **settings).history


guesses = {"VAE": 0.3, "game": 0.8}
ring = data.toy("narrow-ring")
points = ring.sample(51_200, seed)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
class OwnWeights(NoGame):
    rec, kl = 1.0, 0.05


players = {}
kinds = {"VAE": NoGame, "VAE, own weights": OwnWeights, "Soft-IntroVAE": Game}
for name, kind in kinds.items():
    keras.utils.set_random_seed(seed)
    mine = kind(network(2, 4), network(2, 2))
    fit(mine, points, 25 if full else 5)
    players[name] = PlainVAE(mine.encoder, mine.decoder)  # to draw and measure
players["for longer"] = recipes.pretrained("soft-introvae-ring")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Look at the lower row first. Orange samples should lie on the blue islands. The upper row is a map of the price
# $L_r + \mathrm{KL}$: the darker a place is, the cheaper it is. Each map has its own gray scale, so compare grays only
# within a map.


# %% slideshow={"slide_type": "-"} tags=["figure"]
def seas(models, title, alt):
    """For each model its samples on the data, and above them a map of exp(-price)."""
    import matplotlib.pyplot as plt

    side = np.linspace(-2, 2, 120)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    size = (2.4 * len(models), 5.1)
    figure, axes = plt.subplots(2, len(models), figsize=size, layout="constrained")
    for (name, model), (above, below) in zip(models.items(), axes.T, strict=True):
        error, kl = model.scores(grid)
        cheap, drawn = np.exp(-error - kl).reshape(120, 120), model.sample(800, 2)
        above.imshow(cheap, extent=ring.extent, origin="lower")
        below.plot(*points[:800].T, ".", color=palette.DATA, markersize=5)
        below.plot(*drawn.T, ".", color=palette.GENERATOR, markersize=2)
        above.set_title(name, fontsize=11)
        for axis in (above, below):
            axis.set(xlim=(-2, 2), ylim=(-2, 2), xticks=[], yticks=[])
            axis.set_aspect("equal")
            axis.grid(False)
    figure.suptitle(title, fontsize=14)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
seas(
    players,
    "Above: exp(-price). Below: data (blue), samples (orange)",
    "Four columns. The VAE with the game's weights: a disk of samples. With its own: islands "
    "and bridges. Soft-IntroVAE: a ring through the islands. For longer: islands.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Both VAEs find the center cheapest, where there are no data.** Their encoders never saw a point there. The encoders of
# the two games saw fakes, and there the center is white.
#
# The table counts what the lower row shows. An island counts as found if at least one percent of the samples lie near it.
# The KL compares histograms of data and samples on a grid. It is computed as in the authors' code, and it is not in nats
# (exercise 3). Use it only to compare rows: lower is better, and "other data" is the best possible.

# %% slideshow={"slide_type": "-"} tags=["figure"]
cells, seen = [], {}
for name, model in players.items():
    drawn = model.sample(5000, 1)
    kl_grid, _ = metrics.grid_divergence(ring.sample(5000, 1), drawn, ring.extent)
    found = metrics.modes(drawn, ring.modes, 0.1 / 3)
    seen[name] = kl_grid, found.near, found.found
    row = f"{kl_grid:.0f}", f"{found.near:.0%}", f"{found.found}"
    cells.append([name, *row])
floor = metrics.grid_floor(ring)
cells.append(["other data", f"{floor.kl:.0f}", "100%", "8"])

# %% slideshow={"slide_type": "-"} tags=["figure"]
for name, guess in zip(("VAE", "Soft-IntroVAE"), guesses.values(), strict=True):
    print(f"{name}: you said {guess:.0%} near an island")
plain_kl, own_kl, game_kl = (seen[name][0] for name in kinds)
coursekit.expect(
    "the game's KL is at most 0.6 of the VAE's with its weights, which puts no sample near",
    game_kl < 0.6 * plain_kl and seen["VAE"][1] < 0.05,
    game=game_kl,
    vae=plain_kl,
)
coursekit.expect(
    "with weights of its own the VAE finds seven islands or more, and has a lower KL than both games",
    seen["VAE, own weights"][2] >= 7
    and own_kl < min(game_kl, seen["for longer"][0]),
    own=own_kl,
    game=game_kl,
)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    cells, ("samples of", "KL on a grid", "near an island", "islands found")
)

# %% [markdown] slideshow={"slide_type": "-"}
# With the game's coefficients the plain VAE puts no sample near an island. They were not made for it. To see why, divide
# its loss $\beta_{\text{rec}} L_r + \beta_{\text{kl}} \mathrm{KL}$ by $\beta_{\text{kl}}$. Then the coefficient of $L_r$ is
# $\beta_{\text{rec}} / \beta_{\text{kl}}$. By section 1 it is also $1 / (2 \sigma^2)$. So this VAE assumes noise of the
# variance $\sigma^2 = \beta_{\text{kl}} / (2\beta_{\text{rec}}) = 0.75$. That is a standard deviation of 0.87, where the
# islands have 0.014. Such a model has no reason to see islands.
#
# **With coefficients of its own, a VAE sees the islands, too.** The standard deviation that it assumes is then 0.16. After
# the same 2,000 steps it has a lower KL than the game. Whenever a table compares a new method with a VAE, ask: with which
# coefficients?
#
# **The game pulls its samples toward the islands, although its coefficients blur.** The encoder learns that many fakes
# between the islands are fakes, and makes them expensive. The decoder is trained to avoid what is expensive. After 2,000
# steps the game is half way: **40 % of its samples are near an island. Trained for twice as long, 93 % are.**

# %% [markdown] slideshow={"slide_type": "-"}
# **Look at the last column of the table: the longer game finds only six islands of eight.** Two islands get less than one
# percent of the samples each. The share near an island does not show this, because a sample near *any* island counts.
# Forgetting parts of the data is what lecture 11 called mode collapse. A game can bring it into a VAE.
#
# **The KL and the islands disagree.** The game with eight islands has a KL of 77, the longer game with six has 62. The KL
# is large where a square of the grid has data and not one sample. A forgotten island has many such squares. But a found
# island has some, too, where its line of samples is thin. So the KL does not only count forgotten islands. Which of the two
# makes the difference here, the table does not show.
#
# > **Try it.** Give the second VAE the coefficients 1 and 0.005. The noise that it assumes is narrower. Does the share near
# > an island grow?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Where would the game end?
#
# The paper proves what happens at the **equilibrium**: the state in which neither player can gain by moving alone. The proof
# assumes that **both players may do whatever they like**. So let the world have a few cells $x$, each with the data probability
# $p_{\text{data}}(x)$. The decoder makes $x$ with the probability $p(x)$. All $\beta$ and $s$ are 1, and all fakes are samples.
#
# **The encoder chooses how tight the bound is.** From lecture 7 we know that the ELBO of $x$ is $\log p(x)$ minus a gap:
#
# $$W(x) = \log p(x) - \mathrm{KL}\big(q(z|x)\,\Vert\,p(z|x)\big) .$$
#
# We write $W$ for this ELBO. The encoder may choose $q(z|x)$ for each cell. So it may choose any $W(x)$ up to $\log p(x)$, and
# it reaches $\log p(x)$ exactly if $q(z|x)$ is the true posterior $p(z|x)$. Then we say that the bound is **tight**.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The encoder's best answer: tight, unless a cell is made far too often.** The encoder maximizes the ELBO of data minus the
# expELBO of fakes. This is a sum over cells, in which each cell stands alone. One cell adds
#
# $$g(W) = p_{\text{data}}\, W - p\, \tfrac1\alpha e^{\alpha W} .$$
#
# 1. Take the derivative: $g'(W) = p_{\text{data}} - p\, e^{\alpha W}$. It falls as $W$ grows. So $g$ rises as long as $g'$ is
#    positive, and falls afterwards.
# 2. The encoder may go up to $W = \log p$. It goes to this end if $g'$ is not negative there, that is, if
#    $p_{\text{data}} - p\, e^{\alpha \log p} \ge 0$.
# 3. Since $e^{\alpha \log p} = p^\alpha$, the bound is tight exactly if
#
# $$p(x)^{\alpha + 1} \le p_{\text{data}}(x) .$$
#
# 4. Otherwise it stops where $g' = 0$, at $W = \frac1\alpha \log \frac{p_{\text{data}}}{p}$. If a cell has no data, $g$ only
#    falls with $W$, and the encoder makes the cell as expensive as it can.
#
# > **Predict.** Below are five cells. In which of them does the encoder stop before the bound is tight?
#
# The code tries 60,001 values of $W$ for each cell and takes the best one that is allowed. It has $\alpha = 2$, so the
# condition reads $p^3 \le p_{\text{data}}$.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "E"
p_data = np.array([0.50, 0.30, 0.15, 0.05, 0.0])
p = np.array([0.10, 0.30, 0.20, 0.38, 0.02])
W = np.linspace(-6, 0, 60_001)[:, None]
gain = p_data * W - p * np.exp(2 * W) / 2
best = W[np.where(np.log(p) >= W, gain, -np.inf).argmax(axis=0), 0]
tight = p**3 <= p_data

# %% [markdown] slideshow={"slide_type": "-"}
# In the table, compare the columns "log p" and "W chosen". Where they agree, the bound is tight.

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.expect(
    "the chosen W is log p just where p³ is at most p_data",
    ((np.abs(best - np.log(p)) < 1e-3) == tight).all(),
)
plots.table(
    [
        [cell, *(f"{number:.2f}" for number in row), "tight" if yes else "below"]
        for cell, *row, yes in zip(
            "ABCDE", p_data, p, np.log(p), best, tight, strict=True
        )
    ],
    (
        "cell",
        "p_data",
        "p",
        "log p: the bound's end",
        "W chosen",
        f"(you said: {guess})",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The encoder stops early in two cells, D and E. The decoder makes D more than seven times as often as it occurs, and E does not
# occur at all. (The grid ends at $-6$; in E the encoder would go down forever.) In all other cells the bound is tight, also in
# C, which is made a little too often.
#
# **The decoder's best answer: the data, up to an entropy term.** The decoder maximizes the ELBO of data plus $\gamma$ times
# the ELBO of fakes. Here $\gamma > 0$ is a coefficient that we choose. This is not quite $L_D$ of section 3, but a
# neighbor: $L_D$ has only the KL of fakes, not their error, and half of its fakes are reconstructions.
#
# Assume that the bound is tight, so that each ELBO is $\log p$:
#
# $$\mathbb E_{p_{\text{data}}} \log p + \gamma\, \mathbb E_{p} \log p = -\mathrm{KL}(p_{\text{data}} \Vert p) - \gamma\, H(p) - H(p_{\text{data}}) .$$
#
# 1. In the first mean, add and subtract $\log p_{\text{data}}$. This gives
#    $-\mathrm{KL}(p_{\text{data}} \Vert p) + \mathbb E_{p_{\text{data}}} \log p_{\text{data}}$. By the definition of entropy,
#    the last mean is $-H(p_{\text{data}})$.
# 2. The second mean is $-H(p)$, the entropy of what the decoder makes, by the same definition.
# 3. $H(p_{\text{data}})$ does not depend on the decoder. So the decoder minimizes
#    $\mathrm{KL}(p_{\text{data}} \Vert p) + \gamma\, H(p)$. Call the best distribution $p^*$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The theorem: the best $p^*$, with a tight bound, is an equilibrium, if $(p^*)^{\alpha + 1} \le p_{\text{data}}$
# everywhere.**
#
# 1. The encoder cannot gain alone. By its best answer above, the condition makes the tight bound best in every cell.
# 2. The decoder cannot gain alone. Let it change to another $p'$, while the encoder stays as it is. Each ELBO is then at most
#    $\log p'$. So the decoder gets at most $\mathbb E_{p_{\text{data}}} \log p' + \gamma\, \mathbb E_{p'} \log p'$.
# 3. This is at most what the same formula gives for $p^*$, since $p^*$ is its best distribution. And with $p^*$ the decoder
#    gets exactly that now, because the bound is tight.
#
# > **Predict.** If $\gamma = 0.5$, does the decoder make rare things more often than they occur, or less often?
#
# The code finds $p^*$ for a world of four cells. In the figure, look at the right end, the rarest cell.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "more often"
p_data = np.array([0.40, 0.30, 0.20, 0.10])


def equilibrium(gamma):
    """The p that minimizes KL(p_data || p) + gamma H(p)."""

    def cost(logits):
        log_p = logits - np.logaddexp.reduce(logits)
        return -(p_data * log_p).sum() - gamma * (np.exp(log_p) * log_p).sum()

    logits = optimize.minimize(cost, np.log(p_data)).x
    return np.exp(logits - np.logaddexp.reduce(logits))


ends = {gamma: equilibrium(gamma) for gamma in (0, 0.1, 0.5, 1)}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    np.arange(4),
    {f"gamma = {gamma}": end for gamma, end in ends.items()},
    f"What the decoder makes in the end (you said: {guess})",
    "Four falling lines; the larger gamma is, the steeper: the most frequent thing gains.",
    xlabel="cell, from frequent to rare",
    ylabel="probability",
    baselines=["gamma = 0"],
    size=(7.5, 3.2),
)
coursekit.expect(
    "with gamma = 0 these are the data, with gamma = 1 the rarest is made less than half as often",
    np.abs(ends[0] - p_data).max() < 1e-3 and ends[1][-1] < p_data[-1] / 2,
    rarest=ends[1][-1],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# With $\gamma = 0.5$ the decoder makes rare things less often than they occur: the rarest cell gets half of its 0.10. The
# game prefers what is frequent. The entropy $H(p)$ is small if a few cells get most of the probability, and the decoder
# makes it small. So the theorem's end is sharper than the data, and comes near to them as $\gamma \to 0$.
#
# **The line of $\gamma = 1$ is outside the theorem.** Its first cell has $p^* = 0.78$. With $\alpha = 2$, as
# above, $0.78^3 = 0.47$ is more than the 0.40 of the data. The condition fails, and the encoder would leave the tight bound.
# So the theorem gives no equilibrium there.
#
# **What the theorem says:** there is an end at which the encoder's posterior is exact. There the decoder's distribution is
# the data's, up to an entropy term whose coefficient we choose. With $\gamma = 0$ the formula is that of a plain VAE with
# free players, and its end is the data themselves. **So the theorem does not show that the game is better than a VAE.** The
# game is meant to help real players, whose networks are small and whose steps are few.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The theorem leaves three things open.**
#
# - *How to get there.* It speaks of players that answer perfectly. Ours take one step each.
# - *That it holds for our game.* Our $L_D$ is only a neighbor of the decoder's goal above. And if coefficients differ from
#   1, the price is no ELBO. The authors chose them by trying.
# - *That its condition always holds.* It fails where the decoder makes something far too often. "For a second reading" asks
#   what the condition means for densities.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The VAE of lecture 8, after the game
#
# Now the VAE of section 1 plays the game on digits. Its networks begin with the weights that lecture 8 uses. The game
# goes ten times through the 55,000 digits. The coefficients are $\beta_{\text{rec}} = 10$, $\beta_{\text{kl}} = 2$ and
# $\beta_{\text{neg}} = 16$. **The network is the old one, without convolutions. The game took four minutes.**

# %% slideshow={"slide_type": "-"} tags=["experiment"]
played = recipes.pretrained("soft-introvae-digits")
makers = {"VAE": plain, "the same after the game": played}
rebuilt = {
    name: model.predict(test.flat, verbose=0) for name, model in makers.items()
}
samples = {name: model.sample(10_000, seed=1) for name, model in makers.items()}
samples["DCGAN"] = gan.sample(10_000, seed=1).reshape(-1, 784)

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the first figure, compare the first two rows: the same network, before and after the game, with the same $z$ in each
# column. In the second figure, look for digits that are rebuilt worse.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {name: each[:12] for name, each in samples.items()},
    "Samples",
    "Three rows of twelve digits: smeared ones of the VAE, cleaner ones after the game, and the "
    "DCGAN's.",
)
plots.images(
    {
        "digits": test.flat[::83],
        **{name: each[::83] for name, each in rebuilt.items()},
    },
    "Reconstructions of digits that neither has seen",
    "Three rows that look almost alike.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# After the game the strokes of the samples are sharper.
#
# > **Predict.** The Fréchet distance of lecture 11 compares means and covariances of what a network sees in samples and in
# > digits. The VAE's samples have about 11, and other digits have 0.4. What does the game make of the 11? And does the
# > reconstruction get better or worse?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 8.0
judge = recipes.judge("mnist")
scores = {
    name: judge.frechet(each.reshape(-1, 28, 28, 1))
    for name, each in samples.items()
}
errors = {name: model.scores(test.flat)[0].mean() for name, model in makers.items()}

# %% [markdown] slideshow={"slide_type": "subslide"}
# The bars show the Fréchet distance: the lower, the nearer samples are to digits. The table below has the errors of
# reconstructions.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    scores | {"other digits": judge.floor.frechet},
    "How far samples are from digits",
    "Bars: the VAE highest, the game at little more than half, the DCGAN and other digits lowest.",
    ylabel="Fréchet distance",
    baselines=["DCGAN", "other digits"],
    guesses={"your guess": ("the same after the game", guess)},
    fmt="{:.2f}",
)
before, after = (scores[name] for name in makers)
coursekit.expect(
    "the game brings the distance below 0.6 of the VAE's",
    after < 0.6 * before,
    after=after,
)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [[name, f"{error:.2f}"] for name, error in errors.items()],
    ("squared error of a reconstruction", "unseen digits"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The game takes the Fréchet distance from 10.8 to 5.9, a little more than half. It took four minutes, where the VAE's own
# training had taken an hour and a half.
#
# **The reconstruction gets worse.** Its error grows from 6.0 to 6.5.
#
# The comparison leaves two things open. The game had another loss than the VAE, and ten more epochs. **What this loss and
# ten more epochs would have done without the game was not measured.** And the DCGAN is much better, at 0.85. It has
# convolutions and 53 minutes of training. But it rebuilds nothing, because it has no encoder. **The game makes better
# samples of this network. It does not replace a network that paints well.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Does it also help with faces?** The VAE of lecture 8 draws portraits from random codes, and many of them are smears. Here a
# small VAE of the drawn portraits, made of convolutions, has played the game. In the figure, count in each row the pictures
# that are no face.

# %% slideshow={"slide_type": "-"} tags=["figure"]
halved = lambda images: images.reshape(-1, 32, 2, 32, 2, 3).mean(axis=(2, 4))
faces = {
    "VAE of lecture 8": halved(
        coursekit.pretrained("vae-portraits").sample(12, seed=1)
    ),
    "after the game": coursekit.pretrained("soft-introvae-portraits").sample(
        24, seed=1
    ),
}
shown = {"VAE of lecture 8": faces["VAE of lecture 8"]}
shown["after the game"], shown[" "] = np.split(faces["after the game"], 2)
plots.images(
    {name: np.clip(images, 0, 1) for name, images in shown.items()},
    "Portraits from random codes",
    "A row of portraits by a VAE, many of them smeared; two rows after the game, most of them faces.",
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
recorded = {
    "plain VAE, the same networks": "plain-vae-portraits",
    "after the game": "soft-introvae-portraits",
}
recorded = {
    name: coursekit.results(run)["runs"][0] for name, run in recorded.items()
}
floor = recorded["after the game"]["metrics"]["frechet_floor"]
plots.table(
    [
        [name, f"{run['seconds']:.0f}"]
        + [f"{run['metrics'][key]:.1f}" for key in ("frechet", "error", "kl")]
        for name, run in recorded.items()
    ]
    + [
        [
            "other drawn portraits",
            "",
            f"{floor:.1f}",
            "",
            "",
        ]
    ],
    ("", "seconds", "Fréchet", "squared error", "KL, nats"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Nearly all pictures after the game are faces. The table compares it with a plain VAE of the same networks, which
# trained for nearly as long. (The game's seconds are without the 8 epochs in which a plain VAE was trained first.) The Fréchet
# distance, by what a network sees that has learned to read such portraits, is about half as large. Portraits that were drawn
# anew have 0.9. **As with the digits, the price is paid in the reconstruction.** Its error grows by more than a half, and the
# codes cost three times as many nats.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · What has it never seen?
#
# An expert who has seen only digits should be surprised by a shirt. We ask about four kinds of strangers. The first three are
# **clothes, capital letters and nearly empty sheets**. The letters are drawn by the code below from an outline font, a little
# turned and slanted. The fourth kind is **the model's own samples**.
#
# **For each stranger a score should be higher than for digits.** The measure is the AUROC of lecture 6: take a digit and a
# stranger; how often does the stranger get the higher score? 1 is perfect, and 0.5 is as good as a coin. Below 0.5 the score is
# wrong more often than a coin.


# %% slideshow={"slide_type": "-"} tags=["figure"]
def letters(count):
    """Capital letters [count, 784] in gray: the share of each pixel inside an outline."""
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    side = np.linspace(-1, 1, 28 * 4)
    grid = np.stack(np.meshgrid(side, -side), axis=-1).reshape(-1, 2)
    drawn = []
    for letter in rng.choice(list("CEFGHKLMNSTUVWXYZ"), count):
        outline = TextPath((0, 0), letter, size=1)
        low, high = outline.vertices.min(axis=0), outline.vertices.max(axis=0)
        centered = (outline.vertices - (low + high) / 2) * 1.4 / (high - low).max()
        turn, slant = rng.normal(0, [0.12, 0.15])
        turned = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
        placed = centered @ (np.array(turned) @ [[1, slant], [0, 1]]).T
        inside = Path(placed, outline.codes).contains_points(grid)
        drawn.append(inside.reshape(28, 4, 28, 4).mean(axis=(1, 3)))
    return np.float32(drawn).reshape(count, -1)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
strangers = {
    "clothes": data.load("fashion_small", "test").flat[::2],
    "letters": letters(300),
    "empty sheets": np.float32(np.abs(rng.normal(0, 0.02, (300, 784))).clip(0, 1)),
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {name: images[:12] for name, images in strangers.items()},
    "Strangers",
    "Three rows: clothes, capital letters, and sheets with a little noise.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** For which of the four is the plain VAE's price worse than a coin?
#
# The next cell computes three scores of each image: the error, the KL, and the price. **Both models are judged with the
# game's coefficients**: the price is 10 times the error plus 2 times the KL. The plain VAE was not trained with these.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def aurocs(model):
    """{stranger: AUROC of the reconstruction error, of the KL, and of s(rec L_r + kl KL)}."""
    weights = np.array([played.beta_rec, played.beta_kl])[:, None]
    of = lambda x: [
        *(both := np.array(model.scores(x))),
        (weights * both).sum(axis=0),
    ]
    digits, asked = (
        of(test.flat),
        strangers | {"own samples": model.sample(1000, 9)},
    )
    return {
        name: [metrics.roc(a, b)[0] for a, b in zip(digits, of(x), strict=True)]
        for name, x in asked.items()
    }


found = {name: aurocs(model) for name, model in makers.items()}

# %% [markdown] slideshow={"slide_type": "subslide"}
# The table has two rows for each kind of stranger: the VAE, and the same network after the game. Look for values below 0.5.

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [
        [name, stranger, *(f"{value:.2f}" for value in values)]
        for stranger in found["VAE"]
        for name, values in ((name, found[name][stranger]) for name in makers)
    ],
    ("model", "strangers", "AUROC by error", "by KL", "by the price"),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
before, after = (
    {who: row[1] for who, row in found[name].items()} for name in makers
)
coursekit.expect(
    "the game lifts the KL's AUROC of own samples above 0.7, of empty sheets above 0.95",
    after["own samples"] > 0.7 and after["empty sheets"] > 0.95,
)
coursekit.expect(
    "before it they were below 0.6 and 0.3, and letters were found better than after it",
    before["own samples"] < 0.6
    and before["empty sheets"] < 0.3
    and before["letters"] > after["letters"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The plain VAE's price is worse than a coin for its own samples (0.13), and for none of the other three. Clothes are easy: both
# models rebuild them badly, and the error alone tells them from digits.
#
# Ask only the KL. An empty sheet has a cheap code, because there is nothing to describe. **So the KL of the plain VAE fails at
# empty sheets, too** (0.10).
#
# The game changes this. **After the game the KL finds both, its own samples and empty sheets** (0.82 and 1.00). It was
# never shown an empty sheet, and we do not know why it learned this. The whole price is still no better than a coin for its
# own samples, because the error ranks them backward (0.23). And 0.82 is no success of the decoder: if its samples could not
# be told from data, the value would be 0.5.
#
# **By the KL the game knows letters less well than the VAE did** (0.64 instead of 0.88). The encoder was taught to make
# expensive what this decoder paints. It was not taught to make everything unknown expensive. And the codes of digits became
# more expensive, too: 51 nats instead of 24. A detector is only as good as the strangers it was tried on, so try it on yours.
#
# > **Try it.** Ask about digits in white on black, `1 - test.flat`, and about uniform noise. Which of the two models is
# > surprised?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# Here are four things that the lecture can do without:
#
# - what each coefficient holds up;
# - the theorem's condition, for densities;
# - the four uses of a VAE;
# - the package's version.
#
# ### Take a coefficient away
#
# **What does each coefficient hold up?** We take the game that was trained for longer, set one coefficient to 0, and let
# both players go on for 150 steps at a constant rate. The authors' decoder has a fifth coefficient, $\gamma_r$. It stands
# before $s\,\beta_{\text{rec}} L_r(\tilde x)$, the error of fakes, in $L_D$. (The $\gamma$ of section 5 stood before their
# whole ELBO.) In their code $\gamma_r$ is $10^{-8}$, so we left it out.
#
# To take the exponential away, $\alpha$ is set very large. Then no fake with a price above 0 weighs anything, and the encoder
# no longer sees fakes.
#
# > **Predict.** Which of the five is missed most, and which not at all?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "beta_kl"
trained = players["for longer"]
start = trained.get_weights()
adam = lambda: keras.optimizers.Adam(5e-4)
trained.compile(encoder=adam(), decoder=adam())
points_of = {"nothing": trained.sample(5000, 1)}
cases = {"beta_rec": 0, "beta_kl": 0, "beta_neg": 0, "alpha": 1e4, "gamma_r": 0}
for name, value in cases.items():
    trained.set_weights(start)
    getattr(trained, name).assign(value)
    go_on = ring.sample(256 * 150, 7)
    trained.fit(go_on, batch_size=256, epochs=1, verbose=0, callbacks=progress())
    points_of[name] = trained.sample(5000, 1)
trained.set_weights(start)
near_of = lambda samples: metrics.modes(samples, ring.modes, 0.1 / 3).near
near = {name: near_of(each) for name, each in points_of.items()}

# %% [markdown] slideshow={"slide_type": "subslide"}
# The first panel is the game before anything was taken away. Compare each other panel with it: do orange samples leave the
# islands?


# %% slideshow={"slide_type": "-"} tags=["figure"]
def archipelago(clouds, title, alt):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(9, 6.6), layout="constrained")
    for (name, cloud), axis in zip(clouds.items(), axes.flat, strict=True):
        axis.plot(*points[:400].T, ".", color=palette.DATA, markersize=4)
        axis.plot(*cloud[:800].T, ".", color=palette.GENERATOR, markersize=2.5)
        axis.set(xlim=(-2, 2), ylim=(-2, 2), xticks=[], yticks=[], aspect="equal")
        axis.set_title(f"{name}: {near[name]:.0%} near", fontsize=13)
    figure.suptitle(title, fontsize=14)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["figure"]
archipelago(
    points_of,
    f"150 steps later, with one of them taken away (you said: {guess})",
    "Six small clouds of samples over the eight islands.",
)
missed = {name: near["nothing"] - share for name, share in near.items()}
coursekit.expect(
    "rec, kl and neg are missed by at least 10 % of the samples, gamma_r by less",
    min(missed[f"beta_{name}"] for name in ("rec", "kl", "neg"))
    > 0.1
    > missed["gamma_r"],
    **missed,
)

# %% [markdown] slideshow={"slide_type": "-"}
# $\beta_{\text{neg}}$ is missed most, and $\beta_{\text{kl}}$ and $\beta_{\text{rec}}$ are missed, too. **Without
# $\beta_{\text{neg}}$** the encoder can make a fake expensive only by rebuilding it badly. **Without $\beta_{\text{kl}}$**
# cheap fakes are worth nothing to the decoder: in its loss only the reconstruction is left, and bridges come back. **Without
# $\beta_{\text{rec}}$** nobody is trained for likeness.
#
# The exponential and $\gamma_r$ are hardly missed. Without the exponential nothing pushes the encoder against fakes any more.
# In 150 steps that changes little: what it has learned of fakes stays for a while. Without $\beta_{\text{neg}}$ the exponential
# still pushes, but only on the errors of fakes, and that spoils their codes. (These are our readings of the pictures. They were
# not tested.)
#
# > **Try it.** Take the exponential away from the beginning: `exp_elbo = lambda elbo: 0 * elbo` before section 4. What is left
# > of the game?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The condition, for densities
#
# The theorem asks that $p^{\alpha + 1} \le p_{\text{data}}$. For probabilities and $p = p_{\text{data}}$ this always holds,
# because a number between 0 and 1 gets smaller when it is raised to a power. But a **density** may be larger than 1. At the
# center of an island our ring has a density of about 100, and $100^3$ is not at most 100. In other units the same ring
# satisfies the condition: if all points are multiplied by 100, all densities are divided by $100^2$. So for densities the
# condition depends on the units.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
peak = ring.density(ring.modes[:1])[0]
wide = peak / 100**2  # the density when all lengths are 100 times as long
coursekit.expect(
    "the condition fails at an island's center, and holds in other units",
    peak**3 > peak and wide**3 <= wide,
    peak=peak,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The four uses of a VAE
#
# This course follows a set of slides, *the deck*. One of them, "Why is VAE useful?", lists four uses. For each we can say,
# with a number, what the game changed on these digits.
#
# First the interpolation. A GAN interpolates between two of *its* samples. With an encoder one can walk between two digits that
# exist. In the figure, compare the ends of the rows.

# %% slideshow={"slide_type": "-"} tags=["figure"]
first, last = test.flat[[105]], test.flat[[830]]
share = np.linspace(0, 1, 10)[:, None]
walks = {}
for name, model in makers.items():
    ends_of = [np.asarray(model.encode(image)[0]) for image in (first, last)]
    walks[name] = model.generate((1 - share) * ends_of[0] + share * ends_of[1])
noise = rng.standard_normal((2, gan.latent_dim))
walks["DCGAN"] = gan.generate((1 - share) * noise[0] + share * noise[1])
walks["pixels"] = (1 - share) * first + share * last
plots.images(
    walks,
    "Between two digits",
    "Four rows of ten pictures. VAE and game begin and end with the same digits; the DCGAN with "
    "digits of its own; mixed pixels show two digits at once.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# Both VAEs begin and end at digits of the test set. The DCGAN's row cannot: it has no encoder, so its ends are two of its
# samples. The last row mixes pixels, for comparison.
#
# Now all four uses. For the representation we train a linear classifier on the codes' means, with ten labels a class. In the
# table, read each row for itself: in the first row a larger number is better, in the other three a smaller one.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
some = data.load("digits")
codes_of = lambda model, x: np.asarray(model.encode(x)[0])
probed = {
    name: metrics.probes.linear(
        codes_of(model, some.flat),
        some.labels,
        codes_of(model, test.flat),
        test.labels,
        per_class=10,
    ).mean
    for name, model in makers.items()
}
pairs = rng.integers(len(some.flat), size=(2, 5000))
middles = {}
for name, model in makers.items():
    codes = codes_of(model, some.flat)
    middle = model.generate((codes[pairs[0]] + codes[pairs[1]]) / 2)
    middles[name] = judge.frechet(middle.reshape(-1, 28, 28, 1))

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
uses = {
    "learning a representation: digits told apart from 10 labels each": probed,
    "control: squared error of a reconstruction": errors,
    "a generative model: Fréchet distance of samples": scores,
    "interpolation: Fréchet distance of pictures halfway": middles,
}
plots.table(
    [
        [use, *(f"{values[name]:.3g}" for name in makers)]
        for use, values in uses.items()
    ],
    ("use", *makers),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Two uses gain, and two lose. Samples, and pictures halfway between two digits, come nearer to digits. The codes tell
# digits apart a little less well, and reconstructions are a little worse. That is no law: it is what came out for this
# network and these coefficients.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The package's version
#
# The package has the same two losses, with $\gamma_r$, every $\alpha$ and scale, and images. It also has the authors'
# **bootstrap** variant. A *target decoder* is a copy of the decoder that stands still between two updates. It paints the fakes'
# reconstructions. Without it, the error of fakes would teach the decoder to copy what it has just painted. With it, $\gamma_r$
# may be 0.5 to 1 (`target_every=400, gamma_r=0.5`).
#
# In its encoder's step, look for `fixed`, which is `stop_gradient`, and for the exception of section 3.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(SoftIntroVAE.encoder_loss)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(SoftIntroVAE.decoder_loss)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Try it.** `soft_introvae.dense(target_every=100, gamma_r=0.5, beta_rec=0.2, beta_kl=0.3, beta_neg=0.9)` on the ring of
# > section 4: compile it with two optimizers, as in `fit`, and draw its samples. Then leave the target out and keep $\gamma_r$.
#
# Photographs can deceive such scores as well. Nalisnick et al. (2019) show that deep models may find pictures of another kind
# *more* probable than those they were trained on. The paper tests Soft-IntroVAE there.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/14_soft_introvae.ipynb), checked as you go:
#
# 1. **The soft threshold**: the weight of a fake, and the $\beta_{\text{neg}}$ that puts the threshold where you want it.
# 2. **The encoder's best answer**: the ELBO that it chooses in each cell, and where the theorem's condition fails.
# 3. **A divergence on a grid**: the authors' measure, and why even perfect samples do not reach 0.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A VAE finds its **own samples more normal than data**: nobody ever showed its encoder a fake, and samples do not occur in
#   its loss.
# - Soft-IntroVAE makes the encoder a discriminator. A fake has the loss $\tfrac1\alpha e^{\alpha E}$, so it counts with the
#   weight $e^{\alpha E}$. The threshold is **soft**, where IntroVAE has a hard margin.
# - Two steps, two optimizers. In the encoder's step the gradient stops at the fakes, except where their error is taken. In
#   the decoder's step the gradient runs through the encoder, which stands still.
# - At the equilibrium the posterior is exact, and the decoder minimizes
#   $\mathrm{KL}(p_{\text{data}}\Vert p) + \gamma H(p)$, if $p^{\alpha+1} \le p_{\text{data}}$. The theorem does not say how
#   to get there, or what holds for other coefficients.
# - The same network has better samples after the game (Fréchet distance 5.9 instead of 10.8) and a slightly worse
#   reconstruction. In the plane a VAE with coefficients of its own may do as well: compare fairly.
# - A score that finds one kind of stranger may miss another.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | Soft-IntroVAE on CIFAR-10, FID | 4.30 | not comparable: other data, other features |
# | Soft-IntroVAE on FFHQ 256x256, FID | 17.55 | not comparable |
# | the ring, settings | 256 wide, batch 512, 30,000 iterations | smaller networks, fewer steps (section 4) |
#
# - T. Daniel, A. Tamar, *[Soft-IntroVAE: Analyzing and Improving the Introspective Variational
#   Autoencoder](https://arxiv.org/abs/2012.13253)*, CVPR 2021: the deck's first application of VAEs.
# - H. Huang, Z. Li, R. He, Z. Sun, T. Tan, *IntroVAE: Introspective variational autoencoders for photographic image
#   synthesis*, NeurIPS 2018: the hard margin.
# - D. P. Kingma, M. Welling, *Auto-encoding variational Bayes*, ICLR 2014.
# - E. Nalisnick, A. Matsukawa, Y. W. Teh, D. Gorur, B. Lakshminarayanan, *Do deep generative models know what they don't
#   know?*, ICLR 2019.
