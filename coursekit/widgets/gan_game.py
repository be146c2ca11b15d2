"""`GanGame2D`: a GAN on points of the plane that trains inside the page, with and without a kernel."""

import itertools
import math
from numbers import Real

import numpy as np
import traitlets

from coursekit.arrays import check_one_of, check_positive
from coursekit.widgets.base import HERE, Widget, script
from coursekit.widgets.gan_data import REACH, SHAPES
from coursekit.widgets.gan_network import LOSSES

OPTIMIZERS = ("sgd", "momentum", "adam")
LATENTS = ("uniform", "normal")
MOST_POINTS = 5000
MOST_WEIGHTS = 20_000
PICTURED = 400  # steps that the picture where no page runs has been trained


class GanGame2D(Widget):
    """A generator and a discriminator on two-dimensional data, to be trained step by step: `GanGame2D("ring")`.

    The page computes everything itself, in float64, and repeats a game exactly for the same seed; ten of its steps
    equal Keras' to 1e-5. Everything but the networks can be changed while it plays. Where no JavaScript runs (GitHub,
    PDF), `picture()` stands in, computed by the same formulas in NumPy.

    Args:
        data: "ring" (eight Gaussians), "humps", "line", "moons", "spirals", "rings" or "checkerboard"; or points
            [n, 2], n <= 5,000, between -3 and 3, drawn with replacement and a noise of 0.02.
        generator, discriminator: widths of their hidden layers, of leaky_relu units (slope 0.2).
        latent, latent_dim: "normal", or "uniform" from -sqrt(3) to sqrt(3), and how many numbers.
        loss: "minimax", "non-saturating", "least-squares", "hinge" or "wasserstein" (with gradient penalty), as in
            `coursekit.models.gan`.
        optimizer: "sgd", "momentum" (SGD with momentum 0.9) or "adam" (beta_1 0.5), of both players.
        k: steps of the discriminator for each step of the generator, 1 to 10.
        rates: the learning rates of the discriminator and of the generator. With the defaults, all eight modes of the
            ring are found within 1,000 steps; with (1e-3, 1e-2) and r1=0, the generator runs from mode to mode.
        r1: weight gamma of the R1 penalty on the discriminator; 0: none.
        batch: examples, and fakes, in one step.
        seed: of weights and samples.
        start_steps: how many steps it has trained when it appears, at most 5,000.
        title, alt: what stands above, and what a screen reader says of the picture.

    Raises:
        TypeError, ValueError: settings that cannot be played with.
    """

    _esm = script("gan_game.js")
    _css = HERE / "gan_game.css"

    _settings = traitlets.Dict().tag(sync=True)
    _points = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        data="ring",
        *,
        generator=(32, 32),
        discriminator=(32, 32),
        latent="normal",
        latent_dim=2,
        loss="non-saturating",
        optimizer="adam",
        k=1,
        rates=(5e-3, 1e-3),
        r1=0.03,
        batch=64,
        seed=0,
        start_steps=0,
        title="",
        alt="",
    ):
        self.points = None if isinstance(data, str) else _checked_points(data)
        if self.points is None:
            check_one_of(SHAPES, data=data)
        check_one_of(LATENTS, latent=latent)
        check_one_of(tuple(LOSSES), loss=loss)
        check_one_of(OPTIMIZERS, optimizer=optimizer)
        for name, widths in {"generator": generator, "discriminator": discriminator}.items():
            if not isinstance(widths, tuple | list):
                raise TypeError(f"Expected {name} to be the widths of its hidden layers, as (32, 32), got {widths!r}.")
            check_positive(**{f"{name}[{i}]": width for i, width in enumerate(widths)})
        check_positive(latent_dim=latent_dim, k=k, batch=batch)
        _check_at_most(10, k=k)
        _check_at_most(512, batch=batch)
        for name, most in {"seed": 2**32 - 1, "start_steps": 5000}.items():
            value = {"seed": seed, "start_steps": start_steps}[name]
            if not isinstance(value, int | np.integer) or isinstance(value, bool) or not 0 <= value <= most:
                raise ValueError(f"Expected {name} to be a whole number from 0 to {most:,}, got {value!r}.")
        if len(rates := tuple(rates) if np.iterable(rates) else (rates,)) != 2 or not all(map(_is_positive, rates)):
            raise ValueError(f"Expected rates of the discriminator and of the generator, above 0, got {rates}.")
        if not (isinstance(r1, Real) and 0 <= r1 < math.inf):
            raise ValueError(f"Expected r1 of at least 0, got {r1!r}.")
        widths = [[int(latent_dim), *map(int, generator), 2], [2, *map(int, discriminator), 1]]
        weights = sum((a + 1) * b for net in widths for a, b in itertools.pairwise(net))
        if weights > MOST_WEIGHTS:
            raise ValueError(
                f"Expected networks of at most {MOST_WEIGHTS:,} weights together, got {weights:,}; a page trains "
                "smaller ones at 60 frames a second."
            )
        super().__init__(
            _settings={
                "data": data if self.points is None else "given",
                "generator": widths[0],
                "discriminator": widths[1],
                "latent": latent,
                "latent_dim": int(latent_dim),
                "loss": loss,
                "optimizer": optimizer,
                "k": int(k),
                "rates": [float(rate) for rate in rates],
                "r1": float(r1),
                "batch": int(batch),
                "seed": int(seed),
                "start_steps": int(start_steps),
            },
            _points=b"" if self.points is None else self.points.astype("<f4").tobytes(),
            title=title,
            alt=alt or "Data, fakes and the discriminator's verdict in the plane",
        )

    def picture(self, steps=None) -> bytes:
        """A PNG file of the game after `steps` steps, as the page shows it; `start_steps`, or 400 if that is less."""
        from coursekit.widgets.gan_snapshot import snapshot

        return snapshot(self._settings, self.points, self._pictured if steps is None else steps)

    @property
    def _pictured(self):
        return max(self._settings["start_steps"], PICTURED)

    def __repr__(self):
        settings = self._settings
        generator, discriminator = ("-".join(map(str, settings[name])) for name in ("generator", "discriminator"))
        what = f"{len(self.points):,} points" if settings["data"] == "given" else settings["data"]
        how = f"{settings['loss']}, {settings['optimizer']}, k = {settings['k']}"
        return f"GanGame2D({what}; generator {generator}, discriminator {discriminator}; {how})"

    def stand_in(self):
        return self.picture(), f"{self.alt}, and curves over {self._pictured} steps"


def _checked_points(data):
    points = np.asarray(data)
    if points.dtype.kind not in "fiu":
        raise TypeError(f"Expected data to be the name of a shape or points [n, 2], got {type(data).__name__}.")
    if points.ndim != 2 or points.shape[1] != 2 or not 1 <= len(points) <= MOST_POINTS:
        raise ValueError(f"Expected points [n, 2], n from 1 to {MOST_POINTS:,}, got the shape {points.shape}.")
    points = points.astype("float32").astype("float64")  # as they travel
    if not (np.abs(points) <= REACH).all():
        raise ValueError(
            f"Expected points between -{REACH} and {REACH}, got values from {points.min():.3g} to {points.max():.3g}; "
            "the plane ends there. Subtract their mean and divide by their standard deviation."
        )
    return points


def _is_positive(value):
    return isinstance(value, Real) and not isinstance(value, bool) and 0 < value < math.inf


def _check_at_most(most, **setting):
    ((name, value),) = setting.items()
    if value > most:
        raise ValueError(f"Expected {name} of at most {most}, got {value}.")
