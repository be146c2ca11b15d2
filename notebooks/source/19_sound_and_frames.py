# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Sound and frames
#
# A film is a row of pictures, and a sound is a row of numbers. Can the networks of this course make both? For films we do
# what the first slide of the deck promises: a machine that **predicts the next frames of a video**. For sounds we turn the
# sound into a picture, so that everything you know about pictures can be used again.
#
# **You will be able to**
#
# - train a network on the next frame of a film, and measure it against predictors that have learned nothing;
# - explain why errors add up when a network goes on from its own predictions, and what memory helps;
# - prove why a prediction is blurred when there are two futures;
# - turn a sound into a picture and back, and type both ways;
# - make sounds with a variational autoencoder, steer them, and let a judge read spoken digits;
# - compare the families of models of this course on one page.
#
# You need [lecture 7](07_variational_autoencoders.ipynb). Lecture 1 has a first look at the next frame, which is repeated here
# where it is needed. About 75 minutes to read, listen and play; about a minute to run. Have headphones at hand.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the same lecture with the live models trained five times as long
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from scipy import special

from coursekit import data, metrics, models, plots, sounds, widgets
from coursekit.data import moving_digits, strings
from coursekit.training import Model, progress

full = profile == "full"
rng = np.random.default_rng(seed)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A film is a row of frames
#
# Two handwritten digits move on straight lines, and where they touch a wall they bounce off. Films like these are a classic
# test of predictors (Srivastava et al., 2015). Ours have 20 frames of 32 x 32 pixels. Press play.

# %% slideshow={"slide_type": "-"} tags=["figure"]
test = data.load("moving_digits", "test")
print(test)
six = np.pad(1 - test.images[:6, ..., 0], ((0, 0), (0, 0), (0, 0), (0, 2)))
widgets.FramePlayer(
    np.concatenate(list(six), axis=2),
    [("frame", list(range(1, 21)))],
    title="Six films",
    alt="Six films of two digits that move and bounce",
    fps=6,
    width=640,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A film is $x = (x_1, \dots, x_{20})$, where $x_t$ is the $t$-th frame. The **chain rule** of probability takes a film apart, frame by
# frame:
#
# $$p(x) = p(x_1)\, p(x_2 \mid x_1)\, p(x_3 \mid x_1, x_2) \cdots = \prod_t p(x_t \mid x_1, \dots, x_{t-1}) .$$
#
# For two frames this is the definition of a conditional probability, multiplied out. For each further frame the same step is done
# once more. So whoever can give good probabilities for **the next frame** has a model of whole films.
#
# Each pixel lies between 0 (paper) and 1 (ink). We treat it as the probability of ink, as in lecture 7. A network that
# predicts the ink $p$ for a pixel with the ink $x$ pays $-x \log p - (1 - x) \log(1 - p)$ nats. The price of a frame is the sum over its 1,024
# pixels. Even a perfect prediction, $p = x$, pays something, because gray pixels have an entropy of their own. This price is the
# **floor**.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
past, future = test.images[:, :10], test.images[:, 10:]
floor = metrics.films.floor(future).mean()
blind = metrics.films.curves(
    np.broadcast_to(future.mean(axis=(0, 1)), future.shape), future
)
print(
    f"floor: {floor:.1f} nats a frame; the mean frame: {blind['nats'].mean():.1f}"
)

# %% [markdown] slideshow={"slide_type": "-"}
# Between these two numbers lies everything that can be learned here: 41 nats, the floor, and about 168 nats, the price of saying the mean
# of all frames each time.
#
# **Two predictors need no learning.** *Copying* says that the next frame is the last one. *Shifting* compares the last two frames, finds
# the shift at which they agree best, and moves the last frame on by the same shift. Both are sure of themselves, and whoever is sure and
# wrong pays very many nats. So we are kind to them: before we count nats we mix in a share of the mean frame, the share that is best for them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A network for the next frame
#
# One frame shows where a digit is. Two frames show where it goes. Our network sees the last three frames, as three channels of one
# picture, and answers with one number for each pixel of the next frame.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    $x_{t-3}$ -> [network] -> logits -> $p_t$ -> <nats>
    $x_{t-2}$ -> [network]
    $x_{t-1}$ -> [network]
    $x_t$ -> <nats>
    """,
    "Three frames in, one frame out, and the frame that came",
    rows=[
        "$x_{t-3}$",
        "$x_{t-2}$, network, logits, $p_t$, nats",
        "$x_{t-1}$, $x_t$",
    ],
    pictures={f"$x_{{t-{k}}}$": test.images[3, 8 - k, ..., 0] for k in (3, 2, 1)}
    | {"$x_t$": test.images[3, 8, ..., 0]},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The first layer looks at windows of 8 x 8 pixels, 4 pixels apart, so that 64 places are left. Two layers let each place see its neighbors. The
# last layer writes windows of 8 x 8 pixels back. It gives **logits**: the probability of ink is $p = 1/(1 + e^{-\ell})$. Then $\log p = \ell - \log(1 + e^{\ell})$ and
# $\log(1 - p) = -\log(1 + e^{\ell})$. Put both into the price of a pixel, and it becomes
#
# $$-x \log p - (1 - x) \log(1 - p) = \log(1 + e^{\ell}) - x\,\ell .$$
#
# So no logarithm of 0 is ever needed. The first term is called *softplus*.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def nats_of(logits, frames):
    """The price of each frame: [n, 32, 32, 1] in, [n] out."""
    return ops.sum(ops.softplus(logits) - frames * logits, axis=(1, 2, 3))


class MyNextFrame(Model):
    def __init__(self, past=3):
        super().__init__()
        self.past = past
        options = {"padding": "same", "activation": "relu"}
        self.network = keras.Sequential(
            [
                keras.Input((32, 32, past)),
                layers.Conv2D(64, 8, strides=4, **options),
                layers.Conv2D(64, 3, **options),
                layers.Conv2D(64, 3, **options),
                layers.Conv2DTranspose(1, 8, strides=4, padding="same"),
            ]
        )


# %% [markdown] slideshow={"slide_type": "-"}
# A film of 20 frames has 17 places where three known frames are followed by a fourth. We take all of them in one batch: `films[:, t : t + 17]`
# for $t = 0, 1, 2$ are the three frames before, beside each other as channels.


# %% slideshow={"slide_type": "-"} tags=["central"]
class Trained(MyNextFrame):
    def nats(self, films):
        steps = films.shape[1] - self.past
        seen = [films[:, t : t + steps] for t in range(self.past)]
        seen = ops.reshape(ops.concatenate(seen, axis=-1), (-1, 32, 32, self.past))
        truth = ops.reshape(films[:, self.past :], (-1, 32, 32, 1))
        return ops.mean(nats_of(self.network(seen), truth))

    def train_on(self, films):
        return {"nats": self.minimize(lambda: self.nats(films))}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def fit(model, films, epochs, batch=4):
    steps = epochs * (len(films) // batch)
    falling = keras.optimizers.schedules.CosineDecay(3e-3, steps)
    model.compile(keras.optimizers.Adam(falling))
    settings = {"batch_size": batch, "epochs": epochs, "verbose": 0}
    return model.fit(films, **settings, callbacks=progress()).history["nats"]


digits = data.load("digits").images
films = moving_digits.draw(digits, moving_digits.paths(600, seed=seed), seed=seed)
keras.utils.set_random_seed(seed)
mine = Trained()
history = fit(mine, films, 10 if full else 2)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** On films of digits that it has never seen, copying makes a squared error of about 38 in the next frame (summed over the
# > pixels), and shifting one of 32. What will the network's be, after these few seconds? Type your guess.


# %% slideshow={"slide_type": "-"} tags=["central"]
def roll(network, past, count):
    """Go on from the past frames: each prediction is taken for a true frame."""
    frames = [past[:, t] for t in range(-3, 0)]
    for _ in range(count):
        seen = np.concatenate(frames[-3:], axis=-1)
        logits = network.predict(seen, verbose=0)
        frames.append(special.expit(logits))  # the sigmoid
    return np.stack(frames[3:], axis=1)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 25
predicted = {
    "copying": metrics.films.copied(past, 10),
    "shifting": metrics.films.shifted(past, 10),
    "three frames": roll(mine.network, past, 10),
}
curves = {
    name: metrics.films.curves(frames, future) for name, frames in predicted.items()
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
first_step = {name: curve["squared_error"][0] for name, curve in curves.items()}
plots.bars(
    first_step,
    "One frame ahead",
    "Three bars: copying is the highest, shifting lower, the network the lowest.",
    ylabel="squared error of a frame",
    fmt="%.1f",
    baselines=["copying", "shifting"],
    guesses={"you": ("three frames", guess)},
    size=(6.5, 3.4),
)
coursekit.expect(
    "one frame ahead the network errs less than three quarters of shifting",
    first_step["three frames"] < 0.75 * first_step["shifting"],
    network=first_step["three frames"],
    shifting=first_step["shifting"],
)

# %% [markdown] slideshow={"slide_type": "-"}
# The network's squared error is about half of copying's, so it has learned that digits move, and where to. Shifting is not much better than
# copying, because there are *two* digits, and one shift cannot fit both of them.
#
# > **Try it.** Train with `past=1` in `Trained()` (and `range(-1, 0)` and `frames[-1:]` in `roll`). How much worse is a network that cannot see
# > the motion?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Ten frames ahead
#
# To see farther than one frame, the network takes its own prediction for the truth and predicts again. `roll` above does it. The tenth frame is predicted from
# three predictions, which were predicted from predictions.
#
# > **Predict.** One frame ahead the network beats copying easily. Ten frames ahead, will it still be better than copying? Type "yes" or
# > "no".

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "yes"
shown = {
    "what happened": future[3],
    **{name: frames[3] for name, frames in predicted.items()},
}

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    shown,
    "Ten frames ahead",
    "Ten frames in four rows: the network's digits turn into blots that fill the picture.",
    columns=[f"+{t}" for t in range(1, 11)],
    size=0.85,
)
plots.lines(
    np.arange(1, 11),
    {name: curve["squared_error"] for name, curve in curves.items()},
    f"The error grows with every step (still better at ten? you said: {guess})",
    "Three rising curves; the network's begins lowest and climbs past the mean frame's level.",
    xlabel="frames ahead",
    ylabel="squared error of a frame",
    marks={"the mean frame": blind["squared_error"].mean()},
    baselines=["copying", "shifting"],
)
coursekit.expect(
    "ten frames ahead this network errs at least twice as much as one frame ahead",
    curves["three frames"]["squared_error"][9]
    > 2 * curves["three frames"]["squared_error"][0],
)

# %% [markdown] slideshow={"slide_type": "-"}
# At the tenth frame the network is only just better than copying, and it is worse than shifting. Its squared error is nearly twice that of the mean frame, the dotted line. Look at the row of the
# network in the picture: the digits become blots, and the blots spread.
#
# **Why do errors add up?** In training the network has only ever seen *true* frames. Its own first prediction is a little blurred. A blurred digit is
# something that it has never met, so nothing in its training says what comes after one. Its answer is blurred more, and so on. A network that
# is trained on true frames and used on its own is trained for another task than the one it must do.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Memory: a convolutional LSTM
#
# Two changes help. First, the network gets a **memory**: three frames say how fast a digit moves, but rounded to whole pixels. Ten
# frames say it more exactly, and they still know what a digit looks like that is hidden behind the other one. Second, it is
# **trained on its own predictions**: the first ten frames are told, and from then on it must go on alone, in training, too.
#
# The memory is an LSTM. It has a state $h_t$, which it shows, and a memory $c_t$, both handed on from frame to frame. Three *gates*, numbers between 0 and 1, say what
# is forgotten, what is written and what is shown. In a **convolutional LSTM** (Shi et al., 2015) there is such a cell in *each place* of the picture, and instead of
# matrices there are convolutions, written $*$:
#
# $$\begin{aligned}
# f,\ i,\ o &= \mathrm{sigmoid}\big(W * [x_t, h_{t-1}] + b\big), & g &= \tanh\big(W_g * [x_t, h_{t-1}] + b_g\big),\\
# c_t &= f \odot c_{t-1} + i \odot g, & h_t &= o \odot \tanh(c_t).
# \end{aligned}$$
#
# $[x_t, h_{t-1}]$ are the channels of both, one after the other, and $\odot$ multiplies number by number. ($f$, $i$ and $o$ have different $W$.) What does the
# convolution buy? The same weights work in each place, so what is learned about a 3 in one corner holds in all corners. And a state can
# move: a convolution of 3 x 3 hands what is in one place on to the places beside it. That is what a moving digit needs.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    $x_{1}$ -> [cell 1] -> {state 1} -> [cell 2] -> {state 2} -> [cell 3]
    $x_{2}$ -> [cell 2]
    $p_{3}$ -> [cell 3]
    cell 1 -> $p_2$
    cell 2 -> $p_3$
    cell 3 -> $p_4$
    """,
    "A ConvLSTM: two frames are told, and the third is its own prediction",
    labels={
        "cell 1": "ConvLSTM",
        "cell 2": "ConvLSTM",
        "cell 3": "ConvLSTM",
        "state 1": "$h_1, c_1$",
        "state 2": "$h_2, c_2$",
    },
    notes={"$x_{1}$": "true frame", "$x_{2}$": "true frame"},
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# We load one that was trained longer (`coursekit train convlstm-digits --profile full`). It has two such layers with 32 channels each. The frame is cut into
# 8 x 8 places of 4 x 4 pixels, which is the paper's trick to save time. Its training films were drawn from the 4,000 training digits, and the test
# films show other digits.
#
# > **Predict.** Ten frames ahead, what will the squared error of the ConvLSTM be? Shifting has about 50, the mean frame about 32. Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 15
convlstm = coursekit.pretrained("convlstm-digits")
predicted["ConvLSTM"] = convlstm.forecast(past, 10)
for name, frames in predicted.items():
    curves[name] = metrics.films.curves(frames, future)
for name in ("copying", "shifting"):
    hedged = metrics.films.hedged(predicted[name], future)
    curves[name]["nats"] = metrics.films.curves(hedged, future)["nats"]

# %% slideshow={"slide_type": "-"} tags=["figure"]
steps = np.arange(1, 11)
plots.lines(
    steps,
    {name: curve["squared_error"] for name, curve in curves.items()},
    "Squared error, ten frames ahead",
    "Four rising curves; the ConvLSTM's is the lowest at every step.",
    xlabel="frames ahead",
    ylabel="squared error of a frame",
    marks={"the mean frame": blind["squared_error"].mean()},
    guesses={"you": (10, guess)},
    baselines=["copying", "shifting"],
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    steps,
    {name: curve["nats"] for name, curve in curves.items()},
    "The same, in nats",
    "The ConvLSTM's curve is the lowest; the floor lies far below all.",
    xlabel="frames ahead",
    ylabel="nats a frame",
    marks={"floor": floor, "the mean frame": blind["nats"].mean()},
    baselines=["copying", "shifting"],
    size=(7.5, 3.6),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    steps,
    {name: curve["ssim"] for name, curve in curves.items()},
    "Structural similarity: 1 is the same picture",
    "Falling curves; the ConvLSTM's stays highest.",
    xlabel="frames ahead",
    ylabel="SSIM",
    baselines=["copying", "shifting"],
    size=(7.5, 3.6),
)
ours = curves["ConvLSTM"]
below = [
    (ours[kind] < curves[name][kind]).all()
    for kind in ("nats", "squared_error")
    for name in ("copying", "shifting")
]
coursekit.expect(
    "at each of the ten frames the ConvLSTM is below copying and shifting, in nats and in squared error",
    all(below),
)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "front"]
both = np.concatenate([test.images[:4], test.images[:4]], axis=2)[..., 0]
both[:, 10:, 32:] = predicted["ConvLSTM"][:4, ..., 0]
widgets.FramePlayer(
    np.concatenate(
        list(np.pad(1 - both, ((0, 0), (0, 0), (0, 0), (0, 2)))), axis=2
    ),
    [("frame", list(range(1, 21)))],
    title="What happened (top), and from frame 11 on what was predicted (bottom)",
    alt="Four films above, and below them the films as the ConvLSTM goes on from frame 11",
    start=[10],
    fps=4,
    width=640,
)

# %% [markdown] slideshow={"slide_type": "-"}
# At each of the ten frames the ConvLSTM is better than copying and shifting, in nats and in squared error, and it is the only one that stays below the mean frame. Play the film and look at the lower row. At first
# the digits go on as they should. But they become softer with each frame, and at the end there is a gray cloud where a digit may be. The network is less and less sure, and it says so in gray.
#
# **A measure can prefer a sharp mistake to a soft doubt.** Look at the curves of structural similarity. It compares the contrast in small windows, and a hesitant, gray digit has little of it. Near the eighth frame
# shifting overtakes the ConvLSTM, although the shifted digits stand in the wrong places or have left the picture. In nats and in squared error it is far worse. So three measures stand
# here, and not one.
#
# Ten frames ahead its squared error is about 25. The distance to the floor in nats is still large. This network has 0.14 million weights and was trained for 19 minutes on one core of a processor. The paper's ConvLSTM had 7.6 million.
# On films of 64 x 64 pixels, whose floor is 86.3 nats a frame, it reaches 367.1; a far larger network that predicts pixel by pixel, the
# VPN, reaches 87.6 (Kalchbrenner et al., 2017). Their films are larger, so their nats cannot be compared with ours.
#
# > **Try it.** Give the ConvLSTM films with three digits, or with one: `moving_digits.paths(50, digits=3)`. It has only ever seen two. What does
# > it do?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Two futures
#
# So far each film had one possible future. Now we toss a coin at each bounce: a digit that touches the right wall comes back from it, but whether
# it then flies up or down is chosen at random. From the past nobody can know which. (`moving_digits.paths` draws such films with `bounce="random"`, for all four walls.)
#
# To see clearly what happens, we make the task as small as can be. All films show the same digit, and each flies to the right wall. Only its height
# and its slant differ from film to film. It touches the wall in frame 8.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def flights(height, slant, coin):
    """Places [n, 1, 14, 2] of digits that reach the right wall in frame 8."""
    t = np.arange(14)
    back = np.maximum(t - 7, 0)
    height, slant, coin = (
        np.reshape(each, (-1, 1)) for each in (height, slant, coin)
    )
    row = height + slant * (t - 7 - back) + (1 + coin) * slant * back
    column = np.broadcast_to(18 - 2.3 * np.abs(t - 7), row.shape)
    places = np.rint(np.stack([np.clip(row, 0, 18), column], axis=-1))
    return places.astype(int)[:, None]


one = data.load("digits", "test").images[[4]]
fork = moving_digits.draw(one, flights([9, 9], [1.2, 1.2], [1, -1]))
framed = lambda frames: np.pad(
    frames, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=0.4
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.images(
    {"it flies down": framed(fork[0, 4:]), "it flies up": framed(fork[1, 4:])},
    "One past, two futures: they part after frame 8",
    "Two rows of ten frames that are the same up to the fourth picture and then part.",
    columns=[f"{t}" for t in range(5, 15)],
    size=0.85,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The network sees frames 6, 7 and 8, and must say frame 12, four frames after the bounce. So it need not go on from its own predictions: whatever goes wrong now
# is not the fault of errors that add up. It is the same class `Trained` as above, on "films" of four frames.
#
# > **Predict.** What will it draw: one of the two futures, chosen at
# > random; always the same one; or something else? Type your guess in a word or two.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = "one of the two"
n, four = 2000, [5, 6, 7, 11]
chance = flights(
    rng.uniform(5, 13, n), rng.uniform(0.9, 1.5, n), rng.choice([-1, 1], n)
)
coin_films = moving_digits.draw(one, chance)[:, four]
keras.utils.set_random_seed(seed)
coin = Trained()
fit(coin, coin_films, 40 if full else 10, batch=32)
drawn = roll(coin.network, fork[:1, 5:8], 1)[0, 0]
down, up = fork[:, 11]
mean = (down + up) / 2

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.panels(
    [down, up, mean, drawn],
    ["frame 12: down", "frame 12: up", "mean of both", "predicted"],
    "Four pictures: a digit below, a digit above, both half as dark, and the prediction, which looks like the third.",
    suptitle=f"What the network draws (you said: {guess})",
)
distance = lambda other: np.square(drawn - other).sum()
coursekit.expect(
    "the prediction is at least three times nearer to the mean than to either future",
    3 * distance(mean) < min(distance(down), distance(up)),
    mean=distance(mean),
    down=distance(down),
    up=distance(up),
)

# %% [markdown] slideshow={"slide_type": "-"}
# The network draws both futures at once, each half as dark: the **mean of the two futures**. It is the one picture that never happens.
#
# **Why the mean?** Look at one pixel. With probability $\tfrac12$ it will be $a$, and with probability $\tfrac12$ it will be $b$. The network must say one number $p$. The
# expected squared error is
#
# $$E(p) = \tfrac12 (a - p)^2 + \tfrac12 (b - p)^2 .$$
#
# Its derivative is $E'(p) = -(a - p) - (b - p) = 2p - a - b$. This is 0 at $p = \tfrac12 (a + b)$, the mean, and nowhere else. Since $E$ is a parabola that opens
# upward, this is the minimum. What is left there is $E = \tfrac14 (a - b)^2$, and no network can get below it.
#
# Cross-entropy, which we train with, has the same minimum. The expected price is $-m \log p - (1 - m) \log (1 - p)$ with $m = \tfrac12 (a + b)$, because
# the price is linear in the ink. Its derivative is $-m/p + (1 - m)/(1 - p)$, and this is 0 where $p = m$.
#
# **So the blur is not a weakness of the network.** It is the right answer to the question that the loss asks. A larger network would draw the mean more
# sharply. Who wants to see *one* future has to ask for a sample from $p(x_t \mid x_1, \dots, x_{t-1})$, not for its mean. All pixels must then choose together, and
# for that the network needs something that it can choose with: a code. **A VAE in each frame** does it: SVG (Denton and Fergus, 2018)
# draws a code $z_t$ for each frame, and the code says "up" or "down". Its films of digits bounce as at random and stay sharp.
#
# > **Try it.** Make the coin unfair: `rng.choice([-1, 1], n, p=[0.25, 0.75])`. How dark is each future now? Then make the slants alike (`rng.uniform(1.2, 1.2, n)`): does the
# > picture become sharper?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Sound as a picture
#
# Now close your eyes. A sound is the pressure of the air at your ear, measured many times a second. Ours are measured 8,000 times a second, as on an old
# telephone. Each measurement is called a **sample**, a number between -1 and 1.
#
# Before we look at sounds, let us make one. In 1983 Karplus and Strong found that a few lines make a plucked string. Fill one
# period with noise, and then let each sample be the mean of the two samples one period ago, made a little smaller:


# %% slideshow={"slide_type": "-"} tags=["central"]
def pluck(period, kept=0.995, samples=5120):
    """A string that repeats itself every `period` samples."""
    y = np.zeros(samples)
    y[:period] = np.random.default_rng(1).uniform(-1, 1, period)
    for t in range(period + 1, samples):
        y[t] = kept * (y[t - period] + y[t - period - 1]) / 2
    return y


periods = [73, 36, 18]
plucked = np.stack([sounds.fit(pluck(period)) for period in periods])

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
widgets.SoundPlayer(
    plucked,
    [f"period {period}: {8000 / period:.0f} Hz" for period in periods],
    title="Three strings by Karplus and Strong: press play",
    alt="Spectrogram of a plucked string",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why does this sound like a string?** What happens every `period` samples is heard as a tone. With 8,000 samples a second a period of 73 samples comes about 110 times a second, and 110
# hertz (Hz) is a low A. The mean of two neighbors makes the curve smoother. Fast wiggles are smoothed away quickly and slow ones survive, so the sound
# begins bright and becomes dull, as that of a string does. And the factor `kept` makes it fade.
#
# The pictures above the players are **spectrograms**. Time runs to the right, and pitch goes upward. Dark means loud. Look at the first one: there are many
# lines, one above the other. They are the *partials*, at 110, 220, 330 Hz and so on. The upper ones fade first.
#
# How is such a picture made? In four steps:

# %% slideshow={"slide_type": "-"} tags=["figure"]
window = slice(800, 1312)
picture = sounds.pictures(plucked[:1])[0, ..., 0]
plots.flow(
    """
    samples -> [cut] -> window -> [Fourier] -> frequencies -> [bands] -> column -> picture
    """,
    "From samples to a picture: one window becomes one column",
    labels={
        "cut": "cut into windows",
        "bands": "mel bands, log",
    },
    notes={
        "window": "512 samples",
        "frequencies": "257 strengths",
        "column": "64 numbers",
        "picture": "32 columns",
    },
    pictures={"picture": picture},
)

# %% [markdown] slideshow={"slide_type": "-"}
# 1. **Windows.** We cut the sound into windows of 512 samples, 64 thousandths of a second. Each begins 160 samples after the one before, so they overlap. Each is
#    faded in and out, so that its ends do not click.
# 2. **Fourier.** The Fourier transform writes a window as a sum of waves. Wave $k$ has the frequency $k \cdot 8000/512$ Hz, from 0 to 4,000 Hz: 257 of them. The transform gives a complex number
#    for each. Its absolute value, the *magnitude*, is the strength of the wave. Its angle, the *phase*, says where in its swing the wave
#    is. We keep the magnitude.
# 3. **Mel.** Between 110 and 220 Hz lies an octave, and between 2,000 and 2,110 Hz we hear almost no difference. The ear does not count in hertz. The *mel* scale does better,
#    $m(f) = 2595 \log_{10}(1 + f/700)$: nearly straight below 700 Hz, and logarithmic above. We put 64 bands on it, evenly spaced. Each is a triangle which reaches
#    from the middle of the band below to the middle of the band above.
# 4. **Logarithm.** We hear loudness in ratios, too: each ten decibels (dB) are a factor of 10 in power. We show 70 dB, from white (silent) to black (loud), and cut off
#    what is quieter.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def mel_filters(bands=64, window=512, rate=8000):
    """Triangles over the frequencies of a window: [bands, window // 2 + 1]."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    mels = np.linspace(0, top, bands + 2)
    middle = 700 * (10 ** (mels / 2595) - 1)  # from mel back to hertz
    f = np.arange(window // 2 + 1) * rate / window
    rising = (f - middle[:-2, None]) / (middle[1:-1] - middle[:-2])[:, None]
    falling = (middle[2:, None] - f) / (middle[2:] - middle[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))


filters = mel_filters()

# %% slideshow={"slide_type": "-"} tags=["figure"]
frequencies = np.arange(257) * 8000 / 512
plots.lines(
    frequencies,
    {f"band {k}": filters[k] for k in (8, 24, 40, 56)},
    "Four of the 64 bands",
    "Four triangles, narrow at low frequencies and wide at high ones.",
    xlabel="frequency (Hz)",
    ylabel="weight",
    size=(7.5, 3.2),
)
coursekit.expect(
    "these are the package's filters", np.allclose(filters, sounds.mel_filters())
)

# %% [markdown] slideshow={"slide_type": "-"}
# Low bands are narrow and high bands are wide. A sound of 5,120 samples has become a picture of 64 x 32 = 2,048 numbers. That is less than half, and the
# phases are gone altogether.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · And back
#
# A network that makes pictures of sounds is only useful if we can hear them. So we need the way back: from magnitudes to samples. The phases are missing. But not every
# choice of phases is possible: the windows overlap, so each sample lies in three or four windows, and these must agree about it.
#
# **Griffin and Lim (1984)** use this. Begin with random phases. Make the sound that comes nearest to it. Measure the magnitudes and the phases of
# that sound. The phases are kept, the magnitudes are replaced by those that we want, and all begins again.


# %% slideshow={"slide_type": "-"} tags=["central"]
def griffin_lim(wanted, rounds=32):
    """Magnitudes [n, frames, 257] in; samples [n, 160 * frames] and errors out."""
    phase = np.exp(2j * np.pi * np.random.default_rng(0).random(wanted.shape))
    errors = []
    for _ in range(rounds):
        samples = sounds.istft(wanted * phase)  # the sound nearest to it
        found = sounds.stft(samples)
        wrong = np.linalg.norm(np.abs(found) - wanted)
        errors.append(wrong / np.linalg.norm(wanted))
        phase = found / np.maximum(np.abs(found), 1e-12)
    return samples, np.array(errors)


wanted = np.abs(sounds.stft(plucked))
again, errors = griffin_lim(wanted)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** Does the error fall in *every* round, or does it go up and down, as in the training of a network?

# %% slideshow={"slide_type": "-"} tags=["figure"]
guess = "up and down"
faster = sounds.griffin_lim(wanted)[1]
plots.lines(
    np.arange(1, 33),
    {"as typed": errors, "with momentum": faster},
    f"Griffin and Lim: what is still wrong (you said: {guess})",
    "Two falling curves; the one with momentum ends lower.",
    xlabel="round",
    ylabel="share of the magnitudes",
    log=("y",),
    size=(7.5, 3.4),
)
coursekit.expect(
    "the error as typed falls in every round", (np.diff(errors) < 1e-6).all()
)

# %% [markdown] slideshow={"slide_type": "-"}
# It falls in every round, and this can be proved. Think of two sets. The set $C$ holds all tables of complex numbers that belong to some sound. The set $M$ holds all tables with the
# magnitudes that we want, with any phases. Each round has two steps. `istft` and `stft` go to the point of $C$ that is nearest, in the sense of squared
# distance. Replacing the magnitudes goes to the nearest point of $M$: for one complex number, the nearest point of a circle lies on the ray from 0
# through it, so the phase is kept. Each step goes to the *nearest* point of the other set. So the distance between the
# two can never grow.
#
# It need not become 0, because the two sets may not touch, or the way may end in a corner. The second curve adds a *momentum*: each step goes a
# little farther than it should (Perraudin et al., 2013). It is not proved to fall, but it ends lower. The package uses it.
#
# Our pictures hold 64 bands and not 257 magnitudes, so the package first looks for magnitudes that would fall into these bands (`sounds.magnitudes`). Listen to how much is
# lost.

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
heard = sounds.from_pictures(sounds.pictures(plucked))
widgets.SoundPlayer(
    np.stack([plucked, heard], axis=1).reshape(6, -1),
    [
        f"{8000 / period:.0f} Hz, {kind}"
        for period in periods
        for kind in ("the sound", "from its picture")
    ],
    title="Three strings, and what comes back from their pictures",
    alt="Spectrogram of a plucked string",
    rows=2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# Listen for a difference: sounds by Griffin and Lim are known for a slight buzz. That is the price of the way there and back,
# before any network has done anything. Whatever we make from now on cannot sound better. Always listen to this first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · A variational autoencoder that plays strings
#
# Sounds are pictures now, so we can train the VAE of lecture 7 on them. Only the KL term is brought in slowly, over the first 150 steps. The training set is 1,200 strings that are drawn by code, with a
# better string than ours above. Each has four **factors**, chosen at random: its *pitch*, its *decay* (how long it sounds), its *brightness* (how hard it is plucked), and the
# *position* at which it is plucked. Nobody tells them to the VAE. Since we know them, we can ask afterwards what it has found.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
train = data.load("strings", "train", limit=1200)
unseen = data.load("strings", "test")
keras.utils.set_random_seed(seed)
vae = models.vae.convolutional(
    8,
    (64, 32, 1),
    (16, 32, 48),
    96,
    likelihood="gaussian",
    activation="silu",
    warm_up=150,  # steps in which the KL term grows to its full weight
)
epochs = 90 if full else 18
falling = keras.optimizers.schedules.CosineDecay(4e-3, epochs * (1200 // 32))
vae.compile(keras.optimizers.Adam(falling))
settings = {"batch_size": 32, "epochs": epochs, "verbose": 0}
vae.fit(train.images, **settings, callbacks=progress())
codes, unseen_codes = (
    ops.convert_to_numpy(vae.encode(each.images)[0]) for each in (train, unseen)
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Predict.** A straight-line fit reads each factor from the eight numbers of the code, on strings that were not seen. We report $R^2$, the share
# > of the factor's variance that is explained: 1 is perfect, 0 is no better than the mean. What will it be for the pitch? Type your guess.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 0.5
factors = np.stack([train.factors[name] for name in strings.FACTORS], axis=1)
true = np.stack([unseen.factors[name] for name in strings.FACTORS], axis=1)
scaled = lambda y: (y - factors.mean(axis=0)) / factors.std(axis=0)
with_one = lambda z: np.concatenate([z, np.ones((len(z), 1))], axis=1)
weights = np.linalg.lstsq(with_one(codes), scaled(factors), rcond=None)[0]
read = with_one(unseen_codes) @ weights
left = ((read - scaled(true)) ** 2).mean(axis=0) / scaled(true).var(axis=0)
r2 = dict(zip(strings.FACTORS, 1 - left, strict=True))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.bars(
    r2,
    "What a straight line reads from the code",
    "Four bars of R squared: pitch and decay are high, brightness and position low.",
    ylabel="R² on unseen strings",
    fmt="%.2f",
    guesses={"you": ("pitch", guess)},
    size=(6.5, 3.4),
)
coursekit.expect(
    "pitch and decay are read with an R² above 0.75, brightness and position below 0.6",
    min(r2["pitch"], r2["decay"]) > 0.75
    and max(r2["brightness"], r2["position"]) < 0.6,
    **r2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The pitch is read with an $R^2$ of about 0.96 and the decay with about 0.94, so both stand in the code nearly completely: nobody told the network that there is such a thing as pitch. Brightness and position, with less than 0.2, are hardly there. The reason is the one that you
# know from lecture 7: a number of the code is used only if it saves more nats than it costs. The pitch moves *all* lines of the picture. The position of the pluck only makes some
# of them fainter.
#
# Reading is one thing. **Can we play on it?** Lecture 9 changed a melody by adding a vector to its code: the mean code of the melodies with many notes, minus the mean code of those with few. We do the
# same with the pitch. Take the quarter of the training strings with the highest pitch and average their codes, do the same with the lowest quarter, and subtract.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
def attribute_vector(codes, amounts):
    """From the codes [n, d] of those that have little of something to those that have much."""
    low, high = np.quantile(amounts, [0.25, 0.75])
    return codes[amounts >= high].mean(axis=0) - codes[amounts <= low].mean(axis=0)


# %% slideshow={"slide_type": "-"} tags=["experiment"]
turns = {
    name: attribute_vector(codes, train.factors[name])
    for name in ("pitch", "decay")
}
decoded = lambda z: np.clip(ops.convert_to_numpy(vae.decode(np.float32(z))), 0, 1)
amounts = np.array([-0.6, -0.3, 0, 0.3, 0.6])
start = unseen_codes[
    (scaled(true) ** 2)[:, :2].sum(axis=1).argmin()
]  # in the middle
higher = decoded(start + amounts[:, None] * turns["pitch"])

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
widgets.SoundPlayer(
    sounds.from_pictures(higher),
    [f"pitch vector {amount:+.1f}" for amount in amounts],
    title="One string, turned along the vector of pitch",
    alt="Spectrogram of a string that becomes higher",
)

# %% [markdown] slideshow={"slide_type": "-"}
# Your ear may be kind, so let us measure. A **reader** that knows nothing of the VAE takes a picture, finds the five training strings whose pictures are nearest, and averages *their*
# factors. We take 100 unseen strings, add half of a vector to their codes, decode, and let it read. All factors are divided by their standard deviation. The two quarters differ by
# 2.6 of them, so a perfect vector moves its own factor by 1.3, and all others by 0.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
known = train.images.reshape(1200, -1)


def reader(pictures):
    rows = pictures.reshape(len(pictures), -1)
    nearest = metrics.neighbors.nearest(rows, known, 5)
    return scaled(factors)[nearest.indices].mean(axis=1)


some = unseen_codes[:100]
at_start = reader(decoded(some))
moved = {
    f"{name}, half a vector {word}": (
        reader(decoded(some + sign * turn / 2)) - at_start
    ).mean(axis=0)
    for name, turn in turns.items()
    for sign, word in ((1, "added"), (-1, "subtracted"))
}

# %% slideshow={"slide_type": "-"} tags=["figure", "nbval-ignore-output"]
coursekit.expect(
    "each vector moves its own factor by at least 0.5 and the other one by less than half as much",
    all(
        abs(row[own]) > 0.5 and abs(row[1 - own]) < 0.5 * abs(row[own])
        for own, row in zip((0, 0, 1, 1), moved.values(), strict=True)
    ),
)
plots.table(
    [[name, *(f"{value:+.2f}" for value in row)] for name, row in moved.items()],
    ("code", *(f"{name} read" for name in strings.FACTORS)),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **The vectors do what their names say.** Each moves its own factor by about 0.9, two thirds of the way, and hardly moves the other one. (Where a string becomes higher or longer, the reader also finds it a little less bright.) We have a string with two knobs, and nobody has built them: they were found
# in 1,200 pictures without a label. (The labels were needed to find out *where* in the code they are.)
#
# > **Try it.** Turn the decay instead of the pitch, and listen. Then let `amounts` go from -2 to 2. Where does it stop sounding like a string?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Spoken digits
#
# Now real sound: 3,000 recordings of six people who say the digits from zero to nine in English (the Free Spoken Digit Dataset, Jackson et al.). The recordings do not come with the
# course, but the weights of a VAE that was trained on them do (`coursekit train vae-spoken-digits --profile full`).
#
# One thing is new: the decoder is **told the digit**. It gets the code $z$ and ten more numbers, which are 0 except for a 1 at the digit $y$. Everything
# in the derivation of lecture 7 holds for a fixed $y$. So the bound is the same with $y$ as a further condition:
#
# $$\log p(x \mid y) \ \ge\ \mathbb E_{q(z|x)}\big[\log p(x \mid z, y)\big] - \mathrm{KL}\big(q(z|x)\,\Vert\,p(z)\big) .$$
#
# What is the code for, if the digit is told? For all the rest: whose voice it is, how high, how long, how loud. Since a bit in the code costs a bit, the code
# has no reason to say the digit again. In training the KL term was weighed four times ($\beta = 4$), so that codes from the prior sound better.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    picture $x$ -> [encoder] -> {$\mu$}, {$\log \sigma^2$} -> {$z$} -> [decoder] -> $\hat x$ -> [vocoder] -> sound
    ($\epsilon$) -> $z$
    digit $y$ -> [decoder]
    $\mu$, $\log \sigma^2$ -> <KL>
    """,
    "A VAE whose decoder is told the digit",
    labels={"vocoder": "Griffin, Lim"},
    notes={"digit $y$": "one of ten"},
)

# %% slideshow={"slide_type": "subslide"} tags=["figure", "nbval-ignore-output"]
speaking = coursekit.pretrained("vae-spoken-digits")
voice = np.random.default_rng(4).standard_normal((1, speaking.latent_dim))
said = speaking.generate(np.repeat(voice, 10, axis=0), np.arange(10))
widgets.SoundPlayer(
    sounds.from_pictures(np.clip(said, 0, 1)),
    list("0123456789"),
    title="One code, ten digits: a voice that nobody has",
    alt="Spectrogram of a spoken digit that was made up",
    rows=2,
)

# %% [markdown] slideshow={"slide_type": "-"}
# The ten sounds have the same code, so they have the same voice, and it is nobody's. Expect no more than an old telephone. But can they be
# understood? Your ear knows what it is meant to hear, so it is no fair judge.
#
# **A judge** is a classifier that was trained on real recordings. We give it 1,000 samples, 100 of each digit, and count how often it reads the digit that was asked for. Two numbers must
# stand beside this share. The first is the **ceiling**: what the judge says of *real* recordings that were sent through picture and Griffin-Lim. The second is a
# warning about the judge itself: what it says of a speaker that it has never heard. That speaker was kept out of all training, the judge's and the VAE's.
#
# > **Predict.** Of 1,000 samples, what share will the judge read as the digit that was asked for? And what share of real recordings of the new speaker? Type two guesses.

# %% slideshow={"slide_type": "-"} tags=["figure"]
guess, guess_new = 0.7, 0.9
judged = coursekit.results("vae-spoken-digits")["runs"][0]["metrics"]
plots.bars(
    {
        "real": judged["real"],
        "real, through\nthe picture": judged["real_heard"],
        "samples": judged["samples_heard"],
        "new speaker,\nreal": judged["speaker_heard"],
    },
    "What the judge reads rightly",
    "Four bars: real recordings, the same through the picture, samples, and a new speaker's.",
    ylabel="share read as the right digit",
    baselines=["real", "real, through\nthe picture", "new speaker,\nreal"],
    guesses={
        "you": ("samples", guess),
        "you ": ("new speaker,\nreal", guess_new),
    },
    size=(8, 3.8),
)
coursekit.expect(
    "the judge reads at least 85 % of the samples", judged["samples_heard"] >= 0.85
)

# %% [markdown] slideshow={"slide_type": "-"}
# The judge reads 89 % of the samples as the digit that was asked for, so the conditional VAE speaks. The ceiling is 99 %: real recordings lose nothing on the way through picture and Griffin-Lim, and the judge does not mind the buzz.
#
# **But of the new speaker's real recordings it reads only 70 % rightly.** It has heard five people, and it has learned how *these five* say their digits. So a high share for the samples means: they sound like the five. It does
# not mean that any listener would understand them. With the usual split, other recordings of the same people, nobody would have noticed this.
#
# Does the VAE only repeat what it has heard? We measure how near each sample is to its nearest training recording, in the judge's features, and do the same for real test recordings. If it copied, its samples
# would be nearer. Below is the chance that a sample is nearer than a test recording. Without copying it would be about a half.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
print(f"a sample is nearer than a test recording: {judged['copies']:.0%}")
bounds = [judged[f"elbo_{who}"] for who in ("train", "test", "speaker")]
print(
    "the bound, nats a clip: training {:.0f}, test {:.0f}, new speaker {:.0f}".format(
        *bounds
    )
)

# %% [markdown] slideshow={"slide_type": "-"}
# The samples are *farther* from the training recordings than real test recordings are, so nothing was copied. The bound agrees with the judge: from training to other recordings of the same people it falls by about 50 nats, and from
# these to the new speaker by about 460. The VAE, too, knows these five voices best. (These are logarithms of densities, which may be above 1, so the bound may be positive.)
#
# > **Try it.** Keep the digit and change the voice: draw ten codes and let each say "7", by `speaking.generate(codes, np.full(10, 7))`. Which differences do you hear?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · The course on one page
#
# This is the last lecture before the appendix, so let us put the families of models side by side. Five questions can be asked of each. What does it model? Can it say how likely a picture is? How
# good are its samples? What does it cost? And what has overtaken it since?
#
# | family | it models | likelihood | samples | cost | overtaken by |
# |---|---|---|---|---|---|
# | Autoencoder (6) | a code from which $x$ comes back | none | none without a further model | one network forth and back | for features: the questions of lectures 3 and 5 |
# | VAE (7 to 9) | $p(x)$ through a code $z$ | a bound | all kinds, but soft | as an autoencoder | diffusion models, which are deep hierarchies of such bounds |
# | GAN, DCGAN (10 to 13) | a sampler, by a game | none | sharp; some kinds may be missing | two networks, unstable. CIFAR-10: Fréchet distance 37.7 | R3GAN, 1.96 on CIFAR-10 (told the class) |
# | Soft-IntroVAE (14) | both, by a game between encoder and decoder | a bound, no longer tight | sharper than a VAE | several passes a step | diffusion models |
# | StyleGAN (16) | a sampler with styles in each layer | none | 4.40 on faces of 1,024 pixels | 6.6 days on 8 GPUs | R3GAN on 256 pixels: 2.75, StyleGAN2 3.78 |
# | Predict the next (9, 17 to 19) | $p(x_t \mid \text{the past})$ | exact | sharp if each part is *drawn*; one after the other | as many steps as parts | transformers; Mamba on spoken digits |
# | RotNet, Deep InfoMax (3 to 5) | features, no picture | none | none | one network | larger networks with the same kind of question |
#
# The numbers are published ones, and the sources are in the references. They are Fréchet distances (lecture 10): smaller is better, and only numbers on the same data can be compared.

# %% [markdown] slideshow={"slide_type": "-"}
# **Read the third and the fourth column together.** No row has everything. Who has an exact likelihood must make a picture or a sound part by part. Who draws a sharp picture in one go cannot say
# how likely it is. And who has a code pays for it with a bound. A diffusion model, which this course does not teach, makes a picture in many small steps, from noise. So it gives up the speed, and gets
# sharp samples and a bound. On faces of 64 pixels one of them reaches a Fréchet distance of 2.39 (EDM), and the best GAN 1.95 (R3GAN).
#
# For sound the published numbers are of the data set SC09, one second of spoken digits. The Fréchet distance of a GAN (WaveGAN) is 2.03, that of a diffusion model
# (DiffWave) 1.92, and that of a model that predicts the next sample (Mamba) 0.67. There, predicting the next thing has won. For films, a predictor with memories that pass through all
# layers (PredRNN++) has a squared error of 22.06 on the moving digits of 64 pixels, and a ConvLSTM 29.80.
#
# **What our small models cannot do.** The films are toys with a simple motion, and no camera film is among them. Our sounds have 8,000 samples a second, last 0.64
# seconds, and buzz. The six speakers are few, as the judge's trouble with a new one shows.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(models.ConvLSTM.step, docstring=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/19_sound_and_frames.ipynb), checked as you go:
#
# 1. **The best blur** (20 minutes): what to say about a pixel with several futures, and what it still costs.
# 2. **Which band?** (15 minutes): from the pitch of a string to the rows of its picture.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - The chain rule turns a model of films into a model of the **next frame**.
# - A network that is trained on true frames is lost on its own: **errors add up**. Memory, and training on its own predictions, help.
# - With two futures the best single answer is their **mean**: the blur comes from the question, not from the network.
# - A sound becomes a **picture** by windows, Fourier, mel bands and a logarithm. **Griffin and Lim** find the way back, and their error never rises.
# - A VAE of such pictures finds the factors of strings, and **told the digit** it speaks.
# - A **judge** needs a ceiling beside it, and a speaker that it has never heard.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - N. Srivastava, E. Mansimov, R. Salakhutdinov, *[Unsupervised learning of video representations using LSTMs](https://arxiv.org/abs/1502.04681)*, ICML 2015.
# - X. Shi et al., *[Convolutional LSTM network](https://arxiv.org/abs/1506.04214)*, NeurIPS 2015: 367.1 nats a frame.
# - N. Kalchbrenner et al., *[Video pixel networks](https://arxiv.org/abs/1610.00527)*, ICML 2017: 87.6 nats a frame, floor 86.3.
# - E. Denton, R. Fergus, *[Stochastic video generation with a learned prior](https://arxiv.org/abs/1802.07687)*, ICML 2018: SVG.
# - C. Tan et al., *[OpenSTL](https://arxiv.org/abs/2306.11249)*, NeurIPS 2023: PredRNN++ 22.06, ConvLSTM 29.80.
# - K. Karplus, A. Strong, *Digital synthesis of plucked-string and drum timbres*, Computer Music Journal 7(2), 1983.
# - D. Griffin, J. Lim, *Signal estimation from modified short-time Fourier transform*, IEEE Trans. ASSP 32(2), 1984.
# - N. Perraudin, P. Balazs, P. Søndergaard, *A fast Griffin-Lim algorithm*, WASPAA 2013.
# - Z. Jackson et al., *[Free Spoken Digit Dataset](https://github.com/Jakobovski/free-spoken-digit-dataset)*, version 1.0.10, CC BY-SA 4.0.
# - A. Gu, T. Dao, *[Mamba](https://arxiv.org/abs/2312.00752)*, 2023, table 4: SC09, with WaveGAN and DiffWave.
# - M. Heusel et al., *[GANs trained by a two time-scale update rule](https://arxiv.org/abs/1706.08500)*, NeurIPS 2017: DCGAN 37.7.
# - T. Karras et al., *[A style-based generator architecture](https://arxiv.org/abs/1812.04948)*, CVPR 2019: 4.40.
# - N. Huang et al., *[The GAN is dead; long live the GAN](https://arxiv.org/abs/2501.05441)*, NeurIPS 2024: R3GAN.
# - T. Karras et al., *[Elucidating the design space of diffusion-based generative models](https://arxiv.org/abs/2206.00364)*, NeurIPS 2022: EDM.
