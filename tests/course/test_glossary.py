"""The glossary is complete: the lectures define each of its terms once, and the deck's words are among them."""

from nbformat.v4 import new_markdown_cell, new_notebook

from coursekit.course import glossary
from coursekit.course.refresh import build, sources

# What a student must be able to look up who has only the deck's slides.
DECK = """unsupervised learning, supervised learning, reinforcement learning, self-supervision, density model,
generative model, RotNet, Deep InfoMax, mutual information, autoencoder, deep autoencoder, denoising autoencoder,
encoder, decoder, code, reconstruction loss, variational autoencoder, prior, evidence lower bound,
Kullback-Leibler divergence, cross-entropy, reparameterization, posterior collapse, generative adversarial network,
generator, discriminator, Jensen-Shannon divergence, mode collapse, minibatch, batch normalization,
transposed convolution, Fréchet distance, softmax, logit"""


def words(text):
    return [" ".join(word.split()) for word in text.split(",")]


def test_each_term_is_defined_in_its_lecture():
    assert glossary.entries({source.stem: build(source) for source in sources([])})[1] == []


def test_each_term_is_defined_once_and_the_decks_are_there():
    terms = [term for terms in glossary.TERMS.values() for term in words(terms)]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []
    assert [term for term in words(DECK) if term not in terms] == []


def test_a_definition_can_stand_alone(monkeypatch):
    monkeypatch.setattr(glossary, "TERMS", {"ae": "code, loss, hole, axis, norm"})
    text = """## Copies\n\nIt learns a *code*. A *code* is the [vector](05_vae.ipynb) in the middle.
\nThe *loss* of a copy is\n\n$$\\lVert x - y \\rVert^2 .$$\n\nThe decoder never saw
some places. Such a place is a *hole*.
\n**Every *axis* can be turned.**\n\n- a *norm* measures lengths;\n\n## Exercises\n\nA *map* is left out."""
    found, missing = glossary.entries({"04_ae": new_notebook(cells=[new_markdown_cell(text)])})
    assert missing == []
    assert {entry.term: entry.definition for entry in found} == {
        "axis": "Every *axis* can be turned.",
        "code": "A *code* is the vector in the middle.",
        "hole": "The decoder never saw some places. Such a place is a *hole*.",
        "loss": "The *loss* of a copy is\n\n$$\\lVert x - y \\rVert^2 .$$",
        "norm": "A *norm* measures lengths.",
    }
    assert {entry.section for entry in found} == {"Copies"}


def test_a_term_that_its_lecture_does_not_define_is_named(monkeypatch):
    monkeypatch.setattr(glossary, "TERMS", {"ae": "span"})
    lecture = new_notebook(cells=[new_markdown_cell("# A span is no *spanner*.\n\nA span has no mark.")])
    assert "*span* in the sentence of 04_ae" in glossary.entries({"04_ae": lecture})[1][0]
    assert glossary.page({"04_ae": lecture}) == ""
