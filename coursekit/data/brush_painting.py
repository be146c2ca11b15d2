"""The painter of `brushes`: one scene in six styles, stroke by stroke, on a canvas larger than the painting.

Coordinates run from 0 to 1, to the right and down; what is called a width or a length is a share of the side.
"""

import numpy as np
from PIL import Image, ImageDraw

from coursekit.data.brush_scenes import SIDE, scene

FINER = 2  # pixels of the canvas for each of the painting, a side: so edges become smooth
PAPER, INK = (247, 241, 225), (34, 30, 40)


def paint(sketch, styles, motifs, size):
    """A painting, uint8 [size, size, 3]. sketch: a record of `brushes`. styles, motifs: the names of their numbers."""
    painter = _Painter(sketch, motifs, size)
    getattr(painter, styles[sketch["style"]])()
    return np.asarray(painter.canvas.resize((size, size), Image.Resampling.BOX))


class _Painter:
    def __init__(self, sketch, motifs, size):
        self.rng = np.random.default_rng(int(sketch["number"]))
        self.scene = scene(motifs[sketch["motif"]], sketch["palette"], self.rng)
        self.coarse, self.swirl, self.lively = (float(sketch[name]) for name in ("coarseness", "swirl", "liveliness"))
        self.slant = np.radians(float(sketch["angle"]))
        self.phases = self.rng.random(4) * 2 * np.pi
        self.side = size * FINER
        self.canvas = Image.new("RGB", (self.side, self.side), PAPER)
        self.pen = ImageDraw.Draw(self.canvas)

    # -- where strokes lie and what color they have ---------------------------------------------------------------

    def angles(self, at):
        """The direction of the flow at points [n, 2], in radians [n]."""
        x, y = at.T
        a, b, c, d = self.phases
        bend = np.sin(5 * x + 3 * y + a) + np.sin(6 * y - 2 * x + b) + 0.7 * np.sin(9 * x + c) * np.sin(8 * y + d)
        return self.slant + self.swirl * bend

    def scattered(self, gap):
        """Points about `gap` apart, a little beyond the borders too, in random order: [n, 2]."""
        line = np.arange(-gap, 1 + 1.5 * gap, gap)
        points = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
        return self.rng.permutation(points + self.rng.uniform(-0.5, 0.5, points.shape) * gap)

    def colors(self, at, amount=0.16, floor=0.35):
        """The scene's colors at points [n, 2], a little changed, the more the livelier: [n, 3] in [0, 1]."""
        column, row = np.clip((at * SIDE).astype(int), 0, SIDE - 1).T
        amount = amount * (floor + (1 - floor) * self.lively)
        light = self.rng.normal(0, amount, (len(at), 1))
        return np.clip(self.scene[row, column] + light + self.rng.normal(0, 0.6 * amount, (len(at), 3)), 0, 1)

    def pixels(self, points):
        return [tuple(point) for point in (points * self.side).tolist()]

    def line(self, points, width, color):
        width = max(1, round(width * self.side))
        self.pen.line(self.pixels(points), fill=color, width=width, joint="curve" if width > 3 else None)
        for x, y in self.pixels(points[[0, -1]]) if width > 3 else ():
            self.pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=color)

    def flowing(self, at, length, steps=4):
        """Curves along the flow through points [n, 2]: [n, steps + 1, 2]."""
        path, step = [at], length / steps
        for _ in range(steps):
            angle = self.angles(path[-1])
            path.append(path[-1] + step * np.stack([np.cos(angle), np.sin(angle)], 1))
        return np.stack(path, 1) - (path[steps // 2] - at)[:, None]

    # -- the styles -----------------------------------------------------------------------------------------------

    def strokes(self):
        """Thick short strokes of oil along a flow, the finer ones on top."""
        width = 0.018 + 0.016 * self.coarse
        for w, length, gap in ((2 * width, 9 * width, 2.4 * width), (width, 5.5 * width, 1.9 * width)):
            at = self.scattered(gap)
            for path, color in zip(self.flowing(at, length), _bytes(self.colors(at)), strict=True):
                self.line(path, w, color)

    def dots(self):
        """Small dots of pure color on light paper: light and hue come from neighbors, not from mixing."""
        gap = 0.017 + 0.012 * self.coarse
        for layer, size in ((0, 0.75), (1, 0.5)):
            at = self.scattered(gap * (1 + 0.3 * layer))
            colors = self.colors(at, 0.22, 0.5)
            gray = colors.mean(1, keepdims=True)
            for (x, y), color in zip(self.pixels(at), _bytes(np.clip(gray + 1.5 * (colors - gray), 0, 1)), strict=True):
                r = gap * size * self.side
                self.pen.ellipse((x - r, y - r, x + r, y + r), fill=color)

    def hatching(self):
        """Colored pencils on paper: one direction where it is light, more of them across it where it is dark."""
        gap, length = 0.013 + 0.008 * self.coarse, 0.09 + 0.05 * self.coarse
        turns = (0, np.pi / 2.6, -np.pi / 3.2)
        slant = self.slant
        for turn, lightest in zip(turns, (0.93, 0.66, 0.42), strict=True):
            self.slant = slant + turn
            at = self.scattered(1.9 * gap)
            colors = self.colors(at, 0.1)
            at, colors = at[colors.mean(1) < lightest], colors[colors.mean(1) < lightest]
            for path, color in zip(self.flowing(at, length, 3), _bytes(0.82 * colors), strict=True):
                self.line(path, 0.3 * gap, color)
        self.slant = slant

    def tiles(self):
        """A mosaic: square stones in rows that follow the flow, with dark mortar between them."""
        self.canvas.paste((58, 52, 50), (0, 0, self.side, self.side))
        gap = 0.036 + 0.024 * self.coarse
        turn = np.array([[np.cos(self.slant), np.sin(self.slant)], [-np.sin(self.slant), np.cos(self.slant)]])
        line = np.arange(-0.75, 0.76, gap)
        grid = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
        grid[:, 1] += self.swirl * 0.05 * np.sin(7 * grid[:, 0] + self.phases[0])
        at = grid @ turn + 0.5 + self.rng.normal(0, 0.05 * gap, grid.shape)
        at = at[(np.abs(at - 0.5) < 0.5 + gap).all(1)]
        tilt = self.rng.normal(0, 0.09, len(at)) + self.slant
        half = 0.44 * gap * self.rng.uniform(0.9, 1.05, len(at))
        corners = tilt[:, None] + np.pi / 4 + np.arange(4) * np.pi / 2
        shape = at[:, None] + np.sqrt(2) * half[:, None, None] * np.stack([np.cos(corners), np.sin(corners)], -1)
        for stone, color in zip(shape, _bytes(self.colors(at, 0.17, 0.5)), strict=True):
            self.pen.polygon(self.pixels(stone), fill=color)

    def glass(self):
        """Stained glass: cells of one bright color each, lighter in their middle, and lead around them."""
        from scipy.spatial import Voronoi

        self.canvas.paste(INK, (0, 0, self.side, self.side))
        at = self.scattered(0.07 + 0.05 * self.coarse)
        colors = self.colors(at, 0.14, 0.4)
        gray = colors.mean(1, keepdims=True)
        colors = np.clip(gray + 1.7 * (colors - gray) + 0.02, 0, 1)
        cos, sin = np.cos(self.slant), np.sin(self.slant)
        stretch = np.array([[cos, -sin], [sin, cos]]) * [0.7, 1.3]  # the cells are longer along the angle
        cells = Voronoi(at @ stretch)
        corners = cells.vertices @ np.linalg.inv(stretch)
        lead = max(2, round(0.016 * self.side))
        for number, color in zip(cells.point_region, colors, strict=True):
            if -1 in cells.regions[number]:
                continue  # it has no end, far outside of the painting
            cell = corners[cells.regions[number]]
            for size, lit in ((1, 0), (0.7, 0.07), (0.45, 0.07)):
                color = np.minimum(color + lit, 1)
                shape = cell.mean(0) + size * (cell - cell.mean(0))
                self.pen.polygon(self.pixels(shape), fill=_bytes(color[None])[0])
            self.pen.line(self.pixels(cell[[*range(len(cell)), 0]]), fill=INK, width=lead)

    def woodcut(self):
        """A print in few flat colors, with dark lines carved along the flow where the scene is dark."""
        line = (np.arange(self.side) + 0.5) / self.side
        at = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
        column, row = (at * SIDE).astype(int).T
        flat = np.round(self.scene[row, column] * 4) / 4
        light = self.scene[row, column].mean(1)
        gap = 0.026 + 0.02 * self.coarse
        cos, sin = np.cos(self.slant), np.sin(self.slant)
        across = at @ [-sin, cos] + 0.035 * self.swirl * np.sin(9 * at @ [cos, sin] + self.phases[1])
        wave = np.abs((across / gap) % 1 - 0.5) * 2  # 0 in the middle of a line, 1 between two
        carved = wave < np.clip(0.75 - light, 0.06, 0.62)
        flat = np.where(carved[:, None], np.array(INK) / 255, np.clip(flat * (1 + 0.1 * self.lively), 0, 1))
        self.canvas = Image.fromarray(np.rint(flat * 255).astype("uint8").reshape(self.side, self.side, 3))


def _bytes(colors):
    return [tuple(color) for color in np.rint(colors * 255).astype(int).tolist()]
