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
    r"\sum": "sum of",
    r"\quad": "",
}


def plain(label):
    r"""A label without its mathematics' signs: $\hat x$ is "x hat"."""
    text = " ".join(re.sub(r"\\[,;:! ]", " ", str(label)).split())
    for accent in (r"\hat", r"\tilde", r"\bar"):
        spoken = lambda found, accent=accent: (found[1] or found[2]) + SPOKEN[accent]
        text = re.sub(re.escape(accent) + r"\s*(?:\{([^{}]*)\}|(\w))", spoken, text)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r" \1 over \2 ", text)
    text = re.sub(r"\\(?:mathrm|text|mathbf|mathcal|mathbb|mathit|operatorname)\b", "", text)
    text = re.sub(r"\\[a-zA-Z]+", lambda found: f" {SPOKEN.get(found.group(), found.group()[1:])} ", text)
    text = re.sub(r"_\{?", " ", text).replace("^2", " squared").replace("^", " to the ")
    text = re.sub(r"[${}\\]", "", text).replace("…", "and so on").replace("⋮", "and so on")
    text = re.sub(r"^(\s*\w+)\s*,\s*(\w+\s*)$", r"\1 and \2", text) if "$" in str(label) else text
    return re.sub(r"\s+([,.)\]])", r"\1", re.sub(r"([(\[])\s+", r"\1", re.sub(r"\s+", " ", text))).strip()


def listed(names):
    """ "a", "a and b", "a, b and c"."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def describe(graph, title=""):
    """Sentences: what goes into what, what is drawn at random, whose weights move, where the gradient goes."""
    boxes = graph.boxes
    name = {key: _called(box) for key, box in boxes.items()}
    first = {key: name[key] + _noted(box) for key, box in boxes.items()}  # with the notes, where a box is first said
    parts = [title]

    def say(key):
        words, first[key] = first[key], name[key]
        return words

    def source(key):
        return f"the output of {name[key]}" if boxes[key].kind == "network" else say(key)

    for group in _alike(graph):
        sources = [arrow.source for arrow in graph.into(group[0])]
        box = boxes[group[0]]
        if not sources or (_only_output(graph, group[0]) and box.kind not in ("network", "loss")):
            continue  # said with the network that gives it
        many = len(sources) > 1
        given = listed(map(source, sources))
        if box.kind not in ("network", "loss"):
            parts.append(f"{given} {'lead' if many else 'leads'} to {listed(map(say, group))}")
            continue
        for key in group:
            outputs = [arrow.target for arrow in graph.out_of(key) if _only_output(graph, arrow.target)]
            outputs = [say(output) for output in outputs if boxes[output].kind not in ("network", "loss")]
            which = f", which gives {listed(outputs)}" if boxes[key].kind == "network" and outputs else ""
            parts.append(f"{given} {'go' if many else 'goes'} into {say(key)}{which}")
    parts += _other_arrows(graph, name)
    for moves, words in ((True, "The weights of {} move"), (False, "The weights of {} are held fixed")):
        networks = dict.fromkeys(
            name[key] for key, box in boxes.items() if box.kind == "network" and box.moves is moves
        )
        if networks:
            parts.append(words.format(listed(networks)))
    parts += _gradient(graph, name)
    return " ".join(map(sentence, filter(None, parts)))


def sentence(text):
    """With a capital letter, unless it begins with a symbol, and a full stop, unless it ends with another sign."""
    word = re.match(r"[a-z]{2,}\b", text)
    return (text[0].upper() + text[1:] if word else text) + ("" if text[-1] in ".?!:" else ".")


def _called(box):
    """A box as one speaks of it: "the encoder", "the loss KL", "the random draw z", and symbols by themselves."""
    name = plain(box.label)
    bare = (
        box.label.startswith("$") or not re.match(r"[a-z]{2}", name) or re.match(r"(the|a|an|one|two|each|and)\b", name)
    )
    if box.kind == "random":
        return f"the random draw {name}"
    if box.kind == "loss" and (bare or not re.search(r"loss|error|entropy", name)):
        return f"the loss {name}"
    return name if bare else f"the {name}"


def _noted(box):
    return f" ({'; '.join(plain(note) for note in box.notes)})" if box.notes else ""


def _only_output(graph, key):
    """Whether the box is what one network gives, and nothing else leads into it."""
    sources = graph.into(key)
    return len(sources) == 1 and graph.boxes[sources[0].source].kind == "network"


def _alike(graph):
    """Boxes in groups that the same boxes lead into: said in one sentence."""
    groups = {}
    for key, box in graph.boxes.items():
        sources = tuple(arrow.source for arrow in graph.into(key))
        groups.setdefault((sources, box.kind in ("network", "loss")), []).append(key)
    return sorted(groups.values(), key=lambda group: min(graph.boxes[key].column for key in group))


def _other_arrows(graph, name):
    parts = []
    for arrow in graph.arrows:
        one, other, note = name[arrow.source], name[arrow.target], plain(arrow.note)
        if arrow.kind == "next":
            parts.append(f"For the next round, {one} leads back to {other}{f' ({note})' if note else ''}")
        elif arrow.kind == "shared":
            both = (
                f"Both networks called {plain(graph.boxes[arrow.source].label)}"
                if one == other
                else f"{one} and {other}"
            )
            parts.append(f"{both} have the same weights")
        elif note:
            parts.append(f"On the way from {one} to {other}: {note}")
        if arrow.gradient_note:
            parts.append(f"On the gradient from {other} to {one}: {plain(arrow.gradient_note)}")
    return parts


def _gradient(graph, name):
    passing = [arrow for arrow in graph.arrows if arrow.gradient == "passes"]
    starts = {arrow.target for arrow in passing} - {arrow.source for arrow in passing}
    ends = {arrow.source for arrow in passing} - {arrow.target for arrow in passing}
    touched = {end for arrow in passing for end in (arrow.source, arrow.target)}
    order = sorted(touched, key=lambda key: (-graph.boxes[key].column, list(name).index(key)))
    pick = lambda keys: listed(name[key] for key in order if key in keys)
    between = touched - starts - ends
    through = f", through {pick(between)}," if between else ""
    said = [f"The gradient runs back from {pick(starts)}{through} to {pick(ends)}"] if passing else []
    stopped = [f"{name[a.target]} and {name[a.source]}" for a in graph.arrows if a.gradient == "stops"]
    if stopped:
        said.append(f"{'It' if said else 'The gradient'} stops between {'; between '.join(stopped)}")
    return said
