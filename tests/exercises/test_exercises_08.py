"""The checks on variational autoencoders in use: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import defined, each, exercise

from coursekit import data, metrics
from coursekit.exercises import answer_keys
from coursekit.exercises.material import vae_patients

INTERPOLATION, PATIENTS = (exercise(__file__, number) for number in (1, 2))

# Interpolation ------------------------------------------------------------------------------------------------------

slerp, lengths = INTERPOLATION.solution.values()


def norm(x):
    return np.linalg.norm(x, axis=-1, keepdims=True)


def angle_of(a, b, unit=True):
    cosine = (a * b).sum(axis=-1, keepdims=True) / (norm(a) * norm(b) if unit else 1)
    return np.arccos(np.clip(cosine, -1, 1) if unit else cosine)


def plain(a, b, t, angle=None):
    """The formula without its limit."""
    angle = angle_of(a, b) if angle is None else angle
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def straight(a, b, t):
    return (1 - t) * a + t * b


def stretched(a, b, t):
    middle = straight(a, b, t)
    return middle / norm(middle) * straight(norm(a), norm(b), t)


def whole_batch(a, b, t):
    return plain(a, b, t, np.arccos((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b))))


def measured(length, half=0.5):
    def wrong(d):
        a, b = np.random.default_rng(5).standard_normal((2, 2000, d))
        return [length(z) for z in (a, half * (a + b), slerp(a, b, 0.5))]

    return wrong


def test_the_path_is_right():
    a, b = np.random.default_rng(1).normal(size=(2, 4, 7))
    b *= norm(a) / norm(b)
    for t in (0, 0.2, 0.7, 1):
        z = slerp(a, b, t)
        np.testing.assert_allclose(norm(z), norm(a), rtol=1e-9)
        np.testing.assert_allclose(angle_of(a, z), t * angle_of(a, b), atol=1e-6)


@each(
    slerp=[
        (lambda a, b, t: slerp(a, b, t)[0], "shape"),
        (straight, "weights should be sines"),
        (stretched, "steady pace"),
        (lambda a, b, t: slerp(b, a, t), "begins at b"),
        (lambda a, b, t: plain(a, b, t, angle_of(a, b, unit=False)), "the cosine"),
        (lambda a, b, t: slerp(a, b, t) * np.sin(angle_of(a, b)), "at t = 0 your path is not at a"),
        (lambda a, b, t: slerp(a, b, t) / norm(slerp(a, b, t)), "length 1"),
        (lambda a, b, t: slerp(a / norm(a), b / norm(b), t), "between unit vectors"),
        (whole_batch, "each pair alone"),
        (lambda a, b, t: slerp(a, b, t) + 1, "elsewhere"),
        (plain, "same direction it gives NaN"),
        (lambda a, b, t: np.nan_to_num(plain(a, b, t)), "1.5 a"),
    ],
    lengths=[
        (lambda d: lengths(d)[0], "three numbers"),
        (lambda d: (0.0, 0.0, 0.0), "all 0"),
        (measured(lambda z: np.linalg.norm(z.mean(axis=0))), "not the average length"),
        (measured(lambda z: (z**2).sum(axis=1).mean()), "root of each"),
        (measured(lambda z: norm(z).mean(), half=1), "*half* of a + b"),
        (measured(lambda z: np.linalg.norm(z, axis=0).mean()), "last axis"),
        (lambda d: np.array(lengths(d))[[0, 2, 1]], "as long as its ends"),
        (lambda d: np.array(lengths(d))[[0, 1, 1]], "round middle"),
        (lambda d: np.array(lengths(50)), "in 8 dimensions"),
    ],
)
def test_wrong_paths_and_lengths_get_their_hint(part, wrong, says):
    assert says in INTERPOLATION.hint(**{part: wrong})


# Three patients -----------------------------------------------------------------------------------------------------

active, diagnosis, _ = PATIENTS.solution.values()


@pytest.fixture(scope="module")
def digits():
    return {
        split: metrics.likelihood.binarize(data.load("digits", split).flat, "thresholded")
        for split in ("train", "test")
    }


@pytest.fixture(scope="module")
def fit():
    import keras

    return defined(__file__, "fit", keras=keras, progress=lambda: [])[0]


@pytest.fixture(scope="module")
def three(digits, fit):
    return vae_patients.patients(digits["train"], fit)


def treated(**cure):
    import keras

    from coursekit import models

    keras.utils.set_random_seed(0)
    return models.vae.dense(**{"latent_dim": 10, "widths": (128,), "beta": 40} | cure)


def test_the_patients_have_what_the_key_says(three, digits):
    """With room for another machine's rounding."""
    from keras import ops

    for name, (units, _) in answer_keys.VAE_PATIENTS.items():
        mean = ops.convert_to_numpy(three[name].encode(digits["test"])[0])
        variances = np.sort(mean.var(axis=0))
        assert (variances[10 - units :] > 0.2).all()
        assert (variances[: 10 - units] < 0.008).all()


def test_the_chart_shows_what_they_have(three, digits):
    """In its rows of changes exactly the deaf patient's dead units are 0, and the last column counts the others."""
    rows, key = vae_patients.chart(three, digits["test"], active).rows, answer_keys.VAE_PATIENTS
    for (name, (units, word)), pays, moves in zip(key.items(), rows[::2], rows[1::2], strict=True):
        assert pays[0].startswith(name)
        assert pays[-1] == f"{units} active"
        assert moves[1:-1].count("0") == (5 if word == "deaf" else 0)


def test_the_cure_is_right(digits, fit):
    (cure,) = defined(__file__, "cure")
    cured = treated(**cure)
    fit(cured, digits["train"])
    PATIENTS.check((active, diagnosis, cured))


def test_a_wrong_cure_gets_its_hint(three, digits, fit):
    warmed = treated(warm_up=300)
    fit(warmed, digits["train"])
    cases = [
        (None, "trained model too"),
        (treated(latent_dim=20), "10 units"),
        (treated(beta=1), "changed the price"),
        (treated(warm_up=2000), "was not over"),
        (warmed, "What has no price"),
        (three["C"], "without paying"),
        (treated(free_bits=1.0), "Was the model trained"),
    ]
    for wrong, says in cases:
        assert says in PATIENTS.hint(cured=wrong)


@each(
    active=[
        (lambda mean, lv: mean.var() > 0.01, "one for each unit"),
        (lambda mean, lv: mean.var(axis=1) > 0.01, "Over which axis"),
        (lambda mean, lv: mean.var(axis=0), "True or False"),
        (lambda mean, lv: mean.var(axis=0) < 0.01, "wrong way round"),
        (lambda mean, lv: np.exp(lv).mean(axis=0) > 0.01, "all units"),
        (lambda mean, lv: mean.mean(axis=0) > 99, "no unit"),
        (lambda mean, lv: (mean**2 + np.exp(lv) - 1 - lv).mean(axis=0) / 2 > 0.01, "same for every image"),
        (lambda mean, lv: mean.std(axis=0) > 0.01, "standard deviation"),
        (lambda mean, lv: mean.var(axis=0) > 0.1, "got [True, False"),
    ],
    diagnosis=[
        (diagnosis | {"A": "deaf"}, "(number of active units, word)"),
        (diagnosis | {"A": (5, "broken")}, "the word one of"),
        (diagnosis | {"A": (10, "deaf")}, "A has not 10"),
        (diagnosis | {"A": (5, "healthy")}, "has 10 units and uses 5. Healthy?"),
        (diagnosis | {"A": (5, "price")}, "exactly 0"),
        (diagnosis | {"B": (10, "price")}, "answers to each"),
        (diagnosis | {"C": (0, "deaf")}, "answers a little"),
    ],
)
def test_wrong_units_and_diagnoses_get_their_hint(part, wrong, says):
    assert says in PATIENTS.hint(**{part: wrong})
