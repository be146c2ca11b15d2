"""For maintainers: new text into committed notebooks, whose outputs stay: nothing is executed."""

import copy

from coursekit import atomic, paths
from coursekit.course import glossary, refresh
from coursekit.course.normalize import WIDGETS, problems


def retext(names: list[str]) -> list[str]:
    """Writes the text of sources into `notebooks/NAME.ipynb`, beside the outputs that stand there, and the exercises
    and the glossary.

    Returns:
        What was refused and why, a line each: notebooks whose code has changed too. They are left as they were.
    """
    import nbformat

    refused = []
    for source in refresh.sources(names):
        path = paths.notebooks() / f"{source.stem}.ipynb"
        if not path.exists():
            refused.append(f"{source.stem} was never executed; `coursekit refresh {source.stem}`")
            continue
        notebook = with_outputs(refresh.build(source), nbformat.read(path, as_version=4))
        wrong = problems(notebook) if notebook else [f"its code has changed too; `coursekit refresh {source.stem}`"]
        refused += [f"{source.stem}: {problem}" for problem in wrong]
        if not wrong:
            atomic.write_text(path, refresh.as_text(notebook))
    refresh.write_exercises(names)
    glossary.write()
    return refused


def with_outputs(built, committed):
    """The notebook `built`, with the outputs of `committed`; None if their code cells differ in more than metadata."""
    notebook = copy.deepcopy(built)
    code = [[cell for cell in either.cells if cell.cell_type == "code"] for either in (notebook, committed)]
    if [cell.source for cell in code[0]] != [cell.source for cell in code[1]]:
        return None
    for cell, executed in zip(*code, strict=True):
        cell.execution_count, cell.outputs = executed.execution_count, executed.outputs
    if state := committed.metadata.get("widgets", {}).get(WIDGETS):
        notebook.metadata["widgets"] = {WIDGETS: state}
    return notebook
