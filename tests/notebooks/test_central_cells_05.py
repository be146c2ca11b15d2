"""What the student builds in lecture 05 and what the package holds are one: same weights, same losses, same steps."""

import keras
import numpy as np
import pytest
from alike import assert_same, step
from keras import ops

from coursekit import paths
from coursekit.models import infomax

LECTURE = paths.notebooks() / "source" / "05_deep_infomax.py"
SIZES = {"channels": (4, 6, 8), "width": 12}


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


@pytest.fixture
def images():
    return np.random.default_rng(0).random((6, 12, 12, 1)).astype("float32")


@pytest.mark.parametrize("places", [1, 7])
def test_the_students_infonce_is_the_packages(student, places):
    scores = np.random.default_rng(2).normal(0, 3, size=(5, 5, places)).astype("float32")
    expected = number(infomax.infonce(scores))
    assert number(student["infonce"](scores)) == pytest.approx(expected, rel=1e-5)
    assert number(student["infonce"](scores.transpose(1, 0, 2))) != pytest.approx(expected, rel=1e-2), "rows choose"
    if places == 1:
        assert number(infomax.infonce(scores[:, :, 0])) == pytest.approx(expected, rel=1e-5)


def deep_infomax(seed=3):
    keras.utils.set_random_seed(seed)
    return infomax.strided((12, 12, 1), **SIZES, latent_dim=5, mi_units=9, gamma=0.0)


def test_same_weights_same_scores_and_information(student, images):
    package = deep_infomax()
    mine = student["MyDIM"](package.scorer)
    answers = package.scorer(images)
    scores = ops.convert_to_numpy(mine.scores(images))
    assert scores.shape == (6, 6, 9), "a map of 3 x 3 places"
    np.testing.assert_allclose(scores, ops.convert_to_numpy(package.local_scores(answers)), atol=1e-5)
    loss, parts = package.objective(answers)
    assert number(student["infonce"](scores)) == pytest.approx(number(parts["local"]), rel=1e-5)
    assert number(loss) == pytest.approx(-number(parts["local"]), rel=1e-5)


def test_a_step_of_deep_infomax_moves_both_alike(student, images):
    package, twin = deep_infomax(), deep_infomax()
    start = package.scorer.get_weights()
    for a, b in zip(start, twin.scorer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    mine, theirs = step(student["MyDIM"](twin.scorer), images), step(package, images)
    assert_same(twin.scorer, package.scorer, start)
    assert mine["information"][0] == pytest.approx(theirs["local"][0], rel=1e-5)


def test_the_students_game_is_the_packages(student):
    """What the encoder pays, and what the adversary pays, for the same codes and uniform draws."""
    square = student["Square"]()
    logits = np.random.default_rng(4).normal(size=(20, 2)).astype("float32")
    package = deep_infomax()
    package.adversary, package.noise = square.adversary, keras.random.SeedGenerator(5)
    square.random = keras.random.SeedGenerator(5)
    pays, caught = square.game(ops.sigmoid(logits))
    assert number(pays) == pytest.approx(number(package.prior_loss(logits)), rel=1e-5)
    assert number(caught) == pytest.approx(number(package.adversary_loss(logits)), rel=1e-5)


def test_the_weight_of_the_prior_weighs_it(student):
    """With gamma 0 the adversary learns and the encoder takes no notice of it; with gamma 1 it does."""
    keras.utils.set_random_seed(6)
    square = student["Matched"]()
    x = np.random.default_rng(5).random((10, 196)).astype("float32")
    start, after = square.get_weights(), {}
    draws = ops.convert_to_numpy(square.random.state).copy()
    for gamma in (0.0, 1.0):
        square.set_weights(start)
        square.gamma.assign(gamma)
        square.random.state.assign(draws)
        sgd = {name: keras.optimizers.SGD(0.1) for name in ("scorer", "adversary")}
        step(square, x, **sgd)
        after[gamma] = square.scorer.get_weights(), square.adversary.get_weights()
    for one, other in zip(after[0.0][1], after[1.0][1], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert max(np.abs(a - b).max() for a, b in zip(after[0.0][0], after[1.0][0], strict=True)) > 1e-5
