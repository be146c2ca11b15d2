import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from coursekit import paths
from coursekit.course import CourseError, chromium, slide_layout, slide_parts, slide_sizes
from coursekit.course.slides import problems, render_slides

LECTURES = sorted(paths.notebooks().glob("*.ipynb"))
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def cell(make, source, kind="-", tags=(), **settings):
    return make(source, metadata={"slideshow": {"slide_type": kind}, "tags": list(tags)}, **settings)


def text(source, kind="-"):
    return cell(new_markdown_cell, source, kind)


def code(source, *outputs, tags=()):
    return cell(new_code_cell, source, tags=tags, execution_count=1, outputs=list(outputs))


def picture():
    return new_output("display_data", {"image/png": PIXEL}, metadata={"image/png": {"width": 761, "alt": "A curve"}})


def printed(words):
    return new_output("stream", name="stdout", text=words)


def layout(*cells):
    return slide_layout.slides(slide_parts.parts(new_notebook(cells=list(cells))))


def words_on(slide):
    shown = [slide.title, slide.message, *slide.body, slide.takeaway, *slide.prints]
    return "\n".join([*(part.text for part in shown if part), *slide.notes])


def plain(markdown):
    """The words, without the marks of headings, boxes and tables."""
    return " ".join(re.sub(r"[#>|]", " ", markdown).split())


def test_cells_become_slides_of_one_file(tmp_path):
    cells = [
        text("# Autoencoders & more\n\n$x$ is what one sees.", "slide"),
        code("1 + 1  # shown", tags=["central"]),
        code("2 + 2  # hidden", picture(), printed("✓ it holds")),
        text("## Denoising\n\nIt takes the noise away. That was the short of it.", "slide"),
        text("### Noise", "subslide"),
        text("only on the page", "skip"),
    ]
    path = tmp_path / "03_ae.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    written = render_slides(path, tmp_path / "slides" / "03_ae.html").read_text()
    assert "<title>Autoencoders &amp; more</title>" in written
    body = written[written.index('<main><div class="reveal">') :]
    assert body.count("<section>") == 2 + 3, "two stacks, three slides"
    assert "shown" in body
    assert "hidden" not in body
    assert 'alt="A curve"' in body
    assert "it holds" in body
    assert "only on the page" not in body
    assert "That was the short of it" in re.search(r'<aside class="notes">.*short.*?</aside>', body, re.DOTALL)[0]
    assert "embed-amd" not in written, "no widget, no widget code"
    assert re.findall(r'<(?:script|link)[^>]*(?:src|href)="(?!#)[^"]*"', written) == []
    assert problems(path) == []


def test_a_notebook_that_was_not_executed_is_refused(tmp_path):
    path = tmp_path / "03_ae.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), path)
    with pytest.raises(CourseError, match="run `coursekit run 03_ae`"):
        render_slides(path, tmp_path / "slides.html")


SENTENCES = [
    ["It is *longer* than that.", "The 2nd is here!"],
    ["After Burda et al. (2016) and D. Kingma.", "Next."],
    ["**Both. At once.**", "$a. B$ and `c. D` (so. Or so).", "Yes."],
    ['It says "no."', "Then [a link. With a stop](https://a.b/C.D).", "End."],
    ["At first ... Then 0.5 nats"],
]


@pytest.mark.parametrize("sentences", SENTENCES, ids=lambda sentences: sentences[0])
def test_a_paragraph_is_cut_between_its_sentences(sentences):
    assert slide_parts.sentences("\n".join(sentences)) == sentences


def test_prose_gives_a_message_and_what_a_formula_needs():
    prose = "This is one thing. Another. It is a **code**. So let us add\n\n$$a + b$$\n\nwhere a is. (An aside.)"
    cell = text(prose + "\n\n> **Predict.** A?")
    assert [(part.kind, part.text) for part in slide_parts.parts(new_notebook(cells=[cell]))] == [
        ("message", "This is one thing."),
        ("text", "It is a **code**. So let us add"),
        ("note", "This is one thing. Another. It is a **code**. So let us add"),
        ("formula", "$$a + b$$"),
        ("note", "where a is. (An aside.)"),
        ("box", "> **Predict.** A?"),
    ]


def test_a_prediction_comes_before_the_picture_and_the_conclusion_with_it():
    first, second = layout(
        text("## Noise\n\nHow much of it is there to see?\n\n> **Predict.** How much?", "slide"),
        code("draw()", picture(), printed("✓ much")),
        text("There is a lot of it. More would not help."),
    )
    assert first.body[-1].kind == "box"
    assert (second.message.text, second.seen[0].kind, second.prints[0].text) == (
        "There is a lot of it.",
        "picture",
        "✓ much",
    )
    assert (second.head, second.notes) == ("Noise", ["There is a lot of it. More would not help."])


def test_what_is_too_long_goes_on_on_the_next_slide():
    rows = "\n".join(f"| row {n} | what it holds |" for n in range(40))
    long = "\n".join(f"line_{n} = {n}" for n in range(60))
    items = "\n".join(
        f"- item {n} of a list that has a line and a half of words, or two lines of them" for n in range(30)
    )
    slides = layout(text(f"## Long\n\n| a | b |\n|---|---|\n{rows}\n\n{items}", "slide"), code(long, tags=["central"]))
    assert [slide.too_high for slide in slides] == [0] * len(slides)
    assert len(slides) > 6
    assert sum("|---|---|" in words_on(slide) for slide in slides) > 1, "each piece of a table has its header"
    everything = "\n".join(map(words_on, slides)) + "\n"
    for expected in [*rows.split("\n"), *long.split("\n"), *items.split("\n")]:
        assert everything.count(expected + "\n") == 1


def test_what_cannot_be_divided_is_named(tmp_path):
    path = tmp_path / "01_long.ipynb"
    nbformat.write(new_notebook(cells=[text(f"## Long\n\n> {'many words ' * 300}", "slide")]), path)
    (line,) = problems(path)
    assert re.match(r"slide 2 \(Long\): about \d+ pixels too high, mostly a box that begins `> many", line)


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_no_word_and_no_picture_of_a_lecture_is_lost(path):
    notebook = nbformat.read(path, as_version=4)
    slides = slide_layout.slides(slide_parts.parts(notebook))
    there = plain("\n".join(map(words_on, slides)))
    shown = [cell for cell in notebook.cells if cell.metadata.slideshow.slide_type != "skip"]
    for each in shown:
        if each.cell_type == "markdown":
            for kind, block in slide_parts.blocks(slide_parts.without_neighbors(each.source)):
                for sentence in block.split("\n") if kind == "table" else slide_parts.sentences(block):
                    assert plain(sentence) in there
    pictures = [output for each in shown for output in each.get("outputs", []) if "image/png" in output.get("data", {})]
    assert len(pictures) == sum(len(slide.seen) for slide in slides)
    assert slide_layout.problems(slides) == []


def test_without_chromium_a_pdf_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "NAMES", ("chromium",) * 8)
    with pytest.raises(CourseError, match="Expected Chromium, Chrome or Edge"):
        chromium.find()


def test_a_sound_in_a_table_is_as_tall_as_its_player():
    cell = '<td><div>a</div><img src="data:,"><audio controls src="data:,"></audio></td>'
    table = f"<table><caption><strong>Two</strong></caption><tbody><tr>{cell}</tr><tr>{cell}</tr></tbody></table>"
    plain = slide_sizes.table_rows(table.replace("audio", "i").replace("caption", "i"), 20, 1000)
    with_sound = slide_sizes.table_rows(table, 20, 1000)
    assert sum(with_sound) > sum(plain) + 2 * slide_sizes.PLAYER
