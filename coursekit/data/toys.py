"""Toy distributions, in the plane and on a line, with a sampler and the exact density to compare a model with."""

import difflib
from collections.abc import Callable

import numpy as np

from coursekit.data.files import DataError

PLANE = (-3.0, 3.0, -3.0, 3.0)
SMALL, WIDE = (-2.0, 2.0, -2.0, 2.0), (-4.0, 4.0, -4.0, 4.0)


class Toy:
    """A distribution with a known density.

    Attributes:
        name: such as "ring". what: one line about it.
        extent: (left, right, bottom, top), or (left, right) on a line: beyond it there is next to nothing.
        modes: the centers of its humps [m, dimensions], or None where it has no separate ones.
        std: standard deviation of the noise around its centers or its curve, in each direction; None without noise.
    """

    modes = std = None

    def __init__(self, name: str, what: str, extent: tuple[float, ...]):
        self.name, self.what, self.extent = name, what, extent
        self.dimensions = len(extent) // 2

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """`n` points, float32 [n, dimensions], the same for the same seed."""
        if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
            raise ValueError(f"Expected a whole number of points of at least 1, got {n!r}.")
        return self._draw(n, np.random.default_rng(seed)).astype("float32")

    def log_density(self, x) -> np.ndarray:
        """log p(x) in nats, float64 [n], for points x [n, dimensions]; -inf where there can be none."""
        x = np.asarray(x, "float64")
        if x.ndim != 2 or x.shape[1] != self.dimensions:
            raise ValueError(f"Expected points [n, {self.dimensions}] for {self.name!r}, got shape {x.shape}.")
        return self._log_density(x)

    def density(self, x) -> np.ndarray:
        """p(x), float64 [n]: integrates to 1 over the plane (or line)."""
        return np.exp(self.log_density(x))

    def __repr__(self) -> str:
        return f"Toy({self.name}: {self.what})"


class Mixture(Toy):
    """Gaussians of one standard deviation around `centers` [m, dimensions], the i-th of them with weight `weights[i]`
    (equal if None)."""

    def __init__(self, name, what, extent, centers, std, weights=None):
        super().__init__(name, what, extent)
        self.centers, self.std = np.asarray(centers, "float64"), std
        equal = np.full(len(self.centers), 1 / len(self.centers))
        self.weights = equal if weights is None else np.asarray(weights, "float64")
        self.modes = self.centers

    def _draw(self, n, rng):
        chosen = self.centers[rng.choice(len(self.centers), n, p=self.weights)]
        return chosen + self.std * rng.standard_normal(chosen.shape)

    def _log_density(self, x):
        scale = np.log(self.weights) - self.dimensions * np.log(self.std * np.sqrt(2 * np.pi))
        answer = np.empty(len(x))
        for start in range(0, len(x), 1000):  # 1000 points by 480 centers: 4 MB
            some = x[start : start + 1000]
            squares = (some**2).sum(1)[:, None] - 2 * some @ self.centers.T + (self.centers**2).sum(1)
            exponents = scale - squares / (2 * self.std**2)
            highest = exponents.max(axis=1)
            answer[start : start + 1000] = highest + np.log(np.exp(exponents - highest[:, None]).sum(axis=1))
        return answer


class Curve(Mixture):
    """Gaussian noise around curves, along which all points are equally likely. The integral along them is a sum over
    480 points, each less than 0.7 standard deviations from the next, so that no gap is to be seen (the ripple is below
    1e-15); the sampler draws from the same sum."""

    def __init__(self, name, what, extent, curves, std):
        super().__init__(name, what, extent, _evenly(curves), std)
        self.modes = None


class Checkerboard(Toy):
    """Uniform on every other square of a board of `squares` x `squares` in [-half, half]^2; the lower left one is among
    them."""

    def __init__(self, name, what, extent, squares=4, half=2.0):
        super().__init__(name, what, extent)
        self.squares, self.half = squares, half
        self.side = 2 * half / squares
        self.taken = np.argwhere(np.indices((squares, squares)).sum(axis=0) % 2 == 0)

    def _draw(self, n, rng):
        corners = self.taken[rng.integers(len(self.taken), size=n)]
        return (corners + rng.random((n, 2))) * self.side - self.half

    def _log_density(self, x):
        square = np.floor((x + self.half) / self.side).astype(int)
        inside = ((square >= 0) & (square < self.squares)).all(axis=1) & (square.sum(axis=1) % 2 == 0)
        return np.where(inside, -np.log(len(self.taken) * self.side**2), -np.inf)


class LongSpirals(Toy):
    """Two arms: at the angle t = 3 pi sqrt(u), with u uniform, the points (-t cos t, t sin t) / 3 and their opposites,
    moved by a uniform number up to 1/6 in each direction, away from 0 on the diagonal, and by Gaussian noise.

    The density is an average over 2,000 values of u.
    """

    angles, width, noise = 3 * np.pi * np.sqrt((np.arange(2000) + 0.5) / 2000), 1 / 6, 0.1

    def _arm(self, angles):
        return np.stack([-angles * np.cos(angles), angles * np.sin(angles)], axis=-1) / 3

    def _draw(self, n, rng):
        moved = self._arm(3 * np.pi * np.sqrt(rng.random(n))) + self.width * rng.random((n, 2))
        sign = np.where(np.arange(n) % 2 == 0, 1, -1)[:, None]
        return rng.permutation(sign * moved) + self.noise * rng.standard_normal((n, 2))

    def _log_density(self, x):
        with np.errstate(divide="ignore"):
            return np.log((self._of_arm(x) + self._of_arm(-x)) / 2)

    def _of_arm(self, x):
        """A uniform number plus a Gaussian one has the density (Phi(a / noise) - Phi((a - width) / noise)) / width."""
        from scipy.special import ndtr

        start, density = self._arm(self.angles), np.empty(len(x))
        for first in range(0, len(x), 500):
            gap = x[first : first + 500, None] - start
            each = ndtr(gap / self.noise) - ndtr((gap - self.width) / self.noise)
            density[first : first + 500] = (each / self.width).prod(axis=-1).mean(axis=-1)
        return density


def _circle(radius, points, start=0.0, turns=1.0):
    """Points [points, 2] on (part of) a circle around 0; a whole one does not come back to its first point."""
    angles = 2 * np.pi * (start + turns * np.arange(points) / points)
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _evenly(curves, points=480):
    """About `points` points along `curves` (polylines [k, 2]): on each as many as its length asks for, at the middle of
    pieces of one length."""
    steps = [np.linalg.norm(np.diff(curve, axis=0), axis=1) for curve in curves]
    total = sum(step.sum() for step in steps)
    return np.concatenate([_along(*pair, points / total) for pair in zip(curves, steps, strict=True)])


def _along(curve, steps, points_per_length):
    at = np.concatenate([[0], np.cumsum(steps)])
    count = round(points_per_length * at[-1])
    wanted = (np.arange(count) + 0.5) / count * at[-1]
    return np.stack([np.interp(wanted, at, coordinate) for coordinate in curve.T], axis=1)


def _ring():
    """Eight separate modes: the usual test of whether a GAN finds them all. A perfect sampler has 98.9 % of its points
    within 3 standard deviations of a mode."""
    return Mixture("ring", "eight Gaussians on a circle", PLANE, _circle(2.0, 8), std=0.05)


def _spirals():
    turn = np.linspace(0, 1.5, 2000)[:, None]
    arm = (0.4 + 1.6 * turn / 1.5) * np.hstack([np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)])
    return Curve("spirals", "two arms, one and a half turns each", PLANE, [arm, -arm], std=0.08)


def _checkerboard():
    return Checkerboard("checkerboard", "eight squares that touch at their corners", PLANE)


def _rings():
    circles = [np.vstack([points := _circle(radius, 2000), points[:1]]) for radius in (0.7, 1.4, 2.1)]
    return Curve("rings", "three circles with one center", PLANE, circles, std=0.08)


def _narrow_ring():
    return Mixture("narrow-ring", "eight narrow Gaussians on a circle", SMALL, _circle(2 / 1.414, 8), 0.02 / 1.414)


def _long_spirals():
    return LongSpirals("long-spirals", "two arms of one and a half turns, thicker to the outside", WIDE)


def _wide_checkerboard():
    return Checkerboard("wide-checkerboard", "eight squares of side 2", WIDE, half=4.0)


def _four_rings():
    circles = np.concatenate([_circle(radius, 360) for radius in (0.75, 1.5, 2.25, 3.0)])
    return Mixture("four-rings", "four circles with one center, each with a quarter of the points", WIDE, circles, 0.08)


def _moons():
    upper = 1.4 * (_circle(1.0, 2000, turns=0.5) - [0.5, 0.25])
    return Curve("moons", "two half-circles, each with an end inside the other", PLANE, [upper, -upper], std=0.1)


def _humps():
    centers, weights = [[-1.5], [1.0]], [0.4, 0.6]
    return Mixture("humps", "two Gaussians on a line, 40 % and 60 %", (-3.5, 3.5), centers, 0.4, weights)


TOYS: dict[str, Callable[[], Toy]] = {
    "ring": _ring,
    "spirals": _spirals,
    "checkerboard": _checkerboard,
    "rings": _rings,
    "moons": _moons,
    "humps": _humps,
    # The four of the Soft-IntroVAE paper's code, in its sizes and ranges, for numbers to compare with others'.
    "narrow-ring": _narrow_ring,
    "long-spirals": _long_spirals,
    "wide-checkerboard": _wide_checkerboard,
    "four-rings": _four_rings,
}


def toy(name: str) -> Toy:
    """A distribution in the plane with its true density: "ring" (eight Gaussians), "spirals", "checkerboard", "rings",
    "moons"; or on a line: "humps". "narrow-ring", "long-spirals", "wide-checkerboard" and "four-rings" are those of
    Daniel and Tamar (CVPR 2021), within [-2, 2]^2 the first, within [-4, 4]^2 the others.

    Raises:
        DataError: no such distribution.
    """
    if name not in TOYS:
        close = difflib.get_close_matches(str(name).lower(), TOYS, n=1, cutoff=0.5)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        raise DataError(f"Expected a distribution, one of {', '.join(map(repr, TOYS))}, got {name!r}{hint}")
    return TOYS[name]()
