import numpy as np
import pytest

from coursekit.metrics import roc


@pytest.mark.parametrize(
    ("normal", "strange", "area"),
    [
        ([1, 2, 3], [4, 5], 1.0),
        ([4, 5], [1, 2, 3], 0.0),
        ([1, 1, 1], [1, 1], 0.5),
        ([1, 2], [2, 3], 0.875),
        ([1, 3], [2, 4], 0.75),
    ],
    ids=["perfect", "inverted", "all tied", "one tie", "one pair wrong"],
)
def test_the_area_is_the_share_of_pairs_in_order(normal, strange, area):
    pairs = np.subtract.outer(np.array(strange), np.array(normal))
    assert area == (pairs > 0).mean() + 0.5 * (pairs == 0).mean()
    assert roc(normal, strange)[0] == pytest.approx(area, abs=1e-12)


def test_the_curve_encloses_the_area():
    rng = np.random.default_rng(0)
    area, (false_alarms, detections) = roc(rng.normal(0, 1, 300), rng.normal(1, 1, 200))
    assert (false_alarms[0], detections[0]) == (0, 0)
    assert (false_alarms[-1], detections[-1]) == (1, 1)
    assert (np.diff(false_alarms) >= 0).all()
    assert (np.diff(detections) >= 0).all()
    assert np.trapezoid(detections, false_alarms) == pytest.approx(area, abs=1e-12)
    assert area == pytest.approx(0.76, abs=0.04), "two Gaussians one deviation apart: Phi(1 / sqrt 2)"


@pytest.mark.parametrize(
    ("normal", "strange"),
    [([1, np.nan], [2]), ([1], [np.inf]), ([], [1]), ([1], [])],
    ids=["NaN", "inf", "no normal", "no strange"],
)
def test_scores_that_say_nothing_are_refused(normal, strange):
    with pytest.raises(ValueError, match=r"Expected finite numbers, got 1|Expected scores of .*: a non-empty array"):
        roc(normal, strange)
