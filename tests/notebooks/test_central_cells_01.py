"""What the student builds in lecture 01: held to the package where it has the same, and to what the text says of it."""

import numpy as np
import pytest
from scipy import stats

import coursekit
from coursekit import paths
from coursekit.metrics import likelihood

LECTURE = paths.notebooks() / "source" / "01_unsupervised_overview.py"


def test_the_students_bits_are_the_packages(student):
    p = np.array([0.5, 0.1, 1e-9])
    np.testing.assert_allclose(student["bits"](p), likelihood.bits_per_image(np.log(p)))
    assert student["entropy"]([0.5, 0.25, 0.25, 0]) == pytest.approx(1.5)
    assert student["entropy"]([0.2, 0.3, 0.5]) == pytest.approx(stats.entropy([0.2, 0.3, 0.5], base=2))


def test_a_code_length_is_the_probability_of_the_image(student):
    rng = np.random.default_rng(0)
    x, theta = (rng.random((5, 9)) < 0.5).astype("float32"), rng.uniform(0.1, 0.9, 9)
    log_p = stats.bernoulli(theta).logpmf(x).sum(axis=1)
    np.testing.assert_allclose(student["code_length"](x, theta), likelihood.bits_per_image(log_p))


def test_a_png_is_as_long_as_its_file(student, tmp_path):
    from PIL import Image

    picture = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype="uint8")
    Image.fromarray(picture).save(tmp_path / "picture.png", optimize=True)
    assert student["png_bits"](picture) == 8 * (tmp_path / "picture.png").stat().st_size


def test_the_pupils_step_is_the_slope_of_the_cross_entropy(student):
    """One digit, told its label: the weights move by -rate times the gradient of -log p(label), from 0."""
    x = np.random.default_rng(0).random((1, 5))
    weights, right = student["one_pass"](x, np.array([3]), "label", rate=0.5)
    np.testing.assert_allclose(weights, 0.5 * np.outer(x, np.eye(10)[3] - 0.1))
    assert right.shape == (1,)


def test_the_player_moves_up_the_expected_reward(student):
    """Averaged over what it says, its step is the rate times the gradient of p(label), from 0: REINFORCE."""
    x, label, tries = np.array([[1.0, 2.0]]), np.array([3]), 20_000
    rng = np.random.default_rng(0)
    student["rng"], before = rng, student["rng"]
    steps = [student["one_pass"](x, label, "reward", rate=1.0) for _ in range(tries)]
    student["rng"] = before
    gradient = 0.1 * np.outer(x, np.eye(10)[3] - 0.1)
    np.testing.assert_allclose(np.mean([weights for weights, _ in steps], axis=0), gradient, atol=0.01)
    assert np.mean([right[0] for _, right in steps]) == pytest.approx(0.1, abs=0.01)


def test_a_histogram_integrates_to_one_and_says_where_points_are(student):
    points = student["moons"].sample(500, 3)
    log_q = student["histogram"](points, 12, empty=0.5)
    middle = np.linspace(-3, 3, 13)[:-1] + 0.25
    grid = np.stack(np.meshgrid(middle, middle), axis=-1).reshape(-1, 2)
    assert np.exp(log_q(grid)).sum() * 0.25 == pytest.approx(1)
    inside = ((points >= [-0.5, 0]) & (points < [0, 0.5])).all(axis=1).sum()
    assert np.exp(log_q(np.array([[-0.2, 0.3]])))[0] * 0.25 == pytest.approx((inside + 0.5) / (500 + 72))


def test_the_divergence_from_the_truth_is_zero(student):
    assert student["kl"](student["moons"].log_density) == pytest.approx(0, abs=1e-6)
    assert student["kl"](lambda x: student["moons"].log_density(x) - 0.3) == pytest.approx(0.3, abs=1e-6)


# The gallery ----------------------------------------------------------------------------------------------------------


class Writer:
    """What it draws it must be told the length of, and it has no pictures."""

    def sample(self, n, steps, seed=0):
        return np.full((n, 28, 28, 1), 0.5)[:, :steps]


class Sampler:
    def __init__(self, made):
        self.made = made

    def sample(self, count, seed=0):
        return np.repeat(self.made[None], count, axis=0)


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (Sampler(np.full(784, 0.5)), (10, 28, 28, 1)),
        (Sampler(np.full((64, 64, 3), 0.5)), (10, 64, 64, 3)),
        (Sampler(np.full((28, 28, 1), 1.2)), (10, 28, 28, 1)),
        (Sampler(np.zeros(32)), None),  # a tune of 32 notes
        (Sampler(np.zeros((32, 90))), None),
        (Sampler(np.zeros(256, int)), None),  # sixteen bars of sixteen steps are no picture of 16 x 16
        (Writer(), None),
        (object(), None),
    ],
)
def test_whatever_ships_is_drawn_if_it_is_a_picture(student, monkeypatch, model, shape):
    monkeypatch.setattr(coursekit, "pretrained", lambda name: model, raising=False)
    made = student["samples_of"]("anything")
    assert (None if made is None else made.shape) == shape
    assert made is None or made.max() <= 1
