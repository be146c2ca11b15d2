# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # MusicVAE: melodies as points of a space
#
# Imagine two melodies that you like. What would a melody sound like that lies half way between them? A variational autoencoder
# that has learned melodies can answer. Each melody is a point, as each digit was in lecture 7. Half way between two points lies
# a third one, and you can play it. This is MusicVAE (Roberts et al., 2018).
#
# **You will be able to**
#
# - write a melody as a sequence of symbols, and say how many bits such a sequence costs;
# - derive the loss of a variational autoencoder whose decoder writes one symbol after the other, and type it;
# - make posterior collapse in such a model, measure it in bits, and cure it;
# - walk along the line between two melodies and hear what lies on it;
# - make a melody busier by adding a vector, and measure whether it worked;
# - explain what a conductor is for, when there are sixteen bars, and what our small one could not do.
#
# You need lectures [7](07_variational_autoencoders.ipynb) and [8](08_vae_in_use.ipynb). About 65 minutes to read, listen and play; about a minute to run.
# Have headphones at hand. One section near the end is for a second reading.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the same lecture with the live models trained ten times as long
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import math

import keras
import numpy as np
from keras import ops

from coursekit import data, metrics, models, plots, widgets
from coursekit.metrics import music
from coursekit.models import sequence_vae_networks as networks
from coursekit.training import Model, progress

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A melody is a sequence of symbols
#
# The melodies of this lecture are old dance tunes, printed in 1883 and 1903. Here are eight pieces of two bars. (A *bar* is a
# stretch of four beats.) Press play, and move the slider. On paper you see six of the eight. The printed lines call them windows.
#
# A *piano roll* shows time to the right and one row for each key of a piano. Higher notes are further up. The first bar is
# often nearly empty, because many tunes begin shortly before their first full bar.

# %% slideshow={"slide_type": "-"} tags=["figure"]
train = data.load("tunes", "train", bars=2)
test = data.load("tunes", "test", bars=2)
print(train, test, sep="\n")
some = rng.permutation(test.tokens)[:512]  # for measurements
first = [int(np.flatnonzero(test.tune == tune)[0]) for tune in range(8)]
widgets.MelodyPlayer(
    test.tokens[first],
    [test.titles[test.tune[i]] for i in first],
    axis="tune",
    title="Two bars each of eight dance tunes",
    alt="A piano roll of two bars: time runs to the right, high notes are at the top",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A network needs the same melody as symbols.** We cut each bar into 16 steps, four for each beat. One symbol stands for each
# step, and there are 90 different symbols:
#
# | symbol | meaning |
# |---|---|
# | 0 | nothing new: what sounds goes on |
# | 1 | the note ends, and silence begins |
# | 2 to 89 | a note begins: symbol 2 is the lowest of the piano's 88 keys, 89 the highest |
#
# So two bars are 32 symbols. Such a melody has one voice: when a note begins, the one before it ends.
#
# The function `symbols` turns notes into symbols. Each note in `scale` is three numbers: its key, its first step and its length.
# Compare them with the printed symbols. The player then shows these notes.


# %% slideshow={"slide_type": "-"} tags=["central"]
def symbols(notes, steps=32):
    """Notes (key, start, length), in their order, as one symbol for each step; key 21 is the piano's lowest."""
    melody = np.zeros(steps, int)
    for key, start, length in notes:
        melody[start] = 2 + key - 21
        if start + length < steps:
            melody[start + length] = (
                1  # replaced by the next note if that begins here
            )
    return melody


scale = [(60, 0, 4), (62, 4, 4), (64, 8, 4), (65, 12, 4), (67, 16, 8), (67, 24, 6)]
mine = symbols(scale)
print(mine)

# %% slideshow={"slide_type": "-"} tags=["figure"]
widgets.MelodyPlayer(
    mine,
    title="The notes that you have written",
    alt="Five rising notes and a long one",
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Try it.** Write the beginning of a song that you know into `scale`. Key 60 is the middle C. The next key to the right is one more, which
# > musicians call a *semitone* higher.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · How well can one predict the next symbol?
#
# Suppose that you hear a melody step by step. Before each step you must say how likely each of the 90 symbols is. How well can
# you do? The answer is what we compare the network with.
#
# A melody of two bars is $x = (x_1, \dots, x_{32})$. Its probability is a product of 32 numbers, one for each step:
#
# $$p(x) = p(x_1)\, p(x_2 \mid x_1)\, p(x_3 \mid x_1, x_2) \cdots = \prod_{t=1}^{32} p(x_t \mid x_1, \dots, x_{t-1}) .$$
#
# This is the **chain rule** of probability. It assumes nothing. For two symbols it is the definition of a conditional
# probability, $p(x_2 \mid x_1) = p(x_1, x_2) / p(x_1)$, multiplied by $p(x_1)$. For each further symbol we do the same again.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The cost of a melody is a sum over its steps.** Take the logarithm to base 2 and change its sign. The logarithm of a product
# is the sum of the logarithms:
#
# $$-\log_2 p(x) = \sum_{t=1}^{32} -\log_2 p(x_t \mid x_1, \dots, x_{t-1}) .$$
#
# Each term is the **surprise** of a step, in bits. A symbol that was given the probability 1/2 costs 1 bit, and one that was
# given 1/8 costs 3 bits. A good model gives high probabilities to what comes, so it pays few bits.
#
# **The simplest models count.** An **n-gram model of order 3** looks only at the last two symbols. In the training tunes it has
# counted how often each symbol came after these two. (It mixes in the counts of shorter histories, so that no symbol has the
# probability 0.)
#
# > **Predict.** Symbol 0, "nothing new", is the most frequent symbol. If we always predict it, for which share of the steps are
# > we right? Type your guess.
#
# The title of the figure answers your guess. Its columns show the cost of a step, in bits. The gray one gives all 90 symbols the
# same probability, which costs $\log_2 90 = 6.49$ bits. Order 1 knows only how frequent each symbol is. Each further column
# remembers more.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.8
always = (test.tokens == 0).mean()
counted = {order: metrics.NGrams(order).fit(train.tokens) for order in (1, 2, 3, 5)}
bits = {order: ngram.bits(test.tokens).mean() for order, ngram in counted.items()}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {"any symbol,\nall 90 alike": np.log2(90)}
    | {f"n-gram of\norder {order}": value for order, value in bits.items()},
    f"What the next symbol costs in unseen tunes ({always:.0%} are “nothing new”, you said {guess:.0%})",
    "Bars of bits a step, falling: 6.5 without any knowledge, and n-grams of four orders, lower and lower.",
    ylabel="bits a step",
    fmt="%.2f",
    baselines=["any symbol,\nall 90 alike"],
)
coursekit.expect(
    "“nothing new” is 45 to 70 % of the symbols", 0.45 < always < 0.7, share=always
)
coursekit.expect(
    "each longer memory costs fewer bits than the one before",
    bits[1] > bits[2] > bits[3] > bits[5],
    one=bits[1],
    five=bits[5],
)

# %% [markdown] slideshow={"slide_type": "-"}
# If we always predict "nothing new", we are right in 59 % of the steps, because most notes last longer than one step. A longer
# memory helps: each order of the n-gram model pays fewer bits than the one before. But even order 5 knows only the last four
# symbols, which is one beat. It has no idea of the melody as a whole.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · A variational autoencoder that reads and writes
#
# Now the network. The encoder reads the whole melody and gives a mean and a variance for each dimension of the code, as in
# lecture 7. The decoder is new: it writes **one symbol after the other**. In each step it is told two things, the code $z$ and
# the symbols before.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    melody $x$ -> [encoder] -> {$\mu$}, {$\log \sigma^2$} -> {$z$} -> [decoder] -> probabilities of $x_t$
    ($\epsilon$) -> $z$
    symbols before $t$ -> [decoder]
    $\mu$, $\log \sigma^2$ -> <KL>
    probabilities of $x_t$ -> <reconstruction>
    """,
    "The decoder is told two things: the code, and the symbols before",
    notes={
        "melody $x$": "its symbols",
        "symbols before $t$": "of the same melody",
    },
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A recurrent network reads and writes step by step.** It has a *state*, a vector that it carries from each step to the next.
# The same weights are used in every step. Below are three steps of our decoder. Follow its state, $h$ and $c$, from left to
# right.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    $z$ alone -> [step 1] -> {state 1} -> [step 2] -> {state 2} -> [step 3]
    $z$ and $x_1$ -> [step 2]
    $z$ and $x_2$ -> [step 3]
    step 1 -> probabilities of $x_1$
    step 2 -> probabilities of $x_2$
    step 3 -> probabilities of $x_3$
    """,
    "Three steps of the decoder: the weights are the same, and a state is handed on",
    labels={
        "step 1": "LSTM",
        "step 2": "LSTM",
        "step 3": "LSTM",
        "state 1": "$h_1, c_1$",
        "state 2": "$h_2, c_2$",
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Each step is an LSTM**, a *long short-term memory* (Hochreiter and Schmidhuber, 1997). Its state has two parts. The memory
# $c_t$ stays inside. From $h_t$ the probabilities are computed.
#
# For each number of the memory the LSTM decides in each step whether to keep it, to overwrite it, or to show it in $h_t$. So it
# can remember in bar 2 what happened in bar 1. ("For a second reading" has the equations.)
#
# Our encoder has two LSTMs. One reads the melody from the left, and one from the right.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The bound of lecture 7 does not change.** For one melody
#
# $$\log p(x) \ \ge\ \mathbb E_{q(z|x)}\big[\log p(x|z)\big] - \mathrm{KL}\big(q(z|x)\,\Vert\,p(z)\big) .$$
#
# **What changes is $p(x|z)$.** The pixels of a digit were independent of each other, given $z$. The symbols of a melody are
# not. The chain rule of section 2 holds for every fixed $z$, too, with $z$ as a further condition in each factor. The logarithm
# of this product is again a sum:
#
# $$\log p(x|z) = \sum_{t=1}^{T} \log p(x_t \mid x_1, \dots, x_{t-1}, z) .$$
#
# Here $T$ is the number of steps.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Teacher forcing means that the decoder is told the truth in each step.** In training the whole melody is known. So in step
# $t$ the decoder is told the *true* symbol $x_{t-1}$, even if it would have written another one itself.
#
# When the network writes a melody of its own, nobody knows the truth. **Sampling means that the decoder is told the symbol that
# it has just written.** In each step it writes a symbol that it draws, or the likeliest one.
#
# In the code, `terms` gives the two parts of the loss for melodies of one bar, 16 symbols. The first is $-\log p(x|z)$, summed
# over the steps. The second is the KL divergence in closed form, as in lecture 7. `told` holds the true symbols. The decoder
# itself shifts them by one step, so that in step $t$ it is told $x_{t-1}$.


# %% slideshow={"slide_type": "-"} tags=["central"]
class MyMusicVAE(Model):
    def __init__(self, latent_dim=32, units=64):
        super().__init__()
        self.encoder = networks.encoder(90, 16, latent_dim, (units,))
        self.decoder = networks.Decoder(90, 16, latent_dim, (units,))
        self.noise = keras.random.SeedGenerator(seed)

    def terms(self, x, told):
        mean, log_variance = ops.split(self.encoder(x), 2, axis=-1)
        epsilon = keras.random.normal(ops.shape(mean), seed=self.noise)
        z = mean + ops.exp(0.5 * log_variance) * epsilon
        logits = self.decoder(z, told)  # [n, 16, 90]
        nats = ops.sparse_categorical_crossentropy(x, logits, from_logits=True)
        kl = 0.5 * (mean**2 + ops.exp(log_variance) - 1 - log_variance)
        return ops.sum(nats, axis=-1), ops.sum(kl, axis=-1)


# %% [markdown] slideshow={"slide_type": "subslide"}
# The training minimizes the sum of the two terms. The class `Trained` has three more settings, `beta`, `free_bits` and
# `hidden`. At 1, 0 and 0, as here, they change nothing, so you can leave them aside until section 4 explains them. Both terms
# are reported in bits: a number of nats, divided by $\log 2$, is a number of bits.


# %% slideshow={"slide_type": "-"} tags=["central"]
class Trained(MyMusicVAE):
    def __init__(self, beta=1.0, free_bits=0.0, hidden=0.0):
        super().__init__()
        self.beta, self.free_bits, self.hidden = (
            keras.Variable(value, trainable=False)
            for value in (beta, free_bits, hidden)
        )

    def train_on(self, x):
        u = keras.random.uniform(ops.shape(x), seed=self.noise)
        told = ops.where(u < self.hidden, -1, x)  # -1: not told

        def loss():
            nats, kl = self.terms(x, told)
            paid = ops.maximum(kl - self.free_bits * math.log(2), 0)
            return ops.mean(nats + self.beta * paid), (ops.mean(nats), ops.mean(kl))

        nats, kl = self.minimize(loss)[1]
        return {"bits": nats / np.log(2), "kl": kl / np.log(2)}


# %% [markdown] slideshow={"slide_type": "-"}
# A training that you watch must be short. So for this one experiment we take the first bar of each piece only. (`some` holds 512
# pieces of the test tunes, and `unseen` their first bars.)
#
# > **Predict.** After the training, how many bits does the code carry for a bar of music: about 0, about 10, or about 50? Type
# > your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 10
bars, unseen = train.tokens[:, :16], some[:, :16]
epochs = 20 if full else 2
keras.utils.set_random_seed(seed)
mine = Trained()
falling = keras.optimizers.schedules.CosineDecay(1e-2, epochs * (len(bars) // 64))
mine.compile(keras.optimizers.Adam(falling, clipnorm=1.0))
start = [variable.numpy() for variable in mine.variables]
settings = {"batch_size": 64, "epochs": epochs, "verbose": 0}
history = mine.fit(bars, **settings, callbacks=progress()).history

# %% slideshow={"slide_type": "skip"} tags=["figure", "nbval-ignore-output"]
carried = history["kl"][-1]
print(f"bits in the code of a bar: {carried:.1f}; you said {guess}")
coursekit.expect("the code carries less than 3 bits", carried < 3, bits=carried)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Why the decoder ignores the code
#
# **The code carries almost nothing**, less than three bits for a whole bar. The encoder gives nearly the same answer for every
# melody: the prior. So a code is nearly pure noise, and the decoder has learned to do without it. This is **posterior
# collapse**, which you met in lecture 8. There, single dimensions of the code were left unused. Here it is the whole code.
#
# **The reason can be calculated.** Call the reconstruction term $D$ and the KL divergence $R$, both in bits. (They are the
# distortion and the rate of lecture 8.) The loss is $D + R$.
#
# 1. Suppose that the encoder writes a little more into the code, $\delta$ bits. Then $R$ grows by $\delta$.
# 2. $D$ shrinks only if the decoder *reads* the code. Say that it uses a share $s$ of the $\delta$ bits. Then $D$ shrinks by
#    $s\,\delta$.
# 3. The share $s$ is at most 1, since a message of $\delta$ bits cannot save more than $\delta$ bits elsewhere.
# 4. So the loss becomes larger, or at best stays as it is:
#
# $$\text{change of the loss} = \delta - s\,\delta = (1 - s)\,\delta \ \ge\ 0 .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The training is caught in a trap.** At its beginning the decoder cannot read the code yet, so $s = 0$. Every bit in the code
# makes the loss larger, and the optimizer takes it out. Then the code is noise. **From noise the decoder cannot learn to read,
# so $s$ stays at 0.** Meanwhile the symbol before costs the decoder nothing, and it helps from the first step on.
#
# And if the decoder reads everything, $s = 1$? Then the loss stays as it is. **The bound asks for a small sum. It does
# not ask for a code.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Three things are done against it.** Each changes the training, and none the network:
#
# - **A small weight.** The loss is $D + \beta R$ with $\beta < 1$. A bit of the code costs $\beta$ and saves $s$, so the change of
#   the loss is $(\beta - s)\,\delta$. The code pays as soon as $s > \beta$. At $s = 0$ it still costs.
# - **Free bits.** The first $b$ bits of each melody's code cost nothing: the loss has $\max(R - b, 0)$ in the place of $R$.
#   Below $b$ the change of the loss is $-s\,\delta$. At $s = 0$ this is 0, so nothing drives the bits out, and the decoder has
#   time to learn to read.
# - **Word dropout** (Bowman et al., 2016). In training, some of the symbols that the decoder would be told are hidden. It can
#   find these only in the code, so $s$ grows.
#
# To see them at work we train the same network three times: as it is; then with a small weight and free bits; then with hidden
# symbols as well. The function `restart` puts the initial weights back, and makes the optimizer forget.


# %% slideshow={"slide_type": "-"} tags=["central"]
def restart(model, start):
    """Trains from the same weights again, with the program that is compiled already."""
    for variable, value in zip(model.variables, start, strict=True):
        variable.assign(value)
    for variable in model.optimizer.variables:
        if variable is not model.optimizer.learning_rate:
            variable.assign(ops.zeros_like(variable))


# %% [markdown] slideshow={"slide_type": "subslide"}
# **What is in the code we measure by sampling.** The network reads a bar that it has never seen. Then it must write it from the
# code alone, with the likeliest symbol in each step. Teacher forcing would not do: the decoder would be told the symbols before,
# and could be right without any code.
#
# There are two accuracies. The *accuracy of steps* counts all steps. The *accuracy of notes* counts only the steps at which
# a note begins. It is the harder test: whoever always says "nothing new" gets none of them right.
#
# > **Predict.** We train the same network again from the same weights, with $\beta = 0.2$ and 24 free bits. What share of the
# > notes will it write rightly? Type your guess.
#
# In the table, compare the three rows: first $R$, the bits in the code, and then the last column. The row "24 bits free" has the
# small weight, too. The row below it has half of the symbols hidden as well.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.5
cures = {
    "the bound": (1.0, 0.0, 0.0),
    "24 bits free": (0.2, 24.0, 0.0),
    "and half hidden": (0.2, 24.0, 0.5),
}
writer, row = models.SequenceVAE(mine.encoder, mine.decoder), {}
for name, values in cures.items():
    if row:  # again, from the same weights
        restart(mine, start)
        for setting, value in zip(
            (mine.beta, mine.free_bits, mine.hidden), values, strict=True
        ):
            setting.assign(value)
        mine.fit(bars, **settings, callbacks=progress())
    nats, kl = map(ops.convert_to_numpy, mine.terms(unseen, unseen))
    right = music.accuracy(unseen, writer.reconstruct(unseen))
    row[name] = kl.mean() / np.log(2), nats.mean() / np.log(2), *right.values()

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
rows = []
for name, (kl, nats, *right) in row.items():
    bits = [f"{value:.1f}" for value in (kl, nats, kl + nats)]
    rows.append([name, *bits, *(f"{share:.0%}" for share in right)])
noted = {name: values[3] for name, values in row.items()}
print(
    f"notes right with 24 bits free: {noted['24 bits free']:.0%}; you said {guess:.0%}"
)
coursekit.expect(
    "with free bits the code carries at least 15 bits", row["24 bits free"][0] > 15
)
coursekit.expect(
    "with free bits at least 5 points more notes are right",
    noted["24 bits free"] > noted["the bound"] + 0.05,
    bound=noted["the bound"],
    free=noted["24 bits free"],
)
plots.table(
    rows, ("training", "R, bits", "D, bits", "R + D", "steps right", "notes right")
)

# %% [markdown] slideshow={"slide_type": "-"}
# With the small weight and 24 free bits the network writes about 24 % of the notes rightly, instead of 9 %. The code is back: it
# carries 22 bits instead of less than one. Two settings were changed at once, so the table does not say which of them helped.
# Hiding half of the symbols does not help in so short a training.
#
# **The price of a code is a worse bound.** The column R + D is the bound on $-\log_2 p(x)$ of unseen bars. With the code back it
# is larger, which is *worse*. We pay this price because we want the code.
#
# > **Try it.** Give 96 free bits instead of 24. How many bits does the code carry then? Does it use all that is free?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Two bars from 128 dimensions
#
# From here on we use a network that was trained much longer, an hour on a laptop, with all three of these cures. Its code has 128
# dimensions.
#
# First listen. Each pair is a melody of a tune that was put aside for the test, and what the network writes from its code
# alone. Switch between the two, and look for a note that differs.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
musicvae = coursekit.pretrained("musicvae-2bar")
heard = test.tokens[first[:4]]
again = musicvae.reconstruct(heard)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
of_many = musicvae.reconstruct(some)
steps_right, notes_right = music.accuracy(some, of_many).values()
print(
    f"by sampling: {steps_right:.1%} of the steps are right, {notes_right:.1%} of the notes"
)
coursekit.expect(
    "by sampling, at least 85 % of the steps are right",
    steps_right > 0.85,
    steps=steps_right,
    notes=notes_right,
)
widgets.MelodyPlayer(
    np.stack([heard, again], axis=1).reshape(-1, 32),
    [
        f"{number + 1}, {kind}"
        for number in range(4)
        for kind in ("printed", "from its code")
    ],
    axis="melody",
    title="Four unseen melodies, and what is written from their codes",
    alt="A piano roll of a melody or of its reconstruction",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **How many dimensions does a melody need?** The KL divergence is a sum over the 128 dimensions of the code. So we can say how
# many bits each of them carries. We sort them, the one with the most bits first. Then we keep only the first $k$, and set all
# others to 0, which is the mean of the prior. The network writes from what is left.
#
# > **Predict.** How many of the 128 dimensions must be kept, so that 80 % of the steps are right? Type your guess.
#
# In the first figure, look where the upper curve, of the steps, crosses 0.8. The second figure has the same points over the bits
# that the kept dimensions carry. There look at the lower curve, of the notes.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 64
mean, log_variance = map(
    ops.convert_to_numpy, musicvae.encode(some.astype("int32"))
)
each = 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance).mean(axis=0)
order = np.argsort(-each)
kept, right = [0, 4, 8, 12, 16, 20, 24, 32, 48, 64, 96, 128], []
for k in kept:
    z = np.zeros_like(mean)
    z[:, order[:k]] = mean[:, order[:k]]
    right.append(music.accuracy(some, musicvae.decode(z, temperature=0)))
bits_kept = [each[order[:k]].sum() / np.log(2) for k in kept]

# %% slideshow={"slide_type": "-"} tags=["figure"]
shares = {
    kind + "s right": [one[kind] for one in right] for kind in ("step", "note")
}
plots.lines(
    kept,
    shares,
    "What can be written from so many dimensions",
    "Two rising curves over the dimensions kept: steep up to about 30, then level.",
    xlabel="dimensions of the code that are kept",
    ylabel="share right, by sampling",
    guesses={"you": (guess, 0.8)},
)
plots.lines(
    bits_kept,
    shares,
    "The same, counted in bits",
    "Two curves over the bits kept, rising to the right end at nearly 60 bits.",
    xlabel="bits in what is kept (KL divergence)",
    ylabel="share right, by sampling",
)
enough = kept[int(np.argmax([share["step"] >= 0.8 for share in right]))]
coursekit.expect(
    "32 dimensions of the 128 are enough for 80 % of the steps", enough <= 32
)

# %% [markdown] slideshow={"slide_type": "-"}
# About 20 of the 128 dimensions are enough for 80 % of the steps, and beyond 32 of them little is gained. The others carry almost
# no bits.
#
# **The second figure says what a melody costs.** From 40 bits about half of the notes can be written, and from 58 bits about
# four fifths.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · On the line between two melodies
#
# Take two melodies $a$ and $b$ with the codes $z_a$ and $z_b$. A point on the line between them is
# $z(t) = (1 - t)\, z_a + t\, z_b$, with $t$ from 0 to 1. **From each point the decoder writes a melody.**
#
# **Without a network one can make a cross-fade.** In each step take the symbol of $b$ with probability $t$, and the symbol of
# $a$ otherwise. At $t = 1/2$ about half of the symbols come from each.
#
# > **Predict.** Which of the two middles sounds more like a dance tune?
#
# Listen to both players at the same places of the slider: at both ends, and in the middle. (On paper, compare 40 % and 60 %.)


# %% slideshow={"slide_type": "-"} tags=["central"]
def line(z_a, z_b, count=11):
    t = np.linspace(0, 1, count)[:, None]
    return (1 - t) * z_a + t * z_b


def cross_fade(a, b, count=11):
    t, u = np.linspace(0, 1, count)[:, None], rng.random((count, len(a)))
    return np.where(u < t, b, a)


a, b = heard[0], heard[2]
z_a, z_b = musicvae.codes(np.stack([a, b]))
between = musicvae.decode(line(z_a, z_b), temperature=0)
faded = cross_fade(a, b)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "front"]
widgets.MelodyPlayer(
    between,
    [f"{share:.0%} of the way" for share in np.linspace(0, 1, 11)],
    axis="from a to b",
    title="Eleven points on the line between two melodies",
    alt="A piano roll that changes from one melody into another",
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
widgets.MelodyPlayer(
    faded,
    [f"{share:.0%} of b" for share in np.linspace(0, 1, 11)],
    axis="cross-fade",
    title="The same two melodies, cross-faded without a network",
    alt="A piano roll in which the notes of two melodies are mixed",
)

# %% [markdown] slideshow={"slide_type": "-"}
# One pair of melodies proves nothing. So we take 256 pairs of unseen melodies and measure two things along the way, as the
# paper does.
#
# - The **surprise**: how many bits a step does the n-gram model of order 5 pay? It has counted the training tunes, so a sequence
#   that no dance tune would have costs it many bits.
# - The **distance**: in which share of the 32 steps is the symbol another one than in $a$, and than in $b$?
#
# In both figures, look at the middle. The curves of the cross-fade are gray, those of the codes blue and orange.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
pairs = rng.permutation(len(test.tokens))[:512].reshape(2, 256)
ends = [test.tokens[each] for each in pairs]
codes = [musicvae.codes(each) for each in ends]
ways = {"codes": [], "cross-fade": []}
for t in (shares := np.linspace(0, 1, 9)):
    ways["codes"].append(
        musicvae.decode((1 - t) * codes[0] + t * codes[1], temperature=0)
    )
    ways["cross-fade"].append(
        np.where(rng.random(ends[0].shape) < t, ends[1], ends[0])
    )
surprise = {
    name: [counted[5].bits(x).mean() for x in way] for name, way in ways.items()
}
apart = {
    f"{name}, from {letter}": [(x != end).mean() for x in way]
    for name, way in ways.items()
    for letter, end in zip("ab", ends, strict=True)
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    shares,
    surprise,
    "How surprising is what lies between two melodies?",
    "Two curves over the way from a to b: the cross-fade's is a high hill, that of the codes stays low.",
    xlabel="share of the way from a to b",
    ylabel="bits a step, n-gram of order 5",
    baselines=["cross-fade"],
)
plots.lines(
    shares,
    apart,
    "How much differs from the two ends?",
    "Two rising and two falling curves: the cross-fade's are straight, those of the codes lie above them.",
    xlabel="share of the way from a to b",
    ylabel="share of steps that differ",
    baselines=["cross-fade, from a", "cross-fade, from b"],
)
middle = {name: values[4] for name, values in surprise.items()}
coursekit.expect(
    "in the middle the cross-fade costs at least 0.3 bits a step more than the codes' melody",
    middle["cross-fade"] > middle["codes"] + 0.3,
    **{name.replace("-", "_"): value for name, value in middle.items()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The middle of the codes' line is more like a dance tune: it costs 1.6 bits a step, about as much as the two ends. The middle of
# the cross-fade costs 2.7, because it is made of pieces that no tune has.
#
# **The network's middle is a melody of its own.** In the middle of the second figure the blue and the orange curve lie
# above the gray ones. So the network's melody differs from *both* ends in more steps than a mixture of them would. (The blue curve does not begin
# at 0, since a melody written from its code has a few errors.)
#
# > **Try it.** Choose other ends (`heard[1]`, `heard[3]`). Then go beyond them: let $t$ run from -0.5 to 1.5. How far can you
# > go before the melodies fall apart?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · A direction that means something
#
# Can we ask for a melody like this one, only busier? An **attribute** is a number that can be counted in a melody. We take the
# *density*: the share of steps at which a note begins. If the number of notes grows by a tenth, so does the density.
#
# **The attribute vector is a difference of two averages.** Take the quarter of the training melodies with the most notes and
# average their codes. Do the same with the quarter that has the fewest notes. The difference of the two averages is the
# **attribute vector** of the density. It points from quiet melodies to busy ones.
#
# > **Predict.** We add this vector to the codes of 512 unseen melodies. By how many percent will the number of their notes
# > grow? Type your guess.


# %% slideshow={"slide_type": "-"} tags=["central"]
def attribute_vector(codes, amounts):
    low, high = np.quantile(amounts, [0.25, 0.75])
    return codes[amounts >= high].mean(axis=0) - codes[amounts <= low].mean(axis=0)


known = train.tokens[rng.permutation(len(train.tokens))[:3000]]
known_codes = musicvae.codes(known)
busier = attribute_vector(known_codes, music.attributes(known)["density"])

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 20
strengths = np.linspace(-1, 1, 9)
unseen_codes = musicvae.codes(some)
turned = [
    musicvae.decode(unseen_codes + s * busier, temperature=0) for s in strengths
]
measured = [music.attributes(x) for x in turned]
changed = {
    name: np.array([values[name].mean() for values in measured])
    for name in measured[0]
}

# %% [markdown] slideshow={"slide_type": "subslide"}
# First listen to one melody, with less and with more of the vector. Then look at the blue line of the figure. **At its right end
# the whole vector is added, and at its left end it is subtracted.**

# %% slideshow={"slide_type": "-"} tags=["figure"]
one = musicvae.codes(heard[:1]) + strengths[:, None] * busier
widgets.MelodyPlayer(
    musicvae.decode(one, temperature=0),
    [f"{s:+.2f}" for s in strengths],
    axis="density vector",
    start=4,
    title="One melody, less and more busy",
    alt="A piano roll of a melody; with a larger strength it has more notes",
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.lines(
    strengths,
    {name: changed[name] / changed[name][4] for name in ("density", "range")},
    "What the vector of density does to 512 unseen melodies",
    "Two curves over the strength: density rises from left to right; range rises less.",
    xlabel="how much of the vector is added",
    ylabel="mean, relative to no vector",
    guesses={"you": (1, 1 + guess / 100)},
)
coursekit.expect(
    "with the whole vector there are at least 10 % more notes, without it at least 20 % more than with its opposite",
    changed["density"][-1] > 1.1 * changed["density"][4]
    and changed["density"][4] > 1.2 * changed["density"][0],
    more=changed["density"][-1] / changed["density"][4],
    fewer=changed["density"][0] / changed["density"][4],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The vector makes the melodies busier: with all of it they have 17 % more notes. With the vector subtracted they have 28 % fewer.
#
# **A vector moves everything that goes together in the training data.** This one also changes the *range*, the number of
# semitones from the lowest to the highest note. At the left end of the orange line the range is smaller by a tenth. In these
# tunes, bars with few notes stay within fewer keys. Exercise 9.3 takes the range out of the vector.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Sixteen bars and a conductor
#
# Sixteen bars are 256 symbols. A network like that of section 5 can be trained on them, too. We call it *flat*. **Its decoder is
# one long chain of 256 steps.** Before the sixteenth bar its state has been changed 240 times, and yet it must know where in the
# tune it is.
#
# **MusicVAE puts a second network between the code and the notes, the conductor.** It is an LSTM with one step for each *bar*.
# From the code it makes 16 **embeddings**, one vector for each bar. The decoder writes each bar from its embedding alone: at the
# beginning of each bar its state is set anew. A network with a conductor is called *hierarchical*.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    {$z$} -> [conductor] -> {bar 1}, {bar 2}, {dots}, {bar 16}
    {bar 1} -> [decoder 1] -> symbols 1 to 16
    {bar 2} -> [decoder 2] -> symbols 17 to 32
    {bar 16} -> [decoder 16] -> symbols 241 to 256
    decoder 1 == decoder 2
    decoder 2 == decoder 16
    """,
    "One code, sixteen embeddings, and the same decoder for each bar",
    labels={
        "decoder 1": "decoder",
        "decoder 2": "decoder",
        "decoder 16": "decoder",
        "dots": "⋮",
    },
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two things follow from this drawing.** First, the chains are shorter: 16 steps of the conductor and 16 of the decoder, in the
# place of 256.
#
# Second, the decoder writes each bar without knowing the bars before. What the bars have in common can reach it only through
# the code. So it cannot ignore the code as easily as the flat decoder can.
#
# > **Predict.** A flat and a hierarchical network with about as many weights were trained on the same melodies, each for four
# > epochs. Always saying "nothing new" is right in 58 % of the steps of these melodies. What is the accuracy of the
# > hierarchical network? Type your guess.
#
# Compare the second column, flat, with the last one, hierarchical. (The column between them and the printed lines are for the
# second reading.)

# %% slideshow={"slide_type": "-"} tags=["figure"]
guess = 0.7
recorded = {
    name: coursekit.results(name)["runs"][0]["metrics"]
    for name in ("musicvae-16bar", "musicvae-16bar-flat", "musicvae-16bar-once")
}
plots.bars(
    {
        "always\n“nothing new”": recorded["musicvae-16bar"]["most_frequent"],
        "flat": recorded["musicvae-16bar-flat"]["sampled"],
        "hierarchical,\ncode once": recorded["musicvae-16bar-once"]["sampled"],
        "hierarchical": recorded["musicvae-16bar"]["sampled"],
    },
    "Sixteen bars, written from the code alone",
    "Four bars of nearly the same height, about 60 percent: always nothing new, flat, and hierarchical twice.",
    ylabel="share of steps right, unseen tunes",
    baselines=["always\n“nothing new”"],
    guesses={"you": ("hierarchical", guess)},
    size=(7, 3.6),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
for name, measured in recorded.items():
    print(
        f"{name:20} notes struck {measured['sampled_note']:.1%}, bits in the code {measured['kl']:.0f},"
        f" cross-entropy {measured['bits_a_step']:.2f} bits a step"
    )
coursekit.expect(
    "the two networks differ by less than 3 points",
    abs(
        recorded["musicvae-16bar"]["sampled"]
        - recorded["musicvae-16bar-flat"]["sampled"]
    )
    < 0.03,
)

# %% [markdown] slideshow={"slide_type": "-"}
# **With our means the conductor helps very little.** Both networks write 62 % of the steps rightly, hardly more than a machine that
# always says "nothing new". The paper prints 62.0 % for its flat network and 81.2 % for its hierarchical one. So we could not
# repeat its result.
#
# Our networks have about a hundredth of the paper's weights, were trained on 643 tunes of one kind, and only for four epochs.
# Any of these may be the reason. None of them has been tested.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# Here are eight things that the lecture can do without:
#
# - melodies from the prior;
# - what a code costs, and what it holds;
# - the equations of an LSTM;
# - the best decoder without a code;
# - the conductor, measured and tested;
# - the temperature;
# - a quiz;
# - the paper's numbers beside ours.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Melodies that nobody wrote
#
# A variational autoencoder can also invent: draw a code from the prior and let the decoder write. ("The temperature", below,
# explains the setting 0.5.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Here are eight melodies that the decoder writes from codes of the prior.

# %% slideshow={"slide_type": "-"} tags=["figure"]
invented = musicvae.sample(512, temperature=0.5, seed=1)
widgets.MelodyPlayer(
    invented[:8],
    axis="sample",
    title="Eight melodies from codes of the prior",
    alt="A piano roll of two bars with large leaps",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# They sound less like dance tunes than those of section 1, and the n-gram model agrees: it pays more than 3 bits a step for
# them. You know the reason from lecture 8. The codes of melodies do not fill the prior's cloud. So a code of the prior is mostly
# one that the decoder has never seen.
#
# **The remedy is the same as in lecture 8, too.** Take the codes of the training melodies, fit a Gaussian to them, and draw
# from that one.
#
# > **Predict.** For unseen tunes the n-gram model of order 5 pays about 1.7 bits a step. What will it pay for melodies from the
# > fitted Gaussian? Type your guess.
#
# In the table, compare the column "bits a step" of the third row and of the fourth.


# %% slideshow={"slide_type": "-"} tags=["central"]
def cloud(codes):
    """Draws from the Gaussian that has the mean and the covariance of these codes."""
    mean, covariance = codes.mean(axis=0), np.cov(codes.T)
    return lambda count, seed: np.random.default_rng(seed).multivariate_normal(
        mean, covariance, count, method="eigh"
    )


draw = cloud(known_codes)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 2.5
kinds = {
    "unseen tunes": some,
    "written from their codes": of_many,
    "codes of the prior": invented,
    "codes of the fitted Gaussian": musicvae.decode(draw(512, 1), temperature=0.5),
    "any symbols": rng.integers(0, 90, some.shape),
}
measures = {
    name: (
        counted[5].bits(x).mean(),
        np.nanmean(music.in_one_key(x)),
        np.median(music.longest_copies(x[:64], train.tokens)),
    )
    for name, x in kinds.items()
}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
fitted = measures["codes of the fitted Gaussian"][0]
print(f"fitted Gaussian: {fitted:.2f} bits a step; you said {guess}")
coursekit.expect(
    "the fitted Gaussian costs at least 1 bit a step less than the prior",
    fitted < measures["codes of the prior"][0] - 1,
)
plots.table(
    [
        [name, f"{bits:.2f}", f"{key:.0%}", f"{copied:.0f} of 32"]
        for name, (bits, key, copied) in measures.items()
    ],
    columns=(
        "melodies",
        "bits a step",
        "notes in one scale",
        "longest copy (median)",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Melodies from the fitted Gaussian cost the n-gram model 1.85 bits a step, hardly more than real tunes. **Melodies from the
# prior cost 3.31.**
#
# "Notes in one scale" is the share of notes that fit into the seven notes of one scale, such as C D E F G A B.
#
# "Longest copy" asks whether the network copies. It is the longest stretch of steps that is also found in some training melody.
# The invented melodies have *shorter* such stretches than unseen tunes, which cannot be copies. **So the longest copies give no
# sign that the network copies.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What a code costs, and what it holds
#
# **Not every bit that is paid can be read.** For the unseen tunes of the table above the n-gram model pays 1.70 bits a step. For
# 32 steps this is about 54 bits, and then every note is known. Our code costs 58 bits (section 5), and still one note in five is
# wrong.
#
# The KL divergence compares the answer for one melody with the *prior*. But all codes together are not the prior, as the table
# above shows: they form a cloud of their own. Each code pays for lying in this cloud, and this says nothing about the melody.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Inside an LSTM
#
# **An LSTM has a memory $c_t$, and $h_t$, from which the probabilities are computed.** With the step's input $u_t$ (for our
# decoder: $z$ and the symbol before) it computes
#
# $$\begin{aligned}
# f,\ i,\ o &= \mathrm{sigmoid}(\text{a linear map of } u_t \text{ and } h_{t-1}), & g &= \tanh(\text{another one}),\\
# c_t &= f \odot c_{t-1} + i \odot g, & h_t &= o \odot \tanh(c_t).
# \end{aligned}$$
#
# The three *gates* $f$, $i$ and $o$ are vectors of numbers between 0 and 1, and $\odot$ multiplies number by number. The gate
# $f$ says what is kept of the memory, $i$ says what is written into it, and $o$ says what is shown. Where $f$ is near 1 and $i$
# near 0, the memory stays as it is for many steps.
#
# The gradient finds the way back, too. Along this path the derivative of $c_t$ by $c_{t-1}$ is $f$, and a product of many
# numbers near 1 does not vanish.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The best decoder without a code
#
# **A code need not pay even if the training falls into no trap.** Think of a decoder that predicts each symbol as well as can be
# from the symbols before it. It has reached the smallest possible sum $D + R$ already, with $R = 0$ (Chen et al., 2017). A code
# could only move bits from $D$ to $R$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The conductor in more numbers
#
# **Which of the networks of section 8 is better depends on what is counted.** The lines printed there say more than the figure.
# "Notes struck" counts only those steps in which a note begins. The hierarchical network has 16.3 %, and the flat one 15.6 %.
#
# The cross-entropy, with teacher forcing, says the opposite: the flat network pays 1.13 bits a step, and the hierarchical one
# 1.18. The flat one is told the whole melody before, and the hierarchical one only the bar that it writes. Each network was
# trained once, so differences as small as these may be luck.
#
# The paper's conductor is given the code once, at the beginning. Ours is given it again at each bar. The column "hierarchical,
# code once" is a network whose conductor is like the paper's. It writes only 13.4 % of the notes rightly. (The one that is reminded has 7 % more weights than the other two, since
# the code is wired to its conductor.)
#
# A code of 250 bits can hardly hold these melodies. It has about one bit for each of the 256 steps, and the n-gram model of order
# 5 pays 1.6 for such tunes. This holds with or without a conductor. So it does not explain why the paper's network reached 81 %.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Are the bars really independent?
#
# Section 8 says that the decoder writes each bar from its embedding alone. So, given their embeddings, the bars are
# independent of each other. We can test this. Give the fifth bar the embedding of another melody, and look at which bars the
# decoder's answers change.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
long_train = data.load("tunes", "train", bars=16)
long_test = data.load("tunes", "test", bars=16)
conducted = coursekit.pretrained("musicvae-16bar")
z = conducted.codes(long_test.tokens[:50])
embeddings = ops.convert_to_numpy(conducted.decoder.embeddings(z))
told = long_test.tokens[:50]
before = ops.convert_to_numpy(conducted.decoder.bars_from(embeddings, told))
embeddings[:, 4] = embeddings[::-1, 4]  # the fifth bar's, of another melody
after = ops.convert_to_numpy(conducted.decoder.bars_from(embeddings, told))
moved = np.abs(after - before).max(axis=(0, 2, 3))
coursekit.expect(
    "another embedding of bar 5 changes bar 5 and no other",
    moved[4] > 0.1 and np.delete(moved, 4).max() < 1e-5,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Only bar 5 changes, as the check below the cell says. Now listen to four tunes of sixteen bars that the network with the
# conductor made up. Their codes are drawn from a fitted Gaussian, as above in "Melodies that nobody
# wrote".

# %% slideshow={"slide_type": "-"} tags=["figure"]
codes = conducted.codes(long_train.tokens[::4])
widgets.MelodyPlayer(
    conducted.decode(cloud(codes)(4, seed), temperature=0.5),
    axis="tune",
    title="Four tunes of sixteen bars that nobody wrote",
    alt="A piano roll of sixteen bars",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The temperature
#
# **The temperature joins two ways of writing: to take the likeliest symbol, or to draw one.** The numbers that go into the
# softmax are divided by the *temperature* $\tau$ first. **At $\tau = 1$ we draw with the decoder's own probabilities.** Near 0
# only the likeliest symbol is left, and above 1 unlikely symbols become more likely. Move the slider, and listen. The figure
# shows the surprise of 256 such melodies.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
temperatures = np.array([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3])
same_codes = draw(256, 2)
warmer = [musicvae.decode(same_codes, temperature=tau) for tau in temperatures]

# %% slideshow={"slide_type": "-"} tags=["figure"]
widgets.MelodyPlayer(
    np.stack([melodies[0] for melodies in warmer]),
    [f"temperature {tau:g}" for tau in temperatures],
    axis="temperature",
    start=4,
    title="One code, written at nine temperatures",
    alt="A piano roll of two bars; with the temperature it becomes more restless",
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    temperatures,
    {"from 256 codes": [counted[5].bits(x).mean() for x in warmer]},
    "How surprising the melodies are, by temperature",
    "A curve that rises with the temperature, slowly at first and then steeply.",
    xlabel="temperature",
    ylabel="bits a step, n-gram of order 5",
    marks={"unseen tunes": counted[5].bits(some).mean()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# Up to a temperature of about 0.5 nothing much changes: the decoder is sure of most steps, because the code tells it what to
# write. Above 1 the surprise grows quickly. At 3 it is above 5 bits a step, about three times that of unseen tunes.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Which of the two did a person write?
#
# Here are ten pairs of melodies. One of each is from a tune that was put aside, the other was written by the network from a
# code of the fitted Gaussian. **Listen, and type for each pair the letter of the melody that a person wrote.**

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "AAAAAAAAAA"
chosen = rng.choice(len(test.tokens), 10, replace=False)
people, machine = test.tokens[chosen], musicvae.decode(draw(10, 3), temperature=0.5)
first_is_person = np.random.default_rng(11).random(10) < 0.5
quiz = [
    melody
    for person, drawn, first in zip(people, machine, first_is_person, strict=True)
    for melody in ((person, drawn) if first else (drawn, person))
]

# %% slideshow={"slide_type": "-"} tags=["figure"]
widgets.MelodyPlayer(
    quiz,
    [f"pair {number + 1}, {letter}" for number in range(10) for letter in "AB"],
    axis="melody",
    title="Which of each pair did a person write?",
    alt="A piano roll of one of twenty melodies",
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
solution = "".join("A" if first else "B" for first in first_is_person)
found = sum(one == other for one, other in zip(guess, solution, strict=True))
print(
    f"{found} of 10 are right. By chance it would be 5. The answers: print(solution)"
)

# %% [markdown] slideshow={"slide_type": "-"}
# If 8 or more of your answers are right, you probably hear a difference. Of the $2^{10} = 1024$ possible answers, 45 have
# exactly 8 right, 10 have 9, and 1 has 10. That is 56 of 1024: of eighteen people who only guess, about one gets so far.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Printed and measured
#
# The paper's network had 512 dimensions in its code and decoder layers of 2,048 units, and it learned from about 1.5 million
# MIDI files. Ours has about a hundredth of the weights and 643 tunes, each given at twelve different heights.
# Both accuracies are counted in the same way, on unseen music. But the paper's music is of all kinds, and ours is of one kind. So the rows are no race.

# %% slideshow={"slide_type": "-"} tags=["figure"]
of_paper = {
    "musicvae-2bar": ("2 bars", 0.951),
    "musicvae-16bar-flat": ("16 bars, flat", 0.620),
    "musicvae-16bar": ("16 bars, hierarchical", 0.812),
}
rows = [["always “nothing new”, 2 bars", "", f"{always:.1%}", "0.0%", "0"]]
for name, (what, printed) in of_paper.items():
    ours = coursekit.results(name)["runs"][0]["metrics"]
    shares = [
        f"{share:.1%}" for share in (printed, ours["sampled"], ours["sampled_note"])
    ]
    rows.append([what, *shares, f"{ours['kl']:.0f}"])
plots.table(
    rows,
    columns=(
        "melodies",
        "paper, steps",
        "ours, steps",
        "ours, notes",
        "bits in the code",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Two bars work at a small size, too: the network writes 91 % of the steps rightly, and 79 % of the notes. Sixteen bars do not
# work yet.
#
# All of these tunes are of one kind, and **so is everything on our lines**. Give the network your own song (exercise 9.4), and
# it writes the nearest dance tune.
#
# What has come since? Transformers predict the next symbol from thousands of symbols before it. They have no code, and they
# write longer pieces (Huang et al., 2019). Models of sound have no notes at all. But a space in which one can walk from one
# melody to another is still built as in this lecture.
#
# The package's own network is built by one function. Its class, `SequenceVAE`, has the loss that you typed.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(models.music_vae.flat, docstring=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/09_music_vae.ipynb), checked as you go:
#
# 1. **Free bits** (15 minutes): what a code costs when its first bits cost nothing.
# 2. **Notes again** (15 minutes): from symbols back to notes.
# 3. **A cleaner vector** (20 minutes): a vector of density that leaves the range alone.
# 4. **A melody of your own** (30 minutes): write a song, walk from it to a dance tune, and find out what was copied.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A melody is a **sequence of symbols**, and the chain rule turns its probability into a sum over steps.
# - A decoder that is told the symbols before **ignores the code**: those symbols cost nothing in the bound, and the code costs its bits.
# - A small weight, **free bits** and hidden symbols bring the code back. The price is a worse bound.
# - Accuracy by **sampling** says what is in the code. Accuracy with teacher forcing does not, since the decoder is told nearly everything.
# - The **line between two codes** leads through melodies. A cross-fade leads through sequences that no tune has.
# - For long sequences MusicVAE has a **hierarchy**: a conductor for the bars, and a decoder for the notes of each bar. Our small one is about as good as the flat network.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - A. Roberts, J. Engel, C. Raffel, C. Hawthorne, D. Eck, *[A hierarchical latent vector model for learning long-term structure
#   in music](https://arxiv.org/abs/1803.05428)*, ICML 2018; [the authors' page](https://magenta.tensorflow.org/music-vae).
# - S. Hochreiter, J. Schmidhuber, *Long short-term memory*, Neural Computation 9(8), 1997.
# - X. Chen et al., *[Variational lossy autoencoder](https://arxiv.org/abs/1611.02731)*, ICLR 2017.
# - C.-Z. A. Huang et al., *[Music transformer](https://arxiv.org/abs/1809.04281)*, ICLR 2019.
# - S. Bowman et al., *[Generating sentences from a continuous space](https://arxiv.org/abs/1511.06349)*, CoNLL 2016.
# - W. B. Ryan, *Ryan's mammoth collection*, 1883; F. O'Neill, *O'Neill's music of Ireland*, 1903: the tunes.
