"""The data set "moving_digits": films of digits that fly straight and bounce off the walls, drawn when they are loaded.

The recipe is that of moving MNIST (Srivastava et al., 2015) at half its size: 14x14 digits in 32x32 frames.

from coursekit.data import moving_digits
places = moving_digits.paths(100, bounce="random", seed=1)         # where each digit is in each frame
films = moving_digits.draw(data.load("digits").images, places)     # float32 [100, 20, 32, 32, 1]
"""

from pathlib import Path

import numpy as np

from coursekit.arrays import check_images, check_one_of, check_positive, check_whole
from coursekit.data.readers import read_digits

SIZE = 32  # pixels a side of a frame
SPRITE = 14  # pixels a side of a digit
SPEED = 0.1  # of the room that a digit can move in, in each frame
BOUNCES = ("mirror", "random")
COUNTS = {"train": 2000, "test": 200}  # of the data set "moving_digits"
SEEDS = {"train": 20260021, "test": 20260022}


def paths(
    n: int, frames: int = 20, digits: int = 2, *, speed: float = SPEED, bounce: str = "mirror", size: int = SIZE, seed=0
) -> np.ndarray:
    """Where the digits are: the top left corner of each, int64 `[n, digits, frames, 2]` (row, column).

    A digit starts anywhere, in any direction. It moves on a straight line, and what a frame shows is rounded to whole
    pixels.

    Args:
        n: films. frames: of each. digits: in each.
        speed: the share of its room, `size` - 14 pixels, that a digit moves in a frame; 0 to 1.
        bounce: at a wall, "mirror" turns the speed toward the wall around. "random" does so too, and tosses a coin
            for the sign of the speed along the wall: there are two futures.
        size: pixels a side of a frame, above 14. seed: >= 0.

    Raises:
        ValueError: a setting that is out of its range.
    """
    n, frames, digits = check_positive(n=n, frames=frames, digits=digits)
    size, seed = check_whole(SPRITE + 1, size=size), check_whole(0, seed=seed)
    check_one_of(BOUNCES, bounce=bounce)
    if not 0 <= speed <= 1:
        raise ValueError(f"Expected a speed from 0 to 1 (of the room in a frame), got {speed!r}; {SPEED} is usual.")
    rng = np.random.default_rng(seed)
    place = rng.random((n, digits, 2))
    angle = rng.uniform(0, 2 * np.pi, (n, digits))
    velocity = speed * np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    walk = np.empty((frames, n, digits, 2))
    for frame in range(frames):
        walk[frame] = place
        place = place + velocity
        hit = (place < 0) | (place > 1)
        place = np.clip(place, 0, 1)
        velocity = np.where(hit, -velocity, velocity)
        if bounce == "random":
            coin = rng.choice([-1.0, 1.0], (n, digits, 1))
            velocity = np.where(hit[..., ::-1] & ~hit, coin * velocity, velocity)
    return np.rint(walk * (size - SPRITE)).astype(np.int64).transpose(1, 2, 0, 3)


def draw(images: np.ndarray, places: np.ndarray, *, size: int = SIZE, seed=0) -> np.ndarray:
    """Films of digits that are drawn at random from `images`; where two overlap, the lighter pixel is seen.

    Args:
        images: `[m, 28, 28, 1]` or `[m, 28, 28]` in [0, 1]. places: as `paths` gives them. size: as for `paths`.
        seed: which digit each of them is.

    Returns:
        float32 `[n, frames, size, size, 1]` in [0, 1].

    Raises:
        ValueError: images of another size, or places outside of the frame.
    """
    images, places, size = check_images(images), np.asarray(places), check_whole(SPRITE + 1, size=size)
    if images.shape[1:] not in ((28, 28), (28, 28, 1)):
        raise ValueError(f"Expected images [m, 28, 28, 1], got {list(images.shape)}; take data.load('digits').images.")
    if places.ndim != 4 or places.shape[-1] != 2 or places.dtype.kind not in "iu":
        raise ValueError(f"Expected places [n, digits, frames, 2], got {list(places.shape)}; take what paths returns.")
    if places.min() < 0 or places.max() > size - SPRITE:
        raise ValueError(
            f"Expected places from 0 to {size - SPRITE} in frames of {size} pixels, got {places.min()} to "
            f"{places.max()}; give paths the same size."
        )
    sprites = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype="float32")
    n, digits, frames = places.shape[:3]
    chosen = np.random.default_rng(check_whole(0, seed=seed)).integers(0, len(sprites), (n, digits))
    films = np.zeros((n, frames, size, size), "float32")
    steps = np.arange(SPRITE)
    film, frame = np.arange(n)[:, None, None, None], np.arange(frames)[None, :, None, None]
    for digit in range(digits):
        rows = places[:, digit, :, 0, None, None] + steps[:, None]
        columns = places[:, digit, :, 1, None, None] + steps
        seen = films[film, frame, rows, columns]
        films[film, frame, rows, columns] = np.maximum(seen, sprites[chosen[:, digit]][:, None])
    return films[..., None]


def read(split: str, table: Path) -> tuple[np.ndarray, None]:
    """The data set's films, uint8 `[n, 20, 32, 32, 1]`, of the digits of that split; labels there are none."""
    digits = read_digits(split, table)[0] / np.float32(255)
    films = draw(digits, paths(COUNTS[split], seed=SEEDS[split]), seed=SEEDS[split])
    return np.rint(films * 255).astype(np.uint8), None
