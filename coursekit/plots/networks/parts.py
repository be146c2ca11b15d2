"""A Keras model as the networks in it, each with its blocks: an encoder and a decoder, a generator and a critic."""

from dataclasses import dataclass, field
from typing import Any

from coursekit.plots import palette
from coursekit.plots.networks import blocks as network_blocks
from coursekit.plots.networks.blocks import calls, count

# What weights do is told by the network's name; a network of another name reads data.
ROLES = {"decoder": palette.DECODER, "generator": palette.GENERATOR, "upsampler": palette.DECODER}
ROLES |= dict.fromkeys(("discriminator", "critic", "adversary", "judge"), palette.DISCRIMINATOR)


@dataclass(eq=False)
class Part:
    """One network: drawn with a heading of its own."""

    name: str  # "" for one without a heading
    inputs: list  # symbolic tensors
    outputs: list
    blocks: list  # of `blocks.Block`
    held: dict = field(default_factory=dict)  # {id: weight}, each counted once
    twins: list = field(default_factory=list)  # names of networks that have the same blocks, drawn as this one
    frozen: bool = False
    model: Any = None
    inside: bool = False  # whether it is what is in a block of the network before
    feeds: list = field(default_factory=list)  # what its values are computed from: the whole network's inputs

    @property
    def weights(self):
        return count(self.held.values())

    @property
    def color(self):
        name = (self.name or getattr(self.model, "name", "")).lower()
        return next((color for word, color in ROLES.items() if word in name), palette.ENCODER)


def read(model, example=None):
    """The networks of a model.

    Args:
        model: a `keras.Model`, built, or with an example to build it.
        example: list of arrays with a batch axis, or None.
    Raises:
        ValueError: a model whose sizes are not known, or whose calls cannot be followed.
    """
    import keras

    if not isinstance(model, keras.Model):
        raise ValueError(f"Expected a keras.Model, got {type(model).__name__}: pass the model itself.")
    parts = _without_twins(_parts(model, "", example)) if model.layers else []
    if not any(len(part.blocks) > 1 for part in parts):
        raise ValueError(f"Expected a model with layers, got {model.name!r}, which has none: add some first.")
    return parts


def weights(parts):
    """Numbers in all the networks' weights, shared ones counted once, twins' included."""
    return count({key: weight for part in parts for key, weight in part.held.items()}.values())


def _parts(model, name, example):
    graph = _graph_of(model)
    if graph is None and not _networks_in(model):
        graph = _traced(model, example)
    if graph is not None:
        return _parts_of_graph(*graph, name, model)
    networks, found = _networks_in(model), []
    for inner_name, inner in networks.items():
        found += _parts(inner, inner_name, example if len(networks) == 1 else None)
    return _without_overlap(found)


def _graph_of(model):
    """(inputs, outputs) of a Functional or a built Sequential model, None for another."""
    try:
        inputs, outputs = model.inputs, model.outputs
    except (AttributeError, ValueError):
        return None
    return (_listed(inputs), _listed(outputs)) if inputs and outputs else None


def _networks_in(model):
    """{name: model} of a model's own networks, if these hold all its layers' weights: an encoder and a decoder."""
    import keras

    networks = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    if not networks or any(layer.weights for layer in model.layers if not isinstance(layer, keras.Model)):
        return {}
    names = {id(value): name for name, value in vars(model).items() if isinstance(value, keras.Model)}
    return {names.get(id(network), network.name): network for network in networks}


def _traced(model, example):
    """The graph of a model whose class has a `call` of layers and `keras.ops`: it is called on symbolic inputs."""
    import keras

    shapes = _input_shapes(model, example)
    if shapes is None:
        raise ValueError(
            f"Expected a model whose sizes are known, got {model.name!r}, which has not been built. Begin it with "
            "keras.Input(shape), call it once on a batch, or pass example=..., one input."
        )
    if isinstance(model, keras.Sequential):
        model.build(shapes[0])
        return _graph_of(model)
    inputs = [keras.Input(batch_shape=(None, *shape[1:])) for shape in shapes]
    try:
        outputs = model.call(inputs[0] if len(inputs) == 1 else inputs)
        listed = _listed(outputs)
        calls(listed, inputs)
    except Exception as error:
        raise ValueError(
            f"Expected a model made of layers and keras.ops, got {model.name!r}, whose call() cannot be followed on "
            f"symbolic inputs ({type(error).__name__}). Draw its networks one by one, or write it with keras.Input "
            "and keras.Model(inputs, outputs)."
        ) from error
    return inputs, listed


def _input_shapes(model, example):
    if example is not None:
        return [(None, *each.shape[1:]) for each in example]
    shape = (model.get_build_config() or {}).get("input_shape") if model.built else None
    if not shape:
        return None
    if isinstance(shape, dict):
        return [tuple(each) for each in shape.values()]
    return [tuple(each) for each in shape] if isinstance(shape[0], (list, tuple)) else [tuple(shape)]


def _parts_of_graph(inputs, outputs, name, model):
    import keras

    order = calls(outputs, inputs)
    nested = [call for call in order if isinstance(call[0], keras.Model) and _is_drawn(call[0])]
    if nested and _is_chain(order, outputs):
        return _parts_of_chain(inputs, outputs, order, name)
    part = _part(name, inputs, outputs, model)
    inner = {id(operation): operation for operation, _, _ in nested}.values()
    found = [part]
    for network in inner:
        parts = _parts(network, network.name, None)
        parts[0].inside = True
        found += parts
    return found


def _is_chain(order, outputs):
    taken = [id(source) for _, sources, _ in order for source in sources]
    return len(outputs) == 1 and len(set(taken)) == len(taken) and all(len(sources) <= 1 for _, sources, _ in order)


def _is_drawn(network):
    """Whether a network has blocks to draw: one of augmentation layers alone has none."""
    graph = _graph_of(network)
    return graph is None or len(network_blocks.read(*graph)) > 1


def _parts_of_chain(inputs, outputs, order, name):
    """A chain with networks in it: those, and the layers before, between and after them, in their order."""
    import keras

    found, begin, last = [], inputs[0], inputs[0]
    for operation, _, made in order:
        if not (isinstance(operation, keras.Model) and _is_drawn(operation)):
            last = made[0]
            continue
        if last is not begin:
            found.append(_part("", [begin], [last], None))
        found += _parts(operation, operation.name, None)
        begin = last = made[0]
    if last is not begin:
        found.append(_part("", [begin], [last], None))
    if len(found) == 1 and not found[0].name:
        found[0].name = name
    return found


def _part(name, inputs, outputs, model, names=None):
    held = {}
    for operation, _, _ in calls(outputs, inputs):
        held |= {id(weight): weight for weight in getattr(operation, "weights", ())}
    blocks = network_blocks.read(inputs, outputs, names)
    return Part(name, inputs, outputs, blocks, held, frozen=bool(held) and not getattr(model, "trainable", True),
                model=model, feeds=inputs)  # fmt: skip


def _without_overlap(parts):
    """A network that goes on from another's layers, such as a head that was built upon an encoder, begins where the
    other is: nothing is drawn twice."""
    drawn, kept = {}, []
    for part in parts:
        order = calls(part.outputs, part.inputs)
        known = {id(tensor): (tensor, drawn[id(tensor)]) for _, _, made in order for tensor in made
                 if id(tensor) in drawn}  # fmt: skip
        ends = [tensor for tensor in part.outputs if id(tensor) not in known]
        if known and ends:
            taken = {id(source) for _, sources, made in order for source in sources if id(made[0]) not in known}
            begins = [tensor for key, (tensor, _) in known.items() if key in taken]
            begins += [tensor for tensor in part.inputs if id(tensor) in taken and id(tensor) not in known]
            names = {key: name for key, (_, name) in known.items()}
            whole = part.feeds
            part = _part(part.name, begins, ends, part.model, names)
            part.feeds = whole
        if ends or not known:
            kept.append(part)
        for operation, _, made in order:
            drawn |= {id(tensor): operation.name for tensor in made if id(tensor) not in drawn}
    return kept


def _without_twins(parts):
    kept = []
    for part in parts:
        looks = [
            (block.kind, block.short, block.shape, tuple(block.marks), tuple(block.sources)) for block in part.blocks
        ]
        twin = next((other for other, others in kept if others == looks and part.name), None)
        if twin is None:
            kept.append((part, looks))
        else:
            twin.twins.append(part.name)
            twin.held |= part.held
    return [part for part, _ in kept]


def _listed(tensors):
    """One tensor, or a list or dictionary of them, in any nesting -> list."""
    import keras

    return keras.tree.flatten(tensors)
