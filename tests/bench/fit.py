"""How fast `Model.fit` trains a dense network of a VAE's size, beside stock Keras and a plain PyTorch loop.

    python tests/bench/fit.py                                   # data/results/bench_fit.json and build/bench_fit.png
    python tests/bench/fit.py --examples 2000 --rounds 2 --batch 32 --dry   # does it run? writes nothing

784-64-2-64-784 with Adam, binary cross-entropy and KL divergence; six epochs of 20,000 images a turn, minibatches
drawn anew in each epoch. A network this small does little arithmetic: what is measured is the loop around it.
"""

import argparse
import itertools
import json
import sys

import harness
import numpy as np

CONTENDERS = {
    "ours": harness.Contender("coursekit, TensorFlow"),
    "stock": harness.Contender("Keras fit, TensorFlow"),
    "stock50": harness.Contender("Keras fit, 50 steps an execution"),
    "stock50xla": harness.Contender("Keras fit, 50 steps, XLA"),
    "torch": harness.Contender("PyTorch loop", needs="torch"),
    "ours-jax": harness.Contender("coursekit, JAX", "jax", needs="jax"),
    "stock-jax": harness.Contender("Keras fit, JAX", "jax", needs="jax"),
}
EPOCHS = 6
WIDTHS = ((784, 64), (64, 4), (2, 64), (64, 784))
# Forward, and backward to weights and inputs; no gradient flows to the images.
FLOPS = 2 * (3 * sum(a * b for a, b in WIDTHS) - 784 * 64)


def work(key, settings):
    keras_fit = {"stock": {}, "stock50": {"steps_per_execution": 50}}
    keras_fit["stock50xla"] = {"steps_per_execution": 50, "jit_compile": True}
    examples, batch = settings["examples"], settings["batch"]
    examples -= examples % batch
    images = (np.random.default_rng(0).random((examples, 784)) > 0.8).astype("float32")
    if key == "torch":
        run = torch_loop(images, batch)
    elif key.startswith("ours"):
        run = ours(images, batch)
    else:
        run = stock(images, batch, keras_fit[key.removesuffix("-jax")])
    return run, EPOCHS * examples, EPOCHS * examples * FLOPS


def networks():
    import keras
    from keras import layers

    return (
        keras.Sequential([keras.Input((784,)), layers.Dense(64, "relu"), layers.Dense(4)]),
        keras.Sequential([keras.Input((2,)), layers.Dense(64, "relu"), layers.Dense(784)]),
        keras.random.SeedGenerator(0),
    )


def negative_elbo(model, x):
    import keras
    from keras import ops

    mean, log_variance = ops.split(model.encoder(x), 2, axis=-1)
    z = mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=model.seed)
    logits = model.decoder(z)
    reconstruction = ops.sum(ops.softplus(logits) - x * logits, axis=-1)
    kl = -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1)
    return ops.mean(reconstruction + kl)


def ours(images, batch):
    from coursekit.training import Model

    class VAE(Model):
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder, self.seed = networks()

        def train_on(self, x):
            return {"loss": self.minimize(lambda: negative_elbo(self, x))}

    model = VAE()
    model.compile(optimizer="adam")
    return lambda: model.fit(images, batch_size=batch, epochs=EPOCHS, verbose=0)


def stock(images, batch, settings):
    from coursekit.training import backend

    keras = backend.load()

    class VAE(keras.Model):
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder, self.seed = networks()

        def call(self, x):
            self.add_loss(negative_elbo(self, x))
            return x

    model = VAE()
    model.compile(optimizer="adam", **settings)
    return lambda: model.fit(images, batch_size=batch, epochs=EPOCHS, verbose=0)


def torch_loop(images, batch):
    import torch
    from torch import nn
    from torch.nn import functional

    encoder = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 4))
    decoder = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 784))
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()])
    data = torch.from_numpy(images)

    def run():
        total = 0.0
        epochs = [torch.randperm(len(data)).split(batch) for _ in range(EPOCHS)]
        for indices in itertools.chain.from_iterable(epochs):
            x = data[indices]
            mean, log_variance = encoder(x).chunk(2, dim=-1)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            reconstruction = functional.binary_cross_entropy_with_logits(decoder(z), x, reduction="none").sum(-1)
            kl = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(-1)
            loss = (reconstruction + kl).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach()
        return float(total)

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, nargs="+", default=[32, 128])
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), metavar="CONTENDER")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    baselines = {"x Keras fit": "stock", "x PyTorch": "torch", "x Keras fit on JAX": "stock-jax"}
    results = {}
    for batch in options.batch:
        settings = {"batch": batch, "examples": options.examples}
        chosen = {key: CONTENDERS[key] for key in options.only}
        results[batch] = harness.race(__file__, chosen, settings, options.rounds, baselines)
        print(f"\nBatch {batch}, {options.rounds} rounds of {EPOCHS} epochs of {options.examples:,} images")
        print(harness.table(results[batch]))
    if options.dry:
        return
    record = {
        "command": "python tests/bench/fit.py",
        "what": "784-64-2-64-784 VAE, Adam, float32; [lowest, median, highest] of the rounds",
        "rounds": options.rounds,
        "epochs": EPOCHS,
        "examples": options.examples,
        **harness.machine(),
        "batch": results,
    }
    harness.keep(
        "bench_fit", record, {f"batch {batch}": result for batch, result in results.items()}, "Training a dense VAE"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        harness.serve(work, sys.argv[2], json.loads(sys.argv[3]))
    else:
        main()
