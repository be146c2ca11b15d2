"""Checks of the exercises on deep convolutional GANs."""
