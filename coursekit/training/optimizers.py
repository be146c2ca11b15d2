"""The optimizers of a model: one for the whole, or one for each network."""

import json

import keras

from coursekit.training.precision import scaled

# What people pass to Keras's compile(), and where it is said here.
ELSEWHERE = {
    "steps_per_execution": "fit(..., steps_per_stretch=...) says how many steps one compiled call takes",
    "auto_scale_loss": "losses are scaled wherever a network computes in float16",
} | dict.fromkeys(("loss", "loss_weights", "metrics", "weighted_metrics"), "losses and metrics are written in train_on")


def named(model, optimizer, by_network):
    """{network's name: `keras.optimizers.Optimizer`}, with the name None for the whole model.

    Raises:
        ValueError: none given, a name that is no network of the model, one object for two networks.
    """
    networks = [name for name, value in vars(model).items() if isinstance(value, keras.Layer)]
    known = ", ".join(networks) or "none"
    if unknown := [name for name in by_network if name not in networks]:
        advice = ELSEWHERE.get(unknown[0], "pass one for each network, by the name of its attribute")
        raise ValueError(
            f"Expected optimizers for the networks of {type(model).__name__} ({known}), got {', '.join(unknown)}: "
            f"{advice}."
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
    for name, optimizer in optimizers.items():
        _check_own(model, name, optimizer)
    return {name: scaled(value, getattr(model, name) if name else model) for name, value in optimizers.items()}


def _check_own(model, name, optimizer):
    """Raise ValueError if `optimizer` has been built for weights that are not all of those that it is to move: its
    moments are theirs."""
    if not optimizer.built:
        return
    known = {id(weight) for weight in inner(optimizer)._trainable_variables}
    if unknown := [weight.path for weight in _moved(model, name) if id(weight) not in known]:
        kind = type(inner(optimizer)).__name__
        raise ValueError(
            f"Expected a new optimizer for the {name or 'model'}, got one of the class {kind} that was made without "
            f"{len(unknown)} of its weights, such as {unknown[0]}: it has trained another model, or they were frozen "
            f"then. Call compile() again, with keras.optimizers.{kind}(...) made in the same cell."
        )


def inner(optimizer):
    """The optimizer that a `keras.optimizers.LossScaleOptimizer` is put around; any other one itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def _moved(model, name):
    return (getattr(model, name) if name else model).trainable_variables


def build(model):
    """Build those of the model's optimizers that are not built yet, each for the weights that it moves.

    Raises:
        ValueError: one that was built for other weights, because some were frozen then, or for another model.
    """
    for name, optimizer in model.optimizers.items():
        if optimizer.built:
            _check_own(model, name, optimizer)
        else:
            optimizer.build(_moved(model, name))


def check_reached(model, network, slopes):
    """Raise ValueError if no weight of a network (None: of the whole model) has a gradient."""
    if slopes and all(slope is None for slope in slopes):
        known = (name for name in model.optimizers if name and getattr(model, name) is network)
        raise ValueError(
            f"Expected a loss that depends on the weights of the {next(known, type(model).__name__)}, got one of which "
            "no gradient reaches them. Look for argmax, round, a cast to whole numbers, stop_gradient or NumPy on the "
            "way."
        )


def finalize(model):
    """Tell each network's optimizer that the training is over. Keras does it for the optimizer of a whole model; it
    matters with `use_ema`, which puts averages in the place of the weights."""
    for name, optimizer in model.optimizers.items():
        if name:
            optimizer.finalize_variable_values(_moved(model, name))


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
    for each in (config, config["config"].get("inner_optimizer")):
        if each:
            each["config"].pop("name", None)
    return json.loads(json.dumps(config, default=str))


class NetworkOptimizers:
    """`model.optimizer` of a model whose networks have optimizers of their own.

    Keras's loop on JAX asks it for their variables, and Keras's callbacks go through them one by one, each under its
    network's name: `LearningRateScheduler` calls its schedule for each with that one's rate, `ReduceLROnPlateau`
    multiplies the rates of all, so that their ratio stays, and the logs have "learning_rate_generator" and so on.
    `model.optimizer["generator"]` is one of them.
    """

    def __init__(self, by_network):
        self.by_network = by_network

    @property
    def optimizers(self):
        """One `Player` for each network: what Keras's callbacks look for."""
        return [Player(name, inner(optimizer)) for name, optimizer in self.by_network.items()]

    def __getitem__(self, network):
        return self.by_network[network]

    @property
    def built(self):
        return all(optimizer.built for optimizer in self.by_network.values())

    @property
    def variables(self):
        return [variable for optimizer in self.by_network.values() for variable in optimizer.variables]

    @property
    def iterations(self):
        """Of the optimizer with the fewest: a GAN's discriminator may take several steps for one of its generator."""
        steps = [optimizer.iterations for optimizer in self.by_network.values()]
        return min(steps, key=lambda each: int(keras.ops.convert_to_numpy(each)))

    def __getattr__(self, name):
        if name.startswith("_") or name == "inner_optimizer":
            raise AttributeError(name)
        raise AttributeError(self._one_of_them(name))

    def __setattr__(self, name, value):
        if name != "by_network":
            raise AttributeError(self._one_of_them(name))
        super().__setattr__(name, value)

    def _one_of_them(self, name):
        first = next(iter(self.by_network))
        return (
            f"Expected the optimizer of one network, got those of {', '.join(self.by_network)} together: "
            f"write model.optimizer[{first!r}].{name}."
        )


class Player:
    """An optimizer under the name of its network; everything else is the optimizer's own."""

    def __init__(self, name, optimizer):
        vars(self).update(name=name, optimizer=optimizer)

    def __getattr__(self, name):
        return getattr(vars(self)["optimizer"], name)

    def __setattr__(self, name, value):
        setattr(self.optimizer, name, value)
