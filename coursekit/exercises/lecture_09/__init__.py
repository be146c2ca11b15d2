"""Checks of the exercises on variational autoencoders."""
