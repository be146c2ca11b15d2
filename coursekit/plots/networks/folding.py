"""Fewer blocks for a deep network: repeated ones are drawn once, with how often; modules and stages as one block."""

from collections import Counter
from dataclasses import replace

from coursekit.plots.networks.words import across

MOST = {"layers": 18, "modules": 24, "stages": 10**9}  # blocks that a drawing shows at each detail
DETAILS = ("layers", "modules", "stages")


def folded(blocks, detail=None):
    """The blocks of a network, folded as far as legible.

    Args:
        blocks: list of `Block`. detail: how much is folded: "layers", nothing; "modules", each residual block, each set
            of parallel branches is one, and like ones in a row are one; "stages", all at one size is one. None: the
            first of these with at most 24 blocks.
    """
    for kind in DETAILS if detail is None else (detail,):
        found = {"layers": _layers, "modules": _modules, "stages": _stages}[kind](blocks)
        if len(found) <= MOST[kind]:
            break
    return _linked(blocks, found)


def _layers(blocks):
    return [(block, [place]) for place, block in enumerate(blocks)]


def _modules(blocks):
    found = []
    for region in regions(blocks):
        whole = len(region) > 1 and not any(blocks[place].kind in ("input", "network") for place in region)
        if whole and not any(blocks[place].is_output for place in region[:-1]):
            found.append((_as_one(blocks, region), region))
        else:
            found += [(blocks[place], [place]) for place in region]
    return _repeats(blocks, _separable(blocks, found))


def _stages(blocks):
    """Everything from one change of size to the next as one block; what has no size across stays as it is."""
    groups, now = [], None
    for block, region in _modules(blocks):
        size = block.shape[:-1] if len(block.shape) > 2 and block.kind not in ("input", "network", "merge") else None
        ended = size is None or size != now or groups[-1][-1][0].is_output
        if ended or not _follows(blocks, groups[-1][-1][1], region):
            groups.append([(block, region)])
        else:
            groups[-1].append((block, region))
        now = size
    joined = lambda group: [place for _, region in group for place in region]
    return [(_stage([block for block, _ in group]), joined(group)) if len(group) > 1 else group[0] for group in groups]


def _follows(blocks, before, region):
    """Whether a stretch takes the stretch before, and nothing else."""
    outside = {source for place in region for source in blocks[place].sources if source not in region}
    return bool(outside) and outside <= set(before)


def _linked(blocks, found):
    """The blocks of stretches, each with the places of those that it takes."""
    new = {place: index for index, (_, region) in enumerate(found) for place in region}
    linked = []
    for index, (block, region) in enumerate(found):
        sources = dict.fromkeys(new[source] for place in region for source in blocks[place].sources)
        linked.append(replace(block, sources=[source for source in sources if source != index]))
    return linked


def _stage(group):
    layers = sum(block.layers * block.repeats for block in group)
    most = Counter(_kind(block) for block in group).most_common(1)[0][0]
    return replace(
        group[-1],
        kind="stage",
        short=(f"{layers} layers", *([most] if most else [])),
        said=f"{layers} layers, most in a {most}" if most else f"{layers} layers",
        weights=sum(block.weights for block in group),
        notes=[],
        marks=[],
        layers=layers,
        repeats=1,
    )


def _kind(block):
    return block.short[0] if block.kind == "module" else ""


def regions(blocks):
    """The blocks as a chain of stretches, lists of places: all that runs from one stretch to the next leaves the last
    block of it. A stretch of one is a block in a row; a longer one has branches or shortcuts inside."""
    last_use = {}
    for place, block in enumerate(blocks):
        for source in block.sources:
            last_use[source] = place
    found, begin, reach = [], 0, -1
    for place in range(len(blocks)):
        reach = max(reach, last_use.get(place - 1, -1))
        last = place == len(blocks) - 1
        if last or (reach <= place and place in blocks[place + 1].sources):
            found.append(list(range(begin, place + 1)))
            begin = place + 1
    return found


def _as_one(blocks, region):
    inner, last = [blocks[place] for place in region], blocks[region[-1]]
    path = _longest_path(blocks, region)
    kernels = [_short_kernel(blocks[place]) for place in path]
    kernels = [kernel for kernel in kernels if kernel]
    outside = [source for source in last.sources if source < region[0]]
    if last.kind == "merge" and last.short == ("+",):
        called = "residual block"
    elif last.kind == "merge" and outside:
        called = "concat block" if last.short == ("concat",) else "gated block"
    else:
        called = f"{max(len(last.sources), 2)} branches"
    layers = [block for block in inner if block.kind != "merge"]
    shown = (" ".join(kernels),) if 0 < len(kernels) <= 3 else ()
    return replace(
        last,
        kind="module",
        short=(called, *shown),
        said=f"{called} of {len(layers)} layers" + (f" ({', '.join(kernels)})" if kernels else ""),
        weights=sum(block.weights for block in inner),
        notes=[],
        layers=len(layers),
        marks=[],
        kernel=(),
    )


def _longest_path(blocks, region):
    length, before = {}, {}
    for place in region:
        inside = [source for source in blocks[place].sources if source in length]
        before[place] = max(inside, key=length.get, default=None)
        length[place] = 1 + (length[before[place]] if inside else 0)
    path, place = [], region[-1]
    while place is not None:
        path.append(place)
        place = before[place]
    return path[::-1]


def _short_kernel(block):
    if block.kind not in ("convolution", "transposed") or not block.kernel:
        return ""
    return across(block.kernel).replace(" ", "") + ("dw" if block.short[0] == "depthwise" else "")


def _separable(blocks, found):
    """A depthwise convolution and a 1 x 1 convolution behind it, as one."""
    joined = []
    for block, region in found:
        before = joined[-1][0] if joined else None
        depthwise = (
            before is not None and before.short[:1] == ("depthwise",) and _follows(blocks, joined[-1][1], region)
        )
        if depthwise and block.kind == "convolution" and set(block.kernel) == {1}:
            kernel = across(before.kernel)
            one = replace(
                block,
                kind="module",
                short=("separable", f"conv {kernel}"),
                said=f"depthwise convolution {kernel} and 1 × 1 convolution",
                weights=before.weights + block.weights,
                layers=2,
            )
            joined[-1] = (one, [*joined[-1][1], *region])
        else:
            joined.append((block, region))
    return joined


def _looks(block):
    """What must be alike in blocks that are drawn as one: not the stride of the first, not the maps of each."""
    if block.kind in ("input", "network", "reshape"):
        return None
    lines = tuple(line for line in block.short if not line.startswith("stride"))
    return block.kind, lines, block.shape[:-1] if len(block.shape) > 2 else block.shape, tuple(block.marks)


def _repeats(blocks, found):
    """Like blocks in a row as one."""
    kept = []
    for block, region in found:
        look = _looks(block)
        alike = kept and look and look == _looks(kept[-1][0]) and not kept[-1][0].is_output
        if alike and _follows(blocks, kept[-1][1], region):
            before, places = kept[-1]
            both = {"repeats": before.repeats + 1, "weights": before.weights + block.weights}
            kept[-1] = (replace(block, **both), [*places, *region])
        else:
            kept.append((block, region))
    return kept
