# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Predict the next letter
#
# Cover a page of a book and uncover it letter by letter. Before each letter, guess what it will be. You will be right surprisingly
# often, because you know words, grammar, and how people talk. A model that is good at this game must know some of these things,
# too. And a model that can guess the next letter can also write: it guesses a letter, writes it down, and guesses on.
#
# **You will be able to**
#
# - turn the probability of a text into a sum of surprises, and measure them in bits a letter;
# - count pairs and longer runs of letters, and say why a longer memory can be worse;
# - say why a program that compresses a text predicts it;
# - type a causal network, say how far back it sees, and test that it never looks ahead;
# - compare it honestly with counting, with compression, and with published networks;
# - say in steps what a layer of self-attention computes, and what it gains in equal time;
# - write text at any temperature, and say what a likelihood promises and what it does not;
# - give a whole line a code, and say why such a code collapses and what keeps it alive.
#
# You need [lecture 7](07_variational_autoencoders.ipynb) for the idea of a likelihood; [lecture 9](09_music_vae.ipynb) has met
# n-grams and sampling already. About 105 minutes to read and play, in two sittings: sections 1 to 6 say what a letter costs, and sections 7 to 11
# what one can do with a model of letters. About a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the live network sees the plays whole, once
seed = 0  # of everything random: data order, initial weights, drawn letters

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import re

import keras
import numpy as np
from keras import layers, ops

from coursekit import data, letters, metrics, models, plots
from coursekit.training import Model, progress

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A guessing game
#
# Our book is eight plays of Shakespeare. Seven are for training: *Hamlet*, *Macbeth*, *Othello*, *King Lear*, *Julius Caesar*, *A Midsummer
# Night's Dream* and *Twelfth Night*. The eighth, *The Merchant of Venice*, is put aside for testing. No model of this lecture learns from it.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
train = data.load("plays", "train")
test = data.load("plays", "test")
print(train, test, sep="\n")
print(test.text[test.text.index("PORTIA:") :][:300])

# %% [markdown] slideshow={"slide_type": "subslide"}
# To a network a text is a row of whole numbers. There are 65 different signs: 26 small letters, 26 capital letters, the space, the end
# of a line, and eleven others, such as the comma. We call all of them *letters*. Each has a number from 0 to 64.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
print(letters.encode("To be"))
print(repr(letters.decode(np.array([32, 53, 1, 40, 43]))))

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now play. Below are ten places of the test play. Each shows the 40 letters before a covered letter. A `|` stands for the end of a line.
#
# > **Predict.** Which letter comes next, at each of the ten places? Type ten letters into `guess`, a `|` where you expect the end of a line.

# %% slideshow={"slide_type": "-"} tags=["figure"]
places = np.random.default_rng(12).choice(
    np.arange(1000, 100_000), 10, replace=False
)
for number, place in enumerate(places):
    before = test.text[place - 40 : place].replace("\n", "|")
    print(f"{number}  {before}_")

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "eeeeeeeeee"
covered = "".join(test.text[place] for place in places).replace("\n", "|")
right = sum(mine == true for mine, true in zip(guess, covered, strict=True))
print(f"{right} of 10 are right. The letters: {covered}")

# %% [markdown] slideshow={"slide_type": "-"}
# Claude Shannon published this game in 1951. When a hundred letters before it were known, the reader's first guess was right 80 times out of a
# hundred. From such counts Shannon computed how much a letter of English really tells: between 0.6 and 1.3 bits. This lecture explains what such a number means. In
# section 6 we come back to it, and see how near to it our machines come.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · What a letter costs
#
# "Right or wrong" is a poor measure: whoever says "probably an e, perhaps an a" deserves something for the a, too. So we ask for
# **probabilities**. Before each letter, the player divides 100 % among all 65 letters. Then the letter is uncovered, and the
# player pays
#
# $$-\log_2 p(\text{the letter that came}) \quad \text{bits.}$$
#
# This is the letter's **surprise**. A letter that was given the probability 1/2 costs 1 bit; 1/4 costs 2 bits; 1/1024 costs 10 bits. Whoever
# was certain and right pays nothing. Whoever gave 0 to the letter that came pays infinitely much, and has lost the game.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why just the logarithm? Because surprises can then be added.** A text is $x = (x_1, \dots, x_T)$. By the chain rule of probability
#
# $$p(x) = p(x_1)\, p(x_2 \mid x_1)\, p(x_3 \mid x_1, x_2) \cdots = \prod_{t=1}^{T} p(x_t \mid x_1, \dots, x_{t-1}) .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The logarithm of a product is a sum of logarithms.** So the surprise of the whole text is the sum of the surprises of its letters:
#
# $$-\log_2 p(x) = \sum_{t=1}^{T} -\log_2 p(x_t \mid x_1, \dots, x_{t-1}) .$$
#
# On the right are the prices that our player pays, one after the other. On the left is the **negative log-likelihood** of the whole text. Lecture 7
# wanted to make $\log p(x)$ large. That is the same as making this sum small. There we had to be content with a bound; here nothing is
# hidden, and the sum can be computed as it stands. Divided by $T$, it is
# the number of **bits a letter**, and this one number is the measure of the whole lecture.
#
# Networks are trained with the natural logarithm, whose unit is the nat. One nat is $1/\ln 2 = 1.44$ bits. All our tables are in bits.
#
# Who knows nothing gives 1/65 to each letter and pays $\log_2 65 = 6.02$ bits every time.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The simplest player counts pairs.** It looks only at the letter before. Take the word "abracadabra". After an a came b twice, c
# once and d once. So if the next letter after an a is asked for, it gives b the probability 2/4, c 1/4 and d 1/4. A b would
# cost 1 bit, a c 2 bits. An e would cost infinitely much, because it never came. So we pretend to have seen every pair once
# more than we have.


# %% slideshow={"slide_type": "-"} tags=["central"]
def count_pairs(text):
    """How often each letter (column) came after each letter (row): [65, 65]."""
    table = np.zeros((65, 65))
    np.add.at(table, (text[:-1], text[1:]), 1)
    return table


def price(table, text):
    """What each letter of the text costs, in bits, but the first: [letters - 1]."""
    p = (table + 1) / (table + 1).sum(axis=1, keepdims=True)
    return -np.log2(p[text[:-1], text[1:]])


# %% slideshow={"slide_type": "-"} tags=["experiment"]
pairs = count_pairs(train.letters)
print(f"{price(pairs, test.letters).mean():.2f} bits a letter")
q, u = letters.encode("qu")
print(f"after q comes u in {pairs[q, u] / pairs[q].sum():.1%} of all cases")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Counting pairs brings the price from 6.0 bits to 3.6. Why not count longer runs? An **n-gram of order 5** gives the probability of a
# letter after the four letters before it. But there are $65^4$, nearly 18 million, possible histories of four letters, and our text has only 0.8 million
# letters. Most histories have been seen rarely or never.
#
# A good player trusts a long history only as far as it has been seen. Suppose that a history $h$ was seen $c$ times, and that $d$ *different*
# letters followed it. Let $h'$ be the same history without its oldest letter. Then the rule of **Witten and Bell** mixes what both say:
#
# $$p(x \mid h) = \frac{c}{c + d}\cdot\frac{\text{how often } x \text{ came after } h}{c} + \frac{d}{c + d}\; p(x \mid h') .$$
#
# The weights $c/(c+d)$ and $d/(c+d)$ add up to 1. A history seen often has a large $c$, and is trusted. A history after which always
# something else came has a $d$ as large as $c$, and gets half of the weight. The same rule then gives
# $p(x \mid h')$, with a history that is shorter still, until nothing is left but 1/65.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two words belong to this rule.** To keep some probability for what was never counted is called *smoothing*. And if the history itself was never seen, then
# $c = d = 0$, and the rule says 0/0, which is nothing. In this case the shorter history answers alone, $p(x \mid h) = p(x \mid h')$. This is called
# *backing off*.

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** We count runs of 1, 2, 3, 4, 5 and 6 letters in the seven plays, and play the game on the eighth. Which order pays
# > the least? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 6
orders = range(1, 7)
counted = {order: metrics.NGrams(order, 65).fit(train.letters) for order in orders}
paid = {n: -counted[n].log2_probability(test.letters)[0] for n in orders}
bits = {order: paid[order].mean() for order in orders}

# %% slideshow={"slide_type": "-"} tags=["figure"]
best = min(bits, key=bits.get)
plots.bars(
    {"all 65 alike": np.log2(65)}
    | {f"order {order}": value for order, value in bits.items()},
    f"Counting runs of letters: order {best} is best, you said {guess}",
    "Bars of bits a letter: 6.0 without any knowledge, falling to 2.5 at order 5 and rising a little at order 6.",
    ylabel="bits a letter, unseen play",
    fmt="%.2f",
    baselines=["all 65 alike"],
)
coursekit.expect(
    "order 5 pays least of all orders", best == 5, five=bits[5], six=bits[6]
)
coursekit.expect("counting five letters costs 2.4 to 2.7 bits", 2.4 < bits[5] < 2.7)

# %% [markdown] slideshow={"slide_type": "-"}
# **Order 5 pays least: about 2.5 bits a letter.** Order 6 pays a little more, although it knows more. How can more knowledge do harm? We sort the letters of
# the unseen play by what order 6 knows about them, and compare letter by letter.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
text, book = test.text, train.text
runs = {book[i : i + 6] for i in range(len(book) - 5)}
histories = {run[:5] for run in runs}
kinds = ["the five letters before it were never seen"]
kinds += ["they were seen, but never with this letter after them"]
kinds += ["they were seen with this letter after them"]
kind = np.array(
    [
        (text[i - 5 : i] in histories) + (text[i - 5 : i + 1] in runs)
        for i in range(5, len(text))
    ]
)
more = (paid[6] - paid[5])[5:]

# %% slideshow={"slide_type": "-"} tags=["figure"]
shares = [np.mean(kind == k) for k in range(3)]
gains = [more[kind == k].mean() for k in range(3)]
coursekit.expect("without a history order 6 backs off", abs(gains[0]) < 1e-9)
coursekit.expect("a wrong memory costs, a right one pays", gains[1] > 0 > gains[2])
plots.table(
    [
        [name, f"{share:.0%}", f"{gain:+.2f}", f"{share * gain:+.3f}"]
        for name, share, gain in zip(kinds, shares, gains, strict=True)
    ],
    columns=(
        "a letter of the unseen play",
        "share",
        "order 6 pays more, bits",
        "share times bits",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Start with the first row. For an eighth of the letters the history of order 6 is new. Then it backs off, and pays just what order 5 pays.
# The second row is the harm. The history was seen, a few times, and always with other letters after it. Order 6 has put most of its trust in those,
# and pays 1.7 bits more. This happens with one letter in nine. In the third row order 6 is right to remember, but gains little: order 5 knew nearly as
# much. **The last column adds up to the difference of the two bars: a memory that is longer than the book can fill is trusted too soon.**
#
# That is the limit of counting. It treats each history as a thing of its own. "the king w" and "the queen w" have nothing in common for it,
# although what follows is much the same. A network can learn that they are alike.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Whoever compresses, predicts
#
# You know programs that play this game: gzip, bz2 and xz. They make files smaller, and the size of the file is a number of bits.
# What has that to do with prediction? Here is a way to write a text as a single number.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Divide a line.** Take the numbers from 0 to 1. Give each of the 65 letters a piece whose length is its probability. The first letter of the text chooses its
# piece. Divide this piece in the same way, by the probabilities of the second letter; the second letter chooses, and so on. After $T$
# letters a small interval is left. Each choice has multiplied its length by a probability, so by the chain rule its
# length is exactly $p(x)$.
#
# Now send a number that lies in the interval. Binary digits name it: $k$ digits after the point can hit any interval of length $2^{-k}$ or
# more. So about $k = -\log_2 p(x)$ digits are enough, and at most two more. Who knows the same model can divide the line in the same way, and
# read the text off the number. This is **arithmetic coding**.

# %% slideshow={"slide_type": "-"} tags=["figure"]
word = "the king"
each = 2 ** counted[5].log2_probability(letters.encode(word))[0]
plots.table(
    [
        [
            word[: i + 1],
            f"{p:.3f}",
            f"{np.prod(each[: i + 1]):.1e}",
            f"{-np.log2(np.prod(each[: i + 1])):.1f}",
        ]
        for i, p in enumerate(each)
    ],
    columns=(
        "text so far",
        "probability of its last letter",
        "length of the interval",
        "bits",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Read the table from the top. Two letters shrink the interval a lot. The t does, because nothing stands before it: the counts
# have seen the beginning of a text only once. The k does, because after "the " nearly any word may come. Together they cost 13 of the 18 bits. The
# letters i, n and g shrink it little, because they could be guessed. The last column is the sum of the surprises so far, as the formula of section 2 says.
#
# **So a good predictor is a good compressor.** A model that pays 2.5 bits a letter can store the play in 2.5 bits a letter.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **And every compressor is a predictor, even if it knows nothing of probabilities.** Take a program that turns each text $x$ of $T$ letters into a file of $L(x)$ bits.
#
# 1. Other texts give other files, since the program can turn them back. We also ask that no file is the beginning of another one, so that
#    a reader knows where a file ends.
# 2. Each file is a piece of the line from 0 to 1: all numbers whose binary digits begin with the bits of the file. The file 10 has the numbers
#    from 0.10 to 0.11, a quarter of the line. $L$ bits have a piece of length $2^{-L}$.
# 3. No file begins with another one, so no two pieces overlap, and all of them lie on a line of length 1. Therefore
#
# $$\sum_x 2^{-L(x)} \le 1 .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **This is Kraft's inequality, and it makes a file a price.** The numbers $q(x) = 2^{-L(x)}$ are positive and add up to 1 at most. So they are
# probabilities of texts. (If they add up to less, the program wastes some bits.) Now the surprise of a text under $q$ is
#
# $$-\log_2 q(x) = L(x) ,$$
#
# the size of its file. By the chain rule $q$ also has a probability for each next letter: the probability of all texts that begin as ours does with
# this letter, divided by the probability of all texts that begin as ours does without it. A compressor plays our game, whether it knows it or not, and we may put it into our table.
#
# > **Predict.** How many bits a letter does gzip need for the unseen play? (Order 1 paid 4.7, order 3 paid 3.0.) Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 4.0
alone = metrics.text.compressed_bits(test.letters)
given = metrics.text.compressed_bits(test.letters, given=train.letters)

# %% slideshow={"slide_type": "-"} tags=["figure"]
print(f"gzip needs {alone['gzip']:.2f} bits a letter; you said {guess}")
coursekit.expect(
    "bz2 with the seven plays beats counting five letters", given["bz2"] < bits[5]
)
plots.table(
    [[name, f"{alone[name]:.2f}", f"{given[name]:.2f}"] for name in alone]
    + [["n-gram of order 5", "", f"{bits[5]:.2f}"]],
    columns=("program", "the unseen play alone", "after the seven other plays"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# gzip needs a little more than 3 bits, about as much as counting three letters. It looks for runs that have occurred before, but
# only in the last 32,768 letters, so the seven other plays hardly help it. bz2 and xz see much further back. With the seven plays before it, **bz2 even beats our
# counting of five letters**. It is a real opponent, and any network that is called good should be compared with it.
#
# One thing helps the programs in this comparison: they learn *while they read*. Near the end of the unseen play they have met Shylock and Portia a hundred times. Our counts
# are finished before the play begins, and so is the network of the next sections.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · A network that never looks ahead
#
# We want one network that reads a text and says, for **every** letter at once, what it thinks will come. Then one pass through the network
# plays the whole game. There is one condition: what it says about $x_t$ may depend on $x_1, \dots, x_{t-1}$, and on nothing
# else. Such a network is called **causal**. If it breaks the rule, it sees the answer, and its bits are worth nothing.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Each layer looks back.** In the picture each column is a place in the text, and each row a layer. A unit is joined to the unit below it, and to one
# unit further left: 1 place in the first layer, then 2, then 4, then 8. The distance is called the *dilation*.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.dilations(
    (1, 2, 4, 8),
    "What one prediction sees: four layers reach back over sixteen letters",
    "Five rows of dots; green lines spread from one dot at the top right to sixteen letters at the bottom.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The green lines show what one prediction sees. In each layer the number of letters doubles. Count it: a layer with dilation $d$ adds $d$
# letters to the one that is seen anyway. Therefore the **receptive field** is
#
# $$R = 1 + \sum_{\text{layers}} d = 1 + (1 + 2 + 4 + 8) = 16 .$$
#
# Eight layers, with dilations 1 to 128, see $1 + 255 = 256$ letters, some six lines of a play. Eight layers that all looked back one place
# would see nine. This trick is from **WaveNet** (van den Oord et al., 2016), which predicted sound in this way; ByteNet (Kalchbrenner et al., 2016) did it for letters.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What a layer computes.** At place $t$ it takes the vector $h_t$ of the layer below, and $h_{t-d}$, the one $d$ places earlier:
#
# $$a_t,\ b_t = \text{two linear maps of } (h_{t-d},\, h_t), \qquad g_t = \tanh(a_t) \odot \mathrm{sigmoid}(b_t) .$$
#
# You know gates from the LSTM of lecture 9: $\tanh(a_t)$ is what the layer wants to say, and $\mathrm{sigmoid}(b_t)$, between 0 and 1, says how much of it
# gets through. The sign $\odot$ multiplies number by number. Then $g_t$ goes two ways. A linear map of it is *added* to
# $h_t$ and goes up to the next layer. Another linear map of it goes directly to the answer, where those of all layers are summed.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    $h_{t-d}$ -> [two linear maps]
    $h_t$ -> [two linear maps] -> {$a_t$}, {$b_t$} -> [gate] -> [out] -> plus -> next $h_t$
    $h_t$ -> plus
    out -> to the answer
    """,
    "One layer: it looks at two places, a gate decides, and the result goes two ways",
    labels={"gate": "tanh times sigmoid", "out": "two linear maps ", "plus": "+"},
)


# %% slideshow={"slide_type": "subslide"} tags=["central"]
class Block(layers.Layer):
    def __init__(self, channels, dilation):
        super().__init__()
        self.dilation = dilation
        self.gates = layers.Dense(2 * channels)
        self.out = layers.Dense(2 * channels)

    def call(self, h):  # [n, letters, channels]
        earlier = ops.pad(h, [[0, 0], [self.dilation, 0], [0, 0]])
        earlier = earlier[:, : -self.dilation]
        gates = self.gates(ops.concatenate([earlier, h], axis=-1))
        a, b = ops.split(gates, 2, axis=-1)
        out = self.out(ops.tanh(a) * ops.sigmoid(b))
        more, answer = ops.split(out, 2, axis=-1)
        return h + more, answer


# %% [markdown] slideshow={"slide_type": "-"}
# `ops.pad` puts `dilation` rows of zeros before the text, and the last rows are cut off. So row $t$ of `earlier` is row $t - d$ of `h`.
#
# The whole network needs one more shift. When it speaks about $x_t$, the last letter that it may know is $x_{t-1}$. So all letters are moved one place to
# the right, and in front a letter number 65 comes in, which means "nothing yet".


# %% slideshow={"slide_type": "subslide"} tags=["central"]
class NextLetter(Model):
    def __init__(self, channels=64, dilations=(1, 2, 4, 8, 16, 32, 64, 128)):
        super().__init__()
        spread = keras.initializers.RandomNormal(stddev=1.0)
        self.embedding = layers.Embedding(66, channels, spread)
        self.blocks = [Block(channels, dilation) for dilation in dilations]
        self.hidden = layers.Dense(channels, activation="relu")
        self.answer = layers.Dense(65)

    def call(self, x):
        before = ops.pad(x[:, :-1], [[0, 0], [1, 0]], constant_values=65)
        h, total = self.embedding(before), 0.0
        for block in self.blocks:
            h, answer = block(h)
            total = total + answer
        return self.answer(self.hidden(ops.relu(total)))  # logits [n, letters, 65]

    def train_on(self, x):
        def loss():
            nats = ops.sparse_categorical_crossentropy(x, self(x), from_logits=True)
            return ops.mean(nats)

        return {"bits": self.minimize(loss) / np.log(2)}


# %% [markdown] slideshow={"slide_type": "-"}
# The embedding is a table with a row of 64 numbers for each letter. The loss is the formula of section 2, nothing else: the mean surprise of a letter.
#
# > **Predict.** We take a network with random weights and a text of 40 letters, and change the letter number 20 (counted from 0). For which letters
# > does the prediction change? Type the number of the first one.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 20
small = NextLetter(channels=16, dilations=(1, 2, 4))
one = test.letters[None, 5000:5040].astype("int32")
other = one.copy()
other[0, 20] = (other[0, 20] + 1) % 65
moved = np.abs(np.array(small(one)) - np.array(small(other))).max(axis=-1)[0]

# %% slideshow={"slide_type": "-"} tags=["figure"]
changed = np.flatnonzero(moved > 0)
plots.bars(
    {f"{place}": moved[place] for place in range(14, 36)},
    f"Letter 20 was changed: predictions {changed[0]} to {changed[-1]} move, you said {guess}",
    "Bars that are zero up to 20, high from 21 to 28, and zero again after that.",
    ylabel="largest change of a logit",
    fmt=lambda height: f"{height:.2g}" if height else "0",
    size=(9, 3.2),
)
coursekit.expect("no prediction up to letter 20 moves", changed[0] == 21)
coursekit.expect(
    "eight letters see it: 1 + 1 + 2 + 4", list(changed) == list(range(21, 29))
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The first prediction that changes is that of letter 21.** The prediction of letter 20 itself must not change: it was made
# before the letter was uncovered. The last one that changes is number 28, because with the dilations 1, 2 and 4 a prediction sees the
# eight letters before it. This little test is worth writing for every causal network. A mistake of one place makes the bits wonderfully low, and
# the network useless.
#
# > **Try it.** In `NextLetter.call`, replace `before` by `x` in the embedding, and run the test again. Which claim fails? Train it as in the next section, if you like: how many bits does it
# > seem to pay?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Half a million letters
#
# Now we train. The seven plays are cut into windows of 256 letters that overlap, and the network sees about half a million letters of them. That
# takes some ten to twenty seconds.
#
# > **Predict.** Then it plays the game on the unseen play. How many bits a letter will it pay? (Counting pairs costs 3.6, three letters 3.0, four letters 2.6, five
# > letters 2.5.) Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 2.0
windows = letters.windows(train.letters, 256, 64).astype("int32")
windows = windows[rng.permutation(len(windows))[: None if full else 2000]]
keras.utils.set_random_seed(seed)
mine = NextLetter()
falling = keras.optimizers.schedules.CosineDecay(8e-3, len(windows) // 8)
mine.compile(keras.optimizers.Adam(falling, clipnorm=1.0))
history = mine.fit(windows, batch_size=8, epochs=1, verbose=0, callbacks=progress())


# %% slideshow={"slide_type": "-"} tags=["central"]
def network_bits(network, text, context=256):
    """Bits of the letters that have `context` letters before them, window by window."""
    x = letters.windows(text, 4 * context, 3 * context).astype("int32")
    logits = np.concatenate(
        [np.array(network(x[i : i + 20])) for i in range(0, len(x), 20)]
    )
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    costs = -np.take_along_axis(log_p, x[..., None], axis=-1)[..., 0] / np.log(2)
    return costs[:, context:]


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
mine_costs = network_bits(mine, test.letters)
mine_bits = mine_costs.mean()
same = slice(256, 256 + mine_costs.size)  # the letters that the network paid for
counts = {order: paid[order][same].mean() for order in orders}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.bars(
    {f"counting {order}": counts[order] for order in orders}
    | {"bz2, after\nseven plays": given["bz2"], "our network": mine_bits},
    "After half a million letters: what a letter of the unseen play costs",
    "Bars: counting one to six letters, bz2, and our network, which lies between counting three and counting five letters.",
    ylabel="bits a letter",
    fmt="%.2f",
    baselines=[
        *(f"counting {order}" for order in orders),
        "bz2, after\nseven plays",
    ],
    guesses={"your guess": ("our network", guess)},
    size=(9.5, 3.8),
)
coursekit.expect(
    "our network beats counting three letters",
    mine_bits < counts[3],
    ours=mine_bits,
)
coursekit.expect(
    "counting five letters beats our network", counts[5] < mine_bits, ours=mine_bits
)

# %% [markdown] slideshow={"slide_type": "-"}
# **After half a million letters the network is about as good as counting four letters, and counting five letters beats it.** Both pay for the
# same letters, nearly the whole play: all that have 256 letters before them, so that the network can use its full memory. Counting took less than a
# second. This is no shame, it is the lesson: a new method has to be compared with the best simple one, not with the
# worst. Whoever shows a network's loss alone, without the line of the 5-gram, shows nothing.
#
# But the two differ in what happens next. The counts are finished: the book has no more letters. The network has seen half a million letters, and
# the book has 0.8 million.
#
# > **Try it.** Train with 4,000 windows instead of 2,000. How much is gained? Then halve the number of blocks, with dilations 1 to 8: which loss does the
# > shorter memory cause?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · With more patience
#
# The course ships a network of the same kind that was trained longer. It learned from
# **tiny Shakespeare**, a text of *other* plays, one million letters long, which many people use. So its number can be compared with published ones.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
shipped = coursekit.pretrained("causal-shakespeare")
record = coursekit.results("causal-shakespeare")
results, channels = record["runs"][0], record["settings"]["model"]["channels"]
minutes = f"{results['seconds'] / 60:.0f} minutes"
times_read = 4 * record["settings"]["epochs"]  # windows overlap four times
print(f"{channels} channels, {shipped.count_params():,} weights, {minutes}")
print(f"it has read every letter of its training text {times_read} times")
x = letters.windows(test.letters, 1024, 768)
shipped_bits = shipped.bits(x, skip=256, batch_size=20).mean()

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
tiny = results["metrics"] | coursekit.results("bench_letters")["tiny_shakespeare"]
claim = "on tiny Shakespeare the shipped network beats counting and bz2"
coursekit.expect(claim, tiny["bits"] < min(tiny["five_gram"], tiny["bz2 given"]))
claim = "on The Merchant of Venice bz2 beats the shipped network"
coursekit.expect(claim, given["bz2"] < shipped_bits, merchant=shipped_bits)
ours = f"ours: 8 gated convolutions, {channels} channels"
nanogpt = ("nanoGPT, laptop: 4 layers of 128", "nanoGPT, small: 6 layers of 384")
rows = [
    ["counting five letters", tiny["five_gram"], f"{counts[5]:.2f}", "a second"],
    ["bz2, after the text", tiny["bz2 given"], f"{given['bz2']:.2f}", "a second"],
    [ours, tiny["bits"], f"{shipped_bits:.2f}", f"{minutes} on one core"],
    [nanogpt[0], 1.88 / np.log(2), "", "3 minutes on a laptop"],
    [nanogpt[1], 1.4697 / np.log(2), "", "3 minutes on an A100"],
]
plots.table(
    [[name, f"{bits_a_letter:.2f}", *rest] for name, bits_a_letter, *rest in rows],
    columns=(
        "bits a letter",
        "last tenth of tiny Shakespeare",
        "The Merchant of Venice",
        "time",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **With patience the network beats counting and bz2 on tiny Shakespeare. On *The Merchant of Venice* it does not beat bz2**, and pays about as much as counting. The second column is the fair one: there all three
# learned from the same nine tenths of a text, and pay for the last tenth. The third column is harder for the network. The counts and bz2 have learned from our seven plays, and bz2 goes on learning while it
# reads. The network has learned from tiny Shakespeare alone, and meets other plays with other names.
#
# The two rows of nanoGPT (A. Karpathy) are from its own description, which gives 1.88 and 1.4697 nats; divided by
# $\ln 2$ these are bits. Its small network pays the least. It has about $6 \cdot 12 \cdot 384^2$ weights, more than ten million: compare with the number above the table. Its setting for laptops
# pays more than counting five letters.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **How far is all this from people?** Shannon measured English in two ways. The first one counts words. Imagine a player who knows every word and how frequent it is,
# but nothing of the sentence. For each word this player pays $-\log_2$ of its frequency. Shannon found a mean of 11.82 bits for a word. With 4.5 letters in a word and one space after
# it, he put that at 2.14 bits a letter. Let us do the same with our seven plays.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
words = metrics.text.words(book)
share = np.unique(words, return_counts=True)[1] / len(words)
each_word = -(share * np.log2(share)).sum()
each_length = np.mean([len(word) for word in words])
print(f"{each_word:.2f} bits a word, {each_length:.2f} letters a word")
print(
    f"{each_word / (each_length + 1):.2f} bits a letter, if the space is one, too"
)

# %% [markdown] slideshow={"slide_type": "-"}
# **A player who knows words alone pays about two bits a letter.** It has an easy game: it has seen all the words of these plays before, and it need not guess capitals, commas and the ends of lines. Our network
# pays for all of these, and about half a bit more.
#
# The second way is the game of section 1. People who know a hundred letters pay between 0.6 and 1.3 bits. They know what the sentence is about. **So our network is nearer to the player who knows words than to
# one who understands.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Where does it pay?** Here is a piece of *The Merchant of Venice*, which it has never seen. Each letter stands on a ground that shows its price.
#
# > **Predict.** Which letters are dear: those at the beginning of a word, in its middle, or at its end? Say it aloud, then look at the figure and at the curve below.

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
start = test.text.index("The quality of mercy")
piece = test.letters[start - 256 : start + 300]
costs = -shipped.log2_probability(piece[None])[0, 256:]
plots.surprises(
    letters.decode(piece[256:]),
    costs,
    "What each letter cost the network, in bits",
    "A speech on colored ground: few letters are dark, and they stand anywhere in a word; most are light.",
)
speech = letters.decode(piece[256:]).replace("\n", "|")
dearest = np.argsort(costs)[::-1][:6]
print("the six dearest, in brackets:")
print(
    *(f"{speech[i - 7 : i]:>8}[{speech[i]}]  {costs[i]:.1f} bits" for i in dearest),
    sep="\n",
)

# %% [markdown] slideshow={"slide_type": "-"}
# The dearest letters of all are not at the beginning of a word. Read the list below the figure. Up to the letter in brackets the network expected something else, a more
# frequent word or another ending, and was sure of it. But these are few. For the rule we need the mean over many words.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
x = letters.windows(test.letters, 512, 256)[:100]
costs = -shipped.log2_probability(x)[:, 256:].ravel()
part = "".join(letters.decode(x[:, 256:]))
every, spoken = ({n: [] for n in range(1, 9)} for _ in range(2))
for word in re.finditer(r"\S+\s", part):
    name = len(word[0]) > 3 and word[0][:-1].rstrip(":").isupper()
    for n, cost in enumerate(costs[word.start() : word.end()][:8], start=1):
        every[n].append(cost)
        if not name:
            spoken[n].append(cost)
every, spoken = ({n: np.mean(of[n]) for n in of} for of in (every, spoken))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    list(every),
    {
        "all words": list(every.values()),
        "without names in capitals": list(spoken.values()),
    },
    "The first letter of a word is the hardest to guess",
    "Two curves that fall from the first letter to the fifth. That of all words jumps at the sixth; the other one stays low.",
    xlabel="place in the word (the space after it counts as its last letter)",
    ylabel="bits a letter",
)
claim = "the first letter costs twice as much as the fifth"
coursekit.expect(claim, spoken[1] > 2 * spoken[5])
claim = "the jump at the sixth letter is made by the names"
coursekit.expect(claim, every[6] - every[5] > 2 * (spoken[6] - spoken[5]))

# %% [markdown] slideshow={"slide_type": "-"}
# **The first letter of a word costs about twice as much as the next ones.** After three letters a word is often decided: there are few ways to go
# on after "merc". What is left to pay for is mostly: which word comes next?
#
# The curve of all words jumps at the sixth letter, and then falls slowly. It would be easy to invent a reason, such as "long words are rare". The second curve shows the true one. It leaves out the names in capitals that
# stand before each speech, BASSANIO and SHYLOCK. They are only one word in forty, but tiny Shakespeare does not have them, and each of their letters is a great surprise. They are long, and few other words are. So they weigh most where
# most other words have ended. Without them the jump is small.
#
# So the network has learned *spelling*. It knows much less of what the sentence is about.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Let it write
#
# A network that predicts can also write. Give it some letters as a beginning. It answers with 65 probabilities. Draw a letter from
# them, append it to the text, and ask again. Because the network is causal, nothing that it said before changes when a letter is
# appended, so each step can build on the numbers of the steps before it. Only the new column of the picture in section 4 has to be computed.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
prompt = letters.encode("PORTIA:\n")
written = shipped.sample(1, 300, temperature=0.8, seed=seed, prompt=prompt)
print(letters.decode(written)[0])

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Temperature.** The network's last numbers, the *logits* $\ell_i$, become probabilities by the softmax. Before it we divide them by a number $\tau > 0$:
#
# $$p_i = \frac{e^{\ell_i / \tau}}{\sum_j e^{\ell_j / \tau}} .$$
#
# What does that do? Compare two letters. Their ratio is $p_i / p_j = e^{(\ell_i - \ell_j)/\tau}$, and this is the ratio at $\tau = 1$, raised to the power $1/\tau$. Suppose that e is 4
# times as likely as a. At $\tau = 1/2$ it becomes $4^2 = 16$ times as likely. At $\tau = 2$ it is only $4^{1/2} = 2$ times as
# likely. So a low temperature makes the likely still likelier. Near 0 only the likeliest letter is left. A high temperature makes all letters alike.
#
# > **Predict.** At which temperature will the largest share of the written words be words that Shakespeare used: 0.3, 1, or 1.5?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.3
temperatures = np.array([0.1, 0.3, 0.5, 0.7, 0.85, 1, 1.2, 1.5])
texts = {
    tau: shipped.sample(16, 250, temperature=tau, seed=seed, prompt=prompt)
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
real = letters.windows(test.letters, 250)[:16]
real_words = metrics.text.words("\n".join(letters.decode(real)))
log_p = np.array(ops.log_softmax(shipped(real.astype("int32"))))
expected = -(np.exp(log_p) * log_p).sum(axis=-1).mean() / np.log(2)

# %% slideshow={"slide_type": "-"} tags=["figure"]
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
coursekit.expect(
    "the network is overconfident: it pays more than it expects",
    expected < shipped.bits(real).mean(),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **At the lowest temperatures nearly all words are words that Shakespeare used.** But look at the text at 0.1: it says the same again and again. The second curve
# shows it: few of its words are different. At 1.5 a large part of the words are not in the seven plays. (Some of these are English all the same: of the words of the real unseen play,
# 7 % are not in the seven, either.) In between there is no
# right temperature, only a choice. At $\tau = 1$, and only there, the text is a sample of the model.

# %% slideshow={"slide_type": "-"} tags=["figure"]
measures = {
    f"{tau:g}": (paid_by[tau], exist[tau], kinds[tau], copied[tau])
    for tau in temperatures
}
real_bits = shipped.bits(real).mean()
print(f"for real letters it expects {expected:.2f} bits and pays {real_bits:.2f}")
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
# The second column asks the network itself what its texts cost. A cold text costs it far less than a real one: it finds it very likely. Yet nobody would
# call this text good. **So "likely" and "good" are not the same.** The likeliest text is not a typical one, because people do not always say the most likely thing.
#
# At $\tau = 1$ the column shows what the network pays for texts that it has drawn itself. The real play costs more. (The line above the table prices some pieces of it, as long as the texts; section 6 has the whole play.) Is the difference what
# the network still has to learn? No. Think of a network that gives 1/65 to every letter. It pays 6.02 bits for its own texts, and 6.02 bits for the real ones. There is no difference at all, and it has learned nothing.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What the difference shows is overconfidence.** Before each letter the network has 65 probabilities, and from these alone one can compute the surprise that it expects: the mean of
# $-\log_2 p$, each letter weighted by its $p$. If its probabilities are right, then it pays what it expects. The line above the table compares the two on the real play. The network pays more than it expects, so it is surer of itself than it may be. Two
# reasons are at hand: it has read its training text many times, and this play is another text, with other names.
#
# What it still has to learn is another difference: that between its price for real letters and the price of one who knows all. For that price we have only Shannon's 0.6 to 1.3 bits.
#
# The last column is the longest run of letters that also occurs in the seven plays (the median of five texts). The network was trained on other
# plays, so it could not copy from these. The real unseen play shares runs with them that are just as long. When you test a network for copying, this comparison with real text is the one to make.
#
# > **Try it.** Give the network the beginning of a modern sentence as a prompt, such as `letters.encode("The internet is ")`. Does it notice that
# > something is wrong? Ask for `shipped.bits` of your sentence.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · What a likelihood says, and what it does not
#
# Bits a letter are an honest measure: they are paid on a text that was not used in training, and whoever claims a small number can be asked to compress the text to it. But they do not say how good the written texts are. Here is a
# model that shows it.
#
# **A model that babbles 99 times out of 100.** It throws a die with a hundred sides. Once in a hundred times, it lets our network write a text of $T$ letters. Otherwise it
# writes $T$ random letters. So its probability of a text $x$ is
#
# $$p(x) = 0.01\; p_\text{network}(x) + 0.99\; p_\text{random}(x) \ \ge\ 0.01\; p_\text{network}(x) .$$
#
# The second term was left out, and a probability is never negative; so the left side is at least as large. Take $-\log_2$ on both sides, which turns the
# sign around, and use that the logarithm of a product is a sum:
#
# $$-\log_2 p(x) \ \le\ -\log_2 p_\text{network}(x) + \log_2 100 .$$
#
# The last term is 6.64 bits, **for the whole text**. Divided by $T$ letters, it vanishes.
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
# The other way round it does not hold, either. A "model" that recites *Hamlet* writes perfect English. But it gives the probability 0 to every other text, and pays infinitely many bits for
# the unseen play. Good samples do not promise a good likelihood.
#
# What does a likelihood say, then? It says how well a model **predicts all that occurs**, and it punishes whatever is left out. A GAN (lecture 11) may leave out
# half of the world and look brilliant. A model that predicts letter by letter may not. Samples show the rest. Look at both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · The layer that replaced it
#
# In a dilated convolution the places that a layer looks at are fixed: 1, 2, 4, ... letters back. In *self-attention* the layer itself **chooses** where to
# look. Think of a name, SHYLOCK, that stood 90 letters ago. When an S comes at the beginning of a speech, a layer would like to look back exactly there.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    $h_t$ -> [query] -> {$q_t$} -> compare -> weights -> mean -> $g_t$
    earlier $h_s$ -> [key] -> {$k_s$} -> compare
    earlier $h_s$ -> [value] -> {$v_s$} -> mean
    """,
    "Self-attention at one place: compare, then take a mean",
    labels={"weights": "softmax: $w_{ts}$", "mean": "weighted mean"},
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **It takes four steps**, at each place $t$.
#
# 1. **Three linear maps.** Each place gets a *query* $q_t$ (what am I looking for?), a *key* $k_t$ (what is to be found here?) and a *value* $v_t$ (what do I tell
#    to whoever looks here?). Each is a linear map of $h_t$, with $c$ numbers.
# 2. **Compare.** The query of place $t$ is multiplied with the key of each earlier place $s \le t$. The product $q_t \cdot k_s$ is large where they fit.
# 3. **Turn this into weights.** A softmax over the earlier places makes numbers that are positive and add up to 1:
#
# $$w_{ts} = \frac{e^{q_t \cdot k_s / \sqrt{c}}}{\sum_{r \le t} e^{q_t \cdot k_r / \sqrt{c}}} .$$
#
# 4. **Take the mean** of the values with these weights: $g_t = \sum_{s \le t} w_{ts}\, v_s$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The sums run over places up to $t$ only. That makes the layer causal.**
#
# Why is there a $\sqrt c$? Suppose that the numbers in $q_t$ and $k_s$ are independent, with mean 0 and variance 1. Then $q_t \cdot k_s$ is a sum of $c$ products. Each has the variance
# 1, and variances of independent numbers add up to $c$. So the product is typically as large as $\sqrt c$, for $c = 64$ about 8. The softmax of such numbers gives most of the weight to one place,
# and then its gradient is small. Divided by $\sqrt c$ they have the variance 1, whatever $c$ is.


# %% slideshow={"slide_type": "-"} tags=["central"]
def attend(h, query, key, value):
    """Self-attention: h [letters, channels], three matrices -> (weights, g [letters, c])."""
    q, k, v = h @ query, h @ key, h @ value
    fit = q @ k.T / np.sqrt(q.shape[1])
    fit = np.where(np.tri(len(h)) > 0, fit, -np.inf)  # later places get weight 0
    w = np.exp(fit - fit.max(axis=1, keepdims=True))
    w = w / w.sum(axis=1, keepdims=True)
    return w, w @ v


# %% [markdown] slideshow={"slide_type": "-"}
# `np.tri` is a table with ones for $s \le t$ and zeros elsewhere. Where it has a zero the exponent is $-\infty$, and the weight is 0. The test
# of section 4 does not care what is inside a layer. We change place 20 of 40, and look which answers move.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
h = rng.normal(size=(40, 64))
maps = rng.normal(size=(3, 64, 64)) / 8  # queries, keys and values of variance 1
h_other = h.copy()
h_other[20] += 1
(w, g), (_, g_other) = attend(h, *maps), attend(h_other, *maps)
touched = np.flatnonzero(np.abs(g - g_other).max(axis=1) > 0)
sharp, _ = attend(h, 8 * maps[0], *maps[1:])  # as it would be without the root
print(f"answers {touched[0]} to {touched[-1]} move")
with_root, without = (of[20:].max(axis=1).mean() for of in (w, sharp))
print(f"largest weight that a place gets, in the mean: {with_root:.2f}")
print(f"without the root of c: {without:.2f}")
coursekit.expect(
    "attention never looks ahead", list(touched) == list(range(20, 40))
)
coursekit.expect("without the root one place gets most", without > 2 * with_root)

# %% [markdown] slideshow={"slide_type": "-"}
# Answer 20 moves, too: this layer may look at its own place, since the network has moved all letters to the right before. Answer 39, nineteen places later, moves as well. A single
# layer sees everything, where our convolutions needed eight.
#
# A network of such layers is a **transformer**, and the large language models of today are transformers. Their task in training is the one of this lecture: predict the next symbol. A real block
# has four more parts. Several *heads* do the four steps side by side, with maps of their own. Learned numbers say how much the distance from $t$ to $s$ counts, because the
# four steps alone do not know what is near. A small dense network follows. And the sizes of the numbers are normalized before each. The package builds
# such blocks in the place of the convolutions, by the same function:

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
attention = models.causal.build(65, 32, 32, dilations=(), contexts=(4, 5))
before = np.array(attention(one)), np.array(attention(other))
moved = np.abs(before[0] - before[1]).max(axis=-1)[0]
coursekit.expect(
    "the package's attention passes the test of section 4",
    list(np.flatnonzero(moved > 0)) == list(range(21, 29)),
)
coursekit.show(models.causal.build)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Which one is better?** The fair question is: after the same time. We took eight convolutions, as in section 5, and three blocks of attention, which have about as many weights.
# They learned from the seven plays in turns, each for the same seconds of training on the same machine (`tests/bench/letters.py`). Attention had two tries,
# with two learning rates.
#
# > **Predict.** Which one pays less after half a minute on a processor? Say it aloud.

# %% slideshow={"slide_type": "-"} tags=["figure"]
measured = coursekit.results("bench_letters")
raced, beside = measured["networks"], measured["plays"]
tries = [of["bits"] for name, of in raced.items() if name.startswith("attention")]
claim = "in equal seconds attention pays more than convolutions, and these than counting"
holds = min(tries) > raced["convolutions"]["bits"] > beside["counting 5"]
coursekit.expect(claim, holds)
rows = [
    [name, f"{of['bits']:.2f}", f"{of['seconds']:.0f} s", f"{of['weights']:,}"]
    + [f"{of['letters_a_second'] * of['seconds'] / 1e6:.2f} million"]
    for name, of in raced.items()
]
rows += [["counting five letters", f"{beside['counting 5']:.2f}", "", "", ""]]
rows += [["bz2, after seven plays", f"{beside['bz2 given']:.2f}", "", "", ""]]
plots.table(
    rows,
    columns=(
        "The Merchant of Venice",
        "bits a letter",
        "trained",
        "weights",
        "letters seen",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **In this short time the convolutions pay less than attention, and counting pays less than both.** One reason is in the last column: in the same seconds the
# convolutions have seen more letters. A convolution joins each place to one other place. Attention compares it with all 256, whether they matter or not. The other reason is
# what is left to learn. The convolutions are told where to look. Attention has to find it out, and that takes text and time.
#
# This is one text, one seed and half a minute on two slow cores. Of two learning rates the higher one was better for attention, and a third one may be better still. The table does not say which layer is better where text, weights and fast processors for large products of matrices are
# plenty. nanoGPT's small network, which pays least in section 6, is a transformer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · What a million letters cannot do
#
# **Our network has learned letters, not meaning.** It spells, it knows that a speech begins with a name in capitals, and it closes lines at a
# plausible length. It cannot tell a story, since it sees 256 letters, and a million letters of one author say little about the world.
#
# **What has come since.** The large language models predict the next *token*, a piece of a word, from many thousands of tokens before it. They have learned from
# trillions of them. Nothing in the loss has changed. That so simple a task, with enough text and enough weights, leads to machines with which one can talk was not expected by
# most people who worked on it.
#
# The same network predicts other things than letters. Published networks of this kind predict the samples of a sound one by one, or the pixels of a film (lecture 19 names one).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 11 · A code for a whole line
#
# When our network writes the first letter of a line, it has not decided how the line will end. Lecture 7 gave each picture a
# code of a few numbers, and between two codes lay pictures that nobody had drawn. **Can a line of text have a code, too?**
#
# We use 17,105 lines of tiny Shakespeare and the seven plays, each of 16 to 40 letters. The end of a line
# counts as a letter, because the model has to say where a line stops. The table below is measured on 1,122 other lines of tiny Shakespeare.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
unseen = letters.lines(test.letters)
seen = set(letters.unpad(letters.lines(train.letters)))
unseen = unseen[[line not in seen for line in letters.unpad(unseen)]]
print(unseen.shape, unseen[0, 30:], *letters.unpad(unseen[:3]), sep="\n")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A reader makes a code, and a writer is told the code beside the letters.** This is the model of lecture 9, with letters in the place of notes. An LSTM reads
# the line and answers with the mean and the log-variance of 32 numbers. From them a code $z$ is drawn. A second LSTM predicts each letter from
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
# The first price is the game of section 2, played by somebody who knows the code. The second is what it costs to tell the code.

# %% [markdown] slideshow={"slide_type": "subslide"}
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
# **After the training the code of a line costs almost nothing.** Nothing was broken: the letters became cheaper all the time. But the reader says the same of every
# line, so there is nothing to walk between.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **How does a code die?** Step by step:
#
# 1. At first $z$ is mostly noise, because the reader has learned nothing yet.
# 2. The letters before help at once. That u comes after q is learned in a few steps.
# 3. Whatever the reader says costs bits at once, and the writer does not use it yet. So the quickest gain is to say nothing: $q(z|x) = p(z)$ for every line, and the price is 0.
# 4. Now $z$ is pure noise. The writer learns to ignore it, and then no gradient tells the reader what would help.
#
# This is **posterior collapse**. Bowman et al. (2016) described it for
# [sentences](https://arxiv.org/abs/1511.06349), and tried two cures.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two cures: a code that is free at first, and a writer that is told less.** *KL annealing* multiplies the price of the code by a weight that grows from 0 to 1 during the
# training. *Word dropout* hides some of the letters before from the writer, here four of ten, so that it has to look elsewhere. As a third cure we take the free bits of lecture 9: the first 24 bits cost nothing.

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
# **At this size annealing alone does not cure it.** The reader speaks while its code is cheap. When the whole price has come back, 0.7 bits are left. Word dropout leaves 1.3 bits, both together 2.7.
# Only the free bits are used, 23.2 of 24, because nobody asks a price for them in training. The last column shows what the codes are good for. The writer without a code writes the same line each time, and is
# right for 10 % of the letters. With both cures it is right for 12 %, with free bits for 20 %.
#
# Now look at the third column. **The more a code costs, the dearer is the line**, and the network without a code pays the least. The training was short, and each setting was trained once. But it is not only that. The VAE of Bowman et al.
# did not beat a language model without a code, either. On sentences of the Penn Treebank its code cost 2 of 101 nats, and nothing without the cures. So one does not make a code to save bits, but for what can be
# done with it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Lines between two lines.** The course ships a line VAE, `text-vae`, that was trained two and a half times as long, with
# 160 units in the writer instead of 128. Four of ten letters are hidden from it, 64 bits are free, and the rest of the code's price counts a fifth, as in lecture 9. Here is what it makes of six lines of the
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
# **A code remembers how a line begins and how long it is.** Of the 1,122 lines, 31 % of the letters come back at the right place, and not one whole line does. The code
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
# **What it does not do.** Few of these lines are English. The writer knows short words, and invents the rest. And the code does not hold what a line *means*. Nothing in the
# loss asks for meaning, only for cheap letters. Nor is this a good letter model: its two prices are 3.8 bits a letter, where counting five letters pays 2.35.
#
# Yang et al. (2017) shortened the memory of the writer, by [dilated convolutions](https://arxiv.org/abs/1702.08139) like those of section 4, and then a code did pay for itself.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/17_text.ipynb), checked as you go:
#
# 1. **Witten and Bell by hand** (20 minutes): the rule that mixes long and short histories.
# 2. **How far back?** (15 minutes): the receptive field of any list of dilations, and the cheapest list for a given one.
# 3. **A fair temperature** (20 minutes): what temperature does to probabilities, and a rule that cuts the tail instead.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - The chain rule turns the probability of a text into a **sum of surprises**. Their mean, in bits a letter, is paid by counts, programs and networks alike.
# - **Counting** is a strong opponent, and so is bz2. Longer runs help until the book is too short for them.
# - **Compression is prediction**: $-\log_2 p(x)$ bits are enough to store the text, and a file of $L$ bits is a probability $2^{-L}$.
# - A **causal** network predicts all letters in one pass. Change a letter, and see whether an earlier prediction moves.
# - **Dilations** that double let the field of view double with each layer.
# - A low **temperature** makes texts safe and dull, a high one new and wrong. Only at 1 does the model speak for itself.
# - **Self-attention** chooses where it looks: query times key, a softmax over the past, a mean of values.
# - A line can have a **code**, if one keeps it from collapsing. It makes the letters no cheaper, but between two codes lie other lines.
# - A **likelihood** says how well a model predicts all that occurs. It does not say how good its texts are.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - C. E. Shannon, *Prediction and entropy of printed English*, Bell System Technical Journal 30, 1951.
# - I. H. Witten, T. C. Bell, *The zero-frequency problem*, IEEE Transactions on Information Theory 37, 1991.
# - A. van den Oord et al., *[WaveNet: a generative model for raw audio](https://arxiv.org/abs/1609.03499)*, 2016.
# - N. Kalchbrenner et al., *[Neural machine translation in linear time](https://arxiv.org/abs/1610.10099)*, 2016.
# - L. Theis, A. van den Oord, M. Bethge, *[A note on the evaluation of generative models](https://arxiv.org/abs/1511.01844)*, ICLR 2016.
# - S. R. Bowman et al., *[Generating sentences from a continuous space](https://arxiv.org/abs/1511.06349)*, CoNLL 2016.
# - Z. Yang et al., *[Improved variational autoencoders for text modeling using dilated convolutions](https://arxiv.org/abs/1702.08139)*, ICML 2017.
# - A. Vaswani et al., *[Attention is all you need](https://arxiv.org/abs/1706.03762)*, NeurIPS 2017.
# - A. Karpathy, *[The unreasonable effectiveness of recurrent neural networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/)*, 2015; [nanoGPT](https://github.com/karpathy/nanoGPT).
# - W. Shakespeare, *The complete works*, in the text of the Moby edition: the plays.
