"""`Recipe`: one named run, from its data to what is measured of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.errors import UserError
from coursekit.recipes.run_data import RunData


class RecipeError(UserError):
    """A recipe, profile or file of weights that is not there or not usable; the message says what to do."""


@dataclass(frozen=True)
class Recipe:
    """One named run. Its functions load Keras when they are called, so that a list of recipes is cheap.

    Attributes:
        name: such as "autoencoder-deep". what: one line about it.
        settings: {"quick": ..., "full": ...}, each a dictionary that JSON can hold; its "model" has the arguments of
            `build`, "shipped", if there is one, what `finish` changes in them, and the other entries are read by `fit`.
        load: function (profile) -> `RunData`.
        build: function (**settings["model"]) -> untrained `coursekit.training.Model`; see `from_models`.
        fit: function (model, x, settings, **options of fit) -> `History`: compiles the model and trains it.
        evaluate: function (model, run) -> {name: number}; `run` is the `RunData`, here and below.
        frames: function (model, run) -> images [n, height, width, channels] in [0, 1], the same n in every call,
            recorded while the model trains; None records nothing.
        gauge: function (model, run) -> {name: number}, measured whenever a frame is recorded, and kept with the epochs
            and seconds as the run's "timeline"; None measures nothing.
        finish: function (trained model, untrained one of build(**settings["model"] | settings["shipped"])) that sets
            the weights of the latter, which is evaluated and shipped; None ships what was trained.
        ships: whether weights and frames are kept beside the results.
        moments: function (model, run) -> {name: array} that is measured after training and kept beside the weights;
            None keeps nothing.
        supervised: whether `fit` is given the labels too, as `y`.
    """

    name: str
    what: str
    settings: dict[str, dict[str, Any]]
    load: Callable[[str], RunData]
    build: Callable
    fit: Callable
    evaluate: Callable[[Any, RunData], dict[str, float]]
    frames: Callable[[Any, RunData], np.ndarray] | None = None
    moments: Callable[[Any, RunData], dict[str, np.ndarray]] | None = None
    gauge: Callable[[Any, RunData], dict[str, float]] | None = None
    finish: Callable | None = None
    ships: bool = True
    supervised: bool = False

    def of(self, profile: str) -> dict[str, Any]:
        """The settings of a profile.

        Raises:
            RecipeError: it has no such profile.
        """
        if profile not in self.settings:
            raise RecipeError(f"Expected a profile of {self.name}, {' or '.join(self.settings)}, got {profile!r}.")
        return self.settings[profile]

    def build_shipped(self, settings: dict[str, Any]):
        """The untrained model whose weights ship: the trained one's, or the part of it that `finish` fills."""
        return self.build(**settings["model"] | settings.get("shipped", {}))


def from_models(path: str) -> Callable:
    """A function of `coursekit.models`, such as "vae.dense", which is imported when it is called. It takes settings as
    JSON holds them: their lists become tuples."""
    module, function = path.split(".")

    def build(**settings):
        from coursekit import models

        settings = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
        return getattr(getattr(models, module), function)(**settings)

    return build


def profiles(model, quick, full, **more) -> dict[str, dict[str, Any]]:
    """A recipe's settings.

    Args:
        model: arguments of `build`. quick, full: (epochs, batch size, learning rate). more: entries of both profiles.
    """
    names = ("epochs", "batch_size", "learning_rate")
    return {
        profile: {"model": model, **dict(zip(names, values, strict=True)), **more}
        for profile, values in (("quick", quick), ("full", full))
    }
