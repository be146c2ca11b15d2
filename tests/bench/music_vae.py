"""One training step of a MusicVAE of two bars, beside Keras's own LSTM layers and a plain PyTorch loop.

    python tests/bench/music_vae.py                             # data/results/bench_music_vae.json and a figure
    python tests/bench/music_vae.py --steps 2 --rounds 2 --dry  # does it run? writes nothing

The same network everywhere: a bidirectional LSTM of 256 units a direction, 128 numbers, an LSTM of 256 units that is
told the code and the symbol before in each step; Adam, teacher forcing, random melodies, 128 a minibatch.
"""

import argparse
import json
import sys

import harness
import numpy as np

CONTENDERS = {
    "ours": harness.Contender("coursekit, TensorFlow"),
    "keras": harness.Contender("Keras's LSTM, TensorFlow"),
    "keras-xla": harness.Contender("Keras's LSTM, XLA"),
    "torch": harness.Contender("PyTorch loop", needs="torch"),
    "ours-jax": harness.Contender("coursekit, JAX", "jax", needs="jax"),
}
BATCH, STEPS, SYMBOLS, CODE, UNITS = 128, 32, 90, 128, 256
CELL = 4 * UNITS * (2 * (SYMBOLS + UNITS) + SYMBOLS + UNITS) + UNITS * SYMBOLS  # products a step: encoder, decoder
ONCE = 4 * UNITS * CODE + 2 * UNITS * 2 * CODE + CODE * 2 * UNITS  # and a melody: the code, and what begins from it
FLOPS = 3 * 2 * (STEPS * CELL + ONCE)  # forward, and backward to weights and inputs


def work(key, settings):
    melodies = np.random.default_rng(0).integers(0, SYMBOLS, (settings["steps"] * BATCH, STEPS))
    run = {"ours": ours, "torch": torch_loop}.get(key.removesuffix("-jax"), stock)(melodies, key)
    return run, len(melodies), len(melodies) * FLOPS


def ours(melodies, _):
    from coursekit.training import backend

    keras = backend.load()
    from coursekit.models import music_vae

    model = music_vae.flat(2, latent_dim=CODE, reader=(UNITS,), writer=(UNITS,), word_dropout=0.0)
    model.compile(keras.optimizers.Adam(1e-3))
    return lambda: model.fit(melodies, batch_size=BATCH, verbose=0)


def stock(melodies, key):
    from coursekit.training import backend

    keras = backend.load()
    from keras import layers, ops

    from coursekit.models.vae import kl_divergence

    class VAE(keras.Model):
        def __init__(self):
            super().__init__()
            self.reader, self.code = layers.Bidirectional(layers.LSTM(UNITS)), layers.Dense(2 * CODE)
            self.start = layers.Dense(2 * UNITS, "tanh")
            self.writer, self.answer = layers.LSTM(UNITS, return_sequences=True), layers.Dense(SYMBOLS)
            self.noise = keras.random.SeedGenerator(0)

        def call(self, x):
            seen = ops.one_hot(x, SYMBOLS)
            mean, log_variance = ops.split(self.code(self.reader(seen)), 2, axis=-1)
            z = mean + ops.exp(0.5 * log_variance) * keras.random.normal((BATCH, CODE), seed=self.noise)
            before = ops.pad(seen[:, :-1], ((0, 0), (1, 0), (0, 0)))
            told = ops.concatenate([before, ops.repeat(z[:, None], STEPS, axis=1)], axis=-1)
            state = ops.split(self.start(z), 2, axis=-1)
            logits = self.answer(self.writer(told, initial_state=state))
            losses = ops.sum(ops.sparse_categorical_crossentropy(x, logits, from_logits=True), axis=-1)
            self.add_loss(ops.mean(losses + ops.sum(kl_divergence(mean, log_variance), axis=-1)))
            return logits

    model = VAE()
    model.compile(keras.optimizers.Adam(1e-3), jit_compile=key == "keras-xla")
    return lambda: model.fit(melodies, batch_size=BATCH, verbose=0)


def torch_loop(melodies, _):
    import torch
    from torch import nn
    from torch.nn import functional

    reader, code = nn.LSTM(SYMBOLS, UNITS, bidirectional=True), nn.Linear(2 * UNITS, 2 * CODE)
    start, writer = nn.Linear(CODE, 2 * UNITS), nn.LSTM(SYMBOLS + CODE, UNITS)
    answer = nn.Linear(UNITS, SYMBOLS)
    networks = nn.ModuleList([reader, code, start, writer, answer])
    optimizer = torch.optim.Adam(networks.parameters(), 1e-3)
    data = torch.from_numpy(melodies)

    def run():
        for indices in torch.randperm(len(data)).split(BATCH):
            x = data[indices].T
            seen = functional.one_hot(x, SYMBOLS).float()
            ends = reader(seen)[1][0]
            mean, log_variance = code(torch.cat([ends[0], ends[1]], dim=-1)).chunk(2, dim=-1)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            told = torch.cat([functional.pad(seen[:-1], (0, 0, 0, 0, 1, 0)), z.expand(STEPS, -1, -1)], dim=-1)
            h, c = torch.tanh(start(z)).chunk(2, dim=-1)
            logits = answer(writer(told, (h[None].contiguous(), c[None].contiguous()))[0])
            losses = functional.cross_entropy(logits.flatten(0, 1), x.flatten(), reduction="sum") / BATCH
            kl = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(-1).mean()
            loss = losses + kl
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return float(loss.detach())

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10, help="minibatches a turn")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), metavar="CONTENDER")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    chosen = {key: CONTENDERS[key] for key in options.only}
    baselines = {"x Keras's LSTM": "keras", "x PyTorch": "torch"}
    result = harness.race(__file__, chosen, {"steps": options.steps}, options.rounds, baselines)
    for row in result["rows"].values():
        row["ms_a_step"] = [float(f"{1000 * BATCH / speed:.4g}") for speed in reversed(row["images_per_second"])]
    print(f"\n{options.rounds} rounds of {options.steps} steps on {BATCH} melodies; {FLOPS / 1e6:.0f} MFLOP a melody")
    print(harness.table(result))
    print("ms a step: " + "; ".join(f"{row['name']} {row['ms_a_step'][1]:.0f}" for row in result["rows"].values()))
    if options.dry:
        return
    record = {
        "command": "python tests/bench/music_vae.py",
        "what": "MusicVAE of two bars, batch 128, float32; [lowest, median, highest]; images are melodies",
        "rounds": options.rounds,
        "steps": options.steps,
        "flops_per_melody": FLOPS,
        **harness.machine(),
        **result,
    }
    harness.keep("bench_music_vae", record, {"a MusicVAE of two bars": result}, "One training step of a MusicVAE")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        harness.serve(work, sys.argv[2], json.loads(sys.argv[3]))
    else:
        main()
