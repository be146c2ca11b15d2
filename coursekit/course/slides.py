"""An executed notebook -> slides in one file, which works with no network and no kernel."""

import html
from pathlib import Path

import nbformat

from coursekit.course import slide_layout, slide_parts
from coursekit.course.render import STATIC, anywidget_module, read_executed, title_of

SIZES = ("large", "usual", "dense")


def render_slides(notebook: Path, out: Path) -> Path:
    """Write the executed `notebook` as slides into the HTML file `out`; returns `out`.

    What goes on slides, and what into the speaker's notes, is said in `slide_parts`, `slide_layout`. A cell's slide
    type (`slideshow` in its metadata) says where a section (`slide`) begins, where a slide (`subslide`, of text) does,
    and what stays on the page (`skip`). Add `?print-pdf` to the address to print the slides.

    Raises:
        CourseError: the notebook is missing, was not executed, or stopped at an error.
    """
    from nbconvert import HTMLExporter

    content = read_executed(Path(notebook))
    exporter = HTMLExporter(template_name=STATIC.name, extra_template_basedirs=[str(STATIC.parent)])
    resources = {"title": title_of(content, Path(notebook).stem), "anywidget_module": anywidget_module()}
    resources["notes_plugin"] = _inside_a_script((STATIC / "reveal-notes.js").read_text("utf-8"))
    deck = nbformat.v4.new_notebook(metadata=content.metadata, cells=[])
    slides = slide_layout.slides(slide_parts.parts(content))
    for number, slide in enumerate(slides):
        cells = _cells(slide)
        cells[0].metadata.opens = ("<section>" if slide.stack else "") + cells[0].metadata.opens
        if number + 1 == len(slides) or slides[number + 1].stack:
            cells[-1].metadata.closes += "</section>"
        deck.cells += cells
    text, _ = exporter.from_notebook_node(deck, resources)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, "utf-8")
    return out


def problems(notebook: Path) -> list[str]:
    """A line for each slide of an executed notebook that is, by estimate, higher than the screen."""
    return slide_layout.problems(slide_layout.slides(slide_parts.parts(read_executed(Path(notebook)))))


def _cells(slide):
    """A slide as cells for nbconvert: each part one cell, with the HTML that opens and closes around it."""
    kind = (
        "words" if not slide.has(*slide_layout.EVIDENCE) else "bare" if not (slide.message or slide.seen) else "shown"
    )
    top = [slide_parts.Part("head", slide.head)] if slide.head else []
    top += [part for part in (slide.title, slide.message) if part]
    bottom = [*slide.prints, *([slide_parts.Part("takeaway", slide.takeaway.text)] if slide.takeaway else [])]
    if slide.split:
        columns = f"grid-template-columns: {slide.split}px minmax(0, 1fr)"
        body = [("column", slide.read), ("column", slide.seen)]
        opens, closes = f'<div class="columns" style="{columns}">', "</div>"
    else:
        body, opens, closes = [("column", slide.body)], "", ""
    groups = [("top", top), *body, ("bottom", bottom)]
    cells = []
    for number, (name, group) in enumerate(groups):
        new = [_cell(part, slide.code_font) for part in group] or [_cell(slide_parts.Part("nothing"))]
        new[0].metadata.opens += (opens if number == 1 else "") + f'<div class="{name}">'
        new[-1].metadata.closes += "</div>" + (closes if number == len(groups) - 2 else "")
        cells += new
    notes = _cell(slide_parts.Part("note", "\n\n".join(slide.notes)))
    cells[0].metadata.opens = f'<section><div class="frame {kind} {SIZES[slide.size]}">' + cells[0].metadata.opens
    cells[-1].metadata.closes += "</div>"
    notes.metadata.closes += "</section>"
    return [*cells, notes]


def _cell(part, code_font=0):
    source = f"{'#' * part.level} {part.text}" if part.kind == "title" else part.text
    if part.kind == "code":
        cell = nbformat.v4.new_code_cell(source)
    elif part.output:
        cell = nbformat.v4.new_code_cell(outputs=[part.output])
    elif part.kind == "print":
        cell = nbformat.v4.new_markdown_cell(f"<pre>{html.escape(source)}</pre>")
    else:
        cell = nbformat.v4.new_markdown_cell(source)
    cell.metadata.update(kind=part.kind, opens="", closes="", font=code_font, share=part.size[1] or 1)
    return cell


def _inside_a_script(text):
    """JavaScript that may stand in a page: tags in its strings would end the script."""
    return text.replace("<!--", r"<\!--").replace("<script", r"<\script").replace("</script", r"<\/script")
