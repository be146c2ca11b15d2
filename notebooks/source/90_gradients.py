# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
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
# The cells run with whatever backend Keras uses on your machine. Read both branches; only one is executed.

# %% tags=["parameters"] slideshow={"slide_type": "skip"}
profile = "quick"  # "full" changes nothing here
seed = 0  # of everything random

# %% slideshow={"slide_type": "skip"}
import coursekit

coursekit.begin(seed)

import keras
import numpy as np
from keras import layers, ops

from coursekit import plots

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

# %% slideshow={"slide_type": "-"}
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
# $3w^2 - 2 = 10$. The tape watches variables by itself; a constant must be pointed out with `tape.watch(x)`, or the
# answer is `None`. JAX differentiates with respect to the *first argument*, whatever it is. In both, the thing
# differentiated must be one number: a loss.
#
# > **Try it.** In TensorFlow, replace `tf.Variable(2.0)` by `tf.constant(2.0)`. What is `slope` now, and what kind of
# > silence is that? Then move `height = f(w)` out of the block.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Whose weights move?
#
# A critic scores what a maker makes: $s = C(M(z))$. The score depends on the weights of both. When the *maker* learns,
# the gradient must pass **through** the critic and stop at the maker's weights: the critic's must not move, or it would
# simply learn to be pleased. The deck's code has a comment about this ("we should *not* update the weights of the
# discriminator"); what does it rest on?

# %% slideshow={"slide_type": "-"}
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

# %% slideshow={"slide_type": "-"}
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

# %% slideshow={"slide_type": "-"}
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
# The same value, and the opposite direction: without the stop, the cheapest way to close the gap is to shrink both. You
# will meet this whenever a network learns from its own output: a target network, the codebook of a discrete
# autoencoder, a teacher that is an average of its students, the straight-through estimator.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The three answers in one method
#
# The course's models write one minibatch down in `train_on`, and `minimize(loss, network)` is the three lines of section
# 2: gradient of the loss, of that network's weights, applied by that network's optimizer. Below is a whole adversarial
# game with one number on either side: the maker adds $\theta$ to noise, the critic is a logistic regression, and the data
# are normal around 4. The step reads like the algorithm; it runs on TensorFlow and on JAX.

# %% tags=["central"] slideshow={"slide_type": "-"}
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


# %% slideshow={"slide_type": "-"}
data = 4 + np.random.default_rng(seed).normal(size=(4000, 1)).astype("float32")
game = Game()
game.compile(maker=keras.optimizers.SGD(0.2), critic=keras.optimizers.SGD(0.05))
theta = [0.0]
watch = keras.callbacks.LambdaCallback(
    on_epoch_end=lambda epoch, logs: theta.append(
        float(game.maker.get_weights()[1][0])
    )
)
game.fit(data, batch_size=100, epochs=40, callbacks=[watch], verbose=0)

# %% slideshow={"slide_type": "-"}
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
# The maker never sees the data. It sees the critic's slope, and goes where the critic says "real", until the critic has
# noticed that it went too far. So it overshoots, and circles in. With other rates it circles for ever, or jumps between
# two places; that is a large part of lecture 6.
#
# > **Try it.** Give the critic a rate of 0.3 and the maker one of 0.05: $\theta$ settles quickly, and beside the mean.
# > Print `game.critic.get_weights()` after each of ten more steps (`game.train_on_batch(data[:100])`). What does it do?
#
# One more thing about `train_on`: it is *compiled*. Python runs it once, to learn what it does; after that the recorded
# program runs without Python. A `print` in it prints once. A plain Python number that you change later has already been
# recorded; a `keras.Variable` has not.

# %% slideshow={"slide_type": "-"}
coursekit.show(Model.minimize)

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
