"""`data.picture`: one picture of anyone's, from a file or an array."""

import numpy as np
import pytest
from PIL import Image

from coursekit import data


@pytest.fixture
def wide():
    """48x80, red to the left and blue to the right of a green middle."""
    array = np.zeros((48, 80, 3), np.uint8)
    array[:, :16, 0] = array[:, 16:64, 1] = array[:, 64:, 2] = 255
    return array


def test_files_and_arrays_give_the_same_square(wide, tmp_path):
    Image.fromarray(wide).save(tmp_path / "wide.png")
    of_file, of_array = data.picture(tmp_path / "wide.png", 32), data.picture(wide, 32)
    assert (of_file.shape, of_file.dtype) == ((32, 32, 3), np.float32)
    np.testing.assert_allclose(of_file, of_array, atol=0.01)
    np.testing.assert_allclose(of_file[:, 1:-1], np.broadcast_to([0, 1, 0], (32, 30, 3)), atol=0.02)
    np.testing.assert_array_equal(data.picture(wide / 255, 32), of_array)
    np.testing.assert_array_equal(data.picture(str(tmp_path / "wide.png"), 32), of_file)


def test_gray_transparent_and_single_ones(wide):
    gray = data.picture(np.full((20, 20), 128, np.uint8), 20)
    np.testing.assert_allclose(gray, 128 / 255, atol=1e-6)
    through = np.dstack([wide, np.zeros((48, 80), np.uint8)])
    np.testing.assert_allclose(data.picture(through, 16), 1, atol=1e-6)
    assert data.picture(wide[None], 16).shape == (16, 16, 3)


def test_photographs_of_the_course_by_name():
    assert data.picture("cat", 64).std() > 0.1


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("nowhere.jpg", FileNotFoundError, r"one of astronaut, .*, got 'nowhere.jpg': there is no such file"),
        (np.zeros((8, 300, 3)), ValueError, "at least 16 pixels a side, got 8x300"),
        (np.zeros((3, 64, 64)), ValueError, r"got shape \[3, 64, 64\]\. The channels come last here"),
        (np.zeros((64, 64, 2)), ValueError, r"got shape \[64, 64, 2\]"),
        (np.zeros((2, 64, 64, 3)), ValueError, r"Expected one picture .* got shape \[2, 64, 64, 3\]"),
        (np.full((64, 64, 3), 255.0), ValueError, r"Expected numbers in \[0, 1\] or bytes .* from 255 to 255"),
        (np.full((64, 64, 3), np.nan), ValueError, "from nan to nan"),
        (7, TypeError, "a path or an array"),
    ],
)
def test_what_is_no_picture_is_told(source, error, message):
    with pytest.raises(error, match=message):
        data.picture(source)


def test_files_that_are_none(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (200, 4)).save(tmp_path / "thin.png")
    with pytest.raises(ValueError, match=r"Expected a picture, got broken.png: no readable image"):
        data.picture(tmp_path / "broken.png")
    with pytest.raises(ValueError, match=r"got thin.png: .*at least 16 pixels a side, got 200x4"):
        data.picture(tmp_path / "thin.png")
    with pytest.raises(ValueError, match="got the folder"):
        data.picture(tmp_path)
    with pytest.raises(ValueError, match="Expected size to be an integer >= 16"):
        data.picture(np.zeros((32, 32)), 4)
