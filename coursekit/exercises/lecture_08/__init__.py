"""Checks of the exercises on variational autoencoders in use."""
