"""Who may import whom: an arrow that runs the other way makes rooms that cannot be read, tested or moved alone."""

import ast

import pytest

from coursekit import paths

# Of each other they import errors alone.
FOUNDATIONS = {"arrays", "atomic", "errors", "hosts", "letters", "melodies", "paths", "progress", "sounds"}
MAY_IMPORT = {
    "data": set(),
    "training": set(),
    "plots": set(),
    "metrics": {"data", "training"},
    "models": {"data", "training"},
    "widgets": {"plots", "training"},
    "recipes": {"data", "metrics", "models", "training"},
    "exercises": {"data", "metrics", "models", "plots"},
    "lesson": {"exercises", "plots", "training"},
    "course": set(),
} | {name: set() for name in FOUNDATIONS}
ABOVE_ALL = {"__init__", "cli", "doctor", "saving"}  # they may import every room
ROOMS = {path.stem: path for path in paths.PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}


@pytest.mark.parametrize("room", sorted(set(ROOMS) - ABOVE_ALL))
def test_a_room_imports_only_those_below_it(room):
    allowed = MAY_IMPORT[room] | {room} | ({"errors"} if room in FOUNDATIONS else FOUNDATIONS)
    files = sorted(ROOMS[room].rglob("*.py")) if ROOMS[room].is_dir() else [ROOMS[room]]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "coursekit":
                imported = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {node.module.split(".")[1]} if (node.module or "").startswith("coursekit.") else set()
            elif isinstance(node, ast.Import):
                imported = {name.name.split(".")[1] for name in node.names if name.name.startswith("coursekit.")}
            else:
                continue
            wrong = imported & set(ROOMS) - allowed
            assert not wrong, f"{file.relative_to(paths.root())}:{node.lineno}: {room} may not import {wrong}"
