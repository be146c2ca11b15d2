"""The painter of portraits: shapes as signed distances (negative inside), layer upon layer, with smooth edges.

Coordinates run from -SPAN to SPAN, to the right and down. The head has its own, which turn around the neck.
"""

import copy

import numpy as np


def palette(*colors):
    """Colors like "ffe3cf" to float32 `[n, 3]` in [0, 1]."""
    return np.array([[int(color[i : i + 2], 16) for i in (0, 2, 4)] for color in colors], np.float32) / 255


SKIN = palette("ffe2cf", "f6cba6", "e2ab7f", "c58a5c", "9c653d", "74472c", "54321f")
HAIR = palette("1d1a20", "3d2920", "6b4226", "974721", "cb6a2b", "e6b45f", "f2dca4", "f4f2ee")
IRIS = palette("3a2215", "7d4b22", "8b7a2e", "3f8f4e", "2f7fd0", "93a7b5")
CLOTHES = palette("c8553d", "e09f3e", "5b8e7d", "2e6f95", "5a4e8c", "b0578d")
BACKGROUND = palette("f7c5c0", "fbe0b5", "eef0b4", "bfe6c8", "b5dcf2", "cdc6f0")
INK, WHITE, BLUSH, LIP = palette("26222a", "ffffff", "f0706a", "bf3349")[..., None, None]
SPAN = 0.94
PIVOT = 0.62  # height of the point around which the head turns
EYE_X, EYE_Y = 0.185, 0.03


def paint(faces: np.ndarray, style: str, size: int) -> np.ndarray:
    """Pictures of faces that all have the hair `style`: float32 `[n, size, size, 3]` in [0, 1]."""
    return _Picture(faces, size).paint(style)


class _Picture:
    def __init__(self, faces, size):
        self.pixel = np.float32(2 * SPAN / size)
        line = (np.arange(size, dtype=np.float32) + np.float32(0.5)) * self.pixel - np.float32(SPAN)
        self.u, self.v = line[None, None, :], line[None, :, None]
        angle = np.radians(faces["tilt"].astype(float))
        cosine, sine = (f(angle).astype(np.float32)[:, None, None] for f in (np.cos, np.sin))
        self.x = cosine * self.u + sine * (self.v - PIVOT)
        self.y = cosine * (self.v - PIVOT) - sine * self.u + PIVOT
        self.value = {name: faces[name].astype(np.float32)[:, None, None] for name in faces.dtype.names}
        self.skin = self.color(SKIN, "skin")
        self.hair = self.color(HAIR, "hair_color")
        self.canvas = np.empty((len(faces), 3, size, size), np.float32)  # planes are painted faster than pixels
        self.canvas[:] = self.color(BACKGROUND, "background")

    def within(self, left, right, top, bottom):
        """The part of the picture in a box; painting a small part takes less time."""
        part = copy.copy(self)
        columns = slice(*np.searchsorted(self.u[0, 0], (left, right)))
        rows = slice(*np.searchsorted(self.v[0, :, 0], (top, bottom)))
        part.u, part.v = self.u[..., columns], self.v[:, rows]
        part.x, part.y = self.x[:, rows, columns], self.y[:, rows, columns]
        part.canvas = self.canvas[..., rows, columns]
        return part

    def color(self, stops, name):
        """`[n, 3, 1, 1]`, along the stops."""
        at = self.value[name][:, 0] * (len(stops) - 1)
        below = np.minimum(at.astype(int), len(stops) - 2)
        color = _mix(stops[below[:, 0]], stops[below[:, 0] + 1], at - below.astype(np.float32))
        return color[..., None, None]

    def fill(self, distance, color, opacity=1):
        """Lay a shape on the canvas; a pixel that it covers in part takes part of its color."""
        cover = np.clip(np.float32(0.5) - distance / self.pixel, 0, 1) * np.float32(opacity)
        step = color - self.canvas
        step *= cover[:, None]
        self.canvas += step

    def paint(self, style):
        self.hair_behind(style)
        self.within(-1, 1, 0.25, 1).body()
        self.head(ears=style not in ("fringe", "long"))
        self.hair_in_front(style)
        front = self.within(-0.8, 0.8, -0.5, 0.7)  # reaches as far as the features get when the head is tilted
        front.face()
        for side in (-1, 1):
            front.eye(side)
        front.glasses()
        return self.canvas.transpose(0, 2, 3, 1)

    def body(self):
        u, v = self.u, self.v
        shade = self.skin * np.float32(0.86)
        self.fill(_ellipse(u, v, 0, 1.16, 0.8, 0.48), self.color(CLOTHES, "clothes"))
        self.fill(_ellipse(u, v, 0, 0.7, 0.23, 0.13), shade)
        self.fill(_box(u, v, 0, 0.55, 0.15, 0.24, 0.1), shade)

    def head(self, ears):
        for side in (-1, 1) * ears:
            self.fill(_ellipse(self.x, self.y, side * 0.44, 0.06, 0.085, 0.115), self.skin)
            self.fill(_ellipse(self.x, self.y, side * 0.45, 0.06, 0.045, 0.07), self.skin * np.float32(0.86))
        self.fill(_skull(self.x, self.y), self.skin)

    def hair_behind(self, style):
        x, y = self.x, self.y
        shade = self.hair * np.float32(0.8)
        if style == "long":
            self.fill(_box(x, y, 0, 0.15, 0.58, 0.85, 0.57), shade)
        elif style == "fringe":
            self.fill(_box(x, y, 0, -0.07, 0.56, 0.6, 0.5), shade)
        elif style == "bun":
            self.fill(_ellipse(x, y, 0, -0.7, 0.23, 0.2), shade)
        elif style == "curly":
            self.fill(_curls(x, y, 0.46, 0.5, 0.2, np.linspace(-200, 20, 12)), shade)

    def hair_in_front(self, style):
        x, y = self.x, self.y
        if style == "short":
            shape = _without(_ellipse(x, y, 0, -0.1, 0.48, 0.56), _ellipse(x, y, 0.06, 0.24, 0.44, 0.55))
            shape = np.maximum(shape, y - 0.02)
        elif style == "fringe":
            shape = _without(_ellipse(x, y, 0, -0.04, 0.52, 0.62), _box(x, y, 0, 0.35, 0.39, 0.6, 0.1))
        elif style == "bun":
            shape = _without(_ellipse(x, y, 0, -0.06, 0.465, 0.56), _ellipse(x, y, 0, 0.2, 0.44, 0.55))
            shape = np.maximum(shape, y - 0.05)
        elif style == "long":
            parted = np.maximum(_ellipse(x, y, -0.17, 0.32, 0.56, 0.7), _ellipse(x, y, 0.17, 0.32, 0.56, 0.7))
            shape = _without(_ellipse(x, y, 0, 0, 0.54, 0.66), parted)
        elif style == "curly":
            shape = _curls(x, y, 0.37, 0.43, 0.125, np.linspace(-172, -8, 10))
        else:
            return
        # Without its shadow brown hair would not be seen on brown skin.
        self.fill(np.maximum(shape - 0.03, _skull(x, y)), self.skin * np.float32(0.8))
        self.fill(shape, self.hair)

    def face(self):
        x, y = self.x, self.y
        away = np.abs(x)
        self.fill(
            _ellipse(away, y, 0.29, 0.22, 0.09, 0.065),
            _mix(self.skin, BLUSH, 0.3 - 0.2 * self.value["skin"][..., None]),
        )
        self.fill(_stroke(x, y - 0.17, 0.055, -9, 0.02), self.skin * np.float32(0.76))

        mouth = self.value["mouth"]
        lips = _stroke(x, y - 0.31 - 0.06 * mouth, 0.2, -3.6 * mouth, 0.037)
        self.fill(lips, _mix(self.skin, LIP, np.float32(0.75)))

        brows = self.value["brows"]
        outward = away - EYE_X
        slope = 0.1 * brows + 0.26 * np.minimum(brows, 0)
        height = -0.155 - 0.075 * brows
        self.fill(
            _stroke(outward, y - height - slope * outward, 0.105, 2.5 * np.maximum(brows + 0.4, 0), 0.026),
            self.hair * np.float32(0.6),
        )

    def eye(self, side):
        x, y = self.x - side * EYE_X, self.y - EYE_Y
        scale = 0.75 + 0.5 * self.value["eye_size"]
        width, height = scale * 0.113, scale * (0.012 + 0.1 * self.value["eye_openness"])
        white = _ellipse(x, y, 0, 0, width, height)
        radius = np.sqrt(x * x + y * y)
        self.fill(white, WHITE)
        self.fill(np.maximum(white, radius - scale * 0.075), self.color(IRIS, "eye_color"))
        self.fill(np.maximum(white, radius - scale * 0.036), INK)
        self.fill(np.maximum(white, _ellipse(x, y, 0.025, -0.03, 0.018, 0.018)), WHITE)
        lid = np.maximum(np.abs(white) - 0.016, np.abs(x) - width - 0.012)
        self.fill(np.maximum(lid, y - 0.012), INK)

    def glasses(self):
        x, y = np.abs(self.x), self.y - EYE_Y
        worn = self.value["glasses"]
        lens = _box(x, y, EYE_X + 0.01, 0.015, 0.158, 0.14, 0.1)
        self.fill(lens, WHITE, 0.1 * worn)
        frame = np.abs(lens) - 0.016
        frame = np.minimum(frame, _box(x, y, 0, -0.03, 0.04, 0.014, 0.01))
        frame = np.minimum(frame, _box(x, y, 0.395, -0.03, 0.05, 0.014, 0.01))
        self.fill(frame, INK, worn)


def _mix(a, b, share):
    return a + share * (b - a)


def _ellipse(x, y, x0, y0, a, b):
    """Close to the distance near the edge, exact for circles."""
    p, q = (x - x0) / a, (y - y0) / b
    inside = np.sqrt(p * p + q * q)
    steep = np.sqrt(np.square(p / a) + np.square(q / b))
    return inside * (inside - 1) / np.maximum(steep, np.float32(1e-6))


def _box(x, y, x0, y0, a, b, rounding):
    p, q = np.abs(x - x0) - (a - rounding), np.abs(y - y0) - (b - rounding)
    corner = np.sqrt(np.square(np.maximum(p, 0)) + np.square(np.maximum(q, 0)))
    return corner + np.minimum(np.maximum(p, q), 0) - rounding


def _stroke(x, y, half, bend, thick):
    """The curve y = `bend` x^2 for |x| <= `half`, `thick` to both sides."""
    along = np.clip(x, -half, half)
    for _ in range(2):  # toward the nearest point of the curve
        slope = 2 * bend * along
        step = (x - along + slope * (y - bend * along * along)) / (1 + slope * slope)
        along = np.clip(along + step, -half, half)
    return np.sqrt(np.square(x - along) + np.square(y - bend * along * along)) - thick


def _skull(x, y):
    """An ellipse that narrows toward the chin."""
    narrow = 1 - 0.16 * np.square(np.clip(y, 0, 1) / 0.54)
    return _ellipse(x / narrow, y, 0, -0.02, 0.44, 0.54)


def _curls(x, y, a, b, radius, degrees):
    nearest = None
    for angle in np.radians(degrees):
        x0, y0 = np.float32(a * np.cos(angle)), np.float32(b * np.sin(angle) - 0.08)
        distance = np.square(x - x0) + np.square(y - y0)
        nearest = distance if nearest is None else np.minimum(nearest, distance)
    return np.sqrt(nearest) - radius


def _without(shape, hole):
    return np.maximum(shape, -hole)
