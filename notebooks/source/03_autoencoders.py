# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Autoencoders
#
# Ask a network for its own input, but make the input pass through a gap too narrow for it. Whatever comes out on the
# other side must have been said in few words, and the words are what we are after.
#
# **You will be able to**
#
# - say when an autoencoder is principal component analysis, and prove it with angles;
# - build, train and measure a deep, a sparse, a convolutional and a denoising autoencoder in Keras 3;
# - read a reconstruction loss: what is its floor, and why is it not 0?
# - find strange images by their reconstruction error, and say what such a detector cannot see;
# - show why none of this draws a new digit, which is the question of the next lecture.
#
# You need [the first notebook](00_start_here.ipynb). About 60 minutes to read and play; about a minute to run.

# %% tags=["parameters"] slideshow={"slide_type": "skip"}
profile = "quick"  # "full": the same lecture on 55,000 digits instead of 4,000, with longer training
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"}
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
# A digit here is 28 x 28 = 784 gray pixels. They are not 784 free choices: neighbors agree, corners are empty, strokes
# are strokes. Suppose you may send only $k$ numbers, and the receiver must rebuild the picture from them.

# %% slideshow={"slide_type": "subslide"}
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
# If both sides may only multiply by matrices, the best they can do is known since Pearson (1901):
#
# $$\min_{W \in \mathbb R^{784 \times k}}\ \sum_i \lVert x_i - W W^{\top} x_i\rVert^2, \qquad W^{\top}W = I ,$$
#
# on centered $x$. The answer is principal component analysis: the columns of $W$ are the $k$ directions in which the
# digits vary most.
#
# > **Predict.** With $k = 32$ numbers instead of 784 (a 24th!), what share of the variance stays unexplained on digits
# > never seen? Type your guess before you run the cell.

# %% slideshow={"slide_type": "-"}
guess = 0.10
sizes = [2, 4, 8, 16, 32, 64]
pca = {k: PCA(k, random_state=0).fit(train.flat) for k in sizes}
rebuild = lambda p, x: p.inverse_transform(p.transform(x)).clip(0, 1)
pca_left = [
    metrics.unexplained_variance(rebuild(p, test.flat), test.flat)
    for p in pca.values()
]

plots.lines(
    sizes,
    {"PCA": pca_left},
    "Unseen digits from k linear numbers",
    "A curve falling from 0.82 at 2 numbers to 0.13 at 64; the reader's guess is a dashed line.",
    xlabel="k, numbers in the code",
    ylabel="unexplained share of variance",
    guesses={"your guess for 32": guess},
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
# Write the two matrices as two `Dense` layers without activation, let Adam find them, and forget that they should be
# transposes of each other or have orthogonal columns. Baldi and Hornik (1989) proved that squared error has no local
# minimum here but the global one. So the network should find *PCA*. In which sense?

# %% tags=["central"] slideshow={"slide_type": "-"}
k = 16
encoder = keras.Sequential([keras.Input((784,)), layers.Dense(k)])
decoder = keras.Sequential([keras.Input((k,)), layers.Dense(784)])
linear = models.Autoencoder(encoder, decoder)  # model(x) = decoder(encoder(x))


def fit(model, images, epochs, loss, rate=3e-3, batch=64):
    steps = epochs * -(-len(images) // batch)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(falling), loss, steps_per_execution=10)
    model.fit(
        images, epochs=epochs, batch_size=batch, verbose=0, callbacks=progress()
    )


def run(model, inputs):
    return model.predict(inputs, batch_size=500, verbose=0)


fit(linear, train.flat, epochs=20, loss="mse", rate=1e-2, batch=100)

# %% slideshow={"slide_type": "subslide"}
learned_axes = decoder.get_weights()[0]  # [k, 784]: what each number draws
angles = metrics.principal_angles(learned_axes, pca[16].components_)
pictures = {
    "PCA": pca[16].components_[:10],
    "network": learned_axes[:10]
    / np.linalg.norm(learned_axes[:10], axis=1, keepdims=True),
}
plots.images(
    pictures,
    f"Ten of 16 axes; the angles between the two spans: at most {angles[0]:.1f}°",
    "Top: ten principal components, broad shapes first, finer and finer. Bottom: ten axes of the network, "
    "all equally mixed.",
    range=(-0.12, 0.12),
)

# %% slideshow={"slide_type": "-"}
by_pca = pca[16].inverse_transform(pca[16].transform(test.flat))
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
# The pictures have little in common, and the spans are the same: all sixteen angles are small, so whatever 16 numbers
# can draw in the one language, they can draw in the other. But the network has no reason to prefer *PCA's* axes. Put any
# invertible matrix $A$ between encoder and decoder, $V A^{-1} \cdot A W$, and the output does not change. The loss
# cannot see $A$, and training leaves it wherever it happened to go. PCA's order (most variance first) and its right
# angles come from the constraint $W^{\top} W = I$, not from the data. Remember it when somebody interprets "unit 7 of
# the code": a code is defined up to whatever its decoder can undo.
#
# > **Try it.** Set `k = 8` (and `pca[16]` to `pca[8]`): one angle stays at 40° or more however long you train, while
# > the error still equals PCA's. Print `PCA(9).fit(train.flat).explained_variance_`. Why does the loss not care which
# > of two directions it takes?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A deep autoencoder, and the floor under its loss
#
# Between the pixels and the code we now put bends: 784-128-64-**32**-64-128-784 with ReLU, as in Chollet's
# [Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html), where the slides' pictures
# come from. (The blog puts a ReLU on the code as well; here a code may be negative.) A gray pixel $x \in [0, 1]$ is
# read as a probability of ink, so the loss is the cross-entropy,
#
# $$\ell(x, \hat x) = -\frac1{784}\sum_{j} \Big( x_j \log \hat x_j + (1 - x_j)\log(1 - \hat x_j) \Big) .$$
#
# > **Predict.** If the network were perfect, $\hat x = x$ for every image, what would this loss be? It is tempting to
# > say 0.

# %% tags=["central"] slideshow={"slide_type": "subslide"}
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


# %% slideshow={"slide_type": "-"}
perfect_loss = 0.0  # your guess
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
plots.bars(
    losses,
    "Cross-entropy on unseen digits",
    "Bars: average digit 0.27, PCA 0.12, deep autoencoder 0.12, a perfect copy 0.06.",
    ylabel="nats a pixel",
    guesses={"your guess for perfect": perfect_loss},
)

# %% [markdown] slideshow={"slide_type": "-"}
# A perfect copy costs 0.059 nats a pixel. The loss of a gray pixel against itself is that pixel's own entropy,
# $-x\log x - (1-x)\log(1-x)$, which is 0 only for pure black and pure white; averaged over all pixels that is the
# **floor**. The blog's printed loss of about 0.08 (on 60,000 digits) is thus some 0.02 above the best possible, not 0.08.

# %% slideshow={"slide_type": "subslide"}
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
# Look at *how* they fail. PCA adds up ghosts that ought to cancel and do not quite: gray halos. The deep network's
# background is clean and its strokes are dark; where it errs, it draws a confident wrong stroke. It has learned what
# digits look like, and leans on it.
#
# Yet its *number* is no better than a matrix's. That is a statement about 4,000 digits, not about the network:

# %% slideshow={"slide_type": "subslide"}
record = coursekit.results("autoencoders")
runs = record["runs"]
plots.bars(
    {
        "PCA, 32 numbers": record["pca"]["test_bce"],
        "deep, ReLU": runs["deep-relu"]["test_bce"],
        "deep, SiLU": runs["deep-silu"]["test_bce"],
    },
    "The same network after two minutes on 55,000 digits",
    "Bars of test cross-entropy on full MNIST: PCA, and the deep autoencoder with ReLU and with SiLU.",
    ylabel="nats a pixel, 10,000 unseen digits",
    marks={"Keras blog, printed": 0.08, "floor": record["floor"]},
)

# %% [markdown] slideshow={"slide_type": "-"}
# Every network from here on comes from the package, and `coursekit.show` prints its source: you have just written it.
# If you arrive with the blog's first version, as most slides do, this is what has changed:
#
# | the blog's line (2016) | Keras 3 | why |
# |---|---|---|
# | `Model(input=x, output=y)` | `keras.Model(x, y)` | the keywords are `inputs`, `outputs`; Keras 3 refuses the old ones |
# | `fit(..., nb_epoch=50)` | `epochs=50` | renamed in Keras 2, an error now |
# | `optimizer='adadelta'` | `Adam()` or `Adadelta(1.0)` | its default rate is now 0.001, not 1.0: the old line runs, and learns next to nothing |
# | `Conv2D(16, 3, 3, border_mode='same')` | `Conv2D(16, 3, padding="same")` | the third argument is now the stride; only `border_mode` stops the old line |
# | `regularizers.l1(10e-5)` | `L1(1e-4)` | the same number: `10e-5` is $10^{-4}$ |

# %% slideshow={"slide_type": "subslide"}
coursekit.show(models.autoencoder.deep, docstring=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · When is depth worth it?
#
# > **Predict.** We train the same network with codes of 2, 8 and 32 numbers. Where does it beat PCA by most: at the
# > short codes, or at the long ones?

# %% slideshow={"slide_type": "-"}
by_size = {}
for k in (2, 8):
    keras.utils.set_random_seed(seed)
    by_size[k] = models.autoencoder.deep(latent_dim=k, code_activation=None)
    fit(by_size[k], train.flat, epochs=60 if full else 12, loss=reconstruction_loss)
by_size[32] = deep
answers = {k: run(m, test.flat) for k, m in by_size.items()}
deep_left = [metrics.unexplained_variance(x, test.flat) for x in answers.values()]
plots.lines(
    None,
    {"PCA": (sizes, pca_left), "deep autoencoder": (list(by_size), deep_left)},
    "Unseen digits from k numbers, linear and not",
    "Two falling curves: the deep autoencoder lies far below PCA at 2 and 8 numbers and meets it at 32.",
    xlabel="k, numbers in the code",
    ylabel="unexplained share of variance",
    log=("x",),
)
coursekit.expect(
    "at 2 and 8 numbers the deep code leaves at least 10 points less than PCA",
    pca_left[0] - deep_left[0] > 0.1 and pca_left[2] - deep_left[1] > 0.1,
    two=deep_left[0],
    eight=deep_left[1],
)

# %% [markdown] slideshow={"slide_type": "-"}
# At the short ones. Eight bent numbers do about what sixteen straight ones do. If the digits lie near a curved sheet of
# few dimensions inside the 784, bent axes can follow the sheet; straight ones must span all the room it curves through.
# Once there are numbers enough for that, bending buys nothing, and what counts is how many examples there are to learn
# fine detail from: PCA at 32 fits 25,000 numbers by one formula, the deep network fits 220,000 from 4,000 pictures. On
# 55,000 pictures the two part again (figure above).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Sparse: a wide code, few words at a time
#
# Narrowness is one way to forbid copying. Another: leave 128 units, but make each of them **cost**. Two prices,
#
# $$\Omega_{1} = \lambda \sum_j \lvert z_j\rvert , \qquad
#   \Omega_{\mathrm{KL}} = \beta \sum_j \Big( \rho \log\frac{\rho}{\bar z_j} +
#   (1-\rho)\log\frac{1-\rho}{1-\bar z_j} \Big),$$
#
# where $\bar z_j$ is unit $j$'s mean activity over the minibatch. The first taxes every image for every active unit;
# the second only asks that each unit be awake for a share $\rho$ of the images.


# %% tags=["central"] slideshow={"slide_type": "subslide"}
def kl_sparsity(code, rho=0.05, weight=0.01):
    mean = ops.clip(ops.mean(code, axis=0), 1e-6, 1 - 1e-6)
    kl = rho * ops.log(rho / mean) + (1 - rho) * ops.log((1 - rho) / (1 - mean))
    images = ops.cast(ops.shape(code)[0], code.dtype)  # Keras divides by it
    return weight * images * ops.sum(kl)


penalties = {
    "no price": (None, "relu"),
    "L1": (keras.regularizers.L1(3e-4), "relu"),
    "KL": (kl_sparsity, "sigmoid"),
}

# %% slideshow={"slide_type": "-"}
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


def busy(
    code,
):  # how many units, the busiest first, carry nine tenths of an image's activity?
    share = np.cumsum(-np.sort(-code, axis=1), axis=1) / code.sum(
        axis=1, keepdims=True
    )
    return 1 + (share < 0.9).sum(axis=1)


# %% slideshow={"slide_type": "-"}
units = {name: busy(code) for name, code in codes.items()}
plots.histograms(
    units,
    "How many of 128 units describe one digit?",
    "Histograms over digits: without a price about 70 units, with the KL price about 40, with L1 about 25.",
    xlabel="units that carry nine tenths of the activity",
)

# %% slideshow={"slide_type": "subslide"}
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
    "Three rows of twelve weight pictures: without a price diffuse blobs; with a price, strokes and pieces of strokes.",
    range=(-0.7, 0.7),
)
means = {name.replace(" ", "_"): count.mean() for name, count in units.items()}
coursekit.expect(
    "with either price a digit needs less than three quarters of the units",
    max(means["L1"], means["KL"]) < 0.75 * means["no_price"],
    **means,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Without a price, a digit is spread over seventy units, each an unreadable texture: only their sum means anything. With
# one, a few dozen do, and a unit's picture can be *named*: a leaning 9, a round 0, the roof of a 7. Each word now means
# something by itself. A price is no law, though: asked for $\rho = 5\,\%$, the KL units end at about 8 %, because the
# reconstruction gains more than that costs.
#
# > **Try it.** Raise `L1` to `3e-3`: most units never wake again, for any digit. Now `rho=0.5` in `kl_sparsity`: units
# > are forced awake. Which of the two prices can *kill* a unit, and which one forbids it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Convolutional: say it once for every place
#
# A dense layer learns the same stroke anew for every place it may appear in. A convolution learns it once.
#
# > **Predict.** The blog's convolutional autoencoder has 4,385 weights; the deep one above has 222,384. Move the unseen
# > digits 4 pixels to the right (nothing leaves the frame). By what factor does each one's loss above the floor grow?

# %% slideshow={"slide_type": "-"}
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
shifts = [0, 1, 2, 3, 4]
above_floor = {"deep": [], "convolutional": []}
for pixels in shifts:
    moved = np.roll(test.images, pixels, axis=2)
    for name, model, shape in (
        ("deep", deep, (784,)),
        ("convolutional", convolutional, (28, 28, 1)),
    ):
        x = moved.reshape(-1, *shape)
        loss = metrics.binary_crossentropy(run(model, x), x)
        above_floor[name].append(loss - losses["perfect"])

# %% slideshow={"slide_type": "-"}
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
    "moved by 4 pixels, the dense net's excess loss grows at least 2.5-fold and the convolutional net's less than 2-fold",
    growth["deep"] > 2.5 and growth["convolutional"] < 2,
    **growth,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The dense network has never seen ink in the right margin, and a weight that never saw ink has learned nothing. To the
# convolutional one a stroke is a stroke anywhere; its loss grows a little, because the pooling grid (4x4 cells of 7
# pixels) does not move along. It is a fiftieth of the size. It is *not* a shorter code: 4 x 4 x 8 = 128 numbers, four
# times the deep one's. The blog calls its 0.094 "significantly better" than the deep model's 0.08; it is not.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Denoising: ask for more than the input
#
# There is a third way to forbid copying, and it needs no narrow code at all: **spoil** the input and ask for the clean
# image (Vincent et al., 2008),
#
# $$\tilde x = \operatorname{clip}\big(x + c\,\epsilon,\ 0, 1\big),\quad \epsilon \sim \mathcal N(0, I), \qquad
#   \min_\theta \mathbb E\ \ell\big(x,\ f_\theta(\tilde x)\big) .$$

# %% tags=["central"] slideshow={"slide_type": "-"}
factor = 0.5


def add_noise(images, factor, seed):
    noise = np.random.default_rng(seed).standard_normal(
        images.shape, dtype="float32"
    )
    return np.clip(images + np.float32(factor) * noise, 0, 1)


clean = test.images[:300]
noisy = add_noise(clean, factor, seed=1)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Who is the opponent? Not the noisy image, which anybody beats, but what people used before: a median over 3x3 pixels,
# and non-local means (Buades et al., 2005), which averages patches that look alike. Both get their best settings, chosen
# on training images. The measure is the peak signal-to-noise ratio, $-10\log_{10}$ of the mean squared error, in
# decibels: 6 dB more is half the error in every pixel.
#
# > **Predict.** The median filter gains 4.8 dB over the noisy image. How many will the network gain over the median?

# %% slideshow={"slide_type": "-"}
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

# %% slideshow={"slide_type": "subslide"}
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
# A filter knows that neighbors agree. The network knows *digits*: it closes a gap in a stroke because sevens have no gap
# there. Non-local means, strong on photographs, loses even to the median. It averages patches that look alike, and 28 x
# 28 pixels hold too few; and the noise, clipped at 0 and 1, is not centered on the truth: empty paper comes out at 0.2
# on average, and an average keeps that.
#
# Drag the noise. The network was trained at 0.5 and nowhere else.


# %% slideshow={"slide_type": "subslide"}
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
    title="From the top: clean, noisy, median filter, network",
    alt="Four rows of digits. As the noise grows the median filter fails first; the network holds until about 0.8.",
    width=560,
)

# %% slideshow={"slide_type": "subslide"}
noise_levels = [0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9]
curves = {"noisy": [], "median 3x3": [], "network trained at 0.5": []}
for level in noise_levels:
    spoiled = add_noise(test.images, level, seed=2)
    answers = [spoiled, metrics.baselines.median_filter(spoiled, 3)]
    answers.append(run(denoiser, spoiled))
    for curve, answer in zip(curves.values(), answers, strict=True):
        curve.append(min(metrics.psnr(answer, test.images).mean(), 40))
plots.lines(
    noise_levels,
    curves,
    "Away from the noise it was trained on",
    "Decibels against noise: below about 0.15 the noisy image wins, above 0.2 the network.",
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
# To the left of the crossing the network is **worse than doing nothing**: it was never asked to leave a picture alone,
# and cannot. Check this first when somebody offers you a learned denoiser. (Exercise 3.3 mends most of it.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · What is strange? Anomalies by reconstruction error
#
# A network that has only learned digits should rebuild other things badly. Then the error itself is a detector: no
# label, no example of what to detect. We show the deep network clothes.

# %% slideshow={"slide_type": "-"}
clothes = data.load("fashion_mnist" if full else "fashion_small", "test")
error = lambda x: np.square(run(deep, x) - x).mean(axis=1)
scores = {"unseen digits": error(test.flat), "clothes": error(clothes.flat)}
auc, curve = metrics.roc(scores["unseen digits"], scores["clothes"])
plots.roc(
    scores,
    curve,
    f"Clothes among digits: area under the curve {auc:.3f}",
    "Left: histograms of log error, digits below clothes with a small overlap. Right: a "
    "ROC curve close to the top left corner.",
    xlabel="mean squared reconstruction error",
)
coursekit.expect(
    "the area under the ROC curve is at least 0.95", auc > 0.95, auc=auc
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Almost perfect, and it would be easy to stop here.
#
# > **Predict.** Rank these from least to most strange, as the detector sees them: a digit, a digit upside down, an empty
# > image, a single bar, a gray image, noise, a digit in negative.

# %% slideshow={"slide_type": "-"}
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

# %% slideshow={"slide_type": "-"}
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
# **The least strange digit is no digit at all.** An empty image, which is in no training set, is rebuilt many times
# better than 99 % of real digits, and a plain bar better than most. The error does not ask "how likely is this image
# among digits?" It asks "how much is there to get wrong?", and clothes have more ink. A detector needs $p(x)$, and an
# autoencoder has none.
#
# > **Try it.** Train the deep network without the 1s, and look for 1s. Guess first: is the area above or below one half?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Why an autoencoder draws nothing new
#
# The decoder turns 32 numbers into a digit. So throw the encoder away, choose numbers, and draw? First on the plane,
# where we can see: the network with two numbers from section 3.

# %% slideshow={"slide_type": "-"}
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
    "Left, codes colored by class: most classes crowd together, the 1s spread far. Right, "
    "the same plane decoded: digits in places, smudges between.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# Nothing ever asked for order here. Most classes crowd around one spot while the 1s spread over nearly half of the plane;
# nothing keeps the codes near 0 or at any scale; and what the decoder draws in the gaps has entered no loss. On a plane
# we can see where not to go. With 32 numbers we cannot. So we try the obvious recipes, and ask a reader who knows digits,
# a vote of the ten nearest training images: in how many pictures do at least eight agree?

# %% slideshow={"slide_type": "-"}
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
shares = {name: readable(pictures) for name, pictures in drawn.items()}

# %% slideshow={"slide_type": "subslide"}
plots.images(
    {
        f"{name}: {shares[name]:.0%}": pictures[:10]
        for name, pictures in drawn.items()
    },
    "Decoded random codes, and the share a nearest-neighbor vote can read",
    "Five rows of ten decoded images: noise from random codes, tangled strokes from ranges and histograms, "
    "half-digits from a Gaussian, and digits from real codes.",
)
guessed = [share for name, share in shares.items() if "unseen" not in name]
coursekit.expect(
    "no recipe comes within 15 points of real codes",
    max(guessed) < shares["codes of\nunseen digits"] - 0.15,
    best=max(guessed),
    real=shares["codes of\nunseen digits"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The better a recipe knows the codes, the better the pictures; but even a fitted Gaussian, which knows every mean and
# correlation, leaves half of its drawings unreadable. The real codes fill a curved region with **holes**. There are two
# ways out. Fit a richer distribution to the codes afterwards; or train so that the codes *must* fill a distribution
# chosen beforehand, without holes. That is the variational autoencoder, lecture 4.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Printed and measured
#
# Full MNIST: 55,000 training digits (the 5,000 of the quick profile left out), 10,000 test digits, two CPU cores;
# `python tests/bench/autoencoders.py` repeats the table.

# %% slideshow={"slide_type": "-"}
rows = [
    [
        run["what"],
        f"{run['printed'] or '-'}",
        run["test_bce"],
        f"{run['seconds']:.0f}",
    ]
    for run in runs.values()
    if "test_bce" in run
]
plots.table(rows, columns=("system", "printed", "ours", "seconds of training"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/03_autoencoders.ipynb), checked as you go:
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
# - Depth pays at **short codes**, and with data; with few digits and long codes a matrix is as good.
# - Copying can be forbidden by a **narrow** code, by a **price** on activity, or by **spoiling** the input.
# - Reconstruction error measures complexity as much as strangeness: **an empty image is no anomaly** to it.
# - The codes have **holes**, so an autoencoder does not generate.
#
# Autoencoders are no museum piece. Masked autoencoders (He et al., 2022) pretrain vision models by section 6's idea. The
# diffusion models that have overtaken every generator of this course are denoisers trained at all noise levels at once,
# and many run inside an autoencoder's code (Rombach et al., 2022).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2, 1901.
# - P. Baldi, K. Hornik, *Neural networks and principal component analysis: learning from examples without local minima*,
#   Neural Networks 2, 1989.
# - G. Hinton, R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313, 2006.
# - P. Vincent, H. Larochelle, Y. Bengio, P.-A. Manzagol, *Extracting and composing robust features with denoising
#   autoencoders*, ICML 2008.
# - A. Ng, *Sparse autoencoder*, CS294A lecture notes, Stanford 2011.
# - A. Buades, B. Coll, J.-M. Morel, *A non-local algorithm for image denoising*, CVPR 2005.
# - F. Chollet, *[Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html)*, 2016:
#   prints cross-entropies of about 0.09 (784-32-784), 0.10 (sparse), 0.08 (deep), 0.094 (convolutional).
# - K. He et al., *Masked autoencoders are scalable vision learners*, CVPR 2022. R. Rombach et al., *High-resolution image
#   synthesis with latent diffusion models*, CVPR 2022.
