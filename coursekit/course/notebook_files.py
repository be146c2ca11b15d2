"""Any notebook file, of any program and age -> a notebook (nbformat) as JupyterLab writes it today."""

import ast
import codecs
import json
import warnings
from pathlib import Path

from coursekit.course import CourseError

WIDGETS = "application/vnd.jupyter.widget-state+json"
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read(path: Path):
    """The notebook of a file: of nbformat 3 or 4, with or without ids of its cells, in UTF-8 or UTF-16.

    Line ends within cells become those of Unix, a language is named, and the state of widgets stands where every
    reader looks for it.

    Raises:
        CourseError: there is no such file, or it is no notebook; the message says what it is.
    """
    import nbformat

    content = _completed(_json(path))
    try:
        with warnings.catch_warnings(action="ignore"):  # of missing ids, which are added
            notebook = nbformat.reads(json.dumps(content), as_version=4)
            notebook = nbformat.v4.upgrade(notebook)
            _, notebook = nbformat.validator.normalize(notebook)
            nbformat.validate(notebook, relax_add_props=True)
    except nbformat.ValidationError as error:
        raise _no_notebook(path, f"which breaks nbformat's rules: {str(error).splitlines()[0]}") from error
    except Exception as error:  # what nbformat raises for JSON of another kind depends on what is missing
        raise _no_notebook(path, f"which is JSON of another kind ({type(error).__name__}: {error})") from error
    for cell in notebook.cells:
        cell.source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    notebook.metadata.setdefault("language_info", nbformat.from_dict({"name": language(notebook)}))
    _mend_widgets(notebook)
    return notebook


def _json(path):
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise _no_notebook(path, f"which cannot be opened: {error.strerror or error}") from error
    if not content.strip():
        raise _no_notebook(path, "which is empty")
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        found = json.loads(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise _no_notebook(path, f"whose text is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except ValueError as error:
        begins = content[:40].decode(encoding, "replace").strip().splitlines()[0]
        raise _no_notebook(path, f"which is no JSON ({error}) and begins with {begins!r}") from error
    if not (isinstance(found, dict) and ("cells" in found or "worksheets" in found)):
        raise _no_notebook(path, "which is JSON without cells")
    return found


def _completed(content):
    """With the fields of cells that some programs leave out where they are empty."""
    for cell in content["cells"] if isinstance(content.get("cells"), list) else []:
        if isinstance(cell, dict) and "cell_type" in cell:
            cell.update({"metadata": {}, "source": ""} | cell)
            if cell["cell_type"] == "code":
                cell.update({"outputs": [], "execution_count": None} | cell)
    return content


def _no_notebook(path, what):
    return CourseError(f"Expected a Jupyter notebook, got {path}, {what}; open it in JupyterLab, or fetch it again.")


def _mend_widgets(notebook):
    """Google Colab writes the models of widgets where their `state` should stand."""
    widgets = notebook.metadata.get("widgets", {})
    saved = widgets.get(WIDGETS, widgets)
    if saved and "state" not in saved:
        models = {name: model for name, model in saved.items() if isinstance(model, dict) and "model_name" in model}
        state = {"version_major": 2, "version_minor": 0, "state": models}
        notebook.metadata["widgets"] = type(notebook)({WIDGETS: type(notebook)(state)})


def language(notebook) -> str:
    """The language of its code in lower case, python if it does not say."""
    metadata = notebook.metadata
    named = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name")
    return (named or "python").lower()


def kernel_name(notebook) -> str:
    """The kernel that it asks for, python3 if it does not say."""
    return notebook.metadata.get("kernelspec", {}).get("name") or "python3"


def parameters(notebook) -> list[str]:
    """The names that its first cell tagged `parameters` assigns, at the outermost level, in their order.

    Raises:
        CourseError: the cell is not Python.
    """
    from IPython.core.inputtransformer2 import TransformerManager

    cell = next((cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])), None)
    if cell is None:
        return []
    try:
        statements = ast.parse(TransformerManager().transform_cell(cell.source)).body
    except SyntaxError as error:
        raise CourseError(
            f"Expected Python in the cell tagged `parameters`, got line {error.lineno}: {error.msg}."
        ) from error
    targets = []
    for statement in statements:
        if isinstance(statement, ast.Assign):
            targets += statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets.append(statement.target)
    stored = [node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return list(dict.fromkeys(node.id for node in stored if isinstance(node.ctx, ast.Store)))
