"""Does a GAN find eight Gaussians on a circle within ten seconds, from any seed, on this machine?

    python tests/bench/gan2d.py                     # data/results/bench_gan2d.json and build/bench_gan2d.png
    python tests/bench/gan2d.py --only ours         # measures this run anew, and keeps the record of the others
    python tests/bench/gan2d.py --only ours --seeds 1 --seconds 2 --dry
    KERAS_BACKEND=jax python tests/bench/gan2d.py --only ours

Passed: all eight modes found, and at least 95 % of 10,000 samples within 3 standard deviations of a mode (a perfect
sampler has 98.9 %), from at least nine seeds of ten. Beside it, in the same seconds: the same without the R1 penalty,
and settings as they stand in many textbooks, where they are meant for images.

Seconds are those of training alone, from the end of the first stretch, which has the compilation.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time

import harness

SMALL_AND_DEEP = {"generator": [32] * 5, "discriminator": [32] * 5}
ADAM = {"beta_1": 0.0, "beta_2": 0.99}
FALLING = {"batch": 96, "rate": 5e-3, "last": 0.03, "adam": ADAM}
RUNS = {
    "ours": {
        "name": "non-saturating, R1, averaged",
        "seeds": 10,
        "model": SMALL_AND_DEEP | {"loss": "non-saturating", "r1": 0.03, "averaging": 0.999},
        **FALLING,
    },
    "plain": {
        "name": "the same without R1",
        "seeds": 5,
        "model": SMALL_AND_DEEP | {"loss": "non-saturating", "averaging": 0.999},
        **FALLING,
    },
    "textbook": {
        "name": "128-128, Adam 2e-4, beta1 0.5",
        "seeds": 5,
        "model": {"generator": [128, 128], "discriminator": [128, 128], "loss": "non-saturating"},
        "batch": 128,
        "rate": 2e-4,
        "last": 1.0,
        "adam": {"beta_1": 0.5, "beta_2": 0.999},
    },
}
POINTS, SAMPLES = 192_000, 10_000


class TimeIsUp(Exception):
    pass


def callback(gan, rate, last, seconds):
    """Stops when the time is up; the learning rates fall to `last` of what they were, in proportion to the time."""
    import keras

    class Limit(keras.callbacks.Callback):
        begin = None

        def on_train_begin(self, logs=None):
            self.born = time.perf_counter()

        def on_train_batch_end(self, batch, logs=None):
            _ = self.model  # on JAX, makes Keras put the values back into the variables, and read them again
            now = time.perf_counter()
            if self.begin is None:
                self.begin, self.compile_seconds = now, now - self.born
                return
            spent = (now - self.begin) / seconds
            for optimizer in gan.optimizers.values():
                optimizer.learning_rate.assign(rate * max(last, 1 - spent))
            if spent >= 1:
                raise TimeIsUp

    return Limit()


def train(seed, seconds, model, batch, rate, last, adam, **_):
    """One GAN from its first weights to the end of the time: what it has found by then."""
    import keras

    from coursekit import data
    from coursekit.metrics.ring_modes import modes
    from coursekit.models import gan

    keras.utils.set_random_seed(seed)
    ring = data.toy("ring")
    trained = gan.dense(seed=seed, **model)
    trained.compile(**{name: keras.optimizers.Adam(rate, **adam) for name in ("generator", "discriminator")})
    limit = callback(trained, rate, last, seconds)
    with contextlib.suppress(TimeIsUp):
        trained.fit(ring.sample(POINTS, seed), batch_size=batch, epochs=10_000, verbose=0, callbacks=[limit])
    result = modes(trained.sample(SAMPLES, seed), ring.modes, ring.std)
    return {
        "seed": seed,
        "compile_seconds": round(limit.compile_seconds, 1),
        "steps": int(trained.optimizers["generator"].iterations),
        "modes": result.found,
        "near": round(result.near, 4),
    }


def work(key, seconds, seeds):
    from coursekit.training import backend

    keras = backend.load()
    for seed in range(seeds):
        print(json.dumps(train(seed, seconds, **RUNS[key])), flush=True)
        keras.utils.clear_session()


def measure(key, seconds, seeds):
    """A run's entry in the record: each of its seeds, in a process of its own."""
    command = [sys.executable, __file__, "--worker", key, str(seconds), str(seeds)]
    results = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        for line in worker.stdout:
            print(f"  {key}: {line.strip()}", flush=True)
            results.append(json.loads(line))
    if worker.returncode:
        raise SystemExit(f"The run {key!r} failed with status {worker.returncode}.")
    passed = sum(result["modes"] == 8 and result["near"] >= 0.95 for result in results)
    print(f"{key}: eight modes and 95 % from {passed} seeds of {seeds}", flush=True)
    return RUNS[key] | {"seconds": seconds, "seeds": seeds, "passed": passed, "results": results}


def figure(runs, path):
    import matplotlib.pyplot as plt

    fig, axis = plt.subplots(figsize=(7.5, 0.7 * len(runs) + 1.8), layout="constrained")
    for height, run in enumerate(runs.values()):
        for all_found, color in ((True, "#4c78a8"), (False, "#e45756")):
            near = [100 * result["near"] for result in run["results"] if (result["modes"] == 8) == all_found]
            axis.plot(near, [height] * len(near), "o", color=color, alpha=0.6)
    axis.axvline(95, color="#333333", ls="--", lw=1, label="to be reached")
    axis.axvline(98.9, color="#54a24b", ls=":", label="a perfect sampler")
    axis.plot([], [], "o", color="#4c78a8", label="a seed, eight modes found")
    axis.plot([], [], "o", color="#e45756", label="a seed, fewer")
    seconds = max(run["seconds"] for run in runs.values())
    axis.set(xlabel="samples within 3 standard deviations of a mode (%)", ylim=(-0.6, len(runs) - 0.4))
    axis.set_yticks(range(len(runs)), [f"{run['name']}\n({run['backend']})" for run in runs.values()])
    axis.set_title(f"Eight Gaussians, {seconds:g} s of training")
    fig.legend(loc="outside lower center", ncols=4, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=120)
    plt.close(fig)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS), metavar="RUN", help=f"of {list(RUNS)}")
    parser.add_argument("--seconds", type=float, default=10.0, help="of training, for each seed")
    parser.add_argument("--seeds", type=int, help="how many, from 0 on, instead of 10 for ours and 5 for the others")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    measured = {
        f"{key}, {backend}": measure(key, options.seconds, options.seeds or RUNS[key]["seeds"]) | {"backend": backend}
        for key in options.only
    }
    if options.dry:
        return
    from coursekit import paths

    file, picture = paths.data() / "results" / "bench_gan2d.json", paths.build() / "bench_gan2d.png"
    runs = (json.loads(file.read_text())["runs"] if file.exists() else {}) | measured
    record = {"command": "python tests/bench/gan2d.py", **harness.machine(), "runs": dict(sorted(runs.items()))}
    file.write_text(json.dumps(record, indent=1) + "\n")
    figure(record["runs"], picture)
    print(f"Written: {file.relative_to(paths.root())}, {picture.relative_to(paths.root())}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
