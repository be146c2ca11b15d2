"""Dense networks, losses and optimizers in NumPy, as gan_network.js and gan_players.js compute them in the page.

`GanGame2D` needs them for its picture where no page runs. A test holds the two together.
"""

import itertools

import numpy as np

SLOPE = 0.2  # of leaky_relu below 0, as in Keras
MOMENTUM, BETA1, BETA2, EPSILON = 0.9, 0.5, 0.999, 1e-7
PENALTY = 10  # weight of Wasserstein's gradient penalty


class Network:
    """Layers of leaky_relu units, the last one linear; kernels from N(0, 2 / inputs)."""

    def __init__(self, widths, random):
        kernels = [np.sqrt(2 / a) * random.normal(a, b) for a, b in itertools.pairwise(widths)]
        self.weights = [array for kernel in kernels for array in (kernel, np.zeros(kernel.shape[1]))]

    def forward(self, x):
        """The outputs [n, outputs] of inputs x [n, inputs]; the layers' values are kept for `backward`."""
        self.inputs = [x]
        for kernel, bias in zip(self.weights[::2], self.weights[1::2], strict=True):
            x = self.inputs[-1] @ kernel + bias
            self.inputs.append(np.where(x > 0, x, SLOPE * x))
        return x

    def backward(self, delta):
        """The gradients of the weights, as a list, and of the inputs, from those of the outputs, `delta` [n, outputs].

        `deltas` keeps those of each layer's sums.
        """
        self.deltas, gradients = [delta], []
        for layer in range(len(self.weights) // 2 - 1, -1, -1):
            x, kernel = self.inputs[layer], self.weights[2 * layer]
            gradients = [x.T @ delta, delta.sum(0), *gradients]
            delta = delta @ kernel.T * (self._slopes(layer) if layer else 1)
            self.deltas.insert(0, delta)
        return gradients, delta

    def penalize(self, rule):
        """The mean penalty on the output's gradient, and the weights' gradients; gan_network.js says how."""
        _, slopes = self.backward(np.ones((len(self.inputs[0]), 1)))
        penalty, factor = rule(np.linalg.norm(slopes, axis=1, keepdims=True))
        tangent, gradients = factor / len(slopes) * slopes, []
        for layer, kernel in enumerate(self.weights[::2]):
            gradients += [tangent.T @ self.deltas[layer + 1], np.zeros(kernel.shape[1])]
            tangent = tangent @ kernel * self._slopes(layer + 1)
        return penalty.mean(), gradients

    def _slopes(self, layer):
        return np.where(self.inputs[layer] > 0, 1, SLOPE)


def sigmoid(f):
    """The logistic function, without overflow."""
    return 0.5 + 0.5 * np.tanh(f / 2)


def _softplus(f):
    return np.logaddexp(0, f)


_REAL = lambda f: (_softplus(-f), -sigmoid(-f))
_FAKE = lambda f: (_softplus(f), sigmoid(f))
_RAISE = lambda f: (-f, -np.ones_like(f))
_TO_ONE = lambda f: ((f - 1) ** 2 / 2, f - 1)
LOSSES = {  # of one output f: (loss, its derivative) on data, on fakes, and for the generator
    "minimax": (_REAL, _FAKE, lambda f: (-_softplus(f), -sigmoid(f))),
    "non-saturating": (_REAL, _FAKE, _REAL),
    "least-squares": (_TO_ONE, lambda f: (f * f / 2, f), _TO_ONE),
    "hinge": (
        lambda f: (np.maximum(1 - f, 0), np.where(f < 1, -1.0, 0)),
        lambda f: (np.maximum(1 + f, 0), np.where(f > -1, 1.0, 0)),
        _RAISE,
    ),
    "wasserstein": (_RAISE, lambda f: (f, np.ones_like(f)), _RAISE),
}
LOG = (_REAL, _FAKE)  # -log D(x) on data and -log(1 - D(x)) on fakes, with their derivatives


def toward_one(length):
    """Wasserstein's gradient penalty for gradients of this length, and its derivative divided by the length."""
    return PENALTY * (length - 1) ** 2, 2 * PENALTY * (length - 1) / (length + 1e-12)


class Optimizer:
    """SGD, SGD with momentum, or Adam, with Keras' formulas: `kind` is "sgd", "momentum" or "adam"."""

    def __init__(self, kind):
        self.kind, self.steps, self.first, self.second = kind, 0, None, None

    def step(self, weights, gradients, rate):
        """Change `weights`, a list of arrays, in place."""
        self.steps += 1
        if self.first is None:
            self.first, self.second = ([np.zeros_like(array) for array in weights] for _ in range(2))
        adapted = rate * np.sqrt(1 - BETA2**self.steps) / (1 - BETA1**self.steps)
        for w, g, m, v in zip(weights, gradients, self.first, self.second, strict=True):
            if self.kind == "sgd":
                w -= rate * g
            elif self.kind == "momentum":
                m[:] = MOMENTUM * m - rate * g
                w += m
            else:
                m += (1 - BETA1) * (g - m)
                v += (1 - BETA2) * (g * g - v)
                w -= adapted * m / (np.sqrt(v) + EPSILON)
