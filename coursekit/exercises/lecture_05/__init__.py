"""Checks of the exercises on mutual information and Deep InfoMax."""
