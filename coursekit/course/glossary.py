"""The glossary: each term of the course with the sentence that defines it, taken from the lectures.

A lecture marks a definition by emphasis: the term stands in *italics* or **bold** in the sentence that says what it is,
and in `TERMS` under the lecture. `python -m coursekit.course.glossary` writes `notebooks/glossary.md` from the sources,
and so does `coursekit refresh`; `coursekit render` makes a page of the lectures that it renders.
"""

import re
from dataclasses import dataclass

from coursekit import atomic, paths
from coursekit.course.slide_parts import blocks, sentences

FILE = "glossary.md"
# Lecture, without its number -> the terms that it defines, each there only.
TERMS = {
    "start_here": "nat, cross-entropy, entropy, Kullback-Leibler divergence, softmax, training step, minibatch, epoch",
    "unsupervised_overview": (
        "reinforcement learning, supervised learning, unsupervised learning, bit, contextual bandit, "
        "arithmetic coder, variational autoencoder, bound, density model, generative model, "
        "maximum likelihood, histogram, kernel density estimate, mixture, generative adversarial network, "
        "self-supervision, generator, discriminator, Jensen-Shannon divergence"
    ),
    "self_supervision": "features, linear probe, mask, logit",
    "rotnet": "pretext task, RotNet, batch normalization, shortcut",
    "mutual_information": "mutual information, log-ratio, score network",
    "deep_infomax": "Deep InfoMax, local map",
    "autoencoders": (
        "autoencoder, principal component analysis, covariance matrix, unexplained variance, encoder, "
        "decoder, code, span, principal angles, deep autoencoder, reconstruction loss, floor, "
        "sparse autoencoder, penalty, convolutional autoencoder, pooling, denoising autoencoder, "
        "noise factor, peak signal-to-noise ratio, reconstruction error, ROC curve, "
        "area under the ROC curve, hole"
    ),
    "variational_autoencoders": "prior, evidence lower bound, reparameterization",
    "vae_in_use": "importance weight, posterior collapse, rate, distortion",
    "music_vae": "piano roll, recurrent, teacher forcing, temperature, attribute vector, conductor",
    "gan": "density, Nash equilibrium",
    "gan_in_practice": "mode collapse, R1 penalty, averaging, Fréchet distance, precision, recall, coverage, KID",
    "dcgan": "transposed convolution, leaky ReLU",
    "dcgan_explored": "latent space, support vector machine",
    "soft_introvae": "price, margin, expELBO, equilibrium",
    "style": "Gram matrix, adaptive instance normalization",
    "stylegan": "mapping, modulation, demodulation, style mixing, truncation",
}
# What a sentence that cannot stand alone begins with.
BACK = re.compile(r"[*(]*(This|That|These|Such|It|Its|They|In this|.{0,40} (like this|in this way)\b)\b")
SHORT = 15  # words; where the term stands in a shorter sentence that does not say what it is, the next one does
HEAD = """# Glossary

Each term stands here with the sentence of the lecture that defines it. Made from the lectures by
`coursekit.course.glossary`."""


@dataclass(frozen=True)
class Entry:
    """A term, the sentence that defines it (Markdown, with the formula that it leads to), and where that stands."""

    term: str
    definition: str
    stem: str
    section: str


def entries(notebooks: dict) -> tuple[list[Entry], list[str]]:
    """The terms that these lectures define, in alphabetical order.

    Args:
        notebooks: {stem: notebook (nbformat)}; other lectures' terms are left out.
    Returns:
        (entries, what is missing, a line for each term that its lecture does not emphasize)
    """
    found, missing = [], []
    for stem, notebook in notebooks.items():
        said = list(_sentences(notebook))
        for term in filter(None, TERMS.get(stem.partition("_")[2], "").split(", ")):
            if entry := _entry(term, stem, said):
                found.append(entry)
            else:
                missing.append(f"Expected *{term}* in the sentence of {stem} that defines it, found no such emphasis.")
    return sorted(found, key=lambda entry: entry.term.lower()), missing


def page(notebooks: dict) -> str:
    """The glossary of these lectures as a page in Markdown; empty if they define no term. Arguments as of `entries`."""
    lines = [f"**{entry.term}**: {entry.definition}{_gap(entry)}({_place(entry)})" for entry in entries(notebooks)[0]]
    return "\n\n".join([HEAD, *lines]) + "\n" if lines else ""


def write() -> None:
    """Writes `notebooks/glossary.md` from the lectures' sources, if they define any term."""
    from coursekit.course import refresh

    if text := page({source.stem: refresh.build(source) for source in refresh.sources([])}):
        atomic.write_text(paths.notebooks() / FILE, text)


def committed() -> str:
    """The text of `notebooks/glossary.md`; empty if there is none."""
    path = paths.notebooks() / FILE
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _entry(term, stem, said):
    for number, mark in enumerate(_marks(term)):
        for sentence, section, following in said:
            if mark.search(sentence):
                explained = number < 2 or len(sentence.split()) >= SHORT
                return Entry(term, sentence if explained else f"{sentence} {following}".strip(), stem, section)
    return None


def _marks(term):
    """Patterns of a sentence with the term emphasized, the best first: it says what the term is; or it has the term
    alone in the emphasis; or with other words."""
    term = re.escape(term)
    alone = rf"(?<!\*)(?P<mark>\*\*?)(?:(?:an?|the) )?{term}(?P=mark)(?!\*)"
    says = r"[^.:;]{0,40}? (?:is|are|was|means|says|shows|makes|takes|turns|counts)\b"
    for pattern in (
        rf"^(?:\*\*)?(?:(?:An?|The|One) )?{alone}{says}",
        rf"\b(?:is|are|called) (?:an? |the )?{alone}",
        alone,
        rf"(?<!\*)(?P<mark>\*\*?)(?!\*)(?:(?!(?P=mark)).)*\b{term}\b(?:(?!(?P=mark)).)*(?P=mark)",
    ):
        yield re.compile(pattern, re.IGNORECASE)


def _gap(entry):
    return "\n\n" if entry.definition.rstrip(".,").endswith("$$") else " "


def _place(entry):
    number = entry.stem.partition("_")[0]
    lecture = "appendix" if number >= "90" else f"lecture {int(number)}"
    return f"[{lecture}]({entry.stem}.ipynb), “{entry.section}”"


def _sentences(notebook):
    """(sentence, section, the next sentence) of all prose, from the exercises on left out.

    A sentence that leads to a formula has it, and one that points back ("This is ...") has the one before it.
    """
    section = ""
    for cell in notebook.cells:
        found, before = blocks(cell.source) if cell.cell_type == "markdown" else [], ""
        for (kind, block), (next_kind, following) in zip(found, [*found, ("", "")][1:], strict=True):
            if kind == "title":
                section, before = block.lstrip("# "), ""
            if section == "Exercises":
                return
            for text in _paragraphs(kind, block):
                said = sentences(text)
                if next_kind == "formula" and not re.search(r"[.!?][)*_”\"]*$", said[-1]):
                    said[-1] += f"\n\n{following}\n"
                for sentence, after in zip(said, [*said, ""][1:], strict=True):
                    yield _alone(f"{before} {sentence}" if BACK.match(sentence) else sentence), section, after
                    before = sentence


def _paragraphs(kind, block):
    if kind == "paragraph":
        return [block]
    if kind == "list":
        items = re.split(r"^(?:[-*+]|\d+\.) +", block, flags=re.MULTILINE)
        return [item.strip() for item in items if item.strip()]
    return []


def _alone(sentence):
    """The sentence as it can stand outside of its paragraph: no link to a neighbor, no bold frame, and a full stop."""
    sentence = re.sub(r"(?<!!)\[([^\]]*)\]\([^)]*\)", r"\1", sentence.strip())
    if whole := re.fullmatch(r"\*\*(?=\S)((?:(?!\*\*).)+)\*\*", sentence, re.DOTALL):
        sentence = whole[1] if "*" in whole[1] else sentence
    if sentence.endswith(";"):
        sentence = sentence[:-1] + "."
    return sentence[:1].upper() + sentence[1:]


if __name__ == "__main__":
    write()
