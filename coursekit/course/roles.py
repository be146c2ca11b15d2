"""The role of each code cell of a lecture, named by a tag: it decides where the code is shown.

| role | what the cell does | pages | JupyterLab |
|---|---|---|---|
| `central` | what the student types and changes | shown | shown |
| `experiment` | calls and settings | shown | shown |
| `figure` | only draws, checks or prepares | folded | folded |

Outputs are shown wherever the code is folded.
"""

ROLES = ("central", "experiment", "figure")


def role(cell) -> str | None:
    """The cell's role; None for text, and for code of a notebook without roles (the exercises)."""
    tags = cell.metadata.get("tags", [])
    return next((name for name in ROLES if name in tags), None) if cell.cell_type == "code" else None


def fold(notebook) -> None:
    """Folds the code of each `figure` cell, as JupyterLab does with *View > Collapse Selected Code*."""
    for cell in notebook.cells:
        if role(cell) == "figure":
            cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "source_hidden": True}
