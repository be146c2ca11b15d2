"""Checks of the exercises on RotNet and probes."""
