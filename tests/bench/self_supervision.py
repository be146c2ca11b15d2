"""What does each pretext learn in a quarter of a minute, on the data where its assumption holds, and on the other's?

    python tests/bench/self_supervision.py              # data/results/bench_self_supervision.json, build/bench_....png
    python tests/bench/self_supervision.py --seconds 2 --seeds 1 --dry      # does it run? writes nothing

RotNet and Deep InfoMax with the settings of the recipes `rotnet-fashion` and `dim-photos`, each on `fashion_small` and
on `photo_patches`. A linear probe learns from 10 labels a class, in 5 draws that are the same for all; the random
encoder is the very network before it was trained, and "ahead" is the difference draw by draw. Seconds are those of
training alone, without compilation; the learning rate falls to 0 by their end.
"""

import argparse
import contextlib
import json
import math
import time

import harness
import numpy as np

PRETEXTS, DATA = ("rotnet", "dim"), ("fashion_small", "photo_patches")
RECIPES = {"rotnet": "rotnet-fashion", "dim": "dim-photos"}
LAYERS = {"conv2": 3, "conv3": 2, "fc": None}  # regions a side that a map is averaged over
SEEN = {
    "fashion_small": {"gray": False, "standardized": False},  # how bright a piece is belongs to it
    "photo_patches": {"gray": True, "standardized": True},  # colors alone would give the photographs away
}


class TimeIsUp(Exception):
    pass


def clock(rate, seconds):
    import keras

    class Clock(keras.callbacks.Callback):
        stretches, spent, began = 0, 0.0, None

        def on_train_batch_begin(self, batch, logs=None):
            self.began = time.perf_counter()

        def on_train_batch_end(self, batch, logs=None):
            duration = time.perf_counter() - self.began
            self.stretches += 1
            if self.stretches == 1:
                self.compile_seconds = duration
                return
            self.spent += duration
            for optimizer in self.model.optimizers.values():
                optimizer.learning_rate.assign(rate * max(math.cos(math.pi / 2 * self.spent / seconds), 1e-3))
            if self.spent >= seconds:
                raise TimeIsUp

    return Clock()


def train(pretext, name, images, seconds, seed):
    """(network before, network after, facts)."""
    import keras

    from coursekit import recipes

    recipe = recipes.get(RECIPES[pretext])
    settings = recipe.of("quick")
    keras.utils.set_random_seed(seed)
    model = recipe.build(**settings["model"] | SEEN[name] | {"shape": images.shape[1:], "seed": seed})
    network = model.network if pretext == "rotnet" else model.encoder
    before = keras.models.clone_model(network)
    before.set_weights(network.get_weights())
    names = ["scorer", "adversary"] if getattr(model, "gamma", 0) else ["optimizer"]
    model.compile(**{name: keras.optimizers.Adam(settings["learning_rate"]) for name in names})
    limit, step = clock(settings["learning_rate"], seconds), 10
    batch = settings["batch_size"]
    with contextlib.suppress(TimeIsUp):
        model.fit(images, batch_size=batch, epochs=1000, verbose=0, callbacks=[limit], steps_per_stretch=step)
    trained = limit.stretches * step * batch
    facts = {"seconds": round(limit.spent, 1), "compile_seconds": round(limit.compile_seconds, 1)}
    return before, network, facts | {"images_per_second": round(trained / limit.spent), "epochs": trained / len(images)}


def work(pretext, name, seconds, seed):
    from coursekit import data
    from coursekit.metrics import probes
    from coursekit.models import encoders

    parts = [data.load(name, split) for split in ("train", "test")]
    labels = [part.labels for part in parts]
    before, after, facts = train(pretext, name, parts[0].images, seconds, seed)
    seen = tuple(encoders.activations(before, part.images, "seen") for part in parts)
    features = {"pixels": tuple(part.images for part in parts), "pixels as the network sees them": seen}
    for when, network in (("random", before), ("trained", after)):
        for layer, side in LAYERS.items():
            answers = tuple(encoders.activations(network, part.images, layer) for part in parts)
            features[f"{when} {layer}"] = tuple(probes.pool(maps, side) for maps in answers) if side else answers
    scores = probes.compare(features, *labels, per_class=(10,))
    scores = {name: of[10] for name, of in scores.items()}
    for layer in LAYERS:
        scores[f"ahead {layer}"] = probes.difference(scores[f"trained {layer}"], scores[f"random {layer}"])
    return facts | {name: [round(100 * share, 2) for share in of.draws] for name, of in scores.items()}


def summary(runs):
    """Percent: the mean over seeds and draws; the spread of the draws and that of the seeds' means."""
    rows = {}
    for name in (name for name in runs[0] if isinstance(runs[0][name], list)):
        draws = np.array([run[name] for run in runs])
        over_seeds = draws.mean(axis=1).std(ddof=1) if len(runs) > 1 else 0.0
        spreads = {"spread_draws": draws.std(axis=1, ddof=1).mean(), "spread_seeds": over_seeds}
        rows[name] = {"mean": draws.mean(), "worst_seed": draws.mean(axis=1).min(), **spreads}
    return {name: {key: round(float(value), 2) for key, value in row.items()} for name, row in rows.items()}


def figure(results, path):
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(2, -(-len(results) // 2), figsize=(11, 6), squeeze=False, layout="constrained")
    for axis, (title, result) in zip(axes.T.flat, results.items(), strict=False):
        rows = {name: row for name, row in result["summary"].items() if not name.startswith("ahead")}
        means, spreads = ([row[of] for row in rows.values()][::-1] for of in ("mean", "spread_draws"))
        bars = axis.barh(list(rows)[::-1], means, xerr=spreads, color="#4c78a8", ecolor="#333333")
        axis.bar_label(bars, [f"{mean:.1f}" for mean in means], padding=6)
        axis.set(title=title, xlim=(0, 100), xlabel="test accuracy (%) with 10 labels a class")
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seeds", type=int, default=3)
    every = [f"{pretext}/{name}" for name in DATA for pretext in PRETEXTS]
    parser.add_argument("--only", nargs="+", choices=every, default=every, metavar="PRETEXT/DATA")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    from coursekit import paths, recipes
    from coursekit.training import backend

    backend.load()
    results = {}
    for key in options.only:
        runs = [work(*key.split("/"), options.seconds, seed) for seed in range(options.seeds)]
        results[key.replace("/", " on ")] = {"runs": runs, "summary": summary(runs)}
        print(key, json.dumps(runs), json.dumps(summary(runs), indent=1), sep="\n", flush=True)
    if options.dry:
        return
    settings = {pretext: recipes.get(name).of("quick") for pretext, name in RECIPES.items()}
    record = {"command": "python tests/bench/self_supervision.py", **harness.machine(), "settings": settings}
    file = paths.data() / "results" / "bench_self_supervision.json"
    if options.only != every and file.exists():  # the others stay as they were measured
        results = json.loads(file.read_text())["results"] | results
    file.write_text(json.dumps(record | {"unit": "% right of the test examples", "results": results}, indent=1) + "\n")
    figure(results, paths.build() / "bench_self_supervision.png")
    print(f"Written: {file.relative_to(paths.root())}, build/bench_self_supervision.png")


if __name__ == "__main__":
    main()
