"""What makes a committed notebook the same after each execution, and what no committed notebook may hold."""

import copy
import hashlib
import json
import re
import tempfile
from pathlib import Path

from coursekit import paths

WIDGETS = "application/vnd.jupyter.widget-state+json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
MAX_BYTES = 1_500_000
MAX_LINES = 25
ABSOLUTE_TIME = re.compile(r"\b(19|20)\d\d-[01]\d-[0-3]\d\b|\b[0-2]\d:[0-5]\d:[0-5]\d\b|\b1[67]\d{8}\.\d+")
HOMES = re.compile(r"/(?:home|Users)/\w+|/root(?=/)|/tmp(?=/)|[A-Z]:\\+Users")


def add_ids(notebook) -> None:
    """Gives each cell an id made from its type and text, so that the same text has the same id."""
    seen = {}
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    notebook.nbformat, notebook.nbformat_minor = 4, 5


def normalize(executed, built):
    """The notebook as built from its source, with the outputs and widgets of its execution.

    Timings, tags and versions that the execution wrote into the metadata are left behind; neighboring pieces of one
    stream become one; widget models are numbered in the order they appear, and unused ones dropped; their numbers are
    written as a browser writes them, so that saving the notebook in JupyterLab changes nothing.

    Args:
        executed: a notebook (nbformat) that was executed, with the cells of `built`.
        built: the notebook before its execution.
    """
    import nbformat

    notebook = copy.deepcopy(built)
    for cell, run in zip(notebook.cells, executed.cells, strict=True):
        if cell.cell_type == "code":
            cell.execution_count = run.execution_count
            cell.outputs = _merge_streams(run.outputs)
    state = executed.metadata.get("widgets", {}).get(WIDGETS)
    if not state:
        return notebook
    order = _widget_order(notebook, state["state"])
    if not order:
        return notebook
    notebook.metadata["widgets"] = {WIDGETS: {**state, "state": {model: state["state"][model] for model in order}}}
    numbers = {model: f"{number:032x}" for number, model in enumerate(order, 1)}
    known = re.compile("|".join(numbers))
    text = known.sub(lambda match: numbers[match[0]], json.dumps(notebook))
    return nbformat.from_dict(json.loads(text, parse_float=_as_javascript))


def _as_javascript(number: str) -> int | float:
    """JavaScript knows one kind of number, and writes 3.0 as 3."""
    value = float(number)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _merge_streams(outputs: list) -> list:
    merged = []
    for output in copy.deepcopy(outputs):
        streams = merged and merged[-1].output_type == output.output_type == "stream"
        if streams and merged[-1].name == output.name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def _widget_order(notebook, state: dict) -> list[str]:
    """Model ids in order of appearance: those shown, those they refer to, and links between them."""
    order = {}

    def visit(model):
        if model in state and model not in order:
            order[model] = True
            for child in _references(state[model]):
                visit(child)

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if WIDGET_VIEW in output.get("data", {}):
                visit(output["data"][WIDGET_VIEW]["model_id"])
    for model, entry in state.items():
        if entry.get("model_name", "").endswith("LinkModel") and all(child in order for child in _references(entry)):
            visit(model)
    return list(order)


def _references(entry: dict) -> list[str]:
    return re.findall(r"IPY_MODEL_([0-9a-f]{32})", json.dumps(entry["state"], sort_keys=True))


def problems(notebook) -> list[str]:
    """Why this notebook must not be committed, a line for each reason; an empty list if it may be.

    Errors, text on stderr, cells not executed in order, machine paths, absolute times (dates, clock times), code cells
    of more than 25 lines, more than 1.5 MB, and no cell tagged `parameters`.
    """
    found = []
    size = len(json.dumps(notebook, ensure_ascii=False).encode())
    if size > MAX_BYTES:
        found.append(f"{size / 1e6:.2f} MB; expected at most {MAX_BYTES / 1e6:.1f} MB: show smaller or fewer pictures")
    if not any("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells):
        found.append("no cell is tagged `parameters`")
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for number, cell in enumerate(code, 1):
        place = f"code cell {number} (`{cell.source.strip().splitlines()[0]}`)"
        if cell.execution_count != number:
            found.append(f"{place} has execution count {cell.execution_count}; expected {number}")
        if len(cell.source.splitlines()) > MAX_LINES:
            found.append(f"{place} has {len(cell.source.splitlines())} lines; expected at most {MAX_LINES}")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"{place} raises {output.ename}: {output.evalue}")
            elif output.output_type == "stream" and output.name == "stderr":
                found.append(f"{place} writes to stderr: {output.text.strip().splitlines()[:1]}")
            found += [f"{place} shows {what}" for what in _machine_words(_text(output))]
    state = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    for entry in state.values():
        values = {name: value for name, value in entry["state"].items() if name not in ("_esm", "_css")}
        words = _machine_words(json.dumps(values))
        found += [f"widget {entry.get('model_name')} holds {what}" for what in words]
    return found


def _text(output) -> str:
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    return "\n".join(str(value) for kind, value in data.items() if not kind.startswith(("image/", "audio/", "video/")))


def _machine_words(text: str) -> list[str]:
    text = re.sub(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+", "", text)
    here = [str(Path.home()), str(paths.root()), tempfile.gettempdir()]
    found = [f"the machine path {path}" for path in here if len(path) > 1 and f"{path}/" in f"{text}/"]
    found += [f"the machine path {match[0]}" for match in HOMES.finditer(text)]
    found += [f"the absolute time {match[0]}" for match in ABSOLUTE_TIME.finditer(text)]
    return list(dict.fromkeys(found))
