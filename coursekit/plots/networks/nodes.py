"""A block of a network's drawing as it is drawn: its form, its lengths, and what stands below it.

All lengths are in inches.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from coursekit.plots import palette
from coursekit.plots.networks.words import across, marks_of, weights

FONT = 11  # points
TALLEST, LARGEST_UNIT = 1.45, 0.3  # the tallest block; what a length of 1 is at most
LEAST, TOWER, DEEP = 0.16, 0.2, 0.06  # the smallest side; a tower's width; how much the maps add to a stack's depth
GAP = 0.17


@dataclass(eq=False)
class Node:
    """A block at its place."""

    block: Any
    part: int
    color: str
    weights_color: str = palette.ENCODER  # of the network that it belongs to
    sources: list = field(default_factory=list)  # nodes
    dashed: bool = False  # what comes in is no plain output of the node before, but a sample of it, or data too
    lines: list = field(default_factory=list)  # [(text, "size", "plain" or "weights")]
    column: int = 0
    lane: int = 0
    band: int = 0
    width: float = 0.0  # of the front, without the depth
    height: float = 0.0
    depth: float = 0.0
    x: float = 0.0  # of the middle of front and depth
    y: float = 0.0
    text_y: float = 0.0
    room: float = 0.0  # the column's width
    top_of_lane: float = 0.0  # above all blocks beside it
    top_of_band: float = 0.0
    value: Any = None  # its activations for one example
    picture: bool = False  # whether these are an image
    logits: bool = False  # of the image's pixels
    again: float = 0.0  # the width of its ghost
    ghost: bool = False  # a block of a row above once more, where it is taken

    @property
    def left(self):
        return self.x - (self.width + self.depth) / 2

    @property
    def right(self):
        return self.x + (self.width + self.depth) / 2

    @property
    def bottom(self):
        return self.y - self.total_height / 2

    @property
    def total_height(self):
        return self.height + 0.6 * self.depth

    @property
    def form(self):
        """tower, matrix, stack, join or box."""
        if self.picture:
            return "stack"
        if self.block.kind in ("merge", "network"):
            return {"merge": "join", "network": "box"}[self.block.kind]
        return ("tower", "tower", "matrix")[len(self.block.shape)] if len(self.block.shape) < 3 else "stack"


@lru_cache(maxsize=4096)
def text_width(text, bold=False, size=FONT):
    """The width of a line of text, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    if not text.strip():
        return 0.0
    font = FontProperties(weight="bold" if bold else "normal")
    return TextPath((0, 0), text, size=size, prop=font).get_extents().width / 72


def lengths(shape):
    """(height, width, depth) of a block of this shape in units. A map, or a layer, of n numbers is as tall as the cube
    root of n, so that a layer of 784 is as tall as a map of 28 x 28; a stack of n maps is as deep, and a sequence of n
    steps as long."""
    sides = [32 if side is None else max(side, 1) for side in shape]
    if len(sides) < 2:
        return (sides[0] if sides else 1) ** (1 / 3), 0, 1
    if len(sides) == 2:  # a sequence: each step is a layer
        return sides[1] ** (1 / 3), sides[0] ** (1 / 3), 1
    return sides[-3] ** (2 / 3), sides[-2] ** (2 / 3), sides[-1] ** (1 / 3)


def give_sizes(nodes):
    """Every node's width, height and depth, in one scale for the whole drawing, the smaller the more is in it."""
    columns, lanes = len({node.column for node in nodes}), max(node.lane for node in nodes)
    tallest = TALLEST * (1.0 if columns <= 9 else 0.75) * (1.0 if lanes < 2 else 0.7)
    units = [lengths(node.block.shape) for node in nodes]
    shown = [max(unit[:2]) for node, unit in zip(nodes, units, strict=True) if node.form not in ("join", "box")]
    scale = min(LARGEST_UNIT, tallest / max(shown, default=1))
    for node, (height, width, depth) in zip(nodes, units, strict=True):
        node.height, node.width, node.depth = max(height * scale, LEAST), max(width * scale, LEAST), 0.0
        text = text_width(across(node.block.shape), bold=True)
        node.again = max(node.width + (DEEP * (depth - 1) if len(node.block.shape) > 2 else 0) + 2 * GAP, text + GAP)
        if node.form == "join":
            node.height, node.width = 0.32, 0.66 if node.block.short[0].isalpha() else 0.32
        elif node.form == "box":
            node.height, node.width = 0.6, text_width(node.block.name, bold=True) + 0.24
        elif node.form == "tower":
            node.width = TOWER
        elif node.picture:
            node.width = max(width * scale, LEAST) if width else node.height
        elif node.form == "stack":
            node.depth = DEEP * (depth - 1)


def give_lines(node, named=False, narrow=False):
    """What stands below a block. named: its layer's name too. narrow: the word "weights" in a line of its own."""
    block = node.block
    size = block.short if node.form == "join" and not node.block.short[0].isalpha() else None
    side = round(max(1, block.shape[0] or 1) ** 0.5) if block.shape else 1
    shown = (
        f"{across(block.shape)} = {side} × {side}" if node.picture and len(block.shape) == 1 else across(block.shape)
    )
    lines = [] if size else [(shown, "size")]
    if block.kind == "input":
        lines.append((block.name if not block.name.startswith(("input", "keras_tensor")) else "input", "plain"))
    if block.kind == "network":
        lines = [(across(block.shape), "size")]
    plain = [*block.notes, *(block.short if node.form not in ("join", "box") else ())]
    lines += [(line, "plain") for line in _wrapped(plain)]
    lines += [(line, "plain") for line in _wrapped([marks_of(block.marks)])]
    if named and block.kind != "input":
        lines.insert(min(1, len(lines)), (f"“{block.name}”", "plain"))
    if block.weights:
        said = weights(block.weights)
        lines += [(line, "weights") for line in (said.rsplit(" ", 1) if narrow else [said])]
    node.lines = lines


def _wrapped(lines, widest=1.15):
    """Lines broken at a comma, or at a space where they have none, where they are too wide."""
    found = []
    for line in lines:
        pieces, now = re.split(r"(?<=,) " if ", " in line else " ", line), ""
        for piece in pieces:
            longer = f"{now} {piece}".strip()
            if now and text_width(longer) > widest:
                found.append(now)
                longer = piece
            now = longer
        found += [now] if now else []
    return found
