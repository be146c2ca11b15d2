"""Races: contenders in processes of their own, taking turns, so that what slows the machine down slows all of them.

A benchmark is a module with `CONTENDERS = {name: Contender(...)}` whose `main` calls `race` and whose `work`, called
in a contender's process, returns the function to time. `tests/bench/fit.py` is the model of one.
"""

import dataclasses
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tqdm import tqdm

MATMUL = "matmul"
_SIZE = 2048


@dataclasses.dataclass
class Contender:
    """name: for people. backend: of Keras, or None. needs: a package without which it is left out, with a line."""

    name: str
    backend: str | None = "tensorflow"
    needs: str | None = None


class Worker:
    """One contender's process: waits for its turn, runs once, says how long it took."""

    def __init__(self, script, key, backend, settings):
        environment = {**os.environ, "KERAS_BACKEND": backend or "tensorflow", "COURSEKIT_PROGRESS": "0"}
        self.key = key
        self.process = subprocess.Popen(
            [sys.executable, script, "--worker", key, json.dumps(settings)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        self.first = self._answer()

    def turn(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return self._answer()["seconds"]

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"Expected {self.key} to answer, and its process ended with {self.process.wait()}.")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def serve(work, key, settings):
    """In a contender's process. work(key, settings) returns (run, images, flops): what one run() does."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    run, images, flops = _matmul() if key == MATMUL else work(key, settings)
    begin = time.perf_counter()
    run()
    print(
        json.dumps({"first": time.perf_counter() - begin, "images": images, "flops": flops}), file=answers, flush=True
    )
    for _ in sys.stdin:
        begin = time.perf_counter()
        run()
        print(json.dumps({"seconds": time.perf_counter() - begin}), file=answers, flush=True)


def _matmul():
    """The machine's limit: products of large float32 matrices, in TensorFlow, which runs them on all cores."""
    from coursekit.training import backend

    keras = backend.load()
    a = keras.random.normal((_SIZE, _SIZE))

    def run():
        for _ in range(8):
            keras.ops.convert_to_numpy(keras.ops.matmul(a, a)[0, 0])

    return run, 0, 8 * 2 * _SIZE**3


def race(script, contenders, settings, rounds, baselines):
    """Let all contenders run once a round, in turn.

    Args:
        contenders: {key: Contender}. settings: given to `work`, JSON's types. rounds: at least 3 are worth printing.
        baselines: {label: key}: whose speed the others' is divided by, round by round.
    Returns:
        {"matmul_gflops": ..., "rows": {key: {...}}, "left_out": {key: why}}; speeds in images a second, ratios as
        [lowest, median, highest] over the rounds, compile_seconds apart.
    """
    left_out = {key: f"{c.needs} is not installed" for key, c in contenders.items() if _absent(c.needs)}
    for key, why in left_out.items():
        print(f"{contenders[key].name}: left out, {why}.")
    present = {key: contender for key, contender in contenders.items() if key not in left_out}
    workers = {}
    try:
        for key in tqdm([MATMUL, *present], desc="starting", leave=False):
            backend = present[key].backend if key in present else "tensorflow"
            workers[key] = Worker(script, key, backend, settings)
        seconds = {key: [] for key in workers}
        for number in tqdm(range(rounds), desc="rounds", leave=False):
            keys = list(workers)
            for key in keys[number % len(keys) :] + keys[: number % len(keys)]:  # nobody always runs after the same
                seconds[key].append(workers[key].turn())
    finally:
        for worker in workers.values():
            worker.stop()
    limits = [workers[MATMUL].first["flops"] / t for t in seconds[MATMUL]]
    rows = {}
    for key, contender in present.items():
        first, times = workers[key].first, seconds[key]
        speeds = [first["images"] / t for t in times]
        rows[key] = {
            "name": contender.name,
            "images_per_second": _spread(speeds),
            "share_of_matmul": _spread([first["flops"] / t / limit for t, limit in zip(times, limits, strict=True)]),
            "compile_seconds": round(max(0.0, first["first"] - statistics.median(times)), 2),
            "ratios": {
                label: _spread([b / t for b, t in zip(seconds[base], times, strict=True)])
                for label, base in baselines.items()
                if base in present
            },
        }
    return {"matmul_gflops": _spread([limit / 1e9 for limit in limits]), "rows": rows, "left_out": left_out}


def _absent(package):
    return package is not None and importlib.util.find_spec(package) is None


def _spread(values):
    return [float(f"{value:.4g}") for value in (min(values), statistics.median(values), max(values))]


def table(result):
    """Lines for people."""
    labels = list(next(iter(result["rows"].values()))["ratios"])
    lines = [f"{'':34}{'images/s':>10}  {'spread':>17}  {'of matmul':>9}  {'compile':>8}  " + "  ".join(labels)]
    for row in result["rows"].values():
        low, middle, high = row["images_per_second"]
        ratios = "  ".join(
            f"{r[1]:.2f} ({r[0]:.2f}-{r[2]:.2f})".rjust(len(label)) for label, r in row["ratios"].items()
        )
        lines.append(
            f"{row['name']:34}{middle:10,.0f}  {f'{low:,.0f}-{high:,.0f}':>17}  {row['share_of_matmul'][1]:9.1%}  "
            f"{row['compile_seconds']:6.1f} s  {ratios}"
        )
    low, middle, high = result["matmul_gflops"]
    return "\n".join([*lines, f"The machine's matmul limit: {middle:.0f} GFLOP/s ({low:.0f}-{high:.0f})."])


def machine():
    """What the numbers were measured on."""
    import keras

    packages = {name: _version(name) for name in ("tensorflow", "jax", "torch", "numpy")}
    return {
        "hardware": f"{os.cpu_count()} cores, {platform.machine()}",
        "software": {"python": platform.python_version(), "keras": keras.version(), **packages},
    }


def _version(name):
    import importlib.metadata

    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def keep(name, record, panels, title):
    """Write data/results/NAME.json and build/NAME.png, and say so. panels: as `figure` takes them."""
    from coursekit import paths

    file, picture = paths.data() / "results" / f"{name}.json", paths.build() / f"{name}.png"
    file.write_text(json.dumps(record, indent=1) + "\n")
    figure(panels, picture, title)
    print(f"\nWritten: {file.relative_to(paths.root())}, {picture.relative_to(paths.root())}")


def figure(results, path, title):
    """A bar for each contender, a panel for each setting. results: {panel's title: result of `race`}."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(results), figsize=(5.5 * len(results), 3.6), squeeze=False, layout="constrained")
    for axis, (label, result) in zip(axes[0], results.items(), strict=True):
        rows = list(result["rows"].values())[::-1]
        middles = [row["images_per_second"][1] for row in rows]
        errors = [[row["images_per_second"][1] - row["images_per_second"][0] for row in rows]]
        errors += [[row["images_per_second"][2] - row["images_per_second"][1] for row in rows]]
        bars = axis.barh([row["name"] for row in rows], middles, xerr=errors, color="#4c78a8", ecolor="#333333")
        axis.bar_label(bars, [f"{value:,.0f}" for value in middles], padding=6)
        axis.set(title=label, xlabel="images a second (whiskers: all rounds)")
        axis.margins(x=0.35)
    fig.suptitle(title)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=120)
    plt.close(fig)
