"""What every measure of lecture 11 says of real digits, of shipped generators, of averages and of noise.

    python tests/bench/fidelity.py                  # prints the table; writes data/results/fidelity.json
    python tests/bench/fidelity.py --dry            # writes nothing
    python tests/bench/fidelity.py --only "uniform noise" --dry

10,000 images each, against the 10,000 MNIST test images; Frechet, KID, precision, recall, density, coverage and
memorization by lenet-mnist's features; memorization of the first 2,000, against 2,000 test images as the held-out ones;
Parzen by the protocol of 2014 (sigma chosen on training images 50,000 to 50,999, which no row has among its samples).
"""

import argparse
import json
import time

import harness
import numpy as np

from coursekit import data, paths, pretrained, recipes
from coursekit.metrics import fidelity

N = 10_000


def centroids(train, steps=2):
    """k-means with 10,000 centers, which begin at training images: steps of Lloyd's algorithm."""
    centers = train[:N].copy()
    for _ in range(steps):
        nearest = fidelity.nearest(train, centers).indices[:, 0]
        order, counts = np.argsort(nearest, kind="stable"), np.bincount(nearest, minlength=N)
        used = np.flatnonzero(counts)
        starts = np.r_[0, np.cumsum(counts[used])[:-1]]
        centers[used] = np.add.reduceat(train[order], starts) / counts[used, None]
    return centers


def contenders():
    """{name: function of no argument that returns 10,000 rows in [0, 1]}."""
    train = data.load("mnist", "train").flat[:50_000]
    shuffled = np.random.default_rng(0).permutation(50_000)
    sets = {
        "training digits": lambda: train[shuffled[:N]],
        "k-means centers of training digits": lambda: centroids(train[shuffled]),
        "the mean training digit": lambda: np.repeat(train.mean(axis=0)[None], N, axis=0),
        "one training digit in ten copies": lambda: np.repeat(train[shuffled[: N // 10]], 10, axis=0),
    }
    for name in recipes.shipped():
        if "mnist" in name and hasattr(model := pretrained(name), "sample"):
            sets[name] = lambda model=model: model.sample(N, seed=0).reshape(N, -1)
            untrained = recipes.get(name).build(**recipes.get(name).of("full")["model"])
            sets[f"{name}, untrained"] = lambda model=untrained: model.sample(N, seed=0).reshape(N, -1)
    return sets | {"uniform noise": lambda: fidelity.uniform_noise(N, (784,))}


def measure(rows, judge, lenet, seen, held_out, validation, test):
    score = judge.measure(rows)
    memory = fidelity.memorization(judge.features(rows[:2000]), seen, held_out)
    modes = fidelity.mode_counts(lenet.probabilities(rows))
    window = fidelity.parzen(rows, validation, test)
    return score._asdict() | {
        "memorization": memory.score,
        "memorization_z": memory.z,
        "copies": memory.copies,
        "modes": modes.present,
        "modes_kl": modes.kl,
        "parzen": window.log_likelihood,
        "parzen_error": window.error,
        "parzen_sigma": window.sigma,
    }


def speed(judge):
    """Seconds for features and Frechet distance of 10,000 images, first and second time, and memory beyond loading."""
    from coursekit.recipes.watching import peak_memory_mb  # here: it imports Keras, which the judge has loaded silently

    images, before, seconds = fidelity.uniform_noise(N, (28, 28, 1)), peak_memory_mb(), []
    for _ in range(2):
        begin = time.perf_counter()
        judge.frechet(images)
        seconds.append(round(time.perf_counter() - begin, 2))
    return {"first": seconds[0], "again": seconds[1], "peak_memory_growth_mb": peak_memory_mb() - before}


def line(name, row):
    return (
        f"{name:35}{row['frechet']:8.2f}{row['kid']:9.3f} ±{row['kid_error']:6.3f}{row['precision']:8.3f}"
        f"{row['recall']:8.3f}{row['density']:8.3f}{row['coverage']:8.3f}{row['memorization']:8.3f}"
        f"{row['copies']:8.3f}{row['modes']:4}{row['modes_kl']:7.3f}{row['parzen']:9.1f} ±{row['parzen_error']:5.1f}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="one row")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    judge, lenet = recipes.judge("mnist", "full"), pretrained("lenet-mnist")
    quickness = speed(judge)
    train, test = data.load("mnist", "train").flat, data.load("mnist", "test").flat
    shared = {
        "judge": judge,
        "lenet": lenet,
        "seen": judge.features(train[:50_000]),
        "held_out": judge.features(test[:2000]),
        "validation": train[50_000:51_000],
        "test": test,
    }
    rows = {}
    heading = f"{'':35}{'Frechet':>8}{'KID':>17}{'prec.':>8}{'recall':>8}{'density':>8}{'cover.':>8}{'memory':>8}"
    print(f"{heading}{'copies':>8}{'':>4}{'mode KL':>7}{'Parzen, nats':>16}", flush=True)
    for name, images in contenders().items():
        if arguments.only in (None, name):
            rows[name] = measure(images(), **shared)
            print(line(name, rows[name]), flush=True)
    print(f"{judge.about}\n10,000 images, features and Frechet distance: {quickness}")
    if not arguments.dry and not arguments.only:
        floors = {"floor": judge.floor._asdict(), "noise": judge.noise._asdict()}
        rounded = {name: {key: float(f"{value:.5g}") for key, value in row.items()} for name, row in rows.items()}
        record = {"command": "python tests/bench/fidelity.py", "about": judge.about, "seconds": quickness}
        record |= floors | {"rows": rounded} | harness.machine()
        file = paths.data() / "results" / "fidelity.json"
        file.write_text(json.dumps(record, indent=1) + "\n")
        print(f"Written: {file.relative_to(paths.root())}")


if __name__ == "__main__":
    main()
