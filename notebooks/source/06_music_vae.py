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
# A variational autoencoder can learn melodies as it learned digits. Then a melody is a point, two melodies are joined by a
# line, and on the line between them lie melodies that nobody has written. This is MusicVAE (Roberts et al., 2018).
#
# **You will be able to**
#
# - write a melody as a sequence of symbols, and say how many bits such a sequence costs;
# - derive the loss of a variational autoencoder whose decoder writes one symbol after the other, and type it;
# - make posterior collapse in such a model, measure it in bits, and cure it;
# - walk on the line between two melodies and hear what lies on it;
# - make a melody busier by adding a vector, and measure whether it worked;
# - explain why sixteen bars need a conductor.
#
# You need [lecture 5](05_variational_autoencoders.ipynb). About 75 minutes to read, listen and play; about a minute to run.
# Have headphones at hand.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the same lecture with the live models trained ten times as long
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import ops

from coursekit import data, models, plots, widgets
from coursekit.metrics import music
from coursekit.metrics.ngrams import NGrams
from coursekit.models import sequence_vae_networks as networks
from coursekit.training import Model, progress

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A melody is a sequence of symbols
#
# The melodies of this lecture are old dance tunes: reels, hornpipes and polkas, but no jigs, whose bars have another length. They
# were printed in 1883 and 1903, and volunteers have typed them in. Here are eight pieces of two bars. Press play, and move the slider.

# %% slideshow={"slide_type": "-"} tags=["figure"]
train = data.load("tunes", "train", bars=2)
test = data.load("tunes", "test", bars=2)
print(train, test, sep="\n")
first = [int(np.flatnonzero(test.tune == tune)[0]) for tune in range(8)]
widgets.MelodyPlayer(
    test.tokens[first],
    [test.titles[test.tune[i]] for i in first],
    axis="tune",
    title="Two bars each of eight dance tunes",
    alt="A piano roll of two bars: time runs to the right, high notes are at the top",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A **piano roll** shows time to the right and one row for each key of a piano. A network needs the same thing as symbols. We
# cut each bar into 16 steps, called *sixteenths*. One symbol stands for each step, and there are 90 different symbols:
#
# | symbol | meaning |
# |---|---|
# | 0 | nothing new: what sounds goes on |
# | 1 | the note ends, and silence begins |
# | 2 to 89 | a note begins: symbol 2 is the lowest of the piano's 88 keys, 89 the highest |
#
# So two bars are 32 symbols. Such a melody has one voice: when a note begins, the one before it ends.


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
# > **Try it.** Write the beginning of a song that you know into `scale`. Key 60 is the middle C, each semitone is one more,
# > and 4 sixteenths are one beat.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · How well can one predict the next symbol?
#
# Before we train a network, we need something to compare it with. A melody is $x = (x_1, \dots, x_{32})$. The rule of the
# product of conditional probabilities (the *chain rule*) says, without any assumption,
#
# $$p(x) = p(x_1)\, p(x_2 \mid x_1)\, p(x_3 \mid x_1, x_2) \cdots = \prod_{t=1}^{32} p(x_t \mid x_1, \dots, x_{t-1}) .$$
#
# The logarithm of a product is the sum of the logarithms, so a model pays $-\log_2 p(x_t \mid x_1, \dots, x_{t-1})$ **bits
# for each step**: few where it was nearly sure of what came, many where it was surprised.
#
# The simplest models count. An **n-gram of order 3** looks at the last two symbols only, and counts in the training tunes
# how often each symbol followed these two. (Pairs that were never seen are given the counts of shorter ones.)
#
# > **Predict.** Symbol 0, "nothing new", is the most frequent symbol. If we always predict it, for which share of the steps
# > are we right? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.8
always = (test.tokens == 0).mean()
counted = {order: NGrams(order).fit(train.tokens) for order in (1, 2, 3, 5)}
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
# If we always predict "nothing new", we are right in about every second step, because most notes last longer than a sixteenth.
# Longer memory helps: each order of the n-gram pays fewer bits than the one before. But an n-gram of order 5 knows only the
# last four symbols, which is one beat. It has no idea of a melody as a whole.
#
# Two numbers will follow us. The **accuracy for each step** counts all steps. The **accuracy for each note** counts only the
# steps at which a note begins; it is the harder test, because the easy zeros are left out.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · A variational autoencoder that reads and writes
#
# The encoder reads the whole melody and gives a mean and a variance for each number of the code, as in lecture 5. The decoder
# is new: it writes **one symbol after the other**. At each step it is given the code $z$ and the symbol before.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    melody $x$ -> [encoder] -> {$\mu$}, {$\log \sigma^2$} -> {$z$} -> [decoder] -> probabilities of $x_t$
    ($\epsilon$) -> $z$
    symbols before $t$ -> [decoder]
    $\mu$, $\log \sigma^2$ -> <KL>
    probabilities of $x_t$ -> <reconstruction>
    """,
    "The decoder hears two things: the code, and what has been played so far",
    notes={
        "melody $x$": "32 symbols",
        "symbols before $t$": "from the melody itself",
    },
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Both networks are **LSTMs** (*long short-term memory*, Hochreiter and Schmidhuber, 1997). An LSTM goes through a sequence step
# by step and carries a state from each step to the next: $h_t$, which it shows to the outside, and $c_t$, its memory. *Gates*,
# which are numbers between 0 and 1 computed from the step's input and $h_{t-1}$, decide what is written into the memory, what
# is forgotten, and what is shown. The encoder has two of them: one reads from the left and one from the right.
#
# The bound of lecture 5 does not change. For one melody
#
# $$\log p(x) \ \ge\ \mathbb E_{q(z|x)}\big[\log p(x|z)\big] - \mathrm{KL}\big(q(z|x)\,\Vert\,p(z)\big) .$$
#
# What changes is $p(x|z)$. The digits' pixels were independent given $z$. The symbols of a melody are not: the chain rule of
# section 2, with $z$ as a further condition everywhere, gives
#
# $$\log p(x|z) = \sum_{t=1}^{32} \log p(x_t \mid x_1, \dots, x_{t-1}, z) .$$
#
# In training we know the whole melody. So at step $t$ the decoder is given the *true* symbol $x_{t-1}$, even if it would have
# written another one. This is called **teacher forcing**. When the model writes a melody of its own, there is no truth to be
# told, and it is given the symbol that it has just written.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
class MyMusicVAE(Model):
    def __init__(self, latent_dim=32, units=128):
        super().__init__()
        self.encoder = networks.encoder(90, 32, latent_dim, (units,))
        self.decoder = networks.Decoder(90, 32, latent_dim, (units,))
        self.noise = keras.random.SeedGenerator(seed)

    def terms(self, x):
        mean, log_variance = ops.split(self.encoder(x), 2, axis=-1)
        epsilon = keras.random.normal(ops.shape(mean), seed=self.noise)
        z = mean + ops.exp(0.5 * log_variance) * epsilon
        logits = self.decoder(
            z, x
        )  # [n, 32, 90]; each step is told the symbol before it
        nats = ops.sparse_categorical_crossentropy(x, logits, from_logits=True)
        kl = 0.5 * (mean**2 + ops.exp(log_variance) - 1 - log_variance)
        return ops.sum(nats, axis=-1), ops.sum(kl, axis=-1)

    def train_on(self, x):
        def loss():
            nats, kl = self.terms(x)
            return ops.mean(nats + beta * kl), (ops.mean(nats), ops.mean(kl))

        nats, kl = self.minimize(loss)[1]
        return {"bits": nats / np.log(2), "kl": kl / np.log(2)}


# %% [markdown] slideshow={"slide_type": "-"}
# Both terms are reported in bits: nats divided by $\log 2$. We train it as lecture 5 trained its VAE, with $\beta = 1$.
#
# > **Predict.** After the training, how many bits will the code carry for a melody of two bars: about 0, about 10, or about
# > 100? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 100
beta = 1.0
epochs = 30 if full else 3


def fit(model):
    steps = epochs * (len(train.tokens) // 256)
    falling = keras.optimizers.schedules.CosineDecay(4e-3, steps)
    model.compile(keras.optimizers.Adam(falling, clipnorm=1.0))
    settings = {"batch_size": 256, "epochs": epochs, "verbose": 0}
    return model.fit(train.tokens, **settings, callbacks=progress()).history


keras.utils.set_random_seed(seed)
first_try = MyMusicVAE()
history = fit(first_try)
carried = history["kl"][-1]
coursekit.expect("the code carries less than 2 bits", carried < 2, bits=carried)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Why the decoder ignores the code
#
# The code carries almost nothing, less than two bits. The encoder's answer is nearly the prior for every melody, so the code
# of a melody is nearly pure noise. This is **posterior collapse**, which you met in lecture 5. Here it comes from the decoder.
#
# Compare what one bit is worth at the two doors of the decoder. What it is told at each step, the symbol before, is free: it
# costs nothing in the bound. What comes through the code costs: each bit of the KL divergence makes the loss one bit larger.
# So a bit of the code pays only if it saves more than one bit of reconstruction, and early in the training it does not. The
# decoder has not yet learned to use the code, while the symbol before helps at once. The optimizer makes the code cheaper, and
# a code that is noise cannot be learned from.
#
# Three things are done against it. Each changes the training, not the model:
#
# - **A small weight.** With $\beta < 1$ each bit of the code costs only $\beta$ bits.
# - **Free bits.** The first $b$ bits of each melody's code cost nothing: the loss has $\max(\mathrm{KL} - b, 0)$ in the place of
#   $\mathrm{KL}$. The encoder loses nothing by using them.
# - **Word dropout** (Bowman et al., 2016). In training some of the symbols that the decoder is told are hidden. Then it must
#   find out from the code what it was not told.


# %% slideshow={"slide_type": "-"} tags=["central"]
def paid(kl, free_bits):
    """What the loss has in the place of the KL divergence, both in nats: the first bits are free."""
    return ops.maximum(kl - free_bits * np.log(2), 0)


# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** We train the same network again, first with $\beta = 0.2$, then also with 24 free bits, then also with half of
# > the symbols hidden. We measure by **sampling**: the model reads a melody that it has never seen, and must write it from the
# > code alone, being told nothing. Which of the four writes most notes rightly?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "free bits"
cures = {
    "β = 1": {},
    "β = 0.2": {"beta": 0.2},
    "24 bits free": {"beta": 0.2, "free_bits": 24},
    "half hidden": {"beta": 0.2, "free_bits": 24, "word_dropout": 0.5},
}
some, row = test.tokens[:500], {}
for name, options in cures.items():
    keras.utils.set_random_seed(seed)
    model = models.music_vae.flat(2, "quick", **options)
    carried = fit(model)["kl"][-1] / np.log(2)
    written = model.reconstruct(some)
    row[name] = carried, *music.accuracy(some, written).values()

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.table(
    [
        [name, f"{kl:.1f}", f"{step:.0%}", f"{note:.0%}"]
        for name, (kl, step, note) in row.items()
    ],
    columns=(
        "training",
        "bits in the code",
        "steps right, by sampling",
        "notes right, by sampling",
    ),
)
best = max(row, key=lambda name: row[name][2])
coursekit.expect(
    "without a cure the code carries less than 2 bits, with free bits at least 20",
    row["β = 1"][0] < 2 and row["24 bits free"][0] > 20,
    plain=row["β = 1"][0],
    free=row["24 bits free"][0],
)
coursekit.expect(
    "every cure writes at least 10 points more notes rightly than β = 1",
    min(row[name][2] for name in list(cures)[1:]) > row["β = 1"][2] + 0.1,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Every cure brings the code back, and with it the melody: only a code that carries bits can be written out again. There is no
# free lunch in it. A model with $\beta < 1$ or with free bits is a better copyist and a worse sampler, because codes from the
# prior are then not like the codes of melodies any more. We come back to this in section 9.
#
# > **Try it.** Train with `free_bits=96` and `beta=1`. How many bits does the code carry now? Then look at
# > `history["kl"]` of the first epochs: does it fall to the free bits from above, or rise to them from below?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · On the line between two melodies
#
# From here on we use a network that was trained for an hour (`coursekit train musicvae-2bar --profile full`). It writes nearly
# every step of a melody that it has never seen from the code alone. First listen: each pair is a melody of a tune that was put
# aside, and what the network writes from its code.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
musicvae = coursekit.pretrained("musicvae-2bar")
heard = test.tokens[first[:4]]
again = musicvae.reconstruct(heard)

# %% slideshow={"slide_type": "-"} tags=["figure"]
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
of_many = musicvae.reconstruct(test.tokens[:500])
steps_right, notes_right = music.accuracy(test.tokens[:500], of_many).values()
coursekit.expect(
    "by sampling, at least 85 % of the steps are right",
    steps_right > 0.85,
    steps=steps_right,
    notes=notes_right,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# Now take two melodies $a$ and $b$ with the codes $z_a$ and $z_b$. A point on the line between them is
# $z(t) = (1 - t)\, z_a + t\, z_b$ with $t$ from 0 to 1. The decoder writes a melody from each point.
#
# The obvious way without a network is a **cross-fade**: for each step take the symbol of $b$ with probability $t$, and that of
# $a$ otherwise. At $t = 1/2$ it mixes half of each.
#
# > **Predict.** Which of the two middles sounds more like a dance tune? And which is nearer to both ends, counted in steps
# > that are equal?


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
# One pair proves nothing, so we take 200 pairs of unseen melodies and measure two things along the way, as the paper does. The
# first is the distance to the ends: which share of the 32 symbols differs from $a$, and from $b$? The second is the
# **surprise**: how many bits a step does an n-gram of order 5 pay that was counted on the training tunes? A sequence of
# symbols that no dance tune would have costs many bits.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
pairs = rng.permutation(len(test.tokens))[:400].reshape(2, 200)
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
apart = {name: [(x != ends[0]).mean() for x in way] for name, way in ways.items()}

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
    "How much differs from the first melody?",
    "Two rising curves: the cross-fade's is nearly straight, that of the codes rises in an S.",
    xlabel="share of the way from a to b",
    ylabel="share of steps that differ from a",
    baselines=["cross-fade"],
)
middle = {name: values[4] for name, values in surprise.items()}
coursekit.expect(
    "in the middle the cross-fade costs at least 0.3 bits a step more than the codes' melody",
    middle["cross-fade"] > middle["codes"] + 0.3,
    **{name.replace("-", "_"): value for name, value in middle.items()},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The middle of the cross-fade is made of pieces that no tune has: it surprises the n-gram in nearly every step. What the
# network writes in the middle stays about as likely as the ends. It pays for this with distance: the melody in the middle is not
# half of $a$ and half of $b$, step by step. It is a melody of its own.
#
# > **Try it.** Choose other ends (`heard[1]`, `heard[3]`), and draw from the decoder instead of taking the likeliest symbol:
# > `temperature=0.5`, then `1.5`. From which temperature on do the melodies fall apart?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · A direction that means something
#
# In lecture 5 a direction of the latent space made a face smile. The same recipe works here. Choose an **attribute**, a number
# that can be counted in a melody. We take the *density*, the number of notes in two bars. Average the codes of the quarter of
# the training melodies with the most notes, and the codes of the quarter with the fewest. The difference of the two averages is
# the attribute's vector.
#
# > **Predict.** We add this vector to the codes of unseen melodies. How many notes more will the melodies have on average: as
# > many as the two quarters differ, or fewer?


# %% slideshow={"slide_type": "-"} tags=["central"]
def attribute_vector(codes, amounts):
    low, high = np.quantile(amounts, [0.25, 0.75])
    return codes[amounts >= high].mean(axis=0) - codes[amounts <= low].mean(axis=0)


known = train.tokens[rng.permutation(len(train.tokens))[:3000]]
known_codes = musicvae.codes(known)
busier = attribute_vector(known_codes, music.attributes(known)["density"])

# %% slideshow={"slide_type": "-"} tags=["experiment"]
strengths = np.linspace(-1, 1, 9)
unseen_codes = musicvae.codes(test.tokens[:300])
turned = [
    musicvae.decode(unseen_codes + s * busier, temperature=0) for s in strengths
]
measured = [music.attributes(x) for x in turned]
changed = {
    name: np.array([values[name].mean() for values in measured])
    for name in measured[0]
}

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
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
    {f"{name}, relative": values / values[4] for name, values in changed.items()},
    "What the vector of density does to 300 unseen melodies",
    "Three curves over the strength: density rises from left to right; range and syncopation change less.",
    xlabel="how much of the vector is added",
    ylabel="mean, relative to no vector",
)
coursekit.expect(
    "with the whole vector there are at least 20 % more notes than without",
    changed["density"][-1] > 1.2 * changed["density"][4],
    notes=changed["density"][-1],
    before=changed["density"][4],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The vector makes the melodies busier, and it changes other things with it: in these tunes busy bars also run over a larger
# range. A vector moves everything that goes together in the training data. (Exercise 6.3 takes the range out of it.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Sixteen bars need a conductor
#
# Sixteen bars are 256 symbols. The same network can be trained on them, and it fails: by sampling it loses the thread after a few
# bars. The decoder is one long chain. What it must remember of the code in the sixteenth bar has gone through 240 steps, and an
# error that it makes early is told to it ever after.
#
# MusicVAE puts a second network between the code and the notes, the **conductor**. It is an LSTM with one step for each *bar*. From
# the code it makes 16 **embeddings**, a vector for each bar. The decoder writes each bar from its embedding alone: at the
# beginning of a bar its state is set anew, from the embedding.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    {$z$} -> [conductor] -> {bar 1}, {bar 2}, {bar 16}
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
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# Two things follow. The way from the code to the last bar has 16 steps of the conductor and 16 of the decoder, 32 instead of 256.
# And the bars are independent given their embeddings: what they have in common must go through the code. The decoder cannot take
# it from what it has just played, so **it cannot ignore the code**.
#
# We can test the independence. Change the embedding of the fifth bar, and count in which bars a symbol changes.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Both networks have as many weights and were trained for the same time. By how many points is the hierarchical
# > one ahead, in steps written rightly by sampling?

# %% slideshow={"slide_type": "-"} tags=["figure"]
recorded = {
    name: coursekit.results(name)["runs"][0]["metrics"]
    for name in ("musicvae-16bar", "musicvae-16bar-flat")
}
plots.bars(
    {
        "flat": recorded["musicvae-16bar-flat"]["sampled"],
        "hierarchical": recorded["musicvae-16bar"]["sampled"],
    },
    "Sixteen bars, written from the code alone",
    "Two bars: the hierarchical network's is higher than the flat one's.",
    ylabel="share of steps right, unseen tunes",
    baselines=["flat"],
    size=(6.5, 3.4),
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
sixteen = conducted.sample(4, seed=seed, temperature=0.5)
widgets.MelodyPlayer(
    sixteen,
    axis="sample",
    title="Four melodies of sixteen bars that the network has made up",
    alt="A piano roll of sixteen bars",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Which of the two did a person write?
#
# Ten pairs. One melody of each is from a tune that was put aside, the other was drawn by the network from a code of the prior.
# Listen, and type for each pair the letter of the melody that a person wrote.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "AAAAAAAAAA"
chosen = rng.choice(len(test.tokens), 10, replace=False)
people, machine = test.tokens[chosen], musicvae.sample(10, temperature=0.5, seed=3)
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

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
solution = "".join("A" if first else "B" for first in first_is_person)
found = sum(one == other for one, other in zip(guess, solution, strict=True))
print(
    f"{found} of 10 are right; by chance it would be 5. To see the solution: print(solution)"
)

# %% [markdown] slideshow={"slide_type": "-"}
# With 8 or more right answers you can hear the difference: by chance this happens to one listener in eighteen (56 of the 1,024
# possible answers have at least 8 right).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Printed and measured
#
# The paper's network had 512 numbers in its code, three layers of 2,048 units, and 1.5 million MIDI files to learn from. Ours
# has about a hundredth of the weights and a few hundred tunes. The steps are counted as in the paper; its numbers are
# given for all kinds of music, ours for dance tunes, which are more alike. So the rows are not a race.

# %% slideshow={"slide_type": "-"} tags=["figure"]
of_paper = {
    "musicvae-2bar": ("2 bars", 0.951),
    "musicvae-16bar-flat": ("16 bars, flat", 0.620),
    "musicvae-16bar": ("16 bars, hierarchical", 0.812),
}
rows = []
for name, (what, printed) in of_paper.items():
    ours = coursekit.results(name)["runs"][0]["metrics"]
    rows.append(
        [
            what,
            f"{printed:.1%}",
            f"{ours['sampled']:.1%}",
            f"{ours['sampled_note']:.1%}",
            f"{ours['kl']:.0f}",
        ]
    )
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
# A code of many bits copies well and is hard to draw from. To see this, compare three kinds of melodies by the n-gram of
# order 5: unseen tunes, what is written from their codes, and what is written from codes of the prior.
#
# > **Predict.** The n-gram pays a certain number of bits a step for unseen tunes. Does it pay more or less for melodies
# > from the prior?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
drawn = musicvae.sample(500, temperature=1.0, seed=1)
kinds = {
    "unseen\ntunes": test.tokens[:500],
    "from their\ncodes": of_many,
    "from codes of\nthe prior": drawn,
    "any 32\nsymbols": rng.integers(0, 90, (500, 32)),
}
costs = {name: counted[5].bits(x).mean() for name, x in kinds.items()}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    costs,
    "How surprising are the network's own melodies?",
    "Four bars of bits a step: unseen tunes, reconstructions, samples, and random symbols.",
    ylabel="bits a step, n-gram of order 5",
    fmt="%.2f",
    baselines=["unseen\ntunes", "any 32\nsymbols"],
)
copied = music.longest_copies(drawn[:50], train.tokens)
print(
    f"longest stretch that a sample shares with a training melody: {np.median(copied):.0f} of 32 steps (median)"
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · What a few hundred tunes cannot do
#
# **These tunes are of one kind**, and so is everything on our lines. The paper's network saw 1.5 million files: pop, jazz, film
# music. On its line between a nursery rhyme and a solo lies music that our network has no idea of. More data would also allow
# more bits: our network learns its training tunes by heart long before it has learned all that 128 numbers could say.
#
# What has come since: transformers predict the next symbol from thousands of symbols before it, without a code, and write
# longer pieces (Huang et al., 2019). Models of sound itself have no notes at all. But a space in which one can walk from one
# melody to another is still made as here.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(models.music_vae.flat, docstring=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/06_music_vae.ipynb), checked as you go:
#
# 1. **Free bits** (15 minutes): what a code costs when its first bits cost nothing.
# 2. **Notes again** (15 minutes): from symbols back to notes.
# 3. **A cleaner vector** (20 minutes): a vector of density that leaves the range alone.
# 4. **A melody of your own** (30 minutes): write a song, walk from it to a dance tune, and find out what was copied.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A melody is a **sequence of symbols**, and the chain rule turns its probability into a sum over steps.
# - A decoder that hears its own past **ignores the code**: the past is free, the code costs.
# - A small weight, **free bits** and hidden symbols bring the code back. The price is paid when one samples.
# - Accuracy with **teacher forcing** flatters; accuracy by **sampling** says what is in the code.
# - The **line between two codes** leads through melodies; a cross-fade leads through noise.
# - Long sequences need a **hierarchy**: a conductor for the bars, a decoder for the notes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - A. Roberts, J. Engel, C. Raffel, C. Hawthorne, D. Eck, *[A hierarchical latent vector model for learning long-term structure
#   in music](https://arxiv.org/abs/1803.05428)*, ICML 2018; [the authors' page](https://magenta.tensorflow.org/music-vae).
# - S. Bowman et al., *[Generating sentences from a continuous space](https://arxiv.org/abs/1511.06349)*, CoNLL 2016.
# - S. Hochreiter, J. Schmidhuber, *Long short-term memory*, Neural Computation, 1997.
# - C.-Z. A. Huang et al., *[Music transformer](https://arxiv.org/abs/1809.04281)*, ICLR 2019.
# - W. B. Ryan, *Ryan's mammoth collection*, 1883; F. O'Neill, *O'Neill's music of Ireland*, 1903: the tunes.
