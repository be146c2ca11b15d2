# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Autoencoders
#
# An autoencoder is a network that must copy its own input through a narrow gap. In the middle only a few numbers may pass.
# If the copy is good, these few numbers describe the picture. They are called its **code**, and they are what we want.
#
# **You will be able to**
#
# - say when an autoencoder finds the same as principal component analysis, and measure how nearly;
# - build, train and measure a deep, a sparse, a convolutional and a denoising autoencoder in Keras 3;
# - read a reconstruction loss: say what its floor is, and why that is not 0;
# - find strange images by their reconstruction error, and say what such a detector cannot see;
# - show why none of this draws a new digit, which is the question of the next lecture.
#
# You need [the first notebook](00_start_here.ipynb). About 60 minutes to read and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the same lecture on 55,000 digits instead of 4,000, with longer training
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from sklearn.decomposition import PCA

from coursekit import data, metrics, models, plots
from coursekit.training import progress

full = profile == "full"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · How few numbers hold a digit?
#
# A digit here is a picture of 28 x 28 = 784 gray pixels, from 0 (paper) to 1 (ink). They are not 784 free choices: neighbors
# are often alike, and the corners are always empty. Suppose that you may send only $k$ numbers, and that the receiver must
# rebuild the picture from them.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
train = data.load(
    "mnist" if full else "digits", "train", leave_out="digits" if full else None
)
test = data.load("mnist" if full else "digits", "test")
print(train, test, sep="\n")
first_of_each = [
    int(np.flatnonzero(test.labels == digit)[0]) for digit in range(10)
]
plots.images(
    {"unseen digits": test.images[first_of_each]},
    "What is to be sent",
    "Ten handwritten digits, 0 to 9.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The simplest sender and receiver only multiply by a matrix, and the best that they can do is known since Pearson (1901).
# First subtract the mean digit, so that the $x_i$ below are centered. The sender multiplies by $W^{\top}$, which gives $k$
# numbers; the receiver multiplies these by $W$. We look for the $W$ whose copies are nearest:
#
# $$\min_{W \in \mathbb R^{784 \times k}}\ \sum_i \lVert x_i - W W^{\top} x_i\rVert^2, \qquad W^{\top}W = I .$$
#
# The answer is **principal component analysis** (PCA): the columns of $W$ are the $k$ directions in which the digits vary
# most. They are the eigenvectors of the digits' covariance matrix with the largest eigenvalues, and each eigenvalue is the
# variance along its direction. Here are the first eight directions. A direction is a picture, too: adding it to the mean
# digit makes ink where it is dark, and takes ink away where it is light; gray is 0.

# %% slideshow={"slide_type": "-"} tags=["figure"]
first = PCA(8, random_state=0).fit(train.flat)
top = np.abs(first.components_).max()
plots.panels(
    [train.flat.mean(axis=0) * top, *first.components_],
    ["the mean\ndigit"]
    + [
        f"direction {i + 1}\n{share:.1%}"
        for i, share in enumerate(first.explained_variance_ratio_)
    ],
    "The mean digit, a blurred ring with a bar, and eight pictures with dark and light strokes.",
    suptitle="The eight directions in which digits vary most, and their shares of the variance",
    range=(-top, top),
    size=1.3,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The first direction holds a tenth of the variance, and the eighth less than a twentieth. We measure what $k$ directions leave
# *unexplained*: the summed squared error of the copies, divided by the summed squared distance of the digits from their mean.
#
# > **Predict.** With $k = 32$ numbers instead of 784, what share of the variance stays unexplained on digits that PCA has
# > never seen? Type your guess before you run the cell.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.10
sizes = [2, 4, 8, 16, 32, 64]
pca = {k: PCA(k, random_state=0).fit(train.flat) for k in sizes}
rebuild = lambda p, x: p.inverse_transform(p.transform(x)).clip(0, 1)
pca_left = [
    metrics.unexplained_variance(rebuild(p, test.flat), test.flat)
    for p in pca.values()
]

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    sizes,
    {"PCA": pca_left},
    "Unseen digits from k linear numbers",
    "A curve falling from 0.83 at 2 numbers to 0.12 at 64; the reader's guess is a short mark at 32.",
    xlabel="k, numbers in the code",
    ylabel="unexplained share of variance",
    guesses={"your guess": (32, guess)},
    baselines=["PCA"],
    log=("x",),
)
coursekit.expect(
    "32 principal components leave 20 to 30 % of the variance on unseen digits",
    0.2 < pca_left[4] < 0.3,
    left=pca_left[4],
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same thing, as a network
#
# With 32 numbers nearly a quarter of the variance stays unexplained, and each doubling of $k$ takes 11 to 17 points away.
#
# Now write the two matrices as two `Dense` layers without activation, and let Adam find them. The network is free to choose
# two different matrices; nobody tells it that one should be the transpose of the other. (The layers' biases take care of the
# mean digit.) Baldi and Hornik (1989) proved that
# the squared error has no local minimum here but the global one. So **the network should find what PCA finds**. We compare
# the *spans*: the span of 16 directions is the set of all pictures that can be mixed from them. Two such spans have 16
# *principal angles*. An angle of 0° is a direction that both share; one of 90° is a direction that the other span lacks.
#
# In the code below, `models.Autoencoder` is a `Model` as in lecture 0. Its `train_on` passes the images through both networks and
# minimizes the loss between the copies and the images. So `fit` is given images alone: **the target is the input**.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    $x$ -> [encoder] -> {code} -> [decoder] -> $\hat x$
    $x$, $\hat x$ -> <squared error>
    """,
    "An autoencoder copies its input through a narrow code",
    notes={"code": "16 numbers", "$x$": "784 numbers", r"$\hat x$": "784 numbers"},
    pictures={
        "$x$": test.images[0, ..., 0],
        r"$\hat x$": rebuild(pca[16], test.flat[:1]).reshape(28, 28),
    },
)

# %% slideshow={"slide_type": "-"} tags=["central"]
k = 16
encoder = keras.Sequential([keras.Input((784,)), layers.Dense(k)])
decoder = keras.Sequential([keras.Input((k,)), layers.Dense(784)])
linear = models.Autoencoder(encoder, decoder)  # model(x) = decoder(encoder(x))


def fit(model, images, epochs, loss, rate=3e-3, batch=64):
    steps = epochs * (len(images) // batch)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(falling), loss)
    model.fit(
        images, batch_size=batch, epochs=epochs, verbose=0, callbacks=progress()
    )


def run(model, inputs):
    return model.predict(inputs, batch_size=500, verbose=0)


fit(linear, train.flat, epochs=20, loss="mse", rate=1e-2, batch=100)

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
learned_axes = linear.decoder.get_weights()[0]  # [k, 784]: what each number draws
angles = metrics.principal_angles(learned_axes, pca[k].components_)

# %% slideshow={"slide_type": "-"} tags=["figure"]
pictures = {
    "PCA": pca[k].components_[:10],
    "network": learned_axes[:10]
    / np.linalg.norm(learned_axes[:10], axis=1, keepdims=True),
}
plots.images(
    pictures,
    f"Axes of two spans of {k}; between the spans at most {angles[0]:.1f}°",
    "Top: ten principal components, broad shapes first, finer and finer. Bottom: ten axes of the network, "
    "all equally mixed.",
    range=(-0.12, 0.12),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
by_pca = pca[k].inverse_transform(pca[k].transform(test.flat))
by_network = run(linear, test.flat)
ratio = (
    np.square(by_network - test.flat).mean() / np.square(by_pca - test.flat).mean()
)
coursekit.expect(
    "the linear network spans what PCA spans, within 15 degrees",
    angles[0] < 15,
    angle=angles[0],
)
coursekit.expect(
    "its error on unseen digits is within 2 % of PCA's",
    abs(ratio - 1) < 0.02,
    ratio=ratio,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The pictures have little in common, and the spans are the same: what can be mixed from PCA's 16 axes can also be mixed from
# the network's. But the network has no reason to prefer *PCA's* axes. Call its encoder's matrix $W^{\top}$ and its decoder's
# matrix $V$, and put any invertible matrix $A$ and its inverse between them: $(V A^{-1})(A W^{\top}) = V W^{\top}$. The output
# is the same, so the loss cannot see $A$. PCA has one more demand, which makes its axes unique: the first axis alone
# must be the best single axis, the first two the best pair, and so on. Remember this when somebody interprets "unit 7 of the code". **A code is defined only
# up to what its decoder can undo.**
#
# > **Try it.** Set `k = 8`: one angle is now tens of degrees, and another `seed` gives another one, though the error is
# > within 1 % of PCA's. Print `PCA(9).fit(train.flat).explained_variance_`: what does it cost to take the ninth direction
# > for the eighth? Then train 100 epochs instead of 20.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A deep autoencoder, and the floor under its loss
#
# Between the pixels and the code we now put layers with ReLU, of the sizes 784-128-64-**32**-64-128-784, as in Chollet's
# [Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html), where the slides' pictures
# come from. (The blog puts a ReLU on the code as well; here a code may be negative.) A gray pixel $x \in [0, 1]$ is
# read as a probability of ink, so the loss is the cross-entropy,
#
# $$\ell(x, \hat x) = -\frac1{784}\sum_{j} \Big( x_j \log \hat x_j + (1 - x_j)\log(1 - \hat x_j) \Big) .$$
#
# > **Predict.** If the network were perfect, $\hat x = x$ for every image, what would this loss be? It is tempting to
# > say 0.

# %% slideshow={"slide_type": "subslide"} tags=["central"]
keras.utils.set_random_seed(seed)
encoder = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(128, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(32),
    ]
)
decoder = keras.Sequential(
    [
        keras.Input((32,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(128, activation="relu"),
        layers.Dense(784, activation="sigmoid"),
    ]
)
deep = models.Autoencoder(encoder, decoder)


def reconstruction_loss(x, x_hat):
    x_hat = ops.clip(x_hat, 1e-7, 1 - 1e-7)  # log 0 is no number
    return -ops.mean(x * ops.log(x_hat) + (1 - x) * ops.log(1 - x_hat), axis=-1)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.02  # a perfect network's loss
fit(deep, train.flat, epochs=60 if full else 18, loss=reconstruction_loss)
rebuilt = run(deep, test.flat)
by_pca = rebuild(pca[32], test.flat)
average = np.broadcast_to(train.flat.mean(axis=0), test.flat.shape)
losses = {
    "the average digit": metrics.binary_crossentropy(average, test.flat),
    "PCA, 32 numbers": metrics.binary_crossentropy(by_pca, test.flat),
    "deep, 32 numbers": metrics.binary_crossentropy(rebuilt, test.flat),
    "perfect": metrics.binary_crossentropy(test.flat),
}

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.network(
    deep,
    test.flat[0],
    title="The deep autoencoder, and what one digit becomes in it",
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.bars(
    losses,
    "Cross-entropy on unseen digits",
    "Bars: average digit 0.27, PCA 0.12, deep autoencoder 0.12, a perfect copy 0.06.",
    ylabel="nats a pixel",
    guesses={"your guess": ("perfect", guess)},
    baselines=["the average digit", "PCA, 32 numbers"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# A perfect copy costs 0.059 nats a pixel. The loss of a gray pixel against itself is that pixel's own entropy,
# $-x\log x - (1-x)\log(1-x)$, which is 0 only for pure black and pure white; averaged over all pixels that is the
# **floor**. The blog's printed loss of about 0.08 (on 60,000 digits) is thus some 0.02 above the best possible, not 0.08.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.images(
    {
        "unseen digit": test.images[first_of_each],
        "PCA, 32": by_pca[first_of_each],
        "deep, 32": rebuilt[first_of_each],
    },
    "The same 32 numbers, spent in two ways",
    "Three rows of ten digits: originals; PCA's reconstructions with gray halos; the deep network's, clean but now and "
    "then another digit's shape.",
)
coursekit.expect(
    "the deep autoencoder comes within 0.08 nats of the floor",
    losses["deep, 32 numbers"] - losses["perfect"] < 0.08,
    deep=losses["deep, 32 numbers"],
    floor=losses["perfect"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The two fail in different ways. PCA adds up pictures that should cancel outside of the strokes and do not quite: that makes
# gray halos. The deep network's background is clean and its strokes are dark; where it errs, it draws a dark stroke in a
# wrong place. It has learned what digits look like, and prefers to draw that.

# %% [markdown] slideshow={"slide_type": "subslide"}
# More digits and more epochs bring the loss far below that of a matrix. After 18 epochs on 4,000 digits it is hardly better. The
# next figure shows the losses after 75 epochs on 55,000 digits (recorded by `tests/bench/autoencoders.py`), and below it what the
# weights of such a long run draw; these weights come with the course. (SiLU, $x / (1 + e^{-x})$, is a smooth ReLU.)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
record = coursekit.results("autoencoders")
runs = record["runs"]
bars = {"PCA, 32 numbers": record["pca"]["test_bce"]}
bars["deep, ReLU,\nalso on the code"] = runs["deep-relu"]["test_bce"]
bars["deep, SiLU,\nlinear code"] = runs["deep-silu"]["test_bce"]
plots.bars(
    bars,
    "The same sizes after 75 epochs on 55,000 digits",
    "Bars of test cross-entropy: PCA 0.118, deep with ReLU 0.081, with SiLU 0.076.",
    ylabel="nats a pixel, 10,000 unseen digits",
    baselines=["PCA, 32 numbers"],
    marks={"Keras blog, printed": 0.08, "floor": record["floor"]},
)
shipped = coursekit.pretrained("autoencoder-deep")  # the last bar's twin
plots.images(
    {
        "unseen digit": test.images[first_of_each],
        "just trained": rebuilt[first_of_each],
        "shipped weights": run(shipped, test.flat)[first_of_each],
    },
    "What the long run buys",
    "Three rows of ten digits: originals, the network of this page, and the shipped one, "
    "which keeps hooks and gaps that the first one smooths away.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# The long run buys the hooks and gaps that the short one smooths away.
#
# From here on the networks come from the package, and `coursekit.show` prints their source, first that of the one you
# have just written. If you arrive with the blog's first version, as most slides do, this is what has changed:
#
# | the blog's line (2016) | Keras 3 | why |
# |---|---|---|
# | `Model(input=x, output=y)` | `keras.Model(x, y)` | the keywords are `inputs`, `outputs`; Keras 3 refuses the old ones |
# | `fit(..., nb_epoch=50)` | `epochs=50` | renamed in Keras 2, an error now |
# | `optimizer='adadelta'` | `Adam()` or `Adadelta(1.0)` | its default rate is now 0.001, not 1.0: the old line runs, and learns next to nothing |
# | `Conv2D(16, 3, 3, border_mode='same')` | `Conv2D(16, 3, padding="same")` | the third argument is now the stride; only `border_mode` stops the old line |
# | `regularizers.l1(10e-5)` | `L1(1e-4)` | the same number: `10e-5` is $10^{-4}$ |

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
coursekit.show(models.autoencoder.deep, docstring=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · When is depth worth it?
#
# > **Predict.** We train the same network with codes of 2, 8 and 32 numbers. Where does it beat PCA by most: at the
# > short codes, or at the long ones?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
by_size = {}
for size in (2, 8):
    keras.utils.set_random_seed(seed)
    by_size[size] = models.autoencoder.deep(latent_dim=size, code_activation=None)
    fit(by_size[size], train.flat, 60 if full else 12, reconstruction_loss)
by_size[32] = deep
answers = {k: run(m, test.flat) for k, m in by_size.items()}
deep_left = [metrics.unexplained_variance(x, test.flat) for x in answers.values()]

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    None,
    {"deep autoencoder": (list(by_size), deep_left), "PCA": (sizes, pca_left)},
    "Unseen digits from k numbers, linear and not",
    "The deep autoencoder's curve lies below PCA's at 2 and 8 numbers, above it at 32.",
    xlabel="k, numbers in the code",
    ylabel="unexplained share of variance",
    baselines=["PCA"],
    log=("x",),
)
ahead = {"two": pca_left[0] - deep_left[0], "eight": pca_left[2] - deep_left[1]}
coursekit.expect(
    "at 2 and at 8 numbers the deep code leaves at least 6 points less than PCA",
    min(ahead.values()) > 0.06,
    **ahead,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The deep network beats PCA at the short codes, and by most at 8 numbers: there eight numbers of the deep code leave about as
# much unexplained as sixteen of PCA. Suppose that the digits lie near a curved sheet of few dimensions inside the space of
# 784. A deep network can follow the sheet; straight axes must span all the room through which it curves.
#
# At 32 numbers the network is *worse* than PCA in squared error (which PCA minimizes; the network was trained on the
# cross-entropy). What counts there is fine detail, and how many examples show it: PCA has to find 25,000 numbers, the
# network 220,000, from the same 4,000 pictures. More pictures and more steps help the network, as the bar chart "The same sizes
# after 75 epochs" has shown for the cross-entropy.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Sparse: a wide code of which little is used at a time
#
# A narrow code is one way to forbid mere copying; another is to leave 128 units and to make their activity **cost**. A
# *penalty* is added to the loss. Two penalties are usual:
#
# $$\Omega_{1} = \lambda \sum_j \lvert z_j\rvert , \qquad
#   \Omega_{\mathrm{KL}} = \beta \sum_j \Big( \rho \log\frac{\rho}{\bar z_j} +
#   (1-\rho)\log\frac{1-\rho}{1-\bar z_j} \Big) .$$
#
# Here $z_j$ is the activity of unit $j$ of the code, and $\bar z_j$ its mean over the images of a minibatch. The factors
# $\lambda$ and $\beta$ say how much the penalty counts beside the reconstruction; below they are 0.0003 and 0.01 (`weight` in the
# code). $\rho$ is the mean activity that is wished for, here 5 %. The first penalty makes every active unit cost, in every
# image. The second is the Kullback-Leibler divergence between two coins, one that falls on heads with probability $\rho$ and one
# with $\bar z_j$. It is 0 where $\bar z_j = \rho$, and asks only for this mean. It needs activities between 0 and 1, so its units end
# in a sigmoid, while those of the other two networks are ReLUs.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def kl_sparsity(code, rho=0.05, weight=0.01):
    mean = ops.clip(ops.mean(code, axis=0), 1e-6, 1 - 1e-6)
    kl = rho * ops.log(rho / mean) + (1 - rho) * ops.log((1 - rho) / (1 - mean))
    # Keras divides an activity penalty by the number of images: undo that.
    images = ops.cast(ops.shape(code)[0], code.dtype)
    return weight * images * ops.sum(kl)


penalties = {
    "no penalty": (None, "relu"),
    "L1": (keras.regularizers.L1(3e-4), "relu"),
    "KL": (kl_sparsity, "sigmoid"),
}

# %% slideshow={"slide_type": "-"} tags=["experiment"]
sparse = {}
for name, (penalty, activation) in penalties.items():
    keras.utils.set_random_seed(seed)
    sparse[name] = models.autoencoder.sparse(
        penalty, latent_dim=128, code_activation=activation
    )
    fit(
        sparse[name], train.flat, 60 if full else 10, reconstruction_loss, rate=5e-3
    )
codes = {name: run(m.encoder, test.flat) for name, m in sparse.items()}


def busy(code):
    """How many units, the busiest first, carry nine tenths of an image's activity?"""
    share = np.cumsum(-np.sort(-code, axis=1), axis=1) / np.maximum(
        code.sum(axis=1, keepdims=True), 1e-9
    )
    return 1 + (share < 0.9).sum(axis=1)


# %% slideshow={"slide_type": "-"} tags=["figure"]
units = {name: busy(code) for name, code in codes.items()}
plots.histograms(
    units,
    "How many of 128 units describe one digit?",
    "Histograms over digits: without a penalty most units, with the KL penalty fewer, with L1 fewest.",
    xlabel="units that carry nine tenths of the activity",
)
awake = codes["KL"].mean()
coursekit.expect(
    "the KL units are active for 6 to 11 %", 0.06 < awake < 0.11, awake=awake
)
cost = {
    name.replace(" ", "_"): metrics.binary_crossentropy(
        run(m, test.flat), test.flat
    )
    for name, m in sparse.items()
}
coursekit.expect(
    "both penalties cost at least 0.01 nats a pixel",
    min(cost["L1"], cost["KL"]) - cost["no_penalty"] > 0.01,
    **cost,
)

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
strokes = {name: m.decoder.get_weights()[0] for name, m in sparse.items()}
busiest = {
    name: np.argsort(-code.mean(axis=0))[:12] for name, code in codes.items()
}
plots.images(
    {
        name: strokes[name][busiest[name]]
        / np.abs(strokes[name][busiest[name]]).max()
        for name in strokes
    },
    "What one unit draws: the decoder's weights of the twelve busiest units",
    "Three rows of twelve weight pictures: without a penalty diffuse blobs; with one, digit-like shapes and strokes.",
    range=(-0.7, 0.7),
)
means = {name.replace(" ", "_"): count.mean() for name, count in units.items()}
coursekit.expect(
    "with either penalty a digit needs less than three quarters of the units",
    max(means["L1"], means["KL"]) < 0.75 * means["no_penalty"],
    **means,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Without a penalty, a digit is spread over many units, and the picture of each is an unreadable texture: only their sum
# means something. With a penalty far fewer units share the work, less than three quarters as many on average, and *some* of
# their pictures can be named: look for rings and for single strokes in the two lower rows. The penalty costs reconstruction: both losses are at least 0.01 nats a
# pixel higher than that of the free 128 units. And a penalty is only a request: asked for a mean activity of 5 %, the
# KL units end with a mean between 6 and 11 %, because the reconstruction gains more than the excess costs.
#
# > **Try it.** Raise `L1` to `3e-3` and count with `(codes["L1"].max(axis=0) == 0).sum()` how many units are never active. Now `rho=0.5` in
# > `kl_sparsity`: units are forced to be active. Which of the two penalties can switch a unit off for ever, and which one prevents it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Convolutional: say it once for every place
#
# A dense layer learns the same stroke anew for every place where it may appear, and a convolution learns it once. The
# encoder repeats a convolution and a pooling (the largest of 2 x 2 numbers) three times: 28 x 28 places become 14 x 14, then
# 7 x 7, then 4 x 4 (half of 7, rounded up), with 8 numbers each. The decoder repeats each row and column twice and
# convolves, which gives 8 x 8, then 16 x 16; its third convolution has no padding, so that 16 x 16 becomes 14 x 14, and the
# last doubling arrives at 28 x 28. The drawing below the next cell shows every size.
#
# > **Predict.** That network has 4,385 weights; the deep one above has 222,384. Move those unseen digits that have room
# > for it 4 pixels to the right. By what factor does each one's loss above the floor grow?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
keras.utils.set_random_seed(seed)
convolutional = models.autoencoder.convolutional(activation="silu")
fit(
    convolutional,
    train.images,
    20 if full else 2,
    "binary_crossentropy",
    rate=1e-2,
    batch=32,
)
room = test.images[
    test.images[:, :, 24:].max(axis=(1, 2, 3)) == 0
]  # empty on the right
floor = metrics.binary_crossentropy(room)
shifts = [0, 1, 2, 3, 4]
above_floor = {"deep": [], "convolutional": []}
for pixels in shifts:
    moved = np.roll(room, pixels, axis=2)
    for name, model, shape in (
        ("deep", deep, (784,)),
        ("convolutional", convolutional, (28, 28, 1)),
    ):
        x = moved.reshape(-1, *shape)
        loss = metrics.binary_crossentropy(run(model, x), x)
        above_floor[name].append(loss - floor)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.network(convolutional, test.images[0], title="The convolutional autoencoder")

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    shifts,
    above_floor,
    f"Moved digits: {deep.count_params():,} dense weights, {convolutional.count_params():,} convolutional ones",
    "Loss above the floor against shift: the deep autoencoder's rises steeply, the convolutional one's slowly.",
    xlabel="shift to the right, pixels",
    ylabel="loss above the floor, nats a pixel",
)
growth = {name: values[-1] / values[0] for name, values in above_floor.items()}
coursekit.expect(
    "4 pixels multiply the dense net's excess by 2.5 or more, the convolutional one's by less than 2",
    growth["deep"] > 2.5 and growth["convolutional"] < 2,
    **growth,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Four pixels multiply the dense network's loss above the floor by more than 2.5, and the convolutional one's by less than 2.
# The dense network has hardly seen ink in the right margin, and a weight that never sees ink stays at its random initial
# value. The convolutional network is not quite indifferent to a shift either: three poolings cut the picture into cells of
# 8 pixels, and 4 pixels are half a cell. It has a fiftieth of the weights, but its code is not shorter: 128 numbers, four
# times as many as the deep one's. On digits in their usual place it is the worse of the two, after only 2 epochs. The blog calls its loss of
# 0.094 "significantly better" than the deep model's 0.08, but 0.094 is the higher loss.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Denoising: ask for more than the input
#
# A third way to forbid copying needs no narrow code at all: add **noise** to the input and ask for the clean image (Vincent
# et al., 2008).

# %% slideshow={"slide_type": "-"} tags=["figure"]
one = test.images[3, ..., 0]
noise = 0.5 * np.random.default_rng(0).normal(size=one.shape)
plots.flow(
    r"""
    clean $x$ -> noisy $\tilde x$ -> [network $f_\theta$] -> $\hat x$
    (noise $\epsilon$) -> noisy $\tilde x$
    clean $x$, $\hat x$ -> <loss>
    """,
    "The network sees the noisy image; its loss is measured on the clean one",
    pictures={"clean $x$": one, r"noisy $\tilde x$": np.clip(one + noise, 0, 1)},
)

# %% [markdown] slideshow={"slide_type": "-"}
# Here $\epsilon$ is a random number for each pixel, and $c$ is the *noise factor* (`factor` in the code):
#
# $$\tilde x = \operatorname{clip}\big(x + c\,\epsilon,\ 0, 1\big),\quad \epsilon \sim \mathcal N(0, I), \qquad
#   \min_\theta \mathbb E\ \ell\big(x,\ f_\theta(\tilde x)\big) .$$

# %% slideshow={"slide_type": "-"} tags=["central"]
factor = 0.5


def add_noise(images, factor, seed):
    noise = np.random.default_rng(seed).standard_normal(
        images.shape, dtype="float32"
    )
    return np.clip(images + np.float32(factor) * noise, 0, 1)


clean = test.images[:300]
noisy = add_noise(clean, factor, seed=1)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A denoiser must be compared with the filters that people used before, not with the noisy image, which is easily beaten. One
# filter takes the median over 3x3 pixels. The other, non-local means (Buades et al., 2005), averages patches that look
# alike; it gets the settings that are best on training images. The measures are the peak signal-to-noise ratio (PSNR), $-10\log_{10}$ of the mean squared error, in
# decibels (6 dB more means that the root of this mean is halved), and SSIM, which compares structure in 7 x 7 windows (1 is a
# perfect copy). The network's code has 7 x 7 x 32 numbers, twice as many as the picture has pixels: only the noise forbids copying.
#
# > **Predict.** The median filter gains 4.8 dB over the noisy image. How many will the network gain over the median?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
keras.utils.set_random_seed(seed)
denoiser = models.denoising.denoiser(factor, channels=32 if full else 16)
epochs = 20 if full else 5  # the network draws new noise for every minibatch
fit(denoiser, train.images, epochs, "binary_crossentropy", rate=4e-3, batch=50)
cleaned = {
    "noisy": noisy,
    "median 3x3": metrics.baselines.median_filter(noisy, 3),
    "non-local means": metrics.baselines.non_local_means(noisy, factor),
    "network": run(denoiser, noisy),
}
decibels = {name: metrics.psnr(x, clean).mean() for name, x in cleaned.items()}
similarity = {name: metrics.ssim(x, clean).mean() for name, x in cleaned.items()}

# %% slideshow={"slide_type": "subslide"} tags=["figure", "front"]
some = first_of_each[:8]
plots.images(
    {
        f"{name}\n{decibels[name]:.1f} dB, SSIM {similarity[name]:.2f}": x[some]
        for name, x in cleaned.items()
    }
    | {"clean": clean[some]},
    f"Unseen digits, noise factor {factor:g}",
    "Five rows of eight digits: noisy, median filter, non-local means, network, clean. Only the network's look clean.",
)
coursekit.expect(
    "the network is at least 2 dB above the best filter",
    decibels["network"] - max(decibels["median 3x3"], decibels["non-local means"])
    > 2,
    **{
        name.replace(" ", "_").replace("-", "_"): value
        for name, value in decibels.items()
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# The network gains about 3 dB over the median filter: the root of its mean squared error is a third smaller. A filter knows that neighbors are
# alike. The network knows *digits*: it closes a gap in a stroke because sevens have no gap there. It can also be wrong in
# this way; compare each cleaned digit with the clean one below it. Non-local means, which is strong on photographs, loses
# even to the median. The reason is the clipping at 0 and 1: the noise is not centered on the truth any more. Empty paper
# has 0.2 ink on average after the noise, and an average keeps that. A median does not, because half of the noise on empty
# paper is clipped to 0.
#
# Now drag the noise in the next figure. The network was trained at a noise factor of 0.5 and at no other.


# %% slideshow={"slide_type": "subslide"} tags=["figure"]
def at_noise(factor):
    spoiled = add_noise(test.images[some], factor, seed=1)
    rows = [test.images[some], spoiled, metrics.baselines.median_filter(spoiled, 3)]
    rows.append(run(denoiser, spoiled))
    return 1 - np.concatenate(
        [np.concatenate(list(row[..., 0]), axis=1) for row in rows]
    )


levels = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
coursekit.widgets.FramePlayer(
    [at_noise(level) for level in levels],
    [("noise factor", levels)],
    redraw=at_noise,
    start=[3],
    title="From the top: clean, noisy, median filter, network",
    alt="Four rows of digits. As the noise grows the median filter fails first, the network last.",
    width=560,
)

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
noise_levels = [0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9]
curves = {"noisy": [], "median 3x3": [], "network trained at 0.5": []}
for level in noise_levels:
    spoiled = add_noise(test.images, level, seed=2)
    answers = [spoiled, metrics.baselines.median_filter(spoiled, 3)]
    answers.append(run(denoiser, spoiled))
    for curve, answer in zip(curves.values(), answers, strict=True):
        curve.append(min(metrics.psnr(answer, test.images).mean(), 40))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    noise_levels,
    curves,
    "Away from the noise it was trained on",
    "Decibels against noise: the noisy image is best below about 0.12, then for a short "
    "stretch the median filter, above about 0.2 the network.",
    xlabel="noise factor",
    ylabel="PSNR, dB (cut at 40)",
)
coursekit.expect(
    "with hardly any noise, doing nothing beats the network",
    curves["noisy"][1] > curves["network trained at 0.5"][1],
    noisy=curves["noisy"][1],
    network=curves["network trained at 0.5"][1],
)

# %% [markdown] slideshow={"slide_type": "-"}
# Left of about 0.15 the network is **worse than doing nothing**, and a little farther it is still worse than the median of
# nine pixels. In training it was never shown a picture that should stay as it is, so it redraws every picture. Check this
# first when somebody offers you a learned denoiser. (Exercise 4.3 mends most of it.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · What is strange? Anomalies by reconstruction error
#
# A network that has only learned digits should rebuild other things badly. Then the reconstruction error itself is a
# detector of strange images, and it needs no label and no example of what to detect. We show clothes to the deep network.
#
# A detector calls an image strange if its error is above a limit. A low limit finds more of the clothes, and it also raises more
# false alarms on digits. The **ROC curve** shows, for every limit, the share of clothes found over the share of false alarms. The
# **area** under this curve is the probability that a piece of clothing has a larger error than a digit, both taken at random: 1
# is perfect, and 0.5 is guessing.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
clothes = data.load("fashion_mnist" if full else "fashion_small", "test")
error = lambda x: np.square(run(deep, x) - x).mean(axis=1)
scores = {"unseen digits": error(test.flat), "clothes": error(clothes.flat)}
auc, curve = metrics.roc(scores["unseen digits"], scores["clothes"])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.roc(
    scores,
    curve,
    f"Clothes among digits: area under the curve {auc:.3f}",
    "Left: histograms of the error on a log axis, digits below clothes, some overlap. Right: a "
    "ROC curve close to the top left corner.",
    xlabel="mean squared reconstruction error",
)
coursekit.expect(
    "the area under the ROC curve is at least 0.95", auc > 0.95, auc=auc
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Rank these from least to most strange, as the detector sees them: a digit, a digit upside down, an empty
# > image, a single bar, a gray image, noise, a digit in negative.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
bar = np.zeros((28, 28, 1), "float32")
bar[4:24, 13:15] = 1
digit = test.images[first_of_each[5]]
probes = {
    "empty": np.zeros_like(digit),
    "a bar": bar,
    "a digit": digit,
    "upside down": digit[::-1],
    "gray": np.full_like(digit, 0.5),
    "noise": np.random.default_rng(0).random(digit.shape, dtype="float32"),
    "negative": 1 - digit,
}
rows = np.stack(list(probes.values())).reshape(-1, 784)
strangeness = dict(zip(probes, error(rows), strict=True))

# %% slideshow={"slide_type": "-"} tags=["figure"]
ranked = sorted(probes, key=strangeness.get)
plots.panels(
    [probes[name] for name in ranked],
    [f"{name}\n{strangeness[name]:.5f}" for name in ranked],
    "Seven probe images in order of reconstruction error: empty first, then a bar, a digit, and so on.",
    suptitle="Reconstruction error of seven probes, least strange first",
    size=1.55,
)
least = np.quantile(scores["unseen digits"], 0.01)
coursekit.expect(
    "an empty image is less strange than 99 % of unseen digits",
    strangeness["empty"] < least,
    empty=strangeness["empty"],
    one_percent=least,
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The least strange of the seven is no digit at all.** An empty image, which is in no training set, is rebuilt many times
# better than 99 % of real digits, and a plain bar better than most. The error does not measure how likely an image is among
# digits. It measures how much there is to get wrong, and clothes have more ink. (Models that do have a $p(x)$ are
# not safe from this either: Nalisnick et al., 2019.)
#
# > **Try it.** Build `deep` again, then `fit(deep, train.flat[train.labels != 1], 18, reconstruction_loss)`. What is
# > `metrics.roc(error(test.flat[test.labels != 1]), error(test.flat[test.labels == 1]))[0]`? Guess first: above or below
# > one half? (Run section 2 again before section 8.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Why an autoencoder draws nothing new
#
# The decoder turns 32 numbers into a digit, so it seems that we could choose numbers at random and draw new digits. We try it
# first where we can see the codes: with the network of two numbers from section 3.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plane = by_size[2]
places = run(plane.encoder, train.flat)
low, high = np.quantile(places, [0.01, 0.99], axis=0)
across, down = np.linspace(low[0], high[0], 16), np.linspace(high[1], low[1], 16)
grid = np.array([(x, y) for y in down for x in across], "float32")
plots.plane(
    places,
    train.labels,
    run(plane.decoder, grid).reshape(16, 16, 784),
    (low[0], high[0], low[1], high[1]),
    "Two numbers for a digit",
    "Left, codes colored by class: some classes crowd together, the 1s spread far. Right, "
    "the same plane decoded: digits at the sides, blurred shapes where classes crowd, and "
    "1s over nearly half of the plane.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# Nothing in the loss says where codes should lie. So half of the classes crowd around one spot, where the drawings are blurred
# mixtures, while the 1s spread over nearly half of the plane. Nothing keeps the codes near 0 or at any scale, and what the
# decoder draws where no code lies has entered no loss. On a
# plane we can see where not to go. With 32 numbers we cannot. So we try four obvious ways to choose a code, and count how
# many of the drawings can be read as a digit. A vote of the ten nearest training images decides: a drawing counts as
# readable if at least eight of the ten are the same digit.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
from sklearn.neighbors import KNeighborsClassifier

reader = KNeighborsClassifier(10).fit(train.flat, train.labels)
readable = lambda pictures: float(
    (reader.predict_proba(pictures).max(axis=1) >= 0.8).mean()
)
z = run(deep.encoder, train.flat)
rng = np.random.default_rng(seed)
recipes = {
    "from N(0, 1)": rng.normal(size=(1000, 32)),
    "each number\nfrom its own range": rng.uniform(
        z.min(axis=0), z.max(axis=0), (1000, 32)
    ),
    "each number\nfrom its own histogram": np.stack(
        [rng.permutation(column)[:1000] for column in z.T], axis=1
    ),
    "from a Gaussian\nfitted to the codes": rng.multivariate_normal(
        z.mean(axis=0), np.cov(z.T), 1000
    ),
    "codes of\nunseen digits": run(deep.encoder, test.flat[:1000]),
}
draw = lambda z: run(deep.decoder, np.float32(z))
drawn = {name: draw(codes) for name, codes in recipes.items()}
drawn["unseen digits\nthemselves"] = test.flat[:1000]
shares = {name: readable(pictures) for name, pictures in drawn.items()}

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.images(
    {
        f"{name}: {shares[name]:.0%}": pictures[:10]
        for name, pictures in drawn.items()
    },
    "Decoded random codes, and the share a nearest-neighbor vote can read",
    "Rows of ten images: gray smudges from random codes, tangled strokes from ranges and "
    "histograms, half-digits from a Gaussian, digits from real codes, and real digits.",
)
random_codes = [share for name, share in shares.items() if "unseen" not in name]
coursekit.expect(
    "no recipe comes within 15 points of real codes",
    max(random_codes) < shares["codes of\nunseen digits"] - 0.15,
    best=max(random_codes),
    real=shares["codes of\nunseen digits"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# No way of choosing comes within 15 points of the codes of real digits. Knowing each number's histogram gains nothing over
# knowing its range. Knowing how the numbers go *together*, as a Gaussian fitted to the codes does, gains a little. Still,
# many of its drawings cannot be read. (The vote is not a perfect judge: it cannot read all of the real digits either.) Where a
# drawing cannot be read, no digit has its code. So the codes do not fill the region that a Gaussian with their mean and
# covariance describes, an ellipsoid. Inside of it there is room where no digit lives: **holes**.
#
# There are two ways out. One can fit a richer distribution to the codes afterwards. Or one can train so that the codes *must*
# fill a distribution that was chosen beforehand, without holes: that is the variational autoencoder of lecture 5.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Printed and measured
#
# Full MNIST: 55,000 training digits (the 5,000 of the quick profile left out), 10,000 test digits, two CPU cores;
# `python tests/bench/autoencoders.py` repeats the table. Losses in nats a pixel; subtract the floor (0.058 on these 10,000
# test digits) before you compare two of them.

# %% slideshow={"slide_type": "-"} tags=["figure"]
rows = [
    [
        entry["what"],
        f"{entry['printed'] or '-'}",
        entry["test_bce"],
        f"{entry['seconds']:.0f}",
    ]
    for entry in runs.values()
    if "test_bce" in entry
]
plots.table(
    rows, columns=("system", "printed by the blog", "ours", "seconds of training")
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/04_autoencoders.ipynb), checked as you go:
#
# 1. **The floor** (10 minutes): write the entropy of gray pixels, and find the image whose floor is highest.
# 2. **Tied weights** (20 minutes): a linear autoencoder with $V = W^{\top}$ and half the weights. Which of the freedoms
#    of section 1 does it lose?
# 3. **A blind denoiser** (20 minutes): one that also knows when to leave a picture alone.
# 4. **A better detector** (30 minutes): correct the error for what any network would get wrong, so that an empty image
#    no longer passes for a digit.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A **linear** autoencoder finds PCA's span, not its axes: a code means only what its decoder makes of it.
# - A reconstruction loss has a **floor**; quote the distance to it.
# - Depth pays at **short codes**, and with data and time; otherwise a matrix is as good.
# - Mere copying can be forbidden by a **narrow** code, by a **penalty** on activity, or by **noise** on the input.
# - Reconstruction error measures complexity as much as strangeness: **an empty image is no anomaly** to it.
# - The codes have **holes**, so an autoencoder does not generate.
#
# Autoencoders are still in use. Masked autoencoders (He et al., 2022) pretrain vision models by section 6's idea. The
# diffusion models that have overtaken every generator of this course are denoisers trained at all noise levels at once,
# and many run inside an autoencoder's code (Rombach et al., 2022).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine, 1901.
# - P. Baldi, K. Hornik, *Neural networks and principal component analysis*, Neural Networks, 1989.
# - G. Hinton, R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science, 2006.
# - P. Vincent et al., *Extracting and composing robust features with denoising autoencoders*, ICML 2008.
# - A. Ng, *Sparse autoencoder*, CS294A lecture notes, Stanford, 2011.
# - A. Buades, B. Coll, J.-M. Morel, *A non-local algorithm for image denoising*, CVPR 2005.
# - F. Chollet, *[Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html)*, 2016.
# - E. Nalisnick et al., *Do deep generative models know what they don't know?*, ICLR 2019.
# - K. He et al., *Masked autoencoders are scalable vision learners*, CVPR 2022.
# - R. Rombach et al., *High-resolution image synthesis with latent diffusion models*, CVPR 2022.
