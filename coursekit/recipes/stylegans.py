"""The style-based generators of lecture 16: of drawn portraits, whose factors are known, and of photographed faces."""

from coursekit import data, metrics
from coursekit.recipes import fitting, judges
from coursekit.recipes.dcgans import drawn, keep_average
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import faces, small_portraits


def fit(model, x, settings, **options):
    """Adam with the paper's betas, at one rate that does not fall: the averaged generator does what a falling rate
    would, and a training that is stopped early is of use."""
    optimizer = fitting.optimizer("Adam", beta_1=0.0, beta_2=0.99)
    return fitting.fit(model, x, settings, optimizer, {"generator": 1, "discriminator": 1}, **options)


def fit_reader(model, x, settings, **options):
    """The faces of x are the first ones of `portraits`, whose factors are known."""
    from coursekit.models import factor_reader

    columns = factor_reader.as_columns(data.portraits.factors("train")[: len(x)])
    return fitting.fit(model, x, settings, y=columns, **options)


def read_well(model, run):
    """`r2_FACTOR`: how much of each factor's variance the reader explains on the test portraits; `r2`, their mean."""
    scores = metrics.disentanglement.explained(known(len(run.test), "test"), model.read(run.test))
    return {"r2": sum(scores.values()) / len(scores)} | {f"r2_{name}": score for name, score in scores.items()}


def known(count, split):
    """The factors of the first `count` portraits of a split, as a `FactorReader` reads them."""
    from coursekit.models import factor_reader

    return factor_reader.split(factor_reader.as_columns(data.portraits.factors(split)[:count]))


GENERATOR = {"shipped": {"averaging": 0.0, "generator_only": True}}
PORTRAITS = {
    "shape": [32, 32, 3],
    "channels": [96, 96, 64, 32],
    "discriminator": [32, 64, 96],
    "depth": 1,
    "r1": 0.1,
    "averaging": 0.999,
    "augment": ["translation"],
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
        name="reader-portraits",
        what="reads the twelve factors of drawn portraits, 32x32: the judge of stylegan-portraits",
        settings=profiles({}, (4, 64, 2e-3), (25, 64, 2e-3)),
        load=small_portraits,
        build=from_models("factor_reader.convolutional"),
        fit=fit_reader,
        evaluate=read_well,
    ),
    Recipe(
        name="stylegan-portraits",
        what="style-based generator of drawn portraits, 32x32, whose factors are known",
        settings=profiles(PORTRAITS, (2, 32, 2e-3), (100, 32, 2e-3), **GENERATOR),
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
