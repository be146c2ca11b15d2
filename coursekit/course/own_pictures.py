"""Pictures in the text of a notebook: files beside it, and what was pasted into it (attachments)."""

import base64
import io
import mimetypes
import re
from pathlib import Path
from urllib.parse import unquote

import nbformat

from coursekit.course import CourseError

CODE = re.compile(r"(^```.*?^```|^~~~.*?^~~~|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
PICTURE = re.compile(
    r"""(?P<before>!\[[^\]]*\]\(\s*)(?P<angle><)?(?P<target>(?(angle)[^>\n]+|(?:[^()\s]|\([^()\s]*\))+))(?(angle)>)"""
    r"""|(?P<tag><img\b[^>]*?\bsrc\s*=\s*)(?P<quote>["'])(?P<source>[^"']+)(?P=quote)""",
    re.IGNORECASE,
)
ALONE = re.compile(
    r"""!\[(?P<alt>[^\]]*)\]\(data:[^;]+;base64,(?P<content>[^)\s]+)[^)]*\)|<img\b[^>]*base64,(?P<html>[^"']+)["'][^>]*>"""
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+:|//|#", re.IGNORECASE)  # an address, not the name of a file


def inline(notebook, path: Path) -> None:
    """Writes all pictures of the text into the text itself, as `data:` addresses, so that a page or a slide has them.

    Args:
        notebook: of nbformat; it is changed.
        path: of its file. If it is an executed copy, its pictures came along (`attach`).

    Raises:
        CourseError: a picture is neither beside the notebook nor in it.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            attached = cell.pop("attachments", {})
            cell.source = _replaced(cell.source, lambda target, attached=attached: _address(target, attached, path))


def attach(notebook, folder: Path) -> None:
    """Takes the pictures of the text that are files in, or relative to, `folder` along as attachments of its cells."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _replaced(cell.source, lambda target, cell=cell: _attached(target, cell, folder))


def alone(text: str):
    """The output (nbformat) of a cell that shows the picture, if `text` (Markdown, after `inline`) is nothing else."""
    from PIL import Image

    match = ALONE.fullmatch(text.strip())
    if match is None:
        return None
    png = io.BytesIO()
    try:
        Image.open(io.BytesIO(base64.b64decode(match["content"] or match["html"]))).save(png, "PNG")
    except OSError:  # SVG, or colors that PNG has not; it stays text
        return None
    data = {"image/png": base64.b64encode(png.getvalue()).decode()}
    return nbformat.v4.new_output("display_data", data, metadata={"image/png": {"alt": match["alt"] or ""}})


def _replaced(text, replacement):
    """`text` with other addresses of its pictures; what is code stays."""

    def replace(match):
        target = match["target"] or match["source"]
        new = replacement(target)
        if new is None:
            return match[0]
        return f"{match['before']}{new}" if match["before"] else f"{match['tag']}{match['quote']}{new}{match['quote']}"

    pieces = CODE.split(text)
    pieces[::2] = [PICTURE.sub(replace, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _address(target, attached, path):
    if target.startswith("attachment:"):
        name = unquote(target.removeprefix("attachment:"))
        if not attached.get(name):
            raise CourseError(f"Expected the pasted picture {name!r} in {path}, found none; paste it again.")
        kind, content = next(iter(attached[name].items()))
        return f"data:{kind};base64,{''.join(content).strip()}"
    if ELSEWHERE.match(target):
        return None
    file = path.parent / unquote(target)
    if not file.is_file():
        raise CourseError(f"Expected the picture {target} beside {path}, found none; put it there or take it out.")
    return f"data:{_kind(file)};base64,{_text(file)}"


def _attached(target, cell, folder):
    file = folder / unquote(target)
    if ELSEWHERE.match(target) or not file.is_file():
        return None
    attachments = cell.setdefault("attachments", {})
    name = f"{len(attachments)}-{re.sub(r'[^a-zA-Z0-9.-]', '_', file.name)}"
    attachments[name] = {_kind(file): _text(file)}
    return f"attachment:{name}"


def _kind(file):
    return mimetypes.guess_type(file.name)[0] or "image/png"


def _text(file):
    return base64.b64encode(file.read_bytes()).decode()
