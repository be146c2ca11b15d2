"""What the paintings of `brushes` show: landscapes and flowers as plain colors, before any brush has touched them.

Coordinates run from 0 to 1, to the right and down.
"""

import numpy as np

SIDE = 192  # pixels of a scene, in which its colors are looked up
# Of each palette: the sky above and below, the light, and the ground far, between and near.
PALETTES = (
    ("5aa9e6", "f7e3b5", "fff6d0", "7fb3a0", "4f9a5b", "24603a"),
    ("3b2e7e", "f0785a", "ffd86a", "8a4a96", "572f73", "251a3d"),
    ("12246b", "3f78c8", "ffe27a", "2f5a9f", "1f3d7a", "0d1836"),
    ("b8d3d9", "f6d998", "ff9f2e", "d2702a", "9a3a1f", "4d2417"),
    ("9fdde0", "fde0e6", "ffffff", "f59ab5", "63bf8f", "1f7a5b"),
    ("3fa6c9", "f8e0b0", "fff1d0", "eaa850", "c8603a", "6e2d24"),
)


def colors_of(palette):
    """The six colors of a palette, by its number: float32 [6, 3] in [0, 1]."""
    return np.array([[int(color[i : i + 2], 16) for i in (0, 2, 4)] for color in PALETTES[palette]], np.float32) / 255


def scene(motif, palette, rng):
    """The plain colors of a scene: float32 [SIDE, SIDE, 3] in [0, 1]. motif: "hills", "sea" or "flowers"."""
    line = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE
    x, y = line[None, :], line[:, None]
    return {"hills": _hills, "sea": _sea, "flowers": _flowers}[motif](x, y, colors_of(palette), rng)


def _sky(x, y, colors, rng, horizon):
    share = np.clip(y / horizon, 0, 1)[..., None] + np.zeros_like(x)[..., None]
    picture = colors[0] * (1 - share) + colors[1] * share
    left, top, radius = rng.uniform(0.2, 0.8), rng.uniform(0.14, 0.3), rng.uniform(0.08, 0.14)
    away = np.hypot(x - left, y - top)
    picture = _lay(picture, np.clip(1 - (away - radius) / 0.25, 0, 1) * 0.45, colors[2])
    return _lay(picture, away < radius, colors[2]), left


def _ridge(x, rng, height, rough):
    """Heights of a range of hills along x: a few waves of random phase."""
    waves = [rough / k * np.sin(2 * np.pi * (k * x * rng.uniform(0.7, 1.3) + rng.random())) for k in (1, 2, 4)]
    return height + sum(waves)


def _hills(x, y, colors, rng):
    picture, _ = _sky(x, y, colors, rng, 0.65)
    for height, rough, color in ((0.5, 0.08, colors[3]), (0.64, 0.07, colors[4]), (0.82, 0.05, colors[5])):
        top = _ridge(x, rng, height, rough)
        lit = color + 0.25 * np.clip(1 - (y - top) / 0.12, 0, 1)[..., None] * (colors[1] - color)
        picture = np.where((y > top)[..., None], lit, picture)
    return picture


def _sea(x, y, colors, rng):
    horizon = rng.uniform(0.42, 0.55)
    picture, sun = _sky(x, y, colors, rng, horizon)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)
    water = colors[3] * (1 - depth[..., None]) + colors[5] * depth[..., None] + np.zeros_like(picture)
    waves = np.sin(2 * np.pi * (16 * depth**0.6 + 0.8 * np.sin(2 * np.pi * (1.5 * x + rng.random())) * depth))
    water = _lay(water, np.clip(waves, 0, 1) * 0.5, colors[4] * 0.4 + colors[1] * 0.6)
    glitter = (np.abs(x - sun) < 0.05 + 0.16 * depth) & (waves > -0.2)
    picture = np.where((y > horizon)[..., None], _lay(water, glitter * 0.8, colors[2]), picture)
    left, top = rng.uniform(0.15, 0.7), horizon + rng.uniform(0.05, 0.14)
    sail = (x > left) & (y < top) & (y - top + 0.26 > 1.8 * (x - left))
    hull = (np.abs(x - left - 0.03) < 0.09 - (y - top) * 0.8) & (y > top) & (y < top + 0.035)
    return _lay(_lay(picture, sail, colors[1] * 0.3 + 0.7), hull, colors[5] * 0.6)


def _flowers(x, y, colors, rng):
    share = (y + 0 * x)[..., None]
    picture = colors[1] * (1 - share) + (0.5 * colors[1] + 0.5 * colors[3]) * share
    picture = _lay(picture, y > 0.86 + 0.02 * np.sin(9 * x), colors[4])
    for left, top in zip(rng.permutation(np.linspace(0.16, 0.84, 5)), rng.uniform(0.2, 0.55, 5), strict=True):
        bend = rng.uniform(-0.08, 0.08)
        stem = np.abs(x - left - bend * np.sin(np.pi * np.clip((y - top) / (1 - top), 0, 1))) < 0.014
        picture = _lay(picture, stem & (y > top), colors[5])
        radius, petals, turn = rng.uniform(0.1, 0.17), rng.integers(5, 9), rng.random() * 6
        away, angle = np.hypot(x - left, y - top), np.arctan2(y - top, x - left)
        flower = away < radius * (0.72 + 0.28 * np.cos(petals * angle + turn))
        color = colors[rng.choice([0, 3, 5])]
        picture = _lay(_lay(picture, flower, color), flower & (away < radius * 0.55), 0.6 * color + 0.4 * colors[2])
        picture = _lay(picture, away < radius * 0.25, colors[2])
    return picture


def _lay(picture, opacity, color):
    opacity = np.asarray(opacity, np.float32)[..., None]
    return picture + opacity * (color - picture)
