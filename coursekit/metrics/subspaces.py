"""Principal angles between two subspaces."""

import numpy as np

from coursekit.arrays import check_floats


def principal_angles(axes_a, axes_b):
    """Angles in degrees, largest first, between the spans of the rows of `axes_a` [k, d] and `axes_b` [m, d].

    All 0: one span holds the other. 90: some direction of the one is orthogonal to all of the other
    (Bjorck and Golub, Math. Comp. 27, 1973).
    """
    from scipy.linalg import subspace_angles

    axes_a, axes_b = (np.atleast_2d(check_floats(axes, "axes")) for axes in (axes_a, axes_b))
    if not (axes_a.any() and axes_b.any()):
        raise ValueError("Expected axes that span something, got zeros alone.")
    if axes_a.shape[1] != axes_b.shape[1]:
        raise ValueError(f"Expected axes of one space, got {axes_a.shape[1]} and {axes_b.shape[1]} coordinates.")
    return np.degrees(subspace_angles(axes_a.T, axes_b.T))
