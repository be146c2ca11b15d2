# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # From the next letter to a whole line
#
# Lecture 17 has trained a network that says which letter of a text comes next. Such a network can also write: it guesses a letter, puts it down, and guesses on. Does a network
# that guesses well write good texts? And it begins each line without knowing how the line will end. Can one give it a plan, a few numbers for a whole line?
#
# **You will be able to**
#
# - type the loop by which a model of letters writes, at any temperature;
# - say why the likeliest text is not a good one, and find out whether a network is surer of itself than it may be;
# - say what a likelihood promises, and what it does not;
# - give a whole line a code, and say step by step how such a code dies;
# - compare three cures, and say what each of them costs;
# - walk from one line to another through their codes.
#
# You need [lecture 17](17_text.ipynb) and [lecture 7](07_variational_autoencoders.ipynb). What is needed of lecture 17 stands in section 1.
# [Lecture 9](09_music_vae.ipynb) has done with melodies what sections 4 to 7 do with lines. About 55 minutes to read and play; about half a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": more texts are written for the measures
seed = 0  # of everything random: drawn letters

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import numpy as np
from keras import ops

from coursekit import data, letters, metrics, models, plots

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · What we have
#
# **A network of lecture 17 has read a million letters of Shakespeare, and gives each letter a price.** Here is the beginning of a play that it has never seen. The darker the ground, the more the letter cost. A ¶ stands for the end of a line. Most of the dearest letters are in PORTIA and NERISSA, two names that the network has not met before.

# %% slideshow={"slide_type": "-"} tags=["figure"]
train, test = data.load("plays", "train"), data.load("plays", "test")
shipped = coursekit.pretrained("causal-shakespeare")
start = test.text.index("PORTIA:\nBy my troth")
stop = test.text.index("the same abundance")
costs = -shipped.log2_probability(test.letters[None, start - 256 : stop])[0, 256:]
plots.surprises(
    test.text[start:stop],
    costs,
    "What lecture 17 has left us: a network that prices each letter, in bits",
    "A few lines of a play on colored ground: most letters are light, few are dark.",
)
print(f"{len(costs)} letters, {costs.mean():.2f} bits a letter")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **This is what we need of lecture 17:**
#
# - A text is a row of *letters* $x = (x_1, \dots, x_T)$. There are 65 of them: capital letters and small ones, the space, the end of a line, and eleven other signs. To the network each is a number from 0 to 64.
# - Before each letter the network gives a probability to each of the 65. These depend on the letters before, and on nothing else: the network is *causal*. It sees 256 letters back.
# - The letter that comes costs $-\log_2 p(x_t \mid x_1, \dots, x_{t-1})$ bits. This is its **surprise**. The sum of all surprises is $-\log_2 p(x)$. Divided by $T$ it is the number of bits a letter.
# - Who knows nothing pays 6.02 bits a letter. Who has counted runs of five letters in seven other plays pays 2.5. A clever program that compresses texts, bz2, pays 2.4.
#
# The seven plays are in `train`. The unseen one, *The Merchant of Venice*, is in `test`.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Let it write
#
# A network that predicts can also write. Give it some letters as a beginning, a *prompt*. It answers with 65 probabilities. Draw a letter from
# them, append it to the text, and ask again.
#
# **One number steers how daring the network is: the temperature.** The network's last numbers are the *logits* $\ell_i$, one for each of the 65 letters. The softmax makes probabilities of them. We divide the logits by a number $\tau > 0$ first:
#
# $$p_i = \frac{e^{\ell_i / \tau}}{\sum_j e^{\ell_j / \tau}} .$$


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def write(model, prompt, count, temperature, rng):
    """The prompt's symbols [n], and `count` more, drawn one after the other."""
    text = list(prompt)
    for _ in range(count):
        seen = np.array([text[-256:] + [0]], "int32")  # the last place is asked for
        logits = np.array(model(seen))[0, -1].astype("float64") / temperature
        p = np.exp(logits - logits.max())
        text.append(rng.choice(len(p), p=p / p.sum()))
    return np.array(text)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
prompt = letters.encode("PORTIA:\n")
print(letters.decode(write(shipped, prompt, 100, 0.8, rng)))

# %% [markdown] slideshow={"slide_type": "-"}
# **The loop asks the whole network again for each letter.** But nothing that the network has computed for earlier places changes when a letter is appended. So the package keeps these numbers, and computes
# only what is new. From here on we use its loop, `shipped.sample`, which is much faster.
#
# One detail: `seen` has one place more than the text, with a 0 in it. What stands there does not matter. The network is causal, so what it says about a place does not depend on the letter in this place.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What does a temperature do? It raises ratios to a power.** Compare two letters. At $\tau = 1$ their ratio is $p_i / p_j = e^{\ell_i - \ell_j}$. At another temperature $\tau$ the ratio of two letters is
#
# $$\frac{p_i}{p_j} = e^{(\ell_i - \ell_j)/\tau} = \left(e^{\ell_i - \ell_j}\right)^{1/\tau} .$$
#
# Suppose that e is 4 times as likely as a. At $\tau = 1/2$ it becomes $4^2 = 16$ times as likely. At $\tau = 2$ it is only $4^{1/2} = 2$ times as
# likely. So a low temperature makes the likely still likelier. Near 0 only the likeliest letter is left. A high temperature makes all letters alike.
#
# > **Predict.** At which temperature will the largest share of the written words be words that Shakespeare used: 0.3, 1, or 1.5?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.3
temperatures = np.array([0.1, 0.3, 0.5, 0.7, 0.85, 1, 1.2, 1.5])
many = 64 if full else 16
texts = {
    tau: shipped.sample(many, 250, temperature=tau, seed=seed, prompt=prompt)
    for tau in temperatures
}
for tau in (0.1, 0.5, 1, 1.5):
    print(f"--- temperature {tau}\n{letters.decode(texts[tau][0, :170])}\n")

# %% slideshow={"slide_type": "-"} tags=["figure"]
vocabulary = set(metrics.text.words(train.text))
exist, paid_by, copied, kinds = {}, {}, {}, {}
for tau, x in texts.items():
    joined = "\n".join(letters.decode(x))
    exist[tau] = metrics.text.share_known(joined, vocabulary)
    paid_by[tau] = shipped.bits(x).mean()
    copied[tau] = np.median(metrics.longest_copies(x[:5], train.letters))
    found = metrics.text.words(joined)
    kinds[tau] = len(set(found)) / len(found)
real = letters.windows(test.letters, 250)[:many]
real_words = metrics.text.words("\n".join(letters.decode(real)))
real_bits = shipped.bits(real).mean()

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.lines(
    temperatures,
    {
        "written words that are in the plays": list(exist.values()),
        "different words, of all written words": list(kinds.values()),
    },
    f"Cold texts are safe and dull, hot texts are new and wrong (you said {guess})",
    "Two curves: the share of known words falls with the temperature, the share of different words rises.",
    xlabel="temperature",
    ylabel="share",
    marks={"different words, real text": len(set(real_words)) / len(real_words)},
)
coursekit.expect(
    "fewer words exist at 1.5 than at 0.5", exist[1.5] < exist[0.5] - 0.1
)
coursekit.expect("colder texts have fewer different words", kinds[0.1] < kinds[1.0])
coursekit.expect("a cold text costs less than a real one", paid_by[0.1] < real_bits)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **At the lowest temperatures nearly all words are words that Shakespeare used.** But look at the text at 0.1: it says the same again and again. The second curve
# shows it, since few of its words are different. At 1.5 a large part of the words are not in the seven plays. (Some of these are English all the same. Of the words of the real unseen play,
# 7 % are not in the seven, either.)
#
# In between there is no right temperature, only a choice. At $\tau = 1$, and only there, the text is a sample of the model.

# %% slideshow={"slide_type": "-"} tags=["figure"]
measures = {
    f"{tau:g}": (paid_by[tau], exist[tau], kinds[tau], copied[tau])
    for tau in temperatures
}
measures["real, unseen play"] = (
    real_bits,
    metrics.text.share_known(test.text, train.text),
    len(set(real_words)) / len(real_words),
    np.median(metrics.longest_copies(real[:5], train.letters)),
)
plots.table(
    [
        [name, f"{cost:.2f}", f"{known:.0%}", f"{other:.0%}", f"{copy:.0f}"]
        for name, (cost, known, other, copy) in measures.items()
    ],
    columns=(
        "temperature",
        "bits a letter",
        "words in the plays",
        "different words",
        "longest copy",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **"Likely" and "good" are not the same.** The second column asks the network itself what its texts cost. A cold text costs it far less than a real one, because it finds it very likely. Yet nobody would
# call this text good.
# A coin shows why. It falls on heads seven times in ten. The likeliest row of 100 throws is 100 heads, but nobody will ever see it. A typical row has about 70 heads, and each such row by itself is less likely. In the same way, people do not always say the most likely thing. So the likeliest text is not a typical one.
#
# The last column is the longest run of letters that also occurs in the seven plays (the median of five texts). The network was trained on other
# plays, so it could not copy from these. These runs are the length that comes by chance, from common phrases. The real unseen play shares runs with the seven that are about as long. When you test a network for copying, look for runs in its own training text, and compare them with such a chance length.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Is the network as sure of itself as it may be?** At $\tau = 1$ the table shows what the network pays for texts that it has drawn itself. The real play costs more. (The last row prices some pieces of it, as long as the texts.) Is the difference what
# the network still has to learn?
#
# No. Think of a network that gives 1/65 to every letter. It pays 6.02 bits for its own texts, and 6.02 bits for real ones. There is no difference at all, and it has learned nothing.
#
# So this difference says nothing about what is left to learn. **Another comparison says more.** It looks at the real play alone, at what the network expects to pay for it and at what it pays. Before each letter the network has 65 probabilities. From these alone one can compute the surprise that it *expects*, the mean of
# $-\log_2 p$ over the 65 letters, each weighted by its $p$. If its probabilities are right, then it pays in the long run what it expects.
#
# > **Predict.** On the real play: does the network pay what it expects, more, or less? Say it aloud.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
log_p = np.array(ops.log_softmax(shipped(real.astype("int32"))))
expected = -(np.exp(log_p) * log_p).sum(axis=-1).mean() / np.log(2)
print(f"for real letters it expects {expected:.2f} bits and pays {real_bits:.2f}")
coursekit.expect(
    "the network is overconfident: it pays more than it expects",
    expected < real_bits,
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The network pays more than it expects, so it is surer of itself than it may be.** This is called *overconfidence*. Two
# reasons are at hand. It has read its training text many times. And this play is another text, with other names.
#
# What the network still has to learn is another difference: that between its price for real letters and the price of one who knows all. For that price we have only Shannon's estimate from his game with readers, 0.6 to 1.3 bits a letter.
#
# > **Try it.** Give the network the beginning of a modern sentence as a prompt, such as `letters.encode("The internet is ")`. Does it notice that
# > something is wrong? Ask for `shipped.bits` of your sentence, `letters.encode(...)[None]`.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · What a likelihood says, and what it does not
#
# Bits a letter are an honest measure. They are paid on a text that was not used in training. And whoever claims a small number can be asked to compress the text to it. **But they do not say how good the written texts are.** Here is a
# model that shows it.
#
# **A model that babbles 99 times out of 100.** It throws a die with a hundred sides. Once in a hundred times, it lets our network write a text of $T$ letters. Otherwise it
# writes $T$ random letters. So this model gives a text $x$ the probability
#
# $$p(x) = 0.01\; p_\text{network}(x) + 0.99\; p_\text{random}(x) \ \ge\ 0.01\; p_\text{network}(x) .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **In the last step the second term was left out.** A probability is never negative, so the left side is at least as large. Take $-\log_2$ on both sides, which turns the
# sign around, and use that the logarithm of a product is a sum:
#
# $$-\log_2 p(x) \ \le\ -\log_2 p_\text{network}(x) + \log_2 100 .$$
#
# The last term is 6.64 bits, **for the whole text**. It is divided by $T$ letters, so it vanishes for long texts.
#
# > **Predict.** For texts of $T = 256$ letters, how many bits a letter does this terrible model pay *more* than the network? Type your guess.


# %% slideshow={"slide_type": "-"} tags=["central"]
def babbling(log2_p, steps, share=0.01):
    """log2 p(x) of texts if only a share of what is written comes from the network."""
    return np.logaddexp2(
        np.log2(share) + log2_p, np.log2(1 - share) - steps * np.log2(65)
    )


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 1.0
x = letters.windows(test.letters, 256)[:100]
log2_p = shipped.log2_probability(x).sum(axis=1)
more = (log2_p - babbling(log2_p, 256)) / 256
print(f"{more.mean():.3f} bits a letter more; you said {guess}")
coursekit.expect(
    "babbling costs less than 0.03 bits a letter", 0 < more.mean() < 0.03
)

# %% [markdown] slideshow={"slide_type": "-"}
# **It pays only 0.026 bits a letter more**, less than the difference between two good networks. And 99 of 100 of its texts are noise. So a good likelihood does not promise
# good samples (Theis et al., 2016).
#
# > **Try it.** Let the network write one text in a million, `share=1e-6`. What does this cost? Compute it first, from $\log_2 10^6 \approx 20$.
#
# The other way round it does not hold, either. A "model" that recites *Hamlet* writes perfect English. But it gives the probability 0 to every other text, and pays infinitely many bits for
# the unseen play. Good samples do not promise a good likelihood.
#
# What does a likelihood say, then? A likelihood says how well a model **predicts all that occurs**, and it punishes whatever is left out. A GAN (lecture 11) may leave out
# half of the world and look brilliant. A model that predicts letter by letter may not. Samples show the rest. Look at both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · A code for a whole line
#
# When our network writes the first letter of a line, it has not decided how the line will end. Lecture 7 gave each picture a
# code of a few numbers, and between two codes lay pictures that nobody had drawn. **Can a line of text have a code, too?**
#
# We take lines of 16 to 40 letters. The end of a line
# counts as a letter, because the model has to say where a line stops. There are 17,105 such lines in tiny Shakespeare (the million letters that the network of section 1 has read) and in the seven plays. From these the models below have learned. They are measured on 1,122 other lines of tiny Shakespeare. To play with them we have the lines of the unseen play.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
unseen = letters.lines(test.letters)
seen = set(letters.unpad(letters.lines(train.letters)))
unseen = unseen[[line not in seen for line in letters.unpad(unseen)]]
print(unseen.shape, unseen[0, 30:], *letters.unpad(unseen[:3]), sep="\n")

# %% [markdown] slideshow={"slide_type": "-"}
# Each line is a row of 41 symbols. What is left after the end of the line is filled with its symbol, 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A reader makes a code, and a writer is told the code beside the letters.** This is a variational autoencoder. The *reader* is its encoder, and the *writer* is its decoder.
#
# Both are LSTMs: networks that go through a line letter by letter, and hand a memory on from step to step. (Lecture 9 has built one.) The reader goes through
# the line and answers with the mean $\mu$ and the log-variance $\log \sigma^2$ of 32 numbers. From this Gaussian, $q(z|x)$, a code $z$ is drawn. The writer predicts each letter from
# the letters before it and from $z$.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    line $x$ -> [reader] -> $\mu$, $\log \sigma^2$ -> {$z$} -> [writer] -> probabilities of $x_t$
    ($\epsilon$) -> $z$
    letters before $t$ -> [writer]
    $\mu$, $\log \sigma^2$ -> <price of the code>
    probabilities of $x_t$ -> <price of the letters>
    """,
    "The writer has two sources: the code of the line, and the letters before",
    "A flow from a line through a reader, a mean and a log-variance to a code, and through a writer to probabilities; two prices.",
    notes={"line $x$": "41 symbols", "$z$": "32 numbers"},
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A line now has two prices.** The bound of lecture 7, in bits, is
#
# $$-\log_2 p(x) \ \le\ \underbrace{\mathbb{E}_{q(z|x)} \sum_t -\log_2 p(x_t \mid x_1, \dots, x_{t-1}, z)}_{\text{price of the letters}} \ +\ \underbrace{\mathrm{KL}\big(q(z|x)\,\|\,p(z)\big)}_{\text{price of the code}} .$$
#
# The first price is the sum of the surprises again, paid by somebody who knows the code.
#
# The second is what it costs to tell the code. It is the Kullback-Leibler divergence of $q(z|x)$ from the prior $p(z) = \mathcal N(0, I)$. If the reader answers with the prior for every line, then its answer says nothing about the line, and costs nothing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · A code that dies
#
# > **Predict.** A network of this size without a code pays about 80 bits for a line. We train the same network with a code, on the bound and nothing else. How many bits will the
# > code of a line cost after the training? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 20
table = {}
for name in ("no-code", "plain", "annealed", "dropout", "both", "free-bits"):
    table[name] = coursekit.results(f"text-vae-{name}")["runs"][0]["metrics"]
print(f"plain: {table['plain']['kl']:.2f} bits; you said {guess}")
coursekit.expect("the plain code costs less than 1 bit", table["plain"]["kl"] < 1)

# %% [markdown] slideshow={"slide_type": "-"}
# **After the training the code of a line costs almost nothing.** Nothing was broken. The price of the letters fell all the time. But the reader says the same of every
# line. So no code tells one line from another, and there is nothing to walk between.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **How does a code die?** Step by step:
#
# 1. At first $z$ is mostly noise, because the reader has learned nothing yet.
# 2. The letters before help at once. That u comes after q is learned in a few steps.
# 3. Whatever the reader says costs bits at once, and the writer does not use it yet. So the quickest gain is to say nothing: $q(z|x) = p(z)$ for every line, and the price is 0.
# 4. Now $z$ is pure noise, and the writer learns to ignore it. The reader could only learn from the price of the letters by way of $z$: its gradient has the factor $\partial(\text{price of the letters}) / \partial z$. A writer that ignores $z$ makes this factor 0. What is left is the gradient of the price of the code, and that one says: stay silent.
#
# This is **posterior collapse**, which you have met in lectures 8 and 9. Bowman et al. (2016) described it for
# [sentences](https://arxiv.org/abs/1511.06349), and tried two cures.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Three cures, and what they cost
#
# **Two cures are by Bowman et al.: a code that is free at first, and a writer that is told less.**
#
# - *KL annealing* multiplies the price of the code by a weight that grows from 0 to 1 during the
#   training. So the reader may speak while the writer learns to listen.
# - *Word dropout* hides some of the letters before from the writer, here four of ten. In their place it is told nothing. So it has to look elsewhere. This is done in training alone: whatever is measured below is measured with all letters told.
#
# As a third cure we take the *free bits* of lecture 9: the first 24 bits of the code of a line cost nothing, and only what exceeds them is paid. No letter is hidden in this one. With the weight $w$ and the free bits $f$, training lowers
#
# $$\text{price of the letters} + w \cdot \max(\text{price of the code} - f,\ 0) .$$
#
# Here is this loss in the package. Find the weight and the free bits.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(models.SequenceVAE.objective)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **We trained six networks, alike but for the cure.** The first has no code at all.

# %% slideshow={"slide_type": "-"} tags=["figure"]
names = {
    "no-code": "no code at all",
    "plain": "the bound alone",
    "annealed": "annealing",
    "dropout": "word dropout",
    "both": "annealing and word dropout",
    "free-bits": "24 free bits",
}
rows = [
    [names[name], f"{m['kl']:.1f}", f"{m['bits']:.2f}", f"{m['rebuilt']:.0%}"]
    for name, m in table.items()
]
plots.table(
    rows,
    columns=(
        "1,068 steps of training, unseen lines",
        "price of the code, bits a line",
        "both prices, bits a letter",
        "letters rebuilt",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **At this size annealing alone does not cure it.** The reader speaks while its code is cheap. When the whole price has come back, 0.7 bits are left. Word dropout leaves 1.3 bits, and both together 2.7.
# Only the free bits are used, 23.2 of 24, because nobody asks a price for them in training.
#
# The last column shows what the codes are good for. There the writer is told the code alone, and writes the line by itself. The column says how many letters are right. The writer without a code writes the same line each time, and is
# right for 10 % of the letters. With both cures it is right for 12 %, with free bits for 20 %.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The more a code costs, the more a line costs, both prices together.** This is the third column. The network without a code pays the least.
#
# Look at "the bound alone". Its code is dead and costs nothing, and still it pays a tenth of a bit a letter more than the network without a code. We do not know why. In the first steps its writer was told noise, and had to learn to ignore it. The training was short, and each setting was trained once. But it is not only that. The VAE of Bowman et al.
# did not beat a language model without a code, either. On sentences of the Penn Treebank its code cost 2 of 101 nats, and nothing without the cures.
#
# **So one does not make a code to save bits, but for what can be done with it.**

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Lines between two lines
#
# **The course ships a line VAE whose code is paid for generously.** It is called `text-vae`. It was trained two and a half times as long as those of the table, with
# 160 units in the writer instead of 128. Four of ten letters are hidden from it. 64 bits are free, and the rest of the code's price counts a fifth, as in lecture 9.
#
# Here is what it makes of six lines of the
# unseen play. The writer is told the code alone, and takes the likeliest letter in each step.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
liner = coursekit.pretrained("text-vae")
some = unseen[3:150:25]
plots.table(
    list(
        zip(
            letters.unpad(some), letters.unpad(liner.reconstruct(some)), strict=True
        )
    ),
    columns=("a line of the unseen play", "written again from its code"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **A code remembers how a line begins and how long it is.** On the 1,122 test lines, 31 % of the letters come back at the right place, and not one whole line does. The code
# costs 64 bits. To tell such a line exactly, counting five letters needs 78.
#
# To walk from one line to another, we mix their codes: $z = (1 - s)\, z_1 + s\, z_2$, with $s$ from 0 to 1.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def between(model, one, other, count=7):
    """Lines from the codes on the way from one line to another, both included."""
    start, end = model.codes(letters.pad([one, other], model.steps))
    share = np.linspace(0, 1, count)[:, None]
    return letters.unpad(
        model.decode((1 - share) * start + share * end, temperature=0)
    )


# %% slideshow={"slide_type": "-"} tags=["experiment"]
ends = "I will not fail you.", "And such a want-wit sadness makes of me,"
walk = between(liner, *ends)
print(*walk, sep="\n")
coursekit.expect(
    "the lines grow on the way", len(walk[0]) < len(walk[3]) < len(walk[-1])
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The lines grow from the first to the last, and their beginnings change on the way.** The first and the last are not the given lines, but what the writer makes of their codes. None of the seven is a line of the training text.
#
# > **Try it.** Put two lines of your own into `ends`, of 40 letters at most. Then set `temperature=1`. What do the lines of one code have in common?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The code does not hold what a line means.** Few of these lines are English. The writer knows short words, and invents the rest. Nothing in the
# loss asks for meaning, only for cheap letters. Nor is this a good letter model: its two prices are 3.8 bits a letter, where counting five letters pays 2.35.
#
# Yang et al. (2017) shortened the memory of the writer, by [dilated convolutions](https://arxiv.org/abs/1702.08139) like those of lecture 17. Then a code did pay for itself.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/18_text_vae.ipynb), checked as you go:
#
# 1. **Temperature without logits** (20 minutes): what temperature does to probabilities.
# 2. **When silence pays** (15 minutes): the loss with annealing and free bits, and the step at which a code is given up.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A model that predicts can **write**: draw, append, ask again. A low **temperature** makes texts safe and dull, a high one new and wrong. Only at 1 does the model speak for itself.
# - The **likeliest** text is not a good one. A network that pays more than it expects is **overconfident**.
# - A **likelihood** says how well a model predicts all that occurs. It does not say how good its texts are.
# - A line can have a **code**. But beside a writer that is told the letters before, a code dies: **posterior collapse**.
# - **Annealing, word dropout, free bits** keep some of it alive. It makes a line no cheaper, but between two codes lie other lines.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - S. R. Bowman et al., *[Generating sentences from a continuous space](https://arxiv.org/abs/1511.06349)*, CoNLL 2016.
# - L. Theis, A. van den Oord, M. Bethge, *[A note on the evaluation of generative models](https://arxiv.org/abs/1511.01844)*, ICLR 2016.
# - Z. Yang et al., *[Improved variational autoencoders for text modeling using dilated convolutions](https://arxiv.org/abs/1702.08139)*, ICML 2017.
# - A. Roberts et al., *[A hierarchical latent vector model for learning long-term structure in music](https://arxiv.org/abs/1803.05428)*, ICML 2018: MusicVAE, and its free bits.
# - C. E. Shannon, *Prediction and entropy of printed English*, Bell System Technical Journal 30, 1951.
