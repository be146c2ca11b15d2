"""Checks of the exercises of lecture 20."""
