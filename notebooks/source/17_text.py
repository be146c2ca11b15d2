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
# too. How much of the game can be won by counting letters, and how much more by a network?
#
# **You will be able to**
#
# - turn the probability of a text into a sum of surprises, and measure them in bits a letter;
# - count pairs and longer runs of letters, and say why a longer memory can be worse;
# - say why a program that compresses a text predicts it;
# - type a causal network, say how far back it sees, and test that it never looks ahead;
# - compare it honestly with counting, with compression, and with published networks;
# - say in steps what a layer of self-attention computes, and what it gains in equal time.
#
# You need [lecture 7](07_variational_autoencoders.ipynb) for the idea of a likelihood, and [lecture 9](09_music_vae.ipynb) for the gates of an LSTM.
# Lecture 9 has counted runs of notes, too, but all that is needed of this is said again here. About 75 minutes to read and play; about half a minute to run. The last section is for a second reading.

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
# **To a network a text is a row of whole numbers.** There are 65 different signs: 26 small letters, 26 capital letters, the space, the end
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
# Claude Shannon published this game in 1951. A reader who knew the hundred letters before was right with the first guess 80 times out of a
# hundred. From such counts Shannon computed how much a letter of English really tells: between 0.6 and 1.3 bits.
#
# The next section explains what such a number means. In section 6 we come back to it, and see how near to it our machines come.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · What a letter costs
#
# "Right or wrong" is a poor measure. Whoever says "probably an e, perhaps an a" deserves something for the a, too. So we ask for
# **probabilities**. Before each letter, the player divides 100 % among all 65 letters. Then the letter is uncovered, and the
# player pays
#
# $$-\log_2 p(\text{the letter that came}) \quad \text{bits.}$$
#
# This is the letter's **surprise**. A letter with the probability 1/2 costs 1 bit. With 1/4 it costs 2 bits, and with 1/1024 it costs 10 bits. Whoever
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
# On the right are the prices that our player pays, one after the other. On the left is the **negative log-likelihood** of the whole text.
# Divided by $T$, it is the number of **bits a letter**. This one number is the measure of the whole lecture.
#
# Lecture 7 wanted to make $\log p(x)$ large. That is the same as making this sum small. There we had to be content with a bound, because a code
# was hidden. Here nothing is hidden, and the sum can be computed as it stands.
#
# Networks are trained with the natural logarithm, whose unit is the nat. One nat is $1/\ln 2 = 1.44$ bits. All our tables are in bits.
#
# Who knows nothing gives 1/65 to each letter and pays $\log_2 65 = 6.02$ bits every time.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The simplest player counts pairs.** It looks only at the letter before. Take the word "abracadabra". After an a came b twice, c
# once and d once. So after an a the player gives b the probability 2/4, c 1/4 and d 1/4. A b would
# cost 1 bit, and a c 2 bits.
#
# An e would cost infinitely much, because it never came after an a. So we pretend to have seen every pair once
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
# letter after the four letters before it. We call these four its history. There are $65^4$ possible histories, nearly 18 million, and our text has only 0.8 million
# letters. So most histories have been seen rarely or never.
#
# A good player trusts a long history only as far as it has been seen. Suppose that a history $h$ was seen $c$ times, and that $d$ *different*
# letters followed it. Let $h'$ be the same history without its oldest letter. Then the rule of **Witten and Bell** mixes what both say:
#
# $$p(x \mid h) = \frac{c}{c + d}\cdot\frac{\text{how often } x \text{ came after } h}{c} + \frac{d}{c + d}\; p(x \mid h') .$$
#
# The weights $c/(c+d)$ and $d/(c+d)$ add up to 1. Take three histories.
#
# - One was seen 100 times, and 5 different letters followed. It gets the weight 100/105, and is trusted.
# - One was seen twice, and both times another letter followed. It gets the weight 2/4.
# - One was seen twice, and both times the same letter followed. It gets the weight 2/3.
#
# The same rule then gives
# $p(x \mid h')$, with a history that is shorter still. It ends when nothing is left but 1/65.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two words belong to this rule.** To keep some probability for what was never counted is called *smoothing*.
#
# What if the history itself was never seen? Then $c = d = 0$, and the rule says 0/0, which is nothing. In this case the shorter history answers alone: $p(x \mid h) = p(x \mid h')$. This is called
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
# **Order 5 pays least: about 2.5 bits a letter.** Order 6 pays a little more, although it knows more.
#
# How can more knowledge do harm? Order 6 looks at five letters before the next one. We sort the letters of
# the unseen play into three kinds, by what the seven plays say about these five letters. Then we compare the two prices letter by letter.

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
# **Order 6 loses where it remembers and is wrong.** Start with the first row of the table. For an eighth of the letters the history of order 6 is new. Then it backs off, and pays just what order 5 pays.
#
# The second row is the harm. The history was seen a few times, and always with other letters after it. Order 6 has put most of its trust in those,
# and pays 1.7 bits more. This happens with one letter in nine.
#
# In the third row order 6 is right to remember. But it gains little, because order 5 knew nearly as
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
# piece. Divide this piece in the same way, by the probabilities of the second letter. The second letter chooses its piece of the piece, and so on. After $T$
# letters a small interval is left. Each choice has multiplied its length by a probability. So by the chain rule its
# length is exactly $p(x)$.
#
# Now send a number that lies in the interval, written in binary digits. Numbers with $k$ digits after the point lie $2^{-k}$ apart, so one of them hits any interval of length $2^{-k}$ or
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
# letters i, n and g shrink the interval little, because they could be guessed. The last column is the sum of the surprises so far, as the formula of section 2 says.
#
# **So a good predictor is a good compressor.** A model that pays 2.5 bits a letter can store the play in 2.5 bits a letter.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **And every compressor is a predictor, even if it knows nothing of probabilities.** Suppose that a program turns a text into a file of $L$ bits. There are $2^L$ different files
# of this length. So the program treats the text as one of $2^L$ that might have come. It acts as if the text had the probability $q = 2^{-L}$.
# And the surprise of a text with this probability is
#
# $$-\log_2 q = L ,$$
#
# the size of its file. (Do the probabilities of all texts add up to 1? To 1 at most, by Kraft's inequality. The section for a second reading proves it.)
#
# A compressor plays our game, whether it knows it or not, and we may put it into our table.
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
# only in the last 32,768 letters. So the seven other plays hardly help it. bz2 and xz see much further back. With the seven plays before it, **bz2 even beats our
# counting of five letters**. It is a real opponent, and any network that is called good should be compared with it.
#
# One thing helps the programs in this comparison: they learn *while they read*. Near the end of the unseen play they have met Shylock and Portia a hundred times. Our counts
# are finished before the play begins, and so is the network of the next sections.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · A network that never looks ahead
#
# We want one network that reads a text and says, for **every** letter at once, what it thinks will come. Then one pass through the network
# plays the whole game.
#
# There is one condition. What the network says about $x_t$ may depend on $x_1, \dots, x_{t-1}$, and on nothing
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
# The green lines show what one prediction sees. Count it: without any layer it is one letter, and a layer with dilation $d$ adds $d$
# letters. The number of letters that a prediction sees is its **receptive field**:
#
# $$R = 1 + \sum_{\text{layers}} d = 1 + (1 + 2 + 4 + 8) = 16 .$$
#
# Eight layers, with dilations 1 to 128, see $1 + 255 = 256$ letters, some six lines of a play. Eight layers that all looked back one place
# would see nine. This trick is from **WaveNet** (van den Oord et al., 2016), which predicted sound in this way. ByteNet (Kalchbrenner et al., 2016) did it for letters.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What a layer computes.** At place $t$ it takes the vector $h_t$ of the layer below, and $h_{t-d}$, the one $d$ places earlier:
#
# $$a_t,\ b_t = \text{two linear maps of } (h_{t-d},\, h_t), \qquad g_t = \tanh(a_t) \odot \mathrm{sigmoid}(b_t) .$$
#
# You know gates from the LSTM of lecture 9. What the layer wants to say is $\tanh(a_t)$. How much of it gets through is $\mathrm{sigmoid}(b_t)$, which lies between 0 and 1.
# The sign $\odot$ multiplies number by number.
#
# Then $g_t$ goes two ways. A linear map of it is *added* to
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
# **The first prediction that changes is that of letter 21.** The prediction of letter 20 itself must not change, since it was made
# before the letter was uncovered. The last one that changes is number 28. With the dilations 1, 2 and 4 a prediction sees the
# eight letters before it, and letter 20 is eight before letter 28.
#
# This little test is worth writing for every causal network. A mistake of one place makes the bits wonderfully low, and
# the network useless.
#
# > **Try it.** In `NextLetter.call`, replace `before` by `x` in the embedding, and run the test again. Which claim fails? Train it as in the next section, if you like: how many bits does it
# > seem to pay?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Half a million letters
#
# Now we train. The seven plays are cut into windows of 256 letters. The windows overlap. We take 2,000 of them, half a million letters. That
# takes some ten to twenty seconds.
#
# > **Predict.** Then the network plays the game on the unseen play. How many bits a letter will it pay? (Counting pairs costs 3.6, three letters 3.0, four letters 2.6, five
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
# **After half a million letters the network is about as good as counting four letters, and counting five letters beats it.** The network and the counts pay for the
# same letters, nearly the whole play: those that have 256 letters before them, so that the network can use its full memory.
#
# Counting took less than a second. This is no shame, it is the lesson. A new method has to be compared with the best simple one, not with the
# worst. Whoever shows a network's loss alone, without the line of the 5-gram, shows nothing.
#
# But the two differ in what happens next. The counts are finished, since the book has no more letters. The network can read the book again, and learn more from it.
#
# > **Try it.** Train with 4,000 windows instead of 2,000. How much is gained? Then take half as many blocks, with dilations 1 to 8. How many bits does the
# > shorter memory cost?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · With more patience
#
# The course ships a network of the same kind that was trained longer. It learned from
# **tiny Shakespeare**, a text of *other* plays, one million letters long. Many people use this text, so the number can be compared with published ones.

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
# but nothing of the sentence. For each word this player pays $-\log_2$ of its frequency. Shannon found a mean of 11.82 bits for a word. A word has 4.5 letters in the mean, and one space after
# it. So he divided 11.82 by 5.5, and printed 2.14 bits a letter. Let us do the same with our seven plays.

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
# **A player who knows words alone pays about two bits a letter.** It has an easy game. It has seen all the words of these plays before, and it need not guess capitals, commas and the ends of lines. Our network
# must guess all of these, and pays about half a bit more.
#
# The second way is the game of section 1. People who know the hundred letters before pay between 0.6 and 1.3 bits. They know what the sentence is about. **So our network is nearer to the player who knows words than to
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
# **Hardly one of the dearest letters stands at the beginning of a word.** Read the list below the figure. Up to the letter in brackets the network expected something else, a more
# frequent word or another ending, and was sure of it. But such letters are few. For the rule we need the mean over many words.

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
# on after "merc". What is left to pay for is mostly the question which word comes next.
#
# The curve of all words jumps at the sixth letter, and then falls slowly. It would be easy to invent a reason, such as "long words are rare". The second curve shows the true one. It leaves out the names in capitals that
# stand before each speech, BASSANIO and SHYLOCK. Only one word in forty is such a name. But tiny Shakespeare does not have these names, so each of their letters is a great surprise. And they are long. At the sixth letter most other words have ended, and the names weigh most. Without them the jump is small.
#
# So the network has learned *spelling*. It knows much less of what the sentence is about.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · The layer that replaced it
#
# In a dilated convolution the places that a layer looks at are fixed: 1, 2, 4, ... letters back. In *self-attention* the layer itself **chooses** where to
# look. Think of a name, SHYLOCK, that stood 90 letters ago. Now a speech begins with an S. Then a layer would like to look back exactly at that name.

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
# Why is there a $\sqrt c$? Suppose that the numbers in $q_t$ and $k_s$ are independent, with mean 0 and variance 1. Then $q_t \cdot k_s$ is a sum of $c$ products. Each product has the variance
# 1, and the variances of independent numbers add up to $c$. So the sum is typically as large as $\sqrt c$. For $c = 64$ that is 8. The softmax of such numbers gives most of the weight to one place,
# and then its gradient is small. Divided by $\sqrt c$ the sums have the variance 1, whatever $c$ is.


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
# **A single layer sees all places up to its own.** Answer 20 moves, too. This layer may look at its own place, since the network has moved all letters to the right before. Answer 39, nineteen places later, moves as well. Our
# convolutions needed eight layers to see 256 letters.
#
# > **Try it.** In `attend`, replace `-np.inf` by `0`. Which answers move now? What has the layer seen that it must not see?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A network of such layers is a transformer, and the large language models of today are transformers.** Their task in training is the one of this lecture: predict the next symbol. A real block
# has four more parts.
#
# - Several *heads* do the four steps side by side, with maps of their own.
# - Learned numbers say how much the distance from $t$ to $s$ counts. The four steps alone do not know what is near.
# - A small dense network follows.
# - Before the heads, and before the small network, the numbers are brought to a common size.
#
# The package builds such blocks in the place of the convolutions, by the same function:

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
# **Which one is better after the same time?** We took eight convolutions, as in section 5, and three blocks of attention, which have about as many weights.
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
# **In this short time the convolutions pay less than attention, and counting pays less than both.** One reason is in the last column. In the same seconds the
# convolutions have seen more letters. A convolution joins each place to one other place. Attention compares it with all places before it, whether they matter or not. The other reason is
# what is left to learn. The convolutions are told where to look. Attention has to find it out, and that takes text and time.
#
# This is one text, one seed and half a minute on two slow cores. Of two learning rates the higher one was better for attention, and a third one may be better still. The table does not say which layer is better where there is plenty of text, of weights and of fast processors. nanoGPT's small network, which pays least in section 6, is a transformer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · What a million letters cannot do
#
# **Our network has learned letters, not meaning.** It sees 256 letters, some six lines, so it cannot follow a story. And a million letters of one author say little about the world.
#
# **What has come since.** The large language models predict the next *token*, a piece of a word, from many thousands of tokens before it. They have learned from
# trillions of them. Nothing in the loss has changed. With enough text and enough weights, so simple a task leads to machines with which one can talk. Most people who worked on it did not expect this.
#
# The same kind of network predicts other things than letters. There are published ones for the samples of a sound, one by one, and for the pixels of a film (lecture 19 names one).
#
# **And a network that guesses the next letter can also write.** It guesses a letter, puts it down, and guesses on. This is where [lecture 18](18_text_vae.ipynb) begins.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# ### The files of a compressor are probabilities
#
# **Kraft's inequality says that $2^{-L}$ may be called a probability.** Section 3 has used it. Take a program that turns each text $x$ of $T$ letters into a file of $L(x)$ bits.
#
# 1. Other texts give other files, since the program can turn them back. We also ask that no file is the beginning of another one, so that
#    a reader knows where a file ends.
# 2. Each file is a piece of the line from 0 to 1: all numbers whose binary digits begin with the bits of the file. The file 10 has the numbers
#    from 0.10 to 0.11, a quarter of the line. A file of $L$ bits has a piece of length $2^{-L}$.
# 3. No file begins with another one, so no two pieces overlap. All of them lie on a line of length 1. Therefore
#
# $$\sum_x 2^{-L(x)} \le 1 .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **So a program has a probability for each next letter, too.** The numbers $q(x) = 2^{-L(x)}$ are positive and add up to 1 at most. (If they add up to less, the program wastes some bits.)
#
# Take all texts that begin as ours does, and add up their probabilities. Take only those of them that go on with a certain letter, and add up again. The second sum divided by the first is the
# probability of this letter, by the chain rule. It would take very long to compute. But the sum of all surprises is simply the size of the file.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/17_text.ipynb), checked as you go:
#
# 1. **Witten and Bell by hand** (20 minutes): the rule that mixes long and short histories.
# 2. **How far back?** (15 minutes): how many blocks a network needs to see so many letters.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - The chain rule turns the probability of a text into a **sum of surprises**. Their mean, in bits a letter, is paid by counts, programs and networks alike.
# - **Counting** is a strong opponent, and so is bz2. Longer runs help until the book is too short for them.
# - **Compression is prediction**: $-\log_2 p(x)$ bits are enough to store the text, and a file of $L$ bits is a probability $2^{-L}$.
# - A **causal** network predicts all letters in one pass. Change a letter, and see whether an earlier prediction moves.
# - **Dilations** that double let the field of view double with each layer.
# - **Self-attention** chooses where it looks: query times key, a softmax over the past, a mean of values.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - C. E. Shannon, *Prediction and entropy of printed English*, Bell System Technical Journal 30, 1951.
# - I. H. Witten, T. C. Bell, *The zero-frequency problem*, IEEE Transactions on Information Theory 37, 1991.
# - A. van den Oord et al., *[WaveNet: a generative model for raw audio](https://arxiv.org/abs/1609.03499)*, 2016.
# - N. Kalchbrenner et al., *[Neural machine translation in linear time](https://arxiv.org/abs/1610.10099)*, 2016.
# - A. Vaswani et al., *[Attention is all you need](https://arxiv.org/abs/1706.03762)*, NeurIPS 2017.
# - A. Karpathy, *[The unreasonable effectiveness of recurrent neural networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/)*, 2015; [nanoGPT](https://github.com/karpathy/nanoGPT).
# - W. Shakespeare, *The complete works*, in the text of the Moby edition: the plays.
