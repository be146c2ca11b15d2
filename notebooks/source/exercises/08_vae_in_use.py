# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Variational autoencoders in use: exercises
#
# Two of them, in rising difficulty, to [the lecture](../08_vae_in_use.ipynb). Write where it says
# `YOUR CODE HERE` and run the cell after it: the check looks at what you wrote and says what to look at next, as often as
# you like. Everything runs before you have written anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import keras
import numpy as np
from coursekit import data, metrics, models, plots
from coursekit.exercises.material.vae_patients import chart, patients
from coursekit.training import progress

train, test = (
    metrics.likelihood.binarize(data.load("digits", split).flat, "thresholded")
    for split in ("train", "test")
)


def fit(vae, images, epochs=10):
    steps = epochs * (len(images) // 64)
    falling = keras.optimizers.schedules.CosineDecay(3e-3, steps)
    vae.compile(keras.optimizers.Adam(falling))
    vae.fit(images, epochs=epochs, batch_size=64, verbose=0, callbacks=progress())


# %% [markdown]
# ## 8.1 · The way from one digit to another (25 minutes)
#
# Half way between two codes $a$ and $b$ lies $(a+b)/2$, one would think. The decoder was trained on codes from about
# $\mathcal N(0, I)$. In 50 dimensions, how long is such a code? And how long is the middle of the straight path between
# two of them? Type your guess for the middle before you read on.
#
# The path that stays at the codes' own length goes along a great circle (Shoemake, 1985): with the angle $\omega$
# between $a$ and $b$,
# $$\operatorname{slerp}(a, b, t) = \frac{\sin((1-t)\,\omega)}{\sin\omega}\,a + \frac{\sin(t\,\omega)}{\sin\omega}\,b .$$
# Write it for $a, b$ [n, d] and one number $t$; where $a$ and $b$ point the same way take the limit, the straight path.
# Then write `lengths(d)`: draw pairs from the prior and return three average lengths, of the prior's codes, of the middles
# of the straight paths, and of the middles of the round ones. You will understand why the middle of a bell in many
# dimensions is a place where nobody lives.

# %%
guess = 7.0


def slerp(a, b, t):
    ### BEGIN SOLUTION
    # stub: return (1 - t) * a + t * b
    lengths = [np.linalg.norm(x, axis=-1, keepdims=True) for x in (a, b)]
    cosine = (a * b).sum(axis=-1, keepdims=True) / (lengths[0] * lengths[1])
    angle = np.arccos(np.clip(cosine, -1, 1))
    parallel = angle < 1e-6
    sine = np.where(parallel, 1, np.sin(angle))
    round_path = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / sine
    return np.where(parallel, (1 - t) * a + t * b, round_path)
    ### END SOLUTION


def lengths(d):
    ### BEGIN SOLUTION
    # stub: return 0.0, 0.0, 0.0
    a, b = np.random.default_rng(0).standard_normal((2, 2000, d))
    length = lambda codes: np.linalg.norm(codes, axis=1).mean()
    return length(a), length((a + b) / 2), length(slerp(a, b, 0.5))
    ### END SOLUTION


# %% points=2
coursekit.check("8.1", (slerp, lengths))

# %%
dimensions = [5, 10, 20, 30, 40, 50]
measured = np.array([lengths(d) for d in dimensions])
plots.lines(
    dimensions,
    {
        "codes of the prior": measured[:, 0],
        "middle, round": measured[:, 2],
        "√d": np.sqrt(dimensions),
        "middle, straight": measured[:, 1],
        "√(d/2)": np.sqrt(np.array(dimensions) / 2),
    },
    "How long a code is",
    "Average length against dimension: the prior and the round middle near the root of d, the straight one below.",
    xlabel="dimensions d",
    ylabel="length",
    guesses={"your guess": (50, guess)},
)

# %% [markdown]
# In two dimensions the straight middle is an ordinary code: 39 % of the prior's codes are at least as near to 0 as
# $\sqrt{d/2} = 1$. In 50 dimensions one in a thousand is. Does a decoder mind? Both paths, between the same pairs of
# codes from the prior, in a VAE with 50 dimensions:

# %%
keras.utils.set_random_seed(0)
vae = models.vae.dense(latent_dim=50, widths=(128,))
fit(vae, train)

# %%
a, b = np.random.default_rng(3).standard_normal((2, 300, 50)).astype("float32")
times = np.linspace(0, 1, 9)
paths = {
    "straight": [(1 - t) * a + t * b for t in times],
    "round": [slerp(a, b, t) for t in times],
}
pictures = {
    name: np.stack(
        [keras.ops.convert_to_numpy(vae.decode(z)) for z in path], axis=1
    )
    for name, path in paths.items()
}
doubt = {
    name: (p * (1 - p)).sum(axis=2).mean(axis=0) for name, p in pictures.items()
}

# %%
plots.images(
    {
        f"{name}, {pair + 1}": p[pair]
        for pair in range(2)
        for name, p in pictures.items()
    },
    "Two pairs of codes, two ways to go",
    "Four rows of nine decoded digits, two straight and two round paths between the same ends; the middles differ.",
    columns=[f"{t:.2g}" for t in times],
)

# %%
plots.lines(
    times,
    doubt,
    f"Half way: {doubt['straight'][4]:.0f} on the straight path, {doubt['round'][4]:.0f} on the round one",
    "Variance of the decoder's pixels along both paths: a bump in the middle of the straight one, level on the round one.",
    xlabel="t",
    ylabel="variance of the pixels, sum p(1 - p)",
)

# %% [markdown]
# On the straight way the decoder hesitates: its pixels drift away from black and white toward gray, and a mean of digits
# comes into sight. Measured over 300 pairs, not over the one pair that shows it best. Now an unchecked step: repeat it
# between the *means* of two encoded images instead of codes from the prior. How long are these? Whoever interpolates
# means starts from codes that are shorter than the prior's already; why are they, and does the round path still win?

# %% [markdown]
# ## 8.2 · Three patients (30 minutes)
#
# Three VAEs with ten units each, brought in without their papers. `patients` has trained them on the same digits. One of
# them is healthy. In one the divergence weighs far too much (`"price"`). In one the decoder was built so that it never
# reads some of the units (`"deaf"`). Which is which, and how many units does each one use?
#
# A unit says something about the image if the mean of its $q(z|x)$ **changes from image to image**; the usual threshold
# is a variance of 0.01 (Burda et al., 2016). Write `active(mean, log_variance)`, for codes [n, d] one True or False for
# each unit. A large divergence is not yet a message: what does a unit pay that tells every image the same 0.7?

# %%
three = patients(train, fit)


# %%
def active(mean, log_variance):
    ### BEGIN SOLUTION
    # stub: return np.ones(mean.shape[1], bool)
    return mean.var(axis=0) > 0.01
    ### END SOLUTION


# %% [markdown]
# The chart says what each unit pays, and how far the picture moves (the change of all its pixels, in
# pixels from white to black) when the unit is moved by 2, averaged over a hundred codes of the prior.

# %%
chart(three, test, active)

# %% [markdown]
# Write for each patient the number of active units and one of `"healthy"`, `"price"`, `"deaf"`. Two of them have dead
# units. What tells a unit that nobody reads from one that nobody can afford?

# %%
### BEGIN SOLUTION
# stub: diagnosis = {"A": (10, "healthy"), "B": (10, "healthy"), "C": (10, "healthy")}
diagnosis = {"A": (5, "deaf"), "B": (10, "healthy"), "C": (0, "price")}
### END SOLUTION

# %% [markdown]
# Now cure the one that pays too much. Its owner insists on `beta=40`, so the price stays. The lecture has two medicines:
# `warm_up` (steps until the full price is asked) and `free_bits` (nats that each unit may use unpaid). Training takes 620
# steps. Write `cure`, the options to add, so that at least eight of ten units are active at the end. Which of the two
# will do it? Try both: you will understand which disease each of them is for.

# %%
### BEGIN SOLUTION
# stub: cure = {}
cure = {"free_bits": 1.0}
### END SOLUTION

keras.utils.set_random_seed(0)
cured = models.vae.dense(10, widths=(128,), beta=40, **cure)
fit(cured, train)

# %% points=3
coursekit.check("8.2", (active, diagnosis, cured))

# %%
chart({"C, treated": cured}, test, active)

# %% [markdown]
# Look at what each unit pays now. Why almost the same in all of them, and why a little *less* than its free bits? (Inside
# them a nat costs nothing, outside it costs forty. And what may not be exceeded is the average over a minibatch.) A high
# price with free bits is no price at all but a *budget*, and you have set it.
#
# Then an unchecked step: `chart(patients(train, fit, free_bits=1.0), test, active)` gives the same medicine to all three,
# from their first day. How many active units has the deaf one now, what do they pay, and which row of the chart still
# tells the truth?
