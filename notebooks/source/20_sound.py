# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Sound: hear what a network makes
#
# A sound is a row of numbers, eight thousand of them for one second. All networks of this course so far make pictures, melodies
# or letters. Can the same networks make a sound that you can hear, without a single new idea about networks? They can, if we
# turn the sound into a picture. Then the question is how to come back, and who shall judge what comes out.
#
# **You will be able to**
#
# - turn a sound into a picture and back, and type both ways;
# - prove that the error of Griffin and Lim's way back never rises;
# - make sounds with a variational autoencoder, find out what its code holds, and steer it;
# - let a judge read spoken digits, and say what the judge's number is worth;
# - predict a sound sample by sample, and say what a sample costs in bits;
# - compare the families of models of this course on one page.
#
# You need [lecture 7](07_variational_autoencoders.ipynb). The attribute vectors of [lecture 9](09_music_vae.ipynb) and the Fréchet
# distance of [lecture 10](10_gan.ipynb) help. About 70 minutes to read, listen and play; about a minute to run. Have headphones at hand.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the same lecture with the live models trained five times as long
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import ops
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from coursekit import data, metrics, models, plots, sounds, widgets
from coursekit.data import strings
from coursekit.plots import palette
from coursekit.training import progress

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you need of earlier lectures
#
# **A variational autoencoder learns codes and a decoder together.** Its encoder answers with a mean $\mu$ and a variance $\sigma^2$ for each number of the code. A code $z$ is drawn from this Gaussian, and the decoder makes a picture of it. The loss has two parts. One is the price of the picture, the other one the
# *KL term*, which says how many nats the code costs (lecture 7).
#
# **A loss can ask for a blur.** Where several pictures are possible, the best single answer is their mean. Lecture 19 proved it for films with two futures. A VAE's pictures are soft for the same reason.
#
# **The chain rule** takes a row apart: $p(x) = \prod_t p(x_t \mid x_1, \dots, x_{t-1})$. A sound is a row, too. One could predict sample after sample, as lecture 17 predicted letters, but for one second that is 8,000 steps. So we first take another way. Section 5 comes back to this one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Sound as a picture
#
# A sound is the pressure of the air at your ear, measured many times a second. Ours are measured 8,000 times a second, as on an old
# telephone. Each measurement is called a **sample**, a number between -1 and 1.
#
# Before we look at sounds, let us make one. In 1983 Karplus and Strong found that a few lines make a plucked string. Fill one
# period with noise, and then let each sample be the mean of the two samples one period ago, made a little smaller:


# %% slideshow={"slide_type": "-"} tags=["central"]
def pluck(period, kept=0.995, samples=5120):
    """A string that repeats itself every `period` samples."""
    y = np.zeros(samples)
    y[:period] = np.random.default_rng(1).uniform(-1, 1, period)
    for t in range(period + 1, samples):
        y[t] = kept * (y[t - period] + y[t - period - 1]) / 2
    return y


periods = [73, 36, 18]
plucked = np.stack([sounds.fit(pluck(period)) for period in periods])

# %% slideshow={"slide_type": "-"} tags=["figure"]
milliseconds = np.arange(219) / 8
plots.lines(
    milliseconds,
    {
        "at the beginning": plucked[0, :219],
        "half a second later": plucked[0, 4015:4234],
    },
    "Three periods of the string of 110 Hz",
    "Two curves that repeat three times: the early one jagged, the late one smooth and smaller.",
    xlabel="thousandths of a second",
    ylabel="pressure",
    size=(8, 3.2),
)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
widgets.SoundPlayer(
    plucked,
    [f"period {period}: {8000 / period:.0f} Hz" for period in periods],
    title="Three strings by Karplus and Strong: press play",
    alt="Spectrogram of a plucked string",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why does this sound like a string?** What happens every `period` samples is heard as a tone. With 8,000 samples a second a period of 73 samples comes about 110 times a second, and 110
# hertz (Hz) is a low A. The mean of two neighbors makes the curve smoother. Fast wiggles are smoothed away quickly and slow ones survive, so the sound
# begins bright and becomes dull, as that of a string does. And the factor `kept` makes it fade.
#
# > **Try it.** Pluck a string with `kept=0.9`, and one with `kept=1`. Which instrument could the first one be?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The pictures above the players are spectrograms.** Time runs to the right, and pitch goes upward. Dark means loud. Look at the first one: there are many
# lines, one above the other. They are the *partials*, at 110, 220, 330 Hz and so on. The upper ones fade first.
#
# How is such a picture made? In four steps:

# %% slideshow={"slide_type": "-"} tags=["figure"]
picture = sounds.pictures(plucked[:1])[0, ..., 0]
plots.flow(
    """
    samples -> [cut] -> window -> [Fourier] -> frequencies -> [bands] -> column -> picture
    """,
    "From samples to a picture: one window becomes one column",
    labels={
        "cut": "cut into windows",
        "bands": "mel bands, log",
    },
    notes={
        "window": "512 samples",
        "frequencies": "257 strengths",
        "column": "64 numbers",
        "picture": "32 columns",
    },
    pictures={"picture": picture},
)

# %% [markdown] slideshow={"slide_type": "-"}
# 1. **Windows.** We cut the sound into windows of 512 samples, 64 thousandths of a second. Each begins 160 samples after the one before, so they overlap. Each is
#    faded in and out, so that its ends do not click.
# 2. **Fourier.** The Fourier transform writes a window as a sum of waves. Wave $k$ has the frequency $k \cdot 8000/512$ Hz, from 0 to 4,000 Hz: 257 of them. The transform gives a complex number
#    for each. Its absolute value, the *magnitude*, is the strength of the wave. Its angle, the *phase*, says where in its swing the wave
#    is. We keep the magnitude.
# 3. **Mel.** Between 110 and 220 Hz lies an octave, and between 2,000 and 2,110 Hz we hear almost no difference. The ear does not count in hertz. The *mel* scale does better,
#    $m(f) = 2595 \log_{10}(1 + f/700)$: nearly straight below 700 Hz, and logarithmic above. We put 64 bands on it, evenly spaced. Each is a triangle which reaches
#    from the middle of the band below to the middle of the band above.
# 4. **Logarithm.** We hear loudness in ratios, too: each ten decibels (dB) are a factor of 10 in power. We show 70 dB, from white (silent) to black (loud), and cut off
#    what is quieter.
#
# Here is step 2 for one window. The peaks are the partials, 110 Hz apart. (The first peak, at 0 Hz, says only that this noise has a mean that is not 0.)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
strengths = np.abs(sounds.stft(plucked[:1]))[0, 6]
plots.lines(
    np.arange(129) * 8000 / 512,
    {"one window": strengths[:129]},
    "The waves in one window of the string of 110 Hz, up to 2,000 Hz",
    "A curve with peaks at multiples of 110 hertz.",
    xlabel="frequency (Hz)",
    ylabel="magnitude",
    size=(7.5, 3),
)

# %% [markdown] slideshow={"slide_type": "-"}
# In step 3 the 257 strengths become 64. This is the code:


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def mel_filters(bands=64, window=512, rate=8000):
    """Triangles over the frequencies of a window: [bands, window // 2 + 1]."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    mels = np.linspace(0, top, bands + 2)
    middle = 700 * (10 ** (mels / 2595) - 1)  # from mel back to hertz
    f = np.arange(window // 2 + 1) * rate / window
    rising = (f - middle[:-2, None]) / (middle[1:-1] - middle[:-2])[:, None]
    falling = (middle[2:, None] - f) / (middle[2:] - middle[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))


filters = mel_filters()

# %% slideshow={"slide_type": "-"} tags=["figure"]
frequencies = np.arange(257) * 8000 / 512
plots.lines(
    frequencies,
    {f"band {k}": filters[k] for k in (8, 24, 40, 56)},
    "Four of the 64 bands",
    "Four triangles, narrow at low frequencies and wide at high ones.",
    xlabel="frequency (Hz)",
    ylabel="weight",
    size=(7.5, 3.2),
)
coursekit.expect(
    "these are the package's filters", np.allclose(filters, sounds.mel_filters())
)

# %% [markdown] slideshow={"slide_type": "-"}
# Low bands are narrow and high bands are wide. A sound of 5,120 samples has become a picture of 64 x 32 = 2,048 numbers. That is less than half, and the
# phases are gone altogether.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · And back
#
# A network that makes pictures of sounds is only useful if we can hear them. So we need the way back: from magnitudes to samples. The phases are missing. But not every
# choice of phases is possible: the windows overlap, so each sample lies in three or four windows, and these must agree about it.
#
# **Griffin and Lim (1984)** use this. Think of a table with one complex number for each window and each wave. Begin with the wanted magnitudes and random phases. Make the sound whose own table comes nearest to this one, and measure its table. Keep the phases of that, put the wanted magnitudes in
# again, and go on so.


# %% slideshow={"slide_type": "-"} tags=["central"]
def griffin_lim(wanted, rounds=32):
    """Magnitudes [n, frames, 257] in; samples [n, 160 * frames] and errors out."""
    phase = np.exp(2j * np.pi * np.random.default_rng(0).random(wanted.shape))
    errors = []
    for _ in range(rounds):
        samples = sounds.istft(wanted * phase)  # the sound nearest to it
        found = sounds.stft(samples)
        wrong = np.linalg.norm(np.abs(found) - wanted)
        errors.append(wrong / np.linalg.norm(wanted))
        phase = found / np.maximum(np.abs(found), 1e-12)
    return samples, np.array(errors)


wanted = np.abs(sounds.stft(plucked))
again, errors = griffin_lim(wanted)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Does the error fall in *every* round, or does it go up and down, as in the training of a network?

# %% slideshow={"slide_type": "-"} tags=["figure"]
guess = "up and down"
faster = sounds.griffin_lim(wanted)[1]
plots.lines(
    np.arange(1, 33),
    {"as typed": errors, "with momentum": faster},
    f"Griffin and Lim: what is still wrong (you said: {guess})",
    "Two falling curves; the one with momentum ends lower.",
    xlabel="round",
    ylabel="share of the magnitudes",
    log=("y",),
    size=(7.5, 3.4),
)
coursekit.expect(
    "the error as typed rises in no round", (np.diff(errors) < 1e-6).all()
)

# %% [markdown] slideshow={"slide_type": "-"}
# The error as typed rises in no round, and this can be proved. Think of two sets of tables of complex numbers:
#
# - $C$ holds all tables that belong to some sound;
# - $M$ holds all tables with the magnitudes that we want, with any phases.
#
# We look for a table in both. Each round goes to one set and then to the other, as in this sketch of two dimensions.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
angle, way = np.linspace(0.1, np.pi - 0.1, 60), [np.array([0.95, 0.31])]
for _ in range(6):
    onto_c = np.array([way[-1][0], 1.25])  # straight up to the line
    way += [onto_c, onto_c / np.linalg.norm(onto_c)]  # and back to the circle
plots.lines(
    None,
    {
        "M: the right magnitudes": (np.cos(angle), np.sin(angle)),
        "C: tables of sounds": (np.array([-1, 1.0]), np.array([1.25, 1.25])),
        "the way": tuple(np.stack(way, axis=1)),
    },
    "From set to set, always to the nearest point",
    "A zigzag between an arc and a straight line above it; its steps become shorter and shorter.",
    xlabel="",
    ylabel="",
    size=(6.5, 4.2),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Both steps go to the *nearest* point of the other set.** Let $m_k$ in $M$ be the table at the beginning of round $k$.
#
# 1. `istft` and `stft` go to the point $c_k$ of $C$ that is nearest to $m_k$, in the sense of squared distance.
# 2. Replacing the magnitudes goes to the point $m_{k+1}$ of $M$ that is nearest to $c_k$: for one complex number, the nearest point of a circle lies on the ray from 0 through it, so the phase is kept.
#
# The error of round $k$ is the distance that the second step goes, $e_k = \lVert c_k - m_{k+1} \rVert$, because it changes the magnitudes and nothing else. One round later
#
# $$e_{k+1} = \lVert c_{k+1} - m_{k+2} \rVert \ \le\ \lVert c_{k+1} - m_{k+1} \rVert \ \le\ \lVert c_k - m_{k+1} \rVert = e_k .$$
#
# The first inequality holds because $m_{k+2}$ is the point of $M$ nearest to $c_{k+1}$, so $m_{k+1}$ is no nearer. The second one holds because $c_{k+1}$ is the point of $C$ nearest to $m_{k+1}$, so $c_k$ is no nearer. So the error never rises.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The error need not become 0.** The two sets may not touch, as in the sketch, or the way may stop early in a place from which both steps lead nowhere better. The second curve of the figure adds a *momentum*: each step goes a
# little farther than it should (Perraudin et al., 2013). Nothing is proved about it, but it ends lower. The package uses it.
#
# Our pictures hold 64 bands and not 257 magnitudes, so the package first looks for magnitudes that would fall into these bands (`sounds.magnitudes`). Listen to how much is
# lost.

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
heard = sounds.from_pictures(sounds.pictures(plucked))
widgets.SoundPlayer(
    np.concatenate([plucked, heard]),
    [
        f"{8000 / period:.0f} Hz, {kind}"
        for kind in ("the sound", "from its picture")
        for period in periods
    ],
    title="Three strings (top), and what comes back from their pictures (below)",
    alt="Spectrogram of a plucked string",
    rows=2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Listen for a difference: sounds by Griffin and Lim are known for a slight buzz. That is the price of the way there and back,
# before any network has done anything. Do not expect anything that we make from now on to sound better. Always listen to this first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · A variational autoencoder that plays strings
#
# Sounds are pictures now, so we can train the VAE of lecture 7 on them. Only the KL term is brought in slowly, over the first 150 steps. The training set is 1,200 strings that are drawn by code, with a
# better string than ours above. Each has four **factors**, chosen at random: its *pitch*, its *decay* (how long it sounds), its *brightness* (how hard it is plucked), and the
# *position* at which it is plucked. Nobody tells them to the VAE. Since we know them, we can ask afterwards what it has found.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
train = data.load("strings", "train", limit=1200)
unseen = data.load("strings", "test")
keras.utils.set_random_seed(seed)
vae = models.vae.convolutional(
    8,
    (64, 32, 1),
    (16, 32, 48),
    96,
    likelihood="gaussian",
    activation="silu",
    warm_up=150,  # steps in which the KL term grows to its full weight
)
epochs = 90 if full else 18
falling = keras.optimizers.schedules.CosineDecay(4e-3, epochs * (1200 // 32))
vae.compile(keras.optimizers.Adam(falling))
settings = {"batch_size": 32, "epochs": epochs, "verbose": 0}
vae.fit(train.images, **settings, callbacks=progress())
codes, unseen_codes = (
    ops.convert_to_numpy(vae.encode(each.images)[0]) for each in (train, unseen)
)
decoded = lambda z: np.clip(ops.convert_to_numpy(vae.decode(np.float32(z))), 0, 1)

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.images(
    {
        "six strings": unseen.images[:6],
        "through the code": decoded(unseen_codes[:6]),
    },
    "Six strings that the VAE has never heard, and what it makes of them",
    "Two rows of spectrograms: the lower ones are softer, and their high lines run together.",
    size=1.3,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What has it found?** Look at the lower row: the low lines are at the right height and have the right length, and the high ones run together. Eight numbers tell the decoder so. Which number says what, we do not know. But we can ask whether the factors can be read from all eight together.
#
# > **Predict.** A straight-line fit reads each factor from the eight numbers of the code, on strings that were not seen. We report $R^2$, the share
# > of the factor's variance that is explained: 1 is perfect, 0 is no better than the mean. What will it be for the pitch? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.5
factors = np.stack([train.factors[name] for name in strings.FACTORS], axis=1)
true = np.stack([unseen.factors[name] for name in strings.FACTORS], axis=1)
scaled = lambda y: (y - factors.mean(axis=0)) / factors.std(axis=0)


def r_squared(reader):
    """How well it reads each factor of unseen strings, when it has learned from `codes`."""
    read = reader.fit(codes, scaled(factors)).predict(unseen_codes)
    left = ((read - scaled(true)) ** 2).mean(axis=0) / scaled(true).var(axis=0)
    return dict(zip(strings.FACTORS, 1 - left, strict=True))


r2 = r_squared(LinearRegression())

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    r2,
    "What a straight line reads from the code",
    "Four bars of R squared: pitch and decay are high, brightness and position low.",
    ylabel="R² on unseen strings",
    fmt="%.2f",
    guesses={"you": ("pitch", guess)},
    size=(6.5, 3.4),
)
coursekit.expect(
    "pitch and decay are read with an R² above 0.75, brightness and position below 0.6",
    min(r2["pitch"], r2["decay"]) > 0.75
    and max(r2["brightness"], r2["position"]) < 0.6,
    **r2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The pitch is read with an $R^2$ of about 0.96 and the decay with about 0.94, so both stand in the code nearly completely: nobody told the network that there is such a thing as pitch. From brightness and position a straight line reads less than 0.2.
#
# **Does this mean that they are not in the code?** It only means that no *straight line* finds them there. A straight line weighs the eight numbers and adds. Perhaps brightness is written in another way, for instance in a product of two numbers. So let another reader try. It is given all products of up to three of the eight numbers, and fits a straight line to these.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
crooked = r_squared(make_pipeline(PolynomialFeatures(3), LinearRegression()))
print("products of up to three numbers, R²:")
print({name: round(float(value), 2) for name, value in crooked.items()})
coursekit.expect(
    "products read brightness and position with at least 0.2 more than a straight line",
    min(crooked[name] - r2[name] for name in ("brightness", "position")) > 0.2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Products read brightness with about 0.5 and position with about 0.65.** So both stand in the code, only not along straight lines, and less exactly than pitch and decay. "A straight line cannot read it" and "it is not there" are two claims, and the first one does not prove the second.
#
# Why less exactly? A likely reason is the one that you know from lecture 7: a number of the code is used only as far as it saves more nats than it costs. The pitch moves *all* lines of the picture. The position of the pluck only makes some of them fainter.
#
# **Can we play on it?** Reading is one thing. Lecture 9 changed a melody by adding a vector to its code: the mean code of the melodies with many notes, minus the mean code of those with few. We do the
# same with the pitch. Take the quarter of the training strings with the highest pitch and average their codes, do the same with the lowest quarter, and subtract.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def attribute_vector(codes, amounts):
    """From the codes [n, d] of those that have little of something to those that have much."""
    low, high = np.quantile(amounts, [0.25, 0.75])
    return codes[amounts >= high].mean(axis=0) - codes[amounts <= low].mean(axis=0)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
turns = {
    name: attribute_vector(codes, train.factors[name])
    for name in ("pitch", "decay")
}
amounts = np.array([-0.6, -0.3, 0, 0.3, 0.6])
start = unseen_codes[
    (scaled(true) ** 2)[:, :2].sum(axis=1).argmin()
]  # in the middle
higher = decoded(start + amounts[:, None] * turns["pitch"])

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
widgets.SoundPlayer(
    sounds.from_pictures(higher),
    [f"pitch vector {amount:+.1f}" for amount in amounts],
    title="One string, turned along the vector of pitch",
    alt="Spectrogram of a string that becomes higher",
)

# %% [markdown] slideshow={"slide_type": "-"}
# Your ear may be kind, so let us measure. A **reader** that knows nothing of the VAE takes a picture, finds the five training strings whose pictures are nearest, and averages *their*
# factors. We take 100 unseen strings, add half of a vector to their codes, decode, and let it read. All factors are divided by their standard deviation. The two quarters differ by
# 2.6 of them, so a perfect vector moves its own factor by 1.3, and all others by 0.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
known = train.images.reshape(1200, -1)


def reader(pictures):
    rows = pictures.reshape(len(pictures), -1)
    nearest = metrics.neighbors.nearest(rows, known, 5)
    return scaled(factors)[nearest.indices].mean(axis=1)


some = unseen_codes[:100]
at_start = reader(decoded(some))
left = ((reader(unseen.images) - scaled(true)) ** 2).mean(axis=0)
its_r2 = [f"{r2:.2f}" for r2 in 1 - left / scaled(true).var(axis=0)]
print("the reader's R²:", dict(zip(strings.FACTORS, its_r2, strict=True)))
moved = {
    f"{name}, half a vector {word}": (
        reader(decoded(some + sign * turn / 2)) - at_start
    ).mean(axis=0)
    for name, turn in turns.items()
    for sign, word in ((1, "added"), (-1, "subtracted"))
}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
coursekit.expect(
    "each vector moves its own factor by at least 0.5 and the other one by less than half as much",
    all(
        abs(row[own]) > 0.5 and abs(row[1 - own]) < 0.5 * abs(row[own])
        for own, row in zip((0, 0, 1, 1), moved.values(), strict=True)
    ),
)
plots.table(
    [[name, *(f"{value:+.2f}" for value in row)] for name, row in moved.items()],
    ("code", *(f"{name} read" for name in strings.FACTORS)),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The vectors do what their names say.** Each moves its own factor by 0.8 to 0.9, two thirds of the way, and the other one by at most 0.15. There is one side effect. Where a string becomes higher or longer, the reader finds it less bright by 0.3 to 0.4, which is a third to a half of what the vector's own factor moves. In the other direction nothing happens to the brightness. (This reader is no good judge of brightness, as its $R^2$ above says.) We have a string with two knobs, and nobody has built them: they were found
# in 1,200 pictures without a label. (The labels were needed to find out *where* in the code they are.)
#
# > **Try it.** Turn the decay instead of the pitch, and listen. Then let `amounts` go from -2 to 2. Where does it stop sounding like a string?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Spoken digits
#
# Now real sound: 3,000 recordings of six people who say the digits from zero to nine in English (the Free Spoken Digit Dataset, Jackson et al.). The recordings do not come with the
# course, but the weights of a VAE that was trained on them do (`coursekit train vae-spoken-digits --profile full`).
#
# One thing is new: the decoder is **told the digit**. It gets the code $z$ and ten more numbers, which are 0 except for a 1 at the digit $y$. Everything
# in the derivation of lecture 7 holds for a fixed $y$. So the bound is the same with $y$ as a further condition:
#
# $$\log p(x \mid y) \ \ge\ \mathbb E_{q(z|x)}\big[\log p(x \mid z, y)\big] - \mathrm{KL}\big(q(z|x)\,\Vert\,p(z)\big) .$$
#
# What is the code for, if the digit is told? For all the rest: whose voice it is, how high, how long, how loud. Since a bit in the code costs a bit, the code
# has no reason to say the digit again. In training the KL term was weighed four times ($\beta = 4$), so that codes from the prior sound better. All bounds that we report below are the ones of this formula, with the weight 1.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    picture $x$ -> [encoder] -> $\mu$, $\log \sigma^2$ -> {$z$} -> [decoder] -> $\hat x$ -> [vocoder] -> sound
    ($\epsilon$) -> $z$
    digit $y$ -> [decoder]
    $\mu$, $\log \sigma^2$ -> <KL>
    """,
    "A VAE whose decoder is told the digit",
    labels={"vocoder": "Griffin, Lim"},
    notes={"digit $y$": "one of ten"},
)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
speaking = coursekit.pretrained("vae-spoken-digits")
voice = np.random.default_rng(4).standard_normal((1, speaking.latent_dim))
said = speaking.generate(np.repeat(voice, 10, axis=0), np.arange(10))
widgets.SoundPlayer(
    sounds.from_pictures(np.clip(said, 0, 1)),
    list("0123456789"),
    title="One code, ten digits: a voice that nobody has",
    alt="Spectrogram of a spoken digit that was made up",
    rows=2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The ten sounds have the same code, so they have the same voice, and it is nobody's. Expect no more than an old telephone. But can they be
# understood? Your ear knows what it is meant to hear, so it is no fair judge.
#
# **A judge** is a classifier that was trained on real recordings. We give it 1,000 clips that the VAE has made, 100 of each digit, and count how often it reads the digit that was asked for. Two numbers must
# stand beside this share. The first is the **ceiling**: what the judge says of *real* recordings that were sent through picture and Griffin-Lim. The second is a
# warning about the judge itself: what it says of a speaker that it has never heard. That speaker was kept out of all training, the judge's and the VAE's.
#
# > **Predict.** Of 1,000 samples, what share will the judge read as the digit that was asked for? And what share of real recordings of the new speaker? Type two guesses.

# %% slideshow={"slide_type": "-"} tags=["figure"]
guess, guess_new = 0.7, 0.9
judged = coursekit.results("vae-spoken-digits")["runs"][0]["metrics"]
plots.bars(
    {
        "real": judged["real"],
        "real, through\nthe picture": judged["real_heard"],
        "samples": judged["samples_heard"],
        "new speaker,\nreal": judged["speaker_heard"],
    },
    "What the judge reads rightly",
    "Four bars: real recordings, the same through the picture, samples, and a new speaker's.",
    ylabel="share read as the right digit",
    baselines=["real", "real, through\nthe picture", "new speaker,\nreal"],
    guesses={
        "you": ("samples", guess),
        "you ": ("new speaker,\nreal", guess_new),
    },
    size=(8, 3.8),
)
coursekit.expect(
    "the judge reads at least 85 % of the samples", judged["samples_heard"] >= 0.85
)

# %% [markdown] slideshow={"slide_type": "-"}
# The judge reads 89 % of the samples as the digit that was asked for, so the conditional VAE speaks. The ceiling is 99 %: real recordings lose nothing on the way through picture and Griffin-Lim, and the judge does not mind the buzz.
#
# **But of the new speaker's real recordings it reads only 70 % rightly.** It has heard five people, and it has learned how *these five* say their digits. So a high share for the samples means: they sound like the five. It does
# not mean that any listener would understand them. With the usual split, other recordings of the same people, nobody would have noticed this.
#
# **Does the VAE only repeat what it has heard?** A copy would lie very near to one training recording. So we measure how far each sample is from its nearest training recording, and do the same for real test recordings. The distance is taken between the numbers of the judge's last hidden layer. Below is the chance that
# a sample is nearer than a test recording. Without copying it would be about a half, and with copying more.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
print(f"a sample is nearer than a test recording: {judged['copies']:.0%}")
bounds = [judged[f"elbo_{who}"] for who in ("train", "test", "speaker")]
print(
    "the bound, nats a clip: training {:.0f}, test {:.0f}, new speaker {:.0f}".format(
        *bounds
    )
)

# %% [markdown] slideshow={"slide_type": "-"}
# The chance is 15 %: the samples are *farther* from the training recordings than real test recordings are. So by this measure no sample is a copy of a whole recording. The measure cannot see everything. Our samples are soft, and a soft picture lies apart from all sharp ones, from its own original, too: exercise 2 measures it. And a piece of a recording, or the sound of one voice, could be repeated without being noticed.
#
# **The bound agrees with the judge.** From training to other recordings of the same people it falls by about 50 nats, and from
# these to the new speaker by about 460. The VAE, too, knows these five voices best. (These are logarithms of densities, which may be above 1, so the bound may be positive.)
#
# > **Try it.** Keep the digit and change the voice: draw ten codes and let each say "7", by `speaking.generate(codes, np.full(10, 7))`. Which differences do you hear?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Sample after sample
#
# Until here, every sound was a picture first. **Can a network also make the samples themselves, one after the other?** The network of [lecture 17](17_text.ipynb) predicts the next
# symbol from those before it. It asks for symbols, and a sample is a number. So we need an alphabet for numbers.
#
# **The $\mu$-law makes a symbol of each sample.** It divides the range from $-1$ to 1 into 256 steps. The steps are not equally wide. Near silence they are narrow, and far from it they are wide, because the ear hears small
# differences only where it is quiet. For this, the sample $x$ is first squeezed:
#
# $$f(x) = \operatorname{sign}(x)\,\frac{\log(1 + 255\,|x|)}{\log 256} .$$
#
# For $x = 1$ the fraction is $\log 256 / \log 256 = 1$, and for $x = 0$ it is $\log 1 = 0$. Then $f(x)$ is rounded to one of 256 values with equal distances. The figure has 16 steps only. Look at them from the ends to the middle: each is narrower than the one before, and in the middle they can hardly be told apart.

# %% slideshow={"slide_type": "-"} tags=["figure"]
x = np.linspace(-1, 1, 2001)
plots.lines(
    x,
    {
        "the sound": x,
        "what its symbols stand for": sounds.from_mu_law(
            sounds.mu_law(x) // 16 * 16 + 7.5
        ),
    },
    "The law with 16 steps instead of 256, so that one can see them",
    "A straight line, and stairs along it whose steps are narrow near 0 and wide at both ends.",
    xlabel="sample",
    ylabel="what stands for it",
    baselines=["the sound"],
    size=(7, 3.4),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The network is the one of lecture 17, with other sizes.** It has ten gated causal convolutions. Their dilations double from 1 to 512, so a prediction sees the 1,024 samples before it: each of the ten looks back once, and $1 + 2 + \dots + 512 = 1023$, with the nearest one that is 1,024. This is an eighth of a second. Its last layer
# gives 256 probabilities. It was trained on the recordings of section 4 (`coursekit train causal-spoken-digits --profile full`), with the new speaker kept out again.

# %% slideshow={"slide_type": "-"} tags=["figure"]
import matplotlib.pyplot as plt

word = sounds.from_pictures(np.clip(said[7:8], 0, 1))[0]
figure, axis = plt.subplots(figsize=(9, 3.6), layout="constrained")
axis.plot(np.arange(len(word)), word, color=palette.DATA, linewidth=0.6)
seen = {
    "3 samples: what is counted": 3,
    "1,024 samples: what one prediction sees": 1024,
    "5,120 samples: the whole word": len(word),
}
end = 3000
for row, (name, long) in enumerate(seen.items()):
    start, stop, height = (end - long, end, -1.15) if row < 2 else (0, long, -1.15)
    height -= 0.3 * row
    axis.plot([start, stop], [height] * 2, "|-", ms=10, c=palette.GENERATOR, lw=5)
    axis.text(stop + 60, height, name, va="center", fontsize=11)
axis.set(xlim=(0, 7600), ylim=(-2.0, 1.05), xlabel="sample", yticks=[])
axis.set_title("How far back one looks, beside a made-up word", fontsize=14)
plots.display(
    figure,
    "The wave of a word; below it three bars: a tick, a fifth of the word, the whole word.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# As for letters, we measure **bits a sample**: the mean of $-\log_2$ of the probability that the network gave to the sample that came, on recordings that it has not seen, by the same five people. 256 equal probabilities would be 8 bits. Beside it stand models that have
# counted runs of one, two and three samples, and the packing program `xz`.
#
# > **Predict.** For letters, counting five of them was nearly as good as the network. Counting three samples gives 5.9 bits a sample. What does the network reach? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["figure"]
guess = 6.0
cost = coursekit.results("causal-spoken-digits")["runs"][0]["metrics"]
names = {f"counted {n}": f"counting\n{n} in a row" for n in (1, 2, 3)}
plots.bars(
    {"equal\nprobabilities": cost["uniform"]}
    | {names[f"counted {n}"]: cost[f"counted_{n}"] for n in (1, 2, 3)}
    | {"xz": cost["xz"], "network": cost["bits"]},
    "What a sample of speech costs",
    "Six bars: equal probabilities 8 bits, counting one, two and three samples less and less, xz, and the network lowest.",
    ylabel="bits a sample",
    baselines=["equal\nprobabilities", *names.values(), "xz"],
    guesses={"you": ("network", guess)},
    fmt="{:.2f}",
    size=(8.5, 3.8),
)
coursekit.expect(
    "the network pays at least half a bit less than counting three samples",
    cost["bits"] < cost["counted_3"] - 0.5,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The network pays 4.89 bits. That is one whole bit a sample less than counting three samples, 5.91. This is different from letters. Two reasons are at hand. First, three samples are only a third of a
# millisecond, as the drawing shows, and there one sees no wave. Second, there are $256^3$, nearly 17 million, runs of three, and the recordings to train on have about 8 million samples. Longer runs could hardly be counted at all. The network need not have seen a run: it has learned how waves
# go on.
#
# **Does it speak?** Draw a sample, give it back as an input, draw the next one, and so on, 8,000 times for a second. Listen to two such seconds.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
predictor = coursekit.pretrained("causal-spoken-digits")
babble = sounds.from_mu_law(predictor.sample(2, sounds.RATE, seed=seed))

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
widgets.SoundPlayer(
    babble,
    ["one second", "another one"],
    title="Sample after sample: it babbles",
    alt="Spectrogram of babble",
)

# %% [markdown] slideshow={"slide_type": "-"}
# It babbles. There are sounds that begin and end, with a pitch and a color, as a voice has. But there is no word. Nobody has told it a digit. And a digit lasts about half a second, while a prediction sees an eighth of a second: when the word should
# go on, its beginning is forgotten. WaveNet, from which this network is taken, babbles in the same way if it is told no text (van den Oord et al., 2016).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The course on one page
#
# This is the last lecture before the appendix, so let us put all lectures side by side. Four questions can be asked of each family of models. What does it model? Can it say how likely a picture is? How do its samples look, or sound? And what does one sample cost?
#
# | lectures | family | it models | likelihood | samples | one sample costs |
# |---|---|---|---|---|---|
# | 3, 4, 5 | RotNet, mutual information, Deep InfoMax | features | none | none | |
# | 6 | autoencoder | a code from which $x$ comes back | none | none without a further model | |
# | 7, 8 | VAE | $p(x)$ through a code $z$ | a bound | all kinds, but soft | one pass |
# | 9 | MusicVAE | melodies, through a code and symbol by symbol | a bound | melodies that are new, but near to the tunes | a step for each symbol |

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The later lectures made samplers, and predictors of the next thing.**
#
# | lectures | family | it models | likelihood | samples | one sample costs |
# |---|---|---|---|---|---|
# | 10 to 13 | GAN, DCGAN | a sampler, by a game | none | sharp; some kinds may be missing | one pass |
# | 14 | Soft-IntroVAE | $p(x)$ through a code, and a sampler, by a game between encoder and decoder | a bound, no longer tight | sharper than a VAE | one pass |
# | 15 | style transfer | no density: a picture with given features | none | one picture in another's style | one pass, or many steps of descent |
# | 16 | StyleGAN | a sampler with styles in each layer | none | sharp, with knobs | one pass |
# | 17, 18 | predict the next letter | $p(x_t \mid \text{the past})$ | exact | new text, letter by letter | a step for each letter |
# | 18 | VAE of lines | lines, through a code and letter by letter | a bound | lines between two lines, hardly English | a step for each letter |
# | 19 | predict the next frame | $p(x_t \mid \text{the past})$, of frames | exact, with independent pixels | we only took means, which blur | a step for each frame |
# | 20 | predict the next sample | $p(x_t \mid \text{the past})$, of a sound | exact, of the symbols | babble | a step for each sample |
# | 20 | VAE, told the class | $p(x \mid y)$ through a code $z$ | a bound | any voice, soft | one pass, then Griffin and Lim |
#
# Lectures 1 and 2 are the map of all this.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Read the columns of the likelihood and of the samples together.** No row has everything. Who has an exact likelihood makes a text or a film part by part. Who draws a sharp picture in one go cannot say
# how likely it is. And who has a code pays for it with a bound.
#
# **What came after these models?** Diffusion models, which this course does not teach, make a picture in many small steps, from noise. On CIFAR-10 one of them reaches a Fréchet distance of 1.97 without labels and 1.79 with them, with 35 passes of its network for a picture (EDM, Karras et al., 2022). But GANs have not stood still. R3GAN (Huang et al., 2024) reaches 1.96 on
# CIFAR-10 in one pass. On faces of 256 x 256 pixels it reaches 2.75, where its authors quote 3.78 for StyleGAN2. (Smaller is better, and only numbers on the same data can be compared. We do not know how alike the two papers measure.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **For films and for sounds other models lead.** OpenSTL (Tan et al., 2023) trained many predictors on moving digits of 64 x 64 pixels. A ConvLSTM has a squared error of about 30 a frame there, and SimVP, which reads all ten frames at once and has no memory that is handed on, about 15. For spoken digits of one second, the authors of Mamba (Gu and Dao, 2023) report that their network, which predicts
# the next sample, is nearer to real recordings than a GAN and a diffusion model.
#
# **What our small models cannot do.** The films are toys with a simple motion, and no camera film is among them. Our sounds have 8,000 samples a second, last 0.64
# seconds, and buzz. The six speakers are few, as the judge's trouble with a new one shows.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# ### What the proof leaves out
#
# The proof of section 2 speaks of *all* complex numbers of a window, 512 of them. For a real sound those above the middle are the mirror image of those below, so the code holds only 257. In the sum of squares all of these but the first and the last stand for two. The code counts each once. So what it prints is
# not exactly the distance of the proof. In our rounds it never rose either.
#
# ### How the decoder is told
#
# The digit is made a row of ten numbers, and put beside the code. That is all that a conditional VAE adds:

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(models.ConditionalVAE.told, docstring=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/20_sound.ipynb), checked as you go:
#
# 1. **Which band?** (15 minutes): from the pitch of a string to the rows of its picture.
# 2. **Was it copied?** (15 minutes): the measure of section 4, and what softness does to it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A sound becomes a **picture** by windows, Fourier, mel bands and a logarithm. **Griffin and Lim** find a way back, and their error never rises.
# - A VAE of such pictures finds the factors of strings. What a **straight line** cannot read from a code may still be there.
# - **Told the digit**, a VAE speaks.
# - **Sample after sample**, the network of letters pays 4.89 bits where counting pays 5.91, and babbles.
# - A **judge** needs a ceiling beside it, and a speaker that it has never heard.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - K. Karplus, A. Strong, *Digital synthesis of plucked-string and drum timbres*, Computer Music Journal 7(2), 1983.
# - D. Griffin, J. Lim, *Signal estimation from modified short-time Fourier transform*, IEEE Trans. ASSP 32(2), 1984.
# - A. van den Oord et al., *[WaveNet: a generative model for raw audio](https://arxiv.org/abs/1609.03499)*, 2016.
# - N. Perraudin, P. Balazs, P. Søndergaard, *A fast Griffin-Lim algorithm*, WASPAA 2013.
# - Z. Jackson et al., *[Free Spoken Digit Dataset](https://github.com/Jakobovski/free-spoken-digit-dataset)*, version 1.0.10, CC BY-SA 4.0.
# - T. Karras et al., *[Elucidating the design space of diffusion-based generative models](https://arxiv.org/abs/2206.00364)*, NeurIPS 2022: EDM, its abstract.
# - N. Huang et al., *[The GAN is dead; long live the GAN](https://arxiv.org/abs/2501.05441)*, NeurIPS 2024: R3GAN.
# - C. Tan et al., *[OpenSTL](https://arxiv.org/abs/2306.11249)*, NeurIPS 2023, and the tables of its [repository](https://github.com/chengtan9907/OpenSTL).
# - A. Gu, T. Dao, *[Mamba](https://arxiv.org/abs/2312.00752)*, 2023, section 4.4: spoken digits (SC09).
