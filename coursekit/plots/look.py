"""How every figure of the course looks, and how a notebook shows it."""

from coursekit.plots.palette import PALETTE

SHARPNESS = 1.6  # pixels of a stored picture for each on the page


def style():
    """The course's look: one palette, sizes that read from the back of a room."""
    import matplotlib
    import matplotlib.pyplot as plt

    matplotlib.rcParams.update(
        {
            "axes.prop_cycle": matplotlib.cycler(color=PALETTE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 14,
            "axes.labelsize": 12,
            "axes.grid": True,
            "grid.alpha": 0.25,
            "figure.dpi": 100,
            "figure.facecolor": "white",
            "font.size": 11.5,
            "image.cmap": "gray_r",
            "legend.frameon": False,
            "lines.linewidth": 2,
            "savefig.bbox": "tight",
        }
    )
    plt.ioff()


def display(figure, alt):
    """Show a matplotlib figure with its text alternative and close it."""
    import matplotlib.pyplot as plt
    from IPython import get_ipython
    from IPython.display import Image
    from IPython.display import display as show

    plt.close(figure)
    if get_ipython() is None:
        return figure
    picture, width = _small_png(figure)
    show(Image(picture, width=width, metadata={"alt": alt}))  # Colab's IPython 7 has no `alt` of its own
    return None


def _small_png(figure, colors=80):
    """The figure as PNG bytes, `SHARPNESS` times the page's resolution, in a palette of its own colors: a third of the
    size of true color, so that a notebook stays under 1.5 MB. Returns (bytes, width on the page in pixels)."""
    from io import BytesIO

    from PIL import Image

    raw, small = BytesIO(), BytesIO()
    figure.savefig(raw, dpi=SHARPNESS * figure.dpi, bbox_inches="tight")
    picture = Image.open(raw).convert("RGB")
    picture.quantize(colors, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue(), round(picture.width / SHARPNESS)
