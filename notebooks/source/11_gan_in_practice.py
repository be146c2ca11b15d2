# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # GANs in practice
#
# Lecture 10 had the theory of a game: a discriminator learns to tell samples from data, and a generator learns from it. What goes wrong when one
# really plays it? And how does one measure what comes out, when the losses do not tell?
#
# **You will be able to**
#
# - say why a calm log is no sign of a good generator;
# - make a generator lose modes, see that it has, and cure it;
# - type the Fréchet distance, and say what it cannot see;
# - read precision and recall, and say what each of them forgives;
# - find out whether a generator copies, and whether it leaves something out.
#
# You need [lecture 10](10_gan.ipynb), and [lecture 7](07_variational_autoencoders.ipynb) for comparison. About 70 minutes to read and play; about a
# minute to run. The last section is for a second reading.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": 55,000 digits instead of 4,000, and longer training
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from coursekit import data, metrics, plots, recipes, widgets
from coursekit.models import gan, gan_losses
from coursekit.plots import palette
from coursekit.training import Film, progress

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# **Two networks play a game: this is what we need of it from lecture 10.**
#
# The drawing shows one round. The generator turns noise $z$ into samples, also called fakes. The discriminator sees data and fakes. It answers with $D$, the probability that what it sees is real.
#
# In its own step the discriminator learns to be right: its loss is small if it gives high probability to the truth. In the generator's step the discriminator is held fixed, and the generator moves so that its fakes are taken for real.
#
# A discriminator that cannot tell the two apart says $\frac12$ to everything. Its loss has one term for data and one for fakes, and each is then $-\log \frac12 = \log 2$. So its loss is $\log 4 = 1.39$ nats. That of the generator has one term, $\log 2 = 0.69$.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    {
        "the discriminator's step": """
            ($z$) -> [generator] -> fake -> [discriminator] -> <loss of D>
            real -> discriminator
            loss of D ~> discriminator ~| fake""",
        "the generator's step": """
            ($z$) -> [generator] -> fake -> [discriminator] -> <loss of G>
            loss of G ~> generator""",
    },
    "One round of the game, as in lecture 10",
    moves={
        "the discriminator's step": ["discriminator"],
        "the generator's step": ["generator"],
    },
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Two logs that look alike
#
# Two games are over. Both had the same data: points in the plane that lie in eight heaps. Only the settings of the two games differ.
#
# The figure shows the logs of game A and game B: the loss of the discriminator and the loss of the generator, in nats.
#
# > **Predict.** One of the two generators draws points in all eight heaps. The other misses most of them. Which one is the good one? (Write `"A"` or `"B"` into `guess`.)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
ring = data.toy("ring")
look = rng.normal(size=(1000, 2)).astype("float32")
sizes = {"generator": (32,) * 3, "discriminator": (32,) * 3}


def play(rates, **options):
    """A game; the rates are those of (discriminator, generator). Returns game, film, log."""
    keras.utils.set_random_seed(seed)
    game = gan.dense(2, 2, **sizes, **options)
    adam = lambda rate: keras.optimizers.Adam(rate, beta_1=0.5)
    game.compile(discriminator=adam(rates[0]), generator=adam(rates[1]))
    film = Film(lambda game: game.generate(look), every=12)
    plane = ring.sample(20_480 * game.k, seed)
    settings = {"batch_size": 128, "epochs": 8, "steps_per_stretch": 20}
    log = game.fit(plane, verbose=0, callbacks=[film, *progress()], **settings)
    return game, film, log.history


guess = "A"
games = {"A": play((2.5e-4, 5e-3)), "B": play((2e-3, 2e-3), r1=0.1, averaging=0.99)}

# %% slideshow={"slide_type": "-"} tags=["figure"]
epochs = np.arange(1, 9)
plots.lines(
    None,
    {
        f"{name}: loss of {who}": (epochs, log[f"{who.lower()}_loss"])
        for name, (_, _, log) in games.items()
        for who in ("D", "G")
    },
    "Two logs",
    "Two pairs of curves: after the first epochs both games have nearly the same losses.",
    xlabel="epoch",
    ylabel="nats",
    marks={"log 4": np.log(4), "log 2": np.log(2)},
)
late = {name: np.mean(log["d_loss"][-3:]) for name, (_, _, log) in games.items()}
coursekit.expect(
    "in the last three epochs the losses of D differ by less than 0.1 nats",
    abs(late["A"] - late["B"]) < 0.1,
    **late,
)

# %% [markdown] slideshow={"slide_type": "-"}
# After the first epochs the two logs are nearly alike, and both stand near the values of a discriminator that knows nothing.
#
# Only the start differs: there the loss of A's discriminator is above $\log 4$, so it is sure and wrong. At the end, when one would choose a generator, the log shows nothing of it.
#
# Now look at the samples of the two, at four moments of the game. In which row do the orange samples reach all the blue heaps?


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def clouds(rows, title, alt):
    import matplotlib.pyplot as plt

    high, wide = len(rows), len(next(iter(rows.values())))
    size = (2.1 * wide, 2.2 * high + 0.4)
    figure, axes = plt.subplots(
        high, wide, figsize=size, squeeze=False, layout="constrained"
    )
    for (name, shots), row in zip(rows.items(), axes, strict=True):
        for axis, (label, points) in zip(row, shots.items(), strict=True):
            axis.plot(*ring.sample(400).T, ".", color=palette.DATA, markersize=3)
            axis.plot(*points.T, ".", color=palette.GENERATOR, markersize=2)
            axis.set(
                xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], aspect="equal"
            )
            axis.set_title(label, fontsize=10)
        row[0].set_ylabel(name, fontsize=10)
    figure.suptitle(title, fontsize=14)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
clouds(
    {
        name: {f"{film.shots[k][0]} steps": film.shots[k][1] for k in (1, 2, 3, 5)}
        for name, (_, film, _) in games.items()
    },
    f"Two games (blue: data, orange: samples). The good one, you said: {guess}",
    "First row: thin strands of samples, in other places each time. Second row: a ring of samples through all eight heaps.",
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
found = {
    name: metrics.modes(game.sample(10_000), ring.modes, ring.std)
    for name, (game, _, _) in games.items()
}
coursekit.expect(
    "A misses at least two of the eight, B has all",
    found["A"].found <= 6 and found["B"].found == 8,
    A=found["A"].found,
    B=found["B"].found,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# B is the good one: its samples go through all eight heaps. Those of A lie in a few strands, at each moment in another place. (The samples of B come from an averaged copy of its generator. Section 2 explains it, and measures what it changes.)
#
# Each heap is a small Gaussian. It is a hump of the density, a **mode**. We say that a mode is found if at least 1 % of the samples lie within 3 standard deviations of its center.
#
# **The log cannot tell the two apart, because it only says how well *this* discriminator does.** A discriminator that finds no difference may have less to find, as in game B. Or it may come too late. This is game A, where the generator has twenty times the learning rate of the discriminator.
#
# The generator of A goes to wherever the discriminator was last fooled. By the time the discriminator has learned that place, the generator is gone.
#
# **Nothing in the generator's loss asks its samples to spread.** Each sample is judged by itself, and a generator that
# makes one convincing thing has a low loss. Losing modes in this way is called **mode collapse**.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Eight Gaussians, and where some of them went
#
# What loses the modes, and what brings them back? First play the game yourself; the training
# runs in your browser. Step the two networks by hand, then press play.
#
# - On the left, the background is orange where the discriminator sees fakes, blue where it sees data, and white at $D = \frac12$. The arrows say where the generator's loss pushes each fake.
# - On the right, look at the two losses first. Below them are $V$ and two divergences, KL and JS, of lecture 10. Dotted lines are what a perfect generator would get.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
widgets.GanGame2D(
    "ring",
    seed=seed,
    title="The game in the plane",
    alt="Data on a ring, generated points, the discriminator's map, and curves of the losses.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Try it.** In the game above, set the rate of D to 0.001, that of G to 0.01, and R1 to 0: how many of the eight modes does it
# > hold, and for how long? Or draw data of your own.

# %% [markdown] slideshow={"slide_type": "subslide"}
# Game B had equal learning rates, and two cures besides.
#
# **The first cure is the R1 penalty: the discriminator pays for its slope at the data** (Mescheder et al., 2018). By lecture 10 the discriminator raises $V = \mathbb E \log D(\text{data}) + \mathbb E \log(1 - D(\text{fake}))$, so its loss is $-V$. The logit $\ell(x)$ is its answer before the sigmoid makes a probability of it. The penalty, with a weight $\gamma$, is added:
#
# $$L_D = -V + \frac{\gamma}{2}\, \mathbb E_{x \sim p}\, \big\lVert \nabla_{\!x}\, \ell(x) \big\rVert^2 .$$
#
# The mean is over data $x$, which have the density $p$. The slope $\nabla_{\!x}\, \ell(x)$ says how the logit changes when the *point* $x$ moves, and the generator's samples follow this slope. With the penalty it is small where the data are. So a sample that has arrived there is not pushed away again. And the discriminator cannot make a steep wall beside the data, along which all samples would run to one side.
#
# The code is the formula, without the weight $\gamma$. (Game B has `r1=0.1`.)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(gan_losses.r1_penalty)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The second cure is averaging: samples are drawn from a copy of the generator, and the copy's weights are a running mean of the generator's.**
#
# A generator often circles around a good place. A mean over the circle is near that place. After each step the copy's weights $\bar\theta$ follow the generator's weights $\theta$ a little (`averaging=0.99`):
#
# $$\bar\theta \leftarrow 0.99\,\bar\theta + 0.01\,\theta .$$
#
# The newest weights enter with the factor 0.01. Each later step multiplies this factor by 0.99, so after a hundred steps about a third of it is left ($0.99^{100} \approx 0.37$). So $\bar\theta$ is a mean over about the last hundred steps.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Which of these does it: the equal rates, the penalty, or the averaging?**
#
# A third game has equal rates and no penalty. Averaging does not change the training, since only the copy is averaged. So each of the two games at equal rates has two generators to measure: the one that was trained, and its averaged copy.
#
# > **Predict.** Equal rates alone, averaging alone, R1 alone, both cures: which have all eight modes? And which has the largest share of its samples near a mode?
#
# "Near" means within 3 standard deviations. A perfect sampler would have 0.99 of its samples there: the dotted line.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
games["equal rates"] = play((2e-3, 2e-3), averaging=0.99)
plain, cured = games["equal rates"][0], games["B"][0]
count = lambda points: metrics.modes(points, ring.modes, ring.std)
found = {
    "20 to 1 (A)": count(games["A"][0].sample(10_000)),
    "equal rates": count(plain.sample(10_000, averaged=False)),
    "averaging": count(plain.sample(10_000)),
    "R1": count(cured.sample(10_000, averaged=False)),
    "R1, averaging (B)": count(cured.sample(10_000)),
}

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.bars(
    {
        f"{name}\n{result.found} of 8 modes": result.near
        for name, result in found.items()
    },
    "Samples within 3 standard deviations of a mode",
    "Five bars: the first is the lowest; with averaging they are higher than without.",
    ylabel="share of 10,000 samples",
    marks={"a perfect sampler": 1 - np.exp(-4.5)},
)
four = {
    "equal rates": plain.sample(1000, averaged=False),
    "averaging": plain.sample(1000),
    "R1": cured.sample(1000, averaged=False),
    "R1, averaging (B)": cured.sample(1000),
}
clouds(
    {"": four},
    "Samples of the four at equal rates, after the last step",
    "Four rings of samples with gaps and bridges; the two averaged ones are tighter at the modes.",
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
fast, equal, averaged, r1, both = found.values()
coursekit.expect(
    "with both cures all eight modes are found, and over 45 % of the samples are near one",
    both.found == 8 and both.near > 0.45,
    found=both.found,
    near=both.near,
)
coursekit.expect(
    "an averaged copy has more samples near a mode than its own generator",
    averaged.near > equal.near + 0.03 and both.near > r1.near + 0.03,
)

# %% [markdown] slideshow={"slide_type": "-"}
# With both cures together all eight modes are found. The largest share near a mode belongs to averaging alone in this game, and both cures come close to it.
#
# **Averaging brings samples nearer to the modes, with R1 and without it.** A trained generator sways from step to step. Its copy sits still. But the copy is a mean of what the generator did, so it cannot find a mode that the generator does not visit. In the first two clouds the mode at the lower right has no samples.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **With R1 there are samples by all eight modes**, in the last two clouds. In the third cloud, R1 alone, several heaps lie *beside* their modes, so the bar counts only four. In the fourth the averaging has moved them onto the modes.
#
# Even the best share is far below the dotted line, since many samples lie on bridges. A network that maps one cloud onto eight islands must draw something in between.
#
# One game decides little: how many modes the first four find changes with the seed. (Section 7 has ten games.)
#
# > **Try it.** Change `seed` in the first cell, and run this far again. Which bars change their number of modes, and which do not?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Digits, from dense layers
#
# Points in the plane can be counted by eye. What about pictures? The same class draws digits, if its samples have 784 numbers instead of two.
#
# Noise of 32 dimensions goes in and 784 pixels come
# out, through dense layers only. The thirty pictures below come from the same noise all along, so what changes is the generator. Watch the two losses: do they tell you when to stop?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
name, left_out = ("mnist", "digits") if full else ("digits", None)
digits = data.load(name, "train", leave_out=left_out)
unseen = data.load(name, "test")
keras.utils.set_random_seed(seed)
artist = gan.dense(
    32, 784, (128, 256), (256, 128), output="sigmoid", r1=1.0, averaging=0.99
)
untrained = artist.sample(2000)
epochs = 100 if full else 16
steps = epochs * (len(digits) // 64)
falling = lambda: keras.optimizers.schedules.PolynomialDecay(2e-3, steps, 1e-4)
adam = lambda: keras.optimizers.Adam(falling(), beta_1=0.5)
artist.compile(generator=adam(), discriminator=adam())
fixed = rng.normal(size=(30, 32)).astype("float32")
watch = widgets.TrainingMonitor(fixed, artist.generate, title="A GAN on digits")
learned = artist.fit(
    digits.flat, batch_size=64, epochs=epochs, verbose=0, callbacks=[watch]
)

# %% [markdown] slideshow={"slide_type": "-"}
# After a few epochs both losses change little. They do not tell whether the pictures still improve.
#
# They are not far from $\log 4$ and $\log 2$: the discriminator sees a little, not much. The strokes are frayed, since dense layers
# must learn for each pixel anew which pixels are its neighbors.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · How good are they?
#
# Look at the thirty digits above. Would you say that this generator is better or worse than a VAE? Your eye sees thirty pictures. It does not see which digits come too seldom, or never.
#
# There is no likelihood to quote: a GAN draws samples and cannot say how probable anything is. So samples must be compared with
# samples.
#
# Pixels are a bad place to do that: lecture 10 has shown that a digit moved by two pixels is far from itself. So we let
# a trained classifier look, and compare its **features**, the answers of its last hidden layer. Ours is a small convolutional network, a LeNet, with 96 features. Each picture
# becomes a point in a space of 96 dimensions, and we compare two clouds of points.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """real digits -> [LeNet] -> cloud of real digits -> <distance>
    samples -> [LeNet] -> cloud of samples -> <distance>""",
    "How samples are measured: two clouds of points",
    notes={"LeNet": "96 features each"},
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The Fréchet distance takes both clouds for Gaussians.** They have means $\mu_1, \mu_2$ and covariance matrices $C_1, C_2$:
#
# $$d^2 = \lVert \mu_1 - \mu_2 \rVert^2 + \operatorname{tr}\big(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\big) .$$
#
# The first term compares the centers of the clouds, the second their shapes. The trace $\operatorname{tr}$ is the sum of the diagonal. The power $\frac12$ means the square root of a matrix: a matrix whose product with itself is $C_1 C_2$.
#
# The eigenvalues of $C_1 C_2$ are the same as those of $C_1^{1/2} C_2\, C_1^{1/2}$. That is a covariance matrix again, so they are real and at least 0. The trace of the root is the sum of their square roots, and so the code computes it. (`.real.clip(0)` takes away what rounding adds.) The tables below print $d^2$.


# %% slideshow={"slide_type": "-"} tags=["central"]
def frechet(a, b):
    """d^2 between two clouds of points, [n, d] and [m, d]."""
    apart = a.mean(axis=0) - b.mean(axis=0)
    c1, c2 = np.cov(a.T), np.cov(b.T)
    roots = np.sqrt(np.linalg.eigvals(c1 @ c2).real.clip(0))
    return apart @ apart + np.trace(c1 + c2) - 2 * roots.sum()


# %% [markdown] slideshow={"slide_type": "subslide"}
# **Where does the formula come from?** Pair each point $X$ of one cloud with a point $Y$ of the other, so that the mean squared distance is as small as possible. For two Gaussian clouds this smallest mean is $d^2$. For other clouds it is larger than $d^2$, or equal. In one dimension:
#
# 1. A mean square is the squared mean plus the variance: $\mathbb E (X - Y)^2 = (\mu_1 - \mu_2)^2 + \operatorname{Var}(X - Y)$.
# 2. The variance of a difference is $\operatorname{Var}(X - Y) = \sigma_1^2 + \sigma_2^2 - 2 \operatorname{Cov}(X, Y)$.
# 3. Only the covariance depends on the pairing. No correlation exceeds 1, so $\operatorname{Cov}(X, Y) \le \sigma_1 \sigma_2$.
# 4. Pairing in order reaches this bound: the smallest $X$ with the smallest $Y$, the next with the next. For two Gaussians $Y$ is then a straight-line function of $X$, so the correlation is 1.
#
# With this covariance, steps 1 and 2 give
#
# $$d^2 = (\mu_1 - \mu_2)^2 + \sigma_1^2 + \sigma_2^2 - 2\,\sigma_1 \sigma_2 = (\mu_1 - \mu_2)^2 + (\sigma_1 - \sigma_2)^2 .$$
#
# In more dimensions the term $\sigma_1 \sigma_2$ becomes $\operatorname{tr}\big((C_1 C_2)^{1/2}\big)$, which we take without proof.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two clouds with the same mean and the same covariance have a Fréchet distance of 0, whatever else differs.**
#
# > **Predict.** On the left are data on the ring of section 1, on the right samples of a single Gaussian with the same mean and the same covariance. By the Fréchet distance, how far are they apart? For scale:
# > a Gaussian of half that width gets about 1.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 1.0
heaps = ring.sample(5000, seed)
blob = rng.multivariate_normal(heaps.mean(axis=0), np.cov(heaps.T), 5000)
distance = frechet(heaps, blob)
half = frechet(heaps, blob / 2)

# %% slideshow={"slide_type": "-"} tags=["figure"]
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2, figsize=(7, 3.6), layout="constrained")
clouds_of = {"data on the ring": heaps, "one Gaussian": blob}
for axis, (name, points) in zip(axes, clouds_of.items(), strict=True):
    ink = palette.DATA if points is heaps else palette.GENERATOR
    axis.plot(*points[:1500].T, ".", color=ink, markersize=2)
    axis.set(xlim=(-5, 5), ylim=(-5, 5), xticks=[], yticks=[], aspect="equal")
    axis.set_title(name, fontsize=12)
figure.suptitle(
    f"Fréchet distance {distance:.3f} (you said {guess:g}; half as wide: {half:.2f})"
)
plots.display(
    figure, "Eight small heaps on a circle, and one round cloud without a hole."
)
coursekit.expect(
    "the two clouds are less than 0.02 apart, though they share no shape",
    distance < 0.02 and half > 0.5,
    distance=distance,
    half=half,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The ring and the Gaussian are at a Fréchet distance of nearly 0, though most points of the one are where the other has none. This is what the distance cannot see: it knows of each cloud only the mean and the covariance.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The digits, measured
#
# **A number alone says nothing, so it comes with its floor**: the distance of training digits from the test digits. The last row is noise, for scale.
#
# With the Inception network, which was trained to classify photographs, in the LeNet's place, this is the *FID* of Heusel et al. (2017). Values of two networks can never be compared.
#
# > **Predict.** Our GAN has seen 4,000 digits for some seconds. The shipped VAEs of lecture 8 had 55,000 and some minutes. Who
# > is nearer to the test digits?
#
# In the table, read the first column of numbers only. Section 5 explains precision and recall, and section 7 coverage.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
judge = recipes.judge("mnist", profile)
images = lambda rows: np.reshape(rows, (-1, 28, 28, 1))
samples = {
    "this GAN": images(artist.sample(10_000)),
    "VAE, 2 dimensions": images(
        coursekit.pretrained("vae-mnist-2d").sample(10_000)
    ),
    "VAE, 50 dimensions": images(
        coursekit.pretrained("vae-mnist-50d").sample(10_000)
    ),
}
report = judge.report(samples, untrained=images(untrained))
coursekit.expect(
    "the GAN's distance is between 10 and 45, the floor's below 1, that of noise about 100",
    10 < report.rows["this GAN"].frechet < 45
    and judge.floor.frechet < 1
    and 90 < judge.noise.frechet < 110,
    frechet=report.rows["this GAN"].frechet,
)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [
        [name, score.frechet, score.precision, score.recall]
        for name, score in report.rows.items()
    ],
    ("", "Fréchet", "precision", "recall"),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
ours, two, fifty = (report.rows[name] for name in samples)
coursekit.expect(
    "the GAN is the farthest of the three from the test digits, by a third or more",
    ours.frechet > 4 / 3 * max(two.frechet, fifty.frechet),
)
coursekit.expect(
    "VAE, 2 dimensions: highest precision, lowest recall, more coverage than the other",
    two.precision > max(ours.precision, fifty.precision)
    and two.recall < min(ours.recall, fifty.recall)
    and two.coverage > fifty.coverage,
)
coursekit.expect(
    "the GAN has less recall and less coverage than the VAE of 50 dimensions",
    ours.recall < fifty.recall and ours.coverage < fifty.coverage,
)

# %% [markdown] slideshow={"slide_type": "-"}
# By the Fréchet distance both VAEs are nearer to the test digits than our GAN. It is no fair race:
# they saw more digits for longer. (`profile = "full"` lets the GAN do so, too.)
#
# **A Fréchet distance needs its number of samples beside it.** Means and covariances of few samples are never exact, and their errors add to the distance. Measured against 10,000
# test digits, 1,000 *real* digits get 1.6, and 10,000 real digits (the floor) 0.4.
#
# > **Try it.** Judge `samples["this GAN"][:500]`. How much of its distance is due to nothing but counting?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Wrong samples, or missing digits?
#
# **The distance adds up two faults: samples that are no digits, and digits that are missing.** Two shares keep the faults apart, by circles.
#
# The drawing has nine "real" points and nine "samples" in the plane. Each circle reaches to the second nearest point of its own color. On the left, count the samples that lie in no circle; on the right, the real points that lie in none.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
squares = [[0, 0], [1, 0], [0, 1], [1, 1], [5, 0], [6, 0], [5, 1], [6, 1]]
real = np.float32([*squares, [3, 3.2]])
among = [[0.2, 0.1], [0.9, 0.2], [0.1, 0.9], [0.8, 0.8], [0.5, 0.5], [0.5, 0.1]]
fake = np.float32([*among, [2.4, 2.2], [3.8, 2.1], [6.8, 3.4]])
counted = metrics.fidelity.prdc(real, fake, k=2)
headings = (
    f"Circles around real points:\nprecision {counted.precision:.2f}",
    f"Circles around samples:\nrecall {counted.recall:.2f}",
)


# %% slideshow={"slide_type": "-"} tags=["figure"]
def circles(real, fake, titles, alt, k=2):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    inks = palette.DATA, palette.GENERATOR
    for axis, centers, ink, title in zip(
        axes, (real, fake), inks, titles, strict=True
    ):
        near = metrics.fidelity.nearest(
            centers, centers, k + 1
        )  # itself comes first
        for center, radius in zip(centers, near.distances[:, k], strict=True):
            axis.add_patch(plt.Circle(center, radius, color=ink, alpha=0.1))
        axis.plot(*real.T, "o", color=palette.DATA, label="real")
        axis.plot(*fake.T, "x", color=palette.GENERATOR, label="samples")
        axis.set(
            aspect="equal", xticks=[], yticks=[], xlim=(-2.5, 8.5), ylim=(-2.5, 6.5)
        )
        axis.set_title(title, fontsize=12)
        axis.grid(False)
    axes[0].legend(loc="upper left", fontsize=10)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["figure"]
circles(
    real,
    fake,
    headings,
    "Two groups of real points with small circles, a single one with a wide circle. Six samples "
    "are in one group, none in the other, two in the wide circle, one in no circle.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# For digits the circles are balls in 96 dimensions, and each ball reaches to the fifth nearest point of its own kind.
#
# - **precision** is the share of samples that lie in at least one ball around a real point. Low precision means samples that are no digits.
# - **recall** exchanges the roles: the share of real points in at least one ball around a *sample* (Kynkäänniemi et al., 2019). Low recall means digits that are missing.
#
# In the drawing eight of nine samples lie in a circle around a real point, so precision is 0.89. All nine real points lie in a circle around a sample, so recall is 1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Each of the two forgives something.**
#
# - Precision forgives digits that are missing: no sample is near the right group, and precision does not fall. It also forgives bad samples that lie in the wide circle of a lonely real point.
# - Recall forgives samples that stray: they stand alone, so their circles are wide. Here such wide circles catch the whole right group, although no sample is near it.
#
# Now read the last two columns of the table.
#
# - The VAE of two dimensions has the highest precision of the three models, and the lowest recall.
# - The VAE of fifty dimensions has much more recall, and pays with precision.
# - Our GAN has less recall than that VAE.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **An *untrained* generator has nearly perfect precision** (the last row but one). Its pictures are all the same gray, and they
# fall into the wide balls between real digits. These balls belong to real digits that stand alone: their fifth neighbor is far away. Noise falls into them, too. Real training digits (the first row) have only 0.92, since some of them stand outside all balls. But the recall of the gray pictures is 0. So precision and recall must be quoted together. (Both compare with the 1,000 test digits that come with the course. With more of them the numbers move.)
#
# **Nothing in this table is a reason to want a GAN.** The reason is how a GAN learns. Where several pictures fit one code, the best answer of a VAE is their mean, and a mean of digits is blurred. A discriminator easily tells a blurred picture from a sharp one, so it pushes each single sample to look sharp. With dense layers
# the gain is hardly to be seen yet; lecture 12 has convolutions.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Copies? Missing digits?
#
# Two questions are left that no distance answers: does the generator repeat what it has seen, and does it draw all ten digits?
#
# For the first, look at each sample's nearest neighbor among
# the training digits. The score of copying says how often a sample lies nearer to the training set, by the same features, than a *fresh* real digit does (Meehan et al.,
# 2020). If nothing is copied, the score is about one half. Copies bring it near 1.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
reader = coursekit.pretrained("lenet-mnist")
some = samples["this GAN"][:1000]
near = metrics.fidelity.nearest(
    judge.features(some[:12]), judge.features(digits.images)
)
plots.images(
    {
        "samples": some[:12],
        "nearest training digits": digits.images[near.indices[:, 0]],
    },
    "Are they copies?",
    "Two rows of digits: no neighbor is a copy; some show the same digit in another hand, some another digit.",
)
copied = metrics.fidelity.memorization(
    judge.features(some),
    judge.features(digits.images),
    judge.features(unseen.images),
)
drawn = metrics.fidelity.mode_counts(reader.probabilities(samples["this GAN"]))
coursekit.expect(
    "no copies: a score of at most 0.5", copied.score <= 0.5, score=copied.score
)
coursekit.expect(
    "all ten digits are drawn", drawn.present == 10, present=drawn.present
)

# %% [markdown] slideshow={"slide_type": "-"}
# The generator does not repeat training digits: the nearest ones are in another hand, or another digit altogether.
#
# The score is not above one half, as checked above. Imperfect pictures are far from all real ones, so they are not nearer to the training set than fresh digits are. But the score is a mean over all samples: it would not notice a few copies among many.
#
# For the second question, the LeNet reads 10,000 samples, and we count. The dotted line is what each digit should get.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.bars(
    {
        str(digit): share
        for digit, share in enumerate(drawn.counts / drawn.counts.sum())
    },
    "What the generator draws, as the LeNet reads it",
    "Ten bars, some far above a tenth and some far below.",
    ylabel="share of 10,000 samples",
    marks={"even": 0.1},
)
shares = drawn.counts / drawn.counts.sum()
coursekit.expect(
    "the digits do not come evenly: one above 13 %, another below 7 %",
    shares.max() > 0.13 and shares.min() < 0.07,
    most=shares.max(),
    least=shares.min(),
)

# %% [markdown] slideshow={"slide_type": "-"}
# All ten digits are there, but not evenly: some come too often and others too seldom. No single
# picture would have told you. It is a milder form of what game A did on the ring. (A classifier must name a digit for a blot, too, so a part of the most frequent class may be blots.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · For a second reading
#
# All of this section can be left out at first.
#
# It has more steps for the discriminator; two more measures, density and coverage; the paper's own measure of samples; what a log-density of pixels lacks; the birthday problem; the KID; and a benchmark on the ring.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many steps for the discriminator?
#
# Theory wants a discriminator at its best before the generator moves. Would more steps have saved the modes?
#
# The paper of lecture 10 gives it one step, $k = 1$. We give it three for each step of the generator, at equal rates and without R1. This game costs
# three times as many examples.
#
# > **Predict.** With $k = 3$: more modes than with $k = 1$? As good as the two cures?
#
# In the figure, the samples are those of the averaged copies.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
games["k = 3"] = play((2e-3, 2e-3), averaging=0.99, k=3)
names = {"equal rates": "k = 1", "k = 3": "k = 3", "B": "k = 1, R1"}
near = {
    label: np.transpose(
        [(steps, count(points).near) for steps, points in games[name][1].shots]
    )
    for name, label in names.items()
}
thrice = count(games["k = 3"][0].sample(10_000))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    None,
    near,
    "Samples near a mode, as the games went on (all averaged)",
    "Three rising curves.",
    xlabel="steps of the generator",
    ylabel="share of 1,000 samples",
)
modes = {"k = 1": averaged.found, "k = 3": thrice.found, "k = 1, R1": both.found}
clouds(
    {
        "": {
            f"{label}: {modes[label]} of 8 modes": games[name][0].sample(1000)
            for name, label in names.items()
        }
    },
    "Samples at the end of the three games (all averaged)",
    "Three rings of samples, with as many modes as their titles say.",
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
k1, k3 = near["k = 1"][1], near["k = 3"][1]
coursekit.expect(
    "after 480 steps of the generator, k = 3 is far ahead", k3[2] > k1[2] + 0.1
)
coursekit.expect(
    "but not of k = 1 after as many moves of weights (960 steps)",
    k3[2] < k1[4] + 0.05,
)
coursekit.expect(
    "in the end k = 3 has more samples near a mode than k = 1, and misses modes",
    thrice.near > averaged.near + 0.02 and thrice.found < 8,
    found=thrice.found,
    near=thrice.near,
)

# %% [markdown] slideshow={"slide_type": "-"}
# With $k = 3$ the samples come to the data sooner and nearer, but it does not save the modes: not all of the eight are there.
#
# The comparison by steps is not fair: a step with $k = 3$ moves weights four times, one with
# $k = 1$ only twice. After as many moves (480 steps with $k = 3$, and 960 with $k = 1$) it is not ahead.
#
# **In this game a discriminator that learns more makes the samples better, but not more complete.** Where there are data and no samples, the discriminator says "real",
# but no sample is near that could follow its slope. (With other seeds $k = 3$ misses other modes, or fewer.)
#
# > **Try it.** Play $k = 3$ with `r1=0.1` besides. Are all modes there, and how large is the share?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Density and coverage
#
# **Density and coverage use balls around real points only** (Naeem et al., 2020). With $m$ samples $y_j$ and the ball $B_i$ around the real point $x_i$:
#
# - **density** counts all balls that a sample lies in, $\frac{1}{5m} \sum_{i, j} [\,y_j \in B_i\,]$. The bracket is 1 if it does, and 0 otherwise. Density may exceed 1.
# - **coverage** is the share of balls around real points with at least one sample in them.
#
# The table has them beside the measures of section 5, and in its last row the drawing of section 5. (There $k = 2$ takes the place of 5.)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
plots.table(
    [
        [name, score.frechet, score.kid, *score[4:]]
        for name, score in report.rows.items()
    ]
    + [["the drawing", "", "", *counted]],
    ("", "Fréchet", "KID", "precision", "recall", "density", "coverage"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# In the drawing, coverage finds what recall forgives: the four circles of the right group are empty, so five of nine are left, 0.56.
#
# Density counts little where circles are few: the two samples in the wide circle lie in one circle only. But density does not mend all that precision forgives: the gray pictures of the untrained generator have a higher density than real digits.
#
# **Recall and coverage disagree about the two VAEs, because they use different balls.** The samples of the two-dimensional VAE crowd together, as its high density says. So the balls around *samples* are small, and few real
# digits lie in one: low recall. Most balls around *real digits* are wide enough to catch one of its samples: high coverage. The samples of the other VAE are scattered. That makes
# their balls wide, so recall is generous to them. Neither column alone says who has more variety.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The paper's own measure, and why nobody uses it
#
# In 2014 there was no FID, so the paper measured its samples by a **Parzen window**.
#
# It makes a density out of $n$ samples $y_i$: a Gaussian is put around each of them, and the density of a test digit $x$ is the mean of these Gaussians at that digit,
#
# $$\hat p(x) = \frac1n \sum_{i=1}^{n} \mathcal N\big(x;\ y_i,\ \sigma^2 I\big) .$$
#
# The width $\sigma$ is picked on validation digits. The paper reports the mean of $\log \hat p$ over the test digits: 225 ± 2 nats on MNIST, the best of its table.
#
# **A log-density can be positive, because a density may be above 1.** A Gaussian with $\sigma = 0.1$ has the density 4 at its center, since it is
# so narrow. With 784 pixels many such factors multiply.

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Which set of 300 "samples" gets the higher Parzen log-likelihood: 300 real training digits, or 300 averages of
# > training digits? (The algorithm *k-means* divides the digits into 300 groups of similar ones. The averages are those of the groups.)
#
# The figure has both, and 300 samples of our GAN.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
from sklearn.cluster import MiniBatchKMeans

means = MiniBatchKMeans(300, init="random", n_init=1, random_state=seed).fit(
    digits.flat[:4000]
)
contestants = {
    "300 real digits": digits.flat[:: len(digits) // 300][:300],
    "300 averages": means.cluster_centers_.astype("float32"),
    "300 of our GAN": samples["this GAN"][:300],
}
test = unseen.flat[:1000]
nats = {
    name: metrics.fidelity.parzen(
        np.reshape(rows, (300, 784)), test[:500], test[500:]
    )
    for name, rows in contestants.items()
}

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.bars(
    {name: window.log_likelihood for name, window in nats.items()},
    "Parzen window: averages beat real digits",
    "Three bars; the averages' is the highest.",
    ylabel="log-density of unseen digits (nats)",
    baselines=["300 real digits", "300 averages"],
)
coursekit.expect(
    "averages score at least 20 nats above real digits",
    nats["300 averages"].log_likelihood
    > nats["300 real digits"].log_likelihood + 20,
    **{
        name.replace(" ", "_").lstrip("30_"): window.log_likelihood
        for name, window in nats.items()
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# Three hundred averages of digits get a higher Parzen log-likelihood than three hundred digits, by more than 20 nats, though they
# are blurred.
#
# Real digits hardly help: in 784 dimensions no
# training digit is near any test digit, but an average is a little near to many. Our GAN's samples have specks, and lie near nothing.
#
# The table has the same with 10,000 samples and 10,000 test digits, as in the paper, from a record.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
record = coursekit.results("fidelity")["rows"]
few = ["training digits", "k-means centers of training digits", "vae-mnist-2d"]
plots.table(
    [
        [name, f"{record[name]['parzen']:.0f} ± {record[name]['parzen_error']:.0f}"]
        + [f"{record[name]['frechet']:.1f}"]
        for name in few
    ]
    + [["adversarial nets, as printed in 2014", "225 ± 2", "not known"]],
    ("10,000 samples", "Parzen (nats)", "Fréchet"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# By this measure the paper's network and a blurred VAE come close to the training digits themselves, and averages are far above them. By the Fréchet distance those averages are good, but not better than digits.
#
# **So a Parzen window must not decide which model is better** (Theis et al., 2016, said so, with this very example). The paper's authors warned of its variance, and asked for something
# better.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Dequantization: what a log-density of pixels lacks
#
# Gray values are whole numbers, so a density can cheat. It may put 256 narrow spikes on the 256 gray values; the narrower they are, the larger the density, without any limit.
#
# The remedy is **dequantization**: add a random number $u$ between 0 and 1 to each gray value from 0 to 255, in training and in tests. For one pixel of gray value $x$:
#
# 1. The probability of this gray value is the integral of the density over its unit interval: $P(x) = \int_0^1 \hat p(x + u)\, du$.
# 2. This integral is a mean over $u$. By Jensen's inequality $\log P(x) \ge \mathbb E_u \log \hat p(x + u)$.
#
# So the mean log-density of dequantized data is a lower bound on a log-*probability*, which is never above 0. Numbers in this form can be compared. The 225 nats are not in this form: they are a log-density of pixels from 0 to 1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many different pictures does a generator know?
#
# **The birthday problem gives an estimate**: among 23 people two have the same birthday with a chance of one half, although a year has 365 days.
#
# Suppose that a generator knows $N$ different pictures and draws each equally often. We draw $s$ samples and look for two that are the same.
#
# 1. There are $\frac12 s (s - 1)$, about $\frac12 s^2$, pairs. Each pair is the same with probability $1/N$.
# 2. If the pairs were independent, no pair would be the same with probability $(1 - 1/N)^{s^2/2} \approx e^{-s^2/(2N)}$.
# 3. This is one half at $s^2 = 2 N \log 2$. Solved for $N$:
#
# $$N \approx \frac{s^2}{2 \log 2} \approx 0.72\, s^2 .$$
#
# Check it: $0.72 \cdot 23^2$ is 381, near 365. So if half of all sets of 500 samples contained a pair, the generator would know about 180,000 pictures (Arora and Zhang,
# 2017). Two warnings belong to it. "The same" must be judged by eye, among the nearest pairs. And pictures that come often make pairs early, so rare ones are not counted.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The KID, and the ring again
#
# **The KID compares two clouds without balls** (Bińkowski et al., 2018). It is the second column of the table with density and coverage. A similarity of two feature vectors with $d$ dimensions, here 96, is $k(x, y) = (x^\top y/d + 1)^3$. The
# KID is the mean similarity within the real points, plus that within the samples, less twice that between the two:
#
# $$\mathbb E\,k(x, x') + \mathbb E\,k(y, y') - 2\,\mathbb E\,k(x, y) .$$
#
# If samples and data have the same distribution, all three means are equal, so it is 0. Its estimate has no bias, though it scatters: the floor of 0.1 in the table is chance, and against
# 10,000 test digits it is 0.001.
#
# (All features are scaled so that the training digits have $\operatorname{tr} C = 100$.)
#
# **On the ring, too, one number is not enough.** In the benchmark `tests/bench/gan2d.py` the networks have five layers, and the rates fall to nothing. Without R1, 99 of 100 samples
# are near a mode, but they are all near *two or three* of the eight. With R1 there are eight of eight, with 96 to 98 % near one, for ten seeds of ten. Count the
# modes *and* the share.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/11_gan_in_practice.ipynb), checked as you go:
#
# 1. **A slope to pay for**: write the R1 penalty, and find what it does to a discriminator that is too sure.
# 2. **Three patients**: samples and logs of three trainings; which lost modes, which discriminator won, which one is well?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - **A calm log is no sign of a good generator**: it says how well *this* discriminator does. A collapsed generator and a good one may have the same.
# - A generator that runs ahead collects its samples where the discriminator was last fooled. Equal rates, a flat discriminator (R1) and an averaged generator
#   together cure it, here.
# - A **Fréchet distance** measures samples, with its network, its floor and its number of samples. It knows only means and covariances.
# - **Precision** and **recall** keep two faults apart: samples that are no digits, and digits that are missing. Neighbors
#   and counts see what no distance does.
#
# Dense layers draw digits with frayed edges. Lecture 12 gives both networks convolutions. And since about 2021 diffusion
# models have overtaken adversarial ones on most pictures.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | adversarial nets on MNIST, Parzen window (nats) | 225 ± 2 | 141 ± 2 after 40 epochs by Adam (`gan-maxout-mnist`); the paper's SGD, `gan-maxout-sgd-mnist`, was not run |
# | dense GAN on digits, Fréchet distance | none | in the table of section 4 |
#
# - I. Goodfellow et al., *[Generative Adversarial Nets](https://arxiv.org/abs/1406.2661)*, NeurIPS 2014.
# - S. Arora, Y. Zhang, *Do GANs actually learn the distribution?*, 2017 (section 7).
# - L. Mescheder, A. Geiger, S. Nowozin, *Which training methods for GANs do actually converge?*, ICML 2018 (R1).
# - M. Heusel et al., *GANs trained by a two time-scale update rule*, NeurIPS 2017 (FID).
# - T. Kynkäänniemi et al., *Improved precision and recall metric for assessing generative models*, NeurIPS 2019.
# - M. Bińkowski et al., *Demystifying MMD GANs*, ICLR 2018 (KID).
# - M. Naeem et al., *Reliable fidelity and diversity metrics for generative models*, ICML 2020 (density, coverage).
# - C. Meehan, K. Chaudhuri, S. Dasgupta, *A non-parametric test to detect data-copying in generative models*, AISTATS 2020.
# - L. Theis, A. van den Oord, M. Bethge, *A note on the evaluation of generative models*, ICLR 2016 (section 7).
# - M. Kahng et al., *GAN Lab*, IEEE VIS 2018, the model of the game in section 2.
