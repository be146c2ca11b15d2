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
# An *autoencoder* is a network that must copy its own input through a narrow place: only a few numbers may pass there.
# If the copy is good, these few numbers describe the picture. They are called its code, and they are what we want.
#
# **You will be able to**
#
# - derive principal component analysis, and say what a linear autoencoder finds of it;
# - build, train and measure a deep, a sparse, a convolutional and a denoising autoencoder in Keras 3;
# - read a reconstruction loss: say what its floor is, and why that is not 0;
# - find strange images by their reconstruction error, and say what such a detector cannot see;
# - show why none of this draws a new digit, which is the question of the next lecture.
#
# You need [the first notebook](00_start_here.ipynb). About 70 minutes to read and play; about a minute to run. The terms are
# collected in the [glossary](glossary.md).

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
# are often alike, and the corners are always empty.
#
# Suppose that you may send only $k$ numbers, and that the receiver must rebuild the picture from them. Here are ten pictures that
# have to be sent. They belong to the *unseen* digits: we measure on them, and never train on them.

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
# **The simplest sender multiplies the picture by a matrix, and so does the receiver.** First subtract the mean digit from all
# digits. From here on $x_i$ is the $i$-th digit after this subtraction, a column of 784 numbers. So the mean of the $x_i$ is 0.
#
# The sender multiplies by a matrix $W^{\top}$, which gives $k$ numbers. The receiver multiplies these by $W$. So the copy is
# $W W^{\top} x_i$. We look for the matrix whose copies are nearest:
#
# $$\min_{W \in \mathbb R^{784 \times k}}\ \sum_i \lVert x_i - W W^{\top} x_i\rVert^2, \qquad W^{\top}W = I .$$
#
# The condition on the right says that the $k$ columns of $W$ have length 1 and are orthogonal to each other.
#
# The answer has a name. *Principal component analysis* (PCA) projects the data on the $k$ directions in which they vary most; these are the columns of $W$.
# The directions are also called PCA's axes. We now derive them, first for $k = 1$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Step 1, Pythagoras: the best direction is the one with the largest variance.** Let $k = 1$, and let $w$ be the only column of
# $W$. The code of $x$ is the number $w^{\top} x$, and the copy is $(w^{\top} x)\, w$. What the copy leaves out is orthogonal to
# $w$, because $w^{\top} w = 1$:
#
# $$w^{\top}\big(x - (w^{\top} x)\,w\big) = w^{\top} x - (w^{\top} x)(w^{\top} w) = 0 .$$
#
# So the copy and the rest are the two short sides of a right triangle, and $x$ is the long side. By the theorem of Pythagoras,
#
# $$\lVert x \rVert^2 = (w^{\top} x)^2 + \lVert x - (w^{\top} x)\, w \rVert^2 .$$
#
# The left side does not depend on $w$. So the squared error on the right is smallest where the squared code, $(w^{\top} x)^2$, is
# largest. Summed over all digits, the squared codes are the variance along $w$, times the number of digits.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Step 2, the covariance matrix: it holds the variance along every direction.** A number equals its transpose, so $(w^{\top} x)^2 =
# w^{\top} x\, x^{\top} w$. Take the mean over all $n$ digits. The direction $w$ is the same for all, so it can be taken out of
# the sum:
#
# $$\frac1n \sum_i (w^{\top} x_i)^2 = w^{\top} C\, w, \qquad C = \frac1n \sum_i x_i x_i^{\top} .$$
#
# The *covariance matrix* $C$ has 784 rows and columns: its entry in row $j$ and column $l$ is the mean product of the pixels $j$ and $l$,
# after their means were subtracted. An entry is positive if the two pixels tend to be dark together.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Step 3, eigenvectors: the best direction is the one with the largest eigenvalue.** The matrix $C$ is symmetric. Such a matrix
# has 784 eigenvectors $u_j$ of length 1 that are orthogonal to each other: $C u_j = \lambda_j u_j$. We number them so that
# $\lambda_1 \ge \lambda_2 \ge \dots$.
#
# Every direction is a mixture of them, $w = \sum_j a_j u_j$, and $\sum_j a_j^2 = 1$ because $w$ has length
# 1. Put this mixture into step 2. All products $u_j^{\top} u_l$ with $j \ne l$ are 0, so
#
# $$w^{\top} C\, w = \sum_j a_j^2\, \lambda_j .$$
#
# The $a_j^2$ are not negative, and their sum is 1. So this is a weighted mean of the eigenvalues, and a mean is never larger than the largest of its
# numbers. The mean reaches $\lambda_1$ if all the weight is on $u_1$: **the best single direction is $w = u_1$, and the variance along
# it is $\lambda_1$**.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Step 4, $k$ directions: the sum of their variances must be largest.** Now the copy is the sum of $k$ parts, $(w_m^{\top} x)\, w_m$. They are orthogonal
# to each other, and the rest is orthogonal to all of them. So Pythagoras gives $\lVert x \rVert^2 = \sum_m (w_m^{\top} x)^2 + \lVert \text{rest} \rVert^2$.
# The rest is smallest if the sum of the $k$ variances is largest. We write each variance as in step 3, where $a_j = w^{\top} u_j$:
#
# $$\sum_{m=1}^{k} w_m^{\top} C\, w_m = \sum_j s_j\, \lambda_j, \qquad s_j = \sum_{m=1}^{k} (w_m^{\top} u_j)^2 .$$
#
# Each eigenvalue $\lambda_j$ has a weight $s_j$. Two facts limit these weights.
#
# - **All weights together are $k$.** Each column has $\sum_j (w_m^{\top} u_j)^2 = 1$, as in step 3, and there are $k$ columns.
# - **No weight is above 1.** The *span* of some vectors is the set of all their mixtures. The weight $s_j$ is the squared length of the projection of $u_j$ on the span of the
#   columns. A projection is never longer than the vector, and $u_j$ has length 1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Step 5: take the $k$ largest eigenvalues.** No weight is above 1, and all together are $k$. So the sum is largest if each of the $k$ largest eigenvalues has the weight 1.
# Then the columns of $W$ span the same set as $u_1, \dots, u_k$.
#
# How much is left? With $k = 784$ all weights are 1 and the copy is perfect. So the whole variance is the sum of all eigenvalues. With fewer columns, the other eigenvalues are left:
#
# $$\text{unexplained share} = \frac{\lambda_{k+1} + \dots + \lambda_{784}}{\lambda_1 + \dots + \lambda_{784}} .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# The next figure shows the mean digit and the first eight directions $u_1, \dots, u_8$ as pictures. Gray is 0. Where a direction is dark, adding it makes ink; where it is light,
# adding it takes ink away. Above each direction stands its share of the variance: its eigenvalue divided by the sum of all eigenvalues.

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

# %% [markdown] slideshow={"slide_type": "-"}
# The first direction holds a tenth of the variance, and the eighth only 3 %. The eight shares add up to 44 %. So by step 5 a code of
# eight numbers leaves 56 % of the variance unexplained, on the digits that PCA was fitted to.
#
# On unseen digits we measure the share directly. The *unexplained variance* of copies is their summed squared error, divided by the summed squared
# distance of the originals from their mean. Before that we clip the copies to $[0, 1]$. A pixel of a digit is never outside, so clipping only helps.
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
# With 32 numbers nearly a quarter of the variance stays unexplained. Can a network do better?
#
# First we make a network that does the same as PCA. An *encoder* is a network that makes a code from a picture. A *decoder* is a network that makes a picture from a code. The
# *code* of a picture is the vector of $k$ numbers between encoder and decoder. Our encoder and our decoder are one `Dense` layer each, without activation. So each multiplies by a
# matrix. The optimizer Adam has to find the two matrices.
#
# Nothing makes one matrix the transpose of the other. The layers' biases take care of the
# mean digit.
#
# In the next drawing, follow the two arrows into the loss: both come from pictures, and neither from a label.

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

# %% [markdown] slideshow={"slide_type": "-"}
# The network is a `Model`, as in lecture 0. Its `fit` is given images alone: **the target is the input**. It minimizes the loss between the copies and the images.
#
# The cell also defines two short functions that the whole lecture uses. `fit` trains a model, with a learning rate that falls to 0. `run` gives
# a model's answers.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What should the linear network find?** Call the decoder's matrix $V$; it turns a code $z$ into the copy $V z$. So all copies lie in the span of the $k$ columns of $V$.
#
# 1. **For a fixed decoder, the best encoder projects.** The nearest point of the span is the orthogonal projection of $x$. There the rest is orthogonal to
#    each column: $V^{\top} (x - V z) = 0$. We solve for the code, if the columns of $V$ are independent: $z = (V^{\top} V)^{-1} V^{\top} x$. This is a matrix times $x$, so a linear encoder can compute it.
#    Then the copy is the projection of $x$, and the error depends only on the span.
# 2. **The best span is that of PCA.** Every span has columns of length 1 that are orthogonal to each other; call them $W$. The projection of $x$ on the span is $W W^{\top} x$. That is the
#    problem of section 1, and step 5 has solved it: the error is smallest for the span of $u_1, \dots, u_k$.
#
# Does training get there? Baldi and Hornik (1989) proved that every local minimum of this loss is a global one. So **the network should find PCA's span**.
#
# How different are two spans? We measure *principal angles*: the largest principal angle of two spans is the largest angle between a direction of the one and its
# projection on the other. It is 0° if the spans are the same. It is 90° if a direction of the one is orthogonal to all of the other.
#
# A Keras layer multiplies from the other side, so the columns of $V$ are the rows of `learned_axes`.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
learned_axes = linear.decoder.get_weights()[0]  # [k, 784]: what each number draws
angles = metrics.principal_angles(learned_axes, pca[k].components_)

# %% [markdown] slideshow={"slide_type": "-"}
# Compare the two rows of the next figure: each picture is one axis. Then read the angle in the title.

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
# The two rows have little in common, and yet the spans are nearly the same: the largest angle is 1.4°. What can be mixed from PCA's 16 axes can also be
# mixed from the network's. So the network has found PCA's span, and not its axes.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The loss cannot see the difference between two sets of axes.** Call the encoder's matrix $E$. Put any invertible matrix $A$ behind the encoder, and its inverse before the decoder. The
# output is the same:
#
# $$(V A^{-1})(A E) = V E .$$
#
# With $k = 16$ there are $16^2 = 256$ numbers in $A$ that the loss leaves free. So a single number of a code has no meaning of its own: **another encoder may mix the numbers of a code, if its decoder undoes the mixing.**
#
# PCA has one more demand: the first axis alone must be the best single axis, the first two the best pair, and so on. If the eigenvalues differ, this makes the axes unique, up to their signs.
#
# > **Try it.** Set `k = 8`. One angle is now tens of degrees, though the error is within 1 % of PCA's. Print `PCA(9).fit(train.flat).explained_variance_`:
# > how much do the eighth and the ninth eigenvalue differ? Why does that make the angle large and the error small?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A deep autoencoder, and the floor under its loss
#
# A *deep autoencoder* puts layers with an activation between the pixels and the code, so its code is no linear function of the picture. Ours has the
# sizes 784-128-64-**32**-64-128-784, as in Chollet's [Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html).
#
# The *reconstruction loss* says how far the copy $\hat x$ is from the picture $x$. So far it was the squared error. Now we use a cross-entropy. For this, the gray $x_j \in [0, 1]$ of pixel $j$
# is read as a probability of ink, and so is its copy $\hat x_j$. The loss is the cross-entropy of lecture 0 with the two outcomes "ink" and "paper",
# averaged over the pixels:
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


# %% [markdown] slideshow={"slide_type": "-"}
# The next cell trains the network, and computes four losses on unseen digits: of an answer that is always the average digit, of PCA with 32 numbers, of the deep network, and of a perfect copy.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# The drawing follows one digit through the trained network. Its narrowest place is the code of 32 numbers. Below each layer stands how many weights it has.

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
plots.network(
    deep,
    test.flat[0],
    title="The deep autoencoder, and what one digit becomes in it",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Compare the four losses: is the last one, of a perfect copy, 0?

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
# A perfect copy costs 0.059 nats a pixel, not 0. Lecture 0 has the reason: a cross-entropy is an entropy plus a divergence. For one pixel this says
#
# $$\underbrace{-x \log \hat x - (1-x) \log (1 - \hat x)}_{\text{the loss}} =
#   \underbrace{-x\log x - (1-x)\log(1-x)}_{\text{entropy of the pixel}} + \underbrace{D_{\mathrm{KL}}(x \,\Vert\, \hat x)}_{\ge\ 0} .$$
#
# The network can change only the divergence, which is 0 exactly if $\hat x = x$. The entropy belongs to the picture. It is 0 for pure black and pure white, and largest, $\log 2 \approx 0.69$ nats, for a gray of 0.5.
# **The *floor* of a reconstruction loss is what even a perfect copy costs: the pixels' own entropy, on average.**
#
# So compare a loss with its floor. The deep network's loss of 0.12 is only 0.06 above the floor.

# %% [markdown] slideshow={"slide_type": "subslide"}
# By the bars the deep network and PCA are about equally good. But their copies look different: in what do the two lower rows of the next figure differ?

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
# PCA and the deep network fail in different ways. PCA adds up pictures with dark and light parts. Outside of the strokes these should cancel, and do not quite: the copies have
# gray halos. The deep network's background is clean and its strokes are dark. Where it errs, it draws a dark stroke in a
# wrong place: look at the 4 and the 5.
#
# In this short training, 18 epochs on 4,000 digits, the deep network is hardly better than a matrix. A long training helps. After 75 epochs on 55,000 digits, a network of these sizes has a loss of 0.081 and
# PCA one of 0.118; the floor is 0.058 there. ("For a second reading" shows the figure.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · When is depth worth it?
#
# At which length of the code does a deep network gain most over PCA? We train the same network with codes of 2, 8 and 32 numbers, and
# measure the unexplained variance as in section 1. (`models.autoencoder.deep` builds the network of section 2, with any length of the code.)
#
# > **Predict.** Where does the deep network beat PCA by most: at the short codes, or at the long ones?

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
# The deep network beats PCA at the short codes, and by most at 8 numbers. There, eight numbers of the deep code leave about as
# much unexplained as sixteen of PCA.
#
# Why at the short codes? Think of a sheet of paper that was rolled up. The roll fills a space of three dimensions, although two numbers say where a point is on the paper. Suppose that the digits
# lie near such a curved sheet, of few dimensions, inside the space of 784. A deep network can follow a curved sheet with few numbers. PCA has only straight axes, so it needs one for every dimension into which the sheet bends.
#
# Why not at 32 numbers? There the network is *worse* than PCA in squared error. One reason is that PCA minimizes the squared error, and the network was
# trained on the cross-entropy. Another is the number of weights. PCA has to find 784 x 32, about 25,000 numbers. The network has to find about 220,000, from the same 4,000 pictures.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Sparse: a wide code of which little is used at a time
#
# A narrow code forbids mere copying; a *sparse autoencoder* has a wide code instead, and must pay for each active unit. Ours has 128 units. The activity of
# unit $j$ is the number $z_j \ge 0$ that it puts out. A *penalty* is a term that is added to the loss, here to keep the activities small. We compare two penalties: what does each do to a unit that is hardly active?
#
# **The L1 penalty** makes every active unit cost, in every image:
#
# $$\Omega_{1} = \alpha \sum_j z_j .$$
#
# The factor $\alpha$, here 0.0003, says how much the penalty counts beside the reconstruction. The slope of the penalty is $\alpha$ wherever a unit is active. So it pushes a hardly active unit as strongly as
# a very active one. **The L1 penalty lets a unit fall silent**: its activity can be pushed down to 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The KL penalty** asks only for a small *mean* activity. Let $\bar z_j$ be the mean activity of unit $j$ over the images of a minibatch. The penalty asks that
# it equals a small number $\rho$, here 0.05.
#
# The units of this network end in a sigmoid, so activities are between 0 and 1. We read the mean activity as a probability: the unit is "on"
# with probability $\bar z_j$, and should be "on" with probability $\rho$. The Kullback-Leibler divergence of lecture 0 says how far the two probabilities are from each other. It has one term for "on" and one for "off":
#
# $$\Omega_{\mathrm{KL}} = \beta \sum_j \Big( \rho \log\frac{\rho}{\bar z_j} +
#   (1-\rho)\log\frac{1-\rho}{1-\bar z_j} \Big) .$$
#
# The factor $\beta$, here 0.01, says how much this penalty counts.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **What does the KL penalty do to a hardly active unit?** Take the derivative of the bracket with respect to $\bar z_j$. The logarithm of a quotient is a difference, so the first term contains $-\rho \log \bar z_j$, and the
# second $-(1 - \rho) \log (1 - \bar z_j)$. Their derivatives add up to
#
# $$-\frac{\rho}{\bar z_j} + \frac{1-\rho}{1 - \bar z_j} = \frac{\bar z_j - \rho}{\bar z_j\,(1 - \bar z_j)} .$$
#
# The derivative is negative below $\rho$, zero at $\rho$, and positive above. So the penalty is smallest at $\bar z_j = \rho$. As $\bar z_j$ goes to
# 0, the derivative goes to $-\infty$: **the KL penalty does not let a unit fall silent.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# In `kl_sparsity`, `weight` is the factor $\beta$. The argument of Keras's `L1` is $\alpha$.


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

# %% [markdown] slideshow={"slide_type": "-"}
# The next cell trains three networks: one without a penalty, and one with either penalty. (The KL network also has a sigmoid where the others have a ReLU.)
#
# How many units does a network use for a digit? `busy` sorts the activities of an image. It counts how many units, the busiest first, carry nine tenths of the sum. In the histograms, compare where the three middles are.

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

# %% [markdown] slideshow={"slide_type": "-"}
# With either penalty a digit needs far fewer units: about 70 without a penalty, mostly 20 to 25 with L1, and 15 to 50 with KL.
#
# The penalties have a price. Both losses are at least 0.01 nats a pixel higher than without one. And the KL penalty does not reach what it asks for: asked for a mean activity of
# 5 %, the units end between 6 and 11 %. The reconstruction gains more from the higher activity than the penalty charges for it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# A unit can be looked at, too. The decoder multiplies the activity of unit $j$ by a row of weights, and this row is a picture: what the unit adds to
# the drawing, dark for ink. In the next figure compare the first row with the two others: in which can you name a picture?

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
# Without a penalty, the picture of a unit is an unreadable texture: only the sum of many units means something. With a penalty *some* of the pictures can be
# named: look for rings and for single strokes in the two lower rows.
#
# > **Try it.** Raise `L1` to `3e-3` and count with `(codes["L1"].max(axis=0) == 0).sum()` how many units are never active. Now `rho=0.5` in
# > `kl_sparsity`: units are forced to be active. Does what you see agree with the slopes of the two penalties?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Convolutional: the same weights at every place
#
# A dense layer must learn the same stroke anew for every place where it may appear. A convolution learns it once. A *convolutional autoencoder* is made of
# convolutions, so its code is a small stack of maps, and every number of the code belongs to a place of the picture.
#
# The encoder repeats two things three times: a convolution, and a *pooling*, which keeps the largest of each 2 x 2 numbers. So the maps shrink from 28 x 28
# to 14 x 14, to 7 x 7 and to 4 x 4 (half of 7, rounded up). The decoder goes the other way: it doubles each row and column, and convolves.
#
# What does it help to have the same weights everywhere? We move digits to the right, and give them to this network and to the deep one of section 2, whose layers are dense.
# We use the unseen digits that have room for it.
#
# > **Predict.** The convolutional network has 4,385 weights, and the deep one 222,384. If the digits move by 4 pixels, by what factor does each network's loss above the floor grow?

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

# %% [markdown] slideshow={"slide_type": "-"}
# The drawing shows the size of each map. The code, 8 maps of 4 x 4 places, stands at the right end of the upper row. (One convolution of the decoder is "unpadded": it cuts off a border,
# 16 x 16 becomes 14 x 14, and so the last doubling arrives at 28 x 28.)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.network(convolutional, test.images[0], title="The convolutional autoencoder")

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the next figure look at how steep the two curves are, and not only at which is lower.

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
# Four pixels multiply the deep network's loss above the floor by nearly 4 (from 0.06 to 0.21), and the convolutional one's by 1.3.
#
# Why does the deep network suffer? It has hardly seen ink in the right margin, and a weight that never sees ink stays at its random initial
# value. The convolutional network uses the same weights at every place, so it has trained them on all places.
#
# Why does the convolutional one suffer a little? Three poolings halve the picture three times, so one place of the code stands for 8 x 8 pixels. A digit that moves by 4 pixels lies differently in these cells, and gets another code.
#
# At shift 0, on digits in their usual place, the convolutional network is the worse of the two. It was trained for only 2 epochs. Nor is its code shorter: it has 4 x 4 x 8 = 128 numbers, and the deep one's 32.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Denoising: ask for more than the input
#
# A narrow code and a penalty forbid copying. There is a third way: change the input. A *denoising autoencoder* is given a noisy image and must answer with the clean one (Vincent
# et al., 2008). In the drawing, see where the two arrows into the loss come from: copying the input would now be a mistake.

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
# Here $\epsilon$ is a random number for each pixel, drawn from a normal distribution with mean 0 and variance 1. The *noise factor* $c$ says how strong the
# noise is (`factor` in the code). Values outside of $[0, 1]$ are clipped:
#
# $$\tilde x = \operatorname{clip}\big(x + c\,\epsilon,\ 0, 1\big),\quad \epsilon \sim \mathcal N(0, I) .$$
#
# The network $f_\theta$ with weights $\theta$ minimizes the loss between the *clean* image and its answer, on average over images and noise:
#
# $$\min_\theta \mathbb E\ \ell\big(x,\ f_\theta(\tilde x)\big) .$$

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
# **The best answer is a weighted mean of clean images.** Many clean images $x$ can have led to the same noisy image $\tilde x$. Each counts with its probability, given
# $\tilde x$. For one pixel, let $m$ be the mean of its clean values with these weights. If the network answers $f$, its mean loss is
#
# $$\mathbb E\big[-x \log f - (1 - x) \log (1 - f)\big] = -m \log f - (1 - m) \log (1 - f).$$
#
# The rule is that the mean of a sum is the sum of the means, and $\log f$ is the same for all $x$. So only the mean of $x$ counts.
#
# The right side is a cross-entropy of $m$ and $f$. By section 2 it is an entropy plus a divergence, and the divergence is 0 exactly if $f = m$. So $f = m$ is the best answer. Where ink and paper are equally probable, it is a gray of 0.5.

# %% [markdown] slideshow={"slide_type": "subslide"}
# A denoiser must be compared with the filters that people used before. A *median filter* replaces each pixel by the median of the 3 x 3 pixels around it.
# *Non-local means* (Buades et al., 2005) replaces it by an average over pixels whose surroundings look
# alike; we give it the settings that are best on training images.
#
# We need a measure. The *peak signal-to-noise ratio* (PSNR) is $-10\log_{10}$ of the mean squared error, in decibels (dB), if pixels go from 0 to 1. So 10 dB more mean
# a tenth of the squared error, and 3 dB more mean half of it. (The figure also prints SSIM, which compares structure in small windows; 1 is a perfect copy.)
#
# Our network's code is not narrow: it has 7 x 7 x 32 numbers, twice as many as the picture has pixels. So only the noise forbids copying.
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
# The network gains about 3 dB over the median filter, so its mean squared error is about half as large.
#
# A filter knows only that neighbors are alike. The network knows what digits look like, and this can also mislead it. Compare the 5 of the network with the clean one below it: the network has closed an open curve into a ring.
#
# Now drag the noise in the next figure. From the top, its rows are clean, noisy, median filter and network. The network was trained at a noise factor of 0.5 and at no other.


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

# %% [markdown] slideshow={"slide_type": "-"}
# At a noise factor of 1 the network's digits are blurred, and some can no longer be read.

# %% [markdown] slideshow={"slide_type": "subslide"}
# How good is the network at another noise than the one it was trained on? The next figure measures it, with PSNR over the noise factor. The curve "noisy" is the noisy image itself, so it stands for doing nothing. Begin on the left: which curve is highest where there is hardly any noise? (Without noise its PSNR is infinite; the figure cuts it at 40.)

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
# Left of about 0.15 the network is **worse than doing nothing**, and a little farther it is still worse than the median
# filter. In training it was never shown a picture that should stay as it is, so it redraws every picture. (Exercise 6.3 mends most of it.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · What is strange? Anomalies by reconstruction error
#
# A network that has only learned digits should rebuild other things badly. The *reconstruction error* of an image is the mean squared difference of the image and its copy. So it can serve as a
# detector of strange images. It needs no label and no example of what to detect. We show clothes to the deep network.
#
# A detector calls an image strange if its error is above a limit. A lower limit finds more of the clothes. It also raises more
# false alarms: digits that are called strange. The *ROC curve* of a detector shows, for every limit, the share of strange images found over the share of false alarms.
#
# One number sums up the curve. The
# *area under the ROC curve* is the probability that a strange image gets a higher score than a normal one, both taken at random: 1
# is perfect, and 0.5 is guessing.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
clothes = data.load("fashion_mnist" if full else "fashion_small", "test")
error = lambda x: np.square(run(deep, x) - x).mean(axis=1)
scores = {"unseen digits": error(test.flat), "clothes": error(clothes.flat)}
auc, curve = metrics.roc(scores["unseen digits"], scores["clothes"])

# %% [markdown] slideshow={"slide_type": "-"}
# On the left, see how far the two histograms of the error overlap; their axis is logarithmic. On the right, the curve of a perfect detector would go through the top left corner.

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
# The clothes are found nearly perfectly: the area is 0.98. Does the error then measure how little an image looks like a digit? We ask it about seven probes.
#
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
# **The least strange of the seven is no digit at all.** An empty image, which is in no training set, is rebuilt better than 99 % of unseen digits. In the histogram
# its error of 0.0002 lies left of all digits.
#
# So the error does not measure how probable an image is among digits. It measures how much there is to get wrong. An empty image has no stroke that could be in the wrong place. Clothes have more ink than digits, so in them there is more to get wrong.
#
# > **Try it.** Build `deep` again, then `fit(deep, train.flat[train.labels != 1], 18, reconstruction_loss)`. What is
# > `metrics.roc(error(test.flat[test.labels != 1]), error(test.flat[test.labels == 1]))[0]`? Guess first: above or below
# > one half? (Run section 2 again before section 8.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Why an autoencoder draws nothing new
#
# The decoder turns 32 numbers into a digit, so it seems that we could choose numbers at random and draw new digits. We try it
# first where we can see the codes: with the network of two numbers from section 3.
#
# On the left each point is the code of a training digit, colored by its class. On the right the decoder has drawn a picture at each place of the same plane.
# Look at what is drawn at two places without points: (0, -23), and (10, 2) in the top right corner.

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
# Nothing in the loss says where codes should lie. Half of the classes crowd around one spot, where the drawings are blurred mixtures. The 1s
# spread over nearly half of the plane.
#
# Nor does the loss say what the decoder should draw at a place without codes. At (10, 2) it draws
# a ragged 4. At (0, -23) it draws a clean 1: there it can fill the gap from the 1s on all sides.

# %% [markdown] slideshow={"slide_type": "subslide"}
# With 32 numbers we cannot see where codes are. So we draw from random codes, and count how
# many of the drawings can be read as a digit. We try four recipes for a code. What does each know about the codes of the training digits?
#
# 1. **From N(0, 1)**: nothing.
# 2. **Each number from its own range**: the smallest and the largest value of each number.
# 3. **Each number from its own histogram**: how often each value of a number comes.
# 4. **From a Gaussian fitted to the codes**: their mean and their covariance matrix, so it knows how the numbers go *together*.
#
# A vote of the ten nearest training images decides: a drawing counts as
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# The first four rows of the next figure are drawn from the four recipes. The fifth is drawn from the codes of unseen digits, and the last shows these digits themselves. The
# percentage beside each row is the share that the vote can read.

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
# The recipes that know only single numbers give 26 to 39 % readable drawings, and the Gaussian 51 %. The codes of unseen digits give 80 %, nearly as many as the digits themselves (81 %; the vote is no perfect judge).
#
# Why does the Gaussian fail so often? It draws codes in the region where the training codes lie. But the decoder was trained only at the training codes, and nothing has asked them to fill the region. A *hole* is a region among the codes that is far from every training code, so the
# decoder was never trained there. **The codes of an autoencoder have holes**, and a random code can fall into one.
#
# There are two ways out. One can fit a richer distribution to the codes afterwards. Or one can train so that the codes *must*
# fill a distribution that was chosen beforehand, without holes: that is the variational autoencoder of lecture 7.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# The other lectures do not need this section. It belongs to those who arrive with the Keras blog's code or its numbers.
#
# If you arrive with the blog's first version, of 2016, as most slides do, this is what has changed in Keras since:
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What a long training brings
#
# The first of the next two figures shows recorded losses, after 75 epochs on 55,000 digits. SiLU, $x / (1 + e^{-x})$, is a
# smooth ReLU. The second figure shows what the weights of such a long run draw; they come with the course.

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
# More digits and more epochs bring the deep network's loss far below PCA's. In the pictures, the shipped network keeps hooks and gaps that ours
# smooths away. But it also differs from ours in its activation, so the pictures cannot say what helps most.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Printed and measured
#
# The blog prints a loss for each of its networks, and the next table has ours beside them, in nats a pixel. They were trained on 55,000 digits of MNIST (the 5,000 of the
# quick profile are left out) and measured on its 10,000 test digits. Subtract the floor, 0.058 on these, before you compare two of them.
# `python tests/bench/autoencoders.py` repeats the table, on two CPU cores.

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

# %% [markdown] slideshow={"slide_type": "-"}
# The blog calls the convolutional network's loss of 0.094 "significantly better" than the deep network's 0.08. But 0.094 is the higher loss.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three details
#
# Three questions were left open in the sections above.
#
# Why do non-local means lose to the median in section 6? On photographs they are the stronger filter. The reason is the clipping at 0 and 1. On empty paper half of the noise is
# negative, and is clipped to 0. So noisy paper has 0.2 ink on average, and an average of patches keeps that. A median does not: half of its pixels are 0.
#
# Why does `kl_sparsity` multiply by the number of images? Keras divides each penalty by this number. That is right for
# L1, which is summed over the images. The KL penalty is computed once for the whole minibatch.
#
# Would a model with a density detect strange images better? Some models compute a probability density $p(x)$ of images. They are
# not safe from the error of section 7 either (Nalisnick et al., 2019).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/06_autoencoders.ipynb), checked as you go:
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
# - PCA takes the eigenvectors of the covariance matrix with the **largest eigenvalues**; the others' sum is its error.
# - A **linear** autoencoder finds PCA's span, not its axes: a single number of a code has no meaning of its own.
# - A reconstruction loss has a **floor**, the entropy of the pixels; quote the distance to it.
# - Depth pays at **short codes**. At longer ones it pays only with more data and a longer training.
# - Mere copying can be forbidden by a **narrow** code, by a **penalty** on activity, or by **noise** on the input.
# - The reconstruction error measures how much there is to get wrong: **an empty image is no anomaly** to it.
# - The codes have **holes**, so an autoencoder does not generate.
#
# Autoencoders are still in use. Masked autoencoders (He et al., 2022) pretrain vision models by section 6's idea. Many diffusion models, which draw the best pictures
# today, are denoisers trained at all noise levels at once, and run inside an autoencoder's code (Rombach et al., 2022).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine, 1901: PCA.
# - P. Baldi, K. Hornik, *Neural networks and principal component analysis*, Neural Networks, 1989.
# - G. Hinton, R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science, 2006.
# - P. Vincent et al., *Extracting and composing robust features with denoising autoencoders*, ICML 2008.
# - A. Ng, *Sparse autoencoder*, CS294A lecture notes, Stanford, 2011.
# - A. Buades, B. Coll, J.-M. Morel, *A non-local algorithm for image denoising*, CVPR 2005.
# - F. Chollet, *[Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html)*, 2016.
# - E. Nalisnick et al., *Do deep generative models know what they don't know?*, ICLR 2019.
# - K. He et al., *Masked autoencoders are scalable vision learners*, CVPR 2022.
# - R. Rombach et al., *High-resolution image synthesis with latent diffusion models*, CVPR 2022.
