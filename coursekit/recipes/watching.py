"""What looks on while a recipe trains: a stopwatch, a progress line, a camera. All three survive a resumed training."""

import json
import os
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

    def __init__(self, file):
        super().__init__()
        self.file = file
        nothing = {"seconds": 0.0, "compile_seconds": 0.0, "peak_memory_mb": 0}
        self.before = json.loads(file.read_text()) if file.exists() else nothing
        self.durations, self.peak, self.written = [], 0, time.monotonic()

    def on_train_batch_begin(self, batch, logs=None):
        self.began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.durations.append(time.perf_counter() - self.began)
        if time.monotonic() - self.written > 1:
            self.write()

    def on_train_end(self, logs=None):
        self.write()

    def write(self):
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


class ProgressLine(keras.callbacks.Callback):
    """One line with the share that is done, the time left and the loss; nothing where `COURSEKIT_PROGRESS=0`."""

    def __init__(self, title):
        super().__init__()
        self.title, self.bar = title, None

    def on_epoch_begin(self, epoch, logs=None):
        if self.bar is None:
            from tqdm import tqdm

            steps = self.params["steps"]
            self.bar = tqdm(
                total=self.params["epochs"] * steps,
                initial=epoch * steps,
                desc=self.title,
                file=sys.stderr,
                bar_format="{desc} {percentage:3.0f}% {bar:20} {remaining} left{postfix}",
                mininterval=0.3,
                disable=os.environ.get("COURSEKIT_PROGRESS") == "0",
            )

    def on_train_batch_end(self, batch, logs=None):
        self.bar.set_postfix({name: f"{value:.4f}" for name, value in logs.items()}, refresh=False)
        self.bar.update()

    def close(self):
        if self.bar is not None:
            self.bar.close()


class Camera(keras.callbacks.Callback):
    """Keeps what `shoot(model)` returns before training and after a few of its epochs, the early ones closer together.

    Args:
        shoot: function (model) -> images [n, height, width, channels] in [0, 1]; None: no pictures.
        folder: where the frames are kept between sessions, one file each.
        epochs: of the training. frames: about how many to keep.
        watch: the `Stopwatch` of the training, called before the camera. gauge: function (model) -> {name: number},
            measured with each frame. Either may be None.
    """

    def __init__(self, shoot, folder, epochs, frames=12, watch=None, gauge=None):
        super().__init__()
        self.shoot, self.folder, self.watch, self.gauge = shoot, folder, watch, gauge
        self.chosen = sorted({0, *np.unique(np.geomspace(1, epochs, frames).round().astype(int)).tolist()})

    def keep(self, epoch):
        seconds = self.watch.total()["seconds"] if self.watch else 0.0
        kept = {"measures": np.array(json.dumps({"seconds": round(seconds, 1)} | self.measures()))}
        if self.shoot:
            kept["images"] = np.round(np.clip(self.shoot(self.model), 0, 1) * 255).astype("uint8")
        write_arrays(self.folder / f"{epoch:05d}.npz", kept)

    def measures(self):
        numbers = self.gauge(self.model) if self.gauge else {}
        return {name: round(float(value), 4) for name, value in numbers.items()}

    def on_train_begin(self, logs=None):
        if not (self.folder / "00000.npz").exists():
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
        measures = [json.loads(str(of)) for of in self._kept("measures")]
        return {"epochs": self.chosen} | {name: [of[name] for of in measures] for name in measures[0]}

    def _kept(self, name):
        kept = []
        for epoch in self.chosen:
            with np.load(self.folder / f"{epoch:05d}.npz") as file:
                kept.append(file[name])
        return kept
