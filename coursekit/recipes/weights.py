"""Trained weights in files, listed in a manifest with their SHA-256.

A folder such as `data/pretrained/` holds `manifest.json`, `NAME.npz` with the weights (float16, in the order of
`model.get_weights()`), `NAME.frames.npz` with the images that were recorded while they were trained, and
`NAME.moments.npz` with what was measured of the data by them. The format is NumPy's own, which any backend can read;
loading such a file executes nothing in it.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from coursekit import atomic, paths
from coursekit.recipes.recipe import RecipeError

MANIFEST = "manifest.json"


def pretrained(name: str, folder=None):
    """A recipe's model with the weights that it was trained to.

    Args:
        name: of the recipe. folder: `data/pretrained/` of the course, or DIR/pretrained of `coursekit train --out DIR`.
    Returns:
        `coursekit.training.Model`, not compiled: it predicts; `compile` it to train it on.
    Raises:
        RecipeError: no such recipe, no weights of it in the folder, a file that is missing or not what was written.
    """
    from coursekit import recipes

    recipe = recipes.get(name)
    entry, folder = _entry(name, folder)
    with np.load(_verified(entry, name, folder), allow_pickle=False) as file:
        weights = [file[key] for key in file.files]
    model = recipe.build_shipped(entry["settings"])
    if [tuple(weight.shape) for weight in model.weights] != [weight.shape for weight in weights]:
        raise RecipeError(
            f"Expected in {folder} the weights of {name} as the code builds it now, got those of another model. "
            f"Train it again: {entry['command']}"
        )
    model.set_weights([weight.astype("float32") for weight in weights])
    return model


def frames(name: str, folder=None):
    """What was recorded of the same few images while a recipe was trained.

    Args:
        name, folder: as for `pretrained`.
    Returns:
        (epochs, images): int64 [frames] and float32 [frames, n, height, width, channels] in [0, 1]. Epoch 0 is before
        training.
    Raises:
        RecipeError: as for `pretrained`, or nothing was recorded.
    """
    entry, folder = _entry(name, folder)
    if "frames" not in entry:
        raise RecipeError(f"Expected a recipe that records frames, got {name!r}, which records none.")
    with np.load(_verified(entry["frames"], name, folder), allow_pickle=False) as file:
        return file["epochs"], np.divide(file["images"], 255, dtype="float32")


def timeline(name: str, folder=None) -> dict:
    """When the frames of a recipe were recorded, and what was measured then.

    Args:
        name: of the recipe, whether it ships or not. folder: `data/results/` of the course, or DIR/results of
            `coursekit train --out DIR`.
    Returns:
        {"epochs": [...], "seconds": [...], and lists of what the recipe measures, such as "frechet"}: of seed 0, in the
        order of `frames`. Seconds are those of training steps, without compilation.
    Raises:
        RecipeError: no such recipe, no results of it, or nothing was measured.
    """
    from coursekit import recipes

    recipe = recipes.get(name)
    file = (Path(folder) if folder is not None else paths.data() / "results") / f"{name}.json"
    if not recipe.gauge:
        raise RecipeError(f"Expected a recipe that measures while it trains, got {name!r}, which does not.")
    if not file.exists():
        raise RecipeError(f"Expected results of {name!r} at {file}. Train it: coursekit train {name} --profile full")
    return json.loads(file.read_text(encoding="utf-8"))["runs"][0]["timeline"]


def moments(name: str, folder=None):
    """What was measured of the data with a recipe's trained model: {name: array}.

    Args:
        name, folder: as for `pretrained`.
    Raises:
        RecipeError: as for `pretrained`, or nothing was measured.
    """
    entry, folder = _entry(name, folder)
    if "moments" not in entry:
        raise RecipeError(f"Expected a recipe that measures its data, got {name!r}, which does not.")
    with np.load(_verified(entry["moments"], name, folder), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def shipped() -> dict[str, str]:
    """{recipe's name: one line about its weights} of what the course ships."""
    about = {}
    for name, entry in manifest(paths.data() / "pretrained").items():
        measure, value = next(iter(entry["metrics"].items()))
        about[name] = f"{entry['bytes'] / 1e3:.0f} kB, {measure} {value:.4g}"
    return about


def write_weights(path, model):
    """Save the weights as float16, and round the model's own likewise, so that it is measured as it is saved.

    Raises:
        RecipeError: one of them is beyond what float16 can hold.
    """
    with np.errstate(over="ignore"):  # the check below says it better
        weights = [weight.astype("float16") for weight in model.get_weights()]
    if not all(np.isfinite(weight).all() for weight in weights):
        raise RecipeError("Expected weights between -65504 and 65504, which float16 can hold, got larger ones.")
    atomic.write_arrays(path, {f"{i:03d}": weight for i, weight in enumerate(weights)})
    model.set_weights([weight.astype("float32") for weight in weights])


def identity(path):
    """What a manifest says of a file: its name, its size and its hash, as "file", "bytes" and "sha256"."""
    content = path.read_bytes()
    return {"file": path.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def ship(file, name, entry, beside):
    """Write what belongs to a file of weights beside it, and enter all of it in the folder's manifest.

    Args:
        file: of the weights, NAME.npz. name: of the recipe. entry: what the manifest says of them.
        beside: {"frames" or "moments": {name: array}}.
    """
    for kind, arrays in beside.items():
        path = file.with_name(f"{name}.{kind}.npz")
        atomic.write_arrays(path, arrays)
        entry = entry | {kind: identity(path)}
    entries = manifest(file.parent) | {name: entry}
    atomic.write_json(file.parent / MANIFEST, dict(sorted(entries.items())))


def manifest(folder) -> dict:
    """{recipe's name: entry} of a folder; empty where nothing was written yet.

    Raises:
        RecipeError: it is damaged.
    """
    file = folder / MANIFEST
    try:
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except ValueError as problem:
        raise RecipeError(
            f"Expected a manifest in JSON, got {file}, which is damaged ({problem}). {_ways(file)}"
        ) from None


def _entry(name, folder):
    from coursekit import recipes

    recipes.get(name)
    folder = Path(folder) if folder is not None else paths.data() / "pretrained"
    entries = manifest(folder)
    if name not in entries:
        raise RecipeError(
            f"Expected trained weights of {name!r} in {folder}, which has {', '.join(sorted(entries)) or 'none'}. "
            f"Train it: coursekit train {name} --profile full"
        )
    return entries[name], folder


def _verified(entry, name, folder):
    path = folder / entry["file"]
    if not path.exists():
        raise RecipeError(f"Expected the weights of {name!r} at {path}, and there is no such file. {_ways(path)}")
    found = identity(path)
    if found != {key: entry[key] for key in found}:
        raise RecipeError(
            f"Expected {path} to be the {entry['bytes']:,} bytes that its manifest says (SHA-256 "
            f"{entry['sha256'][:12]}...), got {found['bytes']:,} bytes that are damaged or altered "
            f"({found['sha256'][:12]}...). {_ways(path)}"
        )
    return path


def _ways(path):
    return (
        f"Get it back (git checkout -- {path}; without a clone, install the course again), or train it again "
        "(coursekit train --help)."
    )
