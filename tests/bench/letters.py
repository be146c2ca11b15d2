"""Letters by gated convolutions, by self-attention in their place, and by counting: bits a letter after equal seconds.

    python tests/bench/letters.py                            # data/results/bench_letters.json and a table
    python tests/bench/letters.py --seconds 2 --dry          # does it run? writes nothing

Both networks are `models.causal.build` with 64 channels. Eight convolutions see 256 letters; three blocks of
self-attention, each of 256 letters, have about as many weights. They learn from the seven training plays with the
settings of lecture 17: windows of 256 letters, batches of 8, Adam whose rate falls to 0 by the end. They train in turns
of 16 steps, so that what slows the machine down slows all. Seconds are those of training alone, without compilation.
Attention has two tries, with two learning rates, the convolutions have the lecture's rate. All of them, the counts and
the programs pay for the same letters of the unseen play: those that have 256 letters before them (the programs pay for
these 256, too). If tiny Shakespeare is there, counting and the programs pay for its last tenth, as well.
"""

import argparse
import math
import time

import harness
import numpy as np

CONTEXT, BATCH, TURN = 256, 8, 16
CONVOLUTIONS = {"dilations": (1, 2, 4, 8, 16, 32, 64, 128)}
ATTENTION = {"dilations": (), "contexts": (CONTEXT,) * 3}
NETWORKS = {  # name: (blocks, learning rate)
    "convolutions": (CONVOLUTIONS, 8e-3),
    "attention": (ATTENTION, 2e-3),
    "attention, higher rate": (ATTENTION, 5e-3),
}


class Runner:
    """A network, the seconds that it has trained, and its place in the windows."""

    def __init__(self, blocks, rate, seconds, windows):
        import keras

        from coursekit.models import causal

        keras.utils.set_random_seed(0)
        self.rate, self.seconds, self.windows, self.spent, self.steps = rate, seconds, windows, 0.0, 0
        self.model = causal.build(65, channels=64, skip=64, **blocks)
        self.model.compile(keras.optimizers.Adam(rate, clipnorm=1.0))
        begun = time.perf_counter()
        self._fit()
        self.compile_seconds = time.perf_counter() - begun

    def _fit(self):
        first = self.steps * BATCH % (len(self.windows) - TURN * BATCH)
        part = self.windows[first : first + TURN * BATCH]
        self.model.fit(part, batch_size=BATCH, epochs=1, verbose=0, shuffle=False, steps_per_stretch=TURN)
        self.steps += TURN

    @property
    def done(self):
        return self.spent >= self.seconds

    def turn(self):
        share = min(1.0, self.spent / self.seconds)
        self.model.optimizer.learning_rate.assign(self.rate * max((1 + math.cos(math.pi * share)) / 2, 1e-3))
        begun = time.perf_counter()
        self._fit()
        self.spent += time.perf_counter() - begun

    def result(self, test):
        seen = self.steps * BATCH * CONTEXT
        return {
            "bits": round(float(self.model.bits(test, skip=CONTEXT).mean()), 4),
            "rate": self.rate,
            "seconds": round(self.spent, 1),
            "compile_seconds": round(self.compile_seconds, 1),
            "weights": int(sum(np.prod(w.shape) for w in self.model.trainable_weights)),
            "steps": self.steps,
            "letters_a_second": round(seen / self.spent),
        }


def compete(seconds, windows, test):
    """Let the networks train in turns until each has had its seconds: {name: result}."""
    runners = {name: Runner(*network, seconds, windows) for name, network in NETWORKS.items()}
    while not all(runner.done for runner in runners.values()):
        for runner in runners.values():
            if not runner.done:
                runner.turn()
    return {name: runner.result(test) for name, runner in runners.items()}


def without_networks(train, test, first, last):
    """Bits a letter of counting, for the letters from `first` to `last`; of programs, for all of them."""
    from coursekit import letters, metrics

    counted = {n: metrics.NGrams(n, letters.CLASSES).fit(train) for n in range(1, 7)}
    bits = {f"counting {n}": -of.log2_probability(test[None])[0, first:last].mean() for n, of in counted.items()}
    programs = {"alone": None, "given": train}
    bits |= {
        f"{name} {how}": value
        for how, given in programs.items()
        for name, value in metrics.text.compressed_bits(test, given=given).items()
    }
    return {name: round(float(value), 4) for name, value in bits.items()}


def tiny_shakespeare():
    from coursekit import data

    try:
        train, test = (data.load("tiny_shakespeare", split).letters for split in ("train", "test"))
    except (OSError, ValueError) as error:
        print(f"tiny Shakespeare: left out, {error}")
        return None
    return without_networks(train, test, CONTEXT, CONTEXT * (len(test) // CONTEXT))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="of training, for each network")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    from coursekit import atomic, data, letters, paths
    from coursekit.training import backend

    backend.load()
    train, unseen = (data.load("plays", split).letters for split in ("train", "test"))
    windows = letters.windows(train, CONTEXT, CONTEXT // 4).astype("int32")
    windows = windows[np.random.default_rng(0).permutation(len(windows))]
    test = letters.windows(unseen, 2 * CONTEXT, CONTEXT)
    results = compete(options.seconds, windows, test)
    plain = without_networks(train, unseen, CONTEXT, CONTEXT * (1 + len(test)))
    print(f"{'after ' + format(options.seconds, 'g') + ' seconds':24} bits a letter")
    for name, row in results.items():
        print(f"{name:24} {row['bits']:.3f}", row)
    for name, bits in plain.items():
        print(f"{name:24} {bits:.3f}")
    if options.dry:
        return
    record = {
        "what": "bits a letter of an unseen play, after equal seconds of training",
        "command": "python tests/bench/letters.py",
        **harness.machine(),
        "networks": results,
        "plays": plain,
        "tiny_shakespeare": tiny_shakespeare(),
    }
    atomic.write_json(paths.data() / "results" / "bench_letters.json", record)


if __name__ == "__main__":
    main()
