# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Self-supervision: which way is up?
#
# Nobody has labeled these pictures. So we set a network a puzzle whose answer we know, because we made it. We turn a picture,
# and ask which way was up. We hope that a network that can answer has noticed what is in the picture. That is the idea of
# **self-supervision**: the labels come from the data themselves. This lecture tests it on one such puzzle, RotNet.
#
# **You will be able to**
#
# - derive RotNet's loss, and build it;
# - find the clue by which a network can pass a test without looking, and destroy it;
# - measure what features are worth, with a linear probe and fair comparisons;
# - choose a layer on validation data, and say why not on test data;
# - say what a published 91.16 % shows, and what it does not show.
#
# You need the first look at this puzzle and at probes in [lecture 2](02_self_supervision.ipynb), and the idea of cross-entropy from [lecture 0](00_start_here.ipynb). About 75 minutes to read and
# play; about a minute to run.

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
from coursekit.models import encoders, rotnet
from coursekit.plots import palette
from coursekit.training import Model, progress

full = profile == "full"
rng = np.random.default_rng(seed)
load = lambda name: [data.load(name, split) for split in ("train", "test")]
digits, digits_test = load("digits")
clothes, clothes_test = wardrobe = load(
    "fashion_mnist" if full else "fashion_small"
)
patches_test = data.load("photo_patches", "test")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Which way is up?
#
# The puzzle turns each image by 0, 90, 180 or 270 degrees, and lets a network say which (Gidaris, Singh and Komodakis, 2018).
# All turns of this lecture are counterclockwise. Before the network tries, you do. There are three kinds of pictures: digits,
# clothes, and patches cut from photographs of gravel, grass, stained tissue and galaxies.
#
# > **Predict.** By how many quarter turns was each picture turned: 0, 1, 2 or 3? Write your twelve answers into `mine`, in the
# > cell below. Only then look at the solutions (the second slider).


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
# To answer, you had to know what you saw. A boot stands on its sole, so whoever sees that it is a boot can turn it back. Gravel
# has no up, so there it does not help to know what one sees. A puzzle that one can solve only by knowing clothes may teach a
# network what clothes look like.
#
# A task that we set for the sake of what is learned on the way is called a **pretext task**. **RotNet** is a network that is
# trained to say which way a picture was turned (Gidaris et al., 2018). In the drawing, follow one image from left to right:
# four turns, one network, four answers.

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
# RotNet is a classifier with four classes, and its labels cost nothing. We know each turn, because we made it.
#
# **The loss, in four steps.** Take one image $x$. Let $\mathrm{Rot}_k(x)$ be the image after $k$ quarter turns,
# $k = 0, 1, 2, 3$.
#
# 1. For each picture the network puts out four numbers, the *logits*. A softmax makes probabilities of them. Write $F_k(\cdot)$
#    for the probability of "$k$ turns". A good network makes $F_k(\mathrm{Rot}_k(x))$ large, for each $k$.
# 2. The network gets each of the four pictures by itself, so we treat its four answers as independent. Probabilities of
#    independent events are multiplied. So all four answers are right with the probability
#    $F_0(\mathrm{Rot}_0(x)) \cdot F_1(\mathrm{Rot}_1(x)) \cdot F_2(\mathrm{Rot}_2(x)) \cdot F_3(\mathrm{Rot}_3(x))$.
# 3. The larger a number, the larger its logarithm. So we may maximize the logarithm of the product instead. The logarithm of a
#    product is the sum of the logarithms.
# 4. Optimizers minimize, so we put a minus sign in front. And we divide by four, so that the loss is a mean:
#
# $$\mathcal L(x) = -\frac14 \sum_{k=0}^{3} \log F_k\big(\mathrm{Rot}_k(x)\big)$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# This is the cross-entropy of [lecture 0](00_start_here.ipynb), averaged over the four turns. Its unit is the nat. Two values
# help to read it. **A network that knows nothing gives each turn the probability $\frac14$, and its loss is
# $\log 4 = 1.39$ nats.** A network that gives each right turn the probability 0.9 has the loss $-\log 0.9 = 0.11$ nats.
#
# In the code, `rotate` only changes the places of pixels. So there is no blur by which one could recognize a turn. **All four
# turns of an image go into the same minibatch.**


# %% slideshow={"slide_type": "-"} tags=["central"]
def rotate(x):
    """[n, side, side, channels] -> [4n, ...]: all by 0, all by 90 degrees, 180, 270."""
    across = ops.transpose(x, (0, 2, 1, 3))
    quarter, three_quarters = ops.flip(across, axis=1), ops.flip(across, axis=2)
    half = ops.flip(ops.flip(x, axis=1), axis=2)
    return ops.concatenate([x, quarter, half, three_quarters])


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
# The network has three convolutions, `conv1` to `conv3`, then a dense layer, `fc`, and then four logits, one for each turn.
# Each filter of a convolution makes a *map*: one number for each place of the picture. Each convolution has stride 2, so it
# halves the width and the height. (It rounds up, so 7 becomes 4.)
#
# **Batch normalization** takes each number that a layer puts out, subtracts its mean over the minibatch, and divides by its
# standard deviation over the minibatch. It stands after each layer but the last. So the numbers that the next layer gets have
# a similar size all through the training, and the weights need not adapt to a changing size.
#
# At the test there may be only one image, and no minibatch. So batch normalization then uses means and standard deviations that
# it has collected during the training. ("Too bad to be true", in the second reading, says how, and explains `MOMENTUM` in the
# next output.)
#
# The next cell builds the network, and shows one of its layers.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# The drawing has all sizes. Follow the digit from left to right. The weights are still random, and yet you recognize the digit
# in the maps of the first convolution. In the later maps you do not. Section 5 comes back to this.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.network(
    network(),
    digits_test.images[0],
    title="RotNet's network before its training, and a digit in it",
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** The network sees 1,600 digits once, 32 at a time, which makes 50 steps. By chance it would recognize one turn
# > in four. What share will it recognize of the turns of digits that it has never seen? Write it into `guess`.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
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
# After 50 steps RotNet recognizes 94 % of the turns of digits that it has never seen. (The mean of its training steps is lower,
# because it counts the first steps, too.) Nobody told RotNet what a digit is. Does it know by now what digits look like?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Too good to be true
#
# Some digits look the same after a turn, so the network should fail on them. A 0 that is turned by 180° is still a 0. Let us
# look at each digit by itself.
#
# > **Predict.** Of which digits could *you* not tell which way up they are? Write them into `hopeless`. What share of the turns
# > of those will the network recognize?

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

# %% [markdown] slideshow={"slide_type": "-"}
# The network recognizes 86 % of the turns of a 0, which has no up. So for the 0, at least, it must have found another clue than
# the shape.
#
# **Could the clue be the place?** For each digit and each turn we draw a point: where the middle (the center of mass) of its
# ink lies. In the figure, look whether the four colors mix.


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
# Each turn has a square of its own, and hardly a point lies in the wrong square. So **two numbers give every answer away**: how
# far the ink's middle lies to the right of the picture's middle, and how far above it. Whoever has these two numbers need not
# know what a digit looks like.
#
# **Where does this offset come from?** It comes from the way MNIST was made. A row has 28 pixels, so the middle of the picture
# lies *between* two pixels. But each digit was moved, by whole pixels, until its ink's middle was as near as possible to a
# *pixel*: the one half a pixel to the right of the picture's middle and half a pixel below it. Steps of whole pixels can miss
# it by up to half a pixel. So the ink's middle ends up between 0 and 1 pixel too far to the right, and between 0 and 1 pixel
# too low. This is the blue square. When the picture turns, the offset turns with it.
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
# One pixel on, the network recognizes only 8 % of the turns, far less than chance. Why so few? The ink's middle of an upright
# digit now lies between 0 and 1 pixel too far to the *left*, and as much too *high*. That is the green square, in which the
# training digits lay after half a turn. So the clue now says "half a turn" of each upright digit. It is wrong by half a turn
# for the other turns, too.
#
# **A clue by which a network gets its answers right, and learns nothing of what we wanted, is called a *shortcut*.** A shortcut
# is the usual way for a pretext task to fail.
#
# What is the cure? **Destroy the clue.** RotNet's authors cut each training image out at a random place, and mirror half of
# the images from left to right. Digits may not be mirrored, because a mirrored 2 is no digit any more. But they can be moved,
# by up to three pixels either way. This destroys most of the clue. ("What is left of the clue", in the second reading, computes
# the rest.)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def moved(x, by=3):
    """Each image by up to so many pixels either way."""
    shifts = rng.integers(-by, by + 1, (len(x), 2))
    pairs = zip(x, shifts, strict=True)
    return np.stack([np.roll(image, shift, axis=(0, 1)) for image, shift in pairs])


honest, scattered = network(), moved(digits_test.images)
fit(MyRotNet(honest), moved(digits.images), 10 if full else 1)
taken = turns_taken(honest, scattered)

# %% [markdown] slideshow={"slide_type": "-"}
# Read the matrices below row by row. A row is the turn that was made, a column the turn that the network answered. Right
# answers lie on the diagonal from the upper left to the lower right. Look for dark places beside the diagonal.

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
# Trained on moved digits, the network makes the mistakes that you would make. A 4 and a 7 have an up, and their matrices have
# one dark diagonal.
#
# In the matrices of 1, 8 and 6 each row has two dark places. The second one is half a turn away from the right answer. Of a 1
# or an 8 one can hardly say more than whether it stands or lies. And a 6 that is turned by 180° looks like an upright 9. The 0
# shows the same, less clearly.
#
# So from such digits a network can learn little about their shape by this puzzle.
#
# > **Try it.** Train `honest` on the digits 6 and 9 alone. Which turns can it still tell, and what has it then learned about
# > the two classes?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Clothes have an up
#
# Clothes do have an up, so here the puzzle may teach something. The package's `RotNet` is the class that you typed. It can also
# move and mirror its images. A **twin** with the same initial weights stays *untrained*. It will show later what the training
# itself has brought.
#
# In the figure, look for the kind of clothing whose turns are hardest to tell.


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
# RotNet recognizes 94 % of the turns of clothes that it has never seen. Bags are the hardest, with 71 %: a bag without a handle
# looks much the same upside down.
#
# **This number alone does not show that the network looks at the clothes.** On digits, the shortcut gave 94 %, too. Here the
# images are moved and mirrored in training, which makes a clue of place hard to use. And the bags are hardest, as they would be
# for you. These are hints and no proof.
#
# > **Try it.** Move the test clothes by one pixel with `np.roll`, as in section 3. How much does `turner` lose?
#
# And even if the network looks at the clothes, is anything learned that is useful for *another* question?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · What is it worth? Probes
#
# We want to know whether RotNet's features help with a question that it was never asked, such as "is this a coat?". Features
# are the numbers that an inner layer makes of a picture ([lecture 2](02_self_supervision.ipynb)).
# A **linear probe** is a linear classifier that gets the features and nothing else:
#
# 1. Freeze the network. No weight of it changes from now on.
# 2. Compute the features of all pictures.
# 3. Train a **linear** classifier on the features, with a few labels of each class.
# 4. Count how many test pictures it gets right.

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
# **A linear probe measures how well straight borders separate the classes.** A linear classifier gives each class a score, a
# weighted sum of the features, and names the class with the highest score. Between two classes its border is where their scores
# are equal, and this border is straight (a hyperplane). So the probe is right often if the classes already lie on different
# sides of straight borders.
#
# **It does not measure how much the features know about the class.** A network computes its features from the pixels. So the
# features can know no more than the pixels do. But they can arrange it better for straight borders.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **First rule of a fair comparison: all contestants get the same labels.** Which labels are drawn is luck, so we draw five
# times. The *spread* of an accuracy is its standard deviation over the five draws. To compare two contestants, we subtract
# their accuracies draw by draw. A draw that is lucky for both then favors neither.
#
# **Second rule: the untrained twin takes part.** It shows what the architecture gives without any learning.
#
# Besides RotNet and its twin, the figure shows three more:
#
# - raw pixels;
# - the code of an autoencoder: 16 numbers, from which a second network can draw the picture again (lecture 6);
# - a network of RotNet's shape that was trained on clothes with *all* labels. It is only a reference, because it has seen
#   labels that the others have not.
#
# A probe on raw pixels, with 10 labels of each class, is right for about 68 % of the test pieces.
#
# > **Predict.** What share will be right with the features of the *untrained* network? And with RotNet's? Write both into
# > `guess`.
#
# The next two cells compute the features, and train a probe for 1, 10, 100 and all labels of each class. Of each of the 64 maps
# of `conv3` we take four averages, one for each quarter of the map. Then each feature is standardized: we subtract its mean and
# divide by its standard deviation, both over the training pictures.


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

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = {"untrained": 0.50, "RotNet": 0.75}

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the figure, read the curves at 10 labels first, and compare RotNet with the two gray lines.

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

# %% [markdown] slideshow={"slide_type": "-"}
# With 10 labels of each class, the untrained network's features give 64 %, raw pixels 68 %, and RotNet's features 69 %.
#
# **Training on turns has brought nearly six points over the untrained twin.** The check below the figure says that this lead is
# more than twice its spread. So it is hardly luck with the labels that were drawn.
#
# **Over raw pixels the lead is small, and it shrinks with more labels.** It is about four points with one label of each class,
# and half a point with all. We have not computed its spread, and we have trained RotNet only once. So the small lead may be
# luck. ("How many labels?" in the second reading has all the numbers.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The untrained network has learned nothing, and yet it is right in 64 % of cases, where chance would be right in 10 %. How can
# that be? Look at what its first convolution makes of three pictures. In which maps can you still recognize all three?

# %% slideshow={"slide_type": "-"} tags=["figure"]
blank = rotnets[0][1].network  # the untrained twin
three = np.stack([clothes_of(kind)[3] for kind in (1, 7, 8)])
first = encoders.activations(blank, three, "conv1")
liveliest = np.argsort(-first.std(axis=(0, 1, 2)))[:8]
shown = first[..., liveliest] / first[..., liveliest].max(axis=(0, 1, 2))
shown = np.moveaxis(shown, -1, 1)  # [3, 8, 14, 14]
plots.images(
    {
        name: [image[..., 0], *(np.kron(m, np.ones((2, 2))) for m in maps)]
        for name, image, maps in zip(
            ("trouser", "sneaker", "bag"), three, shown, strict=True
        )
    },
    "Eight of the 16 maps of a first convolution with random weights",
    "Trousers, a sneaker and a bag, and eight maps of each, in which they can still be recognized.",
    columns=["seen", *(f"map {number}" for number in range(1, 9))],
    caption="Each map: one scale for all three pictures, white 0, black its largest value",
)

# %% [markdown] slideshow={"slide_type": "-"}
# In maps 1, 2 and 6 you recognize all three, with other parts of them dark. Other maps keep less: map 4 shows nothing of the
# bag. Taken together, the maps keep the picture. Three facts explain why such features are useful:
#
# 1. **Random filters keep most of the picture.** Each place of a map is a weighted sum of 4 x 4 pixels. The 16 maps give 16 such
#    sums, with different weights. From 16 different sums of 16 numbers one can usually compute the 16 numbers again. Only the
#    rectifier, which replaces negative numbers by 0, loses something.
# 2. **The rectifier bends straight borders.** Rectified sums are no longer linear functions of the pixels. So a straight border
#    in the features is a bent border in the pixels, and a linear probe can separate more.
# 3. **Averaging over regions forgives small shifts.** A sleeve that lies two pixels lower gives nearly the same averages.
#
# But each layer also loses something. We probed the third one, `conv3`, and there the untrained features (64 %) are below the
# pixels (68 %). Section 6 looks at the first layer alone.
#
# **So never compare a trained network with chance alone.** Compare it with raw pixels, and with the same network untrained.
# **The difference between the trained and the untrained network is what the training has brought.**

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Which layer, and who may choose it?
#
# So far we have probed one layer, `conv3`. Is it the best one? The first layers see small parts of the picture, and their
# features are general: edges, spots. The last layers are made for the puzzle: they keep what tells a turn, and may drop the
# rest. So one expects the best layer for *another* question in between. We measure it.
#
# > **Predict.** Which layer's features are best for naming clothes: `conv1`, `conv2`, `conv3`, or the dense layer `fc`? And is
# > it the same layer for the untrained network?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best of four test accuracies is a number that is too high.** Suppose we probe all four layers on the test pieces and
# report the best. Each of the four numbers has some luck in it. **The best of them is likely to be one with good luck.** So the
# number that we report is too high, and more so the more layers we try. It is the same if we choose the epoch at which to stop.
#
# **The cure is a third part of the data.** A quarter of the training pieces becomes the **validation** data. The labels for
# the probe come from the other three quarters. We choose the layer by its accuracy on the validation data. Then we look at the
# test accuracy of the chosen layer alone. The test pieces have had no part in the choice, so their luck is as often bad as
# good.
#
# We average the maps of each layer over regions, so that each convolution gives about 256 features. `fc` has 128.
#
# RotNet's lines are colored in the figure, and those of its untrained twin gray. First find the best layer on validation (blue).
# Then compare the two test lines, orange and dashed gray: where is RotNet furthest ahead?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "conv3"
regions = {"conv1": 4, "conv2": 3, "conv3": 2, "fc": None}  # near 256 numbers each
learn = np.arange(len(clothes.labels)) < 3 * len(clothes.labels) // 4


def both_ways(network, layer):
    """Accuracy on the last quarter of the training pieces, and on test; labels from the rest."""
    x, x_test = answers(network, layer, wardrobe, regions[layer])
    given = x[learn], clothes.labels[learn]
    return [
        probes.linear(*given, x[~learn], clothes.labels[~learn]).mean,
        probes.linear(*given, x_test, clothes_test.labels).mean,
    ]


by_layer = {
    name: np.array([both_ways(network, layer) for layer in regions])
    for name, network in {"RotNet": turner.network, "untrained": blank}.items()
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
curves = {
    f"{name}, {part}": both[:, column]
    for name, both in by_layer.items()
    for column, part in enumerate(("validation", "test"))
}
plots.lines(
    list(regions),
    curves,
    "Naming clothes, by the features of each layer",
    "Accuracy against layer: four curves, all of them highest at conv1; RotNet's fall less.",
    xlabel="layer whose features are probed",
    ylabel="share of pieces named right",
    baselines=[name for name in curves if name.startswith("untrained")],
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
trained, untaught = by_layer["RotNet"], by_layer["untrained"]
best = [int(np.argmax(both[:, 0])) for both in (trained, untaught)]
gains = (trained - untaught)[:, 1]
coursekit.expect("validation chooses conv1 of both networks", best == [0, 0])
claim = "the layer chosen on validation is within 2 points of the best on test"
coursekit.expect(claim, trained[best[0], 1] > trained[:, 1].max() - 0.02)
claim = "at conv2, conv3 and fc RotNet is ahead of its untrained twin"
coursekit.expect(claim, gains[1:].min() > 0, least=gains[1:].min())

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
percent = lambda shares: [f"{share:.1%}" for share in shares]
rows = [
    [layer, *percent((*untaught[i], *trained[i])), f"{100 * gains[i]:+.1f}"]
    for i, layer in enumerate(regions)
]
heads = ("untrained, validation", "untrained, test", "RotNet, validation")
plots.table(rows, ("layer", *heads, "RotNet, test", "points gained, test"))

# %% [markdown] slideshow={"slide_type": "-"}
# Validation chooses the first layer, `conv1`, for both networks. On the test pieces RotNet's `conv1` is right in 71.5 % of
# cases, more than its `conv3`. So our expectation was wrong here: the best layer does not lie in between.
#
# **What RotNet's training has brought grows with depth.** Read the last column of the table: one point at `conv1`, and seven
# at `fc`. So "which layer is best?" and "where has the training helped most?" are two questions with two answers.
#
# **Why is the first layer best, then?** The untrained network gives a hint. It falls from 70.1 % at `conv1` to 60.2 % at `fc`, so
# depth alone costs much, without any puzzle. RotNet falls less, from 71.5 to 67.0 %. So its training makes up for a part of
# this loss, but not for all. Longer training or other pictures may change that: for CIFAR-10 the paper found the second of
# three blocks best.
#
# > **Try it.** Choose the *epoch* in the same way. Train a new RotNet for one epoch at a time, keep its validation accuracy at
# > `conv3` after each, and stop where it is highest. Does the accuracy at the puzzle have its best epoch at the same time?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · What 91.16 % means
#
# **The paper prints 91.16 % for CIFAR-10, and a network trained with all labels gets 92.80 %.** That is a strong result. The
# paper's RotNet has four blocks of convolutions. It was trained on turns, without a single label. Then blocks 1 and 2 were
# frozen, and a new classifier took the place of blocks 3 and 4. The accuracy is hardly lower than with all labels. But there
# are four things that it does *not* show.
#
# 1. **It was not done without labels.** The new classifier, of three convolutions, was trained with all 50,000 labels.
# 2. **Not all of it is RotNet's.** The same classifier on a frozen *random* network gets 72.50 %. So architecture and
#    classifier bring 62 points over chance (10 %). The pretext task brings the other 19.
# 3. **It does not hold for each layer.** For the three blocks of another network, with a simpler classifier, the paper prints
#    85.45, 88.26 and 62.09 %. These are test accuracies. Whoever picks the best of them chooses on the test data.
# 4. **It says nothing about pictures without an up.** Of gravel or galaxies nobody could tell the turn.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# Here are seven things that the lecture can do without:
#
# - a test that is too bad to be true;
# - where the network looks;
# - what is left of the clue;
# - all numbers of labels;
# - an easier puzzle, with two turns;
# - what more patience brings;
# - two remarks on the validation data.
#
# ### Too bad to be true
#
# A test can also be too bad to be true, for a reason that has nothing to do with the puzzle. Batch normalization collects
# averages for the test, of the mean and of the variance. After each minibatch it updates such a *running average* $a$ by the
# minibatch's own value $v$:
#
# $$a \leftarrow m\, a + (1 - m)\, v .$$
#
# At the start $a$ is 0 for means and 1 for variances. The number $m$ is called the momentum. This lecture's networks have
# $m = 0.9$; Keras's own value is 0.99. Training does not use the running averages; only the test does.
#
# For a convolution, mean and variance are taken over the minibatch *and* over all places of a map. After dividing, the result
# is multiplied by a learned scale, and a learned shift is added. So each map has four numbers: scale, shift and two running
# averages. This is how the drawing of section 2 counts 320 weights for `conv1`: 16 filters of 4 x 4 weights are 256, and 16
# maps with four numbers each are 64.
#
# Now train the first network of section 2 again, with $m = 0.99$. Afterwards let thirty more minibatches pass through it with
# $m = 0.9$, *without a single step of training*.
#
# > **Predict.** With $m = 0.9$ the test gave 94 %. Will it give as much with 0.99, a few points less, or far less? And can the
# > thirty minibatches change that, when no weight moves?


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
# With $m = 0.99$ the same 50 steps seem to have taught far less: the test gives 49 %. The thirty minibatches bring it to 93 %,
# although no weight has changed. Only the averages have.
#
# **After $n$ steps a running average still holds a share $m^n$ of its initial value.** Each update multiplies what was there by
# $m$. With $m = 0.99$ and 50 steps this share is $0.99^{50} = 61\,\%$, and with $m = 0.9$ it is $0.9^{50} = 0.5\,\%$. So the
# test used averages of which 61 % was still the value that they had begun with. If a short run seems to overfit at once, look
# here first.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Where does it look?
#
# We can hide a part of the picture and see how much worse the network does. Put an empty square of 7 x 7 pixels on the picture.
# Then measure how far the log-probability of the right turn falls, in nats. (Where it rises, we count 0.) Do that at 8 x 8
# places, three pixels apart.
#
# > **Predict.** Where must you put the square on a pullover to do the most harm?
#
# In the figure, the number above each piece is its largest loss. Dark places in the lower row are where the square hurts.

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
# On the pullover (the third piece) the square does the most harm at the neck. It costs 2.8 nats there, so the probability of
# the right turn is divided by $e^{2.8} \approx 16$. On the dress (the fourth) it is the neck and the hem. On six of the ten
# pieces no square costs more than about half a nat: there the network recognizes the turn by what is left. Necks and hems are
# parts by which one would describe a piece of clothing, and nobody named a part to the network.
#
# ### What is left of the clue
#
# In section 3 we moved the digits by up to three pixels. How much of the clue is left? Look from left to right only. Upright,
# the ink's middle lay between 0 and 1 pixel to the right of the picture's middle. Moved, it lies between -3 and 4. After half a
# turn it lies between -4 and 3.
#
# Each of these two ranges is seven pixels long, and the last of the seven belongs to it alone. So for one digit in seven its
# place from left to right still tells it from its half turn. From top to bottom it is the same, and the two moves are
# independent. So **the place tells $1 - \left(\frac67\right)^2 = 27\,\%$ of the moved digits from their half turn.**
#
# Whoever knows only "stands or lies" is right half of the time. The network was right for 61 % of the 1s, 56 % of the 8s and
# 55 % of the 0s. With the rest of the clue one could be right for $27\,\% + \frac12 \cdot 73\,\% = 63\,\%$. So the rest of the
# clue would be enough to explain these numbers. But shape may help, too: an 8 may have a smaller upper loop. We have not tested
# which of the two it is.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many labels?
#
# The curves of section 5 are means over five draws of the labels. Here are the same accuracies as bars, with their spread.
# Drag from 1 label to all, and watch where the autoencoder's code stands. (With all labels there is only a single draw. In the
# full profile the spread of RotNet and of its twin is over three trainings.)


# %% slideshow={"slide_type": "-"} tags=["figure"]
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# The autoencoder's code has only 16 numbers. With one label of each class it is among the best, because a classifier of 16
# numbers needs few labels. With all labels it is at the bottom. The comparison is not quite fair to RotNet: the autoencoder,
# `vae-fashion`, was trained on all 60,000 clothes. In the quick profile RotNet has seen only 4,000.
#
# One often reads that self-supervision is for when labels are scarce. RotNet's lead over raw pixels is largest with one label,
# which fits that. It does not prove it, because the lead may be luck.
#
# ### Four turns or two?
#
# **With two turns, 0° and 180°, the puzzle is easier. Is it the better teacher?** The paper tried this, too. We add two more
# probes. The vote of the five nearest neighbors (k-NN) asks whether *distances* between features mean something. A classifier
# with a hidden layer can draw bent borders.
#
# In the table, compare the last two rows: first "recognized", then "linear".

# %% slideshow={"slide_type": "-"} tags=["experiment"]
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
claim = "with four turns the linear probe is ahead, in the mean over the draws"
coursekit.expect(claim, lead.mean > 0, lead=lead.mean)
columns = ("turns", "recognized", "chance", "linear", "k-NN", "hidden layer")
plots.table(rows, (*columns, "printed, %"))

# %% [markdown] slideshow={"slide_type": "-"}
# The easier puzzle is solved better: 97 % against 94 % of the turns. With the linear probe it is behind, 66.6 % against
# 69.4 %. This lead is not much larger than the spread between draws. And the network of two turns saw half as many pictures,
# two of each image instead of four. So we may not conclude that two turns teach less. **The accuracy at the puzzle is not the
# aim: in section 3 a shortcut gave 94 %.**
#
# The last column is the paper's. It was measured on CIFAR-10 with all labels, by a classifier of three layers on the second
# block of the network.
#
# **The nearest neighbors show what a network takes for similar.** Nearest means here: with the smallest angle between the
# features. Drag through the questions, and change the features. Often all three kinds find something alike.


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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With more patience
#
# RotNet has been trained for longer, too, and these weights come with the course. `rotnet-fashion` has seen all 60,000 clothes
# for ten epochs. `rotnet-cifar10` has seen the paper's own data, CIFAR-10: small photographs of horses, trucks and the like. In
# the table, compare the two columns of each row.

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
patient = coursekit.pretrained("rotnet-fashion")
patient_conv3 = scored(conv3_of(patient.network), wardrobe)
more = patient.rotation_accuracy(clothes_test.images)
line = coursekit.results("rotnet-cifar10")["runs"][0]["timeline"]["conv3_100"]
here, there = scores["RotNet"][10].mean, patient_conv3.mean
rows = [
    ["clothes: turns recognized", f"{recognized:.1%}", f"{more:.1%}"],
    ["clothes: conv3, 10 labels a class", f"{here:.1%}", f"{there:.1%}"],
    [
        "CIFAR-10: conv3, 100 labels a class",
        f"untrained: {line[0]:.1%}",
        f"{line[-1]:.1%}",
    ],
]
plots.table(rows, ("", "here, in seconds", "with patience"))

# %% [markdown] slideshow={"slide_type": "-"}
# With fifteen times the pictures and ten epochs, RotNet's features at `conv3` gain less than four points over the short
# training. On CIFAR-10 they gain 25 points over the untrained network. The two gains start from different places, so they
# cannot be compared.
#
# Our 62.6 % cannot be compared with the paper's 91.16 %. The network is smaller, the training shorter, the probe linear, and it
# has 100 labels of a class instead of 5,000.
#
# > **Try it.** Give the probe of `rotnet-fashion` all labels, with `per_class=None` in `probes.linear`. How far is it still
# > ahead of raw pixels?
#
# ### Two remarks on the validation data
#
# In the figure of section 6 validation lies above test at every layer. This is not the luck of the choice, since it is so where
# nothing was chosen. The validation pieces are probably a little easier than the test pieces.
#
# RotNet has seen the validation pieces in its training, though without their labels. A stricter experiment would keep them from
# it. But the untrained network had not seen them, and its validation lies above its test, too.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/03_rotnet.ipynb), checked as you go:
#
# 1. **The batch, and back**: four turns of each image, and the way back upright.
# 2. **Something gives it away**: three albums without an up, two with a shortcut. Find and cure them.
# 3. **Choosing flatters**: how much better than the truth is the best of many?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - **A pretext task** is a puzzle whose labels cost nothing. The accuracy at the puzzle alone does not say what was learned.
# - **RotNet's loss** is the cross-entropy of four turns, all of them in one minibatch. A network that knows nothing has the
#   loss $\log 4$.
# - **A shortcut** is a clue that solves a puzzle without looking, such as half a pixel on MNIST. Destroy it, here by moving the
#   images.
# - **A linear probe** measures how well straight borders separate the classes in the features. Compare it fairly: the same
#   labels for all, raw pixels, and the same network untrained.
# - **A layer or an epoch** is chosen on validation data, and reported on test data.
#
# A puzzle teaches what its answer depends on. [Lecture 4](04_mutual_information.ipynb) begins with another puzzle, which also works for pictures without an up, and [lecture 5](05_deep_infomax.ipynb) trains a network on it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | RotNet on CIFAR-10, convolutional classifier on the second block | 91.16 % (supervised 92.80 %, untrained 72.50 %) | "With more patience": by a smaller network, 20 epochs and 100 labels a class; the paper's run is `rotnet-nin-cifar10` and needs a GPU |
# | RotNet, two turns (0°, 180°) instead of four, other classifier | 87.46 instead of 89.06 % | on clothes, in "Four turns or two?" |
# | the first, second and third block of a network with three | 85.45, 88.26, 62.09 % | layers, on clothes, in section 6 |
#
# - S. Gidaris, P. Singh, N. Komodakis,
#   *[Unsupervised Representation Learning by Predicting Image Rotations](https://arxiv.org/abs/1803.07728)*, ICLR 2018.
# - S. Ioffe, C. Szegedy, *Batch Normalization*, ICML 2015.
# - The photographs and their licenses: `data.load("photo_patches", "train").terms`.
