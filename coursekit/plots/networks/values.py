"""The activations of one example in every block of a network, and the pictures of them."""

import numpy as np

from coursekit.plots.palette import DATA, MUTED, PAPER, shade

TILE = 0.48  # of a front's side: one of four maps


def activations(parts, example):
    """What each block of each network answers to the example.

    Args:
        parts: of `parts.read`. example: list of arrays with a batch axis of 1.
    Returns:
        [{place of the block: array without the batch}], one dictionary for each part; empty for a network that the
        example does not reach.
    """
    import keras

    answers, known, inside = [], [], {}
    for part in parts:
        feeds = inside.get(id(part.model)) if part.inside else _feeds(part, example, known)
        if feeds is None:
            answers.append({})
            continue
        tensors = [block.tensor for block in part.blocks]
        network = keras.Model(list(part.feeds), tensors)
        made = network(list(feeds), training=False)
        made = made if isinstance(made, (list, tuple)) else [made]
        arrays = [keras.ops.convert_to_numpy(each)[0] for each in made]
        answers.append(dict(enumerate(arrays)))
        for block in part.blocks:
            if block.kind == "network":
                inside.setdefault(id(block.network), [arrays[source][None] for source in block.sources])
        known += [array for array, block in zip(arrays, part.blocks, strict=True) if block.is_output]
    return answers


def _feeds(part, example, known):
    """The inputs of a network: the example, or what a network before has made, or the first half of it, the mean."""
    shapes = [tuple(tensor.shape[1:]) for tensor in part.feeds]
    if not known or len(shapes) > 1 or fits(example, shapes):
        return example if fits(example, shapes) else None
    for array in reversed(known):
        if fits([array[None]], shapes):
            return [array[None]]
        if array.ndim == 1 and shapes[0] == (len(array) // 2,) and len(array) % 2 == 0:
            return [array[None, : len(array) // 2]]
    return None


def fits(arrays, shapes):
    """Whether arrays with a batch axis have these shapes, which have none; None stands for any length."""
    return len(arrays) == len(shapes) and all(
        len(array.shape) == len(shape) + 1
        and all(side is None or side == real for side, real in zip(shape, array.shape[1:], strict=True))
        for array, shape in zip(arrays, shapes, strict=True)
    )


def as_picture(value, logits=False):
    """An image in [0, 1], [-1, 1] or 0 to 255, or logits of one -> ([h, w] or [h, w, 3] in [0, 1])."""
    value = np.asarray(value, "float32")
    if logits:
        value = 1 / (1 + np.exp(-value))
    if value.ndim == 1:
        side = round(len(value) ** 0.5)
        value = value.reshape(side, side, 1)
    low, high = float(value.min()), float(value.max())
    if low < -1.01 or high > 255.5 or (1.01 < high < 2 and low < 0):
        value = (value - low) / max(high - low, 1e-9)
    elif high > 1.01:
        value = value / 255
    elif low < 0:
        value = (value + 1) / 2
    return value[..., 0] if value.shape[-1] == 1 else value


def faces(value, node):
    """What stands on the front of a stack: [(picture, options of imshow, (left, bottom, width, height))], the places as
    shares of the front. An image as it is; of maps four, those that vary most over the image, or the only one."""
    if node.picture:
        return [(as_picture(value, node.logits), {"cmap": "gray_r", "vmin": 0, "vmax": 1}, (0, 0, 1, 1))]
    value = np.asarray(value, "float32")
    while value.ndim > 3:  # of a film, or a volume, the middle
        value = value[len(value) // 2]
    chosen = strongest(value, 4 if value.shape[-1] >= 4 else 1)
    maps = [_colors(value[..., each] / max(np.abs(value[..., each]).max(), 1e-9), node.color) for each in chosen]
    if len(maps) == 1:
        return [(maps[0], {}, (0, 0, 1, 1))]
    places = [(x, y, TILE, TILE) for y in (1 - TILE, 0) for x in (0, 1 - TILE)]
    return [(picture, {}, place) for picture, place in zip(maps, places, strict=True)]


def strongest(maps, count):
    """Channels of maps [h, w, c] that vary most over the image; those with the largest values where none varies."""
    flat = maps.reshape(-1, maps.shape[-1])
    strength = flat.std(axis=0) + 1e-6 * np.abs(flat).mean(axis=0)
    return np.sort(np.argsort(-strength, kind="stable")[:count])


def bar(value, node):
    """A column of colored cells, one for each number, the first on top."""
    value = np.asarray(value, "float32").reshape(-1, 1)
    return _colors(value / max(np.abs(value).max(), 1e-9), node.color), {}


def matrix(value, node):
    """A sequence [steps, numbers], time to the right."""
    value = np.asarray(value, "float32").T
    return _colors(value / max(np.abs(value).max(), 1e-9), node.color), {}


def _colors(values, color):
    """[-1, 1] -> RGB: the color for positive values, gray for negative, white for 0."""
    positive, negative, white = (_rgb(each) for each in (shade(color, 0.85) if color != DATA else color, MUTED, PAPER))
    strength = np.abs(values)[..., None] ** 0.8
    return white + strength * (np.where(values[..., None] > 0, positive, negative) - white)


def _rgb(color):
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
