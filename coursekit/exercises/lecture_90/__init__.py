"""Checks of the exercises of the appendix, 90."""
