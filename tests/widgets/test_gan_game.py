import io
import json
import time

import matplotlib
import numpy as np
import pytest
from PIL import Image

from coursekit import data
from coursekit.widgets import GanGame2D, gan_data
from coursekit.widgets.gan_network import LOSSES

SETTINGS = GanGame2D()._settings


def game(points=None, **changes):
    return gan_data.Game({**SETTINGS, **changes}, points)


def test_what_travels_to_the_page():
    points = np.random.default_rng(0).normal(0, 0.8, (100, 2))
    widget = GanGame2D(points, generator=(8,), latent_dim=3, latent="normal", k=5, rates=(0.1, 0.2), title="Mine")
    assert widget._settings["generator"] == [3, 8, 2]
    assert widget._settings["discriminator"] == [2, 32, 32, 1]
    assert widget._settings["data"] == "given"
    assert np.frombuffer(widget._points, "<f4").reshape(-1, 2) == pytest.approx(points, abs=1e-6)
    assert json.loads(json.dumps(widget._settings)) == widget._settings
    assert repr(widget) == (
        "GanGame2D(100 points; generator 3-8-2, discriminator 2-32-32-1; non-saturating, adam, k = 5)"
    )
    state = GanGame2D(np.zeros((5000, 2))).get_state()
    assert len(str(state["_esm"])) + len(str(state["_css"])) + 4 / 3 * len(state["_points"]) < 150_000


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"data": "circle"}, ValueError, "Expected data to be one of 'ring', .* got 'circle'"),
        ({"data": None}, TypeError, r"name of a shape or points \[n, 2\], got NoneType"),
        (
            {"data": np.zeros((3, 3))},
            ValueError,
            r"n from 1 to 5,000, got the shape \(3, 3\)",
        ),
        ({"data": np.zeros((0, 2))}, ValueError, r"got the shape \(0, 2\)"),
        ({"data": np.zeros((5001, 2))}, ValueError, r"got the shape \(5001, 2\)"),
        ({"data": [[0, 40.0]]}, ValueError, "between -3 and 3, got values from 0 to 40"),
        ({"data": [[0, np.nan]]}, ValueError, "between -3 and 3"),
        ({"generator": 32}, TypeError, r"Expected generator to be the widths of its hidden layers, as \(32, 32\)"),
        ({"generator": (32, 0)}, ValueError, r"Expected generator\[1\] to be a whole number of at least 1, got 0"),
        ({"discriminator": (200, 200)}, ValueError, r"at most 20,000 weights together, got 42,219"),
        ({"latent": "cauchy"}, ValueError, "Expected latent to be one of 'uniform', 'normal', got 'cauchy'"),
        ({"latent_dim": 0}, ValueError, "Expected latent_dim to be a whole number of at least 1, got 0"),
        ({"loss": "logistic"}, ValueError, "Expected loss to be one of 'minimax', 'non-saturating', .* got 'logistic'"),
        ({"optimizer": "rmsprop"}, ValueError, "Expected optimizer to be one of 'sgd', 'momentum', 'adam'"),
        ({"k": 0}, ValueError, "Expected k to be a whole number of at least 1, got 0"),
        ({"k": 11}, ValueError, "Expected k of at most 10, got 11"),
        (
            {"rates": 1e-3},
            ValueError,
            r"Expected rates of the discriminator and of .*got \(0.001,\)",
        ),
        ({"rates": (1e-3, 0)}, ValueError, "above 0"),
        ({"r1": -1}, ValueError, "Expected r1 of at least 0, got -1"),
        ({"batch": 1000}, ValueError, "Expected batch of at most 512, got 1000"),
        ({"seed": -1}, ValueError, "Expected seed to be a whole number from 0 to 4,294,967,295, got -1"),
        ({"start_steps": 9999}, ValueError, "Expected start_steps to be a whole number from 0 to 5,000, got 9999"),
    ],
)
def test_bad_arguments_are_told_apart(arguments, error, said):
    with pytest.raises(error, match=said):
        GanGame2D(**arguments)


@pytest.mark.parametrize("kind", ["ring", "moons", "spirals", "rings", "checkerboard"])
def test_the_shapes_are_those_of_the_data_sets(kind):
    ours = gan_data.sample(kind, 20_000, gan_data.Random(0, 0), None)
    theirs = [gan_data.histogram(data.toy(kind).sample(20_000, seed)) for seed in (0, 1)]
    floor = gan_data.divergences(*theirs, 20_000)[1]
    assert gan_data.divergences(theirs[0], gan_data.histogram(ours), 20_000)[1] < 1.5 * floor + 1e-4
    other = gan_data.sample("line", 20_000, gan_data.Random(0, 0), None)
    assert gan_data.divergences(theirs[0], gan_data.histogram(other), 20_000)[1] > 50 * floor


def test_points_are_drawn_with_replacement_and_a_little_noise():
    points = np.array([[1.0, 2.0], [-2.0, 0.0]])
    drawn = gan_data.sample("given", 4000, gan_data.Random(0, 0), points)
    near = np.linalg.norm(drawn[:, None] - points, axis=2)
    assert near.min(axis=1).max() < 0.1
    assert np.mean(near.argmin(axis=1)) == pytest.approx(0.5, abs=0.03)


def test_random_numbers_are_random_and_repeat():
    numbers = gan_data.Random(3, 1).uniform(100_000)
    assert (numbers == gan_data.Random(3, 1).uniform(100_000)).all()
    assert np.mean(numbers) == pytest.approx(0.5, abs=0.005)
    assert np.histogram(numbers, 10, (0, 1))[0] == pytest.approx(10_000, abs=400)
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 0.01
    for other in (gan_data.Random(3, 2), gan_data.Random(4, 1)):
        assert abs(np.corrcoef(numbers, other.uniform(100_000))[0, 1]) < 0.01
    normal = gan_data.Random(0, 0).normal(100_000)
    assert (normal.mean(), normal.std()) == (pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.01))
    uniform = gan_data.latents("uniform", 50_000, 2, gan_data.Random(0, 0))
    assert uniform.std(axis=0) == pytest.approx(1, abs=0.01)


def test_divergences_have_their_closed_forms():
    p, q = np.array([0.5, 0.5, 0]), np.array([0.5, 0, 0.5])
    kl, js = gan_data.divergences(p, q, 10**9)
    assert js == pytest.approx(0.5 * np.log(2))
    assert kl == pytest.approx(0.5 * np.log(0.5 / (1 / 3e9)), rel=1e-6), "one point is spread over all bins"
    assert gan_data.divergences(p, p, 10**9) == (pytest.approx(0, abs=1e-8), 0)
    outside = gan_data.histogram(np.array([[0.1, 0.1], [9, 0], [0, -3.1], [-3, -3]]))
    assert outside[-1] == 0.5
    assert outside[0] == 0.25


@pytest.mark.parametrize("loss", list(LOSSES))
def test_gradients_are_those_of_finite_differences(loss):
    playing = game(loss=loss, generator=[2, 5, 2], discriminator=[2, 6, 4, 1], optimizer="sgd", r1=0.3, batch=8)
    network, before = playing.discriminator, [array.copy() for array in playing.discriminator.weights]
    counter = playing.random.counter

    def loss_at(i, place, by):
        playing.random.counter = counter
        network.weights = [array.copy() for array in before]
        network.weights[i][place] += by
        return playing._step_discriminator()[0]

    loss_at(0, (0, 0), 0)
    steps = [(old - new) / playing.rates[0] for old, new in zip(before, network.weights, strict=True)]
    for i, array in enumerate(before):
        place = tuple(size // 2 for size in array.shape)
        slope = (loss_at(i, place, 1e-5) - loss_at(i, place, -1e-5)) / 2e-5
        assert steps[i][place] == pytest.approx(slope, rel=1e-4, abs=1e-6), (i, place)

    fakes = np.array([[0.3, -0.2], [1.0, 2.0]])
    _, gradient = playing.push(fakes)
    moved = lambda by: playing.push(fakes + np.array([by, 0]))[0][:, 0]
    assert gradient[:, 0] == pytest.approx((moved(1e-5) - moved(-1e-5)) / 2e-5, rel=1e-4)


def test_the_minimax_push_vanishes_where_d_is_sure_and_the_other_does_not():
    lengths = {}
    for loss in ("minimax", "non-saturating"):
        playing = game(loss=loss)
        playing.discriminator.weights[-1][:] = -12  # every point is a fake, D = 6e-6
        lengths[loss] = np.linalg.norm(playing.push(playing.fakes())[1], axis=1).mean()
    assert lengths["minimax"] < 1e-3 * lengths["non-saturating"]


def test_the_stand_in_shows_a_game_that_was_played(monkeypatch):
    monkeypatch.setitem(matplotlib.rcParams, "savefig.bbox", "tight")  # as in a lecture
    widget = GanGame2D(seed=2)
    short, longer = (Image.open(io.BytesIO(widget.picture(steps))).convert("RGB") for steps in (3, 30))
    assert short.size == longer.size == (1536, 816)
    plane = np.s_[110:700, 80:740]
    assert (np.asarray(short)[plane] != np.asarray(longer)[plane]).any(axis=-1).mean() > 0.05
    assert widget.picture(3) == GanGame2D(seed=2).picture(3) != GanGame2D(seed=3).picture(3)
    assert len(widget.picture(30)) < 150_000
    started = time.process_time()
    mime = GanGame2D(np.zeros((4, 2)), alt="Four points")._repr_mimebundle_()
    assert time.process_time() - started < 20, "about one second where nothing else runs"
    assert mime[1]["image/png"]["alt"] == "Four points, and curves over 400 steps"
