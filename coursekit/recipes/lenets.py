"""The LeNets that lecture 11 and later ones judge samples with: see `judges`.

Neither has seen the images that come with the course, `digits` and `fashion_small`, so that the features of a lecture's
training images are those of any others.
"""

from coursekit.recipes import judges
from coursekit.recipes.fitting import fit
from coursekit.recipes.recipe import Recipe, from_models
from coursekit.recipes.run_data import digits, unseen_fashion


def accuracy(model, run):
    """`accuracy`: share of the test images that are put into their class."""
    return {"accuracy": model.accuracy(run.test, run.test_labels)}


def _recipe(name, what, load, epochs):
    settings = {
        "model": {"channels": [24, 24], "features": 96, "dropout": 0.3},
        "batch_size": 128,
        "learning_rate": 1e-3,
    }
    return Recipe(
        name=f"lenet-{name}",
        what=what,
        settings={"quick": settings | {"epochs": 12, "batch_size": 32}, "full": settings | {"epochs": epochs}},
        load=load,
        build=from_models("lenet.lenet"),
        fit=fit,
        evaluate=accuracy,
        moments=judges.moments(name),
        supervised=True,
    )


RECIPES = [
    _recipe("mnist", "LeNet on digits, whose 96 features samples are judged by", digits, 20),
    _recipe("fashion", "LeNet on clothes, whose 96 features samples are judged by", unseen_fashion, 16),
]
