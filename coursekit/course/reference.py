"""Reference pages of the package, from its docstrings: read from the files, nothing is imported.

Sphinx's own autodoc would import every room, with two backends, and read our docstrings as reStructuredText, which they
are not.
"""

import ast
import re
from pathlib import Path

from coursekit import paths

# What a notebook or an instructor calls; the rooms behind the command line are left out.
ROOMS = ("data", "models", "training", "metrics", "plots", "widgets", "recipes", "exercises", "lesson")
SECTIONS = ("Args", "Attributes", "Raises", "Returns", "Yields")
SPECIAL = re.compile(r"([\\*_<>\[\]$#|~{}])")


def pages() -> dict[str, str]:
    """{name of a room: its page in MyST}."""
    return {room: _page(room) for room in ROOMS}


def _page(room) -> str:
    place = paths.PACKAGE / room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    files = [file for file in files if _is_public(file, place)]
    parts = [f"# `coursekit.{room}`"]
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        name = ".".join(file.relative_to(paths.PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        level = "##"
        if name != f"coursekit.{room}":
            parts.append(f"## `{name}`")
            level = "###"
        parts += _words(ast.get_docstring(tree))
        for node in tree.body:
            parts += _member(node, level)
    return "\n\n".join(parts) + "\n"


def _is_public(file: Path, place) -> bool:
    """Checks of exercises and their keys are for no page that students read."""
    inside = file.relative_to(place).parts if place.is_dir() else ()
    return not any(part.startswith(("_", "lecture_", "answer_keys")) and part != "__init__.py" for part in inside)


def _member(node, level, of="") -> list[str]:
    """A public function or class that has a docstring; a class with its methods."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    if not isinstance(node, kinds) or node.name.startswith("_") or not (text := ast.get_docstring(node)):
        return []
    if isinstance(node, ast.FunctionDef):
        properties = [ast.unparse(decorator) for decorator in node.decorator_list]
        signature = "" if {"property", "cached_property"} & set(properties) else f"({_arguments(node, bool(of))})"
        return [f"{level} `{of}{node.name}{signature}`", *_words(text)]
    first = next((part for part in node.body if getattr(part, "name", "") == "__init__"), None)
    bases = ", ".join(map(ast.unparse, node.bases))
    parts = [f"{level} class `{node.name}({_arguments(first, True) if first else _fields(node)})`"]
    parts += ([f"Derives from `{bases}`."] if bases else []) + _words(text)
    for part in node.body:
        parts += _member(part, f"{level}#", f"{node.name}.")
    return parts


def _fields(node) -> str:
    """Those of a named tuple or a dataclass."""
    if not (node.decorator_list or "NamedTuple" in map(ast.unparse, node.bases)):
        return ""
    return ", ".join(part.target.id for part in node.body if isinstance(part, ast.AnnAssign))


def _arguments(function, bound) -> str:
    text = ast.unparse(function.args)
    methods = {"staticmethod"} & {ast.unparse(decorator) for decorator in function.decorator_list}
    return re.sub(r"^(self|cls)(, |$)", "", text) if bound and not methods else text


def _words(docstring) -> list[str]:
    """Paragraphs; `Args:` and the like become a list."""
    parts, items = [], None
    for block in re.split(r"\n\s*\n", docstring or ""):
        lines = []
        if re.match(r"(from|import) \w+", block):  # ruff moves the example of a module's docstring to the left
            block = re.sub("^", "    ", block, flags=re.MULTILINE)
        for line in block.splitlines():
            head, _, rest = line.partition(":")
            if head in SECTIONS:
                parts.append("\n".join(lines)) if lines else None
                lines, items = [], True
                parts.append(f"**{head}**{': ' + _escaped(rest.strip()) if rest.strip() else ''}")
            elif items and line.startswith("    ") and not line.startswith("     "):
                lines.append(f"- {_escaped(line.strip())}")
            elif line.startswith("    ") and not items:
                lines.append(line)  # an example, as it stands
            else:
                items = items if line.startswith(" ") else None
                lines.append(f"  {_escaped(line.strip())}" if line.startswith(" ") else _escaped(line))
        if lines:
            parts.append("\n".join(lines))
        items = None
    return [part for part in parts if part.strip()]


def _escaped(text) -> str:
    """Plain text for Markdown, but for what stands in backquotes."""
    pieces = re.split(r"(`[^`]+`)", text)
    return "".join(piece if number % 2 else SPECIAL.sub(r"\\\1", piece) for number, piece in enumerate(pieces))
