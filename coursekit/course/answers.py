"""For maintainers: answers to the lectures' "Try it"s, for instructors, made by running them.

    python -m coursekit.course.answers 07          executes lecture 07 with its answers in it, writes notebooks/answers/
    python -m coursekit.course.answers 07 --text   new text beside the outputs that stand there: nothing is executed
    python -m coursekit.course.answers --check     what is missing or stale; exit status 1 if anything is
    python -m coursekit.course.answers --accept    after reading: the answers given also answer the Try its' new words

`notebooks/source/answers/NAME.py` has the answers of the lecture NAME (without its number). Each begins with a cell of
text that quotes its Try it, and goes on to the next quotation. Its code runs in the lecture's kernel, where the Try it
stands, and what it assigns is forgotten after it (`coursekit.course.aside`). A cell of the lecture is changed and run
again by

    # %% again="a text that is in that cell alone"
    # rate=0.01 -> rate=0.03
    # epochs=5 ->
    print("more lines, which follow the lecture's")
"""

import argparse
import re
import sys
import textwrap

from coursekit import atomic, paths
from coursekit.course import refresh, retext
from coursekit.course.answer_cells import Answer, alone, asked, code_of, match, read, together
from coursekit.course.normalize import problems

QUOTED = re.compile(r"^# > \*\*Try it\.\*\*.*(?:\n# >.*)*", re.MULTILINE)  # the same in a source


def name_of(stem: str) -> str:
    """The lecture's name without its number: another number then changes no file of answers."""
    return stem.partition("_")[2]


def source_of(stem: str):
    """The path of the answers' source of a lecture."""
    return paths.notebooks() / "source" / "answers" / f"{name_of(stem)}.py"


def made_of(stem: str):
    """The path of the notebook that is made of it."""
    return paths.notebooks() / "answers" / f"{name_of(stem)}.ipynb"


def check(names: list[str]) -> list[str]:
    """What is wrong with the answers of lectures, a line each: missing, left over, stale (the Try it has other words),
    or not what their sources and the lecture's cells say. Nothing is executed."""
    wrong = []
    for source in refresh.sources(names):
        stem, lecture = source.stem, refresh.build(source)
        tries, answers = asked(lecture), _answers(stem)
        found = match(tries, answers)
        here = f"notebooks/source/answers/{name_of(stem)}.py"
        for position, (_, words) in enumerate(tries):
            if position not in found:
                wrong.append(f"{here} has no answer to lecture {stem}'s “{words:.70}”")
            elif found[position].quoted != words:
                wrong.append(f"{here}: stale, the lecture now says “{words}”; read the answer, then --accept")
        left = [answer for answer in answers if all(answer is not other for other in found.values())]
        wrong += [f"{here} answers what lecture {stem} does not ask: “{answer.quoted:.70}”" for answer in left]
        if tries and not any(line.startswith(here) for line in wrong):
            made = made_of(stem)
            if not made.exists() or _sources_of(_read(made)) != _sources_of(alone(lecture, answers)):
                wrong.append(f"notebooks/answers/{made.name} is not made of {here}; `... answers {stem}`, or --text")
    if not names:
        known = {name_of(source.stem) for source in refresh.sources([])}
        for path in sorted((paths.notebooks() / "source" / "answers").glob("*.py")):
            if path.stem not in known:
                wrong.append(f"notebooks/source/answers/{path.name} has no lecture of its name")
    return wrong


def write(names: list[str]) -> list[str]:
    """Executes lectures in `quick` with their answers in them, and writes `notebooks/answers/NAME.ipynb`.

    Returns:
        What was refused and why, a line each, and which cells of the lectures said something else than they do alone.
    """
    chosen = [source for source in refresh.sources(names) if source_of(source.stem).exists()]
    lectures = {source.stem: (refresh.build(source), _answers(source.stem)) for source in chosen}
    said, among = [], {stem: together(*both) for stem, both in lectures.items()}
    # A claim that fails only now and then, such as one about seconds, is named below by what its cell prints.
    for stem, executed in refresh.executed(among, passing=("ok", "expectation failed")):
        if isinstance(executed, str):
            said.append(executed)
            continue
        notebook = alone(*lectures[stem])
        cells = [cell for cell in executed.cells if "answer" in cell.metadata and "aside" not in cell.metadata]
        for number, (cell, run) in enumerate(zip(code_of(notebook), cells, strict=True), 1):
            cell.execution_count, cell.outputs = number, run.outputs
        said += _save(stem, notebook) + [f"{stem}: after an answer, {line}" for line in _changed(stem, executed)]
    return said


def write_text(names: list[str]) -> list[str]:
    """New text into `notebooks/answers/NAME.ipynb`, beside its outputs; returns what was refused and why, a line each:
    answers whose code has changed too."""
    said = []
    for source in refresh.sources(names):
        made = made_of(source.stem)
        if made.exists() and source_of(source.stem).exists():
            notebook = retext.with_outputs(alone(refresh.build(source), _answers(source.stem)), _read(made))
            said += _save(source.stem, notebook) if notebook else [f"{source.stem}: its code has changed, too"]
    return said


def accept(names: list[str]) -> list[str]:
    """Writes the lectures' present words into the quotations of their answers; returns the lines of `write_text`."""
    for source in refresh.sources(names):
        if not source_of(source.stem).exists():
            continue
        answers, tries = _answers(source.stem), asked(refresh.build(source))
        now = {id(answer): tries[position][1] for position, answer in match(tries, answers).items()}
        waiting = iter(answers)

        def quotation(block, now=now, waiting=waiting):
            answer = next(waiting)
            words = now.get(id(answer), answer.quoted)
            lines = textwrap.wrap(words, 116, break_long_words=False, break_on_hyphens=False)
            return block[0] if words == answer.quoted else "\n".join(f"# > {line}" for line in lines)

        text = source_of(source.stem).read_text(encoding="utf-8")
        atomic.write_text(source_of(source.stem), QUOTED.sub(quotation, text))
    return write_text(names)


def _changed(stem, executed) -> list[str]:
    """The cells of a lecture that print something else among its answers than they do in the committed notebook."""
    own = [cell for cell in code_of(executed) if "answer" not in cell.metadata]
    committed = code_of(_read(paths.notebooks() / f"{stem}.ipynb"))
    lines = []
    for cell, before in zip(own, committed, strict=False):
        ignored = "nbval-ignore-output" in cell.metadata.get("tags", [])
        if cell.source == before.source and not ignored and _printed(cell) != _printed(before):
            lines.append(f"`{cell.source.strip().splitlines()[0]}` prints {_printed(cell)[:300]!r}")
    return lines


def _printed(cell) -> str:
    return "".join(output.get("text", "") for output in cell.outputs if output.output_type == "stream")


def _save(stem, notebook) -> list[str]:
    wrong = [line for line in problems(notebook) if "tagged `parameters`" not in line]  # only lectures have such a cell
    path = paths.build() / "answers" / made_of(stem).name if wrong else made_of(stem)
    atomic.write_text(path, refresh.as_text(notebook))
    return [f"{stem}: {line} (what came out stands in {path})" for line in wrong]


def _answers(stem) -> list[Answer]:
    return read(refresh.build(source_of(stem))) if source_of(stem).exists() else []


def _read(path):
    import nbformat

    return nbformat.read(path, as_version=4)


def _sources_of(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def main(arguments=None) -> int:
    """The command line. Exit status: 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m coursekit.course.answers", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="LECTURE", help="number or name; all without it")
    for flag, does in (("text", write_text), ("check", check), ("accept", accept)):
        parser.add_argument(f"--{flag}", dest="does", action="store_const", const=does, default=write)
    options = parser.parse_args(arguments)
    lines = options.does(options.names)
    print("\n".join(lines) or "answers: all is well")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
