# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Deep convolutional GANs
#
# In lecture 11 the strokes of the digits frayed, because dense layers must learn anew which pixels are neighbors. A DCGAN gives both networks
# convolutions, and its paper gives a list of guidelines for building them. **Which of these guidelines matter, and why?** In this lecture each one is taken away again, and what is left is measured.
# (*The deck* is the set of slides that this course follows.)
#
# **You will be able to**
#
# - enlarge a picture by a transposed convolution, and say where its checkerboards come from;
# - build the DCGAN paper's pair, and train it on digits in half a minute;
# - say which of the paper's guidelines matter, here;
# - spot a label that is no probability, and say what it does to a loss;
# - derive why batch normalization tells one batch from two.
#
# You need lectures [10](10_gan.ipynb) and [11](11_gan_in_practice.ipynb). About 70 minutes to read and play; about a minute to run. One section near the end is for a second reading. [Lecture 13](13_dcgan_explored.ipynb) looks into the networks that are trained here.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": 55,000 digits instead of 4,000, and longer training
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from coursekit import data, paths, plots, recipes, widgets
from coursekit.models import dcgan, dcgan_networks, gan
from coursekit.plots import palette
from coursekit.training import progress
from keras import layers, ops

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · How does a picture grow?
#
# A convolution with stride 2 makes a picture half as wide. The generator goes the other way: what is a convolution that makes pictures *larger*?
#
# In a **transposed convolution** every number of the small picture paints. It lays a copy of the kernel, multiplied by that number, onto a canvas. Its
# neighbor does the same $s$ pixels farther on; $s$ is the stride. We call each copy a stroke. Where strokes overlap, they add up.
#
# **Three numbers become eight.** An example along one side: the numbers are 1, 2 and 3, the kernel is four ones, and the stride is 2.
#
# | pixel | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |
# |---|---|---|---|---|---|---|---|---|
# | stroke of the 1 | 1 | 1 | 1 | 1 | | | | |
# | stroke of the 2 | | | 2 | 2 | 2 | 2 | | |
# | stroke of the 3 | | | | | 3 | 3 | 3 | 3 |
# | canvas: their sum | 1 | 1 | 3 | 3 | 5 | 5 | 3 | 3 |

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The first cell paints a picture in the same way, stroke by stroke.** A picture has two sides, so both the place of a stroke and the kernel have two.
#
# > **Predict.** Nine numbers, all 1, paint with kernels of ones, and the stride is 2. With a kernel of 4 x 4 pixels and with one of 5 x 5: which of the two canvases will be evenly gray in its middle?
#
# Drag the player to its end, with a kernel of 4 and with a kernel of 5. Where is the canvas darker than elsewhere?


# %% slideshow={"slide_type": "-"} tags=["central"]
def transposed(x, kernel, stride):
    """Each number of x [n, n] paints the kernel [k, k]; no border is cut (p = 0)."""
    n, k = len(x), len(kernel)
    side = (n - 1) * stride + k
    canvas = np.zeros((side, side))
    for i, j in np.ndindex(n, n):
        row, column = i * stride, j * stride
        canvas[row : row + k, column : column + k] += x[i, j] * kernel
    return canvas


# %% slideshow={"slide_type": "-"} tags=["figure"]
def painting(kernel, painted):
    """Left 3 x 3 numbers, all 1. Right the canvas: the darker, the more strokes."""
    x = (np.arange(9) < painted).reshape(3, 3)
    page, side = np.ones((9, 13, 3)), 4 + kernel
    page[3:6, :3] = np.where(x, 0.35, 0.9)[..., None]
    shade = 1 - 0.95 * transposed(x, np.ones((kernel, kernel)), 2) / 9
    page[:side, 4 : 4 + side] = 0.97 * shade[..., None]
    if painted:
        i, j = np.divmod(painted - 1, 3)
        stroke = page[2 * i :, 4 + 2 * j :][:kernel, :kernel]
        stroke *= (1, 0.8, 0.5)
        page[3 + i, j] = (0.9, 0.45, 0.1)
    big = np.kron(page, np.ones((24, 24, 1)))
    big[::24], big[:, ::24] = 1, 1
    return big


# %% slideshow={"slide_type": "-"} tags=["figure"]
widgets.FramePlayer(
    None,
    [("kernel", [2, 3, 4, 5]), ("numbers that have painted", list(range(10)))],
    redraw=painting,
    title="A transposed convolution with stride 2, stroke by stroke",
    alt="Nine numbers paint squares on a canvas; with odd kernels a checkerboard appears.",
    fps=2,
    start=[1, 9],
    width=468,
)


# %% [markdown] slideshow={"slide_type": "subslide"}
# With the kernel of 4 the middle is evenly gray: there each pixel gets four strokes. With the kernel of 5 there is a checkerboard.
#
# **How large is the canvas?** Take $n$ numbers a side and a kernel of $k$ pixels a side. The first stroke covers $k$ pixels. Each of the other $n - 1$ strokes begins $s$ pixels after the one before, so it adds $s$ pixels. If $p$
# pixels are cut off at each border, the canvas has
#
# $$\text{out} = (n - 1)\,s + k - 2p$$
#
# pixels a side. In the example above nothing is cut off, and $2 \cdot 2 + 4 = 8$.
#
# Keras's `padding="same"` cuts $k - s$ pixels in all, so that $s\,n$ are left: with a stride of 2, twice as many as before. With $k = 4$ and $s = 2$ one pixel is cut off at each border. With $k = 5$ three are cut off, so one side loses one more
# than the other.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why is it called *transposed*?** A convolution from eight pixels to three numbers is a matrix $A$ with three rows. Each row has the kernel's values $a, b, c, d$ at the four pixels of its window, and the window moves by the stride:
#
# $$A = \begin{pmatrix} a & b & c & d & 0 & 0 & 0 & 0 \\ 0 & 0 & a & b & c & d & 0 & 0 \\ 0 & 0 & 0 & 0 & a & b & c & d \end{pmatrix} .$$
#
# The convolution takes pixels $y$ to numbers $A y$. Painting takes numbers $x$ to pixels $A^\top x$. What was a row of $A$ is now a column of $A^\top$: the stroke of one number. The table above is $A^\top x$ with $a = b = c = d = 1$.
#
# Painting does not undo the convolution, because $A^\top$ is not the inverse of $A$. The next cells check both: the matrix, and that Keras paints the same picture.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def matrix(function, side):
    """The matrix of a linear function of pictures [side, side]."""
    pixels = np.eye(side * side).reshape(-1, side, side)
    return np.stack([np.ravel(function(pixel)) for pixel in pixels], axis=1)


kernel = rng.normal(size=(4, 4)).astype("float32")
windows = np.lib.stride_tricks.sliding_window_view
convolve = lambda y: np.einsum("ijkl,kl", windows(y, (4, 4))[::2, ::2], kernel)
paint = lambda x: transposed(x, kernel, 2)
coursekit.expect(
    "painting's matrix is that of the convolution with stride 2, transposed",
    np.allclose(matrix(convolve, 10).T, matrix(paint, 4)),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
small = rng.normal(size=(1, 4, 4, 1)).astype("float32")
keras_layer = layers.Conv2DTranspose(1, 4, strides=2, use_bias=False)
keras_layer.build(small.shape)
keras_layer.set_weights([kernel[..., None, None]])
difference = (
    paint(small[0, ..., 0]) - ops.convert_to_numpy(keras_layer(small))[0, ..., 0]
)
coursekit.expect("Keras paints the same picture", np.abs(difference).max() < 1e-4)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Checkerboards
#
# **The strokes on a pixel can be counted along one side.** Take the paper's kernels: they have 5 pixels a side, and the stride is 2. Strokes begin at pixels 0, 2, 4, 6 and so on.
#
# - Pixel 8 is reached by the strokes that begin at 4, 6 and 8: three of them.
# - Pixel 9 is reached by the strokes that begin at 6 and 8: two of them. The one from 4 ends at pixel 8.
#
# In general a stroke that reaches a pixel began there, or at most $k - 1$ pixels before. These are $k$ places in a row, and strokes begin at every $s$-th place. So away from the border a pixel gets $\lceil k/s \rceil$ strokes or $\lfloor k/s \rfloor$.
# If the stride divides the kernel, these two counts are the same.
#
# **In a picture, the counts along both sides are multiplied.** With $k = 5$ and $s = 2$ its pixels get $3 \cdot 3 = 9$, $3 \cdot 2 = 6$, or $2 \cdot 2 = 4$ strokes.

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** In the picture of a generator that was never
# > trained, by what factor is the standard deviation of the strongest pixels larger than that of the weakest? (Variances of independent strokes add up.)
#
# In the figure, compare the pattern that is computed from the counts (left) with the pattern of an untrained generator (middle). The generator's borders are lighter, because fewer strokes reach them. The counts are shown by their square roots, because a standard deviation is the root of a variance.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 1.0
noise = rng.normal(size=(100, 64)).astype("float32")
spread = {}
for k in (4, 5):
    variances = []
    for start in range(3):  # three generators, so that no single kernel counts
        keras.utils.set_random_seed(start)
        shape = ((28, 28, 1), 64, (64, 128), (8, 8), k)
        wide = dcgan_networks.convolutional(*shape)[0]
        made = wide.predict(noise, batch_size=100, verbose=0)[..., 0]
        variances.append(made.var(axis=0))
    spread[k] = np.sqrt(np.mean(variances, axis=0))
    spread[k] /= spread[k][8:20, 8:20].mean()
phases = {
    k: [s[8 + i : 20 : 2, 8 + j : 20 : 2].mean() for i in (0, 1) for j in (0, 1)]
    for k, s in spread.items()
}
ratio = {k: max(four) / min(four) for k, four in phases.items()}

# %% slideshow={"slide_type": "-"} tags=["figure"]
strokes = np.sqrt(transposed(np.ones((20, 20)), np.ones((5, 5)), 2)[8:36, 8:36])
plots.panels(
    [strokes / strokes.mean(), spread[5], spread[4]],
    [
        "9, 6 or 4 strokes, 5x5:\ntheir square root",
        f"untrained, 5x5:\n{ratio[5]:.2f} to 1, you said {guess:g}",
        f"untrained, 4x4:\n{ratio[4]:.2f} to 1",
    ],
    "Three squares: a checkerboard of strokes, the same in an untrained generator with 5x5 kernels, hardly any with 4x4.",
    size=2.9,
    range=(0, 2),
    suptitle="Standard deviation of each pixel, untrained (white: 0, black: twice the mean)",
)
coursekit.expect(
    "with 5x5 the factor is between 1.25 and 1.8, around 3/2; with 4x4 it is smaller",
    1.25 < ratio[5] < 1.8 and ratio[4] < ratio[5],
    five=ratio[5],
    four=ratio[4],
)

# %% [markdown] slideshow={"slide_type": "-"}
# With 5x5 kernels the standard deviation of the strongest pixels is about 3/2 of that of the weakest. They get nine strokes
# and not four. So their variance is 9/4 as large, and the standard deviation is its square root.
#
# The generator has the checkerboard before it has seen a digit, and must
# unlearn it (Odena et al., 2016). Our networks use 4x4 kernels, as the deck's do. Then
# the counts are equal. Section 5 shows that a grid can come all the same.
#
# > **Try it.** Put 3 into the loop. Which pixels get a single stroke, and what is the factor now?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The pair
#
# The paper gives guidelines for both networks, and each of them is a word or two in our code.
#
# | the paper's guideline (section 3) | in the code below |
# |---|---|
# | strided convolutions instead of pooling, in both | `strides=2`: `up` and `down` |
# | batch normalization, except in $G$'s output and $D$'s input | `normalized`, and where it is missing |
# | no hidden dense layers | one `Dense` projects the noise, one collects the logit |
# | ReLU in $G$, tanh at its end, images in $[-1, 1]$ | `layers.ReLU()`, `activation="tanh"`, `2 * x - 1` |
# | leaky ReLU in $D$, slope 0.2 | `layers.LeakyReLU(0.2)` |
# | weights from $\mathcal N(0, 0.02)$ | `like_paper` |
#
# A **leaky ReLU** keeps positive numbers and multiplies negative ones by 0.2, so its slope is never 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Batch normalization gives all numbers of a layer one size.** It looks at one channel $h$ of a layer, over
# the whole minibatch $B$ and, in a convolution's output, over all its positions. (In the output of a dense layer each number is a channel of its own.) Say that a channel has the four values 2, 4, 4 and 6.
#
# 1. Their mean is $\mu_B = 4$. Subtract it: $-2, 0, 0, 2$.
# 2. Their variance is $\sigma_B^2 = (4 + 0 + 0 + 4)/4 = 2$. Divide by the standard deviation $\sqrt 2$: about $-1.41, 0, 0, 1.41$.
# 3. Multiply by a number $\gamma$ and add a number $\beta$. Both are learned. They begin at 1 and 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The three steps in one formula**, with a small $\varepsilon$ (0.001 in Keras) that keeps it from dividing by 0:
#
# $$h \;\mapsto\; \gamma\, \frac{h - \mu_B}{\sqrt{\sigma_B^2 + \varepsilon}} + \beta .$$
#
# **In training, the answer for one picture now depends on the other pictures in its minibatch.** Section 6 shows what can come of this. With `training=True`, $\mu_B$ and $\sigma_B$ are the minibatch's own. When we draw samples later, Keras takes moving averages of both, collected in training. Then each picture stands alone.
#
# Our networks have few channels, for two processor cores, and one more convolution at 7x7, where depth is cheap. In the drawing below the code, follow the sizes from 64 numbers to 28 x 28 pixels, and back to one
# number.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def like_paper():
    return keras.initializers.RandomNormal(stddev=0.02)


def up(maps, **more):
    more = {"padding": "same", "kernel_initializer": like_paper()} | more
    return layers.Conv2DTranspose(maps, 4, strides=2, **more)


def down(maps, **more):
    more = {"padding": "same", "kernel_initializer": like_paper()} | more
    return layers.Conv2D(maps, 4, strides=2, **more)


def same(maps):
    more = {"padding": "same", "kernel_initializer": like_paper()}
    return layers.Conv2D(maps, 3, use_bias=False, **more)


def normalized(activation):
    return [layers.BatchNormalization(momentum=0.8), activation]


# %% slideshow={"slide_type": "-"} tags=["central"]
def my_generator():
    project = {"use_bias": False, "kernel_initializer": like_paper()}
    parts = [keras.Input((64,)), layers.Dense(7 * 7 * 40, **project)]
    parts += [*normalized(layers.ReLU()), layers.Reshape((7, 7, 40))]
    parts += [same(40), *normalized(layers.ReLU())]
    parts += [up(20, use_bias=False), *normalized(layers.ReLU())]
    return keras.Sequential([*parts, up(1, activation="tanh")])


def my_discriminator():
    parts = [keras.Input((28, 28, 1)), down(10), layers.LeakyReLU(0.2)]
    parts += [down(20, use_bias=False), *normalized(layers.LeakyReLU(0.2))]
    parts += [same(40), *normalized(layers.LeakyReLU(0.2))]
    collect = layers.Dense(1, kernel_initializer=like_paper())
    return keras.Sequential([*parts, layers.Flatten(), collect])


# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.network(gan.GAN(my_generator(), my_discriminator()), title="The pair")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The losses are least squares** (Mao et al., 2017). $D$ answers with a number $d$, and
# no sigmoid follows.
#
# - $D$ pays $\frac12 (d - 1)^2$ for data and $\frac12 d^2$ for samples. So it learns to answer 1 to data and 0 to samples.
# - $G$ pays $\frac12 (d - 1)^2$ for samples: it wants the answer 1. The slope of this square is $d - 1$. It is $-1$ where $D$ is sure of a fake, $d = 0$.
#
# The figure compares this with lecture 10's two losses of the generator, for which $d$ is a logit. A logit far below 0 means that $D$ is sure of a fake. Look at the left end of the two curves of logits, and of least squares at $d = 0$. **There the minimax loss is flat: it *saturates*, and $G$ gets no slope to learn from.** The other two are steep.

# %% slideshow={"slide_type": "-"} tags=["figure"]
d = np.linspace(-4, 3, 71)
pays = {
    "minimax": -np.logaddexp(0, d),
    "non-saturating": np.logaddexp(0, -d),
    "least squares": (d - 1) ** 2 / 2,
}
plots.lines(
    d,
    pays,
    "What the generator pays for a sample",
    "Three falling curves: minimax is flat at the left, the other two are steep there.",
    xlabel="the discriminator's answer d",
    ylabel="loss of this sample",
    baselines=["minimax"],
)
slopes = {name: (loss[1] - loss[0]) / (d[1] - d[0]) for name, loss in pays.items()}
coursekit.expect(
    "at d = -4 minimax has a slope of nearly 0; both others fall by 0.9 or more",
    abs(slopes.pop("minimax")) < 0.05 and max(slopes.values()) < -0.9,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **One forward pass serves two steps.** Algorithm 1 of lecture 10 draws fresh noise for the generator's step. The TensorFlow tutorial that the deck
# links does not: one batch of samples serves both losses.
#
# $G$'s loss goes through $D$, but `minimize` moves each network along the gradient of its own loss only. So $G$'s loss never moves $D$.
#
# (Least squares are our choice. The paper takes cross-entropy, in the form that does not saturate. We did not compare the two.)


# %% slideshow={"slide_type": "-"} tags=["central"]
class MyDCGAN(gan.GAN):  # lecture 10's GAN, whose two networks step at once
    def losses(self, x, z):
        fakes = self.generator(z, training=True)
        real = self.discriminator(2 * x - 1, training=True)
        fake = self.discriminator(fakes, training=True)
        d_loss = (ops.mean((real - 1) ** 2) + ops.mean(fake**2)) / 2
        return d_loss, ops.mean((fake - 1) ** 2) / 2

    def train_on(self, x):
        z = self.noise(ops.shape(x)[0])
        both = (self.discriminator, self.generator)
        d_loss, g_loss = self.minimize(lambda: self.losses(x, z), both)
        self._average()  # of the generator's weights, as in lecture 11
        return {"d_loss": d_loss, "g_loss": g_loss}


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Digits in half a minute
#
# Can this pair draw better digits than the dense one of lecture 11? It sees 4,000 digits six times over, in batches of 20.
#
# The discriminator learns at half the generator's rate, and both rates fall to nearly nothing. (Half is our choice: the paper has one rate for both. We did not measure what it brings.) The
# same noise is drawn all along. Samples come from an averaged generator, whose weights are a running mean of the generator's (lecture 11, section 2).
#
# Three of lecture 11's measures judge the samples. The **Fréchet distance** says how far their features are from those of real digits, on average and in spread. *Precision* is the share of samples that fall among real digits, and *recall* the share of real digits that fall among samples.
#
# > **Predict.** In lecture 11's table the dense GAN has a Fréchet distance of 25.7. (Floor: below 1. Noise: about
# > 100.) What will this DCGAN come to?
#
# In the table, look at the row "this DCGAN": first the distance, then precision and recall.

# %% slideshow={"slide_type": "-"} tags=["experiment", "front"]
name, left_out = ("mnist", "digits") if full else ("digits", None)
digits = data.load(name, "train", leave_out=left_out)
unseen = data.load("digits", "test")
keras.utils.set_random_seed(seed)
pair = my_generator(), my_discriminator()
artist = MyDCGAN(*pair, averaging=0.999, signed=True, seed=seed)
untrained, noise = artist.sample(2000), rng.normal(size=(30, 64))
rates = {"learning_rate": 2e-3, "discriminator_share": 0.5}  # falling, Adam
settings = rates | {"epochs": 30 if full else 6, "batch_size": 64 if full else 20}
watch = widgets.TrainingMonitor(noise, artist.generate, title="A DCGAN on digits")
log = recipes.dcgans.fit(
    artist, digits.images, settings, verbose=0, callbacks=[watch]
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 20
judge = recipes.judge("mnist", profile)
samples = artist.sample(10_000)
report = judge.report({"this DCGAN": samples}, untrained=untrained)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
coursekit.expect(
    "its distance is between 6 and 25; the floor's is below 1, an untrained one's above 60",
    6 < report.rows["this DCGAN"].frechet < 25
    and judge.floor.frechet < 1
    and report.rows["untrained generator"].frechet > 60,
    frechet=report.rows["this DCGAN"].frechet,
)
columns = ("", "Fréchet", "KID", "precision", "recall", "density", "coverage")
plots.table(
    [
        [name, score.frechet, score.kid, *score[4:]]
        for name, score in report.rows.items()
    ]
    + [["your guess for this DCGAN", guess, *[""] * 5]],
    columns,
)

# %% [markdown] slideshow={"slide_type": "-"}
# This DCGAN comes to a Fréchet distance of about 17, well below the dense network's 25.7. (Loss, rates and batches differ, too, so convolutions need not be the only cause.)
#
# It also has the higher recall, 0.71: the dense pair's is 0.57 in lecture 11's table. So more kinds of real digits have samples near them. But the dense pair has the *higher* precision, 0.81, and this DCGAN about 0.6.
# So fewer of its samples fall among real digits.
#
# **The untrained generator has a precision of 1**, and draws gray fog. All its pictures are nearly alike, and lie between real digits. Precision draws a ball around each real digit, up to its third neighbor, and there these balls are wide (lecture 11, section 5). Its recall is 0, because
# the balls around such samples are too small to hold a digit. So precision is read only together with recall.
#
# > **Try it.** A batch size of 64: the same number of digits, a third of the steps. What matters here, digits or steps?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The time-lapse
#
# The deck opens with somebody else's time-lapse: the same faces after 1, 50, ... 500 epochs, with the time that had passed, a minute to eleven hours
# (cpang4.github.io/gan).
#
# Here is ours. `coursekit train dcgan-mnist --profile full` trained on 55,000 digits. It drew the same sixteen codes before training and after some of
# its epochs. Each time it noted the seconds of training (two cores, which had other work beside it) and the
# Fréchet distance of 10,000 samples.
#
# > **Predict.** After how much of the whole time are the sixteen legible to you? Then drag.

# %% slideshow={"slide_type": "-"} tags=["figure"]
shots, pictures = recipes.frames("dcgan-mnist")
lapse = recipes.timeline("dcgan-mnist")
times = zip(shots, lapse["seconds"], lapse["frechet"], strict=True)
four_by_four = pictures.reshape(-1, 4, 4, 28, 28).swapaxes(2, 3)
widgets.FramePlayer(
    1 - four_by_four.reshape(-1, 112, 112),  # ink on paper
    [("epoch", [f"{e}: {s / 60:.0f} min, distance {d:.1f}" for e, s, d in times])],
    title="Sixteen codes while their generator learns",
    alt="Gray fog turns into blots, strokes, and clean digits.",
    fps=2,
    width=336,
    smooth=False,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Most of the sixteen are legible after two epochs, about four minutes of 53. A few still become another digit until the tenth.
#
# The distance falls on to epoch 15 and then
# stands still at twice its floor, the distance of real training digits. So about the last two fifths of the time bought nothing that this measure sees. [Lecture 13](13_dcgan_explored.ipynb) takes the generator of the last epoch and asks what it has learned.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Take a guideline away
#
# A list of rules from a paper is a list of things that were all done at once. The paper does not say what each of them brings.
#
# So which of them matter? We trained a small network by the guidelines, for a few
# epochs of 55,000 digits, and then again and again with one thing changed. Each bar is read from its record.
#
# This network is not section 3's pair. It has the same 4x4 kernels, but the paper's loss, no convolution at 7x7, one rate of 0.001 for both networks that does not fall, and no averaged generator. It also saw
# more digits. So the gray bar and section 3's distance cannot be compared.
#
# > **Predict.** Which single change does most harm? Which does none?
#
# In the figure, the gray bar has all guidelines, and the name of each other bar says what was changed. Longer bars are worse. The scale is logarithmic: from one thick line to the next the distance is ten times as large.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "strides"
folder = paths.data() / "results"
names = [file.stem for file in sorted(folder.glob("dcgan-ablation-*.json"))]
records = {name[15:]: coursekit.results(name) for name in names}
whats = {key: recipes.get(f"dcgan-ablation-{key}").what for key in records}
changes = {key: what.partition("ablation: ")[2] for key, what in whats.items()}
frechet = {key: run["metrics"]["frechet"]["mean"] for key, run in records.items()}
one_batch = [key for key in changes if key.startswith("labels")]  # of section 6


# %% slideshow={"slide_type": "-"} tags=["figure"]
def ranking(title, alt):
    import matplotlib.pyplot as plt

    order = sorted(set(changes) - set(one_batch), key=frechet.get, reverse=True)
    ours, base = palette.OURS, palette.BASELINE
    colors = [base if key == "guidelines" else ours for key in order]
    figure, axis = plt.subplots(figsize=(8.6, 4.8), layout="constrained")
    heights = [frechet[key] for key in order]
    bars = axis.barh([changes[key] for key in order], heights, color=colors)
    axis.axvline(frechet["guidelines"], color=base, linewidth=1)
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    axis.bar_label(bars, fmt="%.1f", padding=3, bbox=white)
    axis.set(xlabel="Fréchet distance (log scale)", xscale="log")
    axis.margins(x=0.1)
    figure.suptitle(title, fontsize=14)
    axis.grid(axis="y", visible=False)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["figure"]
epochs, base = records["guidelines"]["settings"]["epochs"], frechet["guidelines"]
ranking(
    f"One change each, {epochs} epochs of 55,000 digits\n(your guess of the worst: {guess})",
    "Horizontal bars, from the worst below to the best on top.",
)
worst = min(frechet["no-batch-norm"], frechet["minimax"], frechet["minimax-sgd"])
claim = "without batch normalization, or with the minimax loss: five times as far"
coursekit.expect(claim, worst > 5 * base)
keys = ("pooling", "sigmoid", "relu", "glorot", "sgd")
same_as = [frechet[key] / base for key in keys]
coursekit.expect(
    "pooling, a sigmoid, ReLU in D, Keras's own weights, plain SGD: within a third",
    min(same_as) > 0.67 and max(same_as) < 1.33,
)
coursekit.expect(
    "a hidden dense layer: less than half", frechet["hidden"] < base / 2
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The change that does most harm is to leave out batch normalization.** At 135.7 the distance is about that of section 3's untrained generator, 133.7. This network learned nothing that the distance sees. A **loss that saturates** (minimax)
# does nearly as much harm: its distance, too, is more than five times the gray one. Next comes Adam's usual $\beta_1$ of 0.9, which doubles the distance. ($\beta_1$ says how long Adam remembers earlier gradients. The paper has 0.5.)
#
# **Five changes do no harm that we could see.** They replace strides, tanh, leaky ReLU, the initialization, and even Adam. Each of their bars is within a fifth of the gray one. We trained with one seed each, so we do not know how far luck alone moves a bar.
#
# **One guideline is wrong here.** *With* a hidden dense layer the distance is less than half. We do not know why. It may be that such small pictures need no long way through convolutions; we have not tested this.
#
# The other three bars are additions of ours. Two more convolutions halve the distance. An averaged generator and falling rates change it by less than a fifth.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why does it learn nothing without batch normalization?** The first weights are drawn from $\mathcal N(0, 0.02)$, so they are small, and each layer's numbers are smaller than those before. Batch normalization would make them large again.
#
# We checked an untrained pair without it: its pictures hardly depend on the code, and
# the slopes for $G$ are tiny. That this is the whole reason is a guess.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### "Minimax loss, SGD optimizer"
#
# This is how the deck sums the paper up, and both halves differ from the paper.
#
# The paper's section 4 does say "stochastic gradient descent".
# Three sentences further on it says which kind: **Adam**, at 0.0002, with $\beta_1 = 0.5$. And its loss is the **non-saturating** one of lecture 10, not minimax.
#
# The cell trains the paper's pair of choices and the deck's now, for two epochs each.
#
# > **Predict.** What will the deck's pictures look like after 8,000 digits? And which of the two changes is to blame?
#
# Compare the two rows of pictures first. The table below them has longer runs from records: read it by rows, then by columns.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def ablation(key):
    """The recipe's quick profile, trained now: the model."""
    recipe = recipes.get(f"dcgan-ablation-{key}")
    settings = recipe.of("quick")
    keras.utils.set_random_seed(seed)
    model, x = recipe.build(**settings["model"]), digits.images[:4000]
    recipe.fit(model, x, settings, verbose=0, callbacks=progress())
    return model


names = {"the guidelines": "guidelines", "minimax and SGD": "minimax-sgd"}
live = {name: ablation(key) for name, key in names.items()}
few = {name: model.sample(2000) for name, model in live.items()}
apart = {name: judge.frechet(images) for name, images in few.items()}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {
        f"{name}\n(distance {apart[name]:.0f})": images[:12]
        for name, images in few.items()
    },
    "Two epochs of 4,000 digits",
    "First row: blots and first strokes. Second row: gray fog.",
    caption="distances of 2,000 samples",
)
coursekit.expect(
    "after two epochs the deck's pair of changes is at least 20 farther off",
    apart["minimax and SGD"] > apart["the guidelines"] + 20,
    guidelines=apart["the guidelines"],
    deck=apart["minimax and SGD"],
)
pairs = [
    ("non-saturating", "guidelines", "sgd"),
    ("minimax", "minimax", "minimax-sgd"),
]
plots.table(
    [[loss, *(f"{frechet[key]:.1f}" for key in two)] for loss, *two in pairs],
    (f"Fréchet distance after {epochs} epochs (records)", "Adam", "plain SGD"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# After two epochs the deck's pictures are gray fog, and the **loss** is to blame.
#
# In the table, plain SGD comes as far as Adam with the paper's loss (17.3 and 17.1). With the minimax loss neither gets far. The figure of section 2 offers a reason: where the discriminator
# is sure of a fake, that loss has no slope. (SGD's rate here is 0.02, Adam's 0.001. One seed each.)
#
# The first row has a fine grid: every second row or column is darker. These kernels are 4x4, so the counts of section 1 are equal. But even and odd rows, or columns, are painted by different weights of the kernel, and these need not be alike.
# We think that the grid comes from this, and did not test it.
#
# > **Try it.** `ablation("sgd")`, `ablation("minimax")`, `ablation("no-batch-norm")`. Do two epochs of 4,000 rank them as the records do?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The deck's own code
#
# **Slides 27 to 30 print a pair for faces of 64x64 pixels, and its training step.** The code runs in Keras 3, after some changes of words (section 7 lists them). We build its networks to compare their sizes with the printed ones.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
deck = dcgan.deck()
sizes = [network.count_params() for network in (deck.generator, deck.discriminator)]
coursekit.expect(
    "the counts that the deck's page prints: 3,979,651 and 404,801",
    sizes == [3_979_651, 404_801],
)
coursekit.show(dcgan_networks.deck, docstring=False)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The deck's step differs from lecture 10 in three ways.**
#
# 1. It puts samples and data into **one batch**.
# 2. It labels samples 1 and data 0, so its discriminator answers the question "is it false?".
# 3. It adds random noise to the labels, and calls this an important trick.
#
# The second is only another name for the same thing. What do the other two do? We take the noise first.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    ($z$) -> [generator] -> samples -> [discriminator] -> scores -> <cross-entropy>
    photographs -> discriminator
    1s, 0s -> labels -> cross-entropy
    (noise) -> labels
    """,
    "The deck's first step: one batch, half samples, half data",
    moves=["discriminator"],
    labels={"1s": "a 1 for each sample", "0s": "a 0 for each photograph"},
    rows=[
        "noise",
        "1s, labels",
        "0s",
        "$z$, generator, samples, discriminator, scores, cross-entropy",
        "photographs",
    ],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Labels that are no probabilities
#
# A label says with what probability a picture is false. The slide's noise pushes both labels up: data to between 0 and 0.05, samples to between 1 and 1.05. On average a sample has the label 1.025.
#
# > **Predict.** What is the best logit for a label of 1.025? And how low can the loss
# > fall?
#
# The figure shows the cross-entropy of one sample, for three labels. Look at where each curve is lowest.

# %% slideshow={"slide_type": "-"} tags=["figure"]
logit = np.linspace(-2, 40, 421)
cost = {y: np.logaddexp(0, logit) - y * logit for y in (0.975, 1, 1.025)}
plots.lines(
    logit,
    {f"label {y}": values for y, values in cost.items()},
    "What a logit costs under three labels",
    "Three curves fall from the left; one turns and rises, one levels off at 0, one falls below 0 without end.",
    xlabel="logit of 'false'",
    ylabel="cross-entropy, nats",
)
best = {y: logit[values.argmin()] for y, values in cost.items()}
coursekit.expect(
    "0.975 has its minimum between 3 and 4; 1.025 at the end of whatever is drawn",
    3 < best[0.975] < 4 and best[1.025] == logit[-1] and cost[1.025][-1] < -0.9,
)

# %% [markdown] slideshow={"slide_type": "-"}
# **For a label of 1.025 there is no best logit, and the loss falls without end.** For 0.975 the curve turns at a logit of about 3.7.
#
# **The best logit for a label $y$ can be derived.** We write $D = 1/(1 + e^{-\ell})$ for the probability of "false" that belongs to a logit $\ell$. The cross-entropy is
#
# $$-y \log D - (1 - y) \log(1 - D) = \log(1 + e^{\ell}) - y\,\ell .$$
#
# 1. The right side follows from $\log D = \ell - \log(1 + e^{\ell})$ and $\log(1 - D) = -\log(1 + e^{\ell})$.
# 2. Its derivative in $\ell$ is $\frac{e^{\ell}}{1 + e^{\ell}} - y = D - y$. At a minimum it is 0, so $D = y$. Solved for the logit, $\ell^* = \log \frac{y}{1 - y}$. For 0.975 that is $\log 39 \approx 3.7$.
# 3. Put $D = y$ back into the left side: the least loss is $-y \log y - (1 - y) \log(1 - y)$, the **entropy** of the label. For 0.975 it is about 0.117 nats.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Above 1 the loss falls without end, because its slope never becomes 0.** If $y$ is larger than 1, $D - y$ is negative everywhere: $D$ is at most 1. So a larger logit always costs less. For large $\ell$ the loss is about $\ell - 1.025\,\ell = -0.025\,\ell$.
#
# **The noise can be kept inside $[0, 1]$**: then data have labels between 0 and 0.05, as before, and samples between 0.95 and 1.
#
# The noise is new in each step, and the loss is linear in $y$. So on average only the *mean* label counts: 1.025 for samples as on the slide, 0.975 with the noise kept inside. (Data have 0.025, whose entropy is the same as that of 0.975.)
#
# The cells train the deck's step twice on digits, by our small pair: with labels as on the slide, and with the same noise kept inside.


# %% slideshow={"slide_type": "-"} tags=["central"]
class Combined(gan.GAN):
    inside = False  # True keeps the labels probabilities

    def labels(self, n):
        labels = ops.concatenate([ops.ones((n, 1)), ops.zeros((n, 1))])
        noise = 0.05 * keras.random.uniform((2 * n, 1), seed=self.random)
        return labels + (noise * (1 - 2 * labels) if self.inside else noise)

    def false(self, images):
        return -self.discriminator(images, training=True)  # our logits mean "true"

    def cross_entropy(self, labels, logits):
        return ops.mean(ops.softplus(logits) - labels * logits)

    def train_on(self, x):
        n = ops.shape(x)[0]
        fakes = self.generator(self.noise(n), training=True)
        images, labels = ops.concatenate([fakes, 2 * x - 1]), self.labels(n)
        d_loss = lambda: self.cross_entropy(labels, self.false(images))
        d_loss = self.minimize(d_loss, self.discriminator)
        z, misleading = self.noise(n), ops.zeros((n, 1))  # "all real images"
        fooled = lambda: self.false(self.generator(z, training=True))
        g_loss = lambda: self.cross_entropy(misleading, fooled())
        return {"d_loss": d_loss, "g_loss": self.minimize(g_loss, self.generator)}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def game(inside):
    """Eight short epochs of the deck's step on 800 digits, by our pair of networks."""
    keras.utils.set_random_seed(seed)
    combined = Combined(my_generator(), my_discriminator(), signed=True)
    combined.inside = inside
    adam = [keras.optimizers.Adam(1e-3, beta_1=0.5) for _ in range(2)]
    combined.compile(generator=adam[0], discriminator=adam[1])
    options = {"batch_size": 20, "epochs": 8, "verbose": 0, "callbacks": progress()}
    return combined, combined.fit(digits.images[:800], **options).history


as_printed, printed_log = game(inside=False)
kept, kept_log = game(inside=True)
entropy = -0.975 * np.log(0.975) - 0.025 * np.log(0.025)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    np.arange(1, 9),
    {"as on the slide": printed_log["d_loss"], "kept inside": kept_log["d_loss"]},
    "The discriminator's cross-entropy under two kinds of label noise",
    "As on the slide it falls far below zero; kept inside it rests at 0.117.",
    xlabel="epoch (40 steps)",
    ylabel="nats",
    marks={"entropy of 0.975": entropy},
)
coursekit.expect(
    "as on the slide the loss is below 0, and falling",
    printed_log["d_loss"][-1] < min(0, printed_log["d_loss"][3]),
    last=printed_log["d_loss"][-1],
)
coursekit.expect(
    "kept inside, it rests within 0.05 of the entropy",
    abs(kept_log["d_loss"][-1] - entropy) < 0.05,
    last=kept_log["d_loss"][-1],
)

# %% [markdown] slideshow={"slide_type": "-"}
# As on the slide, the loss is soon below zero and falls further, as the derivation says.
#
# **The trick was to make the discriminator *less* sure. It rewards a discriminator for being ever surer.**
#
# Kept inside $[0, 1]$, the same noise does what it is for: the loss rests near the entropy of the mean label, 0.117. On average no loss can be lower.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One batch or two?
#
# **A discriminator at this floor is nearly always right, about samples and digits.** A single wrong answer, given as surely, costs more than 3 nats, so even a few of them would lift the mean well above the floor. Yet the generator's loss is low, too, so in the generator's step the discriminator is fooled. How can
# both be?
#
# The two steps show it different batches: the discriminator learns on samples *and* digits, and the generator's step shows it samples alone.
#
# > **Predict.** Show the discriminator 20 samples together with 20 digits. Then the same 20 samples alone. Will it say the same?
#
# In the figure, a bar above zero means "false".

# %% slideshow={"slide_type": "-"} tags=["experiment"]
fakes = kept.generator(kept.noise(20), training=True)
mixed = ops.concatenate([fakes, 2 * digits.images[1000:1020] - 1])
answers = {
    "samples, among digits": kept.false(mixed)[:20],
    "the same, alone": kept.false(fakes),
}
answers = {name: float(ops.mean(logits)) for name, logits in answers.items()}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    answers,
    "How sure is the discriminator that they are false?",
    "A bar above zero for samples among digits, one below zero for the same samples alone.",
    ylabel="logit of 'sample', mean of 20",
    size=(6, 3.6),
)
coursekit.expect(
    "the same samples are false among digits, and true when alone",
    answers["samples, among digits"] > 1 and answers["the same, alone"] < 0,
    among=answers["samples, among digits"],
    alone=answers["the same, alone"],
)
# %% [markdown] slideshow={"slide_type": "-"}
# No: among digits the discriminator calls the samples false, and alone it calls the same samples true.
#
# **Batch normalization is the reason, and one channel is enough to see it.** In the drawing a channel is 2.2 for every digit and 2.0 for every sample. Compare where the samples end up in the two rows.


# %% slideshow={"slide_type": "-"} tags=["figure"]
def one_channel(batches, title, alt):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(8.6, 3.4), layout="constrained")
    for line, (name, values) in zip(axes, batches.items(), strict=True):
        where = np.linspace(-1, 1, 8)[np.arange(len(values)) % 8]
        color = np.where(values > 2.1, palette.BASELINE, palette.OURS)
        for axis, h in zip(line, (values, after(values)), strict=True):
            axis.scatter(h, where, c=color)
            axis.set(ylim=(-1.6, 1.6), yticks=[])
        line[0].set(xlim=(1.7, 2.5)), line[1].set(xlim=(-1.6, 1.6))
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    axes[0, 0].set_title("the channel")
    axes[0, 1].set_title("after batch normalization")
    axes[0, 0].text(1.97, 0, "samples", color=palette.OURS, ha="right")
    axes[0, 0].text(2.23, 0, "digits", color=palette.BASELINE)
    figure.suptitle(title, fontsize=14)
    return plots.display(figure, alt)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
normal = layers.BatchNormalization()
after = lambda h: np.ravel(normal(np.float32(h)[:, None], training=True))
two_batches = {
    "digits and\nsamples": np.repeat([2.2, 2.0], 8),
    "samples\nalone": np.repeat(2.0, 8),
}
mixed_batch, alone = (after(values) for values in two_batches.values())
coursekit.expect(
    "samples: nearly -1 in the mixed batch, 0 when alone",
    mixed_batch.min() < -0.9 and np.abs(alone).max() < 0.01,
    mixed=mixed_batch.min(),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
one_channel(
    two_batches,
    "One channel, in two batches",
    "Above, samples and digits move to -1 and 1; below, the same samples move to 0.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The same in formulas.** Let the channel be $r$ for every digit and $f$ for every sample, and let $\gamma = 1$ and $\beta = 0$.
#
# 1. *One batch, half and half.* The mean is $\frac12 (r + f)$. Each value is $\frac12 |r - f|$ away from it, so that is the standard deviation. With $r > f$, digits become $+1$ and samples become $-1$,
#    as long as $|r - f|$ is much larger than $\sqrt\varepsilon$. So even a small difference is enough to tell them apart without a mistake.
# 2. *Samples alone.* The mean is $f$. After subtracting it every sample has 0, *whatever $f$ is*. Dividing by $\sqrt{0 + \varepsilon}$ leaves it 0. The difference that gave the samples away has disappeared.
# 3. *Two batches.* If the discriminator gets data and samples in separate batches, as in section 2, both have mean 0. It cannot use the mean, so it must learn differences that are left in a batch
#    of samples alone.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **So both losses are low, and the pictures stay bad.**
#
# - *The discriminator* learns on mixed batches. There it is right about everything, so it has nothing more to learn.
# - *The generator* is judged on batches of samples alone. There the difference has disappeared, so the discriminator does not see what is wrong with them.
#
# The table has longer runs with one batch for both. All three are more than 100 away from real digits. One seed each cannot rank the three. So the table says that *one batch* makes the deck's recipe fail, and it does not show
# whether the label noise itself harms the pictures.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.table(
    [[changes[key], f"{frechet[key]:.1f}"] for key in ("guidelines", *one_batch)],
    (
        "section 5's records, and those with one minibatch for both",
        "Fréchet distance",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The rule is: with batch normalization, two batches.** The deck's own discriminator has no batch normalization, so its one
# batch has no such effect there. Two good rules come from two good sources, and together they fail.
#
# (One number is still unexplained. For samples alone, the derivation says 0 for each channel. Then the discriminator's answer is one constant number, which does not depend on the samples. The figure shows that this number is about $-4.9$, very sure of "true". The generator's steps have moved this answer: they are the only steps that see such a batch, and they make it "truer"
# without better digits. The discriminator's steps push back less, since none of them is about such a batch. In a trial in which the generator did not learn, the answer stayed near 0.)
#
# > **Try it.** Take `normalized` out of `my_discriminator` and play again. Who wins now?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · For a second reading
#
# Three additions can be left out at first: what each word on the slides is called today, a benchmark of speed, and the deck's channels.
#
# ### The slides' words in Keras 3
#
# **Six words on slides 27 to 30 have changed.**
#
# | slide says | Keras 3 says | why |
# |---|---|---|
# | `layers.LeakyReLU(alpha=0.2)` | `layers.LeakyReLU(0.2)` | now `negative_slope`; the old word warns |
# | `layers.Dense(1, activation="sigmoid")` | `layers.Dense(1)`, and cross-entropy from logits | TensorFlow finds the logit again; elsewhere a sigmoid near 1 rounds, and the loss is clipped |
# | `tf.concat`, `tf.ones`, `tf.random.uniform` | `ops.concatenate`, `ops.ones`, `keras.random.uniform` | any backend, and a seed that repeats |
# | `self.discriminator(combined_images)` | `self.discriminator(images, training=True)` | without the word, its dropout does nothing |
# | `optimizer.apply_gradients(zip(grads, weights))` | `optimizer.apply(grads, weights)` | the tape is TensorFlow's; our `minimize` is either |
# | `labels += 0.05 * tf.random.uniform(...)` | `labels + noise * (1 - 2 * labels)` | a probability ends at 1: see below |

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How much of the speed is the engine's?
#
# **The benchmark `tests/bench/dcgan.py` gives four trainings two minutes each.** Two train the network of the TensorFlow tutorial: in its own loop, and by this course's `minimize`, which we call our engine.
# Two train our small network, without and with a hidden dense layer. Which of the four curves are alike?

# %% slideshow={"slide_type": "-"} tags=["figure"]
bench = coursekit.results("bench_dcgan")
names = {
    "fast": "ours, with a hidden layer",
    "no-hidden": "ours",
    "engine": "tutorial's, our engine",
    "tutorial": "tutorial's, own loop",
}
curves = {
    names[key]: tuple(zip([0, run["untrained"]], *run["curve"], strict=True))
    for key, run in bench["runs"].items()
}
plots.lines(
    None,
    curves,
    f"Two minutes each (floor: {bench['floor']})",
    "Small networks' curves fall steeply; the two of the tutorial's network stay on top.",
    xlabel="seconds of training, two processor cores",
    ylabel="Fréchet distance (log scale)",
    log=("y",),
    baselines=[names["tutorial"]],
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
last = {key: run["curve"][-1][1] for key, run in bench["runs"].items()}
coursekit.expect(
    "after two minutes the small network is at a fifth of the tutorial's, or less",
    last["no-hidden"] < min(last["engine"], last["tutorial"]) / 5,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The engine hardly matters: the tutorial's network is as slow on ours, since its time is spent in the same convolutions. The network and its
# settings matter, together: few channels, least squares, higher rates, small batches, an averaged generator. Which of these matters most, this benchmark cannot say.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The deck's channels
#
# **The deck's generator has its *most* channels, 512, where pictures are largest.** The paper's runs the other way, from 1,024 at 4x4 down. That is
# one reason why an epoch of the deck's took 557 seconds on a GPU (keras.io).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/12_dcgan.ipynb), checked as you go:
#
# 1. **Strokes, counted**: the size of a transposed convolution, and how often each pixel is painted.
# 2. **Labels that stay labels**: noise inside $[0, 1]$, the best logit, and what the loss can never go below.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A transposed convolution **paints**: $\text{out} = (n-1)s + k - 2p$. Where the stride does not divide the kernel, it paints a checkerboard before
#   it has learned anything.
# - The paper's recipe fails here in two cases: if **batch normalization** is taken away, and if the loss **saturates**. For SGD in the place of Adam, and for strides, tanh, leaky ReLU and
#   initialization, one seed each shows no clear effect; but Adam with $\beta_1 = 0.9$ in the place of 0.5 doubles the distance. A hidden dense layer helps on small pictures.
# - The deck's label noise makes a loss **without a minimum**; kept inside $[0, 1]$ it has one.
# - With batch normalization, one batch for both makes both losses low, and the pictures stay bad. Two batches mend it.
# - What has the generator learned, and what the discriminator? That is the question of [lecture 13](13_dcgan_explored.ipynb).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | deck's generator and discriminator, parameters | 3,979,651 and 404,801 | the same |
# | DCGAN on CIFAR-10, FID | 37.7 (Heusel et al., 2017) | not comparable: other features, other data |
#
# - A. Radford, L. Metz, S. Chintala, *[Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
#   Networks](https://arxiv.org/abs/1511.06434)*, ICLR 2016.
# - F. Chollet, *[DCGAN to generate face images](https://keras.io/examples/generative/dcgan_overriding_train_step/)*, keras.io, 2019: the deck's code.
# - *[Deep Convolutional Generative Adversarial Network](https://www.tensorflow.org/tutorials/generative/dcgan)*, TensorFlow tutorial.
# - A. Odena, V. Dumoulin, C. Olah, *Deconvolution and checkerboard artifacts*, Distill, 2016.
# - X. Mao et al., *Least squares generative adversarial networks*, ICCV 2017.
# - T. Salimans et al., *Improved techniques for training GANs*, NeurIPS 2016 (one-sided label smoothing).
# - M. Heusel et al., *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*, NeurIPS 2017.
