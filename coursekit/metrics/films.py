"""How well the frames of films are predicted, step by step, and predictors that have learned nothing.

Films are [n, frames, height, width(, 1)] in [0, 1]. A curve has one number for each step ahead, a mean over films; nats
and squared errors are summed over the pixels of a frame, as they are published.
"""

import numpy as np

from coursekit.arrays import check_images, check_positive
from coursekit.metrics.images import ssim

SHARES = (0, 0.003, 0.01, 0.03, *np.arange(0.05, 1.01, 0.05))  # of the mean frame, that `hedged` tries


def curves(predicted, films):
    """{"nats", "squared_error", "ssim"}: arrays [frames] of predicted frames beside what happened. Nats are those of
    the cross-entropy, ink having the predicted probability (kept within 1e-6 and 1 - 1e-6)."""
    predicted, films = _films(predicted, "predicted"), _films(films)
    if predicted.shape != films.shape:
        raise ValueError(
            f"Expected as many predicted frames as true ones, got {list(predicted.shape)} and {list(films.shape)}; "
            "compare with films[:, 10:20], say."
        )
    every = (2, 3)
    like = [ssim(predicted[:, t], films[:, t]).mean() for t in range(films.shape[1])]
    return {
        "nats": _nats(predicted, films).sum(axis=every).mean(axis=0),
        "squared_error": np.square(predicted - films).sum(axis=every).mean(axis=0),
        "ssim": np.array(like),
    }


def floor(films):
    """Nats of each frame [frames] that no prediction can avoid: the gray levels' own entropy."""
    films = _films(films)
    return _nats(films, films).sum(axis=(2, 3)).mean(axis=0)


def copied(past, count):
    """The last frame, `count` times: [n, count, height, width]."""
    past = _films(past, "the past")
    return np.repeat(past[:, -1:], check_positive(count=count), axis=1)


def shifted(past, count):
    """The last frame, moved on by the last motion: [n, count, height, width]. What leaves the frame is lost.

    The motion is the shift of whole pixels at which the last two frames agree best (phase correlation by FFT).

    Raises:
        ValueError: fewer than two frames.
    """
    past, count = _films(past, "the past"), check_positive(count=count)
    if past.shape[1] < 2:
        raise ValueError(f"Expected at least two frames of the past, got {past.shape[1]}: one shows no motion.")
    before, last = past[:, -2], past[:, -1]
    height, width = last.shape[1:]
    cross = np.fft.fft2(last) * np.conj(np.fft.fft2(before))
    peaks = np.fft.ifft2(cross / np.maximum(np.abs(cross), 1e-9)).real.reshape(len(last), -1).argmax(axis=1)
    rows, columns = np.unravel_index(peaks, (height, width))
    motion = np.stack(
        [(rows + height // 2) % height - height // 2, (columns + width // 2) % width - width // 2], axis=1
    )
    moved = np.zeros((len(last), count, height, width), last.dtype)
    for film, (down, right) in enumerate(motion):
        for step in range(count):
            moved[film, step] = _move(last[film], (step + 1) * down, (step + 1) * right)
    return moved


def hedged(predicted, films):
    """A prediction mixed with the mean frame, as probabilities: certainty that is wrong costs too many nats.

    The share of the mean is chosen for each step ahead, in favor of the prediction: the one of least nats on the very
    films that it is measured on.
    """
    predicted, films = _films(predicted, "predicted"), _films(films)
    mean = films.mean(axis=(0, 1))
    best = np.empty_like(predicted)
    for t in range(films.shape[1]):
        mixed = [(1 - share) * predicted[:, t] + share * mean for share in SHARES]
        best[:, t] = min(mixed, key=lambda frames, t=t: _nats(frames, films[:, t]).sum())
    return best


def _nats(p, x):
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return -(x * np.log(p) + (1 - x) * np.log1p(-p))


def _move(frame, down, right):
    height, width = frame.shape
    moved = np.zeros_like(frame)
    if abs(down) < height and abs(right) < width:
        into = np.s_[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)]
        out_of = np.s_[max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)]
        moved[into] = frame[out_of]
    return moved


def _films(films, name="films"):
    films = check_images(films, name)
    if films.ndim == 5 and films.shape[-1] == 1:
        films = films[..., 0]
    if films.ndim != 4:
        raise ValueError(f"Expected {name} [n, frames, height, width(, 1)], got shape {list(films.shape)}.")
    return films
