"""A game of two players on points of the plane in NumPy, as gan_data.js plays it in the page.

Its random numbers are the page's too, so that the picture where no page runs shows what the page would show.
"""

import numpy as np

from coursekit.widgets.gan_network import LOG, LOSSES, Network, Optimizer, sigmoid, toward_one

SHAPES = ("ring", "humps", "line", "moons", "spirals", "rings", "checkerboard")
JITTER = 0.02  # standard deviation of the noise on points that were given
REACH, BINS, SAMPLES = 3, 24, 2000
WEIGHTS, TRAINING, SHOWN, MEASURED = range(4)  # streams of random numbers


class Random:
    """splitmix32 as a counter, so that many numbers are drawn at once. The streams of a seed are independent."""

    def __init__(self, seed, stream):
        self.counter = _hash(_hash(np.uint64(seed)) + np.uint64(stream))

    def uniform(self, *shape):
        """Numbers between 0 and 1, both excluded."""
        count = int(np.prod(shape))
        places = self.counter + np.uint64(0x9E3779B9) * np.arange(1, count + 1, dtype=np.uint64)
        self.counter = (self.counter + np.uint64(0x9E3779B9 * count)) & np.uint64(0xFFFFFFFF)
        return ((_hash(places) + 0.5) / 2**32).reshape(shape)

    def normal(self, *shape):
        """Numbers from N(0, 1)."""
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


class Game:
    """The game that gan_data.js plays.

    Args:
        settings: as `GanGame2D` sends them to the page.
        points: the data [m, 2] if they are not one of `SHAPES`.

    Attributes:
        history: (loss of D, loss of G, V(D, G)) of each step.
        distances: (step, KL, JS), every tenth step.
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
        """The generator's samples [n, 2] of the fixed latents."""
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
        for points, rule, log in zip((x, fakes), LOSSES[self.loss][:2], LOG, strict=True):
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
            penalty, extra = network.penalize(toward_one)
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
