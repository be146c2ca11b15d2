"""Checks of the exercises on what a DCGAN has learned."""
