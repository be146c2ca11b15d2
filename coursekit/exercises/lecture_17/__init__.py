"""Checks of the exercises on predicting the next letter."""
