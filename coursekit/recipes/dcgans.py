"""The DCGANs of lectures 12 and 13, and ablations of their guidelines. `dcgan-mnist` never sees the 5,000 `digits`."""

from coursekit.metrics import margins
from coursekit.recipes import fitting, judges
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import digits, faces, fashion, photographs


def build(kind="fast", **options):
    """A DCGAN by a function of `models.dcgan`, whose name is `kind`; the options are its own."""
    return from_models(f"dcgan.{kind}")(**options)


def fit(model, x, settings, **options):
    """An optimizer for each network: Adam, or plain descent. Where it is "falling", the rate goes down linearly, to a
    fiftieth; the discriminator's is `discriminator_share` of the generator's."""
    falling = "linear" if settings.get("falling", True) else None
    if settings.get("optimizer", "adam") == "sgd":
        optimizer = fitting.optimizer("SGD", falling)
    else:
        optimizer = fitting.optimizer("Adam", falling, beta_1=settings.get("beta_1", 0.5))
    networks = {"generator": 1, "discriminator": settings.get("discriminator_share", 1)}
    return fitting.fit(model, x, settings, optimizer, networks, **options)


def keep_average(trained, shipped):
    """The averaged generator alone travels, and, where there is room for it, the discriminator."""
    shipped.generator.set_weights((trained.averaged or trained.generator).get_weights())
    if shipped.discriminator is not None:
        shipped.discriminator.set_weights(trained.discriminator.get_weights())


def drawn(model, run):
    """Images for sixteen fixed codes."""
    return model.sample(16, seed=0)


def support_vectors(model, run):
    """`svm`: share of the test images that a linear SVM on the discriminator's features puts into their class; beside
    it that of an untrained discriminator's features. Section 5.1 of the paper, trained on the data it is tested on."""
    shares = {}
    for name, network in (("svm", model), ("svm_untrained", build("paper", **CIFAR))):
        train, test = network.features(run.train), network.features(run.test)
        predicted, strength = margins.l2_svm(train, run.train_labels, test)
        shares |= {name: (predicted == run.test_labels).mean(), f"{name}_strength": strength}
    return shares


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
SGD = {"optimizer": "sgd", "learning_rate": 0.02}
EQUAL = {"learning_rate": 1e-3, "falling": False}
ABLATIONS = {
    "guidelines": ("the paper's guidelines", {}, {}),
    "no-batch-norm": ("no batch normalization", {"batch_norm": False}, {}),
    "pooling": ("pooling and repeated pixels instead of strides", {"resampling": "pooling"}, {}),
    "hidden": ("a hidden dense layer in both networks", {"hidden": 256}, {}),
    "sigmoid": ("images in [0, 1] from a sigmoid instead of [-1, 1] from tanh", {"signed": False}, {}),
    "relu": ("ReLU in the discriminator instead of leaky ones", {"slope": 0.0}, {}),
    "glorot": ("Keras's own initialization instead of N(0, 0.02)", {"initializer": "glorot_uniform"}, {}),
    "momentum": ("Adam with its usual beta_1, 0.9 instead of 0.5", {}, {"beta_1": 0.9}),
    "minimax-sgd": ("minimax loss and SGD, as the deck says", {"loss": "minimax"}, SGD),
    "minimax": ("minimax loss, with Adam", {"loss": "minimax"}, {}),
    "sgd": ("SGD instead of Adam, the loss unchanged", {}, SGD),
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
    rate = settings.pop("learning_rate")
    return Recipe(
        name=f"dcgan-ablation-{key}",
        what=f"DCGAN on digits, ablation: {what}",
        settings=profiles(model, (2, 64, rate), (3, 64, rate), **settings),
        load=digits,
        build=build,
        fit=fit,
        evaluate=judges.fidelity("mnist"),
        gauge=judges.frechet("mnist"),
        ships=False,
    )


RECIPES = [
    Recipe(
        name="dcgan-mnist",
        what="DCGAN on digits: least squares, two more 3x3 convolutions at 7x7, falling rates, averaged generator",
        settings=profiles({}, (25, 64, 2e-3), (40, 64, 2e-3), **SLOWER, **AVERAGE),
        load=digits,
        build=build,
        fit=fit,
        evaluate=judges.fidelity("mnist"),
        frames=drawn,
        gauge=judges.frechet("mnist"),
        finish=keep_average,
    ),
    Recipe(
        name="dcgan-fashion",
        what="the same on clothes, with a hidden dense layer in both networks",
        settings=profiles({"hidden": 256}, (25, 64, 2e-3), (12, 64, 2e-3), **SLOWER, **GENERATOR),
        load=fashion,
        build=build,
        fit=fit,
        evaluate=judges.fidelity("fashion"),
        frames=drawn,
        gauge=judges.frechet("fashion"),
        finish=keep_average,
    ),
    Recipe(
        name="dcgan-faces",
        what="DCGAN on photographs of faces, 64x64: the paper's networks with a quarter of its channels, 4x4 kernels",
        # `full` takes an hour on two cores. Of four settings tried for 500 steps each, this one alone showed faces.
        settings=profiles(FACES, (2, 32, 5e-4), (50, 32, 5e-4), **SLOWER, **GENERATOR),
        load=faces,
        build=build,
        fit=fit,
        evaluate=judges.likeness,
        frames=drawn,
        finish=keep_average,
    ),
    Recipe(
        name="dcgan-cifar10",
        what="DCGAN on CIFAR-10, and a linear SVM on its discriminator's features",
        settings=profiles({"kind": "paper", **CIFAR}, (2, 128, 2e-4), (6, 128, 2e-4)),
        load=photographs,
        build=build,
        fit=fit,
        evaluate=support_vectors,
        ships=False,
    ),
    *[_ablation(key, *about) for key, about in ABLATIONS.items()],
]
