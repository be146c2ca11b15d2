"""`FramePlayer`: pictures over one to three axes, to drag and to play, with and without a kernel."""

import itertools
import math
from numbers import Real

import numpy as np
import traitlets

from coursekit.widgets.base import HERE, Widget, check_size, script
from coursekit.widgets.pictures import as_picture, captioned_grid, png, sheet


class FramePlayer(Widget):
    """Shows one of a set of frames, chosen by a slider for each axis.

    The frames travel inside the notebook, so that the player works in pages and slides where no Python runs. With a
    kernel and `redraw`, the sliders move continuously between an axis' first and last value, and the kernel draws the
    frames in between. Where no JavaScript runs (GitHub, PDF), `grid()` stands in.

    Args:
        frames: pictures of one size: [n, ...] for one axis, [n_first][n_second] or [n_first, n_second, ...] for two,
            and so on.
            A picture is a uint8 array or a float array in [0, 1], [height, width(, 1 or 3)], PNG bytes, or a
            matplotlib figure. None: `redraw` is called for every frame now.
        axes: one to three pairs (name, values); values are numbers or labels, one per frame along that axis.
        redraw: `redraw(*values) -> picture`, of the frames' size. Axes of whole numbers give whole numbers; along axes
            of labels there is nothing in between.
        fps: frames per second when it plays.
        loop: begin again after the last frame.
        title, alt: what stands above the picture, and what a screen reader says of it.
        start: which frame to show first, as one index per axis.
        smooth: blur enlarged pixels; by default only frames over 128 pixels.
        width: of the picture on the page, in CSS pixels.
        max_kb: the most that the frames may weigh in the notebook, in kB of base64.

    Raises:
        TypeError, ValueError: no frames, frames of different sizes, frames that do not match the axes, values that are
            no pictures, or frames that weigh more than `max_kb`.
    """

    _esm = script("frame_player.js")
    _css = HERE / "frame_player.css"

    _sheet = traitlets.Bytes().tag(sync=True)
    _size = traitlets.List().tag(sync=True)
    _columns = traitlets.Int().tag(sync=True)
    _axes = traitlets.List().tag(sync=True)
    _live = traitlets.Bool().tag(sync=True)
    start = traitlets.List().tag(sync=True)
    fps = traitlets.Float().tag(sync=True)
    loop = traitlets.Bool().tag(sync=True)
    smooth = traitlets.Bool().tag(sync=True)
    width = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        frames,
        axes,
        *,
        redraw=None,
        fps=8,
        loop=True,
        title="",
        alt="",
        start=None,
        smooth=None,
        width=None,
        max_kb=300,
    ):
        self.axes = [_axis(*pair, redraw is not None) for pair in _pairs(axes)]
        self.redraw = redraw
        counts = [len(axis["values"]) for axis in self.axes]
        if frames is None:
            if redraw is None:
                raise ValueError("Expected frames or a redraw function, got neither; pass one of them.")
            flat = [redraw(*values) for values in itertools.product(*(axis["values"] for axis in self.axes))]
        else:
            flat = _flat(frames, self.axes)
        # [number of frames, height, width(, 3)], the last axis fastest
        self.frames = _stack(flat)
        page, columns = sheet(self.frames)
        file = png(page)
        _, h, w = self.frames.shape[:3]
        what = f"{len(flat)} frames of {w} x {h} pixels"
        check_size(len(file), max_kb, what, "take every {times}th frame, or smaller pictures")
        if not fps > 0:
            raise ValueError(f"Expected fps above 0, got {fps}; 8 is a good start.")
        start = [0] * len(counts) if start is None else [int(i) for i in start]
        if len(start) != len(counts) or not all(0 <= i < n for i, n in zip(start, counts, strict=True)):
            raise ValueError(f"Expected start to hold one index per axis, below {counts}, got {start}.")
        names = " and ".join(axis["name"] for axis in self.axes)
        super().__init__(
            _sheet=file,
            _size=[h, w],
            _columns=columns,
            _axes=self.axes,
            _live=redraw is not None,
            start=start,
            fps=fps,
            loop=loop,
            title=title,
            alt=alt or f"{title or 'Frames'} over {names}",
            smooth=max(h, w) > 128 if smooth is None else smooth,
            width=width or (w * max(1, 320 // w)),
        )

    def values(self, position) -> list:
        """The axes' values at `position`, a fractional index per axis: linear between neighboring values."""
        return [_value(axis, place) for axis, place in zip(self.axes, position, strict=True)]

    def grid(self, frames=6) -> bytes:
        """A PNG file of up to `frames` frames side by side, under their values; half as many when they are large, and
        up to four rows for the last axis but one. Of three axes, the first stays where the player starts."""
        most = frames if max(self.frames.shape[1:3]) <= 128 else max(1, frames // 2)
        shape = [len(axis["values"]) for axis in self.axes]
        *rows, columns = (
            np.linspace(0, n - 1, min(n, limit)).round().astype(int).tolist()
            for n, limit in zip(shape[-2:], [min(most, 4), most][-len(shape) :], strict=True)
        )
        stays = tuple(self.start[:-2])
        leading = [(*stays, i) for i in rows[0]] if rows else [()]
        indices = [[(*before, j) for j in columns] for before in leading]
        pictures = [[self.frames[np.ravel_multi_index(index, shape)] for index in row] for row in indices]
        return png(captioned_grid(pictures, [[self._caption(index) for index in row] for row in indices]))

    def __repr__(self):
        spans = [
            f"{axis['name']}: {axis['labels'][0]} to {axis['labels'][-1]} in {len(axis['labels'])}"
            for axis in self.axes
        ]
        h, w = self.frames.shape[1:3]
        return f"FramePlayer({'; '.join(spans)}; {w} x {h} pixels)"

    def stand_in(self):
        return self.grid(), f"{self.alt}, some of the frames side by side"

    def draw(self, at):
        picture = as_picture(self.redraw(*self.values(at)), "what redraw returns")
        return _stack([picture], self.frames.shape[1:3])[0]

    def call(self, at):
        values = [f"{value:.4g}" if isinstance(value, float) else repr(value) for value in self.values(at)]
        return f"redraw({', '.join(values)})"

    def _caption(self, index):
        return ", ".join(f"{axis['name']} = {axis['labels'][i]}" for axis, i in zip(self.axes, index, strict=True))


def _pairs(axes):
    axes = list(axes)
    if not 1 <= len(axes) <= 3:
        raise ValueError(f'Expected one to three axes, such as [("noise", [0, 0.1])], got {len(axes)}.')
    for axis in axes:
        if not (isinstance(axis, tuple | list) and len(axis) == 2 and isinstance(axis[0], str)):
            raise ValueError(f'Expected each axis to be a pair like ("noise", [0, 0.1]), got {axis!r:.60}.')
    return axes


def _axis(name, values, live):
    values = np.asarray(values).tolist() if not isinstance(values, list | tuple) else list(values)
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    if not values:
        raise ValueError(f"Expected at least one value on the axis {name!r}, got none.")
    numeric = all(isinstance(value, Real) and not isinstance(value, bool) for value in values)
    if numeric and not all(math.isfinite(value) for value in values):
        raise ValueError(f"Expected finite values on the axis {name!r}, got {values}.")
    if numeric and live and not (_rising(values) or _rising(values[::-1])):
        raise ValueError(f"Expected the values of {name!r} to rise or to fall, for redraw to go between; got {values}.")
    return {
        "name": name,
        "values": values if numeric else [str(value) for value in values],
        "labels": [f"{value:g}" if numeric else str(value) for value in values],
        "continuous": numeric and live,
        "whole": numeric and all(isinstance(value, int) for value in values),
    }


def _rising(values):
    return all(a < b for a, b in itertools.pairwise(values))


def _value(axis, place):
    values = axis["values"]
    if not axis["continuous"] or float(place).is_integer():
        return values[round(place)]
    below = math.floor(place)
    between = values[below] + (place - below) * (values[below + 1] - values[below])
    return round(between) if axis["whole"] else between


def _flat(frames, axes):
    axis, *rest = axes
    expected = len(axis["values"])
    try:
        found = len(frames)
    except TypeError:
        raise TypeError(
            f"Expected a sequence of frames along {axis['name']!r}, got {type(frames).__name__}; "
            "for several axes nest them, frames[first][second]."
        ) from None
    if found == 0:
        raise ValueError(f"Expected {expected} frames along {axis['name']!r}, got none; pass one frame for each value.")
    if found != expected:
        raise ValueError(
            f"Expected {expected} frames along {axis['name']!r}, one for each of its values, got {found}; "
            "make frames and axes the same length."
        )
    return [leaf for part in frames for leaf in _flat(part, rest)] if rest else list(frames)


def _stack(pictures, size=None):
    pictures = [as_picture(picture, f"frame {i}") for i, picture in enumerate(pictures)]
    size = size or pictures[0].shape[:2]
    for i, picture in enumerate(pictures):
        if picture.shape[:2] != size:
            (h, w), (got_h, got_w) = size, picture.shape[:2]
            raise ValueError(
                f"Expected every frame to be {w} x {h} pixels (width x height), got {got_w} x {got_h} in frame {i}; "
                "resize them, or give every figure the same figsize."
            )
    if any(picture.ndim == 3 for picture in pictures):
        pictures = [picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, -1) for picture in pictures]
    return np.stack(pictures)
