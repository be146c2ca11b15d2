"""Kill a training again and again, resume it each time, and compare its end with that of an unbroken one.

python tests/faults/kills.py              # 30 kills: SIGKILL, Ctrl-C, and in the middle of writing the checkpoint
python tests/faults/kills.py --kills 4
"""

import argparse
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
EPOCHS = 12

TRAINING = """
import os, sys, time
sys.path.insert(0, sys.argv[4])
import tiny
from tiny import keras
import numpy as np
path, out, when = sys.argv[1], sys.argv[2], sys.argv[3]
kind, _, number = when.partition(":")
from coursekit.training import archive
if kind == "write":  # die inside a write: after some bytes of it, or between its two renames
    import io, signal
    number, place = int(number.split("/")[0]), number.split("/")[1]
    write, calls = archive.write, []
    def dying(*arguments):
        calls.append(1)
        if len(calls) == number:
            die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
            if place == "part":
                savez = archive.np.savez
                def half(file, **arrays):
                    buffer = io.BytesIO(); savez(buffer, **arrays)
                    file.write(buffer.getvalue()[: len(buffer.getvalue()) // 2]); file.flush(); die()
                archive.np.savez = half
            elif place == "fsync":
                archive.os.fsync = die
            else:
                replace, done = os.replace, []
                def second(*names):
                    done.append(1)
                    die() if len(done) == 2 else replace(*names)
                archive.os.replace = second
        return write(*arguments)
    archive.write = dying
keras.utils.set_random_seed(0)
model = tiny.Regression()
model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, 600)), jit_compile=False)
x, y = tiny.regression_data(400)
class Slowly(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        print("training", flush=True)
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.01)
try:
    history = model.fit(x, y, batch_size=8, epochs=EPOCHS, steps_per_stretch=5, checkpoint=path, every=0.03, verbose=0,
                        callbacks=[Slowly()], validation_data=(x[:50], y[:50]))
except KeyboardInterrupt as stop:
    print(stop, flush=True)
    sys.exit(130)
np.savez(out, weights=tiny.weights_of(model), moments=np.concatenate([np.ravel(np.array(v.value)) for v in
    model.optimizer.variables]), loss=history.history["loss"], val_loss=history.history["val_loss"],
    epoch=history.epoch, drawn=np.random.rand(3))
""".replace("EPOCHS", str(EPOCHS))


def train(path, out, when="never"):
    arguments = [sys.executable, "-c", TRAINING, str(path), str(out), when, str(HERE.parent / "training")]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def plans(kills, seed):
    """(kind, moment) of each kill: the kinds take turns, the moments are random."""
    rng = random.Random(seed)
    places = itertools.cycle(["part", "rename", "fsync"])
    for kind in itertools.islice(itertools.cycle(["SIGKILL", "SIGINT", "write"]), kills):
        yield kind, f"{rng.randint(1, 4)}/{next(places)}" if kind == "write" else rng.uniform(0.02, 0.6)


def one_kill(path, out, kind, moment):
    """Returns whether the training was stopped before its end; Ctrl-C must say how to go on."""
    process = train(path, out, f"write:{moment}" if kind == "write" else "never")
    if kind != "write":
        process.stdout.readline()
        time.sleep(moment)
        process.send_signal(getattr(signal, kind))
    said, errors = process.communicate(timeout=120)
    if process.returncode == 0:
        return False
    expected = 130 if kind == "SIGINT" else -signal.SIGKILL
    assert process.returncode == expected, f"{kind} at {moment}: exit status {process.returncode}\n{errors[-2000:]}"
    if kind == "SIGINT":
        assert "run the same fit() again to go on from there" in said, said
    return True


def compare(kills, folder, seed=0, say=print):
    """Kill and resume until `kills` kills have hit. Returns {kind: hits}; AssertionError unless all end equal."""
    folder = Path(folder)
    process = train(folder / "unbroken", folder / "unbroken.npz")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors[-2000:]
    tally, runs = {}, 0
    todo = list(plans(kills, seed))
    while todo:
        runs += 1
        broken = folder / f"broken{runs}"
        out = folder / f"broken{runs}.npz"
        hits = []
        while todo and len(hits) < 3 and one_kill(broken, out, *todo[0]):
            kind, moment = todo.pop(0)
            tally[kind] = tally.get(kind, 0) + 1
            hits.append(f"{kind} {moment if kind == 'write' else f'{moment:.2f} s'}")
        if not out.exists():
            process = train(broken, out)
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors[-2000:]
        with np.load(folder / "unbroken.npz") as ours, np.load(out) as theirs:
            for name in ours.files:
                np.testing.assert_array_equal(ours[name], theirs[name], err_msg=f"{name} after {hits}")
        say(f"run {runs}: {len(hits)} kills ({', '.join(hits)}), resumed to the very same end")
    return tally


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = compare(options.kills, folder, options.seed)
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    print(f"{sum(tally.values())} kills on {backend}, {tally}: every run ended with the weights of an unbroken one.")


if __name__ == "__main__":
    main()
