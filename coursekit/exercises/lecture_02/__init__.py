"""Checks of the exercises on self-supervision: pixels from their neighbors, and the bits of a picture in any order."""
