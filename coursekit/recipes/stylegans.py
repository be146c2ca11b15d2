"""The style-based generators of lecture 10: of drawn portraits, whose factors are known, and of photographed faces."""

from dataclasses import replace

from coursekit import data
from coursekit.recipes import fitting, judges
from coursekit.recipes.dcgans import drawn, keep_average
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import faces, portraits


def fit(model, x, settings, **options):
    """Adam with the paper's betas, at one rate that does not fall: the averaged generator does what a falling rate
    would, and a training that is stopped early is of use."""
    optimizer = fitting.optimizer("Adam", beta_1=0.0, beta_2=0.99)
    return fitting.fit(model, x, settings, optimizer, {"generator": 1, "discriminator": 1}, **options)


def small_portraits(profile):
    """Drawn faces [n, 32, 32, 3], labeled by their hair style."""
    run = portraits(profile)
    train, test = (
        data.load("portraits", split, limit=len(part), size=32)
        for split, part in (("train", run.train), ("test", run.test))
    )
    return replace(run, about="portraits, 32x32", train=train.images, test=test.images)


GENERATOR = {"shipped": {"averaging": 0.0, "generator_only": True}}
PORTRAITS = {
    "shape": [32, 32, 3],
    "channels": [96, 96, 64, 32],
    "discriminator": [32, 64, 96],
    "depth": 1,
    "r1": 0.1,
    "averaging": 0.999,
    "augment": ["flip"],
}
FACES = {
    "channels": [96, 96, 64, 32, 16],
    "discriminator": [32, 64, 128, 128],
    "depth": 1,
    "r1": 0.1,
    "averaging": 0.999,
    "augment": ["flip", "color", "translation"],
}

RECIPES = [
    Recipe(
        name="stylegan-portraits",
        what="style-based generator of drawn portraits, 32x32, whose factors are known",
        settings=profiles(PORTRAITS, (2, 32, 2e-3), (40, 32, 2e-3), **GENERATOR),
        load=small_portraits,
        build=from_models("stylegan.paper"),
        fit=fit,
        evaluate=judges.likeness,
        frames=drawn,
        finish=keep_average,
    ),
    Recipe(
        name="stylegan-faces",
        what="style-based generator of photographs of faces, 64x64, few channels; augmented as dcgan-faces is",
        settings=profiles(FACES, (2, 32, 2e-3), (50, 32, 2e-3), **GENERATOR),
        load=faces,
        build=from_models("stylegan.paper"),
        fit=fit,
        evaluate=judges.likeness,
        frames=drawn,
        finish=keep_average,
    ),
]
