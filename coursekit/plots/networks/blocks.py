"""A Keras graph as the blocks of a drawing: one for each layer that makes something new. Activations, normalization and
dropout are marks of the block before; flattening and padding are notes of the block after."""

from dataclasses import dataclass, field
from typing import Any

from coursekit.plots.networks import words as network_words
from coursekit.plots.networks.words import words


@dataclass(eq=False)
class Block:
    """One block of the drawing."""

    kind: str  # input, dense, convolution, transposed, pooling, upsampling, embedding, recurrent, reshape, merge,
    #            network (another model), other (a layer of the student's), module or stage (several layers as one)
    name: str  # of the layer
    shape: tuple  # of what comes out, without the batch; None where it may vary
    short: tuple = ()  # lines in the drawing
    said: str = ""  # in the text alternative
    weights: int = 0
    notes: list = field(default_factory=list)  # done on the way in, such as "flatten: 1,176"
    marks: list = field(default_factory=list)  # done on the way out, such as "ReLU"
    sources: list = field(default_factory=list)  # blocks that it takes, by their place in the list
    tensor: Any = None  # symbolic, after the marks
    is_output: bool = False
    repeats: int = 1  # how many like it are drawn as this one
    layers: int = 1  # how many layers with a block of their own are in it
    kernel: tuple = ()  # of a convolution or pooling
    named: bool = False  # whether the name is the student's own
    taken: bool = False  # an input that is inside of another network
    network: Any = None  # the model, where the block is one


@dataclass(eq=False)
class Place:
    """Where a tensor comes from: a block, and what was done to the block's output since."""

    block: int
    notes: list = field(default_factory=list)
    weights: int = 0
    reshaped: bool = False


def history(tensor):
    """(operation, inputs, outputs) of the call that made a symbolic tensor.

    Keras has no public name for it but that of the whole model's `get_config()`; this is the one place that asks.
    """
    operation, node_index, _ = tensor._keras_history
    node = operation._inbound_nodes[node_index]
    return operation, list(node.input_tensors), list(node.output_tensors)


def calls(outputs, stop=()):
    """All calls between the tensors `stop` (or the inputs) and `outputs`, each after those that it needs:
    [(operation, inputs, outputs)]."""
    known, order, waiting = {id(tensor) for tensor in stop}, [], [(tensor, False) for tensor in reversed(outputs)]
    while waiting:
        tensor, ready = waiting.pop()
        if id(tensor) in known:
            continue
        call = history(tensor)
        if ready:
            order.append(call)
            known |= {id(output) for output in call[2]}
        else:
            waiting.append((tensor, True))
            waiting += [(source, False) for source in reversed(call[1])]
    return order


def read(inputs, outputs, names=None):
    """The blocks between symbolic tensors, in an order in which each comes after those that it takes.

    Args:
        inputs, outputs: lists of symbolic tensors. names: {id(tensor): name} for inputs that are no input layers.
    """
    return _Reader(inputs, outputs, names or {}).blocks


class _Reader:
    def __init__(self, inputs, outputs, names):
        self.blocks, self.places, self.seen = [], {}, set()
        order = calls(outputs, inputs)
        self.takers = {}
        for _, sources, _ in order:
            for source in sources:
                self.takers[id(source)] = self.takers.get(id(source), 0) + 1
        for output in outputs:
            self.takers[id(output)] = self.takers.get(id(output), 0) + 1
        for tensor in inputs:
            name = names.get(id(tensor), getattr(tensor, "name", "input"))
            taken = id(tensor) in names
            self._add(Block("input", name, _shape(tensor), said="input", tensor=tensor, taken=taken), [tensor])
        for operation, sources, made in order:
            self._read(operation, sources, made)
        for output in outputs:
            place = self._settled(output)
            self.blocks[place.block].is_output = True

    def _add(self, block, made):
        self.blocks.append(block)
        for tensor in made:
            self.places[id(tensor)] = Place(len(self.blocks) - 1)

    def _read(self, operation, sources, made):
        import keras

        if isinstance(operation, keras.layers.InputLayer):
            self._add(Block("input", operation.name, _shape(made[0]), said="input", tensor=made[0]), made)
            return
        shapes = [_shape(source) for source in sources]
        shape, own = _shape(made[0]), self._weights(operation)
        if isinstance(operation, keras.Model):
            said = network_words.Words("network", (), f"network “{operation.name}”")
        else:
            said = words(operation, shapes, shape)
        if said.kind in ("mark", "note") and len(sources) == 1:
            self._append(said, own, operation, sources[0], made)
            return
        places = [self._settled(source) if said.kind == "merge" else self.places[id(source)] for source in sources]
        block = Block(said.kind, operation.name, shape, said.short, said.said, own, tensor=made[0])
        block.sources = [place.block for place in places]
        block.notes = list(dict.fromkeys(note for place in places for note in place.notes))
        block.weights += sum(place.weights for place in places)
        if said.kind not in ("merge", "recurrent") and (name := network_words.activation(operation)):
            block.marks.append(name)
        if id(operation) in self.seen and own == 0 and getattr(operation, "weights", ()):
            block.marks.append("same weights")
        padded = block.notes and block.notes[-1].startswith("pad to")
        if padded and ("unpadded" in block.short or block.kind == "pooling"):  # as padding="same" does
            block.notes, block.short = block.notes[:-1], tuple(line for line in block.short if line != "unpadded")
            block.said = block.said.replace(", unpadded", "")
        block.kernel = _kernel(operation)
        block.network = operation if said.kind == "network" else None
        self.seen.add(id(operation))
        block.named = not network_words.is_automatic(operation)
        self._add(block, made)

    def _append(self, said, own, operation, source, made):
        """A mark goes to the block before, unless others take the block's output too: then it is a note of the next."""
        place, alone = self.places[id(source)], self.takers[id(source)] == 1
        if said.kind == "mark":
            if place.reshaped:
                place = self._settled(source)
            if alone and not place.notes:
                block = self.blocks[place.block]
                block.marks += said.short
                block.weights += own
                if (
                    block.kind != "input" and said.short and not network_words.is_automatic(operation)
                ):  # such as "conv2" for the last of a unit
                    block.name, block.named = operation.name, True
                block.tensor = block.tensor if block.kind == "input" else made[0]  # an input is shown as it came
                for tensor in made:
                    self.places[id(tensor)] = place
                return
        reshaped = place.reshaped or said.kind == "note"
        for tensor in made:
            self.places[id(tensor)] = Place(place.block, [*place.notes, *said.short], place.weights + own, reshaped)

    def _settled(self, tensor):
        """The place of a tensor with no notes left: what was done since the block is a block of its own, or marks."""
        place = self.places[id(tensor)]
        if place.reshaped:
            last = str(place.notes[-1]) if place.notes else "reshape"
            lines = tuple(note.partition(":")[0] for note in place.notes)
            block = Block("reshape", last, _shape(tensor), lines, ", ".join(lines), place.weights, tensor=tensor)
            block.sources = [place.block]
            self._add(block, [tensor])
        elif place.notes:
            block = self.blocks[place.block]
            block.marks += [note for note in place.notes if note not in block.marks]
            block.weights += place.weights
            self.places[id(tensor)] = Place(place.block)
        return self.places[id(tensor)]

    def _weights(self, operation):
        """Numbers in the operation's weights; those of a layer that is called again are counted once."""
        return 0 if id(operation) in self.seen else count(getattr(operation, "weights", ()))


def count(weights):
    """Numbers in a list of weights, each weight counted once."""
    return sum(_product(weight.shape) for weight in {id(weight): weight for weight in weights}.values())


def _product(shape):
    size = 1
    for side in shape:
        size *= side
    return size


def _shape(tensor):
    return tuple(tensor.shape[1:])


def _kernel(operation):
    operation = getattr(operation, "layer", operation)
    size = getattr(operation, "kernel_size", None) or getattr(operation, "pool_size", None) or ()
    return (size,) if isinstance(size, int) else tuple(size)
