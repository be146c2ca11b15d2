"""Checks of the exercises on mutual information."""
