"""What an array, an image, a label and a size are: the one place that all rooms ask."""

import numpy as np
import pytest

from coursekit.arrays import (
    check_images,
    check_labels,
    check_numbers,
    check_positive,
    check_seed,
    check_sizes,
    is_array,
)


class Frame:
    """What makes a data frame an array, or would with pandas' numbers in it."""

    ndim = 2

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values


def test_what_one_array_is():
    one = [[1, 2], [3, 4]]
    assert all(map(is_array, (one, tuple(one), np.array(one), Frame(one), [], 3.0)))
    assert not any(map(is_array, ([np.array(one)] * 2, {"x": one}, iter(one), None, "text")))


@pytest.mark.parametrize("kind", ["bool", "uint8", "int64", "float16", "float32", "float64"])
def test_black_and_white_images_of_any_kind_are_floats(kind):
    images = np.eye(3, dtype=kind)[:, None]
    found = check_images(images)
    np.testing.assert_array_equal(found, images)
    assert found.dtype == ("float64" if kind == "float64" else "float32")
    assert found is images or kind not in ("float32", "float64"), "no copy of what is right"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[1.0, 2.0], [3.0]], "rows have one length"),
        (np.array([[1, "a"]], object), "dtype object.*astype"),
        (
            np.ma.masked_greater([1.0, 2.0, 3.0], 2),
            "without masked values, got 1",
        ),  # github.com/jax-ml/jax/issues/13795
        (np.array([1j]), "dtype complex128"),
        (np.empty((0, 4)), r"non-empty array of numbers, got shape \(0, 4\)"),
    ],
    ids=["ragged", "objects", "masked", "complex", "empty"],
)
def test_what_is_no_array_of_numbers(values, said):
    with pytest.raises(ValueError, match=f"^Expected x.*{said}"):
        check_numbers(values, "x")


def test_masks_that_hide_nothing():
    assert check_numbers(np.ma.array([1.0, 2.0])).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.array([[0, 255]], "uint8"), "from 0 to 255.*Divide by 255"),
        (np.array([[-1.0, 1.0]]), r"from -1 to 1.*Take \(x \+ 1\) / 2"),
        (np.array([[0.5, np.nan]]), "from nan to nan"),
        (0.5, r"One image\? Take image\[None\]"),
    ],
    ids=["bytes", "signed", "NaN", "a number"],
)
def test_what_are_no_images(images, said):
    with pytest.raises(ValueError, match=f"^Expected images.*{said}"):
        check_images(images)


Y = np.array([2, 0, 1, 2])


@pytest.mark.parametrize(
    "labels",
    [Y.tolist(), Y[:, None], Y.astype("uint8"), Y.astype("float32"), np.eye(3)[Y], np.eye(3, dtype=bool)[Y], Frame(Y)],
    ids=["list", "column", "bytes", "floats", "one-hot", "booleans", "frame"],
)
def test_labels_in_any_form(labels):
    found = check_labels(labels, count=4, classes=3)
    assert (found.dtype.kind, found.tolist()) == ("i", Y.tolist())


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (Y + 1, "from 0 to 2, got 1 to 3. Counted from 1"),
        (Y + 0.5, "whole numbers"),
        (np.stack([Y, Y], 1), r"one-hot rows .* got shape \[4, 2\]"),
        (Y[1:], "for each of 4 examples"),
        (Y * np.nan, "whole numbers"),
        (["a", "b", "c", "a"], "dtype <U1"),
    ],
    ids=["from 1", "fractions", "two columns", "too few", "NaN", "names"],
)
def test_what_are_no_labels(labels, said):
    with pytest.raises(ValueError, match=f"^Expected .*{said}"):
        check_labels(labels, count=4, classes=3)


def test_sizes_are_pythons_own_numbers():  # github.com/keras-team/keras/issues/21655
    found = check_positive(a=np.int64(3), b=np.array(4), c=5)
    assert found == (3, 4, 5)
    assert {type(size) for size in found} == {int}
    assert check_sizes(shape=np.array([28, 28, 1])) == (28, 28, 1)
    assert type(check_seed(np.uint8(0))) is int
    assert check_seed(None) is None
    for size in (0, -1, 2.0, np.float32(2), True, np.True_, "3", None, np.array([3])):
        with pytest.raises(ValueError, match="Expected width to be a whole number of at least 1"):
            check_positive(width=size)
    with pytest.raises(ValueError, match=r"Expected widths to be several whole numbers, such as \(64, 32\), got 64"):
        check_sizes(widths=64)
    with pytest.raises(ValueError, match=r"Expected widths\[1\] to be a whole number"):
        check_sizes(widths=(64, 0.5))
