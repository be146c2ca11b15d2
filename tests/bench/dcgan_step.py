"""One training step of the TensorFlow tutorial's DCGAN: its own code beside ours, as shares of the matmul limit.

    python tests/bench/dcgan_step.py                             # data/results/bench_dcgan_step.json and a figure
    python tests/bench/dcgan_step.py --steps 2 --rounds 2 --dry  # does it run? writes nothing

The networks, losses and optimizers of tensorflow.org/tutorials/generative/dcgan, on images of uniform noise, 256 a
minibatch. Both networks step at once, from one forward pass. Convolutions do nearly all of the work here: what is
measured is that the engine costs nothing where arithmetic is the limit.
"""

import argparse
import json
import sys

import harness
import numpy as np

CONTENDERS = {
    "tutorial": harness.Contender("the tutorial's step"),
    "ours": harness.Contender("coursekit"),
    "torch": harness.Contender("PyTorch", needs="torch"),
}
BATCH = 256
# Multiplications and additions an image. Backward, a layer costs as much again for its weights, and for its inputs.
DENSE, UP = 2 * 100 * 12544, [2 * 49 * 256 * 128 * 25, 2 * 49 * 128 * 64 * 25, 2 * 196 * 64 * 25]
DOWN, LAST = [2 * 196 * 64 * 25, 2 * 49 * 64 * 128 * 25], 2 * 6272
GENERATOR, DISCRIMINATOR = DENSE + sum(UP), sum(DOWN) + LAST
FLOPS = (
    (3 * GENERATOR - DENSE)  # forward, to weights, to inputs
    + 2 * (3 * DISCRIMINATOR - DOWN[0])  # real and fake
    + DISCRIMINATOR  # the generator's loss, back to the images
)


def work(key, settings):
    steps = settings["steps"]
    images = np.random.default_rng(0).uniform(-1, 1, (steps * BATCH, 28, 28, 1)).astype("float32")
    run = {"ours": ours, "tutorial": tutorial, "torch": torch_loop}[key](images)
    return run, len(images), len(images) * FLOPS


def tutorial(images):
    import tensorflow as tf
    from tensorflow import keras

    from coursekit.models import dcgan_networks

    generator, discriminator = dcgan_networks.tutorial()
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    generator_optimizer, discriminator_optimizer = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(60_000).batch(BATCH)

    @tf.function
    def train_step(images):
        noise = tf.random.normal([BATCH, 100])
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

    def run():
        for batch in dataset:
            train_step(batch)
        return generator.trainable_variables[0].numpy()[0, 0]  # wait for the last step

    return run


def ours(images):
    from coursekit.training import backend

    keras = backend.load()
    from coursekit.models import dcgan

    model, images = dcgan.tutorial(), (images + 1) / 2
    model.compile(generator=keras.optimizers.Adam(1e-4), discriminator=keras.optimizers.Adam(1e-4))
    return lambda: model.fit(images, batch_size=BATCH, verbose=0)


def torch_loop(images):
    import torch
    from torch import nn
    from torch.nn.functional import softplus

    def up(a, b, stride):
        return nn.ConvTranspose2d(a, b, 5, stride, 2, stride - 1, bias=False)

    def normal(module, features):
        return [module, nn.BatchNorm2d(features), nn.LeakyReLU(0.3)]

    generator = nn.Sequential(
        nn.Linear(100, 12544, bias=False),
        nn.BatchNorm1d(12544),
        nn.LeakyReLU(0.3),
        nn.Unflatten(1, (256, 7, 7)),
        *normal(up(256, 128, 1), 128),
        *normal(up(128, 64, 2), 64),
        up(64, 1, 2),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        *[nn.Conv2d(1, 64, 5, 2, 2), nn.LeakyReLU(0.3), nn.Dropout(0.3)],
        *[nn.Conv2d(64, 128, 5, 2, 2), nn.LeakyReLU(0.3), nn.Dropout(0.3)],
        *[nn.Flatten(), nn.Linear(6272, 1)],
    )
    optimizers = [torch.optim.Adam(network.parameters(), 1e-4) for network in (generator, discriminator)]
    data = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())

    def run():
        for indices in torch.randperm(len(data)).split(BATCH):
            fakes = generator(torch.randn(BATCH, 100))
            real, fake = discriminator(data[indices]), discriminator(fakes)
            losses = softplus(-fake).mean(), softplus(-real).mean() + softplus(fake).mean()
            networks = [list(network.parameters()) for network in (generator, discriminator)]
            gradients = [torch.autograd.grad(*each, retain_graph=True) for each in zip(losses, networks, strict=True)]
            for optimizer, weights, slopes in zip(optimizers, networks, gradients, strict=True):
                for weight, slope in zip(weights, slopes, strict=True):
                    weight.grad = slope
                optimizer.step()
        return float(losses[0].detach())

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=12, help="minibatches a turn")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), metavar="CONTENDER")
    parser.add_argument("--dry", action="store_true", help="print, and write no file")
    options = parser.parse_args()
    chosen = {key: CONTENDERS[key] for key in options.only}
    baselines = {"x the tutorial's": "tutorial"}
    result = harness.race(__file__, chosen, {"steps": options.steps}, options.rounds, baselines)
    print(f"\n{options.rounds} rounds of {options.steps} steps on {BATCH} images; {FLOPS / 1e6:.0f} MFLOP an image")
    print(harness.table(result))
    if options.dry:
        return
    record = {
        "command": "python tests/bench/dcgan_step.py",
        "what": "the TF tutorial's DCGAN step, batch 256, float32; [lowest, median, highest] of the rounds",
        "rounds": options.rounds,
        "steps": options.steps,
        "flops_per_image": FLOPS,
        **harness.machine(),
        **result,
    }
    harness.keep("bench_dcgan_step", record, {"the TensorFlow tutorial's DCGAN": result}, "One step of a DCGAN")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        harness.serve(work, sys.argv[2], json.loads(sys.argv[3]))
    else:
        main()
