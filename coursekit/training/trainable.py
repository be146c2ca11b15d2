"""What of a model trains: what is frozen or shared is found before `fit`, and whether anything has moved after it."""

import warnings
import zlib

import keras
import numpy as np

from coursekit.training.optimizers import rate


def check_trains(model):
    """Raise ValueError if an optimizer of `model` has no weights to move."""
    for name in model.optimizers:
        network, role = (getattr(model, name), f"the {name}") if name else (model, f"the {type(model).__name__}")
        if network.trainable_variables:
            continue
        got, advice = "one without any", "Give it layers that learn, such as Dense."
        if network.weights:
            got = "one that is frozen as a whole"
            advice = (
                f"Set trainable = True on {role if name else 'its networks'}, and compile again. Nothing needs to be "
            )
            advice += "frozen here: minimize() moves one network at a time."
        raise ValueError(f"Expected {role} to have trainable weights, got {got}. {advice}")


def digests(model):
    """{name of the network that an optimizer moves: numbers that change with any of its trainable weights}."""
    networks = {name: getattr(model, name) if name else model for name in model.optimizers}
    return {name: [_digest(weight) for weight in each.trainable_variables] for name, each in networks.items()}


def _digest(weight):
    return zlib.crc32(np.ascontiguousarray(keras.ops.convert_to_numpy(weight.value)))


def warn_if_still(model, before, after):
    """Warn of networks whose weights are the very ones that they were: a training that moves nothing looks like one.
    before, after: their `digests`."""
    for name, digest in after.items():
        if digest == before[name] and rate(model.optimizers[name]):
            warnings.warn(
                f"Expected the training to move the {name or type(model).__name__}, got the very weights that it had "
                "before. No gradient reaches them: look for argmax, round or a saturated activation on the way.",
                stacklevel=3,
            )


def check_apart(first, second, roles):
    """Raise ValueError if two networks that play against each other have trainable weights in common."""
    own = {id(variable) for variable in first.trainable_variables}
    if common := [variable.path for variable in second.trainable_variables if id(variable) in own]:
        raise ValueError(
            f"Expected a {roles[0]} and a {roles[1]} without common weights, got {len(common)} that are in both, such "
            f"as {common[0]}. Give each its own layers."
        )
