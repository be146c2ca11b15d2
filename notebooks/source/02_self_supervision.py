# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Self-supervision
#
# Nobody has labeled these pictures, so set a puzzle whose answer is known because you made it yourself: turn a picture, and ask
# which way was up. Whoever can answer must have noticed what is in it. That is the hope, and this lecture holds two such
# puzzles to it.
#
# **You will be able to**
#
# - build RotNet, and find the clue by which it can pass without looking;
# - write InfoNCE, and say what it can and cannot measure;
# - build Deep InfoMax, whose code must know every part of its picture;
# - probe features fairly: few labels, the same draws, beside a network that learned nothing;
# - say of a puzzle on which pictures it will teach anything.
#
# You need a little Keras, and [lecture 4](04_autoencoders.ipynb) for comparison. About 75 minutes to read and play; about a
# minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": 60,000 pieces of clothing instead of 4,000, and longer training
seed = 0  # of everything random: data order, initial weights, turns

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from matplotlib import pyplot as plt
from coursekit import data, plots, widgets
from coursekit.metrics import probes
from coursekit.metrics.occlusion import occlusion
from coursekit.models import encoders, infomax, rotnet
from coursekit.training import Model, progress

full = profile == "full"
rng = np.random.default_rng(seed)
load = lambda name: [data.load(name, split) for split in ("train", "test")]
digits, digits_test = load("digits")
clothes, clothes_test = wardrobe = load(
    "fashion_mnist" if full else "fashion_small"
)
patches, patches_test = album = load("photo_patches")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Which way is up?
#
# The slide's example (Gidaris, Singh and Komodakis, 2018): turn each image by 0, 90, 180 or 270 degrees, and let a network say
# which. Before it tries, you do. Three kinds of pictures: digits, clothes, and patches cut from photographs (gravel, grass, stained
# tissue, galaxies).
#
# > **Predict.** Answer all twelve before you look at any solution (the second slider): write 0, 1, 2 or 3 into `mine`, in the cell below.


# %% slideshow={"slide_type": "-"} tags=["figure"]
def framed(image, side=34):
    """On a white ground, in three colors."""
    edge = (side - len(image)) // 2
    room = ((edge, edge), (edge, edge), (0, 0))
    return np.pad(image, room, constant_values=1) * np.ones(3)


pick = lambda part, kinds: [part.images[part.labels == kind][5] for kind in kinds]
asked = pick(digits_test, (4, 7, 8, 1)) + pick(clothes_test, (3, 9, 8, 2))
asked += pick(patches_test, (6, 5, 9, 4))
turns = rng.permuted(np.tile(range(4), (3, 1)), axis=1).ravel()
turned = [framed(np.rot90(*pair)) for pair in zip(asked, turns, strict=True)]
beside = [(np.ones((34, 34, 3)), framed(image)) for image in asked]
widgets.FramePlayer(
    [
        [np.hstack([a, b]) for b in two]
        for a, two in zip(turned, beside, strict=True)
    ],
    [("question", list(range(1, 13))), ("shown", ["turned", "and upright"])],
    title="How many quarter turns, counterclockwise, were made?",
    alt="A turned picture; the second slider shows it upright beside itself.",
    fps=1,
    width=400,
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
mine = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
right = (np.array(mine) == turns).reshape(3, 4).sum(axis=1)
kinds = ("digits", "clothes", "patches of photographs")
plots.table(
    [[kind, f"{count} of 4"] for kind, count in zip(kinds, right, strict=True)],
    ("what", "you had right (a guess: 1 of 4)"),
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The puzzle, typed
#
# What did you use just now? Not the pixels: you knew that this is a shoe, and that shoes stand on their soles. Of gravel you know just as
# much, and it does not help. What the network is asked to minimize:

# %% slideshow={"slide_type": "-"} tags=["figure"]
shoe = clothes.images[clothes.labels == 7][0, ..., 0]
turns = [f"{90 * k}°" for k in range(4)]
plots.flow(
    f"""
    image -> {", ".join(turns)} -> [network $F$] -> P0, P1, P2, P3 -> <cross-entropy>
    cross-entropy ~> network $F$
    """,
    "RotNet: which way was it turned?",
    moves=["network $F$"],
    picture=0.6,
    pictures={"image": shoe} | {turns[k]: np.rot90(shoe, k) for k in range(4)},
    labels={f"P{k}": f"{turns[k]}?" for k in range(4)},
    notes={"network $F$": "the same weights for all four"},
)

# %% [markdown] slideshow={"slide_type": "-"}
# $$\mathcal L(x) = -\frac1K \sum_{y=1}^{K} \log F^y\big(\mathrm{Rot}(x, (y - 1) \cdot 90°)\big), \qquad K = 4,$$
#
# with $F^y$ the probability that the network $F$ gives to turn $y$: cross-entropy, with labels that cost nothing. A quarter turn
# is a transpose and a flip. No pixel is interpolated, so that there is no blur to recognize a turn by. And all four turns of an
# image go into the *same* minibatch.


# %% slideshow={"slide_type": "-"} tags=["central"]
def rotate(x):
    """[n, side, side, channels] -> [4n, ...]: all by 0, all by 90 degrees, 180, 270."""
    across = ops.transpose(x, (0, 2, 1, 3))
    quarter, three_quarters = ops.flip(across, axis=1), ops.flip(across, axis=2)
    return ops.concatenate([x, quarter, ops.flip(x, axis=(1, 2)), three_quarters])


class MyRotNet(Model):
    def __init__(self, network):
        super().__init__()
        self.network = network  # from images to four logits

    def train_on(self, x):
        labels = ops.repeat(ops.arange(4), ops.shape(x)[0])

        def loss():
            logits = self.network(rotate(x), training=True)
            right = ops.equal(ops.argmax(logits, axis=-1), labels)
            price = keras.losses.sparse_categorical_crossentropy
            paid = price(labels, logits, from_logits=True)
            return ops.mean(paid), ops.mean(ops.cast(right, "float32"))

        value, accuracy = self.minimize(loss)
        return {"loss": value, "accuracy": accuracy}


# %% [markdown] slideshow={"slide_type": "subslide"}
# The network: three convolutions with stride 2 and a dense layer, each with batch normalization, and four logits. The same
# encoder will serve all lecture long. One setting is Keras's own, for a moment: batch normalization
# keeps running averages of what it saw, for use at test time, with momentum 0.99.
#
# > **Predict.** After 50 steps it gets most of its training digits right. And test digits: as many, a few less, or far
# > less? Then thirty more minibatches pass through it with momentum 0.9, *without a single step of training*. What can that change?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
SIZES = {"channels": (16, 32, 64), "width": 128}


def network(shape=(28, 28, 1), outputs=4, standardized=False, **options):
    keras.utils.set_random_seed(seed)
    options |= {"name_of_last": "turn", "standardized": standardized}
    return encoders.strided(shape, **SIZES, outputs=outputs, **options)


def momentum(network, value):
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = value


def fit(model, x, epochs, batch=32):
    steps = epochs * (len(x) // batch)
    falling = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    model.compile(keras.optimizers.Adam(falling))
    settings = {"batch_size": batch, "epochs": epochs, "verbose": 0}
    return model.fit(x, **settings, callbacks=progress()).history


coursekit.show(encoders.unit)


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def turns_taken(network, x):
    """Which turn each image of rotate(x) is taken for: [4, n]."""
    return np.asarray(ops.argmax(network(rotate(x)), axis=-1)).reshape(4, -1)


def accuracy(network, x):
    return float((turns_taken(network, x) == np.arange(4)[:, None]).mean())


rotor = network()
momentum(rotor, 0.99)
history = fit(MyRotNet(rotor), digits.images[:1600], 1)
shares = {"while training\n(mean of its steps)": history["accuracy"][-1]}
shares["test"] = accuracy(rotor, digits_test.images)
weights = [ops.convert_to_numpy(w).copy() for w in rotor.trainable_variables]

# %% slideshow={"slide_type": "-"} tags=["experiment"]
momentum(rotor, 0.9)
for start in range(0, 960, 32):
    rotor(rotate(digits.images[start : start + 32]), training=True)
same = all(map(np.array_equal, weights, map(np.asarray, rotor.trainable_variables)))
shares["test, new averages"] = accuracy(rotor, digits_test.images)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    shares,
    "While it learned; and tested, twice, with the same weights (digits)",
    "Three bars: the middle one, the test with old averages, is far below the others.",
    ylabel="share of turns recognized",
    marks={"a guess": 0.25},
)
back = shares["test, new averages"] - shares["test"]
claim = "no weight has changed, and 10 points or more came back"
coursekit.expect(claim, same and back > 0.1, back=back)

# %% [markdown] slideshow={"slide_type": "-"}
# A running average of momentum $m$ still holds a share $m^n$ of its initial value after $n$ steps: $0.99^{50} = 61\,\%$, against
# $0.9^{50} = 0.5\,\%$. At test time the network divided by a spread that it had hardly begun to measure. This lecture's networks
# have momentum 0.9. Whoever finds their short run "overfitting at once" should look here first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Too good to be true
#
# > **Predict.** Of which digits could *you* not tell which way up they are? Write them into `guess`. How often will the
# > network be right about those?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = [0, 1, 8]
of = lambda digit: digits_test.images[digits_test.labels == digit]
by_digit = {f"{digit}": accuracy(rotor, of(digit)) for digit in range(10)}
hopeless = np.mean([by_digit[f"{digit}"] for digit in guess])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    by_digit,
    f"Turns recognized, by digit (those you gave up: {hopeless:.0%})",
    "Ten bars, all far above a guess.",
    ylabel="share of turns recognized",
    marks={"a guess": 0.25},
    size=(8.5, 3.8),
)
least = min(by_digit["0"], by_digit["8"])
coursekit.expect("of a 0 and of an 8, at least 70 %", least > 0.7, share=least)


# %% slideshow={"slide_type": "subslide"} tags=["figure", "front"]
def middle(x):
    x = np.asarray(x)[..., 0]
    place = (np.arange(28) - 13.5) / x.sum(axis=(1, 2))[:, None]
    return np.stack([(x.sum(1) * place).sum(1), -(x.sum(2) * place).sum(1)], axis=1)


places = middle(rotate(digits_test.images)).reshape(4, -1, 2)
figure, axis = plt.subplots(figsize=(5, 3.9), layout="constrained")
for name, place in zip(("0°", "90°", "180°", "270°"), places, strict=True):
    axis.plot(*place[:300].T, ".", markersize=3, label=name)
axis.set(xlabel="pixels right of the picture's middle", ylabel="pixels above it")
axis.set(title="The middle of 300 digits' ink", aspect="equal", xlim=(-1.2, 2.2))
axis.legend(title="turned by", markerscale=4, loc="center right")
plots.display(figure, "Four squares of points, one to each quadrant.")

# %% [markdown] slideshow={"slide_type": "-"}
# A 0 has no up, and yet the network, after two seconds of learning, knows. It sees where the middle of the ink is: four squares, and hardly a point in the wrong one. Whoever made MNIST centered each digit by the mass of its ink, to whole pixels. But the middle of
# 28 pixels lies *between* two of them, so every digit sits a little to the right and a little low, by half a pixel on average, and that
# turns with the picture. **Two numbers give every answer away**, and no one needs to know what a digit looks like.
#
# > **Predict.** Move the test digits one pixel up and one to the left, and ask the same network. What share will it get right?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.9
elsewhere = accuracy(rotor, np.roll(digits_test.images, (-1, -1), axis=(1, 2)))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {"as they come": shares["test, new averages"], "one pixel on": elsewhere},
    "One pixel up, one to the left",
    "Two bars: almost 1 and almost 0.",
    ylabel="share of turns recognized",
    guesses={"your guess": guess},
    size=(6, 3.4),
)
corner = np.sign(places) == [[[1, -1]], [[1, 1]], [[-1, 1]], [[-1, -1]]]
told = corner.all(axis=2).mean()
coursekit.expect("two numbers tell 99 % of the turns", told > 0.99, told=told)
coursekit.expect("moved, less than 20 % are right", elsewhere < 0.2, got=elsewhere)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Far *below* a guess: it answers the question that it was really asked, and now the clue points the wrong way. Such a **shortcut** is
# the usual way for a puzzle to fail: high accuracy, nothing learned. The cure is to destroy the clue. RotNet's authors cut
# each training image out at a random place and mirror half of them. For digits, which do not like mirrors, moving is enough.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def moved(x, by=3):
    """Each image by up to so many pixels either way."""
    shifts = rng.integers(-by, by + 1, (len(x), 2))
    pairs = zip(x, shifts, strict=True)
    return np.stack([np.roll(image, shift, axis=(0, 1)) for image, shift in pairs])


honest, elsewhere = network(), moved(digits_test.images)
fit(MyRotNet(honest), moved(digits.images), 10 if full else 1)
taken = turns_taken(honest, elsewhere)

# %% slideshow={"slide_type": "-"} tags=["figure"]
said = lambda digit: taken[:, digits_test.labels == digit]
share = lambda row: np.bincount(row, minlength=4) / len(row)
tables = {d: [share(row) for row in said(d)] for d in (4, 7, 1, 8, 0, 6)}
kept = {digit: np.trace(table) / 4 for digit, table in tables.items()}
plots.panels(
    [np.array(table) for table in tables.values()],
    [f"{digit}: {right:.0%} right" for digit, right in kept.items()],
    "Six 4 by 4 matrices: dark diagonals for 4 and 7, less clear ones for 1, 8, 0 and 6.",
    size=1.55,
    suptitle="Turn made (rows: 0°, 90°, 180°, 270°), turn said (columns; dark: often)",
)
gap = min(kept[4], kept[7]) - max(kept[0], kept[8])
coursekit.expect("4 and 7 are 15 points ahead of 0 and 8", gap > 0.15, gap=gap)

# %% [markdown] slideshow={"slide_type": "-"}
# Now it makes the mistakes that you would make. A 4 and a 7 have an up. A 1 and an 8 lie down or stand, and that is all one can say: the
# second dark diagonal is a half turn. A 0 gives even less away. And a 6 turned by 180° is a 9; whoever calls it
# upright is not wrong. For such digits the puzzle has no answer, and training on them teaches to guess well.
#
# > **Try it.** Train `honest` on the digits 6 and 9 alone. Which turns can it still tell, and what has it then learned about the two classes?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Clothes have an up
#
# The package's `RotNet` is the class you typed (a test holds the two equal), and can also move and mirror its images. A twin
# with the same initial weights stays *untrained*: the rival that counts.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def twins(build, *shape, number=0, **settings):
    """Two models with the same initial weights: one to train, one to keep."""
    both = []
    for _ in range(2):
        keras.utils.set_random_seed(seed + number)
        both.append(build(*shape, **SIZES, seed=seed + number, **settings))
    return both


seeds = range(3 if full else 1)
rotnets = [twins(rotnet.small, number=n, augment=True) for n in seeds]
for model, _ in rotnets:
    fit(model, clothes.images, 10 if full else 3)
turner, _ = rotnets[0]
recognized = turner.rotation_accuracy(clothes_test.images)

# %% slideshow={"slide_type": "-"} tags=["figure"]
of = lambda kind: clothes_test.images[clothes_test.labels == kind]
names = (name.replace("/", "/\n") for name in clothes.classes)
plots.bars(
    {name: turner.rotation_accuracy(of(kind)) for kind, name in enumerate(names)},
    f"Turns recognized, by kind of clothing ({recognized:.0%} of all)",
    "Ten bars, most near 1; the bags' is the lowest.",
    ylabel="share of turns recognized",
    size=(10.5, 3.6),
)
coursekit.expect("it recognizes at least 85 %", recognized > 0.85, share=recognized)

# %% [markdown] slideshow={"slide_type": "-"}
# Bags are the hardest: some have no handle.
#
# ### Where does it look?
#
# Hide a square of 7 x 7 pixels, and see by how many nats the log-probability of the right turn falls. Do that at every place.
#
# > **Predict.** Where must you put the square on a pullover to do the most harm?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
upright = lambda x: ops.log_softmax(turner.network(x))[:, 0]  # log F of turn 0
some = [of(kind)[3] for kind in range(10)]
lost = [np.maximum(occlusion(upright, image), 0) for image in some]

# %% slideshow={"slide_type": "-"} tags=["figure"]
dearest = [f"-{each.max():.1f}" for each in lost]
plots.images(
    {"seen": some, "needed": [each / each.max() for each in lost]},
    "Where hiding a square costs most (dark; in nats, above each piece, the most)",
    "Ten pieces of clothing, above maps that are dark at necks, hems, sleeves and soles.",
    columns=dearest,
    size=0.9,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · What is it worth? Probes
#
# On the pullover it is the neck. Collars, sleeves, hems, soles: the parts by which one would describe the piece, and nobody named a part to
# it. That is the hope of this lecture in one
# picture, not yet a proof.
#
# Freeze the network, and train a **linear** classifier on an inner layer, with a few labels of each class.
# Two rules make such a number mean something. All contestants get the *same* labels, several times drawn, and differences are taken
# draw by draw, so that luck cancels (the full profile pretrains three times; its spreads are over those). And beside it stands the untrained twin. Also on the bench: raw pixels; an autoencoder's code
# (lecture 4); and a network of the same shape that was given all labels, for as many steps.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    image -> [conv1] -> [conv2] -> [conv3] -> {features} -> [linear classifier] -> <loss>
    label -> loss
    loss ~> linear classifier ~| features
    """,
    "A linear probe: labels enter only here",
    moves=["linear classifier"],
    pictures={"image": shoe},
    labels={"loss": "cross-entropy"},
    groups={"the probe": ["linear classifier", "label", "loss"]},
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** With 10 labels of each class, raw pixels give about 68 %. What does the *untrained* network give? And RotNet?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def answers(network, layer, parts, side=None):
    """A layer's features of (training, test) images; maps averaged over side x side regions."""
    maps = [encoders.activations(network, part.images, layer) for part in parts]
    return tuple(probes.pool(each, side) if side else each for each in maps)


def scored(features, parts, probe=probes.linear):
    """10 labels a class, over 5 draws; of a list of pretrainings, over these."""
    labels = [part.labels for part in parts]
    compared = probes.compare({0: features}, *labels, per_class=(10,), probe=probe)
    return compared[0][10]


# %% slideshow={"slide_type": "-"} tags=["experiment"]
taught, price = network(outputs=10), keras.losses.SparseCategoricalCrossentropy
taught.compile("adam", price(from_logits=True), steps_per_execution=25)
taught.fit(clothes.images, clothes.labels, epochs=10 if full else 3, verbose=0)
codes = coursekit.pretrained("vae-fashion").encode
conv3_of = lambda network: answers(network, "conv3", wardrobe, 2)
features = {  # of each pretraining
    "raw pixels": [tuple(part.images for part in wardrobe)],
    "untrained network": [conv3_of(kept.network) for _, kept in rotnets],
    "autoencoder's code": [tuple(np.asarray(codes(x.images)[0]) for x in wardrobe)],
    "RotNet": [conv3_of(model.network) for model, _ in rotnets],
    "all labels seen": [conv3_of(taught)],
}
counts, labels = (1, 10, 100, None), [part.labels for part in wardrobe]
scores = probes.compare(features, *labels, per_class=counts)

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
guess = {"untrained": 0.50, "RotNet": 0.75}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    [count or len(clothes.labels) // 10 for count in counts],
    {name: [score.mean for score in of.values()] for name, of in scores.items()},
    "A linear classifier on frozen features (clothes)",
    "Five rising curves; RotNet's is above pixels, the untrained network and the code from ten labels on.",
    xlabel="labels of each class, up to all there are",
    ylabel="test accuracy (mean of the draws)",
    guesses={f"your guess: {name}": share for name, share in guess.items()},
    log=("x",),
    size=(8.5, 4.6),
)
ahead = probes.difference(scores["RotNet"][10], scores["untrained network"][10])
claim = "10 labels a class: 3 points or more ahead, and more than twice the spread"
coursekit.expect(claim, ahead.mean > max(0.03, 2 * ahead.spread), ahead=ahead.mean)


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def bench(count):
    """The bars of one number of labels, with their spread."""
    figure, axis = plt.subplots(figsize=(6.4, 2.6), layout="constrained")
    for name, of in reversed(scores.items()):
        color = "#D55E00" if name == "RotNet" else "#8ab4d0"
        score = of[count]
        axis.barh(name, score.mean, xerr=score.spread, color=color, ecolor="#333")
        axis.text(0.01, name, f"{score.mean:.1%}", va="center", fontsize=10)
    title = f"Labels of each class: {count or 'all'}"
    axis.set(xlim=(0, 1), xlabel="test accuracy", title=title)
    axis.grid(axis="y", visible=False)
    plt.close(figure)
    return figure


widgets.FramePlayer(
    [bench(count) for count in counts],
    [("labels of each class", [str(count or "all") for count in counts])],
    title="How many labels?",
    alt="Bars for five kinds of features; all grow with the number of labels.",
    start=[1],
    fps=1,
    width=640,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The untrained network is no straw man: random convolutions are within a few points of pixels. RotNet is ahead of both. The autoencoder's code, of lecture 5's VAE, which saw
# 60,000 clothes, is among the best with one label of each class, as a classifier of 16 numbers needs few labels; with all there are it is at the bottom. With
# a hundred, pixels are a point behind RotNet, and RotNet one behind the network that was taught; with all (a single draw) those two are level. Self-supervision is for when labels are dear.
#
# ### Four turns or two?
#
# The paper also tried two rotations. That is the easier puzzle; is it the better teacher? And the linear probe is one question among several:
# the nearest neighbors' vote asks whether *distances* mean something, a hidden layer, whether the classes can be told apart at all.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
halves, _ = twins(rotnet.small, turns=(0, 2), augment=True)
fit(halves, clothes.images, 10 if full else 3)
solved = halves.rotation_accuracy(clothes_test.images)
unseen = rotnets[0][1].rotation_accuracy(clothes_test.images)
two = conv3_of(halves.network)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
rows, found = [], {}
for name, its, share, chance, printed in [
    ("untrained", features["untrained network"][0], unseen, "25%", ""),
    ("0°, 180°", two, solved, "50%", "87.46"),
    ("0°, 90°, 180°, 270°", features["RotNet"][0], recognized, "25%", "89.06"),
]:
    ask = [
        scored(its, wardrobe, p) for p in (probes.linear, probes.knn, probes.hidden)
    ]
    found[name] = ask[0]
    shares = [f"{score.mean:.1%} ± {score.spread:.1%}" for score in ask]
    rows.append([name, f"{share:.1%}", chance, *shares, printed])
lead = probes.difference(found["0°, 90°, 180°, 270°"], found["0°, 180°"])
coursekit.expect("two turns are told apart more often", solved > recognized)
coursekit.expect("and teach less", lead.mean > 0, lead=lead.mean)
columns = ("turns", "recognized", "a guess", "linear", "k-NN", "hidden layer")
plots.table(rows, (*columns, "printed, %"))

# %% [markdown] slideshow={"slide_type": "-"}
# The easier puzzle is solved better and teaches less. (It also saw half as many pictures.)
# **The accuracy at the puzzle is not the aim.** Section 3 said so already, in a harsher way. (Printed: CIFAR-10, all labels, a
# three-layer classifier on the second block.)
#
# ### Neighbors
#
# Which training pieces are nearest, by the angle between features? Drag through the questions, and change the measure. Often all three find something
# alike. A trained probe picks out what is useful in the features; a distance takes all of them.


# %% slideshow={"slide_type": "-"} tags=["figure"]
def neighborhood(features):
    """Of each query: a row of pictures, itself and its five nearest."""
    one, other = (part.reshape(len(part), -1) for part in features)
    mean = one.mean(axis=0)
    near = probes.neighbors(one - mean, other[queries] - mean, 5)
    rows = [
        [clothes_test.images[query], *clothes.images[row]]
        for query, row in zip(queries, near, strict=True)
    ]
    return [np.hstack([framed(image) for image in row]) for row in rows]


kinds = ("raw pixels", "untrained network", "RotNet")
queries = [np.flatnonzero(clothes_test.labels == kind)[7] for kind in range(10)]
widgets.FramePlayer(
    [neighborhood(features[kind][0]) for kind in kinds],
    [("by", list(kinds)), ("question", list(range(1, 11)))],
    title="A test piece (left) and its five nearest training pieces",
    alt="A row of six pieces of clothing.",
    start=[2, 0],
    width=560,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Another puzzle: which picture is this a part of?
#
# The next slide's method has no turns. **Deep InfoMax** (Hjelm et al., 2019) asks that a picture's code $y$ know as much as possible of
# the picture. "Knows" is *mutual information*, in nats:
#
# $$I(X; Y) = \mathrm{KL}\big(p(x, y) \,\Vert\, p(x)\,p(y)\big) = \mathbb E_{p(x, y)} \log \frac{p(x, y)}{p(x)\,p(y)},$$
#
# zero if the two have nothing to do with each other. Nobody knows these densities. But one has *pairs that belong together* and can
# make pairs that do not, by mixing a batch of $n$: let a network $T$ score all of them, $s_{ij} = T(y_i, x_j)$, and learn to find
# the diagonal. Three ways to turn scores into a number:
#
# | | estimate |
# |---|---|
# | Donsker-Varadhan | $\mathbb E_{\text{own}}[s] - \log \mathbb E_{\text{others}}[e^{s}]$ |
# | Jensen-Shannon | $-\mathbb E_{\text{own}}[\mathrm{sp}(-s)] - \mathbb E_{\text{others}}[\mathrm{sp}(s)]$, with $\mathrm{sp}(s) = \log(1 + e^{s})$ |
# | InfoNCE | $\log N + \mathbb E_{\text{own}}\big[s - \log \sum_{\text{own, others}} e^{s}\big]$ |
#
# The second is the GAN's critic of lecture 7, and no estimate but a good teacher. The third is a classifier's log-probability of picking its own
# out of $N$. For the local version each picture is a map of places, and a code chooses between one place of its own and *all* places of all others.


# %% slideshow={"slide_type": "-"} tags=["central"]
def infonce(scores):
    """scores[i, j, p]: of picture i's code and place p of picture j. In nats."""
    n, _, places = ops.shape(scores)
    own = ops.transpose(ops.diagonal(scores))  # [n, places]
    apart = ops.logical_not(ops.eye(n, dtype="bool"))[:, :, None]
    others = ops.logsumexp(ops.where(apart, scores, -1e9), axis=(1, 2))  # [n]
    N = ops.cast(1 + (n - 1) * places, "float32")
    return ops.log(N) + ops.mean(own - ops.logaddexp(own, others[:, None]))


# %% [markdown] slideshow={"slide_type": "subslide"}
# Try the estimators where the answer is known: $x$ and $y$ of three numbers each, Gaussian, every pair correlated by 0.8. Then
# $I = -\frac32 \log(1 - 0.8^2) = 1.53$ nats, and even the best score is known, the log-ratio itself.
#
# > **Predict.** With batches of four, can InfoNCE say 1.53? Can Donsker-Varadhan?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def best_scores(n):
    """log p(x, y) / p(x) p(y) of n draws of x with n draws of y: [n, n]."""
    x, noise = rng.standard_normal((2, n, 3))
    x, y = x[:, None], (0.8 * x + 0.6 * noise)[None]
    ratio = np.log(1 / 0.6) - (0.64 * (x**2 + y**2) - 1.6 * x * y) / 0.72
    return np.float32(ratio.sum(axis=-1))


names = ("InfoNCE", "Donsker-Varadhan", "Donsker-Varadhan, of twice the score")
dv, sizes = infomax.donsker_varadhan, 2 ** np.arange(2, 10)
estimates = lambda s: [float(e) for e in (infonce(s[:, :, None]), dv(s), dv(2 * s))]
draws = lambda n: [estimates(best_scores(n)) for _ in range(max(6, 128 // n))]
means = np.transpose([np.mean(draws(n), axis=0) for n in sizes])
curves = dict(zip(names, means, strict=True))

# %% slideshow={"slide_type": "-"} tags=["figure"]
truth = -1.5 * np.log(1 - 0.64)
said, _, over = means
plots.lines(
    sizes,
    curves | {"log N": np.where(sizes < 32, np.log(sizes), np.nan)},
    "What the estimators say of 1.53 nats",
    "InfoNCE rises to the truth from below, under log N; Donsker-Varadhan's start above it.",
    xlabel="N, pictures in a batch",
    ylabel="nats",
    marks={"the truth": truth},
    log=("x",),
)
coursekit.expect("InfoNCE never exceeds log N", np.all(said <= np.log(sizes)))
coursekit.expect("of 512 it is within 0.15 nats", abs(said[-1] - truth) < 0.15)
coursekit.expect("a wrong score exceeds the truth", over[0] > truth + 0.3)

# %% [markdown] slideshow={"slide_type": "-"}
# InfoNCE cannot: picking one out of four carries at most $\log 4 = 1.39$ nats, however much there is to know. Donsker-Varadhan's is a bound as well, if its means are exact. But $\mathbb E\,e^s$
# lives on rare, huge values, and a small batch misses them: of four pictures it says too much even with the best score. With a score that is *wrong*,
# twice too large, it says still more, where exact means (large batches, on the right) would punish it. A training that maximizes the
# estimate finds such scores.
#
# > **Try it.** Correlate by 0.99 instead ($I = 5.9$ nats). How large a batch does InfoNCE ask for?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Deep InfoMax, typed
#
# The encoder's second convolution gives a **local map**, 8 x 8 places that each see a part of the picture. Its last layer gives the
# **global** code. Small networks bring both to 64 numbers, and a score is their dot product. DIM(L), the local objective, is what you have written. (DIM(G)
# scores whole pictures, and learns far less.)


# %% slideshow={"slide_type": "-"} tags=["figure"]
one, other = (patches.images[patches.labels == k][0].mean(-1) for k in (0, 3))
plots.flow(
    """
    $x$ -> [conv] -> {map of $x$} -> [dense] -> {code of $x$}
    other image -> [conv 2] -> {map of other}
    map of $x$, code of $x$ -> <same> -> <InfoNCE>
    code of $x$, map of other -> <different> -> InfoNCE
    conv == conv 2
    """,
    "Deep InfoMax: does this place belong to this code?",
    rows=[
        "$x$, conv, map of $x$, same",
        "dense, code of $x$, InfoNCE",
        "other image, conv 2, map of other, different",
    ],
    labels={"conv 2": "conv", "same": "score: high", "different": "score: low"},
    notes={"map of $x$": "8 x 8 places", "map of other": "8 x 8 places"},
    pictures={"$x$": one, "other image": other},
)


# %% slideshow={"slide_type": "-"} tags=["central"]
class MyDIM(Model):
    def __init__(self, scorer):
        super().__init__()
        self.scorer = scorer  # from images to what is multiplied

    def scores(self, x, training=False):
        """T(code of image i, place p of image j): [n, n, places]."""
        both = self.scorer(x, training=training)
        codes, places = both["code_for_places"], both["places"]
        return ops.einsum("iu,jpu->ijp", codes, places) / codes.shape[-1] ** 0.5

    def train_on(self, x):
        known = lambda: infonce(self.scores(x, training=True))
        return {"information": -self.minimize(lambda: -known())}


# %% [markdown] slideshow={"slide_type": "subslide"}
# The pictures: 32 x 32 patches of twelve photographs; the class is which photograph. Training patches come from the left part of each,
# test patches from the right. One shortcut is removed beforehand. In color, raw pixels alone tell half of the patches apart (49 % by the same probe, in the record
# of section 8), so the network is shown gray ones of equal brightness and contrast.
#
# > **Predict.** Twelve classes, so a guess is right in 8 % of cases. After ten seconds with no label, what will a linear probe
# > with 10 labels a class reach? (Raw gray pixels: 14 %, by the record.)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.4
LOCAL = {"mi_units": 64, "gamma": 0.0}  # the local objective alone, small
dim, blind = twins(infomax.strided, (32, 32, 3), gray=True, **LOCAL)
mine = MyDIM(dim.scorer)
six = np.stack(
    [patches_test.images[patches_test.labels == k][1] for k in (0, 1, 3, 6, 9, 10)]
)
at_first = np.asarray(mine.scores(six))
history = fit(mine, patches.images, 30 if full else 3, batch=64)
at_last = np.asarray(mine.scores(six))


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def sheet(scores):
    """[6, 6, 64] -> one picture: each column's patch, as each row's code scores it."""
    edge, low = ((0, 0), (0, 0), (1, 0), (1, 0)), scores.min()
    maps = np.pad(scores.reshape(6, 6, 8, 8), edge, constant_values=low)
    return maps.transpose(0, 2, 1, 3).reshape(54, 54)


alt = "Six patches of photographs."
plots.images({"six patches": six}, "Whose code finds whose places?", alt, size=0.95)
plots.panels(
    [sheet(at_first), sheet(at_last)],
    ["before training", "after"],
    "Two sheets of 6 by 6 maps; after training those on the diagonal are dark.",
    size=3.4,
    range=None,
    suptitle="Scores: code of patch (row), 8 x 8 places of patch (column)",
)
own = np.eye(6, dtype=bool)
higher = at_last[own].mean() - at_last[~own].mean()
coursekit.expect("own places score higher, by 1 on average", higher > 1, by=higher)


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def before_after(pairs, parts):
    """Accuracy at fc, 10 labels a class, of what was kept and of what was trained."""
    fc = lambda model: tuple(model.features(part.images, "fc") for part in parts)
    return [scored([fc(pair[which]) for pair in pairs], parts) for which in (1, 0)]


dims = [(dim, blind)]
for number in (1, 2) if full else ():  # three pretrainings
    dims.append(
        twins(infomax.strided, (32, 32, 3), number=number, gray=True, **LOCAL)
    )
    fit(MyDIM(dims[-1][0].scorer), patches.images, 30, batch=64)
untrained, reached = before_after(dims, album)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {"untrained": untrained.mean, "Deep InfoMax": reached.mean},
    "Which photograph is it from? A linear probe, 10 labels a class",
    "Two bars: the untrained network low, Deep InfoMax more than twice as high.",
    ylabel="share of test patches",
    guesses={"your guess": guess},
    marks={"by chance": 1 / 12},
    size=(6.5, 3.6),
)
ahead = probes.difference(reached, untrained)
claim = "at fc, DIM is 30 points or more ahead of its untrained self"
coursekit.expect(claim, ahead.mean > 0.30, ahead=ahead.mean)

# %% [markdown] slideshow={"slide_type": "-"}
# High scores lie on the diagonal, at nearly every place of a patch: the code of brick has to say "brick" so that each of its 64 places is found.
# What the places have in common is worth a code's numbers; what happens at one place alone is thrown away. (The package's `DeepInfoMax` has the same loss, the global one beside it, and all three estimators.)
#
# > **Try it.** Build `dim` with `estimator="jsd"` or `"dv"`, and fit `dim` instead of `mine`. Which of the three learns from so few pictures?
#
# ### The prior, and its adversary
#
# The paper's whole objective is to maximize
#
# $$\alpha\, \hat I(X; Y) + \beta\, \text{mean over places } p \text{ of } \hat I(X_p; Y) - \gamma\, D(\text{codes} \,\Vert\, \text{uniform}),$$
#
# the global estimate, the local one (so far $\alpha = 0$, $\beta = 1$, $\gamma = 0$), and a third term: codes should also be spread evenly on $[0, 1]^d$. A second network, which
# learns to tell codes from uniform draws, sees to it, an *adversary*: lecture 7 plays that game about pictures. Here it is on digits of 14 x 14 pixels, with the global
# objective and codes of two numbers, so that one can see the square. The weight $\gamma$ is a variable: one compilation serves both runs.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def mlp(x, *widths):
    for width in widths[:-1]:
        x = layers.Dense(width, "relu")(x)
    return layers.Dense(widths[-1])(x)


class Square(Model):
    def __init__(self):
        super().__init__()
        x, z = keras.Input((196,)), keras.Input((2,))
        code = layers.Activation("sigmoid")(mlp(x, 64, 2))
        self.scorer = keras.Model(x, [code, mlp(code, 64, 16), mlp(x, 64, 16)])
        self.adversary = keras.Model(z, mlp(z, 64, 64, 1))
        self.gamma = keras.Variable(0.0, trainable=False)
        self.random = keras.random.SeedGenerator(seed)

    def game(self, code):
        """What the encoder pays for codes that are found out; what the adversary pays."""
        uniform = keras.random.uniform(ops.shape(code), seed=self.random)
        real, fake = (
            self.adversary(uniform),
            self.adversary(ops.stop_gradient(code)),
        )
        caught = ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
        return ops.mean(ops.softplus(-self.adversary(code))), caught


# %% slideshow={"slide_type": "-"} tags=["central"]
class Matched(Square):
    def train_on(self, x):
        def losses():
            code, of_code, of_image = self.scorer(x)
            scores = ops.matmul(of_code, ops.transpose(of_image)) / 16**0.5
            known, (pays, caught) = infonce(scores[:, :, None]), self.game(code)
            return (self.gamma * pays - known, known), caught

        (_, known), _ = self.minimize(losses, (self.scorer, self.adversary))
        return {"information": known}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
keras.utils.set_random_seed(seed)
square, codes = Matched(), {}
adam = lambda rate: keras.optimizers.Adam(rate, beta_1=0.5)
square.compile(scorer=adam(1e-3), adversary=adam(3e-3), jit_compile=False)
start = square.get_weights()
small = lambda x: x.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
for gamma in (0.0, 1.0):
    square.set_weights(start)
    square.gamma.assign(gamma)
    square.fit(small(digits.images), batch_size=100, epochs=20, verbose=0)
    codes[f"γ = {gamma:g}"] = np.asarray(
        square.scorer(small(digits_test.images))[0]
    )


# %% slideshow={"slide_type": "-"} tags=["figure"]
def misplaced(codes):
    """The share of codes that are too many in their one of 5 x 5 cells."""
    counts = np.histogram2d(*codes.T, bins=5, range=[[0, 1], [0, 1]])[0]
    return np.abs(counts / len(codes) - 1 / 25).sum() / 2


def squares(codes, labels):
    figure, axes = plt.subplots(1, 2, figsize=(8.4, 4), layout="constrained")
    for axis, (name, of) in zip(axes, codes.items(), strict=True):
        dots = axis.scatter(*of.T, c=labels, cmap="tab10", s=7, vmin=-0.5, vmax=9.5)
        axis.set(title=f"{name}: {misplaced(of):.0%} misplaced", aspect="equal")
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="first number")
    axes[0].set_ylabel("second number")
    figure.colorbar(dots, ax=axes, ticks=range(10), label="digit")
    alt = "Codes of digits in a square: crowded at its edges without the prior, spread with it."
    return plots.display(figure, alt)


squares(codes, digits_test.labels)
alone, evened = map(misplaced, codes.values())
even = np.mean([misplaced(rng.random((1000, 2))) for _ in range(20)])
claim = "the adversary evens the codes out; of uniform draws 5 to 7 % are misplaced"
coursekit.expect(claim, evened < 0.95 * alone and 0.05 < even < 0.07)

# %% [markdown] slideshow={"slide_type": "-"}
# Even without the prior the codes fill most of the square, mostly along its edges: codes that must be told apart cannot sit on one
# spot. InfoNCE has spread them. The adversary, in its few seconds, goes part of the rest of the way; uniform draws would have 6 % misplaced.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Each where its assumption holds
#
# Every puzzle makes an assumption. RotNet's: *pictures have an up, and what tells it is what matters*. Deep InfoMax's: *what the parts
# of a picture share is what matters*. Now exchange the data, and give each the other's, for as many epochs. (The patches are as gray for
# RotNet as for Deep InfoMax.)
#
# > **Predict.** Two methods, two data sets. Which of the four gains most over its own untrained network? And on which data will RotNet fail to tell
# > the turns?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
gray = {"gray": True, "standardized": True}
strays = twins(rotnet.small, (32, 32, 3), augment=True, **gray)
shared = twins(infomax.strided, (28, 28, 1), standardized=False, **LOCAL)
fit(strays[0], patches.images, 30 if full else 3)
fit(shared[0], clothes.images, 10 if full else 3, batch=64)
at_fc = {
    ("RotNet", "clothes"): before_after(rotnets, wardrobe),
    ("RotNet", "patches"): before_after([strays], album),
    ("DIM", "clothes"): before_after([shared], wardrobe),
    ("DIM", "patches"): (untrained, reached),
}

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
measured = coursekit.results("bench_self_supervision")["results"]
full_name = {"clothes": "fashion_small", "patches": "photo_patches"}
rows, gains = [], {}
for (method, name), (before, after) in at_fc.items():
    its = measured[f"{method.lower()} on {full_name[name]}"]["summary"]
    ahead = [its[f"ahead {layer}"] for layer in ("conv2", "conv3", "fc")]
    ahead = [f"{g['mean']:+.1f} ± {g['spread_draws']:.1f}" for g in ahead]
    here = f"{before.mean:.1%}", f"{after.mean:.1%}"
    rows.append([f"{method} on {name}", *here, *ahead])
    gains[method, name] = probes.difference(after, before).mean
claim = "on patches DIM gains twice what RotNet does, or more"
holds = gains["DIM", "patches"] > 2 * gains["RotNet", "patches"]
coursekit.expect(
    claim, holds, **{" on ".join(key): of for key, of in gains.items()}
)
told = strays[0].rotation_accuracy(patches_test.images)
claim = "RotNet recognizes 15 points fewer turns of patches than of clothes"
coursekit.expect(claim, told < recognized - 0.15, patches=told)
print(f"turns recognized: clothes {recognized:.0%}, patches {told:.0%}")
heads = ["10 labels a class", "fc, untrained, here", "fc, after, here"]
heads += ["record: points gained at conv2", "at conv3", "at fc"]
plots.table(rows, heads)

# %% [markdown] slideshow={"slide_type": "-"}
# The last three columns are a record (`tests/bench/self_supervision.py`; Deep InfoMax has twice the channels there): fifteen seconds of training each, three seeds, points gained over the
# same network untrained, ± between draws.
#
# **On patches** Deep InfoMax gains 36 points at `fc`, RotNet 10. All places of a patch of gravel look like gravel; what they share *is* the class. But
# gravel has no up, and hardly any turn is told.
#
# **On clothes** it is the other way round where the features are maps: RotNet gains 5 and 6 points, Deep InfoMax 2 and 1. What do the places of a
# boot share? That they are parts of something dark. At `fc` both gain six or seven points. There a random dense layer has lost information, and
# *any* training wins some back, perhaps RotNet's 10 on patches, too. So "it learned nothing" depends on where one looks; report every layer.
#
# **A puzzle teaches what its answer hangs on.** Ask what that is before you train.


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def between(network):
    fc = encoders.activations(network, patches_test.images, "fc")
    return probes.class_similarity(fc, patches_test.labels)


shipped = coursekit.pretrained("dim-photos")
alike = {"untrained": between(blind.encoder), "DIM, here": between(dim.encoder)}
alike["DIM, shipped"] = between(shipped.encoder)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.panels(
    list(alike.values()),
    list(alike),
    "Three 12 by 12 matrices: the first with a faint diagonal among blocks, the others with a dark one.",
    size=2.9,
    range=(-0.3, 0.8),
    suptitle="Mean cosine, at fc, of patches of photograph (row) and photograph (column)",
)
gap = lambda m: np.diagonal(m).mean() - m[~np.eye(12, dtype=bool)].mean()
before, after, _ = map(gap, alike.values())
claim = "after training a photograph is more like itself"
coursekit.expect(claim, after > 1.5 * before, before=before, after=after)
print("photographs, from the first row:", *patches.classes, sep=", ")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · With more patience
#
# Untrained, the diagonal hardly stands out; trained, what still confuses a probe is what looks alike. The third matrix is of
# weights that come with the course: `rotnet-fashion`, ten epochs of all 60,000 clothes, and
# `dim-photos`, a hundred epochs of these patches with twice the channels.

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
patient = coursekit.pretrained("rotnet-fashion")
conv3 = scored(answers(patient.network, "conv3", wardrobe, 2), wardrobe)
fc = scored(answers(shipped.encoder, "fc", album), album)
more = patient.rotation_accuracy(clothes_test.images)
rows = [
    ["RotNet, clothes: turns recognized", f"{recognized:.1%}", f"{more:.1%}"],
    ["RotNet, clothes: conv3", str(scores["RotNet"][10]), str(conv3)],
    ["DIM, patches: fc", str(reached), str(fc)],
]
for run in ("rotnet-cifar10 conv3", "dim-cifar10 conv3", "dim-cifar10 fc"):
    name, layer = run.split()
    line = coursekit.results(name)["runs"][0]["timeline"][f"{layer}_100"]
    rows.append([f"{name}: {layer}, 100 labels"])
    rows[-1] += [f"untrained: {line[0]:.1%}", f"{line[-1]:.1%}"]
plots.table(rows, ("10 labels a class, or 100", "here, seconds", "with patience"))

# %% [markdown] slideshow={"slide_type": "-"}
# Fifteen times the pictures bring RotNet about three points; twice the channels and a hundred epochs bring Deep
# InfoMax nine or ten. But look *when* they come: the record of `dim-photos` has 52 % after one epoch, 62 % after
# twelve, 64 % after a hundred. This puzzle soon has no more to teach about these pictures.
#
# The last rows are the papers' own data, CIFAR-10: Deep InfoMax with its paper's encoder, RotNet with the same convolutions, each for less than an
# hour on two processor cores. (Without the prior, which in three epochs cost 1.7 points at `fc`; with a square hidden from the code, an extension
# in the paper, which changed little: `dim-ablation-...`.) Photographs of horses and trucks have an up *and* parts that belong together: both puzzles teach.
# RotNet gains 12 points in one epoch, 13 in nineteen more.
#
# > **Try it.** Run section 7 with `gray=False, standardized=False`. The estimate rises faster. Do the features?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/02_self_supervision.ipynb), checked as you go:
#
# 1. **The batch, and back**: four turns of each image, and the way back upright.
# 2. **InfoNCE, in NumPy**: one that survives large scores, and the most that it can say.
# 3. **Something gives it away**: three albums without an up, two with a shortcut. Find and cure them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - **A pretext** is a task whose labels cost nothing. Its own accuracy says nothing about what was learned.
# - **Shortcuts** solve it without looking: half a pixel for RotNet on MNIST, color for Deep InfoMax. Destroy the clue, by moving or graying.
# - **InfoNCE** is a classification, and a bound that cannot exceed $\log N$. Donsker-Varadhan's estimate can exceed the truth.
# - **Deep InfoMax** makes a code know every place of its picture: what the places share stays, the rest goes.
# - **A probe** needs its rivals: the same labels for all, raw pixels, and the same network untrained.
#
# Since 2020, contrastive methods that compare two crops of a picture (InfoNCE again), and networks that fill in masked parts, have left both behind.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | RotNet on CIFAR-10, convolutional classifier on the second block | 91.16 % (supervised 92.80 %, untrained 72.50 %) | section 9, by a smaller network, 20 epochs and 100 labels a class; the paper's run is `rotnet-nin-cifar10` and needs a GPU |
# | RotNet, two turns (0°, 180°) instead of four, other classifier | 87.46 instead of 89.06 % | on clothes, in section 5 |
# | DIM(L), InfoNCE, on CIFAR-10, `fc`, hidden layer | 75.57 % (supervised 75.39 %, DIM(G) 52.84 %) | section 9, by 50 epochs, no prior, a square hidden from the code, a linear probe of conv3 and 100 labels a class (of fc: 55.2 %) |
# | the same with Jensen-Shannon | 73.62 % | not measured |
#
# - S. Gidaris, P. Singh, N. Komodakis, *[Unsupervised Representation Learning by Predicting Image Rotations](https://arxiv.org/abs/1803.07728)*, ICLR 2018.
# - R. D. Hjelm et al., *[Learning Deep Representations by Mutual Information Estimation and Maximization](https://arxiv.org/abs/1808.06670)*, ICLR 2019.
# - A. van den Oord, Y. Li, O. Vinyals, *Representation Learning with Contrastive Predictive Coding*, 2018 (InfoNCE).
# - M. I. Belghazi et al., *Mutual Information Neural Estimation*, ICML 2018 (Donsker-Varadhan, trained).
# - S. Ioffe, C. Szegedy, *Batch Normalization*, ICML 2015.
# - The photographs and their licenses: `data.load("photo_patches", "train").terms`.
