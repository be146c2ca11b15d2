"""What the checks of all lectures use."""

import numpy as np

from coursekit.lesson import Hint


def hint_if(mistake, text):
    if mistake:
        raise Hint(text)


def values(function, images, name):
    """What `function(images)` returns, float64, with a hint unless it is one number for each image."""
    hint_if(not callable(function), f"hand in the function itself, `{name}`, not what it returned.")
    with np.errstate(all="ignore"):
        found = function(images)
    hint_if(found is None, f"`{name}` returned None. Is there a `return` in it?")
    found = np.asarray(found, "float64")
    hint_if(
        found.shape != (len(images),),
        f"for {len(images)} images `{name}` should return {len(images)} numbers, one for each, and gave an array "
        f"of shape {found.shape}. Over which axis do you average?",
    )
    return found


def called(function, name, *arguments, so_far=""):
    """What `function(*arguments)` returns, float64, with a hint unless it is a function that returns finite numbers."""
    hint_if(not callable(function), f"{so_far}hand in the function itself, `{name}`, not what it returned.")
    with np.errstate(all="ignore"):
        found = function(*arguments)
    hint_if(found is None, f"{so_far}`{name}` returned None. Is there a `return` in it?")
    found = np.asarray(found, "float64")
    hint_if(not np.isfinite(found).all(), f"{so_far}`{name}` gave no finite number.")
    return found


def compare(found, right, mistakes, so_far=""):
    """The hint of the first of {hint: what a mistake gives} that `found` is, unless it is `right`."""
    if not np.allclose(found, right, rtol=1e-4):
        for text, mistake in mistakes.items():
            hint_if(np.allclose(found, mistake, rtol=1e-3), so_far + text)
