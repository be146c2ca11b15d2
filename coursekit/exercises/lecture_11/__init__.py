"""Checks of the exercises on training GANs and measuring their samples."""
