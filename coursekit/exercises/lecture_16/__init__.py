"""Checks of the exercises on style-based generators."""
