"""Checks of the exercises on generative adversarial networks."""
