"""What you can only look at. Every figure has a title, axes with units and a text alternative.

In a notebook a function here displays its figure and returns None; elsewhere it returns the matplotlib Figure.
"""

from coursekit.plots.charts import bars, histograms, lines, roc
from coursekit.plots.flows import flow
from coursekit.plots.look import SHARPNESS, display, style
from coursekit.plots.networks import network
from coursekit.plots.palette import PALETTE
from coursekit.plots.pictures import images, mosaic, panels, plane
from coursekit.plots.rolls import piano_roll
from coursekit.plots.tables import Table, table
from coursekit.plots.texts import dilations, surprises

__all__ = [
    "PALETTE",
    "SHARPNESS",
    "Table",
    "bars",
    "dilations",
    "display",
    "flow",
    "histograms",
    "images",
    "lines",
    "mosaic",
    "network",
    "panels",
    "piano_roll",
    "plane",
    "roc",
    "style",
    "surprises",
    "table",
]
