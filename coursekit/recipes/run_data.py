"""`RunData`, what a run is trained and measured on, and the functions (profile) -> `RunData` of all recipes."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from coursekit import data, letters, melodies, metrics


@dataclass(frozen=True, eq=False)
class RunData:
    """What a recipe trains on and is measured on.

    Attributes:
        profile: "quick" or "full". about: which data these are, for the manifest.
        train, test: images as the model takes them, float32 [n, ...] in [0, 1]; of melodies, symbols, uint8 [n, steps];
            of a distribution in the plane, points, float32 [n, 2].
        train_labels, test_labels: int64 [n]; None where there are none.
    """

    profile: str
    about: str
    train: np.ndarray
    test: np.ndarray
    train_labels: np.ndarray | None = None
    test_labels: np.ndarray | None = None

    @classmethod
    def of(cls, profile: str, train: data.Dataset, test: data.Dataset, about: str | None = None):
        """The images and labels of two data sets; `about` is the name of the first if omitted."""
        return cls(profile, about or train.name, train.images, test.images, train.labels, test.labels)

    def sha256(self, supervised: bool = False) -> str:
        """The hash of what is trained on, by which a manifest and a checkpoint know it: of the images, or, where a
        recipe is supervised, of each image followed by its label."""
        trained_on = np.ascontiguousarray(self.train)
        if supervised:
            record = [("image", "f4", self.train.shape[1:]), ("label", "i4")]
            trained_on = np.empty(len(self.train), record)
            trained_on["image"], trained_on["label"] = self.train, self.train_labels
        return hashlib.sha256(trained_on.data).hexdigest()


def named(name, profile, *, limit=None, seed=None, leave_out=None):
    """A named data set.

    Args:
        limit: training images, and a fifth as many test images; None for all.
        seed: mixes the images; None leaves them in their order.
        leave_out: a data set whose images are taken out of the training set.
    """
    train = data.load(name, "train", limit, seed=seed, leave_out=leave_out)
    test = data.load(name, "test", limit and limit // 5, seed=seed)
    about = name
    if leave_out:
        about += f", without the {data.CATALOG[name].counts['train'] - len(train):,} {leave_out}"
    return RunData.of(profile, train, test, about)


def digits(profile):
    """Digits [n, 28, 28, 1]: those that come with the course, or those of MNIST that do not."""
    if profile == "full":
        return named("mnist", profile, leave_out="digits")
    # The classes come one after the other in the test set; mixed, the first few show several.
    return RunData.of(profile, data.load("digits"), data.load("digits", "test", seed=0))


def digit_rows(profile):
    """Digits [n, 784]."""
    run = digits(profile)
    return replace(run, train=run.train.reshape(len(run.train), -1), test=run.test.reshape(len(run.test), -1))


def rows_with_binary_test(profile):
    """Gray digits [n, 784] to train on; the test digits drawn black and white, once."""
    run = digit_rows(profile)
    test = metrics.likelihood.binarize(run.test, "stochastic")
    return replace(run, test=test, about=f"{run.about}; test binarized stochastically, seed 0")


def binary_rows(profile):
    """Digits [n, 784], black and white: white above 0.5."""
    run = digit_rows(profile)
    train, test = (metrics.likelihood.binarize(images, "thresholded") for images in (run.train, run.test))
    return replace(run, train=train, test=test, about=f"{run.about}; thresholded at 0.5")


def fashion(profile):
    """Clothes [n, 28, 28, 1]."""
    return named("fashion_small" if profile == "quick" else "fashion_mnist", profile)


def unseen_fashion(profile):
    """The same; `full` leaves out those that come with the course."""
    return fashion(profile) if profile == "quick" else named("fashion_mnist", profile, leave_out="fashion_small")


def mixed_fashion(profile):
    """The same as `fashion`, in another order."""
    return named("fashion_small" if profile == "quick" else "fashion_mnist", profile, seed=0)


def portraits(profile, size=64):
    """Drawn faces [n, size, size, 3], labeled by their hair style."""
    limit = 2000 if profile == "quick" else None
    train, test = data.load("portraits", limit=limit, size=size), data.load("portraits", "test", size=size)
    hair = (part.factors["hair_style"].astype("int64") for part in (train, test))
    about = "portraits" if size == 64 else f"portraits, {size}x{size}"
    return RunData(profile, about, train.images, test.images, *hair)


def small_portraits(profile):
    """The same, [n, 32, 32, 3]."""
    return portraits(profile, 32)


def faces(profile):
    """Photographs of faces [n, 64, 64, 3], labeled by gender and age; in `quick`, `portraits`."""
    if profile == "quick":
        return portraits(profile)
    return replace(named("faces", profile), about="faces (FairFace, 64x64)")


def photo_patches(profile):
    """Patches of twelve photographs [n, 32, 32, 3], mixed."""
    return named("photo_patches", profile, seed=0)


def photographs_and_paintings(profile):
    """Crops of the twelve photographs and of `brushes`, in turn, [n, 64, 64, 3]: of the photographs' left parts to
    train on, of their right parts to test; at the sizes that lecture 15 sees them at."""
    parts = {}
    for split, each in {"train": 150 if profile == "full" else 20, "test": 10}.items():
        photographs = data.photo_patches.crops(split, each)
        paintings = data.load("brushes", split, None if profile == "full" else 12).images
        rng = np.random.default_rng([20260013, len(split)])
        corners = rng.integers(0, 128 - 64, (len(photographs), 2), endpoint=True)
        cut = [paintings[i % len(paintings), y : y + 64, x : x + 64] for i, (y, x) in enumerate(corners)]
        parts[split] = np.stack([photographs, cut], axis=1).reshape(-1, 64, 64, 3)
    return RunData(profile, "crops of photographs and of brushes, 64x64", parts["train"], parts["test"])


def cifar10(profile):
    """CIFAR-10 [n, 32, 32, 3], mixed; in `quick` a tenth of it."""
    return named("cifar10", profile, limit=5000 if profile == "quick" else None, seed=0)


def photographs(profile):
    """CIFAR-10 in its order; in `quick`, which needs no fetching, patches of twelve photographs."""
    return named("photo_patches" if profile == "quick" else "cifar10", profile)


def points(name):
    """A function (profile) -> points of a distribution in the plane: 102,400 to train on, 5,000 to test on."""

    def load(profile):
        toy = data.toy(name)
        return RunData(profile, name, toy.sample(102_400, seed=0), toy.sample(5000, seed=1))

    return load


def tunes(bars):
    """A function (profile) -> melodies of so many bars: to train on, in twelve keys; in `quick`, in their own."""

    def load(profile):
        train, test = data.load("tunes", "train", bars=bars).tokens, data.load("tunes", "test", bars=bars).tokens
        keys = range(-5, 7) if profile == "full" else (0,)
        train = np.concatenate([melodies.transpose(train, semitones) for semitones in keys])
        about = f"tunes, {bars} bars, {len(keys)} keys" if profile == "full" else f"tunes, {bars} bars"
        return RunData(profile, about, train.astype("uint8"), test.astype("uint8"))

    return load


def lines(profile):
    """Lines of 16 to 40 letters, uint8 [n, 41], each once: of seven plays to train on, of the eighth to test; in
    `full`, to train on also those of the first nine tenths of tiny Shakespeare, and to test those of its last tenth. No
    line is in both."""
    names = ("tiny_shakespeare", "plays") if profile == "full" else ("plays",)
    train = letters.lines(
        np.concatenate([np.append(data.load(name).letters, np.uint8(letters.STOP)) for name in names])
    )
    test = letters.lines(data.load(names[0], "test").letters)
    seen = {row.tobytes() for row in train}
    unseen = np.array([row.tobytes() not in seen for row in test])
    return RunData(profile, f"{' and '.join(names)}, lines of 16 to 40 letters", train, test[unseen])
