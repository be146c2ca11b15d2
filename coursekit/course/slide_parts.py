"""The parts of a notebook that go on slides: messages, formulas, boxes, pictures; the other text becomes notes."""

import dataclasses
import re
import struct
from base64 import b64decode

from coursekit.course import own_pictures

WIDGET = "application/vnd.jupyter.widget-view+json"
# After these a full stop does not end the sentence; nor does it after a single capital, an initial.
ABBREVIATIONS = {"al", "e.g", "i.e", "vs", "cf", "fig", "eq", "approx", "resp"}
SHORTEST_MESSAGE = 4  # words; a shorter first sentence takes the next one along
LONGEST_PRINT = 6  # lines; a longer one is no verdict below a picture


@dataclasses.dataclass
class Part:
    """A piece of a slide.

    Attributes:
        kind: title (a heading, with its level), message, text, formula, box, list, table (Markdown or HTML), code,
            picture, widget, print, output (what else a cell answered), or note.
        text: Markdown; of code, the code; of a print, its lines; of an output table, HTML.
        output: the notebook's output, for picture, widget and output.
        size: of a picture, (width, height) on a page in pixels.
        begins: "slide" or "subslide" where a slide begins by the notebook's own metadata.
    """

    kind: str
    text: str = ""
    output: dict | None = None
    size: tuple[int, int] = (0, 0)
    level: int = 0
    begins: str = ""


def parts(notebook) -> list[Part]:
    """The parts of all cells of an executed notebook (nbformat) that are not skipped, in their order.

    Of prose the first sentence is the message. Sentences with bold words, and those that lead to a formula, a list or a
    table, are text of the slide; a paragraph of which anything is left out is a note, whole. Of code cells only those
    tagged `central` show code; the outputs of all are parts.
    """
    found = []
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind == "skip" or not (cell.source.strip() or cell.get("outputs")):
            continue
        if kind == "notes":
            new = [Part("note", cell.source)]
        elif cell.cell_type == "markdown":
            new = _of_text(cell.source)
        elif cell.cell_type == "code":
            new = _of_code(cell)
        else:
            continue
        # A figure goes where it fits: only text, or a new section, insists on a new slide.
        if new and (kind == "slide" or (kind == "subslide" and cell.cell_type == "markdown")):
            new[0].begins = kind
        found += new
    return found


def _of_code(cell):
    new = []
    if "central" in cell.metadata.get("tags", []):
        new.append(Part("code", cell.source.strip()))
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            lines = output.text.strip("\n")
            if lines.strip() and output.name == "stdout":
                new.append(Part("print" if lines.count("\n") < LONGEST_PRINT else "code", lines))
        elif WIDGET in data:
            new.append(Part("widget", output=output))
        elif "image/png" in data:
            new.append(Part("picture", output=output, size=_size(output)))
        elif "<table" in data.get("text/html", ""):
            new.append(Part("table", data["text/html"]))
        elif 'class="highlight"' in data.get("text/html", ""):  # the package's own source
            new.append(Part("code", data["text/plain"].strip()))
        elif data:
            new.append(Part("output", data.get("text/plain", ""), output))
    return new


def _size(output):
    width, height = struct.unpack(">II", b64decode(output.data["image/png"][:44])[16:24])
    shown = output.get("metadata", {}).get("image/png", {}).get("width", width)
    return shown, round(height * shown / width)


def blocks(text: str) -> list[tuple[str, str]]:
    """Markdown as (kind, source) pairs: title, paragraph, formula, box, list, table, code."""
    found = []
    for chunk in re.split(r"(^```.*?^```\s*?$|\$\$.+?\$\$[.,]?)", text, flags=re.DOTALL | re.MULTILINE):
        if chunk.startswith("```"):
            found.append(("code", chunk.strip().split("\n", 1)[1].removesuffix("```").rstrip()))
        elif chunk.startswith("$$"):
            found.append(("formula", chunk))
        else:
            for block in re.split(r"\n\s*\n", re.sub(r"^(#+ .*)$", r"\n\1\n", chunk, flags=re.MULTILINE)):
                if block.strip():
                    found.append((_kind(block.strip()), block.strip("\n")))
    return _joined(found)


def _kind(block):
    if re.match(r"#+ ", block):
        return "title"
    if block.startswith(">"):
        return "box"
    if block.startswith("|"):
        return "table"
    return "list" if re.match(r"([-*+]|\d+\.) ", block) else "paragraph"


def _joined(found):
    """A list whose items stand apart is one list."""
    joined = []
    for kind, block in found:
        if kind == "list" and joined and joined[-1][0] == "list":
            joined[-1] = ("list", f"{joined[-1][1]}\n{block}")
        else:
            joined.append((kind, block))
    return joined


def _of_text(text):
    new, first = [], True
    found = blocks(without_neighbors(text))
    for number, (kind, block) in enumerate(found):
        if kind == "title":
            level = len(block) - len(block.lstrip("#"))
            new.append(Part("title", block.lstrip("# "), level=level))
            first = True
        elif kind == "paragraph" and (picture := own_pictures.alone(block)):
            new.append(Part("picture", output=picture, size=_size(picture)))
        elif kind == "paragraph" and first and re.fullmatch(r"\(.*\)", block.strip(), re.DOTALL):
            new.append(Part("note", block))  # an aside is no message
        elif kind == "paragraph":
            after = found[number + 1][0] if number + 1 < len(found) else ""
            new += _of_paragraph(block, first, after)
            first = False
        else:
            new.append(Part(kind, block))
            first = False
    return new


def _of_paragraph(block, first, after):
    said = sentences(block)
    new, start = [], 0
    leads = after in ("formula", "list", "table") and not re.search(r"[.!?][)*_\"”]*$", said[-1])
    if first:
        start = 1
        while start < len(said) and len(" ".join(said[:start]).split()) < SHORTEST_MESSAGE:
            start += 1
        new.append(Part("message", " ".join(said[:start])))
    elif re.match(r"\*\*[^*]+[.!?:]?\*\*", said[0]):
        start = 1
        new.append(Part("message" if not leads or len(said) > 1 else "text", said[0]))
    kept = [said[i] for i in range(start, len(said)) if "**" in said[i] or (leads and i == len(said) - 1)]
    if kept:
        new.append(Part("text", " ".join(kept)))
    if start + len(kept) < len(said):
        new.append(Part("note", block))
    return new


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph of Markdown; formulas, code, bold words and parentheses are never cut in two."""
    text = re.sub(r"\s*\n\s*", " ", text.strip())
    veiled = re.sub(r"(\$+|`+).+?\1", lambda match: "X" * len(match[0]), text)
    veiled = re.sub(r"\]\([^)]*\)", lambda match: "]" + "x" * (len(match[0]) - 1), veiled)
    veiled = re.sub(r"(\*\*?)(?=\S)(.*?)(\S\1)", lambda match: match[1] + "X" * len(match[2]) + match[3], veiled)
    ends, depth = [], 0
    for match in re.finditer(r"(?P<open>[(\[])|(?P<close>[)\]])|[.!?][)*_\"”’]*(?=\s+[^a-z\s])", veiled):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(0, depth - 1)
        else:
            word = re.search(r"[\w.]*$", veiled[: match.start()])[0]
            depth = max(0, depth - match[0].count(")"))
            initial = re.fullmatch(r"[A-Z]", word) and match[0] == "."
            if depth == 0 and not initial and word.lower() not in ABBREVIATIONS and not word.endswith(".."):
                ends.append(match.end())
    pieces = [text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [piece for piece in pieces if piece]


def without_neighbors(text):
    """Slides are one file: a link to another file of the course becomes plain words."""
    return re.sub(r"(?<!!)\[([^\]]*)\]\((?![a-z]+:|#)[^)\s]*\)", r"\1", text)
