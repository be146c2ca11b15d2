"""The LeNets that lecture 06 and later ones judge samples with, and the judges made of them.

Neither has seen the images that come with the course, `digits` and `fashion_small`, so that the features of a lecture's
training images are those of any others.
"""

import numpy as np

from coursekit.recipes import weights
from coursekit.recipes.recipe import Recipe, RecipeError, Split

LABELED = [("image", "f4", (28, 28, 1)), ("label", "i4")]
SETS = {"mnist": ("digits", "mnist"), "fashion": ("fashion_small", "fashion_mnist")}


def labeled(name):
    """A function (profile) -> `Split` of structured arrays with "image" and "label"."""

    def load(profile):
        from coursekit import data

        small, whole = SETS[name]
        if profile == "quick":
            train, test = (data.load(small, split) for split in ("train", "test"))
            return Split(_structured(train), _structured(test), small)
        train, test = data.load(whole, "train"), data.load(whole, "test")
        held_out = {image.tobytes() for split in ("train", "test") for image in data.load(small, split).images}
        kept = np.array([image.tobytes() not in held_out for image in train.images])
        about = f"{whole}, without the {(~kept).sum():,} {small}"
        return Split(_structured(train)[kept], _structured(test), about)

    return load


def _structured(dataset):
    pairs = np.empty(len(dataset), LABELED)
    pairs["image"], pairs["label"] = dataset.images, dataset.labels
    return pairs


def lenet(**options):
    from coursekit import models

    return models.lenet.lenet(**options)


def fit(model, pairs, settings, **options):
    """Adam under a rate that falls along a cosine to 0."""
    import keras

    steps = settings["epochs"] * (len(pairs) // settings["batch_size"])
    falling = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    model.compile(keras.optimizers.Adam(falling))
    images = np.ascontiguousarray(pairs["image"])
    return model.fit(images, pairs["label"], batch_size=settings["batch_size"], epochs=settings["epochs"], **options)


def accuracy(model, test):
    return {"accuracy": model.accuracy(test["image"], test["label"])}


def moments(name):
    """A function (model, split) -> what a judge has to know of the data: see `judge`."""

    def of(model, split):
        from coursekit.metrics.fidelity import Judge

        train = np.ascontiguousarray(split.train["image"])
        full = Judge.of(model.features, train, np.ascontiguousarray(split.test["image"]))
        quick = Judge(model.features, full.reference, full.scale, _real(name, "quick"))
        quick.measure_floor(train)
        return full.reference._asdict() | {
            "scale": full.scale,
            "full_floor": full.floor,
            "full_noise": full.noise,
            "quick_floor": quick.floor,
            "quick_noise": quick.noise,
        }

    return of


def _real(name, profile):
    """A function that loads the images that KID and PRDC compare with."""

    def load():
        from coursekit import data

        return data.load(SETS[name][profile == "full"], "test").images

    return load


def judge(name="mnist", profile="quick", folder=None):
    """A `metrics.fidelity.Judge` by the features of a shipped LeNet; no training, and nothing to fetch in `quick`.

    Its Frechet distance is to the moments of the 10,000 test images, which ship with the weights. KID and PRDC compare
    with images: with the 1,000 test images that come with the course in `quick`, with the 10,000 in `full`.

    Args:
        name: "mnist" or "fashion". profile: "quick" or "full". folder: as for `recipes.pretrained`.
    Raises:
        RecipeError: another name or profile, or no weights.
    """
    if name not in SETS or profile not in ("quick", "full"):
        raise RecipeError(
            f"Expected a judge of {' or '.join(map(repr, SETS))} and a profile 'quick' or 'full', "
            f"got {name!r} and {profile!r}."
        )
    from coursekit.metrics.fidelity import Judge, Moments, Score

    model, known = weights.pretrained(f"lenet-{name}", folder), weights.moments(f"lenet-{name}", folder)
    score = lambda key: Score(int(known[key][0]), *known[key][1:].tolist())
    n = int(known["n"])
    others = 1000 if profile == "quick" else n
    return Judge(
        model.features,
        Moments(known["mean"], known["covariance"], n),
        float(known["scale"]),
        _real(name, profile),
        floor=score(f"{profile}_floor"),
        noise=score(f"{profile}_noise"),
        about=f"By layer features ({len(known['mean'])} numbers) of lenet-{name}. Frechet: against {n:,} test images; "
        f"KID and the rest: against {others:,}.",
    )


def _recipe(name, what, epochs):
    settings = {
        "model": {"channels": [24, 24], "features": 96, "dropout": 0.3},
        "batch_size": 128,
        "learning_rate": 1e-3,
    }
    return Recipe(
        name=f"lenet-{name}",
        what=what,
        settings={"quick": settings | {"epochs": 12, "batch_size": 32}, "full": settings | {"epochs": epochs}},
        load=labeled(name),
        build=lenet,
        fit=fit,
        evaluate=accuracy,
        moments=moments(name),
    )


RECIPES = [
    _recipe("mnist", "LeNet on digits, whose 96 features samples are judged by", 20),
    _recipe("fashion", "LeNet on clothes, whose 96 features samples are judged by", 16),
]
