"""Checks of the exercises on the overview: bits, and counts."""
