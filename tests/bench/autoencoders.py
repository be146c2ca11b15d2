"""The autoencoders of lecture 06 on full MNIST, beside what the Keras blog printed.

    python tests/bench/autoencoders.py            # every run: data/results/autoencoders.json, in about 12 minutes
    python tests/bench/autoencoders.py --only deep-silu denoiser
    python tests/bench/autoencoders.py --search   # the settings of non-local means

Trained on the 55,000 digits that the quick profile does not hold; measured on the 10,000 test digits.
"""

import argparse
import itertools
import json
import os
import platform
import time

import numpy as np

from coursekit import data, metrics, paths
from coursekit.models import autoencoder, denoising
from coursekit.training import backend

keras = backend.load()


class Stopwatch(keras.callbacks.Callback):
    """Seconds from the end of the first compiled stretch: compilation is timed apart."""

    def on_train_begin(self, logs=None):
        self.begin, self.first, self.stretches = time.perf_counter(), None, 0

    def on_train_batch_end(self, batch, logs=None):
        self.stretches += 1
        self.first = self.first or time.perf_counter()

    def on_train_end(self, logs=None):
        trained = time.perf_counter() - self.first
        self.seconds = trained * self.stretches / (self.stretches - 1)
        self.compile_seconds = self.first - self.begin - self.seconds / self.stretches


def train(model, images, *, epochs, batch, rate):
    """Adam under a falling rate. Returns (optimizer seconds, seconds of compilation)."""
    steps = epochs * (len(images) // batch)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(falling), "binary_crossentropy")
    watch = Stopwatch()
    model.fit(images, epochs=epochs, batch_size=batch, verbose=0, callbacks=[watch])
    return watch.seconds, watch.compile_seconds


DENSE = {"batch": 256, "rate": 4e-3}
CONVOLUTIONS = {"batch": 64, "rate": 3e-3}
L1 = keras.regularizers.L1(1e-4)
# name: (what, what the blog printed, model, settings)
RUNS = {
    "simple": ("784-32-784, ReLU", 0.09, lambda: autoencoder.deep(widths=()), {"epochs": 50, **DENSE}),
    "sparse": ("784-32-784, L1 of 1e-4", 0.10, lambda: autoencoder.sparse(L1, 32), {"epochs": 50, **DENSE}),
    "deep-relu": ("784-128-64-32-64-128-784, ReLU", 0.08, autoencoder.deep, {"epochs": 75, **DENSE}),
    "deep-silu": (
        "the same, SiLU and a linear code",
        None,
        lambda: autoencoder.deep(activation="silu", code_activation=None),
        {"epochs": 75, **DENSE},
    ),
    "convolutional": ("convolutions, 4x4x8 code", 0.094, autoencoder.convolutional, {"epochs": 10, **CONVOLUTIONS}),
    "denoiser": ("denoiser at noise 0.5", None, lambda: denoising.denoiser(0.5), {"epochs": 12, **CONVOLUTIONS}),
}


def evaluate(name, model, test):
    flat = name not in ("convolutional", "denoiser")
    if name == "denoiser":
        noisy = denoising.add_noise(test.images, 0.5, seed=1)
        answers = {
            "noisy": noisy,
            "median 3x3": metrics.baselines.median_filter(noisy, 3),
            "median 5x5": metrics.baselines.median_filter(noisy, 5),
            "non-local means": metrics.baselines.non_local_means(noisy, 0.5),
            "network": model.predict(noisy, batch_size=500, verbose=0),
        }
        return {
            "psnr": {key: round(float(metrics.psnr(x, test.images).mean()), 3) for key, x in answers.items()},
            "ssim": {key: round(float(metrics.ssim(x, test.images).mean()), 4) for key, x in answers.items()},
        }
    x = test.flat if flat else test.images
    return {"test_bce": round(metrics.binary_crossentropy(model.predict(x, batch_size=500, verbose=0), x), 5)}


def search(images):
    """Which settings of non-local means are best on training digits?"""
    from skimage.restoration import denoise_nl_means

    noisy = denoising.add_noise(images, 0.5, seed=3)
    for sigma, h, (size, distance) in itertools.product(
        (0, 0.1, 0.25, 0.5), (0.05, 0.1, 0.15, 0.3, 0.5), ((3, 6), (5, 6), (5, 10), (7, 10))
    ):
        options = {"patch_size": size, "patch_distance": distance, "h": h, "sigma": sigma, "fast_mode": True}
        answer = np.stack([denoise_nl_means(image[..., 0], **options) for image in noisy]).clip(0, 1)[..., None]
        print(f"{metrics.psnr(answer, images).mean():6.2f} dB  {options}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS), metavar="RUN", help=f"of {list(RUNS)}")
    parser.add_argument("--search", action="store_true", help="search the settings of non-local means and stop")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    train_set, test = data.load("mnist", "train", leave_out="digits"), data.load("mnist", "test")
    if options.search:
        search(train_set.images[:100])
        return
    file = paths.data() / "results" / "autoencoders.json"
    record = json.loads(file.read_text()) if file.exists() else {"runs": {}}
    pca = metrics.baselines.pca(train_set.flat, test.flat, 32)
    record.update(
        command="python tests/bench/autoencoders.py",
        data="MNIST: 55,000 training digits (the quick profile's 5,000 left out), 10,000 test digits",
        hardware=f"{os.cpu_count()} cores, {platform.machine()}",
        software=f"Python {platform.python_version()}, Keras {keras.version()} on {keras.backend.backend()}",
        floor=round(metrics.binary_crossentropy(test.flat), 5),
        pca={"test_bce": round(metrics.binary_crossentropy(pca, test.flat), 5)},
    )
    for name in options.only:
        what, printed, build, settings = RUNS[name]
        keras.utils.set_random_seed(options.seed)
        model = build()
        images = train_set.images if len(model.encoder.input_shape) == 4 else train_set.flat
        seconds, compile_seconds = train(model, images, **settings)
        run = {"what": what, "printed": printed, "parameters": model.count_params(), "settings": settings}
        run |= {"seed": options.seed, "seconds": round(seconds, 1), "compile_seconds": round(compile_seconds, 1)}
        record["runs"][name] = run | evaluate(name, model, test)
        print(name, json.dumps(record["runs"][name]), flush=True)
        file.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
