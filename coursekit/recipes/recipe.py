"""What a recipe is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from coursekit.errors import UserError


class RecipeError(UserError):
    """What the user can mend; its text says how."""


class Split(NamedTuple):
    """What a recipe trains on and is measured on. `about` says which data these are, for the manifest."""

    train: np.ndarray
    test: np.ndarray
    about: str


@dataclass(frozen=True)
class Recipe:
    """One named run. Its functions import what they need when they are called, so that a list of recipes is cheap.

    Attributes:
        name: such as "autoencoder-deep". what: one line about it.
        settings: {"quick": ..., "full": ...}, each a dictionary that JSON can hold; its "model" has the arguments of
            `build`, "shipped", if there is one, what `finish` changes in them, and the other entries are read by `fit`.
        load: function (profile) -> `Split`.
        build: function (**settings["model"]) -> untrained `coursekit.training.Model`.
        fit: function (model, x, settings, **options of fit) -> `History`: compiles the model and trains it.
        evaluate: function (model, test) -> {name: number}.
        frames: function (model, test) -> images [n, height, width, channels] in [0, 1], the same n in every call,
            recorded while the model trains; None records nothing.
        gauge: function (model, test) -> {name: number}, measured whenever a frame is recorded, and kept with the epochs
            and seconds as the run's "timeline"; None measures nothing.
        finish: function (trained model, untrained one of build(**settings["model"] | settings["shipped"])) that sets
            the weights of the latter, which is evaluated and shipped; None ships what was trained.
        ships: whether weights and frames are kept beside the results.
        moments: function (model, `Split`) -> {name: array} that is measured after training and kept beside the weights;
            None keeps nothing.
    """

    name: str
    what: str
    settings: dict[str, dict[str, Any]]
    load: Callable[[str], Split]
    build: Callable
    fit: Callable
    evaluate: Callable[..., dict[str, float]]
    frames: Callable | None = None
    moments: Callable[..., dict[str, np.ndarray]] | None = None
    gauge: Callable[..., dict[str, float]] | None = None
    finish: Callable | None = None
    ships: bool = True

    def of(self, profile: str) -> dict[str, Any]:
        """The settings of a profile.

        Raises:
            RecipeError: it has no such profile.
        """
        if profile not in self.settings:
            raise RecipeError(f"Expected a profile of {self.name}, {' or '.join(self.settings)}, got {profile!r}.")
        return self.settings[profile]
