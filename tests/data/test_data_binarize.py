"""Black and white images from gray ones."""

import numpy as np
import pytest

from coursekit import data

LEVELS = np.linspace(0, 1, 12, dtype="float32").reshape(3, 4)


def test_thresholded_is_white_above_one_half():
    np.testing.assert_array_equal(data.binarize([[0, 0.49, 0.5, 0.51, 1]], "thresholded"), [[0, 0, 0, 1, 1]])


def test_stochastic_is_white_as_often_as_the_gray_level_says():
    levels = np.repeat([[0, 0.2, 0.7, 1]], 20_000, axis=0)
    drawn = data.binarize(levels, "stochastic")
    assert drawn.dtype == np.float32
    assert set(np.unique(drawn)) == {0, 1}
    np.testing.assert_allclose(drawn.mean(axis=0), levels[0], atol=0.015)
    assert drawn[:, 0].max() == 0
    assert drawn[:, 3].min() == 1
    np.testing.assert_array_equal(drawn, data.binarize(levels, "stochastic", seed=0))
    assert (drawn != data.binarize(levels, "stochastic", seed=1)).any()


def test_none_leaves_the_gray_levels():
    np.testing.assert_array_equal(data.binarize(LEVELS, "none"), LEVELS)


def test_an_unknown_binarization():
    with pytest.raises(ValueError, match="Expected how to be one of 'none', 'thresholded', 'stochastic', got 'random'"):
        data.binarize(LEVELS, "random")
