"""Does Soft-IntroVAE find eight narrow islands in a minute, where a VAE of the same networks finds none?

    python tests/bench/soft_introvae.py                        # data/results/bench_soft_introvae.json
    python tests/bench/soft_introvae.py --only ring --seconds 5 --seeds 1 --dry
    python tests/bench/soft_introvae.py --only paper --steps 30000    # the table of four sets; resumable

ring: 60 seconds of training for each of three seeds, Soft-IntroVAE and the plain VAE. Passed: a KL on the authors' grid
of at most a third of the VAE's, at least 92 % of 5,000 samples within 0.1 of a center, and eight modes of eight.
Seconds are those of training alone, from the end of the first stretch, which has the compilation.

paper: the four sets at the authors' settings (256 wide, batch 512, Adam at 2e-4, a tenth of it after 10,000 steps and a
hundredth after 15,000), 2,000 steps of which are those of a plain VAE; the plain VAE takes them all. Each run has a
checkpoint in build/bench_soft_introvae, and goes on from there.
"""

import argparse
import contextlib
import json
import time

import harness

WEIGHTS = {
    "narrow-ring": {"beta_kl": 0.3, "beta_rec": 0.2, "beta_neg": 0.9},
    "long-spirals": {"beta_kl": 0.5, "beta_rec": 0.2, "beta_neg": 1.0},
    "wide-checkerboard": {"beta_kl": 0.1, "beta_rec": 0.2, "beta_neg": 0.2},
    "four-rings": {"beta_kl": 0.2, "beta_rec": 0.2, "beta_neg": 1.0},
}
RING = {"widths": (128,) * 4, "batch": 512, "rate": 7e-4}
PAPER = {"widths": (256,) * 4, "batch": 512, "rate": 2e-4, "vae_steps": 2000}


class TimeIsUp(Exception):
    pass


def build(kind, name, widths, seed):
    import keras

    from coursekit.models import soft_introvae

    keras.utils.set_random_seed(seed)
    weights = dict(WEIGHTS[name])
    if kind == "VAE":
        weights.pop("beta_neg")
        return soft_introvae.dense(widths=widths, kind=soft_introvae.PlainVAE, seed=seed, **weights)
    return soft_introvae.dense(widths=widths, scale=0.5, seed=seed, **weights)


def compiled(model, rate):
    import keras

    players = ("encoder", "decoder") if hasattr(model, "encoder_loss") else ("optimizer",)
    make = lambda: keras.optimizers.Adam(rate() if callable(rate) else rate)
    model.compile(**{player: make() for player in players})
    return model


def measure(model, toy):
    """The authors' three numbers, and the islands of the ring."""
    from coursekit import metrics

    samples = model.sample(5000, seed=1)
    divergence = metrics.grid_divergence(toy.sample(5000, 1), samples, toy.extent)
    cost = lambda points: sum(model.scores(points, batch_size=8192))
    gn_elbo = metrics.grid_normalized_elbo(cost, toy.sample(12_800, 2), toy.extent)
    numbers = {"gnelbo": gn_elbo, "kl": divergence.kl, "jsd": divergence.jsd}
    if toy.name == "narrow-ring":
        found = metrics.modes(samples, toy.modes, 0.1 / 3)
        numbers |= {"near": found.near, "modes": found.found}
    return {key: float(f"{value:.4g}") for key, value in numbers.items()}


def limit(model, rate, seconds):
    """Stops when the time is up; the rates fall along a cosine, in proportion to the time."""
    import keras
    import numpy as np

    class Limit(keras.callbacks.Callback):
        begin = None

        def on_train_batch_end(self, batch, logs=None):
            _ = self.model  # on JAX, makes Keras put the values back into the variables, and read them again
            self.begin = self.begin or time.perf_counter()
            spent = (time.perf_counter() - self.begin) / seconds
            for optimizer in model.optimizers.values():
                optimizer.learning_rate.assign(rate * max(0.01, (1 + np.cos(np.pi * min(spent, 1))) / 2))
            if spent >= 1:
                raise TimeIsUp

    return Limit()


def ring(seconds, seeds):
    """{kind: a list of what each seed has reached}, and whether each seed passed."""
    from coursekit import data

    toy, results = data.toy("narrow-ring"), {"VAE": [], "Soft-IntroVAE": []}
    for seed in range(seeds):
        for kind, found in results.items():
            model = compiled(build(kind, "narrow-ring", RING["widths"], seed), RING["rate"])
            options = {"batch_size": RING["batch"], "epochs": 10_000, "verbose": 0}
            with contextlib.suppress(TimeIsUp):
                points = toy.sample(400 * RING["batch"], seed)
                model.fit(points, callbacks=[limit(model, RING["rate"], seconds)], **options)
            steps = int(next(iter(model.optimizers.values())).iterations)
            found.append({"seed": seed, "steps": steps, **measure(model, toy)})
            print(f"  {kind}: {found[-1]}", flush=True)
    pairs = zip(results["VAE"], results["Soft-IntroVAE"], strict=True)
    passed = sum(soft["kl"] <= vae["kl"] / 3 and soft["near"] >= 0.92 and soft["modes"] == 8 for vae, soft in pairs)
    print(f"ring: passed by {passed} seeds of {seeds}", flush=True)
    return {"settings": RING, "seconds": seconds, "passed": passed, "results": results}


def paper(name, kind, steps):
    """One set at the authors' settings, for so many steps."""
    import keras

    from coursekit import data, paths

    def rate():
        return keras.optimizers.schedules.PiecewiseConstantDecay([10_000, 15_000], [2e-4, 2e-5, 2e-6])

    toy, batch = data.toy(name), PAPER["batch"]
    folder = paths.build() / "bench_soft_introvae" / f"{name}-{kind}-{steps}"
    first = steps if kind == "VAE" else min(PAPER["vae_steps"], steps)
    model = compiled(build("VAE", name, PAPER["widths"], 92), rate)
    train = lambda model, count, part: model.fit(
        toy.sample(100 * batch, part),
        batch_size=batch,
        epochs=count // 100,
        verbose=0,
        checkpoint=folder / f"{part}.npz",
    )
    train(model, first, 0)
    if kind != "VAE":
        game = compiled(build(kind, name, PAPER["widths"], 92), rate)
        for player in ("encoder", "decoder"):
            getattr(game, player).set_weights(getattr(model, player).get_weights())
        if steps > first:
            train(game, steps - first, 1)
        model = game
    return {"steps": steps, **measure(model, toy)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("ring", "paper"), help="of the two")
    parser.add_argument("--seconds", type=float, default=60.0, help="of training, for each seed and kind")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=3000, help="of the table, in hundreds")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    from coursekit import data, metrics, paths
    from coursekit.training import backend

    backend.load()
    file = paths.data() / "results" / "bench_soft_introvae.json"
    record = json.loads(file.read_text()) if file.exists() else {}
    if options.only != "paper":
        record["ring"] = ring(options.seconds, options.seeds)
    if options.only != "ring":
        table = {}
        for name in WEIGHTS:
            table[name] = {kind: paper(name, kind, options.steps) for kind in ("VAE", "Soft-IntroVAE")}
            floor = metrics.grid_floor(data.toy(name))
            table[name]["floor"] = {"kl": round(floor.kl, 4), "jsd": round(floor.jsd, 4)}
            print(name, table[name], flush=True)
        record["paper"] = {"settings": PAPER, "results": table}
    if options.dry:
        return
    record |= {"command": "python tests/bench/soft_introvae.py", **harness.machine()}
    file.write_text(json.dumps(record, indent=1) + "\n")
    print(f"Written: {file.relative_to(paths.root())}")


if __name__ == "__main__":
    main()
