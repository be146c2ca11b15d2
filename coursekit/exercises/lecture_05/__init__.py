"""Checks of the exercises on Deep InfoMax."""
