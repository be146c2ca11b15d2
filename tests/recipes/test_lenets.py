"""The shipped judges: what they know without any data, and that it is true."""

import importlib.util
import os
import shutil
import subprocess
import sys
import types

import numpy as np
import pytest

from coursekit import data, paths, pretrained, recipes
from coursekit.metrics import fidelity
from coursekit.recipes import judges, weights
from coursekit.recipes.run_data import RunData

needs_the_data = pytest.mark.skipif(
    not os.environ.get("COURSEKIT_MIRROR") and not (paths.cache() / "fashion-mnist").is_dir(),
    reason="MNIST and Fashion-MNIST are not here (COURSEKIT_MIRROR, or a filled cache)",
)
SMALL = {"mnist": "digits", "fashion": "fashion_small"}


@pytest.fixture(scope="module", params=SMALL)
def judged(request):
    return request.param, recipes.judge(request.param), data.load(SMALL[request.param], "train")


def test_the_nets_are_as_good_as_they_should_be():
    shipped = weights.manifest(paths.data() / "pretrained")
    assert shipped["lenet-mnist"]["metrics"]["accuracy"] >= 0.99
    assert shipped["lenet-fashion"]["metrics"]["accuracy"] >= 0.90


def test_a_judge_needs_no_fetching(judged, monkeypatch, tmp_path):
    _, judge, small = judged
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path))
    monkeypatch.setenv("COURSEKIT_MIRROR", str(tmp_path))
    report = judge.report({"real": small.images}, untrained=np.full((500, 784), 0.5))
    floor, real, gray, noise = report.rows.values()
    assert floor.frechet < 1 < 90 < noise.frechet
    assert real.frechet < 1.5, "4,000 images that the net has not seen: a little above the floor of 10,000"
    assert gray.frechet > 50
    assert real.coverage > 0.85 > 0.1 > noise.coverage
    assert not list(tmp_path.iterdir())


def test_the_scale_makes_the_trace_100(judged):
    """Of the 55,000 training images, and so nearly of others."""
    _, judge, small = judged
    assert np.trace(np.cov(judge.features(small.images), rowvar=False)) == pytest.approx(100, rel=0.08)
    assert judge.reference.n == 10_000


@pytest.mark.parametrize("spoil", ["noise", "blur", "crop"])
def test_the_distance_grows_with_the_damage(judged, spoil):
    from scipy import ndimage

    _, judge, small = judged
    rng = np.random.default_rng(0)
    images = rng.permutation(small.images)[:2000]

    def damaged(amount):
        if spoil == "noise":
            return np.clip(images + amount * rng.normal(size=images.shape), 0, 1)
        if spoil == "blur":
            return ndimage.gaussian_filter(images, (0, 2 * amount, 2 * amount, 0))
        kept = images.copy()
        kept[:, : int(20 * amount)] = 0
        return kept

    values = [judge.frechet(damaged(amount)) for amount in (0, 0.25, 0.5, 0.75)]
    assert (np.diff(values) > 0).all(), values
    assert values[-1] > 5 * values[0]


@pytest.mark.mirror
@needs_the_data
@pytest.mark.parametrize("name", SMALL)
def test_what_ships_is_what_the_data_say(name):
    whole = {"mnist": "mnist", "fashion": "fashion_mnist"}[name]
    judge, test = recipes.judge(name, "full"), data.load(whole, "test").images
    features = judge.features(test)
    found = fidelity.moments(features)
    np.testing.assert_allclose(found.mean, judge.reference.mean, atol=1e-4)
    assert fidelity.frechet_distance(found, judge.reference) < 1e-3
    noise = judge.measure(fidelity.uniform_noise(10_000, (28, 28, 1)))
    assert noise == pytest.approx(judge.noise, rel=0.01, abs=0.005)


@pytest.mark.skipif(not importlib.util.find_spec("jax"), reason="JAX is not installed (pip install coursekit[jax])")
def test_the_other_backend_judges_alike():
    other = "jax" if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow" else "tensorflow"
    code = "from coursekit import data, recipes; print(recipes.judge().frechet(data.load('digits', 'test').images))"
    environment = {**os.environ, "KERAS_BACKEND": other}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    ours = recipes.judge().frechet(data.load("digits", "test").images)
    assert float(done.stdout) == pytest.approx(ours, abs=1e-3)


def test_labels_stay_with_their_images():
    run, digits = recipes.get("lenet-mnist").load("quick"), data.load("digits", "test")
    labels = {image.tobytes(): label for image, label in zip(digits.images, digits.labels, strict=True)}
    assert [labels[image.tobytes()] for image in run.test] == run.test_labels.tolist()


@pytest.mark.mirror
@needs_the_data
@pytest.mark.parametrize(("name", "count"), [("mnist", 55_000), ("fashion", 56_000)])
def test_full_training_leaves_out_what_comes_with_the_course(name, count):
    run = recipes.get(f"lenet-{name}").load("full")
    assert len(run.train) == len(run.train_labels) == count
    trained_on = {image.tobytes() for image in run.train}
    small = (image for split in ("train", "test") for image in data.load(SMALL[name], split).images)
    assert not any(image.tobytes() in trained_on for image in small)


def test_what_cannot_be_judged_is_told(tmp_path):
    with pytest.raises(recipes.RecipeError, match=r"'mnist' or 'fashion'.*got 'cifar10'"):
        recipes.judge("cifar10")
    with pytest.raises(recipes.RecipeError, match=r"profile 'quick' or 'full'.*'slow'"):
        recipes.judge("mnist", "slow")
    with pytest.raises(recipes.RecipeError, match="coursekit train lenet-mnist"):
        recipes.judge("mnist", folder=tmp_path)
    with pytest.raises(recipes.RecipeError, match="measures its data, got 'vae-mnist-2d'"):
        weights.moments("vae-mnist-2d")
    folder = shutil.copytree(paths.data() / "pretrained", tmp_path / "copy")
    (folder / "lenet-mnist.moments.npz").write_bytes(b"")
    with pytest.raises(recipes.RecipeError, match="damaged or altered"):
        recipes.judge("mnist", folder=folder)


def test_what_has_no_shipped_judge_gets_one_by_its_labels():
    """Drawn faces by their hair style; the samples are the training images, which is what the floor is measured of."""
    train, test = (data.load("portraits", split, limit=300) for split in ("train", "test"))
    styles = (part.factors["hair_style"] for part in (train, test))
    run = RunData("quick", "portraits", train.images, test.images, *styles)
    generator = types.SimpleNamespace(sample=lambda n, seed: run.train[:n])
    measured = judges.likeness(generator, run)
    assert measured["frechet"] == pytest.approx(measured["frechet_floor"], abs=1e-3)
    assert measured["frechet_noise"] > 10 * measured["frechet_floor"]
    assert measured["judge_accuracy"] > 0.5
    assert {"kid", "precision", "coverage", "kid_floor"} <= set(measured)


def test_probabilities_find_all_ten_digits():
    modes = fidelity.mode_counts(pretrained("lenet-mnist").probabilities(data.load("digits", "test").images))
    assert modes.present == 10
    assert modes.kl < 0.01
