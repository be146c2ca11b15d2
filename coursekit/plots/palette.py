"""The course's colors, and what each of them means.

A color has one meaning in the whole course, in the drawings of networks (`network`) and of flows (`flow`) alike:

| constant | color | what it colors |
|---|---|---|
| `INK` | near black | text, outlines, arrows along which data flow |
| `PAPER` | white | the ground: figures are light on dark pages too |
| `MUTED` | gray | remarks, what takes no part, reshaping that changes no number |
| `DATA` | blue | data: inputs, targets, whatever was measured and not made |
| `OURS` | blue | in bar charts: what was measured in this run |
| `BASELINE` | gray | in charts: what ours is compared with; dotted lines are floors and chance |
| `GUESS` | near black | in charts: the reader's prediction, a short mark |
| `CODE` | orange | codes, latent variables, noise that stands in for a code |
| `ENCODER` | green | weights that read data: encoders, bodies of classifiers, classifiers |
| `DECODER`, `GENERATOR` | vermilion | weights that make data from a code, and what they make |
| `DISCRIMINATOR` | pink | weights that judge: discriminators, critics, adversaries |
| `LOSS` | yellow | losses; only ever a ground, never a line on white |
| `GRADIENT` | wine | gradients: arrows that run back, dashed where they could be taken for data |

A decoder and a generator are the same thing, a map from codes to data, so they share a color. Boxes are filled with
`tint(color)`, on which INK has a contrast of at least 9 to 1, and outlined with `shade(color)`, which is told from
white by at least 3 to 1.
"""

# Okabe and Ito's palette (2008), told apart by all common kinds of color vision.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")

INK = "#222222"
PAPER = "#FFFFFF"
MUTED = "#6B6B6B"
DATA = "#0072B2"
CODE = "#E69F00"
ENCODER = "#009E73"
DECODER = "#D55E00"
GENERATOR = "#D55E00"
DISCRIMINATOR = "#CC79A7"
LOSS = "#F0E442"
GRADIENT = "#882255"
OURS = DATA
BASELINE = "#8A8A8A"
GUESS = INK


def tint(color, amount=0.3):
    """The color thinned with white, as "#rrggbb": `amount` 1 leaves it, 0 is white."""
    return _mixed(color, "#FFFFFF", amount)


def shade(color, amount=0.65):
    """The color darkened with black, as "#rrggbb": `amount` 1 leaves it, 0 is black."""
    return _mixed(color, "#000000", amount)


def _mixed(color, other, amount):
    channels = ((int(color[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(amount * one + (1 - amount) * two):02X}" for one, two in channels)
