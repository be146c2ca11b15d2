"""How good is a variational autoencoder after half a minute, and after a minute, on this machine?

    python tests/bench/vae.py                       # data/results/bench_vae.json and build/bench_vae.png
    python tests/bench/vae.py --seconds 5 --dry     # does it run? writes nothing
    python tests/bench/vae.py --only ours-2 --set '{"widths": [512, 256], "batch": 256, "rate": 2e-3}' --dry

All are trained on the 60,000 MNIST digits and measured on the 10,000 test digits. Two of its questions:

- z = 2, pixels thresholded at 0.5, 30 s: the test ELBO of ours, of the same network under stock Keras, and of the
  TensorFlow tutorial's network with its settings and loop (tensorflow.org/tutorials/generative/cvae).
- z = 50, pixels drawn anew in every step, 60 s: log p(x) by importance weighting with 5,000 samples on the first 1,000
  test digits, drawn once.

Seconds are those of training alone: from the end of the first stretch, which has the compilation, and without the
measurements on the way. Each runs in a process of its own, one after the other.
"""

import argparse
import contextlib
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import harness
import numpy as np

RUNS = {
    "ours-2": ("coursekit", 30),
    "stock-2": ("the same network, Keras fit", 30),
    "tutorial-2": ("the TF tutorial's network and loop", 30),
    "ours-50": ("coursekit, z = 50", 60),
}
SETTINGS = {
    "ours-2": {"widths": [256, 256], "batch": 128, "rate": 2e-3, "activation": "relu"},
    "ours-50": {"widths": [200, 200], "batch": 100, "rate": 2e-3, "activation": "relu"},
}
SETTINGS["stock-2"] = SETTINGS["ours-2"]
SETTINGS["tutorial-2"] = {"batch": 32, "rate": 1e-4}


def digits(thresholded):
    """(train, test), gray for training with stochastic binarization; test images always black and white."""
    from coursekit import data, metrics

    how = "thresholded" if thresholded else "stochastic"
    train, test = (data.load("mnist", split).flat for split in ("train", "test"))
    return metrics.likelihood.binarize(train, how) if thresholded else train, metrics.likelihood.binarize(test, how)


class TimeIsUp(Exception):
    pass


class Clock:
    """Seconds of training. It runs from the end of the first stretch, and stands still while something is measured."""

    def __init__(self, limit, measure):
        self.limit, self.measure = limit, measure
        self.born, self.begin, self.curve, self.marks = time.perf_counter(), None, [], [limit / 8, limit / 4, limit / 2]

    def tick(self):
        """To be called after each stretch. Returns the share of the time that is spent: 1 at the end."""
        now = time.perf_counter()
        if self.begin is None:
            self.begin, self.compile_seconds = now, now - self.born
        if self.marks and now - self.begin >= self.marks[0]:
            self.curve.append([round(now - self.begin, 1), self.measure()])
            self.marks.pop(0)
            self.begin += time.perf_counter() - now
        return min(1.0, (time.perf_counter() - self.begin) / self.limit)

    def result(self, images):
        seconds = time.perf_counter() - self.begin
        self.curve.append([round(seconds, 1), self.measure()])
        return {"compile_seconds": round(self.compile_seconds, 1), "images": images, "curve": self.curve}


def callback(clock, model, rate):
    """Stops when the time is up; the learning rate falls to 0 along a quarter of a cosine by then."""
    import keras

    class Limit(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            spent = clock.tick()
            model.optimizer.learning_rate.assign(rate * max(math.cos(math.pi / 2 * spent), 1e-3))
            if spent >= 1:
                raise TimeIsUp

    return Limit()


def ours(latent_dim, seconds, widths, batch, rate, activation):
    import keras

    from coursekit import metrics
    from coursekit.models import vae

    train, test = digits(thresholded=latent_dim == 2)
    binarization = "none" if latent_dim == 2 else "stochastic"
    model = vae.dense(latent_dim, widths, activation=activation, binarization=binarization)
    model.compile(keras.optimizers.Adam(rate))
    clock = Clock(seconds, lambda: round(float(metrics.likelihood.elbo(test, model.elbo).elbo), 2))
    with contextlib.suppress(TimeIsUp):
        model.fit(train, batch_size=batch, epochs=10_000, verbose=0, callbacks=[callback(clock, model, rate)])
    result = clock.result(int(model.optimizer.iterations) * batch) | {"parameters": model.count_params()}
    if latent_dim > 2:
        bound = metrics.likelihood.iwae(test[:1000], model.log_weights, k=5000)
        result |= {"iwae_5000": round(float(bound.bound), 2), "iwae_error": round(float(bound.error), 2)}
    return result


def stock(seconds, widths, batch, rate, activation):
    import keras
    from keras import ops

    from coursekit import metrics
    from coursekit.models import vae

    train, test = digits(thresholded=True)
    network = vae.dense(2, widths, activation=activation)

    class Stock(keras.Model):
        def __init__(self):
            super().__init__()
            self.network = network

        def call(self, x):
            self.add_loss(-ops.mean(network.elbo(x).elbo))
            return x

    model = Stock()
    model.compile(keras.optimizers.Adam(rate))
    clock = Clock(seconds, lambda: round(float(metrics.likelihood.elbo(test, network.elbo).elbo), 2))
    with contextlib.suppress(TimeIsUp):
        model.fit(train, batch_size=batch, epochs=10_000, verbose=0, callbacks=[callback(clock, model, rate)])
    return clock.result(int(model.optimizer.iterations) * batch) | {"parameters": network.count_params()}


def tutorial(seconds, batch, rate):
    """The tutorial's CVAE: its layers, its single-sample bound, its loop; its ten epochs cut off by the clock."""
    import tensorflow as tf
    from tensorflow import keras
    from tensorflow.keras import layers

    train, test = (images.reshape(-1, 28, 28, 1) for images in digits(thresholded=True))
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Conv2D(64, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(4),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(64, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, padding="same"),
        ]
    )
    optimizer = keras.optimizers.Adam(rate)

    def log_normal_pdf(sample, mean, logvar):
        return tf.reduce_sum(-0.5 * ((sample - mean) ** 2 * tf.exp(-logvar) + logvar + tf.math.log(2 * np.pi)), axis=1)

    def bound(x):
        mean, logvar = tf.split(encoder(x), 2, axis=1)
        z = mean + tf.random.normal(tf.shape(mean)) * tf.exp(0.5 * logvar)
        cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(logits=decoder(z), labels=x)
        logpx_z = -tf.reduce_sum(cross_entropy, axis=[1, 2, 3])
        return logpx_z + log_normal_pdf(z, 0.0, 0.0) - log_normal_pdf(z, mean, logvar)

    @tf.function
    def train_step(x):
        with tf.GradientTape() as tape:
            loss = -tf.reduce_mean(bound(x))
        weights = encoder.trainable_variables + decoder.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    measure = tf.function(bound)

    def test_elbo():
        return round(float(np.mean([measure(test[i : i + 1000]).numpy().mean() for i in range(0, 10_000, 1000)])), 2)

    clock, images = Clock(seconds, test_elbo), 0
    dataset = tf.data.Dataset.from_tensor_slices(train).shuffle(60_000).batch(batch).repeat()
    for x in dataset:
        train_step(x)
        images += batch
        if clock.tick() >= 1:
            break
    parameters = encoder.count_params() + decoder.count_params()
    return clock.result(images) | {"parameters": parameters}


def work(key, seconds, settings):
    from coursekit.training import backend

    backend.load().utils.set_random_seed(0)
    kind, latent_dim = key.split("-")
    if kind == "ours":
        return ours(int(latent_dim), seconds, **settings)
    return {"stock": stock, "tutorial": tutorial}[kind](seconds, **settings)


def figure(results, path):
    import matplotlib.pyplot as plt

    fig, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    for run in results.values():
        if run["latent_dim"] == 2:
            axis.plot(*zip(*run["curve"], strict=True), marker="o", label=run["name"])
    axis.axhline(-155.91, color="gray", ls=":", label="a reader's run of the tutorial, ten epochs on a GPU")
    axis.set(xlabel="seconds of training", ylabel="test ELBO (nats)", title="MNIST thresholded at 0.5, z = 2")
    axis.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS), metavar="RUN", help=f"of {list(RUNS)}")
    parser.add_argument("--seconds", type=float, help="instead of 30 and 60")
    parser.add_argument("--set", type=json.loads, default={}, metavar="JSON", help="settings to change")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    results = {}
    for key in options.only:
        name, seconds = RUNS[key]
        seconds, settings = options.seconds or seconds, SETTINGS[key] | options.set
        command = [sys.executable, __file__, "--worker", key, str(seconds), json.dumps(settings)]
        out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        latent_dim = int(key.split("-")[1])
        results[key] = {"name": name, "latent_dim": latent_dim, "seconds": seconds, "settings": settings}
        results[key] |= json.loads(out.splitlines()[-1])
        print(key, json.dumps(results[key]), flush=True)
    if options.dry:
        return
    from coursekit import paths

    record = {"command": "python tests/bench/vae.py", **harness.machine(), "runs": results}
    file = paths.data() / "results" / "bench_vae.json"
    file.write_text(json.dumps(record, indent=1) + "\n")
    figure(results, paths.build() / "bench_vae.png")
    print(f"Written: {file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}, bench_vae.png")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        print(json.dumps(work(sys.argv[2], float(sys.argv[3]), json.loads(sys.argv[4]))))
    else:
        main()
