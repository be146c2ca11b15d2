# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # Appendix: gradients, and whose weights move
#
# Every lecture trains something, and the adversarial ones train two things against each other. All of it rests on three
# questions that a framework answers in one line each: *what is the gradient of this scalar?*, *with respect to whose
# weights?*, and *what shall count as a constant?* The deck's code asks them of TensorFlow's tape. Here they are asked
# one at a time, on numbers small enough to check by hand, each beside its twin in JAX.
#
# The cells run with whatever backend Keras uses on your machine. Read both branches; only one is executed. About 30 minutes to read and play;
# seconds to run. You need nothing but Python and the chain rule.

# %% slideshow={"slide_type": "skip"} tags=["parameters", "experiment"]
profile = "quick"  # "full" changes nothing here
seed = 0  # of everything random

# %% slideshow={"slide_type": "skip"} tags=["figure"]
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops

from coursekit import plots
from coursekit.plots import palette

on_tensorflow = keras.backend.backend() == "tensorflow"
if on_tensorflow:
    import tensorflow as tf
else:
    import jax

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The gradient of a scalar
#
# TensorFlow computes forwards and *writes down* what it does; asked for a gradient, it reads the tape backwards. JAX
# has no tape: `jax.grad` takes a function and returns another function, its derivative.
#
# > **Predict.** $f(w) = w^3 - 2w$. What is its slope at $w = 2$?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 8.0
f = lambda w: w**3 - 2 * w

if on_tensorflow:
    w = tf.Variable(2.0)
    with tf.GradientTape() as tape:  # everything in this block is written down
        height = f(w)
    slope = tape.gradient(height, w)
else:
    slope = jax.grad(f)(2.0)

coursekit.expect(
    "the slope at 2 is 10", abs(float(slope) - 10) < 1e-5, slope=slope, guess=guess
)

# %% [markdown] slideshow={"slide_type": "-"}
# The slope of $w^3 - 2w$ is $3w^2 - 2$, and at $w = 2$ that is 10. The tape watches variables by itself; a constant must be pointed out with `tape.watch(x)`, or the
# answer is `None`. JAX differentiates with respect to the *first argument*, whatever it is. In both, the thing
# differentiated must be one number: a loss.
#
# > **Try it.** In TensorFlow, replace `tf.Variable(2.0)` by `tf.constant(2.0)`. What is `slope` now, and who tells you that
# > something is wrong? Then move `height = f(w)` out of the block.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Backwards, and why
#
# A loss is a chain: the image goes through a layer, its answer through the next, and the last answer becomes one number. By the chain rule its
# slope with respect to an early weight is a *product* of slopes, one for each link. Such a product can be multiplied from either end. From the front one carries along how
# everything depends on one weight, and must start again for the next. From the back one carries how the one number depends on each intermediate
# answer, and a single walk gives the slopes of *all* weights. That is backpropagation, or reverse mode. Its cost is a small multiple of the
# loss itself, for one weight or for a million; its price is memory, since each link's answer must be kept until the walk comes by. Hence a training
# step runs out of memory where a prediction does not, and a smaller minibatch helps.
#
# How would you know that a gradient is right? Ask the definition: nudge one weight both ways, and divide.
#
# $$\frac{\partial L}{\partial w_i} \approx \frac{L(w + h e_i) - L(w - h e_i)}{2h}$$
#
# > **Predict.** In 32-bit numbers, with about seven decimal digits: is the check better with $h = 10^{-2}$ or with $h = 10^{-6}$?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
guess = 1e-6
curve = lambda w: np.float32(np.sin(np.float32(w)))  # its slope is the cosine
steps = 10.0 ** np.arange(-7, 0)
errors = []
for h in steps:
    up, down = np.float32(1 + h), np.float32(1 - h)
    errors.append(abs((curve(up) - curve(down)) / np.float32(2 * h) - np.cos(1.0)))

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.lines(
    steps,
    {"error of the nudge": np.maximum(errors, 1e-9)},
    f"Checking a slope in 32 bits (your guess for the better h: {guess:g})",
    "A valley: large errors for tiny steps on the left, and for large ones on the right.",
    xlabel="step h",
    ylabel="distance from the true slope",
    log=("x", "y"),
)
best = steps[int(np.argmin(errors))]
coursekit.expect("the best step is between 0.00005 and 0.05", 5e-5 < best < 5e-2)

# %% [markdown] slideshow={"slide_type": "-"}
# In 32-bit numbers the check is better with $h = 10^{-2}$ than with $h = 10^{-6}$: the best step is between 0.00005 and 0.05. Neither end
# of the curve is good. A large step sees the bend of the curve: that error falls as $h^2$. A tiny one subtracts two numbers that agree in
# nearly all of their digits, and divides what is left, mostly rounding, by almost nothing: that error grows as $1/h$. In between lies a valley. So a check
# of gradients uses $h$ near $10^{-2}$ or $10^{-3}$, or 64-bit numbers, and a *relative* tolerance. And it needs two evaluations for each weight, which is why nobody
# trains that way.
# The course's tests check the losses of its models in this manner, on networks of a few weights.
#
# > **Try it.** Replace `np.float32` by `np.float64`, and let the steps begin at $10^{-12}$. Where does the valley move?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Whose weights move?
#
# A critic scores what a maker makes: $s = C(M(z))$. The score depends on the weights of both. When the *maker* learns,
# the gradient must pass **through** the critic and stop at the maker's weights: the critic's must not move, or it would
# simply learn to be pleased. The deck's code has a comment about this ("we should *not* update the weights of the
# discriminator"); what does it rest on?

# %% slideshow={"slide_type": "-"} tags=["figure"]
plots.flow(
    """
    ($z$) -> [M] -> $M(z)$ -> [C] -> <$s$>
    $s$ ~> M
    """,
    "Values go to the right, the gradient to the left",
    labels={"M": "maker M", "C": "critic C"},
    colors={"M": palette.GENERATOR, "C": palette.DISCRIMINATOR},
    moves=["M"],
)

# %% slideshow={"slide_type": "-"} tags=["experiment"]
maker = keras.Sequential([keras.Input((2,)), layers.Dense(3, activation="tanh")])
critic = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
z = np.random.default_rng(seed).normal(size=(16, 2)).astype("float32")
optimizer = keras.optimizers.SGD(0.1)
before = [w.copy() for w in maker.get_weights() + critic.get_weights()]

if on_tensorflow:
    with tf.GradientTape() as tape:
        unhappiness = -ops.mean(critic(maker(z)))
    gradients = tape.gradient(
        unhappiness, maker.trainable_weights
    )  # of the maker's alone
else:

    def unhappiness_of(weights):
        made, _ = maker.stateless_call(weights, maker.non_trainable_variables, z)
        return -ops.mean(critic(made))

    gradients = jax.grad(unhappiness_of)(
        [v.value for v in maker.trainable_variables]
    )

optimizer.apply(gradients, maker.trainable_variables)

# %% slideshow={"slide_type": "-"} tags=["figure"]
after = maker.get_weights() + critic.get_weights()
moved = [float(np.abs(a - b).max()) for a, b in zip(after, before, strict=True)]
names = ["maker, weights", "maker, bias", "critic, weights", "critic, bias"]
plots.bars(
    dict(zip(names, moved, strict=True)),
    "How far one step moved each array",
    "Bars: the maker's weights and bias moved, the critic's did not.",
    ylabel="largest change",
)
coursekit.expect("the maker moved", min(moved[:2]) > 0)
coursekit.expect("the critic did not", max(moved[2:]) == 0)

# %% [markdown] slideshow={"slide_type": "-"}
# Nothing protects the critic but the **list of variables**: the gradient was asked for the maker's, and the optimizer was
# given the maker's. Both lists must be the same, in the same order; hand the optimizer the other list and it will not
# complain if the shapes happen to fit. In 2015, Keras code protected the critic by `discriminator.trainable = False`
# before compiling. Since batch normalization reads that flag too, the trick silently changed what the discriminator
# computed, and broke many a GAN when Keras 2.3 became 2.4. A list is safer than a switch.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · What counts as a constant?
#
# Sometimes a quantity that depends on the weights must be treated as if it did not: `ops.stop_gradient`, written
# $\operatorname{sg}[\cdot]$. Take $L = \big(w - \operatorname{sg}[2w]\big)^2$: "move $w$ towards twice what it is now".
#
# > **Predict.** At $w = 3$ the loss is 9. What is its gradient with the stop, and what without?

# %% slideshow={"slide_type": "-"} tags=["experiment"]
towards = lambda w: (w - ops.stop_gradient(2 * w)) ** 2
freely = lambda w: (w - 2 * w) ** 2


def gradient(loss, at):
    if not on_tensorflow:
        return float(jax.grad(loss)(at))
    w = tf.Variable(at)
    with tf.GradientTape() as tape:
        value = loss(w)
    return float(tape.gradient(value, w))


with_stop, without = gradient(towards, 3.0), gradient(freely, 3.0)
coursekit.expect(
    "with the stop the gradient is -6: w should grow", abs(with_stop + 6) < 1e-5
)
coursekit.expect("without it, +6: w should shrink", abs(without - 6) < 1e-5)

# %% [markdown] slideshow={"slide_type": "-"}
# With the stop the gradient is -6, without it +6: the same loss, and opposite directions. Without the stop the cheapest way
# to close the gap is to shrink both $w$ and $2w$. You
# will meet this whenever a network learns from its own output: a target network, the codebook of a discrete
# autoencoder, a teacher that is an average of its students, the straight-through estimator.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The three answers in one method
#
# The course's models write one minibatch down in `train_on`, and `minimize(loss, network)` is the three lines of section
# 2: gradient of the loss, of that network's weights, applied by that network's optimizer. Below is a whole adversarial
# game with one number on either side: the maker adds $\theta$ to noise, the critic is a logistic regression, and the data
# are normal around 4. The step reads like the algorithm; it runs on TensorFlow and on JAX.

# %% slideshow={"slide_type": "-"} tags=["central"]
from coursekit.training import Model


class Game(Model):
    def __init__(self):
        super().__init__()
        self.maker = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
        self.critic = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
        self.maker.set_weights([np.ones((1, 1)), np.zeros(1)])  # x = 1 z + theta
        self.maker.layers[0].kernel.trainable = False  # the 1 stays 1
        self.seeds = keras.random.SeedGenerator(seed)

    def make(self, x):
        return self.maker(keras.random.normal(ops.shape(x), seed=self.seeds))

    def train_on(self, x):
        real, fake = lambda: self.critic(x), lambda: self.critic(self.make(x))
        judge = lambda: ops.mean(ops.softplus(-real()) + ops.softplus(fake()))
        fool = lambda: ops.mean(ops.softplus(-fake()))
        critic_loss = self.minimize(judge, self.critic)
        maker_loss = self.minimize(fool, self.maker)
        return {"critic": critic_loss, "maker": maker_loss}


# %% slideshow={"slide_type": "-"} tags=["experiment"]
data = 4 + np.random.default_rng(seed).normal(size=(4000, 1)).astype("float32")
game = Game()
game.compile(maker=keras.optimizers.SGD(0.2), critic=keras.optimizers.SGD(0.05))
theta = [0.0]
watch = keras.callbacks.LambdaCallback(
    on_epoch_end=lambda epoch, logs: theta.append(
        float(game.maker.get_weights()[1][0])
    )
)
history = game.fit(data, batch_size=100, epochs=40, callbacks=[watch], verbose=0)

# %% slideshow={"slide_type": "-"} tags=["figure", "front"]
plots.lines(
    np.arange(len(theta)),
    {"theta": theta},
    "One number against another",
    "Theta climbs from 0 past 4 to more than 5, and spirals in to 4.",
    xlabel="epoch (40 steps each)",
    ylabel="theta",
    marks={"mean of the data": 4},
)
late = np.mean(theta[-10:])
coursekit.expect(
    "theta overshoots the data's mean by 0.5 or more",
    max(theta) > 4.5,
    highest=max(theta),
)
coursekit.expect("and ends within 0.3 of it", abs(late - 4) < 0.3, late=late)

# %% [markdown] slideshow={"slide_type": "-"}
# The maker finds the mean of data that it never sees. It sees the critic's slope, and goes where the critic says "real", until the critic has
# noticed that it went too far. So it overshoots, and circles in. With other rates it circles for ever, or jumps between
# two places; that is a large part of lecture 10.
#
# > **Try it.** Give the critic a rate of 0.3 and the maker one of 0.05: $\theta$ settles quickly, and beside the mean.
# > Print `game.critic.get_weights()` after each of ten more steps (`game.train_on_batch(data[:100])`). What does it do?
#
# One more thing about `train_on`: it is *compiled*. Python runs it once, to learn what it does; after that the recorded
# program runs without Python. A `print` in it prints once. A plain Python number that you change later has already been
# recorded; a `keras.Variable` has not.

# %% slideshow={"slide_type": "-"} tags=["experiment"]
coursekit.show(Model.minimize)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · When a gradient is wrong
#
# Most mistakes with gradients raise no error. This is what one sees, and what to look at first:
#
# - **The loss stays where it is.** Print the largest gradient. If it is `None`, the loss was computed outside the tape, from a NumPy copy, or from a constant. If
#   it is 0, something saturates (a sigmoid, a rectifier that is always off), or a rounding such as `argmax` cut the chain.
# - **The loss becomes NaN.** A logarithm or a square root near 0, or a division by a norm that vanishes. `where(x > 0, log(x), 0)` does not
#   help: the branch that was not taken has an infinite slope, and zero times infinity is NaN. Make the argument harmless *before* the logarithm, or stay with logits.
# - **A network moves that should rest.** Compare its weights before and after one step, as in section 2. It takes two lines and settles the question.
# - **It works on one machine only.** Compare one gradient, not a hundred steps: small differences of rounding grow with each step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# In [their own notebook](exercises/90_gradients.ipynb), checked as you go:
#
# 1. **A slope, checked**: the tool that tells whether a gradient is right.
# 2. **Backwards, by hand**: the chain rule through two layers, and a network that learns with your slopes.
# 3. **Chasing one's own teacher**: what a gradient that stops changes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# - A gradient is asked of **one scalar**, with respect to **a list of weights**. The list decides who learns.
# - The gradient passes *through* networks that are not on the list.
# - `stop_gradient` keeps a value and drops its dependence; forgetting it can turn a step around.
# - `minimize(loss, network)` is these three answers, for every backend.
#
# ## References
#
# - [TensorFlow's guide to automatic differentiation](https://www.tensorflow.org/guide/autodiff), to which the deck refers.
# - [JAX's guide to automatic differentiation](https://docs.jax.dev/en/latest/automatic-differentiation.html).
# - I. Goodfellow et al., *Generative adversarial nets*, 2014, Algorithm 1.
