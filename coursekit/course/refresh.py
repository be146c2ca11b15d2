"""For maintainers: makes the committed notebooks from their sources, and says how reproducible they are."""

import difflib
import json
from pathlib import Path

from coursekit import atomic, paths
from coursekit.course import CourseError, exercises, glossary, roles
from coursekit.course.normalize import add_ids, normalize, problems
from coursekit.course.report import table
from coursekit.course.run import run

KINDS = ("text", "pictures", "widgets", "tagged")
# What JupyterLab writes into a notebook that it opens, but for the Python version (`coursekit.course.contents`).
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def build(source: Path):
    """The notebook of a py:percent source: its cells, with ids made from their text, those that only draw folded, and
    nothing executed.

    Raises:
        CourseError: jupytext is missing.
    """
    try:
        import jupytext
        from jupytext.config import find_jupytext_configuration_file, load_jupytext_configuration_file
    except ImportError as error:
        raise CourseError("Expected jupytext, which makes notebooks of sources; `pip install -e .[dev]`.") from error
    # Windows' editors put a mark before the first line, which would become part of it.
    notebook = jupytext.reads(source.read_text(encoding="utf-8-sig"), fmt="py:percent")
    notebook.metadata.clear()
    notebook.metadata["kernelspec"], notebook.metadata["language_info"] = dict(KERNEL), dict(LANGUAGE)
    if settings := find_jupytext_configuration_file(str(source.parent)):
        options = {}  # jupytext writes them into the notebooks that it pairs
        load_jupytext_configuration_file(settings).set_default_format_options(options, read=True)
        notebook.metadata |= {"jupytext": options} if options else {}
    add_ids(notebook)
    roles.fold(notebook)
    return notebook


def sources(names: list[str]) -> list[Path]:
    """Sources of lectures by number, name or path; without names, all.

    Raises:
        CourseError: no such source.
    """
    folder = paths.clone("to make notebooks of their sources") / "notebooks" / "source"
    known = {path.stem: path for path in sorted(folder.glob("[0-9][0-9]_*.py"))}
    found = []
    for name in names or known:
        stem = Path(name).stem
        matches = [path for key, path in known.items() if key == stem or key.startswith(f"{stem.zfill(2)}_")]
        if len(matches) != 1:
            raise CourseError(f"Expected a source's number or name, got {name!r}; known: {', '.join(known)}.")
        found += matches
    return found


def refresh(names: list[str]) -> list[str]:
    """Executes sources in `quick` and writes `notebooks/NAME.ipynb`, the exercises of the same names, and the glossary.

    Returns:
        What was refused and why, a line each: such notebooks are left as they were.
    """
    chosen = sources(names)
    built = {source.stem: build(source) for source in chosen}
    write_exercises(names)
    glossary.write()
    refused = []
    for stem, notebook in executed(built):
        if isinstance(notebook, str):
            refused.append(notebook)
            continue
        wrong = problems(notebook)
        refused += [f"{stem}: {problem}" for problem in wrong]
        if not wrong:
            atomic.write_text(paths.notebooks() / f"{stem}.ipynb", as_text(notebook))
    return refused


def write_exercises(names: list[str]) -> list:
    """Writes `notebooks/exercises/NAME.ipynb` for each source that has exercises, and returns their paths."""
    written = []
    for source in sources(names):
        exercise, path = _exercise_source(source.stem), paths.notebooks() / "exercises" / f"{source.stem}.ipynb"
        if exercise.exists():
            atomic.write_text(path, _student_text(exercise))
            written.append(path)
    return written


def check(names: list[str]) -> list[str]:
    """What is stale, a line each: notebooks whose cells differ from their source, exercises that are not regenerated,
    and (without names) the glossary, and notebooks without a source. Nothing is executed."""
    stale, built = [], {source.stem: build(source) for source in sources(names)}
    for source in sources(names):
        committed = paths.notebooks() / f"{source.stem}.ipynb"
        if _cells(committed) != _cells_of(built[source.stem]):
            stale.append(f"notebooks/{committed.name} is not what its source says; `coursekit refresh {source.stem}`")
        exercise = _exercise_source(source.stem)
        made = paths.notebooks() / "exercises" / committed.name
        if exercise.exists() and (not made.exists() or made.read_text(encoding="utf-8") != _student_text(exercise)):
            stale.append(f"notebooks/exercises/{made.name} is not what its source says; `coursekit refresh`")
    if not names:
        if glossary.page(built) != glossary.committed():
            stale.append(
                f"notebooks/{glossary.FILE} is not what the lectures say; `python -m coursekit.course.glossary`"
            )
        for folder in ("", "exercises"):
            for path in sorted((paths.notebooks() / folder).glob("*.ipynb")):
                if not (paths.notebooks() / "source" / folder / f"{path.stem}.py").exists():
                    stale.append(f"{path.relative_to(paths.root())} has no source under notebooks/source; remove it")
    return stale


def compare(names: list[str]) -> dict[str, dict[str, int] | str]:
    """Executes sources again and counts the lines of the normalized notebooks that differ from the committed ones.

    Returns:
        For each name the counts by kind: `text`, `pictures`, `widgets` (their state), and `tagged` for all outputs of
        cells tagged `nbval-ignore-output`; or what failed.
    """
    import nbformat

    counts = {}
    for stem, notebook in executed({source.stem: build(source) for source in sources(names)}):
        committed = paths.notebooks() / f"{stem}.ipynb"
        if isinstance(notebook, str):
            counts[stem] = notebook
        elif not committed.exists():
            counts[stem] = f"{stem} was never committed; `coursekit refresh {stem}`"
        else:
            counts[stem] = differing_lines(nbformat.read(committed, as_version=4), notebook)
    return counts


def differing_lines(one, other) -> dict[str, int]:
    """Lines of JSON that differ between two normalized notebooks, by kind (see `compare`)."""
    before, after = _lines_by_kind(one), _lines_by_kind(other)
    counts = {}
    for kind in KINDS:
        matcher = difflib.SequenceMatcher(None, before[kind], after[kind], autojunk=False)
        changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
        counts[kind] = sum(max(end - start, stop - begin) for _, start, end, begin, stop in changes)
    return counts


def comparison_table(counts: dict) -> str:
    """`compare`'s answer as text."""
    lines = [f"{'lines that differ':28}" + "".join(f"{kind:>10}" for kind in KINDS)]
    for name, row in counts.items():
        lines.append(row if isinstance(row, str) else f"{name:28}" + "".join(f"{row[kind]:10d}" for kind in KINDS))
    return "\n".join(lines)


def executed(built: dict, passing=("ok",)):
    """Yields (name, normalized notebook), or (name, what failed), after executing all of them.

    Args:
        built: {name: notebook}. passing: statuses (`coursekit.course.run`) whose notebooks are yielded.
    """
    import nbformat

    work = paths.build() / "refresh"
    (work / "in").mkdir(parents=True, exist_ok=True)
    for stem, notebook in built.items():
        nbformat.write(notebook, work / "in" / f"{stem}.ipynb")
    inputs = [str(work / "in" / f"{stem}.ipynb") for stem in built]
    report = run(inputs, out=work / "out", jobs=1, cwd=paths.notebooks())  # one: figures that show seconds
    if report["interrupted"]:
        raise KeyboardInterrupt
    for entry in report["notebooks"]:
        if entry["status"] in passing:
            yield entry["name"], normalize(nbformat.read(entry["copy"], as_version=4), built[entry["name"]])
        else:
            yield entry["name"], table({"notebooks": [entry]})


def _lines_by_kind(notebook) -> dict[str, list[str]]:
    lines = {kind: [] for kind in KINDS}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            pictures = {kind: value for kind, value in output.get("data", {}).items() if kind.startswith("image/")}
            rest = dict(output)
            if "data" in output:
                rest["data"] = {kind: value for kind, value in output.data.items() if kind not in pictures}
            ignored = "nbval-ignore-output" in cell.metadata.get("tags", [])
            lines["tagged" if ignored else "text"] += _json_lines(rest)
            lines["tagged" if ignored else "pictures"] += [str(value) for value in pictures.values()]
    lines["widgets"] = _json_lines(notebook.metadata.get("widgets", {}))
    return lines


def _json_lines(value) -> list[str]:
    """Lines as they stand in the file, where a text of several lines is written line by line."""
    return json.dumps(value, indent=1, sort_keys=True).replace("\\n", "\n").splitlines()


def _exercise_source(stem: str) -> Path:
    return paths.notebooks() / "source" / "exercises" / f"{stem}.py"


def _student_text(source: Path) -> str:
    notebook = exercises.for_students(build(source))
    add_ids(notebook)
    return as_text(notebook)


def _cells(path: Path) -> list | None:
    import nbformat

    return _cells_of(nbformat.read(path, as_version=4)) if path.exists() else None


def _cells_of(notebook) -> list:
    return [(cell.id, cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells]


def as_text(notebook) -> str:
    """What is written into a notebook's file.

    Raises:
        nbformat.ValidationError: it is not a notebook.
    """
    import nbformat

    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"
