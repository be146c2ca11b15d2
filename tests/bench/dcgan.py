"""How good is a DCGAN of digits after two minutes of training on this machine?

    python tests/bench/dcgan.py                          # data/results/bench_dcgan.json and build/bench_dcgan.png
    python tests/bench/dcgan.py --only fast              # one of the runs; the record keeps the others
    python tests/bench/dcgan.py --seconds 5 --dry        # does it run? writes nothing
    python tests/bench/dcgan.py --only fast --set '{"rate": 1e-3}' --dry

All are trained on the 60,000 MNIST digits. Measured is the Frechet distance of 10,000 samples to the 10,000 test
digits, by the features of lenet-mnist, scaled (`recipes.judge`): of coursekit's `dcgan.fast`, with a dense layer more
in each network and without; of the TensorFlow tutorial's network, loss and settings
(tensorflow.org/tutorials/generative/dcgan) on coursekit's engine; and of the tutorial's own loop. Beside them: the
floor, which is training digits, untrained generators, and noise.

Seconds are those of training alone: from the end of the first stretch, which has the compilation, and without the
measurements on the way. Each runs in a process of its own, one after the other.
"""

import argparse
import contextlib
import json
import subprocess
import sys

import harness
from vae import Clock, TimeIsUp

RUNS = {
    "fast": "coursekit, dcgan.fast(hidden=256)",
    "no-hidden": "coursekit, dcgan.fast",
    "engine": "coursekit, the tutorial's network and settings",
    "tutorial": "the TF tutorial's network, settings and loop",
}
TUTORIAL = {"batch": 256, "rate": 1e-4}
SETTINGS = {
    "fast": {"batch": 64, "rate": 2e-3, "share": 0.5, "model": {"hidden": 256}},
    "no-hidden": {"batch": 64, "rate": 2e-3, "share": 0.5, "model": {}},
    "engine": TUTORIAL,
    "tutorial": TUTORIAL,
}
SECONDS, SAMPLES = 120, 10_000


def digits():
    from coursekit import data

    return data.load("mnist", "train").images


def distance(samples):
    """Scaled Frechet distance of samples in [0, 1]."""
    from coursekit import recipes

    return round(float(recipes.judge("mnist").frechet(samples)), 2)


def stopped_by(clock, model, falling):
    import keras

    class Limit(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            spent = clock.tick()
            for name, rate in falling.items():
                model.optimizers[name].learning_rate.assign(rate * max(1 - spent, 0.02))
            if spent >= 1:
                raise TimeIsUp

    return Limit()


def trained(model, seconds, batch, falling, **options):
    images = digits()
    measure = lambda: distance(model.sample(SAMPLES, seed=1))
    untrained = measure()
    clock = Clock(seconds, measure)
    with contextlib.suppress(TimeIsUp):
        callbacks = [stopped_by(clock, model, falling)]
        model.fit(images, batch_size=batch, epochs=10_000, verbose=0, callbacks=callbacks, **options)
    return clock.result(int(model.optimizers["generator"].iterations) * batch) | sizes(model) | {"untrained": untrained}


def sizes(model):
    return {"parameters": model.generator.count_params() + model.discriminator.count_params()}


def fast(seconds, batch, rate, share, model):
    import keras

    from coursekit.models import dcgan

    rates = {"generator": rate, "discriminator": share * rate}
    model = dcgan.fast(**model)
    model.compile(**{name: keras.optimizers.Adam(of, beta_1=0.5) for name, of in rates.items()})
    return trained(model, seconds, batch, rates)


def engine(seconds, batch, rate):
    import keras

    from coursekit.models import dcgan

    model = dcgan.tutorial()
    model.compile(generator=keras.optimizers.Adam(rate), discriminator=keras.optimizers.Adam(rate))
    return trained(model, seconds, batch, {}, steps_per_stretch=10)


def tutorial(seconds, batch, rate):
    """The tutorial's step and loop, its fifty epochs cut off by the clock."""
    import numpy as np
    import tensorflow as tf
    from tensorflow import keras

    from coursekit.models import dcgan_networks

    generator, discriminator = dcgan_networks.tutorial()
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    generator_optimizer, discriminator_optimizer = keras.optimizers.Adam(rate), keras.optimizers.Adam(rate)
    dataset = tf.data.Dataset.from_tensor_slices(2 * digits() - 1).shuffle(60_000).batch(batch).repeat()

    @tf.function
    def train_step(images):
        noise = tf.random.normal([batch, 100])
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output, fake_output = discriminator(images, training=True), discriminator(fakes, training=True)
            gen_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
            real_loss = cross_entropy(tf.ones_like(real_output), real_output)
            disc_loss = real_loss + cross_entropy(tf.zeros_like(fake_output), fake_output)
        of_generator = gen_tape.gradient(gen_loss, generator.trainable_variables)
        of_discriminator = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(of_generator, generator.trainable_variables, strict=True))
        discriminator_optimizer.apply_gradients(zip(of_discriminator, discriminator.trainable_variables, strict=True))

    z = np.random.default_rng(1).standard_normal((SAMPLES, 100)).astype("float32")
    measure = lambda: distance((generator.predict(z, batch_size=256, verbose=0) + 1) / 2)
    untrained = measure()
    clock, seen = Clock(seconds, measure), 0
    for images in dataset:
        train_step(images)
        seen += len(images)
        if clock.tick() >= 1:
            break
    parameters = generator.count_params() + discriminator.count_params()
    return clock.result(seen) | {"parameters": parameters, "untrained": untrained}


def work(key, seconds, settings, seed):
    from coursekit.training import backend

    backend.load().utils.set_random_seed(seed)
    return {"fast": fast, "no-hidden": fast, "engine": engine, "tutorial": tutorial}[key](seconds, **settings)


def figure(record, path):
    import matplotlib.pyplot as plt

    fig, axis = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    for run in record["runs"].values():
        seconds, distances = zip(*[[0, run["untrained"]], *run["curve"]], strict=True)
        axis.plot(seconds, distances, marker="o", label=run["name"])
        axis.annotate(f"{distances[-1]:g}", (seconds[-1], distances[-1]), (6, -3), textcoords="offset points")
    axis.axhline(record["noise"], color="gray", ls="--", lw=1, label="uniform noise")
    axis.axhline(record["floor"], color="gray", ls=":", label="floor: training digits")
    axis.set(
        yscale="log",
        xlabel="seconds of training, two processor cores",
        ylabel="scaled Frechet distance",
        title="DCGANs of MNIST digits",
    )
    axis.legend(fontsize="small")
    axis.margins(x=0.1)
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=120)
    plt.close(fig)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS), metavar="RUN", help=f"of {list(RUNS)}")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--set", type=json.loads, default={}, metavar="JSON", help="settings to change")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    results = {}
    for key in options.only:
        settings = SETTINGS[key] | options.set
        command = [sys.executable, __file__, "--worker", key, str(options.seconds), json.dumps(settings)]
        out = subprocess.run([*command, str(options.seed)], stdout=subprocess.PIPE, text=True, check=True).stdout
        about = {"name": RUNS[key], "seconds": options.seconds, "settings": settings, "seed": options.seed}
        results[key] = about | json.loads(out.splitlines()[-1])
        print(key, json.dumps(results[key]), flush=True)
    if options.dry:
        return
    from coursekit import paths, recipes

    file = paths.data() / "results" / "bench_dcgan.json"
    before = json.loads(file.read_text())["runs"] if file.exists() else {}
    judge = recipes.judge("mnist", "full")
    record = {
        "command": "python tests/bench/dcgan.py",
        "what": f"scaled Frechet distance of {SAMPLES:,} samples to the 10,000 test digits; curve: [seconds, distance]",
        "judge": judge.about,
        "floor": round(float(judge.floor.frechet), 2),
        "noise": round(float(judge.noise.frechet), 2),
        **harness.machine(),
        "runs": {key: (before | results)[key] for key in RUNS if key in before | results},
    }
    file.write_text(json.dumps(record, indent=1) + "\n")
    figure(record, paths.build() / "bench_dcgan.png")
    print(f"Written: {file.relative_to(paths.root())}, build/bench_dcgan.png")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        print(json.dumps(work(sys.argv[2], float(sys.argv[3]), json.loads(sys.argv[4]), int(sys.argv[5]))))
    else:
        main()
