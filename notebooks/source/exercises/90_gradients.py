# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Gradients: exercises
#
# Three of them to [the appendix](../90_gradients.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the
# check looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import plots

# %% [markdown]
# ## 90.1 · A slope, checked (15 minutes)
#
# You will write gradients by hand below, so first build the tool that tells whether they are right. Write
# `slopes(loss, w, h)`: `loss` is a function of an array of weights [d], and the slopes [d] are the central differences
# of section 1 with the step h. Each weight is nudged alone, and `w` is the same afterwards.


# %%
def slopes(loss, w, h):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(w))
    found = []
    for i in range(len(w)):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        found.append((loss(up) - loss(down)) / (2 * h))
    return np.array(found)
    ### END SOLUTION


# %% points=1
coursekit.check("90.1", slopes)

# %% [markdown]
# ## 90.2 · Backwards, by hand (30 minutes)
#
# A network of two layers takes $x$ with $d$ numbers, makes $h = \tanh(Wx)$, answers $a = v \cdot h$, and pays
# $L = \tfrac12 (a - y)^2$. Walk backwards through the chain, one link at a time, and write
#
# - `of_v(w, v, x, y)`: the slopes of $L$ in the weights $v$, an array [h];
# - `of_w(w, v, x, y)`: the slopes of $L$ in the weights $W$, an array [h, d].
#
# You need $\tanh'(u) = 1 - \tanh^2(u)$.


# %%
def of_v(w, v, x, y):
    ### BEGIN SOLUTION
    # stub: return np.zeros(np.shape(v))
    h = np.tanh(w @ x)
    return (v @ h - y) * h
    ### END SOLUTION


def of_w(w, v, x, y):
    ### BEGIN SOLUTION
    # stub: return np.zeros(np.shape(w))
    h = np.tanh(w @ x)
    return np.outer((v @ h - y) * v * (1 - h**2), x)
    ### END SOLUTION


# %% points=2
coursekit.check("90.2", (of_v, of_w))

# %% [markdown]
# Do your two tools agree with each other? Then let the network learn with your slopes: one number in, one out, 16 hidden
# numbers, and 400 steps over the points of a curve. The constant 1 beside $x$ lets each tanh stand at another place.

# %%
rng = np.random.default_rng(0)
w, v = rng.normal(0, 2, (16, 2)), rng.normal(0, 0.3, 16)
x, y = np.array([0.5, 1.0]), 1.0
loss = lambda flat: (v @ np.tanh(flat.reshape(16, 2) @ x) - y) ** 2 / 2
gap = np.abs(slopes(loss, w.ravel(), 1e-4) - of_w(w, v, x, y).ravel()).max()
print(f"the largest difference of the two: {gap:.1e}")

line = np.linspace(-2, 2, 41)
curve = np.sin(2 * line)
points = np.stack([line, np.ones(41)], axis=1)
for _ in range(400):
    for i in rng.permutation(41):
        dv, dw = of_v(w, v, points[i], curve[i]), of_w(w, v, points[i], curve[i])
        v, w = v - 0.05 * dv, w - 0.05 * dw

# %%
plots.lines(
    line,
    {"to be learned": curve, "your network": np.tanh(points @ w.T) @ v},
    "A network that learned with your slopes",
    "A sine, and the network's answer, which lies on it when both slopes are right.",
    xlabel="x",
    ylabel="answer",
    baselines=["to be learned"],
)

# %% [markdown]
# `slopes` calls the loss twice for each weight; your slopes come from one walk forth and one walk back. For a network of a
# million weights, how many times as long does the check take? Which of the values of the walk forth did the walk back need, so
# that they had to be kept?

# %% [markdown]
# ## 90.3 · Chasing one's own teacher (15 minutes)
#
# A student is one number $w$. Its teacher is made of the student itself: $t = a\,w + b$. The loss is
# $L = \tfrac12 (w - t)^2$. Guess first: with $a = 0.5$ and $b = 1$, to which $w$ does the student go?
#
# Write the slope of the loss in $w$ twice: `with_stop(w, a, b)`, where the teacher counts as a constant,
# $L = \tfrac12 \big(w - \operatorname{sg}[a w + b]\big)^2$, and `without(w, a, b)`, where it does not.

# %%
guess = 1.0


def with_stop(w, a, b):
    ### BEGIN SOLUTION
    # stub: return 0.0 * w
    return w - (a * w + b)
    ### END SOLUTION


def without(w, a, b):
    ### BEGIN SOLUTION
    # stub: return 0.0 * w
    return (1 - a) * (w - (a * w + b))
    ### END SOLUTION


# %% points=2
coursekit.check("90.3", (with_stop, without))

# %%
roads = {}
for name, slope in (("with the stop", with_stop), ("without", without)):
    for a in (0.5, 1.5):
        w, road = 3.0, []
        for _ in range(25):
            road.append(w)
            w = w - 0.3 * slope(w, a, 1.0)
        roads[f"{name}, a = {a}"] = (np.arange(25), np.clip(road, -10, 10))
plots.lines(
    None,
    roads,
    "Where the student goes",
    "Four roads over the steps: for a = 0.5 both end at 2, for a = 1.5 one ends at -2 and the other one runs away.",
    xlabel="step",
    ylabel="w",
    guesses={"your guess": (24, guess)},
)

# %% [markdown]
# For $a = 0.5$ both arrive at the same place, $w = b / (1 - a)$, where student and teacher agree. For $a = 1.5$ only one of them
# does. Which one, and which factor of your two slopes says so?
