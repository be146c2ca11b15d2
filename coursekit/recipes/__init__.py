"""Named runs: data, model, settings and evaluation of everything that `coursekit train` trains and the course ships.

from coursekit import recipes
recipe = recipes.get("autoencoder-deep")
recipes.train(recipe, "quick")              # what `coursekit train autoencoder-deep` does
recipes.pretrained("autoencoder-deep")      # also coursekit.pretrained: the shipped weights in their model
epochs, pictures = recipes.frames("autoencoder-deep")   # how the same few images changed while they were trained
recipes.judge("mnist").report(images)       # how good samples are, by the features of a shipped LeNet
"""

import difflib

from coursekit.recipes import (
    adains,
    autoencoders,
    dcgans,
    films,
    gans,
    lenets,
    music_vaes,
    self_supervision,
    soft_introvaes,
    sounds,
    stylegans,
    text_vaes,
    texts,
    vaes,
)
from coursekit.recipes.judges import judge
from coursekit.recipes.recipe import Recipe, RecipeError
from coursekit.recipes.run import train, where
from coursekit.recipes.run_data import RunData
from coursekit.recipes.weights import frames, pretrained, shipped, timeline

__all__ = [
    "RECIPES",
    "Recipe",
    "RecipeError",
    "RunData",
    "frames",
    "get",
    "judge",
    "pretrained",
    "shipped",
    "timeline",
    "train",
    "where",
]

_FAMILIES = (
    autoencoders,
    vaes,
    music_vaes,
    lenets,
    gans,
    dcgans,
    soft_introvaes,
    stylegans,
    self_supervision,
    adains,
    films,
    sounds,
    texts,
    text_vaes,
)
RECIPES = {recipe.name: recipe for family in _FAMILIES for recipe in family.RECIPES}


def get(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        RecipeError: there is none; the message names those that there are.
    """
    if name not in RECIPES:
        close = difflib.get_close_matches(name.lower().replace("_", "-"), RECIPES, n=1, cutoff=0.5)
        hint = f"; did you mean '{close[0]}'?" if close else "."
        raise RecipeError(f"Expected a recipe, one of {', '.join(RECIPES)}, got {name!r}{hint}")
    return RECIPES[name]
