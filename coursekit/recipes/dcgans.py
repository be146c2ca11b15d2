"""The DCGANs of lecture 07, and the ablations of their guidelines. `dcgan-mnist` never sees the 5,000 `digits`."""

from coursekit.recipes import autoencoders, lenets, vaes
from coursekit.recipes.recipe import Recipe, Split

SAMPLES = 10_000  # that a Frechet distance is measured with
FACED = {"quick": "portraits", "full": "faces"}
COLORED = {"quick": "photo_patches", "full": "cifar10"}


def faces(profile):
    """Faces [n, 64, 64, 3]: drawn ones, or photographs."""
    from coursekit import data

    if profile == "quick":
        return vaes.portraits(profile)
    train, test = (data.load("faces", split).images for split in ("train", "test"))
    return Split(train, test, "faces (FairFace, 64x64)")


def photographs(profile):
    """Photographs [n, 32, 32, 3] of ten kinds of things; in quick, patches of twelve photographs."""
    from coursekit import data

    name = COLORED[profile]
    train, test = (data.load(name, split).images for split in ("train", "test"))
    return Split(train, test, name)


def build(kind="fast", **options):
    """kind: a function of `models.dcgan`; the options are its own."""
    from coursekit import models

    return getattr(models.dcgan, kind)(**options)


def fit(model, x, settings, **options):
    """An optimizer for each network: Adam, or plain descent. Where it is "falling", the rate goes down linearly, to a
    fiftieth; the discriminator's is `discriminator_share` of the generator's."""
    import keras

    steps = settings["epochs"] * (len(x) // settings["batch_size"])

    def optimizer(rate):
        if settings.get("falling", True):
            rate = keras.optimizers.schedules.PolynomialDecay(rate, steps, end_learning_rate=rate / 50)
        if settings.get("optimizer", "adam") == "sgd":
            return keras.optimizers.SGD(rate)
        return keras.optimizers.Adam(rate, beta_1=settings.get("beta_1", 0.5))

    rate = settings["learning_rate"]
    model.compile(generator=optimizer(rate), discriminator=optimizer(rate * settings.get("discriminator_share", 1.0)))
    return model.fit(x, batch_size=settings["batch_size"], epochs=settings["epochs"], **options)


def keep_average(trained, shipped):
    """The averaged generator alone travels, and, where there is room for it, the discriminator."""
    shipped.generator.set_weights((trained.averaged or trained.generator).get_weights())
    if shipped.discriminator is not None:
        shipped.discriminator.set_weights(trained.discriminator.get_weights())


def drawn(model, test):
    """Images for sixteen fixed codes."""
    return model.sample(16, seed=0)


def frechet(name):
    """A function (model, test) -> {"frechet"}: `recipes.judge(name).frechet` of 10,000 samples."""

    def gauge(model, test):
        return {"frechet": lenets.judge(name).frechet(model.sample(SAMPLES, seed=1))}

    return gauge


def fidelity(name):
    """A function (model, test) -> all measures of `recipes.judge(name)` of 10,000 samples, and the floor."""

    def evaluate(model, test):
        judge = lenets.judge(name, "full" if len(test) == 10_000 else "quick")
        score = judge.measure(model.sample(SAMPLES, seed=1))
        return {key: value for key, value in score._asdict().items() if key != "images"} | {
            "frechet_floor": judge.floor.frechet
        }

    return evaluate


def likeness(model, test):
    """All measures of samples of faces, and the floor's and noise's. The judge is a LeNet trained here on what is known
    of the training faces, gender and age (of drawn ones: the hair), as the course ships none for faces."""
    import keras

    from coursekit import data, models
    from coursekit.metrics.fidelity import Judge

    name = FACED["full" if len(test) == 2000 else "quick"]
    train, real = data.load(name, "train"), data.load(name, "test")
    known, asked = (of.factors["hair_style"] if of.labels is None else of.labels for of in (train, real))
    keras.utils.set_random_seed(0)
    lenet = models.lenet.lenet(train.images.shape[1:], classes=int(known.max()) + 1)
    lenet.compile("adam")
    lenet.fit(train.images, known, batch_size=64, epochs=5, verbose=0)
    judge = Judge.of(lenet.features, train.images, real.images)
    score = judge.measure(model.sample(min(SAMPLES, len(train)), seed=1))
    return {key: value for key, value in score._asdict().items() if key != "images"} | {
        "frechet_floor": judge.floor.frechet,
        "kid_floor": judge.floor.kid,
        "frechet_noise": judge.noise.frechet,
        "judge_accuracy": lenet.accuracy(real.images, asked),
    }


def support_vectors(model, test):
    """`svm`: share of the test images that a linear SVM on the discriminator's features puts into their class; beside
    it that of an untrained discriminator's features. Section 5.1 of the paper, trained on the data it is tested on."""
    from coursekit import data
    from coursekit.metrics import margins

    name = COLORED["full" if len(test) == 10_000 else "quick"]
    train, real = data.load(name, "train"), data.load(name, "test")
    untrained = build("paper", **CIFAR)
    shares = {}
    for measure, of in (("svm", model), ("svm_untrained", untrained)):
        found, strength = margins.l2_svm(of.features(train.images), train.labels, of.features(real.images))
        shares |= {measure: (found == real.labels).mean(), f"{measure}_strength": strength}
    return shares


def _settings(model, epochs, batch_size, rate, **more):
    return {"model": model, "epochs": epochs, "batch_size": batch_size, "learning_rate": rate, **more}


AVERAGE = {"shipped": {"averaging": 0.0}}
GENERATOR = {"shipped": {"averaging": 0.0, "generator_only": True}}
SLOWER = {"discriminator_share": 0.5}
FACES = {
    "kind": "paper",
    "channels": [32, 64, 128, 256],
    "discriminator": [32, 64, 128, 256],
    "kernel": 4,
    "averaging": 0.999,
    "momentum": 0.9,
    "augment": ["flip", "color", "translation"],
}
CIFAR = {"shape": [32, 32, 3], "channels": [64, 128, 256], "discriminator": [64, 128, 256], "kernel": 4}

# The ablations start from the guidelines on a small network, at rates that suit it, and each changes one of them.
GUIDELINES = {"depth": 0, "loss": "non-saturating", "averaging": 0.0, "momentum": 0.9}
EQUAL = {"epochs": 3, "batch_size": 64, "rate": 1e-3, "falling": False}
ABLATIONS = {
    "guidelines": ("the paper's guidelines", {}, {}),
    "no-batch-norm": ("no batch normalization", {"batch_norm": False}, {}),
    "pooling": ("pooling and repeated pixels instead of strides", {"resampling": "pooling"}, {}),
    "hidden": ("a hidden dense layer in both networks", {"hidden": 256}, {}),
    "sigmoid": ("images in [0, 1] from a sigmoid instead of [-1, 1] from tanh", {"signed": False}, {}),
    "relu": ("ReLU in the discriminator instead of leaky ones", {"slope": 0.0}, {}),
    "glorot": ("Keras's own initialization instead of N(0, 0.02)", {"initializer": "glorot_uniform"}, {}),
    "momentum": ("Adam with its usual beta_1, 0.9 instead of 0.5", {}, {"beta_1": 0.9}),
    "minimax-sgd": ("minimax loss and SGD, as the deck says", {"loss": "minimax"}, {"optimizer": "sgd", "rate": 0.02}),
    "minimax": ("minimax loss, with Adam", {"loss": "minimax"}, {}),
    "sgd": ("SGD instead of Adam, the loss unchanged", {}, {"optimizer": "sgd", "rate": 0.02}),
    "labels": ("one minibatch of samples and data, labels 0 and 1", {"label_noise": "none"}, {}),
    "labels-slide": ("one minibatch, with the deck's noise on its labels", {"label_noise": "slide"}, {}),
    "labels-inside": ("one minibatch, with noise that stays in [0, 1]", {"label_noise": "inside"}, {}),
    "depth": ("two more 3x3 convolutions at 7x7", {"depth": 2}, {}),
    "average": ("an averaged generator", {"averaging": 0.999}, {}),
    "falling": ("learning rates that fall", {}, {"falling": True}),
}


def _ablation(key, what, model, changes):
    model = GUIDELINES | model
    if "label_noise" in model:
        del model["loss"]
    settings = EQUAL | changes
    return Recipe(
        name=f"dcgan-ablation-{key}",
        what=f"DCGAN on digits, ablation: {what}",
        settings={"quick": _settings(model, **settings | {"epochs": 2}), "full": _settings(model, **settings)},
        load=autoencoders.images,
        build=build,
        fit=fit,
        evaluate=fidelity("mnist"),
        gauge=frechet("mnist"),
        ships=False,
    )


RECIPES = [
    Recipe(
        name="dcgan-mnist",
        what="DCGAN on digits: least squares, two more 3x3 convolutions at 7x7, falling rates, averaged generator",
        settings={
            "quick": _settings({}, 25, 64, 2e-3, **SLOWER, **AVERAGE),
            "full": _settings({}, 40, 64, 2e-3, **SLOWER, **AVERAGE),
        },
        load=autoencoders.images,
        build=build,
        fit=fit,
        evaluate=fidelity("mnist"),
        frames=drawn,
        gauge=frechet("mnist"),
        finish=keep_average,
    ),
    Recipe(
        name="dcgan-fashion",
        what="the same on clothes, with a hidden dense layer in both networks",
        settings={
            "quick": _settings({"hidden": 256}, 25, 64, 2e-3, **SLOWER, **GENERATOR),
            "full": _settings({"hidden": 256}, 12, 64, 2e-3, **SLOWER, **GENERATOR),
        },
        load=vaes.fashion,
        build=build,
        fit=fit,
        evaluate=fidelity("fashion"),
        frames=drawn,
        gauge=frechet("fashion"),
        finish=keep_average,
    ),
    Recipe(
        name="dcgan-faces",
        what="DCGAN on photographs of faces, 64x64: the paper's networks with a quarter of its channels, 4x4 kernels",
        settings={
            "quick": _settings(FACES, 2, 32, 5e-4, **SLOWER, **GENERATOR),
            # An hour on two cores. Of four settings tried for 500 steps each, this one alone showed faces.
            "full": _settings(FACES, 50, 32, 5e-4, **SLOWER, **GENERATOR),
        },
        load=faces,
        build=build,
        fit=fit,
        evaluate=likeness,
        frames=drawn,
        finish=keep_average,
    ),
    Recipe(
        name="dcgan-cifar10",
        what="DCGAN on CIFAR-10, and a linear SVM on its discriminator's features",
        settings={
            "quick": _settings({"kind": "paper", **CIFAR}, 2, 128, 2e-4),
            "full": _settings({"kind": "paper", **CIFAR}, 6, 128, 2e-4),
        },
        load=photographs,
        build=build,
        fit=fit,
        evaluate=support_vectors,
        ships=False,
    ),
    *[_ablation(key, *about) for key, about in ABLATIONS.items()],
]
