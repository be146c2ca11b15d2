"""The networks of a model side by side: which blocks are drawn, in which colors, and what is a picture."""

from coursekit.plots import palette
from coursekit.plots.networks.nodes import Node


def joined(parts, values):
    """All blocks as nodes; the input of a network that goes on from the one before is the other's output."""
    nodes, ends = [], []
    for number, part in enumerate(parts):
        makes = part.color in (palette.DECODER, palette.GENERATOR)
        before_decoder = number + 1 < len(parts) and parts[number + 1].color == palette.DECODER
        follows_code = not makes and (before_decoder or part.name == "encoder")
        own, notes = {}, []
        inputs = [block for block in part.blocks if block.kind == "input"]
        for place, block in enumerate(part.blocks):
            before, how = _link(block, ends, part) if inputs == [block] and not part.inside else (None, "")
            if how == "same":
                own[place], notes = before, block.marks
                continue
            if block.kind == "input":
                _name_input(block, part, nodes, before, how)
            color = _color_of(block, part, follows_code, number == 0)
            node = Node(block, number, color, part.color, [own[source] for source in block.sources])
            node.value = values[number].get(place)
            if notes and block.sources:
                block.notes, notes = [*notes, *block.notes], []
            if before is not None:
                node.sources, node.dashed = [before], True
            if how == "drawn":
                block.short = ("= the mean,", "no noise") if values[number] else ("= mean +", "std × noise")
            _as_picture(node, makes)
            own[place] = node
            nodes.append(node)
        ends = [own[place] for place, block in enumerate(part.blocks) if block.is_output and place in own]
    return nodes


def _name_input(block, part, nodes, before, how):
    """What a network is given, where that can be told from the network before, the network's name and its sizes."""
    if how == "drawn":
        block.name, half = "z", f"{block.shape[0]:,}"
        before.block.marks += [f"{half} means", f"{half} log variances"]
    elif how == "shown":
        block.name = "data or sample"
    if not block.name.startswith(("input", "keras_tensor")):
        return
    if part.color in (palette.DECODER, palette.GENERATOR):
        block.name = "noise" if "generator" in (part.name or part.model.name) else "code"
    elif part.color == palette.DISCRIMINATOR and any(
        node.color == palette.CODE and node.block.is_output and node.block.shape == block.shape for node in nodes
    ):
        block.name = "code"


def _link(block, ends, part):
    """(node, how) of the network before that this one goes on from: "same", it takes the other's output; "shown", that
    among others; "drawn", a sample of the distribution that the other's output describes."""
    for node in reversed(ends):
        shape = node.block.shape
        if shape == block.shape:
            return node, "shown" if part.color == palette.DISCRIMINATOR else "same"
        if len(shape) == len(block.shape) == 1 and part.color == palette.DECODER and shape[0] == 2 * block.shape[0]:
            return node, "drawn"
    return None, ""


def _as_picture(node, makes):
    """Whether a node's values are an image: shown as it is, not as activations."""
    block, value = node.block, node.value
    if value is None or not (block.kind == "input" or block.is_output):
        return
    shape, made = block.shape, block.is_output and block.kind != "input"
    if len(shape) == 3:
        node.picture = shape[-1] in (1, 3)
    elif len(shape) == 1 and value.size >= 64 and round(value.size**0.5) ** 2 == value.size:
        given = block.kind == "input" and not makes and value.min() >= 0  # tables of measurements have negative ones
        node.picture = (made and makes) or (given and (node.part == 0 or node.dashed))
    node.logits = node.picture and made and not block.marks and float(value.min()) < 0


def _color_of(block, part, follows_code, is_first):
    """What a block's color says: data, a code, or whose weights made it."""
    if block.kind != "input":
        return palette.CODE if follows_code and block.is_output else part.color
    makes = part.color in (palette.DECODER, palette.GENERATOR)
    of_part_before = not is_first and len(block.shape) == 1 and part.color != palette.DISCRIMINATOR and not part.inside
    if makes or of_part_before or block.name == "code":
        return palette.CODE
    return part.color if block.taken else palette.DATA
