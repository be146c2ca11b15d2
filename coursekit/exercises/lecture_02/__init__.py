"""Checks of the exercises on self-supervision."""
