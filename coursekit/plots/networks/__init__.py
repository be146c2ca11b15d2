"""A drawing of a neural network, made from the Keras model itself.

The colors are those of `palette`: blue for data, orange for codes and noise, green for weights that read data
(encoders, classifiers), vermilion for weights that make data (decoders, generators) and for what these make, pink for
weights that judge (discriminators, adversaries). What is filled has weights; what is only outlined changes sizes
without any.
"""

import numpy as np

from coursekit.plots import palette
from coursekit.plots.look import display
from coursekit.plots.networks import folding as network_folding
from coursekit.plots.networks import glyphs as network_glyphs
from coursekit.plots.networks import layout as network_layout
from coursekit.plots.networks import nodes as network_nodes
from coursekit.plots.networks import parts as network_parts
from coursekit.plots.networks import values as network_values
from coursekit.plots.networks.joining import joined
from coursekit.plots.networks.words import across, is_automatic, marks_of, size_said, weights

WIDEST = 10.0  # inches


def network(model, example=None, *, title=None, detail=None, names=False, caption=None):
    """A drawing of a Keras model: every layer with its size, kernel, stride and number of weights.

    One scale for all: a layer or a map of n numbers is as tall as the cube root of n (a layer of 784 as a map of
    28 x 28), and a stack of n maps as deep. Activations, normalization and dropout are written below the layer before
    them. The networks inside of a class stand in a row; where one's output fits another's input, the two are drawn as a
    chain. The text alternative is made from the same structure.

    Args:
        model: a `keras.Model`: Sequential, Functional, or a class with networks inside (an encoder and a decoder) or
            with a `call` of layers and `keras.ops`. Built, or with an example.
        example: one input, with or without a batch axis, or a list of them for a model with several inputs (a
            dictionary, if these have names): its activations then stand in the blocks. Of feature maps four are shown,
            those that vary most over the image, each scaled to its own largest value: the block's color for positive
            values, gray for negative. Images are shown as images: in [0, 1], or from [-1, 1] or 0 to 255; of logits,
            their sigmoid.
        title: of the figure, the model's name if omitted; the number of weights is added.
        detail: "layers" draws each layer, "modules" residual blocks and parallel branches as one, and like ones in a
            row once; "stages" everything at one size as one. If omitted, as much as fits.
        names: also the layers' names, where they have one of their own.
        caption: the line below, how to read the drawing if omitted; "" for none.
    Raises:
        ValueError: what is no model, a model whose sizes are not known or whose call cannot be followed, an example of
            another shape, another detail.
    """
    if detail is not None and detail not in network_folding.DETAILS:
        known = ", ".join(map(repr, network_folding.DETAILS))
        raise ValueError(f"Expected detail to be one of {known} or None, got {detail!r}.")
    rough = None if example is None else _listed(example)
    parts = network_parts.read(model, rough)
    for part in parts:
        part.blocks = network_folding.folded(part.blocks, detail)
    values = [{} for _ in parts]
    if example is not None:
        values = network_values.activations(parts, _checked(rough, parts[0]))
    name = title or _title(model)
    total = weights(network_parts.weights(parts))
    figure = _figure(parts, values, f"{name}: {total}", names, _caption(caption, values))
    return display(figure, described(parts, name, total, example))


def _caption(caption, values):
    if caption is not None:
        return caption
    arrays = [value for part in values for value in part.values()]
    if not arrays:
        return "Lengths grow with the cube root of the numbers. Filled: with weights."
    maps = any(value.ndim >= 3 and value.shape[-1] >= 4 for value in arrays)
    said = "One example. Color: positive numbers, gray: negative."
    return f"{said} Of many maps, the four that vary most." if maps else said


def _figure(parts, values, title, names, caption):
    import matplotlib.pyplot as plt

    nodes = joined(parts, values)
    for part in range(len(parts)):
        own = [node for node in nodes if node.part == part]
        if own:
            before = max((node.column for node in nodes if node.part < part), default=-1)
            network_layout.give_columns(own)
            for node in own:
                node.column += before + 1
    network_nodes.give_sizes(nodes)
    several_outputs = sum(block.is_output for block in parts[-1].blocks) > 1
    _rows(nodes, lambda node: node.block.named and (names or (several_outputs and node.block.is_output)))
    nodes += network_layout.ghosts(nodes)
    network_nodes.give_sizes(nodes)
    widths = network_layout.column_widths(nodes)
    arcs = network_layout.arcs_of(nodes)
    headed = {node.band for node in nodes if parts[node.part].name and len(parts) > 1}
    width, height = network_layout.give_places(nodes, widths, arcs, headed)
    shift, text = 0.0, max(network_nodes.text_width(title, size=14), network_nodes.text_width(caption))
    if text + 0.3 > width:  # in the middle under a title that is wider
        shift, width = (text + 0.3 - width) / 2, text + 0.3
    for node in nodes:
        node.x += shift
    below = 0.3 if caption else 0.0
    figure = plt.figure(figsize=(width, height + 0.45 + below), facecolor=palette.PAPER)
    axis = figure.add_axes((0, 0, 1, 1))
    for node in nodes:
        network_glyphs.block(axis, node, node.value)
        network_glyphs.texts(axis, node)
        for source in node.sources:
            network_glyphs.connection(axis, source, node, arcs.get((id(source), id(node))))
    if len(parts) > 1:
        _headings(axis, nodes, parts)
    axis.set(xlim=(0, width), ylim=(-height - below, 0.45))
    axis.set_axis_off()
    axis.text(width / 2, 0.4, title, ha="center", va="top", fontsize=14)
    if caption:
        axis.text(width / 2, -height - below / 2, caption, ha="center", va="center", fontsize=network_nodes.FONT,
                  color=palette.MUTED)  # fmt: skip
    return figure


def _rows(nodes, named):
    """Lines of text and rows of blocks: the narrower text where it makes better rows."""
    costs = {}
    for narrow in (False, True):
        for node in nodes:
            network_nodes.give_lines(node, named(node), narrow)
        costs[narrow] = network_layout.give_bands(nodes, WIDEST - 2 * network_layout.MARGIN)
    if costs[False] <= costs[True] + 3:
        for node in nodes:
            network_nodes.give_lines(node, named(node))
        network_layout.give_bands(nodes, WIDEST - 2 * network_layout.MARGIN)


def _headings(axis, nodes, parts):
    for band in {node.band for node in nodes}:
        for number in sorted({node.part for node in nodes if node.band == band}):
            part, own = parts[number], [node for node in nodes if node.part == number and node.band == band]
            if not part.name:
                continue
            begun = any(node.part == number and node.band < band for node in nodes)
            more = "".join(f", and {twin} (the same layers)" for twin in part.twins)
            text = f"{part.name}, continued" if begun else f"{part.name}{more}{', frozen' if part.frozen else ''}"
            network_glyphs.heading(axis, own, text, part.color)


def described(parts, name, total, example=None):
    """The text alternative: every network of the drawing, block by block."""
    sentences = [f"Drawing of a neural network, {name}, with {total}."]
    for part in parts:
        blocks = [_said(block, part) for block in part.blocks if block.kind != "input"]
        takes = " and ".join(_given(block) for block in part.blocks if block.kind == "input")
        gives = " and ".join(size_said(block.shape) for block in part.blocks if block.is_output)
        sentences.append(f"{part.name.capitalize() or 'It goes'} from {takes} to {gives}: {'; '.join(blocks)}.")
    if example is not None:
        sentences.append("The activations of one example stand in the blocks.")
    return " ".join(sentences).replace("BN", "batch normalization")


def _given(block):
    return ", ".join(word for word in (across(block.shape), marks_of(block.marks)) if word)


def _said(block, part):
    made = block.said
    if block.kind == "merge":
        made += f" of {' and '.join(part.blocks[source].said for source in block.sources)}"
    notes = [note.replace("flatten:", "flattened to") for note in block.notes]
    text = ", ".join(word for word in (*notes, made, size_said(block.shape), marks_of(block.marks)) if word)
    return text + (f", {block.repeats} times" if block.repeats > 1 else "")


def _title(model):
    """The model's name; the class's where Keras made the name from it; "Network" where that says nothing."""
    kind = type(model).__name__
    if is_automatic(model):
        return kind if kind not in ("Functional", "Sequential", "Model") else "Network"
    words = model.name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _listed(example):
    """The inputs as a list of arrays. A list of numbers is one input, a list or dictionary of arrays several."""
    if isinstance(example, dict):
        example = [np.asarray(example[name]) for name in sorted(example)]  # Keras sorts the inputs' names, too
    several = isinstance(example, (list, tuple)) and all(hasattr(each, "shape") and each.shape for each in example)
    return [np.asarray(each) for each in (example if several else [example])]


def _checked(arrays, part):
    """The example as a batch of one for each input."""
    shapes = [tuple(tensor.shape[1:]) for tensor in part.feeds]
    single = [
        array[:1] if array.ndim > len(shape) else array[None] for array, shape in zip(arrays, shapes, strict=False)
    ]
    if not network_values.fits(single, shapes) or len(arrays) != len(shapes):
        wanted = ", ".join(f"[{', '.join('any' if side is None else str(side) for side in shape)}]" for shape in shapes)
        got = ", ".join(str(list(array.shape)) for array in arrays)
        raise ValueError(f"Expected an example of the shape {wanted}, got {got}. Pass one input, or a list of them.")
    return [array.astype("float32") if array.dtype.kind != "i" else array for array in single]
