"""`coursekit train`: trains a recipe, measures the model, and writes both down with how they came about."""

import hashlib
import importlib
import json
import os
import platform
import subprocess
from pathlib import Path

import numpy as np

from coursekit import atomic, paths
from coursekit.arrays import check_positive
from coursekit.recipes import weights
from coursekit.recipes.recipe import Recipe
from coursekit.recipes.run_data import RunData


def where(profile: str, out=None) -> Path:
    """The folder that a training writes to: `out`; without one `data/`, which ships with the course, for the full
    profile, and `build/train/` for any other.

    Raises:
        UserError: it would be `data/`, and there is no clone.
    """
    if out is not None:
        return Path(out)
    if profile != "full":
        return paths.build() / "train"
    return paths.clone("to write weights that ship (--out DIR writes them elsewhere)") / "data"


def train(recipe: Recipe, profile: str = "quick", seeds: int = 1, out=None) -> dict:
    """Train with the seeds 0 to `seeds` - 1, each from its checkpoint if it has one, and evaluate.

    Writes, below `out` (see `where`): `pretrained/NAME.npz` with the weights of seed 0, its entry in
    `pretrained/manifest.json`, `pretrained/NAME.frames.npz` if the recipe records any, and `results/NAME.json`; of a
    recipe that does not ship, the last alone.
    Checkpoints are in `out/checkpoints/`, or `build/train/checkpoints/` without an `out`.

    Args:
        profile: "quick" or "full". seeds: at least 1.
    Returns:
        What is written to `results/NAME.json`: for each measure its mean, its spread (the standard deviation over the
        seeds, None of a single one) and its values.
    Raises:
        RecipeError: no such profile. ValueError: seeds below 1. KeyboardInterrupt: Ctrl-C, once everything is saved.
        TrainingDiverged: a loss became NaN or infinite.
    """
    settings = recipe.of(profile)
    check_positive(seeds=seeds)
    run = recipe.load(profile)
    facts = {
        "what": recipe.what,
        "command": f"coursekit train {recipe.name} --profile {profile}" + (f" --seeds {seeds}" if seeds > 1 else ""),
        "profile": profile,
        "data": {
            "train": f"{run.about}: {len(run.train):,} examples",
            "test": f"{len(run.test):,} examples",
            "sha256": run.sha256(recipe.supervised),
        },
        "settings": settings,
    } | machine()
    checkpoints = (paths.build() / "train" if out is None else Path(out)) / "checkpoints" / recipe.name
    checkpoints /= f"{profile}-{_identity(facts)}"
    out = where(profile, out)
    runs = [_train_one(recipe, run, facts, seed, checkpoints / f"seed-{seed}", out) for seed in range(seeds)]
    results = facts | {"runs": runs, "metrics": _summary([one["metrics"] for one in runs])}
    atomic.write_json(out / "results" / f"{recipe.name}.json", results)
    return results


def _identity(facts) -> str:
    """Eight hexadecimal digits that are the same for trainings that may go on from one another's checkpoints."""
    what_decides = json.dumps([facts["settings"], facts["data"], facts["backend"]])
    return hashlib.sha256(what_decides.encode()).hexdigest()[:8]


def _train_one(recipe: Recipe, run: RunData, facts: dict, seed: int, folder: Path, out: Path) -> dict:
    """Train with one seed, its checkpoint, frames and seconds being in `folder`; what results.json says of it."""
    from coursekit.recipes.watching import Camera, Stopwatch
    from coursekit.training import backend, progress

    settings = facts["settings"]
    backend.load().utils.set_random_seed(seed)
    model = recipe.build(**settings["model"])
    watch = Stopwatch(folder / "seconds.json")
    camera = Camera(recipe, run, folder / "frames", settings["epochs"], watch=watch)
    bars = progress(f"{recipe.name} ({run.profile}), seed {seed}:")
    callbacks = [watch, *bars, *([camera] if recipe.frames or recipe.gauge else [])]
    options = {"verbose": 0, "callbacks": callbacks, "checkpoint": folder / "checkpoint.npz"}
    if recipe.supervised:
        options["y"] = run.train_labels.astype("int32")  # as in `RunData.sha256`
    try:
        recipe.fit(model, run.train, settings, **options)
    finally:
        for bar in bars:  # also where Ctrl-C or a diverged loss ends the training
            bar.close()
    if recipe.finish:
        trained, model = model, recipe.build_shipped(settings)
        recipe.finish(trained, model)
    ships = recipe.ships and seed == 0
    file = (out / "pretrained" if ships else folder) / f"{recipe.name}.npz"
    weights.write_weights(file, model)
    measured = {"seed": seed} | {name: round(value, 1) for name, value in watch.total().items()}
    measured["metrics"] = {name: round(float(value), 5) for name, value in recipe.evaluate(model, run).items()}
    if recipe.gauge:
        measured["timeline"] = camera.timeline()
    if ships:
        entry = facts | measured | {"parameters": model.count_params()} | weights.identity(file)
        beside = {}
        if recipe.frames:
            beside["frames"] = camera.frames()
        if recipe.moments:
            beside["moments"] = recipe.moments(model, run)
        weights.ship(file, recipe.name, entry, beside)
    return measured


def _summary(runs):
    """{measure: {"mean", "spread", "values"}} over the seeds."""
    summary = {}
    for name in runs[0]:
        values = [run[name] for run in runs]
        spread = round(float(np.std(values, ddof=1)), 5) if len(values) > 1 else None
        summary[name] = {"mean": round(float(np.mean(values)), 5), "spread": spread, "values": values}
    return summary


def machine() -> dict:
    """On what, and with what, this process computes; nothing that names the machine or its user."""
    from coursekit.training import backend

    keras = backend.load()
    from coursekit.training.xla import device

    engine = importlib.import_module(keras.backend.backend())
    return {
        "backend": keras.backend.backend(),
        "device": f"{device()}, {os.cpu_count()} processor cores, {platform.machine()}",
        "software": f"Python {platform.python_version()}, Keras {keras.version()}, "
        f"{keras.backend.backend()} {engine.__version__}",
        "commit": commit(),
    }


def commit() -> str | None:
    """The git commit of the course, with "+ changes" where files that git knows differ from it; None without git
    or without a clone."""
    if paths.installed():  # it may lie below a folder that git knows for another reason
        return None
    git = ["git", "-C", str(paths.root())]
    try:
        head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return head + (" + changes" if changed.stdout.strip() else "")
