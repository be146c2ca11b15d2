import numpy as np
import pytest

from coursekit import data
from coursekit.metrics.ring_modes import modes

RING = data.toy("ring")


def test_a_perfect_sampler():
    result = modes(RING.sample(50_000), RING.modes, RING.std)
    assert result.found == 8
    assert result.near == pytest.approx(1 - np.exp(-4.5), abs=0.002)
    np.testing.assert_allclose(result.counts / 50_000, 0.989 / 8, atol=0.005)


def test_counted_by_hand():
    centers = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    samples = [[0.0, 0.29]] * 98 + [[1.0, -0.2]] * 1 + [[5.0, 5.0]] * 101
    result = modes(samples, centers, 0.1)
    np.testing.assert_array_equal(result.counts, [98, 1, 0])
    assert result.found == 1, "half a percent is no mode found"
    assert result.near == 99 / 200
    assert modes(samples[1:100], centers, 0.1).found == 2


def test_on_a_line():
    humps = data.toy("humps")
    assert modes(humps.sample(10_000), humps.modes, humps.std).near == pytest.approx(0.9973, abs=0.002)


@pytest.mark.parametrize(
    ("samples", "std", "message"),
    [
        (np.zeros((0, 2)), 1, "Expected samples"),
        (np.zeros((5, 3)), 1, "samples and centers of one width, got 3 and 2"),
        (np.full((5, 2), np.nan), 1, "Expected finite numbers, got 10"),
        (np.zeros((5, 2)), 0, "standard deviation above 0"),
    ],
)
def test_errors(samples, std, message):
    with pytest.raises(ValueError, match=message):
        modes(samples, RING.modes, std)
