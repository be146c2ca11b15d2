"""Checks of the exercises on the overview: bits, counts, and pixels from their neighbors."""
