"""Judges of samples: a LeNet's features, the moments of real images by them, and measures of a generator by these."""

from coursekit import data
from coursekit.metrics.fidelity import Judge, Moments, Score
from coursekit.recipes import weights
from coursekit.recipes.recipe import RecipeError, from_models

SETS = {
    "mnist": {"quick": "digits", "full": "mnist"},
    "fashion": {"quick": "fashion_small", "full": "fashion_mnist"},
}
SAMPLES = 10_000  # that a generator is measured by


def judge(name="mnist", profile="quick", folder=None):
    """A `metrics.fidelity.Judge` by the features of a shipped LeNet; no training, and nothing to fetch in `quick`.

    Its Frechet distance is to the moments of the 10,000 test images, which ship with the weights. KID and PRDC compare
    with images: with the 1,000 test images that come with the course in `quick`, with the 10,000 in `full`.

    Args:
        name: "mnist" or "fashion". profile: "quick" or "full". folder: as for `recipes.pretrained`.
    Raises:
        RecipeError: another name or profile, or no weights.
    """
    if name not in SETS or profile not in SETS[name]:
        raise RecipeError(
            f"Expected a judge of {' or '.join(map(repr, SETS))} and a profile 'quick' or 'full', "
            f"got {name!r} and {profile!r}."
        )
    model, known = weights.pretrained(f"lenet-{name}", folder), weights.moments(f"lenet-{name}", folder)
    score = lambda key: Score(int(known[key][0]), *known[key][1:].tolist())
    n = int(known["n"])
    others = 1000 if profile == "quick" else n
    return Judge(
        model.features,
        Moments(known["mean"], known["covariance"], n),
        float(known["scale"]),
        lambda: data.load(SETS[name][profile], "test").images,
        floor=score(f"{profile}_floor"),
        noise=score(f"{profile}_noise"),
        about=f"By layer features ({len(known['mean'])} numbers) of lenet-{name}. Frechet: against {n:,} test images; "
        f"KID and the rest: against {others:,}.",
    )


def moments(name):
    """A function (LeNet, run) -> {name: array}, what `judge(name)` has to know of the data: mean, covariance and number
    of the test images' features, their scale, and floor and noise of both profiles."""

    def measure(model, run):
        full = Judge.of(model.features, run.train, run.test)
        small = data.load(SETS[name]["quick"], "test").images
        quick = Judge(model.features, full.reference, full.scale, small)
        quick.measure_floor(run.train)
        return full.reference._asdict() | {
            "scale": full.scale,
            "full_floor": full.floor,
            "full_noise": full.noise,
            "quick_floor": quick.floor,
            "quick_noise": quick.noise,
        }

    return measure


def train_judge(run):
    """A judge by a LeNet that is trained now, for data whose judge does not ship.

    Args:
        run: `RunData` with labels.
    Returns:
        (`Judge`, share of the test images that the LeNet puts into their class).
    """
    import keras

    keras.utils.set_random_seed(0)
    lenet = from_models("lenet.lenet")(shape=run.train.shape[1:], classes=int(run.train_labels.max()) + 1)
    lenet.compile("adam")
    lenet.fit(run.train, run.train_labels, batch_size=64, epochs=5, verbose=0)
    return Judge.of(lenet.features, run.train, run.test), lenet.accuracy(run.test, run.test_labels)


def frechet(name):
    """A function (generator, run) -> {"frechet"}: the distance of 10,000 samples by `judge(name)`."""
    return lambda model, run: {"frechet": judge(name).frechet(model.sample(SAMPLES, seed=1))}


def fidelity(name):
    """A function (generator, run) -> all measures of 10,000 samples by `judge(name)`, and the floor."""

    def evaluate(model, run):
        scorer = judge(name, run.profile)
        return measures(scorer, model, SAMPLES) | {"frechet_floor": scorer.floor.frechet}

    return evaluate


def likeness(model, run):
    """All measures of samples by a judge that is trained now, and the floor's and noise's: at most 10,000 samples, and
    no more than there are training images."""
    scorer, accuracy = train_judge(run)
    return measures(scorer, model, min(SAMPLES, len(run.train))) | {
        "frechet_floor": scorer.floor.frechet,
        "kid_floor": scorer.floor.kid,
        "frechet_noise": scorer.noise.frechet,
        "judge_accuracy": accuracy,
    }


def measures(scorer, model, n):
    """{name: number} of n samples of a generator by a `Judge`."""
    score = scorer.measure(model.sample(n, seed=1))._asdict()
    del score["images"]
    return score
