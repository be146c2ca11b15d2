"""Occlusion finds the pixels that a score hangs on."""

import numpy as np
import pytest

from coursekit.metrics.occlusion import occlusion


def test_it_finds_the_pixel_that_counts():
    image = np.full((9, 12, 1), 0.5, "float32")
    before = image.copy()
    lost = occlusion(lambda x: x[:, 4, 7, 0], image, size=3, step=3)
    expected = np.zeros((3, 4))
    expected[1, 2] = 0.5
    np.testing.assert_allclose(lost, expected)
    np.testing.assert_array_equal(image, before)


def test_squares_overlap_and_hiding_may_help():
    image = np.ones((5, 5, 2))
    lost = occlusion(lambda x: -x.sum(axis=(1, 2, 3)), image, size=4, step=1, fill=0.5)
    np.testing.assert_allclose(lost, np.full((2, 2), -16))


@pytest.mark.parametrize(
    ("image", "options"), [(np.ones((5, 5)), {}), (np.ones((5, 9, 1)), {"size": 6}), (np.ones((9, 9, 1)), {"step": 0})]
)
def test_what_does_not_fit_is_said(image, options):
    with pytest.raises(ValueError, match="Expected"):
        occlusion(lambda x: x.sum(axis=(1, 2, 3)), image, **options)
