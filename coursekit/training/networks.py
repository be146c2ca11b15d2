"""What a network must be to be a part of a model. All models ask here, and say the same when they do not get it.

A network is a Keras model (Sequential, Functional or a class) that is built, has one input and one output, and ends in
numbers of the range that the model's loss takes.
"""

import inspect
import math

import keras

from coursekit.training.precision import full

# What comes out of an activation, by its name without "_": (lowest, highest). Any number comes out of the others.
RANGES = {
    **dict.fromkeys(("sigmoid", "hardsigmoid", "softmax"), (0.0, 1.0)),
    **dict.fromkeys(("tanh", "hardtanh", "softsign"), (-1.0, 1.0)),
    **dict.fromkeys(("relu", "softplus", "exponential"), (0.0, math.inf)),
    "relu6": (0.0, 6.0),
}
# Layers and operations that move numbers about, or drop some, and change none.
_OF_EVERY_LAYER = ("name", "trainable", "dtype")
_MOVERS = {"InputLayer", "Reshape", "Flatten", "Permute", "Dropout", "Identity", "ActivityRegularization", "Cropping2D"}


# -- what it is -------------------------------------------------------------------------------------------------------


def check_network(network, role, kind=keras.Model):
    """Raise ValueError unless `network` is of this kind. role: what it is to be, such as "encoder"."""
    if isinstance(network, kind):
        return
    advice = f"Pass a keras.Model, such as keras.Sequential([keras.Input(shape), ...]), as the {role}."
    got = f"a {type(network).__name__}"
    if isinstance(network, type):
        got, advice = f"the class {network.__name__}", f"Make one of it first: {network.__name__}(...)."
    elif isinstance(network, keras.Layer):
        got = f"the layer {network.name!r}"
        advice = f"Make it a model: keras.Sequential([keras.Input(shape), layer]), and pass that as the {role}."
    raise ValueError(f"Expected the {role} to be a Keras model, got {got}. {advice}")


def sizes_of(network, role="network"):
    """(shape of its input, shape of its output), both without the number of examples; None where a side may vary.

    Raises:
        ValueError: no Keras model, one that is not built, or that has several inputs or outputs.
    """
    check_network(network, role)
    if not network.built or not (sides := _sides(network)):
        raise ValueError(
            f"Expected the {role} to know its shapes, got {network.name!r}, which is not built. Begin it with "
            "keras.Input(shape), or call it once on a minibatch before."
        )
    inputs, outputs = sides
    if len(inputs) != 1:
        raise ValueError(
            f"Expected the {role} to have one input, got {network.name!r} with {len(inputs)}: {said(inputs)}. "
            "Join them to one array before, or write a class of your own that derives from coursekit.training.Model."
        )
    if len(outputs) != 1 or isinstance(outputs, dict):
        names = " in a dictionary" if isinstance(outputs, dict) else ""
        raise ValueError(
            f"Expected the {role} to have one output, got {network.name!r} with {len(outputs)}{names}: "
            f"{said(outputs)}. Take one of them, m being the {role}: keras.Model(m.input, m.outputs[0]); or join some: "
            "keras.Model(m.input, keras.layers.Concatenate()(m.outputs[:2]))."
        )
    return inputs[0], outputs[0]


def _sides(network):
    """([shape of each input], [shape of each output], or {name: shape}), None if they cannot be known."""
    try:
        inputs, outputs = network.inputs, network.output if hasattr(network, "operations") else network.outputs
    except (AttributeError, ValueError):
        inputs = outputs = None
    if not inputs:
        if (traced := _symbolic(network, network)) is None:
            return None
        inputs, outputs = traced
    named = isinstance(outputs, dict)
    shapes = [tuple(each.shape[1:]) for each in keras.tree.flatten(outputs)]
    return [tuple(each.shape[1:]) for each in inputs], dict(enumerate(shapes)) if named else shapes


def _symbolic(network, call):
    """([inputs], outputs) of a class's network, symbolic: `call` of inputs of the shapes that it was built for."""
    built_for = network.get_build_config() or {}
    shapes = built_for.get("input_shape") or list(built_for.get("shapes_dict", {}).values())
    if not shapes:
        return None
    single = not isinstance(shapes[0], (list, tuple))
    inputs = [keras.Input(batch_shape=(None, *shape[1:])) for shape in ([shapes] if single else shapes)]
    return inputs, call(inputs[0] if single else inputs)


def said(shapes):
    """Shapes without the number of examples, as text."""
    listed = shapes.values() if isinstance(shapes, dict) else shapes
    return " and ".join(f"[n, {', '.join(map(str, shape))}]" if shape else "[n]" for shape in listed)


def check_taken_apart(network, role):
    """Raise ValueError unless a network is Sequential or Functional, whose layers can be asked one by one."""
    if not hasattr(network, "operations") and not isinstance(network, keras.Sequential):
        raise ValueError(
            f"Expected the {role} to be a Sequential or Functional model, whose layers can be taken apart, got "
            f"{network.name!r} of the class {type(network).__name__}. Write it as keras.Model(inputs, outputs)."
        )


def chain_of(network, role):
    """The layers of a network that is a chain, those of networks inside of it included, in their order.

    Raises:
        ValueError: a network with branches, or a class, whose order only its own call knows.
    """
    check_taken_apart(network, role)
    found, before = [], None
    for operation in _operations(network):
        if before is not None and not isinstance(network, keras.Sequential) and operation.input is not before.output:
            raise ValueError(
                f"Expected the {role} to be a chain of layers, got {network.name!r}, which has a branch at "
                f"{operation.name!r}. Write it without."
            )
        before = operation
        if isinstance(operation, keras.Model):
            found += chain_of(operation, role)
        elif type(operation).__name__ != "InputLayer":
            found.append(operation)
    return found


def fits(shape, expected):
    """Whether a shape is the expected one; None stands for any length, in either."""
    pairs = zip(shape, expected, strict=False)
    return len(shape) == len(expected) and all(a == b or None in (a, b) for a, b in pairs)


# -- what comes out of it ---------------------------------------------------------------------------------------------


def ending(network):
    """The name of the activation that a network's numbers come out of, such as "sigmoid" or "linear"; None where it
    cannot be told."""
    for operation in reversed(_operations(network)):
        kind = type(operation).__name__
        if kind in _MOVERS:
            continue
        if isinstance(operation, keras.Model):
            return ending(operation)
        if kind == "Lambda":
            return _known(getattr(operation.function, "__name__", ""))
        if getattr(operation, "negative_slope", 0):
            return "leaky_relu"
        activation = getattr(operation, "activation", None)
        if isinstance(activation, keras.Layer):
            return _known(type(activation).__name__)
        if activation is not None:
            name = getattr(activation, "__name__", "")
            return _known(name) or ("linear" if name == "linear" else None)
        return _known(kind)
    return None


def range_of(network):
    """(lowest, highest) of what a network can answer, None where any number may come out or nothing is known."""
    return RANGES.get(ending(network))


def _known(name):
    name = name.replace("_", "").lower()
    return name if name in RANGES else None


def _operations(network):
    """A network's layers and operations, each after those that it needs, so that the last one makes the output."""
    if isinstance(network, keras.Sequential):
        return network.layers
    if hasattr(network, "operations"):
        return network.operations
    try:  # a class: its call is followed on symbolic inputs, which functions of a backend do not take
        traced = _symbolic(network, network.call)
        return keras.Function(*traced).operations if traced else []
    except Exception:
        return []


def check_logits(network, role, loss, one_sided=True):
    """Raise ValueError if a network whose outputs a loss takes for logits ends in an activation that bounds them.

    Args:
        loss: that takes them, in words. one_sided: whether a bound on one side is wrong, too.
    """
    name = ending(network)
    if name not in RANGES or (math.isinf(RANGES[name][1]) and not one_sided):
        return
    raise ValueError(
        f"Expected the {role} to end in logits, which may be any numbers, got {network.name!r}, which ends in {name}. "
        f"Leave the {name} out (activation=None in its last layer): {loss}."
    )


def check_takes_images(network, role):
    """Raise ValueError if a network scales bytes to images first: it is given images in [0, 1] already."""
    first = next((each for each in _operations(network) if type(each).__name__ != "InputLayer"), None)
    while isinstance(first, keras.Model):
        first = next((each for each in _operations(first) if type(each).__name__ != "InputLayer"), None)
    if isinstance(first, keras.layers.Rescaling) and 0 < abs(_number(first.scale)) < 0.02:
        raise ValueError(
            f"Expected the {role} to take images in [0, 1], got {network.name!r}, which begins with "
            f"Rescaling({_number(first.scale):.3g}), for bytes from 0 to 255. Leave that layer out."
        )


def _number(scale):
    return float(scale) if isinstance(scale, (int, float)) else math.inf


# -- how it is called in a loss ---------------------------------------------------------------------------------------


def answer(network, x, training=False):
    """`network(x)`, in the precision that losses are computed in (`full`)."""
    return full(network(x, training=training))


def penalties(*networks):
    """What the regularizers and `add_loss` of these networks' layers ask for, of their last call: a scalar."""
    losses = [full(loss) for network in networks for loss in network.losses]
    return sum(losses) if losses else 0.0


def copy_of(network):
    """A copy of a network, with weights of its own and the same values, frozen.

    Raises:
        ValueError: a class that Keras cannot make again from its `get_config()`.
    """

    def again(layer):
        if isinstance(layer, keras.layers.Lambda):
            return layer  # without weights; of a Python lambda Keras refuses to make another
        return copy_of(layer) if isinstance(layer, keras.Model) else _again(layer)

    try:
        if hasattr(network, "operations") or isinstance(network, keras.Sequential):
            copied = keras.models.clone_model(network, clone_function=again)
        else:
            copied = _again(network)
            _symbolic(network, copied)  # a call builds it
        copied.set_weights(network.get_weights())
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(
            f"Expected a network that can be copied, got {network.name!r}, of which Keras cannot make another. Give "
            f"its classes a get_config() with the arguments of __init__. ({reason(error)})"
        ) from error
    copied.trainable = False
    return copied


def _again(layer):
    """Another layer of the same settings. A class whose __init__ takes no **kwargs gets no name and no policy."""
    config, taken = layer.get_config(), inspect.signature(type(layer)).parameters
    if not any(each.kind == each.VAR_KEYWORD for each in taken.values()):
        config = {name: value for name, value in config.items() if name in taken or name not in _OF_EVERY_LAYER}
    return type(layer).from_config(config)


def reason(error):
    """The sentence of a Keras error that says why: it wraps one into another, and prints all configurations."""
    return str(error).split("Exception encountered: ")[-1].strip().splitlines()[0]
