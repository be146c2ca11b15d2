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
# In lecture 11 the digits had ragged lines, because dense layers must learn anew which pixels are neighbors. A DCGAN gives both networks convolutions, and its paper gives a list of guidelines for building them. **Which of these guidelines matter, and why?** We take each of them away again, and measure what is left.
# (*The deck* is the set of slides that this course follows.)
#
# **You will be able to**
#
# - enlarge a picture by a transposed convolution, and say where its checkerboards come from;
# - build the DCGAN paper's pair, and train it on digits in half a minute;
# - say which of the paper's guidelines matter for our digits;
# - derive the best logit for a label, and say what goes wrong with a label above 1;
# - derive why samples look different to batch normalization when they are alone in their batch.
#
# You need lectures [10](10_gan.ipynb) and [11](11_gan_in_practice.ipynb). About 70 minutes to read and play; about a minute to run. Section 7 is for a second reading.

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
# In a **transposed convolution** every number of the small picture paints. It lays a copy of the kernel, multiplied by that number, onto a canvas. We call this copy a stroke. The next number lays its stroke $s$ pixels farther on; $s$ is the stride. Where strokes overlap, they add up.
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
# **The first cell paints a picture in the same way, stroke by stroke.** Now the kernel is a square.
#
# > **Predict.** Nine numbers, all 1, paint with kernels of ones, and the stride is 2. Which canvas is evenly gray in its middle: that of a kernel of 4 x 4 pixels, or of 5 x 5?
#
# Drag the player to its end, with a kernel of 4 and with a kernel of 5. The darker a pixel is, the more strokes it got.


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
# With the kernel of 4 the middle is evenly gray: there each pixel gets four strokes. With the kernel of 5 the middle row and the middle column are darker than the rows and columns beside them.
#
# On a larger canvas, every second row and every second column is darker in this way. Such a pattern is called a *checkerboard*.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **How large is the canvas?** Take $n$ numbers a side and a kernel of $k$ pixels a side. The first stroke covers $k$ pixels. Each of the other $n - 1$ strokes begins $s$ pixels after the one before, so it adds $s$ pixels. If $p$
# pixels are cut off at each border, the canvas has
#
# $$\text{out} = (n - 1)\,s + k - 2p$$
#
# pixels a side. In the example above nothing is cut off, and $2 \cdot 2 + 4 = 8$.
#
# Keras's `padding="same"` cuts $k - s$ pixels in all, so $s\,n$ are left. With a stride of 2 the picture becomes exactly twice as wide.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why is it called *transposed*?** A convolution from eight pixels to three numbers is a matrix $A$ with three rows. Each row has the kernel's values $a, b, c, d$ at the four pixels of its window, and the window moves by the stride:
#
# $$A = \begin{pmatrix} a & b & c & d & 0 & 0 & 0 & 0 \\ 0 & 0 & a & b & c & d & 0 & 0 \\ 0 & 0 & 0 & 0 & a & b & c & d \end{pmatrix} .$$
#
# The convolution takes pixels $y$ to numbers $A y$. Painting takes numbers $x$ to pixels $A^\top x$. What was a row of $A$ is now a column of $A^\top$: the stroke of one number. The table above is $A^\top x$ with $a = b = c = d = 1$.
#
# Painting does not undo the convolution. $A$ makes three numbers out of eight, so it has no inverse. $A^\top$ brings back the size, but not the pixels.
#
# The next cell compares the two matrices. The one after it checks that Keras paints the same picture.


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
# In a picture a stroke reaches a pixel if it does so along both sides. **So the counts along both sides are multiplied.** The pixels get $3 \cdot 3 = 9$, $3 \cdot 2 = 6$, or $2 \cdot 2 = 4$ strokes.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **For which kernels is there no checkerboard?** A stroke of $k$ pixels that reaches a pixel begins there, or at most $k - 1$ pixels before. These are $k$ places in a row. Strokes begin at every $s$-th place. So away from the border $k/s$ strokes reach the pixel, rounded up or down.
#
# If the stride divides the kernel, nothing is rounded. **Then all pixels get equally many strokes, and there is no checkerboard.**

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Does a generator have this checkerboard before any training?** We give 100 random codes to an untrained generator. Each pixel then has 100 values, and we take their standard deviation.
#
# > **Predict.** With kernels of 5 x 5, how many times as large is the standard deviation at pixels with nine strokes as at pixels with four? (The variances of independent strokes add up.)
#
# In the figure, darker pixels have a larger standard deviation. The left panel is computed: it shows the square roots of the counts, because a standard deviation is the root of a variance. The other two are measured, with 5x5 kernels (middle) and with 4x4 (right).

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
# With 5x5 kernels the factor is about 3/2, and the middle panel has the same pattern as the left one. Nine strokes have 9/4 times the variance of four, and the root of 9/4 is 3/2. With 4x4 kernels the factor is only 1.08.
#
# So with 5x5 kernels the checkerboard is there before the generator has seen a digit, and it must be unlearned (Odena et al., 2016). Our networks use 4x4 kernels, as the deck's do.
#
# > **Try it.** Change the loop's `(4, 5)` to `(3, 4, 5)`. Which pixels get a single stroke, and what is `ratio[3]`?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The pair
#
# The paper's section 3 gives guidelines for both networks, and each of them is a word or two in our code.
#
# | the paper's guideline | in the code below |
# |---|---|
# | convolutions with strides instead of pooling, in both | `strides=2`: `up` and `down` |
# | batch normalization, except in $G$'s output and $D$'s input | `normalized`, and where it is missing |
# | no hidden dense layers | one `Dense` takes the noise, one gives the answer |
# | ReLU in $G$, tanh at its end, images in $[-1, 1]$ | `layers.ReLU()`, `activation="tanh"`, `2 * x - 1` |
# | leaky ReLU in $D$, slope 0.2 | `layers.LeakyReLU(0.2)` |
# | first weights from $\mathcal N(0, 0.02)$ | `like_paper`: 0.02 is the standard deviation |
#
# A **leaky ReLU** keeps positive numbers and multiplies negative ones by 0.2, so its slope is never 0. Batch normalization is explained next.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Batch normalization gives all numbers of a layer one size.** It works on one channel $h$ at a time. It takes the channel's values for all pictures of the minibatch $B$, and, after a convolution, at all positions. (After a dense layer each number is a channel of its own.)
#
# Say that a channel has the four values 2, 4, 4 and 6.
#
# 1. Their mean is $\mu_B = 4$. Subtract it: $-2, 0, 0, 2$.
# 2. Their variance is $\sigma_B^2 = (4 + 0 + 0 + 4)/4 = 2$. Divide by the standard deviation $\sqrt 2$: about $-1.41, 0, 0, 1.41$.
# 3. Multiply by a number $\gamma$ and add a number $\beta$. Both are learned. They begin at 1 and 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The three steps in one formula**, with a small $\varepsilon$ (0.001 in Keras) that keeps it from dividing by 0:
#
# $$h \;\mapsto\; \gamma\, \frac{h - \mu_B}{\sqrt{\sigma_B^2 + \varepsilon}} + \beta .$$
#
# **In training, the answer for one picture now depends on the other pictures in its minibatch**, because $\mu_B$ and $\sigma_B$ are computed from all of them. Section 6 shows what can come of this.
#
# Later, when we draw samples, Keras takes moving averages of $\mu_B$ and $\sigma_B^2$, which it has collected in training. Then each picture's answer depends on this picture alone. (The code chooses by `training=True` or `False`.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The code builds both networks.** They are small, so that two processor cores are enough. In each network we add one 3x3 convolution at the size 7x7.
#
# In the drawing below the code, follow the sizes: from 64 numbers to 28 x 28 pixels in the generator, and back to one number in the discriminator.


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
# **The losses are least squares** (Mao et al., 2017). $D$ answers with a number $d$, and no sigmoid follows.
#
# - $D$ pays $\frac12 (d - 1)^2$ for data and $\frac12 d^2$ for samples. So it learns to answer 1 to data and 0 to samples.
# - $G$ pays $\frac12 (d - 1)^2$ for samples: it wants the answer 1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A loss teaches the generator only where it has a slope.** We compare least squares with lecture 10's two losses of the generator. There $d$ is a logit, and the probability of "real" is $D(x) = 1/(1 + e^{-d})$.
#
# | $G$'s loss for a sample | formula | slope in $d$ | slope where $D$ is sure of a fake |
# |---|---|---|---|
# | minimax | $\log(1 - D(x))$ | $-D(x)$ | nearly 0, since $D(x) \approx 0$ |
# | non-saturating | $-\log D(x)$ | $-(1 - D(x))$ | nearly $-1$ |
# | least squares | $\frac12 (d - 1)^2$ | $d - 1$ | $-1$, since there $d = 0$ |
#
# In the figure, look at the left end of the gray and the blue curve, and at the orange one at $d = 0$.

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

# %% [markdown] slideshow={"slide_type": "-"}
# **Where the discriminator is sure of a fake, the minimax loss is flat: it *saturates*, and $G$ gets no slope to learn from.** The other two losses are steep there.
#
# We take least squares, and the paper the non-saturating loss. We did not compare the two.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Both networks step at once, and one batch of samples serves both losses.** `minimize` moves each network along the gradient of its own loss only. So $G$'s loss goes through $D$, but it never moves $D$.


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
# Adam's rate for the discriminator is half the generator's, and both rates fall to nearly 0. As in lecture 11, samples come from an averaged generator.
#
# In the next figure, the two losses are on the left. On the right are thirty samples, always from the same thirty codes.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Many of the thirty samples can be read as digits after six epochs.** The losses do not say how good they are, so three of lecture 11's measures do.
#
# - The **Fréchet distance** says how far the features of the samples are from those of real digits, on average and in spread.
# - *Precision* is the share of samples that fall among real digits.
# - *Recall* is the share of real digits that fall among samples.
#
# > **Predict.** In lecture 11's table the dense GAN has a Fréchet distance of 25.7. What will this DCGAN come to? (Noise has about 100, real training digits less than 1. The latter is called the floor.)
#
# In the table, read the row "this DCGAN": the columns Fréchet, precision and recall. (The other columns are explained in lecture 11.)

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
# Its recall is higher, too: 0.71 instead of the dense GAN's 0.57. So more kinds of real digits have samples near them. But its precision is lower: about 0.6 instead of 0.81. So fewer of its samples fall among real digits.
#
# **The untrained generator has a precision of 1, although it draws nothing but gray.** Its recall is 0. So precision must be read together with recall. (Lecture 11, section 5 gives the reason.)
#
# > **Try it.** Set the batch size to 64. The pair sees as many digits as before, in a third of the steps. Does it come as far?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The time-lapse
#
# How long must a DCGAN train? The deck opens with a time-lapse of faces after 1, 50, ... 500 epochs (cpang4.github.io/gan).
#
# Ours shows digits. `coursekit train dcgan-mnist --profile full` trained on 55,000 of them for 40 epochs. Each frame shows samples from the same sixteen codes, with the minutes of training so far (on two cores) and the Fréchet distance.
#
# > **Predict.** After what share of the whole time can you read most of the sixteen? Then drag the player.

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
# Most of the sixteen can be read after two epochs: 4 of 53 minutes. A few still become another digit much later. In the third row, a 7 at epoch 10 is a 4 at epoch 20.
#
# The distance stands still from epoch 15 on, at about twice the floor. So the last 19 minutes bought nothing that this measure sees. [Lecture 13](13_dcgan_explored.ipynb) takes the generator of the last epoch and asks what it has learned.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Take a guideline away
#
# The paper follows all its guidelines at once, and does not say what each of them brings. So which of them matter?
#
# We trained a small network by the guidelines, and then again and again with one thing changed. The cell reads the results from files.
#
# This network is not section 3's pair. Its loss is the paper's, its learning rates are others, and it saw more digits. So compare the bars with one another, and not with section 3's 17. (Section 7 lists the differences.)
#
# > **Predict.** Which single change does most harm? Which does none?
#
# In the figure, the gray bar has all guidelines, and a thin gray line marks its end. Bars that end to the right of it are worse. The scale is logarithmic, so read the numbers and not the lengths.

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
# **The change that does most harm is to leave out batch normalization.** The distance is 135.7. An untrained generator has 133.7 (section 3), so this network learned nothing that the distance sees.
#
# **The minimax loss, which saturates, does nearly as much harm.** With it, the distance is more than five times the gray one.
#
# **Adam's usual $\beta_1$ of 0.9 doubles the distance.** $\beta_1$ says how long Adam remembers earlier gradients. The paper takes 0.5.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Five changes do no harm that we could see.** They replace the strides, tanh, leaky ReLU, the first weights, and even Adam. Each of their bars is within a fifth of the gray one. We trained with one seed each, so we do not know how far luck alone moves a bar.
#
# **The guideline "no hidden dense layers" is wrong here.** With such a layer in both networks the distance is 4.4, and without it 17.1. We do not know why.
#
# The three bars not named yet are additions of ours, and no guidelines.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why does the network learn nothing without batch normalization?** The first weights are drawn from $\mathcal N(0, 0.02)$, so they are small. Each layer's numbers are then smaller than those of the layer before. Batch normalization would make them large again.
#
# We checked an untrained pair without it. Its pictures hardly depend on the code, and the slopes for $G$ are tiny. That this is the whole reason is a guess.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### "Minimax loss, SGD optimizer"
#
# With these words slide 26 sums the paper up, and both differ from the paper. The paper's optimizer is **Adam**, a kind of stochastic gradient descent (SGD), with a rate of 0.0002 and $\beta_1 = 0.5$. Its loss is the **non-saturating** one of lecture 10, not minimax.
#
# What do the slide's two changes do? The cell trains twice for two epochs of 4,000 digits: by the guidelines, and with minimax and plain SGD.
#
# > **Predict.** What will the slide's pictures look like? And which of the two changes is to blame?
#
# First compare the two rows of pictures. The table below them has longer runs, with each change alone and with both.


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
# After two epochs the pictures of minimax and SGD are gray noise, and the table shows that the **loss** is to blame.
#
# - Along the first row, the optimizer changes hardly anything: 17.1 with Adam, 17.3 with plain SGD.
# - Down each column, the minimax loss makes the distance more than five times as large.
#
# The slopes of section 2 offer a reason: where the discriminator is sure of a fake, minimax has no slope. (One seed each.)
#
# The first row of pictures has a fine grid. Section 7 says where it may come from.
#
# > **Try it.** `ablation("sgd")`, `ablation("minimax")`, `ablation("no-batch-norm")`. Do two epochs of 4,000 digits rank them as the longer runs do?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The deck's own code
#
# **Slides 27 to 30 print a pair for faces of 64x64 pixels, and its training step.** The code runs in Keras 3, after some changes of words (section 7 lists them). The next cell builds the deck's networks and counts their weights.

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
# The second changes only the names. What do the other two do? We take the noise first.
#
# The drawing shows the discriminator's step, from left to right. Below, samples and photographs (the deck's data) go into the discriminator together. Above, the noise is added to their labels.

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
# A label says with what probability a picture is false. The slide's noise pushes all labels up: those of data to between 0 and 0.05, those of samples to between 1 and 1.05. So on average a sample has the label 1.025, which is no probability.
#
# > **Predict.** What is the best logit for a label of 1.025? And how low can the loss
# > fall?
#
# The figure shows the cross-entropy of one sample, for three labels. (Its unit is the nat, since the logarithm is the natural one.) The logit is that of "false". Look at where each curve is lowest.

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
# **For a label of 1.025 there is no best logit, and the loss falls without end.** For 0.975 the curve turns at a logit of about 3.7, and for 1 it approaches 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The best logit for a label $y$ can be derived.** We write $D = e^{\ell}/(1 + e^{\ell})$ for the probability of "false" that belongs to a logit $\ell$. The cross-entropy is
#
# $$-y \log D - (1 - y) \log(1 - D) = \log(1 + e^{\ell}) - y\,\ell .$$
#
# 1. *The right side.* The logarithm of a quotient is a difference, so $\log D = \ell - \log(1 + e^{\ell})$. In the same way $1 - D = 1/(1 + e^{\ell})$ has the logarithm $-\log(1 + e^{\ell})$. Put in both, and $y \log(1 + e^{\ell})$ cancels.
# 2. *The slope.* By the chain rule the derivative in $\ell$ is $\frac{e^{\ell}}{1 + e^{\ell}} - y = D - y$. It grows with $\ell$, so the loss is least where it is 0: at $D = y$.
# 3. *The best logit.* Solve $D = y$ for $\ell$: $\ell^* = \log \frac{y}{1 - y}$. For 0.975 that is $\log 39 \approx 3.7$.
# 4. *The least loss.* Put $D = y$ into the left side: $-y \log y - (1 - y) \log(1 - y)$. This is the **entropy** of the label. For 0.975 it is about 0.117 nats.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Above 1 the loss falls without end, because its slope never becomes 0.** $D$ is less than 1. So if $y$ is larger than 1, the slope $D - y$ is negative everywhere, and a larger logit always costs less. For large $\ell$, $\log(1 + e^{\ell})$ is about $\ell$. So for $y = 1.025$ the loss is about $\ell - 1.025\,\ell = -0.025\,\ell$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The noise can be kept inside $[0, 1]$**: then data have labels between 0 and 0.05, as before, and samples between 0.95 and 1.
#
# The noise is new in each step, and the loss is linear in $y$. So on average only the *mean* label counts. With the noise kept inside it is 0.975 for samples and 0.025 for data, and both have the entropy 0.117.
#
# The cells train the deck's step twice on digits, by our small pair: with labels as on the slide, and with the same noise kept inside. In the figure, compare each loss with the dotted line, this entropy.


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
# With labels as on the slide, the loss is soon below zero and falls further, as the derivation says. Kept inside $[0, 1]$, it rests near the entropy. On average no loss can be lower.
#
# **The noise was meant to make the discriminator *less* sure.** With labels above 1, it rewards a discriminator that becomes surer and surer.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One batch or two?
#
# **Now the deck's one batch.** In the discriminator's step, samples and digits come together. In the generator's step, the discriminator sees samples alone. Does this make a difference?
#
# We take the pair that was trained with noise inside $[0, 1]$. Its discriminator's loss is as low as it can be, so in its own step it is nearly always right.
#
# > **Predict.** Show the discriminator 20 samples together with 20 digits. Then the same 20 samples alone. Will it say the same?
#
# In the figure, a bar above zero means "false", and one below zero means "true". (The axis says "sample" for "false".)

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
# So the generator's loss is low, too. It wants the answer "true", and at the logit $-4.9$ it pays only $\log(1 + e^{-4.9}) \approx 0.007$ nats.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Batch normalization is the reason, and one channel is enough to see it.** In the drawing a channel is 2.2 for every digit and 2.0 for every sample. The upper row has both in one batch, the lower row has the samples alone. Compare where the samples end up, on the right.


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
# 1. *One batch, half and half.* The mean is $\frac12 (r + f)$. Each value is $\frac12 |r - f|$ away from it, so that is the standard deviation. If $r > f$, digits become $+1$ and samples $-1$. Even a small difference tells them apart.
# 2. *Samples alone.* The mean is $f$. After subtracting it every sample has 0, *whatever $f$ is*. Dividing by $\sqrt{0 + \varepsilon}$ leaves it 0. The difference that gave the samples away has disappeared.
#
# In the first step $\varepsilon$ was left out. In the drawing it is not: the variance is 0.01 and $\varepsilon$ is 0.001, so the dots are at $\pm 0.1/\sqrt{0.011} \approx \pm 0.95$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **So with one batch both losses are low, and the pictures stay bad.**
#
# - *The discriminator* learns on mixed batches. There it is right about everything, so it has nothing more to learn.
# - *The generator* is judged on batches of samples alone. There the difference has disappeared, so the discriminator does not see what is wrong with them.
#
# **Two batches, as in section 2, mend this.** Data and samples then both have the mean 0 after normalization, so the mean tells the discriminator nothing. It must learn other differences, and these are still there in the generator's step.
#
# The table has longer runs. Compare its last three rows, with one batch, with the first.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.table(
    [[changes[key], f"{frechet[key]:.1f}"] for key in ("guidelines", *one_batch)],
    (
        "section 5's records, and those with one minibatch for both",
        "Fréchet distance",
    ),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The rule is: with batch normalization, two batches.** With one batch the distance is more than 120, with two it is 17. (One seed each cannot rank the three lower rows. So we do not know whether the label noise itself harms the pictures.)
#
# The deck's own discriminator has no batch normalization, so its one batch does no such harm there.
#
# > **Try it.** In `my_discriminator`, replace each `*normalized(layers.LeakyReLU(0.2))` by `layers.LeakyReLU(0.2)`. Run section 6 again. Does the discriminator now say the same about samples among digits and alone?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · For a second reading
#
# Six additions can be left out at first: what is different in section 5, a grid, a logit, the slides' words today, a benchmark of speed, and the deck's channels.
#
# ### Section 5's network and section 3's pair
#
# **Both have 4x4 kernels, but section 5's network has the paper's loss, no convolution at 7x7, and no averaged generator.** Its batch normalization has a momentum of 0.9, and not 0.8.
#
# The training differs, too: batches of 64, and one rate of 0.001 for both networks, which does not fall. (Where plain SGD takes Adam's place, the rate is 0.02.) The network saw 55,000 digits in each of its three epochs.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A grid in spite of 4x4 kernels
#
# **In section 5 the first row of pictures has a fine grid: every second row or column is darker.** The kernels are 4x4, so all pixels get equally many strokes. But even and odd rows, or columns, are painted by different weights of the kernel, and these need not be alike. We think that the grid comes from this, and did not test it.
#
# ### Why is the logit not 0?
#
# **In section 6 the discriminator says $-4.9$ to samples alone, although each channel tells it nothing.** If all channels are 0, its answer is one constant number. Only the generator's steps see batches of samples alone, and they have moved this number toward "true" without better digits.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The slides' words in Keras 3
#
# **Six words on slides 27 to 30 have changed.**
#
# | slide says | Keras 3 says | why |
# |---|---|---|
# | `layers.LeakyReLU(alpha=0.2)` | `layers.LeakyReLU(0.2)` | now `negative_slope`; the old word warns |
# | `layers.Dense(1, activation="sigmoid")` | `layers.Dense(1)`, and cross-entropy from logits | a sigmoid near 1 can be rounded to 1, a logit is not |
# | `tf.concat`, `tf.ones`, `tf.random.uniform` | `ops.concatenate`, `ops.ones`, `keras.random.uniform` | any backend, and a seed that repeats |
# | `self.discriminator(combined_images)` | `self.discriminator(images, training=True)` | without the word, its dropout does nothing |
# | `optimizer.apply_gradients(zip(grads, weights))` | `optimizer.apply(grads, weights)` | the tape is TensorFlow's; our `minimize` is either |
# | `labels += 0.05 * tf.random.uniform(...)` | `labels + noise * (1 - 2 * labels)` | a probability ends at 1 (section 6) |

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
# The engine hardly matters: the tutorial's two curves, on top, lie on each other. The network and its settings matter, together: few channels, least squares, higher rates, small batches, an averaged generator. Which of these matters most, this benchmark cannot say.

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
# - A transposed convolution **paints**: $\text{out} = (n-1)s + k - 2p$. Where the stride does not divide the kernel, it paints a checkerboard before it has learned anything.
# - The paper's recipe fails here in two cases: if **batch normalization** is taken away, and if the loss **saturates**. Adam with $\beta_1 = 0.9$ doubles the distance.
# - Plain SGD instead of Adam makes no clear difference here, with one seed. The same is true of strides, tanh, leaky ReLU and the first weights. A hidden dense layer helps on small pictures.
# - The deck's label noise makes a loss **without a minimum**. Kept inside $[0, 1]$ it has one.
# - With batch normalization, one batch for both makes both losses low, and the pictures stay bad. Two batches mend it.
# - What has the generator learned, and what the discriminator? That is the question of [lecture 13](13_dcgan_explored.ipynb).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# | what | printed | here |
# |---|---|---|
# | deck's generator and discriminator, parameters | 3,979,651 and 404,801 | the same |
#
# - A. Radford, L. Metz, S. Chintala, *[Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
#   Networks](https://arxiv.org/abs/1511.06434)*, ICLR 2016.
# - F. Chollet, *[DCGAN to generate face images](https://keras.io/examples/generative/dcgan_overriding_train_step/)*, keras.io, 2019: the deck's code.
# - *[Deep Convolutional Generative Adversarial Network](https://www.tensorflow.org/tutorials/generative/dcgan)*, TensorFlow tutorial.
# - A. Odena, V. Dumoulin, C. Olah, *Deconvolution and checkerboard artifacts*, Distill, 2016.
# - X. Mao et al., *Least squares generative adversarial networks*, ICCV 2017.
# - T. Salimans et al., *Improved techniques for training GANs*, NeurIPS 2016 (one-sided label smoothing).
# - M. Heusel et al., *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*, NeurIPS 2017 (the Fréchet distance).
