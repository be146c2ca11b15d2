"""The colors of the drawings can be read, and told apart."""

import pytest

from coursekit.plots import palette

MEANINGS = ("DATA", "CODE", "ENCODER", "DECODER", "GENERATOR", "DISCRIMINATOR", "LOSS", "GRADIENT", "MUTED")


def contrast(one, two):
    """Of the WCAG: 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", MEANINGS)
def test_ink_reads_on_tints_and_outlines_on_paper(name):
    color = getattr(palette, name)
    assert contrast(palette.tint(color), palette.INK) >= 9
    assert contrast(palette.shade(color), palette.PAPER) >= 3


def test_one_color_has_one_meaning():
    assert palette.DECODER == palette.GENERATOR, "both make data from codes"
    colors = [getattr(palette, name) for name in MEANINGS]
    assert len(set(colors)) == len(colors) - 1
    assert palette.tint("#336699", 1) == palette.shade("#336699", 1) == "#336699"
