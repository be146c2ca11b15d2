"""Callbacks that record a training: a stopwatch and a camera. What they keep is in files, so that it can be resumed."""

import json
import sys
import time

import keras
import numpy as np

from coursekit.atomic import write_arrays, write_json


class Stopwatch(keras.callbacks.Callback):
    """Seconds in training steps, over all sessions, and apart from them those of compilation.

    A session's first compiled stretch compiles; its steps are counted as long as the other stretches took. Steps that
    a kill made necessary again are counted again.

    Args:
        file: where the seconds are kept between sessions.
    """

    resumes_itself = True

    def __init__(self, file):
        super().__init__()
        self.file = file
        nothing = {"seconds": 0.0, "compile_seconds": 0.0, "peak_memory_mb": 0}
        self.before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else nothing
        self.durations, self.peak, self.written = [], 0, time.monotonic()

    def on_train_batch_begin(self, batch, logs=None):
        self.began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.durations.append(time.perf_counter() - self.began)
        if time.monotonic() - self.written > 1:
            self.write()

    def on_train_end(self, logs=None):
        if self.durations:  # a training that was over before it began has used nothing
            self.write()

    def write(self):
        """Save the totals, for the next session."""
        self.peak, self.written = peak_memory_mb(), time.monotonic()
        write_json(self.file, self.total())

    def total(self):
        """{"seconds", "compile_seconds", "peak_memory_mb"} so far."""
        first, others = self.durations[:1], self.durations[1:]
        usual = float(np.median(others)) if others else 0.0
        return {
            "seconds": self.before["seconds"] + sum(others) + usual,
            "compile_seconds": self.before["compile_seconds"] + max(0.0, sum(first) - usual),
            "peak_memory_mb": max(self.before["peak_memory_mb"], self.peak),
        }


def peak_memory_mb() -> int:
    """The most memory that this process has held so far."""
    if sys.platform == "win32":
        import psutil

        return round(psutil.Process().memory_info().peak_wset / 1e6)
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)


class Camera(keras.callbacks.Callback):
    """Records a recipe's `frames` and `gauge` before training and after some of its epochs, the early ones closer
    together.

    Args:
        recipe, run: whose model is trained, and the `RunData` that both functions are given.
        folder: where the frames are kept between sessions, one file each.
        epochs: of the training. frames: about how many to keep.
        watch: the `Stopwatch` of the training, called before the camera; None leaves the seconds at 0.
    """

    resumes_itself = True

    def __init__(self, recipe, run, folder, epochs, frames=12, watch=None):
        super().__init__()
        self.recipe, self.run, self.folder, self.watch = recipe, run, folder, watch
        self.chosen = sorted({0, *np.unique(np.geomspace(1, epochs, frames).round().astype(int)).tolist()})

    def keep(self, epoch):
        """Write the file of an epoch."""
        recorded, measures = {}, {"seconds": round(self.watch.total()["seconds"], 1) if self.watch else 0.0}
        if self.recipe.gauge:
            numbers = self.recipe.gauge(self.model, self.run)
            measures |= {name: round(float(value), 4) for name, value in numbers.items()}
        if self.recipe.frames:
            images = self.recipe.frames(self.model, self.run)
            recorded["images"] = np.round(np.clip(images, 0, 1) * 255).astype("uint8")
        write_arrays(self.folder / f"{epoch:05d}.npz", {"measures": np.array(json.dumps(measures))} | recorded)

    def on_train_begin(self, logs=None):
        if not (self.folder / "00000.npz").exists():  # else this training is a resumed one
            self.keep(0)

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 in self.chosen:
            self.keep(epoch + 1)

    def frames(self):
        """{"epochs": int64 [frames], "images": uint8 [frames, n, height, width, channels]}."""
        return {"epochs": np.array(self.chosen), "images": np.stack(self._kept("images"))}

    def timeline(self):
        """{"epochs": [frames], "seconds": [frames], and what the gauge measured}: lists of numbers. Seconds are those
        of training steps, without compilation."""
        moments = [json.loads(str(text)) for text in self._kept("measures")]
        return {"epochs": self.chosen} | {name: [moment[name] for moment in moments] for name in moments[0]}

    def _kept(self, name):
        kept = []
        for epoch in self.chosen:
            with np.load(self.folder / f"{epoch:05d}.npz") as file:
                kept.append(file[name])
        return kept
