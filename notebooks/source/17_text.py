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
# - write text at any temperature, and say what a likelihood promises and what it does not.
#
# You need [lecture 7](07_variational_autoencoders.ipynb) for the idea of a likelihood; [lecture 9](09_music_vae.ipynb) has met
# n-grams and sampling already. About 75 minutes to read and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the live network is trained ten times as long
seed = 0  # of everything random: data order, initial weights, drawn letters

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

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
# > **Predict.** Which letter comes next, at each of the ten places? Type ten letters into `guess`.

# %% slideshow={"slide_type": "-"} tags=["figure"]
places = np.random.default_rng(12).choice(
    np.arange(1000, 100_000), 10, replace=False
)
for number, place in enumerate(places):
    before = test.text[place - 40 : place].replace("\n", "|")
    print(f"{number}  {before}_")

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "eeeeeeeeee"
covered = "".join(test.text[place] for place in places)
right = sum(mine == true for mine, true in zip(guess, covered, strict=True))
print(f"{right} of 10 are right. The letters: print(repr(covered))")

# %% [markdown] slideshow={"slide_type": "-"}
# Claude Shannon played this game with people in 1951. From their guesses he computed how much a letter of English really tells:
# between 0.6 and 1.3 bits, if the reader knows the 100 letters before it. The rest of this lecture explains that number, and how near to it a machine can come.

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
# On the right are the prices that our player pays, one after the other. On the left is the **negative log-likelihood** of the whole text. So
# the game measures the very thing that lecture 7 wanted to maximize, and here it needs no bound: nothing is hidden. Divided by $T$, it is
# the number of **bits a letter**, and this one number is the measure of the whole lecture.
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
# something else came has a $d$ as large as $c$, and gets half of the weight. One that was never seen has none. The same rule then gives
# $p(x \mid h')$, with a history that is shorter still, until nothing is left but 1/65.

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** We count runs of 1, 2, 3, 4, 5 and 6 letters in the seven plays, and play the game on the eighth. Which order pays
# > the least? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 6
orders = range(1, 7)
counted = {order: metrics.NGrams(order, 65).fit(train.letters) for order in orders}
bits = {order: counted[order].bits(test.letters).mean() for order in orders}

# %% slideshow={"slide_type": "-"} tags=["figure"]
text_of_training = train.text
some = range(0, len(test.text) - 6, 150)
new = {
    order: np.mean([test.text[i : i + order] not in text_of_training for i in some])
    for order in orders
}
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
print(
    "runs that the seven plays do not have:",
    {n: f"{share:.0%}" for n, share in new.items()},
)
coursekit.expect(
    "order 5 pays least of all orders", best == 5, five=bits[5], six=bits[6]
)
coursekit.expect("counting five letters costs 2.4 to 2.7 bits", 2.4 < bits[5] < 2.7)

# %% [markdown] slideshow={"slide_type": "-"}
# **Order 5 pays least: about 2.5 bits a letter.** Order 6 pays a little more. The line below the figure says why. Of the runs of
# six letters in the unseen play, about a quarter never occurred in the seven others. For those the counts of order 6 know nothing new, and the
# others have been seen so rarely that their probabilities are rough. The memory is long enough; the book is too short.
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
# Read the table from the top. The first letters shrink the interval a lot. The letters that end a word shrink it little, because
# they could be guessed. The last column is the sum of the surprises so far, as the formula of section 2 says.
#
# **A good predictor is a good compressor, and the other way round.** A model that pays 2.5 bits a letter can store the play in 2.5 bits a
# letter. And a compressed file shows what the compressor can predict: on its own it needs 8 bits for each letter (a byte).
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
    $h_t$ -> [two linear maps] -> {$a_t$}, {$b_t$} -> [gate] -> [out] -> $h_t$ of the next layer
    out -> to the answer
    """,
    "One layer: it looks at two places, a gate decides, and the result goes two ways",
    labels={"gate": "tanh times sigmoid", "out": "two linear maps "},
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
    fmt="%.2f",
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
guess = 3.0
windows = letters.windows(train.letters, 256, 64).astype("int32")
windows = windows[rng.permutation(len(windows))[: 20_000 if full else 2000]]
keras.utils.set_random_seed(seed)
mine = NextLetter()
falling = keras.optimizers.schedules.CosineDecay(8e-3, len(windows) // 8)
mine.compile(keras.optimizers.Adam(falling, clipnorm=1.0))
history = mine.fit(windows, batch_size=8, epochs=1, verbose=0, callbacks=progress())


# %% slideshow={"slide_type": "-"} tags=["central"]
def network_bits(network, text, context=256, count=60):
    """Bits of each letter that has `context` letters before it, in windows of a text."""
    x = letters.windows(text, 2 * context, context)[:count].astype("int32")
    logits = np.concatenate(
        [np.array(network(x[i : i + 20])) for i in range(0, len(x), 20)]
    )
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    costs = -np.take_along_axis(log_p, x[..., None], axis=-1)[..., 0] / np.log(2)
    return costs[:, context:]


# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
mine_bits = network_bits(mine, test.letters).mean()
plots.bars(
    {f"counting {order}": bits[order] for order in orders}
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
    "our network beats counting three letters", mine_bits < bits[3], ours=mine_bits
)
coursekit.expect(
    "counting five letters beats our network", bits[5] < mine_bits, ours=mine_bits
)

# %% [markdown] slideshow={"slide_type": "-"}
# **After half a million letters the network is about as good as counting four letters, and counting five letters beats it.** Counting took less than a
# second. This is no shame, it is the lesson: a new method has to be compared with the best simple one, not with the
# worst. Whoever shows a network's loss alone, without the line of the 5-gram, shows nothing.
#
# But the two differ in what happens next. The counts are finished: the book has no more letters. The network has not even seen the book once.
#
# > **Try it.** Train with 4,000 windows instead of 2,000. How much is gained? Then halve the number of blocks, with dilations 1 to 8: which loss does the
# > shorter memory cause?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · With more patience
#
# The course ships a network of the same kind that was trained longer. It has 96 channels instead of 64, and it saw every letter of its training text twelve times. It learned from
# **tiny Shakespeare**, a text of *other* plays, one million letters long, which many people use. So its number can be compared with published ones.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
shipped = coursekit.pretrained("causal-shakespeare")
results = coursekit.results("causal-shakespeare")["runs"][0]["metrics"]

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.expect(
    "the shipped network beats counting five letters",
    results["bits"] < results["five_gram"],
)
plots.table(
    [
        ["counting five letters", f"{results['five_gram']:.2f}", "a second"],
        [
            "nanoGPT, for a laptop: 4 layers of 128, context 64",
            "2.71",
            "3 minutes on a laptop",
        ],
        [
            "ours: 8 gated convolutions, 96 channels",
            f"{results['bits']:.2f}",
            "30 minutes on one core",
        ],
        [
            "nanoGPT, small: 6 layers of 384, context 256",
            "2.12",
            "3 minutes on an A100",
        ],
    ],
    columns=("last tenth of tiny Shakespeare", "bits a letter", "time"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# With patience the network beats all counting. The two rows of nanoGPT (A. Karpathy) are from its own description, which gives 1.88 and 1.4697 nats; divided by
# $\log 2$ these are bits. Its small network has about twenty times as many weights as ours, learned on a fast GPU, and pays the least. Its setting for laptops
# loses against counting five letters. Karpathy does not hide this: it is meant for trying things out.

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
    "A speech on colored ground: the first letters of words are dark, most others are light.",
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
x = letters.windows(test.letters, 512, 256)[:100]
costs = -shipped.log2_probability(x)[:, 256:]
space = np.isin(x, letters.encode(" \n"))
place = np.zeros(x.shape, int)
for step in range(1, x.shape[1]):
    place[:, step] = np.where(space[:, step - 1], 1, place[:, step - 1] + 1)
by_place = {n: costs[place[:, 256:] == n].mean() for n in range(1, 9)}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    list(by_place),
    {"shipped network": list(by_place.values())},
    "The first letter of a word is the hardest to guess",
    "A curve: the first letter costs most, the second to fifth half as much, and later ones a little more again.",
    xlabel="place in the word (the space after it counts as its last letter)",
    ylabel="bits a letter",
)
coursekit.expect(
    "the first letter costs twice as much as the fifth",
    by_place[1] > 2 * by_place[5],
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The first letter of a word costs about twice as much as the next ones.** After three letters a word is often decided: there are few ways to go
# on after "merc". What is left to pay for is mostly: which word comes next? From the sixth letter on the price rises a little again. Only long words get so far,
# and long words are rare, so the network has seen each of them less often. It has learned *spelling*. It knows much less of what the sentence is about.

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
exist, paid, copied, kinds = {}, {}, {}, {}
for tau, x in texts.items():
    joined = "\n".join(letters.decode(x))
    exist[tau] = metrics.text.share_known(joined, vocabulary)
    paid[tau] = shipped.bits(x).mean()
    copied[tau] = np.median(metrics.longest_copies(x[:5], train.letters))
    found = metrics.text.words(joined)
    kinds[tau] = len(set(found)) / len(found)
real = letters.windows(test.letters, 250)[:16]
real_words = metrics.text.words("\n".join(letters.decode(real)))

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# **At the lowest temperatures nearly all words are words that Shakespeare used.** But look at the text at 0.1: it says the same again and again. The second curve
# shows it: few of its words are different. At 1.5 about a third of the words do not exist. In between there is no
# right temperature, only a choice. At $\tau = 1$, and only there, the text is a sample of the model.

# %% slideshow={"slide_type": "-"} tags=["figure"]
measures = {
    f"{tau:g}": (paid[tau], exist[tau], kinds[tau], copied[tau])
    for tau in temperatures
}
measures["real, unseen play"] = (
    shipped.bits(real).mean(),
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
# The second column asks the network itself what its texts cost. A cold text costs it half of what a real one costs: it finds it very likely. Yet nobody would
# call this text good. **So "likely" and "good" are not the same.** The likeliest text is not a typical one, because people do not always say the most likely thing.
#
# At $\tau = 1$ the column shows what the network expects of its own texts. The real play costs half a bit a letter more. That is how much
# the network still has to learn: it does not expect what Shakespeare wrote as much as it expects itself.
#
# The last column is the longest run of letters that also occurs in the seven plays (the median of five texts). The network was trained on other
# plays, so it could not copy from these. The real unseen play shares runs with them that are just as long. When you test a network for copying, this comparison with real text is the one to make.
#
# > **Try it.** Give the network the beginning of a modern sentence as a prompt, such as `letters.encode("The internet is ")`. Does it notice that
# > something is wrong? Ask for `shipped.bits` of your sentence.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · What a likelihood says, and what it does not
#
# Bits a letter are an honest measure: they are paid on a text that nobody has seen, and cannot be faked. But they do not say how good the written texts are. Here is a
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
# What does a likelihood say, then? It says how well a model **predicts all that occurs**, and it punishes whatever is left out. A GAN (lecture 10) may leave out
# half of the world and look brilliant. A model that predicts letter by letter may not. Samples show the rest. Look at both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · The layer that replaced it
#
# In a dilated convolution the places that a layer looks at are fixed: 1, 2, 4, ... letters back. In **self-attention** the layer *chooses* where to
# look. For each place $t$ it computes a query $q_t$, a key $k_t$ and a value $v_t$, three linear maps of $h_t$. Then it looks for those earlier
# places whose keys fit the query, and takes a mean of their values:
#
# $$w_{ts} = \frac{e^{q_t \cdot k_s / \sqrt{c}}}{\sum_{r \le t} e^{q_t \cdot k_r / \sqrt{c}}}, \qquad g_t = \sum_{s \le t} w_{ts}\, v_s .$$
#
# Here $c$ is how many numbers a query has. The sums run over $s \le t$ and $r \le t$ only: that makes it causal. The weights $w_{ts}$ are positive and add up to 1. A network of such
# layers is a **transformer**, and the large language models of today are transformers. Their task in training is the one of this lecture: predict the next symbol.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
attention = models.causal.build(65, 32, 32, dilations=(), contexts=(4, 5))
before = np.array(attention(one)), np.array(attention(other))
moved = np.abs(before[0] - before[1]).max(axis=-1)[0]
print(
    "sees", attention.receptive_field, "letters; moved:", np.flatnonzero(moved > 0)
)
coursekit.expect(
    "attention passes the test of section 4, too",
    np.flatnonzero(moved > 0)[0] == 21,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The package builds both kinds by the same function. `contexts=(4, 5)` are two layers of attention that see 4 and 5 places, their own included. The test
# of section 4 does not care what is inside a layer.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(models.causal.build, docstring=False)

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
# The same network predicts other things than letters. In lecture 19 the symbols are the samples of a sound.

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
    line $x$ -> [reader] -> {$\mu$}, {$\log \sigma^2$} -> {$z$} -> [writer] -> probabilities of $x_t$
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
# - **Counting** is a strong opponent. Longer runs help until the book is too short for them.
# - **Compression is prediction**: $-\log_2 p(x)$ bits are enough to store the text.
# - A **causal** network predicts all letters in one pass. Change a letter, and see whether an earlier prediction moves.
# - **Dilations** that double let the field of view double with each layer.
# - A low **temperature** makes texts safe and dull, a high one new and wrong. Only at 1 does the model speak for itself.
# - A **likelihood** says how well a model predicts all that occurs. It does not say how good its texts are.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - C. E. Shannon, *Prediction and entropy of printed English*, Bell System Technical Journal 30, 1951.
# - I. H. Witten, T. C. Bell, *The zero-frequency problem*, IEEE Transactions on Information Theory 37, 1991.
# - A. van den Oord et al., *[WaveNet: a generative model for raw audio](https://arxiv.org/abs/1609.03499)*, 2016.
# - N. Kalchbrenner et al., *[Neural machine translation in linear time](https://arxiv.org/abs/1610.10099)*, 2016.
# - L. Theis, A. van den Oord, M. Bethge, *[A note on the evaluation of generative models](https://arxiv.org/abs/1511.01844)*, ICLR 2016.
# - A. Vaswani et al., *[Attention is all you need](https://arxiv.org/abs/1706.03762)*, NeurIPS 2017.
# - A. Karpathy, *[The unreasonable effectiveness of recurrent neural networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/)*, 2015; [nanoGPT](https://github.com/karpathy/nanoGPT).
# - W. Shakespeare, *The complete works*, in the text of the Moby edition: the plays.
