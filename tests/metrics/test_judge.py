"""A judge by features that are easy to see through: the means of an image's quarters."""

import numpy as np
import pytest

from coursekit.metrics import fidelity
from coursekit.metrics.fidelity import Judge


def quarters(images):
    return np.reshape(images, (-1, 2, 4, 2, 4)).mean(axis=(2, 4)).reshape(-1, 4) * 7 + 1


def images(n, seed, level=0.2):
    rng = np.random.default_rng(seed)
    return np.clip(level + 0.1 * rng.normal(size=(n, 1, 1, 1)) + 0.1 * rng.normal(size=(n, 8, 8, 1)), 0, 1)


@pytest.fixture(scope="module")
def judge():
    return Judge.of(quarters, images(3000, 0), images(2000, 1), n=1500, about="By the quarters' means.")


def test_features_of_the_training_images_have_trace_100(judge):
    scaled = judge.features(images(3000, 0))
    assert np.trace(np.cov(scaled, rowvar=False)) == pytest.approx(100)
    np.testing.assert_allclose(scaled, quarters(images(3000, 0)) * judge.scale)


def test_the_measures_are_those_of_the_scaled_features(judge):
    fake = images(2000, 2, level=0.3)
    real, scaled = (quarters(x) * judge.scale for x in (images(2000, 1), fake))
    assert judge.frechet(fake) == pytest.approx(fidelity.frechet_distance(real, scaled))
    assert judge.kid(fake) == pytest.approx(fidelity.kid(real, scaled, size=200))
    assert judge.prdc(fake) == pytest.approx(fidelity.prdc(real, scaled))
    score = judge.measure(fake)
    assert score == (2000, judge.frechet(fake), *judge.kid(fake), *judge.prdc(fake))


def test_prdc_takes_equal_numbers(judge):
    for n in (500, 3000):
        score = judge.prdc(images(n, 4))
        assert 0.85 < score.precision <= 1, n
        assert score.density == pytest.approx(1, abs=0.15), n


def test_floor_and_noise_are_what_they_say(judge):
    assert judge.floor.images == judge.noise.images == 1500
    assert judge.floor.frechet < 1 < 20 < judge.frechet(images(1500, 5, level=0.5)) < 5 * judge.noise.frechet
    assert abs(judge.floor.kid) < 3 * judge.floor.kid_error
    assert judge.noise.coverage < 0.1 < 0.9 < judge.floor.coverage
    again = judge.measure(fidelity.uniform_noise(1500, (8, 8, 1)))
    assert judge.noise == again


def test_a_report_stands_between_floor_and_noise(judge):
    report = judge.report(
        {"good": images(1000, 6), "dark": images(1000, 7, 0.05)}, untrained=np.full((200, 8, 8, 1), 0.5)
    )
    assert list(report.rows) == ["floor: training images", "good", "dark", "untrained generator", "uniform noise"]
    assert report.rows["good"].frechet < report.rows["dark"].frechet
    lines = str(report).splitlines()
    assert len(lines) == 1 + 5 + 1
    assert len({line.rindex(".") for line in lines[1:6]}) == 1, "columns stand below each other"
    assert lines[-1] == "By the quarters' means."
    assert f"{report.rows['dark'].frechet:.2f}" in lines[3]
    assert list(judge.report(images(300, 8)).rows) == ["floor: training images", "samples", "uniform noise"]


def test_what_ships_makes_the_same_judge(judge):
    calls = []

    def real():
        calls.append(1)
        return images(2000, 1)

    other = Judge(quarters, judge.reference, judge.scale, real)
    assert not calls, "images are loaded when they are needed"
    assert other.frechet(images(500, 9)) == judge.frechet(images(500, 9))
    assert not calls
    assert other.prdc(images(500, 9)) == judge.prdc(images(500, 9))
    other.kid(images(500, 9))
    assert calls == [1], "and once"
    assert list(other.report(images(500, 9)).rows) == ["samples"], "no floor, no row"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda judge: judge.frechet(images(100, 0) * 255), r"in \[0, 1\].*Divide by 255"),
        (lambda judge: judge.frechet(np.full((100, 8, 8, 1), np.nan)), "NaN"),
        (lambda judge: judge.frechet(images(4, 0)), "more than 4 samples"),
        (lambda judge: judge.prdc(images(5, 0)), "k below"),
        (lambda judge: judge.prdc(images(50, 0), k=0), "whole number"),
        (lambda judge: judge.measure(images(12, 0)), "at least 20 images .* got 12 and 2000"),
        (
            lambda judge: Judge(lambda x: quarters(x)[:, :3], judge.reference, 1, None).frechet(images(9, 0)),
            "numbers, as",
        ),
        (lambda judge: Judge(quarters, judge.reference, 0, None), "scale above 0"),
        (lambda judge: Judge.of(quarters, np.zeros((9, 8, 8, 1)), images(9, 0)), "differ from each other"),
        (lambda judge: Judge.of(quarters, images(9, 0), images(9, 0) + 1), r"test in \[0, 1\]"),
        (lambda judge: Judge.of(quarters, images(9, 0), images(4, 0)), "more than 4 samples"),
    ],
)
def test_what_cannot_be_judged_is_told(judge, call, said):
    with pytest.raises(ValueError, match=said):
        call(judge)
