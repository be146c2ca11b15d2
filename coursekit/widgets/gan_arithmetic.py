"""What `GanGame2D` computes in the page (gan_network.js, gan_data.js), again in NumPy: for its picture where
no page runs. The random numbers are the same in both, and a test holds the two together.
"""

import itertools

import numpy as np

SLOPE = 0.2  # of leaky_relu below 0, as in Keras
MOMENTUM, BETA1, BETA2, EPSILON = 0.9, 0.5, 0.999, 1e-7
PENALTY = 10  # weight of Wasserstein's gradient penalty
SHAPES = ("ring", "humps", "line", "moons", "spirals", "rings", "checkerboard")
JITTER = 0.02
REACH, BINS, SAMPLES = 3, 24, 2000
WEIGHTS, TRAINING, SHOWN, MEASURED = range(4)  # streams of random numbers


class Random:
    """splitmix32, as a counter, so that many numbers are drawn at once."""

    def __init__(self, seed, stream):
        self.counter = _hash(_hash(np.uint64(seed)) + np.uint64(stream))

    def uniform(self, *shape):
        count = int(np.prod(shape))
        places = self.counter + np.uint64(0x9E3779B9) * np.arange(1, count + 1, dtype=np.uint64)
        self.counter = (self.counter + np.uint64(0x9E3779B9 * count)) & np.uint64(0xFFFFFFFF)
        return ((_hash(places) + 0.5) / 2**32).reshape(shape)

    def normal(self, *shape):
        pairs = self.uniform(*shape, 2)
        return _gauss(pairs[..., 0], pairs[..., 1])[0]


def _hash(counter):
    mask, shift = np.uint64(0xFFFFFFFF), np.uint64
    t = counter & mask
    t = (t ^ (t >> shift(16))) * np.uint64(0x21F0AAAD) & mask
    t = (t ^ (t >> shift(15))) * np.uint64(0x735A2D97) & mask
    return t ^ (t >> shift(15))


def _gauss(u, v):
    radius = np.sqrt(-2 * np.log(u))
    return radius * np.cos(2 * np.pi * v), radius * np.sin(2 * np.pi * v)


def _round(radius, angle, std, e, f):
    return radius * np.cos(angle) + std * e, radius * np.sin(angle) + std * f


def sample(kind, n, random, points) -> np.ndarray:
    """Points [n, 2] of a shape, or of `points` [m, 2] drawn with replacement; within 3 of the middle."""
    u, v, *noise = random.uniform(n, 4).T
    e, f = _gauss(*noise)
    if kind == "ring":
        x, y = _round(2, np.pi / 4 * np.floor(8 * u), 0.05, e, f)
    elif kind == "humps":
        x, y = np.where(u < 0.4, -1.5, 1) + 0.4 * e, 0.4 * f
    elif kind == "line":
        x, y = 4 * u - 2 + 0.05 * e, 2 * u - 1 + 0.05 * f
    elif kind == "moons":
        x, y = _round(1.4, np.pi * v, 0, e, f)
        side = np.where(u < 0.5, 1, -1)
        x, y = side * (x - 0.7) + 0.1 * e, side * (y - 0.35) + 0.1 * f
    elif kind == "spirals":
        radius = np.sqrt(0.16 + 3.84 * v)
        x, y = _round(radius, 3 * np.pi * (radius - 0.4) / 1.6 + np.where(u < 0.5, 0, np.pi), 0.08, e, f)
    elif kind == "rings":
        x, y = _round(np.where(u < 1 / 6, 0.7, np.where(u < 1 / 2, 1.4, 2.1)), 2 * np.pi * v, 0.08, e, f)
    elif kind == "checkerboard":
        x, y = 4 * u - 2, 2 * np.floor(2 * v) + np.floor(4 * u) % 2 + (2 * v) % 1 - 2
    else:
        at = np.floor(u * len(points)).astype(int)
        x, y = points[at, 0] + JITTER * e, points[at, 1] + JITTER * f
    return np.stack([x, y], axis=1)


def latents(kind, n, dim, random) -> np.ndarray:
    """[n, dim] of mean 0 and variance 1: "uniform" from -sqrt(3) to sqrt(3), or "normal"."""
    return random.normal(n, dim) if kind == "normal" else np.sqrt(3) * (2 * random.uniform(n, dim) - 1)


class Network:
    """Layers of leaky_relu units, the last one linear; kernels from N(0, 2 / inputs)."""

    def __init__(self, widths, random):
        kernels = [np.sqrt(2 / a) * random.normal(a, b) for a, b in itertools.pairwise(widths)]
        self.weights = [array for kernel in kernels for array in (kernel, np.zeros(kernel.shape[1]))]

    def forward(self, x):
        self.inputs = [x]
        for kernel, bias in zip(self.weights[::2], self.weights[1::2], strict=True):
            x = self.inputs[-1] @ kernel + bias
            self.inputs.append(np.where(x > 0, x, SLOPE * x))
        return x

    def backward(self, delta):
        """The weights' gradients, and the inputs'; `deltas` keeps those of each layer's sums."""
        self.deltas, gradients = [delta], []
        for layer in range(len(self.weights) // 2 - 1, -1, -1):
            x, kernel = self.inputs[layer], self.weights[2 * layer]
            gradients = [x.T @ delta, delta.sum(0), *gradients]
            delta = delta @ kernel.T * (self._slopes(layer) if layer else 1)
            self.deltas.insert(0, delta)
        return gradients, delta

    def penalize(self, rule):
        """See gan_network.js: the mean penalty on the output's gradient, and the weights' gradients."""
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


class Optimizer:
    def __init__(self, kind):
        self.kind, self.steps, self.first, self.second = kind, 0, None, None

    def step(self, weights, gradients, rate):
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


class Game:
    """The game of gan_data.js. settings: as `GanGame2D` sends them to the page; points: the data if they have no name.

    `history`: for each step, the losses of D and G and V(D, G); `distances`: (step, KL, JS), every tenth step.
    """

    def __init__(self, settings, points=None):
        self.__dict__.update(settings)
        self.points = points
        random = Random(self.seed, WEIGHTS)
        self.generator = Network(self.generator, random)
        self.discriminator = Network(self.discriminator, random)
        self.optimizers = Optimizer(self.optimizer), Optimizer(self.optimizer)
        self.random = Random(self.seed, TRAINING)
        self.fixed = latents(self.latent, SAMPLES, self.latent_dim, Random(self.seed, SHOWN))
        measured = Random(self.seed, MEASURED)
        self.shown = sample(self.data, SAMPLES, measured, points)
        self.histogram = histogram(sample(self.data, 10 * SAMPLES, measured, points))
        self.history, self.distances = [], []

    def step(self):
        """k steps of the discriminator, then one of the generator."""
        for _ in range(self.k):
            d_loss, value = self._step_discriminator()
        z = latents(self.latent, self.batch, self.latent_dim, self.random)
        parts, gradient = self.push(self.generator.forward(z))
        gradients, _ = self.generator.backward(gradient / self.batch)
        self.optimizers[1].step(self.generator.weights, gradients, self.rates[1])
        self.history.append((d_loss, parts.mean(), value))
        if len(self.history) % 10 == 0:
            self.distances.append((len(self.history), *divergences(self.histogram, histogram(self.fakes()), SAMPLES)))

    def fakes(self):
        return self.generator.forward(self.fixed)

    def push(self, fakes):
        """The generator's losses [n, 1] on fakes [n, 2], and each one's gradient with respect to its place, [n, 2]."""
        parts, slopes = LOSSES[self.loss][2](self.discriminator.forward(fakes))
        return parts, self.discriminator.backward(slopes)[1]

    def verdict(self, points):
        """D's verdict on points [n, 2], in [0, 1] but for losses without probabilities: see gan_data.js."""
        f = self.discriminator.forward(points)[:, 0]
        if self.loss in ("least-squares", "hinge"):
            return f if self.loss == "least-squares" else (f + 1) / 2
        if self.loss != "wasserstein":
            return sigmoid(f)
        real, fake = self.means
        return 0.5 + (f - (real + fake) / 2) / max(real - fake, 0.2)

    def _step_discriminator(self):
        network, n = self.discriminator, self.batch
        x = sample(self.data, n, self.random, self.points)
        fakes = self.generator.forward(latents(self.latent, n, self.latent_dim, self.random))
        shares = self.random.uniform(n, 1) if self.loss == "wasserstein" else None
        loss, value, total, self.means = 0, 0, 0, []
        for points, rule, log in zip((x, fakes), LOSSES[self.loss], (_REAL, _FAKE), strict=False):
            f = network.forward(points)
            parts, slopes = rule(f)
            gradients = [network.backward(slopes / n)[0]]
            loss, value = loss + parts.mean(), value - log(f)[0].mean()
            self.means.append(f.mean())
            if self.r1 and points is x:
                penalty, extra = network.penalize(lambda g: (self.r1 / 2 * g**2, self.r1))
                loss, gradients = loss + penalty, [*gradients, extra]
            total = [sum(arrays) for arrays in zip(*gradients, *([total] if total else []), strict=True)]
        if self.loss == "wasserstein":
            network.forward(shares * x + (1 - shares) * fakes)
            towards_one = lambda g: (PENALTY * (g - 1) ** 2, 2 * PENALTY * (g - 1) / (g + 1e-12))
            penalty, extra = network.penalize(towards_one)
            loss, total = loss + penalty, [a + b for a, b in zip(total, extra, strict=True)]
        self.optimizers[0].step(network.weights, total, self.rates[0])
        return loss, value


def histogram(points) -> np.ndarray:
    """The share of points in each bin of the plane, and, last, outside of it."""
    column, row = np.floor((points + REACH) / (2 * REACH) * BINS).astype(int).T
    inside = (column >= 0) & (column < BINS) & (row >= 0) & (row < BINS)
    place = np.where(inside, row * BINS + column, BINS * BINS)
    return np.bincount(place, minlength=BINS * BINS + 1) / len(points)


def divergences(p, q, n) -> tuple[float, float]:
    """KL(p || q), with one of q's n + 1 points spread over all bins, and JS, in nats."""
    share = lambda a, b: np.sum(a * np.log(np.where(a > 0, a, 1) / np.where(a > 0, b, 1)))
    middle = (p + q) / 2
    return float(share(p, (q * n + 1 / len(p)) / (n + 1))), float(share(p, middle) + share(q, middle)) / 2
