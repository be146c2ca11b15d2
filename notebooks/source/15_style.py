# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Style
#
# You have a photograph of a cat and a painting of a field. You would like to see the cat, painted by the hand that painted the field. Nobody
# has ever told a network what a hand is. It turns out that nobody has to.
#
# **You will be able to**
#
# - say what a Gram matrix keeps of a picture, what it forgets, and why;
# - paint a photograph in the style of another picture, by gradient descent on its pixels;
# - say what a network without labels has learned about style, and what random weights know already;
# - derive adaptive instance normalization, and train a network that paints in one pass;
# - measure style and content apart, each between its floor and its ceiling.
#
# You need lectures [3](03_rotnet.ipynb), [5](05_deep_infomax.ipynb) and [6](06_autoencoders.ipynb). About 60 minutes to read and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": more steps for each picture, and a longer training
seed = 0  # of everything random: weights, moves, order of the crops

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import time

import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from coursekit import data, metrics, plots, widgets
from coursekit.data import brushes
from coursekit.metrics import stylization
from coursekit.models import adain, encoders, rotnet
from coursekit.models import style as transfers
from coursekit.training import progress
from keras import ops

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · What is a style?
#
# Here is one landscape, painted six times. The six paintings show the same hills under the same sun, in the same colors. Only the hand differs: strokes of oil along
# a flow, dots, the hatching of colored pencils, the tiles of a mosaic, stained glass, and a woodcut. All of them are drawn by code (`data.load("brushes")`), so no painter had to be asked.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
sketch = brushes.change(brushes.sample(1, seed=3), motif="hills", palette="dusk")
hands = brushes.draw(brushes.change(sketch, style=brushes.STYLES, coarseness=0.4))
paintings = data.load("brushes", "test")
hand_of = paintings.factors["style"]
cat, temple = data.picture("cat"), data.picture("temple")
glass = paintings.images[brushes.STYLES.index("glass")]

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.panels(
    hands,
    brushes.STYLES,
    "One landscape in six styles: strokes, dots, hatching, tiles, glass, woodcut.",
    size=1.9,
    suptitle="Six hands, one landscape",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **To speak of style and of content we need a number for each.** Neither may ask the network that will paint.
#
# For the style we train a *judge*. It looks at patches of 32x32 pixels and says from which source each of them comes: from one of the six hands, or from one of six
# photographs. It is a linear classifier on features that Deep InfoMax learned without labels ([lecture 5](05_deep_infomax.ipynb)), and these features see gray only, so
# colors cannot bribe it. The **style** of a picture is the share of its patches that the judge gives to the hand that we wanted (after Sanakoyeu et al., 2018).
# Who guesses blindly gets 1 in 12. But the floor is lower: photographs have classes of their own, so a photograph can get 0.
#
# For the content we compare edges. We blur both pictures a little, compute how steep the brightness is at each pixel, and take the correlation of the two maps. The **content kept**
# is 1 where all edges are where they were, and near 0 for two unrelated pictures, whatever the colors.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
infomax = coursekit.pretrained("dim-photos").encoder
look = lambda cut: metrics.probes.pool(encoders.activations(infomax, cut, "conv3"))
known = data.load("brushes", limit=60)  # other paintings than those of the test set
sources = {
    hand: known.images[known.factors["style"] == number]
    for number, hand in enumerate(brushes.STYLES)
}
names = ("cat", "temple", "astronaut", "coffee", "flower", "rocket")
photographs = {name: data.picture(name)[None] for name in names}
judge = stylization.PatchJudge(look, sources | photographs, seed=seed)
ceiling = judge.ceiling(
    {hand: paintings.images[hand_of == i] for i, hand in enumerate(brushes.STYLES)}
)
coursekit.expect(
    "of real paintings the judge recognizes 75 to 97 % of the patches, of 1 in 12 by chance",
    0.75 < np.mean(list(ceiling.values())) < 0.97,
    ceiling=np.mean(list(ceiling.values())),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Cut a painting in glass into 16 squares, and lay them out in another order.** What is left?
#
# > **Predict.** The judge gave most of the patches of this painting to "glass". After the squares are mixed, what share of the patches will it still give to "glass"? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.5


def jigsaw(picture, squares=4):
    """The squares of a picture, in a random order."""
    side = len(picture) // squares
    cut = picture.reshape(squares, side, squares, side, 3).swapaxes(1, 2)
    mixed = rng.permutation(cut.reshape(-1, side, side, 3))
    return (
        mixed.reshape(squares, squares, side, side, 3)
        .swapaxes(1, 2)
        .reshape(picture.shape)
    )


mixed = jigsaw(glass)
style_kept = judge.share(mixed[None], "glass") / judge.share(glass[None], "glass")
content_kept = float(stylization.edges_kept(mixed[None], glass[None])[0])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.panels(
    [glass, mixed],
    [
        f"glass: {judge.share(glass[None], 'glass'):.0%} of its patches",
        f"mixed: {judge.share(mixed[None], 'glass'):.0%}; you said {guess:.0%}",
    ],
    "A painting in stained glass, and its sixteen squares in another order.",
    size=2.9,
    suptitle="A style survives being cut up",
)
coursekit.expect(
    "the mixed painting keeps at least 70 % of its style and less than 0.3 of its content",
    style_kept > 0.7 and content_kept < 0.3,
    style=style_kept,
    content=content_kept,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The mixed painting keeps nearly all of its style: the judge still calls almost all of its patches glass, also those that lie across a cut. Of its content, very little is left.
# So **style is what does not ask where**. If we describe a picture by numbers that do not change when its parts change places, then these numbers may hold its style, and cannot hold its content.
#
# > **Try it.** Cut the painting into 8x8 squares, and into 16x16. When does the style break, and how large are the cells of the glass?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A statistic that forgets where
#
# The simplest such numbers are the mean color and its spread. They are too poor: the six landscapes of section 1 nearly share them. Instead of three colors, take
# the *features* of a network. RotNet of lecture 3 learned them without labels, by telling how photographs were turned. Its first three convolutions turn
# a picture into maps of 64, 128 and 256 channels, each with a stride of 2.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    painting -> [conv1] -> [conv2] -> [conv3]
    conv1 -> {$G_1$}
    conv2 -> {$G_2$}
    conv3 -> {$G_3$}
    """,
    "A picture's style: one matrix for each layer",
    pictures={"painting": glass},
    labels={
        "$G_1$": "$G_1$: 64 x 64",
        "$G_2$": "$G_2$: 128 x 128",
        "$G_3$": "$G_3$: 256 x 256",
    },
    groups={"RotNet, which saw no labels": ["conv1", "conv2", "conv3"]},
    rows=["painting, conv1, conv2, conv3", "$G_1$, $G_2$, $G_3$"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# Write the maps of one layer as a matrix $F$ with one row for each of the $M$ positions, and one column for each of the $C$ channels. Row $F_p$ says what the network sees at position $p$. The **Gram matrix** multiplies the channels with each other and takes the
# mean over all positions:
#
# $$G_{ij} = \frac1M \sum_{p=1}^{M} F_{pi}\,F_{pj}, \qquad\text{or, in one step,}\qquad G = \tfrac1M F^\top F .$$
#
# $G_{ij}$ is large where channels $i$ and $j$ are awake at the same places: a dark line *and* a bright yellow beside it. It says that they occur together, and not where.


# %% slideshow={"slide_type": "-"} tags=["central"]
def gram(maps):
    """maps [n, height, width, channels] -> [n, channels, channels]."""
    _, height, width, channels = maps.shape
    F = ops.reshape(maps, (-1, height * width, channels))
    return ops.matmul(ops.transpose(F, (0, 2, 1)), F) / (height * width)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
network = coursekit.pretrained("rotnet-cifar10").network
features = transfers.features_of(network)  # conv1, conv2 and conv3, of any size
maps = [ops.convert_to_numpy(each) for each in features(glass[None])]
F = maps[1].reshape(-1, 128)
moved = rng.permutation(F).reshape(maps[1].shape)  # every position somewhere else
coursekit.expect(
    "moving all positions about leaves the Gram matrix as it is",
    np.allclose(gram(moved), gram(maps[1]), rtol=1e-3, atol=1e-4),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why the Gram matrix forgets positions.** Moving the positions about multiplies $F$ from the left by a permutation matrix $P$: each row of $PF$ is some row of $F$. The Gram matrix of the moved positions is that of the old ones:
#
# $$(PF)^\top (PF) = F^\top P^\top P\,F = F^\top F .$$
#
# The first step is the rule for the transpose of a product, $(AB)^\top = B^\top A^\top$. The second uses $P^\top P = I$, which holds since each row of a permutation matrix has a single 1 and no two rows have it in the same column. In plain words: a sum does not depend on the order of its terms.
#
# The forgetting has a limit. A row of $F$ is not a pixel. The kernels have four pixels a side, and each layer takes every second position. So one position at conv1 sees 4 pixels a side; each of the four taps of conv2 stands 2 pixels farther, and each of conv3 4 pixels: together $4 + 3 \cdot 2 + 3 \cdot 4 = 22$ pixels a side. *Inside* such a square the network does know what is where, and so the Gram matrix knows
# strokes and tiles. Beyond it, nothing.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What does it mean that two Gram matrices agree?
#
# Let $x_1, \dots, x_M$ be the rows of $F$ for one picture, and $y_1, \dots, y_M$ those of another, with Gram matrices $G$ and $A$. Think of each picture as a **cloud** of such points. We write out the squared distance of the two matrices, the sum over all their entries, and use $(a - b)^2 = a^2 - 2ab + b^2$:
#
# $$\lVert G - A\rVert^2 = \sum_{ij} G_{ij}^2 - 2 \sum_{ij} G_{ij} A_{ij} + \sum_{ij} A_{ij}^2 .$$
#
# Take the middle sum. We insert the definitions, and change the order of the sums:
#
# $$\sum_{ij} G_{ij} A_{ij} = \frac{1}{M^2} \sum_{p,q} \sum_{ij} x_{pi} x_{pj}\, y_{qi} y_{qj} = \frac{1}{M^2} \sum_{p,q} \Big(\sum_i x_{pi} y_{qi}\Big)\Big(\sum_j x_{pj} y_{qj}\Big) = \frac{1}{M^2} \sum_{p,q} (x_p \cdot y_q)^2 .$$
#
# The second step holds because $i$ and $j$ appear in separate factors. The outer sums are the same with $y = x$, and with $x = y$. With the **kernel** $k(x, y) = (x \cdot y)^2$, a measure of how alike two points are,
#
# $$\lVert G - A\rVert^2 = \operatorname{mean} k(x, x') - 2 \operatorname{mean} k(x, y) + \operatorname{mean} k(y, y') .$$
#
# Here $x$ and $x'$ are two points of the first cloud, and $y$ and $y'$ two of the second. Each mean runs over all such pairs; a point also meets itself. This is the *maximum mean discrepancy* of two clouds, which statisticians use to test whether two samples come from one distribution (Li et al., 2017). With this kernel it vanishes when all second moments agree. So **to match Gram matrices is to make two clouds of features look like samples of one distribution**, as far as second moments can tell.

# %% [markdown] slideshow={"slide_type": "-"}
# We compute both sides, each by its own definition, on the maps of the temple and of the glass. **The left side needs two small matrices, and the right side compares every position with every other.**

# %% slideshow={"slide_type": "-"} tags=["experiment"]
x, y = (
    ops.convert_to_numpy(features(p[None])[1]).reshape(-1, 128)
    for p in (temple, glass)
)
k = lambda a, b: ((a.astype("float64") @ b.T.astype("float64")) ** 2).mean()
grams = [ops.convert_to_numpy(gram(features(p[None])[1])) for p in (temple, glass)]
apart = ((grams[0] - grams[1]) ** 2).sum()
discrepancy = k(x, x) - 2 * k(x, y) + k(y, y)
coursekit.expect(
    "both sides agree to 1 %, on the maps of the temple and of the glass",
    abs(apart / discrepancy - 1) < 0.01,
    gram=apart,
    discrepancy=discrepancy,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · A picture is a vector of weights
#
# Training changes weights until a loss is small, while the pictures stay. Gatys, Ecker and Bethge (2016) turned it around: **the network stays, and the pixels change.** The picture begins as
# the photograph. Two losses pull on it.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    photograph -> [network 1] -> {$F^{photo}$} -> <content loss>
    [picture] -> [network 2] -> {$F$} -> content loss
    $F$ -> {$G$} -> <style loss>
    painting -> [network 3] -> {$A$} -> style loss
    network 1 == network 2
    network 2 == network 3
    content loss ~> picture
    style loss ~> picture
    """,
    "Style transfer: the pixels are what moves",
    rows=[
        "photograph, network 1, $F^{photo}$, content loss",
        "picture, network 2, $F$, $G$",
        "painting, network 3, $A$, style loss",
    ],
    pictures={"photograph": temple, "painting": glass},
    labels={f"network {i}": "RotNet" for i in (1, 2, 3)}
    | {"$G$": "Gram matrices $G$", "$A$": "Gram matrices $A$"},
    moves=["picture"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# We write each loss as a share of what is wanted. 0 means "reached", and 1 is what maps of zeros would get. A loss can also be above 1:
#
# $$L = \underbrace{\frac{\lVert F_3 - F_3^{\text{photo}}\rVert^2}{\lVert F_3^{\text{photo}}\rVert^2}}_{\text{content}} + 10 \cdot \underbrace{\frac13 \sum_{l=1}^{3} \frac{\lVert G_l - A_l\rVert^2}{\lVert A_l\rVert^2}}_{\text{style}} + \text{a little smoothness} .$$
#
# Here $F_3$ are the picture's maps at conv3, $G_l$ its Gram matrices, and $A_l$ those of the painting. The content loss asks *where*, since it compares position by position. The style loss does not. The 10 is a choice: the weight of the style. The smoothness is the mean squared difference of neighboring pixels, times 2; it keeps the picture from speckling.
#
# What does the style loss tell a position to do? Each entry gives $2\,(G - A)_{ij}$ times the slope of $G_{ij}$, and the slope of $G_{ij} = \frac1M \sum_p F_{pi} F_{pj}$ with respect to $F_{pi}$ is $F_{pj} / M$. The feature $F_{pi}$ occurs in row $i$ of $G$ and in column $i$, and both give the same since $G$ is symmetric. So the row counts twice, and the slope of the style loss is
#
# $$\frac{\partial}{\partial F_{pi}} \lVert G - A\rVert^2 = \frac4M \sum_j (G - A)_{ij}\, F_{pj} .$$
#
# Descent goes *against* the slope, so it pushes $F_{pi}$ in the direction of $+\sum_j (A - G)_{ij}\, F_{pj}$. All positions get the same matrix $A - G$, and each applies it to its own features. Where the picture has too little of "dark beside yellow", each place that has a little of it gets more. So dark lines grow where there were edges already.
#
# > **Predict.** 200 steps of Adam on the pixels take ten seconds or more. What share of the result's patches will the judge give to "glass"? The ceiling is what real glass gets. Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.3
steps = 600 if full else 200
painting_of_temple = transfers.StyleTransfer(features, temple, glass)
watch = widgets.TrainingMonitor(
    None,
    lambda: painting_of_temple.picture()[None],
    title="A temple turns to glass",
)
begun = time.perf_counter()
learned = painting_of_temple.paint(steps // 4, epochs=4, callbacks=[watch])
gatys_seconds = time.perf_counter() - begun

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
share_of = lambda picture: judge.share(picture[None], "glass")
kept_of = lambda picture: float(
    stylization.edges_kept(picture[None], temple[None])[0]
)
plots.panels(
    [temple, glass, learned],
    [
        "photograph",
        "painting",
        f"{share_of(learned):.0%} glass; you said {guess:.0%}",
    ],
    "A photograph of a temple, a painting in stained glass, and the temple in glass.",
    size=2.9,
    suptitle="The temple, by the hand that painted the glass",
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.expect(
    "the judge gives 40 % to 95 % of its patches to glass, and none of the photograph's",
    0.4 < share_of(learned) < 0.95 and share_of(temple) < 0.05,
    share=share_of(learned),
    photograph=share_of(temple),
)
coursekit.expect(
    "0.4 to 0.85 of the content is kept",
    0.4 < kept_of(learned) < 0.85,
    kept=kept_of(learned),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The judge gives clearly more than half of the patches to "glass", and it gave none of the photograph's. Look at the sky: it was empty, and now some lead lines cross it. Look at the roofs: many of their edges became
# edges of cells. The painting's cells are nowhere copied; their *statistics* are met by other cells.
#
# **Why is the content loss above 1?** An epoch of the curves is a quarter of the steps, here 50, and each point is a mean over them. The picture began as the photograph, so its content loss began at 0. In the first epoch it is about 1.2 on average, and at the end about 1.35.
# That is worse than maps of zeros, and yet one sees the temple, and the content kept is 0.59 (the table in section 5 shows it). The two measures ask different things. Suppose that $F_3 = 2 F_3^{\text{photo}}$: all is in its place, and twice as strong. Then the content loss is exactly 1, while a correlation would not notice.
# The style loss does ask for strength: the diagonal of $A_3$ holds the mean squares of the painting's maps, and these are larger than the photograph's. So this is one reason. How much of the 1.35 it explains we have not measured.
#
# Before each pass through the network, the picture is moved by 0 to 7 pixels down and to the right. Otherwise the network's strides of 2, 4 and 8 pixels would leave their grid in the picture.
#
# > **Try it.** `style_weight=1` and `style_weight=100`: which of the two numbers moves more? And begin with noise: `start=rng.random(temple.shape)`. From noise, ask for the style alone, too, `content_weight=0`: you get more glass, of no particular place.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Was it the learning?
#
# The network knows style, it seems. Or is it the convolutions? Ustyuzhaninov et al. (2016) found that **one layer of random filters** makes textures as good as those of a trained network. A baseline must stand beside
# ours: the same network, with random weights. And one without any network: turn and stretch the colors of the photograph until their mean and their covariance are the painting's.
#
# > **Predict.** Of its patches our picture has more than half in glass. What share will the random network's have? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.5
keras.utils.set_random_seed(seed)
untrained = rotnet.small((32, 32, 3), (64, 128, 256), 64).network
random_features = transfers.features_of(untrained)
unlearned = transfers.StyleTransfer(random_features, temple, glass).paint(steps)
recolored = stylization.match_colors(temple[None], glass[None])[0]
ways = {
    "colors alone": recolored,
    "random weights": unlearned,
    "RotNet": learned,
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.panels(
    [glass, *ways.values()],
    ["painting", *ways],
    "The painting, and the temple by three ways: recolored, with noisy lines, and with cells of glass.",
    size=2.4,
)
plots.bars(
    {name: share_of(picture) for name, picture in ways.items()},
    "How much of it is glass?",
    "Bars: nearly nothing for colors alone, less than half for random weights, most for RotNet.",
    ylabel="share of patches given to glass",
    marks={"real glass": ceiling["glass"], "chance": judge.chance},
    guesses={"your guess": ("random weights", guess)},
    baselines=("colors alone", "random weights"),
)
coursekit.expect(
    "RotNet's picture has at least 10 points more glass than the random network's",
    share_of(learned) > share_of(unlearned) + 0.1,
    learned=share_of(learned),
    random=share_of(unlearned),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The random network's picture has some glass in it, and less than RotNet's. The style loss cannot compare the two, since each network has Gram matrices of its own. The judge belongs to neither. Colors alone bring nothing, for a judge who sees gray.
#
# The line "chance" is blind guessing, 1 in 12. The floor is what the photograph itself gets, and that is 0. So the 36 % of the random weights are far above the floor.
#
# One pair is an anecdote. Here are six, one for each hand, recorded by `tests/bench/style.py`. In the names of the rows, "RotNet, 100" means that the style weighs 100. In the formula of section 3 it weighs 10. A fair comparison lets each network have the weight that suits it.
#
# The rows "normalized" are random weights, too. Batch normalization ([lecture 3](03_rotnet.ipynb)) divides each channel by a deviation. Outside of training it takes an average that it has collected before. A fresh network has collected none and divides by 1. Then some channels are much larger than others, and they rule the Gram matrix.
# For "normalized" we showed the random network photographs, and it collected its averages. Its weights stayed random.

# %% slideshow={"slide_type": "-"} tags=["figure"]
record = coursekit.results("style")
pairs_recorded, means = record["pairs"].values(), record["means"]
names_of = {"photograph": "photograph", "colors": "colors alone"}
for way, name in (
    ("random", "random"),
    ("normalized", "normalized"),
    ("learned", "RotNet"),
):
    for times, weight in record["settings"]["style_weight"].items():
        names_of[way + times] = f"{name}, {weight:g}"
rows = [
    [name, *[pair[way]["style"] for pair in pairs_recorded], *means[way].values()]
    for way, name in names_of.items()
]
real = [pair["ceiling"] for pair in pairs_recorded]
rows += [["real paintings", *real, record["ceiling"], ""]]
best = max(
    means[way]["style"] for way in means if way.startswith(("random", "norm"))
)
coursekit.expect(
    "RotNet's mean at weight 10 is at least 0.2 above the best of the random ones",
    means["learned"]["style"] > best + 0.2,
)
plots.table(rows, ("", *record["pairs"], "mean", "content kept"))

# %% [markdown] slideshow={"slide_type": "-"}
# **Learned features are ahead, and random ones are not nothing.** At the weight 10 the judge gives 70 % of the patches of RotNet's pictures to the right hand, of real paintings 89 %, and of the random network's 8 %. But at 10 RotNet is near its best already, and the random networks are not. With a style that weighs a hundred
# times as much, random weights with normalized channels come to 45 %, and RotNet to 74 %, with as much of the content.
#
# Compare these two rows hand by hand. RotNet is far ahead for dots (98 % against 20 %), for glass (84 against 8) and for strokes (70 against 12), and ahead for tiles (90 against 54). For the woodcut the random network is a little better (88 against 72), and for hatching much better (88 against 30).
#
# So both are true. The convolutions alone know much of a hand, as was found in 2016, and no labels are needed for any of it. What RotNet has learned in order to tell up from down is worth about thirty points more. Wang et al. (2021) go farther: for style transfer, they write, the architecture matters more than learned weights. In our small network both matter.
#
# Why is the gain so different from hand to hand? We can only guess. Hatching and the woodcut are made of fine lines, and perhaps any filters see those. Dots and cells of glass have a size and a shape, and perhaps these must be learned. Tiles have them too, and gain less.
#
# One caution: 50 patches were judged for each picture, and the random weights were drawn once. A difference of ten points in a single cell of the table means little, and the 16 points of the woodcut are not much more.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Two numbers for each channel
#
# Ten seconds or more for a picture is long, and each picture begins again at nothing. Could a network do it in one pass? Then the statistics must be put **into** a picture's features, without a search. A Gram matrix of 128 channels has $128 \cdot 129 / 2 = 8{,}256$ different numbers, and it
# is not obvious how to set them. Huang and Belongie (2017) set something simpler: the mean and the deviation of each channel, $2 \cdot 128 = 256$ numbers.
#
# **How do you give numbers a mean and a deviation?** Take one channel of the content's maps, $c_1, \dots, c_M$, with mean $\mu_c$ and deviation $\sigma_c$, and look for $a > 0$ and $b$ such that $t_p = a\,c_p + b$ has the style's mean $\mu_s$ and deviation $\sigma_s$. The mean of $a c + b$ is $a \mu_c + b$, as sums are linear. Its deviation is $a\,\sigma_c$, as a constant adds no spread. Two equations, two unknowns:
#
# $$a\,\sigma_c = \sigma_s,\quad a\,\mu_c + b = \mu_s \qquad\Longrightarrow\qquad a = \frac{\sigma_s}{\sigma_c},\quad b = \mu_s - \frac{\sigma_s}{\sigma_c}\,\mu_c .$$
#
# Inserted, this is **adaptive instance normalization**:
#
# $$\operatorname{AdaIN}(c, s) = \sigma_s\,\frac{c - \mu_c}{\sigma_c} + \mu_s .$$
#
# The pattern of each map stays, since a line with $a > 0$ keeps the order of all its values: that is the content. Its mean and deviation are the style's.
# And how do these relate to the Gram matrix? On its diagonal, $G_{ii} = \frac1M \sum_p F_{pi}^2 = \mu_i^2 + \sigma_i^2$. So the diagonal fixes only the sum $\mu_i^2 + \sigma_i^2$, and AdaIN fixes both parts of it. But the correlations of different channels stay the content's: a line with $a > 0$ does not change them.


# %% slideshow={"slide_type": "-"} tags=["central"]
def my_adain(content, style):
    """Maps [n, h, w, c]: the content's, with the style's mean and deviation."""
    mean_c, variance_c = ops.moments(content, axes=(1, 2), keepdims=True)
    mean_s, variance_s = ops.moments(style, axes=(1, 2), keepdims=True)
    deviation_c, deviation_s = (
        ops.sqrt(variance_c + 1e-5),
        ops.sqrt(variance_s + 1e-5),
    )
    return deviation_s * (content - mean_c) / deviation_c + mean_s


# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    photograph -> [features] -> {$c$} -> AdaIN
    painting -> [features 2] -> {$s$} -> AdaIN -> {$t$} -> [decoder] -> picture -> [features 3] -> <losses>
    features == features 2
    features 2 == features 3
    $t$ -> losses
    $s$ -> losses
    losses ~> decoder
    """,
    "AdaIN: only the decoder learns",
    rows=[
        "photograph, features, $c$, losses",
        "painting, features 2, $s$, AdaIN, $t$, decoder, picture, features 3",
    ],
    moves=["decoder"],
    labels={"features 2": "features", "features 3": "features"},
    pictures={"photograph": cat, "painting": paintings.images[0]},
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(adain.adain)

# %% [markdown] slideshow={"slide_type": "-"}
# What is missing is the way back, from maps to a picture: a **decoder**, as in an autoencoder. Let $F_l$ be the maps of the picture that it draws. At conv2 they shall be the $t$ that it was given, and at all three layers their means $\mu_l$ and deviations $\sigma_l$ shall be the painting's, $\mu_l^s$ and $\sigma_l^s$:
#
# $$L_{\text{content}} = \frac{\operatorname{mean}\,(F_2 - t)^2}{v(t)} , \qquad L = L_{\text{content}} + \lambda\, L_{\text{style}} ,$$
#
# $$L_{\text{style}} = \frac13 \sum_{l=1}^{3} \frac{\operatorname{mean}\,(\mu_l - \mu_l^s)^2 + \operatorname{mean}\,(\sigma_l - \sigma_l^s)^2}{v(s_l)} .$$
#
# The first mean runs over all entries, and those of the style over the channels. $v(\cdot)$ is the mean variance of the channels of $t$, or of the painting's maps $s_l$; so both losses are shares again. The weight $\lambda$ is 1 here.
# The features do not learn. The decoder has no normalization layers, which would take out the very moments that AdaIN has put in.
#
# We train it on crops of photographs and of paintings, 32x32 pixels. In each minibatch every crop is painted in the style of its neighbor. Each epoch has a new order, so a style meets other contents.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
squares = [data.photo_patches.crops("train", 10)]
squares += [known.images[:, :64, :64], known.images[:, 64:, 64:]]
quarters = np.concatenate(squares).reshape(-1, 2, 32, 2, 32, 3).swapaxes(2, 3)
crops = quarters.reshape(-1, 32, 32, 3)
keras.utils.set_random_seed(seed)
live = adain.AdaIN(features, adain.decoder(128, (64, 32), 16))
epochs, batch = (20 if full else 4), 8
falling = keras.optimizers.schedules.CosineDecay(4e-3, epochs * len(crops) // batch)
live.compile(decoder=keras.optimizers.Adam(falling))
begun = time.perf_counter()
log = live.fit(
    crops, batch_size=batch, epochs=epochs, verbose=0, callbacks=progress()
)
live_seconds = time.perf_counter() - begun

# %% slideshow={"slide_type": "-"} tags=["figure"]
pairs = {"strokes": "cat", "glass": "temple", "dots": "cat", "tiles": "astronaut"}
styles = [paintings.images[brushes.STYLES.index(hand)] for hand in pairs]
drawn = map(live.stylize, pairs.values(), styles)
plots.images(
    {
        "photograph": [data.picture(name) for name in pairs.values()],
        "painting": styles,
        "AdaIN": list(drawn),
    },
    "A decoder that has learned for seconds",
    "Four photographs, four paintings, and the photographs in the paintings' colors and contrasts.",
    size=1.6,
)
coursekit.expect(
    "the style loss has fallen to less than 0.7 of the first epoch's",
    log.history["style"][-1] < 0.7 * log.history["style"][0],
    first=log.history["style"][0],
    last=log.history["style"][-1],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A decoder that has learned for seconds moves each photograph towards the colors and the contrasts of its painting. Nothing was trained for any of these pairs. The pictures are rough, and neither the strokes nor the cells of the glass are there. One reason may be that AdaIN leaves the correlations of the channels as they were.
# Another may be the decoder: it has learned for seconds, and on crops of 32 pixels.
#
# "AdaIN, shipped", in the next table, is a wider decoder for the same features. It has learned for half an hour, on crops of 64 pixels and with $\lambda = 2$.
#
# > **Predict.** Gatys's search took ten seconds or more for one picture. How many times faster is one pass of AdaIN, at the same size? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 20
shipped = adain.AdaIN(features, coursekit.pretrained("adain-photos"))
for painter in (live, shipped):
    painter.stylize(temple, glass)  # the first call compiles
begun = time.perf_counter()
for _ in range(5):
    pass_of_temple = shipped.stylize(temple, glass)
pass_seconds = (time.perf_counter() - begun) / 5
times = gatys_seconds / pass_seconds

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
compared = {
    "photograph": (temple, ""),
    "colors alone": (recolored, ""),
    "AdaIN, trained here": (live.stylize(temple, glass), pass_seconds),
    "AdaIN, shipped": (pass_of_temple, pass_seconds),
    "Gatys, random weights": (unlearned, gatys_seconds),
    "Gatys, RotNet": (learned, gatys_seconds),
    "the painting itself": (glass, ""),
}
coursekit.expect(
    "one pass is at least 30 times as fast as the search", times > 30, times=times
)
plots.table(
    [
        [name, share_of(picture), kept_of(picture), seconds]
        for name, (picture, seconds) in compared.items()
    ]
    + [
        ["your guess: times faster", "", "", guess],
        ["measured", "", "", times],
    ],
    ("temple, glass", "style", "content kept", "seconds a picture"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# One pass was about a hundred times as fast as the search (in the paper about 720 times, on a graphics card and for pictures of 512 pixels). Only two times were measured: the search with RotNet, and a pass of the shipped decoder. The rows "random weights" and "trained here" copy them.
#
# Read each column from its floor. The style goes from 0, the photograph, to 1, this painting itself. The content kept goes from 0.007, the painting itself, to 1, the photograph.
#
# **What is the price of the speed?** The shipped decoder has less style than RotNet's search (0.22 against 0.70), but it also keeps more content (0.83 against 0.59). The two stand at different points of one trade, so these rows alone do not decide. The decoder trained here keeps as much content as the search, 0.59, and has 0.10 of the style. At this point of the trade the search is clearly better.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · More or less of it, and two at once
#
# Since the style is now a handful of numbers, it can be computed with. Between the content's own maps $c$ and $\operatorname{AdaIN}(c, s)$ lies a line, and a **strength** $\alpha$ walks along it: $c + \alpha\,(\operatorname{AdaIN}(c, s) - c)$. Two styles are mixed by the mean of what they make. The decoder has learned none of this. It is given
# maps, and draws what they say.
#
# > **Predict.** At which strength does the cat stop being a cat for you? Drag the slider, and then mix the dots with the tiles.

# %% slideshow={"slide_type": "-"} tags=["figure"]
dots, tiles = (
    paintings.images[brushes.STYLES.index(hand)] for hand in ("dots", "tiles")
)


def mixture(strength, share_of_dots):
    shares = (share_of_dots, 1 - share_of_dots)
    return shipped.stylize(
        cat, dots, tiles, strength=strength, weights=shares, size=96
    )


widgets.FramePlayer(
    None,
    [("strength", [0.0, 0.5, 1.0, 1.5]), ("share of the dots", [0.0, 0.5, 1.0])],
    redraw=mixture,
    title="A cat between two hands",
    alt="A cat whose fur turns to dots or to tiles as two sliders move.",
    start=[2, 1],
    width=384,
    max_kb=500,
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
strengths = (0, 0.5, 1, 1.5)
walk = np.stack([shipped.stylize(cat, dots, strength=each) for each in strengths])
far = np.abs(walk - walk[0]).mean(axis=(1, 2, 3))
coursekit.expect(
    "each step of the strength leads farther away from the photograph",
    bool(np.all(np.diff(far) > 0)),
)

# %% [markdown] slideshow={"slide_type": "-"}
# Each step of the strength leads farther away from the photograph, also beyond 1, where no style was. In our pictures there is a cat at every strength. The formula explains part of it. A map $c$ becomes $(1 - \alpha + \alpha a)\,c$ plus a constant, with the $a > 0$ of section 5. Up to $\alpha = 1$ the factor is positive, and every map keeps its pattern.
# Beyond 1 this is no longer sure: at $\alpha = 1.5$ a map with $a < 1/3$ is turned upside down, its high places low.
#
# > **Try it.** Your own pictures, in one line: `shipped.stylize("me.jpg", "painting.jpg")`, or `transfers.transfer(features, "me.jpg", "painting.jpg")`, which takes longer and paints better. What does a photograph of bricks make of you?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/15_style.ipynb), checked as you go:
#
# 1. **A Gram matrix, and where it pulls**: the matrix, the slope of the style loss, and which changes of a picture it cannot see.
# 2. **All pairs at once**: move a cloud of features so that its whole covariance is another's, not only the diagonal.
#
# ## Summary
#
# - **Style is what does not ask where.** Statistics of features over all positions hold it; content is what they lose.
# - A **Gram matrix** is the matrix of second moments. Matching it is matching two clouds of features, as the maximum mean discrepancy with a quadratic kernel does.
# - The picture's pixels can be the weights of a gradient descent. Nothing is trained.
# - Features learned **without labels** paint four of our six hands better than random weights do, which know a good deal and win two; colors alone bring nothing to a judge who sees gray.
# - **AdaIN** sets two moments of each channel, in one pass and for any style, here about a hundred times as fast; the correlations of the channels stay the content's.
# - Style and content need two numbers, each beside its floor and its ceiling.
#
# ## References
#
# - L. Gatys, A. Ecker, M. Bethge, *Image Style Transfer Using Convolutional Neural Networks*, CVPR 2016; first as *[A Neural Algorithm of Artistic Style](https://arxiv.org/abs/1508.06576)*, 2015.
# - Y. Li, N. Wang, J. Liu, X. Hou, *[Demystifying Neural Style Transfer](https://arxiv.org/abs/1701.01036)*, IJCAI 2017.
# - X. Huang, S. Belongie, *[Arbitrary Style Transfer in Real-Time with Adaptive Instance Normalization](https://arxiv.org/abs/1703.06868)*, ICCV 2017.
# - I. Ustyuzhaninov, W. Brendel, L. Gatys, M. Bethge, *[Texture Synthesis Using Shallow Convolutional Networks with Random Filters](https://arxiv.org/abs/1606.00021)*, 2016.
# - P. Wang, Y. Li, N. Vasconcelos, *[Rethinking and Improving the Robustness of Image Style Transfer](https://arxiv.org/abs/2104.05623)*, CVPR 2021.
# - A. Sanakoyeu, D. Kotovenko, S. Lang, B. Ommer, *A Style-Aware Content Loss for Real-Time HD Style Transfer*, ECCV 2018 (the share of what a judge gives to the style's source).
# - S. Gidaris, P. Singh, N. Komodakis, *[Unsupervised Representation Learning by Predicting Image Rotations](https://arxiv.org/abs/1803.07728)*, ICLR 2018: RotNet.
