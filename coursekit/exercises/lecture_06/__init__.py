"""Checks of the exercises on autoencoders."""
