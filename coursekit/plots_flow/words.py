"""A flow in words: what somebody hears who cannot see the drawing."""

import re

SPOKEN = {
    r"\hat": " hat",
    r"\tilde": " tilde",
    r"\bar": " bar",
    r"\mid": "given",
    r"\sim": "drawn from",
    r"\in": "in",
    r"\varepsilon": "epsilon",
    r"\cdot": "times",
    r"\odot": "times",
    r"\times": "times",
    r"\to": "to",
    r"\ldots": "and so on",
    r"\vdots": "and so on",
    r"\leq": "at most",
    r"\geq": "at least",
    r"\parallel": "from",
    r"\quad": "",
}


def plain(label):
    """A label without its mathematics' signs: r"$\\hat x$" is "x hat"."""
    text = " ".join(str(label).split())
    for accent in (r"\hat", r"\tilde", r"\bar"):
        text = re.sub(re.escape(accent) + r"\s*(?:\{([^{}]*)\}|(\w))", lambda m, a=accent: (m[1] or m[2]) + SPOKEN[a], text)
    text = re.sub(r"\\(?:mathrm|text|mathbf|mathcal|mathbb|mathit|operatorname)\b", "", text)
    text = re.sub(r"\\[a-zA-Z]+", lambda found: f" {SPOKEN.get(found.group(), found.group()[1:])} ", text)
    text = re.sub(r"_\{?", " ", text).replace("^2", " squared").replace("^", " to the ")
    text = re.sub(r"[${}\\]", "", text)
    return re.sub(r"\s+([,.)\]])", r"\1", re.sub(r"([(\[])\s+", r"\1", re.sub(r"\s+", " ", text))).strip()


def listed(names, word="and"):
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def describe(graph, title=""):
    """Sentences: what goes into what, what is drawn at random, whose weights move, where the gradient goes and stops."""
    boxes = graph.boxes
    say = {name: _called(box) for name, box in boxes.items()}
    first = {name: plain(box.label) for name, box in boxes.items()}
    parts = [f"{title.rstrip('.')}." if title else ""]
    for group in _alike(graph):
        box = boxes[group[0]]
        sources = [say[arrow.source] for arrow in graph.into(group[0])]
        if not sources:
            continue
        verb = "go" if len(sources) > 1 else "goes"
        names = listed([say[name] for name in group])
        if box.kind in ("network", "loss"):
            parts.append(f"{listed(sources)} {verb} into {names}.")
        else:
            parts.append(f"{listed(sources)} {'give' if len(sources) > 1 else 'gives'} {names}.")
    for arrow in graph.arrows:
        note = f" ({plain(arrow.note)})" if arrow.note else ""
        if arrow.kind == "next":
            parts.append(f"{say[arrow.source]} leads back to {say[arrow.target]}{note}.")
        elif arrow.kind == "shared":
            parts.append(f"{first[arrow.source]} and {first[arrow.target]} share their weights.")
        elif arrow.note:
            parts.append(f"On the way from {first[arrow.source]} to {first[arrow.target]}: {plain(arrow.note)}.")
    for box in boxes.values():
        if box.notes:
            parts.append(f"{first[box.name]}: {'; '.join(plain(note) for note in box.notes)}.")
    networks = [box for box in boxes.values() if box.kind == "network"]
    for state, words in ((True, "The weights of {} move."), (False, "The weights of {} are held fixed.")):
        names = list(dict.fromkeys(first[box.name] for box in networks if box.moves is state))
        if names:
            parts.append(words.format(listed(names)))
    parts += _gradient(graph, first)
    return " ".join(_capital(part) for part in parts if part)


def _capital(sentence):
    return sentence[0].upper() + sentence[1:] if sentence[:2].rstrip(",.").isalpha() and len(sentence.split()[0]) > 1 else sentence


def _called(box):
    name = plain(box.label)
    kinds = {"network": "the network {}", "loss": "the loss {}", "random": "the random draw {}"}
    return kinds.get(box.kind, "{}").format(name)


def _alike(graph):
    """Boxes in groups that the same boxes lead into, of one kind: said in one sentence."""
    groups = {}
    for name, box in graph.boxes.items():
        sources = tuple(arrow.source for arrow in graph.into(name))
        groups.setdefault((sources, box.kind in ("network", "loss")), []).append(name)
    return sorted(groups.values(), key=lambda group: min(graph.boxes[name].column for name in group))


def _gradient(graph, first):
    passing = [arrow for arrow in graph.arrows if arrow.gradient == "passes"]
    stopped = [arrow for arrow in graph.arrows if arrow.gradient == "stops"]
    order = sorted(passing, key=lambda arrow: -graph.boxes[arrow.target].column)
    steps = [f"from {first[arrow.target]} to {first[arrow.source]}" for arrow in order]
    said = [f"The gradient runs back {listed(steps)}."] if steps else []
    if stopped:
        ends = [f"between {first[arrow.target]} and {first[arrow.source]}" for arrow in stopped]
        said.append(f"{'It' if said else 'The gradient'} stops {listed(ends)}.")
    return said
