"""The models of sound of lecture 20, of spoken digits, and in `quick` of plucked strings: a conditional VAE of
spectrograms, and a causal network of raw samples."""

import bz2
import lzma

import numpy as np

from coursekit import data, letters, metrics, sounds
from coursekit.recipes import fitting, texts
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import RunData, named

BANDS = 10  # of pitch, the classes of strings
SAMPLES = 1000  # that the judge reads
CONTEXT = 1024  # raw samples, an eighth of a second, that each counted one has before it


def spoken_digits(profile):
    """Spectrograms [n, 64, 32, 1] and digits; in `quick`, strings and the tenth of the range of pitch they are in."""
    if profile == "full":
        return named("spoken_digits", profile)
    low, high = data.strings.FACTORS["pitch"][:2]
    parts, labels = [], []
    for split, limit in (("train", 300), ("test", 100)):
        drawn = data.load("strings", split, limit)
        parts.append(drawn.images)
        labels.append(np.minimum((drawn.factors["pitch"] - low) / (high - low) * BANDS, BANDS - 1).astype("int64"))
    return RunData(profile, "strings, labeled by ten bands of pitch", *parts, *labels)


def samples(profile):
    """Windows of raw samples, as 256 symbols: one sound after the other, of all that are to be trained or tested on.
    Those to test on overlap by half, so that each sample counted has at least `CONTEXT` before it."""
    name = "spoken_digits" if profile == "full" else "strings"
    count = None if profile == "full" else 40
    train, test = (sounds.mu_law(np.concatenate(data.recordings(name, split)[:count])) for split in ("train", "test"))
    return RunData(
        profile,
        f"{name}, sample by sample",
        letters.windows(train, 2 * CONTEXT, CONTEXT),
        letters.windows(test, 2 * CONTEXT, CONTEXT),
    )


def beside_counts(model, run):
    """Bits a sample: `bits`, of the model; `uniform`; `counted_1` to `counted_3`, of models that have counted runs of
    so many samples of the training sounds; `xz` and `bz2`, of these programs on the test sounds."""
    train = run.train[::2].ravel()
    measured = {"bits": model.bits(run.test, skip=CONTEXT).mean(), "uniform": 8.0}
    for order in (1, 2, 3):
        counted = metrics.NGrams(order, 256).fit(train)
        measured[f"counted_{order}"] = -counted.log2_probability(run.test)[:, CONTEXT:].mean()
    test = run.test[::2].astype(np.uint8).tobytes()
    return measured | {
        "xz": 8 * len(lzma.compress(test, preset=9)) / len(test),
        "bz2": 8 * len(bz2.compress(test)) / len(test),
    }


def fit(model, x, settings, y, **options):
    """Adam, whose rate falls along a cosine."""
    return fitting.fit(model, x, settings, y=y, **options)


def again(pictures):
    """Pictures of the sounds that Griffin and Lim make of pictures: what is heard."""
    parts = [sounds.from_pictures(pictures[start : start + 100]) for start in range(0, len(pictures), 100)]
    return sounds.pictures(np.concatenate(parts))


def heard(model, run):
    """What a judge that was trained on real training clips makes of others: shares that it puts into their class.

    Returns:
        `samples_heard`: conditional samples, made to sound and looked at again. `samples`: their pictures alone.
        `real_heard` and `real`: real test clips, the same two ways (the first is the ceiling); `rebuilt_heard`: test
        clips through the VAE; `means`: the mean picture of each class. In `full` also `speaker` and `speaker_heard`:
        clips of the speaker that nobody has heard. `elbo_train`, `elbo_test`, `elbo_speaker`: the bound, nats a clip.
        `copies`: the chance that a sample lies nearer to a training clip than a test clip does, in the judge's
        features; about a half where nothing is copied.
    """
    judge = train_judge(run)
    right = judge.accuracy
    labels = np.arange(SAMPLES) % model.classes
    samples = model.sample(labels, seed=1)
    rebuilt = model.generate(_codes(model, run.test), run.test_labels)
    means = np.stack([run.train[run.train_labels == y].mean(axis=0) for y in range(model.classes)])
    measured = {
        "samples_heard": right(again(samples), labels),
        "samples": right(samples, labels),
        "real_heard": right(again(run.test), run.test_labels),
        "real": right(run.test, run.test_labels),
        "rebuilt_heard": right(again(rebuilt), run.test_labels),
        "means": right(means, np.arange(model.classes)),
        "elbo_train": _bound(model, run.train[:500], run.train_labels[:500]),
        "elbo_test": _bound(model, run.test, run.test_labels),
        "copies": metrics.neighbors.memorization(*map(judge.features, (samples, run.train, run.test))).score,
    }
    if run.profile == "full":
        aside = data.load("spoken_digits", "speaker")
        measured |= {
            "speaker": right(aside.images, aside.labels),
            "speaker_heard": right(again(aside.images), aside.labels),
            "elbo_speaker": _bound(model, aside.images, aside.labels),
        }
    return measured


def train_judge(run):
    """A LeNet that has learned to read the training clips' pictures."""
    import keras

    keras.utils.set_random_seed(0)
    judge = from_models("lenet.lenet")(shape=run.train.shape[1:], classes=int(run.train_labels.max()) + 1)
    judge.compile("adam")
    judge.fit(run.train, run.train_labels, batch_size=32, epochs=15, verbose=0)
    return judge


def _codes(model, x):
    from keras import ops

    return ops.convert_to_numpy(model.encode(x)[0])


def _bound(model, x, labels):
    from keras import ops

    return ops.convert_to_numpy(model.elbo(x, labels.astype("int32"), samples=4, seed=0).elbo).mean()


RECIPES = [
    Recipe(
        name="vae-spoken-digits",
        what="convolutions, 16 numbers and the digit: spectrograms of spoken digits",
        settings=profiles({"latent_dim": 16, "likelihood": "gaussian", "beta": 4.0}, (2, 32, 2e-3), (24, 32, 2e-3)),
        load=spoken_digits,
        build=from_models("conditional_vae.convolutional"),
        fit=fit,
        evaluate=heard,
        supervised=True,
    ),
    Recipe(
        name="causal-spoken-digits",
        what="the next sample of a sound, by ten gated causal convolutions that look back an eighth of a second",
        settings=profiles(
            {"classes": 256, "channels": 48, "skip": 96, "dilations": [2**k for k in range(10)]},
            (1, 8, 4e-3),
            (2, 8, 4e-3),
        ),
        load=samples,
        build=from_models("causal.build"),
        fit=texts.fit,
        evaluate=beside_counts,
    ),
]
