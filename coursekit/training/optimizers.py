"""The optimizers of a model: one for the whole, or one for each network."""

import json
import weakref

import keras


def named(model, optimizer, by_network):
    """{network's name: `keras.optimizers.Optimizer`}, with the name None for the whole model.

    Raises:
        ValueError: none given, a name that is no network of the model, one object for two networks.
    """
    networks = [name for name, value in vars(model).items() if isinstance(value, keras.Layer)]
    known = ", ".join(networks) or "none"
    if unknown := [name for name in by_network if name not in networks]:
        raise ValueError(
            f"Expected optimizers for the networks of {type(model).__name__} ({known}), got {', '.join(unknown)}. "
            "Losses and metrics are written in train_on, not passed to compile."
        )
    if (optimizer is None) == (not by_network):
        raise ValueError(
            "Expected compile(optimizer=...) for the whole model, or one optimizer for each network that has its own "
            f"({known}), got {'both' if by_network else 'neither'}."
        )
    given = by_network or {None: optimizer}
    optimizers = {name: keras.optimizers.get(value) for name, value in given.items()}
    if len({id(value) for value in optimizers.values()}) < len(optimizers):
        raise ValueError("Expected an optimizer of its own for each network, got one object for two. Make another.")
    return optimizers


_built_for = weakref.WeakKeyDictionary()  # {optimizer: the weights that `build` built it for}


def build(model):
    """Build those of the model's optimizers that are not built yet, each for the weights that it moves.

    Raises:
        ValueError: one that was built for other weights, because some were frozen then, or for another model.
    """
    for name, optimizer in model.optimizers.items():
        weights = (getattr(model, name) if name else model).trainable_variables
        if not optimizer.built:
            optimizer.build(weights)
            _built_for[optimizer] = list(weights)
        elif optimizer in _built_for:
            known = {id(weight) for weight in _built_for[optimizer]}
            if unknown := [weight.path for weight in weights if id(weight) not in known]:
                raise ValueError(
                    f"Expected in the {name or type(model).__name__} the weights that its optimizer was made for, got "
                    f"{len(unknown)} others, such as {unknown[0]}: they were frozen at that time, or the optimizer is "
                    "another model's. Call compile() again, with a new optimizer."
                )


def check_reached(model, optimizer, slopes):
    """Raise ValueError if no weight of an optimizer's network has a gradient."""
    if slopes and all(slope is None for slope in slopes):
        name = next(name for name, value in model.optimizers.items() if value is optimizer)
        raise ValueError(
            f"Expected a loss that depends on the weights of the {name or type(model).__name__}, got one of which no "
            "gradient reaches them. Look for argmax, round, a cast to whole numbers, stop_gradient or NumPy on the way."
        )


def finalize(model):
    """Tell each network's optimizer that the training is over. Keras does it for the optimizer of a whole model; it
    matters with `use_ema`, which puts averages in the place of the weights."""
    for name, optimizer in model.optimizers.items():
        if name:
            optimizer.finalize_variable_values(getattr(model, name).trainable_variables)


def optimizer_of(model, network):
    """The optimizer of a network (None: of the whole model), and the variables that it moves.

    Raises:
        ValueError: the model was compiled with no optimizer for it.
    """
    if network is None or network is model:
        if None in model.optimizers:
            return model.optimizers[None], model.trainable_variables
        raise ValueError(
            f"Expected minimize(loss, network) with one of the networks that have an optimizer "
            f"({', '.join(model.optimizers)}), got no network. Name one, or compile(optimizer=...)."
        )
    for name, optimizer in model.optimizers.items():
        if name and getattr(model, name) is network:
            return optimizer, network.trainable_variables
    name = next((name for name, value in vars(model).items() if value is network), "NAME")
    raise ValueError(f"Expected an optimizer for {name}, got none: add {name}=... to compile().")


def rate(optimizer):
    """The learning rate that `optimizer` uses now."""
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def settings_of(optimizer):
    """The settings that `optimizer` was made with, without its name, as JSON can hold them."""
    config = keras.saving.serialize_keras_object(optimizer)
    config["config"].pop("name", None)
    return json.loads(json.dumps(config, default=str))


class NetworkOptimizers:
    """The optimizers of several networks, as the one object that Keras's loop on JAX asks for its variables."""

    def __init__(self, optimizers):
        self.optimizers = optimizers

    @property
    def built(self):
        return all(optimizer.built for optimizer in self.optimizers.values())

    @property
    def variables(self):
        return [variable for optimizer in self.optimizers.values() for variable in optimizer.variables]
