"""Checks of the exercises on style."""
