# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # A generator with styles
#
# Two draftsmen get the same note about a face. The first reads it once, before he takes up the pencil, and has to carry everything in his head from then on. The second leaves the note
# on the table. He looks at it again for the outline, again for the hair, and again for the colors. The generator of lecture 12 is the first draftsman. This lecture builds the second, which drew the faces of
# *thispersondoesnotexist.com*.
#
# **You will be able to**
#
# - draw a style-based generator, and say what its constant, mapping, styles and noise are for;
# - derive modulation and demodulation, and show why one convolution serves all pictures of a minibatch;
# - measure which layer decides what, with faces whose factors are known;
# - compare two spaces of codes, by linear probes and by the length of paths;
# - say what truncation buys, and who pays for it;
# - say what a picture of nobody has to do with people who exist.
#
# You need lectures [12](12_dcgan.ipynb), [13](13_dcgan_explored.ipynb) (section 2) and [15](15_style.ipynb). About 75 minutes to read and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = (
    "quick"  # "full": longer live training, and more pictures for each measure
)
seed = 0  # of everything random: weights, codes, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import time

import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from coursekit import data, metrics, plots, widgets
from coursekit.data import portraits
from coursekit.metrics import disentanglement
from coursekit.models import dcgan, stylegan, stylegan_layers
from keras import ops

full = profile == "full"
rng = np.random.default_rng(seed)
many = 2000 if full else 600  # pictures for a measure

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Where does the code enter?
#
# In a DCGAN the code $z$ enters once, at the first layer. All that it says about the picture must then travel through all layers, together: the tilt of the head and the color of the shirt are mixed from the beginning. Karras, Laine and Aila (2019) moved the code
# to the side.

# %% slideshow={"slide_type": "-"} tags=["figure"]
before, now = (
    "lecture 12: the code is the first input",
    "here: the code stays beside",
)
plots.flow(
    {
        before: """
            ($z$) -> [dense] -> [conv 8x8] -> [conv 16x16] -> [conv 32x32] -> picture
            """,
        now: """
            ($z$) -> [mapping] -> {$w$} -> [conv 4x4]
            constant -> conv 4x4 -> [conv 8x8] -> [conv 16x16] -> [conv 32x32] -> picture
            $w$ -> conv 8x8, conv 16x16, conv 32x32
            """,
    },
    "Where does the code enter?",
    rows={
        now: [
            "$z$, mapping, $w$",
            "constant, conv 4x4, conv 8x8, conv 16x16, conv 32x32, picture",
        ]
    },
)

# %% [markdown] slideshow={"slide_type": "-"}
# Three things are new.
#
# - The picture begins with a **constant**: maps of 4x4 positions and 96 channels. They are learned, and they are the same for every picture.
# - The code $z$ goes through a small network of its own, the **mapping**. What comes out is called $w$.
# - Every convolution is told $w$. From it the layer computes one number for each of its channels, by which the channel counts more or less. These numbers are the layer's **style**.
#
# Lecture 15 said why such numbers may be called so: how strongly each channel is present, wherever it is present, was the style of a picture.
#
# Since each layer is told $w$ separately, we can tell different layers different things. Sections 5 to 9 do.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Our faces are drawn by code**, so that we know what there is to decide. The data set `portraits` has twelve factors, drawn independently: skin, hair style and so on. The generator below was trained on 5,000 of them, as pictures of 32x32 pixels.
#
# A generated face comes without a list of its factors. So we need a **reader**: a network that has learned to read the twelve factors from drawn faces. Like each judge of this course it is measured first. Its score is $R^2 = 1 - \text{error} / \text{variance}$, on faces that it has not seen: 1 is perfect, and 0 is as good as always
# saying the mean.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
model = coursekit.pretrained("stylegan-portraits")
reader = coursekit.pretrained("reader-portraits")
drawn = data.load("portraits", size=32).images
unseen = data.load("portraits", "test", size=32).images
ceiling = {
    name: coursekit.results("reader-portraits")["metrics"][f"r2_{name}"]["mean"]
    for name in portraits.FACTORS
}
z = rng.standard_normal((many, model.latent_dim)).astype("float32")
generated = model.generate(z)

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.images(
    {
        "drawn": [*unseen[:12]],
        "generated": [*generated[:12]],
        "": [*generated[12:24]],
    },
    "Faces drawn by code, and faces of nobody",
    "A row of clean small drawings of faces, and two rows of generated ones, with the same parts and rougher lines.",
)
print(", ".join(f"{name} {score:.2f}" for name, score in ceiling.items()))
coursekit.expect(
    "the reader's mean R2 is above 0.8", np.mean(list(ceiling.values())) > 0.8
)

# %% [markdown] slideshow={"slide_type": "-"}
# The reader knows most factors nearly perfectly, and the small ones (eyes and brows are two or three pixels wide) less well. The generated faces vary in hair, skin, clothes and background. Their lines are rougher, and around the eyes the pixels are gray and mixed. So it is hard to say who wears glasses. The generator has half a million weights. It was trained for 100 epochs, that is, for 72 minutes on one processor core that also had other work. The one of the paper has 26 million weights
# and was trained for a week, on eight large graphics cards.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A style is a number for each channel
#
# The first version (2019) used lecture 15's AdaIN after each convolution, with a mean and a deviation computed from $w$. The second version (2020) is simpler, and cleverer. It leaves out the means. And it sets the deviation *before* anybody has seen the picture. Here is one of its layers.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    {maps $x$} -> {$s_i\,x_i$} -> [convolution $W$] -> {$y_o$} -> {$d_o\,y_o$} -> {new maps}
    {$w$} -> [affine] -> {$s$} -> $s_i\,x_i$
    $s$ -> {$d$} -> $d_o\,y_o$
    (noise) -> new maps
    """,
    "One layer of the synthesis",
    labels={"new maps": "noise added, leaky ReLU"},
    rows=[
        "$w$, affine, $s$, $d$, noise",
        r"maps $x$, $s_i\,x_i$, convolution $W$, $y_o$, $d_o\,y_o$, new maps",
    ],
)

# %% [markdown] slideshow={"slide_type": "-"}
# Read it from the left. The layer's style is $s = A w + b$, one number $s_i$ for each input channel $i$. (The matrix $A$ and the numbers $b$ belong to the layer and are learned. Such a map is called *affine*.) The input $x_i$ is multiplied by $s_i$: **modulation**. Then comes the convolution. For the output channel $o$ it computes, at each position,
#
# $$y_o = \sum_{k,i} W_{oki}\, s_i\, x_{ki} .$$
#
# Here $k$ runs over the taps of the kernel (nine for 3x3), and $x_{ki}$ is what channel $i$ has at the position of tap $k$.
#
# **How large is $y_o$?** Suppose that the numbers $x_{ki}$ are independent, with mean 0 and deviation 1. The variance of a sum of independent numbers is the sum of their variances, and a factor leaves a variance as its square. So the variance of $y_o$ is
#
# $$\operatorname{Var} y_o = \sum_{k,i} W_{oki}^2\, s_i^2 .$$
#
# A strong style makes strong maps, and the next layer may make them stronger again. **Demodulation** divides by the deviation that we have just computed:
#
# $$d_o = \frac{1}{\sqrt{\sum_{k,i} W_{oki}^2\, s_i^2}} .$$
#
# After it, every channel has the deviation 1, whatever the style, as far as our assumption holds. In the generator it holds only roughly: the maps come out of a leaky ReLU, so their mean is not 0. The sum needs the weights and the style, but not the picture.


# %% slideshow={"slide_type": "-"} tags=["central"]
def demodulation(kernel, s):
    """kernel [k, k, inputs, outputs], s [n, inputs] -> d [n, outputs]."""
    squares = ops.sum(kernel**2, axis=(0, 1))
    return 1 / ops.sqrt(ops.matmul(s**2, squares))


# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** Eight such layers follow each other, and their styles are random numbers between 0 and 4. Without demodulation, how large is the deviation of the last maps, if the first have 1? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 10
channels, depth = 32, 8
sizes = {"modulated only": [1.0], "and demodulated": [1.0]}
for name, deviations in sizes.items():
    maps = rng.standard_normal((4, 24, 24, channels)).astype("float32")
    for _ in range(depth):
        kernel = rng.standard_normal((3, 3, channels, channels)) / np.sqrt(
            9 * channels
        )
        kernel, s = kernel.astype("float32"), rng.uniform(0, 4, (4, channels))
        s = s.astype("float32")
        maps = ops.conv(maps * s[:, None, None], kernel, padding="same")
        if name == "and demodulated":
            maps = maps * demodulation(kernel, s)[:, None, None]
        deviations.append(float(ops.std(maps[:, 8:-8, 8:-8])))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    np.arange(depth + 1),
    sizes,
    "How large the maps become",
    "One line climbs to hundreds; the other stays at 1.",
    xlabel="layer",
    ylabel="standard deviation",
    log=("y",),
    guesses={"your guess": (depth, guess)},
)
coursekit.expect(
    "without demodulation the deviation grows past 100; with it, it stays near 1",
    sizes["modulated only"][-1] > 100 and 0.5 < sizes["and demodulated"][-1] < 2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Without demodulation the deviation of the last maps is in the hundreds. In the code each kernel is divided by $\sqrt{9 \cdot \text{channels}}$, so that $\sum_{k,i} W_{oki}^2 \approx 1$. Then each layer multiplies the deviation by the root of the mean of $s^2$. That is $\sqrt{16/3} \approx 2.3$ for numbers between 0 and 4, and $2.3^8 \approx 800$. With demodulation the deviation stays at 1. (This experiment has no ReLU, so the mean stays 0.)
#
# So a style that is twice as strong in *all* channels changes nothing: $s$ is doubled and $d$ is halved. What a style says is which channels count more than others.
#
# Why not AdaIN, which also sets the deviation? AdaIN measures the deviation of *this* picture's map, and divides by it. The generator of 2019 had learned a trick: it drew a bright blob somewhere in a map, and the brighter the blob, the smaller was all the rest after the division. Demodulation
# divides by what is expected before anything is drawn, so a blob wins nothing (Karras et al., 2020).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One kernel for all pictures
#
# There is a practical trouble. The kernel with its style, $W_{oki}\, s_i\, d_o$, is another one for each picture. A minibatch of 32 pictures would need 32 convolutions. But look at the sum once more, with everything in it:
#
# $$\sum_{k,i} \big(W_{oki}\, s_i\, d_o\big)\, x_{ki} \;=\; d_o \sum_{k,i} W_{oki}\, \big(s_i\, x_{ki}\big) .$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# **On the right there is a single kernel $W$ for all pictures.** The factor $d_o$ does not depend on $k$ or $i$, so it leaves the sum. And $s_i$ may stand beside $x_{ki}$ as well as beside $W_{oki}$. The style scales the maps that go in, and $d$ scales those that come out. This is exact, not an approximation.


# %% slideshow={"slide_type": "-"} tags=["central"]
def one_for_each(x, kernel, s):
    """A kernel for each picture: n convolutions."""
    d, pictures = demodulation(kernel, s), []
    for n in range(len(s)):
        own = kernel * s[n][:, None] * d[n]
        pictures.append(ops.conv(x[n : n + 1], own, padding="same"))
    return ops.concatenate(pictures)


def one_for_all(x, kernel, s):
    """One kernel: maps are scaled before and after it."""
    y = ops.conv(x * s[:, None, None], kernel, padding="same")
    return y * demodulation(kernel, s)[:, None, None]


# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** 32 pictures, 64 channels, 16x16 positions. How many times faster is one convolution for all than one for each?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 32
x = rng.standard_normal((32, 16, 16, 64)).astype("float32")
kernel = (rng.standard_normal((3, 3, 64, 64)) / 24).astype("float32")
s = rng.uniform(0, 2, (32, 64)).astype("float32")
seconds = {}
for layer in (one_for_each, one_for_all):
    layer(x, kernel, s)
    begun = time.perf_counter()
    for _ in range(5):
        layer(x, kernel, s)
    seconds[layer.__name__] = time.perf_counter() - begun
apart = np.abs(one_for_each(x, kernel, s) - one_for_all(x, kernel, s)).max()
faster = seconds["one_for_each"] / seconds["one_for_all"]
coursekit.expect("both give the same maps", apart < 1e-3)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
print(f"{faster:.1f} times faster (you said {guess})")

# %% [markdown] slideshow={"slide_type": "-"}
# The number of multiplications is nearly the same, so the factor is far below 32. What is saved is the overhead of 32 small calls. Any library can run the single form: it is an ordinary convolution between two ordinary products. The package's layer is written in the
# same way.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(stylegan_layers.ModulatedConv.call)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The rest of the machine
#
# **The picture is a sum.** Each resolution has a small layer of its own that makes three colors of its channels. The colors of 4x4 are enlarged and added to those of 8x8, and so on. We can look at the sum while it grows.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
synthesis = model.generator.get_layer("synthesis")
adds = [layer for layer in synthesis.layers if isinstance(layer, keras.layers.Add)]
first_color = adds[0].input[0]  # 4x4, enlarged
partial = keras.Model(synthesis.inputs, [first_color, *[a.output for a in adds]])
styles = model.styles(z[:6])
nothing = np.zeros((6, model.pixels), "float32")
stages = [np.clip((each + 1) / 2, 0, 1) for each in partial([styles, nothing])]

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {
        f"up to {side}x{side}": list(np.array(each))
        for side, each in zip((4, 8, 16, 32), stages, strict=True)
    },
    "Each resolution adds its part to the picture",
    "Four rows of six faces: blots of color, then heads, then faces, then faces with clear edges.",
    size=1.1,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Look at the rows from the top. Up to 4x4 there is a fog: a dull color for the background, and something darker in the middle. At 8x8 there are hair, a face and shoulders, each in its color. 16x16 gives them their outlines, and 32x32 the fine lines, also those of eyes and glasses.
#
# **The mapping** first brings $z$ to a fixed length, and then has two dense layers. Why not use $z$ itself? A normal distribution is the same in all directions, and it fills every direction. Faces do not: some combinations of properties are common and some never occur, and on the way from one hair style to another there is a sudden
# change. With a mapping, the network may bend and stretch the space of codes until it suits the faces. Section 6 measures whether it does.
#
# **The noise** is one random number for each position of each layer, times a learned strength. It is meant for what no code should have to say: where exactly a curl lies. See section 8.
#
# **The training** uses the losses of lectures [10](10_gan.ipynb) (sections 3 and 4) and [11](11_gan_in_practice.ipynb) (section 2). With data $x$, codes $z$ and the logit $\ell$ of the discriminator $D$ they are
#
# - for the discriminator: $-\operatorname{mean} \log D(x) - \operatorname{mean} \log\big(1 - D(G(z))\big)$, and R1, which is $\frac{\gamma}{2} \operatorname{mean} \lVert \nabla_{\!x}\, \ell(x) \rVert^2$;
# - for the generator: $-\operatorname{mean} \log D(G(z))$.
#
# The generator's weights are averaged, as there. New is **style mixing**: a second code takes over from a random layer on, for nine of ten pictures. So the discriminator sees mixed pictures, too, and no layer can rely on what another one was told.
#
# Two smaller parts are in the code only. In *equalized learning rate*, each kernel is stored with deviation 1 and scaled down whenever it is used. Take 3x3 taps and 100 channels: the scale is $1/\sqrt{900} = 1/30$. A step of Adam has about the size of the rate, say 0.002. It changes a stored weight by 0.2 %, and the used one by 0.2 %, too. Without the scale, the same step
# would change a weight of $1/30$ by 6 %. So all layers learn at the same rate. And the discriminator is told how much the pictures of a minibatch differ from each other (*minibatch deviation*), so that a generator which always draws
# the same face is found out.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(stylegan.StyleGAN.mixed_styles)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · A race of ten seconds
#
# Does all this pay from the first minute? Let a small style-based generator and a DCGAN learn for the same number of seconds, on the same faces. The two generators have nearly the same number of weights. Their discriminators have the same convolutions, except that the first one's has one more. To save time, the style-based generator has a single layer at 8x8 (`depth` 0), and trains without style mixing (`mixing` 0). The judge measures two things of lecture 11 by the features of the reader: the Fréchet distance, and the **recall**, the share of drawn faces that lie among the generated ones.
#
# > **Predict.** Which of the two is nearer to the drawn faces after ten seconds? Type your guess, "styles" or "DCGAN".

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "styles"
judge = metrics.fidelity.Judge.of(reader.features, drawn, unseen, many)
small = {"shape": (32, 32, 3), "latent_dim": 64, "discriminator": (16, 32, 64)}


def race(maker, rate, beta, share, **options):
    """A pair after ten seconds: its generator's weights, faces seen, its samples."""
    keras.utils.set_random_seed(seed)
    pair = maker(**small, averaging=0.9, **options)
    adam = lambda rate: keras.optimizers.Adam(rate, beta_1=beta, beta_2=0.99)
    pair.compile(generator=adam(rate), discriminator=adam(share * rate))
    pair.fit(drawn[:400], batch_size=16, verbose=0)  # compiles, and is not timed
    begun, seen = time.perf_counter(), 400
    while time.perf_counter() - begun < (120 if full else 10):
        pair.fit(drawn[seen % 4800 :][:400], batch_size=16, verbose=0)
        seen += 400
    return pair.generator.count_params(), seen, pair.sample(many, seed=1)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
few = {"channels": (48, 48, 32, 16), "depth": 0, "mixing": 0.0}
plain = {"channels": (16, 32, 64), "kernel": 4, "momentum": 0.8, "noise": "normal"}
raced = {
    "styles": race(stylegan.paper, 5e-3, 0.0, 1.0, **few),
    "DCGAN": race(dcgan.paper, 2e-3, 0.5, 0.5, loss="least-squares", **plain),
}
rivals = {name: images for name, (*_, images) in raced.items()}
rivals["styles, 100 epochs"] = generated
results = {name: judge.measure(images) for name, images in rivals.items()}
results["other drawn faces"] = judge.floor

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
plots.images(
    {name: images[:12] for name, (*_, images) in raced.items()},
    f"After ten seconds (you said: {guess})",
    "Two rows of twelve: colored clouds that begin to be heads, and brown heads on a light ground.",
)

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
coursekit.expect(
    "the styles after 100 epochs are the nearest of the three",
    results["styles, 100 epochs"].frechet
    < min(results[name].frechet for name in ("DCGAN", "styles")),
)
counted = {name: (f"{n:,}", f"{seen:,}") for name, (n, seen, _) in raced.items()}
plots.table(
    [
        [
            name,
            *counted.get(name, ("", "")),
            f"{each.frechet:.1f}",
            f"{each.recall:.2f}",
        ]
        for name, each in results.items()
    ],
    ("", "weights", "faces seen", "Fréchet", "recall"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The DCGAN is ahead, but who wins depends on the machine.** Its advantage is greatest where ten seconds are few steps. On a fast machine we have seen the styles come close to it. In the same seconds the DCGAN sees more faces, because its steps are cheaper: the style-based pair also has a mapping, a style in every layer, and the R1 penalty, which needs the gradient of a gradient. Two recipes are compared here, not styles alone. The loss, the
# learning rates, Adam's $\beta_1$ and the normalization differ, too. In the table of the 2019 paper, the mapping, the styles (by AdaIN), the constant, the noise and style mixing together brought the Fréchet distance (by other features) from 5.25 to 4.40, after a week of training. What styles give is the handles of the next sections.
#
# The row "styles, 100 epochs" is the generator that comes with the course, the one of section 1. It is far nearer to the drawn faces than both. It was trained several hundred times longer, has four times as many weights, and mixed styles in training.
#
# Beware of the table. The DCGAN's faces have noise everywhere and no clean background, and still its Fréchet distance looks good beside that of the styles. The reader's features were learned on clean drawings. Nobody has taught them to mind spots and missing colors.
#
# > **Try it.** Give both a minute (`120 if full` in the code). Who is ahead now? Then mix styles as the paper does, `mixing=0.9`.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Which layer decides what?
#
# Take two faces, $A$ and $B$, and give some layers the style of $A$ and all others the style of $B$. Our generator has five layers: one at 4x4, two at 8x8, one at 16x16, one at 32x32.
#
# > **Predict.** The 4x4 layer alone gets the style of $A$, and all others that of $B$. Which of these will the face have from $A$: the tilt of the head, the color of the clothes, the glasses? And which layer decides the color of the background?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "4x4: tilt; 32x32: background"
groups = {"4x4": [0], "8x8": [1, 2], "16x16": [3], "32x32": [4]}
a, b = model.styles(z[:300]), model.styles(z[300:600])


def mixed(source, rest, layers):
    """Styles of `rest`, in these layers those of `source`."""
    styles = rest.copy()
    styles[:, layers] = source[:, layers]
    return styles


some = [0, 3, 7, 8, 13, 16, 18, 20]
rows = {"A": model.synthesize(a[some])}
for group, layers in groups.items():
    rows[f"{group} of A"] = model.synthesize(mixed(a[some], b[some], layers))
rows["B"] = model.synthesize(b[some])

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    rows,
    f"One group of layers has the style of A (you said {guess})",
    "Six rows of eight faces: A on top, B at the bottom, and between them faces with one group of layers of A.",
    size=0.95,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Pictures like these are all that papers show. We can count.** The reader reads each factor from $A$, from $B$ and from the mixed face. If a factor follows the layers that were taken from $A$, then the mixed face is moved from $B$'s value towards $A$'s by some share $a$:
#
# $$\text{mixed} - B \approx a\,(A - B) .$$
#
# We find $a$ by least squares over 300 pairs (exercise 3 asks for the formula). It is 1 if the factor follows $A$ completely, and 0 if it does not care.
#
# **One doubt goes with us through sections 5 to 7.** The reader's $R^2$ was measured on clean drawings, and here it reads spotted faces. Nobody has labeled generated faces by hand. So each number says what the reader sees, and we do not know how often it is wrong.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
table = disentanglement.mixing_table(model.synthesize, reader.read, a, b, groups)
shares = {
    group: np.mean([row[group] for row in table.values()]) for group in groups
}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
coursekit.expect(
    "4x4 and 8x8 together decide at least 80 %, and 32x32 less than 10 %",
    shares["4x4"] + shares["8x8"] > 0.8 and shares["32x32"] < 0.1,
    coarse=shares["4x4"] + shares["8x8"],
    fine=shares["32x32"],
)
plots.table(
    [
        [name, *(f"{row[group]:.2f}" for group in groups), f"{ceiling[name]:.2f}"]
        for name, row in table.items()
    ]
    + [["mean", *(f"{share:.2f}" for share in shares.values()), ""]],
    ("follows A in the layers", *groups, "reader's R2"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **On average the two coarsest resolutions decide nearly everything, and the others next to nothing.** The last row says it: 0.72 for 4x4, 0.24 for 8x8, 0.01 for each of the others. Look at the row "background". The 4x4 layer alone has 0.99 of it. In the picture above, the faces with 4x4 of $A$ all have the background of $A$.
#
# Look at the row "clothes", too. They are different from all other factors: 8x8 decides them nearly alone, by 0.94. In the picture, compare the sweaters of the row "8x8 of A" with those of $A$. The finest layer, 32x32, draws edges. But it draws them as the earlier layers tell it, whatever its own style says.
#
# The paper found something else in its faces of 1,024 pixels: pose and glasses follow the coarse layers (4x4 and 8x8), and *colors* follow the fine ones (64x64 and finer). Ours has no such layers, and decides most colors at 4x4 already. So which layer decides what is no property of the machine. It is what this training made of it, on these pictures.
#
# The four numbers of a row need not add up to 1, because layers work together. So a sum of two shares is only a rough measure of what two groups do together.
#
# > **Try it.** Split the 8x8 layers: `groups = {"first 8x8": [1], "second 8x8": [2]}`. Which of the two decides the clothes?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Is $w$ better than $z$?
#
# We ask two questions about the two spaces of codes: **can a line read the factors**, and **how evenly does the picture change on a path**?
#
# **Can a line read the factors?** This is a *linear probe*, as in lecture 3. We fit a linear function from the code of a face to its factors, as the reader sees them, and measure **$R^2$ on other faces**. If a factor changes steadily along one direction, a linear function finds it.
#
# **How evenly does the picture change on a path?** Walk from one code to another, at constant speed, from $t = 0$ to $t = 1$. At a random point of the path take a small step $\epsilon$, and see how far the picture's features $f$ have moved:
#
# $$\text{path length} = \operatorname{mean} \frac{\lVert f(t + \epsilon) - f(t) \rVert^2}{\epsilon^2} .$$
#
# This is the mean *squared* speed. Suppose that two paths lead through the same total change. On one the picture changes steadily, on the other it stands still and then jumps. The mean of squares is larger on the second one, since a square counts fast parts more. In $z$ the path is an arc, because all codes lie near a sphere; in $w$
# it is a straight line. Both paths join the same two faces, since the ends in $w$ are what the mapping makes of the ends in $z$.
#
# > **Predict.** By which factor is this measure smaller in $w$ than in $z$: 1, 2, or 10?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 2.0
codes = rng.standard_normal((2 * many, model.latent_dim)).astype("float32")
spaces = {"z": codes, "w": model.styles(codes)[:, 0]}
read = reader.read(model.generate(codes))
first = {name: values[:many] for name, values in read.items()}
rest = {name: values[many:] for name, values in read.items()}
probes = {
    space: disentanglement.linear_probe(each[:many], first, each[many:], rest)
    for space, each in spaces.items()
}
by_w = lambda w: model.synthesize(np.repeat(w[:, None], model.layer_count, axis=1))
ends = {space: (each[:300], each[300:600]) for space, each in spaces.items()}
paths = {
    "z": disentanglement.path_length(
        model.generate, reader.features, *ends["z"], spherical=True
    ),
    "w": disentanglement.path_length(by_w, reader.features, *ends["w"]),
}
shorter = paths["z"] / paths["w"]

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
means = {space: np.mean(list(each.values())) for space, each in probes.items()}
plots.table(
    [
        [
            name,
            f"{probes['z'][name]:.2f}",
            f"{probes['w'][name]:.2f}",
        ]
        for name in portraits.FACTORS
    ]
    + [["mean R2 of a line", *(f"{each:.2f}" for each in means.values())]]
    + [["path length", *(f"{each:.0f}" for each in paths.values())]]
    + [[f"shorter by (you said {guess:g})", "", f"{shorter:.2f}"]],
    ("R2 of a line", "from z", "from w"),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.expect(
    "a line reads more from w than from z, by 0.03 or more",
    means["w"] > means["z"] + 0.03,
    z=means["z"],
    w=means["w"],
)
coursekit.expect("paths in w are shorter", shorter > 1.1, times=shorter)

# %% [markdown] slideshow={"slide_type": "-"}
# The mean squared speed is about half as large in $w$ as in $z$. Its root, which is like a length, is about 1.4 times smaller. A line reads each of the twelve factors better from $w$, though for the openness of the eyes the difference is only 0.01. On average it reads 0.50 of the variance, instead of 0.37. Both say that the mapping has straightened the codes, in one generator that was trained once.
#
# The difference is modest. The authors' code reports a factor of nearly 3 (664.9 and 233.3, also squared, with other features). There are two reasons to expect less here. Our mapping has two layers, and the paper's has eight. And our twelve factors are independent and evenly spread, so there are no rare combinations for which the space should be bent.
#
# Look at the lowest numbers from $w$: the brows and the openness of the eyes, then hair style and mouth. Hair style is a kind, not a quantity. For a kind the reader gives one number for each possible answer, near 1 for the answer and near 0 for the others. $R^2$ adds up the errors of all these numbers, and divides by the sum of their variances. Such a number jumps, and a line cannot jump.
#
# But brows, eyes and mouth are quantities and as hard. So this is not the only reason. They are small parts, in or near the gray pixels around the eyes, where the reader may be guessing, too. (An $R^2$ below 0, as for the brows from $z$, says that the line is worse than always answering the mean.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Truncation, and who pays for it
#
# A page that shows faces wants to show good ones. There is a simple way. Let $\bar w$ be the mean of $w$ over many codes, and move each code toward it:
#
# $$w' = \bar w + \psi\,(w - \bar w), \qquad 0 \le \psi \le 1 .$$
#
# The deviation of the codes is multiplied by $\psi$. This is **truncation**. With $\psi = 1$ nothing changes, and with $\psi = 0$ all faces are one: the mean face. What comes out is more usual, and usual faces are those that the generator has practiced most. (In $z$ this would do nothing: the mapping first brings $z$ to a fixed length.) Many of the faces in the paper's figures are truncated, with $\psi = 0.7$ in the coarse layers.

# %% slideshow={"slide_type": "-"} tags=["central"]
mean_style = model.mean_style()  # of 10,000 codes


def truncate(w, psi):
    return mean_style + psi * (w - mean_style)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
psis = (0.0, 0.25, 0.5, 0.75, 1.0)
all_styles = model.styles(z)  # [faces, layers, 64]
truncated = {psi: model.synthesize(truncate(all_styles, psi)) for psi in psis}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {f"psi = {psi:g}": each[:10] for psi, each in truncated.items()},
    "The same ten codes, truncated",
    "Five rows of ten faces: ten times the same face on top, ten different ones at the bottom.",
)

# %% [markdown] slideshow={"slide_type": "-"}
# The smaller $\psi$ is, the more alike the ten faces are; at 0 all of them are the mean face. Lecture 11 has two measures for this trade. **Precision** is the share of generated faces that lie among real ones: in a ball around a real face that reaches to its fifth nearest neighbor. **Recall** is the same with the roles exchanged: the share of real faces that lie among generated ones.
#
# > **Predict.** From $\psi = 1$ to $\psi = 0.5$, does the precision rise or fall? And the recall?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "precision rises, recall falls"
scores = {psi: judge.prdc(each) for psi, each in truncated.items() if psi}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    psis[1:],
    {
        "precision": [score.precision for score in scores.values()],
        "recall": [score.recall for score in scores.values()],
    },
    f"What truncation changes (you said: {guess})",
    "Two curves over psi.",
    xlabel="psi",
    ylabel="share",
)
coursekit.expect(
    "the recall at psi = 0.5 is less than half of that at 1",
    scores[0.5].recall < scores[1.0].recall / 2,
    half=scores[0.5].recall,
    one=scores[1.0].recall,
)

# %% [markdown] slideshow={"slide_type": "-"}
# From $\psi = 1$ to $\psi = 0.5$ the recall falls from about 0.65 to about 0.3, and the precision rises a little. It has no room to rise: it is above 0.95 from the beginning. Lecture 11 warned of this. Drawn faces lie far from each other, so their balls are wide, and much fits into them that is no clean drawing. In the paper's photographs the gain is plain to see; in our pictures, compare the lowest row above with the row of
# $\psi = 0.5$: the hair has fewer spots. What is certain here is the price.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Whose faces are lost?** The reader can say it. Here is how many of the faces have each hair style, and how many wear glasses.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
hair = {
    psi: reader.read(each)["hair_style"].argmax(1)
    for psi, each in truncated.items()
}
glasses = {
    psi: reader.read(each)["glasses"].argmax(1).mean()
    for psi, each in truncated.items()
}
kinds = {
    psi: np.bincount(each, minlength=len(portraits.STYLES)) / len(each)
    for psi, each in hair.items()
}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
shown = (1.0, 0.75, 0.5, 0.25)
coursekit.expect(
    "at psi = 0.25 one hair style has nearly half of the faces or more, and one has vanished",
    kinds[0.25].max() > 0.45 and kinds[0.25].min() < 0.02,
    most=kinds[0.25].max(),
    least=kinds[0.25].min(),
)
plots.table(
    [
        [style, "17%", *(f"{kinds[psi][i]:.0%}" for psi in shown)]
        for i, style in enumerate(portraits.STYLES)
    ]
    + [["glasses", "50%", *(f"{glasses[psi]:.0%}" for psi in shown)]],
    ("share of the faces", "drawn", *(f"psi = {psi:g}" for psi in shown)),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Truncation pulls everybody to the mean face, and whoever looks otherwise vanishes.** The reader calls the hair of the mean face short. So at $\psi = 0.25$ it calls nearly nine of ten faces short-haired, although only a quarter was. Nobody with long hair and nobody with a bun is left, although one in six and one in eight had it. How frequent a group is does not decide it alone: bald faces are about as frequent as those with long hair at $\psi = 1$, and at $\psi = 0.5$ there are four times as many. We suppose that what counts is how far
# their codes are from the mean code; we have not measured it. If two groups lie at the ends of one direction, the rarer one is the farther one, and exercise 2 computes how fast it is lost.
#
# Look at the column $\psi = 1$, too. There the generator is not truncated, and some of the loss has happened already, in training: curly hair has 9 % where it should have 17 %. And the reader finds glasses on about two thirds of the faces, where the drawn ones have them on half. On the mean face the reader finds glasses, too, so truncation adds more: at $\psi = 0.25$ nine of ten have them.
#
# > **Try it.** Read the skin: `reader.read(truncated[0.5])["skin"]` is from 0, light, to 1, dark. Compare its smallest and largest values with those at $\psi = 1$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · What is left to chance
#
# In photographs much is accidental: where each hair lies, the pores of the skin. The paper's generator gets noise for these. Its authors draw one face many times with other noise, and map how much each pixel changes. In their map the hair and the outlines are bright.
#
# > **Predict.** Which parts of our faces change with the noise?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "the hair"
face = model.styles(z[[2]])
learned = disentanglement.deviation_map(lambda n: model.synthesize(face, n), 12)[0]
noises = [layer for layer in synthesis.layers if hasattr(layer, "strength")]
noises.sort(key=lambda layer: layer.start)
strengths = [float(layer.strength.value) for layer in noises]
by_hand = []
for layer, strength in zip(noises, strengths, strict=True):
    layer.strength.assign(0.1)
    redraw = lambda n: model.synthesize(face, n)
    by_hand.append(disentanglement.deviation_map(redraw, 12)[0])
    layer.strength.assign(strength)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.panels(
    [model.synthesize(face)[0], *(each / 0.15 for each in (learned, *by_hand))],
    [
        "a face",
        "as learned",
        *(f"{side}x{side}: 0.1" for side in model.resolutions()),
    ],
    "A face, an empty map, and five maps with strength set by hand: broad clouds, then contours.",
    size=1.5,
    suptitle=f"Deviation with the noise (black: 0.15; you said: {guess})",
)
coursekit.expect(
    "as learned, no pixel changes by more than 0.01", learned.max() < 0.01
)

# %% [markdown] slideshow={"slide_type": "-"}
# As learned, nothing changes: no pixel of the face moves by a hundredth of its range. The strengths that the generator has learned are 0 to three digits. The other maps show that the machine would work. With a strength of 0.1, set by hand, noise at 4x4 moves the outline of the hair, and noise at 32x32 is a fine grain everywhere.
#
# **Why has it learned to do without?** In these drawings nothing is accidental: twelve factors fix every pixel. Let us see what training does with a strength $a$. A layer has the maps $h + a\,n$ with noise $n$, and the strength begins at 0. At the strength 0, the slope of the loss $L$ with respect to $a$ is
#
# $$\frac{\partial L}{\partial a}\Big|_{a=0} = \sum_p \frac{\partial L}{\partial h_p}\, n_p ,$$
#
# by the chain rule, with one term for each position $p$. At $a = 0$ the first factor does not know the noise. The second has the mean 0. So the mean of the slope is 0, whatever the data are. Only the luck of single minibatches moves $a$ a little to one side.
#
# What happens then? The maps are now $h + a\,n$, so the first factor has changed by about $a\,H n$. Here $H$ is the matrix of the second derivatives of $L$ with respect to $h$. The mean slope near 0 is therefore
#
# $$\operatorname{mean} \frac{\partial L}{\partial a} \approx a \cdot \operatorname{mean}\, n^\top\! H n .$$
#
# Its sign says what noise does to the loss. If the second mean is positive, noise makes the loss larger, and training takes $a$ back to 0. If it is negative, noise makes the loss smaller, and training makes a small $a$ larger, on either side. That is so where the discriminator finds pictures with noise more like the data. In photographs we expect it, but we have not measured it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Between two faces
#
# Here is all of it in your hands: choose a pair of faces, from which layer on the second one is heard, and how far both are truncated.


# %% slideshow={"slide_type": "-"} tags=["figure"]
pairs = {"1 and 2": (0, 7), "3 and 4": (3, 16), "5 and 6": (8, 13)}


def between(pair, layers, psi):
    """First face, mixed face, second face, side by side."""
    one, other = truncate(all_styles[list(pairs[pair])], psi)[:, None]
    styles = [one, stylegan.mix(one, other, layers), other]
    images = model.synthesize(np.concatenate(styles), noise=None)
    gap = np.ones((32, 3, 3), "float32")
    strip = [images[0], gap, images[1], gap, images[2]]
    return (
        np.round(np.concatenate(strip, axis=1) * 31) / 31
    )  # fewer colors: less to store


# %% slideshow={"slide_type": "-"} tags=["figure"]
widgets.FramePlayer(
    None,
    [
        ("faces", list(pairs)),
        ("layers of the first", list(range(model.layer_count + 1))),
        ("psi", [0.4, 0.7, 1.0]),
    ],
    redraw=between,
    title="First face, mixed face, second face",
    alt="Three faces side by side; the middle one takes its layers from the two beside it.",
    start=[0, 1, 2],
    width=612,
    smooth=False,
    max_kb=500,
)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Try it.** Set "layers of the first" to 1, and go through the pairs. Then let psi fall to 0.4: what do all middle faces have in common?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · People who do not exist, and people who do
#
# In February 2019 a page went online that showed, at each visit, a photograph of a person who does not exist. It used the generator of 2019, trained on 70,000 photographs that people had put on Flickr. Lecture 13 asked whether they had agreed. Three more questions can be answered by measuring, and our drawn faces are a good
# place to learn how: they harm nobody.
#
# **Has it copied?** If a generator returned faces of its training set, "does not exist" would be false. The test of lecture 13 compares distances: **is a generated face nearer to the training set than a fresh drawn face is?** For copies, the probability of "nearer" would be far above 0.5.
#
# **Can one tell?** A detector is a classifier for drawn against generated. It is usually tested on the generator that it was trained on. We also test it on another one.
#
# > **Predict.** A linear detector on the reader's features learns from faces of the shipped generator. How many percent does it get right, for faces of the same generator? And for those of the ten-second DCGAN? A coin has 50 %.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.9
of_drawn, of_unseen = judge.features(drawn[:1200]), judge.features(unseen)
copied = metrics.fidelity.memorization(
    judge.features(generated), judge.features(drawn), of_unseen
)
fakes = {"100 epochs": generated, "DCGAN, 10 seconds": rivals["DCGAN"]}
fakes = {name: judge.features(images) for name, images in fakes.items()}


def detected(teacher, tested):
    """Share right, of half drawn and half generated faces that it has not seen."""
    half = many // 2
    seen = np.concatenate([of_drawn[:half], fakes[teacher][:half]])
    new = np.concatenate([of_unseen[:half], fakes[tested][half:]])
    labels = np.repeat([0, 1], half)
    return metrics.probes.linear(seen, labels, new, labels, per_class=half).mean


rights = {one: {other: detected(one, other) for other in fakes} for one in fakes}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
coursekit.expect("generated faces are no copies", copied.score < 0.55)
other, own = rights["DCGAN, 10 seconds"].values()
coursekit.expect(
    "who has learned from the DCGAN detects 9 of 10 of its faces, and of the better generator's hardly any",
    own > 0.9 and other < 0.6,
    own=own,
    other=other,
)
plots.table(
    [
        [f"learned from: {one}", *(f"{share:.0%}" for share in row.values())]
        for one, row in rights.items()
    ]
    + [["your guess (same generator)", f"{guess:.0%}", ""]]
    + [
        [
            "nearer to the training set than fresh faces",
            f"{copied.score:.2f}",
            "",
        ]
    ],
    ("", *(f"tested on: {name}" for name in fakes)),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The test finds no copies, and it cannot say much here.** The probability is 0.20, far below 0.5: generated faces are *farther* from the training set than fresh drawn faces are. That says first that they are unlike the data. Their gray pixels put them far from every clean drawing, in the reader's features, and a copy with such pixels would be far away, too. (The test compares all faces at once. A single copied face among hundreds it would miss.)
#
# **What has the detector of the second row learned?** It learned from the DCGAN, and it is right for nearly all faces of the DCGAN and of the drawing code. On the better generator, about half of its answers are right. That is no better than a coin, and the reason is simple: it calls nearly every face drawn, and half of the faces are drawn. Yet you can see at a
# glance which pictures were generated. The detector has not learned what "generated" looks like. It has learned the traces of one generator.
#
# Look at the first row now. The detector that learned from the better generator is right for 70 % of its own faces only: a better generator is harder to detect. On the DCGAN's faces it is even a little better, though it has never seen one. The table does not say why. Noise everywhere may be a part of what it looks for. "Detects 99 %" is an empty sentence if it does not say of which
# generator.
#
# **Who is drawn?** Section 7 has answered it for our faces. Nobody decided to leave out anybody. **A setting that makes pictures nicer leaves out whole groups.** Our data have every hair style equally often, 17 % each. Still "short" wins, and "long" and "bun" vanish. So balanced data alone do not protect a group. FairFace, from which lecture 13's faces were learned, was collected with seven groups in about equal numbers, so that such errors can be measured. It is
# still a set of people that were photographed, put on Flickr, found by a detector of faces, and sorted by strangers who looked at them. None of these steps asked the person.
#
# So three sentences belong beside every generator of faces: whose photographs taught it, which truncation is shown, and what its detector was tested on.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/16_stylegan.ipynb), checked as you go:
#
# 1. **One kernel for all**: the factor that undoes a style's strength, and a layer for many styles at once.
# 2. **Who vanishes?** How fast a group at the end of one direction is lost when codes are truncated.
# 3. **Whom does it follow?** The formula behind the table of section 5, and a curve over all cuts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A style-based generator starts with a **constant**. The code reaches each layer from the side, as one number for each channel.
# - **Modulation** scales the channels, **demodulation** divides by the deviation that this must give. Both can be done outside the kernel, exactly: one convolution serves all pictures.
# - With known factors, style mixing becomes a **table**. In our generator the two coarsest resolutions decide 0.96 on average, and the clothes follow 8x8.
# - From $w$ a line reads more than from $z$ on average, and paths are shorter: the mapping has straightened the codes.
# - **Truncation** trades variety for being usual. It pulls everybody to one mean face. Whoever has a code far from the mean code vanishes, even if the data are balanced.
# - Noise is for what is accidental. Our drawings have nothing of it, and the learned strengths are 0.
#
# ## References
#
# | what | printed | here |
# |---|---|---|
# | path length: z, w (by the authors' [code](https://github.com/NVlabs/stylegan)) | 664.9, 233.3 | section 6; other features, so another unit |
# | FID on FFHQ 1024x1024: 2019, 2020 | 4.40, 2.84 | not comparable |
#
# - T. Karras, S. Laine, T. Aila, *[A Style-Based Generator Architecture for Generative Adversarial Networks](https://arxiv.org/abs/1812.04948)*, CVPR 2019.
# - T. Karras, S. Laine, M. Aittala, J. Hellsten, J. Lehtinen, T. Aila, *[Analyzing and Improving the Image Quality of StyleGAN](https://arxiv.org/abs/1912.04958)*, CVPR 2020.
# - X. Huang, S. Belongie, *[Arbitrary Style Transfer in Real-Time with Adaptive Instance Normalization](https://arxiv.org/abs/1703.06868)*, ICCV 2017.
# - C. Meehan, K. Chaudhuri, S. Dasgupta, *A Non-Parametric Test to Detect Data-Copying in Generative Models*, AISTATS 2020.
# - K. Kärkkäinen, J. Joo, *FairFace: face attribute dataset for balanced race, gender, and age for bias measurement and mitigation*, WACV 2021.
