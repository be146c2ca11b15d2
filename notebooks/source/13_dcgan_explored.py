# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # What has a DCGAN learned?
#
# Lecture 12 trained a generator and a discriminator, and asked which rules of building matter. Now the training is over, and we open both networks. **What has a generator learned: its digits by heart, or something that lies behind them?** And what does
# a discriminator know that has never seen a label?
#
# **You will be able to**
#
# - walk in the latent space, and say what a walk shows and what it does not;
# - calculate with codes, and say why single codes are not enough;
# - test samples for copies, and cheat the test;
# - use a discriminator's inner answers to save labels;
# - say what a face of nobody has to do with the people in the training set.
#
# You need [lecture 12](12_dcgan.ipynb), sections 2 and 3. About 60 minutes to read and play; about a minute to run. One section near the end is for a second reading.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": 55,000 digits instead of 4,000, and longer training
seed = 0  # of everything random: data order, initial weights, codes

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from coursekit import data, metrics, plots, recipes, widgets
from coursekit.metrics import margins, neighbors
from coursekit.models import dcgan
from coursekit.training import progress
from keras import layers, ops

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · What we have from lecture 12
#
# A **DCGAN** is a pair of convolutional networks that play against each other. The *generator* takes a code $z$, 64 numbers drawn from $\mathcal N(0, 1)$, and paints a picture of 28 x 28 pixels. The *discriminator* takes a picture and
# answers with one number. It learns to answer 1 to real digits and 0 to samples, and the generator learns to get the answer 1. Nobody tells either of them which digit is which.
#
# In this lecture we look at two places. In front of the generator lie the codes: what happens if we change them? Inside the discriminator each convolution gives an answer: what do these answers know?

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    ($z$) -> [generator] -> sample -> [discriminator] -> d
    digit -> discriminator
    """,
    "The pair, and the two places that this lecture opens",
    pictures={"digit": data.load("digits", "test").images[3, ..., 0]},
    notes={"$z$": "sections 2 to 4", "discriminator": "section 5"},
    labels={"d": "1: real\n0: sample"},
    rows=["$z$, generator, sample, discriminator, d", "digit"],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Two pairs will be asked.** The first is shipped with the course: `dcgan-mnist`, the generator at the end of lecture 12's time-lapse. It has learned from 55,000 digits for 53 minutes. Its Fréchet distance is 0.8, where real training digits have 0.4 and an untrained generator 134. (The distance says how far the samples' features are from those of real digits, on average and in spread.)
#
# The second is lecture 12's small pair. We train it again now, in half a minute, on 4,000 digits. Of this pair we know exactly what it has seen, and what it was before.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
shipped = coursekit.pretrained("dcgan-mnist")
judge = recipes.judge("mnist", profile)
name, left_out = ("mnist", "digits") if full else ("digits", None)
digits = data.load(name, "train", leave_out=left_out)
unseen = data.load("digits", "test")
keras.utils.set_random_seed(seed)
pair = dcgan.fast(depth=1, seed=seed)
untrained = keras.models.clone_model(pair.discriminator)
untrained.set_weights(pair.discriminator.get_weights())
rates = {"learning_rate": 2e-3, "discriminator_share": 0.5}  # falling, Adam
settings = rates | {"epochs": 30 if full else 6, "batch_size": 64 if full else 20}
recipes.dcgans.fit(pair, digits.images, settings, verbose=0, callbacks=progress())
samples = pair.sample(500)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {
        "training digits": digits.images[:12],
        "half a minute": samples[:12],
        "dcgan-mnist": shipped.sample(12, seed=seed),
    },
    "Real digits, and samples of two generators, not chosen",
    "Three rows of twelve: real digits, samples with frayed strokes, clean samples.",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A walk in the latent space
#
# Suppose that the generator is a table: it has learned its digits by heart, and each code only says which of them to show. If we then go from one code to another in small steps, the picture stays the same for a while, and jumps.
#
# The paper takes such a walk. The **latent space** is the space of the codes $z$, here of 64 dimensions. A walk from code $a$ to code $b$ goes along the straight line between them:
#
# $$z(t) = (1 - t)\, a + t\, b, \qquad t \text{ from } 0 \text{ to } 1 .$$
#
# At $t = 0$ it is at $a$, and at $t = 1$ at $b$. Mixing the *pixels* of the two pictures in the same way would be
# a walk, too, and we compare the two.
#
# > **Predict.** Half way between two digits, how much farther from real digits are mixed pixels than mixed codes: not at all, twice, ten times?
#
# In the pictures, compare the middle column of each pair of rows. Then compare the middle of the two curves.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 2
a, b = rng.normal(size=(2, 300, 64)).astype("float32")
parts = np.linspace(0, 1, 5)
half = len(parts) // 2
ends = shipped.generate(a), shipped.generate(b)
codes_between = [(1 - t) * a + t * b for t in parts]
walks = {
    "pixels": [(1 - t) * ends[0] + t * ends[1] for t in parts],
    "codes": [shipped.generate(z) for z in codes_between],
}
walks = {name: np.clip(path, 0, 1) for name, path in walks.items()}
far = {name: [judge.frechet(x) for x in path] for name, path in walks.items()}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {
        f"{name}, {number + 1}": path[:, number]
        for number in range(3)
        for name, path in walks.items()
    },
    "Three pairs, mixed in two places",
    "Six rows of five: mixed pixels show two digits on top of each other, mixed codes show digits all the way.",
    columns=[f"{t:.2f}" for t in parts],
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
factor = far["pixels"][half] / far["codes"][half]
plots.lines(
    parts,
    far,
    f"How far from real digits, along 300 paths\n(half way: {factor:.1f} times; you said {guess:g})",
    "Mixed pixels: a high hill in the middle. Mixed codes: nearly level.",
    xlabel="t: share of the second code",
    ylabel="Fréchet distance (300 samples)",
    baselines=["pixels"],
)
coursekit.expect(
    "half way, mixed pixels are at least twice as far off as mixed codes",
    factor > 2,
    pixels=far["pixels"][half],
    codes=far["codes"][half],
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Half way, mixed pixels are about six times as far from real digits as mixed codes are.** Half way between two *pictures* there are two gray digits on top of each other. Half way between two *codes* there is another digit, mostly.
#
# (The ends have a distance, too: a small number of samples has one even if all are real, as lecture 11 has explained.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What does the walk show?** Between its codes the generator has pictures, and they look like digits. A table that answers with the nearest of its entries would jump from one digit to another, and on the rows above the strokes move little by little instead. (Five stops cannot prove that there is no jump. Section 4 asks directly about copies.)
#
# It does not show that every place on the way is a good digit. In the second pair a 0 becomes a 9, and somewhere between them is a picture that is neither.
#
# **One thing about the middle is not as in training.** Each number of a code has a variance of 1. Half way, each is $\frac12 a_i + \frac12 b_i$, and the variances of independent parts add up: $\frac14 + \frac14 = \frac12$. So the codes half way are shorter. The square of a code's length is the sum of 64 squares, which is 64 on average. So its length is about $\sqrt{64} = 8$, and half way about $\sqrt{32} \approx 5.7$. The generator was hardly ever trained on such short codes.
# In the figure the curve of the codes has a low hill there, from between 3 and 4 to about 5. So this does little harm here.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
length = lambda z: np.linalg.norm(z, axis=1).mean()
coursekit.expect(
    "codes are 7.5 to 8.5 long, those half way 5.3 to 6.1",
    7.5 < length(a) < 8.5 and 5.3 < length(codes_between[half]) < 6.1,
    ends=length(a),
    half_way=length(codes_between[half]),
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Try it.** Seventeen stops: `np.linspace(0, 1, 17)`. Find a row in which a digit becomes another. How many stops does it take?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Arithmetic with codes
#
# If codes lie in some order, then perhaps directions mean something. The paper's most famous picture subtracts: *smiling woman, less neutral woman, plus neutral man, gives a smiling man*. What the first two share is taken away, and the smile is left. It is then added to something else.
#
# **The same with digits: a slanted 1, less an upright 1, plus an upright 7. Is it a slanted 7?** The paper averages three codes for each of these terms, since single ones were unstable. How many does it take here?
#
# A classifier says which digit a picture shows. The slant is measured from the picture: it says how many pixels a stroke moves to the right while it goes up by one. Let $x$ and $y$ be a pixel's place to the right and *down*, measured from the center of all ink. Then, with sums over all pixels, each weighted by its ink,
#
# $$\text{slant} = -\,\frac{\sum \text{ink} \cdot x\,y}{\sum \text{ink} \cdot y^2} .$$
#
# This is the slope of a regression line of $x$ on $y$. The minus is there because $y$ counts downward. For an upright stroke it is 0, for one at 45° to the right it is 1.


# %% slideshow={"slide_type": "-"} tags=["central"]
def slant(images):
    """Pixels to the right for each pixel up, by the moments of the ink: [n]."""
    ink = images[..., 0] + 1e-6
    ink /= ink.sum(axis=(1, 2), keepdims=True)
    y, x = np.mgrid[:28, :28]
    dx, dy = (v - (ink * v).sum((1, 2))[:, None, None] for v in (x, y))
    return -(ink * dx * dy).sum((1, 2)) / (ink * dy**2).sum((1, 2))


# %% [markdown] slideshow={"slide_type": "subslide"}
# The cell draws 5,000 digits and sorts them by class and slant. "Upright" are the 30 % with the smallest slant, "slanted" the 30 % with the largest. (A slant to the left is a negative number, so it counts as small.)
#
# > **Predict.** In what share of the cases is the result a slanted 7, if each term is one code? And if each is the mean of thirty?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = {1: 0.5, 30: 0.8}
reader = coursekit.pretrained("lenet-mnist")
codes = rng.normal(size=(5000, 64)).astype("float32")
drawn = shipped.generate(codes)
says, leaning = reader.probabilities(drawn), slant(drawn)
digit, sure = says.argmax(axis=1), says.max(axis=1) > 0.9
upright, slanted = np.quantile(leaning, [0.3, 0.7])


def mean_codes(chosen, k):
    """300 means of k codes each, drawn from those chosen."""
    return codes[rng.choice(np.flatnonzero(chosen & sure), (300, k))].mean(axis=1)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
counts, right, rows = [1, 3, 10, 30], [], {}
for k in counts:
    one = mean_codes((digit == 1) & (leaning > slanted), k)
    less = mean_codes((digit == 1) & (leaning < upright), k)
    plus = mean_codes((digit == 7) & (leaning < upright), k)
    terms = [shipped.generate(z) for z in (one, less, plus, one - less + plus)]
    for number in range(3):
        rows[f"{k} a term, {number + 1}"] = [term[number] for term in terms]
    seven = reader.probabilities(terms[-1]).argmax(axis=1) == 7
    leans = slant(terms[-1]) > slanted
    right.append([seven.mean(), leans.mean(), (seven & leans).mean()])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {name: row for name, row in rows.items() if name.startswith(("1 ", "30 "))},
    "Three sums of single codes, and three of means of thirty",
    "Six rows of four: a slanted 1, an upright 1, an upright 7, and the result; the lower three results are slanted sevens.",
    columns=["slanted 1", "− upright 1", "+ upright 7", "= result"],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three rows are no measurement, so the figure counts 300 results. Read the lowest curve: there both are right, the digit and the slant.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    counts,
    dict(
        zip(
            ("a 7", "slanted", "a slanted 7"), zip(*right, strict=True), strict=True
        )
    ),
    "slanted 1 - upright 1 + upright 7",
    "Three curves that rise with the number of averaged codes.",
    xlabel="codes averaged for each term",
    ylabel="share of 300 results",
    log=("x",),
    guesses={"your guesses": (1, guess[1]), " ": (30, guess[30])},
)
single, thirty = right[0][2], right[-1][2]
coursekit.expect(
    "a single code makes a slanted 7 in under half of the cases, thirty in over 0.7",
    single < 0.5 and thirty > 0.7,
    single=single,
    thirty=thirty,
)

# %% [markdown] slideshow={"slide_type": "-"}
# **With one code a term a slanted 7 comes out in about 17 % of the cases, and with thirty in about 78 %.** With the paper's three it is
# about 43 %. With thirty the result is always a 7, and where the sum fails, the 7 does not lean enough.
#
# **Thirty work better because an average forgets what its codes do not share.** All codes of the first term share "slanted" and "1". Each has much else: it is thick or thin, large or small.
#
# 1. What is not shared has a variance of about 1 in each dimension.
# 2. With one code a term, the three variances add up: $1 + 1 + 1 = 3$. (A minus does not make a variance smaller.) So the sum lies farther out than the codes that the generator was trained on.
# 3. A mean of thirty has a thirtieth of the variance, so three of them have $3/30$, a tenth. So what is shared weighs much more. This has a price: the three results of thirty codes are nearly the same 7, and the sums of single codes are not.
#
# > **Try it.** A slanted 1, less an upright 1, plus an upright 4. And what is a 7, less a 1, plus a 4?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Has it copied?
#
# The walk says that a generator is no table. Could it still return some training digits, nearly unchanged? Lecture 11 had a test for that.
#
# 1. For each sample, measure the distance to the nearest training digit. (Distances are between the features of a small classifier.)
# 2. Do the same for real digits that were not used in training. These cannot be copies.
# 3. Compare each sample with each of these fresh digits. The score is the share of pairs in which the *sample* is nearer to the training set.
#
# If nothing is copied and samples are like real digits, the score is about one half. If all are copies it is 1.

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.show(neighbors.memorization, docstring=False)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Here the test itself is tested.** A *cheat* has no generator. He hands in training digits, moved to the right by a pixel or two.
#
# > **Predict.** How far must he move them to pass? And what will the score of our half-minute pair be?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 3  # pixels
stolen = digits.images[rng.permutation(len(digits))[:500]]
suspects = {"our pair": samples} | {
    f"moved by {pixels}": np.roll(stolen, pixels, axis=2) for pixels in (0, 1, 2)
}
known = [judge.features(part.images) for part in (digits, unseen)]
scores = {
    name: metrics.fidelity.memorization(judge.features(images), *known).score
    for name, images in suspects.items()
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    scores,
    f"Nearer to the training set than a fresh digit is (you said: {guess} pixels)",
    "Our pair's bar is low; the unmoved copies' is 1, those moved by one pixel are above one half, by two below.",
    ylabel="share of pairs",
    marks={"nothing copied": 0.5},
    baselines=[name for name in scores if name.startswith("moved")],
)
coursekit.expect(
    "copies are caught, moved by 1 too; moved by 2 they pass; our pair is below one half",
    scores["moved by 0"] > 0.95
    and scores["moved by 1"] > 0.6
    and scores["moved by 2"] < 0.5
    and scores["our pair"] < 0.5,
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Moved by two pixels, the stolen digits pass**: in less than half of the pairs they are nearer to the training set than a fresh digit is. The test asks the features of a classifier, and these change with a shift, although the digit is the same to our eyes. So a large distance to the nearest neighbor proves little.
#
# Our pair's score, about 17 %, is far below one half. That says something else: its samples are *farther* off than
# real digits are. They are not copies; they are not quite digits either.
#
# **So it takes two kinds of evidence.** (Here they are about two generators: the walks and sums are those of `dcgan-mnist`, whose copies we have not counted, and the test is of our own pair.) The test catches plain copies. Walks and arithmetic show that there is something between and beyond the training digits, which a cheat does not have.
#
# > **Try it.** Let the cheat move his digits up and not to the right: `axis=1`. Or let him turn them over: `stolen[:, :, ::-1]`. Does he pass?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · What the discriminator has seen
#
# The paper's title speaks of *representation learning*, and it is the discriminator who looks at pictures. It has told digits from bad
# digits, and has seen no label. Does it know what a 3 is?
#
# We ask in the same way as in lecture 2: a linear classifier gets the network's inner answers as features, and a few labels. If the features separate the classes, few labels are enough.
#
# **The features are the answers of all convolutions** (section 5.1 of the paper). Each channel of each answer is pooled to 4x4: of each of 16 patches only the largest number is kept. With $10 + 20 + 40$ channels that makes $16 \cdot 70 = 1{,}120$ numbers for a digit. They go to a linear classifier. A *support vector machine* is a linear classifier that seeks a wide gap between the classes.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    digit -> [convolution 1] -> [convolution 2] -> [convolution 3] -> d
    convolution 1, convolution 2, convolution 3 -> {features} -> [linear classifier] -> class
    """,
    "A linear classifier on the discriminator's answers",
    pictures={"digit": digits.images[0, ..., 0]},
    moves=["linear classifier"],
    notes={
        "convolution 1": "14 x 14, 10 channels",
        "convolution 2": "7 x 7, 20 channels",
        "convolution 3": "7 x 7, 40 channels",
        "features": "each pooled to 4 x 4",
    },
    rows=[
        "digit, convolution 1, convolution 2, convolution 3, d",
        "features, linear classifier, class",
    ],
)


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def features(discriminator, images):
    """Each convolution's answer to images in [0, 1], pooled to 4 x 4: [n, features]."""
    x, answers = 2 * ops.convert_to_tensor(images) - 1, []
    for layer in discriminator.layers:
        x = layer(x)
        if isinstance(layer, layers.LeakyReLU):
            pool = layers.MaxPooling2D(-(-x.shape[1] // 4), padding="same")
            answers.append(layers.Flatten()(pool(x)))
    return ops.convert_to_numpy(ops.concatenate(answers, axis=1))


# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** With forty labels a class, the classifier of pixels is right about four times in five. What share will it get
# > right from the trained discriminator's features, and from those of a discriminator that was never trained?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.75
eyes = {
    "raw pixels": lambda images: images.reshape(len(images), -1),
    "discriminator,\nuntrained": lambda images: features(untrained, images),
    "discriminator,\ntrained": lambda images: features(pair.discriminator, images),
}
labeled = data.load("digits", "train")
first = np.concatenate(
    [np.flatnonzero(labeled.labels == d)[:40] for d in range(10)]
)
shares = {}
for name, look in eyes.items():
    learned = look(labeled.images[first]), labeled.labels[first]
    found, _ = margins.l2_svm(
        *learned, look(unseen.images), strengths=[1.0], steps=20
    )
    shares[name] = (found == unseen.labels).mean()

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    shares,
    "A linear classifier of forty labeled digits of each class",
    "Three rising bars: pixels, the untrained discriminator, the trained one.",
    ylabel="share of 1,000 unseen digits",
    guesses={"your guess": ("discriminator,\ntrained", guess)},
    baselines=["raw pixels", "discriminator,\nuntrained"],
)
pixels, before, after = shares.values()
claim = "trained, it is 2 points above an untrained one, and 5 above pixels"
coursekit.expect(claim, after > max(before + 0.02, pixels + 0.05), trained=after)

# %% [markdown] slideshow={"slide_type": "-"}
# **From the trained discriminator's features the classifier is right about 89 times in a hundred.** From the untrained one's it is right about 83 times, and from pixels 79 times.
#
# So even random convolutions help: they look at small windows, and pooling forgives a shift by a pixel. Half a minute of a game without labels adds more than that again. We think that this is because the same things tell digits from bad digits and a 3 from an 8: strokes, bends and ends. We did not look which.
#
# > **Try it.** Forty labels become ten: `[:10]`. Which of the three loses most?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · This person does not exist
#
# The deck, the set of slides that this course follows, sends you to thispersondoesnotexist.com: reload, and there is another face of nobody.
#
# Can our networks do that, too? Behind the page is a StyleGAN (Karras et
# al., 2019), a descendant of the DCGAN. Our `dcgan-faces` has the paper's architecture with a quarter of its channels, for
# 64x64 pixels. It was trained for fifty epochs on 18,000 photographs (`coursekit train dcgan-faces --profile full`).
#
# > **Predict.** After how many of the fifty could you first see that these are faces?

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
nobody = coursekit.pretrained("dcgan-faces").sample(40, seed=seed)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.mosaic(
    nobody,
    "Forty people who do not exist, not chosen",
    "Forty generated faces, small and soft; most can be told to be faces, some are torn.",
    columns=8,
    size=6,
)
widgets.FramePlayer(
    list(nobody[:24]),
    [("reload", list(range(1, 25)))],
    title="This person does not exist",
    alt="A generated face, small and soft.",
    width=256,
)

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
guess = 5
epochs, pictures = recipes.frames("dcgan-faces")
yours = int(np.abs(epochs - guess).argmin())
picked = sorted({0, 1, yours, len(epochs) // 2, len(epochs) - 1})

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.images(
    {f"epoch {epochs[k]}": pictures[k, :8] for k in picked},
    "Eight codes while the network learned",
    "Rows of eight pictures: gray at first, then blurred faces, then sharper ones.",
    size=0.9,
)

# %% [markdown] slideshow={"slide_type": "-"}
# After the first of the fifty epochs one sees that these will be faces. In about five of the eight pictures there are eyes, a
# nose or a mouth, blurred. The other epochs change eyes, teeth and hair, not always for the better.

# %% [markdown] slideshow={"slide_type": "subslide"}
# By the Fréchet distance the samples are far nearer to photographs than noise is, and not as near as other photographs are.
#
# (The
# distances are by a small network that was trained on the photographs' labels, gender and age. They are not comparable with a printed
# FID.)

# %% slideshow={"slide_type": "-"} tags=["figure"]
record = coursekit.results("dcgan-faces")["runs"][0]["metrics"]
keys = ("frechet", "frechet_floor", "frechet_noise")
plots.table(
    [[f"{record[key]:.1f}" for key in keys]],
    ("Fréchet: our samples", "other photographs", "noise"),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The people who do exist
#
# **A face of nobody is made from faces of somebody.** The generator has seen nothing but what the photographs taught it. Each eyebrow, each light on a cheek was learned from people who exist. So what do the faces of nobody have to do with these people? Three things.
#
# **Nobody asked the people in the photographs.** FairFace's pictures were put on Flickr by photographers, under Creative Commons licenses; the set itself is CC BY 4.0. That
# settles copyright. It does not settle whether a person in the picture agrees to become material, and no face can be
# taken out of trained weights again. This course ships no photograph of these people. But it does
# ship weights that were trained on them. We did not test whether `dcgan-faces` repeats some of its photographs: the test in section 4 is on digits.
#
# **Who is in the data decides who comes out.** FairFace (Kärkkäinen & Joo, 2021) was collected because sets of faces were mostly white, and
# classifiers trained on them were worse for everybody else. It balances seven groups so that such errors can be measured. Its labels are what
# annotators saw, not what people are. And balanced data do not promise balanced samples: generators drop modes, rare ones first. Only counting the samples of each group
# would show it, and we have not counted ours.
#
# **Faces of nobody are used to deceive.** They
# head invented accounts. Related networks (*deepfakes*) put somebody's face where it never was, mostly
# women's, mostly without consent. The people who are harmed do exist.
#
# > **Try it.** `data.load("folder:PATH")` trains on your own photographs. Before you do: whose faces are they, and did they agree?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · What came after
#
# The DCGAN left three questions open, and each of them found an answer.
#
# - **How can one change the large and leave the small?** *StyleGAN* (2019) feeds the code, and fresh noise, into the generator at each size. So pose can be changed at the coarse sizes, and colors at the fine ones. [Lecture 16](16_stylegan.ipynb) builds a small one.
# - **What can take the place of batch normalization in the discriminator?** It makes the answer to one picture depend on the others of its batch, and lecture 12 has shown what that can do. The R1 penalty of [lecture 11](11_gan_in_practice.ipynb) punishes a steep discriminator. *Spectral normalization* (Miyato et al., 2018) divides the weights of each layer by the largest factor by which that layer can stretch a vector, so steepness is bounded from the start.
# - **How few pictures are enough?** *Differentiable augmentation* (Zhao et al., 2020) recolors and shifts both data and samples by chance before the discriminator sees them. With it a few thousand pictures are enough. Our faces use it.
#
# *R3GAN* (2024) threw most tricks out again: it keeps a well-behaved loss with penalties, and modern networks.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Meanwhile diffusion models (Ho et al., 2020) gave up the game.** One network learns to remove a little noise, many times, with a loss that
# simply falls. They cover the modes, and took over pictures from about 2021 on.
#
# They pay with many steps
# where a generator needs one. So the game returns: a discriminator helps to train a diffusion model that draws in one step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · For a second reading
#
# Two comparisons can be left out at first: the discriminator's features beside the paper's figure, and our faces beside StyleGAN's.
#
# ### Features on CIFAR-10
#
# **The paper's own figure is 82.8 % on CIFAR-10**, by a larger discriminator, trained on *ImageNet*. Our `dcgan-cifar10` was trained on CIFAR-10 itself, for six epochs,
# and its support vector machine had all 50,000 labels. The table is its record.

# %% slideshow={"slide_type": "-"} tags=["figure"]
cifar = coursekit.results("dcgan-cifar10")["runs"][0]["metrics"]
row = [f"{cifar[key]:.1%}" for key in ("svm_untrained", "svm")]
plots.table([row], ("CIFAR-10: discriminator, untrained", "that of dcgan-cifar10"))

# %% [markdown] slideshow={"slide_type": "-"}
# Here, too, the trained discriminator's features are better, by about four points. But the two figures differ in data, network and training, so they do not show which method is better.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### StyleGAN's size
#
# **StyleGAN had more of everything: pixels, photographs and machines.**
#
# | | ours | StyleGAN, as printed |
# |---|---|---|
# | pixels | 64 x 64 | 1,024 x 1,024: 256 times as many |
# | photographs | 18,000 (FairFace, all poses and lights) | 70,000 (FFHQ, aligned) |
# | training | about an hour on two processor cores | 8 V100 GPUs, 6 days 14 hours |
#
# The recipe of our faces has two things that the DCGAN paper has not: the discriminator learns at half the generator's rate, and sees everything flipped, recolored and shifted by chance.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/13_dcgan_explored.ipynb), checked as you go:
#
# 1. **A dial for ink**: find the direction in the latent space along which a digit grows bolder.
# 2. **Bring your own pictures**: a folder of yours through an autoencoder, a VAE and a GAN, what to expect, and what to try.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# **What has a generator learned?** More than its training digits, and less than "what a digit is".
#
# - **Mixed codes are digits, mixed pixels are not.** So the generator is no table of what it has seen.
# - **Directions mean something**: slant can be added to a 7. It takes means of many codes, because an average forgets what its codes do not share.
# - **A test for copies can be cheated** by moving copies two pixels. Read it together with walks.
# - The discriminator's features save labels, though it has never seen one.
# - Who is in the data decides who comes out. Before you train on faces, ask whose they are and whether they agreed.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | discriminator's features + SVM, CIFAR-10 | 82.8 % (trained on ImageNet) | section 8 (trained on CIFAR-10) |
# | StyleGAN on FFHQ 1024x1024, FID | 4.4 | not comparable (section 6) |
#
# - A. Radford, L. Metz, S. Chintala, *[Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
#   Networks](https://arxiv.org/abs/1511.06434)*, ICLR 2016.
# - C. Meehan, K. Chaudhuri, S. Dasgupta, *A non-parametric test to detect data-copying in generative models*, AISTATS 2020.
# - T. Karras, S. Laine, T. Aila, *A style-based generator architecture for generative adversarial networks*, CVPR 2019.
# - T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida, *Spectral normalization for generative adversarial networks*, ICLR 2018.
# - N. Huang, A. Gokaslan, V. Kuleshov, J. Tompkin, *The GAN is dead; long live the GAN! A modern baseline GAN*, NeurIPS 2024.
# - S. Zhao et al., *Differentiable augmentation for data-efficient GAN training*, NeurIPS 2020.
# - K. Kärkkäinen, J. Joo, *FairFace: face attribute dataset for balanced race, gender, and age for bias measurement and
#   mitigation*, WACV 2021.
# - J. Ho, A. Jain, P. Abbeel, *Denoising diffusion probabilistic models*, NeurIPS 2020.
