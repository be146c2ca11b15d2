"""Train a recipe, measure it, and write down how: what `coursekit train` does."""

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


def where(profile: str, out=None) -> Path:
    """The folder that a training writes to: `out`; without one `data/`, which ships with the course, for the full
    profile, and `build/train/` for any other."""
    if out is not None:
        return Path(out)
    return paths.data() if profile == "full" else paths.build() / "train"


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
    checkpoints = (paths.build() / "train" if out is None else Path(out)) / "checkpoints" / recipe.name
    out = where(profile, out)
    data = recipe.load(profile)
    facts = {
        "what": recipe.what,
        "command": f"coursekit train {recipe.name} --profile {profile}" + (f" --seeds {seeds}" if seeds > 1 else ""),
        "profile": profile,
        "data": {
            "train": f"{data.about}: {len(data.train):,} examples",
            "test": f"{len(data.test):,} examples",
            "sha256": hashlib.sha256(np.ascontiguousarray(data.train).data).hexdigest(),
        },
        "settings": settings,
    } | machine()
    run = json.dumps([settings, facts["data"], facts["backend"]])
    checkpoints /= f"{profile}-{hashlib.sha256(run.encode()).hexdigest()[:8]}"
    runs = [_train_one(recipe, settings, data, seed, checkpoints / f"seed-{seed}", out, facts) for seed in range(seeds)]
    results = facts | {"runs": runs, "metrics": _summary([run["metrics"] for run in runs])}
    atomic.write_json(out / "results" / f"{recipe.name}.json", results)
    return results


def _train_one(recipe, settings, data, seed, folder, out, facts):
    from coursekit.recipes.watching import Camera, ProgressLine, Stopwatch
    from coursekit.training import backend

    backend.load().utils.set_random_seed(seed)
    model = recipe.build(**settings["model"])
    watch = Stopwatch(folder / "seconds.json")
    line = ProgressLine(f"{recipe.name} ({facts['profile']}), seed {seed}:")
    camera = None
    if recipe.frames or recipe.gauge:
        shoot, gauge = (of and (lambda model, of=of: of(model, data.test)) for of in (recipe.frames, recipe.gauge))
        camera = Camera(shoot, folder / "frames", settings["epochs"], watch=watch, gauge=gauge)
    callbacks = [watch, line, *([camera] if camera else [])]
    try:
        recipe.fit(model, data.train, settings, verbose=0, callbacks=callbacks, checkpoint=folder / "checkpoint.npz")
    finally:
        line.close()
    if recipe.finish:
        trained, model = model, recipe.build(**settings["model"] | settings.get("shipped", {}))
        recipe.finish(trained, model)
    ships = recipe.ships and seed == 0
    file = (out / "pretrained" if ships else folder) / f"{recipe.name}.npz"
    weights.write_weights(file, model)
    run = {"seed": seed, **{key: round(value, 1) for key, value in watch.total().items()}}
    run["metrics"] = {name: round(float(value), 5) for name, value in recipe.evaluate(model, data.test).items()}
    if recipe.gauge:
        run["timeline"] = camera.timeline()
    if ships:
        entry = facts | run | {"parameters": model.count_params()} | weights.identity(file)
        if recipe.frames:
            recorded = file.with_name(f"{recipe.name}.frames.npz")
            atomic.write_arrays(recorded, camera.frames())
            entry["frames"] = weights.identity(recorded)
        if recipe.moments:
            beside = file.with_name(f"{recipe.name}.moments.npz")
            atomic.write_arrays(beside, recipe.moments(model, data))
            entry["moments"] = weights.identity(beside)
        entries = weights.manifest(file.parent) | {recipe.name: entry}
        atomic.write_json(file.parent / weights.MANIFEST, dict(sorted(entries.items())))
    return run


def _summary(runs):
    values = {name: [run[name] for run in runs] for name in runs[0]}
    return {
        name: {
            "mean": round(float(np.mean(of)), 5),
            "spread": round(float(np.std(of, ddof=1)), 5) if len(of) > 1 else None,
            "values": of,
        }
        for name, of in values.items()
    }


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
    """The git commit of the course, with "+ changes" where files that git knows differ from it; None without git."""
    git = ["git", "-C", str(paths.root())]
    try:
        head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return head + (" + changes" if changed.stdout.strip() else "")
