import numpy as np
import pytest

from coursekit.metrics import principal_angles


def orthonormal(rows, columns, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(columns, rows)))[0].T


def test_a_rotated_basis_spans_the_same():
    axes = orthonormal(5, 40)
    mixed = np.random.default_rng(1).normal(size=(5, 5)) @ axes
    np.testing.assert_allclose(principal_angles(axes, mixed), np.zeros(5), atol=1e-5)


def test_orthogonal_spans_are_90_degrees_apart():
    axes = orthonormal(6, 40)
    np.testing.assert_allclose(principal_angles(axes[:3], axes[3:]), np.full(3, 90), atol=1e-9)


def test_known_angles_come_largest_first():
    first, second = np.eye(4)[:2], np.zeros((2, 4))
    for row, degrees in enumerate((20, 50)):
        second[row, row], second[row, row + 2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    np.testing.assert_allclose(principal_angles(first, second), [50, 20], atol=1e-9)


def test_a_span_within_another_is_at_no_angle():
    axes = orthonormal(6, 40)
    np.testing.assert_allclose(principal_angles(axes[:2], axes), np.zeros(2), atol=1e-5)
    np.testing.assert_allclose(principal_angles(3 * axes[0], axes), [0], atol=1e-5)


def test_axes_of_different_spaces_are_refused():
    with pytest.raises(ValueError, match="got 40 and 30 coordinates"):
        principal_angles(orthonormal(5, 40), orthonormal(5, 30))
