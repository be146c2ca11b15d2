"""What XLA's optimization costs and brings on a CPU: seconds of processor time to compile, and to train.

    python tests/bench/compile_levels.py

For each level of `--xla_backend_optimization_level` and each dense model of the lectures: what the first `fit` takes
beyond a later one (tracing and compiling, cache switched off), and what a later one takes. Processor time, so that
other work on the machine matters little.
"""

import json
import os
import subprocess
import sys
import time

LEVELS = (0, 1, 2, 3)


def measure():
    """{model: [seconds to compile, seconds of three epochs]}, in this process."""
    import numpy as np

    import coursekit

    coursekit.begin(0)
    import keras

    from coursekit import data
    from coursekit.models import gan, vae

    adam = lambda: keras.optimizers.Adam(1e-3)
    both = lambda: {"generator": adam(), "discriminator": adam()}
    digits = data.load("digits", "train", limit=3200, seed=0).flat
    points = np.random.default_rng(0).normal(size=(20_000, 2)).astype("float32")
    wide = {"output": "sigmoid", "r1": 1.0, "averaging": 0.99}
    seconds = {}
    for name, model, optimizers, x, batch in [
        ("vae, digits", vae.dense(10, (256, 128)), {"optimizer": adam()}, digits, 32),
        ("gan, digits", gan.dense(32, 784, (128, 256), (256, 128), **wide), both(), digits, 64),
        ("gan, plane", gan.dense(2, 2, (32,) * 3, (32,) * 3), both(), points, 128),
    ]:
        model.compile(**optimizers)
        taken = []
        for _ in range(3):
            start = time.process_time()
            model.fit(x, batch_size=batch, epochs=3, verbose=0)
            taken.append(time.process_time() - start)
        seconds[name] = [taken[0] - min(taken[1:]), min(taken[1:])]
    return seconds


def main():
    print(f"{'level':8}{'model':16}{'to compile, s':>16}{'three epochs, s':>18}")
    for level in LEVELS:
        flags = f"--xla_backend_optimization_level={level}"
        environment = {**os.environ, "XLA_FLAGS": flags, "COURSEKIT_COMPILED": "0"}
        command = [sys.executable, __file__, "--one"]
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        for name, (compiling, training) in json.loads(answer).items():
            print(f"{level:<8}{name:16}{compiling:16.2f}{training:18.2f}")


if __name__ == "__main__":
    print(json.dumps(measure())) if "--one" in sys.argv else main()
