"""Measures of codes on generators whose answers are known."""

import numpy as np
import pytest

from coursekit.metrics import disentanglement as measures


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def test_explained_is_1_for_the_truth_and_0_for_its_mean():
    truth = {"a": normal(50, 2), "b": normal(50, 1, seed=1)}
    means = {name: np.broadcast_to(values.mean(axis=0), values.shape) for name, values in truth.items()}
    assert measures.explained(truth, truth) == {"a": 1, "b": 1}
    assert measures.explained(truth, means) == pytest.approx({"a": 0, "b": 0})
    assert np.isnan(measures.explained({"a": np.ones((3, 1))}, {"a": np.ones((3, 1))})["a"])


def test_a_linear_probe_reads_what_is_linear_and_no_more():
    codes, test = normal(600, 5), normal(300, 5, seed=1)
    factors = lambda codes: {"linear": codes @ normal(5, 2, seed=2), "length": (codes**2).sum(axis=1, keepdims=True)}
    scores = measures.linear_probe(codes, factors(codes), test, factors(test))
    assert scores["linear"] > 0.99
    assert scores["length"] < 0.05, "a square has no linear part"
    scaled = measures.linear_probe(1000 * codes + 7, factors(codes), 1000 * test + 7, factors(test))
    assert scaled == pytest.approx(scores), "codes are standardized"


def test_the_mixing_table_of_a_generator_whose_layers_are_known():
    """Layer 0 decides the color, layers 1 and 2 the size, half each, and nothing the rest."""
    source, rest = normal(40, 3, 2), normal(40, 3, 2, seed=1)
    read = lambda styles: {
        "color": styles[:, 0],
        "size": (styles[:, 1, :1] + styles[:, 2, :1]) / 2,
        "rest": np.arange(40.0)[:, None],
    }
    groups = {"coarse": [0], "middle": [1], "fine": [2], "all": range(3), "none": []}
    before = rest.copy()
    table = measures.mixing_table(lambda styles: styles, read, source, rest, groups)
    np.testing.assert_array_equal(rest, before)
    assert table["color"] == pytest.approx({"coarse": 1, "middle": 0, "fine": 0, "all": 1, "none": 0})
    assert table["size"]["middle"] + table["size"]["fine"] == pytest.approx(1)
    assert table["size"]["coarse"] == 0
    assert 0.3 < table["size"]["middle"] < 0.7
    assert np.isnan(table["rest"]["all"])


def test_a_deviation_map_shows_where_the_noise_is():
    def draw(seed):
        images = np.full((2, 4, 4, 3), 0.5)
        images[:, 1, 2] += 0.1 * (-1) ** seed
        return images

    found = measures.deviation_map(draw, count=4)
    expected = np.zeros((2, 4, 4))
    expected[:, 1, 2] = 0.1
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_length_of_a_straight_path_is_its_squared_distance():
    first, second = normal(30, 4), normal(30, 4, seed=1)
    expected = np.square(second - first).sum(axis=1).mean()
    straight = measures.path_length(lambda codes: codes, lambda images: images, first, second)
    assert straight == pytest.approx(expected, rel=1e-3)
    doubled = measures.path_length(lambda codes: 2 * codes, lambda images: images, first, second)
    assert doubled == pytest.approx(4 * expected, rel=1e-3)


def test_a_great_circle_keeps_its_length_and_its_speed():
    first, second = np.array([[2.0, 0, 0]]), np.array([[0, 2.0, 0]])
    halfway = measures.slerp(first, second, np.array([[0.5]]))
    np.testing.assert_allclose(halfway, [[2**0.5, 2**0.5, 0]])
    np.testing.assert_allclose(measures.slerp(first, first, np.array([[0.3]])), first)
    around = measures.path_length(lambda codes: codes, lambda images: images, first, second, spherical=True)
    assert around == pytest.approx((2 * np.pi / 2) ** 2, rel=1e-3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: measures.explained({"a": np.ones((3, 1))}, {"b": np.ones((3, 1))}),
        lambda: measures.explained({}, {}),
        lambda: measures.linear_probe(np.ones((3, 2)), {"a": np.ones((4, 1))}, np.ones((3, 2)), {"a": np.ones((3, 1))}),
        lambda: measures.mixing_table(abs, abs, np.ones((2, 3)), np.ones((2, 3)), {}),
        lambda: measures.deviation_map(lambda seed: np.ones((1, 2, 2, 1)), count=1),
        lambda: measures.path_length(abs, abs, np.ones((2, 3)), np.ones((3, 3))),
        lambda: measures.path_length(abs, abs, np.ones((2, 3)), np.ones((2, 3)), epsilon=1),
    ],
)
def test_what_does_not_fit_is_said(call):
    with pytest.raises(ValueError, match="Expected"):
        call()
