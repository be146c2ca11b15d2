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
# Nobody has labeled these pictures, so we set a network a puzzle whose answer we know because we made it: we turn a picture, and ask
# which way was up. Whoever can answer must have noticed what is in the picture. That is the hope. This lecture tests it on two such
# puzzles.
#
# **You will be able to**
#
# - build RotNet, and find the clue by which it can pass without looking;
# - write InfoNCE, and say what it can and cannot measure;
# - build Deep InfoMax, whose code must know every part of its picture;
# - probe features fairly: few labels, the same draws, beside a network that learned nothing;
# - say on which pictures a puzzle will teach anything.
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
from coursekit.models import encoders, infomax, infomax_networks, rotnet
from coursekit.plots import palette
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
# The slide's puzzle turns each image by 0, 90, 180 or 270 degrees, and lets a network say which (Gidaris, Singh and Komodakis, 2018).
# Before the network tries, you do. There are three kinds of pictures: digits, clothes, and patches cut from photographs of gravel, grass,
# stained tissue and galaxies.
#
# > **Predict.** Answer all twelve before you look at any solution (the second slider): write 0, 1, 2 or 3 into `mine`, in the cell below.


# %% slideshow={"slide_type": "-"} tags=["figure"]
def framed(image, side=34):
    """On a white ground: ink black on white, a photograph in its colors."""
    picture = 1 - image if image.shape[-1] == 1 else image  # 1 is ink
    edge = (side - len(image)) // 2
    room = ((edge, edge), (edge, edge), (0, 0))
    return np.pad(picture, room, constant_values=1) * np.ones(3)


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
    ("what", "you had right (by chance: 1 of 4)"),
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The puzzle, typed
#
# To answer you had to know what you saw: this is a shoe, and shoes stand on their soles. Of gravel you know just as much, and it does not
# help, because gravel has no up. So the puzzle may make a network learn what clothes look like. **RotNet** is a network
# that is trained on this puzzle:

# %% slideshow={"slide_type": "-"} tags=["figure"]
shoe = clothes.images[clothes.labels == 7][0, ..., 0]
degrees = [f"{90 * k}°" for k in range(4)]
plots.flow(
    f"""
    image -> {", ".join(degrees)} -> [network $F$] -> P0, P1, P2, P3 -> <cross-entropy>
    cross-entropy ~> network $F$
    """,
    "RotNet: which way was it turned?",
    moves=["network $F$"],
    picture=0.6,
    pictures={"image": shoe} | {degrees[k]: np.rot90(shoe, k) for k in range(4)},
    labels={f"P{k}": f"{degrees[k]}?" for k in range(4)},
    notes={"network $F$": "the same weights for all four"},
)

# %% [markdown] slideshow={"slide_type": "-"}
# For one image $x$ the loss is the mean over its four turns of the cross-entropy, minus the log-probability of the right turn:
#
# $$\mathcal L(x) = -\frac1K \sum_{y=1}^{K} \log F^y\big(\mathrm{Rot}(x, (y - 1) \cdot 90°)\big), \qquad K = 4,$$
#
# Here $\mathrm{Rot}$ turns the image, and $F^y$ is the probability that the network $F$ gives to turn number $y$. The labels cost nothing:
# we know each turn because we made it. In the code a quarter turn is a transpose and a flip. No pixel is interpolated, so that there is no
# blur to recognize a turn by. All four turns of an image go into the *same* minibatch.


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
# The network has three convolutions with stride 2 and a dense layer, and ends in four logits, one for each turn. The same encoder will
# serve all lecture long. After each layer but the last stands **batch normalization**: in training it subtracts from each number the mean over
# the minibatch and divides by the spread over the minibatch; for use at test time it keeps running averages of both.
#
# > **Predict.** The network sees 1,600 digits once, 32 at a time, which makes 50 steps. By chance it would recognize one turn in four. What share
# > will it recognize of the turns of digits that it has never seen? Write it into `guess`.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
SIZES = {"channels": (16, 32, 64), "width": 128}


def network(shape=(28, 28, 1), outputs=4, standardized=False, **options):
    keras.utils.set_random_seed(seed)
    options |= {"name_of_last": "turn", "standardized": standardized}
    return encoders.strided(shape, **SIZES, outputs=outputs, **options)


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


guess = 0.5
rotor = network()
history = fit(MyRotNet(rotor), digits.images[:1600], 1)
shares = {"while training\n(mean of its steps)": history["accuracy"][-1]}
shares["test"] = accuracy(rotor, digits_test.images)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    shares,
    "Turns of digits recognized, after 50 steps",
    "Two bars, both far above chance; the one of the test is the higher.",
    ylabel="share of turns recognized",
    guesses={"your guess": ("test", guess)},
    marks={"chance": 0.25},
    size=(6.5, 3.6),
)
claim = "after 50 steps it recognizes 85 % of the turns of unseen digits, or more"
coursekit.expect(claim, shares["test"] > 0.85, share=shares["test"])

# %% [markdown] slideshow={"slide_type": "-"}
# After 50 steps RotNet recognizes 94 % of the turns of digits that it has never seen. That is more than its mean while training, which
# counts the first steps, too. It has seen each of its training digits once, and nobody told it what a digit is. Has it understood what digits look like?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Too good to be true
#
# Some digits look the same after a turn, so the network should fail on them. Let us look at each digit by itself.
#
# > **Predict.** Of which digits could *you* not tell which way up they are? Write them into `hopeless`. What share of the turns of those will the
# > network recognize?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
hopeless = [0, 1, 8]
digits_of = lambda digit: digits_test.images[digits_test.labels == digit]
by_digit = {f"{digit}": accuracy(rotor, digits_of(digit)) for digit in range(10)}
given_up = np.mean([by_digit[f"{digit}"] for digit in hopeless])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    by_digit,
    f"Turns recognized, by digit (of your hopeless ones: {given_up:.0%})",
    "Ten bars, all far above chance.",
    ylabel="share of turns recognized",
    marks={"chance": 0.25},
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
# Of a 0, which has no up, the network recognizes 86 % of the turns, and of a 1 even 99 %. It cannot have learned what the digits look like; it
# has found a clue. The figure shows it: for each digit and each turn, a point where the middle (the center of mass) of the ink lies. Each turn
# has a square of its own, and hardly a point lies in the wrong one.
#
# The reason is how MNIST was made. Number the pixels of a row from 0 to 27. The middle of the row is at 13.5, *between* two pixels. Each digit
# was moved by whole pixels until the middle of its ink was as near as possible to pixel 14, so it ends up anywhere from 13.5 to 14.5. It is
# the same with the rows, counted from the top. So the ink lies to the right of the picture's middle and below it, by half a pixel on average. When the picture turns, this offset turns with it. **Two numbers give every answer away**, and no one needs to know
# what a digit looks like.
#
# > **Predict.** Move the test digits one pixel up and one to the left, and ask the same network. What share will it get right?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.9
elsewhere = accuracy(rotor, np.roll(digits_test.images, (-1, -1), axis=(1, 2)))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    {"as they come": shares["test"], "one pixel on": elsewhere},
    "The same network, digits one pixel up and one to the left",
    "Two bars: nearly all turns where the digits come from, less than a tenth one pixel on.",
    ylabel="share of turns recognized",
    guesses={"your guess": ("one pixel on", guess)},
    marks={"chance": 0.25},
    size=(6.5, 3.4),
)
corner = np.sign(places) == [[[1, -1]], [[1, 1]], [[-1, 1]], [[-1, -1]]]
told = corner.all(axis=2).mean()
coursekit.expect("two numbers tell 99 % of the turns", told > 0.99, told=told)
coursekit.expect("moved, less than 20 % are right", elsewhere < 0.2, got=elsewhere)

# %% [markdown] slideshow={"slide_type": "subslide"}
# One pixel on, the network recognizes only 8 % of the turns, far less than chance. It answers the question that it was really asked,
# where the middle of the ink is, and now this clue points the wrong way. Such a clue is called a **shortcut**: with it a network gets its
# answers right and learns nothing. It is the usual way for a puzzle to fail. The cure is to destroy the clue. RotNet's authors cut each training
# image out at a random place and mirror half of them. Digits may not be mirrored, but for them moving is enough.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def moved(x, by=3):
    """Each image by up to so many pixels either way."""
    shifts = rng.integers(-by, by + 1, (len(x), 2))
    pairs = zip(x, shifts, strict=True)
    return np.stack([np.roll(image, shift, axis=(0, 1)) for image, shift in pairs])


honest, scattered = network(), moved(digits_test.images)
fit(MyRotNet(honest), moved(digits.images), 10 if full else 1)
taken = turns_taken(honest, scattered)

# %% slideshow={"slide_type": "-"} tags=["figure"]
answered = lambda digit: taken[:, digits_test.labels == digit]
counted = lambda row: np.bincount(row, minlength=4) / len(row)
tables = {d: [counted(row) for row in answered(d)] for d in (4, 7, 1, 8, 0, 6)}
kept = {digit: np.trace(table) / 4 for digit, table in tables.items()}
plots.panels(
    [np.array(table) for table in tables.values()],
    [f"{digit}: {right:.0%} right" for digit, right in kept.items()],
    "Six 4 by 4 matrices: dark diagonals for 4 and 7, less clear ones for 1, 8, 0 and 6.",
    size=1.55,
    suptitle="Rows: turn made (0°, 90°, 180°, 270°); columns: turn answered (the same). "
    "White 0 %, black 100 %",
)
gap = min(kept[4], kept[7]) - max(kept[0], kept[8])
coursekit.expect("4 and 7 are 15 points ahead of 0 and 8", gap > 0.15, gap=gap)

# %% [markdown] slideshow={"slide_type": "-"}
# Trained on moved digits, the network makes the mistakes that you would make. A 4 and a 7 have an up, and their matrices have one dark
# diagonal. A 1 and an 8 lie down or stand, and that is all one can say: their second dark diagonal is a half turn. A 0 gives even
# less away. A 6 turned by 180° is a 9; whoever calls that upright is not wrong. For such digits the puzzle has no answer, and
# training on them only teaches to guess well.
#
# > **Try it.** Train `honest` on the digits 6 and 9 alone. Which turns can it still tell, and what has it then learned about the two classes?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Too bad to be true
#
# A test can also be too bad to be true, for a reason that has nothing to do with the puzzle. After each minibatch, batch normalization
# updates a running average $a$ by the minibatch's own value $v$:
#
# $$a \leftarrow m\, a + (1 - m)\, v, \qquad a = 0 \text{ for means and } 1 \text{ for variances at the start.}$$
#
# The number $m$ is called its momentum. This lecture's networks have $m = 0.9$; Keras's own is 0.99. Training does not use the running averages, only
# the test does. Now train the first network of section 2 again, with $m = 0.99$. Afterwards let thirty more minibatches pass through it with
# $m = 0.9$, *without a single step of training*.
#
# > **Predict.** With $m = 0.9$ the test gave 94 %. Will it give as much with 0.99, a few points less, or far less? And can the thirty
# > minibatches change that, when no weight moves?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def momentum(network, value):
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = value


hasty = network()
momentum(hasty, 0.99)
fit(MyRotNet(hasty), digits.images[:1600], 1)
tested = {"m = 0.9": shares["test"]}
tested["m = 0.99"] = accuracy(hasty, digits_test.images)
weights = [ops.convert_to_numpy(w).copy() for w in hasty.trainable_variables]
momentum(hasty, 0.9)
for start in range(0, 960, 32):
    hasty(rotate(digits.images[start : start + 32]), training=True)
same = all(map(np.array_equal, weights, map(np.asarray, hasty.trainable_variables)))
tested["m = 0.99, and\n30 minibatches with 0.9"] = accuracy(
    hasty, digits_test.images
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    tested,
    "One training, three tests (digits)",
    "Three bars: the middle one, the test with momentum 0.99, is far below the others.",
    ylabel="share of turns recognized",
    marks={"chance": 0.25},
    size=(7, 3.6),
)
_, stale, mended = tested.values()
claim = "no weight has changed, and 10 points or more came back"
coursekit.expect(claim, same and mended - stale > 0.1, back=mended - stale)

# %% [markdown] slideshow={"slide_type": "-"}
# With $m = 0.99$ the same 50 steps seem to have taught far less: the test gives 49 %. The thirty minibatches bring it to 93 %, although no
# weight has changed. Only the averages have. After $n$ steps a running average still holds a share $m^n$ of its initial value:
# $0.99^{50} = 61\,\%$, against $0.9^{50} = 0.5\,\%$. So at the test the network divided by a spread that it had hardly begun to measure.
# Whoever finds that a short run "overfits at once" should look here first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Clothes have an up
#
# Clothes do have an up, so here the puzzle may teach something. The package's `RotNet` is the class you typed (a test holds the two equal),
# and can also move and mirror its images. A twin with the same initial weights stays *untrained*. It will show later what the training itself
# has brought.


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
clothes_of = lambda kind: clothes_test.images[clothes_test.labels == kind]
names = (name.replace("/", "/\n") for name in clothes.classes)
plots.bars(
    {
        name: turner.rotation_accuracy(clothes_of(kind))
        for kind, name in enumerate(names)
    },
    f"Turns recognized, by kind of clothing ({recognized:.0%} of all)",
    "Ten bars, most near 1; the bags' is the lowest.",
    ylabel="share of turns recognized",
    size=(10.5, 3.6),
)
coursekit.expect("it recognizes at least 85 %", recognized > 0.85, share=recognized)

# %% [markdown] slideshow={"slide_type": "-"}
# RotNet recognizes 94 % of the turns of clothes that it has never seen. Bags are the hardest, 71 %: some have no handle.
#
# ### Where does it look?
#
# We can hide a part of the picture and see how much worse the network does. Put an empty square of 7 x 7 pixels on the picture, and measure by how
# many nats the log-probability of the right turn falls. Do that at 8 x 8 places, three pixels apart.
#
# > **Predict.** Where must you put the square on a pullover to do the most harm?


# %% slideshow={"slide_type": "-"} tags=["experiment"]
upright = lambda x: ops.log_softmax(turner.network(x))[:, 0]  # log F of turn 0
some = [clothes_of(kind)[3] for kind in range(10)]
lost = [np.maximum(occlusion(upright, image), 0) for image in some]

# %% slideshow={"slide_type": "-"} tags=["figure"]
most = np.max(lost)
plots.images(
    {"seen": some, "lost": [each / most for each in lost]},
    "What hiding a square costs, at each place (numbers: the most, in nats)",
    "Ten pieces of clothing; below, maps that are darkest at the neck of the pullover.",
    columns=[f"{each.max():.1f}" for each in lost],
    size=0.9,
    caption=f"Lower row: one scale for all ten maps, white 0, black {most:.1f} nats",
)
neck = np.argmax(lost[2]) < 8  # in the first row of the pullover's map
coursekit.expect("the pullover loses most at its neck", neck)

# %% [markdown] slideshow={"slide_type": "-"}
# On the pullover the square does the most harm at the neck: it costs 2.8 nats there, so the probability of the right turn is divided by
# $e^{2.8} \approx 16$. On the dress (the fourth piece) it is the neck and the hem, on the shirt (the seventh) the collar. On six of the ten no
# square costs more than half a nat: the network recognizes the turn by what is left. Necks and hems are parts by which one
# would describe a piece of clothing, and nobody named a part to the network. Ten pictures are not yet a proof that its features are useful.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · What is it worth? Probes
#
# A **probe** measures what features are good for, by a task that they were not made for. Freeze the network, take the numbers of an inner
# layer as features, and train a **linear** classifier on them, with a few labels of each class.
#
# Two rules make such a measurement fair. First, all contestants get the *same* labels. The labels are drawn several times, and differences are
# taken draw by draw, so that luck with the draw cancels. Second, the untrained twin takes part, because even random convolutions give
# useful features. The other contestants are raw pixels; an autoencoder's code, of lecture 4's kind; and a network of the same shape that was
# trained with all labels, for as many steps. (In the full profile RotNet is trained three times, and the spreads are over these.)

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
# A linear classifier on raw pixels, with 10 labels of each class, is right for about 68 % of the test pieces.
#
# > **Predict.** What share will be right with the features of the *untrained* network? And with RotNet's? Write both into `guess`.


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
order = ["RotNet", "all labels seen", "autoencoder's code"]
order += ["raw pixels", "untrained network"]
plots.lines(
    [count or len(clothes.labels) // 10 for count in counts],
    {name: [scores[name][count].mean for count in counts] for name in order},
    "A linear classifier on frozen features (clothes)",
    "Five rising curves; at ten labels RotNet's is above pixels, the untrained network and the code.",
    xlabel="labels of each class, up to all there are",
    ylabel="test accuracy (mean of the draws)",
    guesses={f"your guess: {name}": (10, height) for name, height in guess.items()},
    baselines=order[-2:],
    log=("x",),
    size=(9, 4.6),
)
ahead = probes.difference(scores["RotNet"][10], scores["untrained network"][10])
claim = "10 labels a class: 3 points or more ahead, and more than twice the spread"
coursekit.expect(claim, ahead.mean > max(0.03, 2 * ahead.spread), ahead=ahead.mean)


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def bench(count):
    """The bars of one number of labels, with their spread; RotNet's in blue."""
    figure, axis = plt.subplots(figsize=(6.4, 2.6), layout="constrained")
    names = list(reversed(scores))
    found = [scores[name][count] for name in names]
    colors = [palette.OURS if n == "RotNet" else palette.BASELINE for n in names]
    means, spreads = [s.mean for s in found], [s.spread for s in found]
    bars = axis.barh(names, means, xerr=spreads, color=colors, ecolor="#333")
    axis.bar_label(bars, [f"{mean:.1%}" for mean in means], padding=6, fontsize=10)
    title = f"Labels of each class: {count or 'all'}"
    axis.set(xlim=(0, 1), xlabel="test accuracy", title=title)
    axis.grid(axis="y", visible=False)
    plt.close(figure)
    return figure


widgets.FramePlayer(
    [bench(count) for count in counts],
    [("labels of each class", [str(count or "all") for count in counts])],
    title="How many labels?",
    alt="Bars for five kinds of features, RotNet's in blue; all grow with the number of labels.",
    start=[1],
    fps=1,
    width=640,
)

# %% [markdown] slideshow={"slide_type": "-"}
# With 10 labels of each class, the untrained network's features give 64 %, raw pixels 68 %, and RotNet's features 69 %. So random convolutions are
# within a few points of pixels, and training on turns has brought RotNet nearly six points over its untrained twin. The autoencoder's code
# is that of lecture 5's VAE, which saw 60,000 clothes. With one label of each class it is among the best, because a classifier of 16 numbers
# needs few labels; with all labels it is at the bottom. With a hundred labels, pixels are a point behind RotNet, and RotNet a point
# behind the network that was taught. With all labels these two are level (and the probe is a single draw). Self-supervision is for when labels
# are dear.
#
# ### Four turns or two?
#
# **With two turns, 0° and 180°, the puzzle is easier; is it the better teacher?** The paper tried this, too. We add two more probes, since a
# linear one is one question among several. The vote of the nearest neighbors (k-NN) asks whether *distances* between features mean
# something. A classifier with a hidden layer asks whether the classes can be told apart at all.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
halves, _ = twins(rotnet.small, turns=(0, 2), augment=True)
fit(halves, clothes.images, 10 if full else 3)
solved = halves.rotation_accuracy(clothes_test.images)
unsolved = rotnets[0][1].rotation_accuracy(clothes_test.images)
two = conv3_of(halves.network)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
rows, found = [], {}
for name, its, solves, chance, printed in [
    ("untrained", features["untrained network"][0], unsolved, "25%", ""),
    ("0°, 180°", two, solved, "50%", "87.46"),
    ("0°, 90°, 180°, 270°", features["RotNet"][0], recognized, "25%", "89.06"),
]:
    ask = [
        scored(its, wardrobe, p) for p in (probes.linear, probes.knn, probes.hidden)
    ]
    found[name] = ask[0]
    right = [f"{score.mean:.1%} ± {score.spread:.1%}" for score in ask]
    rows.append([name, f"{solves:.1%}", chance, *right, printed])
lead = probes.difference(found["0°, 90°, 180°, 270°"], found["0°, 180°"])
coursekit.expect("two turns are told apart more often", solved > recognized)
coursekit.expect("and teach less", lead.mean > 0, lead=lead.mean)
columns = ("turns", "recognized", "chance", "linear", "k-NN", "hidden layer")
plots.table(rows, (*columns, "printed, %"))

# %% [markdown] slideshow={"slide_type": "-"}
# The easier puzzle is solved better, 97 % against 94 % of the turns, and it teaches less: 67 % against 69 % with the linear probe. (It also saw half
# as many pictures, two turns of each instead of four.) **The accuracy at the puzzle is not the aim.** Section 3 showed the same more
# harshly, where a shortcut gave 94 %. The last column is the paper's: CIFAR-10, all labels, a classifier of three layers on the second block.
#
# ### Neighbors
#
# The nearest neighbors show what a network takes for similar. Nearest means here: with the smallest angle between the features. Drag through the
# questions, and change the features. Often all three kinds find something alike. A probe is trained, so it can pick out what is useful
# among the features; a distance has to take all of them.


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
# The next slide's method, **Deep InfoMax**, asks that a picture's code $y$ know as much as possible of the picture $x$ (Hjelm et al., 2019).
# How much one knows of the other is measured by their *mutual information*, in nats:
#
# $$I(X; Y) = \mathrm{KL}\big(p(x, y) \,\Vert\, p(x)\,p(y)\big) = \mathbb E_{p(x, y)} \log \frac{p(x, y)}{p(x)\,p(y)} .$$
#
# It is zero if the two have nothing to do with each other. Nobody knows these densities, but we have samples of both. In a batch of $n$
# pictures and their codes, the $n$ pairs $(y_i, x_i)$ belong together: they are samples of $p(x, y)$. The pairs $(y_i, x_j)$ with
# $i \ne j$ do not: they are samples of $p(x)\,p(y)$. Let a network $T$ give each pair a score, $s_{ij} = T(y_i, x_j)$. We call $s_{ii}$
# a code's **own** score and $s_{ij}$, $i \ne j$, its scores of **others**; in the table of scores the own ones are the diagonal.
#
# There are three ways to turn the scores into a number.
#
# **Donsker and Varadhan bound the divergence directly.** Write $p$ for $p(x, y)$ and $q$ for $p(x)\,p(y)$, and let
# $r = q\, e^{T} / \mathbb E_q[e^{T}]$, which is a density again. No divergence is negative, so
#
# $$0 \le \mathrm{KL}(p \Vert r) = \mathbb E_p \log \frac{p}{q} - \mathbb E_p[T] + \log \mathbb E_q[e^{T}]
#   \quad\Longrightarrow\quad I \ge \mathbb E_{\text{own}}[s] - \log \mathbb E_{\text{others}}[e^{s}] .$$
#
# The two sides are equal if $T = \log (p/q)$: the best score is the log-ratio of the two densities.
#
# **Jensen-Shannon classifies single pairs.** Is this pair own or other? A classifier with the logit $s$ says "own" with probability
# $1 / (1 + e^{-s})$. Its mean log-probability of the right answer is
#
# $$-\mathbb E_{\text{own}}[\mathrm{sp}(-s)] - \mathbb E_{\text{others}}[\mathrm{sp}(s)], \qquad \mathrm{sp}(s) = \log(1 + e^{s}) .$$
#
# Its best logit is the same log-ratio. The value itself is no estimate of $I$, but it can be used to train $T$ and the encoder.
#
# **InfoNCE classifies among candidates.** The code is shown $N$ candidates, its own and $N - 1$ others, and names its own by a softmax over the
# scores. The log-probability of the right answer is $s_{\text{own}} - \log \sum e^{s}$, the sum running over all $N$. Who knows nothing gets
# $-\log N$, so we add $\log N$ to begin at zero:
#
# $$\log N + \mathbb E\Big[ s_{\text{own}} - \log \sum_{\text{own, others}} e^{s} \Big] .$$
#
# A log-probability is at most 0, so InfoNCE is at most $\log N$. With exact means it is also at most $I$ (van den Oord et al., 2018).
#
# Deep InfoMax's local version cuts each picture into a map of places. A code then chooses between one place of its own picture and *all* places of
# all others, so with $n$ pictures $N = 1 + (n - 1) \cdot \text{places}$. In the code below, `others` is $\log \sum e^{s}$ over the others,
# and `logaddexp` adds the own score to that sum.


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
# We try the estimators where the answer is known. Let $x$ and $y$ be three numbers each, all standard normal, and each number of $y$
# correlated with the same number of $x$ by $\rho = 0.8$. For one such pair of numbers the densities are Gaussian, and the log-ratio is
#
# $$\log \frac{p(x, y)}{p(x)\,p(y)} = -\frac12 \log(1 - \rho^2) - \frac{\rho^2 (x^2 + y^2) - 2 \rho\, x y}{2 (1 - \rho^2)} .$$
#
# This is the best score. Its mean is the information: with $\mathbb E[x^2] = \mathbb E[y^2] = 1$ and $\mathbb E[xy] = \rho$ the fraction's mean is 0, so
# each pair of numbers carries $-\frac12 \log(1 - \rho^2)$ nats. With $\rho = 0.8$ that is $-\frac12 \log 0.36 = 0.51$, and three pairs carry
# $I = 1.53$ nats. (In the code, $0.64 = \rho^2$, $1.6 = 2\rho$, $0.72 = 2(1 - \rho^2)$ and $0.6 = \sqrt{1 - \rho^2}$.)
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


def estimates(n):
    """Each estimator's mean over many batches of n."""
    draws = [best_scores(n) for _ in range(max(6, 1024 // n))]
    nce = [float(infonce(s[:, :, None])) for s in draws[: max(6, 128 // n)]]
    s = np.stack(draws, axis=-1)  # Donsker-Varadhan's is a mean over the last axis
    return np.mean(nce), float(dv(s)), float(dv(2 * s))


means = np.transpose([estimates(n) for n in sizes])
curves = dict(zip(names, means, strict=True))

# %% slideshow={"slide_type": "-"} tags=["figure"]
truth = -1.5 * np.log(1 - 0.64)
nce, dv_best, dv_wrong = means
plots.lines(
    sizes,
    curves | {"log N": np.where(sizes < 32, np.log(sizes), np.nan)},
    "What the estimators say of 1.53 nats",
    "InfoNCE rises to the truth from below, under log N; Donsker-Varadhan's start above it.",
    xlabel="N, pictures in a batch",
    ylabel="nats",
    marks={"the truth": truth},
    baselines=["log N"],
    log=("x",),
)
coursekit.expect("InfoNCE never exceeds log N", np.all(nce <= np.log(sizes)))
coursekit.expect("of 512 it is within 0.15 nats", abs(nce[-1] - truth) < 0.15)
claim = "of four, Donsker-Varadhan says more than the truth, of a wrong score still more"
wrong_says = dv_wrong[0] > max(dv_best[0], truth + 0.3)
coursekit.expect(claim, wrong_says and dv_best[0] > truth, best=dv_best[0])

# %% [markdown] slideshow={"slide_type": "-"}
# With batches of four, InfoNCE cannot say 1.53 nats: it is at most $\log 4 = 1.39$, however much there is to know. Donsker-Varadhan can. It even says more than
# the truth, although the score is the best one. It is a bound only if its means are exact, and $\mathbb E\,e^s$ is a mean of rare, huge
# values, which a small batch misses. So its logarithm comes out too small, and the estimate too large. With a score that is *wrong*, twice
# too large, it says still more. With large batches, on the right of the figure, the means are nearly exact and punish the wrong score. But a training that
# maximizes the estimate of small batches finds such scores.
#
# > **Try it.** Correlate by 0.99 instead ($I = 5.9$ nats). How large a batch does InfoNCE ask for?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Deep InfoMax, typed
#
# Deep InfoMax maximizes InfoNCE between a picture's code and the places of its map. The encoder's second convolution gives a **local map**
# of 8 x 8 places that each see a part of the picture. Its last layer gives the code, which is **global**: it has seen the whole picture.
# A code $y$ has 64 numbers and a place $x_p$ has 32 channels, so a small network $\varphi$ brings the code, and another one, $\psi$, each place to
# $u = 64$ numbers. The score is their dot product:
#
# $$T(y, x_p) = \varphi(y) \cdot \psi(x_p) \,/\, \sqrt{u} .$$


# %% slideshow={"slide_type": "-"} tags=["figure"]
gray = lambda image: np.repeat(image.mean(-1, keepdims=True), 3, axis=-1)
one, other = (gray(patches.images[patches.labels == k][0]) for k in (0, 3))
maps = "map of $x$", "map of other"
plots.flow(
    """
    $x$ -> [conv] -> {map of $x$} -> [psi] -> <same> -> <InfoNCE>
    map of $x$ -> [dense] -> {code of $x$} -> [phi]
    other image -> [conv 2] -> {map of other} -> [psi 2] -> <different>
    phi -> same
    phi -> different -> InfoNCE
    conv == conv 2
    """,
    "Deep InfoMax: does this place belong to this code?",
    rows=[
        "$x$, conv, map of $x$, psi, same",
        "dense, code of $x$, phi, InfoNCE",
        "other image, conv 2, map of other, psi 2, different",
    ],
    labels={"conv 2": "conv", "same": "score: high", "different": "score: low"}
    | {"psi": "$\\psi$", "psi 2": "$\\psi$", "phi": "$\\varphi$"},
    notes={"psi 2": "the same"} | dict.fromkeys(maps, "8 x 8 places"),
    pictures={"$x$": one, "other image": other},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The package's `scorer` has the encoder, $\varphi$ and $\psi$ in one network. From images it computes `code_for_places`, which is $\varphi(y)$, $n$ rows of
# 64 numbers, and `places`, which is $\psi(x_p)$, $n$ times 64 places of 64 numbers. Both $\varphi$ and $\psi$ are this:

# %% slideshow={"slide_type": "-"} tags=["central"]
coursekit.show(infomax_networks.projection)

# %% [markdown] slideshow={"slide_type": "subslide"}
# All scores together are a cube $s_{ijp}$: code $i$, picture $j$, place $p$. Its diagonal, $i = j$, holds each code's scores of its own places. InfoNCE
# of this cube is the objective DIM(L), "L" for local. (DIM(G), the global one, scores whole pictures, and learns far less.)


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
# Deep InfoMax gets the patches of twelve photographs, 32 x 32 pixels each; a patch's class is its photograph. Training patches come from the left
# part of each photograph, test patches from the right. One shortcut is removed beforehand. In color, raw pixels alone tell half of the patches
# apart (49 % by the same probe, in the record of section 8), so the network is shown gray ones of equal brightness and contrast.
#
# > **Predict.** Twelve classes, so chance is right in 8 % of cases, and raw gray pixels are in 14 % (by the record). What share will a linear probe with 10
# > labels a class get right after ten seconds of Deep InfoMax, without a label? Write it into `guess`.


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
    edge = ((0, 0), (0, 0), (1, 0), (1, 0))
    maps = np.pad(scores.reshape(6, 6, 8, 8), edge, constant_values=scale[0])
    return maps.transpose(0, 2, 1, 3).reshape(54, 54)


alt = "Six patches of photographs."
plots.images({"six patches": six}, "Whose code finds whose places?", alt, size=0.95)
scale = [bound(np.stack([at_first, at_last])) for bound in (np.min, np.max)]
plots.panels(
    [sheet(at_first), sheet(at_last)],
    ["before training", "after"],
    "Two sheets of 6 by 6 maps; after training those on the diagonal are dark.",
    size=3.4,
    range=scale,
    suptitle="Scores: code of patch (row), 8 x 8 places of patch (column)\n"
    f"one scale: white {scale[0]:.1f}, black {scale[1]:.1f}",
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
    guesses={"your guess": ("Deep InfoMax", guess)},
    marks={"chance": 1 / 12},
    baselines=["untrained"],
    size=(6.5, 3.6),
)
ahead = probes.difference(reached, untrained)
claim = "at fc, DIM is 30 points or more ahead of its untrained self"
coursekit.expect(claim, ahead.mean > 0.30, ahead=ahead.mean)

# %% [markdown] slideshow={"slide_type": "-"}
# After ten seconds without a label, a probe of Deep InfoMax's features gets 55 % of the test patches right, and of the untrained network's 21 %. The
# sheets above show what it has learned: after training, high scores (dark) lie on the diagonal, at nearly every
# place of a patch. The code of brick has to say "brick" so that each of its 64 places is found. What the places have in
# common is worth a code's numbers; what happens at one place alone is thrown away. The package's `DeepInfoMax` has the same
# loss, the global one beside it, and all three estimators.
#
# > **Try it.** Build `dim` with `estimator="jsd"` or `"dv"`, and fit `dim` instead of `mine`. Which of the three learns from so few pictures?
#
# ### The prior, and its adversary
#
# The paper's whole objective is to maximize
#
# $$\alpha\, \hat I(X; Y) + \beta\, \text{mean over places } p \text{ of } \hat I(X_p; Y) - \gamma\, D(\text{codes} \,\Vert\, \text{uniform}).$$
#
# The first term is the global estimate and the second the local one; so far we had $\alpha = 0$, $\beta = 1$ and $\gamma = 0$. The third term asks that
# the codes be spread evenly over $[0, 1]^d$. Even codes are the *prior*, what one assumes of codes before one has seen any. The
# divergence $D$ is judged by a second network, an **adversary**, which learns to tell codes from uniform draws. The encoder learns to make
# codes that the adversary takes for uniform. Lecture 7 plays this game about pictures.
#
# Here it is on digits of 14 x 14 pixels, with the global objective and codes of two numbers, so that one can see the square. The weight
# $\gamma$ is a variable, so that one compilation serves both runs, with $\gamma = 0$ and $\gamma = 1$.


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
    """The share of the codes that must move to another cell until 5 x 5 cells hold equally many."""
    counts = np.histogram2d(*codes.T, bins=5, range=[[0, 1], [0, 1]])[0]
    return np.abs(counts / len(codes) - 1 / 25).sum() / 2


def squares(codes, labels):
    figure, axes = plt.subplots(1, 2, figsize=(8.4, 4), layout="constrained")
    for axis, (name, at) in zip(axes, codes.items(), strict=True):
        dots = axis.scatter(*at.T, c=labels, cmap="tab10", s=7, vmin=-0.5, vmax=9.5)
        axis.set(title=f"{name}: {misplaced(at):.0%} misplaced", aspect="equal")
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="first number")
    axes[0].set_ylabel("second number")
    figure.colorbar(dots, ax=axes, ticks=range(10), label="digit")
    alt = "Codes of digits in a square: at its edges without the prior, a little more even with it."
    return plots.display(figure, alt)


squares(codes, digits_test.labels)
alone, evened = map(misplaced, codes.values())
even = np.mean([misplaced(rng.random((1000, 2))) for _ in range(20)])
claim = "the adversary evens the codes out; of uniform draws 5 to 7 % are misplaced"
coursekit.expect(claim, evened < 0.95 * alone and 0.05 < even < 0.07)

# %% [markdown] slideshow={"slide_type": "-"}
# Even without the prior ($\gamma = 0$) the codes fill most of the square, though mostly along its edges. Codes that must be told apart cannot sit on one
# spot, so InfoNCE has spread them. To measure how evenly, divide the square into 25 cells and ask what share of the codes would have to move
# to another cell until all cells hold equally many; the figure calls these *misplaced*. Without the prior they are 23 %, with it
# 18 %. Of uniform draws, as many as there are codes, about 6 % are misplaced by chance. The adversary, in its few seconds, goes a part of the way.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Each where its assumption holds
#
# Every puzzle makes an assumption about its pictures. RotNet assumes that *pictures have an up, and what tells it is what matters*. Deep InfoMax assumes
# that *what the parts of a picture share is what matters*. Now exchange the data: give the patches to RotNet and the clothes to Deep
# InfoMax, for as many epochs. The patches are as gray for RotNet as for Deep InfoMax.
#
# > **Predict.** Two methods and two data sets make four runs. Which of the four gains most over its own untrained network? And on which data will RotNet
# > fail to recognize the turns?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
as_dim = {"gray": True, "standardized": True}
strays = twins(rotnet.small, (32, 32, 3), augment=True, **as_dim)
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
coursekit.expect(claim, holds, **{" on ".join(run): g for run, g in gains.items()})
astray = strays[0].rotation_accuracy(patches_test.images)
claim = "RotNet recognizes 15 points fewer turns of patches than of clothes"
coursekit.expect(claim, astray < recognized - 0.15, patches=astray)
print(f"turns recognized: clothes {recognized:.0%}, patches {astray:.0%}")
heads = ["10 labels a class", "here: fc, untrained", "here: fc, trained"]
heads += [f"record: points gained at {layer}" for layer in ("conv2", "conv3", "fc")]
plots.table(rows, heads)

# %% [markdown] slideshow={"slide_type": "-"}
# Deep InfoMax on patches gains most, 36 points at `fc` by the record, and on patches RotNet fails: it recognizes 28 % of their turns, where
# chance is 25 %. The first two columns of numbers are shares of right answers from this run. The last three are a record of
# fifteen seconds of training each, with three seeds (`tests/bench/self_supervision.py`): points gained over the same network
# untrained, ± their spread between draws. In the record Deep InfoMax has twice the channels.
#
# **On patches Deep InfoMax gains 36 points at `fc`, RotNet 10.** All places of a patch of gravel look like gravel; what they share *is* the class.
# But gravel has no up.
#
# **On clothes it is the other way round, at the layers that are maps.** There RotNet gains 5 and 6 points, Deep InfoMax 2 and 1. What do the places of
# a boot share? Only that they are parts of something dark. At `fc` both gain six or seven points. A random dense layer has lost
# information, and *any* training wins some of it back; that may explain RotNet's 10 points on patches, too. So whether a network has learned
# anything depends on the layer where one looks. Report every layer.
#
# **A puzzle teaches what its answer depends on.** Ask what that is before you train.
#
# What does Deep InfoMax still confuse? For each pair of photographs, take patches of both and measure how similar their features are, by the
# cosine of the angle between them.


# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
def between(network):
    fc = encoders.activations(network, patches_test.images, "fc")
    return probes.class_similarity(fc, patches_test.labels)


shipped = coursekit.pretrained("dim-photos")
alike = {"untrained": between(blind.encoder), "DIM, here": between(dim.encoder)}
alike["DIM, shipped"] = between(shipped.encoder)

# %% slideshow={"slide_type": "-"} tags=["figure"]
figure, axes = plt.subplots(1, 3, figsize=(11, 4.3), layout="constrained")
for axis, (name, cosines) in zip(axes, alike.items(), strict=True):
    shades = axis.imshow(cosines, vmin=-0.3, vmax=0.8)
    axis.set(title=name, xlabel="photograph", yticks=[])
    axis.set_xticks(range(12), patches.classes, rotation=90, fontsize=9)
    axis.grid(False)
axes[0].set_yticks(range(12), patches.classes, fontsize=9)
axes[0].set_ylabel("photograph")
figure.colorbar(shades, ax=axes, label="mean cosine, at fc", shrink=0.75)
plots.display(
    figure,
    "Three 12 by 12 matrices with the photographs' names: the first with a faint diagonal "
    "among blocks, the others with a dark one.",
)
gap = lambda m: np.diagonal(m).mean() - m[~np.eye(12, dtype=bool)].mean()
before, after, _ = map(gap, alike.values())
claim = "after training a photograph is more like itself"
coursekit.expect(claim, after > 1.5 * before, before=before, after=after)

# %% [markdown] slideshow={"slide_type": "-"}
# Before training the diagonal hardly stands out: for most photographs, two of its patches are about as similar as patches of two photographs. After
# training it stands out for most. The darkest cells beside it say what is still confused: gravel with grass, then tissue with gravel, and
# flower with retina.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · With more patience
#
# Both puzzles have been trained for longer, too, and these weights come with the course. `rotnet-fashion` has seen all 60,000 clothes for
# ten epochs. `dim-photos` has seen these patches for a hundred epochs, with twice the channels.

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
# With fifteen times the pictures RotNet's features at `conv3` gain less than four points. With twice the channels and a hundred epochs Deep InfoMax's at `fc` gain
# ten. But look *when* they come: the record of `dim-photos` has 52 % after one epoch, 62 % after twelve, 64 % after a hundred. This puzzle
# soon has no more to teach about these pictures.
#
# **The last three rows are the papers' own data, CIFAR-10.** Deep InfoMax has its paper's encoder, RotNet the same convolutions. Each was trained for
# less than an hour on two processor cores. Photographs of horses and trucks have an up *and* parts that belong together, so both puzzles
# teach: RotNet gains 12 points in the first epoch, and 13 in the nineteen that follow.
#
# This Deep InfoMax differs from the paper's whole objective in two ways, and short trials of three epochs say what each of them does. First, it goes without the prior,
# with which the probe at `fc` lost 1.7 points (`dim-ablation-prior` against `dim-ablation-plain`). Second, while it trains, a square of 20 x 20 pixels is hidden
# from the code, but not from the map, so that the code has to know places that it was not shown. The paper reports this as an
# extension. It changed little here (`dim-ablation-occluded`).
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
# - **A pretext task** is a puzzle whose labels cost nothing. The accuracy at the puzzle says nothing about what was learned.
# - **A shortcut** is a clue that solves a puzzle without looking: half a pixel for RotNet on MNIST, color for Deep InfoMax. Destroy it, by moving or graying.
# - **InfoNCE** is a classification, and a bound that cannot exceed $\log N$. Donsker-Varadhan's estimate can exceed the truth.
# - **Deep InfoMax** makes a code know every place of its picture: what the places share stays, the rest goes.
# - **A probe** needs something to compare with: the same labels for all, raw pixels, and the same network untrained.
#
# Since 2020 two newer kinds of puzzle have left both behind: contrastive methods, which compare two crops of a picture (InfoNCE again), and networks that
# fill in masked parts.

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
