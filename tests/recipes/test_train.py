"""`coursekit train`: what it writes, and that a training which was killed ends where an undisturbed one does."""

import dataclasses
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from coursekit import data, metrics, paths, recipes
from coursekit.cli import main
from coursekit.recipes import weights
from coursekit.recipes.watching import Camera, Stopwatch

NAME = "autoencoder-deep"


def digests(*folders):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for folder in folders for path in folder.glob("*.*")}


def short(epochs, **changes):
    """The deep autoencoder's recipe with another number of epochs in its quick profile."""
    recipe = recipes.get(NAME)
    return dataclasses.replace(recipe, settings={"quick": recipe.of("quick") | {"epochs": epochs}}, **changes)


def test_the_manifest_says_what_was_trained_and_how(trained):
    out, results = trained
    entry = json.loads((out / "pretrained" / "manifest.json").read_text())[NAME]
    assert entry["settings"] == recipes.get(NAME).of("quick")
    assert entry["profile"] == "quick"
    assert entry["seed"] == 0
    assert entry["parameters"] == 222_384
    images = data.load("digits", "train").flat
    assert entry["data"]["sha256"] == hashlib.sha256(images.tobytes()).hexdigest()
    assert entry["data"]["train"] == "digits: 4,000 examples"
    assert entry["backend"] == os.environ.get("KERAS_BACKEND", "tensorflow")
    assert f"{os.cpu_count()} processor cores" in entry["device"]
    assert re.fullmatch(r"[0-9a-f]{40}( \+ changes)?", entry["commit"]) or not (paths.root() / ".git").exists()
    assert 0 < entry["seconds"] < 120
    assert 0 < entry["compile_seconds"] < 120
    assert 200 < entry["peak_memory_mb"] < 20_000
    file = out / "pretrained" / entry["file"]
    assert (entry["bytes"], entry["sha256"]) == (file.stat().st_size, digests(file.parent)[file])
    assert str(paths.root()) not in json.dumps([entry, results]), "no machine's paths in what ships"


def test_the_results_are_those_of_the_weights_in_the_file(trained):
    out, results = trained
    assert json.loads((out / "results" / f"{NAME}.json").read_text()) == results
    assert results["command"] == f"coursekit train {NAME} --profile quick"
    test = data.load("digits", "test").flat
    rebuilt = recipes.pretrained(NAME, out / "pretrained").predict(test, verbose=0)
    bce = results["metrics"]["test_bce"]
    assert bce["mean"] == pytest.approx(metrics.binary_crossentropy(rebuilt, test), abs=1e-5)
    assert bce["spread"] is None
    assert results["metrics"]["floor"]["mean"] < bce["mean"] < 0.125, "it has learned: the average digit costs 0.26"


def test_frames_show_the_same_images_from_before_training_to_its_end(trained):
    out, _ = trained
    epochs, frames = recipes.frames(NAME, out / "pretrained")
    assert epochs[0] == 0
    assert epochs[-1] == recipes.get(NAME).of("quick")["epochs"]
    assert (np.diff(epochs) > 0).all()
    assert frames.shape == (len(epochs), 20, 28, 28, 1)
    test = data.load("digits", "test", limit=20, seed=0).images
    errors = np.square(frames - test).mean(axis=(1, 2, 3, 4))
    assert errors[0] > 0.1, "the untrained network draws gray"
    assert errors[-1] < 0.5 * errors[1]
    last = recipes.pretrained(NAME, out / "pretrained").predict(test.reshape(20, 784), verbose=0)
    assert np.abs(frames[-1].reshape(20, 784) - last).max() < 0.02


def start(out):
    command = [sys.executable, "-m", "coursekit.cli", "train", NAME, "--out", str(out)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    return process


def stop(process, number, out, epochs):
    """Send a signal once `epochs` epochs are saved, and return (exit status, stderr)."""
    late = time.monotonic() + 90
    frame = lambda: max([int(file.stem) for file in out.glob(f"checkpoints/{NAME}/*/*/frames/*.npz")], default=0)
    while frame() < epochs and process.poll() is None and time.monotonic() < late:
        time.sleep(0.02)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_a_run_that_was_interrupted_and_killed_ends_with_the_very_same_weights(trained, tmp_path):
    shipped = digests(paths.data() / "pretrained", paths.data() / "results")
    status, said = stop(start(tmp_path), signal.SIGINT, tmp_path, 2)
    assert status == 130, said
    assert "What is done is kept: the same command goes on" in said
    assert "Traceback" not in said
    assert not (tmp_path / "pretrained").exists(), "nothing half-trained is handed out"
    status, said = stop(start(tmp_path), signal.SIGKILL, tmp_path, 5)
    assert status == -signal.SIGKILL, said

    results = recipes.train(recipes.get(NAME), "quick", out=tmp_path)
    undisturbed, entry = (weights.manifest(folder / "pretrained")[NAME] for folder in (trained[0], tmp_path))
    assert entry["sha256"] == undisturbed["sha256"]
    assert entry["frames"] == undisturbed["frames"]
    assert results["metrics"] == trained[1]["metrics"]
    assert entry["compile_seconds"] > 0
    assert digests(paths.data() / "pretrained", paths.data() / "results") == shipped, "--out leaves the course alone"


def test_seeds_have_a_mean_and_a_spread_and_what_is_trained_stays_trained(tmp_path):
    recipe = short(1, frames=None)
    first = recipes.train(recipe, "quick", out=tmp_path)
    results = recipes.train(recipe, "quick", seeds=2, out=tmp_path)
    assert results["runs"][0] == first["runs"][0], "not trained again: seconds and memory included"
    assert [run["seed"] for run in results["runs"]] == [0, 1]
    bce = results["metrics"]["test_bce"]
    assert len(set(bce["values"])) == 2
    assert bce["mean"] == pytest.approx(np.mean(bce["values"]), abs=1e-5)
    assert bce["spread"] == pytest.approx(abs(np.subtract(*bce["values"])) / np.sqrt(2), abs=2e-5)
    entry = weights.manifest(tmp_path / "pretrained")[NAME]
    assert entry["metrics"]["test_bce"] == bce["values"][0]
    assert "frames" not in entry
    with pytest.raises(recipes.RecipeError, match="records none"):
        recipes.frames(NAME, tmp_path / "pretrained")

    other = recipes.train(short(2, frames=None), "quick", out=tmp_path)
    assert other["settings"]["epochs"] == 2
    assert other["metrics"]["test_bce"]["mean"] < bce["values"][0], "other settings, another checkpoint"


def test_the_full_profile_writes_what_ships_and_quick_does_not(tmp_path):
    assert recipes.where("full") == paths.data()
    assert recipes.where("quick") == paths.build() / "train"
    assert recipes.where("full", tmp_path) == tmp_path


def test_the_stopwatch_goes_on_where_it_stopped(tmp_path):
    watch = Stopwatch(tmp_path / "seconds.json")
    watch.durations = [3.0, 1.0, 1.0]
    watch.on_train_end()
    again = Stopwatch(tmp_path / "seconds.json")
    assert again.total() == {"seconds": 3.0, "compile_seconds": 2.0, "peak_memory_mb": watch.peak}
    assert watch.peak > 0
    again.durations = [2.0, 0.5]
    assert again.total()["seconds"] == 4.0
    assert again.total()["compile_seconds"] == 3.5


@pytest.mark.parametrize("epochs", [1, 2, 75])
def test_the_camera_looks_before_the_first_epoch_and_after_the_last(epochs, tmp_path):
    chosen = Camera(recipes.get(NAME), None, tmp_path, epochs).chosen
    assert chosen[0] == 0
    assert chosen[1] == 1
    assert chosen[-1] == epochs
    assert len(chosen) <= 13


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["autoencoder-dep"], "did you mean 'autoencoder-deep'"),
        (["something-else"], f"{list(recipes.RECIPES)[-1]}, got 'something-else'"),
        ([], "Expected coursekit train NAME"),
        ([NAME, "--profile", "fast"], "quick or full, got 'fast'"),
        ([NAME, "--seeds", "0"], "--seeds of at least 1"),
        ([NAME, "--seeds", "-3"], "--seeds -3"),
    ],
)
def test_wrong_usage_is_one_line(arguments, said, capsys):
    assert main(["train", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_wrong_arguments_in_python():
    with pytest.raises(ValueError, match="seeds to be a whole number of at least 1"):
        recipes.train(recipes.get(NAME), "quick", seeds=0)
    with pytest.raises(recipes.RecipeError, match="'medium'"):
        recipes.train(recipes.get(NAME), "medium")


def test_the_list_names_all(capsys):
    assert main(["train", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(recipes.RECIPES)


def test_a_list_of_recipes_is_cheap():
    code = (
        "import sys, coursekit; coursekit.recipes.RECIPES; print('keras' in sys.modules, 'tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False False\n"
