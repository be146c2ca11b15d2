# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Frames: predict what comes next in a film
#
# A ball flies through the air, and you know where it will be in a moment. You have never been taught this with labels; you have
# only watched. Can a network learn it in the same way, from films alone? The first slide of the deck promises a machine that
# **predicts the next frames of a video**. We build one. We see where it fails, and ask which failures are its own fault, and
# which are the fault of the question.
#
# **You will be able to**
#
# - train a network on the next frame of a film, and measure it against predictors that have learned nothing;
# - explain why errors add up when a network goes on from its own predictions, and let it practice;
# - say what a convolutional LSTM remembers, and write down one step of it;
# - choose between three measures of a predicted frame, and say what each of them rewards;
# - prove why a prediction is blurred when there are two futures.
#
# You need [lecture 7](07_variational_autoencoders.ipynb). [Lecture 9](09_music_vae.ipynb) has met an LSTM before. Lecture 2 has a
# first look at the next frame, which is repeated here where it is needed. About 65 minutes to read and play; about a minute to run.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full": the same lecture with the live models trained five times as long
seed = 0  # of everything random: data order, initial weights, noise

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops
from scipy import ndimage, special
from skimage.metrics import structural_similarity

from coursekit import data, metrics, models, plots, widgets
from coursekit.data import moving_digits
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
# **What does a prediction cost?** Each pixel lies between 0 (paper) and 1 (ink). We treat it as the probability of ink, as in lecture 7. A network that
# predicts the ink $p$ for a pixel with the ink $x$ pays $-x \log p - (1 - x) \log(1 - p)$ nats.
#
# The price of a frame is the sum over its 1,024 pixels. This sum is a choice. It belongs to a model in which the pixels of a frame are *independent*, as soon as the past is known:
#
# $$p(x_t \mid x_1, \dots, x_{t-1}) = \prod_{i=1}^{1024} p(x_{t,i} \mid x_1, \dots, x_{t-1}) ,$$
#
# where $x_{t,i}$ is pixel $i$ of frame $t$. The logarithm turns the product into a sum. Such a model cannot say "this pixel has ink only if that one has". Section 6 shows what this costs.
#
# **There is a floor.** Even a perfect prediction, $p = x$, pays something, because gray pixels have an entropy of their own. This price is the *floor* of the loss, as in lecture 6.

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
    "Three bars: copying is the highest, shifting lower, the network's the lowest.",
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
# The network's squared error is about half of copying's. A gray picture alone would not do that: the mean frame, which is the best of all gray pictures, has 32. So the network knows something of where the digits go. Shifting is not much better than
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
# network in the picture: the digits become blots, and the blots spread. These films have one future, and ten past frames nearly tell it. This network sees three of them, and they tell less: speeds only in whole pixels, and nothing of a digit that is hidden behind the other. So a part of this blur comes from what the network may see, and a part is its own fault.
#
# **Why do errors add up?** In training the network has only ever seen *true* frames. Its own first prediction is a little blurred. A blurred digit is
# something that it has never met, so nothing in its training says what comes after one. Its answer is blurred more, and so on. A network that
# is trained on true frames and used on its own is trained for another task than the one it must do.
#
# > **Try it.** Let `fit` train for 4 epochs instead of 2. What happens to the error of the first frame, and what to that of the tenth?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Practice on one's own predictions
#
# **So let us train it for the task that it must do.** It is told three frames, and must then predict five, each from its own predictions. The price is the mean over the five. The gradient runs back
# through all of them, because each prediction is an input of the next.

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    r"""
    $x_1, x_2, x_3$ -> [once] -> $p_4$ -> [again] -> $p_5$ -> [more]
    $p_4$, $x_4$ -> <nats 4>
    $p_5$, $x_5$ -> <nats 5>
    once == again
    again == more
    """,
    "Practice: the second prediction is made from the first",
    labels={
        "once": "network",
        "again": "network",
        "more": "network",
        "nats 4": "nats",
        "nats 5": "nats",
    },
    notes={"more": "and so on"},
)

# %% [markdown] slideshow={"slide_type": "-"}
# The network, the films and the number of steps stay as they were. What is seen in training is different: its own predictions, and with them five frames to answer for in each film in the place of seventeen, since each film is a chain of five steps here. So if the result differs, it is one of these two.


# %% slideshow={"slide_type": "subslide"} tags=["central"]
class Practiced(MyNextFrame):
    def nats(self, films, ahead=5):
        frames = [films[:, t] for t in range(self.past)]
        prices = []
        for t in range(self.past, self.past + ahead):
            seen = ops.concatenate(frames[-self.past :], axis=-1)
            logits = self.network(seen)
            prices.append(nats_of(logits, films[:, t]))
            frames.append(ops.sigmoid(logits))  # not films[:, t]
        return ops.mean(ops.stack(prices))

    def train_on(self, films):
        return {"nats": self.minimize(lambda: self.nats(films))}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
keras.utils.set_random_seed(seed)
practiced = Practiced()
fit(practiced, films, 10 if full else 2)
predicted["practiced"] = roll(practiced.network, past, 10)
curves["practiced"] = metrics.films.curves(predicted["practiced"], future)

# %% [markdown] slideshow={"slide_type": "-"}
# > **Predict.** One frame ahead, will the practiced network be better or worse than the one before? And ten frames ahead?

# %% slideshow={"slide_type": "-"} tags=["figure"]
guess = "better, better"
plots.images(
    {name: shown[name] for name in ("what happened", "three frames")}
    | {"practiced": predicted["practiced"][3]},
    "The same film, before and after practice",
    "Three rows of ten frames: the unpracticed network's blots grow, the practiced network's become pale.",
    columns=[f"+{t}" for t in range(1, 11)],
    size=0.85,
)
plots.lines(
    np.arange(1, 11),
    {name: curves[name]["squared_error"] for name in ("three frames", "practiced")},
    f"The same network, trained on its own predictions (you said: {guess})",
    "Two rising curves: the practiced network begins a little higher and ends far lower.",
    xlabel="frames ahead",
    ylabel="squared error of a frame",
    marks={"the mean frame": blind["squared_error"].mean()},
)
coursekit.expect(
    "ten frames ahead practice lowers the squared error by at least a quarter",
    curves["practiced"]["squared_error"][9]
    < 0.75 * curves["three frames"]["squared_error"][9],
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Ten frames ahead practice lowers the squared error from 60 to about 36, and one frame ahead it raises it from 19 to more than 21.** Both are what was asked for. In each film of its training one window of three frames is true, two are mixed, and two are predictions alone. So it is best at what comes later, and it has answered for fewer first frames.
#
# The practiced network is still worse than the mean frame at the end. Ten steps ahead it says gray where it is not sure, and it is not sure of much. One reason may be that it sees only three frames. What would a longer memory bring?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Memory: a convolutional LSTM
#
# **The practiced network has no memory.** Three frames say how fast a digit moves, but rounded to whole pixels. Ten frames say it more exactly. And where one digit hides behind the other, only
# older frames know what it looks like.
#
# The memory is an LSTM. It has a state $h_t$, which it shows, and a memory $c_t$, both handed on from frame to frame. Three *gates*, numbers between 0 and 1, say what
# is kept, what is written and what is shown. In a **convolutional LSTM** (Shi et al., 2015) there is such a cell in *each place* of the picture, and instead of
# matrices there are convolutions, written $*$:
#
# $$\begin{aligned}
# f,\ i,\ o &= \mathrm{sigmoid}\big(W * [x_t, h_{t-1}] + b\big), & g &= \tanh\big(W_g * [x_t, h_{t-1}] + b_g\big),\\
# c_t &= f \odot c_{t-1} + i \odot g, & h_t &= o \odot \tanh(c_t).
# \end{aligned}$$
#
# $[x_t, h_{t-1}]$ are the channels of both, one after the other, and $\odot$ multiplies number by number. ($f$, $i$ and $o$ have different $W$. The gate $f$ says what is kept, $i$ what is written, $o$ what is shown; $g$ is what there is to write. Before the first frame $h$ and $c$ are 0.) What does the
# convolution buy? The same weights work in each place, so what is learned about a 3 in one corner holds in all corners. And a memory can
# move. $c$ itself stays in its place. But $h$ goes through a convolution of 3 x 3, so what one place shows is read by the places beside it, and by $i \odot g$ it is written into *their* memories. That is what a moving digit needs.

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
# **How does a state become a frame?** The frame is cut into 8 x 8 places of 4 x 4 pixels, which is the paper's trick to save time. So each place has 16 pixels, as 16 channels. Two cells stand above each other, with 32 channels each. At last one more
# convolution, `head`, reads in each place the frame's 16 channels and both states, $16 + 32 + 32 = 80$ numbers. It answers with 16 logits, and these are laid out as pixels again. This is the package's step:

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(models.ConvLSTM.step, docstring=False)

# %% [markdown] slideshow={"slide_type": "subslide"}
# We load one that was trained for longer (`coursekit train convlstm-digits --profile full`). It was trained with practice: the first ten frames are told, and from then on it must go on alone. Its 4,000 training films were drawn from the training digits, and the test
# films show other digits.
#
# **This is no clean comparison.** The ConvLSTM differs from the practiced network in its memory, in the number of its training films and steps, and in how far ahead it practices. Section 4 changed little. Here we only see how far all of them lead together.
#
# > **Predict.** Ten frames ahead, what will the squared error of the ConvLSTM be? The practiced network has about 36, the mean frame about 32. Type your guess.

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
    "Five curves; the ConvLSTM's is the lowest at every step.",
    xlabel="frames ahead",
    ylabel="squared error of a frame",
    marks={"the mean frame": blind["squared_error"].mean()},
    guesses={"you": (10, guess)},
    baselines=["copying", "shifting"],
    size=(10, 5.6),
)

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    steps,
    {
        f"{name}, hedged" if name in ("copying", "shifting") else name: curve[
            "nats"
        ]
        for name, curve in curves.items()
    },
    "The same, in nats",
    "The ConvLSTM's curve is the lowest; the floor lies far below all.",
    xlabel="frames ahead",
    ylabel="nats a frame",
    marks={"floor": floor, "the mean frame": blind["nats"].mean()},
    baselines=["copying, hedged", "shifting, hedged"],
    size=(8.5, 4.4),
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
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
# (In nats, a sharp picture that is wrong costs very much. So copying and shifting are *hedged* there: each is mixed with the mean frame, in the share that makes it best.)
#
# At each of the ten frames the ConvLSTM is better than copying and shifting, in nats and in squared error, and it is the only one that stays below the mean frame. Ten frames ahead its squared error is about 25. Play the film and look at the lower row. At first
# the digits go on as they should, a little softer. But they become softer still with each frame, and at the end there is a gray cloud where a digit may be. The network is less and less sure, and it says so in gray.
#
# **Is the distance to the floor its own fault?** Mostly. These films have one future, and ten frames nearly tell it. So a better network would come nearer. Ours has 0.14 million weights and was trained for 19 minutes on one core of a processor.
#
# > **Try it.** Give the ConvLSTM films with three digits, or with one: `moving_digits.paths(50, digits=3)`. It has only ever seen two. What does
# > it do?

# %% [markdown] slideshow={"slide_type": "subslide"}
# **A third measure gives another order.** Two pictures look alike to us when their edges and strokes agree. *Structural similarity* (SSIM) measures this. In each window of 7 x 7 pixels it compares the means of the two pictures, their spreads, and how the pixels vary together. It is 1 where both agree, and
# 0 where they have nothing in common. The number is the mean over all windows.

# %% slideshow={"slide_type": "-"} tags=["figure"]
empty = metrics.films.curves(np.zeros_like(future), future)
plots.lines(
    steps,
    {name: curve["ssim"] for name, curve in curves.items()}
    | {"an empty page": empty["ssim"]},
    "Structural similarity: 1 is the same picture",
    "Falling curves; the ConvLSTM's is the highest up to frame 7, and the level of an empty page is above all of them from frame 4 on.",
    xlabel="frames ahead",
    ylabel="SSIM",
    baselines=["copying", "shifting", "an empty page"],
    size=(8.5, 4.4),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **From the fourth frame on an empty page beats them all**, and near the eighth frame shifting overtakes the ConvLSTM. How can that be? Two windows of white paper agree perfectly, and a frame is mostly paper. Let us take the tenth frame apart: the windows in which the true frame has ink, and those in which it has none.

# %% slideshow={"slide_type": "subslide"} tags=["experiment"]
tenth = future[:, 9, ..., 0]
ink = ndimage.maximum_filter(tenth, (1, 7, 7)) > 0.05


def taken_apart(frames):
    """SSIM of frames [n, 32, 32]: in windows where the tenth frame has ink, and where it has none."""
    maps = [
        structural_similarity(a, b, data_range=1, full=True)[1]
        for a, b in zip(frames, tenth, strict=True)
    ]
    return np.stack(maps)[ink].mean(), np.stack(maps)[~ink].mean()


apart = {
    name: taken_apart(predicted[name][:, 9].reshape(tenth.shape))
    for name in ("shifting", "ConvLSTM")
} | {"an empty page": taken_apart(np.zeros_like(tenth))}
gone = 1 - predicted["shifting"][:, 9].sum() / predicted["shifting"][:, 0].sum()
print(f"ink that shifting has moved out of the picture: {gone:.0%}")

# %% slideshow={"slide_type": "-"} tags=["figure"]
coursekit.expect(
    "where there is ink the ConvLSTM is far above shifting, and an empty page wins all the same",
    apart["ConvLSTM"][0] > 3 * apart["shifting"][0]
    and empty["ssim"][9] > curves["ConvLSTM"]["ssim"][9],
)
plots.table(
    [[name, *(f"{value:.2f}" for value in pair)] for name, pair in apart.items()],
    ("SSIM of the tenth frame", "where there is ink", "where there is none"),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Where there is ink, the ConvLSTM is far better than shifting.** Where there is none, it is worse, because its gray clouds lie on paper that should be white. Shifting has moved more than half of its ink out of the picture, and what it leaves behind is white paper. Most windows have no ink, so they decide. (The table takes all windows. The curve leaves out those at the border, where paper is most frequent.)
#
# So structural similarity can prefer a sharp mistake, or nothing at all, to a soft doubt. In nats and in squared error shifting is far worse than the ConvLSTM. No measure is the right one for all questions: write down what a measure rewards before you believe it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Two futures
#
# So far each film had one possible future. Now we toss a coin at each bounce: a digit that touches the right wall comes back from it, but whether
# it then flies up or down is chosen at random. From the past nobody can know which. (`moving_digits.paths` draws such films with `bounce="random"`, for all four walls.)
#
# To see clearly what happens, we make the task as small as can be. All films show the same digit, and each flies to the right wall. Only its height
# and its slant differ from film to film. It comes from above and touches the wall in frame 8. Then the coin decides: with $+1$ it flies on downward, and with $-1$ it flies up again.


# %% slideshow={"slide_type": "-"} tags=["experiment"]
def flights(height, slant, coin):
    """Places [n, 1, 14, 2] of digits that reach the right wall in frame 8."""
    t = np.arange(14)
    before, after = np.minimum(t - 7, 0), np.maximum(t - 7, 0)
    height, slant, coin = (
        np.reshape(each, (-1, 1)) for each in (height, slant, coin)
    )
    row = height + slant * before + coin * slant * after
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
    rng.uniform(6, 12, n), rng.uniform(0.9, 1.5, n), rng.choice([-1, 1], n)
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
# The network draws both futures at once, each half as dark: the **mean of the two futures**. It is a picture that never happens.
#
# **Why the mean?** Look at one pixel. In one future its ink will be $a = 0.1$, and in the other one $b = 0.8$, each with probability $\tfrac12$. The network must say one number $p$. What will it pay, on average, for each $p$?

# %% slideshow={"slide_type": "subslide"} tags=["figure"]
a, b, p = 0.1, 0.8, np.linspace(0.02, 0.98, 97)
prices = {
    "squared error": lambda x: (x - p) ** 2,
    "cross-entropy (nats)": lambda x: -x * np.log(p) - (1 - x) * np.log(1 - p),
}
plots.lines(
    p,
    {name: (price(a) + price(b)) / 2 for name, price in prices.items()},
    "The expected price of one answer to two futures, 0.1 and 0.8",
    "Two curves that open upward; both are lowest at 0.45, the mean.",
    xlabel="what the network says",
    ylabel="expected price",
    size=(7.5, 3.4),
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Both curves are lowest at 0.45, the mean of the two.** For the squared error the expected price is
#
# $$E(p) = \tfrac12 (a - p)^2 + \tfrac12 (b - p)^2 .$$
#
# Its derivative is $E'(p) = -(a - p) - (b - p) = 2p - a - b$. This is 0 at $p = \tfrac12 (a + b)$, the mean, and nowhere else. Since $E$ is a parabola that opens
# upward, this is the minimum. What is left there is $E = \tfrac14 (a - b)^2$, and no network can get below it.
#
# Cross-entropy, which we train with, has the same minimum. The price is linear in the ink, so its mean over the two futures is the price of the mean ink $m = \tfrac12 (a + b)$, that is $-m \log p - (1 - m) \log (1 - p)$.
# Its derivative is $-m/p + (1 - m)/(1 - p)$, and this is 0 where $p = m$. It is a smallest value, because $-\log p$ and $-\log(1 - p)$ both bend upwards. And the price of a frame is the sum over its pixels, so each pixel may be looked at by itself.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **So there are two kinds of blur.** In sections 3 to 5 there was one future, and the network did not know it well enough. That blur is a weakness of the network: a better one is sharper. Here there are two futures, and nobody can know which. This blur is the
# right answer to the question that the loss asks, and a better network would draw the same mean, only more cleanly.
#
# Who wants to see *one* future has to ask for a sample from $p(x_t \mid x_1, \dots, x_{t-1})$, not for its mean. But our model says that the pixels are independent. If each pixel were drawn by itself, half of the pixels of both digits would be black: no 4 at all. All pixels must choose together, and
# for that the network needs something that it can choose with: a code. **A VAE in each frame** does it: SVG (Denton and Fergus, 2018)
# draws a code $z_t$ for each frame, and the code can say "up" or "down". (A generative adversarial network could choose, too: its generator gets noise. We train neither here.)
#
# > **Try it.** Make the coin unfair: `rng.choice([-1, 1], n, p=[0.25, 0.75])`. How dark is each future now? Then make the slants alike (`rng.uniform(1.2, 1.2, n)`): does the
# > picture become sharper?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## For a second reading
#
# ### Ours beside the published ones
#
# The films of the papers have 64 x 64 pixels, so **their numbers cannot be compared with ours**, but they can be compared with each other. These are nats a frame, for the ten frames that follow ten known ones, as the authors of the VPN tabulate them (Kalchbrenner et al., 2017):
#
# | | nats a frame |
# |---|---|
# | ConvLSTM (Shi et al., 2015) | 367.2 |
# | LSTM of whole frames (Srivastava et al., 2015) | 341.2 |
# | VPN, a network that predicts pixel by pixel | 87.6 |
# | the floor | 86.3 |
#
# The VPN does not treat the pixels as independent. It predicts each one from the frames before *and* from the pixels of the same frame that it has drawn already, as the chain rule allows. So it comes within 2 % of the floor. The comparison is not quite fair: when a chain rule is measured, all that came before is true. The two LSTMs go on from their own predictions. And the VPN pays in time: it draws 4,096 pixels one after the other, where a ConvLSTM needs one step.
#
# ### What a coin costs
#
# In section 6 one coin decides about all pixels, and a coin holds $\log 2 = 0.69$ nats. What does our network pay for not knowing it? We subtract the floor from its price on the two futures.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
ahead = fork[:, 11:12]
told = np.stack([drawn, drawn])[:, None]
paid = metrics.films.curves(told, ahead)["nats"][0]
best = metrics.films.curves(np.stack([mean, mean])[:, None], ahead)["nats"][0]
least = metrics.films.floor(ahead)[0]
print(
    f"above the floor: network {paid - least:.1f} nats, true mean {best - least:.1f}"
)

# %% [markdown] slideshow={"slide_type": "-"}
# **Even the true mean pays 27.5 nats for a coin that holds 0.69.** It pays for each pixel anew, as if each one tossed a coin of its own. The network pays 33.2. A model with a code would pay for the coin once, in its KL term, and could then be sharp.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/19_frames.ipynb), checked as you go:
#
# 1. **The best blur** (20 minutes): what to say about a pixel with several futures, and what it still costs.
# 2. **One step of memory** (15 minutes): the gates of an LSTM cell, and how long a memory lasts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - The chain rule turns a model of films into a model of the **next frame**.
# - A network that is trained on true frames is lost on its own: **errors add up**. **Practice** on its own predictions helps, even without a memory.
# - A **convolutional LSTM** has a memory in each place, and hands it on to the places beside it.
# - **Three measures** give three orders: nats and squared error punish what is in the wrong place, structural similarity also rewards white paper.
# - With two futures the best single answer is their **mean**. This blur comes from the question. The blur of a weak network comes from the network.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## References
#
# - N. Srivastava, E. Mansimov, R. Salakhutdinov, *[Unsupervised learning of video representations using LSTMs](https://arxiv.org/abs/1502.04681)*, ICML 2015.
# - X. Shi et al., *[Convolutional LSTM network](https://arxiv.org/abs/1506.04214)*, NeurIPS 2015.
# - Z. Wang et al., *Image quality assessment: from error visibility to structural similarity*, IEEE Trans. Image Processing 13(4), 2004: SSIM.
# - N. Kalchbrenner et al., *[Video pixel networks](https://arxiv.org/abs/1610.00527)*, ICML 2017: VPN, its table 1.
# - E. Denton, R. Fergus, *[Stochastic video generation with a learned prior](https://arxiv.org/abs/1802.07687)*, ICML 2018: SVG.
